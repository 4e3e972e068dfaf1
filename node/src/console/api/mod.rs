//! `/api/v1`: what programs of an agency ask: deliver files, read what the agency delivered, the questionnaire.
//!
//! The rule it keeps: a program shows a token, and only a token: a cookie opens nothing here, and a token opens no page. One
//! table of operations ([`operations`]) makes the routes, the gate and the document about them, so that none can say something
//! else; what stands not in it is open to nobody. Whatever is refused is a document after RFC 9457.
//!
//! In reading order: `operations`, `gate` (who asks, and how often), `imports`, `answers`, `document`.

mod answers;
mod document;
mod gate;
mod imports;
mod operations;
#[cfg(test)]
mod tests;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware;
use axum::routing::{MethodRouter, get, post};
use vrs_console::serving;

use super::App;
pub(super) use gate::Callers;
pub(super) use operations::OPERATIONS;
use operations::What;

/// Every operation behind its gate.
pub(super) fn routes(app: &App) -> Router<App> {
    let router = OPERATIONS
        .iter()
        .fold(Router::new(), |router, operation| router.route(operation.path, handler(operation.what)));
    router.route_layer(middleware::from_fn_with_state(app.clone(), gate::pass))
}

fn handler(what: What) -> MethodRouter<App> {
    match what {
        What::Import => post(imports::import).layer(DefaultBodyLimit::max(serving::REQUEST_BYTES_MAX)),
        What::Tables => get(answers::tables),
        What::Table => get(answers::table),
        What::Catalogue => get(answers::catalogue),
        What::Document => get(document::document),
    }
}
