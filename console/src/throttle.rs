//! Slows guessing down, for each account name and for each address.
//!
//! The rule it keeps: five tries are free, then each failure doubles the pause, up to 15 minutes and never for ever. A
//! try is counted as failed before the password is looked at and given back when it was right, so that a hundred tries
//! at the same moment count as a hundred. Names that no account has are treated like names that one has.

use std::net::IpAddr;

use vrs_runtime::{
    clock::Clock,
    database::{Database, DatabaseError},
};

use crate::{
    accounts::is_name,
    store::{self, tries::Tries},
};

/// Tries without a pause: enough for a person with two keyboards and a capital-lock key.
pub const FREE_TRIES: u64 = 5;

/// The pause after the first failure that is no longer free; it doubles from here.
const FIRST_PAUSE_SECS: u64 = 15;

/// The longest pause: a nuisance for the owner, an end to guessing for everybody else.
pub const LONGEST_PAUSE_SECS: u64 = 15 * 60;

/// After a day without a try, counting begins anew.
const FORGET_SECS: u64 = 24 * 60 * 60;

/// Leave to look at one password.
#[derive(Debug)]
pub struct Leave {
    account: String,
    address: Option<String>,
    failures: u64,
}

impl Leave {
    /// How long the next try has to wait if this one fails, for the audit trail.
    #[must_use]
    pub fn pause_secs(&self) -> u64 {
        pause(self.failures)
    }
}

/// No password is looked at for so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// How long to wait.
    pub secs: u64,
}

/// The counts of failed sign-ins. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Throttle {
    database: Database,
    clock: Clock,
}

impl Throttle {
    /// The counts in this database.
    #[must_use]
    pub fn new(database: Database, clock: Clock) -> Self {
        Self { database, clock }
    }

    /// Asks for leave to look at one password, and counts the try as failed until [`Self::was_right`] says otherwise.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn ask(&self, name: &str, address: Option<IpAddr>) -> Result<Result<Leave, Pause>, DatabaseError> {
        // A command at the machine itself comes from no address: one wrong password file there must not slow everybody.
        let mut leave = Leave { account: account_subject(name), address: address.map(address_subject), failures: 0 };
        let now = self.clock.now();
        let mut tx = self.database.begin("count a sign-in try").await?;
        store::tries::delete_older(&mut tx, now.saturating_sub(FORGET_SECS)).await?;
        let mut counted = Vec::new();
        let mut wait = 0;
        for subject in std::iter::once(&leave.account).chain(&leave.address) {
            let before = store::tries::find(&mut tx, subject).await?;
            let before = before.unwrap_or(Tries { failures: 0, last_at: now, next_at: 0 });
            wait = wait.max(before.next_at.saturating_sub(now).min(LONGEST_PAUSE_SECS));
            let failures = before.failures.saturating_add(1);
            counted.push((subject, Tries { failures, last_at: now, next_at: now.saturating_add(pause(failures)) }));
        }
        if wait > 0 {
            // A try during the pause is not looked at, and does not lengthen the pause: the owner can wait it out.
            return Ok(Err(Pause { secs: wait }));
        }
        let mut failures = 0;
        for (subject, tries) in counted {
            store::tries::put(&mut tx, subject, tries).await?;
            failures = failures.max(tries.failures);
        }
        tx.commit().await?;
        leave.failures = failures;
        Ok(Ok(leave))
    }

    /// Both the password and the code of a second factor were right: what the password had cost is given back too. Until then
    /// it is not, or whoever knows the password could clear the count between guesses at the code.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn was_right_twice(&self, leave: Leave) -> Result<(), DatabaseError> {
        let again = Leave { account: leave.account.clone(), address: leave.address.clone(), failures: 0 };
        self.was_right(leave).await?;
        self.was_right(again).await
    }

    /// The password was right: the account's count begins anew, and the address gets this one try back. Not more than
    /// one, or whoever has an account could clear the address between guesses at another's.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn was_right(&self, leave: Leave) -> Result<(), DatabaseError> {
        let mut tx = self.database.begin("give a sign-in try back").await?;
        store::tries::delete(&mut tx, &leave.account).await?;
        if let Some(address) = leave.address
            && let Some(tries) = store::tries::find(&mut tx, &address).await?
        {
            let failures = tries.failures.saturating_sub(1);
            let given_back = Tries { failures, next_at: tries.last_at, ..tries };
            store::tries::put(&mut tx, &address, given_back).await?;
        }
        tx.commit().await
    }
}

/// Tokens of programs: the same pauses, by address alone. A token is 256 random bits, so there is nothing to protect it by
/// name against, and whoever read its public part could close it for its owner. The count is apart from that of persons: a
/// script with an old token must not keep the people behind the same address out.
impl Throttle {
    /// The pause in which no token from this address is looked at, if there is one now.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn token_pause(&self, address: Option<IpAddr>) -> Result<Option<Pause>, DatabaseError> {
        let mut tx = self.database.read("look at wrong tokens").await?;
        let tries = store::tries::find(&mut tx, &token_subject(address)).await?;
        let now = self.clock.now();
        let secs = tries.map_or(0, |tries| tries.next_at.saturating_sub(now).min(LONGEST_PAUSE_SECS));
        Ok((secs > 0).then_some(Pause { secs }))
    }

    /// Counts a token that was not right, and says how long the next one from this address has to wait.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn wrong_token(&self, address: Option<IpAddr>) -> Result<Pause, DatabaseError> {
        let (now, subject) = (self.clock.now(), token_subject(address));
        let mut tx = self.database.begin("count a wrong token").await?;
        store::tries::delete_older(&mut tx, now.saturating_sub(FORGET_SECS)).await?;
        let before = store::tries::find(&mut tx, &subject).await?;
        let failures = before.map_or(0, |before| before.failures).saturating_add(1);
        let secs = pause(failures);
        let tries = Tries { failures, last_at: now, next_at: now.saturating_add(secs) };
        store::tries::put(&mut tx, &subject, tries).await?;
        tx.commit().await?;
        Ok(Pause { secs })
    }
}

fn token_subject(address: Option<IpAddr>) -> String {
    format!("tokens of {}", address.map_or_else(|| "an unknown address".to_owned(), address_subject))
}

/// The pause after so many failures in a row.
fn pause(failures: u64) -> u64 {
    let Some(doublings) = failures.checked_sub(FREE_TRIES) else { return 0 };
    let doublings = u32::try_from(doublings).unwrap_or(u32::MAX);
    2_u64
        .checked_pow(doublings)
        .and_then(|times| times.checked_mul(FIRST_PAUSE_SECS))
        .unwrap_or(u64::MAX)
        .min(LONGEST_PAUSE_SECS)
}

/// Names that no account can have share one count; they could be of any length.
fn account_subject(name: &str) -> String {
    if is_name(name) { format!("account {name}") } else { "account ?".into() }
}

/// Of an IPv6 address the first 64 bits: a single customer has all that follow.
fn address_subject(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => format!("address {address}"),
        IpAddr::V6(address) => match address.to_ipv4_mapped() {
            Some(address) => format!("address {address}"),
            None => {
                let [a, b, c, d, ..] = address.segments();
                format!("address {a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_and_ends_at_a_quarter_of_an_hour() {
        let pauses: Vec<u64> = (1..=13).map(pause).collect();
        assert_eq!(pauses, [0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900, 900]);
        assert_eq!(pause(u64::MAX), LONGEST_PAUSE_SECS);
    }

    #[test]
    fn a_customer_s_ipv6_addresses_count_together() {
        let subject = |text: &str| address_subject(text.parse().unwrap());
        assert_eq!(subject("2001:db8:1:2::1"), subject("2001:db8:1:2:ffff::9"));
        assert_ne!(subject("2001:db8:1:2::1"), subject("2001:db8:1:3::1"));
        assert_eq!(subject("::ffff:192.0.2.1"), "address 192.0.2.1");
    }

    #[test]
    fn a_name_of_any_length_makes_a_short_subject() {
        assert_eq!(account_subject(&"x".repeat(10_000)), "account ?");
        assert_eq!(account_subject("a.meyer"), "account a.meyer");
    }
}
