//! `/peers`: who shares which form with us, for one period; and `/peers/{code}/{period}/{form}`: a peer's table as read, or
//! why it is closed and what would unlock it.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Path, Query, State};
use serde::Deserialize;
use vrs_console::domain::tables::{metadata_facts, table_figures};
use vrs_console::layout::{Frame, Tone};
use vrs_console::numbers::grouped;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Head, Matrix, MatrixCell, MatrixRow, Row};
use vrs_protocol::audience::Sharing;
use vrs_protocol::id::{FormCode, ParticipantCode, ParticipantId};
use vrs_protocol::period::Period;
use vrs_protocol::region::{Region, Standing};

use super::App;
use super::frame::problem;
use super::overviews::Closed;
use super::words::{because, logged_words};
use crate::error::NodeError;
use crate::node::ReadTable;
use crate::overview::Why;
use crate::release::preview::audience_in_words;

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
    let frame = app
        .frame(&who, "Peers’ tables")
        .await?
        .lead("Who shares which form with us, for one period. You see whom you show yourself to.");
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
    forms.sort_by_key(|form| region.catalogue().order(form));
    let columns = forms.iter().map(|form| {
        let title = region.catalogue().form(form).map_or_else(String::new, |form| form.title.clone());
        Head::new(form.as_str(), title).link(format!("/overviews/{period}/{form}"))
    });
    let mut participants: Vec<_> = region.participants().collect();
    participants.sort_by(|a, b| a.name.cmp(&b.name));
    let rows = participants.into_iter().map(|participant| MatrixRow {
        head: Head::new(participant.name.clone(), participant.code.as_str()),
        own: participant.id == me,
        cells: forms.iter().map(|form| cell(region, me, participant.id, form, period)).collect(),
    });
    Matrix {
        caption: format!("Participants by form, {}", period.in_words()),
        corner: "Participant".into(),
        columns: columns.collect(),
        rows: rows.collect(),
        keys: vec![
            MatrixCell::new(Tone::Good, "r1", "open to you, revision 1"),
            MatrixCell::new(Tone::Plain, "Σ", "totals only: in sums of groups"),
            MatrixCell::new(Tone::Plain, "⇄", "shared with others by name"),
            MatrixCell::new(Tone::Caution, "no", "not open to you; the cell says why"),
            MatrixCell::new(Tone::Caution, "∅", "reported, the total is not answered"),
            MatrixCell::nothing("not reported"),
        ],
    }
}

fn cell(region: &Region, me: ParticipantId, author: ParticipantId, form: &FormCode, period: Period) -> MatrixCell {
    let release = match region.standing(author, form, period) {
        Standing::Nothing => return MatrixCell::nothing("not reported"),
        Standing::CoreMissing(_) => MatrixCell::new(Tone::Caution, "∅", "reported, the total is not answered"),
        Standing::Stands(release) => {
            let revision = release.manifest.revision;
            let sharing = release.manifest.audience.sharing();
            if author == me {
                let audience = audience_in_words(region, &release.manifest.audience);
                let href = format!("/tables/{period}/{form}");
                return MatrixCell::new(
                    Tone::Plain,
                    format!("r{revision}"),
                    format!("ours, revision {revision}, for {audience}"),
                )
                .link(href);
            }
            match region.figures(me, author, form, period) {
                Ok(_) => {
                    MatrixCell::new(Tone::Good, format!("r{revision}"), format!("open to you, revision {revision}"))
                }
                Err(_) if sharing == Some(Sharing::Totals) => {
                    MatrixCell::new(Tone::Plain, "Σ", "totals only: in sums of groups")
                }
                Err(_) if sharing == Some(Sharing::Named) && !release.admits(me) => {
                    MatrixCell::new(Tone::Plain, "⇄", "shared with others by name")
                }
                Err(reason) => MatrixCell::new(Tone::Caution, "no", format!("not open to you: {}", because(&reason))),
            }
        }
    };
    release.link(format!("/peers/{}/{period}/{form}", region.code_of(author)))
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
    facts: Vec<(String, String)>,
    history: Option<FigureTable>,
}

pub(super) async fn peer(
    State(app): State<App>,
    who: SignedIn,
    Path((code, period, form)): Path<(String, String, String)>,
) -> Result<Page<Peer>, Problem> {
    let (period, form) = app.subject(&period, &form)?;
    let unknown = || Problem::not_found(format!("There is no participant {code} in this region."));
    let code = ParticipantCode::parse(&code).map_err(|_| unknown())?;
    let seen = app.seen().await?;
    let region = seen.region();
    let author = region.participant_by_code(&code).ok_or_else(unknown)?;
    let frame = app.frame(&who, format!("{}: {}", author.name, form.title)).await?;
    let frame = frame.below("Peers’ tables", format!("/peers?period={period}")).lead(format!(
        "{} · {}",
        form.code,
        period.in_words()
    ));
    let (read, closed) = match app.node.read(&form.code, period, Some(&code)).await {
        Ok(report) => (Some(report), None),
        Err(NodeError::Rule(reason)) => (None, Some(Closed::of(&Why::from(&*reason), &who))),
        Err(error) => return Err(problem(error)),
    };
    let on_its_way = read.as_ref().is_some_and(|read| read.tables.is_empty());
    let table = read.and_then(|read| read.tables.into_iter().next());
    Ok(Page(Peer {
        question: app.node.catalogue().question(form, &author.name, period),
        signature: table.as_ref().map_or_else(String::new, |table| signature(&author.name, table)),
        right: table.as_ref().map_or_else(String::new, |table| {
            format!(
                "Served to us at line {}, by right of our own release of line {}.",
                grouped(table.serving),
                grouped(table.by)
            )
        }),
        figures: table.as_ref().map(|table| table_figures(&table.figures, form, app.node.catalogue(), "As read")),
        facts: table.as_ref().map_or_else(Vec::new, |table| metadata_facts(&table.figures.metadata)),
        history: history(region, author.id, &form.code, period),
        closed,
        on_its_way,
        frame,
    }))
}

/// What the reader may rely on. A body is only kept when all of this was checked.
fn signature(name: &str, table: &ReadTable) -> String {
    format!(
        "Signed by {name}, in the ledger at line {}, revision {}, not withdrawn. The figures are the ones that were signed.",
        grouped(table.line),
        table.revision
    )
}

/// Everything the author said about the form and period: also what ended leaves a line.
fn history(region: &Region, author: ParticipantId, form: &FormCode, period: Period) -> Option<FigureTable> {
    let subject = region.subject(author, form, period)?;
    let columns =
        [Column::text("Line"), Column::text("Revision"), Column::text("Who may read it"), Column::text("State")];
    let mut table = FigureTable::new("What was released", columns);
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
