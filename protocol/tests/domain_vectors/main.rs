//! Walks the vectors of our own formats and rules: periods, audiences, manifests, bodies, lines, charters, refusals,
//! whole small ledgers (`region`) and folders of evidence. The form of the files is in `vectors/README.md`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// The crate touches no files; its vectors are files.
#![allow(clippy::disallowed_methods)]

mod check;
mod evidence;
mod make;
#[path = "../shared/mod.rs"]
mod shared;

use shared::files;

/// Our folders, one case a file.
const FOLDERS: [&str; 8] = ["audience", "body", "charter", "line", "manifest", "period", "refusal", "region"];

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
fn every_number_of_a_refusal_that_a_ledger_can_earn_has_a_bad_ledger() {
    let made = make::all();
    let seen: std::collections::BTreeSet<u16> = made
        .iter()
        .filter(|((of, _), _)| of == "region")
        .filter_map(|(_, content)| content.lines().next()?.parse().ok())
        .collect();
    // 101 to 105 belong to the link, 106 and 200 and above to lines; 416 to 419 need a body.
    for number in (200..=207).chain(300..=304).chain(400..=415).chain(500..=504).chain(600..=613).chain([100, 106, 700])
    {
        assert!(seen.contains(&number), "no ledger is refused with {number}");
    }
}

#[test]
fn the_folders_of_evidence_are_those_that_are_made() {
    assert!(make::evidence::all() == evidence::folders(), "write the vectors anew, see vectors/README.md");
}

#[test]
fn every_folder_of_evidence_is_judged_as_its_name_says() {
    for (name, files) in evidence::folders() {
        assert_eq!(evidence::judge(&files).is_ok(), name.starts_with("ok_"), "{name}: {:?}", evidence::judge(&files));
    }
}

#[test]
#[ignore = "writes the vectors anew"]
fn write_the_vectors() {
    shared::write(&FOLDERS, &make::all());
    evidence::write(&make::evidence::all());
}
