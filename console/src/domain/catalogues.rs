//! Versions of the questionnaire on a page: what one asks otherwise than another, with the words of both, and what whoever
//! compares figures over the years must know.
//!
//! The rule it keeps: what was not asked is said to be missing, and is never shown as zero.

use vrs_protocol::catalogue::{Catalogue, Catalogues, Changed, Difference, Form};
use vrs_protocol::id::{Code, FormCode};
use vrs_protocol::period::Period;

use super::names::{form_note, label_of, question, term_definition, term_name, title};
use super::tables::heading;
use crate::table::{Column, FigureTable, Row};
use crate::words::{Said, say};

/// What is asked otherwise, with the words before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Otherwise {
    /// What: the question, a definition, codes.
    pub what: String,
    /// The words of the older version.
    pub old: String,
    /// The words of the newer one.
    pub new: String,
}

/// What must be known of a form where figures of several years are compared.
#[derive(Debug, Clone)]
pub struct Break {
    /// In one sentence.
    pub sentence: String,
    /// The words before and after; `None` where only one version asks the form.
    pub table: Option<FigureTable>,
}

/// For whom and when a question is asked, because questions name both.
#[derive(Debug, Clone, Copy)]
pub struct Addressed<'a> {
    /// The participant as the page calls it.
    pub participant: &'a str,
    /// The period.
    pub period: Period,
}

/// What a form asks otherwise in `new` than in `old`, in words.
#[must_use]
pub fn otherwise(old: &Catalogue, new: &Catalogue, code: &FormCode, asked: Addressed<'_>) -> Vec<Otherwise> {
    let (Some(was), Some(now)) = (old.form(code), new.form(code)) else { return Vec::new() };
    let difference = Difference::between(old, new);
    difference.of(code).iter().map(|changed| in_words((old, was), (new, now), changed, asked)).collect()
}

/// The same as a table, the words of both beside each other.
#[must_use]
pub fn side_by_side(old: &Catalogue, new: &Catalogue, code: &FormCode, asked: Addressed<'_>) -> FigureTable {
    let words_of = |catalogue: &Catalogue| say("versions-in").with("version", catalogue.version.as_str());
    let columns = [Column::text(say("versions-what")), Column::text(words_of(old)), Column::text(words_of(new))];
    let rows = otherwise(old, new, code, asked).into_iter().map(|one| Row::new(one.what).text(one.old).text(one.new));
    FigureTable::new(say("versions-words-of").with("form", code), columns).rows(rows)
}

fn in_words(
    (old, was): (&Catalogue, &Form),
    (new, now): (&Catalogue, &Form),
    changed: &Changed,
    asked: Addressed<'_>,
) -> Otherwise {
    let words = |what: Said, old: String, new: String| Otherwise { what: what.to_string(), old, new };
    match changed {
        Changed::Title { .. } => words(say("versions-title"), title(was), title(now)),
        Changed::Question { .. } => {
            let words_of = |catalogue, form| question(catalogue, form, asked.participant, asked.period);
            words(say("versions-question"), words_of(old, was), words_of(new, now))
        }
        Changed::Note { .. } => {
            let note = |form: &Form| form_note(form).unwrap_or_else(nothing);
            words(say("versions-note"), note(was), note(now))
        }
        Changed::Number { old, new } => words(say("versions-number"), old.clone(), new.clone()),
        Changed::Extension { old, new } => {
            let asked_of = |extension: &bool| {
                let said = if *extension { say("versions-an-extension") } else { say("versions-of-everybody") };
                said.to_string()
            };
            words(say("versions-asked-of"), asked_of(old), asked_of(new))
        }
        Changed::Term { term, .. } => {
            let find = |catalogue: &Catalogue, form: &Form| {
                let used = form.terms.contains(term);
                catalogue.terms.iter().find(|known| known.code == *term).filter(|_| used).cloned()
            };
            let (before, after) = (find(old, was), find(new, now));
            let name = after.as_ref().or(before.as_ref()).map_or_else(|| term.clone(), term_name);
            let definition = |found: &Option<_>| found.as_ref().map_or_else(nothing, term_definition);
            words(say("versions-definition").with("term", name), definition(&before), definition(&after))
        }
        Changed::Codes { list, added, gone } => {
            let of = now.dimensions.iter().find(|dimension| dimension.list == *list);
            let what = match of {
                Some(dimension) => say("versions-codes").with("list", heading(&dimension.code)),
                None => say("versions-choices"),
            };
            words(what, codes(old, list, gone), codes(new, list, added))
        }
    }
}

fn codes(catalogue: &Catalogue, list: &str, codes: &[Code]) -> String {
    if codes.is_empty() {
        return nothing();
    }
    codes.iter().map(|code| format!("{code} {}", label_of(catalogue, list, code))).collect::<Vec<_>>().join("; ")
}

fn nothing() -> String {
    say("versions-nothing").to_string()
}

/// What must be known of a form and period beside those of other versions; empty where every version asks the same.
#[must_use]
pub fn breaks(catalogues: &Catalogues, code: &FormCode, asked: Addressed<'_>) -> Vec<Break> {
    let all: Vec<_> = catalogues.all().collect();
    let year = asked.period.year();
    let Some(at) = all.iter().position(|(until, _)| until.is_none_or(|until| year <= until)) else { return Vec::new() };
    let (until, here) = all[at];
    let alone = |said: Said| Break {
        sentence: said.with("form", code).with("version", here.version.as_str()).to_string(),
        table: None,
    };
    let mut breaks = Vec::new();
    if here.form(code).is_none() {
        breaks.push(alone(say("versions-not-asked").with("period", asked.period)));
        return breaks;
    }
    let meant =
        |old: &Catalogue, new: &Catalogue| Difference::between(old, new).of(code).iter().any(Changed::is_of_meaning);
    if let Some((Some(last), before)) = at.checked_sub(1).map(|before| all[before]) {
        let since = last.saturating_add(1).to_string();
        if before.form(code).is_none() {
            breaks.push(alone(say("versions-new-since").with("year", since)));
        } else if meant(before, here) {
            let said = say("versions-otherwise-since").with("year", since).with("before", before.version.as_str());
            breaks.push(Break { table: Some(side_by_side(before, here, code, asked)), ..alone(said) });
        }
    }
    if let (Some(last), Some((_, after))) = (until, all.get(at + 1)) {
        let from = last.saturating_add(1).to_string();
        if after.form(code).is_none() {
            breaks.push(alone(say("versions-retired-from").with("year", from).with("after", after.version.as_str())));
        } else if meant(here, after) {
            let said = say("versions-otherwise-from").with("year", from).with("after", after.version.as_str());
            breaks.push(Break { table: Some(side_by_side(here, after, code, asked)), ..alone(said) });
        }
    }
    breaks
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> FormCode {
        FormCode::parse(text).unwrap()
    }
    fn asked(period: &str) -> Addressed<'static> {
        Addressed { participant: "Australia", period: Period::parse(period).unwrap() }
    }
    fn at(form: &str, period: &str) -> Vec<Break> {
        let [first, second] = Catalogue::known() else { panic!("two versions") };
        breaks(&Catalogues::of_years(vec![(2026, first)], second), &code(form), asked(period))
    }

    #[test]
    fn a_change_of_definition_is_said_on_both_sides_with_both_words() {
        for (period, words) in [("2026-S2", "From 2027 on"), ("2027-S1", "Since 2027")] {
            let found = at("CS_SEX", period);
            let [one] = found.as_slice() else { panic!("{found:?}") };
            assert!(one.sentence.contains(words) && one.table.is_some(), "{period}: {}", one.sentence);
        }
        let [first, second] = Catalogue::known() else { panic!("two versions") };
        let found = otherwise(first, second, &code("CS_SEX"), asked("2027"));
        let definition = found.iter().find(|other| other.what.contains("Convicted")).unwrap();
        assert!(definition.new.contains("first instance") && !definition.old.contains("first instance"));
        assert!(at("SM_TOT", "2026-S2").is_empty() && at("SM_TOT", "2027-S1").is_empty());
    }

    #[test]
    fn what_only_one_version_asks_is_said_to_be_missing() {
        let sentence = |form, period| at(form, period).first().map(|found| found.sentence.clone()).unwrap_or_default();
        assert!(sentence("IX_XPT", "2027-S1").contains("does not ask"), "{}", sentence("IX_XPT", "2027-S1"));
        assert!(sentence("IX_XPT", "2026-S1").contains("not asked any more"), "{}", sentence("IX_XPT", "2026-S1"));
        assert!(sentence("SM_UAC", "2026-S1").contains("does not ask"));
        assert!(sentence("SM_UAC", "2027-S1").contains("not zero"), "{}", sentence("SM_UAC", "2027-S1"));
    }

    #[test]
    fn a_code_that_was_added_is_named_with_its_label() {
        let [first, second] = Catalogue::known() else { panic!("two versions") };
        let found = otherwise(first, second, &code("MF_MTH"), asked("2027"));
        assert!(found[0].new.starts_with("VISA_FREE Visa-free entry"), "{found:?}");
        assert_eq!(found[0].old, "–");
    }
}
