//! Reads the data files of every version of the catalogue, which are compiled in, and checks that every reference in them holds.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::codes::CodeList;
use super::country::Country;
use super::form::{Dimension, Form, Kind};
use super::{Catalogue, CatalogueError, Section, Term, Topic};
use crate::hash::Hash;
use crate::id::{Code, FormCode, TopicCode};
use crate::table::{DIMENSIONS_MAX, Key};

/// Names and contents of the files of one version, in the order in which they are hashed.
type Files = [(&'static str, &'static str); 8];

/// The files of a version, by its folder. A folder that a release was ever made under is never changed: its bytes are hashed and
/// named in ledgers.
macro_rules! files {
    ($folder:literal: $($name:literal),+) => {
        [$(($name, include_str!(concat!("../../catalogue/", $folder, "/", $name)))),+]
    };
    ($folder:literal) => {
        files!($folder: "catalogue.toml", "codes.toml", "countries.csv", "1-entry-and-stay.toml",
            "2-exit-smuggled-routes-methods.toml", "3-documents-and-relationships.toml", "4-smugglers.toml",
            "5-national-context.toml")
    };
}

/// Every version this program carries, oldest first.
const VERSIONS: [Files; 2] = [files!("2026.1"), files!("2027.1")];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    version: String,
    title: String,
    disclaimer: String,
    section: Vec<Section>,
    topic: Vec<Topic>,
    term: Vec<Term>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Codes {
    list: Vec<CodeList>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Forms {
    form: Vec<WrittenForm>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenForm {
    code: FormCode,
    section: u8,
    topic: TopicCode,
    number: String,
    title: String,
    question: String,
    kind: Kind,
    units: Vec<String>,
    dimensions: Vec<Dimension>,
    core: Vec<Vec<Code>>,
    adds_over_time: bool,
    extension: bool,
    #[serde(default)]
    total_of: Option<FormCode>,
    #[serde(default)]
    exhaustive: bool,
    #[serde(default)]
    choices: Option<String>,
    #[serde(default)]
    several: bool,
    #[serde(default)]
    text: bool,
    #[serde(default)]
    terms: Vec<String>,
    #[serde(default)]
    note: Option<String>,
}

/// Reads every version, oldest first.
pub(super) fn read() -> Result<Vec<Catalogue>, CatalogueError> {
    VERSIONS.iter().map(version).collect()
}

fn version(files: &Files) -> Result<Catalogue, CatalogueError> {
    let text = |name: &'static str| files.iter().find(|(file, _)| *file == name).map_or("", |(_, text)| text);
    let head: Head = parse("catalogue.toml", text("catalogue.toml"))?;
    let codes: Codes = parse("codes.toml", text("codes.toml"))?;
    let lists: BTreeMap<String, CodeList> = codes.list.into_iter().map(|list| (list.code.clone(), list)).collect();
    let mut forms = Vec::new();
    for (file, text) in &files[3..] {
        forms.extend(parse::<Forms>(file, text)?.form.into_iter().map(form));
    }
    let catalogue = Catalogue {
        version: head.version,
        title: head.title,
        disclaimer: head.disclaimer,
        sections: head.section,
        topics: head.topic,
        terms: head.term,
        forms,
        lists,
        countries: countries(text("countries.csv"))?,
        hash: hash(files),
    };
    check(&catalogue)?;
    Ok(catalogue)
}

fn parse<T: for<'de> Deserialize<'de>>(file: &'static str, text: &str) -> Result<T, CatalogueError> {
    toml::from_str(text).map_err(|error| CatalogueError::File { file, cause: error.to_string() })
}

fn hash(files: &Files) -> Hash {
    let mut bytes = Vec::new();
    for (name, text) in files {
        for part in [name, text] {
            bytes.extend_from_slice(&(part.len() as u64).to_be_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
    }
    Hash::of(&bytes)
}

fn form(written: WrittenForm) -> Form {
    Form {
        code: written.code,
        section: written.section,
        topic: written.topic,
        number: written.number,
        title: written.title,
        question: written.question,
        kind: written.kind,
        units: written.units,
        dimensions: written.dimensions,
        core: written.core.into_iter().map(Key).collect(),
        adds_over_time: written.adds_over_time,
        extension: written.extension,
        total_of: written.total_of,
        exhaustive: written.exhaustive,
        choices: written.choices,
        several: written.several,
        text: written.text,
        terms: written.terms,
        note: written.note,
    }
}

/// Reads `countries.csv`: iso2,iso3,m49,name_un_en,name_un_fr,name_un_es,name_un_ar,name_un_zh,name_un_ru,region,subregion.
fn countries(text: &str) -> Result<Vec<Country>, CatalogueError> {
    let mut countries = Vec::new();
    for line in text.lines().skip(1).filter(|line| !line.is_empty()) {
        let fields = csv_fields(line);
        let [iso2, iso3, m49, en, fr, es, ar, zh, ru, region, subregion] = &fields[..] else {
            return Err(CatalogueError::File {
                file: "countries.csv",
                cause: format!("a line of {} fields: {line}", fields.len()),
            });
        };
        countries.push(Country {
            iso3: iso3.clone(),
            iso2: iso2.clone(),
            m49: m49.clone(),
            name_en: en.clone(),
            names: [fr, es, ar, zh, ru].map(Clone::clone),
            region: region.clone(),
            subregion: subregion.clone(),
        });
    }
    countries.sort_by(|a, b| a.iso3.cmp(&b.iso3));
    Ok(countries)
}

/// The fields of one CSV line (RFC 4180, no line breaks inside fields): enough for our own file, not for foreign ones.
fn csv_fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for c in line.trim_end_matches('\r').chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            // The vector starts with one field and only grows.
            c => fields.last_mut().into_iter().for_each(|field| field.push(c)),
        }
    }
    fields
}

fn check(catalogue: &Catalogue) -> Result<(), CatalogueError> {
    let mut seen = BTreeSet::new();
    for form in catalogue.forms() {
        let wrong = |cause: String| Err(CatalogueError::Form { form: form.code.clone(), cause });
        if !seen.insert(&form.code) {
            return wrong("stands twice".into());
        }
        if catalogue.topic(&form.topic).is_none_or(|topic| topic.section != form.section) {
            return wrong(format!("topic {} is not in section {}", form.topic, form.section));
        }
        if form.dimensions.len() > DIMENSIONS_MAX || form.units.is_empty() {
            return wrong("too many dimensions, or no unit".into());
        }
        for dimension in &form.dimensions {
            if catalogue.list(&dimension.list).is_none() {
                return wrong(format!("there is no list {}", dimension.list));
            }
        }
        for key in &form.core {
            let fits = key.0.len() == form.dimensions.len()
                && form.dimensions.iter().zip(&key.0).all(|(d, code)| catalogue.accepts(d, code));
            if !fits {
                return wrong(format!("core cell {key} does not fit its dimensions"));
            }
        }
        if let Some(total) = &form.total_of
            && catalogue.form(total).is_none_or(|total| total.kind != Kind::Number)
        {
            return wrong(format!("{total} is not a form with one number"));
        }
        if let Some(choices) = &form.choices
            && catalogue.list(choices).is_none()
        {
            return wrong(format!("there is no list {choices} to choose from"));
        }
        if let Some(term) = form.terms.iter().find(|term| !catalogue.terms.iter().any(|known| known.code == **term)) {
            return wrong(format!("the glossary has no term {term}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_catalogue_holds_together() {
        let versions = read().unwrap();
        let catalogue = &versions[0];
        assert_eq!(
            catalogue.forms().iter().filter(|form| !form.extension).count(),
            36,
            "the 36 forms of the original card"
        );
        assert!(catalogue.country("GBR").is_some_and(|c| c.name_en.contains("United Kingdom")));
    }

    #[test]
    fn a_version_that_ledgers_name_is_never_changed() {
        let hashes: Vec<_> = read().unwrap().iter().map(|c| (c.version.clone(), c.hash.to_string())).collect();
        assert_eq!(
            hashes[0],
            ("2026.1".into(), "9ae7fff3a8a39f9f1fd22394bd18662546cc503c4044adfed8e74307662bc6ad".into())
        );
        assert_eq!(
            hashes[1],
            ("2027.1".into(), "b5e8648182f130efe53762ff49cf9972230c387452008ac2dea22cbb67d43833".into())
        );
    }

    #[test]
    fn a_total_is_the_core_of_its_breakdowns() {
        let catalogue = Catalogue::bundled();
        for code in ["IE_CIT", "RE_CIT", "IR_CIT"] {
            let form = catalogue.form(&FormCode::parse(code).unwrap()).unwrap();
            assert_eq!(form.core, [Key::total(1)]);
            assert!(form.adds_over_time);
        }
        let number = catalogue.form(&FormCode::parse("IE_TOT").unwrap()).unwrap();
        assert_eq!(number.core, [Key::default()]);
    }

    #[test]
    fn quoted_commas_stay_in_their_field() {
        assert_eq!(csv_fields("a,\"b, c\",d"), ["a", "b, c", "d"]);
    }
}
