//! SM_CIT for 2013-S1, as the rule of mutual sharing is explained: A and B open; C, G, K totals; D named{A}; E nothing; F "not
//! collected".

use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_tests::World;

const FORM: &str = "SM_CIT";
const PERIOD: &str = "2013-S1";

/// What a node shows of the region: the open total, and each group with its sum.
async fn overview(world: &World, name: &str) -> (Option<u64>, Vec<(Vec<String>, u64)>) {
    let node = &world.node(name).node;
    let shown = node.overview(&FormCode::parse(FORM).unwrap(), Period::parse(PERIOD).unwrap()).await.unwrap().overview;
    let groups = shown.blocks.iter().map(|block| {
        let members = block.members.iter().map(ToString::to_string).collect();
        (members, *block.cells.iter().find(|(key, _)| key.is_total()).unwrap().1)
    });
    (shown.open_total().and_then(|sum| sum.known), groups.collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn everybody_sees_what_the_rule_gives_and_is_told_why() {
    let world = World::of(&["A", "B", "C", "D", "E", "F", "G", "K"]).await;
    let total = |count| [("_T", Some(count))];
    world.node("A").release(FORM, PERIOD, "contributors", &total(1_240)).await;
    world.node("B").release(FORM, PERIOD, "contributors", &total(310)).await;
    world.node("C").release(FORM, PERIOD, "totals", &total(40)).await;
    world.node("G").release(FORM, PERIOD, "totals", &total(25)).await;
    world.node("D").release(FORM, PERIOD, "named:AAA", &total(9)).await;
    world.node("F").release(FORM, PERIOD, "contributors", &[("_T", None)]).await;
    world.hub.edition().await;
    world.sync().await;

    // Without K, two with totals are no block: they are listed, and nobody else loses anything.
    assert_eq!(overview(&world, "A").await, (Some(1_550), vec![]));
    let region = world.hub.overview(FORM, PERIOD).await.overview;
    assert_eq!(region.not_included().iter().map(ToString::to_string).collect::<Vec<_>>(), ["CCC", "GGG"]);

    world.node("K").release(FORM, PERIOD, "totals", &total(12)).await;
    world.hub.edition().await;
    world.sync().await;

    for (reader, read) in
        [("A", vec!["BBB", "DDD"]), ("B", vec!["AAA"]), ("D", vec!["AAA"]), ("C", vec![]), ("E", vec![]), ("F", vec![])]
    {
        assert_eq!(world.node(reader).reads(FORM, PERIOD).await, read, "{reader}");
    }
    let group = (vec!["CCC".to_owned(), "GGG".into(), "KKK".into()], 77);
    assert_eq!(overview(&world, "A").await, (Some(1_550), vec![group.clone()]));
    assert_eq!(overview(&world, "B").await, (Some(1_550), vec![group.clone()]));
    // C sees its own group, and no open one: two are fewer than a block.
    assert_eq!(overview(&world, "C").await.1, [group]);
    assert_eq!(overview(&world, "E").await, (None, vec![]));

    let unlocks = "release SM_CIT for 2013-S1 to contributors and you unlock AAA, BBB";
    for (name, begins) in [
        ("C", "CCC released SM_CIT for 2013-S1 with 'totals': it reads sums only"),
        ("E", "EEE has released nothing of SM_CIT for 2013-S1"),
        ("F", "FFF's release of SM_CIT for 2013-S1 answers no core cell"),
    ] {
        let sentence = world.node(name).why(FORM, PERIOD, "A").await;
        assert!(sentence.starts_with(begins) && sentence.ends_with(unlocks), "{name}: {sentence}");
    }
    let sentence = world.node("B").why(FORM, PERIOD, "D").await;
    assert_eq!(sentence, "DDD's release of SM_CIT for 2013-S1 does not admit BBB");
    assert!(world.node("A").why(FORM, PERIOD, "B").await.starts_with("allowed, because of your line"));
    for name in ["A", "C", "E"] {
        assert!(world.node(name).audit().await.contains("justified"));
    }
}
