# The dashboard and the Charter.

dashboard-releases-stand = { $count ->
        [one] release of ours stands
       *[other] releases of ours stand
    }
dashboard-waiting = { $count ->
        [one] waits in the outbox
       *[other] wait in the outbox
    }
dashboard-belongs-to = This node belongs to { $name }
dashboard-set-aside = { $count ->
        [one] { $count } entry of the outbox cannot be sent
       *[other] { $count } entries of the outbox cannot be sent
    }
dashboard-another-must-approve = Another person must approve the release of “{ $title }” for { $period }{ $also ->
        [0] {""}
       *[other] {" "}and { $also } more
    }
dashboard-approve = Approve the release of “{ $title }” for { $period }{ $also ->
        [0] {""}
       *[other] {" "}and { $also } more
    }
dashboard-findings-to-look-at = { $count ->
        [one] { $count } finding to look at
       *[other] { $count } findings to look at
    }
dashboard-more-tables = { $count ->
        [one] { $count } table more are not released
       *[other] { $count } tables more are not released
    }
dashboard-due-in = { $count ->
        [one] { $day }, in { $count } day
       *[other] { $day }, in { $count } days
    }
dashboard-months = months
dashboard-quarters = quarters
dashboard-semesters = semesters
dashboard-years = years
dashboard-days-after = { $count } days after a period’s end
dashboard-block-min = { $count } participants; those with a common parent count once
dashboard-kept-years = { $count } years
dashboard-peers-tables-are-open-to = peers’ tables are open to us
dashboard-ledger-lines-held-here = ledger lines held here
dashboard-no-line-of-the-ledger = No line of the ledger has come yet.
dashboard-all-ledger-lines-and-servings = All { $lines } ledger lines and { $servings } servings in them were judged by this node when they came in: every one was justified.
dashboard-line-of-the-ledger-may = Line { $line } of the ledger may not stand there: { $reason }.
dashboard-two-persons-one-prepares-another = Two persons: one prepares, another approves
dashboard-vrs-node-account-add-name = vrs-node account add NAME --role focal_point, and one with --role approver
dashboard-join-the-region = Join the region
dashboard-ask-the-hubs-operator-for = Ask the hub’s operator for an invite, then run vrs-node join INVITE
dashboard-read-it-under-records-charter = Read it under Records, Charter, and accept it there
dashboard-name-the-agencies-that-deliver = Name the agencies that deliver figures
dashboard-vrs-node-agency-add-code = vrs-node agency add CODE --name NAME
dashboard-bring-the-first-figures = Bring the first figures
dashboard-reports-bring-a-file = Reports, Bring a file
dashboard-release-a-first-table = Release a first table
dashboard-reports-release-desk-prepare-and = Reports, Release desk: prepare, and let a second person approve
dashboard-read-and-accept-the-charter = Read and accept the Charter “{ $charter }”
dashboard-line-nothing-is-released-before = line { $line }; nothing is released before
dashboard-the-bytes-are-damaged-withdraw = the bytes are damaged; withdraw the release and prepare it again
dashboard-for-of-must-be-erased = “{ $form }” for { $period } of { $participant } must be erased
dashboard-this-node-does-it-at = this node does it at the next contact with the hub
dashboard-prepared-by = prepared by { $name } { $ago }
dashboard-for-was-refused = “{ $form }” for { $period } was refused
dashboard-no-findings-ready-to-be = no findings; ready to be prepared
dashboard-for-is-not-released = “{ $form }” for { $period } is not released
dashboard-due = Due
dashboard-released = Released
dashboard-of = of { $forms }
dashboard-on-the-desk = On the desk
dashboard-kept = Kept
dashboard-at-hand = At hand
dashboard-nothing-yet = Nothing yet
dashboard-the-periods-that-ended-last = The periods that ended last, in our rhythm
dashboard-the-rules-of-the-region = The rules of the region. Nothing is released under rules that nobody here has accepted.
dashboard-line-of-the-ledger = Line of the ledger
dashboard-catalogue = Catalogue
dashboard-reporting-in = Reporting in
dashboard-own-rhythms = Own rhythms
dashboard-releases-are-due = Releases are due
dashboard-the-first-edition-closes = The first edition closes
dashboard-least-size-of-a-group = Least size of a group
dashboard-fewer-than = “Fewer than”
dashboard-not-allowed = not allowed
dashboard-may-stand-for-1-to = may stand for 1 to { $most }
dashboard-observers = Observers
dashboard-extensions-switched-on = Extensions switched on
dashboard-figures-are-kept = Figures are kept
dashboard-the-charter-is-accepted = The Charter “{ $charter }” is accepted.
dashboard-to-begin = To begin
dashboard-done = done
dashboard-your-tasks = Your tasks
dashboard-nothing-waits-for-you = Nothing waits for you.
dashboard-releases-to-approve-findings-and = Releases to approve, findings and refusals appear here.
dashboard-what-the-region-shares-with = What the region shares with us
dashboard-link-and-ledger = Link and ledger
dashboard-what-is-due = What is due
charter-accepted-here-by-on = Accepted here by { $by } on { $at }.
charter-once-accepted-two-persons-can = Once accepted, two persons can release tables under these rules.
charter-nobody-here-has-accepted-it = Nobody here has accepted it yet. An approver or administrator does.
charter-no-charter-is-known-yet = No Charter is known yet.
charter-it-comes-with-the-ledger = It comes with the ledger, once this node has joined a region and reached the hub.
dashboard-how-far-we-are = How far we are
dashboard-deliver = { $count ->
        [one] { $count } form assigned to your agency is not delivered for { $period }
       *[other] { $count } forms assigned to your agency are not delivered for { $period }
    }
dashboard-release = { $count ->
        [one] { $count } table for { $period } is at hand and not decided on
       *[other] { $count } tables for { $period } are at hand and not decided on
    }
dashboard-not-come = { $count ->
        [one] { $count } table that was there the time before has no figures for { $period }
       *[other] { $count } tables that were there the time before have no figures for { $period }
    }

dashboard-questionnaire-changes = Read what is new in the questionnaire from { $year } on (catalogue { $version })
dashboard-questionnaire-counts = { $added } new, { $changed } in other words, { $retired } not asked any more
dashboard-new-form-of-nobody = Assign the new form “{ $form }” to an agency
dashboard-new-form-since = { $code }, asked from { $year } on
dashboard-readings-name-what-is-gone = { $count ->
        [one] One reading of files names what the questionnaire does not ask any more
       *[other] { $count } readings of files name what the questionnaire does not ask any more
    }
