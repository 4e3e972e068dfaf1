//! Requests of a bound caller, and what is answered.

use minicbor::bytes::ByteVec;
use vrs_protocol::checkpoint::{Checkpoint, SignedCheckpoint};
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{LineIndex, origin};
use vrs_protocol::merkle::InclusionProof;
use vrs_protocol::note::{SignatureType, VerifierKey};
use vrs_protocol::receipt::Receipt;
use vrs_protocol::refusal::Reason;
use vrs_protocol::wire::{LINES_BYTES_MAX, LINES_MAX, MESSAGE_BYTES_MAX, RefusedRead, Reply, Request};

use super::session::Bound;
use super::{Listener, refusals};
use crate::problem::unavailable;
use crate::store::{
    self,
    alarms::{Alarm, AlarmCause},
};

/// Largest reply to a request; what is small is not counted before it is there.
pub(super) const fn reply_bytes_max(request: &Request) -> usize {
    match request {
        Request::Read { .. } | Request::Overview { .. } => MESSAGE_BYTES_MAX,
        // Each line has a head of at most 5 bytes.
        Request::Lines { .. } => LINES_BYTES_MAX + 8 * LINES_MAX as usize,
        _ => 0,
    }
}

/// Answers a request, or says why not.
pub(super) async fn answer(listener: &Listener, bound: &Bound, request: Request) -> Result<Reply, Reason> {
    let hub = &listener.hub;
    match request {
        Request::Hello { .. } => Err(Reason::Malformed("the connection is bound already".into())),
        Request::Submit { releases } => {
            let lines = hub.intake().submit(bound.author, releases).await?;
            logged(listener, lines)
        }
        Request::Declare { kind, statement } => {
            let token = listener.take_token(&listener.declarations, bound.code.as_str());
            token.map_err(|exhausted| Reason::Busy(u32::try_from(exhausted.retry_after_secs).unwrap_or(u32::MAX)))?;
            let lines = hub.intake().declare(bound.author, kind, statement).await?;
            logged(listener, lines)
        }
        Request::Read { releases } => {
            let read = hub.reading().bodies(bound.author.participant, releases).await?;
            let refuse = |(release, reason): (LineIndex, Reason)| {
                refusals::log(bound.code.as_str(), &reason);
                RefusedRead { release, statement: listener.refuse(Hash::ZERO, &reason) }
            };
            Ok(Reply::Bodies { bodies: read.bodies, refused: read.refused.into_iter().map(refuse).collect() })
        }
        Request::Overview { form, period } => {
            let tables = hub.reading().sums(bound.author.participant, &form, period).await?;
            Ok(Reply::BlockTables { tables })
        }
        Request::Lines { from, count } => lines(listener, from, count).await,
        Request::Checkpoint { since, note } => checkpoint(listener, bound, since, note).await,
        Request::Proof { index, size } => Ok(Reply::Proof { path: hub.ledger().view().inclusion(index, size)? }),
        Request::Receipt { index, size } => receipt(listener, index, size),
        Request::Renew { request } => {
            let (hub, participant, shown) = (hub.clone(), bound.author.participant, bound.certificate.clone());
            let chain = beside(move || hub.admission().renew(participant, &shown, &request, hub.now())).await?;
            Ok(Reply::Certificate { chain: chain.into_iter().map(ByteVec::from).collect() })
        }
        Request::Revocations {} => {
            let hub = hub.clone();
            let lists = beside(move || {
                hub.authority().revocation_lists(hub.now()).map_err(|error| {
                    tracing::error!(%error, "The revocation lists cannot be given");
                    Reason::Unavailable("its certificate authority does not answer at the moment".into())
                })
            });
            Ok(Reply::Revocations { lists: lists.await?.into_iter().map(ByteVec::from).collect() })
        }
    }
}

/// Work that waits for files, beside the thread that serves others.
pub(super) async fn beside<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Reason> + Send + 'static,
) -> Result<T, Reason> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|error| {
        tracing::error!(%error, "A request did not finish");
        Err(Reason::Unavailable("it did not finish".into()))
    })
}

fn logged(listener: &Listener, lines: Vec<LineIndex>) -> Result<Reply, Reason> {
    let receipt = listener.hub.ledger().view().receipt(&lines)?;
    Ok(Reply::Logged { lines, checkpoint: receipt.checkpoint, proofs: receipt.paths })
}

async fn lines(listener: &Listener, from: LineIndex, count: u64) -> Result<Reply, Reason> {
    // Not beyond what is under the checkpoint that callers get.
    let size = listener.hub.ledger().view().size();
    let count = count.min(LINES_MAX).min(size.saturating_sub(from));
    if count == 0 {
        return Ok(Reply::Lines { lines: Vec::new() });
    }
    let mut tx = listener.hub.database().read("read lines").await.map_err(unavailable)?;
    let lines = store::lines::range(&mut tx, from, count, LINES_BYTES_MAX).await.map_err(unavailable)?;
    Ok(Reply::Lines { lines: lines.into_iter().map(|line| ByteVec::from(line.bytes)).collect() })
}

async fn checkpoint(listener: &Listener, bound: &Bound, since: u64, note: Option<String>) -> Result<Reply, Reason> {
    if let Some(shown) = note.and_then(|note| signed_here(listener, &note)) {
        compare(listener, bound, &shown).await?;
    }
    let view = listener.hub.ledger().view();
    let note = view.checkpoint().ok_or_else(|| Reason::NotFound("checkpoint yet".into()))?.to_string();
    Ok(Reply::Checkpoint { note, proof: view.consistency(since)? })
}

/// The checkpoint in a note, if this hub has signed it. Whoever shows another claims something and proves nothing.
fn signed_here(listener: &Listener, note: &str) -> Option<Checkpoint> {
    let hub = &listener.hub;
    let log = VerifierKey::new(&origin(hub.region()), SignatureType::Ed25519, hub.key().public()).ok()?;
    let signed: SignedCheckpoint = note.parse().ok()?;
    signed.verify(&log).ok()?;
    Some(signed.checkpoint().clone())
}

/// Compares a checkpoint that this hub has signed with its ledger.
async fn compare(listener: &Listener, bound: &Bound, shown: &Checkpoint) -> Result<(), Reason> {
    let ledger = listener.hub.ledger();
    let holds = || ledger.view().root_at(shown.size()).is_ok_and(|root| root == shown.root());
    if holds() {
        return Ok(());
    }
    // Another process may have written and shown what this one has not taken in yet.
    ledger.follow().await.map_err(|error| {
        tracing::error!(%error, "A node's checkpoint could not be compared with the ledger");
        Reason::Unavailable("its database does not answer at the moment".into())
    })?;
    if holds() { Ok(()) } else { alarm(listener, bound, shown).await }
}

/// The hub has signed more than its ledger holds, or something else: it was restored from an old backup. Going on would
/// write a second history, so the hub writes nothing until an operator has decided.
async fn alarm(listener: &Listener, bound: &Bound, shown: &Checkpoint) -> Result<(), Reason> {
    let alarm = Alarm {
        raised_at: listener.hub.now(),
        cause: AlarmCause::Lost { participant: bound.author.participant, size: shown.size(), root: shown.root() },
        size_here: listener.hub.ledger().view().size(),
        settled_at: None,
    };
    let mut tx = listener.hub.database().begin("raise an alarm").await.map_err(unavailable)?;
    let new = store::alarms::raise(&mut tx, &alarm).await.map_err(unavailable)?;
    tx.commit().await.map_err(unavailable)?;
    if new {
        tracing::error!(
            participant.code = %bound.code, size_seen = shown.size(), alarm.size_here,
            "ALARM: a node has seen lines that this hub has signed and does not have. The hub writes nothing until you decide; see 'vrs-hub check'"
        );
    }
    Ok(())
}

fn receipt(listener: &Listener, index: LineIndex, size: u64) -> Result<Reply, Reason> {
    let hub = &listener.hub;
    let (path, root) = {
        let view = hub.ledger().view();
        (view.inclusion(index, size)?, view.root_at(size)?)
    };
    let proof = InclusionProof { size, index, path };
    let receipt = Receipt::issue(&origin(hub.region()), &format!("line {index}"), proof, &root, hub.key());
    let receipt = receipt.map_err(|error| Reason::Unavailable(error.to_string()))?;
    Ok(Reply::Receipt { receipt: receipt.bytes().to_vec() })
}
