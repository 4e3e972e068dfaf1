//! Everybody can use every page: axe-core finds no serious and no critical violation on any page of a node or the hub.
//!
//! The pages are found as a person finds them, by following every link from the first one; one or two of each kind are looked at, as
//! two releases or two periods are pages of one kind. Pages that follow a form are asked for besides.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::net::SocketAddr;
use std::time::Duration;

use fantoccini::{Client, Locator};
use vrs_console::accounts::{Accounts, NewAccount};
use vrs_console::passwords::Password;
use vrs_node::roles::Role;
use vrs_tests::world::{World, agency};

use crate::driver::{Driver, PASSWORD, is_wanted, serve, sign_in};

/// Pages of one console: far more than it has kinds.
const PAGES_MAX: usize = 200;

/// What axe-core says of the page, one line a violation; only what keeps people out.
const RUN: &str = r#"
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ["violations"] }).then(
  found => done(found.violations
    .filter(one => one.impact === "serious" || one.impact === "critical")
    .map(one => one.id + " (" + one.impact + "): " + one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(" | "))),
  error => done(["axe-core broke off: " + error]));
"#;

/// The links of the page to pages of the same console.
const LINKS: &str = r#"
return Array.from(document.querySelectorAll("a[href]")).map(a => new URL(a.href))
  .filter(url => url.origin === location.origin).map(url => url.pathname + url.search);
"#;

struct Looked<'c> {
    client: &'c Client,
    axe: String,
    found: Vec<String>,
    pages: usize,
}

impl Looked<'_> {
    /// Looks at the page that is open.
    async fn look(&mut self, what: &str) {
        let found = self.violations().await;
        self.found.extend(found.into_iter().map(|one| format!("{what}: {one}")));
        self.pages += 1;
    }

    async fn violations(&self) -> Vec<String> {
        self.client.execute(&self.axe, Vec::new()).await.unwrap();
        let found = self.client.execute_async(RUN, Vec::new()).await.unwrap();
        found.as_array().unwrap().iter().filter_map(|one| one.as_str().map(str::to_owned)).collect()
    }

    /// Follows every link from the first page.
    async fn crawl(&mut self, console: SocketAddr, language: &str, of_a_kind: usize) {
        let mut waiting: VecDeque<String> = ["/".to_owned(), "/nowhere".to_owned()].into();
        let mut seen: BTreeSet<String> = BTreeSet::new();
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        while let Some(path) = waiting.pop_front() {
            let kind = kind(&path);
            let known = kinds.entry(kind).or_default();
            // A file is no page.
            if seen.len() >= PAGES_MAX || *known >= of_a_kind || path.ends_with(".csv") || path.contains("/export") {
                continue;
            }
            if !seen.insert(path.clone()) {
                continue;
            }
            *known += 1;
            self.client.goto(&format!("http://{console}{path}")).await.unwrap();
            self.look(&format!("{language} {path}")).await;
            let links = self.client.execute(LINKS, Vec::new()).await.unwrap();
            waiting.extend(links.as_array().unwrap().iter().filter_map(|link| link.as_str().map(str::to_owned)));
        }
    }

    /// Looks at what a form answers.
    async fn submit(&mut self, console: SocketAddr, path: &str, filled: &[(&str, &str)], button: &str) {
        self.client.goto(&format!("http://{console}{path}")).await.unwrap();
        for (field, text) in filled {
            self.client.find(Locator::Css(field)).await.unwrap().send_keys(text).await.unwrap();
        }
        self.client.find(Locator::Css(button)).await.unwrap().click().await.unwrap();
        self.client.wait().at_most(Duration::from_secs(20)).for_element(Locator::Css("nav.menu")).await.unwrap();
        self.look(&format!("the answer of {path}")).await;
    }
}

/// What a page is an example of: its address without what is named in it.
fn kind(path: &str) -> String {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let named = |part: &str| {
        part.bytes().any(|byte| byte.is_ascii_digit())
            || part.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_')
    };
    let parts: Vec<&str> =
        path.split('/').map(|part| if !part.is_empty() && named(part) { "*" } else { part }).collect();
    let fields: Vec<&str> = query.split('&').filter_map(|pair| pair.split('=').next()).collect();
    format!("{}?{}", parts.join("/"), fields.join("&"))
}

async fn choose_language(client: &Client, tag: &str) {
    let button = client.find(Locator::Css(&format!("form.languages button[value={tag}]"))).await.unwrap();
    button.click().await.unwrap();
    client
        .wait()
        .at_most(Duration::from_secs(20))
        .for_element(Locator::Css(&format!("html[lang={tag}]")))
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn axe_finds_nothing_that_keeps_people_out() {
    let Some(file) = std::env::var_os("VRS_TEST_AXE").filter(|_| is_wanted()) else {
        eprintln!("skipped: VRS_TEST_AXE names no axe.min.js (tests/support/axe.sh prints where it is)");
        return;
    };
    let axe = std::fs::read_to_string(file).unwrap();
    let world = World::of(&["A", "B", "C"]).await;
    let figures =
        |total, afg| [("_T", Some(total)), ("AFG", Some(afg)), ("SYR", Some(3)), ("_O", Some(total - afg - 3))];
    for (name, total) in [("A", 1_240), ("C", 600)] {
        world.node(name).release("SM_CIT", "2013-S1", "contributors", &figures(total, 400)).await;
    }
    let b = world.node("B");
    b.sync().await;
    b.release("SM_CIT", "2013-S1", "contributors", &figures(77, 40)).await;
    b.figures("SM_CIT", "2013-S2", &figures(90, 50)).await;
    b.prepare("SM_CIT", "2013-S2", "contributors").await.unwrap();
    world.sync().await;
    b.sync().await;
    b.node.make_token(&agency(), "nightly delivery", 30).await.unwrap();
    let password = || Password::new(PASSWORD.into()).unwrap();
    b.node.add_account("everybody", "Everybody", &Role::ALL, Some(&agency()), password()).await.unwrap();
    b.node.add_account("carl", "Carl", &[Role::Contributor], Some(&agency()), password()).await.unwrap();
    let hub = world.hub.up();
    let roles = ["analyst", "secretariat", "administrator", "auditor"];
    let analyst = NewAccount::new("analyst", "Analyst").unwrap().with_roles(roles);
    Accounts::new(hub.database().clone(), hub.clock().clone()).add(analyst, password()).await.unwrap();
    let at_b = serve(vrs_node::console::router(&b.node).unwrap()).await;
    let at_hub = serve(vrs_hub::console::router(hub).unwrap()).await;

    let driver = Driver::start().await;
    let folder = tempfile::tempdir().unwrap();
    let client = driver.browser(folder.path()).await;
    let mut looked = Looked { client: &client, axe, found: Vec::new(), pages: 0 };

    client.goto(&format!("http://{at_b}/login")).await.unwrap();
    looked.look("/login").await;
    // Were nothing found because nothing is looked for, this would not be found either.
    client.execute("document.querySelector('main').append(document.createElement('img'))", Vec::new()).await.unwrap();
    let planted = looked.violations().await;
    assert!(planted.iter().any(|one| one.starts_with("image-alt")), "{planted:?}");
    sign_in(&client, at_b, "everybody").await;
    looked.crawl(at_b, "en", 2).await;
    looked.submit(at_b, "/releases/new?period=2013-S1", &[], "form[method=post] button.primary").await;
    looked.submit(at_b, "/imports", &[], "form[enctype] button").await;
    let nothing = "/tables/nothing?period=2013-S1&section=1";
    looked.submit(at_b, nothing, &[("#rest", "not collected")], "button.primary").await;
    let own = [("#token-name", "a"), ("#token-password", PASSWORD)];
    looked.submit(at_b, &format!("/agencies/{}", agency()), &own, "button[value=make]").await;
    choose_language(&client, "fr").await;
    looked.crawl(at_b, "fr", 1).await;
    client.find(Locator::Css(".whoami button")).await.unwrap().click().await.unwrap();
    sign_in(&client, at_b, "carl").await;
    looked.crawl(at_b, "contributor", 1).await;
    sign_in(&client, at_hub, "analyst").await;
    looked.crawl(at_hub, "hub", 1).await;
    assert!(looked.pages > 80, "{} pages only", looked.pages);
    println!("{} pages looked at", looked.pages);
    assert!(looked.found.is_empty(), "{} violations:\n{}", looked.found.len(), looked.found.join("\n"));
    client.close().await.unwrap();
}
