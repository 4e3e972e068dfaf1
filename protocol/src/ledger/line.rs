//! One line of the ledger, as its bytes are hashed into the tree.

use minicbor::{Decode, Encode};

use crate::codec::{self, CodecError};
use crate::hash::Hash;
use crate::id::ParticipantId;
use crate::statement::{Header, SigningKey, Statement, StatementError};
use crate::time::Timestamp;

/// Longest line: tlog-tiles stores lengths in 16 bits.
pub const LINE_BYTES_MAX: usize = 65_535;

/// What a line records. Numbers are stable; unknown ones are mirrored and reported as "cannot judge".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum LineKind {
    /// The beginning: region, hub key, authority. Line 0 and no other.
    Genesis = 0,
    /// The region's rules from here on.
    Charter = 1,
    /// Admission, suspension, resumption or new name of a participant.
    Participant = 2,
    /// A participant's new key.
    Key = 3,
    /// A release.
    Release = 4,
    /// An author opens older releases to newcomers.
    Extension = 5,
    /// An author takes a release back.
    Withdrawal = 6,
    /// Who is served what, by which right.
    Serving = 7,
    /// A body that could not be delivered although its serving was logged.
    Undelivered = 8,
    /// A holder has erased what it no longer may read.
    Erasure = 9,
    /// A node found something wrong with a line or a body.
    Objection = 10,
    /// Blocks of a topic and year, and the hashes of their figures.
    Edition = 11,
    /// A notice of the hub.
    Bulletin = 12,
}

impl LineKind {
    const ALL: [Self; 13] = [
        Self::Genesis,
        Self::Charter,
        Self::Participant,
        Self::Key,
        Self::Release,
        Self::Extension,
        Self::Withdrawal,
        Self::Serving,
        Self::Undelivered,
        Self::Erasure,
        Self::Objection,
        Self::Edition,
        Self::Bulletin,
    ];
    /// The kind of a number.
    pub fn of(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }
    /// The word for it, as in content types and listings.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Genesis => "genesis",
            Self::Charter => "charter",
            Self::Participant => "participant",
            Self::Key => "key",
            Self::Release => "release",
            Self::Extension => "extension",
            Self::Withdrawal => "withdrawal",
            Self::Serving => "serving",
            Self::Undelivered => "undelivered",
            Self::Erasure => "erasure",
            Self::Objection => "objection",
            Self::Edition => "edition",
            Self::Bulletin => "bulletin",
        }
    }
    /// Content type of its statement: statements of one kind cannot be passed off as another.
    pub fn content_type(self) -> String {
        format!("application/vnd.vrs.{}+cbor", self.word())
    }
    /// Whether only the hub writes it.
    pub const fn by_hub(self) -> bool {
        matches!(
            self,
            Self::Genesis
                | Self::Charter
                | Self::Participant
                | Self::Serving
                | Self::Undelivered
                | Self::Edition
                | Self::Bulletin
        )
    }
}

/// One line: deterministic CBOR map `{0: version, 1: kind, 2: hub time, 3: author, 4: statement}`; key 3 is absent for
/// lines of the hub.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Line {
    /// 1.
    #[n(0)]
    pub version: u8,
    /// Number of a [`LineKind`].
    #[n(1)]
    pub kind: u8,
    /// The hub's clock when it wrote the line; never decreasing. A claim, not a proof.
    #[n(2)]
    pub time: Timestamp,
    /// Who signed the statement; `None`: the hub.
    #[n(3)]
    pub author: Option<ParticipantId>,
    /// The author's COSE_Sign1, byte for byte.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub statement: Vec<u8>,
}

/// Why bytes are not a line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// Too long.
    #[error("a line of {0} bytes; at most 65,535 are allowed")]
    TooLong(usize),
    /// Not strict CBOR.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// The statement inside is not one.
    #[error(transparent)]
    Statement(#[from] StatementError),
}

impl Line {
    /// The version of lines that this program writes and judges.
    pub const VERSION: u8 = 1;

    /// Puts a statement into a line.
    pub const fn new(kind: LineKind, time: Timestamp, author: Option<ParticipantId>, statement: Vec<u8>) -> Self {
        Self { version: Self::VERSION, kind: kind as u8, time, author, statement }
    }
    /// Signs a payload and puts it into a line: for lines of the hub.
    pub fn sign<T: Encode<()>>(
        kind: LineKind,
        time: Timestamp,
        exchange: Hash,
        region: &str,
        subject: &str,
        payload: &T,
        key: &SigningKey,
    ) -> Result<Self, LineError> {
        let header = Header {
            content_type: kind.content_type(),
            exchange,
            issuer: region.into(),
            subject: subject.into(),
            issued_at: Some(time),
        };
        let statement = Statement::sign(header, &codec::to_bytes(payload), key)?;
        Ok(Self::new(kind, time, None, statement.into_bytes()))
    }
    /// The bytes that are hashed, stored and sent.
    pub fn to_bytes(&self) -> Vec<u8> {
        codec::to_bytes(self)
    }
    /// Reads a line strictly.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LineError> {
        if bytes.len() > LINE_BYTES_MAX {
            return Err(LineError::TooLong(bytes.len()));
        }
        Ok(codec::decode_strict(bytes)?)
    }
    /// What it records, if this version knows.
    pub fn kind(&self) -> Option<LineKind> {
        LineKind::of(self.kind).filter(|_| self.version == Self::VERSION)
    }
    /// The statement, parsed.
    pub fn statement(&self) -> Result<Statement, StatementError> {
        Statement::parse(&self.statement)
    }
}
