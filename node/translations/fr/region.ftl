# Ce que la région partage : synthèses, tableaux des autres participants, et raisons d’une fermeture.

access-sentence-and-reason = { $sentence } (motif { $number })
access-you-see-whom-you-show = Vous voyez ceux à qui vous vous montrez : formulaire par formulaire et période par période. Le pôle régional décide selon la même règle, et chaque nœud le vérifie ensuite.
access-whose-figures = De qui sont les chiffres
access-because = Parce que
access-what-would-unlock-it = Ce qui l’ouvrirait
access-for = { $form } pour { $period }
access-the-regional-figures = Les chiffres régionaux
access-release-for-to-contributors = Communiquez { $form } pour { $period } aux contributeurs : { $whom }
access-closed-because = Fermé, parce que
access-what-was-released-in-the = Ce qui a été communiqué dans la région
access-all-that-was-released = tout ce qui a été communiqué
access-explain = Expliquer
overviews-groups = { $count ->
    [one] { $count } groupe : { $members }
   *[other] { $count } groupes : { $members }
}
overviews-the-region-by-form-and = La région par formulaire et période : les chiffres ouverts additionnés au moment de la consultation, les chiffres fermés en sommes de groupes.
overviews-reported-by = Déclaré par
overviews-what-was-reported-in-the = Ce qui a été déclaré dans la région
overviews-open-to-us = ouvert à nous
overviews-not-open = fermé : { $reason }
overviews-the-tables-of = les tableaux de { $participants }
overviews-releasing-for-to-contributors-with = Communiquer { $form } pour { $period } aux contributeurs, en indiquant son total, ouvrirait { $what }.
overviews-the-participant = le participant
overviews-the-table-of-is-open = Le tableau de { $participant } vous est ouvert et n’est pas encore arrivé : ce nœud ira le chercher au prochain contact avec le pôle régional.
overviews-the-tables-of-are-open = Les tableaux de { $participants } vous sont ouverts et ne sont pas encore arrivés : ce nœud ira les chercher au prochain contact avec le pôle régional.
overviews-no-group = aucun groupe
overviews-edition-at-line = Édition { $number } à la ligne { $line }, { $groups }
overviews-nobody-in-the-region-has = Personne dans la région n’a encore rien communiqué.
overviews-an-overview-appears-for-each = Une synthèse apparaît pour chaque formulaire et chaque période dont un participant a communiqué quelque chose.
sight-none-closed = { $open ->
    [one] { $open } tableau d’un autre participant vous est ouvert, et aucun n’est fermé.
   *[other] { $open } tableaux d’autres participants vous sont ouverts, et aucun n’est fermé.
}
sight-closed = { $open ->
    [one] { $open } tableau d’un autre participant vous est ouvert
   *[other] { $open } tableaux d’autres participants vous sont ouverts
} ; { $closed ->
    [one] { $closed } ne l’est pas
   *[other] { $closed } ne le sont pas
}, pour ce motif : { $reason }.
sight-so-many-because = { $count } pour ce motif : { $reason }
sight-several-closed = { $open ->
    [one] { $open } tableau d’un autre participant vous est ouvert
   *[other] { $open } tableaux d’autres participants vous sont ouverts
} ; { $closed } ne le sont pas, dont { $reasons }.
sight-no-peer-has-released-anything = Aucun autre participant n’a encore rien communiqué.
peers-who-shares-which-form-with = Qui partage quel formulaire avec nous, pour une période. Vous voyez ceux à qui vous vous montrez.
peers-participants-by-form = Participants par formulaire, { $period }
peers-open-to-you-revision-1 = ouvert à vous, révision 1
peers-totals-only-in-sums-of = totaux seulement : dans des sommes de groupes
peers-shared-with-others-by-name = partagé avec d’autres, nommément désignés
peers-not-open-to-you-the = fermé pour vous ; la case indique pourquoi
peers-reported-the-total-is-not = déclaré, le total n’est pas indiqué
peers-ours-revision-for = le nôtre, révision { $revision }, pour { $audience }
peers-open-to-you-revision = ouvert à vous, révision { $revision }
peers-not-open-to-you = fermé pour vous : { $reason }
peers-there-is-no-participant-in = Il n’y a pas de participant { $code } dans cette région.
peers-served-to-us-at-line = Mis à notre disposition à la ligne { $serving }, en vertu de notre propre communication de la ligne { $by }.
peers-as-read = Tel que lu
peers-signed-by-in-the-ledger = Signé par { $name }, au registre à la ligne { $line }, révision { $revision }, non retiré. Les chiffres sont ceux qui ont été signés.
peers-what-was-released = Ce qui a été communiqué
peers-nobody-has-released-anything-yet = Personne n’a encore rien communiqué.
peers-releases-of-peers-appear-here = Les communications des autres participants apparaissent ici dès que le registre les apporte.
overview-the-regional-figures-are-not = Les chiffres régionaux ne vous sont pas ouverts.
overview-chart = Graphique
overview-map = Carte
overview-method = Méthode
overview-tables-you-can-read-singly = Tableaux que vous pouvez lire séparément
overview-open-figures-are-added-live = Les chiffres ouverts sont additionnés au moment de la consultation, à partir des tableaux lus ici. Les chiffres communiqués avec « totaux seulement » apparaissent en sommes de groupes ; un groupe est fixé par la première édition qui l’utilise, et ses sommes ne changent pas. Ce qui est partagé avec des participants désignés n’entre dans aucun chiffre régional. Une lacune n’est jamais tenue pour zéro : elle élargit les bornes.
overview-no-edition-has-been-compiled = Aucune édition n’a été établie pour ce thème et cette année.
peer-this-table-is-not-open = Ce tableau ne vous est pas ouvert.
peer-it-is-open-to-you = Il vous est ouvert et n’est pas encore arrivé : ce nœud ira le chercher au prochain contact avec le pôle régional.
peer-verified = vérifié
peer-if-its-author-withdraws-it = { $right } Si son auteur le retire, ou si notre droit prend fin, il est effacé ici.
peer-its-author-says-nothing-about = Son auteur n’indique rien sur la source, la couverture ou la définition.
peer-nothing-was-released = Rien n’a été communiqué.
why-allowed = autorisé, { $because }
why-both-lines = en vertu de votre ligne { $own } et de la sienne, ligne { $theirs }
why-line = en vertu de la ligne { $line } : { $what }
why-open-and-sums = les chiffres ouverts au moment de la consultation et les sommes des groupes fermés
why-sums = les sommes des groupes
why-sums-observer = les sommes des groupes, en qualité d’observateur
why-stands = { $participant } a un titre à lire { $form } { $period } grâce à sa communication de la ligne { $line }.
why-core-missing = { $participant } a communiqué { $form } { $period } à la ligne { $line }, sans renseigner de case essentielle : cela ne donne aucun droit.
why-nothing = { $participant } n’a rien communiqué de { $form } pour { $period }.
peers-withdrawn = retiré
