//! `/ledger`: every line, who said what when. No figures stand in it.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use vrs_console::layout::Frame;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, PAGE_ROWS, Row};
use vrs_protocol::ledger::Line;

use super::App;
use crate::report::line_words;
use crate::store;

/// Bytes of lines read for one page: a thousand ordinary ones.
const BYTES_MAX: usize = 1 << 20;

/// Filters, all optional.
#[derive(Deserialize, Default)]
pub(super) struct Asked {
    from: Option<u64>,
    kind: Option<String>,
    participant: Option<String>,
    form: Option<String>,
    period: Option<String>,
}

#[derive(Template)]
#[template(path = "ledger.html")]
pub(super) struct LedgerPage {
    frame: Frame,
    checkpoint: String,
    filters: Vec<String>,
    table: FigureTable,
    earlier: Option<String>,
    later: Option<String>,
}

pub(super) async fn ledger(
    State(app): State<App>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Page<LedgerPage>, Problem> {
    let frame = app
        .frame(&who, "Ledger")
        .await?
        .lead("Signed statements, one after the other; everybody holds the same.")
        .below("Dashboard", "/");
    let (size, checkpoint) = {
        let view = app.hub.ledger().view();
        (view.size(), view.checkpoint().map_or_else(String::new, ToString::to_string))
    };
    let filters: Vec<String> =
        [&asked.kind, &asked.participant, &asked.form, &asked.period].into_iter().flatten().cloned().collect();
    // Filtered, the whole ledger is walked from its end; unfiltered, one page is read.
    let from = asked.from.unwrap_or_else(|| size.saturating_sub(PAGE_ROWS));
    let lines =
        if filters.is_empty() { read(&app, from, PAGE_ROWS).await? } else { matching(&app, &filters, size).await? };
    let columns =
        [Column::text("Line"), Column::text("When"), Column::text("Kind"), Column::text("By"), Column::text("What")];
    let mut table = FigureTable::new("Lines of the ledger", columns).wide();
    let zone = app.console.program().zone.clone();
    for (index, line) in lines.iter().rev() {
        let words = { line_words(app.hub.ledger().view().region(), *index, line) };
        let row = Row::new(index.to_string()).cell(Cell::Moment(zone.moment(line.time.0)));
        table = table.row(row.text(words.kind).text(words.by).text(words.what));
    }
    let unfiltered = filters.is_empty();
    Ok(Page(LedgerPage {
        checkpoint,
        table,
        earlier: (unfiltered && from > 0).then(|| format!("/ledger?from={}", from.saturating_sub(PAGE_ROWS))),
        later: (unfiltered && from + PAGE_ROWS < size).then(|| format!("/ledger?from={}", from + PAGE_ROWS)),
        filters,
        frame,
    }))
}

async fn read(app: &App, from: u64, count: u64) -> Result<Vec<(u64, Line)>, Problem> {
    let mut tx = app
        .hub
        .database()
        .read("read lines for a page")
        .await
        .map_err(|cause| Problem::unavailable("read the ledger", &cause))?;
    let lines = store::lines::range(&mut tx, from, count, BYTES_MAX)
        .await
        .map_err(|cause| Problem::unavailable("read the ledger", &cause))?;
    Ok(lines.into_iter().filter_map(|line| Some((line.index, Line::from_bytes(&line.bytes).ok()?))).collect())
}

/// The latest lines whose kind, author or words hold every filter.
async fn matching(app: &App, filters: &[String], size: u64) -> Result<Vec<(u64, Line)>, Problem> {
    let mut found = Vec::new();
    let mut end = size;
    while end > 0 && found.len() < PAGE_ROWS as usize {
        let start = end.saturating_sub(1_000);
        for (index, line) in read(app, start, end - start).await?.into_iter().rev() {
            let words = line_words(app.hub.ledger().view().region(), index, &line);
            let text = format!("{} {} {}", words.kind, words.by, words.what);
            if filters.iter().all(|filter| text.contains(filter.as_str())) && found.len() < PAGE_ROWS as usize {
                found.push((index, line));
            }
        }
        end = start;
    }
    found.reverse();
    Ok(found)
}
