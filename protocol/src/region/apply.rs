//! Takes a judged line in.

use std::collections::{BTreeMap, BTreeSet};

use super::judge::{Judged, beyond_this_version};
use super::participants::KeyAt;
use super::releases::OpenBundle;
use super::{Holding, LoggedRelease, Participant, Region, State, Subject};
use crate::codec;
use crate::hash::Hash;
use crate::id::{LineIndex, ParticipantId};
use crate::ledger::{Extension, Line, ParticipantChange, Said, ServedItem, Serving};
use crate::refusal::Reason;
use crate::release::Manifest;

impl Region {
    /// Takes in a line that was judged against exactly this state.
    pub fn apply(&mut self, judged: Judged) {
        let index = self.size;
        let Judged { line, said, id } = judged;
        if said.as_ref().is_none_or(beyond_this_version) {
            self.unjudged.push(index);
        }
        if let Some(said) = said {
            if line.author.is_some() && !matches!(said, Said::Release(_)) {
                self.statements.insert(id);
            }
            self.apply_said(index, &line, said, id);
        }
        self.time = line.time;
        self.size += 1;
    }

    /// Reads, judges and takes in the next line: what a mirror does with every line it gets. What a later version may have
    /// allowed is mirrored and counted among [`Region::unjudged`].
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), Reason> {
        let line = Line::from_bytes(bytes).map_err(|error| Reason::Malformed(error.to_string()))?;
        let judged = self.judge_as_mirror(line, None)?;
        self.apply(judged);
        Ok(())
    }

    /// Counts a line that is flawed without letting it change anything, so that the lines after it keep their places. A
    /// bundle that it interrupts stays in pieces; the lines after it are judged by themselves.
    pub fn skip(&mut self) {
        self.unjudged.push(self.size);
        self.size += 1;
        self.bundle = None;
    }

    fn apply_said(&mut self, index: LineIndex, line: &Line, said: Said, id: Hash) {
        match said {
            Said::Genesis(genesis) => {
                self.exchange = Hash::of(&codec::to_bytes(line));
                self.genesis = Some(genesis);
            }
            Said::Charter(charter) => {
                // It was judged, so this program carries them.
                if let Ok(catalogues) = charter.catalogues() {
                    self.catalogues = catalogues;
                }
                self.charters.push((index, charter));
                self.review_all();
            }
            Said::Participant(change) => self.apply_change(index, change),
            Said::Key(event) => {
                if let Some(participant) = self.participants.get_mut(&event.participant) {
                    participant.keys.push(KeyAt { from: index, key: event.key });
                }
            }
            Said::Release(manifest) => self.apply_release(index, manifest, id),
            Said::Extension(extension) => self.apply_extension(&extension),
            Said::Withdrawal(withdrawal) => self.apply_withdrawal(index, &withdrawal.release, id),
            Said::Serving(serving) => self.apply_serving(index, &serving),
            Said::Undelivered(undelivered) => {
                for item in undelivered.items {
                    match item {
                        ServedItem::Release(release) => self.holdings.undelivered(undelivered.reader, release),
                        ServedItem::BlockTable(edition, block, table) => {
                            self.holdings.block_table_undelivered(undelivered.reader, (edition, block, table));
                        }
                    }
                }
            }
            Said::Erasure(erasure) => {
                erasure.releases.into_iter().for_each(|release| self.holdings.erase(line.author, release, index))
            }
            Said::Edition(edition) => self.apply_edition(index, edition),
            Said::Objection(objection) => {
                self.objections.insert((line.author, objection.line));
            }
            Said::Bulletin(_) => {}
        }
    }

    fn apply_change(&mut self, index: LineIndex, change: ParticipantChange) {
        match change {
            ParticipantChange::Admit { code, kind, parent, name, key, .. } => {
                let id = ParticipantId(index);
                self.codes.insert(code.clone(), id);
                self.participants.insert(
                    id,
                    Participant {
                        id,
                        code,
                        kind,
                        parent,
                        name,
                        keys: vec![KeyAt { from: index, key }],
                        suspended: None,
                    },
                );
            }
            ParticipantChange::Suspend { participant, .. } => self.set_suspended(participant, Some(index)),
            ParticipantChange::Resume { participant, .. } => self.set_suspended(participant, None),
            ParticipantChange::Rename { participant, name } => {
                if let Some(participant) = self.participants.get_mut(&participant) {
                    participant.name = name;
                }
            }
        }
    }

    fn set_suspended(&mut self, participant: ParticipantId, line: Option<LineIndex>) {
        if let Some(participant) = self.participants.get_mut(&participant) {
            participant.suspended = line;
        }
        self.review_participant(participant);
    }

    fn apply_release(&mut self, index: LineIndex, manifest: Manifest, id: Hash) {
        let author = manifest.participant;
        let (form, period) = (manifest.form.clone(), manifest.period);
        if let Some(year) = self.year_of_topic(&form, period) {
            if let Some(sharing) = manifest.audience.sharing() {
                self.sharing.insert((self.family(author), year.clone()), sharing);
            }
            self.by_author.entry(author).or_default().entry(year).or_default().push(index);
        }
        self.apply_bundle(index, &manifest);
        let (admitted_before, extended_to) = self.admitted_by_parts(index, &manifest);
        for source in &manifest.sources {
            self.derived_from.entry(*source).or_default().push(index);
        }
        let subjects = self.subjects.entry((form.clone(), period)).or_default();
        let subject =
            subjects.entry(author).or_insert_with(|| Subject { releases: Vec::new(), last: Hash::ZERO, revision: 0 });
        let replaced = subject.releases.last().copied();
        subject.releases.push(index);
        subject.last = id;
        subject.revision = manifest.revision;
        self.by_id.insert(id, index);
        self.releases
            .insert(index, LoggedRelease { index, id, manifest, state: State::Current, admitted_before, extended_to });
        if let Some(replaced) = replaced {
            self.end(replaced, State::Replaced(index), index);
        }
        self.review_table(author, &form, period);
    }

    /// Whom a release to contributors admits: those admitted to the region before it whom each of its parts admits too.
    fn admitted_by_parts(&self, index: LineIndex, manifest: &Manifest) -> (LineIndex, BTreeSet<ParticipantId>) {
        // Parts of the same bundle that come later are newer than this line and admit whom it admits.
        let to_come = |part: &LoggedRelease| {
            self.bundle
                .as_ref()
                .is_some_and(|bundle| bundle.remaining.contains(&(part.manifest.form.clone(), part.manifest.period)))
        };
        let parts: Vec<&LoggedRelease> = self
            .parts_of(manifest.participant, &manifest.form, manifest.period)
            .filter(|part| !to_come(part))
            .collect();
        let admitted_before = parts.iter().map(|part| part.admitted_before).fold(index, LineIndex::min);
        let later = self.participants.range(ParticipantId(admitted_before)..ParticipantId(index)).map(|(id, _)| *id);
        (admitted_before, later.filter(|id| parts.iter().all(|part| part.admits(*id))).collect())
    }

    fn apply_extension(&mut self, extension: &Extension) {
        for id in &extension.releases {
            let Some(release) = self.by_id.get(id).and_then(|index| self.releases.get_mut(index)) else { continue };
            release.extended_to.extend(&extension.to);
            let (author, form, period) =
                (release.manifest.participant, release.manifest.form.clone(), release.manifest.period);
            self.review_table(author, &form, period);
        }
    }

    fn apply_bundle(&mut self, index: LineIndex, manifest: &Manifest) {
        let item = (manifest.form.clone(), manifest.period);
        let mut bundle = match self.bundle.take() {
            Some(bundle) => bundle,
            None if manifest.bundle.len() > 1 => OpenBundle {
                author: manifest.participant,
                first: index,
                items: manifest.bundle.clone(),
                remaining: manifest.bundle.iter().cloned().collect(),
                kinds: BTreeMap::new(),
            },
            None => return,
        };
        bundle.remaining.remove(&item);
        if let Some((year, sharing)) = self.year_of_topic(&item.0, item.1).zip(manifest.audience.sharing()) {
            bundle.kinds.insert(year, sharing);
        }
        self.bundle = (!bundle.remaining.is_empty()).then_some(bundle);
    }

    fn apply_withdrawal(&mut self, index: LineIndex, release: &Hash, id: Hash) {
        let Some(line) = self.by_id.get(release).copied() else { return };
        if let Some(manifest) = self.releases.get(&line).map(|release| release.manifest.clone())
            && let Some(subject) = self
                .subjects
                .get_mut(&(manifest.form, manifest.period))
                .and_then(|subjects| subjects.get_mut(&manifest.participant))
        {
            subject.last = id;
        }
        self.end(line, State::Withdrawn(index), index);
    }

    /// Ends a current release, and with it everything that was derived from it.
    fn end(&mut self, line: LineIndex, state: State, at: LineIndex) {
        let Some(release) = self.releases.get_mut(&line).filter(|release| release.is_current()) else { return };
        release.state = state;
        let (id, author, form, period) =
            (release.id, release.manifest.participant, release.manifest.form.clone(), release.manifest.period);
        self.holdings.ended(line);
        self.review_table(author, &form, period);
        for derived in self.derived_from.get(&id).cloned().unwrap_or_default() {
            self.end(derived, State::Fallen(at), at);
        }
    }

    fn apply_serving(&mut self, index: LineIndex, serving: &Serving) {
        let reader: ParticipantId = serving.reader;
        for served in &serving.items {
            match served.item {
                ServedItem::Release(release) => {
                    let holding =
                        Holding { release, served_at: index, justified_by: served.justified_by, erased: None };
                    self.holdings.serve_release(reader, holding);
                }
                ServedItem::BlockTable(edition, block, table) => {
                    self.holdings.serve_block_table(reader, (edition, block, table), index)
                }
            }
        }
    }
}
