//! Figures typed into the questionnaire, as a browser sends them.

use axum::http::StatusCode;

use super::browser::Browser;
use super::sample::Sample;

#[tokio::test]
async fn a_quarter_is_typed_saved_and_completed() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let page = ana.page("/tables/2019-Q1/IE_CIT/sheet?agency=BF").await;
    for words in
        ["Border Force", "Afghanistan (AFG)", "not collected", "Mark complete", "Add rows", "Nothing is typed yet"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    let typed = "agency=BF&version=0&c0.0=_T&v0.0=30&c1.0=Iraq&v1.0=10&c2.0=Atlantis&v2.0=5&m.source=Border+records";
    let saved = ana.post("/tables/2019-Q1/IE_CIT/sheet", &format!("{typed}&act=save")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let page = ana.page(&saved.location).await;
    assert!(page.contains("value=\"Atlantis\"") && page.contains("Saved") && page.contains("by ana"), "{page}");
    assert!(ana.page("/tables?period=2019-Q1").await.contains("Being typed"));

    let refused = ana
        .post("/tables/2019-Q1/IE_CIT/sheet", &format!("{}&act=complete", typed.replace("version=0", "version=1")))
        .await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("href=\"#row-2\"") && refused.text.contains("Atlantis"), "{}", refused.text);
    let right = typed.replace("version=0", "version=2").replace("Atlantis", "SYR");
    let done = ana.post("/tables/2019-Q1/IE_CIT/sheet", &format!("{right}&act=complete")).await;
    assert_eq!(
        (done.status, done.location.as_str()),
        (StatusCode::SEE_OTHER, "/tables/2019-Q1/IE_CIT"),
        "{}",
        done.text
    );
    let table = ana.page("/tables/2019-Q1/IE_CIT").await;
    assert!(
        table.contains("Iraq") && table.contains("typed at the console") && table.contains("Border records"),
        "{table}"
    );
}

#[tokio::test]
async fn somebody_elses_save_is_not_overwritten_unseen() {
    let sample = Sample::filled().await;
    let (mut ana, mut cleo) =
        (Browser::signed_in(&sample.router, "ana").await, Browser::signed_in(&sample.router, "cleo").await);
    let path = "/tables/2019-Q1/IE_TOT/sheet";
    ana.post(path, "agency=BF&version=0&act=save&v0.0=1").await;
    let late = cleo.post(path, "agency=BF&version=0&act=save&v0.0=2").await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert!(late.text.contains("ana saved this sheet") && late.text.contains("value=\"2\""), "{}", late.text);
    assert!(late.text.contains("name=\"version\" value=\"1\""), "saving again replaces it: {}", late.text);
}

#[tokio::test]
async fn every_form_can_be_opened_and_nobody_types_for_others() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    for form in sample.node.catalogue_now().forms() {
        ana.page(&format!("/tables/2019/{}/sheet?agency=BF", form.code)).await;
    }
    assert!(ana.page("/tables/2019/IE_TOT/sheet").await.contains("Whose figures"));
    let cross = ana.page("/tables/2019/IE_SXA/sheet?agency=BF").await;
    assert!(
        cross.contains("<th scope=\"col\" class=\"n\">Under 14</th>")
            && cross.contains("aria-label=\"Female · Under 14\""),
        "{cross}"
    );
    let mut ben = Browser::signed_in(&sample.router, "ben").await;
    for path in ["/tables/2019/IE_TOT/sheet?agency=BF", "/tables/2019/IE_TOT/sheet"] {
        assert_eq!(ben.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let refused = ben.post("/tables/2019/IE_TOT/sheet", "agency=BF&version=0&act=save&v0.0=1").await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn markup_in_a_field_is_text() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let body =
        "agency=BF&version=0&act=save&c0.0=%22%3E%3Cscript%3E&v0.0=%3Cb%3E&m.comment=%3C/textarea%3E%3Cscript%3E";
    let saved = ana.post("/tables/2019/IE_CIT/sheet", body).await;
    let page = ana.page(&saved.location).await;
    assert!(!page.contains("\"><script>") && !page.contains("</textarea><script>"), "{page}");
}

#[tokio::test]
async fn buttons_add_remove_and_move_rows() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let path = "/tables/2019/RT_CTY/sheet";
    let steps = "agency=BF&c0.0=AFG&c0.1=1&c0.2=1&v0.0=AFG&v0.1=ORIGIN&c1.0=AFG&c1.1=1&c1.2=2&v1.0=TUR&v1.1=TRANSIT";
    let moved = ana.post(path, &format!("{steps}&version=0&act=up:1")).await;
    let page = ana.page(&moved.location).await;
    assert!(page.find("value=\"TUR\"").unwrap() < page.find("name=\"v1.0\" value=\"AFG\"").unwrap(), "{page}");
    let added = ana.post(path, &format!("{steps}&version=1&act=add")).await;
    assert!(ana.page(&added.location).await.contains("name=\"c2.2\" value=\"3\""));
    let removed = ana.post(path, &format!("{steps}&version=2&act=remove:1")).await;
    assert!(!ana.page(&removed.location).await.contains("name=\"c1.0\""));
}
