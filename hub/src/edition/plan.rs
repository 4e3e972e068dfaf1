//! What an edition of a topic and year would say, from the region and the figures at hand. Pure.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::audience::Sharing;
use vrs_protocol::blocks::{self, TableId};
use vrs_protocol::id::ParticipantId;
use vrs_protocol::ledger::{BlockLine, BlockTableLine, Edition, Hidden};
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::{Block, Region, YearOfTopic};
use vrs_protocol::release::{Manifest, Nonce, encode_body};
use vrs_protocol::table::Table;
use vrs_protocol::time::Timestamp;

use super::figures::Figures;
use crate::store::block_tables::StoredBlockTable;
use crate::store::bodies::StoredBody;

/// An edition before its new sums are sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    number: u32,
    year: YearOfTopic,
    blocks: Vec<PlannedBlock>,
    not_included: Vec<Hidden>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct PlannedBlock {
    sharing: Sharing,
    members: Vec<ParticipantId>,
    tables: Vec<Planned>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Planned {
    /// Given before: it never changes, but for its mark.
    Known(BlockTableLine),
    /// Given for the first time.
    New(Table),
}

/// What an edition would say at `now`; `None` where it would repeat the latest one, or say nothing.
pub(super) fn plan(region: &Region, year: &YearOfTopic, now: Timestamp, figures: &Figures) -> Option<Plan> {
    let mut new = false;
    let mut blocks = Vec::new();
    for block in region.blocks(year) {
        let (planned, changed) = frozen(region, year, now, block, figures);
        new |= changed;
        blocks.push(planned);
    }
    for sharing in [Sharing::Totals, Sharing::Open] {
        let candidates = region.candidates(year, sharing, now, |line| figures.get(&line));
        for formed in region.new_blocks(year, sharing, candidates) {
            let sums = sums(region, year, now, &formed.members, figures, |_| true);
            let tables = in_order(region, sums).into_iter().map(Planned::New).collect();
            blocks.push(PlannedBlock { sharing, members: formed.members, tables });
            new = true;
        }
    }
    let plan = Plan {
        number: region.editions_count() + 1,
        year: year.clone(),
        not_included: not_included(region, year, &blocks),
        blocks,
    };
    let told = region.latest_edition(year).map_or(&[][..], |(_, latest)| &latest.not_included);
    (new || plan.not_included != told).then_some(plan)
}

/// A frozen block with the tables it gave and those it can give now, and whether that is more or otherwise marked.
fn frozen(
    region: &Region,
    year: &YearOfTopic,
    now: Timestamp,
    block: &Block,
    figures: &Figures,
) -> (PlannedBlock, bool) {
    let mut changed = false;
    let mut tables: BTreeMap<TableId, Planned> = BTreeMap::new();
    for ((form, period), known) in &block.tables {
        let marked = region.changed_since(&block.members, form, *period, known.since, true);
        changed |= marked != known.marked;
        let line = BlockTableLine { form: form.clone(), period: *period, hash: known.hash, marked };
        tables.insert((form.clone(), *period), Planned::Known(line));
    }
    let may_add = |id: &TableId| !block.tables.contains_key(id) && region.may_add(year, block, &id.0, id.1);
    for (id, sum) in sums(region, year, now, &block.members, figures, may_add) {
        tables.insert(id, Planned::New(sum));
        changed = true;
    }
    (PlannedBlock { sharing: block.sharing, members: block.members.clone(), tables: in_order(region, tables) }, changed)
}

/// The sums that the members can give: tables of the year whose closing date has come, in which each member answers some
/// same cell with a value.
fn sums(
    region: &Region,
    year: &YearOfTopic,
    now: Timestamp,
    members: &[ParticipantId],
    figures: &Figures,
    also: impl Fn(&TableId) -> bool,
) -> BTreeMap<TableId, Table> {
    let closed = |id: &TableId| {
        region.charter().and_then(|(_, charter)| charter.closing(id.1)).is_some_and(|closing| closing <= now)
    };
    let counts = |(form, period): &TableId| region.form_in_use(form, *period).filter(|form| form.kind.counts());
    let candidates: BTreeSet<TableId> = region
        .tables()
        .filter(|id| region.year_of_topic(&id.0, id.1).as_ref() == Some(year) && closed(id) && also(id))
        .filter(|id| region.all_stand(year, members, &id.0, id.1))
        .cloned()
        .collect();
    let sum = |id: TableId| {
        let at_hand = members
            .iter()
            .map(|member| region.current(*member, &id.0, id.1).and_then(|release| figures.get(&release.index)));
        let tables: Vec<&Table> = at_hand.collect::<Option<_>>()?;
        let sum = blocks::sum(counts(&id)?, id.1, &tables);
        (!sum.cells.is_empty()).then_some((id, sum))
    };
    candidates.into_iter().filter_map(sum).collect()
}

fn in_order<T>(region: &Region, tables: BTreeMap<TableId, T>) -> Vec<T> {
    let mut tables: Vec<(TableId, T)> = tables.into_iter().collect();
    tables.sort_by_key(|((form, period), _)| region.table_order(form, *period));
    tables.into_iter().map(|(_, table)| table).collect()
}

/// Who is in no block, as the ledger will judge it: that depends on which tables are listed, not on their figures.
fn not_included(region: &Region, year: &YearOfTopic, blocks: &[PlannedBlock]) -> Vec<Hidden> {
    let lines: Vec<BlockLine> = blocks.iter().map(|block| block.line(|_, table| unsealed(table))).collect();
    region.not_included(year, &lines)
}

fn unsealed(table: &Table) -> BlockTableLine {
    BlockTableLine {
        form: table.form.clone(),
        period: table.period,
        hash: vrs_protocol::hash::Hash::ZERO,
        marked: false,
    }
}

impl PlannedBlock {
    fn line(&self, mut new: impl FnMut(u16, &Table) -> BlockTableLine) -> BlockLine {
        let tables = (0_u16..).zip(&self.tables).map(|(place, table)| match table {
            Planned::Known(line) => line.clone(),
            Planned::New(sum) => new(place, sum),
        });
        BlockLine { sharing: self.sharing, members: self.members.clone(), tables: tables.collect() }
    }
}

impl Plan {
    /// Packs the new sums and puts each behind a hash with a nonce of its own, because the hash of a few sums could be
    /// guessed.
    pub(super) fn seal(&self, mut nonce: impl FnMut() -> [u8; 32]) -> Result<(Edition, Vec<StoredBlockTable>), Reason> {
        let (mut lines, mut sums) = (Vec::with_capacity(self.blocks.len()), Vec::new());
        for (number, block) in (0_u16..).zip(&self.blocks) {
            let mut failed = None;
            lines.push(block.line(|place, table| {
                let mut line = unsealed(table);
                match encode_body(table) {
                    Ok(body) => {
                        let nonce = Nonce(nonce());
                        line.hash = Manifest::hash_of(&nonce, &body);
                        sums.push(StoredBlockTable {
                            hash: line.hash,
                            block: number,
                            place,
                            sums: StoredBody { nonce, body },
                        });
                    }
                    Err(error) => failed = Some(error),
                }
                line
            }));
            if let Some(error) = failed {
                return Err(Reason::Block {
                    block: usize::from(number) + 1,
                    topic: self.year.0.to_string(),
                    year: self.year.1,
                    cause: error.to_string(),
                });
            }
        }
        let (topic, year) = self.year.clone();
        Ok((Edition { number: self.number, topic, year, blocks: lines, not_included: self.not_included.clone() }, sums))
    }
}
