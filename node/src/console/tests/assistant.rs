//! Files in layouts of their own, brought and confirmed as a browser does it.

use axum::http::StatusCode;

use super::browser::Browser;
use super::sample::Sample;

const FILE: &str = "Refused at the border;;\nNationality;2017;2018\nAfghan;10;-\nIraqi;20;5\nElbonian;3;1\n;;\nSource: Border Force;;\n";

/// The answers that the page needs, with what is given for the label nobody knows.
fn answers(elbonian: &str) -> String {
    format!(
        "delimiter=semicolon&header_line=2&column.0=dimension%3Acitizenship&column.1=heading%3Aperiod&column.2=heading%3Aperiod\
         &topic=RE&form=RE_CIT&unit=persons&make=&dimension=citizenship&label=Elbonian&code={elbonian}\
         &mark=-&mark_is=no-row&complete=yes&coverage=All+ports"
    )
}

/// The mark of what a page shows, as its form sends it.
fn shown(page: &str) -> String {
    page.split("name=\"shown\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned()
}

#[tokio::test]
async fn a_file_nobody_described_is_asked_about_and_taken_in() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let file = [("agency", "", "BF"), ("file", "refusals by nationality.csv", FILE)];
    let brought = ana.post_files("/imports", &file).await;
    assert_eq!(brought.status, StatusCode::SEE_OTHER, "{}", brought.text);
    let address = brought.location;
    let page = ana.page(&address).await;
    for words in [
        "Refused at the border",
        "Elbonian",
        "What stands in place of a count",
        "Do the rows hold everybody?",
        "things are open",
        "value=\"RE_CIT\" checked",
        "value=\"heading:period\" selected",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    // Nothing can be taken in while something is open.
    assert!(!page.contains("value=\"take\""), "{page}");
    let early = ana.post(&address, &format!("{}&act=take", answers(""))).await;
    assert_eq!(early.status, StatusCode::OK, "{}", early.text);
    assert!(early.text.contains("1 thing is open"), "{}", early.text);
    let wrong = ana.post(&address, &format!("{}&act=look", answers("Atlantis"))).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("Atlantis is no country and no code"), "{}", wrong.text);

    let looked = ana.post(&address, &format!("{}&act=look", answers("Eritrea+%28ERI%29"))).await;
    assert_eq!(looked.status, StatusCode::SEE_OTHER, "{}", looked.text);
    let page = ana.page(&address).await;
    for words in [
        "This would be taken in",
        "New or changed",
        "2 tables of 6 rows; 1 row is left out",
        "Eritrea (ERI)",
        "value=\"take\"",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let mapping = ana.get(&format!("{address}/mapping")).await.text;
    assert!(mapping.contains("form = \"RE_CIT\"") && mapping.contains("Elbonian = \"ERI\""), "{mapping}");
    assert!(!ana.page("/imports").await.contains("refusals by nationality.csv"), "nothing was taken in so far");
    // What was not shown so is not taken in.
    let other = format!("{}&act=take&shown={}", answers("SYR"), shown(&page));
    assert_eq!(ana.post(&address, &other).await.status, StatusCode::OK);
    assert_eq!(ana.post(&address, &format!("{}&act=look", answers("ERI"))).await.status, StatusCode::SEE_OTHER);
    let page = ana.page(&address).await;
    let taken = ana.post(&address, &format!("{}&act=take&shown={}", answers("ERI"), shown(&page))).await;
    assert_eq!((taken.status, taken.location.as_str()), (StatusCode::SEE_OTHER, "/imports"), "{}", taken.text);
    let csv = ana.get("/tables/2018/RE_CIT.csv").await.text;
    assert!(csv.contains("GBR,ERI,1,A,F") && csv.contains("GBR,_T,6,A,F") && !csv.contains("AFG"), "{csv}");
    assert_eq!(ana.get(&address).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_next_file_with_these_headings_asks_nothing() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let first = [("agency", "", "BF"), ("file", "refusals.csv", FILE)];
    let address = ana.post_files("/imports", &first).await.location;
    assert_eq!(ana.post(&address, &format!("{}&act=look", answers("ERI"))).await.status, StatusCode::SEE_OTHER);
    let page = ana.page(&address).await;
    let take = format!("{}&act=take&shown={}", answers("ERI"), shown(&page));
    assert_eq!(ana.post(&address, &take).await.location, "/imports");
    // Another year, and somebody else who brings it.
    let next = FILE.replace("2018", "2020").replace("2017", "2019").replace(";5\n", ";7\n");
    let next = [("agency", "", "BF"), ("file", "refusals.csv", next.as_str())];
    let mut cleo = Browser::signed_in(&sample.router, "cleo").await;
    let address = cleo.post_files("/imports", &next).await.location;
    let page = cleo.page(&address).await;
    for words in ["Read as ana said", "This would be taken in", "RE_CIT", "2020"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let gone = cleo.post(&address, &format!("{}&act=drop", answers("ERI"))).await;
    assert_eq!(gone.location, "/imports");
    assert_eq!(cleo.get(&address).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_file_stays_with_those_who_may_deliver_it() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let file = [("agency", "", "BF"), ("file", "x.csv", FILE)];
    let address = ana.post_files("/imports", &file).await.location;
    let mut ben = Browser::signed_in(&sample.router, "ben").await;
    assert_eq!(ben.get(&address).await.status, StatusCode::FORBIDDEN);
    let script = FILE.replace("Elbonian", "<script>alert(1)</script>");
    let file = [("agency", "", "BF"), ("file", "<b>x.csv", script.as_str())];
    let address = ana.post_files("/imports", &file).await.location;
    let page = ana.page(&address).await;
    assert!(!page.contains("<script>alert") && !page.contains("<b>x.csv"), "{page}");
    let persons = [("agency", "", "BF"), ("file", "x.csv", "passport number;country\nX1;Mali\n")];
    let refused = ana.post_files("/imports", &persons).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("person&#39;s document") || refused.text.contains("person's document"),
        "{}",
        refused.text
    );
}

#[tokio::test]
async fn the_questionnaire_goes_out_as_a_workbook_and_comes_back() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let blank = ana.get("/imports/workbook.xlsx?agency=BF&period=2019-Q1&form=RE_CIT").await.bytes;
    let file = [("agency", "", b"BF".as_slice()), ("file", "blank.xlsx", blank.as_slice())];
    let refused = ana.post_files("/imports", &file).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("nothing is filled in"), "{}", refused.text);
    // What was delivered before stands in it, and comes back as it was.
    let rows = ["RE_CIT,2019-Q1,GBR,AFG,12,A,F", "RE_CIT,2019-Q1,GBR,_T,30,P,F"];
    let csv = format!("form,period,participant,citizenship,value,status,conf\n{}\n", rows.join("\n"));
    let csv = [("agency", "", "BF"), ("file", "x.csv", csv.as_str())];
    assert_eq!(ana.post_files("/imports", &csv).await.status, StatusCode::SEE_OTHER);
    let filled = ana.get("/imports/workbook.xlsx?agency=BF&period=2019-Q1").await.bytes;
    let file = [("agency", "", b"BF".as_slice()), ("file", "filled.xlsx", filled.as_slice())];
    let taken = ana.post_files("/imports", &file).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    assert!(ana.page("/imports").await.contains("filled.xlsx: 1 sheet is taken in."), "the other sheets say nothing");
    let csv = ana.get("/tables/2019-Q1/RE_CIT.csv").await.text;
    assert!(rows.iter().all(|row| csv.contains(row)), "{csv}");
    // A workbook that was made for somebody else.
    let police = [("agency", "", b"POLICE".as_slice()), ("file", "filled.xlsx", filled.as_slice())];
    let refused = ana.post_files("/imports", &police).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("GBR BF") && refused.text.contains("GBR POLICE"), "{}", refused.text);
}
