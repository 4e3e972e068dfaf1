//! `/ledger`: every line, who said what when. No figures stand in it.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use vrs_console::layout::Frame;
use vrs_console::page::{Page, address};
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, PAGE_ROWS, Row};
use vrs_protocol::ledger::Line;

use super::App;
use crate::report::line_words;
use crate::say;
use crate::store;

/// Bytes of lines read at a time: a thousand ordinary ones.
const BYTES_MAX: usize = 1 << 20;
/// Lines looked through at a time for those that match, from the end on.
const LOOKED_THROUGH: u64 = 1_000;

/// Filters, all optional.
#[derive(Deserialize, Default)]
pub(super) struct Asked {
    from: Option<u64>,
    /// Filtered: only lines before this one.
    until: Option<u64>,
    kind: Option<String>,
    participant: Option<String>,
    form: Option<String>,
    period: Option<String>,
}

impl Asked {
    /// The address of the same filters, for the lines before one.
    fn before(&self, until: u64) -> String {
        let named =
            [("kind", &self.kind), ("participant", &self.participant), ("form", &self.form), ("period", &self.period)];
        let filters = named.into_iter().filter_map(|(name, value)| Some((name, value.clone()?)));
        address("/ledger", filters.chain([("until", until.to_string())]))
    }
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
        .frame(&who, say("word-ledger"))
        .await?
        .lead(say("ledger-signed-statements-one-after-the"))
        .below(say("word-dashboard"), "/");
    let (size, checkpoint) = {
        let view = app.hub.ledger().view();
        (view.size(), view.checkpoint().map_or_else(String::new, ToString::to_string))
    };
    let filters: Vec<String> =
        [&asked.kind, &asked.participant, &asked.form, &asked.period].into_iter().flatten().cloned().collect();
    // Filtered, the whole ledger is walked from its end; unfiltered, one page is read.
    let from = asked.from.unwrap_or_else(|| size.saturating_sub(PAGE_ROWS));
    let unfiltered = filters.is_empty();
    let until = asked.until.unwrap_or(size).min(size);
    let mut lines = if unfiltered {
        read(&app, from, from.saturating_add(PAGE_ROWS).min(size), |_, _| true).await?
    } else {
        // One more than the page shows says whether there are earlier ones.
        matching(&app, &filters, until, PAGE_ROWS as usize + 1).await?
    };
    let more = !unfiltered && lines.len() > PAGE_ROWS as usize;
    if more {
        lines.remove(0);
    }
    let earliest = lines.first().map_or(0, |(index, _)| *index);
    let columns = [
        Column::text(say("word-line")),
        Column::text(say("ledger-when")),
        Column::text(say("ledger-kind")),
        Column::text(say("ledger-by")),
        Column::text(say("overview-what")),
    ];
    let mut table = FigureTable::new(say("ledger-lines-of-the-ledger"), columns).wide();
    let zone = app.console.program().zone.clone();
    for (index, line) in lines.iter().rev() {
        let words = { line_words(app.hub.ledger().view().region(), *index, line) };
        let row = Row::new(index.to_string()).cell(Cell::Moment(zone.moment(line.time.0)));
        table = table.row(row.text(words.kind).text(words.by).text(words.what));
    }
    Ok(Page(LedgerPage {
        checkpoint,
        table,
        earlier: if unfiltered {
            (from > 0).then(|| format!("/ledger?from={}", from.saturating_sub(PAGE_ROWS)))
        } else {
            more.then(|| asked.before(earliest))
        },
        later: (unfiltered && from.saturating_add(PAGE_ROWS) < size)
            .then(|| format!("/ledger?from={}", from + PAGE_ROWS)),
        filters,
        frame,
    }))
}

/// The lines of a stretch that are to be kept. All of it is read, a bounded part at a time: lines are of any length.
async fn read(
    app: &App,
    from: u64,
    until: u64,
    keep: impl Fn(u64, &Line) -> bool,
) -> Result<Vec<(u64, Line)>, Problem> {
    let unavailable = |cause| Problem::unavailable("read the ledger", &cause);
    let mut tx = app.hub.database().read("read lines for a page").await.map_err(unavailable)?;
    let (mut kept, mut at) = (Vec::new(), from);
    while at < until {
        let lines = store::lines::range(&mut tx, at, until - at, BYTES_MAX).await.map_err(unavailable)?;
        let Some(last) = lines.last() else { break };
        at = last.index + 1;
        let readable = lines.into_iter().filter_map(|line| Some((line.index, Line::from_bytes(&line.bytes).ok()?)));
        kept.extend(readable.filter(|(index, line)| keep(*index, line)));
    }
    Ok(kept)
}

/// The latest lines before one whose kind, author or words hold every filter, the oldest first.
async fn matching(app: &App, filters: &[String], until: u64, most: usize) -> Result<Vec<(u64, Line)>, Problem> {
    let matches = |index: u64, line: &Line| {
        let words = line_words(app.hub.ledger().view().region(), index, line);
        // Links name the kind by its word on the wire, people by what they read.
        let kind = line.kind().map_or("", vrs_protocol::ledger::LineKind::word);
        let text = format!("{kind} {} {} {}", words.kind, words.by, words.what);
        filters.iter().all(|filter| text.contains(filter.as_str()))
    };
    let mut found = Vec::new();
    let mut end = until;
    while end > 0 && found.len() < most {
        let start = end.saturating_sub(LOOKED_THROUGH);
        found.extend(read(app, start, end, matches).await?.into_iter().rev().take(most - found.len()));
        end = start;
    }
    found.reverse();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use vrs_console::console::Console;
    use vrs_protocol::catalogue::Catalogue;
    use vrs_protocol::charter::Charter;
    use vrs_protocol::id::ParticipantCode;
    use vrs_runtime::clock::Clock;
    use vrs_runtime::shutdown::Shutdown;
    use vrs_runtime::testing::Place;

    use crate::config::Settings;
    use crate::hub::Hub;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn no_line_is_left_out_for_the_length_of_those_before_it() {
        let place = Place::sqlite();
        let settings = Settings { database: place.url().to_owned(), ..Settings::default() };
        let hub = Hub::init(place.dir(), "Demo", settings, Clock::system(), Shutdown::new()).await.unwrap();
        let letter = |n: usize| char::from(b'A' + u8::try_from(n % 26).unwrap());
        let codes = (0..6_000).map(|n| [0, n, n / 26, n / 676, 0, 0, 0].map(letter).iter().collect::<String>());
        let mut charter = Charter::standard(Catalogue::bundled());
        charter.observers = codes.map(|code| ParticipantCode::parse(&code).unwrap()).collect();
        // Each takes some 50 KiB, so that all of them do not come at a time.
        for _ in 0..30 {
            charter.observers.pop_last();
            hub.set_charter(charter.clone()).await.unwrap();
        }
        // The same once more says nothing new.
        assert!(hub.set_charter(charter).await.unwrap_err().to_string().contains("in force"));
        let console = Console::new(super::super::program(&hub).unwrap(), hub.database().clone(), hub.clock().clone());
        let app = App { hub, console };
        let size = app.hub.ledger().view().size();
        assert_eq!(read(&app, 0, size, |_, _| true).await.unwrap().len() as u64, size);
        let found = matching(&app, &["charter".to_owned()], size, 100).await.unwrap();
        assert_eq!(found.iter().map(|(index, _)| *index).collect::<Vec<_>>(), (1..size).collect::<Vec<_>>());
        app.hub.close().await.unwrap();
    }
}
