# What surrounds every page, and words that several pages share.

frame-lost = A node has seen more of the ledger than this hub has: nothing is accepted until this is decided
frame-restored = Restored from a backup: nothing is accepted until this is decided
frame-nothing-can-be-written-since = Nothing can be written since { $since }: is the disk full?
frame-ledger-lines-the-last = { $lines } ledger lines · the last { $ago }
word-dashboard = Dashboard
word-line = Line
word-form = Form
word-period = Period
word-state = State
word-ledger = Ledger
word-participation = Participation
word-overviews = Overviews
word-participants = Participants
word-code = Code
word-named = named: { $codes }
word-waiting-to-be-admitted = Waiting to be admitted
word-nobody-has-released-anything-yet = Nobody has released anything yet.
