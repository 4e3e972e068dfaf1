//! Which cells must be protected: small counts (P1, P2), the rest of a list where it is small (P3), what is withheld by hand (P7).
//! Also warnings for a person: cells of one incident (P5), class disclosure (P6), small differences between revisions (P8).

use std::collections::BTreeSet;

use vrs_protocol::cell::Cell;

use crate::cells::CellId;
use crate::request::Request;
use crate::system::{Standing, System, find, vintages::Names};

/// Why a cell must be protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// Its count is small.
    Small,
    /// A person withholds it.
    Withheld,
    /// It was hidden before and its figure is not at hand: it may have been small.
    NotAtHand,
}

/// Something a person should look at; nothing is hidden for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// A small count that earlier releases show or give away; it cannot be protected any more.
    AlreadyKnown(CellId),
    /// All persons of the cell come from one incident (P5).
    OneIncident(CellId),
    /// The cell holds at least nine in ten of its line (P6): whoever belongs to the line most probably belongs to the cell.
    ClassDisclosure {
        /// The cell.
        part: CellId,
        /// The total of its line.
        whole: CellId,
    },
    /// The cell differs from its earlier release by a small count (P8): better held back to the next revision.
    SmallDifference(CellId),
    /// A sum that the national figures contradict; it was set aside.
    DoesNotAdd(CellId),
    /// The national table has no figure for a cell that is to be hidden, so it is protected like a small one.
    FigureNotAtHand(CellId),
}

/// Each cell that must be protected, by index; `None` for the others.
pub fn needs(system: &System, names: &Names, request: &Request<'_>) -> Vec<Option<Need>> {
    let withheld: BTreeSet<usize> =
        request.marks.withheld.iter().filter_map(|cell| find(system, names, request, cell)).collect();
    let written_as_withheld: BTreeSet<usize> = request
        .national
        .iter()
        .flat_map(|table| {
            table.cells.iter().filter(|(_, cell)| **cell == Cell::Withheld).map(move |(key, _)| (table, key))
        })
        .filter_map(|(table, key)| find(system, names, request, &(table.form.clone(), table.period, key.clone())))
        .collect();
    // Nobody writes it and it is the sum of cells that are written: what is small in them is protected there.
    let is_seen = |at: &usize| system.standing[*at] != Standing::Unseen;
    let sums_of_seen: BTreeSet<usize> =
        system.sums.iter().filter(|sum| sum.parts.iter().all(is_seen)).map(|sum| sum.whole).collect();
    (0..system.cells.len())
        .map(|at| match (system.standing[at], system.truth[at]) {
            (Standing::Known(_), _) => None,
            _ if withheld.contains(&at) || written_as_withheld.contains(&at) => Some(Need::Withheld),
            (Standing::Open | Standing::Hole(_), Some(count)) if request.policy.is_small(count) => Some(Need::Small),
            // What nobody writes and still follows: the rest of a list, a period between others. Its zeros are no answer.
            (Standing::Unseen, Some(count))
                if count > 0 && request.policy.is_small(count) && !sums_of_seen.contains(&at) =>
            {
                Some(Need::Small)
            }
            (Standing::Open | Standing::Hole(_), None) => Some(Need::NotAtHand),
            _ => None,
        })
        .collect()
}

/// What a person should look at.
pub fn warnings(system: &System, names: &Names, request: &Request<'_>) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let cell = |at: usize| system.cells[at].clone();
    for (at, standing) in system.standing.iter().enumerate() {
        match (standing, system.truth[at]) {
            (Standing::Known(count), _) if *count > 0 && request.policy.is_small(*count) => {
                warnings.push(Warning::AlreadyKnown(cell(at)));
            }
            (Standing::Open | Standing::Hole(_), None) => warnings.push(Warning::FigureNotAtHand(cell(at))),
            _ => {}
        }
    }
    for (one, incidents) in &request.incidents {
        if *incidents == 1
            && let Some(at) = find(system, names, request, one)
            && system.truth[at].is_some_and(|count| count > 1)
        {
            warnings.push(Warning::OneIncident(cell(at)));
        }
    }
    for sum in &system.sums {
        let Some(whole) = system.truth[sum.whole].filter(|whole| *whole >= i64::from(request.policy.below)) else {
            continue;
        };
        let within_one_table = system.cells[sum.whole].period == system.cells[sum.parts[0]].period;
        let is_class = |part: usize| system.truth[part].is_some_and(|count| count * 10 >= whole * 9);
        let parts = sum.parts.iter().copied().filter(|part| within_one_table && sum.parts.len() > 1 && is_class(*part));
        let open = |part: &usize| system.standing[*part] == Standing::Open;
        warnings.extend(
            parts.filter(open).map(|part| Warning::ClassDisclosure { part: cell(part), whole: cell(sum.whole) }),
        );
    }
    for (id, &at) in system.index.range(..) {
        let former = id.vintage.checked_sub(1).and_then(|vintage| system.index.get(&CellId { vintage, ..id.clone() }));
        let pair = former.and_then(|former| system.truth[*former]).zip(system.truth[at]);
        if let Some((old, new)) = pair
            && old != new
            && (old - new).unsigned_abs() < u64::from(request.policy.below)
            && system.standing[at] == Standing::Open
        {
            warnings.push(Warning::SmallDifference(id.clone()));
        }
    }
    warnings.extend(system.broken.iter().map(|sum| Warning::DoesNotAdd(cell(sum.whole))));
    warnings
}
