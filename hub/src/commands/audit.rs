//! `audit`: judges what is stored again, as a stranger would, and says in one sentence what was found.

use std::path::Path;

use serde_json::json;
use vrs_runtime::database::Database;
use vrs_runtime::exit::Exit;
use vrs_runtime::output::{Output, grouped};
use vrs_runtime::progress::Progress;

use super::settings;
use crate::audit;
use crate::hub::existing_database;
use crate::problem::HubError;

pub(super) async fn run(dir: &Path, output: &Output) -> Result<Exit, HubError> {
    let loaded = settings(dir, Vec::new(), false)?.settings;
    // Not as a hub: that would refuse to open over the first flaw, and here all are wanted.
    let database = Database::connect(&existing_database(dir, &loaded)?, dir).await?;
    let found = audit::audit(&database, &mut Progress::begin("Lines judged", None)).await?;
    database.close().await;
    let value = json!({
        "lines": found.lines, "servings": found.servings, "checkpoints": found.checkpoints, "bodies": found.bodies,
        "block_tables": found.block_tables, "root": found.root, "flaws": found.flaws, "notes": found.notes,
    });
    output.answer(&value, || {
        let notes: String = found.notes.iter().map(|note| format!("{note}\n")).collect();
        if found.flaws.is_empty() {
            return format!(
                "All {} lines, {} servings, {} checkpoints, {} bodies and {} sums of blocks are as they must be.\n{notes}",
                grouped(found.lines), grouped(found.servings), grouped(found.checkpoints), grouped(found.bodies), grouped(found.block_tables)
            );
        }
        let flaws: String = found.flaws.iter().map(|flaw| format!("FLAW: {flaw}\n")).collect();
        format!("{flaws}{notes}Stop the hub, keep this database as it is, and restore a backup into a new one.\n")
    });
    Ok(if found.flaws.is_empty() { Exit::Done } else { Exit::Failed })
}
