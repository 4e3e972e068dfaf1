-- The ledger, line by line, as it is hashed into the tree. Lines are added at the end and never changed or deleted.
CREATE TABLE ledger_line (
    idx BIGINT NOT NULL, -- place in the ledger, counted from 0 without gaps
    kind BIGINT NOT NULL, -- number of its kind, copied out of the bytes for listings
    statement BYTES NOT NULL, -- SHA-256 of the signed statement in it; the same statement is never written twice
    leaf BYTES NOT NULL, -- its hash as a leaf of the tree (RFC 9162); an audit computes it again
    bytes BYTES NOT NULL, -- the line, byte for byte
    CONSTRAINT ledger_line_key PRIMARY KEY (idx),
    CONSTRAINT ledger_line_statement UNIQUE (statement)
);

-- Where the ledger ends: one row, which every appender takes first, so that there is one at a time in all processes.
CREATE TABLE ledger_head (
    id BIGINT NOT NULL, -- 1
    size BIGINT NOT NULL, -- how many lines there are
    root BYTES NOT NULL, -- root of the tree of these lines
    CONSTRAINT ledger_head_key PRIMARY KEY (id),
    CONSTRAINT ledger_head_is_one CHECK (id = 1)
);

-- Checkpoints: the hub's signed word on a size and a root. One for each size it ever spoke of, never another.
CREATE TABLE checkpoint (
    size BIGINT NOT NULL, -- how many lines it covers
    root BYTES NOT NULL, -- root of the tree of these lines
    note TEXT NOT NULL, -- the signed note (C2SP tlog-checkpoint)
    made_at BIGINT NOT NULL, -- the hub's clock, seconds since 1970-01-01 UTC
    CONSTRAINT checkpoint_key PRIMARY KEY (size)
);
