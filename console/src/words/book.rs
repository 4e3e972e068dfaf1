//! The sentences of one crate in every language it has, inside the program.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

use super::language::{Language, PSEUDO, PSEUDO_RIGHT_TO_LEFT};
use super::said::{Plain, Said};
use super::speaking::Spoken;
use crate::numbers::grouped;

/// One language of one book, ready to be asked.
pub(super) type Shelf = FluentBundle<FluentResource>;

/// One file of a book.
#[derive(Debug)]
pub struct Leaf {
    /// Tag of the language.
    pub language: &'static str,
    /// Name of the file, without its ending.
    pub name: &'static str,
    /// What stands in it.
    pub text: &'static str,
}

/// All sentences of one crate. What it does not have itself, the book below it may have.
pub struct Book {
    below: Option<&'static Self>,
    leaves: &'static [Leaf],
    shelves: OnceLock<BTreeMap<&'static str, Shelf>>,
}

impl std::fmt::Debug for Book {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Book of {} files", self.leaves.len())
    }
}

impl Book {
    /// A book of these files, on top of another.
    #[must_use]
    pub const fn new(below: Option<&'static Self>, leaves: &'static [Leaf]) -> Self {
        Self { below, leaves, shelves: OnceLock::new() }
    }

    /// The sentence with this key.
    #[must_use]
    pub fn say(&'static self, key: &'static str) -> Said {
        Said::new(self, key, None)
    }

    /// The sentence with this key, or these words where no language has it: for names that the catalogue or the program
    /// has in English already.
    #[must_use]
    pub fn say_or(&'static self, key: impl Into<String>, otherwise: impl Into<String>) -> Said {
        Said::new(self, key, Some(otherwise.into()))
    }

    /// The files, for tests.
    #[must_use]
    pub fn leaves(&self) -> &'static [Leaf] {
        self.leaves
    }

    /// The book below this one.
    #[must_use]
    pub fn below(&self) -> Option<&'static Self> {
        self.below
    }

    /// The words of a key: the operator's own before ours, this language before English.
    pub(super) fn format(
        &self,
        key: &str,
        otherwise: Option<&str>,
        values: &[(&'static str, Plain)],
        spoken: &Spoken,
    ) -> String {
        let mut arguments = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            arguments.set(
                *name,
                match value {
                    Plain::Text(text) => FluentValue::String(Cow::Borrowed(text)),
                    // Exact to 2^53; no figure of this system is larger.
                    Plain::Count(count) => FluentValue::Number(FluentNumber::new(*count as f64, Default::default())),
                },
            );
        }
        let asked = spoken.language();
        let said =
            formatted(spoken.own(asked), key, &arguments).or_else(|| self.printed(&asked.tag(), key, &arguments));
        let said = said.or_else(|| {
            let base = asked.base();
            (base != *asked).then_some(())?;
            formatted(spoken.own(&base), key, &arguments).or_else(|| self.printed(&base.tag(), key, &arguments))
        });
        let said = said.or_else(|| {
            let english = Language::english();
            // Where the program has English words itself, only an operator's may stand in their place.
            formatted(spoken.own(&english), key, &arguments).or_else(|| match otherwise {
                Some(words) => Some(words.to_owned()),
                None => self.printed("en", key, &arguments),
            })
        });
        said.unwrap_or_else(|| {
            debug_assert!(false, "no sentence is called {key}");
            key.to_owned()
        })
    }

    /// The words as they are printed in this book or one below it.
    fn printed(&self, language: &str, key: &str, arguments: &FluentArgs<'_>) -> Option<String> {
        formatted(self.shelves().get(language), key, arguments)
            .or_else(|| self.below.and_then(|book| book.printed(language, key, arguments)))
    }

    fn shelves(&self) -> &BTreeMap<&'static str, Shelf> {
        self.shelves.get_or_init(|| {
            let mut shelves = BTreeMap::new();
            for leaf in self.leaves {
                put(shelves.entry(leaf.language).or_insert_with(|| shelf(leaf.language)), leaf.text);
                if leaf.language == "en" {
                    for (pseudo, transform) in [(PSEUDO, longer as Transform), (PSEUDO_RIGHT_TO_LEFT, turned)] {
                        let shelf = shelves.entry(pseudo).or_insert_with(|| {
                            let mut shelf = shelf("en");
                            shelf.set_transform(Some(transform));
                            shelf
                        });
                        put(shelf, leaf.text);
                    }
                }
            }
            shelves
        })
    }

    /// The English messages here and below, each with the names of what it inserts.
    pub(super) fn places(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut places = self.below.map(Self::places).unwrap_or_default();
        for leaf in self.leaves.iter().filter(|leaf| leaf.language == "en") {
            // A test of each crate reads every leaf.
            if let Ok(resource) = fluent_syntax::parser::parse(leaf.text) {
                places.extend(super::own::messages(&resource));
            }
        }
        places
    }
}

/// A shelf with nothing on it yet.
pub(super) fn shelf(language: &str) -> Shelf {
    let language = Language::parse(language).unwrap_or_else(Language::english);
    let mut shelf = Shelf::new_concurrent(vec![language.identifier()]);
    // What is inserted is kept apart by `Language::isolated`, where it has to be.
    shelf.set_use_isolating(false);
    shelf.set_formatter(Some(|value, _| match value {
        FluentValue::Number(number) => Some(grouped(number.value as u64)),
        _ => None,
    }));
    shelf
}

/// Puts a file of ours on a shelf. It parses: a test of each crate reads it.
fn put(shelf: &mut Shelf, text: &str) {
    let resource = match FluentResource::try_new(text.to_owned()) {
        Ok(resource) => resource,
        Err((read, errors)) => {
            debug_assert!(errors.is_empty(), "a translation file: {errors:?}");
            read
        }
    };
    shelf.add_resource_overriding(resource);
}

/// The words of a key on one shelf.
fn formatted(shelf: Option<&Shelf>, key: &str, arguments: &FluentArgs<'_>) -> Option<String> {
    let shelf = shelf?;
    let pattern = shelf.get_message(key)?.value()?;
    let mut errors = Vec::new();
    let text = shelf.format_pattern(pattern, Some(arguments), &mut errors).into_owned();
    // A sentence that cannot be formed is as good as none; the next in line is said.
    errors.is_empty().then_some(text)
}

type Transform = fn(&str) -> Cow<'_, str>;

/// Marks on every letter, and a third more of them.
fn longer(text: &str) -> Cow<'_, str> {
    let mut out = String::with_capacity(text.len() * 2);
    for letter in text.chars() {
        out.push(match letter {
            'a' => 'á',
            'e' => 'é',
            'i' => 'í',
            'o' => 'ó',
            'u' => 'ú',
            'y' => 'ý',
            'c' => 'ç',
            'n' => 'ñ',
            's' => 'š',
            'A' => 'Á',
            'E' => 'É',
            'I' => 'Í',
            'O' => 'Ó',
            'U' => 'Ú',
            'Y' => 'Ý',
            'C' => 'Ç',
            'N' => 'Ñ',
            'S' => 'Š',
            other => other,
        });
        if matches!(letter, 'a' | 'e' | 'i' | 'o' | 'u') {
            out.push('·');
        }
    }
    Cow::Owned(out)
}

/// The words from right to left, letter by letter.
fn turned(text: &str) -> Cow<'_, str> {
    Cow::Owned(format!("\u{202e}{text}\u{202c}"))
}
