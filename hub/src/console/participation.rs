//! `/participation`: who reported what, participant by form, for one period. No ranking of states.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use vrs_console::layout::{Frame, Tone};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Head, Matrix, MatrixCell, MatrixRow};
use vrs_protocol::audience::{Audience, Sharing};
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::region::{LoggedRelease, Region, Standing, State as ReleaseState};

use super::App;

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
    let frame =
        app.frame(&who, "Participation").await?.lead("Who reported what, for one period.").below("Dashboard", "/");
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
        format!(
            "{reporting} of {} participants released something for {}.",
            region.participants().count(),
            period.in_words()
        )
    });
    let periods = periods.into_iter().rev().map(|period| (period.to_string(), Some(period) == chosen)).collect();
    Ok(Page(Participation { frame, periods, matrix, covered }))
}

fn matrix(region: &Region, period: Period) -> Matrix {
    let mut forms: Vec<FormCode> =
        region.tables().filter(|(_, p)| *p == period).map(|(form, _)| form.clone()).collect();
    forms.sort_by_key(|form| region.catalogue().order(form));
    let columns = forms.iter().map(|form| {
        let title = region.catalogue().form(form).map_or_else(String::new, |form| form.title.clone());
        Head::new(form.as_str(), title).link(format!("/overviews/{period}/{form}"))
    });
    let rows = region.participants().map(|participant| MatrixRow {
        head: Head::new(participant.name.clone(), participant.code.as_str()),
        own: false,
        cells: forms.iter().map(|form| cell(region, participant.id, form, period)).collect(),
    });
    Matrix {
        caption: format!("Participants by form, {}", period.in_words()),
        corner: "Participant".into(),
        columns: columns.collect(),
        rows: rows.collect(),
        keys: vec![
            MatrixCell::new(Tone::Good, "r1", "open to contributors, revision 1"),
            MatrixCell::new(Tone::Plain, "Σ", "totals only"),
            MatrixCell::new(Tone::Plain, "⇄", "named participants"),
            MatrixCell::new(Tone::Caution, "∅", "reported, the total is not answered"),
            MatrixCell::new(Tone::Bad, "×", "withdrawn"),
            MatrixCell::nothing("nothing released"),
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
                    format!("open to contributors, revision {revision}"),
                ),
                Some(Sharing::Totals) => MatrixCell::new(Tone::Plain, "Σ", format!("totals only, revision {revision}")),
                _ => MatrixCell::new(
                    Tone::Plain,
                    "⇄",
                    format!("{}, revision {revision}", audience(region, &release.manifest.audience)),
                ),
            }
        }
        Standing::CoreMissing(release) => MatrixCell::new(
            Tone::Caution,
            "∅",
            format!("reported, the total is not answered, revision {}", release.manifest.revision),
        ),
        Standing::Nothing => match region.subject(participant, form, period) {
            Some(_) => MatrixCell::new(Tone::Bad, "×", "withdrawn, or the participant is suspended"),
            None => MatrixCell::nothing("nothing released"),
        },
    }
    .link(format!("/ledger?participant={}&form={form}&period={period}", region.code_of(participant)))
}

/// An audience in words.
pub(super) fn audience(region: &Region, audience: &Audience) -> String {
    match audience {
        Audience::Totals => "totals only".into(),
        Audience::Contributors => "contributors".into(),
        Audience::Named(named) => {
            let codes: Vec<String> = region.codes_of(named.iter().copied()).iter().map(ToString::to_string).collect();
            format!("named: {}", codes.join(", "))
        }
        Audience::Unknown(_) => "an audience this version does not know".into(),
    }
}

/// What became of a release, in words.
pub(super) fn state_words(release: &LoggedRelease) -> (Tone, String) {
    match release.state {
        ReleaseState::Current => (Tone::Good, "current".into()),
        ReleaseState::Replaced(line) => (Tone::Plain, format!("replaced by line {line}")),
        ReleaseState::Withdrawn(line) => (Tone::Bad, format!("withdrawn at line {line}")),
        ReleaseState::Fallen(line) => (Tone::Caution, format!("fell with its source at line {line}")),
    }
}
