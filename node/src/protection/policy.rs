//! Which rule of disclosure control applies to a topic: the one that ships, or what the operator has written into the settings
//! with a reason.
//!
//! All audiences a release can have are members of the region and its hub, so the rules are those towards members.

use std::fmt;

use serde::{Deserialize, Serialize};
use vrs_disclosure::policy::{Policy, Public};
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::TopicCode;

use crate::settings::{DisclosureRule, DisclosureSettings};

/// Number of the policy that ships.
pub const SHIPPED: u16 = 1;
/// What a manifest says where no disclosure control applies.
pub const NONE: u16 = 0;
/// Longest reason, in bytes: it is shown on every release.
const REASON_BYTES_MAX: usize = 500;

/// The policy of this node.
#[derive(Debug, Clone)]
pub struct Policies {
    number: u16,
    rules: Vec<(Option<TopicCode>, Option<Policy>, String)>,
}

/// The rule that applies to a topic, as it is kept with a release and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Applied {
    /// Number of the policy, as the manifest names it; 0: none, because the figures are published already.
    pub number: u16,
    /// Counts from 1 to less than this are small; 0: none is.
    pub below: u32,
    /// By how much two possible figures must differ for each small count.
    pub width: u32,
    /// Why the rule differs from the one that ships; empty: it does not.
    pub reason: String,
}

impl Applied {
    /// The rule as the engine takes it; `None` where nothing is small.
    #[must_use]
    pub const fn policy(&self) -> Option<Policy> {
        match self.below {
            0 => None,
            below => Some(Policy { width: self.width, ..Policy::of_threshold(below) }),
        }
    }
}

/// Why a policy in the settings is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyRefused(String);

impl std::error::Error for PolicyRefused {}

impl fmt::Display for PolicyRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the settings of disclosure control are refused: {}", self.0)
    }
}

impl Policies {
    /// Reads the policy from the settings.
    ///
    /// # Errors
    /// When a rule gives no reason, names a topic there is none of, or protects nothing without saying so; or when the number
    /// does not tell the policy apart from the one that ships.
    pub fn of(settings: &DisclosureSettings, catalogue: &Catalogue) -> Result<Self, PolicyRefused> {
        let refused = |sentence: String| Err(PolicyRefused(sentence));
        if settings.rules.is_empty() != (settings.policy == SHIPPED) || settings.policy == NONE {
            return refused(format!(
                "disclosure.policy is {}; {SHIPPED} is the policy that ships and has no rules of its own, a policy with rules has a number from 2 on",
                settings.policy
            ));
        }
        let rules = settings.rules.iter().enumerate().map(|(at, rule)| read(at + 1, rule, catalogue));
        Ok(Self { number: settings.policy, rules: rules.collect::<Result<_, _>>()? })
    }

    /// Its number.
    #[must_use]
    pub const fn number(&self) -> u16 {
        self.number
    }

    /// The rule for a topic.
    #[must_use]
    pub fn applied(&self, topic: &TopicCode) -> Applied {
        let shipped = Policy::shipped(topic, Public::Members);
        let named = self.rules.iter().find(|(of, ..)| of.as_ref() == Some(topic));
        let Some((_, policy, reason)) = named.or_else(|| self.rules.iter().find(|(of, ..)| of.is_none())) else {
            // Topics without a rule of their own follow the one that ships, under the number of the whole policy.
            return Applied { number: self.number, below: shipped.below, width: shipped.width, reason: String::new() };
        };
        match policy {
            None => Applied { number: NONE, below: 0, width: 0, reason: reason.clone() },
            Some(own) => Applied { number: self.number, below: own.below, width: own.width, reason: reason.clone() },
        }
    }
}

fn read(
    number: usize,
    rule: &DisclosureRule,
    catalogue: &Catalogue,
) -> Result<(Option<TopicCode>, Option<Policy>, String), PolicyRefused> {
    let refused = |sentence: String| Err(PolicyRefused(format!("rule {number} {sentence}")));
    let reason = rule.reason.trim();
    if reason.is_empty() || reason.len() > REASON_BYTES_MAX {
        return refused(format!("needs a reason of 1 to {REASON_BYTES_MAX} bytes: reason = \"…\""));
    }
    let topic = match &rule.topic {
        None => None,
        Some(text) => match TopicCode::parse(text).ok().filter(|topic| catalogue.topic(topic).is_some()) {
            Some(topic) => Some(topic),
            None => {
                let known: Vec<&str> = catalogue.topics.iter().map(|topic| topic.code.as_str()).collect();
                return refused(format!("names the topic {text:?}; there are {}", known.join(", ")));
            }
        },
    };
    let policy = match (rule.published, rule.below) {
        (true, None) if rule.width.is_none() => None,
        (true, _) => return refused("says that nothing is small and which counts are; keep one of the two".into()),
        (false, None) => return refused("says neither which counts are small (below = 5) nor published = true".into()),
        (false, Some(below)) => {
            let usual = Policy::of_threshold(below);
            let policy = Policy { width: rule.width.unwrap_or(usual.width), ..usual };
            match policy.check() {
                Ok(()) => Some(policy),
                Err(error) => return refused(format!("is not one: {error}")),
            }
        }
    };
    Ok((topic, policy, reason.to_owned()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn topic(code: &str) -> TopicCode {
        TopicCode::parse(code).unwrap()
    }
    fn of(policy: u16, rules: Vec<DisclosureRule>) -> Result<Policies, PolicyRefused> {
        Policies::of(&DisclosureSettings { policy, rules }, Catalogue::bundled())
    }
    fn below(topic: Option<&str>, below: u32) -> DisclosureRule {
        let reason = "Order 12".into();
        DisclosureRule { topic: topic.map(ToOwned::to_owned), below: Some(below), reason, ..Default::default() }
    }

    #[test]
    fn the_policy_that_ships_hides_more_of_smugglers() {
        let shipped = of(1, Vec::new()).unwrap();
        let ie = shipped.applied(&topic("IE"));
        assert_eq!((ie.number, ie.below, ie.width, ie.reason.as_str()), (1, 5, 4, ""));
        assert_eq!(shipped.applied(&topic("CS")).below, 11);
    }

    #[test]
    fn a_rule_of_one_topic_goes_before_that_of_every_topic() {
        let own = of(7, vec![below(None, 10), below(Some("IE"), 3)]).unwrap();
        let (ie, re) = (own.applied(&topic("IE")), own.applied(&topic("RE")));
        assert_eq!((ie.number, ie.below, ie.width), (7, 3, 2));
        assert_eq!((re.number, re.below, re.reason.as_str()), (7, 10, "Order 12"));
    }

    #[test]
    fn published_figures_go_through_no_policy() {
        let rule = DisclosureRule { published: true, reason: "Eurostat shows them".into(), ..Default::default() };
        let applied = of(2, vec![rule]).unwrap().applied(&topic("IE"));
        assert_eq!((applied.number, applied.policy()), (0, None));
    }

    #[test]
    fn what_protects_nothing_or_gives_no_reason_is_refused() {
        for (policy, rules, words) in [
            (1, vec![below(None, 10)], "from 2 on"),
            (2, vec![], "from 2 on"),
            (0, vec![], "from 2 on"),
            (2, vec![DisclosureRule { reason: " ".into(), ..below(None, 10) }], "needs a reason"),
            (2, vec![below(Some("XX"), 10)], "there are"),
            (2, vec![below(None, 1)], "2 is the least"),
            (2, vec![DisclosureRule { published: true, ..below(None, 5) }], "keep one of the two"),
            (2, vec![DisclosureRule { below: None, ..below(None, 5) }], "neither"),
        ] {
            let refused = of(policy, rules).unwrap_err().to_string();
            assert!(refused.contains(words), "{refused}");
        }
    }
}
