//! What both engines promise, told with one text.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use futures::StreamExt;

use super::*;
use crate::testing::Place;
use crate::values;

const VISITS: Migration = Migration {
    name: "harbour_001_visit",
    sql: "-- A ship in the harbour; TEXT and BYTES in comments stay.
CREATE TABLE ship (
  id ID_COLUMN, -- its number; never comes back
  name TEXT NOT NULL CONSTRAINT ship_name UNIQUE,
  flag TEXT NOT NULL CHECK (length(flag) = 2)
);
-- One stay of a ship.
CREATE TABLE visit (
  ship BIGINT NOT NULL CONSTRAINT visit_ship REFERENCES ship (id),
  arrived BIGINT NOT NULL,
  left_at BIGINT,
  papers BYTES,
  remark TEXT,
  CONSTRAINT visit_key PRIMARY KEY (ship, arrived)
);
CREATE UNIQUE INDEX visit_open ON visit (ship) WHERE left_at IS NULL;",
};

const REMARKS: Migration =
    Migration { name: "harbour_002_pilot", sql: "ALTER TABLE visit ADD COLUMN pilot TEXT NOT NULL DEFAULT '';" };

async fn add_ship(database: &Database, name: &str) -> i64 {
    let mut tx = database.begin("add a ship").await.unwrap();
    let row = tx.row("INSERT INTO ship (name, flag) VALUES ($1, $2) RETURNING id", values![name, "NO"]).await.unwrap();
    let id = row.read("id").unwrap();
    tx.commit().await.unwrap();
    id
}

async fn count(database: &Database) -> u64 {
    let mut tx = database.read("count").await.unwrap();
    tx.row("SELECT COUNT(*) AS ships FROM ship", vec![]).await.unwrap().read("ships").unwrap()
}

#[tokio::test]
async fn every_kind_of_value_survives() {
    for place in Place::each().await {
        let database = place.open(&[VISITS]).await;
        let ship = add_ship(&database, "Fram — Фрам 前進").await;
        let papers: Vec<u8> = (0..=255).collect();
        let insert = "INSERT INTO visit (ship, arrived, left_at, papers, remark) VALUES ($1, $2, $3, $4, $5)";
        let mut tx = database.begin("stay").await.unwrap();
        tx.execute_exactly(1, insert, values![ship, i64::MIN, i64::MAX, papers.clone(), ""]).await.unwrap();
        tx.execute_exactly(1, insert, values![ship, 5u64, None::<i64>, None::<Vec<u8>>, None::<&str>]).await.unwrap();
        tx.commit().await.unwrap();

        let mut tx = database.read("look").await.unwrap();
        let rows =
            tx.rows("SELECT arrived, left_at, papers, remark FROM visit ORDER BY arrived", vec![]).await.unwrap();
        assert_eq!(rows[0].read::<i64>("arrived").unwrap(), i64::MIN);
        assert_eq!(rows[0].read::<Option<i64>>("left_at").unwrap(), Some(i64::MAX));
        assert_eq!(rows[0].read::<[u8; 256]>("papers").unwrap().to_vec(), papers);
        assert_eq!(rows[0].read::<Option<String>>("remark").unwrap().as_deref(), Some(""));
        assert_eq!(rows[1].read::<Option<i64>>("left_at").unwrap(), None);
        assert_eq!(rows[1].read::<Option<Vec<u8>>>("papers").unwrap(), None);
        assert_eq!(rows[1].read::<Option<String>>("remark").unwrap(), None);
        let name = tx.row("SELECT name FROM ship WHERE id = $1", values![ship]).await.unwrap();
        assert_eq!(name.read::<String>("name").unwrap(), "Fram — Фрам 前進");
    }
}

#[tokio::test]
async fn a_conflict_names_the_constraint_on_both_engines() {
    for place in Place::each().await {
        let database = place.open(&[VISITS]).await;
        let ship = add_ship(&database, "Fram").await;
        let twice = [
            ("INSERT INTO ship (name, flag) VALUES ($1, 'NO')", values!["Fram"], "ship_name"),
            ("INSERT INTO visit (ship, arrived, left_at) VALUES ($1, 1, 2)", values![ship], "visit_key"),
            ("INSERT INTO visit (ship, arrived) VALUES ($1, 3)", values![ship], "visit_open"),
            ("INSERT INTO visit (ship, arrived) VALUES ($1, 4)", values![ship + 1], FOREIGN_KEY),
        ];
        let mut setup = database.begin("set up").await.unwrap();
        setup.execute("INSERT INTO visit (ship, arrived, left_at) VALUES ($1, 1, 2)", values![ship]).await.unwrap();
        setup.execute("INSERT INTO visit (ship, arrived) VALUES ($1, 2)", values![ship]).await.unwrap();
        setup.commit().await.unwrap();
        for (sql, values, expected) in twice {
            let mut tx = database.begin("collide").await.unwrap();
            let during = "collide";
            let error = tx.execute(sql, values).await.unwrap_err();
            assert_eq!(error, DatabaseError::Conflict { during, constraint: expected.to_owned() });
            // The same on both engines: after an error nothing more happens in this transaction.
            let after = tx.rows("SELECT id FROM ship", vec![]).await;
            assert!(matches!(after, Err(DatabaseError::Defect { .. })));
            assert!(matches!(tx.commit().await, Err(DatabaseError::Defect { .. })));
        }
    }
}

#[tokio::test]
async fn what_is_dropped_has_not_happened() {
    for place in Place::each().await {
        let database = place.open(&[VISITS]).await;
        let mut tx = database.begin("give up").await.unwrap();
        tx.execute("INSERT INTO ship (name, flag) VALUES ('Gjøa', 'NO')", vec![]).await.unwrap();
        drop(tx);
        assert_eq!(count(&database).await, 0);
        // The one writing connection is free again.
        add_ship(&database, "Gjøa").await;
        assert_eq!(count(&database).await, 1);
    }
}

#[tokio::test]
async fn a_reader_sees_one_state_while_a_writer_commits() {
    for place in Place::each().await {
        let database = place.open(&[VISITS]).await;
        let mut reader = database.read("long look").await.unwrap();
        let sql = "SELECT COUNT(*) AS ships FROM ship";
        assert_eq!(reader.row(sql, vec![]).await.unwrap().read::<u64>("ships").unwrap(), 0);
        add_ship(&database, "Fram").await;
        assert_eq!(reader.row(sql, vec![]).await.unwrap().read::<u64>("ships").unwrap(), 0);
        assert_eq!(count(&database).await, 1);
    }
}

#[tokio::test]
async fn a_reading_transaction_cannot_write() {
    for place in Place::each().await {
        let database = place.open(&[VISITS]).await;
        let mut tx = database.read("sneak").await.unwrap();
        let error = tx.execute("INSERT INTO ship (name, flag) VALUES ('Maud', 'NO')", vec![]).await.unwrap_err();
        assert!(matches!(error, DatabaseError::Defect { during: "sneak", .. }), "{error}");
        drop(tx);
        assert_eq!(count(&database).await, 0);
    }
}

#[tokio::test]
async fn writers_of_two_processes_do_not_lose_a_count() {
    for place in Place::each().await {
        // Two databases opened apart share nothing but the file or the server, as two processes do.
        let (first, second) = (place.open(&[VISITS]).await, place.open(&[VISITS]).await);
        let mut tasks = Vec::new();
        for database in [first.clone(), second, first.clone()] {
            tasks.push(tokio::spawn(async move {
                for _ in 0..20 {
                    let mut tx = database.begin("next number").await.unwrap();
                    let next: i64 = tx
                        .row("SELECT CAST(COALESCE(MAX(CAST(name AS BIGINT)), 0) AS BIGINT) AS last FROM ship", vec![])
                        .await
                        .unwrap()
                        .read("last")
                        .unwrap();
                    tokio::task::yield_now().await;
                    let values = values![(next + 1).to_string()];
                    tx.execute_exactly(1, "INSERT INTO ship (name, flag) VALUES ($1, 'NO')", values).await.unwrap();
                    tx.commit().await.unwrap();
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        assert_eq!(count(&first).await, 60);
    }
}

#[tokio::test]
async fn another_number_of_changed_rows_is_a_conflict() {
    for place in Place::each().await {
        let database = place.open(&[VISITS]).await;
        let mut tx = database.begin("rename").await.unwrap();
        let renamed = tx.execute_exactly(1, "UPDATE ship SET name = 'x' WHERE id = $1", values![99]).await;
        assert_eq!(renamed, Err(DatabaseError::Conflict { during: "rename", constraint: ROWS_CHANGED.to_owned() }));
        assert!(tx.commit().await.is_err());
    }
    assert!(changed(2, 2, "two").is_ok());
}

#[tokio::test]
async fn a_value_of_another_kind_is_corrupt_and_says_where() {
    for place in Place::each().await {
        let database = place.open(&[VISITS]).await;
        let ship = add_ship(&database, "Fram").await;
        let mut tx = database.read("look").await.unwrap();
        let row = tx.row("SELECT id, name, flag FROM ship", vec![]).await.unwrap();
        let (table, row_name) = ("ship".to_owned(), ship.to_string());
        let error = row.read::<i64>("name").unwrap_err();
        let cause = "a whole number was expected".to_owned();
        let expected = DatabaseError::Corrupt { table, column: "name".into(), row: row_name, cause };
        assert_eq!(error, expected);
        let refused = row.parse("flag", |flag: String| if flag == "SE" { Ok(()) } else { Err("a Swedish flag") });
        assert!(matches!(refused, Err(DatabaseError::Corrupt { cause, .. }) if cause == "a Swedish flag"));
        assert!(matches!(row.read::<i64>("no_such"), Err(DatabaseError::Defect { .. })));
    }
}

#[tokio::test]
async fn a_broken_rule_of_the_schema_is_our_defect() {
    for place in Place::each().await {
        let database = place.open(&[VISITS]).await;
        for sql in [
            "INSERT INTO ship (name, flag) VALUES ('Fram', 'NOR')",
            "INSERT INTO ship (name) VALUES ('Fram')",
            "INSERT INTO visit (ship, arrived, papers) VALUES ('a', 1, 'x')",
            "SELECT nothing FROM ship",
        ] {
            let mut tx = database.begin("blunder").await.unwrap();
            let error = tx.execute(sql, vec![]).await.unwrap_err();
            assert!(matches!(error, DatabaseError::Defect { during: "blunder", .. }), "{sql}: {error}");
        }
    }
}

#[tokio::test]
async fn text_sorts_by_bytes_on_both_engines() {
    for place in Place::each().await {
        let database = place.open(&[VISITS]).await;
        for name in ["b", "B", "a", "Ä", "A", "a b", "ab", "-"] {
            add_ship(&database, name).await;
        }
        let mut tx = database.read("list").await.unwrap();
        let rows = tx.rows("SELECT name FROM ship ORDER BY name", vec![]).await.unwrap();
        let names: Vec<String> = rows.iter().map(|row| row.read("name").unwrap()).collect();
        assert_eq!(names, ["-", "A", "B", "a", "a b", "ab", "b", "Ä"]);
    }
}

#[tokio::test]
async fn a_long_answer_streams() {
    for place in Place::each().await {
        let database = place.open(&[VISITS]).await;
        let mut tx = database.begin("fill").await.unwrap();
        for number in 0..500 {
            let name = format!("{number:04}");
            tx.execute("INSERT INTO ship (name, flag) VALUES ($1, 'NO')", values![name]).await.unwrap();
        }
        tx.commit().await.unwrap();
        let mut tx = database.read("walk").await.unwrap();
        let mut rows = tx.stream("SELECT name FROM ship WHERE name >= $1 ORDER BY name", values!["0100"]);
        let mut seen = 0;
        while let Some(row) = rows.next().await {
            assert_eq!(row.unwrap().read::<String>("name").unwrap(), format!("{:04}", seen + 100));
            seen += 1;
        }
        assert_eq!(seen, 400);
    }
}

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

#[tokio::test]
async fn numbers_never_come_back() {
    for place in Place::each().await {
        let database = place.open(&[VISITS]).await;
        let first = add_ship(&database, "Fram").await;
        let mut tx = database.begin("scrap").await.unwrap();
        tx.execute_exactly(1, "DELETE FROM ship WHERE id = $1", values![first]).await.unwrap();
        tx.commit().await.unwrap();
        assert!(add_ship(&database, "Fram").await > first);
    }
}

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
