//! Sentences: which language a page speaks, and where its words come from.
//!
//! The rule it keeps: a page says a key, never a sentence. `say("frame-exit")` becomes words only when it is printed, in the
//! language of the person whose request is being answered; outside a request (command line, log, wire) it is English. Figures
//! are grouped in the same way in every language, and what is inserted cannot turn the direction of the sentence around it.
//!
//! In reading order: [`said`] (a key with its arguments), [`book`] (the files of one crate), [`own`] (the files of an
//! operator), [`language`] (tags, direction, what a browser asks for), [`speaking`] (the language of a request).
//!
//! What is not here: any sentence. They stand in `translations/<language>/` of each crate.

pub mod book;
#[doc(hidden)]
pub mod check;
pub mod language;
pub mod own;
pub mod said;
pub mod speaking;

pub use book::{Book, Leaf};
pub use language::Language;
pub use own::{Own, OwnError};
pub use said::{Said, Value};
pub use speaking::{Languages, Spoken};

/// The sentences of this crate; every other book stands on it.
pub static CONSOLE: Book = Book::new(
    None,
    crate::leaves![
        "en": ["frame", "account", "acts", "factor", "problem", "figures", "charts", "overviews", "versions", "refusals", "findings"],
        "fr": ["frame", "account", "acts", "factor", "problem", "figures", "charts", "overviews", "versions", "refusals", "findings", "catalogue", "glossary"],
    ],
);

/// A sentence of this crate.
#[must_use]
pub fn say(key: &'static str) -> Said {
    CONSOLE.say(key)
}

/// The files below `translations/` of the crate that names them, as leaves of its [`Book`]:
/// `leaves!["en": ["frame", "tables"], "fr": ["frame", "tables"]]`.
#[macro_export]
macro_rules! leaves {
    ($($language:literal: [$($name:literal),+ $(,)?]),+ $(,)?) => {
        &[$($(
            $crate::words::Leaf {
                language: $language,
                name: $name,
                text: include_str!(concat!(
                    env!("CARGO_MANIFEST_DIR"), "/translations/", $language, "/", $name, ".ftl"
                )),
            },
        )+)+]
    };
}
