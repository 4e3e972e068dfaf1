-- What people type into the questionnaire, as they typed it, until it is complete and taken in like a file.
CREATE TABLE sheet (
    agency TEXT NOT NULL, -- whose figures
    form TEXT NOT NULL, -- code of the form
    period TEXT NOT NULL, -- as printed
    version BIGINT NOT NULL, -- counts how often it was saved; who saves says which version it began from
    content TEXT NOT NULL, -- rows and metadata, as JSON
    saved_by TEXT NOT NULL, -- account
    saved_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    CONSTRAINT sheet_key PRIMARY KEY (agency, form, period),
    CONSTRAINT sheet_agency FOREIGN KEY (agency) REFERENCES agency (code)
);
