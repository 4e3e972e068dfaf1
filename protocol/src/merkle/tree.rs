//! A hash tree in memory that grows by one leaf at a time and makes proofs for every size it ever had.

use super::{ConsistencyProof, InclusionProof, MerkleError, empty_root, node_hash};
use crate::hash::Hash;

/// The hashes of all complete subtrees.
///
/// `levels[k][i]` is the hash of the 2^k leaves from `i * 2^k` on. A complete subtree never changes again, so
/// nothing is ever computed twice: appending costs two hashes on average, a root or a proof at most a few dozen.
/// The memory is 64 bytes a leaf: 64 MB for a million lines, which a region writes in decades. What is kept on
/// disk are the lines, or the leaf hashes; the rest is built again at start in under a second.
#[derive(Clone, Debug, Default)]
pub struct MemoryTree {
    levels: Vec<Vec<Hash>>,
}

impl MemoryTree {
    /// A tree without leaves.
    #[must_use]
    pub const fn new() -> Self {
        Self { levels: Vec::new() }
    }

    /// How many leaves there are.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// Adds a leaf by its hash (see [`super::leaf_hash`]) and returns its index.
    pub fn append(&mut self, leaf: Hash) -> u64 {
        let index = self.size();
        let (mut hash, mut position) = (leaf, index);
        for level in 0.. {
            if level == self.levels.len() {
                self.levels.push(Vec::new());
            }
            let row = &mut self.levels[level];
            row.push(hash);
            if position & 1 == 0 {
                break;
            }
            // An odd position completes a pair, which is a subtree of the next level.
            hash = node_hash(&row[row.len() - 2], &hash);
            position >>= 1;
        }
        index
    }

    /// Forgets all leaves from `size` on, as when a transaction that wrote lines was rolled back.
    pub fn truncate(&mut self, size: u64) {
        for (level, row) in self.levels.iter_mut().enumerate() {
            // Fewer leaves than `usize` can count are in memory, so a larger `size` just keeps everything.
            row.truncate(usize::try_from(size >> level).unwrap_or(usize::MAX));
        }
        self.levels.retain(|row| !row.is_empty());
    }

    /// The hash of one leaf.
    #[must_use]
    pub fn leaf(&self, index: u64) -> Option<Hash> {
        self.levels.first()?.get(usize::try_from(index).ok()?).copied()
    }

    /// The root of the whole tree.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.range(0, self.size())
    }

    /// The root the tree had at an earlier size.
    ///
    /// # Errors
    /// [`MerkleError::SizeBeyondTree`].
    pub fn root_at(&self, size: u64) -> Result<Hash, MerkleError> {
        self.check_size(size)?;
        Ok(self.range(0, size))
    }

    /// The proof that leaf `index` is in the tree of `size` leaves (RFC 9162, section 2.1.3.1).
    ///
    /// # Errors
    /// If the tree is smaller than `size`, or `size` does not reach beyond the leaf.
    pub fn inclusion_proof(&self, index: u64, size: u64) -> Result<InclusionProof, MerkleError> {
        self.check_size(size)?;
        if index >= size {
            return Err(MerkleError::IndexBeyondSize { index, size });
        }
        // From the root down to the leaf, keeping the half the leaf is not in.
        let mut path = Vec::new();
        let (mut start, mut end) = (0, size);
        while end - start > 1 {
            let middle = start + split(end - start);
            if index < middle {
                path.push(self.range(middle, end));
                end = middle;
            } else {
                path.push(self.range(start, middle));
                start = middle;
            }
        }
        path.reverse();
        Ok(InclusionProof { size, index, path })
    }

    /// The proof that the tree of `new` leaves continues the one of `old` leaves (RFC 9162, section 2.1.4.1).
    ///
    /// # Errors
    /// If the tree is smaller than `new`, or `new` than `old`.
    pub fn consistency_proof(&self, old: u64, new: u64) -> Result<ConsistencyProof, MerkleError> {
        self.check_size(new)?;
        if old > new {
            return Err(MerkleError::Shrunk { old, new });
        }
        let mut path = Vec::new();
        let (mut start, mut end) = (0, new);
        if old > 0 {
            // Down along the right edge of the old tree, until a subtree ends where the old tree ended.
            while end != old {
                let middle = start + split(end - start);
                if old <= middle {
                    path.push(self.range(middle, end));
                    end = middle;
                } else {
                    path.push(self.range(start, middle));
                    start = middle;
                }
            }
            // The old root itself is known to whoever checks.
            if start > 0 {
                path.push(self.range(start, end));
            }
        }
        path.reverse();
        Ok(ConsistencyProof { old, new, path })
    }

    fn check_size(&self, size: u64) -> Result<(), MerkleError> {
        let length = self.size();
        if size > length { Err(MerkleError::SizeBeyondTree { size, length }) } else { Ok(()) }
    }

    /// The hash over the leaves `start..end`, all of which exist, where `start` is a multiple of a power of two
    /// not smaller than `end - start`: the ranges that splitting a tree leads to.
    ///
    /// The binary digits of the length say which complete subtrees it consists of, the largest to the left.
    fn range(&self, start: u64, end: u64) -> Hash {
        let mut rest = end - start;
        let mut hash: Option<Hash> = None;
        while rest > 0 {
            let level = rest.trailing_zeros();
            rest -= 1 << level;
            let subtree = &self.levels[level as usize][((start + rest) >> level) as usize];
            hash = Some(hash.map_or(*subtree, |right| node_hash(subtree, &right)));
        }
        hash.unwrap_or_else(empty_root)
    }
}

impl FromIterator<Hash> for MemoryTree {
    /// A tree of leaf hashes in order.
    fn from_iter<I: IntoIterator<Item = Hash>>(leaves: I) -> Self {
        let mut tree = Self::new();
        for leaf in leaves {
            tree.append(leaf);
        }
        tree
    }
}

/// Where a tree of at least two leaves divides: the largest power of two smaller than its size.
const fn split(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}
