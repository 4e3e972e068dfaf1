//! What can be found wrong: with a line, with a body, and with the hub itself.

use std::fmt;
use std::str::FromStr;

use vrs_protocol::id::LineIndex;
use vrs_protocol::time::Timestamp;

/// What a flaw is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum About {
    /// A line that may not stand where it stands.
    Line,
    /// A body that is not what its line says.
    Body,
    /// A block table that is not what the edition says.
    Block {
        /// Place of the block in the edition.
        block: u16,
        /// Place of the table in the block.
        table: u16,
    },
    /// A line in our name that this node did not make.
    Own,
}

/// Prints as it is stored: `line`, `body`, `own`, or `block 2 3`.
impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line => f.write_str("line"),
            Self::Body => f.write_str("body"),
            Self::Block { block, table } => write!(f, "block {block} {table}"),
            Self::Own => f.write_str("own"),
        }
    }
}

impl FromStr for About {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let place = || {
            let (block, table) = text.strip_prefix("block ")?.split_once(' ')?;
            Some(Self::Block { block: block.parse().ok()?, table: table.parse().ok()? })
        };
        match text {
            "line" => Ok(Self::Line),
            "body" => Ok(Self::Body),
            "own" => Ok(Self::Own),
            _ => place().ok_or("line, body, own, or block with its two places was expected"),
        }
    }
}

/// Something wrong.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Flaw {
    /// The line it is about.
    pub line: LineIndex,
    /// What of it.
    pub about: About,
    /// Number of the reason.
    pub number: u16,
    /// What was found.
    pub sentence: String,
    /// When.
    pub found_at: Timestamp,
}

/// How a hub contradicted itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Contradiction {
    /// It shows fewer lines than it has signed before: a backup was restored, or a tail was lost.
    Rollback,
    /// It has signed two histories.
    Fork,
}

impl Contradiction {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rollback => "rollback",
            Self::Fork => "fork",
        }
    }
}

/// The hub was found to contradict itself.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Broken {
    /// How.
    pub kind: Contradiction,
    /// What happened, in plain words.
    pub sentence: String,
    /// When it was found.
    pub at: Timestamp,
    /// The file with the proof, relative to the node's folder.
    pub evidence: String,
}
