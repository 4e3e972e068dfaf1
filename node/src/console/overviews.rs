//! `/overviews` and `/overviews/{period}/{form}`: the region as it is open to us, or why it is not and what would unlock it.
//! With `.csv` behind the form: the sums as a file.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use vrs_console::domain::catalogues::{Addressed, Break, breaks};
use vrs_console::domain::names::{participant_name, period_words, question, title};
use vrs_console::domain::overviews::{OverviewParts, parts};
use vrs_console::domain::tables::metadata_facts;
use vrs_console::layout::{Frame, Tone};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Row};
use vrs_protocol::catalogue::Form;
use vrs_protocol::id::{ParticipantCode, ParticipantId};
use vrs_protocol::overview::Overview;
use vrs_protocol::period::Period;
use vrs_protocol::region::Region;
use vrs_protocol::table::Table;

use super::App;
use super::frame::{capital, problem};
use super::sight::sight;
use super::table::download;
use super::words::codes;
use crate::overview::Why;
use crate::roles::Role;
use crate::say;

#[derive(Template)]
#[template(path = "overviews.html")]
pub(super) struct Overviews {
    frame: Frame,
    joined: bool,
    table: Option<FigureTable>,
}

/// Every form and period about which anybody released, the latest period first.
pub(super) async fn overviews(State(app): State<App>, who: SignedIn) -> Result<Page<Overviews>, Problem> {
    let frame = app.frame(&who, say("word-overviews")).await?.lead(say("overviews-the-region-by-form-and"));
    let seen = app.seen().await?;
    let Some(me) = seen.me else { return Ok(Page(Overviews { frame, joined: false, table: None })) };
    let region = seen.region();
    let columns = [
        Column::text(say("word-form")),
        Column::text(say("word-code")),
        Column::number(say("overviews-reported-by")),
        Column::number(say("word-open-to-us")),
        Column::text(say("word-regional-figures")),
    ];
    let mut table = FigureTable::new(say("overviews-what-was-reported-in-the"), columns).wide();
    let sights = sight(region, me);
    let mut period = None;
    for one in &sights {
        if period != Some(one.period) {
            period = Some(one.period);
            table = table.row(Row::group(capital(&period_words(one.period).to_string()).trim_end_matches('.')));
        }
        let standing = region.standing_for(&one.form, one.period).len() as u64;
        let regional = match &one.regional {
            None => Cell::Badge(Tone::Good, say("overviews-open-to-us").into()),
            Some(reason) => Cell::Text(
                say("overviews-not-open").with("reason", super::words::because(reason).to_string()).to_string(),
            ),
        };
        let row = Row::new(app.title(&one.form))
            .link(format!("/overviews/{}/{}", one.period, one.form))
            .text(one.form.as_str());
        table = table.row(row.figure(standing).figure(one.open.len() as u64).cell(regional));
    }
    Ok(Page(Overviews { frame, joined: true, table: (!sights.is_empty()).then_some(table) }))
}

/// The sentence why something cannot be seen, and the way to change that.
pub(super) struct Closed {
    pub(super) sentence: String,
    pub(super) number: u16,
    pub(super) unlock: String,
    pub(super) prepare: Option<String>,
}

impl Closed {
    /// From a reason of the rules. Who may prepare releases gets the way there.
    pub(super) fn of(why: &Why, who: &SignedIn) -> Self {
        let unlock = why.unlock.as_ref().map_or_else(String::new, |unlock| {
            let what = if unlock.participants.is_empty() {
                say("word-what-others-share-from-then").to_string()
            } else {
                say("overviews-the-tables-of").with("participants", codes(&unlock.participants).to_string()).to_string()
            };
            say("overviews-releasing-for-to-contributors-with")
                .with("form", unlock.form.to_string())
                .with("period", unlock.period.to_string())
                .with("what", what.to_string())
                .to_string()
        });
        let prepare = why.unlock.as_ref().filter(|_| who.operator.has_role(Role::FocalPoint.code()));
        Self {
            sentence: capital(&why.alone),
            number: why.number,
            unlock,
            prepare: prepare.map(|unlock| format!("/releases/new?table={}:{}", unlock.form, unlock.period)),
        }
    }
}

#[derive(Template)]
#[template(path = "overview.html")]
pub(super) struct OverviewPage {
    frame: Frame,
    address: String,
    question: String,
    closed: Option<Closed>,
    on_their_way: String,
    singly: Vec<(String, String)>,
    parts: Option<OverviewParts>,
    editions: Vec<String>,
    notes: Vec<(String, Vec<(String, String)>)>,
    breaks: Vec<Break>,
}

pub(super) async fn overview(
    State(app): State<App>,
    who: SignedIn,
    Path((period, form)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let (code, as_file) = form.strip_suffix(".csv").map_or((form.as_str(), false), |code| (code, true));
    let (period, form) = app.subject(&period, code)?;
    let compiled = app.node.overview(&form.code, period).await.map_err(problem)?;
    if as_file {
        if let Some(why) = &compiled.regional {
            return Err(Problem::refused(capital(&why.sentence)));
        }
        let name = ["VRS_REGION", &period.to_string(), form.code.as_str()].join("_") + ".csv";
        return Ok(download(&name, csv(&compiled.overview, form)));
    }
    let frame = app.frame(&who, title(form)).await?.below(say("word-overviews"), "/overviews").lead(format!(
        "{} · {}",
        form.code,
        period_words(period)
    ));
    let seen = app.seen().await?;
    let catalogue = app.node.catalogue();
    let own = app.node.participant();
    let peers = compiled.singly.keys().filter(|code| *code != own);
    let singly = peers
        .map(|code| (participant_name(catalogue, code), format!("/peers/{code}/{period}/{}", form.code)))
        .collect();
    let notes = compiled
        .singly
        .iter()
        .map(|(code, table)| (participant_name(catalogue, code), metadata_facts(&table.metadata)));
    let notes = notes.filter(|(_, facts)| !facts.is_empty()).collect();
    let participant = String::from(say("overviews-the-participant"));
    let page = OverviewPage {
        breaks: breaks(&app.node.catalogues(), &form.code, Addressed { participant: &participant, period }),
        address: format!("/overviews/{period}/{}", form.code),
        question: question(catalogue, form, &participant, period),
        closed: compiled.regional.as_ref().map(|why| Closed::of(why, &who)),
        parts: compiled
            .regional
            .is_none()
            .then(|| parts(&compiled.overview, form, catalogue, &compiled.singly, Some(own))),
        on_their_way: seen
            .me
            .map_or_else(String::new, |me| on_their_way(seen.region(), me, form, period, &compiled.singly)),
        singly,
        editions: editions(seen.region(), form, period.year()),
        notes,
        frame,
    };
    Ok(Page(page).into_response())
}

/// Tables that are open to us and are not here yet: without this sentence they would look closed.
fn on_their_way(
    region: &Region,
    me: ParticipantId,
    form: &Form,
    period: Period,
    singly: &BTreeMap<ParticipantCode, Table>,
) -> String {
    let rights = region.readable(me, &form.code, period);
    let authors =
        rights.iter().filter_map(|right| Some(region.code_of(region.release(right.theirs)?.manifest.participant)));
    let missing: Vec<ParticipantCode> = authors.filter(|code| !singly.contains_key(code)).collect();
    match missing.as_slice() {
        [] => String::new(),
        [one] => say("overviews-the-table-of-is-open").with("participant", one.to_string()).to_string(),
        several => say("overviews-the-tables-of-are-open").with("participants", codes(several).to_string()).to_string(),
    }
}

fn editions(region: &Region, form: &Form, year: u16) -> Vec<String> {
    let of_topic = region.editions().filter(|(_, edition)| edition.topic == form.topic && edition.year == year);
    let words = of_topic.map(|(line, edition)| {
        let groups = edition
            .blocks
            .iter()
            .map(|block| codes(&region.codes_of(block.members.iter().copied())))
            .collect::<Vec<_>>();
        let groups = if groups.is_empty() {
            say("overviews-no-group").to_string()
        } else {
            say("overviews-groups").with("count", groups.len()).with("members", groups.join("; ")).to_string()
        };
        say("overviews-edition-at-line")
            .with("number", edition.number.to_string())
            .with("line", line)
            .with("groups", groups.to_string())
            .to_string()
    });
    words.collect()
}

/// Every cell of the open part over its gaps, with a column for each group. An empty field is unknown, never zero.
fn csv(overview: &Overview, form: &Form) -> String {
    let mut heading = vec!["form".to_owned(), "period".to_owned()];
    heading.extend(form.dimensions.iter().map(|dimension| dimension.code.clone()));
    heading.extend(["known", "low", "high", "answered", "of"].map(str::to_owned));
    let members = |block: &vrs_protocol::overview::BlockSum| {
        block.members.iter().map(ToString::to_string).collect::<Vec<_>>().join("+")
    };
    heading.extend(overview.blocks.iter().map(|block| ["group", &members(block)].join(" ")));
    let mut out = heading.join(",") + "\n";
    for key in overview.keys() {
        let mut row = vec![form.code.to_string(), overview.period.to_string()];
        row.extend(key.0.iter().map(ToString::to_string));
        match overview.open.cells.get(&key) {
            Some(sum) => {
                let high = sum.high.map_or_else(String::new, |high| high.to_string());
                row.extend([
                    sum.known.map_or_else(String::new, |known| known.to_string()),
                    sum.low.to_string(),
                    high,
                    sum.answered.to_string(),
                    sum.of.to_string(),
                ]);
            }
            None => row.extend(std::iter::repeat_n(String::new(), 5)),
        }
        row.extend(
            overview.blocks.iter().map(|block| block.cells.get(&key).map_or_else(String::new, ToString::to_string)),
        );
        out.push_str(&row.join(","));
        out.push('\n');
    }
    out
}
