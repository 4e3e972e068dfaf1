//! SPEC.md says what the code does, as far as a program can see that: every refusal with its number and name, every kind
//! of line, every content type and every limit stands in both, and the folders it links to are there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// The crate touches no files; whether a folder is there can only be seen on the disk.
#![allow(clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::ledger::LineKind;
use vrs_protocol::refusal::Refusal;
use vrs_protocol::{audience, cell, ledger, merkle, note, receipt, release, statement, table, wire};

const SPEC: &str = include_str!("../SPEC.md");
/// The numbers are read from the source, because a list beside it could forget one.
const REFUSALS: &str = include_str!("../src/refusal.rs");

/// The rows of the table under a section's heading, cell by cell, without the heading row.
fn rows(section: &str) -> Vec<Vec<String>> {
    let (_, text) = SPEC.split_once(section).expect("the section is there");
    let text = text.split_once("\n## ").map_or(text, |(text, _)| text);
    let lines = text.lines().filter(|line| line.starts_with("| "));
    let cells =
        lines.map(|line| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect::<Vec<_>>());
    cells.filter(|cells| !cells[0].starts_with("---")).skip(1).collect()
}

#[test]
fn every_refusal_stands_in_the_table_with_its_number_and_nothing_else_does() {
    let written: BTreeMap<u16, String> = rows("\n## 19. Refusals")
        .into_iter()
        .map(|cells| {
            assert!(cells.len() == 4 && cells.iter().all(|cell| !cell.is_empty()), "{cells:?}");
            (cells[0].parse().unwrap(), cells[1].clone())
        })
        .collect();
    let (_, numbers) = REFUSALS.split_once("pub const fn number(&self)").expect("the numbers");
    let (numbers, _) = numbers.split_once("\n    }\n").expect("the end of the numbers");
    let coded: BTreeMap<u16, String> = numbers
        .lines()
        .filter_map(|line| {
            let (name, number) = line.trim().strip_prefix("Self::")?.split_once(" => ")?;
            let name = name.split(['(', ' ']).next()?;
            Some((number.trim_end_matches(',').parse().unwrap(), name.to_owned()))
        })
        .collect();
    assert!(coded.len() > 50, "the source was not read as it should: {coded:?}");
    assert_eq!(written, coded);
}

#[test]
fn rules_name_only_refusals_that_exist() {
    let known: BTreeSet<String> = rows("\n## 19. Refusals").into_iter().map(|cells| cells[0].clone()).collect();
    let bold =
        SPEC.split("**").skip(1).step_by(2).filter(|text| text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit()));
    let named: BTreeSet<&str> = bold.collect();
    assert!(named.len() > 50, "{named:?}");
    for number in named {
        assert!(known.contains(number), "{number} is no refusal");
    }
}

#[test]
fn every_kind_of_line_stands_in_the_table() {
    let written: Vec<Vec<String>> = rows("\n**6.2 Kinds.**");
    let coded: Vec<Vec<String>> = (0..=u8::MAX)
        .filter_map(LineKind::of)
        .map(|kind| vec![(kind as u8).to_string(), kind.word().to_owned(), format!("`{}`", kind.content_type())])
        .collect();
    assert_eq!(written.iter().map(|cells| cells[..3].to_vec()).collect::<Vec<_>>(), coded);
    for (cells, kind) in written.iter().zip((0..=u8::MAX).filter_map(LineKind::of)) {
        assert_eq!(cells[3] == "hub", kind.by_hub(), "{cells:?}");
    }
}

#[test]
fn content_types_are_those_of_the_code() {
    let mut written = BTreeSet::new();
    for (at, _) in SPEC.match_indices("application/vnd.vrs.") {
        let end = SPEC[at..].find("+cbor").expect("every content type ends with +cbor");
        written.insert(SPEC[at..at + end + "+cbor".len()].to_owned());
    }
    let mut coded: BTreeSet<String> = (0..=u8::MAX).filter_map(LineKind::of).map(LineKind::content_type).collect();
    coded.extend([Refusal::CONTENT_TYPE, wire::BINDING_CONTENT_TYPE, wire::REENROL_CONTENT_TYPE].map(str::to_owned));
    assert_eq!(written, coded);
}

#[test]
fn limits_are_those_of_the_code() {
    let written: BTreeMap<String, u64> = rows("\n## 20. Limits")
        .into_iter()
        .map(|cells| (cells[0].trim_matches('`').to_owned(), cells[1].parse().unwrap()))
        .collect();
    let coded: BTreeMap<String, u64> = [
        ("STATEMENT_BYTES_MAX", statement::STATEMENT_BYTES_MAX as u64),
        ("HEADER_TEXT_BYTES_MAX", statement::HEADER_TEXT_BYTES_MAX as u64),
        ("LINE_BYTES_MAX", ledger::LINE_BYTES_MAX as u64),
        ("PATH_HASHES_MAX", merkle::PATH_HASHES_MAX as u64),
        ("RECEIPT_BYTES_MAX", receipt::RECEIPT_BYTES_MAX as u64),
        ("NOTE_BYTES_MAX", note::NOTE_BYTES_MAX as u64),
        ("NOTE_SIGNATURES_MAX", note::NOTE_SIGNATURES_MAX as u64),
        ("KEY_NAME_BYTES_MAX", note::KEY_NAME_BYTES_MAX as u64),
        ("NAMED_MAX", audience::NAMED_MAX as u64),
        ("SOURCES_MAX", release::SOURCES_MAX as u64),
        ("BUNDLE_MAX", release::BUNDLE_MAX as u64),
        ("CELLS_MAX", table::CELLS_MAX as u64),
        ("DIMENSIONS_MAX", table::DIMENSIONS_MAX as u64),
        ("COUNT_MAX", cell::COUNT_MAX),
        ("SUM_MAX", cell::SUM_MAX),
        ("TEXT_BYTES_MAX", cell::TEXT_BYTES_MAX as u64),
        ("UNBOUND_BYTES_MAX", wire::UNBOUND_BYTES_MAX as u64),
        ("MESSAGE_BYTES_MAX", wire::MESSAGE_BYTES_MAX as u64),
        ("LINES_MAX", wire::LINES_MAX),
        ("LINES_BYTES_MAX", wire::LINES_BYTES_MAX as u64),
        ("READ_MAX", wire::READ_MAX as u64),
        ("TABLES_MAX", wire::TABLES_MAX as u64),
        ("CERTIFICATES_MAX", wire::CERTIFICATES_MAX as u64),
        ("CHOICES_MAX", cell::CHOICES_MAX as u64),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value))
    .collect();
    assert_eq!(written, coded);
    for step in release::BODY_STEPS {
        let digits: Vec<char> = step.to_string().chars().collect();
        let grouped: String = digits
            .iter()
            .enumerate()
            .flat_map(|(i, c)| [(i > 0 && (digits.len() - i).is_multiple_of(3)).then_some(','), Some(*c)])
            .flatten()
            .collect();
        assert!(SPEC.contains(&step.to_string()) && SPEC.contains(&grouped), "a body may have {grouped} bytes");
    }
}

#[test]
fn names_on_the_wire_are_those_of_the_code() {
    for name in [wire::ALPN, wire::ALPN_ENROL, wire::EXPORTER_LABEL, vrs_protocol::invite::INVITE_PREFIX] {
        assert!(SPEC.contains(&format!("`{name}`")), "{name}");
    }
}

#[test]
fn every_folder_of_vectors_is_linked_and_every_link_leads_somewhere() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let linked: BTreeSet<String> =
        SPEC.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link.to_owned()).collect();
    for link in &linked {
        assert!(root.join(link).exists(), "{link} is not there");
    }
    for folder in std::fs::read_dir(root.join("vectors")).unwrap() {
        let folder = folder.unwrap();
        if folder.file_type().unwrap().is_dir() {
            let name = format!("vectors/{}", folder.file_name().to_str().unwrap());
            assert!(linked.contains(&name), "{name} is not linked");
        }
    }
}
