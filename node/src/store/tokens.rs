//! SQL on the tokens of agencies.

use vrs_protocol::hash::Hash;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Row, Transaction};
use vrs_runtime::values;

use crate::national::AgencyCode;

/// A token as it is listed: everything but its secret.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Token {
    /// The part that names it and opens nothing.
    #[serde(rename = "token")]
    pub public: String,
    /// The one agency it acts for.
    pub agency: AgencyCode,
    /// What it is for.
    pub name: String,
    /// Account, or the command line.
    pub made_by: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// From then on it opens nothing.
    pub expires_at: Timestamp,
    /// When it was last used, within a minute.
    pub last_used_at: Option<Timestamp>,
    /// When a person ended it.
    pub ended_at: Option<Timestamp>,
    /// Who.
    pub ended_by: Option<String>,
}

impl Token {
    /// Whether it opens something.
    #[must_use]
    pub fn is_good(&self, now: Timestamp) -> bool {
        self.ended_at.is_none() && now < self.expires_at
    }
}

/// Adds a token.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn add(tx: &mut Transaction, token: &Token, secret: Hash) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "INSERT INTO agency_token (public_part, agency, name, secret_hash, made_by, made_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        values![
            &token.public,
            token.agency.as_str(),
            &token.name,
            secret.0,
            &token.made_by,
            token.made_at.0,
            token.expires_at.0
        ],
    )
    .await
}

/// A token by its public part, with the hash of its secret.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn find(tx: &mut Transaction, public: &str) -> Result<Option<(Token, Hash)>, DatabaseError> {
    let row = tx
        .optional_row(
            "SELECT public_part, agency, name, made_by, made_at, expires_at, last_used_at, ended_at, ended_by, secret_hash
             FROM agency_token WHERE public_part = $1",
            values![public],
        )
        .await?;
    row.map(|row| Ok((token(&row)?, Hash(row.read("secret_hash")?)))).transpose()
}

/// The tokens of an agency, the newest first.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn list(tx: &mut Transaction, agency: &AgencyCode) -> Result<Vec<Token>, DatabaseError> {
    let rows = tx
        .rows(
            "SELECT public_part, agency, name, made_by, made_at, expires_at, last_used_at, ended_at, ended_by
             FROM agency_token WHERE agency = $1 ORDER BY made_at DESC, public_part",
            values![agency.as_str()],
        )
        .await?;
    rows.iter().map(token).collect()
}

/// Notes that a token was used.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn touch(tx: &mut Transaction, public: &str, now: u64) -> Result<(), DatabaseError> {
    tx.execute_exactly(1, "UPDATE agency_token SET last_used_at = $1 WHERE public_part = $2", values![now, public])
        .await
}

/// Ends a token.
///
/// # Errors
/// [`DatabaseError::Conflict`] when it has ended already.
pub async fn end(tx: &mut Transaction, public: &str, by: &str, now: u64) -> Result<(), DatabaseError> {
    tx.execute_exactly(
        1,
        "UPDATE agency_token SET ended_at = $1, ended_by = $2 WHERE public_part = $3 AND ended_at IS NULL",
        values![now, by, public],
    )
    .await
}

fn token(row: &Row) -> Result<Token, DatabaseError> {
    let when = |seconds: Option<u64>| seconds.map(Timestamp);
    Ok(Token {
        public: row.read("public_part")?,
        agency: row.parse("agency", |code: String| AgencyCode::parse(&code))?,
        name: row.read("name")?,
        made_by: row.read("made_by")?,
        made_at: Timestamp(row.read("made_at")?),
        expires_at: Timestamp(row.read("expires_at")?),
        last_used_at: when(row.read("last_used_at")?),
        ended_at: when(row.read("ended_at")?),
        ended_by: row.read("ended_by")?,
    })
}
