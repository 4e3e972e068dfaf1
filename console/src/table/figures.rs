//! A table of figures.

use std::collections::BTreeSet;

use askama::{Template, filters::HtmlSafe};

use crate::{
    layout::{Link, Tone},
    moment::Moment,
    numbers::{Shown, State},
};

/// A table with a caption, a head column and explained states.
///
/// ```
/// # use vrs_console::{numbers::State, table::{Column, Figure, FigureTable, Row}};
/// let table = FigureTable::new("Illegal entries, 2021", [Column::text("Reporting"), Column::number("Persons")])
///     .row(Row::new("Greece").figure(8970_u64))
///     .row(Row::new("Poland").figure(State::Withheld))
///     .row(Row::new("Known sum").figure(Figure::new(8970_u64).mark('P', "provisional")).total());
/// assert!(table.to_string().contains("withheld"));
/// ```
#[derive(Debug, Clone, Template)]
#[template(path = "figure_table.html")]
pub struct FigureTable {
    caption: String,
    note: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    wide: bool,
}

impl HtmlSafe for FigureTable {}

/// A column's heading and how its cells stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    title: String,
    below: String,
    number: bool,
}

impl Column {
    /// A column of words, left-aligned.
    #[must_use]
    pub fn text(title: impl Into<String>) -> Self {
        Self { title: title.into(), below: String::new(), number: false }
    }

    /// A column of figures, right-aligned.
    #[must_use]
    pub fn number(title: impl Into<String>) -> Self {
        Self { title: title.into(), below: String::new(), number: true }
    }

    /// With a second, smaller line: the unit or the period.
    #[must_use]
    pub fn unit(mut self, below: impl Into<String>) -> Self {
        self.below = below.into();
        self
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn below(&self) -> &str {
        &self.below
    }

    fn is_number(&self) -> bool {
        self.number
    }
}

/// What stands in one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// Words that lead somewhere.
    Link(Link),
    /// A state in words, with a frame around it.
    Badge(Tone, String),
    /// An instant.
    Moment(Moment),
    /// A figure or why there is none.
    Figure(Figure),
}

impl Cell {
    fn is_number(&self) -> bool {
        matches!(self, Self::Figure(_))
    }
}

/// A figure with its caveats.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    shown: Shown,
    marks: Vec<Mark>,
    href: Option<String>,
}

/// A caveat: a letter at the figure, its words below the table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The raised letter.
    pub letter: char,
    /// What it means.
    pub words: String,
}

impl Figure {
    /// A figure without caveats.
    #[must_use]
    pub fn new(shown: impl Into<Shown>) -> Self {
        Self { shown: shown.into(), marks: Vec::new(), href: None }
    }

    /// With a caveat: `.mark('P', "provisional")`.
    #[must_use]
    pub fn mark(mut self, letter: char, words: impl Into<String>) -> Self {
        self.marks.push(Mark { letter, words: words.into() });
        self
    }

    /// Leading somewhere, for instance to where the figure comes from.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

impl<T: Into<Shown>> From<T> for Figure {
    fn from(shown: T) -> Self {
        Self::new(shown)
    }
}

/// A row: its head, then its cells from left to right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    head: String,
    href: Option<String>,
    cells: Vec<Cell>,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Own,
    Total,
    Group,
}

impl Row {
    /// A row with this head.
    #[must_use]
    pub fn new(head: impl Into<String>) -> Self {
        Self { head: head.into(), href: None, cells: Vec::new(), kind: Kind::Plain }
    }

    /// A heading over the rows that follow, across all columns.
    #[must_use]
    pub fn group(head: impl Into<String>) -> Self {
        Self { kind: Kind::Group, ..Self::new(head) }
    }

    /// With a head that leads somewhere.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    /// Then a figure: a number, a [`Shown`], a [`State`] or a [`Figure`].
    #[must_use]
    pub fn figure(self, figure: impl Into<Figure>) -> Self {
        self.cell(Cell::Figure(figure.into()))
    }

    /// Then words.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        self.cell(Cell::Text(text.into()))
    }

    /// Then a cell of any kind.
    #[must_use]
    pub fn cell(mut self, cell: Cell) -> Self {
        self.cells.push(cell);
        self
    }

    /// As the reader's own row.
    #[must_use]
    pub fn own(mut self) -> Self {
        self.kind = Kind::Own;
        self
    }

    /// As a sum of the rows above.
    #[must_use]
    pub fn total(mut self) -> Self {
        self.kind = Kind::Total;
        self
    }

    fn head(&self) -> &str {
        &self.head
    }

    fn href(&self) -> Option<&str> {
        self.href.as_deref()
    }

    fn cells(&self) -> &[Cell] {
        &self.cells
    }

    fn is_own(&self) -> bool {
        self.kind == Kind::Own
    }

    fn is_group(&self) -> bool {
        self.kind == Kind::Group
    }

    fn class(&self) -> &'static str {
        match self.kind {
            Kind::Own => "own",
            Kind::Total => "total",
            Kind::Plain | Kind::Group => "",
        }
    }
}

impl FigureTable {
    /// A table without rows. The first column holds the rows' heads.
    #[must_use]
    pub fn new(caption: impl Into<String>, columns: impl IntoIterator<Item = Column>) -> Self {
        Self {
            caption: caption.into(),
            note: String::new(),
            columns: columns.into_iter().collect(),
            rows: Vec::new(),
            wide: false,
        }
    }

    /// With a smaller line below the caption: source, unit, coverage.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// As wide as the page.
    #[must_use]
    pub fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// With one more row. Where a row has fewer cells than the table has columns, the rest says "not reported" rather
    /// than nothing.
    #[must_use]
    pub fn row(mut self, mut row: Row) -> Self {
        while row.kind != Kind::Group && row.cells.len() + 1 < self.columns.len() {
            row = row.figure(State::NotReported);
        }
        self.rows.push(row);
        self
    }

    /// With more rows.
    #[must_use]
    pub fn rows(self, rows: impl IntoIterator<Item = Row>) -> Self {
        rows.into_iter().fold(self, Self::row)
    }

    /// Whether the column at this place is one of figures; the head stands in column 0.
    fn is_number(&self, column: &usize) -> bool {
        self.columns.get(*column).is_some_and(Column::is_number)
    }

    /// What the states and letters in this table mean, each once.
    fn explained(&self) -> Vec<(String, String)> {
        let mut states = BTreeSet::new();
        let mut marks = BTreeSet::new();
        for cell in self.rows.iter().flat_map(|row| &row.cells) {
            let Cell::Figure(figure) = cell else { continue };
            if let Some(state) = figure.shown.state() {
                states.insert((state.pattern(), state.legend(), state.meaning()));
            }
            marks.extend(figure.marks.iter().cloned());
        }
        let states = states.into_iter().map(|(_, words, meaning)| (words, meaning));
        states.chain(marks.into_iter().map(|mark| (mark.letter.to_string(), mark.words))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbers::every_state;

    fn columns() -> [Column; 2] {
        [Column::text("Reporting"), Column::number("Persons").unit("2021")]
    }

    #[test]
    fn a_figure_is_grouped_aligned_and_headed() {
        let text = FigureTable::new("Entries", columns()).row(Row::new("Greece").figure(8_970_u64)).to_string();
        assert!(text.contains("<td class=\"n\"><span class=\"shown number\">8\u{202f}970</span>"), "{text}");
        assert!(text.contains("<th scope=\"col\" class=\"n\">Persons<small>2021</small></th>"), "{text}");
        assert!(
            text.contains("<th scope=\"row\">Greece</th>") && text.contains("<caption>Entries</caption>"),
            "{text}"
        );
    }

    #[test]
    fn every_state_is_written_out_and_explained_once() {
        let rows = every_state().into_iter().chain(every_state()).map(|state| Row::new("x").figure(state));
        let text = FigureTable::new("States", columns()).rows(rows).to_string();
        for state in every_state() {
            assert!(text.contains(&state.words()), "{}", state.words());
            assert_eq!(text.matches(state.meaning().as_str()).count(), 1, "{}", state.meaning());
        }
    }

    #[test]
    fn a_missing_cell_is_not_blank() {
        let text = FigureTable::new("Gap", columns()).row(Row::new("Italy")).to_string();
        assert!(text.contains("not reported"), "{text}");
    }

    #[test]
    fn marks_stand_at_the_figure_and_below() {
        let figure = Figure::new(5_940_u64).mark('P', "provisional").mark('B', "break in the series").link("/why");
        let text = FigureTable::new("Marks", columns()).row(Row::new("Hungary").figure(figure)).to_string();
        assert!(text.contains("</a><sup>P</sup><sup>B</sup>"), "{text}");
        assert!(text.contains("<b>P</b> provisional") && text.contains("<b>B</b> break in the series"), "{text}");
    }

    #[test]
    fn an_empty_table_still_has_its_headings() {
        let text = FigureTable::new("Empty", columns()).to_string();
        assert!(text.contains("Persons") && !text.contains("class=\"notes\""), "{text}");
    }

    #[test]
    fn long_and_strange_texts_stay_text() {
        let long = "<b>".repeat(500);
        let text =
            FigureTable::new(&long, columns()).row(Row::group(&long)).row(Row::new(&long).text(&long)).to_string();
        assert!(!text.contains("<b>"), "markup came through");
    }
}
