//! What is different between two versions of the questionnaire: which forms are new, retired or asked in other words.

use std::collections::BTreeSet;

use super::{Catalogue, CodeList, Form, Term};
use crate::id::{Code, FormCode};

/// What a form asks otherwise, with the words before and after.
#[allow(missing_docs)] // `old` and `new` are of what the variant names.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "what")]
pub enum Changed {
    /// Its heading.
    Title { old: String, new: String },
    /// Its question.
    Question { old: String, new: String },
    /// What a respondent should know about it; empty where nothing is said.
    Note { old: String, new: String },
    /// Its displayed number.
    Number { old: String, new: String },
    /// Whether it is an extension, off until the Charter switches it on.
    Extension { old: bool, new: bool },
    /// The definition of a term its question uses.
    Term { term: String, old: String, new: String },
    /// The codes that one of its dimensions, or its choices, may have.
    Codes { list: String, added: Vec<Code>, gone: Vec<Code> },
}

impl Changed {
    /// Whether figures before and after may count different things, so that whoever compares them must know. A number that is
    /// displayed, a heading, or a code that was added to choose from changes no figure's meaning.
    pub const fn is_of_meaning(&self) -> bool {
        matches!(self, Self::Question { .. } | Self::Note { .. } | Self::Term { .. } | Self::Codes { .. })
    }
}

/// A form that both versions have and ask differently.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FormChange {
    /// The form.
    pub form: FormCode,
    /// What is different; never empty.
    pub changed: Vec<Changed>,
}

/// What is different between an older and a newer version.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize)]
pub struct Difference {
    /// Forms that the newer one asks and the older did not, in its order.
    pub new: Vec<FormCode>,
    /// Forms that both have and ask differently, in the newer one's order.
    pub changed: Vec<FormChange>,
    /// Forms that the newer one asks no more, in the older one's order.
    pub retired: Vec<FormCode>,
}

impl Difference {
    /// What is different in `new` from `old`.
    pub fn between(old: &Catalogue, new: &Catalogue) -> Self {
        let lacking = |form: &&Form, there: &Catalogue| there.form(&form.code).is_none();
        let change = |now: &Form| {
            let changed = changes(old, old.form(&now.code)?, new, now);
            (!changed.is_empty()).then(|| FormChange { form: now.code.clone(), changed })
        };
        Self {
            new: new.forms().iter().filter(|form| lacking(form, old)).map(|form| form.code.clone()).collect(),
            changed: new.forms().iter().filter_map(change).collect(),
            retired: old.forms().iter().filter(|form| lacking(form, new)).map(|form| form.code.clone()).collect(),
        }
    }
    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.new.is_empty() && self.changed.is_empty() && self.retired.is_empty()
    }
    /// What a form asks otherwise; empty where it does not, or where only one of the versions has it.
    pub fn of(&self, form: &FormCode) -> &[Changed] {
        self.changed.iter().find(|change| change.form == *form).map_or(&[], |change| &change.changed)
    }
}

fn changes(old: &Catalogue, was: &Form, new: &Catalogue, now: &Form) -> Vec<Changed> {
    let mut changed = Vec::new();
    let mut text = |was: &str, now: &str, change: fn(String, String) -> Changed| {
        if was != now {
            changed.push(change(was.into(), now.into()));
        }
    };
    text(&was.title, &now.title, |old, new| Changed::Title { old, new });
    text(&was.question, &now.question, |old, new| Changed::Question { old, new });
    let note = |form: &Form| form.note.clone().unwrap_or_default();
    text(&note(was), &note(now), |old, new| Changed::Note { old, new });
    text(&was.number, &now.number, |old, new| Changed::Number { old, new });
    if was.extension != now.extension {
        changed.push(Changed::Extension { old: was.extension, new: now.extension });
    }
    let definition = |catalogue: &Catalogue, code: &String| {
        let used = |form: Option<&Form>| form.is_some_and(|form| form.terms.contains(code));
        let found: Option<&Term> = catalogue.terms.iter().find(|term| term.code == *code);
        found.filter(|_| used(catalogue.form(&now.code))).map(|term| term.definition.clone()).unwrap_or_default()
    };
    let terms: BTreeSet<&String> = was.terms.iter().chain(&now.terms).collect();
    for term in terms {
        let (old, new) = (definition(old, term), definition(new, term));
        if old != new {
            changed.push(Changed::Term { term: term.clone(), old, new });
        }
    }
    let lists: BTreeSet<&String> = lists_of(was).chain(lists_of(now)).collect();
    for list in lists {
        let codes = |catalogue: &Catalogue| catalogue.list(list).map(codes_of).unwrap_or_default();
        let (old, new) = (codes(old), codes(new));
        if old != new {
            let without = |one: &[Code], other: &[Code]| {
                one.iter().filter(|code| !other.contains(code)).cloned().collect::<Vec<_>>()
            };
            changed.push(Changed::Codes { list: list.clone(), added: without(&new, &old), gone: without(&old, &new) });
        }
    }
    changed
}

fn lists_of(form: &Form) -> impl Iterator<Item = &String> {
    form.dimensions.iter().map(|dimension| &dimension.list).chain(&form.choices)
}

fn codes_of(list: &CodeList) -> Vec<Code> {
    list.reserved.iter().cloned().chain(list.entries.iter().map(|entry| entry.id.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> FormCode {
        FormCode::parse(text).unwrap()
    }

    #[test]
    fn the_second_version_has_one_form_more_one_less_and_some_clearer() {
        let (old, new) = (&Catalogue::known()[0], &Catalogue::known()[1]);
        let difference = Difference::between(old, new);
        assert_eq!(difference.new, [code("SM_UAC")]);
        assert_eq!(difference.retired, [code("IX_XPT")]);
        let changed: Vec<_> = difference.changed.iter().map(|change| change.form.as_str()).collect();
        assert_eq!(changed, ["MF_MTH", "CS_TOT", "CS_SEX", "CS_CIT"]);
        let convicted = difference.of(&code("CS_SEX"));
        assert!(
            matches!(convicted, [Changed::Note { .. }, Changed::Term { term, .. }] if term == "convicted_smuggler")
        );
        assert!(matches!(
            difference.of(&code("MF_MTH")),
            [Changed::Codes { list, added, gone }] if list == "method" && added.len() == 1 && gone.is_empty()
        ));
        assert!(convicted.iter().all(Changed::is_of_meaning));
        // And back, for whoever compares the other way round.
        let back = Difference::between(new, old);
        assert_eq!((back.new, back.retired), (difference.retired, difference.new));
        assert!(Difference::between(old, old).is_empty());
    }
}
