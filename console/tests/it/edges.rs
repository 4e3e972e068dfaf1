//! What the layers around every route do: headers, problems, limits, forms sent from elsewhere, assets.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use vrs_console::{assets, headers::SECURITY, serving::FORM_BYTES_MAX};

use crate::browser::{PASSWORD, World};

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let world = World::new().await.with_account("meyer", &[]).await;
    let mut browser = world.browser();
    browser.sign_in("meyer", PASSWORD).await;
    for path in ["/", "/login", "/no/such/page", "/panic", assets::stylesheet().address(), "/assets/old.css"] {
        let answer = browser.get(path).await;
        for (name, value) in SECURITY {
            assert_eq!(answer.headers.get(&name), Some(&value), "{name} at {path}");
        }
        let cached = answer.headers[header::CACHE_CONTROL].to_str().unwrap();
        let expected = if path == assets::stylesheet().address() { "immutable" } else { "no-store" };
        assert!(cached.contains(expected), "{path}: {cached}");
    }
}

#[tokio::test]
async fn assets_are_served_under_the_address_of_their_content_only() {
    let world = World::new().await;
    let mut browser = world.browser();
    for asset in [assets::stylesheet(), assets::script(), assets::favicon()] {
        let answer = browser.get(asset.address()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", asset.address());
        assert_eq!(answer.text.as_bytes(), asset.content());
    }
    assert_eq!(browser.get("/assets/console.0000000000000000.css").await.status, StatusCode::NOT_FOUND);
    let page = browser.get("/login").await.text;
    for asset in [assets::stylesheet(), assets::script(), assets::favicon()] {
        assert!(page.contains(asset.address()), "{}", asset.address());
    }
}

#[tokio::test]
async fn a_form_sent_from_another_site_is_refused() {
    let world = World::new().await.with_account("meyer", &["approver"]).await;
    let mut browser = world.browser();
    browser.sign_in("meyer", PASSWORD).await;
    for (name, value) in
        [("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-site"), ("origin", "https://example.org")]
    {
        let request = Request::post("/approve").header(header::HOST, "localhost:8080").header(name, value);
        let answer = browser.send(request, Body::empty()).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {value}");
        assert!(answer.text.contains("sent from another site"), "{}", answer.text);
    }
    let own = Request::post("/approve")
        .header(header::HOST, "localhost:8080")
        .header(header::ORIGIN, "http://localhost:8080");
    assert_eq!(browser.send(own, Body::empty()).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_panic_becomes_a_page_without_its_text() {
    let world = World::new().await;
    let answer = world.browser().get("/panic").await;
    assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert!(!answer.text.contains("secret"), "{}", answer.text);
    for part in ["What happened", "What is safe", "What to do next", "Reference"] {
        assert!(answer.text.contains(part), "{part}");
    }
}

#[tokio::test]
async fn an_unknown_address_is_a_page_and_json_for_a_script() {
    let world = World::new().await;
    let page = world.browser().get("/no/such/page").await;
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert!(page.text.contains("There is no page at this address.") && page.text.contains("TEST DATA"));
    let json = world.browser().get_json("/no/such/page").await;
    assert_eq!(json.status, StatusCode::NOT_FOUND);
    assert_eq!(json.headers[header::CONTENT_TYPE], "application/json");
    assert!(json.text.contains("\"reference\":\""), "{}", json.text);
}

#[tokio::test]
async fn a_wrong_method_keeps_the_list_of_right_ones() {
    let answer = World::new().await.browser().get("/approve").await;
    assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(answer.headers[header::ALLOW], "POST");
    assert!(answer.text.contains("<h1>"), "{}", answer.text);
}

#[tokio::test]
async fn too_much_is_refused_whether_announced_or_not() {
    let world = World::new().await;
    let form = format!("text={}", "x".repeat(FORM_BYTES_MAX));
    let announced = world.browser().post("/anything", &form).await;
    assert_eq!(announced.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert!(announced.text.contains("larger than this page takes"), "{}", announced.text);
    let pieces = in_pieces(form);
    let request = Request::post("/anything").header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(world.browser().send(request, pieces).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(world.browser().post("/anything", "text=x").await.text, "taken");
}

/// A body that does not say how long it is.
fn in_pieces(text: String) -> Body {
    let (sender, receiver) = tokio::sync::mpsc::channel::<Result<Vec<u8>, std::io::Error>>(4);
    tokio::spawn(async move {
        for piece in text.as_bytes().chunks(64 * 1024) {
            if sender.send(Ok(piece.to_vec())).await.is_err() {
                return;
            }
        }
    });
    Body::from_stream(futures::stream::unfold(receiver, async |mut receiver| {
        receiver.recv().await.map(|piece| (piece, receiver))
    }))
}

#[tokio::test]
async fn a_malformed_form_is_a_page_that_does_not_quote_it() {
    let answer = World::new().await.browser().post("/anything", "other=<script>").await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("What was sent is not what this page takes."), "{}", answer.text);
    assert!(!answer.text.contains("script>x") && !answer.text.contains("&lt;script"));
}

#[tokio::test]
async fn a_page_that_never_comes_is_given_up() {
    let world = World::new().await;
    // From here on waiting takes no time; the database, which has its own threads, must be open by now.
    tokio::time::pause();
    let answer = world.browser().get("/slow").await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(answer.text.contains("may or may not be saved"), "{}", answer.text);
}
