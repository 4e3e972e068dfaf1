-- The second factor of an account: a secret that the person's device holds too.
CREATE TABLE second_factor (
    account_id BIGINT NOT NULL, -- whose
    secret BYTES NOT NULL, -- 20 random bytes, RFC 4226 section 4; whoever reads the database can make its codes
    confirmed BIGINT NOT NULL, -- 0: shown to the person, who has not typed a code of it yet
    last_step BIGINT NOT NULL, -- the latest step of 30 seconds whose code was accepted; none before it is again
    created_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    CONSTRAINT second_factor_key PRIMARY KEY (account_id),
    CONSTRAINT second_factor_account FOREIGN KEY (account_id) REFERENCES account (id),
    CONSTRAINT second_factor_confirmed_is_a_flag CHECK (confirmed IN (0, 1))
);

-- Codes for the day the device is lost. Each is taken out when it is used.
CREATE TABLE recovery_code (
    account_id BIGINT NOT NULL, -- whose
    hash BYTES NOT NULL, -- SHA-256 of the code, which has 80 random bits
    CONSTRAINT recovery_code_key PRIMARY KEY (account_id, hash),
    CONSTRAINT recovery_code_account FOREIGN KEY (account_id) REFERENCES account (id)
);

-- How far a sign-in has come.
ALTER TABLE session ADD COLUMN stage TEXT; -- code: the second factor is missing; enrol: the person has to set one up; absent: signed in
