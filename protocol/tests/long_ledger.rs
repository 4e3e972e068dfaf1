//! A ledger of twenty thousand lines: sixty participants that report five forms for each quarter of eight years, read each
//! other, revise and erase. Every line is judged as a mirror judges it; what is asked with each line and each request must
//! not cost more for being asked late.
//!
//! Times are compared with times of the same run, on the same machine, because an allowance in seconds would say something
//! about the machine.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// The crate looks at no clock; this test measures how long it takes.
#![allow(clippy::disallowed_types, clippy::disallowed_methods)]

mod support;

use std::time::{Duration, Instant};

use support::{World, period, topic};
use vrs_protocol::id::LineIndex;
use vrs_protocol::ledger::ServedItem;

const PARTICIPANTS: usize = 60;
const FORMS: [&str; 5] = ["IE_TOT", "RE_TOT", "IX_TOT", "SM_TOT", "FD_TOT"];
const YEARS: [u16; 8] = [2013, 2014, 2015, 2016, 2017, 2018, 2019, 2020];

fn codes() -> Vec<String> {
    (0..PARTICIPANTS)
        .map(|n| format!("P{}{}", char::from(b'A' + (n / 26) as u8), char::from(b'A' + (n % 26) as u8)))
        .collect()
}

/// Everybody reports a table and reads everybody's; then one revises it, and all the others erase the old one and read the new.
fn round(world: &mut World, codes: &[String], number: usize, form: &str, when: &str) {
    let lines: Vec<LineIndex> =
        codes.iter().map(|code| world.release(code, form, when, audience(code), &[("", "1")]).unwrap()).collect();
    let open: Vec<(usize, LineIndex)> =
        lines.iter().copied().enumerate().filter(|(n, _)| audience(&codes[*n]) == "contributors").collect();
    for (reader, own) in &open {
        let items: Vec<_> = open
            .iter()
            .filter(|(author, _)| author != reader)
            .map(|(_, line)| (ServedItem::Release(*line), *own))
            .collect();
        world.serve_items(&codes[*reader], &items).unwrap();
    }
    if number.is_multiple_of(5) {
        let (author, old) = open[number % open.len()];
        let new = world.release(&codes[author], form, when, "contributors", &[("", "2")]).unwrap();
        for (reader, own) in open.iter().filter(|(reader, _)| *reader != author) {
            world.erase(&codes[*reader], vec![old]).unwrap();
            world.serve_items(&codes[*reader], &[(ServedItem::Release(new), *own)]).unwrap();
        }
        world.hub_erases();
    }
}
fn audience(code: &str) -> &'static str {
    // One in five shares with totals.
    if matches!(code.as_bytes()[2] % 5, 0) { "totals" } else { "contributors" }
}

/// The shortest of several times, which is the one that nothing else disturbed.
fn shortest(mut what: impl FnMut()) -> Duration {
    let times = (0..7).map(|_| {
        let start = Instant::now();
        what();
        start.elapsed()
    });
    times.min().unwrap()
}

/// Time for what a hub and a mirror ask all day.
fn questions(world: &World, codes: &[String], lines: &[LineIndex]) -> Duration {
    let readers: Vec<_> = codes.iter().map(|code| world.id(code)).collect();
    shortest(|| {
        for line in lines {
            for reader in &readers {
                let _ = world.region.may_be_served(*reader, *line);
            }
        }
    })
}

#[test]
fn twenty_thousand_lines_are_judged_and_the_last_costs_what_the_first_did() {
    let codes = codes();
    let mut world = World::of(&codes.iter().map(String::as_str).collect::<Vec<_>>());
    let tables: Vec<(String, &str)> = YEARS
        .iter()
        .flat_map(|year| (1..=4).flat_map(move |quarter| FORMS.map(|form| (format!("{year}-Q{quarter}"), form))))
        .collect();
    let mut rounds = Vec::new();
    let mut early = None;
    for (number, (when, form)) in tables.iter().enumerate() {
        let start = Instant::now();
        round(&mut world, &codes, number, form, when);
        rounds.push(start.elapsed());
        if (number + 1).is_multiple_of(20) {
            for form in FORMS {
                world.edition(&form[..2], period(when).year()).unwrap();
            }
        }
        if number == 9 {
            let lines: Vec<LineIndex> = world.region.releases().map(|release| release.index).take(200).collect();
            early = Some((questions(&world, &codes, &lines), lines));
        }
    }
    assert!(world.region.size() >= 20_000, "{} lines", world.region.size());
    assert!(world.owed().is_empty());
    assert_eq!(world.region.blocks(&(topic("IE"), 2020)).len(), 2);
    let (early, lines) = early.unwrap();
    let late = questions(&world, &codes, &lines);
    // What grows with the logarithm may double; what scans would be sixteen times as slow.
    assert!(
        late < early * 4,
        "the same questions: {early:?} after {} lines, {late:?} after {}",
        world.region.size() / 16,
        world.region.size()
    );
    let (first, last) = (rounds[5..15].iter().min().unwrap(), rounds[rounds.len() - 10..].iter().min().unwrap());
    assert!(*last < *first * 4, "a round of lines: {first:?} at the beginning, {last:?} at the end");
}
