//! `account add|list|disable|enable|password|roles|end-sessions|reset-second-factor`, `charter show|accept`, and the person behind a command.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};

use vrs_console::accounts::Operator;
use vrs_console::passwords::Password;
use vrs_protocol::time::Timestamp;
use vrs_runtime::exit::Exit;
use vrs_runtime::output::{Output, columns};
use vrs_runtime::settings::read_secret_text;

use super::arguments::{Account, Charter, PerhapsWho, Who};
use crate::error::{NodeError, Result};
use crate::node::{CharterReport, Node};

/// The person who acts, signed in.
pub(super) async fn operator(node: &Node, who: &Who) -> Result<Operator> {
    let text = match password_of_file()? {
        Some(text) => text,
        None => typed(&format!("Password of {}: ", who.account))?,
    };
    node.sign_in_with(&who.account, Password::typed(text), || code_of(&who.account)).await
}

/// The code of a second factor, from `VRS_CODE` or the terminal. It is of use for a minute, so that it may stand there.
fn code_of(account: &str) -> Result<String> {
    match std::env::var("VRS_CODE") {
        Ok(code) if !code.is_empty() => Ok(code),
        _ if !std::io::stdin().is_terminal() => Err(NodeError::Usage(format!(
            "{account} has a second factor, and there is no terminal to type its code at; put it into VRS_CODE"
        ))),
        _ => typed(&format!("Code of {account}: ")),
    }
}

/// Checks the person behind a command that anybody at the folder may give, if one is named.
pub(super) async fn perhaps_operator(node: &Node, who: PerhapsWho) -> Result<()> {
    match who.account {
        Some(account) => operator(node, &Who { account }).await.map(drop),
        None => Ok(()),
    }
}

/// The password in the file that `VRS_PASSWORD_FILE` names, if it names one.
fn password_of_file() -> Result<Option<String>> {
    let Some(file) = std::env::var_os("VRS_PASSWORD_FILE").filter(|file| !file.is_empty()) else { return Ok(None) };
    Ok(Some(read_secret_text(Path::new(""), &PathBuf::from(file))?.to_string()))
}

fn typed(prompt: &str) -> Result<String> {
    if !std::io::stdin().is_terminal() {
        return Err(NodeError::Usage(
            "there is no terminal to type a password at; name a file with it in VRS_PASSWORD_FILE".into(),
        ));
    }
    rpassword::prompt_password(prompt)
        .map_err(|cause| NodeError::Refused(format!("no password could be read: {cause}")))
}

/// A password for somebody: that of the file, or one that is typed twice.
fn new_password(name: &str) -> Result<Password> {
    let text = match password_of_file()? {
        Some(text) => text,
        None => {
            let text = typed(&format!("New password of {name}: "))?;
            if text != typed("The same again: ")? {
                return Err(NodeError::Refused("the two passwords differ; nothing was changed".into()));
            }
            text
        }
    };
    Ok(Password::new(text).map_err(vrs_console::accounts::AccountError::from)?)
}

pub(super) async fn account(node: &Node, command: Account, output: &Output) -> Result<Exit> {
    match command {
        Account::Add { name, roles, agency, display_name } => {
            let password = new_password(&name)?;
            let shown = display_name.unwrap_or_else(|| name.clone());
            let added = node.add_account(&name, &shown, &roles, agency.as_ref(), password).await?;
            let value = serde_json::json!({ "name": added.name, "roles": added.roles });
            output.answer(&value, || format!("{} may sign in now.", added.name));
        }
        Account::List => {
            let all = node.list_accounts().await?;
            let value = |account: &vrs_console::accounts::Account| {
                serde_json::json!({
                    "name": account.operator.name,
                    "display_name": account.operator.display_name,
                    "roles": account.operator.roles,
                    "agency": account.operator.agency,
                    "second_factor": account.operator.second_factor,
                    "disabled": account.disabled,
                    "created_at": Timestamp(account.created_at),
                })
            };
            output.answer(&all.iter().map(value).collect::<Vec<_>>(), || {
                let row = |account: &vrs_console::accounts::Account| {
                    let roles: Vec<&str> = account.operator.roles.iter().map(String::as_str).collect();
                    let state = if account.disabled { "disabled" } else { "may sign in" };
                    vec![
                        account.operator.name.clone(),
                        account.operator.display_name.clone(),
                        roles.join(", "),
                        account.operator.agency.clone().unwrap_or_default(),
                        if account.operator.second_factor { "set up".to_owned() } else { "none".to_owned() },
                        state.to_owned(),
                    ]
                };
                columns(
                    &["name", "called", "roles", "agency", "second factor", "state"],
                    &all.iter().map(row).collect::<Vec<_>>(),
                )
            });
        }
        Account::Disable { name } => {
            node.disable_account(&name).await?;
            output.answer(&serde_json::json!({ "disabled": name }), || format!("{name} can no longer sign in."));
        }
        Account::Enable { name } => {
            node.enable_account(&name).await?;
            output.answer(&serde_json::json!({ "enabled": name }), || format!("{name} may sign in again."));
        }
        Account::Password { name } => {
            node.set_password(&name, new_password(&name)?).await?;
            let value = serde_json::json!({ "password_set": name });
            output.answer(&value, || {
                format!("{name} signs in with the new password from now on, and is signed out everywhere.")
            });
        }
        Account::Roles { name, roles, agency } => {
            node.set_roles(&name, &roles, agency.as_ref()).await?;
            let value = serde_json::json!({ "name": name, "roles": roles });
            output.answer(&value, || format!("The roles of {name} are set; {name} signs in anew."));
        }
        Account::EndSessions { name } => {
            let ended = node.end_sessions(&name).await?;
            let value = serde_json::json!({ "name": name, "sessions_ended": ended });
            output.answer(&value, || format!("{name} is signed out everywhere ({ended} sessions)."));
        }
        Account::ResetSecondFactor { name } => {
            let was_there = node.reset_second_factor(&name).await?;
            output.answer(&serde_json::json!({ "name": name, "was_there": was_there }), || {
                let done = if was_there { "is taken away, and the person is signed out" } else { "was not there" };
                format!("The second factor of {name} {done}.")
            });
        }
    }
    Ok(Exit::Done)
}

pub(super) async fn charter(node: &Node, command: Charter, output: &Output) -> Result<Exit> {
    match command {
        Charter::Show => {
            let report = node.charter().await?;
            output.answer(&report, || charter_words(&report));
        }
        Charter::Accept { who } => {
            let who = operator(node, &who).await?;
            let report = node.accept_charter(&who).await?;
            output.answer(&report, || {
                format!("The Charter of line {} is accepted; releases are possible under it.", report.line)
            });
        }
    }
    Ok(Exit::Done)
}

fn charter_words(report: &CharterReport) -> String {
    let accepted = match &report.accepted {
        Some(acceptance) => format!("Accepted here by {} at {}.", acceptance.by, acceptance.at),
        None => {
            "Not accepted here yet: nothing is released under it. Accept it with: vrs-node charter accept --as ACCOUNT"
                .to_owned()
        }
    };
    let rules = report.charter.to_toml().unwrap_or_default();
    format!("Charter of line {}\n\n{rules}\n{accepted}", report.line)
}
