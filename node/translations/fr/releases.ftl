# Le bureau des communications : préparer, décider, retirer.

release-approved = { $count ->
    [one] Approuvé et signé : { $count } communication. L’envoi part dès que le pôle régional répond.
   *[other] Approuvé et signé : { $count } communications. L’envoi part dès que le pôle régional répond.
}
release-let-go = { $count ->
    [one] Abandonné : { $count } communication. Rien n’était parti, et les tableaux peuvent être préparés de nouveau.
   *[other] Abandonné : { $count } communications. Rien n’était parti, et les tableaux peuvent être préparés de nouveau.
}
release-lead = Communication { $id } · { $form }
release-lead-revision = Communication { $id } · révision { $revision } · { $form }
release-now-totals = Aucun participant ne peut actuellement lire { $tables ->
    [one] ce tableau
   *[other] un ou plusieurs de ces { $tables } tableaux
}. Le pôle régional additionne les chiffres par groupes d’au moins { $least }.
release-then-totals = Ensuite, aucun participant ne pourra lire { $tables ->
    [one] ce tableau
   *[other] un ou plusieurs de ces { $tables } tableaux
}. Le pôle régional additionnera les chiffres par groupes d’au moins { $least }.
release-now-can-read = Actuellement, { $readers ->
    [0] aucun participant ne peut encore lire { $tables ->
        [one] ce tableau
       *[other] ces tableaux
    }
   *[other] { $readers ->
        [one] { $readers } participant peut lire
       *[other] { $readers } participants peuvent lire
    } { $tables ->
        [one] ce tableau
       *[other] un ou plusieurs de ces { $tables } tableaux
    }
}{ $later ->
    [0] {""}
    [one] , et { $later } de plus dès qu’il partagera en retour
   *[other] , et { $later } de plus dès qu’ils partageront en retour
}.
release-then-can-read = Ensuite, { $readers ->
    [0] aucun participant ne pourra encore lire { $tables ->
        [one] ce tableau
       *[other] ces tableaux
    }
   *[other] { $readers ->
        [one] { $readers } participant pourra lire
       *[other] { $readers } participants pourront lire
    } { $tables ->
        [one] ce tableau
       *[other] un ou plusieurs de ces { $tables } tableaux
    }
}{ $later ->
    [0] {""}
    [one] , et { $later } de plus dès qu’il partagera en retour
   *[other] , et { $later } de plus dès qu’ils partageront en retour
}.
release-logged = Inscription au registre
release-logged-at = Inscription au registre, ligne { $line }
release-final = Définitive : vérifiée par ce nœud
release-final-under = Définitive : vérifiée par ce nœud, sous le point de contrôle { $checkpoint }
release-sent-tries = { $count ->
    [one] Envoi au pôle régional, { $count } essai
   *[other] Envoi au pôle régional, { $count } essais
}
release-ended-at = { $state } à la ligne { $line }
release-together = Ces { $count } tableaux font l’objet d’une même décision et d’un même envoi : tous, ou aucun.
release-together-once = Ces { $count } tableaux ont fait l’objet d’une même décision et d’un même envoi : tous, ou aucun.
release-there-is-no-release-on = Il n’y a pas de communication { $id } au bureau.
release-you-prepared-this-release-nobody = Vous avez préparé cette communication. Nul n’approuve ce qu’il a préparé.
release-ask-another-approver = Adressez-vous à un autre approbateur.
release-it-has-left-meanwhile-and = Elle est partie entre-temps et ne peut plus qu’être retirée.
release-the-withdrawal-is-signed-and = Le retrait est signé et en route. Personne n’avait lu le tableau.
release-the-withdrawal-is-signed-and-2 = Le retrait est signé et en route. Avaient lu le tableau et sont priés de l’effacer : { $readers }.
release-the-release-has-changed-meanwhile = La communication a changé entre-temps.
release-the-regional-figures-nobodys-table = les chiffres régionaux ; aucun tableau d’un seul participant pour l’instant
release-nothing-yet-whoever-shares-back = rien pour l’instant ; quiconque partage en retour ouvre son tableau
release-nothing-the-total-is-not = rien : le total n’est pas indiqué
release-the-tables-of-and-the = les tableaux de { $participants }, et les chiffres régionaux
release-the-tables-of = les tableaux de { $participants }
release-whom-it-was-for = À qui elle était destinée
release-can-read-it-at-once = Peuvent la lire aussitôt
release-can-read-it-once-they = Pourront la lire dès qu’ils partageront en retour
release-you-can-read-in-return = Vous pouvez lire en retour
release-added-up-from = Additionné à partir de
release-rules-accepted = Règles acceptées
release-charter-of-line-catalogue = Charte de la ligne { $charter }, catalogue { $version }
release-size-as-it-travels = Taille à l’envoi
release-bytes-padded-so-that-its = { $body_bytes } octets, complétés afin que la longueur révèle peu de chose
release-it-is-complete-with-these = Il est complet avec ceux-ci et découle de ses parties.
release-it-must-be-revised-along = Il doit être révisé en même temps, parce que les règles modifient ensemble de tels tableaux.
release-this-table-does-not-answer = Ce tableau n’indique pas son total : il est sincère, mais ne donne aucun droit de lecture.
release-every-cell = Chaque case
release-every-cell-as-peers-see = Chaque case, telle que les autres participants la voient
release-was = Avant
release-becomes = Après
release-what-changes-against-the-revision = Ce qui change par rapport à la révision précédente
release-exactly-this-left = Voici exactement ce qui est parti
release-exactly-this-leaves = Voici exactement ce qui part
release-this-would-have-left = Voici ce qui serait parti
release-nobody-had-read-it = Personne ne l’avait lue.
release-it-was-read-by-all = Elle a été lue par { $readers } : tous ont déclaré l’avoir effacée, et peuvent s’en souvenir.
release-it-was-read-by-have = Elle a été lue par { $readers }. N’ont pas encore déclaré l’avoir effacée : { $owing }.
release-nobody-has-read-it-yet = Personne ne l’a encore lue.
release-it-was-read-already-by = Elle a déjà été lue par { $readers }. Si elle est retirée, ils sont priés de l’effacer, et peuvent s’en souvenir.
release-approved-by-a-second-person = Approbation par une seconde personne
release-approved-by = Approuvée par { $name }
release-sent-to-the-hub = Envoi au pôle régional
release-prepared-by = Préparée par { $name }
release-signed-with-the-participants-key = Signature avec la clé du participant
release-what-to-know = Ce qu’il faut savoir
release-what-to-know-before-approving = Ce qu’il faut savoir avant d’approuver
release-terms = Conditions
release-sha-256-of-the-body = SHA-256 du corps
release-said-about-the-figures-and = Ce qui est dit des chiffres, et que lisent les autres participants
release-the-same-as-text = La même chose sous forme de texte
release-approve = Approuver
release-you-have-seen-every-cell = Vous avez vu chaque case ci-dessus, sa définition et ses notes, et qui pourra les lire. Vous pourrez retirer la communication ; ce qui a été lu reste lu.
release-your-password-once-more = Votre mot de passe, une nouvelle fois
release-approve-and-sign = Approuver et signer
release-you-prepared-this-release-another = Vous avez préparé cette communication. Une autre personne ayant le rôle d’approbateur décide.
release-a-person-with-the-role = Une personne ayant le rôle d’approbateur décide.
release-nothing-has-left-yet-taken = Rien n’est encore parti. Une fois la communication reprise, ses tableaux peuvent être modifiés et préparés de nouveau.
release-nothing-has-left-yet-returned = Rien n’est encore parti. Une fois la communication renvoyée, ses tableaux peuvent être modifiés et préparés de nouveau.
release-take-it-back = Reprendre
release-return-to-the-preparer = Renvoyer à la personne qui l’a préparée
release-its-way = Son parcours
release-withdraw = Retirer
release-both-directions-of-reading-end = { $read_by } Les deux sens de lecture prennent fin : ce que vous avez lu en retour de ce formulaire pour cette période est également effacé ici.
release-withdraw-this-release = Retirer cette communication
release-reason-as-the-others-are = Motif, tel qu’il est indiqué aux autres
prepare-recorded = { $count ->
    [one] Enregistré : { $count } tableau est conservé sur place. Rien ne part.
   *[other] Enregistré : { $count } tableaux sont conservés sur place. Rien ne part.
}
prepare-choose-tables-from-the-list = choisissez des tableaux dans la liste
prepare-choose-at-least-one-table = choisissez au moins un tableau
prepare-choose-who-may-read-it = choisissez qui peut le lire
prepare-choose-the-participants-that-may = choisissez les participants qui peuvent le lire
prepare-choose-the-tables-and-who = Choisissez les tableaux et qui peut les lire. La page suivante montre exactement ce qui partirait.
prepare-release-of-for-has-not = La communication { $id } de { $form } pour { $period } n’a pas pris fin pour autant : retirez-la pour mettre fin à la lecture.
prepare-prepared-look-at-every-cell = Préparé. Examinez chaque case ; une autre personne approuve ensuite.
prepare-for-would-be-complete-and = { $form } pour { $period } serait complet et n’a pas été établi : { $reason }.
prepare-reason-of-the-regions-rules = Motif { $number } des règles de la région. Le pôle régional répondrait de même ; rien n’a été envoyé.
prepare-this-node-has-joined-no = Ce nœud n’a encore rejoint aucune région ; les tableaux ne peuvent qu’être conservés sur place.
prepare-there-is-no-table-that = Il n’y a pas de tableau qui puisse être communiqué.
prepare-figures-come-with-a-file = Les chiffres arrivent avec un fichier ; ce qui attend l’approbation ou est en route ne peut pas être préparé de nouveau.
prepare-which-tables = Quels tableaux
prepare-what-belongs-together-is-decided = Ce qui va ensemble se décide ensemble. Les tableaux que les règles révisent en même temps sont ajoutés à la page suivante.
prepare-now = Actuellement
prepare-contributors = **Contributeurs**
prepare-every-participant-that-shares-the = Tout participant qui partage en retour le même formulaire pour la même période, maintenant ou plus tard. Vous lisez en retour leurs tableaux et les chiffres régionaux.
prepare-totals-only = **Totaux seulement**
prepare-the-hub-alone-which-adds = Le pôle régional seul, qui les additionne à d’autres par groupes. Aucun participant ne lit votre tableau séparément, et vous n’en lisez aucun ; vous voyez les chiffres régionaux.
prepare-named-participants = **Participants désignés**
prepare-these-if-they-share-back = Ceux-ci, s’ils partagent en retour avec vous. C’est une affaire bilatérale : elle n’entre dans aucun chiffre régional, et vous n’en voyez aucun.
prepare-name-them = Les désigner
prepare-keep-at-home = **Conserver sur place**
prepare-nothing-leaves-the-decision-is = Rien ne part. La décision est enregistrée ici, et personne à l’extérieur ne la voit.
prepare-also-release-longer-periods-that = Communiquer aussi les périodes plus longues qui deviennent complètes (un semestre à partir de ses trimestres, une année à partir de ses semestres)
prepare-show-what-would-leave = Montrer ce qui partirait
releases-in-the-outbox = { $state }, dans la corbeille de départ, { $ago }{ $tries ->
    [0] {""}
    [one] , { $tries } essai
   *[other] , { $tries } essais
}
releases-in-the-ledger = Au registre
releases-what-left-this-node-and = Ce qui a quitté ce nœud, et ce qui attend de partir. Une personne prépare, une autre approuve.
releases-prepared = Préparée
releases-the-desk = Le bureau
releases-decided-by = Décidé par
releases-released-before = Communiqué auparavant
releases-release-has-not-ended-by = la communication { $id } n’a pas pris fin pour autant
releases-kept-at-home-by-decision = Conservé sur place par décision
releases-not-yet = pas encore
releases-set-aside-because-it-cannot = { $state }, mise de côté parce qu’elle ne peut pas être envoyée
releases-the-hub-refused-it-reason = Le pôle régional l’a refusée (motif { $number })
releases-the-rules-of-the-region = Refusé ici, et rien n’a été envoyé
releases-nothing-is-on-the-desk = Il n’y a rien au bureau.
releases-a-focal-point-chooses-tables = Un point focal choisit des tableaux et qui peut les lire ; chacun voit alors exactement ce qui partirait ; et une seconde personne l’approuve.
preview-the-hub-for-sums-only = le pôle régional, pour des sommes seulement
preview-every-participant-that-shares-the = tout participant qui partage en retour le même formulaire pour la même période
preview-if-they-share-back = { $codes }, s’ils partagent en retour
preview-nobody-this-program-does-not = personne : ce programme ne connaît pas les destinataires
preview-what-was-read-may-be = Ce qui a été lu peut rester en mémoire : un retrait met fin à la lecture et demande l’effacement, mais ne peut faire oublier à personne.
preview-where-a-regional-sum-is = Lorsqu’une somme régionale est zéro, quiconque la voit sait que chacun de ses membres a déclaré zéro.
preview-sums-are-made-over-groups = Les sommes portent sur des groupes d’au moins { $least }. Si { $others } membres d’un groupe de { $least } mettent leurs chiffres en commun, ils connaissent celui qui reste ; un block_min plus élevé dans la Charte rend cela plus difficile.
preview-all-participants-see-who-released = Tous les participants voient qui a communiqué quel formulaire, pour quelle période et quand, les destinataires et ceux qui sont désignés, la révision, et ce qui a été mis à la disposition de qui. Personne d’autre que les lecteurs ne voit de chiffre.
preview-a-release-that-does-not = Une communication qui n’indique pas ses cases essentielles (en général le total) est sincère, mais ne donne aucun droit de lecture.
preview-what-is-added-up = Une période plus longue est additionnée à partir de ses parties telles qu’elles partent, et masquée partout où l’une d’elles l’est.
release-what-to-look-at = Ce qu’il faut regarder
release-hidden-cells = Cases masquées
release-hidden-cells-and-why = Cases masquées, pourquoi, et ce qu’on peut en savoir au-dehors
release-hidden-cells-stay-here = Ceci reste dans ce nœud. Dans ce qui part, toutes les cases masquées sont pareilles. Les bornes sont celles de chiffres dont on sait qu’ils sont possibles ; les vraies sont celles-ci ou plus larges.
release-why-hidden = Pourquoi elle est masquée
release-an-outsider-can-tell = On peut savoir au-dehors
prepare-withhold-further-cells = Retenir d’autres cases
prepare-cells-to-withhold = Cases à retenir
prepare-cells-to-withhold-hint = Une par ligne, comme `IE_CIT:2021:AFG`. Chacune est masquée et protégée comme un petit nombre, maintenant et dans tout ce qui partira.
prepare-why-withheld = Pourquoi ; cela reste dans ce nœud
prepare-small-counts-are-hidden = Les petits nombres sont masqués maintenant, avec autant d’autres qu’il faut. Pour un grand sujet, cela peut prendre des minutes ; la page attend un moment, puis la communication, ou ce qui s’y oppose, apparaît au bureau.
prepare-still-at-work = Le contrôle de la divulgation travaille encore sur ces tableaux. Il continue sans cette page ; la communication, ou ce qui s’y oppose, apparaîtra ici.
release-more-to-look-at = Et { $count } autres ; la commande release show les énumère toutes.
prepare-release-for = Préparer une communication pour { $period }
prepare-proposed = Proposition
prepare-as-last-time = Comme pour { $period } : les mêmes formulaires, aux mêmes lecteurs. Changez ce que vous voulez.
prepare-nothing-is-different = Rien n’est différent d’alors.
prepare-lacks = { $form } avait été communiqué et n’a pas de chiffres à communiquer maintenant.
prepare-is-new = { $form } a des chiffres maintenant et n’avait pas été communiqué.
prepare-other-audience = { $form } était allé à d’autres lecteurs : { $audience }
prepare-gone = { $participant } avait été nommé et ne participe pas maintenant.
prepare-joined = { $participant } a rejoint la région depuis.
prepare-all-of-it = Tout
prepare-none-of-it = Rien
prepare-read-last-time-by = Lecteurs la dernière fois
prepare-no-table-of-this-period = Aucun tableau de cette période ne peut être communiqué maintenant : il n’y a pas de chiffres, ou ils sont déjà sur le bureau.
prepare-tables-of-other-periods = Tableaux d’autres périodes, décidés avec ceux-ci
prepare-why-revised = Pourquoi des chiffres communiqués changent
prepare-why-revised-hint = Demandé quand un tableau choisi a déjà été communiqué. La raison reste dans ce nœud, avec la communication et dans la piste d’audit.
prepare-embargo = Embargo jusqu’au début du
prepare-embargo-hint = Laissez vide pour envoyer aussitôt. Jusqu’à ce jour, la communication approuvée reste dans ce nœud ; personne à l’extérieur ne l’apprend.
release-embargo = Embargo : { $open ->
    [yes] une fois approuvée, elle est retenue dans ce nœud jusqu’au { $until } et part alors d’elle-même.
   *[no] elle a été retenue dans ce nœud jusqu’au { $until }.
}
release-why-it-revises = Pourquoi elle change ce qui a été communiqué
release-held-until = Retenue ici sous embargo jusqu’au { $until }
releases-under-embargo = { $state }, sous embargo jusqu’au { $until }
prepare-all-of = Tout : { $section }
prepare-none-of = Rien : { $section }
prepare-provisional = Faire attendre les petites corrections et marquer le tableau comme provisoire
prepare-provisional-hint = Un chiffre qui change d’un petit nombre en dit long sur ces quelques personnes. Si rien d’autre ne change, le tableau part tel qu’il était ; si d’autres chiffres changent davantage, il part tel qu’il est maintenant. Dans les deux cas, tout y est marqué comme provisoire.
prepare-despite-open = Communiquer bien que des cases puissent être calculées
prepare-despite-why = Pourquoi cela doit partir
prepare-despite-hint = Tout ce qui peut être masqué l’est quand même. La seconde personne voit quelles cases peuvent être calculées, et dit aussi pourquoi ; les deux motifs figurent dans le journal des actes. Ce que refusent les règles de la région reste refusé.
release-can-be-worked-out = Des cases peuvent être calculées
release-despite-why = Pourquoi elle doit partir malgré cela
release-despite-hint = Vous prenez sur vous que l’extérieur puisse connaître ces chiffres. Votre motif figure dans le journal des actes de ce nœud.
