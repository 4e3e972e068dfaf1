//! `/catalogue`: the questionnaire to read and to print, in any of its versions. What each form asks, of whom it asks it in which
//! terms, and which codes its cells may carry; which extensions the region's Charter switches on, and which version holds for
//! which years. What one version asks otherwise than another is in [`super::changes`].

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use vrs_console::domain::catalogues::{Addressed, Break, breaks};
use vrs_console::domain::names::{
    disclaimer, form_note, label, list_note, period_words, question, section_title, term_definition, term_name, title,
    topic_title, unit_words,
};
use vrs_console::domain::tables::heading;
use vrs_console::layout::{Frame, Link, Tone};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Row};
use vrs_console::words::Said;
use vrs_protocol::catalogue::{Catalogue, Catalogues, Dimension, Form, Kind};
use vrs_protocol::charter::Charter;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;

use super::App;
use super::frame::{capital, own_name, problem};
use crate::node::version;
use crate::say;

/// Codes of a list that a page writes out; the countries are many and known.
const CODES_MAX: usize = 40;

/// Which version, or of which period.
#[derive(Deserialize, Default)]
pub(super) struct Chosen {
    #[serde(default)]
    version: String,
    #[serde(default)]
    period: String,
}

#[derive(Template)]
#[template(path = "catalogue.html")]
pub(super) struct CataloguePage {
    frame: Frame,
    facts: Vec<(Said, String)>,
    versions: FigureTable,
    table: FigureTable,
    disclaimer: String,
}

pub(super) async fn catalogue(
    State(app): State<App>,
    who: SignedIn,
    Query(chosen): Query<Chosen>,
) -> Result<Page<CataloguePage>, Problem> {
    let seen = app.seen().await?;
    let catalogues = app.node.catalogues();
    let catalogue = the_version(&app, &chosen.version)?;
    let frame = app.frame(&who, say("catalogue-questionnaire")).await?.lead(say("catalogue-lead"));
    let charter = seen.region().charter();
    let agrees = match charter {
        None => say("catalogue-no-charter"),
        Some((line, _)) => {
            say("catalogue-as-agreed").with("line", line).with("years", years_words(&catalogues, catalogue))
        }
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
        let row = Row::new(title(form)).link(address(&form.code, catalogue)).text(form.number.clone());
        let row = row.text(form.code.as_str()).text(kind_words(form.kind)).text(units(form));
        sections.entry(form.section).or_default().push(row.cell(Cell::Badge(tone, words.into())));
    }
    for (number, rows) in sections {
        let section = catalogue.sections.iter().find(|section| section.number == number);
        table = table.row(Row::group(section.map_or_else(String::new, section_title))).rows(rows);
    }
    let versions = versions(&catalogues);
    Ok(Page(CataloguePage { frame, facts, versions, table, disclaimer: disclaimer(catalogue) }))
}

/// The version that is asked for; that of the period which people answer now where none is.
fn the_version(app: &App, label: &str) -> Result<&'static Catalogue, Problem> {
    if label.is_empty() { Ok(app.node.catalogue_now()) } else { version(label.trim()).map_err(problem) }
}

fn address(form: &FormCode, catalogue: &Catalogue) -> String {
    format!("/catalogue/{form}?version={}", catalogue.version)
}

/// For which years a version holds.
pub(super) fn years_words(catalogues: &Catalogues, catalogue: &Catalogue) -> String {
    let spans = catalogues.years(catalogue);
    if spans.is_empty() {
        return say("catalogue-not-in-force").to_string();
    }
    let words = spans.into_iter().map(|span| match span {
        (None, None) => say("catalogue-all-years"),
        (None, Some(last)) => say("catalogue-until").with("last", last.to_string()),
        (Some(first), None) => say("catalogue-from").with("first", first.to_string()),
        (Some(first), Some(last)) => {
            say("catalogue-from-until").with("first", first.to_string()).with("last", last.to_string())
        }
    });
    words.map(|said| said.to_string()).collect::<Vec<_>>().join("; ")
}

/// Every version this program carries, with the way to read it and to what it asks otherwise than the one before.
fn versions(catalogues: &Catalogues) -> FigureTable {
    let columns = [
        Column::text(say("catalogue-version")),
        Column::text(say("catalogue-holds")),
        Column::text(say("catalogue-compared")),
    ];
    let mut before: Option<&Catalogue> = None;
    let rows = Catalogue::known().iter().map(|one| {
        let row = Row::new(one.version.clone()).link(format!("/catalogue?version={}", one.version));
        let row = row.text(years_words(catalogues, one));
        match before.replace(one) {
            None => row.text(say("catalogue-the-first")),
            Some(old) => row.cell(Cell::Link(Link::new(
                say("catalogue-changes-against").with("version", old.version.as_str()),
                format!("/catalogue/changes?old={}&new={}", old.version, one.version),
            ))),
        }
    });
    FigureTable::new(say("catalogue-versions"), columns).rows(rows)
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
    breaks: Vec<Break>,
    others: Vec<(String, String)>,
}

pub(super) async fn form(
    State(app): State<App>,
    who: SignedIn,
    Path(code): Path<String>,
    Query(chosen): Query<Chosen>,
) -> Result<Page<FormPage>, Problem> {
    let code = FormCode::parse(&code).map_err(|error| Problem::not_found(capital(&error.to_string())))?;
    let catalogue = match chosen.version.as_str() {
        "" => of_form(&app, &code)?,
        label => version(label).map_err(problem)?,
    };
    let form = catalogue.form(&code).ok_or_else(|| {
        let said = say("catalogue-version-without").with("version", catalogue.version.as_str()).with("form", &code);
        Problem::not_found(said)
    })?;
    let seen = app.seen().await?;
    let shown =
        Shown { app: &app, catalogue, charter: seen.region().charter().map(|(_, charter)| charter), period: None };
    let frame = app.frame(&who, title(form)).await?.below(say("catalogue-questionnaire"), "/catalogue");
    // A year in which the version holds stands for all of them.
    let catalogues = app.node.catalogues();
    let year = catalogues.years(catalogue).first().and_then(|(first, last)| last.or(*first));
    let period = year.and_then(|year| Period::year_of(year).ok());
    let own = own_name(&app);
    let breaks =
        period.map_or_else(Vec::new, |period| breaks(&catalogues, &code, Addressed { participant: &own, period }));
    let others = Catalogue::known().iter().filter(|one| one.hash() != catalogue.hash() && one.form(&code).is_some());
    let others = others.map(|one| (one.version.clone(), address(&code, one))).collect();
    let lead = format!("{} · {} · {}", form.number, form.code, catalogue.version);
    Ok(Page(FormPage { frame: frame.lead(lead), form: shown.form(form), breaks, others }))
}

/// The version in which a form is asked now, else the latest one that has it.
fn of_form(app: &App, code: &FormCode) -> Result<&'static Catalogue, Problem> {
    let now = app.node.catalogue_now();
    if now.form(code).is_some() {
        return Ok(now);
    }
    app.node.form(code).map_err(problem)?;
    let all: Vec<&Catalogue> = app.node.catalogues().all().map(|(_, catalogue)| catalogue).collect();
    let found = all.into_iter().rev().find(|catalogue| catalogue.form(code).is_some());
    Ok(found.unwrap_or(now))
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
    version: String,
    period: String,
    sections: Vec<SectionShown>,
    terms: Vec<(String, String)>,
    disclaimer: String,
}

/// The whole questionnaire on one page, for paper: that of a chosen period, with its name in the questions.
pub(super) async fn print(
    State(app): State<App>,
    who: SignedIn,
    Query(chosen): Query<Chosen>,
) -> Result<Page<PrintPage>, Problem> {
    let seen = app.seen().await?;
    let charter = seen.region().charter().map(|(_, charter)| charter);
    let period = match chosen.period.trim() {
        "" => None,
        text => Some(Period::parse(text).map_err(|error| Problem::refused(capital(&error.to_string())))?),
    };
    let catalogue = match period {
        Some(period) => app.node.catalogue_of(period),
        None => the_version(&app, &chosen.version)?,
    };
    let frame = app.frame(&who, say("catalogue-whole")).await?.below(say("catalogue-questionnaire"), "/catalogue");
    let shown = Shown { app: &app, catalogue, charter, period };
    let section = |section: &vrs_protocol::catalogue::Section| SectionShown {
        title: section_title(section),
        forms: catalogue
            .forms()
            .iter()
            .filter(|form| form.section == section.number && charter.is_none_or(|charter| charter.uses(form)))
            .map(|form| shown.form(form))
            .collect(),
    };
    let sections = catalogue.sections.iter().map(section).collect();
    let terms = catalogue.terms.iter().map(|term| (term_name(term), term_definition(term))).collect();
    let lead = match period {
        Some(period) => say("catalogue-version-for")
            .with("version", catalogue.version.as_str())
            .with("period", period_words(period)),
        None => say("catalogue-version-of").with("version", catalogue.version.as_str()),
    };
    Ok(Page(PrintPage {
        frame: frame.lead(lead),
        version: catalogue.version.clone(),
        period: period.map_or_else(String::new, |period| period.to_string()),
        sections,
        terms,
        disclaimer: disclaimer(catalogue),
    }))
}

/// What forms are written out of.
struct Shown<'a> {
    app: &'a App,
    catalogue: &'static Catalogue,
    charter: Option<&'a Charter>,
    /// The period that questions name; `None` for any.
    period: Option<Period>,
}

impl Shown<'_> {
    fn form(&self, form: &'static Form) -> FormShown {
        let Self { app, catalogue, charter, period } = self;
        let topic = catalogue.topic(&form.topic).map_or_else(String::new, topic_title);
        let dimensions: Vec<String> = form.dimensions.iter().map(|dimension| heading(&dimension.code)).collect();
        let core: Vec<String> =
            form.core.iter().map(|key| vrs_console::domain::tables::key_words(key, form, catalogue)).collect();
        let mut facts = vec![
            (say("catalogue-topic"), topic),
            (say("catalogue-kind"), kind_words(form.kind).to_string()),
            (say("catalogue-units"), units(form)),
            (say("catalogue-asked"), asked(form, *charter).1.to_string()),
        ];
        if !dimensions.is_empty() {
            facts.push((say("catalogue-rows-by"), dimensions.join(", ")));
        }
        if !form.core.is_empty() {
            let core = if form.dimensions.is_empty() { say("catalogue-the-number").into() } else { core.join("; ") };
            facts.push((say("catalogue-rests-on"), core));
        }
        let any = Period::year_of(app.node.now().date().0).ok();
        let asked_in = |period| question(catalogue, form, &own_name(app), period);
        let question = match (period, any) {
            (Some(period), _) => asked_in(*period),
            // The year stands in for any period.
            (None, Some(any)) => {
                asked_in(any).replace(&period_words(any).to_string(), &say("catalogue-the-period").to_string())
            }
            (None, None) => String::new(),
        };
        let terms = catalogue.terms.iter().filter(|term| form.terms.contains(&term.code));
        FormShown {
            code: form.code.to_string(),
            title: title(form),
            question,
            note: form_note(form).unwrap_or_default(),
            facts,
            terms: terms.map(|term| (term_name(term), term_definition(term))).collect(),
            lists: form.dimensions.iter().filter_map(|dimension| self.list(dimension)).collect(),
        }
    }

    fn list(&self, dimension: &Dimension) -> Option<ListShown> {
        let catalogue = self.catalogue;
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
}
