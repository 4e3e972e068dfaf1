//! What handlers return: a template as a page, or a value as JSON for the script that asked for it.

use askama::Template;
use axum::{
    http::header,
    response::{Html, IntoResponse, Response},
};
use serde::Serialize;

use crate::problem::Problem;

/// Renders a template into a response with status 200; should rendering fail, the answer is a [`Problem`].
///
/// ```ignore
/// async fn releases(State(app): State<App>, who: SignedIn) -> Result<Page<Releases>, Problem> {
///     Ok(Page(Releases { frame: app.console.frame(&who, "Releases").await?, rows: app.releases().await? }))
/// }
/// ```
#[derive(Debug)]
pub struct Page<T>(pub T);

impl<T: Template> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        match self.0.render() {
            Ok(text) => Html(text).into_response(),
            Err(cause) => Problem::internal("render a page", &cause).into_response(),
        }
    }
}

/// A value as JSON with status 200, for requests that [`crate::problem::wants_json`].
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => ([(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
            Err(cause) => Problem::internal("write an answer", &cause).into_response(),
        }
    }
}

/// The address of a page with what its query carries; values are escaped.
pub fn address<'n>(path: &str, query: impl IntoIterator<Item = (&'n str, String)>) -> String {
    let mut address = path.to_owned();
    for (place, (key, value)) in query.into_iter().enumerate() {
        address.push(if place == 0 { '?' } else { '&' });
        address.push_str(key);
        address.push('=');
        for byte in value.bytes() {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => address.push(char::from(byte)),
                other => address.push_str(&format!("%{other:02X}")),
            }
        }
    }
    address
}
