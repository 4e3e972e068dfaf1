# Toutes les pages du pôle régional.

dashboard-participants = { $count ->
    [one] participant
   *[other] participants
}
dashboard-current-releases = { $count ->
    [one] communication en vigueur
   *[other] communications en vigueur
}
dashboard-rights-served = { $count ->
    [one] droit de lecture exercé
   *[other] droits de lecture exercés
}
dashboard-editions = { $count ->
    [one] édition
   *[other] éditions
}
overviews-block = { $members } membres, { $tables } tableaux
report-by-the-hub = pôle
report-totals = totaux
report-contributors = contributeurs
dashboard-what-the-participants-released-and = Ce que les participants ont communiqué, et ce que le pôle régional en a établi.
dashboard-waiting-since = { $code }, en attente, { $ago }
dashboard-shared-with = Partagé avec
dashboard-latest-releases = Dernières communications
ledger-signed-statements-one-after-the = Des déclarations signées, l’une après l’autre ; tous détiennent les mêmes.
ledger-when = Date
ledger-kind = Catégorie
ledger-by = Par
ledger-lines-of-the-ledger = Lignes du registre
overviews-the-region-by-form-and = La région par formulaire et période, telle que le pôle régional la voit à présent.
overviews-standing = En vigueur
overviews-what-was-reported = Ce qui a été déclaré
overviews-there-is-no-form = Il n’y a pas de formulaire { $code }.
overviews-no-block = aucun groupe
overviews-edition-at-line = Édition { $number } à la ligne { $line } : { $blocks }
overviews-the-participant = le participant
participants-who-takes-part-and-when = Qui participe, et quand leurs nœuds ont appelé pour la dernière fois.
participants-last-call = Dernier appel
participants-program = Programme
participants-releases = Communications
participants-key = Clé
participants-active = actif
participants-never = jamais
participants-since = { $code }, depuis le { $since }
participation-who-reported-what-for-one = Qui a déclaré quoi, pour une période.
participation-of-participants-released-something-for = { $reporting } participants sur { $participants } ont communiqué quelque chose pour la période suivante : { $period }.
participation-participants-by-form = Participants par formulaire, { $period }
participation-open-to-contributors-revision-1 = ouvert aux contributeurs, révision 1
participation-totals-only = totaux seulement
participation-named-participants = participants désignés
participation-reported-the-total-is-not = déclaré, le total n’est pas indiqué
participation-nothing-released = rien de communiqué
participation-open-to-contributors-revision = ouvert aux contributeurs, révision { $revision }
participation-totals-only-revision = totaux seulement, révision { $revision }
participation-revision = { $audience }, révision { $revision }
participation-reported-the-total-is-not-2 = déclaré, le total n’est pas indiqué, révision { $revision }
participation-withdrawn-or-the-participant-is = retiré, ou le participant est suspendu
participation-contributors = contributeurs
participation-an-audience-this-version-does = des destinataires que cette version ne connaît pas
participation-replaced-by-line = remplacée par la ligne { $line }
participation-withdrawn-at-line = retirée à la ligne { $line }
participation-fell-with-its-source-at = devenue caduque avec sa source à la ligne { $line }
report-kind-of-version-which-this = catégorie { $kind } de la version { $version }, que ce programme ne sait pas juger
report-has-seen-lines-that-this = { $participant } a vu { $size } lignes que ce pôle régional a signées, alors qu’il en avait { $here } : il a été ramené en arrière, ou restauré à partir d’une ancienne sauvegarde
report-has-seen-other-lines-that = { $participant } a vu { $size } autres lignes que ce pôle régional a signées : il a été restauré à partir d’une ancienne sauvegarde et a continué
report-the-database-was-restored-from = la base de données a été restaurée à partir d’une sauvegarde du { $made_at } comptant { $here } lignes, et des nœuds peuvent en avoir vu davantage
report-region = région { $region }
report-catalogue-blocks-of-at-least = { $charter }, catalogue { $catalogue }, groupes d’au moins { $block_min }
report-is-admitted = { $code } ({ $name }) est admis
report-is-suspended = { $participant } est suspendu
report-is-resumed = { $participant } est rétabli
report-is-called = { $participant } porte le nom { $name }
report-changes-its-key-to = { $participant } remplace sa clé par { $kid }
report-an-unknown-audience = des destinataires inconnus
report-r-to = { $form } { $period } r{ $revision }, destinataires : { $audience }
report-opens-releases-to-newcomers = ouvre { $releases } communications à { $to } nouveaux venus
report-r-of-line = { $form } { $period } r{ $revision } de la ligne { $index }
report-by-line = { $item } en vertu de la ligne { $justified_by }
report-is-served = mis à la disposition de { $reader } : { $what }
report-was-not-delivered = n’a pas été remis à { $reader } : { $what }
report-erased-the-releases-of-lines = a effacé les communications des lignes { $lines }
report-objects-to-line = fait objection à la ligne { $line } : { $text }
report-edition-of-for-blocks-not = édition { $number } de { $topic } pour { $year } : { $blocks } groupes, { $not_included } non inclus
report-of = { $form } { $period }, de { $participant }
report-the-release-of-line = la communication de la ligne { $line }
report-the-sums-of-block-for = les sommes du groupe { $block } pour { $form } { $period }
report-table-of-block-in-the = le tableau { $table } du groupe { $block } de l’édition de la ligne { $edition }
dashboard-there-is-a-problem = Il y a un problème
dashboard-nothing-is-accepted-until-it = Rien n’est accepté avant qu’une décision soit prise : arrêtez le pôle régional, comparez avec les participants, puis lancez `vrs-hub check`.
dashboard-invite-a-participant-with-vrs = Invitez un participant avec `vrs-hub participant invite CODE`, comparez par téléphone l’empreinte que montre son nœud, et admettez-le. Ses communications apparaissent ici.
dashboard-copies-must-be-erased-and = { $erasures } copies doivent être effacées et ne sont pas encore confirmées.
dashboard-root-of-the-ledger = Racine du registre :
dashboard-compare-fingerprint = { $who } : comparez `{ $fingerprint }` par téléphone, puis lancez `vrs-hub participant admit`
ledger-only-lines-with = Seulement les lignes contenant
ledger-show-all = Tout afficher
ledger-earlier-lines = Lignes antérieures
ledger-later-lines = Lignes ultérieures
ledger-checkpoint = Point de contrôle
overview-table = Tableau
overview-chart = Graphique
overview-map = Carte
overview-method = Méthode
overview-open-figures-are-added-live = Les chiffres ouverts sont additionnés au moment de la consultation. Les chiffres communiqués avec « totaux » n’apparaissent qu’en sommes de groupes ; un groupe est figé par la première édition qui l’utilise, et aucun de ses chiffres ne change. Les communications à des participants désignés sont une affaire bilatérale et n’entrent dans aucun chiffre régional.
overview-no-edition-has-been-compiled = Aucune édition n’a été établie pour ce thème et cette année.
overviews-there-is-nothing-to-compile = Il n’y a encore rien à établir.
overviews-an-overview-appears-for-each = Une synthèse apparaît pour chaque formulaire et chaque période dont un participant a communiqué quelque chose.
participants-compare-the-fingerprint-by-telephone = Comparez l’empreinte par téléphone, puis lancez `vrs-hub participant admit CODE --fingerprint F`.
participants-invited = Invités
participants-until = { $code }, jusqu’au { $until }
participation-show = Afficher
participation-releases-appear-here-as-soon = Les communications apparaissent ici dès que le premier nœud en envoie une.
kind-genesis = fondation
kind-charter = Charte
kind-participant = participant
kind-key = clé
kind-release = communication
kind-extension = extension
kind-withdrawal = retrait
kind-serving = mise à disposition
kind-undelivered = non-remise
kind-erasure = effacement
kind-objection = objection
kind-edition = édition
kind-bulletin = avis
