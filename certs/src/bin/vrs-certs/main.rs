//! `vrs-certs`: the region's certificate authority by hand, and the first request of a node that cannot join online.
//!
//! Facts go to standard output, everything else to standard error. It ends with 0 when it is done, 1 when it was
//! refused or failed, and 2 on wrong usage.

mod arguments;
mod commands;
mod facts;
mod show;

use std::process::ExitCode;
use std::time::{SystemTime, UNIX_EPOCH};

use clap::Parser;
use vrs_protocol::time::Timestamp;

use arguments::Arguments;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(asked) => {
            // Help and version end with 0, wrong usage with 2. A closed terminal is nobody's loss.
            let _ = asked.print();
            return ExitCode::from(u8::try_from(asked.exit_code()).unwrap_or(2));
        }
    };
    let done = commands::run(&arguments, now()).and_then(|outcome| outcome.print(arguments.json));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("vrs-certs: {problem}");
            ExitCode::FAILURE
        }
    }
}

/// The one look at the clock; everything below takes the time as an argument.
#[expect(
    clippy::disallowed_methods,
    reason = "this program may not use the runtime, and has no time that a test moves"
)]
fn now() -> Timestamp {
    // A clock before 1970 is told as 1970, and signs nothing.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(since.as_secs().min(Timestamp::MAX.0))
}
