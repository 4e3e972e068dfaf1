//! Rule 3, kinds: how a participant shares a topic and year, and how that may change.

use vrs_protocol::audience::{Audience, Sharing};
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::charter::Charter;
use vrs_protocol::ledger::LineKind;
use vrs_protocol::release::Manifest;

use super::editions::{block, edition};
use super::story::{Story, Told, code};
use super::tell;
use crate::shared::Folder;

const OPEN: Audience = Audience::Contributors;
const T: &str = "SM_CIT 2021-S1";

/// Each with `totals` for one table, and an edition with their block.
pub(super) fn closed_block(codes: &[&str]) -> (Story, Vec<Told>, u64) {
    let mut story = Story::begin(codes);
    let told: Vec<_> = codes.iter().map(|code| story.totals(code, T)).collect();
    let first = edition(1, vec![block(&story, Sharing::Totals, codes, &[(T, 1, false)])], &[]);
    let line = story.ok(story.by_hub(LineKind::Edition, &first));
    (story, told, line)
}

pub(super) fn sharing(folder: &mut Folder<'_>) {
    let mut story = Story::begin(&["AUS", "IDN"]);
    story.totals("AUS", T);
    story.open("AUS", T);
    let named = story.to(&["IDN"]);
    story.release("AUS", T, named);
    tell(folder, "ok_region_from_totals_to_open_to_named", &story);

    // Kinds are of a topic and a year: another topic, or the same one a year earlier, is free.
    let mut story = Story::begin(&["AUS"]);
    story.totals("AUS", T);
    story.open("AUS", "IE_CIT 2021-S1");
    story.open("AUS", "SM_CIT 2020-S1");
    tell(folder, "ok_region_one_kind_for_each_topic_and_year", &story);

    let (mut story, ..) = closed_block(&["AUS", "IDN", "THA", "MYS"]);
    story.open("AUS", T);
    tell(folder, "ok_region_opening_out_of_a_block_of_four", &story);

    let (mut story, ..) = closed_block(&["AUS", "IDN", "THA"]);
    let opening = story.manifest("AUS", T, OPEN);
    story.release_refused(503, "AUS", &opening);
    tell(folder, "bad_region_opening_out_of_a_block_of_three", &story);

    for (name, from, to) in [
        ("open_to_totals", OPEN, Audience::Totals),
        ("totals_to_named", Audience::Totals, Audience::Named([vrs_protocol::id::ParticipantId(3)].into())),
        ("named_to_open", Audience::Named([vrs_protocol::id::ParticipantId(3)].into()), OPEN),
    ] {
        let mut story = Story::begin(&["AUS", "IDN"]);
        story.release("AUS", T, from);
        let changed = story.manifest("AUS", T, to);
        story.release_refused(500, "AUS", &changed);
        tell(folder, &format!("bad_region_kind_from_{name}"), &story);
    }

    // The kind outlives the withdrawal.
    let mut story = Story::begin(&["AUS"]);
    let first = story.open("AUS", T);
    story.withdraw("AUS", &first);
    let changed = story.manifest("AUS", "SM_TOT 2021-S2", Audience::Totals);
    story.release_refused(500, "AUS", &changed);
    tell(folder, "bad_region_kind_changed_after_withdrawal", &story);

    let mut story = Story::begin(&["AUS"]);
    story.totals("AUS", "SM_TOT 2021-Q1");
    story.totals("AUS", "SM_TOT 2021-Q2");
    let one = story.manifest("AUS", "SM_TOT 2021-Q1", OPEN);
    story.release_refused(501, "AUS", &one);
    let mut both = ["SM_TOT 2021-Q1", "SM_TOT 2021-Q2"].map(|of| story.manifest("AUS", of, OPEN));
    let bundle: Vec<_> = both.iter().map(|m| (m.form.clone(), m.period)).collect();
    for manifest in &mut both {
        manifest.bundle.clone_from(&bundle);
    }
    for manifest in both {
        story.told("AUS", manifest);
    }
    tell(folder, "bad_region_kind_not_changed_at_once", &story);

    let mut story = Story::begin(&["CHN"]);
    story.admit("HKG", Some("CHN"));
    story.totals("CHN", T);
    let opening = story.manifest("HKG", T, OPEN);
    story.release_refused(504, "HKG", &opening);
    story.totals("HKG", T);
    tell(folder, "bad_region_family_of_two_kinds", &story);

    let (mut story, told, line) = open_block();
    story.ok(story.block_serving("MYS", line, 0, 0, told.line));
    let opening = Manifest { audience: OPEN, ..story.manifest("MYS", T, OPEN) };
    story.release_refused(502, "MYS", &opening);
    tell(folder, "bad_region_opening_after_reading_an_open_block", &story);

    // An observer that has read an open block and then opens its first release could subtract as well.
    let mut charter = Charter::standard(Catalogue::bundled());
    charter.observers.insert(code("UNODC"));
    let mut story = Story::begin_with(charter, &["AUS", "IDN", "THA", "UNODC"]);
    let open = ["AUS", "IDN", "THA"];
    for code in open {
        story.open(code, T);
    }
    let first = edition(1, vec![block(&story, Sharing::Open, &open, &[(T, 1, false)])], &[]);
    let line = story.ok(story.by_hub(LineKind::Edition, &first));
    story.ok(story.block_serving("UNODC", line, 0, 0, 1));
    let opening = story.manifest("UNODC", "SM_TOT 2021-S2", OPEN);
    story.release_refused(502, "UNODC", &opening);
    let named = Manifest { audience: story.to(&["AUS"]), ..opening };
    story.release_refused(502, "UNODC", &named);
    story.totals("UNODC", "SM_TOT 2021-S2");
    tell(folder, "bad_region_observer_opens_after_reading_an_open_block", &story);

    let (mut story, ..) = open_block();
    story.open("MYS", T);
    tell(folder, "ok_region_opening_before_reading_an_open_block", &story);
}

/// Three open ones in a block, and MYS with `totals`; MYS's release and the line of the edition.
fn open_block() -> (Story, Told, u64) {
    let open = ["AUS", "IDN", "THA"];
    let mut story = Story::begin(&["AUS", "IDN", "THA", "MYS"]);
    for code in open {
        story.open(code, T);
    }
    let told = story.totals("MYS", T);
    let hidden = [(T, "MYS")];
    let hidden = hidden.map(|(of, code)| super::editions::hidden(&story, of, code));
    let first = edition(1, vec![block(&story, Sharing::Open, &open, &[(T, 1, false)])], &hidden);
    let line = story.ok(story.by_hub(LineKind::Edition, &first));
    (story, told, line)
}
