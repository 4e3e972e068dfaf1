//! Our own certificate and key, exchangeable while endpoints run.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use rustls::SignatureScheme;
use rustls::client::ResolvesClientCert;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use zeroize::Zeroizing;

use super::TlsError;

/// A certificate with its key.
pub struct Identity {
    /// Certificates in DER, our own first, then those that lead to the root. The root may stand last, so that a side
    /// that knows only its fingerprint can find it.
    pub chain: Vec<Vec<u8>>,
    /// The private key in PKCS#8 DER.
    pub key: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Identity").field("certificates", &self.chain.len()).finish_non_exhaustive()
    }
}

/// Holds the identity that new connections show. Cheap to clone; clones hold the same one. It may be empty, as it is
/// before a machine has been admitted.
#[derive(Clone, Debug, Default)]
pub struct IdentitySlot(Arc<ArcSwapOption<CertifiedKey>>);

impl IdentitySlot {
    /// An empty slot.
    #[must_use]
    pub fn empty() -> Self {
        Self::default()
    }

    /// A slot with an identity.
    ///
    /// # Errors
    /// [`TlsError::Identity`] when key and certificate do not fit.
    pub fn new(identity: &Identity) -> Result<Self, TlsError> {
        let slot = Self::empty();
        slot.exchange(identity)?;
        Ok(slot)
    }

    /// Shows another identity from now on. Connections that are open stay as they are.
    ///
    /// # Errors
    /// [`TlsError::Identity`] when key and certificate do not fit; the old identity stays.
    pub fn exchange(&self, identity: &Identity) -> Result<(), TlsError> {
        let refuse = |error: rustls::Error| TlsError::Identity(error.to_string());
        let chain = identity.chain.iter().map(|der| CertificateDer::from(der.clone())).collect();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(identity.key.to_vec()));
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let certified = CertifiedKey::from_der(chain, key, &provider).map_err(refuse)?;
        // `from_der` lets a key pass that it cannot compare; ours can be compared.
        certified.keys_match().map_err(refuse)?;
        self.0.store(Some(Arc::new(certified)));
        Ok(())
    }

    /// The certificate that is shown now, in DER.
    #[must_use]
    pub fn certificate(&self) -> Option<Vec<u8>> {
        self.0.load().as_ref()?.cert.first().map(|der| der.to_vec())
    }
}

impl ResolvesServerCert for IdentitySlot {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        self.0.load_full()
    }
}

impl ResolvesClientCert for IdentitySlot {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.0.load_full()
    }

    fn has_certs(&self) -> bool {
        self.0.load().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Authority;
    use super::*;

    #[test]
    fn a_key_that_is_not_the_certificates_is_refused_and_the_old_one_stays() {
        let authority = Authority::new("root");
        let (first, second) =
            (authority.issue("a.test", "spiffe://r/a", 1), authority.issue("b.test", "spiffe://r/b", 2));
        let slot = IdentitySlot::new(&first).expect("a fitting pair");
        let mixed = Identity { chain: second.chain.clone(), key: first.key.clone() };
        assert!(matches!(slot.exchange(&mixed), Err(TlsError::Identity(_))));
        assert_eq!(slot.certificate().as_ref(), first.chain.first());
        slot.exchange(&second).expect("a fitting pair");
        assert_eq!(slot.certificate().as_ref(), second.chain.first());
    }

    #[test]
    fn an_empty_chain_and_a_broken_key_are_refused() {
        let leaf = Authority::new("root").issue("a.test", "spiffe://r/a", 1);
        let no_chain = Identity { chain: vec![], key: leaf.key.clone() };
        let no_key = Identity { chain: leaf.chain.clone(), key: Zeroizing::new(vec![1, 2, 3]) };
        assert!(IdentitySlot::new(&no_chain).is_err());
        assert!(IdentitySlot::new(&no_key).is_err());
        assert!(IdentitySlot::empty().certificate().is_none());
        assert!(!format!("{leaf:?}").contains("key"));
    }
}
