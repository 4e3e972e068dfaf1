# Nothing to report: many forms at once.

nothing-nothing-to-report = Nothing to report
nothing-nothing-to-report-in = Nothing to report in…
nothing-what-it-does = Choose for each form why it has no figure. Missing is never zero: a zero is written only where you say that none occurred. The next page shows what will be written before anything is.
nothing-forms-without-a-figure = Forms without a figure of { $agency }
nothing-answer = Answer
nothing-answer-for = Answer for { $form }
nothing-comment = Comment, read with the table
nothing-comment-on = Comment on { $form }
nothing-leave-open = leave it open
nothing-not-collected = not collected
nothing-not-known = not known yet
nothing-not-applicable = not applicable here
nothing-counted-elsewhere = counted elsewhere (say where)
nothing-none-occurred = none occurred: zero
nothing-all-others = All others
nothing-all-others-hint = For the forms above that are left open. A form that counts nothing has no zero and stays open.
nothing-show-first = Show what will be written
nothing-is-being-typed = { $form }: { $by } is typing figures, so it is left out.
nothing-every-form-has-an-answer = Every form asked of { $agency } here has an answer.
nothing-choose-a-reason = No form was answered. Choose an answer for at least one.
nothing-say-where = { $form } is counted elsewhere: say in the comment where.
nothing-confirm = What will be written
nothing-nothing-is-written-yet = Nothing is written yet.
nothing-tables-of = Tables of { $agency } for { $period }
nothing-the-figure = the figure
nothing-zeros = { $count ->
    [one] For **one form** you say that it was counted and that **none occurred**.
   *[other] For **{ $count } forms** you say that they were counted and that **none occurred**.
}
nothing-write = { $count ->
    [one] Write this answer
   *[other] Write these { $count } answers
}
nothing-change-it = Change it
nothing-begin-anew = Begin anew
nothing-answered = { $count ->
    [one] One form is answered.
   *[other] { $count } forms are answered.
}
