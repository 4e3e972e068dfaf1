//! The arrows of the house, read from the crates themselves: who may use whom, what the protocol may be built from, and
//! where SQL, HTTP and the world are. A rule that can be checked is checked where it lives; these live between the crates.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// The crate touches no files; the house is files.
#![allow(clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Who may use whom. deploy and tests are on all.
const ARROWS: [(&str, &[&str]); 10] = [
    ("protocol", &[]),
    ("runtime", &[]),
    ("console", &["protocol", "runtime"]),
    ("certs", &["protocol"]),
    ("node/intake", &["protocol"]),
    ("node/disclosure", &["protocol"]),
    ("node", &["protocol", "runtime", "console", "intake", "disclosure"]),
    ("hub", &["protocol", "runtime", "console", "certs"]),
    ("deploy", &["protocol", "runtime", "console", "certs", "node", "hub"]),
    ("tests", &["protocol", "runtime", "console", "certs", "node", "hub", "deploy"]),
];

/// What the protocol is built from: encodings, hashes, signatures, compression, error sentences. None of it opens anything,
/// looks at a clock or throws dice.
const PROTOCOL_USES: [&str; 9] =
    ["data-encoding", "ed25519-dalek", "minicbor", "serde", "sha2", "thiserror", "toml", "zeroize", "zstd"];

/// What must not be asked of them, because it would bring dice or a clock.
const FEATURES_BARRED: [&str; 4] = ["rand_core", "getrandom", "rand", "os_rng"];

fn house() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
fn manifest(path: &Path) -> toml::Table {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).parse().unwrap()
}

/// Every table of dependencies of a manifest, also those for tests, builds and single platforms.
fn dependencies(manifest: &toml::Table) -> BTreeMap<String, toml::Value> {
    let mut found = BTreeMap::new();
    for (name, value) in manifest {
        match value {
            toml::Value::Table(table) if name.ends_with("dependencies") => found.extend(table.clone()),
            toml::Value::Table(platforms) if name == "target" => {
                for platform in platforms.values().filter_map(toml::Value::as_table) {
                    found.extend(dependencies(platform));
                }
            }
            _ => {}
        }
    }
    found
}

/// Rust files below a folder, with their text.
fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.clone(), fs::read_to_string(&path).unwrap()));
        }
    }
    found
}

/// A file without its tests and without its comments.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]\nmod tests").next().unwrap_or_default();
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Whether a word stands in a text by itself.
fn has_word(text: &str, word: &str) -> bool {
    let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
    text.match_indices(word)
        .any(|(at, _)| !inside(text[..at].chars().next_back()) && !inside(text[at + word.len()..].chars().next()))
}

#[test]
fn the_crates_are_those_of_the_house() {
    let workspace = manifest(&house().join("Cargo.toml"));
    let members = workspace["workspace"]["members"].as_array().unwrap();
    let members: BTreeSet<&str> = members.iter().filter_map(toml::Value::as_str).collect();
    assert_eq!(members, ARROWS.iter().map(|(name, _)| *name).collect());
}

#[test]
fn calls_go_only_where_the_arrows_point() {
    for (name, allowed) in ARROWS {
        let manifest = manifest(&house().join(name).join("Cargo.toml"));
        // A crate inside another's folder is named for itself.
        let own = name.rsplit('/').next().unwrap_or(name);
        assert_eq!(manifest["package"]["name"].as_str(), Some(format!("vrs-{own}").as_str()));
        for (dependency, value) in dependencies(&manifest) {
            let renamed = value.get("package").and_then(toml::Value::as_str).unwrap_or(&dependency).to_owned();
            assert!(value.get("path").is_none(), "{name} takes {dependency} by its path, past the workspace");
            if let Some(ours) = renamed.strip_prefix("vrs-") {
                assert!(allowed.contains(&ours), "{name} must not use {ours}, not even in its tests");
            }
        }
    }
}

#[test]
fn the_protocol_is_built_from_nothing_that_touches_the_world() {
    let manifest_of_protocol = manifest(&house().join("protocol/Cargo.toml"));
    let uses: BTreeSet<&str> =
        manifest_of_protocol["dependencies"].as_table().unwrap().keys().map(String::as_str).collect();
    assert_eq!(uses, PROTOCOL_USES.into());
    for barred in ["build-dependencies", "target"] {
        assert!(manifest_of_protocol.get(barred).is_none(), "the protocol has {barred}");
    }
    let workspace = manifest(&house().join("Cargo.toml"));
    let shared = workspace["workspace"]["dependencies"].as_table().unwrap();
    for name in PROTOCOL_USES {
        let asked = [&shared[name], &manifest_of_protocol["dependencies"][name]];
        let features =
            asked.iter().filter_map(|value| value.get("features")).filter_map(toml::Value::as_array).flatten();
        for feature in features.filter_map(toml::Value::as_str) {
            assert!(!FEATURES_BARRED.contains(&feature), "{name} with {feature}");
        }
    }
}

#[test]
fn the_protocol_names_no_file_socket_clock_process_or_dice() {
    const WORLD: [&str; 12] = [
        "std::fs",
        "std::net",
        "std::env",
        "std::thread",
        "std::process",
        "std::time",
        "std::os",
        "SystemTime",
        "Instant",
        "getrandom",
        "OsRng",
        "RandomState",
    ];
    let files = sources(&house().join("protocol/src"));
    assert!(files.len() > 40);
    for (path, text) in files.iter().filter(|(path, _)| !path.ends_with("tests.rs")) {
        let code = code(text);
        for word in WORLD {
            assert!(!has_word(&code, word), "{} names {word}", path.display());
        }
        assert!(
            !code.contains("use std::{"),
            "{}: name what is used of std line by line, so that this test sees it",
            path.display()
        );
    }
}

#[test]
fn the_runtime_knows_no_domain_word() {
    for (path, text) in sources(&house().join("runtime/src")) {
        let text = text.to_lowercase();
        for word in [
            "participant",
            "ledger",
            "charter",
            "audience",
            "overview",
            "erasure",
            "citizenship",
            "smuggl",
            "vrs_protocol",
        ] {
            assert!(!text.contains(word), "{} says {word:?}", path.display());
        }
    }
}

#[test]
fn the_store_is_the_only_sql_and_the_console_the_only_http() {
    for name in ["node", "hub"] {
        for (path, text) in sources(&house().join(name).join("src")) {
            let code = code(&text);
            let inside = |folder: &str| path.components().any(|component| component.as_os_str() == folder);
            let sql = ["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM "].iter().any(|word| code.contains(word));
            assert!(!sql || inside("store"), "SQL outside the store: {}", path.display());
            assert!(!has_word(&code, "axum") || inside("console"), "HTTP outside the console: {}", path.display());
        }
    }
}

#[test]
fn the_word_search_finds_words_and_nothing_else() {
    assert!(has_word("let now = Instant::now();", "Instant"));
    assert!(!has_word("an Instantiation, an aInstant", "Instant"));
    assert_eq!(code("// std::fs\nlet a = 1;\n#[cfg(test)]\nmod tests { std::fs }"), "let a = 1;");
}

/// Where the first version of the questionnaire is meant and none of a period: how a region begins, and what holds before its
/// first Charter is read.
const FIRST_CATALOGUE: [&str; 7] = [
    "hub/src/audit.rs",
    "hub/src/hub.rs",
    "hub/src/ledger/view.rs",
    "node/src/node/mod.rs",
    "node/src/node/region.rs",
    "node/src/store/catalogues.rs",
    "node/src/testing.rs",
];

/// Whoever asks the first version about a form of a later one learns that there is none; disclosure control would then
/// protect nothing of it.
#[test]
fn the_first_catalogue_is_asked_only_where_a_region_begins() {
    let mut found = BTreeSet::new();
    for folder in ["console/src", "hub/src", "node/src", "node/intake/src", "node/disclosure/src"] {
        for (path, text) in sources(&house().join(folder)) {
            let name = path.strip_prefix(house()).unwrap().to_str().unwrap().replace('\\', "/");
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            if !name.contains("/tests") && code.contains("Catalogue::bundled()") {
                found.insert(name);
            }
        }
    }
    assert_eq!(found, FIRST_CATALOGUE.map(str::to_owned).into());
}
