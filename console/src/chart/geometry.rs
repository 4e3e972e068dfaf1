//! Lengths, ticks and the width of words.

use std::fmt;

/// A coordinate, printed with at most one decimal: finer is not seen and only makes pages longer.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct At(pub f64);

impl At {
    /// So many units further right or down, for templates.
    #[must_use]
    pub fn shifted(self, by: i16) -> Self {
        Self(self.0 + f64::from(by))
    }

    /// The distance from the other coordinate to this one.
    #[must_use]
    pub fn less(self, other: &Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl fmt::Display for At {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 10.0).round();
        // Also turns −0 into 0.
        let tenths = if tenths == 0.0 { 0.0 } else { tenths };
        if tenths % 10.0 == 0.0 { write!(out, "{:.0}", tenths / 10.0) } else { write!(out, "{:.1}", tenths / 10.0) }
    }
}

impl askama::filters::HtmlSafe for At {}

/// Where something begins and how long it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    /// Where it begins.
    pub from: At,
    /// How long it is.
    pub length: At,
}

impl Span {
    /// From here to there; nothing when there lies before here.
    #[must_use]
    pub fn between(from: f64, to: f64) -> Self {
        Self { from: At(from), length: At((to - from).max(0.0)) }
    }

    /// Where it ends.
    #[must_use]
    pub fn end(&self) -> At {
        At(self.from.0 + self.length.0)
    }

    /// Its middle.
    #[must_use]
    pub fn middle(&self) -> At {
        At(self.from.0 + self.length.0 / 2.0)
    }
}

/// A place on an axis with its text.
#[derive(Debug, Clone, PartialEq)]
pub struct Tick {
    /// Where.
    pub at: At,
    /// The number there.
    pub text: String,
}

/// From counts to lengths, beginning at zero: a bar cut off below would lie.
#[derive(Debug, Clone, Copy)]
pub struct Scale {
    top: u64,
    step: u64,
    from: f64,
    to: f64,
}

impl Scale {
    /// A scale for counts up to `largest` over a length; it ends at a round number of at most five steps.
    #[must_use]
    pub fn new(largest: u64, from: f64, to: f64) -> Self {
        let step = round_step(largest);
        let top = largest.div_ceil(step).max(1).saturating_mul(step);
        Self { top, step, from, to }
    }

    /// Where a count lies.
    #[must_use]
    pub fn at(&self, count: u64) -> f64 {
        // Counts beyond 2^53 lose their last digits here, far below a pixel.
        #[allow(clippy::cast_precision_loss)]
        let share = count as f64 / self.top as f64;
        self.from + (self.to - self.from) * share
    }

    /// The number at its end.
    #[must_use]
    pub fn top_text(&self) -> String {
        crate::numbers::grouped(self.top)
    }

    /// Zero, the round numbers between, and the top.
    #[must_use]
    pub fn ticks(&self) -> Vec<Tick> {
        let steps = self.top / self.step;
        (0..=steps)
            .map(|number| number * self.step)
            .map(|count| Tick { at: At(self.at(count)), text: crate::numbers::grouped(count) })
            .collect()
    }
}

/// The smallest of 1, 2, 5, 10, 20, 50 … of which five reach the largest count.
fn round_step(largest: u64) -> u64 {
    let wanted = largest.div_ceil(5).max(1);
    let mut power = 1_u64;
    loop {
        for times in [1, 2, 5] {
            match power.checked_mul(times) {
                Some(step) if step >= wanted => return step,
                Some(_) => {}
                None => return wanted,
            }
        }
        match power.checked_mul(10) {
            Some(next) => power = next,
            None => return wanted,
        }
    }
}

/// About how wide a text is at this size. The fonts of the reader are not known here; the widths are those of the widest of
/// the common sans-serif ones (DejaVu Sans, Verdana), so that no label is cut.
#[must_use]
pub fn text_width(text: &str, size: f64) -> f64 {
    let ems: f64 = text
        .chars()
        .map(|character| match character {
            'i' | 'j' | 'l' | '\'' | '\u{202f}' => 0.29,
            'I' | '.' | ',' | ':' | ';' | '|' | ' ' | '-' | '/' => 0.37,
            'f' | 't' | 'r' | '(' | ')' | '!' => 0.42,
            'm' | 'w' | 'M' | 'W' | '—' | '%' => 0.99,
            'A'..='Z' => 0.75,
            '0'..='9' => 0.64,
            character if (character as u32) >= 0x2e80 => 1.0,
            _ => 0.63,
        })
        .sum();
    ems * size
}

/// Breaks a text into at most two lines of this width; what does not fit ends in an ellipsis.
#[must_use]
pub fn two_lines(text: &str, size: f64, width: f64) -> Vec<String> {
    let mut first = String::new();
    let mut rest = text.trim();
    while let Some(word) = rest.split_whitespace().next() {
        let longer = if first.is_empty() { word.to_owned() } else { format!("{first} {word}") };
        if text_width(&longer, size) > width && !first.is_empty() {
            break;
        }
        first = longer;
        rest = rest[word.len()..].trim_start();
    }
    let mut lines = vec![shortened(&first, size, width)];
    if !rest.is_empty() {
        lines.push(shortened(rest, size, width));
    }
    lines
}

/// The text, or as much of it as fits with an ellipsis.
#[must_use]
pub fn shortened(text: &str, size: f64, width: f64) -> String {
    if text_width(text, size) <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for character in text.chars() {
        kept.push(character);
        if text_width(&kept, size) + text_width("…", size) > width {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short() {
        let printed: Vec<String> = [0.0, -0.04, 12.0, 12.34, 12.96, -3.25].map(|at| At(at).to_string()).into();
        assert_eq!(printed, ["0", "0", "12", "12.3", "13", "-3.3"]);
    }

    #[test]
    fn a_scale_begins_at_zero_and_ends_at_a_round_number() {
        for (largest, top, steps) in
            [(0, 1, 1), (1, 1, 1), (7, 8, 4), (12_945, 15_000, 3), (146_258, 150_000, 3), (100, 100, 5)]
        {
            let scale = Scale::new(largest, 0.0, 100.0);
            assert_eq!((scale.top, scale.top / scale.step), (top, steps), "{largest}");
            assert_eq!(scale.at(0), 0.0);
            assert_eq!(scale.at(top), 100.0);
        }
    }

    #[test]
    fn the_largest_count_there_is_can_be_drawn() {
        let scale = Scale::new(u64::MAX, 0.0, 100.0);
        assert!(scale.at(u64::MAX) <= 100.001);
        assert!(scale.ticks().len() <= 7);
    }

    #[test]
    fn labels_break_at_words_and_end_in_an_ellipsis() {
        assert_eq!(two_lines("Greece", 13.0, 100.0), ["Greece"]);
        assert_eq!(
            two_lines("Venezuela (Bolivarian Republic of)", 13.0, 150.0),
            ["Venezuela (Bolivarian", "Republic of)"]
        );
        let long = two_lines(&"word ".repeat(100), 13.0, 100.0);
        assert_eq!(long.len(), 2);
        assert!(long[1].ends_with('…') && text_width(&long[1], 13.0) <= 100.0, "{long:?}");
        assert!(two_lines(&"x".repeat(100), 13.0, 60.0)[0].ends_with('…'));
        assert_eq!(two_lines("", 13.0, 60.0), [""]);
    }
}
