-- Written and taken away again by 'check', to see whether the database takes writes; empty at all other times.
CREATE TABLE trial (
    id BIGINT NOT NULL, -- 1
    filler BYTES NOT NULL, -- zeros
    CONSTRAINT trial_key PRIMARY KEY (id)
);
