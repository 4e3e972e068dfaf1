//! A sentence that is not yet in any language: a key and what is inserted.

use std::fmt;
use std::sync::Arc;

use askama::filters::HtmlSafe;

use super::book::Book;
use super::speaking::{self, Spoken};
use crate::moment::Moment;
use crate::numbers::escaped;

/// Marks the place of an inserted value while the words around it are escaped. The first private-use character of Unicode: no
/// sentence holds it, and from what is inserted it is dropped.
const PLACE: char = '\u{e000}';

/// A sentence to be said. Prints itself in the language of the request that is being answered, English outside of one.
#[derive(Debug, Clone)]
pub struct Said {
    words: Words,
    arguments: Vec<(&'static str, Value)>,
}

#[derive(Debug, Clone)]
enum Words {
    /// A message of a book, and what stands there instead where no language has it.
    Key { book: &'static Book, key: String, otherwise: Option<String> },
    /// Words that have no key: of a person, of the wire, or of a file.
    Plain(String),
    /// Words that are made anew in each language.
    Made(Made),
}

#[derive(Clone)]
struct Made(Arc<dyn Fn() -> String + Send + Sync>);

impl fmt::Debug for Made {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&(self.0)())
    }
}

/// What is inserted into a sentence.
#[derive(Debug, Clone)]
pub enum Value {
    /// Words, kept apart from the direction of the sentence.
    Text(String),
    /// A count: grouped when printed, and what plural forms are chosen by.
    Count(u64),
    /// Another sentence, in the same language.
    Said(Said),
    /// An instant, which carries its exact form on pages.
    Moment(Moment),
}

impl Said {
    pub(super) fn new(book: &'static Book, key: impl Into<String>, otherwise: Option<String>) -> Self {
        Self { words: Words::Key { book, key: key.into(), otherwise }, arguments: Vec::new() }
    }

    /// Words that are made when they are printed: the name of the participant, which the catalogue has in six languages.
    #[must_use]
    pub fn made(words: impl Fn() -> String + Send + Sync + 'static) -> Self {
        Self { words: Words::Made(Made(Arc::new(words))), arguments: Vec::new() }
    }

    /// With a value for the place that the translations call by this name.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.arguments.push((name, value.into()));
        self
    }

    /// The sentence on a page where its translations mark words: `` `code` `` and `**strong**`; instants become elements.
    #[must_use]
    pub fn html(&self) -> Html {
        Html(self.marked(&speaking::spoken()))
    }

    /// The sentence in English, for the log.
    #[must_use]
    pub fn english(&self) -> String {
        self.text(&Spoken::english())
    }

    fn text(&self, spoken: &Spoken) -> String {
        match &self.words {
            Words::Plain(text) => text.clone(),
            Words::Made(made) => spoken.clone().during_sync(|| (made.0)()),
            Words::Key { book, key, otherwise } => {
                let values: Vec<_> = self.arguments.iter().map(|(name, value)| (*name, value.plain(spoken))).collect();
                book.format(key, otherwise.as_deref(), &values, spoken)
            }
        }
    }

    fn marked(&self, spoken: &Spoken) -> String {
        let Words::Key { book, key, otherwise } = &self.words else { return escaped(&self.text(spoken)) };
        let mut inserted = Vec::new();
        let values: Vec<_> = self
            .arguments
            .iter()
            .map(|(name, value)| {
                let plain = match value {
                    Value::Count(_) => value.plain(spoken),
                    Value::Moment(moment) => place(&mut inserted, moment.to_string()),
                    words => match words.plain(spoken) {
                        Plain::Text(text) => place(&mut inserted, escaped(&text)),
                        count @ Plain::Count(_) => count,
                    },
                };
                (*name, plain)
            })
            .collect();
        let mut html = escaped(&book.format(key, otherwise.as_deref(), &values, spoken));
        for (mark, open, close) in [("**", "<strong>", "</strong>"), ("`", "<code>", "</code>")] {
            while html.matches(mark).count() >= 2 {
                html = html.replacen(mark, open, 1).replacen(mark, close, 1);
            }
        }
        for (number, value) in inserted.iter().enumerate().rev() {
            html = html.replace(&token(number), value);
        }
        html
    }
}

/// A value as the sentence takes it.
#[derive(Debug, Clone)]
pub(super) enum Plain {
    Text(String),
    Count(u64),
}

impl Value {
    fn plain(&self, spoken: &Spoken) -> Plain {
        let text = match self {
            Self::Count(count) => return Plain::Count(*count),
            Self::Text(text) => text.chars().filter(|letter| *letter != PLACE).collect(),
            Self::Said(said) => said.text(spoken),
            Self::Moment(moment) => moment.words().to_owned(),
        };
        Plain::Text(spoken.language().isolated(text))
    }
}

fn place(inserted: &mut Vec<String>, value: String) -> Plain {
    inserted.push(value);
    Plain::Text(token(inserted.len() - 1))
}

/// A place by its number, between two private-use characters.
fn token(number: usize) -> String {
    format!("{PLACE}{number}{PLACE}")
}

impl fmt::Display for Said {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text(&speaking::spoken()))
    }
}

/// A sentence with its marks as elements.
#[derive(Debug, Clone)]
pub struct Html(String);

impl fmt::Display for Html {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

impl HtmlSafe for Html {}

impl From<Said> for String {
    fn from(said: Said) -> Self {
        said.to_string()
    }
}

impl From<String> for Said {
    fn from(text: String) -> Self {
        Self { words: Words::Plain(text), arguments: Vec::new() }
    }
}

impl From<&str> for Said {
    fn from(text: &str) -> Self {
        Self::from(text.to_owned())
    }
}

impl From<&String> for Said {
    fn from(text: &String) -> Self {
        Self::from(text.clone())
    }
}

impl From<&Self> for Said {
    fn from(said: &Self) -> Self {
        said.clone()
    }
}

macro_rules! value_from {
    ($variant:ident: $($kind:ty => |$it:ident| $made:expr),+ $(,)?) => {
        $(impl From<$kind> for Value {
            fn from($it: $kind) -> Self {
                Self::$variant($made)
            }
        })+
    };
}

value_from!(Text:
    String => |text| text,
    &String => |text| text.clone(),
    &str => |text| text.to_owned(),
    // Loops of templates give references to references.
    &&str => |text| (*text).to_owned(),
    &&String => |text| (*text).clone(),
);
// A count fits: usize has 64 bits wherever this runs.
value_from!(Count:
    u64 => |count| count,
    &u64 => |count| *count,
    u32 => |count| count.into(),
    &u32 => |count| (*count).into(),
    u16 => |count| count.into(),
    &u16 => |count| (*count).into(),
    &&u16 => |count| (**count).into(),
    usize => |count| count as u64,
    &usize => |count| *count as u64,
);
value_from!(Said: Said => |said| said, &Said => |said| said.clone());
value_from!(Moment: Moment => |moment| moment, &Moment => |moment| moment.clone(), &&Moment => |moment| (*moment).clone());
