//! The canonical CSV: `form,period,participant,<dimensions…>,value,status,conf`, one row a cell. What [`write_canonical`]
//! prints, [`read_canonical`] reads, and gets the same cells. Suppressed or missing cells have an empty value and their
//! codes; "fewer than k" has `<k`. Forms of fees, routes and text have the fields of their figure in place of `value`.
//!
//! The metadata block is not in this file; it comes beside it ([`super::metadata`]).

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::catalogue::{Catalogue, Form};
use vrs_protocol::cell::{Cell, Status};
use vrs_protocol::id::{FormCode, ParticipantCode};
use vrs_protocol::period::Period;
use vrs_protocol::table::{CELLS_MAX, Key, Table};

use super::columns::{Column, Columns};
use super::labels::{Found, Labels};
use super::problems::{Flaw, Problem, Problems, nearest};
use super::records::{Record, Records};
use super::{HowCounted, Intake, Taken, figures, text, verdict};

/// Headings before the dimensions.
const BEFORE: [&str; 3] = ["form", "period", "participant"];
/// Headings after the value columns.
const AFTER: [&str; 2] = ["status", "conf"];
/// What is accepted where a cell has no value.
const REASONS: &str =
    "L (not collected), O (not known), M (not applicable), K (counted elsewhere), Q (suppressed); zero is written 0";
/// What is accepted as conf beside a value, or a reason that hides nothing.
const CONF: &str = "F (free), or an empty field";
/// What is accepted as conf beside status Q.
const CONF_OF_HIDDEN: &str = "C (suppressed), N (withheld), E (embargoed), or an empty field";

/// The headings of a form's rows.
pub fn heading(form: &Form) -> Vec<&str> {
    let dimensions = form.dimensions.iter().map(|dimension| dimension.code.as_str());
    BEFORE.into_iter().chain(dimensions).chain(figures::columns(form.kind).iter().copied()).chain(AFTER).collect()
}

/// Prints tables of one form as canonical CSV.
pub fn write_canonical<'t>(
    tables: impl IntoIterator<Item = &'t Table>,
    form: &Form,
    participant: &ParticipantCode,
) -> String {
    let mut out = heading(form).join(",") + "\n";
    for table in tables {
        for (key, cell) in &table.cells {
            let (status, conf) = cell.codes();
            let before = [form.code.to_string(), table.period.to_string(), participant.to_string()].into_iter();
            let codes = key.0.iter().map(ToString::to_string);
            let values = figures::print(cell, form.kind);
            let mut values = values.into_iter();
            // "Fewer" fills one column of however many its kind has.
            let values = (0..figures::columns(form.kind).len()).map(|_| values.next().unwrap_or_default());
            let row: Vec<String> = before
                .chain(codes)
                .chain(values)
                .map(|field| quoted(&field))
                .chain([status.into(), conf.into()])
                .collect();
            out.push_str(&row.join(","));
            out.push('\n');
        }
    }
    out
}

/// A field, in quotation marks where it needs them.
pub fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) || field.trim() != field {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.into()
    }
}

/// Whether a file has the heading of canonical CSV. What is wrong with it otherwise is said when it is read.
#[must_use]
pub fn is_canonical(bytes: &[u8]) -> bool {
    let line = bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line);
    let names: Vec<&[u8]> = line.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).collect();
    EVERYWHERE.into_iter().all(|name| names.contains(&name.as_bytes()))
}

/// Reads canonical CSV of the participant's own figures: all tables of the file, or all of its problems.
pub fn read_canonical(
    bytes: &[u8],
    counted: &HowCounted,
    catalogue: &Catalogue,
    participant: &ParticipantCode,
) -> Result<Intake, Problems> {
    let text = text::decode(bytes)?;
    let mut records = Records::new(text, ',', 1);
    let columns = Columns::read(records.next().transpose()?, ',')?;
    let missing: Vec<&str> = EVERYWHERE.into_iter().filter(|name| columns.find(name).is_err()).collect();
    if !missing.is_empty() {
        let found = columns.names().join(", ");
        let flaw = Flaw::Columns(format!("the file lacks {}; it has {found}", missing.join(", ")));
        let accepted =
            "the heading that 'table FORM PERIOD --csv' prints, in small letters; or a mapping for another layout";
        return Err(Problem::of_file(flaw, accepted).into());
    }
    let mut reader = Reader {
        counted,
        catalogue,
        participant,
        columns,
        forms: BTreeMap::new(),
        tables: BTreeMap::new(),
        problems: Problems::default(),
        rows: 0,
    };
    for record in records {
        match record {
            Ok(record) => reader.row(&record),
            Err(problem) => reader.problems.push(problem),
        }
        if reader.problems.full() {
            break;
        }
    }
    reader.finish()
}

/// Columns that a table of every form has.
const EVERYWHERE: [&str; 5] = ["form", "period", "participant", "status", "conf"];

/// The rows read so far.
struct Reader<'c> {
    counted: &'c HowCounted,
    catalogue: &'c Catalogue,
    participant: &'c ParticipantCode,
    columns: Columns,
    /// The forms met; `None` where the columns of the file are not those of the form.
    forms: BTreeMap<FormCode, Option<Bound<'c>>>,
    tables: BTreeMap<(usize, Period), Taken>,
    problems: Problems,
    rows: usize,
}

/// A form with the places of its columns.
struct Bound<'c> {
    form: &'c Form,
    participant: Column,
    period: Column,
    dimensions: Vec<(Column, Labels<'c>)>,
    values: Vec<Column>,
    status: Column,
    conf: Column,
}

impl<'c> Bound<'c> {
    fn new(form: &'c Form, columns: &Columns, catalogue: &'c Catalogue) -> Result<Self, Problem> {
        let expected: BTreeSet<&str> = heading(form).into_iter().collect();
        let found: BTreeSet<&str> = columns.names().iter().map(String::as_str).collect();
        if expected != found {
            let listed = |names: Vec<&&str>| names.into_iter().copied().collect::<Vec<_>>().join(", ");
            let lacking = listed(expected.difference(&found).collect());
            let surplus = listed(found.difference(&expected).collect());
            let flaw = Flaw::Columns(match (lacking.as_str(), surplus.as_str()) {
                (lacking, "") => format!("for {} the file lacks {lacking}", form.code),
                ("", surplus) => format!("for {} the file has {surplus} besides", form.code),
                (lacking, surplus) => format!("for {} the file lacks {lacking} and has {surplus} besides", form.code),
            });
            return Err(Problem::of_file(flaw, heading(form).join(",")));
        }
        Ok(Self {
            form,
            participant: columns.find("participant")?,
            period: columns.find("period")?,
            dimensions: form
                .dimensions
                .iter()
                .map(|d| Ok((columns.find(&d.code)?, Labels::codes(catalogue, d))))
                .collect::<Result<_, Problem>>()?,
            values: figures::columns(form.kind).iter().map(|name| columns.find(name)).collect::<Result<_, _>>()?,
            status: columns.find("status")?,
            conf: columns.find("conf")?,
        })
    }
}

impl Reader<'_> {
    fn row(&mut self, record: &Record<'_>) {
        self.rows += 1;
        if let Err(problem) = self.columns.fit(record).and_then(|()| self.cell(record)) {
            self.problems.push(problem);
        }
    }

    fn cell(&mut self, record: &Record<'_>) -> Result<(), Problem> {
        let code = self.columns.find("form")?;
        let Some(form) = FormCode::parse(code.of(record)).ok().and_then(|form| self.catalogue.form(&form)) else {
            let forms = self.catalogue.forms().iter().map(|form| form.code.as_str());
            let near = nearest(code.of(record), forms.clone());
            let accepted = if near.is_empty() { forms.collect::<Vec<_>>() } else { near }.join(", ");
            return Err(Problem::at(record.line, "form", code.of(record), Flaw::UnknownForm, accepted));
        };
        if !self.forms.contains_key(&form.code) {
            let bound =
                Bound::new(form, &self.columns, self.catalogue).map_err(|problem| self.problems.push(problem)).ok();
            self.forms.insert(form.code.clone(), bound);
        }
        // The wrong columns were said once, for the form; each row of it need not say it again.
        let Some(Some(bound)) = self.forms.get(&form.code) else { return Ok(()) };
        let period = bound.period.of(record);
        let period = Period::parse(period).map_err(|error| {
            Problem::at(
                record.line,
                "period",
                period,
                Flaw::UnknownPeriod(error.to_string()),
                "2013, 2013-S1, 2013-Q1 or 2013-03",
            )
        })?;
        if bound.participant.of(record) != self.participant.as_str() {
            return Err(Problem::at(
                record.line,
                "participant",
                bound.participant.of(record),
                Flaw::Participant,
                self.participant.to_string(),
            ));
        }
        let mut key = Vec::new();
        for (column, labels) in &bound.dimensions {
            match labels.read(column.of(record)) {
                Ok(Found::Code(code)) => key.push(code),
                Ok(Found::Skip) => return Ok(()),
                Err((flaw, accepted)) => {
                    return Err(Problem::at(record.line, &column.name, column.of(record), flaw, accepted));
                }
            }
        }
        let (key, cell) = (Key(key), answer(record, bound, self.catalogue)?);
        let place = (self.catalogue.order(&form.code), period);
        let taken = self.tables.entry(place).or_insert_with(|| {
            let mut table = Table::new(form.code.clone(), period);
            table.metadata = self.counted.of(&form.code, period);
            Taken { table, lines: BTreeMap::new(), rows: BTreeMap::new() }
        });
        if let Some(line) = taken.lines.get(&key) {
            return Err(Problem::at(record.line, "", &key.to_string(), Flaw::Duplicate(*line), "each cell once"));
        }
        if taken.table.cells.len() >= CELLS_MAX {
            return Err(Problem::at(
                record.line,
                "",
                "",
                Flaw::TooLarge(format!("more than {CELLS_MAX} cells")),
                "fewer cells in one table",
            ));
        }
        taken.lines.insert(key.clone(), record.line);
        taken.table.cells.insert(key, cell);
        Ok(())
    }

    fn finish(mut self) -> Result<Intake, Problems> {
        if self.rows == 0 && self.problems.is_empty() {
            self.problems.push(Problem::of_file(
                Flaw::Empty("there are no rows below the column names"),
                "one row for each cell",
            ));
        }
        verdict::judge(&self.tables.values().collect::<Vec<_>>(), self.catalogue, &mut self.problems);
        let tables = self.tables.into_values().collect();
        self.problems.or(Intake { tables, rows_read: self.rows, ..Intake::default() })
    }
}

/// The cell of a row, from its value columns and its codes.
fn answer(record: &Record<'_>, bound: &Bound<'_>, catalogue: &Catalogue) -> Result<Cell, Problem> {
    let fields: Vec<&str> = bound.values.iter().map(|column| column.raw(record)).collect();
    let (status, conf) = (bound.status.of(record), bound.conf.of(record));
    let first = bound.values.first().map_or("value", |column| column.name.as_str());
    let empty = fields.iter().all(|field| field.trim().is_empty());
    if empty {
        return Cell::of_codes(status, conf).ok_or_else(|| {
            let flaw =
                Flaw::Status(format!("the value is empty, and status {status:?} with conf {conf:?} is not a reason"));
            match Cell::of_codes(status, "") {
                Some(Cell::Suppressed) => Problem::at(record.line, "conf", conf, flaw, CONF_OF_HIDDEN),
                Some(_) => Problem::at(record.line, "conf", conf, flaw, CONF),
                None => Problem::at(record.line, "status", status, flaw, REASONS),
            }
        });
    }
    if let (Some(below), true, "Q", "" | "C") =
        (fields[0].trim().strip_prefix('<'), bound.form.kind.counts(), status, conf)
    {
        return match below.parse::<u16>() {
            Ok(below) if below >= 2 => Ok(Cell::Fewer { below }),
            _ => Err(Problem::at(
                record.line,
                first,
                fields[0].trim(),
                Flaw::NotACount("it is not a bound"),
                "<2 and above, such as <5",
            )),
        };
    }
    let letter = if status.is_empty() { Some(Status::Normal) } else { Status::of_letter(status) };
    let flaw =
        || Flaw::Status(format!("there is a value, and status {status:?} with conf {conf:?} does not go with one"));
    let Some(letter) = letter else {
        let letters = Status::ALL.map(Status::letter).join(", ");
        let accepted = format!("one of {letters} with conf F; or an empty value");
        return Err(Problem::at(record.line, "status", status, flaw(), accepted));
    };
    if !matches!(conf, "" | "F") {
        return Err(Problem::at(record.line, "conf", conf, flaw(), CONF));
    }
    let figure = figures::read(&fields, bound.form, catalogue)
        .map_err(|wrong| Problem::at(record.line, wrong.column, &wrong.value, wrong.flaw, wrong.accepted))?;
    Ok(Cell::Value { figure, status: letter })
}
