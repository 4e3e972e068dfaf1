//! The goals, one line each: what is reached, beside the anchor.

use std::time::Instant;

use vrs_disclosure::decision::{Decision, Why};
use vrs_disclosure::engine::decide;
use vrs_disclosure::policy::Policy;
use vrs_disclosure::request::{Budget, Request};
use vrs_protocol::table::Table;

use crate::cases::{ALL, Case, FORMS, ONE, QUARTERS, tables};

const SEED: u64 = 1;

fn policy(width: u32, least: u32) -> Policy {
    Policy { width, least, ..Policy::of_threshold(5) }
}

fn run(name: &str, anchor: &str, policy: Policy, tables: &[Table]) -> Result<Decision, String> {
    // What is measured is how long a person waits.
    #[allow(clippy::disallowed_methods)]
    let start = Instant::now();
    let decision = decide(&Request::of_all(policy, tables), SEED, Budget::USUAL).map_err(|error| error.to_string())?;
    let secs = start.elapsed().as_secs_f64();
    let small = decision.hidden.values().filter(|why| **why == Why::Small).count();
    let secondary = decision.hidden.len() - small;
    println!(
        "{name}: {small} small, {secondary} hidden to protect them (anchor {anchor}), {} unproven, {} witnesses, {} steps, {secs:.2} s",
        decision.audit.unproven.len(),
        decision.audit.tables.len(),
        decision.steps,
    );
    Ok(decision)
}

/// The goals on the instances S.
pub(crate) fn measure(cases: &[Case]) -> Result<(), String> {
    let instances = [("one", &ONE[..], "32", "37"), ("quarters", &QUARTERS, "241", "328"), ("all", &ALL, "429", "570")];
    for (name, periods, free, strict) in instances {
        let tables = tables(cases, periods, &FORMS);
        run(&format!("D2 S {name}, W=5, lb=0"), free, policy(5, 0), &tables)?;
        run(&format!("D3 S {name}, W=4, lb=1"), strict, policy(4, 1), &tables)?;
    }
    Ok(())
}
