//! `vrs-demo`: a whole region on this machine, on published figures: one hub and ten nodes, each a process of its own.
//!
//! The rule it keeps: everything goes the way it would go between capitals. Real keys, invites, fingerprints and
//! certificates; two persons for each release; the real link, ledger and rules. Nothing here reaches around them, and
//! nothing is simulated but the telephone call in which two persons compare a fingerprint.
//!
//! In reading order: `arguments`; `participants` (who takes part, and who releases what to whom), `sources` (the figures and
//! how they are read); `process` (how the demo starts itself again as each program); `region` (setting up), `story` (what
//! happens), `summary` (what is printed).

mod arguments;
mod participants;
mod problem;
mod process;
mod region;
mod sources;
mod story;
mod summary;

use vrs_runtime::exit::Exit;
use vrs_runtime::shutdown::Shutdown;

use arguments::{Arguments, As};
use problem::{DemoError, Result};
use region::{Folder, Region};
use summary::Summary;

fn main() -> Exit {
    let arguments = match Arguments::read(std::env::args_os()) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version go to standard output and are no mistake.
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Done };
        }
    };
    match (arguments.run_as, arguments.dir.clone()) {
        (Some(what), Some(dir)) => process::live_as(what, &dir),
        (Some(As::Hub | As::Node), None) => Exit::Usage,
        (None, _) => direct(&arguments),
    }
}

/// The parent: sets the region up, lets the story happen, tells it, and stays. Few threads for blocking work, because each
/// keeps the memory that hashing a password once took.
fn direct(arguments: &Arguments) -> Exit {
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(cause) => return failed(&DemoError::System("the program could not start".into(), cause)),
    };
    match runtime.block_on(demo(arguments)) {
        Ok(()) => Exit::Done,
        Err(error) => failed(&error),
    }
}

fn failed(error: &DemoError) -> Exit {
    eprintln!("vrs-demo: {error}");
    Exit::Failed
}

async fn demo(arguments: &Arguments) -> Result<()> {
    let stop = Shutdown::new();
    stop.on_signals().map_err(|cause| DemoError::System("signals cannot be heard".into(), cause))?;
    let folder = Folder::choose(arguments.dir.as_deref())?;
    let told = tokio::select! {
        told = told(folder, arguments) => told?,
        // Children are ended by what is dropped here.
        () = stop.wait() => return Err(DemoError::Stopped),
    };
    let Some(running) = told else { return Ok(()) };
    running.until(&stop).await
}

/// The story from the first key to the last audit. The processes go on if nobody asked for an end.
async fn told(folder: Folder, arguments: &Arguments) -> Result<Option<process::Running>> {
    let mut region = Region::set_up(folder).await?;
    let events = story::happen(&mut region).await?;
    let summary = Summary::of(&region, events).await?;
    if arguments.json {
        println!("{}", summary.json());
    } else {
        println!("{}", summary.text(&region));
    }
    let running = region.leave_running().await?;
    if arguments.exit {
        running.stop().await?;
        return Ok(None);
    }
    Ok(Some(running))
}
