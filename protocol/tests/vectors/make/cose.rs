//! Signed statements and receipts.

use data_encoding::HEXLOWER;
use vrs_protocol::codec::to_bytes;
use vrs_protocol::hash::Hash;
use vrs_protocol::merkle::{InclusionProof, MemoryTree, leaf_hash};
use vrs_protocol::receipt::{Receipt, embed_receipt};
use vrs_protocol::statement::{Header, SigningKey, Statement};
use vrs_protocol::time::Timestamp;

use super::{Folder, author, log, stranger};
use crate::shared::cbor::{Map, bytes, cbor, map, number, remove, set, text};

/// Changes the claims within a statement's header.
fn claims_with(change: impl Fn(&mut Map)) -> impl Fn(&mut Map) {
    let mut entries = claims();
    change(&mut entries);
    set(3, map(&entries))
}

/// The four parts of a COSE_Sign1 before they are put together; `None` for the payload is null.
#[derive(Clone)]
struct Sign1 {
    protected: Vec<u8>,
    unprotected: Vec<u8>,
    payload: Option<Vec<u8>>,
    /// What is signed in place of the payload, where it is detached.
    signed: Vec<u8>,
    aad: Vec<u8>,
}

impl Sign1 {
    fn sign(&self, key: &SigningKey) -> Vec<u8> {
        let signed = cbor(|e| {
            e.array(4).unwrap().str("Signature1").unwrap().bytes(&self.protected).unwrap();
            e.bytes(&self.aad).unwrap().bytes(&self.signed).unwrap();
        });
        self.assemble(&bytes(&key.sign(&signed)))
    }

    fn assemble(&self, signature: &[u8]) -> Vec<u8> {
        let payload = self.payload.as_deref().map_or_else(|| vec![0xf6], bytes);
        [&[0xd2, 0x84][..], &bytes(&self.protected), &self.unprotected, &payload, signature].concat()
    }
}

fn claims() -> Map {
    vec![(number(1), text("AUS")), (number(2), text("SM_CIT/2013-S1")), (number(6), number(1_372_636_800))]
}

fn statement_map() -> Map {
    vec![
        (number(1), number(-8)),
        (number(3), text("application/vnd.vrs.release+cbor")),
        (number(4), bytes(&author().kid().0.0)),
        (number(15), map(&claims())),
        (text("vrs-exchange"), bytes(&Hash::of(b"genesis").0)),
    ]
}

fn statement_of(protected: Vec<u8>) -> Sign1 {
    let payload = b"payload".to_vec();
    Sign1 { protected, unprotected: vec![0xa0], payload: Some(payload.clone()), signed: payload, aad: vec![] }
}

pub(super) fn statement(folder: &mut Folder<'_>) {
    let key = || [("key", author().public().to_string())];
    let good = statement_of(map(&statement_map()));
    let good_bytes = good.sign(&author());
    folder.hex("ok_plain", "ok", &key(), &good_bytes);
    let header = Header {
        content_type: "application/vnd.vrs.genesis+cbor".into(),
        exchange: Hash::ZERO,
        issuer: "hub.example/region".into(),
        subject: "Région".into(),
        issued_at: None,
    };
    let first = Statement::sign(header, b"", &author()).unwrap();
    folder.hex("ok_first_of_an_exchange_without_time_and_payload", "ok", &key(), first.bytes());
    let mut largest_time = statement_map();
    largest_time[3].1 =
        map(&vec![claims()[0].clone(), claims()[1].clone(), (number(6), number(Timestamp::MAX.0 as i64))]);
    folder.hex("ok_last_second_of_9999", "ok", &key(), &statement_of(map(&largest_time)).sign(&author()));

    // Flaws of the protected header, signed as they stand.
    let mut flawed = |name: &str, expected: &str, change: &dyn Fn(&mut Map)| {
        let mut entries = statement_map();
        change(&mut entries);
        folder.hex(&format!("bad_{name}"), expected, &key(), &statement_of(map(&entries)).sign(&author()));
    };
    flawed("protected_empty_map", "HeaderMissing(\"alg\")", &|m| m.clear());
    flawed("alg_missing", "HeaderMissing(\"alg\")", &remove(0));
    flawed("alg_reserved_ed25519", "AlgorithmReserved", &set(0, number(-19)));
    flawed("alg_es256", "AlgorithmUnknown(-7)", &set(0, number(-7)));
    flawed("alg_text", "Malformed", &set(0, text("EdDSA")));
    flawed("alg_twice", "HeaderTwice(\"alg\")", &|m| m.insert(0, m[0].clone()));
    flawed("content_type_missing", "HeaderMissing(\"content type\")", &remove(1));
    flawed("content_type_number", "Malformed", &set(1, number(60)));
    flawed("content_type_empty", "TextNotAllowed(\"content type\")", &set(1, text("")));
    flawed("kid_missing", "HeaderMissing(\"kid\")", &remove(2));
    flawed("kid_twice", "HeaderTwice(\"kid\")", &|m| m.insert(2, m[2].clone()));
    flawed("kid_of_31_bytes", "HashLength(\"kid\")", &set(2, bytes(&[0; 31])));
    flawed("kid_text", "Malformed", &set(2, text("key")));
    flawed("kid_of_another_key", "WrongKey", &set(2, bytes(&stranger().kid().0.0)));
    flawed("claims_missing", "HeaderMissing(\"CWT claims\")", &remove(3));
    flawed("claims_empty", "HeaderMissing(\"iss\")", &claims_with(|c| c.clear()));
    flawed("issuer_missing", "HeaderMissing(\"iss\")", &claims_with(|c| drop(c.remove(0))));
    flawed("issuer_twice", "HeaderTwice(\"iss\")", &claims_with(|c| c.insert(0, c[0].clone())));
    flawed("issuer_with_line_break", "TextNotAllowed(\"iss\")", &claims_with(|c| c[0].1 = text("A\nB")));
    flawed("issuer_too_long", "TextNotAllowed(\"iss\")", &claims_with(|c| c[0].1 = text(&"A".repeat(257))));
    flawed("subject_missing", "HeaderMissing(\"sub\")", &claims_with(|c| drop(c.remove(1))));
    flawed("time_beyond_9999", "TimeOutOfRange", &claims_with(|c| c[2].1 = number(253_402_300_800)));
    flawed("time_tagged", "Malformed", &claims_with(|c| c[2].1.insert(0, 0xc1)));
    flawed("time_float", "Malformed", &claims_with(|c| c[2].1 = vec![0xf9, 0, 0]));
    flawed("claim_unknown", "HeaderUnknown(4)", &claims_with(|c| c[2].0 = number(4)));
    flawed("claims_not_sorted", "NotDeterministic", &claims_with(|c| c.swap(0, 1)));
    flawed("exchange_missing", "HeaderMissing(\"vrs-exchange\")", &remove(4));
    flawed("exchange_of_33_bytes", "HashLength(\"vrs-exchange\")", &set(4, bytes(&[0; 33])));
    flawed("header_unknown", "HeaderUnknown(16)", &|m| m.insert(4, (number(16), text("type"))));
    flawed("header_unknown_text", "HeaderUnknownText", &|m| m.push((text("vrs-exchangf"), number(0))));
    flawed("header_critical", "CriticalHeader", &|m| m.insert(1, (number(2), vec![0x81, 0x04])));
    flawed("headers_not_sorted", "NotDeterministic", &|m| m.swap(1, 2));
    flawed("header_with_text_label_first", "NotDeterministic", &|m| m.rotate_right(1));
    flawed("header_label_not_shortest", "NotDeterministic", &|m| m[0].0 = vec![0x18, 0x01]);
    flawed("integer_not_shortest", "NotDeterministic", &set(0, vec![0x38, 0x07]));
    flawed("text_length_not_shortest", "NotDeterministic", &claims_with(|c| c[0].1 = vec![0x78, 3, b'A', b'U', b'S']));
    flawed("text_indefinite", "Malformed", &claims_with(|c| c[0].1 = vec![0x7f, 0x61, b'A', 0xff]));
    flawed("too_many_headers", "Malformed", &|m| (16..40).for_each(|n| m.push((number(n), number(0)))));

    // Flaws around it, also signed as they stand.
    let mut protected = |name: &str, expected: &str, protected: Vec<u8>| {
        folder.hex(&format!("bad_{name}"), expected, &key(), &statement_of(protected).sign(&author()));
    };
    let entries = map(&statement_map());
    protected("protected_of_no_bytes", "Truncated", vec![]);
    protected("protected_trailing_byte", "NotDeterministic", [&entries[..], &[0]].concat());
    protected("protected_map_indefinite", "NotDeterministic", [&[0xbf], &entries[1..], &[0xff]].concat());
    protected("protected_announced_2_to_the_60_headers", "Malformed", [&[0xbb, 0x10][..], &[0; 7]].concat());
    let mut around = |name: &str, expected: &str, change: &dyn Fn(&mut Sign1)| {
        let mut parts = good.clone();
        change(&mut parts);
        folder.hex(&format!("bad_{name}"), expected, &key(), &parts.sign(&author()));
    };
    around("unprotected_kid", "UnprotectedNotEmpty", &|p| p.unprotected = map(&vec![(number(4), bytes(b"k"))]));
    around("unprotected_indefinite", "UnprotectedNotEmpty", &|p| p.unprotected = vec![0xbf, 0xff]);
    around("payload_detached", "PayloadDetached", &|p| p.payload = None);
    around("payload_not_the_signed_one", "BadSignature", &|p| p.payload = Some(b"Payload".to_vec()));
    around("external_aad", "BadSignature", &|p| p.aad = vec![0; 32]);

    // Flaws of the bytes and the signature.
    let mut raw = |name: &str, expected: &str, bytes: &[u8]| {
        folder.hex(&format!("bad_{name}"), expected, &key(), bytes);
    };
    let signature = good_bytes[good_bytes.len() - 64..].to_vec();
    raw("empty", "Truncated", &[]);
    raw("truncated", "Truncated", &good_bytes[..good_bytes.len() - 1]);
    raw("trailing_byte", "TrailingBytes(1)", &[&good_bytes[..], &[0]].concat());
    raw("two_statements", &format!("TrailingBytes({})", good_bytes.len()), &good_bytes.repeat(2));
    raw("tag_missing", "NotTagged", &good_bytes[1..]);
    raw("tag_of_mac0", "NotTagged", &[&[0xd1], &good_bytes[1..]].concat());
    raw("tag_not_shortest", "NotDeterministic", &[&[0xd8, 0x12], &good_bytes[1..]].concat());
    raw("tag_twice", "Malformed", &[&[0xd2], &good_bytes[..]].concat());
    raw("array_of_three", "PartCount", &[&[0xd2, 0x83], &good_bytes[2..]].concat());
    raw("array_indefinite", "PartCount", &[&[0xd2, 0x9f], &good_bytes[2..], &[0xff]].concat());
    raw("not_cbor", "NotTagged", b"-----BEGIN");
    raw("protected_not_bytes", "Malformed", &[&[0xd2, 0x84][..], &entries].concat());
    let mut text_payload = good.assemble(&bytes(&signature));
    let place = text_payload.len() - 66 - 8;
    text_payload[place] = 0x67;
    raw("payload_text", "Malformed", &text_payload);
    let mut long_length = good_bytes[..place].to_vec();
    long_length.extend([&[0x58][..], &[7], &good_bytes[place + 1..]].concat());
    raw("payload_length_not_shortest", "NotDeterministic", &long_length);
    raw("signature_of_63_bytes", "SignatureLength(63)", &good.assemble(&bytes(&signature[..63])));
    raw("signature_text", "Malformed", &good.assemble(&text("signature")));
    raw("signature_of_zeroes", "BadSignature", &good.assemble(&bytes(&[0; 64])));
    raw("signature_by_another_key", "BadSignature", &good.sign(&stranger()));
    raw("signature_second_form", "BadSignature", &good.assemble(&bytes(&add_group_order(&signature))));
    let receipt = good_receipt();
    raw("receipt_for_a_statement", "UnprotectedNotEmpty", receipt.bytes());
    let transparent = embed_receipt(&Statement::parse(&good_bytes).unwrap(), &receipt);
    raw("receipt_embedded", "UnprotectedNotEmpty", &transparent);
}

/// The same signature with the group order added to its second half: valid to a careless reader, and the same
/// statement would have two names.
fn add_group_order(signature: &[u8]) -> Vec<u8> {
    let order = HEXLOWER.decode(b"edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").unwrap();
    let mut sum = signature.to_vec();
    let mut carry = 0;
    for (byte, add) in sum[32..].iter_mut().zip(order) {
        carry += u16::from(*byte) + u16::from(add);
        *byte = carry as u8;
        carry >>= 8;
    }
    assert_eq!(carry, 0);
    sum
}

const ORIGIN: &str = "hub.example/region";

fn line(index: u64) -> Vec<u8> {
    format!("line {index}").into_bytes()
}

fn tree(size: u64) -> MemoryTree {
    (0..size).map(|index| leaf_hash(&line(index))).collect()
}

fn good_proof() -> InclusionProof {
    tree(20).inclusion_proof(17, 20).unwrap()
}

fn good_receipt() -> Receipt {
    Receipt::issue(ORIGIN, "line 17", good_proof(), &tree(20).root(), &log()).unwrap()
}

fn receipt_map() -> Map {
    vec![
        (number(1), number(-8)),
        (number(4), bytes(&log().kid().0.0)),
        (number(15), map(&vec![(number(1), text(ORIGIN)), (number(2), text("line 17"))])),
        (number(395), number(1)),
    ]
}

/// The unprotected header around some proofs.
fn proofs(label: i64, proofs: &[Vec<u8>]) -> Vec<u8> {
    let mut list = cbor(|e| drop(e.array(proofs.len() as u64)));
    proofs.iter().for_each(|proof| list.extend(bytes(proof)));
    map(&vec![(number(396), map(&vec![(number(label), list)]))])
}

fn receipt_of(protected: &Map) -> Sign1 {
    Sign1 {
        protected: map(protected),
        unprotected: proofs(-1, &[to_bytes(&good_proof())]),
        payload: None,
        signed: tree(20).root().0.to_vec(),
        aad: vec![],
    }
}

/// Carries other proofs.
fn with(label: i64, list: Vec<Vec<u8>>) -> impl Fn(&mut Sign1) {
    move |parts| parts.unprotected = proofs(label, &list)
}

/// Carries a changed proof.
fn changed(change: impl Fn(&mut InclusionProof)) -> impl Fn(&mut Sign1) {
    let mut proof = good_proof();
    change(&mut proof);
    with(-1, vec![to_bytes(&proof)])
}

pub(super) fn receipt(folder: &mut Folder<'_>) {
    let values = |index| [("key", log().public().to_string()), ("line", HEXLOWER.encode(&line(index)))];
    for (index, size) in [(0, 1), (17, 20), (64, 65)] {
        let (proof, root) = (tree(size).inclusion_proof(index, size).unwrap(), tree(size).root());
        let receipt = Receipt::issue(ORIGIN, &format!("line {index}"), proof, &root, &log()).unwrap();
        folder.hex(&format!("ok_{index}_of_{size}"), "ok", &values(index), receipt.bytes());
    }
    let good = receipt_of(&receipt_map());
    let good_bytes = good.sign(&log());
    assert_eq!(good_bytes, good_receipt().bytes());

    let mut flawed = |name: &str, expected: &str, change: &dyn Fn(&mut Map)| {
        let mut entries = receipt_map();
        change(&mut entries);
        folder.hex(&format!("bad_{name}"), expected, &values(17), &receipt_of(&entries).sign(&log()));
    };
    flawed("alg_missing", "Cose(HeaderMissing(\"alg\"))", &remove(0));
    flawed("alg_reserved_ed25519", "Cose(AlgorithmReserved)", &set(0, number(-19)));
    flawed("kid_missing", "Cose(HeaderMissing(\"kid\"))", &remove(1));
    flawed("kid_of_another_key", "Cose(WrongKey)", &set(1, bytes(&author().kid().0.0)));
    flawed("claims_missing", "Cose(HeaderMissing(\"CWT claims\"))", &remove(2));
    flawed("structure_missing", "Cose(HeaderMissing(\"vds\"))", &remove(3));
    flawed("structure_unknown", "StructureUnknown(2)", &set(3, number(2)));
    flawed("structure_twice", "Cose(HeaderTwice(\"vds\"))", &|m| m.push(m[3].clone()));
    flawed("header_unknown", "Cose(HeaderUnknown(394))", &|m| m.insert(3, (number(394), vec![0x80])));
    flawed("header_critical", "Cose(CriticalHeader)", &|m| m.insert(1, (number(2), vec![0x81, 0x04])));
    flawed("headers_not_sorted", "Cose(NotDeterministic)", &|m| m.swap(1, 2));
    flawed("proofs_protected", "Cose(HeaderUnknown(396))", &|m| m.push((number(396), vec![0xa0])));
    flawed("issuer_empty", "Cose(TextNotAllowed(\"iss\"))", &|m| {
        m[2].1 = map(&vec![(number(1), text("")), (number(2), text("line 17"))]);
    });
    flawed("time_present", "Cose(HeaderUnknown(6))", &|m| {
        m[2].1 = map(&vec![(number(1), text(ORIGIN)), (number(2), text("line 17")), (number(6), number(0))]);
    });

    let mut around = |name: &str, expected: &str, change: &dyn Fn(&mut Sign1)| {
        let mut parts = good.clone();
        change(&mut parts);
        folder.hex(&format!("bad_{name}"), expected, &values(17), &parts.sign(&log()));
    };
    let proof = to_bytes(&good_proof());
    around("payload_attached", "PayloadAttached", &|p| p.payload = Some(p.signed.clone()));
    around("unprotected_empty", "NotOneProof", &|p| p.unprotected = vec![0xa0]);
    around("unprotected_other_header", "NotOneProof", &|p| p.unprotected = map(&vec![(number(4), number(0))]));
    around("no_proof", "NotOneProof", &with(-1, vec![]));
    around("two_proofs", "NotOneProof", &with(-1, vec![proof.clone(), proof.clone()]));
    around("consistency_proof", "NotOneProof", &with(-2, vec![proof.clone()]));
    around("proof_not_in_bytes", "Cose(Malformed", &|p| {
        let list = [&[0x81][..], &proof].concat();
        p.unprotected = map(&vec![(number(396), map(&vec![(number(-1), list)]))]);
    });
    around("proof_trailing_byte", "MalformedProof(TrailingBytes(1))", &with(-1, vec![[&proof[..], &[0]].concat()]));
    around(
        "proof_size_not_shortest",
        "MalformedProof(NotDeterministic(1))",
        &with(-1, vec![[&[0x83, 0x18, 20], &proof[2..]].concat()]),
    );
    around("proof_path_short", "Merkle(PathTooShort)", &changed(|p| p.path.truncate(p.path.len() - 1)));
    around("proof_path_long", "Merkle(PathTooLong)", &changed(|p| p.path.push(Hash::ZERO)));
    around("proof_index_beyond_size", "Merkle(IndexBeyondSize { index: 20, size: 20 })", &changed(|p| p.index = 20));
    around("proof_of_another_line", "Cose(BadSignature)", &changed(|p| *p = tree(20).inclusion_proof(16, 20).unwrap()));
    around("proof_one_bit_changed", "Cose(BadSignature)", &changed(|p| p.path[0].0[0] ^= 1));
    around("other_root_signed", "Cose(BadSignature)", &|p| p.signed = tree(21).root().0.to_vec());

    let mut raw = |name: &str, expected: &str, index: u64, bytes: &[u8]| {
        folder.hex(&format!("bad_{name}"), expected, &values(index), bytes);
    };
    raw("another_line", "Cose(BadSignature)", 16, &good_bytes);
    raw("signature_by_another_key", "Cose(BadSignature)", 17, &good.sign(&stranger()));
    raw("empty", "Cose(Truncated)", 17, &[]);
    raw("truncated", "Cose(Truncated)", 17, &good_bytes[..good_bytes.len() - 1]);
    raw("trailing_byte", "Cose(TrailingBytes(1))", 17, &[&good_bytes[..], &[0]].concat());
    raw("tag_missing", "Cose(NotTagged)", 17, &good_bytes[1..]);
    raw("too_large", "TooLarge(3235)", 17, &[&good_bytes[..], &vec![0; 3235 - good_bytes.len()]].concat());
    raw("statement_for_a_receipt", "Cose(HeaderUnknown(3))", 17, &statement_of(map(&statement_map())).sign(&author()));
}
