# Regional overviews.

overview-all-known = { $known } { $unit } in { $of } open tables
overview-some-known = { $known } { $unit } known from { $answered } of { $of } open tables, { $bounds } in all
overview-at-least = at least { $low }
overview-between = between { $low } and { $high }
overview-no-open-figure = No open figure
overview-a-group-of = a group of { $members }: { $sum } { $unit }
overview-headline = { $open }. { $covered } of { $participants } participants are in these figures.
overview-headline-and-groups = { $open }, plus { $groups }. { $covered } of { $participants } participants are in these figures.
overview-count-in-words = { $count ->
        [0] none
        [1] one
        [2] two
        [3] three
        [4] four
        [5] five
        [6] six
        [7] seven
        [8] eight
        [9] nine
        [10] ten
       *[other] { $count }
    }
overview-open-group = open group of { $members }: { $codes }
overview-group-of = group of { $members }: { $codes }
overview-and = and
overview-gap-not-reported = not reported
overview-gap-not-answered = reported without its total
overview-gap-bilateral = shared with named participants only
overview-gap-not-included = reported, not included
overview-gap-not-readable = not open to you
overview-gap-suspended = suspended
overview-gap-not-asked = not asked for this period
overview-what = What
overview-known = Known
overview-in-all = In all
overview-answered = Answered
overview-of = of { $participants }
overview-group = Group
overview-open-figures-added-up-and = Open figures, added up, and the sums of groups
overview-a-member-has-revised-or = A member has revised or withdrawn since; the sum stays as it was.
overview-known-adds-what-is-shown = “Known” adds what is shown. “In all” says between which bounds the whole lies, because a gap is not zero.
overview-participant = Participant
overview-total = Total
overview-how-it-takes-part = How it takes part
overview-from-whom = From whom
overview-open-to-contributors-counts = open to contributors; counts { $unit }
overview-open-to-contributors = open to contributors
overview-one-sum-of-nobody-sees = one sum of { $unit }; nobody sees its members singly
overview-open-figures = { $title }, open figures
overview-solid-is-known-an-outline = Solid is known; an outline reaches to the upper bound.
overview-by-reporting-participant = By reporting participant
overview-totals-by-reporting-participant = Totals by reporting participant
overview-members-of-a-group-are = Members of a group are shown as suppressed: only their sum is known.
overview-open-figures-by = Open figures by { $dimension }
