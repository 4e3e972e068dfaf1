//! The answer: the tables with everything hidden that must be, and what is kept of it; or the cells that cannot be protected.
//! What is not proven within the budget does not leave.

use std::collections::BTreeMap;

use vrs_disclosure::cells::{CellId, cell_of};
use vrs_disclosure::decision::{Decision, RequestError, Why};
use vrs_disclosure::engine::decide;
use vrs_disclosure::request::Budget;
use vrs_disclosure::system::form_of;
use vrs_disclosure::verify::{Flaw, verify};
use vrs_protocol::cell::Cell;
use vrs_protocol::id::Code;
use vrs_protocol::table::{Key, Table};

use super::asked::{Asked, present};
use super::policy::NONE;
use super::{HiddenCell, HiddenWhy, OpenCell, ProtectedTable, Protection, Warned};

/// Cells that are kept by name for each cell that protects them; a total may protect hundreds.
const PROTECTED_MAX: usize = 20;

/// Tables that may leave.
#[derive(Debug, Clone)]
pub struct Protected {
    /// The tables as they would leave, every hidden cell suppressed alike.
    pub tables: Vec<Table>,
    /// What is kept of the decision.
    pub protection: Protection,
}

/// Why nothing may leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProtectRefusal {
    /// Cells that an outsider could work out.
    Open(Vec<OpenCell>),
    /// The question cannot be answered.
    Request(RequestError),
}

/// Hides what must be hidden, and checks the proof by addition. Where a person asks for it with a reason, cells may stay open; they
/// are named, and it leaves under no policy, because the proof of it fails. A proof that is wrong in itself lets nothing leave.
///
/// # Errors
/// [`ProtectRefusal`] names the cells that stay open.
pub fn protect(asked: &Asked, seed: u64, budget: Budget) -> Result<Protected, ProtectRefusal> {
    let Some(policy) = asked.applied.policy() else { return Ok(as_published(asked, seed)) };
    let ledger = asked.ledger();
    let decision = decide(&asked.request(policy, &ledger), seed, budget).map_err(ProtectRefusal::Request)?;
    let standing = asked.standing(&decision.released);
    let must = asked.must(policy, &decision.audit);
    let verified = verify(&standing, &decision.audit, &must, i64::from(policy.least));
    let flaws = still_to_protect(verified.err().unwrap_or_default(), asked);
    let is_open = |flaw: &Flaw| matches!(flaw, Flaw::Open(..) | Flaw::NotProven(_));
    if !flaws.is_empty() && (asked.despite.is_empty() || !flaws.iter().all(is_open)) {
        return Err(ProtectRefusal::Open(open(flaws)));
    }
    let open = open(flaws);
    let reasons = reasons(&decision);
    let tables = decision.released.iter().map(|table| kept(asked, table, &decision, &reasons)).collect();
    let mut protection = Protection {
        warnings: decision.warnings.iter().map(Warned::of).collect(),
        proven: decision.audit.proofs.len(),
        considered: asked.earlier.iter().map(|release| release.id).collect(),
        steps: decision.steps,
        ..unprotected(asked, tables, seed)
    };
    if !open.is_empty() {
        protection.applied.number = NONE;
        protection.despite = asked.despite.clone();
        protection.open = open;
    }
    Ok(Protected { tables: decision.released, protection })
}

/// Figures that are published already leave as they are.
fn as_published(asked: &Asked, seed: u64) -> Protected {
    let releasing = |table: &&Table| asked.releasing.contains(&(table.form.clone(), table.period));
    let tables: Vec<Table> = asked.national.iter().filter(releasing).cloned().collect();
    let none = Decision {
        released: Vec::new(),
        hidden: BTreeMap::new(),
        audit: Default::default(),
        warnings: Vec::new(),
        steps: 0,
    };
    let kept = tables.iter().map(|table| kept(asked, table, &none, &BTreeMap::new())).collect();
    Protected { protection: unprotected(asked, kept, seed), tables }
}

fn unprotected(asked: &Asked, tables: Vec<ProtectedTable>, seed: u64) -> Protection {
    Protection {
        topic: asked.topic.clone(),
        year: asked.year,
        applied: asked.applied.clone(),
        withheld_because: asked.withheld_because.clone(),
        tables,
        warnings: Vec::new(),
        proven: 0,
        considered: Vec::new(),
        seed,
        steps: 0,
        duration_ms: 0,
        despite: String::new(),
        open: Vec::new(),
        overridden: None,
        held_back: asked.held_back.clone(),
        provisional: asked.provisional.clone(),
    }
}

/// Without what an earlier release gave away on a second person's word: nobody can take that back.
fn still_to_protect(flaws: Vec<Flaw>, asked: &Asked) -> Vec<Flaw> {
    let is_given_away = |flaw: &Flaw| match flaw {
        Flaw::Open(cell, _) | Flaw::NotProven(cell) => asked.given_away.contains(&cell.to_string()),
        Flaw::Missing(_) | Flaw::OutOfBounds { .. } | Flaw::Sum { .. } => false,
    };
    flaws.into_iter().filter(|flaw| !is_given_away(flaw)).collect()
}

/// Names what stays open, each cell once. A flaw of another kind says that the proof itself is wrong; nothing leaves on it either.
fn open(flaws: Vec<Flaw>) -> Vec<OpenCell> {
    let mut cells: BTreeMap<String, String> = BTreeMap::new();
    for flaw in flaws {
        let sentence = flaw.to_string();
        match flaw {
            Flaw::Open(cell, derivation) => drop(cells.insert(cell.to_string(), derivation)),
            Flaw::Missing(cell) | Flaw::NotProven(cell) | Flaw::OutOfBounds { cell, .. } => {
                cells.entry(cell.to_string()).or_insert(sentence);
            }
            Flaw::Sum { whole, .. } => {
                cells.entry(whole.to_string()).or_insert(sentence);
            }
        }
    }
    cells.into_iter().map(|(cell, derivation)| OpenCell { cell, derivation }).collect()
}

/// Why each cell is hidden, by its name without the state of publication; the latest state counts.
fn reasons(decision: &Decision) -> BTreeMap<CellId, &Why> {
    // In the order of their names, the later state of a cell comes after the earlier.
    decision.hidden.iter().map(|(cell, why)| (CellId { vintage: 0, ..cell.clone() }, why)).collect()
}

fn said(why: &Why) -> (HiddenWhy, Vec<String>) {
    let why = match why {
        Why::Small => HiddenWhy::Small,
        Why::Withheld | Why::Marked => HiddenWhy::Withheld,
        Why::NotAtHand => HiddenWhy::NotAtHand,
        Why::HiddenBefore => HiddenWhy::Before,
        Why::Protects(cells) => {
            return (HiddenWhy::Protects, cells.iter().take(PROTECTED_MAX).map(ToString::to_string).collect());
        }
    };
    (why, Vec::new())
}

fn kept(asked: &Asked, released: &Table, decision: &Decision, reasons: &BTreeMap<CellId, &Why>) -> ProtectedTable {
    let national = asked.national.iter().find(|table| table.form == released.form && table.period == released.period);
    let truth = |key: &Key| national.and_then(|table| table.cell(key)).and_then(Cell::as_count);
    let is_hidden = |cell: &Cell| matches!(cell, Cell::Suppressed | Cell::Withheld);
    let hidden = released.cells.iter().filter(|(_, cell)| is_hidden(cell)).map(|(key, _)| {
        let id = form_of(released).map(|form| cell_of(released, form, key));
        let reason = id.as_ref().and_then(|id| reasons.get(id));
        let (why, protects) = reason.map_or((HiddenWhy::Withheld, Vec::new()), |why| said(why));
        let witnesses = id.and_then(|id| decision.audit.shown_possible(&present(&decision.audit, id)));
        let witnesses = witnesses.and_then(|(low, high)| u64::try_from(low).ok().zip(u64::try_from(high).ok()));
        let possible =
            witnesses.map(|(low, high)| truth(key).map_or((low, high), |truth| (low.min(truth), high.max(truth))));
        HiddenCell { key: key.0.clone(), why, possible, protects }
    });
    let is_row = |key: &Key| key.0.iter().all(|code| code.as_str() != Code::TOTAL);
    let rows = || released.cells.iter().filter(|(key, _)| is_row(key));
    let sum = |count: &mut dyn Iterator<Item = u64>| count.fold(0, u64::saturating_add);
    ProtectedTable {
        form: released.form.clone(),
        period: released.period,
        shown: released.cells.values().filter(|cell| !is_hidden(cell)).count(),
        hidden: hidden.collect(),
        counted: sum(&mut rows().filter_map(|(key, _)| truth(key))),
        counted_hidden: sum(&mut rows().filter(|(_, cell)| is_hidden(cell)).filter_map(|(key, _)| truth(key))),
    }
}
