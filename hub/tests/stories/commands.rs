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

#[test]
fn a_region_moves_to_another_questionnaire_with_a_calendar_year() {
    let dir = tempfile::tempdir().unwrap();
    let init = ["init", "--region", "Demo", "--listen", "127.0.0.1:7443", "--console", "127.0.0.1:7480"];
    assert_eq!(run(dir.path(), &init).0, Some(0));
    let answer = |arguments: &[&str]| {
        let output = program(dir.path(), &[&["charter"], arguments].concat()).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let holds = |version: &str| {
        let list = answer(&["catalogue"]);
        list.lines().find(|line| line.contains(version)).unwrap_or_default().to_owned()
    };
    assert!(holds("2026.1").contains("all years") && holds("2027.1").contains("not in force"));
    for (arguments, code, words) in [
        (&["2027.1", "--from", "2027-Q2"][..], 1, "does not begin one. Write --from 2027 or --from 2028"),
        (&["2099.1", "--from", "2027"], 1, "update the program"),
        (&["2027.1"], 2, "--from"),
    ] {
        let (found, said) = run(dir.path(), &[&["charter", "catalogue"], arguments].concat());
        assert_eq!(found, Some(code), "{arguments:?}: {said}");
        assert!(said.contains(words), "{said}");
    }
    let tried = answer(&["catalogue", "2027.1", "--from", "2027", "--dry-run"]);
    assert!(tried.contains("Nothing was changed") && tried.contains("New: SM_UAC"), "{tried}");
    assert!(holds("2027.1").contains("not in force"));
    let done = answer(&["catalogue", "2027.1", "--from", "2027-Q1", "--title", "Second Charter"]);
    assert!(done.contains("Not asked any more: IX_XPT"), "{done}");
    assert!(holds("2026.1").contains("until 2026") && holds("2027.1").contains("from 2027"));
    // As a file it is read again, and it is the one in force.
    let file = dir.path().join("charter.toml");
    std::fs::write(&file, answer(&["show"])).unwrap();
    let (code, said) = run(dir.path(), &["charter", "set", file.to_str().unwrap()]);
    assert_eq!(code, Some(1));
    assert!(said.contains("is the one in force"), "{said}");
    // Nothing is reported yet, so it can begin later, or not at all.
    answer(&["catalogue", "2027.1", "--from", "2029"]);
    assert!(holds("2026.1").contains("until 2028"));
    answer(&["catalogue", "2026.1", "--from", "2029"]);
    assert!(holds("2026.1").contains("all years") && holds("2027.1").contains("not in force"));
}
