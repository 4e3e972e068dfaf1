//! Rule 4: when a right ends, both directions end.

use vrs_protocol::refusal::Reason;
use vrs_protocol::region::State;

use crate::support::World;

const TABLE: (&str, &str) = ("IE_TOT", "2021");

/// A, B and C read each other's IE_TOT 2021, and hold it.
fn three() -> World {
    let mut world = World::of(&["AAA", "BBB", "CCC"]);
    for who in ["AAA", "BBB", "CCC"] {
        say(&mut world, who, "contributors", "10").unwrap();
    }
    world.serve_all();
    world
}
fn say(world: &mut World, who: &str, audience: &str, count: &str) -> Result<u64, Reason> {
    world.release(who, TABLE.0, TABLE.1, audience, &[("", count)])
}
fn line(world: &World, who: &str) -> u64 {
    world.current(who, TABLE.0, TABLE.1)
}
fn owed(world: &World, pairs: &[(&str, u64)]) {
    let mut expected: Vec<(String, u64)> = pairs.iter().map(|(holder, line)| ((*holder).to_owned(), *line)).collect();
    let mut found = world.owed();
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
}

#[test]
fn nothing_is_owed_while_every_right_holds() {
    owed(&three(), &[]);
}

#[test]
fn after_a_withdrawal_the_others_erase_its_copy_and_it_erases_theirs() {
    let mut world = three();
    let [a, b, c] = ["AAA", "BBB", "CCC"].map(|who| line(&world, who));
    world.withdraw("AAA", TABLE.0, TABLE.1).unwrap();
    owed(&world, &[("hub", a), ("BBB", a), ("CCC", a), ("AAA", b), ("AAA", c)]);
}

#[test]
fn after_a_narrower_audience_both_directions_end_for_those_left_out() {
    let mut world = three();
    let [a, _, c] = ["AAA", "BBB", "CCC"].map(|who| line(&world, who));
    say(&mut world, "AAA", "named:BBB", "10").unwrap();
    // B may have the new release, but what it holds is the old one.
    owed(&world, &[("hub", a), ("BBB", a), ("CCC", a), ("AAA", c)]);
    world.erase_due("BBB");
    assert_eq!(world.serve("BBB").len(), 1);
    assert_eq!(world.serve("CCC").len(), 0);
}

#[test]
fn after_lost_standing_both_directions_end() {
    let mut world = three();
    let [a, b, c] = ["AAA", "BBB", "CCC"].map(|who| line(&world, who));
    say(&mut world, "AAA", "contributors", "not known").unwrap();
    owed(&world, &[("hub", a), ("BBB", a), ("CCC", a), ("AAA", b), ("AAA", c)]);
}

#[test]
fn after_suspension_both_directions_end_and_the_suspended_may_still_acknowledge() {
    let mut world = three();
    let [a, b, c] = ["AAA", "BBB", "CCC"].map(|who| line(&world, who));
    world.suspend("AAA");
    owed(&world, &[("BBB", a), ("CCC", a), ("AAA", b), ("AAA", c)]);
    for who in ["AAA", "BBB", "CCC"] {
        world.erase_due(who);
    }
    owed(&world, &[]);
    assert!(matches!(say(&mut world, "AAA", "contributors", "11"), Err(Reason::Suspended(_))));
    // Resumed, it is served again, and the others get its figures again.
    world.resume("AAA");
    assert_eq!((world.serve("AAA").len(), world.serve("BBB").len()), (2, 1));
}

#[test]
fn a_right_that_is_back_before_the_erasure_needs_none() {
    let mut world = three();
    world.suspend("AAA");
    world.resume("AAA");
    owed(&world, &[]);
    let (a, b, c) = (line(&world, "AAA"), line(&world, "BBB"), line(&world, "CCC"));
    world.withdraw("AAA", TABLE.0, TABLE.1).unwrap();
    say(&mut world, "AAA", "contributors", "10").unwrap();
    // A's right to theirs is back; what the others hold of A is withdrawn for good.
    owed(&world, &[("hub", a), ("BBB", a), ("CCC", a)]);
    assert!(world.region.holding(world.id("AAA"), b).is_some() && world.region.holding(world.id("AAA"), c).is_some());
}

#[test]
fn an_extension_gives_a_right_back_too() {
    let mut world = World::of(&["AAA"]);
    say(&mut world, "AAA", "contributors", "1").unwrap();
    world.admit("NEW");
    say(&mut world, "NEW", "contributors", "2").unwrap();
    world.extend("AAA", &[TABLE], &["NEW"]).unwrap();
    world.serve_all();
    // N narrows its audience to A by name, and is still admitted by A's extension: only its old release is to be erased.
    let old = line(&world, "NEW");
    say(&mut world, "NEW", "named:AAA", "2").unwrap();
    owed(&world, &[("hub", old), ("AAA", old)]);
}

#[test]
fn a_revision_is_served_to_admitted_holders_after_a_new_line_and_to_the_others_comes_only_the_demand() {
    let mut world = three();
    let old = line(&world, "AAA");
    let new = say(&mut world, "AAA", "contributors", "11").unwrap();
    assert_eq!(world.region.release(old).unwrap().state, State::Replaced(new));
    owed(&world, &[("hub", old), ("BBB", old), ("CCC", old)]);
    assert_eq!(world.serve("BBB").len(), 0);
    world.erase_due("BBB");
    assert_eq!(world.serve("BBB").len(), 1);
    let lines: Vec<_> = world.region.readers_of(new).map(|(reader, _)| world.code(reader)).collect();
    assert_eq!(lines, ["BBB"]);
}

#[test]
fn who_has_not_acknowledged_gets_no_new_body_of_that_topic() {
    let mut world = three();
    world.admit("DDD");
    world.withdraw("AAA", TABLE.0, TABLE.1).unwrap();
    for who in ["BBB", "DDD"] {
        world.release(who, "IE_CIT", "2020", "contributors", &[("_T", "1")]).unwrap();
        world.release(who, "RE_TOT", "2020", "contributors", &[("", "1")]).unwrap();
    }
    let (same, other) = (world.current("DDD", "IE_CIT", "2020"), world.current("DDD", "RE_TOT", "2020"));
    let reader = world.id("BBB");
    assert_eq!(
        world.region.may_be_served(reader, same).unwrap_err().to_string(),
        "BBB still has to erase 1 releases of IE before it gets new ones"
    );
    // It may hold what it holds, and another topic is another matter.
    assert!(world.region.may_hold(reader, same).is_ok() && world.region.may_be_served(reader, other).is_ok());
    world.erase_due("BBB");
    assert!(world.region.may_be_served(reader, same).is_ok());
}

#[test]
fn the_hub_is_a_holder_too() {
    let mut world = three();
    let a = line(&world, "AAA");
    assert!(!world.region.hub_must_erase(a));
    world.withdraw("AAA", TABLE.0, TABLE.1).unwrap();
    assert!(world.region.hub_must_erase(a));
    world.hub_erases();
    assert!(!world.owed().iter().any(|(holder, _)| holder == "hub"));
    // After a restore it finds the body again, and must erase it again: the answer does not depend on its own line.
    assert!(world.region.hub_must_erase(a));
    assert!(world.audit().unwrap().hub_must_erase(a));
}

#[test]
fn a_hub_that_says_too_early_that_it_has_erased_says_so_again_at_the_end() {
    let mut world = three();
    let a = line(&world, "AAA");
    let early = vrs_protocol::ledger::Erasure { releases: vec![a] };
    world.hub_line(vrs_protocol::ledger::LineKind::Erasure, &early).unwrap();
    world.withdraw("AAA", TABLE.0, TABLE.1).unwrap();
    assert!(world.owed().contains(&("hub".into(), a)));
    world.hub_erases();
    assert!(!world.owed().contains(&("hub".into(), a)));
}

#[test]
fn what_is_erased_without_need_may_be_served_again() {
    let mut world = three();
    let b = line(&world, "BBB");
    world.erase("AAA", vec![b]).unwrap();
    assert_eq!(world.serve("AAA").len(), 1);
    assert!(world.region.holding(world.id("AAA"), b).is_some());
}

#[test]
fn only_a_holder_acknowledges_and_each_acknowledgement_counts_once() {
    let mut world = three();
    let (a, b) = (line(&world, "AAA"), line(&world, "BBB"));
    assert!(matches!(world.erase("AAA", vec![a]), Err(Reason::NotHeld(_))));
    assert!(world.erase("AAA", vec![]).is_err());
    assert!(world.erase("AAA", vec![b, b]).is_err());
    // An acknowledgement of the past, logged again after the body was served again, would excuse A for nothing.
    let statement = world.statement(
        "AAA",
        vrs_protocol::ledger::LineKind::Erasure,
        &vrs_protocol::ledger::Erasure { releases: vec![b] },
    );
    world.log("AAA", vrs_protocol::ledger::LineKind::Erasure, &statement).unwrap();
    world.serve("AAA");
    world.withdraw("BBB", TABLE.0, TABLE.1).unwrap();
    let replayed = world.log("AAA", vrs_protocol::ledger::LineKind::Erasure, &statement).unwrap_err();
    assert!(replayed.to_string().contains("stands in the ledger already"), "{replayed}");
    assert!(world.owed().contains(&("AAA".into(), b)));
}

#[test]
fn what_is_owed_is_what_a_right_no_longer_covers_after_every_line() {
    // The list is kept line by line; here it is compared with the question asked anew about every copy.
    let mut world = three();
    world.admit("DDD");
    let compare = |world: &World| {
        for participant in world.region.participants() {
            let due: Vec<u64> = world.region.erasures_due_by(participant.id).collect();
            let held = world.region.holdings(participant.id).filter(|holding| holding.erased.is_none());
            let expected: Vec<u64> = held
                .map(|holding| holding.release)
                .filter(|release| world.region.may_hold(participant.id, *release).is_err())
                .collect();
            assert_eq!(due, expected, "{}", participant.code);
        }
    };
    world.suspend("BBB");
    compare(&world);
    world.resume("BBB");
    compare(&world);
    world.charter(|charter| charter.block_min = 4);
    say(&mut world, "CCC", "named:AAA", "4").unwrap();
    compare(&world);
    say(&mut world, "AAA", "contributors", "suppressed").unwrap();
    compare(&world);
    say(&mut world, "AAA", "contributors", "3").unwrap();
    compare(&world);
    world.erase_due("CCC");
    compare(&world);
    world.serve_all();
    compare(&world);
}

#[test]
fn a_form_that_the_charter_switches_off_ends_the_rights_to_it() {
    let switch_on =
        |charter: &mut vrs_protocol::charter::Charter| charter.extensions = [crate::support::form("SM_SXA")].into();
    let mut world = World::with_charter(switch_on);
    for who in ["AAA", "BBB"] {
        world.admit(who);
    }
    for who in ["AAA", "BBB"] {
        world.release(who, "SM_SXA", "2021", "contributors", &[("_T/_T", "4")]).unwrap();
    }
    world.serve_all();
    world.charter(|charter| charter.extensions.clear());
    assert_eq!(world.owed().len(), 2);
    world.charter(switch_on);
    assert_eq!(world.owed().len(), 0);
}
