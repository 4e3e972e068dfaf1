-- Authorities of the state that deliver figures.
CREATE TABLE agency (
    code TEXT NOT NULL, -- typed in commands, as in POLICE
    name TEXT NOT NULL, -- what people read
    added_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    CONSTRAINT agency_key PRIMARY KEY (code)
);

-- Files that were taken in, as a person asks about them later. The file itself is not kept.
CREATE TABLE intake_file (
    id ID_COLUMN, -- the number of the import
    agency TEXT NOT NULL, -- who delivered it
    name TEXT NOT NULL, -- its name when it was taken in
    hash BYTES NOT NULL, -- SHA-256 of its bytes
    mapping_name TEXT, -- name of the mapping file it was read through; absent for canonical CSV
    mapping_hash BYTES, -- SHA-256 of the mapping file
    rows_read BIGINT NOT NULL, -- rows without the heading
    rows_of_others BIGINT NOT NULL, -- rows of them about other states
    rows_left_out BIGINT NOT NULL, -- rows of the rest that the mapping leaves out
    taken_by TEXT NOT NULL, -- account, or where no account was named: the command line
    taken_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    CONSTRAINT intake_file_agency FOREIGN KEY (agency) REFERENCES agency (code)
);

-- Versions of an agency's figures for a form and period. The one with the highest number is in force; the others are kept
-- so that it can be said what stood here before.
CREATE TABLE agency_table (
    id ID_COLUMN, -- the number of the version
    agency TEXT NOT NULL, -- whose figures
    form TEXT NOT NULL, -- code of the form
    period TEXT NOT NULL, -- as printed: 2021, 2021-S1, 2021-Q1, 2021-03
    intake_file BIGINT NOT NULL, -- where they came from
    metadata TEXT NOT NULL, -- the metadata block, as JSON
    CONSTRAINT agency_table_agency FOREIGN KEY (agency) REFERENCES agency (code),
    CONSTRAINT agency_table_file FOREIGN KEY (intake_file) REFERENCES intake_file (id)
);

CREATE INDEX agency_table_by_subject ON agency_table (form, period, agency);

-- The cells of these versions: a value, or the reason there is none.
CREATE TABLE agency_cell (
    table_id BIGINT NOT NULL, -- the version
    cell_key TEXT NOT NULL, -- one code per dimension, joined by bars; empty where the form has none
    status TEXT NOT NULL, -- SDMX status of a value, or of the reason
    conf TEXT NOT NULL, -- SDMX confidentiality
    count BIGINT, -- the value, where it is a count
    below BIGINT, -- where it is "fewer than": the bound
    figure BYTES, -- the value, where it is no count: CBOR of fee, step or answer
    line BIGINT, -- line of the file it came from; absent where it was computed
    CONSTRAINT agency_cell_key PRIMARY KEY (table_id, cell_key),
    CONSTRAINT agency_cell_table FOREIGN KEY (table_id) REFERENCES agency_table (id)
);

-- Decisions on how a national table is made of the agencies' figures. The latest is in force.
CREATE TABLE national_decision (
    id ID_COLUMN, -- their order
    form TEXT NOT NULL, -- code of the form
    period TEXT NOT NULL, -- as printed
    rule TEXT NOT NULL, -- sum, or prefer:AGENCY
    keep_rows BIGINT, -- of a list, how many of the largest rows stay; absent: all
    decided_by TEXT NOT NULL, -- account
    reason TEXT NOT NULL, -- why, in the person's words
    decided_at BIGINT NOT NULL -- seconds since 1970-01-01 UTC
);

CREATE INDEX national_decision_by_subject ON national_decision (form, period);
