# /imports/ID: a file in a layout of its own is looked at, asked about, and taken in.

assistant-what-was-recognised = What was recognised in the file, and what only you can say. Nothing is taken in before you say so.
assistant-as-before = Read as { $by } said of a file with the same headings on { $when }. Look whether it still holds.
assistant-file-of = { $file }, figures of { $agency }.
assistant-rows = { $count ->
    [one] 1 row.
   *[other] { $count } rows.
}
assistant-title = Above the column names: “{ $title }”.
assistant-look-again = Look again
assistant-the-rows = The rows
assistant-sheet = Sheet
assistant-hidden-sheet = { $name } (hidden)
assistant-encoding = Letters
assistant-encoding-utf-8 = UTF-8
assistant-encoding-windows-1252 = Windows (Western European)
assistant-encoding-utf-16 = UTF-16 (Unicode text)
assistant-delimiter = Between fields
assistant-delimiter-comma = Comma
assistant-delimiter-semicolon = Semicolon
assistant-delimiter-tab = Tab
assistant-delimiter-bar = Vertical bar
assistant-header-line = Line of the column names
assistant-columns-and-first-rows = Columns and first rows
assistant-holds = Holds
assistant-what-holds = What { $column } holds
assistant-role-ignored = Nothing that is needed
assistant-role-count = The count
assistant-role-period = Periods (2013-Q1, March 2013)
assistant-role-year = Years
assistant-role-half = Halves of a year
assistant-role-quarter = Quarters
assistant-role-month = Months
assistant-role-date = Days, as { $order }
assistant-order-year-month-day = year, month, day
assistant-order-day-month-year = day, month, year
assistant-order-month-day-year = month, day, year
assistant-order-year-day-month = year, day, month
assistant-role-age-in-years = Ages in years
assistant-role-reference = Reference of the case (only a hash is kept)
assistant-role-topic = What the row is about
assistant-role-reporter = The reporting state
assistant-role-flag = How sure the count is
assistant-role-added-up = A breakdown to add up
assistant-role-heading-period = Counts of the period in the heading
assistant-role-heading-code = Counts of the { $dimension } in the heading
assistant-role-only = Only the rows with “{ $value }”
assistant-what-about = What it is about
assistant-topic = Topic
assistant-rows-are-about = What the rows are about
assistant-no-form = No question of this topic is answered by these columns. Choose another topic, or say of more columns what they hold.
assistant-forms = Questions to answer with it
assistant-period-of-all = Period of all rows
assistant-period-hint = As 2013, 2013-S1, 2013-Q1 or 2013-03.
assistant-unit = What was counted
assistant-make-of-cases = Periods to make tables for
assistant-make-of-counts = Periods
assistant-as-in-the-file = As in the file
assistant-length-month = Months
assistant-length-quarter = Quarters
assistant-length-half = Half-years
assistant-length-year = Years
assistant-covers = Periods of which the file holds every case
assistant-covers-hint = For instance 2024, or 2024-Q1, 2024-Q2. Only for these does a period without a case count nobody.
assistant-what-is-meant = What is meant
assistant-stands-for = What each label stands for.
assistant-stands-for-hint = Type a country by its name or code, or choose: `_T` all together, `_O` others, `_U` not known, `-` leave these rows out.
assistant-in-the-file = In the file
assistant-is = Is
assistant-all-together = All together
assistant-others = Others
assistant-not-known = Not known
assistant-leave-out = Leave these rows out
assistant-in-rows = { $count ->
    [one] In 1 row.
   *[other] In { $count } rows.
}
assistant-is-sum = Its count is the sum of the others: is it a total?
assistant-perhaps = Perhaps { $codes }.
assistant-empty-field = (nothing)
assistant-more-labels = { $count ->
    [one] 1 more label is unknown; it is asked after these.
   *[other] { $count } more labels are unknown; they are asked after these.
}
assistant-marks = What stands in place of a count
assistant-mark-not-known = Not known
assistant-mark-not-collected = Not collected
assistant-mark-not-applicable = Not applicable
assistant-mark-counted-elsewhere = Counted elsewhere
assistant-mark-suppressed = Suppressed because small
assistant-mark-withheld = Withheld
assistant-mark-no-row = No such row: leave it out
assistant-mark-zero = Nobody (zero)
assistant-mark-fewer = Fewer than { $below }
assistant-flags = How sure the counts are
assistant-written-periods = Periods that are written in another way
assistant-how-counted = How it was counted
assistant-complete = Do the rows hold everybody?
assistant-complete-hint = There is no row of a total. If somebody is missing, as in a list of the largest ten, the sum of the rows is no total.
assistant-complete-yes = Yes: add them up to the total
assistant-complete-no = No: there is no total
assistant-add-repeated = Several rows of one cell are parts of it: add them up
assistant-same-case = A case that stands in several rows is one case: count it once
assistant-coverage = Coverage: which borders, which agencies
assistant-period-deviation = Periods that are not calendar periods, such as fiscal years
assistant-open = { $count ->
    [one] 1 thing is open; it is marked above.
   *[other] { $count } things are open; they are marked above.
}
assistant-nothing-taken = Read in this way the file has problems, and nothing of it was taken.
assistant-repeats = Several rows stand for one cell. If they are parts of one figure, such as two names of one country, tick “Several rows of one cell are parts of it” above; if not, one of them is wrong in the file.
assistant-this-would-be-taken = This would be taken in
assistant-would-be-taken = { $tables ->
    [one] 1 table
   *[other] { $tables } tables
} of { $rows ->
    [one] 1 row
   *[other] { $rows } rows
}; { $left ->
    [0] no row is left out.
    [one] 1 row is left out.
   *[other] { $left } rows are left out.
}
assistant-tables-of-the-file = Tables of the file
assistant-cells = Cells
assistant-against-what-is-stored = Against what is stored
assistant-new-or-changed = New or changed
assistant-the-same = The same
assistant-read-with-these = Read with these answers
assistant-let-it-go = Let the file go
assistant-let-go = { $file } was let go. What was answered about it is remembered.
assistant-the-mapping = The mapping
assistant-download-mapping = Download it, for the command line
assistant-still-open = Something about the file is still open; answer it first.
assistant-no-code = { $typed } is no country and no code, so nothing was taken for { $label }. Write a name or a code of the list.
assistant-no-period = { $typed } is no period. Write it as 2013, 2013-S1, 2013-Q1 or 2013-03.

# /imports/workbook.xlsx: the questionnaire as a workbook.

workbook-get = Work without a network
workbook-get-hint = The questions of an agency as a workbook (.xlsx): fill it in, and bring it here like any file.
workbook-period = Period, as 2026-Q1
workbook-all-questions = All of the agency
workbook-download = Get the workbook
workbook-no-form-is-assigned = No form is assigned to { $agency }. An administrator assigns forms on the page Agencies.
workbook-read-me = Read me
workbook-how-counted = How it was counted
workbook-question = Question
workbook-hint = A whole number; 0 is zero, an empty cell is no answer. Letters say why there is no number, see the first sheet.
workbook-title = Questions of { $participant } to { $agency }: { $period }
workbook-one-sheet-a-question = Each question has a sheet of its own. Answer what you can; a sheet without an answer says nothing.
workbook-lists = Add the countries of a list in the empty rows, by name or code; “_O” are all others, “_U” those not known, “_T” all together.
workbook-bring-it-back = Sheets may be renamed and columns moved; the hidden rows above the headings have to stay. Bring the workbook back on the page “Bring a file”.
workbook-too-long = Not in this workbook, because they have more rows than it takes: { $forms }. Bring them as CSV.
workbook-taken = { $name }: { $taken ->
    [0] nothing was taken in
    [one] 1 sheet is taken in
   *[other] { $taken } sheets are taken in
}{ $refused ->
    [0] .
    [one] , and 1 has problems, of which nothing was taken.
   *[other] , and { $refused } have problems, of which nothing was taken.
}
workbook-ignored = Passed over, because they are no questions: { $sheets }.
