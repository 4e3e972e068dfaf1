//! Whole small ledgers. Each file is a story: rows of an outcome and a line, so that a second implementation can hold its
//! rules against ours, line by line. Nothing here asks the rules: what should happen is written down beside each line.

mod editions;
mod lines;
mod reading;
mod releases;
mod sharing;
pub(crate) mod story;

use data_encoding::HEXLOWER;
use std::fmt::Write as _;

use crate::shared::Folder;
use story::Story;

pub(super) fn region(folder: &mut Folder<'_>) {
    lines::lines(folder);
    releases::releases(folder);
    sharing::sharing(folder);
    reading::reading(folder);
    editions::editions(folder);
}

/// Writes a story down.
fn tell(folder: &mut Folder<'_>, name: &str, story: &Story) {
    let mut body = String::new();
    for (outcome, line) in story.rows() {
        writeln!(body, "{outcome} {}", HEXLOWER.encode(line)).unwrap();
    }
    let number = |outcome: &String| {
        outcome.get(..3).filter(|number| number.bytes().all(|b| b.is_ascii_digit())).map(str::to_owned)
    };
    let expected = story.rows().iter().find_map(|(outcome, _)| number(outcome)).unwrap_or_else(|| "ok".to_owned());
    assert_eq!(name.starts_with("ok_"), expected == "ok", "{name}");
    let values = [("region", Story::REGION.to_owned()), ("size", story.size().to_string())];
    folder.add(format!("{name}.txt"), &expected, &values, &body);
}
