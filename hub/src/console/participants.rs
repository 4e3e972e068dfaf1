//! `/participants`: who takes part, with keys and the last visit of their nodes; who waits and who was invited.

use askama::Template;
use axum::extract::State;
use vrs_console::domain::names::ledger_name;
use vrs_console::layout::{Frame, Tone};
use vrs_console::moment::ago;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Row};
use vrs_protocol::catalogue::Catalogue;

use super::{App, problem};
use crate::say;

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
        .frame(&who, say("word-participants"))
        .await?
        .lead(say("participants-who-takes-part-and-when"))
        .below(say("word-dashboard"), "/");
    let membership = app.hub.membership().await.map_err(problem)?;
    let now = app.hub.now().0;
    let columns = [
        Column::text(say("overview-participant")),
        Column::text(say("word-code")),
        Column::text(say("word-state")),
        Column::text(say("participants-last-call")),
        Column::text(say("participants-program")),
        Column::number(say("participants-releases")).unit("current"),
        Column::text(say("participants-key")),
    ];
    let zone = app.console.program().zone.clone();
    let mut table = FigureTable::new(say("word-participants"), columns).wide();
    for (participant, caller) in &membership.participants {
        let releases = app.hub.ledger().view().region().current_of(participant.id).count() as u64;
        let state = if participant.suspended.is_some() {
            Cell::Badge(Tone::Bad, say("overview-gap-suspended").into())
        } else {
            Cell::Badge(Tone::Good, say("participants-active").into())
        };
        let (last, software) = match caller {
            Some(caller) => (ago(now, caller.last_at.0), caller.software.clone()),
            None => (say("participants-never").into(), say("figure-not-known").into()),
        };
        let key = participant.key().map_or_else(String::new, |key| key.kid().to_string().chars().take(16).collect());
        table = table.row(
            Row::new(ledger_name(Catalogue::everything(), &participant.code, &participant.name))
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
                (
                    say("participants-since")
                        .with("code", code.to_string())
                        .with("since", zone.moment(since.0).words())
                        .to_string(),
                    fingerprint.clone(),
                )
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
