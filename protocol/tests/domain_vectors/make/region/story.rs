//! Tells the story of a ledger: what is written, by whom, and whether it may stand there.

use std::collections::BTreeMap;

use vrs_protocol::audience::Audience;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::charter::Charter;
use vrs_protocol::codec::to_bytes;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{FormCode, LineIndex, ParticipantCode, ParticipantId};
use vrs_protocol::ledger::{
    Erasure, Genesis, Line, LineKind, ParticipantChange, ParticipantKind, Served, ServedItem, Serving,
};
use vrs_protocol::period::Period;
use vrs_protocol::release::{Manifest, Withdrawal, WithdrawalReason};
use vrs_protocol::statement::{Header, SigningKey, Statement};
use vrs_protocol::time::Timestamp;

use super::super::{hub, key_of};

/// A release as the story remembers it.
#[derive(Clone)]
pub(crate) struct Told {
    /// Its line.
    pub(crate) line: LineIndex,
    /// SHA-256 of its statement.
    pub(crate) id: Hash,
    /// What it says.
    pub(crate) manifest: Manifest,
}

/// A ledger as it grows. Its own book-keeping is plain counting; it never asks the rules.
pub(crate) struct Story {
    rows: Vec<(String, Vec<u8>)>,
    size: u64,
    time: u64,
    exchange: Hash,
    ids: BTreeMap<String, ParticipantId>,
    keys: BTreeMap<String, SigningKey>,
    charter: (LineIndex, Charter),
    subjects: BTreeMap<(String, FormCode, Period), (u32, Hash)>,
}

pub(crate) fn form(code: &str) -> FormCode {
    FormCode::parse(code).unwrap()
}
pub(crate) fn period(text: &str) -> Period {
    Period::parse(text).unwrap()
}
pub(crate) fn code(text: &str) -> ParticipantCode {
    ParticipantCode::parse(text).unwrap()
}
pub(crate) fn table(text: &str) -> (FormCode, Period) {
    let (f, p) = text.split_once(' ').unwrap();
    (form(f), period(p))
}

impl Story {
    /// The region's name.
    pub(crate) const REGION: &'static str = "Demo";
    /// 1 April 2022: everything of 2021 has ended, and the closing dates of its first editions have come.
    const BEGINS: u64 = 1_648_771_200;

    /// A genesis line, a standard Charter, and participants in this order.
    pub(crate) fn begin(codes: &[&str]) -> Self {
        Self::begin_with(Charter::standard(Catalogue::bundled()), codes)
    }

    /// The same with another Charter.
    pub(crate) fn begin_with(charter: Charter, codes: &[&str]) -> Self {
        let mut story = Self::nothing();
        let genesis = story.genesis();
        story.exchange = Hash::of(&genesis);
        story.ok(genesis);
        story.charter(charter);
        for code in codes {
            story.admit(code, None);
        }
        story
    }

    /// No line yet.
    pub(crate) fn nothing() -> Self {
        Self {
            rows: Vec::new(),
            size: 0,
            time: Self::BEGINS,
            exchange: Hash::ZERO,
            ids: BTreeMap::new(),
            keys: BTreeMap::new(),
            charter: (0, Charter::standard(Catalogue::bundled())),
            subjects: BTreeMap::new(),
        }
    }

    pub(crate) fn rows(&self) -> &[(String, Vec<u8>)] {
        &self.rows
    }
    /// Index of the next line.
    pub(crate) const fn size(&self) -> u64 {
        self.size
    }
    pub(crate) const fn exchange(&self) -> Hash {
        self.exchange
    }
    pub(crate) fn id(&self, code: &str) -> ParticipantId {
        self.ids[code]
    }
    /// Lets seconds pass, or go back.
    pub(crate) fn pass(&mut self, secs: i64) {
        self.time = self.time.checked_add_signed(secs).unwrap();
    }

    // What becomes of a line.

    /// It may stand here.
    pub(crate) fn ok(&mut self, line: Vec<u8>) -> LineIndex {
        self.row("ok", line)
    }
    /// A hub of this version does not write it; a mirror takes it in.
    pub(crate) fn only_mirrored(&mut self, line: Vec<u8>) -> LineIndex {
        self.row("409-unless-mirrored", line)
    }
    /// It is refused with this number; the next line takes its place.
    pub(crate) fn refused(&mut self, number: u16, line: Vec<u8>) {
        self.rows.push((number.to_string(), line));
        self.time += 60;
    }
    fn row(&mut self, outcome: &str, line: Vec<u8>) -> LineIndex {
        self.rows.push((outcome.into(), line));
        self.time += 60;
        self.size += 1;
        self.size - 1
    }

    // Statements and lines.

    pub(crate) fn header(&self, kind: LineKind, issuer: &str) -> Header {
        Header {
            content_type: kind.content_type(),
            exchange: self.exchange,
            issuer: issuer.into(),
            subject: kind.word().into(),
            issued_at: None,
        }
    }
    /// A line around a statement.
    pub(crate) fn line(&self, kind: LineKind, author: Option<&str>, statement: &Statement) -> Vec<u8> {
        let author = author.map(|code| self.ids[code]);
        Line::new(kind, Timestamp(self.time), author, statement.bytes().to_vec()).to_bytes()
    }
    /// A line of the hub.
    pub(crate) fn by_hub<T: minicbor::Encode<()>>(&self, kind: LineKind, payload: &T) -> Vec<u8> {
        let statement = Statement::sign(self.header(kind, Self::REGION), &to_bytes(payload), &hub()).unwrap();
        self.line(kind, None, &statement)
    }
    /// A line of a participant, signed with the key in force.
    pub(crate) fn by<T: minicbor::Encode<()>>(&self, author: &str, kind: LineKind, payload: &T) -> Vec<u8> {
        let statement = Statement::sign(self.header(kind, author), &to_bytes(payload), &self.keys[author]).unwrap();
        self.line(kind, Some(author), &statement)
    }

    // Governance.

    pub(crate) fn genesis(&self) -> Vec<u8> {
        let genesis =
            Genesis { region: Self::REGION.into(), hub_key: hub().public(), authority: Hash::of(b"root certificate") };
        let header = Header { exchange: Hash::ZERO, ..self.header(LineKind::Genesis, Self::REGION) };
        let statement = Statement::sign(header, &to_bytes(&genesis), &hub()).unwrap();
        self.line(LineKind::Genesis, None, &statement)
    }
    pub(crate) fn charter(&mut self, charter: Charter) -> LineIndex {
        self.charter = (self.size, charter.clone());
        self.ok(self.by_hub(LineKind::Charter, &charter))
    }
    pub(crate) fn admission(&self, label: &str, parent: Option<&str>) -> ParticipantChange {
        let parent = parent.map(|parent| self.ids[parent]);
        let (code, key) = (code(label), key_of(label).public());
        let kind = if parent.is_some() { ParticipantKind::Territory } else { ParticipantKind::State };
        ParticipantChange::Admit { code, kind, parent, name: format!("State of {label}"), key, votes: Vec::new() }
    }
    pub(crate) fn admit(&mut self, label: &str, parent: Option<&str>) -> LineIndex {
        let change = self.admission(label, parent);
        self.ids.insert(label.into(), ParticipantId(self.size));
        self.keys.insert(label.into(), key_of(label));
        self.ok(self.by_hub(LineKind::Participant, &change))
    }
    pub(crate) fn suspension(&self, code: &str) -> Vec<u8> {
        self.by_hub(
            LineKind::Participant,
            &ParticipantChange::Suspend { participant: self.id(code), votes: Vec::new() },
        )
    }
    pub(crate) fn resumption(&self, code: &str) -> Vec<u8> {
        self.by_hub(LineKind::Participant, &ParticipantChange::Resume { participant: self.id(code), votes: Vec::new() })
    }
    /// From here on a participant signs with another key.
    pub(crate) fn use_key(&mut self, code: &str, key: SigningKey) {
        self.keys.insert(code.into(), key);
    }

    // Releases.

    /// The next revision of a table under an audience, ready to be changed.
    pub(crate) fn manifest(&self, author: &str, of: &str, audience: Audience) -> Manifest {
        let (form, period) = table(of);
        let last = self.subjects.get(&(author.to_owned(), form.clone(), period)).copied();
        Manifest {
            version: 1,
            participant: self.id(author),
            form,
            period,
            stream: 0,
            revision: last.map_or(1, |(revision, _)| revision + 1),
            previous: last.map(|(_, hash)| hash),
            catalogue: self.charter.1.catalogues().unwrap().of(period).hash(),
            charter: self.charter.0,
            policy: 1,
            audience,
            sources: Vec::new(),
            core_answered: true,
            body_bytes: 4096,
            body_hash: Hash::of(format!("{author} {of}").as_bytes()),
            bundle: Vec::new(),
        }
    }
    /// The line of a manifest, and its id.
    pub(crate) fn signed(&self, author: &str, manifest: &Manifest) -> (Vec<u8>, Hash) {
        let subject = format!("{}/{}/r{}", manifest.form, manifest.period, manifest.revision);
        let header = Header { subject, ..self.header(LineKind::Release, author) };
        let statement = Statement::sign(header, &to_bytes(manifest), &self.keys[author]).unwrap();
        (self.line(LineKind::Release, Some(author), &statement), statement.id())
    }
    /// A release that may stand here.
    pub(crate) fn told(&mut self, author: &str, manifest: Manifest) -> Told {
        self.told_as("ok", author, manifest)
    }
    /// A release that takes its place with another outcome.
    pub(crate) fn told_as(&mut self, outcome: &str, author: &str, manifest: Manifest) -> Told {
        let (line, id) = self.signed(author, &manifest);
        let subject = (author.to_owned(), manifest.form.clone(), manifest.period);
        self.subjects.insert(subject, (manifest.revision, id));
        Told { line: self.row(outcome, line), id, manifest }
    }
    /// The same under an audience, with nothing peculiar.
    pub(crate) fn release(&mut self, author: &str, of: &str, audience: Audience) -> Told {
        self.told(author, self.manifest(author, of, audience))
    }
    /// Open to contributors.
    pub(crate) fn open(&mut self, author: &str, of: &str) -> Told {
        self.release(author, of, Audience::Contributors)
    }
    /// For totals only.
    pub(crate) fn totals(&mut self, author: &str, of: &str) -> Told {
        self.release(author, of, Audience::Totals)
    }
    /// For named participants.
    pub(crate) fn to(&self, codes: &[&str]) -> Audience {
        Audience::Named(codes.iter().map(|code| self.id(code)).collect())
    }
    /// A release that is refused.
    pub(crate) fn release_refused(&mut self, number: u16, author: &str, manifest: &Manifest) {
        let (line, _) = self.signed(author, manifest);
        self.refused(number, line);
    }
    pub(crate) fn withdrawal(&self, author: &str, release: &Told) -> Vec<u8> {
        let withdrawal = Withdrawal {
            version: 1,
            participant: self.id(author),
            release: release.id,
            reason: WithdrawalReason::Unstated,
        };
        self.by(author, LineKind::Withdrawal, &withdrawal)
    }
    pub(crate) fn withdraw(&mut self, author: &str, release: &Told) -> LineIndex {
        let line = self.withdrawal(author, release);
        let statement = Line::from_bytes(&line).unwrap().statement().unwrap();
        let subject = (author.to_owned(), release.manifest.form.clone(), release.manifest.period);
        self.subjects.insert(subject, (release.manifest.revision, statement.id()));
        self.ok(line)
    }

    // Reading.

    /// A serving of releases, each justified by a line.
    pub(crate) fn serving(&self, reader: &str, items: &[(LineIndex, LineIndex)]) -> Vec<u8> {
        let items = items
            .iter()
            .map(|(release, justified_by)| Served { item: ServedItem::Release(*release), justified_by: *justified_by });
        self.by_hub(LineKind::Serving, &Serving { reader: self.id(reader), items: items.collect() })
    }
    /// A serving of one table of one block.
    pub(crate) fn block_serving(
        &self,
        reader: &str,
        edition: LineIndex,
        block: u16,
        table: u16,
        justified_by: LineIndex,
    ) -> Vec<u8> {
        let item = ServedItem::BlockTable(edition, block, table);
        self.by_hub(LineKind::Serving, &Serving { reader: self.id(reader), items: vec![Served { item, justified_by }] })
    }
    /// An erasure by a participant, or by the hub.
    pub(crate) fn erasure(&self, holder: Option<&str>, releases: &[LineIndex]) -> Vec<u8> {
        let erasure = Erasure { releases: releases.to_vec() };
        match holder {
            Some(code) => self.by(code, LineKind::Erasure, &erasure),
            None => self.by_hub(LineKind::Erasure, &erasure),
        }
    }
}
