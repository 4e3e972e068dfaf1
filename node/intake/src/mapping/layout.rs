//! The half of a mapping that speaks of files: how they are written, whose rows they hold, and what their labels mean.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vrs_protocol::id::{Code, ParticipantCode};

/// The layout of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FileRules {
    /// Its name; needed for files that lie beside the imported one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its encoding; a workbook has its own.
    pub encoding: Encoding,
    /// The sheet of a workbook; without it, the first one that is visible.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The character between two fields; the fields of a workbook need none.
    pub delimiter: Delimiter,
    /// The line of the column names, counted from 1; what stands above is a title.
    pub header_line: u64,
    /// Below the last row of figures stand notes, each in one field of its line.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub notes_below: bool,
    /// Columns that hold the same figure for different periods or codes, and become rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unfold: Option<Unfold>,
    /// The state all of its rows speak of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub participant: Option<ParticipantCode>,
    /// Or the column that names the state each row speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
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
            sheet: None,
            delimiter: Delimiter::Comma,
            header_line: 1,
            notes_below: false,
            unfold: None,
            participant: None,
            reporter: None,
            ignore: Vec::new(),
        }
    }
}

/// Columns that become rows: `country; 2021; 2022` is read as `country; year; persons`, with one row for each of the
/// named columns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unfold {
    /// Their headings.
    pub columns: Vec<String>,
    /// The name of the column that holds what was the heading.
    pub into: String,
    /// The name of the column that holds what stood below it.
    pub value: String,
}

impl Unfold {
    /// Whether it names columns, each once, and two new ones.
    pub(super) fn check(&self) -> Result<(), String> {
        let is_twice = |(i, name): (usize, &String)| self.columns[..i].contains(name);
        if self.columns.is_empty() || self.columns.iter().enumerate().any(is_twice) {
            return Err("unfold.columns names at least one column, each once".into());
        }
        if self.into.trim().is_empty() || self.value.trim().is_empty() || self.into == self.value {
            return Err("unfold.into and unfold.value are two names for the columns that are made".into());
        }
        Ok(())
    }
}

/// Encodings that are read. Which one it is, is said: a wrongly guessed encoding damages names in silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    #[serde(rename = "utf-8")]
    Utf8,
    /// The letters of Western European Windows, as old spreadsheets save them.
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// Two bytes a letter, as spreadsheets save "Unicode text"; in the order of its byte order mark, else the little end first.
    #[serde(rename = "utf-16")]
    Utf16,
}

/// Characters between fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
    /// All of them, the likeliest first.
    pub const ALL: [Self; 4] = [Self::Comma, Self::Semicolon, Self::Tab, Self::Bar];

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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reporter {
    /// Its heading.
    pub column: String,
    /// The labels its values are read with.
    pub labels: String,
}

/// How printed labels become codes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LabelRules {
    /// Lists asked in turn: `codes`, `words`, `alpha-2`, `m49`, `names`, or `printed:` and a printer of the alias list.
    pub lists: Vec<String>,
    /// Labels whose rows are left out, because they repeat other rows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<String>,
    /// Leave out whatever the alias list knows to be an aggregate, such as a continent.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub skip_aggregates: bool,
    /// Labels of this source and the codes they stand for; asked before the lists.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub also: BTreeMap<String, Code>,
}
