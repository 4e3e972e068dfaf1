//! `/tables` and `/tables/{period}/{form}` as a contributor sees them: the forms assigned to the own agency, and the figures
//! it delivered. No other agency's figures but those that the focal point lets agencies see of each other, no national table, no
//! release.

use std::collections::BTreeSet;

use askama::Template;
use axum::response::{IntoResponse, Response};
use vrs_console::domain::names::{period_words, title};
use vrs_console::domain::tables::{metadata_facts, table_figures};
use vrs_console::layout::{Frame, Link};
use vrs_console::map::RouteMap;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Column, FigureTable, Row};
use vrs_protocol::catalogue::Form as CatalogueForm;
use vrs_protocol::period::Period;

use super::App;
use super::beside::{Beside, beside};
use super::frame::problem;
use super::notes::notes;
use super::nothing;
use super::sheet_routes::map_of;
use super::table::{download, sources};
use crate::intake::write_canonical;
use crate::national::{AgencyCode, AgencyTable};
use crate::roles::{Capability, FiguresOf, figures_of};
use crate::say;
use crate::store;

/// The agency whose figures alone the person may see; `None`: everybody's.
///
/// # Errors
/// When the person sees nobody's figures.
pub(super) fn restricted_to(who: &SignedIn) -> Result<Option<AgencyCode>, Problem> {
    match figures_of(&who.operator) {
        FiguresOf::Everybody => Ok(None),
        FiguresOf::Agency(agency) => Ok(Some(agency)),
        FiguresOf::Nobody => match who.require_role(&Capability::SeeDesk.codes()) {
            Err(refused) => Err(refused.next(say("own-the-administrator-names-your-agency"))),
            Ok(()) => Ok(None),
        },
    }
}

#[derive(Template)]
#[template(path = "own_tables.html")]
struct OwnTables {
    frame: Frame,
    chosen: Option<Period>,
    assigned: Vec<(String, String)>,
    table: Option<FigureTable>,
    nothing: Vec<Link>,
}

/// What the agency delivers and has delivered, the latest period first. `chosen`: the period to enter figures for.
pub(super) async fn tables(
    app: &App,
    who: &SignedIn,
    agency: &AgencyCode,
    chosen: Option<Period>,
) -> Result<Response, Problem> {
    let frame = app.frame(who, say("word-our-tables")).await?;
    let entry = app.node.agency_entry(agency).await.map_err(problem)?;
    let mut tx = app.read("list an agency's tables").await?;
    let mut subjects: Vec<_> = store::figures::metadata(&mut tx, agency).await?.into_keys().collect();
    drop(tx);
    let order = |code: &_| app.node.catalogue().order(code);
    subjects.sort_by_key(|(form, period)| (std::cmp::Reverse(*period), order(form)));
    let columns = [Column::text(say("word-form")), Column::text(say("word-period"))];
    let rows = subjects.iter().map(|(form, period)| {
        Row::new(app.title(form)).link(format!("/tables/{period}/{form}")).text(period.to_string())
    });
    let table = (!subjects.is_empty()).then(|| FigureTable::new(say("own-delivered"), columns).rows(rows));
    // Of the period that is chosen, else of today: what is retired is not asked any more.
    let asked_in = chosen.map_or_else(|| app.node.catalogue_now(), |period| app.node.catalogue_of(period));
    let forms = asked_in.forms().iter().filter(|form| entry.forms.contains(&form.code));
    let asked: BTreeSet<u8> = forms.clone().map(|form| form.section).collect();
    let nothing = match chosen {
        Some(period) => nothing::links(app, period, Some(&asked)).await?,
        None => Vec::new(),
    };
    let assigned = forms.map(|form| (form.code.to_string(), title(form))).collect();
    Ok(Page(OwnTables { frame: frame.lead(entry.agency.name), chosen, assigned, table, nothing }).into_response())
}

#[derive(Template)]
#[template(path = "own_table.html")]
struct OwnTable {
    frame: Frame,
    address: String,
    can_type: bool,
    figures: FigureTable,
    facts: Vec<(String, String)>,
    sources: FigureTable,
    notes: Option<FigureTable>,
    /// What other agencies delivered, where the focal point lets them see each other.
    others: Option<FigureTable>,
    map: Option<RouteMap>,
}

/// One table of the agency.
pub(super) async fn table(
    app: &App,
    who: &SignedIn,
    agency: &AgencyCode,
    form: &'static CatalogueForm,
    period: Period,
) -> Result<Response, Problem> {
    let own = find(app, agency, form, period).await?;
    let assigned = app.node.agency_entry(agency).await.map_err(problem)?.forms;
    let frame = app.frame(who, title(form)).await?.below(say("word-our-tables"), "/tables");
    let others = app.node.beside_own(agency, &form.code, period).await.map_err(problem)?;
    let caption = say("own-figures-of").with("agency", agency.as_str()).to_string();
    Ok(Page(OwnTable {
        frame: frame.lead(format!("{} · {}", form.code, period_words(period))),
        address: format!("/tables/{period}/{}", form.code),
        can_type: assigned.contains(&form.code),
        figures: table_figures(&own.table, form, app.node.catalogue(), &caption),
        facts: metadata_facts(&own.table.metadata),
        sources: sources(app, form, std::slice::from_ref(&own)),
        notes: notes(app, form, period, std::slice::from_ref(&own)).await?,
        others: others.map(|agencies| beside(app, form, period, Beside::AgenciesOnly, &agencies)),
        map: map_of(&own.table, form, app.node.catalogue()),
    })
    .into_response())
}

/// The same as a file.
pub(super) async fn csv(
    app: &App,
    agency: &AgencyCode,
    form: &'static CatalogueForm,
    period: Period,
) -> Result<Response, Problem> {
    let own = find(app, agency, form, period).await?;
    let name = ["VRS", agency.as_str(), &period.to_string(), form.code.as_str()].join("_") + ".csv";
    Ok(download(&name, write_canonical([&own.table], form, app.node.participant())))
}

async fn find(app: &App, agency: &AgencyCode, form: &CatalogueForm, period: Period) -> Result<AgencyTable, Problem> {
    let tables = app.node.agency_tables(&form.code, period).await.map_err(problem)?;
    let own = tables.into_iter().find(|own| own.agency == *agency);
    own.ok_or_else(|| Problem::not_found(say("own-your-agency-has-not-delivered")))
}
