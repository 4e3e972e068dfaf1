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
