#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;

/// The example of the Go package `golang.org/x/mod/sumdb/note`, where the format comes from.
const VKEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
    then you don't know what your problem is.\n\n\
    \u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

fn key() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}

fn signed() -> SignedNote {
    SignedNote::sign("first\n\nlast\n", "hub.example/region", &key()).unwrap()
}

#[test]
fn the_original_example_verifies_and_prints_as_it_was() {
    let vkey: VerifierKey = VKEY.parse().unwrap();
    assert_eq!(vkey.to_string(), VKEY);
    let note: SignedNote = NOTE.parse().unwrap();
    assert_eq!(note.verify(&vkey), Ok(()));
    assert_eq!(note.to_string(), NOTE);
    let changed: SignedNote = NOTE.replace("answer", "Answer").parse().unwrap();
    assert_eq!(changed.verify(&vkey), Err(NoteError::BadSignature));
}

#[test]
fn only_the_named_key_counts_and_foreign_lines_do_no_harm() {
    let mut note = signed();
    let ours = VerifierKey::new("hub.example/region", SignatureType::Ed25519, key().public()).unwrap();
    let other_name = VerifierKey::new("hub.example/other", SignatureType::Ed25519, key().public()).unwrap();
    let other_key = SigningKey::from_seed(&[4; 32]).public();
    let other_key = VerifierKey::new("hub.example/region", SignatureType::Ed25519, other_key).unwrap();
    note.push("\u{2014} stranger AAAAAAE=".parse().unwrap()).unwrap();
    assert_eq!(note.verify(&ours), Ok(()));
    assert_eq!(note.verify(&other_name), Err(NoteError::NotSigned));
    assert_eq!(note.verify(&other_key), Err(NoteError::NotSigned));
    let read: SignedNote = note.to_string().parse().unwrap();
    assert_eq!(read, note);
    assert_eq!(read.text(), "first\n\nlast\n");
    assert_eq!(read.lines().len(), 2);
    assert_eq!(read.lines()[1].name(), "stranger");
    assert_eq!(read.lines()[1].signature(), [1]);
}

#[test]
fn one_false_line_by_a_known_key_spoils_the_note() {
    let mut note = signed();
    let ours = VerifierKey::new("hub.example/region", SignatureType::Ed25519, key().public()).unwrap();
    let mut forged = note.lines()[0].clone();
    forged.signature[0] ^= 1;
    note.push(forged).unwrap();
    assert_eq!(note.verify(&ours), Err(NoteError::BadSignature));
}

#[test]
fn what_is_not_a_note_is_refused_with_the_reason() {
    for (text, error) in [
        ("", NoteError::NoSignatures),
        ("text\n", NoteError::NoSignatures),
        ("text\n\n", NoteError::NoSignatures),
        ("text\n\n\u{2014} a AAAAAAE=", NoteError::NoSignatures),
        ("text\r\n\n\u{2014} a AAAAAAE=\n", NoteError::ControlCharacter),
        ("text\n\n- a AAAAAAE=\n", NoteError::MalformedSignature),
        ("text\n\n\u{2014} a AAAAAAE\n", NoteError::MalformedSignature),
        ("text\n\n\u{2014} a AAAAAAF=\n", NoteError::MalformedSignature),
        ("text\n\n\u{2014} a AAAAAA==\n", NoteError::MalformedSignature),
        ("text\n\n\u{2014} a AAAAAAE= \n", NoteError::MalformedSignature),
        ("text\n\n\u{2014}  AAAAAAE=\n", NoteError::MalformedName),
        ("text\n\n\u{2014} a+b AAAAAAE=\n", NoteError::MalformedName),
        ("text\n\n\u{2014} a\u{2003}b AAAAAAE=\n", NoteError::MalformedName),
    ] {
        assert_eq!(text.parse::<SignedNote>(), Err(error), "{text:?}");
    }
    let many = format!("text\n\n{}", "\u{2014} a AAAAAAE=\n".repeat(NOTE_SIGNATURES_MAX + 1));
    assert_eq!(many.parse::<SignedNote>(), Err(NoteError::TooManySignatures));
    let long = "x".repeat(NOTE_BYTES_MAX + 1);
    assert_eq!(long.parse::<SignedNote>(), Err(NoteError::TooLarge(NOTE_BYTES_MAX + 1)));
    assert_eq!(SignedNote::sign("no end", "a", &key()), Err(NoteError::TextNotEnded));
    assert_eq!(SignedNote::sign("a\n", "", &key()), Err(NoteError::MalformedName));
    assert!(matches!(SignedNote::sign(&"x\n".repeat(40_000), "a", &key()), Err(NoteError::TooLarge(_))));
}

#[test]
fn a_note_holds_only_so_many_signatures() {
    let mut note = signed();
    let line: SignatureLine = "\u{2014} stranger AAAAAAE=".parse().unwrap();
    for _ in 1..NOTE_SIGNATURES_MAX {
        note.push(line.clone()).unwrap();
    }
    assert_eq!(note.push(line), Err(NoteError::TooManySignatures));
    assert_eq!(note.to_string().parse(), Ok(note));
}

#[test]
fn verifier_keys_are_checked_against_their_own_hash() {
    for (text, error) in [
        ("PeterNeumann", NoteError::MalformedKey),
        (&VKEY.replace("c74f20a3", "c74f20a4"), NoteError::KeyHashMismatch),
        (&VKEY.replace("c74f20a3", "C74F20A3"), NoteError::MalformedKey),
        (&VKEY.replace("Peter", "Paula"), NoteError::KeyHashMismatch),
        (&VKEY.replace("+ARpc", "+Ahpc"), NoteError::SignatureTypeUnknown(2)),
        (&VKEY[..VKEY.len() - 4], NoteError::MalformedKey),
        (&VKEY.replace("Peter", "Peter "), NoteError::MalformedName),
    ] {
        assert_eq!(text.parse::<VerifierKey>(), Err(error), "{text}");
    }
    let weak = format!("a+00000000+{}", BASE64.encode(&[&[1u8][..], &[0; 32]].concat()));
    assert_eq!(weak.parse::<VerifierKey>(), Err(NoteError::Key(KeyError::Weak)));
}

proptest::proptest! {
    #[test]
    fn whatever_is_read_prints_the_same(note in "[a\n ]{0,6}\n\n(\u{2014} [ab+]{0,2} [A-D]{0,9}=?=?\n){0,2}") {
        if let Ok(read) = note.parse::<SignedNote>() {
            proptest::prop_assert_eq!(read.to_string(), note);
        }
    }
}
