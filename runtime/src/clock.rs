//! The one clock. Everything else takes `now` as an argument or holds a [`Clock`].
//!
//! The rule it keeps: a test never sleeps. A manual clock stands still until its [`Hands`] are moved, and whoever
//! waits for an instant wakes at exactly that movement. Calendars, time zones and formats are not here.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::watch;

/// How long a wait on the system clock sleeps before it looks again, because the wall clock may be set forward or
/// back while we sleep and a machine may have been suspended.
const LOOK_AGAIN: Duration = Duration::from_secs(15);

/// Tells the time in whole seconds since 1970-01-01 UTC. Cheap to clone; clones show the same time.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Source>);

#[derive(Debug)]
enum Source {
    System,
    Manual(watch::Sender<u64>),
}

/// Moves a manual clock. Dropping it leaves the clock standing.
#[derive(Clone, Debug)]
pub struct Hands(Clock);

impl Clock {
    /// The clock of the machine.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Source::System))
    }

    /// A clock that stands at `now` until its hands are moved.
    #[must_use]
    pub fn manual(now: u64) -> (Self, Hands) {
        let clock = Self(Arc::new(Source::Manual(watch::Sender::new(now))));
        (clock.clone(), Hands(clock))
    }

    /// Seconds since 1970-01-01 UTC. A machine whose clock stands before 1970 is told 0, which every certificate
    /// check refuses.
    #[must_use]
    #[allow(clippy::disallowed_methods)] // the one place that may ask the machine
    pub fn now(&self) -> u64 {
        match &*self.0 {
            Source::System => SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()),
            Source::Manual(time) => *time.borrow(),
        }
    }

    /// Waits until the clock shows `instant` or later. Cancel safe.
    pub async fn wait_until(&self, instant: u64) {
        match &*self.0 {
            Source::System => loop {
                let left = instant.saturating_sub(self.now());
                if left == 0 {
                    return;
                }
                tokio::time::sleep(Duration::from_secs(left).min(LOOK_AGAIN)).await;
            },
            Source::Manual(time) => {
                let mut seen = time.subscribe();
                // The sender lives in `self`, so the wait can only end with the instant.
                let _ = seen.wait_for(|now| *now >= instant).await;
            }
        }
    }

    /// Waits for `seconds` on this clock. Cancel safe.
    pub async fn wait(&self, seconds: u64) {
        self.wait_until(self.now().saturating_add(seconds)).await;
    }
}

impl Hands {
    /// Moves the clock forward.
    pub fn advance(&self, seconds: u64) {
        self.set(self.0.now().saturating_add(seconds));
    }

    /// Sets the clock, also backwards, as machines do to us.
    pub fn set(&self, now: u64) {
        if let Source::Manual(time) = &*self.0.0 {
            time.send_replace(now);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_system_clock_is_in_this_century() {
        let now = Clock::system().now();
        assert!(now > 1_700_000_000, "the machine says {now}");
    }

    #[test]
    fn clones_of_a_manual_clock_show_the_same_time() {
        let (clock, hands) = Clock::manual(1000);
        let other = clock.clone();
        hands.advance(25);
        assert_eq!((clock.now(), other.now()), (1025, 1025));
        hands.set(7);
        assert_eq!(other.now(), 7);
    }

    #[tokio::test]
    async fn a_waiter_wakes_when_the_hands_reach_its_instant_and_not_before() {
        let (clock, hands) = Clock::manual(100);
        let waiter = tokio::spawn({
            let clock = clock.clone();
            async move { clock.wait(60).await }
        });
        tokio::task::yield_now().await;
        hands.advance(59);
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        assert!(!waiter.is_finished());
        hands.advance(1);
        tokio::time::timeout(Duration::from_secs(5), waiter).await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn an_instant_that_has_passed_is_not_waited_for() {
        Clock::system().wait_until(1).await;
        Clock::manual(5).0.wait_until(5).await;
    }
}
