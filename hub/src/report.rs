//! Lines of the ledger and alarms in words, for the console and the command line.

use vrs_protocol::id::LineIndex;
use vrs_protocol::ledger::{Line, ParticipantChange, Said, ServedItem};
use vrs_protocol::region::Region;

use crate::say;
use crate::sentences::HUB;
use crate::store::alarms::{Alarm, AlarmCause};

/// What a line says, in words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LineWords {
    /// Its place.
    pub line: LineIndex,
    /// Its kind, or that it cannot be judged.
    pub kind: String,
    /// Who signed it.
    pub by: String,
    /// What it says.
    pub what: String,
}

/// Puts a line into words.
pub fn line_words(region: &Region, index: LineIndex, line: &Line) -> LineWords {
    let by =
        line.author.map_or_else(|| say("report-by-the-hub").to_string(), |author| region.code_of(author).to_string());
    let kind = line.kind().map_or_else(
        || {
            say("report-kind-of-version-which-this")
                .with("kind", line.kind.to_string())
                .with("version", line.version.to_string())
                .to_string()
        },
        |kind| kind_words(kind.word()),
    );
    let said = line.kind().and_then(|kind| Said::read(kind, line.statement().ok()?.payload()).ok());
    LineWords { line: index, kind, by, what: said.map_or_else(String::new, |said| words(region, &said)) }
}

/// The kind of a line as pages name it.
fn kind_words(kind: &str) -> String {
    HUB.say_or(format!("kind-{kind}"), kind).to_string()
}

/// Puts an alarm into words.
pub(crate) fn alarm_words(region: &Region, alarm: &Alarm) -> String {
    let here = alarm.size_here;
    match &alarm.cause {
        AlarmCause::Lost { participant, size, .. } if *size > here => say("report-has-seen-lines-that-this")
            .with("participant", region.code_of(*participant).to_string())
            .with("size", size.to_string())
            .with("here", here.to_string())
            .to_string(),
        AlarmCause::Lost { participant, size, .. } => say("report-has-seen-other-lines-that")
            .with("participant", region.code_of(*participant).to_string())
            .with("size", size.to_string())
            .to_string(),
        AlarmCause::Restored { made_at } => say("report-the-database-was-restored-from")
            .with("made_at", made_at.to_string())
            .with("here", here.to_string())
            .to_string(),
    }
}

fn words(region: &Region, said: &Said) -> String {
    match said {
        Said::Genesis(genesis) => say("report-region").with("region", genesis.region.to_string()).to_string(),
        Said::Charter(charter) => say("report-catalogue-blocks-of-at-least")
            .with("charter", charter.title.to_string())
            .with("catalogue", charter.catalogue.to_string())
            .with("block_min", charter.block_min.to_string())
            .to_string(),
        Said::Participant(ParticipantChange::Admit { code, name, .. }) => {
            say("report-is-admitted").with("code", code.to_string()).with("name", name.to_string()).to_string()
        }
        Said::Participant(ParticipantChange::Suspend { participant, .. }) => {
            say("report-is-suspended").with("participant", region.code_of(*participant).to_string()).to_string()
        }
        Said::Participant(ParticipantChange::Resume { participant, .. }) => {
            say("report-is-resumed").with("participant", region.code_of(*participant).to_string()).to_string()
        }
        Said::Participant(ParticipantChange::Rename { participant, name }) => say("report-is-called")
            .with("participant", region.code_of(*participant).to_string())
            .with("name", name.to_string())
            .to_string(),
        Said::Key(event) => say("report-changes-its-key-to")
            .with("participant", region.code_of(event.participant).to_string())
            .with("kid", event.key.kid().to_string())
            .to_string(),
        Said::Release(manifest) => {
            let audience = match &manifest.audience {
                vrs_protocol::audience::Audience::Totals => say("report-totals").to_string(),
                vrs_protocol::audience::Audience::Contributors => say("report-contributors").to_string(),
                vrs_protocol::audience::Audience::Named(named) => say("word-named")
                    .with(
                        "codes",
                        (region
                            .codes_of(named.iter().copied())
                            .iter()
                            .map(ToString::to_string)
                            .collect::<Vec<_>>()
                            .join(", "))
                        .to_string(),
                    )
                    .to_string(),
                vrs_protocol::audience::Audience::Unknown(_) => say("report-an-unknown-audience").to_string(),
            };
            say("report-r-to")
                .with("form", manifest.form.to_string())
                .with("period", manifest.period.to_string())
                .with("revision", manifest.revision.to_string())
                .with("audience", audience.to_string())
                .to_string()
        }
        Said::Extension(extension) => say("report-opens-releases-to-newcomers")
            .with("releases", extension.releases.len().to_string())
            .with("to", extension.to.len().to_string())
            .to_string(),
        Said::Withdrawal(withdrawal) => match region.release_by_id(&withdrawal.release) {
            Some(release) => say("report-r-of-line")
                .with("form", release.manifest.form.to_string())
                .with("period", release.manifest.period.to_string())
                .with("revision", release.manifest.revision.to_string())
                .with("index", release.index.to_string())
                .to_string(),
            None => withdrawal.release.to_string(),
        },
        Said::Serving(serving) => {
            let items: Vec<String> = serving
                .items
                .iter()
                .map(|served| {
                    say("report-by-line")
                        .with("item", item(region, served.item).to_string())
                        .with("justified_by", served.justified_by.to_string())
                        .to_string()
                })
                .collect();
            say("report-is-served")
                .with("reader", region.code_of(serving.reader).to_string())
                .with("what", items.join(", ").to_string())
                .to_string()
        }
        Said::Undelivered(undelivered) => {
            let items: Vec<String> = undelivered.items.iter().map(|one| item(region, *one)).collect();
            say("report-was-not-delivered")
                .with("reader", region.code_of(undelivered.reader).to_string())
                .with("what", items.join(", ").to_string())
                .to_string()
        }
        Said::Erasure(erasure) => say("report-erased-the-releases-of-lines")
            .with("lines", erasure.releases.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ").to_string())
            .to_string(),
        Said::Objection(objection) => say("report-objects-to-line")
            .with("line", objection.line.to_string())
            .with("text", objection.text.to_string())
            .to_string(),
        Said::Edition(edition) => say("report-edition-of-for-blocks-not")
            .with("number", edition.number.to_string())
            .with("topic", edition.topic.to_string())
            .with("year", edition.year.to_string())
            .with("blocks", edition.blocks.len().to_string())
            .with("not_included", edition.not_included.len().to_string())
            .to_string(),
        Said::Bulletin(text) => text.clone(),
    }
}

fn item(region: &Region, item: ServedItem) -> String {
    match item {
        ServedItem::Release(line) => match region.release(line) {
            Some(release) => say("report-of")
                .with("form", release.manifest.form.to_string())
                .with("period", release.manifest.period.to_string())
                .with("participant", region.code_of(release.manifest.participant).to_string())
                .to_string(),
            None => say("report-the-release-of-line").with("line", line.to_string()).to_string(),
        },
        ServedItem::BlockTable(edition, block, table) => {
            let listed = region
                .edition(edition)
                .and_then(|edition| edition.blocks.get(usize::from(block))?.tables.get(usize::from(table)));
            match listed {
                Some(table) => say("report-the-sums-of-block-for")
                    .with("block", (block + 1).to_string())
                    .with("form", table.form.to_string())
                    .with("period", table.period.to_string())
                    .to_string(),
                None => say("report-table-of-block-in-the")
                    .with("table", table.to_string())
                    .with("block", block.to_string())
                    .with("edition", edition.to_string())
                    .to_string(),
            }
        }
    }
}
