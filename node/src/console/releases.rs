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

use super::App;
use super::frame::capital;
use super::own::Own;
use super::words::{counted, explained, tone};
use crate::node::ReleaseEntry;
use crate::release::State as DeskState;
use crate::roles::Role;

/// The groups of the board, in the order in which somebody has to act.
const GROUPS: [(&str, &[DeskState]); 6] = [
    ("Waiting for approval", &[DeskState::Draft, DeskState::Prepared]),
    ("On its way", &[DeskState::Approved, DeskState::Signed, DeskState::Sent]),
    ("Refused", &[DeskState::Refused]),
    ("In the ledger", &[DeskState::Logged, DeskState::Final]),
    ("Replaced", &[DeskState::Replaced]),
    ("Withdrawn", &[DeskState::Withdrawn]),
];

#[derive(Template)]
#[template(path = "releases.html")]
pub(super) struct Releases {
    frame: Frame,
    can_prepare: bool,
    table: Option<FigureTable>,
    kept: Option<FigureTable>,
}

pub(super) async fn releases(State(app): State<App>, who: SignedIn) -> Result<Page<Releases>, Problem> {
    let frame = app
        .frame(&who, "Release desk")
        .await?
        .lead("What left this node, and what waits to leave. One person prepares, another approves.");
    let own = Own::load(&app).await?;
    let columns = [
        Column::text("Form"),
        Column::text("Period"),
        Column::number("Revision"),
        Column::text("Who may read it"),
        Column::text("Prepared"),
        Column::text("Approved"),
        Column::number("Line"),
        Column::text("State"),
    ];
    let mut table = FigureTable::new("The desk", columns).wide();
    for (name, states) in GROUPS {
        let entries: Vec<&ReleaseEntry> =
            own.desk.releases.iter().filter(|entry| states.contains(&entry.release.state)).collect();
        if entries.is_empty() {
            continue;
        }
        table = table
            .row(Row::group(format!("{name} · {}", entries.len())))
            .rows(entries.into_iter().map(|entry| row(&app, entry)));
    }
    let columns = ["Form", "Period", "Decided by", "When", "Released before"].map(Column::text);
    let kept = own.desk.kept.iter().map(|kept| {
        let row = Row::new(app.title(&kept.form))
            .link(format!("/tables/{}/{}", kept.period, kept.form))
            .text(kept.period.to_string());
        let released = kept.released.map_or_else(|| "–".to_owned(), |id| format!("release {id} has not ended by that"));
        row.text(kept.by.clone()).cell(Cell::Moment(app.moment(kept.at.0))).text(released)
    });
    Ok(Page(Releases {
        can_prepare: who.operator.has_role(Role::FocalPoint.code()),
        table: (!own.desk.releases.is_empty()).then_some(table),
        kept: (!own.desk.kept.is_empty()).then(|| FigureTable::new("Kept at home by decision", columns).rows(kept)),
        frame,
    }))
}

fn row(app: &App, entry: &ReleaseEntry) -> Row {
    let release = &entry.release;
    let now = app.node.now().0;
    let revision = release.revision.map_or_else(|| "–".to_owned(), |revision| revision.to_string());
    let approved = release.approved_by.as_ref().zip(release.approved_at);
    let approved = approved.map_or_else(|| "not yet".to_owned(), |(by, at)| format!("{}, {}", by.0, ago(now, at.0)));
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
    let word = explained(entry.release.state).0.to_lowercase();
    match &entry.waiting {
        Some(parcel) if parcel.is_aside() => format!("{word}, set aside because it cannot be sent"),
        Some(parcel) => {
            let tries = if parcel.tries == 0 {
                String::new()
            } else {
                format!(", {}", counted(parcel.tries as usize, "try", "tries"))
            };
            format!("{word}, in the outbox since {}{tries}", ago(app.node.now().0, parcel.waiting_since.0))
        }
        None => word,
    }
}

/// Why an entry was refused: the hub's words, or ours.
pub(super) fn refusal_words(entry: &ReleaseEntry) -> Option<(String, String)> {
    if entry.release.state != DeskState::Refused {
        return None;
    }
    Some(match &entry.refused {
        Some(refusal) => (format!("The hub refused it (reason {})", refusal.number), capital(&refusal.sentence)),
        None => (
            "The rules of the region do not allow it".into(),
            capital(entry.release.note.as_deref().unwrap_or_default()),
        ),
    })
}
