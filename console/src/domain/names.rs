//! What the catalogue calls things, in the language of the page.
//!
//! The rule it keeps: the catalogue's own English is never copied, because its bytes are hashed and named in the Charter.
//! Countries have their UN names in six languages there; everything else is said by a translation under a key made from the
//! code, or in the catalogue's English. An operator's file may say any of it differently.

use vrs_protocol::catalogue::{Catalogue, CodeList, Country, Dimension, Form, Section, Term, Topic};
use vrs_protocol::id::{Code, FormCode, ParticipantCode};
use vrs_protocol::period::{Length, Period};

use crate::moment::MONTHS;
use crate::words::speaking::spoken;
use crate::words::{CONSOLE, Said, Value, say};

/// The country's name: the UN's in the six languages it has, English in all others.
#[must_use]
pub fn country_name(country: &Country) -> Said {
    let [french, spanish, arabic, chinese, russian] = &country.names;
    let name = match spoken().language().base().tag().as_str() {
        "fr" => french,
        "es" => spanish,
        "ar" => arabic,
        "zh" => chinese,
        "ru" => russian,
        _ => &country.name_en,
    };
    let name = if name.is_empty() { &country.name_en } else { name };
    CONSOLE.say_or(format!("country-{}", country.iso3), name)
}

/// Name of a participant where it is a country, else its code.
#[must_use]
pub fn participant_name(catalogue: &Catalogue, code: &ParticipantCode) -> String {
    catalogue.country(code.as_str()).map_or_else(|| code.to_string(), |country| country_name(country).to_string())
}

/// Name of a participant as the ledger has it, or as the language of the page has it where it is the country's own.
#[must_use]
pub fn ledger_name(catalogue: &Catalogue, code: &ParticipantCode, name: &str) -> String {
    match catalogue.country(code.as_str()) {
        Some(country) if country.name_en == name => country_name(country).to_string(),
        _ => name.to_owned(),
    }
}

/// The key of words of the catalogue. Where a version says something in other words than the versions before it, those have a
/// key of their own that ends in the version: a translation of the old words would be wrong for the new ones.
fn key(key: String, words: &str, of: impl Fn(&'static Catalogue) -> Option<&'static str>) -> String {
    let said = Catalogue::known().iter().filter_map(|catalogue| Some((catalogue, of(catalogue)?)));
    match said.enumerate().find(|(_, (_, said))| *said == words) {
        Some((place, (catalogue, _))) if place > 0 => format!("{key}-{}", catalogue.version.replace('.', "-")),
        _ => key,
    }
}

fn key_of_form(form: &Form, part: &str, words: &str, of: impl Fn(&'static Form) -> Option<&'static str>) -> String {
    key(format!("form-{}-{part}", form.code), words, |catalogue| of(catalogue.form(&form.code)?))
}

fn key_of_term(term: &Term, part: &str, words: &str, of: impl Fn(&'static Term) -> &'static str) -> String {
    let same = |catalogue: &'static Catalogue| catalogue.terms.iter().find(|known| known.code == term.code);
    key(format!("term-{}-{part}", term.code), words, |catalogue| same(catalogue).map(&of))
}

/// What a code of a list means.
#[must_use]
pub fn label_of(catalogue: &Catalogue, list: &str, code: &Code) -> String {
    label(catalogue, &Dimension { code: list.to_owned(), list: list.to_owned() }, code)
}

/// What a code means in a dimension; the code itself where no list explains it (points).
#[must_use]
pub fn label(catalogue: &Catalogue, dimension: &Dimension, code: &Code) -> String {
    let listed = catalogue.list(&dimension.list).is_some_and(|list| list.entry(code).is_some());
    match catalogue.country(code.as_str()).filter(|_| dimension.list == "country" && !listed) {
        Some(country) => country_name(country).to_string(),
        None => {
            // Codes hold letters, digits, hyphens and underscores, which keys may hold too.
            let list = if code.is_reserved() { "any" } else { dimension.list.as_str() };
            CONSOLE.say_or(format!("code-{list}-{code}"), catalogue.label(dimension, code)).to_string()
        }
    }
}

/// The short title of a form.
#[must_use]
pub fn title(form: &Form) -> String {
    CONSOLE.say_or(key_of_form(form, "title", &form.title, |form| Some(&form.title)), &form.title).to_string()
}

/// The short title of a form by its code, or the code where this program does not know it.
#[must_use]
pub fn title_of(catalogue: &Catalogue, code: &FormCode) -> String {
    catalogue.form(code).map_or_else(|| code.to_string(), title)
}

/// The title of a section of the questionnaire.
#[must_use]
pub fn section_title(section: &Section) -> String {
    CONSOLE.say_or(format!("section-{}-title", section.number), &section.title).to_string()
}

/// The title of a topic.
#[must_use]
pub fn topic_title(topic: &Topic) -> String {
    CONSOLE.say_or(format!("topic-{}-title", topic.code), &topic.title).to_string()
}

/// The question of a form, with the participant and the period it asks about.
#[must_use]
pub fn question(catalogue: &Catalogue, form: &Form, participant: &str, period: Period) -> String {
    CONSOLE
        .say_or(
            key_of_form(form, "question", &form.question, |form| Some(&form.question)),
            catalogue.question(form, participant, period),
        )
        .with("participant", participant)
        .with("period", period_words(period))
        .to_string()
}

/// What a respondent should know about a form, where there is something.
#[must_use]
pub fn form_note(form: &Form) -> Option<String> {
    let note = form.note.as_ref()?;
    Some(CONSOLE.say_or(key_of_form(form, "note", note, |form| form.note.as_deref()), note).to_string())
}

/// What a list of codes is for, where that is said.
#[must_use]
pub fn list_note(list: &CodeList) -> Option<String> {
    let note = list.note.as_ref()?;
    Some(CONSOLE.say_or(format!("list-{}-note", list.code), note).to_string())
}

/// A defined term of the glossary.
#[must_use]
pub fn term_name(term: &Term) -> String {
    CONSOLE.say_or(key_of_term(term, "name", &term.name, |term| &term.name), &term.name).to_string()
}

/// What the term means.
#[must_use]
pub fn term_definition(term: &Term) -> String {
    let key = key_of_term(term, "definition", &term.definition, |term| &term.definition);
    CONSOLE.say_or(key, &term.definition).to_string()
}

/// Where its definition comes from.
#[must_use]
pub fn term_authority(term: &Term) -> String {
    let key = key_of_term(term, "authority", &term.authority, |term| &term.authority);
    CONSOLE.say_or(key, &term.authority).to_string()
}

/// The sentence on designations.
#[must_use]
pub fn disclaimer(catalogue: &Catalogue) -> String {
    CONSOLE.say_or("questionnaire-disclaimer".to_owned(), &catalogue.disclaimer).to_string()
}

/// A unit counted: `persons`.
#[must_use]
pub fn unit_words(unit: &str) -> Said {
    CONSOLE.say_or(format!("unit-{unit}"), unit)
}

/// A period in a sentence: `the first semester of 2021`.
#[must_use]
pub fn period_words(period: Period) -> Said {
    let text = period.to_string();
    let year = period.year().to_string();
    let number =
        text.split_once('-').map_or(0, |(_, part)| part.trim_start_matches(['S', 'Q']).parse::<u64>().unwrap_or(0));
    match period.length() {
        Length::Year => year.into(),
        Length::Semester => say("date-semester").with("number", number).with("year", year),
        Length::Quarter => say("date-quarter").with("number", number).with("year", year),
        Length::Month => {
            let month = usize::try_from(number).ok().and_then(|month| MONTHS.get(month.wrapping_sub(1)));
            say("date-month").with("month", say(month.copied().unwrap_or(MONTHS[0]))).with("year", year)
        }
    }
}

impl From<&ParticipantCode> for Value {
    fn from(code: &ParticipantCode) -> Self {
        Self::Text(code.to_string())
    }
}

impl From<&FormCode> for Value {
    fn from(code: &FormCode) -> Self {
        Self::Text(code.to_string())
    }
}

impl From<Period> for Value {
    fn from(period: Period) -> Self {
        Self::Text(period.to_string())
    }
}
