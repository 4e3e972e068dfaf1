//! The question to the engine: the national figures of a topic and year, everything that ever left, and what must be proven.
//!
//! What was ever shown to anybody counts as known to everybody, whatever the audience, withdrawn or not; so does what waits on
//! the desk, for two releases that are prepared side by side may both leave. Tables that were derived, or went along unchanged
//! with another, are no part of it: they say nothing that the tables they were made of do not say.

use std::collections::{BTreeMap, BTreeSet};

use vrs_disclosure::cells::{CellId, cell_of};
use vrs_disclosure::decision::Audit;
use vrs_disclosure::policy::Policy;
use vrs_disclosure::request::{CellRef, Earlier, Marks, Request};
use vrs_disclosure::system::form_of;
use vrs_protocol::blocks::TableId;
use vrs_protocol::cell::Cell;
use vrs_protocol::id::TopicCode;
use vrs_protocol::table::{Key, Table};

use super::policy::Applied;

/// A release that counts as known.
#[derive(Debug, Clone)]
pub struct EarlierRelease {
    /// Its number on the desk.
    pub id: i64,
    /// Number of the first of those it left with.
    pub bundle: i64,
    /// The figures as they left.
    pub shown: Table,
    /// The national figures behind them, where they were kept.
    pub national: Option<Table>,
}

/// What the engine is asked about one topic and year.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The topic.
    pub topic: TopicCode,
    /// The calendar year.
    pub year: u16,
    /// The rule that applies.
    pub applied: Applied,
    /// The national tables of the topic and year at hand.
    pub national: Vec<Table>,
    /// Which of them are to be released.
    pub releasing: BTreeSet<TableId>,
    /// Everything that counts as known, in the order in which it was prepared.
    pub earlier: Vec<EarlierRelease>,
    /// Cells that a person withholds, now or in an earlier release.
    pub withheld: BTreeSet<CellRef>,
    /// Why a person withholds cells now.
    pub withheld_because: String,
    /// The cells that an agency counted alone, for each agency that did and does not know everything: it knows them.
    pub agencies: Vec<BTreeSet<CellRef>>,
    /// Cells that one row of a file of cases makes, with how many rows: their persons were found together.
    pub incidents: BTreeMap<CellRef, u32>,
    /// Why it shall leave although cells can be worked out, on a second person's word; empty: it shall not.
    pub despite: String,
    /// Cells that an earlier release gives away on a second person's word, as the engine names them.
    pub given_away: BTreeSet<String>,
    /// Small corrections that are held back with a mark, as tables; see [`super::held_back`].
    pub held_back: Vec<TableId>,
    /// Tables that are marked as provisional because of small corrections, and show them.
    pub provisional: Vec<TableId>,
}

impl Asked {
    /// The ledger as the engine reads it. Tables of one bundle left together.
    #[must_use]
    pub fn ledger(&self) -> Vec<Earlier> {
        let bundles: BTreeSet<i64> = self.earlier.iter().map(|release| release.bundle).collect();
        // Only the order counts, so each bundle has its place for a number.
        let places: BTreeMap<i64, u32> = bundles.into_iter().zip(0..).collect();
        let earlier = self.earlier.iter().map(|release| Earlier {
            release: places.get(&release.bundle).copied().unwrap_or_default(),
            shown: release.shown.clone(),
            national: release.national.clone(),
        });
        earlier.collect()
    }

    /// The request, with the ledger from [`Asked::ledger`].
    #[must_use]
    pub fn request<'a>(&'a self, policy: Policy, ledger: &'a [Earlier]) -> Request<'a> {
        Request {
            policy,
            national: &self.national,
            releasing: self.releasing.clone(),
            ledger,
            marks: Marks { withheld: self.withheld.clone(), ..Marks::default() },
            insiders: self.agencies.clone(),
            incidents: self.incidents.clone(),
        }
    }

    /// The tables as they would stand after the release: what leaves now, and the latest of everything else that ever left.
    #[must_use]
    pub fn standing(&self, released: &[Table]) -> Vec<Table> {
        let mut standing: BTreeMap<TableId, Table> = BTreeMap::new();
        let earlier = self.earlier.iter().map(|release| &release.shown);
        for table in earlier.chain(released) {
            standing.insert((table.form.clone(), table.period), table.clone());
        }
        standing.into_values().collect()
    }

    /// The cells that must be proven uncertain, with the width demanded. Read from the national figures alone, and not from what
    /// the engine found to be small: what it overlooks is missing in its proof and found.
    ///
    /// Cells that an earlier release shows are left out, because nobody can take that back. What nobody writes and still
    /// follows (the rest of a list) is the engine's to find.
    #[must_use]
    pub fn must(&self, policy: Policy, audit: &Audit) -> BTreeMap<CellId, i64> {
        let shown = self.shown_before();
        let mut latest: BTreeMap<TableId, &Table> = BTreeMap::new();
        for national in self.earlier.iter().filter_map(|release| release.national.as_ref()) {
            latest.insert((national.form.clone(), national.period), national);
        }
        for table in self.national.iter() {
            let id = (table.form.clone(), table.period);
            if self.releasing.contains(&id) {
                latest.insert(id, table);
            }
        }
        let mut must = BTreeMap::new();
        for (table, form) in latest.values().filter_map(|table| Some((*table, form_of(table)?))) {
            for (key, cell) in table.cells.iter().filter(|(key, cell)| self.is_protected(policy, table, key, cell)) {
                let id = cell_of(table, form, key);
                // Where "fewer than" is said, everything it allows must stay possible: the true figure, which is in no
                // witness, and what lies between two that are.
                let width = match cell {
                    Cell::Fewer { below } => policy.width.min(u32::from(*below).saturating_sub(3)),
                    _ => policy.width,
                };
                if !shown.contains(&(id.clone(), cell.as_count())) {
                    must.insert(present(audit, id), i64::from(width));
                }
            }
        }
        must
    }

    fn is_protected(&self, policy: Policy, table: &Table, key: &Key, cell: &Cell) -> bool {
        match cell {
            Cell::Withheld | Cell::Suppressed | Cell::Fewer { .. } => true,
            _ if self.withheld.contains(&(table.form.clone(), table.period, key.clone())) => true,
            cell => {
                cell.as_count().and_then(|count| i64::try_from(count).ok()).is_some_and(|count| policy.is_small(count))
            }
        }
    }

    /// Every figure that an earlier release shows.
    fn shown_before(&self) -> BTreeSet<(CellId, Option<u64>)> {
        let mut shown = BTreeSet::new();
        for table in self.earlier.iter().map(|release| &release.shown) {
            let Some(form) = form_of(table) else { continue };
            let counts = table.cells.iter().filter(|(_, cell)| cell.as_count().is_some());
            shown.extend(counts.map(|(key, cell)| (cell_of(table, form, key), cell.as_count())));
        }
        shown
    }
}

/// The name a cell has in the audit: that of its latest state of publication.
pub(super) fn present(audit: &Audit, cell: CellId) -> CellId {
    let same = |other: &&CellId| CellId { vintage: 0, ..(*other).clone() } == cell;
    audit.cells.iter().filter(same).max_by_key(|other| other.vintage).cloned().unwrap_or(cell)
}
