//! May this line stand here? Asked by the hub before it writes a line and by every node afterwards, with the same answer.
//!
//! What needs the body of a release (codes, feasibility, derived sums) is judged in [`crate::check`], before the line.

use super::{LoggedRelease, Region, State, releases::OpenBundle};
use crate::audience::{Audience, Sharing};
use crate::hash::Hash;
use crate::id::{FormCode, LineIndex, ParticipantId, region_slug};
use crate::ledger::{
    Erasure, Extension, KeyEvent, Line, LineKind, Objection, ParticipantChange, Said, Served, ServedItem, Serving,
    Undelivered,
};
use crate::period::Period;
use crate::refusal::Reason;
use crate::release::{Manifest, Withdrawal};
use crate::statement::{PublicKey, Statement};

/// Most items of one serving, erasure or extension line. Keeps every line below its length.
const ITEMS_MAX: usize = 1_000;
/// Longest name of a region, in bytes, and of the host name made of it (RFC 1035, section 2.3.4).
const REGION_BYTES_MAX: usize = 64;
const SLUG_BYTES_MAX: usize = 63;
/// Longest text of an objection, in bytes.
const OBJECTION_BYTES_MAX: usize = 1_000;

/// A line that may stand at the end of the ledger.
#[derive(Debug, Clone)]
pub struct Judged {
    pub(super) line: Line,
    /// `None`: of a kind or version this program cannot judge.
    pub(super) said: Option<Said>,
    /// SHA-256 of the statement.
    pub(super) id: Hash,
}

impl Judged {
    /// What the line says; `None` where this program cannot judge it.
    pub const fn said(&self) -> Option<&Said> {
        self.said.as_ref()
    }
    /// SHA-256 of its statement.
    pub const fn id(&self) -> Hash {
        self.id
    }
}

/// Whether a line says what only a later version can judge: a release to an audience unknown here. It is taken in as a
/// release that admits nobody, so that the author's next revision is still the next one.
pub(super) const fn beyond_this_version(said: &Said) -> bool {
    matches!(said, Said::Release(Manifest { audience: Audience::Unknown(_), .. }))
}

impl Region {
    /// Judges a line that would be the next one. Whoever writes lines asks this: what it cannot judge as a whole, such as a
    /// release to an unknown audience, it does not accept.
    pub fn judge(&self, line: Line) -> Result<Judged, Reason> {
        let judged = self.judge_as_mirror(line)?;
        if judged.said.as_ref().is_none_or(beyond_this_version) { Err(Reason::UnknownAudience) } else { Ok(judged) }
    }

    /// Judges a line that stands in a ledger already. A hub of a later version may accept what this one does not know: that
    /// is no flaw, and is counted as a line that cannot be judged.
    pub(super) fn judge_as_mirror(&self, line: Line) -> Result<Judged, Reason> {
        if line.time < self.time {
            return Err(Reason::TimeWentBack { from: self.time, to: line.time });
        }
        let kind = line.kind();
        if (kind == Some(LineKind::Genesis)) != (self.size == 0) {
            return Err(self.flaw("the genesis line is the first and only the first"));
        }
        // Another version may have other statements, too.
        if line.version != Line::VERSION {
            return Ok(Judged { id: Hash::of(&line.statement), line, said: None });
        }
        let statement = line.statement().map_err(|error| Reason::Malformed(error.to_string()))?;
        let Some(kind) = kind else {
            // What it says is not known; that its author said it is.
            if statement.header().exchange != self.exchange {
                return Err(Reason::WrongExchange);
            }
            self.check_signature(&line, &statement, self.known_key(line.author)?)?;
            return Ok(Judged { id: statement.id(), line, said: None });
        };
        if kind.by_hub() && line.author.is_some() {
            return Err(Reason::HubOnly(kind.word()));
        }
        let header = statement.header();
        if header.content_type != kind.content_type() {
            return Err(Reason::ContentType(header.content_type.clone(), kind.content_type()));
        }
        if header.exchange != self.exchange {
            return Err(Reason::WrongExchange);
        }
        let said = Said::read(kind, statement.payload()).map_err(|error| Reason::Malformed(error.to_string()))?;
        let key = match (&said, line.author) {
            (Said::Genesis(genesis), _) => &genesis.hub_key,
            // A suspended participant may still say that it has erased.
            (Said::Erasure(_), _) | (_, None) => self.known_key(line.author)?,
            (_, Some(author)) => {
                self.active(author)?;
                self.known_key(line.author)?
            }
        };
        self.check_signature(&line, &statement, key)?;
        let id = statement.id();
        // An old acknowledgement of an erasure must not pass for a new one. Releases are told apart by their revisions.
        if line.author.is_some() && self.statements.contains(&id) {
            return Err(self.flaw(format!("statement {id} stands in the ledger already")));
        }
        match self.check_said(line.author, &line, &said, id) {
            Ok(()) => Ok(Judged { id, line, said: Some(said) }),
            // Who may read a release to an unknown audience is not known here either.
            Err(Reason::UnknownAudience) if kind == LineKind::Serving => Ok(Judged { id, line, said: None }),
            Err(reason) => Err(reason),
        }
    }

    /// The key in force of a participant, suspended or not, or of the hub.
    fn known_key(&self, author: Option<ParticipantId>) -> Result<&PublicKey, Reason> {
        let Some(author) = author else {
            return Ok(&self.genesis.as_ref().ok_or_else(|| self.flaw("no genesis"))?.hub_key);
        };
        let participant = self.participant(author).ok_or_else(|| Reason::UnknownParticipant(author.to_string()))?;
        participant.key().ok_or_else(|| Reason::WrongKey(participant.code.to_string()))
    }

    fn check_signature(&self, line: &Line, statement: &Statement, key: &PublicKey) -> Result<(), Reason> {
        let label = line.author.map_or_else(|| "the hub".to_owned(), |author| self.code_of(author).to_string());
        if statement.kid() != key.kid() {
            return Err(Reason::WrongKey(label));
        }
        if let (Some(author), issuer) = (line.author, &statement.header().issuer)
            && *issuer != self.code_of(author).as_str()
        {
            return Err(Reason::WrongAuthor { said: issuer.clone(), bound: label });
        }
        statement.verify(key).map_err(|_| Reason::BadSignature)
    }

    fn check_said(&self, author: Option<ParticipantId>, line: &Line, said: &Said, id: Hash) -> Result<(), Reason> {
        if let Some(bundle) = &self.bundle {
            let continues = matches!(said, Said::Release(m) if Some(bundle.author) == author && bundle.remaining.contains(&(m.form.clone(), m.period)));
            if !continues {
                return Err(Reason::BundleInterrupted(bundle.first));
            }
        }
        let author_or_hub_only = |kind: &'static str| author.ok_or(Reason::HubOnly(kind));
        match said {
            Said::Genesis(genesis) => {
                let slug = region_slug(&genesis.region);
                let fits = (1..=REGION_BYTES_MAX).contains(&genesis.region.len())
                    && (1..=SLUG_BYTES_MAX).contains(&slug.len());
                if fits { Ok(()) } else { Err(self.flaw("a region's name has 1 to 64 bytes, and a slug of 1 to 63")) }
            }
            Said::Charter(charter) => charter.check(self.catalogue).map_err(|error| self.flaw(error)),
            Said::Participant(change) => self.check_change(change),
            Said::Key(event) => self.check_key(author, event),
            Said::Release(manifest) => self.check_release(author_or_hub_only("release")?, manifest, line, id),
            Said::Extension(extension) => self.check_extension(author_or_hub_only("extension")?, extension),
            Said::Withdrawal(withdrawal) => self.check_withdrawal(author_or_hub_only("withdrawal")?, withdrawal),
            Said::Serving(serving) => self.check_serving(serving),
            Said::Undelivered(undelivered) => self.check_undelivered(undelivered),
            Said::Erasure(erasure) => self.check_erasure(author, erasure),
            Said::Objection(objection) => self.check_objection(author, objection),
            Said::Edition(edition) => self.check_edition(edition, line.time),
            Said::Bulletin(text) if text.len() > crate::cell::TEXT_BYTES_MAX => {
                Err(self.flaw("a bulletin that is too long"))
            }
            Said::Bulletin(_) => Ok(()),
        }
    }

    pub(super) fn flaw(&self, cause: impl std::fmt::Display) -> Reason {
        Reason::Line { index: self.size, cause: cause.to_string() }
    }

    fn check_objection(&self, author: Option<ParticipantId>, objection: &Objection) -> Result<(), Reason> {
        if objection.text.len() > OBJECTION_BYTES_MAX || objection.line >= self.size {
            return Err(self.flaw("an objection to no line, or too long"));
        }
        // Whoever reads it at a terminal reads words, and no commands to the terminal.
        if objection.text.chars().any(|letter| letter.is_control() && letter != '\n') {
            return Err(self.flaw("an objection with control characters"));
        }
        if self.objected(author, objection.line) {
            return Err(self.flaw("an objection to a line that its author has objected to already"));
        }
        Ok(())
    }

    fn check_change(&self, change: &ParticipantChange) -> Result<(), Reason> {
        match change {
            ParticipantChange::Admit { code, parent, name, key, votes, .. } => {
                if self.codes.contains_key(code) {
                    return Err(self.flaw(format!("{code} is admitted already")));
                }
                if self.participants.values().any(|p| p.keys.iter().any(|at| at.key == *key))
                    || self.genesis.as_ref().is_some_and(|g| g.hub_key == *key)
                {
                    return Err(self.flaw("the key belongs to another"));
                }
                if parent.is_some_and(|parent| self.participants.get(&parent).is_none_or(|p| p.parent.is_some())) {
                    return Err(self.flaw("the parent is no participant, or has a parent itself"));
                }
                if name.is_empty() || name.len() > 200 || !votes.is_empty() {
                    return Err(self.flaw("no name, a name over 200 bytes, or votes, which this version does not use"));
                }
                Ok(())
            }
            ParticipantChange::Suspend { participant, votes } | ParticipantChange::Resume { participant, votes } => {
                let known = self
                    .participants
                    .get(participant)
                    .ok_or_else(|| Reason::UnknownParticipant(participant.to_string()))?;
                let suspends = matches!(change, ParticipantChange::Suspend { .. });
                if known.suspended.is_some() == suspends || !votes.is_empty() {
                    return Err(self.flaw(format!(
                        "{} is {} already",
                        known.code,
                        if suspends { "suspended" } else { "active" }
                    )));
                }
                Ok(())
            }
            ParticipantChange::Rename { participant, name } => {
                if !self.participants.contains_key(participant) || name.is_empty() || name.len() > 200 {
                    return Err(self.flaw("a new name for nobody, or no name of 1 to 200 bytes"));
                }
                Ok(())
            }
        }
    }

    fn check_key(&self, author: Option<ParticipantId>, event: &KeyEvent) -> Result<(), Reason> {
        let participant = self.active(event.participant)?;
        if author != Some(event.participant) {
            return Err(Reason::WrongAuthor {
                said: participant.code.to_string(),
                bound: author.map_or_else(|| "the hub".into(), |a| self.code_of(a).to_string()),
            });
        }
        if participant.key().is_none_or(|key| key.kid() != event.replaces)
            || self.participants.values().any(|p| p.keys.iter().any(|at| at.key == event.key))
        {
            return Err(self.flaw("the key replaces another than the one in force, or belongs to somebody"));
        }
        event
            .key
            .verify(&key_proof_message(self.exchange, event.replaces.0), &event.proof)
            .map_err(|_| Reason::BadSignature)
    }

    fn check_release(&self, author: ParticipantId, manifest: &Manifest, line: &Line, id: Hash) -> Result<(), Reason> {
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
        if manifest.catalogue != charter.catalogue_hash || manifest.catalogue != self.catalogue.hash() {
            return Err(Reason::CatalogueNotInForce);
        }
        let form = self.form_in_use(&manifest.form).ok_or_else(|| Reason::FormNotInUse(manifest.form.clone()))?;
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
        let same_topic = |one: &FormCode, other: &FormCode| {
            self.catalogue.form(one).map(|form| &form.topic) == self.catalogue.form(other).map(|form| &form.topic)
        };
        for (form, period) in &revised {
            let because_of_a_part =
                revised.iter().any(|(other, part)| part != period && period.contains(*part) && same_topic(form, other));
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

    fn check_extension(&self, author: ParticipantId, extension: &Extension) -> Result<(), Reason> {
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

    fn check_withdrawal(&self, author: ParticipantId, withdrawal: &Withdrawal) -> Result<(), Reason> {
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

    fn check_serving(&self, serving: &Serving) -> Result<(), Reason> {
        if serving.items.is_empty()
            || serving.items.len() > ITEMS_MAX
            || !serving.items.is_sorted_by(|a, b| a.item < b.item)
        {
            return Err(self.flaw("a serving of nothing, unsorted or too long"));
        }
        serving.items.iter().try_for_each(|served| self.check_served(serving.reader, served))
    }

    fn check_served(&self, reader: ParticipantId, served: &Served) -> Result<(), Reason> {
        let (due, before) = match served.item {
            ServedItem::Release(index) => {
                (self.may_be_served(reader, index)?, self.holding(reader, index).map(|holding| holding.served_at))
            }
            ServedItem::BlockTable(edition, block, table) => (
                self.may_see_block_table(reader, edition, block, table)?,
                self.block_table_served(reader, edition, block, table),
            ),
        };
        if let Some(line) = before {
            return Err(Reason::ServedBefore(line));
        }
        if due == served.justified_by {
            Ok(())
        } else {
            Err(Reason::WrongJustification { said: served.justified_by, due })
        }
    }

    /// Only what was served, and only where the right has ended since: else the hub could deliver, and have its ledger
    /// forget afterwards who holds what.
    fn check_undelivered(&self, undelivered: &Undelivered) -> Result<(), Reason> {
        let Undelivered { reader, items } = undelivered;
        if items.is_empty() || items.len() > ITEMS_MAX || !items.iter().all(|item| self.was_served(*reader, *item)) {
            return Err(Reason::NotHeld("something of the line".into()));
        }
        if items.iter().all(|item| self.is_undeliverable(*reader, *item)) {
            Ok(())
        } else {
            Err(self.flaw("a right that holds is served, and not undelivered"))
        }
    }

    fn check_erasure(&self, holder: Option<ParticipantId>, erasure: &Erasure) -> Result<(), Reason> {
        if erasure.releases.is_empty()
            || erasure.releases.len() > ITEMS_MAX
            || !erasure.releases.is_sorted_by(|a, b| a < b)
        {
            return Err(self.flaw("an erasure of nothing, unsorted or too long"));
        }
        let held = |index: &LineIndex| match holder {
            None => self.release(*index).is_some(),
            Some(reader) => self.holding(reader, *index).is_some(),
        };
        match erasure.releases.iter().find(|index| !held(index)) {
            Some(index) => Err(Reason::NotHeld(format!("the release of line {index}"))),
            None => Ok(()),
        }
    }
}

/// What a participant's new key signs, to prove that it is there: `vrs-key-event/1` ‖ exchange ‖ old kid.
pub fn key_proof_message(exchange: Hash, replaces: Hash) -> Vec<u8> {
    [b"vrs-key-event/1".as_slice(), &exchange.0, &replaces.0].concat()
}
