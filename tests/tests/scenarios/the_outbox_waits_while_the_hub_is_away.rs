//! The wire is cut. Nothing stops at home: a release is prepared, approved and signed, the outbox says since when it waits,
//! and when the wire is mended it goes by itself.

use vrs_node::NodeError;
use vrs_node::release::State;
use vrs_tests::World;

#[tokio::test(flavor = "multi_thread")]
async fn it_goes_when_the_wire_is_mended() {
    let world = World::of(&["A"]).await;
    let a = world.node("A");
    world.network.cut("A");
    a.figures("IE_TOT", "2021", &[("", Some(12))]).await;
    a.sign("IE_TOT", "2021", "contributors").await;
    let error = a.node.sync().await.unwrap_err();
    assert!(matches!(error, NodeError::Unreachable(_)) && error.is_passing(), "{error}");
    let desk = a.node.desk().await.unwrap();
    assert_eq!(desk.releases[0].release.state, State::Signed);
    assert!(desk.releases[0].waiting.is_some(), "the desk says that it waits");
    let size = world.hub.size();

    world.network.mend("A");
    a.sync().await;
    let desk = a.node.desk().await.unwrap();
    assert_eq!(desk.releases[0].release.state, State::Final);
    assert!(desk.releases[0].waiting.is_none());
    assert_eq!(world.hub.size(), size + 1);
}
