//! How a figure is written: grouped digits, and a visible word for every reason there is no figure.
//!
//! The rule it keeps: an answer that is not a number is never blank and never 0. Each state has a word, a class for the
//! stylesheet and a pattern for drawings, so that it is told apart without colour. Programs turn their own cells into
//! [`Shown`]; this module knows nothing of tables or releases.

use std::fmt;

use askama::filters::HtmlSafe;

use crate::words::say;

/// Between groups of three digits: a narrow no-break space (ISO 80000-1), so that a number never breaks over two lines.
const GROUP: char = '\u{202f}';

/// Writes a count with its digits in groups of three: `146 258`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(GROUP);
        }
        text.push(digit);
    }
    text
}

/// What a figure's place shows: a number, what is known of one, or why there is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// A number; zero is one.
    Number(u64),
    /// A known part; the rest is unknown and has no upper bound.
    AtLeast(u64),
    /// The number lies between these two, both included.
    Range {
        /// The smallest it can be.
        low: u64,
        /// The largest it can be.
        high: u64,
    },
    /// There is no number, for this reason.
    State(State),
}

/// Why a figure's place holds no number.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// A number from 1 to `k - 1`, too small to be told.
    FewerThan(u64),
    /// Nobody collects it.
    NotCollected,
    /// It is not known, or not yet.
    NotKnown,
    /// The question does not arise (sea arrivals in a land-locked state).
    NotApplicable,
    /// It is counted in another cell or by another agency.
    CountedElsewhere,
    /// Hidden before it left its node, to protect small numbers.
    Suppressed,
    /// Kept at home by decision.
    Withheld,
    /// Shared later; the text is the day as people write it.
    Embargoed {
        /// From when it may be read.
        until: String,
    },
    /// Nothing was reported.
    NotReported,
    /// Something was reported, and no figure of it is in this view.
    NotShown,
    /// Hidden because it is small. On pages of the node that hides it only.
    HiddenSmall,
    /// Hidden because others could be worked out from it. On pages of the node that hides it only.
    HiddenToProtect,
    /// Hidden because it was hidden before, or a part of it is. On pages of the node that hides it only.
    HiddenBefore,
}

/// How a state is drawn where a word does not fit. Each differs in shape, so that a grey print still tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Pattern {
    /// Small dots: a small number.
    Dots,
    /// Lines rising to the right: not collected.
    Rising,
    /// Lines falling to the right: not known.
    Falling,
    /// Nothing inside a dashed outline: not applicable.
    Hollow,
    /// Level lines: counted elsewhere.
    Level,
    /// Crossed slanting lines: suppressed.
    Crossed,
    /// Upright lines: withheld.
    Upright,
    /// A grid of level and upright lines: embargoed.
    Grid,
    /// Sparse rising lines: nothing reported.
    Sparse,
    /// Small rings: reported, and not shown here.
    Rings,
}

impl Pattern {
    /// All patterns, in the order of a legend.
    pub const ALL: [Self; 10] = [
        Self::Dots,
        Self::Rising,
        Self::Falling,
        Self::Hollow,
        Self::Level,
        Self::Crossed,
        Self::Upright,
        Self::Grid,
        Self::Sparse,
        Self::Rings,
    ];

    /// The last part of the pattern's identifier inside a drawing.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dots => "dots",
            Self::Rising => "rising",
            Self::Falling => "falling",
            Self::Hollow => "hollow",
            Self::Level => "level",
            Self::Crossed => "crossed",
            Self::Upright => "upright",
            Self::Grid => "grid",
            Self::Sparse => "sparse",
            Self::Rings => "rings",
        }
    }
}

impl State {
    /// The words shown in a figure's place.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::FewerThan(k) => say("figure-fewer-than").with("bound", *k).to_string(),
            Self::NotCollected => say("figure-not-collected").into(),
            Self::NotKnown => say("figure-not-known").into(),
            Self::NotApplicable => say("figure-not-applicable").into(),
            Self::CountedElsewhere => say("figure-counted-elsewhere").into(),
            Self::Suppressed => say("figure-suppressed").into(),
            Self::Withheld => say("figure-withheld").into(),
            Self::Embargoed { until } => say("figure-embargoed-until").with("until", until.to_string()).to_string(),
            Self::NotReported => say("figure-not-reported").into(),
            Self::NotShown => say("figure-not-shown-here").into(),
            Self::HiddenSmall => say("figure-hidden-small").into(),
            Self::HiddenToProtect => say("figure-hidden-to-protect").into(),
            Self::HiddenBefore => say("figure-hidden-before").into(),
        }
    }

    /// The words without what differs from cell to cell: one line of a legend.
    #[must_use]
    pub fn legend(&self) -> String {
        match self {
            Self::Embargoed { .. } => say("figure-embargoed").into(),
            other => other.words(),
        }
    }

    /// One sentence for a legend or a note below a table.
    #[must_use]
    pub fn meaning(&self) -> String {
        match self {
            Self::FewerThan(_) => say("figure-there-were-some-too-few"),
            Self::NotCollected => say("figure-nobody-at-home-collects-this"),
            Self::NotKnown => say("figure-the-figure-is-not-known"),
            Self::NotApplicable => say("figure-the-question-does-not-arise"),
            Self::CountedElsewhere => say("figure-it-is-part-of-another"),
            Self::Suppressed => say("figure-hidden-before-it-left-its"),
            Self::Withheld => say("figure-kept-at-home-by-decision"),
            Self::Embargoed { .. } => say("figure-shared-but-to-be-read"),
            Self::NotReported => say("figure-nothing-was-reported-for-this"),
            Self::NotShown => say("figure-it-was-reported-or-is"),
            Self::HiddenSmall => say("figure-hidden-small-meaning"),
            Self::HiddenToProtect => say("figure-hidden-to-protect-meaning"),
            Self::HiddenBefore => say("figure-hidden-before-meaning"),
        }
        .into()
    }

    /// A few characters for places where the words do not fit, always explained by a legend beside them.
    #[must_use]
    pub fn mark(&self) -> String {
        match self {
            Self::FewerThan(k) => format!("<{k}"),
            Self::NotCollected => say("figure-n-c").into(),
            Self::NotKnown => say("figure-n-k").into(),
            Self::NotApplicable => say("figure-n-a").into(),
            Self::CountedElsewhere => say("figure-els").into(),
            Self::Suppressed => say("figure-sup").into(),
            Self::Withheld => say("figure-w-h").into(),
            Self::Embargoed { .. } => say("figure-emb").into(),
            Self::NotReported => "–".into(),
            Self::NotShown => "·".into(),
            Self::HiddenSmall | Self::HiddenToProtect | Self::HiddenBefore => say("figure-sup").into(),
        }
    }

    /// The class that the stylesheet knows the state by.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::FewerThan(_) => "fewer",
            Self::NotCollected => "not-collected",
            Self::NotKnown => "not-known",
            Self::NotApplicable => "not-applicable",
            Self::CountedElsewhere => "counted-elsewhere",
            Self::Suppressed => "suppressed",
            Self::Withheld => "withheld",
            Self::Embargoed { .. } => "embargoed",
            Self::NotReported => "not-reported",
            Self::NotShown => "not-shown",
            Self::HiddenSmall => "hidden-small",
            Self::HiddenToProtect => "hidden-to-protect",
            Self::HiddenBefore => "hidden-before",
        }
    }

    /// How the state is drawn.
    #[must_use]
    pub fn pattern(&self) -> Pattern {
        match self {
            Self::FewerThan(_) => Pattern::Dots,
            Self::NotCollected => Pattern::Rising,
            Self::NotKnown => Pattern::Falling,
            Self::NotApplicable => Pattern::Hollow,
            Self::CountedElsewhere => Pattern::Level,
            // Drawings are made of what left, where all hidden cells are alike.
            Self::Suppressed | Self::HiddenSmall | Self::HiddenToProtect | Self::HiddenBefore => Pattern::Crossed,
            Self::Withheld => Pattern::Upright,
            Self::Embargoed { .. } => Pattern::Grid,
            Self::NotReported => Pattern::Sparse,
            Self::NotShown => Pattern::Rings,
        }
    }
}

impl Shown {
    /// The figure as plain text, complete on its own: for sentences, titles of drawings and tests.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Number(number) => grouped(*number),
            Self::AtLeast(known) => say("figure-at-least").with("known", *known).to_string(),
            Self::Range { low, high } => say("figure-to").with("low", *low).with("high", *high).to_string(),
            Self::State(state) => state.words(),
        }
    }

    /// The figure in as few characters as a drawing has room for; its legend explains the marks.
    #[must_use]
    pub fn short(&self) -> String {
        match self {
            Self::Number(number) => grouped(*number),
            Self::AtLeast(known) => format!("≥\u{202f}{}", grouped(*known)),
            Self::Range { low, high } => format!("{}–{}", grouped(*low), grouped(*high)),
            Self::State(state) => state.mark(),
        }
    }

    /// The class that the stylesheet knows it by.
    #[must_use]
    pub fn class(&self) -> &'static str {
        match self {
            Self::Number(_) => "number",
            Self::AtLeast(_) => "at-least",
            Self::Range { .. } => "range",
            Self::State(state) => state.class(),
        }
    }

    /// What is surely there: the number, the known part, or the lower bound. `None` for a state.
    ///
    /// "Fewer than k" is a state and has no known part here, although it is at least 1: a drawing that gave it a length
    /// of 1 would look like a measured one.
    #[must_use]
    pub fn known(&self) -> Option<u64> {
        match self {
            Self::Number(known) | Self::AtLeast(known) | Self::Range { low: known, .. } => Some(*known),
            Self::State(_) => None,
        }
    }

    /// The largest it can be, where that is known.
    #[must_use]
    pub fn high(&self) -> Option<u64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Range { high, .. } => Some(*high),
            Self::AtLeast(_) | Self::State(_) => None,
        }
    }

    /// The largest a drawing has to reach: the upper bound, else the known part.
    #[must_use]
    pub fn reach(&self) -> Option<u64> {
        match self {
            Self::Number(reach) | Self::AtLeast(reach) | Self::Range { high: reach, .. } => Some(*reach),
            Self::State(_) => None,
        }
    }

    /// The reason there is no number, if there is none.
    #[must_use]
    pub fn state(&self) -> Option<&State> {
        match self {
            Self::State(state) => Some(state),
            _ => None,
        }
    }
}

impl From<u64> for Shown {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<State> for Shown {
    fn from(state: State) -> Self {
        Self::State(state)
    }
}

/// Prints the figure for a page: `<span class="shown number">146 258</span>`.
///
/// Only `until` of an embargo comes from outside, so only the words are escaped.
impl fmt::Display for Shown {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.state().is_some() { "shown state" } else { "shown" };
        write!(out, "<span class=\"{kind} {}\">{}</span>", self.class(), escaped(&self.text()))
    }
}

impl HtmlSafe for Shown {}

/// Text made harmless inside HTML text and double-quoted attributes.
pub(crate) fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// Every state once, for tests and galleries.
#[must_use]
pub fn every_state() -> Vec<State> {
    vec![
        State::FewerThan(5),
        State::NotCollected,
        State::NotKnown,
        State::NotApplicable,
        State::CountedElsewhere,
        State::Suppressed,
        State::Withheld,
        State::Embargoed { until: "1 January 2027".into() },
        State::NotReported,
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn digits_stand_in_groups_of_three() {
        let written: Vec<String> = [0, 7, 999, 1000, 12_945, 146_258, 1_000_000, u64::MAX].map(grouped).into();
        assert_eq!(
            written,
            [
                "0",
                "7",
                "999",
                "1\u{202f}000",
                "12\u{202f}945",
                "146\u{202f}258",
                "1\u{202f}000\u{202f}000",
                "18\u{202f}446\u{202f}744\u{202f}073\u{202f}709\u{202f}551\u{202f}615"
            ]
        );
    }

    #[test]
    fn no_state_is_blank_or_looks_like_a_zero() {
        for state in every_state() {
            for text in [state.words(), state.legend(), state.mark(), state.meaning().to_owned()] {
                assert!(!text.trim().is_empty(), "{state:?} is blank");
                assert_ne!(text.trim(), "0", "{state:?} looks like a zero");
            }
            assert_eq!(Shown::State(state).known(), None);
        }
    }

    #[test]
    fn states_differ_in_words_class_mark_and_pattern() {
        let states = every_state();
        let count = states.len();
        assert_eq!(states.iter().map(State::words).collect::<BTreeSet<_>>().len(), count);
        assert_eq!(states.iter().map(State::class).collect::<BTreeSet<_>>().len(), count);
        assert_eq!(states.iter().map(State::mark).collect::<BTreeSet<_>>().len(), count);
        assert_eq!(states.iter().map(State::pattern).collect::<BTreeSet<_>>().len(), count);
    }

    #[test]
    fn a_bound_says_that_it_is_one() {
        assert_eq!(Shown::AtLeast(1200).text(), "at least 1\u{202f}200");
        assert_eq!(Shown::Range { low: 3, high: 1200 }.text(), "3 to 1\u{202f}200");
        assert_eq!(Shown::Range { low: 3, high: 9 }.high(), Some(9));
        assert_eq!(Shown::AtLeast(3).high(), None);
    }

    #[test]
    fn an_embargo_text_cannot_carry_markup() {
        let shown = Shown::State(State::Embargoed { until: "<b>\"x\"</b>".into() });
        assert_eq!(
            shown.to_string(),
            "<span class=\"shown state embargoed\">embargoed until &lt;b&gt;&quot;x&quot;&lt;/b&gt;</span>"
        );
    }
}
