//! A table: the figures of one form for one period, with the metadata block that says how they were counted.
//!
//! Rows are keyed by one code per dimension. What is not written is not zero: in a list it is part of `_O`, and zero
//! only where the reporter ticked "list complete".

use std::collections::BTreeMap;
use std::fmt;

use minicbor::{Decode, Encode};

use crate::catalogue::{Form, Kind};
use crate::cell::Cell;
use crate::id::{Code, FormCode};
use crate::period::Period;

/// Most cells one table may hold. The largest card form, mode x country, has about 1,000.
pub const CELLS_MAX: usize = 50_000;
/// Most dimensions of a form.
pub const DIMENSIONS_MAX: usize = 4;

/// Coordinates of a cell: one code per dimension of the form, in the form's order. A `number` form has the empty key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Key(pub Vec<Code>);

impl Key {
    /// The key whose every code is the total.
    pub fn total(dimensions: usize) -> Self {
        Self(vec![Code::total(); dimensions])
    }
    /// Whether every code is the total (also true for the empty key).
    pub fn is_total(&self) -> bool {
        self.0.iter().all(|code| code.as_str() == Code::TOTAL)
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("total");
        }
        for (i, code) in self.0.iter().enumerate() {
            if i > 0 {
                f.write_str(" / ")?;
            }
            write!(f, "{code}")?;
        }
        Ok(())
    }
}

/// How the figures were counted: CATALOGUE 5.2. Texts are at most [`crate::cell::TEXT_BYTES_MAX`] bytes each.
#[derive(Debug, Clone, PartialEq, Eq, Default, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cbor(map)]
pub struct Metadata {
    /// Unit counted, one of the form's units.
    #[n(0)]
    pub unit: Option<String>,
    /// Agencies or publication the figures come from.
    #[n(1)]
    pub source: Option<String>,
    /// National legal basis.
    #[n(2)]
    pub legal_basis: Option<String>,
    /// Whether the form's definition was followed.
    #[n(3)]
    pub definition_followed: Option<bool>,
    /// How the definition differs.
    #[n(4)]
    pub deviation: Option<String>,
    /// Whole country, or which agencies and borders.
    #[n(5)]
    pub coverage: Option<String>,
    /// Whether persons are known to be counted twice; `None` is "unknown".
    #[n(6)]
    pub double_counting: Option<bool>,
    /// How the reference period differs, such as a fiscal year.
    #[n(7)]
    pub period_deviation: Option<String>,
    /// Comment that peers read.
    #[n(8)]
    pub comment: Option<String>,
    /// The list is complete: a row not written is zero.
    #[n(9)]
    #[cbor(default)]
    pub list_complete: bool,
}

impl Metadata {
    /// Every text in it, for bounds and screening.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        [
            &self.unit,
            &self.source,
            &self.legal_basis,
            &self.deviation,
            &self.coverage,
            &self.period_deviation,
            &self.comment,
        ]
        .into_iter()
        .filter_map(|text| text.as_deref())
    }
}

/// How far the core cells of a table are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Core {
    /// Each with a value: stands, and can be a member of a block.
    Values,
    /// Each with a value or `Fewer`: stands, but no block can use it.
    WithFewer,
    /// At least one has neither: earns nothing, honest as it is.
    Missing,
}

/// The figures of one form for one period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// The form.
    pub form: FormCode,
    /// The period.
    pub period: Period,
    /// How they were counted.
    pub metadata: Metadata,
    /// The cells that were written, at most [`CELLS_MAX`].
    pub cells: BTreeMap<Key, Cell>,
}

impl Table {
    /// A table without cells.
    pub fn new(form: FormCode, period: Period) -> Self {
        Self { form, period, metadata: Metadata::default(), cells: BTreeMap::new() }
    }
    /// The cell at a key, if written.
    pub fn cell(&self, key: &Key) -> Option<&Cell> {
        self.cells.get(key)
    }
    /// The unit counted: the form's first where none is stated.
    pub fn unit<'a>(&'a self, form: &'a Form) -> &'a str {
        self.metadata.unit.as_deref().or_else(|| form.units.first().map(String::as_str)).unwrap_or_default()
    }
    /// The answer at a key: the cell that is written; zero for a row of a list that is said to be complete and does not
    /// write it. A total that is not written is no answer, however complete the list.
    pub fn answer(&self, form: &Form, key: &Key) -> Option<Cell> {
        let is_row = form.kind == Kind::List && key.0.iter().all(|code| code.as_str() != Code::TOTAL);
        self.cell(key).cloned().or_else(|| (is_row && self.metadata.list_complete).then(|| Cell::count(0)))
    }
    /// The cell of the table's total, if written.
    pub fn total(&self) -> Option<&Cell> {
        let (some, _) = self.cells.first_key_value()?;
        self.cells.get(&Key::total(some.0.len()))
    }
    /// How far the form's core cells are answered. A form without core cells (routes, fees, text) is answered by any value.
    pub fn core(&self, form: &Form) -> Core {
        if form.core.is_empty() {
            return if self.cells.values().any(Cell::is_value) { Core::Values } else { Core::Missing };
        }
        let core = || form.core.iter().map(|key| self.cells.get(key));
        if core().all(|cell| cell.is_some_and(Cell::is_value)) {
            Core::Values
        } else if core().all(|cell| cell.is_some_and(Cell::answers)) {
            Core::WithFewer
        } else {
            Core::Missing
        }
    }
    /// The table as peers see it: withheld cells suppressed. `None` while any cell is embargoed.
    pub fn for_peers(&self) -> Option<Self> {
        let cells =
            self.cells.iter().map(|(key, cell)| Some((key.clone(), cell.for_peers()?))).collect::<Option<_>>()?;
        Some(Self { form: self.form.clone(), period: self.period, metadata: self.metadata.clone(), cells })
    }
}
