//! Routes on a page: one card a route with its steps, what is different from the period before, and all of them on a map.

use std::collections::BTreeMap;

use vrs_console::chart::Drawing;
use vrs_console::domain::names::{label, period_words};
use vrs_console::map::{DrawnRoute, RouteMap, Stop};
use vrs_console::words::Said;
use vrs_protocol::catalogue::{Catalogue, Dimension, Form, Kind};
use vrs_protocol::cell::{Cell, Figure};
use vrs_protocol::id::Code;
use vrs_protocol::period::Period;
use vrs_protocol::table::Table;

use super::sheet_rows::{RowView, named};
use crate::say;
use crate::sheet::Sheet;
use crate::sheet::csv::Countries;
use crate::sheet::routes::{Route, passed, routes};

/// All routes of a sheet.
pub(super) struct RoutesView {
    pub(super) cards: Vec<Card>,
    /// Routes of the period before that are not here any more.
    pub(super) dropped: Vec<String>,
    pub(super) map: Option<RouteMap>,
}

/// One route.
pub(super) struct Card {
    /// Place of its first row.
    pub(super) place: usize,
    /// The citizenship as it was typed.
    pub(super) citizenship: String,
    pub(super) heading: String,
    /// The route in one line; empty where no step is answered yet.
    pub(super) line: String,
    /// What is different from the period before.
    pub(super) compared: String,
    pub(super) rows: Vec<RowView>,
    pub(super) is_first: bool,
    pub(super) is_last: bool,
}

/// The countries of a route; `None`: one that is not said.
type Passed = Vec<Option<Code>>;

/// The routes of a table, by citizenship and rank.
type Earlier = BTreeMap<(Code, u32), Passed>;

/// The rows as cards.
pub(super) fn view(
    sheet: &Sheet,
    rows: Vec<RowView>,
    form: &Form,
    catalogue: &Catalogue,
    before: Option<&(Period, Table)>,
) -> RoutesView {
    let words = Words { form, catalogue };
    let countries = Countries::new(catalogue);
    let earlier = before.map(|(period, table)| (*period, in_table(table)));
    let all = routes(sheet);
    let mut rows = rows.into_iter();
    let (mut cards, mut drawn, mut here) = (Vec::new(), Vec::new(), Earlier::new());
    for (number, route) in all.iter().enumerate() {
        let stops = passed(sheet, route, &countries);
        let citizenship = countries.code_of(&route.citizenship);
        let heading = words.heading(route, citizenship.as_ref());
        let rank = route.rank.parse().unwrap_or(0);
        let compared = match (&earlier, &citizenship) {
            (Some((period, earlier)), Some(of)) if !stops.is_empty() => {
                words.compared(*period, earlier, of, rank, &stops).to_string()
            }
            _ => String::new(),
        };
        let drawing = words.drawn(heading.clone(), &stops);
        let typed = |code: &Code| named(catalogue, &form.dimensions[0], code);
        cards.push(Card {
            place: route.rows.start,
            citizenship: citizenship.as_ref().map_or_else(|| route.citizenship.clone(), typed),
            heading,
            line: drawing.line(),
            compared,
            rows: rows.by_ref().take(route.rows.len()).collect(),
            is_first: number == 0,
            is_last: number + 1 == all.len(),
        });
        if stops.len() > 1 {
            drawn.push(drawing);
        }
        here.extend(citizenship.map(|of| ((of, rank), stops)));
    }
    RoutesView {
        dropped: earlier.map_or_else(Vec::new, |(_, earlier)| words.dropped(&earlier, &here)),
        map: map(drawn),
        cards,
    }
}

/// The routes of a table on the map; `None` where there is none.
pub(super) fn map_of(table: &Table, form: &Form, catalogue: &Catalogue) -> Option<RouteMap> {
    if form.kind != Kind::Routes {
        return None;
    }
    let words = Words { form, catalogue };
    let routes = in_table(table).into_iter().filter(|(_, stops)| stops.len() > 1);
    map(routes.map(|((of, rank), stops)| words.drawn(words.route_of(&rank.to_string(), &of), &stops)).collect())
}

fn map(routes: Vec<DrawnRoute>) -> Option<RouteMap> {
    let drawing = || Drawing::new("routes", say("sheet-routes-on-the-map").to_string());
    (!routes.is_empty()).then(|| RouteMap { drawing: drawing(), routes })
}

/// The routes of a table, steps in their order.
fn in_table(table: &Table) -> Earlier {
    let mut steps: BTreeMap<(Code, u32), BTreeMap<u32, Option<Code>>> = BTreeMap::new();
    for (key, cell) in &table.cells {
        let [citizenship, rank, step] = &key.0[..] else { continue };
        let (Ok(rank), Ok(step)) = (rank.as_str().parse(), step.as_str().parse()) else { continue };
        let country = match cell {
            Cell::Value { figure: Figure::Step(at), .. } => Some(at.country.clone()),
            _ => None,
        };
        steps.entry((citizenship.clone(), rank)).or_default().insert(step, country);
    }
    steps.into_iter().map(|(route, steps)| (route, steps.into_values().collect())).collect()
}

/// What says a route in words.
struct Words<'a> {
    form: &'a Form,
    catalogue: &'a Catalogue,
}

impl Words<'_> {
    fn country(&self, code: &Code) -> String {
        let list = self.form.dimensions.first().map_or_else(String::new, |dimension| dimension.list.clone());
        label(self.catalogue, &Dimension { code: "country".into(), list }, code)
    }

    fn route_of(&self, rank: &str, citizenship: &Code) -> String {
        say("sheet-route-of").with("rank", rank).with("country", self.country(citizenship)).into()
    }

    fn heading(&self, route: &Route, citizenship: Option<&Code>) -> String {
        citizenship.map_or_else(|| say("sheet-route-new").into(), |code| self.route_of(&route.rank, code))
    }

    fn drawn(&self, name: String, stops: &Passed) -> DrawnRoute {
        let stop = |code: &Option<Code>| Stop {
            code: code.as_ref().map(ToString::to_string),
            name: code.as_ref().map_or_else(|| say("sheet-route-gap").into(), |code| self.country(code)),
        };
        DrawnRoute { name, stops: stops.iter().map(stop).collect() }
    }

    fn line(&self, stops: &Passed) -> String {
        self.drawn(String::new(), stops).line()
    }

    /// Whether a route is new, another one than before, or the same.
    fn compared(&self, period: Period, earlier: &Earlier, of: &Code, rank: u32, stops: &Passed) -> Said {
        let period = period_words(period).to_string();
        let by_rank = earlier.get(&(of.clone(), rank));
        let same = earlier.iter().find(|((citizenship, _), passed)| citizenship == of && *passed == stops);
        match (by_rank, same) {
            (Some(before), _) if before == stops => say("sheet-route-same").with("period", period),
            (_, Some(((_, rank), _))) => {
                say("sheet-route-other-rank").with("period", period).with("rank", rank.to_string())
            }
            (Some(before), None) => say("sheet-route-changed").with("period", period).with("line", self.line(before)),
            (None, None) => say("sheet-route-is-new").with("period", period),
        }
    }

    /// Routes of before that are not here, in words. One that another took the place of is told at that one.
    fn dropped(&self, earlier: &Earlier, here: &Earlier) -> Vec<String> {
        let stays = |(of, rank): &(Code, u32), stops: &Passed| {
            let same = || here.iter().any(|((citizenship, _), passed)| citizenship == of && passed == stops);
            here.contains_key(&(of.clone(), *rank)) || same()
        };
        earlier
            .iter()
            .filter(|(route, stops)| !stays(route, stops))
            .map(|((of, _), stops)| format!("{}: {}", self.country(of), self.line(stops)))
            .collect()
    }
}
