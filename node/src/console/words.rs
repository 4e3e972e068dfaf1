//! Words that several pages share: states, audiences, and the lines of the ledger.

use std::collections::BTreeMap;

use vrs_console::layout::Tone;
use vrs_protocol::id::{LineIndex, ParticipantCode};
use vrs_protocol::ledger::{Line, ParticipantChange, Said, ServedItem};
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::{LoggedRelease, Region, State as LoggedState};
use vrs_protocol::release::WithdrawalReason;

use crate::release::State;
use crate::release::preview::audience_in_words;

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
pub(super) const fn explained(state: State) -> (&'static str, &'static str) {
    match state {
        State::Draft => ("Draft", "Terms are chosen; nothing is packed yet."),
        State::Prepared => ("Waiting for approval", "The bytes are fixed; a second person decides."),
        State::Approved => ("Approved", "A second person has approved; the node signs next."),
        State::Signed => ("Signed", "Signed and in the outbox; nothing has left yet."),
        State::Sent => ("On its way", "Sent; the hub has not confirmed yet. Nothing needs to be done."),
        State::Logged => ("Logged at the hub", "The hub says that it stands in the ledger; this node checks it next."),
        State::Final => ("Final", "It stands in the ledger, and this node has checked that itself."),
        State::Replaced => ("Replaced", "A later revision took its place."),
        State::Withdrawn => ("Withdrawn", "Taken back, or let go before it left."),
        State::Refused => ("Refused", "The rules or the hub said no; nothing left."),
    }
}

/// Several codes in a sentence: `GBR, FRA`, or `nobody`.
pub(super) fn codes(codes: &[ParticipantCode]) -> String {
    if codes.is_empty() {
        return "nobody".into();
    }
    codes.iter().map(ParticipantCode::as_str).collect::<Vec<_>>().join(", ")
}

/// A count with its noun.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", vrs_console::numbers::grouped(count as u64), if count == 1 { one } else { many })
}

/// Why a peer's table is closed to us, short enough to be counted.
pub(super) fn because(reason: &Reason) -> String {
    match reason {
        Reason::NothingReleased { .. } => "we have released nothing of that form and period".into(),
        Reason::CoreNotAnswered { .. } => "our own release does not answer its total".into(),
        Reason::OnlyTotals { .. } => "we released totals only".into(),
        Reason::AuthorNotStanding { .. } => "the peer’s release does not answer its total".into(),
        Reason::AuthorOnlyTotals { .. } => "the peer shares totals only".into(),
        Reason::NotAdmittedByAuthor { .. } => "the peer shares with others by name".into(),
        Reason::NotAdmittedByReader { .. } => "our own release does not admit the peer".into(),
        Reason::AdmittedLater { .. } => "it was released before we were admitted".into(),
        Reason::ErasureOwed { .. } => "we have not erased what we must erase".into(),
        other => other.to_string(),
    }
}

/// A reason without the part that says what would unlock it, where the page says that by itself.
pub(super) fn without_unlock(sentence: &str) -> &str {
    sentence.split_once("; release ").map_or(sentence, |(reason, _)| reason)
}

/// What became of a release in the ledger, in words.
pub(super) fn logged_words(release: &LoggedRelease) -> (Tone, String) {
    match release.state {
        LoggedState::Current => (Tone::Good, "current".into()),
        LoggedState::Replaced(line) => (Tone::Plain, format!("replaced at line {line}")),
        LoggedState::Withdrawn(line) => (Tone::Bad, format!("withdrawn at line {line}")),
        LoggedState::Fallen(line) => (Tone::Caution, format!("fell with its source at line {line}")),
    }
}

/// The reasons of a withdrawal as a form offers them: value and words.
pub(super) const WITHDRAWAL_REASONS: [(&str, &str); 4] = [
    ("wrong", "The figures were wrong"),
    ("mistake", "It was released by mistake"),
    ("no-longer-shared", "We no longer share this form"),
    ("unstated", "No reason given"),
];

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
    let by = line.author.map_or_else(|| "hub".to_owned(), |author| region.code_of(author).to_string());
    let unknown = || format!("kind {}, which this program cannot judge", line.kind);
    let kind = line.kind().map_or_else(unknown, |kind| kind.word().to_owned());
    let said = line.kind().and_then(|kind| Said::read(kind, line.statement().ok()?.payload()).ok());
    let mut what = said.map_or_else(String::new, |said| said_words(region, &said));
    if let Some(flaw) = flaws.get(&index) {
        what = format!("{what} — this line may not stand here: {flaw}");
    }
    LineWords { kind, by, what }
}

fn said_words(region: &Region, said: &Said) -> String {
    match said {
        Said::Genesis(genesis) => format!("region {}", genesis.region),
        Said::Charter(charter) => {
            format!("{}, catalogue {}, groups of at least {}", charter.title, charter.catalogue, charter.block_min)
        }
        Said::Participant(change) => match change {
            ParticipantChange::Admit { code, name, .. } => format!("{code} ({name}) is admitted"),
            ParticipantChange::Suspend { participant, .. } => format!("{} is suspended", region.code_of(*participant)),
            ParticipantChange::Resume { participant, .. } => format!("{} is resumed", region.code_of(*participant)),
            ParticipantChange::Rename { participant, name } => {
                format!("{} is called {name}", region.code_of(*participant))
            }
        },
        Said::Key(event) => format!("{} changes its key to {}", region.code_of(event.participant), event.key.kid()),
        Said::Release(manifest) => format!(
            "{} {} r{} to {}",
            manifest.form,
            manifest.period,
            manifest.revision,
            audience_in_words(region, &manifest.audience)
        ),
        Said::Extension(extension) => {
            format!("opens {} releases to {} newcomers", extension.releases.len(), extension.to.len())
        }
        Said::Withdrawal(withdrawal) => match region.release_by_id(&withdrawal.release) {
            Some(release) => {
                let manifest = &release.manifest;
                format!(
                    "takes back {} {} r{} of line {}",
                    manifest.form, manifest.period, manifest.revision, release.index
                )
            }
            None => format!("takes back {}", withdrawal.release),
        },
        Said::Serving(serving) => {
            let items: Vec<String> = serving
                .items
                .iter()
                .map(|served| format!("{}, by right of line {}", item_words(region, served.item), served.justified_by))
                .collect();
            format!("{} is served {}", region.code_of(serving.reader), items.join("; "))
        }
        Said::Undelivered(undelivered) => {
            let items: Vec<String> = undelivered.items.iter().map(|item| item_words(region, *item)).collect();
            format!("{} was not delivered {}", region.code_of(undelivered.reader), items.join("; "))
        }
        Said::Erasure(erasure) => {
            let lines: Vec<String> = erasure.releases.iter().map(ToString::to_string).collect();
            format!("erased the figures of line {}", lines.join(", "))
        }
        Said::Objection(objection) => format!("objects to line {}: {}", objection.line, objection.text),
        Said::Edition(edition) => format!(
            "edition {} of {} for {}: {}",
            edition.number,
            edition.topic,
            edition.year,
            counted(edition.blocks.len(), "group", "groups")
        ),
        Said::Bulletin(text) => text.clone(),
    }
}

/// What is served, in words.
pub(super) fn item_words(region: &Region, item: ServedItem) -> String {
    match item {
        ServedItem::Release(line) => match region.release(line) {
            Some(release) => {
                let manifest = &release.manifest;
                format!("{} {} of {}", manifest.form, manifest.period, region.code_of(manifest.participant))
            }
            None => format!("the release of line {line}"),
        },
        ServedItem::BlockTable(edition, block, table) => {
            let blocks = region.edition(edition).map(|edition| &edition.blocks);
            let block = blocks.and_then(|blocks| blocks.get(usize::from(block)));
            match block.and_then(|block| Some((block, block.tables.get(usize::from(table))?))) {
                Some((block, table)) => {
                    let members = codes(&region.codes_of(block.members.iter().copied()));
                    format!("the sums of {} {} over {members}", table.form, table.period)
                }
                None => format!("a table of the edition of line {edition}"),
            }
        }
    }
}
