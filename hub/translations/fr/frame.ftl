# Ce qui entoure chaque page, et mots communs. Le glossaire se trouve en tête de console/translations/fr/frame.ftl.

frame-lost = Un nœud a vu une plus grande part du registre que ce pôle régional n’en possède : rien n’est accepté avant qu’une décision soit prise
frame-restored = Restauré à partir d’une sauvegarde : rien n’est accepté avant qu’une décision soit prise
word-dashboard = Tableau de bord
word-line = Ligne
word-form = Formulaire
word-period = Période
word-state = État
word-ledger = Registre
word-participation = Participation
word-overviews = Synthèses
word-participants = Participants
frame-nothing-can-be-written-since = Rien ne peut être écrit depuis le { $since } : le disque est-il plein ?
frame-ledger-lines-the-last = { $lines } lignes au registre · la dernière { $ago }
word-code = Code
word-named = nommément : { $codes }
word-waiting-to-be-admitted = En attente d’admission
word-nobody-has-released-anything-yet = Personne n’a encore rien communiqué.
