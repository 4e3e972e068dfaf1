//! Small topics, an attacker of its own, and what a desk does with the engine.

#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

use vrs_disclosure::cells::CellId;
use vrs_disclosure::decision::{Decision, Why};
use vrs_disclosure::prove::Dice;
use vrs_disclosure::verify::{Flaw, verify};
use vrs_protocol::cell::Cell;
use vrs_protocol::id::{Code, FormCode};
use vrs_protocol::period::Period;
use vrs_protocol::table::{Key, Table};

/// Codes of the two dimensions of the small cross table that stands for all.
pub(crate) const MODES: [&str; 3] = ["LAND", "SEA", "AIR"];

pub(crate) fn key(codes: &[&str]) -> Key {
    Key(codes.iter().map(|code| Code::parse(code).unwrap()).collect())
}

pub(crate) fn period(text: &str) -> Period {
    Period::parse(text).unwrap()
}

/// Counts by mode and row, with all margins, as IE_MOD and IE_TOT of a period.
pub(crate) fn mode_tables(at: &str, counts: &[Vec<u64>]) -> Vec<Table> {
    let mut table = Table::new(FormCode::parse("IE_MOD").unwrap(), period(at));
    table.metadata.list_complete = true;
    for (mode, row) in counts.iter().enumerate() {
        for (country, count) in row.iter().enumerate() {
            let country = format!("C{country:02}");
            for keys in [[MODES[mode], &country], ["_T", &country], [MODES[mode], "_T"], ["_T", "_T"]] {
                let cell = table.cells.entry(key(&keys)).or_insert_with(|| Cell::count(0));
                *cell = Cell::count(cell.as_count().unwrap() + count);
            }
        }
    }
    let mut total = Table::new(FormCode::parse("IE_TOT").unwrap(), period(at));
    total.cells.insert(key(&[]), table.cell(&key(&["_T", "_T"])).unwrap().clone());
    vec![total, table]
}

/// Random counts, many of them small.
pub(crate) fn counts(dice: &mut Dice, modes: usize, rows: usize) -> Vec<Vec<u64>> {
    let mut one = || match dice.throw() % 10 {
        0 | 1 => 0,
        2..=5 => 1 + dice.throw() % 4,
        6..=8 => 5 + dice.throw() % 20,
        _ => 30 + dice.throw() % 300,
    };
    (0..modes).map(|_| (0..rows).map(|_| one()).collect()).collect()
}

/// Adds two arrays of counts.
pub(crate) fn added(one: &[Vec<u64>], other: &[Vec<u64>]) -> Vec<Vec<u64>> {
    one.iter().zip(other).map(|(a, b)| a.iter().zip(b).map(|(a, b)| a + b).collect()).collect()
}

/// The small cells of a decision and what they demand.
pub(crate) fn must(decision: &Decision, width: i64) -> BTreeMap<CellId, i64> {
    let small = decision.hidden.iter().filter(|(_, why)| matches!(why, Why::Small | Why::Withheld));
    small.map(|(cell, _)| (cell.clone(), width)).collect()
}

/// Checks a decision by addition, among the earlier tables that still stand.
pub(crate) fn check(decision: &Decision, standing: &[Table], width: i64, least: i64) -> Result<(), Vec<Flaw>> {
    let released: BTreeSet<_> = decision.released.iter().map(|table| (table.form.clone(), table.period)).collect();
    let mut tables: Vec<Table> =
        standing.iter().filter(|table| !released.contains(&(table.form.clone(), table.period))).cloned().collect();
    tables.extend(decision.released.iter().cloned());
    verify(&tables, &decision.audit, &must(decision, width), least)
}

/// An attacker that knows nothing of the engine: writes down every sum of the mode tables and periods it sees, and narrows each
/// hidden cell by what the others leave, again and again. Bounds of this kind are never too narrow, so a cell that it pins
/// down is disclosed.
pub(crate) struct Attacker {
    names: BTreeMap<(String, Vec<String>), usize>,
    low: Vec<i64>,
    high: Vec<i64>,
    sums: Vec<(usize, Vec<usize>)>,
}

const MUCH: i64 = 1 << 40;

impl Attacker {
    pub(crate) fn reading(tables: &[Table], least: i64) -> Self {
        let mut attacker = Self { names: BTreeMap::new(), low: Vec::new(), high: Vec::new(), sums: Vec::new() };
        let mut countries: BTreeSet<String> = BTreeSet::new();
        for table in tables {
            for (key, cell) in &table.cells {
                let mut codes: Vec<String> = key.0.iter().map(ToString::to_string).collect();
                if codes.is_empty() {
                    codes = vec!["_T".into(), "_T".into()];
                }
                countries.insert(codes[1].clone());
                let at = attacker.cell(&table.period.to_string(), &codes);
                let (low, high) = cell.as_count().map_or((least, MUCH), |count| (count as i64, count as i64));
                attacker.low[at] = attacker.low[at].max(low);
                attacker.high[at] = attacker.high[at].min(high);
            }
        }
        countries.remove("_T");
        let periods: BTreeSet<String> =
            tables.iter().filter(|t| t.form.as_str() == "IE_MOD").map(|table| table.period.to_string()).collect();
        let rows: Vec<String> = countries.iter().cloned().chain(["_T".into()]).collect();
        let modes: Vec<String> = MODES.iter().map(ToString::to_string).collect();
        for period in &periods {
            for row in &rows {
                attacker.sum(period, &["_T", row], modes.iter().map(|mode| vec![mode.clone(), row.clone()]).collect());
            }
            for mode in modes.iter().map(String::as_str).chain(["_T"]) {
                let parts = countries.iter().map(|row| vec![mode.to_owned(), row.clone()]).collect();
                attacker.sum(period, &[mode, "_T"], parts);
            }
        }
        for (whole, parts) in
            [("2026-S1", ["2026-Q1", "2026-Q2"]), ("2026-S2", ["2026-Q3", "2026-Q4"]), ("2026", ["2026-S1", "2026-S2"])]
        {
            if periods.contains(whole) && parts.iter().all(|part| periods.contains(*part)) {
                for row in &rows {
                    for mode in modes.iter().map(String::as_str).chain(["_T"]) {
                        let codes = vec![mode.to_owned(), row.clone()];
                        let whole = attacker.cell(whole, &codes);
                        let parts = parts.iter().map(|part| attacker.cell(part, &codes)).collect();
                        attacker.sums.push((whole, parts));
                    }
                }
            }
        }
        attacker
    }

    /// A cell nobody writes is zero: the lists are complete.
    fn cell(&mut self, period: &str, codes: &[String]) -> usize {
        let next = self.low.len();
        let at = *self.names.entry((period.to_owned(), codes.to_vec())).or_insert(next);
        if at == next {
            self.low.push(0);
            self.high.push(MUCH);
        }
        at
    }
    fn sum(&mut self, period: &str, whole: &[&str], parts: Vec<Vec<String>>) {
        let whole: Vec<String> = whole.iter().map(ToString::to_string).collect();
        let whole = self.cell(period, &whole);
        let parts = parts.iter().map(|codes| self.cell(period, codes)).collect();
        self.sums.push((whole, parts));
    }
    /// Knows a cell.
    pub(crate) fn learn(&mut self, period: &str, codes: &[&str], count: i64) {
        let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
        let at = self.cell(period, &codes);
        self.low[at] = count;
        self.high[at] = count;
    }
    /// Narrows until nothing changes; the ranges of all cells.
    pub(crate) fn attack(
        &mut self,
        zeros: &BTreeSet<(String, Vec<String>)>,
    ) -> BTreeMap<(String, Vec<String>), (i64, i64)> {
        for name in zeros {
            let at = self.cell(&name.0, &name.1);
            self.high[at] = self.high[at].min(0);
        }
        let mut changed = true;
        while changed {
            changed = false;
            for (whole, parts) in self.sums.clone() {
                let low: i64 = parts.iter().map(|part| self.low[*part]).sum();
                let high: i64 = parts.iter().map(|part| self.high[*part].min(MUCH)).sum();
                changed |= self.narrow(whole, low, high.min(MUCH));
                for part in &parts {
                    let others_low = low - self.low[*part];
                    let others_high: i64 = parts.iter().filter(|p| *p != part).map(|p| self.high[*p]).sum();
                    let (least, most) = (self.low[whole] - others_high.min(MUCH), self.high[whole] - others_low);
                    changed |= self.narrow(*part, least, most);
                }
            }
        }
        self.names.iter().map(|(name, at)| (name.clone(), (self.low[*at], self.high[*at]))).collect()
    }
    fn narrow(&mut self, at: usize, low: i64, high: i64) -> bool {
        let before = (self.low[at], self.high[at]);
        self.low[at] = before.0.max(low);
        self.high[at] = before.1.min(high);
        assert!(self.low[at] <= self.high[at], "the figures contradict each other");
        before != (self.low[at], self.high[at])
    }
}
