//! The half of a mapping that speaks of tables: which rows, which period, which codes, which count, and what becomes of
//! totals and remainders.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};
use vrs_protocol::cell::{Cell, Status};
use vrs_protocol::id::{Code, FormCode};
use vrs_protocol::period::{Length, Period};
use vrs_protocol::table::Metadata;

use super::DateOrder;

/// How one table is made. What is missing is taken from `[defaults]`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TableRules {
    /// The form.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub form: Option<FormCode>,
    /// Where the period stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<PeriodRules>,
    /// The periods to make; without it, all of the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<Vec<Period>>,
    /// Which rows speak of this table; all conditions must hold.
    #[serde(rename = "where")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Vec<Condition>>,
    /// Where the code of each dimension stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimensions: Option<BTreeMap<String, DimensionRules>>,
    /// Where the count stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<ValueRules>,
    /// How sure the counts are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusRules>,
    /// Breakdowns of the source that the form does not ask for: their rows are added up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub add_over: Option<Vec<String>>,
    /// What several rows of one cell are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repeated: Option<Repeated>,
    /// Where `_T` comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<TotalRules>,
    /// Which rows of a list are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep: Option<Keep>,
    /// How the figures were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

impl TableRules {
    /// Whether it says nothing.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// What it is when several rows speak of one cell, and nothing in them tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Repeated {
    /// A mistake: the file is refused with both lines.
    #[default]
    Refuse,
    /// Parts of one figure, such as two labels of the source that stand for one country: they are added up.
    Add,
}

/// Where the period of a row stands: `is`, or `column`, or `date`, or `year` alone or with one of the others.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PeriodRules {
    /// The same for all rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<Period>,
    /// A column that holds periods as people write them: `2013`, `2013-S1`, `Q1 2013`, `2013-03`, `March 2013`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// A column of years.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<String>,
    /// A column of half-years, 1 or 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub half: Option<String>,
    /// A column of quarters, 1 to 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quarter: Option<String>,
    /// A column of months, 1 to 12.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub month: Option<String>,
    /// A column of days, of which the month counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// In which order day, month and year stand in it.
    #[serde(skip_serializing_if = "DateOrder::is_default")]
    pub order: DateOrder,
    /// Periods that this source writes in its own way, and what they are: `"2018/19" = "2018"`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub also: BTreeMap<String, Period>,
    /// Put shorter periods together to these; each of them must be in the file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gather: Option<Gather>,
}

/// What shorter periods are put together to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Condition {
    /// The column.
    pub column: String,
    /// Its value is this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<String>,
    /// Its value is one of these.
    #[serde(rename = "in")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub one_of: Option<Vec<String>>,
    /// Its value is none of these.
    #[serde(skip_serializing_if = "Option::is_none")]
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
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DimensionRules {
    /// The column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The labels its values are read with; without it they are codes already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<String>,
    /// The same for all rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<Code>,
}

/// Where a count stands, and what stands in its place when there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueRules {
    /// The column.
    pub column: String,
    /// What is printed where there is no count, and what it means: `"" = "not-known"`.
    #[serde(default)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub states: BTreeMap<String, Answer>,
    /// What a sum does with such a row.
    #[serde(default)]
    pub gaps: Gaps,
}

/// What a sum does with rows that have no count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Gaps {
    /// The sum is refused: it would be too small by an amount nobody knows.
    #[default]
    Refuse,
    /// The sum is of what is known. Right where the publisher's own totals are made so; the metadata should say it.
    LeaveOut,
}

/// What stands for a mark in place of a count, as written in a mapping: `not-known`, `fewer-than-3`, `zero`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Answer {
    /// This cell: a reason, or the zero that somebody said the mark stands for.
    Cell(Cell),
    /// There is no such row: the source prints every combination, also those that nobody counts.
    NoRow,
}

impl Serialize for Answer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::NoRow => serializer.serialize_str("no-row"),
            Self::Cell(Cell::Fewer { below }) => serializer.collect_str(&format_args!("fewer-than-{below}")),
            Self::Cell(cell) => {
                let word = ANSWERS.iter().find(|(_, known)| known == cell).map(|(word, _)| *word);
                serializer.serialize_str(word.unwrap_or("zero"))
            }
        }
    }
}

/// The answers that are one word.
const ANSWERS: [(&str, Cell); 6] = [
    ("not-collected", Cell::NotCollected),
    ("not-known", Cell::NotKnown),
    ("not-applicable", Cell::NotApplicable),
    ("counted-elsewhere", Cell::CountedElsewhere),
    ("suppressed", Cell::Suppressed),
    ("withheld", Cell::Withheld),
];

impl TryFrom<String> for Answer {
    type Error = String;
    fn try_from(word: String) -> Result<Self, String> {
        let fewer = word.strip_prefix("fewer-than-").and_then(|below| below.parse().ok()).filter(|below| *below >= 2);
        if let Some((_, cell)) = ANSWERS.iter().find(|(known, _)| *known == word) {
            return Ok(Self::Cell(cell.clone()));
        }
        match (word.as_str(), fewer) {
            ("zero", _) => Ok(Self::Cell(Cell::count(0))),
            ("no-row", _) => Ok(Self::NoRow),
            (_, Some(below)) => Ok(Self::Cell(Cell::Fewer { below })),
            _ => Err(format!(
                "{word:?} is no answer; write {}, fewer-than-3, zero, or no-row",
                ANSWERS.map(|(word, _)| word).join(", ")
            )),
        }
    }
}

/// How sure the counts are: one letter for all, or a column of flags and the letter each stands for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StatusRules {
    /// The same for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<Letter>,
    /// A column of flags.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What each flag stands for; a flag that is not listed is refused.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub letters: BTreeMap<String, Letter>,
}

/// An SDMX status letter that goes with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Letter(pub Status);

impl Serialize for Letter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.letter())
    }
}

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
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TotalRules {
    /// From a row, a sum, or another file.
    pub from: TotalSource,
    /// The file beside, when it comes from there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Which of its rows hold totals.
    #[serde(rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// Where the period stands in it; without it, as in the table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<PeriodRules>,
    /// Where the count stands in it; without it, as in the table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<ValueRules>,
    /// How sure its counts are; without it, as in the table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<StatusRules>,
    /// A form of one number that is made of the same total.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub also_form: Option<FormCode>,
    /// The publisher rounds each figure to a multiple of this, so parts may exceed their total by a little that the
    /// remainder takes up.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rounded_to: Option<u64>,
}

/// Where a total comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Keep {
    /// So many rows with the largest counts; rows of zero are not among them.
    pub largest: usize,
}

impl PeriodRules {
    /// Whether the parts given make one period.
    pub(super) fn check(&self) -> Result<(), String> {
        let parts = [&self.half, &self.quarter, &self.month].into_iter().flatten().count();
        let good = match (&self.is, self.column.is_some() || self.date.is_some(), &self.year) {
            (Some(_), false, None) => parts == 0 && self.gather.is_none(),
            (None, true, None) => parts == 0 && self.column.is_some() != self.date.is_some(),
            (None, false, Some(_)) => parts <= 1,
            _ => false,
        };
        if good {
            Ok(())
        } else {
            Err("a period is { is }, { column }, { date, order }, { year }, or { year } with one of half, quarter and month".into())
        }
    }
    /// The columns it reads.
    pub fn columns(&self) -> impl Iterator<Item = &String> {
        [&self.column, &self.date, &self.year, &self.half, &self.quarter, &self.month].into_iter().flatten()
    }
}
