//! Our own tables: which figures are at hand, and how far each has come on its way out.

use std::collections::{BTreeMap, BTreeSet};

use vrs_console::layout::Tone;
use vrs_console::problem::Problem;
use vrs_console::table::MatrixCell;
use vrs_console::words::Said;
use vrs_protocol::audience::AudienceChoice;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;

use super::App;
use super::frame::problem;
use crate::node::{Desk, ReleaseEntry};
use crate::release::State;
use crate::say;

/// What we have.
pub(super) struct Own {
    pub(super) desk: Desk,
    /// Forms and periods for which an agency has delivered.
    pub(super) subjects: BTreeSet<(FormCode, Period)>,
    /// The latest entry of the desk for each form and period: its place in `desk.releases`.
    latest: BTreeMap<(FormCode, Period), usize>,
}

/// How far a table has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Nothing,
    AtHand,
    Kept,
    OnTheDesk,
    OnItsWay,
    Released,
    Refused,
    Withdrawn,
}

impl Own {
    /// Looks at the desk and the figures at hand.
    pub(super) async fn load(app: &App) -> Result<Self, Problem> {
        let desk = app.node.desk().await.map_err(problem)?;
        let subjects = app.node.subjects().await.map_err(problem)?.into_iter().collect();
        let mut latest = BTreeMap::new();
        // Newest first; a revision that is refused or let go does not hide the release that still stands.
        for (place, entry) in desk.releases.iter().enumerate() {
            let id = (entry.release.form.clone(), entry.release.period);
            let known: Option<&ReleaseEntry> = latest.get(&id).and_then(|place: &usize| desk.releases.get(*place));
            if known.is_none_or(|known| !known.release.state.is_open() && entry.release.state.is_open()) {
                latest.insert(id, place);
            }
        }
        Ok(Self { desk, subjects, latest })
    }

    /// The entry of the desk that counts for a form and period.
    pub(super) fn entry(&self, form: &FormCode, period: Period) -> Option<&ReleaseEntry> {
        self.latest.get(&(form.clone(), period)).and_then(|place| self.desk.releases.get(*place))
    }

    /// Every form and period about which there is something.
    pub(super) fn tables(&self) -> BTreeSet<(FormCode, Period)> {
        self.subjects.iter().cloned().chain(self.latest.keys().cloned()).collect()
    }

    pub(super) fn stage(&self, form: &FormCode, period: Period) -> Stage {
        match self.entry(form, period).map(|entry| entry.release.state) {
            Some(State::Draft | State::Prepared) => Stage::OnTheDesk,
            Some(State::Approved | State::Signed | State::Sent) => Stage::OnItsWay,
            Some(State::Logged | State::Final | State::Replaced) => Stage::Released,
            Some(State::Refused) => Stage::Refused,
            Some(State::Withdrawn) => Stage::Withdrawn,
            None if self.desk.kept.iter().any(|kept| kept.form == *form && kept.period == period) => Stage::Kept,
            None if self.subjects.contains(&(form.clone(), period)) => Stage::AtHand,
            None => Stage::Nothing,
        }
    }

    /// The stage as a mark with words.
    pub(super) fn cell(&self, form: &FormCode, period: Period) -> MatrixCell {
        let entry = self.entry(form, period);
        let audience = entry.map_or_else(String::new, |entry| kind_word(&entry.release.audience).to_string());
        let revision = entry.and_then(|entry| entry.release.revision).unwrap_or(1);
        match self.stage(form, period) {
            Stage::Nothing => MatrixCell::nothing(say("own-no-figures-yet")),
            Stage::AtHand => MatrixCell::new(Tone::Plain, "•", say("own-figures-at-hand-not-released")),
            Stage::Kept => MatrixCell::new(Tone::Plain, "⌂", say("own-kept-at-home-by-decision")),
            Stage::OnTheDesk => MatrixCell::new(Tone::Caution, "?", say("own-prepared-waits-for-approval")),
            Stage::OnItsWay => MatrixCell::new(Tone::Plain, "→", say("own-approved-on-its-way-to")),
            Stage::Released => MatrixCell::new(
                Tone::Good,
                format!("r{revision}"),
                say("own-released-to-revision")
                    .with("audience", audience.to_string())
                    .with("revision", revision.to_string())
                    .to_string(),
            ),
            Stage::Refused => MatrixCell::new(Tone::Bad, "!", say("own-refused")),
            Stage::Withdrawn => MatrixCell::new(Tone::Bad, "×", say("own-withdrawn")),
        }
    }

    /// The marks of [`Self::cell`], for a legend.
    pub(super) fn keys() -> Vec<MatrixCell> {
        vec![
            MatrixCell::new(Tone::Plain, "•", say("own-figures-at-hand-not-released")),
            MatrixCell::new(Tone::Caution, "?", say("own-prepared-waits-for-approval")),
            MatrixCell::new(Tone::Plain, "→", say("own-on-its-way")),
            MatrixCell::new(Tone::Good, "r1", say("own-released-revision-1")),
            MatrixCell::new(Tone::Plain, "⌂", say("own-kept-at-home")),
            MatrixCell::new(Tone::Bad, "!", say("own-refused")),
            MatrixCell::new(Tone::Bad, "×", say("own-withdrawn")),
            MatrixCell::nothing(say("own-no-figures-yet")),
        ]
    }
}

/// An audience in a word or two.
pub(super) fn kind_word(audience: &AudienceChoice) -> Said {
    match audience {
        AudienceChoice::Keep => say("own-nobody"),
        AudienceChoice::Totals => say("own-totals-only"),
        AudienceChoice::Contributors => say("own-contributors"),
        AudienceChoice::Named(_) => say("own-named-participants"),
    }
}
