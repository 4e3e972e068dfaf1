//! The program as an operator uses it: how it ends, and what it leaves behind.

use std::fs::OpenOptions;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn program(dir: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vrs-hub"));
    command.arg("--dir").arg(dir).args(arguments).stdin(Stdio::null());
    command
}

fn run(dir: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = program(dir, arguments).output().unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

#[test]
fn a_command_in_a_wrong_folder_leaves_nothing_behind() {
    let dir = tempfile::tempdir().unwrap();
    for arguments in [&["audit"][..], &["backup", "file"], &["check"], &["participant", "list"], &["run"]] {
        let (code, said) = run(dir.path(), arguments);
        assert_eq!(code, Some(1), "{arguments:?}");
        assert!(said.contains("there is no hub here (no hub.db in") && said.contains("--dir"), "{arguments:?}: {said}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "{arguments:?}");
    }
}

#[test]
fn an_answer_that_is_lost_is_a_failure_and_a_flag_that_would_be_forgotten_too() {
    let dir = tempfile::tempdir().unwrap();
    let init = ["init", "--region", "Demo", "--listen", "127.0.0.1:7443", "--console", "127.0.0.1:7480"];
    let (code, said) = run(dir.path(), &init);
    assert_eq!(code, Some(0), "{said}");
    let full = || OpenOptions::new().write(true).open("/dev/full").unwrap();
    let invited = program(dir.path(), &["participant", "invite", "AUS"]).stdout(full()).output().unwrap();
    let said = String::from_utf8(invited.stderr).unwrap();
    assert_eq!(invited.status.code(), Some(1), "{said}");
    assert!(said.contains("could not be printed"), "{said}");

    // The settings that an attempt before has left count; what says something else would be forgotten without a word.
    let again = ["init", "--region", "Demo", "--listen", "127.0.0.1:9443"];
    let (code, said) = run(dir.path(), &again);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("vrs.toml") && said.contains("127.0.0.1:7443") && said.contains("127.0.0.1:9443"), "{said}");
    let (_, said) = run(dir.path(), &init);
    assert!(said.contains("there is a region in this database already"), "{said}");
}

#[test]
fn what_is_malformed_is_wrong_usage() {
    let dir = tempfile::tempdir().unwrap();
    for arguments in [
        &["participant", "suspend", "aus"][..],
        &["overview", "IE_CIT", "2021-Q5"],
        &["overview", "?", "2021"],
        &["init", "--region", "Demo", "--listen", "here"],
    ] {
        let (code, said) = run(dir.path(), arguments);
        assert_eq!(code, Some(2), "{arguments:?}: {said}");
    }
}
