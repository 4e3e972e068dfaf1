//! What a file leaves open. Each question names what it is about, and an answer is a field of [`Answers`].

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::Code;

use super::super::columns::Columns;
use super::super::labels::{Found, Labels};
use super::super::opened;
use super::super::problems::Problems;
use super::super::records::{Record, Records};
use super::super::text::FILE_BYTES_MAX;
use super::super::unfold::Rows;
use super::super::{SourceFile, numbers, periods};
use super::propose::{dimension_for, label_columns, lists_of, marks, possible_forms};
use super::seen::Seen;
use super::write::{COUNT_COLUMN, file_rules};
use super::{Answers, LEFT_OUT, Role};

/// Questions about labels that are put at once.
pub const LABELS_MAX: usize = 300;
/// Fewest other rows whose sum makes a row look like a total.
const SUMMANDS_MIN: usize = 3;

/// Something that a person has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// What this column holds.
    Column(String),
    /// Which column holds the counts.
    NoCount,
    /// Which column says the period, or which period it is.
    NoPeriod,
    /// What the rows are about.
    Topic,
    /// What rows with this value are about.
    TopicOf(String),
    /// Which forms to make: none of the topic is answered by these columns, or none is chosen.
    Forms,
    /// What a label stands for.
    Label(LabelQuestion),
    /// What a mark in place of a count stands for.
    Mark(String),
    /// What a flag stands for.
    Flag(String),
    /// Which calendar period is written so.
    Period(String),
    /// Whether the rows hold everybody, so that they may be added up to totals.
    Complete,
    /// What was counted; the units of the forms.
    Unit(Vec<String>),
}

/// A label nobody knows, or a row that looks like the sum of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelQuestion {
    /// The dimension it is a label of, by its code.
    pub dimension: String,
    /// The code list of the dimension.
    pub list: String,
    /// Where it stands; empty for headings.
    pub column: String,
    /// The label.
    pub label: String,
    /// In how many rows it stands.
    pub rows: usize,
    /// Codes it may stand for, the nearest first.
    pub near: Vec<Code>,
    /// Whether its count is, wherever it stands, the sum of the others.
    pub is_sum: bool,
    /// What is proposed or was answered.
    pub answer: Option<String>,
}

/// What is open, and the labels that were answered, for a person to see and to change.
#[derive(Debug, Clone, Default)]
pub struct Open {
    /// What has to be answered before the file can be read.
    pub questions: Vec<Question>,
    /// Labels that have an answer.
    pub answered: Vec<LabelQuestion>,
    /// Labels beyond [`LABELS_MAX`].
    pub more_labels: usize,
}

/// Everything that a file and the answers so far leave open.
///
/// # Errors
/// When the rows cannot be read.
pub fn questions(
    file: SourceFile<'_>,
    seen: &Seen,
    answers: &Answers,
    catalogue: &Catalogue,
) -> Result<Open, Problems> {
    let mut open = Open::default();
    let has = |role: &Role| answers.column(role).is_some();
    let is_cases = answers.is_of_cases();
    for column in &seen.columns {
        if !answers.columns.contains_key(&column.name) {
            open.questions.push(Question::Column(column.name.clone()));
        }
    }
    let in_heading = answers.columns_of(|role| matches!(role, Role::PeriodInHeading | Role::DimensionInHeading(_)));
    if !is_cases && !has(&Role::Count) && in_heading.count() == 0 {
        open.questions.push(Question::NoCount);
    }
    let says_period = answers
        .columns_of(|role| matches!(role, Role::Year | Role::Period | Role::Date(_) | Role::PeriodInHeading))
        .next();
    if says_period.is_none() && (is_cases || answers.period.is_none()) {
        open.questions.push(Question::NoPeriod);
    }
    topics(&mut open, seen, answers);
    if !answers.all_topics().is_empty() {
        let possible = possible_forms(answers, catalogue);
        if !possible.iter().any(|form| answers.forms.contains(&form.code)) {
            open.questions.push(Question::Forms);
        }
    }
    labels(&mut open, file, seen, answers, catalogue)?;
    let unread = marks(answers, seen).into_iter().filter(|mark| !answers.states.contains_key(mark));
    open.questions.extend(unread.take(LABELS_MAX).map(Question::Mark));
    if let Some(column) = answers.column(&Role::Flag).and_then(|name| seen.column(name)) {
        let unread = column.values.keys().filter(|flag| !answers.flags.contains_key(*flag));
        open.questions.extend(unread.take(LABELS_MAX).cloned().map(Question::Flag));
    }
    unread_periods(&mut open, seen, answers);
    let forms: Vec<_> = answers.forms.iter().filter_map(|code| catalogue.form(code)).collect();
    let units: BTreeSet<&String> = forms.iter().flat_map(|form| &form.units).collect();
    if answers.metadata.unit.as_ref().is_none_or(|unit| !units.contains(unit)) && !units.is_empty() {
        open.questions.push(Question::Unit(units.into_iter().cloned().collect()));
    }
    Ok(open)
}

fn topics(open: &mut Open, seen: &Seen, answers: &Answers) {
    match answers.column(&Role::Topic).and_then(|name| seen.column(name)) {
        Some(column) => {
            let unread = column.values.keys().filter(|value| !answers.topics.contains_key(*value));
            open.questions.extend(unread.take(LABELS_MAX).cloned().map(Question::TopicOf));
        }
        None if answers.topic.is_none() => open.questions.push(Question::Topic),
        None => {}
    }
}

fn unread_periods(open: &mut Open, seen: &Seen, answers: &Answers) {
    let read = |column: &String, is_year: bool| -> Vec<String> {
        let values = seen.column(column).into_iter().flat_map(|column| column.values.keys());
        let is_read = |value: &&String| {
            answers.periods.contains_key(*value) || periods::written(value).is_ok_and(|_| !is_year || value.len() == 4)
        };
        values.filter(|value| !is_read(value)).cloned().collect()
    };
    let mut unread: Vec<String> =
        answers.columns_of(|role| *role == Role::Period).flat_map(|name| read(name, false)).collect();
    unread.extend(answers.columns_of(|role| *role == Role::Year).flat_map(|name| read(name, true)));
    let headings = answers.columns_of(|role| *role == Role::PeriodInHeading);
    unread.extend(
        headings.filter(|name| periods::written(name).is_err() && !answers.periods.contains_key(*name)).cloned(),
    );
    open.questions.extend(unread.into_iter().take(LABELS_MAX).map(Question::Period));
}

fn labels(
    open: &mut Open,
    file: SourceFile<'_>,
    seen: &Seen,
    answers: &Answers,
    catalogue: &Catalogue,
) -> Result<(), Problems> {
    let mut has_total = false;
    for (dimension, column) in label_columns(answers, seen, catalogue) {
        let Ok(labels) = Labels::declared(&lists_of(&dimension, column.column), catalogue, &dimension) else {
            continue;
        };
        let given = answers.labels.get(&dimension.code);
        let sums = match column.column {
            Some(own) => sums(file, seen, answers, &own.name)?,
            None => BTreeSet::new(),
        };
        for value in column.values {
            let value = value.trim();
            let answer = given.and_then(|given| given.get(value)).cloned();
            let known = labels.read(value);
            let is_sum = sums.contains(value);
            let is_total = |code: &str| code == Code::TOTAL;
            has_total |= answer.as_deref().is_some_and(is_total)
                || matches!(&known, Ok(Found::Code(code)) if is_total(code.as_str()));
            // M is male beside F, and female (mujer, mulher) beside H: where another label of the column has the same code by
            // somebody's answer, both are asked.
            let is_taken = |code: &Code| {
                dimension.list != "country"
                    && given.is_some_and(|given| given.values().any(|other| *other == code.as_str()))
            };
            let is_settled =
                matches!(&known, Ok(Found::Code(code)) if (!is_sum || is_total(code.as_str())) && !is_taken(code));
            if is_settled && answer.is_none() {
                continue;
            }
            if answer.is_none() && open.questions.len() >= LABELS_MAX {
                open.more_labels += 1;
                continue;
            }
            let rows = column.column.and_then(|own| own.values.get(value)).copied().unwrap_or(seen.rows);
            let mut near = labels.near(value);
            if let Ok(Found::Code(code)) = known {
                near.insert(0, code);
            }
            let question = LabelQuestion {
                dimension: dimension.code.clone(),
                list: dimension.list.clone(),
                column: column.name.clone(),
                label: value.to_owned(),
                rows,
                near,
                is_sum,
                answer,
            };
            if question.answer.is_some() {
                open.answered.push(question);
            } else {
                open.questions.push(Question::Label(question));
            }
        }
    }
    let needs_total = !answers.dimensions().is_empty();
    if !has_total && !answers.is_of_cases() && needs_total && answers.complete.is_none() {
        open.questions.push(Question::Complete);
    }
    Ok(())
}

/// Labels of a column whose count is the sum of the others, wherever they stand.
fn sums(file: SourceFile<'_>, seen: &Seen, answers: &Answers, column: &str) -> Result<BTreeSet<String>, Problems> {
    let count = match answers.column(&Role::Count) {
        Some(name) => name.clone(),
        None => COUNT_COLUMN.to_owned(),
    };
    let rules = file_rules(seen, answers, None);
    let opened = opened::open(file, &rules, FILE_BYTES_MAX)?;
    let mut rows = Rows::new(Records::new(&opened.text, opened.delimiter, rules.header_line), &rules)?;
    let columns = Columns::read_foreign(rows.heading(), opened.delimiter)?;
    let (Ok(label), Ok(count)) = (columns.find(column), columns.find(&count)) else { return Ok(BTreeSet::new()) };
    let tells_apart = |name: &&String| {
        *name != column && !matches!(answers.columns.get(*name), None | Some(Role::Ignored | Role::Count | Role::Flag))
            || rules.unfold.as_ref().is_some_and(|unfold| unfold.into == **name)
    };
    let others: Vec<_> =
        columns.names().iter().filter(tells_apart).filter_map(|name| columns.find(name).ok()).collect();
    let mut groups: BTreeMap<Vec<String>, Vec<(String, u64)>> = BTreeMap::new();
    let mut record = Record::default();
    // Rows that are not well-formed are said when the file is read.
    while rows.read(&mut record).unwrap_or(false) {
        let Ok(number) = numbers::count(count.of(&record)) else { continue };
        let group = others.iter().map(|other| other.of(&record).to_owned()).collect();
        groups.entry(group).or_default().push((label.of(&record).to_owned(), number));
    }
    let mut is_sum: BTreeMap<String, bool> = BTreeMap::new();
    for group in groups.values() {
        let all = group.iter().fold(0_u64, |sum, (_, number)| sum.saturating_add(*number));
        for (label, number) in group {
            let equals = group.len() > SUMMANDS_MIN && *number > 0 && number.checked_mul(2) == Some(all);
            is_sum.entry(label.clone()).and_modify(|known| *known &= equals).or_insert(equals);
        }
    }
    Ok(is_sum.into_iter().filter(|(_, is_sum)| *is_sum).map(|(label, _)| label).collect())
}

/// Whether an answer for a label can stand: a code of the dimension, or [`LEFT_OUT`].
#[must_use]
pub fn is_answer(dimension: &str, answer: &str, answers: &Answers, catalogue: &Catalogue) -> bool {
    let accepts =
        |code: Code| dimension_for(dimension, answers, catalogue).is_some_and(|own| catalogue.accepts(&own, &code));
    answer == LEFT_OUT || Code::parse(answer).is_ok_and(accepts)
}
