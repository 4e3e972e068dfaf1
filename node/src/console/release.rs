//! `/releases/{id}`: exactly what leaves, or left. Every cell as peers see it, who could read it, what one could read in
//! return, and what no rule stops; then approve, return, or withdraw.
//!
//! The figures shown here are unpacked from the very bytes that are signed, not read from the national table again.

use askama::Template;
use axum::Form;
use axum::extract::{Path, State};
use axum::response::Redirect;
use serde::Deserialize;
use vrs_console::domain::cells::placed;
use vrs_console::domain::tables::{key_words, metadata_facts, ordered, table_figures};
use vrs_console::layout::{Frame, Tone};
use vrs_console::moment::Moment;
use vrs_console::numbers::{State as Gap, grouped};
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::table::{Column, FigureTable, Row};
use vrs_protocol::audience::AudienceChoice;
use vrs_protocol::catalogue::Form as CatalogueForm;
use vrs_protocol::release::decode_body;
use vrs_protocol::table::Table;

use super::App;
use super::frame::{Seen, capital, problem};
use super::own::Own;
use super::releases::refusal_words;
use super::table::Found;
use super::words::{WITHDRAWAL_REASONS, codes, counted, explained, tone, withdrawal_reason};
use crate::error::NodeError;
use crate::intake::write_canonical;
use crate::node::{ReleaseEntry, WithdrawOutcome};
use crate::release::preview::{Preview, PreviewedRelease};
use crate::release::{Origin, Release, State as DeskState};
use crate::roles::Role;
use crate::store;

/// One release on the page.
struct Shown {
    id: i64,
    title: String,
    why_along: &'static str,
    after: String,
    facts: Vec<(&'static str, String)>,
    body_hash: String,
    figures: FigureTable,
    notes: Vec<(&'static str, String)>,
    findings: Vec<Found>,
    changes: Option<FigureTable>,
    text: String,
}

/// A step on the way.
struct Step {
    done: bool,
    what: String,
    when: Option<Moment>,
}

/// What the person at the keyboard may do.
#[derive(Clone, Copy, PartialEq, Eq)]
enum MayDo {
    Nothing,
    Approve,
    NotOwn,
    NeedsApprover,
    Withdraw,
}

#[derive(Template)]
#[template(path = "release.html")]
pub(super) struct ReleasePage {
    frame: Frame,
    id: i64,
    state_tone: Tone,
    state: (&'static str, &'static str),
    refused: Option<(String, String)>,
    note: String,
    big: String,
    sentences: Vec<String>,
    shown: Vec<Shown>,
    steps: Vec<Step>,
    may: MayDo,
    can_return: bool,
    read_by: String,
    reasons: [(&'static str, &'static str); 4],
}

impl ReleasePage {
    fn may_approve(&self) -> bool {
        self.may == MayDo::Approve
    }
    fn is_own(&self) -> bool {
        self.may == MayDo::NotOwn
    }
    fn needs_approver(&self) -> bool {
        self.may == MayDo::NeedsApprover
    }
    fn has_left(&self) -> bool {
        self.state_tone == Tone::Good
    }
    fn may_withdraw(&self) -> bool {
        self.may == MayDo::Withdraw
    }
}

pub(super) async fn release(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<i64>,
) -> Result<Page<ReleasePage>, Problem> {
    let (own, seen) = (Own::load(&app).await?, app.seen().await?);
    let entry = own.desk.releases.iter().find(|entry| entry.release.id == id);
    let entry = entry.ok_or_else(|| Problem::not_found(format!("There is no release {id} on the desk.")))?;
    let release = &entry.release;
    let title = format!("{}, {}", app.title(&release.form), release.period);
    let frame = app.frame(&who, title).await?.below("Release desk", "/releases");
    let revision = release.revision.map_or_else(String::new, |revision| format!(" · revision {revision}"));
    let frame = frame.lead(format!("Release {id}{revision} · {}", release.form));
    let preview = match app.node.show_release(id).await {
        Ok(preview) => preview,
        // Refused before it was packed: there is a reason to show and no table.
        Err(NodeError::Refused(_) | NodeError::NotJoined) => {
            Preview { id: release.bundle, releases: Vec::new(), not_derived: Vec::new(), sentences: Vec::new() }
        }
        Err(error) => return Err(problem(error)),
    };
    let mut shown = Vec::new();
    for previewed in &preview.releases {
        shown.push(show(&app, &own, previewed).await?);
    }
    let approver = who.operator.has_role(Role::Approver.code());
    let is_own = release.prepared_by.0 == who.operator.name;
    let may = match release.state {
        DeskState::Prepared if is_own => MayDo::NotOwn,
        DeskState::Prepared if approver => MayDo::Approve,
        DeskState::Prepared => MayDo::NeedsApprover,
        DeskState::Logged | DeskState::Final if approver => MayDo::Withdraw,
        _ => MayDo::Nothing,
    };
    let can_return = approver
        && matches!(release.state, DeskState::Draft | DeskState::Prepared | DeskState::Approved | DeskState::Signed);
    let read_by = readers(&seen, release);
    Ok(Page(ReleasePage {
        frame,
        id,
        state_tone: tone(release.state),
        state: explained(release.state),
        refused: refusal_words(entry),
        note: release
            .note
            .clone()
            .filter(|_| release.state != DeskState::Refused)
            .map_or_else(String::new, |note| capital(&note)),
        big: big(&preview, release, &seen),
        sentences: preview.sentences,
        steps: steps(&app, entry).await?,
        shown,
        may,
        can_return,
        read_by,
        reasons: WITHDRAWAL_REASONS,
    }))
}

/// Who was served it, for a withdrawal.
fn readers(seen: &Seen, release: &Release) -> String {
    let Some(line) = release.line else { return String::new() };
    let region = seen.region();
    let readers: Vec<_> =
        region.readers_of(line).filter(|(_, holding)| holding.erased.is_none()).map(|(reader, _)| reader).collect();
    match readers.len() {
        0 => "Nobody has read it yet.".into(),
        _ => format!(
            "It was read already by {}: they are asked to erase it, and may remember it.",
            codes(&region.codes_of(readers))
        ),
    }
}

/// The one sentence that a person must have read.
fn big(preview: &Preview, release: &Release, seen: &Seen) -> String {
    let stands = release.state.stands();
    let these = if preview.releases.len() == 1 { "this table" } else { "these tables" };
    let tables = match preview.releases.len() {
        0 => return String::new(),
        1 => "this table".to_owned(),
        many => format!("one or more of these {many} tables"),
    };
    let pick = |list: fn(&PreviewedRelease) -> &Vec<vrs_protocol::id::ParticipantCode>| {
        let codes: std::collections::BTreeSet<_> = preview.releases.iter().flat_map(list).cloned().collect();
        codes.into_iter().collect::<Vec<_>>()
    };
    let (now, later) = (pick(|one| &one.readers_now), pick(|one| &one.readers_later));
    let later: Vec<_> = later.into_iter().filter(|code| !now.contains(code)).collect();
    let begin = if stands { "Now" } else { "After this," };
    if release.audience == AudienceChoice::Totals {
        let least = seen.region().charter().map_or(3, |(_, charter)| charter.block_min);
        return format!(
            "{begin} no participant can read {tables}. The hub adds the figures up in groups of at least {least}."
        );
    }
    let can = match now.len() {
        0 => format!("{begin} no participant can read {these} yet"),
        1 => format!("{begin} 1 participant can read {tables}"),
        many => format!("{begin} {many} participants can read {tables}"),
    };
    match later.len() {
        0 => format!("{can}."),
        1 => format!("{can}, and 1 more as soon as it shares back."),
        many => format!("{can}, and {many} more as soon as they share back."),
    }
}

async fn show(app: &App, own: &Own, previewed: &PreviewedRelease) -> Result<Shown, Problem> {
    let release = &previewed.release;
    let form = app.node.form(&release.form).map_err(problem)?;
    let mut tx = app.read("show a release").await?;
    let packed = store::releases::packed(&mut tx, release.id).await?;
    let packed = packed.ok_or_else(|| Problem::conflict("The release has changed meanwhile."))?;
    let damaged = |error| Problem::internal("unpack the bytes of a release", &error);
    let table = decode_body(&packed.body).map_err(damaged)?;
    let before = own.desk.releases.iter().find(|entry| {
        let other = &entry.release;
        other.form == release.form
            && other.period == release.period
            && other.revision.map(|r| r + 1) == release.revision
            && other.line.is_some()
    });
    let before = match before {
        Some(before) => {
            store::releases::packed(&mut tx, before.release.id).await?.and_then(|packed| decode_body(&packed.body).ok())
        }
        None => None,
    };
    let catalogue = app.node.catalogue();
    let manifest = &packed.manifest;
    let returns = match (previewed.unlocks.is_empty(), previewed.regional) {
        (true, true) => "the regional figures; nobody’s table singly yet".to_owned(),
        (true, false) if previewed.core_answered => "nothing yet; whoever shares back opens its table".to_owned(),
        (true, false) => "nothing: the total is not answered".to_owned(),
        (false, true) => format!("the tables of {}, and the regional figures", codes(&previewed.unlocks)),
        (false, false) => format!("the tables of {}", codes(&previewed.unlocks)),
    };
    let mut facts = vec![
        ("Who may read it", previewed.audience.clone()),
        ("Can read it at once", codes(&previewed.readers_now)),
        ("Can read it once they share back", codes(&previewed.readers_later)),
        ("You can read in return", returns),
    ];
    if !previewed.derived_from.is_empty() {
        let parts: Vec<String> = previewed.derived_from.iter().map(ToString::to_string).collect();
        facts.push(("Added up from", parts.join(", ")));
    }
    facts.push(("Rules accepted", format!("Charter of line {}, catalogue {}", manifest.charter, catalogue.version)));
    facts.push((
        "Size as it travels",
        format!("{} bytes, padded so that its length tells little", grouped(u64::from(previewed.body_bytes))),
    ));
    Ok(Shown {
        id: release.id,
        title: format!("{} · {}", form.title, release.period.in_words()),
        why_along: match release.origin {
            Origin::Chosen => "",
            Origin::Derived => "It is complete with these, and is derived from its parts.",
            Origin::Along => "It must be revised along, because the rules change such tables together.",
        },
        after: if previewed.core_answered {
            String::new()
        } else {
            "This table does not answer its total: it is honest, and earns no right to read.".into()
        },
        facts,
        body_hash: manifest.body_hash.to_string(),
        figures: table_figures(&table, form, catalogue, "Every cell, as peers see it"),
        notes: metadata_facts(&table.metadata),
        findings: previewed.findings.iter().map(Found::of).collect(),
        changes: before.and_then(|before| changes(app, form, &before, &table)),
        text: write_canonical([&table], form, app.node.participant()),
    })
}

/// Cells that differ from the revision before.
fn changes(app: &App, form: &CatalogueForm, before: &Table, after: &Table) -> Option<FigureTable> {
    let columns = [Column::text("Cell"), Column::number("Was"), Column::number("Becomes")];
    let mut table = FigureTable::new("What changes against the revision before", columns);
    let mut all = before.clone();
    all.cells.extend(after.cells.iter().map(|(key, cell)| (key.clone(), cell.clone())));
    let mut any = false;
    for key in ordered(&all) {
        let (was, becomes) = (before.cell(&key), after.cell(&key));
        if was == becomes {
            continue;
        }
        any = true;
        let mut row = Row::new(key_words(&key, form, app.node.catalogue()));
        for cell in [was, becomes] {
            row = match cell {
                Some(cell) => row.cell(placed(cell)),
                None => row.figure(Gap::NotReported),
            };
        }
        table = table.row(row);
    }
    any.then_some(table)
}

async fn steps(app: &App, entry: &ReleaseEntry) -> Result<Vec<Step>, Problem> {
    let release = &entry.release;
    let at = |at: Option<vrs_protocol::time::Timestamp>| at.map(|at| app.moment(at.0));
    let step =
        |what: String, when: Option<vrs_protocol::time::Timestamp>| Step { done: when.is_some(), what, when: at(when) };
    let approved = release
        .approved_by
        .as_ref()
        .map_or_else(|| "Approved by a second person".to_owned(), |by| format!("Approved by {}", by.0));
    let line = release.line.map_or_else(String::new, |line| format!(" at line {}", grouped(line)));
    let checkpoint =
        app.node.head().await.map_err(problem)?.checkpoint.map(|checkpoint| checkpoint.checkpoint().size());
    let under = match (checkpoint, release.line) {
        (Some(size), Some(line)) if size > line => format!(", under checkpoint {}", grouped(size)),
        _ => String::new(),
    };
    let sent = match &entry.waiting {
        Some(parcel) if parcel.tries > 0 => {
            format!("Sent to the hub, {}", counted(parcel.tries as usize, "try", "tries"))
        }
        _ => "Sent to the hub".into(),
    };
    let mut steps = vec![
        step(format!("Prepared by {}", release.prepared_by.0), Some(release.prepared_at)),
        step(approved, release.approved_at),
        step("Signed with the participant’s key".into(), release.signed_at),
        step(sent, release.sent_at),
        step(format!("Logged{line}"), release.logged_at),
        step(format!("Final: checked by this node{under}"), release.final_at),
    ];
    if let Some(ended) = release.ended_at {
        let by = release.ended_by.map_or_else(String::new, |line| format!(" at line {}", grouped(line)));
        // Steps that will not happen any more are left out.
        steps.retain(|step| step.done);
        steps.push(step(format!("{}{by}", explained(release.state).0), Some(ended)));
    }
    Ok(steps)
}

/// What the form of an approval or withdrawal says.
#[derive(Deserialize)]
pub(super) struct Act {
    #[serde(default)]
    password: String,
    #[serde(default)]
    reason: String,
}

pub(super) async fn approve(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<i64>,
    Form(act): Form<Act>,
) -> Result<Redirect, Problem> {
    who.require_role(&[Role::Approver.code()])?;
    let back = Redirect::to(&format!("/releases/{id}"));
    refuse_the_preparer(&app, &who, id).await?;
    if let Err(sentence) = app.step_up(&who, act.password).await? {
        app.console.say(&who, Tone::Bad, sentence).await?;
        return Ok(back);
    }
    let approved = app.node.approve(id, &who.operator).await.map_err(problem)?;
    let sentence = format!(
        "Approved and signed: {}. It leaves as soon as the hub answers.",
        counted(approved.len(), "release", "releases")
    );
    app.console.say(&who, Tone::Good, sentence).await?;
    Ok(back)
}

/// Asked before the password is, so that nobody types it for nothing. The node asks again when it approves.
async fn refuse_the_preparer(app: &App, who: &SignedIn, id: i64) -> Result<(), Problem> {
    let mut tx = app.read("find a release").await?;
    let release = store::releases::find(&mut tx, id).await?;
    let release = release.ok_or_else(|| Problem::not_found(format!("There is no release {id} on the desk.")))?;
    if release.prepared_by.0 == who.operator.name {
        return Err(Problem::forbidden("You prepared this release. Nobody approves what they prepared.")
            .next("Ask another approver."));
    }
    Ok(())
}

pub(super) async fn discard(State(app): State<App>, who: SignedIn, Path(id): Path<i64>) -> Result<Redirect, Problem> {
    who.require_role(&[Role::Approver.code()])?;
    let mut tx = app.read("find a release").await?;
    let stands = store::releases::find(&mut tx, id).await?.is_some_and(|release| release.state.stands());
    drop(tx);
    if stands {
        return Err(Problem::refused("It has left meanwhile, and can only be withdrawn."));
    }
    // A reason is for those who have seen it; nobody outside has.
    let outcome = app
        .node
        .withdraw(id, vrs_protocol::release::WithdrawalReason::Unstated, &who.operator)
        .await
        .map_err(problem)?;
    app.console.say(&who, Tone::Good, outcome_words(&outcome)).await?;
    Ok(Redirect::to("/releases"))
}

pub(super) async fn withdraw(
    State(app): State<App>,
    who: SignedIn,
    Path(id): Path<i64>,
    Form(act): Form<Act>,
) -> Result<Redirect, Problem> {
    who.require_role(&[Role::Approver.code()])?;
    let back = Redirect::to(&format!("/releases/{id}"));
    let reason =
        withdrawal_reason(&act.reason).ok_or_else(|| Problem::refused("Choose a reason for the withdrawal."))?;
    if let Err(sentence) = app.step_up(&who, act.password).await? {
        app.console.say(&who, Tone::Bad, sentence).await?;
        return Ok(back);
    }
    let outcome = app.node.withdraw(id, reason, &who.operator).await.map_err(problem)?;
    app.console.say(&who, Tone::Good, outcome_words(&outcome)).await?;
    Ok(back)
}

fn outcome_words(outcome: &WithdrawOutcome) -> String {
    match outcome {
        WithdrawOutcome::LetGo(ids) => format!(
            "Let go: {}. Nothing had left, and the tables can be prepared again.",
            counted(ids.len(), "release", "releases")
        ),
        WithdrawOutcome::Signed { read_by, .. } if read_by.is_empty() => {
            "The withdrawal is signed and on its way. Nobody had read the table.".into()
        }
        WithdrawOutcome::Signed { read_by, .. } => {
            format!(
                "The withdrawal is signed and on its way. {} had read the table and are asked to erase it.",
                codes(read_by)
            )
        }
    }
}
