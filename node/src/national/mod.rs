//! National work: figures of several agencies stand side by side, and a recorded decision makes the national table of
//! them. Plain functions; nothing here is stored and nothing leaves the node.
//!
//! - [`agency`]: who delivers figures;
//! - [`sum`]: adding the agencies' tables without losing a gap;
//! - [`by_hand`]: figures that a person sets on top of the rule;
//! - [`origin`]: where each national figure comes from, down to file and line;
//! - here: the decision, and the national table with what stands behind each of its cells.

pub mod agency;
pub mod by_hand;
pub mod origin;
pub mod sum;

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::catalogue::{Form, Kind};
use vrs_protocol::cell::{Cell, Figure, Status};
use vrs_protocol::id::Code;
use vrs_protocol::table::{Key, Table};
use vrs_protocol::time::Timestamp;

use crate::cases::distinct::{Union, UnionCell};
pub use agency::{Agency, AgencyCode};
pub use by_hand::ByHand;
pub use origin::Origin;

/// The latest figures of one agency for one form and period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgencyTable {
    /// Number of this version of the table.
    pub id: i64,
    /// Whose figures.
    pub agency: AgencyCode,
    /// The figures.
    pub table: Table,
    /// The line of the file each cell came from, the first where it was counted from several; cells that were computed have none.
    pub lines: BTreeMap<Key, u64>,
    /// From how many rows of a file of cases each cell was counted.
    pub rows: BTreeMap<Key, u64>,
    /// Whether the cases behind it are kept and can be told apart.
    pub of_cases: bool,
    /// Since when the agency has delivered for this form and period.
    pub since: Timestamp,
    /// The file they came from.
    pub file: FileNote,
}

/// A file that was taken in, as people ask about it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct FileNote {
    /// Number of the import.
    pub import: i64,
    /// Its name when it was taken in.
    pub name: String,
    /// When.
    pub taken_at: Timestamp,
    /// By whom.
    pub taken_by: String,
}

/// How the national table is made of the agencies' tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rule {
    /// Cell by cell, keeping every gap.
    Sum,
    /// One agency's table as it is.
    Prefer(AgencyCode),
    /// The cases of these agencies, each counted once. About a case that several have, the one named first is right.
    Cases(Vec<AgencyCode>),
}

/// Most agencies whose cases are counted together.
const AGENCIES_MAX: usize = 20;

impl Rule {
    /// Reads `sum`, `prefer:AGENCY` or `cases:AGENCY,AGENCY`; printing is the exact inverse.
    ///
    /// # Errors
    /// A sentence with what is accepted.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            let shown: String = text.chars().take(40).collect();
            format!("{shown:?} is not a decision; write sum, prefer:AGENCY or cases:AGENCY,AGENCY")
        };
        match text.split_once(':') {
            None if text == "sum" => Ok(Self::Sum),
            Some(("prefer", agency)) => AgencyCode::parse(agency).map(Self::Prefer).map_err(|error| error.to_string()),
            Some(("cases", agencies)) => {
                let agencies: Vec<AgencyCode> = agencies
                    .split(',')
                    .map(|agency| AgencyCode::parse(agency).map_err(|error| error.to_string()))
                    .collect::<Result<_, _>>()?;
                let is_twice = agencies.iter().enumerate().any(|(at, agency)| agencies[..at].contains(agency));
                if is_twice || agencies.len() > AGENCIES_MAX { Err(wrong()) } else { Ok(Self::Cases(agencies)) }
            }
            _ => Err(wrong()),
        }
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sum => f.write_str("sum"),
            Self::Prefer(agency) => write!(f, "prefer:{agency}"),
            Self::Cases(order) => {
                let order: Vec<&str> = order.iter().map(AgencyCode::as_str).collect();
                write!(f, "cases:{}", order.join(","))
            }
        }
    }
}

/// A recorded decision about one form and period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// How the table is made.
    pub rule: Rule,
    /// Of a list, how many of the largest rows stay; the rest goes into `_O`.
    pub keep: Option<u16>,
    /// Who decided.
    pub by: String,
    /// Why; empty where the agencies say the same, and nobody gave a reason.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// Everything that was decided about one form and period.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decided {
    /// How the table is made; `None`: nobody has decided.
    pub decision: Option<Decision>,
    /// The cells that were set by hand.
    pub by_hand: BTreeMap<Key, ByHand>,
    /// The distinct cases as they were counted last, where the rule asks for them.
    pub distinct: Option<Union>,
}

/// The national table of a form and period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct National {
    /// The figures.
    pub table: Table,
    /// The decision it rests on; `None`: nobody has decided, and it is the proposal.
    pub decision: Option<Decision>,
    /// The agencies whose figures stand beside it.
    pub agencies: Vec<AgencyCode>,
    /// What each agency answers, by cell.
    pub behind: BTreeMap<Key, Vec<(AgencyCode, Cell)>>,
    /// The cells that were set by hand.
    pub by_hand: BTreeMap<Key, ByHand>,
    /// Those of them under which an agency's answer has changed since.
    pub stale: BTreeSet<Key>,
    /// Agencies that the decision on cases does not name, because they have delivered only since it was made.
    pub uncounted: Vec<AgencyCode>,
    /// Where each figure comes from.
    pub origins: BTreeMap<Key, Origin>,
}

impl National {
    /// The cells that at least two agencies answer, and not alike.
    pub fn differing(&self) -> impl Iterator<Item = &Key> {
        self.behind.iter().filter(|(_, answers)| differ(answers.iter().map(|(_, cell)| cell))).map(|(key, _)| key)
    }
}

/// Whether answers to one cell are not all the same.
fn differ<'c>(mut answers: impl Iterator<Item = &'c Cell>) -> bool {
    let first = answers.next();
    answers.any(|answer| Some(answer) != first)
}

/// Why there is no national table.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NationalError {
    /// No agency has delivered.
    #[error("no agency has delivered figures")]
    Nothing,
    /// The decision names an agency without figures.
    #[error("the decision prefers {0}, which has delivered no figures")]
    NoFigures(AgencyCode),
    /// The decision rests on cases that are not there any more.
    #[error(
        "the decision counts each case of {0} once, and the figures of {1} do not come from cases with references any more; bring its file of cases again, or decide otherwise"
    )]
    NotCases(String, AgencyCode),
    /// The decision rests on cases that cannot be counted.
    #[error(
        "the decision counts each case of {0} once, and that is not possible with the cases at hand; bring the files of cases again, or decide otherwise"
    )]
    NotCounted(String),
    /// Figures that cannot be added.
    #[error("{0}; decide whose figures are the national ones: decide FORM PERIOD prefer:AGENCY")]
    CannotAdd(String),
}

/// Makes the national table. Without a decision one agency's table is the national one, and several are added. What was set by
/// hand stands as it was set, whatever the rule says; it changes no other cell, and a list keeps its row.
///
/// # Errors
/// When there is nothing, or the tables cannot be added.
pub fn compile(form: &Form, tables: &[AgencyTable], decided: &Decided) -> Result<National, NationalError> {
    let Decided { decision, by_hand, distinct } = decided;
    let rule = decision.as_ref().map_or(&Rule::Sum, |decision| &decision.rule);
    let mut table = match (rule, tables) {
        (_, []) => return Err(NationalError::Nothing),
        (Rule::Prefer(agency), tables) => {
            let preferred = tables.iter().find(|own| own.agency == *agency);
            preferred.ok_or_else(|| NationalError::NoFigures(agency.clone()))?.table.clone()
        }
        (Rule::Cases(order), tables) => distinct_cases(form, tables, order, distinct.as_ref())?,
        (Rule::Sum, [one]) => one.table.clone(),
        (Rule::Sum, several) => sum::add(form, several)?,
    };
    if let (Some(keep), Some(place)) = (decision.as_ref().and_then(|decision| decision.keep), sum::growing(form)) {
        keep_largest(&mut table, place, usize::from(keep), by_hand);
    }
    table.cells.extend(by_hand.iter().map(|(key, set)| (key.clone(), set.cell.clone())));
    let mut behind: BTreeMap<Key, Vec<(AgencyCode, Cell)>> = BTreeMap::new();
    for own in tables {
        for (key, cell) in &own.table.cells {
            behind.entry(key.clone()).or_default().push((own.agency.clone(), cell.clone()));
        }
    }
    let agencies = tables.iter().map(|own| own.agency.clone()).collect();
    let stale = by_hand.iter().filter(|(key, set)| set.is_stale(tables, key)).map(|(key, _)| key.clone()).collect();
    let uncounted = decision.as_ref().map_or_else(Vec::new, |decision| uncounted(tables, decision));
    let origins = origin::origins(form, tables, decided, &table);
    let (decision, by_hand) = (decision.clone(), by_hand.clone());
    Ok(National { table, decision, agencies, behind, by_hand, stale, uncounted, origins })
}

/// Who was not there when it was decided whose cases are counted. Whoever was, and is not named, was left out by a person.
fn uncounted(tables: &[AgencyTable], decision: &Decision) -> Vec<AgencyCode> {
    let Rule::Cases(order) = &decision.rule else { return Vec::new() };
    let is_new = |own: &&AgencyTable| !order.contains(&own.agency) && own.since > decision.at;
    tables.iter().filter(is_new).map(|own| own.agency.clone()).collect()
}

/// The table of distinct cases, counted as the agencies count.
fn distinct_cases(
    form: &Form,
    tables: &[AgencyTable],
    order: &[AgencyCode],
    distinct: Option<&Union>,
) -> Result<Table, NationalError> {
    let names = || order.iter().map(AgencyCode::as_str).collect::<Vec<_>>().join(", ");
    let mut counted = Vec::with_capacity(order.len());
    for agency in order {
        let own = tables.iter().find(|own| own.agency == *agency && own.of_cases);
        counted.push(own.ok_or_else(|| NationalError::NotCases(names(), agency.clone()))?.clone());
    }
    let distinct =
        distinct.filter(|distinct| distinct.order == order).ok_or_else(|| NationalError::NotCounted(names()))?;
    let first = counted.first().ok_or(NationalError::Nothing)?;
    let mut table = Table::new(form.code.clone(), first.table.period);
    table.metadata = sum::metadata(form, &counted)?;
    // Every case was counted, so a row that is not written counts nobody; and what the agencies both had is counted once.
    table.metadata.list_complete = form.kind == Kind::List;
    table.metadata.double_counting = table.metadata.double_counting.filter(|is_known| !is_known);
    let status = Status::of_letter(&distinct.status).unwrap_or_default();
    let cell = |cell: &UnionCell| Cell::Value { figure: Figure::Count(cell.persons), status };
    table.cells = distinct.cells.iter().map(|own| (Key(own.key.clone()), cell(own))).collect();
    Ok(table)
}

/// Keeps the largest rows of each list in the table and moves the rest into its `_O`. Rows without a count stay: a gap is
/// not small, it is unknown. So do those that somebody set by hand.
fn keep_largest(table: &mut Table, place: usize, keep: usize, by_hand: &BTreeMap<Key, ByHand>) {
    let mut lists: BTreeMap<Key, Vec<(u64, Key)>> = BTreeMap::new();
    for (key, cell) in table.cells.iter().filter(|(key, _)| !by_hand.contains_key(key)) {
        let is_row = key.0.get(place).is_some_and(|code| !code.is_reserved());
        if let (true, Some(count)) = (is_row, cell.as_count()) {
            lists.entry(sum::with(key, place, Code::other())).or_default().push((count, key.clone()));
        }
    }
    for (other, mut rows) in lists {
        // The larger first, then by code, so that the same figures always keep the same rows.
        rows.sort_by(|(a, left), (b, right)| b.cmp(a).then_with(|| left.cmp(right)));
        let moved: Vec<(u64, Key)> = rows.into_iter().skip(keep).collect();
        if moved.is_empty() {
            continue;
        }
        // A country that was moved is no longer written, and not zero.
        table.metadata.list_complete = false;
        let rest = moved.iter().filter_map(|(_, key)| table.cells.remove(key)).collect();
        let before = table.cells.remove(&other);
        table.cells.insert(other, sum::add_cells(&before.into_iter().chain::<Vec<Cell>>(rest).collect::<Vec<_>>()).0);
    }
}

#[cfg(test)]
mod tests;
