//! Who takes part, and with which key at which line.

use super::Region;
use crate::id::{LineIndex, ParticipantCode, ParticipantId};
use crate::ledger::ParticipantKind;
use crate::refusal::Reason;
use crate::statement::{Kid, PublicKey};

/// A key and the line from which it speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyAt {
    /// The line that named it.
    pub from: LineIndex,
    /// The key.
    pub key: PublicKey,
}

/// A participant as the ledger knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Participant {
    /// Its id: the line that admitted it.
    pub id: ParticipantId,
    /// Its label.
    pub code: ParticipantCode,
    /// What it is.
    pub kind: ParticipantKind,
    /// The participant it belongs to.
    pub parent: Option<ParticipantId>,
    /// Display name.
    pub name: String,
    /// Its identity keys, oldest first; never empty.
    pub keys: Vec<KeyAt>,
    /// The line that suspended it, while it is suspended.
    pub suspended: Option<LineIndex>,
}

impl Participant {
    /// The key in force.
    pub fn key(&self) -> Option<&PublicKey> {
        self.keys.last().map(|at| &at.key)
    }
    /// The key in force when the ledger had `index` lines before the one in question.
    pub fn key_at(&self, index: LineIndex) -> Option<&PublicKey> {
        self.keys
            .iter()
            .rev()
            .find(|at| at.from < index || at.from == self.id.0 && index == self.id.0)
            .map(|at| &at.key)
    }
    /// Those with a common parent count as one family: the parent, or itself.
    pub fn family(&self) -> ParticipantId {
        self.parent.unwrap_or(self.id)
    }
}

impl Region {
    /// All participants, in the order of their admission.
    pub fn participants(&self) -> impl Iterator<Item = &Participant> {
        self.participants.values()
    }
    /// A participant by its id.
    pub fn participant(&self, id: ParticipantId) -> Option<&Participant> {
        self.participants.get(&id)
    }
    /// A participant by its label.
    pub fn participant_by_code(&self, code: &ParticipantCode) -> Option<&Participant> {
        self.codes.get(code).and_then(|id| self.participants.get(id))
    }
    /// A participant by its key in force.
    pub fn participant_by_kid(&self, kid: Kid) -> Option<&Participant> {
        self.participants.values().find(|p| p.key().is_some_and(|key| key.kid() == kid))
    }
    /// The label of a participant, or its line where it is unknown.
    pub fn code_of(&self, id: ParticipantId) -> ParticipantCode {
        // An id from a judged line is always known; the fallback only labels messages about unknown ones.
        self.participants.get(&id).map_or_else(|| unknown_code().clone(), |p| p.code.clone())
    }
    /// Labels of several participants, sorted.
    pub fn codes_of(&self, ids: impl IntoIterator<Item = ParticipantId>) -> Vec<ParticipantCode> {
        let mut codes: Vec<_> = ids.into_iter().map(|id| self.code_of(id)).collect();
        codes.sort();
        codes
    }
    /// The family of a participant; itself where it is unknown.
    pub fn family(&self, id: ParticipantId) -> ParticipantId {
        self.participants.get(&id).map_or(id, Participant::family)
    }
    /// The participant, if it may act.
    pub fn active(&self, id: ParticipantId) -> Result<&Participant, Reason> {
        let participant = self.participants.get(&id).ok_or_else(|| Reason::UnknownParticipant(id.to_string()))?;
        if participant.suspended.is_some() { Err(Reason::Suspended(participant.code.clone())) } else { Ok(participant) }
    }
    /// Whether the participant sees regional figures as an observer of the Charter in force.
    pub fn is_observer(&self, id: ParticipantId) -> bool {
        self.charter().is_some_and(|(_, charter)| {
            self.participants.get(&id).is_some_and(|p| p.suspended.is_none() && charter.observers.contains(&p.code))
        })
    }
}

fn unknown_code() -> &'static ParticipantCode {
    static UNKNOWN: std::sync::OnceLock<ParticipantCode> = std::sync::OnceLock::new();
    #[allow(clippy::expect_used)] // A constant that a test of `id` accepts.
    UNKNOWN.get_or_init(|| ParticipantCode::parse("UNKNOWN").expect("seven capitals are a code"))
}
