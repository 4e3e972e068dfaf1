//! `/acts`: the audit trail as a page, and as a file that can be verified without this program.

use askama::Template;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use vrs_runtime::database::DatabaseError;

use super::{Act, Acts, ActsFilter, ChainFault, Facts, RecordedAct};
use crate::Console;
use crate::layout::{Frame, Tone};
use crate::numbers::grouped;
use crate::page::{Page, address};
use crate::problem::Problem;
use crate::sign_in::SignedIn;
use crate::table::{Cell, Column, FigureTable, PAGE_ROWS, Pages, Row};
use crate::words::{CONSOLE, say};

/// Who may read the trail. Acts hold no figures.
pub const READERS: [&str; 2] = ["auditor", "administrator"];

/// Filters, all optional; a form sends empty ones.
#[derive(Debug, Deserialize, Default)]
#[serde(default)]
pub(crate) struct Asked {
    account: String,
    what: String,
    from: String,
    to: String,
    page: Option<u64>,
}

/// The page at `/acts`.
#[derive(Debug, Template)]
#[template(path = "acts.html")]
pub(crate) struct ActsPage {
    frame: Frame,
    asked: Asked,
    accounts: Vec<String>,
    codes: Vec<(String, String)>,
    intact: Option<String>,
    broken: String,
    hash: String,
    table: Option<FigureTable>,
    pages: Pages,
}

/// `GET /acts`
pub(crate) async fn acts(
    State(console): State<Console>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Page<ActsPage>, Problem> {
    who.require_role(&READERS)?;
    let filter = filter(&console, &asked)?;
    let trail = console.acts();
    let query = [("account", &asked.account), ("what", &asked.what), ("from", &asked.from), ("to", &asked.to)];
    let query = query.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.clone()));
    let pages = Pages::new(trail.count(&filter).await?, asked.page.unwrap_or(1), address("/acts", query));
    let acts = trail.page(&filter, pages.offset(), PAGE_ROWS).await?;
    let state = trail.intact().await?;
    let checked = console.program().zone.moment(state.checked_at);
    let number = state.broken.as_ref().map_or(state.chain.number, |(number, _)| *number);
    let frame = console.frame(&who, say("acts-audit-trail")).await?.lead(say("acts-who-did-what-at-this"));
    let (intact, broken) = match state.broken {
        None => (Some(say("acts-intact").with("number", number).with("when", checked.words()).into()), String::new()),
        Some((_, ChainFault::Number { .. })) => (None, say("acts-missing").with("number", number).into()),
        Some(_) => (None, say("acts-changed").with("number", number).into()),
    };
    Ok(Page(ActsPage {
        frame,
        accounts: console.accounts().list().await?.into_iter().map(|account| account.operator.name).collect(),
        codes: trail.codes().await?.into_iter().map(|code| (act_words(&code), code)).collect(),
        intact,
        broken,
        hash: state.chain.hash.to_string(),
        table: (!acts.is_empty()).then(|| table(&console, &acts)),
        pages,
        asked,
    }))
}

fn filter(console: &Console, asked: &Asked) -> Result<ActsFilter, Problem> {
    let zone = &console.program().zone;
    let day = |text: &str, days: i8| {
        if text.is_empty() {
            return Ok::<_, Problem>(None);
        }
        let begin = zone.day_begins(text, days).ok_or_else(|| Problem::refused(say("acts-write-a-day")))?;
        Ok(Some(begin))
    };
    let text = |text: &String| (!text.is_empty()).then(|| text.clone());
    Ok(ActsFilter {
        account: text(&asked.account),
        what: text(&asked.what),
        since: day(&asked.from, 0)?,
        // The last day is meant with all its hours.
        until: day(&asked.to, 1)?,
    })
}

fn table(console: &Console, acts: &[RecordedAct]) -> FigureTable {
    let columns = [
        Column::text(say("acts-number")),
        Column::text(say("acts-when")),
        Column::text(say("acts-who")),
        Column::text(say("me-from")),
        Column::text(say("acts-what")),
        Column::text(say("acts-about")),
        Column::text(say("acts-before")),
        Column::text(say("acts-after")),
    ];
    let rows = acts.iter().map(|act| {
        Row::new(grouped(act.number))
            .cell(Cell::Moment(console.program().zone.moment(act.at)))
            .text(act.account.clone().unwrap_or_else(|| say("acts-nobody-named").into()))
            .text(from_words(&act.from))
            .text(act_words(&act.what))
            .text(act.subject.clone())
            .text(facts_words(&act.before))
            .text(facts_words(&act.after))
    });
    FigureTable::new(say("acts-acts-the-latest-first"), columns).wide().rows(rows)
}

/// An act as pages name it.
fn act_words(code: &str) -> String {
    CONSOLE.say_or(format!("act-{code}"), code.replace('-', " ")).to_string()
}

/// A place in the language of the page; addresses stay as they are.
fn from_words(from: &str) -> String {
    match from.strip_prefix("command line (").and_then(|rest| rest.strip_suffix(')')) {
        Some(user) => say("acts-command-line").with("user", user).to_string(),
        None if from == "the program" => say("acts-the-program").into(),
        None => from.to_owned(),
    }
}

fn facts_words(facts: &Facts) -> String {
    facts.iter().map(|(name, value)| format!("{name}: {value}")).collect::<Vec<_>>().join("; ")
}

/// `GET /acts/export`: the whole trail, read as it is sent.
pub(crate) async fn export(State(console): State<Console>, who: SignedIn) -> Result<Response, Problem> {
    who.require_role(&READERS)?;
    let trail = console.acts().clone();
    trail.record_alone(Act::new("acts-exported", "audit trail").by(&who.operator.name)).await?;
    let lines = futures::stream::try_unfold((trail, 0), |(trail, last)| async move {
        let some = lines_after(&trail, last).await?;
        Ok::<_, DatabaseError>(some.map(|(text, last)| (Bytes::from(text), (trail, last))))
    });
    let code = &console.program().code;
    let name = if code.is_empty() { "hub" } else { code.as_str() };
    let headers = [
        (header::CONTENT_TYPE, "application/jsonl".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"VRS_{name}_acts.jsonl\"")),
    ];
    Ok((headers, Body::from_stream(lines)).into_response())
}

/// Lines of the next acts, and the number of the last of them.
async fn lines_after(trail: &Acts, last: u64) -> Result<Option<(String, u64)>, DatabaseError> {
    let acts = trail.some_after(last).await?;
    let Some((act, _)) = acts.last() else { return Ok(None) };
    let last = act.number;
    Ok(Some((acts.iter().map(|(act, hash)| act.line(*hash) + "\n").collect(), last)))
}
