//! A regional overview over gaps: what is known, between which bounds the whole lies, and from whom. There is no bare total
//! over incomplete coverage: a [`Sum`] cannot be had without its bounds and its counts of participants.
//!
//! Open figures are added live from what the reader may read singly; closed ones come as sums of blocks. Named releases
//! are a bilateral matter and in no regional figure.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::audience::Sharing;
use crate::blocks::UNITS_JOINED;
use crate::catalogue::Form;
use crate::cell::Cell;
use crate::derived::remainder;
use crate::id::{FormCode, ParticipantCode, ParticipantId};
use crate::period::Period;
use crate::region::{Region, Standing};
use crate::table::{Key, Table};

/// A sum over gaps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Sum {
    /// Sum of the counts that are shown; `None` where nobody shows one, which is not zero.
    pub known: Option<u64>,
    /// The least the whole can be.
    pub low: u64,
    /// The most the whole can be; `None`: unbounded.
    pub high: Option<u64>,
    /// How many participants answer the cell with a value.
    pub answered: usize,
    /// How many participants are in the sum.
    pub of: usize,
}

impl Sum {
    /// Whether every participant answers with a value, so that known, low and high are one number.
    pub const fn is_complete(&self) -> bool {
        self.answered == self.of && self.of > 0
    }
}

/// The open part: participants whose figures the reader sees singly, itself included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Open {
    /// Who, sorted by code.
    pub participants: Vec<ParticipantCode>,
    /// What they count, and who counts it. With more than one unit the sums add different things, which must be said.
    pub units: BTreeMap<String, Vec<ParticipantCode>>,
    /// Sums by cell; empty for forms that hold no counts.
    #[serde(skip)]
    pub cells: BTreeMap<Key, Sum>,
}

/// A block: figures of several, seen as one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BlockSum {
    /// Open or closed.
    pub sharing: Sharing,
    /// Who, sorted by code.
    pub members: Vec<ParticipantCode>,
    /// What its members count; different units are joined by [`UNITS_JOINED`].
    pub unit: String,
    /// Sums by cell.
    #[serde(skip)]
    pub cells: BTreeMap<Key, u64>,
    /// A member has revised or withdrawn since; the sum stays as it was.
    pub marked: bool,
}

/// Why a participant is in no figure of the overview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum GapReason {
    /// It has released nothing of the form and period.
    NotReported,
    /// It has released, and answers no core cell.
    NotAnswered,
    /// It shares with named participants only.
    Bilateral,
    /// It reported with `totals` and fits into no block.
    NotIncluded,
    /// It shares openly, and the reader may not read it.
    NotReadable,
    /// It is suspended.
    Suspended,
    /// The catalogue of the period does not ask the form: nobody could report it.
    NotAsked,
}

impl GapReason {
    /// The reason in words.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::NotReported => "not reported",
            Self::NotAnswered => "reported without its total",
            Self::Bilateral => "shared with named participants only",
            Self::NotIncluded => "reported, not included",
            Self::NotReadable => "not open to you",
            Self::Suspended => "suspended",
            Self::NotAsked => "not asked for this period",
        }
    }
}

/// A participant that is in no figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Gap {
    /// Who.
    pub participant: ParticipantCode,
    /// Why.
    pub reason: GapReason,
}

/// What is known of a form and period in the region, for one reader.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overview {
    /// The form.
    pub form: FormCode,
    /// The period.
    pub period: Period,
    /// The open part.
    pub open: Open,
    /// Blocks.
    pub blocks: Vec<BlockSum>,
    /// Everybody else, with the reason; sorted by code.
    pub gaps: Vec<Gap>,
    /// How many participants there are in the region.
    pub participants: usize,
}

/// A block table at hand.
#[derive(Debug, Clone, Copy)]
pub struct BlockAtHand<'a> {
    /// Open or closed.
    pub sharing: Sharing,
    /// Its members.
    pub members: &'a [ParticipantId],
    /// Its sums.
    pub table: &'a Table,
    /// Marked as changed since.
    pub marked: bool,
}

impl Open {
    /// The units counted, joined by [`UNITS_JOINED`]; empty where nobody is open.
    pub fn unit(&self) -> String {
        self.units.keys().map(String::as_str).collect::<Vec<_>>().join(UNITS_JOINED)
    }
}

impl Overview {
    /// Participants that reported and are in no figure.
    pub fn not_included(&self) -> Vec<ParticipantCode> {
        self.gaps.iter().filter(|gap| gap.reason == GapReason::NotIncluded).map(|gap| gap.participant.clone()).collect()
    }
    /// The sum over the open part at the form's total; `None` where the form holds no counts or nobody is open.
    pub fn open_total(&self) -> Option<&Sum> {
        self.open.cells.iter().find(|(key, _)| key.is_total()).map(|(_, sum)| sum)
    }
    /// How many participants are in some figure: singly or in a block.
    pub fn covered(&self) -> usize {
        let mut covered: BTreeSet<&ParticipantCode> = self.open.participants.iter().collect();
        covered.extend(self.blocks.iter().flat_map(|block| &block.members));
        covered.len()
    }
    /// Every cell of any part, in key order with the total first.
    pub fn keys(&self) -> Vec<Key> {
        let keys: BTreeSet<&Key> =
            self.open.cells.keys().chain(self.blocks.iter().flat_map(|block| block.cells.keys())).collect();
        let (totals, rest): (Vec<&Key>, Vec<&Key>) = keys.into_iter().partition(|key| key.is_total());
        totals.into_iter().chain(rest).cloned().collect()
    }
    /// Everything known of a cell: the open part and the blocks that show it. Where blocks overlap with the open part
    /// (a member that opened later) they are not added; the parts then stand side by side only.
    pub fn whole(&self, key: &Key) -> Option<Sum> {
        let mut seen: BTreeSet<&ParticipantCode> = self.open.participants.iter().collect();
        let start = self.open.cells.get(key).copied();
        let mut whole = start.unwrap_or(Sum { known: None, low: 0, high: Some(0), answered: 0, of: 0 });
        let mut any = start.is_some();
        for block in &self.blocks {
            if block.members.iter().any(|member| !seen.insert(member)) {
                return None;
            }
            any = true;
            match block.cells.get(key) {
                Some(sum) => {
                    whole.known = Some(whole.known.unwrap_or(0) + sum);
                    whole.low += sum;
                    whole.high = whole.high.map(|high| high + sum);
                    whole.answered += block.members.len();
                }
                None => whole.high = None,
            }
            whole.of += block.members.len();
        }
        any.then_some(whole)
    }
}

/// Compiles the overview of a form and period for a reader (`None`: the hub, which sees every open figure). `singly` holds the
/// tables the reader has, its own included; what of them is in the open sum is decided here.
pub fn compile(
    region: &Region,
    reader: Option<ParticipantId>,
    form: &Form,
    period: Period,
    singly: &BTreeMap<ParticipantId, Table>,
    blocks: &[BlockAtHand<'_>],
) -> Overview {
    let in_open = |id: &ParticipantId| match region.standing(*id, &form.code, period) {
        Standing::Stands(release) => release.manifest.audience.sharing() == Some(Sharing::Open),
        _ => false,
    };
    let open: BTreeMap<ParticipantId, &Table> =
        singly.iter().filter(|(id, _)| in_open(id)).map(|(id, table)| (*id, table)).collect();
    let in_blocks: BTreeSet<ParticipantId> = blocks.iter().flat_map(|block| block.members.iter().copied()).collect();
    // Another version of the questionnaire has it: what nobody was asked is missing, and is not zero.
    let is_asked = region.catalogues().form(&form.code, period).is_some();
    let mut gaps = Vec::new();
    for participant in region.participants().filter(|p| !open.contains_key(&p.id) && !in_blocks.contains(&p.id)) {
        let reason = match region.standing(participant.id, &form.code, period) {
            _ if !is_asked => GapReason::NotAsked,
            _ if participant.suspended.is_some() => GapReason::Suspended,
            Standing::Nothing => GapReason::NotReported,
            Standing::CoreMissing(_) => GapReason::NotAnswered,
            Standing::Stands(release) => match release.manifest.audience.sharing() {
                Some(Sharing::Named) | None => GapReason::Bilateral,
                Some(Sharing::Totals) => GapReason::NotIncluded,
                Some(Sharing::Open) => GapReason::NotReadable,
            },
        };
        // A reader that only observes is no gap.
        if reader == Some(participant.id) && reason == GapReason::NotReported && region.is_observer(participant.id) {
            continue;
        }
        gaps.push(Gap { participant: participant.code.clone(), reason });
    }
    gaps.sort_by(|a, b| a.participant.cmp(&b.participant));
    let tables: Vec<&Table> = open.values().copied().collect();
    let mut units: BTreeMap<String, Vec<ParticipantCode>> = BTreeMap::new();
    for (id, table) in &open {
        units.entry(table.unit(form).to_owned()).or_default().extend(region.codes_of([*id]));
    }
    Overview {
        form: form.code.clone(),
        period,
        open: Open {
            participants: region.codes_of(open.keys().copied()),
            units,
            cells: if form.kind.counts() { sums(form, &tables) } else { BTreeMap::new() },
        },
        blocks: blocks
            .iter()
            .map(|block| BlockSum {
                sharing: block.sharing,
                members: region.codes_of(block.members.iter().copied()),
                unit: block.table.unit(form).to_owned(),
                cells: block
                    .table
                    .cells
                    .iter()
                    .filter_map(|(key, cell)| Some((key.clone(), cell.as_count()?)))
                    .collect(),
                marked: block.marked,
            })
            .collect(),
        gaps,
        participants: region.participants().count(),
    }
}

/// Sums of tables cell by cell, over gaps.
pub fn sums(form: &Form, tables: &[&Table]) -> BTreeMap<Key, Sum> {
    let keys: BTreeSet<&Key> = tables.iter().flat_map(|table| table.cells.keys()).collect();
    let sum = |key: &Key| {
        let mut sum = Sum { known: None, low: 0, high: Some(0), answered: 0, of: tables.len() };
        for table in tables {
            let (low, high) = match table.answer(form, key) {
                Some(cell) => {
                    if let Some(count) = cell.as_count() {
                        sum.known = Some(sum.known.unwrap_or(0) + count);
                        sum.answered += 1;
                    }
                    bounded(&cell, table)
                }
                None => (0, unwritten_high(form, table, key)),
            };
            sum.low += low;
            sum.high = sum.high.and_then(|sum| sum.checked_add(high?));
        }
        sum
    };
    keys.into_iter().map(|key| (key.clone(), sum(key))).collect()
}

/// The range of a cell; what has no upper end of its own is at most the table's total. A hidden cell is at least one: zeros are
/// shown.
fn bounded(cell: &Cell, table: &Table) -> (u64, Option<u64>) {
    let (mut low, high) = cell.range();
    if *cell == Cell::Suppressed {
        low = 1;
    }
    (low, high.or_else(|| table.total().and_then(|total| total.range().1)))
}

/// The most an unwritten row can be: in a list it is part of `_O`, or at most what the written rows leave of the total.
fn unwritten_high(form: &Form, table: &Table, key: &Key) -> Option<u64> {
    let total = table.total().and_then(|total| total.range().1);
    match remainder(form, key).and_then(|other| table.cell(&other)) {
        Some(cell) => cell.range().1.or(total),
        None => total,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::id::Code;

    fn key(code: &str) -> Key {
        Key(vec![Code::parse(code).unwrap()])
    }
    fn table(cells: &[(&str, Cell)]) -> Table {
        let mut table = Table::new(FormCode::parse("IE_CIT").unwrap(), Period::parse("2021").unwrap());
        table.cells = cells.iter().map(|(code, cell)| (key(code), cell.clone())).collect();
        table
    }
    fn form() -> &'static Form {
        Catalogue::bundled().form(&FormCode::parse("IE_CIT").unwrap()).unwrap()
    }

    #[test]
    fn a_gap_widens_the_bounds_and_never_lowers_the_sum() {
        let one = table(&[("_T", Cell::count(100)), ("AFG", Cell::count(60)), ("_O", Cell::count(40))]);
        let two = table(&[("_T", Cell::count(50)), ("AFG", Cell::Suppressed), ("_O", Cell::count(20))]);
        let three = table(&[("_T", Cell::NotKnown), ("AFG", Cell::Fewer { below: 5 })]);
        let sums = sums(form(), &[&one, &two, &three]);
        assert_eq!(sums[&key("_T")], Sum { known: Some(150), low: 150, high: None, answered: 2, of: 3 });
        assert_eq!(sums[&key("AFG")], Sum { known: Some(60), low: 62, high: Some(60 + 50 + 4), answered: 1, of: 3 });
    }

    #[test]
    fn a_row_nobody_wrote_is_part_of_other() {
        let one = table(&[("_T", Cell::count(100)), ("SYR", Cell::count(60)), ("_O", Cell::count(40))]);
        let two = table(&[("_T", Cell::count(50)), ("_O", Cell::count(20))]);
        assert_eq!(
            sums(form(), &[&one, &two])[&key("SYR")],
            Sum { known: Some(60), low: 60, high: Some(80), answered: 1, of: 2 }
        );
        let mut complete = two.clone();
        complete.metadata.list_complete = true;
        assert!(sums(form(), &[&one, &complete])[&key("SYR")].is_complete());
    }

    #[test]
    fn nobody_gives_no_sum() {
        assert!(sums(form(), &[]).is_empty());
        assert!(!Sum { known: None, low: 0, high: Some(0), answered: 0, of: 0 }.is_complete());
    }
}
