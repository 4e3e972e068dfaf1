//! Which rows a sheet begins with: the fixed ones of its form, those of the agency's figures so far, and some that wait for
//! what a person adds.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::catalogue::{Catalogue, Dimension, Form, Kind};
use vrs_protocol::cell::{Cell, Figure};
use vrs_protocol::id::Code;
use vrs_protocol::table::{Key, Table};

use super::csv::Countries;
use super::fields::{Typed, letter};
use super::{ROWS_MAX, Row, Sheet, routes};
use crate::figures;

/// Rows that wait below the others of a list.
pub const WAITING: usize = 5;
/// A form with more fixed rows than this shows only the totals among them; the rest is added as needed.
const FIXED_MAX: usize = 80;

/// The keys that always have a row: totals, "other" and "not known" of a list, and every cell of a cross. A list that the
/// respondent grows has no others.
#[must_use]
pub fn fixed(form: &Form, catalogue: &Catalogue) -> Vec<Key> {
    if !form.kind.counts() && form.dimensions.iter().any(|dimension| is_grown(dimension, catalogue)) {
        return Vec::new();
    }
    let alone = form.dimensions.len() == 1;
    let codes = |dimension: &Dimension| -> Vec<Code> {
        let Some(list) = catalogue.list(&dimension.list) else { return Vec::new() };
        let entries = list.entries.iter().map(|entry| entry.id.clone()).filter(|_| !list.growable);
        let reserved = list.reserved.iter().filter(|code| {
            // Beside other dimensions, the rows of a list that are no total are added as they are needed.
            if list.growable && !alone { code.as_str() == Code::TOTAL } else { form.kind.counts() }
        });
        let (totals, rest): (Vec<Code>, Vec<Code>) = reserved.cloned().partition(|code| code.as_str() == Code::TOTAL);
        totals.into_iter().chain(entries).chain(rest).collect()
    };
    let mut keys = vec![Key::default()];
    for dimension in &form.dimensions {
        let codes = codes(dimension);
        keys = keys
            .iter()
            .flat_map(|key| codes.iter().map(|code| Key(key.0.iter().cloned().chain([code.clone()]).collect())))
            .collect();
    }
    if keys.len() > FIXED_MAX {
        keys.retain(Key::is_total);
    }
    keys
}

/// Whether the respondent adds rows in a dimension.
#[must_use]
pub fn is_grown(dimension: &Dimension, catalogue: &Catalogue) -> bool {
    catalogue.list(&dimension.list).is_none_or(|list| list.growable)
}

/// Whether the respondent adds rows to the form.
#[must_use]
pub fn grows(form: &Form, catalogue: &Catalogue) -> bool {
    form.kind != Kind::Number && form.dimensions.iter().any(|dimension| is_grown(dimension, catalogue))
}

/// The sheet of figures that an agency delivered before, or a blank one. `named` says how a code of a dimension is written.
#[must_use]
pub fn sheet(
    form: &Form,
    catalogue: &Catalogue,
    table: Option<&Table>,
    named: impl Fn(&Dimension, &Code) -> String,
) -> Sheet {
    let fixed = fixed(form, catalogue);
    let row = |key: &Key| {
        let codes = form.dimensions.iter().zip(&key.0).map(|(dimension, code)| named(dimension, code)).collect();
        let answer = table.and_then(|table| table.cell(key)).map(|cell| answered(cell, form, &named));
        let (values, status) = answer.unwrap_or_default();
        Row { codes, values, status, ..Row::default() }
    };
    let of_fixed = |key: &&Key| !is_last(key);
    let mut rows: Vec<Row> = fixed.iter().filter(of_fixed).map(row).collect();
    let further = table.into_iter().flat_map(|table| table.cells.keys()).filter(|key| !fixed.contains(key));
    rows.extend(in_order(further.cloned().collect()).iter().map(row));
    if grows(form, catalogue) && form.kind != Kind::Routes {
        rows.extend(std::iter::repeat_n(blank(form), WAITING));
    }
    // "Other" and "not known" close a list.
    rows.extend(fixed.iter().filter(|key| is_last(key)).map(row));
    let metadata = table.map(|table| table.metadata.clone()).unwrap_or_default();
    let mut sheet = Sheet { rows, metadata, ..Sheet::default() };
    if form.kind == Kind::Routes && sheet.rows.is_empty() {
        routes::add_origin(&mut sheet, form);
    }
    sheet
}

/// What was taken over from an earlier table.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TakenOver {
    /// Rows that were added or filled.
    pub rows: usize,
    /// Rows for which the sheet has no room.
    pub left_out: usize,
}

/// Takes over from an earlier table what this sheet has no row for yet: of counts only what they are about, because a figure
/// is counted anew each time; of routes, fees and texts the answer too, because it is read again and often still right.
/// Routes come by citizenship, all or none. Nothing that was typed is lost, a note least of all.
pub fn take_over(
    sheet: &mut Sheet,
    form: &Form,
    catalogue: &Catalogue,
    earlier: &Table,
    named: impl Fn(&Dimension, &Code) -> String,
) -> TakenOver {
    let routes = form.kind == Kind::Routes;
    let depth = if routes { 1 } else { form.dimensions.len() };
    let countries = Countries::new(catalogue);
    let key_of = |row: &Row| -> Option<Vec<Code>> {
        row.codes.iter().take(depth).map(|typed| countries.code_of(typed)).collect()
    };
    let is_empty = |row: &Row| row.is_blank() && row.note.trim().is_empty();
    if grows(form, catalogue) {
        sheet.rows.retain(|row| !is_empty(row) || row.codes.iter().take(depth).any(|code| !code.trim().is_empty()));
    }
    let mut known: BTreeMap<Vec<Code>, usize> = BTreeMap::new();
    for (place, row) in sheet.rows.iter().enumerate().filter(|(_, row)| !routes || !is_empty(row)) {
        if let Some(key) = key_of(row) {
            known.entry(key).or_insert(place);
        }
    }
    let mut taken = TakenOver::default();
    let mut added = Vec::new();
    let mut filled = BTreeSet::new();
    for key in in_order(earlier.cells.keys().cloned().collect()) {
        let Some(cell) = earlier.cell(&key) else { continue };
        let answer = if form.kind.counts() { Default::default() } else { answered(cell, form, &named) };
        let about = key.0.get(..depth).unwrap_or(&key.0);
        match known.get(about) {
            Some(at) if !routes && !form.kind.counts() && sheet.rows[*at].is_blank() => {
                (sheet.rows[*at].values, sheet.rows[*at].status) = answer;
                taken.rows += 1;
            }
            Some(_) => {}
            None if sheet.rows.len() + added.len() >= ROWS_MAX => taken.left_out += 1,
            None => {
                let codes =
                    form.dimensions.iter().zip(&key.0).map(|(dimension, code)| named(dimension, code)).collect();
                let mut row = Row { codes, ..blank(form) };
                if !form.kind.counts() {
                    (row.values, row.status) = answer;
                }
                added.push(row);
                filled.insert(about.to_vec());
                taken.rows += 1;
            }
        }
    }
    // A citizenship that was typed and waited for its routes has them now.
    sheet.rows.retain(|row| !routes || !is_empty(row) || !key_of(row).is_some_and(|key| filled.contains(&key)));
    let closing = sheet.rows.iter().rev().take_while(|row| closes(row)).count();
    let place = sheet.rows.len() - closing;
    sheet.rows.splice(place..place, added);
    if routes && sheet.rows.is_empty() {
        routes::add_origin(sheet, form);
    }
    taken
}

/// Puts notes to the rows of their cells. A cell without a row gets one where the respondent adds rows; of a route that has no such
/// step any more, the note goes to the whole sheet.
pub fn put_notes(
    sheet: &mut Sheet,
    form: &Form,
    catalogue: &Catalogue,
    notes: BTreeMap<Key, String>,
    named: impl Fn(&Dimension, &Code) -> String,
) {
    for (key, note) in notes {
        let codes: Vec<String> =
            form.dimensions.iter().zip(&key.0).map(|(dimension, code)| named(dimension, code)).collect();
        let as_codes: Vec<String> = key.0.iter().map(ToString::to_string).collect();
        if let Some(row) = sheet.rows.iter_mut().find(|row| row.codes == codes || row.codes == as_codes) {
            row.note = note;
        } else if grows(form, catalogue) && form.kind != Kind::Routes {
            let closing = sheet.rows.iter().rev().take_while(|row| closes(row)).count();
            sheet.rows.insert(sheet.rows.len() - closing, Row { codes, note, ..blank(form) });
        } else {
            let note = format!("{key}: {note}");
            sheet.note = if sheet.note.is_empty() { note } else { format!("{}\n{note}", sheet.note) };
        }
    }
}

/// Adds rows to fill in, above those that close the list.
pub fn add(sheet: &mut Sheet, form: &Form) {
    if form.kind == Kind::Routes {
        return routes::add_origin(sheet, form);
    }
    let closing = sheet.rows.iter().rev().take_while(|row| closes(row)).count();
    let place = sheet.rows.len() - closing;
    sheet.rows.splice(place..place, std::iter::repeat_n(blank(form), WAITING));
}

fn closes(row: &Row) -> bool {
    matches!(row.codes.as_slice(), [only] if matches!(only.as_str(), Code::OTHER | Code::UNKNOWN))
}

/// A row in which nothing is typed yet.
#[must_use]
pub fn blank(form: &Form) -> Row {
    Row {
        codes: vec![String::new(); form.dimensions.len()],
        values: vec![String::new(); figures::columns(form.kind).len()],
        ..Row::default()
    }
}

/// A list's "other" and "not known".
fn is_last(key: &Key) -> bool {
    matches!(key.0.as_slice(), [only] if matches!(only.as_str(), Code::OTHER | Code::UNKNOWN))
}

/// Steps of a route are numbers: step 10 comes after step 9.
fn in_order(mut keys: Vec<Key>) -> Vec<Key> {
    keys.sort_by_cached_key(|key| -> Vec<(u32, String)> {
        key.0.iter().map(|code| (code.as_str().parse().unwrap_or(0), code.to_string())).collect()
    });
    keys
}

/// As a person would have typed it, the country of a step with its name.
fn answered(cell: &Cell, form: &Form, named: impl Fn(&Dimension, &Code) -> String) -> (Vec<String>, String) {
    let (mut values, status) = typed(cell, form);
    if let (Cell::Value { figure: Figure::Step(step), .. }, Some(first)) = (cell, values.first_mut()) {
        *first = named(&Dimension { code: "country".into(), list: "country".into() }, &step.country);
    }
    (values, status)
}

fn typed(cell: &Cell, form: &Form) -> (Vec<String>, String) {
    if form.kind.counts() {
        return (vec![Typed::print(cell)], String::new());
    }
    let status = if matches!(cell, Cell::Value { .. }) { String::new() } else { letter(cell).to_owned() };
    (figures::print(cell, form.kind), status)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use vrs_protocol::id::FormCode;
    use vrs_protocol::period::Period;

    fn form(code: &str) -> &'static Form {
        Catalogue::bundled().form(&FormCode::parse(code).unwrap()).unwrap()
    }
    fn keys(code: &str) -> Vec<String> {
        fixed(form(code), Catalogue::bundled()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn fixed_rows_are_totals_rests_and_every_cell_of_a_cross() {
        assert_eq!(keys("IE_TOT"), ["total"]);
        assert_eq!(keys("IE_CIT"), ["_T", "_O", "_U"]);
        assert_eq!(keys("IE_MOD"), ["_T / _T", "LAND / _T", "SEA / _T", "AIR / _T", "_U / _T"]);
        let cross = keys("IE_SXA");
        assert!(cross.contains(&"F / Y0T13".to_owned()) && cross.contains(&"_T / _T".to_owned()), "{cross:?}");
        assert!(keys("RT_CTY").is_empty() && keys("MF_FEE").is_empty());
        assert!(!keys("OC").is_empty() && !keys("OC").contains(&"_T".to_owned()));
    }

    #[test]
    fn every_form_begins_with_something_to_fill_in() {
        for form in Catalogue::bundled().forms() {
            let sheet = sheet(form, Catalogue::bundled(), None, |_, code| code.to_string());
            assert!(!sheet.rows.is_empty() && sheet.keeps_bounds(), "{}", form.code);
            assert!(sheet.rows.iter().all(|row| row.codes.len() == form.dimensions.len()), "{}", form.code);
        }
    }

    #[test]
    fn rows_are_added_above_other() {
        let mut list = sheet(form("IE_CIT"), Catalogue::bundled(), None, |_, code| code.to_string());
        add(&mut list, form("IE_CIT"));
        assert_eq!(list.rows.len(), 3 + 2 * WAITING);
        assert_eq!(list.rows.last().unwrap().codes, ["_U"]);
    }

    #[test]
    fn an_earlier_table_gives_rows_to_counts_and_answers_to_texts() {
        let named = |_: &Dimension, code: &Code| code.to_string();
        let table = |form: &str, cells: &[(&str, Cell)]| {
            let mut table = Table::new(FormCode::parse(form).unwrap(), Period::parse("2020").unwrap());
            for (key, cell) in cells {
                table.cells.insert(Key(key.split('/').map(|code| Code::parse(code).unwrap()).collect()), cell.clone());
            }
            table
        };
        let before = table("IE_CIT", &[("_T", Cell::count(9)), ("AFG", Cell::count(4)), ("IRQ", Cell::count(5))]);
        let mut counts = sheet(form("IE_CIT"), Catalogue::bundled(), None, named);
        counts.rows[1].codes = vec!["Iraq (IRQ)".into()];
        counts.rows[1].values = vec!["7".into()];
        let taken = take_over(&mut counts, form("IE_CIT"), Catalogue::bundled(), &before, named);
        assert_eq!(taken, TakenOver { rows: 1, left_out: 0 });
        let rows: Vec<String> = counts.rows.iter().map(|row| row.codes[0].clone() + &row.values.join("")).collect();
        assert_eq!(rows, ["_T", "Iraq (IRQ)7", "AFG", "_O", "_U"]);

        let step = |country: &str| Cell::Value {
            figure: vrs_protocol::cell::Figure::Step(vrs_protocol::cell::Step {
                country: Code::parse(country).unwrap(),
                role: vrs_protocol::cell::StepRole::Transit,
                mode: None,
                comment: None,
            }),
            status: vrs_protocol::cell::Status::Normal,
        };
        let before = table("RT_CTY", &[("AFG/1/1", step("AFG")), ("AFG/1/2", step("TUR")), ("IRQ/1/1", step("IRQ"))]);
        let mut route = sheet(form("RT_CTY"), Catalogue::bundled(), None, named);
        route.rows[0].codes[0] = "AFG".into();
        route.rows[0].values[0] = "IRN".into();
        assert_eq!(take_over(&mut route, form("RT_CTY"), Catalogue::bundled(), &before, named).rows, 1);
        let rows: Vec<(&str, &str)> =
            route.rows.iter().map(|row| (row.codes[0].as_str(), row.values[0].as_str())).collect();
        assert_eq!(rows, [("AFG", "IRN"), ("IRQ", "IRQ")]);
        // A citizenship that waits is filled; what was noted stays.
        let mut waits = sheet(form("RT_CTY"), Catalogue::bundled(), None, named);
        waits.rows[0].codes[0] = "IRQ".into();
        waits.rows[1].note = "ask the police".into();
        take_over(&mut waits, form("RT_CTY"), Catalogue::bundled(), &before, named);
        let rows: Vec<(&str, &str, &str)> =
            waits.rows.iter().map(|row| (row.codes[0].as_str(), row.values[0].as_str(), row.note.as_str())).collect();
        assert_eq!(rows, [("", "", "ask the police"), ("AFG", "AFG", ""), ("AFG", "TUR", ""), ("IRQ", "IRQ", "")]);
    }

    #[test]
    fn answers_of_before_stand_in_their_own_rows() {
        let named = |_: &Dimension, code: &Code| code.to_string();
        let text = |text: &str| Cell::Value {
            figure: vrs_protocol::cell::Figure::Narrative(vrs_protocol::cell::Narrative {
                choices: Vec::new(),
                text: text.into(),
            }),
            status: vrs_protocol::cell::Status::Normal,
        };
        let form = form("RT_TRD");
        let mut before = Table::new(form.code.clone(), Period::parse("2020").unwrap());
        for code in ["AFG", "_U"] {
            before.cells.insert(Key(vec![Code::parse(code).unwrap()]), text(code));
        }
        let row = |code: &str| Row { codes: vec![code.into()], ..blank(form) };
        let mut sheet = Sheet { rows: vec![row("_O"), row("_U")], ..Sheet::default() };
        assert_eq!(take_over(&mut sheet, form, Catalogue::bundled(), &before, named).rows, 2);
        let rows: Vec<(&str, &str)> =
            sheet.rows.iter().map(|row| (row.codes[0].as_str(), row.values[1].as_str())).collect();
        assert_eq!(rows, [("AFG", "AFG"), ("_O", ""), ("_U", "_U")]);
    }

    #[test]
    fn figures_stand_where_they_were_and_other_closes_the_list() {
        let mut table = Table::new(FormCode::parse("IE_CIT").unwrap(), Period::parse("2021").unwrap());
        for (code, count) in [("_T", 12), ("_O", 2), ("SYR", 10)] {
            table.cells.insert(Key(vec![Code::parse(code).unwrap()]), Cell::count(count));
        }
        let sheet = sheet(form("IE_CIT"), Catalogue::bundled(), Some(&table), |_, code| code.to_string());
        let rows: Vec<(&str, &str)> = sheet
            .rows
            .iter()
            .filter(|row| !row.codes[0].is_empty())
            .map(|row| (row.codes[0].as_str(), row.values.first().map_or("", String::as_str)))
            .collect();
        assert_eq!(rows, [("_T", "12"), ("SYR", "10"), ("_O", "2"), ("_U", "")]);
    }
}
