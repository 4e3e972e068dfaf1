//! Who may open which page. The one place where addresses meet capabilities.
//!
//! The rule it keeps: what does not stand here is open to nobody. The layer asks before a handler runs and before a form is
//! read; menus and tasks ask the same table, so that nobody is shown a link that leads to a refusal. What a person may *do* is
//! asked again where it is done ([`crate::roles::require`]). What programs ask with a token stands in a table of its own, with a
//! gate of its own: `super::api`.

use axum::extract::{FromRequestParts, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use vrs_console::accounts::Operator;
use vrs_console::sign_in::SignedIn;

use super::App;
use crate::roles::Capability;

/// What a request wants: to look, or to change something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Post,
}

/// Every address with what one must be able to do there.
pub(super) const GATE: &[(Verb, &str, Capability)] = &[
    (Verb::Get, "/", Capability::SeeTasks),
    (Verb::Get, "/charter", Capability::SeeCharter),
    (Verb::Post, "/charter", Capability::AcceptCharter),
    (Verb::Get, "/tables", Capability::SeeTables),
    (Verb::Get, "/tables/nothing", Capability::BringFiles),
    (Verb::Post, "/tables/nothing", Capability::BringFiles),
    (Verb::Get, "/tables/{period}/{form}", Capability::SeeTables),
    (Verb::Post, "/tables/{period}/{form}", Capability::Decide),
    (Verb::Post, "/tables/{period}/{form}/cell", Capability::Decide),
    (Verb::Post, "/tables/{period}/{form}/between", Capability::Decide),
    (Verb::Get, "/tables/{period}/{form}/sheet", Capability::BringFiles),
    (Verb::Post, "/tables/{period}/{form}/sheet", Capability::BringFiles),
    (Verb::Get, "/calendar", Capability::SeeTables),
    (Verb::Post, "/calendar", Capability::Decide),
    (Verb::Get, "/findings", Capability::SeeDesk),
    (Verb::Post, "/findings", Capability::Decide),
    (Verb::Get, "/imports", Capability::SeeImports),
    (Verb::Post, "/imports", Capability::BringFiles),
    (Verb::Get, "/imports/workbook.xlsx", Capability::BringFiles),
    (Verb::Get, "/imports/taken/{id}", Capability::SeeImports),
    (Verb::Post, "/imports/taken/{id}", Capability::BringFiles),
    (Verb::Get, "/imports/{id}", Capability::BringFiles),
    (Verb::Post, "/imports/{id}", Capability::BringFiles),
    (Verb::Get, "/imports/{id}/mapping", Capability::BringFiles),
    (Verb::Get, "/releases", Capability::SeeDesk),
    (Verb::Get, "/releases/new", Capability::Prepare),
    (Verb::Post, "/releases/new", Capability::Prepare),
    (Verb::Get, "/releases/{id}", Capability::SeeDesk),
    (Verb::Post, "/releases/{id}/approve", Capability::Approve),
    (Verb::Post, "/releases/{id}/discard", Capability::LetGo),
    (Verb::Post, "/releases/{id}/withdraw", Capability::Approve),
    (Verb::Get, "/overviews", Capability::SeeRegion),
    (Verb::Get, "/overviews/{period}/{form}", Capability::SeeRegion),
    (Verb::Get, "/peers", Capability::SeeRegion),
    (Verb::Get, "/peers/{code}/{period}/{form}", Capability::SeeRegion),
    (Verb::Get, "/access", Capability::SeeRegion),
    (Verb::Get, "/ledger", Capability::SeeRecords),
    (Verb::Get, "/ledger/audit", Capability::SeeRecords),
    (Verb::Get, "/servings", Capability::SeeRecords),
    (Verb::Get, "/link", Capability::SeeRecords),
    (Verb::Get, "/catalogue", Capability::SeeHelp),
    (Verb::Get, "/catalogue/print", Capability::SeeHelp),
    (Verb::Get, "/catalogue/changes", Capability::SeeHelp),
    (Verb::Post, "/catalogue/changes", Capability::ManageAgencies),
    (Verb::Get, "/catalogue/{form}", Capability::SeeHelp),
    (Verb::Get, "/help", Capability::SeeHelp),
    (Verb::Get, "/help/{page}", Capability::SeeHelp),
    (Verb::Get, "/operators", Capability::ManagePeople),
    (Verb::Post, "/operators", Capability::ManagePeople),
    (Verb::Get, "/operators/{name}", Capability::ManagePeople),
    (Verb::Post, "/operators/{name}", Capability::ManagePeople),
    (Verb::Get, "/agencies", Capability::SeeAgencies),
    (Verb::Post, "/agencies", Capability::ManageAgencies),
    (Verb::Get, "/agencies/{code}", Capability::SeeAgencies),
    (Verb::Post, "/agencies/{code}", Capability::ManageAgencies),
    (Verb::Post, "/agencies/{code}/tokens", Capability::ManageAgencies),
];

/// Pages that the console brings along and that not everybody may open.
const OF_THE_CONSOLE: &[(Verb, &str, Capability)] = &[(Verb::Get, "/acts", Capability::SeeActs)];

/// The layer around the node's own routes.
pub(super) async fn pass(State(app): State<App>, request: Request, next: Next) -> Response {
    let verb = match *request.method() {
        Method::GET | Method::HEAD => Verb::Get,
        Method::POST => Verb::Post,
        _ => return StatusCode::METHOD_NOT_ALLOWED.into_response(),
    };
    // The layer stands around routes that matched, so that the address is one of ours.
    let Some(capability) = needed(GATE.iter(), verb, request.uri().path()) else {
        return StatusCode::METHOD_NOT_ALLOWED.into_response();
    };
    let (mut parts, body) = request.into_parts();
    let who = match SignedIn::from_request_parts(&mut parts, &app).await {
        Ok(who) => who,
        Err(elsewhere) => return elsewhere,
    };
    match who.require_role(&capability.codes()) {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(problem) => problem.into_response(),
    }
}

/// Whether the person may open the page at this address of ours, with whatever stands behind it.
pub(super) fn may_open(who: &Operator, href: &str) -> bool {
    let path = href.split(['?', '#']).next().unwrap_or_default();
    let needed = needed(GATE.iter().chain(OF_THE_CONSOLE), Verb::Get, path);
    needed.is_some_and(|capability| capability.is_of(who))
}

/// What one must be able to do at a path. Of two patterns that fit, the one that spells the segment out stands first in the
/// table, as the router takes it.
fn needed<'g>(
    mut gate: impl Iterator<Item = &'g (Verb, &'static str, Capability)>,
    verb: Verb,
    path: &str,
) -> Option<Capability> {
    let found = gate.find(|(of, pattern, _)| *of == verb && fits(pattern, path));
    found.map(|(_, _, capability)| *capability)
}

/// Whether a path is one of a pattern's.
pub(super) fn fits(pattern: &str, path: &str) -> bool {
    let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
    loop {
        match (pattern.next(), path.next()) {
            (None, None) => return true,
            (Some(wanted), Some(found)) if wanted == found => {}
            (Some(wanted), Some(found)) if wanted.starts_with('{') && !found.is_empty() => {}
            _ => return false,
        }
    }
}
