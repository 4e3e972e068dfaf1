//! The headers every answer carries.
//!
//! The rule it keeps: one constant says what a page may do, and nothing weakens it for a single page. The policy forbids
//! inline styles and handlers, foreign sources of any kind, framing, and turning text into markup by script.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use crate::layout::Transport;

/// Name and value of each header, on pages, files, assets and problems alike.
pub const SECURITY: [(HeaderName, HeaderValue); 7] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; \
             connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
             require-trusted-types-for 'script'",
        ),
    ),
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static(
            "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), \
             magnetometer=(), microphone=(), midi=(), payment=(), usb=()",
        ),
    ),
    // Browsers that do not know `frame-ancestors` are old, but offices keep old browsers.
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
];

/// Two years, as browsers' preload lists ask. Not `includeSubDomains`: the console does not own its neighbours.
const STRICT_TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=63072000");

/// Writes the headers on an answer; `Cache-Control: no-store` unless the answer brought its own.
pub fn secure(headers: &mut HeaderMap, transport: Transport) {
    for (name, value) in SECURITY {
        headers.insert(name, value);
    }
    if transport == Transport::Tls {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// The layer around everything else.
pub(crate) async fn secured(transport: Transport, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    secure(response.headers_mut(), transport);
    response
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn nothing_weakens_the_policy() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src *"));
        secure(&mut headers, Transport::PlainHttp);
        let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        assert_eq!(headers.get_all(header::CONTENT_SECURITY_POLICY).iter().count(), 1);
        assert!(policy.starts_with("default-src 'none'; "), "{policy}");
        for weak in ["unsafe", "*", "http:", "https:", "data:", "blob:"] {
            assert!(!policy.contains(weak), "{weak} in {policy}");
        }
        for directive in
            ["form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'"]
        {
            assert!(policy.contains(directive), "{directive} missing in {policy}");
        }
        assert!(!policy.contains("  "), "the line break of the constant must not show: {policy}");
    }

    #[test]
    fn pages_are_not_stored_and_assets_keep_their_own_word() {
        let mut page = HeaderMap::new();
        secure(&mut page, Transport::PlainHttp);
        assert_eq!(page[header::CACHE_CONTROL], "no-store");
        let mut asset = HeaderMap::new();
        asset.insert(header::CACHE_CONTROL, HeaderValue::from_static("immutable"));
        secure(&mut asset, Transport::PlainHttp);
        assert_eq!(asset[header::CACHE_CONTROL], "immutable");
    }

    #[test]
    fn strict_transport_is_promised_only_where_tls_is_spoken() {
        let mut plain = HeaderMap::new();
        secure(&mut plain, Transport::PlainHttp);
        assert!(!plain.contains_key(header::STRICT_TRANSPORT_SECURITY));
        let mut tls = HeaderMap::new();
        secure(&mut tls, Transport::Tls);
        assert_eq!(tls[header::STRICT_TRANSPORT_SECURITY], "max-age=63072000");
    }
}
