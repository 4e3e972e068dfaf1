# The release desk: preparing, deciding, withdrawing.

release-approved = { $count ->
        [one] Approved and signed: { $count } release. It leaves as soon as the hub answers.
       *[other] Approved and signed: { $count } releases. It leaves as soon as the hub answers.
    }
release-let-go = { $count ->
        [one] Let go: { $count } release. Nothing had left, and the tables can be prepared again.
       *[other] Let go: { $count } releases. Nothing had left, and the tables can be prepared again.
    }
release-lead = Release { $id } · { $form }
release-lead-revision = Release { $id } · revision { $revision } · { $form }
release-now-totals = Now no participant can read { $tables ->
        [one] this table
       *[other] one or more of these { $tables } tables
    }. The hub adds the figures up in groups of at least { $least }.
release-then-totals = After this, no participant can read { $tables ->
        [one] this table
       *[other] one or more of these { $tables } tables
    }. The hub adds the figures up in groups of at least { $least }.
release-now-can-read = Now { $readers ->
        [0] no participant can read { $tables ->
            [one] this table
           *[other] these tables
        } yet
       *[other] { $readers ->
            [one] { $readers } participant can read
           *[other] { $readers } participants can read
        } { $tables ->
            [one] this table
           *[other] one or more of these { $tables } tables
        }
    }{ $later ->
        [0] {""}
        [one] , and { $later } more as soon as it shares back
       *[other] , and { $later } more as soon as they share back
    }.
release-then-can-read = After this, { $readers ->
        [0] no participant can read { $tables ->
            [one] this table
           *[other] these tables
        } yet
       *[other] { $readers ->
            [one] { $readers } participant can read
           *[other] { $readers } participants can read
        } { $tables ->
            [one] this table
           *[other] one or more of these { $tables } tables
        }
    }{ $later ->
        [0] {""}
        [one] , and { $later } more as soon as it shares back
       *[other] , and { $later } more as soon as they share back
    }.
release-logged = Logged
release-logged-at = Logged at line { $line }
release-final = Final: checked by this node
release-final-under = Final: checked by this node, under checkpoint { $checkpoint }
release-sent-tries = { $count ->
        [one] Sent to the hub, { $count } try
       *[other] Sent to the hub, { $count } tries
    }
release-ended-at = { $state } at line { $line }
release-together = These { $count } tables are decided and sent together: all of them, or none.
release-together-once = These { $count } tables were decided and sent together: all of them, or none.
release-there-is-no-release-on = There is no release { $id } on the desk.
release-you-prepared-this-release-nobody = You prepared this release. Nobody approves what they prepared.
release-ask-another-approver = Ask another approver.
release-it-has-left-meanwhile-and = It has left meanwhile, and can only be withdrawn.
release-the-withdrawal-is-signed-and = The withdrawal is signed and on its way. Nobody had read the table.
release-the-withdrawal-is-signed-and-2 = The withdrawal is signed and on its way. { $readers } had read the table and are asked to erase it.
release-the-release-has-changed-meanwhile = The release has changed meanwhile.
release-the-regional-figures-nobodys-table = the regional figures; nobody’s table singly yet
release-nothing-yet-whoever-shares-back = nothing yet; whoever shares back opens its table
release-nothing-the-total-is-not = nothing: the total is not answered
release-the-tables-of-and-the = the tables of { $participants }, and the regional figures
release-the-tables-of = the tables of { $participants }
release-whom-it-was-for = Whom it was for
release-can-read-it-at-once = Can read it at once
release-can-read-it-once-they = Can read it once they share back
release-you-can-read-in-return = You can read in return
release-added-up-from = Added up from
release-rules-accepted = Rules accepted
release-charter-of-line-catalogue = Charter of line { $charter }, catalogue { $version }
release-size-as-it-travels = Size as it travels
release-bytes-padded-so-that-its = { $body_bytes } bytes, padded so that its length tells little
release-it-is-complete-with-these = It is complete with these, and is derived from its parts.
release-it-must-be-revised-along = It must be revised along, because the rules change such tables together.
release-this-table-does-not-answer = This table does not answer its total: it is honest, and earns no right to read.
release-every-cell = Every cell
release-every-cell-as-peers-see = Every cell, as peers see it
release-was = Was
release-becomes = Becomes
release-what-changes-against-the-revision = What changes against the revision before
release-exactly-this-left = Exactly this left
release-exactly-this-leaves = Exactly this leaves
release-this-would-have-left = This would have left
release-nobody-had-read-it = Nobody had read it.
release-it-was-read-by-all = It was read by { $readers }: all have said that they erased it, and may remember it.
release-it-was-read-by-have = It was read by { $readers }. { $owing } have not said yet that they erased it.
release-nobody-has-read-it-yet = Nobody has read it yet.
release-it-was-read-already-by = It was read already by { $readers }. When it is withdrawn they are asked to erase it, and may remember it.
release-approved-by-a-second-person = Approved by a second person
release-approved-by = Approved by { $name }
release-sent-to-the-hub = Sent to the hub
release-prepared-by = Prepared by { $name }
release-signed-with-the-participants-key = Signed with the participant’s key
release-what-to-know = What to know
release-what-to-know-before-approving = What to know before approving
release-terms = Terms
release-sha-256-of-the-body = SHA-256 of the body
release-said-about-the-figures-and = Said about the figures, and read by peers
release-the-same-as-text = The same as text
release-approve = Approve
release-you-have-seen-every-cell = You have seen every cell above, its definition and its notes, and who will be able to read them. You can withdraw it later; what was read stays read.
release-your-password-once-more = Your password, once more
release-approve-and-sign = Approve and sign
release-you-prepared-this-release-another = You prepared this release. Another person with the role approver decides.
release-a-person-with-the-role = A person with the role approver decides.
release-nothing-has-left-yet-taken = Nothing has left yet. Taken back, its tables can be changed and prepared again.
release-nothing-has-left-yet-returned = Nothing has left yet. Returned, its tables can be changed and prepared again.
release-take-it-back = Take it back
release-return-to-the-preparer = Return to the preparer
release-its-way = Its way
release-withdraw = Withdraw
release-both-directions-of-reading-end = { $read_by } Both directions of reading end: what you read in return of this form and period is erased here too.
release-withdraw-this-release = Withdraw this release
release-reason-as-the-others-are = Reason, as the others are told
prepare-recorded = { $count ->
        [one] Recorded: { $count } table is kept at home. Nothing leaves.
       *[other] Recorded: { $count } tables are kept at home. Nothing leaves.
    }
prepare-choose-tables-from-the-list = choose tables from the list
prepare-choose-at-least-one-table = choose at least one table
prepare-choose-who-may-read-it = choose who may read it
prepare-choose-the-participants-that-may = choose the participants that may read it
prepare-choose-the-tables-and-who = Choose the tables and who may read them. The next page shows exactly what would leave.
prepare-release-of-for-has-not = Release { $id } of { $form } for { $period } has not ended by that: withdraw it to end reading.
prepare-prepared-look-at-every-cell = Prepared. Look at every cell; then another person approves it.
prepare-for-would-be-complete-and = { $form } for { $period } would be complete and was not derived: { $reason }.
prepare-reason-of-the-regions-rules = Reason { $number } of the region’s rules. The hub would answer the same; nothing was sent.
prepare-this-node-has-joined-no = This node has joined no region yet; tables can only be kept at home.
prepare-there-is-no-table-that = There is no table that can be released.
prepare-figures-come-with-a-file = Figures come with a file; what waits for approval or is on its way cannot be prepared again.
prepare-which-tables = Which tables
prepare-what-belongs-together-is-decided = What belongs together is decided together. Tables that the rules revise along with these are added on the next page.
prepare-now = Now
prepare-contributors = **Contributors**
prepare-every-participant-that-shares-the = Every participant that shares the same form and period back, now or later. You read theirs in return, and the regional figures.
prepare-totals-only = **Totals only**
prepare-the-hub-alone-which-adds = The hub alone, which adds it up with others in groups. No participant reads it singly, and you read no one’s singly; you see the regional figures.
prepare-named-participants = **Named participants**
prepare-these-if-they-share-back = These, if they share back with you. A bilateral matter: it is in no regional figure, and you see none.
prepare-name-them = Name them
prepare-keep-at-home = **Keep at home**
prepare-nothing-leaves-the-decision-is = Nothing leaves. The decision is recorded here, and nobody outside sees it.
prepare-also-release-longer-periods-that = Also release longer periods that become complete (a semester from its quarters, a year from its semesters)
prepare-show-what-would-leave = Show what would leave
releases-in-the-outbox = { $state }, in the outbox since { $ago }{ $tries ->
        [0] {""}
        [one] , { $tries } try
       *[other] , { $tries } tries
    }
releases-in-the-ledger = In the ledger
releases-what-left-this-node-and = What left this node, and what waits to leave. One person prepares, another approves.
releases-prepared = Prepared
releases-the-desk = The desk
releases-decided-by = Decided by
releases-released-before = Released before
releases-release-has-not-ended-by = release { $id } has not ended by that
releases-kept-at-home-by-decision = Kept at home by decision
releases-not-yet = not yet
releases-set-aside-because-it-cannot = { $state }, set aside because it cannot be sent
releases-the-hub-refused-it-reason = The hub refused it (reason { $number })
releases-the-rules-of-the-region = It was refused here, and nothing was sent
releases-nothing-is-on-the-desk = Nothing is on the desk.
releases-a-focal-point-chooses-tables = A focal point chooses tables and who may read them; everybody then sees exactly what would leave; and a second person approves it.
preview-the-hub-for-sums-only = the hub, for sums only
preview-every-participant-that-shares-the = every participant that shares the same form and period back
preview-if-they-share-back = { $codes }, if they share back
preview-nobody-this-program-does-not = nobody: this program does not know the audience
preview-what-was-read-may-be = What was read may be remembered: a withdrawal ends reading and asks for erasure, and cannot make anybody forget.
preview-where-a-regional-sum-is = Where a regional sum is zero, everybody who sees it knows that each of its members reported zero.
preview-sums-are-made-over-groups = Sums are made over groups of at least { $least }. If { $others } of a group of { $least } put their figures together, they know the one that is left; a larger block_min in the Charter makes that harder.
preview-all-participants-see-who-released = All participants see who released which form for which period and when, the audience and whom it names, its revision, and who was served what. Nobody but the readers sees a figure.
preview-a-release-that-does-not = A release that does not answer its core cells (normally the total) is honest and earns no right to read.
preview-what-is-added-up = A longer period is added up from its parts as they leave, and is hidden wherever one of them is.
release-what-to-look-at = What to look at
release-hidden-cells = Hidden cells
release-hidden-cells-and-why = Hidden cells, why, and what an outsider can tell
release-hidden-cells-stay-here = This stays in this node. In what leaves all hidden cells are alike. The bounds are those of figures that are known to be possible; the true ones are these or wider.
release-why-hidden = Why it is hidden
release-an-outsider-can-tell = An outsider can tell
prepare-withhold-further-cells = Withhold further cells
prepare-cells-to-withhold = Cells to withhold
prepare-cells-to-withhold-hint = One a line, as `IE_CIT:2021:AFG`. Each is hidden and protected like a small count, now and in whatever leaves later.
prepare-why-withheld = Why; it stays in this node
prepare-small-counts-are-hidden = Small counts are hidden now, with as many others as it takes. For a large topic this can take minutes; the page waits a while, and then the release or the reason against it appears on the desk.
prepare-still-at-work = Disclosure control is still at work on these tables. It goes on without this page; the release, or the reason against it, appears here.
release-more-to-look-at = And { $count } more; the command release show lists them all.
prepare-release-for = Prepare a release for { $period }
prepare-proposed = Proposed
prepare-as-last-time = As for { $period }: the same forms, to the same readers. Change whatever you want.
prepare-nothing-is-different = Nothing is different from then.
prepare-lacks = { $form } was released then and has no figures to release now.
prepare-is-new = { $form } has figures now and was not released then.
prepare-other-audience = { $form } went to other readers then: { $audience }
prepare-gone = { $participant } was named then and takes no part now.
prepare-joined = { $participant } has joined the region since.
prepare-all-of-it = All of it
prepare-none-of-it = None of it
prepare-read-last-time-by = Readers last time
prepare-no-table-of-this-period = No table of this period can be released now: there are no figures, or they are on the desk already.
prepare-tables-of-other-periods = Tables of other periods, decided together with these
prepare-why-revised = Why released figures change
prepare-why-revised-hint = Asked for when a chosen table was released before. It stays in this node, in the release and in the audit trail.
prepare-embargo = Embargo until the beginning of
prepare-embargo-hint = Leave it empty to send at once. Until that day the approved release stays in this node; nobody outside learns of it.
release-embargo = Embargo: { $open ->
    [yes] approved, it is held in this node until { $until } and leaves then by itself.
   *[no] it was held in this node until { $until }.
}
release-why-it-revises = Why it changes what was released before
release-held-until = Held here under embargo until { $until }
releases-under-embargo = { $state }, under embargo until { $until }
prepare-all-of = All of it: { $section }
prepare-none-of = None of it: { $section }
prepare-provisional = Hold small corrections back and mark the table as provisional
prepare-provisional-hint = A figure that changes by a small count says much of those few. Where a table changes by nothing else it leaves as it was; where it changes by more it leaves as it is now. Either way all of it is marked as provisional.
prepare-despite-open = Release it although cells can be worked out
prepare-despite-why = Why it must leave
prepare-despite-hint = Everything that can be hidden is hidden all the same. The second person sees which cells can be worked out, and says why too; both reasons stand in the audit trail. What the rules of the region refuse stays refused.
release-can-be-worked-out = Cells can be worked out
release-despite-why = Why it shall leave all the same
release-despite-hint = You take it upon yourself that outsiders can tell these figures. Your reason stands in the audit trail of this node.
