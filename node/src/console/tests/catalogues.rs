//! Two versions of the questionnaire on the pages: which holds when, what is new, and giving a new form to an agency.

use std::collections::BTreeSet;

use axum::http::StatusCode;

use super::browser::Browser;
use super::sample::Sample;
use crate::national::AgencyCode;
use crate::node::ImportRequest;
use crate::testing::form;

fn agency(code: &str) -> AgencyCode {
    AgencyCode::parse(code).unwrap()
}

/// A file of the Border Force.
fn file(text: &str) -> ImportRequest {
    ImportRequest {
        agency: agency("BF"),
        name: "figures.csv".into(),
        bytes: text.as_bytes().to_vec(),
        mapping: None,
        beside: Vec::new(),
        only: None,
        metadata: None,
        by: None,
    }
}

#[tokio::test]
async fn a_version_is_read_printed_and_compared() {
    let sample = Sample::with_a_new_questionnaire().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let list = ana.page("/catalogue").await;
    for words in ["until 2025", "from 2026 on", "/catalogue/IX_XPT?version=2026.1", "/catalogue/changes?old=2026.1"] {
        assert!(list.contains(words), "{words}: {list}");
    }
    let next = ana.page("/catalogue?version=2027.1").await;
    assert!(next.contains("/catalogue/SM_UAC?") && !next.contains("/catalogue/IX_XPT?"), "{next}");
    assert_eq!(ana.get("/catalogue?version=2099.1").await.status, StatusCode::NOT_FOUND);

    // The paper is that of the period, with its name in the questions.
    let (before, after) =
        (ana.page("/catalogue/print?period=2025").await, ana.page("/catalogue/print?period=2026-Q1").await);
    assert!(before.contains("IX_XPT") && !before.contains("SM_UAC"));
    assert!(
        after.contains("SM_UAC") && !after.contains("IX_XPT") && after.contains("first quarter of 2026"),
        "{after}"
    );
    assert!(ana.get("/catalogue/print?period=soon").await.status.is_client_error());

    // A form that was retired is still explained, and says until when it is asked.
    let retired = ana.page("/catalogue/IX_XPT").await;
    assert!(retired.contains("not asked any more from 2026 on"), "{retired}");
    assert_eq!(ana.get("/catalogue/IX_XPT?version=2027.1").await.status, StatusCode::NOT_FOUND);

    let changes = ana.page("/catalogue/changes").await;
    for words in
        ["From 2026 on", "unaccompanied or separated children", "at first instance", "In 2026.1", "VISA_FREE", "IX_XPT"]
    {
        assert!(changes.contains(words), "{words}: {changes}");
    }
    let mut ana = ana.speaking("fr");
    let changes = ana.page("/catalogue/changes").await;
    assert!(changes.contains("en première instance") && changes.contains("Dans 2026.1"), "{changes}");
    assert!(!changes.contains("at first instance"), "the new words are said in French, too");
}

#[tokio::test]
async fn a_new_form_waits_for_an_agency_and_is_given_to_one_in_one_step() {
    let sample = Sample::with_a_new_questionnaire().await;
    let task = "Assign the new form";
    let mut dana = Browser::signed_in(&sample.router, "dana").await;
    assert!(!dana.page("/").await.contains(task), "nobody gives forms to agencies here");
    sample.node.assign_forms(&agency("BF"), &BTreeSet::from([form("CS_SEX")])).await.unwrap();
    assert!(dana.page("/").await.contains(task));
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let start = ana.page("/").await;
    assert!(start.contains("what is new in the questionnaire from 2026 on") && !start.contains(task), "{start}");
    assert!(ana.page("/catalogue/changes").await.contains("Assigned to: BF"));

    let sent = "form=SM_UAC&agency=POLICE&old=2026.1&new=2027.1";
    assert_eq!(ana.post("/catalogue/changes", sent).await.status, StatusCode::FORBIDDEN);
    assert!(dana.page("/catalogue/changes").await.contains("Assigned to no agency yet"));
    assert_eq!(dana.post("/catalogue/changes", sent).await.status, StatusCode::SEE_OTHER);
    assert!(dana.page("/catalogue/changes").await.contains("Assigned to: POLICE"));
    assert!(!dana.page("/").await.contains(task));
    assert!(sample.node.agency_entry(&agency("BF")).await.unwrap().forms.contains(&form("CS_SEX")), "others stay");
}

#[tokio::test]
async fn each_period_asks_what_its_version_asks() {
    let sample = Sample::with_a_new_questionnaire().await;
    sample.hands.advance(100 * 86_400);
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let (before, after) = (ana.page("/tables?period=2025-Q4").await, ana.page("/tables?period=2026-Q1").await);
    assert!(before.contains("IX_XPT") && !before.contains("SM_UAC"));
    assert!(!after.contains("IX_XPT") && after.contains("SM_UAC"));
    let sheet = ana.get("/tables/2026-Q1/IX_XPT/sheet?agency=BF").await;
    assert!(!sheet.status.is_success() && sheet.text.contains("is not asked for 2026-Q1"), "{}", sheet.text);
    assert!(ana.page("/tables/2026-Q1/SM_UAC/sheet?agency=BF").await.contains("unaccompanied or separated"));
    // What nobody was asked is a gap with that reason.
    let overview = ana.page("/overviews/2026-Q1/IX_XPT").await;
    assert!(overview.contains("does not ask IX_XPT") && overview.contains("not asked for this period"), "{overview}");
    assert!(ana.page("/overviews/2026-Q1/CS_SEX").await.contains("Since 2026"));

    // The last period stands beside, with what changed since.
    let head = "form,period,participant,sex,value,status,conf\n";
    let rows = [("_T", 9), ("F", 2), ("M", 7)].map(|(sex, count)| format!("CS_SEX,2025-Q4,GBR,{sex},{count},A,F\n"));
    sample.node.import(file(&format!("{head}{}", rows.concat()))).await.unwrap();
    let sheet = ana.page("/tables/2026-Q1/CS_SEX/sheet?agency=BF").await;
    assert!(sheet.contains("2025-Q4") || sheet.contains("fourth quarter of 2025"), "{sheet}");
    assert!(sheet.contains("asked in other words than before"), "{sheet}");
}

#[tokio::test]
async fn a_file_is_taken_by_the_versions_of_its_periods() {
    let sample = Sample::with_a_new_questionnaire().await;
    sample.hands.advance(100 * 86_400);
    let rows = |period: &str| {
        format!(
            "form,period,participant,exit_point,value,status,conf\nIX_XPT,{period},GBR,_T,9,A,F\nIX_XPT,{period},GBR,GBDVR,9,A,F\n"
        )
    };
    let refused = sample.node.import(file(&rows("2026-Q1"))).await.unwrap_err().to_string();
    assert!(refused.contains("IX_XPT is not asked for 2026-Q1") && refused.contains("until 2025"), "{refused}");
    sample.node.import(file(&rows("2025-Q4"))).await.unwrap();
    // A code that was added is none before.
    let method = |period: &str| {
        format!(
            "form,period,participant,from,to,mode,choices,text,status,conf\nMF_MTH,{period},GBR,SRB,GBR,LAND,VISA_FREE,,A,F\n"
        )
    };
    let refused = sample.node.import(file(&method("2025-Q4"))).await.unwrap_err().to_string();
    assert!(refused.contains("VISA_FREE") && refused.contains("2026.1"), "{refused}");
    sample.node.import(file(&method("2026-Q1"))).await.unwrap();
}
