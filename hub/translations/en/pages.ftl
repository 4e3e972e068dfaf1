# Every page of the hub.

dashboard-participants = { $count ->
        [one] participant
       *[other] participants
    }
dashboard-current-releases = { $count ->
        [one] current release
       *[other] current releases
    }
dashboard-rights-served = { $count ->
        [one] right served
       *[other] rights served
    }
dashboard-editions = { $count ->
        [one] edition
       *[other] editions
    }
dashboard-what-the-participants-released-and = What the participants released, and what the hub compiled from it.
dashboard-waiting-since = { $code }, waiting since { $ago }
dashboard-shared-with = Shared with
dashboard-latest-releases = Latest releases
dashboard-there-is-a-problem = There is a problem
dashboard-nothing-is-accepted-until-it = Nothing is accepted until it is decided: stop the hub, compare with the participants, then run `vrs-hub check`.
dashboard-invite-a-participant-with-vrs = Invite a participant with `vrs-hub participant invite CODE`, compare the fingerprint its node shows by telephone, and admit it. Its releases appear here.
dashboard-copies-must-be-erased-and = { $erasures } copies must be erased and are not acknowledged yet.
dashboard-root-of-the-ledger = Root of the ledger:
dashboard-compare-fingerprint = { $who }: compare `{ $fingerprint }` by telephone, then run `vrs-hub participant admit`
overviews-block = { $members } members, { $tables } tables
overviews-the-region-by-form-and = The region by form and period, as the hub sees it now.
overviews-standing = Standing
overviews-what-was-reported = What was reported
overviews-there-is-no-form = There is no form { $code }.
overviews-no-block = no block
overviews-edition-at-line = Edition { $number } at line { $line }: { $blocks }
overviews-the-participant = the participant
overviews-there-is-nothing-to-compile = There is nothing to compile yet.
overviews-an-overview-appears-for-each = An overview appears for each form and period about which a participant has released.
report-by-the-hub = hub
report-totals = totals
report-contributors = contributors
report-kind-of-version-which-this = kind { $kind } of version { $version }, which this program cannot judge
report-has-seen-lines-that-this = { $participant } has seen { $size } lines that this hub has signed, and the hub had { $here }: it was rolled back, or restored from an old backup
report-has-seen-other-lines-that = { $participant } has seen { $size } other lines that this hub has signed: it was restored from an old backup and went on
report-the-database-was-restored-from = the database was restored from a backup of { $made_at } with { $here } lines, and nodes may have seen more
report-region = region { $region }
report-catalogue-blocks-of-at-least = { $charter }, catalogue { $catalogue }, blocks of at least { $block_min }
report-is-admitted = { $code } ({ $name }) is admitted
report-is-suspended = { $participant } is suspended
report-is-resumed = { $participant } is resumed
report-is-called = { $participant } is called { $name }
report-changes-its-key-to = { $participant } changes its key to { $kid }
report-an-unknown-audience = an unknown audience
report-r-to = { $form } { $period } r{ $revision } to { $audience }
report-opens-releases-to-newcomers = opens { $releases } releases to { $to } newcomers
report-r-of-line = { $form } { $period } r{ $revision } of line { $index }
report-by-line = { $item } by line { $justified_by }
report-is-served = { $reader } is served { $what }
report-was-not-delivered = { $reader } was not delivered { $what }
report-erased-the-releases-of-lines = erased the releases of lines { $lines }
report-objects-to-line = objects to line { $line }: { $text }
report-edition-of-for-blocks-not = edition { $number } of { $topic } for { $year }: { $blocks } blocks, { $not_included } not included
report-of = { $form } { $period } of { $participant }
report-the-release-of-line = the release of line { $line }
report-the-sums-of-block-for = the sums of block { $block } for { $form } { $period }
report-table-of-block-in-the = table { $table } of block { $block } in the edition of line { $edition }
ledger-signed-statements-one-after-the = Signed statements, one after the other; everybody holds the same.
ledger-when = When
ledger-kind = Kind
ledger-by = By
ledger-lines-of-the-ledger = Lines of the ledger
ledger-only-lines-with = Only lines with
ledger-show-all = Show all
ledger-earlier-lines = Earlier lines
ledger-later-lines = Later lines
ledger-checkpoint = Checkpoint
participants-who-takes-part-and-when = Who takes part, and when their nodes last called.
participants-last-call = Last call
participants-program = Program
participants-releases = Releases
participants-key = Key
participants-active = active
participants-never = never
participants-since = { $code }, since { $since }
participants-compare-the-fingerprint-by-telephone = Compare the fingerprint by telephone, then run `vrs-hub participant admit CODE --fingerprint F`.
participants-invited = Invited
participants-until = { $code }, until { $until }
participation-who-reported-what-for-one = Who reported what, for one period.
participation-of-participants-released-something-for = { $reporting } of { $participants } participants released something for { $period }.
participation-participants-by-form = Participants by form, { $period }
participation-open-to-contributors-revision-1 = open to contributors, revision 1
participation-totals-only = totals only
participation-named-participants = named participants
participation-reported-the-total-is-not = reported, the total is not answered
participation-nothing-released = nothing released
participation-open-to-contributors-revision = open to contributors, revision { $revision }
participation-totals-only-revision = totals only, revision { $revision }
participation-revision = { $audience }, revision { $revision }
participation-reported-the-total-is-not-2 = reported, the total is not answered, revision { $revision }
participation-withdrawn-or-the-participant-is = withdrawn, or the participant is suspended
participation-contributors = contributors
participation-an-audience-this-version-does = an audience this version does not know
participation-replaced-by-line = replaced by line { $line }
participation-withdrawn-at-line = withdrawn at line { $line }
participation-fell-with-its-source-at = fell with its source at line { $line }
participation-show = Show
participation-releases-appear-here-as-soon = Releases appear here as soon as the first node sends one.
overview-table = Table
overview-chart = Chart
overview-map = Map
overview-method = Method
overview-open-figures-are-added-live = Open figures are added live. Figures released with “totals” are seen as the sums of blocks only; a block is frozen by the first edition that uses it, and no figure of it changes. Named releases are a bilateral matter and in no regional figure.
overview-no-edition-has-been-compiled = No edition has been compiled for this topic and year.
