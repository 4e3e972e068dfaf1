//! Measures disclosure control on the synthetic cases of the goals, beside what other tools reached on them.
//!
//! `bench-disclosure S.csv`: the file that the instance generator of the reference writes (one line a person: citizenship, exit,
//! mode, entry point, gender, age, quarter).

#![allow(clippy::print_stdout)]

mod cases;
mod goals;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let Some(path) = arguments.next() else {
        eprintln!("usage: bench-disclosure S.csv");
        return ExitCode::from(2);
    };
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"));
    let outcome = text.and_then(|text| cases::read(&text)).and_then(|cases| goals::measure(&cases));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
