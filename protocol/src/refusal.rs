//! Refusals: numbered, stable, and each says what would be accepted instead. The same reasons judge a line before it is
//! written and every line when it is audited.

use minicbor::{Decode, Encode};

use crate::hash::Hash;
use crate::id::{FormCode, LineIndex, ParticipantCode};
use crate::period::Period;
use crate::time::Timestamp;

/// What a participant could release to be admitted, and whose figures that unlocks.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(map)]
pub struct Unlock {
    /// The form to release.
    #[n(0)]
    pub form: FormCode,
    /// The period.
    #[n(1)]
    pub period: Period,
    /// Whose figures open then, by code, sorted. Empty: nobody has reported yet, or regional figures only.
    #[n(2)]
    pub participants: Vec<ParticipantCode>,
}

/// Why something is refused, or a line is flawed. Each variant is a fact; its number is stable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)] // The sentences are the documentation; SPEC.md lists them by number.
pub enum Reason {
    // 100: the message itself.
    #[error("the message cannot be read: {0}")]
    Malformed(String),
    #[error("the message is too large: {bytes} bytes, at most {max} are accepted")]
    TooLarge { bytes: u64, max: u64 },
    #[error("version {0} is not known here; update this program")]
    UnknownVersion(u32),
    #[error("say Hello first: the connection is not bound to a participant's key")]
    NotBound,
    #[error("too many requests; try again in {0} seconds")]
    Busy(u32),
    #[error("the hub could not do it now ({0}); nothing was lost, try again")]
    Unavailable(String),
    #[error("there is no {0}")]
    NotFound(String),
    // 200: who speaks.
    #[error("{0} is not a participant of this region")]
    UnknownParticipant(String),
    #[error("{0} is suspended: it neither releases nor reads until it is resumed")]
    Suspended(ParticipantCode),
    #[error("the statement is by {said}, the connection or line by {bound}")]
    WrongAuthor { said: String, bound: String },
    #[error("the key is not the one the ledger names for {0} at this line")]
    WrongKey(String),
    #[error("the signature does not fit")]
    BadSignature,
    #[error("the statement belongs to another exchange")]
    WrongExchange,
    #[error("only the hub writes lines of kind {0}")]
    HubOnly(&'static str),
    #[error("a statement of type {0} where {1} was expected")]
    ContentType(String, String),
    // 300: the ledger.
    #[error("line {index} is not what the ledger allows: {cause}")]
    Line { index: LineIndex, cause: String },
    #[error("the hub's time went back from {from} to {to}")]
    TimeWentBack { from: Timestamp, to: Timestamp },
    #[error("the bundle that began at line {0} is not complete, and another line stands in it")]
    BundleInterrupted(LineIndex),
    #[error(
        "the Charter of line {line} names catalogue {version} ({hash}), which this program does not carry; update the program, and it goes on from there by itself"
    )]
    CatalogueUnknown { line: LineIndex, version: String, hash: Hash },
    #[error(
        "figures for {year} have been released under catalogue {stands}, and the Charter names {said} for it; what was reported keeps its catalogue, so let another begin with a later year"
    )]
    CatalogueReported { year: u16, stands: String, said: String },
    // 400: a release.
    #[error("the manifest is not sound: {0}")]
    Manifest(String),
    #[error("{0} is not a form of the catalogue in use; see the questionnaire for the forms there are")]
    FormNotInUse(FormCode),
    #[error(
        "the release follows another catalogue than {in_force}, which the Charter has for {period}; prepare it again, after an update where the node does not know that catalogue"
    )]
    CatalogueNotInForce { period: Period, in_force: String },
    #[error(
        "the release accepts the Charter of line {said}; the one in force stands at line {in_force}. Read it and accept it with 'charter accept'"
    )]
    CharterNotAccepted { said: LineIndex, in_force: LineIndex },
    #[error("{0} has not ended yet; releases of a period are accepted from its end")]
    PeriodNotEnded(Period),
    #[error("{participant} does not report in periods such as {period}; its Charter rhythm allows {accepted}")]
    NotInRhythm { participant: ParticipantCode, period: Period, accepted: String },
    #[error("revision {said} of {form} for {period} is not the next; it would be {expected}")]
    WrongRevision { form: FormCode, period: Period, said: u32, expected: u32 },
    #[error(
        "revision {revision} of {form} for {period} is already in the ledger with other content (statement {existing}); the one sent is {sent}"
    )]
    RevisionConflict { form: FormCode, period: Period, revision: u32, existing: Hash, sent: Hash },
    #[error("the release does not name the author's previous statement about {form} for {period}")]
    WrongPrevious { form: FormCode, period: Period },
    #[error("the audience is not known to this version and admits nobody")]
    UnknownAudience,
    #[error("the audience names {0}, which is not admitted to the region")]
    AudienceNotMember(String),
    #[error("a source of this derived release is not a current release of the author for a part of {0}")]
    WrongSource(Period),
    #[error("figures of {0} do not add over time: a longer period cannot be derived from shorter ones")]
    DoesNotAdd(FormCode),
    #[error(
        "its audience is wider than that of {form} for {period}, which is a part of it; release the part more widely or this more narrowly"
    )]
    WiderThanPart { form: FormCode, period: Period },
    #[error("revise these together, because their periods overlap: {}", list(.0))]
    RevisionAlone(Vec<(FormCode, Period)>),
    #[error("nothing current stands there: {0}")]
    NotCurrent(String),
    #[error("the body is not the one the manifest names")]
    WrongBody,
    #[error("the body cannot be used: {0}")]
    Body(String),
    #[error("the manifest says that the core cells are {said}, the body says otherwise")]
    CoreMisstated { said: &'static str },
    #[error("{form} for {period} at {key}: {cause}")]
    Figures { form: FormCode, period: Period, key: String, cause: String },
    // 500: Rule 3.
    #[error(
        "{participant} shares {topic} for {year} as '{from}' and cannot share it as '{to}': a kind changes only from totals to contributors or from contributors to named"
    )]
    KindFixed { participant: ParticipantCode, topic: String, year: u16, from: &'static str, to: &'static str },
    #[error("the kind of {topic} for {year} changes only for all its releases at once; submit these together: {}", list(.releases))]
    KindNotAtOnce { topic: String, year: u16, releases: Vec<(FormCode, Period)> },
    #[error(
        "{participant} has read open blocks of {topic} for {year} and cannot open its own figures there: it could compute those of a member that no longer shares"
    )]
    OpenBlockRead { participant: ParticipantCode, topic: String, year: u16 },
    #[error(
        "{participant} is in a published block of {topic} for {year}; if it opened its figures, only {remaining} of the others would remain closed and {block_min} are needed, so theirs could be computed"
    )]
    BlockWouldOpen { participant: ParticipantCode, topic: String, year: u16, remaining: usize, block_min: usize },
    #[error("{0} and its parent or sister share a topic and year in one way only")]
    FamilyKind(ParticipantCode),
    // 600: reading.
    #[error("{reader} has released nothing of {form} for {period}{}", unlocks(.unlock))]
    NothingReleased { reader: ParticipantCode, form: FormCode, period: Period, unlock: Unlock },
    #[error("{reader}'s release of {form} for {period} answers no core cell; 'not collected' and suppressed cells earn nothing{}", unlocks(.unlock))]
    CoreNotAnswered { reader: ParticipantCode, form: FormCode, period: Period, unlock: Unlock },
    #[error("{reader} released {form} for {period} with 'totals': it reads sums only{}", unlocks(.unlock))]
    OnlyTotals { reader: ParticipantCode, form: FormCode, period: Period, unlock: Unlock },
    #[error("{reader} released {form} for {period} to named participants, a bilateral matter: it reads no regional figures{}", unlocks(.unlock))]
    OnlyNamed { reader: ParticipantCode, form: FormCode, period: Period, unlock: Unlock },
    #[error("{author} has released nothing of {form} for {period} that answers its core cells")]
    AuthorNotStanding { author: ParticipantCode, form: FormCode, period: Period },
    #[error("{author} shares {form} for {period} as totals only: nobody reads it singly")]
    AuthorOnlyTotals { author: ParticipantCode, form: FormCode, period: Period },
    #[error("{author}'s release of {form} for {period} does not admit {reader}")]
    NotAdmittedByAuthor { author: ParticipantCode, reader: ParticipantCode, form: FormCode, period: Period },
    #[error(
        "{reader}'s own release of {form} for {period} does not admit {author}, and reading is symmetric; admit {author} and you unlock it"
    )]
    NotAdmittedByReader { author: ParticipantCode, reader: ParticipantCode, form: FormCode, period: Period },
    #[error(
        "{author} released {form} for {period}, or a part of it, before {reader} was admitted; {author} can open it by an Extension"
    )]
    AdmittedLater { author: ParticipantCode, reader: ParticipantCode, form: FormCode, period: Period },
    #[error("{reader} still has to erase {count} releases of {topic} before it gets new ones")]
    ErasureOwed { reader: ParticipantCode, topic: String, count: usize },
    #[error("{reader} may not see this block of {form} for {period}: {cause}")]
    BlockNotForReader { reader: ParticipantCode, form: FormCode, period: Period, cause: &'static str },
    #[error("the line that is said to justify the serving is line {said}; the right rests on line {due}")]
    WrongJustification { said: LineIndex, due: LineIndex },
    #[error("this right was served before, at line {0}")]
    ServedBefore(LineIndex),
    #[error("{0} was never served to the holder")]
    NotHeld(String),
    // 700: editions.
    #[error("block {block} of {topic} for {year}: {cause}")]
    Block { block: usize, topic: String, year: u16, cause: String },
}

fn list(releases: &[(FormCode, Period)]) -> String {
    releases.iter().map(|(form, period)| format!("{form} {period}")).collect::<Vec<_>>().join(", ")
}

fn unlocks(unlock: &Unlock) -> String {
    let Unlock { form, period, participants } = unlock;
    if participants.is_empty() {
        return format!(
            "; release {form} for {period} with its total answered, and you read what others share from then on"
        );
    }
    let codes: Vec<&str> = participants.iter().map(ParticipantCode::as_str).collect();
    format!("; release {form} for {period} to contributors and you unlock {}", codes.join(", "))
}

impl Reason {
    /// The stable number. Hundreds: 1 message, 2 who speaks, 3 ledger, 4 release, 5 Rule 3, 6 reading, 7 editions.
    pub const fn number(&self) -> u16 {
        match self {
            Self::Malformed(_) => 100,
            Self::TooLarge { .. } => 101,
            Self::UnknownVersion(_) => 102,
            Self::NotBound => 103,
            Self::Busy(_) => 104,
            Self::Unavailable(_) => 105,
            Self::NotFound(_) => 106,
            Self::UnknownParticipant(_) => 200,
            Self::Suspended(_) => 201,
            Self::WrongAuthor { .. } => 202,
            Self::WrongKey(_) => 203,
            Self::BadSignature => 204,
            Self::WrongExchange => 205,
            Self::HubOnly(_) => 206,
            Self::ContentType(..) => 207,
            Self::Line { .. } => 300,
            Self::TimeWentBack { .. } => 301,
            Self::BundleInterrupted(_) => 302,
            Self::CatalogueUnknown { .. } => 303,
            Self::CatalogueReported { .. } => 304,
            Self::Manifest(_) => 400,
            Self::FormNotInUse(_) => 401,
            Self::CatalogueNotInForce { .. } => 402,
            Self::CharterNotAccepted { .. } => 403,
            Self::PeriodNotEnded(_) => 404,
            Self::NotInRhythm { .. } => 405,
            Self::WrongRevision { .. } => 406,
            Self::RevisionConflict { .. } => 407,
            Self::WrongPrevious { .. } => 408,
            Self::UnknownAudience => 409,
            Self::AudienceNotMember(_) => 410,
            Self::WrongSource(_) => 411,
            Self::DoesNotAdd(_) => 412,
            Self::WiderThanPart { .. } => 413,
            Self::RevisionAlone(_) => 414,
            Self::NotCurrent(_) => 415,
            Self::WrongBody => 416,
            Self::Body(_) => 417,
            Self::CoreMisstated { .. } => 418,
            Self::Figures { .. } => 419,
            Self::KindFixed { .. } => 500,
            Self::KindNotAtOnce { .. } => 501,
            Self::OpenBlockRead { .. } => 502,
            Self::BlockWouldOpen { .. } => 503,
            Self::FamilyKind(_) => 504,
            Self::NothingReleased { .. } => 600,
            Self::CoreNotAnswered { .. } => 601,
            Self::OnlyTotals { .. } => 602,
            Self::OnlyNamed { .. } => 603,
            Self::AuthorNotStanding { .. } => 604,
            Self::AuthorOnlyTotals { .. } => 605,
            Self::NotAdmittedByAuthor { .. } => 606,
            Self::NotAdmittedByReader { .. } => 607,
            Self::AdmittedLater { .. } => 608,
            Self::ErasureOwed { .. } => 609,
            Self::BlockNotForReader { .. } => 610,
            Self::WrongJustification { .. } => 611,
            Self::ServedBefore(_) => 612,
            Self::NotHeld(_) => 613,
            Self::Block { .. } => 700,
        }
    }

    /// What would unlock it, where a release would.
    pub const fn unlock(&self) -> Option<&Unlock> {
        match self {
            Self::NothingReleased { unlock, .. }
            | Self::CoreNotAnswered { unlock, .. }
            | Self::OnlyTotals { unlock, .. }
            | Self::OnlyNamed { unlock, .. } => Some(unlock),
            _ => None,
        }
    }
    /// Whether the sender should try again by itself.
    pub const fn is_passing(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Unavailable(_))
    }
}

/// A refusal as it crosses the wire, signed by the hub, so that a wronged participant can show it to anyone.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[cbor(map)]
pub struct Refusal {
    /// Number of the reason.
    #[n(0)]
    pub number: u16,
    /// The reason in words; shown as it stands.
    #[n(1)]
    pub sentence: String,
    /// What would unlock it.
    #[n(2)]
    pub unlock: Option<Unlock>,
    /// SHA-256 of the request it answers; zero where it concerns none.
    #[n(3)]
    pub request: Hash,
    /// The hub's clock.
    #[n(4)]
    pub time: Timestamp,
}

impl Refusal {
    /// Content type of the signed refusal.
    pub const CONTENT_TYPE: &'static str = "application/vnd.vrs.refusal+cbor";

    /// The refusal for a reason.
    pub fn new(reason: &Reason, request: Hash, time: Timestamp) -> Self {
        let sentence = reason.to_string().chars().take(2_000).collect();
        Self { number: reason.number(), sentence, unlock: reason.unlock().cloned(), request, time }
    }
    /// Whether the sender should try again by itself.
    pub const fn is_passing(&self) -> bool {
        matches!(self.number, 104 | 105)
    }
}
