//! A release against the other figures of its author: can they all be true at once, and do the parts of a derived one add
//! up to it?

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::catalogue::{Catalogue, Catalogues};
use vrs_protocol::check;
use vrs_protocol::derived;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{LineIndex, ParticipantId};
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::Region;
use vrs_protocol::release::decode_body;
use vrs_protocol::table::Table;

use super::release::Prepared;
use crate::store::bodies::StoredBody;

/// Lines of the author's current releases that are needed beside the submitted ones: those of the same topics whose
/// periods overlap, and the sources of derived ones. What the submission replaces is not among them.
pub(super) fn beside(region: &Region, author: ParticipantId, prepared: &[Prepared]) -> BTreeSet<LineIndex> {
    let submitted: BTreeSet<_> = prepared.iter().map(|one| (&one.manifest.form, one.manifest.period)).collect();
    let mut lines = BTreeSet::new();
    for one in prepared {
        for (form, period) in region.overlapping(author, &one.manifest.form, one.manifest.period) {
            if !submitted.contains(&(&form, period)) {
                lines.extend(region.current(author, &form, period).map(|release| release.index));
            }
        }
        lines.extend(
            one.manifest
                .sources
                .iter()
                .filter_map(|id| region.release_by_id(id))
                .filter(|source| source.is_current())
                .map(|source| source.index),
        );
    }
    lines
}

/// A release beside the submitted ones, with its body.
pub(super) struct Other {
    line: LineIndex,
    id: Hash,
    body: StoredBody,
}

/// What of the bodies of `beside` is still current: taken out of the region, so that judging needs no lock.
pub(super) fn current(region: &Region, bodies: Vec<(LineIndex, StoredBody)>) -> Vec<Other> {
    let other = |(line, body)| {
        region.release(line).filter(|release| release.is_current()).map(|release| Other { line, id: release.id, body })
    };
    bodies.into_iter().filter_map(other).collect()
}

/// Judges submitted releases together with the others of their author.
pub(super) fn judge(catalogues: &Catalogues, prepared: &[Prepared], bodies: Vec<Other>) -> Result<(), Reason> {
    let mut others: BTreeMap<Hash, Table> = BTreeMap::new();
    for Other { line, id, body } in bodies {
        // It was checked when it came in; what cannot be read now is not at hand.
        match decode_body(&body.body) {
            Ok(table) => drop(others.insert(id, table)),
            Err(error) => tracing::error!(line, %error, "a stored body cannot be read; run 'vrs-hub audit'"),
        }
    }
    for one in prepared {
        // Whatever overlaps is of one year, and so of one catalogue.
        let catalogue = catalogues.of(one.table.period);
        derived_adds_up(catalogue, one, prepared, &others)?;
        let topic = &one.year.0;
        let same = |table: &&Table| {
            table.period.overlaps(one.table.period)
                && catalogue.form(&table.form).is_some_and(|form| form.topic == *topic)
        };
        let replaced = |table: &&Table| {
            prepared.iter().any(|new| new.table.form == table.form && new.table.period == table.period)
        };
        let kept = others.values().filter(same).filter(|table| !replaced(table));
        let tables: Vec<&Table> = prepared.iter().map(|one| &one.table).filter(same).chain(kept).collect();
        check::feasible(&tables, catalogue).map_err(|infeasible| Reason::Figures {
            form: one.manifest.form.clone(),
            period: one.manifest.period,
            key: infeasible.key.to_string(),
            cause: format!(
                "not all figures of the topic can be true ({} for {}): {}",
                infeasible.form, infeasible.period, infeasible.cause
            ),
        })?;
    }
    Ok(())
}

/// Rule 6: what is derived is computed again where its sources are at hand. A cell that disclosure control hides is not a
/// contradiction; two counts that cannot both be true are.
fn derived_adds_up(
    catalogue: &Catalogue,
    one: &Prepared,
    prepared: &[Prepared],
    others: &BTreeMap<Hash, Table>,
) -> Result<(), Reason> {
    if one.manifest.sources.is_empty() {
        return Ok(());
    }
    let source = |id: &Hash| {
        prepared.iter().find(|new| new.signed.verified.id() == *id).map(|new| &new.table).or_else(|| others.get(id))
    };
    let Some(sources) = one.manifest.sources.iter().map(source).collect::<Option<Vec<&Table>>>() else {
        return Err(Reason::WrongSource(one.manifest.period));
    };
    let wrong = |key: String, cause: String| Reason::Figures {
        form: one.manifest.form.clone(),
        period: one.manifest.period,
        key,
        cause,
    };
    let form = catalogue.form(&one.manifest.form).ok_or_else(|| Reason::FormNotInUse(one.manifest.form.clone()))?;
    let again = derived::derive(form, one.manifest.period, &sources)
        .map_err(|error| wrong("total".into(), error.to_string()))?;
    for (key, cell) in &one.table.cells {
        let Some(expected) = again.cell(key) else { continue };
        let ((low, high), (least, most)) = (cell.range(), expected.range());
        if high.is_some_and(|high| high < least) || most.is_some_and(|most| most < low) {
            let cause = format!("it says {}, its sources add up to {}", cell.in_words(), expected.in_words());
            return Err(wrong(key.to_string(), cause));
        }
    }
    Ok(())
}
