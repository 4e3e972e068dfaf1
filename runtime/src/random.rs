//! The one source of chance: the operating system's generator.
//!
//! The rule it keeps: there is no second source, no seed and no fallback. Dice for tests are not here; what needs
//! repeatable chance takes its bytes as an argument.

/// `N` unpredictable bytes, fit for keys, nonces and secrets.
///
/// # Aborts
/// When the operating system refuses to give random bytes the process ends at once with a sentence on standard
/// error: going on would mean guessable keys, and no caller could do anything better.
#[must_use]
#[allow(clippy::disallowed_methods)] // the one place that may ask for chance
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut filled = [0; N];
    if let Err(error) = getrandom::fill(&mut filled) {
        eprintln!("The operating system gives no random bytes ({error}). Stopping, because keys would be guessable.");
        std::process::abort();
    }
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_draws_differ_and_every_byte_is_filled() {
        let (first, second) = (bytes::<32>(), bytes::<32>());
        assert_ne!(first, second);
        // Each of 64 positions stays zero over 64 draws with probability 2^-512.
        let mut seen = [false; 64];
        for _ in 0..64 {
            for (position, byte) in bytes::<64>().iter().enumerate() {
                seen[position] |= *byte != 0;
            }
        }
        assert!(seen.iter().all(|position| *position));
    }
}
