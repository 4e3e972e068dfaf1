//! `/servings`: who read ours, what we were served, and what was erased here.

use askama::Template;
use axum::extract::State;
use vrs_console::layout::{Frame, Tone};
use vrs_console::numbers::grouped;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Row};

use super::App;
use super::frame::problem;
use super::words::counted;
use crate::node::{ServedRelease, Servings};

#[derive(Template)]
#[template(path = "servings.html")]
pub(super) struct ServingsPage {
    frame: Frame,
    joined: bool,
    summary: String,
    ours: Option<FigureTable>,
    to_us: Option<FigureTable>,
    erased: Option<FigureTable>,
}

pub(super) async fn servings(State(app): State<App>, who: SignedIn) -> Result<Page<ServingsPage>, Problem> {
    let frame = app.frame(&who, "Who read what").await?.lead(
        "Every reading stands in the ledger before the first byte leaves the hub, with the line that gives the right.",
    );
    let seen = app.seen().await?;
    if seen.me.is_none() {
        return Ok(Page(ServingsPage {
            frame,
            joined: false,
            summary: String::new(),
            ours: None,
            to_us: None,
            erased: None,
        }));
    }
    let Servings { mut ours, mut to_us, erased } = app.node.servings().await.map_err(problem)?;
    ours.sort_by_key(|served| std::cmp::Reverse(served.serving));
    to_us.sort_by_key(|served| std::cmp::Reverse(served.serving));
    let readers: std::collections::BTreeSet<_> = ours.iter().map(|served| &served.reader).collect();
    let summary = format!(
        "{} read {} of ours; we were served {}.",
        counted(readers.len(), "participant has", "participants have"),
        counted(ours.len(), "table", "tables"),
        counted(to_us.len(), "table", "tables")
    );
    let columns = [
        Column::text("Line of the release"),
        Column::text("Whose and what"),
        Column::text("When"),
        Column::text("Why"),
    ];
    let mut erasures = FigureTable::new("Erased here", columns);
    for body in &erased {
        let what = seen.region().release(body.release).map_or_else(String::new, |release| {
            format!(
                "{} {} of {}",
                release.manifest.form,
                release.manifest.period,
                seen.region().code_of(release.manifest.participant)
            )
        });
        let row = Row::new(grouped(body.release)).text(what).cell(Cell::Moment(app.moment(body.erased_at.0)));
        erasures = erasures.row(row.text(body.why.clone()));
    }
    Ok(Page(ServingsPage {
        joined: true,
        summary,
        ours: (!ours.is_empty())
            .then(|| table(&app, "Who read ours", "Reader", &ours, |served| served.reader.to_string())),
        to_us: (!to_us.is_empty())
            .then(|| table(&app, "What we were served", "Author", &to_us, |served| served.author.to_string())),
        erased: (!erased.is_empty()).then_some(erasures),
        frame,
    }))
}

fn table(
    app: &App,
    caption: &str,
    head: &str,
    served: &[ServedRelease],
    whom: impl Fn(&ServedRelease) -> String,
) -> FigureTable {
    let columns = [
        Column::text(head),
        Column::text("Form"),
        Column::text("Period"),
        Column::number("Served at line"),
        Column::number("By right of line"),
        Column::text("The copy"),
    ];
    let rows = served.iter().map(|one| {
        let (tone, state) = match (one.erased, one.current) {
            (Some(line), _) => (Tone::Plain, format!("erased, says line {}", grouped(line))),
            (None, true) => (Tone::Good, "held by right".to_owned()),
            (None, false) => (Tone::Caution, "must be erased".to_owned()),
        };
        let row = Row::new(whom(one)).text(app.title(&one.form)).text(one.period.to_string());
        row.text(grouped(one.serving)).text(grouped(one.by)).cell(Cell::Badge(tone, state))
    });
    FigureTable::new(caption, columns).wide().rows(rows)
}
