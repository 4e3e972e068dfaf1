//! There and back, on both engines and between them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::fs;
use std::path::PathBuf;

use super::*;
use crate::clock::Clock;
use crate::database::{Database, Engine, Migration};
use crate::progress::Progress;
use crate::testing::Place;
use crate::values;

const FAMILY: Migration = Migration {
    name: "family_001",
    sql: "-- Persons, who point to each other and to a place that is made later.
CREATE TABLE person (
  id ID_COLUMN,
  name TEXT NOT NULL CONSTRAINT person_name UNIQUE,
  parent BIGINT CONSTRAINT person_parent REFERENCES person (id),
  photo BYTES
);
CREATE TABLE \"Odd name\" (\"a key\" TEXT NOT NULL PRIMARY KEY, person BIGINT NOT NULL REFERENCES person (id));
CREATE TABLE empty (a BIGINT);",
};

const LATER: Migration =
    Migration { name: "family_002", sql: "ALTER TABLE person ADD COLUMN nickname TEXT NOT NULL DEFAULT 'none';" };

const NAMES: [&str; 5] = ["", "Ада Лавлейс", "quote ' and \"", "line\nbreak\tand \u{1F600}", "\u{7f}~"];

async fn fill(database: &Database) {
    let mut tx = database.begin("fill").await.unwrap();
    let insert = "INSERT INTO person (id, name, parent, photo) VALUES ($1, $2, $3, $4)";
    for (number, name) in NAMES.iter().enumerate() {
        let photo: Option<Vec<u8>> = (number > 0).then(|| (0..=255).cycle().take(number * 70_000).collect());
        tx.execute_exactly(1, insert, values![number + 1, *name, None::<i64>, photo]).await.unwrap();
    }
    // Each points to a later one, so that no order of rows is right by itself.
    tx.execute_exactly(4, "UPDATE person SET parent = id + 1 WHERE id < 5", vec![]).await.unwrap();
    tx.execute_exactly(1, insert, values![i64::MAX, "last", 1, Vec::new()]).await.unwrap();
    tx.execute_exactly(1, insert, values![-7, "below", None::<i64>, None::<Vec<u8>>]).await.unwrap();
    tx.execute_exactly(1, "INSERT INTO \"Odd name\" VALUES ('x', 5)", vec![]).await.unwrap();
    tx.execute_exactly(1, "DELETE FROM person WHERE id = $1", values![i64::MAX]).await.unwrap();
    if database.engine() == Engine::Postgres {
        // An explicit number moves SQLite's counter and not PostgreSQL's; here they shall agree.
        tx.row("SELECT setval(pg_get_serial_sequence('person', 'id'), 41) AS last", vec![]).await.unwrap();
    } else {
        tx.execute_exactly(1, "UPDATE sqlite_sequence SET seq = 41 WHERE name = 'person'", vec![]).await.unwrap();
    }
    tx.commit().await.unwrap();
}

type PersonRow = (i64, String, Option<i64>, Option<Vec<u8>>);

async fn content(database: &Database) -> Vec<PersonRow> {
    let mut tx = database.read("look").await.unwrap();
    let rows = tx.rows("SELECT id, name, parent, photo FROM person ORDER BY id", vec![]).await.unwrap();
    let read = |row: &crate::database::Row| {
        (row.read("id").unwrap(), row.read("name").unwrap(), row.read("parent").unwrap(), row.read("photo").unwrap())
    };
    rows.iter().map(read).collect()
}

async fn empty(place: &Place) -> Database {
    Database::connect(place.url(), place.dir()).await.unwrap()
}

async fn dumped(place: &Place) -> (Database, PathBuf, Summary) {
    let database = place.open(&[FAMILY]).await;
    fill(&database).await;
    let path = place.dir().join("backup");
    let summary = dump(&database, &path, &Clock::manual(77).0, &mut Progress::hidden()).await.unwrap();
    (database, path, summary)
}

async fn restored(
    path: &std::path::Path,
    database: &Database,
    migrations: &[Migration],
) -> Result<Summary, BackupError> {
    let mut progress = Progress::hidden();
    let summary = restore(path, database, migrations, &Clock::system(), &mut progress).await?;
    assert_eq!(progress.done(), summary.rows);
    Ok(summary)
}

#[tokio::test]
async fn every_value_comes_back_on_either_engine() {
    for from in Place::each().await {
        let (original, path, made) = dumped(&from).await;
        assert_eq!(made, Summary { made_at: 77, tables: 3, rows: 7 });
        for to in Place::each().await {
            let copy = empty(&to).await;
            assert_eq!(restored(&path, &copy, &[FAMILY]).await.unwrap(), made);
            assert_eq!(content(&copy).await, content(&original).await);
            // The next number is one that was never given away.
            let mut tx = copy.begin("add").await.unwrap();
            let next = tx.row("INSERT INTO person (name) VALUES ('new') RETURNING id", vec![]).await.unwrap();
            assert_eq!(next.read::<i64>("id").unwrap(), 42);
            tx.commit().await.unwrap();
            // Foreign keys hold again, and names are known.
            let mut tx = copy.begin("break").await.unwrap();
            let error = tx.execute("INSERT INTO \"Odd name\" VALUES ('y', 999)", vec![]).await.unwrap_err();
            assert!(matches!(error, DatabaseError::Conflict { constraint, .. } if constraint == "foreign_key"));
            drop(tx);
            let mut tx = copy.begin("repeat").await.unwrap();
            let error = tx.execute("INSERT INTO person (name) VALUES ('new')", vec![]).await.unwrap_err();
            assert!(matches!(error, DatabaseError::Conflict { constraint, .. } if constraint == "person_name"));
            drop(tx);
            // A backup of the copy holds the same.
            let again = to.dir().join("again");
            let summary = dump(&copy, &again, &Clock::manual(78).0, &mut Progress::hidden()).await.unwrap();
            assert_eq!(summary.rows, made.rows + 1);
        }
    }
}

#[tokio::test]
async fn a_server_can_back_itself_up_in_a_task_while_it_writes() {
    for place in Place::each().await {
        let database = place.open(&[FAMILY]).await;
        fill(&database).await;
        let path = place.dir().join("backup");
        let task = tokio::spawn({
            let (database, path) = (database.clone(), path.clone());
            async move { dump(&database, &path, &Clock::system(), &mut Progress::hidden()).await }
        });
        for number in 0..50 {
            let mut tx = database.begin("write").await.unwrap();
            let name = format!("later {number}");
            tx.execute_exactly(1, "INSERT INTO person (name) VALUES ($1)", values![name]).await.unwrap();
            tx.commit().await.unwrap();
        }
        let made = task.await.unwrap().unwrap();
        let to = Place::sqlite();
        let copy = empty(&to).await;
        // Whatever moment it shows, it is one moment.
        let summary = restored(&path, &copy, &[FAMILY]).await.unwrap();
        assert_eq!(summary, made);
        assert_eq!(content(&copy).await.len() as u64 + 1, made.rows);
    }
}

#[tokio::test]
async fn an_older_backup_is_brought_up_to_date() {
    for place in Place::each().await {
        let (_, path, _) = dumped(&place).await;
        let to = Place::sqlite();
        let copy = empty(&to).await;
        restored(&path, &copy, &[FAMILY, LATER]).await.unwrap();
        let mut tx = copy.read("look").await.unwrap();
        let row = tx.row("SELECT nickname FROM person WHERE id = 2", vec![]).await.unwrap();
        assert_eq!(row.read::<String>("nickname").unwrap(), "none");
        drop(tx);
        to.open(&[FAMILY, LATER]).await;
    }
}

#[tokio::test]
async fn a_backup_of_another_version_is_refused() {
    let place = Place::sqlite();
    let (_, path, _) = dumped(&place).await;
    let to = Place::sqlite();
    let edited = Migration { sql: "CREATE TABLE other (a BIGINT)", ..FAMILY };
    for list in [&[LATER][..], &[edited]] {
        let refused = restored(&path, &empty(&to).await, list).await.unwrap_err();
        assert!(matches!(refused, BackupError::OtherVersion(_)), "{refused}");
    }
    // Nothing was begun, so the right program can still restore into it.
    restored(&path, &empty(&to).await, &[FAMILY]).await.unwrap();
}

#[tokio::test]
async fn only_an_empty_database_is_restored_into() {
    for place in Place::each().await {
        let (original, path, _) = dumped(&place).await;
        let before = content(&original).await;
        assert!(matches!(restored(&path, &original, &[FAMILY]).await, Err(BackupError::NotEmpty)));
        assert_eq!(content(&original).await, before);
    }
}

#[tokio::test]
async fn every_flipped_or_missing_byte_is_noticed_before_anything_happens() {
    let place = Place::sqlite();
    let (_, path, _) = dumped(&place).await;
    let whole = fs::read(&path).unwrap();
    let to = Place::sqlite();
    let copy = empty(&to).await;
    let step = (whole.len() / 60).max(1);
    for at in (0..whole.len()).step_by(step).chain([whole.len() - 1]) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x20;
        for broken in [flipped, whole[..at].to_vec()] {
            fs::write(&path, broken).unwrap();
            let refused = restored(&path, &copy, &[FAMILY]).await.unwrap_err();
            let expected =
                matches!(refused, BackupError::Damaged | BackupError::NotABackup | BackupError::OtherVersion(_));
            assert!(expected, "byte {at}: {refused}");
        }
    }
    let longer = [whole.as_slice(), b"x"].concat();
    fs::write(&path, longer).unwrap();
    assert!(matches!(restored(&path, &copy, &[FAMILY]).await, Err(BackupError::Damaged)));
    fs::write(&path, whole).unwrap();
    restored(&path, &copy, &[FAMILY]).await.unwrap();
}

#[tokio::test]
async fn a_restore_that_fails_in_the_middle_leaves_an_empty_database() {
    for to in Place::each().await {
        let place = Place::sqlite();
        let (_, path, _) = dumped(&place).await;
        // A right checksum around a wrong content, as somebody could make it by hand.
        for (found, put) in
            [(&b"below"[..], &b"\xff\xfe\xfd\xfc\xfb"[..]), (b"\x02\0\0\0\x05below", b"\x03\0\0\0\x05below")]
        {
            let forged = place.dir().join("forged");
            fs::write(&forged, forge(&fs::read(&path).unwrap(), found, put)).unwrap();
            let copy = empty(&to).await;
            let refused = restored(&forged, &copy, &[FAMILY]).await.unwrap_err();
            assert!(matches!(refused, BackupError::Malformed(_)), "{refused}");
            let mut tx = copy.begin("look").await.unwrap();
            assert!(super::shape::is_empty(&mut tx, copy.engine()).await.unwrap());
        }
    }
}

/// Exchanges bytes in the body and repairs the checksum.
fn forge(whole: &[u8], found: &[u8], put: &[u8]) -> Vec<u8> {
    use sha2::Digest;
    let body = zstd::decode_all(&whole[8..whole.len() - 32]).unwrap();
    let at = body.windows(found.len()).position(|window| window == found).expect("the bytes to exchange");
    let body = [&body[..at], put, &body[at + found.len()..]].concat();
    let mut forged = [&whole[..8], &zstd::encode_all(body.as_slice(), 3).unwrap()].concat();
    let checksum = sha2::Sha256::digest(&forged);
    forged.extend_from_slice(&checksum);
    forged
}

#[tokio::test]
async fn a_value_that_breaks_a_rule_of_the_schema_stops_the_restore() {
    let place = Place::sqlite();
    let (_, path, _) = dumped(&place).await;
    let forged = place.dir().join("forged");
    // "last" is gone, so an eighth person pointing nowhere is made of an existing link: person 5 of the odd table.
    let (found, put) = (&b"\x01\0\0\0\0\0\0\0\x05"[..], &b"\x01\0\0\0\0\0\0\x0f\x05"[..]);
    fs::write(&forged, forge(&fs::read(&path).unwrap(), found, put)).unwrap();
    for to in Place::each().await {
        let copy = empty(&to).await;
        let refused = restored(&forged, &copy, &[FAMILY]).await.unwrap_err();
        assert!(matches!(refused, BackupError::Database(DatabaseError::Conflict { .. })), "{refused}");
        let mut tx = copy.begin("look").await.unwrap();
        assert!(super::shape::is_empty(&mut tx, copy.engine()).await.unwrap());
    }
}

#[tokio::test]
async fn other_files_are_no_backups() {
    let place = Place::sqlite();
    let copy = empty(&place).await;
    let path = place.dir().join("letter");
    for bytes in [&b""[..], b"short", &[b'x'; 200]] {
        fs::write(&path, bytes).unwrap();
        assert!(matches!(restored(&path, &copy, &[FAMILY]).await, Err(BackupError::NotABackup)));
    }
    fs::remove_file(&path).unwrap();
    assert!(matches!(restored(&path, &copy, &[FAMILY]).await, Err(BackupError::File(FileError::Missing(_)))));
    let nowhere = place.dir().join("no/backup");
    let database = place.open(&[FAMILY]).await;
    let refused = dump(&database, &nowhere, &Clock::system(), &mut Progress::hidden()).await;
    assert!(matches!(refused, Err(BackupError::File(FileError::Missing(_)))));
}

#[tokio::test]
async fn only_a_backup_is_replaced_by_a_backup() {
    let place = Place::sqlite();
    let (database, path, _) = dumped(&place).await;
    let first = fs::read(&path).unwrap();
    let again =
        async |path: &std::path::Path| dump(&database, path, &Clock::manual(78).0, &mut Progress::hidden()).await;
    again(&path).await.unwrap();
    assert_ne!(fs::read(&path).unwrap(), first, "the older backup is replaced");
    let key = place.dir().join("secret.pem");
    fs::write(&key, "-----BEGIN PRIVATE KEY-----").unwrap();
    fs::write(place.dir().join("empty"), "").unwrap();
    for name in ["secret.pem", "empty", "test.db"] {
        let path = place.dir().join(name);
        let before = fs::read(&path).unwrap();
        let refused = again(&path).await.unwrap_err();
        assert!(matches!(&refused, BackupError::NotReplaced(named) if *named == path), "{refused}");
        assert_eq!(fs::read(&path).unwrap(), before, "{name}");
    }
    assert!(matches!(again(place.dir()).await, Err(BackupError::File(_))));
    database.close().await;
}
