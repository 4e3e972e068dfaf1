//! The part of a mapping that speaks of cases: a file with one row for each person or event, of which the node makes every
//! table that it can.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vrs_protocol::id::{Code, FormCode, TopicCode};
use vrs_protocol::period::{Length, Period};
use vrs_protocol::table::Metadata;

use super::rules::{Condition, Keep, Letter};

/// How a file of cases is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseRules {
    /// What each row is a case of.
    pub topic: TopicRules,
    /// When it happened.
    pub period: CasePeriod,
    /// How long the periods are for which tables are made.
    #[serde(default = "quarters")]
    pub make: Vec<Made>,
    /// Periods of which the file holds every case, so that a shorter one without a case counts nobody. Empty: tables are
    /// made where there is a case, and nothing is said of the rest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub covers: Vec<Period>,
    /// Forms to make; absent: every form of the questionnaire, without its extensions, that the columns answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub forms: Option<Vec<FormCode>>,
    /// Conditions that must all hold for a row to count.
    #[serde(default, rename = "where", skip_serializing_if = "Vec::is_empty")]
    pub conditions: Vec<Condition>,
    /// The dimensions that the file knows, by their codes in the catalogue.
    #[serde(default)]
    pub dimensions: BTreeMap<String, CaseDimension>,
    /// The column with the number of persons of a row; absent: one each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub persons: Option<String>,
    /// The column of the cases' references; absent: the cases cannot be told apart, and are not kept.
    pub reference: Option<ReferenceRules>,
    /// The status of all figures; absent: normal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Letter>,
    /// Of each list, how many rows stand by themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub keep: Option<Keep>,
    /// The metadata block of all tables.
    #[serde(default)]
    pub metadata: Metadata,
}

fn quarters() -> Vec<Made> {
    vec![Made::Quarter]
}

/// What a row is a case of: the same for all, or said in a column.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TopicRules {
    /// The topic of all rows, as `IE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<TopicCode>,
    /// The column that says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// What its labels stand for.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub topics: BTreeMap<String, TopicCode>,
    /// Labels of rows that are left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<String>,
}

/// Where the reference of a case stands: a number that the same case has at every agency, and that says nothing about a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReferenceRules {
    /// The column.
    pub column: String,
    /// What it means that a reference stands in the file twice.
    #[serde(default)]
    pub repeated: Repeated,
}

/// What it means that a reference stands in a file twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Repeated {
    /// A mistake: the file is refused.
    #[default]
    Refuse,
    /// The same case, which is counted once, as its first row says.
    SameCase,
}

/// When a case happened: a day, or a period as the file has it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CasePeriod {
    /// The column of the day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// In which order day, month and year stand in it.
    #[serde(skip_serializing_if = "DateOrder::is_default")]
    pub order: DateOrder,
    /// Periods that this source writes in its own way, and what they are.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub also: BTreeMap<String, Period>,
    /// Instead: the column of the period, as 2013-03.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
}

/// The order of the parts of a date. It is said and never guessed: 03/04 is a day in March, or one in April.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum DateOrder {
    #[default]
    YearMonthDay,
    DayMonthYear,
    MonthDayYear,
    YearDayMonth,
}

impl DateOrder {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::YearMonthDay, Self::DayMonthYear, Self::MonthDayYear, Self::YearDayMonth];

    pub(super) fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// The length of the periods for which tables are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[allow(missing_docs)]
pub enum Made {
    Month,
    Quarter,
    Half,
    Year,
}

impl Made {
    /// The length in the protocol's words.
    pub const fn length(self) -> Length {
        match self {
            Self::Month => Length::Month,
            Self::Quarter => Length::Quarter,
            Self::Half => Length::Semester,
            Self::Year => Length::Year,
        }
    }
}

/// Where the code of a dimension stands.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CaseDimension {
    /// The column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// The labels it is read with; absent: codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub labels: Option<String>,
    /// It holds ages in years, which become age groups; what is no number is read with the labels.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub years: bool,
    /// The same code for all rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is: Option<Code>,
}

impl CaseRules {
    /// Refuses contradictions; `labels` are the sections there are.
    pub(super) fn check(&self, labels: impl Fn(&str) -> Result<(), String>) -> Result<(), String> {
        let place = |why: &str| Err(format!("[cases]: {why}"));
        let topic = &self.topic;
        if topic.is.is_some() == topic.column.is_some() || topic.column.is_some() == topic.topics.is_empty() {
            return place("topic is either { is } or { column, topics }");
        }
        if self.period.date.is_some() == self.period.column.is_some() {
            return place("period is either { date, order } or { column }");
        }
        if self.make.is_empty() || self.make.iter().enumerate().any(|(i, made)| self.make[..i].contains(made)) {
            return place("make names at least one of month, quarter, half and year, each once");
        }
        if self.conditions.iter().any(|condition| !condition.is_one()) {
            return place("a condition has exactly one of is, in and not_in");
        }
        if let Some(reference) = &self.reference
            && self.read_columns().any(|column| column == reference.column)
        {
            // What else is read from a column may stand in a problem, and a reference never does.
            return place("the column of reference is used for nothing else but where");
        }
        for dimension in self.dimensions.values() {
            if dimension.is.is_some() == dimension.column.is_some()
                || (dimension.is.is_some() && (dimension.labels.is_some() || dimension.years))
            {
                return place("a dimension is either { is } or { column, labels, years }");
            }
            dimension.labels.as_ref().map_or(Ok(()), |name| labels(name))?;
        }
        Ok(())
    }

    /// Every column that the rules speak of.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let reference = self.reference.iter().map(|reference| reference.column.as_str());
        self.read_columns().chain(reference).chain(self.conditions.iter().map(|c| c.column.as_str()))
    }

    /// The columns whose values are read.
    fn read_columns(&self) -> impl Iterator<Item = &str> {
        let dimensions = self.dimensions.values().filter_map(|dimension| dimension.column.as_ref());
        let when = self.period.date.iter().chain(&self.period.column);
        let rest = self.topic.column.iter().chain(&self.persons);
        dimensions.chain(when).chain(rest).map(String::as_str)
    }
}
