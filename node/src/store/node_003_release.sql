-- Releases on their way from the desk to the ledger, and what became of them.
CREATE TABLE release (
    id ID_COLUMN, -- the number people use
    bundle BIGINT, -- number of the first release of those that are approved and sent together
    form TEXT NOT NULL, -- code of the form
    period TEXT NOT NULL, -- as printed
    audience TEXT NOT NULL, -- totals, contributors or named:CODES, as chosen
    state TEXT NOT NULL, -- draft, prepared, approved, signed, sent, logged, final, replaced, withdrawn or refused
    origin TEXT NOT NULL, -- chosen by a person, derived from parts, or along: revised together with another
    revision BIGINT, -- from prepared on
    manifest BYTES, -- from prepared on: exactly the bytes that are signed
    nonce BYTES, -- from prepared on; erased together with the body
    body BYTES, -- from prepared on: exactly the bytes that travel
    statement BYTES, -- from signed on: COSE_Sign1 around the manifest
    statement_id BYTES, -- SHA-256 of the statement
    line BIGINT, -- from logged on: its place in the ledger
    prepared_by TEXT NOT NULL, -- account
    prepared_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC; so are all instants here
    approved_by TEXT, -- account, never the one that prepared it
    approved_at BIGINT,
    signed_at BIGINT,
    sent_at BIGINT, -- first time it left
    logged_at BIGINT,
    final_at BIGINT, -- inclusion verified under a checkpoint of the hub
    ended_at BIGINT, -- replaced, withdrawn or refused
    ended_by BIGINT, -- line that ended it, where a line did
    refusal BIGINT, -- the hub's refusal
    note TEXT, -- a sentence on its end, where no refusal says it
    CONSTRAINT release_refusal FOREIGN KEY (refusal) REFERENCES refusal (id),
    CONSTRAINT release_statement_once UNIQUE (statement_id)
);

CREATE INDEX release_by_subject ON release (form, period);
CREATE INDEX release_by_bundle ON release (bundle);

-- Decisions to keep a table at home. Nothing is sent; the decision is a record of who looked at it.
CREATE TABLE keep_decision (
    id ID_COLUMN, -- their order
    form TEXT NOT NULL, -- code of the form
    period TEXT NOT NULL, -- as printed
    decided_by TEXT NOT NULL, -- account
    decided_at BIGINT NOT NULL -- seconds since 1970-01-01 UTC
);

-- What waits to be sent to the hub, in order. Nothing here is ever given up because of bad weather.
CREATE TABLE outbox (
    id ID_COLUMN, -- the order in which it is sent
    kind BIGINT NOT NULL, -- number of the ledger's line kind
    subject TEXT NOT NULL, -- what it is about: release 12, withdrawal 12, erasure 7 9, objection 41
    bundle BIGINT, -- for releases: which ones
    statement BYTES, -- for everything else: COSE_Sign1
    state TEXT NOT NULL, -- waiting, sent, logged, refused or cancelled
    waiting_since BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    tries BIGINT NOT NULL, -- how often it was sent
    trouble TEXT, -- why the last try did not get through
    line BIGINT, -- the first line it became
    settled_at BIGINT, -- logged, refused or cancelled
    refusal BIGINT, -- the hub's refusal
    CONSTRAINT outbox_refusal FOREIGN KEY (refusal) REFERENCES refusal (id)
);

CREATE INDEX outbox_by_state ON outbox (state);
