//! SQL on requests to be admitted.

use minicbor::bytes::ByteVec;
use vrs_protocol::{codec, id::ParticipantId, statement::PublicKey, time::Timestamp};
use vrs_runtime::{
    database::{DatabaseError, Row, Transaction},
    values,
};

use super::invites::{self, StoredInvite};

/// What a node asks to be admitted with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EnrolmentAsked {
    pub(crate) request: Vec<u8>,
    pub(crate) identity: PublicKey,
    pub(crate) fingerprint: String,
}

/// A request to be admitted, under the invite it used up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredEnrolment {
    pub(crate) id: i64,
    pub(crate) invite: StoredInvite,
    pub(crate) asked: EnrolmentAsked,
    pub(crate) asked_at: Timestamp,
    /// The participant and its first chain, once it is admitted.
    pub(crate) admitted: Option<(ParticipantId, Vec<Vec<u8>>)>,
}

const COLUMNS_OF_BOTH: &str =
    "SELECT i.id, i.code, i.secret_hash, i.name, i.kind, i.parent, i.created_at, i.expires_at, i.cancelled,
        e.id AS enrolment, e.request, e.identity, e.fingerprint, e.asked_at, e.participant, e.chain
     FROM invite i JOIN enrolment e ON e.invite = i.id ORDER BY i.code, e.id";

/// Keeps a request; the invite is used up.
pub(crate) async fn insert(
    tx: &mut Transaction,
    invite: i64,
    asked: &EnrolmentAsked,
    now: Timestamp,
) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO enrolment (invite, request, identity, fingerprint, asked_at) VALUES ($1, $2, $3, $4, $5)",
        values![invite, &asked.request, asked.identity.as_bytes(), &asked.fingerprint, now.0],
    )
    .await
}

/// All requests, by code. A region has some dozens.
pub(crate) async fn all(tx: &mut Transaction) -> Result<Vec<StoredEnrolment>, DatabaseError> {
    tx.rows(COLUMNS_OF_BOTH, values![]).await?.iter().map(read).collect()
}

/// The request that used an invite.
pub(crate) async fn of_invite(tx: &mut Transaction, invite: i64) -> Result<Option<StoredEnrolment>, DatabaseError> {
    Ok(all(tx).await?.into_iter().find(|enrolment| enrolment.invite.id == invite))
}

/// Notes who it was admitted as, and the chain to hand out.
pub(crate) async fn admit(
    tx: &mut Transaction,
    id: i64,
    participant: ParticipantId,
    chain: &[Vec<u8>],
) -> Result<(), DatabaseError> {
    let chain: Vec<ByteVec> = chain.iter().cloned().map(ByteVec::from).collect();
    tx.execute_exactly(
        1,
        "UPDATE enrolment SET participant = $1, chain = $2 WHERE id = $3 AND participant IS NULL",
        values![participant.0, codec::to_bytes(&chain), id],
    )
    .await
}

fn read(row: &Row) -> Result<StoredEnrolment, DatabaseError> {
    let participant: Option<u64> = row.read("participant")?;
    let chain: Option<Vec<u8>> = row.read("chain")?;
    let chain = chain.map(|bytes| codec::decode_strict::<Vec<ByteVec>>(&bytes)).transpose();
    let chain = chain.map_err(|error| row.corrupt("chain", error.to_string()))?;
    Ok(StoredEnrolment {
        id: row.read("enrolment")?,
        invite: invites::read(row)?,
        asked: EnrolmentAsked {
            request: row.read("request")?,
            identity: row.parse("identity", |bytes: Vec<u8>| PublicKey::try_from(bytes.as_slice()))?,
            fingerprint: row.read("fingerprint")?,
        },
        asked_at: Timestamp(row.read("asked_at")?),
        admitted: participant
            .zip(chain)
            .map(|(id, chain)| (ParticipantId(id), chain.into_iter().map(Vec::from).collect())),
    })
}
