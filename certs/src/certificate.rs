//! Reading certificates: who holds one, from when to when, and what it may be used for.
//!
//! Whether a certificate is to be *believed* is the verifier's business (rustls on the link). Here it is only read,
//! and bytes from anybody may be given.

use vrs_protocol::hash::Hash;
use vrs_protocol::id::{ParticipantCode, node_uri};
use vrs_protocol::time::Timestamp;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate, X509Name};
use x509_parser::time::ASN1Time;
use x509_parser::x509::SubjectPublicKeyInfo;

use crate::names::Serial;

/// Largest certificate that is read; ours have less than 1 KiB.
pub const CERTIFICATE_BYTES_MAX: usize = 16 << 10;

/// Why bytes are not a certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    /// Larger than [`CERTIFICATE_BYTES_MAX`].
    #[error("{0} bytes are more than a certificate may have")]
    TooLarge(usize),
    /// Not X.509.
    #[error("this is not an X.509 certificate, or it is damaged")]
    Malformed,
    /// A certificate, and then more.
    #[error("{0} bytes follow the certificate")]
    TrailingBytes(usize),
}

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct CertificateFacts {
    /// Whom it names.
    pub subject: String,
    /// Organisation in the subject: the region, in ours.
    pub organisation: Option<String>,
    /// Who made it.
    pub issuer: String,
    /// Its number.
    pub serial: Serial,
    /// First second.
    pub not_before: Timestamp,
    /// Last second.
    pub not_after: Timestamp,
    /// URIs it stands for.
    pub uris: Vec<String>,
    /// Host names it stands for.
    pub host_names: Vec<String>,
    /// Whether it may issue others.
    pub authority: bool,
    /// Whether it may call (TLS client).
    pub client: bool,
    /// Whether it may answer (TLS server).
    pub server: bool,
    /// Kind of its key.
    pub key: String,
    /// SHA-256 of the certificate.
    pub fingerprint: Hash,
}

impl CertificateFacts {
    /// Reads one certificate.
    ///
    /// # Errors
    /// [`CertificateError`]; the bytes may come from anybody.
    pub fn read(der: &[u8]) -> Result<Self, CertificateError> {
        let certificate = parse(der)?;
        let usage = certificate.extended_key_usage().ok().flatten().map(|extension| extension.value);
        let (mut uris, mut host_names) = (Vec::new(), Vec::new());
        let names = certificate.subject_alternative_name().ok().flatten();
        for name in names.iter().flat_map(|extension| &extension.value.general_names) {
            match name {
                GeneralName::URI(uri) => uris.push(printable(uri)),
                GeneralName::DNSName(name) => host_names.push(printable(name)),
                _ => {}
            }
        }
        Ok(Self {
            subject: printable(&certificate.subject().to_string()),
            organisation: organisation(certificate.subject()),
            issuer: printable(&certificate.issuer().to_string()),
            serial: Serial::from_bytes(certificate.raw_serial()),
            not_before: instant(certificate.validity().not_before),
            not_after: instant(certificate.validity().not_after),
            uris,
            host_names,
            authority: certificate.is_ca(),
            client: usage.is_some_and(|usage| usage.client_auth),
            server: usage.is_some_and(|usage| usage.server_auth),
            key: key_kind(certificate.public_key()),
            fingerprint: Hash::of(der),
        })
    }

    /// When it is half over: then its holder asks for the next one.
    pub fn half_life(&self) -> Timestamp {
        self.not_before.plus_secs(self.not_after.secs_since(self.not_before) / 2)
    }
}

/// When a certificate is half over: the time to renew it.
///
/// # Errors
/// When the bytes are no certificate.
pub fn half_life(der: &[u8]) -> Result<Timestamp, CertificateError> {
    Ok(CertificateFacts::read(der)?.half_life())
}

/// The number of a certificate.
///
/// # Errors
/// When the bytes are no certificate.
pub fn serial_of(der: &[u8]) -> Result<Serial, CertificateError> {
    Ok(Serial::from_bytes(parse(der)?.raw_serial()))
}

/// The one URI a node's certificate stands for; `None` where there is none or more than one.
///
/// # Errors
/// When the bytes are no certificate.
pub fn node_uri_of(der: &[u8]) -> Result<Option<String>, CertificateError> {
    let mut uris = CertificateFacts::read(der)?.uris;
    Ok(if uris.len() == 1 { uris.pop() } else { None })
}

/// The participant for whose node a certificate of this region stands; `None` for any other.
///
/// # Errors
/// When the bytes are no certificate.
pub fn participant_of(der: &[u8], region: &str) -> Result<Option<ParticipantCode>, CertificateError> {
    let uri = node_uri_of(der)?.unwrap_or_default();
    let code = uri.split('/').nth(4).and_then(|text| ParticipantCode::parse(text).ok());
    // The URI is written again and compared whole, so that nothing hides beside the code.
    Ok(code.filter(|code| node_uri(region, code) == uri))
}

pub(crate) fn parse(der: &[u8]) -> Result<X509Certificate<'_>, CertificateError> {
    if der.len() > CERTIFICATE_BYTES_MAX {
        return Err(CertificateError::TooLarge(der.len()));
    }
    let (rest, certificate) = X509Certificate::from_der(der).map_err(|_| CertificateError::Malformed)?;
    if rest.is_empty() { Ok(certificate) } else { Err(CertificateError::TrailingBytes(rest.len())) }
}

fn organisation(name: &X509Name<'_>) -> Option<String> {
    name.iter_organization().next().and_then(|attribute| attribute.as_str().ok()).map(printable)
}

/// The common name in a subject, if it has exactly one.
pub(crate) fn common_name(name: &X509Name<'_>) -> Option<String> {
    let mut names = name.iter_common_name();
    let first = names.next()?.as_str().ok()?;
    names.next().is_none().then(|| printable(first))
}

/// What kind of key it is, in a word.
pub(crate) fn key_kind(key: &SubjectPublicKeyInfo<'_>) -> String {
    let curve = key.algorithm.parameters.as_ref().and_then(|any| any.as_oid().ok()).map(|oid| oid.to_id_string());
    match (key.algorithm.algorithm.to_id_string().as_str(), curve.as_deref()) {
        ("1.2.840.10045.2.1", Some("1.2.840.10045.3.1.7")) => "ECDSA P-256".into(),
        ("1.2.840.10045.2.1", Some("1.3.132.0.34")) => "ECDSA P-384".into(),
        ("1.3.101.112", _) => "Ed25519".into(),
        ("1.2.840.113549.1.1.1", _) => "RSA".into(),
        (other, _) => format!("algorithm {other}"),
    }
}

pub(crate) fn instant(time: ASN1Time) -> Timestamp {
    Timestamp(u64::try_from(time.timestamp()).unwrap_or(0).min(Timestamp::MAX.0))
}

/// A text from outside as it may be shown on a terminal: without control characters, and not endless.
pub(crate) fn printable(text: &str) -> String {
    text.chars().take(200).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn bytes_that_are_no_certificate_are_refused() {
        assert_eq!(CertificateFacts::read(&[]), Err(CertificateError::Malformed));
        assert_eq!(CertificateFacts::read(&[0x30, 0x82]), Err(CertificateError::Malformed));
        assert!(matches!(half_life(&vec![0; CERTIFICATE_BYTES_MAX + 1]), Err(CertificateError::TooLarge(_))));
    }

    #[test]
    fn what_a_stranger_writes_does_not_move_the_cursor() {
        assert_eq!(printable("a\u{1b}[2Jb"), "a\u{fffd}[2Jb");
        assert_eq!(printable(&"x".repeat(1_000)).len(), 200);
    }
}
