-- Invites to join the region. Each is used once, by the first node that shows its secret.
CREATE TABLE invite (
    id ID_COLUMN, -- never reused
    code TEXT NOT NULL, -- the code the participant is invited as
    secret_hash BYTES NOT NULL, -- SHA-256 of the one-time secret; the secret itself is nowhere stored
    name TEXT NOT NULL, -- display name it will have
    kind BIGINT NOT NULL, -- 0 state, 1 territory, 2 organisation
    parent TEXT, -- code of the participant it belongs to
    created_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    expires_at BIGINT NOT NULL, -- not accepted from this instant on
    cancelled BIGINT NOT NULL, -- 1: replaced by a later invite for the same code
    CONSTRAINT invite_secret UNIQUE (secret_hash),
    CONSTRAINT invite_cancelled_is_a_flag CHECK (cancelled IN (0, 1)),
    CONSTRAINT invite_kind_is_known CHECK (kind IN (0, 1, 2))
);

CREATE INDEX invite_by_code ON invite (code);

-- Requests to be admitted: one for each invite that was used.
CREATE TABLE enrolment (
    id ID_COLUMN, -- never reused
    invite BIGINT NOT NULL, -- the invite it used up
    request BYTES NOT NULL, -- certificate request (PKCS#10 DER)
    identity BYTES NOT NULL, -- the node's identity key (Ed25519)
    fingerprint TEXT NOT NULL, -- what two persons compare by telephone
    asked_at BIGINT NOT NULL, -- when it first asked, seconds since 1970-01-01 UTC
    participant BIGINT, -- line that admitted it, once it is admitted
    chain BYTES, -- its first certificate chain (CBOR list of DER, leaf first), once it is admitted
    CONSTRAINT enrolment_invite_once UNIQUE (invite),
    CONSTRAINT enrolment_invite FOREIGN KEY (invite) REFERENCES invite (id),
    CONSTRAINT enrolment_participant FOREIGN KEY (participant) REFERENCES ledger_line (idx)
);
