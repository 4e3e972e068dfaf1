//! The hub's web console: who reported what, the region's overviews, the ledger. The only HTTP of the hub.
//!
//! The rule it keeps: nothing here changes a participant's figures; no such button exists. What is shown of closed figures are
//! the sums of blocks, and nobody sees a body that was shared with named participants.
//!
//! In reading order: `dashboard`, `participation` (the matrix), `overviews`, `ledger`, `participants`. One struct, one
//! template, one route for each page.

mod dashboard;
mod ledger;
mod overviews;
mod participants;
mod participation;

use axum::Router;
use axum::extract::FromRef;
use axum::routing::get;
use tokio::net::TcpListener;
use vrs_console::accounts::AccountError;
use vrs_console::acts::pages::READERS;
use vrs_console::console::Console;
use vrs_console::domain::refusals::reason_said;
use vrs_console::layout::Frame;
use vrs_console::layout::{Kind, Menu, Program, Tone, Transport};
use vrs_console::moment::{Zone, ago};
use vrs_console::problem::Problem;
use vrs_console::serving;
use vrs_console::sign_in::SignedIn;
use vrs_console::words::{Languages, Said};
use vrs_protocol::refusal::Reason;

use crate::AlarmCause;
use crate::admission::AdmissionError;
use crate::hub::Hub;
use crate::ledger::LedgerError;
use crate::problem::HubError;
use crate::say;
use crate::sentences::HUB;

/// What every handler has at hand.
#[derive(Clone)]
pub(crate) struct App {
    hub: Hub,
    console: Console,
}

impl FromRef<App> for Console {
    fn from_ref(app: &App) -> Self {
        app.console.clone()
    }
}

/// Every page of the hub, without the layers around them.
fn routes() -> Router<App> {
    Router::new()
        .route("/", get(dashboard::dashboard))
        .route("/participation", get(participation::participation))
        .route("/overviews", get(overviews::list))
        .route("/overviews/{period}/{form}", get(overviews::overview))
        .route("/ledger", get(ledger::ledger))
        .route("/participants", get(participants::participants))
}

/// The console's routes with all layers, for serving and for tests.
///
/// # Errors
/// When the configured time zone is unknown.
pub fn router(hub: &Hub) -> Result<Router, HubError> {
    let console = Console::new(program(hub)?, hub.database().clone(), hub.clock().clone());
    let app = App { hub: hub.clone(), console: console.clone() };
    Ok(serving::protect(routes().with_state(app), &console))
}

/// Answers browsers at the configured address until the stop begins.
///
/// # Errors
/// When the address is taken.
pub async fn serve(hub: &Hub) -> Result<std::net::SocketAddr, HubError> {
    let sentence = |error: std::io::Error| {
        HubError::Sentence(format!("the console cannot listen at {}: {error}", hub.settings().console))
    };
    let listener = TcpListener::bind(hub.settings().console).await.map_err(sentence)?;
    let address = listener.local_addr().map_err(sentence)?;
    let router = router(hub)?;
    let shutdown = hub.shutdown().clone();
    let (failing, stop) = (shutdown.clone(), shutdown.clone());
    shutdown.spawn("console", async move {
        if let Err(error) = serving::serve(listener, router, async move { stop.wait().await }).await {
            tracing::error!(%error, "The console cannot answer any more; stopping");
            failing.fail("console");
        }
    });
    tracing::info!(%address, "The console is open");
    Ok(address)
}

/// The version of the questionnaire of this year. It changes while the program runs.
fn version_now(hub: &Hub) -> Said {
    let hub = hub.clone();
    Said::made(move || {
        let (year, _, _) = hub.now().date();
        hub.ledger().view().region().catalogues().of_year(year).version.clone()
    })
}

fn program(hub: &Hub) -> Result<Program, HubError> {
    let pages = &hub.settings().pages;
    let zone = Zone::named(&pages.zone).map_err(|error| HubError::Sentence(format!("pages.zone: {error}")))?;
    let languages = Languages::load(&hub.dir().join("translations"), &pages.language, &HUB)
        .map_err(|error| HubError::Sentence(error.to_string()))?;
    Ok(Program {
        kind: Kind::Hub,
        participant: hub.region().into(),
        code: String::new(),
        version: env!("CARGO_PKG_VERSION").into(),
        catalogue_version: version_now(hub),
        classification: pages.classification.clone(),
        test_data: pages.test_data,
        transport: if pages.behind_tls { Transport::Tls } else { Transport::PlainHttp },
        zone,
        menu: vec![
            Menu::link(say("word-dashboard"), "/"),
            Menu::link(say("word-participation"), "/participation"),
            Menu::link(say("word-overviews"), "/overviews"),
            Menu::link(say("word-ledger"), "/ledger"),
            Menu::link(say("word-participants"), "/participants"),
            Menu::link(say("acts-audit-trail"), "/acts"),
        ],
        second_factor_for: pages.second_factor_for.iter().map(|role| role.code().to_owned()).collect(),
        may_open: |who, href| href != "/acts" || READERS.iter().any(|role| who.has_role(role)),
        sign_in_notice: pages.sign_in_notice.clone(),
        languages,
    })
}

impl App {
    /// The frame of a page, with the lamp that says how the ledger stands.
    async fn frame(&self, who: &SignedIn, title: impl Into<String>) -> Result<Frame, Problem> {
        let (tone, words) = self.lamp().await?;
        Ok(self.console.frame(who, title).await?.lamp(tone, words))
    }

    /// How the ledger stands, in one line.
    async fn lamp(&self) -> Result<(Tone, String), Problem> {
        let alarms = self.hub.alarms().await.map_err(problem)?;
        let mut open = alarms.iter().filter(|alarm| alarm.settled_at.is_none()).peekable();
        if open.peek().is_some() {
            let lost = open.any(|alarm| matches!(alarm.cause, AlarmCause::Lost { .. }));
            let what = if lost { say("frame-lost") } else { say("frame-restored") };
            return Ok((Tone::Bad, what.into()));
        }
        if let Some(since) = self.hub.ledger().unwritten_since() {
            let since = self.console.program().zone.moment(since.0);
            return Ok((Tone::Bad, say("frame-nothing-can-be-written-since").with("since", since.words()).to_string()));
        }
        let (size, time) = {
            let view = self.hub.ledger().view();
            (view.size(), view.region().time())
        };
        let lines = vrs_console::numbers::grouped(size);
        Ok((
            Tone::Good,
            say("frame-ledger-lines-the-last")
                .with("lines", lines.to_string())
                .with("ago", ago(self.hub.now().0, time.0).to_string())
                .to_string(),
        ))
    }
}

/// An error of the hub as a page: what a person asked wrongly is said, bad weather is called by its name, and everything else
/// goes to the log as a fault.
fn problem(error: HubError) -> Problem {
    match error {
        HubError::Database(error)
        | HubError::Ledger(LedgerError::Database(error))
        | HubError::Admission(AdmissionError::Database(error))
        | HubError::Account(AccountError::Database(error)) => Problem::from(error),
        HubError::Refused(reason @ (Reason::Unavailable(_) | Reason::Busy(_))) => {
            Problem::unavailable("make a page of the hub", &reason)
        }
        HubError::Refused(reason @ (Reason::FormNotInUse(_) | Reason::NotFound(_))) => {
            Problem::not_found(reason_said(&reason))
        }
        HubError::Refused(reason) => Problem::refused(reason_said(&reason)),
        other => Problem::internal("make a page of the hub", &other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use axum::http::{Request, header};
    use tower::ServiceExt;
    use vrs_console::accounts::NewAccount;
    use vrs_console::passwords::Password;
    use vrs_protocol::catalogue::Catalogue;
    use vrs_protocol::charter::Charter;
    use vrs_runtime::clock::Clock;
    use vrs_runtime::database::DatabaseError;
    use vrs_runtime::shutdown::Shutdown;
    use vrs_runtime::testing::Place;
    use vrs_runtime::values;

    use crate::config::Settings;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_lamp_says_that_the_disk_is_full_until_something_is_written() {
        let place = Place::sqlite();
        let settings = Settings { database: place.url().to_owned(), ..Settings::default() };
        let hub = Hub::init(place.dir(), "Demo", settings, Clock::system(), Shutdown::new()).await.unwrap();
        let console = Console::new(program(&hub).unwrap(), hub.database().clone(), hub.clock().clone());
        let app = App { hub, console };
        assert_eq!(app.lamp().await.unwrap().0, Tone::Good);
        // The embedded engine answers a bound on its pages exactly as it answers a full disk.
        let mut tx = app.hub.database().begin("fill the disk").await.unwrap();
        tx.execute("PRAGMA max_page_count = 1", values![]).await.unwrap();
        tx.commit().await.unwrap();
        let charter = Charter { title: "A".repeat(20_000), ..Charter::standard(Catalogue::bundled()) };
        app.hub.set_charter(charter.clone()).await.unwrap_err();
        let (tone, words) = app.lamp().await.unwrap();
        assert!(tone == Tone::Bad && words.contains("is the disk full?"), "{words}");
        app.hub.set_charter(charter).await.unwrap();
        assert_eq!(app.lamp().await.unwrap().0, Tone::Good);
        app.hub.close().await.unwrap();
    }

    /// What stands between tags, without the name of the other language.
    fn words(page: &str) -> String {
        let body = page.split_once("<body").map_or("", |(_, body)| body);
        let texts = body.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text);
        texts.collect::<Vec<_>>().join("\n").replace("English", "")
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn every_page_speaks_french() {
        let place = Place::sqlite();
        let settings = Settings { database: place.url().to_owned(), ..Settings::default() };
        let hub = Hub::init(place.dir(), "Essai", settings, Clock::system(), Shutdown::new()).await.unwrap();
        let title = "Charte d’essai".to_owned();
        hub.set_charter(Charter { title, ..Charter::standard(Catalogue::bundled()) }).await.unwrap();
        let accounts = Console::new(program(&hub).unwrap(), hub.database().clone(), hub.clock().clone());
        let new = NewAccount::new("lea", "Léa").unwrap().with_roles(["auditor"]);
        accounts.accounts().add(new, Password::new("a long enough sentence".into()).unwrap()).await.unwrap();
        let router = router(&hub).unwrap();
        let mut cookie = "vrs-language=fr".to_owned();
        for (method, path, form) in [
            ("POST", "/login", "name=lea&password=a+long+enough+sentence"),
            ("GET", "/", ""),
            ("GET", "/participation", ""),
            ("GET", "/overviews", ""),
            ("GET", "/ledger", ""),
            ("GET", "/ledger?kind=charter", ""),
            ("GET", "/participants", ""),
            ("GET", "/overviews/2021/XX", ""),
        ] {
            let request = Request::builder().method(method).uri(path).header(header::COOKIE, &cookie);
            let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
            let request = request.header("sec-fetch-site", "same-origin").body(Body::from(form)).unwrap();
            let answer = router.clone().oneshot(request).await.unwrap();
            if let Some(set) = answer.headers().get(header::SET_COOKIE) {
                cookie = format!("{cookie}; {}", set.to_str().unwrap().split(';').next().unwrap());
                continue;
            }
            let page = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
            let page = String::from_utf8(page.to_vec()).unwrap();
            assert!(page.contains("<html lang=\"fr\" dir=\"ltr\">"), "{path}: {page}");
            for line in words(&page).lines() {
                for english in [" the ", " is ", " are ", " and ", " with "] {
                    assert!(!format!(" {line} ").contains(english), "{path} says {line:?}");
                }
            }
        }
        hub.close().await.unwrap();
    }

    #[test]
    fn bad_weather_is_not_told_as_a_fault_of_the_program() {
        let unavailable = || DatabaseError::Unavailable { during: "list alarms", cause: "the disk is full".into() };
        let defect = DatabaseError::Defect { during: "list alarms", cause: "no such column".into() };
        for (error, status) in [
            (HubError::Database(unavailable()), 503),
            (HubError::Ledger(LedgerError::Database(unavailable())), 503),
            (HubError::Admission(AdmissionError::Database(unavailable())), 503),
            (HubError::Refused(Reason::Unavailable("its database does not answer".into())), 503),
            (HubError::Refused(Reason::NotFound("such form".into())), 404),
            (HubError::Refused(Reason::WrongBody), 422),
            (HubError::Database(defect), 500),
        ] {
            let said = error.to_string();
            assert_eq!(problem(error).status().as_u16(), status, "{said}");
        }
    }
}
