//! A QR code as a drawing in the page, made on the server: the secret in it goes to nobody else.

use std::fmt::Write as _;

use askama::filters::HtmlSafe;
use qrcodegen::{QrCode, QrCodeEcc};

/// Modules of empty border that readers need (ISO/IEC 18004).
const QUIET_ZONE: i32 = 4;

/// A QR code: `{{ qr }}` prints an `<svg>` element.
pub(super) struct Qr {
    svg: String,
}

impl HtmlSafe for Qr {}

impl std::fmt::Display for Qr {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&self.svg)
    }
}

impl Qr {
    /// The code of a text; `None` when it is too long for one. `label` is what screen readers say.
    pub(super) fn of(text: &str, label: &str) -> Option<Self> {
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
        let side = code.size() + 2 * QUIET_ZONE;
        let mut path = String::new();
        for y in 0..code.size() {
            for x in (0..code.size()).filter(|x| code.get_module(*x, y)) {
                // Writing to a string cannot fail.
                let _ = write!(path, "M{} {}h1v1h-1z", x + QUIET_ZONE, y + QUIET_ZONE);
            }
        }
        let label = askama::filters::escape(label, askama::filters::Html).ok()?;
        Some(Self {
            svg: format!(
                "<svg role=\"img\" aria-label=\"{label}\" width=\"232\" height=\"232\" viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><rect width=\"{side}\" height=\"{side}\" fill=\"#fff\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn the_corners_hold_the_finder_patterns() {
        let drawn =
            Qr::of("otpauth://totp/VRS%20FRA:a.meyer?secret=GEZDGNBVGY3TQOJQ", "a \"code\"").unwrap().to_string();
        // The outer ring of the first finder pattern begins at the quiet zone and is seven modules wide.
        for x in 4..11 {
            assert!(drawn.contains(&format!("M{x} 4h1v1h-1z")), "{x}");
        }
        assert!(!drawn.contains("M11 4h1"), "its separator is light");
        assert!(drawn.contains("aria-label=\"a &#34;code&#34;\""), "{drawn}");
        assert!(Qr::of(&"x".repeat(5_000), "").is_none());
    }
}
