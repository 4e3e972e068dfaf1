//! The assistant: from a file in a layout that nobody described to a mapping that a person has confirmed. It looks at the file
//! ([`seen`]), proposes what its columns hold ([`propose`]), asks about what it does not know ([`questions`]), and writes the
//! mapping ([`write`]), through which the file is then read like any other.
//!
//! The rule it keeps: what is proposed is shown and confirmed by a person; what is unknown is asked and never guessed. What a
//! person answered is an [`Answers`], which is remembered for the next file with the same headings.

pub mod propose;
pub mod questions;
pub mod seen;
mod vocabulary;
pub mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};
use vrs_protocol::id::{Code, FormCode, TopicCode};
use vrs_protocol::period::Period;
use vrs_protocol::table::Metadata;

use super::mapping::{DateOrder, Delimiter, Encoding, Made};

/// How a file is laid out. What is `None` is proposed when the file is looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Layout {
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The encoding of a text.
    pub encoding: Option<Encoding>,
    /// What stands between its fields.
    pub delimiter: Option<Delimiter>,
    /// The line of the column names.
    pub header_line: Option<u64>,
}

/// What a person says of a file: everything that a mapping is written from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Answers {
    /// How it is laid out.
    pub layout: Layout,
    /// What each column holds, by its heading. A column that is not here has not been answered.
    pub columns: BTreeMap<String, Role>,
    /// What all rows are about.
    pub topic: Option<TopicCode>,
    /// What rows are about, by what stands in the column that says it; `None`: rows to leave out.
    pub topics: BTreeMap<String, Option<TopicCode>>,
    /// The forms to make.
    pub forms: BTreeSet<FormCode>,
    /// What labels stand for, by dimension and label: a code, or [`LEFT_OUT`].
    pub labels: BTreeMap<String, BTreeMap<String, String>>,
    /// What marks in place of a count stand for: the answer as a mapping writes it.
    pub states: BTreeMap<String, String>,
    /// What flags stand for: a status letter.
    pub flags: BTreeMap<String, String>,
    /// Periods that the file writes in its own way.
    pub periods: BTreeMap<String, Period>,
    /// The period of all rows, where no column says it.
    pub period: Option<Period>,
    /// Whether the rows hold everybody, so that their sums are totals.
    pub complete: Option<bool>,
    /// Rows that stand for the same cell are added up.
    pub add_repeated: bool,
    /// The lengths of the periods to make: of cases always, of counts where shorter ones are added up.
    pub make: Vec<Made>,
    /// The periods of which a file of cases holds every case.
    pub covers: Vec<Period>,
    /// How the figures were counted.
    pub metadata: Metadata,
}

/// The answer for a label whose rows are left out.
pub const LEFT_OUT: &str = "-";

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Role {
    /// Nothing that is needed.
    Ignored,
    /// The state that the row speaks of.
    Reporter,
    /// Years, alone or beside halves, quarters or months.
    Year,
    /// 1 or 2.
    Half,
    /// 1 to 4.
    Quarter,
    /// 1 to 12, or names.
    Month,
    /// Periods as people write them.
    Period,
    /// Days.
    Date(DateOrder),
    /// What the row is about.
    Topic,
    /// A dimension of the questionnaire, by its code.
    Dimension(String),
    /// Ages in years, of a file of cases.
    AgeInYears,
    /// The reference of a case, of which only a keyed hash is kept.
    Reference,
    /// The count; in a file of cases, the number of persons of the row.
    Count,
    /// How sure the count is.
    Flag,
    /// A breakdown that the questionnaire does not ask for: its rows are added up.
    AddedUp,
    /// Of its rows only those with this value count.
    Only(String),
    /// The heading is a period, and below it stand its counts.
    PeriodInHeading,
    /// The heading is a code of this dimension, and below it stand its counts.
    DimensionInHeading(String),
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ignored => f.write_str("ignored"),
            Self::Reporter => f.write_str("reporter"),
            Self::Year => f.write_str("year"),
            Self::Half => f.write_str("half"),
            Self::Quarter => f.write_str("quarter"),
            Self::Month => f.write_str("month"),
            Self::Period => f.write_str("period"),
            Self::Date(order) => write!(f, "date:{}", order_word(*order)),
            Self::Topic => f.write_str("topic"),
            Self::Dimension(code) => write!(f, "dimension:{code}"),
            Self::AgeInYears => f.write_str("age-in-years"),
            Self::Reference => f.write_str("reference"),
            Self::Count => f.write_str("count"),
            Self::Flag => f.write_str("flag"),
            Self::AddedUp => f.write_str("added-up"),
            Self::Only(value) => write!(f, "only:{value}"),
            Self::PeriodInHeading => f.write_str("heading:period"),
            Self::DimensionInHeading(code) => write!(f, "heading:{code}"),
        }
    }
}

impl From<Role> for String {
    fn from(role: Role) -> Self {
        role.to_string()
    }
}

impl TryFrom<String> for Role {
    type Error = String;

    fn try_from(word: String) -> Result<Self, String> {
        let plain = [
            Self::Ignored,
            Self::Reporter,
            Self::Year,
            Self::Half,
            Self::Quarter,
            Self::Month,
            Self::Period,
            Self::Topic,
            Self::AgeInYears,
            Self::Reference,
            Self::Count,
            Self::Flag,
            Self::AddedUp,
            Self::PeriodInHeading,
        ];
        if let Some(role) = plain.into_iter().find(|role| role.to_string() == word) {
            return Ok(role);
        }
        let unknown = || format!("{word:?} is nothing that a column can hold");
        let (kind, rest) = word.split_once(':').ok_or_else(unknown)?;
        match kind {
            "date" => {
                DateOrder::ALL.into_iter().find(|order| order_word(*order) == rest).map(Self::Date).ok_or_else(unknown)
            }
            "dimension" if !rest.is_empty() => Ok(Self::Dimension(rest.to_owned())),
            "heading" if !rest.is_empty() => Ok(Self::DimensionInHeading(rest.to_owned())),
            "only" => Ok(Self::Only(rest.to_owned())),
            _ => Err(unknown()),
        }
    }
}

/// A date order as mappings write it.
#[must_use]
pub const fn order_word(order: DateOrder) -> &'static str {
    match order {
        DateOrder::YearMonthDay => "year-month-day",
        DateOrder::DayMonthYear => "day-month-year",
        DateOrder::MonthDayYear => "month-day-year",
        DateOrder::YearDayMonth => "year-day-month",
    }
}

impl Answers {
    /// The columns that hold something of this kind.
    pub fn columns_of<'a>(&'a self, is: impl Fn(&Role) -> bool + 'a) -> impl Iterator<Item = &'a String> {
        self.columns.iter().filter(move |(_, role)| is(role)).map(|(name, _)| name)
    }

    /// The one column of a role.
    #[must_use]
    pub fn column(&self, role: &Role) -> Option<&String> {
        self.columns.iter().find(|(_, own)| *own == role).map(|(name, _)| name)
    }

    /// Whether the file holds one row for each case, and not counts.
    #[must_use]
    pub fn is_of_cases(&self) -> bool {
        let counts = |role: &Role| {
            matches!(role, Role::PeriodInHeading | Role::DimensionInHeading(_) | Role::Flag | Role::AddedUp)
        };
        let has_day = self.columns_of(|role| matches!(role, Role::Date(_))).next().is_some();
        let has_count = self.column(&Role::Count).is_some() || self.columns_of(counts).next().is_some();
        let is_of_one = |role: &Role| matches!(role, Role::AgeInYears | Role::Reference);
        has_day && !has_count || self.columns_of(is_of_one).next().is_some()
    }

    /// The topics that rows may be about.
    pub fn all_topics(&self) -> BTreeSet<&TopicCode> {
        self.topic.iter().chain(self.topics.values().flatten()).collect()
    }

    /// Whether a label of the dimension was said to stand for its total.
    #[must_use]
    pub fn says_total(&self, dimension: &str) -> bool {
        let labels = self.labels.get(dimension).into_iter().flat_map(BTreeMap::values);
        labels.into_iter().any(|code| code == Code::TOTAL)
    }

    /// The codes of the dimensions that columns or headings give.
    pub fn dimensions(&self) -> BTreeSet<&str> {
        self.columns
            .values()
            .filter_map(|role| match role {
                Role::AgeInYears => Some("age"),
                Role::Dimension(code) | Role::DimensionInHeading(code) => Some(code.as_str()),
                _ => None,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests;
