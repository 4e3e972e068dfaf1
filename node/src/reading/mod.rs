//! Reading: what may be asked for, and whether what arrives may be kept. Plain functions on the verified ledger.
//!
//! The rule it keeps: nothing is imported that is not exactly what the ledger says: our own serving line stands there, the
//! release is current, the body is the one its author has signed, it fits its form, and the right holds now.

#[cfg(test)]
mod tests;

use vrs_protocol::check;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{FormCode, LineIndex, ParticipantId};
use vrs_protocol::period::Period;
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::Region;
use vrs_protocol::release::{Manifest, decode_body};
use vrs_protocol::table::{Core, Table};
use vrs_protocol::wire::{ServedBlockTable, ServedBody};

/// Why something that was served is not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotKept {
    /// The right has ended meanwhile; nobody did anything wrong.
    RightEnded(Reason),
    /// It is not what the ledger says; an objection is due.
    Flawed(Reason),
}

/// Releases that may be read now, with their lines.
#[must_use]
pub fn readable(region: &Region, me: ParticipantId) -> Vec<LineIndex> {
    let mut lines: Vec<LineIndex> = region
        .tables()
        .flat_map(|(form, period)| region.readable(me, form, *period))
        .map(|right| right.theirs)
        .filter(|line| region.may_be_served(me, *line).is_ok())
        .collect();
    lines.sort_unstable();
    lines
}

/// Forms and periods of which block tables may be seen, with the hashes of these tables.
#[must_use]
pub fn visible_sums(region: &Region, me: ParticipantId) -> Vec<(FormCode, Period, Vec<Hash>)> {
    let mut found = Vec::new();
    for (form, period) in region.tables() {
        let Some(year) = region.year_of_topic(form, *period) else { continue };
        let hashes: Vec<Hash> = region
            .blocks(&year)
            .iter()
            .filter_map(|block| {
                let table = block.tables.get(&(form.clone(), *period))?;
                let number = u16::try_from(block.number).ok()?;
                region.may_see_block_table(me, table.edition, number, table.place).is_ok().then_some(table.hash)
            })
            .collect();
        if !hashes.is_empty() {
            found.push((form.clone(), *period, hashes));
        }
    }
    found
}

/// The hash of one table of one block, as an edition names it.
#[must_use]
pub fn hash_at(region: &Region, edition: LineIndex, block: u16, table: u16) -> Option<Hash> {
    let block = region.edition(edition)?.blocks.get(usize::from(block))?;
    Some(block.tables.get(usize::from(table))?.hash)
}

/// Checks a body before it is kept.
///
/// # Errors
/// [`NotKept`] says whether anybody is at fault.
pub fn accept(region: &Region, me: ParticipantId, served: &ServedBody) -> Result<Table, NotKept> {
    let release = region
        .release(served.release)
        .ok_or_else(|| NotKept::Flawed(Reason::NotFound(format!("release at line {}", served.release))))?;
    region.may_hold(me, served.release).map_err(NotKept::RightEnded)?;
    match region.holding(me, served.release) {
        Some(holding) if holding.served_at == served.serving => {}
        _ => {
            return Err(NotKept::Flawed(Reason::NotHeld(format!(
                "the release of line {}, which came without a serving line for us,",
                served.release
            ))));
        }
    }
    let manifest = &release.manifest;
    if !manifest.names(&served.nonce, &served.body) {
        return Err(NotKept::Flawed(Reason::WrongBody));
    }
    let flawed = |cause: String| NotKept::Flawed(Reason::Body(cause));
    let table = decode_body(&served.body).map_err(|error| flawed(error.to_string()))?;
    if table.form != manifest.form || table.period != manifest.period {
        return Err(flawed(format!("it holds {} for {}", table.form, table.period)));
    }
    let catalogue = region.catalogue_of(table.period);
    let form = catalogue.form(&table.form).ok_or_else(|| flawed("a form that is not known".into()))?;
    let fewer_below = region.charter_at(manifest.charter).map_or(0, |charter| charter.fewer_below);
    check::fits(&table, form, catalogue, fewer_below)
        .map_err(|misfit| flawed(format!("it does not fit its form at {}", misfit.key)))?;
    if (table.core(form) != Core::Missing) != manifest.core_answered {
        let said = if manifest.core_answered { "answered" } else { "not answered" };
        return Err(NotKept::Flawed(Reason::CoreMisstated { said }));
    }
    Ok(table)
}

/// Checks a block table before it is kept; its hash.
///
/// # Errors
/// [`NotKept`] says whether anybody is at fault.
pub fn accept_sums(region: &Region, me: ParticipantId, served: &ServedBlockTable) -> Result<Hash, NotKept> {
    let ServedBlockTable { edition, block, table, serving, .. } = served;
    let missing = || {
        NotKept::Flawed(Reason::NotFound(format!("table {table} of block {block} in the edition of line {edition}")))
    };
    let line =
        region.edition(*edition).and_then(|edition| edition.blocks.get(usize::from(*block))).ok_or_else(missing)?;
    let listed = line.tables.get(usize::from(*table)).ok_or_else(missing)?;
    region.may_see_block_table(me, *edition, *block, *table).map_err(NotKept::RightEnded)?;
    if region.block_table_served(me, *edition, *block, *table) != Some(*serving) {
        return Err(NotKept::Flawed(Reason::NotHeld(format!(
            "table {table} of block {block}, which came without a serving line for us,"
        ))));
    }
    if Manifest::hash_of(&served.nonce, &served.body) != listed.hash {
        return Err(NotKept::Flawed(Reason::WrongBody));
    }
    let flawed = |cause: String| NotKept::Flawed(Reason::Body(cause));
    let sums = decode_body(&served.body).map_err(|error| flawed(error.to_string()))?;
    if sums.form != listed.form || sums.period != listed.period {
        return Err(flawed(format!("it holds {} for {}", sums.form, sums.period)));
    }
    Ok(listed.hash)
}
