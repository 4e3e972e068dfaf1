-- Tokens with which programs of an agency deliver and read its figures. A token stays in this list after its end, so that it
-- can be said whose it was.
CREATE TABLE agency_token (
    public_part TEXT NOT NULL, -- the part that names the token and opens nothing
    agency TEXT NOT NULL, -- the one agency it acts for
    name TEXT NOT NULL, -- what it is for, in the administrator's words
    secret_hash BYTES NOT NULL, -- SHA-256 of the part that opens
    made_by TEXT NOT NULL, -- account, or the command line
    made_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    expires_at BIGINT NOT NULL, -- from then on it opens nothing
    last_used_at BIGINT, -- within a minute; absent: never used
    ended_at BIGINT, -- when a person ended it; absent: nobody has
    ended_by TEXT, -- who
    CONSTRAINT agency_token_key PRIMARY KEY (public_part),
    CONSTRAINT agency_token_agency FOREIGN KEY (agency) REFERENCES agency (code)
);
