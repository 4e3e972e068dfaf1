//! Writes every part of the console with sample values as pages into a folder, to be looked at:
//!
//! ```text
//! cargo run -p vrs-console --example gallery -- FOLDER
//! python3 -m http.server --bind 127.0.0.1 --directory FOLDER 8099
//! ```
//!
//! The figures are invented or published ones.

mod sample;
mod served;

use std::{env, error::Error, fs, path::Path, sync::Arc};

use askama::Template;
// Templates say their keys by the name the crate has at its root.
pub(crate) use vrs_console::say;
use vrs_console::{
    accounts::Operator,
    assets,
    layout::{Frame, Kind, Menu, Program, Tone, Transport},
    moment::Zone,
    words::Languages,
};

/// A page whose content is ready made.
#[derive(Template)]
#[template(
    source = r#"{% extends "layout.html" %}{% block page_class %}{{ class }}{% endblock %}{% block content %}{% for part in parts %}{{ part|safe }}{% endfor %}{% endblock %}"#,
    ext = "html"
)]
struct Sample {
    frame: Frame,
    class: &'static str,
    parts: Vec<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).ok_or("usage: gallery FOLDER")?;
    let folder = Path::new(&folder);
    fs::create_dir_all(folder.join("assets"))?;
    for asset in [assets::stylesheet(), assets::script(), assets::favicon()] {
        fs::write(folder.join(asset.address().trim_start_matches('/')), asset.content())?;
    }
    for (name, frame, class, parts) in sample::pages(&node()) {
        fs::write(folder.join(name).with_extension("html"), Sample { frame, class, parts }.render()?)?;
    }
    for (name, text) in served::pages(&node()).await? {
        fs::write(folder.join(name).with_extension("html"), text)?;
    }
    println!("{}", folder.display());
    Ok(())
}

fn node() -> Arc<Program> {
    Arc::new(Program {
        kind: Kind::Node,
        participant: "Greece".into(),
        code: "GRC".into(),
        version: env!("CARGO_PKG_VERSION").into(),
        catalogue_version: "2026.1".into(),
        classification: "Official use".into(),
        test_data: true,
        transport: Transport::PlainHttp,
        zone: Zone::utc(),
        menu: vec![
            Menu::link("Dashboard", "/"),
            Menu::list("Reports", &[("Tables", "/tables"), ("Releases", "/releases"), ("Overviews", "/overviews")]),
            Menu::list("Content", &[("Questionnaire", "/catalogue"), ("Why can I (not) see this?", "/access")]),
            Menu::list("Users", &[("People", "/operators"), ("Ledger", "/ledger")]),
        ],
        may_open: |_, _| true,
        second_factor_for: Vec::new(),
        sign_in_notice: String::new(),
        languages: Languages::default(),
    })
}

/// The frame of a sample page.
pub(crate) fn frame(program: &Arc<Program>, title: &str, path: &str) -> Frame {
    let operator = Operator {
        id: 1,
        name: "eleni".into(),
        display_name: "Eleni Papadaki".into(),
        roles: ["focal_point".to_owned()].into(),
        agency: None,
        language: None,
        second_factor: false,
    };
    Frame::new(program, title)
        .signed_in(operator)
        .at(path)
        .lamp(Tone::Good, "Hub reached 2 minutes ago · nothing waits")
}
