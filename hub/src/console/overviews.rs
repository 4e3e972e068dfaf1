//! `/overviews` and `/overviews/{period}/{form}`: the region as the hub sees it, live.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use vrs_console::domain::catalogues::{Addressed, Break, breaks};
use vrs_console::domain::names::{participant_name, period_words, question, title, title_of};
use vrs_console::domain::overviews::{OverviewParts, parts};
use vrs_console::domain::tables::metadata_facts;
use vrs_console::layout::Frame;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Column, FigureTable, Row};
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::{FormCode, ParticipantCode};
use vrs_protocol::period::Period;
use vrs_protocol::table::Table;

use super::{App, problem};
use crate::say;

#[derive(Template)]
#[template(path = "overviews.html")]
pub(super) struct Overviews {
    frame: Frame,
    table: Option<FigureTable>,
}

/// Every form and period about which something was released, the latest period first.
pub(super) async fn list(State(app): State<App>, who: SignedIn) -> Result<Page<Overviews>, Problem> {
    let frame = app
        .frame(&who, say("word-overviews"))
        .await?
        .lead(say("overviews-the-region-by-form-and"))
        .below(say("word-dashboard"), "/");
    let view = app.hub.ledger().view();
    let region = view.region();
    let mut tables: Vec<_> = region.tables().cloned().collect();
    tables.sort_by_key(|(form, period)| (std::cmp::Reverse(*period), Catalogue::everything().order(form)));
    let columns = [
        Column::text(say("word-form")),
        Column::text(say("word-period")),
        Column::number(say("overviews-standing")).unit("participants"),
        Column::text(say("word-code")),
    ];
    let mut figures = FigureTable::new(say("overviews-what-was-reported"), columns);
    let any = !tables.is_empty();
    for (form, period) in tables {
        let name = title_of(Catalogue::everything(), &form);
        let standing = region.standing_for(&form, period).len() as u64;
        figures = figures.row(
            Row::new(name)
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
    breaks: Vec<Break>,
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
    let catalogues = app.hub.ledger().view().region().catalogues().clone();
    let catalogue = Catalogue::everything();
    let form = catalogues.form(&code, period).or_else(|| catalogues.form_ever(&code)).ok_or_else(|| {
        Problem::not_found(say("overviews-there-is-no-form").with("code", code.to_string()).to_string())
    })?;
    let frame = app.frame(&who, title(form)).await?;
    let frame = frame.below(say("word-dashboard"), "/").below(say("word-overviews"), "/overviews").lead(format!(
        "{}, {}",
        code,
        period_words(period)
    ));
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
            .map(|block| {
                let size =
                    say("overviews-block").with("members", block.members.len()).with("tables", block.tables.len());
                size.to_string()
            })
            .collect();
        let blocks = if blocks.is_empty() { say("overviews-no-block").into() } else { blocks.join("; ") };
        say("overviews-edition-at-line")
            .with("number", edition.number.to_string())
            .with("line", line)
            .with("blocks", blocks.to_string())
            .to_string()
    });
    let notes = open
        .iter()
        .map(|(code, table)| (participant_name(catalogue, code), metadata_facts(&table.metadata)))
        .filter(|(_, facts)| !facts.is_empty());
    let participant = String::from(say("overviews-the-participant"));
    Ok(Page(OverviewPage {
        breaks: breaks(&catalogues, &code, Addressed { participant: &participant, period }),
        question: question(catalogue, form, &participant, period),
        editions: editions.collect(),
        notes: notes.collect(),
        parts,
        frame,
    }))
}
