//! The sentences of the node's pages, by language. What is said on pages of both consoles stands in the book below.

use vrs_console::leaves;
use vrs_console::words::{Book, CONSOLE, Said};

/// The sentences of this crate.
pub(crate) static NODE: Book = Book::new(
    Some(&CONSOLE),
    leaves![
        "en": ["frame", "dashboard", "tables", "sheet", "assistant", "releases", "protection", "region", "records", "people", "machines", "nothing", "help"],
        "fr": ["frame", "dashboard", "tables", "sheet", "assistant", "releases", "protection", "region", "records", "people", "machines", "nothing", "help"],
    ],
);

/// A sentence of this crate or of the console.
#[must_use]
pub(crate) fn say(key: &'static str) -> Said {
    NODE.say(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;
    use vrs_console::words::check::faults;
    use vrs_protocol::ledger::LineKind;

    #[test]
    fn every_sentence_is_said_in_every_language_and_none_for_nothing() {
        let found = faults(
            &NODE,
            Path::new(env!("CARGO_MANIFEST_DIR")),
            &[],
            &[
                "kind-",
                "sheet-column-",
                "sheet-choice-",
                "assistant-encoding-",
                "assistant-delimiter-",
                "assistant-order-",
                "assistant-length-",
                "assistant-mark-",
            ],
        );
        assert!(found.is_empty(), "{}", found.join("\n"));
    }

    #[test]
    fn every_kind_of_line_has_a_name_in_french() {
        let french = NODE.leaves().iter().filter(|leaf| leaf.language == "fr");
        let french: String = french.map(|leaf| leaf.text).collect();
        for kind in (0..=u8::MAX).map_while(LineKind::of) {
            assert!(french.contains(&format!("\nkind-{} = ", kind.word())), "{}", kind.word());
        }
    }
}
