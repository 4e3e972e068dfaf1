//! `/participants`: who takes part, with keys and the last visit of their nodes; who waits and who was invited.

use askama::Template;
use axum::extract::State;
use vrs_console::layout::{Frame, Tone};
use vrs_console::moment::ago;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Row};

use super::{App, problem};

#[derive(Template)]
#[template(path = "participants.html")]
pub(super) struct Participants {
    frame: Frame,
    table: FigureTable,
    waiting: Vec<(String, String)>,
    invited: Vec<(String, String)>,
}

pub(super) async fn participants(State(app): State<App>, who: SignedIn) -> Result<Page<Participants>, Problem> {
    let frame = app
        .frame(&who, "Participants")
        .await?
        .lead("Who takes part, and when their nodes last called.")
        .below("Dashboard", "/");
    let membership = app.hub.membership().await.map_err(problem)?;
    let now = app.hub.now().0;
    let columns = [
        Column::text("Participant"),
        Column::text("Code"),
        Column::text("State"),
        Column::text("Last call"),
        Column::text("Program"),
        Column::number("Releases").unit("current"),
        Column::text("Key"),
    ];
    let zone = app.console.program().zone.clone();
    let mut table = FigureTable::new("Participants", columns).wide();
    for (participant, caller) in &membership.participants {
        let releases = app.hub.ledger().view().region().current_of(participant.id).count() as u64;
        let state = if participant.suspended.is_some() {
            Cell::Badge(Tone::Bad, "suspended".into())
        } else {
            Cell::Badge(Tone::Good, "active".into())
        };
        let (last, software) = match caller {
            Some(caller) => (ago(now, caller.last_at.0), caller.software.clone()),
            None => ("never".into(), "not known".into()),
        };
        let key = participant.key().map_or_else(String::new, |key| key.kid().to_string().chars().take(16).collect());
        table = table.row(
            Row::new(participant.name.clone())
                .text(participant.code.as_str())
                .cell(state)
                .text(last)
                .text(software)
                .figure(releases)
                .text(key),
        );
    }
    Ok(Page(Participants {
        table,
        waiting: membership
            .waiting
            .iter()
            .map(|(code, fingerprint, since)| {
                (format!("{code}, since {}", zone.moment(since.0).words()), fingerprint.clone())
            })
            .collect(),
        invited: membership
            .invited
            .iter()
            .map(|(code, until)| (code.to_string(), zone.moment(until.0).words().to_owned()))
            .collect(),
        frame,
    }))
}
