//! The ledger's hash tree: RFC 9162, section 2.1, with SHA-256.
//!
//! A root and a size fix every line before them. Two short proofs follow from that: that a line is in the tree
//! ([`InclusionProof`]), and that a later tree only added to an earlier one ([`ConsistencyProof`]). Whoever checks
//! one needs the proof and the roots, not the tree. The proofs are written in CBOR as RFC 9942 writes them.
//!
//! - `tree`: [`MemoryTree`], which grows and makes proofs;
//! - here: the two hashes, the proofs, and how they are checked.
//!
//! Not here: who vouches for a root. That is [`crate::checkpoint`].

mod tree;

pub use tree::MemoryTree;

use crate::hash::Hash;

/// The longest path: a tree of 2^64 lines is 64 levels high, and a consistency proof has one hash more.
pub const PATH_HASHES_MAX: usize = 65;

/// Why a proof proves nothing, or cannot be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MerkleError {
    /// The tree has fewer leaves than were asked about.
    #[error("the tree has {length} leaves, not {size}")]
    SizeBeyondTree {
        /// The size asked about.
        size: u64,
        /// How many leaves there are.
        length: u64,
    },
    /// The leaf lies beyond the size of the tree.
    #[error("leaf {index} is not in a tree of size {size}")]
    IndexBeyondSize {
        /// The leaf.
        index: u64,
        /// The size.
        size: u64,
    },
    /// The later size is smaller than the earlier one.
    #[error("a tree of size {new} does not continue one of size {old}")]
    Shrunk {
        /// The earlier size.
        old: u64,
        /// The later size.
        new: u64,
    },
    /// The path has fewer hashes than the sizes demand.
    #[error("the path is too short")]
    PathTooShort,
    /// The path has more hashes than the sizes demand.
    #[error("the path is too long")]
    PathTooLong,
    /// The path leads to another root.
    #[error("the path does not lead to the root")]
    RootMismatch,
    /// The path does not lead to the earlier root: what came before was changed.
    #[error("the path does not lead to the earlier root")]
    OldRootMismatch,
}

/// The hash of a leaf: SHA-256 of a zero byte and the leaf. The byte keeps leaves and inner nodes apart; without
/// it, a leaf could be passed off as a whole subtree.
#[must_use]
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    Hash::of_parts(&[&[0], leaf])
}

/// The hash of an inner node: SHA-256 of a one byte and the two hashes below.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    // One piece in one place: this is the innermost step of everything here.
    let mut node = [1; 65];
    node[1..33].copy_from_slice(&left.0);
    node[33..].copy_from_slice(&right.0);
    Hash::of(&node)
}

/// The root of the tree without leaves: SHA-256 of nothing.
#[must_use]
pub fn empty_root() -> Hash {
    Hash::of(&[])
}

/// That one leaf is in the tree of one size.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct InclusionProof {
    /// The size of the tree.
    #[n(0)]
    pub size: u64,
    /// Which leaf, counted from zero.
    #[n(1)]
    pub index: u64,
    /// The hashes beside the way from the leaf up to the root.
    #[n(2)]
    pub path: Vec<Hash>,
}

impl InclusionProof {
    /// The root this proof leads to from a leaf's hash (RFC 9162, section 2.1.3.2).
    ///
    /// # Errors
    /// If the path does not fit the index and the size.
    pub fn root(&self, leaf: &Hash) -> Result<Hash, MerkleError> {
        if self.index >= self.size {
            return Err(MerkleError::IndexBeyondSize { index: self.index, size: self.size });
        }
        let mut node = self.index;
        let mut last = self.size - 1;
        let mut root = *leaf;
        for beside in &self.path {
            if last == 0 {
                return Err(MerkleError::PathTooLong);
            }
            if node & 1 == 1 || node == last {
                root = node_hash(beside, &root);
                skip_lonely_levels(&mut node, &mut last);
            } else {
                root = node_hash(&root, beside);
            }
            node >>= 1;
            last >>= 1;
        }
        if last == 0 { Ok(root) } else { Err(MerkleError::PathTooShort) }
    }

    /// Checks that the leaf with this hash is in the tree with this root.
    ///
    /// # Errors
    /// If it is not, or the proof does not fit.
    pub fn verify(&self, leaf: &Hash, root: &Hash) -> Result<(), MerkleError> {
        if self.root(leaf)? == *root { Ok(()) } else { Err(MerkleError::RootMismatch) }
    }
}

/// That the tree of a later size begins with the leaves of the tree of an earlier size.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct ConsistencyProof {
    /// The earlier size.
    #[n(0)]
    pub old: u64,
    /// The later size.
    #[n(1)]
    pub new: u64,
    /// The hashes from which both roots can be computed. Empty where the sizes are equal or the earlier is zero.
    #[n(2)]
    pub path: Vec<Hash>,
}

impl ConsistencyProof {
    /// Checks that the tree with the new root continues the one with the old root (RFC 9162, section 2.1.4.2).
    ///
    /// # Errors
    /// If it does not, or the proof does not fit.
    pub fn verify(&self, old_root: &Hash, new_root: &Hash) -> Result<(), MerkleError> {
        if self.old > self.new {
            return Err(MerkleError::Shrunk { old: self.old, new: self.new });
        }
        // Two cases outside the RFC's procedure: nothing was added, or there was nothing before.
        if self.old == self.new || self.old == 0 {
            return self.verify_without_path(old_root, new_root);
        }
        let mut path = self.path.iter();
        // Where the old tree is complete, its root is itself the first hash and not repeated in the path.
        let first = if self.old.is_power_of_two() { Some(old_root) } else { path.next() };
        let mut from_old = *first.ok_or(MerkleError::PathTooShort)?;
        let mut from_new = from_old;
        let mut node = self.old - 1;
        let mut last = self.new - 1;
        let complete = node.trailing_ones();
        node >>= complete;
        last >>= complete;
        for beside in path {
            if last == 0 {
                return Err(MerkleError::PathTooLong);
            }
            if node & 1 == 1 || node == last {
                from_old = node_hash(beside, &from_old);
                from_new = node_hash(beside, &from_new);
                skip_lonely_levels(&mut node, &mut last);
            } else {
                from_new = node_hash(&from_new, beside);
            }
            node >>= 1;
            last >>= 1;
        }
        if last != 0 {
            return Err(MerkleError::PathTooShort);
        }
        if from_old != *old_root {
            return Err(MerkleError::OldRootMismatch);
        }
        if from_new == *new_root { Ok(()) } else { Err(MerkleError::RootMismatch) }
    }

    fn verify_without_path(&self, old_root: &Hash, new_root: &Hash) -> Result<(), MerkleError> {
        if !self.path.is_empty() {
            return Err(MerkleError::PathTooLong);
        }
        if self.old == 0 && *old_root != empty_root() {
            return Err(MerkleError::OldRootMismatch);
        }
        if self.old == self.new && old_root != new_root { Err(MerkleError::RootMismatch) } else { Ok(()) }
    }
}

/// At the right edge a node may have nobody beside it for some levels; there it rises without a hash.
fn skip_lonely_levels(node: &mut u64, last: &mut u64) {
    while *node & 1 == 0 && *node != 0 {
        *node >>= 1;
        *last >>= 1;
    }
}

#[cfg(test)]
mod tests;
