//! Releases: what a manifest must say, revisions and bundles, derived releases, withdrawals and extensions.

use std::collections::BTreeSet;

use vrs_protocol::audience::Audience;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::charter::Charter;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::ParticipantId;
use vrs_protocol::ledger::{Extension, LineKind};
use vrs_protocol::release::{Manifest, Withdrawal, WithdrawalReason};

use super::story::{Story, Told, code, table};
use super::tell;
use crate::shared::Folder;

const OPEN: Audience = Audience::Contributors;

pub(super) fn releases(folder: &mut Folder<'_>) {
    good(folder);
    manifests(folder);
    catalogues(folder);
    revisions(folder);
    derived(folder);
    withdrawals_and_extensions(folder);
}

/// The same bundle in each of some manifests.
fn bundled(manifests: Vec<Manifest>) -> Vec<Manifest> {
    let mut bundle: Vec<_> = manifests.iter().map(|m| (m.form.clone(), m.period)).collect();
    bundle.sort();
    manifests.into_iter().map(|m| Manifest { bundle: bundle.clone(), ..m }).collect()
}

fn good(folder: &mut Folder<'_>) {
    let mut story = Story::begin(&["AUS"]);
    let first = story.open("AUS", "SM_CIT 2021-S1");
    story.open("AUS", "SM_CIT 2021-S1");
    story.open("AUS", "SM_TOT 2020");
    let third = story.open("AUS", "SM_CIT 2021-S1");
    story.withdraw("AUS", &third);
    // The next revision counts on and names the withdrawal as the previous statement.
    let fourth = story.open("AUS", "SM_CIT 2021-S1");
    assert_eq!((first.manifest.revision, fourth.manifest.revision), (1, 4));
    tell(folder, "ok_region_revisions_and_withdrawal", &story);

    let mut story = Story::begin(&["AUS"]);
    story.open("AUS", "SM_CIT 2021-S1");
    story.open("AUS", "SM_TOT 2021-Q1");
    let bundle = ["SM_CIT 2021-S1", "SM_TOT 2021-Q1"].map(|of| story.manifest("AUS", of, OPEN));
    for manifest in bundled(bundle.into()) {
        story.told("AUS", manifest);
    }
    tell(folder, "ok_region_overlapping_tables_revised_together", &story);

    let mut story = Story::begin(&["AUS"]);
    let parts = [story.open("AUS", "SM_TOT 2021-Q1"), story.open("AUS", "SM_TOT 2021-Q2")];
    let whole = Manifest { sources: sources(&parts), ..story.manifest("AUS", "SM_TOT 2021-S1", OPEN) };
    story.told("AUS", whole);
    // The whole falls with its part, so the quarter is revised alone afterwards.
    story.withdraw("AUS", &parts[0]);
    story.open("AUS", "SM_TOT 2021-Q1");
    tell(folder, "ok_region_derived_release_falls_with_its_part", &story);

    let mut story = Story::begin(&["AUS", "IDN"]);
    let old = story.open("AUS", "SM_CIT 2021-S1");
    story.admit("THA", None);
    let new = story.open("THA", "SM_CIT 2021-S1");
    story.refused(608, story.serving("THA", &[(old.line, new.line)]));
    let extension = Extension { participant: story.id("AUS"), releases: vec![old.id], to: vec![story.id("THA")] };
    story.ok(story.by("AUS", LineKind::Extension, &extension));
    story.ok(story.serving("THA", &[(old.line, new.line)]));
    // Reading was not symmetric only because THA came later; now AUS reads as well.
    story.ok(story.serving("AUS", &[(new.line, old.line)]));
    tell(folder, "bad_region_newcomer_before_the_extension", &story);
}

fn sources(parts: &[Told]) -> Vec<Hash> {
    let mut sources: Vec<_> = parts.iter().map(|part| part.id).collect();
    sources.sort();
    sources
}

/// The Charter has another catalogue for 2022: each release is judged by that of its own year, before the change and after.
fn catalogues(folder: &mut Folder<'_>) {
    let [first, second] = Catalogue::known() else { panic!("two versions") };
    let standard = Charter::standard(first);
    let moved = standard.with_catalogue(second, 2022);
    let mut bad = |name: &str, number: u16, of: &str, change: &dyn Fn(&mut Manifest)| {
        let mut story = Story::begin(&["AUS"]);
        story.open("AUS", "SM_TOT 2021-Q4");
        story.charter(moved.clone());
        // 1 April 2022, a minute later with every line.
        let mut manifest = story.manifest("AUS", of, OPEN);
        change(&mut manifest);
        story.release_refused(number, "AUS", &manifest);
        // What was asked before is still asked about before, and what is new about after.
        story.open("AUS", "IX_XPT 2021-Q4");
        story.open("AUS", "SM_UAC 2022-Q1");
        story.open("AUS", "SM_TOT 2022-Q1");
        story.open("AUS", "SM_TOT 2021-Q4");
        tell(folder, &format!("bad_region_{name}"), &story);
    };
    bad("release_of_a_later_year_under_the_earlier_catalogue", 402, "SM_TOT 2022-Q1", &|m| m.catalogue = first.hash());
    bad("release_of_an_earlier_year_under_the_later_catalogue", 402, "SM_TOT 2021-Q4", &|m| {
        m.catalogue = second.hash();
    });
    bad("release_of_a_form_that_was_retired", 401, "IX_XPT 2022-Q1", &|_| {});
    bad("release_of_a_form_that_was_not_asked_yet", 401, "SM_UAC 2021-Q4", &|_| {});

    let mut story = Story::begin(&["AUS"]);
    story.open("AUS", "SM_TOT 2021-Q4");
    // Nothing of 2022 is reported yet, so its catalogue may change and change back.
    story.charter(moved.clone());
    story.charter(standard.clone());
    story.charter(moved.clone());
    story.open("AUS", "SM_TOT 2022-Q1");
    // Now it may not, and that of 2021 neither.
    for charter in [&standard, &standard.with_catalogue(second, 2021), &standard.with_catalogue(second, 2023)] {
        story.refused(304, story.by_hub(LineKind::Charter, charter));
    }
    let withdrawn = story.open("AUS", "SM_TOT 2022-Q1");
    story.withdraw("AUS", &withdrawn);
    story.refused(304, story.by_hub(LineKind::Charter, &standard));
    story.charter(Charter { title: "Another title".into(), ..moved.clone() });
    story.charter(moved.with_catalogue(first, 2023));
    story.open("AUS", "SM_UAC 2022-Q1");
    tell(folder, "bad_region_charter_that_changes_the_catalogue_of_a_reported_year", &story);
}

fn manifests(folder: &mut Folder<'_>) {
    let mut bad = |name: &str, number: u16, of: &str, change: &dyn Fn(&mut Story, &mut Manifest)| {
        let mut story = Story::begin(&["AUS", "IDN"]);
        let mut manifest = story.manifest("AUS", of, OPEN);
        change(&mut story, &mut manifest);
        story.release_refused(number, "AUS", &manifest);
        let id = story.id("AUS");
        assert!(manifest.participant == id || number == 202);
        tell(folder, &format!("bad_region_{name}"), &story);
    };
    const SAMPLE: &str = "SM_CIT 2021-S1";
    bad("release_in_the_name_of_another", 202, SAMPLE, &|s, m| m.participant = s.id("IDN"));
    bad("release_with_stream_one", 400, SAMPLE, &|_, m| m.stream = 1);
    bad("release_with_body_of_5000_bytes", 400, SAMPLE, &|_, m| m.body_bytes = 5000);
    bad("release_that_names_its_author", 400, SAMPLE, &|s, m| m.audience = s.to(&["AUS"]));
    bad("release_of_an_extension_not_switched_on", 401, "SM_SXA 2021-S1", &|_, _| {});
    bad("release_of_an_unknown_form", 401, "SM_XXX 2021-S1", &|_, _| {});
    bad("release_of_another_catalogue", 402, SAMPLE, &|_, m| m.catalogue = Hash::of(b"other"));
    bad("release_under_an_older_charter", 403, SAMPLE, &|s, _| {
        s.charter(Charter { title: "Second Charter".into(), ..Charter::standard(Catalogue::bundled()) });
    });
    bad("release_of_a_year_not_ended", 404, "SM_CIT 2022", &|_, _| {});
    bad("release_on_the_last_day_of_its_period", 404, SAMPLE, &|s, m| {
        // The story begins on 1 April 2022; this is the last second of 30 April.
        s.pass(30 * 86_400 - 60 * i64::try_from(s.size()).unwrap() - 1);
        m.period = table("SM_CIT 2022-04").1;
    });
    bad("release_to_a_stranger", 410, SAMPLE, &|_, m| m.audience = Audience::Named([ParticipantId(99)].into()));
    // A mirror takes it in as a release that admits nobody; a hub of this version writes neither it nor a serving of it.
    let mut story = Story::begin(&["AUS", "IDN"]);
    let unknown =
        Manifest { audience: Audience::Unknown(vec![0x82, 9, 0x41, 0]), ..story.manifest("AUS", SAMPLE, OPEN) };
    let later = story.told_as("409-unless-mirrored", "AUS", unknown);
    let known = story.open("IDN", SAMPLE);
    story.only_mirrored(story.serving("IDN", &[(later.line, known.line)]));
    // The next revision is the second one, and gives the author its kind.
    story.open("AUS", SAMPLE);
    tell(folder, "bad_region_release_to_an_audience_of_a_later_version", &story);

    let mut charter = Charter::standard(Catalogue::bundled());
    charter.rhythms.insert(code("AUS"), BTreeSet::from([6, 12]));
    let mut story = Story::begin_with(charter, &["AUS", "IDN"]);
    let monthly = story.manifest("AUS", "SM_CIT 2021-03", OPEN);
    story.release_refused(405, "AUS", &monthly);
    story.open("IDN", "SM_CIT 2021-03");
    story.open("AUS", "SM_CIT 2021-S1");
    tell(folder, "bad_region_release_out_of_rhythm", &story);
}

fn revisions(folder: &mut Folder<'_>) {
    let begun = || {
        let mut story = Story::begin(&["AUS", "IDN"]);
        let first = story.open("AUS", "SM_CIT 2021-S1");
        (story, first)
    };
    let (mut story, first) = begun();
    let again = Manifest { body_hash: Hash::of(b"other figures"), ..first.manifest };
    story.release_refused(407, "AUS", &again);
    tell(folder, "bad_region_revision_with_two_contents", &story);

    let (mut story, _) = begun();
    let skipped = Manifest { revision: 3, ..story.manifest("AUS", "SM_CIT 2021-S1", OPEN) };
    story.release_refused(406, "AUS", &skipped);
    tell(folder, "bad_region_revision_skipped", &story);

    let (mut story, _) = begun();
    let stranger = Manifest { previous: Some(Hash::of(b"another")), ..story.manifest("AUS", "SM_CIT 2021-S1", OPEN) };
    story.release_refused(408, "AUS", &stranger);
    tell(folder, "bad_region_revision_of_another_release", &story);

    let (mut story, first) = begun();
    story.withdraw("AUS", &first);
    let forgetful = Manifest { previous: Some(first.id), ..story.manifest("AUS", "SM_CIT 2021-S1", OPEN) };
    story.release_refused(408, "AUS", &forgetful);
    tell(folder, "bad_region_revision_that_forgets_the_withdrawal", &story);

    let (mut story, _) = begun();
    story.open("AUS", "SM_TOT 2021-Q1");
    let alone = story.manifest("AUS", "SM_CIT 2021-S1", OPEN);
    story.release_refused(414, "AUS", &alone);
    tell(folder, "bad_region_revision_without_overlapping_tables", &story);

    // Revising a quarter takes its semester along, and not the other quarter.
    let mut story = Story::begin(&["AUS"]);
    for of in ["SM_TOT 2021-Q1", "SM_TOT 2021-Q2", "SM_TOT 2021-S1"] {
        story.open("AUS", of);
    }
    let quarter = story.manifest("AUS", "SM_TOT 2021-Q1", OPEN);
    story.release_refused(414, "AUS", &quarter);
    let bundle = ["SM_TOT 2021-Q1", "SM_TOT 2021-S1"].map(|of| story.manifest("AUS", of, OPEN));
    for manifest in bundled(bundle.into()) {
        story.told("AUS", manifest);
    }
    let semester = story.manifest("AUS", "SM_TOT 2021-S1", OPEN);
    story.release_refused(414, "AUS", &semester);
    tell(folder, "bad_region_quarter_revised_without_its_semester", &story);

    // A bundle is judged as a whole at its first line, also where only a later one is a revision.
    let (mut story, _) = begun();
    story.open("AUS", "SM_TOT 2021-Q1");
    let short = bundled(["SM_CIT 2021-S1", "IE_CIT 2021-S1"].map(|of| story.manifest("AUS", of, OPEN)).into());
    story.release_refused(414, "AUS", &short[1]);
    tell(folder, "bad_region_bundle_that_leaves_a_table_behind", &story);

    let together =
        |story: &Story| bundled(["SM_CIT 2021-S1", "SM_TOT 2021-Q1"].map(|of| story.manifest("AUS", of, OPEN)).into());
    let (mut story, _) = begun();
    story.open("AUS", "SM_TOT 2021-Q1");
    let bundle = together(&story);
    story.told("AUS", bundle[0].clone());
    story.refused(302, story.by_hub(LineKind::Bulletin, &"In between.".to_owned()));
    story.told("AUS", bundle[1].clone());
    tell(folder, "bad_region_bundle_interrupted_by_a_notice", &story);

    let (mut story, _) = begun();
    story.open("AUS", "SM_TOT 2021-Q1");
    let bundle = together(&story);
    story.told("AUS", bundle[0].clone());
    let other = story.manifest("IDN", "SM_CIT 2021-S1", OPEN);
    story.release_refused(302, "IDN", &other);
    story.told("AUS", bundle[1].clone());
    tell(folder, "bad_region_bundle_interrupted_by_another_author", &story);

    let (mut story, _) = begun();
    story.open("AUS", "SM_TOT 2021-Q1");
    let bundle = together(&story);
    story.told("AUS", bundle[0].clone());
    story.release_refused(300, "AUS", &Manifest { bundle: Vec::new(), ..bundle[1].clone() });
    story.told("AUS", bundle[1].clone());
    tell(folder, "bad_region_bundle_of_two_minds", &story);

    // The first line would keep the author with totals while the second opens the year.
    let mut story = Story::begin(&["AUS"]);
    story.totals("AUS", "SM_CIT 2021-S1");
    story.totals("AUS", "SM_TOT 2021-S1");
    let both = [table("SM_CIT 2021-S1"), table("SM_TOT 2021-S1")];
    let manifest = |story: &Story, of: &str, audience: Audience| Manifest {
        bundle: both.to_vec(),
        ..story.manifest("AUS", of, audience)
    };
    let first = manifest(&story, "SM_CIT 2021-S1", Audience::Totals);
    story.told("AUS", first);
    let second = manifest(&story, "SM_TOT 2021-S1", OPEN);
    story.release_refused(501, "AUS", &second);
    story.told("AUS", Manifest { audience: Audience::Totals, ..second });
    tell(folder, "bad_region_bundle_of_two_kinds", &story);
}

fn derived(folder: &mut Folder<'_>) {
    let begun = || {
        let mut story = Story::begin(&["AUS", "IDN"]);
        let parts = [story.open("AUS", "SM_TOT 2021-Q1"), story.open("AUS", "SM_TOT 2021-Q2")];
        (story, parts)
    };
    let whole = |story: &Story, of: &str, sources: Vec<Hash>| Manifest { sources, ..story.manifest("AUS", of, OPEN) };

    let (mut story, parts) = begun();
    let half = whole(&story, "SM_TOT 2021-S1", vec![parts[0].id]);
    story.release_refused(411, "AUS", &half);
    tell(folder, "bad_region_derived_from_one_half", &story);

    let (mut story, parts) = begun();
    let jump = whole(&story, "SM_TOT 2021", sources(&parts));
    story.release_refused(411, "AUS", &jump);
    tell(folder, "bad_region_derived_from_quarters_for_a_year", &story);

    let (mut story, parts) = begun();
    let foreign = story.open("IDN", "SM_TOT 2021-Q2");
    let mixed = whole(&story, "SM_TOT 2021-S1", sources(&[parts[0].clone(), foreign]));
    story.release_refused(411, "AUS", &mixed);
    tell(folder, "bad_region_derived_from_another_author", &story);

    let (mut story, parts) = begun();
    story.open("AUS", "SM_TOT 2021-Q2");
    let stale = whole(&story, "SM_TOT 2021-S1", sources(&parts));
    story.release_refused(411, "AUS", &stale);
    tell(folder, "bad_region_derived_from_a_replaced_release", &story);

    let mut story = Story::begin(&["AUS"]);
    let parts = [story.open("AUS", "MF_FEE 2021-Q1"), story.open("AUS", "MF_FEE 2021-Q2")];
    let fees = whole(&story, "MF_FEE 2021-S1", sources(&parts));
    story.release_refused(412, "AUS", &fees);
    tell(folder, "bad_region_derived_though_fees_do_not_add", &story);

    let mut story = Story::begin(&["AUS"]);
    story.totals("AUS", "SM_TOT 2021-Q1");
    let wide = story.manifest("AUS", "SM_TOT 2021-S1", OPEN);
    story.release_refused(413, "AUS", &wide);
    tell(folder, "bad_region_whole_wider_than_its_part", &story);

    let mut story = Story::begin(&["AUS", "IDN", "THA"]);
    let (both, one) = (story.to(&["IDN", "THA"]), story.to(&["IDN"]));
    story.release("AUS", "SM_TOT 2021-S1", both);
    let narrow = story.manifest("AUS", "SM_TOT 2021-Q1", one);
    story.release_refused(413, "AUS", &narrow);
    tell(folder, "bad_region_part_narrower_than_its_whole", &story);
}

/// What is done to a good extension.
type Flaw<'a> = &'a dyn Fn(&mut Extension);

fn withdrawals_and_extensions(folder: &mut Folder<'_>) {
    let begun = || {
        let mut story = Story::begin(&["AUS", "IDN", "THA"]);
        let first = story.open("AUS", "SM_CIT 2021-S1");
        (story, first)
    };
    let (mut story, first) = begun();
    story.withdraw("AUS", &first);
    story.refused(300, story.withdrawal("AUS", &first));
    let again =
        Withdrawal { version: 1, participant: story.id("AUS"), release: first.id, reason: WithdrawalReason::Mistake };
    story.refused(415, story.by("AUS", LineKind::Withdrawal, &again));
    tell(folder, "bad_region_withdrawn_twice", &story);

    let (mut story, first) = begun();
    let foreign =
        Withdrawal { version: 1, participant: story.id("IDN"), release: first.id, reason: WithdrawalReason::Wrong };
    story.refused(415, story.by("IDN", LineKind::Withdrawal, &foreign));
    story.refused(202, story.by("AUS", LineKind::Withdrawal, &foreign));
    tell(folder, "bad_region_withdrawal_of_another_s_release", &story);

    let (mut story, first) = begun();
    let later =
        Withdrawal { version: 2, participant: story.id("AUS"), release: first.id, reason: WithdrawalReason::Wrong };
    story.refused(415, story.by("AUS", LineKind::Withdrawal, &later));
    tell(folder, "bad_region_withdrawal_of_version_two", &story);

    let (mut story, first) = begun();
    story.open("AUS", "SM_CIT 2021-S1");
    story.refused(415, story.withdrawal("AUS", &first));
    tell(folder, "bad_region_withdrawal_of_a_replaced_release", &story);

    let extension = |story: &Story, releases: Vec<Hash>, to: &[u64]| Extension {
        participant: story.id("AUS"),
        releases,
        to: to.iter().copied().map(ParticipantId).collect(),
    };
    let flaws: [(&str, u16, Flaw<'_>); 6] = [
        ("to_nobody", 300, &|e: &mut Extension| e.to.clear()),
        ("of_nothing", 300, &|e: &mut Extension| e.releases.clear()),
        ("to_unsorted", 300, &|e: &mut Extension| e.to.reverse()),
        ("to_a_stranger", 410, &|e: &mut Extension| e.to.push(ParticipantId(99))),
        ("of_an_unknown_release", 415, &|e: &mut Extension| e.releases = vec![Hash::ZERO]),
        ("in_the_name_of_another", 202, &|e: &mut Extension| e.participant = ParticipantId(3)),
    ];
    for (name, number, change) in flaws {
        let (mut story, first) = begun();
        let mut sample = extension(&story, vec![first.id], &[3, 4]);
        change(&mut sample);
        story.refused(number, story.by("AUS", LineKind::Extension, &sample));
        tell(folder, &format!("bad_region_extension_{name}"), &story);
    }
    // Rule 6 for newcomers: the semester is opened to THA only together with its quarter.
    let mut story = Story::begin(&["AUS", "IDN"]);
    let (part, whole) = (story.open("AUS", "SM_TOT 2021-Q1"), story.open("AUS", "SM_TOT 2021-S1"));
    story.admit("THA", None);
    let newcomer = story.id("THA").0;
    let wide = extension(&story, vec![whole.id], &[newcomer]);
    story.refused(413, story.by("AUS", LineKind::Extension, &wide));
    let mut both = vec![part.id, whole.id];
    both.sort();
    let both = extension(&story, both, &[newcomer]);
    story.ok(story.by("AUS", LineKind::Extension, &both));
    tell(folder, "bad_region_extension_wider_than_a_part", &story);

    // A semester released after THA came is no wider than its quarter, released before.
    let mut story = Story::begin(&["AUS", "IDN"]);
    story.open("AUS", "SM_TOT 2021-Q1");
    story.admit("THA", None);
    let (whole, theirs) = (story.open("AUS", "SM_TOT 2021-S1"), story.open("THA", "SM_TOT 2021-S1"));
    story.refused(608, story.serving("THA", &[(whole.line, theirs.line)]));
    tell(folder, "bad_region_newcomer_reads_a_whole_before_its_part", &story);

    let mut story = Story::begin(&["AUS", "IDN"]);
    let totals = story.totals("AUS", "SM_CIT 2021-S1");
    let closed = extension(&story, vec![totals.id], &[3]);
    story.refused(415, story.by("AUS", LineKind::Extension, &closed));
    tell(folder, "bad_region_extension_of_a_closed_release", &story);
}
