//! What a person reads when something did not work.
//!
//! The rule it keeps: [`Problem`] is the only place where an error becomes a status and a sentence. A page says what
//! happened, what is safe, what to do next, and a reference number; the cause goes to the log under that number and
//! nowhere else. Handlers return `Result<_, Problem>`; the layer `presented` draws it in the frame of the program, and draws
//! whatever the layers below refused by themselves (unknown address, too large, too slow, foreign form) the same way. Below
//! `/api/` programs ask: there a problem is a document after RFC 9457.

use std::{error::Error, fmt, fmt::Write as _};

use askama::Template;
use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::cookie::CookieJar;
use serde::Serialize;
use serde_json::{Map, Value, json};
use vrs_runtime::{database::DatabaseError, random};

use crate::{
    Console,
    layout::Frame,
    moment::Moment,
    page::{Json, Page},
    sign_in::cookie_name,
    words::{Said, say},
};

/// An error on its way to a person.
#[derive(Debug, Clone)]
pub struct Problem(Box<Parts>);

/// Boxed, because every `Result` of every handler carries the room for it.
#[derive(Debug, Clone)]
struct Parts {
    status: StatusCode,
    title: Said,
    what_happened: Said,
    what_is_safe: Said,
    what_to_do: Said,
    reference: String,
    members: Map<String, Value>,
    cause: Option<String>,
}

impl Problem {
    /// There is nothing at this address or under this name: `Problem::not_found("There is no release 17.")`.
    #[must_use]
    pub fn not_found(what_happened: impl Into<Said>) -> Self {
        Self::new(StatusCode::NOT_FOUND, say("problem-not-found"), what_happened)
            .next(say("problem-check-the-address-or-go"))
    }

    /// The person may not do this, whatever they send; the sentence says who may.
    #[must_use]
    pub fn forbidden(what_happened: impl Into<Said>) -> Self {
        Self::new(StatusCode::FORBIDDEN, say("problem-not-for-this-account"), what_happened)
            .next(say("problem-ask-the-administrator-of-this"))
    }

    /// What was sent cannot be taken: it is malformed, out of range, or against a rule. The sentence says which.
    #[must_use]
    pub fn refused(what_happened: impl Into<Said>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, say("problem-this-cannot-be-done"), what_happened)
            .next(say("problem-go-back-change-it-and"))
    }

    /// Somebody else was first: what the page showed is no longer so.
    #[must_use]
    pub fn conflict(what_happened: impl Into<Said>) -> Self {
        Self::new(StatusCode::CONFLICT, say("problem-somebody-was-faster"), what_happened)
            .next(say("problem-go-back-load-the-page"))
    }

    /// Something we need is not there just now (database, link); trying again helps. `doing` completes "could not …".
    #[must_use]
    pub fn unavailable(doing: &str, cause: &(dyn Error + 'static)) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            say("problem-not-available-just-now"),
            say("problem-the-program-could-not-because").with("doing", doing.to_string()).to_string(),
        )
        .safe(say("problem-everything-saved-before-is-still"))
        .next(say("problem-wait-a-minute-and-try"))
        .caused_by(cause)
    }

    /// A fault of the program. `doing` completes "could not …": `Problem::internal("list releases", &error)`.
    #[must_use]
    pub fn internal(doing: &str, cause: &(dyn Error + 'static)) -> Self {
        Self::fault(say("problem-the-program-could-not-this").with("doing", doing.to_string()).to_string())
            .caused_by(cause)
    }

    /// The program panicked; what it printed is in the log already.
    pub(crate) fn panicked() -> Self {
        let mut problem = Self::fault(say("problem-the-program-broke-off-while"));
        problem.0.cause = Some("a panic, printed above".into());
        problem
    }

    /// A script was not signed in, or no longer.
    pub(crate) fn sign_in_first() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, say("problem-sign-in-first"), say("problem-nobody-is-signed-in-here"))
            .next(say("problem-sign-in-in-another-window"))
    }

    /// A program showed nothing that says whom it acts for, or something that is not good any more.
    #[must_use]
    pub fn unauthorized(what_happened: impl Into<Said>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, say("problem-sign-in-first"), what_happened)
    }

    /// Too much was asked in too short a time.
    #[must_use]
    pub fn too_many(what_happened: impl Into<Said>, wait_secs: u64) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, say("problem-too-many"), what_happened)
            .next(say("problem-wait-and-try").with("seconds", wait_secs))
    }

    /// What was sent is of a kind that is not taken here.
    #[must_use]
    pub fn wrong_kind(what_happened: impl Into<Said>) -> Self {
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, say("problem-not-understood"), what_happened)
            .next(say("problem-go-back-change-it-and"))
    }

    /// More was sent than the address takes.
    #[must_use]
    pub fn too_large() -> Self {
        Self::from_status(StatusCode::PAYLOAD_TOO_LARGE)
    }

    fn fault(what_happened: impl Into<Said>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, say("problem-something-broke"), what_happened)
            .safe(say("problem-everything-saved-before-is-still"))
            .next(say("problem-try-again-if-it-happens"))
    }

    /// For what the layers below refuse with nothing but a status.
    fn from_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::not_found(say("problem-there-is-no-page-at")),
            StatusCode::METHOD_NOT_ALLOWED => {
                Self::new(status, say("problem-not-possible-here"), say("problem-this-address-does-not-take"))
                    .next(say("problem-go-back-to-the-page"))
            }
            StatusCode::FORBIDDEN => {
                Self::new(status, say("problem-sent-from-elsewhere"), say("problem-the-form-was-sent-from"))
                    .next(say("problem-open-the-page-on-this"))
            }
            StatusCode::PAYLOAD_TOO_LARGE => {
                Self::new(status, say("problem-too-large"), say("problem-what-was-sent-is-larger"))
                    .next(say("problem-send-a-smaller-file-or"))
            }
            StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                say("problem-it-took-too-long"),
                say("problem-the-program-gave-up-waiting"),
            )
            .safe(say("problem-everything-saved-before-is-still-2"))
            .next(say("problem-load-the-page-again-and")),
            status if status.is_server_error() => Self::fault(say("problem-the-program-could-not-answer")),
            status => Self::new(status, say("problem-not-understood"), say("problem-what-was-sent-is-not"))
                .next(say("problem-go-back-load-the-page-2")),
        }
    }

    fn new(status: StatusCode, title: impl Into<Said>, what_happened: impl Into<Said>) -> Self {
        Self(Box::new(Parts {
            status,
            title: title.into(),
            what_happened: what_happened.into(),
            what_is_safe: say("problem-nothing-was-changed"),
            what_to_do: String::new().into(),
            reference: reference(),
            members: Map::new(),
            cause: None,
        }))
    }

    /// With another sentence on what is safe; without it the page says that nothing was changed.
    #[must_use]
    pub fn safe(mut self, sentence: impl Into<Said>) -> Self {
        self.0.what_is_safe = sentence.into();
        self
    }

    /// With another sentence on what to do next.
    #[must_use]
    pub fn next(mut self, sentence: impl Into<Said>) -> Self {
        self.0.what_to_do = sentence.into();
        self
    }

    /// With more for programs, beside the sentences.
    #[must_use]
    pub fn member(mut self, name: &str, value: Value) -> Self {
        self.0.members.insert(name.to_owned(), value);
        self
    }

    /// With the cause, for the log only.
    #[must_use]
    pub fn caused_by(mut self, cause: &(dyn Error + 'static)) -> Self {
        let mut text = cause.to_string();
        let mut below = cause.source();
        while let Some(deeper) = below {
            // Writing to a string cannot fail.
            let _ = write!(text, ": {deeper}");
            below = deeper.source();
        }
        self.0.cause = Some(text);
        self
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// What happened, as the person reads it.
    #[must_use]
    pub fn what_happened(&self) -> String {
        self.0.what_happened.to_string()
    }

    /// Our own faults are errors in the log; what people send wrongly is not.
    fn log(&self, method: &str, path: &str) {
        let (reference, status, what) = (&self.0.reference, self.0.status.as_u16(), self.0.what_happened.english());
        let cause = self.0.cause.as_deref().unwrap_or("none recorded");
        if self.0.status.is_server_error() {
            tracing::error!(problem.reference = %reference, status, method, path, cause, "A page failed: {what}");
        } else {
            tracing::debug!(problem.reference = %reference, status, method, path, cause, "A request was turned down: {what}");
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} (reference {})", self.0.what_happened, self.0.reference)
    }
}

impl Error for Problem {}

/// Who must act decides what the person reads: wait and try again, look again, or call us.
impl From<DatabaseError> for Problem {
    fn from(cause: DatabaseError) -> Self {
        match &cause {
            DatabaseError::Unavailable { during, .. } => Self::unavailable(during, &cause),
            DatabaseError::Conflict { .. } => {
                Self::conflict(say("problem-this-contradicts-what-was-saved")).caused_by(&cause)
            }
            DatabaseError::Unstorable { .. } => Self::refused(say("problem-no-such-character")).caused_by(&cause),
            DatabaseError::Defect { during, .. } => Self::internal(during, &cause),
            DatabaseError::Corrupt { .. } | DatabaseError::Unsuitable(_) => Self::internal("read its database", &cause),
        }
    }
}

/// The problem travels in the response's extensions to the layer `presented`, which knows the frame; a router without that layer
/// still answers with the sentence as plain text.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = (self.0.status, self.to_string()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Eight characters that are easy to say on the telephone: 40 bits, so that two in one log never meet by chance.
fn reference() -> String {
    let spoken = data_encoding::BASE32.encode(&random::bytes::<5>());
    format!("{}-{}", &spoken[..4], &spoken[4..])
}

/// The page of a problem.
#[derive(Debug, Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    frame: Frame,
    what_happened: Said,
    what_is_safe: Said,
    what_to_do: Said,
    reference: String,
    at: Moment,
}

/// The same for a program that asked for JSON.
#[derive(Debug, Serialize)]
struct ProblemJson {
    problem: String,
    safe: String,
    next: String,
    reference: String,
}

/// Whether the caller is our script or another program rather than a page load.
#[must_use]
pub fn wants_json(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.split(',').any(|kind| kind.trim().starts_with("application/json")))
}

/// Where programs ask, and no person looks at a page.
const FOR_PROGRAMS: &str = "/api/";

/// The layer that draws problems, and the only one that logs them.
pub(crate) async fn presented(console: Console, request: Request, next: Next) -> Response {
    let json = wants_json(request.headers());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let jar = CookieJar::from_headers(request.headers());
    let response = next.run(request).await;

    let problem = match response.extensions().get::<Problem>() {
        Some(problem) => problem.clone(),
        None if is_bare(&response) => Problem::from_status(response.status()),
        None => return response,
    };
    problem.log(method.as_str(), &path);
    let parts = &*problem.0;

    let mut drawn = if path.starts_with(FOR_PROGRAMS) {
        document(parts)
    } else if json {
        let body = ProblemJson {
            problem: parts.what_happened.to_string(),
            safe: parts.what_is_safe.to_string(),
            next: parts.what_to_do.to_string(),
            reference: parts.reference.clone(),
        };
        Json(body).into_response()
    } else {
        Page(ProblemPage {
            frame: frame(&console, &jar, parts.title.to_string(), &path).await,
            what_happened: parts.what_happened.clone(),
            what_is_safe: parts.what_is_safe.clone(),
            what_to_do: parts.what_to_do.clone(),
            reference: parts.reference.clone(),
            at: console.program().zone.moment(console.now()),
        })
        .into_response()
    };
    *drawn.status_mut() = parts.status;
    for name in [header::ALLOW, header::RETRY_AFTER, header::SET_COOKIE, header::WWW_AUTHENTICATE] {
        for value in response.headers().get_all(&name) {
            drawn.headers_mut().append(name.clone(), value.clone());
        }
    }
    drawn
}

/// The frame of a problem page: with the menu for whoever is signed in, so that a mistyped address is no dead end.
async fn frame(console: &Console, jar: &CookieJar, title: String, path: &str) -> Frame {
    let frame = Frame::new(console.program(), title);
    let Some(cookie) = jar.get(&cookie_name(console.program())) else { return frame };
    // The problem may be that the database does not answer: then the page is without a menu.
    match console.sessions().find(cookie.value()).await {
        Ok(Some((operator, _))) => frame.signed_in(operator).at(path),
        Ok(None) | Err(_) => frame,
    }
}

/// A problem for a program, after RFC 9457. `safe`, `next` and `reference` are what a person reads on a page.
fn document(parts: &Parts) -> Response {
    let mut body = json!({
        "type": format!("urn:vrs:problem:{}", kind(parts.status)),
        "title": parts.title.to_string(),
        "status": parts.status.as_u16(),
        "detail": parts.what_happened.to_string(),
        "safe": parts.what_is_safe.to_string(),
        "next": parts.what_to_do.to_string(),
        "reference": parts.reference,
    });
    if let Some(body) = body.as_object_mut() {
        body.extend(parts.members.clone());
    }
    ([(header::CONTENT_TYPE, "application/problem+json")], body.to_string()).into_response()
}

/// What a program can tell problems apart by.
fn kind(status: StatusCode) -> &'static str {
    match status.as_u16() {
        401 => "token",
        403 => "not-allowed",
        404 => "not-found",
        405 => "not-possible-here",
        409 => "conflict",
        413 => "too-large",
        415 => "not-understood",
        422 => "refused",
        429 => "too-many",
        503 => "unavailable",
        other if other < 500 => "not-understood",
        _ => "fault",
    }
}

/// A refusal that brings no page or document of its own: axum's and tower-http's are empty or plain text.
fn is_bare(response: &Response) -> bool {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return false;
    }
    response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the disk is full")]
    struct Full;

    #[derive(Debug, thiserror::Error)]
    #[error("no row was written")]
    struct NoRow(#[source] Full);

    #[test]
    fn the_cause_is_kept_for_the_log_with_all_that_lies_below() {
        let problem = Problem::internal("save the table", &NoRow(Full));
        assert_eq!(problem.0.cause.as_deref(), Some("no row was written: the disk is full"));
        assert!(!problem.to_string().contains("disk"), "{problem}");
    }

    #[test]
    fn every_status_a_layer_can_answer_with_has_all_three_sentences() {
        for code in [400, 403, 404, 405, 408, 413, 415, 422, 429, 500, 503, 504] {
            let problem = Problem::from_status(StatusCode::from_u16(code).unwrap());
            for sentence in [&problem.0.what_happened, &problem.0.what_is_safe, &problem.0.what_to_do] {
                let sentence = sentence.to_string();
                assert!(sentence.ends_with('.'), "{code}: {sentence:?}");
            }
            assert!(problem.0.status.is_client_error() || problem.0.status.is_server_error());
        }
    }

    #[test]
    fn a_reference_can_be_said_aloud() {
        let said = reference();
        assert_eq!(said.len(), 9);
        assert!(said.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-'), "{said}");
    }

    #[test]
    fn json_is_asked_for_by_name() {
        let mut headers = HeaderMap::new();
        assert!(!wants_json(&headers));
        headers.insert(header::ACCEPT, "text/html, application/json;q=0.9".parse().unwrap());
        assert!(wants_json(&headers));
    }
}
