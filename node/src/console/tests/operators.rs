//! Persons as the administrator sees them, and approving with a second factor.

use axum::http::StatusCode;
use vrs_console::second_factor::totp::{STEP_SECS, Secret};

use super::browser::Browser;
use super::sample::{PASSWORD, Sample, password, person};
use crate::national::{Agency, AgencyCode};
use crate::roles::Role;

fn own() -> String {
    format!("password={}", PASSWORD.replace(' ', "+"))
}

/// What a page shows in the first element of this kind.
fn mono(page: &str) -> String {
    page.split("class=\"mono\">").nth(1).unwrap().split('<').next().unwrap().to_owned()
}

#[tokio::test]
async fn the_administrator_adds_a_person_who_signs_in_with_the_password_shown_once() {
    let sample = Sample::empty().await;
    let mut dana = Browser::signed_in(&sample.router, "dana").await;
    let agency = Agency { code: AgencyCode::parse("BF").unwrap(), name: "Border Force".into() };
    sample.node.add_agency(&agency).await.unwrap();
    let form = "name=pia&display_name=Pia+Hall&role=contributor&agency=BF";
    let wrong = dana.post("/operators", &format!("{form}&password=wrong")).await;
    assert_eq!(wrong.location, "/operators");
    assert!(dana.page("/operators").await.contains("do not belong together"));
    let nowhere = dana.post("/operators", &format!("name=pia&role=contributor&agency=&{}", own())).await;
    assert_eq!(nowhere.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", nowhere.text);
    let made = dana.post("/operators", &format!("{form}&{}", own())).await;
    assert_eq!(made.status, StatusCode::OK, "{}", made.text);
    let given = mono(&made.text);
    assert!(given.len() > 24 && !dana.page("/operators").await.contains(&given), "shown once");
    let mut pia = Browser::new(&sample.router);
    let entered = pia.post("/login", &format!("name=pia&password={given}")).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text);
    let list = dana.page("/operators").await;
    for words in ["Pia Hall", "contributor", "BF", "never", "may sign in", "focal point"] {
        assert!(list.contains(words), "{words}: {list}");
    }
    let acts = dana.page("/acts?what=account-added").await;
    assert!(acts.contains("account pia") && acts.contains("roles: contributor"), "{acts}");
    assert!(!acts.contains(&given));
}

#[tokio::test]
async fn what_an_administrator_does_with_an_account_ends_its_sessions() {
    let sample = Sample::empty().await;
    let mut dana = Browser::signed_in(&sample.router, "dana").await;
    for (act, signs_in_again) in [("roles&role=auditor", true), ("end-sessions", true), ("suspend", false)] {
        let mut ana = Browser::signed_in(&sample.router, "ana").await;
        let done = dana.post("/operators/ana", &format!("do={act}&{}", own())).await;
        assert_eq!(done.location, "/operators/ana", "{act}: {}", done.text);
        assert_eq!(ana.get("/").await.status, StatusCode::SEE_OTHER, "{act}");
        let again = ana.post("/login", &format!("name=ana&{}", own())).await;
        assert_eq!(again.status == StatusCode::SEE_OTHER, signs_in_again, "{act}");
    }
    assert!(person_has(&sample, "ana", Role::Auditor).await && !person_has(&sample, "ana", Role::FocalPoint).await);
    dana.post("/operators/ana", &format!("do=enable&{}", own())).await;
    let made = dana.post("/operators/ana", &format!("do=password&{}", own())).await;
    let mut ana = Browser::new(&sample.router);
    let entered = ana.post("/login", &format!("name=ana&password={}", mono(&made.text))).await;
    assert_eq!(entered.status, StatusCode::SEE_OTHER, "{}", entered.text);
    let nothing = dana.post("/operators/ana", &format!("do=promote&{}", own())).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let own_account = dana.post("/operators/dana", &format!("do=suspend&{}", own())).await;
    assert_eq!(own_account.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", own_account.text);
    assert!(dana.page("/operators/dana").await.contains("Another administrator"));
    assert_eq!(dana.get("/operators/nobody").await.status, StatusCode::NOT_FOUND);
}

async fn person_has(sample: &Sample, name: &str, role: Role) -> bool {
    sample.node.accounts().find(name).await.unwrap().unwrap().operator.has_role(role.code())
}

/// Sets a second factor up for the person at the browser; the clock of the sample stands still.
async fn enrol(browser: &mut Browser, now: u64) -> Secret {
    let text = mono(&browser.page("/me/second-factor").await).replace(' ', "");
    let bytes = data_encoding::BASE32_NOPAD.decode(text.as_bytes()).unwrap();
    let secret = Secret::new(bytes.try_into().unwrap());
    let form = format!("{}&code={}", own(), secret.code(now / STEP_SECS).as_str());
    let done = browser.post("/me/second-factor", &form).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    secret
}

#[tokio::test]
async fn who_has_a_second_factor_approves_with_its_code() {
    let sample = Sample::filled().await;
    let now = sample.node.now().0;
    let mut ben = Browser::signed_in(&sample.router, "ben").await;
    let page = ben.page("/releases/3").await;
    assert!(page.contains("Approve and sign") && !page.contains("name=\"code\""), "{page}");
    let secret = enrol(&mut ben, now).await;
    assert!(ben.page("/releases/3").await.contains("name=\"code\""));
    for without in [own(), format!("{}&code=000000", own())] {
        ben.post("/releases/3/approve", &without).await;
        let page = ben.page("/releases/3").await;
        assert!(page.contains("is not right, or was used already") && page.contains("Approve and sign"), "{page}");
    }
    let right = format!("{}&code={}", own(), secret.code(now / STEP_SECS + 1).as_str());
    ben.post("/releases/3/approve", &right).await;
    assert!(ben.page("/releases/3").await.contains("Approved"), "signed");
    // On the command line the password alone is not enough either.
    let refused = sample.node.sign_in("ben", password()).await.unwrap_err().to_string();
    assert!(refused.contains("second factor"), "{refused}");
    assert!(sample.node.reset_second_factor("ben").await.unwrap());
    person(&sample.node, "ben").await;
}
