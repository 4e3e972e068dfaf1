//! Judges one vector with the crate under test.

use data_encoding::HEXLOWER;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use vrs_protocol::checkpoint::SignedCheckpoint;
use vrs_protocol::codec;
use vrs_protocol::merkle::{ConsistencyProof, InclusionProof};
use vrs_protocol::note::{SignedNote, VerifierKey};
use vrs_protocol::receipt::Receipt;
use vrs_protocol::statement::{PublicKey, Statement};

use crate::shared::{Case, print};

/// What the vectors of `codec` encode.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Sample {
    #[n(0)]
    number: u64,
    #[n(1)]
    list: Vec<u64>,
    #[n(2)]
    text: Option<String>,
    #[n(3)]
    bytes: Option<ByteVec>,
}

/// `Ok`, or how the error prints.
pub(crate) fn judge(folder: &str, name: &str, rest: &str) -> Result<(), String> {
    assert_eq!(name.ends_with(".hex"), !matches!(folder, "note" | "checkpoint"), "{name}");
    let case = Case::read(rest);
    match folder {
        "codec" => sample(&case),
        "statement" => statement(&case),
        "merkle" => proof(&case),
        "note" => note(&case),
        "checkpoint" => checkpoint(&case),
        "receipt" => receipt(&case),
        other => panic!("nobody judges {other}"),
    }
}

fn sample(case: &Case) -> Result<(), String> {
    let bytes = case.bytes();
    let sample: Sample = codec::decode_strict_bounded(&bytes, 64).map_err(print)?;
    assert_eq!(codec::to_bytes(&sample), bytes);
    Ok(())
}

fn statement(case: &Case) -> Result<(), String> {
    let bytes = case.bytes();
    let statement = Statement::parse(&bytes).map_err(print)?;
    assert_eq!(statement.bytes(), bytes);
    let key: PublicKey = case.value("key").parse().unwrap();
    statement.verify(&key).map(drop).map_err(print)
}

fn proof(case: &Case) -> Result<(), String> {
    let bytes = case.bytes();
    if case.values.contains_key("leaf") {
        let proof: InclusionProof = codec::decode_strict(&bytes).map_err(print)?;
        assert_eq!(codec::to_bytes(&proof), bytes);
        proof.verify(&case.hash("leaf"), &case.hash("root")).map_err(print)
    } else {
        let proof: ConsistencyProof = codec::decode_strict(&bytes).map_err(print)?;
        assert_eq!(codec::to_bytes(&proof), bytes);
        proof.verify(&case.hash("old"), &case.hash("new")).map_err(print)
    }
}

fn note(case: &Case) -> Result<(), String> {
    let key: VerifierKey = case.value("key").parse().map_err(print)?;
    assert_eq!(key.to_string(), case.value("key"));
    let note: SignedNote = case.text.parse().map_err(print)?;
    assert_eq!(note.to_string(), case.text);
    note.verify(&key).map_err(print)
}

fn checkpoint(case: &Case) -> Result<(), String> {
    let checkpoint: SignedCheckpoint = case.text.parse().map_err(print)?;
    assert_eq!(checkpoint.to_string(), case.text);
    checkpoint.verify(&case.value("log").parse().unwrap()).map_err(print)?;
    if case.values.contains_key("witness") {
        let at = checkpoint.cosigned_at(&case.value("witness").parse().unwrap()).map_err(print)?;
        assert_eq!(at.0.to_string(), case.value("time"));
    }
    Ok(())
}

fn receipt(case: &Case) -> Result<(), String> {
    let bytes = case.bytes();
    let receipt = Receipt::parse(&bytes).map_err(print)?;
    assert_eq!(receipt.bytes(), bytes);
    let line = HEXLOWER.decode(case.value("line").as_bytes()).unwrap();
    receipt.verify(&line, &case.value("key").parse().unwrap()).map(drop).map_err(print)
}
