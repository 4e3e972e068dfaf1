//! Rule 3, the figures of blocks: which cells, which later tables, and that none ever changes.

use vrs_protocol::audience::Sharing;
use vrs_protocol::refusal::Reason;

use crate::support::{BlockFigures, World, form, key, period, table, topic};

const THREE: [&str; 3] = ["AAA", "BBB", "CCC"];

/// A, B and C with `totals` in a block; the tables given are released by each.
fn block_with(tables: &[(&str, &str)]) -> World {
    let mut world = World::of(&THREE);
    for (code, when) in tables {
        all_release(&mut world, code, when, "10");
    }
    world.edition("IE", 2021).unwrap();
    world
}
fn all_release(world: &mut World, code: &str, when: &str, count: &str) {
    for who in THREE {
        say(world, who, code, when, count);
    }
}
fn say(world: &mut World, who: &str, code: &str, when: &str, count: &str) {
    let at = if code.ends_with("TOT") { "" } else { "_T" };
    world.release(who, code, when, "totals", &[(at, count)]).unwrap();
}
/// The tables of the first block in the latest edition: form, period, marked.
fn listed(world: &World) -> Vec<(String, String, bool)> {
    let (_, edition) = world.region.latest_edition(&(topic("IE"), 2021)).unwrap();
    edition.blocks[0]
        .tables
        .iter()
        .map(|table| (table.form.to_string(), table.period.to_string(), table.marked))
        .collect()
}
fn names(world: &World) -> Vec<String> {
    listed(world).iter().map(|(form, when, _)| format!("{form} {when}")).collect()
}
fn figures(world: &World) -> Vec<BlockFigures> {
    let line = world.region.latest_edition(&(topic("IE"), 2021)).unwrap().0;
    world.compiled[&line][0].clone()
}

#[test]
fn every_cell_that_each_member_answers_with_a_value() {
    let mut world = World::of(&THREE);
    world.release("AAA", "IE_CIT", "2021", "totals", &[("_T", "10"), ("AFG", "6"), ("SYR", "3"), ("_O", "1")]).unwrap();
    world
        .release("BBB", "IE_CIT", "2021", "totals", &[("_T", "20"), ("AFG", "<5"), ("SYR", "9"), ("_O", "8")])
        .unwrap();
    world
        .release("CCC", "IE_CIT", "2021", "totals", &[("_T", "30"), ("AFG", "12"), ("SYR", "0"), ("_O", "suppressed")])
        .unwrap();
    world.edition("IE", 2021).unwrap();
    let sums = &figures(&world)[0].table;
    let cells: Vec<_> = sums.cells.iter().map(|(key, cell)| (key.to_string(), cell.as_count().unwrap())).collect();
    assert_eq!(cells, [("SYR".to_owned(), 12), ("_T".into(), 60)]);
}

#[test]
fn tables_that_come_later_are_added() {
    let mut world = block_with(&[("IE_TOT", "2021-Q1")]);
    all_release(&mut world, "IE_CIT", "2021-Q1", "10");
    all_release(&mut world, "IE_TOT", "2021", "40");
    say(&mut world, "AAA", "IE_TOT", "2021-Q2", "4");
    world.edition("IE", 2021).unwrap();
    assert_eq!(names(&world), ["IE_TOT 2021-Q1", "IE_TOT 2021", "IE_CIT 2021-Q1"]);
    // What two of three have not reported is in no block, and A is said to have reported it.
    let (_, edition) = world.region.latest_edition(&(topic("IE"), 2021)).unwrap();
    assert_eq!(edition.not_included.len(), 1);
}

#[test]
fn a_table_whose_core_is_fewer_for_one_gives_its_other_cells() {
    let mut world = block_with(&[("IE_TOT", "2021")]);
    for (who, total) in [("AAA", "<5"), ("BBB", "20"), ("CCC", "30")] {
        world.release(who, "IE_CIT", "2021", "totals", &[("_T", total), ("AFG", "1")]).unwrap();
    }
    world.edition("IE", 2021).unwrap();
    let later = figures(&world).pop().unwrap().table;
    assert_eq!((later.cell(&key("AFG")).unwrap().as_count(), later.cell(&key("_T"))), (Some(3), None));
}

#[test]
fn a_figure_never_changes_and_later_revisions_and_withdrawals_are_marked_on_it() {
    for change in ["revise", "withdraw"] {
        let mut world = block_with(&[("IE_TOT", "2021-Q1"), ("IE_TOT", "2021-Q3")]);
        let before = figures(&world);
        if change == "revise" {
            say(&mut world, "AAA", "IE_TOT", "2021-Q1", "99");
        } else {
            world.withdraw("AAA", "IE_TOT", "2021-Q1").unwrap();
        }
        world.edition("IE", 2021).unwrap();
        assert_eq!(figures(&world), before);
        assert_eq!(listed(&world).iter().map(|table| table.2).collect::<Vec<_>>(), [true, false], "{change}");
    }
}

#[test]
fn a_revision_before_the_first_figure_is_no_mark() {
    let mut world = World::of(&THREE);
    all_release(&mut world, "IE_TOT", "2021", "10");
    say(&mut world, "AAA", "IE_TOT", "2021", "11");
    world.edition("IE", 2021).unwrap();
    world.edition("IE", 2021).unwrap();
    assert_eq!(listed(&world), [("IE_TOT".to_owned(), "2021".to_owned(), false)]);
    assert_eq!(figures(&world)[0].table.total().unwrap().as_count(), Some(31));
}

#[test]
fn no_overlapping_figure_is_added_once_a_member_has_revised_or_withdrawn() {
    for change in ["revise", "withdraw", "withdraw and release again"] {
        let mut world = block_with(&[("IE_TOT", "2021-Q1")]);
        match change {
            "revise" => say(&mut world, "BBB", "IE_TOT", "2021-Q1", "99"),
            _ => drop(world.withdraw("BBB", "IE_TOT", "2021-Q1").unwrap()),
        }
        if change == "withdraw and release again" {
            say(&mut world, "BBB", "IE_TOT", "2021-Q1", "10");
        }
        for (code, when) in [
            ("IE_CIT", "2021-Q1"),
            ("IE_TOT", "2021-S1"),
            ("IE_TOT", "2021"),
            ("IE_TOT", "2021-Q2"),
            ("IE_CIT", "2021-Q4"),
        ] {
            all_release(&mut world, code, when, "10");
        }
        world.edition("IE", 2021).unwrap();
        assert_eq!(names(&world), ["IE_TOT 2021-Q1", "IE_TOT 2021-Q2", "IE_CIT 2021-Q4"], "{change}");
        // A hub that adds one all the same is refused by every mirror.
        let year = (topic("IE"), 2021);
        let (mut edition, compiled) = world.compile("IE", 2021);
        let mut wrong = edition.blocks[0].tables[0].clone();
        (wrong.form, wrong.period, wrong.marked) = (form("IE_CIT"), period("2021-Q1"), false);
        edition.blocks[0].tables.push(wrong);
        edition.blocks[0].tables.sort_by_key(|table| world.region.table_order(&table.form, table.period));
        edition.not_included = world.region.not_included(&year, &edition.blocks);
        assert!(world.log_edition(&edition, compiled).unwrap_err().to_string().contains("cannot be added"), "{change}");
    }
}

#[test]
fn no_overlapping_figure_is_added_once_a_member_has_readdressed_its_tables() {
    let mut world = World::of(&["AAA", "BBB", "CCC", "DDD"]);
    for who in ["AAA", "BBB", "CCC", "DDD"] {
        say(&mut world, who, "IE_TOT", "2021-Q1", "10");
    }
    world.edition("IE", 2021).unwrap();
    // The same figures to a wider audience.
    world.release("DDD", "IE_TOT", "2021-Q1", "contributors", &[("", "10")]).unwrap();
    for code in ["IE_CIT", "IE_LEX"] {
        for who in THREE {
            say(&mut world, who, code, "2021-Q1", "10");
        }
        world.release("DDD", code, "2021-Q1", "contributors", &[("_T", "10")]).unwrap();
    }
    for who in THREE {
        say(&mut world, who, "IE_TOT", "2021-Q2", "10");
    }
    world.release("DDD", "IE_TOT", "2021-Q2", "contributors", &[("", "10")]).unwrap();
    world.edition("IE", 2021).unwrap();
    assert_eq!(names(&world), ["IE_TOT 2021-Q1", "IE_TOT 2021-Q2"]);
}

#[test]
fn a_member_that_shares_by_name_now_gives_no_further_figure() {
    let mut world = World::of(&["AAA", "BBB", "CCC", "TTT"]);
    for who in THREE {
        world.release(who, "IE_TOT", "2021-Q1", "contributors", &[("", "1")]).unwrap();
    }
    world.edition("IE", 2021).unwrap();
    world.release("AAA", "IE_TOT", "2021-Q1", "named:BBB", &[("", "1")]).unwrap();
    world.release("AAA", "IE_TOT", "2021-Q2", "named:BBB", &[("", "1")]).unwrap();
    for who in ["BBB", "CCC"] {
        world.release(who, "IE_TOT", "2021-Q2", "contributors", &[("", "1")]).unwrap();
    }
    world.edition("IE", 2021).unwrap();
    assert_eq!(names(&world), ["IE_TOT 2021-Q1"]);
}

#[test]
fn a_suspended_member_gives_no_further_figure() {
    let mut world = block_with(&[("IE_TOT", "2021")]);
    all_release(&mut world, "IE_CIT", "2021", "10");
    world.suspend("AAA");
    world.edition("IE", 2021).unwrap();
    assert_eq!(names(&world), ["IE_TOT 2021"]);
    world.resume("AAA");
    world.edition("IE", 2021).unwrap();
    assert_eq!(names(&world), ["IE_TOT 2021", "IE_CIT 2021"]);
}

#[test]
fn a_revision_comes_with_those_of_all_tables_whose_periods_overlap() {
    let mut world = World::of(&["AAA"]);
    for (code, when) in [
        ("IE_TOT", "2021-Q1"),
        ("IE_CIT", "2021-Q1"),
        ("IE_TOT", "2021-Q2"),
        ("IE_TOT", "2021-S1"),
        ("RE_TOT", "2021-Q1"),
    ] {
        say(&mut world, "AAA", code, when, "10");
    }
    let revised = |code: &str, when: &str| table(code, when, &[(if code.ends_with("TOT") { "" } else { "_T" }, "11")]);
    let quarter = [revised("IE_TOT", "2021-Q1"), revised("IE_CIT", "2021-Q1"), revised("IE_TOT", "2021-S1")];
    let alone = world.release("AAA", "IE_TOT", "2021-Q1", "totals", &[("", "11")]).unwrap_err();
    assert_eq!(
        alone.to_string(),
        "revise these together, because their periods overlap: IE_CIT 2021-Q1, IE_TOT 2021-Q1, IE_TOT 2021-S1"
    );
    for missing in 0..3 {
        let some: Vec<_> =
            quarter.iter().enumerate().filter(|(place, _)| *place != missing).map(|(_, table)| table.clone()).collect();
        assert!(matches!(world.bundle("AAA", "totals", &some), Err(Reason::RevisionAlone(_))), "{missing}");
    }
    // The other quarter and the other topic need not be touched.
    world.bundle("AAA", "totals", &quarter).unwrap();
    // Revising the semester for its own sake touches both quarters.
    assert!(matches!(world.bundle("AAA", "totals", &quarter[2..]), Err(Reason::RevisionAlone(_))));
}

#[test]
fn the_answer_does_not_depend_on_the_order_inside_the_bundle() {
    let tables = [("IE_TOT", "2021-Q1"), ("IE_TOT", "2021-Q2"), ("IE_TOT", "2021-S1"), ("IE_TOT", "2021")];
    let revised = |place: usize| table(tables[place].0, tables[place].1, &[("", "11")]);
    for (places, whole) in [([0, 2, 3], true), ([1, 2, 3], true), ([0, 1, 3], false), ([0, 1, 2], false)] {
        let [a, b, c] = places;
        for order in [[a, b, c], [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]] {
            let mut world = World::of(&["AAA"]);
            for (code, when) in tables {
                say(&mut world, "AAA", code, when, "10");
            }
            let outcome = world.bundle("AAA", "totals", &order.map(revised));
            assert_eq!(outcome.is_ok(), whole, "{order:?} {outcome:?}");
        }
    }
}

#[test]
fn a_revision_of_another_quarter_does_not_ride_along_without_its_company() {
    let mut world = World::of(&["AAA"]);
    for (code, when) in [("IE_TOT", "2021-Q1"), ("IE_TOT", "2021-Q3"), ("IE_CIT", "2021-Q3")] {
        say(&mut world, "AAA", code, when, "10");
    }
    let (one, other) = (table("IE_TOT", "2021-Q1", &[("", "11")]), table("IE_TOT", "2021-Q3", &[("", "11")]));
    let new = table("IE_TOT", "2021-Q4", &[("", "11")]);
    for first in [one, new] {
        assert!(matches!(world.bundle("AAA", "totals", &[first, other.clone()]), Err(Reason::RevisionAlone(_))));
    }
}

#[test]
fn open_blocks_keep_the_same_rules() {
    let mut world = World::of(&THREE);
    for who in THREE {
        world.release(who, "IE_TOT", "2021", "contributors", &[("", "7")]).unwrap();
    }
    world.edition("IE", 2021).unwrap();
    assert_eq!(world.region.blocks(&(topic("IE"), 2021))[0].sharing, Sharing::Open);
    world.release("AAA", "IE_TOT", "2021", "contributors", &[("", "8")]).unwrap();
    for who in THREE {
        world.release(who, "IE_CIT", "2021", "contributors", &[("_T", "8")]).unwrap();
    }
    world.edition("IE", 2021).unwrap();
    assert_eq!(listed(&world), [("IE_TOT".to_owned(), "2021".to_owned(), true)]);
    assert_eq!(figures(&world)[0].table.total().unwrap().as_count(), Some(21));
}
