-- What is known of each participant's node from its visits.
CREATE TABLE caller (
    participant BIGINT NOT NULL, -- who
    software TEXT NOT NULL, -- program and version it named
    certificate_until BIGINT NOT NULL, -- end of the certificate it last showed, seconds since 1970-01-01 UTC
    first_at BIGINT NOT NULL, -- first visit
    last_at BIGINT NOT NULL, -- last visit
    CONSTRAINT caller_key PRIMARY KEY (participant)
);

-- Alarms: what makes the hub stop writing until an operator decides.
CREATE TABLE alarm (
    id ID_COLUMN, -- their order
    raised_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    participant BIGINT NOT NULL, -- whose node knew more than the hub
    size_seen BIGINT NOT NULL, -- how many lines it says it has seen
    size_here BIGINT NOT NULL, -- how many the hub had then
    settled_at BIGINT -- when an operator decided that the hub goes on
);
