//! The shipped outlines and label points, read once.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use super::outline::Point;

/// The outlines of an area.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// ISO 3166-1 alpha-3 code; none where there is no such code.
    pub code: Option<String>,
    /// Its pieces, the largest first; each an outer ring and its holes, in degrees.
    pub pieces: Vec<Vec<Vec<Point>>>,
}

/// Why a boundary file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum GeometryError {
    /// It is not TopoJSON of the expected form.
    #[error("this is not TopoJSON as expected")]
    Form(#[from] serde_json::Error),
    /// A ring names an arc that is not there.
    #[error("an outline names the arc {0}, which is not there")]
    NoArc(i64),
}

#[derive(Deserialize)]
struct Topology {
    transform: Transform,
    objects: Objects,
    arcs: Vec<Vec<(f64, f64)>>,
}

#[derive(Deserialize)]
struct Transform {
    scale: (f64, f64),
    translate: (f64, f64),
}

#[derive(Deserialize)]
struct Objects {
    areas: Collection,
}

#[derive(Deserialize)]
struct Collection {
    geometries: Vec<Geometry>,
}

#[derive(Deserialize)]
struct Geometry {
    #[serde(default)]
    id: Option<String>,
    arcs: Vec<Vec<Vec<i64>>>,
}

/// Reads outlines from TopoJSON with one object `areas` of multi-polygons, as `data/world.json` has it.
///
/// # Errors
/// [`GeometryError`] when the text is of another form.
pub fn shapes_of(text: &str) -> Result<Vec<Shape>, GeometryError> {
    let topology: Topology = serde_json::from_str(text)?;
    let Transform { scale, translate } = topology.transform;
    let arcs: Vec<Vec<Point>> = topology
        .arcs
        .iter()
        .map(|steps| {
            let along = |at: &mut (f64, f64), step: &(f64, f64)| {
                *at = (at.0 + step.0, at.1 + step.1);
                Some((at.0 * scale.0 + translate.0, at.1 * scale.1 + translate.1))
            };
            steps.iter().scan((0.0, 0.0), along).collect()
        })
        .collect();
    let ring = |indices: &Vec<i64>| -> Result<Vec<Point>, GeometryError> {
        let mut points: Vec<Point> = Vec::new();
        for index in indices {
            // A negative index names the arc backwards: −1 is arc 0.
            let place = if *index < 0 { !index } else { *index };
            let arc =
                usize::try_from(place).ok().and_then(|place| arcs.get(place)).ok_or(GeometryError::NoArc(*index))?;
            // The end of one arc is the beginning of the next.
            points.pop();
            if *index < 0 { points.extend(arc.iter().rev()) } else { points.extend(arc) }
        }
        Ok(points)
    };
    topology
        .objects
        .areas
        .geometries
        .into_iter()
        .map(|geometry| {
            let piece = |rings: &Vec<Vec<i64>>| rings.iter().map(ring).collect();
            Ok(Shape {
                code: geometry.id,
                pieces: geometry.arcs.iter().map(piece).collect::<Result<_, GeometryError>>()?,
            })
        })
        .collect()
}

/// The shipped outlines.
#[must_use]
pub fn shapes() -> &'static [Shape] {
    // The file is ours and a test reads it; should it ever be damaged, maps are empty and tables still there.
    static SHAPES: LazyLock<Vec<Shape>> =
        LazyLock::new(|| shapes_of(include_str!("../../data/world.json")).unwrap_or_default());
    &SHAPES
}

/// Where a dot or a code stands, for each area: longitude and latitude.
#[must_use]
pub fn labels() -> &'static BTreeMap<&'static str, Point> {
    static LABELS: LazyLock<BTreeMap<&'static str, Point>> = LazyLock::new(|| {
        include_str!("../../data/labels.csv")
            .lines()
            .skip(1)
            .filter_map(|line| {
                let mut columns = line.split(',');
                let code = columns.next()?;
                Some((code, (columns.next()?.parse().ok()?, columns.next()?.parse().ok()?)))
            })
            .collect()
    });
    &LABELS
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::collections::BTreeSet;

    use super::*;
    use crate::map::tiles::places;

    #[test]
    fn the_shipped_file_is_small_and_whole() {
        let text = include_str!("../../data/world.json");
        assert!(text.len() <= 150_000, "{} bytes", text.len());
        let shapes = shapes_of(text).unwrap();
        assert!(shapes.len() >= 235, "{}", shapes.len());
        for shape in &shapes {
            assert!(!shape.pieces.is_empty(), "{:?}", shape.code);
            for ring in shape.pieces.iter().flatten() {
                assert!(ring.len() >= 3 && ring.first() == ring.last(), "{:?}: {ring:?}", shape.code);
                assert!(ring.iter().all(|(x, y)| (-180.1..=180.1).contains(x) && (-90.0..=90.0).contains(y)));
            }
        }
        let codes: BTreeSet<&str> = shapes.iter().filter_map(|shape| shape.code.as_deref()).collect();
        for code in ["FRA", "USA", "SGP", "MDV", "TON", "NRU", "HKG", "MLT"] {
            assert!(codes.contains(code), "{code}");
        }
        assert!(codes.iter().all(|code| places().contains_key(code)), "an area without a tile");
    }

    #[test]
    fn every_tile_has_a_label_point() {
        assert_eq!(labels().keys().collect::<Vec<_>>(), places().keys().collect::<Vec<_>>());
        assert!(labels().values().all(|(x, y)| (-180.0..=180.0).contains(x) && (-90.0..=90.0).contains(y)));
    }

    #[test]
    fn a_file_that_names_a_missing_arc_is_refused() {
        let text = r#"{"transform":{"scale":[1,1],"translate":[0,0]},"objects":{"areas":{"geometries":[{"arcs":[[[7]]]}]}},"arcs":[]}"#;
        assert!(matches!(shapes_of(text), Err(GeometryError::NoArc(7))));
        assert!(matches!(shapes_of("{}"), Err(GeometryError::Form(_))));
    }

    #[test]
    fn arcs_run_both_ways_and_share_their_ends() {
        let text = r#"{"transform":{"scale":[1,1],"translate":[0,0]},
            "objects":{"areas":{"geometries":[{"id":"AAA","arcs":[[[0,-2]]]}]}},
            "arcs":[[[0,0],[1,0],[0,1]],[[9,9],[1,1]],[[0,0],[0,1],[1,0]]]}"#;
        let shapes = shapes_of(text).unwrap();
        assert_eq!(shapes[0].pieces[0][0], [(0.0, 0.0), (1.0, 0.0), (10.0, 10.0), (9.0, 9.0)]);
    }
}
