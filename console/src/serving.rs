//! The layers around every route of a console, and the listener.
//!
//! The rule it keeps: a program hands over its routes and cannot forget a layer. From outside inwards: security headers,
//! problem pages, a panic becomes a problem, a time limit, the check that a form was sent from our own page, limits on
//! what a request brings. TLS is not here: a console listens on the loopback address, or behind a proxy that ends TLS.

use std::{io, net::SocketAddr, time::Duration};

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use tokio::net::TcpListener;
use tower::ServiceBuilder;
use tower_http::{catch_panic::CatchPanicLayer, csrf::CsrfLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer};

use crate::{Console, account_pages, assets, headers, problem, problem::Problem, sign_in};

/// What a form or a small upload brings. A route that takes files raises it for itself with
/// [`axum::extract::DefaultBodyLimit::max`], up to [`REQUEST_BYTES_MAX`].
pub const FORM_BYTES_MAX: usize = 512 * 1024;

/// What no request may exceed: a workbook of 10 MB and the form around it.
pub const REQUEST_BYTES_MAX: usize = 12 * 1024 * 1024;

/// Longer than any page takes, shorter than a person's patience and most proxies' own limit.
pub const ANSWER_SECS_MAX: u64 = 30;

/// A program's routes, with sign-in, account page and assets added and all layers around them.
///
/// Taken by this crate: `/login`, `/logout`, `/me`, `/me/…` and `/assets/…`. Everything else is the program's; an address
/// that nobody took is a problem page.
pub fn protect(routes: Router, console: &Console) -> Router {
    let own = Router::new()
        .route("/login", get(sign_in::login_page).post(sign_in::login))
        .route("/logout", post(sign_in::logout))
        .route("/me", get(account_pages::me))
        .route("/me/password", post(account_pages::change_password))
        .route("/me/sessions/end", post(account_pages::end_session))
        .with_state(console.clone())
        .route("/assets/{file}", get(assets::asset));
    let transport = console.program().transport;
    let presenting = console.clone();
    let time_limit = Duration::from_secs(ANSWER_SECS_MAX);
    routes.merge(own).layer(
        ServiceBuilder::new()
            .layer(middleware::from_fn(move |request, next| headers::secured(transport, request, next)))
            .layer(middleware::from_fn(move |request, next| problem::presented(presenting.clone(), request, next)))
            .layer(CatchPanicLayer::custom(panicked))
            .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, time_limit))
            .layer(CsrfLayer::new())
            .layer(RequestBodyLimitLayer::new(REQUEST_BYTES_MAX))
            .layer(DefaultBodyLimit::max(FORM_BYTES_MAX)),
    )
}

/// Answers requests until `stop` ends, then lets those under way finish.
///
/// # Errors
/// When the listener fails as a whole; a single broken connection is no error.
pub async fn serve(
    listener: TcpListener,
    protected: Router,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    // The address of the other end goes to the throttle.
    let service = protected.into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service).with_graceful_shutdown(stop).await
}

/// The panic's own text was printed by the panic hook and may hold anything; it does not go into the answer.
fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    Problem::panicked().into_response()
}
