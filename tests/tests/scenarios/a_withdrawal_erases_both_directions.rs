//! B takes back what it had opened: A erases B's copy, and B erases A's. Each erasure is a line that everybody can read.

use vrs_node::node::WithdrawOutcome;
use vrs_protocol::id::ParticipantCode;
use vrs_tests::World;

#[tokio::test(flavor = "multi_thread")]
async fn both_copies_go_and_both_say_so() {
    let world = World::of(&["A", "B"]).await;
    world.node("A").release("IE_TOT", "2021", "contributors", &[("", Some(12))]).await;
    world.node("B").release("IE_TOT", "2021", "contributors", &[("", Some(34))]).await;
    world.sync().await;
    assert_eq!(world.node("A").reads("IE_TOT", "2021").await, ["BBB"]);
    assert_eq!(world.node("B").reads("IE_TOT", "2021").await, ["AAA"]);

    let WithdrawOutcome::Signed { read_by, .. } = world.node("B").withdraw("IE_TOT", "2021").await else {
        panic!("it had left");
    };
    assert_eq!(read_by, [ParticipantCode::parse("AAA").unwrap()], "B is told who has read it");
    world.sync().await;

    for (name, other) in [("A", "BBB"), ("B", "AAA")] {
        let seat = world.node(name);
        assert!(seat.reads("IE_TOT", "2021").await.is_empty(), "{name} still holds a copy");
        let servings = seat.node.servings().await.unwrap();
        assert_eq!(servings.erased.len(), 1, "{name}");
        let served = servings.to_us.iter().find(|served| served.author.as_str() == other).unwrap();
        assert!(served.erased.is_some(), "{name} has not said that it erased {other}'s");
    }
    assert!(
        world.hub.up().ledger().view().region().erasures_due().is_empty(),
        "nobody owes an erasure, the hub neither"
    );
    assert!(world.node("A").why("IE_TOT", "2021", "B").await.contains("BBB has released nothing"));
    world.node("A").audit().await;

    // Who shares again is read again.
    world.node("B").release("IE_TOT", "2021", "contributors", &[("", Some(35))]).await;
    world.sync().await;
    assert_eq!(world.node("A").reads("IE_TOT", "2021").await, ["BBB"]);
}
