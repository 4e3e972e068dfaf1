//! Several agencies' figures become national ones: by rule, and by hand.

use axum::http::StatusCode;

use super::browser::Browser;
use super::sample::{Sample, import, password};
use crate::national::AgencyCode;
use crate::roles::Role;
use crate::testing::form;

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

const MAPPING: &str = r#"
format = 1
[publication]
publisher = "Register"
title = "cases"
licence = "national"
[file]
participant = "GBR"
[labels.country]
lists = ["codes"]
[cases]
topic = { is = "SM" }
period = { date = "day" }
make = ["quarter", "half"]
covers = ["2020-S1"]
reference = { column = "case_no" }
metadata = { unit = "persons" }
[cases.dimensions]
citizenship = { column = "citizenship", labels = "country" }
"#;

#[tokio::test]
async fn the_same_case_of_two_agencies_is_counted_once_and_no_reference_is_kept() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let guard =
        "day,citizenship,case_no\n2020-01-05,AFG,SECRETREF-1\n2020-02-05,SYR,SECRETREF-2\n2020-05-01,AFG,SECRETREF-3\n";
    let police = "day,citizenship,case_no\n2020-01-07,AFG,secretref-1\n2020-02-05,IRQ,SECRETREF\u{2013}2\n2020-06-01,SYR,SECRETREF-4\n";
    for (agency, file) in [("BF", guard), ("POLICE", police)] {
        let sent = [("agency", "", agency), ("file", "cases.csv", file), ("mapping", "cases.toml", MAPPING)];
        let taken = ana.post_files("/imports", &sent).await;
        assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    }
    let table = ana.page("/tables/2020-Q1/SM_CIT").await;
    for words in
        ["The same cases", "<dt>With more than one agency</dt><dd>2</dd>", "1 · Citizenship: 1", "counted twice"]
    {
        assert!(table.contains(words), "{words}: {table}");
    }
    let form = "rule=cases:POLICE,BF&keep=&reason=The+police+ask+for+papers";
    let decided = ana.post("/tables/2020-Q1/SM_CIT", form).await;
    assert_eq!(decided.status, StatusCode::SEE_OTHER, "{}", decided.text);
    let csv = ana.get("/tables/2020-Q1/SM_CIT.csv").await.text;
    for row in ["GBR,AFG,1,A,F", "GBR,IRQ,1,A,F", "GBR,_T,2,A,F"] {
        assert!(csv.contains(row), "{row}: {csv}");
    }
    assert!(!csv.contains("SYR"), "{csv}");
    let half = "rule=cases:BF,POLICE&keep=&reason=first+come&whole_year=yes";
    assert_eq!(ana.post("/tables/2020-S1/SM_TOT", half).await.status, StatusCode::SEE_OTHER);
    assert!(ana.get("/tables/2020-Q1/SM_CIT.csv").await.text.contains("GBR,SYR,1,A,F"), "the other tables too");
    assert!(ana.get("/tables/2020-Q2/SM_TOT.csv").await.text.contains("GBR,2,A,F"));
    assert!(!ana.page("/findings?period=2020-S1").await.contains("Not all figures can be true"));
    assert!(ana.get("/tables/2020-S1/SM_TOT.csv").await.text.contains("GBR,4,A,F"));

    // The same file again says nothing new; a corrected one is counted at once.
    let again = [("agency", "", "POLICE"), ("file", "cases.csv", police), ("mapping", "cases.toml", MAPPING)];
    ana.post_files("/imports", &again).await;
    assert!(ana.page("/imports").await.contains("says nothing new"));
    let corrected = police.replace("2020-06-01,SYR,SECRETREF-4\n", "");
    let sent =
        [("agency", "", "POLICE"), ("file", "cases.csv", corrected.as_str()), ("mapping", "cases.toml", MAPPING)];
    assert_eq!(ana.post_files("/imports", &sent).await.status, StatusCode::SEE_OTHER);
    assert!(ana.get("/tables/2020-S1/SM_TOT.csv").await.text.contains("GBR,3,A,F"));

    // It was the wrong file: the figures of before stand, and their cases are brought anew to be counted once.
    let imports = ana.page("/imports").await;
    let latest = imports.split("/imports/taken/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let page = format!("/imports/taken/{latest}");
    assert!(ana.page(&page).await.contains("Its cases are deleted"));
    assert_eq!(ana.post(&page, "reason=").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ana.post(&page, "reason=not+theirs").await.location, page);
    assert!(ana.page(&page).await.contains("Taken back by ana"));
    assert!(ana.page("/tables/2020-S1/SM_TOT").await.contains("do not come from cases with references any more"));
    let sent = [("agency", "", "POLICE"), ("file", "cases.csv", police), ("mapping", "cases.toml", MAPPING)];
    assert_eq!(ana.post_files("/imports", &sent).await.status, StatusCode::SEE_OTHER);
    assert!(ana.get("/tables/2020-S1/SM_TOT.csv").await.text.contains("GBR,4,A,F"));

    // Figures that come from no cases any more cannot be counted so, and nothing is made up.
    import(&sample.node, "POLICE", "typed.csv", "SM_TOT", "2020-S1", &[("", "9")]).await;
    let page = ana.page("/tables/2020-S1/SM_TOT").await;
    assert!(page.contains("the figures of POLICE do not come from cases with references any more"), "{page}");
    let refused = ana.post("/tables/2020-S1/SM_TOT", "rule=cases:BF,POLICE&keep=&reason=x").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);

    let database = sample.files().into_iter().flat_map(|file| std::fs::read(file).unwrap()).collect::<Vec<u8>>();
    let database = String::from_utf8_lossy(&database).to_uppercase();
    assert!(database.contains("CASES.CSV") && !database.contains("SECRETREF"));
}

#[tokio::test]
async fn what_looks_wrong_is_released_only_with_a_reason_and_silent_until_it_changes() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    for (when, count) in [("2014", "1000"), ("2015", "1010"), ("2016", "990"), ("2017", "1005")] {
        import(&sample.node, "BF", "series.csv", "FD_TOT", when, &[("", count)]).await;
    }
    import(&sample.node, "BF", "outlier.csv", "FD_TOT", "2018", &[("", "1400")]).await;
    let page = ana.page("/findings?period=2018").await;
    let far = "1400 is far from the 4 earlier figures: their middle is 1002, and 652 to 1352 would be usual.";
    for words in ["Figures that are possible and odd", far, "/tables/2018/FD_TOT", "Accept it with this reason"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let prepare = "table=FD_TOT:2018&audience=contributors";
    let refused = ana.post("/releases/new", prepare).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("need a reason before it is released"), "{}", refused.text);
    let about =
        |page: &str| page.split("name=\"about\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let first = about(page.split(far).nth(1).unwrap());
    let accept = |about: &str, reason: &str| format!("period=2018&form=FD_TOT&about={about}&reason={reason}");
    assert_eq!(ana.post("/findings", &accept(&first, "")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ana.post("/findings", &accept("ff", "x")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let accepted = ana.post("/findings", &accept(&first, "a+new+register")).await;
    assert_eq!(accepted.location, "/findings?period=2018", "{}", accepted.text);
    let page = ana.page("/findings?period=2018").await;
    assert!(page.contains("Accepted by ana: “a new register”"), "{page}");
    assert_eq!(ana.post("/findings", &accept(&first, "again")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let prepared = ana.post("/releases/new", prepare).await;
    assert_eq!(prepared.status, StatusCode::SEE_OTHER, "{}", prepared.text);

    import(&sample.node, "BF", "outlier.csv", "FD_TOT", "2018", &[("", "1401")]).await;
    let page = ana.page("/findings?period=2018").await;
    assert!(
        !page.contains("a new register") && page.contains("1401 is far from"),
        "another figure is another finding: {page}"
    );
    let mut dana = Browser::signed_in(&sample.router, "dana").await;
    let acts = dana.page("/acts?what=findings-accepted").await;
    assert!(acts.contains("FD_TOT 2018") && acts.contains("findings: 1") && !acts.contains("1400"), "{acts}");
}

#[tokio::test]
async fn a_closed_period_changes_no_more_but_for_an_agency_with_an_exception() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let page = ana.page("/calendar?period=2018").await;
    assert!(
        page.contains("The period is open") && page.contains("Close the period") && page.contains("1 of "),
        "{page}"
    );
    assert_eq!(ana.post("/calendar", "period=2018&act=lock&reason=").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ana.post("/calendar", "period=2018&act=lock&reason=all+sent").await.location, "/calendar?period=2018");
    let page = ana.page("/calendar?period=2018").await;
    assert!(page.contains("2018 was closed by ana on ") && page.contains("“all sent”"), "{page}");
    let before = ana.get("/tables/2018/IR_CIT.csv").await.text;
    // No decision, no figure by hand, no file, no sheet; also not of a quarter inside it.
    let closed = "2018 was closed by ana: all sent.";
    for (address, form) in [
        ("/tables/2018/IR_CIT", "rule=prefer:BF&keep=&reason=x"),
        ("/tables/2018/IR_CIT/cell", "cell=IND&figure=1&reason=x"),
    ] {
        let refused = ana.post(address, form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        assert!(refused.text.contains(closed), "{address}: {}", refused.text);
    }
    let file = |period: &str| format!("form,period,participant,value,status,conf\nRE_TOT,{period},GBR,7,A,F\n");
    for period in ["2018", "2018-Q3"] {
        let text = file(period);
        let refused = ana.post_files("/imports", &[("agency", "", "BF"), ("file", "late.csv", &text)]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{period}");
        assert!(refused.text.contains(closed), "{}", refused.text);
    }
    assert_eq!(ana.get("/tables/2018/IR_CIT.csv").await.text, before);
    // The same file again changes nothing, so nothing is refused.
    let except = "period=2018-Q3&act=except&agency=BF&until=2026-01-05&reason=a+late+court";
    assert_eq!(ana.post("/calendar", except).await.status, StatusCode::SEE_OTHER);
    let past = "period=2018-Q3&act=except&agency=BF&until=2025-12-31&reason=x";
    assert_eq!(ana.post("/calendar", past).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let text = file("2018-Q3");
    let late = |agency: &'static str| [("agency", "", agency), ("file", "late.csv", text.as_str())];
    assert_eq!(ana.post_files("/imports", &late("POLICE")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let taken = ana.post_files("/imports", &late("BF")).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    assert_eq!(ana.post("/calendar", "period=2018&act=unlock&reason=a+court").await.status, StatusCode::SEE_OTHER);
    assert_eq!(ana.post("/calendar", "period=2018&act=unlock&reason=x").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ana.post_files("/imports", &late("POLICE")).await.status, StatusCode::SEE_OTHER);
    let mut dana = Browser::signed_in(&sample.router, "dana").await;
    for act in ["period-locked", "period-excepted", "period-unlocked"] {
        assert!(dana.page(&format!("/acts?what={act}")).await.contains("2018"), "{act}");
    }
}

#[tokio::test]
async fn who_can_do_something_about_it_is_reminded_of_what_is_due() {
    // It is 1 January 2026: the fourth quarter of 2025 is due in 45 days, the third was due in November.
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    import(&sample.node, "BF", "quarter.csv", "RE_TOT", "2025-Q4", &[("", "7")]).await;
    import(&sample.node, "BF", "before.csv", "IE_TOT", "2025-Q3", &[("", "9")]).await;
    let dashboard = ana.page("/").await;
    assert!(!dashboard.contains("2025-Q4 is at hand") && dashboard.contains("How far we are"), "{dashboard}");
    assert!(dashboard.contains("1 of ") && dashboard.contains(" complete"), "{dashboard}");
    sample.hands.advance(40 * 86_400);
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let dashboard = ana.page("/").await;
    assert!(dashboard.contains("1 table for 2025-Q4 is at hand and not decided on"), "{dashboard}");
    assert!(dashboard.contains("1 table that was there the time before has no figures for 2025-Q4"), "{dashboard}");
    assert!(dashboard.contains("in 4 days") && !dashboard.contains("for 2026-01"), "{dashboard}");
    let agency = AgencyCode::parse("BF").unwrap();
    let forms = ["RE_TOT", "IE_TOT"].map(form).into();
    sample.node.assign_forms(&agency, &forms).await.unwrap();
    sample.node.add_account("carl", "Carl", &[Role::Contributor], Some(&agency), password()).await.unwrap();
    let dashboard = Browser::signed_in(&sample.router, "carl").await.page("/").await;
    assert!(dashboard.contains("1 form assigned to your agency is not delivered for 2025-Q4"), "{dashboard}");
}
