//! Words that several pages share: states, audiences, and the lines of the ledger.

use std::collections::BTreeMap;

use vrs_console::domain::refusals::reason_said;
use vrs_console::layout::Tone;
use vrs_console::words::Said;
use vrs_protocol::id::{LineIndex, ParticipantCode};
use vrs_protocol::ledger::{Line, ParticipantChange, Said as LineSaid, ServedItem};
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::{LoggedRelease, Region, State as LoggedState};
use vrs_protocol::release::WithdrawalReason;

use crate::error::NodeError;
use crate::release::State;
use crate::release::preview::audience_in_words;
use crate::say;
use crate::sentences::NODE;

/// How a state of the desk is meant.
pub(super) const fn tone(state: State) -> Tone {
    match state {
        State::Prepared => Tone::Caution,
        State::Draft | State::Approved | State::Signed | State::Sent | State::Replaced => Tone::Plain,
        State::Logged | State::Final => Tone::Good,
        State::Withdrawn | State::Refused => Tone::Bad,
    }
}

/// A state of the desk as a heading and a sentence.
pub(super) fn explained(state: State) -> (Said, Said) {
    match state {
        State::Draft => (say("words-draft"), say("words-terms-are-chosen-nothing-is")),
        State::Prepared => (say("word-waiting-for-approval"), say("words-the-bytes-are-fixed-a")),
        State::Approved => (say("word-approved"), say("words-a-second-person-has-approved")),
        State::Signed => (say("words-signed"), say("words-signed-and-in-the-outbox")),
        State::Sent => (say("word-on-its-way"), say("words-sent-the-hub-has-not")),
        State::Logged => (say("words-logged-at-the-hub"), say("words-the-hub-says-that-it")),
        State::Final => (say("words-final"), say("words-it-stands-in-the-ledger")),
        State::Replaced => (say("word-replaced"), say("words-a-later-revision-took-its")),
        State::Withdrawn => (say("word-withdrawn"), say("words-taken-back-or-let-go")),
        State::Refused => (say("word-refused"), say("words-the-rules-or-the-hub")),
    }
}

/// Several codes in a sentence: `GBR, FRA`, or `nobody`.
pub(super) fn codes(codes: &[ParticipantCode]) -> String {
    if codes.is_empty() {
        return say("words-nobody").into();
    }
    codes.iter().map(ParticipantCode::as_str).collect::<Vec<_>>().join(", ")
}

/// Why a peer's table is closed to us, short enough to be counted.
pub(super) fn because(reason: &Reason) -> String {
    match reason {
        Reason::NothingReleased { .. } => say("words-we-have-released-nothing-of").into(),
        Reason::CoreNotAnswered { .. } => say("words-our-own-release-does-not").into(),
        Reason::OnlyTotals { .. } => say("words-we-released-totals-only").into(),
        Reason::AuthorNotStanding { .. } => say("words-the-peers-release-does-not").into(),
        Reason::AuthorOnlyTotals { .. } => say("words-the-peer-shares-totals-only").into(),
        Reason::NotAdmittedByAuthor { .. } => say("words-the-peer-shares-with-others").into(),
        Reason::NotAdmittedByReader { .. } => say("words-our-own-release-does-not-2").into(),
        Reason::AdmittedLater { .. } => say("words-it-was-released-before-we").into(),
        Reason::ErasureOwed { .. } => say("words-we-have-not-erased-what").into(),
        other => reason_said(other).into(),
    }
}

/// An error as a page says it. Sentences that were made further down stay as they are.
pub(super) fn error_words(error: &NodeError) -> String {
    match error {
        NodeError::Rule(reason) => reason_said(reason).into(),
        NodeError::Missing(what) => say("error-missing").with("what", what).into(),
        NodeError::Hub(refusal) => say("error-hub-refuses").with("sentence", &refusal.refusal.sentence).into(),
        NodeError::NotJoined => say("error-not-joined").into(),
        NodeError::Unreachable(cause) => say("error-unreachable").with("cause", cause).into(),
        NodeError::Hostile(cause) => say("error-hostile").with("cause", cause).into(),
        other => other.to_string(),
    }
}

/// What became of a release in the ledger, in words.
pub(super) fn logged_words(release: &LoggedRelease) -> (Tone, String) {
    match release.state {
        LoggedState::Current => (Tone::Good, say("words-current").into()),
        LoggedState::Replaced(line) => {
            (Tone::Plain, say("words-replaced-at-line").with("line", line.to_string()).to_string())
        }
        LoggedState::Withdrawn(line) => {
            (Tone::Bad, say("words-withdrawn-at-line").with("line", line.to_string()).to_string())
        }
        LoggedState::Fallen(line) => {
            (Tone::Caution, say("words-fell-with-its-source-at").with("line", line.to_string()).to_string())
        }
    }
}

/// The reasons of a withdrawal as a form offers them: value and words.
pub(super) fn withdrawal_reasons() -> [(&'static str, Said); 4] {
    [
        ("wrong", say("words-the-figures-were-wrong")),
        ("mistake", say("words-it-was-released-by-mistake")),
        ("no-longer-shared", say("words-we-no-longer-share-this")),
        ("unstated", say("words-no-reason-given")),
    ]
}

/// The reason behind a value of the form.
pub(super) fn withdrawal_reason(value: &str) -> Option<WithdrawalReason> {
    Some(match value {
        "wrong" => WithdrawalReason::Wrong,
        "mistake" => WithdrawalReason::Mistake,
        "no-longer-shared" => WithdrawalReason::NoLongerShared,
        "unstated" => WithdrawalReason::Unstated,
        _ => return None,
    })
}

/// The kind of a line as pages name it.
pub(super) fn kind_words(kind: &str) -> String {
    NODE.say_or(format!("kind-{kind}"), kind).to_string()
}

/// A line of the ledger for a table.
pub(super) struct LineWords {
    pub(super) kind: String,
    pub(super) by: String,
    pub(super) what: String,
}

/// Puts a line into words.
pub(super) fn line_words(
    region: &Region,
    flaws: &BTreeMap<LineIndex, Reason>,
    index: LineIndex,
    line: &Line,
) -> LineWords {
    let by =
        line.author.map_or_else(|| say("words-by-the-hub").to_string(), |author| region.code_of(author).to_string());
    let unknown = || say("words-kind-which-this-program-cannot").with("kind", line.kind.to_string()).to_string();
    let kind = line.kind().map_or_else(unknown, |kind| kind_words(kind.word()));
    let said = line.kind().and_then(|kind| LineSaid::read(kind, line.statement().ok()?.payload()).ok());
    let mut what = said.map_or_else(String::new, |said| said_words(region, &said));
    if let Some(flaw) = flaws.get(&index) {
        what = say("words-this-line-may-not-stand")
            .with("what", what.to_string())
            .with("flaw", reason_said(flaw))
            .to_string();
    }
    LineWords { kind, by, what }
}

fn said_words(region: &Region, said: &LineSaid) -> String {
    match said {
        LineSaid::Genesis(genesis) => say("words-region").with("region", genesis.region.to_string()).to_string(),
        LineSaid::Charter(charter) => say("words-catalogue-groups-of-at-least")
            .with("charter", charter.title.to_string())
            .with("catalogue", charter.catalogue.to_string())
            .with("block_min", charter.block_min.to_string())
            .to_string(),
        LineSaid::Participant(change) => match change {
            ParticipantChange::Admit { code, name, .. } => {
                say("words-is-admitted").with("code", code.to_string()).with("name", name.to_string()).to_string()
            }
            ParticipantChange::Suspend { participant, .. } => {
                say("words-is-suspended").with("participant", region.code_of(*participant).to_string()).to_string()
            }
            ParticipantChange::Resume { participant, .. } => {
                say("words-is-resumed").with("participant", region.code_of(*participant).to_string()).to_string()
            }
            ParticipantChange::Rename { participant, name } => say("words-is-called")
                .with("participant", region.code_of(*participant).to_string())
                .with("name", name.to_string())
                .to_string(),
        },
        LineSaid::Key(event) => say("words-changes-its-key-to")
            .with("participant", region.code_of(event.participant).to_string())
            .with("kid", event.key.kid().to_string())
            .to_string(),
        LineSaid::Release(manifest) => say("words-r-to")
            .with("form", manifest.form.to_string())
            .with("period", manifest.period.to_string())
            .with("revision", manifest.revision.to_string())
            .with("audience", audience_in_words(region, &manifest.audience).to_string())
            .to_string(),
        LineSaid::Extension(extension) => say("words-opens-releases-to-newcomers")
            .with("releases", extension.releases.len().to_string())
            .with("to", extension.to.len().to_string())
            .to_string(),
        LineSaid::Withdrawal(withdrawal) => match region.release_by_id(&withdrawal.release) {
            Some(release) => {
                let manifest = &release.manifest;
                say("words-takes-back-r-of-line")
                    .with("form", manifest.form.to_string())
                    .with("period", manifest.period.to_string())
                    .with("revision", manifest.revision.to_string())
                    .with("index", release.index.to_string())
                    .to_string()
            }
            None => say("words-takes-back").with("release", withdrawal.release.to_string()).to_string(),
        },
        LineSaid::Serving(serving) => {
            let items: Vec<String> = serving
                .items
                .iter()
                .map(|served| {
                    say("words-by-right-of-line")
                        .with("item", item_words(region, served.item).to_string())
                        .with("justified_by", served.justified_by.to_string())
                        .to_string()
                })
                .collect();
            say("words-is-served")
                .with("reader", region.code_of(serving.reader).to_string())
                .with("what", items.join("; ").to_string())
                .to_string()
        }
        LineSaid::Undelivered(undelivered) => {
            let items: Vec<String> = undelivered.items.iter().map(|item| item_words(region, *item)).collect();
            say("words-was-not-delivered")
                .with("reader", region.code_of(undelivered.reader).to_string())
                .with("what", items.join("; ").to_string())
                .to_string()
        }
        LineSaid::Erasure(erasure) => {
            let lines: Vec<String> = erasure.releases.iter().map(ToString::to_string).collect();
            say("words-erased-the-figures-of-line").with("lines", lines.join(", ").to_string()).to_string()
        }
        LineSaid::Objection(objection) => say("words-objects-to-line")
            .with("line", objection.line.to_string())
            .with("text", objection.text.to_string())
            .to_string(),
        LineSaid::Edition(edition) => say("words-edition")
            .with("number", edition.number.to_string())
            .with("topic", edition.topic.to_string())
            .with("year", edition.year.to_string())
            .with("count", edition.blocks.len())
            .to_string(),
        LineSaid::Bulletin(text) => text.clone(),
    }
}

/// What is served, in words.
pub(super) fn item_words(region: &Region, item: ServedItem) -> String {
    match item {
        ServedItem::Release(line) => match region.release(line) {
            Some(release) => {
                let manifest = &release.manifest;
                say("word-of")
                    .with("form", manifest.form.to_string())
                    .with("period", manifest.period.to_string())
                    .with("participant", region.code_of(manifest.participant).to_string())
                    .to_string()
            }
            None => say("words-the-release-of-line").with("line", line.to_string()).to_string(),
        },
        ServedItem::BlockTable(edition, block, table) => {
            let blocks = region.edition(edition).map(|edition| &edition.blocks);
            let block = blocks.and_then(|blocks| blocks.get(usize::from(block)));
            match block.and_then(|block| Some((block, block.tables.get(usize::from(table))?))) {
                Some((block, table)) => {
                    let members = codes(&region.codes_of(block.members.iter().copied()));
                    say("words-the-sums-of-over")
                        .with("form", table.form.to_string())
                        .with("period", table.period.to_string())
                        .with("members", members.to_string())
                        .to_string()
                }
                None => say("words-a-table-of-the-edition").with("edition", edition.to_string()).to_string(),
            }
        }
    }
}
