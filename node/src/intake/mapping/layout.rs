//! The half of a mapping that speaks of files: how they are written, whose rows they hold, and what their labels mean.

use std::collections::BTreeMap;

use serde::Deserialize;
use vrs_protocol::id::{Code, ParticipantCode};

/// The layout of one file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FileRules {
    /// Its name; needed for files that lie beside the imported one.
    pub name: Option<String>,
    /// Its encoding.
    pub encoding: Encoding,
    /// The character between two fields.
    pub delimiter: Delimiter,
    /// The line of the column names, counted from 1; what stands above is a title.
    pub header_line: u64,
    /// The state all of its rows speak of.
    pub participant: Option<ParticipantCode>,
    /// Or the column that names the state each row speaks of.
    pub reporter: Option<Reporter>,
    /// Columns that carry nothing we need. Every other column must be used by a table, or the file is refused: a new
    /// column in a publication is often a new breakdown, and adding up over it would count twice.
    pub ignore: Vec<String>,
}

impl Default for FileRules {
    fn default() -> Self {
        Self {
            name: None,
            encoding: Encoding::Utf8,
            delimiter: Delimiter::Comma,
            header_line: 1,
            participant: None,
            reporter: None,
            ignore: Vec::new(),
        }
    }
}

/// Encodings that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[serde(rename = "utf-8")]
    Utf8,
}

/// Characters between fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[allow(missing_docs)]
pub enum Delimiter {
    #[serde(rename = ",")]
    Comma,
    #[serde(rename = ";")]
    Semicolon,
    #[serde(rename = "\t")]
    Tab,
    #[serde(rename = "|")]
    Bar,
}

impl Delimiter {
    /// The character.
    pub const fn char(self) -> char {
        match self {
            Self::Comma => ',',
            Self::Semicolon => ';',
            Self::Tab => '\t',
            Self::Bar => '|',
        }
    }
}

/// The column that names the reporting state.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reporter {
    /// Its heading.
    pub column: String,
    /// The labels its values are read with.
    pub labels: String,
}

/// How printed labels become codes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LabelRules {
    /// Lists asked in turn: `codes`, `alpha-2`, `m49`, `names`, or `printed:` and a printer of the alias list.
    pub lists: Vec<String>,
    /// Labels of this source and the codes they stand for; asked before the lists.
    pub also: BTreeMap<String, Code>,
    /// Labels whose rows are left out, because they repeat other rows.
    pub skip: Vec<String>,
    /// Leave out whatever the alias list knows to be an aggregate, such as a continent.
    pub skip_aggregates: bool,
}
