# Disclosure control: what is said at the release desk, and when a release is refused.

protection-published = No disclosure control applies to { $topic } for { $year }: { $reason } Whatever is shown here leaves as it stands, and what is withheld can be worked out where a total and all other parts are shown.
protection-hides-nothing = { $shown ->
        [one] This release shows { $shown } cell and hides none.
       *[other] This release shows { $shown } cells and hides none.
    }
protection-summary = { $shown ->
        [one] This release shows { $shown } cell
       *[other] This release shows { $shown } cells
    } and hides { $hidden } ({ $small } small, { $protects } to protect them).
protection-also-withheld = { $count ->
        [one] { $count } cell is withheld by hand.
       *[other] { $count } cells are withheld by hand.
    }
protection-also-before = { $count ->
        [one] { $count } cell stays hidden because it was hidden before.
       *[other] { $count } cells stay hidden because they were hidden before.
    }
protection-also-not-at-hand = { $count ->
        [one] { $count } cell has no figure here and is protected like a small one.
       *[other] { $count } cells have no figure here and are protected like small ones.
    }
protection-share = { $percent }.{ $tenth } % of what the rows count is in hidden cells.
protection-rule = Policy { $number } applies to { $topic }: counts from 1 to less than { $below } are small and hidden, with as many others as it takes that nobody can tell any of them to within less than { $width }.
protection-rule-reason = The rule differs from the one that ships: { $reason }
protection-checked = { $proven ->
        [0] Nothing small is to be protected
        [one] { $proven } cell is proved uncertain by { $width } or more
       *[other] { $proven } cells are proved uncertain by { $width } or more
    }; { $releases ->
        [0] there is no earlier release to check against. It took { $seconds } s.
        [one] checked against { $releases } earlier release. It took { $seconds } s.
       *[other] checked against { $releases } earlier releases. It took { $seconds } s.
    }
protection-seconds = { $seconds }.{ $tenth }
protection-already-known = { $cell } is small, and earlier releases show it or give it away; it cannot be protected any more.
protection-one-incident = All counted in { $cell } come from one incident.
protection-class-disclosure = { $cell } holds at least nine in ten of { $whole }: whoever belongs to the one most probably belongs to the other.
protection-small-difference = { $cell } differs from its earlier release by a small count; hold it back until the next revision, or mark the table as provisional.
protection-does-not-add = The parts of { $cell } do not add up to it in the national figures; nothing was concluded from that sum.
protection-figure-not-at-hand = { $cell } has no figure in the national tables and is protected like a small one.
protection-why-small = hidden: small
protection-why-protects = hidden to protect others
protection-why-withheld = withheld by hand
protection-why-before = hidden before
protection-why-not-at-hand = hidden: no figure at hand
protection-possible = at least from { $low } to { $high }
protection-possible-not-checked = not checked
protection-refused-request = Nothing was prepared and nothing is lost: disclosure control cannot decide about these tables. { $cause }.
protection-refused-open = Nothing was prepared and nothing is lost: { $count ->
        [one] a cell could be worked out from what would be shown and what left before
       *[other] { $count } cells could be worked out from what would be shown and what left before
    }: { $cells }{ $more ->
        [0] {""}
       *[other] ; and { $more } more
    }. Withhold the total or another cell of the same line as well, keep the form at home, or choose a longer period.
protection-withheld-because = Withheld by hand: { $reason }
protection-withhold-reason = cells are withheld with a reason of 1 to 4,000 bytes; it stays in this node
protection-withhold-what = { $form } for { $period } at { $key } is no count above zero of the tables to be released, so there is nothing to withhold; zeros are always shown
protection-withhold-write = { $text } names no cell; write FORM:PERIOD:CODES, such as IE_MOD:2021:SEA/AFG
protection-protects = { $why }: { $cells }
protection-open = { $count ->
        [one] A small or withheld cell can be worked out
       *[other] { $count } small or withheld cells can be worked out
    } by whoever reads this and what left before: { $cells }{ $more ->
        [0] {""}
       *[other] ; and { $more } more
    }. The preparer asks to let it leave all the same: { $reason }
protection-overridden = { $name } took that upon himself or herself: { $reason }
protection-override-reason = { $count ->
        [one] a cell of this release can be worked out
       *[other] { $count } cells of this release can be worked out
    } by outsiders; whoever approves it all the same says why, in 1 to 4,000 bytes, on its page or with --despite-open TEXT. Nothing was approved
protection-held-back = Small corrections are held back until the next revision: { $tables } leaves with the figures of before, and all of it is marked as provisional.
protection-shown-provisional = { $tables } corrects figures by small counts among larger changes: it leaves as it is now, and all of it is marked as provisional.
protection-nothing-provisional = no table that was chosen corrects what left before by a small count, so there is nothing to hold back; leave that out
