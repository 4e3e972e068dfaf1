#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use vrs_disclosure::decision::Audit;
use vrs_disclosure::policy::Policy;
use vrs_disclosure::request::Budget;
use vrs_protocol::cell::Cell;
use vrs_protocol::id::TopicCode;
use vrs_protocol::release::encode_body;
use vrs_protocol::table::Table;

use super::asked::{Asked, EarlierRelease};
use super::policy::Applied;
use super::protect::{ProtectRefusal, Protected, protect};
use super::{HiddenWhy, Overridden, WarnedOf};
use crate::testing::{form, key, period, table};

/// A complete list of citizenships.
fn list(at: &str, cells: &[(&str, u64)]) -> Table {
    let mut table = table("IE_CIT", at, cells);
    table.metadata.list_complete = true;
    table
}

fn applied() -> Applied {
    Applied { number: 1, below: 5, width: 4, reason: String::new() }
}

/// The first of the tables is released; the others are at hand.
fn asked(national: Vec<Table>, earlier: Vec<EarlierRelease>) -> Asked {
    let releasing = BTreeSet::from([(national[0].form.clone(), national[0].period)]);
    Asked {
        topic: TopicCode::parse("IE").unwrap(),
        year: 2021,
        applied: applied(),
        national,
        releasing,
        earlier,
        withheld: BTreeSet::new(),
        withheld_because: String::new(),
        agencies: Vec::new(),
        incidents: BTreeMap::new(),
        despite: String::new(),
        given_away: BTreeSet::new(),
        held_back: Vec::new(),
        provisional: Vec::new(),
    }
}

fn run(asked: &Asked) -> Result<Protected, ProtectRefusal> {
    protect(asked, 7, Budget::USUAL)
}

fn earlier(id: i64, shown: &Table, national: Option<&Table>) -> EarlierRelease {
    EarlierRelease { id, bundle: id, shown: shown.clone(), national: national.cloned() }
}

fn hidden(table: &Table) -> Vec<String> {
    let hidden = table.cells.iter().filter(|(_, cell)| **cell == Cell::Suppressed);
    hidden.map(|(key, _)| key.to_string()).collect()
}

#[test]
fn a_small_count_is_hidden_with_another_and_what_stays_possible_is_said() {
    let national = list("2021", &[("_T", 100), ("AFG", 60), ("IRQ", 37), ("SYR", 3)]);
    let Protected { tables, protection } = run(&asked(vec![national], Vec::new())).unwrap();
    assert_eq!(hidden(&tables[0]), ["IRQ", "SYR"]);
    let kept = &protection.tables[0];
    assert_eq!((kept.shown, kept.count(HiddenWhy::Small), kept.count(HiddenWhy::Protects)), (2, 1, 1));
    assert_eq!((kept.counted, kept.counted_hidden, protection.hidden_permille()), (100, 40, 400));
    let (low, high) = kept.hidden[1].possible.unwrap();
    assert!(low <= 3 && 3 <= high && high - low >= 4, "{low} to {high}");
    assert_eq!((protection.proven, protection.considered.len()), (1, 0));
}

#[test]
fn a_small_total_leaves_as_fewer_than_where_its_maker_writes_so() {
    let mut national = list("2021", &[]);
    national.cells.insert(key("_T"), Cell::Fewer { below: 5 });
    let Protected { tables, protection } = run(&asked(vec![national.clone()], Vec::new())).unwrap();
    assert_eq!(tables, [national.clone()]);
    assert_eq!((protection.proven, protection.shown()), (1, 1));
}

#[test]
fn what_leaves_does_not_say_which_hidden_cell_was_small() {
    let body = |irq: u64, syr: u64| {
        let national = list("2021", &[("_T", 100), ("AFG", 60), ("IRQ", irq), ("SYR", syr)]);
        encode_body(&run(&asked(vec![national], Vec::new())).unwrap().tables[0]).unwrap()
    };
    assert_eq!(body(37, 3), body(3, 37));
}

#[test]
fn what_left_before_is_not_given_away_by_what_leaves_later() {
    let quarters = [
        list("2021-Q1", &[("_T", 100), ("AFG", 60), ("IRQ", 37), ("SYR", 3)]),
        list("2021-Q2", &[("_T", 80), ("AFG", 50), ("IRQ", 20), ("SYR", 10)]),
    ];
    let semester = list("2021-S1", &[("_T", 180), ("AFG", 110), ("IRQ", 57), ("SYR", 13)]);
    let first = run(&asked(vec![quarters[0].clone()], Vec::new())).unwrap().tables.remove(0);
    let known = earlier(1, &first, Some(&quarters[0]));
    let second = run(&asked(vec![quarters[1].clone(), quarters[0].clone()], vec![known.clone()])).unwrap();
    let both = vec![known, earlier(2, &second.tables[0], Some(&quarters[1]))];
    let third = run(&asked(vec![semester, quarters[0].clone(), quarters[1].clone()], both)).unwrap();
    assert_eq!(third.protection.considered, [1, 2]);
    let shown = |table: &Table| table.cell(&key("SYR")).unwrap().as_count().is_some();
    assert!(!shown(&first));
    assert!(
        !shown(&second.tables[0]) || !shown(&third.tables[0]),
        "the semester less the quarter is the other quarter"
    );
}

#[test]
fn a_revision_hides_what_was_hidden() {
    let old = list("2021", &[("_T", 100), ("AFG", 60), ("IRQ", 37), ("SYR", 3)]);
    let new = list("2021", &[("_T", 107), ("AFG", 60), ("IRQ", 38), ("SYR", 9)]);
    let first = run(&asked(vec![old.clone()], Vec::new())).unwrap().tables.remove(0);
    let second = run(&asked(vec![new], vec![earlier(1, &first, Some(&old))])).unwrap();
    assert_eq!(hidden(&second.tables[0]), ["IRQ", "SYR"]);
    assert!(second.protection.count(HiddenWhy::Before) > 0, "{:?}", second.protection.tables);
}

#[test]
fn a_withheld_cell_is_protected_like_a_small_one() {
    let national = list("2021", &[("_T", 200), ("AFG", 60), ("IRQ", 37), ("SYR", 103)]);
    let mut asked = asked(vec![national], Vec::new());
    asked.withheld.insert((form("IE_CIT"), period("2021"), key("SYR")));
    let Protected { tables, protection } = run(&asked).unwrap();
    assert!(hidden(&tables[0]).contains(&"SYR".to_owned()) && hidden(&tables[0]).len() > 1);
    assert_eq!(protection.count(HiddenWhy::Withheld), 1);
}

#[test]
fn without_a_proof_nothing_leaves_and_the_cells_are_named() {
    let national = list("2021", &[("_T", 100), ("AFG", 60), ("IRQ", 37), ("SYR", 3)]);
    let refused = protect(&asked(vec![national], Vec::new()), 7, Budget::of_steps(0)).unwrap_err();
    let ProtectRefusal::Open(cells) = &refused else { panic!("{refused:?}") };
    assert!(cells.iter().any(|open| open.cell.contains("SYR")), "{cells:?}");
    let words = super::words::refusal_words(&refused);
    assert!(words.contains("nothing is lost") && words.contains("SYR") && words.contains("Withhold"), "{words}");
}

#[test]
fn what_can_be_worked_out_already_is_refused() {
    let (first, semester) = (table("IE_TOT", "2021-Q1", &[("", 40)]), table("IE_TOT", "2021-S1", &[("", 43)]));
    let second = table("IE_TOT", "2021-Q2", &[("", 3)]);
    let refused = run(&asked(vec![second], vec![earlier(1, &first, None), earlier(2, &semester, None)])).unwrap_err();
    assert!(matches!(&refused, ProtectRefusal::Open(cells) if cells[0].cell.contains("2021-Q2")), "{refused:?}");
}

#[test]
fn what_stays_open_leaves_where_a_person_asks_and_under_no_policy() {
    let (first, semester) = (table("IE_TOT", "2021-Q1", &[("", 40)]), table("IE_TOT", "2021-S1", &[("", 43)]));
    let second = table("IE_TOT", "2021-Q2", &[("", 3)]);
    let mut asked = asked(vec![second.clone()], vec![earlier(1, &first, None), earlier(2, &semester, None)]);
    asked.despite = "The council asks for it.".into();
    let Protected { tables, mut protection } = run(&asked).unwrap();
    assert_eq!((protection.applied.number, protection.open.len()), (0, 1));
    assert!(protection.open[0].cell.contains("2021-Q2"), "{:?}", protection.open);
    let said = super::words::sentences(&protection).join(" ");
    assert!(said.contains("can be worked out") && said.contains("The council asks for it."), "{said}");
    assert!(!said.contains("checked against"), "nothing is said to be proven: {said}");
    protection.overridden = Some(Overridden { by: "ben".into(), because: "It is public.".into() });
    let said = super::words::sentences(&protection).join(" ");
    assert!(said.contains("ben") && said.contains("It is public."), "{said}");

    // Where everything can be protected, the reason asks for nothing.
    let national = list("2021", &[("_T", 100), ("AFG", 60), ("IRQ", 37), ("SYR", 3)]);
    let safe = Asked { despite: "Just in case.".into(), ..self::asked(vec![national], Vec::new()) };
    let protection = run(&safe).unwrap().protection;
    assert_eq!((protection.applied.number, protection.despite.as_str(), protection.open.len()), (1, "", 0));

    // What was given away once is asked for no more.
    let before = earlier(3, &tables[0], Some(&second));
    asked.despite = String::new();
    asked.earlier.push(before);
    asked.given_away.extend(protection_names(&asked));
    assert!(run(&asked).is_ok());
}

fn protection_names(asked: &Asked) -> Vec<String> {
    match run(asked) {
        Err(ProtectRefusal::Open(open)) => open.into_iter().map(|open| open.cell).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn an_agency_does_not_derive_what_another_counted() {
    let national = list("2021", &[("_T", 103), ("AFG", 60), ("IRQ", 37), ("SYR", 3), ("IRN", 3)]);
    let plain = asked(vec![national], Vec::new());
    let cell = |code: &str| (form("IE_CIT"), period("2021"), key(code));
    let hidden_now = hidden(&run(&plain).unwrap().tables[0]);
    // Whoever counted what is hidden beside a small cell would work it out.
    for code in ["SYR", "IRN"] {
        let own: BTreeSet<_> = hidden_now.iter().filter(|key| *key != code).map(|key| cell(key)).collect();
        let with = Asked { agencies: vec![own.clone()], ..plain.clone() };
        let hidden = hidden(&run(&with).unwrap().tables[0]);
        assert!(hidden.iter().any(|key| key != code && !own.contains(&cell(key))), "{code}: {hidden:?}");
    }
}

#[test]
fn persons_of_one_incident_are_pointed_out() {
    let national = list("2021", &[("_T", 100), ("AFG", 60), ("IRQ", 40)]);
    let mut asked = asked(vec![national], Vec::new());
    asked.incidents.insert((form("IE_CIT"), period("2021"), key("IRQ")), 1);
    let warnings = run(&asked).unwrap().protection.warnings;
    assert!(warnings.iter().any(|one| one.kind == WarnedOf::OneIncident && one.cell.contains("IRQ")), "{warnings:?}");
}

#[test]
fn what_must_be_proven_is_read_from_the_national_figures() {
    let national = list("2021", &[("_T", 100), ("AFG", 60), ("IRQ", 37), ("SYR", 3)]);
    let policy = Policy::of_threshold(5);
    let must = asked(vec![national.clone()], Vec::new()).must(policy, &Audit::default());
    assert_eq!(must.iter().map(|(cell, width)| (cell.codes[0].1.as_str(), *width)).collect::<Vec<_>>(), [("SYR", 4)]);
    // What an earlier release shows cannot be taken back.
    assert!(
        asked(vec![national.clone()], vec![earlier(1, &national, None)]).must(policy, &Audit::default()).is_empty()
    );
}

#[test]
fn published_figures_leave_as_they_are() {
    let national = list("2021", &[("_T", 100), ("AFG", 97), ("SYR", 3)]);
    let mut asked = asked(vec![national.clone()], Vec::new());
    asked.applied = Applied { number: 0, below: 0, width: 0, reason: "Eurostat shows them.".into() };
    let Protected { tables, protection } = run(&asked).unwrap();
    assert_eq!(tables, [national]);
    let said = super::words::sentences(&protection).join(" ");
    assert!(said.contains("No disclosure control") && said.contains("Eurostat shows them."), "{said}");
}
