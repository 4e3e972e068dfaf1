//! References of cases: hashed as they are read, seen once in a file, and kept with the codes that count the case.
//!
//! The rule it keeps: a reference goes into the hash and nowhere else. No problem repeats it, not even the one that is about it.

use rustc_hash::FxHashMap;
use vrs_protocol::cell::Status;
use vrs_protocol::id::Code;

use super::super::columns::{Column, Columns};
use super::super::mapping::{CaseRules, RepeatedCase};
use super::super::problems::{Flaw, Problem};
use super::super::records::Record;
use super::Periods;
use super::topics::{Topic, Topics};
use crate::case_sets::reference::{CHARACTERS_MAX, NoReference};
use crate::case_sets::{CaseHash, CaseSet, PARTS, ReferenceKey, pack, part_of};

/// The column of references, bound to a file.
pub(super) struct References<'k> {
    column: Column,
    repeated: RepeatedCase,
    key: &'k ReferenceKey,
}

/// The cases of a topic so far.
#[derive(Default)]
pub(super) struct Kept {
    /// The line of each.
    seen: FxHashMap<CaseHash, u32>,
    /// Packed, by the place of the period and by part.
    parts: FxHashMap<u16, Vec<Vec<u8>>>,
}

impl<'k> References<'k> {
    /// Binds the rules to a file; `None` where the mapping names no references.
    pub(super) fn bind(
        rules: &CaseRules,
        columns: &Columns,
        key: Option<&'k ReferenceKey>,
    ) -> Result<Option<Self>, Problem> {
        let Some(reference) = &rules.reference else { return Ok(None) };
        let key = key.ok_or_else(|| {
            let flaw = Flaw::Mapping("it names references of cases, which only a node can hash".into());
            Problem::of_file(flaw, "the file imported at a node, or a mapping without cases.reference")
        })?;
        Ok(Some(Self { column: columns.find(&reference.column)?, repeated: reference.repeated, key }))
    }

    /// The hash of a row's reference; `None`: its case was counted already.
    pub(super) fn read(
        &self,
        record: &Record<'_>,
        line: u32,
        topic: &mut Topic<'_>,
    ) -> Result<Option<CaseHash>, Problem> {
        let refuse =
            |why: String, accepted: &str| Problem::at(record.line, &self.column.name, "", Flaw::Label(why), accepted);
        let hash = self.key.hash(self.column.of(record)).map_err(|no| match no {
            NoReference::Empty => refuse(
                "the row has no reference, so its case cannot be told from others".into(),
                "a reference in every row; a condition under cases.where leaves rows out",
            ),
            NoReference::Shape => refuse(
                "this is no reference (it is not shown, because it may say who somebody is)".into(),
                &format!("at most {CHARACTERS_MAX} characters without control characters"),
            ),
        })?;
        match (topic.kept.seen.get(&hash), self.repeated) {
            (Some(_), RepeatedCase::SameCase) => Ok(None),
            (Some(first), RepeatedCase::Refuse) => Err(refuse(
                format!("the same reference stands already in line {first}"),
                "each reference once, or repeated = \"same-case\" under cases.reference, which counts the case once",
            )),
            (None, _) => {
                topic.kept.seen.insert(hash, line);
                Ok(Some(hash))
            }
        }
    }
}

impl Kept {
    /// Keeps a case.
    pub(super) fn add(&mut self, period: u16, hash: &CaseHash, line: u32, persons: u64, places: &[u16]) {
        let parts = self.parts.entry(period).or_insert_with(|| vec![Vec::new(); PARTS]);
        if let Some(part) = parts.get_mut(part_of(hash)) {
            pack(part, hash, line, persons, places);
        }
    }
}

/// The cases of a file, by topic and base period.
pub(super) fn sets(topics: &mut Topics<'_>, periods: &Periods, status: Status) -> Vec<CaseSet> {
    let mut sets = Vec::new();
    for topic in &mut topics.all {
        let dimensions: Vec<(String, Vec<Code>)> =
            topic.fields.iter().map(|field| (field.dimension().code.clone(), field.codes().to_vec())).collect();
        let kept = std::mem::take(&mut topic.kept);
        for (place, parts) in kept.parts {
            let (Some(code), Some(period)) = (&topic.code, periods.all.get(usize::from(place))) else { continue };
            sets.push(CaseSet { topic: code.clone(), period: *period, status, dimensions: dimensions.clone(), parts });
        }
    }
    sets.sort_by(|one, other| (&one.topic, one.period).cmp(&(&other.topic, other.period)));
    sets
}
