-- Alarms anew: those of before rested on what a node said, and these rest on a checkpoint that the hub has signed, or on a
-- restore. A node that has such a checkpoint shows it at its next call, so nothing is lost with the old ones.
DROP TABLE alarm;

-- Alarms: what makes the hub stop writing until an operator decides. One for each checkpoint that its ledger does not hold,
-- and one for each restore.
CREATE TABLE alarm (
    id ID_COLUMN, -- their order
    raised_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    participant BIGINT, -- whose node showed the checkpoint
    size_seen BIGINT, -- how many lines the checkpoint covers
    root_seen BYTES, -- root of the tree of these lines
    restored_from BIGINT, -- when the backup was made that was restored; without it there is a checkpoint
    size_here BIGINT NOT NULL, -- how many lines the hub had then
    settled_at BIGINT, -- when an operator decided that the hub goes on
    CONSTRAINT alarm_checkpoint UNIQUE (size_seen, root_seen),
    CONSTRAINT alarm_has_a_cause CHECK (restored_from IS NOT NULL
        OR (participant IS NOT NULL AND size_seen IS NOT NULL AND root_seen IS NOT NULL))
);
