//! Workbooks that an agency fills in without a network. Each question has a sheet of its own, whose rows are those of a [`Sheet`];
//! what a cell means is said by hidden rows above it, not by its place, so that a workbook with renamed sheets, moved columns and
//! half of its rows is still understood. Filled in, it comes back as the same sheets, and goes through the same intake as what is
//! typed at the console.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};
use vrs_protocol::catalogue::{Catalogue, Form};
use vrs_protocol::id::{FormCode, ParticipantCode};
use vrs_protocol::period::Period;
use vrs_protocol::table::Metadata;

use super::fields::{self, Field};
use super::rows::{grows, is_grown};
use super::{ROWS_MAX, Row, Sheet};
use crate::figures;
use crate::problems::{Flaw, Problem};
use crate::records::{Record, Records};
use crate::workbook::{self, SheetText};

/// What the hidden row above the columns begins with, and the version of this layout.
const MARK: &str = "vrs:1";
/// The hidden sheet of the countries.
const CODES: &str = "_codes";
/// The name of the list of countries.
const COUNTRIES: &str = "vrs_countries";
/// Rows that wait in a list for what an agency adds.
const WAITING: usize = 60;
/// Row of the hidden facts, of the hidden names of the columns, of the headings, and of the first answer; from 0.
const FACTS: u32 = 2;
const NAMES: u32 = 3;
const HEADS: u32 = 4;
const FIRST: u32 = 5;
/// The fields of "how it was counted".
const COUNTED: [&str; 10] = [
    "unit",
    "source",
    "legal_basis",
    "definition_followed",
    "deviation",
    "coverage",
    "double_counting",
    "period_deviation",
    "comment",
    "list_complete",
];

/// A workbook to be made. All texts are in the language of who asked for it.
#[derive(Debug, Clone)]
pub struct Template<'t> {
    /// Whose figures.
    pub participant: &'t ParticipantCode,
    /// The code of the agency.
    pub agency: &'t str,
    /// The period.
    pub period: Period,
    /// The name of the first sheet, and what stands on it.
    pub intro: (String, Vec<String>),
    /// The name of the sheet "how it was counted", and its headings: the question, then the fields.
    pub counted: (String, Vec<String>),
    /// What a cell of counts says when it is entered.
    pub hint: String,
    /// Countries as they are chosen, `Name (CODE)`.
    pub countries: Vec<String>,
    /// The questions.
    pub forms: Vec<FormSheet<'t>>,
}

/// One question of a workbook.
#[derive(Debug, Clone)]
pub struct FormSheet<'t> {
    /// The form.
    pub form: &'t Form,
    /// Its title.
    pub title: String,
    /// Its question.
    pub question: String,
    /// Headings of its dimensions and value columns, and of the reason where there is one.
    pub heads: Vec<String>,
    /// The rows it begins with.
    pub sheet: Sheet,
}

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
    /// The row of the workbook of each row of the sheet, counted from 1.
    pub lines: Vec<u64>,
}

/// The workbook as a file.
///
/// # Errors
/// What the library refuses, such as a name of a sheet that is too long.
pub fn write(template: &Template<'_>, catalogue: &Catalogue) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let (name, lines) = &template.intro;
    let intro = book.add_worksheet().set_name(tab(name))?;
    intro.set_column_width(0, 100)?;
    for (row, line) in lines.iter().enumerate() {
        let format = if row == 0 { Format::new().set_bold().set_font_size(14) } else { Format::new().set_text_wrap() };
        intro.write_with_format(row as u32, 0, line.as_str(), &format)?;
    }
    intro.protect();
    for form in &template.forms {
        let sheet = book.add_worksheet().set_name(form.form.code.as_str())?;
        form_sheet(sheet, form, template, catalogue)?;
    }
    counted(book.add_worksheet(), template)?;
    let codes = book.add_worksheet().set_name(CODES)?.set_very_hidden(true);
    codes.write_column(0, 0, template.countries.iter().map(String::as_str))?;
    let last = template.countries.len().max(1);
    book.define_name(COUNTRIES, &format!("={CODES}!$A$1:$A${last}"))?;
    book.save_to_buffer()
}

/// A name that a sheet can have: at most 31 letters, and none of those that separate.
fn tab(name: &str) -> String {
    name.chars().map(|c| if "[]:*?/\\'".contains(c) { ' ' } else { c }).take(31).collect()
}

struct Formats {
    title: Format,
    text: Format,
    head: Format,
    fixed: Format,
    open: Format,
}

impl Formats {
    fn new() -> Self {
        let lined = |format: Format| format.set_border(FormatBorder::Thin).set_border_color(Color::RGB(0x00C8_CCD0));
        Self {
            title: Format::new().set_bold().set_font_size(14),
            text: Format::new(),
            head: lined(Format::new().set_bold().set_text_wrap().set_background_color(Color::RGB(0x00E9_ECEF))),
            fixed: lined(Format::new().set_background_color(Color::RGB(0x00F4_F5F6))),
            // As text: a spreadsheet makes a day of 1-4, and a fraction of 1/2.
            open: lined(Format::new().set_unlocked().set_num_format("@")),
        }
    }
}

fn form_sheet(
    sheet: &mut Worksheet,
    form: &FormSheet<'_>,
    template: &Template<'_>,
    catalogue: &Catalogue,
) -> Result<(), XlsxError> {
    let formats = Formats::new();
    sheet.write_with_format(0, 0, form.title.as_str(), &formats.title)?;
    sheet.write_with_format(1, 0, form.question.as_str(), &formats.text)?;
    let facts = [
        MARK.to_owned(),
        format!("form:{}", form.form.code),
        format!("period:{}", template.period),
        format!("participant:{}", template.participant),
        format!("agency:{}", template.agency),
    ];
    for (column, fact) in facts.iter().enumerate() {
        sheet.write(FACTS, column as u16, fact.as_str())?;
    }
    let fields = fields::of(form.form, catalogue);
    let dimensions = form.form.dimensions.iter().map(|dimension| format!("dimension:{}", dimension.code));
    let values = figures::columns(form.form.kind).iter().map(|column| format!("value:{column}"));
    let mut names: Vec<String> = dimensions.chain(values).collect();
    if !form.form.kind.counts() {
        names.push("status".into());
    }
    for (column, name) in names.iter().enumerate() {
        sheet.write(NAMES, column as u16, name.as_str())?;
        let head = form.heads.get(column).map_or("", String::as_str);
        sheet.write_with_format(HEADS, column as u16, head, &formats.head)?;
        sheet.set_column_width(column as u16, if name.starts_with("dimension:") { 32 } else { 18 })?;
    }
    sheet.set_row_hidden(FACTS)?;
    sheet.set_row_hidden(NAMES)?;
    sheet.set_freeze_panes(FIRST, 0)?;
    let mut rows = form.sheet.rows.clone();
    if grows(form.form, catalogue) {
        rows.extend(std::iter::repeat_n(super::rows::blank(form.form), WAITING));
    }
    for (place, row) in rows.iter().take(ROWS_MAX).enumerate() {
        let line = FIRST + place as u32;
        let mut values = row.values.clone();
        values.resize(fields.len(), String::new());
        let status = (!form.form.kind.counts()).then_some(&row.status);
        for (column, text) in row.codes.iter().chain(&values).chain(status).enumerate() {
            let is_fixed = column < row.codes.len() && !text.is_empty();
            let format = if is_fixed { &formats.fixed } else { &formats.open };
            // Text, also of a number: a formula is never written.
            sheet.write_string_with_format(line, column as u16, text.as_str(), format)?;
        }
    }
    validations(sheet, form, template, catalogue, &fields, rows.len().min(ROWS_MAX) as u32)?;
    sheet.protect();
    Ok(())
}

/// Lists to choose from, and what a cell says when it is entered. A warning can be passed over: what is wrong is said when the
/// workbook comes back.
fn validations(
    sheet: &mut Worksheet,
    form: &FormSheet<'_>,
    template: &Template<'_>,
    catalogue: &Catalogue,
    fields: &[(&'static str, Field)],
    rows: u32,
) -> Result<(), XlsxError> {
    let last = FIRST + rows.max(1) - 1;
    let dimensions = form.form.dimensions.len();
    let countries = || {
        DataValidation::new()
            .allow_list_formula(Formula::new(format!("={COUNTRIES}")))
            .set_error_style(DataValidationErrorStyle::Warning)
    };
    for (column, dimension) in form.form.dimensions.iter().enumerate() {
        if is_grown(dimension, catalogue) && dimension.list == "country" {
            sheet.add_data_validation(FIRST, column as u16, last, column as u16, &countries())?;
        }
    }
    for (place, (_, field)) in fields.iter().enumerate() {
        let column = (dimensions + place) as u16;
        let validation = match field {
            Field::Country => countries(),
            Field::One(codes) if codes.iter().map(|code| code.len() + 1).sum::<usize>() < 255 => {
                DataValidation::new().allow_list_strings(codes)?.set_error_style(DataValidationErrorStyle::Warning)
            }
            Field::Count => DataValidation::new().allow_any_value().set_input_message(hint(&template.hint))?,
            _ => continue,
        };
        sheet.add_data_validation(FIRST, column, last, column, &validation)?;
    }
    Ok(())
}

/// Spreadsheets show 255 letters of a hint.
fn hint(text: &str) -> String {
    text.chars().take(255).collect()
}

fn counted(sheet: &mut Worksheet, template: &Template<'_>) -> Result<(), XlsxError> {
    let formats = Formats::new();
    let (name, heads) = &template.counted;
    sheet.set_name(tab(name))?;
    sheet.write_with_format(0, 0, name.as_str(), &formats.title)?;
    sheet.write(FACTS, 0, MARK)?;
    sheet.write(FACTS, 1, "counted")?;
    sheet.set_row_hidden(FACTS)?;
    sheet.set_row_hidden(NAMES)?;
    sheet.write(NAMES, 0, "form")?;
    for (column, field) in COUNTED.into_iter().enumerate() {
        sheet.write(NAMES, column as u16 + 1, field)?;
    }
    for (column, head) in heads.iter().take(COUNTED.len() + 1).enumerate() {
        sheet.write_with_format(HEADS, column as u16, head.as_str(), &formats.head)?;
        sheet.set_column_width(column as u16, 24)?;
    }
    sheet.set_freeze_panes(FIRST, 1)?;
    let yes_no = DataValidation::new().allow_list_strings(&["yes", "no"])?;
    for (place, form) in template.forms.iter().enumerate() {
        let line = FIRST + place as u32;
        let known = texts(&form.sheet.metadata);
        sheet.write_string_with_format(line, 0, form.form.code.as_str(), &formats.fixed)?;
        for (column, text) in known.iter().enumerate() {
            sheet.write_string_with_format(line, column as u16 + 1, text.as_str(), &formats.open)?;
        }
        for column in
            COUNTED.iter().enumerate().filter(|(_, field)| is_yes_no(field)).map(|(column, _)| column as u16 + 1)
        {
            sheet.add_data_validation(line, column, line, column, &yes_no)?;
        }
        if !form.form.units.is_empty() {
            let units = DataValidation::new().allow_list_strings(&form.form.units)?;
            sheet.add_data_validation(line, 1, line, 1, &units)?;
        }
    }
    sheet.protect();
    Ok(())
}

fn is_yes_no(field: &str) -> bool {
    matches!(field, "definition_followed" | "double_counting" | "list_complete")
}

/// The fields of [`COUNTED`] as they are written.
fn texts(metadata: &Metadata) -> Vec<String> {
    let word = |said: bool| if said { "yes" } else { "no" }.to_owned();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    vec![
        text(&metadata.unit),
        text(&metadata.source),
        text(&metadata.legal_basis),
        metadata.definition_followed.map(word).unwrap_or_default(),
        text(&metadata.deviation),
        text(&metadata.coverage),
        metadata.double_counting.map(word).unwrap_or_default(),
        text(&metadata.period_deviation),
        text(&metadata.comment),
        if metadata.list_complete { word(true) } else { String::new() },
    ]
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
            Some(facts) if facts.iter().any(|fact| fact == "counted") => metadata.extend(read_counted(sheet)),
            Some(facts) => filled.sheets.extend(read_form(sheet, &facts, catalogue)?),
            None if sheet.name == CODES => {}
            None => filled.ignored.push(sheet.name.clone()),
        }
    }
    for sheet in &mut filled.sheets {
        if let Some((_, said)) = metadata.iter().find(|(form, _)| *form == sheet.form.as_str()) {
            sheet.sheet.metadata = said.clone();
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

fn read_counted(sheet: &SheetText) -> Vec<(String, Metadata)> {
    let (names, records) = named_rows(sheet, "form");
    let said = |record: &Record<'_>, field: &str| {
        let place = names.iter().position(|name| name == field)?;
        let text = record.fields.get(place)?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    };
    let yes = |record: &Record<'_>, field: &str| said(record, field).map(|text| text.eq_ignore_ascii_case("yes"));
    let metadata = |record: &Record<'_>| Metadata {
        unit: said(record, "unit"),
        source: said(record, "source"),
        legal_basis: said(record, "legal_basis"),
        definition_followed: yes(record, "definition_followed"),
        deviation: said(record, "deviation"),
        coverage: said(record, "coverage"),
        double_counting: yes(record, "double_counting"),
        period_deviation: said(record, "period_deviation"),
        comment: said(record, "comment"),
        list_complete: yes(record, "list_complete").unwrap_or(false),
    };
    records.iter().filter_map(|record| Some((said(record, "form")?, metadata(record)))).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::*;
    use crate::sheet::{csv, rows};
    use crate::{HowCounted, read_canonical};

    fn template(fill: impl Fn(&mut Sheet), codes: &[&str]) -> Vec<u8> {
        let catalogue = Catalogue::bundled();
        let forms = codes.iter().map(|code| {
            let form = catalogue.form(&FormCode::parse(code).unwrap()).unwrap();
            let mut sheet = rows::sheet(form, catalogue, None, |_, code| code.to_string());
            fill(&mut sheet);
            FormSheet {
                form,
                title: form.title.clone(),
                question: "Question?".into(),
                heads: vec!["Head".into(); 9],
                sheet,
            }
        });
        let template = Template {
            participant: &ParticipantCode::parse("FRA").unwrap(),
            agency: "BF",
            period: Period::parse("2021-Q1").unwrap(),
            intro: ("Read: me?".into(), vec!["Title".into(), "Text".into()]),
            counted: ("How it was counted".into(), vec!["x".into(); 11]),
            hint: "A whole number".into(),
            countries: vec!["Afghanistan (AFG)".into(), "Mali (MLI)".into()],
            forms: forms.collect(),
        };
        write(&template, catalogue).unwrap()
    }

    #[test]
    fn a_blank_workbook_says_nothing() {
        let bytes = template(|_| {}, &["IE_TOT", "IE_CIT", "IE_SXA", "MF_FEE", "RT_CTY", "IN"]);
        assert!(is_template(&bytes));
        let filled = read(&bytes, Catalogue::bundled()).unwrap();
        assert_eq!((filled.sheets.len(), filled.ignored), (0, vec!["Read  me ".to_owned()]));
    }

    #[test]
    fn what_was_filled_in_comes_back_with_the_rows_of_the_workbook() {
        let fill = |sheet: &mut Sheet| {
            sheet.rows[0].values = vec!["1 234 P".into()];
            sheet.metadata.coverage = Some("All".into());
            sheet.metadata.list_complete = true;
            if let Some(row) = sheet.rows.iter_mut().find(|row| row.codes == [""]) {
                row.codes[0] = "Mali (MLI)".into();
                row.values = vec!["=1+1".into()];
            }
        };
        let bytes = template(fill, &["IE_TOT", "IE_CIT"]);
        let filled = read(&bytes, Catalogue::bundled()).unwrap();
        assert_eq!(filled.sheets.len(), 2);
        let list = &filled.sheets[1];
        assert_eq!(
            (list.form.as_str(), list.period.to_string().as_str(), list.agency.as_str()),
            ("IE_CIT", "2021-Q1", "BF")
        );
        assert_eq!(list.sheet.metadata.coverage.as_deref(), Some("All"));
        assert!(list.sheet.metadata.list_complete);
        // What looks like a formula is a text, and is refused as any text is.
        assert_eq!(list.sheet.rows[1].values, ["=1+1"]);
        let mut right = list.sheet.clone();
        right.rows[1].values[0] = "34".into();
        let catalogue = Catalogue::bundled();
        let form = catalogue.form(&list.form).unwrap();
        let ours = ParticipantCode::parse("FRA").unwrap();
        let written = csv::write(&right, form, list.period, &ours, catalogue).unwrap();
        let text = written.on_lines(&list.lines);
        let read = read_canonical(text.as_bytes(), &HowCounted::default(), catalogue, &ours).unwrap();
        let lines: Vec<u64> = read.tables[0].lines.values().copied().collect();
        let mut rows = list.lines.clone();
        rows.sort_unstable_by(|a, b| b.cmp(a));
        assert_eq!(lines, rows, "{text}");
    }
}
