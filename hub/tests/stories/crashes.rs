//! A crash between any two steps resumes; a full disk passes; another process may write beside the hub; a backup brings
//! everything back.

use vrs_hub::audit::audit;
use vrs_hub::config::Settings;
use vrs_hub::hub::restore;
use vrs_hub::{Alarm, AlarmCause, Hub};
use vrs_protocol::audience::Audience;
use vrs_protocol::cell::Cell;
use vrs_runtime::backup;
use vrs_runtime::clock::Clock;
use vrs_runtime::database::Database;
use vrs_runtime::progress::Progress;
use vrs_runtime::shutdown::Shutdown;
use vrs_runtime::testing::Place;
use vrs_runtime::values;

use crate::support::{World, code, logged, on_each_engine, settings};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_was_lost_is_given_again_after_a_restart() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        let release = gbr.release(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(9))]);
        let lines = logged(gbr.submit(std::slice::from_ref(&release)).await);
        let world = world.restart().await;
        let gbr = world.again(gbr).await;
        assert_eq!(logged(gbr.submit(&[release]).await), lines);
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_committed_has_not_happened() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        let release = gbr.release(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(9))]);
        let size = world.hub.ledger().view().size();
        // A checkpoint of the next size stands in the way: the transaction fails after lines and bodies were written.
        let mut tx = world.hub.database().begin("stand in the way").await.unwrap();
        tx.execute(
            "INSERT INTO checkpoint (size, root, note, made_at) VALUES ($1, $2, $3, 0)",
            values![size + 1, [0_u8; 32], "x"],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let refused = gbr.refusal(&world.hub, gbr.submit(std::slice::from_ref(&release)).await);
        assert!(refused.is_passing(), "{}", refused.sentence);
        assert_eq!(world.hub.ledger().view().size(), size);
        let mut tx = world.hub.database().begin("go out of the way").await.unwrap();
        tx.execute("DELETE FROM checkpoint WHERE size = $1", values![size + 1]).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(logged(gbr.submit(&[release]).await), [size]);
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_for_now_says_so_and_is_forgotten_when_there_is_room() {
    // The embedded engine answers a bound on its pages exactly as it answers a full disk, and forgets it with the connection
    // that met it.
    let world = World::begin(Place::sqlite()).await;
    let gbr = world.join("GBR").await;
    let fill_up = async || {
        let mut tx = world.hub.database().begin("fill the disk").await.unwrap();
        tx.execute("PRAGMA max_page_count = 1", values![]).await.unwrap();
        tx.commit().await.unwrap();
    };
    let release = gbr.release(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(9))]);
    let size = world.hub.ledger().view().size();
    assert_eq!(world.hub.ledger().unwritten_since(), None);
    fill_up().await;
    let refused = gbr.refusal(&world.hub, gbr.submit(std::slice::from_ref(&release)).await);
    assert!(refused.is_passing() && refused.number == 105, "{}", refused.sentence);
    assert!(world.hub.ledger().unwritten_since().is_some());
    // What only reads goes on.
    assert_eq!(world.lines(&gbr).await.len() as u64, size);
    assert_eq!(world.hub.alarms().await.unwrap(), []);
    assert_eq!(logged(gbr.submit(&[release]).await), [size]);
    assert_eq!(world.hub.ledger().unwritten_since(), None);
    // 'check' is another process and tries for itself.
    fill_up().await;
    assert!(world.hub.try_writing().await.is_err());
    world.hub.try_writing().await.unwrap();
    world.hub.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_beside_the_running_hub_is_seen_and_does_not_disturb_it() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        let fra = world.join("FRA").await;
        let command =
            Hub::open(world.place.dir(), settings(&world.place), Clock::system(), Shutdown::new()).await.unwrap();
        command.suspend(&code("FRA")).await.unwrap();
        tokio::time::timeout(std::time::Duration::from_secs(10), fra.connection.closed()).await.unwrap();
        let line = gbr.contribute(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(9))]).await;
        command.resume(&code("FRA")).await.unwrap();
        world.hub.ledger().follow().await.unwrap();
        assert_eq!(world.hub.ledger().view().size(), line + 2);
        command.close().await.unwrap();
        world.hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_restored_into_an_empty_database_passes_its_audit_and_goes_on() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        gbr.contribute(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(9))]).await;
        let file = world.place.dir().join("backup");
        backup::dump(world.hub.database(), &file, &Clock::system(), &mut Progress::hidden()).await.unwrap();
        let size = world.hub.ledger().view().size();
        // Always into the embedded engine: a backup of one engine is one of both.
        let place = Place::sqlite();
        let database = Database::connect(place.url(), place.dir()).await.unwrap();
        restore(&file, &database, &Clock::system(), &mut Progress::hidden()).await.unwrap();
        let found = audit(&database, &mut Progress::hidden()).await.unwrap();
        assert_eq!((found.lines, found.bodies, found.flaws), (size, 1, Vec::new()));
        database.close().await;
        world.hub.close().await.unwrap();
        // With the keys of the hub it goes on, when its operator says that no node has seen more.
        let settings = settings(&place);
        let database = place.dir().join("test.db");
        let settings = Settings { database: format!("sqlite:{}", database.display()), ..settings };
        let hub = Hub::open(world.place.dir(), settings, Clock::system(), Shutdown::new()).await.unwrap();
        assert!(matches!(hub.alarms().await.unwrap()[..], [Alarm { cause: AlarmCause::Restored { .. }, .. }]));
        let refused = hub.suspend(&code("GBR")).await.unwrap_err();
        assert!(refused.to_string().contains("stopped writing"), "{refused}");
        assert_eq!(hub.settle_alarms().await.unwrap(), 1);
        hub.suspend(&code("GBR")).await.unwrap();
        assert_eq!(hub.ledger().view().size(), size + 1);
        hub.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_audit_names_a_changed_line_a_lost_body_and_a_moved_head() {
    on_each_engine(|world| async move {
        let gbr = world.join("GBR").await;
        let line = gbr.contribute(&world.hub, "IE_TOT", "2021", Audience::Contributors, &[("", Cell::count(9))]).await;
        let database = world.hub.database();
        assert_eq!(audit(database, &mut Progress::hidden()).await.unwrap().flaws, Vec::<String>::new());
        let mut tx = database.begin("tamper").await.unwrap();
        tx.execute("DELETE FROM body", values![]).await.unwrap();
        tx.execute("UPDATE ledger_line SET bytes = $1 WHERE idx = $2", values![vec![0xa0_u8], line]).await.unwrap();
        tx.commit().await.unwrap();
        let flaws = audit(database, &mut Progress::hidden()).await.unwrap().flaws;
        assert!(flaws.iter().any(|flaw| flaw.starts_with(&format!("line {line}:"))), "{flaws:?}");
        assert!(flaws.iter().any(|flaw| flaw.contains("head")), "{flaws:?}");
        world.hub.close().await.unwrap();
    })
    .await;
}
