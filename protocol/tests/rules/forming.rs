//! Rule 3, blocks and their forming; and what every mirror checks of an edition.

use vrs_protocol::audience::Sharing;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::ParticipantId;
use vrs_protocol::ledger::{BlockLine, BlockTableLine, Edition};
use vrs_protocol::refusal::Reason;
use vrs_protocol::time::Timestamp;

use crate::support::{World, form, period, topic};

fn totals(world: &mut World, codes: &[&str]) {
    for who in codes {
        world.release(who, "IE_TOT", "2021", "totals", &[("", "10")]).unwrap();
    }
}
/// The blocks as codes.
fn blocks(world: &World) -> Vec<(Sharing, Vec<String>)> {
    let blocks = world.region.blocks(&(topic("IE"), 2021));
    blocks.iter().map(|block| (block.sharing, block.members.iter().map(|id| world.code(*id)).collect())).collect()
}
fn closed(codes: &[&str]) -> (Sharing, Vec<String>) {
    (Sharing::Totals, codes.iter().map(ToString::to_string).collect())
}
fn hidden(world: &World) -> Vec<String> {
    let (_, edition) = world.region.latest_edition(&(topic("IE"), 2021)).unwrap();
    edition.not_included.iter().map(|hidden| world.code(hidden.participant)).collect()
}

#[test]
fn a_block_is_a_group_of_at_least_block_min() {
    let mut world = World::of(&["AAA", "BBB", "CCC"]);
    totals(&mut world, &["AAA", "BBB"]);
    world.edition("IE", 2021).unwrap();
    assert_eq!((blocks(&world), hidden(&world)), (vec![], vec!["AAA".to_owned(), "BBB".into()]));
    totals(&mut world, &["CCC"]);
    world.edition("IE", 2021).unwrap();
    assert_eq!((blocks(&world), hidden(&world)), (vec![closed(&["AAA", "BBB", "CCC"])], vec![]));
}

#[test]
fn the_least_size_is_the_largest_in_force_now_and_at_the_members_releases() {
    for (then, now, formed) in [(3, 4, false), (4, 3, false), (3, 3, true)] {
        let mut world = World::with_charter(|charter| charter.block_min = then);
        for code in ["AAA", "BBB", "CCC"] {
            world.admit(code);
        }
        totals(&mut world, &["AAA", "BBB", "CCC"]);
        world.charter(|charter| charter.block_min = now);
        world.edition("IE", 2021).unwrap();
        assert_eq!(!blocks(&world).is_empty(), formed, "{then} {now}");
    }
}

#[test]
fn those_with_a_common_parent_count_once() {
    let mut world = World::of(&["AAA", "BBB", "PAR"]);
    world.admit_child("CHI", Some("PAR"));
    totals(&mut world, &["AAA", "PAR", "CHI"]);
    world.edition("IE", 2021).unwrap();
    assert_eq!(blocks(&world), []);
    totals(&mut world, &["BBB"]);
    world.edition("IE", 2021).unwrap();
    assert_eq!(blocks(&world), [closed(&["AAA", "BBB", "PAR", "CHI"])]);
}

#[test]
fn open_ones_are_among_themselves_and_named_ones_in_none() {
    let mut world = World::of(&["AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH"]);
    totals(&mut world, &["AAA", "BBB"]);
    for who in ["CCC", "DDD", "EEE"] {
        world.release(who, "IE_TOT", "2021", "contributors", &[("", "1")]).unwrap();
    }
    for (who, to) in [("FFF", "GGG"), ("GGG", "HHH"), ("HHH", "FFF")] {
        world.release(who, "IE_TOT", "2021", &format!("named:{to}"), &[("", "1")]).unwrap();
    }
    world.edition("IE", 2021).unwrap();
    assert_eq!(blocks(&world), [(Sharing::Open, vec!["CCC".to_owned(), "DDD".into(), "EEE".into()])]);
}

#[test]
fn fewer_gives_standing_and_not_membership() {
    let mut world = World::of(&["AAA", "BBB", "CCC", "DDD"]);
    totals(&mut world, &["AAA", "BBB"]);
    world.release("CCC", "IE_TOT", "2021", "totals", &[("", "<5")]).unwrap();
    world.edition("IE", 2021).unwrap();
    assert_eq!((blocks(&world), hidden(&world).len()), (vec![], 3));
    assert!(world.region.regional(world.id("CCC"), &form("IE_TOT"), period("2021")).is_ok());
    totals(&mut world, &["DDD"]);
    world.edition("IE", 2021).unwrap();
    assert_eq!((blocks(&world), hidden(&world)), (vec![closed(&["AAA", "BBB", "DDD"])], vec!["CCC".to_owned()]));
}

#[test]
fn the_suspended_are_no_candidates() {
    let mut world = World::of(&["AAA", "BBB", "CCC"]);
    totals(&mut world, &["AAA", "BBB", "CCC"]);
    world.suspend("CCC");
    world.edition("IE", 2021).unwrap();
    assert_eq!((blocks(&world), hidden(&world)), (vec![], vec!["AAA".to_owned(), "BBB".into()]));
}

#[test]
fn nobody_joins_a_frozen_block_and_latecomers_form_their_own() {
    let mut world = World::of(&["AAA", "BBB", "CCC", "DDD", "EEE", "FFF"]);
    totals(&mut world, &["AAA", "BBB", "CCC"]);
    world.edition("IE", 2021).unwrap();
    totals(&mut world, &["DDD", "EEE"]);
    world.edition("IE", 2021).unwrap();
    assert_eq!((blocks(&world).len(), hidden(&world)), (1, vec!["DDD".to_owned(), "EEE".into()]));
    totals(&mut world, &["FFF"]);
    world.edition("IE", 2021).unwrap();
    assert_eq!(blocks(&world), [closed(&["AAA", "BBB", "CCC"]), closed(&["DDD", "EEE", "FFF"])]);
}

#[test]
fn nobody_leaves_a_frozen_block() {
    let mut world = World::of(&["AAA", "BBB", "CCC"]);
    totals(&mut world, &["AAA", "BBB", "CCC"]);
    world.edition("IE", 2021).unwrap();
    world.withdraw("AAA", "IE_TOT", "2021").unwrap();
    world.suspend("BBB");
    world.edition("IE", 2021).unwrap();
    assert_eq!(blocks(&world), [closed(&["AAA", "BBB", "CCC"])]);
}

#[test]
fn whoever_fits_into_none_stops_nobody_else() {
    let mut world = World::of(&["AAA", "BBB", "CCC", "DDD"]);
    for who in ["AAA", "BBB", "CCC"] {
        world.release(who, "IE_CIT", "2021", "totals", &[("_T", "10")]).unwrap();
    }
    totals(&mut world, &["DDD", "AAA"]);
    world.edition("IE", 2021).unwrap();
    assert_eq!(blocks(&world), [closed(&["AAA", "BBB", "CCC"])]);
    // A's own total is in no table of the block, because B and C have not reported it.
    assert_eq!(hidden(&world), ["AAA", "DDD"]);
}

#[test]
fn the_group_with_most_tables_wins_and_its_whole_group_is_one_block() {
    let mut world = World::of(&["AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG"]);
    for who in ["AAA", "BBB", "CCC"] {
        world.release(who, "IE_CIT", "2021", "totals", &[("_T", "10")]).unwrap();
    }
    totals(&mut world, &["AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG"]);
    world.edition("IE", 2021).unwrap();
    assert_eq!(blocks(&world), [closed(&["AAA", "BBB", "CCC"]), closed(&["DDD", "EEE", "FFF", "GGG"])]);
    assert_eq!(world.region.blocks(&(topic("IE"), 2021))[0].tables.len(), 2);
}

#[test]
fn no_block_is_formed_before_the_calendars_closing_date() {
    let mut world = World::of(&["AAA", "BBB", "CCC"]);
    world.time = Timestamp::from_date(2030, 4, 2).unwrap();
    for who in ["AAA", "BBB", "CCC"] {
        world.release(who, "IE_TOT", "2030-Q1", "totals", &[("", "10")]).unwrap();
    }
    world.edition("IE", 2030).unwrap();
    assert!(world.region.blocks(&(topic("IE"), 2030)).is_empty());
    // A hub that is in a hurry is found out.
    let members = ["AAA", "BBB", "CCC"].map(|code| world.id(code)).to_vec();
    let table =
        BlockTableLine { form: form("IE_TOT"), period: period("2030-Q1"), hash: Hash::of(b"sum"), marked: false };
    let hasty = Edition {
        number: 2,
        topic: topic("IE"),
        year: 2030,
        blocks: vec![BlockLine { sharing: Sharing::Totals, members, tables: vec![table] }],
        not_included: vec![],
    };
    let refused = world.log_edition(&hasty, vec![]).unwrap_err();
    assert!(refused.to_string().contains("not yet closed by the calendar"), "{refused}");
    world.time = Timestamp::from_date(2030, 5, 31).unwrap();
    world.edition("IE", 2030).unwrap();
    assert_eq!(world.region.blocks(&(topic("IE"), 2030)).len(), 1);
}

/// A, B and C with `totals` in a block with IE_TOT 2021; D, E and F with `totals` in none; G and H open.
fn frozen() -> World {
    let mut world = World::of(&["AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "HHH"]);
    totals(&mut world, &["AAA", "BBB", "CCC"]);
    world.edition("IE", 2021).unwrap();
    totals(&mut world, &["DDD", "EEE", "FFF"]);
    for who in ["GGG", "HHH"] {
        world.release(who, "IE_TOT", "2021", "contributors", &[("", "10")]).unwrap();
    }
    world.release("HHH", "RE_TOT", "2021", "totals", &[("", "10")]).unwrap();
    world
}

/// A way to break an edition.
type Flaw = fn(&World, &mut Edition);

/// What every mirror says to an edition that the hub has changed.
fn changed(change: impl FnOnce(&World, &mut Edition)) -> String {
    let mut world = frozen();
    let (mut edition, compiled) = world.compile("IE", 2021);
    assert_eq!(edition.blocks.len(), 2);
    change(&world, &mut edition);
    let size = world.region.size();
    let refused = world.log_edition(&edition, compiled).unwrap_err();
    assert_eq!(world.region.size(), size, "a refused line changes nothing");
    refused.to_string()
}
fn ids(world: &World, codes: &[&str]) -> Vec<ParticipantId> {
    codes.iter().map(|code| world.id(code)).collect()
}

#[test]
fn every_mirror_checks_an_edition_against_the_rule() {
    let told: [(&str, Flaw); 19] = [
        ("edition 7 is not the next, which is 2", |_, edition| edition.number = 7),
        ("an edition of XX, which is no topic", |_, edition| edition.topic = topic("XX")),
        ("its members are frozen and differ", |world, edition| {
            edition.blocks[0].members = ids(world, &["AAA", "BBB", "CCC", "GGG"])
        }),
        ("its members are frozen and differ", |world, edition| edition.blocks[0].members = ids(world, &["AAA", "BBB"])),
        ("its members are frozen and differ", |_, edition| edition.blocks[0].sharing = Sharing::Open),
        ("a frozen block is missing", |_, edition| edition.blocks.clear()),
        ("its members are frozen and differ", |_, edition| edition.blocks.reverse()),
        ("never change, and differ or are missing", |_, edition| {
            edition.blocks[0].tables[0].hash = Hash::of(b"another sum")
        }),
        ("never change, and differ or are missing", |_, edition| {
            edition.blocks[0].tables[0].period = period("2021-S1")
        }),
        ("is marked wrongly", |_, edition| edition.blocks[0].tables[0].marked = true),
        ("a member is in two blocks, or stands twice", |world, edition| {
            edition.blocks[1].members = ids(world, &["CCC", "DDD", "EEE"])
        }),
        ("a member is in two blocks, or stands twice", |world, edition| {
            edition.blocks[1].members = ids(world, &["DDD", "DDD", "EEE"])
        }),
        ("2 members are fewer than 3", |world, edition| edition.blocks[1].members = ids(world, &["DDD", "EEE"])),
        ("members unsorted, or no table", |world, edition| {
            edition.blocks[1].members = ids(world, &["FFF", "EEE", "DDD"])
        }),
        ("members unsorted, or no table", |_, edition| edition.blocks[1].tables.clear()),
        ("GGG does not share this way", |world, edition| {
            edition.blocks[1].members = ids(world, &["DDD", "EEE", "FFF", "GGG"])
        }),
        ("named releases enter no block", |_, edition| edition.blocks[1].sharing = Sharing::Named),
        ("not every member stands for IE_CIT 2021", |_, edition| edition.blocks[1].tables[0].form = form("IE_CIT")),
        ("'reported, not included' of the edition does not list who it should", |_, edition| {
            edition.blocks.pop();
        }),
    ];
    for (expected, change) in told {
        let said = changed(change);
        assert!(said.contains(expected), "expected {expected:?}, got {said:?}");
    }
}

#[test]
fn a_table_of_another_topic_or_year_enters_no_block() {
    for (code, when) in [("RE_TOT", "2021"), ("IE_TOT", "2020")] {
        let mut world = frozen();
        for who in ["DDD", "EEE", "FFF"] {
            world.release(who, code, when, "totals", &[("", "10")]).unwrap();
        }
        let (mut edition, compiled) = world.compile("IE", 2021);
        (edition.blocks[1].tables[0].form, edition.blocks[1].tables[0].period) = (form(code), period(when));
        assert!(matches!(world.log_edition(&edition, compiled), Err(Reason::Block { block: 2, .. })));
    }
}

#[test]
fn tables_stand_in_catalogue_and_period_order_and_once() {
    let mut world = frozen();
    for who in ["AAA", "BBB", "CCC"] {
        world.release(who, "IE_CIT", "2021", "totals", &[("_T", "10")]).unwrap();
    }
    let (edition, compiled) = world.compile("IE", 2021);
    assert_eq!(edition.blocks[0].tables.len(), 2);
    let mut reversed = edition.clone();
    reversed.blocks[0].tables.reverse();
    assert!(world.log_edition(&reversed, compiled.clone()).unwrap_err().to_string().contains("not in order"));
    let mut twice = edition.clone();
    let again = twice.blocks[0].tables[1].clone();
    twice.blocks[0].tables.push(again);
    assert!(world.log_edition(&twice, compiled.clone()).unwrap_err().to_string().contains("not in order"));
    assert!(world.log_edition(&edition, compiled).is_ok());
}

#[test]
fn only_counts_are_added() {
    let mut world = World::of(&["AAA", "BBB", "CCC"]);
    let fee = |world: &mut World, who: &str| {
        let mut fees = crate::support::table("MF_FEE", "2021", &[]);
        let fee = vrs_protocol::cell::Fee {
            min: Some(100),
            typical: None,
            max: None,
            currency: vrs_protocol::id::Code::parse("USD").unwrap(),
            per_group: false,
            included: Vec::new(),
            payment: Vec::new(),
        };
        let arity = vrs_protocol::catalogue::Catalogue::bundled().form(&form("MF_FEE")).unwrap().dimensions.len();
        fees.cells.insert(
            vrs_protocol::table::Key::total(arity),
            vrs_protocol::cell::Cell::Value {
                figure: vrs_protocol::cell::Figure::Fee(fee),
                status: Default::default(),
            },
        );
        let audience = world.audience("totals");
        world.release_table(who, &audience, fees, &Default::default()).unwrap();
    };
    for who in ["AAA", "BBB", "CCC"] {
        fee(&mut world, who);
    }
    let year = (topic("MF"), 2021);
    assert!(world.region.candidates(&year, Sharing::Totals, world.time, |line| world.bodies.get(&line)).is_empty());
    let members = ids(&world, &["AAA", "BBB", "CCC"]);
    let table = BlockTableLine { form: form("MF_FEE"), period: period("2021"), hash: Hash::of(b"sum"), marked: false };
    let blocks = vec![BlockLine { sharing: Sharing::Totals, members, tables: vec![table] }];
    let edition = Edition { number: 1, topic: year.0, year: 2021, blocks, not_included: vec![] };
    assert!(world.log_edition(&edition, vec![]).unwrap_err().to_string().contains("not every member stands"));
}
