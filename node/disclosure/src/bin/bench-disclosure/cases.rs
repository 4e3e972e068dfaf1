//! Cases and the tables made of them.

use std::collections::BTreeMap;

use vrs_disclosure::prove::Dice;
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

/// Cases of the shape of the reference's file S from other dice: few large citizenships, each with six corridors, one mode mostly
/// a corridor.
pub(crate) fn made(seed: u64) -> Vec<Case> {
    const CASES: usize = 20_000;
    let mut dice = Dice(seed);
    let [cits, exits, entries] = [(150, 1.2), (90, 0.9), (40, 0.8)].map(|(count, power)| Shares::falling(count, power));
    let among = Shares::of(&[0.45, 0.25, 0.13, 0.09, 0.05, 0.03]);
    let quarters = Shares::of(&[0.22, 0.3, 0.28, 0.2]);
    let corridors: Vec<Vec<usize>> = (0..150).map(|_| (0..6).map(|_| exits.pick(&mut dice)).collect()).collect();
    let modes: Vec<usize> = (0..90).map(|_| (dice.throw() % 3) as usize).collect();
    let mut one = || {
        let cit = cits.pick(&mut dice);
        let corridor = corridors[cit][among.pick(&mut dice)];
        let exit = if dice.is_below(0.92) { corridor } else { exits.pick(&mut dice) };
        let mode = if dice.is_below(0.7) { modes[exit] } else { (dice.throw() % 3) as usize };
        let gender = if dice.is_below(0.78) { "M" } else { "F" };
        let age = if dice.is_below(0.83) { "Y18T" } else { "Y0T17" };
        let texts = [
            format!("C{cit:03}"),
            format!("E{exit:03}"),
            ["LAND", "SEA", "AIR"][mode].to_owned(),
            format!("P{:02}", entries.pick(&mut dice)),
            gender.to_owned(),
            age.to_owned(),
        ];
        let code = |text: String| Code::parse(&text).unwrap_or_else(|_| Code::other());
        Case { codes: texts.map(code), quarter: quarters.pick(&mut dice) as u8 + 1 }
    };
    (0..CASES).map(|_| one()).collect()
}

/// A small topic: a few hundred persons, most of whose cells are small.
pub(crate) fn few(dice: &mut Dice) -> Vec<Case> {
    let mut cases = made(dice.throw());
    cases.truncate(200 + (dice.throw() % 1_200) as usize);
    let cut = 6 + (dice.throw() % 20) as usize;
    for case in &mut cases {
        // Fewer rows, so that cells have company.
        for at in [0, 1, 3] {
            let number: usize = case.codes[at].as_str()[1..].parse().unwrap_or_default();
            let letter = &case.codes[at].as_str()[..1];
            case.codes[at] = Code::parse(&format!("{letter}{:03}", number % cut)).unwrap_or_else(|_| Code::other());
        }
    }
    cases
}

/// Moves one case in so many to the country of another.
pub(crate) fn changed(cases: &mut [Case], one_in: u64, dice: &mut Dice) {
    for at in 0..cases.len() {
        if dice.throw().is_multiple_of(one_in) {
            let other = (dice.throw() % cases.len() as u64) as usize;
            cases[at].codes[0] = cases[other].codes[0].clone();
            cases[at].codes[2] = cases[other].codes[2].clone();
        }
    }
}

/// Shares of a whole, added up.
struct Shares(Vec<f64>);

impl Shares {
    fn of(shares: &[f64]) -> Self {
        let (mut sum, whole) = (0.0, shares.iter().sum::<f64>());
        let add = |share: &f64| {
            sum += share / whole;
            sum
        };
        Self(shares.iter().map(add).collect())
    }
    fn falling(count: u32, power: f64) -> Self {
        Self::of(&(1..=count).map(|at| f64::from(at).powf(-power)).collect::<Vec<_>>())
    }
    fn pick(&self, dice: &mut Dice) -> usize {
        let thrown = (dice.sway() + 1.0) / 2.0;
        self.0.partition_point(|sum| *sum < thrown).min(self.0.len() - 1)
    }
}

trait Below {
    fn is_below(&mut self, share: f64) -> bool;
}

impl Below for Dice {
    fn is_below(&mut self, share: f64) -> bool {
        (self.sway() + 1.0) / 2.0 < share
    }
}

/// The periods a topic is released for.
pub(crate) const ONE: [&str; 1] = ["2026"];
/// Quarters and the year.
pub(crate) const QUARTERS: [&str; 5] = ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2026"];
/// Everything.
pub(crate) const ALL: [&str; 7] = ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2026-S1", "2026-S2", "2026"];

/// A form and which codes of a case its dimensions take.
pub(crate) type Shape = (&'static str, &'static [usize]);

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
