//! Rule 2, and the readers of blocks.

use vrs_protocol::audience::Sharing;
use vrs_protocol::ledger::ServedItem;
use vrs_protocol::refusal::Reason;

use crate::support::{World, form, period};

/// Three open ones, three with `totals`, one bilateral, one observer, and an edition: block 1 is open, block 2 closed.
fn both_blocks() -> (World, u64) {
    let mut world = World::of(&["AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "OBS"]);
    world.observer("OBS");
    for who in ["AAA", "BBB", "CCC"] {
        world.release(who, "IE_TOT", "2021", "contributors", &[("", "10")]).unwrap();
    }
    for who in ["DDD", "EEE", "FFF"] {
        world.release(who, "IE_TOT", "2021", "totals", &[("", "20")]).unwrap();
    }
    world.release("GGG", "IE_TOT", "2021", "named:AAA", &[("", "5")]).unwrap();
    let edition = world.edition("IE", 2021).unwrap();
    let kinds: Vec<Sharing> = world.region.edition(edition).unwrap().blocks.iter().map(|block| block.sharing).collect();
    assert_eq!(kinds, [Sharing::Open, Sharing::Totals]);
    (world, edition)
}

fn sees(world: &World, edition: u64, reader: &str) -> (bool, bool) {
    let may = |block| world.region.may_see_block_table(world.id(reader), edition, block, 0).is_ok();
    (may(0), may(1))
}

#[test]
fn who_stands_with_totals_or_contributors_sees_regional_figures() {
    let (world, _) = both_blocks();
    let regional = |who: &str| world.region.regional(world.id(who), &form("IE_TOT"), period("2021"));
    assert_eq!(regional("AAA").unwrap().sharing, Some(Sharing::Open));
    assert_eq!(regional("DDD").unwrap().sharing, Some(Sharing::Totals));
    assert_eq!(regional("DDD").unwrap().justified_by, world.current("DDD", "IE_TOT", "2021"));
    assert!(matches!(regional("GGG"), Err(Reason::OnlyNamed { .. })));
}

#[test]
fn observers_named_in_the_charter_see_them_too() {
    let (world, _) = both_blocks();
    let right = world.region.regional(world.id("OBS"), &form("IE_TOT"), period("2021")).unwrap();
    assert_eq!((right.sharing, right.justified_by), (None, world.region.charter().unwrap().0));
}

#[test]
fn open_ones_see_closed_blocks_only_and_totals_readers_and_observers_see_both() {
    let (world, edition) = both_blocks();
    assert_eq!(sees(&world, edition, "AAA"), (false, true));
    assert_eq!(sees(&world, edition, "DDD"), (true, true));
    assert_eq!(sees(&world, edition, "OBS"), (true, true));
    assert_eq!(sees(&world, edition, "GGG"), (false, false));
}

#[test]
fn a_right_to_regional_figures_holds_for_its_form_and_period_only() {
    let (mut world, _) = both_blocks();
    world.admit("HHH");
    world.release("HHH", "IE_TOT", "2020", "totals", &[("", "1")]).unwrap();
    assert!(matches!(
        world.region.regional(world.id("HHH"), &form("IE_TOT"), period("2021")),
        Err(Reason::NothingReleased { .. })
    ));
    let edition = world.region.latest_edition(&(crate::support::topic("IE"), 2021)).unwrap().0;
    assert_eq!(sees(&world, edition, "HHH"), (false, false));
}

#[test]
fn an_observer_of_an_open_or_named_kind_sees_no_open_block() {
    // G shares with A by name and observes: it reads A singly, and could subtract A from the open block.
    let (mut world, edition) = both_blocks();
    world.observer("GGG");
    world.observer("AAA");
    assert!(!sees(&world, edition, "GGG").0);
    assert!(
        world
            .region
            .may_see_block_table(world.id("GGG"), edition, 0, 0)
            .unwrap_err()
            .to_string()
            .contains("reads members singly")
    );
    // A is open in 2021 and does not stand for this table any more.
    world.withdraw("AAA", "IE_TOT", "2021").unwrap();
    assert!(!sees(&world, edition, "AAA").0);
}

#[test]
fn an_observer_with_an_open_sister_sees_no_open_block() {
    let (mut world, edition) = both_blocks();
    world.admit_child("ACH", Some("AAA"));
    world.observer("ACH");
    assert!(!sees(&world, edition, "ACH").0);
}

#[test]
fn an_old_release_is_served_under_the_stricter_of_its_own_charter_and_the_one_in_force() {
    // An observer named later sees nothing of what was released before.
    let (mut world, edition) = both_blocks();
    world.admit("NEW");
    world.observer("NEW");
    assert_eq!(sees(&world, edition, "NEW"), (false, false));
    assert!(
        world
            .region
            .may_see_block_table(world.id("NEW"), edition, 1, 0)
            .unwrap_err()
            .to_string()
            .contains("did not name this observer")
    );
    for who in ["DDD", "EEE", "FFF"] {
        world.release(who, "IE_TOT", "2020", "totals", &[("", "20")]).unwrap();
    }
    let later = world.edition("IE", 2020).unwrap();
    assert!(world.region.may_see_block_table(world.id("NEW"), later, 0, 0).is_ok());
    // An observer struck from the Charter sees nothing any more.
    world.charter(|charter| charter.observers.clear());
    assert_eq!(sees(&world, edition, "OBS"), (false, false));
}

#[test]
fn a_block_smaller_than_the_charter_in_force_asks_is_served_no_longer_and_grows_no_further() {
    let (mut world, edition) = both_blocks();
    world.charter(|charter| charter.block_min = 4);
    for reader in ["AAA", "DDD", "OBS"] {
        assert_eq!(sees(&world, edition, reader), (false, false), "{reader}");
    }
    for who in ["DDD", "EEE", "FFF"] {
        world.release(who, "IE_CIT", "2021", "totals", &[("_T", "20")]).unwrap();
    }
    let later = world.edition("IE", 2021).unwrap();
    assert_eq!(world.region.edition(later).unwrap().blocks[1].tables.len(), 1);
    world.charter(|charter| charter.block_min = 3);
    // The closed ones have released since, under the Charter that asks for four.
    assert_eq!(sees(&world, edition, "DDD"), (true, false));
}

#[test]
fn a_suspended_participant_or_observer_sees_nothing() {
    let (mut world, edition) = both_blocks();
    for reader in ["AAA", "DDD", "OBS"] {
        world.suspend(reader);
        assert_eq!(sees(&world, edition, reader), (false, false), "{reader}");
        world.resume(reader);
    }
    assert_eq!(sees(&world, edition, "DDD"), (true, true));
}

#[test]
fn block_tables_are_served_with_the_line_they_rest_on() {
    let (mut world, edition) = both_blocks();
    let own = world.current("DDD", "IE_TOT", "2021");
    let charter = world.region.charter().unwrap().0;
    let item = ServedItem::BlockTable(edition, 0, 0);
    assert!(matches!(world.serve_items("DDD", &[(item, charter)]), Err(Reason::WrongJustification { .. })));
    assert!(world.serve_items("DDD", &[(item, own)]).is_ok());
    assert!(world.serve_items("OBS", &[(item, charter)]).is_ok());
    assert!(matches!(world.serve_items("OBS", &[(item, charter)]), Err(Reason::ServedBefore(_))));
    assert!(matches!(
        world.serve_items("AAA", &[(item, world.current("AAA", "IE_TOT", "2021"))]),
        Err(Reason::BlockNotForReader { .. })
    ));
}
