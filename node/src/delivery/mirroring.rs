//! Brings the lines of the ledger, checks that they continue what we have, and does what follows from them: our releases
//! become final or end, flaws are objected to, what we may no longer hold is erased and the erasure signed.

use std::sync::Arc;

use minicbor::bytes::ByteVec;
use vrs_protocol::checkpoint::SignedCheckpoint;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{LineIndex, origin};
use vrs_protocol::ledger::{Erasure, Line, LineKind, Objection};
use vrs_protocol::region::{Region, State as Logged};
use vrs_protocol::statement::SigningKey;
use vrs_protocol::time::Timestamp;
use vrs_protocol::wire::{LINES_MAX, Reply, Request};
use vrs_runtime::database::{DatabaseError, Transaction};
use vrs_runtime::files;

use super::Session;
use crate::error::{NodeError, Result};
use crate::mirror::extend::{self, ExtendError, Found, Next, Shown};
use crate::mirror::{About, Broken, Contradiction, Flaw, View};
use crate::node::{Me, Node, sign_declaration};
use crate::release::{Ended, State};
use crate::store;
use crate::store::outbox::Load;

/// Most bytes of lines that are held at once. A region's ledger grows by some tens of megabytes a year; a hub that claims
/// more in one piece is not believed.
const FETCHED_BYTES_MAX: usize = 256 << 20;
/// What a line costs in memory besides its bytes: its place in the list and in the tree. Without it, short lines would cost
/// a hub nothing and this node everything.
const LINE_OVERHEAD_BYTES: usize = 64;
/// Objections of one round: a hub with thousands of flawed lines is not worth thousands of lines more.
const OBJECTIONS_MAX: usize = 16;
/// Erasures acknowledged in one line.
const ERASURES_MAX: usize = 500;
/// Number of the refusal with which a hub says that its ledger is shorter than the caller's (`Reason::NotFound`).
const FEWER_LINES: u16 = 106;
/// Longest text of an objection; the ledger takes 1,000 bytes.
const OBJECTION_CHARS_MAX: usize = 240;

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
            let reply = match session.call(&Request::Checkpoint { since: view.size() }).await {
                // It has fewer lines than it had signed before, and has just been told so. Its checkpoint of now, beside
                // ours, is the proof.
                Err(NodeError::Hub(signed)) if signed.refusal.number == FEWER_LINES && view.size() > 0 => {
                    session.call(&Request::Checkpoint { since: 0 }).await?
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
        lines.iter().for_each(|line| {
            extended.take(line);
        });
        (Arc::new(extended), lines)
    });
    judged.await.map_err(|error| NodeError::Defect(error.to_string()))
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

/// What follows from new lines, in the transaction that stores them. Everything here can be done twice without harm.
pub(crate) struct Settling<'a> {
    pub(crate) me: &'a Me,
    pub(crate) key: &'a SigningKey,
    pub(crate) now: Timestamp,
    pub(crate) view: &'a View,
}

/// What was done.
pub(crate) struct Settled {
    pub(crate) flaws: usize,
    pub(crate) erased: usize,
}

impl Settling<'_> {
    pub(crate) async fn settle(&self, tx: &mut Transaction, from: LineIndex, lines: &[Vec<u8>]) -> Result<Settled> {
        self.own_releases(tx).await?;
        self.own_lines(tx, from, lines).await?;
        let flaws = self.flaws(tx, from).await?;
        let erased = self.erase(tx).await?;
        self.acknowledge(tx).await?;
        Ok(Settled { flaws, erased })
    }

    /// Our releases become final under the verified checkpoint, and end when a line ends them.
    async fn own_releases(&self, tx: &mut Transaction) -> Result<()> {
        let region = self.view.region();
        for release in store::releases::list(tx).await? {
            let Some(id) = release.statement_id.filter(|_| release.state.is_on_its_way() || release.state.stands())
            else {
                continue;
            };
            let Some(logged) = region.release_by_id(&id) else {
                if let Some(line) =
                    release.line.filter(|line| release.state == State::Logged && *line < self.view.size())
                {
                    let sentence =
                        format!("the hub said that release {} stands at line {line}, and it does not", release.id);
                    self.keep_flaw(tx, line, About::Own, 300, sentence).await?;
                }
                continue;
            };
            if release.state != State::Final {
                store::releases::set_final(tx, release.id, logged.index, self.now.0).await?;
            }
            let ended = match logged.state {
                Logged::Current => continue,
                Logged::Replaced(line) => Ended { state: State::Replaced, by: Some(line), note: None },
                Logged::Withdrawn(line) => Ended { state: State::Withdrawn, by: Some(line), note: None },
                Logged::Fallen(line) => {
                    let revised = region.release(line).is_some();
                    let state = if revised { State::Replaced } else { State::Withdrawn };
                    let what = if revised { "revised" } else { "withdrawn" };
                    let note = Some(format!("a part it was derived from was {what} at line {line}"));
                    Ended { state, by: Some(line), note }
                }
            };
            store::releases::set_ended(tx, release.id, &ended, self.now.0).await?;
        }
        Ok(())
    }

    /// Lines in our name: parcels of the outbox have arrived, and what this node did not make is an alarm.
    async fn own_lines(&self, tx: &mut Transaction, from: LineIndex, lines: &[Vec<u8>]) -> Result<()> {
        let waiting = store::outbox::waiting(tx).await?;
        for (index, bytes) in (from..).zip(lines) {
            let Ok(line) = Line::from_bytes(bytes) else { continue };
            if line.author != Some(self.me.id) || self.view.flaws().contains_key(&index) {
                continue;
            }
            let known = if line.kind() == Some(LineKind::Release) {
                let release = store::releases::by_statement(tx, Hash::of(&line.statement)).await?;
                if let Some(release) = &release
                    && let Some(parcel) = waiting.iter().find(|parcel| parcel.load == Load::Bundle(release.bundle))
                {
                    store::outbox::set_logged(tx, parcel.id, index, self.now.0).await?;
                }
                release.is_some()
            } else {
                let parcel = store::outbox::by_statement(tx, &line.statement).await?;
                if let Some(parcel) = parcel {
                    store::outbox::set_logged(tx, parcel, index, self.now.0).await?;
                }
                parcel.is_some()
            };
            if !known {
                let kind = line.kind().map_or("unknown", LineKind::word);
                let sentence = format!(
                    "line {index} ({kind}) is signed with our key and this database does not know it: a backup was restored, or somebody else has the key"
                );
                self.keep_flaw(tx, index, About::Own, 203, sentence).await?;
            }
        }
        Ok(())
    }

    /// Flawed lines are kept, said, and objected to, each once.
    async fn flaws(&self, tx: &mut Transaction, from: LineIndex) -> Result<usize> {
        let mut found = 0;
        for (line, reason) in self.view.flaws().range(from..) {
            if self.keep_flaw(tx, *line, About::Line, reason.number(), reason.to_string()).await?
                && found < OBJECTIONS_MAX
            {
                found += 1;
                self.object(tx, *line, reason.number(), &reason.to_string()).await?;
            }
        }
        Ok(found)
    }

    async fn keep_flaw(
        &self,
        tx: &mut Transaction,
        line: LineIndex,
        about: About,
        number: u16,
        sentence: String,
    ) -> Result<bool> {
        let flaw = Flaw { line, about, number, sentence, found_at: self.now };
        let is_new = store::flaws::add(tx, &flaw).await?;
        if is_new {
            tracing::error!(line, number, "Something is wrong: {}", flaw.sentence);
        }
        Ok(is_new)
    }

    /// Puts an objection into the outbox.
    pub(crate) async fn object(&self, tx: &mut Transaction, line: LineIndex, number: u16, text: &str) -> Result<()> {
        let objection = Objection { line, number, text: text.chars().take(OBJECTION_CHARS_MAX).collect() };
        self.put(tx, &format!("objection to line {line} ({number})"), LineKind::Objection, &objection).await
    }

    /// Erases every body and every sum of a block at hand that we may no longer hold.
    async fn erase(&self, tx: &mut Transaction) -> Result<usize> {
        let region = self.view.region();
        let mut erased = 0;
        for line in store::bodies::held(tx).await? {
            if let Err(reason) = region.may_hold(self.me.id, line)
                && store::bodies::erase(tx, line, &reason.to_string(), self.now.0).await?
            {
                erased += 1;
                tracing::info!(release.line = line, "A body was erased because the right to it has ended: {reason}");
            }
        }
        for (hash, edition, block, table) in store::blocks::places(tx).await? {
            if let Err(reason) = region.may_see_block_table(self.me.id, edition, block, table) {
                store::blocks::erase(tx, hash).await?;
                erased += 1;
                tracing::info!(
                    edition.line = edition,
                    block,
                    "Sums of a block were erased because the right to them has ended: {reason}"
                );
            }
        }
        Ok(erased)
    }

    /// Says with a signed line that what had to be erased is erased. Bodies that never arrived are acknowledged too: the
    /// ledger says that they were served.
    async fn acknowledge(&self, tx: &mut Transaction) -> Result<()> {
        let mut due: Vec<LineIndex> = self.view.region().erasures_due_by(self.me.id).collect();
        if due.is_empty() {
            return Ok(());
        }
        for statement in store::outbox::open_statements(tx, LineKind::Erasure, self.view.size()).await? {
            let said = vrs_protocol::statement::Statement::parse(&statement).ok();
            let said: Option<Erasure> = said.and_then(|said| vrs_protocol::codec::decode_strict(said.payload()).ok());
            due.retain(|line| said.as_ref().is_none_or(|said| !said.releases.contains(line)));
        }
        due.sort_unstable();
        for releases in due.chunks(ERASURES_MAX) {
            let subject = format!("erasure of the releases at lines {}", join(releases));
            self.put(tx, &subject, LineKind::Erasure, &Erasure { releases: releases.to_vec() }).await?;
        }
        Ok(())
    }

    async fn put<T: minicbor::Encode<()>>(
        &self,
        tx: &mut Transaction,
        subject: &str,
        kind: LineKind,
        payload: &T,
    ) -> Result<()> {
        let statement = sign_declaration(self.me, self.key, kind, payload, subject, self.now)?;
        store::outbox::add(tx, subject, &Load::Statement(kind, statement), self.now.0).await?;
        Ok(())
    }
}

fn join(lines: &[LineIndex]) -> String {
    lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
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

    #[test]
    fn short_lines_have_their_weight_and_empty_ones_are_refused() {
        let line = |length: usize| ByteVec::from(vec![7; length]);
        assert_eq!(weighed(&[]).ok(), Some(0));
        assert_eq!(weighed(&[line(1), line(300)]).ok(), Some(1 + 300 + 2 * LINE_OVERHEAD_BYTES));
        assert!(matches!(weighed(&[line(300), line(0)]), Err(NodeError::Hostile(_))));
    }
}
