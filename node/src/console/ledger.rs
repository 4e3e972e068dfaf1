//! `/ledger`: every line, who said what when, and whether the whole of it holds. No figures stand in it.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Redirect;
use serde::Deserialize;
use vrs_console::layout::{Frame, Tone};
use vrs_console::numbers::grouped;
use vrs_console::page::{Page, address};
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, PAGE_ROWS, Row};
use vrs_protocol::ledger::{Line, LineKind};

use super::App;
use super::frame::{Seen, capital, problem};
use super::words::{kind_words, line_words};
use crate::say;
use crate::store;

/// Lines looked through at a time while filtering.
const LINES_AT_ONCE: u32 = 1_000;

/// Filters, all optional; a form sends empty ones.
#[derive(Deserialize, Default)]
pub(super) struct Asked {
    from: Option<String>,
    /// Filtered: only lines before this one.
    until: Option<u64>,
    #[serde(default)]
    kind: String,
    #[serde(default)]
    text: String,
}

#[derive(Template)]
#[template(path = "ledger.html")]
pub(super) struct LedgerPage {
    frame: Frame,
    state: String,
    broken: String,
    flaws: Vec<String>,
    kinds: Vec<(&'static str, String, bool)>,
    text: String,
    table: Option<FigureTable>,
    earlier: Option<String>,
    later: Option<String>,
    root: String,
    checkpoint: String,
}

pub(super) async fn ledger(
    State(app): State<App>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Page<LedgerPage>, Problem> {
    let frame = app.frame(&who, say("word-ledger")).await?.lead(say("ledger-signed-statements-one-after-the"));
    let (seen, head) = (app.seen().await?, app.node.head().await.map_err(problem)?);
    let size = seen.view.size();
    let filtered = !asked.kind.is_empty() || !asked.text.trim().is_empty();
    let from: Option<u64> = asked.from.as_ref().and_then(|from| from.parse().ok());
    let from = from.unwrap_or_else(|| size.saturating_sub(PAGE_ROWS)).min(size);
    let until = asked.until.unwrap_or(size).min(size);
    let mut lines = if filtered {
        // One more than the page shows says whether there are earlier ones.
        matching(&app, &seen, &asked, until, PAGE_ROWS as usize + 1).await?
    } else {
        read(&app, from, PAGE_ROWS as u32).await?
    };
    let more = filtered && lines.len() > PAGE_ROWS as usize;
    if more {
        lines.remove(0);
    }
    let earliest = lines.first().map_or(0, |(index, _)| *index);
    let earlier = if filtered {
        let asked = [("kind", asked.kind.clone()), ("text", asked.text.clone()), ("until", earliest.to_string())];
        more.then(|| address("/ledger", asked))
    } else {
        (from > 0).then(|| format!("/ledger?from={}", from.saturating_sub(PAGE_ROWS)))
    };
    let columns = [
        Column::text(say("word-line")),
        Column::text(say("word-when")),
        Column::text(say("ledger-kind")),
        Column::text(say("word-by")),
        Column::text(say("overview-what")),
    ];
    let mut table = FigureTable::new(say("ledger-lines-the-latest-first"), columns).wide();
    for (index, line) in lines.iter().rev() {
        let words = line_words(seen.region(), seen.view.flaws(), *index, line);
        let row = Row::new(grouped(*index)).cell(Cell::Moment(app.moment(line.time.0)));
        table = table.row(row.text(words.kind).text(words.by).text(words.what));
    }
    let kinds = (0..=u8::MAX)
        .map_while(LineKind::of)
        .map(|kind| (kind.word(), kind_words(kind.word()), kind.word() == asked.kind));
    let state = match head.checked_at {
        None => say("ledger-held"),
        Some(at) => say("ledger-held-and-checked").with("when", app.moment(at.0).words()),
    };
    let flaws = app.node.flaws().await.map_err(problem)?;
    Ok(Page(LedgerPage {
        state: state.with("count", size).to_string(),
        broken: head.broken.map_or_else(String::new, |broken| capital(&broken.sentence)),
        flaws: flaws
            .iter()
            .map(|flaw| {
                say("ledger-line")
                    .with("line", flaw.line)
                    .with("sentence", capital(&flaw.sentence).to_string())
                    .to_string()
            })
            .collect(),
        kinds: kinds.collect(),
        text: asked.text,
        table: (size > 0).then_some(table),
        earlier,
        later: (!filtered && from + PAGE_ROWS < size).then(|| format!("/ledger?from={}", from + PAGE_ROWS)),
        root: if size > 0 { seen.view.root().to_string() } else { String::new() },
        checkpoint: head.checkpoint.map_or_else(String::new, |checkpoint| checkpoint.to_string()),
        frame,
    }))
}

/// Lines from a place on, the oldest first.
async fn read(app: &App, from: u64, most: u32) -> Result<Vec<(u64, Line)>, Problem> {
    let mut tx = app.read("read lines for a page").await?;
    let lines = store::ledger::lines(&mut tx, from, most).await?;
    Ok((from..).zip(lines).filter_map(|(index, bytes)| Some((index, Line::from_bytes(&bytes).ok()?))).collect())
}

/// The latest lines of a kind whose words hold a text, the oldest first.
async fn matching(app: &App, seen: &Seen, asked: &Asked, until: u64, most: usize) -> Result<Vec<(u64, Line)>, Problem> {
    let wanted = asked.text.trim().to_lowercase();
    let mut found = Vec::new();
    let mut end = until;
    while end > 0 && found.len() < most {
        let start = end.saturating_sub(u64::from(LINES_AT_ONCE));
        // At most LINES_AT_ONCE, which is a u32.
        let count = u32::try_from(end - start).unwrap_or(LINES_AT_ONCE);
        for (index, line) in read(app, start, count).await?.into_iter().rev() {
            let words = line_words(seen.region(), seen.view.flaws(), index, &line);
            let text = format!("{} {}", words.by, words.what).to_lowercase();
            let fits = (asked.kind.is_empty() || line.kind().is_some_and(|kind| kind.word() == asked.kind))
                && (wanted.is_empty() || text.contains(&wanted));
            if fits && found.len() < most {
                found.push((index, line));
            }
        }
        end = start;
    }
    found.reverse();
    Ok(found)
}

/// Judges the whole ledger once more, from the stored bytes.
pub(super) async fn audit(State(app): State<App>, who: SignedIn) -> Result<Redirect, Problem> {
    let audit = app.node.audit(|_, _| {}).await.map_err(problem)?;
    let tone = if audit.is_clean() { Tone::Good } else { Tone::Bad };
    app.console
        .say(
            &who,
            tone,
            say("ledger-lines-were-judged-again")
                .with("sentence", audit.sentence().to_string())
                .with("lines", audit.lines)
                .to_string(),
        )
        .await?;
    Ok(Redirect::to("/ledger"))
}
