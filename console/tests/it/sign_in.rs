//! Signing in, staying signed in, and ceasing to be.

use axum::http::{StatusCode, header};
use vrs_console::{
    layout::Transport,
    sessions::{ABSOLUTE_SECS, IDLE_SECS},
    throttle::LONGEST_PAUSE_SECS,
};
use vrs_runtime::database::Database;

use crate::browser::{PASSWORD, World};

#[tokio::test]
async fn a_stranger_is_sent_to_sign_in_and_comes_back_to_the_page_wanted() {
    let world = World::new().await.with_account("meyer", &[]).await;
    let mut browser = world.browser();
    let turned_away = browser.get("/tables?period=2021").await;
    assert_eq!(turned_away.status, StatusCode::SEE_OTHER);
    assert_eq!(turned_away.location(), "/login?next=/tables%3Fperiod%3D2021");
    let page = browser.get(turned_away.location()).await;
    assert!(page.text.contains("name=\"next\" value=\"/tables?period=2021\""), "{}", page.text);
    let form = format!("name=meyer&password={}&next=/tables?period=2021", PASSWORD.replace(' ', "+"));
    let entered = browser.post("/login", &form).await;
    assert_eq!((entered.status, entered.location()), (StatusCode::SEE_OTHER, "/tables?period=2021"));
    assert_eq!(browser.get("/tables").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_script_is_told_instead_of_sent() {
    let world = World::new().await;
    let answer = world.browser().get_json("/tables").await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    assert!(answer.text.contains("\"problem\":\"Nobody is signed in here"), "{}", answer.text);
}

#[tokio::test]
async fn signing_in_leads_nowhere_else() {
    let world = World::new().await.with_account("meyer", &[]).await;
    for next in ["https://example.org/", "//example.org/", "/%5Cexample.org", "/%09/example.org"] {
        let mut browser = world.browser();
        let form = format!("name=meyer&password={}&next={next}", PASSWORD.replace(' ', "+"));
        assert_eq!(browser.post("/login", &form).await.location(), "/", "{next}");
        assert_eq!(browser.get(&format!("/login?next={next}")).await.location(), "/", "{next}");
    }
}

#[tokio::test]
async fn wrong_name_wrong_password_and_disabled_account_read_the_same() {
    let world = World::new().await.with_account("meyer", &[]).await.with_account("gone", &[]).await;
    world.console.accounts().disable("gone").await.unwrap();
    let mut pages = Vec::new();
    for (name, password) in
        [("meyer", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD), ("n%C3%B4t+a+name", PASSWORD)]
    {
        let answer = world.browser().at(&format!("192.0.2.{}", pages.len())).sign_in(name, password).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        assert!(!answer.headers.contains_key(header::SET_COOKIE));
        let shown = if name == "n%C3%B4t+a+name" { "nôt a name" } else { name };
        assert!(answer.text.contains(shown), "the name typed stays in its field");
        pages.push(answer.text.replace(shown, "…"));
    }
    assert!(pages.windows(2).all(|pair| pair[0] == pair[1]));
    assert!(pages[0].contains("do not belong together"));
    assert!(pages[0].contains("<title>Error: Sign in"));
}

#[tokio::test]
async fn each_sign_in_has_a_new_secret_and_ends_the_one_before() {
    let world = World::new().await.with_account("meyer", &[]).await;
    let mut browser = world.browser();
    browser.sign_in("meyer", PASSWORD).await;
    let first = browser.cookie.clone().unwrap();
    browser.sign_in("meyer", PASSWORD).await;
    let second = browser.cookie.clone().unwrap();
    assert_ne!(first, second);
    assert!(first.len() >= "vrs=".len() + 43, "256 bits in base64: {first}");
    browser.cookie = Some(first);
    assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER, "the old secret opens nothing");
    browser.cookie = Some(second);
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn signing_out_ends_the_session_on_our_side_too() {
    let world = World::new().await.with_account("meyer", &[]).await;
    let mut browser = world.browser();
    browser.sign_in("meyer", PASSWORD).await;
    let held = browser.cookie.clone();
    let left = browser.post("/logout", "").await;
    assert_eq!(left.location(), "/login?left=1");
    assert_eq!(browser.cookie, None, "the browser is told to forget it");
    assert!(browser.get("/login?left=1").await.text.contains("You have signed out"));
    browser.cookie = held;
    assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_left_alone_ends_and_a_used_one_lasts_a_working_day() {
    let world = World::new().await.with_account("meyer", &[]).await;
    let mut idle = world.browser();
    let mut busy = world.browser();
    idle.sign_in("meyer", PASSWORD).await;
    busy.sign_in("meyer", PASSWORD).await;
    let step = IDLE_SECS - 120;
    let mut passed = 0;
    while passed + step < ABSOLUTE_SECS {
        world.hands.advance(step);
        passed += step;
        assert_eq!(busy.get("/").await.status, StatusCode::OK, "after {passed} s");
        if passed == step {
            assert_eq!(idle.get("/").await.status, StatusCode::OK);
        }
    }
    assert_eq!(idle.get("/").await.status, StatusCode::SEE_OTHER, "idle for too long");
    world.hands.advance(ABSOLUTE_SECS - passed);
    assert_eq!(busy.get("/").await.status, StatusCode::SEE_OTHER, "a working day is over, however busy");
}

#[tokio::test]
async fn the_last_idle_second_counts() {
    let world = World::new().await.with_account("meyer", &[]).await;
    let mut browser = world.browser();
    browser.sign_in("meyer", PASSWORD).await;
    world.hands.advance(IDLE_SECS - 1);
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    world.hands.advance(IDLE_SECS);
    assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_page_is_read_also_while_nothing_can_be_written() {
    let world = World::new().await.with_account("meyer", &[]).await;
    let mut browser = world.browser();
    browser.sign_in("meyer", PASSWORD).await;
    // Long enough for the last use to be written, which another process that writes does not let happen.
    world.hands.advance(IDLE_SECS / 2);
    let other = Database::connect(world.place.url(), world.place.dir()).await.unwrap();
    let held = other.begin("hold").await.unwrap();
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
    drop(held);
    world.hands.advance(IDLE_SECS / 2 + 1);
    assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER, "the use that was not written does not count");
}

#[tokio::test]
async fn disabling_an_account_ends_what_is_open() {
    let world = World::new().await.with_account("meyer", &[]).await;
    let mut browser = world.browser();
    browser.sign_in("meyer", PASSWORD).await;
    world.console.accounts().disable("meyer").await.unwrap();
    assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER);
    world.console.accounts().enable("meyer").await.unwrap();
    assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER, "enabling brings no old session back");
    assert_eq!(browser.sign_in("meyer", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn five_tries_are_free_and_the_right_password_waits_with_the_wrong_ones() {
    let world = World::new().await.with_account("meyer", &[]).await;
    let mut browser = world.browser();
    for _ in 0..5 {
        assert_eq!(browser.sign_in("meyer", "wrong").await.status, StatusCode::UNAUTHORIZED);
    }
    let paused = browser.sign_in("meyer", PASSWORD).await;
    assert_eq!(paused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(paused.headers[header::RETRY_AFTER], "15");
    assert!(paused.text.contains("Wait 15 seconds"), "{}", paused.text);
    let elsewhere = world.browser().at("198.51.100.9").sign_in("meyer", PASSWORD).await;
    assert_eq!(elsewhere.status, StatusCode::TOO_MANY_REQUESTS, "the account is paused wherever one sits");
    world.hands.advance(15);
    assert_eq!(browser.sign_in("meyer", PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.sign_in("meyer", "wrong").await.status, StatusCode::UNAUTHORIZED, "counting began anew");
}

#[tokio::test]
async fn an_address_that_tries_many_names_is_paused_and_others_are_not() {
    let world = World::new().await.with_account("meyer", &[]).await;
    let mut guesser = world.browser();
    for name in ["anna", "bert", "carl", "dora", "emil"] {
        assert_eq!(guesser.sign_in(name, "wrong").await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(guesser.sign_in("meyer", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    let owner = world.browser().at("198.51.100.9").sign_in("meyer", PASSWORD).await;
    assert_eq!(owner.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn unknown_names_are_paused_as_known_ones_are() {
    let world = World::new().await;
    for attempt in 0..6 {
        let answer = world.browser().at(&format!("192.0.2.{attempt}")).sign_in("nobody", "wrong").await;
        let expected = if attempt < 5 { StatusCode::UNAUTHORIZED } else { StatusCode::TOO_MANY_REQUESTS };
        assert_eq!(answer.status, expected);
    }
}

#[tokio::test]
async fn pauses_grow_to_a_quarter_of_an_hour_and_no_further() {
    let world = World::new().await.with_account("meyer", &[]).await;
    let mut waits = Vec::new();
    for attempt in 0..14_u32 {
        let mut browser = world.browser().at(&format!("192.0.2.{attempt}"));
        let answer = browser.sign_in("meyer", "wrong").await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            let wait: u64 = answer.headers[header::RETRY_AFTER].to_str().unwrap().parse().unwrap();
            waits.push(wait);
            world.hands.advance(wait);
            browser.sign_in("meyer", "wrong").await;
        }
    }
    assert_eq!(waits, [15, 30, 60, 120, 240, 480, 900, 900, 900]);
    world.hands.advance(LONGEST_PAUSE_SECS);
    assert_eq!(world.browser().sign_in("meyer", PASSWORD).await.status, StatusCode::SEE_OTHER, "never for ever");
}

#[tokio::test]
async fn tries_at_the_same_moment_are_all_counted() {
    let world = World::new().await.with_account("meyer", &[]).await;
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let mut browser = world.browser();
        tries.spawn(async move { browser.sign_in("meyer", "wrong").await.status });
    }
    let looked_at = tries.join_all().await.into_iter().filter(|status| *status == StatusCode::UNAUTHORIZED).count();
    assert_eq!(looked_at, 5, "five are free, however many come at once");
}

#[tokio::test]
async fn with_tls_the_cookie_carries_the_host_prefix_and_the_note_is_gone() {
    let world = World::over(Transport::Tls).await.with_account("meyer", &[]).await;
    let mut browser = world.browser();
    let page = browser.get("/login").await;
    assert!(!page.text.contains("plain HTTP"));
    assert!(page.headers.contains_key(header::STRICT_TRANSPORT_SECURITY));
    let entered = browser.sign_in("meyer", PASSWORD).await;
    let cookie = entered.headers[header::SET_COOKIE].to_str().unwrap();
    assert!(
        cookie.starts_with("__Host-vrs=") && cookie.ends_with("; HttpOnly; SameSite=Strict; Secure; Path=/"),
        "{cookie}"
    );
    assert_eq!(browser.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn without_tls_the_page_says_so() {
    let world = World::new().await;
    assert!(world.browser().get("/login").await.text.contains("served over plain HTTP"));
}
