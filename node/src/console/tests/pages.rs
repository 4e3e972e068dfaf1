//! Every page in its states.

use axum::http::StatusCode;
use futures::FutureExt;

use super::browser::Browser;
use super::sample::Sample;

/// Every address of the menu.
pub(super) const PAGES: [&str; 20] = [
    "/",
    "/charter",
    "/tables",
    "/tables?period=2021",
    "/calendar",
    "/findings",
    "/imports",
    "/releases",
    "/overviews",
    "/peers",
    "/access",
    "/ledger",
    "/servings",
    "/link",
    "/agencies",
    "/catalogue",
    "/catalogue/print",
    "/catalogue/changes",
    "/help",
    "/help/glossary",
];

#[tokio::test]
async fn strangers_are_sent_to_sign_in() {
    let sample = Sample::empty().await;
    let mut stranger = Browser::new(&sample.router);
    for path in PAGES.iter().chain(&[
        "/tables/2021/IE_CIT",
        "/tables/2021/IE_CIT.csv",
        "/releases/new",
        "/releases/1",
        "/overviews/2021/IE_CIT",
        "/peers/USA/2021/IE_CIT",
    ]) {
        let answer = stranger.get(path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{path}");
        assert!(answer.location.starts_with("/login"), "{path} leads to {}", answer.location);
    }
    for path in
        ["/releases/1/approve", "/releases/1/withdraw", "/releases/1/discard", "/releases/new", "/charter", "/imports"]
    {
        let answer = stranger.post(path, "password=x").await;
        assert!(answer.location.starts_with("/login"), "{path}: {}", answer.status);
    }
}

#[tokio::test]
async fn a_new_node_says_what_to_do_first() {
    let sample = Sample::empty().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    for path in PAGES {
        ana.page(path).await;
    }
    let dashboard = ana.page("/").await;
    assert!(dashboard.contains("To begin") && dashboard.contains("vrs-node join INVITE"), "{dashboard}");
    assert!(dashboard.contains("This node has not joined a region yet"));
    assert!(ana.page("/releases/new").await.contains("no table that can be released"));
    assert_eq!(ana.get("/tables/2021/IE_CIT").await.status, StatusCode::NOT_FOUND);
    assert_eq!(ana.get("/tables/2021-Q5/IE_CIT").await.status, StatusCode::NOT_FOUND);
    assert_eq!(ana.get("/releases/7").await.status, StatusCode::NOT_FOUND);
    assert_eq!(ana.get("/tables?period=soon").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_node_in_a_region_shows_every_page() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    for path in PAGES {
        ana.page(path).await;
    }
    let dashboard = ana.page("/").await;
    assert!(!dashboard.contains("To begin"));
    assert!(dashboard.contains("4 peers’ tables are open to you"), "{dashboard}");
    assert!(
        dashboard.contains("Another person must approve the release of “Refused entries: total” for 2019"),
        "{dashboard}"
    );
    assert!(dashboard.contains("were judged by this node when they came in"), "{dashboard}");
    let tables = ana.page("/tables").await;
    assert!(
        tables.contains("prepared, waits for approval") && tables.contains("released to contributors, revision 1"),
        "{tables}"
    );
}

#[tokio::test]
async fn a_table_shows_agencies_side_by_side_and_every_source() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let table = ana.page("/tables/2018/IR_CIT").await;
    for words in [
        "Agencies side by side",
        "POLICE",
        "stay-2018.csv",
        "Where each figure comes from",
        "fewer than 5",
        "Decide how the national table is made",
    ] {
        assert!(table.contains(words), "{words}: {table}");
    }
    let decided = ana.post("/tables/2018/IR_CIT", "rule=prefer:BF&keep=&reason=Police+figures+are+part+of+it").await;
    assert_eq!(decided.status, StatusCode::SEE_OTHER, "{}", decided.text);
    let table = ana.page("/tables/2018/IR_CIT").await;
    assert!(
        table.contains("The figures of BF are the national ones") && table.contains("The decision is recorded"),
        "{table}"
    );
    let csv = ana.get("/tables/2018/IR_CIT.csv").await;
    assert!(csv.text.starts_with("form,period,participant,citizenship,value,status,conf\n"), "{}", csv.text);
    let released = ana.page("/tables/2021/IE_CIT").await;
    assert!(!released.contains("differ from those that were released"), "{released}");
}

#[tokio::test]
async fn a_file_is_taken_whole_or_every_problem_is_listed() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let bad = "form,period,participant,value,status,conf\nRE_TOT,2018-Q5,GBR,-3,A,F\n";
    let refused = ana.post_files("/imports", &[("agency", "", "BF"), ("file", "bad.csv", bad)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for words in ["There is a problem", "2018-Q5", "Problems of the file", "<th scope=\"row\">2</th>"] {
        assert!(refused.text.contains(words), "{words}: {}", refused.text);
    }
    let good = "form,period,participant,value,status,conf\nRE_TOT,2018,GBR,17365,A,F\n";
    let taken = ana.post_files("/imports", &[("agency", "", "BF"), ("file", "good.csv", good)]).await;
    assert_eq!(taken.status, StatusCode::SEE_OTHER, "{}", taken.text);
    let page = ana.page("/imports").await;
    assert!(page.contains("good.csv is taken in: 1 new or changed table (RE_TOT 2018)."), "{page}");
    let mut ben = Browser::signed_in(&sample.router, "ben").await;
    let denied = ben.post_files("/imports", &[("agency", "", "BF"), ("file", "good.csv", good)]).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_region_is_shown_or_the_reason_why_not() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let open = ana.page("/overviews/2021/IE_CIT").await;
    for words in ["From whom", "reported, not included", "shared with named participants only", "Download CSV", "<svg"]
    {
        assert!(open.contains(words), "{words}: {open}");
    }
    assert!(open.contains("The table of HUN is open to you and has not arrived yet"), "{open}");
    let csv = ana.get("/overviews/2021/IE_CIT.csv").await.text;
    assert!(
        csv.starts_with(
            "form,period,citizenship,known,low,high,answered,of\nIE_CIT,2021,_T,1764429,1764429,1764429,4,4\n"
        ),
        "{csv}"
    );
    let closed = ana.page("/overviews/2019/RE_TOT").await;
    assert!(
        closed.contains("The regional figures are not open to you")
            && closed.contains("would open the tables of POL, USA"),
        "{closed}"
    );
    assert_eq!(ana.get("/overviews/2019/RE_TOT.csv").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let explained = ana.page("/access?form=RE_TOT&period=2019").await;
    assert!(
        explained.contains("GBR has released nothing of RE_TOT for 2019") && explained.contains("reason 600"),
        "{explained}"
    );
}

#[tokio::test]
async fn a_peers_table_shows_its_signature_or_what_would_unlock_it() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let read = ana.page("/peers/ITA/2021/IE_CIT").await;
    assert!(read.contains("Signed by Italy") && read.contains("67\u{202f}040"), "{read}");
    assert!(ana.page("/peers/HUN/2021/IE_CIT").await.contains("has not arrived yet"));
    assert!(ana.page("/peers/FRA/2021/IE_CIT").await.contains("as totals only: nobody reads it singly"));
    assert!(ana.page("/peers/USA/2019/RE_TOT").await.contains("This table is not open to you"));
    assert_eq!(ana.get("/peers/XXX/2021/IE_CIT").await.status, StatusCode::NOT_FOUND);
    let matrix = ana.page("/peers?period=2021").await;
    for words in
        ["open to you, revision 1", "totals only: in sums of groups", "shared with others by name", "not reported"]
    {
        assert!(matrix.contains(words), "{words}");
    }
}

#[tokio::test]
async fn the_records_say_who_read_what_and_that_every_line_holds() {
    let sample = Sample::filled().await;
    let mut dana = Browser::signed_in(&sample.router, "dana").await;
    let servings = dana.page("/servings").await;
    assert!(servings.contains("4 participants have read 4 tables of ours; we were served 4 tables."), "{servings}");
    let audited = dana.get("/ledger/audit").await;
    assert_eq!(audited.location, "/ledger");
    let ledger = dana.page("/ledger").await;
    assert!(ledger.contains("servings up to checkpoint") && ledger.contains("were justified"), "{ledger}");
    let only = dana.page("/ledger?kind=serving&text=usa").await;
    assert!(only.contains("USA is served IE_CIT 2021 of GBR") && !only.contains("<td>release</td>"), "{only}");
    let link = dana.page("/link").await;
    assert!(link.contains("hub.test.vrs:7443") && link.contains("Release 1"), "{link}");
}

/// Serves the sample at 127.0.0.1:7999 to a person who wants to look at it, signed in as somebody: `LOOK_AS=ben`. With
/// `LOOK_AT=versions`, one in a region that moves to another questionnaire; with `LOOK_PORT`, elsewhere.
#[tokio::test]
#[ignore = "waits for a person to look"]
async fn the_sample_is_served_to_look_at() {
    let name = std::env::var("LOOK_AS").unwrap_or_else(|_| "ana".into());
    let sample = match (name.as_str(), std::env::var("LOOK_AT").as_deref()) {
        ("new", _) => Sample::empty().await,
        (_, Ok("versions")) => Sample::with_a_new_questionnaire().await,
        _ => Sample::filled().await,
    };
    let port = std::env::var("LOOK_PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(7999_u16);
    let cookie = Browser::signed_in(&sample.router, if name == "new" { "ana" } else { &name }).await.cookie();
    let router =
        sample.router.clone().layer(axum::middleware::map_request(move |mut request: axum::extract::Request| {
            let cookie = cookie.parse().unwrap();
            request.headers_mut().insert(axum::http::header::COOKIE, cookie);
            std::future::ready(request)
        }));
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.unwrap();
    axum::serve(listener, router).await.unwrap();
}

#[tokio::test]
async fn a_place_below_the_end_of_the_ledger_is_its_end() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let page = ana.page("/ledger?from=18446744073709551615").await;
    assert!(page.contains("Earlier lines") && !page.contains("Later lines"), "{page}");
}

#[tokio::test]
async fn the_ledger_is_judged_for_one_person_at_a_time() {
    let sample = Sample::filled().await;
    let node = sample.node.clone();
    let mut refused = String::new();
    let second = |_, _| refused = node.audit(|_, _| {}).now_or_never().unwrap().unwrap_err().to_string();
    sample.node.audit(second).await.unwrap();
    assert!(refused.contains("is being judged for somebody already"), "{refused}");
    sample.node.audit(|_, _| {}).await.unwrap();
}

#[test]
fn only_this_machine_or_a_proxy_with_tls_protects_a_console() {
    let exposed = |address: &str, behind_tls| crate::console::is_exposed(address.parse().unwrap(), behind_tls);
    assert!(exposed("0.0.0.0:7080", false) && exposed("[::]:7080", false) && exposed("192.0.2.7:7080", false));
    assert!(!exposed("192.0.2.7:7080", true) && !exposed("127.0.0.1:7080", false) && !exposed("[::1]:7080", false));
}
