//! `/releases`: the release desk as a board, by the one list of states.

use askama::Template;
use axum::extract::State;
use vrs_console::domain::audience_words;
use vrs_console::layout::Frame;
use vrs_console::moment::ago;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Row};
use vrs_console::words::Said;

use super::App;
use super::frame::capital;
use super::own::Own;
use super::words::{explained, tone};
use crate::node::ReleaseEntry;
use crate::release::State as DeskState;
use crate::roles::Role;
use crate::say;

/// The groups of the board, in the order in which somebody has to act.
fn groups() -> [(Said, &'static [DeskState]); 6] {
    [
        (say("word-waiting-for-approval"), &[DeskState::Draft, DeskState::Prepared]),
        (say("word-on-its-way"), &[DeskState::Approved, DeskState::Signed, DeskState::Sent]),
        (say("word-refused"), &[DeskState::Refused]),
        (say("releases-in-the-ledger"), &[DeskState::Logged, DeskState::Final]),
        (say("word-replaced"), &[DeskState::Replaced]),
        (say("word-withdrawn"), &[DeskState::Withdrawn]),
    ]
}

#[derive(Template)]
#[template(path = "releases.html")]
pub(super) struct Releases {
    frame: Frame,
    can_prepare: bool,
    table: Option<FigureTable>,
    kept: Option<FigureTable>,
}

pub(super) async fn releases(State(app): State<App>, who: SignedIn) -> Result<Page<Releases>, Problem> {
    let frame = app.frame(&who, say("word-release-desk")).await?.lead(say("releases-what-left-this-node-and"));
    let own = Own::load(&app).await?;
    let columns = [
        Column::text(say("word-form")),
        Column::text(say("word-period")),
        Column::number(say("word-revision")),
        Column::text(say("word-who-may-read-it")),
        Column::text(say("releases-prepared")),
        Column::text(say("word-approved")),
        Column::number(say("word-line")),
        Column::text(say("word-state")),
    ];
    let mut table = FigureTable::new(say("releases-the-desk"), columns).wide();
    for (name, states) in groups() {
        let entries: Vec<&ReleaseEntry> =
            own.desk.releases.iter().filter(|entry| states.contains(&entry.release.state)).collect();
        if entries.is_empty() {
            continue;
        }
        table = table
            .row(Row::group(format!("{name} · {}", entries.len())))
            .rows(entries.into_iter().map(|entry| row(&app, entry)));
    }
    let columns = [
        say("word-form"),
        say("word-period"),
        say("releases-decided-by"),
        say("word-when"),
        say("releases-released-before"),
    ]
    .map(Column::text);
    let kept = own.desk.kept.iter().map(|kept| {
        let row = Row::new(app.title(&kept.form))
            .link(format!("/tables/{}/{}", kept.period, kept.form))
            .text(kept.period.to_string());
        let released = kept.released.map_or_else(
            || "–".to_owned(),
            |id| say("releases-release-has-not-ended-by").with("id", id.to_string()).to_string(),
        );
        row.text(kept.by.clone()).cell(Cell::Moment(app.moment(kept.at.0))).text(released)
    });
    Ok(Page(Releases {
        can_prepare: who.operator.has_role(Role::FocalPoint.code()),
        table: (!own.desk.releases.is_empty()).then_some(table),
        kept: (!own.desk.kept.is_empty())
            .then(|| FigureTable::new(say("releases-kept-at-home-by-decision"), columns).rows(kept)),
        frame,
    }))
}

fn row(app: &App, entry: &ReleaseEntry) -> Row {
    let release = &entry.release;
    let now = app.node.now().0;
    let revision = release.revision.map_or_else(|| "–".to_owned(), |revision| revision.to_string());
    let approved = release.approved_by.as_ref().zip(release.approved_at);
    let approved = approved
        .map_or_else(|| say("releases-not-yet").to_string(), |(by, at)| format!("{}, {}", by.0, ago(now, at.0)));
    let line = release.line.map_or_else(|| "–".to_owned(), vrs_console::numbers::grouped);
    Row::new(app.title(&release.form))
        .link(format!("/releases/{}", release.id))
        .text(release.period.to_string())
        .text(revision)
        .text(audience_words(&release.audience))
        .text(format!("{}, {}", release.prepared_by.0, ago(now, release.prepared_at.0)))
        .text(approved)
        .text(line)
        .cell(Cell::Badge(tone(release.state), state_words(app, entry)))
}

/// The state with what matters beside it.
fn state_words(app: &App, entry: &ReleaseEntry) -> String {
    let word = explained(entry.release.state).0.to_string().to_lowercase();
    let embargo = entry.terms.not_before.filter(|_| entry.terms.holds(app.node.now()) && entry.release.state.is_open());
    if let Some(until) = embargo {
        let until = app.moment(until.0);
        return say("releases-under-embargo").with("state", word).with("until", until.day()).to_string();
    }
    match &entry.waiting {
        Some(parcel) if parcel.is_aside() => {
            say("releases-set-aside-because-it-cannot").with("state", word.to_string()).to_string()
        }
        Some(parcel) => say("releases-in-the-outbox")
            .with("state", word)
            .with("ago", ago(app.node.now().0, parcel.waiting_since.0))
            .with("tries", parcel.tries)
            .to_string(),
        None => word,
    }
}

/// Why an entry was refused: the hub's words, or ours.
pub(super) fn refusal_words(entry: &ReleaseEntry) -> Option<(String, String)> {
    if entry.release.state != DeskState::Refused {
        return None;
    }
    Some(match &entry.refused {
        Some(refusal) => (
            say("releases-the-hub-refused-it-reason").with("number", refusal.number.to_string()).to_string(),
            capital(&refusal.sentence),
        ),
        None => {
            (say("releases-the-rules-of-the-region").into(), capital(entry.release.note.as_deref().unwrap_or_default()))
        }
    })
}
