-- Periods that a focal point closed or opened again. Of each period the latest row counts.
CREATE TABLE period_lock (
    id ID_COLUMN, -- their order
    period TEXT NOT NULL, -- as printed; every period inside it is closed with it
    closed BIGINT NOT NULL, -- 1: closed, 0: open again
    decided_by TEXT NOT NULL, -- account
    reason TEXT NOT NULL, -- why, in the person's words
    decided_at BIGINT NOT NULL -- seconds since 1970-01-01 UTC
);

-- Agencies that may deliver for a closed period all the same.
CREATE TABLE period_exception (
    id ID_COLUMN, -- their order
    period TEXT NOT NULL, -- as printed; it holds for every period inside it
    agency TEXT NOT NULL, -- code of the agency
    until_at BIGINT NOT NULL, -- the first instant at which it is closed again, seconds since 1970-01-01 UTC
    given_by TEXT NOT NULL, -- account
    reason TEXT NOT NULL, -- why, in the person's words
    given_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    CONSTRAINT period_exception_agency FOREIGN KEY (agency) REFERENCES agency (code)
);
