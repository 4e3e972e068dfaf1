//! `account add|list|disable|enable|password|end-sessions|reset-second-factor`.

use std::io::IsTerminal;
use std::path::PathBuf;

use vrs_console::accounts::{AccountError, Accounts, NewAccount};
use vrs_console::passwords::Password;
use vrs_protocol::time::Timestamp;
use vrs_runtime::exit::Exit;
use vrs_runtime::output::{Output, columns};
use vrs_runtime::settings::read_secret_text;

use super::arguments::Account;
use crate::hub::Hub;
use crate::problem::HubError;
use crate::roles::Role;

pub(super) async fn run(hub: &Hub, command: Account, output: &Output) -> Result<Exit, HubError> {
    let accounts = Accounts::new(hub.database().clone(), hub.clock().clone());
    match command {
        Account::Add { name, roles, display_name } => add(&accounts, &name, &roles, &display_name, output).await?,
        Account::List => list(&accounts, output).await?,
        Account::Disable { name } => {
            accounts.disable(&name).await?;
            output.answer(&serde_json::json!({ "disabled": name }), || format!("{name} can no longer sign in."));
        }
        Account::Enable { name } => {
            accounts.enable(&name).await?;
            output.answer(&serde_json::json!({ "enabled": name }), || format!("{name} may sign in again."));
        }
        Account::Password { name } => {
            if accounts.find(&name).await?.is_none() {
                return Err(AccountError::Unknown(name).into());
            }
            accounts.set_password(&name, new_password(&name)?, None).await?;
            let value = serde_json::json!({ "password_set": name });
            output.answer(&value, || {
                format!("{name} signs in with the new password from now on, and is signed out everywhere.")
            });
        }
        Account::EndSessions { name } => {
            let ended = accounts.end_sessions(&name).await?;
            let value = serde_json::json!({ "name": name, "sessions_ended": ended });
            output.answer(&value, || format!("{name} is signed out everywhere ({ended} sessions)."));
        }
        Account::ResetSecondFactor { name } => {
            let was_there = accounts.reset_second_factor(&name).await?;
            output.answer(&serde_json::json!({ "name": name, "was_there": was_there }), || {
                let done = if was_there { "is taken away, and the person is signed out" } else { "was not there" };
                format!("The second factor of {name} {done}.")
            });
        }
    }
    hub.close().await?;
    Ok(Exit::Done)
}

async fn add(
    accounts: &Accounts,
    name: &str,
    roles: &[Role],
    display_name: &str,
    output: &Output,
) -> Result<(), HubError> {
    let new = NewAccount::new(name, display_name)?.with_roles(roles.iter().map(|role| role.code()));
    if accounts.find(name).await?.is_some() {
        return Err(AccountError::Exists(name.to_owned()).into());
    }
    let operator = accounts.add(new, new_password(name)?).await?;
    let roles: Vec<&String> = operator.roles.iter().collect();
    output.answer(&serde_json::json!({ "name": operator.name, "roles": roles }), || {
        format!("{} may sign in now.", operator.name)
    });
    Ok(())
}

async fn list(accounts: &Accounts, output: &Output) -> Result<(), HubError> {
    let all = accounts.list().await?;
    let values: Vec<serde_json::Value> = all
        .iter()
        .map(|account| {
            serde_json::json!({
                "name": account.operator.name,
                "display_name": account.operator.display_name,
                "roles": account.operator.roles,
                "disabled": account.disabled,
                "created_at": Timestamp(account.created_at),
            })
        })
        .collect();
    output.answer(&values, || {
        let row = |account: &vrs_console::accounts::Account| {
            let roles: Vec<&str> = account.operator.roles.iter().map(String::as_str).collect();
            let state = if account.disabled { "disabled" } else { "may sign in" };
            vec![
                account.operator.name.clone(),
                account.operator.display_name.clone(),
                roles.join(", "),
                state.to_owned(),
            ]
        };
        columns(&["name", "called", "roles", "state"], &all.iter().map(row).collect::<Vec<_>>())
    });
    Ok(())
}

/// A password for somebody: that of the file, or one that is typed.
fn new_password(name: &str) -> Result<Password, HubError> {
    let text = match password_of_file()? {
        Some(text) => text,
        None => typed(name)?,
    };
    Ok(Password::new(text).map_err(AccountError::from)?)
}

/// The password in the file that `VRS_PASSWORD_FILE` names, if it names one.
pub(super) fn password_of_file() -> Result<Option<String>, HubError> {
    let Some(file) = std::env::var_os("VRS_PASSWORD_FILE").filter(|file| !file.is_empty()) else { return Ok(None) };
    let text = read_secret_text(std::path::Path::new(""), &PathBuf::from(file))?;
    Ok(Some(text.to_string()))
}

/// A password typed twice at the terminal.
fn typed(name: &str) -> Result<String, HubError> {
    let unusable = |cause: std::io::Error| HubError::Sentence(format!("no password could be read: {cause}"));
    if !std::io::stdin().is_terminal() {
        return Err(HubError::Sentence("there is no terminal to ask for the password; write it into a file of mode 600 and name that in VRS_PASSWORD_FILE".into()));
    }
    let first = rpassword::prompt_password(format!("Password for {name}: ")).map_err(unusable)?;
    let again = rpassword::prompt_password("Once more: ").map_err(unusable)?;
    if first == again {
        Ok(first)
    } else {
        Err(HubError::Sentence("the two passwords differ; nothing was changed".into()))
    }
}
