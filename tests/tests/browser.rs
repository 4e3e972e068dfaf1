//! A real browser: signs in at a node and at the hub, releases a table, opens an overview.
//!
//! Runs when `VRS_TEST_BROWSER` is set (`tests/run` sets it and installs Chromium); otherwise it says that it is skipped.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, missing_docs)]

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use vrs_console::accounts::{Accounts, NewAccount};
use vrs_console::passwords::Password;
use vrs_console::serving;
use vrs_tests::world::World;

/// The password of every account of a world.
const PASSWORD: &str = "correct horse battery staple";

/// The driver of the browser; ends with the test.
struct Driver {
    process: Child,
    port: u16,
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Driver {
    async fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is not installed (Debian: apt-get install chromium-driver)");
        Self { process, port }
    }

    async fn browser(&self, folder: &std::path::Path) -> Client {
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--window-size=1280,1600",
            // A click does not wait until a page has scrolled smoothly.
            "--force-prefers-reduced-motion",
        ];
        let mut arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        arguments.push(format!("--user-data-dir={}", folder.display()));
        let mut wanted = serde_json::Map::new();
        wanted.insert("goog:chromeOptions".into(), serde_json::json!({ "args": arguments }));
        let address = format!("http://127.0.0.1:{}", self.port);
        for _ in 0..100 {
            if let Ok(client) =
                ClientBuilder::new(HttpConnector::new()).capabilities(wanted.clone()).connect(&address).await
            {
                return client;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        panic!("the browser did not start");
    }
}

/// Serves the pages of a program until the test ends.
async fn serve(router: axum::Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { serving::serve(listener, router, std::future::pending()).await });
    address
}

async fn sign_in(client: &Client, console: SocketAddr, name: &str) {
    client.goto(&format!("http://{console}/login")).await.unwrap();
    client.find(Locator::Id("name")).await.unwrap().send_keys(name).await.unwrap();
    client.find(Locator::Id("password")).await.unwrap().send_keys(PASSWORD).await.unwrap();
    client.find(Locator::Css("main button")).await.unwrap().click().await.unwrap();
    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css("nav.menu")).await.unwrap();
}

async fn text(client: &Client) -> String {
    client.find(Locator::Css("body")).await.unwrap().text().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_table_is_released_and_seen_in_the_overviews() {
    if std::env::var_os("VRS_TEST_BROWSER").is_none() {
        eprintln!("skipped: VRS_TEST_BROWSER is not set");
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
