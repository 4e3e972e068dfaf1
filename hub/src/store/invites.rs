//! SQL on invites.

use vrs_protocol::{hash::Hash, id::ParticipantCode, ledger::ParticipantKind, time::Timestamp};
use vrs_runtime::{
    database::{DatabaseError, Row, Transaction},
    values,
};

/// An invite as the hub keeps it: without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredInvite {
    /// Its number.
    pub(crate) id: i64,
    pub(crate) terms: InviteTerms,
    pub(crate) created_at: Timestamp,
    pub(crate) cancelled: bool,
}

/// What an invite says about the participant to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct InviteTerms {
    pub(crate) code: ParticipantCode,
    pub(crate) secret_hash: Hash,
    pub(crate) name: String,
    pub(crate) kind: ParticipantKind,
    pub(crate) parent: Option<ParticipantCode>,
    pub(crate) expires_at: Timestamp,
}

const fn number(kind: ParticipantKind) -> u8 {
    match kind {
        ParticipantKind::State => 0,
        ParticipantKind::Territory => 1,
        ParticipantKind::Organisation => 2,
    }
}

fn kind(number: u8) -> Result<ParticipantKind, &'static str> {
    [ParticipantKind::State, ParticipantKind::Territory, ParticipantKind::Organisation]
        .get(usize::from(number))
        .copied()
        .ok_or("0, 1 or 2 was expected")
}

/// Keeps an invite.
pub(crate) async fn insert(tx: &mut Transaction, terms: &InviteTerms, now: Timestamp) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO invite (code, secret_hash, name, kind, parent, created_at, expires_at, cancelled) VALUES ($1, $2, $3, $4, $5, $6, $7, 0)",
        values![
            terms.code.as_str(),
            terms.secret_hash.0,
            &terms.name,
            number(terms.kind),
            terms.parent.as_ref().map(ParticipantCode::as_str),
            now.0,
            terms.expires_at.0
        ],
    )
    .await
}

/// Cancels every invite for a code that no node has used.
pub(crate) async fn cancel_unused(tx: &mut Transaction, code: &ParticipantCode) -> Result<u64, DatabaseError> {
    tx.execute(
        "UPDATE invite SET cancelled = 1 WHERE code = $1 AND cancelled = 0 AND id NOT IN (SELECT invite FROM enrolment)",
        values![code.as_str()],
    )
    .await
}

/// Every invite for a code, the latest first.
pub(crate) async fn of_code(tx: &mut Transaction, code: &ParticipantCode) -> Result<Vec<StoredInvite>, DatabaseError> {
    tx.rows(
        "SELECT id, code, secret_hash, name, kind, parent, created_at, expires_at, cancelled FROM invite WHERE code = $1 ORDER BY id DESC",
        values![code.as_str()],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

/// Invites that no node has used yet and that are not cancelled, by code.
pub(crate) async fn open(tx: &mut Transaction, now: Timestamp) -> Result<Vec<StoredInvite>, DatabaseError> {
    tx.rows(
        "SELECT id, code, secret_hash, name, kind, parent, created_at, expires_at, cancelled FROM invite
         WHERE cancelled = 0 AND expires_at > $1 AND id NOT IN (SELECT invite FROM enrolment) ORDER BY code, id",
        values![now.0],
    )
    .await?
    .iter()
    .map(read)
    .collect()
}

pub(super) fn read(row: &Row) -> Result<StoredInvite, DatabaseError> {
    let code = |text: String| ParticipantCode::parse(&text);
    let parent: Option<String> = row.read("parent")?;
    Ok(StoredInvite {
        id: row.read("id")?,
        terms: InviteTerms {
            code: row.parse("code", code)?,
            secret_hash: Hash(row.read("secret_hash")?),
            name: row.read("name")?,
            kind: row.parse("kind", kind)?,
            parent: parent.map(code).transpose().map_err(|error| row.corrupt("parent", error.to_string()))?,
            expires_at: Timestamp(row.read("expires_at")?),
        },
        created_at: Timestamp(row.read("created_at")?),
        cancelled: row.read("cancelled")?,
    })
}
