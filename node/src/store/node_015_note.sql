-- What agencies note beside their figures for those who work in this node. It stands in no table, and leaves with none.
CREATE TABLE own_note (
    agency TEXT NOT NULL, -- whose figures
    form TEXT NOT NULL, -- code of the form
    period TEXT NOT NULL, -- as printed
    cell TEXT NOT NULL, -- codes of the cell; an asterisk: the whole table
    content TEXT NOT NULL, -- the note
    written_by TEXT NOT NULL, -- account that completed it
    written_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    CONSTRAINT own_note_key PRIMARY KEY (agency, form, period, cell),
    CONSTRAINT own_note_agency FOREIGN KEY (agency) REFERENCES agency (code)
);
