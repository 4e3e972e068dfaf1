//! Intake: from the bytes that an agency sends to tables, or to every reason why not. Plain functions: no file is
//! opened here, nothing is stored, and the answer is either all tables of a file or all of its problems, so that
//! nothing of a refused file can be half stored.
//!
//! Two kinds of file are read. The canonical CSV ([`canonical`]) is our own: what `table --csv` prints, `import` reads.
//! Anything else is read through a [`mapping`], which says how a foreign layout becomes tables ([`mapped`]).
//!
//! In reading order: what is wrong ([`problems`]); bytes to text to records ([`text`], [`workbook`], [`opened`], [`records`],
//! `unfold`); what a field may be ([`personal`], [`numbers`], `dates`, [`periods`], [`labels`]); how the figures were
//! counted ([`metadata`]); whole files ([`canonical`]; [`mapping`], [`mapped`] with `columns`, `plan`,
//! `rows`, `gather` and `totals`; [`cases`]); what no file may contradict (`verdict`); how a mapping comes about when nobody
//! has written one ([`assistant`]); figures that are typed instead ([`sheet`]).

pub mod problems;

pub mod records;
pub mod text;
pub mod workbook;

pub mod opened;
mod unfold;

mod dates;
pub mod periods;

pub mod aliases;
pub mod labels;
pub mod numbers;
pub mod personal;

pub mod metadata;

pub mod canonical;
pub mod figures;

pub mod case_sets;
pub mod cases;
mod columns;
mod gather;
pub mod mapped;
pub mod mapping;
mod plan;
mod rows;
mod totals;

mod verdict;

pub mod assistant;
pub mod sheet;

use std::collections::BTreeMap;

use vrs_protocol::table::{Key, Table};

pub use canonical::{is_canonical, read_canonical, write_canonical};
pub use mapped::{SourceFile, read_mapped, read_mapped_keyed};
pub use mapping::Mapping;
pub use metadata::HowCounted;
pub use problems::{Flaw, Problem, Problems};

/// What a file gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Intake {
    /// Its tables, by form and period.
    pub tables: Vec<Taken>,
    /// Rows that were read, without the heading.
    pub rows_read: usize,
    /// Rows of them that speak of other states and were passed over.
    pub rows_of_others: usize,
    /// Rows of the rest that are part of no table, because the mapping leaves them out.
    pub rows_left_out: usize,
    /// Rows whose case stands in the file already, where the mapping says that they are counted once.
    pub rows_repeated: usize,
    /// Its cases, where the mapping names their references.
    pub cases: Vec<crate::case_sets::CaseSet>,
}

/// One table of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// The table.
    pub table: Table,
    /// The line each cell came from; the first, where several rows were added up. A cell that was computed has none.
    pub lines: BTreeMap<Key, u64>,
    /// From how many rows of a file of cases a cell was counted.
    pub rows: BTreeMap<Key, u64>,
}
