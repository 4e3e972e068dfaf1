//! The colours of charts and maps.
//!
//! The rule it keeps: magnitudes are one hue from light to dark, so that a grey print keeps their order; categories are
//! from the palette of Okabe and Ito, told apart by people who see colours differently. Tests below hold the steps.

/// Five steps of one hue, light to dark.
pub const STEPS: [&str; 5] = ["#d3e3ed", "#a4c4d9", "#6f9fc0", "#3d779d", "#144869"];

/// The ink that is read on each step.
pub const ON_STEPS: [&str; 5] = ["#22211d", "#22211d", "#22211d", "#ffffff", "#ffffff"];

/// A bar or a line.
pub const MAIN: &str = "#2f6f95";

/// The reader's own bar, area or line.
pub const OWN: &str = "#b4500a";

/// Categories, at most six, in the order they are given out (Okabe and Ito, without the yellow that white swallows).
pub const CATEGORIES: [&str; 6] = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"];

/// The ink that is read on each category.
pub const ON_CATEGORIES: [&str; 6] = ["#ffffff", "#22211d", "#22211d", "#22211d", "#22211d", "#000000"];

/// Text and strong lines.
pub const INK: &str = "#22211d";

/// Secondary text.
pub const MUTED: &str = "#5a564d";

/// Grid lines and borders.
pub const GRID: &str = "#dfdacf";

/// Outlines that must be seen against the paper (3 to 1).
pub const EDGE: &str = "#857f73";

/// The strokes of hatching.
pub const HATCH: &str = "#857f73";

/// Land that no figure speaks of.
pub const LAND: &str = "#f1ede4";

/// Borders between areas that no figure speaks of.
pub const BORDER: &str = "#c6bfb1";

/// Water.
pub const SEA: &str = "#f5f8f9";

/// The page below drawings: text that crosses a line has this around it.
pub const GROUND: &str = "#fbfaf6";

/// The paper inside drawings.
pub const PAPER: &str = "#ffffff";

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn luminance(colour: &str) -> f64 {
        let part = |from: usize| {
            let value = f64::from(u8::from_str_radix(&colour[from..from + 2], 16).unwrap()) / 255.0;
            if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(1) + 0.7152 * part(3) + 0.0722 * part(5)
    }

    /// CIE lightness, 0 black to 100 white: what remains of a colour in a grey print.
    fn lightness(colour: &str) -> f64 {
        116.0 * luminance(colour).cbrt() - 16.0
    }

    fn contrast(one: &str, other: &str) -> f64 {
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        one.max(other) / one.min(other)
    }

    #[test]
    fn the_steps_keep_their_order_in_grey() {
        for pair in STEPS.windows(2) {
            let step = lightness(pair[0]) - lightness(pair[1]);
            assert!(step >= 10.0, "{} to {} is {step:.1}", pair[0], pair[1]);
        }
    }

    #[test]
    fn land_without_a_figure_is_lighter_than_the_lowest_step() {
        assert!(lightness(LAND) - lightness(STEPS[0]) >= 3.0);
        assert!(contrast(EDGE, LAND) >= 3.0, "its outline is seen: {}", contrast(EDGE, LAND));
    }

    #[test]
    fn text_is_read_on_every_step_and_category() {
        for (ground, ink) in STEPS.iter().zip(ON_STEPS).chain(CATEGORIES.iter().zip(ON_CATEGORIES)) {
            assert!(contrast(ground, ink) >= 4.5, "{ink} on {ground}: {:.2}", contrast(ground, ink));
        }
    }

    #[test]
    fn bars_and_edges_stand_out_from_the_paper() {
        for colour in [MAIN, OWN, EDGE, HATCH] {
            assert!(contrast(colour, PAPER) >= 3.0, "{colour}: {:.2}", contrast(colour, PAPER));
        }
        for colour in [INK, MUTED] {
            assert!(contrast(colour, PAPER) >= 4.5, "{colour}");
        }
        assert!((lightness(OWN) - lightness(MAIN)).abs() < 60.0 && OWN != MAIN);
    }

    #[test]
    fn the_ground_is_the_page_s() {
        assert!(
            String::from_utf8_lossy(crate::assets::stylesheet().content()).contains(&format!("--paper: {GROUND};"))
        );
    }

    #[test]
    fn the_stylesheet_keeps_its_contrasts() {
        let sheet = String::from_utf8_lossy(crate::assets::stylesheet().content()).into_owned();
        let colour = |name: &str| {
            let from = sheet.find(&format!("--{name}: #")).unwrap_or_else(|| panic!("no --{name}")) + name.len() + 4;
            sheet[from..from + 7].to_owned()
        };
        let text = [
            ("ink", "paper"),
            ("ink", "sheet"),
            ("ink", "plain-back"),
            ("ink", "own-back"),
            ("ink", "caution-back"),
            ("ink", "bad-back"),
            ("ink", "good-back"),
            ("ink", "band"),
            ("ink", "band-light"),
            ("muted", "paper"),
            ("muted", "sheet"),
            ("muted", "plain-back"),
            ("link", "paper"),
            ("link", "sheet"),
            ("link", "plain-back"),
            ("link", "own-back"),
            ("on-accent", "accent"),
            ("good", "good-back"),
            ("plain", "plain-back"),
            ("caution", "caution-back"),
            ("bad", "bad-back"),
            ("bad", "paper"),
            ("caution", "paper"),
            ("caution", "sheet"),
            ("paper", "ink"),
            ("muted", "rule"),
        ];
        for (ink, ground) in text {
            let seen = contrast(&colour(ink), &colour(ground));
            assert!(seen >= 4.5, "--{ink} on --{ground}: {seen:.2}");
        }
        for (line, ground) in
            [("edge", "paper"), ("edge", "sheet"), ("focus", "paper"), ("focus", "sheet"), ("accent", "paper")]
        {
            let seen = contrast(&colour(line), &colour(ground));
            assert!(seen >= 3.0, "--{line} on --{ground}: {seen:.2}");
        }
    }
}
