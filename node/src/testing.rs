//! A region in memory, for tests: a hub that writes whatever it is told, with participants whose keys are at hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use vrs_protocol::audience::Audience;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::cell::Cell;
use vrs_protocol::charter::Charter;
use vrs_protocol::checkpoint::{Checkpoint, SignedCheckpoint};
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{Code, FormCode, LineIndex, ParticipantCode, ParticipantId, origin};
use vrs_protocol::ledger::{Genesis, Line, LineKind, ParticipantChange, ParticipantKind, Served, ServedItem, Serving};
use vrs_protocol::period::Period;
use vrs_protocol::region::Region;
use vrs_protocol::release::{Draft, Nonce, Operator, SignedRelease, Terms, Withdrawal, WithdrawalReason};
use vrs_protocol::statement::{Header, SigningKey, Statement};
use vrs_protocol::table::{Key, Table};
use vrs_protocol::time::Timestamp;

use crate::mirror::View;
use crate::node::Me;

/// Name of the region.
pub(crate) const REGION: &str = "Test";
/// 2026-01-01.
pub(crate) const NOW: Timestamp = Timestamp(1_767_225_600);

pub(crate) fn form(text: &str) -> FormCode {
    FormCode::parse(text).unwrap()
}
pub(crate) fn period(text: &str) -> Period {
    Period::parse(text).unwrap()
}
pub(crate) fn code(text: &str) -> ParticipantCode {
    ParticipantCode::parse(text).unwrap()
}
pub(crate) fn key(text: &str) -> Key {
    Key(text.split('/').filter(|code| !code.is_empty()).map(|code| Code::parse(code).unwrap()).collect())
}

/// A table of counts.
pub(crate) fn table(form_code: &str, period_text: &str, cells: &[(&str, u64)]) -> Table {
    let mut table = Table::new(form(form_code), period(period_text));
    table.cells = cells.iter().map(|(text, count)| (key(text), Cell::count(*count))).collect();
    table
}

/// The region and everybody's keys.
pub(crate) struct TestRegion {
    pub(crate) view: View,
    pub(crate) lines: Vec<Vec<u8>>,
    hub: SigningKey,
    members: Vec<(ParticipantId, ParticipantCode, SigningKey)>,
}

impl TestRegion {
    /// A region with a Charter and these participants.
    pub(crate) fn of(codes: &[&str]) -> Self {
        let hub = SigningKey::from_seed(&[255; 32]);
        let mut region = Self { view: View::empty(Catalogue::bundled()), lines: Vec::new(), hub, members: Vec::new() };
        let genesis = Genesis { region: REGION.into(), hub_key: region.hub.public(), authority: Hash::of(b"root") };
        region.by_hub(LineKind::Genesis, &genesis);
        region.by_hub(LineKind::Charter, &Charter::standard(Catalogue::bundled()));
        for code in codes {
            region.admit(code);
        }
        region
    }

    pub(crate) fn admit(&mut self, text: &str) -> ParticipantId {
        let seed = self.members.len() as u8 + 1;
        let key = SigningKey::from_seed(&[seed; 32]);
        let change = ParticipantChange::Admit {
            code: code(text),
            kind: ParticipantKind::State,
            parent: None,
            name: text.into(),
            key: key.public(),
            votes: Vec::new(),
        };
        let id = ParticipantId(self.by_hub(LineKind::Participant, &change));
        self.members.push((id, code(text), key));
        id
    }

    pub(crate) fn region(&self) -> &Region {
        self.view.region()
    }
    pub(crate) fn id(&self, text: &str) -> ParticipantId {
        self.member(text).0
    }
    pub(crate) fn key_of(&self, text: &str) -> &SigningKey {
        &self.member(text).2
    }
    pub(crate) fn me(&self, text: &str) -> Me {
        Me {
            id: self.id(text),
            code: code(text),
            exchange: self.region().exchange(),
            region: REGION.into(),
            hub_key: self.hub.public(),
        }
    }
    fn member(&self, text: &str) -> &(ParticipantId, ParticipantCode, SigningKey) {
        self.members.iter().find(|(_, code, _)| code.as_str() == text).unwrap()
    }

    /// Writes a line of the hub.
    pub(crate) fn by_hub<T: minicbor::Encode<()>>(&mut self, kind: LineKind, payload: &T) -> LineIndex {
        let exchange = self.region().exchange();
        let line = Line::sign(kind, NOW, exchange, REGION, kind.word(), payload, &self.hub).unwrap();
        self.push(&line)
    }

    /// Writes a statement of a participant.
    pub(crate) fn by(&mut self, text: &str, kind: LineKind, statement: Vec<u8>) -> LineIndex {
        let line = Line::new(kind, NOW, Some(self.id(text)), statement);
        self.push(&line)
    }

    fn push(&mut self, line: &Line) -> LineIndex {
        let bytes = line.to_bytes();
        let index = self.view.size();
        self.view.take(&bytes);
        self.lines.push(bytes);
        index
    }

    /// A signed first or next release of a table.
    pub(crate) fn signed(&self, text: &str, table: &Table, audience: Audience) -> SignedRelease {
        let (id, author, key) = self.member(text);
        let subject = self.region().subject(*id, &table.form, table.period);
        let (charter, rules) = self.region().charter().unwrap();
        let terms = Terms {
            participant: *id,
            audience,
            revision: subject.map_or(1, |subject| subject.revision + 1),
            previous: subject.map(|subject| subject.last),
            catalogue: rules.catalogue_hash,
            charter,
            policy: 0,
            sources: Vec::new(),
            bundle: Vec::new(),
        };
        let form = Catalogue::bundled().form(&table.form).unwrap();
        let draft = Draft::prepare(table, form, terms, Nonce([7; 32]), Operator("ana".into())).unwrap();
        draft
            .approve(&Operator("ben".into()), NOW)
            .unwrap()
            .sign(self.region().exchange(), author.as_str(), key)
            .unwrap()
    }

    /// Logs a release and gives it back with its line.
    pub(crate) fn release(&mut self, text: &str, table: &Table, audience: Audience) -> (LineIndex, SignedRelease) {
        let signed = self.signed(text, table, audience);
        let line = self.by(text, LineKind::Release, signed.statement.bytes().to_vec());
        assert!(self.view.flaws().is_empty(), "{:?}", self.view.flaws());
        (line, signed)
    }

    /// Logs a withdrawal.
    pub(crate) fn withdraw(&mut self, text: &str, release: Hash) -> LineIndex {
        let payload =
            Withdrawal { version: 1, participant: self.id(text), release, reason: WithdrawalReason::Unstated };
        let header = Header {
            content_type: LineKind::Withdrawal.content_type(),
            exchange: self.region().exchange(),
            issuer: text.into(),
            subject: "withdrawal".into(),
            issued_at: None,
        };
        let statement = Statement::sign(header, &vrs_protocol::codec::to_bytes(&payload), self.key_of(text)).unwrap();
        self.by(text, LineKind::Withdrawal, statement.into_bytes())
    }

    /// Logs the serving of a release.
    pub(crate) fn serve(&mut self, reader: &str, release: LineIndex, justified_by: LineIndex) -> LineIndex {
        let item = Served { item: ServedItem::Release(release), justified_by };
        self.by_hub(LineKind::Serving, &Serving { reader: self.id(reader), items: vec![item] })
    }

    /// A checkpoint over all lines.
    pub(crate) fn checkpoint(&self) -> SignedCheckpoint {
        Checkpoint::new(&origin(REGION), self.view.size(), self.view.root()).unwrap().sign(&self.hub).unwrap()
    }
}
