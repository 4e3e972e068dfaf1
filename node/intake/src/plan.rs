//! One table that a mapping makes: its rules, checked against the catalogue, and the way from gathered rows to the
//! finished table with its total, its remainder and its metadata.

use std::collections::BTreeMap;

use vrs_protocol::catalogue::{Catalogue, Form, Kind};
use vrs_protocol::cell::Cell;
use vrs_protocol::period::Period;
use vrs_protocol::table::{Key, Metadata, Table};

use super::gather::{Cells, Gathered};
use super::mapping::{Repeated, TableRules, TotalRules, TotalSource};
use super::problems::{Flaw, Problem, Problems};
use super::rows::{RowRules, places};
use super::{Taken, totals};

/// One table of the mapping, ready to be made.
pub(super) struct Plan<'c> {
    form: &'c Form,
    /// The rules for its rows.
    pub(super) rows: RowRules,
    /// Where its total comes from.
    pub(super) total: TotalRules,
    /// Whether the mapping says where the total comes from; a form of one number has none.
    has_total: bool,
    also: Option<&'c Form>,
    keep: Option<usize>,
    metadata: Metadata,
}

impl<'c> Plan<'c> {
    /// Checks the rules of a table against the catalogue.
    pub(super) fn new(rules: &TableRules, catalogue: &'c Catalogue) -> Result<Self, String> {
        let code = rules.form.as_ref().ok_or("a [[table]] names no form")?;
        let form = catalogue.form(code).ok_or_else(|| format!("there is no form {code}"))?;
        if !form.kind.counts() {
            return Err(format!("{code} does not ask for counts, and a mapping makes counts only"));
        }
        let has_total = rules.total.is_some() && form.kind != Kind::Number;
        if !has_total && form.kind != Kind::Number && rules.keep.is_some() {
            return Err(format!("{code}: keep needs a total"));
        }
        let total = rules.total.clone().unwrap_or_default();
        let also = total.also_form.as_ref().map(|code| {
            catalogue
                .form(code)
                .filter(|form| form.kind == Kind::Number)
                .ok_or_else(|| format!("total.also_form: {code} is no form of one number"))
        });
        let metadata = rules.metadata.clone().unwrap_or_default();
        let rows = RowRules {
            conditions: rules.conditions.clone().unwrap_or_default(),
            period: rules.period.clone().ok_or("a [[table]] has no period")?,
            only: rules.only.clone(),
            dimensions: places(form, &rules.dimensions.clone().unwrap_or_default())?,
            value: rules.value.clone().ok_or("a [[table]] has no value")?,
            status: rules.status.clone().unwrap_or_default(),
            add_over: rules.add_over.clone().unwrap_or_default(),
            repeated: rules.repeated.unwrap_or_default(),
        };
        Ok(Self {
            form,
            rows,
            total,
            has_total,
            also: also.transpose()?,
            keep: rules.keep.map(|keep| keep.largest),
            metadata,
        })
    }

    /// The rules for the rows of the file beside that hold the totals.
    pub(super) fn total_rows(&self) -> RowRules {
        RowRules {
            conditions: self.total.conditions.clone(),
            period: self.total.period.clone().unwrap_or_else(|| self.rows.period.clone()),
            only: self.rows.only.clone(),
            dimensions: Vec::new(),
            value: self.total.value.clone().unwrap_or_else(|| self.rows.value.clone()),
            status: self.total.status.clone().unwrap_or_else(|| self.rows.status.clone()),
            add_over: Vec::new(),
            repeated: Repeated::Refuse,
        }
    }

    /// The finished tables of this plan.
    pub(super) fn tables(
        &self,
        gathered: Gathered,
        totals: Option<Gathered>,
        catalogue: &Catalogue,
        problems: &mut Problems,
    ) -> Vec<Taken> {
        let gaps = self.rows.value.gaps;
        let mut totals = totals.map(|totals| totals.finish(gaps, problems)).unwrap_or_default();
        let periods = gathered.finish(gaps, problems);
        let missing: Vec<String> = match &self.rows.only {
            Some(only) => only.iter().filter(|period| !periods.contains_key(period)).map(ToString::to_string).collect(),
            None if periods.is_empty() => vec!["any period".into()],
            None => Vec::new(),
        };
        if !missing.is_empty() {
            let flaw = Flaw::Missing(format!("none is about {} for {}", self.form.code, missing.join(", ")));
            problems.push(Problem::of_file(flaw, "a file with such rows, or a mapping with other conditions"));
        }
        let mut tables = Vec::new();
        for (period, mut cells) in periods {
            let beside = totals.remove(&period).and_then(|mut cells| cells.remove(&Key::default()));
            match self.complete(&mut cells, beside, catalogue) {
                Ok(moved) => {
                    tables.extend(self.also.and_then(|form| self.total_alone(form, period, &cells)));
                    let mut taken = self.taken(self.form, period, cells);
                    // What the mapping says of a list holds for the rows of the file, not for those that are left of it.
                    taken.table.metadata.list_complete &= !moved;
                    tables.push(taken);
                }
                Err(mut problem) => {
                    problem.accepted = format!("{} (table {} {period})", problem.accepted, self.form.code).into();
                    problems.push(problem);
                }
            }
        }
        tables
    }

    /// Gives a table its total and cuts it. Answers whether rows went into the remainder.
    fn complete(&self, cells: &mut Cells, beside: Option<(Cell, u64)>, catalogue: &Catalogue) -> Result<bool, Problem> {
        if !self.has_total {
            return Ok(false);
        }
        // The line of a total from another file would point into the wrong one.
        let beside = beside.map(|(cell, _)| (cell, 0));
        totals::add_total(cells, self.form, &self.total, self.rows.value.gaps, beside, catalogue)?;
        match self.keep {
            Some(largest) => {
                let own_total = self.total.from != TotalSource::Sum;
                totals::keep(cells, self.form, largest, own_total, self.total.rounded_to.unwrap_or(0), catalogue)
            }
            None => Ok(false),
        }
    }

    /// The table of one number that repeats the total.
    fn total_alone(&self, form: &Form, period: Period, cells: &Cells) -> Option<Taken> {
        let total = cells.get(&Key::total(self.form.dimensions.len()))?.clone();
        Some(self.taken(form, period, Cells::from([(Key::default(), total)])))
    }

    fn taken(&self, form: &Form, period: Period, cells: Cells) -> Taken {
        let mut table = Table::new(form.code.clone(), period);
        table.metadata = self.metadata.clone();
        let lines =
            cells.iter().filter(|(_, (_, line))| *line > 0).map(|(key, (_, line))| (key.clone(), *line)).collect();
        table.cells = cells.into_iter().map(|(key, (cell, _))| (key, cell)).collect();
        Taken { table, lines, rows: BTreeMap::new() }
    }
}
