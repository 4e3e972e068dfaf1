//! What the columns of a file may hold, by their headings and by what stands in them. Everything here is a proposal that a
//! person sees and confirms; where two readings are as good as each other, none is proposed.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::catalogue::{Catalogue, Dimension, Form};
use vrs_protocol::id::{Code, FormCode, ParticipantCode, TopicCode};
use vrs_protocol::period::Length;

use super::super::labels::{Found, Labels};
use super::super::mapping::{LabelRules, Made};
use super::super::problems::Flaw;
use super::super::{aliases, numbers, periods};
use super::seen::{Seen, SeenColumn};
use super::vocabulary::{announced, is_mark, plain, reserved, topic_in};
use super::{Answers, LEFT_OUT, Layout, Role};

/// Labels of which at least this share is known make a column one of its dimension.
const KNOWN_SHARE: f64 = 0.6;
/// The same where the heading announces the dimension.
const ANNOUNCED_SHARE: f64 = 0.2;
/// Headings that may be of any country.
const GENERAL: [&str; 4] = ["country", "pays", "pais", "state"];
/// A column with more different values than this does not say what a row is about.
const TOPIC_VALUES_MAX: usize = 20;

/// What was learnt before: the answers for a file with these headings, and labels by dimension.
#[derive(Debug, Clone, Default)]
pub struct Remembered {
    /// The answers that were given for this file, or for another with its headings.
    pub answers: Option<Answers>,
    /// Whether that was another one.
    pub is_of_another_file: bool,
    /// Labels and what they stand for, by dimension.
    pub labels: BTreeMap<String, BTreeMap<String, String>>,
}

/// The proposal for a file. `name` is that of the file, which often says what it is about.
#[must_use]
pub fn propose(
    seen: &Seen,
    name: &str,
    catalogue: &Catalogue,
    ours: &ParticipantCode,
    remembered: &Remembered,
) -> Answers {
    let layout = Layout {
        sheet: seen.rules.sheet.clone(),
        encoding: Some(seen.rules.encoding),
        delimiter: Some(seen.rules.delimiter),
        header_line: Some(seen.rules.header_line),
    };
    let mut answers = match &remembered.answers {
        Some(before) => Answers { layout, ..before.clone() },
        None => Answers { layout, ..Answers::default() },
    };
    answers.columns.retain(|name, _| seen.column(name).is_some());
    for column in &seen.columns {
        if !answers.columns.contains_key(&column.name)
            && let Some(role) = role(column, seen, catalogue, ours)
        {
            answers.columns.insert(column.name.clone(), role);
        }
    }
    settle(&mut answers, seen);
    // Files of several topics may have the same headings.
    let is_said = topic_of(seen, name);
    if remembered.is_of_another_file
        && let (Some(said), Some(topic)) = (is_said, &answers.topic)
        && said != topic.as_str()
    {
        answers.topic = None;
        answers.forms = BTreeSet::new();
    }
    if answers.topic.is_none() && answers.topics.is_empty() {
        about(&mut answers, seen, name, catalogue);
    }
    labels(&mut answers, seen, catalogue, &remembered.labels);
    states(&mut answers, seen);
    if answers.is_of_cases() && answers.make.is_empty() {
        answers.make = vec![Made::Quarter];
    }
    if answers.forms.is_empty() {
        answers.forms = proposed_forms(&answers, catalogue);
    }
    if answers.metadata.unit.is_none() {
        answers.metadata.unit = only_unit(&answers, catalogue);
    }
    answers
}

/// What a column seems to hold.
fn role(column: &SeenColumn, seen: &Seen, catalogue: &Catalogue, ours: &ParticipantCode) -> Option<Role> {
    if column.is_blank() {
        return Some(Role::Ignored);
    }
    let is_figures = column.is_of_counts() || column.values.keys().all(|value| is_mark(value));
    if periods::written(&column.name).is_ok() && is_figures {
        return Some(Role::PeriodInHeading);
    }
    if is_figures && let Some(dimension) = in_heading(column, seen, catalogue) {
        return Some(Role::DimensionInHeading(dimension));
    }
    let announced = announced(&column.name);
    if column.years == column.filled && (announced == Some("year") || announced.is_none()) {
        return Some(Role::Year);
    }
    if let Some(role) = part_of_year(column) {
        return Some(role);
    }
    if column.periods == column.filled {
        // 2021/3 below "Quarter" is no March.
        let name = plain(&column.name);
        let is_part =
            ["quarter", "trimestre", "quartal", "kwartal", "half", "semest"].iter().any(|word| name.contains(word));
        let has_months = column
            .values
            .keys()
            .any(|value| periods::written(value).is_ok_and(|found| found.length() == Length::Month));
        return (!(is_part && has_months)).then_some(Role::Period);
    }
    let orders: Vec<_> = column.day_orders().collect();
    if let [order, ..] = orders[..] {
        // A day that fits two orders is asked about; the standard one fits no other.
        return (orders.len() == 1 || order == Default::default()).then_some(Role::Date(order));
    }
    match announced {
        // Numbers that are all different, beside days, may be those of the cases.
        Some("count") if column.is_of_counts() && !(has_days(seen) && column.is_all_different()) => {
            return Some(Role::Count);
        }
        Some("reference") if has_days(seen) => return Some(Role::Reference),
        Some("year" | "count" | "flag" | "topic" | "reference") | None => {}
        Some(dimension) => {
            // A heading of one meaning needs few labels to be believed; whatever is unknown is asked.
            let is_general = GENERAL.iter().any(|word| plain(&column.name).contains(word));
            let needed = if is_general { KNOWN_SHARE } else { ANNOUNCED_SHARE };
            let found = dimension_of(dimension, catalogue);
            let known = found.is_some_and(|found| share(column, &found, catalogue) >= needed);
            if dimension == "age" && column.is_of_counts() {
                return Some(Role::AgeInYears);
            }
            if known || dimension.ends_with("point") {
                return Some(if is_reporter(column, seen, ours) {
                    Role::Reporter
                } else {
                    Role::Dimension(dimension.to_owned())
                });
            }
        }
    }
    let by_values = ["sex", "mode", "age", "citizenship"].into_iter().find(|code| {
        dimension_of(code, catalogue).is_some_and(|found| share(column, &found, catalogue) >= KNOWN_SHARE)
    });
    if let Some(code) = by_values.filter(|_| !column.is_of_counts()) {
        return Some(if is_reporter(column, seen, ours) { Role::Reporter } else { Role::Dimension(code.to_owned()) });
    }
    if announced == Some("flag") && column.values.keys().all(|value| value.chars().count() <= 2) {
        return Some(Role::Flag);
    }
    let is_topic =
        column.values.len() <= TOPIC_VALUES_MAX && column.values.keys().any(|value| topic_in(value).is_some());
    if is_topic && !column.is_of_counts() {
        return Some(Role::Topic);
    }
    // The same in every row says nothing.
    (column.values.len() == 1).then_some(Role::Ignored)
}

/// Whether a column holds days, as files of cases do.
fn has_days(seen: &Seen) -> bool {
    seen.columns.iter().any(|column| column.day_orders().next().is_some())
}

/// Puts right what can only be seen of all columns together.
fn settle(answers: &mut Answers, seen: &Seen) {
    let unfolded = |role: &Role| matches!(role, Role::PeriodInHeading | Role::DimensionInHeading(_));
    let is_wide = answers.columns.values().any(unfolded);
    let counts: Vec<String> = answers.columns_of(|role| *role == Role::Count).cloned().collect();
    if is_wide {
        // Beside a row of periods, one more column of counts is their total.
        counts.iter().for_each(|name| drop(answers.columns.insert(name.clone(), Role::Ignored)));
    } else if counts.len() > 1 {
        counts.iter().for_each(|name| drop(answers.columns.remove(name)));
    } else if counts.is_empty() && !has_days(seen) {
        let open: Vec<&SeenColumn> = seen
            .columns
            .iter()
            .filter(|column| column.is_of_counts() && !answers.columns.contains_key(&column.name))
            .collect();
        if let [only] = open[..] {
            answers.columns.insert(only.name.clone(), Role::Count);
        }
    }
    // Headings of two kinds are not both headings of one figure: the person says which of them are read.
    let mut kinds: Vec<&Role> = answers.columns.values().filter(|role| unfolded(role)).collect();
    kinds.sort_by_key(ToString::to_string);
    kinds.dedup();
    if kinds.len() > 1 {
        answers.columns.retain(|_, role| !unfolded(role));
    }
    // One period, said twice, is said by the more exact column.
    let has_exact = answers.columns.values().any(|role| matches!(role, Role::Period | Role::Date(_)));
    let days = answers.columns_of(|role| matches!(role, Role::Date(_))).filter_map(|name| seen.column(name)).next();
    let has_years = answers.column(&Role::Year).is_some();
    if has_years && days.is_some_and(|days| days.values.len() * 2 < seen.rows) {
        // A day that is the same in many rows may be that of the extract, and not of the event.
        let both: Vec<String> =
            answers.columns_of(|role| matches!(role, Role::Date(_) | Role::Year)).cloned().collect();
        both.iter().for_each(|name| drop(answers.columns.remove(name)));
    } else if has_exact {
        let years: Vec<String> = answers.columns_of(|role| *role == Role::Year).cloned().collect();
        years.iter().for_each(|name| drop(answers.columns.insert(name.clone(), Role::Ignored)));
    }
    // Two columns of one dimension cannot both be it.
    let mut taken: BTreeSet<String> = BTreeSet::new();
    for column in &seen.columns {
        if let Some(Role::Dimension(code)) = answers.columns.get(&column.name)
            && !taken.insert(code.clone())
        {
            answers.columns.remove(&column.name);
        }
    }
    if answers.is_of_cases() {
        // Of a case, what is not asked for can stay out.
        for column in seen.columns.iter().filter(|column| column.day_orders().next().is_none()) {
            answers.columns.entry(column.name.clone()).or_insert(Role::Ignored);
        }
    }
}

/// The dimension whose codes are headings, this one and another among them.
fn in_heading(column: &SeenColumn, seen: &Seen, catalogue: &Catalogue) -> Option<String> {
    ["sex", "age", "mode"].into_iter().find_map(|code| {
        let dimension = dimension_of(code, catalogue)?;
        let labels = Labels::declared(&lists_of(&dimension, None), catalogue, &dimension).ok()?;
        let is_code = |name: &str| labels.read(name).is_ok() && numbers::count(name).is_err();
        let all = seen.columns.iter().filter(|other| other.is_of_counts() && is_code(&other.name)).count();
        let own = is_code(&column.name) || reserved(&column.name) == Some(Code::TOTAL);
        (own && all >= 2).then(|| code.to_owned())
    })
}

fn part_of_year(column: &SeenColumn) -> Option<Role> {
    let name = plain(&column.name);
    let all =
        |most: u8| column.values.keys().all(|value| value.parse::<u8>().is_ok_and(|part| (1..=most).contains(&part)));
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let quarter =
        |value: &String| matches!(value.to_lowercase().as_str(), "q1" | "q2" | "q3" | "q4" | "1" | "2" | "3" | "4");
    if has(&["quarter", "trimestre", "quartal", "kwartal"]) && column.values.keys().all(quarter) {
        return Some(Role::Quarter);
    }
    if has(&["half", "semest", "halbjahr"]) && all(2) {
        return Some(Role::Half);
    }
    let is_month =
        |value: &String| periods::written(&format!("{value} 2013")).is_ok_and(|found| found.length() == Length::Month);
    if has(&["month", "mois", "mes", "monat", "miesiac", "mese"]) && (all(12) || column.values.keys().all(is_month)) {
        return Some(Role::Month);
    }
    None
}

/// Whether the column names the reporting states: ours among others, or ours alone, beside another column of countries.
fn is_reporter(column: &SeenColumn, seen: &Seen, ours: &ParticipantCode) -> bool {
    let catalogue = Catalogue::everything();
    let Some(dimension) = dimension_of("citizenship", catalogue) else { return false };
    let Ok(labels) = Labels::declared(&lists_of(&dimension, Some(column)), catalogue, &dimension) else { return false };
    let is_ours = |value: &str| matches!(labels.read(value), Ok(Found::Code(code)) if code.as_str() == ours.as_str());
    let name = plain(&column.name);
    let is_said = ["report", "declar", "geo", "member state"].iter().any(|word| name.contains(word));
    let ours_here = column.values.keys().any(|value| is_ours(value));
    let others = seen.columns.iter().any(|other| {
        other.name != column.name && !other.is_of_counts() && share(other, &dimension, catalogue) >= KNOWN_SHARE
    });
    ours_here && (is_said || (others && column.values.len() == 1))
}

/// What the file is about: by a column that says it, else by the words around the figures.
fn about(answers: &mut Answers, seen: &Seen, name: &str, catalogue: &Catalogue) {
    let topic = |code: &str| TopicCode::parse(code).ok().filter(|code| catalogue.topic(code).is_some());
    if let Some(column) = answers.column(&Role::Topic).and_then(|name| seen.column(name)) {
        let known = column.values.keys().filter_map(|value| Some((value.clone(), topic(topic_in(value)?)?)));
        let known: Vec<(String, TopicCode)> = known.collect();
        // Two values of one topic may be a whole and its part: which are to be added up is for a person to say.
        let is_alone = |topic: &TopicCode| known.iter().filter(|(_, other)| other == topic).count() == 1;
        let alone = known.iter().filter(|(_, topic)| is_alone(topic));
        answers.topics = alone.map(|(value, topic)| (value.clone(), Some(topic.clone()))).collect();
        return;
    }
    answers.topic = topic_of(seen, name).and_then(topic);
}

/// What the words around the figures say that they are about.
fn topic_of(seen: &Seen, name: &str) -> Option<&'static str> {
    let headings: Vec<&str> = seen.columns.iter().map(|column| column.name.as_str()).collect();
    let around = [name, seen.rules.sheet.as_deref().unwrap_or_default(), &seen.title, &headings.join(" ")];
    around.into_iter().find_map(topic_in)
}

/// Labels that were answered before, and those whose word says that they are a total, the rest or unknown.
fn labels(
    answers: &mut Answers,
    seen: &Seen,
    catalogue: &Catalogue,
    remembered: &BTreeMap<String, BTreeMap<String, String>>,
) {
    let is_of_cases = answers.is_of_cases();
    for (dimension, column) in label_columns(answers, seen, catalogue) {
        let Ok(labels) = Labels::declared(&lists_of(&dimension, column.column), catalogue, &dimension) else {
            continue;
        };
        let known = remembered.get(&dimension.code);
        let own = answers.labels.entry(dimension.code.clone()).or_default();
        for value in column.values {
            let value = value.trim();
            if own.contains_key(value) {
                continue;
            }
            let proposed = match labels.read(value) {
                Ok(_) => None,
                Err((flaw, _)) => {
                    let accepts = |code: &str| Code::parse(code).is_ok_and(|code| catalogue.accepts(&dimension, &code));
                    let before = known.and_then(|known| known.get(value)).map(String::as_str);
                    let aggregate = matches!(&flaw, Flaw::Label(why) if why.contains("sums up"));
                    before
                        .filter(|code| *code == LEFT_OUT || accepts(code))
                        .or_else(|| {
                            reserved(value).filter(|code| accepts(code)).map(|code| {
                                // A total among cases would be counted beside its parts.
                                if is_of_cases && code == Code::TOTAL { LEFT_OUT } else { code }
                            })
                        })
                        .or_else(|| aggregate.then_some(LEFT_OUT))
                }
            };
            if let Some(code) = proposed {
                own.insert(value.to_owned(), code.to_owned());
            }
        }
    }
}

/// Labels of one dimension: a column, or headings.
pub(super) struct LabelColumn<'s> {
    /// The column, where they stand in one.
    pub(super) column: Option<&'s SeenColumn>,
    /// Its name, for questions.
    pub(super) name: String,
    /// The labels.
    pub(super) values: Vec<&'s str>,
}

/// Where the labels of each dimension stand.
pub(super) fn label_columns<'s>(
    answers: &Answers,
    seen: &'s Seen,
    catalogue: &Catalogue,
) -> Vec<(Dimension, LabelColumn<'s>)> {
    let mut found: Vec<(Dimension, LabelColumn<'s>)> = Vec::new();
    for column in &seen.columns {
        match answers.columns.get(&column.name) {
            Some(Role::Dimension(code)) => {
                let Some(dimension) = dimension_for(code, answers, catalogue) else { continue };
                let values = column.values.keys().map(String::as_str).collect();
                found.push((dimension, LabelColumn { column: Some(column), name: column.name.clone(), values }));
            }
            Some(Role::DimensionInHeading(code)) => {
                let Some(dimension) = dimension_for(code, answers, catalogue) else { continue };
                match found.iter_mut().find(|(known, labels)| known.code == *code && labels.column.is_none()) {
                    Some((_, labels)) => labels.values.push(&column.name),
                    None => found.push((
                        dimension,
                        LabelColumn { column: None, name: String::new(), values: vec![column.name.as_str()] },
                    )),
                }
            }
            _ => {}
        }
    }
    found
}

/// Marks in place of a count whose meaning their form says.
fn states(answers: &mut Answers, seen: &Seen) {
    for value in marks(answers, seen) {
        let proposed =
            value.strip_prefix('<').and_then(|bound| bound.trim().parse::<u64>().ok()).filter(|bound| *bound >= 2);
        if let Some(bound) = proposed {
            answers.states.entry(value).or_insert_with(|| format!("fewer-than-{bound}"));
        }
    }
}

/// What stands where counts are expected and is none.
pub(super) fn marks(answers: &Answers, seen: &Seen) -> BTreeSet<String> {
    let holds_counts = |column: &&SeenColumn| {
        let role = answers.columns.get(&column.name);
        matches!(role, Some(Role::Count | Role::PeriodInHeading | Role::DimensionInHeading(_)))
    };
    let values = seen.columns.iter().filter(holds_counts).flat_map(|column| column.values.keys());
    values.filter(|value| numbers::count(value).is_err()).cloned().collect()
}

/// The forms of the topics whose dimensions are there; a form of one number only where the rows hold everybody. A cross of which
/// the file has one side is answered with totals of the other, if no form asks for that side alone.
#[must_use]
pub fn possible_forms<'c>(answers: &Answers, catalogue: &'c Catalogue) -> Vec<&'c Form> {
    let (topics, dimensions) = (answers.all_topics(), answers.dimensions());
    // A list of the largest ten says nothing of a breakdown or a total that it would have to be added up to.
    let may_add = answers.is_of_cases() || answers.complete != Some(false);
    let has_total = |dimension: &Dimension| {
        catalogue
            .list(&dimension.list)
            .is_some_and(|list| list.reserved.iter().any(|code| code.as_str() == Code::TOTAL))
    };
    let is_asked_alone = |code: &str| {
        let whole = |form: &&Form| topics.contains(&form.topic) && side_missing(form, &dimensions).next().is_none();
        let mut forms = catalogue.forms().iter().filter(whole).flat_map(|form| &form.dimensions);
        forms.any(|dimension| dimension.code == code)
    };
    let answers_one_side = |form: &Form| {
        let mut had = form.dimensions.iter().filter(|own| dimensions.contains(own.code.as_str())).peekable();
        !answers.is_of_cases()
            && had.peek().is_some()
            && had.all(|own| !is_asked_alone(&own.code))
            && side_missing(form, &dimensions).all(has_total)
    };
    let fits = |form: &&Form| {
        let has = |code: &&str| form.dimensions.iter().any(|dimension| dimension.code == **code);
        form.kind.counts()
            && topics.contains(&form.topic)
            && (side_missing(form, &dimensions).next().is_none() || answers_one_side(form))
            && (may_add || dimensions.iter().all(|code| has(code) || answers.says_total(code)))
    };
    catalogue.forms().iter().filter(fits).collect()
}

/// The dimensions of a form that the file does not have.
pub(super) fn side_missing<'f>(form: &'f Form, dimensions: &'f BTreeSet<&str>) -> impl Iterator<Item = &'f Dimension> {
    form.dimensions.iter().filter(|dimension| !dimensions.contains(dimension.code.as_str()))
}

fn proposed_forms(answers: &Answers, catalogue: &Catalogue) -> BTreeSet<FormCode> {
    let forms = possible_forms(answers, catalogue);
    let has_broken_down = forms.iter().any(|form| !form.dimensions.is_empty());
    let wanted =
        |form: &&&Form| !form.extension && (answers.is_of_cases() || !has_broken_down || !form.dimensions.is_empty());
    let wanted: BTreeSet<FormCode> = forms.iter().filter(wanted).map(|form| form.code.clone()).collect();
    if wanted.is_empty() { forms.iter().map(|form| form.code.clone()).collect() } else { wanted }
}

/// The unit, where the forms know one only.
fn only_unit(answers: &Answers, catalogue: &Catalogue) -> Option<String> {
    let forms = answers.forms.iter().filter_map(|code| catalogue.form(code));
    let units: BTreeSet<&String> = forms.flat_map(|form| &form.units).collect();
    let mut units = units.into_iter();
    units.next().filter(|_| units.next().is_none()).cloned()
}

/// The dimension of a code, as the first form that has it.
pub(super) fn dimension_of(code: &str, catalogue: &Catalogue) -> Option<Dimension> {
    catalogue.forms().iter().flat_map(|form| &form.dimensions).find(|dimension| dimension.code == code).cloned()
}

/// The dimension of a code, as the forms have it that are to be made.
pub(super) fn dimension_for(code: &str, answers: &Answers, catalogue: &Catalogue) -> Option<Dimension> {
    let topics = answers.all_topics();
    let own = |form: &&Form| topics.contains(&form.topic);
    let found =
        catalogue.forms().iter().filter(own).flat_map(|form| &form.dimensions).find(|dimension| dimension.code == code);
    found.cloned().or_else(|| dimension_of(code, catalogue))
}

/// The lists that labels of a dimension are looked up in.
pub(super) fn lists_of(dimension: &Dimension, column: Option<&SeenColumn>) -> LabelRules {
    let mut lists: Vec<String> = vec!["codes".into()];
    if dimension.list == "country" {
        lists.push("names".into());
        lists.extend(aliases::PRINTERS.iter().map(|printer| format!("printed:{printer}")));
        let all = |is: &dyn Fn(&str) -> bool| {
            column.is_some_and(|column| {
                let values = column.values.keys().filter(|value| !value.is_empty());
                let (known, all) = values.fold((0, 0), |(known, all), value| (known + usize::from(is(value)), all + 1));
                all > 0 && known * 10 >= all * 8
            })
        };
        if all(&|value| value.len() == 2 && value.bytes().all(|byte| byte.is_ascii_uppercase())) {
            lists.push("alpha-2".into());
        }
        if all(&|value| value.len() <= 3 && value.bytes().all(|byte| byte.is_ascii_digit())) {
            lists.push("m49".into());
        }
    } else {
        lists.push("words".into());
    }
    LabelRules { lists, ..LabelRules::default() }
}

/// Of the different labels of a column, the share that is known.
fn share(column: &SeenColumn, dimension: &Dimension, catalogue: &Catalogue) -> f64 {
    let Ok(labels) = Labels::declared(&lists_of(dimension, Some(column)), catalogue, dimension) else { return 0.0 };
    let is_known = |value: &&String| match labels.read(value) {
        Ok(_) => true,
        Err((flaw, _)) => matches!(flaw, Flaw::Label(_)) || reserved(value).is_some(),
    };
    let values: Vec<&String> = column.values.keys().filter(|value| !value.is_empty()).collect();
    if values.is_empty() || column.is_cut {
        return 0.0;
    }
    values.iter().filter(|value| is_known(value)).count() as f64 / values.len() as f64
}
