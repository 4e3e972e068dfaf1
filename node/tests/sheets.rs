//! Figures that are typed, on a real node: what is kept, who may, and what becomes of it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use tempfile::TempDir;
use vrs_console::accounts::Operator;
use vrs_console::passwords::Password;
use vrs_node::error::NodeError;
use vrs_node::national::{Agency, AgencyCode};
use vrs_node::node::{CompleteOutcome, NewNode, Node, SaveOutcome};
use vrs_node::roles::Role;
use vrs_node::sheet::{Row, Sheet, Subject};
use vrs_protocol::cell::Cell;
use vrs_protocol::id::{FormCode, ParticipantCode};
use vrs_protocol::ledger::ParticipantKind;
use vrs_protocol::period::Period;
use vrs_runtime::clock::Clock;

/// A node of France with two agencies, a focal point, and a contributor of the police.
async fn node() -> (Node, Operator, Operator, TempDir) {
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
    let password = || Password::new("a long enough sentence".into()).unwrap();
    node.add_account("ana", "Ana", &[Role::FocalPoint], None, password()).await.unwrap();
    let forms = ["IE_TOT", "IE_CIT"].map(|form| FormCode::parse(form).unwrap());
    node.assign_forms(&agency("POLICE"), &forms.into()).await.unwrap();
    node.add_account("pia", "Pia", &[Role::Contributor], Some(&agency("POLICE")), password()).await.unwrap();
    let (ana, pia) = (node.sign_in("ana", password()).await.unwrap(), node.sign_in("pia", password()).await.unwrap());
    (node, ana, pia, dir)
}

fn agency(code: &str) -> AgencyCode {
    AgencyCode::parse(code).unwrap()
}

fn subject(agency_code: &str, form: &str, period: &str) -> Subject {
    Subject {
        agency: agency(agency_code),
        form: FormCode::parse(form).unwrap(),
        period: Period::parse(period).unwrap(),
    }
}

fn list(rows: &[(&str, &str)]) -> Sheet {
    let row = |(code, value): &(&str, &str)| Row {
        codes: vec![(*code).into()],
        values: vec![(*value).into()],
        ..Row::default()
    };
    Sheet { rows: rows.iter().map(row).collect(), ..Sheet::default() }
}

async fn open(node: &Node, of: &Subject, who: &Operator) -> vrs_node::node::OpenSheet {
    node.sheet(of, who, |_, code| code.to_string()).await.unwrap()
}

#[tokio::test]
async fn what_is_typed_is_kept_as_it_was_typed_until_it_is_complete() {
    let (node, ana, _, _dir) = node().await;
    let of = subject("BG", "IE_CIT", "2025-Q1");
    let half = list(&[("_T", "1 2"), ("Atlant", ""), ("Iraq", "nine")]);
    let SaveOutcome::Saved(first) = node.save_sheet(&of, &half, 0, &ana).await.unwrap() else { panic!("saved") };
    let opened = open(&node, &of, &ana).await;
    assert_eq!((opened.sheet, first.version), (half, 1));
    assert_eq!(node.sheets(&ana).await.unwrap().len(), 1);

    let CompleteOutcome::Problems(problems) = node.complete_sheet(&of, &ana).await.unwrap() else { panic!("nine") };
    assert!(problems.iter().any(|(row, _)| *row == Some(2)), "{problems:?}");
    assert!(node.agency_tables(&of.form, of.period).await.unwrap().is_empty(), "nothing half taken");

    let whole = list(&[("_T", "1 234"), ("Iraq", "1000 P"), ("_O", "L"), ("", "")]);
    let SaveOutcome::Saved(second) = node.save_sheet(&of, &whole, 1, &ana).await.unwrap() else { panic!("saved") };
    assert_eq!(second.version, 2);
    let CompleteOutcome::TakenIn(report) = node.complete_sheet(&of, &ana).await.unwrap() else { panic!("whole") };
    assert!(report.tables[0].changed && report.tables[0].cells == 3);
    let table = &node.agency_tables(&of.form, of.period).await.unwrap()[0].table;
    assert_eq!(table.total(), Some(&Cell::count(1_234)));
    assert!(table.cells.values().any(|cell| *cell == Cell::NotCollected));
    assert!(node.sheets(&ana).await.unwrap().is_empty(), "what is complete is not being typed");

    // Opened again it shows what was delivered, and the next quarter shows it beside.
    let again = open(&node, &of, &ana).await;
    assert!(again.delivered && again.saved.is_none());
    assert_eq!(again.sheet.rows[0].values, ["1234"]);
    let next = open(&node, &subject("BG", "IE_CIT", "2025-Q2"), &ana).await;
    assert_eq!(next.before.unwrap().0, of.period);
}

#[tokio::test]
async fn who_saves_over_somebody_else_is_told_and_nothing_is_lost() {
    let (node, ana, pia, _dir) = node().await;
    let of = subject("POLICE", "IE_TOT", "2025");
    let typed =
        |value: &str| Sheet { rows: vec![Row { values: vec![value.into()], ..Row::default() }], ..Sheet::default() };
    assert!(matches!(node.save_sheet(&of, &typed("1"), 0, &pia).await.unwrap(), SaveOutcome::Saved(_)));
    let SaveOutcome::Overtaken(by) = node.save_sheet(&of, &typed("2"), 0, &ana).await.unwrap() else { panic!("pia") };
    assert_eq!((by.by.as_str(), by.version), ("pia", 1));
    assert_eq!(open(&node, &of, &ana).await.sheet, typed("1"));
    assert!(matches!(node.save_sheet(&of, &typed("2"), by.version, &ana).await.unwrap(), SaveOutcome::Saved(_)));
    // A sheet that was completed or dropped meanwhile begins anew, and what is typed stays.
    node.drop_sheet(&of, &ana).await.unwrap();
    assert!(matches!(node.save_sheet(&of, &typed("3"), 1, &pia).await.unwrap(), SaveOutcome::Saved(_)));
    assert_eq!(open(&node, &of, &pia).await.sheet, typed("3"));
}

#[tokio::test]
async fn an_agency_types_its_own_figures_of_a_time_that_has_begun() {
    let (node, ana, pia, _dir) = node().await;
    let other = subject("BG", "IE_TOT", "2025");
    assert!(matches!(node.save_sheet(&other, &list(&[]), 0, &pia).await.unwrap_err(), NodeError::NotAllowed(_)));
    assert!(matches!(
        node.sheet(&other, &pia, |_, code| code.to_string()).await.unwrap_err(),
        NodeError::NotAllowed(_)
    ));
    node.save_sheet(&other, &list(&[]), 0, &ana).await.unwrap();
    assert!(node.sheets(&pia).await.unwrap().is_empty(), "those of others are not listed");
    let refused = node.save_sheet(&subject("POLICE", "SM_TOT", "2025"), &list(&[]), 0, &pia).await.unwrap_err();
    assert!(refused.to_string().contains("not assigned to the agency POLICE"), "{refused}");
    let early = subject("POLICE", "IE_TOT", "2031");
    assert!(matches!(node.save_sheet(&early, &list(&[]), 0, &pia).await.unwrap_err(), NodeError::File(_)));
    let large = list(&vec![("AFG", "1"); 501]);
    let refused = node.save_sheet(&subject("POLICE", "IE_CIT", "2025"), &large, 0, &pia).await.unwrap_err();
    assert!(refused.to_string().contains("nothing was saved"), "{refused}");
}

#[tokio::test]
async fn what_came_from_a_file_and_cannot_be_typed_is_not_lost() {
    let (node, ana, _, _dir) = node().await;
    let of = subject("BG", "IE_CIT", "2025");
    let text = "form,period,participant,citizenship,value,status,conf\n\
                IE_CIT,2025,FRA,_T,90,A,F\nIE_CIT,2025,FRA,AFG,,Q,C\nIE_CIT,2025,FRA,SYR,,Q,E\nIE_CIT,2025,FRA,IRQ,<5,Q,C\n";
    let request = vrs_node::node::ImportRequest {
        agency: of.agency.clone(),
        name: "figures.csv".into(),
        bytes: text.as_bytes().to_vec(),
        mapping: None,
        beside: Vec::new(),
        only: None,
        metadata: None,
        by: None,
    };
    node.import(request).await.unwrap();
    let before = node.agency_tables(&of.form, of.period).await.unwrap()[0].table.clone();
    let sheet = open(&node, &of, &ana).await.sheet;
    node.save_sheet(&of, &sheet, 0, &ana).await.unwrap();
    let CompleteOutcome::TakenIn(report) = node.complete_sheet(&of, &ana).await.unwrap() else { panic!("complete") };
    assert!(!report.tables[0].changed, "{report:?}");
    assert_eq!(node.agency_tables(&of.form, of.period).await.unwrap()[0].table, before);
}

#[tokio::test]
async fn what_the_intake_refuses_is_said_at_its_row() {
    let (node, ana, _, _dir) = node().await;
    let of = subject("BG", "IE_CIT", "2025");
    for (rows, at) in [
        (&[("_T", "10"), ("AFG", "20")][..], Some(0)),
        (&[("_T", "30"), ("AFG", "20"), ("Afghanistan (AFG)", "10")], Some(2)),
        (&[("_T", "30"), ("AFG", "1,5")], Some(1)),
    ] {
        let version = open(&node, &of, &ana).await.saved.map_or(0, |saved| saved.version);
        node.save_sheet(&of, &list(rows), version, &ana).await.unwrap();
        let CompleteOutcome::Problems(problems) = node.complete_sheet(&of, &ana).await.unwrap() else {
            panic!("{rows:?}")
        };
        assert_eq!(problems[0].0, at, "{rows:?}: {problems:?}");
    }
}
