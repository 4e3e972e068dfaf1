//! The demo starts itself again as each program of the region: the hub and every node are processes of their own.
//!
//! The rule it keeps: no process outlives the demo, however that ends. A child reads its standard input, which nobody ever
//! writes to; when it closes, because the parent stopped, failed or was killed, the child stops in order. Children are in
//! process groups of their own, so that Ctrl-C reaches the parent only and each child is asked to stop once.

use std::ffi::OsString;
use std::fs::File;
use std::io::Read;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Signal, getpid, kill_process};
use tokio::net::TcpStream;
use tokio::process::{ChildStdin, Command};
use tokio::time::{sleep, timeout};
use vrs_runtime::exit::Exit;
use vrs_runtime::shutdown::{FINISH_SECS, Shutdown};

use crate::arguments::As;
use crate::problem::{DemoError, Result};

/// How long a program may take until its console answers: a busy machine of two cores starts eleven of them.
const READY: Duration = Duration::from_secs(60);
/// Between two looks.
const LOOK_AGAIN: Duration = Duration::from_millis(30);
/// How much of a log is shown when a program ends before its time.
const TAIL_LINES: usize = 12;

/// Lives as one program of the region until the parent is gone.
pub(crate) fn live_as(what: As, dir: &Path) -> Exit {
    std::thread::spawn(|| {
        let mut nothing = [0; 64];
        while std::io::stdin().read(&mut nothing).is_ok_and(|read| read > 0) {}
        // The orderly stop, as a service manager would ask for it.
        let _ = kill_process(getpid(), Signal::TERM);
    });
    let arguments = |program: &str| -> Vec<OsString> { vec![program.into(), "--dir".into(), dir.into(), "run".into()] };
    match what {
        As::Hub => vrs_hub::commands::main(arguments("vrs-hub")),
        As::Node => vrs_node::commands::main(arguments("vrs-node")),
    }
}

/// A program of the region while it runs. Dropping it kills it.
pub(crate) struct Child {
    name: String,
    process: tokio::process::Child,
    /// Open as long as it shall live.
    stdin: Option<ChildStdin>,
    log: PathBuf,
    console: SocketAddr,
}

impl Child {
    /// Starts a program in its folder.
    pub(crate) fn start(what: As, name: &str, dir: &Path, console: SocketAddr) -> Result<Self> {
        let system = |cause| DemoError::System(format!("{name} could not be started"), cause);
        let log = dir.join("log.txt");
        let file = File::create(&log).map_err(system)?;
        let mut process = Command::new(std::env::current_exe().map_err(system)?)
            .args(["--as", what.word(), "--dir"])
            .arg(dir)
            .stdin(Stdio::piped())
            .stdout(file.try_clone().map_err(system)?)
            .stderr(file)
            .process_group(0)
            .kill_on_drop(true)
            .spawn()
            .map_err(system)?;
        let stdin = process.stdin.take();
        Ok(Self { name: name.to_owned(), process, stdin, log, console })
    }

    /// Waits until its console answers.
    pub(crate) async fn ready(&mut self) -> Result<()> {
        let looking = async {
            loop {
                if TcpStream::connect(self.console).await.is_ok() {
                    return Ok(());
                }
                if let Ok(Some(_)) = self.process.try_wait() {
                    return Err(self.ended());
                }
                sleep(LOOK_AGAIN).await;
            }
        };
        match timeout(READY, looking).await {
            Ok(ready) => ready,
            Err(_) => Err(DemoError::Silent { name: self.name.clone(), log: self.log.clone() }),
        }
    }

    fn ended(&self) -> DemoError {
        let text = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = text.lines().collect();
        let tail = lines[lines.len().saturating_sub(TAIL_LINES)..].join("\n");
        DemoError::Ended { name: self.name.clone(), log: self.log.clone(), tail }
    }

    /// Asks it to stop and waits until it has.
    async fn stop(mut self) -> Result<()> {
        drop(self.stdin.take());
        match timeout(Duration::from_secs(FINISH_SECS), self.process.wait()).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(cause)) => Err(DemoError::System(format!("{} could not be waited for", self.name), cause)),
            // Dropping it kills it.
            Err(_) => Err(DemoError::Silent { name: self.name.clone(), log: self.log.clone() }),
        }
    }
}

/// All programs of the region, and what must not go before they do.
pub(crate) struct Running {
    children: Vec<Child>,
    /// The temporary folder, if it is one: it is removed with this value.
    _folder: Option<tempfile::TempDir>,
}

impl Running {
    /// Takes the programs over.
    pub(crate) fn new(children: Vec<Child>, folder: Option<tempfile::TempDir>) -> Self {
        Self { children, _folder: folder }
    }

    /// Keeps them running until somebody stops the demo.
    pub(crate) async fn until(mut self, stop: &Shutdown) -> Result<()> {
        loop {
            tokio::select! {
                () = stop.wait() => return self.stop().await,
                () = sleep(Duration::from_secs(1)) => {}
            }
            for child in &mut self.children {
                if let Ok(Some(_)) = child.process.try_wait() {
                    return Err(child.ended());
                }
            }
        }
    }

    /// Stops all of them at the same time.
    pub(crate) async fn stop(self) -> Result<()> {
        futures::future::try_join_all(self.children.into_iter().map(Child::stop)).await.map(drop)
    }
}
