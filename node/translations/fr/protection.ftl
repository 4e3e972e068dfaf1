# Contrôle de la divulgation : ce qui est dit au bureau des communications, et quand une communication est refusée.

protection-published = Aucun contrôle de la divulgation ne s’applique à { $topic } pour { $year } : { $reason } Tout ce qui est montré ici part tel quel, et ce qui est retenu se calcule là où un total et toutes ses autres parties sont montrés.
protection-hides-nothing = { $shown ->
        [one] Cette communication montre { $shown } case et n’en masque aucune.
       *[other] Cette communication montre { $shown } cases et n’en masque aucune.
    }
protection-summary = { $shown ->
        [one] Cette communication montre { $shown } case
       *[other] Cette communication montre { $shown } cases
    } et en masque { $hidden } ({ $small } petites, { $protects } pour les protéger).
protection-also-withheld = { $count ->
        [one] { $count } case est retenue à la main.
       *[other] { $count } cases sont retenues à la main.
    }
protection-also-before = { $count ->
        [one] { $count } case reste masquée parce qu’elle l’était déjà.
       *[other] { $count } cases restent masquées parce qu’elles l’étaient déjà.
    }
protection-also-not-at-hand = { $count ->
        [one] { $count } case n’a pas de chiffre ici et est protégée comme une petite.
       *[other] { $count } cases n’ont pas de chiffre ici et sont protégées comme des petites.
    }
protection-share = { $percent },{ $tenth } % de ce que comptent les lignes se trouve dans des cases masquées.
protection-rule = La politique { $number } s’applique à { $topic } : les nombres de 1 à moins de { $below } sont petits et masqués, avec autant d’autres qu’il faut pour que personne ne puisse en situer un à moins de { $width } près.
protection-rule-reason = La règle diffère de celle qui est livrée : { $reason }
protection-checked = { $proven ->
        [0] Rien de petit n’est à protéger
        [one] { $proven } case est prouvée incertaine de { $width } ou plus
       *[other] { $proven } cases sont prouvées incertaines de { $width } ou plus
    } ; { $releases ->
        [0] il n’y a pas de communication antérieure à comparer. Durée : { $seconds } s.
        [one] vérifié avec { $releases } communication antérieure. Durée : { $seconds } s.
       *[other] vérifié avec { $releases } communications antérieures. Durée : { $seconds } s.
    }
protection-seconds = { $seconds },{ $tenth }
protection-already-known = { $cell } est petit, et des communications antérieures le montrent ou le livrent ; il ne peut plus être protégé.
protection-one-incident = Tous ceux que compte { $cell } viennent d’un seul incident.
protection-class-disclosure = { $cell } contient au moins neuf dixièmes de { $whole } : qui appartient à l’un appartient très probablement à l’autre.
protection-small-difference = { $cell } diffère de sa communication antérieure d’un petit nombre ; faites-le attendre la prochaine révision, ou marquez le tableau comme provisoire.
protection-does-not-add = Les parties de { $cell } ne donnent pas ce total dans les chiffres nationaux ; rien n’a été conclu de cette somme.
protection-figure-not-at-hand = { $cell } n’a pas de chiffre dans les tableaux nationaux et est protégé comme un petit.
protection-why-small = masqué : petit
protection-why-protects = masqué pour en protéger d’autres
protection-why-withheld = retenu à la main
protection-why-before = déjà masqué
protection-why-not-at-hand = masqué : pas de chiffre ici
protection-possible = au moins de { $low } à { $high }
protection-possible-not-checked = non vérifié
protection-refused-request = Rien n’a été préparé et rien n’est perdu : le contrôle de la divulgation ne peut pas décider de ces tableaux. { $cause }.
protection-refused-open = Rien n’a été préparé et rien n’est perdu : { $count ->
        [one] une case se calculerait à partir de ce qui serait montré et de ce qui est déjà parti
       *[other] { $count } cases se calculeraient à partir de ce qui serait montré et de ce qui est déjà parti
    } : { $cells }{ $more ->
        [0] {""}
       *[other] ; et { $more } autres
    }. Retenez aussi le total ou une autre case de la même ligne, gardez le formulaire chez vous, ou choisissez une période plus longue.
protection-withheld-because = Retenu à la main : { $reason }
protection-withhold-reason = des cases se retiennent avec un motif de 1 à 4 000 octets ; il reste dans ce nœud
protection-withhold-what = { $form } pour { $period }, { $key } : ce n’est pas un nombre supérieur à zéro des tableaux à communiquer, il n’y a donc rien à retenir ; les zéros sont toujours montrés
protection-withhold-write = { $text } ne désigne aucune case ; écrivez FORMULAIRE:PÉRIODE:CODES, par exemple IE_MOD:2021:SEA/AFG
protection-protects = { $why } : { $cells }
protection-open = { $count ->
        [one] Une case petite ou retenue peut être calculée
       *[other] { $count } cases petites ou retenues peuvent être calculées
    } par qui lit ceci et ce qui est parti avant : { $cells }{ $more ->
        [0] {""}
       *[other] ; et { $more } autres
    }. La personne qui l’a préparée demande de la laisser partir malgré cela : { $reason }
protection-overridden = { $name } en prend la responsabilité : { $reason }
protection-override-reason = { $count ->
        [one] une case de cette communication peut être calculée
       *[other] { $count } cases de cette communication peuvent être calculées
    } de l’extérieur ; qui l’approuve malgré cela dit pourquoi, en 1 à 4 000 octets, sur sa page ou avec --despite-open TEXTE. Rien n’a été approuvé
protection-held-back = Les petites corrections attendent la prochaine révision : { $tables } part avec les chiffres d’avant, et tout y est marqué comme provisoire.
protection-shown-provisional = { $tables } corrige des chiffres de petits nombres parmi des changements plus grands : il part tel qu’il est maintenant, et tout y est marqué comme provisoire.
protection-nothing-provisional = aucun tableau choisi ne corrige d’un petit nombre ce qui est parti avant, il n’y a donc rien à faire attendre ; laissez cela de côté
