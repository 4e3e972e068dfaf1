//! Which forms a file of cases answers, and the counting of a row into all of them at once.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use vrs_protocol::catalogue::{Catalogue, Dimension, Form};
use vrs_protocol::id::{FormCode, TopicCode};
use vrs_protocol::table::Metadata;

use super::super::columns::{Column, Columns};
use super::super::mapping::{CaseRules, Mapping};
use super::super::problems::{Flaw, Problem, Problems};
use super::super::records::Record;
use super::field::Field;
use super::references::Kept;
use super::tally::{DIMENSIONS_MAX, Tally};

/// What the rows of a file are cases of.
pub(super) struct Topics<'c> {
    column: Option<Column>,
    /// What a label stands for: a place in `all`, or a row to leave out.
    known: FxHashMap<String, Option<usize>>,
    pub(super) all: Vec<Topic<'c>>,
}

/// One topic with the forms that are made for it.
pub(super) struct Topic<'c> {
    /// Its code.
    pub(super) code: Option<TopicCode>,
    pub(super) fields: Vec<Field<'c>>,
    pub(super) tallies: Vec<Tally<'c>>,
    /// Places of the periods that have a case.
    pub(super) periods: BTreeSet<u16>,
    /// The codes of the row that is being counted.
    codes: Vec<u16>,
    /// The cases that can be told apart.
    pub(super) kept: Kept,
}

impl<'c> Topics<'c> {
    pub(super) fn bind(
        rules: &CaseRules,
        mapping: &Mapping,
        metadata: &Metadata,
        columns: &Columns,
        catalogue: &'c Catalogue,
    ) -> Result<Self, Problems> {
        let wrong = |why: String| Problem::of_file(Flaw::Mapping(why), "the format of node/MAPPINGS.md");
        let mut codes: Vec<&TopicCode> = rules.topic.is.iter().chain(rules.topic.topics.values()).collect();
        codes.sort();
        codes.dedup();
        let unit = metadata.unit.as_deref().ok_or_else(|| {
            wrong("[cases] needs metadata.unit: whether a row is one of persons, detections, documents, …".into())
        })?;
        let chosen = chosen(rules, &codes, unit, catalogue).map_err(wrong)?;
        let mut all = Vec::new();
        for code in &codes {
            let forms: Vec<&'c Form> = chosen.iter().filter(|form| form.topic == **code).copied().collect();
            if forms.is_empty() {
                return Err(wrong(format!("no form of topic {code} is answered by these columns in {unit}")).into());
            }
            all.push(Topic::bind(&forms, rules, mapping, columns, catalogue)?);
        }
        let unused: Vec<&str> = rules
            .dimensions
            .keys()
            .filter(|name| !chosen.iter().any(|form| form.dimensions.iter().any(|own| own.code == **name)))
            .map(String::as_str)
            .collect();
        if !unused.is_empty() {
            return Err(wrong(format!("no form that is made has the dimension {}", unused.join(", "))).into());
        }
        let place = |topic: &TopicCode| codes.iter().position(|code| *code == topic);
        let labels = rules.topic.topics.iter().map(|(label, topic)| (label.clone(), place(topic)));
        let skipped = rules.topic.skip.iter().map(|label| (label.clone(), None));
        Ok(Self {
            column: rules.topic.column.as_ref().map(|name| columns.find(name)).transpose()?,
            known: labels.chain(skipped).collect(),
            all,
        })
    }

    /// The topic of a row; `None`: the mapping leaves it out.
    pub(super) fn of(&mut self, record: &Record<'_>) -> Result<Option<&mut Topic<'c>>, Problem> {
        let Some(column) = &self.column else { return Ok(self.all.first_mut()) };
        let label = column.of(record);
        match self.known.get(label) {
            Some(Some(place)) => Ok(self.all.get_mut(*place)),
            Some(None) => Ok(None),
            None => {
                let mut labels: Vec<&str> = self.known.keys().map(String::as_str).collect();
                labels.sort_unstable();
                let accepted = format!("{}; or one more under topics or skip in the mapping", labels.join(", "));
                Err(Problem::at(record.line, &column.name, label, Flaw::UnknownCode("topic".into()), accepted))
            }
        }
    }
}

impl<'c> Topic<'c> {
    fn bind(
        forms: &[&'c Form],
        rules: &CaseRules,
        mapping: &Mapping,
        columns: &Columns,
        catalogue: &'c Catalogue,
    ) -> Result<Self, Problems> {
        let mut dimensions: Vec<&'c Dimension> = Vec::new();
        for dimension in forms.iter().flat_map(|form| &form.dimensions) {
            if !dimensions.iter().any(|known| known.code == dimension.code) {
                dimensions.push(dimension);
            }
        }
        let mut problems = Problems::default();
        let mut fields = Vec::new();
        for dimension in &dimensions {
            let Some(own) = rules.dimensions.get(&dimension.code) else { continue };
            match Field::bind(dimension, own, mapping, columns, catalogue) {
                Ok(field) => fields.push(field),
                Err(found) => problems.absorb(found),
            }
        }
        problems.or(())?;
        let place = |dimension: &Dimension| dimensions.iter().position(|known| known.code == dimension.code);
        let tally = |form: &&'c Form| Tally::new(form, form.dimensions.iter().filter_map(place).collect());
        let codes = vec![0; fields.len()];
        Ok(Self {
            code: forms.first().map(|form| form.topic.clone()),
            fields,
            tallies: forms.iter().map(tally).collect(),
            periods: BTreeSet::new(),
            codes,
            kept: Kept::default(),
        })
    }

    /// Reads the codes of a row; `false`: a label says that it is left out.
    pub(super) fn read(&mut self, record: &Record<'_>) -> Result<bool, Problem> {
        for (field, code) in self.fields.iter_mut().zip(&mut self.codes) {
            match field.read(record)? {
                Some(found) => *code = found,
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    /// Counts the row that was read last into every form.
    pub(super) fn count(&mut self, period: u16, persons: u64, line: u32) {
        self.periods.insert(period);
        for tally in &mut self.tallies {
            tally.add(period, &self.codes, persons, line);
        }
    }

    /// The codes of the row that was read last.
    pub(super) fn codes(&self) -> &[u16] {
        &self.codes
    }
}

/// The forms that are made: those the mapping names, or all of the topics that the columns answer.
fn chosen<'c>(
    rules: &CaseRules,
    topics: &[&TopicCode],
    unit: &str,
    catalogue: &'c Catalogue,
) -> Result<Vec<&'c Form>, String> {
    let missing = |form: &'c Form| form.dimensions.iter().find(|own| !rules.dimensions.contains_key(&own.code));
    let counts = |form: &&'c Form| form.kind.counts() && form.dimensions.len() <= DIMENSIONS_MAX;
    let Some(named) = &rules.forms else {
        let fits = |form: &&'c Form| {
            topics.contains(&&form.topic)
                && !form.extension
                // Several grounds may apply to one person, and a row has one.
                && !form.several
                && missing(form).is_none()
                && form.units.iter().any(|own| own == unit)
        };
        return Ok(catalogue.forms().iter().filter(counts).filter(fits).collect());
    };
    let find = |code: &FormCode| {
        let form = catalogue.form(code).filter(counts).ok_or_else(|| format!("{code} is no form of counts"))?;
        if !topics.contains(&&form.topic) {
            return Err(format!("{code} is of topic {}, of which no row is a case", form.topic));
        }
        if let Some(dimension) = missing(form) {
            return Err(format!("{code} needs dimensions.{}", dimension.code));
        }
        if !form.units.iter().any(|own| own == unit) {
            return Err(format!("{code} counts {}, and a row is one of {unit}", form.units.join(" or ")));
        }
        Ok(form)
    };
    named.iter().map(find).collect()
}
