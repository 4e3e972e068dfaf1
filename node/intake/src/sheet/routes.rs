//! Routes on a sheet: the rows of one origin and rank are one route, and its steps follow each other. Nobody types a rank or
//! the number of a step: they are the order in which routes and steps stand on the page.

use std::collections::BTreeMap;
use std::ops::Range;

use vrs_protocol::catalogue::{Catalogue, Form};
use vrs_protocol::id::Code;

use super::csv::Countries;
use super::rows::blank;
use super::{Row, Sheet};

/// Steps that a new route waits for: origin, transit, destination.
const STEPS: usize = 3;

/// One route on a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// The citizenship as it was typed; empty where none was yet.
    pub citizenship: String,
    /// Its rank among the routes of that citizenship.
    pub rank: String,
    /// The places of its rows, one for each step.
    pub rows: Range<usize>,
}

/// The routes of a sheet in the order of the page: rows that follow each other with the same citizenship and rank.
#[must_use]
pub fn routes(sheet: &Sheet) -> Vec<Route> {
    let mut routes: Vec<Route> = Vec::new();
    for (place, row) in sheet.rows.iter().enumerate() {
        let (citizenship, rank) = (code(row, 0), code(row, 1));
        match routes.last_mut() {
            Some(last) if last.citizenship == citizenship && last.rank == rank => last.rows.end = place + 1,
            _ => routes.push(Route { citizenship: citizenship.into(), rank: rank.into(), rows: place..place + 1 }),
        }
    }
    routes
}

/// Numbers routes and steps by where they stand. Whatever tells routes apart may stand in place of the rank. Routes and steps
/// without an answer come after those that have one, so that no number is left out in what is written.
pub fn number(sheet: &mut Sheet, catalogue: &Catalogue) {
    let mut routes = routes(sheet);
    let is_blank = |route: &Route| sheet.rows[route.rows.clone()].iter().all(Row::is_blank);
    routes.sort_by_key(is_blank);
    let countries = Countries::new(catalogue);
    let mut ranks: BTreeMap<String, usize> = BTreeMap::new();
    for route in routes {
        let typed = route.citizenship.trim();
        let citizenship = countries.code_of(typed).map_or_else(|| typed.to_lowercase(), |code| code.to_string());
        let rank = ranks.entry(citizenship).or_default();
        *rank += 1;
        let mut step = 0;
        for row in &mut sheet.rows[route.rows] {
            step += usize::from(!row.is_blank());
            let of_step = if row.is_blank() { String::new() } else { step.to_string() };
            row.codes = vec![route.citizenship.clone(), rank.to_string(), of_step];
        }
    }
}

/// A new route at the end, of a citizenship that is still to be said.
pub fn add_origin(sheet: &mut Sheet, form: &Form) {
    let place = sheet.rows.len();
    insert(sheet, form, place, "");
}

/// A new route of the same citizenship behind the one of this row.
pub fn add_route(sheet: &mut Sheet, form: &Form, place: usize) -> Option<usize> {
    let route = of_row(sheet, place)?;
    insert(sheet, form, route.rows.end, &route.citizenship);
    Some(route.rows.end)
}

/// A step below this row.
pub fn add_step(sheet: &mut Sheet, form: &Form, place: usize) -> Option<usize> {
    let codes = sheet.rows.get(place)?.codes.clone();
    sheet.rows.insert(place + 1, Row { codes, ..blank(form) });
    Some(place + 1)
}

/// Takes the whole route of a row away.
pub fn remove(sheet: &mut Sheet, place: usize) {
    if let Some(route) = of_row(sheet, place) {
        sheet.rows.drain(route.rows);
    }
}

/// Puts the route of a row before the one above it; answers where it begins then.
pub fn move_up(sheet: &mut Sheet, place: usize) -> Option<usize> {
    let route = of_row(sheet, place)?;
    let above = of_row(sheet, route.rows.start.checked_sub(1)?)?;
    sheet.rows[above.rows.start..route.rows.end].rotate_left(above.rows.len());
    Some(above.rows.start)
}

/// The same downwards.
pub fn move_down(sheet: &mut Sheet, place: usize) -> Option<usize> {
    let route = of_row(sheet, place)?;
    let below = of_row(sheet, route.rows.end)?;
    move_up(sheet, below.rows.start)?;
    Some(route.rows.start + below.rows.len())
}

/// Exchanges the step of a row and the one above it in the same route.
pub fn move_step_up(sheet: &mut Sheet, place: usize) -> Option<usize> {
    let route = of_row(sheet, place)?;
    if place == route.rows.start {
        return None;
    }
    sheet.rows.swap(place - 1, place);
    Some(place - 1)
}

fn of_row(sheet: &Sheet, place: usize) -> Option<Route> {
    routes(sheet).into_iter().find(|route| route.rows.contains(&place))
}

/// Routes are told apart by their rank until they are numbered: a new one has a rank that no other has.
fn insert(sheet: &mut Sheet, form: &Form, place: usize, citizenship: &str) {
    let codes = vec![citizenship.to_owned(), format!("new {place}"), String::new()];
    let steps = std::iter::repeat_n(Row { codes, ..blank(form) }, STEPS);
    sheet.rows.splice(place..place, steps);
}

fn code(row: &Row, place: usize) -> &str {
    row.codes.get(place).map_or("", String::as_str)
}

/// The countries that a route passes; `None`: a step whose country is not said, or typed in a way that is not known.
#[must_use]
pub fn passed(sheet: &Sheet, route: &Route, countries: &Countries<'_>) -> Vec<Option<Code>> {
    let rows = sheet.rows.get(route.rows.clone()).unwrap_or_default();
    let steps = rows.iter().filter(|row| !row.is_blank());
    steps.map(|row| row.values.first().and_then(|typed| countries.code_of(typed))).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use vrs_protocol::id::FormCode;

    fn form() -> &'static Form {
        Catalogue::bundled().form(&FormCode::parse("RT_CTY").unwrap()).unwrap()
    }
    fn step(citizenship: &str, route: &str, country: &str) -> Row {
        let codes = vec![citizenship.into(), route.into(), String::new()];
        Row { codes, values: vec![country.into(), String::new(), String::new(), String::new()], ..Row::default() }
    }
    fn written(sheet: &Sheet) -> Vec<String> {
        sheet.rows.iter().map(|row| format!("{} {}", row.codes.join("/"), row.values[0])).collect()
    }

    #[test]
    fn ranks_and_steps_are_the_order_on_the_page() {
        let rows = [
            step("AFG", "a", "AFG"),
            step("AFG", "a", ""),
            step("AFG", "a", "TUR"),
            step("IRQ", "b", "IRQ"),
            step("AFG", "c", ""),
            step("Afghanistan (AFG)", "d", "AFG"),
        ];
        let mut sheet = Sheet { rows: rows.to_vec(), ..Sheet::default() };
        number(&mut sheet, Catalogue::bundled());
        assert_eq!(
            written(&sheet),
            ["AFG/1/1 AFG", "AFG/1/ ", "AFG/1/2 TUR", "IRQ/1/1 IRQ", "AFG/3/ ", "Afghanistan (AFG)/2/1 AFG"]
        );
    }

    #[test]
    fn routes_are_added_moved_and_removed_whole() {
        let rows = [step("AFG", "1", "AFG"), step("AFG", "1", "TUR"), step("AFG", "2", "AFG"), step("IRQ", "1", "IRQ")];
        let mut sheet = Sheet { rows: rows.to_vec(), ..Sheet::default() };
        assert_eq!(move_up(&mut sheet, 2), Some(0));
        number(&mut sheet, Catalogue::bundled());
        assert_eq!(written(&sheet), ["AFG/1/1 AFG", "AFG/2/1 AFG", "AFG/2/2 TUR", "IRQ/1/1 IRQ"]);
        assert_eq!(move_down(&mut sheet, 0), Some(2));
        assert_eq!(move_up(&mut sheet, 0), None);
        assert_eq!(move_down(&mut sheet, 3), None);
        assert_eq!(add_route(&mut sheet, form(), 2), Some(3));
        assert_eq!(add_step(&mut sheet, form(), 0), Some(1));
        number(&mut sheet, Catalogue::bundled());
        let ranks: Vec<String> = sheet.rows.iter().map(|row| row.codes[..2].join("/")).collect();
        assert_eq!(ranks, ["AFG/1", "AFG/1", "AFG/1", "AFG/2", "AFG/3", "AFG/3", "AFG/3", "IRQ/1"]);
        remove(&mut sheet, 5);
        remove(&mut sheet, 99);
        assert_eq!(routes(&sheet).len(), 3);
    }

    #[test]
    fn steps_move_inside_their_route() {
        let rows = [step("AFG", "1", "AFG"), step("AFG", "1", "TUR"), step("IRQ", "1", "IRQ")];
        let mut sheet = Sheet { rows: rows.to_vec(), ..Sheet::default() };
        assert_eq!(move_step_up(&mut sheet, 2), None);
        assert_eq!(move_step_up(&mut sheet, 1), Some(0));
        let first = routes(&sheet).remove(0);
        let passed = passed(&sheet, &first, &Countries::new(Catalogue::bundled()));
        let codes: Vec<Option<&str>> = passed.iter().map(|code| code.as_ref().map(Code::as_str)).collect();
        assert_eq!(codes, [Some("TUR"), Some("AFG")]);
    }
}
