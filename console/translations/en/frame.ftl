# What surrounds every page; dates and instants.

frame-language-name = English
frame-languages = Language
frame-error = Error: { $title }
frame-node = Node
frame-hub = Hub
frame-skip-to-the-content = Skip to the content
frame-test-data-published-statistics-not = **TEST DATA** — published statistics, not submissions
frame-this-console-is-served-over = This console is served over plain HTTP. Use it on this computer only: whoever carries the line could read it.
frame-main-menu = Main menu
frame-exit = Exit
frame-breadcrumb = Breadcrumb
frame-classification = Classification: { $classification }
frame-versions = Voluntary Reporting System { $version } · Catalogue { $catalogue } · Times are in { $zone }
date-day = { $day } { $month } { $year }
date-moment = { $day }, { $time } { $zone }
date-january = January
date-february = February
date-march = March
date-april = April
date-may = May
date-june = June
date-july = July
date-august = August
date-september = September
date-october = October
date-november = November
date-december = December
date-month = { $month } { $year }
date-semester = the { $number ->
        [1] first
       *[other] second
    } semester of { $year }
date-quarter = the { $number ->
        [1] first
        [2] second
        [3] third
       *[other] fourth
    } quarter of { $year }
date-just-now = just now
date-minutes-ago = { $count ->
        [one] { $count } minute ago
       *[other] { $count } minutes ago
    }
date-hours-ago = { $count ->
        [one] { $count } hour ago
       *[other] { $count } hours ago
    }
date-days-ago = { $count ->
        [one] { $count } day ago
       *[other] { $count } days ago
    }
pages-pages = Pages
pages-of = { $first }–{ $last } of { $all }
pages-previous = ‹ Previous
pages-next = Next ›
frame-help-for-this-page = Help for this page
