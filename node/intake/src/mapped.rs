//! Reads a foreign file through a mapping: every file of the publication is gone through once, row by row, and each row
//! is offered to every table that the mapping makes of it.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::catalogue::{Catalogue, Dimension};
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::period::Period;

use super::columns::{Column, Columns};
use super::gather::Gathered;
use super::labels::{Found, Labels};
use super::mapping::{FileRules, Mapping};
use super::plan::Plan;
use super::problems::{Flaw, Problem, Problems};
use super::records::{Record, Records};
use super::rows::{Reading, RowReader, RowRules};
use super::text::FILE_BYTES_MAX;
use super::unfold::Rows;
use super::{HowCounted, Intake, Taken, cases, opened, verdict};
use crate::case_sets::ReferenceKey;

/// A file as it was given.
#[derive(Debug, Clone, Copy)]
pub struct SourceFile<'f> {
    /// Its name, for messages and to find the files beside it.
    pub name: &'f str,
    /// Its bytes.
    pub bytes: &'f [u8],
}

/// Reads a file, and the files that the mapping wants beside it, to the tables of one participant: all of them, or all
/// problems.
pub fn read_mapped(
    file: SourceFile<'_>,
    beside: &[SourceFile<'_>],
    mapping: &Mapping,
    counted: &HowCounted,
    catalogue: &Catalogue,
    participant: &ParticipantCode,
) -> Result<Intake, Problems> {
    read_mapped_keyed(file, beside, mapping, counted, catalogue, participant, None)
}

/// As [`read_mapped`]; with a key, references of cases are hashed and the cases come along.
pub fn read_mapped_keyed(
    file: SourceFile<'_>,
    beside: &[SourceFile<'_>],
    mapping: &Mapping,
    counted: &HowCounted,
    catalogue: &Catalogue,
    participant: &ParticipantCode,
    key: Option<&ReferenceKey>,
) -> Result<Intake, Problems> {
    if let Some(rules) = &mapping.cases {
        return cases::read(file, mapping, rules, counted, catalogue, participant, key);
    }
    let reader = Reader { mapping, catalogue, participant };
    let mut problems = Problems::default();
    let mut plans = Vec::new();
    for own in &mapping.tables {
        let mut rules = mapping.completed(own);
        rules.metadata = counted.given.clone().or(rules.metadata);
        match Plan::new(&rules, catalogue) {
            Ok(plan) => plans.push(plan),
            Err(why) => problems.push(Problem::of_file(Flaw::Mapping(why), "the format of node/MAPPINGS.md")),
        }
    }
    let mut problems = problems.or(Problems::default())?;

    let scan = reader.scan(file, &mapping.file, plans.iter().map(|plan| plan.rows.clone()).collect());
    let mut scan = scan.unwrap_or_else(|found| {
        problems.absorb(found);
        Scan::default()
    });
    let mut totals = BTreeMap::new();
    for (name, rules) in &mapping.beside {
        let wanting: Vec<usize> = (0..plans.len()).filter(|i| plans[*i].total.file.as_ref() == Some(name)).collect();
        let specs = wanting.iter().map(|i| plans[*i].total_rows()).collect();
        let found = reader.beside(rules, beside).and_then(|file| reader.scan(file, rules, specs));
        match found {
            Ok(scan) => totals.extend(wanting.into_iter().zip(scan.gathered)),
            Err(found) => problems.absorb(found),
        }
    }
    // Sums over half-read files would only add problems that are none.
    let mut problems = problems.or(Problems::default())?;
    let gathered = std::mem::take(&mut scan.gathered);
    let mut tables: BTreeMap<(usize, Period), Taken> = BTreeMap::new();
    for (i, (plan, gathered)) in plans.iter().zip(gathered).enumerate() {
        for taken in plan.tables(gathered, totals.remove(&i), catalogue, &mut problems) {
            let place = (catalogue.order(&taken.table.form), taken.table.period);
            let name = format!("{} {}", taken.table.form, taken.table.period);
            if tables.insert(place, taken).is_some() {
                problems.push(Problem::of_file(Flaw::Mapping(format!("it makes {name} twice")), "each table once"));
            }
        }
    }
    verdict::judge(&tables.values().collect::<Vec<_>>(), catalogue, &mut problems);
    let (rows_read, rows_of_others, rows_left_out) = (scan.rows_read, scan.rows_of_others, scan.rows_left_out);
    let tables = tables.into_values().collect();
    problems.or(Intake { tables, rows_read, rows_of_others, rows_left_out, ..Intake::default() })
}

/// What is the same for all files of one import.
struct Reader<'c> {
    mapping: &'c Mapping,
    catalogue: &'c Catalogue,
    participant: &'c ParticipantCode,
}

/// What one pass over a file gave.
#[derive(Default)]
struct Scan {
    gathered: Vec<Gathered>,
    rows_read: usize,
    rows_of_others: usize,
    rows_left_out: usize,
}

impl<'c> Reader<'c> {
    /// The file that a mapping wants beside the imported one.
    fn beside<'f>(&self, rules: &FileRules, files: &[SourceFile<'f>]) -> Result<SourceFile<'f>, Problems> {
        let name = rules.name.as_deref().unwrap_or_default();
        files.iter().find(|file| file.name == name).copied().ok_or_else(|| {
            Problem::of_file(
                Flaw::Missing(format!("the mapping needs the file {name} too")),
                "this file, in the folder of the imported one",
            )
            .into()
        })
    }

    /// Goes through a file once and offers each row to all of the rules.
    fn scan(&self, file: SourceFile<'_>, rules: &FileRules, specs: Vec<RowRules>) -> Result<Scan, Problems> {
        self.scan_rows(file, rules, specs).map_err(|mut problems| {
            if !self.mapping.beside.is_empty() {
                problems.listed.iter_mut().for_each(|problem| problem.file = Some(file.name.into()));
            }
            problems
        })
    }

    fn scan_rows(&self, file: SourceFile<'_>, rules: &FileRules, specs: Vec<RowRules>) -> Result<Scan, Problems> {
        let opened = opened::open(file, rules, FILE_BYTES_MAX)?;
        let records = Records::new(&opened.text, opened.delimiter, rules.header_line);
        let mut records = Rows::new(records, rules)?;
        let columns = Columns::read_foreign(records.heading(), opened.delimiter)?;
        let mut problems = Problems::default();
        let spoken = specs.iter().flat_map(RowRules::columns);
        unspoken(&columns, rules, spoken).unwrap_or_else(|problem| problems.push(problem));
        let whose = Whose::bind(rules, self.mapping, self.catalogue, self.participant, &columns)
            .map_err(|problem| problems.push(problem))
            .ok();
        let bind = |spec| RowReader::bind(spec, &columns, &self.mapping.labels, self.catalogue);
        let readers: Vec<RowReader<'_>> =
            specs.into_iter().filter_map(|spec| bind(spec).map_err(|found| problems.absorb(found)).ok()).collect();
        // What the heading lacks is said whole, before a row is read.
        let (Some(whose), mut problems) = (whose, problems.or(Problems::default())?) else {
            return Ok(Scan::default());
        };
        let mut scan = Scan { gathered: readers.iter().map(|_| Gathered::default()).collect(), ..Scan::default() };
        let mut record = Record::default();
        while records.read(&mut record).unwrap_or_else(|problem| {
            problems.push(problem);
            false
        }) {
            let taken = self.row(&record, &columns, &whose, &readers, &mut scan, &mut problems);
            taken.unwrap_or_else(|problem| problems.push(problem));
            if problems.full() {
                break;
            }
        }
        silent(scan.rows_read, scan.rows_of_others, self.participant, &mut problems);
        problems.or(scan)
    }

    fn row(
        &self,
        record: &Record<'_>,
        columns: &Columns,
        whose: &Whose<'_>,
        readers: &[RowReader<'_>],
        scan: &mut Scan,
        problems: &mut Problems,
    ) -> Result<(), Problem> {
        scan.rows_read += 1;
        columns.fit(record)?;
        if !whose.is(self.participant, record)? {
            scan.rows_of_others += 1;
            return Ok(());
        }
        let mut used = false;
        for (reader, gathered) in readers.iter().zip(&mut scan.gathered) {
            if let Ok(part) = reader.part(record) {
                gathered.note(part);
            }
            match reader.read(record) {
                Ok(Reading::LeftOut) => {}
                Ok(Reading::Row(row)) => {
                    used = true;
                    gathered.add(row)?;
                }
                Err(problem) => {
                    used = true;
                    problems.push(problem);
                }
            }
        }
        scan.rows_left_out += usize::from(!used);
        Ok(())
    }
}

/// Notes that a file has no rows, or none of ours.
pub(super) fn silent(rows_read: usize, rows_of_others: usize, ours: &ParticipantCode, problems: &mut Problems) {
    if rows_read == 0 && problems.is_empty() {
        problems.push(Problem::of_file(Flaw::Empty("there are no rows below the column names"), "rows of figures"));
    } else if rows_read > 0 && rows_of_others == rows_read {
        let flaw = Flaw::Missing(format!("none speaks of {ours}"));
        problems.push(Problem::of_file(flaw, format!("a file about {ours}")));
    }
}

/// Refuses columns that no table uses and the mapping does not set aside.
pub(super) fn unspoken<'r>(
    columns: &Columns,
    rules: &'r FileRules,
    spoken: impl Iterator<Item = &'r str>,
) -> Result<(), Problem> {
    let mut spoken: BTreeSet<&str> = spoken.chain(rules.ignore.iter().map(String::as_str)).collect();
    spoken.extend(rules.reporter.iter().map(|reporter| reporter.column.as_str()));
    let others: Vec<&str> = columns.names().iter().map(String::as_str).filter(|name| !spoken.contains(name)).collect();
    if others.is_empty() {
        return Ok(());
    }
    let flaw = Flaw::Columns(format!("the mapping does not speak of {}", others.join(", ")));
    Err(Problem::of_file(
        flaw,
        "columns that the mapping uses, or that stand under ignore; a table may also add over them",
    ))
}

/// Whose figures the rows of a file are.
pub(super) enum Whose<'c> {
    Ours,
    Named(Column, Box<Labels<'c>>),
}

impl<'c> Whose<'c> {
    pub(super) fn bind(
        rules: &FileRules,
        mapping: &Mapping,
        catalogue: &'c Catalogue,
        ours: &ParticipantCode,
        columns: &Columns,
    ) -> Result<Self, Problem> {
        let Some(reporter) = &rules.reporter else {
            return match &rules.participant {
                Some(participant) if participant != ours => Err(Problem::of_file(
                    Flaw::Participant,
                    format!("this mapping is for figures of {participant}, and this node imports those of {ours}"),
                )),
                _ => Ok(Self::Ours),
            };
        };
        let dimension = Dimension { code: reporter.column.clone(), list: "country".into() };
        let labels = mapping.labels.get(&reporter.labels).map(|rules| Labels::declared(rules, catalogue, &dimension));
        match labels {
            Some(Ok(labels)) => Ok(Self::Named(columns.find(&reporter.column)?, Box::new(labels))),
            Some(Err(why)) => Err(Problem::of_file(Flaw::Mapping(why), "")),
            None => Ok(Self::Named(columns.find(&reporter.column)?, Box::new(Labels::codes(catalogue, &dimension)))),
        }
    }

    /// Whether a row speaks of the participant. A reporter nobody knows is refused: it might be ourselves, misspelt.
    pub(super) fn is(&self, participant: &ParticipantCode, record: &Record<'_>) -> Result<bool, Problem> {
        match self {
            Self::Ours => Ok(true),
            Self::Named(column, labels) => match labels.read(column.of(record)) {
                Ok(Found::Code(code)) => Ok(code.as_str() == participant.as_str()),
                Ok(Found::Skip) => Ok(false),
                Err((flaw, accepted)) => Err(Problem::at(record.line, &column.name, column.of(record), flaw, accepted)),
            },
        }
    }
}
