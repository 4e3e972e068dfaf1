//! The stylesheet, the script and the icon, inside the program.
//!
//! The rule it keeps: an asset's address carries a hash of its content, so browsers may keep it for ever and still see a
//! new version at once. Nothing is fetched from anywhere else.

use std::sync::LazyLock;

use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use sha2::{Digest, Sha256};

/// One file served below `/assets/`.
#[derive(Debug)]
pub struct Asset {
    address: String,
    media_type: &'static str,
    content: &'static [u8],
}

impl Asset {
    fn new(stem: &str, ending: &str, media_type: &'static str, content: &'static [u8]) -> Self {
        let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(content)[..8]);
        Self { address: format!("/assets/{stem}.{hash}.{ending}"), media_type, content }
    }

    /// Where it is served.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What is served.
    #[must_use]
    pub fn content(&self) -> &'static [u8] {
        self.content
    }
}

static STYLESHEET: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("console", "css", "text/css; charset=utf-8", include_bytes!("../assets/console.css")));
static SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("console", "js", "text/javascript; charset=utf-8", include_bytes!("../assets/console.js"))
});
static SHEET_SCRIPT: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("sheet", "js", "text/javascript; charset=utf-8", include_bytes!("../assets/sheet.js")));
static FAVICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("favicon", "svg", "image/svg+xml", include_bytes!("../assets/favicon.svg")));

/// The one stylesheet.
#[must_use]
pub fn stylesheet() -> &'static Asset {
    &STYLESHEET
}

/// The script of every page; each works without it.
#[must_use]
pub fn script() -> &'static Asset {
    &SCRIPT
}

/// The script of pages on which figures are typed; they work without it.
#[must_use]
pub fn sheet_script() -> &'static Asset {
    &SHEET_SCRIPT
}

/// The icon in the window's tab.
#[must_use]
pub fn favicon() -> &'static Asset {
    &FAVICON
}

/// `GET /assets/{file}`. An old address is not found rather than answered with new content under a name kept for ever.
pub(crate) async fn asset(Path(file): Path<String>) -> Response {
    let wanted = [stylesheet(), script(), sheet_script(), favicon()]
        .into_iter()
        .find(|asset| asset.address.strip_prefix("/assets/") == Some(file.as_str()));
    let Some(asset) = wanted else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    (headers, asset.content).into_response()
}
