//! Who asks, and how often: the layer around every operation.

use std::collections::BTreeMap;
use std::sync::Mutex;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Semaphore;
use vrs_console::accounts::Operator;
use vrs_console::acts::whence;
use vrs_console::caller::Caller;
use vrs_console::problem::Problem;

use super::super::App;
use super::super::frame::problem;
use super::super::gate::{Verb, fits};
use super::OPERATIONS;
use crate::national::AgencyCode;
use crate::node::TokenRefused;
use crate::say;

/// Requests of one token in a minute: a program that reads every form of a year once stays below.
const PER_MINUTE_MAX: u32 = 120;
/// Files that are read for programs at the same time; the others wait, so that the pages stay quick.
const IMPORTS_MAX: usize = 2;

/// Who asked how often, and the places for files. In memory: a restart forgives a minute.
pub(in super::super) struct Callers {
    asked: Mutex<BTreeMap<String, (u64, u32)>>,
    pub(super) imports: Semaphore,
}

impl Callers {
    pub(in super::super) fn new() -> Self {
        Self { asked: Mutex::default(), imports: Semaphore::new(IMPORTS_MAX) }
    }

    /// Counts a request of a token; too many: the seconds until the next minute.
    fn ask(&self, public: &str, now: u64) -> Result<(), u64> {
        let minute = now / 60;
        let mut asked = self.asked.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        // Good tokens only get here, so that the list is as short as theirs.
        asked.retain(|_, (of, _)| *of == minute);
        let (_, count) = asked.entry(public.to_owned()).or_insert((minute, 0));
        *count = count.saturating_add(1);
        if *count > PER_MINUTE_MAX { Err(60 - now % 60) } else { Ok(()) }
    }
}

/// The program that asks, for the handlers.
#[derive(Clone)]
pub(super) struct Machine {
    pub(super) agency: AgencyCode,
    pub(super) operator: Operator,
}

/// The layer. It looks at no cookie.
pub(super) async fn pass(State(app): State<App>, caller: Caller, mut request: Request, next: Next) -> Response {
    let verb = match *request.method() {
        Method::GET | Method::HEAD => Verb::Get,
        Method::POST => Verb::Post,
        _ => return StatusCode::METHOD_NOT_ALLOWED.into_response(),
    };
    let path = request.uri().path();
    let operation = OPERATIONS.iter().find(|known| known.verb == verb && fits(known.path, path));
    let Some(operation) = operation else { return StatusCode::METHOD_NOT_ALLOWED.into_response() };
    let Some(text) = bearer(request.headers()) else {
        return unauthorized(Problem::unauthorized(say("api-show-a-token")).next(say("api-cookies-are-not-looked-at")));
    };
    let token = match app.node.token_shown(text, caller.0).await {
        Ok(Ok(token)) => token,
        Ok(Err(refused)) => return turned_away(&app, refused),
        Err(error) => return problem(error).into_response(),
    };
    if let Err(secs) = app.callers.ask(&token.public, app.node.now().0) {
        return too_many(Problem::too_many(say("api-too-many-requests").with("most", PER_MINUTE_MAX), secs), secs);
    }
    let operator = token.operator();
    whence::acting(&operator.name);
    if !operation.needs.is_of(&operator) {
        return Problem::forbidden(say("api-show-a-token")).into_response();
    }
    request.extensions_mut().insert(Machine { agency: token.agency, operator });
    next.run(request).await
}

/// What the request shows as its token.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, text) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| text.trim())
}

fn turned_away(app: &App, refused: TokenRefused) -> Response {
    let sentence = match refused {
        TokenRefused::Paused(secs) => {
            return too_many(Problem::too_many(say("api-too-many-wrong-tokens"), secs), secs);
        }
        TokenRefused::Unknown => say("api-token-unknown"),
        TokenRefused::Expired(until) => say("api-token-expired").with("until", app.moment(until.0).words()),
        TokenRefused::Ended(at) => say("api-token-ended").with("at", app.moment(at.0).words()),
    };
    unauthorized(Problem::unauthorized(sentence).next(say("api-another-token")))
}

fn unauthorized(problem: Problem) -> Response {
    let mut answer = problem.into_response();
    answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"vrs\""));
    answer
}

fn too_many(problem: Problem, secs: u64) -> Response {
    let mut answer = problem.into_response();
    answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
    answer
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_counted_by_the_minute_and_apart_from_others() {
        let callers = Callers::new();
        for _ in 0..PER_MINUTE_MAX {
            assert_eq!(callers.ask("a", 120), Ok(()));
        }
        assert_eq!(callers.ask("a", 130), Err(50));
        assert_eq!(callers.ask("b", 130), Ok(()));
        assert_eq!(callers.ask("a", 180), Ok(()));
        assert_eq!(callers.asked.lock().unwrap().len(), 1);
    }

    #[test]
    fn only_a_bearer_token_is_read() {
        let headers = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, text.parse().unwrap());
            headers
        };
        assert_eq!(bearer(&headers("Bearer vrs_x")), Some("vrs_x"));
        assert_eq!(bearer(&headers("bearer  vrs_x ")), Some("vrs_x"));
        for other in ["Basic YTpi", "vrs_x", ""] {
            assert_eq!(bearer(&headers(other)), None, "{other}");
        }
        assert_eq!(bearer(&HeaderMap::new()), None);
    }
}
