//! The mapping file: how a layout that somebody else publishes becomes tables of ours. It is data, so that a new source
//! needs no new program. The format is described for its writers in `node/MAPPINGS.md`; this file is its exact shape.
//!
//! Reading refuses unknown keys and contradictions. Whether the columns exist is seen when a file is read.

mod case_rules;
mod layout;
mod rules;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use vrs_protocol::cell::Cell;
use vrs_protocol::table::Metadata;

pub use case_rules::{
    CaseDimension, CasePeriod, CaseRules, DateOrder, Made, ReferenceRules, Repeated as RepeatedCase, TopicRules,
};
pub use layout::{Delimiter, Encoding, FileRules, LabelRules, Reporter, Unfold};
pub use rules::{
    Answer, Condition, DimensionRules, Gaps, Gather, Keep, Letter, PeriodRules, Repeated, StatusRules, TableRules,
    TotalRules, TotalSource, ValueRules,
};

use super::problems::{Flaw, Problem};

/// The one version of the format.
pub const FORMAT: u8 = 1;
/// Largest mapping file. The longest of the demo has 3 KiB.
pub const MAPPING_BYTES_MAX: usize = 256 * 1024;
/// Lowest line a heading may stand on. Publishers put a title and some notes above it, never pages.
const HEADER_LINE_MAX: u64 = 1_000;
/// Coarsest rounding of a publication. Eurostat rounds to 5, others to 10 or 100.
const ROUNDED_TO_MAX: u64 = 1_000;
/// Most tables one mapping may describe.
const TABLES_MAX: usize = 64;

/// A mapping file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The version of this format, [`FORMAT`].
    pub format: u8,
    /// Whose figures these are; stands next to them wherever they are shown.
    pub publication: Publication,
    /// The file that is imported.
    #[serde(default)]
    pub file: FileRules,
    /// Further files of the publication, which lie in the same folder, by a name of the mapping's own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub beside: BTreeMap<String, FileRules>,
    /// How printed labels become codes, by a name of the mapping's own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, LabelRules>,
    /// What holds for each table that does not say otherwise.
    #[serde(default, skip_serializing_if = "TableRules::is_empty")]
    pub defaults: TableRules,
    /// The tables to make of a file of counts.
    #[serde(default, rename = "table", skip_serializing_if = "Vec::is_empty")]
    pub tables: Vec<TableRules>,
    /// How a file of cases is read, in place of tables.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cases: Option<CaseRules>,
}

/// Whose figures a file holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Publication {
    /// Who published it.
    pub publisher: String,
    /// What it is called.
    pub title: String,
    /// Under which terms it may be used.
    pub licence: String,
}

impl Mapping {
    /// Reads a mapping file.
    pub fn parse(bytes: &[u8]) -> Result<Self, Problem> {
        let wrong = |why: String| Problem::of_file(Flaw::Mapping(why), "the format of node/MAPPINGS.md");
        if bytes.len() > MAPPING_BYTES_MAX {
            return Err(wrong(format!("it has {} bytes, and a mapping may have {MAPPING_BYTES_MAX}", bytes.len())));
        }
        let text = super::text::decode(bytes)?;
        let mapping: Self = toml::from_str(text).map_err(|error| wrong(error.to_string().trim_end().to_owned()))?;
        mapping.check().map_err(wrong)?;
        Ok(mapping)
    }

    /// A mapping of these parts, checked.
    ///
    /// # Errors
    /// What contradicts itself in it.
    pub fn of(self) -> Result<Self, Problem> {
        let wrong = |why: String| Problem::of_file(Flaw::Mapping(why), "the format of node/MAPPINGS.md");
        self.check().map_err(wrong)?;
        Ok(self)
    }

    /// The mapping as a file: what [`Mapping::parse`] reads.
    #[must_use]
    pub fn print(&self) -> String {
        // Texts, numbers and lists only, which TOML can always carry.
        toml::to_string_pretty(self).unwrap_or_default()
    }

    /// The largest file that is read through it, in bytes.
    pub const fn file_bytes_max(&self) -> usize {
        if self.cases.is_some() { super::cases::CASES_BYTES_MAX } else { super::text::FILE_BYTES_MAX }
    }

    /// Names of the files that must lie beside the imported one; plain names without a folder.
    pub fn beside_names(&self) -> impl Iterator<Item = &str> {
        self.beside.values().filter_map(|rules| rules.name.as_deref())
    }

    /// The rules of one table, completed from the defaults.
    pub fn completed(&self, own: &TableRules) -> TableRules {
        let d = &self.defaults;
        TableRules {
            form: own.form.clone().or_else(|| d.form.clone()),
            period: own.period.clone().or_else(|| d.period.clone()),
            only: own.only.clone().or_else(|| d.only.clone()),
            conditions: own.conditions.clone().or_else(|| d.conditions.clone()),
            dimensions: own.dimensions.clone().or_else(|| d.dimensions.clone()),
            value: own.value.clone().or_else(|| d.value.clone()),
            status: own.status.clone().or_else(|| d.status.clone()),
            add_over: own.add_over.clone().or_else(|| d.add_over.clone()),
            repeated: own.repeated.or(d.repeated),
            total: own.total.clone().or_else(|| d.total.clone()),
            keep: own.keep.or(d.keep),
            metadata: Some(self.metadata(&own.metadata.clone().unwrap_or_default())),
        }
    }

    /// The metadata block of a table, completed field by field; the publication is the source unless one is given.
    pub fn metadata(&self, own: &Metadata) -> Metadata {
        let own = own.clone();
        let d = self.defaults.metadata.clone().unwrap_or_default();
        let p = &self.publication;
        Metadata {
            unit: own.unit.or(d.unit),
            source: own.source.or(d.source).or_else(|| Some(format!("{}, {}. {}", p.publisher, p.title, p.licence))),
            legal_basis: own.legal_basis.or(d.legal_basis),
            definition_followed: own.definition_followed.or(d.definition_followed),
            deviation: own.deviation.or(d.deviation),
            coverage: own.coverage.or(d.coverage),
            double_counting: own.double_counting.or(d.double_counting),
            period_deviation: own.period_deviation.or(d.period_deviation),
            comment: own.comment.or(d.comment),
            list_complete: own.list_complete || d.list_complete,
        }
    }

    fn check(&self) -> Result<(), String> {
        if self.format != FORMAT {
            return Err(format!("format {} is unknown; write format = {FORMAT}", self.format));
        }
        match &self.cases {
            None if self.tables.is_empty() || self.tables.len() > TABLES_MAX => {
                return Err(format!("it needs one to {TABLES_MAX} [[table]] sections, or [cases]"));
            }
            None => {}
            Some(_) if !self.tables.is_empty() || !self.beside.is_empty() => {
                return Err("a file is read either as [cases] or as [[table]] with files beside it".into());
            }
            Some(cases) => cases.check(|name| self.labels_exist(name))?,
        }
        for (name, rules) in &self.beside {
            match &rules.name {
                None => return Err(format!("[beside.{name}] needs the name of its file")),
                // A mapping may come from elsewhere: it must not point at other folders of the machine.
                Some(file) if file.contains(['/', '\\', ':', '\0']) || file.starts_with('.') || file.is_empty() => {
                    return Err(format!("[beside.{name}] names {file:?}, which is not a plain file name"));
                }
                Some(_) => {}
            }
        }
        for rules in std::iter::once(&self.file).chain(self.beside.values()) {
            if !(1..=HEADER_LINE_MAX).contains(&rules.header_line) {
                return Err(format!(
                    "header_line is {}; write the line of the column names, from 1 to {HEADER_LINE_MAX}",
                    rules.header_line
                ));
            }
            if let Some(unfold) = &rules.unfold {
                unfold.check()?;
            }
            if rules.participant.is_some() == rules.reporter.is_some() {
                return Err("each file needs either participant or reporter".into());
            }
            if let Some(reporter) = &rules.reporter {
                self.labels_exist(&reporter.labels)?;
            }
        }
        self.tables.iter().try_for_each(|own| self.check_table(&self.completed(own)))
    }

    fn check_table(&self, table: &TableRules) -> Result<(), String> {
        let form = table.form.as_ref().ok_or("a [[table]] names no form")?;
        let place = |why: &str| format!("[[table]] {form}: {why}");
        table.period.as_ref().ok_or_else(|| place("it has no period"))?.check().map_err(|why| place(&why))?;
        let value = table.value.as_ref().ok_or_else(|| place("it has no value"))?;
        if value.states.get("") == Some(&Answer::Cell(Cell::count(0))) {
            return Err(place("an empty field is not zero; write not-known, not-collected or no-row for it"));
        }
        if let Some(status) = &table.status
            && (status.is.is_some() == status.column.is_some() || status.column.is_some() == status.letters.is_empty())
        {
            return Err(place("status is either { is } or { column, letters }"));
        }
        for dimension in table.dimensions.iter().flatten().map(|(_, rules)| rules) {
            if dimension.is.is_some() == dimension.column.is_some()
                || (dimension.is.is_some() && dimension.labels.is_some())
            {
                return Err(place("a dimension is either { is } or { column, labels }"));
            }
            dimension.labels.as_ref().map_or(Ok(()), |name| self.labels_exist(name))?;
        }
        let total = table.total.iter();
        let conditions = table.conditions.iter().flatten().chain(total.clone().flat_map(|total| &total.conditions));
        if conditions.clone().any(|condition| !condition.is_one()) {
            return Err(place("a condition has exactly one of is, in and not_in"));
        }
        for total in total {
            let known = total.file.as_ref().is_some_and(|file| self.beside.contains_key(file));
            if (total.from == TotalSource::Beside) != known || (total.file.is_some() && !known) {
                return Err(place("total.file names a [beside] file, and only with from = \"beside\""));
            }
            if total.rounded_to.is_some_and(|rounded| !(1..=ROUNDED_TO_MAX).contains(&rounded)) {
                return Err(place(&format!("total.rounded_to is a number from 1 to {ROUNDED_TO_MAX}")));
            }
            total.period.as_ref().map_or(Ok(()), PeriodRules::check).map_err(|why| place(&why))?;
        }
        Ok(())
    }

    fn labels_exist(&self, name: &str) -> Result<(), String> {
        if self.labels.contains_key(name) { Ok(()) } else { Err(format!("there is no [labels.{name}]")) }
    }
}
