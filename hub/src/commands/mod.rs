//! The command line of `vrs-hub`. A contract: tests, the demo and operators rely on names, `--json` and exit numbers.
//!
//! The rule it keeps: standard output carries the answer and nothing else; what a person should know besides, and why
//! something failed and what to do next, goes to standard error. Each command opens the hub, asks it, prints, and closes;
//! a running hub sees what it did within a second.
//!
//! In reading order: `arguments`, then the commands by subject.

mod accounts;
mod arguments;
mod audit;
mod backups;
mod charter;
mod editions;
mod export;
mod life;
mod lines;
mod overview;
mod participants;

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;

use clap::Parser;
use vrs_console::acts::whence;
use vrs_runtime::clock::Clock;
use vrs_runtime::exit::Exit;
use vrs_runtime::logging;
use vrs_runtime::os_user;
use vrs_runtime::output::{Output, plain};
use vrs_runtime::settings::Loaded;
use vrs_runtime::shutdown::Shutdown;

use crate::config::Settings;
use crate::hub::Hub;
use crate::problem::HubError;
use arguments::{Arguments, Command};

/// Threads that serve: the hub waits for the disk and the network, and seldom computes.
const WORKERS: usize = 2;
/// Threads that wait for files or judge large bodies. Each costs memory while it lives.
const WAITING_THREADS: usize = 8;

/// Reads the arguments and does what they say, in a runtime of its own. `vrs-demo` starts a hub with it too.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version go to standard output and are no mistake.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Done };
        }
    };
    let output = Output::new(arguments.json);
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(WORKERS).max_blocking_threads(WAITING_THREADS).enable_all().build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(whence::command_line(&os_user::name(), dispatch(arguments, &output))),
        Err(cause) => Err(HubError::Sentence(format!("the program could not start: {cause}"))),
    };
    match done {
        Ok(exit) => output.exit(exit),
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "vrs-hub: {}", plain(&error.to_string()));
            Exit::Failed
        }
    }
}

async fn dispatch(arguments: Arguments, output: &Output) -> Result<Exit, HubError> {
    let Arguments { dir, command, .. } = arguments;
    match command {
        Command::Init(init) => life::init(&dir, init, output).await,
        Command::Run => life::run(&dir, output).await,
        Command::Check { settle } => life::check(&dir, settle, output).await,
        Command::Participant { command } => participants::run(&open(&dir).await?, command, output).await,
        Command::Account { command } => accounts::run(&open(&dir).await?, command, output).await,
        Command::Charter { command } => charter::run(&open(&dir).await?, command, output).await,
        Command::Overview { form, period } => overview::run(&open(&dir).await?, &form, period, output).await,
        Command::Edition { command } => editions::run(&open(&dir).await?, command, output).await,
        Command::Export { format: arguments::ExportFormat::Csv, out } => {
            export::run(&open(&dir).await?, &out, output).await
        }
        Command::Ledger { from } => lines::run(&open(&dir).await?, from, output).await,
        Command::Audit => audit::run(&dir, output).await,
        Command::Backup { file } => backups::backup(&dir, &file, output).await,
        Command::Restore { file } => backups::restore(&dir, &file, output).await,
    }
}

/// Reads the settings and begins the log, which is quiet for commands: they answer for themselves.
fn settings(dir: &Path, flags: Vec<(String, String)>, serves: bool) -> Result<Loaded<Settings>, HubError> {
    let loaded = Settings::load(dir, flags)?;
    let mut log = loaded.settings.log.clone();
    if !serves && log == logging::LogSettings::default() {
        log.filter = "warn".into();
    }
    // A log that was begun before is the demo's own.
    match logging::begin(&log) {
        Ok(()) | Err(logging::LoggingError::Begun) => Ok(loaded),
        Err(error) => Err(error.into()),
    }
}

/// Opens the hub in a folder for one command.
async fn open(dir: &Path) -> Result<Hub, HubError> {
    let loaded = settings(dir, Vec::new(), false)?;
    Hub::open(dir, loaded.settings, Clock::system(), Shutdown::new()).await
}
