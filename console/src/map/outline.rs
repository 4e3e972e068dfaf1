//! Cutting outlines: at the meridian opposite to the central one, and at the frame of the drawing.
//!
//! The rule it keeps: no line ever crosses the map from edge to edge because an area lies on both sides of the cut.

/// A point: degrees, or the plane.
pub type Point = (f64, f64);

/// The outline with longitudes counted from a meridian and continued beyond ±180 instead of jumping. Its first point is
/// not repeated at its end.
#[must_use]
pub fn unwrapped(ring: &[Point], meridian: f64) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::with_capacity(ring.len());
    for (longitude, latitude) in ring {
        let mut longitude = super::projection::from_meridian(*longitude, meridian);
        if let Some((before, _)) = points.last() {
            longitude -= ((longitude - before) / 360.0).round() * 360.0;
        }
        points.push((longitude, *latitude));
    }
    if points.len() > 1 && points.first() == points.last() {
        points.pop();
    }
    points
}

/// The pieces of an unwrapped outline that lie between −180 and 180, each moved there.
#[must_use]
pub fn cut(ring: &[Point]) -> Vec<Vec<Point>> {
    let west = ring.iter().map(|point| point.0).fold(f64::INFINITY, f64::min);
    let east = ring.iter().map(|point| point.0).fold(f64::NEG_INFINITY, f64::max);
    [-360.0, 0.0, 360.0]
        .into_iter()
        .filter(|turn| west + turn < 180.0 && east + turn > -180.0)
        .map(|turn| {
            let moved: Vec<Point> = ring.iter().map(|(longitude, latitude)| (longitude + turn, *latitude)).collect();
            if west + turn >= -180.0 && east + turn <= 180.0 {
                return moved;
            }
            let moved = half(&moved, |point| point.0 + 180.0);
            half(&moved, |point| 180.0 - point.0)
        })
        .filter(|piece| piece.len() > 2)
        .collect()
}

/// The part of a closed outline inside a frame (left, top, right, bottom).
#[must_use]
pub fn framed(ring: &[Point], (left, top, right, bottom): (f64, f64, f64, f64)) -> Vec<Point> {
    let ring = half(ring, |point| point.0 - left);
    let ring = half(&ring, |point| right - point.0);
    let ring = half(&ring, |point| point.1 - top);
    half(&ring, |point| bottom - point.1)
}

/// The part of a closed outline on the side of a line where the distance is not negative (Sutherland and Hodgman).
fn half(ring: &[Point], distance: impl Fn(Point) -> f64) -> Vec<Point> {
    let mut kept = Vec::with_capacity(ring.len() + 4);
    for (place, here) in ring.iter().copied().enumerate() {
        let before = ring[(place + ring.len() - 1) % ring.len()];
        let (from, to) = (distance(before), distance(here));
        if (from < 0.0) != (to < 0.0) {
            let share = from / (from - to);
            kept.push((before.0 + (here.0 - before.0) * share, before.1 + (here.1 - before.1) * share));
        }
        if to >= 0.0 {
            kept.push(here);
        }
    }
    kept
}

/// Leaves out points that are nearer than this to the last one kept: they would not be seen.
#[must_use]
pub fn thinned(ring: &[Point], nearest: f64) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::with_capacity(ring.len());
    for point in ring {
        let far = kept.last().is_none_or(|last| (last.0 - point.0).abs().max((last.1 - point.1).abs()) >= nearest);
        if far {
            kept.push(*point);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outline_across_the_antimeridian_stays_in_one_piece_when_seen_from_there() {
        let ring = [(170.0, 10.0), (-170.0, 10.0), (-170.0, -10.0), (170.0, -10.0), (170.0, 10.0)];
        let pacific = unwrapped(&ring, 180.0);
        assert_eq!(pacific, [(-10.0, 10.0), (10.0, 10.0), (10.0, -10.0), (-10.0, -10.0)]);
        assert_eq!(cut(&pacific), std::slice::from_ref(&pacific));
    }

    #[test]
    fn seen_from_the_other_side_it_is_two_pieces_and_nothing_spans_the_map() {
        let ring = [(170.0, 10.0), (-170.0, 10.0), (-170.0, -10.0), (170.0, -10.0)];
        let pieces = cut(&unwrapped(&ring, 0.0));
        assert_eq!(pieces.len(), 2);
        for piece in pieces {
            let west = piece.iter().map(|point| point.0).fold(f64::INFINITY, f64::min);
            let east = piece.iter().map(|point| point.0).fold(f64::NEG_INFINITY, f64::max);
            assert!((east - west - 10.0).abs() < 1e-9, "{piece:?}");
            assert!((-180.0..=180.0).contains(&west) && (-180.0..=180.0).contains(&east));
        }
    }

    #[test]
    fn a_frame_cuts_and_what_lies_outside_is_gone() {
        let square = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)];
        let corner = framed(&square, (5.0, 5.0, 20.0, 20.0));
        assert_eq!(corner.len(), 4);
        assert!(corner.iter().all(|point| point.0 >= 5.0 && point.1 >= 5.0));
        assert!(framed(&square, (50.0, 50.0, 60.0, 60.0)).is_empty());
        assert!(framed(&[], (0.0, 0.0, 1.0, 1.0)).is_empty());
    }

    #[test]
    fn points_too_near_to_be_seen_are_left_out() {
        assert_eq!(thinned(&[(0.0, 0.0), (0.2, 0.2), (1.0, 0.0)], 0.5), [(0.0, 0.0), (1.0, 0.0)]);
    }
}
