//! Taking files in, on a real node: who may, what is stored, and what is not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use tempfile::TempDir;
use vrs_console::accounts::Operator;
use vrs_console::passwords::Password;
use vrs_node::error::NodeError;
use vrs_node::national::{Agency, AgencyCode};
use vrs_node::node::{ImportRequest, NewNode, Node};
use vrs_node::roles::Role;
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::ledger::ParticipantKind;
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
