//! A release is approved and signed, and is held at home until its day: nobody outside learns of it before, what comes later
//! goes ahead, and on the day it leaves by itself.

use vrs_node::node::{Measures, PrepareOutcome, PrepareRequest, Withholding};
use vrs_node::release::{State, Terms};
use vrs_protocol::audience::AudienceChoice;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::time::Timestamp;
use vrs_tests::World;

const DAY: u64 = 24 * 60 * 60;

#[tokio::test(flavor = "multi_thread")]
async fn it_leaves_on_its_day_and_not_before() {
    let world = World::of(&["A", "B"]).await;
    let a = world.node("A");
    world.node("B").release("IE_TOT", "2021", "contributors", &[("", Some(34))]).await;
    a.sync().await;
    a.figures("IE_TOT", "2021", &[("", Some(12))]).await;
    let until = Timestamp(world.clock().now() + 3 * DAY);
    let request = PrepareRequest {
        tables: vec![(FormCode::parse("IE_TOT").unwrap(), Period::parse("2021").unwrap())],
        audience: AudienceChoice::Contributors,
        derive: false,
        withholding: Withholding::default(),
        terms: Terms { not_before: Some(until), because: String::new() },
        measures: Measures::default(),
    };
    let late = Terms { not_before: Some(Timestamp(world.clock().now())), because: String::new() };
    let refused = a.node.prepare(&PrepareRequest { terms: late, ..request.clone() }, &a.officer).await.unwrap_err();
    assert!(refused.to_string().contains("a day to come"), "{refused}");
    let PrepareOutcome::Prepared(preview) = a.node.prepare(&request, &a.officer).await.unwrap() else { panic!() };
    a.node.approve(preview.id, &a.director).await.unwrap();

    let state = async || a.node.desk().await.unwrap().releases.last().unwrap().release.state;
    let size = world.hub.size();
    world.pass_days(2);
    a.sync().await;
    assert_eq!((state().await, world.hub.size()), (State::Signed, size), "nobody outside has heard of it");
    // Another release does not wait for it.
    a.release("RE_TOT", "2021", "contributors", &[("", Some(5))]).await;
    assert!(world.hub.size() > size);
    assert_eq!(state().await, State::Signed);

    world.pass_days(1);
    a.sync().await;
    a.sync().await;
    assert_eq!(state().await, State::Final);
    world.node("B").sync().await;
    assert_eq!(world.node("B").reads("IE_TOT", "2021").await, ["AAA"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_says_why() {
    let world = World::of(&["A", "B"]).await;
    let a = world.node("A");
    a.release("IE_TOT", "2021", "contributors", &[("", Some(12))]).await;
    a.sync().await;
    a.figures("IE_TOT", "2021", &[("", Some(14))]).await;
    let request = PrepareRequest {
        tables: vec![(FormCode::parse("IE_TOT").unwrap(), Period::parse("2021").unwrap())],
        audience: AudienceChoice::Contributors,
        derive: false,
        withholding: Withholding::default(),
        terms: Terms::default(),
        measures: Measures::default(),
    };
    let refused = a.node.prepare(&request, &a.officer).await.unwrap_err().to_string();
    assert!(refused.contains("revises release 1; say why"), "{refused}");
    let terms = Terms { because: "Late reports of two ports".into(), not_before: None };
    a.node.prepare(&PrepareRequest { terms, ..request }, &a.officer).await.unwrap();
    let desk = a.node.desk().await.unwrap();
    assert_eq!(desk.releases[0].terms.because, "Late reports of two ports");
}
