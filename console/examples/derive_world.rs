//! Derives `data/world.json` and `data/labels.csv` from published geometry, once; the results are kept in the repository:
//!
//! ```text
//! cargo run -p vrs-console --example derive_world -- countries-50m.json countries.csv country_label_points.csv console/data
//! ```
//!
//! The first file is Natural Earth 1:50m as TopoJSON (npm `world-atlas` 2.0.2), the second maps ISO numbers to alpha-3
//! codes in its first three columns, the third holds a point for each area. Borders are simplified arc by arc, so that
//! neighbours still share them exactly; islets are dropped, but each area keeps its largest piece. See `data/README.md`.

use std::{
    collections::{BTreeMap, HashMap},
    env,
    error::Error,
    fmt::Write as _,
    fs,
    path::Path,
};

use serde_json::{Value, json};

/// A bend is dropped when the triangle it makes is smaller than this, in square degrees at the equator.
const TRIANGLE_MIN: f64 = 0.011;
/// A piece is dropped when it is smaller than this, unless it is its area's largest.
const PIECE_MIN: f64 = 0.06;
/// Steps of a degree that coordinates are rounded to.
const STEPS: f64 = 25.0;
/// Antarctica: it reports nothing, surrounds a pole, and would take a third of every world map.
const LEFT_OUT: &str = "010";

/// Points for areas that the third file lacks, or where the centre of the largest piece is not where people look.
const POINTS: [(&str, f64, f64); 24] = [
    ("ATA", 0.0, -80.0),
    ("BES", -68.3, 12.2),
    ("BVT", 3.4, -54.4),
    ("CCK", 96.85, -12.15),
    ("CHL", -71.0, -35.0),
    ("CXR", 105.65, -10.5),
    ("FJI", 178.0, -17.8),
    ("FRA", 2.5, 46.6),
    ("GIB", -5.35, 36.15),
    ("GLP", -61.55, 16.2),
    ("GUF", -53.1, 3.9),
    ("HRV", 16.0, 45.4),
    ("KIR", 173.0, 1.4),
    ("MTQ", -61.0, 14.6),
    ("MYS", 102.3, 4.0),
    ("MYT", 45.15, -12.8),
    ("NOR", 9.5, 61.5),
    ("REU", 55.5, -21.1),
    ("SJM", 16.0, 78.5),
    ("TKL", -171.8, -9.2),
    ("TUV", 179.2, -8.5),
    ("UMI", 166.6, 19.3),
    ("USA", -98.5, 39.5),
    ("VNM", 107.6, 15.0),
];

type Point = (f64, f64);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [geometry, countries, labels, folder] = &arguments[..] else {
        return Err("usage: derive_world GEOMETRY.json COUNTRIES.csv LABELS.csv FOLDER".into());
    };
    let codes = codes(&fs::read_to_string(countries)?);
    let topology: Value = serde_json::from_str(&fs::read_to_string(geometry)?)?;
    let arcs: Vec<Vec<Point>> = decoded(&topology)?.iter().map(|arc| simplified(arc)).collect();
    let world = world(&topology, &codes, &arcs)?;
    fs::write(Path::new(folder).join("world.json"), &world)?;
    fs::write(Path::new(folder).join("labels.csv"), points(&fs::read_to_string(labels)?, &codes)?)?;
    println!("world.json: {} bytes", world.len());
    Ok(())
}

/// From ISO numbers to alpha-3 codes: the first three columns, which hold no commas.
fn codes(text: &str) -> HashMap<String, String> {
    text.lines()
        .skip(1)
        .filter_map(|line| {
            let mut columns = line.split(',').skip(1);
            let (code, number) = (columns.next()?, columns.next()?);
            Some((number.to_owned(), code.to_owned()))
        })
        .collect()
}

/// The arcs in degrees.
fn decoded(topology: &Value) -> Result<Vec<Vec<Point>>, Box<dyn Error>> {
    let number = |value: &Value| value.as_f64().ok_or("a number was expected");
    let pair = |value: &Value| -> Result<Point, Box<dyn Error>> { Ok((number(&value[0])?, number(&value[1])?)) };
    let (scale, shift) = (pair(&topology["transform"]["scale"])?, pair(&topology["transform"]["translate"])?);
    let mut arcs = Vec::new();
    for arc in topology["arcs"].as_array().ok_or("no arcs")? {
        let (mut x, mut y) = (0.0, 0.0);
        let mut points = Vec::new();
        for step in arc.as_array().ok_or("an arc is no list")? {
            let (dx, dy) = pair(step)?;
            (x, y) = (x + dx, y + dy);
            points.push((x * scale.0 + shift.0, y * scale.1 + shift.1));
        }
        arcs.push(points);
    }
    Ok(arcs)
}

/// Twice the area of a triangle, with degrees of longitude as long as they are at this latitude.
fn triangle(a: Point, b: Point, c: Point) -> f64 {
    let squeeze = b.1.to_radians().cos();
    (((b.0 - a.0) * (c.1 - a.1) - (c.0 - a.0) * (b.1 - a.1)) * squeeze).abs()
}

/// Drops the flattest bend again and again (Visvalingam). The ends stay, so that arcs still meet; a closed arc keeps a
/// triangle.
fn simplified(arc: &[Point]) -> Vec<Point> {
    let mut points = arc.to_vec();
    let least = if points.first() == points.last() { 4 } else { 2 };
    while points.len() > least {
        let bends = points.windows(3).map(|three| triangle(three[0], three[1], three[2]) / 2.0);
        let Some((place, smallest)) = bends.enumerate().min_by(|one, other| one.1.total_cmp(&other.1)) else { break };
        if smallest >= TRIANGLE_MIN {
            break;
        }
        points.remove(place + 1);
    }
    points
}

/// The outline of a ring of arcs, unwrapped across the antimeridian.
fn ring_area(ring: &[i64], arcs: &[Vec<Point>]) -> f64 {
    let mut points: Vec<Point> = Vec::new();
    for index in ring {
        let arc = &arcs[usize::try_from(if *index < 0 { !index } else { *index }).unwrap_or_default()];
        if *index < 0 { points.extend(arc.iter().rev()) } else { points.extend(arc) }
    }
    for place in 1..points.len() {
        let before = points[place - 1].0;
        points[place].0 -= ((points[place].0 - before) / 360.0).round() * 360.0;
    }
    let doubled: f64 = points
        .iter()
        .zip(points.iter().cycle().skip(1))
        .map(|(a, b)| (a.0 * b.1 - b.0 * a.1) * a.1.to_radians().cos())
        .sum();
    doubled.abs() / 2.0
}

fn world(topology: &Value, codes: &HashMap<String, String>, arcs: &[Vec<Point>]) -> Result<String, Box<dyn Error>> {
    let mut kept: BTreeMap<i64, usize> = BTreeMap::new();
    let mut shapes = Vec::new();
    for shape in topology["objects"]["countries"]["geometries"].as_array().ok_or("no countries")? {
        let number = shape["id"].as_str().unwrap_or_default();
        if number == LEFT_OUT {
            continue;
        }
        let polygons: Vec<Vec<Vec<i64>>> = match shape["type"].as_str() {
            Some("Polygon") => vec![serde_json::from_value(shape["arcs"].clone())?],
            Some("MultiPolygon") => serde_json::from_value(shape["arcs"].clone())?,
            _ => continue,
        };
        let sizes: Vec<f64> = polygons.iter().map(|polygon| ring_area(&polygon[0], arcs)).collect();
        let largest = sizes.iter().copied().fold(0.0, f64::max);
        let mut pieces: Vec<(f64, Vec<Vec<i64>>)> = sizes.into_iter().zip(polygons).collect();
        pieces.retain(|(size, _)| *size >= PIECE_MIN || *size == largest);
        pieces.sort_by(|one, other| other.0.total_cmp(&one.0));
        for index in pieces.iter().flat_map(|(_, polygon)| polygon).flatten() {
            let next = kept.len();
            kept.entry(if *index < 0 { !index } else { *index }).or_insert(next);
        }
        shapes.push((codes.get(number).cloned(), pieces.into_iter().map(|(_, polygon)| polygon).collect::<Vec<_>>()));
    }
    // Some areas come in two shapes (Australia and its Ashmore and Cartier Islands); one shape a code is simpler to use.
    shapes.sort();
    shapes.dedup_by(|later, earlier| {
        let same = later.0.is_some() && later.0 == earlier.0;
        if same {
            earlier.1.append(&mut later.1);
        }
        same
    });
    let renamed = |index: &i64| -> i64 {
        let new = i64::try_from(kept[&if *index < 0 { !index } else { *index }]).unwrap_or_default();
        if *index < 0 { !new } else { new }
    };
    let geometries: Vec<Value> = shapes
        .iter()
        .map(|(code, polygons)| {
            let arcs: Vec<Vec<Vec<i64>>> = polygons
                .iter()
                .map(|polygon| polygon.iter().map(|ring| ring.iter().map(renamed).collect()).collect())
                .collect();
            match code {
                Some(code) => json!({"type": "MultiPolygon", "id": code, "arcs": arcs}),
                None => json!({"type": "MultiPolygon", "arcs": arcs}),
            }
        })
        .collect();
    let mut chosen: Vec<(usize, i64)> = kept.iter().map(|(old, new)| (*new, *old)).collect();
    chosen.sort_unstable();
    let deltas: Vec<Vec<[i64; 2]>> =
        chosen.iter().map(|(_, old)| delta_coded(&arcs[usize::try_from(*old).unwrap_or_default()])).collect();
    Ok(serde_json::to_string(&json!({
        "type": "Topology",
        "transform": {"scale": [1.0 / STEPS, 1.0 / STEPS], "translate": [0, 0]},
        "objects": {"areas": {"type": "GeometryCollection", "geometries": geometries}},
        "arcs": deltas,
    }))? + "\n")
}

/// Rounded to the grid and written as steps; steps of nothing are left out.
fn delta_coded(arc: &[Point]) -> Vec<[i64; 2]> {
    #[allow(clippy::cast_possible_truncation)] // degrees times fifty
    let on_grid = |point: &Point| [(point.0 * STEPS).round() as i64, (point.1 * STEPS).round() as i64];
    let mut last = [0, 0];
    let mut steps = Vec::new();
    for (place, point) in arc.iter().map(on_grid).enumerate() {
        let step = [point[0] - last[0], point[1] - last[1]];
        if place == 0 || step != [0, 0] {
            steps.push(step);
        }
        last = point;
    }
    if steps.len() < 2 {
        steps.push([0, 0]);
    }
    steps
}

/// A point for each area: the third file's, then the corrections above.
fn points(text: &str, codes: &HashMap<String, String>) -> Result<String, Box<dyn Error>> {
    let mut points: BTreeMap<&str, Point> = BTreeMap::new();
    for line in text.lines().skip(1) {
        let first = line.split(',').next().unwrap_or_default();
        let mut last = line.rsplit(',');
        let (Some(latitude), Some(longitude)) = (last.next(), last.next()) else { continue };
        if codes.values().any(|code| code == first) {
            // Centres of pieces that cross the antimeridian lie beyond it in that file.
            let longitude = (longitude.parse::<f64>()? + 180.0).rem_euclid(360.0) - 180.0;
            points.insert(first, (longitude, latitude.parse()?));
        }
    }
    points.extend(POINTS.map(|(code, longitude, latitude)| (code, (longitude, latitude))));
    let mut csv = String::from("code,longitude,latitude\n");
    for (code, (longitude, latitude)) in points {
        writeln!(csv, "{code},{longitude:.2},{latitude:.2}")?;
    }
    Ok(csv)
}
