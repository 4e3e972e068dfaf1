//! Languages: their tags, the direction they are written in, and what a browser asks for.

use std::fmt;

use unic_langid::{CharacterDirection, LanguageIdentifier};

/// A language by its tag: `fr`, `ar`, `fr-CA`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Language(LanguageIdentifier);

/// English with marks on every letter and a third longer: what is not from a translation file stays plain, and what has no
/// room shows it. For tests of the layout; never offered.
pub const PSEUDO: &str = "en-XA";

/// English from right to left, for tests of the layout; never offered.
pub const PSEUDO_RIGHT_TO_LEFT: &str = "ar-XB";

/// Tags of a list in `Accept-Language` that are looked at: a browser sends five or six.
const ACCEPTED_MAX: usize = 16;

/// Longest tag that is read: a language, a script and a region, with room.
const TAG_BYTES_MAX: usize = 24;

impl Language {
    /// The language with this tag.
    #[must_use]
    pub fn parse(tag: &str) -> Option<Self> {
        (tag.len() <= TAG_BYTES_MAX).then(|| tag.parse().ok().map(Self)).flatten()
    }

    /// The last resort: every sentence exists in it.
    #[must_use]
    pub fn english() -> Self {
        // A tag without a language is the undetermined one, which `en` is not.
        Self("en".parse().unwrap_or_default())
    }

    /// The language without its region or script: `fr` of `fr-CA`.
    #[must_use]
    pub fn base(&self) -> Self {
        Self(LanguageIdentifier::from_parts(self.0.language, None, None, &[]))
    }

    /// `ltr` or `rtl`, as HTML writes it.
    #[must_use]
    pub fn direction(&self) -> &'static str {
        match self.0.character_direction() {
            CharacterDirection::RTL => "rtl",
            CharacterDirection::LTR | CharacterDirection::TTB => "ltr",
        }
    }

    /// The tag, as folders and books are named by it.
    #[must_use]
    pub fn tag(&self) -> String {
        self.0.to_string()
    }

    pub(super) fn identifier(&self) -> LanguageIdentifier {
        self.0.clone()
    }

    /// A value that could turn the sentence around it, between marks that keep it apart: a name in Arabic script in a French
    /// sentence, anything at all in an Arabic one.
    pub(super) fn isolated(&self, text: String) -> String {
        let turns = match self.direction() {
            "rtl" => text.chars().any(char::is_alphanumeric),
            _ => text.chars().any(is_right_to_left),
        };
        if turns { format!("\u{2068}{text}\u{2069}") } else { text }
    }

    /// The first of these languages that the header `Accept-Language` asks for, by its weights.
    #[must_use]
    pub fn accepted<'a>(header: &str, offered: &'a [Self]) -> Option<&'a Self> {
        let mut wanted: Vec<(Self, u16)> = header
            .split(',')
            .take(ACCEPTED_MAX)
            .filter_map(|part| {
                let (tag, weight) = part.trim().split_once(';').unwrap_or_else(|| (part.trim(), "q=1"));
                let weight: f32 = weight.trim().strip_prefix("q=")?.parse().ok()?;
                // A weight has at most three digits behind the point (RFC 9110, 12.4.2).
                let thousandths = (weight.clamp(0.0, 1.0) * 1000.0) as u16;
                Some((Self::parse(tag.trim())?, thousandths)).filter(|_| thousandths > 0)
            })
            .collect();
        // Stable: of two with the same weight the first is preferred.
        wanted.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
        wanted.iter().find_map(|(language, _)| language.found_in(offered))
    }

    /// The language itself where it is offered, else the one without region or script.
    #[must_use]
    pub fn found_in<'a>(&self, offered: &'a [Self]) -> Option<&'a Self> {
        offered.iter().find(|one| *one == self).or_else(|| offered.iter().find(|one| **one == self.base()))
    }
}

impl fmt::Display for Language {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// Letters of Hebrew, Arabic and their neighbours, with the forms they take for printing.
fn is_right_to_left(letter: char) -> bool {
    matches!(letter, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}' | '\u{10800}'..='\u{10fff}')
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn offered() -> Vec<Language> {
        ["en", "fr", "ar"].map(|tag| Language::parse(tag).unwrap()).to_vec()
    }

    #[test]
    fn a_browser_gets_what_it_prefers_of_what_there_is() {
        let offered = offered();
        let accepted = |header| Language::accepted(header, &offered).map(Language::tag);
        assert_eq!(accepted("fr-CA,fr;q=0.9,en;q=0.8").as_deref(), Some("fr"));
        assert_eq!(accepted("de, en;q=0.5, ar;q=0.7").as_deref(), Some("ar"));
        assert_eq!(accepted("fr;q=0, en").as_deref(), Some("en"));
        assert_eq!(accepted("*"), None);
        assert_eq!(accepted(";;q=,,\u{e9}, x-y-z;q=nan"), None);
    }

    #[test]
    fn the_direction_follows_the_script() {
        for (tag, direction) in [("en", "ltr"), ("ar", "rtl"), ("he", "rtl"), ("ar-XB", "rtl"), ("zh", "ltr")] {
            assert_eq!(Language::parse(tag).unwrap().direction(), direction, "{tag}");
        }
    }

    #[test]
    fn what_could_turn_a_sentence_is_kept_apart() {
        assert_eq!(Language::english().isolated("Lea".into()), "Lea");
        assert_eq!(Language::english().isolated("ليلى".into()), "\u{2068}ليلى\u{2069}");
        assert_eq!(Language::parse("ar").unwrap().isolated("Lea".into()), "\u{2068}Lea\u{2069}");
    }

    #[test]
    fn a_tag_that_is_none_is_no_language() {
        for tag in ["", "../etc", "f", "this-is-much-too-long-for-a-tag", "fr/FR", "<b>"] {
            assert_eq!(Language::parse(tag), None, "{tag}");
        }
    }
}
