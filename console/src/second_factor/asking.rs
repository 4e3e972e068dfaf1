//! `/login/code`: the second half of a sign-in.

use askama::Template;
use axum::{
    Form,
    extract::{Query, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;

use crate::{
    Console,
    accounts::Operator,
    caller::Caller,
    layout::{Frame, Tone},
    page::Page,
    problem::Problem,
    sessions::Stage,
    sign_in::{LoginQuery, cookie_name, enter, local, span},
    throttle::Pause,
    words::{Said, say},
};

/// The page at `/login/code`.
#[derive(Debug, Template)]
#[template(path = "login_code.html")]
struct LoginCode {
    frame: Frame,
    next: String,
}

/// The sign-in that waits for its code, if this browser has begun one.
async fn waiting_for_code(console: &Console, jar: &CookieJar) -> Result<Option<Operator>, Problem> {
    let Some(held) = jar.get(&cookie_name(console.program())) else { return Ok(None) };
    let found = console.sessions().look(held.value()).await?;
    Ok(found.filter(|found| found.stage == Stage::Code).map(|found| found.operator))
}

/// `GET /login/code`
pub(crate) async fn code_page(
    State(console): State<Console>,
    jar: CookieJar,
    Query(query): Query<LoginQuery>,
) -> Result<Response, Problem> {
    if waiting_for_code(&console, &jar).await?.is_none() {
        return Ok(Redirect::to("/login").into_response());
    }
    let frame = Frame::new(console.program(), say("factor-second-factor"));
    Ok(Page(LoginCode { frame, next: local(&query.next).to_owned() }).into_response())
}

/// What the form at `/login/code` sends.
#[derive(Deserialize)]
pub(crate) struct CodeForm {
    code: String,
    #[serde(default)]
    next: String,
}

/// `POST /login/code`
pub(crate) async fn login_code(
    State(console): State<Console>,
    caller: Caller,
    jar: CookieJar,
    Form(form): Form<CodeForm>,
) -> Result<Response, Problem> {
    let Some(operator) = waiting_for_code(&console, &jar).await? else {
        return Ok(Redirect::to("/login").into_response());
    };
    let again = |status, sentence: Said| {
        let frame = Frame::new(console.program(), say("factor-second-factor")).say(Tone::Bad, sentence.to_string());
        (status, Page(LoginCode { frame, next: local(&form.next).to_owned() })).into_response()
    };
    let leave = match console.throttle().ask(&operator.name, caller.0).await? {
        Ok(leave) => leave,
        Err(Pause { secs }) => {
            tracing::warn!(account = %operator.name, address = %caller, pause_secs = secs, "Sign-in paused after many tries");
            let sentence = say("account-too-many-tries").with("span", span(secs));
            let mut page = again(StatusCode::TOO_MANY_REQUESTS, sentence);
            page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(secs));
            return Ok(page);
        }
    };
    if !console.second_factors().accept(&operator, &form.code).await? {
        tracing::warn!(account = %operator.name, address = %caller, "Second factor refused");
        console.accounts().record_refusal(&operator.name, &leave, "code").await?;
        return Ok(again(StatusCode::UNAUTHORIZED, say("factor-the-code-is-not-right")));
    }
    console.throttle().was_right_twice(leave).await?;
    enter(&console, caller, &jar, &operator, Stage::Whole, &form.next).await
}
