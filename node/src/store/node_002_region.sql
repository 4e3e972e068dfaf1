-- The region this node belongs to, once it is admitted. At most one row.
CREATE TABLE membership (
    id BIGINT NOT NULL, -- always 1
    region TEXT NOT NULL, -- name of the region
    address TEXT NOT NULL, -- where the hub listens, host:port
    participant BIGINT NOT NULL, -- our id: the line that admitted us
    genesis BYTES NOT NULL, -- the genesis line; its SHA-256 is the exchange id
    joined_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    CONSTRAINT membership_key PRIMARY KEY (id),
    CONSTRAINT membership_is_one CHECK (id = 1)
);

-- How far the mirror of the ledger has come, and whether the hub can be believed. At most one row.
CREATE TABLE mirror (
    id BIGINT NOT NULL, -- always 1
    size BIGINT NOT NULL, -- how many lines are stored
    checkpoint TEXT, -- the last checkpoint, a signed note; absent before the first
    checked_at BIGINT, -- when it was fetched, seconds since 1970-01-01 UTC
    broken TEXT, -- a sentence, while the hub has been found to contradict itself; absent while all is well
    broken_kind TEXT, -- rollback or fork
    broken_at BIGINT, -- when that was found
    evidence TEXT, -- the file with the proof of it, relative to the node's folder
    CONSTRAINT mirror_key PRIMARY KEY (id),
    CONSTRAINT mirror_is_one CHECK (id = 1)
);

-- The lines of the ledger, byte for byte.
CREATE TABLE ledger_line (
    position BIGINT NOT NULL, -- counted from 0
    bytes BYTES NOT NULL, -- deterministic CBOR, as hashed into the tree
    CONSTRAINT ledger_line_key PRIMARY KEY (position)
);

-- What this node found wrong with lines and bodies, each once.
CREATE TABLE flaw (
    id ID_COLUMN, -- their order
    line BIGINT NOT NULL, -- the line it is about
    subject TEXT NOT NULL, -- line, body, block or own
    number BIGINT NOT NULL, -- number of the reason
    sentence TEXT NOT NULL, -- what was found
    found_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    CONSTRAINT flaw_once UNIQUE (line, subject)
);

-- Charters that the operators of this node have accepted.
CREATE TABLE charter_acceptance (
    line BIGINT NOT NULL, -- the Charter's line
    accepted_by TEXT NOT NULL, -- account
    accepted_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    CONSTRAINT charter_acceptance_key PRIMARY KEY (line)
);

-- How the link to the hub is. At most one row.
CREATE TABLE link (
    id BIGINT NOT NULL, -- always 1
    reached_at BIGINT, -- the last time the hub answered, seconds since 1970-01-01 UTC
    trouble_since BIGINT, -- since when it has not been reached; absent while it is
    trouble TEXT, -- why, in words
    revocations BYTES, -- the authority's latest revocation list, DER
    revocations_at BIGINT, -- when it was fetched
    CONSTRAINT link_key PRIMARY KEY (id),
    CONSTRAINT link_is_one CHECK (id = 1)
);

-- Refusals the hub has signed, word for word.
CREATE TABLE refusal (
    id ID_COLUMN, -- their order
    number BIGINT NOT NULL, -- number of the reason
    sentence TEXT NOT NULL, -- the hub's words
    subject TEXT NOT NULL, -- what was refused, in our words
    statement BYTES NOT NULL, -- the signed refusal, for others to check
    received_at BIGINT NOT NULL -- seconds since 1970-01-01 UTC
);
