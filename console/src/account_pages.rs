//! `/me`: a person's own account, password and sessions.

use askama::Template;
use axum::{
    Form,
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use crate::accounts::role_words;
use crate::passwords::BYTES_MAX;
use crate::words::say;
use crate::{
    Console,
    accounts::{AccountError, Operator},
    caller::Caller,
    layout::{Frame, Tone},
    moment::Moment,
    page::Page,
    passwords::{CHARACTERS_MIN, Password, PasswordError},
    problem::Problem,
    sign_in::SignedIn,
    throttle::Pause,
};

/// The page at `/me`.
#[derive(Debug, Template)]
#[template(path = "me.html")]
struct Me {
    frame: Frame,
    operator: Operator,
    roles: String,
    sessions: Vec<SessionRow>,
    characters_min: usize,
}

/// One of the person's sessions.
#[derive(Debug)]
struct SessionRow {
    since: Moment,
    last_used: Moment,
    address: String,
    label: String,
    here: bool,
}

/// `GET /me`
pub(crate) async fn me(State(console): State<Console>, who: SignedIn) -> Result<Response, Problem> {
    let zone = &console.program().zone;
    let lines = console.sessions().list(&who.operator).await?;
    let sessions = lines
        .into_iter()
        .map(|line| SessionRow {
            since: zone.moment(line.created_at),
            last_used: zone.moment(line.last_used_at),
            address: line.address,
            label: line.key.label(),
            here: &line.key == who.session(),
        })
        .collect();
    let roles = who.operator.roles.iter().map(|role| role_words(role).to_string()).collect::<Vec<_>>().join(", ");
    let frame = console.frame(&who, say("account-my-account")).await?;
    let page = Me { frame, operator: who.operator, roles, sessions, characters_min: CHARACTERS_MIN };
    Ok(Page(page).into_response())
}

/// What the form on the password sends.
#[derive(Deserialize)]
pub(crate) struct PasswordForm {
    current: String,
    new: String,
    again: String,
}

/// `POST /me/password`
pub(crate) async fn change_password(
    State(console): State<Console>,
    who: SignedIn,
    caller: Caller,
    Form(form): Form<PasswordForm>,
) -> Result<Redirect, Problem> {
    let (tone, sentence) = match set_password(&console, &who, caller, form).await? {
        Ok(()) => (Tone::Good, say("account-the-password-is-changed-your").to_string()),
        Err(refusal) => (Tone::Bad, refusal),
    };
    console.say(&who, tone, sentence).await?;
    Ok(Redirect::to("/me"))
}

/// The inner error is a sentence for the person. The current password is asked for under the same throttle as at
/// sign-in: an unattended browser must not become a place to guess in.
async fn set_password(
    console: &Console,
    who: &SignedIn,
    caller: Caller,
    form: PasswordForm,
) -> Result<Result<(), String>, Problem> {
    let new = match Password::new(form.new) {
        Ok(new) if new.is_same_as(&form.again) => new,
        Ok(_) => return Ok(Err(say("account-the-new-password-was-not").into())),
        Err(refused) => return Ok(Err(sentence(&refused))),
    };
    let name = &who.operator.name;
    let leave = match console.throttle().ask(name, caller.0).await? {
        Ok(leave) => leave,
        Err(Pause { secs }) => {
            return Ok(Err(say("account-too-many-tries-nothing-changed").with("count", secs).to_string()));
        }
    };
    if console.accounts().verify(name, Password::typed(form.current)).await?.is_none() {
        console.accounts().record_refusal(name, &leave, "password").await?;
        return Ok(Err(say("account-the-current-password-is-not").into()));
    }
    console.throttle().was_right(leave).await?;
    console.accounts().set_password(name, new, Some(who.session())).await?;
    Ok(Ok(()))
}

fn sentence(refused: &PasswordError) -> String {
    let cause = match refused {
        PasswordError::TooShort => say("account-password-too-short").with("least", CHARACTERS_MIN),
        PasswordError::TooLong => say("account-password-too-long").with("most", BYTES_MAX.to_string()),
        PasswordError::OneCharacter => say("account-password-one-character"),
        other => other.to_string().into(),
    };
    say("account-password-refused").with("cause", cause).to_string()
}

/// What the button beside a session sends.
#[derive(Debug, Deserialize)]
pub(crate) struct EndForm {
    session: String,
}

/// `POST /me/sessions/end`
pub(crate) async fn end_session(
    State(console): State<Console>,
    who: SignedIn,
    Form(form): Form<EndForm>,
) -> Result<Redirect, Problem> {
    let (tone, sentence) = if console.sessions().end_by_label(&who.operator, &form.session).await? {
        (Tone::Good, say("account-the-session-has-ended"))
    } else {
        (Tone::Plain, say("account-that-session-had-ended-already"))
    };
    console.say(&who, tone, sentence).await?;
    Ok(Redirect::to("/me"))
}

/// `POST /me/sessions/end-others`
pub(crate) async fn end_other_sessions(State(console): State<Console>, who: SignedIn) -> Result<Redirect, Problem> {
    let ended = console.sessions().end_others(&who.operator, Some(who.session())).await?;
    console.say(&who, Tone::Good, say("account-other-sessions-ended").with("count", ended)).await?;
    Ok(Redirect::to("/me"))
}

impl From<AccountError> for Problem {
    fn from(cause: AccountError) -> Self {
        match cause {
            AccountError::Database(cause) => cause.into(),
            AccountError::Unknown(_) => Self::not_found(said(&cause)),
            AccountError::Name(_) => Self::refused(said(&cause)),
            AccountError::Exists(_) => Self::conflict(said(&cause)),
            AccountError::Password(PasswordError::TooShort | PasswordError::TooLong | PasswordError::OneCharacter) => {
                Self::refused(said(&cause))
            }
            AccountError::Password(cause) => Self::internal("work with a password", &cause),
        }
    }
}

/// An error's text as a sentence.
fn said(cause: &AccountError) -> String {
    let text = cause.to_string();
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", characters.as_str())
}
