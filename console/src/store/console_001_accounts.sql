-- Persons who may sign in at this console.
CREATE TABLE account (
    id ID_COLUMN, -- never reused, so that an old record never points to a new person
    name TEXT NOT NULL, -- typed at sign-in: lower-case letters, digits, dot, hyphen, underscore
    display_name TEXT NOT NULL, -- how pages call the person
    agency TEXT, -- code of the agency the person works for, where the program knows agencies
    password_hash TEXT NOT NULL, -- Argon2id in the PHC notation
    disabled BIGINT NOT NULL, -- 1: may not sign in; accounts are not deleted
    created_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    CONSTRAINT account_name_unique UNIQUE (name),
    CONSTRAINT account_disabled_is_a_flag CHECK (disabled IN (0, 1))
);

-- What an account may do; the codes are the program's.
CREATE TABLE account_role (
    account_id BIGINT NOT NULL, -- whose role
    role TEXT NOT NULL, -- code of the role, as in focal_point
    CONSTRAINT account_role_key PRIMARY KEY (account_id, role),
    CONSTRAINT account_role_account FOREIGN KEY (account_id) REFERENCES account (id)
);

-- Browsers that are signed in.
CREATE TABLE session (
    id_hash BYTES NOT NULL, -- SHA-256 of the secret in the cookie; the secret itself is nowhere stored
    account_id BIGINT NOT NULL, -- who signed in
    created_at BIGINT NOT NULL, -- sign-in, seconds since 1970-01-01 UTC
    last_used_at BIGINT NOT NULL, -- last request, written at most once a minute
    address TEXT NOT NULL, -- where the sign-in came from, to be recognised by its owner
    CONSTRAINT session_key PRIMARY KEY (id_hash),
    CONSTRAINT session_account FOREIGN KEY (account_id) REFERENCES account (id)
);

CREATE INDEX session_by_account ON session (account_id);

-- Sentences for the next page of a session, after a form was answered with a redirect.
CREATE TABLE session_message (
    id ID_COLUMN, -- their order
    session_id_hash BYTES NOT NULL, -- for whom
    tone TEXT NOT NULL, -- good, plain, caution or bad
    text TEXT NOT NULL, -- the sentence
    CONSTRAINT session_message_session FOREIGN KEY (session_id_hash) REFERENCES session (id_hash) ON DELETE CASCADE
);

CREATE INDEX session_message_by_session ON session_message (session_id_hash);

-- Failed sign-ins, counted by account name and by address.
CREATE TABLE sign_in_try (
    subject TEXT NOT NULL, -- "account NAME", whether it exists or not, or "address IP"
    failures BIGINT NOT NULL, -- in a row, without a pause of a day
    last_at BIGINT NOT NULL, -- the last try, seconds since 1970-01-01 UTC
    next_at BIGINT NOT NULL, -- no try is looked at before this
    CONSTRAINT sign_in_try_key PRIMARY KEY (subject)
);
