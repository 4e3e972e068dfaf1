//! Taking files in, on a real node: who may, what is stored, and what is not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use tempfile::TempDir;
use vrs_console::accounts::Operator;
use vrs_console::passwords::Password;
use vrs_node::error::NodeError;
use vrs_node::national::{Agency, AgencyCode};
use vrs_node::node::{ImportRequest, NewNode, Node};
use vrs_node::roles::Role;
use vrs_protocol::id::{FormCode, ParticipantCode};
use vrs_protocol::ledger::ParticipantKind;
use vrs_protocol::period::Period;
use vrs_protocol::table::Metadata;
use vrs_runtime::clock::Clock;

/// A node of France with the agencies BG and POLICE.
async fn node() -> (Node, TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let new = NewNode {
        participant: ParticipantCode::parse("FRA").unwrap(),
        name: String::new(),
        kind: ParticipantKind::State,
        console: "127.0.0.1:0".parse().unwrap(),
    };
    let (clock, _) = Clock::manual(1_767_225_600);
    let node = Node::init(dir.path(), &new, clock).await.unwrap();
    for code in ["BG", "POLICE"] {
        node.add_agency(&Agency { code: agency(code), name: code.into() }).await.unwrap();
    }
    (node, dir)
}

fn agency(code: &str) -> AgencyCode {
    AgencyCode::parse(code).unwrap()
}

fn file(text: &str) -> ImportRequest {
    ImportRequest {
        agency: agency("BG"),
        name: "figures.csv".into(),
        bytes: text.as_bytes().to_vec(),
        mapping: None,
        beside: Vec::new(),
        only: None,
        metadata: None,
        by: None,
    }
}

fn figures(cells: &[(&str, u64)]) -> String {
    let rows: String = cells.iter().map(|(code, count)| format!("IE_CIT,2021,FRA,{code},{count},A,F\n")).collect();
    format!("form,period,participant,citizenship,value,status,conf\n{rows}")
}

async fn metadata(node: &Node) -> Metadata {
    let (form, period) = (FormCode::parse("IE_CIT").unwrap(), Period::parse("2021").unwrap());
    node.national(&form, period).await.unwrap().table.metadata
}

async fn contributor_of_the_police(node: &Node) -> Operator {
    let password = || Password::new("a long enough sentence".into()).unwrap();
    node.add_account("pia", "Pia", &[Role::Contributor], Some(&agency("POLICE")), password()).await.unwrap();
    node.sign_in("pia", password()).await.unwrap()
}

#[tokio::test]
async fn who_may_not_import_for_an_agency_does_not_get_a_file_read() {
    let (node, _dir) = node().await;
    let by = Some(contributor_of_the_police(&node).await);
    let refused = node.import(ImportRequest { by, ..file("this is no file of figures") }).await.unwrap_err();
    assert!(matches!(&refused, NodeError::NotAllowed(_)), "{refused}");
    let nobody = ImportRequest { agency: agency("NOBODY"), ..file("this is no file of figures") };
    assert!(matches!(node.import(nobody).await.unwrap_err(), NodeError::Missing(_)));
    assert!(matches!(node.import(file("this is no file of figures")).await.unwrap_err(), NodeError::File(_)));
}

#[tokio::test]
async fn metadata_that_cannot_be_kept_refuses_the_file() {
    let (node, _dir) = node().await;
    for (given, field) in [
        (Metadata { unit: Some("bananas".into()), ..Metadata::default() }, "metadata.unit, \"bananas\""),
        (Metadata { comment: Some("x".repeat(5_000)), ..Metadata::default() }, "metadata.comment"),
        (Metadata { source: Some("\u{1b}[2J".into()), ..Metadata::default() }, "metadata.source"),
        // The rows of a complete list are its total.
        (Metadata { list_complete: true, ..Metadata::default() }, "impossible sum"),
    ] {
        let request = ImportRequest { metadata: Some(given), ..file(&figures(&[("_T", 9), ("AFG", 5), ("_O", 1)])) };
        let refused = node.import(request).await.unwrap_err();
        assert!(matches!(&refused, NodeError::File(_)) && refused.to_string().contains(field), "{refused}");
    }
    assert_eq!((node.imports(9).await.unwrap(), node.subjects().await.unwrap()), (Vec::new(), Vec::new()));
}

#[tokio::test]
async fn figures_of_a_time_that_has_not_come_are_refused() {
    let (node, _dir) = node().await;
    let text = |period: &str| figures(&[("_T", 9)]).replace("2021", period);
    let refused = node.import(file(&text("2035"))).await.unwrap_err().to_string();
    assert!(refused.contains("line 2, \"2035\"") && refused.contains("has not begun"), "{refused}");
    assert_eq!(node.subjects().await.unwrap(), Vec::new());
    // 2026-01-01 by this node's clock.
    node.import(file(&text("2026-01"))).await.unwrap();
}

#[tokio::test]
async fn how_figures_were_counted_stays_and_that_a_list_is_complete_does_not() {
    let (node, _dir) = node().await;
    let given = Metadata { source: Some("Border Guard".into()), list_complete: true, ..Metadata::default() };
    let first = ImportRequest { metadata: Some(given.clone()), ..file(&figures(&[("_T", 9), ("AFG", 5), ("IRQ", 4)])) };
    node.import(first).await.unwrap();
    assert_eq!(metadata(&node).await, given);
    node.import(file(&figures(&[("_T", 9), ("AFG", 5)]))).await.unwrap();
    assert_eq!(metadata(&node).await, Metadata { list_complete: false, ..given });
}

#[tokio::test]
async fn an_export_says_which_tables_it_leaves_out() {
    let (node, dir) = node().await;
    for (agency_code, unit) in [("BG", "persons"), ("POLICE", "detections")] {
        let metadata = Some(Metadata { unit: Some(unit.into()), ..Metadata::default() });
        let request =
            ImportRequest { agency: agency(agency_code), metadata, ..file(&figures(&[("_T", 9), ("AFG", 5)])) };
        node.import(request).await.unwrap();
    }
    let report = node.export_csv(&dir.path().join("out")).await.unwrap();
    assert!(report.files.is_empty(), "{:?}", report.files);
    let left_out = &report.left_out[0];
    assert_eq!((left_out.form.as_str(), left_out.period.to_string().as_str()), ("IE_CIT", "2021"));
    assert!(left_out.reason.contains("decide"), "{}", left_out.reason);
}

#[tokio::test]
async fn a_file_with_another_table_than_the_named_one_is_not_taken() {
    let (node, _dir) = node().await;
    let only = Some((FormCode::parse("IE_CIT").unwrap(), Period::parse("2020").unwrap()));
    let refused = node.import(ImportRequest { only, ..file(&figures(&[("_T", 9)])) }).await.unwrap_err();
    assert!(refused.to_string().contains("nothing of it was taken"), "{refused}");
    assert!(node.subjects().await.unwrap().is_empty());
}
