# Les archives : registre, mises à disposition, liaison.

ledger-held = { $count } lignes sont détenues ici.
ledger-held-and-checked = { $count } lignes sont détenues ici, vérifiées par rapport au point de contrôle du pôle régional le { $when }.
ledger-signed-statements-one-after-the = Des déclarations signées, l’une après l’autre ; tous les participants de la région détiennent les mêmes.
ledger-kind = Catégorie
ledger-lines-the-latest-first = Lignes, les plus récentes d’abord
ledger-line = Ligne { $line } : { $sentence }
ledger-lines-were-judged-again = { $sentence } { $lines } lignes ont été vérifiées de nouveau.
ledger-judge-the-whole-ledger-again = Vérifier de nouveau tout le registre
ledger-nothing-is-sent-or-read = Rien n’est envoyé ni lu tant que cela n’est pas éclairci. Appelez l’opérateur du pôle régional et les autres participants.
ledger-this-node-found-something-wrong = Ce nœud a trouvé une anomalie
ledger-all-kinds = toutes les catégories
ledger-words = Mots
ledger-earlier-lines = Lignes antérieures
ledger-later-lines = Lignes ultérieures
ledger-checkpoint = Point de contrôle
ledger-root-of-the-tree-over = Racine de l’arbre des lignes détenues ici :
ledger-the-hub-has-sent-no = Le pôle régional n’a encore envoyé aucun point de contrôle.
ledger-no-line-of-the-ledger = Aucune ligne du registre n’est encore détenue ici.
ledger-the-ledger-comes-with-the = Le registre arrive au premier contact, une fois une région rejointe.
link-certificate-valid = { $count ->
    [one] valable encore { $count } jour, jusqu’au { $day } ; renouvelé de lui-même à mi-parcours
   *[other] valable encore { $count } jours, jusqu’au { $day } ; renouvelé de lui-même à mi-parcours
}
link-parcel-waiting = en attente
link-parcel-sent = envoyé
link-parcel-logged = inscrit
link-parcel-refused = refusé
link-parcel-aside = mis de côté
link-release = Communication { $id }
link-an-outage-stops-nothing-at = Une interruption n’arrête rien sur place : ce qui attend est conservé, et les essais se poursuivent sans fin.
link-what-was-refused = Ce qui a été refusé
link-in-the-hubs-words = Selon les termes du pôle régional
link-the-proof-is-in = { $sentence } La preuve se trouve dans { $evidence }.
link-refusals-of-the-hub-signed = Refus du pôle régional, signés et conservés
link-joined = Adhésion
link-none-yet = aucun pour l’instant
link-last-contact = Dernier contact
link-our-signing-key = Notre clé de signature
link-has-run-out-it-is = a expiré ; il est renouvelé au prochain contact
link-our-certificate = Notre certificat
link-tries = Essais
link-trouble = Difficulté
link-nothing-is-sent-or-read = Rien n’est envoyé ni lu. Appelez l’opérateur du pôle régional et les autres participants, et montrez-leur la preuve.
link-nothing-is-lost-the-outbox = { $trouble } Rien n’est perdu : la corbeille de départ attend, et l’envoi se fait dès que le pôle régional répond. L’intervalle entre les essais s’allonge jusqu’à quelques minutes au plus.
link-nothing-has-been-put-into = Rien n’a encore été déposé dans la corbeille de départ.
link-an-approved-release-waits-here = Une communication approuvée attend ici que le pôle régional l’ait inscrite.
servings-summary = { $readers ->
    [one] { $readers } participant a lu
   *[other] { $readers } participants ont lu
} { $ours ->
    [one] { $ours } de nos tableaux
   *[other] { $ours } de nos tableaux
} ; { $served ->
    [one] { $served } tableau a été mis à notre disposition
   *[other] { $served } tableaux ont été mis à notre disposition
}.
servings-every-reading-stands-in-the = Chaque lecture est inscrite au registre avant que le premier octet ne quitte le pôle régional, avec la ligne qui en donne le droit.
servings-line-of-the-release = Ligne de la communication
servings-whose-and-what = De qui et quoi
servings-why = Pourquoi
servings-erased-here = Effacé ici
servings-who-read-ours = Qui a lu les nôtres
servings-reader = Lecteur
servings-what-we-were-served = Ce qui a été mis à notre disposition
servings-author = Auteur
servings-served-at-line = Mis à disposition à la ligne
servings-by-right-of-line = En vertu de la ligne
servings-the-copy = La copie
servings-erased-says-line = effacée, selon la ligne { $line }
servings-held-by-right = détenue à bon droit
servings-must-be-erased = doit être effacée
servings-who-read-what-stands-here = Qui a lu quoi figure ici dès que des tableaux sont partagés.
servings-nobody-has-read-a-table = Personne n’a encore lu l’un de nos tableaux.
servings-nothing-was-served-to-us = Rien n’a encore été mis à notre disposition.
audit-damaged = Les { $lines } lignes enregistrées ne mènent pas au point de contrôle du pôle régional ; cette copie du registre est endommagée.
audit-unjustified = La mise à disposition de la ligne { $line } n’était pas justifiée : { $sentence }.
audit-misplaced = La ligne { $line } ({ $kind }) n’a pas lieu de figurer au registre : { $sentence }.
audit-clean = Les { $servings } mises à disposition sans point de contrôle étaient toutes justifiées.
audit-clean-under = Les { $servings } mises à disposition jusqu’au point de contrôle { $checkpoint } étaient toutes justifiées.
servings-list = Liste
servings-nothing-was-erased = Rien n’a été effacé ici.
link-parcel-held = sous embargo jusqu’au { $until }
