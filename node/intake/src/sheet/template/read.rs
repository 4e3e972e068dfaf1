//! A workbook that came back.

use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::table::Metadata;

use super::super::{ROWS_MAX, Row, Sheet};
use super::{CODES, FIRST, MARK};
use crate::figures;
use crate::problems::{Flaw, Problem};
use crate::records::{Record, Records};
use crate::workbook::{self, SheetText};

/// What came back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filled {
    /// The sheets with an answer.
    pub sheets: Vec<FilledSheet>,
    /// Sheets of the workbook that are none of ours.
    pub ignored: Vec<String>,
}

/// A sheet that came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilledSheet {
    /// Its name in the workbook.
    pub tab: String,
    /// The form.
    pub form: FormCode,
    /// The period.
    pub period: Period,
    /// Whose figures the workbook was made for.
    pub participant: String,
    /// The agency it was made for.
    pub agency: String,
    /// What was answered.
    pub sheet: Sheet,
    /// Whether the workbook says how it was counted. Without that sheet, what was said before stays.
    pub says_how_counted: bool,
    /// The row of the workbook of each row of the sheet, counted from 1.
    pub lines: Vec<u64>,
}

/// Whether a workbook is one of ours, filled in or not.
#[must_use]
pub fn is_template(bytes: &[u8]) -> bool {
    workbook::is_workbook(bytes)
        && workbook::read_all(bytes).is_ok_and(|sheets| sheets.iter().any(|sheet| facts(sheet).is_some()))
}

/// What was filled in.
///
/// # Errors
/// When the workbook cannot be read, or a sheet says nothing that can be understood of what it answers.
pub fn read(bytes: &[u8], catalogue: &Catalogue) -> Result<Filled, Problem> {
    let sheets = workbook::read_all(bytes)?;
    let mut filled = Filled::default();
    let mut metadata = Vec::new();
    for sheet in &sheets {
        match facts(sheet) {
            Some(facts) if facts.iter().any(|fact| fact == "counted") => metadata.extend(read_counted(sheet)?),
            Some(facts) => filled.sheets.extend(read_form(sheet, &facts, catalogue)?),
            None if sheet.name == CODES => {}
            None => filled.ignored.push(sheet.name.clone()),
        }
    }
    for sheet in &mut filled.sheets {
        if let Some((_, said)) = metadata.iter().find(|(form, _)| *form == sheet.form.as_str()) {
            sheet.sheet.metadata = said.clone();
            sheet.says_how_counted = true;
        }
    }
    for (place, sheet) in filled.sheets.iter().enumerate() {
        let is_same = |other: &&FilledSheet| other.form == sheet.form && other.period == sheet.period;
        if let Some(other) = filled.sheets[..place].iter().find(is_same) {
            let flaw = Flaw::Shape(format!(
                "the sheets {} and {} both answer {} for {}",
                other.tab, sheet.tab, sheet.form, sheet.period
            ));
            return Err(Problem::of_file(flaw, "one sheet for each question and period; nothing was taken"));
        }
    }
    Ok(filled)
}

/// The hidden facts of a sheet, where it has them.
fn facts(sheet: &SheetText) -> Option<Vec<String>> {
    let records = Records::new(&sheet.text, workbook::DELIMITER, 1).take(FIRST as usize + 4).map_while(Result::ok);
    let mut facts =
        records.map(|record| record.fields.iter().map(|field| field.trim().to_owned()).collect::<Vec<String>>());
    facts.find(|fields| fields.iter().any(|field| field == MARK))
}

/// The rows below the hidden names of the columns, and those names.
fn named_rows(sheet: &SheetText, first: &str) -> (Vec<String>, Vec<Record<'static>>) {
    let mut records = Records::new(&sheet.text, workbook::DELIMITER, 1)
        .map_while(Result::ok)
        .skip_while(|record| !record.fields.iter().any(|field| field.trim().starts_with(first)));
    let Some(names) = records.next() else { return (Vec::new(), Vec::new()) };
    let names = names.fields.iter().map(|field| field.trim().to_owned()).collect();
    let owned = |record: Record<'_>| Record {
        line: record.line,
        fields: record.fields.into_iter().map(|field| field.into_owned().into()).collect(),
    };
    // Below the names stand the headings.
    (names, records.skip(1).map(owned).collect())
}

fn read_form(sheet: &SheetText, facts: &[String], catalogue: &Catalogue) -> Result<Option<FilledSheet>, Problem> {
    let fact = |key: &str| facts.iter().find_map(|fact| fact.strip_prefix(key)).unwrap_or_default().to_owned();
    let wrong = |flaw, value: &str, accepted: &str| {
        let mut problem = Problem::at(0, "", value, flaw, accepted);
        problem.file = Some(sheet.name.as_str().into());
        problem
    };
    let said = (fact("form:"), fact("period:"));
    let form = FormCode::parse(&said.0).ok().and_then(|code| catalogue.form(&code));
    let form = form.ok_or_else(|| {
        wrong(Flaw::UnknownForm, &said.0, "a workbook of this questionnaire, unchanged above its headings")
    })?;
    let period = Period::parse(&said.1)
        .map_err(|error| wrong(Flaw::UnknownPeriod(error.to_string()), &said.1, "a workbook as it was made"))?;
    let (names, records) = named_rows(sheet, if form.dimensions.is_empty() { "value:" } else { "dimension:" });
    let place = |name: String| names.iter().position(|own| *own == name);
    let codes: Vec<Option<usize>> =
        form.dimensions.iter().map(|dimension| place(format!("dimension:{}", dimension.code))).collect();
    let values: Vec<Option<usize>> =
        figures::columns(form.kind).iter().map(|column| place(format!("value:{column}"))).collect();
    if let Some(lost) = codes.iter().chain(&values).position(Option::is_none) {
        let flaw = Flaw::Columns(format!("column {} of the sheet is not there any more", lost + 1));
        return Err(wrong(flaw, "", "the sheet with all of its columns; a new workbook can be had at any time"));
    }
    let status = place("status".into());
    let mut filled = FilledSheet {
        tab: sheet.name.clone(),
        form: form.code.clone(),
        period,
        participant: fact("participant:"),
        agency: fact("agency:"),
        sheet: Sheet::default(),
        says_how_counted: false,
        lines: Vec::new(),
    };
    for record in records {
        let text = |place: &Option<usize>| {
            place.and_then(|place| record.fields.get(place)).map_or_else(String::new, |field| field.trim().to_owned())
        };
        let row = Row {
            codes: codes.iter().map(text).collect(),
            values: values.iter().map(text).collect(),
            status: text(&status),
            ..Row::default()
        };
        if row.is_blank() {
            continue;
        }
        if filled.sheet.rows.len() >= ROWS_MAX {
            let flaw = Flaw::TooLarge(format!("more than {ROWS_MAX} rows are filled in"));
            return Err(wrong(flaw, "", "a longer table as CSV"));
        }
        filled.sheet.rows.push(row);
        filled.lines.push(record.line);
    }
    Ok((!filled.sheet.rows.is_empty()).then_some(filled))
}

fn read_counted(sheet: &SheetText) -> Result<Vec<(String, Metadata)>, Problem> {
    let (names, records) = named_rows(sheet, "form");
    let said = |record: &Record<'_>, field: &str| {
        let place = names.iter().position(|name| name == field)?;
        let text = record.fields.get(place)?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let yes_no = |record: &Record<'_>, field: &str| match said(record, field).map(|text| text.to_lowercase()).as_deref()
    {
        None => Ok(None),
        Some("yes") => Ok(Some(true)),
        Some("no") => Ok(Some(false)),
        Some(other) => {
            let mut problem =
                Problem::at(record.line, field, other, Flaw::Metadata("it is neither yes nor no".into()), "yes or no");
            problem.file = Some(sheet.name.as_str().into());
            Err(problem)
        }
    };
    let mut all = Vec::new();
    for record in &records {
        let Some(form) = said(record, "form") else { continue };
        let metadata = Metadata {
            unit: said(record, "unit"),
            source: said(record, "source"),
            legal_basis: said(record, "legal_basis"),
            definition_followed: yes_no(record, "definition_followed")?,
            deviation: said(record, "deviation"),
            coverage: said(record, "coverage"),
            double_counting: yes_no(record, "double_counting")?,
            period_deviation: said(record, "period_deviation"),
            comment: said(record, "comment"),
            list_complete: yes_no(record, "list_complete")?.unwrap_or(false),
        };
        all.push((form, metadata));
    }
    Ok(all)
}
