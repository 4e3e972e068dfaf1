//! `/tables/nothing`: nothing to report, for many forms of a section at once. A reason for each, then a page that says exactly
//! what will be written, and only then is it written.

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use axum::extract::{Form, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use vrs_console::domain::cells::placed;
use vrs_console::domain::names::{period_words, section_title, title};
use vrs_console::domain::tables::key_words;
use vrs_console::layout::{Frame, Link, Tone};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Column, FigureTable, Row};
use vrs_console::words::Said;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;

use super::App;
use super::frame::{capital, problem};
use super::words::error_words;
use crate::error::NodeError;
use crate::national::Agency;
use crate::say;
use crate::sheet::nil::{self, Nil, NilAnswer};

#[derive(Deserialize)]
pub(super) struct Asked {
    period: String,
    #[serde(default)]
    section: Option<u8>,
    #[serde(default)]
    agency: Option<String>,
}

/// A form that can be answered.
struct Line {
    code: String,
    title: String,
    counts: bool,
    chosen: Option<Nil>,
    comment: String,
}

impl Line {
    fn is(&self, nil: &Nil) -> bool {
        self.chosen == Some(*nil)
    }
    fn offers(&self, nil: &Nil) -> bool {
        self.counts || *nil != Nil::NoneOccurred
    }
}

/// What all pages here know.
struct Place {
    period: Period,
    section: Option<u8>,
    agency: Agency,
}

#[derive(Template)]
#[template(path = "nothing.html")]
struct Nothing {
    frame: Frame,
    period: String,
    section: String,
    agency: Agency,
    agencies: Vec<Agency>,
    answers: [(Nil, Said); 5],
    lines: Vec<Line>,
    typed: Vec<String>,
    refused: String,
}

#[derive(Template)]
#[template(path = "nothing_confirm.html")]
struct Confirm {
    frame: Frame,
    hidden: Vec<(String, String)>,
    table: FigureTable,
    zeros: usize,
    count: usize,
    back: String,
}

fn words(nil: Nil) -> Said {
    match nil {
        Nil::NotCollected => say("nothing-not-collected"),
        Nil::NotKnown => say("nothing-not-known"),
        Nil::NotApplicable => say("nothing-not-applicable"),
        Nil::CountedElsewhere => say("nothing-counted-elsewhere"),
        Nil::NoneOccurred => say("nothing-none-occurred"),
    }
}

/// A link for each section, or for those of them that are asked of somebody.
pub(super) async fn links(app: &App, period: Period, asked: Option<&BTreeSet<u8>>) -> Result<Vec<Link>, Problem> {
    let (catalogue, seen) = (app.node.catalogue_of(period), app.seen().await?);
    let charter = seen.region().charter().map(|(_, charter)| charter);
    let used = catalogue.forms().iter().filter(|form| charter.is_none_or(|charter| charter.uses(form)));
    let used: BTreeSet<u8> =
        used.map(|form| form.section).filter(|one| asked.is_none_or(|asked| asked.contains(one))).collect();
    let asked = catalogue.sections.iter().filter(|section| used.contains(&section.number));
    let link = |section: &vrs_protocol::catalogue::Section| {
        Link::new(section_title(section), format!("/tables/nothing?period={period}&section={}", section.number))
    };
    Ok(asked.map(link).collect())
}

pub(super) async fn nothing(
    State(app): State<App>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (place, agencies) = place(&app, &who, &asked.period, asked.section, asked.agency.as_deref()).await?;
    page(&app, &who, place, agencies, &BTreeMap::new(), String::new()).await
}

/// Where one is. The first agency that the person delivers for, unless one is named.
async fn place(
    app: &App,
    who: &SignedIn,
    period: &str,
    section: Option<u8>,
    agency: Option<&str>,
) -> Result<(Place, Vec<Agency>), Problem> {
    let period = Period::parse(period).map_err(|error| Problem::not_found(capital(&error.to_string())))?;
    let agencies = app.deliverable(who).await?;
    let named = agency.filter(|code| !code.is_empty());
    let found = match named {
        Some(code) => agencies.iter().find(|agency| agency.code.as_str() == code),
        None => agencies.first(),
    };
    let agency = found.cloned().ok_or_else(|| Problem::not_found(say("sheet-no-such-agency")))?;
    Ok((Place { period, section, agency }, agencies))
}

/// Where the page of a place is.
fn address(place: &Place) -> String {
    let section = place.section.map_or_else(String::new, |section| format!("&section={section}"));
    format!("/tables/nothing?period={}{section}&agency={}", place.period, place.agency.code)
}

async fn page(
    app: &App,
    who: &SignedIn,
    place: Place,
    agencies: Vec<Agency>,
    said: &BTreeMap<FormCode, (Option<Nil>, String)>,
    refused: String,
) -> Result<Response, Problem> {
    let Place { period, section, agency } = place;
    let found = app.node.nil_forms(&agency.code, period, section, &who.operator).await.map_err(problem)?;
    let sections = &app.node.catalogue_of(period).sections;
    let of = sections.iter().find(|one| Some(one.number) == section).map(section_title);
    let lead = [of, Some(period_words(period).to_string())].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let frame = app.frame(who, say("nothing-nothing-to-report")).await?.lead(lead);
    let frame = frame.below(say("word-our-tables"), format!("/tables?period={period}"));
    let line = |form: &&'static vrs_protocol::catalogue::Form| {
        let (chosen, comment) = said.get(&form.code).cloned().unwrap_or_default();
        let counts = form.kind.counts();
        Line { code: form.code.to_string(), title: title(form), counts, chosen, comment }
    };
    let typed = found
        .typed
        .iter()
        .map(|(form, by)| say("nothing-is-being-typed").with("form", title(form)).with("by", by.clone()).to_string());
    Ok(Page(Nothing {
        period: period.to_string(),
        section: section.map_or_else(String::new, |section| section.to_string()),
        agency,
        agencies,
        answers: Nil::ALL.map(|nil| (nil, words(nil))),
        lines: found.open.iter().map(line).collect(),
        typed: typed.collect(),
        refused,
        frame,
    })
    .into_response())
}

/// What the form sent: `nil-FORM` and `comment-FORM` for each form, `rest` for those left open.
struct Sent(BTreeMap<String, String>);

impl Sent {
    fn field(&self, name: &str) -> &str {
        self.0.get(name).map_or("", |value| value.trim())
    }

    /// What was said of each form that the page offered.
    fn said(&self) -> BTreeMap<FormCode, (Option<Nil>, String)> {
        let rest = Nil::parse(self.field("rest"));
        let forms = self.0.keys().filter_map(|name| FormCode::parse(name.strip_prefix("nil-")?).ok());
        let said = forms.map(|form| {
            let own = Nil::parse(self.field(&format!("nil-{form}")));
            let comment = self.field(&format!("comment-{form}")).to_owned();
            (form, (own.or(rest), comment))
        });
        said.collect()
    }
}

pub(super) async fn report(
    State(app): State<App>,
    who: SignedIn,
    Form(sent): Form<BTreeMap<String, String>>,
) -> Result<Response, Problem> {
    let sent = Sent(sent);
    let section = sent.field("section").parse().ok();
    let (place, agencies) = place(&app, &who, sent.field("period"), section, Some(sent.field("agency"))).await?;
    let mut said = sent.said();
    // "All others" does not reach a form that has no zero: it stays open.
    for (form, (nil, _)) in &mut said {
        let form = app.node.form(form).map_err(problem)?;
        *nil = nil.filter(|nil| nil.fits(form));
    }
    let mut answers: Vec<NilAnswer> = said
        .iter()
        .filter_map(|(form, (nil, comment))| {
            Some(NilAnswer { form: form.clone(), nil: (*nil)?, comment: comment.clone() })
        })
        .collect();
    answers.sort_by_key(|answer| app.node.catalogue().order(&answer.form));
    if sent.field("do") == "back" {
        return page(&app, &who, place, agencies, &said, String::new()).await;
    }
    let lacking = answers.iter().find(|one| one.nil == Nil::CountedElsewhere && one.comment.is_empty());
    let refused = match (answers.is_empty(), lacking) {
        (true, _) => Some(say("nothing-choose-a-reason").to_string()),
        (_, Some(one)) => Some(say("nothing-say-where").with("form", one.form.as_str()).to_string()),
        (false, None) => None,
    };
    let refused = match refused {
        Some(sentence) => sentence,
        None if sent.field("do") == "write" => {
            match app.node.report_nil(&place.agency.code, place.period, &answers, &who.operator).await {
                Ok(count) => {
                    app.console.say(&who, Tone::Good, say("nothing-answered").with("count", count)).await?;
                    return Ok(Redirect::to(&format!("/tables?period={}", place.period)).into_response());
                }
                Err(error @ (NodeError::Refused(_) | NodeError::Usage(_) | NodeError::File(_))) => {
                    capital(&error_words(&error))
                }
                Err(error) => return Err(problem(error)),
            }
        }
        None => return confirm(&app, &who, &place, &answers, &sent).await,
    };
    let mut answer = page(&app, &who, place, agencies, &said, refused).await?;
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

/// Exactly what will be written.
async fn confirm(
    app: &App,
    who: &SignedIn,
    place: &Place,
    answers: &[NilAnswer],
    sent: &Sent,
) -> Result<Response, Problem> {
    let columns = [
        Column::text(say("word-form")),
        Column::text(say("word-cell")),
        Column::number(say("nothing-answer")),
        Column::text(say("nothing-comment")),
    ];
    let caption = say("nothing-tables-of").with("agency", place.agency.name.clone());
    let mut table = FigureTable::new(caption.with("period", period_words(place.period).to_string()), columns);
    for answer in answers {
        let form = app.node.form(&answer.form).map_err(problem)?;
        for key in nil::keys(form, app.node.catalogue()) {
            let cell = match key.0.is_empty() {
                true => say("nothing-the-figure").to_string(),
                false => key_words(&key, form, app.node.catalogue()),
            };
            let row = Row::new(format!("{} ({})", title(form), form.code)).text(cell);
            table = table.row(row.cell(placed(&answer.nil.cell())).text(answer.comment.clone()));
        }
    }
    let frame = app.frame(who, say("nothing-confirm")).await?;
    let back = address(place);
    let hidden = answers.iter().flat_map(|answer| {
        [
            (format!("nil-{}", answer.form), answer.nil.word().to_owned()),
            (format!("comment-{}", answer.form), answer.comment.clone()),
        ]
    });
    let place_fields = ["period", "section", "agency"].map(|name| (name.to_owned(), sent.field(name).to_owned()));
    Ok(Page(Confirm {
        frame: frame.below(say("nothing-nothing-to-report"), &back),
        zeros: answers.iter().filter(|answer| answer.nil == Nil::NoneOccurred).count(),
        count: answers.len(),
        hidden: place_fields.into_iter().chain(hidden).collect(),
        table,
        back,
    })
    .into_response())
}
