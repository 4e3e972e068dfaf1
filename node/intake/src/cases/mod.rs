//! Files of cases: one row for each person, detection or document. The rows are counted into every form that the columns
//! answer, for every period that the mapping asks for, and are not kept.
//!
//! The rules it keeps:
//! - Nothing is guessed: the order of a date, the unit, the topic and every label are said by the mapping, or the row is
//!   refused with its line.
//! - Zero is counted, not assumed: a period without a case counts nobody only where the mapping says that the file covers
//!   it, and a longer period is made only where each of its parts is there.
//!
//! In reading order: `field` (a label becomes a small number); `tally` (counting); `topics` (which forms the columns
//! answer); `references` (cases that can be told apart); here, the way through the file; `tables` (counts become tables with
//! totals and zeros).

mod field;
mod references;
pub mod tables;
pub mod tally;
mod topics;

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::cell::Status;
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::period::{Length, Period};

use super::columns::{Column, Columns};
use super::mapped::{Whose, silent, unspoken};
use super::mapping::{CaseRules, Condition, Mapping};
use super::problems::{Flaw, Problem, Problems};
use super::records::{Record, Records};
use super::unfold::Rows;
use super::{HowCounted, Intake, SourceFile, dates, numbers, opened, periods, verdict};
use crate::case_sets::ReferenceKey;
use references::References;
use topics::Topics;

/// Most rows of a file of cases: a large country's decade.
pub const CASES_MAX: usize = 2_000_000;
/// Largest file of cases: so many rows of 128 bytes.
pub const CASES_BYTES_MAX: usize = 256 << 20;

/// Reads a file of cases to the tables of one participant: all of them, or all problems.
///
/// # Errors
/// Every problem of the file.
pub(super) fn read(
    file: SourceFile<'_>,
    mapping: &Mapping,
    rules: &CaseRules,
    counted: &HowCounted,
    catalogue: &Catalogue,
    participant: &ParticipantCode,
    key: Option<&ReferenceKey>,
) -> Result<Intake, Problems> {
    let opened = opened::open(file, &mapping.file, CASES_BYTES_MAX)?;
    let records = Records::new(&opened.text, opened.delimiter, mapping.file.header_line).at_most(CASES_MAX);
    let mut records = Rows::new(records, &mapping.file)?;
    let columns = Columns::read_foreign(records.heading(), opened.delimiter)?;
    let mut problems = Problems::default();
    unspoken(&columns, &mapping.file, rules.columns()).unwrap_or_else(|problem| problems.push(problem));
    let metadata = counted.given.clone().unwrap_or_else(|| mapping.metadata(&rules.metadata));
    let whose = Whose::bind(&mapping.file, mapping, catalogue, participant, &columns).map_err(Problems::from);
    let whose = whose.map_err(|found| problems.absorb(found)).ok();
    let topics = Topics::bind(rules, mapping, &metadata, &columns, catalogue);
    let topics = topics.map_err(|found| problems.absorb(found)).ok();
    let reader = CaseReader::bind(rules, &columns, key).map_err(|found| problems.absorb(found)).ok();
    // What heading and mapping lack is said whole, before a row is read.
    let mut problems = problems.or(Problems::default())?;
    let (Some(whose), Some(mut topics), Some(mut reader)) = (whose, topics, reader) else {
        return Ok(Intake::default());
    };
    let mut intake = Intake::default();
    let mut record = Record::default();
    loop {
        match records.read(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(problem) => {
                problems.push(problem);
                break;
            }
        }
        intake.rows_read += 1;
        let taken = columns
            .fit(&record)
            .and_then(|()| whose.is(participant, &record))
            .and_then(|ours| if ours { reader.row(&record, &mut topics) } else { Ok(Row::OfOthers) });
        match taken {
            Ok(Row::Counted) => {}
            Ok(Row::LeftOut) => intake.rows_left_out += 1,
            Ok(Row::Repeated) => intake.rows_repeated += 1,
            Ok(Row::OfOthers) => intake.rows_of_others += 1,
            Err(problem) => problems.push(problem),
        }
        if problems.full() {
            break;
        }
    }
    silent(intake.rows_read, intake.rows_of_others, participant, &mut problems);
    let mut problems = problems.or(Problems::default())?;
    intake.tables = tables::make(rules, &topics, &reader.periods, &metadata, catalogue, &mut problems);
    let status = rules.status.map_or(Status::Normal, |letter| letter.0);
    intake.cases = references::sets(&mut topics, &reader.periods, status);
    verdict::judge(&intake.tables.iter().collect::<Vec<_>>(), catalogue, &mut problems);
    problems.or(intake)
}

/// What became of a row.
enum Row {
    Counted,
    LeftOut,
    /// Its case was counted already.
    Repeated,
    OfOthers,
}

/// The rules for a row, bound to the columns of a file.
struct CaseReader<'r> {
    rules: &'r CaseRules,
    conditions: Vec<(Column, &'r Condition)>,
    when: Column,
    /// The shortest of the periods to make; the others are sums of it.
    base: Length,
    periods: Periods,
    persons: Option<Column>,
    references: Option<References<'r>>,
}

/// The shortest periods of which the file has cases, by the way they are written in it.
#[derive(Default)]
struct Periods {
    all: Vec<Period>,
    known: FxHashMap<Box<str>, u16>,
}

impl<'r> CaseReader<'r> {
    fn bind(rules: &'r CaseRules, columns: &Columns, key: Option<&'r ReferenceKey>) -> Result<Self, Problems> {
        let when = rules.period.date.as_ref().or(rules.period.column.as_ref()).map_or("", String::as_str);
        let mut lengths: Vec<Length> = rules.make.iter().map(|made| made.length()).collect();
        lengths.sort_by_key(|length| length.months());
        let bound = |condition: &'r Condition| Ok::<_, Problem>((columns.find(&condition.column)?, condition));
        Ok(Self {
            rules,
            conditions: rules.conditions.iter().map(bound).collect::<Result<_, _>>()?,
            when: columns.find(when)?,
            base: lengths.first().copied().unwrap_or(Length::Quarter),
            periods: Periods::default(),
            persons: rules.persons.as_ref().map(|name| columns.find(name)).transpose()?,
            references: References::bind(rules, columns, key)?,
        })
    }

    fn row(&mut self, record: &Record<'_>, topics: &mut Topics<'_>) -> Result<Row, Problem> {
        if !self.conditions.iter().all(|(column, condition)| condition.holds(column.of(record))) {
            return Ok(Row::LeftOut);
        }
        let Some(topic) = topics.of(record)? else { return Ok(Row::LeftOut) };
        let period = self.period(record)?;
        let persons = self.persons(record)?;
        if !topic.read(record)? {
            return Ok(Row::LeftOut);
        }
        // A file of 256 MiB has fewer lines than 32 bits count.
        let line = u32::try_from(record.line).unwrap_or(u32::MAX);
        if let Some(references) = &self.references {
            let Some(hash) = references.read(record, line, topic)? else { return Ok(Row::Repeated) };
            let codes = topic.codes().to_vec();
            topic.kept.add(period, &hash, line, persons, &codes);
        }
        topic.count(period, persons, line);
        Ok(Row::Counted)
    }

    /// The place of the period of a row. A day is read once, however many cases it has.
    fn period(&mut self, record: &Record<'_>) -> Result<u16, Problem> {
        let written = match self.rules.period.date {
            Some(_) => dates::day_part(self.when.of(record)),
            None => self.when.of(record),
        };
        if let Some(place) = self.periods.known.get(written) {
            return Ok(*place);
        }
        let refuse = |flaw, accepted: &str| Problem::at(record.line, &self.when.name, written, flaw, accepted);
        let period = if self.rules.period.date.is_some() {
            let order = self.rules.period.order;
            dates::period_of(written, order, self.base).map_err(|flaw| refuse(flaw, dates::accepted(order)))?
        } else {
            let accepted = "2013, 2013-S1, 2013-Q1 or 2013-03, no longer than what is made";
            let known = self.rules.period.also.get(written).copied();
            let period = known.map_or_else(|| periods::written(written), Ok).map_err(|flaw| refuse(flaw, accepted))?;
            let longer = || refuse(Flaw::UnknownPeriod("it is longer than the periods that are made".into()), accepted);
            period.in_length(self.base).ok_or_else(longer)?
        };
        if !self.rules.covers.is_empty() && !self.rules.covers.iter().any(|covered| covered.contains(period)) {
            let flaw = Flaw::UnknownPeriod("it lies outside what the mapping says the file covers".into());
            return Err(refuse(flaw, "a day within cases.covers, or a longer cases.covers"));
        }
        // Some thousands of months exist.
        let place = self.periods.all.iter().position(|known| *known == period).unwrap_or_else(|| {
            self.periods.all.push(period);
            self.periods.all.len() - 1
        }) as u16;
        self.periods.known.insert(written.into(), place);
        Ok(place)
    }

    fn persons(&self, record: &Record<'_>) -> Result<u64, Problem> {
        let Some(column) = &self.persons else { return Ok(1) };
        let written = column.of(record);
        numbers::count(written).map_err(|flaw| Problem::at(record.line, &column.name, written, flaw, numbers::ACCEPTED))
    }
}

impl Periods {
    /// The periods of these places.
    fn of(&self, places: &BTreeSet<u16>) -> BTreeSet<Period> {
        places.iter().filter_map(|place| self.all.get(usize::from(*place)).copied()).collect()
    }
}

#[cfg(test)]
mod tests;
