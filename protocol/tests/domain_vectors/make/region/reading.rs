//! Rules 1, 2, 4 and 5: servings and what justifies them, and erasures.

use vrs_protocol::audience::Audience;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::charter::Charter;
use vrs_protocol::ledger::{LineKind, ParticipantChange, Served, ServedItem, Serving, Undelivered};
use vrs_protocol::release::Manifest;

use super::story::{Story, Told};
use super::tell;
use crate::shared::Folder;

const T: &str = "SM_CIT 2021-S1";

pub(super) fn reading(folder: &mut Folder<'_>) {
    good(folder);
    rights(folder);
    servings(folder);
    erasures(folder);
}

/// AUS and IDN with open releases of one table.
fn two() -> (Story, Told, Told) {
    let mut story = Story::begin(&["AUS", "IDN", "THA"]);
    let (a, b) = (story.open("AUS", T), story.open("IDN", T));
    (story, a, b)
}

fn good(folder: &mut Folder<'_>) {
    // D names A, and A is open: they read each other. B and D do not.
    let mut story = Story::begin(&["AUS", "IDN", "GBR"]);
    let (a, b) = (story.open("AUS", T), story.open("IDN", T));
    let named = story.to(&["AUS"]);
    let d = story.release("GBR", T, named);
    story.ok(story.serving("AUS", &[(b.line, a.line), (d.line, a.line)]));
    story.ok(story.serving("GBR", &[(a.line, d.line)]));
    story.refused(606, story.serving("IDN", &[(d.line, b.line)]));
    story.refused(607, story.serving("GBR", &[(b.line, d.line)]));
    tell(folder, "bad_region_named_and_open_read_each_other_only", &story);

    let (mut story, a, b) = two();
    story.ok(story.serving("AUS", &[(b.line, a.line)]));
    story.ok(story.serving("IDN", &[(a.line, b.line)]));
    story.withdraw("IDN", &b);
    story.ok(story.erasure(Some("AUS"), &[b.line]));
    story.ok(story.erasure(Some("IDN"), &[a.line]));
    story.ok(story.erasure(None, &[b.line]));
    // IDN comes back, and both may be served again.
    let again = story.open("IDN", T);
    story.ok(story.serving("AUS", &[(again.line, a.line)]));
    story.ok(story.serving("IDN", &[(a.line, again.line)]));
    tell(folder, "ok_region_erased_and_served_again", &story);

    let (mut story, a, b) = two();
    story.ok(story.serving("AUS", &[(b.line, a.line)]));
    let not = Undelivered { reader: story.id("AUS"), items: vec![ServedItem::Release(b.line)] };
    // While the right holds, what was served is due to be delivered.
    story.refused(300, story.by_hub(LineKind::Undelivered, &not));
    story.ok(story.suspension("AUS"));
    story.ok(story.by_hub(LineKind::Undelivered, &not));
    let change = ParticipantChange::Resume { participant: story.id("AUS"), votes: Vec::new() };
    story.ok(story.by_hub(LineKind::Participant, &change));
    story.ok(story.serving("AUS", &[(b.line, a.line)]));
    tell(folder, "bad_region_undelivered_while_the_right_holds", &story);

    // A suspended participant may still say that it has erased.
    let (mut story, a, b) = two();
    story.ok(story.serving("AUS", &[(b.line, a.line)]));
    story.ok(story.suspension("AUS"));
    story.ok(story.erasure(Some("AUS"), &[b.line]));
    tell(folder, "ok_region_erasure_by_a_suspended_holder", &story);
}

/// Servings without a right.
fn rights(folder: &mut Folder<'_>) {
    let mut story = Story::begin(&["AUS", "IDN"]);
    let a = story.open("AUS", T);
    story.refused(600, story.serving("IDN", &[(a.line, a.line)]));
    let b = story.open("IDN", T);
    story.ok(story.serving("IDN", &[(a.line, b.line)]));
    tell(folder, "bad_region_serving_without_right", &story);

    let mut story = Story::begin(&["AUS", "IDN"]);
    let b = story.open("IDN", T);
    // Line 5 will be the release, and is not there yet.
    story.refused(106, story.serving("IDN", &[(story.size(), b.line)]));
    let a = story.open("AUS", T);
    story.ok(story.serving("IDN", &[(a.line, b.line)]));
    tell(folder, "bad_region_serving_before_the_release", &story);

    let mut story = Story::begin(&["AUS", "IDN"]);
    let a = story.open("AUS", T);
    let empty = Manifest { core_answered: false, ..story.manifest("IDN", T, Audience::Contributors) };
    let b = story.told("IDN", empty);
    story.refused(601, story.serving("IDN", &[(a.line, b.line)]));
    story.refused(604, story.serving("AUS", &[(b.line, a.line)]));
    tell(folder, "bad_region_serving_for_a_core_not_answered", &story);

    let mut story = Story::begin(&["AUS", "IDN"]);
    let empty = Manifest { core_answered: false, ..story.manifest("IDN", T, Audience::Contributors) };
    let (a, b) = (story.open("AUS", T), story.told("IDN", empty));
    story.refused(604, story.serving("AUS", &[(b.line, a.line)]));
    tell(folder, "bad_region_serving_of_a_core_not_answered", &story);

    let mut story = Story::begin(&["AUS", "IDN"]);
    let (a, b) = (story.open("AUS", T), story.totals("IDN", T));
    story.refused(602, story.serving("IDN", &[(a.line, b.line)]));
    tell(folder, "bad_region_serving_for_totals", &story);

    let mut story = Story::begin(&["AUS", "IDN"]);
    let (a, b) = (story.open("AUS", T), story.totals("IDN", T));
    story.refused(605, story.serving("AUS", &[(b.line, a.line)]));
    tell(folder, "bad_region_serving_of_totals", &story);

    let mut story = Story::begin(&["AUS", "IDN", "THA"]);
    let named = story.to(&["AUS"]);
    let other = story.open("IDN", T);
    let c = story.release("THA", T, named);
    story.refused(607, story.serving("THA", &[(other.line, c.line)]));
    tell(folder, "bad_region_serving_to_one_who_hides", &story);

    let (mut story, a, b) = two();
    story.ok(story.suspension("IDN"));
    story.refused(201, story.serving("IDN", &[(a.line, b.line)]));
    story.refused(201, story.serving("AUS", &[(b.line, a.line)]));
    tell(folder, "bad_region_serving_to_a_suspended_participant", &story);

    let (mut story, a, b) = two();
    story.open("IDN", T);
    story.refused(415, story.serving("AUS", &[(b.line, a.line)]));
    tell(folder, "bad_region_serving_of_a_replaced_release", &story);

    // The right ended with a new Charter, which no longer uses the form.
    let with = |on: bool| {
        let mut charter = Charter::standard(Catalogue::bundled());
        if on {
            charter.extensions.insert(super::story::form("SM_SXA"));
        }
        charter
    };
    let mut story = Story::begin_with(with(true), &["AUS", "IDN"]);
    let (a, b) = (story.open("AUS", "SM_SXA 2021-S1"), story.open("IDN", "SM_SXA 2021-S1"));
    story.charter(with(false));
    story.refused(401, story.serving("AUS", &[(b.line, a.line)]));
    tell(folder, "bad_region_serving_of_a_form_no_longer_in_use", &story);
}

/// Servings with a right, and wrong all the same.
fn servings(folder: &mut Folder<'_>) {
    let (mut story, a, b) = two();
    story.refused(611, story.serving("AUS", &[(b.line, b.line)]));
    story.ok(story.serving("AUS", &[(b.line, a.line)]));
    tell(folder, "bad_region_wrong_justification", &story);

    // The justification is the current release, not the first one.
    let (mut story, a, b) = two();
    let again = story.open("AUS", T);
    story.refused(611, story.serving("AUS", &[(b.line, a.line)]));
    story.ok(story.serving("AUS", &[(b.line, again.line)]));
    tell(folder, "bad_region_justified_by_a_replaced_release", &story);

    let (mut story, a, b) = two();
    story.ok(story.serving("AUS", &[(b.line, a.line)]));
    story.refused(612, story.serving("AUS", &[(b.line, a.line)]));
    tell(folder, "bad_region_served_twice", &story);

    let (mut story, ..) = two();
    story.refused(300, story.serving("AUS", &[]));
    tell(folder, "bad_region_serving_of_nothing", &story);

    let (mut story, a, b) = two();
    let c = story.open("THA", T);
    story.refused(300, story.serving("AUS", &[(c.line, a.line), (b.line, a.line)]));
    tell(folder, "bad_region_serving_unsorted", &story);

    // One flawed item spoils the line: AUS may read IDN, and not itself.
    let (mut story, a, b) = two();
    let unknown = Served { item: ServedItem::BlockTable(9, 0, 0), justified_by: a.line };
    let good = Served { item: ServedItem::Release(b.line), justified_by: a.line };
    let mixed = Serving { reader: story.id("AUS"), items: vec![good, unknown] };
    story.refused(106, story.by_hub(LineKind::Serving, &mixed));
    tell(folder, "bad_region_serving_of_a_block_that_is_not_there", &story);
}

fn erasures(folder: &mut Folder<'_>) {
    // IDN withdraws; AUS holds a copy, and gets nothing new of the topic before it has erased it.
    let (mut story, a, b) = two();
    let c = story.open("THA", T);
    story.ok(story.serving("AUS", &[(b.line, a.line)]));
    story.withdraw("IDN", &b);
    story.refused(609, story.serving("AUS", &[(c.line, a.line)]));
    let (ours, theirs) = (story.open("AUS", "IE_CIT 2021-S1"), story.open("THA", "IE_CIT 2021-S1"));
    story.ok(story.serving("AUS", &[(theirs.line, ours.line)]));
    story.ok(story.erasure(Some("AUS"), &[b.line]));
    story.ok(story.serving("AUS", &[(c.line, a.line)]));
    tell(folder, "bad_region_serving_while_an_erasure_is_owed", &story);

    let (mut story, a, b) = two();
    story.refused(613, story.erasure(Some("AUS"), &[b.line]));
    story.ok(story.serving("AUS", &[(b.line, a.line)]));
    story.ok(story.erasure(Some("AUS"), &[b.line]));
    tell(folder, "bad_region_erasure_of_what_was_never_held", &story);

    // The same statement again is an old one, shown a second time; another about the same copy comes too late.
    let (mut story, a, b) = two();
    let c = story.open("THA", T);
    story.ok(story.serving("AUS", &[(b.line, a.line), (c.line, a.line)]));
    story.ok(story.erasure(Some("AUS"), &[b.line]));
    story.refused(300, story.erasure(Some("AUS"), &[b.line]));
    story.refused(613, story.erasure(Some("AUS"), &[b.line, c.line]));
    tell(folder, "bad_region_erasure_said_twice", &story);

    let (mut story, ..) = two();
    story.refused(613, story.erasure(None, &[99]));
    tell(folder, "bad_region_erasure_by_the_hub_of_no_release", &story);

    let (mut story, a, b) = two();
    story.refused(300, story.erasure(None, &[]));
    story.refused(300, story.erasure(None, &[b.line, a.line]));
    tell(folder, "bad_region_erasure_of_nothing", &story);

    let (mut story, _, b) = two();
    let never = Undelivered { reader: story.id("AUS"), items: vec![ServedItem::Release(b.line)] };
    story.refused(613, story.by_hub(LineKind::Undelivered, &never));
    tell(folder, "bad_region_undelivered_though_never_served", &story);
}
