//! How often somebody may ask: one bucket of tokens for each identity.
//!
//! Pure: the time is an argument. What a token is worth, the program decides.

use std::collections::BTreeMap;

/// Identities remembered at once. There are some sixty callers; the rest is room for mistakes.
const IDENTITIES_MAX: usize = 4096;

/// How much somebody may ask: `burst` at once, then `per_minute`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Tokens that can be saved up.
    pub burst: u32,
    /// Tokens that come back in a minute; at least one does.
    pub per_minute: u32,
}

/// Tokens of one identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenBucket {
    rate: Rate,
    /// Sixtieths of a token, so that a second brings a whole number of them.
    sixtieths: u64,
    at: u64,
}

/// Nothing is left; ask again after so many seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many requests; ask again in {retry_after_secs} seconds")]
pub struct Exhausted {
    /// When there will be a token again.
    pub retry_after_secs: u64,
}

impl TokenBucket {
    /// A full bucket at `now`, in seconds.
    #[must_use]
    pub const fn full(rate: Rate, now: u64) -> Self {
        Self { rate, sixtieths: rate.burst as u64 * 60, at: now }
    }

    /// Takes a token.
    ///
    /// # Errors
    /// [`Exhausted`] when there is none. Asking again meanwhile costs nothing.
    pub fn take(&mut self, now: u64) -> Result<(), Exhausted> {
        self.refill(now);
        if let Some(left) = self.sixtieths.checked_sub(60) {
            self.sixtieths = left;
            return Ok(());
        }
        let missing = 60 - self.sixtieths;
        Err(Exhausted { retry_after_secs: missing.div_ceil(u64::from(self.rate.per_minute.max(1))) })
    }

    fn refill(&mut self, now: u64) {
        // A clock that was set back brings nothing and takes nothing.
        let passed = now.saturating_sub(self.at);
        self.at = now;
        let come = passed.saturating_mul(self.rate.per_minute.max(1).into());
        self.sixtieths = self.sixtieths.saturating_add(come).min(u64::from(self.rate.burst) * 60);
    }

    const fn is_full(&self) -> bool {
        self.sixtieths == self.rate.burst as u64 * 60
    }
}

/// The buckets of all identities, with bounded memory.
#[derive(Debug, Clone)]
pub struct Throttle {
    rate: Rate,
    buckets: BTreeMap<String, TokenBucket>,
}

impl Throttle {
    /// Buckets of this rate, all full.
    #[must_use]
    pub const fn new(rate: Rate) -> Self {
        Self { rate, buckets: BTreeMap::new() }
    }

    /// Takes a token of this identity.
    ///
    /// # Errors
    /// [`Exhausted`] when there is none.
    pub fn take(&mut self, identity: &str, now: u64) -> Result<(), Exhausted> {
        if !self.buckets.contains_key(identity) && self.buckets.len() >= IDENTITIES_MAX {
            // A full bucket is the same as none. If all are in use, the flood waits, not the memory.
            self.buckets.retain(|_, bucket| {
                bucket.refill(now);
                !bucket.is_full()
            });
            if self.buckets.len() >= IDENTITIES_MAX {
                return Err(Exhausted { retry_after_secs: 60 });
            }
        }
        let rate = self.rate;
        self.buckets.entry(identity.to_owned()).or_insert_with(|| TokenBucket::full(rate, now)).take(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: Rate = Rate { burst: 3, per_minute: 6 };

    #[test]
    fn a_burst_then_one_each_ten_seconds() {
        let mut bucket = TokenBucket::full(RATE, 1000);
        assert!((0..3).all(|_| bucket.take(1000).is_ok()));
        assert_eq!(bucket.take(1000), Err(Exhausted { retry_after_secs: 10 }));
        assert_eq!(bucket.take(1009), Err(Exhausted { retry_after_secs: 1 }));
        assert_eq!(bucket.take(1010), Ok(()));
        assert_eq!(bucket.take(1010), Err(Exhausted { retry_after_secs: 10 }));
        // After a long time it holds its burst and no more.
        assert_eq!((0..9).filter(|_| bucket.take(9_000_000).is_ok()).count(), 3);
    }

    #[test]
    fn a_clock_set_back_gives_nothing_and_stops_nobody_for_ever() {
        let mut bucket = TokenBucket::full(Rate { burst: 1, per_minute: 60 }, 1000);
        assert_eq!(bucket.take(1000), Ok(()));
        assert_eq!(bucket.take(10), Err(Exhausted { retry_after_secs: 1 }));
        assert_eq!(bucket.take(11), Ok(()));
    }

    #[test]
    fn identities_do_not_share_and_their_number_is_bounded() {
        let mut throttle = Throttle::new(Rate { burst: 1, per_minute: 1 });
        assert_eq!(throttle.take("a", 0), Ok(()));
        assert!(throttle.take("a", 0).is_err());
        assert_eq!(throttle.take("b", 0), Ok(()));
        for number in 2..IDENTITIES_MAX {
            assert_eq!(throttle.take(&number.to_string(), 0), Ok(()));
        }
        assert!(throttle.take("one too many", 0).is_err());
        // A minute later all buckets are full again and forgotten.
        assert_eq!(throttle.take("one too many", 60), Ok(()));
        assert_eq!(throttle.buckets.len(), 1);
    }

    #[test]
    fn a_rate_of_nothing_still_gives_one_a_minute() {
        let mut bucket = TokenBucket::full(Rate { burst: 1, per_minute: 0 }, 0);
        assert_eq!(bucket.take(0), Ok(()));
        assert_eq!(bucket.take(0), Err(Exhausted { retry_after_secs: 60 }));
        assert_eq!(bucket.take(60), Ok(()));
    }
}
