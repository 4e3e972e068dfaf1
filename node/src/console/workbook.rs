//! `/imports/workbook.xlsx`: the questions of an agency as a workbook, to be filled in without a network and brought back.

use std::collections::BTreeSet;

use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use vrs_console::domain::names::{period_words, question, title};
use vrs_console::domain::tables::heading;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_intake::sheet::template::{FormSheet, Template, write};
use vrs_protocol::catalogue::Form;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;

use super::App;
use super::frame::{capital, own_name, problem};
use super::sheet::reason_words;
use super::sheet_rows::{column_words, countries, named};
use crate::national::Agency;
use crate::roles::Capability;
use crate::say;
use crate::sheet::fields::{self, REASONS, letter};
use crate::sheet::{ROWS_MAX, Subject};

/// What the form on `/imports` asks for.
#[derive(Deserialize)]
pub(super) struct Asked {
    agency: String,
    period: String,
    #[serde(default)]
    form: String,
}

pub(super) async fn workbook(
    State(app): State<App>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let period = Period::parse(asked.period.trim()).map_err(|error| Problem::refused(capital(&error.to_string())))?;
    let agencies = app.deliverable(&who).await?;
    let agency = agencies.into_iter().find(|agency| agency.code.as_str() == asked.agency);
    let agency = agency.ok_or_else(|| Problem::not_found(say("sheet-no-such-agency")))?;
    let forms = forms(&app, &who, &agency, period, asked.form.trim()).await?;
    let catalogue = app.node.catalogue_of(period);
    let (mut sheets, mut too_long) = (Vec::new(), Vec::new());
    for form in forms {
        let of = Subject { agency: agency.code.clone(), form: form.code.clone(), period };
        let open = app.node.sheet(&of, &who.operator, |dimension, code| named(catalogue, dimension, code)).await;
        let open = open.map_err(problem)?;
        if open.sheet.rows.len() > ROWS_MAX {
            // Cut, it would come back as if the rest were none.
            too_long.push(form.code.to_string());
            continue;
        }
        sheets.push(FormSheet {
            form,
            title: format!("{} ({})", title(form), form.code),
            question: question(catalogue, form, &own_name(&app), period),
            heads: heads(form, &app),
            sheet: open.sheet,
        });
    }
    let template = Template {
        participant: app.node.participant(),
        agency: agency.code.as_str(),
        period,
        intro: (say("workbook-read-me").to_string(), intro(&app, &agency, period, &too_long)),
        counted: (say("workbook-how-counted").to_string(), counted()),
        hint: say("workbook-hint").to_string(),
        countries: countries(catalogue),
        forms: sheets,
    };
    let bytes = write(&template, catalogue).map_err(|error| Problem::internal("make a workbook", &error))?;
    let one = if asked.form.trim().is_empty() { String::new() } else { format!("_{}", asked.form.trim()) };
    let name = format!("VRS_{}_{}_{period}{one}.xlsx", app.node.participant(), agency.code);
    let kind = (header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned());
    let disposition = (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""));
    Ok(([kind, disposition], bytes).into_response())
}

/// The questions of the workbook: the one that was asked for, or all that the person may answer for the agency. Extensions are
/// among them only where they are assigned.
async fn forms(
    app: &App,
    who: &SignedIn,
    agency: &Agency,
    period: Period,
    asked: &str,
) -> Result<Vec<&'static Form>, Problem> {
    let catalogue = app.node.catalogue_of(period);
    if !asked.is_empty() {
        let code = FormCode::parse(asked).map_err(|error| Problem::refused(capital(&error.to_string())))?;
        return Ok(vec![app.node.form_asked(&code, period).map_err(problem)?]);
    }
    let assigned: BTreeSet<FormCode> = app.node.agency_entry(&agency.code).await.map_err(problem)?.forms;
    let all = assigned.is_empty() && Capability::Decide.is_of(&who.operator);
    let is_asked = |form: &&Form| if all { !form.extension } else { assigned.contains(&form.code) };
    let forms: Vec<&'static Form> = catalogue.forms().iter().filter(is_asked).collect();
    if forms.is_empty() {
        return Err(Problem::refused(
            say("workbook-no-form-is-assigned").with("agency", agency.name.as_str()).to_string(),
        ));
    }
    Ok(forms)
}

fn heads(form: &Form, app: &App) -> Vec<String> {
    let fields = fields::of(form, app.node.catalogue());
    let mut heads: Vec<String> = form.dimensions.iter().map(|dimension| heading(&dimension.code)).collect();
    heads.extend(fields.iter().map(|(column, _)| column_words(column)));
    if !form.kind.counts() {
        heads.push(say("sheet-or-why-none").to_string());
    }
    heads
}

fn intro(app: &App, agency: &Agency, period: Period, too_long: &[String]) -> Vec<String> {
    let reasons: Vec<String> =
        REASONS.iter().map(|reason| format!("{} {}", letter(reason), reason_words(reason))).collect();
    let title = say("workbook-title").with("participant", own_name(app)).with("agency", agency.name.as_str());
    let mut lines = vec![
        title.with("period", period_words(period).to_string()).to_string(),
        String::new(),
        say("workbook-one-sheet-a-question").to_string(),
        format!("{} {}.", say("sheet-how-to-type"), reasons.join(", ")),
        say("workbook-lists").to_string(),
        say("workbook-bring-it-back").to_string(),
    ];
    if !too_long.is_empty() {
        lines.push(say("workbook-too-long").with("forms", too_long.join(", ")).to_string());
    }
    lines
}

fn counted() -> Vec<String> {
    let heads = [
        say("workbook-question"),
        say("sheet-unit"),
        say("sheet-source"),
        say("sheet-legal-basis"),
        say("sheet-definition-followed"),
        say("sheet-deviation"),
        say("sheet-coverage"),
        say("sheet-double-counting"),
        say("sheet-period-deviation"),
        say("sheet-comment"),
        say("sheet-list-complete"),
    ];
    heads.map(|head| head.to_string()).to_vec()
}
