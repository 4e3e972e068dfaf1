//! Sentences: nothing missing, nothing unused, and the language of a person.

use std::fs;
use std::path::Path;

use vrs_console::assets;
use vrs_console::words::{CONSOLE, Languages, check::faults};

use crate::browser::{PASSWORD, World};

#[test]
fn every_sentence_is_said_in_every_language_and_none_for_nothing() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (node, hub) = (home.join("../node"), home.join("../hub"));
    let found = faults(
        &CONSOLE,
        home,
        &[&node, &hub],
        &["country-", "code-", "form-", "section-", "topic-", "unit-", "dimension-", "term-", "role-"],
    );
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_stylesheet_knows_no_left_and_no_right() {
    let css = String::from_utf8_lossy(assets::stylesheet().content()).into_owned();
    for side in ["left", "right"] {
        for rule in ["margin-", "padding-", "border-", "text-align: ", "float: ", "clear: "] {
            assert!(!css.contains(&format!("{rule}{side}")), "{rule}{side}");
        }
        for place in [format!(" {side}:"), format!(";{side}:"), format!("{{{side}:")] {
            assert!(!css.contains(&place), "{place}");
        }
    }
}

#[tokio::test]
async fn the_language_follows_account_choice_browser_and_configuration_in_this_order() {
    let world = World::new().await.with_account("meyer", &["focal_point"]).await;
    let mut browser = world.browser();
    let page = browser.get("/login").await;
    assert!(
        page.text.contains("<html lang=\"en\" dir=\"ltr\">") && page.text.contains(">Français</button>"),
        "{}",
        page.text
    );
    let mut browser = browser.accepts("fr-CA, en;q=0.5");
    let page = browser.get("/login").await;
    assert!(
        page.text.contains("<html lang=\"fr\" dir=\"ltr\">") && page.text.contains("Se connecter"),
        "{}",
        page.text
    );
    browser.post("/language", "language=en&next=/me").await;
    assert!(
        browser.get("/login").await.text.contains("lang=\"en\""),
        "what was chosen stands before what the browser asks"
    );
    browser.sign_in("meyer", PASSWORD).await;
    let answer = browser.post("/language", "language=fr&next=/me").await;
    assert_eq!(answer.status, 303);
    assert!(browser.get("/me").await.text.contains("Mon compte"));
    // Another browser of the same person.
    let mut other = world.browser().accepts("en");
    assert!(other.get("/login").await.text.contains("lang=\"en\""));
    other.sign_in("meyer", PASSWORD).await;
    assert!(other.get("/me").await.text.contains("Mon compte"), "the account's choice came along");
}

#[tokio::test]
async fn a_language_that_is_not_here_is_refused_and_a_choice_leads_nowhere_else() {
    let world = World::new().await;
    let mut browser = world.browser();
    for tag in ["tlh", "../../etc", "", "en%0D%0AX"] {
        assert_eq!(browser.post("/language", &format!("language={tag}")).await.status, 422, "{tag}");
    }
    let answer = browser.post("/language", "language=fr&next=//elsewhere.example").await;
    assert_eq!(answer.location(), "/");
}

#[tokio::test]
async fn the_languages_for_tests_turn_and_lengthen_every_page() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser.post("/language", "language=ar-XB").await;
    let page = browser.get("/login").await.text;
    assert!(page.contains("<html lang=\"ar-XB\" dir=\"rtl\">"), "{page}");
    browser.post("/language", "language=en-XA").await;
    let page = browser.get("/login").await.text;
    assert!(page.contains("Ší·gñ í·ñ") && !page.contains(">Password<"), "{page}");
}

#[test]
fn an_operators_file_says_it_differently_and_a_bad_one_is_named_by_its_line() {
    let place = vrs_runtime::testing::Place::sqlite();
    let folder = place.dir().join("translations");
    let file = folder.join("es/ours.ftl");
    fs::create_dir_all(folder.join("es")).unwrap();
    fs::write(&file, "# ours\nframe-exit = Salir\nfigure-fewer-than = menos de { $bound }\n").unwrap();
    let languages = Languages::load(&folder, "es-MX", &CONSOLE).unwrap();
    let spanish = languages.find("es").unwrap();
    let said = languages
        .spoken(spanish)
        .during_sync(|| (vrs_console::say("frame-exit").to_string(), vrs_console::say("me-none").to_string()));
    assert_eq!(said, ("Salir".to_owned(), "none".to_owned()), "English is the last resort");

    let refused = |text: &str| {
        fs::write(&file, text).unwrap();
        Languages::load(&folder, "en", &CONSOLE).unwrap_err().to_string()
    };
    assert!(refused("frame-exit = Salir\n= nada\n").contains("ours.ftl, line 2"));
    assert!(
        refused("frame-hub = x\n\nframe-exit = Salir { $who }\n")
            .contains("line 3: frame-exit has no place called $who")
    );
    fs::write(&file, "frame-exit = Salir\n").unwrap();
    assert!(Languages::load(&folder, "tlh", &CONSOLE).unwrap_err().to_string().contains("en, fr, es"));
}

#[test]
fn what_is_inserted_is_escaped_where_words_are_marked() {
    let said = vrs_console::say("problem-reference").with("reference", "`<b>**x**").with("at", "now");
    assert_eq!(said.html().to_string(), "Reference <code>`&lt;b&gt;**x**</code> · now");
    assert_eq!(
        vrs_console::say("frame-classification").with("classification", "\u{e000}0\u{e000}").to_string(),
        "Classification: 0"
    );
}

#[tokio::test]
async fn every_page_of_this_crate_speaks_french() {
    let world = World::new().await.with_account("meyer", &["focal_point"]).await;
    let mut browser = world.browser();
    browser.post("/language", "language=fr").await;
    for (path, words) in [("/login", "Mot de passe"), ("/nowhere", "Il n’y a pas de page à cette adresse.")] {
        assert!(browser.get(path).await.text.contains(words), "{path}");
    }
    browser.sign_in("meyer", PASSWORD).await;
    let page = browser.get("/me").await.text;
    assert!(page.contains("point focal") && page.contains("23 novembre 2026"), "{page}");
}
