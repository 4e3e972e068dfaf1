//! The task that writes: it takes what waits, at most [`BATCH_MAX`] submissions, and writes it in one transaction. While
//! that is being made durable the next ones gather, so the disk sets the pace and not the number of callers. A transaction
//! costs nearly the same for one submission as for many, so when several come at a time it waits a moment for more.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use vrs_protocol::id::LineIndex;
use vrs_protocol::refusal::Reason;
use vrs_runtime::database::DatabaseError;
use vrs_runtime::shutdown::Shutdown;

use super::batch::Writer;
use super::{Append, LedgerError, Shared};

/// Submissions in one transaction. More would make the first ones wait longer than they gain.
const BATCH_MAX: usize = 64;

/// How long several submissions wait for more. Where one comes at a time, it waits for nobody.
const GATHERING: std::time::Duration = std::time::Duration::from_millis(2);

/// After so long without work the appender gives its copy of the region back.
const IDLE: std::time::Duration = std::time::Duration::from_secs(60);

/// Where the answer to a submission goes.
pub(super) type Answer = oneshot::Sender<Result<Vec<LineIndex>, Reason>>;

/// What the appender is asked to do.
pub(super) enum Message {
    /// Write.
    Append(Append, Answer),
    /// Take in what other processes have written.
    Follow(oneshot::Sender<Result<(), LedgerError>>),
}

pub(super) struct Appender {
    shared: Arc<Shared>,
    writer: Writer,
}

impl Appender {
    pub(super) const fn new(shared: Arc<Shared>, writer: Writer) -> Self {
        Self { shared, writer }
    }

    /// Works until the stop begins or nobody can ask any more; what waits then is still written.
    pub(super) async fn run(mut self, mut waiting: mpsc::Receiver<Message>, shutdown: Shutdown) {
        let mut messages = Vec::with_capacity(BATCH_MAX);
        let mut several = false;
        loop {
            let received = tokio::select! {
                received = waiting.recv_many(&mut messages, BATCH_MAX) => received,
                () = shutdown.wait(), if !waiting.is_closed() => {
                    waiting.close();
                    continue;
                }
                () = tokio::time::sleep(IDLE), if self.writer.holds_copy() => {
                    self.writer.give_copy_back();
                    continue;
                }
            };
            if received == 0 {
                return;
            }
            if received > 1 || several {
                gather(&mut waiting, &mut messages).await;
            }
            several = messages.len() > 1;
            self.work(messages.drain(..)).await;
        }
    }

    async fn work(&mut self, messages: impl Iterator<Item = Message>) {
        let (mut appends, mut followers) = (Vec::new(), Vec::new());
        for message in messages {
            match message {
                Message::Append(append, answer) => appends.push((append, answer)),
                Message::Follow(answer) => followers.push(answer),
            }
        }
        if !appends.is_empty() {
            self.append(appends).await;
        }
        for follower in followers {
            // Nobody waits any more: then nobody needs the answer.
            let _ = follower.send(self.writer.follow(&self.shared).await);
        }
    }

    async fn append(&mut self, appends: Vec<(Append, Answer)>) {
        let (appends, answers): (Vec<Append>, Vec<Answer>) = appends.into_iter().unzip();
        let outcomes = match self.writer.write(&self.shared, &appends).await {
            Ok(outcomes) => outcomes,
            // One submission that contradicts what is stored must not hold up the others.
            Err(error) if appends.len() > 1 && is_about_one(&error) => self.one_by_one(&appends).await,
            Err(error) => vec![Err(unavailable(&error)); appends.len()],
        };
        for (answer, outcome) in answers.into_iter().zip(outcomes) {
            // The caller may have gone; what is written stays written, and asking again gives the same answer.
            let _ = answer.send(outcome);
        }
    }

    async fn one_by_one(&mut self, appends: &[Append]) -> Vec<Result<Vec<LineIndex>, Reason>> {
        let mut outcomes = Vec::with_capacity(appends.len());
        for append in appends {
            let written = self.writer.write(&self.shared, std::slice::from_ref(append)).await;
            outcomes.push(match written {
                Ok(mut outcome) => outcome.pop().unwrap_or_else(|| Err(Reason::Unavailable("no answer".into()))),
                Err(error) => Err(unavailable(&error)),
            });
        }
        outcomes
    }
}

/// Takes what comes in the next moment, up to a full transaction.
async fn gather(waiting: &mut mpsc::Receiver<Message>, messages: &mut Vec<Message>) {
    let until = tokio::time::Instant::now() + GATHERING;
    while messages.len() < BATCH_MAX {
        let more = waiting.recv_many(messages, BATCH_MAX - messages.len());
        if !matches!(tokio::time::timeout_at(until, more).await, Ok(1..)) {
            return;
        }
    }
}

const fn is_about_one(error: &LedgerError) -> bool {
    matches!(
        error,
        LedgerError::Database(
            DatabaseError::Conflict { .. } | DatabaseError::Defect { .. } | DatabaseError::Unstorable { .. }
        )
    )
}

/// The cause goes to the log; callers learn that nothing was lost.
fn unavailable(error: &LedgerError) -> Reason {
    tracing::error!(%error, "nothing could be written into the ledger");
    Reason::Unavailable("its database does not take writes at the moment".into())
}
