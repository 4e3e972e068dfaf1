//! What the audit trail keeps of a node's work, and its file.

use std::collections::BTreeSet;
use std::io::BufReader;

use vrs_console::acts::{ActsFilter, chain};

use super::browser::Browser;
use super::sample::Sample;
use crate::error::NodeError;

#[tokio::test]
async fn the_trail_tells_the_work_of_the_node_without_a_figure() {
    let sample = Sample::filled().await;
    let acts = sample.node.acts().page(&ActsFilter::default(), 0, 1_000).await.unwrap();
    let told: BTreeSet<String> = acts
        .iter()
        .map(|act| format!("{} {} {}", act.account.as_deref().unwrap_or("-"), act.what, act.subject))
        .collect();
    for act in [
        "- node-made node GBR",
        "- account-added account ana",
        "- agency-added agency BF",
        "- import-taken import 1",
        "ben charter-accepted Charter of line 1",
        "ana release-prepared release 1",
        "ben release-approved release 1",
    ] {
        assert!(told.contains(act), "{act}: {told:#?}");
    }
    for act in &acts {
        let line = act.line(act.hash());
        // Whole words: a hash may hold the digits of any figure.
        for word in line.split(|c: char| !c.is_ascii_alphanumeric()) {
            assert!(!["29213", "7874", "18760", "21000"].contains(&word), "{line}");
        }
    }
    let mut dana = Browser::signed_in(&sample.router, "dana").await;
    let page = dana.page("/acts?what=release-approved").await;
    assert!(page.contains("release approved") && page.contains("IE_TOT 2021, IE_CIT 2021"), "{page}");
    assert!(page.contains("prepared_by: ana; state: prepared"), "{page}");
}

#[tokio::test]
async fn the_trail_is_written_to_a_file_that_verifies_and_is_never_replaced() {
    let sample = Sample::empty().await;
    let file = sample.node.dir().join("acts.jsonl");
    let ended = sample.node.export_acts(&file).await.unwrap();
    let verified = chain::verify(BufReader::new(std::fs::File::open(&file).unwrap())).unwrap();
    assert_eq!((verified.chain, verified.broken), (ended, None));
    assert!(matches!(sample.node.export_acts(&file).await, Err(NodeError::Disk(_))));
    let again = sample.node.export_acts(&sample.node.dir().join("later.jsonl")).await.unwrap();
    assert_eq!(again.number, ended.number + 1, "the first export is an act too");
}
