//! Rules 1, 2 and 4: who may read what, with the reason, and what would unlock it. *You see whom you show yourself to.*
//!
//! Every answer is computed from the ledger alone, by the hub before it serves and by every node afterwards. Rules 1 and 2
//! are monotone: a valid contribution never takes a right away; and they do not depend on the order of contributions.

use std::collections::BTreeMap;

use crate::audience::{Audience, Sharing};
use crate::id::{FormCode, LineIndex, ParticipantCode, ParticipantId};
use crate::period::Period;
use crate::refusal::{Reason, Unlock};
use crate::region::{LoggedRelease, Region, Standing, State};

/// Rule 1 holds: the two lines on which a right to national figures rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FiguresRight {
    /// The reader's own release.
    pub own: LineIndex,
    /// The author's release, which may be read.
    pub theirs: LineIndex,
}

/// Rule 2 holds: on what the right to regional figures rests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RegionalRight {
    /// The reader's own release, or the Charter for an observer.
    pub justified_by: LineIndex,
    /// How the reader shares; `None` for an observer.
    pub sharing: Option<Sharing>,
}

/// What a release would bring, before it is made: for the release desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outlook {
    /// Who could read the figures at once, because it stands and admits the author; sorted by code.
    pub readers_now: Vec<ParticipantCode>,
    /// Who could read them once it contributes itself.
    pub readers_later: Vec<ParticipantCode>,
    /// Whose figures the author could read in return at once.
    pub unlocks: Vec<ParticipantCode>,
    /// Whether it earns the regional figures.
    pub regional: bool,
}

impl Region {
    /// Rule 1: whether `reader` may read `author`'s current release of a form and period.
    pub fn figures(
        &self,
        reader: ParticipantId,
        author: ParticipantId,
        form: &FormCode,
        period: Period,
    ) -> Result<FiguresRight, Reason> {
        self.active(reader)?;
        self.active(author)?;
        // Asked about every copy and every item of a serving: what only a refusal needs is made for a refusal.
        let (reader_code, author_code) = (|| self.code_of(reader), || self.code_of(author));
        self.form_in_use(form, period).ok_or_else(|| Reason::FormNotInUse(form.clone()))?;
        let own = match self.standing(reader, form, period) {
            Standing::Stands(own) => own,
            Standing::CoreMissing(_) => {
                return Err(Reason::CoreNotAnswered {
                    reader: reader_code(),
                    form: form.clone(),
                    period,
                    unlock: self.unlock(reader, form, period),
                });
            }
            Standing::Nothing => {
                return Err(Reason::NothingReleased {
                    reader: reader_code(),
                    form: form.clone(),
                    period,
                    unlock: self.unlock(reader, form, period),
                });
            }
        };
        let Standing::Stands(theirs) = self.standing(author, form, period) else {
            return Err(Reason::AuthorNotStanding { author: author_code(), form: form.clone(), period });
        };
        if own.manifest.audience.sharing().is_none() || theirs.manifest.audience.sharing().is_none() {
            return Err(Reason::UnknownAudience);
        }
        if own.manifest.audience.sharing() == Some(Sharing::Totals) {
            return Err(Reason::OnlyTotals {
                reader: reader_code(),
                form: form.clone(),
                period,
                unlock: self.unlock(reader, form, period),
            });
        }
        if theirs.manifest.audience.sharing() == Some(Sharing::Totals) {
            return Err(Reason::AuthorOnlyTotals { author: author_code(), form: form.clone(), period });
        }
        if !theirs.admits(reader) {
            return Err(match theirs.manifest.audience {
                Audience::Contributors => {
                    Reason::AdmittedLater { author: author_code(), reader: reader_code(), form: form.clone(), period }
                }
                _ => Reason::NotAdmittedByAuthor {
                    author: author_code(),
                    reader: reader_code(),
                    form: form.clone(),
                    period,
                },
            });
        }
        if !own.admits(author) {
            return Err(Reason::NotAdmittedByReader {
                author: author_code(),
                reader: reader_code(),
                form: form.clone(),
                period,
            });
        }
        Ok(FiguresRight { own: own.index, theirs: theirs.index })
    }

    /// Rule 2: whether `reader` may see regional figures of a form and period.
    pub fn regional(&self, reader: ParticipantId, form: &FormCode, period: Period) -> Result<RegionalRight, Reason> {
        let code = self.active(reader)?.code.clone();
        self.form_in_use(form, period).ok_or_else(|| Reason::FormNotInUse(form.clone()))?;
        let refused = match self.standing(reader, form, period) {
            Standing::Stands(own) => match own.manifest.audience.sharing() {
                Some(sharing @ (Sharing::Open | Sharing::Totals)) => {
                    return Ok(RegionalRight { justified_by: own.index, sharing: Some(sharing) });
                }
                _ => Reason::OnlyNamed {
                    reader: code,
                    form: form.clone(),
                    period,
                    unlock: self.unlock(reader, form, period),
                },
            },
            Standing::CoreMissing(_) => Reason::CoreNotAnswered {
                reader: code,
                form: form.clone(),
                period,
                unlock: self.unlock(reader, form, period),
            },
            Standing::Nothing => Reason::NothingReleased {
                reader: code,
                form: form.clone(),
                period,
                unlock: self.unlock(reader, form, period),
            },
        };
        match self.charter() {
            Some((index, _)) if self.is_observer(reader) => Ok(RegionalRight { justified_by: index, sharing: None }),
            _ => Err(refused),
        }
    }

    /// Rule 4: whether `reader` may hold the release of a line now: it is current and Rule 1 holds. The line that justifies it.
    pub fn may_hold(&self, reader: ParticipantId, release: LineIndex) -> Result<LineIndex, Reason> {
        let release = self.release(release).ok_or_else(|| Reason::NotFound(format!("release at line {release}")))?;
        if let State::Replaced(line) | State::Withdrawn(line) | State::Fallen(line) = release.state {
            return Err(Reason::NotCurrent(format!("the release of line {} ended at line {line}", release.index)));
        }
        let manifest = &release.manifest;
        self.figures(reader, manifest.participant, &manifest.form, manifest.period).map(|right| right.own)
    }

    /// Whether `reader` may be served the release of a line now: as [`Region::may_hold`], and nothing of the topic is owed.
    pub fn may_be_served(&self, reader: ParticipantId, release: LineIndex) -> Result<LineIndex, Reason> {
        let justified_by = self.may_hold(reader, release)?;
        if let Some(topic) = self.topic_of(release) {
            let count = self.erasures_owed(reader, &topic);
            if count > 0 {
                return Err(Reason::ErasureOwed { reader: self.code_of(reader), topic: topic.to_string(), count });
            }
        }
        Ok(justified_by)
    }

    /// Whether `reader` may see one table of one block. Closed blocks: whoever stands with `totals` or open, and observers.
    /// Open blocks: those with `totals`, and observers that do not read members singly.
    pub fn may_see_block_table(
        &self,
        reader: ParticipantId,
        edition: LineIndex,
        block: u16,
        table: u16,
    ) -> Result<LineIndex, Reason> {
        let missing = || Reason::NotFound(format!("table {table} of block {block} in the edition of line {edition}"));
        let line =
            self.edition(edition).and_then(|edition| edition.blocks.get(usize::from(block))).ok_or_else(missing)?;
        let table = line.tables.get(usize::from(table)).ok_or_else(missing)?;
        let year = self.year_of_topic(&table.form, table.period).ok_or_else(missing)?;
        let block = self.blocks(&year).get(usize::from(block)).ok_or_else(missing)?;
        let right = self.regional(reader, &table.form, table.period)?;
        let refused = |cause| {
            Err(Reason::BlockNotForReader {
                reader: self.code_of(reader),
                form: table.form.clone(),
                period: table.period,
                cause,
            })
        };
        // Asked of the kind and not of the release: an observer of an open or named kind reads members singly as well, and
        // could subtract them.
        if block.sharing == Sharing::Open && matches!(self.sharing(reader, &year), Some(Sharing::Open | Sharing::Named))
        {
            return refused("it shares the topic and year openly or with named participants and reads members singly");
        }
        // An old release is served under the stricter of its own Charter and the one in force.
        if !self.large_enough(&year, &block.members) {
            return refused("the Charter in force asks for larger blocks");
        }
        if right.sharing.is_none()
            && !self.summed(block, &table.form, table.period).all(|release| self.observed_at(reader, release.index))
        {
            return refused("a member released it under a Charter that did not name this observer");
        }
        Ok(right.justified_by)
    }

    fn observed_at(&self, observer: ParticipantId, line: LineIndex) -> bool {
        self.charter_at(line).is_some_and(|charter| charter.observers.contains(&self.code_of(observer)))
    }

    /// Whose figures `reader` would read if it released the form and period to contributors with its core answered.
    pub fn unlock(&self, reader: ParticipantId, form: &FormCode, period: Period) -> Unlock {
        let readable = self
            .standing_for(form, period)
            .into_iter()
            .filter(|(author, release)| *author != reader && release.admits(reader));
        Unlock { form: form.clone(), period, participants: self.codes_of(readable.map(|(author, _)| author)) }
    }

    /// Everybody that stands for a form and period, with the release it stands by.
    pub fn standing_for(&self, form: &FormCode, period: Period) -> BTreeMap<ParticipantId, &LoggedRelease> {
        let current = self.current_for(form, period);
        current
            .into_iter()
            .filter(|(author, release)| release.manifest.core_answered && self.active(*author).is_ok())
            .collect()
    }

    /// Everything `reader` may read of a form and period: author and line.
    pub fn readable(&self, reader: ParticipantId, form: &FormCode, period: Period) -> Vec<FiguresRight> {
        let authors = self.standing_for(form, period);
        authors
            .keys()
            .filter(|author| **author != reader)
            .filter_map(|author| self.figures(reader, *author, form, period).ok())
            .collect()
    }

    /// What a release with this audience would bring its author.
    pub fn outlook(
        &self,
        author: ParticipantId,
        form: &FormCode,
        period: Period,
        audience: &Audience,
        core_answered: bool,
    ) -> Outlook {
        let admits = |id: &ParticipantId| match audience {
            Audience::Contributors => true,
            Audience::Named(named) => named.contains(id),
            Audience::Totals | Audience::Unknown(_) => false,
        };
        let standing = self.standing_for(form, period);
        let mutual = |id: &ParticipantId| {
            *id != author && admits(id) && standing.get(id).is_some_and(|release| release.admits(author))
        };
        let others: Vec<ParticipantId> =
            self.participants().filter(|p| p.suspended.is_none() && p.id != author).map(|p| p.id).collect();
        let (now, later): (Vec<_>, Vec<_>) =
            others.into_iter().filter(admits).partition(|id| core_answered && mutual(id));
        let now = self.codes_of(now);
        Outlook {
            unlocks: now.clone(),
            readers_now: now,
            readers_later: self.codes_of(later),
            regional: core_answered && matches!(audience.sharing(), Some(Sharing::Open | Sharing::Totals)),
        }
    }
}
