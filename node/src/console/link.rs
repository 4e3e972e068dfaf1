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

use super::App;
use super::frame::{capital, problem};
use super::words::counted;
use crate::error::NodeError;
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
    facts: Vec<(&'static str, String)>,
    outbox: Option<FigureTable>,
    refusals: Option<FigureTable>,
}

pub(super) async fn link(State(app): State<App>, who: SignedIn) -> Result<Page<LinkPage>, Problem> {
    let frame = app
        .frame(&who, "Link to the hub")
        .await?
        .lead("An outage stops nothing at home: what waits is kept, and tries go on for ever.");
    let (lamp_tone, lamp) = app.lamp().await?;
    let link = app.node.link_state().await.map_err(problem)?;
    let head = app.node.head().await.map_err(problem)?;
    let outbox = app.node.desk().await.map_err(problem)?.outbox;
    let refusals = app.node.refusals(LISTED_MAX).await.map_err(problem)?;
    let columns = [
        Column::text("What was refused"),
        Column::number("Reason"),
        Column::text("In the hub’s words"),
        Column::text("When"),
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
            format!("{} The proof is in {}.", capital(&broken.sentence), broken.evidence)
        }),
        facts: facts(&app, link.reached_at.map(|at| at.0)).await?,
        outbox: (!outbox.is_empty()).then(|| {
            FigureTable::new("Outbox", outbox_columns())
                .wide()
                .rows(outbox.iter().take(LISTED_MAX as usize).map(|parcel| row(&app, parcel)))
        }),
        refusals: (!refusals.is_empty())
            .then(|| FigureTable::new("Refusals of the hub, signed and kept", columns).wide().rows(rows)),
        frame,
    }))
}

async fn facts(app: &App, reached: Option<u64>) -> Result<Vec<(&'static str, String)>, Problem> {
    let now = app.node.now().0;
    let mut facts = Vec::new();
    match app.node.membership().await {
        Ok(membership) => {
            facts.push(("Region", membership.region.clone()));
            let address = app.node.settings().hub.address.clone().unwrap_or(membership.address);
            facts.push(("Hub", address));
            facts.push(("Joined", app.moment(membership.joined_at.0).words().to_owned()));
        }
        Err(NodeError::NotJoined) => facts.push(("Region", "none yet".into())),
        Err(error) => return Err(problem(error)),
    }
    facts.push((
        "Last contact",
        reached.map_or_else(|| "none yet".to_owned(), |at| format!("{}, {}", ago(now, at), app.moment(at).words())),
    ));
    if let Ok(key) = app.node.keys().identity() {
        facts.push(("Our signing key", key.public().kid().to_string()));
    }
    let certificate = match app.node.keys().certificate() {
        Ok(Some(certificate)) if certificate.not_after <= now => {
            "has run out; it is renewed at the next contact".to_owned()
        }
        Ok(Some(certificate)) => {
            let days = usize::try_from((certificate.not_after - now) / 86_400).unwrap_or(usize::MAX);
            format!(
                "valid for {} more, until {}; renewed by itself at half its life",
                counted(days, "day", "days"),
                app.moment(certificate.not_after).day()
            )
        }
        Ok(None) => "none yet".to_owned(),
        Err(error) => capital(&error.to_string()),
    };
    facts.push(("Our certificate", certificate));
    Ok(facts)
}

fn outbox_columns() -> [Column; 6] {
    [
        Column::text("What"),
        Column::text("State"),
        Column::text("Since"),
        Column::number("Tries"),
        Column::number("Line"),
        Column::text("Trouble"),
    ]
}

fn row(app: &App, parcel: &ParcelNote) -> Row {
    let tone = match parcel.state.as_str() {
        "logged" => Tone::Good,
        "refused" | "aside" => Tone::Bad,
        "waiting" | "sent" => Tone::Caution,
        _ => Tone::Plain,
    };
    let what = parcel.subject.strip_prefix("release ").and_then(|id| id.parse::<i64>().ok());
    let row = Row::new(capital(&parcel.subject).trim_end_matches('.'));
    let row = match what {
        Some(id) => row.link(format!("/releases/{id}")),
        None => row,
    };
    let row = row.cell(Cell::Badge(tone, parcel.state.clone())).cell(Cell::Moment(app.moment(parcel.waiting_since.0)));
    let row = row.figure(u64::from(parcel.tries)).text(parcel.line.map_or_else(|| "–".to_owned(), grouped));
    row.text(parcel.trouble.as_deref().map_or_else(|| "–".to_owned(), capital))
}
