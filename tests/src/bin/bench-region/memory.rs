//! Resident memory of a hub and of a joined node that do nothing, each a process of its own: this program starts itself again
//! as each of them.

use std::fs::File;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use vrs_runtime::exit::Exit;

/// The first word by which this program is asked to be another.
const AS: &str = "--as";
/// Between two looks, and how many there are before a program counts as silent.
const LOOK_AGAIN: Duration = Duration::from_millis(50);
const LOOKS: usize = 600;
/// How long both stay alone before they are measured: past the first exchange and what it leaves to be freed.
const SETTLE: Duration = Duration::from_secs(5);

/// Resident memory in MiB.
pub(crate) struct Memory {
    pub(crate) hub_mib: f64,
    pub(crate) node_mib: f64,
}

/// Where this process was started to be a hub or a node: how that ended.
pub(crate) fn lived_as_another() -> Option<Exit> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [AS, "vrs-hub", ..] => Some(vrs_hub::commands::main(arguments[1..].iter().map(Into::into))),
        [AS, "vrs-node", ..] => Some(vrs_node::commands::main(arguments[1..].iter().map(Into::into))),
        _ => None,
    }
}

pub(crate) fn measure() -> Memory {
    let dir = tempfile::tempdir().unwrap();
    let (hub, north) = (dir.path().join("hub"), dir.path().join("north"));
    let [listen, hub_console, node_console] = [(); 3].map(|()| free_address());
    told("vrs-hub", &hub, &["init", "--region", "Bench", "--listen", &listen, "--console", &hub_console]);
    let mut hub_process = begin("vrs-hub", &hub, &["run"], None);
    wait_for(|| TcpStream::connect(&hub_console).is_ok());
    let invite = told("vrs-hub", &hub, &["participant", "invite", "NORTH", "--name", "Northland"]);
    let name = ["--participant", "NORTH", "--name", "Northland"];
    told("vrs-node", &north, &[&["init"][..], &name, &["--console", &node_console]].concat());
    let seen = dir.path().join("join.txt");
    let mut joining = begin("vrs-node", &north, &["join", invite.trim()], Some(&seen));
    let fingerprint = || {
        let text = std::fs::read_to_string(&seen).unwrap_or_default();
        text.lines().find_map(|line| line.strip_prefix("Fingerprint")).map(|print| print.trim().to_owned())
    };
    wait_for(|| fingerprint().is_some());
    told("vrs-hub", &hub, &["participant", "admit", "NORTH", "--fingerprint", &fingerprint().unwrap()]);
    assert!(joining.wait().unwrap().success());
    let mut node_process = begin("vrs-node", &north, &["run"], None);
    wait_for(|| TcpStream::connect(&node_console).is_ok());
    std::thread::sleep(SETTLE);
    let memory = Memory { hub_mib: resident_mib(&hub_process), node_mib: resident_mib(&node_process) };
    for process in [&mut node_process, &mut hub_process] {
        process.kill().unwrap();
        process.wait().unwrap();
    }
    memory
}

/// An address of this machine that nobody listens at.
fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
}

fn command(program: &str, dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([AS, program, "--dir"]).arg(dir).args(arguments).stdin(Stdio::null());
    command
}

/// Starts a program; what it says goes into a file, or nowhere.
fn begin(program: &str, dir: &Path, arguments: &[&str], said: Option<&Path>) -> Child {
    let said = said.map_or_else(Stdio::null, |path| File::create(path).unwrap().into());
    command(program, dir, arguments).stdout(Stdio::null()).stderr(said).spawn().unwrap()
}

/// What a command answers.
fn told(program: &str, dir: &Path, arguments: &[&str]) -> String {
    let output = command(program, dir, arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn wait_for(mut condition: impl FnMut() -> bool) {
    for _ in 0..LOOKS {
        if condition() {
            return;
        }
        std::thread::sleep(LOOK_AGAIN);
    }
    panic!("a program of the region did not answer");
}

/// `VmRSS` of a process, see proc(5).
fn resident_mib(process: &Child) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", process.id())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}
