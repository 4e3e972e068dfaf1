//! What the page of a brought file sends, as answers. Labels, marks, flags, periods and values come in pairs: first what stands in
//! the file, then what it stands for.

use std::collections::BTreeMap;

use vrs_intake::assistant::questions::is_answer;
use vrs_intake::assistant::{Answers, LEFT_OUT, Layout, Role};
use vrs_intake::mapping::{Delimiter, Encoding, Made};
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::{FormCode, TopicCode};
use vrs_protocol::period::Period;
use vrs_protocol::table::Metadata;

use crate::say;
use crate::sheet::csv::Countries;

/// What a page sent.
#[derive(Debug, Default)]
pub(super) struct Sent {
    /// What is to be done.
    pub(super) act: String,
    /// The mark of the mapping whose tables were shown.
    pub(super) shown: String,
    /// What was said.
    pub(super) answers: Answers,
    /// What was written and cannot be an answer, in sentences.
    pub(super) wrong: Vec<String>,
}

impl Sent {
    /// Reads the pairs of a form. `columns` are the headings of the file as it was shown.
    pub(super) fn read(pairs: Vec<(String, String)>, columns: &[String], catalogue: &Catalogue) -> Self {
        let mut sent = Self::default();
        let mut held: BTreeMap<&'static str, String> = BTreeMap::new();
        for (name, value) in pairs {
            let value = value.trim().to_owned();
            match name.as_str() {
                "act" => sent.act = value,
                "shown" => sent.shown = value,
                "sheet" | "encoding" | "delimiter" | "header_line" => sent.layout(&name, value),
                "topic" => sent.answers.topic = TopicCode::parse(&value).ok(),
                "form" => sent.answers.forms.extend(FormCode::parse(&value).ok()),
                "unit" => sent.answers.metadata.unit = (!value.is_empty()).then_some(value),
                "coverage" => sent.answers.metadata.coverage = (!value.is_empty()).then_some(value),
                "period_deviation" => sent.answers.metadata.period_deviation = (!value.is_empty()).then_some(value),
                "complete" => sent.answers.complete = yes_no(&value),
                "add_repeated" => sent.answers.add_repeated = value == "yes",
                "make" => sent.answers.make.extend(made(&value)),
                "period" => sent.period(&value),
                "covers" => sent.covers(&value),
                "dimension" => drop(held.insert("dimension", value)),
                "label" => drop(held.insert("label", value)),
                "code" => sent.label(&held, &value, catalogue),
                "mark" => drop(held.insert("mark", value)),
                "mark_is" => sent.pair(&held, "mark", value, |answers| &mut answers.states),
                "flag" => drop(held.insert("flag", value)),
                "flag_is" => sent.pair(&held, "flag", value, |answers| &mut answers.flags),
                "written" => drop(held.insert("written", value)),
                "written_is" => sent.written(&held, &value),
                "about" => drop(held.insert("about", value)),
                "about_is" => sent.about(&held, &value),
                _ => {
                    let place = name.strip_prefix("column.").and_then(|place| place.parse::<usize>().ok());
                    if let Some(column) = place.and_then(|place| columns.get(place))
                        && let Ok(role) = Role::try_from(value)
                    {
                        sent.answers.columns.insert(column.clone(), role);
                    }
                }
            }
        }
        sent
    }

    fn layout(&mut self, name: &str, value: String) {
        let layout: &mut Layout = &mut self.answers.layout;
        match name {
            "sheet" => layout.sheet = (!value.is_empty()).then_some(value),
            "encoding" => {
                layout.encoding = encodings().into_iter().find(|(word, _)| *word == value).map(|(_, own)| own)
            }
            "delimiter" => layout.delimiter = Delimiter::ALL.into_iter().find(|own| delimiter_word(*own) == value),
            _ => layout.header_line = value.parse().ok().filter(|line| (1..=1_000).contains(line)),
        }
    }

    fn pair(
        &mut self,
        held: &BTreeMap<&'static str, String>,
        of: &'static str,
        value: String,
        field: impl Fn(&mut Answers) -> &mut BTreeMap<String, String>,
    ) {
        if let Some(text) = held.get(of).filter(|_| !value.is_empty()) {
            field(&mut self.answers).insert(text.clone(), value);
        }
    }

    fn label(&mut self, held: &BTreeMap<&'static str, String>, typed: &str, catalogue: &Catalogue) {
        let (Some(dimension), Some(label)) = (held.get("dimension"), held.get("label")) else { return };
        if typed.is_empty() {
            return;
        }
        let code = match typed {
            LEFT_OUT => Some(LEFT_OUT.to_owned()),
            other => Countries::new(catalogue).code_of(other).map(|code| code.to_string()),
        };
        let code = code.filter(|code| is_answer(dimension, code, &self.answers, catalogue));
        match code {
            Some(code) => drop(self.answers.labels.entry(dimension.clone()).or_default().insert(label.clone(), code)),
            None => {
                self.wrong.push(say("assistant-no-code").with("typed", typed).with("label", label.as_str()).to_string())
            }
        }
    }

    fn written(&mut self, held: &BTreeMap<&'static str, String>, typed: &str) {
        let Some(written) = held.get("written").filter(|_| !typed.is_empty()) else { return };
        match Period::parse(typed) {
            Ok(period) => drop(self.answers.periods.insert(written.clone(), period)),
            Err(_) => self.wrong.push(say("assistant-no-period").with("typed", typed).to_string()),
        }
    }

    fn about(&mut self, held: &BTreeMap<&'static str, String>, value: &str) {
        let Some(about) = held.get("about").filter(|_| !value.is_empty()) else { return };
        self.answers.topics.insert(about.clone(), TopicCode::parse(value).ok());
    }

    fn period(&mut self, typed: &str) {
        match Period::parse(typed) {
            Ok(period) => self.answers.period = Some(period),
            Err(_) if typed.is_empty() => {}
            Err(_) => self.wrong.push(say("assistant-no-period").with("typed", typed).to_string()),
        }
    }

    fn covers(&mut self, typed: &str) {
        for part in typed.split([',', ' ', ';']).filter(|part| !part.is_empty()) {
            match Period::parse(part) {
                Ok(period) => self.answers.covers.push(period),
                Err(_) => self.wrong.push(say("assistant-no-period").with("typed", part).to_string()),
            }
        }
    }
}

/// The metadata of the answers that no field of the page holds, from what was answered before.
pub(super) fn keep_metadata(answers: &mut Answers, before: &Metadata) {
    let own = answers.metadata.clone();
    answers.metadata =
        Metadata { unit: own.unit, coverage: own.coverage, period_deviation: own.period_deviation, ..before.clone() };
}

/// Encodings by the words that a page sends.
pub(super) fn encodings() -> [(&'static str, Encoding); 3] {
    [("utf-8", Encoding::Utf8), ("windows-1252", Encoding::Windows1252), ("utf-16", Encoding::Utf16)]
}

/// A delimiter by the word that a page sends.
pub(super) const fn delimiter_word(delimiter: Delimiter) -> &'static str {
    match delimiter {
        Delimiter::Comma => "comma",
        Delimiter::Semicolon => "semicolon",
        Delimiter::Tab => "tab",
        Delimiter::Bar => "bar",
    }
}

/// Lengths by the words that a page sends.
pub(super) const LENGTHS: [(&str, Made); 4] =
    [("month", Made::Month), ("quarter", Made::Quarter), ("half", Made::Half), ("year", Made::Year)];

fn made(word: &str) -> Option<Made> {
    LENGTHS.into_iter().find(|(own, _)| *own == word).map(|(_, made)| made)
}

fn yes_no(word: &str) -> Option<bool> {
    match word {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(form: &[(&str, &str)]) -> Sent {
        let pairs = form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Sent::read(pairs, &["year".into(), "country".into()], Catalogue::bundled())
    }

    #[test]
    fn what_stands_in_a_file_and_what_it_stands_for_come_in_pairs() {
        let sent = read(&[
            ("column.0", "year"),
            ("column.1", "dimension:citizenship"),
            ("column.2", "count"),
            ("dimension", "citizenship"),
            ("label", "Burmese"),
            ("code", "Myanmar (MMR)"),
            ("dimension", "citizenship"),
            ("label", "Sum"),
            ("code", "-"),
            ("mark", ""),
            ("mark_is", "not-known"),
            ("about", "entry"),
            ("about_is", "IE"),
            ("about", "test"),
            ("about_is", "-"),
            ("written", "FY21"),
            ("written_is", "2021"),
            ("covers", "2021, 2022"),
        ]);
        assert_eq!(sent.wrong, Vec::<String>::new());
        assert_eq!(sent.answers.columns.len(), 2, "a column that the file has not");
        assert_eq!(sent.answers.labels["citizenship"]["Burmese"], "MMR");
        assert_eq!(sent.answers.labels["citizenship"]["Sum"], "-");
        assert_eq!(sent.answers.states[""], "not-known");
        assert_eq!(sent.answers.topics["entry"].as_ref().map(TopicCode::as_str), Some("IE"));
        assert_eq!(sent.answers.topics["test"], None);
        assert_eq!(sent.answers.periods["FY21"].to_string(), "2021");
        assert_eq!(sent.answers.covers.len(), 2);
    }

    #[test]
    fn what_cannot_be_an_answer_is_said_and_nothing_is_taken_for_it() {
        let sent = read(&[("dimension", "citizenship"), ("label", "X"), ("code", "Atlantis"), ("period", "20-21")]);
        assert_eq!(sent.wrong.len(), 2, "{:?}", sent.wrong);
        assert!(sent.answers.labels.is_empty() && sent.answers.period.is_none());
    }
}
