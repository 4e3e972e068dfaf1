//! A console with two test pages, and a browser that keeps its cookies.

use std::net::SocketAddr;

use askama::Template;
use axum::{
    Form, Router,
    body::{Body, to_bytes},
    extract::{ConnectInfo, FromRef, State},
    http::{HeaderMap, Request, StatusCode, header},
    response::Redirect,
    routing::{get, post},
};
use tower::ServiceExt;
use vrs_console::{
    Console, MIGRATIONS,
    accounts::NewAccount,
    layout::{Frame, Kind, Menu, Program, Tone, Transport},
    moment::Zone,
    page::Page,
    passwords::Password,
    problem::Problem,
    serving::protect,
    sign_in::SignedIn,
    words::Languages,
};
use vrs_runtime::{
    clock::{Clock, Hands},
    testing::Place,
};

/// Everybody's password here.
pub(crate) const PASSWORD: &str = "a long enough sentence";

/// 23 November 2026, 21:05 UTC.
pub(crate) const START: u64 = 1_795_467_900;

pub(crate) struct World {
    pub(crate) console: Console,
    pub(crate) hands: Hands,
    router: Router,
    pub(crate) place: Place,
}

pub(crate) fn program(transport: Transport) -> Program {
    Program {
        kind: Kind::Node,
        participant: "France".into(),
        code: "FRA".into(),
        version: "0.1.0".into(),
        catalogue_version: "2026.1".into(),
        classification: "Official use".into(),
        test_data: true,
        transport,
        zone: Zone::utc(),
        menu: vec![Menu::link("Dashboard", "/"), Menu::list("Reports", &[("Tables", "/tables")])],
        may_open: |_, _| true,
        second_factor_for: Vec::new(),
        sign_in_notice: String::new(),
        languages: Languages::default(),
    }
}

#[derive(Clone)]
struct App {
    console: Console,
}

impl FromRef<App> for Console {
    fn from_ref(app: &App) -> Self {
        app.console.clone()
    }
}

#[derive(Template)]
#[template(source = r#"{% extends "layout.html" %}{% block content %}<p>hello</p>{% endblock %}"#, ext = "html")]
struct Hello {
    frame: Frame,
}

async fn hello(State(app): State<App>, who: SignedIn) -> Result<Page<Hello>, Problem> {
    Ok(Page(Hello { frame: app.console.frame(&who, "Hello").await? }))
}

async fn approve(State(app): State<App>, who: SignedIn) -> Result<Redirect, Problem> {
    who.require_role(&["approver"])?;
    app.console.say(&who, Tone::Good, "Release 4 is approved.").await?;
    Ok(Redirect::to("/"))
}

#[derive(serde::Deserialize)]
struct Anything {
    #[serde(rename = "text")]
    _text: String,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::over(Transport::PlainHttp).await
    }

    pub(crate) async fn over(transport: Transport) -> Self {
        Self::on(Place::sqlite(), transport).await
    }

    pub(crate) async fn on(place: Place, transport: Transport) -> Self {
        Self::with(place, program(transport)).await
    }

    pub(crate) async fn with(place: Place, program: Program) -> Self {
        let (clock, hands) = Clock::manual(START);
        let database = place.open(MIGRATIONS).await;
        let console = Console::new(program, database, clock);
        let routes = Router::new()
            .route("/", get(hello))
            .route("/tables", get(hello))
            .route("/approve", post(approve))
            .route("/anything", post(async |Form(_): Form<Anything>| "taken"))
            .route("/panic", get(async || -> &'static str { panic!("a secret in a panic") }))
            .route("/slow", get(async || std::future::pending::<&'static str>().await))
            .with_state(App { console: console.clone() });
        let router = protect(routes, &console);
        Self { console, hands, router, place }
    }

    pub(crate) async fn with_account(self, name: &str, roles: &[&str]) -> Self {
        let new = NewAccount::new(name, "").unwrap().with_roles(roles.iter().copied());
        self.console.accounts().add(new, Password::new(PASSWORD.into()).unwrap()).await.unwrap();
        self
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            cookie: None,
            language: None,
            accepts: None,
            address: "192.0.2.1:40000".parse().unwrap(),
        }
    }
}

/// One browser: keeps the cookie of its session and that of its language, sends what browsers send.
pub(crate) struct Browser {
    router: Router,
    pub(crate) cookie: Option<String>,
    language: Option<String>,
    accepts: Option<&'static str>,
    address: SocketAddr,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |to| to.to_str().unwrap())
    }
}

impl Browser {
    pub(crate) fn at(mut self, address: &str) -> Self {
        self.address = format!("{address}:40000").parse().unwrap();
        self
    }

    pub(crate) fn accepts(mut self, languages: &'static str) -> Self {
        self.accepts = Some(languages);
        self
    }

    pub(crate) async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    pub(crate) async fn get_json(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).header(header::ACCEPT, "application/json"), Body::empty()).await
    }

    pub(crate) async fn post(&mut self, path: &str, form: &str) -> Answer {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        self.send(request, Body::from(form.to_owned())).await
    }

    pub(crate) async fn sign_in(&mut self, name: &str, password: &str) -> Answer {
        self.post("/login", &format!("name={name}&password={}&next=%2F", password.replace(' ', "+"))).await
    }

    pub(crate) async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let mut request = request.extension(ConnectInfo(self.address));
        for cookie in [&self.cookie, &self.language].into_iter().flatten() {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(languages) = self.accepts {
            request = request.header(header::ACCEPT_LANGUAGE, languages);
        }
        let response = self.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        for set in parts.headers.get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
            if pair.starts_with("vrs-language=") {
                self.language = Some(pair);
                continue;
            }
            self.cookie = if pair.ends_with('=') { None } else { Some(pair) };
        }
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        Answer { status: parts.status, headers: parts.headers, text: String::from_utf8_lossy(&bytes).into_owned() }
    }
}
