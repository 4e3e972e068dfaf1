//! A cell: a value, or the reason there is none. The reasons never collapse into zero or into each other.
//!
//! Status and confidentiality follow SDMX CL_OBS_STATUS and CL_CONF_STATUS. Which hidden cell was small and which one
//! protects it stays in the node: whatever is hidden leaves as [`Cell::Suppressed`], one code for all.

use minicbor::{Decode, Encode};

use crate::codec;
use crate::id::Code;

/// Largest count of one cell. A thousand thousand million persons; sums over a region stay far inside 64 bits.
pub const COUNT_MAX: u64 = 1_000_000_000_000;
/// Largest count in the sum of a block: a thousand members of the largest count each. Nobody can make the sum of its block
/// disappear by an absurd figure of its own.
pub const SUM_MAX: u64 = 1_000 * COUNT_MAX;
/// Longest free text in one cell, in bytes.
pub const TEXT_BYTES_MAX: usize = 4_000;
/// Most choices of one cell; the longest list of choices in the catalogue has a fifth of that.
pub const CHOICES_MAX: usize = 100;

/// How sure a value is (SDMX CL_OBS_STATUS, the part that goes with a value).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[repr(u8)]
pub enum Status {
    /// `A`: normal.
    #[default]
    Normal = 0,
    /// `B`: break in the series.
    Break = 1,
    /// `D`: the definition differs.
    DefinitionDiffers = 2,
    /// `E`: estimated.
    Estimated = 3,
    /// `P`: provisional.
    Provisional = 4,
    /// `U`: low reliability.
    LowReliability = 5,
    /// `V`: not validated.
    Unvalidated = 6,
    /// `W`: includes figures of another category; the other cell says "counted elsewhere".
    IncludesAnother = 7,
}

impl Status {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 8] = [
        Self::Normal,
        Self::Break,
        Self::DefinitionDiffers,
        Self::Estimated,
        Self::Provisional,
        Self::LowReliability,
        Self::Unvalidated,
        Self::IncludesAnother,
    ];
    /// The SDMX letter.
    pub const fn letter(self) -> &'static str {
        ["A", "B", "D", "E", "P", "U", "V", "W"][self as usize]
    }
    /// The status of a sum of values of these two: the one that asks for more caution.
    #[must_use]
    pub fn graver(self, other: Self) -> Self {
        const GRAVEST_FIRST: [Status; 8] = [
            Status::DefinitionDiffers,
            Status::Break,
            Status::LowReliability,
            Status::Estimated,
            Status::Unvalidated,
            Status::Provisional,
            Status::IncludesAnother,
            Status::Normal,
        ];
        GRAVEST_FIRST.into_iter().find(|status| *status == self || *status == other).unwrap_or(self)
    }
    /// The status of a letter that goes with a value.
    pub fn of_letter(letter: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.letter() == letter)
    }
}

/// What is answered in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Figure {
    /// A count, at most [`COUNT_MAX`].
    Count(u64),
    /// Money paid (form kind `fees`).
    Fee(Fee),
    /// One step of a route (form kind `routes`).
    Step(Step),
    /// Coded choices and text (form kind `narrative`).
    Narrative(Narrative),
}

/// A fee in whole units of the currency it was reported in; never converted here.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Fee {
    /// Lowest amount reported.
    #[n(0)]
    pub min: Option<u64>,
    /// Typical amount.
    #[n(1)]
    pub typical: Option<u64>,
    /// Highest amount reported.
    #[n(2)]
    pub max: Option<u64>,
    /// ISO 4217 code, such as `USD`.
    #[n(3)]
    pub currency: Code,
    /// True: for a group; false: per person.
    #[n(4)]
    pub per_group: bool,
    /// What it pays for: codes of the list `fee_included`, none twice. Empty: nothing is said of it.
    #[cbor(n(5), decode_with = "codec::at_most::<CHOICES_MAX, _, _>")]
    pub included: Vec<Code>,
    /// When it is paid: codes of the list `fee_payment`, none twice. Empty: nothing is said of it.
    #[cbor(n(6), decode_with = "codec::at_most::<CHOICES_MAX, _, _>")]
    pub payment: Vec<Code>,
}

/// One step of a route: a country, what it is on this route, and how the journey went on.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Step {
    /// The country.
    #[n(0)]
    pub country: Code,
    /// Origin, transit or destination.
    #[n(1)]
    pub role: StepRole,
    /// Mode of transport to the next step, where known.
    #[n(2)]
    pub mode: Option<Code>,
    /// Comment on the route; stands at its first step.
    #[n(3)]
    pub comment: Option<String>,
}

/// What a country is on a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum StepRole {
    /// Where the journey began.
    #[n(0)]
    Origin,
    /// Passed through.
    #[n(1)]
    Transit,
    /// Where it was to end.
    #[n(2)]
    Destination,
}

impl StepRole {
    /// The code used in files.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Origin => "ORIGIN",
            Self::Transit => "TRANSIT",
            Self::Destination => "DESTINATION",
        }
    }
    /// The role of a code.
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Origin, Self::Transit, Self::Destination].into_iter().find(|role| role.code() == code)
    }
}

/// A qualitative answer.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Narrative {
    /// Chosen codes of the form's list, in the list's order, without repeats.
    #[cbor(n(0), decode_with = "codec::at_most::<CHOICES_MAX, _, _>")]
    pub choices: Vec<Code>,
    /// Free text, at most [`TEXT_BYTES_MAX`] bytes; may be empty.
    #[n(1)]
    pub text: String,
}

/// A value, or the reason there is none. Zero is a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// A value.
    Value {
        /// What is answered.
        figure: Figure,
        /// How sure it is.
        status: Status,
    },
    /// At least one and fewer than `below`; shown as `<below`.
    Fewer {
        /// The policy's k, at least 2.
        below: u16,
    },
    /// `L`: the data are not collected.
    NotCollected,
    /// `O`: not known, or not yet available.
    NotKnown,
    /// `M`: cannot exist, such as sea arrivals of a state without a coast.
    NotApplicable,
    /// `K`: counted in another cell or by another agency.
    CountedElsewhere,
    /// `Q` with confidentiality `C`: hidden, for whatever reason.
    Suppressed,
    /// Inside the node only: there is a value and the state keeps it. Leaves as [`Cell::Suppressed`].
    Withheld,
    /// Inside the node only: there is a value and it is not sent before a date. Nothing of it leaves.
    Embargoed,
}

impl Figure {
    /// The figure in words; `number` writes its numbers, so that a page may group their digits.
    pub fn in_words(&self, number: impl Fn(u64) -> String) -> String {
        let listed = |codes: &[Code]| codes.iter().map(Code::as_str).collect::<Vec<_>>().join(", ");
        match self {
            Self::Count(count) => number(*count),
            Self::Fee(fee) => {
                let amount = |amount: Option<u64>| amount.map_or_else(|| "not known".to_owned(), &number);
                let per = if fee.per_group { "group" } else { "person" };
                let mut words = format!(
                    "{} to {}, typically {} {} per {per}",
                    amount(fee.min),
                    amount(fee.max),
                    amount(fee.typical),
                    fee.currency
                );
                for (what, codes) in [("includes", &fee.included), ("paid", &fee.payment)] {
                    if !codes.is_empty() {
                        words.push_str(&format!("; {what} {}", listed(codes)));
                    }
                }
                words
            }
            Self::Step(step) => {
                let mode = step.mode.as_ref().map(|mode| format!(", on by {mode}")).unwrap_or_default();
                let comment = step.comment.as_ref().map(|comment| format!(" ({comment})")).unwrap_or_default();
                format!("{} {}{mode}{comment}", step.role.code().to_lowercase(), step.country)
            }
            Self::Narrative(narrative) => {
                let parts = [listed(&narrative.choices), narrative.text.clone()];
                parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ")
            }
        }
    }
}

impl Cell {
    /// A plain count with normal status.
    pub const fn count(count: u64) -> Self {
        Self::Value { figure: Figure::Count(count), status: Status::Normal }
    }
    /// The count, where the cell has one.
    pub const fn as_count(&self) -> Option<u64> {
        match self {
            Self::Value { figure: Figure::Count(count), .. } => Some(*count),
            _ => None,
        }
    }
    /// The status of the value, where there is one.
    pub const fn status(&self) -> Option<Status> {
        match self {
            Self::Value { status, .. } => Some(*status),
            _ => None,
        }
    }
    /// Whether there is a value; zero is one, `Fewer` is not.
    pub const fn is_value(&self) -> bool {
        matches!(self, Self::Value { .. })
    }
    /// Whether the cell gives standing: a value, or `Fewer`.
    pub const fn answers(&self) -> bool {
        matches!(self, Self::Value { .. } | Self::Fewer { .. })
    }
    /// Least and greatest count it may stand for. `None` as the upper end: unbounded. A cell that does not apply is
    /// nobody, hence (0, 0); counted elsewhere is nobody *here*.
    pub const fn range(&self) -> (u64, Option<u64>) {
        match self {
            Self::Value { figure: Figure::Count(count), .. } => (*count, Some(*count)),
            Self::Fewer { below } => (1, Some(*below as u64 - 1)),
            Self::NotApplicable | Self::CountedElsewhere => (0, Some(0)),
            _ => (0, None),
        }
    }
    /// SDMX status and confidentiality codes, as files carry them. Inside the node withheld is `Q`/`N` and embargoed `Q`/`E`.
    pub const fn codes(&self) -> (&'static str, &'static str) {
        match self {
            Self::Value { status, .. } => (status.letter(), "F"),
            Self::NotCollected => ("L", "F"),
            Self::NotKnown => ("O", "F"),
            Self::NotApplicable => ("M", "F"),
            Self::CountedElsewhere => ("K", "F"),
            Self::Fewer { .. } | Self::Suppressed => ("Q", "C"),
            Self::Withheld => ("Q", "N"),
            Self::Embargoed => ("Q", "E"),
        }
    }
    /// The reason of a pair of codes that come without a value; `None` where the pair means none.
    pub fn of_codes(status: &str, conf: &str) -> Option<Self> {
        Some(match (status, conf) {
            ("L", "" | "F") => Self::NotCollected,
            ("O", "" | "F") => Self::NotKnown,
            ("M", "" | "F") => Self::NotApplicable,
            ("K", "" | "F") => Self::CountedElsewhere,
            ("Q", "" | "C") => Self::Suppressed,
            ("Q", "N") => Self::Withheld,
            ("Q", "E") => Self::Embargoed,
            _ => return None,
        })
    }
    /// What peers get to see of it: a withheld cell is suppressed, all others are as they are. An embargoed cell has no
    /// public face: a table that holds one is not released.
    pub fn for_peers(&self) -> Option<Self> {
        match self {
            Self::Withheld => Some(Self::Suppressed),
            Self::Embargoed => None,
            other => Some(other.clone()),
        }
    }
    /// The cell in words.
    pub fn in_words(&self) -> String {
        match self {
            Self::Value { figure, .. } => figure.in_words(|number| number.to_string()),
            Self::Fewer { below } => format!("fewer than {below}"),
            Self::NotCollected => "not collected".into(),
            Self::NotKnown => "not known".into(),
            Self::NotApplicable => "not applicable".into(),
            Self::CountedElsewhere => "counted elsewhere".into(),
            Self::Suppressed => "suppressed".into(),
            Self::Withheld => "withheld".into(),
            Self::Embargoed => "embargoed".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_survives_its_codes_and_none_is_a_number() {
        for cell in [
            Cell::NotCollected,
            Cell::NotKnown,
            Cell::NotApplicable,
            Cell::CountedElsewhere,
            Cell::Suppressed,
            Cell::Withheld,
            Cell::Embargoed,
        ] {
            let (status, conf) = cell.codes();
            assert_eq!(Cell::of_codes(status, conf), Some(cell.clone()));
            assert_eq!(cell.as_count(), None);
            assert!(!cell.answers());
        }
        assert_eq!(Cell::of_codes("A", "F"), None);
    }

    #[test]
    fn zero_is_a_value_and_a_blank_is_not() {
        assert!(Cell::count(0).is_value());
        assert_eq!(Cell::count(0).range(), (0, Some(0)));
        assert_eq!(Cell::NotKnown.range(), (0, None));
        assert_eq!(Cell::Fewer { below: 5 }.range(), (1, Some(4)));
    }

    #[test]
    fn what_is_withheld_leaves_as_suppressed_and_what_is_embargoed_does_not_leave() {
        assert_eq!(Cell::Withheld.for_peers(), Some(Cell::Suppressed));
        assert_eq!(Cell::Embargoed.for_peers(), None);
        assert_eq!(Cell::count(7).for_peers(), Some(Cell::count(7)));
    }

    #[test]
    fn status_letters_are_those_of_sdmx() {
        for status in Status::ALL {
            assert_eq!(Status::of_letter(status.letter()), Some(status));
        }
        assert_eq!(Status::of_letter("L"), None);
    }

    #[test]
    fn a_sum_has_the_gravest_status_of_its_parts() {
        assert_eq!(Status::Normal.graver(Status::Provisional), Status::Provisional);
        assert_eq!(Status::DefinitionDiffers.graver(Status::Provisional), Status::DefinitionDiffers);
        for status in Status::ALL {
            assert_eq!(status.graver(status), status);
            assert_eq!(status.graver(Status::Normal), status);
        }
    }
}
