# Synthèses régionales.

overview-all-known = { $known } { $unit } dans { $of } tableaux ouverts
overview-some-known = { $known } { $unit } connus d’après { $answered } tableaux ouverts sur { $of }, { $bounds } en tout
overview-at-least = au moins { $low }
overview-between = entre { $low } et { $high }
overview-no-open-figure = Aucun chiffre ouvert
overview-a-group-of = un groupe de { $members } : { $sum } { $unit }
overview-headline = { $open }. { $covered } participants sur { $participants } figurent dans ces chiffres.
overview-headline-and-groups = { $open }, plus { $groups }. { $covered } participants sur { $participants } figurent dans ces chiffres.
overview-count-in-words = { $count ->
    [0] zéro
    [1] un
    [2] deux
    [3] trois
    [4] quatre
    [5] cinq
    [6] six
    [7] sept
    [8] huit
    [9] neuf
    [10] dix
   *[other] { $count }
}
overview-open-group = groupe ouvert de { $members } : { $codes }
overview-group-of = groupe de { $members } : { $codes }
overview-and = et
overview-gap-not-reported = non déclaré
overview-gap-not-answered = déclaré sans son total
overview-gap-bilateral = partagé avec des participants désignés seulement
overview-gap-not-included = déclaré, non inclus
overview-gap-not-readable = ne vous est pas ouvert
overview-gap-suspended = suspendu
overview-gap-not-asked = non demandé pour cette période
overview-what = Objet
overview-known = Connu
overview-in-all = En tout
overview-answered = Réponses
overview-of = sur { $participants }
overview-group = Groupe
overview-open-figures-added-up-and = Chiffres ouverts, additionnés, et sommes des groupes
overview-a-member-has-revised-or = Un membre a révisé ou retiré ses chiffres depuis ; la somme reste telle quelle.
overview-known-adds-what-is-shown = « Connu » additionne ce qui est montré. « En tout » indique entre quelles bornes se situe l’ensemble, car une lacune n’est pas zéro.
overview-participant = Participant
overview-total = Total
overview-how-it-takes-part = Mode de participation
overview-from-whom = De qui
overview-open-to-contributors-counts = ouvert aux contributeurs ; compte des { $unit }
overview-open-to-contributors = ouvert aux contributeurs
overview-one-sum-of-nobody-sees = une somme de { $unit } ; personne ne voit ses membres séparément
overview-open-figures = { $title }, chiffres ouverts
overview-solid-is-known-an-outline = Le plein est connu ; un contour va jusqu’à la borne supérieure.
overview-by-reporting-participant = Par participant déclarant
overview-totals-by-reporting-participant = Totaux par participant déclarant
overview-members-of-a-group-are = Les membres d’un groupe sont montrés comme masqués : seule leur somme est connue.
overview-open-figures-by = Chiffres ouverts par { $dimension }
