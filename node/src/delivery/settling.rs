//! What follows from new lines of the ledger: our releases become final or end, flaws are objected to, what we may no longer
//! hold is erased and the erasure signed.

use vrs_protocol::codec;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::LineIndex;
use vrs_protocol::ledger::{Erasure, Line, LineKind, Objection};
use vrs_protocol::region::State as Logged;
use vrs_protocol::statement::{SigningKey, Statement};
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::Transaction;

use crate::error::Result;
use crate::mirror::{About, Flaw, View};
use crate::node::{Me, sign_declaration};
use crate::release::{Ended, State};
use crate::store;
use crate::store::outbox::Load;

/// Objections of one round: a hub with thousands of flawed lines is not worth thousands of lines more.
const OBJECTIONS_MAX: usize = 16;
/// Erasures acknowledged in one line.
const ERASURES_MAX: usize = 500;
/// Longest text of an objection; the ledger takes 1,000 bytes.
const OBJECTION_CHARS_MAX: usize = 240;

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
        if !lines.is_empty() {
            store::catalogues::set_in_force(tx, self.view.region().catalogues()).await?;
        }
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

    /// Puts an objection into the outbox. The ledger takes one of ours to a line, so what more is wrong with it stays here.
    pub(crate) async fn object(&self, tx: &mut Transaction, line: LineIndex, number: u16, text: &str) -> Result<()> {
        let waiting = store::outbox::open_statements(tx, LineKind::Objection, self.view.size()).await?;
        let objections = waiting.iter().filter_map(|statement| said::<Objection>(statement));
        if self.view.region().objected(Some(self.me.id), line) || objections.into_iter().any(|said| said.line == line) {
            return Ok(());
        }
        // Some of the words may be the hub's own, and the ledger takes no control characters.
        let letters = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
        let objection = Objection { line, number, text: letters.take(OBJECTION_CHARS_MAX).collect() };
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
            let said: Option<Erasure> = said(&statement);
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

/// What one of our own statements says.
fn said<T: for<'b> minicbor::Decode<'b, ()> + minicbor::Encode<()>>(statement: &[u8]) -> Option<T> {
    codec::decode_strict(Statement::parse(statement).ok()?.payload()).ok()
}

fn join(lines: &[LineIndex]) -> String {
    lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
