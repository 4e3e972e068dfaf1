//! Persons: who may sign in, what they may do, and who is at the keyboard of the command line.

use std::collections::{BTreeMap, BTreeSet};

use vrs_console::accounts::{Account, NewAccount, Operator};
use vrs_console::acts::whence;
use vrs_console::passwords::Password;
use vrs_console::second_factor::SecondFactors;

use super::Node;
use crate::error::{NodeError, Result};
use crate::national::AgencyCode;
use crate::roles::Role;
use crate::store;

impl Node {
    /// The person of an account, if the password is right. Failures slow the next try down, as at the console.
    ///
    /// # Errors
    /// [`NodeError::NotAllowed`] when name and password do not belong together, or the account has a second factor.
    pub async fn sign_in(&self, name: &str, password: Password) -> Result<Operator> {
        let sentence = format!("{name} has a second factor, and its code is needed");
        self.sign_in_with(name, password, || Err(NodeError::NotAllowed(sentence))).await
    }

    /// The same, asking for the code of the second factor where the account has one.
    ///
    /// # Errors
    /// [`NodeError::NotAllowed`] when name, password and code do not belong together.
    pub async fn sign_in_with(
        &self,
        name: &str,
        password: Password,
        code: impl FnOnce() -> Result<String>,
    ) -> Result<Operator> {
        let leave = match self.0.throttle.ask(name, None).await? {
            Ok(leave) => leave,
            Err(pause) => {
                let sentence = format!("too many failed tries for {name}; try again in {} seconds", pause.secs);
                return Err(NodeError::NotAllowed(sentence));
            }
        };
        let Some(operator) = self.0.accounts.verify(name, password).await? else {
            self.0.accounts.record_refusal(name, &leave, "password").await?;
            let sentence =
                format!("the account {name} and this password do not belong together, or the account is disabled");
            return Err(NodeError::NotAllowed(sentence));
        };
        if operator.second_factor {
            let factors = SecondFactors::new(self.0.database.clone(), self.0.clock.clone());
            if !factors.accept(&operator, &code()?).await? {
                self.0.accounts.record_refusal(name, &leave, "code").await?;
                let sentence = format!("the code of {name} is not right, or was used already; wait for the next one");
                return Err(NodeError::NotAllowed(sentence));
            }
        }
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
        self.check_place(roles, agency).await?;
        let mut new = NewAccount::new(name, display_name)?.with_roles(roles.iter().map(|role| role.code()));
        if let Some(agency) = agency {
            new = new.of_agency(agency.as_str());
        }
        Ok(self.0.accounts.add(new, password).await?)
    }

    /// Says anew what a person may do, and for which agency; ends every session of the account.
    ///
    /// # Errors
    /// When there is no such account, or the agency is not known.
    pub async fn set_roles(&self, name: &str, roles: &[Role], agency: Option<&AgencyCode>) -> Result<()> {
        self.check_place(roles, agency).await?;
        let codes: BTreeSet<String> = roles.iter().map(|role| role.code().to_owned()).collect();
        Ok(self.0.accounts.set_place(name, &codes, agency.map(AgencyCode::as_str)).await?)
    }

    /// Goes on if somebody can have these roles at this agency.
    async fn check_place(&self, roles: &[Role], agency: Option<&AgencyCode>) -> Result<()> {
        if roles.is_empty() {
            return Err(NodeError::Usage(format!("an account needs a role: {}", Role::ALL.map(Role::code).join(", "))));
        }
        let Some(agency) = agency else {
            if roles.contains(&Role::Contributor) {
                let sentence = "a contributor delivers the figures of one agency; name it with --agency";
                return Err(NodeError::Usage(sentence.into()));
            }
            return Ok(());
        };
        let mut tx = self.0.database.read("find agency").await?;
        let known = store::agencies::find(&mut tx, agency).await?;
        known.map(drop).ok_or_else(|| {
            NodeError::Missing(format!("agency {agency}; add it first: agency add {agency} --name NAME"))
        })
    }

    /// All accounts by name.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn list_accounts(&self) -> Result<Vec<Account>> {
        Ok(self.0.accounts.list().await?)
    }

    /// When each account signed in at the console last, as the audit trail has it.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn last_sign_ins(&self) -> Result<BTreeMap<String, u64>> {
        Ok(self.0.acts.latest("signed-in").await?)
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

    /// Takes the second factor of an account away and ends every session. Says whether there was one.
    ///
    /// # Errors
    /// When there is no such account.
    pub async fn reset_second_factor(&self, name: &str) -> Result<bool> {
        Ok(self.0.accounts.reset_second_factor(name).await?)
    }

    /// Ends every session of an account.
    ///
    /// # Errors
    /// When there is no such account.
    pub async fn end_sessions(&self, name: &str) -> Result<u64> {
        Ok(self.0.accounts.end_sessions(name).await?)
    }
}
