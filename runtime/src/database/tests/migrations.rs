//! Tables change once, and only as they should.

use super::*;

#[tokio::test]
async fn migrations_run_once_and_the_list_may_grow() {
    for place in Place::each().await {
        add_ship(&place.open(&[VISITS]).await, "Fram").await;
        let database = place.open(&[VISITS, REMARKS]).await;
        place.open(&[VISITS, REMARKS]).await;
        let mut tx = database.read("look").await.unwrap();
        let rows = tx.rows("SELECT position, name FROM schema_migration ORDER BY position", vec![]).await.unwrap();
        let names: Vec<String> = rows.iter().map(|row| row.read("name").unwrap()).collect();
        assert_eq!(names, ["harbour_001_visit", "harbour_002_pilot"]);
        tx.rows("SELECT pilot FROM visit", vec![]).await.unwrap();
        assert_eq!(count(&database).await, 1);
    }
}

#[tokio::test]
async fn two_processes_that_start_at_once_migrate_once() {
    for place in Place::each().await {
        let (url, dir) = (place.url().to_owned(), place.dir().to_owned());
        let starts = (0..4).map(|_| {
            let (url, dir) = (url.clone(), dir.clone());
            tokio::spawn(async move { Database::open(&url, &dir, &[VISITS, REMARKS], &Clock::system()).await })
        });
        for start in starts.collect::<Vec<_>>() {
            start.await.unwrap().unwrap();
        }
    }
}

#[tokio::test]
async fn an_edited_and_an_unknown_migration_are_refused() {
    for place in Place::each().await {
        place.open(&[VISITS, REMARKS]).await;
        let edited = Migration { sql: "CREATE TABLE other (a BIGINT)", ..REMARKS };
        for (list, word) in [(vec![VISITS, edited], "was edited"), (vec![VISITS], "newer version")] {
            let refused = Database::open(place.url(), place.dir(), &list, &Clock::system()).await.unwrap_err();
            let text = refused.to_string();
            assert!(matches!(refused, DatabaseError::Unsuitable(_)), "{text}");
            assert!(text.contains(word) && text.contains("harbour_002_pilot"), "{text}");
        }
    }
}

#[tokio::test]
async fn a_migration_that_fails_leaves_nothing_behind() {
    for place in Place::each().await {
        let half = Migration { name: "half", sql: "CREATE TABLE half (a BIGINT); CREATE TABLE ship (b BIGINT);" };
        let refused = Database::open(place.url(), place.dir(), &[VISITS, half], &Clock::system()).await.unwrap_err();
        assert!(refused.to_string().contains("half"), "{refused}");
        let twice = Database::open(place.url(), place.dir(), &[VISITS, VISITS], &Clock::system()).await.unwrap_err();
        assert!(twice.to_string().contains("two migrations"), "{twice}");
        let database = place.open(&[VISITS]).await;
        let mut tx = database.read("look").await.unwrap();
        assert!(tx.rows("SELECT a FROM half", vec![]).await.is_err());
    }
}
