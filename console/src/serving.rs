//! The layers around every route of a console, and the listener.
//!
//! The rule it keeps: a program hands over its routes and cannot forget a layer. From outside inwards: security headers,
//! where acts come from, the language, problem pages, a panic becomes a problem, a time limit, the check that a form was sent from our own page, limits on
//! what a request brings. The listener bounds what a caller costs that sends no request at all. TLS is not here: a console listens on the loopback address, or behind a proxy that ends TLS.

use std::{io, net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{ConnectInfo, DefaultBodyLimit},
    http::StatusCode,
    middleware,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{sleep, timeout};
use tower::{Service as _, ServiceBuilder};
use tower_http::{catch_panic::CatchPanicLayer, csrf::CsrfLayer, limit::RequestBodyLimitLayer, timeout::TimeoutLayer};

use crate::{
    Console, account_pages, acts, assets, caller, headers, problem, problem::Problem, second_factor,
    second_factor::asking, sign_in, words::speaking,
};

/// What a form or a small upload brings. A route that takes files raises it for itself with
/// [`axum::extract::DefaultBodyLimit::max`], up to [`REQUEST_BYTES_MAX`].
pub const FORM_BYTES_MAX: usize = 512 * 1024;

/// What no request may exceed: a workbook of 10 MB and the form around it.
pub const REQUEST_BYTES_MAX: usize = 12 * 1024 * 1024;

/// Longer than any page takes, shorter than a person's patience and most proxies' own limit.
pub const ANSWER_SECS_MAX: u64 = 30;

/// Connections at the same time: a ministry's officers with the few that each of their browsers opens. Who comes then waits
/// in the machine's own queue.
pub const CONNECTIONS_MAX: usize = 256;

/// The head of a request takes no longer, from the connection or from the answer before it.
pub const HEAD_SECS_MAX: u64 = 30;

/// No connection is older: whoever holds one and does nothing gives its place to others in the end. Browsers and proxies
/// open another without a word.
const CONNECTION_SECS_MAX: u64 = 600;

/// When nobody could be let in for so many seconds, the listener has failed. A process out of file handles recovers sooner.
const FAILURES_MAX: u32 = 60;

/// A program's routes, with sign-in, account page and assets added and all layers around them.
///
/// Taken by this crate: `/login`, `/login/code`, `/logout`, `/language`, `/me`, `/me/…`, `/acts`, `/acts/export` and `/assets/…`. Everything else is the program's; an address
/// that nobody took is a problem page.
pub fn protect(routes: Router, console: &Console) -> Router {
    let own = Router::new()
        .route("/login", get(sign_in::login_page).post(sign_in::login))
        .route("/login/code", get(asking::code_page).post(asking::login_code))
        .route("/logout", post(sign_in::logout))
        .route("/language", post(sign_in::choose_language))
        .route("/me", get(account_pages::me))
        .route("/me/password", post(account_pages::change_password))
        .route("/me/sessions/end", post(account_pages::end_session))
        .route("/me/sessions/end-others", post(account_pages::end_other_sessions))
        .route("/me/second-factor", get(second_factor::pages::second_factor).post(second_factor::pages::enrol))
        .route("/me/second-factor/remove", post(second_factor::pages::remove))
        .route("/acts", get(acts::pages::acts))
        .route("/acts/export", get(acts::pages::export))
        .with_state(console.clone())
        .route("/assets/{file}", get(assets::asset));
    let transport = console.program().transport;
    let presenting = console.clone();
    let languages = console.program().languages.clone();
    let time_limit = Duration::from_secs(ANSWER_SECS_MAX);
    routes.merge(own).layer(
        ServiceBuilder::new()
            .layer(middleware::from_fn(move |request, next| headers::secured(transport, request, next)))
            .layer(middleware::from_fn(move |request, next| caller::on_behalf(transport, request, next)))
            .layer(middleware::from_fn(move |request, next| speaking::in_language(languages.clone(), request, next)))
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
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let stopping = watch::Sender::new(false);
    let accepted = tokio::select! {
        failed = accept(&listener, &protected, &places, &stopping) => Err(failed),
        () = stop => Ok(()),
    };
    stopping.send_replace(true);
    // Whoever has a place gives it back when it is done.
    let _ = places.acquire_many(CONNECTIONS_MAX as u32).await;
    accepted
}

/// Lets callers in, each when there is a place. Ends when the listener fails.
async fn accept(
    listener: &TcpListener,
    protected: &Router,
    places: &Arc<Semaphore>,
    stopping: &watch::Sender<bool>,
) -> io::Error {
    let mut failures = 0;
    loop {
        let Ok(place) = places.clone().acquire_owned().await else {
            return io::Error::other("the places were taken away");
        };
        match listener.accept().await {
            Ok((stream, from)) => {
                failures = 0;
                tokio::spawn(answer(stream, from, protected.clone(), stopping.subscribe(), place));
            }
            Err(error) if failures >= FAILURES_MAX => return error,
            Err(error) => {
                tracing::warn!(%error, "A browser could not be let in");
                failures += 1;
                sleep(Duration::from_secs(1)).await;
            }
        }
    }
}

/// Answers the requests of one connection.
async fn answer(
    stream: TcpStream,
    from: SocketAddr,
    protected: Router,
    mut stopping: watch::Receiver<bool>,
    _place: OwnedSemaphorePermit,
) {
    let service = service_fn(move |mut request: hyper::Request<Incoming>| {
        // The address of the other end goes to the throttle.
        request.extensions_mut().insert(ConnectInfo(from));
        protected.clone().call(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(Duration::from_secs(HEAD_SECS_MAX));
    let mut connection = pin!(http.serve_connection(TokioIo::new(stream), service));
    // How it ends is the browser's matter, also when it breaks off.
    tokio::select! {
        _ = connection.as_mut() => return,
        () = sleep(Duration::from_secs(CONNECTION_SECS_MAX)) => {}
        _ = stopping.wait_for(|begun| *begun) => {}
    }
    connection.as_mut().graceful_shutdown();
    let _ = timeout(Duration::from_secs(ANSWER_SECS_MAX), connection).await;
}

/// The panic's own text was printed by the panic hook and may hold anything; it does not go into the answer.
fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    Problem::panicked().into_response()
}
