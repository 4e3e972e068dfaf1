# Our own tables and the files they come from.

imports-taken = { $name } is taken in: { $count ->
        [one] { $count } new or changed table
       *[other] { $count } new or changed tables
    } ({ $tables }{ $more ->
        [0] {""}
       *[other] {" "}and { $more } more
    }).
imports-again = { $count ->
        [one] The same in { $count } more row.
       *[other] The same in { $count } more rows.
    }
imports-more-problems = { $count ->
        [one] { $count } more problem are not listed.
       *[other] { $count } more problems are not listed.
    }
imports-unread = The rest of the file was not read.
imports-figures-of-one-agency-all = Figures of one agency. All tables of the file are taken, or none and every reason why.
imports-rows = Rows
imports-files-taken-in = Files taken in
imports-choose-the-agency-that-delivered = Choose the agency that delivered the file.
imports-choose-the-file-to-take = Choose the file to take in.
imports-the-files-are-too-large = The files are too large together; each may have { $megabytes } MB.
imports-split-them-by-form-or = Split them by form or period.
imports-the-form-did-not-arrive = The form did not arrive whole.
imports-send-it-again = Send it again.
imports-says-nothing-new-every-table = { $name } says nothing new: every table in it is stored already.
imports-column = Column
imports-value = Value
imports-what-is-wrong = What is wrong
imports-what-is-accepted = What is accepted
imports-problems-of-the-file = Problems of the file
imports-the-file = the file
imports-was-refused-and-nothing-of = { $name } was refused, and nothing of it was taken.
imports-every-problem-by-line = Every problem by line
imports-no-agency-is-known-yet = No agency is known yet.
imports-the-administrator-names-those-that = The administrator names those that deliver figures: `vrs-node agency add CODE --name NAME`
imports-agency-that-delivered-it = Agency that delivered it
imports-choose = choose …
imports-csv-as-download-csv-writes = CSV, a workbook (.xlsx) that was got here, or an agency’s own layout, CSV or workbook, which is asked about. At most { $megabytes } MB.
imports-the-file-has-another-layout = There is a mapping for it
imports-mapping = Mapping
imports-a-toml-file-that-says = A TOML file that says which column is what.
imports-files-that-the-mapping-wants = Files that the mapping wants beside it
imports-go-on = Go on
imports-take-it-in = Take it in
imports-taken-in-before = Taken in before
imports-nothing-has-been-taken-in = Nothing has been taken in yet.
table-rule-sum = The agencies’ figures are added
table-rule-prefer = The figures of { $agency } are the national ones
table-rule-keeping = { $rule }; the { $keep } largest rows of the list stay, the rest is in “Other”
table-computed = computed
table-no-agency-has-delivered-this = No agency has delivered this table; it was derived from shorter periods.
table-add-the-agencies-figures-keeping = Add the agencies’ figures, keeping every gap
table-take-the-figures-of = Take the figures of { $agency }
table-the-national-table = The national table
table-the-hub-says = The hub says: { $sentence }
table-national = National
table-agencies-side-by-side = Agencies side by side
table-where-each-figure-comes-from = Where each figure comes from
table-not-among-the-cases = { $count ->
        [one] { $agencies } first delivered figures after it was decided whose cases are counted, and is not among them.
       *[other] { $agencies } first delivered figures after it was decided whose cases are counted, and are not among them.
    } Until somebody decides again, this table is not released.
table-by = by { $name }, { $day }
table-the-number-of-rows-to = The number of rows to keep must be a whole number.
table-whole-year-or-keep = Either all tables of the year are decided, or the rest of this list is folded; not both. Nothing was decided.
table-the-decision-is-recorded-with = The decision is recorded.
table-prepare-its-release = Prepare its release
table-its-release = Its release
table-refused = **Refused.** { $refused }
table-the-figures-below-differ-from = The figures below differ from those that were released. A revision brings them out.
table-nothing-was-found-that-does = Nothing was found that does not add up, and no change is out of the ordinary.
table-nothing-is-said-about-source = Nothing is said about source, coverage or definition.
table-how-it-was-made = How it was made
table-decided-by = { $rule }. Decided by { $by }, { $at }: “{ $reason }”
table-decided-by-without = { $rule }. Decided by { $by }, { $at }.
table-reason-needed = The agencies answer differently, so say why you decide so.
table-reason-optional = The agencies do not contradict each other; a reason may be left out.
table-decide-how-the-national-table = Decide how the national table is made
table-the-national-figures = The national figures
table-largest-rows-to-keep = Largest rows to keep
table-of-a-list-the-rest = Of a list; the rest is added to “Other”. Leave empty to keep all.
table-record-the-decision = Record the decision
own-no-figures-yet = no figures yet
own-figures-at-hand-not-released = figures at hand, not released
own-kept-at-home-by-decision = kept at home by decision
own-prepared-waits-for-approval = prepared, waits for approval
own-approved-on-its-way-to = approved, on its way to the hub
own-released-to-revision = released to { $audience }, revision { $revision }
own-refused = refused
own-withdrawn = withdrawn
own-on-its-way = on its way
own-released-revision-1 = released, revision 1
own-kept-at-home = kept at home
own-nobody = nobody
own-totals-only = totals only
own-contributors = contributors
own-named-participants = named participants
tables-our-tables-for = Our tables for { $period }
tables-what-our-agencies-delivered-and = What our agencies delivered, and how far each table has come on its way out.
tables-forms-by-period = Forms by period
tables-question = Question
tables-the-questionnaire-for = The questionnaire for { $period }
tables-cannot-be-right = cannot be right
tables-no-agency-has-delivered-figures = No agency has delivered figures yet.
tables-bring-a-file-canonical-csv = Bring a file: canonical CSV as this console writes it, or an agency’s own layout through a mapping.
tables-all-periods = all periods
beside-difference = Difference
beside-differ = differ
beside-differ-by = differ by { $count }
beside-set-by-hand = set by hand
beside-set-by-hand-heading = Set by hand
beside-stale = figures under it have changed
beside-set-by = Set by { $by }, { $at }: “{ $reason }”
beside-under-it = The agencies say: { $then }.
beside-then-and-now = The agencies said { $then }, and now say { $now }. Set it again or take it back; until then the table is not released.
beside-nobody-answers = nothing
beside-take-back = Take back
beside-take-it-back = Let the rule count again
beside-set-a-figure = Set a figure by hand
beside-set-a-figure-hint = It stands in the national table whatever the agencies say. Nothing else changes, also no total; the findings say what no longer adds up.
beside-cell-hint = Its codes, such as `AFG` or `SEA/AFG`; total: `_T`.
beside-figure = National figure
beside-figure-hint = A number, as `1 234` or `1 234 P` (provisional), or a reason: `L` not collected, `O` not known, `M` not applicable, `K` counted elsewhere, `Q` withheld.
beside-set-it = Set it
beside-is-set = { $cell }: the figure is set by hand.
beside-is-taken-back = { $cell }: the rule counts again.
table-rule-cases = Each case counts once; where the agencies differ about a case, the first of { $order } that has it is right
table-count-each-case-once = Count each case once; about a case that several have, the first of { $order } is right
distinct-heading = The same cases
distinct-counted-once = A case that several agencies have is counted once, as the first of { $order } says.
distinct-not-counted-once = The agencies’ cases have references, so the same case is recognised. Where figures are added, what two agencies both have is counted twice.
distinct-cases = Distinct cases
distinct-shared = With more than one agency
distinct-pairs = By two agencies
distinct-differing = About which they differ
distinct-persons = Number of persons
distinct-elsewhere = Counted in another period
origin-comes-from = Comes from
origin-national-figures = The national figures
origin-agencies-figures = The agencies’ figures
origin-sum = sum of { $of }
origin-rest = the rest of the list, of { $of }
origin-cases = each case once, of { $of }
origin-by-hand = set by hand by { $by }, { $day }
origin-rows = { $agency }: { $file }, { $count ->
        [one] { $count } row, line { $line }
       *[other] { $count } rows, the first in line { $line }
    }
origin-line = { $agency }: { $file }, line { $line }
origin-file = { $agency }: { $file }
origin-from-line = { $count ->
        [one] { $line }
       *[other] { $line } and further, { $count } rows
    }
findings-counted = { $tables ->
        [one] { $tables } table was looked at
       *[other] { $tables } tables were looked at
    }; { $open ->
        [0] no finding is open
        [one] { $open } finding is open
       *[other] { $open } findings are open
    }, { $accepted ->
        [0] none was accepted
        [one] { $accepted } was accepted
       *[other] { $accepted } were accepted
    }. What looks wrong is released only with a reason; what cannot be right is not released.
findings-arithmetic = Figures that do not add up
findings-plausibility = Figures that are possible and odd
findings-missing = Figures that are missing
findings-accepted = accepted
findings-accepted-by = Accepted by { $by }: “{ $reason }”
findings-it-is-right = It is right
findings-accept = Accept it with this reason
findings-is-accepted = The finding is accepted. It stays silent until the figure changes.
findings-choose-from-the-list = Choose a finding from the list.
findings-some-need-a-reason = Some of these need a reason before the table is released.
calendar-calendar = Calendar
calendar-nothing-yet = No period has figures yet, and the region has no Charter that says in which periods it reports.
calendar-periods = Periods
calendar-section = Section
calendar-sections-of = Sections, { $period }
calendar-progress = { $complete } of { $forms } complete{ $findings ->
        [0] {""}
       *[other] , { $findings } with findings
    }
calendar-due-in = { $day }, { $count ->
        [0] today
        [one] in { $count } day
       *[other] in { $count } days
    }
calendar-overdue = { $day }, { $count ->
        [0] over since today
        [one] over since { $count } day
       *[other] over since { $count } days
    }
calendar-is-due = Due { $due }.
calendar-open = open
calendar-closed = closed
calendar-is-open-now = The period is open.
calendar-closed-by = { $period } was closed by { $by } on { $day } (“{ $reason }”). No file, sheet or decision changes a figure of it.
calendar-may-deliver-late = May deliver all the same
calendar-ended = ended
calendar-until = until { $until }, by { $by }: “{ $reason }”
calendar-close = Close the period
calendar-close-hint = No file, sheet or decision changes a figure of it any more, nor of a period inside it, until you open it again.
calendar-close-it = Close it
calendar-reopen = Open the period again
calendar-open-it = Open it
calendar-let-deliver = Let an agency deliver late
calendar-last-day = Last day
calendar-let-it = Let it deliver
calendar-is-closed = { $period } is closed.
calendar-is-open = { $period } is open again.
calendar-may-deliver = { $agency } may deliver for { $period }.
calendar-choose-the-agency = Choose the agency that may deliver.
distinct-whole-year = Where cases are counted once: do so in every table of this topic in { $year } that these agencies have cases for, so that their totals agree
tables-not-asked = not asked for this period

# One import, and taking it back.

taken-no-such-import = There is no import of this number.
taken-in-force = State
taken-stands = in force
taken-replaced = replaced by a later import
taken-same = said again as it stood
taken-done-confirmed = { $count ->
        [one] One table stands, because another import says the same.
       *[other] { $count } tables stand, because other imports say the same.
    }
taken-back = taken back
taken-back-by = Taken back by { $by }, { $at }: { $reason }
taken-sha = SHA-256 of the file
taken-tables = Tables of this import
taken-take-back = Take this import back
taken-what-it-means = What the agency had delivered before is in force again, and where it had delivered nothing, it has no figures. Nothing of it is deleted: this page stays. An import whose figures stand in a release is not taken back.
taken-cases-go = Its cases are deleted; so that cases of before are counted once again, bring their file anew.
taken-done = The import is taken back. { $again ->
        [0] No figures of before take its place.
        [one] In one table the figures of before are in force.
       *[other] In { $again } tables the figures of before are in force.
    } { $none ->
        [0] No table is without figures by it.
        [one] One table has no figures of the agency now.
       *[other] { $none } tables have no figures of the agency now.
    }
taken-done-replaced = { $count ->
        [one] One table had been replaced by a later import and is as it was.
       *[other] { $count } tables had been replaced by later imports and are as they were.
    }
taken-done-cases = Its cases are deleted.
imports-file-or-block = A file was chosen and a block was pasted. Nothing was taken; send one of them.
imports-pasted = Or paste a block from a spreadsheet
imports-pasted-hint = With its headings. It is read like a file.
imports-pasted-name = pasted block
between-heading = What agencies see of each other
between-what = An agency sees only its own figures of this form. You may let the agencies that deliver it see each other’s, each for the periods it has delivered for itself.
between-allowed = The agencies that deliver this form see each other’s figures, each for the periods it has delivered for itself. Allowed by { $by }, { $day }: { $reason }
between-allow = Let them see each other’s figures
between-end = Each sees only its own again
between-now-allowed = The agencies that deliver this form see each other’s figures from now on.
between-now-ended = Each agency sees only its own figures of this form again. What was seen may be remembered.
