//! A heat table: rows by columns, each cell in the colour of its class and with its number in it.

use askama::{Template, filters::HtmlSafe};

use super::{
    classes::Classes,
    drawing::{Drawing, Key, Patterns, Surround, Swatch, keys, state_entries},
    geometry::{At, shortened, text_width, two_lines},
    palette,
};
use crate::{
    numbers::{Pattern, Shown, State},
    table::{Column, FigureTable, Row},
    words::say,
};

/// A heat table: `{{ heat }}` prints it with its plain table below.
#[derive(Debug, Clone)]
pub struct Heat {
    /// Title, note and description.
    pub drawing: Drawing,
    /// What the rows are: the heading of the table's first column.
    pub of: String,
    /// Heads of the columns; codes or short words.
    pub columns: Vec<String>,
    /// Heads of the rows, and a figure for each column.
    pub rows: Vec<(String, Vec<Shown>)>,
    /// The classes, where several drawings are to be compared; else they are made from the figures.
    pub classes: Option<Classes>,
}

const SIZE: f64 = 13.0;
const SMALL: f64 = 12.0;
const LABELS_MAX: f64 = 220.0;
const CELL_MIN: f64 = 58.0;
const CELL_MAX: f64 = 96.0;
const ROW: f64 = 28.0;
const HEAD: f64 = 38.0;
const WIDTH_MIN: f64 = 480.0;

/// Where everything goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Width of the drawing.
    pub width: At,
    /// Height of the drawing.
    pub height: At,
    /// Right edge of the row heads.
    pub labels_end: At,
    /// Width of a cell.
    pub cell_width: At,
    /// Height of a cell.
    pub cell_height: At,
    /// Heads of the columns: middle, base line, text.
    pub columns: Vec<(At, At, String)>,
    /// Heads of the rows: base line and text.
    pub rows: Vec<(At, String)>,
    /// The cells.
    pub cells: Vec<Placed>,
    /// The legend.
    pub keys: Vec<Key>,
}

/// One cell, placed.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Left edge.
    pub x: At,
    /// Top edge.
    pub y: At,
    /// Middle, for the number.
    pub text_x: At,
    /// Base line of the number.
    pub text_y: At,
    /// The number or the mark of a state.
    pub text: String,
    /// Row, column and figure in full.
    pub full: String,
    /// Its colour; paper for a state.
    pub fill: &'static str,
    /// The ink read on it.
    pub ink: &'static str,
    /// The hatching of a state.
    pub state: Option<Pattern>,
    /// Whether the figure is only a known part: drawn with a dashed outline.
    pub open: bool,
}

/// Places a heat table.
#[must_use]
pub fn layout(heat: &Heat) -> Layout {
    let made = || Classes::of(figures(heat).filter_map(Shown::known));
    let classes = heat.classes.clone().unwrap_or_else(made);
    let heads: Vec<Vec<String>> = heat.columns.iter().map(|head| two_lines(head, SMALL, CELL_MAX - 6.0)).collect();
    let texts = figures(heat).map(|figure| text_width(&figure.short(), SMALL));
    let cell = heads.iter().flatten().map(|line| text_width(line, SMALL)).chain(texts).fold(0.0, f64::max);
    let cell = (cell + 10.0).clamp(CELL_MIN, CELL_MAX);
    let labels: Vec<String> = heat.rows.iter().map(|(label, _)| shortened(label, SIZE, LABELS_MAX)).collect();
    let labels_end = labels.iter().map(|label| text_width(label, SIZE)).fold(40.0, f64::max);
    let left = labels_end + 10.0;
    #[allow(clippy::cast_precision_loss)] // a page's worth of columns
    let width = (left + cell * heat.columns.len() as f64 + 2.0).max(WIDTH_MIN);

    let (placed_keys, keys_height) = keys(entries(heat, &classes), 0.0, 0.0, width);
    let top = keys_height + 8.0 + HEAD;
    #[allow(clippy::cast_precision_loss)] // a page's worth of cells
    let (column_x, row_y) = (|column: usize| left + cell * column as f64, |row: usize| top + ROW * row as f64);
    let columns = heads
        .iter()
        .enumerate()
        .flat_map(|(column, lines)| {
            let last = lines.len().saturating_sub(1);
            let line = move |(number, text): (usize, &String)| {
                (
                    At(column_x(column) + cell / 2.0),
                    At(top - 8.0 - if number < last { 14.0 } else { 0.0 }),
                    text.clone(),
                )
            };
            lines.iter().enumerate().map(line).collect::<Vec<_>>()
        })
        .collect();
    let mut cells = Vec::new();
    for (row, (label, figures)) in heat.rows.iter().enumerate() {
        for (column, (head, figure)) in heat.columns.iter().zip(figures).enumerate() {
            let full = format!("{label}, {head}: {}", figure.text());
            cells.push(place(figure, full, &classes, column_x(column), row_y(row), cell));
        }
    }
    Layout {
        width: At(width),
        height: At(row_y(heat.rows.len()) + 4.0),
        labels_end: At(labels_end),
        cell_width: At(cell - 2.0),
        cell_height: At(ROW - 2.0),
        columns,
        rows: labels.into_iter().enumerate().map(|(row, label)| (At(row_y(row) + 18.0), label)).collect(),
        cells,
        keys: placed_keys,
    }
}

fn place(figure: &Shown, full: String, classes: &Classes, x: f64, y: f64, cell: f64) -> Placed {
    let (fill, ink) =
        figure.known().map_or((palette::PAPER, palette::INK), |known| (classes.colour(known), classes.ink(known)));
    Placed {
        x: At(x),
        y: At(y),
        text_x: At(x + cell / 2.0 - 1.0),
        text_y: At(y + 17.5),
        text: shortened(&figure.short(), SMALL, cell - 4.0),
        full,
        fill,
        ink,
        state: figure.state().map(State::pattern),
        open: matches!(figure, Shown::AtLeast(_) | Shown::Range { .. }),
    }
}

fn entries(heat: &Heat, classes: &Classes) -> Vec<(Swatch, String)> {
    let mut entries: Vec<(Swatch, String)> =
        classes.legend().into_iter().map(|(colour, words)| (Swatch::Colour(colour), words)).collect();
    if figures(heat).any(|figure| matches!(figure, Shown::AtLeast(_) | Shown::Range { .. })) {
        entries.push((Swatch::Dashed, say("chart-known-part-could-be-more").into()));
    }
    entries.extend(state_entries(figures(heat).filter_map(Shown::state)));
    entries
}

fn figures(heat: &Heat) -> impl Iterator<Item = &Shown> {
    heat.rows.iter().flat_map(|(_, figures)| figures)
}

#[derive(Debug, Template)]
#[template(path = "heat.html")]
struct HeatSvg {
    around: Surround,
    layout: Layout,
}

impl std::fmt::Display for Heat {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let layout = layout(self);
        let described = || {
            say("chart-heat-described").with("rows", self.rows.len()).with("columns", self.columns.len()).to_string()
        };
        let table = |title: &str| {
            let columns = std::iter::once(Column::text(&self.of)).chain(self.columns.iter().map(Column::number));
            FigureTable::new(title, columns).rows(
                self.rows.iter().map(|(label, figures)| figures.iter().cloned().fold(Row::new(label), Row::figure)),
            )
        };
        let mut around = Surround::new(&self.drawing, described, table, (layout.width.0, layout.height.0));
        around.patterns = Patterns::of(&around.id, figures(self).filter_map(Shown::state));
        HeatSvg { around, layout }.fmt(out)
    }
}

impl HtmlSafe for Heat {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbers::every_state;

    fn heat(rows: Vec<(String, Vec<Shown>)>) -> Heat {
        Heat {
            drawing: Drawing::new("heat", "Citizenship by reporting state"),
            of: "Citizenship".into(),
            columns: vec!["FRA".into(), "United Kingdom of Great Britain".into()],
            rows,
            classes: None,
        }
    }

    #[test]
    fn darker_is_more_and_a_state_has_no_colour() {
        let layout = layout(&heat(vec![
            ("Syria".into(), vec![Shown::Number(10), Shown::Number(90_000)]),
            ("Iraq".into(), vec![State::Suppressed.into(), Shown::Number(0)]),
        ]));
        assert_eq!(layout.cells.len(), 4);
        assert_eq!(layout.cells[1].fill, palette::STEPS[4]);
        assert_eq!((layout.cells[2].fill, layout.cells[2].state), (palette::PAPER, Some(Pattern::Crossed)));
        assert_eq!(layout.cells[3].text, "0");
        assert_eq!(layout.cells[3].fill, palette::STEPS[0], "zero is a value, in the lowest class");
    }

    #[test]
    fn cells_do_not_overlap_and_lie_inside() {
        let rows =
            (0..12).map(|row| (format!("Row {row}"), vec![Shown::Number(row * 999), State::NotKnown.into()])).collect();
        let layout = layout(&heat(rows));
        for cell in &layout.cells {
            assert!(cell.x.0 >= layout.labels_end.0);
            assert!(cell.x.0 + layout.cell_width.0 <= layout.width.0);
            assert!(cell.y.0 + layout.cell_height.0 <= layout.height.0);
        }
        assert!(layout.cells[0].x.0 + layout.cell_width.0 < layout.cells[1].x.0);
    }

    #[test]
    fn every_state_has_its_mark_in_the_cell_and_its_words_behind() {
        let rows =
            every_state().into_iter().map(|state| ("x".to_owned(), vec![state.into(), Shown::AtLeast(3)])).collect();
        let text = heat(rows).to_string();
        for state in every_state() {
            assert!(
                text.contains(&crate::numbers::escaped(&state.mark())) || text.contains("&#60;5"),
                "{}",
                state.mark()
            );
            assert!(text.contains(&format!("<title>x, FRA: {}</title>", state.words())), "{}", state.words());
        }
        assert!(text.contains("known part, could be more"));
    }

    #[test]
    fn an_empty_heat_table_is_still_a_drawing() {
        let text = heat(vec![]).to_string();
        assert!(text.contains("Heat table of 0 rows"), "{text}");
    }
}
