//! Maps, drawn on the server as SVG.
//!
//! The rule it keeps: small islands are as visible as large states, what is not known is hatched and not pale, and what
//! lies on no map is named below it. Two kinds take the same figures: [`TileMap`], one square an area, always possible; and
//! [`WorldMap`], outlines in the Equal Earth projection, cropped to a region, with the disclaimer below it.
//!
//! In reading order: [`figures`] (what is shown where), [`tiles`], then [`projection`], [`outline`] (cutting at the
//! antimeridian and the frame), [`geometry`] (the shipped outlines), the frame around a region, and [`world`]. [`routes`] draws
//! lines over the tiles.
//!
//! What is not here: flows between areas, boundary files of an administrator's own, names of countries (the program brings
//! them).

pub mod figures;
mod frame;
pub mod geometry;
pub mod outline;
pub mod projection;
pub mod routes;
pub mod tiles;
pub mod world;

use crate::words::{Said, say};

pub use figures::{Area, AreaFigures};
pub use routes::{DrawnRoute, RouteMap, Stop};
pub use tiles::TileMap;
pub use world::{Extent, WorldMap};

/// The sentence under every geographic map.
#[must_use]
pub fn disclaimer() -> Said {
    say("map-disclaimer")
}

/// Thanks to the makers of the outlines.
#[must_use]
pub fn made_with() -> Said {
    say("map-made-with")
}
