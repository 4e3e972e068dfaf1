//! Every template of this crate: nothing that the page policy forbids, and the parts that no page may lack.

use std::{fs, path::Path};

use std::sync::Arc;

use askama::Template;
use vrs_console::{
    accounts::Operator,
    assets,
    layout::{Frame, Kind, Menu, Tone, Transport},
};

use crate::browser::{PASSWORD, World, program};

/// Name and text of each file of a folder with this ending.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut found: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == ending))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(&path).unwrap()))
        .collect();
    found.sort();
    assert!(!found.is_empty());
    found
}

#[test]
fn no_template_has_an_inline_style_or_handler_or_leaves_the_house() {
    for (name, text) in files("templates", "html") {
        // The name of the SVG namespace looks like an address but is none.
        let lower = text.to_lowercase().replace("http://www.w3.org/2000/svg", "");
        for forbidden in [" style=", "<style", "javascript:", "http://", "https://", "//cdn", "|safe"] {
            assert!(!lower.contains(forbidden), "{forbidden} in {name}");
        }
        for tag in lower.split('<').skip(1) {
            let inside = tag.split('>').next().unwrap_or_default();
            let handler = inside.split_whitespace().any(|word| word.starts_with("on") && word.contains('='));
            assert!(!handler, "an inline handler in {name}: <{inside}>");
            assert!(!inside.starts_with("script") || inside.contains("src="), "inline script in {name}");
        }
    }
}

#[test]
fn the_script_never_turns_text_into_markup() {
    let script = String::from_utf8_lossy(assets::script().content()).into_owned();
    for forbidden in
        ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "fetch(\"http"]
    {
        assert!(!script.contains(forbidden), "{forbidden}");
    }
}

#[tokio::test]
async fn every_page_has_its_landmarks_its_language_and_one_heading() {
    let world = World::new().await.with_account("meyer", &["focal_point"]).await;
    let mut browser = world.browser();
    let mut pages = vec![browser.get("/login").await.text, browser.get("/nowhere").await.text];
    browser.sign_in("meyer", PASSWORD).await;
    pages.push(browser.get("/").await.text);
    pages.push(browser.get("/me").await.text);
    for page in pages {
        for part in [
            "<html lang=\"en\" dir=\"ltr\">",
            "<a class=\"skip\" href=\"#content\">",
            "<main id=\"content\"",
            "role=\"status\"",
            "TEST DATA",
            "Classification: Official use",
            "Catalogue 2026.1",
        ] {
            assert!(page.contains(part), "{part} missing in {page}");
        }
        assert_eq!(page.matches("<h1>").count(), 1);
        assert!(!page.contains(" style="));
    }
}

#[tokio::test]
async fn a_signed_in_page_has_the_menu_and_marks_where_one_is() {
    let world = World::new().await.with_account("meyer", &[]).await;
    let mut browser = world.browser();
    assert!(!browser.get("/login").await.text.contains("aria-label=\"Main menu\""));
    browser.sign_in("meyer", PASSWORD).await;
    let page = browser.get("/tables").await.text;
    assert!(page.contains("<a href=\"/tables\" aria-current=\"page\">Tables</a>"), "{page}");
    assert!(page.contains("<form method=\"post\" action=\"/logout\">"));
}

#[tokio::test]
async fn a_name_that_looks_like_markup_stays_text() {
    let world = World::new().await;
    let answer = world.browser().sign_in("%3Cscript%3Ealert(1)%3C%2Fscript%3E", "x").await;
    assert!(!answer.text.contains("<script>alert"), "{}", answer.text);
}

/// The layout alone.
#[derive(Template)]
#[template(source = r#"{% extends "layout.html" %}"#, ext = "html")]
struct Bare {
    frame: Frame,
}

#[test]
fn a_frame_of_empty_values_leaves_nothing_half_said() {
    let mut program = program(Transport::Tls);
    program.code.clear();
    program.classification.clear();
    program.menu.clear();
    program.test_data = false;
    program.kind = Kind::Hub;
    let page = Bare { frame: Frame::new(&Arc::new(program), "") }.render().unwrap();
    for part in ["Classification:", "class=\"code\"", "TEST DATA", "plain HTTP", "Breadcrumb", "class=\"lamp", "<li>"] {
        assert!(!page.contains(part), "{part} in {page}");
    }
    assert!(page.contains("<body class=\"hub "), "{page}");
}

#[test]
fn a_frame_of_long_and_strange_values_keeps_them_text() {
    let strange = "<img src=x onerror=alert(1)>\"'&".repeat(50);
    let mut program = program(Transport::PlainHttp);
    for field in [&mut program.code, &mut program.version, &mut program.classification] {
        field.clone_from(&strange);
    }
    program.participant = (&strange).into();
    program.catalogue_version = (&strange).into();
    program.menu = vec![Menu::link(&strange, &strange), Menu::list(&strange, &[(&strange, &strange)])];
    let operator = Operator {
        id: 1,
        name: strange.clone(),
        display_name: strange.clone(),
        roles: [].into(),
        agency: None,
        language: None,
        second_factor: false,
    };
    let frame = Frame::new(&Arc::new(program), &strange)
        .signed_in(operator)
        .lead(&strange)
        .below(&strange, &strange)
        .lamp(Tone::Bad, &strange)
        .say(Tone::Caution, &strange);
    let page = Bare { frame }.render().unwrap();
    assert!(!page.contains("<img"), "markup came through");
    assert!(page.matches("&#60;img").count() > 500);
}
