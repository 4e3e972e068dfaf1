-- Bodies of other participants' releases that this node may read. Erased when the right ends; the row stays to say so.
CREATE TABLE held_body (
    release_line BIGINT NOT NULL, -- line of the release
    serving_line BIGINT NOT NULL, -- line of the serving
    nonce BYTES, -- absent once erased
    body BYTES, -- the padded body; absent once erased
    received_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    erased_at BIGINT, -- when its bytes were erased here
    erased_why TEXT, -- the reason the right ended
    CONSTRAINT held_body_key PRIMARY KEY (release_line)
);

-- Tables of blocks that were served to this node. A block figure never changes, so its hash names it.
CREATE TABLE held_block_table (
    hash BYTES NOT NULL, -- SHA-256 of nonce and body, as the edition names it
    edition_line BIGINT NOT NULL, -- the edition by which it was served
    block BIGINT NOT NULL, -- place of the block in it
    place BIGINT NOT NULL, -- place of the table in the block
    serving_line BIGINT NOT NULL, -- line of the serving
    nonce BYTES NOT NULL, -- before the body
    body BYTES NOT NULL, -- the padded body: a table of sums
    received_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    CONSTRAINT held_block_table_key PRIMARY KEY (hash)
);
