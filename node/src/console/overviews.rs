//! `/overviews` and `/overviews/{period}/{form}`: the region as it is open to us, or why it is not and what would unlock it.
//! With `.csv` behind the form: the sums as a file.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use vrs_console::domain::overviews::{OverviewParts, parts};
use vrs_console::domain::tables::metadata_facts;
use vrs_console::layout::{Frame, Tone};
use vrs_console::numbers::grouped;
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
use super::words::{codes, counted, without_unlock};
use crate::overview::Why;
use crate::roles::Role;

#[derive(Template)]
#[template(path = "overviews.html")]
pub(super) struct Overviews {
    frame: Frame,
    joined: bool,
    table: Option<FigureTable>,
}

/// Every form and period about which anybody released, the latest period first.
pub(super) async fn overviews(State(app): State<App>, who: SignedIn) -> Result<Page<Overviews>, Problem> {
    let frame = app
        .frame(&who, "Overviews")
        .await?
        .lead("The region by form and period: open figures added live, closed ones as sums of groups.");
    let seen = app.seen().await?;
    let Some(me) = seen.me else { return Ok(Page(Overviews { frame, joined: false, table: None })) };
    let region = seen.region();
    let columns = [
        Column::text("Form"),
        Column::text("Code"),
        Column::number("Reported by"),
        Column::number("Open to us"),
        Column::text("Regional figures"),
    ];
    let mut table = FigureTable::new("What was reported in the region", columns).wide();
    let sights = sight(region, me);
    let mut period = None;
    for one in &sights {
        if period != Some(one.period) {
            period = Some(one.period);
            table = table.row(Row::group(capital(&one.period.in_words()).trim_end_matches('.')));
        }
        let standing = region.standing_for(&one.form, one.period).len() as u64;
        let regional = match &one.regional {
            None => Cell::Badge(Tone::Good, "open to us".into()),
            Some(reason) => Cell::Text(format!("not open: {}", super::words::because(reason))),
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
                "what others share from then on".to_owned()
            } else {
                format!("the tables of {}", codes(&unlock.participants))
            };
            format!(
                "Releasing {} for {} to contributors, with its total answered, would open {what}.",
                unlock.form, unlock.period
            )
        });
        let prepare = why.unlock.as_ref().filter(|_| who.operator.has_role(Role::FocalPoint.code()));
        Self {
            sentence: capital(if why.unlock.is_some() { without_unlock(&why.sentence) } else { &why.sentence }),
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
        let name = format!("VRS_REGION_{period}_{}.csv", form.code);
        return Ok(download(&name, csv(&compiled.overview, form)));
    }
    let frame = app.frame(&who, form.title.clone()).await?.below("Overviews", "/overviews").lead(format!(
        "{} · {}",
        form.code,
        period.in_words()
    ));
    let seen = app.seen().await?;
    let catalogue = app.node.catalogue();
    let own = app.node.participant();
    let peers = compiled.singly.keys().filter(|code| *code != own);
    let singly =
        peers.map(|code| (catalogue.participant_name(code), format!("/peers/{code}/{period}/{}", form.code))).collect();
    let notes =
        compiled.singly.iter().map(|(code, table)| (catalogue.participant_name(code), metadata_facts(&table.metadata)));
    let notes = notes.filter(|(_, facts)| !facts.is_empty()).collect();
    let page = OverviewPage {
        address: format!("/overviews/{period}/{}", form.code),
        question: catalogue.question(form, "the participant", period),
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
        [one] => format!(
            "The table of {one} is open to you and has not arrived yet: this node fetches it at the next contact with the hub."
        ),
        several => format!(
            "The tables of {} are open to you and have not arrived yet: this node fetches them at the next contact with the hub.",
            codes(several)
        ),
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
            "no group".to_owned()
        } else {
            format!("{}: {}", counted(groups.len(), "group", "groups"), groups.join("; "))
        };
        format!("Edition {} at line {}, {groups}", edition.number, grouped(line))
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
    heading.extend(overview.blocks.iter().map(|block| format!("group {}", members(block))));
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
