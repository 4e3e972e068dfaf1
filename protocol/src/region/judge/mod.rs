//! May this line stand here? Asked by the hub before it writes a line and by every node afterwards, with the same answer.
//!
//! Here: the line itself, its signature, participants and keys; then `releases` (what an author says of its figures) and
//! `servings` (what is said of bodies in somebody's hands). What needs the body of a release (codes, feasibility, derived
//! sums) is judged in [`crate::check`], before the line.

mod releases;
mod servings;

use super::Region;
use crate::audience::Audience;
use crate::charter::{Charter, CharterError};
use crate::hash::Hash;
use crate::id::{ParticipantId, region_slug};
use crate::ledger::{KeyEvent, Line, LineKind, Objection, ParticipantChange, Said};
use crate::refusal::Reason;
use crate::release::Manifest;
use crate::statement::{PublicKey, Statement, Verified};

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
    pub(in crate::region) line: Line,
    /// `None`: of a kind or version this program cannot judge.
    pub(in crate::region) said: Option<Said>,
    /// SHA-256 of the statement.
    pub(in crate::region) id: Hash,
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
pub(in crate::region) const fn beyond_this_version(said: &Said) -> bool {
    matches!(said, Said::Release(Manifest { audience: Audience::Unknown(_), .. }))
}

impl Region {
    /// Judges a line that would be the next one. Whoever writes lines asks this: what it cannot judge as a whole, such as a
    /// release to an unknown audience, it does not accept.
    pub fn judge(&self, line: Line) -> Result<Judged, Reason> {
        self.judge_accepted(line, None)
    }

    /// As [`Region::judge`], for a line whose statement was verified before: a signature is dear, and is checked again only
    /// where the author has another key by now.
    pub fn judge_verified(&self, line: Line, verified: &Verified) -> Result<Judged, Reason> {
        self.judge_accepted(line, Some(verified))
    }

    fn judge_accepted(&self, line: Line, verified: Option<&Verified>) -> Result<Judged, Reason> {
        let judged = self.judge_as_mirror(line, verified)?;
        if judged.said.as_ref().is_none_or(beyond_this_version) { Err(Reason::UnknownAudience) } else { Ok(judged) }
    }

    /// Judges a line that stands in a ledger already. A hub of a later version may accept what this one does not know: that
    /// is no flaw, and is counted as a line that cannot be judged.
    pub(in crate::region) fn judge_as_mirror(&self, line: Line, verified: Option<&Verified>) -> Result<Judged, Reason> {
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
            let id = self.check_signature(&line, &statement, self.known_key(line.author)?, verified)?;
            return Ok(Judged { id, line, said: None });
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
        let id = self.check_signature(&line, &statement, key, verified)?;
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

    /// Checks that the statement is by this key and says so; its id.
    fn check_signature(
        &self,
        line: &Line,
        statement: &Statement,
        key: &PublicKey,
        verified: Option<&Verified>,
    ) -> Result<Hash, Reason> {
        let label = line.author.map_or_else(|| "the hub".to_owned(), |author| self.code_of(author).to_string());
        if statement.kid() != key.kid() {
            return Err(Reason::WrongKey(label));
        }
        if let (Some(author), issuer) = (line.author, &statement.header().issuer)
            && *issuer != self.code_of(author).as_str()
        {
            return Err(Reason::WrongAuthor { said: issuer.clone(), bound: label });
        }
        let id = statement.id();
        if verified.is_some_and(|verified| (verified.id(), verified.kid()) == (id, key.kid())) {
            return Ok(id);
        }
        statement.verify(key).map(|verified| verified.id()).map_err(|_| Reason::BadSignature)
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
            Said::Charter(charter) => self.check_charter(charter),
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

    /// Whether the rules can be kept, and leave to every year that was reported about the catalogue it was reported under: a
    /// form would get another shape, or none, under figures that stand.
    fn check_charter(&self, charter: &Charter) -> Result<(), Reason> {
        let named = charter.check().map_err(|error| match error {
            CharterError::UnknownCatalogue { version, hash } => {
                Reason::CatalogueUnknown { line: self.size, version, hash }
            }
            error => self.flaw(error),
        })?;
        let reported = self.subjects.keys().map(|(_, period)| period.year());
        match reported.into_iter().find(|year| !named.agree_on(&self.catalogues, *year)) {
            None => Ok(()),
            Some(year) => Err(Reason::CatalogueReported {
                year,
                stands: self.catalogues.of_year(year).version.clone(),
                said: named.of_year(year).version.clone(),
            }),
        }
    }

    pub(in crate::region) fn flaw(&self, cause: impl std::fmt::Display) -> Reason {
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
}

/// What a participant's new key signs, to prove that it is there: `vrs-key-event/1` ‖ exchange ‖ old kid.
pub fn key_proof_message(exchange: Hash, replaces: Hash) -> Vec<u8> {
    [b"vrs-key-event/1".as_slice(), &exchange.0, &replaces.0].concat()
}
