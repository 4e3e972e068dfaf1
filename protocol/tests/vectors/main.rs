//! Walks `protocol/vectors`: every `ok_` file must decode, encode to the same bytes and verify; every `bad_` file
//! must be refused with the error on its first line. The form of the files is in `vectors/README.md`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// The crate touches no files; its vectors are files.
#![allow(clippy::disallowed_methods)]

mod check;
mod make;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

/// Our folders; a folder of another subject has a test of its own.
const FOLDERS: [&str; 6] = ["checkpoint", "codec", "merkle", "note", "receipt", "statement"];

/// All files, by folder and name.
fn files() -> BTreeMap<(String, String), String> {
    let mut files = BTreeMap::new();
    for folder in FOLDERS {
        for file in fs::read_dir(root().join(folder)).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            files.insert((folder.to_owned(), name), fs::read_to_string(&path).unwrap());
        }
    }
    files
}

#[test]
fn every_vector_is_judged_as_its_first_line_says() {
    let mut failures = Vec::new();
    for ((folder, name), content) in files() {
        let (expected, rest) = content.split_once('\n').expect("a first line");
        let outcome = match check::judge(&folder, &name, rest) {
            Ok(()) => "ok".to_owned(),
            Err(error) => error,
        };
        // A sentence of the decoder underneath may follow the name of the error.
        let matches = outcome.strip_prefix(expected).is_some_and(|rest| rest.is_empty() || rest.starts_with('('));
        if !matches || name.starts_with("ok_") != (expected == "ok") {
            failures.push(format!("{folder}/{name}: expected {expected}, got {outcome}"));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_files_are_those_that_are_made() {
    let made = make::all();
    let found = files();
    let names = |files: &BTreeMap<(String, String), String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&made), names(&found));
    for (name, content) in made {
        assert_eq!(content, found[&name], "{name:?}");
    }
}

#[test]
fn most_vectors_of_each_folder_are_bad() {
    let made = make::all();
    for folder in FOLDERS {
        let names: Vec<_> = made.keys().filter(|(of, _)| of == folder).map(|(_, name)| name).collect();
        let good = names.iter().filter(|name| name.starts_with("ok_")).count();
        assert!(good >= 2 && names.len() - good > 2 * good, "{folder}: {good} of {}", names.len());
    }
}

#[test]
#[ignore = "writes the vectors anew"]
fn write_the_vectors() {
    for folder in FOLDERS {
        let folder = root().join(folder);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
    }
    for ((folder, name), content) in make::all() {
        fs::write(root().join(folder).join(name), content).unwrap();
    }
}
