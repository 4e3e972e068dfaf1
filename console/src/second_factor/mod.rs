//! The second factor: something the person holds besides the password.
//!
//! The rule it keeps: a factor counts once the person has typed a code of it; from then on no sign-in and no step-up of the
//! account goes without one. A code is accepted once, a recovery code too. Looking at a code is throttled together with
//! passwords ([`crate::throttle`]), by whoever asks here.
//!
//! In reading order: [`totp`] (the codes), `qr` (the drawing), here what is stored, `pages`
//! (setting one up), `asking` (at the sign-in).
//!
//! What is not here: a way to keep the secret from whoever reads the database. There is none that the program could undo by
//! itself at its start; the database file is for its owner only, and a backup is as secret as it is.

pub(crate) mod asking;
pub(crate) mod pages;
mod qr;
pub mod totp;

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
    sessions::SessionKey,
    store,
};
use totp::Secret;

/// Recovery codes of an account.
pub const RECOVERY_CODES: usize = 10;

/// Random bytes of a recovery code: 80 bits, so that a fast hash of it cannot be searched.
const RECOVERY_BYTES: usize = 10;

/// Letters of a recovery code in base32, without hyphens.
const RECOVERY_LETTERS: usize = 16;

/// A secret that was shown and not confirmed for so long is replaced by another.
const PENDING_SECS: u64 = 15 * 60;

/// The second factors in one database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct SecondFactors {
    database: Database,
    clock: Clock,
}

impl SecondFactors {
    /// The second factors in this database.
    #[must_use]
    pub fn new(database: Database, clock: Clock) -> Self {
        Self { database, clock }
    }

    /// The secret a person without a second factor may set up: the same until it is confirmed or too old; `None` for who has
    /// one that counts.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn offered(&self, who: &Operator) -> Result<Option<Secret>, DatabaseError> {
        let now = self.clock.now();
        let mut tx = self.database.begin("offer a second factor").await?;
        match store::second_factor::find(&mut tx, who.id).await? {
            Some(stored) if stored.confirmed => return Ok(None),
            Some(stored) if now.saturating_sub(stored.created_at) < PENDING_SECS => {
                return Ok(Some(Secret::new(stored.secret)));
            }
            _ => {}
        }
        let secret = Secret::new(random::bytes());
        store::second_factor::put_pending(&mut tx, who.id, secret.bytes(), now).await?;
        tx.commit().await?;
        Ok(Some(secret))
    }

    /// Makes the offered secret count if the code typed is one of it, ends every other session of the person, and gives the
    /// recovery codes, which are shown once. `None`: the code is not right, or nothing is offered.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn enrol(
        &self,
        who: &Operator,
        typed: &str,
        keep: &SessionKey,
    ) -> Result<Option<Vec<Zeroizing<String>>>, DatabaseError> {
        let mut tx = self.database.begin("enrol a second factor").await?;
        let stored = store::second_factor::find(&mut tx, who.id).await?.filter(|stored| !stored.confirmed);
        let step = stored.and_then(|stored| Secret::new(stored.secret).step_of(&plain(typed), self.clock.now(), 0));
        let Some(step) = step else { return Ok(None) };
        store::second_factor::confirm(&mut tx, who.id, step).await?;
        let codes: Vec<Zeroizing<String>> = (0..RECOVERY_CODES).map(|_| recovery_code()).collect();
        let hashes = codes.iter().map(|code| hash_of(&plain(code))).collect();
        store::second_factor::put_codes(&mut tx, who.id, hashes).await?;
        store::sessions::delete_of_account(&mut tx, who.id, Some(keep.hash())).await?;
        let act = Act::new("second-factor-enrolled", subject(&who.name)).by(&who.name);
        acts::record(&mut tx, act, self.clock.now()).await?;
        tx.commit().await?;
        tracing::info!(account = %who.name, "Second factor enrolled");
        Ok(Some(codes))
    }

    /// Whether the code typed is right for this person: of the device and not used, or a recovery code, which is used up by it.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn accept(&self, who: &Operator, typed: &str) -> Result<bool, DatabaseError> {
        let typed = plain(typed);
        let mut tx = self.database.begin("look at a second factor").await?;
        let stored = store::second_factor::find(&mut tx, who.id).await?.filter(|stored| stored.confirmed);
        let Some(stored) = stored else { return Ok(false) };
        let step = Secret::new(stored.secret).step_of(&typed, self.clock.now(), stored.last_step);
        let right = match step {
            Some(step) => store::second_factor::use_step(&mut tx, who.id, step).await?,
            None if typed.len() == RECOVERY_LETTERS => {
                store::second_factor::use_code(&mut tx, who.id, &hash_of(&typed)).await?
            }
            None => false,
        };
        if right && step.is_none() {
            let left = store::second_factor::count_codes(&mut tx, who.id).await?;
            let act = Act::new("recovery-code-used", subject(&who.name)).by(&who.name).after("codes_left", left);
            acts::record(&mut tx, act, self.clock.now()).await?;
        }
        if right {
            tx.commit().await?;
        }
        Ok(right)
    }

    /// How many recovery codes are left.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn codes_left(&self, who: &Operator) -> Result<u64, DatabaseError> {
        let mut tx = self.database.read("count recovery codes").await?;
        store::second_factor::count_codes(&mut tx, who.id).await
    }
}

/// A code without what people put between its letters.
fn plain(typed: &str) -> Zeroizing<String> {
    // Nothing longer is a code; it is not copied.
    let letters = typed.chars().take(64).filter(|letter| !letter.is_whitespace() && *letter != '-');
    Zeroizing::new(letters.map(|letter| letter.to_ascii_uppercase()).collect())
}

/// A fresh recovery code: `ABCD-EFGH-IJKL-MNOP`.
fn recovery_code() -> Zeroizing<String> {
    let bytes = Zeroizing::new(random::bytes::<RECOVERY_BYTES>());
    let text = Zeroizing::new(data_encoding::BASE32_NOPAD.encode(bytes.as_slice()));
    let groups: Vec<&str> = (0..RECOVERY_LETTERS).step_by(4).filter_map(|at| text.get(at..at + 4)).collect();
    Zeroizing::new(groups.join("-"))
}

fn hash_of(code: &str) -> [u8; 32] {
    Sha256::digest(code.as_bytes()).into()
}
