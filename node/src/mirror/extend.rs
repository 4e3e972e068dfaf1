//! Does what the hub shows continue what we have? Two histories, or fewer lines than were signed before, are a
//! contradiction whose proof is a file that others can check offline.

use vrs_protocol::checkpoint::SignedCheckpoint;
use vrs_protocol::hash::Hash;
use vrs_protocol::merkle::ConsistencyProof;
use vrs_protocol::note::{SignatureType, VerifierKey};
use vrs_protocol::statement::PublicKey;
use vrs_protocol::time::Timestamp;

use super::{Contradiction, View};

/// What a checkpoint of the hub means for the mirror.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// It is the one we have.
    Same,
    /// Lines are to be fetched up to its size; then [`arrived`] says whether they lead to it.
    Fetch,
    /// The hub contradicts what it has signed before.
    Contradiction(Box<Found>),
}

/// A contradiction, with its proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Of which kind.
    pub kind: Contradiction,
    /// What happened, in plain words.
    pub sentence: String,
    /// The proof, for a file.
    pub evidence: Evidence,
}

/// The proof of a contradiction: two checkpoints by one key that cannot both be true. JSON, checked offline by anybody
/// who knows the hub's key.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Evidence {
    /// `rollback` or `fork`.
    pub kind: &'static str,
    /// What happened, in plain words.
    pub sentence: String,
    /// Hash of the genesis line.
    pub exchange: Hash,
    /// The key both are signed with, as a verifier key of C2SP signed notes.
    pub hub_key: String,
    /// The checkpoint this node had verified.
    pub ours: Option<String>,
    /// The root of this node's lines at the size of theirs, where it has so many.
    pub our_root_at_their_size: Option<Hash>,
    /// The checkpoint the hub showed now.
    pub theirs: String,
    /// The consistency proof the hub gave for it, from our size to its.
    pub proof: Vec<Hash>,
    /// When it was shown.
    pub found_at: Timestamp,
}

/// Why a checkpoint is not looked at any further.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ExtendError {
    /// Not signed by the hub's key, or about another ledger.
    #[error("the checkpoint is not one of this region's hub: {0}")]
    NotTheHub(String),
    /// The lines do not lead to the checkpoint although the hub proves that it continues ours: the lines are not those
    /// of the ledger.
    #[error("the lines sent do not lead to the checkpoint")]
    WrongLines,
}

/// The key that checkpoints of a region are signed with.
///
/// # Errors
/// When the origin cannot name a key.
pub fn verifier(origin: &str, hub_key: &PublicKey) -> Result<VerifierKey, ExtendError> {
    let named = VerifierKey::new(origin, SignatureType::Ed25519, *hub_key);
    named.map_err(|error| ExtendError::NotTheHub(error.to_string()))
}

/// What the mirror was shown, and by whom.
#[derive(Debug, Clone, Copy)]
pub struct Shown<'a> {
    /// Hash of the genesis line.
    pub exchange: Hash,
    /// The key checkpoints are signed with.
    pub log: &'a VerifierKey,
    /// The last checkpoint that was verified.
    pub ours: Option<&'a SignedCheckpoint>,
    /// The checkpoint shown now.
    pub theirs: &'a SignedCheckpoint,
    /// The consistency proof from our size to its.
    pub proof: &'a [Hash],
    /// Now.
    pub now: Timestamp,
}

/// Compares the checkpoint with what we have.
///
/// # Errors
/// [`ExtendError::NotTheHub`].
pub fn compare(view: &View, shown: Shown<'_>) -> Result<Next, ExtendError> {
    shown.theirs.verify(shown.log).map_err(|error| ExtendError::NotTheHub(error.to_string()))?;
    let theirs = shown.theirs.checkpoint();
    if theirs.size() > view.size() {
        return Ok(Next::Fetch);
    }
    // The view is never smaller than asked here, so the root is always there.
    let our_root = view.tree().root_at(theirs.size()).ok();
    if our_root != Some(theirs.root()) {
        let sentence = format!("The hub has signed two histories of {} lines.", theirs.size());
        return Ok(Next::Contradiction(Box::new(found(shown, Contradiction::Fork, sentence, our_root))));
    }
    if theirs.size() < view.size() {
        let sentence = format!(
            "The hub shows {} lines and had signed {} before: it was set back, perhaps to an old backup.",
            theirs.size(),
            view.size()
        );
        return Ok(Next::Contradiction(Box::new(found(shown, Contradiction::Rollback, sentence, our_root))));
    }
    Ok(Next::Same)
}

/// Whether the lines that were fetched lead to the checkpoint. `extended` is the view with them taken in.
///
/// # Errors
/// [`ExtendError::WrongLines`] when the lines are at fault and not the ledger.
pub fn arrived(view: &View, extended: &View, shown: Shown<'_>) -> Result<Option<Found>, ExtendError> {
    let theirs = shown.theirs.checkpoint();
    if extended.size() == theirs.size() && extended.root() == theirs.root() {
        return Ok(None);
    }
    // The ledger may be right and the lines wrong: then the proof leads from our root to theirs.
    let proof = ConsistencyProof { old: view.size(), new: theirs.size(), path: shown.proof.to_vec() };
    if view.size() == 0 || proof.verify(&view.root(), &theirs.root()).is_ok() {
        return Err(ExtendError::WrongLines);
    }
    let sentence = format!(
        "The hub's ledger of {} lines does not continue the {} lines it had signed before.",
        theirs.size(),
        view.size()
    );
    Ok(Some(found(shown, Contradiction::Fork, sentence, None)))
}

fn found(shown: Shown<'_>, kind: Contradiction, sentence: String, our_root: Option<Hash>) -> Found {
    let evidence = Evidence {
        kind: kind.word(),
        sentence: sentence.clone(),
        exchange: shown.exchange,
        hub_key: shown.log.to_string(),
        ours: shown.ours.map(ToString::to_string),
        our_root_at_their_size: our_root,
        theirs: shown.theirs.to_string(),
        proof: shown.proof.to_vec(),
        found_at: shown.now,
    };
    Found { kind, sentence, evidence }
}

#[cfg(test)]
mod tests;
