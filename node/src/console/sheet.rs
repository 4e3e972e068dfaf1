//! `/tables/{period}/{form}/sheet`: figures are typed into the questionnaire. What is typed is saved as it stands; only a
//! person completes it.

use askama::Template;
use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use vrs_console::domain::catalogues::{Addressed, breaks};
use vrs_console::domain::names::{form_note, period_words, question, term_definition, term_name};
use vrs_console::layout::{Frame, Tone};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::Definition;
use vrs_console::words::Said;
use vrs_protocol::catalogue::{Dimension, Form as CatalogueForm, Kind};
use vrs_protocol::id::Code;
use vrs_protocol::period::Period;
use vrs_protocol::table::Metadata;

use super::App;
use super::frame::{capital, own_name, problem};
use super::sheet_form::Sent;
use super::sheet_routes::{self, RoutesView};
use super::sheet_rows::{Cross, RowView, countries, crossed, heads, named, row_views, span};
use crate::national::{Agency, AgencyCode};
use crate::node::{CompleteOutcome, OpenSheet, SaveOutcome};
use crate::say;
use crate::sheet::csv::RowProblem;
use crate::sheet::fields::{self, REASONS};
use crate::sheet::{Sheet, Subject, routes, rows};
use crate::store::sheets::Saved;

#[derive(Deserialize)]
pub(super) struct Asked {
    agency: Option<String>,
}

#[derive(Template)]
#[template(path = "sheet.html")]
struct SheetPage {
    frame: Frame,
    address: String,
    code: String,
    question: String,
    note: Option<String>,
    terms: Vec<Definition>,
    agency: Agency,
    version: u64,
    saved: String,
    delivered: bool,
    heads: Vec<String>,
    span: usize,
    before: Option<String>,
    rows: Vec<RowView>,
    cross: Option<Cross>,
    routes: Option<RoutesView>,
    counts: bool,
    grows: bool,
    reasons: Vec<(&'static str, String)>,
    countries: Vec<String>,
    units: Vec<(String, String)>,
    metadata: Metadata,
    /// What is noted for this node only.
    own_note: String,
    notice: String,
    /// What must be known where the column of the last period stands beside.
    breaks: Vec<String>,
    problems: Vec<(Option<usize>, String)>,
}

#[derive(Template)]
#[template(path = "sheet_agency.html")]
struct ChooseAgency {
    frame: Frame,
    address: String,
    agencies: Vec<Agency>,
}

/// What is said beside the sheet.
#[derive(Default)]
struct Beside {
    notice: String,
    problems: Vec<RowProblem>,
}

fn address(form: &CatalogueForm, period: Period) -> String {
    format!("/tables/{period}/{}/sheet", form.code)
}

pub(super) async fn sheet(
    State(app): State<App>,
    who: SignedIn,
    Path((period, form)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (period, form) = app.subject(&period, &form)?;
    let agencies = app.deliverable(&who).await?;
    let chosen = match (&asked.agency, agencies.as_slice()) {
        (Some(code), _) => agencies.iter().find(|agency| agency.code.as_str() == code),
        (None, [only]) => Some(only),
        _ => None,
    };
    let Some(agency) = chosen.cloned() else {
        let frame = app.frame(&who, app.title(&form.code)).await?.below(say("word-our-tables"), "/tables");
        return Ok(Page(ChooseAgency { frame, address: address(form, period), agencies }).into_response());
    };
    let of = Subject { agency: agency.code.clone(), form: form.code.clone(), period };
    let catalogue = app.node.catalogue_of(period);
    let open = app.node.sheet(&of, &who.operator, |dimension, code| named(catalogue, dimension, code)).await;
    page(&app, &who, form, &of, open.map_err(problem)?, Beside::default()).await
}

async fn page(
    app: &App,
    who: &SignedIn,
    form: &'static CatalogueForm,
    of: &Subject,
    open: OpenSheet,
    beside: Beside,
) -> Result<Response, Problem> {
    let catalogue = app.node.catalogue_of(of.period);
    let OpenSheet { sheet, saved, delivered, before } = open;
    let agencies = app.deliverable(who).await?;
    let agency = agencies.into_iter().find(|agency| agency.code == of.agency);
    let agency = agency.ok_or_else(|| Problem::not_found(say("sheet-no-such-agency")))?;
    let path = format!("/tables/{}/{}", of.period, form.code);
    let heading =
        say("sheet-heading").with("form", app.title(&form.code)).with("period", period_words(of.period).to_string());
    let frame = app.frame(who, heading.to_string()).await?.below(app.title(&form.code), &path);
    let terms = catalogue.terms.iter().filter(|term| form.terms.contains(&term.code));
    let words = |(row, problem): &RowProblem| {
        let mut words = capital(&problem.flaw.to_string());
        if !problem.accepted.is_empty() {
            words = format!("{words} {}", say("sheet-accepted").with("accepted", problem.accepted.to_string()));
        }
        let value = if problem.value.is_empty() { String::new() } else { format!("{}: ", problem.value) };
        (*row, format!("{value}{words}"))
    };
    let problems: Vec<(Option<usize>, String)> = beside.problems.iter().map(words).collect();
    let has_countries = form.dimensions.iter().any(|dimension| dimension.list == "country")
        || fields::of(form, catalogue).iter().any(|(_, field)| *field == fields::Field::Country);
    let rows = row_views(&sheet, form, catalogue, before.as_ref().map(|(_, table)| table), &problems);
    let (cross, routes, rows) = match crossed(rows, form, catalogue) {
        Ok(cross) => (Some(cross), None, Vec::new()),
        Err(rows) if form.kind == Kind::Routes => {
            let routes = sheet_routes::view(&sheet, rows, form, catalogue, before.as_ref());
            (None, Some(routes), Vec::new())
        }
        Err(rows) => (None, None, rows),
    };
    let page = SheetPage {
        address: address(form, of.period),
        code: form.code.to_string(),
        question: question(catalogue, form, &own_name(app), of.period),
        note: form_note(form),
        terms: terms.map(|term| Definition::new(term_name(term), &term_definition(term))).collect(),
        agency,
        version: saved.as_ref().map_or(0, |saved| saved.version),
        saved: saved.as_ref().map_or_else(|| say("sheet-nothing-typed-yet").into(), |saved| saved_words(app, saved)),
        delivered,
        heads: heads(form, catalogue),
        span: span(form, catalogue),
        before: before.as_ref().map(|(period, _)| period_words(*period).to_string()),
        rows,
        cross,
        counts: form.kind.counts(),
        routes,
        grows: rows::grows(form, catalogue),
        reasons: REASONS.iter().map(|reason| (fields::letter(reason), reason_words(reason))).collect(),
        countries: if has_countries { countries(catalogue) } else { Vec::new() },
        units: form.units.iter().map(|unit| (unit.clone(), unit_words(unit))).collect(),
        metadata: sheet.metadata,
        own_note: sheet.note,
        breaks: asked_otherwise(app, form, of.period, before.as_ref().map(|(period, _)| *period)),
        notice: beside.notice,
        problems,
        frame,
    };
    Ok(Page(page).into_response())
}

/// That the figures of the period before answer other words: only where the two follow different catalogues.
fn asked_otherwise(app: &App, form: &CatalogueForm, period: Period, before: Option<Period>) -> Vec<String> {
    let (catalogues, own) = (app.node.catalogues(), own_name(app));
    let differs = before.is_some_and(|before| !std::ptr::eq(catalogues.of(before), catalogues.of(period)));
    let all =
        if differs { breaks(&catalogues, &form.code, Addressed { participant: &own, period }) } else { Vec::new() };
    all.into_iter().map(|one| one.sentence).collect()
}

fn unit_words(unit: &str) -> String {
    vrs_console::domain::names::unit_words(unit).to_string()
}

/// A reason as the field offers it.
pub(super) fn reason_words(reason: &vrs_protocol::cell::Cell) -> String {
    vrs_console::domain::cells::shown(reason).text()
}

fn saved_words(app: &App, saved: &Saved) -> String {
    let at = app.moment(saved.at.0).words().to_string();
    say("sheet-saved").with("at", at).with("by", saved.by.clone()).into()
}

impl App {
    /// The agencies whose figures this person may deliver.
    pub(super) async fn deliverable(&self, who: &SignedIn) -> Result<Vec<Agency>, Problem> {
        let mut agencies = self.node.agencies().await.map_err(problem)?;
        agencies.retain(|agency| crate::node::Node::delivers_for(&who.operator, &agency.code).is_ok());
        if agencies.is_empty() {
            return Err(Problem::forbidden(say("sheet-nobody-to-deliver-for")));
        }
        Ok(agencies)
    }
}

pub(super) async fn act(
    State(app): State<App>,
    who: SignedIn,
    Path((period, form)): Path<(String, String)>,
    headers: HeaderMap,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let (period, form) = app.subject(&period, &form)?;
    let Sent { agency, version, act, mut sheet } = Sent::read(pairs);
    let agency = AgencyCode::parse(&agency).map_err(|_| Problem::refused(say("sheet-no-such-agency")))?;
    let of = Subject { agency, form: form.code.clone(), period };
    if act == "drop" {
        app.node.drop_sheet(&of, &who.operator).await.map_err(problem)?;
        app.console.say(&who, Tone::Good, say("sheet-dropped")).await?;
        return Ok(Redirect::to("/tables").into_response());
    }
    if form.kind == Kind::Routes {
        routes::number(&mut sheet, app.node.catalogue());
    }
    let place = change(&mut sheet, form, &act);
    let taken = if act == "earlier" { take_over(&app, &who, &of, form, &mut sheet).await? } else { None };
    if form.kind == Kind::Routes {
        routes::number(&mut sheet, app.node.catalogue());
    }
    let saved = app.node.save_sheet(&of, &sheet, version, &who.operator).await.map_err(problem)?;
    let by_script = headers.get(header::ACCEPT).is_some_and(|accept| accept == "application/json");
    match saved {
        SaveOutcome::Overtaken(by) => overtaken(&app, &who, form, &of, sheet, by, by_script).await,
        SaveOutcome::Saved(saved) if by_script => {
            Ok(told(&serde_json::json!({ "version": saved.version, "words": saved_words(&app, &saved) })))
        }
        SaveOutcome::Saved(_) if act == "complete" => complete(&app, &who, form, &of).await,
        SaveOutcome::Saved(_) => {
            if let Some(words) = taken {
                app.console.say(&who, Tone::Plain, words).await?;
            }
            let row = place.map_or_else(String::new, |row| format!("#row-{row}"));
            Ok(Redirect::to(&format!("{}?agency={}{row}", address(form, period), of.agency)).into_response())
        }
    }
}

/// What the page's script is told.
fn told(what: &serde_json::Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], what.to_string()).into_response()
}

/// Takes over from the period before what has no row yet; answers in words how much that was.
async fn take_over(
    app: &App,
    who: &SignedIn,
    of: &Subject,
    form: &CatalogueForm,
    sheet: &mut Sheet,
) -> Result<Option<Said>, Problem> {
    let catalogue = app.node.catalogue();
    let named = |dimension: &Dimension, code: &Code| named(catalogue, dimension, code);
    let open = app.node.sheet(of, &who.operator, named).await.map_err(problem)?;
    let Some((period, earlier)) = open.before else { return Ok(None) };
    let taken = rows::take_over(sheet, form, catalogue, &earlier, named);
    let words = say("sheet-taken-over").with("count", taken.rows).with("period", period_words(period).to_string());
    Ok(Some(words.with("left", taken.left_out)))
}

/// Does to the rows what a button says; answers the row to go on at.
fn change(sheet: &mut Sheet, form: &CatalogueForm, act: &str) -> Option<usize> {
    let (verb, row) = act.split_once(':').unwrap_or((act, ""));
    let row: Option<usize> = row.parse().ok();
    match (verb, row) {
        ("add", _) => {
            let before = sheet.rows.len();
            rows::add(sheet, form);
            Some(before.saturating_sub(usize::from(form.kind != Kind::Routes)))
        }
        ("remove", Some(row)) if row < sheet.rows.len() => {
            sheet.rows.remove(row);
            Some(row.saturating_sub(1))
        }
        ("up", Some(row)) => routes::move_step_up(sheet, row),
        ("down", Some(row)) => routes::move_step_up(sheet, row.saturating_add(1)).map(|above| above + 1),
        ("step", Some(row)) => routes::add_step(sheet, form, row),
        ("route", Some(row)) => routes::add_route(sheet, form, row),
        ("route-up", Some(row)) => routes::move_up(sheet, row),
        ("route-down", Some(row)) => routes::move_down(sheet, row),
        ("route-remove", Some(row)) => {
            routes::remove(sheet, row);
            Some(row.saturating_sub(1))
        }
        _ => None,
    }
}

/// Somebody else saved meanwhile: what this person typed is shown again, and saving it again replaces the other's.
async fn overtaken(
    app: &App,
    who: &SignedIn,
    form: &'static CatalogueForm,
    of: &Subject,
    sheet: Sheet,
    by: Saved,
    by_script: bool,
) -> Result<Response, Problem> {
    let words = say("sheet-overtaken").with("by", by.by.clone()).with("at", app.moment(by.at.0).words()).to_string();
    if by_script {
        return Ok((StatusCode::CONFLICT, told(&serde_json::json!({ "words": words }))).into_response());
    }
    let open = app.node.sheet(of, &who.operator, |_, code| code.to_string()).await.map_err(problem)?;
    let mine = OpenSheet { sheet, ..open };
    let mut answer = page(app, who, form, of, mine, Beside { notice: words, ..Beside::default() }).await?;
    *answer.status_mut() = StatusCode::CONFLICT;
    Ok(answer)
}

async fn complete(app: &App, who: &SignedIn, form: &'static CatalogueForm, of: &Subject) -> Result<Response, Problem> {
    match app.node.complete_sheet(of, &who.operator).await.map_err(problem)? {
        CompleteOutcome::TakenIn(report) => {
            let changed = report.tables.iter().any(|table| table.changed);
            let words = if changed { say("sheet-complete") } else { say("sheet-complete-nothing-new") };
            app.console.say(who, Tone::Good, words).await?;
            Ok(Redirect::to(&format!("/tables/{}/{}", of.period, form.code)).into_response())
        }
        CompleteOutcome::Problems(problems) => {
            let open = app.node.sheet(of, &who.operator, |_, code| code.to_string()).await.map_err(problem)?;
            let beside = Beside { problems, ..Beside::default() };
            let mut answer = page(app, who, form, of, open, beside).await?;
            *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(answer)
        }
    }
}
