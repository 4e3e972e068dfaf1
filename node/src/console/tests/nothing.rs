//! Nothing to report, for many forms at once.

use axum::http::StatusCode;

use super::browser::Browser;
use super::sample::{Sample, person};
use crate::national::AgencyCode;
use crate::sheet::Sheet;
use crate::sheet::Subject;
use crate::testing::{form, period};
use vrs_protocol::cell::Cell;

#[tokio::test]
async fn forms_without_a_figure_are_answered_at_once_after_a_page_that_says_what_is_written() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let overview = ana.page("/tables?period=2021").await;
    assert!(overview.contains("/tables/nothing?period=2021&#38;section=1"), "{overview}");
    // The border force delivered IE_CIT and IE_TOT, and somebody types RE_TOT.
    let bf = AgencyCode::parse("BF").unwrap();
    let of = Subject { agency: bf.clone(), form: form("RE_TOT"), period: period("2021") };
    let cleo = person(&sample.node, "cleo").await;
    sample.node.save_sheet(&of, &Sheet::default(), 0, &cleo).await.unwrap();
    let page = ana.page("/tables/nothing?period=2021&section=1&agency=BF").await;
    for (there, field) in [(false, "nil-IE_CIT"), (false, "nil-RE_TOT"), (true, "nil-RE_CIT"), (true, "nil-IR_TOT")] {
        assert_eq!(page.contains(field), there, "{field}");
    }
    assert!(page.contains("cleo is typing figures"), "{page}");

    let form_sent = "period=2021&section=1&agency=BF&nil-RE_CIT=none-occurred&comment-RE_CIT=&nil-IR_TOT=&comment-IR_TOT=From+2022&rest=not-collected";
    let confirm = ana.post("/tables/nothing", &format!("{form_sent}&do=look")).await;
    assert_eq!(confirm.status, StatusCode::OK, "{}", confirm.text);
    assert!(confirm.text.contains("RE_CIT") && confirm.text.contains("From 2022"), "{}", confirm.text);
    assert!(confirm.text.contains("Nothing is written yet") && confirm.text.contains("none occurred"));
    let tables = sample.node.agency_tables(&form("RE_CIT"), period("2021")).await.unwrap();
    assert!(tables.is_empty());

    let written = ana.post("/tables/nothing", &format!("{form_sent}&do=write")).await;
    assert_eq!(written.location, "/tables?period=2021", "{}", written.text);
    let tables = sample.node.agency_tables(&form("RE_CIT"), period("2021")).await.unwrap();
    assert_eq!(tables[0].table.cells.values().collect::<Vec<_>>(), [&Cell::count(0)]);
    let tables = sample.node.agency_tables(&form("IR_TOT"), period("2021")).await.unwrap();
    assert_eq!(tables[0].table.cells.values().collect::<Vec<_>>(), [&Cell::NotCollected]);
    assert_eq!(tables[0].table.metadata.comment.as_deref(), Some("From 2022"));

    // What has a figure by now is not written over, and nothing of the rest is written either.
    let again = "period=2021&section=1&agency=BF&nil-IR_CIT=not-known&nil-RE_CIT=not-collected&do=write";
    let refused = ana.post("/tables/nothing", again).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("nothing was written"), "{}", refused.text);
    assert!(sample.node.agency_tables(&form("IR_CIT"), period("2021")).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_counted_elsewhere_says_where_and_a_text_has_no_zero() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let elsewhere = "period=2021&section=1&agency=BF&nil-RE_CIT=counted-elsewhere&comment-RE_CIT=+&do=look";
    let refused = ana.post("/tables/nothing", elsewhere).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("say in the comment where"), "{}", refused.text);
    let page = ana.page("/tables/nothing?period=2021&section=2&agency=BF").await;
    assert!(page.contains("nil-RT_CTY"), "{page}");
    let zero = "period=2021&section=2&agency=BF&nil-RT_CTY=none-occurred&do=write";
    assert_eq!(ana.post("/tables/nothing", zero).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ana.get("/tables/nothing?period=2090&section=1").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(ana.get("/tables/nothing?period=nonsense").await.status, StatusCode::NOT_FOUND);
}
