//! `/link`: the hub, how the link to it is, our keys and certificate, and the outbox that never gives up.

use askama::Template;
use axum::extract::State;
use vrs_console::layout::{Frame, Tone};
use vrs_console::moment::ago;
use vrs_console::numbers::grouped;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Row};
use vrs_console::words::Said;

use super::App;
use super::frame::{capital, problem};
use crate::error::NodeError;
use crate::say;
use crate::store::outbox::ParcelNote;

/// Entries of the outbox and refusals that are listed.
const LISTED_MAX: u32 = 50;

#[derive(Template)]
#[template(path = "link.html")]
pub(super) struct LinkPage {
    frame: Frame,
    lamp_tone: Tone,
    lamp: String,
    trouble: String,
    broken: String,
    facts: Vec<(Said, String)>,
    outbox: Option<FigureTable>,
    refusals: Option<FigureTable>,
}

pub(super) async fn link(State(app): State<App>, who: SignedIn) -> Result<Page<LinkPage>, Problem> {
    let frame = app.frame(&who, say("word-link-to-the-hub")).await?.lead(say("link-an-outage-stops-nothing-at"));
    let (lamp_tone, lamp) = app.lamp().await?;
    let link = app.node.link_state().await.map_err(problem)?;
    let head = app.node.head().await.map_err(problem)?;
    let outbox = app.node.desk().await.map_err(problem)?.outbox;
    let refusals = app.node.refusals(LISTED_MAX).await.map_err(problem)?;
    let columns = [
        Column::text(say("link-what-was-refused")),
        Column::number(say("word-reason")),
        Column::text(say("link-in-the-hubs-words")),
        Column::text(say("word-when")),
    ];
    let rows = refusals.iter().map(|refusal| {
        let row = Row::new(refusal.subject.clone()).text(refusal.number.to_string());
        row.text(capital(&refusal.sentence)).cell(Cell::Moment(app.moment(refusal.received_at.0)))
    });
    Ok(Page(LinkPage {
        lamp_tone,
        lamp,
        trouble: link.trouble.map_or_else(String::new, |trouble| capital(&trouble)),
        broken: head.broken.map_or_else(String::new, |broken| {
            say("link-the-proof-is-in")
                .with("sentence", capital(&broken.sentence).to_string())
                .with("evidence", broken.evidence.to_string())
                .to_string()
        }),
        facts: facts(&app, link.reached_at.map(|at| at.0)).await?,
        outbox: (!outbox.is_empty()).then(|| {
            FigureTable::new(say("word-outbox"), outbox_columns())
                .wide()
                .rows(outbox.iter().take(LISTED_MAX as usize).map(|parcel| row(&app, parcel)))
        }),
        refusals: (!refusals.is_empty())
            .then(|| FigureTable::new(say("link-refusals-of-the-hub-signed"), columns).wide().rows(rows)),
        frame,
    }))
}

async fn facts(app: &App, reached: Option<u64>) -> Result<Vec<(Said, String)>, Problem> {
    let now = app.node.now().0;
    let mut facts = Vec::new();
    match app.node.membership().await {
        Ok(membership) => {
            facts.push((say("word-region"), membership.region.clone()));
            let address = app.node.settings().hub.address.clone().unwrap_or(membership.address);
            facts.push((say("frame-hub"), address));
            facts.push((say("link-joined"), app.moment(membership.joined_at.0).words().to_owned()));
        }
        Err(NodeError::NotJoined) => facts.push((say("word-region"), say("link-none-yet").into())),
        Err(error) => return Err(problem(error)),
    }
    facts.push((
        say("link-last-contact"),
        reached.map_or_else(
            || say("link-none-yet").to_string(),
            |at| format!("{}, {}", ago(now, at), app.moment(at).words()),
        ),
    ));
    if let Ok(key) = app.node.keys().identity() {
        facts.push((say("link-our-signing-key"), key.public().kid().to_string()));
    }
    let certificate = match app.node.keys().certificate() {
        Ok(Some(certificate)) if certificate.not_after <= now => say("link-has-run-out-it-is").to_string(),
        Ok(Some(certificate)) => say("link-certificate-valid")
            .with("count", (certificate.not_after - now) / 86_400)
            .with("day", app.moment(certificate.not_after).day())
            .to_string(),
        Ok(None) => say("link-none-yet").to_string(),
        Err(error) => capital(&error.to_string()),
    };
    facts.push((say("link-our-certificate"), certificate));
    Ok(facts)
}

fn outbox_columns() -> [Column; 6] {
    [
        Column::text(say("overview-what")),
        Column::text(say("word-state")),
        Column::text(say("me-since")),
        Column::number(say("link-tries")),
        Column::number(say("word-line")),
        Column::text(say("link-trouble")),
    ]
}

/// The state of a parcel in the outbox, in words.
fn parcel_words(state: &str) -> String {
    match state {
        "waiting" => say("link-parcel-waiting").into(),
        "sent" => say("link-parcel-sent").into(),
        "logged" => say("link-parcel-logged").into(),
        "refused" => say("link-parcel-refused").into(),
        "aside" => say("link-parcel-aside").into(),
        other => other.to_owned(),
    }
}

fn row(app: &App, parcel: &ParcelNote) -> Row {
    let held = parcel.not_before.filter(|until| parcel.state == "waiting" && app.node.now() < *until);
    let tone = match parcel.state.as_str() {
        _ if held.is_some() => Tone::Plain,
        "logged" => Tone::Good,
        "refused" | "aside" => Tone::Bad,
        "waiting" | "sent" => Tone::Caution,
        _ => Tone::Plain,
    };
    let what = parcel.subject.strip_prefix("release ").and_then(|id| id.parse::<i64>().ok());
    let row = Row::new(what.map_or_else(
        || capital(&parcel.subject).trim_end_matches('.').to_owned(),
        |id| say("link-release").with("id", id.to_string()).into(),
    ));
    let words = match held {
        Some(until) => say("link-parcel-held").with("until", app.moment(until.0).day()).to_string(),
        None => parcel_words(&parcel.state),
    };
    let row = match what {
        Some(id) => row.link(format!("/releases/{id}")),
        None => row,
    };
    let row = row.cell(Cell::Badge(tone, words)).cell(Cell::Moment(app.moment(parcel.waiting_since.0)));
    let row = row.figure(u64::from(parcel.tries)).text(parcel.line.map_or_else(|| "–".to_owned(), grouped));
    row.text(parcel.trouble.as_deref().map_or_else(|| "–".to_owned(), capital))
}
