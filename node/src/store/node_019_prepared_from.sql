-- The national figures as they were when a release was prepared of them, to see at its approval whether they still are.
CREATE TABLE prepared_from (
    release BIGINT NOT NULL, -- number of the release; only those that a person chose have a row
    figures BYTES NOT NULL, -- SHA-256 of the national table as peers would see it, packed as a body
    CONSTRAINT prepared_from_key PRIMARY KEY (release),
    CONSTRAINT prepared_from_release FOREIGN KEY (release) REFERENCES release (id)
);
