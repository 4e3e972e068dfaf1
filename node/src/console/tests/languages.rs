//! Every page of the sample in French, and in the two languages that are there for tests.

use super::browser::Browser;
use super::pages::PAGES;
use super::sample::Sample;

const DEEPER: [&str; 15] = [
    "/tables/2018/IR_CIT",
    "/releases/new",
    "/releases/1",
    "/overviews/2021/IE_CIT",
    "/overviews/2019/RE_TOT",
    "/access?form=RE_TOT&period=2019",
    "/peers/ITA/2021/IE_CIT",
    "/peers/FRA/2021/IE_CIT",
    "/agencies/BF",
    "/tables/nothing?period=2021&section=1&agency=BF",
    "/catalogue/IE_EPT",
    "/help/release",
    "/help/keys",
    "/me",
    "/me/second-factor",
];

/// What a person or another program wrote stays as it is: names in the ledger, titles, reasons, notes.
const WRITTEN: [&str; 2] = ["porte le nom", "not the whole territory"];

/// What stands between tags, without the names of languages in the frame.
fn words(page: &str) -> String {
    let body = page.split_once("<body").map_or("", |(_, body)| body);
    let mut words = String::new();
    for part in body.split('<') {
        words.push_str(part.split_once('>').map_or("", |(_, text)| text));
        words.push('\n');
    }
    words.replace("English", "")
}

#[tokio::test]
async fn every_page_speaks_french() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await.speaking("fr");
    let mut left = Vec::new();
    for path in PAGES.iter().chain(&DEEPER) {
        let page = ana.page(path).await;
        assert!(page.contains("<html lang=\"fr\" dir=\"ltr\">"), "{path}");
        for line in words(&page).lines().filter(|line| !WRITTEN.iter().any(|written| line.contains(written))) {
            let english = [" the ", " is ", " are ", " this ", " which ", " and ", " with ", "Released", "Period"];
            if english.iter().any(|word| format!(" {line} ").contains(word)) {
                left.push(format!("{path} says {line:?}"));
            }
        }
    }
    assert!(left.is_empty(), "{}", left.join("\n"));
    let empty = Sample::empty().await;
    let mut ana = Browser::signed_in(&empty.router, "ana").await.speaking("fr");
    for path in PAGES {
        let page = ana.page(path).await;
        assert!(!words(&page).contains(" the "), "{path}: {page}");
    }
}

#[tokio::test]
async fn every_page_stands_in_a_longer_language_and_in_one_from_right_to_left() {
    let sample = Sample::filled().await;
    for (language, direction) in [("en-XA", "ltr"), ("ar-XB", "rtl")] {
        let mut ana = Browser::signed_in(&sample.router, "ana").await.speaking(language);
        for path in PAGES.iter().chain(&DEEPER) {
            let page = ana.page(path).await;
            assert!(page.contains(&format!("<html lang=\"{language}\" dir=\"{direction}\">")), "{path}");
            assert!(!page.contains("align=\"left\"") && !page.contains("align=\"right\""), "{path}");
        }
    }
}
