//! `/peers`: who shares which form with us, for one period; and `/peers/{code}/{period}/{form}`: a peer's table as read, or
//! why it is closed and what would unlock it.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use vrs_console::domain::names::{ledger_name, period_words, question, title};
use vrs_console::domain::tables::{metadata_facts, table_figures};
use vrs_console::layout::{Frame, Tone};
use vrs_console::map::RouteMap;
use vrs_console::numbers::grouped;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Head, Matrix, MatrixCell, MatrixRow, Row};
use vrs_protocol::audience::Sharing;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::{FormCode, ParticipantCode, ParticipantId};
use vrs_protocol::period::Period;
use vrs_protocol::region::{Participant, Region, Standing};

use super::App;
use super::frame::problem;
use super::overviews::Closed;
use super::sheet_routes::map_of;
use super::words::{because, logged_words};
use crate::error::NodeError;
use crate::node::ReadTable;
use crate::overview::Why;
use crate::release::preview::audience_in_words;
use crate::say;

#[derive(Deserialize)]
pub(super) struct Asked {
    period: Option<String>,
}

#[derive(Template)]
#[template(path = "peers.html")]
pub(super) struct Peers {
    frame: Frame,
    joined: bool,
    periods: Vec<(String, bool)>,
    matrix: Option<Matrix>,
}

pub(super) async fn peers(
    State(app): State<App>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Page<Peers>, Problem> {
    let frame = app.frame(&who, say("word-peers-tables")).await?.lead(say("peers-who-shares-which-form-with"));
    let seen = app.seen().await?;
    let Some(me) = seen.me else { return Ok(Page(Peers { frame, joined: false, periods: Vec::new(), matrix: None })) };
    let region = seen.region();
    let periods: BTreeSet<Period> = region.tables().map(|(_, period)| *period).collect();
    let asked = asked.period.and_then(|text| Period::parse(&text).ok()).filter(|period| periods.contains(period));
    let chosen = asked.or_else(|| periods.last().copied());
    Ok(Page(Peers {
        matrix: chosen.map(|period| matrix(region, me, period)),
        periods: periods.into_iter().rev().map(|period| (period.to_string(), Some(period) == chosen)).collect(),
        joined: true,
        frame,
    }))
}

fn matrix(region: &Region, me: ParticipantId, period: Period) -> Matrix {
    let mut forms: Vec<FormCode> =
        region.tables().filter(|(_, p)| *p == period).map(|(form, _)| form.clone()).collect();
    forms.sort_by_key(|form| Catalogue::everything().order(form));
    let columns = forms.iter().map(|form| {
        let title = Catalogue::everything().form(form).map_or_else(String::new, title);
        Head::new(form.as_str(), title).link(format!("/overviews/{period}/{form}"))
    });
    let mut participants: Vec<_> = region.participants().collect();
    participants.sort_by_cached_key(|participant| author_name(Catalogue::everything(), participant));
    let rows = participants.into_iter().map(|participant| MatrixRow {
        head: Head::new(author_name(Catalogue::everything(), participant), participant.code.as_str()),
        own: participant.id == me,
        cells: forms.iter().map(|form| cell(region, me, participant.id, form, period)).collect(),
    });
    Matrix {
        caption: say("peers-participants-by-form").with("period", period_words(period).to_string()).to_string(),
        corner: say("overview-participant").into(),
        columns: columns.collect(),
        rows: rows.collect(),
        keys: vec![
            MatrixCell::new(Tone::Good, "r1", say("peers-open-to-you-revision-1")),
            MatrixCell::new(Tone::Plain, "Σ", say("peers-totals-only-in-sums-of")),
            MatrixCell::new(Tone::Plain, "⇄", say("peers-shared-with-others-by-name")),
            MatrixCell::new(Tone::Caution, "no", say("peers-not-open-to-you-the")),
            MatrixCell::new(Tone::Caution, "∅", say("peers-reported-the-total-is-not")),
            MatrixCell::new(Tone::Bad, "×", say("peers-withdrawn")),
            MatrixCell::nothing(say("overview-gap-not-reported")),
        ],
    }
}

fn cell(region: &Region, me: ParticipantId, author: ParticipantId, form: &FormCode, period: Period) -> MatrixCell {
    let release = match region.standing(author, form, period) {
        Standing::Nothing => match ended(region, author, form, period) {
            Some(words) => MatrixCell::new(Tone::Bad, "×", words),
            None => return MatrixCell::nothing(say("overview-gap-not-reported")),
        },
        Standing::CoreMissing(_) => MatrixCell::new(Tone::Caution, "∅", say("peers-reported-the-total-is-not")),
        Standing::Stands(release) => {
            let revision = release.manifest.revision;
            let sharing = release.manifest.audience.sharing();
            if author == me {
                let audience = audience_in_words(region, &release.manifest.audience);
                let href = format!("/tables/{period}/{form}");
                return MatrixCell::new(
                    Tone::Plain,
                    format!("r{revision}"),
                    say("peers-ours-revision-for")
                        .with("revision", revision.to_string())
                        .with("audience", audience.to_string())
                        .to_string(),
                )
                .link(href);
            }
            match region.figures(me, author, form, period) {
                Ok(_) => MatrixCell::new(
                    Tone::Good,
                    format!("r{revision}"),
                    say("peers-open-to-you-revision").with("revision", revision.to_string()).to_string(),
                ),
                Err(_) if sharing == Some(Sharing::Totals) => {
                    MatrixCell::new(Tone::Plain, "Σ", say("peers-totals-only-in-sums-of"))
                }
                Err(_) if sharing == Some(Sharing::Named) && !release.admits(me) => {
                    MatrixCell::new(Tone::Plain, "⇄", say("peers-shared-with-others-by-name"))
                }
                Err(reason) => MatrixCell::new(
                    Tone::Caution,
                    "no",
                    say("peers-not-open-to-you").with("reason", because(&reason).to_string()).to_string(),
                ),
            }
        }
    };
    release.link(format!("/peers/{}/{period}/{form}", region.code_of(author)))
}

/// How the author's last release of a form and period ended, where it did and none followed: what was withdrawn is gone from
/// use and is not the same as what was never reported.
fn ended(region: &Region, author: ParticipantId, form: &FormCode, period: Period) -> Option<String> {
    let last = region.subject(author, form, period)?.releases.last()?;
    let release = region.release(*last).filter(|release| !release.is_current())?;
    Some(logged_words(release).1)
}

#[derive(Template)]
#[template(path = "peer.html")]
pub(super) struct Peer {
    frame: Frame,
    question: String,
    closed: Option<Closed>,
    on_its_way: bool,
    signature: String,
    right: String,
    figures: Option<FigureTable>,
    map: Option<RouteMap>,
    facts: Vec<(String, String)>,
    history: Option<FigureTable>,
}

pub(super) async fn peer(
    State(app): State<App>,
    who: SignedIn,
    Path((code, period, form)): Path<(String, String, String)>,
) -> Result<Page<Peer>, Problem> {
    let (period, form) = app.subject(&period, &form)?;
    let unknown =
        || Problem::not_found(say("peers-there-is-no-participant-in").with("code", code.to_string()).to_string());
    let code = ParticipantCode::parse(&code).map_err(|_| unknown())?;
    let seen = app.seen().await?;
    let region = seen.region();
    let author = region.participant_by_code(&code).ok_or_else(unknown)?;
    let frame = app.frame(&who, format!("{}: {}", author_name(app.node.catalogue(), author), title(form))).await?;
    let frame = frame.below(say("word-peers-tables"), format!("/peers?period={period}")).lead(format!(
        "{} · {}",
        form.code,
        period_words(period)
    ));
    let (read, closed) = match app.node.read(&form.code, period, Some(&code)).await {
        Ok(report) => (Some(report), None),
        Err(NodeError::Rule(reason)) => (None, Some(Closed::of(&Why::from(&*reason), &who))),
        Err(error) => return Err(problem(error)),
    };
    let on_its_way = read.as_ref().is_some_and(|read| read.tables.is_empty());
    let table = read.and_then(|read| read.tables.into_iter().next());
    Ok(Page(Peer {
        question: question(app.node.catalogue_of(period), form, &author_name(app.node.catalogue(), author), period),
        signature: table
            .as_ref()
            .map_or_else(String::new, |table| signature(&author_name(app.node.catalogue(), author), table)),
        right: table.as_ref().map_or_else(String::new, |table| {
            say("peers-served-to-us-at-line").with("serving", table.serving).with("by", table.by).to_string()
        }),
        map: table.as_ref().and_then(|table| map_of(&table.figures, form, app.node.catalogue())),
        figures: table.as_ref().map(|table| {
            table_figures(&table.figures, form, app.node.catalogue(), &String::from(say("peers-as-read")))
        }),
        facts: table.as_ref().map_or_else(Vec::new, |table| metadata_facts(&table.figures.metadata)),
        history: history(region, author.id, &form.code, period),
        closed,
        on_its_way,
        frame,
    }))
}

/// The name of a participant in the language of the page.
fn author_name(catalogue: &Catalogue, participant: &Participant) -> String {
    ledger_name(catalogue, &participant.code, &participant.name)
}

/// What the reader may rely on. A body is only kept when all of this was checked.
fn signature(name: &str, table: &ReadTable) -> String {
    say("peers-signed-by-in-the-ledger")
        .with("name", name.to_string())
        .with("line", table.line)
        .with("revision", table.revision.to_string())
        .to_string()
}

/// Everything the author said about the form and period: also what ended leaves a line.
fn history(region: &Region, author: ParticipantId, form: &FormCode, period: Period) -> Option<FigureTable> {
    let subject = region.subject(author, form, period)?;
    let columns = [
        Column::text(say("word-line")),
        Column::text(say("word-revision")),
        Column::text(say("word-who-may-read-it")),
        Column::text(say("word-state")),
    ];
    let mut table = FigureTable::new(say("peers-what-was-released"), columns);
    for release in subject.releases.iter().rev().filter_map(|line| region.release(*line)) {
        let (tone, state) = logged_words(release);
        let row = Row::new(grouped(release.index))
            .link(format!("/ledger?from={}", release.index))
            .text(release.manifest.revision.to_string());
        table =
            table.row(row.text(audience_in_words(region, &release.manifest.audience)).cell(Cell::Badge(tone, state)));
    }
    Some(table)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{TestRegion, form, period, table};
    use vrs_protocol::audience::Audience;

    #[test]
    fn what_was_withdrawn_is_told_from_what_was_never_reported() {
        let mut region = TestRegion::of(&["IDN", "AUS", "THA"]);
        let (_, signed) = region.release("AUS", &table("IE_TOT", "2021", &[("", 7)]), Audience::Contributors);
        region.release("IDN", &table("IE_TOT", "2021", &[("", 9)]), Audience::Contributors);
        let of = |region: &TestRegion, code: &str| {
            cell(region.region(), region.id("IDN"), region.id(code), &form("IE_TOT"), period("2021"))
        };
        assert_eq!(of(&region, "AUS").mark, "r1");
        region.withdraw("AUS", signed.statement.id());
        let gone = of(&region, "AUS");
        assert!(
            gone.mark == "×"
                && gone.words.contains("withdrawn")
                && gone.href.as_deref() == Some("/peers/AUS/2021/IE_TOT"),
            "{gone:?}"
        );
        let never = of(&region, "THA");
        assert!(never.href.is_none() && never.words.contains("not reported"), "{never:?}");
    }
}
