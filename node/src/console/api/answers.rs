//! What programs read: what their agency delivered, and the questionnaire.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use vrs_console::page::Json;
use vrs_console::problem::Problem;
use vrs_protocol::catalogue::{Catalogue, CodeList, Form, Kind};
use vrs_protocol::id::{Code, FormCode};
use vrs_protocol::period::Period;

use super::super::App;
use super::super::frame::problem;
use super::super::table::download;
use super::gate::Machine;
use crate::intake::canonical::heading;
use crate::intake::write_canonical;
use crate::report;
use crate::say;
use crate::store;

/// What an agency has delivered.
#[derive(Serialize)]
struct Tables {
    agency: String,
    forms: Vec<FormCode>,
    tables: Vec<Listed>,
}

#[derive(Serialize)]
struct Listed {
    form: FormCode,
    period: Period,
    address: String,
}

pub(super) async fn tables(
    State(app): State<App>,
    Extension(machine): Extension<Machine>,
) -> Result<impl IntoResponse, Problem> {
    let entry = app.node.agency_entry(&machine.agency).await.map_err(problem)?;
    let mut tx = app.read("list an agency's tables").await?;
    let mut subjects: Vec<_> = store::figures::metadata(&mut tx, &machine.agency).await?.into_keys().collect();
    let order = |code: &_| app.node.catalogue().order(code);
    subjects.sort_by_key(|(form, period)| (std::cmp::Reverse(*period), order(form)));
    let listed = |(form, period): (FormCode, Period)| {
        let address = format!("/api/v1/tables/{period}/{form}");
        Listed { form, period, address }
    };
    let mut forms: Vec<FormCode> = entry.forms.into_iter().collect();
    forms.sort_by_key(order);
    Ok(Json(Tables { agency: machine.agency.to_string(), forms, tables: subjects.into_iter().map(listed).collect() }))
}

pub(super) async fn table(
    State(app): State<App>,
    Extension(machine): Extension<Machine>,
    Path((period, form)): Path<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let (period, form) = app.subject(&period, &form)?;
    let tables = app.node.agency_tables(&form.code, period).await.map_err(problem)?;
    let own = tables.into_iter().find(|own| own.agency == machine.agency);
    let own = own.ok_or_else(|| Problem::not_found(say("api-agency-has-not-delivered")))?;
    let participant = app.node.participant();
    if wants_csv(&headers) {
        let name = ["VRS", machine.agency.as_str(), &period.to_string(), form.code.as_str()].join("_") + ".csv";
        return Ok(download(&name, write_canonical([&own.table], form, participant)));
    }
    Ok(Json(report::table(&own.table, form, app.node.catalogue(), participant)).into_response())
}

/// Whether the program asked for CSV by its name.
fn wants_csv(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    accept.split(',').any(|kind| kind.trim().starts_with("text/csv"))
}

/// The questionnaire.
#[derive(Serialize)]
struct Questionnaire {
    version: String,
    participant: String,
    forms: Vec<FormSaid>,
    lists: Vec<ListSaid>,
}

#[derive(Serialize)]
struct FormSaid {
    code: FormCode,
    title: String,
    question: String,
    section: u8,
    topic: String,
    kind: &'static str,
    units: Vec<String>,
    dimensions: Vec<DimensionSaid>,
    columns: Vec<&'static str>,
    extension: bool,
    assigned: bool,
}

#[derive(Serialize)]
struct DimensionSaid {
    column: String,
    list: String,
}

#[derive(Serialize)]
struct ListSaid {
    code: String,
    title: String,
    codes: Vec<CodeSaid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pattern: Option<String>,
}

#[derive(Serialize)]
struct CodeSaid {
    code: String,
    label: String,
}

pub(super) async fn catalogue(
    State(app): State<App>,
    Extension(machine): Extension<Machine>,
) -> Result<impl IntoResponse, Problem> {
    let assigned = app.node.agency_entry(&machine.agency).await.map_err(problem)?.forms;
    let catalogue = app.node.catalogue_now();
    let forms = catalogue.forms();
    let mut lists: Vec<&str> = forms.iter().flat_map(|form| &form.dimensions).map(|one| one.list.as_str()).collect();
    lists.sort_unstable();
    lists.dedup();
    let lists = lists.into_iter().filter_map(|name| Some(list(catalogue.list(name)?, catalogue)));
    Ok(Json(Questionnaire {
        version: catalogue.version.clone(),
        participant: app.node.participant().to_string(),
        forms: forms.iter().map(|form| self::form(form, assigned.contains(&form.code))).collect(),
        lists: lists.collect(),
    }))
}

fn form(form: &'static Form, assigned: bool) -> FormSaid {
    let dimension =
        |one: &vrs_protocol::catalogue::Dimension| DimensionSaid { column: one.code.clone(), list: one.list.clone() };
    FormSaid {
        code: form.code.clone(),
        title: form.title.clone(),
        question: form.question.clone(),
        section: form.section,
        topic: form.topic.to_string(),
        kind: match form.kind {
            Kind::Number => "number",
            Kind::List => "list",
            Kind::Cross => "cross",
            Kind::Fees => "fees",
            Kind::Routes => "routes",
            Kind::Narrative => "narrative",
        },
        units: form.units.clone(),
        dimensions: form.dimensions.iter().map(dimension).collect(),
        columns: heading(form),
        extension: form.extension,
        assigned,
    }
}

fn list(list: &CodeList, catalogue: &Catalogue) -> ListSaid {
    let reserved = list.reserved.iter().map(|code| CodeSaid { code: code.to_string(), label: reserved(code).into() });
    let entries = list.entries.iter().map(|one| CodeSaid { code: one.id.to_string(), label: one.label.clone() });
    let countries = if list.code == "country" { catalogue.countries() } else { &[] };
    let countries = countries.iter().map(|one| CodeSaid { code: one.iso3.to_string(), label: one.name_en.clone() });
    ListSaid {
        code: list.code.clone(),
        title: list.title.clone(),
        codes: reserved.chain(entries).chain(countries).collect(),
        pattern: list.pattern.clone(),
    }
}

fn reserved(code: &Code) -> &'static str {
    match code.as_str() {
        Code::TOTAL => "Total",
        Code::OTHER => "Other",
        Code::UNKNOWN => "Not known",
        _ => "Not applicable",
    }
}
