//! What the buttons of a release do: approve, return to the preparer, withdraw. Each is done by a second person.

use axum::Form;
use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;
use vrs_console::layout::Tone;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;

use super::App;
use super::frame::problem;
use super::words::{codes, withdrawal_reason};
use crate::node::WithdrawOutcome;
use crate::roles::Role;
use crate::say;
use crate::store;

/// What the form of an approval or withdrawal says.
#[derive(Deserialize)]
pub(super) struct Act {
    #[serde(default)]
    password: String,
    #[serde(default)]
    code: String,
    #[serde(default)]
    reason: String,
    /// Why it shall leave although cells can be worked out.
    #[serde(default)]
    despite: String,
}

pub(super) async fn approve(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<i64>,
    Form(act): Form<Act>,
) -> Result<Redirect, Problem> {
    who.require_role(&[Role::Approver.code()])?;
    let back = Redirect::to(&format!("/releases/{id}"));
    refuse_the_preparer(&app, &who, id).await?;
    if let Err(sentence) = app.step_up(&who, act.password, act.code).await? {
        app.console.say(&who, Tone::Bad, sentence).await?;
        return Ok(back);
    }
    let approved = app.node.approve_despite(id, &act.despite, &who.operator).await.map_err(problem)?;
    let sentence = say("release-approved").with("count", approved.len());
    app.console.say(&who, Tone::Good, sentence).await?;
    Ok(back)
}

/// Asked before the password is, so that nobody types it for nothing. The node asks again when it approves.
async fn refuse_the_preparer(app: &App, who: &SignedIn, id: i64) -> Result<(), Problem> {
    let mut tx = app.read("find a release").await?;
    let release = store::releases::find(&mut tx, id).await?;
    let release = release.ok_or_else(|| {
        Problem::not_found(say("release-there-is-no-release-on").with("id", id.to_string()).to_string())
    })?;
    if release.prepared_by.0 == who.operator.name {
        return Err(Problem::forbidden(say("release-you-prepared-this-release-nobody"))
            .next(say("release-ask-another-approver")));
    }
    Ok(())
}

pub(super) async fn discard(State(app): State<App>, who: SignedIn, Path(id): Path<i64>) -> Result<Redirect, Problem> {
    // An approver returns it; the preparer takes it back while nobody has approved it. The node knows which.
    who.require_role(&[Role::Approver.code(), Role::FocalPoint.code()])?;
    let mut tx = app.read("find a release").await?;
    let stands = store::releases::find(&mut tx, id).await?.is_some_and(|release| release.state.stands());
    drop(tx);
    if stands {
        return Err(Problem::refused(say("release-it-has-left-meanwhile-and")));
    }
    // A reason is for those who have seen it; nobody outside has.
    let outcome = app
        .node
        .withdraw(id, vrs_protocol::release::WithdrawalReason::Unstated, &who.operator)
        .await
        .map_err(problem)?;
    app.console.say(&who, Tone::Good, outcome_words(&outcome)).await?;
    Ok(Redirect::to("/releases"))
}

pub(super) async fn withdraw(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<i64>,
    Form(act): Form<Act>,
) -> Result<Redirect, Problem> {
    who.require_role(&[Role::Approver.code()])?;
    let back = Redirect::to(&format!("/releases/{id}"));
    let reason =
        withdrawal_reason(&act.reason).ok_or_else(|| Problem::refused("Choose a reason for the withdrawal."))?;
    if let Err(sentence) = app.step_up(&who, act.password, act.code).await? {
        app.console.say(&who, Tone::Bad, sentence).await?;
        return Ok(back);
    }
    let outcome = app.node.withdraw(id, reason, &who.operator).await.map_err(problem)?;
    app.console.say(&who, Tone::Good, outcome_words(&outcome)).await?;
    Ok(back)
}

fn outcome_words(outcome: &WithdrawOutcome) -> String {
    match outcome {
        WithdrawOutcome::LetGo(ids) => say("release-let-go").with("count", ids.len()).into(),
        WithdrawOutcome::Signed { read_by, .. } if read_by.is_empty() => {
            say("release-the-withdrawal-is-signed-and").into()
        }
        WithdrawOutcome::Signed { read_by, .. } => {
            say("release-the-withdrawal-is-signed-and-2").with("readers", codes(read_by).to_string()).to_string()
        }
    }
}
