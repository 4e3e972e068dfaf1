//! `/catalogue`: the questionnaire to read and to print. What each form asks, of whom it asks it in which terms, and which codes
//! its cells may carry; which extensions the region's Charter switches on.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use vrs_console::domain::names::{
    disclaimer, form_note, label, list_note, period_words, question, section_title, term_definition, term_name, title,
    topic_title, unit_words,
};
use vrs_console::domain::tables::heading;
use vrs_console::layout::{Frame, Tone};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Row};
use vrs_console::words::Said;
use vrs_protocol::catalogue::{Dimension, Form, Kind};
use vrs_protocol::charter::Charter;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;

use super::App;
use super::frame::{capital, own_name, problem};
use crate::say;

/// Codes of a list that a page writes out; the countries are many and known.
const CODES_MAX: usize = 40;

#[derive(Template)]
#[template(path = "catalogue.html")]
pub(super) struct CataloguePage {
    frame: Frame,
    facts: Vec<(Said, String)>,
    table: FigureTable,
    disclaimer: String,
}

pub(super) async fn catalogue(State(app): State<App>, who: SignedIn) -> Result<Page<CataloguePage>, Problem> {
    let (catalogue, seen) = (app.node.catalogue(), app.seen().await?);
    let frame = app.frame(&who, say("catalogue-questionnaire")).await?.lead(say("catalogue-lead"));
    let charter = seen.region().charter();
    let agrees = match charter {
        None => say("catalogue-no-charter"),
        Some((line, charter)) if charter.catalogue_hash == catalogue.hash() => {
            say("catalogue-as-agreed").with("line", line)
        }
        Some((line, _)) => say("catalogue-another-one").with("line", line),
    };
    let facts = vec![
        (say("catalogue-version"), catalogue.version.clone()),
        (say("catalogue-charter"), agrees.to_string()),
        (say("catalogue-sha-256"), catalogue.hash().to_string()),
    ];
    let columns = [
        Column::text(say("word-form")),
        Column::text(say("tables-question")),
        Column::text(say("word-code")),
        Column::text(say("catalogue-kind")),
        Column::text(say("catalogue-units")),
        Column::text(say("catalogue-asked")),
    ];
    let mut table = FigureTable::new(say("catalogue-forms"), columns).wide();
    let mut sections: BTreeMap<u8, Vec<Row>> = BTreeMap::new();
    for form in catalogue.forms() {
        let (tone, words) = asked(form, charter.map(|(_, charter)| charter));
        let row = Row::new(title(form)).link(format!("/catalogue/{}", form.code)).text(form.number.clone());
        let row = row.text(form.code.as_str()).text(kind_words(form.kind)).text(units(form));
        sections.entry(form.section).or_default().push(row.cell(Cell::Badge(tone, words.into())));
    }
    for (number, rows) in sections {
        let section = catalogue.sections.iter().find(|section| section.number == number);
        table = table.row(Row::group(section.map_or_else(String::new, section_title))).rows(rows);
    }
    Ok(Page(CataloguePage { frame, facts, table, disclaimer: disclaimer(catalogue) }))
}

/// Whether the region asks it.
fn asked(form: &Form, charter: Option<&Charter>) -> (Tone, Said) {
    match (form.extension, charter) {
        (false, _) => (Tone::Good, say("catalogue-always")),
        (true, Some(charter)) if charter.uses(form) => (Tone::Good, say("catalogue-extension-on")),
        (true, _) => (Tone::Plain, say("catalogue-extension-off")),
    }
}

fn kind_words(kind: Kind) -> Said {
    match kind {
        Kind::Number => say("catalogue-kind-number"),
        Kind::List => say("catalogue-kind-list"),
        Kind::Cross => say("catalogue-kind-cross"),
        Kind::Fees => say("catalogue-kind-fees"),
        Kind::Routes => say("catalogue-kind-routes"),
        Kind::Narrative => say("catalogue-kind-narrative"),
    }
}

fn units(form: &Form) -> String {
    form.units.iter().map(|unit| unit_words(unit).to_string()).collect::<Vec<_>>().join(", ")
}

/// A form, written out.
struct FormShown {
    code: String,
    title: String,
    question: String,
    note: String,
    facts: Vec<(Said, String)>,
    terms: Vec<(String, String)>,
    lists: Vec<ListShown>,
}

/// The codes of a dimension.
struct ListShown {
    heading: String,
    note: String,
    codes: Vec<(String, String)>,
    more: String,
}

#[derive(Template)]
#[template(path = "catalogue_form.html")]
pub(super) struct FormPage {
    frame: Frame,
    form: FormShown,
}

pub(super) async fn form(
    State(app): State<App>,
    who: SignedIn,
    Path(code): Path<String>,
) -> Result<Page<FormPage>, Problem> {
    let code = FormCode::parse(&code).map_err(|error| Problem::not_found(capital(&error.to_string())))?;
    let form = app.node.form(&code).map_err(problem)?;
    let seen = app.seen().await?;
    let shown = shown(&app, form, seen.region().charter().map(|(_, charter)| charter));
    let frame = app.frame(&who, title(form)).await?.below(say("catalogue-questionnaire"), "/catalogue");
    Ok(Page(FormPage { frame: frame.lead(format!("{} · {}", form.number, form.code)), form: shown }))
}

/// A section with its forms.
struct SectionShown {
    title: String,
    forms: Vec<FormShown>,
}

#[derive(Template)]
#[template(path = "catalogue_print.html")]
pub(super) struct PrintPage {
    frame: Frame,
    sections: Vec<SectionShown>,
    terms: Vec<(String, String)>,
    disclaimer: String,
}

/// The whole questionnaire on one page, for paper.
pub(super) async fn print(State(app): State<App>, who: SignedIn) -> Result<Page<PrintPage>, Problem> {
    let seen = app.seen().await?;
    let charter = seen.region().charter().map(|(_, charter)| charter);
    let catalogue = app.node.catalogue();
    let frame = app.frame(&who, say("catalogue-whole")).await?.below(say("catalogue-questionnaire"), "/catalogue");
    let section = |section: &vrs_protocol::catalogue::Section| SectionShown {
        title: section_title(section),
        forms: catalogue
            .forms()
            .iter()
            .filter(|form| form.section == section.number && charter.is_none_or(|charter| charter.uses(form)))
            .map(|form| shown(&app, form, charter))
            .collect(),
    };
    let sections = catalogue.sections.iter().map(section).collect();
    let terms = catalogue.terms.iter().map(|term| (term_name(term), term_definition(term))).collect();
    Ok(Page(PrintPage { frame, sections, terms, disclaimer: disclaimer(catalogue) }))
}

fn shown(app: &App, form: &'static Form, charter: Option<&Charter>) -> FormShown {
    let catalogue = app.node.catalogue();
    let topic = catalogue.topic(&form.topic).map_or_else(String::new, topic_title);
    let dimensions: Vec<String> = form.dimensions.iter().map(|dimension| heading(&dimension.code)).collect();
    let core: Vec<String> =
        form.core.iter().map(|key| vrs_console::domain::tables::key_words(key, form, catalogue)).collect();
    let mut facts = vec![
        (say("catalogue-topic"), topic),
        (say("catalogue-kind"), kind_words(form.kind).to_string()),
        (say("catalogue-units"), units(form)),
        (say("catalogue-asked"), asked(form, charter).1.to_string()),
    ];
    if !dimensions.is_empty() {
        facts.push((say("catalogue-rows-by"), dimensions.join(", ")));
    }
    if !form.core.is_empty() {
        let core = if form.dimensions.is_empty() { say("catalogue-the-number").into() } else { core.join("; ") };
        facts.push((say("catalogue-rests-on"), core));
    }
    let period = Period::parse(&app.node.now().date().0.to_string()).ok();
    let terms = catalogue.terms.iter().filter(|term| form.terms.contains(&term.code));
    FormShown {
        code: form.code.to_string(),
        title: title(form),
        question: period.map_or_else(String::new, |period| {
            let asked = question(catalogue, form, &own_name(app), period);
            // The year stands in for any period.
            asked.replace(&period_words(period).to_string(), &say("catalogue-the-period").to_string())
        }),
        note: form_note(form).unwrap_or_default(),
        facts,
        terms: terms.map(|term| (term_name(term), term_definition(term))).collect(),
        lists: form.dimensions.iter().filter_map(|dimension| list(app, dimension)).collect(),
    }
}

fn list(app: &App, dimension: &Dimension) -> Option<ListShown> {
    let catalogue = app.node.catalogue();
    let list = catalogue.list(&dimension.list)?;
    let codes = list.reserved.iter().chain(list.entries.iter().map(|entry| &entry.id));
    let words = |code: &vrs_protocol::id::Code| (code.to_string(), label(catalogue, dimension, code));
    let more = match (dimension.list.as_str(), &list.pattern) {
        ("country", _) => say("catalogue-and-every-country").with("count", catalogue.countries().len()).to_string(),
        (_, Some(pattern)) => say("catalogue-and-codes-like").with("pattern", pattern.clone()).to_string(),
        _ => String::new(),
    };
    Some(ListShown {
        heading: heading(&dimension.code),
        note: list_note(list).unwrap_or_default(),
        codes: codes.take(CODES_MAX).map(words).collect(),
        more,
    })
}
