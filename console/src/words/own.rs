//! An operator's own files in `DIR/translations/<language>/*.ftl`: other words for ours, or a further language.
//!
//! The rule it keeps: such a file is read once, at the start, within bounds, and is refused as a whole with its name and line
//! when it cannot be read or inserts what the sentence does not have. What it does not say is said by the program.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_bundle::FluentResource;
use fluent_syntax::ast;
use fluent_syntax::parser::parse;

use super::book::{Book, Shelf, shelf};
use super::language::Language;

/// Ours are a tenth of it for a whole console.
const FILE_BYTES_MAX: u64 = 1 << 20;
/// Files of all languages together.
const FILES_MAX: usize = 256;
/// Languages beside ours.
const LANGUAGES_MAX: usize = 32;

/// What an operator put beside ours.
#[derive(Default)]
pub struct Own {
    shelves: BTreeMap<Language, Shelf>,
}

impl std::fmt::Debug for Own {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_set().entries(self.shelves.keys().map(Language::tag)).finish()
    }
}

/// Why an operator's file cannot be used. The sentence names the place.
#[derive(Debug, thiserror::Error)]
pub enum OwnError {
    /// A file or folder cannot be read.
    #[error("{path}: {cause}", path = path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// Something in or about a file is not as it must be.
    #[error("{path}{}: {cause}", line.map_or_else(String::new, |line| format!(", line {line}")), path = path.display())]
    Content {
        /// Which.
        path: PathBuf,
        /// Where, counted from 1; none for the whole.
        line: Option<usize>,
        /// What.
        cause: String,
    },
}

impl Own {
    /// Reads the files below a folder; none when there is no such folder. Each message is compared with the book's.
    ///
    /// # Errors
    /// [`OwnError`] with file and line.
    pub fn read(folder: &Path, book: &'static Book) -> Result<Self, OwnError> {
        let mut own = Self::default();
        let places = book.places();
        let mut count = 0;
        for place in entries(folder)? {
            let content = |cause: &str| OwnError::Content { path: place.clone(), line: None, cause: cause.to_owned() };
            let name = place.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if !place.is_dir() {
                continue;
            }
            let language = Language::parse(&name)
                .ok_or_else(|| content("a folder is named by the tag of a language, as in fr"))?;
            if own.shelves.len() == LANGUAGES_MAX {
                return Err(content("there are too many languages"));
            }
            let mut shelf = shelf(&name);
            for path in entries(&place)?.into_iter().filter(|path| path.extension().is_some_and(|kind| kind == "ftl")) {
                count += 1;
                if count > FILES_MAX {
                    return Err(content("there are too many files"));
                }
                shelf.add_resource_overriding(resource(&path, &places)?);
            }
            own.shelves.insert(language, shelf);
        }
        Ok(own)
    }

    /// The languages there is something in.
    pub fn languages(&self) -> impl Iterator<Item = &Language> {
        self.shelves.keys()
    }

    pub(super) fn shelf(&self, language: &Language) -> Option<&Shelf> {
        self.shelves.get(language)
    }
}

/// What a folder holds, by name; nothing when it does not exist.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, OwnError> {
    let failed = |cause| OwnError::File { path: folder.to_owned(), cause };
    let read = match fs::read_dir(folder) {
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        other => other.map_err(failed)?,
    };
    let mut found = read.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>().map_err(failed)?;
    found.sort();
    Ok(found)
}

fn resource(path: &Path, places: &BTreeMap<String, BTreeSet<String>>) -> Result<FluentResource, OwnError> {
    let failed = |cause| OwnError::File { path: path.to_owned(), cause };
    let at = |line, cause| OwnError::Content { path: path.to_owned(), line, cause };
    if fs::metadata(path).map_err(failed)?.len() > FILE_BYTES_MAX {
        return Err(at(None, format!("larger than {FILE_BYTES_MAX} bytes")));
    }
    let text = fs::read_to_string(path).map_err(failed)?;
    let parsed = parse(text.as_str()).map_err(|(_, errors)| match errors.first() {
        Some(error) => at(Some(line_of(&text, error.pos.start)), error.kind.to_string()),
        None => at(None, "it cannot be read".into()),
    })?;
    for (key, inserted) in messages(&parsed) {
        let line = text
            .lines()
            .position(|line| line.strip_prefix(&key).is_some_and(|rest| rest.trim_start().starts_with('=')))
            .map(|line| line + 1);
        match places.get(&key) {
            // Names of countries, forms and codes are in no English file; and what an older program said may stay there.
            None => tracing::debug!(file = %path.display(), line, "No sentence of this program is called {key}"),
            Some(known) => {
                if let Some(unknown) = inserted.difference(known).next() {
                    return Err(at(line, format!("{key} has no place called ${unknown}")));
                }
            }
        }
    }
    FluentResource::try_new(text).map_err(|_| at(None, "it cannot be read".into()))
}

/// The line of a place in a text, counted from 1.
fn line_of(text: &str, place: usize) -> usize {
    text.bytes().take(place).filter(|byte| *byte == b'\n').count() + 1
}

/// The messages of a file, each with the names of what it inserts.
pub fn messages(resource: &ast::Resource<&str>) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for entry in &resource.body {
        if let ast::Entry::Message(message) = entry {
            let mut names = BTreeSet::new();
            if let Some(pattern) = &message.value {
                of_pattern(pattern, &mut names);
            }
            found.insert(message.id.name.to_owned(), names);
        }
    }
    found
}

fn of_pattern(pattern: &ast::Pattern<&str>, names: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let ast::PatternElement::Placeable { expression } = element {
            of_expression(expression, names);
        }
    }
}

fn of_expression(expression: &ast::Expression<&str>, names: &mut BTreeSet<String>) {
    match expression {
        ast::Expression::Inline(inline) => of_inline(inline, names),
        ast::Expression::Select { selector, variants } => {
            of_inline(selector, names);
            variants.iter().for_each(|variant| of_pattern(&variant.value, names));
        }
    }
}

fn of_inline(inline: &ast::InlineExpression<&str>, names: &mut BTreeSet<String>) {
    match inline {
        ast::InlineExpression::VariableReference { id } => drop(names.insert(id.name.to_owned())),
        ast::InlineExpression::Placeable { expression } => of_expression(expression, names),
        ast::InlineExpression::FunctionReference { arguments, .. } => {
            arguments.positional.iter().for_each(|argument| of_inline(argument, names));
        }
        _ => {}
    }
}
