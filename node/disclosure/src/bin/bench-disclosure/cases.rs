//! Cases and the tables made of them.

use std::collections::BTreeMap;

use vrs_protocol::cell::Cell;
use vrs_protocol::id::{Code, FormCode};
use vrs_protocol::period::Period;
use vrs_protocol::table::{Key, Table};

/// One person.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// Citizenship, country of last exit, mode, entry point, sex, age.
    codes: [Code; 6],
    /// 1 to 4.
    quarter: u8,
}

/// Reads the file of the generator.
pub(crate) fn read(text: &str) -> Result<Vec<Case>, String> {
    text.lines()
        .skip(1)
        .enumerate()
        .map(|(at, line)| case(line).ok_or_else(|| format!("line {}: {line}", at + 2)))
        .collect()
}

fn case(line: &str) -> Option<Case> {
    let fields: Vec<&str> = line.split(',').collect();
    let [citizenship, exit, mode, entry, gender, age, quarter] = fields[..] else { return None };
    let mode = match mode {
        "L" => "LAND",
        "S" => "SEA",
        _ => "AIR",
    };
    let age = if age == "A" { "Y18T" } else { "Y0T17" };
    let code = |text: &str| Code::parse(text).ok();
    let codes = [code(citizenship)?, code(exit)?, code(mode)?, code(entry)?, code(gender)?, code(age)?];
    Some(Case { codes, quarter: quarter.strip_prefix('Q')?.parse().ok()? })
}

/// The periods a topic is released for.
pub(crate) const ONE: [&str; 1] = ["2026"];
/// Quarters and the year.
pub(crate) const QUARTERS: [&str; 5] = ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2026"];
/// Everything.
pub(crate) const ALL: [&str; 7] = ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2026-S1", "2026-S2", "2026"];

/// A form and which codes of a case its dimensions take.
type Shape = (&'static str, &'static [usize]);

/// The five tables of the topic.
pub(crate) const FORMS: [Shape; 5] =
    [("IE_TOT", &[]), ("IE_CIT", &[0]), ("IE_MOD", &[2, 1]), ("IE_EPT", &[3]), ("IE_SXA", &[4, 5])];

/// The tables of some forms for some periods, with all margins; what is not written is zero.
pub(crate) fn tables(cases: &[Case], periods: &[&str], forms: &[Shape]) -> Vec<Table> {
    let mut tables = Vec::new();
    for period in periods {
        let Ok(period) = Period::parse(period) else { continue };
        for (form, dimensions) in forms {
            let Ok(form) = FormCode::parse(form) else { continue };
            let mut counts: BTreeMap<Key, u64> = BTreeMap::new();
            for case in cases {
                let quarter = Period::parse(&format!("{}-Q{}", period.year(), case.quarter));
                if quarter.is_ok_and(|quarter| period.contains(quarter)) {
                    for margin in 0..1usize << dimensions.len() {
                        let code = |(at, dimension): (usize, &usize)| {
                            if margin >> at & 1 == 1 { Code::total() } else { case.codes[*dimension].clone() }
                        };
                        *counts.entry(Key(dimensions.iter().enumerate().map(code).collect())).or_default() += 1;
                    }
                }
            }
            let mut table = Table::new(form, period);
            table.metadata.list_complete = true;
            table.cells = counts.into_iter().map(|(key, count)| (key, Cell::count(count))).collect();
            tables.push(table);
        }
    }
    tables
}
