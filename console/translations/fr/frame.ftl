# Glossaire : un mot pour une chose, dans tous les fichiers français.
#
#   Participant             participant (État ou entité qui prend part)      region            région
#   node                    nœud                                            hub               pôle régional
#   ledger, line            registre, ligne                                 checkpoint        point de contrôle
#   table, cell, figure     tableau, case, chiffre                          form              formulaire
#   release (to release)    communication (communiquer)                     revision          révision
#   withdrawal              retrait                                         refusal           refus
#   terms                   conditions                                      overview          synthèse
#   edition, block/group    édition, groupe                                 gap               lacune
#   Charter                 Charte                                          catalogue         catalogue
#   outbox                  corbeille de départ                             receipt           accusé de réception
#   serving, to serve       mise à disposition, mettre à disposition        erasure           effacement
#   approver                approbateur                                     focal point       point focal
#   agency                  service (qui fournit les chiffres)              finding           constatation
#   contributors            contributeurs                                   standing          titre (à lire)
#   questionnaire           questionnaire                                   period            période
#   migrant smuggling       trafic illicite de migrants                     smuggler          trafiquant de migrants
#   illegal entry           entrée irrégulière                              refused entry     refus d’entrée
#   illegal residence       séjour irrégulier                               travel document   document de voyage
#
# Espaces : insécable étroite (U+202F) devant ; ! ?, insécable (U+00A0) devant : et à l’intérieur des guillemets « ».

frame-language-name = Français
frame-languages = Langue
frame-error = Erreur : { $title }
frame-node = Nœud
frame-hub = Pôle régional
frame-skip-to-the-content = Aller au contenu
frame-test-data-published-statistics-not = **DONNÉES D’ESSAI** — statistiques publiées, et non des communications
frame-this-console-is-served-over = Cette console est servie par HTTP sans protection. Ne l’utilisez que sur cet ordinateur : quiconque achemine la ligne pourrait la lire.
frame-main-menu = Menu principal
frame-exit = Quitter
frame-breadcrumb = Fil d’Ariane
frame-classification = Classification : { $classification }
frame-versions = Système de communication volontaire d’informations { $version } · Catalogue { $catalogue } · Les heures sont indiquées dans le fuseau { $zone }
date-day = { $day ->
    [1] 1er
   *[other] { $day }
} { $month } { $year }
date-moment = { $day }, { $time } { $zone }
date-january = janvier
date-february = février
date-march = mars
date-april = avril
date-may = mai
date-june = juin
date-july = juillet
date-august = août
date-september = septembre
date-october = octobre
date-november = novembre
date-december = décembre
date-month = { $month } { $year }
date-semester = { $number ->
    [1] premier
   *[other] second
} semestre { $year }
date-quarter = { $number ->
    [1] premier
    [2] deuxième
    [3] troisième
   *[other] quatrième
} trimestre { $year }
date-just-now = à l’instant
date-minutes-ago = { $count ->
    [one] il y a { $count } minute
   *[other] il y a { $count } minutes
}
date-hours-ago = { $count ->
    [one] il y a { $count } heure
   *[other] il y a { $count } heures
}
date-days-ago = { $count ->
    [one] il y a { $count } jour
   *[other] il y a { $count } jours
}
pages-pages = Pages
pages-of = { $first }–{ $last } sur { $all }
pages-previous = ‹ Précédente
pages-next = Suivante ›
frame-help-for-this-page = Aide pour cette page
