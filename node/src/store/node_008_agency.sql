-- Whom to ask at an agency.
ALTER TABLE agency ADD COLUMN contact TEXT; -- a name, a telephone, an office, in the administrator's words; absent: nothing is noted

-- The forms an agency delivers. A contributor of the agency brings no other.
CREATE TABLE agency_form (
    agency TEXT NOT NULL, -- code of the agency
    form TEXT NOT NULL, -- code of the form
    CONSTRAINT agency_form_key PRIMARY KEY (agency, form),
    CONSTRAINT agency_form_agency FOREIGN KEY (agency) REFERENCES agency (code)
);
