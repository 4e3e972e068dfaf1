-- Bodies of current releases: the figures. A row leaves in the transaction that logs the hub's erasure.
CREATE TABLE body (
    line BIGINT NOT NULL, -- line of the release
    nonce BYTES NOT NULL, -- the 32 random bytes hashed before the body
    body BYTES NOT NULL, -- the padded body, byte for byte
    CONSTRAINT body_key PRIMARY KEY (line),
    CONSTRAINT body_line FOREIGN KEY (line) REFERENCES ledger_line (idx)
);

-- Sums of the tables of blocks, as editions name them by their hash. They never change and are never erased.
CREATE TABLE block_table (
    hash BYTES NOT NULL, -- SHA-256 of nonce and body, as the edition line says it
    edition BIGINT NOT NULL, -- line of the edition that first gave it
    block BIGINT NOT NULL, -- place of the block in it
    place BIGINT NOT NULL, -- place of the table in the block
    nonce BYTES NOT NULL, -- the 32 random bytes hashed before the body
    body BYTES NOT NULL, -- the padded body: a table of sums
    CONSTRAINT block_table_key PRIMARY KEY (hash),
    CONSTRAINT block_table_edition FOREIGN KEY (edition) REFERENCES ledger_line (idx)
);
