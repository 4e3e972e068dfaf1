//! A small count is hidden with as many others as it takes, and nothing that leaves later gives it away: not the next quarter, not
//! the semester, not a revision. Sums of the region carry bounds for it, and a block leaves it out.

use std::collections::BTreeSet;

use vrs_node::node::{Measures, PrepareOutcome, PrepareRequest, Withholding};
use vrs_node::protection::HiddenWhy;
use vrs_node::release::{State, Terms};
use vrs_protocol::audience::AudienceChoice;
use vrs_protocol::cell::{Cell, Status};
use vrs_protocol::id::{Code, FormCode};
use vrs_protocol::overview::Sum;
use vrs_protocol::period::Period;
use vrs_protocol::table::{Key, Table};
use vrs_tests::World;
use vrs_tests::world::code;

const FORM: &str = "IE_CIT";
const ROWS: [&str; 3] = ["AFG", "SYR", "IRQ"];

fn form(text: &str) -> FormCode {
    FormCode::parse(text).unwrap()
}
fn period(text: &str) -> Period {
    Period::parse(text).unwrap()
}
fn key(text: &str) -> Key {
    Key(vec![Code::parse(text).unwrap()])
}
/// Total and rows as a file has them.
fn figures(counts: [u64; 3]) -> [(&'static str, Option<u64>); 4] {
    let [afg, syr, irq] = counts;
    [("_T", Some(afg + syr + irq)), ("AFG", Some(afg)), ("SYR", Some(syr)), ("IRQ", Some(irq))]
}

/// What B has of A's table.
async fn read(world: &World, at: &str) -> Table {
    let read = world.node("B").node.read(&form(FORM), period(at), Some(&code("A"))).await.unwrap();
    read.tables[0].figures.clone()
}

fn shown(table: &Table, row: &str) -> bool {
    table.cell(&key(row)).unwrap().as_count().is_some()
}

/// Neither a total less the other rows, nor the semester less the other quarter, tells a hidden cell.
fn nothing_follows(quarters: [&Table; 2], semester: &Table) {
    for table in quarters.into_iter().chain([semester]) {
        let hidden = ROWS.iter().filter(|row| !shown(table, row)).count();
        assert!(hidden != 1 || !shown(table, "_T"), "{} can be subtracted", table.period);
    }
    for row in ROWS.into_iter().chain(["_T"]) {
        let hidden = quarters.into_iter().chain([semester]).filter(|table| !shown(table, row)).count();
        assert_ne!(hidden, 1, "{row} follows from the other periods");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quarter_is_not_given_away_by_what_follows_it() {
    let world = World::of(&["A", "B"]).await;
    for (at, ours, theirs) in [
        ("2021-Q1", [60, 37, 3], [600, 250, 150]),
        ("2021-Q2", [50, 33, 17], [500, 300, 200]),
        ("2021-S1", [110, 70, 20], [1_100, 550, 350]),
    ] {
        world.node("A").release(FORM, at, "contributors", &figures(ours)).await;
        world.node("B").release(FORM, at, "contributors", &figures(theirs)).await;
    }
    world.sync().await;
    let (first, second, semester) =
        (read(&world, "2021-Q1").await, read(&world, "2021-Q2").await, read(&world, "2021-S1").await);
    assert_eq!(first.cell(&key("IRQ")), Some(&Cell::Suppressed));
    nothing_follows([&first, &second], &semester);

    // Known is what is shown; the hidden cell is at least one, and no more than its table holds.
    let expected = Sum { known: Some(150), low: 151, high: Some(150 + 100), answered: 1, of: 2 };
    let at_hub = world.hub.overview(FORM, "2021-Q1").await.overview;
    let at_b = world.node("B").node.overview(&form(FORM), period("2021-Q1")).await.unwrap().overview;
    for overview in [&at_hub, &at_b] {
        assert_eq!(overview.open.cells[&key("IRQ")], expected);
        assert_eq!(overview.open.cells[&key("_T")].known, Some(1_100));
    }

    // A correction by one: what was hidden stays hidden, in the quarter and in the semester.
    let a = world.node("A");
    a.figures(FORM, "2021-Q1", &figures([60, 37, 4])).await;
    a.figures(FORM, "2021-S1", &figures([110, 70, 21])).await;
    let request = PrepareRequest {
        tables: vec![(form(FORM), period("2021-Q1")), (form(FORM), period("2021-S1"))],
        audience: AudienceChoice::Contributors,
        derive: false,
        withholding: Withholding::default(),
        terms: Terms { not_before: None, because: "late reports".into() },
        measures: Measures::default(),
    };
    let PrepareOutcome::Prepared(preview) = a.node.prepare(&request, &a.officer).await.unwrap() else { panic!() };
    assert_eq!(preview.protection[0].considered.len(), 3, "all that left before");
    a.node.approve(preview.id, &a.director).await.unwrap();
    world.sync().await;
    let (revised, whole) = (read(&world, "2021-Q1").await, read(&world, "2021-S1").await);
    for row in ROWS {
        assert!(shown(&first, row) || !shown(&revised, row), "{row} was hidden before");
    }
    nothing_follows([&revised, &second], &whole);

    // What was taken back is known all the same, and none of it is in what a program reads of the release.
    a.withdraw(FORM, "2021-S1").await;
    world.sync().await;
    let PrepareOutcome::Prepared(again) = a.prepare(FORM, "2021-S1", "contributors").await.unwrap() else { panic!() };
    assert_eq!(again.protection[0].considered.len(), 5);
    assert!(again.protection[0].tables[0].hidden.iter().any(|cell| cell.why != HiddenWhy::Protects));
    world.node("B").audit().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_protected_does_not_leave() {
    let world = World::of(&["A", "B"]).await;
    let a = world.node("A");
    a.release("IE_TOT", "2022-Q1", "contributors", &[("", Some(40))]).await;
    a.release("IE_TOT", "2022-S1", "contributors", &[("", Some(70))]).await;
    a.figures("IE_TOT", "2022-Q2", &[("", Some(30))]).await;
    // Withheld by hand, the second quarter is still the semester less the first.
    let cells = BTreeSet::from([(form("IE_TOT"), period("2022-Q2"), Key(Vec::new()))]);
    let request = PrepareRequest {
        tables: vec![(form("IE_TOT"), period("2022-Q2"))],
        audience: AudienceChoice::Contributors,
        derive: false,
        withholding: Withholding { cells, reason: "a police operation".into() },
        terms: Terms::default(),
        measures: Measures::default(),
    };
    let refused = a.node.prepare(&request, &a.officer).await.unwrap_err().to_string();
    for words in ["Nothing was prepared and nothing is lost", "2022-Q2", "Withhold", "keep the form"] {
        assert!(refused.contains(words), "{words}: {refused}");
    }
    let desk = a.node.desk().await.unwrap().releases;
    assert_eq!(
        (desk.len(), desk[0].release.state),
        (3, State::Refused),
        "the attempt stays on the desk with its reason"
    );
    assert!(desk[0].release.note.as_ref().unwrap().contains("2022-Q2"));
    // Nothing is withheld without a reason, or where there is nothing.
    let silent = Withholding { reason: String::new(), ..request.withholding.clone() };
    let refused = a.node.prepare(&PrepareRequest { withholding: silent, ..request }, &a.officer).await.unwrap_err();
    assert!(refused.to_string().contains("with a reason"), "{refused}");
    // At home it can stay.
    assert!(matches!(a.prepare("IE_TOT", "2022-Q2", "keep").await.unwrap(), PrepareOutcome::Kept(_)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_block_adds_only_what_each_member_shows() {
    let world = World::of(&["A", "C", "G", "K"]).await;
    world.node("A").release(FORM, "2021", "contributors", &figures([600, 250, 150])).await;
    for (name, counts) in [("C", [60, 37, 3]), ("G", [400, 300, 200]), ("K", [90, 80, 70])] {
        world.node(name).release(FORM, "2021", "totals", &figures(counts)).await;
    }
    world.hub.edition().await;
    world.sync().await;
    let overview = world.node("A").node.overview(&form(FORM), period("2021")).await.unwrap().overview;
    let shown: BTreeSet<&Key> = overview.blocks[0].cells.keys().collect();
    assert_eq!(overview.blocks[0].cells[&key("_T")], 100 + 900 + 240);
    assert!(!shown.contains(&key("IRQ")), "{shown:?}");
    assert!(shown.contains(&key("AFG")), "{shown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_correction_is_held_back_under_a_mark() {
    let world = World::of(&["A", "B"]).await;
    world.node("A").release(FORM, "2021-Q1", "contributors", &figures([60, 37, 30])).await;
    world.node("B").release(FORM, "2021-Q1", "contributors", &figures([600, 250, 150])).await;
    world.sync().await;
    let a = world.node("A");
    a.figures(FORM, "2021-Q1", &figures([60, 37, 32])).await;
    let request = PrepareRequest {
        tables: vec![(form(FORM), period("2021-Q1"))],
        audience: AudienceChoice::Contributors,
        derive: false,
        withholding: Withholding::default(),
        terms: Terms { not_before: None, because: "late reports".into() },
        measures: Measures { provisional: true, ..Measures::default() },
    };
    let PrepareOutcome::Prepared(preview) = a.node.prepare(&request, &a.officer).await.unwrap() else { panic!() };
    assert_eq!(preview.protection[0].held_back.len(), 1);
    assert!(preview.sentences.iter().any(|said| said.contains("held back")), "{:?}", preview.sentences);
    a.node.approve(preview.id, &a.director).await.unwrap();
    world.sync().await;
    let read = read(&world, "2021-Q1").await;
    let cell = read.cell(&key("IRQ")).unwrap();
    assert_eq!((cell.as_count(), cell.status()), (Some(30), Some(Status::Provisional)));

    // With the next large change everything is shown.
    a.figures(FORM, "2021-Q1", &figures([90, 37, 32])).await;
    let PrepareOutcome::Prepared(preview) = a.node.prepare(&request, &a.officer).await.unwrap() else { panic!() };
    assert_eq!((preview.protection[0].held_back.len(), preview.protection[0].provisional.len()), (0, 1));
    a.node.approve(preview.id, &a.director).await.unwrap();
    world.sync().await;
    assert_eq!(self::read(&world, "2021-Q1").await.cell(&key("IRQ")).unwrap().as_count(), Some(32));
}
