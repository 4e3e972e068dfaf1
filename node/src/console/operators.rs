//! `/operators` and `/operators/{name}`: persons with their roles, and what an administrator does with an account.
//!
//! The rule it keeps: everything here asks for the administrator's own password again, and code where there is one; and
//! nobody changes the own account here, so that no administrator locks everybody out alone. A password made here is shown
//! once.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use vrs_console::accounts::{Account, role_words};
use vrs_console::layout::{Frame, Tone};
use vrs_console::page::Page;
use vrs_console::passwords::{Password, PasswordError};
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Row};
use vrs_runtime::random;

use super::App;
use super::frame::{capital, problem};
use crate::error::NodeError;
use crate::national::{Agency, AgencyCode};
use crate::roles::Role;
use crate::say;

/// A role, and whether the person has it.
struct RoleChoice {
    code: &'static str,
    words: String,
    chosen: bool,
}

impl Operators {
    /// Nobody is chosen before a person is added; for the fields that both pages share.
    fn is_of(&self, _agency: &Agency) -> bool {
        false
    }
}

impl OperatorPage {
    fn is_of(&self, agency: &Agency) -> bool {
        agency.code.as_str() == self.agency
    }
}

fn choices(account: Option<&Account>) -> Vec<RoleChoice> {
    let choice = |role: Role| RoleChoice {
        code: role.code(),
        words: role_words(role.code()).to_string(),
        chosen: account.is_some_and(|account| account.operator.has_role(role.code())),
    };
    Role::ALL.into_iter().map(choice).collect()
}

#[derive(Template)]
#[template(path = "operators.html")]
pub(super) struct Operators {
    frame: Frame,
    table: FigureTable,
    roles: Vec<RoleChoice>,
    agencies: Vec<Agency>,
}

pub(super) async fn operators(State(app): State<App>, who: SignedIn) -> Result<Page<Operators>, Problem> {
    let frame = app.frame(&who, say("operators-people")).await?.lead(say("operators-who-may-sign-in"));
    let (accounts, last) =
        (app.node.list_accounts().await.map_err(problem)?, app.node.last_sign_ins().await.map_err(problem)?);
    let columns = [
        Column::text(say("login-name")),
        Column::text(say("operators-called")),
        Column::text(say("me-roles")),
        Column::text(say("me-agency")),
        Column::text(say("operators-last-sign-in")),
        Column::text(say("factor-second-factor")),
        Column::text(say("operators-state")),
    ];
    let rows = accounts.iter().map(|account| {
        let operator = &account.operator;
        let roles = operator.roles.iter().map(|role| role_words(role).to_string()).collect::<Vec<_>>().join(", ");
        let row = Row::new(operator.name.clone()).link(format!("/operators/{}", operator.name));
        let row = row.text(operator.display_name.clone()).text(roles).text(operator.agency.clone().unwrap_or_default());
        let row = match last.get(&operator.name) {
            Some(at) => row.cell(Cell::Moment(app.moment(*at))),
            None => row.text(say("operators-never")),
        };
        let row = row.text(if operator.second_factor { say("operators-set-up") } else { say("operators-none") });
        let state = if account.disabled {
            (Tone::Caution, say("operators-suspended"))
        } else {
            (Tone::Good, say("operators-may-sign-in"))
        };
        row.cell(Cell::Badge(state.0, state.1.into()))
    });
    let table = FigureTable::new(say("operators-people"), columns).wide().rows(rows);
    let agencies = app.node.agencies().await.map_err(problem)?;
    Ok(Page(Operators { frame, table, roles: choices(None), agencies }))
}

/// A password that was just made, on its only page.
#[derive(Template)]
#[template(path = "operator_password.html")]
struct Made {
    frame: Frame,
    name: String,
    password: String,
}

/// What a form sent, field by field; roles come several times.
struct Sent(Vec<(String, String)>);

impl Sent {
    fn field(&self, wanted: &str) -> &str {
        self.0.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.trim())
    }

    fn roles(&self) -> Result<Vec<Role>, Problem> {
        let named = self.0.iter().filter(|(name, _)| name == "role");
        named.map(|(_, code)| Role::parse(code).map_err(|error| Problem::refused(capital(&error)))).collect()
    }

    fn agency(&self) -> Result<Option<AgencyCode>, Problem> {
        let text = self.field("agency");
        let code = (!text.is_empty()).then(|| AgencyCode::parse(text)).transpose();
        code.map_err(|error| Problem::refused(capital(&error.to_string())))
    }
}

pub(super) async fn add(
    State(app): State<App>,
    who: SignedIn,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let sent = Sent(sent);
    if let Err(sentence) = confirm(&app, &who, &sent).await? {
        app.console.say(&who, Tone::Bad, sentence).await?;
        return Ok(Redirect::to("/operators").into_response());
    }
    let (text, password) = fresh()?;
    let (name, called) = (sent.field("name"), sent.field("display_name"));
    let added = app.node.add_account(name, called, &sent.roles()?, sent.agency()?.as_ref(), password).await;
    shown(&app, &who, added.map_err(problem)?.name, text).await
}

#[derive(Template)]
#[template(path = "operator.html")]
pub(super) struct OperatorPage {
    frame: Frame,
    name: String,
    own: bool,
    disabled: bool,
    second_factor: bool,
    agency: String,
    roles: Vec<RoleChoice>,
    agencies: Vec<Agency>,
}

pub(super) async fn operator(
    State(app): State<App>,
    who: SignedIn,
    Path(name): Path<String>,
) -> Result<Page<OperatorPage>, Problem> {
    let account = find(&app, &name).await?;
    let frame =
        app.frame(&who, account.operator.display_name.clone()).await?.below(say("operators-people"), "/operators");
    Ok(Page(OperatorPage {
        frame,
        own: account.operator.name == who.operator.name,
        disabled: account.disabled,
        second_factor: account.operator.second_factor,
        agency: account.operator.agency.clone().unwrap_or_default(),
        roles: choices(Some(&account)),
        agencies: app.node.agencies().await.map_err(problem)?,
        name: account.operator.name,
    }))
}

pub(super) async fn change(
    State(app): State<App>,
    who: SignedIn,
    Path(name): Path<String>,
    Form(sent): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let (sent, account) = (Sent(sent), find(&app, &name).await?);
    let back = || Redirect::to(&format!("/operators/{}", account.operator.name)).into_response();
    if account.operator.name == who.operator.name {
        return Err(Problem::refused(say("operators-not-the-own-account")));
    }
    if let Err(sentence) = confirm(&app, &who, &sent).await? {
        app.console.say(&who, Tone::Bad, sentence).await?;
        return Ok(back());
    }
    let done = match sent.field("do") {
        "roles" => {
            let agency = sent.agency()?;
            app.node.set_roles(&name, &sent.roles()?, agency.as_ref()).await.map(|()| say("operators-roles-are-set"))
        }
        "suspend" => app.node.disable_account(&name).await.map(|()| say("operators-is-suspended")),
        "enable" => app.node.enable_account(&name).await.map(|()| say("operators-is-enabled")),
        "end-sessions" => {
            app.node.end_sessions(&name).await.map(|ended| say("account-other-sessions-ended").with("count", ended))
        }
        "reset-second-factor" => {
            app.node.reset_second_factor(&name).await.map(|_| say("operators-second-factor-is-reset"))
        }
        "password" => {
            let (text, password) = fresh()?;
            app.node.set_password(&name, password).await.map_err(problem)?;
            return shown(&app, &who, name, text).await;
        }
        _ => return Err(Problem::refused(say("operators-choose-what-to-do"))),
    };
    app.console.say(&who, Tone::Good, done.map_err(problem)?).await?;
    Ok(back())
}

async fn find(app: &App, name: &str) -> Result<Account, Problem> {
    let found = app.node.accounts().find(name).await.map_err(|error| problem(NodeError::Account(error)))?;
    found.ok_or_else(|| Problem::not_found(say("operators-no-such-account")))
}

/// The administrator's own password, and code where there is one.
async fn confirm(app: &App, who: &SignedIn, sent: &Sent) -> Result<Result<(), String>, Problem> {
    app.step_up(who, sent.field("password").to_owned(), sent.field("code").to_owned()).await
}

/// A password of 120 random bits, in groups that can be read out.
fn fresh() -> Result<(String, Password), Problem> {
    let text = data_encoding::BASE32_NOPAD.encode(&random::bytes::<15>()).to_lowercase();
    let groups: Vec<&str> = (0..text.len()).step_by(6).filter_map(|at| text.get(at..at + 6)).collect();
    let text = groups.join("-");
    let password = Password::new(text.clone());
    Ok((text, password.map_err(|error: PasswordError| Problem::internal("make a password", &error))?))
}

async fn shown(app: &App, who: &SignedIn, name: String, password: String) -> Result<Response, Problem> {
    let frame =
        app.frame(who, say("operators-password-to-hand-over")).await?.below(say("operators-people"), "/operators");
    Ok(Page(Made { frame, name, password }).into_response())
}
