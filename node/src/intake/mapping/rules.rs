//! The half of a mapping that speaks of tables: which rows, which period, which codes, which count, and what becomes of
//! totals and remainders.

use std::collections::BTreeMap;

use serde::Deserialize;
use vrs_protocol::cell::{Cell, Status};
use vrs_protocol::id::{Code, FormCode};
use vrs_protocol::period::{Length, Period};
use vrs_protocol::table::Metadata;

/// How one table is made. What is missing is taken from `[defaults]`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TableRules {
    /// The form.
    pub form: Option<FormCode>,
    /// Where the period stands.
    pub period: Option<PeriodRules>,
    /// The periods to make; without it, all of the file.
    pub only: Option<Vec<Period>>,
    /// Which rows speak of this table; all conditions must hold.
    #[serde(rename = "where")]
    pub conditions: Option<Vec<Condition>>,
    /// Where the code of each dimension stands.
    pub dimensions: Option<BTreeMap<String, DimensionRules>>,
    /// Where the count stands.
    pub value: Option<ValueRules>,
    /// How sure the counts are.
    pub status: Option<StatusRules>,
    /// Breakdowns of the source that the form does not ask for: their rows are added up.
    pub add_over: Option<Vec<String>>,
    /// Where `_T` comes from.
    pub total: Option<TotalRules>,
    /// Which rows of a list are kept.
    pub keep: Option<Keep>,
    /// How the figures were counted.
    pub metadata: Option<Metadata>,
}

/// Where the period of a row stands: `is`, or `column`, or `year` alone or with one of the others.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PeriodRules {
    /// The same for all rows.
    pub is: Option<Period>,
    /// A column that holds `2013`, `2013-S1`, `2013-Q1` or `2013-03`.
    pub column: Option<String>,
    /// A column of years.
    pub year: Option<String>,
    /// A column of half-years, 1 or 2.
    pub half: Option<String>,
    /// A column of quarters, 1 to 4.
    pub quarter: Option<String>,
    /// A column of months, 1 to 12.
    pub month: Option<String>,
    /// Put shorter periods together to these; each of them must be in the file.
    pub gather: Option<Gather>,
}

/// What shorter periods are put together to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Gather {
    Quarter,
    Half,
    Year,
}

impl Gather {
    /// As the length of a period.
    pub const fn length(self) -> Length {
        match self {
            Self::Quarter => Length::Quarter,
            Self::Half => Length::Semester,
            Self::Year => Length::Year,
        }
    }
}

/// A condition on a row: exactly one of the three beside the column.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Condition {
    /// The column.
    pub column: String,
    /// Its value is this.
    pub is: Option<String>,
    /// Its value is one of these.
    #[serde(rename = "in")]
    pub one_of: Option<Vec<String>>,
    /// Its value is none of these.
    pub not_in: Option<Vec<String>>,
}

impl Condition {
    /// Whether it says exactly one thing.
    pub(super) fn is_one(&self) -> bool {
        [self.is.is_some(), self.one_of.is_some(), self.not_in.is_some()].into_iter().filter(|said| *said).count() == 1
    }
    /// Whether it holds for a value.
    pub fn holds(&self, value: &str) -> bool {
        let among = |list: &Vec<String>| list.iter().any(|listed| listed == value);
        self.is.as_deref().is_none_or(|is| is == value)
            && self.one_of.as_ref().is_none_or(among)
            && !self.not_in.as_ref().is_some_and(among)
    }
}

/// Where the code of one dimension stands: a column with labels, or the same code for all rows.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DimensionRules {
    /// The column.
    pub column: Option<String>,
    /// The labels its values are read with; without it they are codes already.
    pub labels: Option<String>,
    /// The same for all rows.
    pub is: Option<Code>,
}

/// Where a count stands, and what stands in its place when there is none.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueRules {
    /// The column.
    pub column: String,
    /// What is printed where there is no count, and what it means: `"" = "not-known"`.
    #[serde(default)]
    pub states: BTreeMap<String, Answer>,
    /// What a sum does with such a row.
    #[serde(default)]
    pub gaps: Gaps,
}

/// What a sum does with rows that have no count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gaps {
    /// The sum is refused: it would be too small by an amount nobody knows.
    #[default]
    Refuse,
    /// The sum is of what is known. Right where the publisher's own totals are made so; the metadata should say it.
    LeaveOut,
}

/// A reason for an absent count, as written in a mapping: `not-known`, or `fewer-than-3`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Answer(pub Cell);

impl TryFrom<String> for Answer {
    type Error = String;
    fn try_from(word: String) -> Result<Self, String> {
        let fewer = word.strip_prefix("fewer-than-").and_then(|below| below.parse().ok()).filter(|below| *below >= 2);
        Ok(Self(match word.as_str() {
            "not-collected" => Cell::NotCollected,
            "not-known" => Cell::NotKnown,
            "not-applicable" => Cell::NotApplicable,
            "counted-elsewhere" => Cell::CountedElsewhere,
            "suppressed" => Cell::Suppressed,
            "withheld" => Cell::Withheld,
            _ => match fewer {
                Some(below) => Cell::Fewer { below },
                None => {
                    return Err(format!(
                        "{word:?} is no answer; write not-collected, not-known, not-applicable, counted-elsewhere, suppressed, withheld, or fewer-than-3"
                    ));
                }
            },
        }))
    }
}

/// How sure the counts are: one letter for all, or a column of flags and the letter each stands for.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StatusRules {
    /// The same for all.
    pub is: Option<Letter>,
    /// A column of flags.
    pub column: Option<String>,
    /// What each flag stands for; a flag that is not listed is refused.
    pub letters: BTreeMap<String, Letter>,
}

/// An SDMX status letter that goes with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Letter(pub Status);

impl TryFrom<String> for Letter {
    type Error = String;
    fn try_from(letter: String) -> Result<Self, String> {
        let all = || Status::ALL.map(Status::letter).join(", ");
        Status::of_letter(&letter)
            .map(Self)
            .ok_or_else(|| format!("{letter:?} is no status of a value; write one of {}", all()))
    }
}

/// Where the total of a table comes from.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TotalRules {
    /// From a row, a sum, or another file.
    pub from: TotalSource,
    /// The file beside, when it comes from there.
    pub file: Option<String>,
    /// Which of its rows hold totals.
    #[serde(rename = "where")]
    pub conditions: Vec<Condition>,
    /// Where the period stands in it; without it, as in the table.
    pub period: Option<PeriodRules>,
    /// Where the count stands in it; without it, as in the table.
    pub value: Option<ValueRules>,
    /// How sure its counts are; without it, as in the table.
    pub status: Option<StatusRules>,
    /// A form of one number that is made of the same total.
    pub also_form: Option<FormCode>,
    /// The publisher rounds each figure to a multiple of this, so parts may exceed their total by a little that the
    /// remainder takes up.
    pub rounded_to: Option<u64>,
}

/// Where a total comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TotalSource {
    /// A row of the file whose label stands for `_T`.
    #[default]
    Row,
    /// The sum of the rows.
    Sum,
    /// A row of another file.
    Beside,
}

/// Which rows of a list are kept by themselves; the rest goes into `_O`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// So many rows with the largest counts; rows of zero are not among them.
    pub largest: usize,
}

impl PeriodRules {
    /// Whether the parts given make one period.
    pub(super) fn check(&self) -> Result<(), String> {
        let parts = [&self.half, &self.quarter, &self.month].into_iter().flatten().count();
        let good = match (&self.is, &self.column, &self.year) {
            (Some(_), None, None) => parts == 0 && self.gather.is_none(),
            (None, Some(_), None) => parts == 0,
            (None, None, Some(_)) => parts <= 1,
            _ => false,
        };
        if good {
            Ok(())
        } else {
            Err("a period is { is }, { column }, { year }, or { year } with one of half, quarter and month".into())
        }
    }
    /// The columns it reads.
    pub fn columns(&self) -> impl Iterator<Item = &String> {
        [&self.column, &self.year, &self.half, &self.quarter, &self.month].into_iter().flatten()
    }
}
