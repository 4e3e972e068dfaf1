//! Accounts as the command line and the account page use them.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use vrs_console::{
    accounts::{AccountError, NewAccount},
    passwords::Password,
};

use crate::browser::{PASSWORD, START, World};

#[tokio::test]
async fn an_account_is_stored_as_it_was_given() {
    let world = World::new().await;
    let new = NewAccount::new("a.meyer", "  Anna Meyer ")
        .unwrap()
        .with_roles(["approver", "focal_point"])
        .of_agency("police");
    let operator = world.console.accounts().add(new, Password::new(PASSWORD.into()).unwrap()).await.unwrap();
    assert_eq!(operator.display_name, "Anna Meyer");
    let stored = world.console.accounts().find("a.meyer").await.unwrap().unwrap();
    assert_eq!(stored.operator, operator);
    assert_eq!((stored.disabled, stored.created_at), (false, START));
    assert_eq!(stored.operator.agency.as_deref(), Some("police"));
    assert!(stored.operator.has_role("approver") && !stored.operator.has_role("auditor"));
    assert_eq!(world.console.accounts().list().await.unwrap(), [stored]);
}

#[tokio::test]
async fn a_name_is_given_once_even_when_disabled() {
    let world = World::new().await.with_account("meyer", &[]).await;
    world.console.accounts().disable("meyer").await.unwrap();
    let again = NewAccount::new("meyer", "Another").unwrap();
    let refused = world.console.accounts().add(again, Password::new(PASSWORD.into()).unwrap()).await.unwrap_err();
    assert!(matches!(refused, AccountError::Exists(name) if name == "meyer"));
}

#[tokio::test]
async fn names_have_one_spelling() {
    for name in ["", "a", "Meyer", "1meyer", "anna meyer", "méyer", "a\0b", &"a".repeat(65)] {
        assert!(matches!(NewAccount::new(name, ""), Err(AccountError::Name(_))), "{name:?}");
    }
    for name in ["ab", "a.b-c_9", &"a".repeat(64)] {
        assert!(NewAccount::new(name, "").is_ok(), "{name:?}");
    }
}

#[tokio::test]
async fn what_is_not_there_cannot_be_changed() {
    let world = World::new().await;
    let accounts = world.console.accounts();
    assert!(matches!(accounts.disable("nobody").await, Err(AccountError::Unknown(_))));
    assert!(matches!(accounts.enable("nobody").await, Err(AccountError::Unknown(_))));
    assert!(matches!(accounts.set_roles("nobody", &BTreeSet::new()).await, Err(AccountError::Unknown(_))));
    let password = Password::new(PASSWORD.into()).unwrap();
    assert!(matches!(accounts.set_password("nobody", password, None).await, Err(AccountError::Unknown(_))));
    assert_eq!(accounts.find("nobody").await.unwrap(), None);
}

#[tokio::test]
async fn new_roles_end_pages_opened_under_the_old_ones() {
    let world = World::new().await.with_account("meyer", &["approver"]).await;
    let mut browser = world.browser();
    browser.sign_in("meyer", PASSWORD).await;
    assert_eq!(browser.post("/approve", "").await.status, StatusCode::SEE_OTHER);
    world.console.accounts().set_roles("meyer", &BTreeSet::from(["auditor".to_owned()])).await.unwrap();
    assert_eq!(browser.post("/approve", "").await.location(), "/login");
    browser.sign_in("meyer", PASSWORD).await;
    assert_eq!(browser.post("/approve", "").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_role_that_is_missing_is_named() {
    let world = World::new().await.with_account("meyer", &["focal_point"]).await;
    let mut browser = world.browser();
    browser.sign_in("meyer", PASSWORD).await;
    let refused = browser.post("/approve", "").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("This needs the role approver"), "{}", refused.text);
}

#[tokio::test]
async fn a_message_waits_for_the_next_page_and_is_shown_once() {
    let world = World::new().await.with_account("meyer", &["approver"]).await;
    let mut browser = world.browser();
    browser.sign_in("meyer", PASSWORD).await;
    assert_eq!(browser.post("/approve", "").await.location(), "/");
    let mut other = world.browser();
    other.sign_in("meyer", PASSWORD).await;
    assert!(!other.get("/").await.text.contains("Release 4 is approved."), "it belongs to one browser");
    assert!(browser.get("/").await.text.contains("Release 4 is approved."));
    assert!(!browser.get("/").await.text.contains("Release 4 is approved."));
}

#[tokio::test]
async fn changing_the_password_keeps_this_browser_and_ends_the_others() {
    let world = World::new().await.with_account("meyer", &[]).await;
    let (mut here, mut elsewhere) = (world.browser(), world.browser());
    here.sign_in("meyer", PASSWORD).await;
    elsewhere.sign_in("meyer", PASSWORD).await;
    let form = "current=a+long+enough+sentence&new=another+long+sentence&again=another+long+sentence";
    assert_eq!(here.post("/me/password", form).await.location(), "/me");
    assert!(here.get("/me").await.text.contains("The password is changed."));
    assert_eq!(elsewhere.get("/").await.status, StatusCode::SEE_OTHER);
    assert_eq!(elsewhere.sign_in("meyer", PASSWORD).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(elsewhere.sign_in("meyer", "another long sentence").await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_password_is_changed_only_by_who_knows_the_old_one_and_types_the_new_one_twice() {
    let world = World::new().await.with_account("meyer", &[]).await;
    let mut browser = world.browser();
    browser.sign_in("meyer", PASSWORD).await;
    for (form, sentence) in [
        ("current=wrong&new=another+long+sentence&again=another+long+sentence", "The current password is not right."),
        (
            "current=a+long+enough+sentence&new=another+long+sentence&again=another+long+sentenc",
            "not typed the same twice",
        ),
        ("current=a+long+enough+sentence&new=short&again=short", "fewer than 12 characters"),
    ] {
        browser.post("/me/password", form).await;
        let page = browser.get("/me").await.text;
        assert!(page.contains(sentence), "{sentence}: {page}");
    }
    assert_eq!(world.browser().sign_in("meyer", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_person_sees_and_ends_own_sessions_and_nobody_else_s() {
    let world = World::new().await.with_account("meyer", &[]).await.with_account("other", &[]).await;
    let (mut here, mut there, mut other) = (world.browser(), world.browser().at("198.51.100.7"), world.browser());
    here.sign_in("meyer", PASSWORD).await;
    there.sign_in("meyer", PASSWORD).await;
    other.sign_in("other", PASSWORD).await;
    let page = here.get("/me").await.text;
    assert!(page.contains("this session") && page.contains("198.51.100.7"), "{page}");
    let label = page.split("name=\"session\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    other.post("/me/sessions/end", &format!("session={label}")).await;
    assert_eq!(there.get("/").await.status, StatusCode::OK, "another person cannot end it");
    here.post("/me/sessions/end", &format!("session={label}")).await;
    assert_eq!(there.get("/").await.status, StatusCode::SEE_OTHER);
    assert_eq!(here.get("/").await.status, StatusCode::OK);
}
