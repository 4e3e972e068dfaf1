//! `/releases/new`: choose the tables of a period and who may read them, with last time's choices proposed. What would leave is
//! shown on the next page, and nothing leaves here.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tokio::time::timeout;
use vrs_console::domain::audience_words;
use vrs_console::domain::names::{ledger_name, period_words, section_title};
use vrs_console::layout::{Frame, Tone};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::serving::ANSWER_SECS_MAX;
use vrs_console::sign_in::SignedIn;
use vrs_console::words::speaking::spoken;
use vrs_protocol::audience::AudienceChoice;
use vrs_protocol::id::{FormCode, ParticipantCode};
use vrs_protocol::period::Period;

use super::App;
use super::frame::{Seen, capital, problem};
use super::own::{Own, Stage};
use super::proposing::{Difference, Proposal, propose};
use super::words::error_words;
use crate::error::NodeError;
use crate::node::{Measures, Node, PrepareOutcome, PrepareRequest, Withholding, read_cell};
use crate::release::Terms;
use crate::roles::Role;
use crate::say;

/// How long the page waits for a release to be prepared; a page has half as long again.
const PATIENCE: Duration = Duration::from_secs(ANSWER_SECS_MAX * 2 / 3);

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    table: String,
    #[serde(default)]
    period: String,
}

/// A table that can be released.
struct Choice {
    value: String,
    title: String,
    period: String,
    state: String,
    last: String,
    chosen: bool,
}

/// The tables of a section of the questionnaire.
struct Section {
    number: u8,
    title: String,
    choices: Vec<Choice>,
}

/// A participant that an audience can name.
struct Peer {
    code: String,
    name: String,
    chosen: bool,
}

/// Why nothing was prepared.
struct Refused {
    sentence: String,
    number: Option<u16>,
}

#[derive(Template)]
#[template(path = "preparing.html")]
pub(super) struct Preparing {
    frame: Frame,
    periods: Vec<(String, bool)>,
    period: String,
    sections: Vec<Section>,
    others: Vec<Choice>,
    last: String,
    differences: Vec<String>,
    revises: bool,
    until: String,
    because: String,
    audience: String,
    peers: Vec<Peer>,
    derive: bool,
    withhold: String,
    reason: String,
    provisional: bool,
    despite: String,
    joined: bool,
    refused: Option<Refused>,
}

/// What the form says.
#[derive(Default)]
struct Said {
    tables: Vec<String>,
    audience: String,
    named: BTreeSet<String>,
    derive: bool,
    withhold: String,
    reason: String,
    period: String,
    until: String,
    because: String,
    select: String,
    provisional: bool,
    despite: String,
}

impl Said {
    fn of(pairs: Vec<(String, String)>) -> Self {
        let mut said = Self::default();
        for (name, value) in pairs {
            match name.as_str() {
                "table" => said.tables.push(value),
                "audience" => said.audience = value,
                "named" => drop(said.named.insert(value)),
                "derive" => said.derive = true,
                "withhold" => said.withhold = value,
                "reason" => said.reason = value,
                "period" => said.period = value,
                "until" => said.until = value,
                "because" => said.because = value,
                "select" => said.select = value,
                "provisional" => said.provisional = true,
                "despite" => said.despite = value,
                _ => {}
            }
        }
        said
    }

    fn request(&self, node: &Node) -> Result<PrepareRequest, String> {
        let not_before = Some(self.until.trim()).filter(|day| !day.is_empty());
        let not_before = not_before.map(|day| node.day_begins(day)).transpose().map_err(|error| error.to_string())?;
        self.chosen(Terms { not_before, because: self.because.trim().to_owned() })
    }

    fn chosen(&self, terms: Terms) -> Result<PrepareRequest, String> {
        let mut tables = Vec::new();
        for text in &self.tables {
            let (form, period) =
                text.split_once(':').ok_or_else(|| say("prepare-choose-tables-from-the-list").to_string())?;
            let form = FormCode::parse(form).map_err(|error| error.to_string())?;
            tables.push((form, Period::parse(period).map_err(|error| error.to_string())?));
        }
        if tables.is_empty() {
            return Err(say("prepare-choose-at-least-one-table").into());
        }
        let audience = match self.audience.as_str() {
            "" => return Err(say("prepare-choose-who-may-read-it").into()),
            "named" if self.named.is_empty() => return Err(say("prepare-choose-the-participants-that-may").into()),
            "named" => {
                let codes =
                    self.named.iter().map(|code| ParticipantCode::parse(code).map_err(|error| error.to_string()));
                AudienceChoice::Named(codes.collect::<Result<_, _>>()?)
            }
            other => AudienceChoice::parse(other).map_err(|error| error.to_string())?,
        };
        let cells = self.withhold.split_whitespace().map(read_cell).collect::<Result<_, _>>()?;
        let withholding = Withholding { cells, reason: self.reason.clone() };
        let measures = Measures { provisional: self.provisional, despite: self.despite.trim().to_owned() };
        Ok(PrepareRequest { tables, audience, derive: self.derive, withholding, terms, measures })
    }
}

pub(super) async fn choose(
    State(app): State<App>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Page<Preparing>, Problem> {
    who.require_role(&[Role::FocalPoint.code()])?;
    let tables = Some(asked.table).filter(|table| !table.is_empty()).into_iter().collect();
    let said = Said { tables, derive: true, period: asked.period, ..Said::default() };
    page(&app, &who, said, None, true).await
}

/// The page; `fresh`: nobody has chosen anything yet, and last time's choices are proposed.
async fn page(
    app: &App,
    who: &SignedIn,
    mut said: Said,
    refused: Option<Refused>,
    fresh: bool,
) -> Result<Page<Preparing>, Problem> {
    let (own, seen) = (Own::load(app).await?, app.seen().await?);
    let is_asked = |form: &FormCode, period: Period| app.node.catalogue_of(period).form(form).is_some();
    let free: BTreeSet<&(FormCode, Period)> = own
        .subjects
        .iter()
        .filter(|(form, period)| is_free(own.stage(form, *period)) && is_asked(form, *period))
        .collect();
    let Some(period) = period_of(&said, &free)? else {
        return Ok(Page(nothing_at_hand(app, who, said, refused, &seen).await?));
    };
    let (last, proposal) = proposal(app, &own, &seen, &free, period);
    if fresh && said.tables.is_empty() && who.operator.has_role(Role::FocalPoint.code()) {
        said.tables = proposal.forms.iter().map(|form| format!("{form}:{period}")).collect();
        if let Some(audience) = &proposal.audience {
            said.propose(audience);
        }
    }
    said.select(|form| section_of(app, form), &free, period);
    let title = say("prepare-release-for").with("period", period_words(period).to_string());
    let frame = app.frame(who, title).await?.below(say("word-release-desk"), "/releases");
    let choice = |form: &FormCode, period: Period| {
        let value = format!("{form}:{period}");
        let before =
            last.and_then(|last| own.entry(form, last)).filter(|entry| has_left(own.stage(form, entry.release.period)));
        Choice {
            chosen: said.tables.contains(&value),
            value,
            title: format!("{} ({form})", app.title(form)),
            period: period.to_string(),
            state: own.cell(form, period).words,
            last: before.map_or_else(|| "–".to_owned(), |entry| audience_words(&entry.release.audience).to_string()),
        }
    };
    let mut sections: BTreeMap<u8, Vec<&FormCode>> = BTreeMap::new();
    for (form, _) in free.iter().filter(|(_, of)| *of == period) {
        sections.entry(section_of(app, form)).or_default().push(form);
    }
    let order = |form: &FormCode| app.node.catalogue().order(form);
    let sections = sections.into_iter().map(|(number, mut forms)| {
        forms.sort_by_key(|form| order(form));
        let found = app.node.catalogue().sections.iter().find(|section| section.number == number);
        let title = found.map_or_else(String::new, section_title);
        Section { number, title, choices: forms.into_iter().map(|form| choice(form, period)).collect() }
    });
    let mut others: Vec<_> = free.iter().filter(|(_, of)| *of != period).collect();
    others.sort_by_key(|(form, of)| (std::cmp::Reverse(*of), order(form)));
    let mut periods: Vec<Period> = free.iter().map(|(_, period)| *period).chain([period]).collect();
    periods.sort_by(|a, b| b.cmp(a));
    periods.dedup();
    Ok(Page(Preparing {
        periods: periods.into_iter().map(|one| (one.to_string(), one == period)).collect(),
        period: period.to_string(),
        sections: sections.collect(),
        others: others.into_iter().map(|(form, of)| choice(form, *of)).collect(),
        last: last.map_or_else(String::new, |last| period_words(last).to_string()),
        differences: proposal.differences.iter().map(|one| difference_words(app, &seen, one)).collect(),
        revises: free.iter().any(|(form, of)| has_left(own.stage(form, *of))),
        ..form(app, said, refused, &seen, frame)
    }))
}

/// Whether a table of this stage can be put on the desk.
fn is_free(stage: Stage) -> bool {
    !matches!(stage, Stage::OnTheDesk | Stage::OnItsWay)
}

fn has_left(stage: Stage) -> bool {
    matches!(stage, Stage::OnItsWay | Stage::Released)
}

fn section_of(app: &App, form: &FormCode) -> u8 {
    app.node.catalogue().form(form).map_or(0, |form| form.section)
}

/// The period that is asked for, that of the table that is asked for, or the latest there is something to release of.
fn period_of(said: &Said, free: &BTreeSet<&(FormCode, Period)>) -> Result<Option<Period>, Problem> {
    let asked = Some(said.period.as_str()).filter(|text| !text.is_empty());
    let asked = asked.or_else(|| Some(said.tables.first()?.split_once(':')?.1));
    match asked {
        Some(text) => Period::parse(text).map(Some).map_err(|error| Problem::not_found(capital(&error.to_string()))),
        None => Ok(free.iter().map(|(_, period)| *period).max()),
    }
}

/// What is proposed for a period, and the period that it is taken from: the one before, or a year before.
fn proposal(
    app: &App,
    own: &Own,
    seen: &Seen,
    free: &BTreeSet<&(FormCode, Period)>,
    period: Period,
) -> (Option<Period>, Proposal) {
    let left = |of: Period| -> BTreeMap<FormCode, AudienceChoice> {
        let asked = app.node.catalogue_of(period);
        let tables = own.tables().into_iter().filter(|(form, other)| *other == of && has_left(own.stage(form, of)));
        // What is not asked any more is not missed.
        let tables = tables.filter(|(form, _)| asked.form(form).is_some());
        tables.filter_map(|(form, _)| Some((form.clone(), own.entry(&form, of)?.release.audience.clone()))).collect()
    };
    let befores = [period.previous(), period.a_year_before()].into_iter().flatten();
    let Some((last, released)) = befores.map(|of| (of, left(of))).find(|(_, left)| !left.is_empty()) else {
        return (None, Proposal::default());
    };
    let region = seen.region();
    let others: Vec<_> = region.participants().filter(|peer| Some(peer.id) != seen.me).collect();
    let newest = own
        .desk
        .releases
        .iter()
        .filter(|entry| entry.release.period == last)
        .filter_map(|entry| entry.release.line)
        .max();
    // A participant's id is the line that admitted it.
    let joined = others.iter().filter(|peer| newest.is_some_and(|line| peer.id.0 > line)).map(|peer| peer.code.clone());
    let taking_part = others.iter().filter(|peer| peer.suspended.is_none()).map(|peer| peer.code.clone()).collect();
    let now: BTreeSet<FormCode> = free
        .iter()
        .filter(|(form, of)| *of == period && !has_left(own.stage(form, *of)))
        .map(|(form, _)| form.clone())
        .collect();
    let decided = own
        .tables()
        .into_iter()
        .filter(|(form, of)| *of == period && !matches!(own.stage(form, *of), Stage::Nothing | Stage::AtHand));
    let decided = decided.map(|(form, _)| form).collect();
    let mut proposal = propose(&released, &now, &decided, &taking_part, &joined.collect::<Vec<_>>());
    let order = |form: &FormCode| app.node.catalogue().order(form);
    proposal.differences.sort_by_key(|one| match one {
        Difference::Lacks(form) => (0, order(form)),
        Difference::New(form) => (1, order(form)),
        Difference::OtherAudience(form, _) => (2, order(form)),
        Difference::Gone(_) | Difference::Joined(_) => (3, 0),
    });
    (Some(last), proposal)
}

fn difference_words(app: &App, seen: &Seen, difference: &Difference) -> String {
    let name = |code: &ParticipantCode| {
        let known = seen.region().participant_by_code(code).map(|one| one.name.clone()).unwrap_or_default();
        ledger_name(app.node.catalogue(), code, &known)
    };
    let form = |form: &FormCode| format!("{} ({form})", app.title(form));
    match difference {
        Difference::Lacks(code) => say("prepare-lacks").with("form", form(code)),
        Difference::New(code) => say("prepare-is-new").with("form", form(code)),
        Difference::OtherAudience(code, audience) => say("prepare-other-audience")
            .with("form", form(code))
            .with("audience", audience_words(audience).to_string()),
        Difference::Gone(code) => say("prepare-gone").with("participant", name(code)),
        Difference::Joined(code) => say("prepare-joined").with("participant", name(code)),
    }
    .to_string()
}

impl Said {
    /// Takes over the readers that are proposed.
    fn propose(&mut self, audience: &AudienceChoice) {
        self.audience = match audience {
            AudienceChoice::Named(codes) => {
                self.named = codes.iter().map(ToString::to_string).collect();
                "named".into()
            }
            other => other.to_string(),
        };
    }

    /// Chooses all of a section, or none of it where the button says so with a sign.
    fn select(&mut self, section: impl Fn(&FormCode) -> u8, free: &BTreeSet<&(FormCode, Period)>, period: Period) {
        let Ok(wanted) = self.select.parse::<i16>() else { return };
        for (form, of) in free {
            if *of != period || i16::from(section(form)) != wanted.abs() {
                continue;
            }
            let value = format!("{form}:{of}");
            self.tables.retain(|table| *table != value);
            if wanted > 0 {
                self.tables.push(value);
            }
        }
    }
}

/// The page without a table that could be released.
async fn nothing_at_hand(
    app: &App,
    who: &SignedIn,
    said: Said,
    refused: Option<Refused>,
    seen: &Seen,
) -> Result<Preparing, Problem> {
    let frame = app.frame(who, say("word-prepare-a-release")).await?.below(say("word-release-desk"), "/releases");
    Ok(form(app, said, refused, seen, frame))
}

/// What does not depend on the period.
fn form(app: &App, said: Said, refused: Option<Refused>, seen: &Seen, frame: Frame) -> Preparing {
    let peers =
        seen.region().participants().filter(|peer| Some(peer.id) != seen.me && peer.suspended.is_none()).map(|peer| {
            Peer {
                code: peer.code.to_string(),
                name: ledger_name(app.node.catalogue(), &peer.code, &peer.name),
                chosen: said.named.contains(peer.code.as_str()),
            }
        });
    Preparing {
        periods: Vec::new(),
        period: String::new(),
        sections: Vec::new(),
        others: Vec::new(),
        last: String::new(),
        differences: Vec::new(),
        revises: false,
        peers: peers.collect(),
        audience: said.audience,
        derive: said.derive,
        withhold: said.withhold,
        reason: said.reason,
        until: said.until,
        because: said.because,
        provisional: said.provisional,
        despite: said.despite,
        joined: seen.me.is_some(),
        refused,
        frame: frame.lead(say("prepare-choose-the-tables-and-who")),
    }
}

/// Prepares in a task of its own: disclosure control of a large topic takes longer than any page may, and goes on when the person
/// has left. `None`: it is still at work; what becomes of it, a refusal too, will stand on the desk.
async fn prepare_with_patience(
    app: &App,
    who: &SignedIn,
    request: PrepareRequest,
) -> Result<Option<Result<PrepareOutcome, NodeError>>, Problem> {
    let (node, operator) = (app.node.clone(), who.operator.clone());
    let work = async move {
        let done = node.prepare(&request, &operator).await;
        // Nobody may be waiting for it any more. What names cells is kept on the desk and not in the log.
        if let Err(error @ (NodeError::Database(_) | NodeError::Disk(_) | NodeError::Defect(_))) = &done {
            tracing::error!(%error, "A release could not be prepared");
        }
        done
    };
    let work = tokio::spawn(spoken().during(work));
    match timeout(PATIENCE, work).await {
        Ok(done) => done.map(Some).map_err(|error| Problem::internal("prepare a release", &error)),
        Err(_) => Ok(None),
    }
}

pub(super) async fn prepare(
    State(app): State<App>,
    who: SignedIn,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    who.require_role(&[Role::FocalPoint.code()])?;
    let said = Said::of(pairs);
    if !said.select.is_empty() {
        return Ok(page(&app, &who, said, None, false).await?.into_response());
    }
    let refused = match said.request(&app.node) {
        Err(sentence) => Refused { sentence: capital(&sentence), number: None },
        Ok(request) => match prepare_with_patience(&app, &who, request).await? {
            None => {
                app.console.say(&who, Tone::Plain, say("prepare-still-at-work")).await?;
                return Ok(Redirect::to("/releases").into_response());
            }
            Some(Ok(PrepareOutcome::Kept(kept))) => {
                let sentence = say("prepare-recorded").with("count", kept.len());
                app.console.say(&who, Tone::Good, sentence).await?;
                for (one, id) in kept.iter().filter_map(|one| Some((one, one.released?))) {
                    let sentence = say("prepare-release-of-for-has-not")
                        .with("id", id.to_string())
                        .with("form", one.form.to_string())
                        .with("period", one.period.to_string())
                        .to_string();
                    app.console.say(&who, Tone::Caution, sentence).await?;
                }
                return Ok(Redirect::to("/releases").into_response());
            }
            Some(Ok(PrepareOutcome::Prepared(preview))) => {
                app.console.say(&who, Tone::Good, say("prepare-prepared-look-at-every-cell")).await?;
                for one in preview.not_derived {
                    let sentence = say("prepare-for-would-be-complete-and")
                        .with("form", one.form.to_string())
                        .with("period", one.period.to_string())
                        .with("reason", one.reason.to_string())
                        .to_string();
                    app.console.say(&who, Tone::Plain, sentence).await?;
                }
                return Ok(Redirect::to(&format!("/releases/{}", preview.id)).into_response());
            }
            Some(Err(
                error @ (NodeError::Rule(_)
                | NodeError::Refused(_)
                | NodeError::Usage(_)
                | NodeError::NotJoined
                | NodeError::Missing(_)),
            )) => Refused { number: error.number(), sentence: capital(&error_words(&error)) },
            Some(Err(error)) => return Err(problem(error)),
        },
    };
    let mut answer = page(&app, &who, said, Some(refused), false).await?.into_response();
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn said(pairs: &[(&str, &str)]) -> Result<PrepareRequest, String> {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Said::of(pairs.collect()).chosen(Terms::default())
    }

    #[test]
    fn several_tables_and_names_are_read() {
        let request = said(&[
            ("table", "IE_CIT:2021"),
            ("table", "IE_TOT:2021"),
            ("audience", "named"),
            ("named", "ITA"),
            ("named", "GBR"),
        ])
        .unwrap();
        assert_eq!(
            (request.tables.len(), request.audience.to_string().as_str(), request.derive),
            (2, "named:GBR,ITA", false)
        );
    }

    #[test]
    fn nothing_is_guessed() {
        assert!(said(&[("table", "IE_CIT:2021")]).unwrap_err().contains("who may read"));
        assert!(said(&[("audience", "totals")]).unwrap_err().contains("at least one table"));
        assert!(said(&[("table", "IE_CIT:2021"), ("audience", "named")]).unwrap_err().contains("participants"));
        assert!(said(&[("table", "IE_CIT"), ("audience", "totals")]).is_err());
        assert!(said(&[("table", "IE_CIT:2021"), ("audience", "everybody")]).is_err());
    }
}
