//! What the statements of the ledger say, kind by kind. Releases and withdrawals are in [`crate::release`].

use minicbor::{Decode, Encode};

use crate::audience::Sharing;
use crate::charter::Charter;
use crate::codec::{self, CodecError};
use crate::hash::Hash;
use crate::id::{FormCode, LineIndex, ParticipantCode, ParticipantId, TopicCode};
use crate::ledger::LineKind;
use crate::period::Period;
use crate::release::{Manifest, Withdrawal};
use crate::statement::{Kid, PublicKey};

/// The beginning of an exchange. SHA-256 of its line is the exchange id; participants compare it by telephone.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Genesis {
    /// Name of the region.
    #[n(0)]
    pub region: String,
    /// The hub's ledger key: signs checkpoints and the hub's statements.
    #[n(1)]
    pub hub_key: PublicKey,
    /// SHA-256 of the region's root certificate (DER).
    #[n(2)]
    pub authority: Hash,
}

/// What a participant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
#[cbor(index_only)]
pub enum ParticipantKind {
    /// A state.
    #[n(0)]
    State,
    /// A territory.
    #[n(1)]
    Territory,
    /// An organisation.
    #[n(2)]
    Organisation,
}

/// A change among the participants, by the hub. Votes of participants come with a later version.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[allow(clippy::large_enum_variant)] // One at a time is held, while its line is judged.
pub enum ParticipantChange {
    /// A new participant; the index of this line is its id for ever.
    #[n(0)]
    Admit {
        /// Its label.
        #[n(0)]
        code: ParticipantCode,
        /// What it is.
        #[n(1)]
        kind: ParticipantKind,
        /// The participant it belongs to; both have one kind of sharing and count once in a block.
        #[n(2)]
        parent: Option<ParticipantId>,
        /// Display name.
        #[n(3)]
        name: String,
        /// Its identity key.
        #[n(4)]
        key: PublicKey,
        /// Votes of participants; empty in this version.
        #[n(5)]
        votes: Vec<minicbor::bytes::ByteVec>,
    },
    /// Its rights rest: it neither releases nor reads, and what was read is erased on both sides.
    #[n(1)]
    Suspend {
        /// Who.
        #[n(0)]
        participant: ParticipantId,
        /// Votes of participants; empty in this version.
        #[n(1)]
        votes: Vec<minicbor::bytes::ByteVec>,
    },
    /// Its rights are back.
    #[n(2)]
    Resume {
        /// Who.
        #[n(0)]
        participant: ParticipantId,
        /// Votes of participants; empty in this version.
        #[n(1)]
        votes: Vec<minicbor::bytes::ByteVec>,
    },
    /// A new display name.
    #[n(3)]
    Rename {
        /// Who.
        #[n(0)]
        participant: ParticipantId,
        /// The new name.
        #[n(1)]
        name: String,
    },
}

/// A participant changes its identity key: signed by the old key, with a proof by the new one.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct KeyEvent {
    /// Whose key.
    #[n(0)]
    pub participant: ParticipantId,
    /// The new key.
    #[n(1)]
    pub key: PublicKey,
    /// The key it replaces.
    #[n(2)]
    pub replaces: Kid,
    /// Signature of the new key over `vrs-key-event/1` ‖ exchange id ‖ old kid.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub proof: [u8; 64],
}

/// The author opens current releases to participants admitted after them.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Extension {
    /// The author.
    #[n(0)]
    pub participant: ParticipantId,
    /// Ids of its releases, sorted.
    #[n(1)]
    pub releases: Vec<Hash>,
    /// To whom, sorted.
    #[n(2)]
    pub to: Vec<ParticipantId>,
}

/// What is served.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum ServedItem {
    /// The body of the release at a line.
    #[n(0)]
    Release(#[n(0)] LineIndex),
    /// One table of one block of the edition at a line, by their places in it.
    #[n(1)]
    BlockTable(#[n(0)] LineIndex, #[n(1)] u16, #[n(2)] u16),
}

/// One thing served, and the line of the reader that justifies it. An observer's is the Charter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct Served {
    /// What.
    #[n(0)]
    pub item: ServedItem,
    /// By which line.
    #[n(1)]
    pub justified_by: LineIndex,
}

/// Who is served what, by which right: one right once, not each look.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Serving {
    /// The reader.
    #[n(0)]
    pub reader: ParticipantId,
    /// What is served, sorted, without repeats.
    #[n(1)]
    pub items: Vec<Served>,
}

/// A serving was logged, and the right ended before the first byte left.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Undelivered {
    /// The reader.
    #[n(0)]
    pub reader: ParticipantId,
    /// What was not delivered.
    #[n(1)]
    pub items: Vec<ServedItem>,
}

/// A holder says that it has erased bodies it no longer may hold. A promise, not a proof.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Erasure {
    /// Lines of the releases, sorted.
    #[n(0)]
    pub releases: Vec<LineIndex>,
}

/// A node found something wrong.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Objection {
    /// The line it is about.
    #[n(0)]
    pub line: LineIndex,
    /// Number of the refusal that describes the flaw.
    #[n(1)]
    pub number: u16,
    /// What was found, at most 1,000 bytes; no figures.
    #[n(2)]
    pub text: String,
}

/// The figures of one table of a block: hidden behind a nonce-hash, like a body.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct BlockTableLine {
    /// The form.
    #[n(0)]
    pub form: FormCode,
    /// The period.
    #[n(1)]
    pub period: Period,
    /// SHA-256 of nonce ‖ body.
    #[n(2)]
    pub hash: Hash,
    /// A member has revised or withdrawn since the figures were made; they stay as they were.
    #[n(3)]
    pub marked: bool,
}

/// A block as an edition names it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(array)]
pub struct BlockLine {
    /// Kind of its members: open or `totals`.
    #[n(0)]
    pub sharing: Sharing,
    /// Its members, sorted; frozen by the first edition that uses the block.
    #[n(1)]
    pub members: Vec<ParticipantId>,
    /// Its tables, sorted by catalogue and period order.
    #[n(2)]
    pub tables: Vec<BlockTableLine>,
}

/// A participant that stands for a table and is in no block: reported, not included.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(array)]
pub struct Hidden {
    /// The form.
    #[n(0)]
    pub form: FormCode,
    /// The period.
    #[n(1)]
    pub period: Period,
    /// Who.
    #[n(2)]
    pub participant: ParticipantId,
}

/// Reported, not included, as a line holds it: a form and a period once, with all participants they are said of. A line has
/// 65,535 bytes, and a year has many tables.
mod by_table {
    use minicbor::encode::Write;
    use minicbor::{Decoder, Encode, Encoder};

    use super::{FormCode, Hidden, ParticipantId, Period};

    pub(super) fn encode<C, W: Write>(
        all: &[Hidden],
        out: &mut Encoder<W>,
        context: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        let tables: Vec<&[Hidden]> = all.chunk_by(|a, b| (&a.form, a.period) == (&b.form, b.period)).collect();
        out.array(tables.len() as u64)?;
        for table in tables {
            out.array(3)?;
            table[0].form.encode(out, context)?;
            table[0].period.encode(out, context)?;
            out.array(table.len() as u64)?;
            table.iter().try_for_each(|hidden| hidden.participant.encode(out, context))?;
        }
        Ok(())
    }

    /// A table without participants, or one that stands twice, is written in no other way than this and so found out by
    /// whoever encodes again and compares.
    pub(super) fn decode<'b, C>(
        bytes: &mut Decoder<'b>,
        context: &mut C,
    ) -> Result<Vec<Hidden>, minicbor::decode::Error> {
        let tables: Vec<(FormCode, Period, Vec<ParticipantId>)> = bytes.decode_with(context)?;
        let hidden = tables.into_iter().flat_map(|(form, period, participants)| {
            participants.into_iter().map(move |participant| Hidden { form: form.clone(), period, participant })
        });
        Ok(hidden.collect())
    }
}

/// An overview of one topic and year, frozen and signed: blocks by name, figures only as hashes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Edition {
    /// Counted from 1 over the whole exchange.
    #[n(0)]
    pub number: u32,
    /// The topic.
    #[n(1)]
    pub topic: TopicCode,
    /// The calendar year.
    #[n(2)]
    pub year: u16,
    /// Blocks; those of earlier editions first, in their order, with the same members.
    #[n(3)]
    pub blocks: Vec<BlockLine>,
    /// Who reported with `totals` and is in no block, sorted.
    #[cbor(n(4), with = "by_table")]
    pub not_included: Vec<Hidden>,
}

/// What a line says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// See [`Genesis`].
    Genesis(Genesis),
    /// See [`Charter`].
    Charter(Charter),
    /// See [`ParticipantChange`].
    Participant(ParticipantChange),
    /// See [`KeyEvent`].
    Key(KeyEvent),
    /// See [`Manifest`].
    Release(Manifest),
    /// See [`Extension`].
    Extension(Extension),
    /// See [`Withdrawal`].
    Withdrawal(Withdrawal),
    /// See [`Serving`].
    Serving(Serving),
    /// See [`Undelivered`].
    Undelivered(Undelivered),
    /// See [`Erasure`].
    Erasure(Erasure),
    /// See [`Objection`].
    Objection(Objection),
    /// See [`Edition`].
    Edition(Edition),
    /// A notice in words, at most 4,000 bytes.
    Bulletin(String),
}

impl Said {
    /// Reads the payload of a statement of the given kind, strictly.
    pub fn read(kind: LineKind, payload: &[u8]) -> Result<Self, CodecError> {
        Ok(match kind {
            LineKind::Genesis => Self::Genesis(codec::decode_strict(payload)?),
            LineKind::Charter => Self::Charter(codec::decode_strict(payload)?),
            LineKind::Participant => Self::Participant(codec::decode_strict(payload)?),
            LineKind::Key => Self::Key(codec::decode_strict(payload)?),
            LineKind::Release => Self::Release(codec::decode_strict(payload)?),
            LineKind::Extension => Self::Extension(codec::decode_strict(payload)?),
            LineKind::Withdrawal => Self::Withdrawal(codec::decode_strict(payload)?),
            LineKind::Serving => Self::Serving(codec::decode_strict(payload)?),
            LineKind::Undelivered => Self::Undelivered(codec::decode_strict(payload)?),
            LineKind::Erasure => Self::Erasure(codec::decode_strict(payload)?),
            LineKind::Objection => Self::Objection(codec::decode_strict(payload)?),
            LineKind::Edition => Self::Edition(codec::decode_strict(payload)?),
            LineKind::Bulletin => Self::Bulletin(codec::decode_strict(payload)?),
        })
    }
}
