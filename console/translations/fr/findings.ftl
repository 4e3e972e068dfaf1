# Ce qui a été constaté dans un tableau.

finding-core-fewer = Le total est « moins de » : il donne un titre à lire, mais aucun groupe ne peut l’utiliser.
finding-core-missing = Aucune case essentielle (en général le total) n’est renseignée par une valeur : la communication est sincère, mais ne donne aucun droit de lecture.
finding-parts-short = Les parties totalisent { $sum }, soit { $short } de moins que le total ; inscrivez le reste sous « inconnu ».
finding-rows-short = Les lignes totalisent { $sum }, soit { $short } de moins que le total ; inscrivez le reste sous « autres » ou « inconnu ».
finding-infeasible = Tous les chiffres ne peuvent pas être exacts : { $cause }.
finding-time-short = { $parts } totalisent { $sum }, soit { $short } de moins que ce chiffre. Une observation devrait en indiquer la raison.
finding-more = { $now } après { $before } en { $period } : { $change } de plus. Une observation devrait en indiquer la raison.
finding-fewer = { $now } après { $before } en { $period } : { $change } de moins. Une observation devrait en indiquer la raison.
finding-outlier = { $now } est loin des { $periods } chiffres antérieurs : leur milieu est { $middle }, et de { $low } à { $high } serait habituel.
finding-own-country = Le pays déclarant figure lui-même comme pays de dernière sortie ou de destination suivante.
finding-smuggled-above = Les { $smuggled } migrants objets d’un trafic illicite dépassent les { $all } entrées et sorties irrégulières réunies.
finding-documents-apart = Le nombre de documents ({ $documents }) et celui de leurs utilisateurs ({ $persons }) diffèrent de plus du triple.
finding-one-step = L’itinéraire { $route } de { $citizenship } ne compte qu’une étape.
finding-origin-first = Un itinéraire a une seule origine, et elle vient en premier ; l’étape { $step } est : { $role }.
finding-destination-last = La destination vient en dernier.
finding-twice = { $country } figure deux fois de suite.
finding-begins-elsewhere = L’itinéraire de { $citizenship } commence ailleurs : { $country }.
finding-origin = origine
finding-transit = transit
finding-destination = destination
