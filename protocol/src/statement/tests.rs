#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use coset::TaggedCborSerializable as _;

fn key() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

fn header() -> Header {
    Header {
        content_type: "application/vnd.vrs.release+cbor".into(),
        exchange: Hash::of(b"genesis"),
        issuer: "AUS".into(),
        subject: "SM_CIT/2013-S1".into(),
        issued_at: Some(Timestamp(1_372_636_800)),
    }
}

fn signed() -> Statement {
    Statement::sign(header(), b"payload", &key()).unwrap()
}

#[test]
fn what_is_signed_is_read_back_and_verifies() {
    let statement = signed();
    let read = Statement::parse(statement.bytes()).unwrap();
    assert_eq!(read, statement);
    assert_eq!(read.header(), &header());
    assert_eq!(read.payload(), b"payload");
    assert_eq!(read.kid(), key().kid());
    assert_eq!(read.id(), Hash::of(statement.bytes()));
    let verified = read.verify(&key().public()).unwrap();
    assert_eq!((verified.id(), verified.kid()), (read.id(), key().public().kid()));
    assert_eq!(read.into_bytes(), statement.bytes());
}

#[test]
fn another_key_and_any_changed_byte_are_noticed() {
    let statement = signed();
    let other = SigningKey::from_seed(&[2; 32]);
    assert_eq!(statement.verify(&other.public()), Err(StatementError::WrongKey));
    for index in 0..statement.bytes().len() {
        let mut bytes = statement.bytes().to_vec();
        bytes[index] ^= 1;
        let refused = Statement::parse(&bytes).and_then(|read| read.verify(&key().public())).is_err();
        assert!(refused, "byte {index}");
    }
}

#[test]
fn every_beginning_of_a_statement_is_refused() {
    let statement = signed();
    for length in 0..statement.bytes().len() {
        assert!(Statement::parse(&statement.bytes()[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn a_general_cose_library_reads_and_verifies_it() {
    let statement = signed();
    let foreign = coset::CoseSign1::from_tagged_slice(statement.bytes()).unwrap();
    assert_eq!(foreign.protected.header.alg, Some(coset::Algorithm::Assigned(coset::iana::Algorithm::EdDSA)));
    assert_eq!(foreign.protected.header.key_id, key().kid().0.as_bytes());
    assert_eq!(foreign.payload.as_deref(), Some(&b"payload"[..]));
    assert!(foreign.unprotected.is_empty());
    foreign
        .verify_signature(b"", |signature, signed| key().public().verify(signed, signature.try_into().unwrap()))
        .unwrap();
}

#[test]
fn labels_stand_in_bytewise_order() {
    let statement = signed();
    let protected = &statement.bytes()[statement.protected.clone()];
    let mut d = minicbor::Decoder::new(protected);
    let mut keys = Vec::new();
    for _ in 0..d.map().unwrap().unwrap() {
        let from = d.position();
        d.skip().unwrap();
        keys.push(protected[from..d.position()].to_vec());
        d.skip().unwrap();
    }
    assert_eq!(keys.len(), 5);
    assert!(keys.is_sorted());
}

#[test]
fn the_time_may_be_absent() {
    let header = Header { issued_at: None, ..header() };
    let statement = Statement::sign(header.clone(), b"", &key()).unwrap();
    assert_eq!(Statement::parse(statement.bytes()).unwrap().header(), &header);
}

#[test]
fn the_longest_statement_is_read_and_a_longer_one_is_not_made() {
    let header_length = signed().bytes().len() - b"payload".len();
    let mut payload = vec![0; STATEMENT_BYTES_MAX - header_length - 16];
    let statement = Statement::sign(header(), &payload, &key()).unwrap();
    assert!(statement.bytes().len() <= STATEMENT_BYTES_MAX);
    assert_eq!(Statement::parse(statement.bytes()), Ok(statement));
    payload.extend([0; 32]);
    assert!(matches!(Statement::sign(header(), &payload, &key()), Err(StatementError::TooLarge(_))));
    let long = vec![0; STATEMENT_BYTES_MAX + 1];
    assert_eq!(Statement::parse(&long), Err(StatementError::TooLarge(STATEMENT_BYTES_MAX + 1)));
}

#[test]
fn texts_that_would_spoil_a_log_are_not_signed() {
    for issuer in ["", "A\nB", "A\u{7f}", "x".repeat(HEADER_TEXT_BYTES_MAX + 1).as_str()] {
        let header = Header { issuer: issuer.into(), ..header() };
        assert_eq!(Statement::sign(header, b"", &key()), Err(StatementError::TextNotAllowed("iss")));
    }
    let header = Header { issued_at: Some(Timestamp(u64::MAX)), ..header() };
    assert_eq!(Statement::sign(header, b"", &key()), Err(StatementError::TimeOutOfRange));
}

proptest::proptest! {
    #[test]
    fn random_bytes_are_refused_without_a_panic(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
        proptest::prop_assert!(Statement::parse(&bytes).is_err());
    }

    /// Most bytes of a mutated statement are right, so this reaches deep into the reader.
    #[test]
    fn what_is_read_has_the_bytes_it_was_read_from(changes in proptest::collection::vec((0usize..400, 0u8..=255), 1..4)) {
        let mut bytes = signed().into_bytes();
        for (index, byte) in changes {
            let index = index % bytes.len();
            bytes[index] = byte;
        }
        if let Ok(read) = Statement::parse(&bytes) {
            proptest::prop_assert_eq!(read.bytes(), &bytes[..]);
        }
    }
}
