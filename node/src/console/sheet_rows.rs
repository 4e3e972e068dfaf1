//! The rows of a sheet as a page shows them: which fields are open, what is offered in them, and what was answered before.

use vrs_console::domain::cells::shown;
use vrs_console::domain::names::{country_name, label};
use vrs_console::domain::tables::{heading, key_words};
use vrs_console::numbers::Shown;
use vrs_protocol::catalogue::{Catalogue, Dimension, Form, Kind};
use vrs_protocol::cell::Cell;
use vrs_protocol::id::Code;
use vrs_protocol::table::{Key, Table};

use crate::say;
use crate::sentences::NODE;
use crate::sheet::csv::code_in;
use crate::sheet::fields::{self, Field, REASONS, letter, reason};
use crate::sheet::rows::{fixed, is_grown};
use crate::sheet::{Row, Sheet};

/// One row.
pub(super) struct RowView {
    pub(super) place: usize,
    /// What the fixed row is about; empty where its codes are typed.
    pub(super) head: String,
    pub(super) codes: Vec<CodeView>,
    pub(super) values: Vec<FieldView>,
    /// Letters and words of the reasons, and whether it is the chosen one; empty where they are typed as values.
    pub(super) reasons: Vec<Choice>,
    pub(super) before: String,
    pub(super) problem: String,
    pub(super) total: bool,
    /// What is noted for this node only.
    pub(super) note: String,
}

/// The field of one dimension.
pub(super) struct CodeView {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) value: String,
    pub(super) is_country: bool,
    /// What is chosen from; empty where it is typed.
    pub(super) choices: Vec<Choice>,
}

/// Something to choose: code, words, whether it is chosen.
pub(super) struct Choice {
    pub(super) code: String,
    pub(super) words: String,
    pub(super) chosen: bool,
}

/// The field of one value column.
pub(super) struct FieldView {
    pub(super) name: String,
    pub(super) label: String,
    pub(super) value: String,
    pub(super) kind: &'static str,
    pub(super) choices: Vec<Choice>,
}

impl FieldView {
    /// How many of the choices are chosen.
    pub(super) fn chosen(&self) -> usize {
        self.choices.iter().filter(|choice| choice.chosen).count()
    }
}

/// A code as the sheet writes it: countries with their name before it, so that they are found by either.
pub(super) fn named(catalogue: &Catalogue, dimension: &Dimension, code: &Code) -> String {
    if dimension.list == "country" && !code.is_reserved() {
        format!("{} ({code})", label(catalogue, dimension, code))
    } else {
        code.to_string()
    }
}

/// What is offered in a field of countries.
pub(super) fn countries(catalogue: &Catalogue) -> Vec<String> {
    let dimension = Dimension { code: "country".into(), list: "country".into() };
    let entries = catalogue.list("country").into_iter().flat_map(|list| &list.entries);
    let mut all: Vec<String> = catalogue
        .countries()
        .iter()
        .map(|country| format!("{} ({})", country_name(country), country.iso3))
        .chain(entries.map(|entry| named(catalogue, &dimension, &entry.id)))
        .collect();
    all.sort();
    all
}

/// A cross of two short lists: the labels across, and the label and cells of each line.
pub(super) struct Cross {
    pub(super) across: Vec<String>,
    pub(super) lines: Vec<(String, Vec<RowView>)>,
}

/// The rows as lines and columns, where they are a cross and nothing else; else the rows as they are.
pub(super) fn crossed(rows: Vec<RowView>, form: &Form, catalogue: &Catalogue) -> Result<Cross, Vec<RowView>> {
    let keys = fixed(form, catalogue);
    let [_, second] = form.dimensions.as_slice() else { return Err(rows) };
    let is_whole = rows.len() == keys.len() && rows.iter().all(|row| !row.head.is_empty());
    if !is_cross(form, catalogue) || !form.kind.counts() || !is_whole {
        return Err(rows);
    }
    let across: Vec<&Code> =
        keys.iter().take_while(|key| key.0[0] == keys[0].0[0]).filter_map(|key| key.0.get(1)).collect();
    let mut lines: Vec<(String, Vec<RowView>)> = Vec::new();
    for (place, row) in rows.into_iter().enumerate() {
        if place % across.len() == 0 {
            let code = keys.get(place).and_then(|key| key.0.first());
            let head = code.map_or_else(String::new, |code| label(catalogue, &form.dimensions[0], code));
            lines.push((head, Vec::new()));
        }
        if let Some((_, cells)) = lines.last_mut() {
            cells.push(row);
        }
    }
    Ok(Cross { across: across.into_iter().map(|code| label(catalogue, second, code)).collect(), lines })
}

/// Columns that the head of a fixed row takes.
pub(super) fn span(form: &Form, catalogue: &Catalogue) -> usize {
    if is_cross(form, catalogue) { 1 } else { form.dimensions.len().max(1) }
}

/// Headings of the columns before the reason.
pub(super) fn heads(form: &Form, catalogue: &Catalogue) -> Vec<String> {
    let codes = form.dimensions.iter().map(|dimension| heading(&dimension.code));
    let codes: Vec<String> = if is_cross(form, catalogue) || form.dimensions.is_empty() {
        vec![say("word-cell").into()]
    } else {
        codes.collect()
    };
    codes.into_iter().chain(fields::of(form, catalogue).iter().map(|(column, _)| column_words(column))).collect()
}

/// Whether all rows are fixed, so that one heading names the cell.
fn is_cross(form: &Form, catalogue: &Catalogue) -> bool {
    !form.dimensions.iter().any(|dimension| is_grown(dimension, catalogue))
}

pub(super) fn column_words(column: &str) -> String {
    NODE.say_or(format!("sheet-column-{column}"), column).to_string()
}

/// Every row of a sheet. `problems` name rows by their place.
pub(super) fn row_views(
    sheet: &Sheet,
    form: &Form,
    catalogue: &Catalogue,
    before: Option<&Table>,
    problems: &[(Option<usize>, String)],
) -> Vec<RowView> {
    let fixed: Vec<(Vec<String>, Key)> =
        fixed(form, catalogue).into_iter().map(|key| (key.0.iter().map(ToString::to_string).collect(), key)).collect();
    let view = |(place, row): (usize, &Row)| {
        let fixed = fixed.iter().find(|(codes, _)| *codes == row.codes).map(|(_, key)| key);
        let of_row = problems.iter().filter(|(at, _)| *at == Some(place)).map(|(_, words)| words.as_str());
        RowView {
            place,
            head: fixed.map_or_else(String::new, |key| head(key, form, catalogue)),
            codes: code_views(place, row, form, catalogue),
            values: field_views(place, row, form, catalogue),
            reasons: if form.kind.counts() { Vec::new() } else { reasons(&row.status) },
            before: before.map_or_else(String::new, |before| answer_before(row, fixed, before)),
            note: row.note.clone(),
            problem: of_row.collect::<Vec<_>>().join(" "),
            total: fixed.is_some_and(Key::is_total) && !form.dimensions.is_empty(),
        }
    };
    sheet.rows.iter().enumerate().map(view).collect()
}

fn head(key: &Key, form: &Form, catalogue: &Catalogue) -> String {
    if key.0.is_empty() { say("sheet-the-figure").into() } else { key_words(key, form, catalogue) }
}

fn code_views(place: usize, row: &Row, form: &Form, catalogue: &Catalogue) -> Vec<CodeView> {
    let of_dimension = |(column, dimension): (usize, &Dimension)| {
        let value = row.codes.get(column).cloned().unwrap_or_default();
        let list = catalogue.list(&dimension.list).filter(|list| !list.growable && !list.entries.is_empty());
        let codes = list.into_iter().flat_map(|list| list.entries.iter().map(|entry| &entry.id).chain(&list.reserved));
        let choice = |code: &Code| Choice {
            chosen: value == code.as_str(),
            words: label(catalogue, dimension, code),
            code: code.to_string(),
        };
        CodeView {
            name: format!("c{place}.{column}"),
            label: heading(&dimension.code),
            is_country: dimension.list == "country",
            choices: codes.map(choice).collect(),
            value,
        }
    };
    form.dimensions.iter().enumerate().map(of_dimension).collect()
}

fn field_views(place: usize, row: &Row, form: &Form, catalogue: &Catalogue) -> Vec<FieldView> {
    let of_column = |(number, (column, field)): (usize, (&'static str, Field))| {
        let value = row.values.get(number).cloned().unwrap_or_default();
        let chosen: Vec<&str> = value.split_whitespace().collect();
        let choices = |codes: &[String]| -> Vec<Choice> {
            let choice = |code: &String| Choice {
                chosen: chosen.contains(&code.as_str()),
                words: choice_words(column, code, form, catalogue),
                code: code.clone(),
            };
            codes.iter().map(choice).collect()
        };
        let (kind, choices) = match &field {
            Field::Count => ("count", Vec::new()),
            Field::Amount => ("amount", Vec::new()),
            Field::Country => ("country", Vec::new()),
            Field::One(codes) => ("one", choices(codes)),
            Field::Several(codes) => ("several", choices(codes)),
            Field::Code => ("code", Vec::new()),
            Field::Text if form.kind == Kind::Narrative => ("long", Vec::new()),
            Field::Text => ("text", Vec::new()),
        };
        FieldView { name: format!("v{place}.{number}"), label: column_words(column), kind, choices, value }
    };
    fields::of(form, catalogue).into_iter().enumerate().map(of_column).collect()
}

/// A choice in words: of a list of the catalogue, or of the few that a column has of its own.
fn choice_words(column: &str, code: &str, form: &Form, catalogue: &Catalogue) -> String {
    let list = match column {
        "includes" => Some("fee_included"),
        "paid" => Some("fee_payment"),
        "mode" => Some("mode"),
        "choices" => form.choices.as_deref(),
        _ => None,
    };
    match (list, Code::parse(code)) {
        (Some(list), Ok(parsed)) => label(catalogue, &Dimension { code: column.into(), list: list.into() }, &parsed),
        _ => NODE.say_or(format!("sheet-choice-{code}"), code).to_string(),
    }
}

fn reasons(status: &str) -> Vec<Choice> {
    let choice = |reason: &Cell| Choice {
        code: letter(reason).into(),
        words: shown(reason).text(),
        chosen: letter(reason).eq_ignore_ascii_case(status.trim()),
    };
    // One that came from a file stays chosen, though nobody is offered it.
    let chosen = reason(status).filter(|reason| !REASONS.contains(reason));
    REASONS.iter().chain(&chosen).map(choice).collect()
}

/// What was answered in the period before, where the row is known to be about the same.
fn answer_before(row: &Row, fixed: Option<&Key>, before: &Table) -> String {
    let key =
        fixed.cloned().or_else(|| row.codes.iter().map(|text| code_in(text)).collect::<Option<Vec<_>>>().map(Key));
    match key.and_then(|key| before.cell(&key)) {
        Some(cell @ Cell::Value { .. }) if cell.as_count().is_none() => cell.in_words(),
        Some(cell) => Shown::short(&shown(cell)),
        None => String::new(),
    }
}
