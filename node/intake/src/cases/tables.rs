//! Counts of cases become tables: shorter periods are added up to longer ones, parts to totals, and what nobody is counted
//! in is zero where the form lists it.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::catalogue::{Catalogue, CodeList, Form, Kind};
use vrs_protocol::cell::{COUNT_MAX, Cell, Figure, Status};
use vrs_protocol::id::Code;
use vrs_protocol::period::Period;
use vrs_protocol::table::{CELLS_MAX, Key, Metadata, Table};

use super::super::mapping::{CaseRules, Keep};
use super::super::problems::{Flaw, Problem, Problems};
use super::super::{Taken, gather::Cells, totals};
use super::Periods;
use super::tally::{Counted, Counts, Tally};
use super::topics::Topics;

/// All tables of a file.
pub(super) fn make(
    rules: &CaseRules,
    topics: &Topics<'_>,
    periods: &Periods,
    metadata: &Metadata,
    catalogue: &Catalogue,
    problems: &mut Problems,
) -> Vec<Taken> {
    let mut tables = Vec::new();
    for topic in &topics.all {
        let Some(made) = made(rules, &periods.of(&topic.periods)).map_err(|problem| problems.push(problem)).ok() else {
            continue;
        };
        for tally in &topic.tallies {
            let maker = Maker {
                form: tally.form,
                codes: tally.fields.iter().map(|field| topic.fields[*field].codes()).collect(),
                status: rules.status.map_or(Status::Normal, |letter| letter.0),
                keep: rules.keep,
                metadata,
                catalogue,
            };
            for (period, counts) in by_period(rules, tally, &maker.codes, periods, &made) {
                match maker.table(period, counts) {
                    Ok(taken) => tables.push(taken),
                    Err(problem) => problems.push(problem),
                }
            }
        }
    }
    tables.sort_by_key(|taken| (catalogue.order(&taken.table.form), taken.table.period));
    tables
}

/// The periods for which tables are made, of those that have cases and those that the file covers.
fn made(rules: &CaseRules, with_cases: &BTreeSet<Period>) -> Result<BTreeSet<Period>, Problem> {
    let mut made = BTreeSet::new();
    for length in rules.make.iter().map(|made| made.length()) {
        if !rules.covers.is_empty() {
            made.extend(rules.covers.iter().flat_map(|covered| covered.split(length)));
            continue;
        }
        for whole in with_cases.iter().filter_map(|period| period.in_length(length)) {
            let needed = with_cases.first().map(|base| whole.split(base.length())).unwrap_or_default();
            let missing: Vec<String> =
                needed.iter().filter(|part| !with_cases.contains(part)).map(Period::to_string).collect();
            if !missing.is_empty() {
                let flaw =
                    Flaw::Missing(format!("{whole} cannot be made, the file has no case in {}", missing.join(", ")));
                let accepted = "cases.covers in the mapping, with the periods of which the file holds every case";
                return Err(Problem::of_file(flaw, accepted));
            }
            made.insert(whole);
        }
    }
    Ok(made)
}

/// The counts of each period that is made, also of those without a case.
fn by_period(
    rules: &CaseRules,
    tally: &Tally<'_>,
    codes: &[&[Code]],
    periods: &Periods,
    made: &BTreeSet<Period>,
) -> BTreeMap<Period, Counts> {
    let mut all: BTreeMap<Period, Counts> = made.iter().map(|period| (*period, Counts::new())).collect();
    for (place, places, counted) in tally.counts() {
        let Some(base) = periods.all.get(usize::from(place)) else { continue };
        let key = Key(places.iter().zip(codes).map(|(place, codes)| codes[usize::from(*place)].clone()).collect());
        for length in rules.make.iter().map(|made| made.length()) {
            if let Some(counts) = base.in_length(length).and_then(|period| all.get_mut(&period)) {
                counts.entry(key.clone()).or_default().add(counted);
            }
        }
    }
    all
}

/// What the tables of one form are made of.
pub struct Maker<'m, 'c> {
    /// The form.
    pub form: &'c Form,
    /// For each dimension of the form the codes that occur.
    pub codes: Vec<&'m [Code]>,
    /// The status of all figures.
    pub status: Status,
    /// Of a list, how many rows stand by themselves.
    pub keep: Option<Keep>,
    /// How the figures were counted.
    pub metadata: &'m Metadata,
    /// The questionnaire.
    pub catalogue: &'c Catalogue,
}

impl<'c> Maker<'_, 'c> {
    /// A table with every total, from the rows that were counted.
    pub fn table(&self, period: Period, rows: Counts) -> Result<Taken, Problem> {
        let form = self.form;
        let place = |flaw: Flaw, accepted: &str| {
            Problem::at(0, "", &format!("{} {period}", form.code), flaw, accepted.to_owned())
        };
        let mut counts = self.with_totals(rows);
        self.with_wider_codes(&mut counts);
        if counts.values().any(|counted| counted.persons > COUNT_MAX) {
            return Err(place(Flaw::Sum(format!("a count above {COUNT_MAX}")), "fewer cases"));
        }
        let cell = |counted: &Counted| Cell::Value { figure: Figure::Count(counted.persons), status: self.status };
        let place_of = |(key, counted): (&Key, &Counted)| (key.clone(), (cell(counted), u64::from(counted.line)));
        let mut cells: Cells = counts.iter().map(place_of).collect();
        let moved = match self.keep {
            Some(keep) if form.kind == Kind::List => {
                totals::keep(&mut cells, form, keep.largest, false, 0, self.catalogue)?
            }
            _ => false,
        };
        if cells.len() > CELLS_MAX {
            return Err(place(Flaw::TooLarge(format!("more than {CELLS_MAX} cells")), "keep.largest in the mapping"));
        }
        let mut table = Table::new(form.code.clone(), period);
        table.metadata = self.metadata.clone();
        // Every case was counted, so a row that is not written counts nobody.
        table.metadata.list_complete = form.kind == Kind::List && !moved;
        let lines =
            cells.iter().filter(|(_, (_, line))| *line > 0).map(|(key, (_, line))| (key.clone(), *line)).collect();
        table.cells = cells.into_iter().map(|(key, (cell, _))| (key, cell)).collect();
        let is_other = |key: &Key| moved && key.0.iter().any(|code| code.as_str() == Code::OTHER);
        let counted = counts.into_iter().filter(|(key, counted)| {
            // What was moved together was counted from more rows than its own.
            counted.rows > 0 && !is_other(key) && table.cells.contains_key(key)
        });
        let rows = counted.map(|(key, counted)| (key, u64::from(counted.rows))).collect();
        Ok(Taken { table, lines, rows })
    }

    /// The rows, the codes that the form lists and nobody is counted in, and every total over one or several dimensions.
    fn with_totals(&self, rows: Counts) -> Counts {
        let dimensions = self.form.dimensions.len();
        let listed: Vec<Option<Vec<Code>>> = (0..dimensions).map(|dimension| self.listed(dimension)).collect();
        let mut counts = Counts::new();
        for mask in 0..1_usize << dimensions {
            let summed = |dimension: usize| mask >> dimension & 1 == 1;
            let target = |key: &Key| {
                let code = |(i, code): (usize, &Code)| if summed(i) { Code::total() } else { code.clone() };
                Key(key.0.iter().enumerate().map(code).collect())
            };
            rows.iter().for_each(|(key, counted)| counts.entry(target(key)).or_default().add(*counted));
            let mut zeros = vec![Key::default()];
            for (dimension, codes) in listed.iter().enumerate() {
                let codes = if summed(dimension) { vec![Code::total()] } else { codes.clone().unwrap_or_default() };
                let longer = |key: &Key| {
                    let key = key.clone();
                    codes.iter().map(move |code| Key([key.0.clone(), vec![code.clone()]].concat())).collect::<Vec<_>>()
                };
                zeros = zeros.iter().flat_map(longer).collect();
            }
            zeros.into_iter().for_each(|key| counts.entry(key).or_default().add(Counted::default()));
        }
        counts
    }

    /// The codes of a dimension that the form lists, at the depth at which the file has them; `None` where the respondent
    /// writes the rows.
    fn listed(&self, dimension: usize) -> Option<Vec<Code>> {
        let codes = self.codes[dimension];
        let list = self.list(dimension).filter(|list| !list.growable)?;
        let in_use = |code: &Code| codes.contains(code);
        let is_inside = |code: &Code| wider(list, code).iter().any(in_use);
        let is_leaf = |code: &Code| list.children(Some(code)).next().is_none();
        let entries = list.entries.iter().map(|entry| &entry.id);
        let shown = entries.filter(|code| in_use(code) || (is_leaf(code) && !is_inside(code)));
        let unknown = list.reserved.iter().filter(|code| code.as_str() == Code::UNKNOWN);
        Some(shown.chain(unknown).cloned().collect())
    }

    /// Adds the wider codes of each list with a hierarchy: minors are those under 14 and those of 14 to 17.
    fn with_wider_codes(&self, counts: &mut Counts) {
        for dimension in 0..self.form.dimensions.len() {
            let Some(list) = self.list(dimension) else { continue };
            let sums: Vec<(Key, Counted)> = counts
                .iter()
                .flat_map(|(key, counted)| {
                    let wider = key.0.get(dimension).map(|code| wider(list, code)).unwrap_or_default();
                    wider.into_iter().map(move |code| {
                        let mut key = key.clone();
                        key.0[dimension] = code;
                        (key, *counted)
                    })
                })
                .collect();
            sums.into_iter().for_each(|(key, counted)| counts.entry(key).or_default().add(counted));
        }
    }

    fn list(&self, dimension: usize) -> Option<&'c CodeList> {
        self.catalogue.list(&self.form.dimensions.get(dimension)?.list)
    }
}

/// The codes of which a code is a part, from the nearest outwards.
fn wider(list: &CodeList, code: &Code) -> Vec<Code> {
    let mut wider = Vec::new();
    let mut next = list.entry(code).and_then(|entry| entry.parent.clone());
    // A list is a few entries deep; a circle in it would be a flaw of the catalogue.
    while let Some(parent) = next.filter(|_| wider.len() < list.entries.len()) {
        next = list.entry(&parent).and_then(|entry| entry.parent.clone());
        wider.push(parent);
    }
    wider
}
