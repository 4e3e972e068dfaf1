//! `/me/second-factor`: setting one up, seeing that it is there, taking it away.

use askama::Template;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::qr::Qr;
use crate::{
    Console,
    caller::Caller,
    layout::{Frame, Kind, Tone},
    page::Page,
    passwords::Password,
    problem::Problem,
    sign_in::{SignedIn, cookie, must_have_second_factor},
    throttle::{Leave, Pause},
    words::say,
};

/// The page of a person who has none: the secret to set up.
#[derive(Template)]
#[template(path = "second_factor_offer.html")]
struct Offer {
    frame: Frame,
    qr: Option<Qr>,
    secret: Zeroizing<String>,
    asks_password: bool,
}

/// The page of a person who has one.
#[derive(Template)]
#[template(path = "second_factor.html")]
struct There {
    frame: Frame,
    codes_left: u64,
    required: bool,
}

/// The recovery codes, once.
#[derive(Template)]
#[template(path = "recovery_codes.html")]
struct Codes {
    frame: Frame,
    codes: Vec<Zeroizing<String>>,
}

/// `GET /me/second-factor`
pub(crate) async fn second_factor(State(console): State<Console>, who: SignedIn) -> Result<Response, Problem> {
    page(&console, &who, None).await
}

async fn page(console: &Console, who: &SignedIn, refused: Option<String>) -> Result<Response, Problem> {
    let mut frame = console.frame(who, say("factor-second-factor")).await?.below(say("account-my-account"), "/me");
    if let Some(sentence) = refused {
        frame = frame.say(Tone::Bad, sentence);
    }
    let Some(secret) = console.second_factors().offered(&who.operator).await? else {
        let codes_left = console.second_factors().codes_left(&who.operator).await?;
        let required = must_have_second_factor(console, &who.operator);
        return Ok(Page(There { frame, codes_left, required }).into_response());
    };
    if who.is_enrolling() {
        frame = frame.lead(say("factor-your-role-needs-one"));
    }
    let program = console.program();
    let issuer = match program.kind {
        Kind::Node => format!("VRS {}", program.code),
        Kind::Hub => format!("VRS {}", program.participant),
    };
    let address = secret.address(&issuer, &who.operator.name);
    let label = say("factor-qr-code").to_string();
    let offer =
        Offer { frame, qr: Qr::of(&address, &label), secret: secret.base32(), asks_password: !who.is_enrolling() };
    Ok(Page(offer).into_response())
}

/// What the forms send.
#[derive(Deserialize)]
pub(crate) struct FactorForm {
    #[serde(default)]
    password: String,
    code: String,
}

/// `POST /me/second-factor`
pub(crate) async fn enrol(
    State(console): State<Console>,
    who: SignedIn,
    caller: Caller,
    Form(form): Form<FactorForm>,
) -> Result<Response, Problem> {
    // Who comes from the sign-in has typed the password a moment ago; anybody else may be at somebody's unattended browser.
    if !who.is_enrolling() {
        match password(&console, &who, caller, form.password).await? {
            Ok(leave) => console.throttle().was_right(leave).await?,
            Err(sentence) => return page(&console, &who, Some(sentence)).await,
        }
    }
    let Some(codes) = console.second_factors().enrol(&who.operator, &form.code, who.session()).await? else {
        return page(&console, &who, Some(say("factor-the-code-is-not-right").into())).await;
    };
    let secret = console.sessions().renew(who.session(), &who.operator, &caller.to_string()).await?;
    let jar = CookieJar::new().add(cookie(console.program(), secret.cookie_value().to_owned()));
    let frame = Frame::new(console.program(), say("factor-recovery-codes"))
        .signed_in(who.operator.clone())
        .say(Tone::Good, say("factor-it-is-set-up"));
    Ok((jar, Page(Codes { frame, codes })).into_response())
}

/// `POST /me/second-factor/remove`
pub(crate) async fn remove(
    State(console): State<Console>,
    who: SignedIn,
    caller: Caller,
    Form(form): Form<FactorForm>,
) -> Result<Response, Problem> {
    if must_have_second_factor(&console, &who.operator) {
        return page(&console, &who, Some(say("factor-your-role-keeps-it").into())).await;
    }
    let leave = match password(&console, &who, caller, form.password).await? {
        Ok(leave) => leave,
        Err(sentence) => return page(&console, &who, Some(sentence)).await,
    };
    if !console.second_factors().accept(&who.operator, &form.code).await? {
        console.accounts().record_refusal(&who.operator.name, &leave, "code").await?;
        return page(&console, &who, Some(say("factor-the-code-is-not-right").into())).await;
    }
    console.throttle().was_right(leave).await?;
    console.accounts().reset_second_factor(&who.operator.name).await?;
    Ok(Redirect::to("/login").into_response())
}

/// Asks for the password under the throttle of the sign-in. The inner error is a sentence for the person.
async fn password(
    console: &Console,
    who: &SignedIn,
    caller: Caller,
    typed: String,
) -> Result<Result<Leave, String>, Problem> {
    let name = &who.operator.name;
    let leave = match console.throttle().ask(name, caller.0).await? {
        Ok(leave) => leave,
        Err(Pause { secs }) => {
            return Ok(Err(say("account-too-many-tries-nothing-changed").with("count", secs).to_string()));
        }
    };
    if console.accounts().verify(name, Password::typed(typed)).await?.is_none() {
        console.accounts().record_refusal(name, &leave, "password").await?;
        return Ok(Err(say("account-the-current-password-is-not").into()));
    }
    Ok(Ok(leave))
}
