//! What a term means, opened in place by a click or a key: never by hovering alone.

use askama::{Template, filters::HtmlSafe};

/// A definition: `{{ definition }}`.
#[derive(Debug, Clone, PartialEq, Eq, Template)]
#[template(path = "definition.html")]
pub struct Definition {
    term: String,
    paragraphs: Vec<String>,
}

impl HtmlSafe for Definition {}

impl Definition {
    /// A term and its text; blank lines part paragraphs.
    #[must_use]
    pub fn new(term: impl Into<String>, text: &str) -> Self {
        let paragraphs = text.split("\n\n").map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect();
        Self { term: term.into(), paragraphs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_lines_part_paragraphs() {
        let text = Definition::new("smuggled migrant", "First.\n\n\nSecond <i>.\n").to_string();
        assert!(text.contains("<summary>smuggled migrant</summary>"), "{text}");
        assert!(text.contains("<p>First.</p>") && text.contains("<p>Second &#60;i&#62;.</p>"), "{text}");
    }
}
