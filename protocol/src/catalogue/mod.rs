//! The questionnaire: which forms there are, what each asks, and which codes its cells may carry. The content is data in
//! `protocol/catalogue/<version>/*.toml`; a catalogue is one version of it, named and hashed in the Charter.
//!
//! A program carries several versions. Which one holds for a year is what the Charter says ([`Catalogues`]); what is different
//! between two is in `difference`. Structure of a table against its form (codes, arity, duplicates) is judged in
//! [`crate::check`].

mod codes;
mod country;
mod difference;
mod form;
mod in_force;
mod joined;
mod source;

use std::collections::BTreeMap;
use std::sync::OnceLock;

pub use codes::{CodeEntry, CodeList};
pub use country::Country;
pub use difference::{Changed, Difference, FormChange};
pub use form::{Dimension, Form, Kind};
pub use in_force::Catalogues;

use crate::hash::Hash;
use crate::id::{Code, FormCode, ParticipantCode, TopicCode};
use crate::period::Period;

/// A section of the questionnaire.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// 1 to 5.
    pub number: u8,
    /// Heading.
    pub title: String,
}

/// A group of forms about one subject; the unit of Rule 3.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Topic {
    /// Stable key.
    pub code: TopicCode,
    /// The section it stands in.
    pub section: u8,
    /// Displayed number inside the section.
    pub number: String,
    /// Heading.
    pub title: String,
}

/// A defined term of the glossary.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// Stable key.
    pub code: String,
    /// The term as printed.
    pub name: String,
    /// Its definition.
    pub definition: String,
    /// Where the definition comes from.
    pub authority: String,
}

/// One version of the questionnaire.
#[derive(Debug)]
pub struct Catalogue {
    /// Version label, such as `2026.1`; the same as its folder.
    pub version: String,
    /// Full title.
    pub title: String,
    /// Sentence on designations.
    pub disclaimer: String,
    /// Sections in order.
    pub sections: Vec<Section>,
    /// Topics in order.
    pub topics: Vec<Topic>,
    /// Glossary.
    pub terms: Vec<Term>,
    forms: Vec<Form>,
    lists: BTreeMap<String, CodeList>,
    countries: Vec<Country>,
    hash: Hash,
}

/// Why catalogue data cannot be used. Only a build with damaged data meets it.
#[derive(Debug, thiserror::Error)]
pub enum CatalogueError {
    /// A file is not what it should be.
    #[error("{file}: {cause}")]
    File {
        /// Which file.
        file: &'static str,
        /// What is wrong.
        cause: String,
    },
    /// A form refers to something that is not there.
    #[error("form {form}: {cause}")]
    Form {
        /// Which form.
        form: FormCode,
        /// What is wrong.
        cause: String,
    },
}

impl Catalogue {
    /// Every version this program carries, oldest first.
    pub fn known() -> &'static [Self] {
        static KNOWN: OnceLock<Vec<Catalogue>> = OnceLock::new();
        #[allow(clippy::panic)]
        // The data are compiled in and a test of this crate reads them: a program that was tested cannot fail here.
        KNOWN.get_or_init(|| source::read().unwrap_or_else(|error| panic!("bundled catalogue: {error}")))
    }
    /// The version with which a region begins, and which holds until its Charter names another. What belongs to a period is
    /// asked of [`Catalogues`], and what a code is called of [`Catalogue::everything`].
    pub fn bundled() -> &'static Self {
        &Self::known()[0]
    }
    /// A version by its hash.
    pub fn by_hash(hash: &Hash) -> Option<&'static Self> {
        Self::known().iter().find(|catalogue| catalogue.hash == *hash)
    }
    /// A version by its label.
    pub fn by_version(version: &str) -> Option<&'static Self> {
        Self::known().iter().find(|catalogue| catalogue.version == version)
    }
    /// Everything that any version this program carries ever asked, in the words of the latest that asks it: what to look a
    /// code up in where no period is at hand. It is no version: nothing is judged by it, and no Charter can name it.
    pub fn everything() -> &'static Self {
        static JOINED: OnceLock<Catalogue> = OnceLock::new();
        JOINED.get_or_init(|| joined::join(Self::known()))
    }

    /// SHA-256 over the catalogue's files, each preceded by its name and length; named in the Charter.
    pub const fn hash(&self) -> Hash {
        self.hash
    }
    /// All forms, in catalogue order.
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }
    /// A form by its code.
    pub fn form(&self, code: &FormCode) -> Option<&Form> {
        self.forms.iter().find(|form| form.code == *code)
    }
    /// Place of a form in the catalogue; forms that are not in it come last.
    pub fn order(&self, code: &FormCode) -> usize {
        self.forms.iter().position(|form| form.code == *code).unwrap_or(usize::MAX)
    }
    /// A topic by its code.
    pub fn topic(&self, code: &TopicCode) -> Option<&Topic> {
        self.topics.iter().find(|topic| topic.code == *code)
    }
    /// A code list by its name.
    pub fn list(&self, name: &str) -> Option<&CodeList> {
        self.lists.get(name)
    }
    /// All countries and areas, ordered by alpha-3 code.
    pub fn countries(&self) -> &[Country] {
        &self.countries
    }
    /// A country or area by its alpha-3 code.
    pub fn country(&self, iso3: &str) -> Option<&Country> {
        self.countries.binary_search_by(|country| country.iso3.as_str().cmp(iso3)).ok().map(|i| &self.countries[i])
    }
    /// Name of a participant where it is a country, else its code.
    pub fn participant_name(&self, code: &ParticipantCode) -> String {
        self.country(code.as_str()).map_or_else(|| code.to_string(), |country| country.name_en.clone())
    }
    /// What a code means in a dimension, in English; the code itself where no list explains it (points).
    pub fn label(&self, dimension: &Dimension, code: &Code) -> String {
        match code.as_str() {
            Code::TOTAL => return "Total".into(),
            Code::OTHER => return "Other".into(),
            Code::UNKNOWN => return "Not known".into(),
            Code::NOT_APPLICABLE => return "Not applicable".into(),
            _ => {}
        }
        let listed = self.list(&dimension.list).and_then(|list| list.entry(code)).map(|entry| entry.label.clone());
        listed
            .or_else(|| {
                if dimension.list == "country" { self.country(code.as_str()).map(|c| c.name_en.clone()) } else { None }
            })
            .unwrap_or_else(|| code.to_string())
    }
    /// Whether a code may stand in a dimension.
    pub fn accepts(&self, dimension: &Dimension, code: &Code) -> bool {
        let Some(list) = self.list(&dimension.list) else { return false };
        if code.is_reserved() {
            return list.reserved.contains(code);
        }
        list.entry(code).is_some()
            || match dimension.list.as_str() {
                "country" => self.country(code.as_str()).is_some(),
                "rank" => code
                    .as_str()
                    .parse::<u8>()
                    .is_ok_and(|rank| (1..=99).contains(&rank) && rank.to_string() == code.as_str()),
                // The pattern of the list `point`: a national code or a UN/LOCODE.
                "point" => {
                    let bytes = code.as_str().as_bytes();
                    (2..=16).contains(&bytes.len())
                        && bytes[0].is_ascii_uppercase()
                        && bytes.iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'-')
                }
                _ => false,
            }
    }
    /// The question of a form, with the participant's name and the period in it.
    pub fn question(&self, form: &Form, participant: &str, period: Period) -> String {
        form.question.replace("{participant}", participant).replace("{period}", &period.in_words())
    }
}
