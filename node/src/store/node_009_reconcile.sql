-- Cells of national tables that a person set by hand, on top of the rule. Of each cell the latest row counts.
CREATE TABLE national_cell (
    id ID_COLUMN, -- their order
    form TEXT NOT NULL, -- code of the form
    period TEXT NOT NULL, -- as printed
    cell_key TEXT NOT NULL, -- one code per dimension, joined by bars; empty where the form has none
    status TEXT, -- SDMX status of the value, or of the reason; absent: it was taken back, and the rule counts again
    conf TEXT, -- SDMX confidentiality
    count BIGINT, -- the value
    below BIGINT, -- where it is "fewer than": the bound
    figure BYTES, -- always absent: only counts are set by hand; here so that a cell lies in a row as elsewhere
    agencies_said TEXT NOT NULL, -- what each agency answered then, as JSON: pairs of code and answer
    set_by TEXT NOT NULL, -- account
    reason TEXT NOT NULL, -- why, in the person's words
    set_at BIGINT NOT NULL -- seconds since 1970-01-01 UTC
);

CREATE INDEX national_cell_by_subject ON national_cell (form, period);

-- How many rows of a file of cases a cell was counted from.
ALTER TABLE agency_cell ADD COLUMN rows_counted BIGINT; -- absent: one, or it was no file of cases

-- Whether the figures are those of the agency's cases below.
ALTER TABLE agency_table ADD COLUMN of_cases BIGINT; -- 1: they are, and the cases can be told apart; absent: they are not

-- Cases that can be told apart, of one agency's file about a topic in the shortest period it was tabulated for. What a later file
-- covers anew is deleted.
CREATE TABLE case_set (
    id ID_COLUMN, -- their order
    agency TEXT NOT NULL, -- whose cases
    topic TEXT NOT NULL, -- code of the topic
    period TEXT NOT NULL, -- as printed
    intake_file BIGINT NOT NULL, -- where they came from
    secret BYTES NOT NULL, -- which secret of the node the hashes were made with: the hash of a word under it
    content BYTES NOT NULL, -- SHA-256 of all of it, to see whether a file says anything new
    status TEXT NOT NULL, -- SDMX status of the figures
    codes TEXT NOT NULL, -- JSON: the dimensions with the codes that occur; a case names them by place
    CONSTRAINT case_set_agency FOREIGN KEY (agency) REFERENCES agency (code),
    CONSTRAINT case_set_file FOREIGN KEY (intake_file) REFERENCES intake_file (id)
);

CREATE INDEX case_set_by_topic ON case_set (topic, agency);

-- The cases of these sets, split by the first bits of the hash.
CREATE TABLE case_part (
    set_id BIGINT NOT NULL, -- the set
    part BIGINT NOT NULL, -- 0 to 15
    cases BYTES NOT NULL, -- packed: 16 bytes of HMAC-SHA-256 of the reference, line, persons, places of codes
    CONSTRAINT case_part_key PRIMARY KEY (set_id, part),
    CONSTRAINT case_part_set FOREIGN KEY (set_id) REFERENCES case_set (id)
);

-- National tables of distinct cases, as they were counted last: when the decision was made, or an agency's figures changed.
CREATE TABLE distinct_table (
    form TEXT NOT NULL, -- code of the form
    period TEXT NOT NULL, -- as printed
    counted TEXT NOT NULL, -- JSON: the order of the agencies, the cells with whose cases they are, what overlapped
    CONSTRAINT distinct_table_key PRIMARY KEY (form, period)
);
