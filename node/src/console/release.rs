//! `/releases/{id}`: exactly what leaves, or left. Every cell as peers see it, who could read it, what one could read in
//! return, and what no rule stops; then approve, return, or withdraw. What each release looks like is in `leaving`, what the
//! buttons do in `deciding`.

use askama::Template;
use axum::extract::{Path, State};
use vrs_console::layout::{Frame, Tone};
use vrs_console::moment::Moment;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_console::words::Said;
use vrs_protocol::audience::AudienceChoice;

use super::App;
use super::frame::{Seen, capital, problem};
use super::leaving::{Shown, show};
use super::own::Own;
use super::releases::refusal_words;
use super::words::{codes, explained, tone, withdrawal_reasons};
use crate::error::NodeError;
use crate::node::ReleaseEntry;
use crate::protection::Warned;
use crate::protection::words::{open_words, warning_words};
use crate::release::preview::{Preview, PreviewedRelease};
use crate::release::{Release, State as DeskState};
use crate::roles::Role;
use crate::say;

/// Warnings of disclosure control that a page shows: more are read by nobody. The command line shows all.
const WARNINGS_MAX: usize = 30;

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
    state: (Said, Said),
    has_left: bool,
    has_ended: bool,
    refused: Option<(String, String)>,
    note: String,
    embargo: String,
    because: String,
    big: String,
    sentences: Vec<String>,
    warnings: Vec<String>,
    despite: Option<String>,
    shown: Vec<Shown>,
    steps: Vec<Step>,
    may: MayDo,
    can_return: bool,
    read_by: String,
    reasons: [(&'static str, Said); 4],
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
    /// What stands above the figures.
    fn heading(&self) -> Said {
        match (self.has_ended, self.has_left) {
            (_, true) => say("release-exactly-this-left"),
            (false, false) => say("release-exactly-this-leaves"),
            (true, false) => say("release-this-would-have-left"),
        }
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
    let entry = entry.ok_or_else(|| {
        Problem::not_found(say("release-there-is-no-release-on").with("id", id.to_string()).to_string())
    })?;
    let release = &entry.release;
    let title = format!("{}, {}", app.title(&release.form), release.period);
    let frame = app.frame(&who, title).await?.below(say("word-release-desk"), "/releases");
    let lead = match release.revision {
        None => say("release-lead"),
        Some(revision) => say("release-lead-revision").with("revision", revision.to_string()),
    };
    let frame = frame.lead(lead.with("id", id.to_string()).with("form", &release.form));
    let preview = match app.node.show_release(id).await {
        Ok(preview) => preview,
        // Refused before it was packed: there is a reason to show and no table.
        Err(NodeError::Refused(_) | NodeError::NotJoined) => Preview {
            id: release.bundle,
            releases: Vec::new(),
            not_derived: Vec::new(),
            sentences: Vec::new(),
            protection: Vec::new(),
        },
        Err(error) => return Err(problem(error)),
    };
    let mut shown = Vec::new();
    for previewed in &preview.releases {
        shown.push(show(&app, &own, &preview, previewed).await?);
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
    let own_draft = is_own && matches!(release.state, DeskState::Draft | DeskState::Prepared);
    let can_return = own_draft
        || approver
            && matches!(
                release.state,
                DeskState::Draft | DeskState::Prepared | DeskState::Approved | DeskState::Signed
            );
    let read_by = readers(&seen, release);
    Ok(Page(ReleasePage {
        frame,
        id,
        state_tone: tone(release.state),
        state: explained(release.state),
        has_left: release.line.is_some(),
        has_ended: !release.state.is_open(),
        refused: refusal_words(entry),
        note: release
            .note
            .clone()
            .filter(|_| release.state != DeskState::Refused)
            .map_or_else(String::new, |note| capital(&note)),
        embargo: entry.terms.not_before.map_or_else(String::new, |until| {
            let open = if entry.terms.holds(app.node.now()) && release.state.is_open() { "yes" } else { "no" };
            say("release-embargo").with("open", open).with("until", app.moment(until.0).words()).to_string()
        }),
        because: entry.terms.because.clone(),
        big: big(&preview, release, &seen),
        warnings: warnings(&preview),
        despite: open_words(&preview.protection).filter(|_| release.state.is_open()),
        sentences: preview.sentences,
        steps: steps(&app, entry).await?,
        shown,
        may,
        can_return,
        read_by,
        reasons: withdrawal_reasons(),
    }))
}

/// What a person should look at before approving; nothing, where there is nothing to decide any more.
fn warnings(preview: &Preview) -> Vec<String> {
    if preview.sentences.is_empty() {
        return Vec::new();
    }
    let all: Vec<&Warned> = preview.protection.iter().flat_map(|protection| &protection.warnings).collect();
    let mut said: Vec<String> = all.iter().take(WARNINGS_MAX).map(|warned| warning_words(warned)).collect();
    if all.len() > WARNINGS_MAX {
        said.push(say("release-more-to-look-at").with("count", all.len() - WARNINGS_MAX).to_string());
    }
    said
}

/// Who was served it, for a withdrawal; and after its end, who still owes the erasure.
fn readers(seen: &Seen, release: &Release) -> String {
    let Some(line) = release.line else { return String::new() };
    let region = seen.region();
    if !release.state.is_open() {
        let all: Vec<_> = region.readers_of(line).collect();
        let owing = all.iter().filter(|(_, holding)| holding.erased.is_none()).map(|(reader, _)| *reader);
        let owing = region.codes_of(owing);
        let read = codes(&region.codes_of(all.iter().map(|(reader, _)| *reader)));
        return match (all.is_empty(), owing.is_empty()) {
            (true, _) => say("release-nobody-had-read-it").into(),
            (_, true) => say("release-it-was-read-by-all").with("readers", read.to_string()).to_string(),
            (_, false) => say("release-it-was-read-by-have")
                .with("readers", read.to_string())
                .with("owing", codes(&owing).to_string())
                .to_string(),
        };
    }
    let readers: Vec<_> =
        region.readers_of(line).filter(|(_, holding)| holding.erased.is_none()).map(|(reader, _)| reader).collect();
    match readers.len() {
        0 => say("release-nobody-has-read-it-yet").into(),
        _ => say("release-it-was-read-already-by")
            .with("readers", codes(&region.codes_of(readers)).to_string())
            .to_string(),
    }
}

/// The one sentence that a person must have read.
fn big(preview: &Preview, release: &Release, seen: &Seen) -> String {
    // What has ended can be read by nobody, and there is nothing to decide.
    if !release.state.is_open() {
        return String::new();
    }
    let stands = release.state.stands();
    let open = preview.releases.iter().filter(|one| !one.has_ended());
    let many = open.clone().count();
    if many == 0 {
        return String::new();
    }
    let pick = |list: fn(&PreviewedRelease) -> &Vec<vrs_protocol::id::ParticipantCode>| {
        let codes: std::collections::BTreeSet<_> = open.clone().flat_map(list).cloned().collect();
        codes.into_iter().collect::<Vec<_>>()
    };
    let (now, later) = (pick(|one| &one.readers_now), pick(|one| &one.readers_later));
    let later: Vec<_> = later.into_iter().filter(|code| !now.contains(code)).collect();
    if release.audience == AudienceChoice::Totals {
        let least = seen.region().charter().map_or(3, |(_, charter)| charter.block_min);
        let nobody = if stands { say("release-now-totals") } else { say("release-then-totals") };
        return nobody.with("tables", many).with("least", least.to_string()).to_string();
    }
    let can = if stands { say("release-now-can-read") } else { say("release-then-can-read") };
    can.with("readers", now.len()).with("tables", many).with("later", later.len()).to_string()
}

async fn steps(app: &App, entry: &ReleaseEntry) -> Result<Vec<Step>, Problem> {
    let release = &entry.release;
    let at = |at: Option<vrs_protocol::time::Timestamp>| at.map(|at| app.moment(at.0));
    let step =
        |what: String, when: Option<vrs_protocol::time::Timestamp>| Step { done: when.is_some(), what, when: at(when) };
    let approved = release.approved_by.as_ref().map_or_else(
        || say("release-approved-by-a-second-person").to_string(),
        |by| say("release-approved-by").with("name", by.0.to_string()).to_string(),
    );
    let checkpoint =
        app.node.head().await.map_err(problem)?.checkpoint.map(|checkpoint| checkpoint.checkpoint().size());
    let last = match (checkpoint, release.line) {
        (Some(size), Some(line)) if size > line => say("release-final-under").with("checkpoint", size),
        _ => say("release-final"),
    };
    let logged = release.line.map_or_else(|| say("release-logged"), |line| say("release-logged-at").with("line", line));
    let held = entry.terms.not_before.filter(|_| entry.terms.holds(app.node.now()));
    let sent = match (held, &entry.waiting) {
        (Some(until), _) => say("release-held-until").with("until", app.moment(until.0).words()).to_string(),
        (None, Some(parcel)) if parcel.tries > 0 => say("release-sent-tries").with("count", parcel.tries).to_string(),
        _ => say("release-sent-to-the-hub").into(),
    };
    let mut steps = vec![
        step(
            say("release-prepared-by").with("name", release.prepared_by.0.to_string()).to_string(),
            Some(release.prepared_at),
        ),
        step(approved, release.approved_at),
        step(say("release-signed-with-the-participants-key").into(), release.signed_at),
        step(sent, release.sent_at),
        step(logged.into(), release.logged_at),
        step(last.into(), release.final_at),
    ];
    if let Some(ended) = release.ended_at {
        // Steps that will not happen any more are left out.
        steps.retain(|step| step.done);
        let state = explained(release.state).0;
        let what = match release.ended_by {
            None => state,
            Some(line) => say("release-ended-at").with("state", state).with("line", line),
        };
        steps.push(step(what.into(), Some(ended)));
    }
    Ok(steps)
}
