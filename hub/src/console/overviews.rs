//! `/overviews` and `/overviews/{period}/{form}`: the region as the hub sees it, live.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use vrs_console::domain::overviews::{OverviewParts, parts};
use vrs_console::domain::tables::metadata_facts;
use vrs_console::layout::Frame;
use vrs_console::numbers::grouped;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Column, FigureTable, Row};
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::{FormCode, ParticipantCode};
use vrs_protocol::period::Period;
use vrs_protocol::table::Table;

use super::{App, problem};

#[derive(Template)]
#[template(path = "overviews.html")]
pub(super) struct Overviews {
    frame: Frame,
    table: Option<FigureTable>,
}

/// Every form and period about which something was released, the latest period first.
pub(super) async fn list(State(app): State<App>, who: SignedIn) -> Result<Page<Overviews>, Problem> {
    let frame = app
        .frame(&who, "Overviews")
        .await?
        .lead("The region by form and period, as the hub sees it now.")
        .below("Dashboard", "/");
    let view = app.hub.ledger().view();
    let region = view.region();
    let mut tables: Vec<_> = region.tables().cloned().collect();
    tables.sort_by_key(|(form, period)| (std::cmp::Reverse(*period), region.catalogue().order(form)));
    let columns = [
        Column::text("Form"),
        Column::text("Period"),
        Column::number("Standing").unit("participants"),
        Column::text("Code"),
    ];
    let mut figures = FigureTable::new("What was reported", columns);
    let any = !tables.is_empty();
    for (form, period) in tables {
        let title = region.catalogue().form(&form).map_or_else(|| form.to_string(), |form| form.title.clone());
        let standing = region.standing_for(&form, period).len() as u64;
        figures = figures.row(
            Row::new(title)
                .link(format!("/overviews/{period}/{form}"))
                .text(period.to_string())
                .figure(standing)
                .text(form.as_str()),
        );
    }
    Ok(Page(Overviews { frame, table: any.then_some(figures) }))
}

#[derive(Template)]
#[template(path = "overview.html")]
pub(super) struct OverviewPage {
    frame: Frame,
    question: String,
    parts: OverviewParts,
    editions: Vec<String>,
    notes: Vec<(String, Vec<(String, String)>)>,
}

/// The overview of one form and period: table, chart, map and method.
pub(super) async fn overview(
    State(app): State<App>,
    who: SignedIn,
    Path((period, form)): Path<(String, String)>,
) -> Result<Page<OverviewPage>, Problem> {
    let period = Period::parse(&period).map_err(|error| Problem::not_found(error.to_string()))?;
    let code = FormCode::parse(&form).map_err(|error| Problem::not_found(error.to_string()))?;
    let compiled = app.hub.overview(&code, period).await.map_err(problem)?;
    let catalogue = Catalogue::bundled();
    let form = catalogue.form(&code).ok_or_else(|| Problem::not_found(format!("There is no form {code}.")))?;
    let frame = app.frame(&who, &form.title).await?;
    let frame =
        frame.below("Dashboard", "/").below("Overviews", "/overviews").lead(format!("{}, {}", code, period.in_words()));
    let view = app.hub.ledger().view();
    let region = view.region();
    let open: BTreeMap<ParticipantCode, Table> =
        compiled.singly.into_iter().map(|(id, table)| (region.code_of(id), table)).collect();
    let parts = parts(&compiled.overview, form, catalogue, &open, None);
    let year = (form.topic.clone(), period.year());
    let editions = region.editions().filter(|(_, edition)| (edition.topic.clone(), edition.year) == year);
    let editions = editions.map(|(line, edition)| {
        let blocks: Vec<String> = edition
            .blocks
            .iter()
            .map(|block| format!("{} members, {} tables", block.members.len(), block.tables.len()))
            .collect();
        let blocks = if blocks.is_empty() { "no block".into() } else { blocks.join("; ") };
        format!("Edition {} at line {}: {blocks}", edition.number, grouped(line))
    });
    let notes = open
        .iter()
        .map(|(code, table)| (catalogue.participant_name(code), metadata_facts(&table.metadata)))
        .filter(|(_, facts)| !facts.is_empty());
    Ok(Page(OverviewPage {
        question: catalogue.question(form, "the participant", period),
        editions: editions.collect(),
        notes: notes.collect(),
        parts,
        frame,
    }))
}
