//! What the page of a brought file offers and asks: columns and what they may hold, labels and what they may stand for.

use vrs_console::domain::cells::status_words;
use vrs_console::domain::names::{label, topic_title};
use vrs_console::domain::tables::heading;
use vrs_intake::assistant::questions::{LabelQuestion, Question};
use vrs_intake::assistant::seen::{Seen, SeenColumn};
use vrs_intake::assistant::{Answers, LEFT_OUT, Role, order_word};
use vrs_intake::mapping::DateOrder;
use vrs_protocol::catalogue::{Catalogue, Dimension};
use vrs_protocol::cell::Status;
use vrs_protocol::id::Code;

use crate::say;
use crate::sentences::NODE;

/// A breakdown with more values than this is not offered as "only these rows".
const ONLY_VALUES_MAX: usize = 12;

/// Labels that a row of the page names as near.
const NEAR_MAX: usize = 3;

/// One choice of a list.
pub(super) struct Choice {
    pub(super) value: String,
    pub(super) words: String,
    pub(super) chosen: bool,
}

impl Choice {
    pub(super) fn new(value: impl Into<String>, words: impl ToString, chosen: &str) -> Self {
        let value = value.into();
        Self { chosen: value == chosen, words: words.to_string(), value }
    }
}

/// A column as the page shows it.
pub(super) struct ColumnView {
    pub(super) name: String,
    pub(super) roles: Vec<Choice>,
    pub(super) is_open: bool,
}

/// A text of the file and what it may stand for.
pub(super) struct PairView {
    pub(super) text: String,
    pub(super) shown: String,
    pub(super) note: String,
    pub(super) value: String,
    pub(super) choices: Vec<Choice>,
    pub(super) is_open: bool,
}

/// The labels of one dimension.
pub(super) struct LabelsView {
    pub(super) dimension: String,
    pub(super) name: String,
    pub(super) is_of_countries: bool,
    pub(super) labels: Vec<PairView>,
}

pub(super) fn sheet_choice(name: &str, is_visible: bool, seen: &Seen) -> Choice {
    let words = if is_visible { name.to_owned() } else { say("assistant-hidden-sheet").with("name", name).to_string() };
    Choice::new(name, words, seen.rules.sheet.as_deref().unwrap_or_default())
}

/// What a column can hold, the chosen role marked; none is chosen where nothing was answered.
pub(super) fn roles(column: &SeenColumn, answers: &Answers, catalogue: &Catalogue) -> Vec<Choice> {
    let chosen = answers.columns.get(&column.name).map(ToString::to_string).unwrap_or_default();
    let word = |role: &Role, key: &'static str| Choice::new(role.to_string(), say(key), &chosen);
    let mut roles = vec![
        word(&Role::Ignored, "assistant-role-ignored"),
        word(&Role::Count, "assistant-role-count"),
        word(&Role::Period, "assistant-role-period"),
        word(&Role::Year, "assistant-role-year"),
        word(&Role::Half, "assistant-role-half"),
        word(&Role::Quarter, "assistant-role-quarter"),
        word(&Role::Month, "assistant-role-month"),
    ];
    let date = |order: DateOrder| {
        let words = say("assistant-role-date").with(
            "order",
            NODE.say_or(format!("assistant-order-{}", order_word(order)), order_word(order)).to_string(),
        );
        Choice::new(Role::Date(order).to_string(), words, &chosen)
    };
    roles.extend(DateOrder::ALL.into_iter().map(date));
    let mut dimensions: Vec<&Dimension> = Vec::new();
    for dimension in catalogue.forms().iter().filter(|form| form.kind.counts()).flat_map(|form| &form.dimensions) {
        if !dimensions.iter().any(|known| known.code == dimension.code) {
            dimensions.push(dimension);
        }
    }
    roles.extend(dimensions.iter().map(|dimension| {
        Choice::new(Role::Dimension(dimension.code.clone()).to_string(), heading(&dimension.code), &chosen)
    }));
    roles.extend([
        word(&Role::AgeInYears, "assistant-role-age-in-years"),
        word(&Role::Reference, "assistant-role-reference"),
        word(&Role::Topic, "assistant-role-topic"),
        word(&Role::Reporter, "assistant-role-reporter"),
        word(&Role::Flag, "assistant-role-flag"),
        word(&Role::AddedUp, "assistant-role-added-up"),
        word(&Role::PeriodInHeading, "assistant-role-heading-period"),
    ]);
    roles.extend(["sex", "age", "mode"].map(|code| {
        let words = say("assistant-role-heading-code").with("dimension", heading(code));
        Choice::new(Role::DimensionInHeading(code.into()).to_string(), words, &chosen)
    }));
    if column.values.len() <= ONLY_VALUES_MAX && !column.is_cut {
        roles.extend(column.values.keys().map(|value| {
            let words = say("assistant-role-only").with("value", value.as_str());
            Choice::new(Role::Only(value.clone()).to_string(), words, &chosen)
        }));
    }
    roles
}

pub(super) fn topics(catalogue: &Catalogue, chosen: &str) -> Vec<Choice> {
    let counts = |topic: &&vrs_protocol::catalogue::Topic| {
        catalogue.forms().iter().any(|form| form.topic == topic.code && form.kind.counts())
    };
    catalogue
        .topics
        .iter()
        .filter(counts)
        .map(|topic| Choice::new(topic.code.as_str(), topic_title(topic), chosen))
        .collect()
}

/// Values of the column that says what a row is about.
pub(super) fn abouts(seen: &Seen, answers: &Answers, catalogue: &Catalogue) -> Vec<PairView> {
    let Some(column) = answers.column(&Role::Topic).and_then(|name| seen.column(name)) else { return Vec::new() };
    let view = |(value, rows): (&String, &usize)| {
        let answer = answers.topics.get(value);
        let chosen = match answer {
            Some(Some(topic)) => topic.as_str(),
            Some(None) => LEFT_OUT,
            None => "",
        };
        let mut choices = topics(catalogue, chosen);
        choices.push(Choice::new(LEFT_OUT, say("assistant-leave-out"), chosen));
        PairView {
            text: value.clone(),
            shown: value.clone(),
            note: say("assistant-in-rows").with("count", *rows).to_string(),
            value: chosen.to_owned(),
            choices,
            is_open: answer.is_none(),
        }
    };
    column.values.iter().map(view).collect()
}

pub(super) fn label_view(asked: &LabelQuestion, is_open: bool, catalogue: &Catalogue) -> PairView {
    let dimension = Dimension { code: asked.dimension.clone(), list: asked.list.clone() };
    let named = |code: &Code| format!("{} ({code})", label(catalogue, &dimension, code));
    let answer = asked.answer.as_deref().unwrap_or_default();
    let list = catalogue.list(&asked.list);
    let mut choices = Vec::new();
    if asked.list != "country" && list.is_some_and(|list| !list.growable) {
        let entries =
            list.into_iter().flat_map(|list| list.entries.iter().map(|entry| &entry.id).chain(&list.reserved));
        choices.extend(entries.map(|code| Choice::new(code.as_str(), named(code), answer)));
        choices.push(Choice::new(LEFT_OUT, say("assistant-leave-out"), answer));
    }
    let mut notes = vec![say("assistant-in-rows").with("count", asked.rows).to_string()];
    if asked.is_sum {
        notes.push(say("assistant-is-sum").to_string());
    }
    if is_open && !asked.near.is_empty() {
        let near: Vec<String> = asked.near.iter().take(NEAR_MAX).map(named).collect();
        notes.push(say("assistant-perhaps").with("codes", near.join(", ")).to_string());
    }
    let value = match Code::parse(answer) {
        Ok(code) if answer != LEFT_OUT => named(&code),
        _ => answer.to_owned(),
    };
    PairView { text: asked.label.clone(), shown: shown(&asked.label), note: notes.join(" "), value, choices, is_open }
}

/// A text of the file as the page shows it.
pub(super) fn shown(text: &str) -> String {
    if text.is_empty() { say("assistant-empty-field").to_string() } else { text.to_owned() }
}

pub(super) fn written(questions: &[Question], answers: &Answers) -> Vec<PairView> {
    let asked = questions.iter().filter_map(|question| match question {
        Question::Period(text) => Some((text.clone(), String::new(), true)),
        _ => None,
    });
    let known = answers.periods.iter().map(|(text, period)| (text.clone(), period.to_string(), false));
    asked
        .chain(known)
        .map(|(text, value, is_open)| PairView {
            shown: shown(&text),
            text,
            note: String::new(),
            value,
            choices: Vec::new(),
            is_open,
        })
        .collect()
}

pub(super) fn marks(questions: &[Question], answers: &Answers) -> Vec<PairView> {
    const WORDS: [&str; 8] = [
        "not-known",
        "not-collected",
        "not-applicable",
        "counted-elsewhere",
        "suppressed",
        "withheld",
        "no-row",
        "zero",
    ];
    let asked = questions.iter().filter_map(|question| match question {
        Question::Mark(text) => Some((text.clone(), String::new(), true)),
        _ => None,
    });
    let known = answers.states.iter().map(|(text, word)| (text.clone(), word.clone(), false));
    let view = |(text, value, is_open): (String, String, bool)| {
        // An empty field is no zero, whoever says so.
        let words = WORDS.into_iter().filter(|word| *word != "zero" || !text.is_empty());
        let mut choices: Vec<Choice> =
            words.map(|word| Choice::new(word, NODE.say_or(format!("assistant-mark-{word}"), word), &value)).collect();
        if let Some(below) = value.strip_prefix("fewer-than-") {
            choices.push(Choice::new(value.clone(), say("assistant-mark-fewer").with("below", below), &value));
        }
        PairView { shown: shown(&text), text, note: String::new(), value, choices, is_open }
    };
    asked.chain(known).map(view).collect()
}

pub(super) fn flags(questions: &[Question], answers: &Answers) -> Vec<PairView> {
    let asked = questions.iter().filter_map(|question| match question {
        Question::Flag(text) => Some((text.clone(), String::new(), true)),
        _ => None,
    });
    let known = answers.flags.iter().map(|(text, letter)| (text.clone(), letter.clone(), false));
    let view = |(text, value, is_open): (String, String, bool)| {
        let choices =
            Status::ALL.into_iter().map(|status| Choice::new(status.letter(), status_words(status), &value)).collect();
        PairView { shown: shown(&text), text, note: String::new(), value, choices, is_open }
    };
    asked.chain(known).map(view).collect()
}
