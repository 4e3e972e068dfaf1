//! The geographic map: outlines in the Equal Earth projection, small states as dots.

use askama::{Template, filters::HtmlSafe};

use super::{
    disclaimer,
    figures::{Area, AreaFigures},
    frame::{Frame, framing},
    geometry::{Shape, labels, shapes},
    made_with,
    outline::{Point, cut, framed, thinned, unwrapped},
};
use crate::words::{Said, say};
use crate::{
    chart::{
        Classes,
        drawing::{Key, Patterns, Surround, keys},
        geometry::{At, text_width},
        palette,
    },
    numbers::{Pattern, State},
};

/// A geographic map: `{{ world_map }}` prints it with the disclaimer and its table below.
#[derive(Debug, Clone)]
pub struct WorldMap {
    /// Words and figures.
    pub figures: AreaFigures,
    /// Which part of the world is drawn.
    pub extent: Extent,
}

/// Which part of the world is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Extent {
    /// All of it, the Pacific in the middle.
    World,
    /// The part around the areas that have a figure or a reason for none.
    Figures,
    /// The part around these areas, so that several maps show the same part.
    Around(Vec<String>),
}

/// Width of the drawing.
pub(crate) const WIDTH: f64 = 920.0;
/// An area smaller than this in both directions is drawn as a dot.
const DOT_BELOW: f64 = 9.0;
const DOT: f64 = 4.5;
/// Points nearer than this to the one before are not seen.
const NEAREST: f64 = 0.7;
const CODE_SIZE: f64 = 10.0;

/// Where everything goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Layout {
    /// Height of the drawing; the width is fixed.
    pub height: At,
    /// Top edge of the map, below the legend.
    pub top: At,
    /// Height of the map.
    pub map_height: At,
    /// Outlines of mere land, one path for all.
    pub land: String,
    /// Outlines without a code, with a dashed border.
    pub undetermined: String,
    /// The areas with a figure or a reason for none; the reader's own last, so that its outline is whole.
    pub areas: Vec<Placed>,
    /// The codes written on the map.
    pub codes: Vec<Code>,
    /// The legend.
    pub keys: Vec<Key>,
}

/// One area, placed: an outline, or a dot.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed {
    /// Its code.
    pub code: String,
    /// The outline as a path; empty for a dot.
    pub path: String,
    /// The middle of the dot.
    pub dot: Option<(At, At)>,
    /// Name and figure in full.
    pub full: String,
    /// Its colour.
    pub fill: &'static str,
    /// The hatching of a state.
    pub state: Option<Pattern>,
    /// Whether it has a dashed outline.
    pub open: bool,
    /// Whether it is the reader's own.
    pub own: bool,
    /// Where it leads.
    pub href: Option<String>,
}

/// A code written on the map.
#[derive(Debug, Clone, PartialEq)]
pub struct Code {
    /// Where.
    pub x: At,
    /// Where.
    pub y: At,
    /// The code.
    pub text: String,
    /// The ink read on the area.
    pub ink: &'static str,
    /// The colour around the letters.
    pub around: &'static str,
}

/// Places a geographic map.
#[must_use]
pub fn layout(map: &WorldMap) -> Layout {
    let classes = map.figures.classes();
    let given = map.figures.by_code();
    let codes: Option<Vec<&str>> = match &map.extent {
        Extent::World => None,
        Extent::Figures => Some(given.keys().copied().collect()),
        Extent::Around(codes) => Some(codes.iter().map(String::as_str).collect()),
    };
    let (placed_keys, keys_height) = keys(map.figures.legend(&classes), 0.0, 0.0, WIDTH);
    let frame = framing(codes.as_deref(), WIDTH).below(keys_height + 6.0);

    let (mut land, mut undetermined) = (String::new(), String::new());
    let mut outlines: Vec<(&Area, Outline)> = Vec::new();
    for shape in shapes() {
        let outline = outline(shape, &frame);
        match shape.code.as_deref() {
            None => undetermined.push_str(&outline.path),
            Some(code) => match given.get(code) {
                None => land.push_str(&outline.path),
                Some(area) => outlines.push((area, outline)),
            },
        }
    }
    for area in given.values() {
        let has_shape = outlines.iter().any(|(drawn, _)| drawn.code == area.code);
        if !has_shape && labels().contains_key(area.code.as_str()) {
            outlines.push((area, Outline::default()));
        }
    }
    // The reader's own outline lies above its neighbours', dots above all outlines.
    outlines.sort_by_key(|(area, outline)| (outline.is_dot(), area.own, area.code.clone()));

    let areas = outlines.iter().filter_map(|(area, outline)| place(area, outline, &classes, &frame)).collect();
    let codes = written(&outlines, &classes, &frame, map.extent != Extent::World);
    Layout {
        height: At(frame.top + frame.height + 1.0),
        top: At(frame.top),
        map_height: At(frame.height),
        land,
        undetermined,
        areas,
        codes,
        keys: placed_keys,
    }
}

/// An area's outline on the drawing.
#[derive(Debug, Clone, Default)]
struct Outline {
    path: String,
    /// Left, top, right and bottom of its largest piece.
    core: (f64, f64, f64, f64),
}

impl Outline {
    fn wide(&self) -> f64 {
        self.core.2 - self.core.0
    }

    fn high(&self) -> f64 {
        self.core.3 - self.core.1
    }

    fn is_dot(&self) -> bool {
        self.wide() < DOT_BELOW && self.high() < DOT_BELOW
    }
}

fn outline(shape: &Shape, frame: &Frame) -> Outline {
    let mut whole = Outline::default();
    for ring in shape.pieces.iter().flatten() {
        for piece in cut(&unwrapped(ring, frame.meridian)) {
            let drawn: Vec<Point> = piece.into_iter().map(|point| frame.on_drawing(point)).collect();
            // A little beyond the frame, so that its own edge does not show as a border.
            let drawn = framed(&drawn, frame.edges(3.0));
            let (left, right) = extent(drawn.iter().map(|point| point.0));
            let (top, bottom) = extent(drawn.iter().map(|point| point.1));
            if (right - left) * (bottom - top) > whole.wide() * whole.high() {
                whole.core = (left, top, right, bottom);
            }
            append(&mut whole.path, &thinned(&drawn, NEAREST));
        }
    }
    whole
}

/// The least and the most; twice zero for none.
fn extent(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let least_and_most = |(least, most): (f64, f64), value: f64| (least.min(value), most.max(value));
    let (least, most) = values.fold((f64::INFINITY, f64::NEG_INFINITY), least_and_most);
    if least.is_finite() { (least, most) } else { (0.0, 0.0) }
}

/// Adds a closed outline in tenths relative to the point before: half the bytes of absolute ones.
fn append(path: &mut String, ring: &[Point]) {
    if ring.len() < 3 {
        return;
    }
    let tenths = |point: &Point| ((point.0 * 10.0).round(), (point.1 * 10.0).round());
    let mut last = tenths(&ring[0]);
    path.push_str(&format!("M{} {}l", At(last.0 / 10.0), At(last.1 / 10.0)));
    for (place, point) in ring[1..].iter().map(tenths).enumerate() {
        let y = At((point.1 - last.1) / 10.0).to_string();
        // A minus sign parts numbers as well as a space does.
        let joint = if y.starts_with('-') { "" } else { " " };
        let before = if place == 0 { "" } else { " " };
        path.push_str(&format!("{before}{}{joint}{y}", At((point.0 - last.0) / 10.0)));
        last = point;
    }
    path.push('z');
}

fn place(area: &Area, outline: &Outline, classes: &Classes, frame: &Frame) -> Option<Placed> {
    let dot = if outline.is_dot() {
        let (x, y) = frame.on_drawing_from(*labels().get(area.code.as_str())?);
        if !frame.holds((x, y)) {
            return None;
        }
        Some((At(x), At(y)))
    } else {
        None
    };
    Some(Placed {
        code: area.code.clone(),
        path: if dot.is_some() { String::new() } else { outline.path.clone() },
        dot,
        full: area.full(),
        fill: area.shown.known().map_or(palette::PAPER, |known| classes.colour(known)),
        state: area.shown.state().map(State::pattern),
        open: area.is_open(),
        own: area.own,
        href: area.href.clone(),
    })
}

/// Writes the codes: inside where there is room, else beside, where the map shows a region. One that would lie on another
/// is left out.
fn written(outlines: &[(&Area, Outline)], classes: &Classes, frame: &Frame, beside: bool) -> Vec<Code> {
    let mut taken: Vec<(f64, f64, f64)> = Vec::new();
    let mut codes = Vec::new();
    for (area, outline) in outlines {
        let Some(label) = labels().get(area.code.as_str()) else { continue };
        let (x, y) = frame.on_drawing_from(*label);
        let wide = text_width(&area.code, CODE_SIZE);
        let inside = outline.wide() >= wide + 12.0 && outline.high() >= CODE_SIZE + 8.0;
        if !inside && !beside {
            continue;
        }
        let left = match (inside, outline.is_dot()) {
            (true, _) => x - wide / 2.0,
            (false, true) => x + DOT + 3.0,
            (false, false) => outline.core.2 + 3.0,
        };
        let free = taken
            .iter()
            .all(|(other, line, long)| (line - y).abs() > 11.0 || left > other + long || *other > left + wide);
        if !free || !frame.holds((left, y)) || !frame.holds((left + wide, y)) {
            continue;
        }
        taken.push((left, y, wide));
        let on_colour = area.shown.known().filter(|_| inside);
        let on_state = if inside { palette::PAPER } else { palette::SEA };
        codes.push(Code {
            x: At(left),
            y: At(y + 3.5),
            text: area.code.clone(),
            ink: on_colour.map_or(palette::INK, |known| classes.ink(known)),
            around: on_colour.map_or(on_state, |known| classes.colour(known)),
        });
    }
    codes
}

#[derive(Debug, Template)]
#[template(path = "world_map.html")]
struct WorldMapSvg {
    around: Surround,
    layout: Layout,
    not_drawn: String,
    disclaimer: Said,
    made_with: Said,
}

impl std::fmt::Display for WorldMap {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let layout = layout(self);
        let figures = &self.figures;
        let described = || figures.described(say("map-map"));
        let mut around =
            Surround::new(&figures.drawing, described, |title| figures.table(title), (WIDTH, layout.height.0));
        around.has_links = layout.areas.iter().any(|area| area.href.is_some());
        around.patterns = Patterns::of(&around.id, figures.states());
        let not_drawn = figures.not_drawn(|code| layout.areas.iter().any(|placed| placed.code == code));
        WorldMapSvg { around, layout, not_drawn, disclaimer: disclaimer(), made_with: made_with() }.fmt(out)
    }
}

impl HtmlSafe for WorldMap {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use crate::chart::Drawing;

    fn map(areas: Vec<Area>, extent: Extent) -> WorldMap {
        let drawing = Drawing::new("map", "Entries");
        let figures = AreaFigures { drawing, of: "Reporting".into(), unit: "Persons".into(), areas, classes: None };
        WorldMap { figures, extent }
    }

    /// The length of the longest single stroke of a path, and the box around it.
    fn longest_stroke(path: &str) -> f64 {
        let spaced = path.replace('-', " -").replace('l', " ").replace('M', " M ").replace('z', " ");
        let mut words = spaced.split_whitespace().peekable();
        let mut longest = 0.0_f64;
        while let Some(word) = words.next() {
            if word == "M" {
                words.next();
                words.next();
                continue;
            }
            let (dx, dy): (f64, f64) = (word.parse().unwrap(), words.next().unwrap().parse().unwrap());
            longest = longest.max(dx.hypot(dy));
        }
        longest
    }

    #[test]
    fn no_stroke_crosses_the_map_whatever_the_meridian() {
        for codes in [None, Some("FJI NZL TON"), Some("RUS JPN USA"), Some("FRA DEU"), Some("KIR WSM")] {
            let extent =
                codes.map_or(Extent::World, |codes| Extent::Around(codes.split(' ').map(str::to_owned).collect()));
            let layout = layout(&map(
                vec![Area::new("RUS", "Russian Federation", 5_u64), Area::new("FJI", "Fiji", 5_u64)],
                extent,
            ));
            for path in layout.areas.iter().map(|area| &area.path).chain([&layout.land]) {
                let longest = longest_stroke(path);
                // The longest true border strokes are straight ones across deserts; a wrong one spans the map.
                assert!(longest < WIDTH * 0.45 || codes.is_some(), "{codes:?}: {longest}");
            }
        }
    }

    #[test]
    fn everything_lies_inside_the_drawing() {
        let areas = ["FRA", "HUN", "GRC", "MLT", "TUR", "GBR"].map(|code| Area::new(code, code, 9_u64)).into();
        let layout = layout(&map(areas, Extent::Figures));
        assert!(layout.map_height.0 >= WIDTH * 0.4 && layout.map_height.0 <= WIDTH);
        for code in &layout.codes {
            assert!(code.x.0 >= 0.0 && code.x.0 <= WIDTH && code.y.0 <= layout.height.0, "{code:?}");
        }
        for (x, y) in layout.areas.iter().filter_map(|area| area.dot) {
            assert!((0.0..=WIDTH).contains(&x.0) && (layout.top.0..=layout.height.0).contains(&y.0));
        }
    }

    #[test]
    fn small_states_are_dots_and_none_is_lost() {
        let codes = ["TUV", "NRU", "TON", "MDV", "SGP", "AUS", "GIB", "HKG", "TKL", "KIR"];
        let layout = layout(&map(codes.map(|code| Area::new(code, code, 3_u64)).into(), Extent::World));
        assert_eq!(layout.areas.len(), codes.len());
        assert!(layout.areas.iter().filter(|area| area.dot.is_some()).count() >= 8);
        let text = map(codes.map(|code| Area::new(code, code, 3_u64)).into(), Extent::World).to_string();
        assert!(!text.contains("Not on this map"), "{text}");
    }

    #[test]
    fn what_is_cropped_away_or_has_no_place_is_named_below() {
        let areas = vec![
            Area::new("FRA", "France", 1_u64),
            Area::new("NZL", "New Zealand", 2_u64),
            Area::new("_U", "Unknown", 4_u64),
        ];
        let text = map(areas, Extent::Around(vec!["FRA".into(), "DEU".into()])).to_string();
        assert!(text.contains("Unknown: 4"), "{text}");
        assert!(text.contains("New Zealand: 2"), "{text}");
        assert!(!text.contains("Not on this map: France"));
    }

    #[test]
    fn the_disclaimer_stands_under_every_map() {
        for extent in [Extent::World, Extent::Figures, Extent::Around(vec![])] {
            let text = map(vec![], extent).to_string();
            assert!(text.contains("do not imply official endorsement or acceptance by the United Nations."), "{text}");
            assert!(text.contains(&made_with().to_string()));
        }
    }

    #[test]
    fn a_page_with_a_world_map_stays_small() {
        let areas =
            shapes().iter().filter_map(|shape| shape.code.clone()).map(|code| Area::new(&code, &code, 7_u64)).collect();
        let text = map(areas, Extent::World).to_string();
        assert!(text.len() < 200_000, "{} bytes", text.len());
    }

    #[test]
    fn a_state_is_hatched_and_a_provisional_area_is_outlined() {
        let areas = vec![Area::new("FRA", "France", State::Suppressed), Area::new("ITA", "Italy", 5_u64).provisional()];
        let layout = layout(&map(areas, Extent::Figures));
        let find = |name: &str| layout.areas.iter().find(|area| area.full.starts_with(name)).unwrap();
        assert_eq!(find("France").state, Some(Pattern::Crossed));
        assert!(find("Italy").open && !find("France").open);
    }
}
