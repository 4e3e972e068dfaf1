//! What an author says of its own figures: releases, alone and in bundles, extensions and withdrawals.

use super::ITEMS_MAX;
use crate::audience::{Audience, Sharing};
use crate::hash::Hash;
use crate::id::{FormCode, ParticipantId};
use crate::ledger::{Extension, Line};
use crate::period::Period;
use crate::refusal::Reason;
use crate::region::releases::OpenBundle;
use crate::region::{LoggedRelease, Region, State};
use crate::release::{Manifest, Withdrawal};

impl Region {
    pub(super) fn check_release(
        &self,
        author: ParticipantId,
        manifest: &Manifest,
        line: &Line,
        id: Hash,
    ) -> Result<(), Reason> {
        manifest.check().map_err(|error| Reason::Manifest(error.to_string()))?;
        let participant = self.active(author)?;
        if manifest.participant != author {
            return Err(Reason::WrongAuthor {
                said: self.code_of(manifest.participant).to_string(),
                bound: participant.code.to_string(),
            });
        }
        let (in_force, charter) = self.charter().ok_or_else(|| self.flaw("no Charter is in force"))?;
        if manifest.charter != in_force {
            return Err(Reason::CharterNotAccepted { said: manifest.charter, in_force });
        }
        let catalogue = self.catalogue_of(manifest.period);
        if manifest.catalogue != catalogue.hash() {
            return Err(Reason::CatalogueNotInForce { period: manifest.period, in_force: catalogue.version.clone() });
        }
        let form = self
            .form_in_use(&manifest.form, manifest.period)
            .ok_or_else(|| Reason::FormNotInUse(manifest.form.clone()))?;
        if !manifest.period.ended_by(line.time.date()) {
            return Err(Reason::PeriodNotEnded(manifest.period));
        }
        if !charter.in_rhythm(&participant.code, manifest.period.length()) {
            let months = charter.rhythms.get(&participant.code).unwrap_or(&charter.months);
            let accepted = months.iter().map(|m| format!("{m} months")).collect::<Vec<_>>().join(", ");
            return Err(Reason::NotInRhythm {
                participant: participant.code.clone(),
                period: manifest.period,
                accepted,
            });
        }
        self.check_revision(author, manifest, id)?;
        if matches!(manifest.audience, Audience::Unknown(_)) {
            return Ok(());
        }
        self.check_audience(manifest)?;
        self.check_sources(author, manifest, form.adds_over_time)?;
        self.check_sharing(manifest)
    }

    fn check_revision(&self, author: ParticipantId, manifest: &Manifest, id: Hash) -> Result<(), Reason> {
        let (form, period) = (manifest.form.clone(), manifest.period);
        let subject = self.subject(author, &form, period);
        let expected = subject.map_or(1, |subject| subject.revision + 1);
        if manifest.revision != expected {
            let existing = subject.and_then(|subject| {
                subject
                    .releases
                    .iter()
                    .find_map(|index| self.release(*index).filter(|r| r.manifest.revision == manifest.revision))
            });
            return Err(match existing {
                Some(release) => Reason::RevisionConflict {
                    form,
                    period,
                    revision: manifest.revision,
                    existing: release.id,
                    sent: id,
                },
                None => Reason::WrongRevision { form, period, said: manifest.revision, expected },
            });
        }
        if manifest.previous != subject.map(|subject| subject.last) {
            return Err(Reason::WrongPrevious { form, period });
        }
        if self.bundle.is_none() {
            self.check_company(author, manifest)?;
        }
        if let Some(OpenBundle { items, .. }) = &self.bundle
            && *items != manifest.bundle
        {
            return Err(self.flaw("the releases of a bundle name different bundles"));
        }
        Ok(())
    }

    /// A revision comes with those of all the author's released tables of the topic whose periods overlap: the difference
    /// of two revisions of one alone would tell a change that the others hide. Asked once for the whole bundle, at its
    /// first line, so that the answer does not depend on the order of its lines. A longer period that is revised because a
    /// shorter one inside it is brings no further company: the revision of a quarter takes the semester along, and not the
    /// other quarter.
    fn check_company(&self, author: ParticipantId, manifest: &Manifest) -> Result<(), Reason> {
        let alone = [(manifest.form.clone(), manifest.period)];
        let items = if manifest.bundle.is_empty() { &alone[..] } else { &manifest.bundle[..] };
        let revised: Vec<&(FormCode, Period)> =
            items.iter().filter(|(form, period)| self.current(author, form, *period).is_some()).collect();
        // A part is of the year of its whole, and so of its catalogue.
        let same_topic = |one: &FormCode, other: &FormCode, period: Period| {
            self.year_of_topic(one, period) == self.year_of_topic(other, period)
        };
        for (form, period) in &revised {
            let because_of_a_part = revised
                .iter()
                .any(|(other, part)| part != period && period.contains(*part) && same_topic(form, other, *part));
            let together = self.overlapping(author, form, *period);
            if !because_of_a_part && !together.iter().all(|item| items.contains(item)) {
                return Err(Reason::RevisionAlone(together));
            }
        }
        Ok(())
    }

    fn check_audience(&self, manifest: &Manifest) -> Result<(), Reason> {
        match &manifest.audience {
            Audience::Named(named) => match named.iter().find(|id| !self.participants.contains_key(id)) {
                Some(stranger) => Err(Reason::AudienceNotMember(stranger.to_string())),
                None => Ok(()),
            },
            Audience::Totals | Audience::Contributors | Audience::Unknown(_) => Ok(()),
        }
    }

    /// Rule 6: sources are the author's current releases of the parts, and nothing is wider than its parts.
    fn check_sources(&self, author: ParticipantId, manifest: &Manifest, adds: bool) -> Result<(), Reason> {
        if !manifest.sources.is_empty() {
            if !adds {
                return Err(Reason::DoesNotAdd(manifest.form.clone()));
            }
            let mut parts: Vec<_> = Vec::new();
            for id in &manifest.sources {
                let source = self
                    .release_by_id(id)
                    .filter(|r| r.is_current() && r.manifest.participant == author && r.manifest.form == manifest.form);
                parts.push(source.ok_or(Reason::WrongSource(manifest.period))?.manifest.period);
            }
            parts.sort();
            if parts != manifest.period.parts() {
                return Err(Reason::WrongSource(manifest.period));
            }
        }
        let Some(year) = self.year_of_topic(&manifest.form, manifest.period) else { return Ok(()) };
        for other in self.releases_in(author, &year).filter(|other| {
            other.is_current() && other.manifest.form == manifest.form && other.manifest.period != manifest.period
        }) {
            let other = &other.manifest;
            // A table of the same bundle is judged when its own line comes.
            if manifest.bundle.contains(&(other.form.clone(), other.period)) {
                let still_to_come = self
                    .bundle
                    .as_ref()
                    .is_none_or(|bundle| bundle.remaining.contains(&(other.form.clone(), other.period)));
                if still_to_come {
                    continue;
                }
            }
            let wider = (manifest.period.contains(other.period) && !manifest.audience.within(&other.audience))
                || (other.period.contains(manifest.period) && !other.audience.within(&manifest.audience));
            if wider {
                return Err(Reason::WiderThanPart { form: other.form.clone(), period: other.period });
            }
        }
        Ok(())
    }

    pub(super) fn check_extension(&self, author: ParticipantId, extension: &Extension) -> Result<(), Reason> {
        if extension.participant != author {
            return Err(Reason::WrongAuthor {
                said: self.code_of(extension.participant).to_string(),
                bound: self.code_of(author).to_string(),
            });
        }
        let sorted = extension.releases.is_sorted_by(|a, b| a < b) && extension.to.is_sorted_by(|a, b| a < b);
        if !sorted
            || extension.releases.is_empty()
            || extension.to.is_empty()
            || extension.releases.len() > ITEMS_MAX
            || extension.to.len() > ITEMS_MAX
        {
            return Err(self.flaw("an extension of nothing, unsorted or too long"));
        }
        if let Some(stranger) = extension.to.iter().find(|id| !self.participants.contains_key(id)) {
            return Err(Reason::AudienceNotMember(stranger.to_string()));
        }
        let open = |id: &Hash| {
            self.release_by_id(id).is_some_and(|r| {
                r.is_current()
                    && r.manifest.participant == author
                    && r.manifest.audience.sharing() == Some(Sharing::Open)
            })
        };
        if let Some(id) = extension.releases.iter().find(|id| !open(id)) {
            return Err(Reason::NotCurrent(format!("{id} is no current open release of the author")));
        }
        let adds = |id: &Hash| {
            self.release_by_id(id).is_some_and(|release| extension.to.iter().any(|reader| !release.admits(*reader)))
        };
        if !extension.releases.iter().all(adds) {
            return Err(self.flaw("an extension to those who are admitted already"));
        }
        // Rule 6: nothing is opened more widely than a part of it.
        for manifest in
            extension.releases.iter().filter_map(|id| self.release_by_id(id)).map(|release| &release.manifest)
        {
            let closed = |part: &&LoggedRelease| {
                !extension.releases.contains(&part.id) && extension.to.iter().any(|reader| !part.admits(*reader))
            };
            if let Some(part) = self.parts_of(author, &manifest.form, manifest.period).find(closed) {
                return Err(Reason::WiderThanPart { form: part.manifest.form.clone(), period: part.manifest.period });
            }
        }
        Ok(())
    }

    pub(super) fn check_withdrawal(&self, author: ParticipantId, withdrawal: &Withdrawal) -> Result<(), Reason> {
        if withdrawal.participant != author {
            return Err(Reason::WrongAuthor {
                said: self.code_of(withdrawal.participant).to_string(),
                bound: self.code_of(author).to_string(),
            });
        }
        match self.release_by_id(&withdrawal.release) {
            Some(release)
                if release.is_current() && release.manifest.participant == author && withdrawal.version == 1 =>
            {
                Ok(())
            }
            Some(release) if matches!(release.state, State::Withdrawn(_)) => {
                Err(Reason::NotCurrent("the release is withdrawn already".into()))
            }
            _ => Err(Reason::NotCurrent(format!("{} is no current release of the author", withdrawal.release))),
        }
    }
}
