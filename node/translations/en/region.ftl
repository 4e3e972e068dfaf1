# What the region shares: overviews, peers’ tables, and why something is closed.

access-sentence-and-reason = { $sentence } (reason { $number })
access-you-see-whom-you-show = You see whom you show yourself to: form by form and period by period. The hub decides by the same rule, and every node checks it afterwards.
access-whose-figures = Whose figures
access-because = Because
access-what-would-unlock-it = What would unlock it
access-for = { $form } for { $period }
access-the-regional-figures = The regional figures
access-release-for-to-contributors = Release { $form } for { $period } to contributors: { $whom }
access-closed-because = Closed, because
access-what-was-released-in-the = What was released in the region
access-all-that-was-released = all that was released
access-explain = Explain
overviews-groups = { $count ->
        [one] { $count } group: { $members }
       *[other] { $count } groups: { $members }
    }
overviews-the-region-by-form-and = The region by form and period: open figures added live, closed ones as sums of groups.
overviews-reported-by = Reported by
overviews-what-was-reported-in-the = What was reported in the region
overviews-open-to-us = open to us
overviews-not-open = not open: { $reason }
overviews-the-tables-of = the tables of { $participants }
overviews-releasing-for-to-contributors-with = Releasing { $form } for { $period } to contributors, with its total answered, would open { $what }.
overviews-the-participant = the participant
overviews-the-table-of-is-open = The table of { $participant } is open to you and has not arrived yet: this node fetches it at the next contact with the hub.
overviews-the-tables-of-are-open = The tables of { $participants } are open to you and have not arrived yet: this node fetches them at the next contact with the hub.
overviews-no-group = no group
overviews-edition-at-line = Edition { $number } at line { $line }, { $groups }
overviews-nobody-in-the-region-has = Nobody in the region has released anything yet.
overviews-an-overview-appears-for-each = An overview appears for each form and period about which a participant has released.
sight-none-closed = { $open ->
        [one] { $open } peers’ table is open to you, and none is closed.
       *[other] { $open } peers’ tables are open to you, and none is closed.
    }
sight-closed = { $open ->
        [one] { $open } peers’ table is open to you
       *[other] { $open } peers’ tables are open to you
    }; { $closed ->
        [one] { $closed } is not
       *[other] { $closed } are not
    }, because { $reason }.
sight-so-many-because = { $count } because { $reason }
sight-several-closed = { $open ->
        [one] { $open } peers’ table is open to you
       *[other] { $open } peers’ tables are open to you
    }; { $closed } are not: { $reasons }.
sight-no-peer-has-released-anything = No peer has released anything yet.
peers-who-shares-which-form-with = Who shares which form with us, for one period. You see whom you show yourself to.
peers-participants-by-form = Participants by form, { $period }
peers-open-to-you-revision-1 = open to you, revision 1
peers-totals-only-in-sums-of = totals only: in sums of groups
peers-shared-with-others-by-name = shared with others by name
peers-not-open-to-you-the = not open to you; the cell says why
peers-reported-the-total-is-not = reported, the total is not answered
peers-ours-revision-for = ours, revision { $revision }, for { $audience }
peers-open-to-you-revision = open to you, revision { $revision }
peers-not-open-to-you = not open to you: { $reason }
peers-there-is-no-participant-in = There is no participant { $code } in this region.
peers-served-to-us-at-line = Served to us at line { $serving }, by right of our own release of line { $by }.
peers-as-read = As read
peers-signed-by-in-the-ledger = Signed by { $name }, in the ledger at line { $line }, revision { $revision }, not withdrawn. The figures are the ones that were signed.
peers-what-was-released = What was released
peers-nobody-has-released-anything-yet = Nobody has released anything yet.
peers-releases-of-peers-appear-here = Releases of peers appear here as soon as the ledger brings them.
overview-the-regional-figures-are-not = The regional figures are not open to you.
overview-chart = Chart
overview-map = Map
overview-method = Method
overview-tables-you-can-read-singly = Tables you can read singly
overview-open-figures-are-added-live = Open figures are added live from the tables read here. Figures released with “totals only” are seen as sums of groups; a group is fixed by the first edition that uses it, and its sums do not change. What is shared with named participants is in no regional figure. A gap is never taken for zero: it widens the bounds.
overview-no-edition-has-been-compiled = No edition has been compiled for this topic and year.
peer-this-table-is-not-open = This table is not open to you.
peer-it-is-open-to-you = It is open to you and has not arrived yet: this node fetches it at the next contact with the hub.
peer-verified = verified
peer-if-its-author-withdraws-it = { $right } If its author withdraws it, or ours ends, it is erased here.
peer-its-author-says-nothing-about = Its author says nothing about source, coverage or definition.
peer-nothing-was-released = Nothing was released.
why-allowed = allowed, { $because }
why-both-lines = because of your line { $own } and theirs of line { $theirs }
why-line = because of line { $line }: { $what }
why-open-and-sums = open figures live and sums of closed groups
why-sums = sums of groups
why-sums-observer = sums of groups, as an observer
why-stands = { $participant } stands for { $form } { $period } with its release of line { $line }.
why-core-missing = { $participant } has released { $form } { $period } at line { $line }, and it answers no core cell: it earns nothing.
why-nothing = { $participant } has released nothing of { $form } for { $period }.
peers-withdrawn = withdrawn
