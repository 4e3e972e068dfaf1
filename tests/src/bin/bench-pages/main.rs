//! `cargo bench-pages`: how long a node takes for each page of its console with ten years of data, beside the limit of 50 ms.
//!
//! Ten years of quarters, six forms, two agencies, lists of sixty countries; three participants that released them and read each
//! other's. A page is asked for as a browser asks, by somebody who is signed in, without the network between: what is measured
//! is the wall time of the node. A figure in a document names this command.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, missing_docs)]
// A measurement that cannot be taken has no result to report, so it stops; and measuring needs a clock.

use std::time::Instant;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use tower::ServiceExt;
use vrs_node::national::{Agency, AgencyCode};
use vrs_node::node::ImportRequest;
use vrs_runtime::exit::Exit;
use vrs_tests::world::{Seat, World};

const LIMIT_MS: f64 = 50.0;
const YEARS: std::ops::RangeInclusive<u16> = 2016..=2025;
const COUNTRIES: usize = 60;
/// Forms with a total only, and those with a list of countries.
const TOTALS: [&str; 3] = ["IE_TOT", "RE_TOT", "IR_TOT"];
const LISTS: [&str; 3] = ["IE_CIT", "IR_CIT", "SM_CIT"];
/// How often each page is asked for; the first time is not counted.
const TIMES: usize = 12;

/// What an officer opens, with the period and form that have the most behind them.
const PAGES: [&str; 23] = [
    "/",
    "/tables",
    "/tables?period=2025-Q4",
    "/tables/2025-Q4/IE_CIT",
    "/tables/2025-Q4/SM_CIT",
    "/tables/2025/SM_CIT",
    "/tables/2025-Q4/IE_CIT/sheet?agency=POLICE",
    "/tables/2025-Q4/RT_CTY/sheet?agency=POLICE",
    "/tables/nothing?period=2025-Q4&section=1&agency=POLICE",
    "/imports",
    "/findings?period=2025",
    "/calendar?period=2025-Q4",
    "/releases",
    "/releases/new?period=2025-Q4",
    "/releases/1",
    "/peers",
    "/peers/BBB/2025-Q4/IE_TOT",
    "/overviews",
    "/overviews/2025-Q4/IE_TOT",
    "/access",
    "/servings",
    "/catalogue",
    "/link",
];

fn main() -> Exit {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(measure())
}

async fn measure() -> Exit {
    eprintln!("Ten years of figures are made, released and read. This takes some minutes.");
    let world = World::without_wires(&["A", "B", "C"]).await;
    for name in ["A", "B", "C"] {
        ten_years(world.node(name)).await;
        eprintln!("  {name} has released");
    }
    world.sync().await;
    world.hub.edition().await;
    world.sync().await;
    let router = vrs_node::console::router(&world.node("A").node).unwrap();
    let cookie = sign_in(&router).await;
    println!("{:<58} {:>9} {:>9} {:>9}", "server time of a page, ms", "median", "slowest", "of limit");
    let mut slowest: f64 = 0.0;
    for page in PAGES {
        let mut times = Vec::with_capacity(TIMES);
        for _ in 0..TIMES {
            let begun = Instant::now();
            let request = Request::get(page).header(header::COOKIE, &cookie).header("sec-fetch-site", "same-origin");
            let answer = router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            let status = answer.status();
            let bytes = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
            times.push(begun.elapsed().as_secs_f64() * 1_000.0);
            assert_eq!(status, StatusCode::OK, "{page}: {}", String::from_utf8_lossy(&bytes));
        }
        let times = &mut times[1..];
        times.sort_by(f64::total_cmp);
        let median = times[times.len() / 2];
        slowest = slowest.max(median);
        println!("{page:<58} {median:>9.1} {:>9.1} {:>9.2}", times[times.len() - 1], median / LIMIT_MS);
    }
    println!("\nthe slowest page takes {slowest:.1} ms, {:.2} of the limit of {LIMIT_MS} ms", slowest / LIMIT_MS);
    Exit::Done
}

/// A session, as its cookie.
async fn sign_in(router: &Router) -> String {
    let form = "name=officer&password=correct+horse+battery+staple";
    let request = Request::post("/login")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let answer = router.clone().oneshot(request.body(Body::from(form)).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    answer.headers()[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned()
}

/// Figures of two agencies for every quarter, the first table of each released.
async fn ten_years(seat: &Seat) {
    let second = AgencyCode::parse("GUARD").unwrap();
    seat.node.add_agency(&Agency { code: second.clone(), name: "Coast Guard".into() }).await.unwrap();
    let countries: Vec<String> =
        seat.node.catalogue().countries().iter().take(COUNTRIES).map(|country| country.iso3.to_string()).collect();
    for year in YEARS {
        for period in [1, 2, 3, 4].map(|quarter| format!("{year}-Q{quarter}")).into_iter().chain([year.to_string()]) {
            let scale = if period.len() == 4 { 40 } else { 10 };
            let rows: Vec<(&str, Option<u64>)> = countries
                .iter()
                .enumerate()
                .map(|(place, code)| (code.as_str(), Some(scale * (place as u64 + 1))))
                .collect();
            let total = scale * (COUNTRIES * (COUNTRIES + 1) / 2) as u64;
            for form in LISTS {
                let cells: Vec<_> = [("_T", Some(total))].into_iter().chain(rows.iter().copied()).collect();
                seat.figures(form, &period, &cells).await;
            }
            import(seat, &second, &period, &rows[..COUNTRIES / 2], scale).await;
            for form in TOTALS {
                seat.figures(form, &period, &[("", Some(total))]).await;
                if period.len() > 4 {
                    seat.sign(form, &period, "contributors").await;
                }
            }
        }
        // One parcel after the other, as a year comes and goes.
        seat.sync().await;
    }
}

/// The second agency's list.
async fn import(seat: &Seat, agency: &AgencyCode, period: &str, rows: &[(&str, Option<u64>)], scale: u64) {
    let mut text = "form,period,participant,citizenship,value,status,conf\n".to_owned();
    for (code, count) in rows {
        text.push_str(&format!("SM_CIT,{period},{},{code},{},A,F\n", seat.code, count.unwrap_or(0)));
    }
    let total = scale * (rows.len() * (rows.len() + 1) / 2) as u64;
    text.push_str(&format!("SM_CIT,{period},{},_T,{total},A,F\n", seat.code));
    let request = ImportRequest {
        agency: agency.clone(),
        name: format!("guard-{period}.csv"),
        bytes: text.into_bytes(),
        mapping: None,
        beside: Vec::new(),
        only: None,
        metadata: None,
        by: None,
    };
    seat.node.import(request).await.unwrap();
}
