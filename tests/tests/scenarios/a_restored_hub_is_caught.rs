//! The hub comes back on an older backup. A node that has seen more of the ledger believes it no longer, keeps the proof, and
//! sends nothing.

use vrs_node::NodeError;
use vrs_tests::World;

#[tokio::test(flavor = "multi_thread")]
async fn a_node_remembers_what_the_hub_has_forgotten() {
    let mut world = World::of(&["A", "B"]).await;
    world.node("A").release("IE_TOT", "2021", "contributors", &[("", Some(12))]).await;
    let backup = world.hub.backup().await;
    world.node("A").release("IE_TOT", "2020", "contributors", &[("", Some(11))]).await;
    let seen = world.node("A").node.view().await.unwrap().size();

    world.hub.restore(&backup).await;
    assert!(world.hub.size() < seen);
    let error = world.node("A").node.sync().await.unwrap_err();
    assert!(matches!(error, NodeError::Broken(_)), "{error}");
    let broken = world.node("A").node.head().await.unwrap().broken.expect("the contradiction is kept");
    assert!(world.node("A").node.dir().join(&broken.evidence).exists(), "{}", broken.evidence);
    // What one knows is kept at home; what the other has not seen it cannot miss.
    assert_eq!(world.node("A").node.view().await.unwrap().size(), seen);
    assert!(world.node("A").prepare("IE_TOT", "2020", "contributors").await.is_err());
}
