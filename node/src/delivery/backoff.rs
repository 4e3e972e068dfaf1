//! How long to wait before the next try: twice as long after each failure, up to five minutes, for ever; and never quite
//! the same, so that sixty nodes do not come back in the same second after the hub was away.

/// The first pause.
const FIRST_SECS: u64 = 1;
/// The longest pause.
pub const LONGEST_SECS: u64 = 300;

/// Counts failures in a row.
#[derive(Debug, Clone, Copy, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// It worked: the next failure begins anew.
    pub fn reset(&mut self) {
        self.failures = 0;
    }

    /// It failed: how many seconds to wait. `chance` is any random number; it shortens the pause by up to a quarter.
    pub fn next_secs(&mut self, chance: u64) -> u64 {
        let pause = FIRST_SECS.checked_shl(self.failures).map_or(LONGEST_SECS, |secs| secs.min(LONGEST_SECS));
        self.failures = self.failures.saturating_add(1).min(16);
        (pause - chance % (pause / 4 + 1)).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_five_minutes_and_never_ends() {
        let mut backoff = Backoff::default();
        let pauses: Vec<u64> = (0..12).map(|_| backoff.next_secs(0)).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
        for _ in 0..100 {
            assert_eq!(backoff.next_secs(0), LONGEST_SECS);
        }
        backoff.reset();
        assert_eq!(backoff.next_secs(0), 1);
    }

    #[test]
    fn chance_shortens_it_by_a_quarter_at_most() {
        for chance in 0..1_000 {
            let mut backoff = Backoff { failures: 16 };
            let pause = backoff.next_secs(chance);
            assert!((225..=300).contains(&pause), "{pause}");
        }
    }
}
