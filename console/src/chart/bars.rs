//! Horizontal bars: one figure a row.

use askama::{Template, filters::HtmlSafe};

use super::{
    drawing::{Drawing, Key, Patterns, Surround, Swatch, keys, state_entries},
    geometry::{At, Scale, Span, Tick, text_width, two_lines},
    palette,
};
use crate::{
    numbers::{Pattern, Shown, State},
    table::{Column, FigureTable, Row},
    words::say,
};

/// A bar chart: `{{ bars }}` prints it with its table below.
#[derive(Debug, Clone)]
pub struct Bars {
    /// Title, note and description.
    pub drawing: Drawing,
    /// What the rows are: the heading of the table's first column.
    pub of: String,
    /// What is counted: the heading of the table's figures.
    pub unit: String,
    /// The rows, in the order to draw.
    pub rows: Vec<Bar>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bar {
    /// Whose figure.
    pub label: String,
    /// The figure, its bounds, or why there is none.
    pub shown: Shown,
    /// Whether it is the reader's own.
    pub own: bool,
    /// Whether it may still change: drawn with a dashed outline.
    pub provisional: bool,
    /// Where the label leads.
    pub href: Option<String>,
}

impl Bar {
    /// A row with a figure.
    #[must_use]
    pub fn new(label: impl Into<String>, shown: impl Into<Shown>) -> Self {
        Self { label: label.into(), shown: shown.into(), own: false, provisional: false, href: None }
    }

    /// As the reader's own.
    #[must_use]
    pub fn own(mut self) -> Self {
        self.own = true;
        self
    }

    /// As one that may still change.
    #[must_use]
    pub fn provisional(mut self) -> Self {
        self.provisional = true;
        self
    }

    /// With a label that leads somewhere.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

const WIDTH: f64 = 760.0;
const SIZE: f64 = 13.0;
const LABELS_MAX: f64 = 230.0;
const ROW: f64 = 27.0;
const BAR: f64 = 17.0;
/// How long the hatching of a state is: visible, and the same for all, so that it is not read as a length.
const STATE: f64 = 44.0;
/// How far an open end reaches beyond the known part.
const OPEN: f64 = 26.0;

/// Where everything goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Height of the drawing; the width is fixed.
    pub height: At,
    /// Right edge of the labels.
    pub labels_end: At,
    /// Left edge of the bars: zero.
    pub zero: At,
    /// Top and bottom of the grid.
    pub grid: (At, At),
    /// Base line of the numbers above the grid.
    pub ticks_y: At,
    /// The grid lines.
    pub ticks: Vec<Tick>,
    /// The rows.
    pub rows: Vec<Placed>,
    /// The legend.
    pub keys: Vec<Key>,
}

/// One row, placed.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// The label's lines with their base lines.
    pub label: Vec<(String, At)>,
    /// The label and the figure in full.
    pub full: String,
    /// Top edge of the bar.
    pub y: At,
    /// Height of the bar.
    pub height: At,
    /// The known part.
    pub solid: Option<Span>,
    /// What it could still be.
    pub open: Option<Span>,
    /// Whether what it could still be has no end.
    pub endless: bool,
    /// The hatching of a state.
    pub state: Option<(Span, Pattern)>,
    /// The figure beside the bar.
    pub text: String,
    /// Left edge of the figure.
    pub text_x: At,
    /// Base line of the figure.
    pub text_y: At,
    /// Fill of the bar.
    pub fill: &'static str,
    /// Whether it is the reader's own.
    pub own: bool,
    /// Whether it may still change.
    pub provisional: bool,
    /// Where the label leads.
    pub href: Option<String>,
}

/// Places a bar chart.
#[must_use]
pub fn layout(bars: &Bars) -> Layout {
    let (entries, any_key) = entries(bars);
    let (placed_keys, keys_height) = keys(entries, 0.0, 0.0, WIDTH);
    let top = keys_height + if any_key { 30.0 } else { 22.0 };

    let wrapped: Vec<Vec<String>> = bars
        .rows
        .iter()
        .map(|bar| {
            two_lines(
                &if bar.own {
                    say("chart-you").with("label", bar.label.to_string()).to_string()
                } else {
                    bar.label.clone()
                },
                SIZE,
                LABELS_MAX,
            )
        })
        .collect();
    let widest = wrapped.iter().flatten().map(|line| text_width(line, SIZE)).fold(40.0, f64::max);
    let labels_end = widest.min(LABELS_MAX) + 2.0;
    let zero = labels_end + 10.0;
    let figures = bars.rows.iter().map(|bar| text_width(&bar.shown.text(), SIZE)).fold(0.0, f64::max);
    let largest = bars.rows.iter().filter_map(|bar| bar.shown.reach()).max().unwrap_or(0);
    let endless = bars.rows.iter().any(|bar| matches!(bar.shown, Shown::AtLeast(_)));
    let right = WIDTH - figures - 12.0 - if endless { OPEN } else { 0.0 };
    let scale = Scale::new(largest, zero, right.max(zero + 120.0));

    let mut y = top;
    let rows = bars
        .rows
        .iter()
        .zip(wrapped)
        .map(|(bar, lines)| {
            let height = if lines.len() > 1 { ROW + 12.0 } else { ROW };
            let placed = place(bar, lines, &scale, zero, y, height);
            y += height;
            placed
        })
        .collect();
    Layout {
        height: At(y + 6.0),
        labels_end: At(labels_end),
        zero: At(zero),
        grid: (At(top - 4.0), At(y)),
        ticks_y: At(top - 9.0),
        ticks: scale.ticks(),
        rows,
        keys: placed_keys,
    }
}

fn place(bar: &Bar, lines: Vec<String>, scale: &Scale, zero: f64, top: f64, height: f64) -> Placed {
    let middle = top + height / 2.0;
    let first = middle + 4.5 - if lines.len() > 1 { 7.5 } else { 0.0 };
    let label = lines
        .into_iter()
        .enumerate()
        .map(|(line, text)| (text, At(first + 15.0 * f64::from(u8::from(line > 0)))))
        .collect();
    let solid = bar.shown.known().map(|known| Span::between(zero, scale.at(known)));
    let (open, endless) = match &bar.shown {
        Shown::Range { low, high } => (Some(Span::between(scale.at(*low), scale.at(*high))), false),
        Shown::AtLeast(known) => (Some(Span::between(scale.at(*known), scale.at(*known) + OPEN)), true),
        Shown::Number(_) | Shown::State(_) => (None, false),
    };
    let state = bar.shown.state().map(|state| (Span::between(zero, zero + STATE), state.pattern()));
    let end =
        [solid, open, state.map(|(span, _)| span)].into_iter().flatten().map(|span| span.end().0).fold(zero, f64::max);
    Placed {
        label,
        full: format!("{}: {}", bar.label, bar.shown.text()),
        y: At(middle - BAR / 2.0),
        height: At(BAR),
        solid,
        open,
        endless,
        state,
        text: bar.shown.text(),
        text_x: At(end + 7.0),
        text_y: At(middle + 4.5),
        fill: if bar.own { palette::OWN } else { palette::MAIN },
        own: bar.own,
        provisional: bar.provisional,
        href: bar.href.clone(),
    }
}

/// Bars are labelled directly; the legend holds what is drawn otherwise.
fn entries(bars: &Bars) -> (Vec<(Swatch, String)>, bool) {
    let mut entries = state_entries(states(bars));
    if bars.rows.iter().any(|bar| matches!(bar.shown, Shown::AtLeast(_) | Shown::Range { .. })) {
        entries.insert(0, (Swatch::Open, say("chart-could-be-more-up-to").into()));
    }
    if bars.rows.iter().any(|bar| bar.provisional) {
        entries.insert(0, (Swatch::Dashed, say("chart-provisional").into()));
    }
    let any = !entries.is_empty();
    (entries, any)
}

fn states(bars: &Bars) -> impl Iterator<Item = &State> {
    bars.rows.iter().filter_map(|bar| bar.shown.state())
}

#[derive(Debug, Template)]
#[template(path = "bars.html")]
struct BarsSvg {
    around: Surround,
    layout: Layout,
}

impl std::fmt::Display for Bars {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let layout = layout(self);
        let described = || {
            let count = self.rows.len();
            let highest =
                self.rows.iter().filter(|bar| bar.shown.known().is_some()).max_by_key(|bar| bar.shown.known());
            let rows = say("chart-bars-described").with("count", count).to_string();
            match highest {
                Some(bar) => format!(
                    "{rows} {}",
                    say("chart-the-longest").with("label", &bar.label).with("figure", bar.shown.text())
                ),
                None => rows,
            }
        };
        let table = |title: &str| {
            FigureTable::new(title, [Column::text(&self.of), Column::number(&self.unit)]).rows(self.rows.iter().map(
                |bar| {
                    let row = Row::new(&bar.label).figure(bar.shown.clone());
                    if bar.own { row.own() } else { row }
                },
            ))
        };
        let mut around = Surround::new(&self.drawing, described, table, (WIDTH, layout.height.0));
        around.has_links = self.rows.iter().any(|bar| bar.href.is_some());
        around.patterns = Patterns::of(&around.id, states(self));
        BarsSvg { around, layout }.fmt(out)
    }
}

impl HtmlSafe for Bars {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbers::every_state;

    fn bars(rows: Vec<Bar>) -> Bars {
        Bars {
            drawing: Drawing::new("entries", "Illegal entries"),
            of: "Reporting".into(),
            unit: "Persons".into(),
            rows,
        }
    }

    #[test]
    fn lengths_are_in_proportion_and_begin_at_zero() {
        let layout = layout(&bars(vec![Bar::new("A", 100_u64), Bar::new("B", 50_u64), Bar::new("C", 0_u64)]));
        let lengths: Vec<f64> = layout.rows.iter().map(|row| row.solid.map_or(-1.0, |span| span.length.0)).collect();
        assert!((lengths[0] - 2.0 * lengths[1]).abs() < 1e-9);
        assert_eq!(lengths[2], 0.0, "zero is a value: it has a place and no length");
        assert!(layout.rows.iter().all(|row| row.solid.is_some_and(|span| span.from == layout.zero)));
        assert_eq!(layout.rows[2].text, "0");
    }

    #[test]
    fn no_state_has_a_length() {
        let layout = layout(&bars(every_state().into_iter().map(|state| Bar::new("x", state)).collect()));
        for row in &layout.rows {
            assert_eq!((row.solid, row.open), (None, None));
            let (span, _) = row.state.unwrap_or_else(|| unreachable!("a state is hatched"));
            assert_eq!(span.length.0, STATE, "all alike, so that it is not read as a length");
            assert!(row.text_x.0 > span.end().0 && !row.text.is_empty());
        }
    }

    #[test]
    fn bounds_are_a_known_part_and_an_outline() {
        let layout = layout(&bars(vec![
            Bar::new("range", Shown::Range { low: 40, high: 100 }),
            Bar::new("open", Shown::AtLeast(40)),
        ]));
        let [range, open] = &layout.rows[..] else { unreachable!("two rows") };
        assert_eq!(range.solid.map(|span| span.end()), range.open.map(|span| span.from));
        assert!(!range.endless && open.endless);
        assert_eq!(range.solid, open.solid);
        assert_eq!(range.text, "40 to 100");
    }

    #[test]
    fn everything_lies_inside() {
        let mut rows: Vec<Bar> =
            every_state().into_iter().map(|state| Bar::new("Long name ".repeat(20), state)).collect();
        rows.push(Bar::new("Largest", u64::MAX));
        rows.push(Bar::new("Open", Shown::AtLeast(u64::MAX)));
        rows.push(Bar::new("", Shown::Range { low: 0, high: u64::MAX }));
        let layout = layout(&bars(rows));
        for row in &layout.rows {
            assert!(row.text_x.0 + text_width(&row.text, SIZE) <= WIDTH + 1.0, "{}", row.full);
            assert!(row.y.0 + row.height.0 <= layout.height.0);
        }
    }

    #[test]
    fn nothing_to_draw_is_still_a_drawing() {
        let text = bars(vec![]).to_string();
        assert!(text.contains("Bar chart of 0 rows."), "{text}");
    }
}
