# Graphiques et cartes : légendes et descriptions.

chart-bars-described = Graphique en barres de { $count } lignes.
chart-the-longest = La plus longue est { $label } : { $figure }.
chart-on-one-scale = à la même échelle
chart-each-on-its-own-scale = chacun à sa propre échelle
chart-lines-described = { $count } petits graphiques en courbes, { $scale }.
chart-lines-described-over = { $count } petits graphiques en courbes de { $first } à { $last }, { $scale }.
chart-stacked-described = Barres empilées : { $count } lignes, chacune composée de { $parts }.
chart-heat-described = Tableau gradué de { $rows } lignes et { $columns } colonnes ; plus foncé signifie davantage.
chart-you = { $label } (vous)
chart-could-be-more-up-to = pourrait être supérieur, jusqu’ici
chart-provisional = provisoire
chart-known-part-of-a-figure = part connue d’un chiffre qui pourrait être supérieur
chart-together = Ensemble
chart-known-part-could-be-more = part connue, pourrait être supérieur
chart-any-number = tout nombre
chart-and-more = { $from } et plus
chart-these-figures-as-a-table = Ces chiffres sous forme de tableau
map-provisional-figure = { $figure } (provisoire)
map-described = { $kind } montrant les chiffres de { $with } zones sur { $count } ; plus foncé signifie davantage.
map-the-most = Le plus élevé : { $figure }.
map-disclaimer = Les frontières et les noms indiqués et les désignations employées sur cette carte n’impliquent ni reconnaissance ni acceptation officielles de la part de l’Organisation des Nations Unies.
map-made-with = Établi à partir de Natural Earth.
map-provisional-or-could-be-more = provisoire, ou pourrait être supérieur
map-no-part-of-this-figure = ne fait pas partie de ce chiffre
map-not-on-this-map = Absents de cette carte : { $areas }.
map-route = Itinéraire
map-countries-in-order = Pays dans l’ordre
map-routes-left-out = { $count ->
    [one] Un autre itinéraire figure dans le tableau et non sur la carte.
   *[other] { $count } autres itinéraires figurent dans le tableau et non sur la carte.
}
map-map = Carte
map-tile-map-one-square-an = Carte en carrés, un par zone,
