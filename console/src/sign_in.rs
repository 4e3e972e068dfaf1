//! Signing in and out, and who is at the keyboard: the extractor [`SignedIn`].
//!
//! The rule it keeps: the answer to a wrong name, a wrong password and a disabled account is the same and takes the same
//! time. The cookie is `HttpOnly`, `SameSite=Strict` and bound to this host; the address to go on to is one of our own.
//! Who has a second factor is signed in by its code only; until then the cookie opens nothing but the page that asks for it.

use askama::Template;
use axum::{
    Form,
    extract::{FromRef, FromRequestParts, Query, State},
    http::{HeaderValue, Method, StatusCode, header, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use serde::Deserialize;

use crate::{
    Console,
    accounts::{Operator, role_words},
    acts::whence,
    caller::Caller,
    layout::{Frame, Kind, Program, Tone, Transport},
    page::{Page, address},
    passwords::Password,
    problem::{Problem, wants_json},
    sessions::{Found, SessionKey, Stage},
    throttle::Pause,
    words::{Said, say, speaking},
};

/// With TLS: the prefix makes browsers refuse the cookie unless it is `Secure`, for `/`, and set by this very host.
const COOKIE_TLS: &str = "__Host-vrs";

/// On plain HTTP the prefix is not allowed.
const COOKIE_PLAIN: &str = "vrs";

/// The person at the keyboard. A handler that takes it answers nobody else: a page load is sent to the sign-in page and
/// comes back afterwards, a script gets status 401.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who it is.
    pub operator: Operator,
    session: SessionKey,
    path: String,
    enrolling: bool,
}

impl SignedIn {
    /// The session, for what belongs to this browser only.
    #[must_use]
    pub fn session(&self) -> &SessionKey {
        &self.session
    }

    /// Whether nothing can be opened before the person has set up a second factor.
    #[must_use]
    pub(crate) fn is_enrolling(&self) -> bool {
        self.enrolling
    }

    /// The address of the request, without its query.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Goes on only for a person with one of these roles: `who.require_role(&["approver"])?`.
    ///
    /// # Errors
    /// A [`Problem`] that names the roles.
    pub fn require_role(&self, any_of: &[&str]) -> Result<(), Problem> {
        if any_of.iter().any(|role| self.operator.has_role(role)) {
            return Ok(());
        }
        let roles = any_of.iter().map(|role| role_words(role).to_string()).collect::<Vec<_>>();
        let wanted = roles.join(&format!(" {} ", say("account-or")));
        Err(Problem::forbidden(say("account-this-needs-the-role-which").with("wanted", wanted.to_string()).to_string()))
    }
}

impl<S> FromRequestParts<S> for SignedIn
where
    S: Send + Sync,
    Console: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        // Whoever asked before, on the way of this request, has the answer already.
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let console = Console::from_ref(state);
        let jar = CookieJar::from_headers(&parts.headers);
        if let Some(cookie) = jar.get(&cookie_name(console.program())) {
            let found = console.sessions().look(cookie.value()).await;
            match found.map_err(|cause| Problem::from(cause).into_response())? {
                Some(Found { stage: Stage::Enrol, .. }) if parts.uri.path() != ENROL => {
                    return Err(enrol_first(parts));
                }
                Some(Found { operator, key, stage: stage @ (Stage::Whole | Stage::Enrol) }) => {
                    whence::acting(&operator.name);
                    let (path, enrolling) = (parts.uri.path().to_owned(), stage == Stage::Enrol);
                    let who = Self { operator, session: key, path, enrolling };
                    parts.extensions.insert(who.clone());
                    return Ok(who);
                }
                Some(Found { stage: Stage::Code, .. }) | None => {}
            }
        }
        Err(sign_in_first(parts))
    }
}

/// Where a second factor is set up.
const ENROL: &str = "/me/second-factor";

fn enrol_first(parts: &Parts) -> Response {
    if wants_json(&parts.headers) {
        return Problem::sign_in_first().into_response();
    }
    Redirect::to(ENROL).into_response()
}

/// Whether one of the person's roles may not be used without a second factor.
pub(crate) fn must_have_second_factor(console: &Console, who: &Operator) -> bool {
    console.program().second_factor_for.iter().any(|role| who.has_role(role))
}

fn sign_in_first(parts: &Parts) -> Response {
    if wants_json(&parts.headers) {
        return Problem::sign_in_first().into_response();
    }
    // What a form brought is lost, so the way back is to a page, not to an address that takes forms only.
    let wanted = (parts.method == Method::GET).then(|| parts.uri.path_and_query().map_or("/", |path| path.as_str()));
    match wanted {
        None | Some("/") => Redirect::to("/login"),
        Some(path) => Redirect::to(&address("/login", [("next", path.to_owned())])),
    }
    .into_response()
}

/// The page at `/login`.
#[derive(Debug, Template)]
#[template(path = "login.html")]
struct Login {
    frame: Frame,
    name: String,
    next: String,
}

/// What the address of the sign-in page may carry.
#[derive(Debug, Deserialize)]
pub(crate) struct LoginQuery {
    #[serde(default)]
    pub(crate) next: String,
    #[serde(default)]
    left: Option<String>,
}

/// `GET /login`
pub(crate) async fn login_page(
    State(console): State<Console>,
    Query(query): Query<LoginQuery>,
    already: Result<SignedIn, Response>,
) -> Response {
    if already.is_ok() {
        return Redirect::to(local(&query.next)).into_response();
    }
    let mut frame = Frame::new(console.program(), say("account-sign-in"));
    if query.left.is_some() {
        frame = frame.say(Tone::Good, say("account-you-have-signed-out-what"));
    }
    Page(Login { frame, name: String::new(), next: local(&query.next).to_owned() }).into_response()
}

/// What the form at `/login` sends.
#[derive(Deserialize)]
pub(crate) struct LoginForm {
    name: String,
    password: String,
    #[serde(default)]
    next: String,
}

/// `POST /login`
pub(crate) async fn login(
    State(console): State<Console>,
    caller: Caller,
    jar: CookieJar,
    Form(form): Form<LoginForm>,
) -> Result<Response, Problem> {
    let LoginForm { name, password, next } = form;
    let name = name.trim().to_lowercase();
    let password = Password::typed(password);
    let again = |tone, sentence: String| {
        let frame = Frame::new(console.program(), say("account-sign-in")).say(tone, sentence);
        let name = name.chars().take(64).collect();
        Page(Login { frame, name, next: local(&next).to_owned() }).into_response()
    };

    let leave = match console.throttle().ask(&name, caller.0).await? {
        Ok(leave) => leave,
        Err(Pause { secs }) => {
            tracing::warn!(account = %loggable(&name), address = %caller, pause_secs = secs, "Sign-in paused after many tries");
            let mut page = again(Tone::Bad, say("account-too-many-tries").with("span", span(secs)).to_string());
            *page.status_mut() = StatusCode::TOO_MANY_REQUESTS;
            page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
            return Ok(page);
        }
    };
    let Some(operator) = console.accounts().verify(&name, password).await? else {
        tracing::warn!(account = %loggable(&name), address = %caller, "Sign-in refused");
        console.accounts().record_refusal(&name, &leave, "password").await?;
        let mut page = again(Tone::Bad, say("account-name-and-password-do-not").into());
        *page.status_mut() = StatusCode::UNAUTHORIZED;
        return Ok(page);
    };
    let stage = match operator.second_factor {
        true => Stage::Code,
        false if must_have_second_factor(&console, &operator) => Stage::Enrol,
        false => Stage::Whole,
    };
    // With a second factor the password alone proves nothing yet; its try is given back together with that of the code.
    if stage != Stage::Code {
        console.throttle().was_right(leave).await?;
    }
    enter(&console, caller, &jar, &operator, stage, &next).await
}

/// Begins a session with a secret of its own, ends the one the browser held, and leads on.
pub(crate) async fn enter(
    console: &Console,
    caller: Caller,
    held: &CookieJar,
    operator: &Operator,
    stage: Stage,
    next: &str,
) -> Result<Response, Problem> {
    if let Some(old) = held.get(&cookie_name(console.program())) {
        console.sessions().end(old.value()).await?;
    }
    let secret = console.sessions().begin_at(operator, &caller.to_string(), stage).await?;
    let mut jar = CookieJar::new().add(cookie(console.program(), secret.cookie_value().to_owned()));
    // What the account says stands before what this browser said.
    if let Some(chosen) = operator.language.as_deref().and_then(|tag| console.program().languages.find(tag)) {
        jar = jar.add(speaking::cookie(console.program(), &chosen));
    }
    let to = match stage {
        Stage::Code => address("/login/code", [("next", local(next).to_owned())]),
        Stage::Enrol => ENROL.to_owned(),
        Stage::Whole => {
            tracing::info!(account = %operator.name, address = %caller, "Operator signed in");
            local(next).to_owned()
        }
    };
    Ok((jar, Redirect::to(&to)).into_response())
}

/// `POST /logout`; a session that is over already is as good as ended.
pub(crate) async fn logout(State(console): State<Console>, jar: CookieJar) -> Result<Response, Problem> {
    if let Some(held) = jar.get(&cookie_name(console.program())) {
        console.sessions().end(held.value()).await?;
    }
    let mut gone = cookie(console.program(), String::new());
    gone.make_removal();
    Ok((CookieJar::new().add(gone), Redirect::to("/login?left=1")).into_response())
}

/// What the buttons of the language switch send.
#[derive(Debug, Deserialize)]
pub(crate) struct LanguageForm {
    language: String,
    #[serde(default)]
    next: String,
}

/// `POST /language`, for anybody: the choice is kept in the browser, and in the account of who is signed in.
pub(crate) async fn choose_language(
    State(console): State<Console>,
    who: Result<SignedIn, Response>,
    Form(form): Form<LanguageForm>,
) -> Result<Response, Problem> {
    let chosen = console.program().languages.find(&form.language);
    let chosen = chosen.ok_or_else(|| Problem::refused(say("account-no-such-language")))?;
    if let Ok(who) = who {
        console.accounts().set_language(&who.operator.name, &chosen.tag()).await?;
    }
    let jar = CookieJar::new().add(speaking::cookie(console.program(), &chosen));
    // The sign-in page is where a person without a session was.
    Ok((jar, Redirect::to(local(&form.next))).into_response())
}

/// The name of the session cookie. Browsers keep the cookies of all ports of a host together (RFC 6265, section 8.5), so on
/// plain HTTP, where several consoles stand on one machine, each has a name of its own.
#[must_use]
pub fn cookie_name(program: &Program) -> String {
    match (program.transport, program.kind) {
        (Transport::Tls, _) => COOKIE_TLS.to_owned(),
        (Transport::PlainHttp, Kind::Hub) => format!("{COOKIE_PLAIN}-hub"),
        (Transport::PlainHttp, Kind::Node) => format!("{COOKIE_PLAIN}-{}", program.code),
    }
}

/// No expiry: the browser forgets it when it closes, and the session ends by itself on our side.
pub(crate) fn cookie(program: &Program, value: String) -> Cookie<'static> {
    Cookie::build((cookie_name(program), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Strict)
        .secure(program.transport == Transport::Tls)
        .build()
}

/// An address on this console, or the start page. Browsers read `//host`, `/\host` and what follows a tab or line break
/// as another site's address, so nothing but a plain path passes.
pub(crate) fn local(next: &str) -> &str {
    let plain = next.starts_with('/')
        && !next.starts_with("//")
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
        && !next.starts_with("/login")
        && !next.starts_with("/logout");
    if plain { next } else { "/" }
}

/// A name that somebody typed, for the log: it may be a password typed into the wrong field, so only what could be an
/// account's name is written.
fn loggable(name: &str) -> &str {
    if crate::accounts::is_name(name) { name } else { "(no possible name)" }
}

pub(crate) fn span(secs: u64) -> Said {
    match secs {
        0..=1 => say("account-a-second"),
        2..=90 => say("account-seconds").with("count", secs),
        _ => say("account-minutes").with("count", secs.div_ceil(60)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn only_our_own_addresses_are_gone_on_to() {
        for own in ["/", "/releases/4", "/tables?period=2021&form=IE_CIT"] {
            assert_eq!(local(own), own);
        }
        for foreign in [
            "",
            "https://example.org",
            "//example.org",
            "/\\example.org",
            "/\texample.org",
            "/a\nb",
            "releases",
            "/login?next=/login",
            "/logout",
            "javascript:alert(1)",
            "/é",
        ] {
            assert_eq!(local(foreign), "/", "{foreign:?}");
        }
    }

    #[test]
    fn the_cookie_is_bound_to_this_host() {
        let cookie = |transport| {
            cookie(&Program { transport, ..(*crate::layout::tests::program()).clone() }, "s".into()).to_string()
        };
        let tls = cookie(Transport::Tls);
        assert_eq!(tls, "__Host-vrs=s; HttpOnly; SameSite=Strict; Secure; Path=/");
        assert_eq!(cookie(Transport::PlainHttp), "vrs-FRA=s; HttpOnly; SameSite=Strict; Path=/");
    }

    #[test]
    fn a_query_value_is_escaped() {
        let next = address("/login", [("next", "/tables?a=1&b=é".to_owned()), ("from", "2".to_owned())]);
        assert_eq!(next, "/login?next=/tables%3Fa%3D1%26b%3D%C3%A9&from=2");
    }
}
