//! A database that is locked, full, gone or unfit.

use std::time::Duration;

use super::*;

#[tokio::test]
async fn a_locked_file_is_not_available_and_comes_back() {
    let place = Place::sqlite();
    let (database, other) = (place.open(&[VISITS]).await, place.open(&[VISITS]).await);
    let held = other.begin("hold").await.unwrap();
    let error = tokio::time::timeout(Duration::from_secs(9), database.begin("wait")).await.unwrap().err().unwrap();
    assert!(matches!(error, DatabaseError::Unavailable { during: "wait", .. }), "{error}");
    drop(held);
    add_ship(&database, "Fram").await;
}

#[tokio::test]
async fn a_full_disk_is_not_available_and_recovers() {
    let place = Place::sqlite();
    let database = place.open(&[VISITS]).await;
    let insert = "INSERT INTO ship (name, flag) VALUES ($1, 'NO')";
    // SQLite answers a bound on its pages exactly as it answers a full disk.
    let mut tx = database.begin("fill up").await.unwrap();
    tx.execute_text("PRAGMA max_page_count = 30".to_owned(), vec![]).await.unwrap();
    let error = loop {
        let name = format!("{:x}{}", u128::from_be_bytes(crate::random::bytes()), "x".repeat(4000));
        if let Err(error) = tx.execute(insert, values![name]).await {
            break error;
        }
    };
    assert!(matches!(error, DatabaseError::Unavailable { during: "fill up", .. }), "{error}");
    drop(tx);
    assert_eq!(count(&database).await, 0);
    // The bound went with its connection; a real disk has room again.
    let mut tx = database.begin("go on").await.unwrap();
    tx.execute_exactly(1, insert, values!["x".repeat(400_000)]).await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn a_server_that_hangs_up_is_not_available_and_comes_back() {
    let Some(place) = Place::postgres().await else { return };
    let (database, other) = (place.open(&[VISITS]).await, place.open(&[VISITS]).await);
    let mut tx = database.begin("cut off").await.unwrap();
    let pid: i64 = tx.row("SELECT pg_backend_pid() AS pid", vec![]).await.unwrap().read("pid").unwrap();
    let mut admin = other.read("hang up").await.unwrap();
    admin.row("SELECT pg_terminate_backend(CAST($1 AS INT)) AS done", values![pid]).await.unwrap();
    let error = tx.execute("DELETE FROM ship", vec![]).await.unwrap_err();
    assert!(matches!(error, DatabaseError::Unavailable { during: "cut off", .. }), "{error}");
    drop(tx);
    add_ship(&database, "Fram").await;
}

#[tokio::test]
async fn a_server_that_may_forget_is_refused() {
    let Some(place) = Place::postgres().await else { return };
    let mark = if place.url().contains('?') { '&' } else { '?' };
    let url = format!("{}{mark}options=-c%20synchronous_commit%3Doff", place.url());
    let refused = Database::connect(&url, place.dir()).await.unwrap_err();
    assert!(matches!(&refused, DatabaseError::Unsuitable(text) if text.contains("synchronous_commit")), "{refused}");
}

#[tokio::test]
async fn addresses_that_cannot_work_are_refused_with_a_sentence() {
    let place = Place::sqlite();
    for url in ["mysql://a/b", "sqlite::memory:", "sqlite:", "sqlite:a.db?mode=ro", "/tmp/a.db", "postgres://:@:x"] {
        let refused = Database::connect(url, place.dir()).await.unwrap_err();
        assert!(matches!(refused, DatabaseError::Unsuitable(_)), "{url}: {refused}");
    }
    let away = Database::connect("postgres://user:secret@127.0.0.1:9/none", place.dir()).await.unwrap_err();
    assert!(matches!(away, DatabaseError::Unavailable { .. }), "{away}");
    assert!(!format!("{away} {away:?}").contains("secret"));
}
