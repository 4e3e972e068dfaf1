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

#[tokio::test]
async fn an_import_is_taken_back_and_what_was_there_before_is_in_force_again() {
    let (node, _dir) = node().await;
    let total = async || {
        let (form, period) = (FormCode::parse("IE_CIT").unwrap(), Period::parse("2021").unwrap());
        let tables = node.agency_tables(&form, period).await.unwrap();
        tables.first().and_then(|own| own.table.total().and_then(|cell| cell.as_count()))
    };
    let first = node.import(file(&figures(&[("_T", 10), ("AFG", 10)]))).await.unwrap().import.unwrap();
    let second = node.import(file(&figures(&[("_T", 99), ("AFG", 99)]))).await.unwrap().import.unwrap();
    assert!(matches!(node.take_import_back(second, " ", None).await.unwrap_err(), NodeError::Usage(_)));
    let pia = contributor_of_the_police(&node).await;
    let foreign = node.take_import_back(second, "not mine", Some(&pia)).await.unwrap_err();
    assert!(matches!(foreign, NodeError::NotAllowed(_)), "{foreign}");
    assert_eq!(total().await, Some(99), "nothing was changed");

    // One that was replaced changes nothing; the one in force gives way to the one before it.
    let done = node.take_import_back(second, "the wrong year", None).await.unwrap();
    assert_eq!((done.again.len(), done.none.len(), total().await), (1, 0, Some(10)));
    let again = node.take_import_back(second, "the wrong year", None).await.unwrap_err();
    assert!(matches!(again, NodeError::Refused(_)), "{again}");
    let done = node.take_import_back(first, "also wrong", None).await.unwrap();
    assert_eq!((done.again.len(), done.none.len(), total().await), (0, 1, None));
    assert!(node.subjects().await.unwrap().is_empty());
    assert!(matches!(node.take_import_back(7, "x", None).await.unwrap_err(), NodeError::Missing(_)));
    // The same file can be brought again.
    assert!(node.import(file(&figures(&[("_T", 10), ("AFG", 10)]))).await.unwrap().tables[0].changed);
    assert_eq!(total().await, Some(10));
}

#[tokio::test]
async fn the_import_of_a_replaced_table_leaves_the_later_one_in_force() {
    let (node, _dir) = node().await;
    let first = node.import(file(&figures(&[("_T", 10), ("AFG", 10)]))).await.unwrap().import.unwrap();
    node.import(file(&figures(&[("_T", 20), ("AFG", 20)]))).await.unwrap();
    let done = node.take_import_back(first, "an old mistake", None).await.unwrap();
    assert_eq!((done.replaced, done.again.len() + done.none.len()), (1, 0));
    let (form, period) = (FormCode::parse("IE_CIT").unwrap(), Period::parse("2021").unwrap());
    assert_eq!(node.agency_tables(&form, period).await.unwrap()[0].table.total().unwrap().as_count(), Some(20));
}

#[tokio::test]
async fn what_another_import_says_too_stands_until_that_one_is_taken_back() {
    let (node, _dir) = node().await;
    let (form, period) = (FormCode::parse("IE_CIT").unwrap(), Period::parse("2021").unwrap());
    let same = figures(&[("_T", 10), ("AFG", 10)]);
    let first = node.import(file(&same)).await.unwrap().import.unwrap();
    let and_more = format!("{same}IE_CIT,2020,FRA,_T,4,A,F\n");
    let second = node.import(file(&and_more)).await.unwrap().import.unwrap();
    let done = node.take_import_back(first, "a mistake", None).await.unwrap();
    assert_eq!((done.confirmed, done.again.len() + done.none.len()), (1, 0));
    assert_eq!(node.agency_tables(&form, period).await.unwrap().len(), 1);
    assert!(node.import_entry(second).await.unwrap().tables.iter().any(|table| table.same && table.stands));
    let done = node.take_import_back(second, "that too", None).await.unwrap();
    assert_eq!((done.confirmed, done.none.len()), (0, 2));
    assert!(node.agency_tables(&form, period).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_contributor_takes_back_only_what_the_agency_delivers() {
    let (node, _dir) = node().await;
    let pia = contributor_of_the_police(&node).await;
    let police = ImportRequest { agency: agency("POLICE"), ..file(&figures(&[("_T", 10), ("AFG", 10)])) };
    let import = node.import(police).await.unwrap().import.unwrap();
    let refused = node.take_import_back(import, "not ours", Some(&pia)).await.unwrap_err();
    assert!(matches!(&refused, NodeError::NotAllowed(sentence) if sentence.contains("IE_CIT")), "{refused}");
    let forms = [FormCode::parse("IE_CIT").unwrap()].into();
    node.assign_forms(&agency("POLICE"), &forms).await.unwrap();
    node.take_import_back(import, "not ours", Some(&pia)).await.unwrap();
}
