#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
use super::*;
use ct_merkle::mem_backed_tree::MemoryBackedTree;
use data_encoding::HEXLOWER;
use proptest::prelude::*;
use sha2::Sha256;

/// The leaves of the test tree that implementations of Certificate Transparency share, and its roots by size.
const LEAVES: [&str; 8] =
    ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

fn shared_tree() -> MemoryTree {
    LEAVES.iter().map(|hex| leaf_hash(&HEXLOWER.decode(hex.as_bytes()).unwrap())).collect()
}

fn hashes(hex: &[&str]) -> Vec<Hash> {
    hex.iter().map(|hex| hex.parse().unwrap()).collect()
}

fn counting_tree(size: u64) -> MemoryTree {
    (0..size).map(|n| leaf_hash(&n.to_be_bytes())).collect()
}

#[test]
fn the_shared_test_tree_has_the_known_roots() {
    let tree = shared_tree();
    for (size, root) in ROOTS.iter().enumerate() {
        assert_eq!(tree.root_at(size as u64).unwrap().to_string(), *root, "size {size}");
    }
    assert_eq!(tree.root().to_string(), ROOTS[8]);
}

#[test]
fn the_shared_test_tree_has_the_known_proofs() {
    let tree = shared_tree();
    assert_eq!(tree.inclusion_proof(0, 1).unwrap().path, []);
    assert_eq!(
        tree.inclusion_proof(0, 8).unwrap().path,
        hashes(&[
            "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
            "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
            "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
        ])
    );
    assert_eq!(
        tree.inclusion_proof(5, 8).unwrap().path,
        hashes(&[
            "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ])
    );
    assert_eq!(
        tree.consistency_proof(6, 8).unwrap().path,
        hashes(&[
            "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
            "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        ])
    );
    assert_eq!(tree.consistency_proof(1, 1).unwrap().path, []);
    assert_eq!(tree.consistency_proof(0, 8).unwrap().path, []);
}

#[test]
fn every_proof_of_small_trees_agrees_with_an_independent_implementation() {
    let mut theirs: MemoryBackedTree<Sha256, Vec<u8>> = MemoryBackedTree::new();
    let mut ours = MemoryTree::new();
    let mut roots = vec![empty_root()];
    for size in 1..=70u64 {
        theirs.push((size - 1).to_be_bytes().to_vec());
        assert_eq!(ours.append(leaf_hash(&(size - 1).to_be_bytes())), size - 1);
        assert_eq!(ours.root().0[..], theirs.root().as_bytes()[..]);
        roots.push(ours.root());
        for index in 0..size {
            let proof = ours.inclusion_proof(index, size).unwrap();
            let bytes: Vec<u8> = proof.path.iter().flat_map(|hash| hash.0).collect();
            assert_eq!(bytes, theirs.prove_inclusion(index as usize).as_bytes());
            assert_eq!(proof.verify(&ours.leaf(index).unwrap(), &roots[size as usize]), Ok(()));
        }
        for old in 1..=size {
            let proof = ours.consistency_proof(old, size).unwrap();
            let bytes: Vec<u8> = proof.path.iter().flat_map(|hash| hash.0).collect();
            assert_eq!(bytes, theirs.prove_consistency((size - old) as usize).as_bytes());
            assert_eq!(proof.verify(&roots[old as usize], &roots[size as usize]), Ok(()));
        }
    }
}

#[test]
fn a_tree_remembers_every_earlier_root_and_can_go_back() {
    let mut tree = counting_tree(100);
    for size in (0..=100).rev() {
        assert_eq!(tree.root_at(size), Ok(counting_tree(size).root()));
    }
    tree.truncate(37);
    assert_eq!(tree.size(), 37);
    assert_eq!(tree.root(), counting_tree(37).root());
    for n in 37..64u64 {
        tree.append(leaf_hash(&n.to_be_bytes()));
    }
    assert_eq!(tree.root(), counting_tree(64).root());
    tree.truncate(u64::MAX);
    assert_eq!(tree.size(), 64);
    tree.truncate(0);
    assert_eq!((tree.size(), tree.root()), (0, empty_root()));
}

#[test]
fn impossible_questions_are_answered_with_the_reason() {
    let tree = counting_tree(5);
    assert_eq!(tree.root_at(6), Err(MerkleError::SizeBeyondTree { size: 6, length: 5 }));
    assert_eq!(tree.inclusion_proof(5, 5), Err(MerkleError::IndexBeyondSize { index: 5, size: 5 }));
    assert_eq!(tree.inclusion_proof(0, 6), Err(MerkleError::SizeBeyondTree { size: 6, length: 5 }));
    assert_eq!(tree.consistency_proof(4, 3), Err(MerkleError::Shrunk { old: 4, new: 3 }));
    assert_eq!(tree.leaf(5), None);
}

#[test]
fn equal_and_empty_trees_need_no_path_and_accept_none() {
    let (root, other) = (counting_tree(3).root(), counting_tree(4).root());
    let proof = |old, new, path| ConsistencyProof { old, new, path };
    assert_eq!(proof(3, 3, vec![]).verify(&root, &root), Ok(()));
    assert_eq!(proof(3, 3, vec![]).verify(&root, &other), Err(MerkleError::RootMismatch));
    assert_eq!(proof(3, 3, vec![root]).verify(&root, &root), Err(MerkleError::PathTooLong));
    assert_eq!(proof(0, 3, vec![]).verify(&empty_root(), &root), Ok(()));
    assert_eq!(proof(0, 3, vec![]).verify(&other, &root), Err(MerkleError::OldRootMismatch));
    assert_eq!(proof(0, 0, vec![]).verify(&empty_root(), &empty_root()), Ok(()));
    assert_eq!(proof(4, 3, vec![]).verify(&other, &root), Err(MerkleError::Shrunk { old: 4, new: 3 }));
}

#[test]
fn hostile_numbers_and_paths_end_without_a_panic() {
    let leaf = leaf_hash(b"x");
    let long = vec![leaf; PATH_HASHES_MAX + 1];
    for (index, size) in [(0, 0), (u64::MAX, u64::MAX), (u64::MAX - 1, u64::MAX), (0, u64::MAX), (1 << 63, u64::MAX)] {
        for path in [vec![], vec![leaf], long.clone()] {
            let proof = InclusionProof { size, index, path };
            assert!(proof.verify(&leaf, &leaf).is_err());
        }
    }
    for (old, new) in [(1, u64::MAX), (u64::MAX - 1, u64::MAX), (1 << 63, u64::MAX), ((1 << 63) + 1, u64::MAX)] {
        for path in [vec![], vec![leaf], long.clone()] {
            assert!(ConsistencyProof { old, new, path }.verify(&leaf, &leaf).is_err());
        }
    }
}

proptest! {
    #[test]
    fn proofs_verify_and_changed_ones_do_not(size in 1..600u64, at in any::<u64>(), change in any::<usize>()) {
        let tree = counting_tree(size);
        let (index, old) = (at % size, at % size + 1);
        let leaf = tree.leaf(index).unwrap();

        let proof = tree.inclusion_proof(index, size).unwrap();
        prop_assert_eq!(proof.verify(&leaf, &tree.root()), Ok(()));
        prop_assert_eq!(crate::codec::decode_strict(&crate::codec::to_bytes(&proof)), Ok(proof.clone()));
        let other = InclusionProof { index: (index + 1) % size, ..proof.clone() };
        prop_assert!(size == 1 || other.verify(&leaf, &tree.root()).is_err());
        let mut longer = proof.clone();
        longer.path.push(leaf);
        prop_assert_eq!(longer.verify(&leaf, &tree.root()), Err(MerkleError::PathTooLong));
        if !proof.path.is_empty() {
            let mut shorter = proof.clone();
            shorter.path.pop();
            prop_assert_eq!(shorter.verify(&leaf, &tree.root()), Err(MerkleError::PathTooShort));
            let mut changed = proof.clone();
            let place = change % changed.path.len();
            changed.path[place].0[change % 32] ^= 1;
            prop_assert_eq!(changed.verify(&leaf, &tree.root()), Err(MerkleError::RootMismatch));
        }

        let old_root = tree.root_at(old).unwrap();
        let proof = tree.consistency_proof(old, size).unwrap();
        prop_assert_eq!(proof.verify(&old_root, &tree.root()), Ok(()));
        prop_assert_eq!(crate::codec::decode_strict(&crate::codec::to_bytes(&proof)), Ok(proof.clone()));
        prop_assert!(old == size || proof.verify(&leaf_hash(b"another history"), &tree.root()).is_err());
        if !proof.path.is_empty() {
            let mut changed = proof.clone();
            let place = change % changed.path.len();
            changed.path[place].0[change % 32] ^= 1;
            prop_assert!(changed.verify(&old_root, &tree.root()).is_err());
            let mut shorter = proof.clone();
            shorter.path.pop();
            prop_assert!(shorter.verify(&old_root, &tree.root()).is_err());
        }
    }
}
