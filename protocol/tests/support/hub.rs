//! What a hub does besides taking lines in: it serves what may be served, the line first, and compiles editions.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::audience::Sharing;
use vrs_protocol::blocks;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{FormCode, LineIndex, ParticipantId};
use vrs_protocol::ledger::{
    BlockLine, BlockTableLine, Edition, Erasure, LineKind, Served, ServedItem, Serving, Undelivered,
};
use vrs_protocol::period::Period;
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::{Block, YearOfTopic};
use vrs_protocol::release::{Manifest, Nonce, encode_body};
use vrs_protocol::table::Table;

use super::{World, topic};

/// The figures of one table of a block, and the releases they add.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockFigures {
    /// The sums.
    pub table: Table,
    /// Lines of the members' releases.
    pub of: Vec<LineIndex>,
    /// SHA-256 of nonce and body.
    pub hash: Hash,
}

/// The figures of an edition: by block and table, in the order of its line.
pub type Compiled = Vec<Vec<BlockFigures>>;

impl World {
    /// Serves a reader everything that may be served to it and was not, in one line. What was served.
    pub fn serve(&mut self, reader: &str) -> Vec<ServedItem> {
        let id = self.id(reader);
        let items = self.servable(id);
        if items.is_empty() {
            return Vec::new();
        }
        let served = items.iter().map(|served| served.item).collect();
        self.hub_line(LineKind::Serving, &Serving { reader: id, items }).unwrap();
        served
    }
    /// Serves everybody everything.
    pub fn serve_all(&mut self) {
        let codes: Vec<String> = self.region.participants().map(|participant| participant.code.to_string()).collect();
        codes.iter().for_each(|code| drop(self.serve(code)));
    }
    /// A serving line as somebody wants it.
    pub fn serve_items(&mut self, reader: &str, items: &[(ServedItem, LineIndex)]) -> Result<LineIndex, Reason> {
        let items =
            items.iter().map(|(item, justified_by)| Served { item: *item, justified_by: *justified_by }).collect();
        let serving = Serving { reader: self.id(reader), items };
        self.hub_line(LineKind::Serving, &serving)
    }
    /// The hub says that something was not delivered.
    pub fn undelivered(&mut self, reader: &str, items: Vec<ServedItem>) -> Result<LineIndex, Reason> {
        let undelivered = Undelivered { reader: self.id(reader), items };
        self.hub_line(LineKind::Undelivered, &undelivered)
    }

    fn servable(&self, reader: ParticipantId) -> Vec<Served> {
        let region = &self.region;
        let bodies = region.releases().filter(|release| {
            release.manifest.participant != reader && region.holding(reader, release.index).is_none()
        });
        let mut items: Vec<Served> = bodies
            .filter_map(|release| {
                Some(Served {
                    item: ServedItem::Release(release.index),
                    justified_by: region.may_be_served(reader, release.index).ok()?,
                })
            })
            .collect();
        for (line, compiled) in &self.compiled {
            for (block, tables) in compiled.iter().enumerate() {
                for table in 0..tables.len() {
                    let (block, table) = (block as u16, table as u16);
                    if let Ok(justified_by) = region.may_see_block_table(reader, *line, block, table)
                        && region.block_table_served(reader, *line, block, table).is_none()
                    {
                        items.push(Served { item: ServedItem::BlockTable(*line, block, table), justified_by });
                    }
                }
            }
        }
        items
    }

    /// The hub erases every body that it must.
    pub fn hub_erases(&mut self) {
        let releases: Vec<LineIndex> =
            self.region.erasures_due().iter().filter(|due| due.holder.is_none()).map(|due| due.release).collect();
        if !releases.is_empty() {
            self.hub_line(LineKind::Erasure, &Erasure { releases: releases.clone() }).unwrap();
            releases.iter().for_each(|release| drop(self.bodies.remove(release)));
        }
    }

    /// The hub compiles and logs an edition of a topic and year.
    pub fn edition(&mut self, code: &str, year: u16) -> Result<LineIndex, Reason> {
        let (edition, compiled) = self.compile(code, year);
        self.log_edition(&edition, compiled)
    }
    /// Logs an edition as somebody wants it.
    pub fn log_edition(&mut self, edition: &Edition, compiled: Compiled) -> Result<LineIndex, Reason> {
        let line = self.hub_line(LineKind::Edition, edition)?;
        self.compiled.insert(line, compiled);
        Ok(line)
    }
    /// The edition that the hub would log now, and its figures.
    pub fn compile(&mut self, code: &str, year: u16) -> (Edition, Compiled) {
        let year: YearOfTopic = (topic(code), year);
        let mut known = self.known_figures(&year);
        let mut compiled = Vec::new();
        let mut lines = Vec::new();
        for block in self.region.blocks(&year).to_vec() {
            let mut figures = known.remove(&block.number).unwrap_or_default();
            for (form, when) in self.tables_of(&year) {
                if !figures.contains_key(&(form.clone(), when)) && self.region.may_add(&year, &block, &form, when) {
                    self.add(&mut figures, &block.members, &form, when);
                }
            }
            lines.push(self.block_line(block.sharing, block.members.clone(), Some(&block), &figures));
            compiled.push(self.in_order(figures));
        }
        for sharing in [Sharing::Open, Sharing::Totals] {
            let candidates = self.region.candidates(&year, sharing, self.time, |line| self.bodies.get(&line));
            for formed in self.region.new_blocks(&year, sharing, candidates) {
                let mut figures = BTreeMap::new();
                for (form, when) in self.tables_of(&year) {
                    let closed = self.region.charter().unwrap().1.closing(when).unwrap() <= self.time;
                    if closed && self.region.all_stand(&year, &formed.members, &form, when) {
                        self.add(&mut figures, &formed.members, &form, when);
                    }
                }
                lines.push(self.block_line(sharing, formed.members, None, &figures));
                compiled.push(self.in_order(figures));
            }
        }
        let number = self.region.editions_count() + 1;
        let not_included = self.region.not_included(&year, &lines);
        (Edition { number, topic: year.0, year: year.1, blocks: lines, not_included }, compiled)
    }

    /// Figures of the blocks of a year so far, by number of the block.
    fn known_figures(&self, year: &YearOfTopic) -> BTreeMap<usize, BTreeMap<(FormCode, Period), BlockFigures>> {
        let Some((line, _)) = self.region.latest_edition(year) else { return BTreeMap::new() };
        let blocks = self.compiled[&line].iter().enumerate();
        blocks
            .map(|(number, tables)| {
                (number, tables.iter().map(|f| ((f.table.form.clone(), f.table.period), f.clone())).collect())
            })
            .collect()
    }

    fn tables_of(&self, year: &YearOfTopic) -> BTreeSet<(FormCode, Period)> {
        let concerns =
            |(form, when): &&(FormCode, Period)| self.region.year_of_topic(form, *when).as_ref() == Some(year);
        self.region.tables().filter(concerns).cloned().collect()
    }

    /// The sum of the members' current tables, if there is any cell in it.
    fn add(
        &mut self,
        figures: &mut BTreeMap<(FormCode, Period), BlockFigures>,
        members: &[ParticipantId],
        form: &FormCode,
        when: Period,
    ) {
        let of: Vec<LineIndex> =
            members.iter().map(|member| self.region.current(*member, form, when).unwrap().index).collect();
        let tables: Vec<&Table> = of.iter().map(|line| &self.bodies[line]).collect();
        let table = blocks::sum(Catalogue::bundled().form(form).unwrap(), when, &tables);
        if table.cells.is_empty() {
            return;
        }
        let nonce = Nonce(Hash::of(&self.seed().to_be_bytes()).0);
        let hash = Manifest::hash_of(&nonce, &encode_body(&table).unwrap());
        figures.insert((form.clone(), when), BlockFigures { table, of, hash });
    }

    fn in_order(&self, figures: BTreeMap<(FormCode, Period), BlockFigures>) -> Vec<BlockFigures> {
        let mut figures: Vec<BlockFigures> = figures.into_values().collect();
        figures.sort_by_key(|f| self.region.table_order(&f.table.form, f.table.period));
        figures
    }

    fn block_line(
        &self,
        sharing: Sharing,
        members: Vec<ParticipantId>,
        block: Option<&Block>,
        figures: &BTreeMap<(FormCode, Period), BlockFigures>,
    ) -> BlockLine {
        let mut tables: Vec<BlockTableLine> = figures
            .iter()
            .map(|((form, period), figures)| {
                let since = block.and_then(|block| block.tables.get(&(form.clone(), *period))).map(|table| table.since);
                let marked = since.is_some_and(|since| self.region.changed_since(&members, form, *period, since, true));
                BlockTableLine { form: form.clone(), period: *period, hash: figures.hash, marked }
            })
            .collect();
        tables.sort_by_key(|table| self.region.table_order(&table.form, table.period));
        BlockLine { sharing, members, tables }
    }
}
