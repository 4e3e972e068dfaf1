# Figures that are typed into the questionnaire.

sheet-enter-figures = Enter figures
sheet-heading = Enter figures: { $form }, { $period }
sheet-whose-figures = Whose figures
sheet-no-such-agency = There is no such agency among those whose figures you deliver.
sheet-nobody-to-deliver-for = Your account delivers figures of no agency. The administrator says for which.
sheet-of-agency = Figures of { $name } ({ $code }).
sheet-delivered-before = Figures were delivered before; what is completed here takes their place.
sheet-how-to-type = Type a whole number; zero is 0, and an empty field is no answer. Behind a number, P says provisional and E estimated. In place of a number:
sheet-or-why-none = Or why none
sheet-row = Row
sheet-the-figure = Total
sheet-accepted = Accepted: { $accepted }.
sheet-not-complete = The sheet is saved, and it is not complete yet.
sheet-chosen = { $count ->
        [0] none chosen
       *[other] { $count } chosen
    }
sheet-add-rows = Add rows
sheet-remove-row = Remove this row
sheet-move-up = Move up
sheet-move-down = Move down
sheet-sum-of-the-rows = Sum of the rows:
sheet-total-typed = total typed:
sheet-difference = difference:
sheet-unit = Unit counted
sheet-source = Source
sheet-legal-basis = National legal basis
sheet-definition-followed = Is the definition followed?
sheet-deviation = How the definition differs
sheet-coverage = Coverage: the whole country, or which agencies and borders
sheet-double-counting = Are persons counted twice?
sheet-period-deviation = How the period differs, such as a fiscal year
sheet-comment = Comment
sheet-comment-hint = Whoever may read the table reads it too. No names, no case numbers, no exact addresses.
sheet-note = Note that stays in this node
sheet-note-hint = For those who work with the figures here. It leaves with no release.
sheet-rows-of = Rows as in { $period }
sheet-answers-of = Take over from { $period }
sheet-taken-over = { $count ->
        [0] Nothing of { $period } was left to take over.
        [one] One row was taken over from { $period }. Please check it.
       *[other] { $count } rows were taken over from { $period }. Please check them.
    }{ $left ->
        [0] {""}
        [one] {" "}For one more there is no room.
       *[other] {" "}For { $left } more there is no room; bring a file.
    }
sheet-route-gap = a step that is not said
sheet-add-route = Add an origin
sheet-route-citizenship = Citizenship of the migrants
sheet-route-step = Step
sheet-route-of = Route { $rank } from { $country }
sheet-route-new = A route of another origin
sheet-route-add-step = Add a step below
sheet-route-add-same = Add a route of this origin
sheet-route-up = Move the route up
sheet-route-down = Move the route down
sheet-route-remove = Remove the route
sheet-route-same = As in { $period }.
sheet-route-other-rank = In { $period } it was route { $rank }.
sheet-route-changed = Changed; in { $period }: { $line }.
sheet-route-is-new = New since { $period }.
sheet-routes-dropped = Routes of the period before that are not here:
sheet-routes-on-the-map = The routes on a map of squares
sheet-notes-of-agencies = Notes of the agencies, which stay in this node
sheet-noted = Noted
sheet-whole-table = The whole table
sheet-list-complete = The list is complete: what is not in it is zero
sheet-not-said = not said
sheet-save = Save
sheet-mark-complete = Mark complete
sheet-drop = Forget what was typed
sheet-dropped = What was typed is forgotten. Figures that were delivered are as they were.
sheet-what-complete-means = Complete figures are those of the agency from then on. Nothing leaves the country by it: that takes a release, and a second person.
sheet-complete = The figures are taken in.
sheet-complete-nothing-new = The figures are complete; they are the same as before.
sheet-saved = Saved { $at } by { $by }
sheet-nothing-typed-yet = Nothing is typed yet
sheet-typing = Typing …
sheet-not-saved = Not saved: the node does not answer. It is tried again; keep this page open.
sheet-overtaken = { $by } saved this sheet { $at }, while you typed. Your text is below and is not saved; saving it takes the place of theirs.
sheet-being-typed = Being typed
sheet-entry = Entry
sheet-enter-figures-for = Enter figures for another period
sheet-periods-are-written = Written 2026, 2026-S1, 2026-Q1 or 2026-03
sheet-show-the-questionnaire = Show the questionnaire

sheet-column-value = Number
sheet-column-min = At least
sheet-column-typical = Typical
sheet-column-max = At most
sheet-column-currency = Currency
sheet-column-basis = Paid by
sheet-column-includes = Includes
sheet-column-paid = When paid
sheet-column-country = Country
sheet-column-type = Type
sheet-column-mode = Mode to the next
sheet-column-comment = Comment
sheet-column-choices = Answer
sheet-column-text = Text
sheet-choice-PERSON = each person
sheet-choice-GROUP = the group
sheet-choice-ORIGIN = Origin
sheet-choice-TRANSIT = Transit
sheet-choice-DESTINATION = Destination
word-yes = yes
word-no = no
sheet-about-this-form = About this form
