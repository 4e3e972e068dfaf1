//! Lines of the ledger and alarms in words, for the console and the command line.

use vrs_protocol::id::LineIndex;
use vrs_protocol::ledger::{Line, ParticipantChange, Said, ServedItem};
use vrs_protocol::region::Region;

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
    let by = line.author.map_or_else(|| "hub".to_owned(), |author| region.code_of(author).to_string());
    let kind = line.kind().map_or_else(
        || format!("kind {} of version {}, which this program cannot judge", line.kind, line.version),
        |kind| kind.word().to_owned(),
    );
    let said = line.kind().and_then(|kind| Said::read(kind, line.statement().ok()?.payload()).ok());
    LineWords { line: index, kind, by, what: said.map_or_else(String::new, |said| words(region, &said)) }
}

/// Puts an alarm into words.
pub(crate) fn alarm_words(region: &Region, alarm: &Alarm) -> String {
    let here = alarm.size_here;
    match &alarm.cause {
        AlarmCause::Lost { participant, size, .. } if *size > here => format!(
            "{} has seen {size} lines that this hub has signed, and the hub had {here}: it was rolled back, or restored from an old backup",
            region.code_of(*participant)
        ),
        AlarmCause::Lost { participant, size, .. } => format!(
            "{} has seen {size} other lines that this hub has signed: it was restored from an old backup and went on",
            region.code_of(*participant)
        ),
        AlarmCause::Restored { made_at } => {
            format!(
                "the database was restored from a backup of {made_at} with {here} lines, and nodes may have seen more"
            )
        }
    }
}

fn words(region: &Region, said: &Said) -> String {
    match said {
        Said::Genesis(genesis) => format!("region {}", genesis.region),
        Said::Charter(charter) => {
            format!("{}, catalogue {}, blocks of at least {}", charter.title, charter.catalogue, charter.block_min)
        }
        Said::Participant(ParticipantChange::Admit { code, name, .. }) => format!("{code} ({name}) is admitted"),
        Said::Participant(ParticipantChange::Suspend { participant, .. }) => {
            format!("{} is suspended", region.code_of(*participant))
        }
        Said::Participant(ParticipantChange::Resume { participant, .. }) => {
            format!("{} is resumed", region.code_of(*participant))
        }
        Said::Participant(ParticipantChange::Rename { participant, name }) => {
            format!("{} is called {name}", region.code_of(*participant))
        }
        Said::Key(event) => format!("{} changes its key to {}", region.code_of(event.participant), event.key.kid()),
        Said::Release(manifest) => {
            let audience = match &manifest.audience {
                vrs_protocol::audience::Audience::Totals => "totals".to_owned(),
                vrs_protocol::audience::Audience::Contributors => "contributors".to_owned(),
                vrs_protocol::audience::Audience::Named(named) => {
                    format!(
                        "named: {}",
                        region
                            .codes_of(named.iter().copied())
                            .iter()
                            .map(ToString::to_string)
                            .collect::<Vec<_>>()
                            .join(", ")
                    )
                }
                vrs_protocol::audience::Audience::Unknown(_) => "an unknown audience".to_owned(),
            };
            format!("{} {} r{} to {audience}", manifest.form, manifest.period, manifest.revision)
        }
        Said::Extension(extension) => {
            format!("opens {} releases to {} newcomers", extension.releases.len(), extension.to.len())
        }
        Said::Withdrawal(withdrawal) => match region.release_by_id(&withdrawal.release) {
            Some(release) => format!(
                "{} {} r{} of line {}",
                release.manifest.form, release.manifest.period, release.manifest.revision, release.index
            ),
            None => withdrawal.release.to_string(),
        },
        Said::Serving(serving) => {
            let items: Vec<String> = serving
                .items
                .iter()
                .map(|served| format!("{} by line {}", item(region, served.item), served.justified_by))
                .collect();
            format!("{} is served {}", region.code_of(serving.reader), items.join(", "))
        }
        Said::Undelivered(undelivered) => {
            let items: Vec<String> = undelivered.items.iter().map(|one| item(region, *one)).collect();
            format!("{} was not delivered {}", region.code_of(undelivered.reader), items.join(", "))
        }
        Said::Erasure(erasure) => format!(
            "erased the releases of lines {}",
            erasure.releases.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        ),
        Said::Objection(objection) => format!("objects to line {}: {}", objection.line, objection.text),
        Said::Edition(edition) => format!(
            "edition {} of {} for {}: {} blocks, {} not included",
            edition.number,
            edition.topic,
            edition.year,
            edition.blocks.len(),
            edition.not_included.len()
        ),
        Said::Bulletin(text) => text.clone(),
    }
}

fn item(region: &Region, item: ServedItem) -> String {
    match item {
        ServedItem::Release(line) => match region.release(line) {
            Some(release) => format!(
                "{} {} of {}",
                release.manifest.form,
                release.manifest.period,
                region.code_of(release.manifest.participant)
            ),
            None => format!("the release of line {line}"),
        },
        ServedItem::BlockTable(edition, block, table) => {
            let listed = region
                .edition(edition)
                .and_then(|edition| edition.blocks.get(usize::from(block))?.tables.get(usize::from(table)));
            match listed {
                Some(table) => format!("the sums of block {} for {} {}", block + 1, table.form, table.period),
                None => format!("table {table} of block {block} in the edition of line {edition}"),
            }
        }
    }
}
