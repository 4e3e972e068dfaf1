//! `/access`: why can I (not) see this? By the same functions that decide at the hub.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use vrs_console::layout::{Frame, Tone};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Row};

use super::App;
use super::frame::{capital, problem};
use super::sight::{TableSight, sight, tally_words};
use super::words::{because, codes, without_unlock};
use crate::node::Answer;

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    form: String,
    #[serde(default)]
    period: String,
}

/// A form to choose.
struct Choice {
    code: String,
    title: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "access.html")]
pub(super) struct Access {
    frame: Frame,
    joined: bool,
    summary: String,
    forms: Vec<Choice>,
    period: String,
    own: String,
    answers: Option<FigureTable>,
    all: Option<FigureTable>,
}

pub(super) async fn access(
    State(app): State<App>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Page<Access>, Problem> {
    let frame = app.frame(&who, "Why can I (not) see this?").await?;
    let frame = frame.lead("You see whom you show yourself to: form by form and period by period. The hub decides by the same rule, and every node checks it afterwards.");
    let seen = app.seen().await?;
    let region = seen.region();
    let charter = region.charter().map(|(_, charter)| charter);
    let forms = app.node.catalogue().forms().iter().filter(|form| charter.is_none_or(|charter| charter.uses(form)));
    let forms = forms.map(|form| Choice {
        code: form.code.to_string(),
        title: form.title.clone(),
        chosen: form.code.as_str() == asked.form,
    });
    let mut page = Access {
        joined: seen.me.is_some(),
        summary: String::new(),
        forms: forms.collect(),
        period: asked.period.clone(),
        own: String::new(),
        answers: None,
        all: None,
        frame,
    };
    let Some(me) = seen.me else { return Ok(Page(page)) };
    if asked.form.is_empty() || asked.period.is_empty() {
        let sights = sight(region, me);
        page.summary = tally_words(&sights);
        page.all = (!sights.is_empty()).then(|| all(&app, region, &sights));
        return Ok(Page(page));
    }
    let (period, form) = app.subject(asked.period.trim(), &asked.form)?;
    let why = app.node.why(&form.code, period, None).await.map_err(problem)?;
    page.own = why.own;
    let columns = [
        Column::text("Whose figures"),
        Column::text("Answer"),
        Column::text("Because"),
        Column::text("What would unlock it"),
    ];
    let mut answers = FigureTable::new(format!("{} for {}", form.title, period.in_words()), columns).wide();
    for answer in std::iter::once(&why.regional).chain(&why.participants) {
        let head = answer
            .participant
            .as_ref()
            .map_or_else(|| "The regional figures".to_owned(), |code| app.node.catalogue().participant_name(code));
        let row = Row::new(head).cell(yes_no(answer)).text(sentence(answer));
        answers = answers.row(row.text(unlock(answer)));
    }
    page.answers = Some(answers);
    Ok(Page(page))
}

fn yes_no(answer: &Answer) -> Cell {
    if answer.allowed { Cell::Badge(Tone::Good, "yes".into()) } else { Cell::Badge(Tone::Caution, "no".into()) }
}

/// The reason without the word that stands in the column before it.
fn sentence(answer: &Answer) -> String {
    let said = answer.sentence.trim_start_matches("refused: ").trim_start_matches("allowed, ");
    let said = if answer.unlock.is_some() { without_unlock(said) } else { said };
    let number = answer.number.map_or_else(String::new, |number| format!(" (reason {number})"));
    format!("{}{number}", capital(said))
}

fn unlock(answer: &Answer) -> String {
    answer.unlock.as_ref().map_or_else(String::new, |unlock| {
        let whom = if unlock.participants.is_empty() {
            "what others share from then on".to_owned()
        } else {
            codes(&unlock.participants)
        };
        format!("Release {} for {} to contributors: {whom}", unlock.form, unlock.period)
    })
}

/// Everything that anybody ever released, in one table.
fn all(app: &App, region: &vrs_protocol::region::Region, sights: &[TableSight]) -> FigureTable {
    let columns = [
        Column::text("Form"),
        Column::text("Period"),
        Column::text("Open to us"),
        Column::text("Closed, because"),
        Column::text("Regional figures"),
    ];
    let mut table = FigureTable::new("What was released in the region", columns).wide();
    for one in sights {
        let mut reasons: Vec<(String, Vec<_>)> = Vec::new();
        for (author, reason) in &one.closed {
            let words = because(reason);
            match reasons.iter_mut().find(|(known, _)| *known == words) {
                Some((_, authors)) => authors.push(*author),
                None => reasons.push((words, vec![*author])),
            }
        }
        let closed: Vec<String> = reasons
            .into_iter()
            .map(|(reason, authors)| format!("{}: {reason}", codes(&region.codes_of(authors))))
            .collect();
        let regional = match &one.regional {
            None => Cell::Badge(Tone::Good, "yes".into()),
            Some(_) => Cell::Badge(Tone::Caution, "no".into()),
        };
        let row = Row::new(app.title(&one.form))
            .link(format!("/access?form={}&period={}", one.form, one.period))
            .text(one.period.to_string());
        let open =
            if one.open.is_empty() { "–".to_owned() } else { codes(&region.codes_of(one.open.iter().copied())) };
        let closed = if closed.is_empty() { "–".to_owned() } else { closed.join("; ") };
        table = table.row(row.text(open).text(closed).cell(regional));
    }
    table
}
