-- Imports that a person took back. Their figures stay, so that it can be said what stood here, and are in force no more: what the
-- agency had delivered before them is.
ALTER TABLE intake_file ADD COLUMN taken_back_by TEXT; -- account, or the command line; absent: it was not
ALTER TABLE intake_file ADD COLUMN taken_back_reason TEXT; -- why, in the person's words
ALTER TABLE intake_file ADD COLUMN taken_back_at BIGINT; -- seconds since 1970-01-01 UTC

-- The same moment, beside the versions of tables that came with the import.
ALTER TABLE agency_table ADD COLUMN taken_back BIGINT; -- seconds since 1970-01-01 UTC; absent: it was not

-- Tables that an import said again just as they stood: they stand as long as one import that says them does.
CREATE TABLE intake_same (
    intake_file BIGINT NOT NULL, -- the import
    table_id BIGINT NOT NULL, -- the version that stood
    CONSTRAINT intake_same_key PRIMARY KEY (intake_file, table_id),
    CONSTRAINT intake_same_file FOREIGN KEY (intake_file) REFERENCES intake_file (id),
    CONSTRAINT intake_same_table FOREIGN KEY (table_id) REFERENCES agency_table (id)
);
