//! Signs in at a node and at the hub, releases a table, opens an overview.

use std::time::Duration;

use fantoccini::Locator;
use vrs_console::accounts::{Accounts, NewAccount};
use vrs_console::passwords::Password;
use vrs_tests::world::World;

use crate::driver::{Driver, PASSWORD, is_wanted, serve, sign_in, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_released_and_seen_in_the_overviews() {
    if !is_wanted() {
        return;
    }
    let world = World::of(&["A", "B"]).await;
    let figures = |total, afg| [("_T", Some(total)), ("AFG", Some(afg)), ("_O", Some(total - afg))];
    world.node("A").release("SM_CIT", "2013-S1", "contributors", &figures(1_240, 1_000)).await;
    let b = world.node("B");
    b.sync().await;
    b.figures("SM_CIT", "2013-S1", &figures(77, 70)).await;
    b.prepare("SM_CIT", "2013-S1", "contributors").await.unwrap();

    let hub = world.hub.up();
    let analyst = NewAccount::new("analyst", "Analyst").unwrap().with_roles(["analyst"]);
    let accounts = Accounts::new(hub.database().clone(), hub.clock().clone());
    accounts.add(analyst, Password::new(PASSWORD.into()).unwrap()).await.unwrap();
    let at_b = serve(vrs_node::console::router(&b.node).unwrap()).await;
    let at_hub = serve(vrs_hub::console::router(hub).unwrap()).await;

    let driver = Driver::start().await;
    let folder = tempfile::tempdir().unwrap();
    let client = driver.browser(folder.path()).await;

    // The preparer cannot approve; the director sees exactly what leaves, and signs with the password once more.
    sign_in(&client, at_b, "officer").await;
    client.goto(&format!("http://{at_b}/releases/1")).await.unwrap();
    assert!(text(&client).await.contains("Another person with the role approver decides"));
    assert!(client.find(Locator::Id("password")).await.is_err());
    client.goto(&format!("http://{at_b}/")).await.unwrap();
    client.find(Locator::Css(".whoami button")).await.unwrap().click().await.unwrap();

    sign_in(&client, at_b, "director").await;
    client.goto(&format!("http://{at_b}/releases/1")).await.unwrap();
    let page = text(&client).await;
    assert!(
        page.contains("Exactly this leaves") && page.contains("This release shows 3 cells and hides none"),
        "{page}"
    );
    client.find(Locator::Id("password")).await.unwrap().send_keys(PASSWORD).await.unwrap();
    let approve = client.find(Locator::XPath("//button[contains(., 'Approve and sign')]")).await.unwrap();
    approve.click().await.unwrap();
    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css("nav.menu")).await.unwrap();
    world.sync().await;

    client.goto(&format!("http://{at_b}/overviews/2013-S1/SM_CIT")).await.unwrap();
    let page = text(&client).await;
    assert!(page.contains("1\u{202f}317 persons in 2 open tables"), "{page}");
    assert!(client.find(Locator::Css("svg")).await.is_ok());

    sign_in(&client, at_hub, "analyst").await;
    client.goto(&format!("http://{at_hub}/overviews/2013-S1/SM_CIT")).await.unwrap();
    let page = text(&client).await;
    assert!(page.contains("1\u{202f}317 persons") && page.contains("do not imply official endorsement"), "{page}");
    client.goto(&format!("http://{at_hub}/participation?period=2013-S1")).await.unwrap();
    assert!(text(&client).await.contains("2 of 2 participants released something"));
    client.close().await.unwrap();
}
