//! Codes of six digits that change every 30 seconds: TOTP (RFC 6238) over HOTP (RFC 4226) with HMAC-SHA-1.
//!
//! The rule it keeps: a code is compared in constant time, with the one before and the one after beside it, and never with
//! one of a step that was used already. SHA-1, six digits and 30 seconds are what every authenticator knows; some ignore
//! other wishes in the address without a word.

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Seconds of a step (RFC 6238, section 4.1).
pub const STEP_SECS: u64 = 30;

/// Digits of a code (RFC 4226, section 5.3).
pub const DIGITS: usize = 6;

/// Bytes of a secret (RFC 4226, section 4, R6: 160 bits are recommended).
pub const SECRET_BYTES: usize = 20;

/// Steps before and after the present one whose codes are accepted too: clocks differ, and typing takes time (RFC 6238,
/// section 5.2).
const DRIFT_STEPS: u64 = 1;

/// What the device and we share. Wiped when dropped, never printed.
pub struct Secret(Zeroizing<[u8; SECRET_BYTES]>);

impl std::fmt::Debug for Secret {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Secret(…)")
    }
}

impl Secret {
    /// From its bytes.
    #[must_use]
    pub fn new(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(super) fn bytes(&self) -> &[u8; SECRET_BYTES] {
        &self.0
    }

    /// In base32 (RFC 4648, section 6), in groups of four, for a device without a camera.
    #[must_use]
    pub fn base32(&self) -> Zeroizing<String> {
        let text = Zeroizing::new(data_encoding::BASE32_NOPAD.encode(self.0.as_slice()));
        let groups: Vec<&str> =
            (0..text.len()).step_by(4).filter_map(|at| text.get(at..text.len().min(at + 4))).collect();
        Zeroizing::new(groups.join(" "))
    }

    /// The address that authenticators read from a QR code: whose account at which program, and the secret.
    #[must_use]
    pub fn address(&self, issuer: &str, account: &str) -> Zeroizing<String> {
        let secret = Zeroizing::new(data_encoding::BASE32_NOPAD.encode(self.0.as_slice()));
        let (issuer, account) = (escaped(issuer), escaped(account));
        Zeroizing::new(format!(
            "otpauth://totp/{issuer}:{account}?secret={}&issuer={issuer}&algorithm=SHA1&digits={DIGITS}&period={STEP_SECS}",
            secret.as_str()
        ))
    }

    /// The step whose code was typed, if it is one of those accepted now and later than the one used last.
    #[must_use]
    pub fn step_of(&self, typed: &str, now: u64, last_step: u64) -> Option<u64> {
        let present = now / STEP_SECS;
        let mut found = None;
        for step in present.saturating_sub(DRIFT_STEPS)..=present.saturating_add(DRIFT_STEPS) {
            // All are compared whichever fits, so that the time taken tells nothing.
            let same: bool = self.code(step).as_bytes().ct_eq(typed.as_bytes()).into();
            if same && step > last_step {
                found = Some(step);
            }
        }
        found
    }

    /// The code of a step (RFC 4226, section 5.3).
    #[must_use]
    pub fn code(&self, step: u64) -> Zeroizing<String> {
        // HMAC takes a key of any length, so this never is an error; the code of an error would be accepted from nobody.
        let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(self.0.as_slice()) else { return Zeroizing::default() };
        mac.update(&step.to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let offset = usize::from(digest[digest.len() - 1] & 0x0f);
        // The digest has 20 bytes and the offset is at most 15.
        let four: [u8; 4] = digest.get(offset..offset + 4).and_then(|four| four.try_into().ok()).unwrap_or_default();
        let number = (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000;
        Zeroizing::new(format!("{number:06}"))
    }
}

fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => escaped.push(char::from(byte)),
            other => escaped.push_str(&format!("%{other:02X}")),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn secret() -> Secret {
        Secret::new(*b"12345678901234567890")
    }

    /// The test vectors of RFC 6238, appendix B, for SHA-1: the last six of their eight digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        for (at, code) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(secret().code(at / STEP_SECS).as_str(), code);
            assert_eq!(secret().step_of(code, at, 0), Some(at / STEP_SECS));
        }
    }

    #[test]
    fn one_step_of_drift_is_accepted_each_way_and_no_more() {
        let now = 1_111_111_111;
        let step = now / STEP_SECS;
        for (of, accepted) in [(step - 2, false), (step - 1, true), (step, true), (step + 1, true), (step + 2, false)] {
            let code = secret().code(of);
            assert_eq!(secret().step_of(&code, now, 0), accepted.then_some(of), "{of}");
        }
    }

    #[test]
    fn a_used_step_and_those_before_it_are_never_accepted_again() {
        let now = 1_111_111_111;
        let step = now / STEP_SECS;
        assert_eq!(secret().step_of(&secret().code(step), now, step), None);
        assert_eq!(secret().step_of(&secret().code(step - 1), now, step), None);
        assert_eq!(secret().step_of(&secret().code(step + 1), now, step), Some(step + 1));
    }

    #[test]
    fn what_is_no_code_is_never_right() {
        for typed in ["", "28708", "2870822", "28708२", "abcdef", "287 082"] {
            assert_eq!(secret().step_of(typed, 59, 0), None, "{typed:?}");
        }
    }

    #[test]
    fn the_address_is_what_authenticators_read() {
        assert_eq!(
            secret().address("VRS FRA", "a.meyer").as_str(),
            "otpauth://totp/VRS%20FRA:a.meyer?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=VRS%20FRA&algorithm=SHA1&digits=6&period=30"
        );
        assert_eq!(secret().base32().as_str(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(format!("{:?}", secret()), "Secret(…)");
    }
}
