//! The mapping that the answers make.

use std::collections::BTreeMap;

use vrs_protocol::catalogue::{Catalogue, Form};
use vrs_protocol::id::{Code, ParticipantCode};
use vrs_protocol::table::Metadata;

use super::super::labels::{Found, Labels};
use super::super::mapping::{
    Answer, CaseDimension, CasePeriod, CaseRules, Condition, DimensionRules, FORMAT, FileRules, Gather, LabelRules,
    Letter, Made, Mapping, PeriodRules, Publication, ReferenceRules, Repeated, RepeatedCase, Reporter, StatusRules,
    TableRules, TopicRules, TotalRules, TotalSource, Unfold, ValueRules,
};
use super::super::problems::{Flaw, Problem};
use super::propose::{dimension_for, label_columns, lists_of, side_missing};
use super::seen::Seen;
use super::vocabulary::reserved;
use super::{Answers, LEFT_OUT, Role};

/// The column of counts that unfolding makes.
pub(super) const COUNT_COLUMN: &str = "count (unfolded)";
/// The column of what was a heading.
const HEADING_COLUMN: &str = "heading (unfolded)";
/// The labels by which reporting states are read.
const REPORTER_LABELS: &str = "reporter";

/// Whose figures a mapping is for, and what stands beside them.
#[derive(Debug, Clone)]
pub struct Source {
    /// The participant.
    pub participant: ParticipantCode,
    /// Who counted: the agency.
    pub publisher: String,
    /// What the figures are called.
    pub title: String,
}

/// The mapping of a file that leaves no question open.
///
/// # Errors
/// What of the answers a mapping cannot say.
pub fn mapping(seen: &Seen, answers: &Answers, source: &Source, catalogue: &Catalogue) -> Result<Mapping, Problem> {
    let mut mapping = Mapping {
        format: FORMAT,
        publication: Publication {
            publisher: source.publisher.clone(),
            title: source.title.clone(),
            licence: "national figures".into(),
        },
        file: file_rules(seen, answers, Some(&source.participant)),
        beside: BTreeMap::new(),
        labels: label_rules(seen, answers, catalogue),
        defaults: TableRules::default(),
        tables: Vec::new(),
        cases: None,
    };
    if answers.is_of_cases() {
        mapping.cases = Some(cases(answers));
    } else {
        let writer = Writer { seen, answers, catalogue, labels: &mapping.labels };
        mapping.defaults = writer.defaults()?;
        mapping.tables = writer.tables()?;
    }
    mapping.of()
}

/// How the file is read.
pub(super) fn file_rules(seen: &Seen, answers: &Answers, participant: Option<&ParticipantCode>) -> FileRules {
    let folded = |role: &Role| matches!(role, Role::PeriodInHeading | Role::DimensionInHeading(_));
    let is_folded = |name: &&String| answers.columns.get(*name).is_some_and(folded);
    let columns: Vec<String> = seen.columns.iter().map(|column| &column.name).filter(is_folded).cloned().collect();
    let reporter = answers.column(&Role::Reporter);
    FileRules {
        unfold: (!columns.is_empty()).then(|| Unfold {
            columns,
            into: HEADING_COLUMN.into(),
            value: COUNT_COLUMN.into(),
        }),
        participant: participant.filter(|_| reporter.is_none()).cloned(),
        reporter: reporter.map(|column| Reporter { column: column.clone(), labels: REPORTER_LABELS.into() }),
        ignore: answers.columns_of(|role| *role == Role::Ignored).cloned().collect(),
        ..seen.rules.clone()
    }
}

fn label_rules(seen: &Seen, answers: &Answers, catalogue: &Catalogue) -> BTreeMap<String, LabelRules> {
    let mut all = BTreeMap::new();
    for (dimension, column) in label_columns(answers, seen, catalogue) {
        let mut rules = lists_of(&dimension, column.column);
        for (label, code) in answers.labels.get(&dimension.code).into_iter().flatten() {
            if code == LEFT_OUT {
                rules.skip.push(label.clone());
            } else if let Ok(code) = Code::parse(code) {
                rules.also.insert(label.clone(), code);
            }
        }
        all.insert(dimension.code.clone(), rules);
    }
    if let Some(column) = answers.column(&Role::Reporter).and_then(|name| seen.column(name))
        && let Some(dimension) = dimension_for("citizenship", answers, catalogue)
    {
        let rules = LabelRules { skip_aggregates: true, ..lists_of(&dimension, Some(column)) };
        all.insert(REPORTER_LABELS.into(), rules);
    }
    all
}

/// What the tables of counts are written from.
struct Writer<'w> {
    seen: &'w Seen,
    answers: &'w Answers,
    catalogue: &'w Catalogue,
    labels: &'w BTreeMap<String, LabelRules>,
}

impl Writer<'_> {
    /// What holds for all tables.
    fn defaults(&self) -> Result<TableRules, Problem> {
        let answers = self.answers;
        let mut states = BTreeMap::new();
        for (mark, word) in &answers.states {
            states.insert(mark.clone(), Answer::try_from(word.clone()).map_err(wrong)?);
        }
        let column = answers.column(&Role::Count).cloned().unwrap_or_else(|| COUNT_COLUMN.into());
        Ok(TableRules {
            period: Some(self.period()),
            value: Some(ValueRules { column, states, gaps: Default::default() }),
            status: self.status()?,
            repeated: answers.add_repeated.then_some(Repeated::Add),
            ..TableRules::default()
        })
    }

    fn period(&self) -> PeriodRules {
        let answers = self.answers;
        let column = |role: &Role| answers.column(role).cloned();
        let gather = answers.make.first().and_then(|made| match made {
            Made::Month => None,
            Made::Quarter => Some(Gather::Quarter),
            Made::Half => Some(Gather::Half),
            Made::Year => Some(Gather::Year),
        });
        let also = answers.periods.clone();
        if answers.columns_of(|role| *role == Role::PeriodInHeading).next().is_some() {
            return PeriodRules { column: Some(HEADING_COLUMN.into()), also, gather, ..PeriodRules::default() };
        }
        if let Some(period) = column(&Role::Period) {
            return PeriodRules { column: Some(period), also, gather, ..PeriodRules::default() };
        }
        let day = answers.columns.iter().find_map(|(name, role)| match role {
            Role::Date(order) => Some((name.clone(), *order)),
            _ => None,
        });
        if let Some((date, order)) = day {
            // A figure of a day is part of a month; which months are added up further is said by `make`.
            return PeriodRules { date: Some(date), order, gather, ..PeriodRules::default() };
        }
        match column(&Role::Year) {
            Some(year) => PeriodRules {
                year: Some(year),
                half: column(&Role::Half),
                quarter: column(&Role::Quarter),
                month: column(&Role::Month),
                also,
                gather,
                ..PeriodRules::default()
            },
            None => PeriodRules { is: answers.period, ..PeriodRules::default() },
        }
    }

    fn status(&self) -> Result<Option<StatusRules>, Problem> {
        let Some(column) = self.answers.column(&Role::Flag) else { return Ok(None) };
        let mut letters = BTreeMap::new();
        for (flag, letter) in &self.answers.flags {
            letters.insert(flag.clone(), Letter::try_from(letter.clone()).map_err(wrong)?);
        }
        Ok(Some(StatusRules { is: None, column: Some(column.clone()), letters }))
    }

    fn tables(&self) -> Result<Vec<TableRules>, Problem> {
        let mut tables = Vec::new();
        for form in self.answers.forms.iter().filter_map(|code| self.catalogue.form(code)) {
            let topics = self.answers.all_topics();
            if topics.contains(&form.topic) {
                tables.push(self.table(form));
            }
        }
        if tables.is_empty() {
            return Err(wrong("no form is chosen that these rows answer".into()));
        }
        Ok(tables)
    }

    fn table(&self, form: &Form) -> TableRules {
        let answers = self.answers;
        let mut conditions = Vec::new();
        let mut add_over = Vec::new();
        let mut dimensions = BTreeMap::new();
        let mut has_total = false;
        let mut place = |code: &str, column: &str| {
            let totals = self.total_labels(code);
            if form.dimensions.iter().any(|own| own.code == code) {
                has_total |= !totals.is_empty();
                let rules = DimensionRules { column: Some(column.to_owned()), labels: Some(code.to_owned()), is: None };
                dimensions.insert(code.to_owned(), rules);
            } else {
                let column = column.to_owned();
                if totals.is_empty() {
                    // Labels that are left out are left out of sums too.
                    let labels = answers.labels.get(code).into_iter().flatten();
                    let out: Vec<String> =
                        labels.filter(|(_, stands)| *stands == LEFT_OUT).map(|(label, _)| label.clone()).collect();
                    if !out.is_empty() {
                        conditions.push(Condition {
                            column: column.clone(),
                            not_in: Some(out),
                            ..Condition::default()
                        });
                    }
                    add_over.push(column);
                } else {
                    // The file has a row for all of them: it is taken, and nothing is added up.
                    conditions.push(Condition { column, one_of: Some(totals), ..Condition::default() });
                }
            }
        };
        for (name, role) in &answers.columns {
            match role {
                Role::Dimension(code) => place(code, name),
                Role::DimensionInHeading(_) | Role::Topic | Role::Only(_) | Role::AddedUp => {}
                _ => {}
            }
        }
        let heading = answers.columns.values().find_map(|role| match role {
            Role::DimensionInHeading(code) => Some(code.clone()),
            _ => None,
        });
        if let Some(code) = heading {
            place(&code, HEADING_COLUMN);
        }
        for (name, role) in &answers.columns {
            match role {
                Role::AddedUp => match self.total_in(name) {
                    // A breakdown with a row for all of it is not added up to twice as much.
                    Some(total) => {
                        conditions.push(Condition { column: name.clone(), is: Some(total), ..Condition::default() });
                    }
                    None => add_over.push(name.clone()),
                },
                Role::Only(value) => {
                    conditions.push(Condition {
                        column: name.clone(),
                        is: Some(value.clone()),
                        ..Condition::default()
                    });
                }
                Role::Topic => {
                    let values = answers.topics.iter().filter(|(_, topic)| topic.as_ref() == Some(&form.topic));
                    let one_of: Vec<String> = values.map(|(value, _)| value.clone()).collect();
                    if one_of.len() > 1 {
                        // Somebody said that all of them are about this: they are its parts.
                        add_over.push(name.clone());
                    }
                    conditions.push(Condition { column: name.clone(), one_of: Some(one_of), ..Condition::default() });
                }
                _ => {}
            }
        }
        for missing in side_missing(form, &answers.dimensions()) {
            let all = DimensionRules { is: Some(Code::total()), ..DimensionRules::default() };
            dimensions.insert(missing.code.clone(), all);
        }
        let from = if has_total {
            Some(TotalSource::Row)
        } else {
            (answers.complete == Some(true)).then_some(TotalSource::Sum)
        };
        let total =
            from.filter(|_| !form.dimensions.is_empty()).map(|from| TotalRules { from, ..TotalRules::default() });
        TableRules {
            form: Some(form.code.clone()),
            conditions: (!conditions.is_empty()).then_some(conditions),
            dimensions: (!dimensions.is_empty()).then_some(dimensions),
            add_over: (!add_over.is_empty()).then_some(add_over),
            total,
            metadata: Some(self.metadata(form)),
            ..TableRules::default()
        }
    }

    /// The metadata of one form: its own unit, where it does not know the chosen one.
    fn metadata(&self, form: &Form) -> Metadata {
        let chosen = self.answers.metadata.unit.clone().filter(|unit| form.units.contains(unit));
        Metadata {
            unit: chosen.or_else(|| form.units.first().cloned()),
            list_complete: self.answers.complete == Some(true) && form.kind == vrs_protocol::catalogue::Kind::List,
            ..self.answers.metadata.clone()
        }
    }

    /// The value of a column whose word says that it is a total.
    fn total_in(&self, column: &str) -> Option<String> {
        let values = self.seen.column(column)?.values.keys();
        values.into_iter().find(|value| reserved(value) == Some(Code::TOTAL)).cloned()
    }

    /// The labels of a dimension that stand for its total.
    fn total_labels(&self, code: &str) -> Vec<String> {
        self.labels_of_total(code).unwrap_or_default()
    }

    fn labels_of_total(&self, code: &str) -> Option<Vec<String>> {
        let rules = self.labels.get(code)?;
        let dimension = dimension_for(code, self.answers, self.catalogue)?;
        let labels = Labels::declared(rules, self.catalogue, &dimension).ok()?;
        let is_total =
            |label: &&str| matches!(labels.read(label), Ok(Found::Code(found)) if found.as_str() == Code::TOTAL);
        let (_, column) =
            label_columns(self.answers, self.seen, self.catalogue).into_iter().find(|(own, _)| own.code == code)?;
        Some(column.values.into_iter().filter(is_total).map(ToOwned::to_owned).collect())
    }
}

fn cases(answers: &Answers) -> CaseRules {
    let topic = match answers.column(&Role::Topic) {
        Some(column) => TopicRules {
            is: None,
            column: Some(column.clone()),
            topics: answers.topics.iter().filter_map(|(value, topic)| Some((value.clone(), topic.clone()?))).collect(),
            skip: answers.topics.iter().filter(|(_, topic)| topic.is_none()).map(|(value, _)| value.clone()).collect(),
        },
        None => TopicRules { is: answers.topic.clone(), ..TopicRules::default() },
    };
    let mut period = CasePeriod::default();
    let mut dimensions = BTreeMap::new();
    let mut conditions = Vec::new();
    for (name, role) in &answers.columns {
        let column = Some(name.clone());
        match role {
            Role::Date(order) => period = CasePeriod { date: column, order: *order, ..CasePeriod::default() },
            Role::Period if period.date.is_none() => {
                period = CasePeriod { column, also: answers.periods.clone(), ..CasePeriod::default() };
            }
            Role::Dimension(code) => {
                let rules = CaseDimension { column, labels: Some(code.clone()), years: false, is: None };
                dimensions.insert(code.clone(), rules);
            }
            Role::AgeInYears => {
                dimensions.insert("age".into(), CaseDimension { column, labels: None, years: true, is: None });
            }
            Role::Only(value) => {
                conditions.push(Condition { column: name.clone(), is: Some(value.clone()), ..Condition::default() })
            }
            _ => {}
        }
    }
    CaseRules {
        topic,
        period,
        make: if answers.make.is_empty() { vec![Made::Quarter] } else { answers.make.clone() },
        covers: answers.covers.clone(),
        forms: (!answers.forms.is_empty()).then(|| answers.forms.iter().cloned().collect()),
        conditions,
        dimensions,
        reference: answers.column(&Role::Reference).map(|column| ReferenceRules {
            column: column.clone(),
            repeated: if answers.add_repeated { RepeatedCase::SameCase } else { RepeatedCase::default() },
        }),
        persons: answers.column(&Role::Count).cloned(),
        status: None,
        keep: None,
        metadata: answers.metadata.clone(),
    }
}

fn wrong(why: String) -> Problem {
    Problem::of_file(Flaw::Mapping(why), "another answer")
}
