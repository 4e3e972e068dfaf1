-- What people said of files in layouts of their own, so that the next file of the agency asks less.
CREATE TABLE remembered_layout (
    agency TEXT NOT NULL, -- whose file
    signature TEXT NOT NULL, -- SHA-256 of its headings, as hexadecimal digits
    answers TEXT NOT NULL, -- what each column holds and what else was answered, as JSON
    said_by TEXT NOT NULL, -- account
    said_at BIGINT NOT NULL, -- seconds since 1970-01-01 UTC
    CONSTRAINT remembered_layout_key PRIMARY KEY (agency, signature),
    CONSTRAINT remembered_layout_agency FOREIGN KEY (agency) REFERENCES agency (code)
);

CREATE TABLE remembered_label (
    agency TEXT NOT NULL, -- whose file
    dimension TEXT NOT NULL, -- code of the dimension
    label TEXT NOT NULL, -- as it is printed; at most 500 bytes
    code TEXT NOT NULL, -- what it stands for; "-": its rows are left out
    CONSTRAINT remembered_label_key PRIMARY KEY (agency, dimension, label),
    CONSTRAINT remembered_label_agency FOREIGN KEY (agency) REFERENCES agency (code)
);
