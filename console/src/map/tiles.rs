//! The tile map: one square an area, the Pacific in the middle, the same size for Tonga and China.

use std::{collections::BTreeMap, sync::LazyLock};

use askama::{Template, filters::HtmlSafe};

use super::figures::{Area, AreaFigures};
use crate::words::say;
use crate::{
    chart::{
        Classes,
        drawing::{Key, Patterns, Surround, keys},
        geometry::{At, text_width},
        palette,
    },
    numbers::{Pattern, State},
};

/// A tile map: `{{ tile_map }}` prints it with its table below.
#[derive(Debug, Clone)]
pub struct TileMap {
    /// Words and figures.
    pub figures: AreaFigures,
    /// Whether only the part around the given areas is drawn, larger; else the whole world.
    pub cropped: bool,
}

/// Column and row of a tile.
pub type Place = (u16, u16);

/// Columns and rows of the whole arrangement.
pub const GRID: Place = (33, 19);

/// The place of each area.
#[must_use]
pub fn places() -> &'static BTreeMap<&'static str, Place> {
    static PLACES: LazyLock<BTreeMap<&'static str, Place>> = LazyLock::new(|| {
        include_str!("../../data/tiles.csv")
            .lines()
            .skip(1)
            .filter_map(|line| {
                let mut columns = line.split(',');
                let code = columns.next()?;
                Some((code, (columns.next()?.parse().ok()?, columns.next()?.parse().ok()?)))
            })
            .collect()
    });
    &PLACES
}

const WIDTH: f64 = 925.0;
/// Room for the legend above a small part.
const WIDTH_MIN: f64 = 700.0;
const TILE_MIN: f64 = 28.0;
const TILE_MAX: f64 = 58.0;
/// From this size on a tile has room for its figure below its code.
const TILE_WITH_FIGURE: f64 = 42.0;

/// Where everything goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Width of the drawing.
    pub width: At,
    /// Height of the drawing.
    pub height: At,
    /// Side of a tile.
    pub side: At,
    /// Size of the codes.
    pub code_size: At,
    /// The tiles.
    pub tiles: Vec<Placed>,
    /// The legend.
    pub keys: Vec<Key>,
}

/// One tile, placed.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Left edge.
    pub x: At,
    /// Top edge.
    pub y: At,
    /// Middle.
    pub text_x: At,
    /// Base line of the code.
    pub code_y: At,
    /// Base line of the figure.
    pub figure_y: At,
    /// The code.
    pub code: String,
    /// The figure, where there is room.
    pub figure: Option<String>,
    /// Name and figure in full; the code alone for mere land.
    pub full: String,
    /// Its colour.
    pub fill: &'static str,
    /// The ink read on it.
    pub ink: &'static str,
    /// The hatching of a state.
    pub state: Option<Pattern>,
    /// Whether it has a dashed outline.
    pub open: bool,
    /// Whether it is the reader's own.
    pub own: bool,
    /// Where it leads.
    pub href: Option<String>,
}

/// Places a tile map.
#[must_use]
pub fn layout(map: &TileMap) -> Layout {
    let classes = map.figures.classes();
    let given = map.figures.by_code();
    let (from, to) = if map.cropped { part(given.keys().copied()) } else { ((0, 0), (GRID.0 - 1, GRID.1 - 1)) };
    let columns = f64::from(to.0 - from.0 + 1);
    let side = (WIDTH / columns).floor().clamp(TILE_MIN, TILE_MAX);
    let width = (side * columns).max(WIDTH_MIN);
    let (placed_keys, keys_height) = keys(map.figures.legend(&classes), 0.0, 0.0, width);
    let top = keys_height + 10.0;
    let tiles = places()
        .iter()
        .filter(|(_, place)| (from.0..=to.0).contains(&place.0) && (from.1..=to.1).contains(&place.1))
        .map(|(code, place)| {
            let corner = (side * f64::from(place.0 - from.0), top + side * f64::from(place.1 - from.1));
            tile(code, given.get(code).copied(), &classes, corner, side)
        })
        .collect();
    Layout {
        width: At(width),
        height: At(top + side * f64::from(to.1 - from.1 + 1)),
        side: At(side - 2.0),
        code_size: At(if side < TILE_WITH_FIGURE { 10.0 } else { 12.0 }),
        tiles,
        keys: placed_keys,
    }
}

fn tile(code: &str, area: Option<&Area>, classes: &Classes, (x, y): (f64, f64), side: f64) -> Placed {
    let known = area.and_then(|area| area.shown.known());
    let (fill, ink) = match (area, known) {
        (_, Some(known)) => (classes.colour(known), classes.ink(known)),
        (Some(_), None) => (palette::PAPER, palette::INK),
        (None, None) => (palette::LAND, palette::MUTED),
    };
    let figure = area
        .filter(|_| side >= TILE_WITH_FIGURE)
        .map(|area| area.shown.short())
        .filter(|text| text_width(text, 10.0) <= side - 6.0);
    Placed {
        x: At(x),
        y: At(y),
        text_x: At(x + side / 2.0 - 1.0),
        code_y: At(y + side / 2.0 + if figure.is_some() { -2.0 } else { 2.5 }),
        figure_y: At(y + side / 2.0 + 12.0),
        code: code.to_owned(),
        figure,
        full: area.map_or_else(|| code.to_owned(), Area::full),
        fill,
        ink,
        state: area.and_then(|area| area.shown.state()).map(State::pattern),
        open: area.is_some_and(Area::is_open),
        own: area.is_some_and(|area| area.own),
        href: area.and_then(|area| area.href.clone()),
    }
}

/// The corners of the part around these areas, one tile wider on each side; the whole when none is on it.
pub(super) fn part<'a>(codes: impl Iterator<Item = &'a str>) -> (Place, Place) {
    let found: Vec<Place> = codes.filter_map(|code| places().get(code).copied()).collect();
    let (Some(left), Some(right)) = (found.iter().map(|place| place.0).min(), found.iter().map(|place| place.0).max())
    else {
        return ((0, 0), (GRID.0 - 1, GRID.1 - 1));
    };
    let top = found.iter().map(|place| place.1).min().unwrap_or(0);
    let bottom = found.iter().map(|place| place.1).max().unwrap_or(0);
    ((left.saturating_sub(1), top.saturating_sub(1)), ((right + 1).min(GRID.0 - 1), (bottom + 1).min(GRID.1 - 1)))
}

#[derive(Debug, Template)]
#[template(path = "tile_map.html")]
struct TileMapSvg {
    around: Surround,
    layout: Layout,
    not_drawn: String,
}

impl std::fmt::Display for TileMap {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let layout = layout(self);
        let figures = &self.figures;
        let size = (layout.width.0, layout.height.0);
        let described = || figures.described(say("map-tile-map-one-square-an"));
        let mut around = Surround::new(&figures.drawing, described, |title| figures.table(title), size);
        around.has_links = layout.tiles.iter().any(|tile| tile.href.is_some());
        around.patterns = Patterns::of(&around.id, figures.states());
        let not_drawn = figures.not_drawn(|code| places().contains_key(code));
        TileMapSvg { around, layout, not_drawn }.fmt(out)
    }
}

impl HtmlSafe for TileMap {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::collections::BTreeSet;

    use super::*;
    use crate::{chart::Drawing, numbers::Shown};

    pub(crate) fn figures(areas: Vec<Area>) -> AreaFigures {
        AreaFigures {
            drawing: Drawing::new("map", "Entries"),
            of: "Reporting".into(),
            unit: "Persons".into(),
            areas,
            classes: None,
        }
    }

    fn distance(one: &str, other: &str) -> u16 {
        let (one, other) = (places()[one], places()[other]);
        one.0.abs_diff(other.0).max(one.1.abs_diff(other.1))
    }

    #[test]
    fn every_area_has_a_tile_of_its_own_inside_the_grid() {
        assert_eq!(places().len(), 249);
        let each: BTreeSet<Place> = places().values().copied().collect();
        assert_eq!(each.len(), 249, "two areas share a tile");
        assert_eq!(each.iter().map(|place| place.0).max(), Some(GRID.0 - 1));
        assert_eq!(each.iter().map(|place| place.1).max(), Some(GRID.1 - 1));
        assert!(places().keys().all(|code| code.len() == 3 && code.bytes().all(|letter| letter.is_ascii_uppercase())));
    }

    #[test]
    fn neighbours_are_near_and_directions_hold() {
        for (one, other) in [
            ("FRA", "DEU"),
            ("FRA", "ESP"),
            ("HUN", "HRV"),
            ("GRC", "ALB"),
            ("THA", "MMR"),
            ("THA", "KHM"),
            ("IDN", "SGP"),
            ("AUS", "PNG"),
            ("USA", "CAN"),
            ("USA", "MEX"),
            ("BRA", "ARG"),
            ("EGY", "LBY"),
            ("ZAF", "ZWE"),
            ("FJI", "TON"),
            ("IND", "BGD"),
            ("CHN", "HKG"),
            ("IRN", "AFG"),
            ("NZL", "FJI"),
        ] {
            assert!(distance(one, other) <= 2, "{one} and {other} are {} apart", distance(one, other));
        }
        let column = |code: &str| places()[code].0;
        assert!(column("PRT") < column("TUR") && column("TUR") < column("CHN"));
        assert!(column("JPN") < column("FSM") && column("KIR") < column("USA"), "the Pacific is in the middle");
        let row = |code: &str| places()[code].1;
        assert!(row("FIN") < row("ITA") && row("ITA") < row("NER") && row("NER") < row("ZAF"));
    }

    #[test]
    fn tiles_do_not_overlap_whole_or_cropped() {
        for cropped in [false, true] {
            let map = TileMap {
                figures: figures(vec![Area::new("FRA", "France", 1_u64), Area::new("HUN", "Hungary", 2_u64)]),
                cropped,
            };
            let layout = layout(&map);
            for (place, one) in layout.tiles.iter().enumerate() {
                assert!(one.x.0 + layout.side.0 <= layout.width.0 && one.y.0 + layout.side.0 <= layout.height.0);
                for other in &layout.tiles[..place] {
                    let apart =
                        (one.x.0 - other.x.0).abs() >= layout.side.0 || (one.y.0 - other.y.0).abs() >= layout.side.0;
                    assert!(apart, "{} on {}", one.code, other.code);
                }
            }
            assert!(layout.tiles.iter().any(|tile| tile.code == "AUT"), "what lies between is drawn too");
        }
    }

    #[test]
    fn a_state_is_hatched_and_land_is_neither() {
        let areas = vec![
            Area::new("FRA", "France", State::Withheld),
            Area::new("TON", "Tonga", 7_u64),
            Area::new("MDV", "Maldives", 0_u64),
        ];
        let layout = layout(&TileMap { figures: figures(areas), cropped: false });
        let tile = |code: &str| layout.tiles.iter().find(|tile| tile.code == code).unwrap();
        assert_eq!(tile("FRA").state, Some(Pattern::Upright));
        assert_eq!((tile("DEU").state, tile("DEU").fill), (None, palette::LAND));
        assert_eq!(tile("TON").fill, palette::STEPS[4]);
        assert_eq!(tile("MDV").fill, palette::STEPS[0], "zero is a value");
        assert_eq!(tile("TON").full, "Tonga: 7");
    }

    #[test]
    fn what_lies_on_no_map_is_named_below() {
        let areas =
            vec![Area::new("_O", "All others", 12_u64), Area::new("FRA", "France", Shown::AtLeast(3)).provisional()];
        let text = TileMap { figures: figures(areas), cropped: true }.to_string();
        assert!(text.contains("Not on this map: All others: 12."), "{text}");
        assert!(text.contains("France: at least 3 (provisional)"), "{text}");
    }

    #[test]
    fn links_make_the_drawing_a_group() {
        let plain = TileMap { figures: figures(vec![Area::new("FRA", "France", 1_u64)]), cropped: true };
        assert!(plain.to_string().contains("role=\"img\""));
        let linked = TileMap { figures: figures(vec![Area::new("FRA", "France", 1_u64).link("/x")]), cropped: true };
        assert!(linked.to_string().contains("role=\"group\"") && linked.to_string().contains("<a href=\"/x\">"));
    }
}
