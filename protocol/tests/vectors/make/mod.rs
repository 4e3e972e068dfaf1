//! Makes the vectors from fixed seeds. Bad ones are built by hand with exactly one flaw, and signed as they stand
//! wherever the flaw is not the signature, so that nothing but the flaw can be the reason for the refusal.

mod binary;
mod cose;
mod text;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use data_encoding::HEXLOWER;
use vrs_protocol::statement::SigningKey;

/// Files by folder and name.
pub(crate) type Files = BTreeMap<(String, String), String>;

/// All vectors.
pub(crate) fn all() -> Files {
    let mut files = Files::new();
    binary::codec(&mut Folder { name: "codec", files: &mut files });
    binary::merkle(&mut Folder { name: "merkle", files: &mut files });
    cose::statement(&mut Folder { name: "statement", files: &mut files });
    cose::receipt(&mut Folder { name: "receipt", files: &mut files });
    text::note(&mut Folder { name: "note", files: &mut files });
    text::checkpoint(&mut Folder { name: "checkpoint", files: &mut files });
    files
}

/// Where the vectors of one subject go.
struct Folder<'a> {
    name: &'static str,
    files: &'a mut Files,
}

impl Folder<'_> {
    fn hex(&mut self, name: &str, expected: &str, values: &[(&str, String)], bytes: &[u8]) {
        let mut body = String::new();
        for line in bytes.chunks(48) {
            writeln!(body, "{}", HEXLOWER.encode(line)).unwrap();
        }
        self.add(format!("{name}.hex"), expected, values, &body);
    }

    fn text(&mut self, name: &str, expected: &str, values: &[(&str, String)], text: &str) {
        self.add(format!("{name}.txt"), expected, values, text);
    }

    fn add(&mut self, name: String, expected: &str, values: &[(&str, String)], body: &str) {
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

fn author() -> SigningKey {
    SigningKey::from_seed(&[1; 32])
}

fn stranger() -> SigningKey {
    SigningKey::from_seed(&[2; 32])
}

fn log() -> SigningKey {
    SigningKey::from_seed(&[3; 32])
}

fn witness() -> SigningKey {
    SigningKey::from_seed(&[4; 32])
}
