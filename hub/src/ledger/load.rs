//! From the database into memory: at the start, and whenever another process has written.

use vrs_protocol::merkle::leaf_hash;
use vrs_runtime::database::{Database, Transaction};

use super::{LedgerError, View};
use crate::store::{self, head::Head};

/// Lines and bytes read at a time, so that a long ledger does not fill the memory twice.
const CHUNK_LINES: u64 = 1_024;
const CHUNK_BYTES: usize = 1 << 20;

/// Reads the whole ledger, judging every line as if it came from somebody else.
pub(super) async fn load(database: &Database) -> Result<View, LedgerError> {
    let mut view = View::empty();
    let mut tx = database.read("read the ledger").await?;
    let head = store::head::find(&mut tx).await?.ok_or(LedgerError::NoRegion)?;
    catch_up(&mut tx, head, &mut view).await?;
    Ok(view)
}

/// Takes in the lines between a view and the head, and the checkpoint over them.
pub(super) async fn catch_up(tx: &mut Transaction, head: Head, view: &mut View) -> Result<(), LedgerError> {
    if view.size() > head.size {
        let cause = format!("it has {} lines now and had {} before", head.size, view.size());
        return Err(LedgerError::Disagrees(cause));
    }
    view.forget();
    while view.size() < head.size {
        let from = view.size();
        for line in store::lines::range(tx, from, CHUNK_LINES.min(head.size - from), CHUNK_BYTES).await? {
            let flawed = |cause: String| LedgerError::Flawed { line: line.index, cause };
            if line.index != view.size() {
                return Err(flawed(format!("line {} is missing", view.size())));
            }
            view.take(&line.bytes, leaf_hash(&line.bytes)).map_err(|reason| flawed(reason.to_string()))?;
        }
        if view.size() == from {
            return Err(LedgerError::Flawed { line: from, cause: "it is missing".into() });
        }
        // Judging a thousand signatures takes a while; others may want the thread.
        tokio::task::yield_now().await;
    }
    if view.root() != head.root {
        return Err(LedgerError::Disagrees("its lines have another root than its head says".into()));
    }
    if head.size == 0 {
        return Ok(());
    }
    let checkpoint = store::checkpoints::latest(tx).await?;
    let checkpoint =
        checkpoint.filter(|signed| signed.checkpoint().size() == head.size && signed.checkpoint().root() == head.root);
    view.set_checkpoint(checkpoint.ok_or_else(|| LedgerError::Disagrees("its head has no checkpoint".into()))?);
    Ok(())
}
