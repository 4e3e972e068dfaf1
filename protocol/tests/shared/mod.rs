//! The form of a vector file, told in `vectors/README.md`: written by [`Folder`], read by [`Case`], and the two
//! comparisons that every walker makes. What a folder holds, and how it is judged, is the walkers' business.

#![allow(dead_code)] // Each walker is a program of its own and uses its part.

pub(crate) mod cbor;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use vrs_protocol::hash::Hash;

/// Files by folder and name.
pub(crate) type Files = BTreeMap<(String, String), String>;

/// Where all vectors lie.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

/// All files of some folders, by folder and name.
pub(crate) fn files(folders: &[&str]) -> Files {
    let mut files = Files::new();
    for folder in folders {
        for file in fs::read_dir(root().join(folder)).unwrap() {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            files.insert(((*folder).to_owned(), name), fs::read_to_string(&path).unwrap());
        }
    }
    files
}

/// Judges every file and compares with its first line. `judge` gets folder, name and what follows the first line.
pub(crate) fn compare_outcomes(files: Files, judge: impl Fn(&str, &str, &str) -> Result<(), String>) {
    let mut failures = Vec::new();
    for ((folder, name), content) in files {
        let (expected, rest) = content.split_once('\n').expect("a first line");
        let outcome = match judge(&folder, &name, rest) {
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

/// The files on disk are those that are made. Whoever changed the catalogue or a format on purpose writes them anew.
pub(crate) fn compare_files(made: &Files, found: &Files) {
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(made), names(found), "write the vectors anew, see vectors/README.md");
    for (name, content) in made {
        assert!(*content == found[name], "{name:?} differs; write the vectors anew, see vectors/README.md");
    }
}

/// Most vectors of each folder are bad.
pub(crate) fn compare_counts(made: &Files, folders: &[&str]) {
    for folder in folders {
        let names: Vec<_> = made.keys().filter(|(of, _)| of == folder).map(|(_, name)| name).collect();
        let good = names.iter().filter(|name| name.starts_with("ok_")).count();
        assert!(good >= 2 && names.len() - good >= 2 * good, "{folder}: {good} of {}", names.len());
    }
}

/// Writes the folders anew.
pub(crate) fn write(folders: &[&str], made: &Files) {
    for folder in folders {
        let folder = root().join(folder);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
    }
    for ((folder, name), content) in made {
        fs::write(root().join(folder).join(name), content).unwrap();
    }
}

/// Where the vectors of one subject go.
pub(crate) struct Folder<'a> {
    /// The folder.
    pub(crate) name: &'static str,
    /// Where they are collected.
    pub(crate) files: &'a mut Files,
}

impl Folder<'_> {
    /// A file of bytes.
    pub(crate) fn hex(&mut self, name: &str, expected: &str, values: &[(&str, String)], bytes: &[u8]) {
        let mut body = String::new();
        for line in bytes.chunks(48) {
            writeln!(body, "{}", HEXLOWER.encode(line)).unwrap();
        }
        self.add(format!("{name}.hex"), expected, values, &body);
    }

    /// A file of text, which is taken to the last byte.
    pub(crate) fn text(&mut self, name: &str, expected: &str, values: &[(&str, String)], text: &str) {
        self.add(format!("{name}.txt"), expected, values, text);
    }

    /// A file with any ending.
    pub(crate) fn add(&mut self, name: String, expected: &str, values: &[(&str, String)], body: &str) {
        let mut content = format!("{expected}\n");
        for (value_name, value) in values {
            writeln!(content, "{value_name} {value}").unwrap();
        }
        content.push('\n');
        content.push_str(body);
        let before = self.files.insert((self.name.to_owned(), name.clone()), content);
        assert!(before.is_none(), "{name} is there twice");
    }
}

/// A file without its first line.
pub(crate) struct Case {
    /// The lines of one word and its value.
    pub(crate) values: BTreeMap<String, String>,
    /// What follows the first empty line.
    pub(crate) text: String,
}

impl Case {
    /// Reads a file without its first line.
    pub(crate) fn read(rest: &str) -> Self {
        // Without further lines, the empty line comes at once.
        let (values, text) = rest.strip_prefix('\n').map_or_else(|| rest.split_once("\n\n").unwrap(), |t| ("", t));
        let values = values.lines().map(|line| {
            let (name, value) = line.split_once(' ').unwrap();
            (name.to_owned(), value.to_owned())
        });
        Self { values: values.collect(), text: text.to_owned() }
    }

    /// The value of a line that must be there.
    pub(crate) fn value(&self, name: &str) -> &str {
        self.values.get(name).unwrap_or_else(|| panic!("the file has no line `{name}`"))
    }

    /// The bytes of a `.hex` file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        HEXLOWER.decode(self.text.replace('\n', "").as_bytes()).unwrap()
    }

    /// A value that is a hash.
    pub(crate) fn hash(&self, name: &str) -> Hash {
        self.value(name).parse().unwrap()
    }
}

/// How an error prints.
pub(crate) fn print(error: impl std::fmt::Debug) -> String {
    format!("{error:?}")
}
