//! Shows what the assistant sees in a file, proposes and asks: `cargo run -p vrs-intake --example assist -- FRA FILE [SHEET]`.
#![allow(clippy::expect_used, clippy::disallowed_methods, clippy::print_stdout)]

use vrs_intake::SourceFile;
use vrs_intake::assistant::Layout;
use vrs_intake::assistant::propose::{Remembered, propose};
use vrs_intake::assistant::questions::questions;
use vrs_intake::assistant::seen::see;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::ParticipantCode;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let participant = ParticipantCode::parse(&arguments[0]).expect("the code of a participant");
    let bytes = std::fs::read(&arguments[1]).expect("a file");
    let file = SourceFile { name: &arguments[1], bytes: &bytes };
    let layout = Layout { sheet: arguments.get(2).cloned(), ..Layout::default() };
    let seen = match see(file, &layout) {
        Ok(seen) => seen,
        Err(problems) => return println!("{problems}"),
    };
    println!("{:?}\n{} rows\n{:?}", seen.rules, seen.rows, seen.remarks);
    let answers = propose(&seen, file.name, Catalogue::bundled(), &participant, &Remembered::default());
    println!("{}", toml::to_string_pretty(&answers).unwrap_or_default());
    match questions(file, &seen, &answers, Catalogue::bundled()) {
        Ok(open) => open.questions.iter().for_each(|question| println!("? {question:?}")),
        Err(problems) => println!("{problems}"),
    }
}
