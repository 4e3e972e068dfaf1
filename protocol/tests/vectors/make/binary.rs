//! Plain CBOR and tree proofs.

use data_encoding::HEXLOWER;
use vrs_protocol::codec::to_bytes;
use vrs_protocol::hash::Hash;
use vrs_protocol::merkle::{ConsistencyProof, InclusionProof, MemoryTree, empty_root, leaf_hash, node_hash};

use super::Folder;

pub(super) fn codec(folder: &mut Folder<'_>) {
    for (name, expected, hex) in [
        ("ok_smallest", "ok", "a200000180"),
        ("ok_all_fields", "ok", "a40017018218181903e802626f6b034100"),
        ("ok_largest_integer", "ok", "a2001bffffffffffffffff0180"),
        ("ok_longest", "ok", &format!("a300000180035838{}", "00".repeat(56))),
        ("bad_empty", "Truncated", ""),
        ("bad_truncated", "Truncated", "a2000001"),
        ("bad_trailing_byte", "TrailingBytes(1)", "a20000018000"),
        ("bad_two_values", "TrailingBytes(5)", "a200000180a200000180"),
        ("bad_too_large", "TooLarge { length: 65, max: 64 }", &format!("a300000180035839{}", "00".repeat(57))),
        ("bad_integer_not_shortest", "NotDeterministic(2)", "a20018000180"),
        ("bad_integer_in_eight_bytes", "NotDeterministic(2)", "a2001b00000000000000170180"),
        ("bad_list_length_not_shortest", "NotDeterministic(4)", "a20000019800"),
        ("bad_map_length_not_shortest", "NotDeterministic(0)", "b80200000180"),
        ("bad_text_length_not_shortest", "NotDeterministic(6)", "a30000018002780161"),
        ("bad_bytes_length_not_shortest", "NotDeterministic(6)", "a30000018003580100"),
        ("bad_key_not_shortest", "NotDeterministic(1)", "a21800000180"),
        ("bad_keys_not_sorted", "NotDeterministic(1)", "a201800000"),
        ("bad_key_twice", "NotDeterministic(0)", "a3000000000180"),
        ("bad_key_unknown", "NotDeterministic(0)", "a3000001800400"),
        ("bad_key_negative", "NotDeterministic(0)", "a3000001802000"),
        ("bad_field_missing", "Malformed", "a10000"),
        ("bad_absent_field_as_null", "NotDeterministic(0)", "a30000018002f6"),
        ("bad_map_indefinite", "NotDeterministic(0)", "bf00000180ff"),
        ("bad_list_indefinite", "NotDeterministic(4)", "a20000019fff"),
        ("bad_text_indefinite", "Malformed", "a300000180027f6161ff"),
        ("bad_bytes_indefinite", "Malformed", "a300000180035f4100ff"),
        ("bad_text_not_utf8", "Malformed", "a3000001800261ff"),
        ("bad_type_text_for_integer", "Malformed", "a200600180"),
        ("bad_type_float_for_integer", "Malformed", "a200f900000180"),
        ("bad_type_negative_integer", "Malformed", "a200200180"),
        ("bad_type_list_for_map", "Malformed", "820080"),
        ("bad_type_list_for_bytes", "Malformed", "a30000018003811800"),
        ("bad_tagged_integer", "Malformed", "a200c1000180"),
        ("bad_reserved_additional_information", "Malformed", "a2001c0180"),
        ("bad_announced_list_of_2_to_the_60", "Truncated", "a20000019b1000000000000000"),
        ("bad_announced_bytes_of_2_to_the_60", "Truncated", "a300000180035b1000000000000000"),
        ("bad_announced_map_of_2_to_the_60", "Truncated", "bb100000000000000000000180"),
        ("bad_deep_nest_in_unknown_field", "Truncated", &format!("a30000018009{}", "81".repeat(50))),
    ] {
        let bytes = HEXLOWER.decode(hex.as_bytes()).unwrap();
        folder.hex(name, expected, &[], &bytes);
    }
}

fn leaf(index: u64) -> Hash {
    leaf_hash(format!("line {index}").as_bytes())
}

fn tree(size: u64) -> MemoryTree {
    (0..size).map(leaf).collect()
}

pub(super) fn merkle(folder: &mut Folder<'_>) {
    inclusion(folder);
    consistency(folder);
}

fn inclusion(folder: &mut Folder<'_>) {
    let mut add = |name: &str, expected: &str, leaf: Hash, root: Hash, bytes: &[u8]| {
        let values = [("leaf", leaf.to_string()), ("root", root.to_string())];
        folder.hex(name, expected, &values, bytes);
    };
    for (index, size) in [(0, 1), (1, 2), (17, 20), (63, 64), (64, 65), (0, 100)] {
        let proof = to_bytes(&tree(size).inclusion_proof(index, size).unwrap());
        add(&format!("ok_inclusion_{index}_of_{size}"), "ok", leaf(index), tree(size).root(), &proof);
    }
    let tree = tree(20);
    let (good, root) = (tree.inclusion_proof(17, 20).unwrap(), tree.root());
    let mut flawed = |name: &str, expected: &str, change: &dyn Fn(&mut InclusionProof)| {
        let mut proof = good.clone();
        change(&mut proof);
        add(&format!("bad_inclusion_{name}"), expected, leaf(17), root, &to_bytes(&proof));
    };
    flawed("path_short", "PathTooShort", &|p| p.path.truncate(p.path.len() - 1));
    flawed("path_empty", "PathTooShort", &|p| p.path.clear());
    flawed("path_long", "PathTooLong", &|p| p.path.push(root));
    flawed("path_of_a_hundred", "PathTooLong", &|p| p.path = vec![root; 100]);
    flawed("path_reversed", "RootMismatch", &|p| p.path.reverse());
    flawed("path_one_bit_changed", "RootMismatch", &|p| p.path[1].0[31] ^= 1);
    flawed("index_of_neighbour", "RootMismatch", &|p| p.index = 16);
    flawed("index_equals_size", "IndexBeyondSize { index: 20, size: 20 }", &|p| p.index = 20);
    flawed("index_largest", "IndexBeyondSize { index: 18446744073709551615, size: 20 }", &|p| p.index = u64::MAX);
    flawed("size_zero", "IndexBeyondSize { index: 17, size: 0 }", &|p| p.size = 0);
    flawed("size_larger", "PathTooShort", &|p| p.size = 40);
    flawed("size_largest", "PathTooShort", &|p| p.size = u64::MAX);
    let bytes = to_bytes(&good);
    add("bad_inclusion_other_leaf", "RootMismatch", leaf(16), root, &bytes);
    add("bad_inclusion_other_root", "RootMismatch", leaf(17), empty_root(), &bytes);
    add("bad_inclusion_trailing_byte", "TrailingBytes(1)", leaf(17), root, &[&bytes[..], &[0]].concat());
    add("bad_inclusion_truncated", "Truncated", leaf(17), root, &bytes[..bytes.len() - 1]);
    let head = [0x83, 0x14, 0x11];
    add(
        "bad_inclusion_hash_of_31_bytes",
        "Malformed",
        leaf(17),
        root,
        &[&head[..], &[0x81, 0x58, 31], &[0; 31]].concat(),
    );
    add("bad_inclusion_path_indefinite", "NotDeterministic(3)", leaf(17), root, &[&head[..], &[0x9f, 0xff]].concat());
    add("bad_inclusion_announced_path", "Truncated", leaf(17), root, &[&head[..], &[0x9b], &[0x10; 8]].concat());
    // The two hashes below an inner node, presented as if they were a leaf.
    let (left, right) = (leaf(0), leaf(1));
    let pair = [left.0, right.0].concat();
    let of_four = (0..4).map(leaf).collect::<MemoryTree>();
    let shorter = InclusionProof { size: 2, index: 0, path: vec![node_hash(&leaf(2), &leaf(3))] };
    let fake = leaf_hash(&pair);
    add("bad_inclusion_inner_node_as_leaf", "RootMismatch", fake, of_four.root(), &to_bytes(&shorter));
}

fn consistency(folder: &mut Folder<'_>) {
    let mut add = |name: &str, expected: &str, old: Hash, new: Hash, bytes: &[u8]| {
        folder.hex(name, expected, &[("old", old.to_string()), ("new", new.to_string())], bytes);
    };
    let long = tree(100);
    for (old, new) in [(0, 5), (1, 2), (5, 5), (6, 8), (8, 9), (64, 100), (65, 100)] {
        let proof = to_bytes(&long.consistency_proof(old, new).unwrap());
        let (old_root, new_root) = (long.root_at(old).unwrap(), long.root_at(new).unwrap());
        add(&format!("ok_consistency_{old}_to_{new}"), "ok", old_root, new_root, &proof);
    }
    let (good, old, new) = (long.consistency_proof(6, 20).unwrap(), tree(6).root(), tree(20).root());
    let mut flawed = |name: &str, expected: &str, change: &dyn Fn(&mut ConsistencyProof)| {
        let mut proof = good.clone();
        change(&mut proof);
        add(&format!("bad_consistency_{name}"), expected, old, new, &to_bytes(&proof));
    };
    flawed("path_short", "PathTooShort", &|p| p.path.truncate(p.path.len() - 1));
    flawed("path_empty", "PathTooShort", &|p| p.path.clear());
    flawed("path_long", "PathTooLong", &|p| p.path.push(new));
    flawed("first_hash_changed", "OldRootMismatch", &|p| p.path[0].0[0] ^= 1);
    flawed("last_hash_changed", "RootMismatch", &|p| p.path.last_mut().unwrap().0[0] ^= 1);
    flawed("old_size_other", "PathTooShort", &|p| p.old = 5);
    flawed("old_size_zero_with_path", "PathTooLong", &|p| p.old = 0);
    flawed("sizes_equal_with_path", "PathTooLong", &|p| p.old = 20);
    flawed("shrunk", "Shrunk { old: 6, new: 5 }", &|p| p.new = 5);
    flawed("new_size_largest", "PathTooShort", &|p| p.new = u64::MAX);
    let bytes = to_bytes(&good);
    let changed: MemoryTree = (0..20).map(|index| if index == 3 { leaf(99) } else { leaf(index) }).collect();
    let rewritten = to_bytes(&changed.consistency_proof(6, 20).unwrap());
    add("bad_consistency_history_rewritten", "OldRootMismatch", old, changed.root(), &rewritten);
    add("bad_consistency_other_new_root", "RootMismatch", old, changed.root(), &bytes);
    // A complete old tree is itself the first hash, so a false old root shows in the new one.
    let complete = to_bytes(&long.consistency_proof(8, 9).unwrap());
    add("bad_consistency_other_old_root_of_a_complete_tree", "RootMismatch", old, tree(9).root(), &complete);
    let nothing = |old, new| to_bytes(&ConsistencyProof { old, new, path: vec![] });
    add("bad_consistency_zero_from_another_root", "OldRootMismatch", old, new, &nothing(0, 20));
    add("bad_consistency_equal_sizes_two_roots", "RootMismatch", changed.root(), new, &nothing(20, 20));
    add("bad_consistency_trailing_byte", "TrailingBytes(1)", old, new, &[&bytes[..], &[0]].concat());
    add(
        "bad_consistency_size_not_shortest",
        "NotDeterministic(1)",
        old,
        new,
        &[&[0x83, 0x18, 6], &bytes[2..]].concat(),
    );
}
