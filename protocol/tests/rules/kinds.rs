//! Rule 3, kinds.

use vrs_protocol::audience::Sharing;
use vrs_protocol::period::Period;
use vrs_protocol::refusal::Reason;

use crate::support::{World, table, topic};

/// Releases IE_TOT for 2021.
fn total(world: &mut World, who: &str, audience: &str) -> Result<u64, Reason> {
    world.release(who, "IE_TOT", "2021", audience, &[("", "10")])
}
fn kind(world: &World, who: &str) -> Option<Sharing> {
    world.region.sharing(world.id(who), &(topic("IE"), 2021))
}

#[test]
fn the_first_release_of_a_topic_and_year_fixes_the_kind_there() {
    let kinds = [("totals", Sharing::Totals), ("contributors", Sharing::Open), ("named:BBB", Sharing::Named)];
    for (first, from) in kinds {
        for (second, to) in kinds {
            let mut world = World::of(&["AAA", "BBB"]);
            total(&mut world, "AAA", first).unwrap();
            assert_eq!(kind(&world, "AAA"), Some(from));
            let outcome = world.release("AAA", "IE_CIT", "2021", second, &[("_T", "10")]);
            match (from, to) {
                _ if from == to => assert!(outcome.is_ok()),
                (Sharing::Totals, Sharing::Open) | (Sharing::Open, Sharing::Named) => {
                    assert!(matches!(outcome, Err(Reason::KindNotAtOnce { .. })), "{first} {second} {outcome:?}");
                }
                _ => assert!(matches!(outcome, Err(Reason::KindFixed { .. })), "{first} {second} {outcome:?}"),
            }
        }
    }
}

#[test]
fn another_topic_or_year_has_a_kind_of_its_own() {
    let mut world = World::of(&["AAA", "BBB"]);
    total(&mut world, "AAA", "totals").unwrap();
    world.release("AAA", "RE_TOT", "2021", "contributors", &[("", "1")]).unwrap();
    world.release("AAA", "IE_TOT", "2020", "named:BBB", &[("", "1")]).unwrap();
    assert_eq!(kind(&world, "AAA"), Some(Sharing::Totals));
}

#[test]
fn the_kind_stays_also_after_withdrawal() {
    let mut world = World::of(&["AAA", "BBB"]);
    total(&mut world, "AAA", "contributors").unwrap();
    world.withdraw("AAA", "IE_TOT", "2021").unwrap();
    assert_eq!(kind(&world, "AAA"), Some(Sharing::Open));
    let refused = total(&mut world, "AAA", "totals").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "AAA shares IE for 2021 as 'contributors' and cannot share it as 'totals': a kind changes only from totals to contributors or from contributors to named"
    );
    assert!(total(&mut world, "AAA", "contributors").is_ok());
}

#[test]
fn participants_with_a_common_parent_have_one_kind_together() {
    for (one, other) in [("PAR", "CHA"), ("CHA", "CHB"), ("CHB", "PAR")] {
        let mut world = World::of(&["PAR"]);
        world.admit_child("CHA", Some("PAR"));
        world.admit_child("CHB", Some("PAR"));
        total(&mut world, one, "contributors").unwrap();
        assert_eq!(kind(&world, other), Some(Sharing::Open));
        assert!(matches!(total(&mut world, other, "totals"), Err(Reason::KindFixed { .. })));
        // Open to named would be a change of the sister's releases too.
        assert!(matches!(total(&mut world, other, &format!("named:{one}")), Err(Reason::FamilyKind(_))));
        assert!(total(&mut world, other, "contributors").is_ok());
    }
}

#[test]
fn the_kind_changes_for_all_releases_of_the_topic_and_year_at_once() {
    for (before, after) in [("totals", "contributors"), ("contributors", "named:BBB")] {
        let mut world = World::of(&["AAA", "BBB"]);
        let tables = [
            table("IE_TOT", "2021", &[("", "9")]),
            table("IE_CIT", "2021", &[("_T", "9")]),
            table("IE_TOT", "2021-Q1", &[("", "2")]),
        ];
        for one in &tables {
            let audience = world.audience(before);
            world.release_table("AAA", &audience, one.clone(), &Default::default()).unwrap();
        }
        let refused = world.bundle("AAA", after, &tables[..2]).unwrap_err();
        // The quarter overlaps with the year, so already as a revision the bundle is not whole.
        assert!(matches!(refused, Reason::RevisionAlone(_) | Reason::KindNotAtOnce { .. }), "{refused}");
        let alone = world.bundle("AAA", after, &tables[2..]).unwrap_err();
        assert!(matches!(alone, Reason::RevisionAlone(_)), "{alone}");
        world.bundle("AAA", after, &tables).unwrap();
        assert_eq!(kind(&world, "AAA"), if before == "totals" { Some(Sharing::Open) } else { Some(Sharing::Named) });
    }
}

#[test]
fn tables_of_other_quarters_change_their_kind_too() {
    let mut world = World::of(&["AAA"]);
    for when in ["2021-Q1", "2021-Q3"] {
        world.release("AAA", "IE_TOT", when, "totals", &[("", "1")]).unwrap();
    }
    let (one, other) = (table("IE_TOT", "2021-Q1", &[("", "1")]), table("IE_TOT", "2021-Q3", &[("", "1")]));
    let refused = world.bundle("AAA", "contributors", std::slice::from_ref(&one)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "the kind of IE for 2021 changes only for all its releases at once; submit these together: IE_TOT 2021-Q1, IE_TOT 2021-Q3"
    );
    assert!(world.bundle("AAA", "contributors", &[one, other]).is_ok());
}

#[test]
fn a_first_release_that_would_change_the_kind_brings_all_the_others() {
    let mut world = World::of(&["AAA"]);
    total(&mut world, "AAA", "totals").unwrap();
    let new = table("IE_CIT", "2021", &[("_T", "10")]);
    assert!(matches!(
        world.bundle("AAA", "contributors", std::slice::from_ref(&new)),
        Err(Reason::KindNotAtOnce { .. })
    ));
    assert!(world.bundle("AAA", "contributors", &[new, table("IE_TOT", "2021", &[("", "10")])]).is_ok());
}

#[test]
fn what_is_withdrawn_needs_no_change() {
    let mut world = World::of(&["AAA"]);
    total(&mut world, "AAA", "totals").unwrap();
    world.release("AAA", "IE_CIT", "2021", "totals", &[("_T", "10")]).unwrap();
    world.withdraw("AAA", "IE_CIT", "2021").unwrap();
    assert!(total(&mut world, "AAA", "contributors").is_ok());
}

/// Three open ones in a block, and T with `totals`.
fn open_block_and_a_reader() -> World {
    let mut world = World::of(&["AAA", "BBB", "CCC", "TTT"]);
    for who in ["AAA", "BBB", "CCC"] {
        total(&mut world, who, "contributors").unwrap();
    }
    total(&mut world, "TTT", "totals").unwrap();
    world.edition("IE", 2021).unwrap();
    world
}

#[test]
fn whoever_was_served_an_open_block_does_not_open() {
    let mut world = open_block_and_a_reader();
    assert!(!world.serve("TTT").is_empty());
    let refused = total(&mut world, "TTT", "contributors").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "TTT has read open blocks of IE for 2021 and cannot open its own figures there: it could compute those of a member that no longer shares"
    );
    // Another year is another matter.
    assert!(world.release("TTT", "IE_TOT", "2020", "contributors", &[("", "1")]).is_ok());
}

#[test]
fn whoever_was_not_served_it_may_open() {
    let mut world = open_block_and_a_reader();
    total(&mut world, "TTT", "contributors").unwrap();
    assert_eq!(world.reads("TTT", "IE_TOT", "2021"), ["AAA", "BBB", "CCC"]);
}

#[test]
fn what_was_not_delivered_was_not_read() {
    let mut world = open_block_and_a_reader();
    let items = world.serve("TTT");
    assert!(matches!(world.undelivered("TTT", items.clone()), Err(Reason::Line { .. })));
    world.withdraw("TTT", "IE_TOT", "2021").unwrap();
    world.undelivered("TTT", items).unwrap();
    assert!(total(&mut world, "TTT", "contributors").is_ok());
}

#[test]
fn nor_does_anybody_with_a_common_parent_open() {
    let mut world = World::of(&["AAA", "BBB", "CCC", "PAR"]);
    world.admit_child("CHI", Some("PAR"));
    for who in ["AAA", "BBB", "CCC"] {
        total(&mut world, who, "contributors").unwrap();
    }
    total(&mut world, "PAR", "totals").unwrap();
    world.edition("IE", 2021).unwrap();
    world.serve("PAR");
    world.withdraw("PAR", "IE_TOT", "2021").unwrap();
    assert!(matches!(total(&mut world, "CHI", "contributors"), Err(Reason::OpenBlockRead { .. })));
    assert!(total(&mut world, "CHI", "totals").is_ok());
}

#[test]
fn an_observer_that_read_an_open_block_shares_there_with_totals_or_not_at_all() {
    for audience in ["contributors", "named:AAA,BBB", "totals"] {
        let mut world = open_block_and_a_reader();
        world.admit("OBS");
        // Observers see what is released under a Charter that names them.
        world.observer("OBS");
        for who in ["AAA", "BBB", "CCC"] {
            world.release(who, "RE_TOT", "2021", "contributors", &[("", "10")]).unwrap();
        }
        world.edition("RE", 2021).unwrap();
        assert_eq!(world.serve("OBS").len(), 1);
        let outcome = world.release("OBS", "RE_TOT", "2021", audience, &[("", "1")]);
        if audience == "totals" {
            assert!(outcome.is_ok());
        } else {
            assert!(matches!(outcome, Err(Reason::OpenBlockRead { .. })), "{audience}");
        }
        assert!(total(&mut world, "OBS", "contributors").is_ok());
    }
}

/// A closed block of these.
fn closed_block(codes: &[&str]) -> World {
    let mut world = World::of(codes);
    for who in codes {
        total(&mut world, who, "totals").unwrap();
    }
    world.edition("IE", 2021).unwrap();
    assert_eq!(world.region.blocks(&(topic("IE"), 2021))[0].members.len(), codes.len());
    world
}

#[test]
fn a_member_of_a_closed_block_opens_only_if_block_min_others_remain_closed() {
    let mut world = closed_block(&["AAA", "BBB", "CCC"]);
    let refused = total(&mut world, "AAA", "contributors").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "AAA is in a published block of IE for 2021; if it opened its figures, only 2 of the others would remain closed and 3 are needed, so theirs could be computed"
    );
    let mut world = closed_block(&["AAA", "BBB", "CCC", "DDD"]);
    total(&mut world, "AAA", "contributors").unwrap();
    assert!(matches!(
        total(&mut world, "BBB", "contributors"),
        Err(Reason::BlockWouldOpen { remaining: 2, block_min: 3, .. })
    ));
}

#[test]
fn whoever_withdraws_from_a_closed_block_remains_closed() {
    let mut world = closed_block(&["AAA", "BBB", "CCC", "DDD"]);
    for who in ["BBB", "AAA"] {
        world.withdraw(who, "IE_TOT", "2021").unwrap();
    }
    total(&mut world, "AAA", "contributors").unwrap();
    // And withdrawing first is no way around the rule.
    assert!(matches!(total(&mut world, "BBB", "contributors"), Err(Reason::BlockWouldOpen { .. })));
}

#[test]
fn those_that_remain_are_counted_in_families() {
    let mut world = World::of(&["AAA", "BBB", "CCC", "PAR"]);
    world.admit_child("CHI", Some("PAR"));
    for who in ["AAA", "BBB", "CCC", "PAR", "CHI"] {
        total(&mut world, who, "totals").unwrap();
    }
    world.edition("IE", 2021).unwrap();
    total(&mut world, "AAA", "contributors").unwrap();
    // B, C and the family remain; without B they would be two.
    assert!(matches!(total(&mut world, "BBB", "contributors"), Err(Reason::BlockWouldOpen { remaining: 2, .. })));
}

#[test]
fn whoever_opens_stays_in_its_block() {
    let mut world = closed_block(&["AAA", "BBB", "CCC", "DDD"]);
    total(&mut world, "AAA", "contributors").unwrap();
    for who in ["BBB", "CCC", "DDD"] {
        world.release(who, "IE_CIT", "2021", "totals", &[("_T", "10")]).unwrap();
    }
    world.edition("IE", 2021).unwrap();
    let block = &world.region.blocks(&(topic("IE"), 2021))[0];
    assert_eq!(block.members.len(), 4);
    assert!(block.members.contains(&world.id("AAA")));
}

#[test]
fn whoever_is_in_no_block_opens_as_it_likes() {
    let mut world = closed_block(&["AAA", "BBB", "CCC"]);
    world.admit("DDD");
    total(&mut world, "DDD", "totals").unwrap();
    world.edition("IE", 2021).unwrap();
    assert!(total(&mut world, "DDD", "contributors").is_ok());
}

#[test]
fn a_total_and_its_breakdowns_are_of_one_topic() {
    // Kinds and blocks are per topic: a total that stands in two topics would be summed over two different groups.
    let catalogue = vrs_protocol::catalogue::Catalogue::bundled();
    for form in catalogue.forms() {
        if let Some(total) = &form.total_of {
            assert_eq!(catalogue.form(total).unwrap().topic, form.topic, "{}", form.code);
        }
    }
}

#[test]
fn every_period_of_version_1_lies_in_one_year() {
    // The design says what holds for a period in two years; there is none that could be written or sent.
    let texts = (1..=12).map(|m| format!("2021-{m:02}")).chain((1..=4).map(|q| format!("2021-Q{q}"))).chain([
        "2021".into(),
        "2021-S1".into(),
        "2021-S2".into(),
    ]);
    for text in texts {
        let period = Period::parse(&text).unwrap();
        assert!(period.start().0 == 2021 && period.end() <= (2022, 1), "{text}");
    }
    for bytes in [&b"\x82\x6a2021-07-01\x0c"[..], b"\x82\x6a2021-12-01\x03", b"\x82\x6a2021-10-01\x06"] {
        assert!(vrs_protocol::codec::decode_strict::<Period>(bytes).is_err());
    }
}
