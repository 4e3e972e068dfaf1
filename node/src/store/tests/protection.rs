use vrs_protocol::id::TopicCode;
use vrs_protocol::release::{Operator, encode_body};
use vrs_runtime::database::DatabaseError;

use super::release::prepared;
use super::*;
use crate::protection::policy::Applied;
use crate::protection::{HiddenCell, HiddenWhy, OpenCell, ProtectedTable, Protection, Warned, WarnedOf};
use crate::store::protection;

fn decided(topic: &str) -> Protection {
    let hidden =
        HiddenCell { key: key("SYR").0, why: HiddenWhy::Small, possible: Some((1, 9)), protects: vec!["x".into()] };
    Protection {
        topic: TopicCode::parse(topic).unwrap(),
        year: 2021,
        applied: Applied { number: 1, below: 5, width: 4, reason: "\"quoted\"".into() },
        withheld_because: String::new(),
        tables: vec![ProtectedTable {
            form: form("IE_CIT"),
            period: period("2021"),
            shown: 3,
            hidden: vec![hidden],
            counted: 100,
            counted_hidden: 40,
        }],
        warnings: vec![Warned { kind: WarnedOf::DoesNotAdd, cell: "IE_TOT 2021 total".into(), whole: String::new() }],
        proven: 1,
        considered: vec![4, 9],
        seed: u64::MAX,
        steps: 12,
        duration_ms: 34,
        despite: "The council asks".into(),
        open: vec![OpenCell { cell: "IE_TOT 2021 total".into(), derivation: "the semester less a quarter".into() }],
        overridden: None,
        held_back: vec![(form("IE_CIT"), period("2021"))],
        provisional: Vec::new(),
    }
}

#[tokio::test]
async fn what_was_decided_stays_with_the_bundle() {
    on_each(async |database| {
        let mut tx = write(database).await;
        let bundle = prepared(&mut tx).await;
        let by = Operator("ana".into());
        for topic in ["RE", "IE"] {
            protection::add(&mut tx, bundle, &decided(topic), &by, 5).await.unwrap();
        }
        assert_eq!(protection::of_bundle(&mut tx, bundle).await.unwrap(), [decided("IE"), decided("RE")]);
        let again = protection::add(&mut tx, bundle, &decided("IE"), &by, 6).await;
        assert!(matches!(again, Err(DatabaseError::Conflict { .. })), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn the_national_figures_behind_a_release_come_back() {
    on_each(async |database| {
        let mut tx = write(database).await;
        let release = prepared(&mut tx).await;
        assert_eq!(protection::national(&mut tx, release).await.unwrap(), None);
        let table = crate::testing::table("IE_CIT", "2021", &[("_T", 100), ("SYR", 3)]);
        protection::add_national(&mut tx, release, &encode_body(&table).unwrap()).await.unwrap();
        assert_eq!(protection::national(&mut tx, release).await.unwrap(), Some(table));
    })
    .await;
}
