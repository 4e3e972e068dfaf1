//! The second factor: set up, asked for, used once, lost.

use axum::http::StatusCode;
use vrs_console::layout::Transport;
use vrs_console::second_factor::totp::{STEP_SECS, Secret};
use vrs_console::sessions::CODE_SECS;
use vrs_runtime::testing::Place;

use crate::browser::{Browser, PASSWORD, START, World, program};

/// A console at which approvers must have a second factor.
async fn world_on(place: Place) -> World {
    let program =
        vrs_console::layout::Program { second_factor_for: vec!["approver".into()], ..program(Transport::PlainHttp) };
    World::with(place, program).await.with_account("meyer", &["approver"]).await
}

async fn world() -> World {
    world_on(Place::sqlite()).await
}

/// The secret that the page shows.
fn secret_on(page: &str) -> Secret {
    let text = page.split("<span class=\"mono\">").nth(1).unwrap().split('<').next().unwrap().replace(' ', "");
    Secret::new(data_encoding::BASE32_NOPAD.decode(text.as_bytes()).unwrap().try_into().unwrap())
}

fn code(secret: &Secret, at: u64) -> String {
    secret.code(at / STEP_SECS).to_string()
}

fn recovery_codes(page: &str) -> Vec<String> {
    page.split("<li class=\"mono\">").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned()).collect()
}

/// Signs in by password and sets up what the role asks for.
async fn enrol(browser: &mut Browser) -> (Secret, Vec<String>) {
    let entered = browser.sign_in("meyer", PASSWORD).await;
    assert_eq!(entered.location(), "/me/second-factor");
    let offer = browser.get("/me/second-factor").await;
    assert!(offer.text.contains("<svg role=\"img\"") && offer.text.contains("Your role needs"), "{}", offer.text);
    let secret = secret_on(&offer.text);
    let done = browser.post("/me/second-factor", &format!("code={}", code(&secret, START))).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    (secret, recovery_codes(&done.text))
}

#[tokio::test]
async fn a_role_that_must_have_one_opens_nothing_before_it_is_set_up() {
    let world = world().await;
    let mut browser = world.browser();
    browser.sign_in("meyer", PASSWORD).await;
    for path in ["/", "/tables", "/me", "/acts"] {
        assert_eq!(browser.get(path).await.location(), "/me/second-factor", "{path}");
    }
    assert_eq!(browser.post("/approve", "").await.location(), "/me/second-factor");
    let wrong = browser.post("/me/second-factor", "code=000000").await;
    assert!(wrong.text.contains("The code is not right"), "{}", wrong.text);
    let before = browser.cookie.clone();
    let (_, codes) = enrol(&mut browser).await;
    assert_eq!(codes.len(), 10);
    assert_ne!(browser.cookie, before, "the session has another secret afterwards");
    assert_eq!(browser.get("/tables").await.status, StatusCode::OK);
    browser.cookie = before;
    assert_eq!(browser.get("/tables").await.location(), "/login?next=/tables", "the earlier one opens nothing");
}

#[tokio::test]
async fn the_code_is_asked_for_and_its_session_is_another_one() {
    for place in Place::each().await {
        let world = world_on(place).await;
        let (secret, _) = enrol(&mut world.browser()).await;
        world.hands.advance(60);
        let mut browser = world.browser();
        let entered =
            browser.post("/login", &format!("name=meyer&password={}&next=/tables", PASSWORD.replace(' ', "+"))).await;
        assert_eq!(entered.location(), "/login/code?next=/tables");
        let half = browser.cookie.clone();
        // Half a sign-in opens nothing but the page that asks for the other half.
        for path in ["/", "/me", "/me/second-factor"] {
            assert!(browser.get(path).await.location().starts_with("/login"), "{path}");
        }
        assert!(browser.get("/login/code?next=/tables").await.text.contains("value=\"/tables\""));
        let wrong = browser.post("/login/code", "code=000000&next=/tables").await;
        assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
        let right = code(&secret, START + 60);
        let done = browser.post("/login/code", &format!("code={}+{}&next=/tables", &right[..3], &right[3..])).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/tables"));
        assert_ne!(browser.cookie, half);
        assert_eq!(browser.get("/tables").await.status, StatusCode::OK);
        let mut planted = world.browser();
        planted.cookie = half;
        assert_eq!(
            planted.get("/tables").await.location(),
            "/login?next=/tables",
            "fixation: the half is worth nothing"
        );
        assert_eq!(planted.post("/login/code", &format!("code={right}")).await.location(), "/login");
    }
}

#[tokio::test]
async fn a_code_that_was_used_is_never_accepted_again() {
    let world = world().await;
    let (secret, _) = enrol(&mut world.browser()).await;
    // The code that set it up is used already.
    let mut browser = world.browser();
    browser.sign_in("meyer", PASSWORD).await;
    let refused = browser.post("/login/code", &format!("code={}", code(&secret, START))).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    world.hands.advance(30);
    let fresh = code(&secret, START + 30);
    assert_eq!(browser.post("/login/code", &format!("code={fresh}")).await.status, StatusCode::SEE_OTHER);
    let mut other = world.browser();
    other.sign_in("meyer", PASSWORD).await;
    let replayed = other.post("/login/code", &format!("code={fresh}")).await;
    assert_eq!(replayed.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn codes_and_passwords_are_guessed_under_one_throttle() {
    let world = world().await;
    let (secret, _) = enrol(&mut world.browser()).await;
    world.hands.advance(60);
    let mut browser = world.browser();
    // Who knows the password does not clear the count with it between guesses at the code.
    let mut tries = 0;
    let paused = loop {
        let password = browser.sign_in("meyer", PASSWORD).await;
        tries += 1;
        if password.status == StatusCode::TOO_MANY_REQUESTS {
            break password;
        }
        let guess = browser.post("/login/code", "code=123456").await;
        tries += 1;
        if guess.status == StatusCode::TOO_MANY_REQUESTS {
            break guess;
        }
        assert!(tries < 20, "no pause after {tries} tries");
    };
    assert!(tries <= 6, "{tries}");
    assert!(paused.text.contains("Too many tries"), "{}", paused.text);
    world.hands.advance(60);
    browser.sign_in("meyer", PASSWORD).await;
    world.hands.advance(60);
    let right = browser.post("/login/code", &format!("code={}", code(&secret, START + 180))).await;
    assert_eq!(right.status, StatusCode::SEE_OTHER, "{}", right.text);
    let mut again = world.browser();
    assert_eq!(again.sign_in("meyer", PASSWORD).await.status, StatusCode::SEE_OTHER, "the count began anew");
}

#[tokio::test]
async fn a_half_sign_in_is_given_up_after_a_while() {
    let world = world().await;
    enrol(&mut world.browser()).await;
    let mut browser = world.browser();
    browser.sign_in("meyer", PASSWORD).await;
    world.hands.advance(CODE_SECS);
    assert_eq!(browser.get("/login/code").await.location(), "/login");
}

#[tokio::test]
async fn each_recovery_code_works_once() {
    for place in Place::each().await {
        let world = world_on(place).await;
        let (_, codes) = enrol(&mut world.browser()).await;
        let spelled = codes[3].to_lowercase().replace('-', "+");
        for expected in [StatusCode::SEE_OTHER, StatusCode::UNAUTHORIZED] {
            let mut browser = world.browser();
            browser.sign_in("meyer", PASSWORD).await;
            assert_eq!(browser.post("/login/code", &format!("code={spelled}")).await.status, expected);
        }
        let mut browser = world.browser();
        browser.sign_in("meyer", PASSWORD).await;
        browser.post("/login/code", &format!("code={}", codes[4])).await;
        let page = browser.get("/me/second-factor").await;
        assert!(page.text.contains("8 recovery codes are left"), "{}", page.text);
        assert!(page.text.contains("Your role needs a second factor"), "a role that must have one keeps it");
        let kept = browser.post("/me/second-factor/remove", "password=x&code=y").await;
        assert!(kept.text.contains("ask the administrator to reset it"), "{}", kept.text);
    }
}

#[tokio::test]
async fn who_need_not_have_one_sets_it_up_with_the_password_and_takes_it_away() {
    let world = world().await.with_account("ana", &["focal_point"]).await;
    let (mut browser, mut elsewhere) = (world.browser(), world.browser());
    browser.sign_in("ana", PASSWORD).await;
    elsewhere.sign_in("ana", PASSWORD).await;
    let secret = secret_on(&browser.get("/me/second-factor").await.text);
    let right = code(&secret, START);
    let unattended = browser.post("/me/second-factor", &format!("password=wrong&code={right}")).await;
    assert!(unattended.text.contains("The current password is not right"), "{}", unattended.text);
    let password = PASSWORD.replace(' ', "+");
    let done = browser.post("/me/second-factor", &format!("password={password}&code={right}")).await;
    assert_eq!(recovery_codes(&done.text).len(), 10, "{}", done.text);
    assert_eq!(elsewhere.get("/").await.status, StatusCode::SEE_OTHER, "other sessions have ended");
    world.hands.advance(60);
    let right = code(&secret, START + 60);
    let removed = browser.post("/me/second-factor/remove", &format!("password={password}&code={right}")).await;
    assert_eq!(removed.location(), "/login");
    assert_eq!(browser.sign_in("ana", PASSWORD).await.location(), "/");
}

#[tokio::test]
async fn a_reset_second_factor_is_set_up_anew_and_the_trail_tells_it() {
    let world = world().await;
    let mut browser = world.browser();
    let (_, codes) = enrol(&mut browser).await;
    assert!(world.console.accounts().reset_second_factor("meyer").await.unwrap());
    assert!(!world.console.accounts().reset_second_factor("meyer").await.unwrap(), "there is none any more");
    assert_eq!(browser.get("/").await.status, StatusCode::SEE_OTHER, "its sessions have ended");
    let (_, others) = enrol(&mut world.browser()).await;
    assert!(others.iter().all(|code| !codes.contains(code)));
    let acts = world.console.acts().page(&Default::default(), 0, 50).await.unwrap();
    let of = |what: &str| acts.iter().filter(|act| act.what == what).count();
    assert_eq!((of("second-factor-enrolled"), of("second-factor-removed")), (2, 1));
    for act in &acts {
        let line = act.line(act.hash());
        assert!(codes.iter().chain(&others).all(|code| !line.contains(code.as_str())), "{line}");
    }
}

#[tokio::test]
async fn all_other_sessions_end_at_once() {
    let world = World::new().await.with_account("ana", &[]).await;
    let (mut here, mut there, mut elsewhere) = (world.browser(), world.browser(), world.browser());
    for browser in [&mut here, &mut there, &mut elsewhere] {
        browser.sign_in("ana", PASSWORD).await;
    }
    let page = here.get("/me").await;
    assert!(page.text.contains("End all others") && page.text.contains("this session"), "{}", page.text);
    here.post("/me/sessions/end-others", "").await;
    assert!(here.get("/me").await.text.contains("2 other sessions have ended"));
    assert_eq!(there.get("/").await.status, StatusCode::SEE_OTHER);
    assert_eq!(elsewhere.get("/").await.status, StatusCode::SEE_OTHER);
    assert!(!here.get("/me").await.text.contains("End all others"));
}
