# Le tableau de bord et la Charte. Le glossaire se trouve en tête de console/translations/fr/frame.ftl.

dashboard-releases-stand = { $count ->
    [one] de nos communications est en vigueur
   *[other] de nos communications sont en vigueur
}
dashboard-waiting = { $count ->
    [one] envoi attend dans la corbeille de départ
   *[other] envois attendent dans la corbeille de départ
}
dashboard-belongs-to = Participant auquel ce nœud appartient : { $name }
dashboard-set-aside = { $count ->
    [one] { $count } envoi de la corbeille de départ ne peut pas partir
   *[other] { $count } envois de la corbeille de départ ne peuvent pas partir
}
dashboard-another-must-approve = Une autre personne doit approuver la communication de « { $title } » pour { $period }{ $also ->
    [0] {""}
    [one] {" "}et { $also } autre
   *[other] {" "}et { $also } autres
}
dashboard-approve = Approuver la communication de « { $title } » pour { $period }{ $also ->
    [0] {""}
    [one] {" "}et { $also } autre
   *[other] {" "}et { $also } autres
}
dashboard-findings-to-look-at = { $count ->
    [one] { $count } constatation à examiner
   *[other] { $count } constatations à examiner
}
dashboard-more-tables = { $count ->
    [one] { $count } autre tableau n’est pas communiqué
   *[other] { $count } autres tableaux ne sont pas communiqués
}
dashboard-due-in = { $count ->
    [one] { $day }, dans { $count } jour
   *[other] { $day }, dans { $count } jours
}
dashboard-months = mois
dashboard-quarters = trimestres
dashboard-semesters = semestres
dashboard-years = années
dashboard-days-after = { $count } jours après la fin de la période
dashboard-block-min = { $count } participants ; ceux qui ont un parent commun comptent pour un
dashboard-kept-years = { $count } ans
dashboard-peers-tables-are-open-to = tableaux d’autres participants nous sont ouverts
dashboard-ledger-lines-held-here = lignes du registre détenues ici
dashboard-no-line-of-the-ledger = Aucune ligne du registre n’est encore arrivée.
dashboard-all-ledger-lines-and-servings = Les { $lines } lignes du registre et les { $servings } mises à disposition qu’elles contiennent ont toutes été vérifiées par ce nœud à leur arrivée : chacune était justifiée.
dashboard-line-of-the-ledger-may = La ligne { $line } du registre n’a pas lieu d’y figurer : { $reason }.
dashboard-two-persons-one-prepares-another = Deux personnes : l’une prépare, l’autre approuve
dashboard-vrs-node-account-add-name = vrs-node account add NOM --role focal_point, et un autre avec --role approver
dashboard-join-the-region = Rejoindre la région
dashboard-ask-the-hubs-operator-for = Demandez une invitation à l’opérateur du pôle régional, puis lancez vrs-node join INVITATION
dashboard-read-it-under-records-charter = Lisez-la sous Archives, Charte, et acceptez-la à cet endroit
dashboard-name-the-agencies-that-deliver = Nommer les services qui fournissent les chiffres
dashboard-vrs-node-agency-add-code = vrs-node agency add CODE --name NOM
dashboard-bring-the-first-figures = Apporter les premiers chiffres
dashboard-reports-bring-a-file = Rapports, Apporter un fichier
dashboard-release-a-first-table = Communiquer un premier tableau
dashboard-reports-release-desk-prepare-and = Rapports, Bureau des communications : préparez, et faites approuver par une seconde personne
dashboard-read-and-accept-the-charter = Lire et accepter la Charte « { $charter } »
dashboard-line-nothing-is-released-before = ligne { $line } ; rien n’est communiqué avant
dashboard-the-bytes-are-damaged-withdraw = les octets sont endommagés ; retirez la communication et préparez-la de nouveau
dashboard-for-of-must-be-erased = « { $form } » pour { $period }, de { $participant }, doit être effacé
dashboard-this-node-does-it-at = ce nœud le fait au prochain contact avec le pôle régional
dashboard-prepared-by = préparé par { $name } { $ago }
dashboard-for-was-refused = « { $form } » pour { $period } a été refusé
dashboard-no-findings-ready-to-be = aucune constatation ; prêt à être préparé
dashboard-for-is-not-released = « { $form } » pour { $period } n’est pas communiqué
dashboard-due = Échéance
dashboard-released = Communiqués
dashboard-of = sur { $forms }
dashboard-on-the-desk = Au bureau
dashboard-kept = Conservés
dashboard-at-hand = Disponibles
dashboard-nothing-yet = Rien encore
dashboard-the-periods-that-ended-last = Dernières périodes achevées, à notre rythme
dashboard-the-rules-of-the-region = Les règles de la région. Rien n’est communiqué sous des règles que personne n’a acceptées ici.
dashboard-line-of-the-ledger = Ligne du registre
dashboard-catalogue = Catalogue
dashboard-reporting-in = Rythme des rapports
dashboard-own-rhythms = Rythmes particuliers
dashboard-releases-are-due = Échéance des communications
dashboard-the-first-edition-closes = Clôture de la première édition
dashboard-least-size-of-a-group = Taille minimale d’un groupe
dashboard-fewer-than = « Moins de »
dashboard-not-allowed = non admis
dashboard-may-stand-for-1-to = peut représenter 1 à { $most }
dashboard-observers = Observateurs
dashboard-extensions-switched-on = Extensions activées
dashboard-figures-are-kept = Conservation des chiffres
dashboard-the-charter-is-accepted = La Charte « { $charter } » est acceptée.
dashboard-to-begin = Pour commencer
dashboard-done = fait
dashboard-your-tasks = Vos tâches
dashboard-nothing-waits-for-you = Rien ne vous attend.
dashboard-releases-to-approve-findings-and = Les communications à approuver, les constatations et les refus apparaissent ici.
dashboard-what-the-region-shares-with = Ce que la région partage avec nous
dashboard-link-and-ledger = Liaison et registre
dashboard-what-is-due = Échéances
charter-accepted-here-by-on = Acceptée ici par { $by } le { $at }.
charter-once-accepted-two-persons-can = Une fois la Charte acceptée, deux personnes peuvent communiquer des tableaux selon ces règles.
charter-nobody-here-has-accepted-it = Personne ne l’a encore acceptée ici. Cela revient à un approbateur ou à un administrateur.
charter-no-charter-is-known-yet = Aucune Charte n’est encore connue.
charter-it-comes-with-the-ledger = Elle arrive avec le registre, dès que ce nœud a rejoint une région et joint le pôle régional.
dashboard-how-far-we-are = Où nous en sommes
dashboard-deliver = { $count ->
        [one] { $count } formulaire confié à votre service n’est pas livré pour { $period }
       *[other] { $count } formulaires confiés à votre service ne sont pas livrés pour { $period }
    }
dashboard-release = { $count ->
        [one] { $count } tableau pour { $period } est disponible sans décision
       *[other] { $count } tableaux pour { $period } sont disponibles sans décision
    }
dashboard-not-come = { $count ->
        [one] { $count } tableau présent la fois d’avant n’a pas de chiffres pour { $period }
       *[other] { $count } tableaux présents la fois d’avant n’ont pas de chiffres pour { $period }
    }

dashboard-questionnaire-changes = Lire ce qui est nouveau dans le questionnaire à partir de { $year } (catalogue { $version })
dashboard-questionnaire-counts = { $added } nouveaux, { $changed } en d’autres termes, { $retired } plus demandés
dashboard-new-form-of-nobody = Attribuer le nouveau formulaire « { $form } » à un organisme
dashboard-new-form-since = { $code }, demandé à partir de { $year }
dashboard-readings-name-what-is-gone = { $count ->
        [one] Une lecture de fichiers cite ce que le questionnaire ne demande plus
       *[other] { $count } lectures de fichiers citent ce que le questionnaire ne demande plus
    }
