//! What stands: for each form and period each author's releases, and which of them is current.

use std::collections::{BTreeMap, BTreeSet};

use super::{Region, YearOfTopic};
use crate::audience::{Audience, Sharing};
use crate::hash::Hash;
use crate::id::{FormCode, LineIndex, ParticipantId, TopicCode};
use crate::period::Period;
use crate::release::Manifest;

/// What became of a logged release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// The author's latest word.
    Current,
    /// Replaced by the revision at a line.
    Replaced(LineIndex),
    /// Withdrawn at a line.
    Withdrawn(LineIndex),
    /// It was derived, and one of its sources was replaced or withdrawn at a line: it falls with it.
    Fallen(LineIndex),
}

/// A release in the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoggedRelease {
    /// Its line.
    pub index: LineIndex,
    /// SHA-256 of its signed statement.
    pub id: Hash,
    /// What it says.
    pub manifest: Manifest,
    /// What became of it.
    pub state: State,
    /// Where its audience is `contributors`: those admitted to the region before this line. Its own line, or an earlier one
    /// where a part of its period was released earlier, because nothing is shown more widely than its parts.
    pub admitted_before: LineIndex,
    /// Participants admitted later to whom its author opened it.
    pub extended_to: BTreeSet<ParticipantId>,
}

impl LoggedRelease {
    /// Whether it is its author's latest word.
    pub const fn is_current(&self) -> bool {
        matches!(self.state, State::Current)
    }
    /// Whether its audience admits a reader: named, or any contributor admitted early enough or by an extension.
    pub fn admits(&self, reader: ParticipantId) -> bool {
        match &self.manifest.audience {
            Audience::Contributors => reader.0 < self.admitted_before || self.extended_to.contains(&reader),
            Audience::Named(named) => named.contains(&reader),
            Audience::Totals | Audience::Unknown(_) => false,
        }
    }
}

/// One author's statements about one form and period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// Lines of its releases, oldest first.
    pub releases: Vec<LineIndex>,
    /// SHA-256 of the last statement, release or withdrawal.
    pub last: Hash,
    /// Revision of the last release.
    pub revision: u32,
}

/// How a participant stands for a form and period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing<'a> {
    /// Its current release answers every core cell.
    Stands(&'a LoggedRelease),
    /// There is a current release, which answers no core cell.
    CoreMissing(&'a LoggedRelease),
    /// There is no current release.
    Nothing,
}

/// A bundle of which not all lines are written yet. Nothing else may stand between its lines.
#[derive(Debug, Clone)]
pub(super) struct OpenBundle {
    pub(super) author: ParticipantId,
    pub(super) first: LineIndex,
    pub(super) items: Vec<(FormCode, Period)>,
    pub(super) remaining: BTreeSet<(FormCode, Period)>,
    /// How its releases so far share their topics and years.
    pub(super) kinds: BTreeMap<YearOfTopic, Sharing>,
}

impl Region {
    /// The release at a line.
    pub fn release(&self, index: LineIndex) -> Option<&LoggedRelease> {
        self.releases.get(&index)
    }
    /// The release with an id.
    pub fn release_by_id(&self, id: &Hash) -> Option<&LoggedRelease> {
        self.by_id.get(id).and_then(|index| self.releases.get(index))
    }
    /// The topic of the release at a line.
    pub(crate) fn topic_of(&self, index: LineIndex) -> Option<TopicCode> {
        let manifest = &self.release(index)?.manifest;
        self.year_of_topic(&manifest.form, manifest.period).map(|(topic, _)| topic)
    }
    /// All releases, in the order of their lines.
    pub fn releases(&self) -> impl Iterator<Item = &LoggedRelease> {
        self.releases.values()
    }
    /// An author's statements about a form and period.
    pub fn subject(&self, author: ParticipantId, form: &FormCode, period: Period) -> Option<&Subject> {
        self.subjects.get(&(form.clone(), period))?.get(&author)
    }
    /// An author's current release of a form and period.
    pub fn current(&self, author: ParticipantId, form: &FormCode, period: Period) -> Option<&LoggedRelease> {
        let last = self.subject(author, form, period)?.releases.last()?;
        self.releases.get(last).filter(|release| release.is_current())
    }
    /// All current releases of an author, by topic and year.
    pub fn current_of(&self, author: ParticipantId) -> impl Iterator<Item = &LoggedRelease> {
        let years = self.by_author.get(&author).into_iter().flat_map(BTreeMap::values);
        years.flatten().filter_map(|index| self.releases.get(index)).filter(|release| release.is_current())
    }
    /// An author's releases of a topic and year, in the order of their lines.
    pub fn releases_in(&self, author: ParticipantId, year: &YearOfTopic) -> impl Iterator<Item = &LoggedRelease> {
        let lines = self.by_author.get(&author).and_then(|years| years.get(year));
        lines.into_iter().flatten().filter_map(|index| self.releases.get(index))
    }
    /// The author's current releases of the same form whose periods are shorter and lie inside.
    pub(super) fn parts_of(
        &self,
        author: ParticipantId,
        form: &FormCode,
        period: Period,
    ) -> impl Iterator<Item = &LoggedRelease> {
        let inside = move |release: &LoggedRelease| {
            release.is_current() && release.manifest.period != period && period.contains(release.manifest.period)
        };
        let year = self.year_of_topic(form, period);
        let releases = year.into_iter().flat_map(move |year| self.releases_in(author, &year).collect::<Vec<_>>());
        releases.filter(move |release| release.manifest.form == *form && inside(release))
    }
    /// Current releases of a form and period, by author.
    pub fn current_for(&self, form: &FormCode, period: Period) -> BTreeMap<ParticipantId, &LoggedRelease> {
        let Some(subjects) = self.subjects.get(&(form.clone(), period)) else { return BTreeMap::new() };
        subjects.keys().filter_map(|author| Some((*author, self.current(*author, form, period)?))).collect()
    }
    /// Forms and periods about which anybody ever released.
    pub fn tables(&self) -> impl Iterator<Item = &(FormCode, Period)> {
        self.subjects.keys()
    }
    /// How a participant stands for a form and period. A suspended one has no standing.
    pub fn standing(&self, participant: ParticipantId, form: &FormCode, period: Period) -> Standing<'_> {
        let suspended = self.participants.get(&participant).is_none_or(|p| p.suspended.is_some());
        match self.current(participant, form, period) {
            Some(release) if !suspended && release.manifest.core_answered => Standing::Stands(release),
            Some(release) if !suspended => Standing::CoreMissing(release),
            _ => Standing::Nothing,
        }
    }
    /// The author's current releases of a topic whose period shares a day with `period`.
    pub fn overlapping(&self, author: ParticipantId, form: &FormCode, period: Period) -> Vec<(FormCode, Period)> {
        // Every period of version 1 lies in one calendar year, so whatever overlaps is of the same year.
        let Some(year) = self.year_of_topic(form, period) else { return Vec::new() };
        let mut found: Vec<_> = self
            .releases_in(author, &year)
            .filter(|release| release.is_current() && release.manifest.period.overlaps(period))
            .map(|release| (release.manifest.form.clone(), release.manifest.period))
            .collect();
        found.sort();
        found
    }
}
