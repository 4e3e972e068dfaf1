//! What the engine is asked: which tables are about to be released, what is known already, and what a person wants.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::table::{Key, Table};

use crate::policy::Policy;

/// A cell of a table, as pages and files name it.
pub type CellRef = (FormCode, Period, Key);

/// A table of an earlier release, to whomever: what was ever shown to anybody counts as known to everybody.
#[derive(Debug, Clone)]
pub struct Earlier {
    /// Number of the release; tables that left together share it. A later release has a greater number.
    pub release: u32,
    /// The figures as they left.
    pub shown: Table,
    /// The national figures behind them, where the node kept them. Without them a hidden cell of a table that was revised
    /// since counts as a figure of its own, unknown also to us.
    pub national: Option<Table>,
}

/// What a person wants of single cells.
#[derive(Debug, Clone, Default)]
pub struct Marks {
    /// Withheld by hand (P7); protected like a small count.
    pub withheld: BTreeSet<CellRef>,
    /// To be kept if there is another way.
    pub keep: BTreeSet<CellRef>,
    /// To be hidden in preference to others; without protection of its own.
    pub hide: BTreeSet<CellRef>,
}

/// Everything the engine needs to know of one topic.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// What is small, and how uncertain it must stay.
    pub policy: Policy,
    /// The national figures of the topic, of all forms and periods at hand: at least those to be released and those behind
    /// earlier releases that still stand.
    pub national: &'a [Table],
    /// Which of them are to be released now.
    pub releasing: BTreeSet<(FormCode, Period)>,
    /// Whatever was ever released of the topic, revisions and withdrawn tables too, in the order in which it left.
    pub ledger: &'a [Earlier],
    /// What a person wants of single cells.
    pub marks: Marks,
    /// What each insider knows, such as the cells of one agency. Whoever knows a cell of one person is an insider without
    /// being named here.
    pub insiders: Vec<BTreeSet<CellRef>>,
    /// From how many incidents the persons of a cell come, where the node knows it (P5).
    pub incidents: BTreeMap<CellRef, u32>,
}

impl<'a> Request<'a> {
    /// A first release of all tables given.
    pub fn of_all(policy: Policy, national: &'a [Table]) -> Self {
        Self {
            policy,
            national,
            releasing: national.iter().map(|table| (table.form.clone(), table.period)).collect(),
            ledger: &[],
            marks: Marks::default(),
            insiders: Vec::new(),
            incidents: BTreeMap::new(),
        }
    }
}

/// Work that may still be done, counted in steps of the solver and not in time, so that the same request gives the same answer
/// on every machine. A step on the cells of a topic takes some ten to a hundred microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    left: u64,
    polish: u64,
}

impl Budget {
    /// Enough for a topic of the questionnaire over a year of quarters, many times over. Of that, as much for hiding fewer cells as a
    /// person has the patience for: small topics have the time for all of it, on a large one it is a few seconds.
    pub const USUAL: Self = Self { left: 5_000_000, polish: 15_000 };

    /// So many steps.
    pub const fn of_steps(steps: u64) -> Self {
        Self { left: steps, polish: steps }
    }
    /// Steps that may be spent on hiding fewer cells, once enough are hidden.
    pub const fn polish(self) -> u64 {
        self.polish
    }
    /// Steps left.
    pub const fn left(self) -> u64 {
        self.left
    }
    /// Takes a step; false where none is left.
    pub const fn take(&mut self) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        true
    }
    /// Sets a part of what is left aside for one piece of work: that part, at most `steps`.
    #[must_use]
    pub const fn part(&mut self, steps: u64) -> Self {
        let part = if self.left < steps { self.left } else { steps };
        self.left -= part;
        Self { left: part, polish: self.polish }
    }
    /// Gives back what a part did not use.
    pub const fn give_back(&mut self, part: Self) {
        self.left += part.left;
    }
}
