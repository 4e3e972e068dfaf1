//! `/catalogue/changes`: what one version of the questionnaire asks otherwise than another, whom of our agencies it concerns, and
//! giving a new form to one of them.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::Redirect;
use serde::Deserialize;
use vrs_console::domain::catalogues::{Addressed, side_by_side};
use vrs_console::domain::names::{question, title};
use vrs_console::layout::{Frame, Tone};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::FigureTable;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;

use super::App;
use super::agencies;
use super::catalogue::years_words;
use super::frame::{capital, own_name, problem};
use crate::national::Agency;
use crate::node::{CatalogueChange, FormConcern, version};
use crate::roles::{Capability, FiguresOf, figures_of};
use crate::say;

/// Which two versions.
#[derive(Deserialize, Default)]
pub(super) struct Pair {
    #[serde(default)]
    old: String,
    #[serde(default)]
    new: String,
}

/// A form with whom it concerns.
struct Concerned {
    code: String,
    title: String,
    href: String,
    words: String,
    agencies: String,
    /// Its old and its new words side by side.
    table: Option<FigureTable>,
    /// Whether it is new, asked, and delivered by nobody.
    free: bool,
}

#[derive(Template)]
#[template(path = "catalogue_changes.html")]
pub(super) struct ChangesPage {
    frame: Frame,
    old: String,
    new: String,
    versions: Vec<String>,
    added: Vec<Concerned>,
    changed: Vec<Concerned>,
    retired: Vec<Concerned>,
    gone: Vec<String>,
    /// To whom a new form can be given.
    agencies: Vec<Agency>,
}

pub(super) async fn changes(
    State(app): State<App>,
    who: SignedIn,
    Query(pair): Query<Pair>,
) -> Result<Page<ChangesPage>, Problem> {
    let (old, new) = versions(&app, &pair)?;
    let change = app.node.catalogue_change(old, new).await.map_err(problem)?;
    let change = match figures_of(&who.operator) {
        FiguresOf::Agency(agency) => concerning_others_too(change, &agency),
        FiguresOf::Everybody => change,
        // Who belongs to no agency learns nothing of who delivers what.
        FiguresOf::Nobody => without_agencies(change),
    };
    let catalogues = app.node.catalogues();
    let lead = match change.since {
        Some(year) => say("changes-from-year").with("year", year.to_string()),
        None => say("changes-of-versions").with("holds", years_words(&catalogues, new)),
    };
    let lead = lead.with("new", change.new.as_str()).with("old", change.old.as_str());
    let frame = app.frame(&who, say("changes-what-is-new")).await?.lead(lead);
    let frame = frame.below(say("catalogue-questionnaire"), "/catalogue");
    let can_assign = Capability::ManageAgencies.is_of(&who.operator);
    let agencies = if can_assign { app.node.agencies().await.map_err(problem)? } else { Vec::new() };
    let asked = first_period(&app, new);
    let own = own_name(&app);
    let of = |concern: &FormConcern, catalogue: &'static Catalogue, compared: bool| {
        let form = catalogue.form(&concern.form);
        let words = form.zip(asked).map_or_else(String::new, |(form, period)| question(catalogue, form, &own, period));
        let table = asked
            .filter(|_| compared)
            .map(|period| side_by_side(old, new, &concern.form, Addressed { participant: &own, period }));
        Concerned {
            code: concern.form.to_string(),
            title: form.map_or_else(|| concern.form.to_string(), title),
            href: format!("/catalogue/{}?version={}", concern.form, catalogue.version),
            words,
            agencies: concern.agencies.iter().map(|agency| agency.as_str()).collect::<Vec<_>>().join(", "),
            table,
            free: change.unassigned().contains(&&concern.form),
        }
    };
    let gone = change.gone.iter().map(|reading| {
        say("changes-reading-names")
            .with("agency", reading.agency.as_str())
            .with("by", reading.by.as_str())
            .with("names", reading.names.join(", "))
            .to_string()
    });
    Ok(Page(ChangesPage {
        frame,
        old: change.old.clone(),
        new: change.new.clone(),
        versions: Catalogue::known().iter().map(|one| one.version.clone()).collect(),
        added: change.added.iter().map(|concern| of(concern, new, false)).collect(),
        changed: change.changed.iter().map(|concern| of(concern, new, true)).collect(),
        retired: change.retired.iter().map(|concern| of(concern, old, false)).collect(),
        gone: gone.collect(),
        agencies,
    }))
}

/// The versions that are asked for; else the last change in the region, else the last one this program carries.
fn versions(app: &App, pair: &Pair) -> Result<(&'static Catalogue, &'static Catalogue), Problem> {
    if !pair.old.is_empty() && !pair.new.is_empty() {
        let find = |label: &str| version(label.trim()).map_err(problem);
        return Ok((find(&pair.old)?, find(&pair.new)?));
    }
    let carried = || {
        let known = Catalogue::known();
        Some((known.get(known.len().checked_sub(2)?)?, known.last()?))
    };
    app.node.last_change().or_else(carried).ok_or_else(|| Problem::not_found(say("changes-one-version")))
}

/// The first period the newer version holds for, which stands for all in the questions.
fn first_period(app: &App, new: &Catalogue) -> Option<Period> {
    let first = app.node.catalogues().years(new).first().and_then(|(first, last)| first.or(*last));
    Period::year_of(first.unwrap_or_else(|| app.node.now().date().0)).ok()
}

/// An agency sees every change of the questionnaire, and of the assignments its own.
fn concerning_others_too(mut change: CatalogueChange, agency: &crate::national::AgencyCode) -> CatalogueChange {
    for concern in change.added.iter_mut().chain(&mut change.changed).chain(&mut change.retired) {
        concern.agencies.retain(|one| one == agency);
    }
    change.gone.retain(|reading| reading.agency == *agency);
    change
}

fn without_agencies(mut change: CatalogueChange) -> CatalogueChange {
    for concern in change.added.iter_mut().chain(&mut change.changed).chain(&mut change.retired) {
        concern.agencies.clear();
    }
    change.gone.clear();
    change
}

/// One form more for an agency.
#[derive(Deserialize)]
pub(super) struct Assignment {
    form: String,
    agency: String,
    old: String,
    new: String,
}

pub(super) async fn assign(
    State(app): State<App>,
    who: SignedIn,
    Form(sent): Form<Assignment>,
) -> Result<Redirect, Problem> {
    let form = FormCode::parse(&sent.form).map_err(|error| Problem::refused(capital(&error.to_string())))?;
    let agency = agencies::code(&sent.agency)?;
    let pair = Pair { old: sent.old, new: sent.new };
    let (old, new) = versions(&app, &pair)?;
    app.node.assign_form(&agency, &form).await.map_err(problem)?;
    let said = say("changes-assigned").with("form", &form).with("agency", agency.as_str());
    app.console.say(&who, Tone::Good, said).await?;
    Ok(Redirect::to(&format!("/catalogue/changes?old={}&new={}", old.version, new.version)))
}
