//! The example of the design, word for word: SM_CIT for 2013-S1. A and B share openly; C, G and K with `totals`; D with A
//! only; E has released nothing; F answers "not collected" everywhere.

use std::collections::BTreeMap;

use vrs_protocol::audience::Sharing;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::ledger::ServedItem;
use vrs_protocol::overview::{self, BlockAtHand, GapReason, Overview};
use vrs_protocol::region::Standing;
use vrs_protocol::table::Table;

use crate::support::{World, form, key, period};

const TABLE: (&str, &str) = ("SM_CIT", "2013-S1");

fn told(with_k: bool) -> World {
    let mut world = World::of(&["AAA", "BBB", "CCC", "DDD", "EEE", "FFF", "GGG", "KKK"]);
    let mut say = |who: &str, audience: &str, total: &str| {
        world.release(who, TABLE.0, TABLE.1, audience, &[("_T", total)]).unwrap();
    };
    say("AAA", "contributors", "120");
    say("BBB", "contributors", "45");
    say("CCC", "totals", "20");
    say("GGG", "totals", "30");
    if with_k {
        say("KKK", "totals", "27");
    }
    say("DDD", "named:AAA", "9");
    say("FFF", "contributors", "not collected");
    world.edition("SM", 2013).unwrap();
    world
}

fn reads(world: &World, reader: &str) -> Vec<String> {
    world.reads(reader, TABLE.0, TABLE.1)
}
fn why(world: &World, reader: &str, author: &str) -> String {
    world.why(reader, author, TABLE.0, TABLE.1)
}

/// The overview at a reader's node, from what was served to it and its own table.
fn overview_of(world: &mut World, reader: &str) -> Overview {
    world.serve(reader);
    let id = world.id(reader);
    let own = world
        .region
        .current(id, &form(TABLE.0), period(TABLE.1))
        .map(|release| (id, world.bodies[&release.index].clone()));
    let held = world.region.holdings(id).filter(|holding| holding.erased.is_none());
    let read = held.map(|holding| {
        (world.region.release(holding.release).unwrap().manifest.participant, world.bodies[&holding.release].clone())
    });
    let singly: BTreeMap<_, Table> = read.chain(own).collect();
    let mut blocks: Vec<BlockAtHand<'_>> = Vec::new();
    for (line, compiled) in &world.compiled {
        for (number, (block, figures)) in world.region.edition(*line).unwrap().blocks.iter().zip(compiled).enumerate() {
            if world.region.block_table_served(id, *line, number as u16, 0).is_some() {
                let (members, table) = (&block.members[..], &figures[0].table);
                blocks.push(BlockAtHand { sharing: block.sharing, members, table, marked: block.tables[0].marked });
            }
        }
    }
    let shape = Catalogue::bundled().form(&form(TABLE.0)).unwrap();
    overview::compile(&world.region, Some(id), shape, period(TABLE.1), &singly, &blocks)
}

fn codes(participants: &[vrs_protocol::id::ParticipantCode]) -> Vec<&str> {
    participants.iter().map(vrs_protocol::id::ParticipantCode::as_str).collect()
}

#[test]
fn a_and_b_read_each_other() {
    let world = told(true);
    assert_eq!(why(&world, "AAA", "BBB"), "read");
    assert_eq!(why(&world, "BBB", "AAA"), "read");
}

#[test]
fn a_and_d_read_each_other_and_b_and_d_do_not() {
    let world = told(true);
    assert_eq!((why(&world, "AAA", "DDD").as_str(), why(&world, "DDD", "AAA").as_str()), ("read", "read"));
    assert_eq!(why(&world, "BBB", "DDD"), "DDD's release of SM_CIT for 2013-S1 does not admit BBB");
    assert_eq!(
        why(&world, "DDD", "BBB"),
        "DDD's own release of SM_CIT for 2013-S1 does not admit BBB, and reading is symmetric; admit BBB and you unlock it"
    );
    assert_eq!(reads(&world, "AAA"), ["BBB", "DDD"]);
    assert_eq!(reads(&world, "BBB"), ["AAA"]);
    assert_eq!(reads(&world, "DDD"), ["AAA"]);
}

#[test]
fn c_g_and_k_read_nobody_singly_and_are_told_what_would_unlock() {
    let world = told(true);
    for reader in ["CCC", "GGG", "KKK"] {
        assert_eq!(reads(&world, reader), Vec::<String>::new());
        assert_eq!(
            why(&world, reader, "AAA"),
            format!(
                "{reader} released SM_CIT for 2013-S1 with 'totals': it reads sums only; release SM_CIT for 2013-S1 to contributors and you unlock AAA, BBB"
            )
        );
        assert_eq!(
            why(&world, "AAA", reader),
            format!("{reader} shares SM_CIT for 2013-S1 as totals only: nobody reads it singly")
        );
    }
}

#[test]
fn e_and_f_do_not_stand_and_are_told_what_would_unlock() {
    let world = told(true);
    assert_eq!(
        why(&world, "EEE", "AAA"),
        "EEE has released nothing of SM_CIT for 2013-S1; release SM_CIT for 2013-S1 to contributors and you unlock AAA, BBB"
    );
    assert_eq!(
        why(&world, "FFF", "AAA"),
        "FFF's release of SM_CIT for 2013-S1 answers no core cell; 'not collected' and suppressed cells earn nothing; \
         release SM_CIT for 2013-S1 to contributors and you unlock AAA, BBB"
    );
    let regional = |code: &str| world.region.regional(world.id(code), &form(TABLE.0), period(TABLE.1));
    for code in ["EEE", "FFF"] {
        let reason = regional(code).unwrap_err();
        assert_eq!(codes(&reason.unlock().unwrap().participants), ["AAA", "BBB"]);
    }
    assert!(matches!(world.region.standing(world.id("EEE"), &form(TABLE.0), period(TABLE.1)), Standing::Nothing));
    assert!(matches!(
        world.region.standing(world.id("FFF"), &form(TABLE.0), period(TABLE.1)),
        Standing::CoreMissing(_)
    ));
}

#[test]
fn the_regional_figure_for_a_and_b_is_a_plus_b_live_and_a_group_of_three() {
    let mut world = told(true);
    for reader in ["AAA", "BBB"] {
        let overview = overview_of(&mut world, reader);
        assert_eq!(codes(&overview.open.participants), ["AAA", "BBB"]);
        let open = overview.open_total().unwrap();
        assert!(open.is_complete());
        assert_eq!(open.known, Some(165));
        let [block] = &overview.blocks[..] else { panic!("{:?}", overview.blocks) };
        assert_eq!(
            (block.sharing, codes(&block.members), block.cells[&key("_T")]),
            (Sharing::Totals, vec!["CCC", "GGG", "KKK"], 77)
        );
        assert_eq!(overview.whole(&key("_T")).unwrap().known, Some(242));
        let gaps: Vec<_> = overview.gaps.iter().map(|gap| (gap.participant.as_str(), gap.reason)).collect();
        assert_eq!(
            gaps,
            [("DDD", GapReason::Bilateral), ("EEE", GapReason::NotReported), ("FFF", GapReason::NotAnswered)]
        );
    }
}

#[test]
fn c_sees_the_closed_block_and_no_open_block_as_two_are_fewer_than_block_min() {
    let mut world = told(true);
    let overview = overview_of(&mut world, "CCC");
    assert_eq!(
        overview.blocks.iter().map(|block| (block.sharing, block.cells[&key("_T")])).collect::<Vec<_>>(),
        [(Sharing::Totals, 77)]
    );
    assert!(overview.open.participants.is_empty());
    let open_ones: Vec<_> = overview
        .gaps
        .iter()
        .filter(|gap| gap.reason == GapReason::NotReadable)
        .map(|gap| gap.participant.as_str())
        .collect();
    assert_eq!(open_ones, ["AAA", "BBB"]);
}

#[test]
fn d_reads_no_regional_figure_because_its_release_is_a_bilateral_matter() {
    let mut world = told(true);
    let reason = world.region.regional(world.id("DDD"), &form(TABLE.0), period(TABLE.1)).unwrap_err();
    assert_eq!(
        reason.to_string(),
        "DDD released SM_CIT for 2013-S1 to named participants, a bilateral matter: it reads no regional figures; \
         release SM_CIT for 2013-S1 to contributors and you unlock AAA, BBB"
    );
    assert!(!world.serve("DDD").iter().any(|item| matches!(item, ServedItem::BlockTable(..))));
}

#[test]
fn without_k_there_is_no_closed_block_c_and_g_are_listed_and_a_and_b_lose_nothing() {
    let mut world = told(false);
    let (_, edition) = world.region.latest_edition(&(crate::support::topic("SM"), 2013)).unwrap();
    assert!(edition.blocks.is_empty());
    let listed: Vec<String> = edition.not_included.iter().map(|hidden| world.code(hidden.participant)).collect();
    assert_eq!(listed, ["CCC", "GGG"]);
    let overview = overview_of(&mut world, "AAA");
    assert_eq!((overview.open_total().unwrap().known, overview.blocks.len()), (Some(165), 0));
    assert_eq!(codes(&overview.not_included()), ["CCC", "GGG"]);
    assert_eq!(reads(&world, "AAA"), ["BBB", "DDD"]);
    // C and G still stand.
    assert!(world.region.regional(world.id("CCC"), &form(TABLE.0), period(TABLE.1)).is_ok());
}

#[test]
fn if_b_withdraws_a_erases_bs_copy_and_b_erases_as() {
    let mut world = told(true);
    world.serve_all();
    let (of_a, of_b) = (world.current("AAA", TABLE.0, TABLE.1), world.current("BBB", TABLE.0, TABLE.1));
    world.withdraw("BBB", TABLE.0, TABLE.1).unwrap();
    assert_eq!(world.owed(), [("hub".into(), of_b), ("AAA".into(), of_b), ("BBB".into(), of_a)]);
    world.erase_due("AAA");
    world.erase_due("BBB");
    world.hub_erases();
    assert_eq!(world.owed(), []);
    assert_eq!(reads(&world, "AAA"), ["DDD"]);
}
