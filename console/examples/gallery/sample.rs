//! The sample pages.

use std::sync::Arc;

use vrs_console::{
    chart::{Bar, Bars, Drawing, Heat, Lines, Panel, Stack, Stacked},
    layout::{Frame, Program, Tone},
    map::{Area, AreaFigures, Extent, TileMap, WorldMap},
    numbers::{Shown, State, every_state},
    table::{Column, Definition, Figure, FigureTable, Head, Matrix, MatrixCell, MatrixRow, Pages, Row},
};

use crate::frame;

/// File name, frame, class and parts of each page.
pub(crate) type Samples = Vec<(&'static str, Frame, &'static str, Vec<String>)>;

pub(crate) fn pages(program: &Arc<Program>) -> Samples {
    vec![
        dashboard(program),
        overview(program),
        states(program),
        participation(program),
        charts(program),
        maps(program),
        world(program),
    ]
}

type Sample = (&'static str, Frame, &'static str, Vec<String>);

fn dashboard(program: &Arc<Program>) -> Sample {
    let frame = frame(program, "Dashboard", "/")
        .lead("What there is to do, and what the region shares with you.")
        .say(Tone::Good, "The release of IE_CIT for 2021 is approved and signed.")
        .say(Tone::Caution, "Two tables for 2021-Q1 wait for a second person.");
    let cards = r#"<ul class="cards">
<li class="card"><h2>This period</h2><p class="big">2021 <small>due 31 March 2022, 23:59 UTC</small></p><p class="muted">9 of 12 forms complete, 2 with findings.</p><p><a class="button primary" href="/tables">Fill in</a></p></li>
<li class="card"><h2>What you see in return</h2><p>You contributed 9 of 12 forms. Tables of 7 peers are open to you; 3 are not.</p><p><a href="/access">Why?</a></p></li>
<li class="card"><h2>Outbox</h2><p class="big">0 <small>wait</small></p><p class="muted">Last receipt: line 1 204.</p></li></ul>
<h2>Your tasks</h2><ul class="tasks"><li><a href="/x">Approve IR_CIT for 2021</a><span class="muted">today</span></li><li><a href="/x">Answer the hub's question on 2.4</a><span class="badge caution">3 days left</span></li><li><a href="/x">Certificate renewal</a><span class="badge good">done</span></li></ul>
<h2>A release on its way</h2><ol class="timeline"><li class="done">Prepared by Eleni Papadaki</li><li class="done">Approved by Nikos Ioannou</li><li>Logged at the hub</li><li>Read by peers</li></ol>"#;
    ("index", frame, "", vec![cards.into()])
}

fn overview(program: &Arc<Program>) -> Sample {
    let frame = frame(program, "Illegal entries by citizenship, 2021", "/overviews")
        .lead("Compiled from five open tables; one block of three is known as a sum only.")
        .below("Dashboard", "/")
        .below("Overviews", "/overviews");
    let figures: [(&str, Shown); 9] = [
        ("United States", 1_659_206.into()),
        ("Italy", 67_040.into()),
        ("United Kingdom", 36_792.into()),
        ("Greece", 8_970.into()),
        ("Croatia, France, Slovenia (block)", Shown::Range { low: 24_855, high: 42_855 }),
        ("Hungary", State::Withheld.into()),
        ("Poland", State::Suppressed.into()),
        ("Bulgaria", State::NotReported.into()),
        ("Türkiye", Shown::AtLeast(410_000)),
    ];
    let rows = figures.iter().map(|(name, shown)| {
        let bar = Bar::new(*name, shown.clone());
        match *name {
            "Greece" => bar.own(),
            "Italy" => bar.provisional().link("/tables/ITA"),
            _ => bar,
        }
    });
    let bars = Bars {
        drawing: Drawing::new("entries", "Who reported how many").note("Persons detected entering irregularly, 2021"),
        of: "Reporting".into(),
        unit: "Persons".into(),
        rows: rows.collect(),
    };
    let table = FigureTable::new(
        "By reporting state",
        [
            Column::text("Reporting"),
            Column::number("2021").unit("persons"),
            Column::number("2020").unit("persons"),
            Column::number("Change"),
        ],
    )
    .note("Eurostat, UK Home Office and US CBP; published statistics")
    .rows(figures.into_iter().enumerate().map(|(place, (name, shown))| {
        let row = Row::new(name).figure(Figure::new(shown)).figure(1_234 * (place as u64 + 1)).text("+12 %");
        if name == "Greece" { row.own() } else { row }
    }))
    .row(
        Row::new("Known part")
            .figure(Figure::new(1_772_008_u64).mark('P', "provisional: one table may still change"))
            .figure(812_000_u64)
            .text("+118 %")
            .total(),
    );
    let definition = Definition::new(
        "Who counts as entering irregularly?",
        "A person who crossed a border without complying with the requirements for legal entry.\n\nEach detection is counted, so one person may be counted twice.",
    );
    (
        "overview",
        frame,
        "",
        vec![
            definition.to_string(),
            bars.to_string(),
            table.to_string(),
            Pages::new(1_234, 2, "/overviews?period=2021").to_string(),
        ],
    )
}

fn states(program: &Arc<Program>) -> Sample {
    let frame = frame(program, "Every answer state", "/states").lead("None of them is blank, none looks like a zero.");
    let columns = [Column::text("Case"), Column::number("Figure"), Column::text("Why")];
    let table = FigureTable::new("States in a table", columns)
        .row(Row::new("zero").figure(0_u64).text("typed"))
        .rows(
            every_state().into_iter().map(|state| Row::new(state.class()).figure(state.clone()).text(state.meaning())),
        )
        .row(Row::group("Bounds"))
        .row(Row::new("range").figure(Shown::Range { low: 12_945, high: 146_258 }).text("a block with an unknown part"))
        .row(Row::new("known part").figure(Shown::AtLeast(5_940)).text("two members did not answer"));
    let bars = Bars {
        drawing: Drawing::new("states", "States in a chart"),
        of: "Case".into(),
        unit: "Figure".into(),
        rows: std::iter::once(Bar::new("a number", 1_200_u64))
            .chain(every_state().into_iter().map(|state| Bar::new(state.class(), state)))
            .collect(),
    };
    ("states", frame, "", vec![table.to_string(), bars.to_string()])
}

fn participation(program: &Arc<Program>) -> Sample {
    let frame =
        frame(program, "Who reported what, 2021", "/peers").lead("Participants by forms. A mark opens the table.");
    let forms = [
        "IE_TOT", "IE_CIT", "IE_SEX", "IE_AGE", "IE_MOD", "RE_TOT", "RE_CIT", "RE_RSN", "IR_TOT", "IR_CIT", "SM_TOT",
        "SM_MOD", "SM_CIT", "FD_TOT", "FD_CIT", "RT_CTY",
    ];
    let names = [
        "Bulgaria",
        "Croatia",
        "France",
        "Greece",
        "Hungary",
        "Italy",
        "Poland",
        "Slovenia",
        "United Kingdom",
        "United States",
    ];
    let cell = |row: usize, column: usize| match (row * 7 + column * 3) % 11 {
        0 | 1 => MatrixCell::nothing("not contributed"),
        2 => MatrixCell::new(Tone::Caution, "emb.", "embargoed until 1 January 2027"),
        3 | 4 => MatrixCell::new(Tone::Plain, "Σ", "in sums only"),
        5 => MatrixCell::new(Tone::Bad, "wdn.", "withdrawn"),
        n => MatrixCell::new(Tone::Good, format!("r{}", n % 3 + 1), "open to you").link("/peers/x"),
    };
    let matrix = Matrix {
        caption: "Participants by forms, 2021".into(),
        corner: "Participant".into(),
        columns: forms
            .iter()
            .map(|code| Head::new(*code, "title of the form").link(format!("/tables/2021/{code}")))
            .collect(),
        rows: names
            .iter()
            .enumerate()
            .map(|(row, name)| MatrixRow {
                head: Head::new(*name, ""),
                own: *name == "Greece",
                cells: (0..forms.len()).map(|column| cell(row, column)).collect(),
            })
            .collect(),
        keys: vec![
            MatrixCell::new(Tone::Good, "r2", "open to you, revision 2"),
            MatrixCell::new(Tone::Plain, "Σ", "in sums only"),
            MatrixCell::new(Tone::Caution, "emb.", "embargoed"),
            MatrixCell::new(Tone::Bad, "wdn.", "withdrawn"),
            MatrixCell::nothing("not contributed"),
        ],
    };
    ("participation", frame, "", vec![matrix.to_string()])
}

fn charts(program: &Arc<Program>) -> Sample {
    let frame = frame(program, "Charts", "/charts");
    let stacked = Stacked {
        drawing: Drawing::new("sex-age", "Sex and age").note("Persons detected entering irregularly, 2021"),
        of: "Age".into(),
        parts: vec!["Women".into(), "Men".into(), "Unknown".into()],
        rows: vec![
            Stack::new("0 to 13", [2_310_u64, 2_904, 12]),
            Stack::new("14 to 17", [Shown::Number(812), Shown::Number(5_210), State::Suppressed.into()]),
            Stack::new("18 to 34", [3_004_u64, 19_870, 402]),
            Stack::new("35 to 64", [Shown::Number(2_100), Shown::Number(6_412), State::FewerThan(5).into()]),
            Stack::new("65 and older", [State::FewerThan(5).into(), Shown::Number(64), State::NotKnown.into()]),
        ],
    };
    let lines = Lines {
        drawing: Drawing::new("trend", "Trend by half-year").note("Each panel on its own scale"),
        of: "Reporting".into(),
        periods: ["2018-S1", "2018-S2", "2019-S1", "2019-S2", "2020-S1", "2020-S2", "2021-S1"]
            .map(str::to_owned)
            .into(),
        panels: vec![
            Panel::new("Greece", [12_400_u64, 15_100, 18_020, 41_300, 12_000, 3_700, 8_970]).own(),
            Panel::new(
                "Italy",
                [
                    Shown::Number(16_500),
                    Shown::Number(6_900),
                    State::NotCollected.into(),
                    Shown::Number(8_700),
                    Shown::Number(6_900),
                    Shown::Number(27_300),
                    Shown::Number(20_100),
                ],
            ),
            Panel::new(
                "Croatia",
                [
                    Shown::Number(900),
                    Shown::Number(1_100),
                    Shown::Number(1_300),
                    Shown::Range { low: 1_000, high: 2_100 },
                    State::Suppressed.into(),
                    State::Suppressed.into(),
                    Shown::AtLeast(1_900),
                ],
            ),
            Panel::new("Poland", [0_u64, 2, 0, 0, 12, 4, 1_022]),
            Panel::new("Hungary", std::iter::repeat_n(State::Withheld, 7)),
        ],
        one_scale: false,
    };
    let citizenships =
        ["Afghanistan", "Syrian Arab Republic", "Iran (Islamic Republic of)", "Iraq", "Eritrea", "Viet Nam"];
    let columns = ["BGR", "FRA", "GRC", "HRV", "HUN", "ITA", "POL", "GBR", "USA"];
    let heat = Heat {
        drawing: Drawing::new("heat", "Citizenship by reporting state").note("Persons, 2021"),
        of: "Citizenship".into(),
        columns: columns.map(str::to_owned).into(),
        rows: citizenships
            .iter()
            .enumerate()
            .map(|(row, name)| {
                let figure = |column: usize| match (row * 5 + column * 7) % 13 {
                    0 => State::Suppressed.into(),
                    1 => State::NotCollected.into(),
                    2 => State::FewerThan(5).into(),
                    3 => Shown::AtLeast(640),
                    n => Shown::Number((n * n * n * (row + 1) * 3) as u64 % 9_000),
                };
                ((*name).to_owned(), (0..columns.len()).map(figure).collect())
            })
            .collect(),
        classes: None,
    };
    ("charts", frame, "", vec![stacked.to_string(), lines.to_string(), heat.to_string()])
}

fn area_figures(id: &str, title: &str) -> AreaFigures {
    let areas = vec![
        Area::new("USA", "United States of America", 1_659_206_u64).link("/tables/USA"),
        Area::new("ITA", "Italy", 67_040_u64).provisional(),
        Area::new("GBR", "United Kingdom", 36_792_u64),
        Area::new("GRC", "Greece", 8_970_u64).own(),
        Area::new("FRA", "France", State::NotCollected),
        Area::new("HRV", "Croatia", Shown::Range { low: 4_000, high: 9_000 }),
        Area::new("SVN", "Slovenia", 1_210_u64),
        Area::new("HUN", "Hungary", State::Withheld),
        Area::new("POL", "Poland", State::Suppressed),
        Area::new("BGR", "Bulgaria", 10_799_u64),
        Area::new("MLT", "Malta", 838_u64),
        Area::new("CYP", "Cyprus", State::NotKnown),
        Area::new("_O", "All others", 1_234_u64),
    ];
    let note = "Persons detected entering irregularly, 2021; published statistics";
    AreaFigures {
        drawing: Drawing::new(id, title).note(note),
        of: "Reporting".into(),
        unit: "Persons".into(),
        areas,
        classes: None,
    }
}

fn maps(program: &Arc<Program>) -> Sample {
    let frame = frame(program, "Maps", "/maps");
    let around = ["FRA", "ITA", "GBR", "GRC", "POL", "BGR", "CYP"].map(str::to_owned).into();
    let region = WorldMap { figures: area_figures("region", "The region"), extent: Extent::Around(around) };
    let mut near = area_figures("near", "The region as tiles");
    near.areas.retain(|area| area.code != "USA");
    let near = TileMap { figures: near, cropped: true };
    ("maps", frame, "", vec![region.to_string(), near.to_string()])
}

fn world(program: &Arc<Program>) -> Sample {
    let frame = frame(program, "The world", "/world");
    let world = WorldMap { figures: area_figures("world", "All of it"), extent: Extent::World };
    let mut pacific = area_figures("pacific", "Across the antimeridian");
    pacific.areas = [
        ("FJI", 120),
        ("TON", 12),
        ("TUV", 0),
        ("WSM", 5),
        ("NZL", 2_300),
        ("AUS", 15_000),
        ("PNG", 900),
        ("NRU", 1),
        ("KIR", 3),
        ("VUT", 44),
        ("NCL", 7),
        ("SLB", 19),
    ]
    .map(|(code, count)| Area::new(code, code, count as u64))
    .into();
    let pacific = WorldMap { figures: pacific, extent: Extent::Figures };
    let tiles = TileMap { figures: area_figures("tiles", "One square an area"), cropped: false };
    ("world", frame, "", vec![world.to_string(), pacific.to_string(), tiles.to_string()])
}
