//! Persons: who is at the keyboard of the command line.

use vrs_console::accounts::{Account, NewAccount, Operator};
use vrs_console::acts::whence;
use vrs_console::passwords::Password;

use super::Node;
use crate::error::{NodeError, Result};
use crate::national::AgencyCode;
use crate::roles::Role;
use crate::store;

impl Node {
    /// The person of an account, if the password is right. Failures slow the next try down, as at the console.
    ///
    /// # Errors
    /// [`NodeError::NotAllowed`] when name and password do not belong together.
    pub async fn sign_in(&self, name: &str, password: Password) -> Result<Operator> {
        let leave = match self.0.throttle.ask(name, None).await? {
            Ok(leave) => leave,
            Err(pause) => {
                let sentence = format!("too many failed tries for {name}; try again in {} seconds", pause.secs);
                return Err(NodeError::NotAllowed(sentence));
            }
        };
        let Some(operator) = self.0.accounts.verify(name, password).await? else {
            self.0.accounts.record_refusal(name, &leave).await?;
            let sentence =
                format!("the account {name} and this password do not belong together, or the account is disabled");
            return Err(NodeError::NotAllowed(sentence));
        };
        self.0.throttle.was_right(leave).await?;
        whence::acting(&operator.name);
        Ok(operator)
    }

    /// Makes an account.
    ///
    /// # Errors
    /// When the name is taken, or the agency is not known.
    pub async fn add_account(
        &self,
        name: &str,
        display_name: &str,
        roles: &[Role],
        agency: Option<&AgencyCode>,
        password: Password,
    ) -> Result<Operator> {
        if roles.is_empty() {
            return Err(NodeError::Usage(format!("an account needs a role: {}", Role::ALL.map(Role::code).join(", "))));
        }
        if let Some(agency) = agency {
            let mut tx = self.0.database.read("find agency").await?;
            let known = store::agencies::find(&mut tx, agency).await?;
            known.ok_or_else(|| {
                NodeError::Missing(format!("agency {agency}; add it first: agency add {agency} --name NAME"))
            })?;
        } else if roles.contains(&Role::Contributor) {
            return Err(NodeError::Usage(
                "a contributor delivers the figures of one agency; name it with --agency".into(),
            ));
        }
        let mut new = NewAccount::new(name, display_name)?.with_roles(roles.iter().map(|role| role.code()));
        if let Some(agency) = agency {
            new = new.of_agency(agency.as_str());
        }
        Ok(self.0.accounts.add(new, password).await?)
    }

    /// All accounts by name.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn list_accounts(&self) -> Result<Vec<Account>> {
        Ok(self.0.accounts.list().await?)
    }

    /// Ends the right of an account to sign in.
    ///
    /// # Errors
    /// When there is no such account.
    pub async fn disable_account(&self, name: &str) -> Result<()> {
        Ok(self.0.accounts.disable(name).await?)
    }

    /// Gives the right of an account to sign in back.
    ///
    /// # Errors
    /// When there is no such account.
    pub async fn enable_account(&self, name: &str) -> Result<()> {
        Ok(self.0.accounts.enable(name).await?)
    }

    /// Sets a new password and ends every session of the account.
    ///
    /// # Errors
    /// When there is no such account.
    pub async fn set_password(&self, name: &str, password: Password) -> Result<()> {
        Ok(self.0.accounts.set_password(name, password, None).await?)
    }
}
