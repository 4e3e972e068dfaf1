-- Forms of which agencies see each other's figures. A row that stands says so; which agency sees what is asked when a page is opened.
CREATE TABLE form_between_agencies (
    form TEXT NOT NULL, -- code of the form
    allowed_by TEXT NOT NULL, -- account
    reason TEXT NOT NULL, -- why, in the person's words
    allowed_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    CONSTRAINT form_between_agencies_key PRIMARY KEY (form)
);
