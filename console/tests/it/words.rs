//! Sentences: nothing missing, nothing unused, and the language of a person.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use vrs_console::assets;
use vrs_console::domain::findings::finding_said;
use vrs_console::domain::names::country_name;
use vrs_console::domain::refusals::{reason_alone, reason_said};
use vrs_console::words::{CONSOLE, Language, Languages, check::faults};
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::cell::StepRole;
use vrs_protocol::check::What;
use vrs_protocol::id::{Code, FormCode, ParticipantCode};
use vrs_protocol::period::Period;
use vrs_protocol::refusal::{Reason, Unlock};

use crate::browser::{PASSWORD, World};

#[test]
fn every_sentence_is_said_in_every_language_and_none_for_nothing() {
    let home = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (node, hub) = (home.join("../node"), home.join("../hub"));
    let found = faults(
        &CONSOLE,
        home,
        &[&node, &hub],
        &[
            "country-",
            "code-",
            "form-",
            "section-",
            "topic-",
            "unit-",
            "dimension-",
            "term-",
            "list-",
            "questionnaire-",
            "role-",
            "act-",
        ],
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

/// Keys of the French files that begin so, without the beginning.
fn french(start: &str) -> BTreeSet<String> {
    let leaves = CONSOLE.leaves().iter().filter(|leaf| leaf.language == "fr");
    let keys = leaves.flat_map(|leaf| leaf.text.lines()).filter_map(|line| line.split_once(" =")).map(|(key, _)| key);
    keys.filter_map(|key| key.strip_prefix(start)).map(str::to_owned).collect()
}

/// The keys of words of all versions: those of the first version that says something, and where a later one says it in other
/// words, one that ends in that version.
fn keys(parts: impl Fn(&'static Catalogue) -> Vec<(String, String)>) -> BTreeSet<String> {
    let mut said: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut keys = BTreeSet::new();
    for catalogue in Catalogue::known() {
        for (key, words) in parts(catalogue) {
            let known = said.entry(key.clone()).or_default();
            let is_first = known.is_empty();
            if known.insert(words) {
                let later = format!("{key}-{}", catalogue.version.replace('.', "-"));
                keys.insert(if is_first { key } else { later });
            }
        }
    }
    keys
}

#[test]
fn every_name_of_the_catalogue_is_said_in_french_and_no_other() {
    let forms = keys(|catalogue| {
        let of = |form: &vrs_protocol::catalogue::Form| {
            let part = |part: &str, words: &str| (format!("{}-{part}", form.code), words.to_owned());
            let parts = [Some(part("title", &form.title)), Some(part("question", &form.question))];
            parts.into_iter().chain([form.note.as_ref().map(|note| part("note", note))]).flatten().collect::<Vec<_>>()
        };
        catalogue.forms().iter().flat_map(of).collect()
    });
    assert_eq!(french("form-"), forms);
    let terms = keys(|catalogue| {
        let of = |term: &vrs_protocol::catalogue::Term| {
            let part = |part: &str, words: &str| (format!("{}-{part}", term.code), words.to_owned());
            vec![part("name", &term.name), part("definition", &term.definition), part("authority", &term.authority)]
        };
        catalogue.terms.iter().flat_map(of).collect()
    });
    assert_eq!(french("term-"), terms);
    let catalogue = Catalogue::everything();
    let lists = catalogue.forms().iter().flat_map(|form| &form.dimensions).filter_map(|one| catalogue.list(&one.list));
    let noted = lists.filter(|list| list.note.is_some()).map(|list| format!("{}-note", list.code));
    assert_eq!(french("list-"), noted.collect());
    assert_eq!(
        french("section-"),
        catalogue.sections.iter().map(|section| format!("{}-title", section.number)).collect()
    );
    assert_eq!(french("topic-"), catalogue.topics.iter().map(|topic| format!("{}-title", topic.code)).collect());
    let dimensions = catalogue.forms().iter().flat_map(|form| &form.dimensions);
    assert_eq!(french("dimension-"), dimensions.clone().map(|dimension| dimension.code.clone()).collect());
    let units = catalogue.forms().iter().flat_map(|form| form.units.clone());
    assert_eq!(french("unit-"), units.collect());
    // Codes: all of every list that a dimension uses, and none that is in no list.
    let codes = french("code-");
    for list in dimensions.filter_map(|dimension| catalogue.list(&dimension.list)) {
        for entry in &list.entries {
            assert!(codes.contains(&format!("{}-{}", list.code, entry.id)), "{} {}", list.code, entry.id);
        }
    }
    for (list, code) in codes.iter().filter_map(|code| code.split_once('-')).filter(|(list, _)| *list != "any") {
        assert!(
            catalogue.list(list).is_some_and(|list| list.entries.iter().any(|entry| entry.id.as_str() == code)),
            "{list} {code}"
        );
    }
}

#[test]
fn countries_have_their_names_in_six_languages() {
    let country = Catalogue::bundled().country("DEU").unwrap();
    let languages = Languages::default();
    let name =
        |tag: &str| languages.spoken(Language::parse(tag).unwrap()).during_sync(|| country_name(country).to_string());
    let names = ["en", "fr", "es", "ar", "zh", "ru", "fr-CA", "de"].map(name);
    assert_eq!(names, ["Germany", "Allemagne", "Alemania", "ألمانيا", "德国", "Германия", "Allemagne", "Germany"]);
}

#[test]
fn english_says_refusals_and_findings_as_the_wire_does() {
    let who = || ParticipantCode::parse("GBR").unwrap();
    let form = || FormCode::parse("IE_CIT").unwrap();
    let period = Period::parse("2021-S1").unwrap();
    let unlock = |participants| Unlock { form: form(), period, participants };
    let reasons = [
        Reason::Malformed("x".into()),
        Reason::TooLarge { bytes: 12_345, max: 1_000 },
        Reason::NotBound,
        Reason::Busy(5),
        Reason::NotFound("such form".into()),
        Reason::Suspended(who()),
        Reason::WrongAuthor { said: "a".into(), bound: "b".into() },
        Reason::HubOnly("edition"),
        Reason::ContentType("a".into(), "b".into()),
        Reason::BundleInterrupted(1_234),
        Reason::FormNotInUse(form()),
        Reason::CharterNotAccepted { said: 1, in_force: 1_234 },
        Reason::NotInRhythm { participant: who(), period, accepted: "years".into() },
        Reason::WrongRevision { form: form(), period, said: 3, expected: 2 },
        Reason::RevisionAlone(vec![(form(), period), (form(), period)]),
        Reason::CoreMisstated { said: "values" },
        Reason::KindFixed { participant: who(), topic: "IE".into(), year: 2021, from: "totals", to: "named" },
        Reason::BlockWouldOpen { participant: who(), topic: "IE".into(), year: 2021, remaining: 2, block_min: 3 },
        Reason::NothingReleased { reader: who(), form: form(), period, unlock: unlock(vec![who(), who()]) },
        Reason::CoreNotAnswered { reader: who(), form: form(), period, unlock: unlock(Vec::new()) },
        Reason::NotAdmittedByReader { author: who(), reader: who(), form: form(), period },
        Reason::ErasureOwed { reader: who(), topic: "IE".into(), count: 2 },
        Reason::ServedBefore(1_234),
        Reason::Block { block: 1, topic: "IE".into(), year: 2021, cause: "x".into() },
    ];
    let french = Languages::default().spoken(Language::parse("fr").unwrap());
    for reason in reasons {
        assert_eq!(reason_said(&reason).english(), reason.to_string(), "{}", reason.number());
        let said = french.clone().during_sync(|| reason_said(&reason).to_string());
        assert_ne!(said, reason.to_string(), "{}", reason.number());
        assert!(!reason_alone(&reason).english().contains("; release "), "{}", reason.number());
    }
    let code = |text: &str| Code::parse(text).unwrap();
    for what in [
        What::CoreFewer,
        What::RowsShort { sum: 12_345, short: 5 },
        What::TimeShort { parts: vec![period, period], sum: 1, short: 2 },
        What::Changed { now: 100, then: 1_000, previous: period },
        What::Changed { now: 1_000, then: 10, previous: period },
        What::Outlier { now: 1_500, middle: 100, low: 65, high: 135, periods: 4 },
        What::OriginFirst { step: 2, role: StepRole::Transit },
        What::BeginsElsewhere { citizenship: code("AFG"), country: code("SYR") },
    ] {
        assert_eq!(finding_said(&what).english(), what.to_string());
        assert_ne!(french.clone().during_sync(|| finding_said(&what).to_string()), what.to_string());
    }
}
