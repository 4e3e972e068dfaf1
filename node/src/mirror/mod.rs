//! The mirror: this node's own copy of the region's ledger, every line of it judged.
//!
//! The rule it keeps: nothing the hub says about the ledger is believed unless it fits to what it has signed before. A
//! flawed line is kept, said and objected to; it changes nothing. Plain functions; lines are fetched by
//! [`crate::delivery`] and kept by [`crate::store`].
//!
//! - here: [`View`], the region as it follows from the lines;
//! - [`flaw`]: what can be found wrong;
//! - [`extend`]: does what the hub shows continue what we have;
//! - [`audit`]: the whole ledger once more, from the stored bytes.

pub mod audit;
pub mod extend;
pub mod flaw;

use std::collections::BTreeMap;

pub use flaw::{About, Broken, Contradiction, Flaw};
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::LineIndex;
use vrs_protocol::merkle::{MemoryTree, leaf_hash};
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::Region;

/// The region as it follows from the lines of its ledger, with the tree over them.
#[derive(Debug, Clone)]
pub struct View {
    region: Region,
    tree: MemoryTree,
    flaws: BTreeMap<LineIndex, Reason>,
}

impl View {
    /// The view of a ledger without a line.
    #[must_use]
    pub fn empty(catalogue: &'static Catalogue) -> Self {
        Self { region: Region::empty(catalogue), tree: MemoryTree::new(), flaws: BTreeMap::new() }
    }

    /// The view of these lines.
    #[must_use]
    pub fn of<'l>(catalogue: &'static Catalogue, lines: impl IntoIterator<Item = &'l [u8]>) -> Self {
        let mut view = Self::empty(catalogue);
        for line in lines {
            view.take(line);
        }
        view
    }

    /// Takes in the next line. A line that may not stand there keeps its place in the tree and changes nothing else; the
    /// answer says why.
    pub fn take(&mut self, line: &[u8]) -> Option<&Reason> {
        let index = self.tree.append(leaf_hash(line));
        match self.region.take(line) {
            Ok(()) => None,
            Err(reason) => {
                self.region.skip();
                self.flaws.insert(index, reason);
                self.flaws.get(&index)
            }
        }
    }

    /// How many lines there are.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.tree.size()
    }
    /// The root of the tree over them.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.tree.root()
    }
    /// What follows from them.
    #[must_use]
    pub const fn region(&self) -> &Region {
        &self.region
    }
    /// The tree over them.
    #[must_use]
    pub const fn tree(&self) -> &MemoryTree {
        &self.tree
    }
    /// Lines that may not stand where they stand, with the reason.
    #[must_use]
    pub const fn flaws(&self) -> &BTreeMap<LineIndex, Reason> {
        &self.flaws
    }
}
