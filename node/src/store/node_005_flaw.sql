-- What was found flawed is asked for again, at most once a day, in case the hub has mended it.
ALTER TABLE flaw ADD COLUMN seen_at BIGINT; -- when it was found again last, seconds since 1970-01-01 UTC; absent: never

-- The subject of a block's table names its place from now on: block, then its place in the edition and the table's place in
-- it. A flaw without them could stand for any table of the edition; what is still flawed is found again.
DELETE FROM flaw WHERE subject = 'block';
