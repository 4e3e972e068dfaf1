//! What the node does with the file.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;

use vrs_node::intake::{HowCounted, Mapping, SourceFile, read_mapped};
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::ParticipantCode;

use crate::{Turn, peak_mib};

const MAPPING: &str = r#"
format = 1
[publication]
publisher = "Bench"
title = "cases"
licence = "none"
[file]
participant = "AUS"
[cases]
topic = { column = "event", topics = { entry = "IE", refused = "RE", stay = "IR" } }
period = { date = "date" }
covers = ["2015", "2016", "2017", "2018", "2019", "2020", "2021", "2022", "2023", "2024"]
metadata = { unit = "persons" }
[cases.dimensions]
citizenship = { column = "citizenship" }
last_exit = { column = "last_exit" }
entry_point = { column = "entry_point" }
mode = { column = "mode" }
sex = { column = "sex" }
age = { column = "age" }
"#;

/// Makes all tables, and writes what they count to a file afterwards.
pub(crate) fn work(cases: &Path, tables: &Path) -> Turn {
    let begun = Instant::now();
    let bytes = std::fs::read(cases).unwrap();
    let mapping = Mapping::parse(MAPPING.as_bytes()).unwrap();
    let file = SourceFile { name: "cases.csv", bytes: &bytes };
    let participant = ParticipantCode::parse("AUS").unwrap();
    let read = read_mapped(file, &[], &mapping, &HowCounted::default(), Catalogue::bundled(), &participant).unwrap();
    let turn = Turn { seconds: begun.elapsed().as_secs_f64(), peak_mib: peak_mib() };
    let mut text = String::new();
    for table in read.tables.iter().map(|taken| &taken.table) {
        for (key, cell) in &table.cells {
            let count = cell.as_count().unwrap();
            // DuckDB is not asked for the wider age groups.
            if count > 0 && !key.0.iter().any(|code| ["Y0T17", "Y18T"].contains(&code.as_str())) {
                writeln!(text, "{} {} {key} {count}", table.form, table.period).unwrap();
            }
        }
    }
    std::fs::write(tables, text).unwrap();
    turn
}
