//! Every statement of this crate, on each engine there is.

use std::collections::BTreeSet;

use vrs_console::{
    accounts::{AccountError, NewAccount},
    layout::{Message, Tone, Transport},
    passwords::Password,
    sessions::ABSOLUTE_SECS,
};
use vrs_runtime::testing::Place;

use crate::browser::{PASSWORD, World};

#[tokio::test]
async fn both_engines_tell_the_same_story() {
    for place in Place::each().await {
        let engine = place.url().split(':').next().unwrap().to_owned();
        let world = World::on(place, Transport::PlainHttp).await;
        story(&world).await;
        println!("told on {engine}");
    }
}

async fn story(world: &World) {
    let (accounts, sessions, throttle) = (world.console.accounts(), world.console.sessions(), world.console.throttle());
    let password = || Password::new(PASSWORD.into()).unwrap();

    let anna = NewAccount::new("anna", "Anna").unwrap().with_roles(["approver"]).of_agency("police");
    let anna = accounts.add(anna, password()).await.unwrap();
    let again = accounts.add(NewAccount::new("anna", "").unwrap(), password()).await;
    assert!(matches!(again, Err(AccountError::Exists(_))));
    let bert = accounts.add(NewAccount::new("bert", "").unwrap(), password()).await.unwrap();
    assert_ne!(anna.id, bert.id);
    assert_eq!(accounts.list().await.unwrap().len(), 2);
    assert_eq!(accounts.verify("anna", password()).await.unwrap(), Some(anna.clone()));
    assert_eq!(accounts.verify("anna", Password::typed("wrong".into())).await.unwrap(), None);

    let first = sessions.begin(&anna, "192.0.2.1").await.unwrap();
    let second = sessions.begin(&anna, "192.0.2.2").await.unwrap();
    world.hands.advance(61);
    let (holder, key) = sessions.find(first.cookie_value()).await.unwrap().unwrap();
    assert_eq!(holder, anna);
    assert_eq!(sessions.list(&anna).await.unwrap().len(), 2);
    assert_eq!(sessions.list(&anna).await.unwrap()[0].key, key, "the one just used comes first");

    sessions.leave_message(&key, &Message::new(Tone::Good, "Gespeichert: “Ω”.")).await.unwrap();
    sessions.leave_message(&key, &Message::new(Tone::Bad, "Second.")).await.unwrap();
    let taken = sessions.take_messages(&key).await.unwrap();
    assert_eq!(taken, [Message::new(Tone::Good, "Gespeichert: “Ω”."), Message::new(Tone::Bad, "Second.")]);
    assert_eq!(sessions.take_messages(&key).await.unwrap(), []);

    sessions.leave_message(&key, &Message::new(Tone::Plain, "Never read.")).await.unwrap();
    accounts.set_password("anna", password(), Some(&key)).await.unwrap();
    assert!(sessions.find(second.cookie_value()).await.unwrap().is_none());
    assert!(sessions.find(first.cookie_value()).await.unwrap().is_some());
    sessions.end(first.cookie_value()).await.unwrap();
    assert!(sessions.find(first.cookie_value()).await.unwrap().is_none(), "its message went with it");

    accounts.set_roles("anna", &BTreeSet::from(["auditor".into(), "analyst".into()])).await.unwrap();
    let roles = accounts.find("anna").await.unwrap().unwrap().operator.roles;
    assert_eq!(roles.into_iter().collect::<Vec<_>>(), ["analyst", "auditor"]);
    accounts.disable("anna").await.unwrap();
    assert_eq!(accounts.verify("anna", password()).await.unwrap(), None);
    accounts.enable("anna").await.unwrap();

    for _ in 0..4 {
        assert!(throttle.ask("anna", None).await.unwrap().is_ok());
    }
    let fifth = throttle.ask("anna", None).await.unwrap().unwrap();
    assert_eq!(throttle.ask("anna", None).await.unwrap().unwrap_err().secs, 15);
    throttle.was_right(fifth).await.unwrap();
    assert!(throttle.ask("anna", None).await.unwrap().is_ok());

    let old = sessions.begin(&anna, "192.0.2.3").await.unwrap();
    world.hands.advance(ABSOLUTE_SECS);
    sessions.begin(&bert, "192.0.2.4").await.unwrap();
    assert!(sessions.find(old.cookie_value()).await.unwrap().is_none());
    for _ in 0..25 {
        sessions.begin(&bert, "192.0.2.4").await.unwrap();
    }
    assert_eq!(sessions.list(&bert).await.unwrap().len(), 20, "the least recently used make room");
}
