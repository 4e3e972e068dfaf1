//! `/servings`: who read ours, what we were served, and what was erased here.

use askama::Template;
use axum::extract::State;
use vrs_console::layout::{Frame, Tone};
use vrs_console::numbers::grouped;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Row};
use vrs_console::words::Said;

use super::App;
use super::frame::problem;
use crate::node::{ServedRelease, Servings};
use crate::say;

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
    let frame = app.frame(&who, say("word-who-read-what")).await?.lead(say("servings-every-reading-stands-in-the"));
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
    let summary = say("servings-summary")
        .with("readers", readers.len())
        .with("ours", ours.len())
        .with("served", to_us.len())
        .to_string();
    let columns = [
        Column::text(say("servings-line-of-the-release")),
        Column::text(say("servings-whose-and-what")),
        Column::text(say("word-when")),
        Column::text(say("servings-why")),
    ];
    let mut erasures = FigureTable::new(say("servings-erased-here"), columns);
    for body in &erased {
        let what = seen.region().release(body.release).map_or_else(String::new, |release| {
            say("word-of")
                .with("form", release.manifest.form.to_string())
                .with("period", release.manifest.period.to_string())
                .with("participant", seen.region().code_of(release.manifest.participant).to_string())
                .to_string()
        });
        let row = Row::new(grouped(body.release)).text(what).cell(Cell::Moment(app.moment(body.erased_at.0)));
        erasures = erasures.row(row.text(body.why.clone()));
    }
    Ok(Page(ServingsPage {
        joined: true,
        summary,
        ours: (!ours.is_empty()).then(|| {
            table(&app, say("servings-who-read-ours"), say("servings-reader"), &ours, |served| {
                served.reader.to_string()
            })
        }),
        to_us: (!to_us.is_empty()).then(|| {
            table(&app, say("servings-what-we-were-served"), say("servings-author"), &to_us, |served| {
                served.author.to_string()
            })
        }),
        erased: (!erased.is_empty()).then_some(erasures),
        frame,
    }))
}

fn table(
    app: &App,
    caption: Said,
    head: Said,
    served: &[ServedRelease],
    whom: impl Fn(&ServedRelease) -> String,
) -> FigureTable {
    let columns = [
        Column::text(head),
        Column::text(say("word-form")),
        Column::text(say("word-period")),
        Column::number(say("servings-served-at-line")),
        Column::number(say("servings-by-right-of-line")),
        Column::text(say("servings-the-copy")),
    ];
    let rows = served.iter().map(|one| {
        let (tone, state) = match (one.erased, one.current) {
            (Some(line), _) => (Tone::Plain, say("servings-erased-says-line").with("line", line).to_string()),
            (None, true) => (Tone::Good, say("servings-held-by-right").to_string()),
            (None, false) => (Tone::Caution, say("servings-must-be-erased").to_string()),
        };
        let row = Row::new(whom(one)).text(app.title(&one.form)).text(one.period.to_string());
        row.text(grouped(one.serving)).text(grouped(one.by)).cell(Cell::Badge(tone, state))
    });
    FigureTable::new(caption, columns).wide().rows(rows)
}
