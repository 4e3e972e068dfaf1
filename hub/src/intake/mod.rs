//! What participants bring: releases with their bodies, and statements without. Everything that can be judged before the
//! line is judged here; what the ledger allows is judged by [`vrs_protocol::region`] when the line is written.
//!
//! The rules it keeps:
//! - Exactly once: the same bytes again get the same lines, whoever lost the first answer.
//! - Nothing unchecked reaches the appender: signature, body and figures are judged before, beside each other.
//! - Figures of one author, topic and year are judged one submission after the other, so that two which are each possible
//!   and together impossible do not both get in.
//! - Bodies are unpacked and judged under no lock, and all but the smallest beside the threads that serve others, a few at a
//!   time: few bytes may take long and much room.
//!
//! In reading order: `release` (one release by itself), `topic` (against the author's other figures), `declaration`
//! (statements without a body).

mod declaration;
mod release;
mod topic;

use std::collections::BTreeSet;
use std::sync::Arc;

use tokio::sync::Semaphore;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{LineIndex, ParticipantId};
use vrs_protocol::ledger::{Line, LineKind};
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::{Region, YearOfTopic};
use vrs_protocol::release::{BUNDLE_MAX, plain_len};
use vrs_protocol::statement::{PublicKey, Statement, StatementError, Verified};
use vrs_protocol::wire::Submission;
use vrs_runtime::database::Database;

use crate::ledger::{Append, Ledger, Signed};
use crate::problem::unavailable;
use crate::store;
use crate::turns::Turns;
use release::{Ground, Prepared};

/// Submissions that are unpacked and judged at the same time: as many as there are threads that serve, and each may need
/// some tens of megabytes meanwhile.
const JUDGED_AT_ONCE: usize = 2;

/// Weight up to which a submission is judged where it arrives: one release of the smallest length, which unpacks to about
/// 3 KiB. That takes less time than handing it to another thread and back.
const LIGHT_BYTES_MAX: usize = 8 << 10;

/// Who speaks: a participant, and the key to which its connection is bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Author {
    pub(crate) participant: ParticipantId,
    pub(crate) key: PublicKey,
}

/// Takes what participants bring.
pub(crate) struct Intake {
    ledger: Ledger,
    database: Database,
    turns: Turns<(ParticipantId, YearOfTopic)>,
    judges: Arc<Semaphore>,
}

impl Intake {
    pub(crate) fn new(ledger: Ledger, database: Database) -> Self {
        Self { ledger, database, turns: Turns::default(), judges: Arc::new(Semaphore::new(JUDGED_AT_ONCE)) }
    }

    /// Takes releases, one or a whole bundle: all are written or none. Says where they stand.
    ///
    /// # Errors
    /// Why they are refused.
    pub(crate) async fn submit(&self, author: Author, submissions: Vec<Submission>) -> Result<Vec<LineIndex>, Reason> {
        if submissions.is_empty() || submissions.len() > BUNDLE_MAX {
            return Err(Reason::Malformed(format!(
                "{} releases; 1 to {BUNDLE_MAX} are taken at once",
                submissions.len()
            )));
        }
        let ids: Vec<Hash> = submissions.iter().map(|submission| Hash::of(&submission.statement)).collect();
        if let Some(lines) = known_releases(self.ledger.view().region(), author.participant, &ids) {
            return Ok(lines);
        }
        let ground = Ground::now(self.ledger.view().region(), author)?;
        let size = self.ledger.view().size();
        let is_light = submissions.iter().map(weight).sum::<usize>() <= LIGHT_BYTES_MAX;
        let prepared = self.judged(is_light, move || judge_alone(&ground, submissions, size)).await?;
        // Held until the lines stand: the next submission of the same topic and year is judged against these.
        let _turn = self.turns.take(prepared.iter().map(|one| (author.participant, one.year.clone())).collect()).await;
        let prepared = self.judge_together(author.participant, prepared, is_light).await?;
        let statements = prepared.into_iter().map(|one| one.signed).collect();
        self.ledger.append(Append::Signed { author: author.participant, statements }).await
    }

    /// Takes a statement without a body: withdrawal, extension, erasure, objection or key event.
    ///
    /// # Errors
    /// Why it is refused.
    pub(crate) async fn declare(&self, author: Author, kind: u8, statement: Vec<u8>) -> Result<Vec<LineIndex>, Reason> {
        let id = Hash::of(&statement);
        if let Some(line) = self.known_statement(author.participant, &id).await? {
            return Ok(vec![line]);
        }
        let kind = declaration::kind(kind)?;
        let exchange = self.ledger.view().region().exchange();
        let (_, verified) = checked(&statement, kind, exchange, author)?;
        let signed = Signed { kind, verified, statement, body: None };
        self.ledger.append(Append::Signed { author: author.participant, statements: vec![signed] }).await
    }

    async fn judge_together(
        &self,
        author: ParticipantId,
        prepared: Vec<Prepared>,
        is_light: bool,
    ) -> Result<Vec<Prepared>, Reason> {
        let beside = topic::beside(self.ledger.view().region(), author, &prepared);
        let mut bodies = Vec::with_capacity(beside.len());
        if !beside.is_empty() {
            let mut tx = self.database.read("read an author's other figures").await.map_err(unavailable)?;
            for line in beside {
                if let Some(body) = store::bodies::find(&mut tx, line).await.map_err(unavailable)? {
                    bodies.push((line, body));
                }
            }
        }
        let (catalogues, others) = {
            let view = self.ledger.view();
            (view.region().catalogues().clone(), topic::current(view.region(), bodies))
        };
        let is_light = is_light && others.is_empty();
        self.judged(is_light, move || topic::judge(&catalogues, &prepared, others).map(|()| prepared)).await
    }

    /// Judges: what is light at once, the rest beside the threads that serve others, when it is its turn.
    async fn judged<T: Send + 'static>(
        &self,
        is_light: bool,
        judge: impl FnOnce() -> Result<T, Reason> + Send + 'static,
    ) -> Result<T, Reason> {
        if is_light {
            return judge();
        }
        // Nobody closes the semaphore. The permit goes along, because the work goes on when its caller has gone.
        let permit = self.judges.clone().acquire_owned().await;
        let judge = move || {
            let judged = judge();
            drop(permit);
            judged
        };
        tokio::task::spawn_blocking(judge).await.unwrap_or_else(|error| {
            tracing::error!(%error, "judging a release did not finish");
            Err(Reason::Unavailable("judging it did not finish".into()))
        })
    }

    /// The line of a statement that this participant made before.
    async fn known_statement(&self, author: ParticipantId, id: &Hash) -> Result<Option<LineIndex>, Reason> {
        let mut tx = self.database.read("look for a statement").await.map_err(unavailable)?;
        let Some(index) = store::lines::of_statement(&mut tx, id).await.map_err(unavailable)? else { return Ok(None) };
        let line = store::lines::range(&mut tx, index, 1, 1).await.map_err(unavailable)?.pop();
        let by = line.and_then(|line| Line::from_bytes(&line.bytes).ok()).and_then(|line| line.author);
        Ok((by == Some(author)).then_some(index))
    }
}

/// Judges each release by itself, and that they are exactly what belongs together. `size` is where they would stand.
fn judge_alone(ground: &Ground, submissions: Vec<Submission>, size: LineIndex) -> Result<Vec<Prepared>, Reason> {
    let mut tables = BTreeSet::new();
    let judged = submissions.into_iter().map(|submission| {
        let prepared = release::judge(ground, submission)?;
        if tables.insert((prepared.manifest.form.clone(), prepared.manifest.period)) {
            Ok(prepared)
        } else {
            Err(Reason::Manifest(format!(
                "{} for {} stands twice in one submission",
                prepared.manifest.form, prepared.manifest.period
            )))
        }
    });
    let judged = judged.collect::<Result<Vec<_>, _>>()?;
    // Known here already: half a bundle that is given up line by line costs the appender a copy of the region.
    let is_whole = |one: &Prepared| {
        let bundle = &one.manifest.bundle;
        bundle.iter().eq(&tables) || (bundle.is_empty() && tables.len() == 1)
    };
    if judged.iter().all(is_whole) { Ok(judged) } else { Err(Reason::BundleInterrupted(size)) }
}

/// What a submission weighs: all bytes that are read to judge it, in bytes.
fn weight(submission: &Submission) -> usize {
    submission.statement.len() + submission.body.len() + plain_len(&submission.body)
}

/// The lines of releases that this participant submitted before, if all of them stand already.
fn known_releases(region: &Region, author: ParticipantId, ids: &[Hash]) -> Option<Vec<LineIndex>> {
    ids.iter()
        .map(|id| {
            region
                .release_by_id(id)
                .filter(|release| release.manifest.participant == author)
                .map(|release| release.index)
        })
        .collect()
}

/// Reads a statement and checks what its header says and that the author's key made it.
fn checked(bytes: &[u8], kind: LineKind, exchange: Hash, author: Author) -> Result<(Statement, Verified), Reason> {
    let statement = Statement::parse(bytes).map_err(|error| match error {
        StatementError::TooLarge(bytes) => {
            Reason::TooLarge { bytes: bytes as u64, max: vrs_protocol::statement::STATEMENT_BYTES_MAX as u64 }
        }
        other => Reason::Malformed(other.to_string()),
    })?;
    let header = statement.header();
    if header.content_type != kind.content_type() {
        return Err(Reason::ContentType(header.content_type.clone(), kind.content_type()));
    }
    if header.exchange != exchange {
        return Err(Reason::WrongExchange);
    }
    match statement.verify(&author.key) {
        Ok(verified) => Ok((statement, verified)),
        Err(StatementError::WrongKey) => Err(Reason::WrongKey(header.issuer.clone())),
        Err(_) => Err(Reason::BadSignature),
    }
}
