//! Many submissions in one transaction. Each is judged against the region as the ones before it leave it; what is refused
//! leaves no trace, what is accepted is written with its body, and at the end stand one head and one checkpoint.

use std::sync::Arc;

use vrs_protocol::checkpoint::{Checkpoint, SignedCheckpoint};
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{LineIndex, ParticipantId, origin};
use vrs_protocol::ledger::{Erasure, Line, LineKind, Said};
use vrs_protocol::merkle::leaf_hash;
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::{Judged, Region};
use vrs_protocol::statement::{Header, SigningKey, Statement};
use vrs_protocol::time::Timestamp;
use vrs_runtime::clock::Clock;
use vrs_runtime::database::{Database, DatabaseError, Engine, Transaction};

use super::{Append, Beside, Composed, LedgerError, Shared, Signed, load};
use crate::store::{self, bodies::StoredBody, head::Head, lines::StoredLine};

/// Bodies named by one erasure line; a line has 65,535 bytes and a number at most 9.
const ERASED_MAX: usize = 1_000;

/// What the appender writes with.
pub(super) struct Writer {
    database: Database,
    key: Arc<SigningKey>,
    clock: Clock,
    region: String,
    /// A copy of the region that runs ahead of what is committed. A copy, because readers must not see what may still
    /// fail; kept between batches, because making it anew costs time in proportion to the ledger. `None`: made when it
    /// is needed, from the view.
    ahead: Option<Region>,
}

/// Where a submission stands, or why it does not.
type Outcome = Result<Vec<LineIndex>, Reason>;

/// A line that was accepted in this transaction.
struct Accepted {
    judged: Judged,
    leaf: Hash,
}

/// The transaction in the making.
struct Batch<'a> {
    tx: Transaction,
    ahead: &'a mut Region,
    /// Index of the first line that is written.
    first: LineIndex,
    accepted: Vec<Accepted>,
    /// Accepted lines that are still to be written, and the bodies of those among them that have one.
    lines: Vec<StoredLine>,
    bodies: Vec<(LineIndex, StoredBody)>,
    time: Timestamp,
    /// A release has ended: its body has to leave.
    sweep: bool,
}

impl Writer {
    pub(super) const fn new(database: Database, key: Arc<SigningKey>, clock: Clock, region: String) -> Self {
        Self { database, key, clock, region, ahead: None }
    }

    pub(super) const fn holds_copy(&self) -> bool {
        self.ahead.is_some()
    }

    pub(super) fn give_copy_back(&mut self) {
        self.ahead = None;
    }

    /// Takes in what other processes have written.
    pub(super) async fn follow(&mut self, shared: &Shared) -> Result<(), LedgerError> {
        let mut tx = self.database.read("follow the ledger").await?;
        let head = store::head::find(&mut tx).await?.ok_or(LedgerError::NoRegion)?;
        self.catch_up(&mut tx, head, shared).await
    }

    /// Writes what is accepted of `appends` and says for each where it stands, or why it does not. An error means that
    /// nothing was written.
    pub(super) async fn write(&mut self, shared: &Shared, appends: &[Append]) -> Result<Vec<Outcome>, LedgerError> {
        let written = self.try_write(shared, appends).await;
        if written.is_err() {
            // What was judged ahead did not happen.
            self.ahead = None;
            shared.change(super::View::forget);
        }
        if let Err(LedgerError::Database(DatabaseError::Unavailable { .. })) = written {
            shared.unwritten_since().get_or_insert(Timestamp(self.clock.now()));
        }
        written
    }

    async fn try_write(&mut self, shared: &Shared, appends: &[Append]) -> Result<Vec<Outcome>, LedgerError> {
        let mut tx = self.database.begin("append to the ledger").await?;
        // First of all: from here to the commit nobody else appends.
        let head = store::head::take(&mut tx).await?;
        self.catch_up(&mut tx, head, shared).await?;
        if store::alarms::open_count(&mut tx).await? > 0 {
            let stopped = "it has stopped writing, because it may have signed lines that it does not have; its operator has to decide";
            return Ok(vec![Err(Reason::Unavailable(stopped.into())); appends.len()]);
        }
        let ahead = self.ahead.get_or_insert_with(|| shared.view().region().clone());
        let time = Timestamp(self.clock.now()).max(ahead.time());
        let mut batch = Batch {
            tx,
            ahead,
            first: head.size,
            accepted: Vec::new(),
            lines: Vec::new(),
            bodies: Vec::new(),
            time,
            sweep: false,
        };
        let mut outcomes = Vec::with_capacity(appends.len());
        for append in appends {
            outcomes.push(match append {
                Append::Signed { author, statements } => batch.signed(shared, *author, statements).await?,
                Append::Composed(said) => match said(batch.ahead, batch.time) {
                    Ok(Some(composed)) => {
                        batch.composed(&self.key, &self.region, composed).await?.map(|line| vec![line])
                    }
                    Ok(None) => Ok(Vec::new()),
                    Err(reason) => Err(reason),
                },
                Append::Sweep => {
                    batch.sweep = true;
                    Ok(Vec::new())
                }
            });
        }
        if batch.sweep {
            batch.erase(&self.key, &self.region, self.database.engine()).await?;
        }
        batch.write().await?;
        let Batch { mut tx, accepted, .. } = batch;
        if accepted.is_empty() {
            return Ok(outcomes);
        }
        let checkpoint = self.checkpoint(shared, head, &accepted)?;
        let to = Head { size: checkpoint.checkpoint().size(), root: checkpoint.checkpoint().root() };
        store::head::advance(&mut tx, head, to).await?;
        store::checkpoints::insert(&mut tx, &checkpoint, time).await?;
        tx.commit().await?;
        *shared.unwritten_since() = None;
        // Only now does anybody see it.
        shared.change(|view| view.commit(accepted.into_iter().map(|line| line.judged), checkpoint));
        Ok(outcomes)
    }

    /// Brings the view, and the copy that runs ahead, to the head that was read in this transaction.
    async fn catch_up(&mut self, tx: &mut Transaction, head: Head, shared: &Shared) -> Result<(), LedgerError> {
        let current = (shared.view().size(), shared.view().root());
        if current == (head.size, head.root) {
            return Ok(());
        }
        // The copy is not worth following line by line: other processes write rarely.
        self.ahead = None;
        let mut view = shared.view().clone();
        load::catch_up(tx, head, &mut view).await?;
        shared.change(|seen| *seen = view);
        Ok(())
    }

    fn checkpoint(&self, shared: &Shared, head: Head, accepted: &[Accepted]) -> Result<SignedCheckpoint, LedgerError> {
        let leaves: Vec<Hash> = accepted.iter().map(|line| line.leaf).collect();
        let mut root = Hash::ZERO;
        shared.change(|view| root = view.extend(&leaves));
        Ok(Checkpoint::new(&origin(&self.region), head.size + leaves.len() as u64, root)?.sign(&self.key)?)
    }
}

impl Batch<'_> {
    /// Judges and writes statements of a participant, all or none.
    async fn signed(
        &mut self,
        shared: &Shared,
        author: ParticipantId,
        statements: &[Signed],
    ) -> Result<Outcome, LedgerError> {
        if let Some(lines) = self.already(statements).await? {
            return Ok(Ok(lines));
        }
        let first = self.ahead.size();
        let mut judged: Vec<(Judged, Vec<u8>)> = Vec::with_capacity(statements.len());
        for signed in statements {
            let line = Line::new(signed.kind, self.time, Some(author), signed.statement.clone());
            let bytes = line.to_bytes();
            match self.ahead.judge_verified(line, &signed.verified) {
                Ok(accepted) => {
                    self.ahead.apply(accepted.clone());
                    judged.push((accepted, bytes));
                }
                Err(reason) => {
                    self.take_back(shared, judged.len());
                    return Ok(Err(reason));
                }
            }
        }
        // Nothing may stand between the lines of a bundle, so half of one would stop the ledger for good.
        if !is_whole(&judged) {
            self.take_back(shared, judged.len());
            return Ok(Err(Reason::BundleInterrupted(first)));
        }
        for ((judged, bytes), signed) in judged.into_iter().zip(statements) {
            let index = self.accept(judged, signed.kind, bytes);
            self.bodies.extend(signed.body.clone().map(|body| (index, body)));
        }
        Ok(Ok((first..self.ahead.size()).collect()))
    }

    /// Where the statements stand, if all of them do already.
    async fn already(&mut self, statements: &[Signed]) -> Result<Option<Vec<LineIndex>>, DatabaseError> {
        let mut lines = Vec::with_capacity(statements.len());
        for signed in statements {
            let id = signed.verified.id();
            let known = match signed.kind {
                // Releases are known by their ids in memory; the others are rare.
                LineKind::Release => self.ahead.release_by_id(&id).map(|release| release.index),
                _ => {
                    self.write().await?;
                    store::lines::of_statement(&mut self.tx, &id).await?
                }
            };
            match known {
                Some(line) => lines.push(line),
                None => return Ok(None),
            }
        }
        Ok(Some(lines))
    }

    /// Forgets the last `count` lines that were judged and not written.
    fn take_back(&mut self, shared: &Shared, count: usize) {
        if count == 0 {
            return;
        }
        *self.ahead = shared.view().region().clone();
        for line in &self.accepted {
            self.ahead.apply(line.judged.clone());
        }
    }

    /// Signs, judges and writes a line of the hub.
    async fn composed(
        &mut self,
        key: &SigningKey,
        region: &str,
        composed: Composed,
    ) -> Result<Result<LineIndex, Reason>, LedgerError> {
        let Composed { kind, about, payload, beside } = composed;
        let index = self.ahead.size();
        let header = Header {
            content_type: kind.content_type(),
            exchange: self.ahead.exchange(),
            issuer: region.to_owned(),
            subject: format!("{about} line-{index}"),
            issued_at: Some(self.time),
        };
        let statement = match Statement::sign(header, &payload, key) {
            Ok(statement) => statement,
            Err(error) => return Ok(Err(Reason::Line { index, cause: error.to_string() })),
        };
        let line = Line::new(kind, self.time, None, statement.into_bytes());
        let bytes = line.to_bytes();
        let judged = match self.ahead.judge(line) {
            Ok(judged) => judged,
            Err(reason) => return Ok(Err(reason)),
        };
        self.ahead.apply(judged.clone());
        let index = self.accept(judged, kind, bytes);
        self.beside(index, beside).await?;
        Ok(Ok(index))
    }

    async fn beside(&mut self, index: LineIndex, beside: Beside) -> Result<(), DatabaseError> {
        self.write().await?;
        match beside {
            Beside::Nothing => {}
            Beside::BlockTables(tables) => {
                for table in tables {
                    store::block_tables::insert(&mut self.tx, index, table).await?;
                }
            }
            Beside::Admitted { enrolment, chain } => {
                store::enrolments::admit(&mut self.tx, enrolment, ParticipantId(index), &chain).await?;
            }
            Beside::Erased(lines) => {
                for line in lines {
                    store::bodies::delete(&mut self.tx, line).await?;
                }
            }
        }
        Ok(())
    }

    fn accept(&mut self, judged: Judged, kind: LineKind, bytes: Vec<u8>) -> LineIndex {
        let index = self.next_index();
        let leaf = leaf_hash(&bytes);
        self.sweep |= match judged.said() {
            Some(Said::Withdrawal(_)) => true,
            Some(Said::Release(manifest)) => manifest.revision > 1,
            _ => false,
        };
        self.lines.push(StoredLine { index, kind: kind as u8, statement: judged.id(), leaf, bytes });
        self.accepted.push(Accepted { judged, leaf });
        index
    }

    /// Writes what is accepted. Whatever reads in this transaction, or writes what belongs to a line, does this before.
    async fn write(&mut self) -> Result<(), DatabaseError> {
        store::lines::insert(&mut self.tx, std::mem::take(&mut self.lines)).await?;
        store::bodies::insert(&mut self.tx, std::mem::take(&mut self.bodies)).await
    }

    /// The copy is ahead of what is written by the lines of a bundle; what is accepted counts.
    fn next_index(&self) -> LineIndex {
        self.first + self.accepted.len() as u64
    }

    /// Lets the bodies of ended releases leave, in the transaction in which they end: there is no moment at which the hub
    /// holds what the ledger says it must not hold.
    async fn erase(&mut self, key: &SigningKey, region: &str, engine: Engine) -> Result<(), LedgerError> {
        self.write().await?;
        let held = store::bodies::held(&mut self.tx).await?;
        let due: Vec<LineIndex> = held.into_iter().filter(|line| self.ahead.hub_must_erase(*line)).collect();
        if due.is_empty() {
            return Ok(());
        }
        store::bodies::overwrite_deleted(&mut self.tx, engine).await?;
        for lines in due.chunks(ERASED_MAX) {
            let erasure = Erasure { releases: lines.to_vec() };
            let composed = Composed::new(LineKind::Erasure, "hub", &erasure).with(Beside::Erased(lines.to_vec()));
            if let Err(reason) = self.composed(key, region, composed).await? {
                return Err(LedgerError::Disagrees(format!("its own erasure is refused: {reason}")));
            }
        }
        Ok(())
    }
}

/// Whether releases come with everything that their bundles name. That they name no more and no less than what came is
/// judged line by line; here only their number can be short.
fn is_whole(judged: &[(Judged, Vec<u8>)]) -> bool {
    judged.iter().all(|(line, _)| match line.said() {
        Some(Said::Release(manifest)) => manifest.bundle.len().max(1) == judged.len(),
        _ => true,
    })
}
