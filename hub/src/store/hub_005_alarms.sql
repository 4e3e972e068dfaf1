-- Alarms anew: those of before rested on what a node said, and these rest on a checkpoint that the hub has signed. A node that
-- has one shows it at its next call, so nothing is lost with the old ones.
DROP TABLE alarm;

-- Alarms: what makes the hub stop writing until an operator decides. One for each checkpoint that its ledger does not hold.
CREATE TABLE alarm (
    id ID_COLUMN, -- their order
    raised_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    participant BIGINT NOT NULL, -- whose node showed the checkpoint
    size_seen BIGINT NOT NULL, -- how many lines the checkpoint covers
    root_seen BYTES NOT NULL, -- root of the tree of these lines
    size_here BIGINT NOT NULL, -- how many the hub had then
    settled_at BIGINT, -- when an operator decided that the hub goes on
    CONSTRAINT alarm_checkpoint UNIQUE (size_seen, root_seen)
);
