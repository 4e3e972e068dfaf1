# The records: ledger, servings, link.

ledger-held = { $count } lines are held here.
ledger-held-and-checked = { $count } lines are held here, checked against the hub’s checkpoint on { $when }.
ledger-signed-statements-one-after-the = Signed statements, one after the other; everybody in the region holds the same.
ledger-kind = Kind
ledger-lines-the-latest-first = Lines, the latest first
ledger-line = Line { $line }: { $sentence }
ledger-lines-were-judged-again = { $sentence } { $lines } lines were judged again.
ledger-judge-the-whole-ledger-again = Judge the whole ledger again
ledger-nothing-is-sent-or-read = Nothing is sent or read until this is cleared up. Call the hub’s operator and the other participants.
ledger-this-node-found-something-wrong = This node found something wrong
ledger-all-kinds = all kinds
ledger-words = Words
ledger-earlier-lines = Earlier lines
ledger-later-lines = Later lines
ledger-checkpoint = Checkpoint
ledger-root-of-the-tree-over = Root of the tree over the lines held here:
ledger-the-hub-has-sent-no = The hub has sent no checkpoint yet.
ledger-no-line-of-the-ledger = No line of the ledger is held here yet.
ledger-the-ledger-comes-with-the = The ledger comes with the first contact after joining a region.
link-certificate-valid = { $count ->
        [one] valid for { $count } day more, until { $day }; renewed by itself at half its life
       *[other] valid for { $count } days more, until { $day }; renewed by itself at half its life
    }
link-parcel-waiting = waiting
link-parcel-sent = sent
link-parcel-logged = logged
link-parcel-refused = refused
link-parcel-aside = aside
link-release = Release { $id }
link-an-outage-stops-nothing-at = An outage stops nothing at home: what waits is kept, and tries go on for ever.
link-what-was-refused = What was refused
link-in-the-hubs-words = In the hub’s words
link-the-proof-is-in = { $sentence } The proof is in { $evidence }.
link-refusals-of-the-hub-signed = Refusals of the hub, signed and kept
link-joined = Joined
link-none-yet = none yet
link-last-contact = Last contact
link-our-signing-key = Our signing key
link-has-run-out-it-is = has run out; it is renewed at the next contact
link-our-certificate = Our certificate
link-tries = Tries
link-trouble = Trouble
link-nothing-is-sent-or-read = Nothing is sent or read. Call the hub’s operator and the other participants, and show them the evidence.
link-nothing-is-lost-the-outbox = { $trouble } Nothing is lost: the outbox waits and is sent as soon as the hub answers. The pause between tries grows to a few minutes at most.
link-nothing-has-been-put-into = Nothing has been put into the outbox yet.
link-an-approved-release-waits-here = An approved release waits here until the hub has logged it.
servings-summary = { $readers ->
        [one] { $readers } participant has
       *[other] { $readers } participants have
    } read { $ours ->
        [one] { $ours } table
       *[other] { $ours } tables
    } of ours; we were served { $served ->
        [one] { $served } table
       *[other] { $served } tables
    }.
servings-every-reading-stands-in-the = Every reading stands in the ledger before the first byte leaves the hub, with the line that gives the right.
servings-line-of-the-release = Line of the release
servings-whose-and-what = Whose and what
servings-why = Why
servings-erased-here = Erased here
servings-who-read-ours = Who read ours
servings-reader = Reader
servings-what-we-were-served = What we were served
servings-author = Author
servings-served-at-line = Served at line
servings-by-right-of-line = By right of line
servings-the-copy = The copy
servings-erased-says-line = erased, says line { $line }
servings-held-by-right = held by right
servings-must-be-erased = must be erased
servings-who-read-what-stands-here = Who read what stands here as soon as tables are shared.
servings-nobody-has-read-a-table = Nobody has read a table of ours yet.
servings-nothing-was-served-to-us = Nothing was served to us yet.
audit-damaged = The { $lines } stored lines do not lead to the hub's checkpoint; this copy of the ledger is damaged.
audit-unjustified = The serving of line { $line } was not justified: { $sentence }.
audit-misplaced = Line { $line } ({ $kind }) may not stand in the ledger: { $sentence }.
audit-clean = All { $servings } servings without a checkpoint were justified.
audit-clean-under = All { $servings } servings up to checkpoint { $checkpoint } were justified.
servings-list = List
servings-nothing-was-erased = Nothing was erased here.
link-parcel-held = under embargo until { $until }
