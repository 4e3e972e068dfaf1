#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::checkpoint::Checkpoint;
use vrs_protocol::statement::SigningKey;

use super::*;

const ORIGIN: &str = "vrs/test";

fn hub() -> SigningKey {
    SigningKey::from_seed(&[9; 32])
}

/// A view over lines that mean nothing: here only the tree is looked at.
fn view(lines: &[&str]) -> View {
    View::of(Catalogue::bundled(), lines.iter().map(|line| line.as_bytes()))
}

fn signed(view: &View, key: &SigningKey) -> SignedCheckpoint {
    Checkpoint::new(ORIGIN, view.size(), view.root()).unwrap().sign(key).unwrap()
}

struct Case {
    log: VerifierKey,
    ours: SignedCheckpoint,
    theirs: SignedCheckpoint,
    proof: Vec<Hash>,
}

impl Case {
    fn new(ours: &View, theirs: &View) -> Self {
        let proof = theirs.tree().consistency_proof(ours.size().min(theirs.size()), theirs.size()).unwrap().path;
        let log = verifier(ORIGIN, &hub().public()).unwrap();
        Self { log, ours: signed(ours, &hub()), theirs: signed(theirs, &hub()), proof }
    }
    fn shown(&self) -> Shown<'_> {
        let Self { log, ours, theirs, proof } = self;
        Shown { exchange: Hash::ZERO, log, ours: Some(ours), theirs, proof, now: Timestamp(5) }
    }
}

#[test]
fn the_same_checkpoint_changes_nothing_and_a_longer_one_is_fetched() {
    let (two, three) = (view(&["a", "b"]), view(&["a", "b", "c"]));
    assert_eq!(compare(&two, Case::new(&two, &two).shown()), Ok(Next::Same));
    let case = Case::new(&two, &three);
    assert_eq!(compare(&two, case.shown()), Ok(Next::Fetch));
    assert_eq!(arrived(&two, &three, case.shown()), Ok(None));
}

#[test]
fn a_ledger_set_back_is_a_rollback_with_both_checkpoints_kept() {
    let (two, three) = (view(&["a", "b"]), view(&["a", "b", "c"]));
    let Next::Contradiction(found) = compare(&three, Case::new(&three, &two).shown()).unwrap() else {
        panic!("noticed")
    };
    assert_eq!(found.kind, Contradiction::Rollback);
    assert!(found.sentence.contains("2 lines") && found.sentence.contains("3 before"), "{}", found.sentence);
    // Whoever has the file can check it: both notes are by the key in it.
    let log: VerifierKey = found.evidence.hub_key.parse().unwrap();
    let ours: SignedCheckpoint = found.evidence.ours.unwrap().parse().unwrap();
    let theirs: SignedCheckpoint = found.evidence.theirs.parse().unwrap();
    assert!(ours.verify(&log).is_ok() && theirs.verify(&log).is_ok());
    assert!(ours.checkpoint().size() > theirs.checkpoint().size());
}

#[test]
fn two_histories_of_one_length_are_a_fork() {
    let (ours, theirs) = (view(&["a", "b"]), view(&["a", "x"]));
    let Next::Contradiction(found) = compare(&ours, Case::new(&ours, &theirs).shown()).unwrap() else {
        panic!("noticed")
    };
    assert_eq!((found.kind, found.evidence.our_root_at_their_size), (Contradiction::Fork, Some(ours.root())));
    // A shorter one of another history is a fork too, not a mere rollback.
    let (ours, theirs) = (view(&["a", "b", "c"]), view(&["a", "x"]));
    let Next::Contradiction(found) = compare(&ours, Case::new(&ours, &theirs).shown()).unwrap() else {
        panic!("noticed")
    };
    assert_eq!(found.kind, Contradiction::Fork);
}

#[test]
fn a_longer_history_that_is_not_ours_is_a_fork() {
    let (ours, theirs) = (view(&["a", "b"]), view(&["a", "x", "y"]));
    let case = Case::new(&ours, &theirs);
    assert_eq!(compare(&ours, case.shown()), Ok(Next::Fetch));
    // The hub sends the lines after ours; with them our own do not lead to its root.
    let mut extended = ours.clone();
    extended.take(b"y");
    let found = arrived(&ours, &extended, case.shown()).unwrap().unwrap();
    assert_eq!(found.kind, Contradiction::Fork);
}

#[test]
fn wrong_lines_of_a_right_ledger_are_not_called_a_fork() {
    let (ours, theirs) = (view(&["a", "b"]), view(&["a", "b", "c"]));
    let case = Case::new(&ours, &theirs);
    let mut extended = ours.clone();
    extended.take(b"damaged");
    assert_eq!(arrived(&ours, &extended, case.shown()), Err(ExtendError::WrongLines));
}

#[test]
fn another_key_is_no_hub() {
    let two = view(&["a", "b"]);
    let mut case = Case::new(&two, &two);
    case.theirs = signed(&two, &SigningKey::from_seed(&[8; 32]));
    assert!(matches!(compare(&two, case.shown()), Err(ExtendError::NotTheHub(_))));
}
