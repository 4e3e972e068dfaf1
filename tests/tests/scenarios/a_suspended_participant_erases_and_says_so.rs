//! A's rights rest. Its node learns of it, erases what it held of B, says so with a signed line, and B does the same. What A had
//! signed goes on waiting, and is sent when A is resumed.

use vrs_tests::{World, world::code};

#[tokio::test(flavor = "multi_thread")]
async fn it_mirrors_erases_acknowledges_and_waits() {
    let world = World::of(&["A", "B"]).await;
    let (a, b) = (world.node("A"), world.node("B"));
    a.release("IE_TOT", "2021", "contributors", &[("", Some(12))]).await;
    b.release("IE_TOT", "2021", "contributors", &[("", Some(34))]).await;
    world.sync().await;
    assert_eq!(a.reads("IE_TOT", "2021").await, ["BBB"]);
    a.figures("IE_TOT", "2020", &[("", Some(9))]).await;
    a.sign("IE_TOT", "2020", "contributors").await;

    world.hub.up().suspend(&code("A")).await.unwrap();
    let report = a.sync().await;
    assert!(report.suspended, "{report:?}");
    assert_eq!((report.erased, report.logged, report.refused, report.waiting), (1, 1, 0, 1), "{report:?}");
    assert!(a.reads("IE_TOT", "2021").await.is_empty());
    assert!(a.node.suspended().await.unwrap().unwrap().to_string().contains("suspended"));
    b.sync().await;
    assert!(world.hub.up().ledger().view().region().erasures_due().is_empty(), "both have said that they erased");
    // Another round finds nothing more to do, and nothing was refused for good.
    let report = a.sync().await;
    assert_eq!((report.suspended, report.logged, report.waiting), (true, 0, 1), "{report:?}");

    world.hub.up().resume(&code("A")).await.unwrap();
    let report = a.sync().await;
    assert_eq!((report.suspended, report.logged, report.waiting), (false, 1, 0), "{report:?}");
    world.sync().await;
    assert_eq!(a.reads("IE_TOT", "2021").await, ["BBB"]);
    a.audit().await;
}
