//! `deploy/examples/node.toml` says the truth: every key of the settings stands in it with a sentence and its default, and
//! no other key does.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;

use vrs_node::settings::Settings;
use vrs_runtime::settings::{self, FILE_NAME, Loaded, Sources};

const EXAMPLE: &str = include_str!("../../deploy/examples/node.toml");

/// Settings of a folder whose file has this text, without environment and flags.
fn load(text: &str) -> Loaded<Settings> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(FILE_NAME), text).unwrap();
    settings::load(&Sources { dir: folder.path().to_owned(), ..Sources::default() }).unwrap()
}

fn values(loaded: &Loaded<Settings>) -> Vec<(String, String)> {
    loaded.values.iter().map(|value| (value.key.clone(), value.value.clone())).collect()
}

/// Whether a line is a key that is shown but not set: `#key = value`, without the space that a sentence has.
fn is_unset_key(line: &str) -> bool {
    line.strip_prefix('#').is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_lowercase()))
}

/// The example with the keys that are not set by default switched on.
fn with_all_keys() -> String {
    EXAMPLE
        .lines()
        .map(|line| if is_unset_key(line) { &line[1..] } else { line })
        .fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn the_example_shows_the_defaults() {
    assert_eq!(values(&load(EXAMPLE)), values(&load("participant = \"GBR\"\n")));
}

#[test]
fn the_example_names_every_key_and_no_other() {
    // Loading refuses unknown keys; here none may be missing.
    let all = load(&with_all_keys());
    let known: BTreeSet<&str> = all.values.iter().map(|value| value.key.as_str()).collect();
    let mut named = BTreeSet::new();
    let mut section = String::new();
    let text = with_all_keys();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        if let Some(name) = line.strip_prefix('[') {
            section = name.trim_end_matches(']').to_owned() + ".";
        } else {
            let (key, _) = line.split_once(" = ").expect(line);
            assert!(named.insert(format!("{section}{key}")), "{key} stands there twice");
        }
    }
    assert_eq!(named.iter().map(String::as_str).collect::<BTreeSet<_>>(), known);
    let unset: Vec<_> = all.values.iter().filter(|value| value.value == "(not set)").collect();
    assert!(unset.is_empty(), "{unset:?}");
}

#[test]
fn every_key_has_a_sentence() {
    let lines: Vec<&str> = EXAMPLE.lines().collect();
    for (number, line) in lines.iter().enumerate() {
        let is_key = is_unset_key(line) || (!line.starts_with('#') && !line.is_empty());
        if is_key {
            let above = number.checked_sub(1).map_or("", |above| lines[above]);
            assert!(above.starts_with("# ") && above.ends_with('.'), "line {}: {line}", number + 1);
        }
    }
}
