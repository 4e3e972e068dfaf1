//! What can be found wrong: with a line, with a body, and with the hub itself.

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
    Block,
    /// A line in our name that this node did not make.
    Own,
}

impl About {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Line, Self::Body, Self::Block, Self::Own];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Body => "body",
            Self::Block => "block",
            Self::Own => "own",
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
