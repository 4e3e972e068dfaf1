//! Brings the lines of the ledger and checks that they continue what we have. What follows from them is in `settling`.

use std::sync::Arc;

use minicbor::bytes::ByteVec;
use vrs_protocol::checkpoint::SignedCheckpoint;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{LineIndex, origin};
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::Region;
use vrs_protocol::wire::{LINES_MAX, Reply, Request};
use vrs_runtime::database::DatabaseError;
use vrs_runtime::files;

use super::Session;
use super::settling::Settling;
use crate::error::{NodeError, Result};
use crate::mirror::extend::{self, ExtendError, Found, Next, Shown};
use crate::mirror::{Broken, Contradiction, View};
use crate::node::{Me, Node};
use crate::store;

/// Most bytes of lines that are held at once. A region's ledger grows by some tens of megabytes a year; a hub that claims
/// more in one piece is not believed.
const FETCHED_BYTES_MAX: usize = 256 << 20;
/// What a line costs in memory besides its bytes: its place in the list and in the tree. Without it, short lines would cost
/// a hub nothing and this node everything.
const LINE_OVERHEAD_BYTES: usize = 64;
/// Number of the refusal with which a hub says that its ledger is shorter than the caller's (`Reason::NotFound`).
const FEWER_LINES: u16 = 106;

/// What a round of mirroring brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Brought {
    /// New lines.
    pub lines: u64,
    /// Flaws among them.
    pub flaws: usize,
    /// Bodies and sums of blocks that were erased.
    pub erased: usize,
}

impl Node {
    /// Brings the mirror up to the hub's latest checkpoint.
    ///
    /// # Errors
    /// [`NodeError::Broken`] when the hub contradicts what it has signed before; the proof is then in a file.
    pub async fn mirror(&self, session: &Session) -> Result<Brought> {
        let mut brought = Brought::default();
        // A rollback heals when the lines come back. Two signed histories do not heal by themselves.
        if self.head().await?.broken.is_some_and(|broken| broken.kind == Contradiction::Fork) {
            self.require_trust().await?;
        }
        loop {
            let view = self.view().await?;
            let note = self.head().await?.checkpoint.as_ref().map(ToString::to_string);
            let reply = match session.call(&Request::Checkpoint { since: view.size(), note }).await {
                // It has fewer lines than it had signed before, and has just been told so. Its checkpoint of now, beside
                // ours, is the proof.
                Err(NodeError::Hub(signed)) if signed.refusal.number == FEWER_LINES && view.size() > 0 => {
                    session.call(&Request::Checkpoint { since: 0, note: None }).await?
                }
                reply => reply?,
            };
            let Reply::Checkpoint { note, proof } = reply else { return Err(wrong_reply()) };
            let theirs: SignedCheckpoint =
                note.parse().map_err(|error| NodeError::Hostile(format!("a checkpoint that is none: {error}")))?;
            if self.take_to(session, view, &theirs, &proof, &mut brought).await? {
                return Ok(brought);
            }
        }
    }

    /// Whether the mirror has arrived at the checkpoint; `false` when another process was faster and it is to be tried again.
    async fn take_to(
        &self,
        session: &Session,
        view: Arc<View>,
        theirs: &SignedCheckpoint,
        proof: &[Hash],
        brought: &mut Brought,
    ) -> Result<bool> {
        let me = session.me();
        let ours = self.head().await?.checkpoint;
        let log = extend::verifier(&origin(&me.region), &me.hub_key).map_err(hostile)?;
        let shown = Shown { exchange: me.exchange, log: &log, ours: ours.as_ref(), theirs, proof, now: self.now() };
        let lines = match extend::compare(&view, shown).map_err(hostile)? {
            Next::Contradiction(found) => return Err(self.contradicted(*found).await?),
            Next::Same => Vec::new(),
            Next::Fetch => self.fetch(session, view.size(), theirs.checkpoint().size()).await?,
        };
        let from = view.size();
        let (extended, lines) = extended(view.clone(), lines).await?;
        if let Some(found) = extend::arrived(&view, &extended, shown).map_err(hostile)? {
            return Err(self.contradicted(found).await?);
        }
        check_own_place(extended.region(), me)?;

        let mut tx = self.database().begin("take lines of the ledger").await?;
        if store::ledger::head(&mut tx).await?.size != from {
            return Ok(false);
        }
        match store::ledger::append(&mut tx, from, &lines).await {
            Err(DatabaseError::Conflict { .. }) => return Ok(false),
            appended => appended?,
        }
        store::ledger::set_checkpoint(&mut tx, theirs, self.now().0).await?;
        let key = self.keys().identity()?;
        let settled =
            Settling { me, key: &key, now: self.now(), view: &extended }.settle(&mut tx, from, &lines).await?;
        tx.commit().await?;
        brought.lines += lines.len() as u64;
        brought.flaws += settled.flaws;
        brought.erased += settled.erased;
        self.cut_log(settled.erased > 0).await;
        self.share_view(extended).await;
        Ok(true)
    }

    async fn fetch(&self, session: &Session, from: LineIndex, to: LineIndex) -> Result<Vec<Vec<u8>>> {
        let (mut lines, mut bytes) = (Vec::new(), 0_usize);
        while from + (lines.len() as u64) < to {
            let at = from + lines.len() as u64;
            let count = (to - at).min(LINES_MAX);
            let Reply::Lines { lines: more } = session.call(&Request::Lines { from: at, count }).await? else {
                return Err(wrong_reply());
            };
            if more.is_empty() || more.len() as u64 > count {
                return Err(NodeError::Hostile(format!("{} lines where up to {count} were asked for", more.len())));
            }
            bytes += weighed(&more)?;
            if bytes > FETCHED_BYTES_MAX {
                return Err(NodeError::Hostile(format!("more than {FETCHED_BYTES_MAX} bytes of lines at once")));
            }
            lines.extend(more.into_iter().map(Vec::from));
        }
        Ok(lines)
    }

    /// Keeps the proof in a file, stops believing the hub, and says so. The same contradiction seen again is the same file.
    async fn contradicted(&self, found: Found) -> Result<NodeError> {
        let shown = [found.evidence.ours.as_deref().unwrap_or_default(), &found.evidence.theirs].concat();
        let name = format!("evidence/fork-{}.json", &Hash::of(shown.as_bytes()).to_string()[..16]);
        let refused = NodeError::Broken(format!(
            "{} Nothing is sent or read until this is cleared up; the proof is in {name}",
            found.sentence
        ));
        if self.head().await?.broken.is_some_and(|broken| broken.evidence == name) {
            return Ok(refused);
        }
        files::private_directory(&self.dir().join("evidence"))?;
        let json = serde_json::to_vec_pretty(&found.evidence).map_err(|error| NodeError::Defect(error.to_string()))?;
        files::write_public(&self.dir().join(&name), &json)?;
        let broken =
            Broken { kind: found.kind, sentence: found.sentence.clone(), at: self.now(), evidence: name.clone() };
        let mut tx = self.database().begin("stop believing the hub").await?;
        store::ledger::set_broken(&mut tx, &broken).await?;
        tx.commit().await?;
        tracing::error!(evidence = %name, "{} Nothing is sent or read until this is cleared up", found.sentence);
        Ok(refused)
    }
}

/// The view with these lines taken in. Most rounds bring none, and then it is the same one.
async fn extended(view: Arc<View>, lines: Vec<Vec<u8>>) -> Result<(Arc<View>, Vec<Vec<u8>>)> {
    if lines.is_empty() {
        return Ok((view, lines));
    }
    // Judging takes the processor for a while; the console goes on beside it.
    let judged = tokio::task::spawn_blocking(move || {
        let mut extended = (*view).clone();
        for line in &lines {
            // What follows could only be judged wrongly, and honest lines would be objected to. The mirror stays where it is.
            if let Some(Reason::CatalogueUnknown { .. }) = extended.take(line) {
                let reason = extended.flaws().last_key_value().map(|(_, reason)| reason.to_string());
                return Err(NodeError::Refused(format!(
                    "{}. Nothing was lost: what is here stays, and what waits in the outbox waits",
                    reason.unwrap_or_default()
                )));
            }
        }
        Ok((Arc::new(extended), lines))
    });
    judged.await.map_err(|error| NodeError::Defect(error.to_string()))?
}

/// What fetched lines cost in memory. No line is empty: each carries at least its kind and a signed statement.
fn weighed(lines: &[ByteVec]) -> Result<usize> {
    let lengths = lines.iter().map(|line| line.len());
    if lengths.clone().any(|length| length == 0) {
        return Err(NodeError::Hostile("an empty line".into()));
    }
    Ok(lengths.map(|length| length + LINE_OVERHEAD_BYTES).sum())
}

/// The ledger must know us by the code and key that are ours, once it has our line.
fn check_own_place(region: &Region, me: &Me) -> Result<()> {
    match region.participant(me.id) {
        None if region.size() <= me.id.0 => Ok(()),
        Some(participant) if participant.code == me.code => Ok(()),
        _ => Err(NodeError::Hostile(format!("the ledger does not know {} at line {}", me.code, me.id.0))),
    }
}

fn hostile(error: ExtendError) -> NodeError {
    NodeError::Hostile(error.to_string())
}

fn wrong_reply() -> NodeError {
    NodeError::Hostile("a reply to another question".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_round_without_lines_copies_nothing() {
        let view = Arc::new(View::empty(vrs_protocol::catalogue::Catalogue::bundled()));
        let (same, _) = extended(view.clone(), Vec::new()).await.unwrap_or_else(|error| panic!("{error}"));
        assert!(Arc::ptr_eq(&view, &same));
    }

    #[tokio::test]
    async fn a_charter_of_a_catalogue_that_is_not_carried_stops_the_mirror_before_it() {
        let mut region = crate::testing::TestRegion::of(&["AUS"]);
        let known = region.lines.clone();
        let unknown = vrs_protocol::charter::Charter {
            catalogue: "2099.1".into(),
            catalogue_hash: vrs_protocol::hash::Hash::of(b"2099.1"),
            ..vrs_protocol::charter::Charter::standard(vrs_protocol::catalogue::Catalogue::bundled())
        };
        region.by_hub(vrs_protocol::ledger::LineKind::Charter, &unknown);
        let view = Arc::new(View::empty(vrs_protocol::catalogue::Catalogue::bundled()));
        let refused = extended(view.clone(), region.lines.clone()).await.err().map(|error| error.to_string());
        let sentence = refused.unwrap_or_default();
        assert!(sentence.contains("2099.1") && sentence.contains("update the program"), "{sentence}");
        let (taken, _) = extended(view, known).await.unwrap_or_else(|error| panic!("{error}"));
        assert!(taken.flaws().is_empty());
    }

    #[test]
    fn short_lines_have_their_weight_and_empty_ones_are_refused() {
        let line = |length: usize| ByteVec::from(vec![7; length]);
        assert_eq!(weighed(&[]).ok(), Some(0));
        assert_eq!(weighed(&[line(1), line(300)]).ok(), Some(1 + 300 + 2 * LINE_OVERHEAD_BYTES));
        assert!(matches!(weighed(&[line(300), line(0)]), Err(NodeError::Hostile(_))));
    }
}
