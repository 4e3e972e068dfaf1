# Rien à signaler : plusieurs formulaires à la fois.

nothing-nothing-to-report = Rien à signaler
nothing-nothing-to-report-in = Rien à signaler dans…
nothing-what-it-does = Choisissez pour chaque formulaire pourquoi il n’a pas de chiffre. Ce qui manque n’est jamais zéro : un zéro n’est écrit que là où vous dites qu’il n’y a eu aucun cas. La page suivante montre ce qui sera écrit avant que rien ne le soit.
nothing-forms-without-a-figure = Formulaires sans chiffre de { $agency }
nothing-answer = Réponse
nothing-answer-for = Réponse pour { $form }
nothing-comment = Commentaire, lu avec le tableau
nothing-comment-on = Commentaire sur { $form }
nothing-leave-open = laisser ouvert
nothing-not-collected = non collecté
nothing-not-known = pas encore connu
nothing-not-applicable = sans objet ici
nothing-counted-elsewhere = compté ailleurs (dites où)
nothing-none-occurred = aucun cas : zéro
nothing-all-others = Tous les autres
nothing-all-others-hint = Pour les formulaires ci-dessus laissés ouverts. Un formulaire qui ne compte rien n’a pas de zéro et reste ouvert.
nothing-show-first = Montrer ce qui sera écrit
nothing-is-being-typed = { $form } : { $by } saisit des chiffres, il est donc laissé de côté.
nothing-every-form-has-an-answer = Chaque formulaire demandé ici à { $agency } a une réponse.
nothing-choose-a-reason = Aucun formulaire n’a reçu de réponse. Choisissez-en une pour au moins un formulaire.
nothing-say-where = { $form } est compté ailleurs : dites où dans le commentaire.
nothing-confirm = Ce qui sera écrit
nothing-nothing-is-written-yet = Rien n’est encore écrit.
nothing-tables-of = Tableaux de { $agency } pour { $period }
nothing-the-figure = le chiffre
nothing-zeros = { $count ->
    [one] Pour **un formulaire**, vous dites que les cas ont été comptés et qu’il n’y en a eu **aucun**.
   *[other] Pour **{ $count } formulaires**, vous dites que les cas ont été comptés et qu’il n’y en a eu **aucun**.
}
nothing-write = { $count ->
    [one] Écrire cette réponse
   *[other] Écrire ces { $count } réponses
}
nothing-change-it = Modifier
nothing-begin-anew = Recommencer
nothing-answered = { $count ->
    [one] Un formulaire a une réponse.
   *[other] { $count } formulaires ont une réponse.
}
