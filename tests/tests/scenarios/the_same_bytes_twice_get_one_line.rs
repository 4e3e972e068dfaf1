//! A node that did not hear the answer sends again. The same bytes get the same line, however often, and whatever is sent
//! beside them the second time changes nothing.

use vrs_node::store;
use vrs_protocol::release::Nonce;
use vrs_protocol::wire::{Reply, Request, Submission};
use vrs_tests::World;

#[tokio::test(flavor = "multi_thread")]
async fn sending_again_changes_nothing() {
    let world = World::of(&["A", "B"]).await;
    let a = world.node("A");
    a.figures("IE_TOT", "2021", &[("", Some(12))]).await;
    a.sign("IE_TOT", "2021", "contributors").await;
    let mut tx = a.node.database().read("take the signed bytes").await.unwrap();
    let packed = store::releases::packed(&mut tx, 1).await.unwrap().unwrap();
    drop(tx);
    let submission = Submission { statement: packed.statement.unwrap(), nonce: packed.nonce, body: packed.body };

    let session = a.node.connect().await.unwrap();
    let mut lines = Vec::new();
    for _ in 0..3 {
        let reply = session.call(&Request::Submit { releases: vec![submission.clone()] }).await.unwrap();
        let Reply::Logged { lines: logged, .. } = reply else { panic!("not logged") };
        lines.push((logged, world.hub.size()));
    }
    assert!(lines.windows(2).all(|pair| pair[0] == pair[1]), "{lines:?}");
    // The outbox does not know of it and sends once more.
    a.sync().await;
    assert_eq!(world.hub.size(), lines[0].1);

    // The statement stands; another body beside it is not even looked at.
    let other = Submission { nonce: Nonce([9; 32]), body: vec![0; 4096], ..submission };
    let reply = session.call(&Request::Submit { releases: vec![other] }).await.unwrap();
    assert!(matches!(reply, Reply::Logged { lines: again, .. } if again == lines[0].0));
    assert_eq!(world.hub.size(), lines[0].1);
    let b = world.node("B");
    b.release("IE_TOT", "2021", "contributors", &[("", Some(34))]).await;
    assert_eq!(b.reads("IE_TOT", "2021").await, ["AAA"]);
}
