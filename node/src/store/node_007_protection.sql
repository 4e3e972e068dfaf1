-- What disclosure control decided about tables that leave together. Stays in the node: with it, hidden counts could be told.
CREATE TABLE protection (
    bundle BIGINT NOT NULL, -- number of the first release of those that are approved and sent together
    topic TEXT NOT NULL, -- code of the topic
    year BIGINT NOT NULL, -- the calendar year
    policy BIGINT NOT NULL, -- number of the policy, as the manifests name it; 0: none
    decision TEXT NOT NULL, -- JSON: the rule, counts by kind, hidden cells with what stays possible, warnings, releases considered
    decided_for TEXT NOT NULL, -- account that prepared the release
    decided_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    CONSTRAINT protection_key PRIMARY KEY (bundle, topic, year)
);

-- The national figures behind a release, as they were when it was prepared. A later release is protected against what could be
-- worked out from both.
CREATE TABLE national_behind (
    release BIGINT NOT NULL, -- number of the release
    figures BYTES NOT NULL, -- packed like the body of a release, withheld cells suppressed
    CONSTRAINT national_behind_key PRIMARY KEY (release),
    CONSTRAINT national_behind_release FOREIGN KEY (release) REFERENCES release (id)
);
