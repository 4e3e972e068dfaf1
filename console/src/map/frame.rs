//! Which part of the globe a map shows, and where its points lie on the drawing.

use super::{
    geometry::{labels, shapes},
    outline::{Point, cut, unwrapped},
    projection::{equal_earth, from_meridian},
};

/// The central meridian of a map of the whole world: the Pacific in the middle, the cut through the Atlantic.
const WORLD_MERIDIAN: f64 = 150.0;
/// The whole world ends here: north of it is ice, south of it Antarctica, which is not shipped.
const WORLD_LATITUDES: (f64, f64) = (83.5, -56.5);
/// Around the areas asked for, as a share of their extent.
const MARGIN: f64 = 0.07;
/// A map of a single small state still shows its neighbourhood: about ten degrees.
const EXTENT_MIN: f64 = 0.17;
/// Height by width, at least and at most.
const HEIGHT: (f64, f64) = (0.45, 0.78);

/// A window on the projected globe, fitted to the drawing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    /// The central meridian.
    pub(crate) meridian: f64,
    /// Top edge on the drawing.
    pub(crate) top: f64,
    /// Height on the drawing.
    pub(crate) height: f64,
    width: f64,
    scale: f64,
    origin: Point,
}

impl Frame {
    /// The same, further down on the drawing.
    pub(crate) fn below(self, top: f64) -> Self {
        Self { top, ..self }
    }

    /// From degrees counted from the central meridian.
    pub(crate) fn on_drawing(&self, (longitude, latitude): Point) -> Point {
        let (x, y) = equal_earth(longitude, latitude);
        ((x - self.origin.0) * self.scale, (y - self.origin.1) * self.scale + self.top)
    }

    /// From degrees as everybody counts them.
    pub(crate) fn on_drawing_from(&self, (longitude, latitude): Point) -> Point {
        self.on_drawing((from_meridian(longitude, self.meridian), latitude))
    }

    /// Left, top, right and bottom, so much wider on each side.
    pub(crate) fn edges(&self, wider: f64) -> (f64, f64, f64, f64) {
        (-wider, self.top - wider, self.width + wider, self.top + self.height + wider)
    }

    /// Whether a point lies inside.
    pub(crate) fn holds(&self, (x, y): Point) -> bool {
        (0.0..=self.width).contains(&x) && (self.top..=self.top + self.height).contains(&y)
    }
}

/// The frame around these areas, or of the whole world.
pub(crate) fn framing(codes: Option<&[&str]>, width: f64) -> Frame {
    let rings: Vec<Vec<Point>> = codes.unwrap_or_default().iter().filter_map(|code| core_of(code)).collect();
    if rings.is_empty() {
        let (east, _) = equal_earth(180.0, 0.0);
        let (_, north) = equal_earth(0.0, WORLD_LATITUDES.0);
        let (_, south) = equal_earth(0.0, WORLD_LATITUDES.1);
        let scale = width / (2.0 * east);
        let height = (south - north) * scale;
        return Frame { meridian: WORLD_MERIDIAN, top: 0.0, height, width, scale, origin: (-east, north) };
    }
    let meridian = middle(&rings);
    let drawn = rings.iter().flat_map(|ring| cut(&unwrapped(ring, meridian))).flatten();
    let (mut west, mut north, mut east, mut south) =
        (f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);
    for (longitude, latitude) in drawn {
        let (x, y) = equal_earth(longitude, latitude);
        (west, east, north, south) = (west.min(x), east.max(x), north.min(y), south.max(y));
    }
    let (middle_x, middle_y) = ((west + east) / 2.0, (north + south) / 2.0);
    let mut wide = ((east - west) * (1.0 + 2.0 * MARGIN)).max(EXTENT_MIN);
    let mut high = ((south - north) * (1.0 + 2.0 * MARGIN)).max(EXTENT_MIN * HEIGHT.0);
    high = high.max(wide * HEIGHT.0);
    wide = wide.max(high / HEIGHT.1);
    let scale = width / wide;
    Frame {
        meridian,
        top: 0.0,
        height: high * scale,
        width,
        scale,
        origin: (middle_x - wide / 2.0, middle_y - high / 2.0),
    }
}

/// What a map of this area must show: its largest piece, so that France is not drawn as far as Réunion; a small square
/// around its label point where there is no outline.
fn core_of(code: &str) -> Option<Vec<Point>> {
    let shape = shapes().iter().find(|shape| shape.code.as_deref() == Some(code));
    if let Some(ring) = shape.and_then(|shape| shape.pieces.first()).and_then(|piece| piece.first()) {
        return Some(ring.clone());
    }
    let (x, y) = *labels().get(code)?;
    Some(vec![(x - 1.0, y - 1.0), (x + 1.0, y - 1.0), (x + 1.0, y + 1.0), (x - 1.0, y + 1.0)])
}

/// The meridian opposite to the middle of the widest empty stretch of longitudes.
fn middle(rings: &[Vec<Point>]) -> f64 {
    let mut stretches: Vec<(f64, f64)> = rings
        .iter()
        .filter_map(|ring| {
            let start = ring.first()?.0;
            let longitudes = unwrapped(ring, start).into_iter().map(|(longitude, _)| longitude + start);
            let (west, east) =
                longitudes.fold((f64::INFINITY, f64::NEG_INFINITY), |(west, east), at| (west.min(at), east.max(at)));
            let from = west.rem_euclid(360.0);
            Some((from, from + (east - west).min(360.0)))
        })
        .collect();
    stretches.sort_by(|one, other| one.0.total_cmp(&other.0));
    let first = stretches.first().map_or(0.0, |stretch| stretch.0);
    let (mut reached, mut widest) = (f64::NEG_INFINITY, (0.0, WORLD_MERIDIAN - 180.0));
    for (from, to) in stretches.iter().copied().chain([(first + 360.0, first + 360.0)]) {
        if reached.is_finite() && from - reached > widest.0 {
            widest = (from - reached, f64::midpoint(from, reached));
        }
        reached = reached.max(to);
    }
    from_meridian(widest.1 + 180.0, 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_found_across_the_antimeridian() {
        let pacific = framing(Some(&["FJI", "WSM", "TON"]), 900.0).meridian;
        assert!(!(-165.0..170.0).contains(&pacific), "{pacific}");
        let europe = framing(Some(&["PRT", "GRC"]), 900.0).meridian;
        assert!((0.0..20.0).contains(&europe), "{europe}");
    }

    #[test]
    fn overseas_parts_do_not_widen_the_frame() {
        let frame = framing(Some(&["FRA", "DEU"]), 900.0);
        assert!(frame.holds(frame.on_drawing_from((2.3, 48.9))));
        assert!(!frame.holds(frame.on_drawing_from((-53.0, 4.0))), "French Guiana lies outside");
    }

    #[test]
    fn a_single_small_state_shows_its_neighbourhood() {
        let frame = framing(Some(&["SGP"]), 900.0);
        assert!(frame.holds(frame.on_drawing_from((101.7, 3.1))), "Kuala Lumpur is in sight");
        assert!(!frame.holds(frame.on_drawing_from((121.0, 14.6))), "Manila is not");
    }

    #[test]
    fn frames_keep_a_readable_shape() {
        for codes in [vec!["CHL"], vec!["NZL", "USA"], vec!["FRA"], vec!["nowhere"], vec![]] {
            let frame = framing(Some(&codes), 900.0);
            assert!((0.4..=0.8).contains(&(frame.height / 900.0)), "{codes:?}: {}", frame.height);
        }
    }
}
