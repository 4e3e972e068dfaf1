//! `/findings`: everything that was found in the tables of a period, and who found it right although it looks wrong.

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::Redirect;
use serde::Deserialize;
use vrs_console::domain::findings::finding_said;
use vrs_console::domain::names::period_words;
use vrs_console::layout::{Frame, Tone};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::words::Said;
use vrs_protocol::hash::Hash;
use vrs_protocol::period::Period;

use super::App;
use super::frame::{capital, problem};
use super::tables::{severity_tone, severity_word};
use crate::findings::{Checked, Group, group};
use crate::node::Findings;
use crate::roles::Capability;
use crate::say;

#[derive(Deserialize)]
pub(super) struct Asked {
    period: Option<String>,
}

#[derive(Template)]
#[template(path = "findings.html")]
pub(super) struct FindingsPage {
    frame: Frame,
    /// Periods with figures, and which is shown.
    periods: Vec<(String, bool)>,
    period: String,
    groups: Vec<Grouped>,
    /// How many need a reason or cannot be right, and how many were accepted.
    open: usize,
    accepted: usize,
    tables: usize,
    can_accept: bool,
}

/// The findings of one kind.
struct Grouped {
    title: Said,
    rows: Vec<FoundRow>,
}

/// One finding.
struct FoundRow {
    tone: Tone,
    word: Said,
    form: String,
    title: String,
    place: String,
    sentence: String,
    about: String,
    needs_reason: bool,
    accepted: String,
}

pub(super) async fn findings(
    State(app): State<App>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Page<FindingsPage>, Problem> {
    let asked = asked.period.filter(|text| !text.is_empty()).map(|text| Period::parse(&text)).transpose();
    let asked = asked.map_err(|error| Problem::not_found(capital(&error.to_string())))?;
    let mut periods: Vec<Period> =
        app.node.subjects().await.map_err(problem)?.into_iter().map(|(_, period)| period).collect();
    periods.sort_unstable_by_key(|period| std::cmp::Reverse(*period));
    periods.dedup();
    let shown = asked.or_else(|| periods.first().copied());
    let found = match shown {
        Some(period) => app.node.findings_for(period).await.map_err(problem)?,
        None => Vec::new(),
    };
    let frame = app.frame(&who, say("word-findings")).await?;
    let frame = match shown {
        Some(period) => frame.lead(period_words(period).to_string()),
        None => frame,
    };
    let all = || found.iter().flat_map(|table| &table.findings);
    Ok(Page(FindingsPage {
        period: shown.map_or_else(String::new, |period| period.to_string()),
        periods: periods.into_iter().map(|period| (period.to_string(), Some(period) == shown)).collect(),
        open: all().filter(|checked| checked.is_open()).count(),
        accepted: all().filter(|checked| checked.accepted.is_some()).count(),
        tables: found.len(),
        groups: grouped(&app, &found),
        can_accept: Capability::Decide.is_of(&who.operator),
        frame,
    }))
}

/// The findings by kind; in each, what is open stands first.
fn grouped(app: &App, found: &[Findings]) -> Vec<Grouped> {
    let kinds = [
        (Group::Arithmetic, say("findings-arithmetic")),
        (Group::Plausibility, say("findings-plausibility")),
        (Group::Missing, say("findings-missing")),
    ];
    let of_kind = |(kind, title): (Group, Said)| {
        let mut own: Vec<(&Findings, &Checked)> = found
            .iter()
            .flat_map(|table| table.findings.iter().map(move |checked| (table, checked)))
            .filter(|(_, checked)| group(&checked.finding.what) == kind)
            .collect();
        own.sort_by_key(|(_, checked)| (!checked.is_open(), std::cmp::Reverse(checked.finding.severity)));
        let rows = own.into_iter().map(|(table, checked)| row(app, table, checked)).collect();
        Grouped { title, rows }
    };
    let mut groups: Vec<Grouped> = kinds.into_iter().map(of_kind).collect();
    groups.retain(|group| !group.rows.is_empty());
    groups
}

fn row(app: &App, table: &Findings, checked: &Checked) -> FoundRow {
    let finding = &checked.finding;
    FoundRow {
        tone: if checked.accepted.is_some() { Tone::Plain } else { severity_tone(finding.severity) },
        word: if checked.accepted.is_some() { say("findings-accepted") } else { severity_word(finding.severity) },
        form: table.form.to_string(),
        title: app.title(&table.form),
        place: finding.cell.clone().unwrap_or_default(),
        sentence: finding_said(&finding.what).into(),
        about: checked.about.to_string(),
        needs_reason: checked.needs_reason(),
        accepted: checked.accepted.as_ref().map_or_else(String::new, |accepted| {
            say("findings-accepted-by").with("by", &accepted.by).with("reason", &accepted.reason).into()
        }),
    }
}

/// What a person finds right.
#[derive(Deserialize)]
pub(super) struct AcceptForm {
    period: String,
    form: String,
    about: String,
    #[serde(default)]
    reason: String,
}

pub(super) async fn accept(
    State(app): State<App>,
    who: SignedIn,
    Form(said): Form<AcceptForm>,
) -> Result<Redirect, Problem> {
    let (period, form) = app.subject(&said.period, &said.form)?;
    let about = said.about.parse::<Hash>().map_err(|_| Problem::refused(say("findings-choose-from-the-list")))?;
    app.node.accept_findings(&form.code, period, Some(&about), &said.reason, &who.operator).await.map_err(problem)?;
    app.console.say(&who, Tone::Good, say("findings-is-accepted")).await?;
    Ok(Redirect::to(&format!("/findings?period={period}")))
}
