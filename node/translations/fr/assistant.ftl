# /imports/ID : un fichier à la présentation inconnue est examiné, fait l’objet de questions, puis est repris.

assistant-what-was-recognised = Ce qui a été reconnu dans le fichier, et ce que vous seul pouvez dire. Rien n’est repris avant votre accord.
assistant-as-before = Lu comme { $by } l’a dit d’un fichier aux mêmes en-têtes le { $when }. Vérifiez que cela vaut encore.
assistant-file-of = { $file }, chiffres de { $agency }.
assistant-rows = { $count ->
    [one] 1 ligne.
   *[other] { $count } lignes.
}
assistant-title = Au-dessus des noms de colonnes : « { $title } ».
assistant-look-again = Examiner à nouveau
assistant-the-rows = Les lignes
assistant-sheet = Feuille
assistant-hidden-sheet = { $name } (masquée)
assistant-encoding = Lettres
assistant-encoding-utf-8 = UTF-8
assistant-encoding-windows-1252 = Windows (Europe occidentale)
assistant-encoding-utf-16 = UTF-16 (texte Unicode)
assistant-delimiter = Entre les champs
assistant-delimiter-comma = Virgule
assistant-delimiter-semicolon = Point-virgule
assistant-delimiter-tab = Tabulation
assistant-delimiter-bar = Barre verticale
assistant-header-line = Ligne des noms de colonnes
assistant-columns-and-first-rows = Colonnes et premières lignes
assistant-holds = Contient
assistant-what-holds = Ce que contient { $column }
assistant-role-ignored = Rien d’utile
assistant-role-count = Le nombre
assistant-role-period = Périodes (2013-Q1, mars 2013)
assistant-role-year = Années
assistant-role-half = Semestres
assistant-role-quarter = Trimestres
assistant-role-month = Mois
assistant-role-date = Jours, sous la forme { $order }
assistant-order-year-month-day = année, mois, jour
assistant-order-day-month-year = jour, mois, année
assistant-order-month-day-year = mois, jour, année
assistant-order-year-day-month = année, jour, mois
assistant-role-age-in-years = Âges en années
assistant-role-reference = Référence du cas (seule une empreinte est conservée)
assistant-role-topic = Ce dont traite la ligne
assistant-role-reporter = L’État déclarant
assistant-role-flag = La fiabilité du nombre
assistant-role-added-up = Une ventilation à additionner
assistant-role-heading-period = Nombres de la période indiquée en en-tête
assistant-role-heading-code = Nombres selon l’en-tête : { $dimension }
assistant-role-only = Seulement les lignes avec « { $value } »
assistant-what-about = De quoi il s’agit
assistant-topic = Thème
assistant-rows-are-about = Ce dont traitent les lignes
assistant-no-form = Ces colonnes ne répondent à aucune question de ce thème. Choisissez un autre thème, ou dites ce que contiennent d’autres colonnes.
assistant-forms = Questions auxquelles il répond
assistant-period-of-all = Période de toutes les lignes
assistant-period-hint = Sous la forme 2013, 2013-S1, 2013-Q1 ou 2013-03.
assistant-unit = Ce qui a été compté
assistant-make-of-cases = Périodes des tableaux à établir
assistant-make-of-counts = Périodes
assistant-as-in-the-file = Comme dans le fichier
assistant-length-month = Mois
assistant-length-quarter = Trimestres
assistant-length-half = Semestres
assistant-length-year = Années
assistant-covers = Périodes dont le fichier contient tous les cas
assistant-covers-hint = Par exemple 2024, ou 2024-Q1, 2024-Q2. Pour celles-ci seulement, une période sans cas compte zéro personne.
assistant-what-is-meant = Ce qui est entendu
assistant-stands-for = Ce que désigne chaque libellé.
assistant-stands-for-hint = Saisissez un pays par son nom ou son code, ou choisissez : `_T` tous ensemble, `_O` autres, `_U` non connu, `-` laisser ces lignes de côté.
assistant-in-the-file = Dans le fichier
assistant-is = Signifie
assistant-all-together = Tous ensemble
assistant-others = Autres
assistant-not-known = Non connu
assistant-leave-out = Laisser ces lignes de côté
assistant-in-rows = { $count ->
    [one] Dans 1 ligne.
   *[other] Dans { $count } lignes.
}
assistant-is-sum = Son nombre est la somme des autres : est-ce un total ?
assistant-perhaps = Peut-être { $codes }.
assistant-empty-field = (rien)
assistant-more-labels = { $count ->
    [one] 1 autre libellé est inconnu ; il sera demandé ensuite.
   *[other] { $count } autres libellés sont inconnus ; ils seront demandés ensuite.
}
assistant-marks = Ce qui figure à la place d’un nombre
assistant-mark-not-known = Non connu
assistant-mark-not-collected = Non collecté
assistant-mark-not-applicable = Sans objet
assistant-mark-counted-elsewhere = Compté ailleurs
assistant-mark-suppressed = Supprimé car petit
assistant-mark-withheld = Retenu
assistant-mark-no-row = Ligne inexistante : la laisser de côté
assistant-mark-zero = Personne (zéro)
assistant-mark-fewer = Moins de { $below }
assistant-flags = Fiabilité des nombres
assistant-written-periods = Périodes écrites d’une autre manière
assistant-how-counted = Comment on a compté
assistant-complete = Les lignes comprennent-elles tout le monde ?
assistant-complete-hint = Il n’y a pas de ligne de total. S’il manque quelqu’un, comme dans une liste des dix premiers, la somme des lignes n’est pas un total.
assistant-complete-yes = Oui : les additionner pour le total
assistant-complete-no = Non : il n’y a pas de total
assistant-add-repeated = Plusieurs lignes d’une même cellule en sont des parties : les additionner
assistant-same-case = Un cas présent dans plusieurs lignes est un seul cas : le compter une fois
assistant-coverage = Couverture : quelles frontières, quels services
assistant-period-deviation = Périodes qui ne sont pas civiles, comme les exercices budgétaires
assistant-open = { $count ->
    [one] 1 point reste ouvert ; il est signalé ci-dessus.
   *[other] { $count } points restent ouverts ; ils sont signalés ci-dessus.
}
assistant-nothing-taken = Lu de cette manière, le fichier a des problèmes, et rien n’en a été repris.
assistant-repeats = Plusieurs lignes désignent une même cellule. Si ce sont des parties d’un même chiffre, comme deux noms d’un même pays, cochez ci-dessus « Plusieurs lignes d’une même cellule en sont des parties » ; sinon, l’une d’elles est fausse dans le fichier.
assistant-this-would-be-taken = Voici ce qui serait repris
assistant-would-be-taken = { $tables ->
    [one] 1 tableau
   *[other] { $tables } tableaux
} à partir de { $rows ->
    [one] 1 ligne
   *[other] { $rows } lignes
} ; { $left ->
    [0] aucune ligne n’est laissée de côté.
    [one] 1 ligne est laissée de côté.
   *[other] { $left } lignes sont laissées de côté.
}
assistant-tables-of-the-file = Tableaux du fichier
assistant-cells = Cellules
assistant-against-what-is-stored = Par rapport à l’existant
assistant-new-or-changed = Nouveau ou modifié
assistant-the-same = Identique
assistant-read-with-these = Lire avec ces réponses
assistant-let-it-go = Abandonner le fichier
assistant-let-go = { $file } a été abandonné. Ce qui a été répondu à son sujet est retenu.
assistant-the-mapping = La correspondance
assistant-download-mapping = La télécharger, pour la ligne de commande
assistant-still-open = Un point du fichier reste ouvert ; répondez-y d’abord.
assistant-no-code = { $typed } n’est ni un pays ni un code ; rien n’a été retenu pour { $label }. Écrivez un nom ou un code de la liste.
assistant-no-period = { $typed } n’est pas une période. Écrivez 2013, 2013-S1, 2013-Q1 ou 2013-03.

# /imports/workbook.xlsx : le questionnaire sous forme de classeur.

workbook-get = Travailler sans réseau
workbook-get-hint = Les questions d’un service sous forme de classeur (.xlsx) : remplissez-le et apportez-le ici comme tout fichier.
workbook-period = Période, par exemple 2026-Q1
workbook-all-questions = Toutes celles du service
workbook-download = Obtenir le classeur
workbook-no-form-is-assigned = Aucun formulaire n’est attribué à { $agency }. Un administrateur attribue les formulaires à la page Services.
workbook-read-me = À lire
workbook-how-counted = Comment on a compté
workbook-question = Question
workbook-hint = Un nombre entier ; 0 est zéro, une cellule vide n’est pas une réponse. Des lettres disent pourquoi il n’y a pas de nombre, voir la première feuille.
workbook-title = Questions de { $participant } à { $agency } : { $period }
workbook-one-sheet-a-question = Chaque question a sa propre feuille. Répondez à ce que vous pouvez ; une feuille sans réponse ne dit rien.
workbook-lists = Ajoutez les pays d’une liste dans les lignes vides, par nom ou par code ; « _O » désigne tous les autres, « _U » ceux qui ne sont pas connus, « _T » tous ensemble.
workbook-bring-it-back = Les feuilles peuvent être renommées et les colonnes déplacées ; les lignes masquées au-dessus des en-têtes doivent rester. Rapportez le classeur à la page « Apporter un fichier ».
workbook-too-long = Absents de ce classeur, car ils ont plus de lignes qu’il n’en contient : { $forms }. Apportez-les en CSV.
workbook-taken = { $name } : { $taken ->
    [0] rien n’a été repris
    [one] 1 feuille est reprise
   *[other] { $taken } feuilles sont reprises
}{ $refused ->
    [0] .
    [one] , et 1 a des problèmes : rien n’en a été repris.
   *[other] , et { $refused } ont des problèmes : rien n’en a été repris.
}
workbook-ignored = Laissées de côté, car ce ne sont pas des questions : { $sheets }.
