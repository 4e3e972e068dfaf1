//! Somebody changes figures in the hub's database. The reader sees that they are not what the author signed, shows nothing of
//! them, and objects in the ledger.

use sqlx::{AssertSqlSafe, Connection};
use vrs_tests::World;

#[tokio::test(flavor = "multi_thread")]
async fn changed_figures_reach_nobody() {
    let world = World::of(&["A", "B"]).await;
    world.node("A").release("IE_TOT", "2021", "contributors", &[("", Some(12))]).await;
    sqlx::any::install_default_drivers();
    let mut database = sqlx::AnyConnection::connect(&world.hub.database()).await.unwrap();
    let other = vec![0_u8; 4096].iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let literal =
        if world.hub.database().starts_with("sqlite") { format!("X'{other}'") } else { format!("'\\x{other}'::bytea") };
    let changed =
        sqlx::raw_sql(AssertSqlSafe(format!("UPDATE body SET body = {literal}"))).execute(&mut database).await.unwrap();
    assert_eq!(changed.rows_affected(), 1);
    database.close().await.unwrap();

    let b = world.node("B");
    b.figures("IE_TOT", "2021", &[("", Some(34))]).await;
    b.sign("IE_TOT", "2021", "contributors").await;
    let round = b.sync().await;
    let flaws = b.node.flaws().await.unwrap();
    assert_eq!(flaws.iter().map(|flaw| flaw.number).collect::<Vec<_>>(), [416], "{flaws:?}");
    assert_eq!(round.logged, 2, "B's release, and B's objection for everybody to read");
    assert!(b.reads("IE_TOT", "2021").await.is_empty(), "changed figures are shown");
    assert_eq!(b.sync().await.logged, 0, "it is said once");
}
