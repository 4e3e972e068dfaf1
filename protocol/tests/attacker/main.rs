//! An attacker against Rule 3: *what a reader may not read singly, it sees only as sums over whole blocks.*
//!
//! Random histories are told with a region in memory. Each reader keeps everything that was ever served to it and takes it
//! as linear equations, together with what everybody knows: rows add to their total, quarters to a semester, the total of
//! the list is the total of the topic. No figure of one participant may follow that the reader never had a right to read.
//! To show that the attacker would find something, sentences of the rule are switched off, and it does.
//!
//! `VRS_HISTORIES` says how many histories are told; without it, [`HISTORIES`].
//!
//! Not here, because no rule stops it: a sum of zero tells that all are zero, two insiders who put together what they
//! know, and what is remembered of a body that was read by right.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "../support/mod.rs"]
mod support;

mod algebra;
mod history;
mod inference;
mod sabotage;
mod told;

use std::collections::BTreeMap;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};

use history::histories;
use inference::leaks;
use sabotage::Sabotage;
use told::Told;

/// Histories told where nobody asks for more: enough to find each of the broken sentences several times over.
const HISTORIES: u32 = 2_000;
/// The tests that share them, so that they run beside each other.
const SHARES: u32 = 4;

/// How many histories to tell.
#[allow(clippy::disallowed_methods)] // How long to search is a matter of the machine, not of the rule.
fn wanted() -> u32 {
    std::env::var("VRS_HISTORIES").ok().and_then(|text| text.parse().ok()).unwrap_or(HISTORIES)
}

fn runner(cases: u32, seed: u8) -> TestRunner {
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 4_000, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
}

/// Tells a share of the histories.
fn attack(share: u8) {
    let outcome = runner(wanted().div_ceil(SHARES), share).run(&histories(), |(setup, steps)| {
        let told = Told::tell(&setup, &steps, None);
        let found = leaks(&told);
        if found.is_empty() { Ok(()) } else { Err(TestCaseError::fail(format!("{found:?}"))) }
    });
    if let Err(failure) = outcome {
        panic!("{failure}");
    }
}

#[test]
fn no_reader_computes_what_it_never_might_read_first_share() {
    attack(1);
}
#[test]
fn no_reader_computes_what_it_never_might_read_second_share() {
    attack(2);
}
#[test]
fn no_reader_computes_what_it_never_might_read_third_share() {
    attack(3);
}
#[test]
fn no_reader_computes_what_it_never_might_read_fourth_share() {
    attack(4);
}

/// Tells histories of which the hub breaks one sentence, until a figure leaks.
fn breaks(sabotage: Sabotage) {
    const AT_MOST: u32 = 1_000;
    let mut runner = runner(AT_MOST, 9);
    let strategy = histories();
    let found = (1..=AT_MOST).find(|_| {
        let (setup, steps) = strategy.new_tree(&mut runner).unwrap().current();
        !leaks(&Told::tell(&setup, &steps, Some(sabotage))).is_empty()
    });
    assert!(found.is_some(), "{sabotage:?} was not found in {AT_MOST} histories");
}

#[test]
fn it_leaks_if_somebody_joins_a_frozen_block() {
    breaks(Sabotage::Join);
}
#[test]
fn it_leaks_if_somebody_leaves_a_frozen_block() {
    breaks(Sabotage::Leave);
}
#[test]
fn it_leaks_if_a_block_figure_follows_revisions() {
    breaks(Sabotage::Change);
}
#[test]
fn it_leaks_if_a_figure_is_added_after_a_revision() {
    breaks(Sabotage::AddAfterRevision);
}
#[test]
fn it_leaks_if_two_are_a_block() {
    breaks(Sabotage::SmallBlocks);
}
#[test]
fn it_leaks_if_those_with_a_common_parent_count_as_often_as_they_are() {
    breaks(Sabotage::CountMembers);
}
#[test]
fn it_leaks_if_each_edition_sums_whoever_has_reported() {
    breaks(Sabotage::NoBlocks);
}
#[test]
fn it_leaks_if_open_ones_see_open_blocks() {
    breaks(Sabotage::OpenToOpen);
}
#[test]
fn it_leaks_if_whoever_read_an_open_block_opens() {
    breaks(Sabotage::OpenAfterReading);
}
#[test]
fn it_leaks_if_a_member_of_a_closed_block_opens_although_too_few_remain() {
    breaks(Sabotage::OpenAnyway);
}

#[test]
fn the_histories_hold_what_the_rule_is_about() {
    const TOLD: u32 = 200;
    let mut runner = runner(TOLD, 7);
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    for _ in 0..TOLD {
        let (setup, steps) = histories().new_tree(&mut runner).unwrap().current();
        for what in Told::tell(&setup, &steps, None).seen {
            *seen.entry(what).or_default() += 1;
        }
    }
    assert!(!seen.keys().any(|what| what.starts_with("must not be")), "{seen:?}");
    for what in [
        "read singly",
        "closed block read",
        "closed block read by a member",
        "open block read",
        "opened",
        "named",
        "revised",
        "revised with the same figures",
        "withdrawn",
        "derived",
        "newcomer",
        "suspended",
        "refused: open block read",
        "refused: block would open",
    ] {
        assert!(seen.get(what).is_some_and(|count| *count >= TOLD / 50), "too few histories with {what:?}: {seen:?}");
    }
}
