//! Routes on the tile map: a line from origin to destination through the countries it passes, one colour a route. Over a country
//! that is not said, or that lies on no map, the line is broken.

use std::collections::BTreeMap;

use askama::{Template, filters::HtmlSafe};

use super::tiles::{Place, part, places};
use crate::chart::{
    Drawing,
    drawing::{Key, Surround, Swatch, keys},
    geometry::At,
    palette,
};
use crate::table::{Column, FigureTable, Row};
use crate::words::say;

/// Routes that are drawn; the table below has all of them.
const DRAWN_MAX: usize = palette::CATEGORIES.len();

/// A map of routes: `{{ map }}` prints it with its table below.
#[derive(Debug, Clone)]
pub struct RouteMap {
    /// Words around it.
    pub drawing: Drawing,
    /// The routes, the most important first.
    pub routes: Vec<DrawnRoute>,
}

/// One route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnRoute {
    /// What it is called in the legend.
    pub name: String,
    /// Its steps from origin to destination.
    pub stops: Vec<Stop>,
}

/// A step of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// Code of the country; `None`: it is not said.
    pub code: Option<String>,
    /// Its name, or why there is none.
    pub name: String,
}

impl DrawnRoute {
    /// The countries in their order, in a line.
    #[must_use]
    pub fn line(&self) -> String {
        self.stops.iter().map(|stop| stop.name.as_str()).collect::<Vec<_>>().join(" → ")
    }

    fn in_words(&self) -> String {
        format!("{}: {}", self.name, self.line())
    }
}

const WIDTH: f64 = 925.0;
const SIDE: (f64, f64) = (26.0, 52.0);
/// Lines of two routes through the same countries lie this far apart.
const APART: f64 = 4.0;

struct Tile {
    x: At,
    y: At,
    middle: At,
    base: At,
    code: &'static str,
    name: String,
    passed: bool,
}

struct Line {
    colour: &'static str,
    legs: Vec<Leg>,
    name: String,
    start: (At, At),
}

/// From one country to the next that is drawn.
struct Leg {
    points: String,
    /// Something between them is not drawn.
    broken: bool,
}

#[derive(Template)]
#[template(path = "route_map.html")]
struct RouteMapSvg {
    around: Surround,
    side: At,
    tiles: Vec<Tile>,
    lines: Vec<Line>,
    keys: Vec<Key>,
    left_out: usize,
}

impl RouteMap {
    fn svg(&self) -> RouteMapSvg {
        let drawn: Vec<&DrawnRoute> = self.routes.iter().take(DRAWN_MAX).collect();
        let stops = drawn.iter().flat_map(|route| &route.stops);
        let names: BTreeMap<&str, &str> =
            stops.filter_map(|stop| Some((stop.code.as_deref()?, stop.name.as_str()))).collect();
        let (from, to) = part(names.keys().copied());
        let columns = f64::from(to.0 - from.0 + 1);
        let side = (WIDTH / columns).floor().clamp(SIDE.0, SIDE.1);
        let width = (side * columns).max(WIDTH / 2.0);
        let legend = drawn.iter().zip(palette::CATEGORIES);
        let legend = legend.map(|(route, colour)| (Swatch::Colour(colour), route.name.clone())).collect();
        let (keys, keys_height) = keys(legend, 0.0, 0.0, width);
        let top = keys_height + 10.0;
        let corner = |place: Place| (side * f64::from(place.0 - from.0), top + side * f64::from(place.1 - from.1));
        let inside = |place: &Place| (from.0..=to.0).contains(&place.0) && (from.1..=to.1).contains(&place.1);
        let tile = |(code, place): (&&'static str, &Place)| {
            let (x, y) = corner(*place);
            let name = names.get(code);
            Tile {
                x: At(x),
                y: At(y),
                middle: At(x + side / 2.0 - 1.0),
                base: At(y + 11.0),
                code,
                name: name.map_or_else(|| (*code).to_owned(), ToString::to_string),
                passed: name.is_some(),
            }
        };
        let line = |(number, (route, colour)): (usize, (&&DrawnRoute, &'static str))| {
            let shift = APART * (number as f64 - (drawn.len() as f64 - 1.0) / 2.0);
            let at = |stop: &Stop| {
                let place = places().get(stop.code.as_deref()?).filter(|place| inside(place))?;
                let (x, y) = corner(*place);
                Some((At(x + side / 2.0 - 1.0 + shift), At(y + side * 0.6 + shift)))
            };
            let points: Vec<(usize, (At, At))> =
                route.stops.iter().enumerate().filter_map(|(step, stop)| Some((step, at(stop)?))).collect();
            let leg = |pair: &[(usize, (At, At))]| match pair {
                [(one, (x, y)), (next, (to_x, to_y))] => {
                    Some(Leg { points: format!("{x},{y} {to_x},{to_y}"), broken: one + 1 < *next })
                }
                _ => None,
            };
            let legs = points.windows(2).filter_map(leg).collect();
            points.first().map(|(_, start)| Line { colour, legs, name: route.in_words(), start: *start })
        };
        let height = top + side * f64::from(to.1 - from.1 + 1);
        RouteMapSvg {
            around: Surround::new(&self.drawing, || self.described(), |title| self.table(title), (width, height)),
            side: At(side - 2.0),
            tiles: places().iter().filter(|(_, place)| inside(place)).map(tile).collect(),
            lines: drawn.iter().zip(palette::CATEGORIES).enumerate().filter_map(line).collect(),
            keys,
            left_out: self.routes.len().saturating_sub(DRAWN_MAX),
        }
    }

    fn described(&self) -> String {
        self.routes.iter().take(DRAWN_MAX).map(DrawnRoute::in_words).collect::<Vec<_>>().join("; ")
    }

    fn table(&self, title: &str) -> FigureTable {
        let columns = [Column::text(say("map-route")), Column::text(say("map-countries-in-order"))];
        let rows = self.routes.iter().map(|route| Row::new(route.name.clone()).text(route.line()));
        FigureTable::new(title, columns).rows(rows)
    }
}

impl std::fmt::Display for RouteMap {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.svg().fmt(out)
    }
}

impl HtmlSafe for RouteMap {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn route(name: &str, codes: &[&str]) -> DrawnRoute {
        let stop = |code: &&str| Stop { code: Some((*code).to_owned()), name: format!("Land {code}") };
        DrawnRoute { name: name.into(), stops: codes.iter().map(stop).collect() }
    }
    fn map(routes: Vec<DrawnRoute>) -> RouteMap {
        RouteMap { drawing: Drawing::new("routes", "Routes"), routes }
    }

    #[test]
    fn lines_go_through_the_countries_and_end_where_the_route_ends() {
        let svg = map(vec![route("Route 1", &["AFG", "IRN", "TUR", "GRC"]), route("Route 2", &["AFG", "TUR"])]).svg();
        let legs: Vec<usize> = svg.lines.iter().map(|line| line.legs.len()).collect();
        assert_eq!(legs, [3, 1]);
        assert_ne!(svg.lines[0].start, svg.lines[1].start, "two routes do not hide each other");
        let passed: Vec<&str> = svg.tiles.iter().filter(|tile| tile.passed).map(|tile| tile.code).collect();
        assert_eq!(passed, ["AFG", "GRC", "IRN", "TUR"]);
        assert!(svg.tiles.iter().any(|tile| tile.code == "IRQ" && !tile.passed), "what lies between is drawn");
    }

    #[test]
    fn over_what_is_not_said_or_on_no_map_the_line_is_broken_and_the_table_says_it() {
        let mut gap = route("Route <1>", &["AFG", "_U", "GRC"]);
        gap.stops.push(Stop { code: None, name: "not said".into() });
        let map = map(vec![gap]);
        assert!(map.svg().lines[0].legs[0].broken);
        let text = map.to_string();
        assert!(text.contains("Land AFG → Land _U → Land GRC → not said"), "{text}");
        assert!(text.contains("Route &#60;1&#62;") && !text.contains("Route <1>"));
    }

    #[test]
    fn no_more_routes_are_drawn_than_there_are_colours() {
        let routes = (0..9).map(|number| route(&number.to_string(), &["AFG", "IRN"])).collect();
        let svg = map(routes).svg();
        assert_eq!((svg.lines.len(), svg.left_out), (DRAWN_MAX, 9 - DRAWN_MAX));
        assert_eq!(map(Vec::new()).svg().lines.len(), 0);
    }
}
