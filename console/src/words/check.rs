//! What is wrong with a book: for the tests of the crates that have one. No program calls it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use fluent_syntax::ast::Entry;

use super::Book;
use super::own::messages;

/// The languages that must say everything.
const COMPLETE: [&str; 2] = ["en", "fr"];

/// Words that stand in templates of every language: names of products and formats, and what a person types.
const PROPER: [&str; 2] = ["SHA-256", "UTC"];

/// Compares a book with the sources that use it. `home` is the folder of the book's crate, `others` those of crates that
/// stand on it. Messages whose keys begin with one of `named` are names for codes: only translations have them, and another
/// test compares them with the codes there are.
#[must_use]
pub fn faults(book: &'static Book, home: &Path, others: &[&Path], named: &[&str]) -> Vec<String> {
    let mut faults = Vec::new();
    let is_name = |key: &str| named.iter().any(|start| key.starts_with(start));
    let mut languages: BTreeMap<&str, BTreeMap<String, BTreeSet<String>>> = BTreeMap::new();
    for leaf in book.leaves() {
        let place = format!("{}/{}.ftl", leaf.language, leaf.name);
        match fluent_syntax::parser::parse(leaf.text) {
            Err((_, errors)) => faults.push(format!("{place} cannot be read: {errors:?}")),
            Ok(read) => {
                let said = read.body.iter().filter(|entry| matches!(entry, Entry::Message(_))).count();
                let found = messages(&read);
                if said != found.len() {
                    faults.push(format!("{place} says something twice"));
                }
                for (key, names) in found {
                    if languages.entry(leaf.language).or_default().insert(key.clone(), names).is_some() {
                        faults.push(format!("{place} says {key} again"));
                    }
                }
            }
        }
    }
    for file in files(&home.join("translations"), "ftl") {
        let name = |path: &Path| path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let folder = file.0.parent().map(name).unwrap_or_default();
        if !book.leaves().iter().any(|leaf| leaf.language == folder && leaf.name == name(&file.0)) {
            faults.push(format!("{} is in no book", file.0.display()));
        }
    }
    let empty = BTreeMap::new();
    let english = languages.get("en").unwrap_or(&empty);
    for language in COMPLETE {
        let said = languages.get(language).unwrap_or(&empty);
        for (key, names) in english {
            match said.get(key) {
                None => faults.push(format!("{language} does not say {key}")),
                Some(found) if found != names => {
                    faults.push(format!("{language} inserts {found:?} into {key}, English {names:?}"))
                }
                Some(_) => {}
            }
        }
        faults.extend(
            said.keys()
                .filter(|key| !english.contains_key(*key) && !is_name(key))
                .map(|key| format!("only {language} says {key}")),
        );
    }
    let sources_of = |home: &Path| [files(&home.join("src"), "rs"), files(&home.join("templates"), "html")].concat();
    let own = sources_of(home);
    let foreign: Vec<_> = others.iter().flat_map(|home| sources_of(home)).collect();
    for key in english.keys().filter(|key| !is_name(key)) {
        let quoted = format!("\"{key}\"");
        if !own.iter().chain(&foreign).any(|(_, text)| text.contains(&quoted)) {
            faults.push(format!("nobody says {key}"));
        }
    }
    let places = book.places();
    for (path, text) in &own {
        for part in text.split("say(\"").skip(1) {
            let Some((key, rest)) = part.split_once("\")") else { continue };
            match places.get(key) {
                None => faults.push(format!("{} says {key}, which nothing calls a sentence", path.display())),
                Some(names) => {
                    let given = given(rest);
                    faults.extend(
                        given
                            .difference(names)
                            .map(|name| format!("{}: {key} has no place for {name}", path.display())),
                    );
                }
            }
        }
        if path.extension().is_some_and(|kind| kind == "html") {
            faults.extend(letters(text).into_iter().map(|words| format!("{} says {words:?} itself", path.display())));
        }
    }
    faults
}

/// Files below a folder with this ending, with their text.
fn files(folder: &Path, ending: &str) -> Vec<(std::path::PathBuf, String)> {
    let mut found = Vec::new();
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|kind| kind == ending) {
            found.extend(fs::read_to_string(&path).ok().map(|text| (path, text)));
        }
    }
    found
}

/// The names that follow a key at once: `.with("count", …).with("unit", …)`.
fn given(mut rest: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    while let Some(after) = rest.trim_start().strip_prefix(".with(\"") {
        let Some((name, value)) = after.split_once('"') else { break };
        names.insert(name.to_owned());
        let mut depth = 1;
        let end = value.char_indices().find_map(|(at, letter)| {
            depth += match letter {
                '(' => 1,
                ')' => -1,
                _ => 0,
            };
            (depth == 0).then_some(at + 1)
        });
        let Some(end) = end else { break };
        rest = value.get(end..).unwrap_or_default();
    }
    names
}

/// Words of a template that stand outside expressions: between tags, and in the attributes that people read.
fn letters(template: &str) -> Vec<String> {
    let mut found = between_tags(template);
    for attribute in [" aria-label=\"", " title=\"", " alt=\""] {
        let values = template.split(attribute).skip(1).filter_map(|rest| rest.split('"').next());
        found.extend(values.filter(|value| value.starts_with(char::is_alphabetic)).map(str::to_owned));
    }
    found
}

fn between_tags(template: &str) -> Vec<String> {
    let mut text = String::new();
    // Two blocks hold the name of a class.
    let mut rest = template;
    let without: String;
    for block in ["{% block page_class %}", "{% block kind %}"] {
        if let Some((before, after)) = rest.split_once(block) {
            without = format!("{before}{}", after.split_once("{% endblock %}").map_or("", |(_, after)| after));
            rest = &without;
            break;
        }
    }
    // Expressions first: a tag may hold one, with an angle in it.
    while let Some(at) = rest.find('{') {
        let (before, from) = rest.split_at(at);
        text.push_str(before);
        let close = if from.starts_with("{{") {
            "}}"
        } else if from.starts_with("{%") {
            "%}"
        } else {
            "}"
        };
        let end = from.find(close).map_or(from.len(), |end| end + close.len());
        // A block does not join the words around it.
        text.push('\n');
        rest = from.get(end..).unwrap_or_default();
    }
    text.push_str(rest);
    let mut outside = String::new();
    let mut inside = false;
    for letter in text.chars() {
        match letter {
            '<' => inside = true,
            '>' => {
                inside = false;
                outside.push('\n');
            }
            _ if !inside => outside.push(letter),
            _ => {}
        }
    }
    let words =
        outside.lines().map(str::trim).filter(|line| line.chars().filter(|letter| letter.is_alphabetic()).count() > 1);
    words.filter(|line| !PROPER.contains(line)).map(str::to_owned).collect()
}
