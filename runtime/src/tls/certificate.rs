//! Reading a certificate: its names, number and time.

use sha2::{Digest, Sha256};
use x509_parser::extensions::GeneralName;
use x509_parser::prelude::{FromDer, X509Certificate};

/// The bytes are not a certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("these bytes are not an X.509 certificate")]
pub struct CertificateError;

/// What a certificate says. Reading it checks no signature; the link has done that before it hands one out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateFacts {
    /// The URIs among its alternative names, in order.
    pub uri_names: Vec<String>,
    /// The DNS names among its alternative names, in order.
    pub dns_names: Vec<String>,
    /// Its serial number in lower-case hexadecimal, without leading zeros as DER writes it.
    pub serial: String,
    /// Valid from, in seconds since 1970.
    pub not_before: u64,
    /// Valid until, in seconds since 1970.
    pub not_after: u64,
}

impl CertificateFacts {
    /// Reads a certificate in DER.
    ///
    /// # Errors
    /// When the bytes are no certificate, or more than one.
    pub fn read(der: &[u8]) -> Result<Self, CertificateError> {
        let (rest, certificate) = X509Certificate::from_der(der).map_err(|_| CertificateError)?;
        if !rest.is_empty() {
            return Err(CertificateError);
        }
        let names = certificate.subject_alternative_name().map_err(|_| CertificateError)?;
        let (mut uri_names, mut dns_names) = (Vec::new(), Vec::new());
        for name in names.iter().flat_map(|names| &names.value.general_names) {
            match name {
                GeneralName::URI(uri) => uri_names.push((*uri).to_owned()),
                GeneralName::DNSName(dns) => dns_names.push((*dns).to_owned()),
                _ => {}
            }
        }
        let seconds = |timestamp: i64| u64::try_from(timestamp).unwrap_or(0);
        Ok(Self {
            uri_names,
            dns_names,
            serial: data_encoding::HEXLOWER.encode(certificate.raw_serial()),
            not_before: seconds(certificate.validity().not_before.timestamp()),
            not_after: seconds(certificate.validity().not_after.timestamp()),
        })
    }
}

/// SHA-256 of a certificate in DER: what people compare by telephone.
#[must_use]
pub fn fingerprint(der: &[u8]) -> [u8; 32] {
    Sha256::digest(der).into()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Authority, NOW, WEEK};
    use super::*;

    #[test]
    fn names_number_and_time_are_read() {
        let leaf = Authority::new("root").issue("node-1.test", "spiffe://region/one/node/1", 7);
        let facts = CertificateFacts::read(&leaf.chain[0]).expect("a certificate");
        assert_eq!(facts.uri_names, ["spiffe://region/one/node/1"]);
        assert_eq!(facts.dns_names, ["node-1.test"]);
        assert_eq!(facts.serial, "07");
        assert_eq!((facts.not_before, facts.not_after), (NOW - 60, NOW + WEEK));
    }

    #[test]
    fn other_bytes_are_no_certificate() {
        assert_eq!(CertificateFacts::read(b""), Err(CertificateError));
        assert_eq!(CertificateFacts::read(b"0000"), Err(CertificateError));
        let mut two = Authority::new("root").der;
        two.push(0);
        assert_eq!(CertificateFacts::read(&two), Err(CertificateError));
    }
}
