//! SQL that tries whether the database takes writes.

use vrs_runtime::{
    database::{Database, DatabaseError},
    values,
};

/// As much as a few lines with their bodies take. Less may still find room where nothing else does.
const TRIAL_BYTES: usize = 64 << 10;

/// Writes something, makes it durable, and takes it away again.
pub(crate) async fn write(database: &Database) -> Result<(), DatabaseError> {
    let mut tx = database.begin("try whether the database takes writes").await?;
    tx.execute_exactly(
        1,
        "INSERT INTO trial (id, filler) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET filler = excluded.filler",
        values![vec![0_u8; TRIAL_BYTES]],
    )
    .await?;
    tx.commit().await?;
    let mut tx = database.begin("take a trial away").await?;
    tx.execute("DELETE FROM trial", values![]).await?;
    tx.commit().await
}
