//! SQL on which catalogue holds for which years, as the Charter in the mirror says.

use vrs_protocol::catalogue::{Catalogue, Catalogues};
use vrs_protocol::hash::Hash;
use vrs_runtime::database::{DatabaseError, Transaction};
use vrs_runtime::values;

/// Stands for "without an end": no Charter names a later last year.
const LATEST: u16 = u16::MAX;

/// The catalogues in force; the first one where no Charter has come yet.
///
/// # Errors
/// [`DatabaseError::Corrupt`] where the database names one that this program does not carry, as after a step back to an older
/// program.
pub async fn in_force(tx: &mut Transaction) -> Result<Catalogues, DatabaseError> {
    let mut all = Vec::new();
    for row in tx.rows("SELECT until, hash FROM catalogue_in_force ORDER BY until", values![]).await? {
        let catalogue = row.parse("hash", |text: String| {
            let hash: Hash = text.parse().map_err(|_| "a SHA-256 was expected")?;
            Catalogue::by_hash(&hash)
                .ok_or("a version of the questionnaire that this program does not carry; update the program")
        })?;
        all.push((row.read::<u16>("until")?, catalogue));
    }
    Ok(match all.pop() {
        Some((_, latest)) => Catalogues::of_years(all, latest),
        None => Catalogues::of_one(Catalogue::bundled()),
    })
}

/// From here on these are in force.
///
/// # Errors
/// See [`DatabaseError`].
pub async fn set_in_force(tx: &mut Transaction, catalogues: &Catalogues) -> Result<(), DatabaseError> {
    tx.execute("DELETE FROM catalogue_in_force", values![]).await?;
    for (until, catalogue) in catalogues.all() {
        tx.execute_exactly(
            1,
            "INSERT INTO catalogue_in_force (until, hash) VALUES ($1, $2)",
            values![until.unwrap_or(LATEST), catalogue.hash().to_string()],
        )
        .await?;
    }
    Ok(())
}
