//! The disk of a node is full, and then that of the hub. Nothing is written meanwhile, both say so, what waits in the outbox
//! stays there, and with room again it goes by itself.

use vrs_node::NodeError;
use vrs_node::release::State;
use vrs_runtime::database::{Database, DatabaseError};
use vrs_runtime::values;
use vrs_tests::World;

/// The embedded engine answers a bound on its pages exactly as it answers a full disk, and forgets it with the connection
/// that met it: then there is room again.
async fn fill_up(database: &Database) {
    let mut tx = database.begin("fill the disk").await.unwrap();
    tx.execute("PRAGMA max_page_count = 1", values![]).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_goes_when_there_is_room() {
    if std::env::var_os(vrs_runtime::testing::POSTGRES_VARIABLE).is_some() {
        // A server for tests cannot be filled up for one database alone.
        return;
    }
    let world = World::of(&["A", "B"]).await;
    let a = world.node("A");
    a.figures("IE_TOT", "2021", &[("", Some(12))]).await;
    a.sign("IE_TOT", "2021", "contributors").await;
    // Enough lines of somebody else that no page of the mirror holds them beside what it has.
    for year in 2009..=2020 {
        world.node("B").release("IE_TOT", &year.to_string(), "contributors", &[("", Some(9))]).await;
    }
    fill_up(a.node.database()).await;
    let error = a.node.sync().await.unwrap_err();
    assert!(matches!(error, NodeError::Database(DatabaseError::Unavailable { .. })), "{error}");
    assert!(a.node.unwritten_since().is_some());
    assert_eq!(a.node.desk().await.unwrap().releases[0].release.state, State::Signed);

    fill_up(world.hub.up().database()).await;
    let error = a.node.sync().await.unwrap_err();
    assert!(matches!(&error, NodeError::Hub(signed) if signed.refusal.number == 105), "{error}");
    // It was on its way when the hub said no, and is not known to have arrived.
    assert!(a.node.desk().await.unwrap().releases[0].release.state.is_on_its_way());
    assert!(world.hub.up().ledger().unwritten_since().is_some());

    a.sync().await;
    assert_eq!(a.node.unwritten_since(), None);
    assert_eq!(world.hub.up().ledger().unwritten_since(), None);
    let desk = a.node.desk().await.unwrap();
    assert_eq!(desk.releases[0].release.state, State::Final);
    assert!(desk.releases[0].waiting.is_none());
}
