//! Rule 5: no body leaves before the line that records its serving, and every mirror judges that line.

use vrs_protocol::ledger::{LineKind, Served, ServedItem, Serving};
use vrs_protocol::refusal::Reason;

use crate::support::World;

/// A and B are open, C is not; A's line, B's line, C's line.
fn told() -> (World, u64, u64, u64) {
    let mut world = World::of(&["AAA", "BBB", "CCC", "DDD"]);
    let mut say = |who: &str, audience: &str| world.release(who, "IE_TOT", "2021", audience, &[("", "10")]).unwrap();
    let (a, b, c) = (say("AAA", "contributors"), say("BBB", "contributors"), say("CCC", "totals"));
    (world, a, b, c)
}
fn body(line: u64) -> ServedItem {
    ServedItem::Release(line)
}

#[test]
fn a_right_is_served_once_with_the_readers_own_line_that_justifies_it() {
    let (mut world, a, b, _) = told();
    let line = world.serve_items("AAA", &[(body(b), a)]).unwrap();
    let holding = world.region.holding(world.id("AAA"), b).unwrap();
    assert_eq!((holding.served_at, holding.justified_by), (line, a));
    assert_eq!(world.serve_items("AAA", &[(body(b), a)]), Err(Reason::ServedBefore(line)));
    assert_eq!(world.region.servings_count(), 1);
}

#[test]
fn a_serving_that_rests_on_the_wrong_line_is_refused() {
    let (mut world, a, b, c) = told();
    for wrong in [b, c, 0, 99] {
        assert_eq!(
            world.serve_items("AAA", &[(body(b), wrong)]),
            Err(Reason::WrongJustification { said: wrong, due: a })
        );
    }
}

#[test]
fn a_serving_to_somebody_without_the_right_is_refused() {
    let (mut world, a, _, c) = told();
    assert!(matches!(world.serve_items("CCC", &[(body(a), c)]), Err(Reason::OnlyTotals { .. })));
    assert!(matches!(world.serve_items("DDD", &[(body(a), a)]), Err(Reason::NothingReleased { .. })));
    assert!(matches!(world.serve_items("AAA", &[(body(c), a)]), Err(Reason::AuthorOnlyTotals { .. })));
    let stranger = Serving {
        reader: vrs_protocol::id::ParticipantId(999),
        items: vec![Served { item: body(a), justified_by: a }],
    };
    assert!(matches!(world.hub_line(LineKind::Serving, &stranger), Err(Reason::UnknownParticipant(_))));
    world.suspend("BBB");
    assert!(matches!(
        world.serve_items("AAA", &[(body(world.current("BBB", "IE_TOT", "2021")), a)]),
        Err(Reason::Suspended(_))
    ));
}

#[test]
fn a_serving_before_the_release_is_refused() {
    let (mut world, a, ..) = told();
    let next = world.region.size() + 1;
    assert!(matches!(world.serve_items("AAA", &[(body(next), a)]), Err(Reason::NotFound(_))));
    assert!(matches!(world.serve_items("AAA", &[(ServedItem::BlockTable(next, 0, 0), a)]), Err(Reason::NotFound(_))));
}

#[test]
fn a_serving_after_the_withdrawal_of_either_is_refused() {
    for who in ["AAA", "BBB"] {
        let (mut world, a, b, _) = told();
        world.withdraw(who, "IE_TOT", "2021").unwrap();
        let refused = world.serve_items("AAA", &[(body(b), a)]).unwrap_err();
        assert!(matches!(refused, Reason::NotCurrent(_) | Reason::NothingReleased { .. }), "{refused}");
    }
}

#[test]
fn a_serving_lists_many_and_one_flaw_refuses_it_whole() {
    let (mut world, a, b, c) = told();
    world.release("DDD", "IE_TOT", "2021", "contributors", &[("", "10")]).unwrap();
    let d = world.current("DDD", "IE_TOT", "2021");
    assert!(world.serve_items("AAA", &[(body(b), a), (body(c), a), (body(d), a)]).is_err());
    assert!(world.region.holding(world.id("AAA"), b).is_none());
    for unsorted in [vec![(body(d), a), (body(b), a)], vec![(body(b), a), (body(b), a)], vec![]] {
        assert!(matches!(world.serve_items("AAA", &unsorted), Err(Reason::Line { .. })));
    }
    assert!(world.serve_items("AAA", &[(body(b), a), (body(d), a)]).is_ok());
}

#[test]
fn what_was_logged_and_not_delivered_is_nobodys_copy_and_may_be_served_again() {
    let (mut world, a, b, _) = told();
    world.serve_items("AAA", &[(body(b), a)]).unwrap();
    assert!(matches!(world.undelivered("BBB", vec![body(b)]), Err(Reason::NotHeld(_))));
    world.withdraw("BBB", "IE_TOT", "2021").unwrap();
    world.undelivered("AAA", vec![body(b)]).unwrap();
    assert!(!world.owed().contains(&("AAA".into(), b)));
    let (mut world, a, b, _) = told();
    world.serve_items("AAA", &[(body(b), a)]).unwrap();
    world.suspend("AAA");
    world.undelivered("AAA", vec![body(b)]).unwrap();
    world.resume("AAA");
    assert!(world.serve_items("AAA", &[(body(b), a)]).is_ok());
}

#[test]
fn while_a_right_holds_the_hub_cannot_let_the_ledger_forget_who_holds_what() {
    let (mut world, a, b, _) = told();
    world.serve_items("AAA", &[(body(b), a)]).unwrap();
    assert!(matches!(world.undelivered("AAA", vec![body(b)]), Err(Reason::Line { .. })));
    world.withdraw("BBB", "IE_TOT", "2021").unwrap();
    assert!(world.owed().contains(&("AAA".into(), b)));
}

#[test]
fn only_the_hub_logs_servings() {
    let (mut world, a, b, _) = told();
    let serving = Serving { reader: world.id("AAA"), items: vec![Served { item: body(b), justified_by: a }] };
    let statement = world.statement("AAA", LineKind::Serving, &serving);
    assert_eq!(world.log("AAA", LineKind::Serving, &statement), Err(Reason::HubOnly("serving")));
}
