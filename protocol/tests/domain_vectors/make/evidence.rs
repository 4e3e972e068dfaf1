//! Folders of evidence: one that proves a release, one with a changed key and the body, and some that lie.

use std::collections::BTreeMap;

use vrs_protocol::audience::Audience;
use vrs_protocol::checkpoint::Checkpoint;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::origin;
use vrs_protocol::ledger::{KeyEvent, Line, LineKind};
use vrs_protocol::merkle::{MemoryTree, leaf_hash};
use vrs_protocol::receipt::Receipt;
use vrs_protocol::region::key_proof_message;
use vrs_protocol::release::{Manifest, Nonce};
use vrs_protocol::statement::SigningKey;

use super::region::story::{Story, Told};
use super::{hub, key_of};
use crate::evidence::Evidence;

/// All folders.
pub(crate) fn all() -> BTreeMap<String, Evidence> {
    let mut folders = BTreeMap::new();
    let (plain, told) = plain();
    let good = collect(&plain, told.line, plain.id("AUS").0, &key_of("AUS"));
    folders.insert("ok_release".to_owned(), good.clone());
    folders.insert("ok_release_after_a_key_change_with_body".to_owned(), after_key_change());

    let other = collect(&plain, told.line + 1, plain.id("IDN").0, &key_of("IDN"));
    let mut lie = |name: &str, change: &dyn Fn(&mut Evidence)| {
        let mut evidence = good.clone();
        change(&mut evidence);
        folders.insert(format!("bad_{name}"), evidence);
    };
    let flip = |bytes: &mut Vec<u8>, place: usize| bytes[place] ^= 1;
    let swap = |file: &'static str| {
        let bytes = other[file].clone();
        move |evidence: &mut Evidence| drop(evidence.insert(file.into(), bytes.clone()))
    };
    lie("statement_changed", &|e| {
        let length = e["statement.cose"].len();
        flip(e.get_mut("statement.cose").unwrap(), length - 100);
    });
    lie("statement_of_another_release", &swap("statement.cose"));
    lie("line_of_another_release", &swap("line.cbor"));
    lie("receipt_of_another_line", &swap("receipt.cose"));
    lie("receipt_signed_by_another_log", &|e| {
        let receipt = Receipt::parse(&e["receipt.cose"]).unwrap();
        let root = receipt.proof().root(&leaf_hash(&e["line.cbor"])).unwrap();
        let forged = Receipt::issue(
            receipt.issuer(),
            receipt.subject(),
            receipt.proof().clone(),
            &root,
            &SigningKey::from_seed(&[11; 32]),
        );
        e.insert("receipt.cose".into(), forged.unwrap().bytes().to_vec());
    });
    lie("key_line_of_another_participant", &|e| {
        for file in ["key-line.cbor", "key-line-receipt.cose"] {
            swap(file)(e);
        }
    });
    lie("key_of_another_participant", &swap("author.pem"));
    lie("ledger_key_of_somebody", &|e| {
        drop(e.insert("ledger.pem".into(), key_of("AUS").public().to_spki_pem().into_bytes()))
    });
    lie("genesis_of_another_exchange", &|e| {
        let mut story = Story::nothing();
        story.pass(1);
        e.insert("genesis.cbor".into(), story.genesis());
    });
    lie("checkpoint_of_an_older_tree", &|e| {
        let lines: Vec<_> = plain.rows().iter().map(|(_, line)| leaf_hash(line)).collect();
        let tree: MemoryTree = lines[..lines.len() - 1].iter().copied().collect();
        e.insert("checkpoint.note".into(), note(&tree));
    });
    lie("checkpoint_signed_by_a_participant", &|e| {
        let tree: MemoryTree = plain.rows().iter().map(|(_, line)| leaf_hash(line)).collect();
        let checkpoint = Checkpoint::new(&origin(Story::REGION), tree.size(), tree.root()).unwrap();
        e.insert("checkpoint.note".into(), checkpoint.sign(&key_of("AUS")).unwrap().to_string().into_bytes());
    });
    lie("receipt_missing", &|e| drop(e.remove("receipt.cose")));
    lie("body_of_another_release", &|e| {
        e.insert("body.cbor".into(), vec![0; 4096]);
        e.insert("nonce.bin".into(), vec![0; 32]);
    });
    folders
}

fn plain() -> (Story, Told) {
    let mut story = Story::begin(&["AUS", "IDN", "THA"]);
    let told = story.open("AUS", "SM_CIT 2021-S1");
    story.open("IDN", "SM_CIT 2021-S1");
    story.open("THA", "SM_CIT 2021-S1");
    (story, told)
}

fn after_key_change() -> Evidence {
    let mut story = Story::begin(&["AUS", "IDN"]);
    let (old, new) = (key_of("AUS"), SigningKey::from_seed(&[77; 32]));
    let proof = new.sign(&key_proof_message(story.exchange(), old.kid().0));
    let event = KeyEvent { participant: story.id("AUS"), key: new.public(), replaces: old.kid(), proof };
    let key_line = story.ok(story.by("AUS", LineKind::Key, &event));
    story.use_key("AUS", SigningKey::from_seed(&[77; 32]));
    let (nonce, body) = (Nonce([9; 32]), vec![0; 4096]);
    let manifest = story.manifest("AUS", "SM_CIT 2021-S1", Audience::Contributors);
    let told = story.told("AUS", Manifest { body_hash: Manifest::hash_of(&nonce, &body), ..manifest });
    let mut evidence = collect(&story, told.line, key_line, &new);
    evidence.insert("body.cbor".into(), body);
    evidence.insert("nonce.bin".into(), nonce.0.to_vec());
    evidence
}

fn note(tree: &MemoryTree) -> Vec<u8> {
    let checkpoint = Checkpoint::new(&origin(Story::REGION), tree.size(), tree.root()).unwrap();
    checkpoint.sign(&hub()).unwrap().to_string().into_bytes()
}

/// The evidence for a line, as a node would write it.
fn collect(story: &Story, release: u64, key_line: u64, key: &SigningKey) -> Evidence {
    let lines: Vec<&Vec<u8>> = story.rows().iter().map(|(_, line)| line).collect();
    let tree: MemoryTree = lines.iter().map(|line| leaf_hash(line)).collect();
    let receipt = |index: u64| {
        let proof = tree.inclusion_proof(index, tree.size()).unwrap();
        Receipt::issue(&origin(Story::REGION), &format!("line {index}"), proof, &tree.root(), &hub())
            .unwrap()
            .bytes()
            .to_vec()
    };
    let at = |index: u64| lines[usize::try_from(index).unwrap()].clone();
    assert_eq!(Hash::of(&at(0)), story.exchange());
    [
        ("statement.cose", Line::from_bytes(&at(release)).unwrap().statement),
        ("line.cbor", at(release)),
        ("receipt.cose", receipt(release)),
        ("key-line.cbor", at(key_line)),
        ("key-line-receipt.cose", receipt(key_line)),
        ("checkpoint.note", note(&tree)),
        ("genesis.cbor", at(0)),
        ("author.pem", key.public().to_spki_pem().into_bytes()),
        ("ledger.pem", hub().public().to_spki_pem().into_bytes()),
    ]
    .into_iter()
    .map(|(name, bytes)| (name.to_owned(), bytes))
    .collect()
}
