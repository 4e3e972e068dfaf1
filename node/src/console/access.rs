//! `/access`: why can I (not) see this? By the same functions that decide at the hub.

use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;
use vrs_console::domain::names::{participant_name, period_words, title};
use vrs_console::layout::{Frame, Tone};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Cell, Column, FigureTable, Row};
use vrs_protocol::period::Period;

use super::App;
use super::frame::{capital, problem};
use super::sight::{TableSight, sight, tally_words};
use super::words::{because, codes};
use crate::node::Answer;
use crate::say;

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
    let frame = app.frame(&who, say("word-why-can-i-not-see")).await?;
    let frame = frame.lead(say("access-you-see-whom-you-show"));
    let seen = app.seen().await?;
    let region = seen.region();
    let charter = region.charter().map(|(_, charter)| charter);
    let asked_in = Period::parse(asked.period.trim())
        .map_or_else(|_| app.node.catalogues().latest(), |period| app.node.catalogue_of(period));
    let forms = asked_in.forms().iter().filter(|form| charter.is_none_or(|charter| charter.uses(form)));
    let forms = forms.map(|form| Choice {
        code: form.code.to_string(),
        title: title(form),
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
        Column::text(say("access-whose-figures")),
        Column::text(say("table-answer")),
        Column::text(say("access-because")),
        Column::text(say("access-what-would-unlock-it")),
    ];
    let mut answers = FigureTable::new(
        say("access-for")
            .with("form", title(form).to_string())
            .with("period", period_words(period).to_string())
            .to_string(),
        columns,
    )
    .wide();
    for answer in std::iter::once(&why.regional).chain(&why.participants) {
        let head = answer.participant.as_ref().map_or_else(
            || say("access-the-regional-figures").to_string(),
            |code| participant_name(app.node.catalogue(), code),
        );
        let row = Row::new(head).cell(yes_no(answer)).text(sentence(answer));
        answers = answers.row(row.text(unlock(answer)));
    }
    page.answers = Some(answers);
    Ok(Page(page))
}

fn yes_no(answer: &Answer) -> Cell {
    if answer.allowed {
        Cell::Badge(Tone::Good, say("table-yes").into())
    } else {
        Cell::Badge(Tone::Caution, say("table-no").into())
    }
}

/// The reason without the word that stands in the column before it.
fn sentence(answer: &Answer) -> String {
    match answer.number {
        Some(number) => say("access-sentence-and-reason")
            .with("sentence", capital(&answer.alone))
            .with("number", number.to_string())
            .to_string(),
        None => capital(&answer.alone),
    }
}

/// What would unlock the row. A release of ours that unlocks others and not this one is no answer to it.
fn unlock(answer: &Answer) -> String {
    let here = answer.unlock.as_ref().filter(|unlock| {
        unlock.participants.is_empty()
            || answer.participant.as_ref().is_none_or(|code| unlock.participants.contains(code))
    });
    here.map_or_else(String::new, |unlock| {
        let whom = if unlock.participants.is_empty() {
            say("word-what-others-share-from-then").to_string()
        } else {
            codes(&unlock.participants)
        };
        say("access-release-for-to-contributors")
            .with("form", unlock.form.to_string())
            .with("period", unlock.period.to_string())
            .with("whom", whom.to_string())
            .to_string()
    })
}

/// Everything that anybody ever released, in one table.
fn all(app: &App, region: &vrs_protocol::region::Region, sights: &[TableSight]) -> FigureTable {
    let columns = [
        Column::text(say("word-form")),
        Column::text(say("word-period")),
        Column::text(say("word-open-to-us")),
        Column::text(say("access-closed-because")),
        Column::text(say("word-regional-figures")),
    ];
    let mut table = FigureTable::new(say("access-what-was-released-in-the"), columns).wide();
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
            None => Cell::Badge(Tone::Good, say("table-yes").into()),
            Some(_) => Cell::Badge(Tone::Caution, say("table-no").into()),
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
