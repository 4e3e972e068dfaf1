//! Checkpoints: the hub's signed word that its ledger has a size and a root (C2SP tlog-checkpoint), and the
//! cosignatures of those who compared it with what they had seen before (C2SP tlog-cosignature, v1).
//!
//! ```text
//! origin
//! size
//! base64(root)
//!
//! — origin base64(key hash ‖ signature)
//! — witness base64(key hash ‖ time, 8 bytes ‖ signature)
//! ```
//!
//! Extension lines are refused: nobody could check them. The name of the log's key is the origin, so one line
//! says which ledger it is and who signs for it.
//!
//! Not here: whether one checkpoint continues another ([`crate::merkle::ConsistencyProof`]), and how many
//! cosignatures are enough, which the Charter says.

use std::fmt;
use std::str::FromStr;

use data_encoding::BASE64;

use crate::hash::Hash;
use crate::note::{NoteError, SignatureLine, SignatureType, SignedNote, VerifierKey, check_name};
use crate::statement::SigningKey;
use crate::time::Timestamp;

/// Why a text is not a checkpoint, or not signed as it must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CheckpointError {
    /// The note around it is not one, or not signed by the key in question.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The text has fewer than three lines.
    #[error("a checkpoint has an origin, a size and a root")]
    LineMissing,
    /// The text has more than three lines.
    #[error("extension lines are not accepted: nobody could check them")]
    ExtensionLine,
    /// The origin is not a single word.
    #[error("the origin is not a single word without a plus sign")]
    MalformedOrigin,
    /// The size is not a decimal number without leading zeroes, or beyond 64 bits.
    #[error("the size is not a decimal number without leading zeroes")]
    MalformedSize,
    /// The root is not 32 bytes in base64.
    #[error("the root is not 32 bytes in base64")]
    MalformedRoot,
    /// The checkpoint is of another ledger than the key signs for.
    #[error("the origin is not the name of the key")]
    OtherOrigin,
    /// The key is of the type that the question is not about: log keys sign, witness keys cosign.
    #[error("the key has another type of signature")]
    OtherSignatureType,
    /// The time of a cosignature lies beyond the year 9999.
    #[error("the time of the cosignature is out of range")]
    TimeOutOfRange,
}

/// The size and the root of one ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
}

impl Checkpoint {
    /// States a size and a root.
    ///
    /// # Errors
    /// [`CheckpointError::MalformedOrigin`].
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, CheckpointError> {
        check_name(origin).map_err(|_| CheckpointError::MalformedOrigin)?;
        Ok(Self { origin: origin.to_owned(), size, root })
    }

    /// Which ledger.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// How many lines it has.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root of the tree of these lines.
    #[must_use]
    pub const fn root(&self) -> Hash {
        self.root
    }

    /// Signs as the log, under the origin as name.
    ///
    /// # Errors
    /// None for a checkpoint that exists; the note's bounds are wider than a checkpoint.
    pub fn sign(&self, key: &SigningKey) -> Result<SignedCheckpoint, CheckpointError> {
        let note = SignedNote::sign(&self.to_string(), &self.origin, key)?;
        Ok(SignedCheckpoint { checkpoint: self.clone(), note })
    }

    /// Cosigns as a witness. The caller has verified that this checkpoint continues the last one it cosigned, and
    /// has stored it durably: an answer before that could be given twice for two histories.
    ///
    /// # Errors
    /// If the name cannot stand in a note or the time is beyond the year 9999.
    pub fn cosign(&self, name: &str, key: &SigningKey, at: Timestamp) -> Result<SignatureLine, CheckpointError> {
        if at > Timestamp::MAX {
            return Err(CheckpointError::TimeOutOfRange);
        }
        let mut signature = at.0.to_be_bytes().to_vec();
        signature.extend(key.sign(self.cosigned_text(at).as_bytes()));
        Ok(SignatureLine::new(name, SignatureType::CosignatureV1, &key.public(), signature)?)
    }

    /// Checks a cosignature line against the key it must be by, and says when it was given.
    ///
    /// # Errors
    /// If the line is not by this key, or does not verify.
    pub fn verify_cosignature(&self, line: &SignatureLine, key: &VerifierKey) -> Result<Timestamp, CheckpointError> {
        if key.signature_type() != SignatureType::CosignatureV1 {
            return Err(CheckpointError::OtherSignatureType);
        }
        if !key.is_named_by(line) {
            return Err(NoteError::NotSigned.into());
        }
        let (time, signature) = line.signature().split_first_chunk::<8>().ok_or(NoteError::BadSignature)?;
        let signature = signature.try_into().map_err(|_| NoteError::BadSignature)?;
        let at = Timestamp(u64::from_be_bytes(*time));
        if at > Timestamp::MAX {
            return Err(CheckpointError::TimeOutOfRange);
        }
        key.key().verify(self.cosigned_text(at).as_bytes(), signature).map_err(|_| NoteError::BadSignature)?;
        Ok(at)
    }

    /// What a cosignature is over. The first line keeps it apart from everything else the key may sign.
    fn cosigned_text(&self, at: Timestamp) -> String {
        format!("cosignature/v1\ntime {}\n{self}", at.0)
    }
}

impl fmt::Display for Checkpoint {
    /// The three lines, each with its end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, BASE64.encode(&self.root.0))
    }
}

impl FromStr for Checkpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let mut lines = text.split('\n');
        let (Some(origin), Some(size), Some(root), Some(rest)) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(CheckpointError::LineMissing);
        };
        if !rest.is_empty() || lines.next().is_some() {
            return Err(CheckpointError::ExtensionLine);
        }
        Self::new(origin, parse_size(size)?, parse_root(root)?)
    }
}

fn parse_size(text: &str) -> Result<u64, CheckpointError> {
    let size: u64 = text.parse().map_err(|_| CheckpointError::MalformedSize)?;
    // `parse` also takes "+7" and "007".
    if size.to_string() == text { Ok(size) } else { Err(CheckpointError::MalformedSize) }
}

fn parse_root(text: &str) -> Result<Hash, CheckpointError> {
    if text.len() != 44 {
        return Err(CheckpointError::MalformedRoot);
    }
    let bytes = BASE64.decode(text.as_bytes()).map_err(|_| CheckpointError::MalformedRoot)?;
    Hash::try_from(bytes.as_slice()).map_err(|_| CheckpointError::MalformedRoot)
}

/// A checkpoint with its signatures. Reading checks the form; the signatures are asked about with keys from
/// elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: SignedNote,
}

impl SignedCheckpoint {
    /// What is signed.
    #[must_use]
    pub const fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note, with all its signature lines.
    #[must_use]
    pub const fn note(&self) -> &SignedNote {
        &self.note
    }

    /// Checks the log's own signature.
    ///
    /// # Errors
    /// If it is another ledger's, not signed by the key, or the signature does not verify.
    pub fn verify(&self, log: &VerifierKey) -> Result<(), CheckpointError> {
        if log.name() != self.checkpoint.origin {
            return Err(CheckpointError::OtherOrigin);
        }
        if log.signature_type() != SignatureType::Ed25519 {
            return Err(CheckpointError::OtherSignatureType);
        }
        Ok(self.note.verify(log)?)
    }

    /// When a witness last cosigned this checkpoint. Where several lines name it, all must verify.
    ///
    /// # Errors
    /// If it did not cosign, or a line in its name does not verify.
    pub fn cosigned_at(&self, witness: &VerifierKey) -> Result<Timestamp, CheckpointError> {
        let mut latest = None;
        for line in self.note.lines().iter().filter(|line| witness.is_named_by(line)) {
            latest = latest.max(Some(self.checkpoint.verify_cosignature(line, witness)?));
        }
        latest.ok_or_else(|| NoteError::NotSigned.into())
    }

    /// Adds a cosignature line, after checking it, in the place of an earlier one by the same witness, so that
    /// a checkpoint that is cosigned again and again does not grow.
    ///
    /// # Errors
    /// If the line does not verify, or the note would become too long.
    pub fn add_cosignature(&mut self, line: SignatureLine, witness: &VerifierKey) -> Result<(), CheckpointError> {
        self.checkpoint.verify_cosignature(&line, witness)?;
        Ok(self.note.replace(line, witness)?)
    }
}

impl fmt::Display for SignedCheckpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.note.fmt(f)
    }
}

impl FromStr for SignedCheckpoint {
    type Err = CheckpointError;

    fn from_str(text: &str) -> Result<Self, CheckpointError> {
        let note: SignedNote = text.parse()?;
        Ok(Self { checkpoint: note.text().parse()?, note })
    }
}

#[cfg(test)]
mod tests;
