//! Bytes of a table of 5,000 cells: ours before padding, and the same as SDMX-CSV 2.0, plain and packed with gzip.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use vrs_protocol::cell::Cell;
use vrs_protocol::id::{Code, FormCode};
use vrs_protocol::period::Period;
use vrs_protocol::release::encode_body;
use vrs_protocol::table::{Key, Table};

const CELLS: usize = 5_000;

/// Bytes for each cell.
pub(crate) struct Bytes {
    pub(crate) ours: f64,
    pub(crate) sdmx: f64,
    pub(crate) sdmx_packed: f64,
}

pub(crate) fn measure() -> Bytes {
    let table = table();
    let body = encode_body(&table).unwrap();
    // Version, plain length, packed length: see SPEC.md on the body.
    let packed = 9 + u32::from_be_bytes([body[5], body[6], body[7], body[8]]) as usize;
    let csv = sdmx_csv(&table);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(csv.as_bytes()).unwrap();
    let per_cell = |bytes: usize| bytes as f64 / CELLS as f64;
    Bytes { ours: per_cell(packed), sdmx: per_cell(csv.len()), sdmx_packed: per_cell(gzip.finish().unwrap().len()) }
}

/// Twenty modes by 250 countries, with counts up to 5,000 that follow no pattern.
fn table() -> Table {
    let mut table = Table::new(FormCode::parse("IE_MOD").unwrap(), Period::parse("2013").unwrap());
    let mut seed = 7_u64;
    for mode in 0..20 {
        for country in 0..CELLS / 20 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let key = Key(vec![
                Code::parse(&format!("M{mode:02}")).unwrap(),
                Code::parse(&format!("C{country:03}")).unwrap(),
            ]);
            table.cells.insert(key, Cell::count((seed >> 33) % 5_000));
        }
    }
    table
}

fn sdmx_csv(table: &Table) -> String {
    let mut csv = String::from(
        "STRUCTURE,STRUCTURE_ID,ACTION,FREQ,REF_AREA,MODE,LAST_EXIT,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS\n",
    );
    for (key, cell) in &table.cells {
        let count = cell.as_count().unwrap();
        csv.push_str(&format!("dataflow,VRS:DF_IE_MOD(1.0.0),I,A,AUS,{},{},2013,{count},A,F\n", key.0[0], key.0[1]));
    }
    csv
}
