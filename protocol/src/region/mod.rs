//! What a region remembers: the state that follows from its ledger, line by line. The hub asks it before it writes a line,
//! every node asks it again afterwards: [`Region::judge`] decides, [`Region::apply`] takes a line in.
//!
//! In reading order: `participants` (who, with which key), `releases` (what stands), `sharing` (Rule 3: kinds), `holdings`
//! (who was served what, and what is to be erased), `editions` (blocks), `judge` and `apply`.

mod apply;
mod editions;
mod holdings;
mod judge;
mod participants;
mod releases;
mod sharing;

use std::collections::{BTreeMap, BTreeSet};

pub use editions::{Block, BlockTable};
pub use holdings::{ErasureDue, Holding};
pub use judge::{Judged, key_proof_message};
pub use participants::{KeyAt, Participant};
pub use releases::{LoggedRelease, Standing, State, Subject};
pub use sharing::YearOfTopic;

use crate::catalogue::{Catalogue, Catalogues, Form};
use crate::charter::Charter;
use crate::hash::Hash;
use crate::id::{FormCode, LineIndex, ParticipantCode, ParticipantId};
use crate::ledger::Genesis;
use crate::period::Period;
use crate::time::Timestamp;

/// The state of a region after some lines of its ledger.
#[derive(Debug, Clone)]
pub struct Region {
    catalogues: Catalogues,
    genesis: Option<Genesis>,
    exchange: Hash,
    size: u64,
    time: Timestamp,
    charters: Vec<(LineIndex, Charter)>,
    participants: BTreeMap<ParticipantId, Participant>,
    codes: BTreeMap<ParticipantCode, ParticipantId>,
    subjects: BTreeMap<(FormCode, Period), BTreeMap<ParticipantId, Subject>>,
    releases: BTreeMap<LineIndex, LoggedRelease>,
    by_id: BTreeMap<Hash, LineIndex>,
    /// Lines of releases by author, topic and year: nearly every question of Rule 3 is about those.
    by_author: BTreeMap<ParticipantId, BTreeMap<YearOfTopic, Vec<LineIndex>>>,
    /// Lines of derived releases by the id of each of their sources.
    derived_from: BTreeMap<Hash, Vec<LineIndex>>,
    sharing: BTreeMap<(ParticipantId, YearOfTopic), crate::audience::Sharing>,
    bundle: Option<releases::OpenBundle>,
    /// Ids of the participants' statements other than releases: none may be logged twice.
    statements: BTreeSet<Hash>,
    /// Who has objected to which line; once each. `None` is the hub.
    objections: BTreeSet<(Option<ParticipantId>, LineIndex)>,
    holdings: holdings::Holdings,
    editions: editions::Editions,
    unjudged: Vec<LineIndex>,
}

impl Region {
    /// A region without a line. `catalogue` holds until a Charter says which does.
    pub fn empty(catalogue: &'static Catalogue) -> Self {
        Self {
            catalogues: Catalogues::of_one(catalogue),
            genesis: None,
            exchange: Hash::ZERO,
            size: 0,
            time: Timestamp(0),
            charters: Vec::new(),
            participants: BTreeMap::new(),
            codes: BTreeMap::new(),
            subjects: BTreeMap::new(),
            releases: BTreeMap::new(),
            by_id: BTreeMap::new(),
            by_author: BTreeMap::new(),
            derived_from: BTreeMap::new(),
            sharing: BTreeMap::new(),
            bundle: None,
            statements: BTreeSet::new(),
            objections: BTreeSet::new(),
            holdings: holdings::Holdings::default(),
            editions: editions::Editions::default(),
            unjudged: Vec::new(),
        }
    }

    /// The catalogues that its Charter puts in force.
    pub const fn catalogues(&self) -> &Catalogues {
        &self.catalogues
    }
    /// The questionnaire that a period is judged by.
    pub fn catalogue_of(&self, period: Period) -> &'static Catalogue {
        self.catalogues.of(period)
    }
    /// How it began; `None` before line 0.
    pub const fn genesis(&self) -> Option<&Genesis> {
        self.genesis.as_ref()
    }
    /// SHA-256 of the genesis line; zero before it.
    pub const fn exchange(&self) -> Hash {
        self.exchange
    }
    /// How many lines it has seen: the index of the next one.
    pub const fn size(&self) -> u64 {
        self.size
    }
    /// Hub time of the last line.
    pub const fn time(&self) -> Timestamp {
        self.time
    }
    /// The Charter in force and the line it stands at.
    pub fn charter(&self) -> Option<(LineIndex, &Charter)> {
        self.charters.last().map(|(index, charter)| (*index, charter))
    }
    /// All Charters, oldest first.
    pub fn charters(&self) -> &[(LineIndex, Charter)] {
        &self.charters
    }
    /// The Charter that was in force at a line.
    pub fn charter_at(&self, index: LineIndex) -> Option<&Charter> {
        self.charters.iter().rev().find(|(at, _)| *at <= index).map(|(_, charter)| charter)
    }
    /// Lines of kinds or versions that this program cannot judge.
    pub fn unjudged(&self) -> &[LineIndex] {
        &self.unjudged
    }
    /// Whether somebody, or the hub, has objected to a line.
    pub fn objected(&self, author: Option<ParticipantId>, line: LineIndex) -> bool {
        self.objections.contains(&(author, line))
    }
    /// A form that is in use for a period under the Charter in force.
    pub fn form_in_use(&self, code: &FormCode, period: Period) -> Option<&'static Form> {
        let form = self.catalogues.form(code, period)?;
        self.charter().is_some_and(|(_, charter)| charter.uses(form)).then_some(form)
    }
    /// Topic and year of a table.
    pub fn year_of_topic(&self, form: &FormCode, period: Period) -> Option<YearOfTopic> {
        Some((self.catalogues.form(form, period)?.topic.clone(), period.year()))
    }
    /// Place of a table in catalogue and period order.
    pub fn table_order(&self, form: &FormCode, period: Period) -> (usize, Period) {
        (self.catalogue_of(period).order(form), period)
    }
}
