# What was found in a table. Word for word what the command line says: a test compares them.

finding-core-fewer = The total is 'fewer than': it gives standing, and no block can use it.
finding-core-missing = No core cell (normally the total) is answered with a value: the release is honest, and earns no right to read.
finding-parts-short = The parts add up to { $sum }, { $short } less than the total; write the rest under 'not known'.
finding-rows-short = The rows add up to { $sum }, { $short } less than the total; write the rest under 'other' or 'not known'.
finding-infeasible = Not all figures can be true: { $cause }.
finding-time-short = { $parts } add up to { $sum }, { $short } less than this. A comment should say why.
finding-more = { $now } after { $before } in { $period }: { $change } more. A comment should say why.
finding-fewer = { $now } after { $before } in { $period }: { $change } fewer. A comment should say why.
finding-outlier = { $now } is far from the { $periods } earlier figures: their middle is { $middle }, and { $low } to { $high } would be usual.
finding-own-country = The reporting country itself stands as country of last exit or next destination.
finding-smuggled-above = { $smuggled } smuggled migrants are more than the { $all } illegal entries and exits together.
finding-documents-apart = { $documents } documents and { $persons } persons using them differ by more than three times.
finding-one-step = Route { $route } of { $citizenship } has one step only.
finding-origin-first = A route has one origin, and it comes first; step { $step } is { $role }.
finding-destination-last = The destination comes last.
finding-twice = { $country } stands twice in a row.
finding-begins-elsewhere = The route of { $citizenship } begins in { $country }.
finding-origin = origin
finding-transit = transit
finding-destination = destination
