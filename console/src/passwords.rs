//! Turning passwords into hashes and back into yes or no.
//!
//! The rule it keeps: Argon2id with 19 MiB, two passes and one lane (the floor that OWASP names), on a blocking thread,
//! never more than two at once, and the same work for an account that does not exist. Which account a hash belongs to is
//! not known here.

use argon2::{
    Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version,
    password_hash::{self, phc::PasswordHash},
};
use tokio::sync::Semaphore;
use vrs_runtime::random;
use zeroize::Zeroizing;

/// The shortest password: with a slow hash and the throttle, length is what remains to resist guessing.
pub const CHARACTERS_MIN: usize = 12;

/// The longest, in bytes: far above any sentence, far below what would make hashing a burden.
pub const BYTES_MAX: usize = 1024;

/// Two at once: 40 MiB of memory at most, and one core stays free for everything else on a small machine.
const AT_ONCE: usize = 2;

/// A hash of nothing: salt and digest are dice. Written down rather than made at the first use, which would take twice as
/// long as every other and so tell something.
const STAND_IN: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$3515dyhWodBDShZIFqhbnw$6xHSvqmnQhCj56ni3fJ6F9O2KXhHPr+mcXeH0NNFbkg";

static BENCHES: Semaphore = Semaphore::const_new(AT_ONCE);

/// A password on its way; wiped from memory when dropped, and never printed.
pub struct Password(Zeroizing<String>);

/// Why a new password is not accepted, or could not be worked with.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Too few characters.
    #[error("the password has fewer than {CHARACTERS_MIN} characters")]
    TooShort,
    /// Too many bytes.
    #[error("the password is longer than {BYTES_MAX} bytes")]
    TooLong,
    /// One character throughout.
    #[error("the password repeats a single character")]
    OneCharacter,
    /// Argon2 could not work, which means too little memory.
    #[error("the password could not be hashed")]
    Hash(#[source] password_hash::Error),
    /// The thread that hashed ended without an answer.
    #[error("the thread that hashed a password did not finish")]
    Thread(#[source] tokio::task::JoinError),
}

impl Password {
    /// A password as somebody typed it at sign-in.
    #[must_use]
    pub fn typed(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// A password to be set: long enough and not one character throughout.
    ///
    /// # Errors
    /// [`PasswordError::TooShort`], [`PasswordError::TooLong`] or [`PasswordError::OneCharacter`].
    pub fn new(text: String) -> Result<Self, PasswordError> {
        let text = Zeroizing::new(text);
        if text.len() > BYTES_MAX {
            return Err(PasswordError::TooLong);
        }
        let mut characters = text.chars();
        let first = characters.next();
        if text.chars().count() < CHARACTERS_MIN {
            return Err(PasswordError::TooShort);
        }
        if characters.all(|character| Some(character) == first) {
            return Err(PasswordError::OneCharacter);
        }
        Ok(Self(text))
    }

    /// Whether both were typed the same; not secret, both came from the same person.
    #[must_use]
    pub fn is_same_as(&self, other: &str) -> bool {
        self.0.as_str() == other
    }

    /// Hashes it with a fresh salt, as one line in the PHC notation.
    ///
    /// # Errors
    /// [`PasswordError::Hash`] or [`PasswordError::Thread`].
    pub async fn hash(self) -> Result<String, PasswordError> {
        on_a_bench(move || {
            let salt = random::bytes::<16>();
            let hash: PasswordHash =
                hasher()?.hash_password_with_salt(self.0.as_bytes(), &salt).map_err(PasswordError::Hash)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether it is the password of this hash. Without a hash (no such account, or a disabled one) the same work is done
    /// on a stand-in and the answer is no, so that the time taken tells nothing.
    ///
    /// # Errors
    /// [`PasswordError::Hash`] when the hash is not one that this module wrote, or [`PasswordError::Thread`].
    pub async fn verify(self, hash: Option<String>) -> Result<bool, PasswordError> {
        on_a_bench(move || {
            let real = hash.is_some();
            let hash = hash.as_deref().unwrap_or(STAND_IN);
            // A password beyond the limit was never set, but must not be told apart by time either.
            let bytes = &self.0.as_bytes()[..self.0.len().min(BYTES_MAX)];
            match hasher()?.verify_password(bytes, hash) {
                Ok(()) => Ok(real && self.0.len() <= BYTES_MAX),
                Err(password_hash::Error::PasswordInvalid) => Ok(false),
                Err(cause) => Err(PasswordError::Hash(cause)),
            }
        })
        .await
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Password(…)")
    }
}

fn hasher() -> Result<Argon2<'static>, PasswordError> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|cause| PasswordError::Hash(cause.into()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

async fn on_a_bench<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
) -> Result<T, PasswordError> {
    // The semaphore is never closed. Should it be, working without a permit is the lesser evil.
    let permit = BENCHES.acquire().await.ok();
    let done = tokio::task::spawn_blocking(move || {
        // The permit moves into the thread: a request that is given up must not free the bench before the work ends.
        let _permit = permit;
        work()
    });
    done.await.map_err(PasswordError::Thread)?
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_another_is_not() {
        let hash = Password::new("correct horse battery".into()).unwrap().hash().await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(Password::typed("correct horse battery".into()).verify(Some(hash.clone())).await.unwrap());
        assert!(!Password::typed("correct horse batterx".into()).verify(Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_s_password_is_never_right() {
        assert!(!Password::typed(String::new()).verify(None).await.unwrap());
        assert!(!Password::typed("x".repeat(5000)).verify(None).await.unwrap());
    }

    #[tokio::test]
    async fn a_password_beyond_the_limit_is_not_cut_into_a_right_one() {
        let longest = "ab".repeat(BYTES_MAX / 2);
        let hash = Password::new(longest.clone()).unwrap().hash().await.unwrap();
        assert!(!Password::typed(format!("{longest}c")).verify(Some(hash)).await.unwrap());
    }

    #[test]
    fn the_stand_in_costs_what_every_hash_costs() {
        let settings = |hash: &str| hash.rsplitn(3, '$').last().map(str::to_owned);
        let made = hasher().unwrap().hash_password_with_salt(b"x", &[7; 16]).unwrap().to_string();
        assert_eq!(settings(STAND_IN), settings(&made));
        assert_eq!(STAND_IN.len(), made.len());
    }

    #[test]
    fn weak_passwords_are_refused_with_the_reason() {
        assert!(matches!(Password::new("elevenchars".into()), Err(PasswordError::TooShort)));
        assert!(matches!(Password::new("éééééééééééé".into()), Err(PasswordError::OneCharacter)));
        assert!(matches!(Password::new("x".repeat(BYTES_MAX + 1)), Err(PasswordError::TooLong)));
        assert!(Password::new("twelve chars".into()).is_ok());
    }

    #[test]
    fn a_password_is_not_printed() {
        assert_eq!(format!("{:?}", Password::typed("secret".into())), "Password(…)");
    }
}
