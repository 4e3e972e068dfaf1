//! Sentences of Rule 3 switched off, one at a time: a hub that breaks one behind the ledger's back. The attacker must find
//! out, or the tests that find nothing would prove nothing.

use vrs_protocol::audience::{Audience, Sharing};
use vrs_protocol::id::{FormCode, LineIndex, ParticipantId};
use vrs_protocol::period::Period;
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::{Block, YearOfTopic};

use crate::support::topic;
use crate::told::Told;

/// Which sentence is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sabotage {
    /// Somebody joins a frozen block.
    Join,
    /// Whoever withdraws leaves a frozen block.
    Leave,
    /// A block figure follows revisions.
    Change,
    /// A further figure is added although a member has revised an overlapping table.
    AddAfterRevision,
    /// Two are a block.
    SmallBlocks,
    /// Those with a common parent count as often as they are.
    CountMembers,
    /// Each edition sums whoever has reported, as if there were no blocks.
    NoBlocks,
    /// Open ones see open blocks.
    OpenToOpen,
    /// Whoever was served an open block opens its figures all the same.
    OpenAfterReading,
    /// A member of a closed block opens although too few remain.
    OpenAnyway,
}

impl Sabotage {
    /// What the hub serves besides, after an edition.
    pub(crate) fn at_edition(self, told: &mut Told, code: &str) {
        let year: YearOfTopic = (topic(code), 2021);
        let concerned =
            |(form, when): &&(FormCode, Period)| told.world.region.year_of_topic(form, *when).as_ref() == Some(&year);
        let tables: Vec<(FormCode, Period)> = told.world.region.tables().filter(concerned).cloned().collect();
        for (form, when) in &tables {
            let reported = standing(told, Sharing::Totals, form, *when);
            match self {
                Self::SmallBlocks if reported.len() >= 2 => {
                    serve_sum(told, Sharing::Totals, &reported[..2], form, *when)
                }
                Self::NoBlocks if reported.len() >= 3 => serve_sum(told, Sharing::Totals, &reported, form, *when),
                Self::CountMembers
                    if reported.len() == 3 && told.world.region.families(reported.iter().copied()) == 2 =>
                {
                    serve_sum(told, Sharing::Totals, &reported, form, *when)
                }
                _ => {}
            }
            for block in told.world.region.blocks(&year).to_vec() {
                self.at_block(told, &year, &block, form, *when);
            }
        }
    }

    fn at_block(self, told: &mut Told, year: &YearOfTopic, block: &Block, form: &FormCode, when: Period) {
        let listed = block.tables.get(&(form.clone(), when)).map(|table| table.since);
        let reported = standing(told, block.sharing, form, when);
        let members: Vec<ParticipantId> =
            block.members.iter().copied().filter(|member| reported.contains(member)).collect();
        let whole = members.len() == block.members.len();
        let outside: Vec<ParticipantId> = reported.iter().copied().filter(|id| !block.members.contains(id)).collect();
        let region = &told.world.region;
        let sum = match self {
            Self::Join if whole && listed.is_some() && outside.len() == 1 => [&members[..], &outside].concat(),
            Self::Leave if listed.is_some() && members.len() + 1 == block.members.len() => members,
            Self::Change
                if whole && listed.is_some_and(|since| region.changed_since(&members, form, when, since, true)) =>
            {
                members
            }
            Self::AddAfterRevision if whole && listed.is_none() && !region.may_add(year, block, form, when) => members,
            _ => return,
        };
        serve_sum(told, block.sharing, &sum, form, when);
    }

    /// What the hub serves besides, when it serves.
    pub(crate) fn at_serving(self, told: &mut Told) {
        if self != Self::OpenToOpen {
            return;
        }
        for (edition, compiled) in told.world.compiled.clone() {
            let blocks = told.world.region.edition(edition).unwrap().blocks.clone();
            for (_, figures) in blocks.iter().zip(&compiled).filter(|(block, _)| block.sharing == Sharing::Open) {
                for figures in figures {
                    for reader in readers(told, None, &figures.table.form, figures.table.period) {
                        told.learn_sum(reader, &figures.of);
                    }
                }
            }
        }
    }

    /// What the hub serves because it accepted in secret what it refused.
    pub(crate) fn at_refusal(self, told: &mut Told, name: &str, code: &str, reason: &Reason) {
        let author = told.world.id(name);
        let year: YearOfTopic = (topic(code), 2021);
        let others: Vec<ParticipantId> =
            told.world.region.participants().map(|p| p.id).filter(|id| *id != author).collect();
        let current = |id: ParticipantId| -> Vec<LineIndex> {
            told.world
                .region
                .releases_in(id, &year)
                .filter(|release| release.is_current())
                .map(|release| release.index)
                .collect()
        };
        let open =
            |line: &LineIndex| told.world.region.release(*line).unwrap().manifest.audience == Audience::Contributors;
        let learnt: Vec<(ParticipantId, LineIndex)> = match (self, reason) {
            // It reads whoever admits it.
            (Self::OpenAfterReading, Reason::OpenBlockRead { .. }) => {
                let readable = others.iter().flat_map(|other| current(*other)).filter(open);
                readable
                    .filter(|line| told.world.region.release(*line).unwrap().admits(author))
                    .map(|line| (author, line))
                    .collect()
            }
            // Every open one reads it.
            (Self::OpenAnyway, Reason::BlockWouldOpen { .. }) => {
                let readers = others.iter().filter(|other| current(**other).iter().any(open));
                readers.flat_map(|reader| current(author).into_iter().map(|line| (*reader, line))).collect()
            }
            _ => return,
        };
        learnt.into_iter().for_each(|(reader, line)| told.learn_release(reader, line));
    }
}

/// Who stands for a table with a kind.
fn standing(told: &Told, sharing: Sharing, form: &FormCode, when: Period) -> Vec<ParticipantId> {
    let standing = told.world.region.standing_for(form, when);
    standing
        .into_iter()
        .filter(|(_, release)| release.manifest.audience.sharing() == Some(sharing))
        .map(|(id, _)| id)
        .collect()
}

/// Who sees regional figures of a table: of open blocks only those that read nobody singly.
fn readers(told: &Told, block: Option<Sharing>, form: &FormCode, when: Period) -> Vec<ParticipantId> {
    let region = &told.world.region;
    let year = region.year_of_topic(form, when).unwrap();
    let singly = |id| matches!(region.sharing(id, &year), Some(Sharing::Open | Sharing::Named));
    let see = region.participants().filter(|p| region.regional(p.id, form, when).is_ok());
    see.filter(|p| block != Some(Sharing::Open) || !singly(p.id)).map(|p| p.id).collect()
}

fn serve_sum(told: &mut Told, sharing: Sharing, members: &[ParticipantId], form: &FormCode, when: Period) {
    let of: Vec<LineIndex> =
        members.iter().map(|member| told.world.region.current(*member, form, when).unwrap().index).collect();
    for reader in readers(told, Some(sharing), form, when) {
        told.learn_sum(reader, &of);
    }
}
