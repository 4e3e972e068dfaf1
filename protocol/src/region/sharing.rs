//! Rule 3, kinds: a participant's first release of a topic and calendar year fixes how it shares there, and so it stays,
//! also after withdrawal. Participants with a common parent have one kind together.

use std::collections::BTreeSet;

use super::Region;
use crate::audience::Sharing;
use crate::id::{FormCode, ParticipantId, TopicCode};
use crate::period::Period;
use crate::refusal::Reason;
use crate::release::Manifest;

/// A topic and a calendar year: the unit in which kinds are fixed and blocks are formed.
pub type YearOfTopic = (TopicCode, u16);

impl Region {
    /// How a participant shares a topic and year; `None` before its first release there.
    pub fn sharing(&self, participant: ParticipantId, year: &YearOfTopic) -> Option<Sharing> {
        self.sharing.get(&(self.family(participant), year.clone())).copied()
    }

    /// Whether a release may have its kind. A change needs all the author's current releases of the topic and year in one
    /// bundle, goes only from `totals` to open or from open to `named`, and must not let anybody compute a hidden figure.
    pub(super) fn check_sharing(&self, manifest: &Manifest) -> Result<(), Reason> {
        let (Some(to), Some(year)) = (manifest.audience.sharing(), self.year_of_topic(&manifest.form, manifest.period))
        else {
            return Err(Reason::UnknownAudience);
        };
        let author = manifest.participant;
        // All at once, and to one kind: a bundle of two kinds would leave the author with both.
        if let Some(bundle) = &self.bundle
            && bundle.kinds.get(&year).is_some_and(|kind| *kind != to)
        {
            return Err(Reason::KindNotAtOnce {
                topic: year.0.to_string(),
                year: year.1,
                releases: bundle.items.clone(),
            });
        }
        let from = match self.sharing(author, &year) {
            // An observer may have seen open blocks before its first release. If it could read members singly
            // afterwards, to contributors or to those it names, it could subtract.
            None if to != Sharing::Totals => return self.check_open_blocks_unread(author, &year),
            None => return Ok(()),
            Some(from) if from == to => return Ok(()),
            Some(from) => from,
        };
        let code = self.code_of(author);
        if !matches!((from, to), (Sharing::Totals, Sharing::Open) | (Sharing::Open, Sharing::Named)) {
            return Err(Reason::KindFixed {
                participant: code,
                topic: year.0.to_string(),
                year: year.1,
                from: word(from),
                to: word(to),
            });
        }
        let mut all: BTreeSet<(FormCode, Period)> = BTreeSet::new();
        for release in self.current_of_family(author, &year) {
            if release.manifest.participant != author {
                return Err(Reason::FamilyKind(code));
            }
            all.insert((release.manifest.form.clone(), release.manifest.period));
        }
        let bundle: BTreeSet<_> =
            manifest.bundle.iter().cloned().chain([(manifest.form.clone(), manifest.period)]).collect();
        if !all.is_subset(&bundle) {
            all.insert((manifest.form.clone(), manifest.period));
            return Err(Reason::KindNotAtOnce {
                topic: year.0.to_string(),
                year: year.1,
                releases: all.into_iter().collect(),
            });
        }
        if (from, to) == (Sharing::Totals, Sharing::Open) {
            self.check_opening(author, &year)?;
        }
        Ok(())
    }

    /// From `totals` to open: only while the author knows no open block, and while the others of its closed block stay a group.
    fn check_opening(&self, author: ParticipantId, year: &YearOfTopic) -> Result<(), Reason> {
        self.check_open_blocks_unread(author, year)?;
        let family = self.family(author);
        let closed = self.blocks(year).iter().filter(|block| block.sharing != Sharing::Open);
        for block in closed.filter(|block| block.members.iter().any(|member| self.family(*member) == family)) {
            let others = block.members.iter().copied().filter(|member| self.family(*member) != family);
            let remaining = self.families(others.filter(|member| self.sharing(*member, year) == Some(Sharing::Totals)));
            let block_min = self.block_min(year, &block.members);
            if remaining < block_min {
                let participant = self.code_of(author);
                return Err(Reason::BlockWouldOpen {
                    participant,
                    topic: year.0.to_string(),
                    year: year.1,
                    remaining,
                    block_min,
                });
            }
        }
        Ok(())
    }

    /// Whoever was served an open block must not read its members singly afterwards: the difference would be the one
    /// member that no longer lets itself be read.
    fn check_open_blocks_unread(&self, author: ParticipantId, year: &YearOfTopic) -> Result<(), Reason> {
        let family = self.family(author);
        let open = self.blocks(year).iter().filter(|block| block.sharing == Sharing::Open);
        let read =
            open.flat_map(|block| self.holdings.block_readers(block)).any(|reader| self.family(reader) == family);
        if read {
            return Err(Reason::OpenBlockRead {
                participant: self.code_of(author),
                topic: year.0.to_string(),
                year: year.1,
            });
        }
        Ok(())
    }

    fn current_of_family<'a>(
        &'a self,
        author: ParticipantId,
        year: &'a YearOfTopic,
    ) -> impl Iterator<Item = &'a super::LoggedRelease> {
        let family = self.family(author);
        let members = self.participants().filter(move |participant| participant.family() == family);
        members.flat_map(|member| self.releases_in(member.id, year)).filter(|release| release.is_current())
    }

    /// How many families the participants belong to: those with a common parent count once.
    pub fn families(&self, participants: impl IntoIterator<Item = ParticipantId>) -> usize {
        participants.into_iter().map(|id| self.family(id)).collect::<BTreeSet<_>>().len()
    }

    /// The least size of a block: the largest value in force now and at the members' releases of the topic and year.
    pub fn block_min(&self, year: &YearOfTopic, members: &[ParticipantId]) -> usize {
        let now = self.charter().map_or(3, |(_, charter)| charter.block_min);
        let releases = members.iter().flat_map(|member| self.releases_in(*member, year));
        let then = releases.filter_map(|release| self.charter_at(release.index)).map(|charter| charter.block_min).max();
        usize::from(now.max(then.unwrap_or(0)))
    }
}

/// The kind as the command line calls it.
const fn word(sharing: Sharing) -> &'static str {
    match sharing {
        Sharing::Open => "contributors",
        Sharing::Totals => "totals",
        Sharing::Named => "named",
    }
}
