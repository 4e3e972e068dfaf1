//! Printed labels and the codes they stand for. A label is never guessed: it is in a list or in the mapping, or its row
//! is refused with the nearest labels named. Of the alias list only countries and former countries are citizenships;
//! aggregates would be counted twice, and what a residual means is for the mapping to say.

use std::collections::HashMap;

use vrs_protocol::catalogue::{Catalogue, Dimension};
use vrs_protocol::id::Code;

use super::aliases::{PRINTERS, aliases, words};
use super::mapping::LabelRules;
use super::problems::{Flaw, nearest};

/// What a label turned out to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A code of the dimension.
    Code(Code),
    /// A row to leave out, because it repeats other rows.
    Skip,
}

/// What stands behind a label of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A code, not yet judged by the dimension.
    Code(Code),
    /// A row to leave out.
    Skip,
    /// It sums up other rows.
    Aggregate,
    /// Neither a country nor a sum: the mapping has to say what it is.
    Category,
}

/// The labels of one column, ready to be looked up.
#[derive(Debug)]
pub struct Labels<'c> {
    catalogue: &'c Catalogue,
    dimension: Dimension,
    lists: String,
    exact: HashMap<String, Target>,
    /// Labels without case and typographic apostrophes; `None` where two labels differ in nothing else.
    folded: HashMap<String, Option<Target>>,
    codes_too: bool,
}

impl<'c> Labels<'c> {
    /// Codes as they are, without labels.
    pub fn codes(catalogue: &'c Catalogue, dimension: &Dimension) -> Self {
        let none = HashMap::new();
        Self {
            catalogue,
            dimension: dimension.clone(),
            lists: "codes".into(),
            exact: none,
            folded: HashMap::new(),
            codes_too: true,
        }
    }

    /// The labels that a mapping declares, for one dimension. The error says what of the mapping cannot be followed.
    pub fn declared(rules: &LabelRules, catalogue: &'c Catalogue, dimension: &Dimension) -> Result<Self, String> {
        let mut labels = Self::codes(catalogue, dimension);
        labels.codes_too = false;
        labels.lists = rules.lists.join(", ");
        for label in &rules.skip {
            labels.exact.insert(label.trim().to_owned(), Target::Skip);
        }
        for (label, code) in &rules.also {
            if !catalogue.accepts(dimension, code) {
                return Err(format!("label {label:?} stands for {code}, which is no {}", dimension.list));
            }
            labels.exact.insert(label.trim().to_owned(), Target::Code(code.clone()));
        }
        for list in &rules.lists {
            labels.add_list(list)?;
        }
        if rules.skip_aggregates {
            labels
                .exact
                .values_mut()
                .filter(|target| **target == Target::Aggregate)
                .for_each(|target| *target = Target::Skip);
        }
        labels.fold();
        Ok(labels)
    }

    fn add_list(&mut self, list: &str) -> Result<(), String> {
        let catalogue = self.catalogue;
        let countries = || catalogue.countries().iter();
        let code = |iso3: &str| Code::parse(iso3).map(Target::Code).unwrap_or(Target::Category);
        match list {
            "codes" => self.codes_too = true,
            "words" => {
                let list = self.dimension.list.clone();
                let own = words().iter().filter(|(of, ..)| *of == list);
                own.for_each(|(_, code, label)| self.add(label, Target::Code(code.clone())));
                let entries = catalogue.list(&list).into_iter().flat_map(|list| &list.entries);
                entries.for_each(|entry| self.add(&entry.label, Target::Code(entry.id.clone())));
            }
            "alpha-2" => countries().for_each(|c| self.add(&c.iso2, code(&c.iso3))),
            "m49" => countries().for_each(|c| {
                self.add(&c.m49, code(&c.iso3));
                // Spreadsheets drop the leading zeros of 004.
                self.add(c.m49.trim_start_matches('0'), code(&c.iso3));
            }),
            "names" => countries().for_each(|c| {
                self.add(&c.name_en, code(&c.iso3));
                c.names.iter().for_each(|name| self.add(name, code(&c.iso3)));
            }),
            _ => {
                let printer = list.strip_prefix("printed:").filter(|printer| PRINTERS.contains(printer));
                let Some(printer) = printer else {
                    return Err(format!(
                        "there is no list {list:?}; write codes, words, alpha-2, m49, names, or printed: and one of {}",
                        PRINTERS.join(", ")
                    ));
                };
                aliases()
                    .iter()
                    .filter(|alias| alias.printed_by.contains(&printer))
                    .for_each(|alias| self.add(&alias.label, alias.target.clone()));
            }
        }
        Ok(())
    }

    /// The list that is asked first keeps its word.
    fn add(&mut self, label: &str, target: Target) {
        if !label.is_empty() {
            self.exact.entry(label.to_owned()).or_insert(target);
        }
    }

    fn fold(&mut self) {
        for (label, target) in &self.exact {
            self.folded
                .entry(folded(label))
                .and_modify(|known| {
                    if known.as_ref() != Some(target) {
                        *known = None
                    }
                })
                .or_insert_with(|| Some(target.clone()));
        }
    }

    /// What a printed label stands for; else the flaw, and what is accepted.
    pub fn read(&self, printed: &str) -> Result<Found, (Flaw, String)> {
        let label = printed.trim();
        let unknown = || Flaw::UnknownCode(self.dimension.code.clone());
        let target = self.exact.get(label).or_else(|| self.folded.get(&folded(label)).and_then(Option::as_ref));
        match target {
            Some(Target::Skip) => Ok(Found::Skip),
            Some(Target::Code(code)) if self.catalogue.accepts(&self.dimension, code) => Ok(Found::Code(code.clone())),
            Some(Target::Code(code)) => Err((
                Flaw::Label(format!("it stands for {code}, which is not in the list {}", self.dimension.list)),
                "a code of the list, such as _O, declared under also".into(),
            )),
            Some(Target::Aggregate) => Err((
                Flaw::Label("it sums up other rows".into()),
                "skip_aggregates = true in the mapping, or this label under skip".into(),
            )),
            Some(Target::Category) => Err((
                Flaw::Label(format!("it is no {}", self.dimension.list)),
                "the code it stands for, such as _O or _U, declared under also".into(),
            )),
            None if self.codes_too => match Code::parse(label) {
                Ok(code) if self.catalogue.accepts(&self.dimension, &code) => Ok(Found::Code(code)),
                _ => Err((unknown(), self.accepted(label))),
            },
            None => Err((unknown(), self.accepted(label))),
        }
    }

    /// Codes that somebody may have meant by a label nobody knows, the nearest first.
    pub fn near(&self, printed: &str) -> Vec<Code> {
        let label = printed.trim();
        let mut near: Vec<Code> = Vec::new();
        for found in nearest(label, self.exact.keys().map(String::as_str)) {
            if let Some(Target::Code(code)) = self.exact.get(found)
                && !near.contains(code)
            {
                near.push(code.clone());
            }
        }
        let hints =
            code_hints(self.catalogue, &self.dimension, label).into_iter().filter_map(|code| Code::parse(code).ok());
        for code in hints {
            if !near.contains(&code) {
                near.push(code);
            }
        }
        near
    }

    /// What is accepted in place of a label nobody knows: the nearest ones, and where the others stand.
    fn accepted(&self, label: &str) -> String {
        let mut near = nearest(label, self.exact.keys().map(String::as_str));
        let mut all = format!("a label of {}, or one declared under also", self.lists);
        if self.codes_too {
            let hints = code_hints(self.catalogue, &self.dimension, label);
            all = self.all_codes();
            near.extend(hints);
        }
        if near.is_empty() { all } else { format!("{} (the nearest), or {all}", near.join(", ")) }
    }

    /// The codes of the list: all of a short one, the title and the reserved ones of a long one.
    fn all_codes(&self) -> String {
        let Some(list) = self.catalogue.list(&self.dimension.list) else { return String::new() };
        let named = match list.code.as_str() {
            "rank" => vec!["a whole number from 1 to 99"],
            "point" => vec!["the code of a point (2 to 16 capitals, digits and '-')"],
            "country" => vec!["an ISO 3166-1 alpha-3 code"],
            _ if list.entries.len() <= SHORT_LIST => list.entries.iter().map(|entry| entry.id.as_str()).collect(),
            _ => vec!["a code of the list", list.title.as_str()],
        };
        named.into_iter().chain(list.reserved.iter().map(Code::as_str)).collect::<Vec<_>>().join(", ")
    }
}

/// A list of so many codes is written out in a refusal.
const SHORT_LIST: usize = 16;

/// Codes that somebody may have meant: near ones, or the code of the country whose name was written.
fn code_hints<'c>(catalogue: &'c Catalogue, dimension: &Dimension, written: &str) -> Vec<&'c str> {
    let entries = catalogue.list(&dimension.list).into_iter().flat_map(|list| &list.entries);
    if dimension.list != "country" {
        return nearest(written, entries.map(|entry| entry.id.as_str()));
    }
    let meant = folded(written);
    let by_name = catalogue.countries().iter().find(|c| {
        let names = [&c.name_en, &c.iso2, &c.m49];
        names
            .into_iter()
            .chain(&c.names)
            .any(|name| !name.is_empty() && name.chars().flat_map(char::to_lowercase).map(plain).eq(meant.chars()))
    });
    if let Some(country) = by_name {
        return vec![country.iso3.as_str()];
    }
    // Whoever writes more than three letters means a name.
    let named = |name: &str| {
        let mut countries = catalogue.countries().iter();
        countries.find(|c| c.name_en == name || c.names.iter().any(|own| own == name)).map(|c| c.iso3.as_str())
    };
    let names = catalogue.countries().iter().flat_map(|c| std::iter::once(&c.name_en).chain(&c.names));
    let mut near: Vec<&str> = match written.chars().count() {
        0..=3 => Vec::new(),
        _ => nearest(written, names.map(String::as_str)).into_iter().filter_map(named).collect(),
    };
    near.dedup();
    if near.is_empty() { nearest(written, catalogue.countries().iter().map(|c| c.iso3.as_str())) } else { near }
}

/// A label without what people write differently: case, apostrophes, repeated spaces.
fn folded(label: &str) -> String {
    let words: Vec<String> =
        label.split_whitespace().map(|word| word.chars().flat_map(char::to_lowercase).map(plain).collect()).collect();
    words.join(" ")
}

/// Typographic apostrophes as plain ones.
fn plain(c: char) -> char {
    if matches!(c, '\u{2019}' | '\u{2018}' | '`') { '\'' } else { c }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn citizenship() -> Dimension {
        Dimension { code: "citizenship".into(), list: "country".into() }
    }
    fn labels(toml: &str) -> Labels<'static> {
        Labels::declared(&toml::from_str(toml).unwrap(), Catalogue::bundled(), &citizenship()).unwrap()
    }
    fn code(text: &str) -> Result<Found, (Flaw, String)> {
        Ok(Found::Code(Code::parse(text).unwrap()))
    }

    #[test]
    fn a_label_means_what_its_printer_means() {
        let eurostat = labels("lists = ['printed:eurostat']\nskip_aggregates = true\n[also]\nUnknown = '_U'");
        assert_eq!(eurostat.read("Côte d’Ivoire"), code("CIV"));
        assert_eq!(eurostat.read(" Côte d'ivoire "), code("CIV"));
        assert_eq!(eurostat.read("Stateless"), code("XXA"));
        assert_eq!(eurostat.read("Unknown"), code("_U"));
        assert_eq!(eurostat.read("Asia"), Ok(Found::Skip));
        let (_, accepted) = eurostat.read("Recognised non-citizens").unwrap_err();
        assert!(accepted.contains("such as _O or _U"), "{accepted}");
        let (_, accepted) = eurostat.read("Atlantis").unwrap_err();
        assert!(accepted.contains("printed:eurostat"), "{accepted}");
        let (_, accepted) = eurostat.read("Itly").unwrap_err();
        assert!(accepted.starts_with("Italy"), "{accepted}");
    }

    #[test]
    fn an_aggregate_is_refused_unless_it_is_to_be_left_out() {
        let (_, accepted) = labels("lists = ['printed:eurostat']").read("Asia").unwrap_err();
        assert!(accepted.contains("skip_aggregates"));
        assert_eq!(labels("skip = ['Asia']").read("Asia"), Ok(Found::Skip));
    }

    #[test]
    fn numbers_letters_and_names_of_countries_are_labels_too() {
        let many = labels("lists = ['m49', 'alpha-2', 'names']");
        for text in ["004", "4", "AF", "Afghanistan", "Afganistán", "أفغانستان"] {
            assert_eq!(many.read(text), code("AFG"), "{text}");
        }
        // NA is Namibia, and not a missing value.
        assert_eq!(many.read("NA"), code("NAM"));
        assert!(many.read("AFG").is_err());
    }

    #[test]
    fn codes_are_refused_with_the_code_of_the_name() {
        let codes = Labels::codes(Catalogue::bundled(), &citizenship());
        assert_eq!(codes.read("_O"), code("_O"));
        let (_, accepted) = codes.read("Italy").unwrap_err();
        assert!(accepted.starts_with("ITA"), "{accepted}");
        assert!(codes.read("ZZZ").is_err());
        // Nearly the name, in any language, is nearer than any three letters.
        for (written, meant) in [("Irak", "IRQ"), ("Itly", "ITA"), ("Afganistan", "AFG")] {
            let (_, accepted) = codes.read(written).unwrap_err();
            assert!(accepted.starts_with(meant), "{written}: {accepted}");
        }
    }

    #[test]
    fn a_mapping_cannot_declare_a_code_that_is_not_in_the_list() {
        let rules: LabelRules = toml::from_str("[also]\nX = 'ATLANTIS'").unwrap();
        assert!(Labels::declared(&rules, Catalogue::bundled(), &citizenship()).unwrap_err().contains("ATLANTIS"));
        let rules: LabelRules = toml::from_str("lists = ['printed:nobody']").unwrap();
        assert!(Labels::declared(&rules, Catalogue::bundled(), &citizenship()).unwrap_err().contains("eurostat"));
    }
}
