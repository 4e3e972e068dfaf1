//! The goals, one line each: what is reached, the goal, the anchor, and the ratio to it.

use vrs_disclosure::decision::{Decision, Why};
use vrs_disclosure::engine::decide;
use vrs_disclosure::policy::Policy;
use vrs_disclosure::request::{Budget, Request};
use vrs_disclosure::verify::verify;
use vrs_protocol::table::Table;

use crate::cases::{ALL, Case, FORMS, ONE, QUARTERS, Shape, made, tables};

/// What is to be measured.
pub(crate) struct Asked {
    /// The cases of the reference.
    pub(crate) cases: Vec<Case>,
    /// How many seeds of the engine, and how many other sets of cases.
    pub(crate) seeds: u64,
    /// Names of goals; empty: all.
    pub(crate) only: Vec<String>,
    /// Where releases are written to, in place of measuring.
    pub(crate) write: Option<std::path::PathBuf>,
}

fn policy(width: u32, least: u32) -> Policy {
    Policy { width, least, ..Policy::of_threshold(5) }
}

/// What the anchors were asked: they do not guard against whoever is alone in a cell.
fn as_anchors(width: u32) -> Policy {
    Policy { guards_against_lone: false, ..policy(width, 0) }
}

/// What is reached and what is asked.
struct Line {
    name: String,
    seed: u64,
    /// Most secondary cells, or none asked.
    secondary_max: Option<usize>,
    /// Most seconds of the processor, or none asked.
    secs_max: Option<f64>,
    /// What others reached: the tool, its secondary cells and its seconds.
    anchor: (&'static str, usize, f64),
}

/// Seconds of the processor that this thread has used: what is measured shall not depend on what else the machine does.
fn cpu_secs() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos: f64 = text.split(' ').next().and_then(|text| text.parse().ok()).unwrap_or_default();
    nanos / 1e9
}

fn value_hidden(decision: &Decision, national: &[Table]) -> u64 {
    let protecting = decision.released.iter().zip(national).flat_map(|(released, national)| {
        released
            .cells
            .iter()
            .filter(|(_, cell)| cell.as_count().is_none())
            .filter_map(|(key, _)| national.cell(key)?.as_count())
    });
    protecting.filter(|count| *count >= 5).sum()
}

/// Lets the engine decide and prints how it stands to the goal; whether it was missed.
fn run(line: &Line, policy: Policy, tables: &[Table]) -> Result<bool, String> {
    let start = cpu_secs();
    // Where no time is asked, what takes long is tried too, as the anchors do.
    let budget = if line.secs_max.is_some() { Budget::USUAL } else { Budget::of_steps(5_000_000) };
    let decision = decide(&Request::of_all(policy, tables), line.seed, budget).map_err(|error| error.to_string())?;
    let must = decision
        .hidden
        .iter()
        .filter(|(_, why)| **why == Why::Small)
        .map(|(cell, _)| (cell.clone(), i64::from(policy.width)))
        .collect();
    let before = cpu_secs();
    let verified = verify(&decision.released, &decision.audit, &must, i64::from(policy.least));
    let (secs, verifying) = (cpu_secs() - start, cpu_secs() - before);
    let small = must.len();
    let secondary = decision.hidden.len() - small;
    let (tool, theirs, their_secs) = line.anchor;
    let missed = verified.is_err()
        || line.secondary_max.is_some_and(|most| secondary > most)
        || line.secs_max.is_some_and(|most| secs > most);
    let goal = [line.secondary_max.map(|most| format!("<= {most}")), line.secs_max.map(|most| format!("<= {most} s"))];
    let goal: Vec<String> = goal.into_iter().flatten().collect();
    println!(
        "{} {}, seed {}: {secondary} hidden for {small} small, value {}, {secs:.2} s CPU, audit by addition {verifying:.3} s of it{}, {} steps (goal {}; {tool}: {theirs} hidden, {their_secs} s; ratio {:.2} and {:.3})",
        if missed { "MISSED" } else { "met   " },
        line.name,
        line.seed,
        value_hidden(&decision, tables),
        if verified.is_err() { " FAILED" } else { "" },
        decision.steps,
        goal.join(", "),
        secondary as f64 / theirs as f64,
        secs / their_secs,
    );
    Ok(missed)
}

const INTERVALS: &str = "GaussSuppression 1.2.3 with rangeMin 5";
const PROTOTYPE: &str = "prototype without clean-up";
const OPTIMAL: &str = "tau-ARGUS optimum";

/// Measures; how many goals were missed.
pub(crate) fn measure(asked: &Asked) -> Result<u32, String> {
    let mut missed = 0;
    let wants = |goal: &str| asked.only.is_empty() || asked.only.iter().any(|only| only == goal);
    let mut count = |line: Line, policy: Policy, tables: &[Table]| -> Result<(), String> {
        missed += u32::from(run(&line, policy, tables)?);
        Ok(())
    };
    let instances = [
        ("S one", &ONE[..], (32, 3.6), 37, 1.0),
        ("S quarters", &QUARTERS, (241, 141.5), 328, 30.0),
        ("S all", &ALL, (429, 408.5), 570, 30.0),
    ];
    for (name, periods, free, strict, secs) in instances {
        let tables = tables(&asked.cases, periods, &FORMS);
        for seed in 1..=asked.seeds {
            if wants("D2") {
                let (name, anchor) = (format!("D2 {name}, W=5, lb=0"), (INTERVALS, free.0, free.1));
                count(
                    Line { name, seed, secondary_max: Some(free.0), secs_max: None, anchor },
                    as_anchors(5),
                    &tables,
                )?;
            }
            if wants("D3") || wants("D4") {
                let (name, anchor) = (format!("D3 D4 {name}, W=4, lb=1"), (PROTOTYPE, strict, free.1));
                let secs_max = Some(secs);
                count(Line { name, seed, secondary_max: Some(strict), secs_max, anchor }, policy(4, 1), &tables)?;
            }
        }
    }
    let single: [(&str, Shape, usize); 2] =
        [("exit x mode", ("IE_MOD", &[2, 1]), 24), ("citizenship x mode", ("IE_MOD", &[2, 0]), 48)];
    for (name, shape, optimum) in single.into_iter().filter(|_| wants("D6")) {
        let tables = tables(&asked.cases, &ONE, &[shape]);
        for seed in 1..=asked.seeds {
            let (name, anchor) = (format!("D6 {name}, W=2, lb=0"), (OPTIMAL, optimum, 0.5));
            count(Line { name, seed, secondary_max: Some(optimum), secs_max: None, anchor }, as_anchors(2), &tables)?;
        }
    }
    for dice in (2..2 + asked.seeds).filter(|_| wants("other")) {
        let cases = made(dice);
        for (name, periods, free, _, secs) in instances {
            let tables = tables(&cases, periods, &FORMS);
            let (name, anchor) = (format!("like {name}, other dice, W=4, lb=1"), (INTERVALS, free.0, free.1));
            count(Line { name, seed: dice, secondary_max: None, secs_max: Some(secs), anchor }, policy(4, 1), &tables)?;
        }
    }
    Ok(missed)
}
