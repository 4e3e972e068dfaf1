//! Fetches the bodies and block tables that may be read, and keeps those that are what the ledger says.

use std::collections::BTreeSet;

use vrs_protocol::hash::Hash;
use vrs_protocol::id::LineIndex;
use vrs_protocol::region::Region;
use vrs_protocol::wire::{READ_MAX, Reply, Request, ServedBlockTable, ServedBody};

use super::connection::refusal;
use super::settling::Settling;
use super::{Session, SignedRefusal};
use crate::error::{NodeError, Result};
use crate::mirror::{About, Flaw};
use crate::node::Node;
use crate::reading::{self, NotKept};
use crate::store;
use crate::store::blocks::HeldBlockTable;
use crate::store::bodies::HeldBody;
use crate::store::refusals::NewRefusal;

/// Bytes of bodies asked for at once: half of what one reply may hold.
const ASKED_BYTES_MAX: usize = 8 << 20;

/// What was flawed is asked for again after so long: the hub may have been mended, and nobody here can tell.
const FLAWED_AGAIN_SECS: u64 = 86_400;

/// What a round of reading brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fetched {
    /// Bodies that were kept.
    pub bodies: usize,
    /// Block tables that were kept.
    pub sums: usize,
    /// What was not what the ledger says.
    pub flawed: usize,
}

impl Node {
    /// Fetches everything that may be read and is not at hand.
    ///
    /// # Errors
    /// See [`NodeError`].
    pub async fn fetch_readable(&self, session: &Session) -> Result<Fetched> {
        self.require_trust().await?;
        let me = session.me().id;
        let mut fetched = Fetched::default();
        let view = self.view().await?;
        let mut tx = self.database().read("find what is at hand").await?;
        let held = store::bodies::held(&mut tx).await?;
        let sums_held = store::blocks::held(&mut tx).await?;
        let flawed = store::flaws::since(&mut tx, self.now().0.saturating_sub(FLAWED_AGAIN_SECS)).await?;
        drop(tx);
        let flawed_sums: BTreeSet<Hash> = flawed.iter().filter_map(|flaw| sums_of(view.region(), *flaw)).collect();
        let wanted: Vec<(LineIndex, usize)> = reading::readable(view.region(), me)
            .into_iter()
            .filter(|line| !held.contains(line) && !flawed.contains(&(*line, About::Body)))
            .filter_map(|line| Some((line, view.region().release(line)?.manifest.body_bytes as usize)))
            .collect();
        for batch in batches(&wanted) {
            let request = Request::Read { releases: batch.clone() };
            let Reply::Bodies { bodies, refused } = session.call(&request).await? else {
                return Err(NodeError::Hostile("a reply to another question".into()));
            };
            // Each flaw is kept, so nobody may make us keep flaws of what does not exist.
            if let Some(other) = bodies.iter().find(|body| !batch.contains(&body.release)) {
                return Err(NodeError::Hostile(format!("a body nobody asked for, of line {}", other.release)));
            }
            for refused in refused {
                let signed = SignedRefusal {
                    refusal: refusal(&refused.statement, session.me(), None)?,
                    statement: refused.statement,
                };
                self.keep_read_refusal(refused.release, &signed).await?;
            }
            if !bodies.is_empty() {
                // The serving lines came before the bodies.
                self.mirror(session).await?;
                self.keep_bodies(session, bodies, &mut fetched).await?;
            }
        }
        for (form, period, hashes) in reading::visible_sums(view.region(), me) {
            if hashes.iter().all(|hash| sums_held.contains(hash) || flawed_sums.contains(hash)) {
                continue;
            }
            let Reply::BlockTables { tables } = session.call(&Request::Overview { form, period }).await? else {
                return Err(NodeError::Hostile("a reply to another question".into()));
            };
            if !tables.is_empty() {
                self.mirror(session).await?;
                self.keep_sums(session, tables, &mut fetched).await?;
            }
        }
        Ok(fetched)
    }

    async fn keep_bodies(&self, session: &Session, bodies: Vec<ServedBody>, fetched: &mut Fetched) -> Result<()> {
        let (view, key, now) = (self.view().await?, self.keys().identity()?, self.now());
        let settling = Settling { me: session.me(), key: &key, now, view: &view };
        let mut tx = self.database().begin("keep bodies").await?;
        for served in bodies {
            match reading::accept(view.region(), session.me().id, &served) {
                Ok(_) => {
                    let ServedBody { release, serving, nonce, body } = served;
                    store::bodies::put(&mut tx, &HeldBody { release, serving, nonce, body, received_at: now }).await?;
                    fetched.bodies += 1;
                }
                Err(NotKept::RightEnded(reason)) => {
                    tracing::info!(release.line = served.release, "A body came too late: {reason}")
                }
                Err(NotKept::Flawed(reason)) => {
                    let (number, sentence) = (reason.number(), reason.to_string());
                    tracing::error!(
                        release.line = served.release,
                        number,
                        "A body is not what the ledger says: {sentence}"
                    );
                    let flaw = Flaw {
                        line: served.release,
                        about: About::Body,
                        number,
                        sentence: sentence.clone(),
                        found_at: now,
                    };
                    if store::flaws::add(&mut tx, &flaw).await? && served.release < view.size() {
                        settling.object(&mut tx, served.release, number, &sentence).await?;
                    }
                    fetched.flawed += 1;
                }
            }
        }
        tx.commit().await?;
        Ok(())
    }

    async fn keep_sums(&self, session: &Session, tables: Vec<ServedBlockTable>, fetched: &mut Fetched) -> Result<()> {
        let (view, key, now) = (self.view().await?, self.keys().identity()?, self.now());
        let settling = Settling { me: session.me(), key: &key, now, view: &view };
        let mut tx = self.database().begin("keep sums of blocks").await?;
        for served in tables {
            let about = About::Block { block: served.block, table: served.table };
            if sums_of(view.region(), (served.edition, about)).is_none() {
                return Err(NodeError::Hostile(format!("sums of an edition that is not at line {}", served.edition)));
            }
            match reading::accept_sums(view.region(), session.me().id, &served) {
                Ok(hash) => {
                    let ServedBlockTable { edition, block, table: place, serving, nonce, body } = served;
                    let held = HeldBlockTable { hash, edition, block, place, serving, nonce, body, received_at: now };
                    store::blocks::put(&mut tx, &held).await?;
                    fetched.sums += 1;
                }
                Err(NotKept::RightEnded(reason)) => {
                    tracing::info!(edition.line = served.edition, "Sums of a block came too late: {reason}")
                }
                Err(NotKept::Flawed(reason)) => {
                    let number = reason.number();
                    let sentence = format!("table {} of block {}: {reason}", served.table, served.block);
                    tracing::error!(
                        edition.line = served.edition,
                        number,
                        "Sums of a block are not what the edition says: {sentence}"
                    );
                    let flaw = Flaw { line: served.edition, about, number, sentence: sentence.clone(), found_at: now };
                    if store::flaws::add(&mut tx, &flaw).await? && served.edition < view.size() {
                        settling.object(&mut tx, served.edition, number, &sentence).await?;
                    }
                    fetched.flawed += 1;
                }
            }
        }
        tx.commit().await?;
        Ok(())
    }

    /// A refused read is kept once: the same "no" at every round would only fill the list.
    async fn keep_read_refusal(&self, release: LineIndex, signed: &SignedRefusal) -> Result<()> {
        let SignedRefusal { refusal, statement } = signed;
        let subject = format!("reading the release of line {release}");
        let mut tx = self.database().begin("keep a refused read").await?;
        let known = store::refusals::list(&mut tx, 200).await?;
        if !known.iter().any(|known| known.subject == subject && known.number == refusal.number) {
            let new = NewRefusal { number: refusal.number, sentence: &refusal.sentence, subject: &subject, statement };
            store::refusals::add(&mut tx, new, self.now().0).await?;
            tracing::warn!(number = refusal.number, "The hub refuses {subject}: {}", refusal.sentence);
        }
        tx.commit().await?;
        Ok(())
    }
}

/// The sums that a flaw is about, by the hash under which the edition names them.
fn sums_of(region: &Region, (line, about): (LineIndex, About)) -> Option<Hash> {
    match about {
        About::Block { block, table } => reading::hash_at(region, line, block, table),
        About::Line | About::Body | About::Own => None,
    }
}

/// Lines in portions that one reply can hold.
fn batches(wanted: &[(LineIndex, usize)]) -> Vec<Vec<LineIndex>> {
    let mut batches: Vec<Vec<LineIndex>> = Vec::new();
    let mut bytes = 0;
    for (line, size) in wanted {
        let full = batches.last().is_none_or(|batch| batch.len() >= READ_MAX || bytes + size > ASKED_BYTES_MAX);
        if full {
            batches.push(Vec::new());
            bytes = 0;
        }
        bytes += size;
        if let Some(batch) = batches.last_mut() {
            batch.push(*line);
        }
    }
    batches
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_is_bounded_in_number_and_bytes() {
        let small: Vec<(LineIndex, usize)> = (0..130).map(|line| (line, 4096)).collect();
        assert_eq!(batches(&small).iter().map(Vec::len).collect::<Vec<_>>(), [64, 64, 2]);
        let large: Vec<(LineIndex, usize)> = (0..5).map(|line| (line, 4 << 20)).collect();
        assert_eq!(batches(&large).iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
        assert!(batches(&[]).is_empty());
    }
}
