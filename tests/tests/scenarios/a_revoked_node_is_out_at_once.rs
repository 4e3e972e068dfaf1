//! The operator revokes a certificate by hand. Open connections end, and no new one opens until the operator issues another.

use std::time::Duration;

use vrs_certs::Holder;
use vrs_protocol::wire::Request;
use vrs_tests::{World, world::code};

#[tokio::test(flavor = "multi_thread")]
async fn the_open_connection_ends_and_no_new_one_opens() {
    let world = World::of(&["A", "B"]).await;
    let a = world.node("A");
    let session = a.node.connect().await.unwrap();
    session.call(&Request::Checkpoint { since: 0, note: None }).await.unwrap();
    let hub = world.hub.up();
    let revoked = hub.authority().revoke(&Holder::Participant(code("A")), hub.now()).unwrap();
    assert!(!revoked.is_empty());

    // The hub looks every second; the story waits for what must come, not for a time.
    let ended = async { while session.growth().await.is_some() {} };
    tokio::time::timeout(Duration::from_secs(30), ended).await.expect("the connection stays open");
    let refused = a.node.sync().await.unwrap_err();
    assert!(!world.hub.up().membership().await.unwrap().participants.is_empty());
    assert!(a.node.connect().await.is_err(), "{refused}");
    world.node("B").sync().await;
}
