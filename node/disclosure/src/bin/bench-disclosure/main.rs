//! Measures disclosure control against its goals, beside what other tools reached on the same cases.
//!
//! `bench-disclosure --write FOLDER [S.csv]` writes releases for the attacker of `tests/attack`, which knows nothing of the engine.
//!
//! `bench-disclosure [--seeds N] [--only D2,D4] S.csv`: the file that the instance generator of the reference writes (one line a
//! person: citizenship, exit, mode, entry point, gender, age, quarter). Besides that file, cases of the same shape are
//! made from other dice. Each line says what is reached, the goal, the anchor and the ratio to it; the program fails where a
//! goal is missed.

#![allow(clippy::print_stdout)]

mod cases;
mod goals;
mod write;

use std::process::ExitCode;

fn main() -> ExitCode {
    let done = asked(std::env::args().skip(1)).and_then(|asked| match &asked.write {
        Some(folder) => write::releases(folder, &asked.cases).map(|()| 0),
        None => goals::measure(&asked),
    });
    match done {
        Ok(0) => ExitCode::SUCCESS,
        Ok(missed) => {
            println!("{missed} goals missed");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

fn asked(mut arguments: impl Iterator<Item = String>) -> Result<goals::Asked, String> {
    const USAGE: &str =
        "usage: bench-disclosure [--seeds N] [--only D2,D4] S.csv\n       bench-disclosure --write FOLDER [S.csv]";
    let (mut seeds, mut only, mut path, mut write) = (3, Vec::new(), None, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--seeds" => seeds = arguments.next().and_then(|text| text.parse().ok()).ok_or(USAGE)?,
            "--only" => only = arguments.next().ok_or(USAGE)?.split(',').map(ToOwned::to_owned).collect(),
            "--write" => write = Some(std::path::PathBuf::from(arguments.next().ok_or(USAGE)?)),
            _ if path.is_none() => path = Some(argument),
            _ => return Err(USAGE.into()),
        }
    }
    let cases = match path {
        Some(path) => {
            let text = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
            cases::read(&text)?
        }
        None if write.is_some() => Vec::new(),
        None => return Err(USAGE.into()),
    };
    Ok(goals::Asked { cases, seeds, only, write })
}
