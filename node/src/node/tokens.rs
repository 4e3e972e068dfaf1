//! Tokens: how a program of an agency shows whom it acts for.
//!
//! The rule it keeps: a token acts for one agency and may do what a contributor of it may, with the forms assigned to it, and
//! nothing else. It is shown once; the database keeps its public part, by which it is found, and the hash of 256 random bits,
//! which is compared in the same time whatever it is. It ends after a year at most.

use std::net::IpAddr;

use subtle::ConstantTimeEq;
use vrs_console::accounts::Operator;
use vrs_console::acts::{self, Act, whence};
use vrs_protocol::hash::Hash;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::DatabaseError;
use vrs_runtime::random;
use zeroize::Zeroizing;

use super::Node;
use crate::error::{NodeError, Result};
use crate::national::AgencyCode;
use crate::roles::Role;
use crate::store;
use crate::store::tokens::Token;

/// Days until a token ends, at most: somebody looks at each once a year.
pub const DAYS_MAX: u64 = 365;
/// Good tokens of an agency at the same time: one for each of its systems.
const TOKENS_MAX: usize = 20;
/// Longest name of a token, in characters: it stands in lists and in the audit trail.
const NAME_CHARACTERS_MAX: usize = 60;
/// What every token begins with, so that scanners for lost secrets can know one.
const PREFIX: &str = "vrs_";
/// The last use is written at most once a minute, so that reading does not mean writing.
const TOUCH_SECS: u64 = 60;
const DAY_SECS: u64 = 24 * 60 * 60;

/// A token that was just made.
pub struct MadeToken {
    /// What is kept of it.
    pub token: Token,
    /// The whole of it, for the one time it is shown.
    pub text: Zeroizing<String>,
}

/// Why a token opens nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenRefused {
    /// Too many wrong ones came from this address; none is looked at for so many seconds.
    Paused(u64),
    /// It is none of ours.
    Unknown,
    /// It was good until then.
    Expired(Timestamp),
    /// A person ended it then.
    Ended(Timestamp),
}

impl Node {
    /// Makes a token for programs of an agency, good for so many days.
    ///
    /// # Errors
    /// When there is no such agency, the name or the days are not usable, or the agency has too many.
    pub async fn make_token(&self, agency: &AgencyCode, name: &str, days: u64) -> Result<MadeToken> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > NAME_CHARACTERS_MAX || name.chars().any(char::is_control) {
            let sentence =
                format!("a token needs a name of 1 to {NAME_CHARACTERS_MAX} characters that says what it is for");
            return Err(NodeError::Usage(sentence));
        }
        if !(1..=DAYS_MAX).contains(&days) {
            return Err(NodeError::Usage(format!("a token is good for 1 to {DAYS_MAX} days")));
        }
        let public = data_encoding::BASE32_NOPAD.encode(&random::bytes::<10>()).to_lowercase();
        let secret = Zeroizing::new(data_encoding::BASE64URL_NOPAD.encode(&random::bytes::<32>()));
        let now = self.now();
        let token = Token {
            public,
            agency: agency.clone(),
            name: name.to_owned(),
            made_by: whence::here().account.unwrap_or_else(|| "command line".to_owned()),
            made_at: now,
            expires_at: Timestamp(now.0.saturating_add(days * DAY_SECS)),
            last_used_at: None,
            ended_at: None,
            ended_by: None,
        };
        let mut tx = self.0.database.begin("make a token").await?;
        super::agencies::find(&mut tx, agency).await?;
        let good = store::tokens::list(&mut tx, agency).await?.iter().filter(|token| token.is_good(now)).count();
        if good >= TOKENS_MAX {
            let sentence = format!("{agency} has {TOKENS_MAX} tokens that are good; end one that nobody uses first");
            return Err(NodeError::Refused(sentence));
        }
        store::tokens::add(&mut tx, &token, hash(&secret)).await?;
        let act = Act::new("token-made", subject(&token)).after("agency", agency).after("name", &token.name);
        acts::record(&mut tx, act.after("expires_at", token.expires_at), now.0).await?;
        tx.commit().await?;
        tracing::info!(agency = %agency, token = %token.public, "Token made");
        let text = Zeroizing::new(format!("{PREFIX}{}_{}", token.public, secret.as_str()));
        Ok(MadeToken { token, text })
    }

    /// The tokens of an agency, also those that are over, the newest first.
    ///
    /// # Errors
    /// When there is no such agency.
    pub async fn tokens(&self, agency: &AgencyCode) -> Result<Vec<Token>> {
        let mut tx = self.0.database.read("list tokens").await?;
        super::agencies::find(&mut tx, agency).await?;
        Ok(store::tokens::list(&mut tx, agency).await?)
    }

    /// Ends a token of an agency, named by its public part.
    ///
    /// # Errors
    /// When the agency has no such token, or it is over already.
    pub async fn end_token(&self, agency: &AgencyCode, public: &str) -> Result<Token> {
        let now = self.now();
        let by = whence::here().account.unwrap_or_else(|| "command line".to_owned());
        let mut tx = self.0.database.begin("end a token").await?;
        let found = store::tokens::find(&mut tx, public).await?.filter(|(token, _)| token.agency == *agency);
        let Some((token, _)) = found else {
            return Err(NodeError::Missing(format!("token {public:?} of the agency {agency}")));
        };
        match store::tokens::end(&mut tx, public, &by, now.0).await {
            Err(DatabaseError::Conflict { .. }) => {
                return Err(NodeError::Refused(format!("the token {public} was ended already")));
            }
            ended => ended?,
        }
        let act = Act::new("token-ended", subject(&token)).before("agency", agency).before("name", &token.name);
        acts::record(&mut tx, act, now.0).await?;
        tx.commit().await?;
        tracing::info!(agency = %agency, token = %public, "Token ended");
        Ok(Token { ended_at: Some(now), ended_by: Some(by), ..token })
    }

    /// The token that a program showed, if it is good. What is not good slows the next one from the address down, as a wrong
    /// password does.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn token_shown(
        &self,
        text: &str,
        address: Option<IpAddr>,
    ) -> Result<std::result::Result<Token, TokenRefused>> {
        if let Some(pause) = self.0.throttle.token_pause(address).await? {
            return Ok(Err(TokenRefused::Paused(pause.secs)));
        }
        let (public, secret) = parts(text).unwrap_or_default();
        let found = {
            let mut tx = self.0.database.read("find a token").await?;
            store::tokens::find(&mut tx, public).await?
        };
        // Also without a token of that name something is hashed and compared, so that the time does not tell which names exist.
        let kept = found.as_ref().map_or([0; 32], |(_, hash)| hash.0);
        let is_right = bool::from(hash(secret).0.ct_eq(&kept));
        let now = self.now();
        let refused = match found.map(|(token, _)| token) {
            Some(token) if is_right && token.is_good(now) => {
                self.note_use(&token, now).await;
                return Ok(Ok(token));
            }
            // Whoever has the secret may know what became of it.
            Some(Token { ended_at: Some(at), public, .. }) if is_right => (Some(public), TokenRefused::Ended(at)),
            Some(Token { expires_at, public, .. }) if is_right => (Some(public), TokenRefused::Expired(expires_at)),
            known => (known.map(|token| token.public), TokenRefused::Unknown),
        };
        self.note_refusal(refused.0, refused.1, address).await?;
        Ok(Err(refused.1))
    }

    async fn note_use(&self, token: &Token, now: Timestamp) {
        if token.last_used_at.is_some_and(|used| now.0.saturating_sub(used.0) < TOUCH_SECS) {
            return;
        }
        let noted = async {
            let mut tx = self.0.database.begin("note the use of a token").await?;
            store::tokens::touch(&mut tx, &token.public, now.0).await?;
            tx.commit().await
        };
        if let Err(error) = noted.await {
            // A full disk must not close what only reads.
            tracing::warn!(%error, token = %token.public, "The last use of a token could not be written");
        }
    }

    async fn note_refusal(&self, public: Option<String>, why: TokenRefused, address: Option<IpAddr>) -> Result<()> {
        // Who has the secret does not guess: an old script must not close the way for the programs beside it.
        let secs = match why {
            TokenRefused::Expired(_) | TokenRefused::Ended(_) => 0,
            TokenRefused::Unknown | TokenRefused::Paused(_) => self.0.throttle.wrong_token(address).await?.secs,
        };
        let why = match why {
            TokenRefused::Expired(_) => "expired",
            TokenRefused::Ended(_) => "ended",
            TokenRefused::Unknown | TokenRefused::Paused(_) => "wrong",
        };
        let about = public.map_or_else(|| "no token".to_owned(), |public| format!("token {public}"));
        tracing::warn!(token = %about, why, pause_secs = secs, "A token was refused");
        let mut tx = self.0.database.begin("record a refused token").await?;
        let act = Act::new("token-refused", about).after("why", why).after("pause_secs", secs);
        acts::record(&mut tx, act, self.now().0).await?;
        Ok(tx.commit().await?)
    }
}

impl Token {
    /// Who acts with this token: a contributor of its agency, by a name that no account can have.
    #[must_use]
    pub fn operator(&self) -> Operator {
        let name = format!("token {} ({})", self.public, self.name);
        Operator {
            id: 0,
            display_name: name.clone(),
            name,
            roles: [Role::Contributor.code().to_owned()].into(),
            agency: Some(self.agency.to_string()),
            language: None,
            second_factor: false,
        }
    }
}

fn subject(token: &Token) -> String {
    format!("token {}", token.public)
}

fn hash(secret: &str) -> Hash {
    Hash::of(secret.as_bytes())
}

/// Public part and secret of a token, if it looks like one. The secret may hold the mark between them; the public part not.
fn parts(text: &str) -> Option<(&str, &str)> {
    let (public, secret) = text.strip_prefix(PREFIX)?.split_once('_')?;
    (public.len() == 16 && secret.len() == 43).then_some((public, secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_in_its_two_parts() {
        let secret = "_".repeat(43);
        assert_eq!(parts(&format!("vrs_abcdefghijklmnop_{secret}")), Some(("abcdefghijklmnop", secret.as_str())));
        for bad in ["", "vrs_", "vrs_abcdefghijklmnop_short", "vrs_short_", "Bearer x"] {
            assert_eq!(parts(bad), None, "{bad}");
        }
        assert_eq!(parts(&format!("vrs_{}_{secret}", "a".repeat(10_000))), None);
    }
}
