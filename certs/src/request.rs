//! Certificate requests (PKCS#10): checked before anything else is done with them, as they come from outside.
//!
//! A request is taken for one thing only, the public key whose private half has signed it. What subject, names or
//! uses it asks for is not read, so that nobody gets a certificate by asking cleverly. The library that makes our
//! certificates can read requests too, but refuses unknown extensions, guesses the curve from the signature, and
//! panics on an empty name; so the few lines stand here.

use rcgen::SubjectPublicKeyInfo;
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::prelude::FromDer;

use crate::certificate::{common_name, key_kind};
use crate::keys::TlsKey;

/// Largest request; ours have about 250 bytes.
pub const REQUEST_BYTES_MAX: usize = 4 << 10;

/// Why a certificate request is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Larger than [`REQUEST_BYTES_MAX`].
    #[error("the certificate request has {0} bytes, more than the {REQUEST_BYTES_MAX} that any may have")]
    TooLarge(usize),
    /// Not PKCS#10.
    #[error("this is not a certificate request (PKCS#10), or it is damaged; ask for it again")]
    Malformed,
    /// A request, and then more.
    #[error("{0} bytes follow the certificate request; ask for it again")]
    TrailingBytes(usize),
    /// A kind of key that the link does not use.
    #[error("a key of kind {0} is not used on the link; make an ECDSA P-256 key")]
    KeyUnsupported(String),
    /// The signature is not by the key in it.
    #[error(
        "the certificate request is not signed by its own key: it was changed on the way, or made by somebody who does not have the key"
    )]
    SignatureWrong,
}

/// A request whose signature is by the key in it.
#[derive(Debug)]
pub struct CheckedRequest {
    pub(crate) key: SubjectPublicKeyInfo,
    /// The name in its subject, if there is one: a claim, believed by nobody.
    pub common_name: Option<String>,
    /// Kind of its key, such as `ECDSA P-256`.
    pub key_kind: String,
}

impl CheckedRequest {
    /// Whether it was made with this key.
    pub fn is_of(&self, key: &TlsKey) -> bool {
        rcgen::PublicKeyData::subject_public_key_info(&self.key) == key.public()
    }
}

/// Reads a request and checks its signature.
///
/// # Errors
/// [`RequestError`]; the bytes may come from anybody.
pub fn check(der: &[u8]) -> Result<CheckedRequest, RequestError> {
    if der.len() > REQUEST_BYTES_MAX {
        return Err(RequestError::TooLarge(der.len()));
    }
    let (rest, request) = X509CertificationRequest::from_der(der).map_err(|_| RequestError::Malformed)?;
    if !rest.is_empty() {
        return Err(RequestError::TrailingBytes(rest.len()));
    }
    let asked = &request.certification_request_info;
    let key_kind = key_kind(&asked.subject_pki);
    let unsupported = || RequestError::KeyUnsupported(key_kind.clone());
    let key = SubjectPublicKeyInfo::from_der(asked.subject_pki.raw).map_err(|_| unsupported())?;
    let used = [&rcgen::PKCS_ECDSA_P256_SHA256, &rcgen::PKCS_ECDSA_P384_SHA384, &rcgen::PKCS_ED25519];
    if !used.contains(&rcgen::PublicKeyData::algorithm(&key)) {
        return Err(unsupported());
    }
    request.verify_signature().map_err(|_| RequestError::SignatureWrong)?;
    Ok(CheckedRequest { key, common_name: common_name(&asked.subject), key_kind })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use rcgen::{CertificateParams, CustomExtension, KeyPair};

    #[test]
    fn a_request_by_its_own_key_is_accepted_and_no_changed_byte_makes_it_say_something_else() {
        let der = TlsKey::generate().unwrap().request("AUS").unwrap();
        let checked = check(&der).unwrap();
        assert_eq!(checked.common_name.as_deref(), Some("AUS"));
        assert_eq!(checked.key_kind, "ECDSA P-256");
        let mut slack = 0;
        for at in 0..der.len() {
            let mut changed = der.clone();
            changed[at] ^= 1;
            // The frame around the signature is not signed, and two of its bits have slack. What counts is that nothing
            // else can be read from the request; the bytes themselves are under the bundle's proof.
            if let Ok(other) = check(&changed) {
                assert_eq!(
                    (other.key, other.common_name),
                    (checked.key.clone(), checked.common_name.clone()),
                    "byte {at}"
                );
                slack += 1;
            }
        }
        assert!(slack <= 2, "{slack} bytes may change");
    }

    #[test]
    fn requests_that_are_cut_padded_or_huge_are_refused() {
        let der = TlsKey::generate().unwrap().request("AUS").unwrap();
        for length in 0..der.len() {
            assert_eq!(check(&der[..length]).unwrap_err(), RequestError::Malformed, "{length} bytes");
        }
        assert_eq!(check(&[der.as_slice(), &[0, 0]].concat()).unwrap_err(), RequestError::TrailingBytes(2));
        assert!(matches!(check(&vec![0x30; REQUEST_BYTES_MAX + 1]), Err(RequestError::TooLarge(_))));
    }

    #[test]
    fn keys_of_the_kinds_the_link_uses_are_taken_and_others_are_not() {
        let request = |algorithm| {
            let key = KeyPair::generate_for(algorithm).unwrap();
            CertificateParams::default().serialize_request(&key).unwrap().der().to_vec()
        };
        for (algorithm, kind) in [(&rcgen::PKCS_ED25519, "Ed25519"), (&rcgen::PKCS_ECDSA_P384_SHA384, "ECDSA P-384")] {
            assert_eq!(check(&request(algorithm)).unwrap().key_kind, kind);
        }
        let refused = check(&request(&rcgen::PKCS_RSA_SHA256)).unwrap_err();
        assert_eq!(refused, RequestError::KeyUnsupported("RSA".into()));
    }

    #[test]
    fn what_a_request_asks_for_does_not_stop_it() {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.custom_extensions.push(CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99999], vec![5, 0]));
        assert!(check(params.serialize_request(&key).unwrap().der()).is_ok());
    }
}
