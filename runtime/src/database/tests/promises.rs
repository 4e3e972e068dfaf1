//! What a store may rely on.

use futures::StreamExt;

use super::*;

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
async fn many_rows_are_added_in_order_and_all_or_none() {
    for place in Place::each().await {
        let database = place.open(&[VISITS]).await;
        let insert = "INSERT INTO ship (name, flag) VALUES";
        let ship = |number: usize| values![format!("ship {number}"), "NO"];
        let mut tx = database.begin("launch").await.unwrap();
        tx.insert(insert, Vec::new()).await.unwrap();
        tx.insert(insert, (0..151).map(ship).collect()).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = database.read("look").await.unwrap();
        let rows = tx.rows("SELECT name FROM ship ORDER BY id", vec![]).await.unwrap();
        let names: Vec<String> = rows.iter().map(|row| row.read("name").unwrap()).collect();
        assert!(names.iter().cloned().eq((0..151).map(|number| format!("ship {number}"))), "{names:?}");

        let mut tx = database.begin("launch twice").await.unwrap();
        let error = tx.insert(insert, (150..160).map(ship).collect()).await.unwrap_err();
        assert_eq!(error, DatabaseError::Conflict { during: "launch twice", constraint: "ship_name".to_owned() });
        assert!(matches!(tx.commit().await, Err(DatabaseError::Defect { .. })));
        assert_eq!(count(&database).await, 151);
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
async fn a_reader_that_keeps_the_log_is_told_of() {
    let place = Place::sqlite();
    let database = place.open(&[VISITS]).await;
    add_ship(&database, "Fram").await;
    let mut reader = database.read("look for a long time").await.unwrap();
    assert_eq!(reader.rows("SELECT name FROM ship", values![]).await.unwrap().len(), 1);
    add_ship(&database, "Gjøa").await;
    assert!(!database.forget_deleted().await.unwrap());
    drop(reader);
    // The connection is rolled back in the background before it is free again.
    database.read("wait for the rollback").await.unwrap();
    let mut tries = 0;
    while !database.forget_deleted().await.unwrap() {
        tries += 1;
        assert!(tries < 5, "the log is still kept");
    }
}

#[tokio::test]
async fn what_was_deleted_is_in_no_file_any_more() {
    let place = Place::sqlite();
    let secret = Migration { name: "t_001", sql: "CREATE TABLE secret (id BIGINT NOT NULL, body BYTES);" };
    let database = place.open(&[secret]).await;
    let marker = b"remember me ".repeat(500);
    let mut tx = database.begin("keep").await.unwrap();
    tx.execute("INSERT INTO secret (id, body) VALUES ($1, $2)", values![1, marker.as_slice()]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(database.forget_deleted().await.unwrap());
    let in_files = || {
        let files = std::fs::read_dir(place.dir()).unwrap().map(|entry| std::fs::read(entry.unwrap().path()).unwrap());
        files.filter(|bytes| bytes.windows(12).any(|window| window == b"remember me ")).count()
    };
    assert_eq!(in_files(), 1);
    let mut tx = database.begin("erase").await.unwrap();
    tx.execute("UPDATE secret SET body = NULL WHERE id = $1", values![1]).await.unwrap();
    tx.commit().await.unwrap();
    assert!(database.forget_deleted().await.unwrap());
    assert_eq!(in_files(), 0);
}
