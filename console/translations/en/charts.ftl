# Drawings and maps: legends and descriptions.

chart-bars-described = Bar chart of { $count } rows.
chart-the-longest = The longest is { $label }: { $figure }.
chart-on-one-scale = on one scale
chart-each-on-its-own-scale = each on its own scale
chart-lines-described = { $count } small line charts, { $scale }.
chart-lines-described-over = { $count } small line charts from { $first } to { $last }, { $scale }.
chart-stacked-described = Stacked bars: { $count } rows, each of { $parts }.
chart-heat-described = Heat table of { $rows } rows and { $columns } columns; darker is more.
chart-you = { $label } (you)
chart-could-be-more-up-to = could be more, up to here
chart-provisional = provisional
chart-known-part-of-a-figure = known part of a figure that could be more
chart-together = Together
chart-known-part-could-be-more = known part, could be more
chart-any-number = any number
chart-and-more = { $from } and more
chart-these-figures-as-a-table = These figures as a table
map-provisional-figure = { $figure } (provisional)
map-described = { $kind } with figures for { $with } of { $count } areas; darker is more.
map-the-most = The most: { $figure }.
map-disclaimer = The boundaries and names shown and the designations used on this map do not imply official endorsement or acceptance by the United Nations.
map-made-with = Made with Natural Earth.
map-provisional-or-could-be-more = provisional, or could be more
map-no-part-of-this-figure = no part of this figure
map-not-on-this-map = Not on this map: { $areas }.
map-route = Route
map-countries-in-order = Countries in order
map-routes-left-out = { $count ->
    [one] One more route is in the table and not on the map.
   *[other] { $count } more routes are in the table and not on the map.
}
map-map = Map
map-tile-map-one-square-an = Tile map, one square an area,
