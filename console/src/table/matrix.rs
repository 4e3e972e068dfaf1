//! A matrix: participants by forms, one state a cell, as a mark with words behind it.

use askama::{Template, filters::HtmlSafe};

use crate::layout::Tone;

/// A matrix that scrolls inside its own frame, with heads that stay in sight.
#[derive(Debug, Clone, Template)]
#[template(path = "matrix.html")]
pub struct Matrix {
    /// What it shows.
    pub caption: String,
    /// The heading over the row heads.
    pub corner: String,
    /// Heads of the columns.
    pub columns: Vec<Head>,
    /// The rows.
    pub rows: Vec<MatrixRow>,
    /// What the marks mean, in the order of the legend.
    pub keys: Vec<MatrixCell>,
}

impl HtmlSafe for Matrix {}

/// The head of a row or a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// What stands there, short.
    pub text: String,
    /// The full words, shown by browsers on pointing; empty for none.
    pub title: String,
    /// Where it leads.
    pub href: Option<String>,
}

impl Head {
    /// A head with a short text and its full words.
    #[must_use]
    pub fn new(text: impl Into<String>, title: impl Into<String>) -> Self {
        Self { text: text.into(), title: title.into(), href: None }
    }

    /// Leading somewhere.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// A row of a matrix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixRow {
    /// Whose row.
    pub head: Head,
    /// Whether it is the reader's own.
    pub own: bool,
    /// Its cells, one for each column.
    pub cells: Vec<MatrixCell>,
}

/// One cell: never without a mark, never without words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MatrixCell {
    /// One to four characters: `r2`, `Σ`, `–`.
    pub mark: String,
    /// What the mark says here: "open to you, revision 2".
    pub words: String,
    /// How it is meant; `None` where there is nothing.
    pub tone: Option<Tone>,
    /// Where it leads.
    pub href: Option<String>,
}

impl MatrixCell {
    /// A cell where there is something.
    #[must_use]
    pub fn new(tone: Tone, mark: impl Into<String>, words: impl Into<String>) -> Self {
        Self { mark: mark.into(), words: words.into(), tone: Some(tone), href: None }
    }

    /// A cell where there is nothing, and the words that say so.
    #[must_use]
    pub fn nothing(words: impl Into<String>) -> Self {
        Self { mark: "–".into(), words: words.into(), tone: None, href: None }
    }

    /// Leading somewhere.
    #[must_use]
    pub fn link(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }

    fn class(&self) -> &'static str {
        self.tone.map_or("none", Tone::class)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_has_a_mark_and_words() {
        let matrix = Matrix {
            caption: "2021".into(),
            corner: "Participant".into(),
            columns: vec![
                Head::new("IE_CIT", "Illegal entries by citizenship").link("/tables/2021/IE_CIT"),
                Head::new("IE_TOT", ""),
            ],
            rows: vec![MatrixRow {
                head: Head::new("France", ""),
                own: true,
                cells: vec![
                    MatrixCell::new(Tone::Good, "r2", "open to you, revision 2").link("/peers/FRA/2021/IE_CIT"),
                    MatrixCell::nothing("not contributed"),
                ],
            }],
            keys: vec![MatrixCell::nothing("not contributed")],
        };
        let text = matrix.to_string();
        assert!(
            text.contains("<td class=\"good\" title=\"open to you, revision 2\"><a href=\"/peers/FRA/2021/IE_CIT\">r2")
        );
        assert!(text.contains("<td class=\"none\" title=\"not contributed\"><span>–"));
        assert!(text.contains("<span class=\"swatch none\">–</span>not contributed"));
        assert!(text.contains("<tr class=\"own\"><th scope=\"row\">France</th>"));
    }
}
