//! What a person is told before anything leaves: every cell as peers would see it, who could read it and what one could
//! read in return, and in plain sentences what no rule stops.

use serde::Serialize;
use vrs_protocol::audience::Audience;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::check::Finding;
use vrs_protocol::id::{FormCode, ParticipantCode, ParticipantId};
use vrs_protocol::period::Period;
use vrs_protocol::reciprocity::Outlook;
use vrs_protocol::region::Region;
use vrs_protocol::release::Manifest;
use vrs_protocol::table::Table;

use super::{Origin, Release};
use crate::protection::{self, Protection};
use crate::report::{self, TableReport};
use crate::say;

/// Everything that would leave together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Preview {
    /// The number to approve.
    pub id: i64,
    /// The releases, in the order in which they are sent.
    pub releases: Vec<PreviewedRelease>,
    /// Longer periods that would be complete and could not be derived.
    pub not_derived: Vec<NotDerived>,
    /// What to know before approving.
    pub sentences: Vec<String>,
    /// What disclosure control decided, by topic and year. Stays in the node.
    pub protection: Vec<Protection>,
}

/// A longer period that would be complete and could not be derived.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotDerived {
    /// The form.
    pub form: FormCode,
    /// The period.
    pub period: Period,
    /// Why.
    pub reason: String,
}

/// One release that would leave, or left. Of one that has ended nobody can read anything any more, and it earns nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PreviewedRelease {
    /// The release as the desk knows it.
    pub release: Release,
    /// Every cell as peers would see it.
    pub table: TableReport,
    /// Who may get it, in words.
    pub audience: String,
    /// The parts it was derived from.
    pub derived_from: Vec<Period>,
    /// Whether it answers its core cells, so that it earns the right to read.
    pub core_answered: bool,
    /// Who could read the figures at once.
    pub readers_now: Vec<ParticipantCode>,
    /// Who could read them once it contributes itself.
    pub readers_later: Vec<ParticipantCode>,
    /// Whose figures could be read in return at once.
    pub unlocks: Vec<ParticipantCode>,
    /// Whether it earns the regional figures.
    pub regional: bool,
    /// Bytes of the body as it travels.
    pub body_bytes: u32,
    /// What to look at in the figures.
    pub findings: Vec<Finding>,
}

impl PreviewedRelease {
    /// Whether it was refused, taken back, or replaced.
    #[must_use]
    pub const fn has_ended(&self) -> bool {
        !self.release.state.is_open()
    }
}

/// One release, shown.
#[must_use]
pub fn show(
    region: &Region,
    me: ParticipantId,
    release: Release,
    manifest: &Manifest,
    table: &Table,
    findings: Vec<Finding>,
) -> Option<PreviewedRelease> {
    let catalogue: &Catalogue = region.catalogue_of(manifest.period);
    let form = catalogue.form(&manifest.form)?;
    let Outlook { readers_now, readers_later, unlocks, regional } = if release.state.is_open() {
        region.outlook(me, &manifest.form, manifest.period, &manifest.audience, manifest.core_answered)
    } else {
        Outlook { readers_now: Vec::new(), readers_later: Vec::new(), unlocks: Vec::new(), regional: false }
    };
    Some(PreviewedRelease {
        table: report::table(table, form, catalogue, &region.code_of(me)),
        audience: audience_in_words(region, &manifest.audience),
        derived_from: if release.origin == Origin::Derived { manifest.period.parts() } else { Vec::new() },
        core_answered: manifest.core_answered,
        readers_now,
        readers_later,
        unlocks,
        regional,
        body_bytes: manifest.body_bytes,
        findings,
        release,
    })
}

/// Who may get a release, in words.
#[must_use]
pub fn audience_in_words(region: &Region, audience: &Audience) -> String {
    match audience {
        Audience::Totals => say("preview-the-hub-for-sums-only").to_string(),
        Audience::Contributors => say("preview-every-participant-that-shares-the").to_string(),
        Audience::Named(named) => {
            let codes = region.codes_of(named.iter().copied());
            let codes = codes.iter().map(ParticipantCode::as_str).collect::<Vec<_>>().join(", ");
            say("preview-if-they-share-back").with("codes", codes.to_string()).to_string()
        }
        Audience::Unknown(_) => say("preview-nobody-this-program-does-not").to_string(),
    }
}

/// What to know before approving, whatever the figures are. Nothing, where all of it has ended.
#[must_use]
pub fn sentences(region: &Region, releases: &[PreviewedRelease], protection: &[Protection]) -> Vec<String> {
    if releases.iter().all(PreviewedRelease::has_ended) {
        return Vec::new();
    }
    let mut said: Vec<String> = protection.iter().flat_map(protection::words::sentences).collect();
    if releases.iter().any(|release| release.release.origin == Origin::Derived) {
        said.push(say("preview-what-is-added-up").to_string());
    }
    let open = releases.iter().any(|release| !release.readers_now.is_empty() || !release.readers_later.is_empty());
    if open {
        said.push(say("preview-what-was-read-may-be").to_string());
    }
    if releases.iter().any(|release| release.regional) {
        said.push(say("preview-where-a-regional-sum-is").to_string());
        let least = region.charter().map_or(3, |(_, charter)| charter.block_min);
        let others = least.saturating_sub(1);
        said.push(
            say("preview-sums-are-made-over-groups")
                .with("least", least.to_string())
                .with("others", others.to_string())
                .to_string(),
        );
    }
    said.push(say("preview-all-participants-see-who-released").to_string());
    if releases.iter().any(|release| !release.core_answered && !release.has_ended()) {
        said.push(say("preview-a-release-that-does-not").to_string());
    }
    said
}
