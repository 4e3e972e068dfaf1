//! `backup` and `restore`: the database in one file.

use std::path::Path;

use serde_json::json;
use vrs_protocol::time::Timestamp;
use vrs_runtime::backup::{self, Summary};
use vrs_runtime::clock::Clock;
use vrs_runtime::database::Database;
use vrs_runtime::exit::Exit;
use vrs_runtime::output::{Output, grouped};
use vrs_runtime::progress::Progress;

use super::settings;
use crate::hub::existing_database;
use crate::problem::HubError;

pub(super) async fn backup(dir: &Path, file: &Path, output: &Output) -> Result<Exit, HubError> {
    let loaded = settings(dir, Vec::new(), false)?.settings;
    let database = Database::connect(&existing_database(dir, &loaded)?, dir).await?;
    let summary = backup::dump(&database, file, &Clock::system(), &mut Progress::begin("Rows written", None)).await?;
    database.close().await;
    say(file, &summary, "Backed up", output);
    output
        .aside("Keys and certificates are not in it: copy keys/ and authority/ as well, and keep them apart from it.");
    Ok(Exit::Done)
}

pub(super) async fn restore(dir: &Path, file: &Path, output: &Output) -> Result<Exit, HubError> {
    let loaded = settings(dir, Vec::new(), false)?.settings;
    let database = Database::connect(&loaded.database_url(dir)?, dir).await?;
    let summary =
        crate::hub::restore(file, &database, &Clock::system(), &mut Progress::begin("Rows read", None)).await?;
    database.close().await;
    say(file, &summary, "Restored", output);
    output.aside(
        "Put keys/ and authority/ back, then 'vrs-hub audit', then run the hub. It answers and writes nothing yet: let the nodes call ('vrs-node sync'), because one that has seen more of the ledger than the backup holds raises an alarm. If none does, or when you have decided: 'vrs-hub check --settle'.",
    );
    Ok(Exit::Done)
}

fn say(file: &Path, summary: &Summary, done: &str, output: &Output) {
    let value =
        json!({ "file": file, "made_at": Timestamp(summary.made_at), "tables": summary.tables, "rows": summary.rows });
    output.answer(&value, || {
        format!(
            "{done}: {} rows of {} tables, made at {}.",
            grouped(summary.rows),
            summary.tables,
            Timestamp(summary.made_at)
        )
    });
}
