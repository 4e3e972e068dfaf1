//! `/releases/new`: choose tables and who may read them. What would leave is shown on the next page, and nothing leaves here.

use std::collections::BTreeSet;
use std::time::Duration;

use askama::Template;
use axum::Form;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use tokio::time::timeout;
use vrs_console::domain::names::ledger_name;
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
use super::frame::{capital, problem};
use super::own::{Own, Stage};
use super::words::error_words;
use crate::error::NodeError;
use crate::node::{PrepareOutcome, PrepareRequest, Withholding, read_cell};
use crate::roles::Role;
use crate::say;

/// How long the page waits for a release to be prepared; a page has half as long again.
const PATIENCE: Duration = Duration::from_secs(ANSWER_SECS_MAX * 2 / 3);

#[derive(Deserialize, Default)]
pub(super) struct Asked {
    #[serde(default)]
    table: String,
}

/// A table that can be released.
struct Choice {
    value: String,
    title: String,
    period: String,
    state: String,
    chosen: bool,
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
    choices: Vec<Choice>,
    audience: String,
    peers: Vec<Peer>,
    derive: bool,
    withhold: String,
    reason: String,
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
                _ => {}
            }
        }
        said
    }

    fn request(&self) -> Result<PrepareRequest, String> {
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
        Ok(PrepareRequest { tables, audience, derive: self.derive, withholding })
    }
}

pub(super) async fn choose(
    State(app): State<App>,
    who: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Page<Preparing>, Problem> {
    who.require_role(&[Role::FocalPoint.code()])?;
    let said = Said { tables: vec![asked.table], derive: true, ..Said::default() };
    page(&app, &who, said, None).await
}

async fn page(app: &App, who: &SignedIn, said: Said, refused: Option<Refused>) -> Result<Page<Preparing>, Problem> {
    let frame = app.frame(who, say("word-prepare-a-release")).await?.below(say("word-release-desk"), "/releases");
    let frame = frame.lead(say("prepare-choose-the-tables-and-who"));
    let (own, seen) = (Own::load(app).await?, app.seen().await?);
    let mut tables: Vec<&(FormCode, Period)> = own.subjects.iter().collect();
    tables.sort_by_key(|(form, period)| (std::cmp::Reverse(*period), app.node.catalogue().order(form)));
    let free = |form: &FormCode, period: Period| !matches!(own.stage(form, period), Stage::OnTheDesk | Stage::OnItsWay);
    let choices = tables.into_iter().filter(|(form, period)| free(form, *period)).map(|(form, period)| {
        let value = format!("{form}:{period}");
        Choice {
            chosen: said.tables.contains(&value),
            value,
            title: format!("{} ({form})", app.title(form)),
            period: period.to_string(),
            state: own.cell(form, *period).words,
        }
    });
    let peers =
        seen.region().participants().filter(|peer| Some(peer.id) != seen.me && peer.suspended.is_none()).map(|peer| {
            Peer {
                code: peer.code.to_string(),
                name: ledger_name(app.node.catalogue(), &peer.code, &peer.name),
                chosen: said.named.contains(peer.code.as_str()),
            }
        });
    Ok(Page(Preparing {
        choices: choices.collect(),
        peers: peers.collect(),
        audience: said.audience,
        derive: said.derive,
        withhold: said.withhold,
        reason: said.reason,
        joined: seen.me.is_some(),
        refused,
        frame,
    }))
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
    let refused = match said.request() {
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
    let mut answer = page(&app, &who, said, Some(refused)).await?.into_response();
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn said(pairs: &[(&str, &str)]) -> Result<PrepareRequest, String> {
        Said::of(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()).request()
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
