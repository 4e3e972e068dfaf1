//! Short ways to write what tests are about.

use vrs_protocol::cell::Cell;
use vrs_protocol::id::{Code, FormCode, TopicCode};
use vrs_protocol::period::Period;
use vrs_protocol::table::{Key, Table};

/// A form by its code.
pub fn form(code: &str) -> FormCode {
    FormCode::parse(code).unwrap()
}
/// A topic by its code.
pub fn topic(code: &str) -> TopicCode {
    TopicCode::parse(code).unwrap()
}
/// A period as it is written.
pub fn period(text: &str) -> Period {
    Period::parse(text).unwrap()
}
/// A key: codes between slashes; the empty text is the key of a number.
pub fn key(text: &str) -> Key {
    Key(text.split('/').filter(|code| !code.is_empty()).map(|code| Code::parse(code).unwrap()).collect())
}
/// A cell: a count, `<5`, or a reason.
pub fn cell(text: &str) -> Cell {
    match text {
        "not collected" => Cell::NotCollected,
        "not known" => Cell::NotKnown,
        "not applicable" => Cell::NotApplicable,
        "suppressed" => Cell::Suppressed,
        _ => match text.strip_prefix('<') {
            Some(below) => Cell::Fewer { below: below.parse().unwrap() },
            None => Cell::count(text.parse().unwrap_or_else(|_| panic!("{text:?} is no cell"))),
        },
    }
}
/// A table from keys and cells.
pub fn table(code: &str, when: &str, cells: &[(&str, &str)]) -> Table {
    let mut table = Table::new(form(code), period(when));
    table.cells = cells.iter().map(|(at, text)| (key(at), cell(text))).collect();
    table
}
