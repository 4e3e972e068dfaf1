//! Several agencies' figures become national ones: by rule, and by hand.

use axum::http::StatusCode;

use super::browser::Browser;
use super::sample::{Sample, import};

#[tokio::test]
async fn a_figure_set_by_hand_stands_says_why_and_shows_when_it_is_stale() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let table = ana.page("/tables/2018/IR_CIT").await;
    assert!(table.contains("differ by 6\u{202f}680") && table.contains("Set a figure by hand"), "{table}");
    let set = |figure: &str, reason: &str| format!("cell=IND&figure={figure}&reason={reason}");
    let address = "/tables/2018/IR_CIT/cell";
    assert_eq!(ana.post(address, &set("6900", "")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ana.post(address, &set("many", "x")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let done = ana.post(address, &set("6900", "120+of+them+are+counted+twice")).await;
    assert_eq!(done.location, "/tables/2018/IR_CIT#by-hand", "{}", done.text);
    let table = ana.page("/tables/2018/IR_CIT").await;
    for words in ["India: 6\u{202f}900", "120 of them are counted twice", "The agencies say: BF 6800, POLICE 120."] {
        assert!(table.contains(words), "{words}: {table}");
    }
    assert!(ana.get("/tables/2018/IR_CIT.csv").await.text.contains("GBR,IND,6900,A,F"));
    // The auditor reads in the trail that it was done, and no figure.
    let mut dana = Browser::signed_in(&sample.router, "dana").await;
    let acts = dana.page("/acts?what=national-cell-set").await;
    assert!(acts.contains("IR_CIT 2018") && acts.contains("cell: IND") && !acts.contains("6900"), "{acts}");

    let cells = [("_T", "412"), ("IND", "119"), ("ALB", "293")];
    import(&sample.node, "POLICE", "police-2018-again.csv", "IR_CIT", "2018", &cells).await;
    let table = ana.page("/tables/2018/IR_CIT").await;
    assert!(
        table.contains("figures under it have changed") && table.contains("now say BF 6800, POLICE 119"),
        "{table}"
    );
    let refused = ana.post("/releases/new", "table=IR_CIT:2018&audience=contributors").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("was set by hand") && refused.text.contains("Nothing was prepared"),
        "{}",
        refused.text
    );

    let back = ana.post(address, "cell=IND&take_back=yes&reason=settled").await;
    assert_eq!(back.status, StatusCode::SEE_OTHER, "{}", back.text);
    let table = ana.page("/tables/2018/IR_CIT").await;
    assert!(!table.contains("6\u{202f}900") && table.contains("the rule counts again"), "{table}");
    assert_eq!(ana.post(address, "cell=IND&take_back=yes&reason=again").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_decision_over_figures_that_differ_needs_a_reason() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let without = ana.post("/tables/2018/IR_CIT", "rule=sum&keep=&reason=").await;
    assert_eq!(without.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(without.text.contains("needs a reason"), "{}", without.text);
    let cells = [("", "18760")];
    import(&sample.node, "POLICE", "police-2019.csv", "RE_TOT", "2019", &cells).await;
    let alike = ana.post("/tables/2019/RE_TOT", "rule=prefer:BF&keep=&reason=").await;
    assert_eq!(alike.status, StatusCode::SEE_OTHER, "{}", alike.text);
    assert!(ana.page("/tables/2019/RE_TOT").await.contains("Decided by ana"));
}
