//! Five classes of one hue, with limits that people can say.
//!
//! The rule it keeps: limits are printed, round, and made from the figures shown; zero is a value and lies in the first.

use super::palette::{ON_STEPS, STEPS};
use crate::numbers::grouped;
use crate::words::say;

/// The classes of a set of counts, at most five.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Classes {
    /// The smallest count of each class but the first, which begins at zero. Ascending, at most four.
    limits: Vec<u64>,
}

impl Classes {
    /// Classes with about as many counts in each, their limits rounded to one of 1, 1.5, 2, 3, 5 or 7 times a power of ten.
    #[must_use]
    pub fn of(counts: impl IntoIterator<Item = u64>) -> Self {
        let mut counts: Vec<u64> = counts.into_iter().collect();
        counts.sort_unstable();
        counts.dedup();
        let steps = STEPS.len();
        let mut limits: Vec<u64> = (1..steps)
            .filter_map(|step| counts.get(step * counts.len() / steps))
            .map(|count| round_down(*count))
            .filter(|limit| *limit > 0)
            .collect();
        limits.dedup();
        Self { limits }
    }

    /// With these limits, for several drawings that are to be compared. Zeroes and repetitions are dropped; the first four
    /// count.
    #[must_use]
    pub fn with_limits(limits: impl IntoIterator<Item = u64>) -> Self {
        let mut limits: Vec<u64> = limits.into_iter().filter(|limit| *limit > 0).collect();
        limits.sort_unstable();
        limits.dedup();
        limits.truncate(STEPS.len() - 1);
        Self { limits }
    }

    /// How many classes there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.limits.len() + 1
    }

    /// The colour of a count.
    #[must_use]
    pub fn colour(&self, count: u64) -> &'static str {
        STEPS[self.step(self.class(count))]
    }

    /// The ink read on the colour of a count.
    #[must_use]
    pub fn ink(&self, count: u64) -> &'static str {
        ON_STEPS[self.step(self.class(count))]
    }

    /// The class of a count, from 0.
    #[must_use]
    pub fn class(&self, count: u64) -> usize {
        self.limits.partition_point(|limit| *limit <= count)
    }

    /// Colour and printed limits of each class, for the legend.
    #[must_use]
    pub fn legend(&self) -> Vec<(&'static str, String)> {
        (0..self.count())
            .map(|class| {
                let from = if class == 0 { 0 } else { self.limits[class - 1] };
                let words = match self.limits.get(class) {
                    Some(next) if next - 1 == from => grouped(from),
                    Some(next) => format!("{}–{}", grouped(from), grouped(next - 1)),
                    None if class == 0 => say("chart-any-number").to_string(),
                    None => say("chart-and-more").with("from", from).to_string(),
                };
                (STEPS[self.step(class)], words)
            })
            .collect()
    }

    /// Fewer classes spread over the whole scale: the highest is always the darkest.
    fn step(&self, class: usize) -> usize {
        if self.count() == 1 { STEPS.len() / 2 } else { class * (STEPS.len() - 1) / (self.count() - 1) }
    }
}

fn round_down(count: u64) -> u64 {
    let mut power = 1_u64;
    while count / power >= 10 {
        power *= 10;
    }
    let tenths = count / (power / 10).max(1);
    if power == 1 {
        return count;
    }
    let leading = [10, 15, 20, 30, 50, 70].into_iter().rev().find(|leading| *leading <= tenths).unwrap_or(10);
    leading * (power / 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_round_and_printed() {
        let classes = Classes::of([12, 90, 104, 1_200, 5_940, 8_970, 12_945, 40_000, 52_000, 146_258]);
        let words: Vec<String> = classes.legend().into_iter().map(|(_, words)| words).collect();
        assert_eq!(
            words,
            [
                "0–99",
                "100–4\u{202f}999",
                "5\u{202f}000–9\u{202f}999",
                "10\u{202f}000–49\u{202f}999",
                "50\u{202f}000 and more"
            ]
        );
        assert_eq!(classes.class(0), 0);
        assert_eq!(classes.class(99), 0);
        assert_eq!(classes.class(100), 1);
        assert_eq!(classes.class(u64::MAX), 4);
    }

    #[test]
    fn few_counts_make_few_classes_and_the_highest_is_darkest() {
        let two = Classes::of([1, 900]);
        assert!(two.count() <= 3);
        assert_eq!(two.colour(900), STEPS[4]);
        let none = Classes::of([]);
        assert_eq!(none.legend(), [(STEPS[2], "any number".to_owned())]);
        assert_eq!(Classes::of([0, 0, 0]).count(), 1);
        assert_eq!(Classes::of([7; 40]).class(7), 1);
    }

    #[test]
    fn given_limits_are_put_in_order() {
        let classes = Classes::with_limits([50, 0, 10, 10, 100, 1_000, 10_000]);
        assert_eq!(classes.limits, [10, 50, 100, 1_000]);
        assert_eq!(classes.legend()[0].1, "0–9");
    }

    #[test]
    fn a_class_of_one_number_is_written_as_one() {
        assert_eq!(Classes::with_limits([1, 2]).legend()[0].1, "0");
        assert_eq!(Classes::with_limits([1, 2]).legend()[1].1, "1");
    }

    #[test]
    fn rounding_never_rises() {
        for count in (0..2_000).chain([99_999, 146_258, u64::MAX]) {
            assert!(round_down(count) <= count, "{count}");
        }
        assert_eq!(round_down(146_258), 100_000);
        assert_eq!(round_down(1_999), 1_500);
    }
}
