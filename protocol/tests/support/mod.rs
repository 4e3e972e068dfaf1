//! A region in memory: one ledger, its hub, and whoever takes part. Keys and nonces come from counters, so every history
//! is the same each time it is told. Every line goes through [`Region::take`], as at a mirror: a history that can be told
//! is an audit that found nothing.
//!
//! - `tables`: short ways to write tables and audiences;
//! - `hub`: what a hub does besides: serve what may be served, compile editions.

// Each test program has its own copy and uses its part.
#![allow(dead_code, unreachable_pub, unused_imports)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod hub;
mod tables;

use std::collections::BTreeMap;

use vrs_protocol::audience::{Audience, AudienceChoice};
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::charter::Charter;
use vrs_protocol::codec;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{LineIndex, ParticipantCode, ParticipantId};
use vrs_protocol::ledger::{Erasure, Extension, Genesis, Line, LineKind, ParticipantChange, ParticipantKind};
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::Region;
use vrs_protocol::release::{Draft, Manifest, Nonce, Operator, SignedRelease, Terms, Withdrawal, WithdrawalReason};
use vrs_protocol::statement::{Header, SigningKey, Statement};
use vrs_protocol::table::Table;
use vrs_protocol::time::Timestamp;

pub use hub::{BlockFigures, Compiled};
pub use tables::{cell, form, key, period, table, topic};

/// Name of the region in every test.
const REGION: &str = "Test";

/// A region, seen by its hub and its mirrors at once.
pub struct World {
    /// What follows from the ledger.
    pub region: Region,
    /// The ledger, byte for byte.
    pub lines: Vec<Vec<u8>>,
    /// The hub's clock. Each line moves it by a second.
    pub time: Timestamp,
    /// Bodies at the hub, by line of the release.
    pub bodies: BTreeMap<LineIndex, Table>,
    /// What the hub compiled, by line of the edition.
    pub compiled: BTreeMap<LineIndex, Compiled>,
    hub: SigningKey,
    keys: BTreeMap<ParticipantId, SigningKey>,
    seeds: u64,
}

/// What goes into a release besides its figures.
#[derive(Clone, Default)]
pub struct How<'a> {
    /// Tables submitted together with it, itself included.
    pub bundle: &'a [(&'a str, &'a str)],
    /// Periods of which it is the sum.
    pub sources: &'a [&'a str],
    /// Accepts this Charter instead of the one in force.
    pub charter: Option<LineIndex>,
}

impl World {
    /// A region under a standard Charter, long after the periods of all tests.
    pub fn new() -> Self {
        Self::with_charter(|_| {})
    }

    /// A region under a Charter of its own.
    pub fn with_charter(change: impl FnOnce(&mut Charter)) -> Self {
        let mut world = Self {
            region: Region::empty(Catalogue::bundled()),
            lines: Vec::new(),
            time: Timestamp::from_date(2030, 1, 1).unwrap(),
            bodies: BTreeMap::new(),
            compiled: BTreeMap::new(),
            hub: seeded(0),
            keys: BTreeMap::new(),
            seeds: 1,
        };
        let genesis = Genesis { region: REGION.into(), hub_key: world.hub.public(), authority: Hash::ZERO };
        world.hub_line(LineKind::Genesis, &genesis).unwrap();
        world.charter(change);
        world
    }

    /// A region whose participants are admitted in this order.
    pub fn of(codes: &[&str]) -> Self {
        let mut world = Self::new();
        for code in codes {
            world.admit(code);
        }
        world
    }

    // The ledger.

    /// Takes a line in, as the hub that wrote it and as every mirror.
    pub fn append(&mut self, line: &Line) -> Result<LineIndex, Reason> {
        let bytes = line.to_bytes();
        let index = self.region.size();
        self.region.take(&bytes)?;
        self.lines.push(bytes);
        self.time = self.time.plus_secs(1);
        Ok(index)
    }
    /// A line of the hub, signed.
    pub fn hub_line<T: minicbor::Encode<()>>(&mut self, kind: LineKind, payload: &T) -> Result<LineIndex, Reason> {
        let line = Line::sign(kind, self.time, self.region.exchange(), REGION, "line", payload, &self.hub).unwrap();
        self.append(&line)
    }
    /// A participant's statement without a body, signed.
    pub fn statement<T: minicbor::Encode<()>>(&self, code: &str, kind: LineKind, payload: &T) -> Statement {
        let header = Header {
            content_type: kind.content_type(),
            exchange: self.region.exchange(),
            issuer: code.into(),
            subject: kind.word().into(),
            issued_at: Some(self.time),
        };
        Statement::sign(header, &codec::to_bytes(payload), self.key(code)).unwrap()
    }
    /// A statement of a participant as the next line.
    pub fn log(&mut self, code: &str, kind: LineKind, statement: &Statement) -> Result<LineIndex, Reason> {
        let line = Line::new(kind, self.time, Some(self.id(code)), statement.bytes().to_vec());
        self.append(&line)
    }
    /// Reads the whole ledger again from its first line.
    pub fn audit(&self) -> Result<Region, (usize, Reason)> {
        let mut region = Region::empty(Catalogue::bundled());
        for (index, line) in self.lines.iter().enumerate() {
            region.take(line).map_err(|reason| (index, reason))?;
        }
        Ok(region)
    }

    // Who takes part.

    /// Id of a participant.
    pub fn id(&self, code: &str) -> ParticipantId {
        self.region
            .participant_by_code(&ParticipantCode::parse(code).unwrap())
            .unwrap_or_else(|| panic!("no {code}"))
            .id
    }
    /// Label of a participant.
    pub fn code(&self, id: ParticipantId) -> String {
        self.region.code_of(id).to_string()
    }
    /// Its key.
    pub fn key(&self, code: &str) -> &SigningKey {
        &self.keys[&self.id(code)]
    }
    /// The hub's key.
    pub fn hub_key(&self) -> &SigningKey {
        &self.hub
    }
    /// Admits a participant.
    pub fn admit(&mut self, code: &str) -> ParticipantId {
        self.admit_child(code, None)
    }
    /// Admits a participant that belongs to another.
    pub fn admit_child(&mut self, code: &str, parent: Option<&str>) -> ParticipantId {
        let key = seeded(self.seed());
        let change = ParticipantChange::Admit {
            code: ParticipantCode::parse(code).unwrap(),
            kind: if parent.is_some() { ParticipantKind::Territory } else { ParticipantKind::State },
            parent: parent.map(|parent| self.id(parent)),
            name: code.into(),
            key: key.public(),
            votes: Vec::new(),
        };
        let id = ParticipantId(self.hub_line(LineKind::Participant, &change).unwrap());
        self.keys.insert(id, key);
        id
    }
    /// Suspends a participant.
    pub fn suspend(&mut self, code: &str) -> LineIndex {
        let change = ParticipantChange::Suspend { participant: self.id(code), votes: Vec::new() };
        self.hub_line(LineKind::Participant, &change).unwrap()
    }
    /// Gives it its rights back.
    pub fn resume(&mut self, code: &str) -> LineIndex {
        let change = ParticipantChange::Resume { participant: self.id(code), votes: Vec::new() };
        self.hub_line(LineKind::Participant, &change).unwrap()
    }
    /// A new Charter, made from the one in force.
    pub fn charter(&mut self, change: impl FnOnce(&mut Charter)) -> LineIndex {
        let mut charter = self
            .region
            .charter()
            .map_or_else(|| Charter::standard(Catalogue::bundled()), |(_, charter)| charter.clone());
        change(&mut charter);
        self.hub_line(LineKind::Charter, &charter).unwrap()
    }
    /// Names an observer in the Charter.
    pub fn observer(&mut self, code: &str) -> LineIndex {
        let code = ParticipantCode::parse(code).unwrap();
        self.charter(|charter| {
            charter.observers.insert(code);
        })
    }

    // What leaves a state.

    /// An audience as a person writes it.
    pub fn audience(&self, text: &str) -> Audience {
        match AudienceChoice::parse(text).unwrap() {
            AudienceChoice::Keep => panic!("'keep' is no release"),
            AudienceChoice::Totals => Audience::Totals,
            AudienceChoice::Contributors => Audience::Contributors,
            AudienceChoice::Named(codes) => Audience::Named(codes.iter().map(|code| self.id(code.as_str())).collect()),
        }
    }
    /// A release, prepared by one person, approved by another and signed, as the author's node makes it now.
    pub fn sign(&mut self, author: &str, audience: &Audience, table: &Table, how: &How<'_>) -> SignedRelease {
        let id = self.id(author);
        let subject = self.region.subject(id, &table.form, table.period);
        let mut bundle: Vec<_> = how.bundle.iter().map(|(code, when)| (form(code), period(when))).collect();
        bundle.sort();
        let mut sources: Vec<Hash> =
            how.sources.iter().map(|when| self.region.current(id, &table.form, period(when)).unwrap().id).collect();
        sources.sort();
        let terms = Terms {
            participant: id,
            audience: audience.clone(),
            revision: subject.map_or(1, |subject| subject.revision + 1),
            previous: subject.map(|subject| subject.last),
            catalogue: Catalogue::bundled().hash(),
            charter: how.charter.unwrap_or_else(|| self.region.charter().unwrap().0),
            policy: 0,
            sources,
            bundle,
        };
        let nonce = Nonce(Hash::of(&self.seed().to_be_bytes()).0);
        let shape = Catalogue::bundled().form(&table.form).unwrap();
        let draft = Draft::prepare(table, shape, terms, nonce, Operator("one".into())).unwrap();
        let approved = draft.approve(&Operator("other".into()), self.time).unwrap();
        approved.sign(self.region.exchange(), author, self.key(author)).unwrap()
    }
    /// A release with a manifest that no node of this version would make.
    pub fn sign_manifest(&self, author: &str, manifest: &Manifest) -> Statement {
        self.statement(author, LineKind::Release, manifest)
    }
    /// A release alone.
    pub fn release(
        &mut self,
        author: &str,
        form: &str,
        when: &str,
        audience: &str,
        cells: &[(&str, &str)],
    ) -> Result<LineIndex, Reason> {
        let audience = self.audience(audience);
        self.release_table(author, &audience, table(form, when, cells), &How::default())
    }
    /// A release of a table.
    pub fn release_table(
        &mut self,
        author: &str,
        audience: &Audience,
        table: Table,
        how: &How<'_>,
    ) -> Result<LineIndex, Reason> {
        let release = self.sign(author, audience, &table, how);
        let index = self.log(author, LineKind::Release, &release.statement)?;
        self.bodies.insert(index, table);
        Ok(index)
    }
    /// Releases submitted together in this order: all or none.
    pub fn bundle(&mut self, author: &str, audience: &str, tables: &[Table]) -> Result<Vec<LineIndex>, Reason> {
        let audience = self.audience(audience);
        let names: Vec<(String, String)> =
            tables.iter().map(|table| (table.form.to_string(), table.period.to_string())).collect();
        let items: Vec<(&str, &str)> = names.iter().map(|(form, when)| (form.as_str(), when.as_str())).collect();
        let (region, lines, time) = (self.region.clone(), self.lines.len(), self.time);
        let mut indexes = Vec::new();
        for table in tables {
            match self.release_table(author, &audience, table.clone(), &How { bundle: &items, ..How::default() }) {
                Ok(index) => indexes.push(index),
                Err(reason) => {
                    self.region = region;
                    self.lines.truncate(lines);
                    self.bodies.retain(|line, _| *line < lines as u64);
                    self.time = time;
                    return Err(reason);
                }
            }
        }
        Ok(indexes)
    }
    /// Line of an author's current release.
    pub fn current(&self, author: &str, code: &str, when: &str) -> LineIndex {
        self.region
            .current(self.id(author), &form(code), period(when))
            .unwrap_or_else(|| panic!("{author} has no current {code} {when}"))
            .index
    }
    /// Withdraws the current release.
    pub fn withdraw(&mut self, author: &str, form: &str, when: &str) -> Result<LineIndex, Reason> {
        let release = self.region.release(self.current(author, form, when)).unwrap().id;
        let withdrawal =
            Withdrawal { version: 1, participant: self.id(author), release, reason: WithdrawalReason::Unstated };
        let statement = self.statement(author, LineKind::Withdrawal, &withdrawal);
        self.log(author, LineKind::Withdrawal, &statement)
    }
    /// Opens the current releases of some tables to newcomers.
    pub fn extend(&mut self, author: &str, tables: &[(&str, &str)], to: &[&str]) -> Result<LineIndex, Reason> {
        let mut releases: Vec<Hash> = tables
            .iter()
            .map(|(form, when)| self.region.release(self.current(author, form, when)).unwrap().id)
            .collect();
        releases.sort();
        let mut to: Vec<ParticipantId> = to.iter().map(|code| self.id(code)).collect();
        to.sort();
        let statement =
            self.statement(author, LineKind::Extension, &Extension { participant: self.id(author), releases, to });
        self.log(author, LineKind::Extension, &statement)
    }
    /// A holder acknowledges the erasure of some releases.
    pub fn erase(&mut self, holder: &str, mut releases: Vec<LineIndex>) -> Result<LineIndex, Reason> {
        releases.sort_unstable();
        let statement = self.statement(holder, LineKind::Erasure, &Erasure { releases });
        self.log(holder, LineKind::Erasure, &statement)
    }
    /// A holder erases everything it owes; nothing happens where it owes nothing.
    pub fn erase_due(&mut self, holder: &str) {
        let due: Vec<LineIndex> = self.region.erasures_due_by(self.id(holder)).collect();
        if !due.is_empty() {
            self.erase(holder, due).unwrap();
        }
    }

    // Questions.

    /// Why a reader may or may not read an author's figures: `read` or the sentence.
    pub fn why(&self, reader: &str, author: &str, code: &str, when: &str) -> String {
        match self.region.figures(self.id(reader), self.id(author), &form(code), period(when)) {
            Ok(_) => "read".into(),
            Err(reason) => reason.to_string(),
        }
    }
    /// Whose figures a reader may read, by code.
    pub fn reads(&self, reader: &str, code: &str, when: &str) -> Vec<String> {
        let rights = self.region.readable(self.id(reader), &form(code), period(when));
        let authors = rights.iter().map(|right| self.region.release(right.theirs).unwrap().manifest.participant);
        self.region.codes_of(authors).iter().map(ToString::to_string).collect()
    }
    /// Who owes the erasure of which line: holder (`hub` for the hub) and line.
    pub fn owed(&self) -> Vec<(String, LineIndex)> {
        let holder = |holder: Option<ParticipantId>| holder.map_or_else(|| "hub".to_owned(), |id| self.code(id));
        self.region.erasures_due().iter().map(|due| (holder(due.holder), due.release)).collect()
    }

    fn seed(&mut self) -> u64 {
        self.seeds += 1;
        self.seeds
    }
}

fn seeded(seed: u64) -> SigningKey {
    SigningKey::from_seed(&Hash::of(format!("key {seed}").as_bytes()).0)
}
