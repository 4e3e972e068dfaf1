//! How a cell lies in a row: its SDMX codes, and its value in the column of its kind. Reading refuses what writing does
//! not write.

use minicbor::{Decode, Encode};
use vrs_protocol::cell::{Cell, Fee, Figure, Narrative, Status, Step};
use vrs_protocol::codec;
use vrs_protocol::id::Code;
use vrs_protocol::table::Key;
use vrs_runtime::database::{DatabaseError, Row};

/// A value that is no count.
#[derive(Encode, Decode)]
enum Other {
    #[n(0)]
    Fee(#[n(0)] Fee),
    #[n(1)]
    Step(#[n(0)] Step),
    #[n(2)]
    Narrative(#[n(0)] Narrative),
}

/// The columns of a cell.
pub(super) struct Columns {
    pub(super) status: &'static str,
    pub(super) conf: &'static str,
    pub(super) count: Option<u64>,
    pub(super) below: Option<u16>,
    pub(super) figure: Option<Vec<u8>>,
}

pub(super) fn write(cell: &Cell) -> Columns {
    let (status, conf) = cell.codes();
    let mut columns = Columns { status, conf, count: None, below: None, figure: None };
    match cell {
        Cell::Value { figure, .. } => match figure {
            Figure::Count(count) => columns.count = Some(*count),
            Figure::Fee(fee) => columns.figure = Some(codec::to_bytes(&Other::Fee(fee.clone()))),
            Figure::Step(step) => columns.figure = Some(codec::to_bytes(&Other::Step(step.clone()))),
            Figure::Narrative(narrative) => {
                columns.figure = Some(codec::to_bytes(&Other::Narrative(narrative.clone())))
            }
        },
        Cell::Fewer { below } => columns.below = Some(*below),
        _ => {}
    }
    columns
}

pub(super) fn read(row: &Row) -> Result<Cell, DatabaseError> {
    let (status, conf): (String, String) = (row.read("status")?, row.read("conf")?);
    let figure = match (row.read::<Option<u64>>("count")?, row.read::<Option<Vec<u8>>>("figure")?) {
        (Some(count), None) => Some(Figure::Count(count)),
        (None, Some(bytes)) => {
            let other = codec::decode_strict(&bytes).map_err(|error| row.corrupt("figure", error.to_string()))?;
            Some(match other {
                Other::Fee(fee) => Figure::Fee(fee),
                Other::Step(step) => Figure::Step(step),
                Other::Narrative(narrative) => Figure::Narrative(narrative),
            })
        }
        (None, None) => None,
        (Some(_), Some(_)) => return Err(row.corrupt("figure", "a cell has one value")),
    };
    if let Some(figure) = figure {
        let status = Status::of_letter(&status)
            .ok_or_else(|| row.corrupt("status", "a status that goes with a value was expected"))?;
        return Ok(Cell::Value { figure, status });
    }
    if let Some(below) = row.read("below")? {
        return Ok(Cell::Fewer { below });
    }
    Cell::of_codes(&status, &conf).ok_or_else(|| row.corrupt("status", "a reason was expected"))
}

/// The key as text. No code holds a bar.
pub(super) fn key_text(key: &Key) -> String {
    key.0.iter().map(Code::as_str).collect::<Vec<_>>().join("|")
}

pub(super) fn read_key(text: &str) -> Result<Key, vrs_protocol::id::IdError> {
    if text.is_empty() {
        return Ok(Key(Vec::new()));
    }
    text.split('|').map(Code::parse).collect::<Result<_, _>>().map(Key)
}
