//! What follows from new lines, on a real store: releases become final and end, flaws are objected to, bodies are erased.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use vrs_protocol::audience::{Audience, AudienceChoice, Sharing};
use vrs_protocol::codec;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::TopicCode;
use vrs_protocol::ledger::{BlockLine, BlockTableLine, Edition, Erasure, LineKind, Objection};
use vrs_protocol::release::{Nonce, Operator, SignedRelease};
use vrs_protocol::statement::Statement;
use vrs_runtime::database::Database;
use vrs_runtime::testing::Place;

use super::settling::{Settled, Settling};
use crate::mirror::About;
use crate::release::{Origin, State};
use crate::store::blocks::HeldBlockTable;
use crate::store::bodies::HeldBody;
use crate::store::outbox::Load;
use crate::store::releases::NewDraft;
use crate::store::{self, migrations};
use crate::testing::{NOW, TestRegion, form, period, table};

const OPEN: Audience = Audience::Contributors;

async fn on_each(test: impl AsyncFn(&Database)) {
    for place in Place::each().await {
        let database = place.open(&migrations()).await;
        test(&database).await;
        database.close().await;
    }
}

async fn settle(database: &Database, region: &TestRegion, from: u64) -> Settled {
    let me = region.me("AUS");
    let settling = Settling { me: &me, key: region.key_of("AUS"), now: NOW, view: &region.view };
    let mut tx = database.begin("test").await.unwrap();
    let settled = settling.settle(&mut tx, from, &region.lines[from as usize..]).await.unwrap();
    tx.commit().await.unwrap();
    settled
}

/// Puts a release of ours on the desk, as far as signed, with its parcel in the outbox.
async fn on_the_desk(database: &Database, signed: &SignedRelease) -> i64 {
    let mut tx = database.begin("test").await.unwrap();
    let new = NewDraft {
        form: form("IE_TOT"),
        period: period("2021"),
        audience: AudienceChoice::Contributors,
        origin: Origin::Chosen,
        prepared_by: Operator("ana".into()),
    };
    let id = store::releases::add_draft(&mut tx, &new, None, 1).await.unwrap();
    store::releases::set_prepared(&mut tx, id, &signed.manifest().unwrap(), &signed.nonce, &signed.body).await.unwrap();
    store::releases::set_approved(&mut tx, id, &Operator("ben".into()), 2).await.unwrap();
    let statement = &signed.statement;
    store::releases::set_signed(&mut tx, id, statement.bytes(), statement.id(), 3).await.unwrap();
    store::outbox::add(&mut tx, &format!("release {id}"), &Load::Bundle(id), 3).await.unwrap();
    tx.commit().await.unwrap();
    id
}

async fn state(database: &Database, id: i64) -> State {
    let mut tx = database.read("test").await.unwrap();
    store::releases::find(&mut tx, id).await.unwrap().unwrap().state
}

/// The statements that wait, by kind.
async fn waiting(database: &Database, kind: LineKind) -> Vec<Statement> {
    let mut tx = database.read("test").await.unwrap();
    let statements = store::outbox::open_statements(&mut tx, kind, 0).await.unwrap();
    statements.iter().map(|bytes| Statement::parse(bytes).unwrap()).collect()
}

#[tokio::test]
async fn a_release_becomes_final_even_when_the_answer_of_the_hub_was_lost() {
    on_each(async |database| {
        let mut region = TestRegion::of(&["AUS", "IDN"]);
        let signed = region.signed("AUS", &table("IE_TOT", "2021", &[("", 7)]), OPEN);
        let id = on_the_desk(database, &signed).await;
        let from = region.view.size();
        let (line, _) = region.release("AUS", &table("IE_TOT", "2021", &[("", 7)]), OPEN);
        settle(database, &region, from).await;
        assert_eq!(state(database, id).await, State::Final);
        let mut tx = database.read("test").await.unwrap();
        assert_eq!(store::outbox::list(&mut tx, 10).await.unwrap()[0].line, Some(line));
        drop(tx);
        // Settling again, as after a crash, changes nothing.
        settle(database, &region, from).await;
        assert_eq!(state(database, id).await, State::Final);
        let from = region.view.size();
        region.withdraw("AUS", signed.statement.id());
        let mut tx = database.begin("test").await.unwrap();
        let withdrawal = vrs_protocol::ledger::Line::from_bytes(region.lines.last().unwrap()).unwrap().statement;
        store::outbox::add(&mut tx, "withdrawal", &Load::Statement(LineKind::Withdrawal, withdrawal), 9).await.unwrap();
        tx.commit().await.unwrap();
        settle(database, &region, from).await;
        assert_eq!(state(database, id).await, State::Withdrawn);
        let mut tx = database.read("test").await.unwrap();
        assert_eq!(store::outbox::count_waiting(&mut tx, 9).await.unwrap().0, 0);
        assert_eq!(store::flaws::list(&mut tx).await.unwrap(), []);
    })
    .await;
}

#[tokio::test]
async fn a_line_in_our_name_that_we_did_not_make_is_an_alarm() {
    on_each(async |database| {
        let mut region = TestRegion::of(&["AUS", "IDN"]);
        let (line, _) = region.release("AUS", &table("IE_TOT", "2021", &[("", 7)]), OPEN);
        settle(database, &region, 0).await;
        let mut tx = database.read("test").await.unwrap();
        let flaws = store::flaws::list(&mut tx).await.unwrap();
        assert_eq!((flaws.len(), flaws[0].line, flaws[0].about), (1, line, About::Own));
    })
    .await;
}

#[tokio::test]
async fn a_serving_without_a_right_is_objected_to_once() {
    on_each(async |database| {
        let mut region = TestRegion::of(&["AUS", "IDN", "THA"]);
        let (theirs, _) = region.release("IDN", &table("IE_TOT", "2021", &[("", 9)]), OPEN);
        // Thailand has released nothing.
        let serving = region.serve("THA", theirs, theirs);
        assert_eq!(settle(database, &region, 0).await.flaws, 1);
        assert_eq!(settle(database, &region, 0).await.flaws, 0);
        let objections = waiting(database, LineKind::Objection).await;
        let said: Objection = codec::decode_strict(objections[0].payload()).unwrap();
        assert_eq!((objections.len(), said.line, said.number), (1, serving, 600));
        objections[0].verify(&region.key_of("AUS").public()).unwrap();
        assert!(said.text.contains("THA has released nothing"), "{}", said.text);
    })
    .await;
}

#[tokio::test]
async fn a_line_is_objected_to_once_and_in_words_whatever_else_is_wrong_with_it() {
    on_each(async |database| {
        let mut region = TestRegion::of(&["AUS", "IDN", "THA"]);
        let (theirs, _) = region.release("IDN", &table("IE_TOT", "2021", &[("", 9)]), OPEN);
        let serving = region.serve("THA", theirs, theirs);
        settle(database, &region, 0).await;
        let me = region.me("AUS");
        let settling = Settling { me: &me, key: region.key_of("AUS"), now: NOW, view: &region.view };
        let mut tx = database.begin("test").await.unwrap();
        settling.object(&mut tx, serving, 416, "something else").await.unwrap();
        settling.object(&mut tx, theirs, 416, "words\u{1b}[2J\nof the hub").await.unwrap();
        tx.commit().await.unwrap();
        let objections = waiting(database, LineKind::Objection).await;
        let said: Vec<Objection> =
            objections.iter().map(|statement| codec::decode_strict(statement.payload()).unwrap()).collect();
        assert_eq!(
            said.iter().map(|said| (said.line, said.number)).collect::<Vec<_>>(),
            [(serving, 600), (theirs, 416)]
        );
        assert_eq!(said[1].text, "words [2J of the hub");
    })
    .await;
}

#[tokio::test]
async fn when_a_right_ends_the_body_is_erased_and_the_erasure_signed_once() {
    on_each(async |database| {
        let mut region = TestRegion::of(&["AUS", "IDN"]);
        let signed = region.signed("AUS", &table("IE_TOT", "2021", &[("", 7)]), OPEN);
        on_the_desk(database, &signed).await;
        let (ours, _) = region.release("AUS", &table("IE_TOT", "2021", &[("", 7)]), OPEN);
        let (theirs, their) = region.release("IDN", &table("IE_TOT", "2021", &[("", 9)]), OPEN);
        let serving = region.serve("AUS", theirs, ours);
        let mut tx = database.begin("test").await.unwrap();
        let held =
            HeldBody { release: theirs, serving, nonce: their.nonce, body: their.body.clone(), received_at: NOW };
        store::bodies::put(&mut tx, &held).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(settle(database, &region, 0).await.erased, 0);

        let from = region.view.size();
        region.withdraw("IDN", their.statement.id());
        assert_eq!(settle(database, &region, from).await.erased, 1);
        settle(database, &region, from).await;
        let erasures = waiting(database, LineKind::Erasure).await;
        let said: Erasure = codec::decode_strict(erasures[0].payload()).unwrap();
        assert_eq!((erasures.len(), said.releases), (1, vec![theirs]));
        let mut tx = database.read("test").await.unwrap();
        assert_eq!(store::bodies::find(&mut tx, theirs).await.unwrap(), None);
        assert!(store::bodies::erased(&mut tx).await.unwrap()[0].why.contains("ended at line"));
        drop(tx);
        // The acknowledgement can be logged, and then nothing is owed any more.
        let line = region.by("AUS", LineKind::Erasure, erasures[0].bytes().to_vec());
        assert!(!region.view.flaws().contains_key(&line), "{:?}", region.view.flaws());
        assert_eq!(region.region().erasures_due_by(region.id("AUS")).count(), 0);
        assert_ne!(Hash::of(erasures[0].bytes()), Hash::ZERO);
    })
    .await;
}

#[tokio::test]
async fn when_a_right_ends_the_sums_of_blocks_are_erased_too() {
    on_each(async |database| {
        let codes = ["AUS", "IDN", "THA"];
        let mut region = TestRegion::of(&codes);
        let [ours, ..] = codes
            .map(|code| region.release(code, &table("IE_TOT", "2021", &[("", 7)]), Audience::Totals).1.statement.id());
        let hash = Hash::of(b"the sum of the three");
        let tables = vec![BlockTableLine { form: form("IE_TOT"), period: period("2021"), hash, marked: false }];
        let members = codes.map(|code| region.id(code)).to_vec();
        let block = BlockLine { sharing: Sharing::Totals, members, tables };
        let topic = TopicCode::parse("IE").unwrap();
        let edition = Edition { number: 1, topic, year: 2021, blocks: vec![block], not_included: Vec::new() };
        let edition = region.by_hub(LineKind::Edition, &edition);
        assert!(region.view.flaws().is_empty(), "{:?}", region.view.flaws());
        let held = HeldBlockTable {
            hash,
            edition,
            block: 0,
            place: 0,
            serving: edition,
            nonce: Nonce([7; 32]),
            body: vec![1; 4096],
            received_at: NOW,
        };
        let mut tx = database.begin("test").await.unwrap();
        store::ledger::prepare(&mut tx).await.unwrap();
        store::blocks::put(&mut tx, &held).await.unwrap();
        tx.commit().await.unwrap();
        let from = region.view.size();
        assert_eq!(settle(database, &region, from).await.erased, 0);
        region.withdraw("AUS", ours);
        assert_eq!(settle(database, &region, from).await.erased, 1);
        let mut tx = database.read("test").await.unwrap();
        assert_eq!(store::blocks::find(&mut tx, hash).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn an_audit_names_the_first_serving_that_was_not_justified() {
    let mut region = TestRegion::of(&["AUS", "IDN", "THA"]);
    let (ours, _) = region.release("AUS", &table("IE_TOT", "2021", &[("", 7)]), OPEN);
    let (theirs, _) = region.release("IDN", &table("IE_TOT", "2021", &[("", 9)]), OPEN);
    region.serve("AUS", theirs, ours);
    let audit = |region: &TestRegion| {
        let mut auditor = crate::mirror::audit::Auditor::new(vrs_protocol::catalogue::Catalogue::bundled());
        region.lines.iter().for_each(|line| auditor.take(line));
        auditor.finish(Some(&region.checkpoint()))
    };
    let clean = audit(&region);
    assert!(clean.is_clean() && clean.justified == 1, "{clean:?}");
    assert_eq!(clean.sentence(), format!("All 1 servings up to checkpoint {} were justified.", region.view.size()));
    let bad = region.serve("THA", theirs, theirs);
    let found = audit(&region);
    assert!(!found.is_clean());
    assert!(
        found.sentence().starts_with(&format!("The serving of line {bad} was not justified: THA has released nothing")),
        "{}",
        found.sentence()
    );
}
