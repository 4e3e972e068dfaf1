#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use vrs_protocol::audience::Audience;
use vrs_protocol::id::LineIndex;
use vrs_protocol::ledger::LineKind;
use vrs_protocol::release::{Draft, Nonce, Operator};
use vrs_protocol::table::Table;

use super::Origin;
use super::approve::{self, ApproveRefusal};
use super::prepare::{Chosen, PrepareRefusal, Prepared, Situation, prepare};
use crate::testing::{NOW, TestRegion, form, period, table};

const OPEN: Audience = Audience::Contributors;

fn run(
    region: &TestRegion,
    released: &BTreeMap<LineIndex, Table>,
    chosen: Vec<Chosen>,
) -> Result<Prepared, PrepareRefusal> {
    let prepared_by = Operator("ana".into());
    let situation = Situation {
        region: region.region(),
        me: region.id("AUS"),
        key: region.key_of("AUS"),
        released,
        prepared_by: &prepared_by,
        now: NOW,
        derive: true,
    };
    let mut count = 0;
    prepare(&situation, chosen, || {
        count += 1;
        Nonce([count; 32])
    })
}

fn chosen(table: Table) -> Chosen {
    Chosen { table, audience: OPEN, policy: 1 }
}

fn what(prepared: &Prepared) -> Vec<(String, Origin)> {
    let name =
        |draft: &Draft| format!("{} {} r{}", draft.manifest().form, draft.manifest().period, draft.manifest().revision);
    prepared.releases.iter().map(|release| (name(&release.draft), release.origin)).collect()
}

/// Logs what was prepared, as the hub would.
fn log(region: &mut TestRegion, prepared: &Prepared, released: &mut BTreeMap<LineIndex, Table>) {
    for release in &prepared.releases {
        let exchange = region.region().exchange();
        let by = Operator("ben".into());
        let signed = approve::sign(release.draft.clone(), &by, NOW, exchange, "AUS", region.key_of("AUS")).unwrap();
        let line = region.by("AUS", LineKind::Release, signed.statement.bytes().to_vec());
        assert!(region.view.flaws().is_empty(), "{:?}", region.view.flaws());
        released.insert(line, release.table.clone());
    }
}

#[test]
fn a_first_release_goes_alone() {
    let region = TestRegion::of(&["AUS", "IDN"]);
    let prepared = run(&region, &BTreeMap::new(), vec![chosen(table("IE_TOT", "2021", &[("", 7)]))]).unwrap();
    assert_eq!(what(&prepared), [("IE_TOT 2021 r1".into(), Origin::Chosen)]);
    assert!(prepared.releases[0].draft.manifest().bundle.is_empty());
}

#[test]
fn the_completing_part_brings_the_semester_and_the_year() {
    let mut region = TestRegion::of(&["AUS", "IDN"]);
    let mut released = BTreeMap::new();
    for (quarter, count) in [("2021-Q1", 1), ("2021-Q2", 2), ("2021-Q3", 3)] {
        let prepared = run(&region, &released, vec![chosen(table("IE_TOT", quarter, &[("", count)]))]).unwrap();
        log(&mut region, &prepared, &mut released);
    }
    let prepared = run(&region, &released, vec![chosen(table("IE_TOT", "2021-Q4", &[("", 4)]))]).unwrap();
    let expected = [
        ("IE_TOT 2021-Q4 r1", Origin::Chosen),
        ("IE_TOT 2021-S2 r1", Origin::Derived),
        ("IE_TOT 2021 r1", Origin::Derived),
    ];
    assert_eq!(what(&prepared), expected.map(|(name, origin)| (name.to_owned(), origin)));
    assert_eq!(prepared.releases[2].table.total().unwrap().as_count(), Some(10));
    // The sources were computed before anything was signed, and are right.
    log(&mut region, &prepared, &mut released);
    let year = region.region().current(region.id("AUS"), &form("IE_TOT"), period("2021")).unwrap();
    assert_eq!(year.manifest.sources.len(), 2);
}

#[test]
fn a_revision_takes_everything_that_overlaps_along() {
    let mut region = TestRegion::of(&["AUS", "IDN"]);
    let mut released = BTreeMap::new();
    for quarter in ["2021-Q1", "2021-Q2"] {
        let prepared = run(&region, &released, vec![chosen(table("IE_TOT", quarter, &[("", 5)]))]).unwrap();
        log(&mut region, &prepared, &mut released);
    }
    let cit = table("IE_CIT", "2021-S1", &[("_T", 10), ("AFG", 10)]);
    let prepared = run(&region, &released, vec![chosen(cit)]).unwrap();
    log(&mut region, &prepared, &mut released);

    let mut other = table("IE_CIT", "2021-S1", &[("_T", 11), ("AFG", 11)]);
    other.metadata.source = Some("corrected".into());
    let prepared =
        run(&region, &released, vec![chosen(table("IE_TOT", "2021-Q1", &[("", 6)])), chosen(other)]).unwrap();
    let expected = [
        ("IE_TOT 2021-Q1 r2", Origin::Chosen),
        ("IE_TOT 2021-Q2 r2", Origin::Along),
        ("IE_TOT 2021-S1 r2", Origin::Derived),
        ("IE_CIT 2021-S1 r2", Origin::Chosen),
    ];
    let found = what(&prepared);
    assert!(
        found.contains(&(expected[0].0.into(), expected[0].1))
            && found.contains(&(expected[2].0.into(), expected[2].1)),
        "{found:?}"
    );
    log(&mut region, &prepared, &mut released);
    assert!(region.view.flaws().is_empty());
}

#[test]
fn what_could_never_be_logged_is_refused_now_with_the_same_reason() {
    let region = TestRegion::of(&["AUS", "IDN"]);
    let future = run(&region, &BTreeMap::new(), vec![chosen(table("IE_TOT", "2031", &[("", 7)]))]);
    assert!(matches!(future, Err(PrepareRefusal::Rule { reason, .. }) if reason.number() == 404));
    let impossible = run(&region, &BTreeMap::new(), vec![chosen(table("IE_CIT", "2021", &[("_T", 7), ("AFG", 9)]))]);
    assert!(matches!(impossible, Err(PrepareRefusal::Figures(_))));
}

#[test]
fn a_kind_changes_for_all_tables_of_the_topic_and_year_at_once() {
    let mut region = TestRegion::of(&["AUS", "IDN"]);
    let mut released = BTreeMap::new();
    for (code, cells) in [("IE_TOT", &[("", 5)][..]), ("IE_CIT", &[("_T", 5)])] {
        let totals = Chosen { table: table(code, "2021", cells), audience: Audience::Totals, policy: 1 };
        let prepared = run(&region, &released, vec![totals]).unwrap();
        log(&mut region, &prepared, &mut released);
    }
    let prepared = run(&region, &released, vec![chosen(table("IE_TOT", "2021", &[("", 5)]))]).unwrap();
    assert_eq!(what(&prepared), [("IE_TOT 2021 r2".into(), Origin::Chosen), ("IE_CIT 2021 r2".into(), Origin::Along)]);
    assert!(prepared.releases.iter().all(|release| release.draft.manifest().audience == OPEN));
    log(&mut region, &prepared, &mut released);
}

#[test]
fn a_ledger_that_moved_asks_for_a_new_preparation() {
    let mut region = TestRegion::of(&["AUS", "IDN"]);
    let first = run(&region, &BTreeMap::new(), vec![chosen(table("IE_TOT", "2021", &[("", 7)]))]).unwrap();
    let drafts: Vec<Draft> = first.releases.iter().map(|release| release.draft.clone()).collect();
    assert_eq!(approve::still_fits(region.region(), &drafts, region.key_of("AUS"), NOW), Ok(()));
    region.release("AUS", &table("IE_TOT", "2021", &[("", 8)]), OPEN);
    let moved = approve::still_fits(region.region(), &drafts, region.key_of("AUS"), NOW);
    assert!(
        matches!(&moved, Err(ApproveRefusal::Moved(_))) && moved.unwrap_err().to_string().contains("Prepare it again")
    );
}

#[test]
fn who_prepared_cannot_approve() {
    let region = TestRegion::of(&["AUS", "IDN"]);
    let prepared = run(&region, &BTreeMap::new(), vec![chosen(table("IE_TOT", "2021", &[("", 7)]))]).unwrap();
    let draft = prepared.releases[0].draft.clone();
    let own =
        approve::sign(draft, &Operator("ana".into()), NOW, region.region().exchange(), "AUS", region.key_of("AUS"));
    assert!(matches!(own, Err(ApproveRefusal::OwnDraft(_))));
}
