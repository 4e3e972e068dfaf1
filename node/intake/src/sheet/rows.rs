//! Which rows a sheet begins with: the fixed ones of its form, those of the agency's figures so far, and some that wait for
//! what a person adds.

use vrs_protocol::catalogue::{Catalogue, Dimension, Form, Kind};
use vrs_protocol::cell::Cell;
use vrs_protocol::id::Code;
use vrs_protocol::table::{Key, Table};

use super::fields::{Typed, letter};
use super::{Row, Sheet};
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
        let (values, status) =
            table.and_then(|table| table.cell(key)).map(|cell| typed(cell, form)).unwrap_or_default();
        Row { codes, values, status }
    };
    let of_fixed = |key: &&Key| !is_last(key);
    let mut rows: Vec<Row> = fixed.iter().filter(of_fixed).map(row).collect();
    let further = table.into_iter().flat_map(|table| table.cells.keys()).filter(|key| !fixed.contains(key));
    rows.extend(in_order(further.cloned().collect()).iter().map(row));
    if grows(form, catalogue) {
        rows.extend(std::iter::repeat_n(blank(form), WAITING));
    }
    // "Other" and "not known" close a list.
    rows.extend(fixed.iter().filter(|key| is_last(key)).map(row));
    Sheet { rows, metadata: table.map(|table| table.metadata.clone()).unwrap_or_default() }
}

/// Adds rows to fill in, above those that close the list. The steps of a route go on where the last one ended.
pub fn add(sheet: &mut Sheet, form: &Form) {
    let closing = sheet.rows.iter().rev().take_while(|row| closes(row)).count();
    let place = sheet.rows.len() - closing;
    let last = sheet.rows[..place].iter().rev().find(|row| row.codes.iter().any(|code| !code.trim().is_empty()));
    let added = match (form.kind, last.map(|row| row.codes.as_slice())) {
        (Kind::Routes, Some([citizenship, route, step])) => {
            let next = step.trim().parse::<u32>().map_or_else(|_| String::new(), |step| (step + 1).to_string());
            vec![Row { codes: vec![citizenship.clone(), route.clone(), next], ..blank(form) }]
        }
        _ => vec![blank(form); WAITING],
    };
    sheet.rows.splice(place..place, added);
}

/// Exchanges what is answered in a row and in the one above it; their codes stay where they are.
pub fn move_up(sheet: &mut Sheet, place: usize) {
    if place == 0 || place >= sheet.rows.len() {
        return;
    }
    let (above, below) = sheet.rows.split_at_mut(place);
    if let (Some(above), Some(row)) = (above.last_mut(), below.first_mut()) {
        std::mem::swap(&mut above.values, &mut row.values);
        std::mem::swap(&mut above.status, &mut row.status);
    }
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
        status: String::new(),
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
    fn rows_are_added_above_other_and_steps_go_on() {
        let mut list = sheet(form("IE_CIT"), Catalogue::bundled(), None, |_, code| code.to_string());
        add(&mut list, form("IE_CIT"));
        assert_eq!(list.rows.len(), 3 + 2 * WAITING);
        assert_eq!(list.rows.last().unwrap().codes, ["_U"]);
        let step = |step: &str, country: &str| Row {
            codes: vec!["AFG".into(), "1".into(), step.into()],
            values: vec![country.into(), String::new(), String::new(), String::new()],
            status: String::new(),
        };
        let mut route = Sheet { rows: vec![step("1", "AFG"), step("2", "TUR")], ..Sheet::default() };
        add(&mut route, form("RT_CTY"));
        assert_eq!(route.rows[2].codes, ["AFG", "1", "3"]);
        move_up(&mut route, 1);
        move_up(&mut route, 0);
        move_up(&mut route, 9);
        let countries: Vec<&str> = route.rows.iter().map(|row| row.values[0].as_str()).collect();
        assert_eq!(countries, ["TUR", "AFG", ""]);
        assert_eq!(route.rows[1].codes, ["AFG", "1", "2"]);
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
