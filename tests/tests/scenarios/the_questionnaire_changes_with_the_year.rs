//! The questionnaire changes with the year. What was reported under the first version stays as it was; from the next period on
//! both report under the second. A node that was cut off during the change goes on at home under what it knows, catches up, and
//! loses nothing. No overview takes for zero what nobody was asked.

use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::FormCode;
use vrs_protocol::overview::GapReason;
use vrs_protocol::period::Period;
use vrs_tests::World;

const EXITS: [(&str, Option<u64>); 3] = [("_T", Some(90)), ("BETWEEN", Some(50)), ("GBDVR", Some(40))];

fn form(code: &str) -> FormCode {
    FormCode::parse(code).unwrap()
}
fn period(text: &str) -> Period {
    Period::parse(text).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_reported_stays_and_both_go_on() {
    let world = World::of(&["A", "B"]).await;
    let (a, b) = (world.node("A"), world.node("B"));
    for node in [a, b] {
        node.release("IX_XPT", "2025-Q4", "contributors", &EXITS).await;
        node.release("SM_TOT", "2025-Q4", "contributors", &[("", Some(120))]).await;
    }
    world.sync().await;

    // B hears nothing of the change. Another catalogue for a year that was reported about is refused.
    world.network.cut("B");
    let [first, second] = Catalogue::known() else { panic!("two versions") };
    let refused = world.hub.up().set_catalogue(second, 2025, None).await.unwrap_err().to_string();
    assert!(refused.contains("keeps its catalogue"), "{refused}");
    world.hub.up().set_catalogue(second, 2026, Some("Second Charter".into())).await.unwrap();
    world.pass_days(100);

    // A has the new Charter by the mirror, and what is new by name.
    a.sync_after_a_pause().await;
    a.node.accept_charter(&a.director).await.unwrap();
    let (old, new) = a.node.last_change().unwrap();
    assert_eq!((old.version.as_str(), new.version.as_str()), ("2026.1", "2027.1"));
    let change = a.node.catalogue_change(old, new).await.unwrap();
    assert_eq!((change.since, change.unassigned()), (Some(2026), vec![&form("SM_UAC")]));
    assert_eq!(change.retired.iter().map(|one| one.form.as_str()).collect::<Vec<_>>(), ["IX_XPT"]);

    // What is retired is not asked from then on; what it answered before is read, and may be corrected, as it was asked then.
    let refused = a.node.form_asked(&form("IX_XPT"), period("2026-Q1")).unwrap_err().to_string();
    assert!(refused.contains("it is asked until 2025"), "{refused}");
    assert_eq!(a.reads("IX_XPT", "2025-Q4").await, ["BBB"]);
    a.release("IX_XPT", "2025-Q4", "contributors", &[("_T", Some(91)), ("BETWEEN", Some(51)), ("GBDVR", Some(40))])
        .await;
    a.release("SM_TOT", "2026-Q1", "contributors", &[("", Some(130))]).await;
    a.release("SM_UAC", "2026-Q1", "contributors", &[("", Some(30))]).await;

    // B goes on at home under what it knows.
    b.figures("SM_TOT", "2026-Q1", &[("", Some(70))]).await;
    b.figures("IX_XPT", "2026-Q1", &EXITS).await;
    assert!(b.node.sync().await.is_err(), "it is cut off");
    assert_eq!(b.node.catalogues().latest().version, first.version);

    // And catches up: the series goes on, what is retired stays at home, and the new form is asked.
    world.network.mend("B");
    b.sync_after_a_pause().await;
    b.node.accept_charter(&b.director).await.unwrap();
    assert_eq!(b.node.catalogue_of(period("2026-Q1")).version, second.version);
    assert_eq!(b.node.catalogue_of(period("2025-Q4")).version, first.version);
    let kept = b.node.national(&form("IX_XPT"), period("2026-Q1")).await.unwrap();
    assert_eq!(kept.table.cells.len(), 3, "what was brought is not lost");
    let refused = b.prepare("IX_XPT", "2026-Q1", "contributors").await.unwrap_err().to_string();
    assert!(refused.contains("IX_XPT is not asked for 2026-Q1") && refused.contains("until 2025"), "{refused}");
    b.sign("SM_TOT", "2026-Q1", "contributors").await;
    b.release("SM_UAC", "2026-Q1", "contributors", &[("", Some(20))]).await;
    world.sync().await;

    // Each period is read and added up by its own version.
    let known = async |code: &str, of: &str| {
        let compiled = a.node.overview(&form(code), period(of)).await.unwrap();
        let total = compiled.overview.open_total().and_then(|sum| sum.known);
        let breaks = compiled.report(a.node.form(&form(code)).unwrap(), &a.node).breaks;
        (total, compiled.overview.gaps, breaks)
    };
    assert_eq!(known("SM_TOT", "2025-Q4").await, (Some(240), vec![], vec![]));
    assert_eq!(known("SM_TOT", "2026-Q1").await, (Some(200), vec![], vec![]));
    assert_eq!(known("IX_XPT", "2025-Q4").await.0, Some(181));
    assert_eq!(known("SM_UAC", "2026-Q1").await.0, Some(50));
    for (code, of) in [("IX_XPT", "2026-Q1"), ("SM_UAC", "2025-Q4")] {
        let (total, gaps, breaks) = known(code, of).await;
        assert_eq!(total, None, "{code} {of}: never zero");
        assert!(gaps.len() == 2 && gaps.iter().all(|gap| gap.reason == GapReason::NotAsked), "{gaps:?}");
        assert!(breaks[0].contains("not zero"), "{breaks:?}");
        let at_the_hub = world.hub.overview(code, of).await.overview;
        assert!(at_the_hub.gaps.iter().all(|gap| gap.reason == GapReason::NotAsked) && at_the_hub.gaps.len() == 2);
    }

    // Nobody goes back on what was reported, and the ledger is right for everybody.
    let refused = world.hub.up().set_catalogue(first, 2026, None).await.unwrap_err().to_string();
    assert!(refused.contains("keeps its catalogue"), "{refused}");
    a.audit().await;
    b.audit().await;
}
