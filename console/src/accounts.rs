//! The persons who may sign in at a console: their names, roles and passwords.
//!
//! The rule it keeps: an account is never deleted, because old records name it; it is disabled, and everything signed in
//! under it ends in the same transaction. Changing a password or the roles ends its sessions too. Which roles there are,
//! and what they may do, is the program's matter.

use std::collections::BTreeSet;

use vrs_runtime::{
    clock::Clock,
    database::{Database, DatabaseError, Transaction},
};

use crate::{
    acts::{self, Act},
    passwords::{Password, PasswordError},
    sessions::SessionKey,
    store,
    throttle::Leave,
    words::{CONSOLE, Said},
};

/// A person who may act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// The account's number, never reused.
    pub id: i64,
    /// The name typed at sign-in.
    pub name: String,
    /// How pages call the person.
    pub display_name: String,
    /// What the person may do, as codes of the program.
    pub roles: BTreeSet<String>,
    /// The agency the person works for, where the program knows agencies.
    pub agency: Option<String>,
    /// The tag of the language the person chose, if any.
    pub language: Option<String>,
    /// Whether the person has set up a second factor.
    pub second_factor: bool,
}

impl Operator {
    /// Whether the person has this role.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.roles.contains(role)
    }
}

/// A role as pages name it; the programs' codes are words already, in English.
#[must_use]
pub fn role_words(code: &str) -> Said {
    CONSOLE.say_or(format!("role-{code}"), code.replace('_', " "))
}

/// An operator as the administrator sees one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The person.
    pub operator: Operator,
    /// Whether signing in is no longer possible.
    pub disabled: bool,
    /// When it was made, in seconds since 1970-01-01 UTC.
    pub created_at: u64,
}

/// An account to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    name: String,
    /// How pages call the person.
    pub display_name: String,
    /// What the person may do, as codes of the program.
    pub roles: BTreeSet<String>,
    /// The agency the person works for, where the program knows agencies.
    pub agency: Option<String>,
}

/// The longest account name: it stands in tables and log lines.
const NAME_CHARACTERS_MAX: usize = 64;

impl NewAccount {
    /// An account with a name to type: 2 to 64 lower-case letters, digits, dots, hyphens or underscores, beginning with
    /// a letter. One spelling for one person, whatever the keyboard.
    ///
    /// # Errors
    /// [`AccountError::Name`] when the name is not of that form.
    pub fn new(name: &str, display_name: &str) -> Result<Self, AccountError> {
        if !is_name(name) {
            return Err(AccountError::Name(name.chars().take(NAME_CHARACTERS_MAX).collect()));
        }
        Ok(Self {
            name: name.to_owned(),
            display_name: if display_name.trim().is_empty() { name } else { display_name.trim() }.to_owned(),
            roles: BTreeSet::new(),
            agency: None,
        })
    }

    /// With these roles.
    #[must_use]
    pub fn with_roles(mut self, roles: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.roles.extend(roles.into_iter().map(Into::into));
        self
    }

    /// For a person of this agency.
    #[must_use]
    pub fn of_agency(mut self, agency: impl Into<String>) -> Self {
        self.agency = Some(agency.into());
        self
    }

    /// The name to type.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

/// Whether an account can have this name.
pub(crate) fn is_name(name: &str) -> bool {
    (2..=NAME_CHARACTERS_MAX).contains(&name.len())
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_'))
}

/// Why something on an account could not be done.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The name is not of the form that names have.
    #[error(
        "{0:?} is no account name: use 2 to 64 lower-case letters, digits, dots, hyphens or underscores, a letter first"
    )]
    Name(String),
    /// There is an account of this name already.
    #[error("there is an account named {0:?} already")]
    Exists(String),
    /// There is no account of this name.
    #[error("there is no account named {0:?}")]
    Unknown(String),
    /// The password is not acceptable or could not be worked with.
    #[error(transparent)]
    Password(#[from] PasswordError),
    /// The database did not do its part.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

/// The accounts of one console. Cheap to clone; the command line uses it without a console.
#[derive(Debug, Clone)]
pub struct Accounts {
    database: Database,
    clock: Clock,
}

impl Accounts {
    /// The accounts in this database.
    #[must_use]
    pub fn new(database: Database, clock: Clock) -> Self {
        Self { database, clock }
    }

    /// Makes an account.
    ///
    /// # Errors
    /// [`AccountError::Exists`] when the name is taken, also by a disabled account.
    pub async fn add(&self, new: NewAccount, password: Password) -> Result<Operator, AccountError> {
        // Hashed before the transaction begins: writers wait for each other.
        let hash = password.hash().await?;
        let mut tx = self.database.begin("add account").await?;
        let id = match store::accounts::insert(&mut tx, &new, &hash, self.clock.now()).await {
            Err(DatabaseError::Conflict { .. }) => return Err(AccountError::Exists(new.name)),
            other => other?,
        };
        let act = Act::new("account-added", subject(&new.name)).after("roles", role_list(&new.roles));
        let act = new.agency.iter().fold(act, |act, agency| act.after("agency", agency));
        acts::record(&mut tx, act, self.clock.now()).await?;
        tx.commit().await?;
        let NewAccount { name, display_name, roles, agency } = new;
        tracing::info!(account = %name, "Account added");
        Ok(Operator { id, name, display_name, roles, agency, language: None, second_factor: false })
    }

    /// All accounts by name.
    ///
    /// # Errors
    /// [`AccountError::Database`].
    pub async fn list(&self) -> Result<Vec<Account>, AccountError> {
        let mut tx = self.database.read("list accounts").await?;
        Ok(store::accounts::list(&mut tx).await?)
    }

    /// The account of this name.
    ///
    /// # Errors
    /// [`AccountError::Database`].
    pub async fn find(&self, name: &str) -> Result<Option<Account>, AccountError> {
        let mut tx = self.database.read("find account").await?;
        Ok(store::accounts::find(&mut tx, name).await?.map(|(account, _)| account))
    }

    /// Ends the right to sign in, and every session.
    ///
    /// # Errors
    /// [`AccountError::Unknown`] when there is no such account.
    pub async fn disable(&self, name: &str) -> Result<(), AccountError> {
        self.change("disable account", name, async |tx, account| {
            store::accounts::set_disabled(tx, account.operator.id, true).await?;
            let ended = store::sessions::delete_of_account(tx, account.operator.id, None).await?;
            Ok(Some(Act::new("account-disabled", subject(name)).after("sessions_ended", ended)))
        })
        .await?;
        tracing::info!(account = name, "Account disabled");
        Ok(())
    }

    /// Gives the right to sign in back.
    ///
    /// # Errors
    /// [`AccountError::Unknown`] when there is no such account.
    pub async fn enable(&self, name: &str) -> Result<(), AccountError> {
        self.change("enable account", name, async |tx, account| {
            store::accounts::set_disabled(tx, account.operator.id, false).await?;
            Ok(Some(Act::new("account-enabled", subject(name))))
        })
        .await?;
        tracing::info!(account = name, "Account enabled");
        Ok(())
    }

    /// Sets a password and ends every session, but for the one to keep: the person's own browser.
    ///
    /// # Errors
    /// [`AccountError::Unknown`] when there is no such account.
    pub async fn set_password(
        &self,
        name: &str,
        password: Password,
        keep: Option<&SessionKey>,
    ) -> Result<(), AccountError> {
        let hash = password.hash().await?;
        self.change("set password", name, async |tx, account| {
            store::accounts::set_password_hash(tx, account.operator.id, &hash).await?;
            let keep = keep.map(SessionKey::hash);
            let ended = store::sessions::delete_of_account(tx, account.operator.id, keep).await?;
            Ok(Some(Act::new("password-set", subject(name)).after("sessions_ended", ended)))
        })
        .await?;
        tracing::info!(account = name, "Password set");
        Ok(())
    }

    /// Remembers the language a person chose; sessions go on. A taste is no act.
    ///
    /// # Errors
    /// [`AccountError::Unknown`] when there is no such account.
    pub async fn set_language(&self, name: &str, tag: &str) -> Result<(), AccountError> {
        self.change("set language", name, async |tx, account| {
            store::accounts::set_language(tx, account.operator.id, tag).await?;
            Ok(None)
        })
        .await
    }

    /// Replaces the roles and ends every session, so that a page opened before cannot act under the old ones.
    ///
    /// # Errors
    /// [`AccountError::Unknown`] when there is no such account.
    pub async fn set_roles(&self, name: &str, roles: &BTreeSet<String>) -> Result<(), AccountError> {
        self.change("set roles", name, async |tx, account| {
            store::accounts::set_roles(tx, account.operator.id, roles).await?;
            store::sessions::delete_of_account(tx, account.operator.id, None).await?;
            let act = Act::new("roles-set", subject(name)).before("roles", role_list(&account.operator.roles));
            Ok(Some(act.after("roles", role_list(roles))))
        })
        .await?;
        tracing::info!(account = name, roles = ?roles, "Roles set");
        Ok(())
    }

    /// Replaces roles and agency and ends every session.
    ///
    /// # Errors
    /// [`AccountError::Unknown`] when there is no such account.
    pub async fn set_place(
        &self,
        name: &str,
        roles: &BTreeSet<String>,
        agency: Option<&str>,
    ) -> Result<(), AccountError> {
        self.change("set roles and agency", name, async |tx, account| {
            let before = &account.operator;
            store::accounts::set_roles(tx, before.id, roles).await?;
            store::accounts::set_agency(tx, before.id, agency).await?;
            store::sessions::delete_of_account(tx, before.id, None).await?;
            let act = Act::new("roles-set", subject(name))
                .before("roles", role_list(&before.roles))
                .before("agency", before.agency.as_deref().unwrap_or_default())
                .after("roles", role_list(roles))
                .after("agency", agency.unwrap_or_default());
            Ok(Some(act))
        })
        .await?;
        tracing::info!(account = name, roles = ?roles, "Roles set");
        Ok(())
    }

    /// Ends every session of an account; says how many.
    ///
    /// # Errors
    /// [`AccountError::Unknown`] when there is no such account.
    pub async fn end_sessions(&self, name: &str) -> Result<u64, AccountError> {
        let mut ended = 0;
        self.change("end sessions of account", name, async |tx, account| {
            ended = store::sessions::delete_of_account(tx, account.operator.id, None).await?;
            Ok(Some(Act::new("sessions-ended", subject(name)).before("sessions", ended)))
        })
        .await?;
        Ok(ended)
    }

    /// Takes the second factor of an account away, for a person who lost the device and the recovery codes, and ends every
    /// session. Says whether there was one.
    ///
    /// # Errors
    /// [`AccountError::Unknown`] when there is no such account.
    pub async fn reset_second_factor(&self, name: &str) -> Result<bool, AccountError> {
        let mut was_there = false;
        self.change("reset second factor", name, async |tx, account| {
            was_there = store::second_factor::delete(tx, account.operator.id).await?;
            if !was_there {
                return Ok(None);
            }
            store::sessions::delete_of_account(tx, account.operator.id, None).await?;
            Ok(Some(Act::new("second-factor-removed", subject(name))))
        })
        .await?;
        tracing::info!(account = name, "Second factor reset");
        Ok(was_there)
    }

    /// The person, if name and password belong together and the account is not disabled. An unknown name takes as long
    /// as a wrong password. The throttle is not consulted here: see [`crate::sign_in`].
    ///
    /// # Errors
    /// [`AccountError::Database`] or [`AccountError::Password`].
    pub async fn verify(&self, name: &str, password: Password) -> Result<Option<Operator>, AccountError> {
        let found = {
            let mut tx = self.database.read("verify account").await?;
            // A name no account can have is looked up all the same, under one that none has; and an account that is not
            // there costs the query on its roles too.
            let found = store::accounts::find(&mut tx, if is_name(name) { name } else { "" }).await?;
            if found.is_none() {
                store::accounts::roles(&mut tx, 0).await?;
            }
            found
        };
        let usable = found.filter(|(account, _)| !account.disabled);
        let (account, hash) = usable.unzip();
        let right = password.verify(hash).await?;
        Ok(account.filter(|_| right).map(|account| account.operator))
    }

    /// Records a refused sign-in; `asked` says for what: password or code. Of the name typed only that of an account is kept: what else was typed may be a password
    /// in the wrong field. Tries during a pause are not looked at and not recorded, so that nobody fills the trail.
    ///
    /// # Errors
    /// [`AccountError::Database`].
    pub async fn record_refusal(&self, name: &str, leave: &Leave, asked: &'static str) -> Result<(), AccountError> {
        let mut tx = self.database.begin("record a refused sign-in").await?;
        let known = is_name(name) && store::accounts::find(&mut tx, name).await?.is_some();
        let about = if known { subject(name) } else { "no account".to_owned() };
        let act = Act::new("sign-in-refused", about).after("asked", asked).after("pause_secs", leave.pause_secs());
        acts::record(&mut tx, act, self.clock.now()).await?;
        Ok(tx.commit().await?)
    }

    async fn change(
        &self,
        step: &'static str,
        name: &str,
        work: impl AsyncFnOnce(&mut Transaction, &Account) -> Result<Option<Act>, DatabaseError>,
    ) -> Result<(), AccountError> {
        let mut tx = self.database.begin(step).await?;
        let Some((account, _)) = store::accounts::find(&mut tx, name).await? else {
            return Err(AccountError::Unknown(name.to_owned()));
        };
        if let Some(act) = work(&mut tx, &account).await? {
            acts::record(&mut tx, act, self.clock.now()).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// An account as acts name it.
pub(crate) fn subject(name: &str) -> String {
    format!("account {name}")
}

fn role_list(roles: &BTreeSet<String>) -> String {
    roles.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}
