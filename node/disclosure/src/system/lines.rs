//! Sums inside a table. Along a list that the respondent grows, a line is: total = rows that any table of the year writes + the
//! rest that none itemises; a remainder `_O` is the rows its own list does not write + that rest. So `_O` of two lists with
//! different rows are different cells and still know of each other. Along a fixed list it is: total = the outermost codes, and
//! each inner code = those inside it.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::catalogue::{Catalogue, CodeList, Dimension, Form, Kind};
use vrs_protocol::id::Code;
use vrs_protocol::table::Table;

use super::{Standings, System, vintages::Names};
use crate::cells::{CellId, Measure, cell_of, growing, measure, rest_code};

/// The rows that any table writes: by what is counted, year, and dimension.
type Rows = BTreeMap<(Measure, u16, String), BTreeSet<Code>>;

/// Adds the sums of all tables of one state of publication.
pub(super) fn add(system: &mut System, names: &Names, tables: &[Standings<'_>]) {
    let rows = rows(tables);
    for (table, form) in tables {
        let line = Lines { names, table, form, rows: &rows, written: written(table, form) };
        for cell in &line.written {
            system.variable(names.name(cell.clone()));
        }
        // Several grounds may apply to one person: such parts add up to more than the total.
        if form.several {
            continue;
        }
        for dimension in &form.dimensions {
            if let Some(list) = Catalogue::everything().list(&dimension.list) {
                for base in line.bases(dimension) {
                    if list.growable {
                        line.growing(system, dimension, &base);
                    } else {
                        line.fixed(system, dimension, list, &base);
                    }
                }
            }
        }
    }
}

fn written(table: &Table, form: &Form) -> BTreeSet<CellId> {
    table.cells.keys().map(|key| cell_of(table, form, key)).collect()
}

fn rows(tables: &[Standings<'_>]) -> Rows {
    let mut rows = Rows::new();
    for (table, form) in tables {
        for dimension in growing(form) {
            let place = form.dimensions.iter().position(|d| d.code == dimension);
            let codes = table
                .cells
                .keys()
                .filter_map(|key| key.0.get(place?))
                .filter(|code| code.as_str() != Code::TOTAL && code.as_str() != Code::OTHER);
            rows.entry((measure(table, form), table.period.year(), dimension.to_owned()))
                .or_default()
                .extend(codes.cloned());
        }
    }
    rows
}

/// One table and what is needed to write its lines.
struct Lines<'a> {
    names: &'a Names,
    table: &'a Table,
    form: &'a Form,
    rows: &'a Rows,
    written: BTreeSet<CellId>,
}

impl Lines<'_> {
    fn rows_of(&self, dimension: &str) -> BTreeSet<Code> {
        let key = (measure(self.table, self.form), self.table.period.year(), dimension.to_owned());
        self.rows.get(&key).cloned().unwrap_or_default()
    }
    /// The totals of all lines along a dimension. Where another dimension is a grown list, also the lines of the rows that this
    /// table does not write, and of the rest: they are parts of what it writes.
    fn bases(&self, along: &Dimension) -> BTreeSet<CellId> {
        let growing = growing(self.form);
        let mut bases = BTreeSet::new();
        for cell in &self.written {
            let base = CellId { list: None, ..cell.with(&along.code, &Code::total()) };
            let others = growing.iter().filter(|name| **name != along.code);
            let mut is_plain = true;
            for name in others {
                let code = base.codes.iter().find(|(dimension, _)| dimension == name).map(|(_, code)| code);
                is_plain &= code.is_none_or(|code| code.as_str() != Code::OTHER);
                for row in self.rows_of(name).iter().chain([&rest_code()]) {
                    bases.insert(base.with(name, row));
                }
            }
            if is_plain {
                bases.insert(base);
            }
        }
        bases
    }
    /// Whether what is not written in a line is nobody: a list ticked complete, for rows without a total in them.
    fn is_complete(&self, base: &CellId) -> bool {
        let is_row = base.codes.len() + 1 == self.form.dimensions.len();
        self.form.kind == Kind::List && self.table.metadata.list_complete && is_row
    }
    /// The variable of a part of a line: nobody, or part of the remainder, where the table does not write it.
    fn part(&self, system: &mut System, cell: CellId, nobody: bool) -> usize {
        let is_written = self.written.contains(&cell);
        let at = system.variable(self.names.name(cell));
        if !is_written && nobody {
            system.nobody(at);
        } else if !is_written {
            system.unwritten.insert(at);
        }
        at
    }
    fn growing(&self, system: &mut System, dimension: &Dimension, base: &CellId) {
        let other = CellId { list: Some(self.form.code.clone()), ..base.with(&dimension.code, &Code::other()) };
        let rows = self.rows_of(&dimension.code);
        let has_other = self.written.contains(&other);
        let cells: Vec<CellId> = rows.iter().map(|row| base.with(&dimension.code, row)).collect();
        if !has_other && !cells.iter().any(|cell| self.written.contains(cell)) {
            return;
        }
        let complete = self.is_complete(base);
        let whole = system.variable(self.names.name(base.clone()));
        let rest = self.part(system, base.with(&dimension.code, &rest_code()), complete && !has_other);
        let mut remainder = vec![rest];
        let mut parts = vec![rest];
        for cell in cells {
            let is_written = self.written.contains(&cell);
            let at = self.part(system, cell, complete);
            parts.push(at);
            if !is_written {
                remainder.push(at);
            }
        }
        system.sum(whole, parts);
        if has_other {
            let other = system.variable(self.names.name(other));
            system.sum(other, remainder);
        }
    }
    fn fixed(&self, system: &mut System, dimension: &Dimension, list: &CodeList, base: &CellId) {
        let mut wholes: BTreeSet<Option<&Code>> = list.entries.iter().map(|entry| entry.parent.as_ref()).collect();
        wholes.insert(None);
        for whole in wholes {
            let inside: Vec<CellId> = list.children(whole).map(|entry| base.with(&dimension.code, &entry.id)).collect();
            let reserved: Vec<CellId> = [Code::other(), Code::unknown()]
                .iter()
                .filter(|code| whole.is_none() && list.reserved.contains(code))
                .map(|code| base.with(&dimension.code, code))
                .collect();
            // A line that the table does not answer, unless it is one of those its remainder stands for.
            let is_answered = inside.iter().chain(&reserved).any(|cell| self.written.contains(cell));
            let in_remainder = whole.is_none() && !self.written.contains(base) && !base.codes.is_empty();
            if !is_answered && !in_remainder {
                continue;
            }
            let complete = self.is_complete(base);
            let every = inside.iter().all(|cell| self.written.contains(cell));
            let top = whole.map_or_else(|| base.clone(), |code| base.with(&dimension.code, code));
            let top = system.variable(self.names.name(top));
            let mut parts: Vec<usize> = inside.into_iter().map(|cell| self.part(system, cell, complete)).collect();
            for cell in reserved {
                parts.push(self.part(system, cell, complete || self.form.exhaustive && every));
            }
            system.sum(top, parts);
        }
    }
}
