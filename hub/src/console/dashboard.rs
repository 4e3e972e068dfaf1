//! `/`: how the region stands, in one screen.

use askama::Template;
use axum::extract::State;
use vrs_console::layout::Frame;
use vrs_console::moment::ago;
use vrs_console::numbers::grouped;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Row};
use vrs_console::words::Said;
use vrs_protocol::region::Region;

use super::{App, problem};
use crate::report::alarm_words;
use crate::say;

/// Releases shown as the latest.
const LATEST: usize = 12;

/// A number with what it counts.
struct Fact {
    number: String,
    what: String,
    href: &'static str,
}

#[derive(Template)]
#[template(path = "dashboard.html")]
pub(super) struct Dashboard {
    frame: Frame,
    facts: Vec<Fact>,
    alarms: Vec<String>,
    latest: Option<FigureTable>,
    waiting: Vec<(String, String)>,
    erasures: usize,
    root: String,
}

pub(super) async fn dashboard(State(app): State<App>, who: SignedIn) -> Result<Page<Dashboard>, Problem> {
    let frame = app.frame(&who, say("word-dashboard")).await?.lead(say("dashboard-what-the-participants-released-and"));
    let membership = app.hub.membership().await.map_err(problem)?;
    let alarms = app.hub.alarms().await.map_err(problem)?;
    let now = app.hub.now().0;
    let view = app.hub.ledger().view();
    let region = view.region();
    let alarms = alarms.iter().filter(|alarm| alarm.settled_at.is_none());
    let alarms = alarms.map(|alarm| format!("{}: {}.", alarm.raised_at, alarm_words(region, alarm)));
    Ok(Page(Dashboard {
        facts: facts(region),
        alarms: alarms.collect(),
        latest: latest(region),
        waiting: membership
            .waiting
            .iter()
            .map(|(code, fingerprint, since)| {
                (
                    say("dashboard-waiting-since")
                        .with("code", code.to_string())
                        .with("ago", ago(now, since.0))
                        .to_string(),
                    fingerprint.clone(),
                )
            })
            .collect(),
        erasures: region.erasures_due().len(),
        root: view.root().to_string(),
        frame,
    }))
}

fn facts(region: &Region) -> Vec<Fact> {
    let current = region.releases().filter(|release| release.is_current()).count();
    let fact =
        |number: u64, what: Said, href| Fact { number: grouped(number), what: what.with("count", number).into(), href };
    vec![
        fact(region.participants().count() as u64, say("dashboard-participants"), "/participants"),
        fact(current as u64, say("dashboard-current-releases"), "/participation"),
        fact(region.servings_count(), say("dashboard-rights-served"), "/ledger?kind=serving"),
        fact(u64::from(region.editions_count()), say("dashboard-editions"), "/ledger?kind=edition"),
    ]
}

fn latest(region: &Region) -> Option<FigureTable> {
    let columns = [
        Column::text(say("word-line")),
        Column::text(say("overview-participant")),
        Column::text(say("word-form")),
        Column::text(say("word-period")),
        Column::text(say("dashboard-shared-with")),
        Column::text(say("word-state")),
    ];
    let mut releases: Vec<_> = region.releases().collect();
    releases.reverse();
    let any = !releases.is_empty();
    let mut table = FigureTable::new(say("dashboard-latest-releases"), columns);
    for release in releases.into_iter().take(LATEST) {
        let manifest = &release.manifest;
        let (tone, state) = super::participation::state_words(release);
        let row = Row::new(grouped(release.index)).link(format!("/ledger?from={}", release.index));
        let row = row
            .text(region.code_of(manifest.participant).to_string())
            .text(format!("{} r{}", manifest.form, manifest.revision));
        let row =
            row.text(manifest.period.to_string()).text(super::participation::audience(region, &manifest.audience));
        table = table.row(row.cell(Cell::Badge(tone, state)));
    }
    any.then_some(table)
}
