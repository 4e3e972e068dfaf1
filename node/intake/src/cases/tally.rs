//! Counts cases: for each form and period how many stand in each cell, and the line of the first of them.

use rustc_hash::FxHashMap;
use vrs_protocol::catalogue::Form;

/// Most dimensions of a form of counts; as many places of 16 bits stand in a key beside the period.
pub(super) const DIMENSIONS_MAX: usize = 3;

/// How many persons are in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counted {
    /// Persons.
    pub(super) persons: u64,
    /// Line of the first row.
    pub(super) line: u64,
}

/// The counts of one form.
pub(super) struct Tally<'c> {
    pub(super) form: &'c Form,
    /// For each dimension of the form, the place of its field among those of the topic.
    pub(super) fields: Vec<usize>,
    cells: FxHashMap<u64, Counted>,
}

impl<'c> Tally<'c> {
    pub(super) fn new(form: &'c Form, fields: Vec<usize>) -> Self {
        Self { form, fields, cells: FxHashMap::default() }
    }

    /// Adds the persons of a row. `codes` are those of all fields of the topic.
    pub(super) fn add(&mut self, period: u16, codes: &[u16], persons: u64, line: u64) {
        let mut key = u64::from(period);
        for field in &self.fields {
            key = key << 16 | u64::from(codes[*field]);
        }
        let counted = self.cells.entry(key).or_insert(Counted { persons: 0, line });
        counted.persons = counted.persons.saturating_add(persons);
    }

    /// What was counted: period, code of each dimension, persons.
    pub(super) fn counts(&self) -> impl Iterator<Item = (u16, Vec<u16>, Counted)> {
        let dimensions = self.fields.len();
        let part = |key: u64, place: usize| (key >> (16 * place)) as u16;
        self.cells.iter().map(move |(key, counted)| {
            let codes = (0..dimensions).rev().map(|place| part(*key, place)).collect();
            (part(*key, dimensions), codes, *counted)
        })
    }
}
