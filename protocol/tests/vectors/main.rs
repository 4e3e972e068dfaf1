//! Walks `protocol/vectors`: every `ok_` file must decode, encode to the same bytes and verify; every `bad_` file
//! must be refused with the error on its first line. The form of the files is in `vectors/README.md`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// The crate touches no files; its vectors are files.
#![allow(clippy::disallowed_methods)]

mod check;
mod make;
#[path = "../shared/mod.rs"]
mod shared;

use shared::files;

/// Our folders; a folder of another subject has a walker of its own.
const FOLDERS: [&str; 6] = ["checkpoint", "codec", "merkle", "note", "receipt", "statement"];

#[test]
fn every_vector_is_judged_as_its_first_line_says() {
    shared::compare_outcomes(files(&FOLDERS), check::judge);
}

#[test]
fn the_files_are_those_that_are_made() {
    shared::compare_files(&make::all(), &files(&FOLDERS));
}

#[test]
fn most_vectors_of_each_folder_are_bad() {
    shared::compare_counts(&make::all(), &FOLDERS);
}

#[test]
#[ignore = "writes the vectors anew"]
fn write_the_vectors() {
    shared::write(&FOLDERS, &make::all());
}
