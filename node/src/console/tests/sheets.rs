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
async fn a_route_is_typed_as_a_card_and_its_steps_and_rank_are_their_order() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let path = "/tables/2019/RT_CTY/sheet";
    let steps = "agency=BF&k0=Afghanistan&v0.0=Turkey&v0.1=TRANSIT&v1.0=AFG&v1.1=ORIGIN&v2.0=GRC&v2.1=DESTINATION";
    let moved = ana.post(path, &format!("{steps}&version=0&act=up:1")).await;
    let page = ana.page(&moved.location).await;
    assert!(page.find("value=\"AFG\"").unwrap() < page.find("value=\"Turkey\"").unwrap(), "{page}");
    assert!(page.contains("Route 1 from Afghanistan") && page.contains("Afghanistan → Türkiye → Greece"), "{page}");
    assert!(page.contains("The routes on a map of squares") && page.contains("<polyline"), "{page}");

    let right = "agency=BF&k0=AFG&v0.0=AFG&v0.1=ORIGIN&v1.0=TUR&v1.1=TRANSIT&v2.0=GRC&v2.1=DESTINATION";
    let second = ana.post(path, &format!("{right}&version=1&act=route:0")).await;
    let page = ana.page(&second.location).await;
    assert!(page.contains("Route 2 from Afghanistan") && second.location.ends_with("#row-3"), "{page}");
    // The middle step of the second route is left blank: nothing is numbered 2 but what is there.
    let both = format!("{right}&k3=AFG&v3.0=AFG&v3.1=ORIGIN&v4.0=&v5.0=HUN&v5.1=DESTINATION&n5.0=seen+once");
    let done = ana.post(path, &format!("{both}&version=2&act=complete")).await;
    assert_eq!(done.location, "/tables/2019/RT_CTY", "{}", done.text);
    let table = ana.page("/tables/2019/RT_CTY").await;
    for words in ["Hungary", "<polyline", "Notes of the agencies", "seen once"] {
        assert!(table.contains(words), "{words}: {table}");
    }

    let next = "/tables/2020/RT_CTY/sheet";
    let taken = ana.post(next, "agency=BF&version=0&k0=&v0.0=&act=earlier").await;
    let page = ana.page(&taken.location).await;
    assert!(page.contains("5 rows were taken over from 2019") && page.contains("As in 2019."), "{page}");
    let other = "agency=BF&k0=AFG&v0.0=AFG&v1.0=TUR&v2.0=BGR&k3=IRQ&v3.0=IRQ&v4.0=TUR&version=1&act=save";
    let saved = ana.post(next, other).await;
    let page = ana.page(&saved.location).await;
    for words in
        ["Changed; in 2019: Afghanistan → Türkiye → Greece.", "New since 2019.", "Afghanistan: Afghanistan → Hungary"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
}

#[tokio::test]
async fn a_note_stays_in_the_node_and_waits_for_the_figure() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let path = "/tables/2019-Q1/IE_CIT/sheet";
    let typed = "agency=BF&version=0&c0.0=_T&v0.0=30&c1.0=Iraq&v1.0=10&c2.0=SYR&n2=waits+for+the+police&note=by+phone";
    ana.post(path, &format!("{typed}&act=save")).await;
    let done = ana.post(path, &format!("{}&act=complete", typed.replace("version=0", "version=1"))).await;
    assert_eq!(done.location, "/tables/2019-Q1/IE_CIT", "{}", done.text);
    let table = ana.page("/tables/2019-Q1/IE_CIT").await;
    assert!(table.contains("waits for the police") && table.contains("by phone"), "{table}");
    let csv = ana.get("/tables/2019-Q1/IE_CIT.csv").await.text;
    assert!(csv.contains("IRQ") && !csv.contains("police") && !csv.contains("phone"), "{csv}");
    let again = ana.page("/tables/2019-Q1/IE_CIT/sheet?agency=BF").await;
    assert!(
        again.contains("Syria") && again.contains("waits for the police") && again.contains(">by phone<"),
        "{again}"
    );
    let mut page = ana.post(path, "agency=BF&version=0&c0.0=Atlantis&n0=x&act=complete").await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "a note about nothing that is known is asked about");
    page = ana.post(path, "agency=BF&version=1&c0.0=_T&v0.0=31&act=complete").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert!(!ana.page("/tables/2019-Q1/IE_CIT").await.contains("waits for the police"));
}

#[tokio::test]
async fn rows_are_added_removed_and_taken_over() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let path = "/tables/2022/IE_CIT/sheet";
    let rows = "agency=BF&c0.0=_T&v0.0=3&c1.0=AFG&v1.0=1";
    let added = ana.post(path, &format!("{rows}&version=0&act=add")).await;
    assert!(ana.page(&added.location).await.contains("name=\"c6.0\""));
    let removed = ana.post(path, &format!("{rows}&version=1&act=remove:1")).await;
    assert!(!ana.page(&removed.location).await.contains("name=\"c1.0\" value=\"AFG\""));
    let taken = ana.post(path, &format!("{rows}&version=2&act=earlier")).await;
    let page = ana.page(&taken.location).await;
    assert!(page.contains("taken over from 2021") && page.contains("(IRQ)"), "{page}");
}

#[tokio::test]
async fn a_character_that_cannot_be_stored_is_refused_in_words() {
    let sample = Sample::filled().await;
    let mut ana = Browser::signed_in(&sample.router, "ana").await;
    let refused = ana.post("/tables/2022/RE_TOT", "rule=prefer:BF&keep=&reason=a%00b").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("cannot be stored (NUL)"), "{}", refused.text);
}
