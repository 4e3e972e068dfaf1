//! A workbook to be filled in.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};
use vrs_protocol::catalogue::{Catalogue, Form};
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::period::Period;
use vrs_protocol::table::Metadata;

use super::super::fields::{self, Field};
use super::super::rows::{blank, grows, is_grown};
use super::super::{ROWS_MAX, Sheet};
use super::{CODES, COUNTED, COUNTRIES, FACTS, FIRST, HEADS, MARK, NAMES};
use crate::figures;

/// Rows that wait in a list for what an agency adds.
const WAITING: usize = 60;

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
        rows.extend(std::iter::repeat_n(blank(form.form), WAITING));
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
