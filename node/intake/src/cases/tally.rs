//! Counts cases: for each form and period how many stand in each cell, and the line of the first of them.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use vrs_protocol::catalogue::Form;
use vrs_protocol::table::Key;

/// Most dimensions of a form of counts; as many places of 16 bits stand in a key beside the period.
pub const DIMENSIONS_MAX: usize = 3;

/// How many persons are in a cell. A file of 256 MiB has fewer lines than 32 bits count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counted {
    /// Persons.
    pub persons: u64,
    /// Line of the first row; 0 where nobody is counted.
    pub line: u32,
    /// Rows.
    pub rows: u32,
}

impl Counted {
    /// Adds what was counted elsewhere.
    pub fn add(&mut self, more: Self) {
        self.persons = self.persons.saturating_add(more.persons);
        self.rows = self.rows.saturating_add(more.rows);
        // A cell that nobody is counted in has no line.
        self.line = [self.line, more.line].into_iter().filter(|line| *line > 0).min().unwrap_or(0);
    }
}

/// What was counted, by cell.
pub type Counts = BTreeMap<Key, Counted>;

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
    pub(super) fn add(&mut self, period: u16, codes: &[u16], persons: u64, line: u32) {
        let mut key = u64::from(period);
        for field in &self.fields {
            key = key << 16 | u64::from(codes[*field]);
        }
        let counted = self.cells.entry(key).or_insert(Counted { persons: 0, line, rows: 0 });
        counted.persons = counted.persons.saturating_add(persons);
        counted.rows = counted.rows.saturating_add(1);
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
