//! The system of a topic: one variable for each cell, whatever tables, periods and releases show it, and every sum that an
//! outsider can write down. Built from the released tables and the ledger; the national figures only say what is true in it.
//!
//! - [`lines`]: sums inside a table, with the remainders of partial lists;
//! - [`time`]: months, quarters, semesters and years;
//! - [`vintages`]: which cells of two revisions are one;
//! - here: what is known of each cell, and the system itself.

mod lines;
mod time;
mod truth;
pub mod vintages;

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::catalogue::{Catalogue, Form};
use vrs_protocol::table::Table;

use crate::cells::CellId;
use crate::request::Request;

pub use vintages::build;

/// What an outsider will know of a cell, before the engine decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Known: shown in an earlier release, or nobody can be there.
    Known(i64),
    /// About to be released: the engine may show or hide it.
    Open,
    /// Hidden in an earlier release and not shown since: stays hidden. At most so many, where "fewer than" was said.
    Hole(Option<i64>),
    /// In no table that left or leaves: a margin, a row of a list that was not written, a period between others. At least 0.
    Unseen,
}

/// A sum: the whole equals its parts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Sum {
    /// Index of the whole.
    pub whole: usize,
    /// Indices of the parts, ascending, none twice.
    pub parts: Vec<usize>,
}

/// One variable a cell, and the sums.
#[derive(Debug, Default)]
pub struct System {
    /// The cells, in the order of their indices.
    pub cells: Vec<CellId>,
    /// Index of each cell.
    pub index: BTreeMap<CellId, usize>,
    /// What an outsider will know.
    pub standing: Vec<Standing>,
    /// The figure, where it is known to us or follows from figures that are.
    pub truth: Vec<Option<i64>>,
    /// Not written in a line that leaves, hence part of its remainder: nobody, where the line has no remainder.
    pub unwritten: BTreeSet<usize>,
    /// The sums.
    pub sums: BTreeSet<Sum>,
    /// Sums that the national figures contradict; nobody can rely on them.
    pub broken: Vec<Sum>,
}

impl System {
    /// The index of a cell; a new cell is unseen.
    fn variable(&mut self, cell: CellId) -> usize {
        if let Some(&at) = self.index.get(&cell) {
            return at;
        }
        let at = self.cells.len();
        self.index.insert(cell.clone(), at);
        self.cells.push(cell);
        self.standing.push(Standing::Unseen);
        self.truth.push(None);
        at
    }
    /// Adds a sum; a sum of nothing says nothing.
    fn sum(&mut self, whole: usize, mut parts: Vec<usize>) {
        parts.sort_unstable();
        parts.dedup();
        if !parts.is_empty() && parts != [whole] {
            self.sums.insert(Sum { whole, parts });
        }
    }
    /// Says that nobody is in a cell, unless more is known of it.
    fn nobody(&mut self, at: usize) {
        if self.standing[at] == Standing::Unseen {
            self.standing[at] = Standing::Known(0);
            self.truth[at] = Some(0);
        }
    }
}

/// A table with its form, as a state of publication holds it.
type Standings<'a> = (&'a Table, &'static Form);

/// The forms that hold counts. Others have no sums and no small numbers.
pub fn form_of(table: &Table) -> Option<&'static Form> {
    Catalogue::everything().form(&table.form).filter(|form| form.kind.counts())
}

/// The cells that a request means, as indices; those of no table in it are left out.
pub fn find(
    system: &System,
    names: &vintages::Names,
    request: &Request<'_>,
    cell: &crate::request::CellRef,
) -> Option<usize> {
    let table = request.national.iter().find(|table| table.form == cell.0 && table.period == cell.1)?;
    let id = names.name(crate::cells::cell_of(table, form_of(table)?, &cell.2));
    system.index.get(&id).copied()
}
