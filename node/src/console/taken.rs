//! `/imports/taken/{id}`: one import, what came of it, and taking it back.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;
use vrs_console::layout::{Frame, Tone};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Column, FigureTable, Row};
use vrs_console::words::Said;

use super::App;
use super::frame::problem;
use super::own_agency;
use crate::node::{ImportEntry, TakenBack};
use crate::say;

#[derive(Template)]
#[template(path = "taken.html")]
pub(super) struct TakenPage {
    frame: Frame,
    address: String,
    facts: Vec<(Said, String)>,
    tables: FigureTable,
    has_cases: bool,
    can_take_back: bool,
    /// Who took it back, when and why.
    back: String,
}

async fn entry(app: &App, who: &SignedIn, id: &str) -> Result<ImportEntry, Problem> {
    let unknown = || Problem::not_found(say("taken-no-such-import"));
    let id: i64 = id.parse().map_err(|_| unknown())?;
    let entry = app.node.import_entry(id).await.map_err(problem)?;
    match own_agency::restricted_to(who)? {
        Some(own) if own != entry.file.agency => Err(unknown()),
        _ => Ok(entry),
    }
}

pub(super) async fn taken(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<String>,
) -> Result<Page<TakenPage>, Problem> {
    let ImportEntry { file, tables, has_cases } = entry(&app, &who, &id).await?;
    let columns =
        [Column::text(say("word-form")), Column::text(say("word-period")), Column::text(say("taken-in-force"))];
    let rows = tables.iter().map(|table| {
        let words = match table {
            table if !table.stands => say("taken-back"),
            table if table.replaced => say("taken-replaced"),
            table if table.same => say("taken-same"),
            _ => say("taken-stands"),
        };
        Row::new(app.title(&table.form))
            .link(format!("/tables/{}/{}", table.period, table.form))
            .text(table.period.to_string())
            .text(words)
    });
    let facts = vec![
        (say("me-agency"), file.agency.to_string()),
        (say("imports-rows"), vrs_console::numbers::grouped(file.rows_read as u64)),
        (say("word-taken-in"), app.moment(file.taken_at.0).words().to_string()),
        (say("word-by"), file.taken_by.clone()),
        (say("taken-sha"), file.hash.to_string()),
    ];
    let back = file.back.as_ref().map_or_else(String::new, |back| {
        say("taken-back-by")
            .with("by", back.by.clone())
            .with("at", app.moment(back.at.0).words())
            .with("reason", back.reason.clone())
            .into()
    });
    let frame = app.frame(&who, file.name.clone()).await?.below(say("word-bring-a-file"), "/imports");
    Ok(Page(TakenPage {
        frame,
        address: format!("/imports/taken/{}", file.id),
        facts,
        tables: FigureTable::new(say("taken-tables"), columns).rows(rows),
        has_cases,
        can_take_back: file.back.is_none() && app.node.may_take_back(&file.agency, &tables, &who.operator).await,
        back,
    }))
}

/// Why an import is taken back.
#[derive(Deserialize)]
pub(super) struct Why {
    #[serde(default)]
    reason: String,
}

pub(super) async fn take_back(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<String>,
    Form(why): Form<Why>,
) -> Result<Redirect, Problem> {
    let entry = entry(&app, &who, &id).await?;
    let done = app.node.take_import_back(entry.file.id, &why.reason, Some(&who.operator)).await.map_err(problem)?;
    app.console.say(&who, Tone::Good, words(&done)).await?;
    Ok(Redirect::to(&format!("/imports/taken/{}", entry.file.id)))
}

fn words(done: &TakenBack) -> String {
    let mut words = say("taken-done").with("again", done.again.len()).with("none", done.none.len()).to_string();
    if done.replaced > 0 {
        words = format!("{words} {}", say("taken-done-replaced").with("count", done.replaced));
    }
    if done.confirmed > 0 {
        words = format!("{words} {}", say("taken-done-confirmed").with("count", done.confirmed));
    }
    if done.cases_deleted {
        words = format!("{words} {}", say("taken-done-cases"));
    }
    words
}
