//! What the engine answers: the tables as they would leave, why each hidden cell is hidden, and the audit. Only the tables may
//! leave the node.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::table::Table;

use crate::cells::CellId;
use crate::policy::PolicyError;
use crate::primary::Warning;

/// Why a cell is hidden. Inside the node only: with the threshold known, this gives cells away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Its count is small.
    Small,
    /// A person withholds it.
    Withheld,
    /// It was hidden before, and its figure is not at hand.
    NotAtHand,
    /// It was hidden in an earlier release.
    HiddenBefore,
    /// A person marked it to be hidden.
    Marked,
    /// It protects these cells.
    Protects(BTreeSet<CellId>),
}

/// A protected cell and the two witnesses that prove it uncertain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The cell, as an index into [`Audit::cells`].
    pub cell: usize,
    /// Index of the witness in which it is lower.
    pub low: usize,
    /// Index of the witness in which it is higher.
    pub high: usize,
    /// By how much they must differ.
    pub demand: i64,
}

/// A cell that could not be proven uncertain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unproven {
    /// The cell.
    pub cell: CellId,
    /// How an outsider would derive it, as a sentence.
    pub derivation: String,
}

/// The proof that a release is safe: complete tables in whole numbers, and which two prove each cell. Stays in the node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audit {
    /// Every cell of the system that is not shown.
    pub cells: Vec<CellId>,
    /// Witnesses: one figure for each of those cells. The true figures are none of them.
    pub tables: Vec<Vec<i64>>,
    /// What is proven.
    pub proofs: Vec<Proof>,
    /// What is not. A release is safe when this is empty.
    pub unproven: Vec<Unproven>,
    /// Sums that the national figures contradict, as their cells in order: nobody can rely on them.
    pub set_aside: BTreeSet<Vec<CellId>>,
}

impl Audit {
    /// Whether every cell that must be is proven.
    pub const fn is_passed(&self) -> bool {
        self.unproven.is_empty()
    }
    /// Lowest and highest figure of a cell among the witnesses: an outsider can exclude nothing between them. Others may be
    /// possible too.
    pub fn shown_possible(&self, cell: &CellId) -> Option<(i64, i64)> {
        let at = self.cells.iter().position(|other| other == cell)?;
        let figures = self.tables.iter().filter_map(|table| table.get(at).copied());
        figures.clone().min().zip(figures.max())
    }
}

/// The engine's answer.
#[derive(Debug, Clone)]
pub struct Decision {
    /// The tables to be released, as they would leave. All hidden cells are alike in them.
    pub released: Vec<Table>,
    /// Why each cell of them is hidden.
    pub hidden: BTreeMap<CellId, Why>,
    /// The proof.
    pub audit: Audit,
    /// What a person should look at.
    pub warnings: Vec<Warning>,
    /// Steps of the solver that were used.
    pub steps: u64,
}

/// Why the engine decides nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// The policy protects nothing.
    #[error(transparent)]
    Policy(#[from] PolicyError),
    /// A table is asked for that is not among the national ones.
    #[error("{0} is to be released, and its figures are not given")]
    NoTable(String),
    /// A cell is under embargo.
    #[error("{0} is under embargo; nothing of its table leaves")]
    Embargoed(CellId),
    /// No figures satisfy what was released and what is true.
    #[error("the figures at hand contradict what was released before: no whole figures satisfy every sum{0}")]
    Contradiction(String),
}
