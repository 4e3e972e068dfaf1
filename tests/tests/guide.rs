//! The operator's guide is true: the commands of its section "A region by hand" are taken out of the text and run word for
//! word, with the programs as they were built, in an empty folder.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use vrs_tests::programs::program;

const GUIDE: &str = include_str!("../../deploy/README.md");
const BEGIN: &str = "<!-- by hand: begin -->";
const END: &str = "<!-- by hand: end -->";

/// What a shell at a terminal does not do: stop at the first command that fails, and take what runs beside it along.
const FRAME: &str = "set -euo pipefail\ntrap 'jobs -p | xargs -r kill 2>/dev/null || true; wait' EXIT\n";

/// The shell blocks of the section, one after the other. Blocks of another kind show what is answered.
fn commands() -> String {
    let (_, after) = GUIDE.split_once(BEGIN).expect("the guide marks where the section begins");
    let (section, _) = after.split_once(END).expect("the guide marks where the section ends");
    let mut commands = String::new();
    let mut inside = false;
    for line in section.lines() {
        match (inside, line) {
            (false, "```sh") => inside = true,
            (true, "```") => inside = false,
            (true, line) => commands = commands + line + "\n",
            (false, _) => {}
        }
    }
    assert!(!inside, "a block of the section does not end");
    commands
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

#[test]
fn the_commands_of_the_guide_set_up_a_region() {
    let folder = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(root().join("deploy"), folder.path().join("deploy")).unwrap();
    let script = folder.path().join("by-hand.sh");
    std::fs::write(&script, format!("{FRAME}{}", commands())).unwrap();
    let programs = ["vrs-hub", "vrs-node", "vrs-certs"].map(program);
    let path = format!("{}:{}", programs[0].parent().unwrap().display(), std::env::var("PATH").unwrap_or_default());
    // Files and not pipes: what runs in the background would hold a pipe open.
    let (out, err) = (folder.path().join("out"), folder.path().join("err"));
    // A command that waits for something that does not come should end with what was said until then.
    let mut shell = Command::new("timeout");
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("VRS_")) {
        shell.env_remove(name);
    }
    shell
        .args(["--kill-after=10", "180", "bash", "-x"])
        .arg(&script)
        .current_dir(folder.path())
        .env("PATH", path)
        .stdin(Stdio::null());
    shell.stdout(File::create(&out).unwrap()).stderr(File::create(&err).unwrap());
    let ended = shell.status().expect("timeout and bash");
    let read = |path: &Path| String::from_utf8_lossy(&std::fs::read(path).unwrap()).into_owned();
    let (out, err) = (read(&out), read(&err));
    assert!(ended.success(), "{ended}\n--- output\n{out}\n--- errors and commands\n{err}");
    expected(folder.path(), &out);
}

/// What the guide promises to whoever has come to its end.
fn expected(folder: &Path, out: &str) {
    let there = |name: &str| {
        let path = folder.join("two-shores").join(name);
        assert!(path.metadata().is_ok_and(|file| file.len() > 0), "{} is missing or empty", path.display());
    };
    for name in [
        "statement.cose",
        "receipt.cose",
        "line.cbor",
        "checkpoint.note",
        "key-line.cbor",
        "genesis.cbor",
        "author.pem",
        "ledger.pem",
        "body.cbor",
    ] {
        there(&format!("evidence/{name}"));
    }
    for name in [
        "north.backup",
        "hub.backup",
        "north-files/shared/SOUTH/IE_CIT_2021_r1.csv",
        "hub-files/ledger.csv",
        "north-again/vrs.db",
    ] {
        there(name);
    }
    let north = std::fs::read_to_string(folder.join("deploy/examples/IE_CIT-2021.csv")).unwrap();
    assert!(
        north.lines().all(|row| out.lines().any(|line| line == row)),
        "what 'table --csv' writes is what was imported:\n{out}"
    );
    for sentence in [
        "release IE_CIT for 2021 to contributors and you unlock NORTH",
        "signed by SOUTH, line 5, revision 1; allowed, because of your line 4",
        "Open (NORTH, SOUTH): 7,085",
        "All 2 servings up to checkpoint 8 were justified.",
        "SOUTH is served IE_CIT 2021 of NORTH by line 5",
        "ana may sign in again.",
        "administrator signs in with the new password from now on, and is signed out everywhere.",
        "Nothing is to be done.",
    ] {
        assert!(out.contains(sentence), "the guide's commands did not answer {sentence:?}:\n{out}");
    }
}
