//! `/agencies` and `/agencies/{code}`: who delivers figures, of which forms, and whom to ask there.

use std::collections::BTreeSet;

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;
use vrs_console::domain::names::title;
use vrs_console::layout::{Frame, Tone};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Column, FigureTable, Row};
use vrs_protocol::id::FormCode;

use super::App;
use super::frame::{capital, problem};
use super::tokens;
use crate::national::{Agency, AgencyCode};
use crate::roles::Capability;
use crate::say;
use crate::store::tokens::Token;

#[derive(Template)]
#[template(path = "agencies.html")]
pub(super) struct Agencies {
    frame: Frame,
    table: Option<FigureTable>,
    can_change: bool,
}

pub(super) async fn agencies(State(app): State<App>, who: SignedIn) -> Result<Page<Agencies>, Problem> {
    let frame = app.frame(&who, say("agencies-agencies")).await?.lead(say("agencies-who-delivers-figures"));
    let entries = app.node.agency_entries().await.map_err(problem)?;
    let columns = [
        Column::text(say("agencies-code")),
        Column::text(say("agencies-name")),
        Column::text(say("agencies-contact")),
        Column::number(say("agencies-forms")),
    ];
    let rows = entries.iter().map(|entry| {
        let code = entry.agency.code.as_str();
        let row = Row::new(code).link(format!("/agencies/{code}")).text(entry.agency.name.clone());
        row.text(entry.contact.clone()).figure(entry.forms.len() as u64)
    });
    let table = (!entries.is_empty()).then(|| FigureTable::new(say("agencies-agencies"), columns).rows(rows));
    Ok(Page(Agencies { frame, table, can_change: Capability::ManageAgencies.is_of(&who.operator) }))
}

/// A new agency.
#[derive(Deserialize)]
pub(super) struct NewAgency {
    code: String,
    name: String,
}

pub(super) async fn add(
    State(app): State<App>,
    who: SignedIn,
    Form(new): Form<NewAgency>,
) -> Result<Redirect, Problem> {
    let code = code(&new.code)?;
    let agency = Agency { code, name: new.name };
    app.node.add_agency(&agency).await.map_err(problem)?;
    app.console.say(&who, Tone::Good, say("agencies-added").with("code", agency.code.as_str())).await?;
    Ok(Redirect::to(&format!("/agencies/{}", agency.code)))
}

/// A form of the questionnaire, and whether the agency delivers it.
struct Choice {
    code: String,
    title: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "agency.html")]
pub(super) struct AgencyPage {
    frame: Frame,
    agency: Agency,
    contact: String,
    choices: Vec<Choice>,
    tokens: Option<FigureTable>,
    good: Vec<Token>,
    can_change: bool,
}

pub(super) async fn agency(
    State(app): State<App>,
    who: SignedIn,
    Path(asked): Path<String>,
) -> Result<Page<AgencyPage>, Problem> {
    let entry = app.node.agency_entry(&code(&asked)?).await.map_err(problem)?;
    let mut tokens = app.node.tokens(&entry.agency.code).await.map_err(problem)?;
    let (list, now) = (tokens::list(&app, &tokens), app.node.now());
    tokens.retain(|token| token.is_good(now));
    let frame = app.frame(&who, entry.agency.name.clone()).await?.below(say("agencies-agencies"), "/agencies");
    let choice = |form: &vrs_protocol::catalogue::Form| Choice {
        code: form.code.to_string(),
        title: title(form),
        chosen: entry.forms.contains(&form.code),
    };
    Ok(Page(AgencyPage {
        frame,
        choices: app.node.forms_in_force().map(choice).collect(),
        tokens: list,
        good: tokens,
        contact: entry.contact,
        agency: entry.agency,
        can_change: Capability::ManageAgencies.is_of(&who.operator),
    }))
}

/// What the form on an agency sends: `name`, `contact`, and `form` for each chosen form.
pub(super) async fn change(
    State(app): State<App>,
    who: SignedIn,
    Path(asked): Path<String>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Redirect, Problem> {
    let code = code(&asked)?;
    let field = |wanted: &str| sent.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.as_str());
    let forms: BTreeSet<FormCode> = sent
        .iter()
        .filter(|(name, _)| name == "form")
        .map(|(_, value)| FormCode::parse(value).map_err(|error| Problem::refused(capital(&error.to_string()))))
        .collect::<Result<_, _>>()?;
    // Nothing is changed when a form is not one of the questionnaire.
    for form in &forms {
        app.node.form(form).map_err(problem)?;
    }
    app.node.change_agency(&code, field("name"), field("contact")).await.map_err(problem)?;
    app.node.assign_forms(&code, &forms).await.map_err(problem)?;
    app.console.say(&who, Tone::Good, say("agencies-changed").with("code", code.as_str())).await?;
    Ok(Redirect::to("/agencies"))
}

pub(super) fn code(text: &str) -> Result<AgencyCode, Problem> {
    AgencyCode::parse(text.trim()).map_err(|error| Problem::refused(capital(&error.to_string())))
}
