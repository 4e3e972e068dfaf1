//! Adding the tables of several agencies. A gap of one agency never makes a figure smaller than it is said to be: what is
//! known is kept and marked as unreliable, and the coverage says who is missing in it.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::catalogue::{Catalogue, Dimension, Form, Kind};
use vrs_protocol::cell::{COUNT_MAX, Cell, Figure, Status, TEXT_BYTES_MAX};
use vrs_protocol::id::Code;
use vrs_protocol::table::{Key, Metadata, Table};

use super::{AgencyCode, AgencyTable, NationalError};

/// Adds tables of the same form and period.
///
/// # Errors
/// [`NationalError::CannotAdd`] when the agencies count different units, or answer in words differently.
pub fn add(form: &Form, tables: &[AgencyTable]) -> Result<Table, NationalError> {
    let Some(first) = tables.first() else { return Err(NationalError::Nothing) };
    let mut table = Table::new(form.code.clone(), first.table.period);
    table.metadata = metadata(form, tables)?;
    if !form.kind.counts() {
        table.cells = side_by_side(tables)?;
        return Ok(table);
    }
    let mut partial: BTreeMap<&AgencyCode, usize> = BTreeMap::new();
    let keys: BTreeSet<&Key> = tables.iter().flat_map(|own| own.table.cells.keys()).collect();
    let mut folded: BTreeMap<Key, Vec<Cell>> = BTreeMap::new();
    for key in keys {
        let written: Vec<Option<Cell>> = tables.iter().map(|own| written(&own.table, form, key)).collect();
        if let Some(other) = remainder(form, key).filter(|_| written.iter().any(Option::is_none)) {
            // The row may stand inside another agency's `_O`, so it cannot be added on its own.
            folded.entry(other).or_default().extend(written.into_iter().flatten());
            continue;
        }
        let cells: Vec<Cell> = written.into_iter().map(|cell| cell.unwrap_or(Cell::NotKnown)).collect();
        let (sum, is_partial) = add_cells(&cells);
        for (own, _) in tables.iter().zip(&cells).filter(|(_, cell)| is_partial && is_gap(cell)) {
            *partial.entry(&own.agency).or_default() += 1;
        }
        table.cells.insert(key.clone(), sum);
    }
    for (key, rows) in folded {
        let others = tables.iter().map(|own| written(&own.table, form, &key).unwrap_or(Cell::NotKnown));
        let (sum, _) = add_cells(&others.chain(rows).collect::<Vec<_>>());
        table.cells.insert(key, sum);
    }
    say_partial(&mut table.metadata, &partial);
    Ok(table)
}

/// The sum of cells, and whether it is only the known part of one. Hidden parts keep the sum hidden.
pub(super) fn add_cells(cells: &[Cell]) -> (Cell, bool) {
    for hidden in [Cell::Embargoed, Cell::Withheld, Cell::Suppressed] {
        if cells.contains(&hidden) {
            return (hidden, false);
        }
    }
    let counts: Vec<u64> = cells.iter().filter_map(Cell::as_count).collect();
    let is_partial = cells.iter().any(is_gap);
    if counts.is_empty() {
        let same = cells.iter().all(|cell| Some(cell) == cells.first());
        let none_here = cells.iter().all(|cell| matches!(cell, Cell::NotApplicable | Cell::CountedElsewhere));
        return match cells.first() {
            Some(first) if same && !matches!(first, Cell::Fewer { .. }) => (first.clone(), false),
            _ if none_here => (Cell::CountedElsewhere, false),
            _ => (Cell::NotKnown, false),
        };
    }
    let sum = counts.iter().fold(0_u64, |sum, count| sum.saturating_add(*count));
    if sum > COUNT_MAX {
        return (Cell::NotKnown, false);
    }
    let status = cells.iter().filter_map(Cell::status).fold(Status::Normal, Status::graver);
    let status = if is_partial { Status::LowReliability } else { status };
    (Cell::Value { figure: Figure::Count(sum), status }, is_partial)
}

/// Whether an answer leaves open how many there are.
fn is_gap(cell: &Cell) -> bool {
    !matches!(cell, Cell::Value { .. } | Cell::NotApplicable | Cell::CountedElsewhere)
}

/// The place of the dimension whose rows a list grows; `None` where the form is no list.
pub(super) fn growing(form: &Form) -> Option<usize> {
    let grows = |dimension: &Dimension| Catalogue::everything().list(&dimension.list).is_some_and(|list| list.growable);
    form.dimensions.iter().position(grows).filter(|_| form.kind == Kind::List)
}

/// The key with another code at a place.
pub(super) fn with(key: &Key, place: usize, code: Code) -> Key {
    let mut codes = key.0.clone();
    if let Some(old) = codes.get_mut(place) {
        *old = code;
    }
    Key(codes)
}

/// The remainder that a row of a list falls into where somebody does not write it; `None` for totals and remainders.
fn remainder(form: &Form, key: &Key) -> Option<Key> {
    let place = growing(form)?;
    let code = key.0.get(place)?;
    let is_row = !code.is_reserved() || code.as_str() == Code::UNKNOWN;
    is_row.then(|| with(key, place, Code::other()))
}

/// The cell as the agency answers it. What is not written is zero only where the list is said to be complete, or where its
/// rows already make up its total.
fn written(table: &Table, form: &Form, key: &Key) -> Option<Cell> {
    if let Some(answer) = table.answer(form, key) {
        return Some(answer);
    }
    let place = growing(form)?;
    let is_total = key.0.get(place).is_none_or(|code| code.as_str() == Code::TOTAL);
    (!is_total && rows_make_the_total(table, key, place)).then(|| Cell::count(0))
}

/// Whether the itemised rows beside a key make up their total, so that nothing is left for a row that is not written.
fn rows_make_the_total(table: &Table, key: &Key, place: usize) -> bool {
    let beside = with(key, place, Code::total());
    let mut total = None;
    let mut sum = 0_u64;
    for (other, cell) in &table.cells {
        if with(other, place, Code::total()) != beside {
            continue;
        }
        let Some(count) = cell.as_count() else { return false };
        match other.0.get(place).map(Code::as_str) {
            Some(Code::TOTAL) => total = Some(count),
            // What stands in the remainder may be the very row that is asked for.
            Some(Code::OTHER) => {}
            _ => sum = sum.saturating_add(count),
        }
    }
    total == Some(sum)
}

/// Forms that hold no counts: answers to different keys stand together, and the same key must be answered the same.
fn side_by_side(tables: &[AgencyTable]) -> Result<BTreeMap<Key, Cell>, NationalError> {
    let mut cells = BTreeMap::new();
    for own in tables {
        for (key, cell) in &own.table.cells {
            let before = cells.insert(key.clone(), cell.clone());
            if before.is_some_and(|before| before != *cell) {
                return Err(NationalError::CannotAdd(format!("{} and others answer {key} differently", own.agency)));
            }
        }
    }
    Ok(cells)
}

pub(super) fn metadata(form: &Form, tables: &[AgencyTable]) -> Result<Metadata, NationalError> {
    let standard = form.units.first().map_or("", String::as_str);
    let units: BTreeSet<&str> =
        tables.iter().map(|own| own.table.metadata.unit.as_deref().unwrap_or(standard)).collect();
    if units.len() > 1 {
        let units = units.into_iter().collect::<Vec<_>>().join(", ");
        return Err(NationalError::CannotAdd(format!("the agencies count different units ({units})")));
    }
    let all = |pick: fn(&Metadata) -> Option<bool>| {
        let answers: BTreeSet<_> = tables.iter().map(|own| pick(&own.table.metadata)).collect();
        if let [one] = answers.into_iter().collect::<Vec<_>>()[..] { one } else { None }
    };
    let any_false = tables.iter().any(|own| own.table.metadata.definition_followed == Some(false));
    let texts = |pick: fn(&Metadata) -> Option<&String>| joined(tables, pick);
    Ok(Metadata {
        unit: tables.iter().find_map(|own| own.table.metadata.unit.clone()),
        source: texts(|m| m.source.as_ref()),
        legal_basis: texts(|m| m.legal_basis.as_ref()),
        definition_followed: if any_false { Some(false) } else { all(|m| m.definition_followed) },
        deviation: texts(|m| m.deviation.as_ref()),
        coverage: texts(|m| m.coverage.as_ref()),
        double_counting: if tables.iter().any(|own| own.table.metadata.double_counting == Some(true)) {
            Some(true)
        } else {
            all(|m| m.double_counting)
        },
        period_deviation: texts(|m| m.period_deviation.as_ref()),
        comment: texts(|m| m.comment.as_ref()),
        list_complete: tables.iter().all(|own| own.table.metadata.list_complete),
    })
}

/// The agencies' texts: the one they share, else each once, in the agencies' order.
fn joined(tables: &[AgencyTable], pick: fn(&Metadata) -> Option<&String>) -> Option<String> {
    let mut texts: Vec<&String> = Vec::new();
    for text in tables.iter().filter_map(|own| pick(&own.table.metadata)) {
        if !texts.contains(&text) {
            texts.push(text);
        }
    }
    let whole = texts.into_iter().map(String::as_str).collect::<Vec<_>>().join("; ");
    (!whole.is_empty()).then(|| cut(whole))
}

/// Peers must not take the known part of a sum for the whole, so the coverage says what is missing.
fn say_partial(metadata: &mut Metadata, partial: &BTreeMap<&AgencyCode, usize>) {
    if partial.is_empty() {
        return;
    }
    let missing =
        partial.iter().map(|(agency, cells)| format!("{agency} in {cells} of the figures")).collect::<Vec<_>>();
    let sentence = format!("Without {}.", missing.join(", "));
    // The sentence stands first: if the texts must be cut, this is not what is lost.
    let rest = metadata.coverage.take().map(|coverage| format!(" {coverage}")).unwrap_or_default();
    metadata.coverage = Some(cut(sentence + &rest));
}

fn cut(mut text: String) -> String {
    if text.len() > TEXT_BYTES_MAX {
        let mut end = TEXT_BYTES_MAX;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
    text
}
