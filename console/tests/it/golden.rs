//! Each drawing against the file that somebody looked at and found right.
//!
//! After a wanted change write them anew with `VRS_GOLDEN=write cargo nextest run -p vrs-console golden`, open them in a
//! browser (or the gallery), and look.

use std::{env, fs, path::Path};

use vrs_console::{
    chart::{Bar, Bars, Classes, Drawing, Heat, Lines, Panel, Stack, Stacked},
    map::{Area, AreaFigures, Extent, TileMap, WorldMap},
    numbers::{Shown, State, every_state},
};

fn is_as_before(name: &str, drawn: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if env::var("VRS_GOLDEN").is_ok_and(|wanted| wanted == "write") {
        fs::write(&path, drawn).unwrap();
    }
    let before = fs::read_to_string(&path).unwrap_or_default();
    let first = before.lines().zip(drawn.lines()).position(|(before, now)| before != now);
    let first = first.map_or_else(
        || "its length".to_owned(),
        |line| format!("line {}:\n{}", line + 1, drawn.lines().nth(line).unwrap_or("")),
    );
    assert!(before == drawn, "{name} is drawn differently from {first}");
}

fn drawing(id: &str) -> Drawing {
    Drawing::new(id, "Illegal entries, 2021").note("Persons").description("A sample.")
}

#[test]
fn bars() {
    let mut rows = vec![
        Bar::new("United Kingdom of Great Britain and Northern Ireland", 36_792_u64),
        Bar::new("Greece", 8_970_u64).own(),
        Bar::new("Italy", 67_040_u64).provisional().link("/tables/ITA"),
        Bar::new("A block", Shown::Range { low: 24_855, high: 42_855 }),
        Bar::new("An open sum", Shown::AtLeast(12_945)),
        Bar::new("Zero", 0_u64),
    ];
    rows.extend(every_state().into_iter().map(|state| Bar::new(state.legend(), state)));
    let chart = Bars { drawing: drawing("bars"), of: "Reporting".into(), unit: "Persons".into(), rows };
    is_as_before("bars.html", &chart.to_string());
}

#[test]
fn stacked() {
    let chart = Stacked {
        drawing: drawing("stacked"),
        of: "Age".into(),
        parts: vec!["Women".into(), "Men".into()],
        rows: vec![
            Stack::new("0 to 13", [2_310_u64, 2_904]),
            Stack::new("14 to 17", [Shown::Number(5_210), State::Suppressed.into()]),
            Stack::new("65 and older", [State::FewerThan(5), State::NotKnown]),
        ],
    };
    is_as_before("stacked.html", &chart.to_string());
}

#[test]
fn lines() {
    let chart = Lines {
        drawing: drawing("lines"),
        of: "Reporting".into(),
        periods: ["2019", "2020", "2021", "2022"].map(str::to_owned).into(),
        panels: vec![
            Panel::new("Greece", [41_300_u64, 12_000, 8_970, 15_100]).own(),
            Panel::new(
                "Italy",
                [Shown::Number(8_700), State::NotCollected.into(), Shown::AtLeast(20_100), Shown::Number(0)],
            ),
            Panel::new(
                "Croatia",
                [
                    Shown::Range { low: 1_000, high: 2_100 },
                    Shown::Number(900),
                    State::Suppressed.into(),
                    State::Suppressed.into(),
                ],
            ),
            Panel::new("Hungary", [State::Withheld, State::Withheld, State::Withheld, State::Withheld]),
        ],
        one_scale: false,
    };
    is_as_before("lines.html", &chart.to_string());
}

#[test]
fn heat() {
    let chart = Heat {
        drawing: drawing("heat"),
        of: "Citizenship".into(),
        columns: ["FRA", "GRC", "ITA"].map(str::to_owned).into(),
        rows: vec![
            ("Afghanistan".into(), vec![Shown::Number(12), Shown::Number(4_520), State::NotCollected.into()]),
            ("Syrian Arab Republic".into(), vec![Shown::AtLeast(640), Shown::Number(0), State::FewerThan(5).into()]),
        ],
        classes: Some(Classes::with_limits([10, 100, 1_000, 10_000])),
    };
    is_as_before("heat.html", &chart.to_string());
}

fn figures(id: &str) -> AreaFigures {
    let areas = vec![
        Area::new("GRC", "Greece", 8_970_u64).own(),
        Area::new("ITA", "Italy", 67_040_u64).provisional(),
        Area::new("MLT", "Malta", 838_u64).link("/tables/MLT"),
        Area::new("HUN", "Hungary", State::Withheld),
        Area::new("HRV", "Croatia", Shown::AtLeast(4_000)),
        Area::new("_O", "All others", 12_u64),
    ];
    AreaFigures { drawing: drawing(id), of: "Reporting".into(), unit: "Persons".into(), areas, classes: None }
}

#[test]
fn tile_map() {
    is_as_before("tile_map.html", &TileMap { figures: figures("tiles"), cropped: true }.to_string());
}

#[test]
fn world_map() {
    is_as_before("world_map.html", &WorldMap { figures: figures("world"), extent: Extent::Figures }.to_string());
}
