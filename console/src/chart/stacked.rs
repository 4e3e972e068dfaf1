//! Stacked bars: one row a group (age), its parts side by side (sex).

use askama::{Template, filters::HtmlSafe};

use super::{
    drawing::{Drawing, KEY_SIZE, Key, Patterns, Surround, Swatch, keys, state_entries},
    geometry::{At, Scale, Span, Tick, text_width, two_lines},
    palette,
};
use crate::{
    numbers::{Pattern, Shown, State, grouped},
    table::{Column, FigureTable, Row},
    words::say,
};

/// A chart of stacked bars: `{{ stacked }}` prints it with its table below.
#[derive(Debug, Clone)]
pub struct Stacked {
    /// Title, note and description.
    pub drawing: Drawing,
    /// What the rows are: the heading of the table's first column.
    pub of: String,
    /// The parts, in the order they are stacked; at most six, the rest of a row is not drawn.
    pub parts: Vec<String>,
    /// The rows.
    pub rows: Vec<Stack>,
}

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stack {
    /// Which group.
    pub label: String,
    /// One figure for each part.
    pub figures: Vec<Shown>,
}

impl Stack {
    /// A row with a figure for each part.
    #[must_use]
    pub fn new(label: impl Into<String>, figures: impl IntoIterator<Item = impl Into<Shown>>) -> Self {
        Self { label: label.into(), figures: figures.into_iter().map(Into::into).collect() }
    }

    /// What is known of the whole: a sum when every part is a number, else its known part.
    #[must_use]
    pub fn whole(&self) -> Shown {
        let known = self.figures.iter().filter_map(Shown::known).fold(0_u64, u64::saturating_add);
        if self.figures.iter().all(|figure| matches!(figure, Shown::Number(_))) {
            Shown::Number(known)
        } else {
            Shown::AtLeast(known)
        }
    }
}

const WIDTH: f64 = 760.0;
const SIZE: f64 = 13.0;
const LABELS_MAX: f64 = 160.0;
const ROW: f64 = 30.0;
const BAR: f64 = 20.0;
/// How long the hatching of a part that is no number is, behind those that are.
const STATE: f64 = 16.0;

/// Where everything goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Height of the drawing.
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
    /// The label.
    pub label: String,
    /// Base line of the row's texts.
    pub text_y: At,
    /// Top edge of the bar.
    pub y: At,
    /// Height of the bar.
    pub height: At,
    /// The parts that are numbers.
    pub parts: Vec<Part>,
    /// The parts that are none.
    pub states: Vec<(Span, Pattern, String)>,
    /// The whole beside the bar.
    pub text: String,
    /// Left edge of the whole.
    pub text_x: At,
}

/// One part of a row, placed.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// From where to where.
    pub span: Span,
    /// Its colour.
    pub fill: &'static str,
    /// The ink read on it.
    pub ink: &'static str,
    /// Its number, where it fits in.
    pub text: Option<String>,
    /// Part and figure in full.
    pub full: String,
}

/// Places a chart of stacked bars.
#[must_use]
pub fn layout(chart: &Stacked) -> Layout {
    let mut entries: Vec<(Swatch, String)> = palette::CATEGORIES
        .iter()
        .zip(&chart.parts)
        .map(|(colour, part)| (Swatch::Colour(colour), part.clone()))
        .collect();
    entries.extend(state_entries(states(chart)));
    let (placed_keys, keys_height) = keys(entries, 0.0, 0.0, WIDTH);
    let top = keys_height + 30.0;

    let labels: Vec<String> =
        chart.rows.iter().map(|row| two_lines(&row.label, SIZE, LABELS_MAX).swap_remove(0)).collect();
    let labels_end = labels.iter().map(|label| text_width(label, SIZE)).fold(40.0, f64::max).min(LABELS_MAX) + 2.0;
    let zero = labels_end + 10.0;
    let wholes: Vec<Shown> = chart.rows.iter().map(Stack::whole).collect();
    let beside = wholes.iter().map(|whole| text_width(&whole.text(), SIZE)).fold(0.0, f64::max);
    let hatched =
        chart.rows.iter().map(|row| row.figures.iter().filter(|figure| figure.state().is_some()).count()).max();
    let hatched = STATE * f64::from(u32::try_from(hatched.unwrap_or(0)).unwrap_or(0));
    let largest = wholes.iter().filter_map(Shown::known).max().unwrap_or(0);
    let scale = Scale::new(largest, zero, (WIDTH - beside - hatched - 12.0).max(zero + 120.0));

    let rows: Vec<Placed> = chart
        .rows
        .iter()
        .zip(labels)
        .zip(wholes)
        .scan(top, |y, ((row, label), whole)| {
            let placed = place(chart, row, label, &whole, &scale, *y);
            *y += ROW;
            Some(placed)
        })
        .collect();
    let bottom = rows.last().map_or(top, |row| row.y.0 + BAR + (ROW - BAR) / 2.0);
    Layout {
        height: At(bottom + 6.0),
        labels_end: At(labels_end),
        zero: At(zero),
        grid: (At(top - 4.0), At(bottom)),
        ticks_y: At(top - 9.0),
        ticks: scale.ticks(),
        rows,
        keys: placed_keys,
    }
}

fn place(chart: &Stacked, row: &Stack, label: String, whole: &Shown, scale: &Scale, top: f64) -> Placed {
    let y = top + (ROW - BAR) / 2.0;
    let named = row.figures.iter().zip(&chart.parts).zip(palette::CATEGORIES.iter().zip(palette::ON_CATEGORIES));
    let mut sum = 0_u64;
    let mut parts = Vec::new();
    for ((figure, part), (fill, ink)) in named.clone() {
        let Some(known) = figure.known() else { continue };
        let span = Span::between(scale.at(sum), scale.at(sum.saturating_add(known)));
        sum = sum.saturating_add(known);
        let text = grouped(known);
        let fits = text_width(&text, KEY_SIZE) + 8.0 <= span.length.0;
        parts.push(Part {
            span,
            fill,
            ink,
            text: fits.then_some(text),
            full: format!("{label}, {part}: {}", figure.text()),
        });
    }
    let mut end = scale.at(sum);
    let mut states = Vec::new();
    for ((figure, part), _) in named {
        let Some(state) = figure.state() else { continue };
        states.push((Span::between(end, end + STATE), state.pattern(), format!("{label}, {part}: {}", state.words())));
        end += STATE;
    }
    Placed {
        text: whole.text(),
        text_x: At(end + 7.0),
        text_y: At(y + BAR / 2.0 + 4.5),
        y: At(y),
        height: At(BAR),
        label,
        parts,
        states,
    }
}

fn states(chart: &Stacked) -> impl Iterator<Item = &State> {
    chart.rows.iter().flat_map(|row| row.figures.iter().filter_map(Shown::state))
}

#[derive(Debug, Template)]
#[template(path = "stacked.html")]
struct StackedSvg {
    around: Surround,
    layout: Layout,
}

impl std::fmt::Display for Stacked {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let layout = layout(self);
        let described = || {
            say("chart-stacked-described")
                .with("count", self.rows.len())
                .with("parts", self.parts.join(", "))
                .to_string()
        };
        let table = |title: &str| {
            let columns = std::iter::once(Column::text(&self.of))
                .chain(self.parts.iter().map(Column::number))
                .chain([Column::number(say("chart-together"))]);
            FigureTable::new(title, columns).rows(self.rows.iter().map(|row| {
                let whole = row.whole();
                row.figures.iter().cloned().fold(Row::new(&row.label), Row::figure).figure(whole)
            }))
        };
        let mut around = Surround::new(&self.drawing, described, table, (WIDTH, layout.height.0));
        around.patterns = Patterns::of(&around.id, states(self));
        StackedSvg { around, layout }.fmt(out)
    }
}

impl HtmlSafe for Stacked {}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(rows: Vec<Stack>) -> Stacked {
        Stacked {
            drawing: Drawing::new("sex-age", "Sex and age"),
            of: "Age".into(),
            parts: vec!["Women".into(), "Men".into(), "Unknown".into()],
            rows,
        }
    }

    #[test]
    fn parts_follow_each_other_without_gap_and_add_up() {
        let layout = layout(&chart(vec![Stack::new("0–17", [100_u64, 300, 50])]));
        let parts = &layout.rows[0].parts;
        assert_eq!(parts[0].span.from, layout.zero);
        for pair in parts.windows(2) {
            assert!((pair[0].span.end().0 - pair[1].span.from.0).abs() < 1e-9);
        }
        assert!((parts[1].span.length.0 - 3.0 * parts[0].span.length.0).abs() < 1e-9);
        assert_eq!(layout.rows[0].text, "450");
    }

    #[test]
    fn a_part_that_is_no_number_makes_the_whole_a_known_part() {
        let row = Stack::new("18–34", [Shown::Number(100), State::Suppressed.into(), Shown::Number(7)]);
        assert_eq!(row.whole(), Shown::AtLeast(107));
        let layout = layout(&chart(vec![row]));
        assert_eq!(layout.rows[0].parts.len(), 2);
        assert_eq!(layout.rows[0].states.len(), 1);
        assert_eq!(layout.rows[0].text, "at least 107");
        assert!(layout.rows[0].states[0].0.from.0 >= layout.rows[0].parts[1].span.end().0);
    }

    #[test]
    fn numbers_stand_inside_only_where_they_fit() {
        let layout = layout(&chart(vec![Stack::new("a", [1_000_u64, 1, 1])]));
        assert_eq!(layout.rows[0].parts[0].text.as_deref(), Some("1\u{202f}000"));
        assert_eq!(layout.rows[0].parts[1].text, None);
    }

    #[test]
    fn sums_beyond_all_bounds_do_not_overflow() {
        let layout = layout(&chart(vec![Stack::new("a", [u64::MAX, u64::MAX, 1]), Stack::new("b", [0_u64, 0, 0])]));
        for row in &layout.rows {
            assert!(row.text_x.0 + text_width(&row.text, SIZE) <= WIDTH + 1.0);
        }
    }
}
