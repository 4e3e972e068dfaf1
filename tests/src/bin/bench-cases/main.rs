//! `cargo bench-cases`: a million cases to all tables, beside DuckDB reading the same file and computing the same tables with
//! GROUP BY, in one run.
//!
//! Both work in processes of their own, in turn, and measure themselves: the time from opening the file to the last table,
//! and the peak of resident memory. Then their counts are compared, cell by cell. DuckDB is the package of that name for
//! Python; it is installed once, outside the checkout. A figure in a document names this command.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, missing_docs)]
// A measurement that cannot be taken has no result to report, so it stops; and measuring needs a clock.

mod file;
mod ours;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How often both work.
const TURNS: usize = 5;
/// The version of DuckDB that is measured.
const DUCKDB: &str = "duckdb==1.4.2";
const SCRIPT: &str = include_str!("duckdb.py");

/// What one turn took.
#[derive(serde::Deserialize, serde::Serialize)]
struct Turn {
    seconds: f64,
    peak_mib: f64,
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, cases, tables] = &arguments[..]
        && word == "ours"
    {
        println!("{}", serde_json::to_string(&ours::work(Path::new(cases), Path::new(tables))).unwrap());
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let cases = folder.path().join("cases.csv");
    let bytes = file::write(&cases);
    println!("{} cases, {} bytes, 8 dimensions, 40 quarters", file::CASES, bytes);
    let python = python();
    let (ours, theirs) = (folder.path().join("ours.txt"), folder.path().join("theirs.txt"));
    let script = folder.path().join("duckdb.py");
    std::fs::write(&script, SCRIPT).unwrap();
    let mut turns: [Vec<Turn>; 2] = Default::default();
    for _ in 0..TURNS {
        let this = std::env::current_exe().unwrap();
        turns[0].push(measured(Command::new(this).arg("ours").args([&cases, &ours])));
        turns[1]
            .push(measured(Command::new(&python).args(["-I".as_ref(), script.as_os_str()]).args([&cases, &theirs])));
    }
    for (name, turns) in [("vrs", &turns[0]), ("DuckDB", &turns[1])] {
        let mut seconds: Vec<f64> = turns.iter().map(|turn| turn.seconds).collect();
        seconds.sort_by(f64::total_cmp);
        let peak = turns.iter().map(|turn| turn.peak_mib).fold(0.0, f64::max);
        println!("  {name:<8} {:>6.2} s (fastest {:.2} s), peak {peak:>5.0} MiB", seconds[TURNS / 2], seconds[0]);
    }
    let (ours, theirs) = (lines(&ours), lines(&theirs));
    println!("  {} cells that count somebody; {} differ", ours.len(), ours.symmetric_difference(&theirs).count());
    for line in ours.symmetric_difference(&theirs).take(5) {
        println!("    {line}");
    }
}

fn measured(command: &mut Command) -> Turn {
    let output = command.stderr(Stdio::inherit()).output().unwrap();
    assert!(output.status.success(), "{command:?} failed");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn lines(path: &Path) -> BTreeSet<String> {
    std::fs::read_to_string(path).unwrap().lines().map(str::to_owned).collect()
}

/// The most resident memory that this process has had, in MiB.
fn peak_mib() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    peak.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}

/// A Python that has DuckDB, made once.
fn python() -> PathBuf {
    let cache = std::env::var_os("XDG_CACHE_HOME").map(PathBuf::from);
    let cache = cache.unwrap_or_else(|| Path::new(&std::env::var_os("HOME").unwrap()).join(".cache"));
    let folder = cache.join("vrs").join(DUCKDB.replace("==", "-"));
    let python = folder.join("bin/python");
    if !folder.join("ready").exists() {
        let done = |command: &mut Command| assert!(command.status().unwrap().success(), "{command:?} failed");
        done(Command::new("python3").args(["-m", "venv"]).arg(&folder));
        done(Command::new(&python).args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", DUCKDB]));
        std::fs::write(folder.join("ready"), "").unwrap();
    }
    python
}
