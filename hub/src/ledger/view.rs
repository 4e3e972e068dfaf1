//! What readers see: the region after all lines that are durable, and the checkpoint over them.

use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::checkpoint::SignedCheckpoint;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::LineIndex;
use vrs_protocol::merkle::{MemoryTree, MerkleError};
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::{Judged, Region};

/// The region, its tree and its checkpoint, all of the same size.
#[derive(Debug, Clone)]
pub struct View {
    region: Region,
    /// May hold leaves beyond the region's size while a transaction is being committed. Proofs are made for the size of
    /// the checkpoint, so nobody sees them.
    tree: MemoryTree,
    checkpoint: Option<SignedCheckpoint>,
}

/// The proof that lines stand in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// A checkpoint that covers them, as signed note.
    pub checkpoint: String,
    /// An inclusion path for each, in the checkpoint's tree.
    pub paths: Vec<Vec<Hash>>,
}

impl View {
    /// Before the first line.
    pub(super) fn empty() -> Self {
        Self { region: Region::empty(Catalogue::bundled()), tree: MemoryTree::new(), checkpoint: None }
    }

    /// What follows from the lines.
    pub const fn region(&self) -> &Region {
        &self.region
    }
    /// How many lines there are.
    pub const fn size(&self) -> u64 {
        self.region.size()
    }
    /// Root of the tree of these lines.
    pub fn root(&self) -> Hash {
        // The tree is never smaller than the region.
        self.tree.root_at(self.size()).unwrap_or(Hash::ZERO)
    }
    /// The checkpoint over all lines; `None` before the first.
    pub const fn checkpoint(&self) -> Option<&SignedCheckpoint> {
        self.checkpoint.as_ref()
    }

    /// The proof that lines stand in the ledger.
    ///
    /// # Errors
    /// [`Reason::NotFound`] for a line that does not.
    pub fn receipt(&self, lines: &[LineIndex]) -> Result<Receipt, Reason> {
        let checkpoint = self.checkpoint.as_ref().ok_or_else(|| Reason::NotFound("checkpoint yet".into()))?;
        let size = checkpoint.checkpoint().size();
        let paths = lines.iter().map(|line| self.inclusion(*line, size)).collect::<Result<_, _>>()?;
        Ok(Receipt { checkpoint: checkpoint.to_string(), paths })
    }

    /// The path that proves a line in the tree of a size the ledger had.
    ///
    /// # Errors
    /// [`Reason::NotFound`] where the ledger never was of that size, or the line lies beyond it.
    pub fn inclusion(&self, line: LineIndex, size: u64) -> Result<Vec<Hash>, Reason> {
        self.within(size)?;
        Ok(self.tree.inclusion_proof(line, size).map_err(not_found)?.path)
    }

    /// The path that proves that the ledger of now continues the one of an earlier size.
    ///
    /// # Errors
    /// [`Reason::NotFound`] where the ledger is not that large.
    pub fn consistency(&self, since: u64) -> Result<Vec<Hash>, Reason> {
        self.within(since)?;
        Ok(self.tree.consistency_proof(since, self.size()).map_err(not_found)?.path)
    }

    /// The root the ledger had at a size.
    ///
    /// # Errors
    /// [`Reason::NotFound`] where the ledger is not that large.
    pub fn root_at(&self, size: u64) -> Result<Hash, Reason> {
        self.within(size)?;
        self.tree.root_at(size).map_err(not_found)
    }

    fn within(&self, size: u64) -> Result<(), Reason> {
        if size <= self.size() {
            Ok(())
        } else {
            Err(Reason::NotFound(format!("ledger of {size} lines here; it has {}", self.size())))
        }
    }

    /// Root of the tree with these leaves added. The leaves stay, unseen, until [`View::commit`] or [`View::forget`].
    pub(super) fn extend(&mut self, leaves: &[Hash]) -> Hash {
        self.forget();
        for leaf in leaves {
            self.tree.append(*leaf);
        }
        self.tree.root()
    }

    /// Forgets leaves of lines that were not committed.
    pub(super) fn forget(&mut self) {
        self.tree.truncate(self.region.size());
    }

    /// Takes in lines that are durable and whose leaves were added before.
    pub(super) fn commit(&mut self, lines: impl IntoIterator<Item = Judged>, checkpoint: SignedCheckpoint) {
        lines.into_iter().for_each(|judged| self.region.apply(judged));
        self.checkpoint = Some(checkpoint);
    }

    /// Takes in a line that is durable already.
    pub(super) fn take(&mut self, bytes: &[u8], leaf: Hash) -> Result<(), Reason> {
        self.region.take(bytes)?;
        self.tree.append(leaf);
        Ok(())
    }

    /// The checkpoint over the lines taken in so far.
    pub(super) fn set_checkpoint(&mut self, checkpoint: SignedCheckpoint) {
        self.checkpoint = Some(checkpoint);
    }
}

fn not_found(error: MerkleError) -> Reason {
    Reason::NotFound(format!("such proof: {error}"))
}
