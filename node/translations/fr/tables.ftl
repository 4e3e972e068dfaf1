# Nos propres tableaux et les fichiers dont ils proviennent.

imports-taken = { $name } est pris en compte : { $count ->
    [one] { $count } tableau nouveau ou modifié
   *[other] { $count } tableaux nouveaux ou modifiés
} ({ $tables }{ $more ->
    [0] {""}
    [one] {" "}et { $more } autre
   *[other] {" "}et { $more } autres
}).
imports-again = { $count ->
    [one] De même dans { $count } autre ligne.
   *[other] De même dans { $count } autres lignes.
}
imports-more-problems = { $count ->
    [one] { $count } autre problème n’est pas énuméré.
   *[other] { $count } autres problèmes ne sont pas énumérés.
}
imports-unread = Le reste du fichier n’a pas été lu.
imports-figures-of-one-agency-all = Les chiffres d’un seul service. Tous les tableaux du fichier sont pris en compte, ou aucun, avec toutes les raisons.
imports-rows = Lignes
imports-files-taken-in = Fichiers pris en compte
imports-choose-the-agency-that-delivered = Choisissez le service qui a fourni le fichier.
imports-choose-the-file-to-take = Choisissez le fichier à prendre en compte.
imports-the-files-are-too-large = Les fichiers sont trop volumineux ensemble ; chacun peut compter { $megabytes } Mo.
imports-split-them-by-form-or = Divisez-les par formulaire ou par période.
imports-the-form-did-not-arrive = L’envoi n’est pas arrivé en entier.
imports-send-it-again = Envoyez-le de nouveau.
imports-says-nothing-new-every-table = { $name } n’apporte rien de nouveau : tous ses tableaux sont déjà enregistrés.
imports-column = Colonne
imports-value = Valeur
imports-what-is-wrong = Ce qui est erroné
imports-what-is-accepted = Ce qui est admis
imports-problems-of-the-file = Problèmes du fichier
imports-the-file = le fichier
imports-was-refused-and-nothing-of = { $name } a été refusé, et rien n’en a été pris en compte.
imports-every-problem-by-line = Tous les problèmes, ligne par ligne
imports-no-agency-is-known-yet = Aucun service n’est encore connu.
imports-the-administrator-names-those-that = L’administrateur nomme ceux qui fournissent des chiffres : `vrs-node agency add CODE --name NOM`
imports-agency-that-delivered-it = Service qui l’a fourni
imports-choose = choisir…
imports-csv-as-download-csv-writes = CSV, un classeur (.xlsx) obtenu ici, ou la présentation propre d’un service, CSV ou classeur, au sujet de laquelle on vous interroge. { $megabytes } Mo au plus.
imports-the-file-has-another-layout = Il existe une correspondance
imports-mapping = Correspondance
imports-a-toml-file-that-says = Un fichier TOML qui indique ce que contient chaque colonne.
imports-files-that-the-mapping-wants = Fichiers que la correspondance demande en complément
imports-go-on = Continuer
imports-take-it-in = Prendre en compte
imports-taken-in-before = Pris en compte auparavant
imports-nothing-has-been-taken-in = Rien n’a encore été pris en compte.
table-rule-sum = Les chiffres des services sont additionnés
table-rule-prefer = Les chiffres du service { $agency } sont les chiffres nationaux
table-rule-keeping = { $rule } ; les { $keep } plus grandes lignes de la liste restent, les autres sont comptées dans « Autres »
table-computed = calculé
table-no-agency-has-delivered-this = Aucun service n’a fourni ce tableau ; il a été établi à partir de périodes plus courtes.
table-add-the-agencies-figures-keeping = Additionner les chiffres des services en conservant chaque lacune
table-take-the-figures-of = Retenir les chiffres du service { $agency }
table-the-national-table = Le tableau national
table-the-hub-says = Le pôle régional indique : { $sentence }
table-national = National
table-agencies-side-by-side = Les services côte à côte
table-where-each-figure-comes-from = D’où vient chaque chiffre
table-not-among-the-cases = { $count ->
        [one] { $agencies } n’a livré de chiffres qu’après la décision sur les cas qui sont comptés, et n’en fait pas partie.
       *[other] { $agencies } n’ont livré de chiffres qu’après la décision sur les cas qui sont comptés, et n’en font pas partie.
    } Tant que personne ne décide à nouveau, ce tableau n’est pas publié.
table-by = par { $name }, { $day }
table-the-number-of-rows-to = Le nombre de lignes à conserver doit être un nombre entier.
table-whole-year-or-keep = Soit tous les tableaux de l’année sont décidés, soit le reste de cette liste est regroupé, pas les deux. Rien n’a été décidé.
table-the-decision-is-recorded-with = La décision est enregistrée.
table-prepare-its-release = Préparer sa communication
table-its-release = Sa communication
table-refused = **Refusé.** { $refused }
table-the-figures-below-differ-from = Les chiffres ci-dessous diffèrent de ceux qui ont été communiqués. Une révision les fait connaître.
table-nothing-was-found-that-does = Rien d’incohérent n’a été trouvé, et aucune évolution ne sort de l’ordinaire.
table-nothing-is-said-about-source = Rien n’est indiqué sur la source, la couverture ou la définition.
table-how-it-was-made = Comment il a été établi
table-decided-by = { $rule }. Décision de { $by }, { $at } : « { $reason } »
table-decided-by-without = { $rule }. Décidé par { $by }, { $at }.
table-reason-needed = Les services répondent différemment : dites pourquoi vous décidez ainsi.
table-reason-optional = Les services ne se contredisent pas ; le motif est facultatif.
table-decide-how-the-national-table = Décider comment le tableau national est établi
table-the-national-figures = Les chiffres nationaux
table-largest-rows-to-keep = Plus grandes lignes à conserver
table-of-a-list-the-rest = D’une liste ; les autres sont ajoutées à « Autres ». Laissez vide pour tout conserver.
table-record-the-decision = Enregistrer la décision
own-no-figures-yet = pas encore de chiffres
own-figures-at-hand-not-released = chiffres disponibles, non communiqués
own-kept-at-home-by-decision = conservé sur place par décision
own-prepared-waits-for-approval = préparé, en attente d’approbation
own-approved-on-its-way-to = approuvé, en route vers le pôle régional
own-released-to-revision = communiqué ({ $audience }), révision { $revision }
own-refused = refusé
own-withdrawn = retiré
own-on-its-way = en route
own-released-revision-1 = communiqué, révision 1
own-kept-at-home = conservé sur place
own-nobody = personne
own-totals-only = totaux seulement
own-contributors = contributeurs
own-named-participants = participants désignés
tables-our-tables-for = Nos tableaux, { $period }
tables-what-our-agencies-delivered-and = Ce que nos services ont fourni, et où en est chaque tableau sur le chemin de la communication.
tables-forms-by-period = Formulaires par période
tables-question = Question
tables-the-questionnaire-for = Le questionnaire, { $period }
tables-cannot-be-right = ne peut pas être exact
tables-no-agency-has-delivered-figures = Aucun service n’a encore fourni de chiffres.
tables-bring-a-file-canonical-csv = Apportez un fichier : le CSV canonique tel que l’écrit cette console, ou la présentation propre à un service au moyen d’une correspondance.
tables-all-periods = toutes les périodes
beside-difference = Écart
beside-differ = diffèrent
beside-differ-by = diffèrent de { $count }
beside-set-by-hand = fixé à la main
beside-set-by-hand-heading = Fixés à la main
beside-stale = les chiffres dessous ont changé
beside-set-by = Fixé par { $by }, { $at } : « { $reason } »
beside-under-it = Les services disent : { $then }.
beside-then-and-now = Les services disaient { $then } et disent maintenant { $now }. Fixez-le de nouveau ou retirez-le ; d’ici là le tableau n’est pas communiqué.
beside-nobody-answers = rien
beside-take-back = Retirer
beside-take-it-back = Laisser compter la règle
beside-set-a-figure = Fixer un chiffre à la main
beside-set-a-figure-hint = Il figure dans le tableau national quoi que disent les services. Rien d’autre ne change, pas même un total ; les constatations disent ce qui ne concorde plus.
beside-cell-hint = Ses codes, comme `AFG` ou `SEA/AFG` ; total : `_T`.
beside-figure = Chiffre national
beside-figure-hint = Un nombre, comme `1 234` ou `1 234 P` (provisoire), ou un motif : `L` non recueilli, `O` inconnu, `M` sans objet, `K` compté ailleurs, `Q` retenu.
beside-set-it = Le fixer
beside-is-set = { $cell } : le chiffre est fixé à la main.
beside-is-taken-back = { $cell } : la règle compte de nouveau.
table-rule-cases = Chaque cas compte une fois ; là où les services diffèrent sur un cas, le premier de { $order } qui l’a fait foi
table-count-each-case-once = Compter chaque cas une fois ; pour un cas que plusieurs ont, le premier de { $order } fait foi
distinct-heading = Les mêmes cas
distinct-counted-once = Un cas que plusieurs services ont est compté une fois, comme le dit le premier de { $order }.
distinct-not-counted-once = Les cas des services ont des références : le même cas est reconnu. Là où les chiffres s’additionnent, ce que deux services ont en commun est compté deux fois.
distinct-cases = Cas distincts
distinct-shared = Chez plus d’un service
distinct-pairs = Par paire de services
distinct-differing = Sur lesquels ils diffèrent
distinct-persons = Nombre de personnes
distinct-elsewhere = Comptés dans une autre période
origin-comes-from = Provient de
origin-national-figures = Les chiffres nationaux
origin-agencies-figures = Les chiffres des services
origin-sum = somme de { $of }
origin-rest = le reste de la liste, de { $of }
origin-cases = chaque cas une fois, de { $of }
origin-by-hand = fixé à la main par { $by }, { $day }
origin-rows = { $agency } : { $file }, { $count ->
        [one] { $count } ligne, ligne { $line }
       *[other] { $count } lignes, la première en ligne { $line }
    }
origin-line = { $agency } : { $file }, ligne { $line }
origin-file = { $agency } : { $file }
origin-from-line = { $count ->
        [one] { $line }
       *[other] { $line } et suivantes, { $count } lignes
    }
findings-counted = { $tables ->
        [one] { $tables } tableau examiné
       *[other] { $tables } tableaux examinés
    } ; { $open ->
        [0] aucune constatation ouverte
        [one] { $open } constatation ouverte
       *[other] { $open } constatations ouvertes
    }, { $accepted ->
        [0] aucune acceptée
        [one] { $accepted } acceptée
       *[other] { $accepted } acceptées
    }. Ce qui paraît faux n’est communiqué qu’avec un motif ; ce qui ne peut être juste n’est pas communiqué.
findings-arithmetic = Chiffres qui ne concordent pas
findings-plausibility = Chiffres possibles et surprenants
findings-missing = Chiffres manquants
findings-accepted = acceptée
findings-accepted-by = Acceptée par { $by } : « { $reason } »
findings-it-is-right = C’est juste
findings-accept = L’accepter avec ce motif
findings-is-accepted = La constatation est acceptée. Elle reste silencieuse tant que le chiffre ne change pas.
findings-choose-from-the-list = Choisissez une constatation dans la liste.
findings-some-need-a-reason = Certaines demandent un motif avant que le tableau soit communiqué.
calendar-calendar = Calendrier
calendar-nothing-yet = Aucune période n’a encore de chiffres, et la région n’a pas de Charte qui dise dans quelles périodes elle déclare.
calendar-periods = Périodes
calendar-section = Section
calendar-sections-of = Sections, { $period }
calendar-progress = { $complete } sur { $forms } complets{ $findings ->
        [0] {""}
       *[other] , { $findings } avec constatations
    }
calendar-due-in = { $day }, { $count ->
        [0] aujourd’hui
        [one] dans { $count } jour
       *[other] dans { $count } jours
    }
calendar-overdue = { $day }, { $count ->
        [0] dépassé aujourd’hui
        [one] dépassé depuis { $count } jour
       *[other] dépassé depuis { $count } jours
    }
calendar-is-due = Échéance : { $due }.
calendar-open = ouverte
calendar-closed = close
calendar-is-open-now = La période est ouverte.
calendar-closed-by = { $period } a été close par { $by } le { $day } (« { $reason } »). Ni fichier, ni feuille, ni décision n’en change un chiffre.
calendar-may-deliver-late = Peuvent livrer malgré tout
calendar-ended = terminé
calendar-until = jusqu’au { $until }, par { $by } : « { $reason } »
calendar-close = Clore la période
calendar-close-hint = Ni fichier, ni feuille, ni décision n’en change plus un chiffre, ni d’une période à l’intérieur, jusqu’à ce que vous l’ouvriez de nouveau.
calendar-close-it = La clore
calendar-reopen = Rouvrir la période
calendar-open-it = L’ouvrir
calendar-let-deliver = Laisser un service livrer en retard
calendar-last-day = Dernier jour
calendar-let-it = Le laisser livrer
calendar-is-closed = { $period } est close.
calendar-is-open = { $period } est de nouveau ouverte.
calendar-may-deliver = { $agency } peut livrer pour { $period }.
calendar-choose-the-agency = Choisissez le service qui peut livrer.
distinct-whole-year = Si les cas comptent une fois : le faire dans chaque tableau de ce thème en { $year } pour lequel ces services ont des cas, afin que leurs totaux concordent
tables-not-asked = non demandé pour cette période

# Un import, et son annulation.

taken-no-such-import = Aucun import ne porte ce numéro.
taken-in-force = État
taken-stands = en vigueur
taken-replaced = remplacé par un import ultérieur
taken-same = redit tel quel
taken-done-confirmed = { $count ->
        [one] Un tableau demeure, car un autre import dit la même chose.
       *[other] { $count } tableaux demeurent, car d’autres imports disent la même chose.
    }
taken-back = annulé
taken-back-by = Annulé par { $by }, { $at } : { $reason }
taken-sha = SHA-256 du fichier
taken-tables = Tableaux de cet import
taken-take-back = Annuler cet import
taken-what-it-means = Ce que le service avait livré auparavant est de nouveau en vigueur ; là où il n’avait rien livré, il n’a pas de chiffres. Rien n’en est supprimé : cette page demeure. Un import dont les chiffres figurent dans une publication ne s’annule pas.
taken-cases-go = Ses cas sont supprimés ; pour que les cas d’avant soient de nouveau comptés une fois, apportez leur fichier à nouveau.
taken-done = L’import est annulé. { $again ->
        [0] Aucun chiffre d’avant ne prend sa place.
        [one] Dans un tableau, les chiffres d’avant sont en vigueur.
       *[other] Dans { $again } tableaux, les chiffres d’avant sont en vigueur.
    } { $none ->
        [0] Aucun tableau n’est sans chiffres de ce fait.
        [one] Un tableau est maintenant sans chiffres du service.
       *[other] { $none } tableaux sont maintenant sans chiffres du service.
    }
taken-done-replaced = { $count ->
        [one] Un tableau avait été remplacé par un import ultérieur et reste tel quel.
       *[other] { $count } tableaux avaient été remplacés par des imports ultérieurs et restent tels quels.
    }
taken-done-cases = Ses cas sont supprimés.
imports-file-or-block = Un fichier a été choisi et un bloc a été collé. Rien n’a été pris ; envoyez l’un des deux.
imports-pasted = Ou collez un bloc d’un tableur
imports-pasted-hint = Avec ses en-têtes. Il est lu comme un fichier.
imports-pasted-name = bloc collé
between-heading = Ce que les services voient les uns des autres
between-what = Un service ne voit de ce formulaire que ses propres chiffres. Vous pouvez laisser les services qui le livrent voir leurs chiffres mutuellement, chacun pour les périodes qu’il a lui-même livrées.
between-allowed = Les services qui livrent ce formulaire voient leurs chiffres mutuellement, chacun pour les périodes qu’il a lui-même livrées. Autorisé par { $by }, { $day } : { $reason }
between-allow = Les laisser voir leurs chiffres
between-end = Chacun ne voit de nouveau que les siens
between-now-allowed = Les services qui livrent ce formulaire voient désormais leurs chiffres mutuellement.
between-now-ended = Chaque service ne voit de nouveau que ses propres chiffres de ce formulaire. Ce qui a été vu peut rester en mémoire.
