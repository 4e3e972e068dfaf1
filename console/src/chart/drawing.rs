//! What every drawing has: an identifier, a title, a description, a legend, and the table of its figures.

use std::collections::BTreeSet;

use askama::{Template, filters::HtmlSafe};

use super::{
    geometry::{At, text_width},
    palette,
};
use crate::{
    numbers::{Pattern, State},
    table::FigureTable,
};

/// The words around a drawing.
#[derive(Debug, Clone)]
pub struct Drawing {
    id: String,
    title: String,
    note: String,
    description: String,
    table: Option<FigureTable>,
}

impl Drawing {
    /// A drawing with an identifier that no other drawing on the page has, and a title. The identifier is kept to letters,
    /// digits and hyphens.
    #[must_use]
    pub fn new(id: &str, title: impl Into<String>) -> Self {
        let mut kept: String = id.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect();
        if !kept.starts_with(|first: char| first.is_ascii_alphabetic()) {
            kept.insert(0, 'd');
        }
        Self { id: kept, title: title.into(), note: String::new(), description: String::new(), table: None }
    }

    /// With a smaller line below the title: source, unit, coverage.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// With one or two sentences for those who do not see it: what is drawn, and what stands out. Without it the drawing
    /// describes itself by its kind.
    #[must_use]
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = description.into();
        self
    }

    /// With its figures as a table of the program's own, instead of the one the chart makes.
    #[must_use]
    pub fn table(mut self, table: FigureTable) -> Self {
        self.table = Some(table);
        self
    }
}

/// The fields of `templates/drawing.html`, ready to print.
#[derive(Debug, Clone)]
pub(crate) struct Surround {
    pub(crate) id: String,
    pub(crate) title: String,
    pub(crate) note: String,
    pub(crate) description: String,
    pub(crate) table: FigureTable,
    pub(crate) width: At,
    pub(crate) height: At,
    /// Whether something inside leads somewhere: an image has no parts for a screen reader, a group has.
    pub(crate) has_links: bool,
    pub(crate) patterns: Patterns,
}

impl Surround {
    pub(crate) fn new(
        drawing: &Drawing,
        described: impl FnOnce() -> String,
        table: impl FnOnce(&str) -> FigureTable,
        size: (f64, f64),
    ) -> Self {
        Self {
            id: drawing.id.clone(),
            title: drawing.title.clone(),
            note: drawing.note.clone(),
            description: if drawing.description.is_empty() { described() } else { drawing.description.clone() },
            table: drawing.table.clone().unwrap_or_else(|| table(&drawing.title)),
            width: At(size.0),
            height: At(size.1),
            has_links: false,
            patterns: Patterns { id: drawing.id.clone(), used: Vec::new() },
        }
    }

    /// What a screen reader takes the drawing for.
    pub(crate) fn role(&self) -> &'static str {
        if self.has_links { "group" } else { "img" }
    }
}

/// The hatchings that one drawing uses, as SVG definitions: `{{ patterns }}` inside the SVG.
#[derive(Debug, Clone, Template)]
#[template(path = "patterns.html")]
pub struct Patterns {
    id: String,
    used: Vec<Pattern>,
}

impl HtmlSafe for Patterns {}

impl Patterns {
    pub(crate) fn of<'a>(id: &str, states: impl IntoIterator<Item = &'a State>) -> Self {
        let used: BTreeSet<Pattern> = states.into_iter().map(State::pattern).collect();
        Self { id: id.to_owned(), used: used.into_iter().collect() }
    }
}

/// One entry of a legend, placed.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// Left edge of its swatch.
    pub x: At,
    /// Top edge of its swatch.
    pub y: At,
    /// Left edge of its words.
    pub text_x: At,
    /// Base line of its words.
    pub text_y: At,
    /// Fill of its swatch: a colour, or empty for a pattern.
    pub fill: String,
    /// Its pattern, if it has one.
    pub pattern: Option<Pattern>,
    /// Whether the swatch is an outline only.
    pub open: bool,
    /// Whether the swatch has a dashed outline.
    pub dashed: bool,
    /// What it means.
    pub words: String,
}

/// What a swatch of a legend shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Swatch {
    Colour(&'static str),
    Pattern(Pattern),
    /// An outline: what a figure could still be.
    Open,
    /// A dashed outline around a colour: provisional.
    Dashed,
}

/// Size of the text in a legend.
pub(crate) const KEY_SIZE: f64 = 12.0;
const SWATCH: f64 = 13.0;
const LINE: f64 = 20.0;

/// Sets the entries in lines of this width, from this top edge, and answers with the height they take.
pub(crate) fn keys(entries: Vec<(Swatch, String)>, left: f64, top: f64, width: f64) -> (Vec<Key>, f64) {
    let mut placed = Vec::with_capacity(entries.len());
    let (mut x, mut y) = (left, top);
    for (swatch, words) in entries {
        let long = SWATCH + 6.0 + text_width(&words, KEY_SIZE);
        if x > left && x + long > left + width {
            x = left;
            y += LINE;
        }
        let (fill, pattern) = match &swatch {
            Swatch::Colour(colour) => ((*colour).to_owned(), None),
            Swatch::Pattern(pattern) => (palette::PAPER.to_owned(), Some(*pattern)),
            Swatch::Open => (palette::PAPER.to_owned(), None),
            Swatch::Dashed => (palette::STEPS[1].to_owned(), None),
        };
        placed.push(Key {
            x: At(x),
            y: At(y),
            text_x: At(x + SWATCH + 6.0),
            text_y: At(y + 11.0),
            fill,
            pattern,
            open: swatch == Swatch::Open,
            dashed: swatch == Swatch::Dashed,
            words,
        });
        x += long + 20.0;
    }
    let height = if placed.is_empty() { 0.0 } else { y - top + LINE };
    (placed, height)
}

/// The states in order of their patterns, each once, as entries of a legend.
pub(crate) fn state_entries<'a>(states: impl IntoIterator<Item = &'a State>) -> Vec<(Swatch, String)> {
    let each: BTreeSet<(Pattern, String)> = states.into_iter().map(|state| (state.pattern(), state.legend())).collect();
    each.into_iter().map(|(pattern, words)| (Swatch::Pattern(pattern), words)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_cannot_carry_markup() {
        assert_eq!(Drawing::new("a\"><script>", "").id, "ascript");
        assert_eq!(Drawing::new("9", "").id, "d9");
        assert_eq!(Drawing::new("", "").id, "d");
    }

    #[test]
    fn a_legend_breaks_its_lines() {
        let entries = vec![(Swatch::Open, "about this long".to_owned()); 4];
        let (placed, height) = keys(entries, 10.0, 5.0, 260.0);
        assert_eq!(placed.iter().map(|key| key.y.0).collect::<Vec<_>>(), [5.0, 5.0, 25.0, 25.0]);
        assert_eq!(placed[2].x.0, 10.0);
        assert_eq!(height, 40.0);
        assert_eq!(keys(vec![], 0.0, 0.0, 100.0).1, 0.0);
    }
}
