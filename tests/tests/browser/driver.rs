//! The driver of a real browser, and what stories do with it.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use vrs_console::serving;

/// The password of every account of a world.
pub(crate) const PASSWORD: &str = "correct horse battery staple";

/// The driver of the browser; ends with the test.
pub(crate) struct Driver {
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
    pub(crate) async fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is not installed (Debian: apt-get install chromium-driver)");
        Self { process, port }
    }

    pub(crate) async fn browser(&self, folder: &std::path::Path) -> Client {
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
pub(crate) async fn serve(router: axum::Router) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { serving::serve(listener, router, std::future::pending()).await });
    address
}

pub(crate) async fn sign_in(client: &Client, console: SocketAddr, name: &str) {
    client.goto(&format!("http://{console}/login")).await.unwrap();
    client.find(Locator::Id("name")).await.unwrap().send_keys(name).await.unwrap();
    client.find(Locator::Id("password")).await.unwrap().send_keys(PASSWORD).await.unwrap();
    client.find(Locator::Css("main button")).await.unwrap().click().await.unwrap();
    client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css("nav.menu")).await.unwrap();
}

pub(crate) async fn text(client: &Client) -> String {
    client.find(Locator::Css("body")).await.unwrap().text().await.unwrap()
}

/// Whether a browser is asked for; without one a story says that it is skipped.
pub(crate) fn is_wanted() -> bool {
    let wanted = std::env::var_os("VRS_TEST_BROWSER").is_some();
    if !wanted {
        eprintln!("skipped: VRS_TEST_BROWSER is not set");
    }
    wanted
}
