//! `/releases/{id}`: exactly what leaves, or left. Every cell as peers see it, who could read it, what one could read in
//! return, and what no rule stops; then approve, return, or withdraw. What each release looks like is in `leaving`, what the
//! buttons do in `deciding`.

use askama::Template;
use axum::extract::{Path, State};
use vrs_console::layout::{Frame, Tone};
use vrs_console::moment::Moment;
use vrs_console::numbers::grouped;
use vrs_console::page::Page;
use vrs_console::problem::Problem;
use vrs_console::sign_in::SignedIn;
use vrs_protocol::audience::AudienceChoice;

use super::App;
use super::frame::{Seen, capital, problem};
use super::leaving::{Shown, show};
use super::own::Own;
use super::releases::refusal_words;
use super::words::{WITHDRAWAL_REASONS, codes, counted, explained, tone};
use crate::error::NodeError;
use crate::node::ReleaseEntry;
use crate::release::preview::{Preview, PreviewedRelease};
use crate::release::{Release, State as DeskState};
use crate::roles::Role;

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
    has_left: bool,
    has_ended: bool,
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
    /// What stands above the figures.
    const fn heading(&self) -> &'static str {
        match (self.has_ended, self.has_left) {
            (_, true) => "Exactly this left",
            (false, false) => "Exactly this leaves",
            (true, false) => "This would have left",
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
            (true, _) => "Nobody had read it.".into(),
            (_, true) => format!("It was read by {read}: all have said that they erased it, and may remember it."),
            (_, false) => {
                format!("It was read by {read}. {} have not said yet that they erased it.", codes(&owing))
            }
        };
    }
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
    // What has ended can be read by nobody, and there is nothing to decide.
    if !release.state.is_open() {
        return String::new();
    }
    let stands = release.state.stands();
    let open = preview.releases.iter().filter(|one| !one.has_ended());
    let many = open.clone().count();
    let these = if many == 1 { "this table" } else { "these tables" };
    let tables = match many {
        0 => return String::new(),
        1 => "this table".to_owned(),
        many => format!("one or more of these {many} tables"),
    };
    let pick = |list: fn(&PreviewedRelease) -> &Vec<vrs_protocol::id::ParticipantCode>| {
        let codes: std::collections::BTreeSet<_> = open.clone().flat_map(list).cloned().collect();
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
