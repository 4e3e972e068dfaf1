//! What participants get: bodies of releases and sums of blocks.
//!
//! The rule it keeps is Rule 5: no body leaves the hub before the line that records its serving is in the ledger and under
//! a checkpoint; the right is judged at the index of that line, and again before the first byte. One right is served once:
//! who asks again for what it holds gets it without a new line.
//!
//! Bodies and sums go the same way, here; where they differ is in `bodies` and `sums`.

mod bodies;
mod sums;

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::hash::Hash;
use vrs_protocol::id::{LineIndex, ParticipantId};
use vrs_protocol::ledger::{LineKind, Served, ServedItem, Serving, Undelivered};
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::Region;
use vrs_runtime::database::Database;

use crate::ledger::{Append, Composed, Ledger};
use crate::problem::unavailable;
use crate::store::{self, bodies::StoredBody};
use crate::turns::Turns;

/// Serves what participants may read.
pub(crate) struct Reading {
    ledger: Ledger,
    database: Database,
    /// One read of a reader after the other: else one could deliver what the other, a moment later, logs as not delivered.
    turns: Turns<ParticipantId>,
}

/// What is asked for, and what came of it.
type Answers<T> = BTreeMap<ServedItem, Result<T, Reason>>;

/// The second judgement.
struct Again {
    /// The line of the serving of each item, or why it is refused now.
    judged: Vec<(ServedItem, Result<LineIndex, Reason>)>,
    /// What was served by the line just written and is refused: to be logged as not delivered.
    late: Vec<ServedItem>,
}

impl Reading {
    pub(crate) fn new(ledger: Ledger, database: Database) -> Self {
        Self { ledger, database, turns: Turns::default() }
    }

    /// Logs the serving of what may be read, gets it, and judges again. For each item: the line of its serving and its
    /// bytes, or why it is refused.
    async fn serve(
        &self,
        reader: ParticipantId,
        items: Vec<ServedItem>,
    ) -> Result<Answers<(LineIndex, StoredBody)>, Reason> {
        // Judged first without writing, so that what is refused anyway costs no line and no transaction.
        let (mut answers, asked) = self.judge(reader, items);
        if asked.is_empty() {
            return Ok(answers);
        }
        let _turn = self.turns.take(BTreeSet::from([reader])).await;
        let logged = self.log(reader, asked.clone()).await?;
        let mut fetched = self.fetch(&asked).await?;
        // Judged again after everything that is waited for: between this judgement and the first byte nothing is.
        let judged = loop {
            let again = self.judge_again(reader, &asked, logged);
            if again.late.is_empty() {
                break again.judged;
            }
            self.undelivered(reader, again.late).await?;
        };
        for (item, right) in judged {
            let body = |line| fetched.remove(&item).map(|body| (line, body)).ok_or_else(|| missing(item));
            answers.insert(item, right.and_then(body));
        }
        Ok(answers)
    }

    /// Judges what was asked for once more, all at one moment, after the line `logged`.
    fn judge_again(&self, reader: ParticipantId, asked: &[ServedItem], logged: Option<LineIndex>) -> Again {
        let mut again = Again { judged: Vec::with_capacity(asked.len()), late: Vec::new() };
        let view = self.ledger.view();
        for item in asked {
            let held = served_at(view.region(), reader, *item);
            let right = may_be_served(view.region(), reader, *item);
            // Only what this very line served: of what was served before, a copy is in the reader's hands.
            if right.is_err() && held.is_some() && held == logged {
                again.late.push(*item);
            }
            // Without a line the state moved on between the two judgements; asking again finds it at rest.
            again.judged.push((*item, right.and_then(|_| held.ok_or(Reason::Busy(1)))));
        }
        again
    }

    /// Gets what is asked for out of the database.
    async fn fetch(&self, items: &[ServedItem]) -> Result<BTreeMap<ServedItem, StoredBody>, Reason> {
        let hashes: BTreeMap<ServedItem, Hash> = {
            let view = self.ledger.view();
            items.iter().filter_map(|item| Some((*item, sums_hash(view.region(), *item)?))).collect()
        };
        let mut tx = self.database.read("read figures to serve").await.map_err(unavailable)?;
        let mut found = BTreeMap::new();
        for item in items {
            let stored = match (item, hashes.get(item)) {
                (ServedItem::Release(line), _) => store::bodies::find(&mut tx, *line).await,
                (ServedItem::BlockTable(..), Some(hash)) => store::block_tables::find(&mut tx, hash).await,
                (ServedItem::BlockTable(..), None) => Ok(None),
            };
            if let Some(body) = stored.map_err(unavailable)? {
                found.insert(*item, body);
            }
        }
        Ok(found)
    }

    /// What is refused now, and what may be served.
    fn judge<T>(&self, reader: ParticipantId, items: Vec<ServedItem>) -> (Answers<T>, Vec<ServedItem>) {
        let view = self.ledger.view();
        let (mut refused, mut asked) = (BTreeMap::new(), Vec::new());
        for item in items {
            match may_be_served(view.region(), reader, item) {
                Ok(_) => asked.push(item),
                Err(reason) => drop(refused.insert(item, Err(reason))),
            }
        }
        (refused, asked)
    }

    /// Logs, in one line, every right among `items` that was not served before. Says at which line, if there was one to log.
    async fn log(&self, reader: ParticipantId, items: Vec<ServedItem>) -> Result<Option<LineIndex>, Reason> {
        let compose = move |region: &Region, _| {
            let new = |item: &ServedItem| served_at(region, reader, *item).is_none();
            let served = |item: &ServedItem| {
                Some(Served { item: *item, justified_by: may_be_served(region, reader, *item).ok()? })
            };
            let mut served: Vec<Served> = items.iter().filter(|item| new(item)).filter_map(served).collect();
            served.sort_by_key(|served| served.item);
            if served.is_empty() {
                return Ok(None);
            }
            let about = region.code_of(reader);
            Ok(Some(Composed::new(LineKind::Serving, about.as_str(), &Serving { reader, items: served })))
        };
        if self.all_served(reader, &compose) {
            return Ok(None);
        }
        Ok(self.ledger.append(Append::compose(compose)).await?.first().copied())
    }

    /// Whether there is nothing to log, seen without taking a turn at writing.
    fn all_served(
        &self,
        reader: ParticipantId,
        compose: impl Fn(&Region, vrs_protocol::time::Timestamp) -> Result<Option<Composed>, Reason>,
    ) -> bool {
        let view = self.ledger.view();
        view.region().active(reader).is_ok() && matches!(compose(view.region(), view.region().time()), Ok(None))
    }

    /// Logs that something was not delivered although its serving is logged, because the right ended in between.
    async fn undelivered(&self, reader: ParticipantId, items: Vec<ServedItem>) -> Result<(), Reason> {
        let compose = move |region: &Region, _| {
            // Where the right has come back meanwhile, asking again brings the figures without a new line.
            let items: Vec<ServedItem> =
                items.iter().copied().filter(|item| region.is_undeliverable(reader, *item)).collect();
            if items.is_empty() {
                return Ok(None);
            }
            let about = region.code_of(reader);
            Ok(Some(Composed::new(LineKind::Undelivered, about.as_str(), &Undelivered { reader, items })))
        };
        self.ledger.append(Append::compose(compose)).await.map(drop)
    }
}

/// The reader's line that gives the right to an item now.
fn may_be_served(region: &Region, reader: ParticipantId, item: ServedItem) -> Result<LineIndex, Reason> {
    match item {
        ServedItem::Release(release) => region.may_be_served(reader, release),
        ServedItem::BlockTable(edition, block, table) => region.may_see_block_table(reader, edition, block, table),
    }
}

/// The line at which the item was served to the reader, if it was.
fn served_at(region: &Region, reader: ParticipantId, item: ServedItem) -> Option<LineIndex> {
    match item {
        ServedItem::Release(release) => region.holding(reader, release).map(|holding| holding.served_at),
        ServedItem::BlockTable(edition, block, table) => region.block_table_served(reader, edition, block, table),
    }
}

/// The hash under which an edition names the sums of an item.
fn sums_hash(region: &Region, item: ServedItem) -> Option<Hash> {
    let ServedItem::BlockTable(edition, block, table) = item else { return None };
    let block = region.edition(edition)?.blocks.get(usize::from(block))?;
    Some(block.tables.get(usize::from(table))?.hash)
}

/// The ledger says that the hub holds it, and the database does not.
fn missing(item: ServedItem) -> Reason {
    tracing::error!(?item, "figures that should be at hand are not; run 'vrs-hub audit'");
    Reason::Unavailable("the hub does not have these figures at hand".into())
}
