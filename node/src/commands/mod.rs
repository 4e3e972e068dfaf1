//! The command line of `vrs-node`. A contract: tests, the demo and operators rely on names, `--json` and exit numbers.
//!
//! The rule it keeps: standard output carries the answer and nothing else; what a person should know besides, and why
//! something failed and what to do next, goes to standard error. Each command opens the node, asks it, prints, and closes;
//! a running node sees what it did within a second.
//!
//! In reading order: `arguments`, then the commands by subject.

mod acts;
mod arguments;
mod catalogue;
mod desk;
mod figures;
mod keeping;
mod life;
mod people;
mod periods;
mod sharing;

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;

use clap::Parser;
use vrs_console::acts::whence;
use vrs_runtime::exit::Exit;
use vrs_runtime::logging;
use vrs_runtime::os_user;
use vrs_runtime::output::Output;

use crate::error::{NodeError, Result};
use crate::node::Node;
use crate::settings::Settings;
use arguments::{Acts, Arguments, Command};

/// Threads that serve: a node waits for the disk and the network, and seldom computes.
const WORKERS: usize = 2;
/// Threads that wait for files or judge large bodies. Each costs memory while it lives.
const WAITING_THREADS: usize = 8;

/// Reads the arguments and does what they say, in a runtime of its own. `vrs-demo` starts a node with it too.
pub fn main(arguments: impl IntoIterator<Item = OsString>) -> Exit {
    let arguments = match Arguments::try_parse_from(arguments) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version go to standard output and are no mistake.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Done };
        }
    };
    let (json, output) = (arguments.json, Output::new(arguments.json));
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    let runtime = builder.worker_threads(WORKERS).max_blocking_threads(WAITING_THREADS).enable_all().build();
    let done = match runtime {
        Ok(runtime) => runtime.block_on(whence::command_line(&os_user::name(), dispatch(arguments, &output))),
        Err(cause) => Err(NodeError::Refused(format!("the program could not start: {cause}"))),
    };
    match done {
        Ok(exit) => output.exit(exit),
        Err(error) => failed(&error, json),
    }
}

/// Says why something failed and what to do next: in words, and with `--json` also as a value on standard output.
fn failed(error: &NodeError, json: bool) -> Exit {
    let mut stderr = std::io::stderr();
    let _ = writeln!(stderr, "vrs-node: {error}");
    if let Some(next) = error.next_step() {
        let _ = writeln!(stderr, "Next: {next}");
    }
    if json {
        Output::new(true).answer(&as_json(error), String::new);
    }
    if matches!(error, NodeError::Usage(_)) { Exit::Usage } else { Exit::Failed }
}

/// An error for scripts. Of a refused file every problem stands by itself, as a person sees it in the sentence.
fn as_json(error: &NodeError) -> serde_json::Value {
    let mut said =
        serde_json::json!({ "sentence": error.to_string(), "number": error.number(), "unlock": error.unlock() });
    if let NodeError::File(problems) = error {
        said["problems"] = serde_json::json!(problems.listed);
        said["more_problems"] = problems.more.into();
        said["unread"] = problems.unread.into();
    }
    serde_json::json!({ "error": said })
}

async fn dispatch(arguments: Arguments, output: &Output) -> Result<Exit> {
    let Arguments { dir, command, .. } = arguments;
    match command {
        Command::Init(init) => return life::init(&dir, init, output).await,
        Command::Run => return life::run(&dir, output).await,
        Command::Acts { command: Acts::Verify { file } } => return acts::verify(&file, output),
        Command::Restore { file } => return keeping::restore(&dir, &file, output).await,
        _ => {}
    }
    let node = open(&dir).await?;
    let exit = on_node(&node, command, output).await;
    node.close().await;
    exit
}

async fn on_node(node: &Node, command: Command, output: &Output) -> Result<Exit> {
    match command {
        Command::Join { invite } => life::join(node, invite.as_deref(), output).await,
        Command::Check { settle } => life::check(node, settle, output).await,
        Command::Charter { command } => people::charter(node, command, output).await,
        Command::Catalogue { command } => catalogue::run(node, command, output).await,
        Command::Account { command } => people::account(node, command, output).await,
        Command::Agency { command } => figures::agency(node, command, output).await,
        Command::Import(import) => figures::import(node, import, output).await,
        Command::Between { form, reason, end: _, who } => figures::between(node, &form, reason, &who, output).await,
        Command::TakeBack { import, reason } => figures::take_back(node, import, &reason, output).await,
        Command::Period { command } => periods::run(node, command, output).await,
        Command::Table { subject, origins: true, .. } => figures::origins(node, &subject, output).await,
        Command::Table { subject, csv, .. } => figures::table(node, &subject, csv, output).await,
        Command::Findings { subject, reason, who, .. } => figures::findings(node, &subject, reason, &who, output).await,
        Command::Decide(decide) => figures::decide(node, decide, output).await,
        Command::Release { command } => desk::release(node, command, output).await,
        Command::Sync => sharing::sync(node, output).await,
        Command::Read { subject, participant, csv } => {
            sharing::read(node, &subject, participant.as_ref(), csv, output).await
        }
        Command::Overview { subject } => sharing::overview(node, &subject, output).await,
        Command::Why { subject, participant } => sharing::why(node, &subject, participant.as_ref(), output).await,
        Command::Servings => sharing::servings(node, output).await,
        Command::Acts { command: Acts::Export { file } } => acts::export(node, &file, output).await,
        Command::Audit => sharing::audit(node, output).await,
        Command::Evidence { release, out, with_body } => {
            keeping::evidence(node, &release, &out, with_body, output).await
        }
        Command::Export { format: arguments::ExportFormat::Csv, out } => keeping::export(node, &out, output).await,
        Command::Backup { file } => keeping::backup(node, &file, output).await,
        Command::Init(_) | Command::Run | Command::Restore { .. } | Command::Acts { command: Acts::Verify { .. } } => {
            Err(NodeError::Defect("a command in the wrong place".into()))
        }
    }
}

/// Begins the log, which is quiet for commands: they answer for themselves.
fn begin_log(settings: &Settings, serves: bool) -> Result<()> {
    let mut log = settings.log.clone();
    if !serves && log == logging::LogSettings::default() {
        log.filter = "warn".into();
    }
    match logging::begin(&log) {
        // A log that was begun before is the demo's own.
        Ok(()) | Err(logging::LoggingError::Begun) => Ok(()),
        Err(error) => Err(NodeError::Refused(error.to_string())),
    }
}

/// Opens the node in a folder for one command.
async fn open(dir: &Path) -> Result<Node> {
    let node = Node::open(dir).await?;
    begin_log(node.settings(), false)?;
    Ok(node)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::{Flaw, Problem};

    #[test]
    fn each_problem_of_a_refused_file_stands_by_itself_in_json() {
        let flaw = Flaw::NotACount("it has a fraction");
        let problem = Problem::at(7, "value", "12.5", flaw, "whole numbers from 0");
        let said = as_json(&NodeError::File(problem.into()));
        let listed = serde_json::json!([{
            "file": null, "line": 7, "column": "value", "value": "12.5", "problem": "not a count: it has a fraction",
            "accepted": "whole numbers from 0", "again": 0
        }]);
        assert_eq!((&said["error"]["problems"], &said["error"]["more_problems"]), (&listed, &0.into()));
        assert!(
            said["error"]["sentence"].as_str().is_some_and(|sentence| sentence.contains("nothing of it was taken"))
        );
        assert!(as_json(&NodeError::NotJoined)["error"].get("problems").is_none());
    }
}
