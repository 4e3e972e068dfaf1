//! What holds for every history: reading is symmetric, Rules 1 and 2 are monotone (a valid contribution never takes a right
//! away), and they do not depend on the order of contributions.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use vrs_protocol::ledger::ServedItem;

use crate::support::{World, form, period};

const CODES: [&str; 5] = ["AAA", "BBB", "CCC", "DDD", "EEE"];
const TABLES: [(&str, &str); 5] =
    [("IE_TOT", "2021"), ("IE_CIT", "2021"), ("IE_TOT", "2021-Q1"), ("IE_TOT", "2020"), ("RE_TOT", "2021")];

/// Who contributes which table, and whether its core is answered.
#[derive(Debug, Clone, Copy)]
struct Contribution {
    author: usize,
    table: usize,
    answered: bool,
}

/// How each participant shares in every topic and year: an index into these, the last three by name.
fn audience(choice: usize, author: usize) -> String {
    let named = |step: usize| CODES[(author + step) % CODES.len()];
    match choice {
        0 => "contributors".into(),
        1 => "totals".into(),
        2 => format!("named:{}", named(1)),
        3 => format!("named:{},{}", named(1), named(3)),
        _ => format!("named:{},{},{},{}", named(1), named(2), named(3), named(4)),
    }
}

fn contributions() -> impl Strategy<Value = ([usize; 5], Vec<Contribution>)> {
    let choice = prop_oneof![3 => Just(0_usize), 1 => 1_usize..5];
    let choices = proptest::array::uniform5(choice);
    let all: Vec<(usize, usize)> =
        (0..CODES.len()).flat_map(|author| (0..TABLES.len()).map(move |table| (author, table))).collect();
    let some = proptest::sample::subsequence(all, 1..=25).prop_shuffle();
    let answers = proptest::collection::vec(proptest::bool::weighted(0.85), 25);
    (choices, some, answers).prop_map(|(choices, some, answers)| {
        let contributions =
            some.into_iter().zip(answers).map(|((author, table), answered)| Contribution { author, table, answered });
        (choices, contributions.collect())
    })
}

fn contribute(world: &mut World, choices: &[usize; 5], one: Contribution) {
    let (code, when) = TABLES[one.table];
    let at = if code.ends_with("TOT") { "" } else { "_T" };
    let audience = audience(choices[one.author], one.author);
    world
        .release(CODES[one.author], code, when, &audience, &[(at, if one.answered { "10" } else { "not known" })])
        .unwrap();
}

/// Every right there is: reader, author (none for regional figures), table.
fn rights(world: &World) -> BTreeSet<(usize, Option<usize>, usize)> {
    let mut rights = BTreeSet::new();
    for (table, (code, when)) in TABLES.iter().enumerate() {
        for (reader, reader_code) in CODES.iter().enumerate() {
            if world.region.regional(world.id(reader_code), &form(code), period(when)).is_ok() {
                rights.insert((reader, None, table));
            }
            for author in (0..CODES.len()).filter(|author| *author != reader) {
                if world.why(reader_code, CODES[author], code, when) == "read" {
                    rights.insert((reader, Some(author), table));
                }
            }
        }
    }
    rights
}

fn check(cases: u32, test: impl Fn(([usize; 5], Vec<Contribution>)) -> Result<(), TestCaseError>) {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    runner.run(&contributions(), test).unwrap();
}

#[test]
fn reading_is_symmetric_in_every_history() {
    check(60, |(choices, contributions)| {
        let mut world = World::of(&CODES);
        contributions.iter().for_each(|one| contribute(&mut world, &choices, *one));
        let rights = rights(&world);
        for (reader, author, table) in &rights {
            if let Some(author) = author {
                prop_assert!(rights.contains(&(*author, Some(*reader), *table)));
            }
        }
        Ok(())
    });
}

#[test]
fn a_valid_contribution_never_takes_a_right_away() {
    check(40, |(choices, contributions)| {
        let mut world = World::of(&CODES);
        let mut before = BTreeSet::new();
        for (place, one) in contributions.iter().enumerate() {
            contribute(&mut world, &choices, *one);
            // Editions and servings in between change nothing about it.
            if place % 4 == 3 {
                world.edition("IE", 2021).unwrap();
                world.serve_all();
            }
            let after = rights(&world);
            prop_assert!(before.is_subset(&after), "{one:?} took {:?}", before.difference(&after).collect::<Vec<_>>());
            before = after;
        }
        prop_assert!(world.region.erasures_due().is_empty());
        Ok(())
    });
}

#[test]
fn rights_do_not_depend_on_the_order_of_contributions() {
    check(40, |(choices, contributions)| {
        let mut orders = [contributions.clone(), contributions.iter().rev().copied().collect(), contributions];
        orders[2].sort_by_key(|one| (one.table, one.author));
        let told: Vec<_> = orders
            .iter()
            .map(|order| {
                let mut world = World::of(&CODES);
                order.iter().for_each(|one| contribute(&mut world, &choices, *one));
                rights(&world)
            })
            .collect();
        prop_assert!(told[0] == told[1] && told[1] == told[2]);
        Ok(())
    });
}

#[test]
fn what_would_unlock_does_unlock() {
    // Whoever does what a refusal says reads exactly those it names.
    check(40, |(choices, contributions)| {
        let mut world = World::of(&CODES);
        contributions.iter().for_each(|one| contribute(&mut world, &choices, *one));
        world.admit("NEW");
        for (code, when) in TABLES {
            // The newcomer is admitted after all of them, so nobody's contributors include it yet.
            let unlock = world.region.unlock(world.id("NEW"), &form(code), period(when));
            prop_assert!(unlock.participants.is_empty());
        }
        let (code, when) = TABLES[0];
        for reader in CODES {
            if world.region.subject(world.id(reader), &form(code), period(when)).is_some()
                || world.region.sharing(world.id(reader), &(crate::support::topic("IE"), 2021)).is_some()
            {
                continue;
            }
            let promised: Vec<String> = world
                .region
                .unlock(world.id(reader), &form(code), period(when))
                .participants
                .iter()
                .map(ToString::to_string)
                .collect();
            world.release(reader, code, when, "contributors", &[("", "5")]).unwrap();
            prop_assert_eq!(world.reads(reader, code, when), promised);
        }
        Ok(())
    });
}

#[test]
fn whatever_is_served_in_any_history_was_justified_and_the_audit_says_so() {
    check(30, |(choices, contributions)| {
        let mut world = World::of(&CODES);
        for one in contributions {
            contribute(&mut world, &choices, one);
            for reader in CODES {
                for item in world.serve(reader) {
                    if let ServedItem::Release(line) = item {
                        prop_assert!(world.region.may_hold(world.id(reader), line).is_ok());
                    }
                }
            }
        }
        prop_assert!(world.audit().is_ok());
        Ok(())
    });
}
