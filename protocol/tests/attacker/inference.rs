//! What a reader can compute: every equation it ever learnt, its own figures, and Gaussian elimination. Participants with a
//! common parent are one reader, who puts together what each of them was served.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::{LineIndex, ParticipantId};
use vrs_protocol::region::Region;

use crate::algebra::{Basis, Row};
use crate::told::{Fact, Told};

/// A figure of one participant that a reader computed without ever having had a right to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leak {
    /// Who computed.
    pub(crate) reader: ParticipantId,
    /// Whose figure.
    pub(crate) of: ParticipantId,
    /// The release that holds it; none where only a sum or a difference of the participant's figures came out, such as by
    /// how much a hidden figure was revised. That is no cell, and is not to come out either.
    pub(crate) release: Option<LineIndex>,
}

/// Everything that leaks in a history.
pub(crate) fn leaks(told: &Told) -> Vec<Leak> {
    let families: BTreeSet<ParticipantId> =
        told.world.region.participants().map(|participant| told.world.region.family(participant.id)).collect();
    families.iter().filter_map(|reader| leak_to(told, *reader)).collect()
}

fn leak_to(told: &Told, reader: ParticipantId) -> Option<Leak> {
    let family = |id: ParticipantId| told.world.region.family(id);
    let own: Vec<bool> = told.atoms.iter().map(|atom| family(atom.of) == reader).collect();
    // Its own figures it knows: what they contribute can be subtracted.
    let without_own = |row: &Row| -> Row {
        row.iter().filter(|(place, _)| !own[**place]).map(|(place, value)| (*place, *value)).collect()
    };
    let facts: Vec<&Fact> =
        told.learnt.iter().filter(|(id, _)| family(**id) == reader).flat_map(|(_, facts)| facts).collect();
    let mut singly = Basis::default();
    for fact in facts.iter().filter(|fact| fact.single.is_some()) {
        singly.insert(without_own(&fact.row));
    }
    let sums: BTreeSet<Row> =
        facts.iter().filter(|fact| fact.single.is_none()).map(|fact| without_own(&fact.row)).collect();
    let found = first_leak(told, reader, &singly, &sums)?;
    // Only now the dear question: was there ever a right to read what came out?
    for line in rightful(told, reader) {
        for row in told.rows(line) {
            singly.insert(without_own(row));
        }
    }
    first_leak(told, reader, &singly, &sums).map(|leak| Leak { reader: found.reader, ..leak })
}

fn first_leak(told: &Told, reader: ParticipantId, singly: &Basis, sums: &BTreeSet<Row>) -> Option<Leak> {
    let mut all = Basis::default();
    for row in sums {
        all.insert(singly.reduce(row.clone()));
    }
    if all.rank() == 0 {
        return None;
    }
    let sums: Vec<Row> = sums.iter().map(|row| singly.reduce(row.clone())).collect();
    let participants: BTreeMap<ParticipantId, ParticipantId> =
        told.world.region.participants().map(|p| (p.id, p.family())).collect();
    for (of, _) in participants.iter().filter(|(_, family)| **family != reader) {
        // Something about this participant alone follows exactly if the others' unknowns have fewer equations than all have.
        let mut others = Basis::default();
        for row in &sums {
            others.insert(
                row.iter()
                    .filter(|(place, _)| told.atoms[**place].of != *of)
                    .map(|(place, value)| (*place, *value))
                    .collect(),
            );
        }
        if others.rank() == all.rank() {
            continue;
        }
        let release =
            told.world.region.releases().filter(|release| release.manifest.participant == *of).find(|release| {
                let unread = |row: &&Row| !singly.reduce((*row).clone()).is_empty();
                told.rows(release.index).filter(unread).any(|row| all.reduce(singly.reduce(row.clone())).is_empty())
            });
        return Some(Leak { reader, of: *of, release: release.map(|release| release.index) });
    }
    None
}

/// Every release that some member of the family had a right to read at some line of the ledger.
fn rightful(told: &Told, reader: ParticipantId) -> BTreeSet<LineIndex> {
    let mut region = Region::empty(Catalogue::bundled());
    let mut rightful = BTreeSet::new();
    for line in &told.world.lines {
        region.take(line).unwrap();
        let readers: Vec<ParticipantId> = region
            .participants()
            .filter(|participant| participant.family() == reader)
            .map(|participant| participant.id)
            .collect();
        let current = region.releases().filter(|release| release.is_current() && !rightful.contains(&release.index));
        let new: Vec<LineIndex> = current
            .filter(|release| readers.iter().any(|reader| region.may_hold(*reader, release.index).is_ok()))
            .map(|release| release.index)
            .collect();
        rightful.extend(new);
    }
    rightful
}
