//! One table of one participant, as everybody sees it: totals first, then rows by size, "other" and "not known" last.

use vrs_protocol::catalogue::{Catalogue, Form, Kind};
use vrs_protocol::cell::Cell;
use vrs_protocol::id::Code;
use vrs_protocol::table::{Key, Metadata, Table};

use super::cells::placed;
use super::names::{label, unit_words};
use crate::numbers::{Shown, State};
use crate::table::{self as figures, Column, FigureTable, Row};
use crate::words::{CONSOLE, say};

/// A table as aligned figures: a row for each cell, or rows and columns where the form is a cross of two small lists.
#[must_use]
pub fn table_figures(table: &Table, form: &Form, catalogue: &Catalogue, caption: &str) -> FigureTable {
    table_figures_with(table, form, catalogue, caption, |_| None)
}

/// The same, with more to say of single cells than what the table says: a state stands in place of the cell's own.
#[must_use]
pub fn table_figures_with(
    table: &Table,
    form: &Form,
    catalogue: &Catalogue,
    caption: &str,
    state: impl Fn(&Key) -> Option<State>,
) -> FigureTable {
    let placed = |key: &Key, cell: &Cell| match state(key) {
        Some(state) => figures::Cell::Figure(figures::Figure::new(state)),
        None => placed(cell),
    };
    if form.kind == Kind::Cross && form.dimensions.len() == 2 {
        return cross(table, form, catalogue, caption, &placed);
    }
    let head = form.dimensions.iter().map(|dimension| heading(&dimension.code)).collect::<Vec<_>>().join(", ");
    let unit = unit_words(table.metadata.unit.as_ref().unwrap_or(&form.units[0])).to_string();
    let value = if form.kind.counts() {
        Column::number(say("table-count")).unit(unit)
    } else {
        Column::text(say("table-answer"))
    };
    let mut rows = FigureTable::new(
        caption,
        [Column::text(if head.is_empty() { say("overview-what").into() } else { head }), value],
    );
    for key in ordered(table) {
        let Some(cell) = table.cell(&key) else { continue };
        let row = Row::new(key_words(&key, form, catalogue)).cell(placed(&key, cell));
        rows = rows.row(if key.is_total() { row.total() } else { row });
    }
    rows.note(note(table, form))
}

/// Keys in the order in which people read them.
#[must_use]
pub fn ordered(table: &Table) -> Vec<Key> {
    let mut keys: Vec<Key> = table.cells.keys().cloned().collect();
    keys.sort_by_key(|key| {
        let rank = |code: &Code| match code.as_str() {
            Code::TOTAL => 0_u8,
            Code::OTHER => 2,
            Code::UNKNOWN => 3,
            Code::NOT_APPLICABLE => 4,
            _ => 1,
        };
        let ranks: Vec<u8> = key.0.iter().map(rank).collect();
        let count = table.cell(key).and_then(vrs_protocol::cell::Cell::as_count).unwrap_or(0);
        // Routes and texts keep the order of their keys, which is the order of their steps.
        let size = if count > 0 { u64::MAX - count } else { u64::MAX };
        let outer: Vec<Code> = if key.0.len() > 1 { key.0[..key.0.len() - 1].to_vec() } else { Vec::new() };
        (
            ranks[..ranks.len().saturating_sub(1)].to_vec(),
            outer,
            ranks.last().copied().unwrap_or(0),
            size,
            step_number(key),
            key.clone(),
        )
    });
    keys
}

/// Ranks and steps are numbers, so that step 10 comes after step 9.
fn step_number(key: &Key) -> u32 {
    key.0.last().and_then(|code| code.as_str().parse().ok()).unwrap_or(0)
}

/// A key in words.
#[must_use]
pub fn key_words(key: &Key, form: &Form, catalogue: &Catalogue) -> String {
    if key.is_total() {
        return say("overview-total").into();
    }
    form.dimensions
        .iter()
        .zip(&key.0)
        .map(|(dimension, code)| label(catalogue, dimension, code))
        .collect::<Vec<_>>()
        .join(" · ")
}

fn cross(
    table: &Table,
    form: &Form,
    catalogue: &Catalogue,
    caption: &str,
    placed: &dyn Fn(&Key, &Cell) -> figures::Cell,
) -> FigureTable {
    let (down, across) = (&form.dimensions[0], &form.dimensions[1]);
    let codes = |d: usize| {
        let list = catalogue.list(&form.dimensions[d].list);
        let mut codes: Vec<Code> =
            list.into_iter().flat_map(|list| list.entries.iter().map(|entry| entry.id.clone())).collect();
        codes.extend([Code::other(), Code::unknown(), Code::total()]);
        codes.retain(|code| table.cells.keys().any(|key| key.0[d] == *code));
        codes
    };
    let columns = codes(1);
    let heads = columns.iter().map(|code| Column::number(label(catalogue, across, code)));
    let mut rows = FigureTable::new(caption, std::iter::once(Column::text(heading(&down.code))).chain(heads));
    for code in codes(0) {
        let mut row = Row::new(label(catalogue, down, &code));
        for column in &columns {
            let key = Key(vec![code.clone(), column.clone()]);
            row = match table.cell(&key) {
                Some(cell) => row.cell(placed(&key, cell)),
                None => row.figure(Shown::State(State::NotReported)),
            };
        }
        rows = rows.row(if code.as_str() == Code::TOTAL { row.total() } else { row });
    }
    rows.note(note(table, form))
}

fn note(table: &Table, form: &Form) -> String {
    if form.kind == Kind::List && !table.metadata.list_complete {
        say("table-countries-that-are-not-listed").into()
    } else if table.metadata.list_complete {
        say("table-the-list-is-complete-what").into()
    } else {
        String::new()
    }
}

/// A code such as `last_exit` as a heading: `Last exit`.
#[must_use]
pub fn heading(code: &str) -> String {
    let words = code.replace('_', " ");
    let mut letters = words.chars();
    let english: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    CONSOLE.say_or(format!("dimension-{code}"), english).to_string()
}

/// The metadata block as pairs of words, only what is stated.
#[must_use]
pub fn metadata_facts(metadata: &Metadata) -> Vec<(String, String)> {
    let yes_no = |answer: bool| if answer { say("table-yes").to_string() } else { say("table-no").to_string() };
    let facts = [
        (say("table-unit-counted"), metadata.unit.as_ref().map(|unit| unit_words(unit).to_string())),
        (say("table-source"), metadata.source.clone()),
        (say("table-legal-basis"), metadata.legal_basis.clone()),
        (say("table-definition-followed"), metadata.definition_followed.map(yes_no)),
        (say("table-how-the-definition-differs"), metadata.deviation.clone()),
        (say("table-coverage"), metadata.coverage.clone()),
        (say("table-known-double-counting"), metadata.double_counting.map(yes_no)),
        (say("table-reference-period"), metadata.period_deviation.clone()),
        (say("table-comment"), metadata.comment.clone()),
    ];
    facts.into_iter().filter_map(|(what, words)| Some((what.to_string(), words?))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use vrs_protocol::id::FormCode;
    use vrs_protocol::period::Period;

    fn table(form: &str, cells: &[(&[&str], Cell)]) -> Table {
        let mut table = Table::new(FormCode::parse(form).unwrap(), Period::parse("2021").unwrap());
        for (key, cell) in cells {
            table.cells.insert(Key(key.iter().map(|code| Code::parse(code).unwrap()).collect()), cell.clone());
        }
        table
    }

    #[test]
    fn totals_come_first_large_rows_next_and_other_last() {
        let table = table(
            "IE_CIT",
            &[
                (&["_O"], Cell::count(50)),
                (&["AFG"], Cell::count(6)),
                (&["_T"], Cell::count(70)),
                (&["SYR"], Cell::count(14)),
                (&["_U"], Cell::NotKnown),
            ],
        );
        let order: Vec<String> = ordered(&table).iter().map(ToString::to_string).collect();
        assert_eq!(order, ["_T", "SYR", "AFG", "_O", "_U"]);
    }

    #[test]
    fn steps_of_a_route_keep_their_numbers() {
        let table = table(
            "RT_CTY",
            &[
                (&["AFG", "1", "10"], Cell::NotKnown),
                (&["AFG", "1", "9"], Cell::NotKnown),
                (&["AFG", "1", "1"], Cell::NotKnown),
            ],
        );
        let order: Vec<String> = ordered(&table).iter().map(|key| key.0[2].to_string()).collect();
        assert_eq!(order, ["1", "9", "10"]);
    }

    #[test]
    fn a_table_prints_its_states_in_words() {
        let catalogue = Catalogue::bundled();
        let form = catalogue.form(&FormCode::parse("IE_CIT").unwrap()).unwrap();
        let html = table_figures(
            &table("IE_CIT", &[(&["_T"], Cell::count(1_234)), (&["AFG"], Cell::Suppressed)]),
            form,
            catalogue,
            "Test",
        )
        .to_string();
        assert!(html.contains("suppressed") && html.contains("Afghanistan") && html.contains("1\u{202f}234"), "{html}");
    }
}
