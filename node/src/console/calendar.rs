//! `/calendar`: when figures are due, how far each section of a period has come, and which periods are closed.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::Redirect;
use serde::Deserialize;
use vrs_console::domain::names::{period_words, section_title};
use vrs_console::layout::{Frame, Tone};
use vrs_console::moment::Moment;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Row};
use vrs_console::words::Said;
use vrs_protocol::catalogue::Form as CatalogueForm;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::{Length, Period};

use super::App;
use super::dashboard::latest_ended;
use super::frame::{capital, problem};
use super::own::{Own, Stage};
use crate::calendar::{Exception, Locks, Nearness, nearness, read_day};
use crate::national::{Agency, AgencyCode};
use crate::node::Findings;
use crate::roles::{Capability, FiguresOf, figures_of};
use crate::say;

/// Periods that are listed; older ones are reached by their address.
const PERIODS_MAX: usize = 24;

/// Days for which it is said how long something is overdue.
const OVERDUE_DAYS_MAX: u64 = 366;

#[derive(Deserialize)]
pub(super) struct Asked {
    period: Option<String>,
}

#[derive(Template)]
#[template(path = "calendar.html")]
pub(super) struct CalendarPage {
    frame: Frame,
    periods: Option<FigureTable>,
    period: String,
    sections: Option<FigureTable>,
    due: String,
    /// The lock that closes the period, in words.
    closed: String,
    /// It is this very period that is closed, and not a longer one.
    closed_itself: bool,
    exceptions: Vec<Given>,
    can_decide: bool,
    agencies: Vec<Agency>,
}

/// An exception.
struct Given {
    agency: String,
    until: Moment,
    has_ended: bool,
    by: String,
    reason: String,
}

pub(super) async fn calendar(
    State(app): State<App>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Page<CalendarPage>, Problem> {
    let asked = asked.period.filter(|text| !text.is_empty()).map(|text| Period::parse(&text)).transpose();
    let asked = asked.map_err(|error| Problem::not_found(capital(&error.to_string())))?;
    let own = Own::load(&app).await?;
    let everything = figures_of(&who.operator) == FiguresOf::Everybody;
    let locks = app.node.locks().await.map_err(problem)?;
    let now = app.node.now();
    let mut periods: BTreeSet<Period> = own.tables().into_iter().map(|(_, period)| period).collect();
    periods.extend(rhythm(&app).await?);
    let shown = asked.or_else(|| periods.iter().rev().find(|period| period.ended_by(now.date())).copied());
    let frame = app.frame(&who, say("calendar-calendar")).await?;
    let frame = match shown {
        Some(period) => frame.lead(period_words(period).to_string()),
        None => frame,
    };
    let closed = shown.and_then(|period| locks.closes(period, None, now));
    let sections = match shown.filter(|_| everything) {
        Some(period) => {
            let found = app.node.findings_for(period).await.map_err(problem)?;
            Some(section_table(&app, period, &sections(&app, &own, period, &found).await?))
        }
        None => None,
    };
    let exception = |given: &Exception| Given {
        agency: given.agency.to_string(),
        until: app.moment(given.until.0.saturating_sub(1)),
        has_ended: given.until <= now,
        by: given.by.clone(),
        reason: given.reason.clone(),
    };
    let given = locks.exceptions.iter().filter(|given| shown.is_some_and(|period| given.period.contains(period)));
    Ok(Page(CalendarPage {
        period: shown.map_or_else(String::new, |period| period.to_string()),
        due: match shown {
            Some(period) => due_words(&app, period).await?,
            None => String::new(),
        },
        closed: closed.map_or_else(String::new, |lock| {
            let at = app.moment(lock.at.0).day().to_owned();
            let said = say("calendar-closed-by").with("period", lock.period.to_string()).with("by", &lock.by);
            said.with("day", at).with("reason", &lock.reason).into()
        }),
        closed_itself: closed.is_some_and(|lock| Some(lock.period) == shown),
        exceptions: given.map(exception).collect(),
        can_decide: Capability::Decide.is_of(&who.operator),
        agencies: app.node.agencies().await.map_err(problem)?,
        periods: if periods.is_empty() { None } else { Some(list(&app, &periods, &locks).await?) },
        sections,
        frame,
    }))
}

/// The periods of our rhythm that ended last.
pub(super) async fn rhythm(app: &App) -> Result<Vec<Period>, Problem> {
    let seen = app.seen().await?;
    let Some((_, charter)) = seen.region().charter() else { return Ok(Vec::new()) };
    let lengths = [Length::Month, Length::Quarter, Length::Semester, Length::Year];
    let ours = lengths.into_iter().filter(|length| charter.in_rhythm(app.node.participant(), *length));
    Ok(ours.filter_map(|length| latest_ended(app.node.now().date(), length)).collect())
}

/// When a period is due, with how near that is.
pub(super) async fn due_words(app: &App, period: Period) -> Result<String, Problem> {
    let Some(due) = app.node.due(period).await.map_err(problem)? else { return Ok(String::new()) };
    let day = app.moment(due.0).day().to_owned();
    Ok(match nearness(due, app.node.now()) {
        Nearness::Far => day,
        // What was due years ago is history, and no reminder.
        Nearness::Overdue(days) if days > OVERDUE_DAYS_MAX => day,
        Nearness::In(days) => say("calendar-due-in").with("day", day).with("count", days).into(),
        Nearness::Overdue(days) => say("calendar-overdue").with("day", day).with("count", days).into(),
    })
}

async fn list(app: &App, periods: &BTreeSet<Period>, locks: &Locks) -> Result<FigureTable, Problem> {
    let columns =
        [Column::text(say("word-period")), Column::text(say("dashboard-due")), Column::text(say("word-state"))];
    let mut table = FigureTable::new(say("calendar-periods"), columns);
    for period in periods.iter().rev().take(PERIODS_MAX) {
        let row = Row::new(period.to_string()).link(format!("/calendar?period={period}"));
        let row = row.text(due_words(app, *period).await?);
        table = table.row(match locks.closes(*period, None, app.node.now()) {
            Some(_) => row.cell(Cell::Badge(Tone::Plain, say("calendar-closed").into())),
            None => row.text(say("calendar-open")),
        });
    }
    Ok(table)
}

/// How far a section has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Progress {
    /// Forms in use.
    pub(super) forms: usize,
    /// Of them, those with national figures, on the desk, released or kept.
    pub(super) complete: usize,
    /// Of those, with a finding that somebody must look at.
    pub(super) with_findings: usize,
    /// Released.
    pub(super) released: usize,
}

impl Progress {
    /// `7 of 12 complete, 2 with findings`.
    pub(super) fn words(self) -> Said {
        say("calendar-progress")
            .with("complete", self.complete)
            .with("forms", self.forms)
            .with("findings", self.with_findings)
    }
}

/// How far each section of a period has come, by its number.
pub(super) async fn sections(
    app: &App,
    own: &Own,
    period: Period,
    found: &[Findings],
) -> Result<BTreeMap<u8, Progress>, Problem> {
    let seen = app.seen().await?;
    let charter = seen.region().charter().map(|(_, charter)| charter.clone());
    let open: BTreeSet<&FormCode> = found
        .iter()
        .filter(|table| table.findings.iter().any(|checked| checked.is_open()))
        .map(|table| &table.form)
        .collect();
    let in_use = |form: &&CatalogueForm| charter.as_ref().map_or(!form.extension, |charter| charter.uses(form));
    let mut sections: BTreeMap<u8, Progress> = BTreeMap::new();
    for form in app.node.catalogue_of(period).forms().iter().filter(in_use) {
        let stage = own.stage(&form.code, period);
        let progress = sections.entry(form.section).or_default();
        progress.forms += 1;
        progress.complete += usize::from(stage != Stage::Nothing);
        progress.with_findings += usize::from(open.contains(&form.code) && stage != Stage::Released);
        progress.released += usize::from(stage == Stage::Released);
    }
    Ok(sections)
}

/// The sections of a period with how far they have come.
pub(super) fn section_table(app: &App, period: Period, sections: &BTreeMap<u8, Progress>) -> FigureTable {
    let columns = [
        Column::text(say("calendar-section")),
        Column::text(say("word-state")),
        Column::number(say("dashboard-released")),
    ];
    let caption = say("calendar-sections-of").with("period", period_words(period).to_string()).to_string();
    let titles = &app.node.catalogue_of(period).sections;
    let rows = sections.iter().map(|(number, progress)| {
        let title = titles.iter().find(|section| section.number == *number).map_or_else(String::new, section_title);
        let row = Row::new(title).link(format!("/tables?period={period}"));
        row.text(progress.words()).figure(progress.released as u64)
    });
    FigureTable::new(caption, columns).rows(rows)
}

/// What a person decides about a period.
#[derive(Deserialize)]
pub(super) struct Decision {
    period: String,
    /// `lock`, `unlock` or `except`.
    act: String,
    #[serde(default)]
    agency: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    reason: String,
}

pub(super) async fn decide(
    State(app): State<App>,
    who: SignedIn,
    Form(said): Form<Decision>,
) -> Result<Redirect, Problem> {
    let period = Period::parse(&said.period).map_err(|error| Problem::refused(capital(&error.to_string())))?;
    let sentence = match said.act.as_str() {
        "lock" => {
            app.node.lock(period, &said.reason, &who.operator).await.map_err(problem)?;
            say("calendar-is-closed").with("period", period.to_string())
        }
        "unlock" => {
            app.node.unlock(period, &said.reason, &who.operator).await.map_err(problem)?;
            say("calendar-is-open").with("period", period.to_string())
        }
        _ => {
            let agency =
                AgencyCode::parse(&said.agency).map_err(|_| Problem::refused(say("calendar-choose-the-agency")))?;
            let day = read_day(&said.until).map_err(|_| Problem::refused(say("acts-write-a-day")))?;
            app.node.except(period, &agency, day, &said.reason, &who.operator).await.map_err(problem)?;
            say("calendar-may-deliver").with("agency", agency.to_string()).with("period", period.to_string())
        }
    };
    app.console.say(&who, Tone::Good, sentence).await?;
    Ok(Redirect::to(&format!("/calendar?period={period}")))
}
