-- Which version of the questionnaire holds for which years, as the Charter in the mirror says. It follows from the ledger and is
-- kept beside it so that a command need not judge the whole ledger to know what a file may hold.
CREATE TABLE catalogue_in_force (
    -- The last calendar year it holds for; 65535 for the latest, which has no last year.
    until BIGINT NOT NULL,
    -- SHA-256 of the catalogue.
    hash  TEXT   NOT NULL,
    CONSTRAINT catalogue_in_force_once PRIMARY KEY (until)
);
