//! `/tables/{period}/{form}`: the national table with its findings, what each agency says, and where every figure comes from.
//! With `.csv` behind the form: the file that `table --csv` writes.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use vrs_console::domain::cells::placed;
use vrs_console::domain::findings::finding_said;
use vrs_console::domain::names::{period_words, question, title};
use vrs_console::domain::tables::{heading, key_words, metadata_facts, ordered, table_figures};
use vrs_console::layout::{Frame, Tone};
use vrs_console::map::RouteMap;
use vrs_console::moment::Moment;
use vrs_console::numbers::grouped;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Column, FigureTable, MatrixCell, Row};
use vrs_console::words::Said;
use vrs_protocol::catalogue::Form as CatalogueForm;
use vrs_protocol::check::Finding;
use vrs_protocol::period::Period;

use super::App;
use super::beside::{Beside, SetByHand, beside, offered, set_by_hand};
use super::frame::own_name;
use super::frame::problem;
use super::notes::notes;
use super::own::{Own, Stage};
use super::own_agency;
use super::sheet_routes::map_of;
use super::tables::{severity_tone, severity_word};
use crate::cases::distinct::{self, Union};
use crate::error::NodeError;
use crate::findings::Checked;
use crate::intake::write_canonical;
use crate::national::{AgencyCode, AgencyTable, National, Rule};
use crate::roles::{Capability, Role};
use crate::say;

/// A finding beside the table.
pub(super) struct Found {
    pub(super) tone: Tone,
    pub(super) word: Said,
    pub(super) place: String,
    pub(super) sentence: String,
    /// Who accepted it and why; empty where nobody did.
    pub(super) accepted: String,
}

impl Found {
    pub(super) fn of(finding: &Finding) -> Self {
        Self {
            tone: severity_tone(finding.severity),
            word: severity_word(finding.severity),
            place: finding.cell.clone().unwrap_or_default(),
            sentence: finding_said(&finding.what).into(),
            accepted: String::new(),
        }
    }

    /// The same with who accepted it, and why.
    pub(super) fn checked(checked: &Checked) -> Self {
        let accepted = checked.accepted.as_ref().map_or_else(String::new, |accepted| {
            say("findings-accepted-by").with("by", &accepted.by).with("reason", &accepted.reason).into()
        });
        Self { accepted, ..Self::of(&checked.finding) }
    }
}

/// A decision on how the national table is made.
struct Decided {
    by: String,
    at: Moment,
    rule: String,
    reason: String,
}

#[derive(Template)]
#[template(path = "table.html")]
pub(super) struct TablePage {
    frame: Frame,
    address: String,
    subject: String,
    question: String,
    state: MatrixCell,
    release: Option<i64>,
    refused: String,
    can_prepare: bool,
    can_type: bool,
    why_none: String,
    changed: bool,
    figures: Option<FigureTable>,
    facts: Vec<(String, String)>,
    findings: Vec<Found>,
    /// Some of them need a reason.
    open_findings: bool,
    period: String,
    beside: Option<FigureTable>,
    sources: Option<FigureTable>,
    notes: Option<FigureTable>,
    map: Option<RouteMap>,
    /// Why agencies see each other's figures, and who allowed it; empty where they do not.
    between: String,
    can_let: bool,
    /// Agencies that came after it was decided whose cases are counted.
    uncounted: (String, usize),
    origins: Option<FigureTable>,
    decided: Option<Decided>,
    choices: Vec<(String, String)>,
    /// The year for all of which cases can be counted once.
    whole_year: Option<u16>,
    /// Agencies answer a cell differently, so that a decision needs a reason.
    differ: bool,
    /// What two agencies both have, the order in which they are right, and whether it counts.
    overlap: Vec<(Said, String)>,
    order: String,
    counted_once: bool,
    by_hand: Vec<SetByHand>,
    can_set: bool,
    /// Codes and words of the cells that may be set by hand.
    offered: Vec<(String, String)>,
}

pub(super) async fn table(
    State(app): State<App>,
    who: SignedIn,
    Path((period, form)): Path<(String, String)>,
) -> Result<Response, Problem> {
    let restricted = own_agency::restricted_to(&who)?;
    if let Some(code) = form.strip_suffix(".csv") {
        let (period, form) = app.subject(&period, code)?;
        return match restricted {
            Some(agency) => own_agency::csv(&app, &agency, form, period).await,
            None => csv(&app, period, form).await,
        };
    }
    let (period, form) = app.subject(&period, &form)?;
    if let Some(agency) = restricted {
        return own_agency::table(&app, &who, &agency, form, period).await;
    }
    let frame = app.frame(&who, title(form)).await?.below(say("word-our-tables"), "/tables");
    let frame = frame.below(period.to_string(), format!("/tables?period={period}")).lead(format!(
        "{} · {}",
        form.code,
        period_words(period)
    ));
    let own = Own::load(&app).await?;
    let agencies = app.node.agency_tables(&form.code, period).await.map_err(problem)?;
    let (national, why_none) = match app.node.national(&form.code, period).await {
        Ok(national) => (Some(national), String::new()),
        Err(error @ NodeError::Missing(_)) if own.stage(&form.code, period) == Stage::Nothing => {
            return Err(problem(error));
        }
        Err(NodeError::Missing(_)) => (None, say("table-no-agency-has-delivered-this").into()),
        Err(NodeError::Refused(sentence)) => (None, super::frame::capital(&sentence)),
        Err(error) => return Err(problem(error)),
    };
    let findings = match &national {
        Some(_) => app.node.findings(&form.code, period).await.map_err(problem)?.findings,
        None => Vec::new(),
    };
    let entry = own.entry(&form.code, period);
    let stage = own.stage(&form.code, period);
    let focal_point = who.operator.has_role(Role::FocalPoint.code());
    let open = matches!(stage, Stage::AtHand | Stage::Kept | Stage::Refused | Stage::Withdrawn | Stage::Released);
    let mut choices = Vec::new();
    if focal_point && agencies.len() > 1 {
        choices.push(("sum".into(), say("table-add-the-agencies-figures-keeping").into()));
        choices.extend(orders(&agencies).into_iter().map(|order| {
            let words = say("table-count-each-case-once").with("order", order_words(&order)).to_string();
            (Rule::Cases(order).to_string(), words)
        }));
        choices.extend(agencies.iter().map(|own| {
            (
                Rule::Prefer(own.agency.clone()).to_string(),
                say("table-take-the-figures-of").with("agency", own.agency.to_string()).to_string(),
            )
        }));
    }
    let distinct = app.node.distinct(&form.code, period).await.map_err(problem)?;
    let rule = national.as_ref().and_then(|national| national.decision.as_ref()).map(|decision| &decision.rule);
    let counted_once = matches!(rule, Some(Rule::Cases(_)));
    let between = app.node.between_agencies().await.map_err(problem)?.into_iter().find(|of| of.form == form.code);
    let between = between.map_or_else(String::new, |of| {
        say("between-allowed").with("by", of.by).with("day", app.moment(of.at.0).day()).with("reason", of.reason).into()
    });
    let can_set = focal_point && form.kind.counts() && national.is_some();
    let page = TablePage {
        period: period.to_string(),
        address: format!("/tables/{period}/{}", form.code),
        subject: format!("{}:{period}", form.code),
        question: question(app.node.catalogue_of(period), form, &own_name(&app), period),
        state: own.cell(&form.code, period),
        release: entry.map(|entry| entry.release.id),
        refused: entry.filter(|_| stage == Stage::Refused).map_or_else(String::new, why_refused),
        can_prepare: focal_point && open && national.is_some(),
        can_type: Capability::BringFiles.is_of(&who.operator),
        why_none,
        changed: match (&national, entry) {
            (Some(national), Some(entry)) if stage == Stage::Released => {
                changed(&app, national, entry.release.id).await?
            }
            _ => false,
        },
        figures: national.as_ref().map(|national| {
            table_figures(&national.table, form, app.node.catalogue(), &String::from(say("table-the-national-table")))
        }),
        facts: national.as_ref().map_or_else(Vec::new, |national| metadata_facts(&national.table.metadata)),
        whole_year: (choices.iter().any(|(rule, _)| rule.starts_with("cases:"))).then(|| period.year()),
        open_findings: findings.iter().any(Checked::needs_reason),
        findings: findings.iter().map(Found::checked).collect(),
        differ: national.as_ref().is_none_or(|national| national.differing().next().is_some()),
        overlap: distinct.as_ref().map_or_else(Vec::new, overlap_facts),
        order: distinct.as_ref().map_or_else(String::new, |union| order_words(&union.order)),
        counted_once,
        by_hand: national.as_ref().map_or_else(Vec::new, |national| set_by_hand(&app, form, national, &agencies)),
        can_set,
        offered: if can_set { offered(&app, form, period, national.as_ref(), &agencies) } else { Vec::new() },
        beside: (agencies.len() > 1)
            .then(|| beside(&app, form, period, Beside::National(national.as_ref()), &agencies)),
        can_let: focal_point && (agencies.len() > 1 || !between.is_empty()),
        between,
        uncounted: national
            .as_ref()
            .map_or_else(Default::default, |national| (order_words(&national.uncounted), national.uncounted.len())),
        origins: national.as_ref().map(|national| origins(&app, form, national)),
        sources: (!agencies.is_empty()).then(|| sources(&app, form, &agencies)),
        notes: notes(&app, form, period, &agencies).await?,
        map: national.as_ref().and_then(|national| map_of(&national.table, form, app.node.catalogue())),
        decided: national.and_then(|national| national.decision).map(|decision| Decided {
            at: app.moment(decision.at.0),
            rule: rule_words(&decision.rule, decision.keep.map(|keep| keep as u64)),
            by: decision.by,
            reason: decision.reason,
        }),
        choices,
        frame,
    };
    Ok(Page(page).into_response())
}

/// The orders offered for counting cases once: each agency first that has cases which can be told apart.
fn orders(agencies: &[AgencyTable]) -> Vec<Vec<AgencyCode>> {
    let of_cases: Vec<AgencyCode> = agencies.iter().filter(|own| own.of_cases).map(|own| own.agency.clone()).collect();
    if of_cases.len() < 2 {
        return Vec::new();
    }
    let first = |first: &AgencyCode| {
        let others = of_cases.iter().filter(|other| *other != first).cloned();
        std::iter::once(first.clone()).chain(others).collect()
    };
    of_cases.iter().map(first).collect()
}

/// Agencies in the order in which they are right.
fn order_words(order: &[AgencyCode]) -> String {
    order.iter().map(AgencyCode::as_str).collect::<Vec<_>>().join(", ")
}

/// What two agencies both have, as pairs of words.
fn overlap_facts(union: &Union) -> Vec<(Said, String)> {
    let overlap = &union.overlap;
    let mut facts =
        vec![(say("distinct-cases"), grouped(overlap.cases)), (say("distinct-shared"), grouped(overlap.shared))];
    if overlap.pairs.len() > 1 {
        let pair = |(one, other, count): &(AgencyCode, AgencyCode, u64)| format!("{one}, {other}: {}", grouped(*count));
        let pairs = overlap.pairs.iter().map(pair).collect::<Vec<_>>().join("; ");
        facts.push((say("distinct-pairs"), pairs));
    }
    if overlap.shared > 0 {
        let in_what = overlap.by_dimension.iter().map(|(name, count)| {
            let words = match name.as_str() {
                distinct::PERIOD => say("word-period").to_string(),
                distinct::PERSONS => say("distinct-persons").to_string(),
                code => heading(code),
            };
            format!("{words}: {}", grouped(*count))
        });
        let mut words = vec![grouped(overlap.differing)];
        words.extend(in_what);
        facts.push((say("distinct-differing"), words.join(" · ")));
    }
    if overlap.elsewhere > 0 {
        facts.push((say("distinct-elsewhere"), grouped(overlap.elsewhere)));
    }
    facts
}

/// A rule on how the national table is made, in words.
fn rule_words(rule: &Rule, keep: Option<u64>) -> String {
    let rule = match rule {
        Rule::Sum => say("table-rule-sum"),
        Rule::Prefer(agency) => say("table-rule-prefer").with("agency", agency.to_string()),
        Rule::Cases(order) => say("table-rule-cases").with("order", order_words(order)),
    };
    match keep {
        None => rule,
        Some(keep) => say("table-rule-keeping").with("rule", rule).with("keep", keep.to_string()),
    }
    .into()
}

/// Why the latest attempt was refused, in the hub's words where it was the hub.
fn why_refused(entry: &crate::node::ReleaseEntry) -> String {
    let hub = entry
        .refused
        .as_ref()
        .map(|refusal| say("table-the-hub-says").with("sentence", refusal.sentence.to_string()).to_string());
    super::frame::capital(&hub.or_else(|| entry.release.note.clone()).unwrap_or_default())
}

/// Whether the figures at hand differ from those that were released.
async fn changed(app: &App, national: &National, release: i64) -> Result<bool, Problem> {
    let mut tx = app.read("compare with what was released").await?;
    let Some(packed) = crate::store::releases::packed(&mut tx, release).await? else { return Ok(false) };
    let released = vrs_protocol::release::decode_body(&packed.body).ok();
    Ok(released.is_some() && national.table.for_peers() != released)
}

/// Where each national figure comes from.
fn origins(app: &App, form: &CatalogueForm, national: &National) -> FigureTable {
    let columns =
        [Column::text(say("word-cell")), Column::number(say("table-answer")), Column::text(say("origin-comes-from"))];
    let mut table = FigureTable::new(say("origin-national-figures"), columns).wide();
    for key in ordered(&national.table) {
        let (Some(cell), Some(origin)) = (national.table.cell(&key), national.origins.get(&key)) else { continue };
        let row = Row::new(key_words(&key, form, app.node.catalogue())).cell(placed(cell));
        table = table.row(row.text(origin.words()));
    }
    table
}

/// File and line behind each agency's answers.
pub(super) fn sources(app: &App, form: &CatalogueForm, agencies: &[AgencyTable]) -> FigureTable {
    let columns = [
        Column::text(say("word-cell")),
        Column::number(say("table-answer")),
        Column::text(say("me-agency")),
        Column::text(say("word-file")),
        Column::text(say("word-line")),
        Column::text(say("word-taken-in")),
    ];
    let mut table = FigureTable::new(say("origin-agencies-figures"), columns).wide();
    for own in agencies {
        for key in ordered(&own.table) {
            let Some(cell) = own.table.cell(&key) else { continue };
            let line = match (own.lines.get(&key), own.rows.get(&key)) {
                (Some(line), Some(rows)) => {
                    say("origin-from-line").with("count", *rows).with("line", line.to_string()).into()
                }
                (Some(line), None) => line.to_string(),
                (None, _) => say("table-computed").to_string(),
            };
            let row =
                Row::new(key_words(&key, form, app.node.catalogue())).cell(placed(cell)).text(own.agency.as_str());
            let taken = say("table-by")
                .with("name", own.file.taken_by.to_string())
                .with("day", app.moment(own.file.taken_at.0).day().to_string())
                .to_string();
            table = table.row(row.text(own.file.name.clone()).text(line).text(taken));
        }
    }
    table
}

/// The national table as canonical CSV.
async fn csv(app: &App, period: Period, form: &CatalogueForm) -> Result<Response, Problem> {
    let national = app.node.national(&form.code, period).await.map_err(problem)?;
    let text = write_canonical([&national.table], form, app.node.participant());
    let name = ["VRS", app.node.participant().as_str(), &period.to_string(), form.code.as_str()].join("_") + ".csv";
    Ok(download(&name, text))
}

/// A CSV file under a name of ours.
pub(super) fn download(name: &str, text: String) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, disposition)], text)
        .into_response()
}

/// What a person decides about the national table.
#[derive(Deserialize)]
pub(super) struct DecisionForm {
    rule: String,
    #[serde(default)]
    keep: String,
    #[serde(default)]
    whole_year: String,
    #[serde(default)]
    reason: String,
}

/// Whether agencies see each other's figures of a form.
#[derive(Deserialize)]
pub(super) struct BetweenForm {
    allow: String,
    #[serde(default)]
    reason: String,
}

pub(super) async fn between(
    State(app): State<App>,
    who: SignedIn,
    Path((period, form)): Path<(String, String)>,
    Form(said): Form<BetweenForm>,
) -> Result<Redirect, Problem> {
    let (period, form) = app.subject(&period, &form)?;
    if said.allow == "yes" {
        app.node.allow_between_agencies(&form.code, &said.reason, &who.operator).await.map_err(problem)?;
        app.console.say(&who, Tone::Good, say("between-now-allowed")).await?;
    } else {
        app.node.end_between_agencies(&form.code, &who.operator).await.map_err(problem)?;
        app.console.say(&who, Tone::Good, say("between-now-ended")).await?;
    }
    Ok(Redirect::to(&format!("/tables/{period}/{}", form.code)))
}

pub(super) async fn decide(
    State(app): State<App>,
    who: SignedIn,
    Path((period, form)): Path<(String, String)>,
    Form(said): Form<DecisionForm>,
) -> Result<Redirect, Problem> {
    let (period, form) = app.subject(&period, &form)?;
    let rule = Rule::parse(&said.rule).map_err(|error| Problem::refused(super::frame::capital(&error)))?;
    let keep = match said.keep.trim() {
        "" => None,
        rows => Some(rows.parse().map_err(|_| Problem::refused(say("table-the-number-of-rows-to")))?),
    };
    match &rule {
        Rule::Cases(order) if !said.whole_year.is_empty() && keep.is_none() => {
            let decided = app.node.decide_cases(&form.code, period.year(), order, &said.reason, &who.operator);
            decided.await.map_err(problem)?;
        }
        Rule::Cases(_) if !said.whole_year.is_empty() => {
            return Err(Problem::refused(say("table-whole-year-or-keep")));
        }
        _ => drop(app.node.decide(&form.code, period, rule, keep, &said.reason, &who.operator).await.map_err(problem)?),
    }
    app.console.say(&who, Tone::Good, say("table-the-decision-is-recorded-with")).await?;
    Ok(Redirect::to(&format!("/tables/{period}/{}", form.code)))
}
