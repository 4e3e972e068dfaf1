//! The pages that this crate serves itself: sign-in, problem, account.

use std::{error::Error, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, header},
};
use tower::ServiceExt;
use vrs_console::{Console, MIGRATIONS, accounts::NewAccount, layout::Program, passwords::Password, serving::protect};
use vrs_runtime::{clock::Clock, testing::Place};

type Pages = Vec<(&'static str, String)>;

/// File name and text of each.
pub(crate) async fn pages(program: &Arc<Program>) -> Result<Pages, Box<dyn Error>> {
    let place = Place::sqlite();
    let console = Console::new(program.as_ref().clone(), place.open(MIGRATIONS).await, Clock::system());
    let eleni = NewAccount::new("eleni", "Eleni Papadaki")?.with_roles(["focal_point", "approver"]).of_agency("police");
    console.accounts().add(eleni, Password::new("a long enough sentence".into())?).await?;
    let router = protect(Router::new(), &console);

    let (wrong, _) = ask(&router, form("/login", "name=eleni&password=wrong&next=/")?).await?;
    let (_, cookie) = ask(&router, form("/login", "name=eleni&password=a+long+enough+sentence&next=/")?).await?;
    let account = Request::get("/me").header(header::COOKIE, cookie).body(Body::empty())?;
    Ok(vec![
        ("login", ask(&router, Request::get("/login").body(Body::empty())?).await?.0),
        ("login-wrong", wrong),
        ("problem", ask(&router, Request::get("/no/such/page").body(Body::empty())?).await?.0),
        ("me", ask(&router, account).await?.0),
    ])
}

fn form(path: &str, fields: &str) -> Result<Request<Body>, axum::http::Error> {
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(fields.to_owned()))
}

/// The text of the answer and the cookie it sets.
async fn ask(router: &Router, request: Request<Body>) -> Result<(String, String), Box<dyn Error>> {
    let response = router.clone().oneshot(request).await?;
    let cookie = response.headers().get(header::SET_COOKIE).and_then(|cookie| cookie.to_str().ok());
    let cookie = cookie.and_then(|cookie| cookie.split(';').next()).unwrap_or_default().to_owned();
    let bytes = to_bytes(response.into_body(), 1 << 20).await?;
    Ok((String::from_utf8_lossy(&bytes).into_owned(), cookie))
}
