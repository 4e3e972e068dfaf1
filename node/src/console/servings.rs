//! `/servings`: who read ours and when, what we were served, and what was erased here; one list at a time, in pages.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use vrs_console::layout::{Frame, Tone};
use vrs_console::numbers::grouped;
use vrs_console::page::{Page, address};
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, PAGE_ROWS, Pages, Row};
use vrs_console::words::Said;
use vrs_protocol::ledger::Line;

use super::App;
use super::frame::{Seen, problem};
use crate::node::{ServedRelease, Servings};
use crate::say;
use crate::store;
use crate::store::bodies::ErasedBody;

/// Which list, and which part of it.
#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    of: String,
    page: Option<u64>,
}

/// The lists there are, by their word in the address.
const LISTS: [&str; 3] = ["ours", "to-us", "erased"];

#[derive(Template)]
#[template(path = "servings.html")]
pub(super) struct ServingsPage {
    frame: Frame,
    joined: bool,
    summary: String,
    lists: Vec<(&'static str, Said, bool)>,
    table: Option<FigureTable>,
    pages: Pages,
    nothing: Said,
}

pub(super) async fn servings(
    State(app): State<App>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Page<ServingsPage>, Problem> {
    let frame = app.frame(&who, say("word-who-read-what")).await?.lead(say("servings-every-reading-stands-in-the"));
    let seen = app.seen().await?;
    let of = LISTS.into_iter().find(|of| *of == asked.of).unwrap_or("ours");
    let mut page = ServingsPage {
        frame,
        joined: seen.me.is_some(),
        summary: String::new(),
        lists: LISTS.map(|list| (list, list_words(list), list == of)).to_vec(),
        table: None,
        pages: Pages::new(0, 1, "/servings"),
        nothing: match of {
            "ours" => say("servings-nobody-has-read-a-table"),
            "to-us" => say("servings-nothing-was-served-to-us"),
            _ => say("servings-nothing-was-erased"),
        },
    };
    if !page.joined {
        return Ok(Page(page));
    }
    let Servings { mut ours, mut to_us, mut erased } = app.node.servings().await.map_err(problem)?;
    let readers: std::collections::BTreeSet<_> = ours.iter().map(|served| &served.reader).collect();
    page.summary = say("servings-summary")
        .with("readers", readers.len())
        .with("ours", ours.len())
        .with("served", to_us.len())
        .to_string();
    let count = match of {
        "ours" => ours.len(),
        "to-us" => to_us.len(),
        _ => erased.len(),
    };
    page.pages = Pages::new(count as u64, asked.page.unwrap_or(1), address("/servings", [("of", of.to_owned())]));
    let from = usize::try_from(page.pages.offset()).unwrap_or(usize::MAX).min(count);
    let part = from..count.min(from.saturating_add(PAGE_ROWS as usize));
    page.table = match of {
        _ if count == 0 => None,
        "erased" => {
            erased.sort_by_key(|body| std::cmp::Reverse((body.erased_at, body.release)));
            Some(erasures(&app, &seen, &erased[part]))
        }
        _ => {
            let served = if of == "ours" { &mut ours } else { &mut to_us };
            served.sort_by_key(|served| std::cmp::Reverse(served.serving));
            let (head, whom): (Said, fn(&ServedRelease) -> String) = match of {
                "ours" => (say("servings-reader"), |served| served.reader.to_string()),
                _ => (say("servings-author"), |served| served.author.to_string()),
            };
            Some(table(&app, list_words(of), head, &served[part], whom).await?)
        }
    };
    Ok(Page(page))
}

fn list_words(list: &str) -> Said {
    match list {
        "ours" => say("servings-who-read-ours"),
        "to-us" => say("servings-what-we-were-served"),
        _ => say("servings-erased-here"),
    }
}

fn erasures(app: &App, seen: &Seen, erased: &[ErasedBody]) -> FigureTable {
    let columns = [
        Column::text(say("servings-line-of-the-release")),
        Column::text(say("servings-whose-and-what")),
        Column::text(say("word-when")),
        Column::text(say("servings-why")),
    ];
    let rows = erased.iter().map(|body| {
        let what = seen.region().release(body.release).map_or_else(String::new, |release| {
            say("word-of")
                .with("form", release.manifest.form.to_string())
                .with("period", release.manifest.period.to_string())
                .with("participant", seen.region().code_of(release.manifest.participant).to_string())
                .to_string()
        });
        let row = Row::new(grouped(body.release)).text(what).cell(Cell::Moment(app.moment(body.erased_at.0)));
        row.text(body.why.clone())
    });
    FigureTable::new(say("servings-erased-here"), columns).rows(rows)
}

async fn table(
    app: &App,
    caption: Said,
    head: Said,
    served: &[ServedRelease],
    whom: fn(&ServedRelease) -> String,
) -> Result<FigureTable, Problem> {
    let columns = [
        Column::text(head),
        Column::text(say("word-form")),
        Column::text(say("word-period")),
        Column::text(say("word-when")),
        Column::number(say("servings-served-at-line")),
        Column::number(say("servings-by-right-of-line")),
        Column::text(say("servings-the-copy")),
    ];
    let mut tx = app.read("read when something was served").await?;
    let mut rows = Vec::with_capacity(served.len());
    for one in served {
        // The ledger says when: the line stands before the first byte leaves.
        let line = store::ledger::line(&mut tx, one.serving).await?.and_then(|bytes| Line::from_bytes(&bytes).ok());
        let (tone, state) = match (one.erased, one.current) {
            (Some(line), _) => (Tone::Plain, say("servings-erased-says-line").with("line", line).to_string()),
            (None, true) => (Tone::Good, say("servings-held-by-right").to_string()),
            (None, false) => (Tone::Caution, say("servings-must-be-erased").to_string()),
        };
        let row = Row::new(whom(one)).text(app.title(&one.form)).text(one.period.to_string());
        let row = match line {
            Some(line) => row.cell(Cell::Moment(app.moment(line.time.0))),
            None => row.text("–"),
        };
        rows.push(row.text(grouped(one.serving)).text(grouped(one.by)).cell(Cell::Badge(tone, state)));
    }
    Ok(FigureTable::new(caption, columns).wide().rows(rows))
}
