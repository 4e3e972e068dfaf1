#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;

const ORIGIN: &str = "hub.example/region";

/// The example of C2SP tlog-cosignature. Its keys are not printed there, so it checks the form only.
const EXAMPLE: &str = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n\
    \u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n\
    \u{2014} witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n";

fn log() -> SigningKey {
    SigningKey::from_seed(&[5; 32])
}

fn log_key() -> VerifierKey {
    VerifierKey::new(ORIGIN, SignatureType::Ed25519, log().public()).unwrap()
}

fn witness() -> SigningKey {
    SigningKey::from_seed(&[6; 32])
}

fn witness_key(name: &str) -> VerifierKey {
    VerifierKey::new(name, SignatureType::CosignatureV1, witness().public()).unwrap()
}

fn checkpoint() -> Checkpoint {
    Checkpoint::new(ORIGIN, 412, Hash::of(b"root")).unwrap()
}

#[test]
fn the_published_example_reads_and_prints_as_it_was() {
    let signed: SignedCheckpoint = EXAMPLE.parse().unwrap();
    assert_eq!(signed.to_string(), EXAMPLE);
    assert_eq!(signed.checkpoint().size(), 20_852_163);
    let line = &signed.note().lines()[1];
    assert_eq!(line.signature().len(), 8 + 64);
    assert_eq!(line.signature()[..8], 1_679_315_147u64.to_be_bytes());
}

#[test]
fn a_checkpoint_is_signed_by_its_log_alone() {
    let signed = checkpoint().sign(&log()).unwrap();
    let read: SignedCheckpoint = signed.to_string().parse().unwrap();
    assert_eq!(read, signed);
    assert_eq!(read.verify(&log_key()), Ok(()));
    let other = VerifierKey::new("other.example", SignatureType::Ed25519, log().public()).unwrap();
    assert_eq!(read.verify(&other), Err(CheckpointError::OtherOrigin));
    let other = VerifierKey::new(ORIGIN, SignatureType::Ed25519, witness().public()).unwrap();
    assert_eq!(read.verify(&other), Err(NoteError::NotSigned.into()));
    let other = VerifierKey::new(ORIGIN, SignatureType::CosignatureV1, log().public()).unwrap();
    assert_eq!(read.verify(&other), Err(CheckpointError::OtherSignatureType));
    let changed: SignedCheckpoint = signed.to_string().replace("\n412\n", "\n411\n").parse().unwrap();
    assert_eq!(changed.verify(&log_key()), Err(NoteError::BadSignature.into()));
}

#[test]
fn a_witness_says_when_it_saw_the_checkpoint() {
    let mut signed = checkpoint().sign(&log()).unwrap();
    let key = witness_key("w.example");
    assert_eq!(signed.cosigned_at(&key), Err(NoteError::NotSigned.into()));
    for at in [1_700_000_000, 1_700_000_600] {
        let line = checkpoint().cosign("w.example", &witness(), Timestamp(at)).unwrap();
        let line: SignatureLine = line.to_string().parse().unwrap();
        signed.add_cosignature(line, &key).unwrap();
        assert_eq!(signed.cosigned_at(&key), Ok(Timestamp(at)));
        assert_eq!(signed.note().lines().len(), 2);
    }
    assert_eq!(signed.verify(&log_key()), Ok(()));
    assert_eq!(signed.to_string().parse(), Ok(signed));
}

#[test]
fn a_cosignature_holds_for_one_checkpoint_one_time_and_one_key() {
    let line = checkpoint().cosign("w.example", &witness(), Timestamp(1_700_000_000)).unwrap();
    let key = witness_key("w.example");
    let other = Checkpoint::new(ORIGIN, 413, Hash::of(b"root")).unwrap();
    assert_eq!(other.verify_cosignature(&line, &key), Err(NoteError::BadSignature.into()));
    assert_eq!(checkpoint().verify_cosignature(&line, &witness_key("v.example")), Err(NoteError::NotSigned.into()));
    assert_eq!(checkpoint().verify_cosignature(&line, &log_key()), Err(CheckpointError::OtherSignatureType));

    let with = |bytes: Vec<u8>| {
        SignatureLine::new("w.example", SignatureType::CosignatureV1, &witness().public(), bytes).unwrap()
    };
    let mut later = line.signature().to_vec();
    later[7] += 1;
    assert_eq!(checkpoint().verify_cosignature(&with(later), &key), Err(NoteError::BadSignature.into()));
    let mut far = line.signature().to_vec();
    far[0] = 0x80;
    assert_eq!(checkpoint().verify_cosignature(&with(far), &key), Err(CheckpointError::TimeOutOfRange));
    let short = line.signature()[..71].to_vec();
    assert_eq!(checkpoint().verify_cosignature(&with(short), &key), Err(NoteError::BadSignature.into()));
    // The log's own signature, without a time, is no cosignature of the same key.
    let plain = witness().sign(checkpoint().to_string().as_bytes()).to_vec();
    assert_eq!(checkpoint().verify_cosignature(&with(plain), &key), Err(NoteError::BadSignature.into()));
    assert_eq!(checkpoint().cosign("w.example", &witness(), Timestamp(u64::MAX)), Err(CheckpointError::TimeOutOfRange));
}

#[test]
fn a_false_line_in_a_witness_name_is_not_overlooked() {
    let mut signed = checkpoint().sign(&log()).unwrap();
    let key = witness_key("w.example");
    let other = Checkpoint::new(ORIGIN, 413, Hash::of(b"root")).unwrap();
    let line = other.cosign("w.example", &witness(), Timestamp(5)).unwrap();
    assert_eq!(signed.add_cosignature(line.clone(), &key), Err(NoteError::BadSignature.into()));
    signed.note.push(line).unwrap();
    assert_eq!(signed.cosigned_at(&key), Err(NoteError::BadSignature.into()));
}

#[test]
fn every_other_form_is_refused_with_the_reason() {
    let root = BASE64.encode(&Hash::of(b"root").0);
    for (text, error) in [
        (String::new(), CheckpointError::LineMissing),
        (format!("{ORIGIN}\n412\n"), CheckpointError::LineMissing),
        (format!("{ORIGIN}\n412\n{root}"), CheckpointError::LineMissing),
        (format!("{ORIGIN}\n412\n{root}\nmore\n"), CheckpointError::ExtensionLine),
        (format!("{ORIGIN}\n412\n{root}\n\n"), CheckpointError::ExtensionLine),
        (format!("\n412\n{root}\n"), CheckpointError::MalformedOrigin),
        (format!("two words\n412\n{root}\n"), CheckpointError::MalformedOrigin),
        (format!("{ORIGIN}\n0412\n{root}\n"), CheckpointError::MalformedSize),
        (format!("{ORIGIN}\n+412\n{root}\n"), CheckpointError::MalformedSize),
        (format!("{ORIGIN}\n-1\n{root}\n"), CheckpointError::MalformedSize),
        (format!("{ORIGIN}\n18446744073709551616\n{root}\n"), CheckpointError::MalformedSize),
        (format!("{ORIGIN}\n412\n{}\n", &root[..40]), CheckpointError::MalformedRoot),
        (format!("{ORIGIN}\n412\n{}\n", root.replace('=', "A")), CheckpointError::MalformedRoot),
    ] {
        assert_eq!(text.parse::<Checkpoint>(), Err(error), "{text:?}");
    }
    let empty = Checkpoint::new(ORIGIN, 0, crate::merkle::empty_root()).unwrap();
    assert_eq!(empty.to_string().parse(), Ok(empty));
}
