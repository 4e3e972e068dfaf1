//! Releases as bodies, for an attacker that knows nothing of the engine: the file S in one release; random topics released in
//! quarters, semesters and the year one after the other, with revisions in between.

use std::fs;
use std::path::Path;

use vrs_disclosure::engine::decide;
use vrs_disclosure::policy::Policy;
use vrs_disclosure::prove::Dice;
use vrs_disclosure::request::{Budget, Earlier, Request};
use vrs_protocol::release::encode_body;
use vrs_protocol::table::Table;

use crate::cases::{ALL, Case, FORMS, QUARTERS, changed, few, tables};

/// How many random topics are written.
const TOPICS: u64 = 6;
/// A revision changes one case in so many.
const REVISED: u64 = 40;

/// Writes one folder for each topic.
pub(crate) fn releases(folder: &Path, cases: &[Case]) -> Result<(), String> {
    if !cases.is_empty() {
        release(&folder.join("S"), &tables(cases, &ALL, &FORMS), 1, &mut Vec::new())?;
    }
    for number in 1..=TOPICS {
        let mut dice = Dice(number);
        let (mut cases, folder) = (few(&mut dice), folder.join(format!("random-{number}")));
        let mut ledger = Vec::new();
        let mut steps: Vec<&[&str]> =
            vec![&QUARTERS[..1], &QUARTERS[1..2], &["2026-S1"], &QUARTERS[2..4], &["2026-S2", "2026"]];
        // Some topics leave in another order.
        if number % 3 == 0 {
            steps.sort_by_key(|_| dice.throw());
        }
        for (at, periods) in (1..).zip(&steps) {
            release(&folder, &tables(&cases, periods, &FORMS), at, &mut ledger)?;
        }
        changed(&mut cases, REVISED, &mut dice);
        release(&folder, &tables(&cases, &ALL, &FORMS), 9, &mut ledger)?;
    }
    Ok(())
}

/// Lets the engine decide against all that left before, and writes what leaves. What it refuses does not leave.
fn release(folder: &Path, national: &[Table], number: u32, ledger: &mut Vec<Earlier>) -> Result<(), String> {
    let request = Request { ledger, ..Request::of_all(Policy::of_threshold(5), national) };
    let decision = decide(&request, 1, Budget::USUAL).map_err(|error| error.to_string())?;
    println!(
        "{} release {number}: {} tables, {} hidden, {} cannot be protected",
        folder.display(),
        decision.released.len(),
        decision.hidden.len(),
        decision.audit.unproven.len()
    );
    if !decision.audit.is_passed() {
        return Ok(());
    }
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    for (at, (shown, behind)) in decision.released.into_iter().zip(national).enumerate() {
        for (kind, table) in [("body", &shown), ("truth", behind)] {
            let bytes = encode_body(table).map_err(|error| error.to_string())?;
            let file = folder.join(format!("{number:04}-{at:02}.{kind}"));
            fs::write(file, bytes).map_err(|error| error.to_string())?;
        }
        ledger.push(Earlier { release: number, shown, national: Some(behind.clone()) });
    }
    Ok(())
}
