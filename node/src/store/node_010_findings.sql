-- Findings that a person found right as they are, and why. They are silent while they are about the same figures.
CREATE TABLE finding_accepted (
    form TEXT NOT NULL, -- code of the form
    period TEXT NOT NULL, -- as printed
    about BYTES NOT NULL, -- SHA-256 of the finding and of the answer it stands at
    accepted_by TEXT NOT NULL, -- account
    reason TEXT NOT NULL, -- why, in the person's words
    accepted_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    CONSTRAINT finding_accepted_key PRIMARY KEY (form, period, about)
);
