//! The node's web console: what is due, our tables, the release desk, and what the region shares with us. The only HTTP of
//! the node.
//!
//! The rule it keeps: every page says why something cannot be seen and what would unlock it, with the same functions the
//! hub and the audit use; and nothing leaves from here without a second person who has seen every cell of it.
//!
//! In reading order: `frame` (what every page shares), `gate` (who may open what), `dashboard`; our own figures: `tables`,
//! `table` with `beside` (agencies side by side, figures by hand), `own_agency` (as a contributor sees them), `sheet` with `sheet_rows`
//! and `sheet_form` (figures that are typed), `nothing` (to report), `calendar`, `findings`; files: `imports`, `taken`, `assistant` with
//! `assistant_form` and `assistant_views` (layouts that nobody described), `workbook` (the questionnaire, to be filled in without a network); the desk:
//! `releases` (the board), `preparing` with `proposing`, `release` with `leaving` (exactly what leaves) and `deciding` (approve, return,
//! withdraw); the region: `overviews`, `peers`, `access`; the records: `ledger`, `servings`, `link`; the people: `operators`,
//! `agencies`, `tokens`; `catalogue` and `help`. One struct, one template, one route for each page. Beside the pages: `api`, for
//! programs of the agencies.

mod access;
mod agencies;
mod api;
mod assistant;
mod assistant_form;
mod assistant_views;
mod beside;
mod calendar;
mod catalogue;
mod changes;
mod dashboard;
mod deciding;
mod findings;
mod frame;
mod gate;
mod help;
mod imports;
mod leaving;
mod ledger;
mod link;
mod notes;
mod nothing;
mod operators;
mod overviews;
mod own;
mod own_agency;
mod peers;
mod preparing;
mod proposing;
mod release;
mod releases;
mod servings;
mod sheet;
mod sheet_form;
mod sheet_routes;
mod sheet_rows;
mod sight;
mod table;
mod tables;
mod taken;
#[cfg(test)]
mod tests;
mod tokens;
mod words;
mod workbook;

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::middleware;
use axum::routing::{get, post};
use tokio::net::TcpListener;
use vrs_console::console::Console;
use vrs_console::serving;
use vrs_runtime::shutdown::Shutdown;

use crate::error::{NodeError, Result};
use crate::node::Node;

/// What every handler has at hand.
#[derive(Clone)]
pub(crate) struct App {
    node: Node,
    console: Console,
    callers: Arc<api::Callers>,
}

impl FromRef<App> for Console {
    fn from_ref(app: &App) -> Self {
        app.console.clone()
    }
}

/// Every page of the node, without the layers around them.
fn routes() -> Router<App> {
    Router::new()
        .route("/", get(dashboard::dashboard))
        .route("/charter", get(dashboard::charter).post(dashboard::accept_charter))
        .route("/tables", get(tables::tables))
        .route("/tables/nothing", get(nothing::nothing).post(nothing::report))
        .route("/tables/{period}/{form}", get(table::table).post(table::decide))
        .route("/tables/{period}/{form}/cell", post(beside::set))
        .route("/tables/{period}/{form}/between", post(table::between))
        .route("/tables/{period}/{form}/sheet", get(sheet::sheet).post(sheet::act))
        .route("/calendar", get(calendar::calendar).post(calendar::decide))
        .route("/findings", get(findings::findings).post(findings::accept))
        .route(
            "/imports",
            get(imports::imports).post(imports::import).layer(DefaultBodyLimit::max(serving::REQUEST_BYTES_MAX)),
        )
        .route("/imports/workbook.xlsx", get(workbook::workbook))
        .route("/imports/taken/{id}", get(taken::taken).post(taken::take_back))
        .route("/imports/{id}", get(assistant::assistant).post(assistant::answer))
        .route("/imports/{id}/mapping", get(assistant::mapping))
        .route("/releases", get(releases::releases))
        .route("/releases/new", get(preparing::choose).post(preparing::prepare))
        .route("/releases/{id}", get(release::release))
        .route("/releases/{id}/approve", post(deciding::approve))
        .route("/releases/{id}/discard", post(deciding::discard))
        .route("/releases/{id}/withdraw", post(deciding::withdraw))
        .route("/overviews", get(overviews::overviews))
        .route("/overviews/{period}/{form}", get(overviews::overview))
        .route("/peers", get(peers::peers))
        .route("/peers/{code}/{period}/{form}", get(peers::peer))
        .route("/access", get(access::access))
        .route("/ledger", get(ledger::ledger))
        .route("/ledger/audit", get(ledger::audit))
        .route("/servings", get(servings::servings))
        .route("/link", get(link::link))
        .route("/catalogue", get(catalogue::catalogue))
        .route("/catalogue/print", get(catalogue::print))
        .route("/catalogue/changes", get(changes::changes).post(changes::assign))
        .route("/catalogue/{form}", get(catalogue::form))
        .route("/help", get(help::help))
        .route("/help/{page}", get(help::about))
        .route("/operators", get(operators::operators).post(operators::add))
        .route("/operators/{name}", get(operators::operator).post(operators::change))
        .route("/agencies", get(agencies::agencies).post(agencies::add))
        .route("/agencies/{code}", get(agencies::agency).post(agencies::change))
        .route("/agencies/{code}/tokens", post(tokens::act))
}

/// The console's routes with all layers, for serving and for tests.
///
/// # Errors
/// When the configured time zone is unknown.
pub fn router(node: &Node) -> Result<Router> {
    let console = Console::new(frame::program(node)?, node.database().clone(), node.clock().clone());
    let app = App { node: node.clone(), console: console.clone(), callers: Arc::new(api::Callers::new()) };
    let gated = routes().route_layer(middleware::from_fn_with_state(app.clone(), gate::pass));
    // Merged after its own gate is around each: a cookie opens a page and no operation, a token the other way round.
    Ok(serving::protect(gated.merge(api::routes(&app)).with_state(app), &console))
}

/// Answers browsers at the configured address until the stop begins.
///
/// # Errors
/// When the address is taken.
pub async fn serve(node: &Node, shutdown: &Shutdown) -> Result<SocketAddr> {
    let listen = node.settings().console.listen;
    let sentence =
        |error: std::io::Error| NodeError::Refused(format!("the console cannot listen at {listen}: {error}"));
    let router = router(node)?;
    if is_exposed(listen, node.settings().console.behind_tls) {
        tracing::warn!(
            address = %listen,
            "The console listens beyond this machine without TLS: passwords and figures can be read on the way. Set console.listen to 127.0.0.1, or put a proxy with TLS before it and set console.behind_tls"
        );
    }
    let listener = TcpListener::bind(listen).await.map_err(sentence)?;
    let address = listener.local_addr().map_err(sentence)?;
    let (failing, stop) = (shutdown.clone(), shutdown.clone());
    shutdown.spawn("console", async move {
        if let Err(error) = serving::serve(listener, router, async move { stop.wait().await }).await {
            tracing::error!(%error, "The console cannot answer any more; stopping");
            failing.fail("console");
        }
    });
    tracing::info!(%address, "The console is open");
    Ok(address)
}

/// Whether others can reach the console without the protection of TLS.
const fn is_exposed(listen: SocketAddr, behind_tls: bool) -> bool {
    !behind_tls && !listen.ip().is_loopback()
}
