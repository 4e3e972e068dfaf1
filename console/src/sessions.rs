//! Who is signed in: one session for each browser.
//!
//! The rule it keeps: the cookie holds 256 random bits and the database only their hash, so that a copy of the database
//! opens nothing. A session ends after 30 idle minutes, 12 hours after sign-in, at sign-out, and at once when its account
//! is disabled or its roles change. The cookie itself is made in [`crate::sign_in`].

use sha2::{Digest, Sha256};
use vrs_runtime::{
    clock::Clock,
    database::{Database, DatabaseError},
    random,
};
use zeroize::Zeroizing;

use crate::{
    accounts::{Operator, subject},
    acts::{self, Act},
    layout::Message,
    store,
};

/// A browser left alone is nobody's after half an hour.
pub const IDLE_SECS: u64 = 30 * 60;

/// One working day; after it the person signs in again, busy or not.
pub const ABSOLUTE_SECS: u64 = 12 * 60 * 60;

/// The last use is written at most once a minute, so that reading pages does not mean writing. A session may therefore
/// end up to a minute before its 30 idle minutes are over, never after.
const TOUCH_SECS: u64 = 60;

/// Sessions of one account at the same time; the least recently used ends when another begins.
const PER_ACCOUNT_MAX: usize = 20;

/// A sign-in that waits for its code is given up after this; typing six digits takes less.
pub const CODE_SECS: u64 = 10 * 60;

/// How far a sign-in has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Signed in.
    Whole,
    /// The password was right; the second factor is missing, and nothing can be opened.
    Code,
    /// Signed in by password, and nothing can be opened before a second factor is set up.
    Enrol,
}

impl Stage {
    pub(crate) fn code(self) -> Option<&'static str> {
        match self {
            Self::Whole => None,
            Self::Code => Some("code"),
            Self::Enrol => Some("enrol"),
        }
    }

    pub(crate) fn of(code: Option<&str>) -> Option<Self> {
        [Self::Whole, Self::Code, Self::Enrol].into_iter().find(|stage| stage.code() == code)
    }
}

/// A session that lasts.
#[derive(Debug, Clone)]
pub struct Found {
    /// Whose.
    pub operator: Operator,
    /// Which.
    pub key: SessionKey,
    /// How far the sign-in has come.
    pub stage: Stage,
}

/// The secret of a session, as the cookie carries it. Wiped when dropped, never printed.
pub struct SessionSecret(Zeroizing<String>);

impl SessionSecret {
    /// For the cookie.
    #[must_use]
    pub fn cookie_value(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SessionSecret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("SessionSecret(…)")
    }
}

/// Names a session without opening it: the hash of its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionKey([u8; 32]);

impl SessionKey {
    fn of(secret: &str) -> Self {
        Self(Sha256::digest(secret.as_bytes()).into())
    }

    pub(crate) fn hash(&self) -> &[u8; 32] {
        &self.0
    }

    /// A short name for forms and lists.
    #[must_use]
    pub fn label(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.0[..8])
    }
}

/// One of a person's sessions, for the page that lists them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionLine {
    /// Which session.
    pub key: SessionKey,
    /// When it began.
    pub created_at: u64,
    /// When it was last used, within a minute.
    pub last_used_at: u64,
    /// Where the sign-in came from.
    pub address: String,
}

/// The sessions of one console. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Sessions {
    database: Database,
    clock: Clock,
}

impl Sessions {
    /// The sessions in this database.
    #[must_use]
    pub fn new(database: Database, clock: Clock) -> Self {
        Self { database, clock }
    }

    /// Begins a session. Sessions that are over are forgotten on this occasion.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn begin(&self, operator: &Operator, address: &str) -> Result<SessionSecret, DatabaseError> {
        self.begin_at(operator, address, Stage::Whole).await
    }

    /// Begins a session, or a sign-in that is not whole yet. Each has a secret of its own, so that one that was there before
    /// a password or a code was looked at opens nothing afterwards.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn begin_at(
        &self,
        operator: &Operator,
        address: &str,
        stage: Stage,
    ) -> Result<SessionSecret, DatabaseError> {
        let secret = Zeroizing::new(data_encoding::BASE64URL_NOPAD.encode(&random::bytes::<32>()));
        let now = self.clock.now();
        let mut tx = self.database.begin("begin session").await?;
        store::sessions::delete_older(&mut tx, now.saturating_sub(ABSOLUTE_SECS), now.saturating_sub(IDLE_SECS))
            .await?;
        let earlier = store::sessions::of_account(&mut tx, operator.id).await?;
        for surplus in earlier.iter().skip(PER_ACCOUNT_MAX - 1) {
            store::sessions::delete(&mut tx, &surplus.id_hash).await?;
        }
        store::sessions::insert(&mut tx, SessionKey::of(&secret).hash(), operator.id, address, stage, now).await?;
        if stage != Stage::Code {
            let act = Act::new("signed-in", subject(&operator.name)).by(&operator.name);
            acts::record(&mut tx, act, now).await?;
        }
        tx.commit().await?;
        Ok(SessionSecret(secret))
    }

    /// Another secret for the same browser, after the person has shown more than before.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn renew(
        &self,
        old: &SessionKey,
        operator: &Operator,
        address: &str,
    ) -> Result<SessionSecret, DatabaseError> {
        let secret = Zeroizing::new(data_encoding::BASE64URL_NOPAD.encode(&random::bytes::<32>()));
        let now = self.clock.now();
        let mut tx = self.database.begin("renew session").await?;
        store::sessions::delete(&mut tx, old.hash()).await?;
        let key = SessionKey::of(&secret);
        store::sessions::insert(&mut tx, key.hash(), operator.id, address, Stage::Whole, now).await?;
        tx.commit().await?;
        Ok(SessionSecret(secret))
    }

    /// Who holds this cookie, if the sign-in is whole and the session still lasts, and marks it as used.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn find(&self, cookie_value: &str) -> Result<Option<(Operator, SessionKey)>, DatabaseError> {
        let found = self.look(cookie_value).await?;
        Ok(found.filter(|found| found.stage == Stage::Whole).map(|found| (found.operator, found.key)))
    }

    /// The session of this cookie at whatever stage, if it still lasts; marks it as used.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn look(&self, cookie_value: &str) -> Result<Option<Found>, DatabaseError> {
        let key = SessionKey::of(cookie_value);
        let stored = {
            let mut tx = self.database.read("find session").await?;
            store::sessions::find(&mut tx, key.hash()).await?
        };
        let now = self.clock.now();
        let Some(stored) = stored.filter(|stored| lasts(stored, now)) else {
            return Ok(None);
        };
        if now.saturating_sub(stored.last_used_at) >= TOUCH_SECS
            && let Err(error) = self.touch(&stored.id_hash, now).await
        {
            // A full disk must not close the console, where it says that the disk is full. The session ends the earlier.
            tracing::warn!(%error, "The last use of a session could not be written");
        }
        Ok(Some(Found { operator: stored.operator, key, stage: stored.stage }))
    }

    async fn touch(&self, id_hash: &[u8; 32], now: u64) -> Result<(), DatabaseError> {
        let mut tx = self.database.begin("touch session").await?;
        store::sessions::touch(&mut tx, id_hash, now).await?;
        tx.commit().await
    }

    /// Ends the session of this cookie, if there is one.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn end(&self, cookie_value: &str) -> Result<(), DatabaseError> {
        let key = SessionKey::of(cookie_value);
        let mut tx = self.database.begin("end session").await?;
        let Some(stored) = store::sessions::find(&mut tx, key.hash()).await? else { return Ok(()) };
        store::sessions::delete(&mut tx, key.hash()).await?;
        let name = &stored.operator.name;
        if stored.stage != Stage::Code {
            acts::record(&mut tx, Act::new("signed-out", subject(name)).by(name), self.clock.now()).await?;
        }
        tx.commit().await
    }

    /// A person's sessions that still last, the most recently used first.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn list(&self, operator: &Operator) -> Result<Vec<SessionLine>, DatabaseError> {
        let now = self.clock.now();
        let mut tx = self.database.read("list sessions").await?;
        let lines = store::sessions::of_account(&mut tx, operator.id).await?;
        Ok(lines
            .into_iter()
            .filter(|line| within(line.created_at, line.last_used_at, now))
            .map(|line| SessionLine {
                key: SessionKey(line.id_hash),
                created_at: line.created_at,
                last_used_at: line.last_used_at,
                address: line.address,
            })
            .collect())
    }

    /// Ends one of a person's own sessions, named by its label; another person's is not found.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn end_by_label(&self, operator: &Operator, label: &str) -> Result<bool, DatabaseError> {
        let mut tx = self.database.begin("end session by label").await?;
        let lines = store::sessions::of_account(&mut tx, operator.id).await?;
        let Some(line) = lines.into_iter().find(|line| SessionKey(line.id_hash).label() == label) else {
            return Ok(false);
        };
        store::sessions::delete(&mut tx, &line.id_hash).await?;
        let act = Act::new("session-ended", subject(&operator.name)).before("session", label);
        acts::record(&mut tx, act.before("signed_in_from", line.address), self.clock.now()).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Ends every session of an account but the one to keep, if one is named; says how many.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn end_others(&self, operator: &Operator, keep: Option<&SessionKey>) -> Result<u64, DatabaseError> {
        let mut tx = self.database.begin("end other sessions").await?;
        let ended = store::sessions::delete_of_account(&mut tx, operator.id, keep.map(SessionKey::hash)).await?;
        let act = Act::new("sessions-ended", subject(&operator.name)).before("sessions", ended);
        acts::record(&mut tx, act, self.clock.now()).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// Keeps a message for the session's next page.
    ///
    /// # Errors
    /// [`DatabaseError::Conflict`] when the session has ended meanwhile.
    pub async fn leave_message(&self, key: &SessionKey, message: &Message) -> Result<(), DatabaseError> {
        let mut tx = self.database.begin("leave message").await?;
        store::sessions::insert_message(&mut tx, key.hash(), message).await?;
        tx.commit().await
    }

    /// Takes the messages kept for the session, each once.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn take_messages(&self, key: &SessionKey) -> Result<Vec<Message>, DatabaseError> {
        // Most pages have none: look without waiting for the writers first.
        let waiting = {
            let mut tx = self.database.read("look for messages").await?;
            store::sessions::messages(&mut tx, key.hash()).await?
        };
        if waiting.is_empty() {
            return Ok(waiting);
        }
        let mut tx = self.database.begin("take messages").await?;
        let messages = store::sessions::messages(&mut tx, key.hash()).await?;
        store::sessions::delete_messages(&mut tx, key.hash()).await?;
        tx.commit().await?;
        Ok(messages)
    }
}

fn lasts(stored: &store::sessions::Stored, now: u64) -> bool {
    let in_time = stored.stage != Stage::Code || now.saturating_sub(stored.created_at) < CODE_SECS;
    in_time && !stored.account_disabled && within(stored.created_at, stored.last_used_at, now)
}

fn within(created_at: u64, last_used_at: u64, now: u64) -> bool {
    now.saturating_sub(created_at) < ABSOLUTE_SECS && now.saturating_sub(last_used_at) < IDLE_SECS
}
