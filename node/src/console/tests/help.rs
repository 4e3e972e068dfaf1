//! The help, the questionnaire, and pages of errors that are no dead end.

use axum::http::StatusCode;

use super::browser::Browser;
use super::sample::Sample;

#[tokio::test]
async fn everybody_finds_the_help_and_the_questionnaire() {
    let sample = Sample::filled().await;
    for name in ["ana", "ben", "dana"] {
        let mut browser = Browser::signed_in(&sample.router, name).await;
        let start = browser.page("/").await;
        assert!(start.contains("href=\"/help\"") && start.contains("href=\"/catalogue\""), "{start}");
        let help = browser.page("/help").await;
        for task in ["typing", "files", "nothing", "agencies", "release", "approve", "reading", "account", "people"] {
            assert!(help.contains(&format!("href=\"/help/{task}\"")), "{task}");
            let page = browser.page(&format!("/help/{task}")).await;
            assert!(page.matches("<li>").count() > 3 && page.contains("<strong>"), "{page}");
        }
        for page in ["/help/keys", "/help/accessibility"] {
            browser.page(page).await;
        }
    }
    // A page of help links to its place only where the person may go.
    let mut dana = Browser::signed_in(&sample.router, "dana").await;
    assert!(!dana.page("/help/release").await.contains("class=\"button\" href=\"/releases/new\""));
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    assert!(ana.page("/help/release").await.contains("class=\"button\" href=\"/releases/new\""));
    assert!(ana.page("/imports").await.contains("class=\"help\" href=\"/help/files\""));
    assert_eq!(ana.get("/help/magic").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_glossary_speaks_both_languages_and_holds_every_term() {
    let sample = Sample::empty().await;
    let terms = sample.node.catalogue_now().terms.len();
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let english = ana.page("/help/glossary").await;
    let mut ana = ana.speaking("fr");
    let french = ana.page("/help/glossary").await;
    for page in [&english, &french] {
        assert_eq!(page.matches("<dt id=").count(), terms);
    }
    assert!(english.contains("It is not trafficking in persons") && !french.contains("It is not trafficking"));
    assert!(french.contains("Trafic illicite de migrants") && french.contains("article 3 a)"), "{french}");
    let form = ana.page("/catalogue/IE_TOT").await;
    assert!(form.contains("Les personnes refusées à un point de passage"), "{form}");
}

#[tokio::test]
async fn the_questionnaire_says_of_each_form_what_it_asks_and_whether_it_is_asked() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let list = ana.page("/catalogue").await;
    for form in sample.node.catalogue_now().forms() {
        assert!(list.contains(&format!("/catalogue/{}", form.code)), "{}", form.code);
    }
    assert!(list.contains("extension, not asked in this region") && list.contains("by the Charter of line"));
    let form = ana.page("/catalogue/IE_CIT").await;
    for words in ["Citizenship", "persons", "three-letter codes", "Assumed citizenship", "the period", "Rests on"] {
        assert!(form.contains(words), "{words}: {form}");
    }
    let paper = ana.page("/catalogue/print").await;
    let asked = sample.node.catalogue_now().forms().iter().filter(|form| !form.extension).count();
    assert_eq!(paper.matches("<article class=\"paper\">").count(), asked);
    assert_eq!(ana.get("/catalogue/XX_YY").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_page_of_an_error_keeps_the_menu_of_whoever_is_signed_in() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    for path in ["/nowhere", "/releases/999", "/operators"] {
        let page = ana.get(path).await;
        assert!(page.status.is_client_error(), "{path}");
        assert!(page.text.contains("<nav class=\"menu\"") && page.text.contains("Ana Lovell"), "{path}: {}", page.text);
        assert!(!page.text.contains("href=\"/operators\""), "only what the person may open");
    }
    let stranger = Browser::new(&sample.router).get("/nowhere").await;
    assert!(!stranger.text.contains("<nav class=\"menu\""), "{}", stranger.text);
}

#[tokio::test]
async fn readings_are_listed_with_their_time_one_list_at_a_time() {
    let sample = Sample::filled().await;
    let mut dana = Browser::signed_in(&sample.router, "dana").await;
    let ours = dana.page("/servings").await;
    assert!(ours.contains("<caption>Who read ours") && !ours.contains("<caption>What we were served"), "{ours}");
    assert!(ours.contains("<time") && ours.contains("held by right"), "{ours}");
    let to_us = dana.page("/servings?of=to-us&page=99").await;
    assert!(to_us.contains("<caption>What we were served"), "{to_us}");
    let erased = dana.page("/servings?of=erased").await;
    assert!(erased.contains("Nothing was erased here"), "{erased}");
    assert!(dana.page("/servings?of=nonsense").await.contains("<caption>Who read ours"));
}
