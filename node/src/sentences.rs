//! The sentences of the node's pages, by language. What is said on pages of both consoles stands in the book below.

use vrs_console::leaves;
use vrs_console::words::{Book, CONSOLE, Said};

/// The sentences of this crate.
pub(crate) static NODE: Book = Book::new(Some(&CONSOLE), leaves!["en": ["frame"], "fr": ["frame"]]);

/// A sentence of this crate or of the console.
#[must_use]
pub(crate) fn say(key: &'static str) -> Said {
    NODE.say(key)
}
