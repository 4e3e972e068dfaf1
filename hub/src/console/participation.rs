//! `/participation`: who reported what, participant by form, for one period. No ranking of states.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use vrs_console::domain::names::{ledger_name, period_words, title};
use vrs_console::layout::{Frame, Tone};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Head, Matrix, MatrixCell, MatrixRow};
use vrs_protocol::audience::{Audience, Sharing};
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::region::{LoggedRelease, Region, Standing, State as ReleaseState};

use super::App;
use crate::say;

#[derive(Deserialize)]
pub(super) struct Asked {
    period: Option<Period>,
}

#[derive(Template)]
#[template(path = "participation.html")]
pub(super) struct Participation {
    frame: Frame,
    periods: Vec<(String, bool)>,
    matrix: Option<Matrix>,
    covered: String,
}

pub(super) async fn participation(
    State(app): State<App>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Page<Participation>, Problem> {
    let frame = app
        .frame(&who, say("word-participation"))
        .await?
        .lead(say("participation-who-reported-what-for-one"))
        .below(say("word-dashboard"), "/");
    let view = app.hub.ledger().view();
    let region = view.region();
    let periods: BTreeSet<Period> = region.tables().map(|(_, period)| *period).collect();
    let chosen = asked.period.or_else(|| periods.last().copied());
    let matrix = chosen.map(|period| matrix(region, period));
    let covered = chosen.map_or_else(String::new, |period| {
        let reporting = region
            .participants()
            .filter(|p| region.current_of(p.id).any(|release| release.manifest.period == period))
            .count();
        say("participation-of-participants-released-something-for")
            .with("reporting", reporting.to_string())
            .with("participants", region.participants().count().to_string())
            .with("period", period_words(period).to_string())
            .to_string()
    });
    let periods = periods.into_iter().rev().map(|period| (period.to_string(), Some(period) == chosen)).collect();
    Ok(Page(Participation { frame, periods, matrix, covered }))
}

fn matrix(region: &Region, period: Period) -> Matrix {
    let mut forms: Vec<FormCode> =
        region.tables().filter(|(_, p)| *p == period).map(|(form, _)| form.clone()).collect();
    forms.sort_by_key(|form| region.table_order(form, period));
    let columns = forms.iter().map(|form| {
        let title = Catalogue::everything().form(form).map_or_else(String::new, title);
        Head::new(form.as_str(), title).link(format!("/overviews/{period}/{form}"))
    });
    let rows = region.participants().map(|participant| MatrixRow {
        head: Head::new(
            ledger_name(Catalogue::everything(), &participant.code, &participant.name),
            participant.code.as_str(),
        ),
        own: false,
        cells: forms.iter().map(|form| cell(region, participant.id, form, period)).collect(),
    });
    Matrix {
        caption: say("participation-participants-by-form").with("period", period_words(period).to_string()).to_string(),
        corner: say("overview-participant").into(),
        columns: columns.collect(),
        rows: rows.collect(),
        keys: vec![
            MatrixCell::new(Tone::Good, "r1", say("participation-open-to-contributors-revision-1")),
            MatrixCell::new(Tone::Plain, "Σ", say("participation-totals-only")),
            MatrixCell::new(Tone::Plain, "⇄", say("participation-named-participants")),
            MatrixCell::new(Tone::Caution, "∅", say("participation-reported-the-total-is-not")),
            MatrixCell::new(Tone::Bad, "×", "withdrawn"),
            MatrixCell::nothing(say("participation-nothing-released")),
        ],
    }
}

fn cell(region: &Region, participant: vrs_protocol::id::ParticipantId, form: &FormCode, period: Period) -> MatrixCell {
    match region.standing(participant, form, period) {
        Standing::Stands(release) => {
            let revision = release.manifest.revision;
            match release.manifest.audience.sharing() {
                Some(Sharing::Open) => MatrixCell::new(
                    Tone::Good,
                    format!("r{revision}"),
                    say("participation-open-to-contributors-revision")
                        .with("revision", revision.to_string())
                        .to_string(),
                ),
                Some(Sharing::Totals) => MatrixCell::new(
                    Tone::Plain,
                    "Σ",
                    say("participation-totals-only-revision").with("revision", revision.to_string()).to_string(),
                ),
                _ => MatrixCell::new(
                    Tone::Plain,
                    "⇄",
                    say("participation-revision")
                        .with("audience", audience(region, &release.manifest.audience).to_string())
                        .with("revision", revision.to_string())
                        .to_string(),
                ),
            }
        }
        Standing::CoreMissing(release) => MatrixCell::new(
            Tone::Caution,
            "∅",
            say("participation-reported-the-total-is-not-2")
                .with("revision", release.manifest.revision.to_string())
                .to_string(),
        ),
        Standing::Nothing => match region.subject(participant, form, period) {
            Some(_) => MatrixCell::new(Tone::Bad, "×", say("participation-withdrawn-or-the-participant-is")),
            None => MatrixCell::nothing(say("participation-nothing-released")),
        },
    }
    .link(format!("/ledger?participant={}&form={form}&period={period}", region.code_of(participant)))
}

/// An audience in words.
pub(super) fn audience(region: &Region, audience: &Audience) -> String {
    match audience {
        Audience::Totals => say("participation-totals-only").into(),
        Audience::Contributors => say("participation-contributors").into(),
        Audience::Named(named) => {
            let codes: Vec<String> = region.codes_of(named.iter().copied()).iter().map(ToString::to_string).collect();
            say("word-named").with("codes", codes.join(", ").to_string()).to_string()
        }
        Audience::Unknown(_) => say("participation-an-audience-this-version-does").into(),
    }
}

/// What became of a release, in words.
pub(super) fn state_words(release: &LoggedRelease) -> (Tone, String) {
    match release.state {
        ReleaseState::Current => (Tone::Good, "current".into()),
        ReleaseState::Replaced(line) => {
            (Tone::Plain, say("participation-replaced-by-line").with("line", line.to_string()).to_string())
        }
        ReleaseState::Withdrawn(line) => {
            (Tone::Bad, say("participation-withdrawn-at-line").with("line", line.to_string()).to_string())
        }
        ReleaseState::Fallen(line) => {
            (Tone::Caution, say("participation-fell-with-its-source-at").with("line", line.to_string()).to_string())
        }
    }
}
