//! `/agencies/{code}/tokens`: with what programs of an agency show whom they act for. The list of them stands on the page of
//! the agency.
//!
//! The rule it keeps: making and ending one asks for the administrator's own password again, and code where there is one. A
//! token made here is shown once.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use vrs_console::layout::{Frame, Tone};
use vrs_console::moment::Moment;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Row};

use super::App;
use super::agencies::code;
use super::frame::problem;
use crate::say;
use crate::store::tokens::Token;

/// What the forms about tokens send.
#[derive(Deserialize)]
pub(super) struct Sent {
    #[serde(rename = "do")]
    act: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    days: String,
    #[serde(default)]
    token: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
}

/// A token that was just made, on its only page.
#[derive(Template)]
#[template(path = "token.html")]
struct Made {
    frame: Frame,
    back: String,
    token: String,
    until: Moment,
}

pub(super) async fn act(
    State(app): State<App>,
    who: SignedIn,
    Path(asked): Path<String>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let agency = code(&asked)?;
    let back = format!("/agencies/{agency}");
    if let Err(sentence) = app.step_up(&who, sent.password, sent.code).await? {
        app.console.say(&who, Tone::Bad, sentence).await?;
        return Ok(Redirect::to(&back).into_response());
    }
    match sent.act.as_str() {
        "make" => {
            let days = sent.days.trim().parse().map_err(|_| Problem::refused(say("tokens-write-days")))?;
            let made = app.node.make_token(&agency, &sent.name, days).await.map_err(problem)?;
            let frame = app.frame(&who, say("tokens-token-to-hand-over")).await?.below(agency.to_string(), &back);
            let until = app.moment(made.token.expires_at.0);
            Ok(Page(Made { frame, back, token: made.text.to_string(), until }).into_response())
        }
        "end" => {
            let ended = app.node.end_token(&agency, sent.token.trim()).await.map_err(problem)?;
            app.console.say(&who, Tone::Good, say("tokens-ended").with("name", ended.name)).await?;
            Ok(Redirect::to(&back).into_response())
        }
        _ => Err(Problem::refused(say("operators-choose-what-to-do"))),
    }
}

/// The tokens of an agency for its page; `None`: there was never one.
pub(super) fn list(app: &App, tokens: &[Token]) -> Option<FigureTable> {
    let columns = [
        Column::text(say("tokens-for")),
        Column::text(say("tokens-token")),
        Column::text(say("tokens-made-by")),
        Column::text(say("tokens-made")),
        Column::text(say("tokens-last-used")),
        Column::text(say("tokens-good-until")),
        Column::text(say("operators-state")),
    ];
    let now = app.node.now();
    let rows = tokens.iter().map(|token| {
        let row = Row::new(token.name.clone()).text(token.public.clone()).text(token.made_by.clone());
        let row = row.cell(Cell::Moment(app.moment(token.made_at.0)));
        let row = match token.last_used_at {
            Some(at) => row.cell(Cell::Moment(app.moment(at.0))),
            None => row.text(say("operators-never")),
        };
        let (tone, state) = match &token.ended_by {
            Some(by) => (Tone::Plain, say("tokens-ended-by").with("by", by.clone())),
            None if token.is_good(now) => (Tone::Good, say("tokens-good")),
            None => (Tone::Caution, say("tokens-expired")),
        };
        row.cell(Cell::Moment(app.moment(token.expires_at.0))).cell(Cell::Badge(tone, state.into()))
    });
    (!tokens.is_empty()).then(|| FigureTable::new(say("tokens-tokens"), columns).wide().rows(rows))
}
