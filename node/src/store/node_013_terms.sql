-- What a person says of a bundle besides its audience. It stays in this node: nobody outside learns of an embargo or a reason.
CREATE TABLE bundle_terms (
    bundle BIGINT NOT NULL, -- number of the bundle
    not_before BIGINT, -- the outbox holds it until then, seconds since 1970-01-01 UTC; absent: it leaves when it is signed
    because TEXT, -- why what was released before is revised; absent: nothing is
    CONSTRAINT bundle_terms_key PRIMARY KEY (bundle)
);
