//! `/tables`: our own tables. A matrix of forms by periods, or one period with every form of the questionnaire.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use vrs_console::domain::names::{period_words, section_title, title};
use vrs_console::layout::{Frame, Link, Tone};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Head, Matrix, MatrixCell, MatrixRow, Row};
use vrs_console::words::Said;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;

use super::App;
use super::nothing;
use super::own::{Own, Stage};
use super::own_agency;
use crate::roles::{Capability, Role};
use crate::say;

/// Periods side by side in the matrix; older ones are reached by their own page.
const PERIODS_MAX: usize = 14;

#[derive(Deserialize)]
pub(super) struct Asked {
    period: Option<String>,
}

#[derive(Template)]
#[template(path = "tables.html")]
pub(super) struct Tables {
    frame: Frame,
    can_bring: bool,
    can_prepare: bool,
    periods: Vec<(String, bool)>,
    matrix: Option<Matrix>,
    list: Option<FigureTable>,
    nothing: Vec<Link>,
}

pub(super) async fn tables(
    State(app): State<App>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let asked = asked.period.filter(|text| !text.is_empty());
    let chosen = asked.map(|text| Period::parse(&text)).transpose();
    let chosen = chosen.map_err(|error| Problem::not_found(super::frame::capital(&error.to_string())))?;
    if let Some(agency) = own_agency::restricted_to(&who)? {
        return own_agency::tables(&app, &who, &agency, chosen).await;
    }
    let own = Own::load(&app).await?;
    let title = chosen.map_or_else(
        || say("word-our-tables").to_string(),
        |period| say("tables-our-tables-for").with("period", period_words(period).to_string()).to_string(),
    );
    let frame = app.frame(&who, title).await?;
    let frame = match chosen {
        None => frame.lead(say("tables-what-our-agencies-delivered-and")),
        Some(_) => frame.below(say("word-our-tables"), "/tables"),
    };
    let mut periods: BTreeSet<Period> = own.tables().into_iter().map(|(_, period)| period).collect();
    periods.extend(chosen);
    Ok(Page(Tables {
        can_bring: Capability::BringFiles.is_of(&who.operator),
        can_prepare: who.operator.has_role(Role::FocalPoint.code()),
        matrix: (chosen.is_none() && !periods.is_empty()).then(|| matrix(&app, &own, &periods)),
        list: match chosen {
            Some(period) => Some(list(&app, &who, &own, period).await?),
            None => None,
        },
        nothing: match chosen.filter(|_| Capability::BringFiles.is_of(&who.operator)) {
            Some(period) => nothing::links(&app, period, None).await?,
            None => Vec::new(),
        },
        periods: periods.into_iter().rev().map(|period| (period.to_string(), Some(period) == chosen)).collect(),
        frame,
    })
    .into_response())
}

/// The state of a table, which leads to it where there is one.
fn cell(app: &App, own: &Own, form: &FormCode, period: Period) -> MatrixCell {
    let cell = own.cell(form, period);
    if own.stage(form, period) == Stage::Nothing {
        // No figure is missing where none is asked.
        let is_asked = app.node.catalogue_of(period).form(form).is_some();
        if is_asked { cell } else { MatrixCell::nothing(say("tables-not-asked")) }
    } else {
        cell.link(format!("/tables/{period}/{form}"))
    }
}

fn matrix(app: &App, own: &Own, periods: &BTreeSet<Period>) -> Matrix {
    let shown: Vec<Period> = periods.iter().rev().take(PERIODS_MAX).copied().collect();
    let mut forms: Vec<FormCode> =
        own.tables().into_iter().map(|(form, _)| form).collect::<BTreeSet<_>>().into_iter().collect();
    forms.sort_by_key(|form| app.node.catalogue().order(form));
    let row = |form: FormCode| MatrixRow {
        head: Head::new(app.title(&form), form.as_str()),
        own: false,
        cells: shown.iter().map(|period| cell(app, own, &form, *period)).collect(),
    };
    Matrix {
        caption: say("tables-forms-by-period").into(),
        corner: say("word-form").into(),
        columns: shown
            .iter()
            .map(|period| Head::new(period.to_string(), period_words(*period)).link(format!("/tables?period={period}")))
            .collect(),
        rows: forms.into_iter().map(row).collect(),
        keys: Own::keys(),
    }
}

/// Every form in use for one period, by section.
async fn list(app: &App, who: &SignedIn, own: &Own, period: Period) -> Result<FigureTable, Problem> {
    let catalogue = app.node.catalogue_of(period);
    let seen = app.seen().await?;
    let charter = seen.region().charter().map(|(_, charter)| charter.clone());
    let typed: BTreeSet<FormCode> = if Capability::BringFiles.is_of(&who.operator) {
        let sheets = app.node.sheets(&who.operator).await.map_err(super::frame::problem)?;
        sheets.into_iter().filter(|(of, _)| of.period == period).map(|(of, _)| of.form).collect()
    } else {
        BTreeSet::new()
    };
    let mut sections: BTreeMap<u8, Vec<Row>> = BTreeMap::new();
    for form in catalogue.forms().iter().filter(|form| charter.as_ref().is_none_or(|charter| charter.uses(form))) {
        let stage = own.stage(&form.code, period);
        let cell = own.cell(&form.code, period);
        let state = match cell.tone {
            Some(tone) => Cell::Badge(tone, cell.words),
            None => Cell::Text(cell.words),
        };
        let mut row = Row::new(title(form));
        if stage != Stage::Nothing {
            row = row.link(format!("/tables/{period}/{}", form.code));
        }
        let mut row = row.text(form.number.clone()).text(form.code.as_str()).cell(state);
        if Capability::BringFiles.is_of(&who.operator) {
            let words = if typed.contains(&form.code) { say("sheet-being-typed") } else { say("sheet-enter-figures") };
            row = row.cell(Cell::Link(Link::new(words, format!("/tables/{period}/{}/sheet", form.code))));
        }
        sections.entry(form.section).or_default().push(row);
    }
    let mut columns = vec![
        Column::text(say("word-form")),
        Column::text(say("tables-question")),
        Column::text(say("word-code")),
        Column::text(say("word-state")),
    ];
    if Capability::BringFiles.is_of(&who.operator) {
        columns.push(Column::text(say("sheet-entry")));
    }
    let mut table = FigureTable::new(
        say("tables-the-questionnaire-for").with("period", period_words(period).to_string()).to_string(),
        columns,
    );
    for (number, rows) in sections {
        let title =
            catalogue.sections.iter().find(|section| section.number == number).map_or_else(String::new, section_title);
        table = table.row(Row::group(title)).rows(rows);
    }
    Ok(table)
}

/// How a finding is meant.
pub(super) const fn severity_tone(severity: vrs_protocol::check::Severity) -> Tone {
    match severity {
        vrs_protocol::check::Severity::Note => Tone::Plain,
        vrs_protocol::check::Severity::Warning => Tone::Caution,
        vrs_protocol::check::Severity::Error => Tone::Bad,
    }
}

/// The word for how much a finding matters.
pub(super) fn severity_word(severity: vrs_protocol::check::Severity) -> Said {
    match severity {
        vrs_protocol::check::Severity::Note => say("word-note"),
        vrs_protocol::check::Severity::Warning => say("word-warning"),
        vrs_protocol::check::Severity::Error => say("tables-cannot-be-right"),
    }
}
