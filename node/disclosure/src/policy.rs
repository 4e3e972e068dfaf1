//! What is small, and how uncertain it must stay. A policy belongs to a topic and an audience; the numbers here are those of
//! the policy file that ships, and a file may set others.

use vrs_protocol::id::TopicCode;

/// Whom a release is for, as far as the policy asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Public {
    /// The hub and the members of the region.
    Members,
    /// Everybody.
    Everybody,
}

/// The rule for one topic and audience. Counts are persons (or what the form counts).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Counts below this are small (P1). At least 2.
    pub below: u32,
    /// The audit demands two tables that differ by at least this in each small cell. At least 1.
    pub width: u32,
    /// What an outsider knows a hidden cell to be at least: 1 where zeros are shown, 0 where they are hidden like small counts.
    pub least: u32,
    /// Zeros are data too and are hidden like small counts (P2).
    pub hides_zeros: bool,
    /// Whoever is alone in a cell knows it, and shall derive no other from it. Off only to compare with tools that do not ask it.
    pub guards_against_lone: bool,
}

/// A policy that protects nothing or cannot be met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// A threshold below 2 makes no count small.
    #[error("a threshold of {0} makes no count small; 2 is the least")]
    Threshold(u32),
    /// A width of zero demands nothing.
    #[error("a width of 0 demands nothing; 1 is the least")]
    Width,
    /// The bound is a fact about zeros and can be 0 or 1 only.
    #[error("hidden cells are at least 0 or at least 1, not {0}")]
    Least(u32),
}

/// Persons below this are hidden from members.
const BELOW_MEMBERS: u32 = 5;
/// Persons below this are hidden from everybody, and in the topics of smugglers from members too.
const BELOW_EVERYBODY: u32 = 11;

impl Policy {
    /// The usual rule for a threshold k: zeros shown, and a width of k − 1, so that the interval holds k or every value 1 to k − 1.
    pub const fn of_threshold(below: u32) -> Self {
        Self { below, width: below.saturating_sub(1), least: 1, hides_zeros: false, guards_against_lone: true }
    }
    /// The rule that ships: 5 towards members, 11 towards everybody, and 11 from the start for smugglers and convicted smugglers.
    pub fn shipped(topic: &TopicCode, public: Public) -> Self {
        let of_smugglers = matches!(topic.as_str(), "MS" | "CS");
        let strict = of_smugglers || public == Public::Everybody;
        Self::of_threshold(if strict { BELOW_EVERYBODY } else { BELOW_MEMBERS })
    }
    /// Whether the policy protects anything.
    pub const fn check(&self) -> Result<(), PolicyError> {
        if self.below < 2 {
            Err(PolicyError::Threshold(self.below))
        } else if self.width == 0 {
            Err(PolicyError::Width)
        } else if self.least > 1 {
            Err(PolicyError::Least(self.least))
        } else {
            Ok(())
        }
    }
    /// Whether a count is small.
    pub const fn is_small(&self, count: i64) -> bool {
        count < self.below as i64 && (count > 0 || self.hides_zeros && count == 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smugglers_are_protected_like_a_publication_from_the_start() {
        let topic = |code: &str| TopicCode::parse(code).unwrap();
        assert_eq!(Policy::shipped(&topic("IE"), Public::Members).below, 5);
        assert_eq!(Policy::shipped(&topic("IE"), Public::Everybody).width, 10);
        assert_eq!(Policy::shipped(&topic("CS"), Public::Members).below, 11);
    }

    #[test]
    fn zeros_are_small_only_where_the_policy_says_so() {
        let policy = Policy::of_threshold(5);
        assert_eq!([0, 1, 4, 5].map(|count| policy.is_small(count)), [false, true, true, false]);
        assert!(Policy { hides_zeros: true, least: 0, ..policy }.is_small(0));
    }

    #[test]
    fn a_policy_that_demands_nothing_is_refused() {
        assert_eq!(Policy::of_threshold(1).check(), Err(PolicyError::Threshold(1)));
        assert_eq!(Policy { least: 2, ..Policy::of_threshold(5) }.check(), Err(PolicyError::Least(2)));
        assert_eq!(Policy::of_threshold(2).check(), Ok(()));
    }
}
