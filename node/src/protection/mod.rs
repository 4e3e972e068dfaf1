//! Disclosure control at the release desk: which cells of the tables that are about to leave are hidden, so that nobody works a
//! small count out from them and everything that left before. The engine is `vrs_disclosure`; here is what it is asked, and
//! what of its answer is kept.
//!
//! The rule it keeps: nothing of this leaves the node but the number of the policy. Which hidden cell was small and which one
//! protects it would give small counts away.
//!
//! - [`policy`]: which rule applies to a topic;
//! - [`asked`]: the question: national tables, everything that ever left, and which cells must be proven;
//! - [`protect`]: the answer, or why nothing may leave;
//! - [`held_back`]: small corrections of what left before;
//! - [`words`]: what is said of it;
//! - here: what is kept of an answer, and shown to those who decide.

pub mod asked;
pub mod held_back;
pub mod policy;
pub mod protect;
pub mod words;

#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use vrs_disclosure::primary::Warning;
use vrs_protocol::id::{Code, FormCode, TopicCode};
use vrs_protocol::period::Period;

use policy::Applied;

/// What disclosure control did to the tables of one topic and year that leave together. Kept in the node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Protection {
    /// The topic.
    pub topic: TopicCode,
    /// The calendar year.
    pub year: u16,
    /// The rule that was applied.
    pub applied: Applied,
    /// Why the preparer withholds cells that are not small; empty: none was withheld when this was prepared.
    pub withheld_because: String,
    /// The tables.
    pub tables: Vec<ProtectedTable>,
    /// What a person should look at.
    pub warnings: Vec<Warned>,
    /// How many cells were proven uncertain by the width, hidden cells of earlier releases included.
    pub proven: usize,
    /// Numbers of the releases that counted as known to everybody.
    pub considered: Vec<i64>,
    /// Where the engine's dice began: with it, the same figures give the same answer.
    pub seed: u64,
    /// Steps of the solver.
    pub steps: u64,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// Why the preparer asks to let it leave although cells can be worked out; empty: nothing can be.
    #[serde(default)]
    pub despite: String,
    /// The cells that can be worked out.
    #[serde(default)]
    pub open: Vec<OpenCell>,
    /// The second person who took that upon himself, and why; `None`: nobody has.
    #[serde(default)]
    pub overridden: Option<Overridden>,
    /// Tables whose small corrections are held back: they leave with the figures of before, marked as provisional.
    #[serde(default)]
    pub held_back: Vec<(FormCode, Period)>,
    /// Tables that show small corrections and are marked as provisional.
    #[serde(default)]
    pub provisional: Vec<(FormCode, Period)>,
}

/// A cell that an outsider could work out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenCell {
    /// The cell, as the engine names it.
    pub cell: String,
    /// How.
    pub derivation: String,
}

/// A release without full protection, on a second person's word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overridden {
    /// The account that approved it.
    pub by: String,
    /// Why.
    pub because: String,
}

/// One table after disclosure control.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProtectedTable {
    /// The form.
    pub form: FormCode,
    /// The period.
    pub period: Period,
    /// How many cells are shown.
    pub shown: usize,
    /// The hidden cells, in key order.
    pub hidden: Vec<HiddenCell>,
    /// What the rows of the table count together; totals are not counted again.
    pub counted: u64,
    /// How much of it is in hidden rows.
    pub counted_hidden: u64,
}

/// A hidden cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HiddenCell {
    /// One code per dimension.
    pub key: Vec<Code>,
    /// Why it is hidden.
    pub why: HiddenWhy,
    /// Lowest and highest figure known to be possible for an outsider. The true bounds are these or wider: each end is the
    /// true figure or that of a whole table which agrees with everything that is shown.
    pub possible: Option<(u64, u64)>,
    /// The cells that it protects, as the engine names them; the first of them where they are many.
    pub protects: Vec<String>,
}

/// Why a cell is hidden.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HiddenWhy {
    /// Its count is small.
    Small,
    /// Others could be worked out if it were shown.
    Protects,
    /// A person withholds it.
    Withheld,
    /// It was hidden in an earlier release.
    Before,
    /// The national table has no figure for it, so it is protected like a small one.
    NotAtHand,
}

impl HiddenWhy {
    /// All of them, in the order in which they are counted on a page.
    pub const ALL: [Self; 5] = [Self::Small, Self::Protects, Self::Withheld, Self::Before, Self::NotAtHand];
}

/// Something a person should look at before approving.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warned {
    /// What.
    pub kind: WarnedOf,
    /// The cell, as the engine names it.
    pub cell: String,
    /// The total of its line, where it holds nearly all of it; else empty.
    pub whole: String,
}

/// What a person should look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum WarnedOf {
    /// A small count that earlier releases show or give away.
    AlreadyKnown,
    /// All persons of the cell come from one incident (P5).
    OneIncident,
    /// The cell holds at least nine in ten of its line (P6).
    ClassDisclosure,
    /// The cell differs from its earlier release by a small count (P8).
    SmallDifference,
    /// A sum that the national figures contradict.
    DoesNotAdd,
    /// No figure is at hand for a cell that is hidden.
    FigureNotAtHand,
}

impl Warned {
    fn of(warning: &Warning) -> Self {
        let (kind, cell, whole) = match warning {
            Warning::AlreadyKnown(cell) => (WarnedOf::AlreadyKnown, cell, None),
            Warning::OneIncident(cell) => (WarnedOf::OneIncident, cell, None),
            Warning::ClassDisclosure { part, whole } => (WarnedOf::ClassDisclosure, part, Some(whole)),
            Warning::SmallDifference(cell) => (WarnedOf::SmallDifference, cell, None),
            Warning::DoesNotAdd(cell) => (WarnedOf::DoesNotAdd, cell, None),
            Warning::FigureNotAtHand(cell) => (WarnedOf::FigureNotAtHand, cell, None),
        };
        Self { kind, cell: cell.to_string(), whole: whole.map_or_else(String::new, ToString::to_string) }
    }
}

impl ProtectedTable {
    /// How many cells are hidden for a reason.
    #[must_use]
    pub fn count(&self, why: HiddenWhy) -> usize {
        self.hidden.iter().filter(|cell| cell.why == why).count()
    }
}

impl Protection {
    /// The table of a form and period.
    #[must_use]
    pub fn table(&self, form: &FormCode, period: Period) -> Option<&ProtectedTable> {
        self.tables.iter().find(|table| table.form == *form && table.period == period)
    }
    /// How many cells are hidden for a reason, in all tables.
    #[must_use]
    pub fn count(&self, why: HiddenWhy) -> usize {
        self.tables.iter().map(|table| table.count(why)).sum()
    }
    /// How many cells are shown, in all tables.
    #[must_use]
    pub fn shown(&self) -> usize {
        self.tables.iter().map(|table| table.shown).sum()
    }
    /// Tenths of a percent of what the rows count that are in hidden rows.
    #[must_use]
    pub fn hidden_permille(&self) -> u64 {
        let counted: u64 = self.tables.iter().map(|table| table.counted).sum();
        let hidden: u64 = self.tables.iter().map(|table| table.counted_hidden).sum();
        // Rounded upwards: a share that is not zero is not shown as zero.
        hidden.saturating_mul(1_000).div_ceil(counted.max(1))
    }
}
