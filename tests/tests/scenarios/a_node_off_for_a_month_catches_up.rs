//! A node was switched off for longer than its certificate lives. It comes back with its logged key, without anybody's help,
//! and has everything it missed.

use vrs_tests::World;

#[tokio::test(flavor = "multi_thread")]
async fn the_logged_key_brings_it_back() {
    let world = World::of(&["A", "B"]).await;
    world.node("B").release("IE_TOT", "2021", "contributors", &[("", Some(34))]).await;
    let certificate = |name| world.node(name).node.keys().certificate().unwrap().unwrap().not_after;
    let before = certificate("B");

    // A is on all the time; B is not.
    for _ in 0..10 {
        world.pass_days(3);
        world.node("A").sync_after_a_pause().await;
    }
    assert!(before < world.clock().now(), "the certificate of B must have run out for this story");
    world.node("A").release("IE_TOT", "2021", "contributors", &[("", Some(12))]).await;

    world.node("B").sync_after_a_pause().await;
    assert!(certificate("B") > world.clock().now(), "a new certificate was issued to the logged key");
    assert_eq!(world.node("B").reads("IE_TOT", "2021").await, ["AAA"]);
    assert_eq!(world.node("B").node.view().await.unwrap().size(), world.hub.size());
    world.node("B").audit().await;
}
