-- The audit trail: who did what, when and from where. Rows are only ever added, each with the hash of the one before.
CREATE TABLE act (
    number BIGINT NOT NULL, -- its place in the trail, from 1 without a gap
    at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    account TEXT, -- who acted; absent: nobody was signed in, or whoever may use the folder
    place TEXT NOT NULL, -- a network address, "command line (OS user)", or "the program"
    what TEXT NOT NULL, -- code of the act, as in account-added
    subject TEXT NOT NULL, -- what it is about, as in release 12
    facts_before TEXT NOT NULL, -- what stood before: a JSON object of texts
    facts_after TEXT NOT NULL, -- what stands since: a JSON object of texts
    previous BYTES NOT NULL, -- hash of the act before; of the first one 32 zero bytes
    hash BYTES NOT NULL, -- SHA-256 of the act in the form of acts/chain.rs
    CONSTRAINT act_key PRIMARY KEY (number)
);

CREATE INDEX act_by_account ON act (account, number);
CREATE INDEX act_by_what ON act (what, number);

-- The end of the trail once more, so that acts taken from its end are missed.
CREATE TABLE act_end (
    id BIGINT NOT NULL, -- always 1
    number BIGINT NOT NULL, -- of the last act
    hash BYTES NOT NULL, -- of the last act
    CONSTRAINT act_end_key PRIMARY KEY (id),
    CONSTRAINT act_end_is_one CHECK (id = 1)
);
