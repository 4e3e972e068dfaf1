//! Whom we believe: roots and revocation lists, exchangeable while endpoints run.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use rustls::RootCertStore;
use rustls::client::WebPkiServerVerifier;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, UnixTime};
use rustls::server::WebPkiClientVerifier;
use rustls::server::danger::ClientCertVerifier;

use super::TlsError;
use super::config::{KeyExchange, provider};

/// Roots and revocation. To exchange a root, trust both for a while: first add the new one everywhere, then let it
/// issue, then drop the old one.
#[derive(Debug, Clone)]
pub struct Trust {
    /// Certificates of our own authorities, in DER. There is no other authority.
    pub roots: Vec<Vec<u8>>,
    /// How withdrawn certificates are recognised.
    pub revocation: Revocation,
}

/// How withdrawn certificates are recognised.
#[derive(Debug, Clone)]
pub enum Revocation {
    /// By these lists. A certificate whose issuer has no list here is refused: unknown is not the same as good.
    Lists {
        /// Lists in DER, one for each issuer in a chain.
        lists: Vec<Vec<u8>>,
        /// Whether a list past its "next update" makes every certificate of its issuer fail. Safer, and a duty to
        /// publish in time.
        refuse_outdated: bool,
    },
    /// Not at all, said aloud. For certificates that live so short that waiting is as good.
    Unchecked,
}

/// Holds the trust that handshakes are checked against. Cheap to clone; clones hold the same one.
#[derive(Clone, Debug)]
pub struct TrustSlot(Arc<ArcSwap<Verifiers>>);

/// The two verifiers made of one trust.
#[derive(Debug)]
pub(super) struct Verifiers {
    pub(super) of_clients: Arc<dyn ClientCertVerifier>,
    pub(super) of_servers: Arc<WebPkiServerVerifier>,
}

impl TrustSlot {
    /// A slot with this trust.
    ///
    /// # Errors
    /// When there is no root, or a root or list cannot be read.
    pub fn new(trust: &Trust) -> Result<Self, TlsError> {
        Ok(Self(Arc::new(ArcSwap::from_pointee(Verifiers::new(trust)?))))
    }

    /// Checks new handshakes against another trust from now on. Open connections stay; whoever keeps them has to
    /// look at them again, see [`crate::link::ConnectionRegistry::recheck`].
    ///
    /// # Errors
    /// When there is no root, or a root or list cannot be read; the old trust stays.
    pub fn exchange(&self, trust: &Trust) -> Result<(), TlsError> {
        self.0.store(Arc::new(Verifiers::new(trust)?));
        Ok(())
    }

    /// Checks the certificates of a client again, its own first.
    ///
    /// # Errors
    /// [`TlsError::Peer`] when they would be refused in a handshake now.
    pub fn check_client(&self, chain: &[Vec<u8>], now: u64) -> Result<(), TlsError> {
        let chain: Vec<_> = chain.iter().map(|der| CertificateDer::from(der.as_slice())).collect();
        let Some((own, others)) = chain.split_first() else {
            return Err(TlsError::Peer("there is none".to_owned()));
        };
        let now = UnixTime::since_unix_epoch(Duration::from_secs(now));
        let checked = self.0.load().of_clients.verify_client_cert(own, others, now);
        checked.map(drop).map_err(|error| TlsError::Peer(error.to_string()))
    }

    pub(super) fn now(&self) -> Arc<Verifiers> {
        self.0.load_full()
    }
}

impl Verifiers {
    fn new(trust: &Trust) -> Result<Self, TlsError> {
        let mut roots = RootCertStore::empty();
        for der in &trust.roots {
            let added = roots.add(CertificateDer::from(der.as_slice()));
            added.map_err(|error| TlsError::Root(error.to_string()))?;
        }
        if roots.is_empty() {
            return Err(TlsError::Root("there is none".to_owned()));
        }
        let (lists, refuse_outdated) = match &trust.revocation {
            Revocation::Unchecked => (Vec::new(), false),
            // The verifiers check nothing when they have no list, which is not what was asked for.
            Revocation::Lists { lists, .. } if lists.is_empty() => {
                return Err(TlsError::Revocation("revocation is to be checked and there is no list".to_owned()));
            }
            Revocation::Lists { lists, refuse_outdated } => {
                (lists.iter().map(|der| CertificateRevocationListDer::from(der.clone())).collect(), *refuse_outdated)
            }
        };
        let refuse = |error: rustls::server::VerifierBuilderError| TlsError::Revocation(error.to_string());
        let (roots, provider) = (Arc::new(roots), Arc::new(provider(KeyExchange::Hybrid)));
        let mut clients = WebPkiClientVerifier::builder_with_provider(roots.clone(), provider.clone())
            .with_crls(lists.clone())
            // Subjects of our roots are nobody's business before the handshake is done.
            .clear_root_hint_subjects();
        let mut servers = WebPkiServerVerifier::builder_with_provider(roots, provider).with_crls(lists);
        if refuse_outdated {
            clients = clients.enforce_revocation_expiration();
            servers = servers.enforce_revocation_expiration();
        }
        Ok(Self { of_clients: clients.build().map_err(refuse)?, of_servers: servers.build().map_err(refuse)? })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::fixture::{Authority, NOW, WEEK};
    use super::*;

    #[test]
    fn a_client_is_checked_again_against_the_trust_of_now() {
        let (ours, theirs) = (Authority::new("ours"), Authority::new("theirs"));
        let (leaf, other) = (ours.issue("a.test", "spiffe://r/a", 7), theirs.issue("a.test", "spiffe://r/a", 7));
        let slot = TrustSlot::new(&ours.trust(&[])).unwrap();
        slot.check_client(&leaf.chain, NOW).unwrap();
        for (chain, now, word) in [
            (&leaf.chain, NOW + WEEK + 1, "expired"),
            (&leaf.chain, NOW - 61, "not valid yet"),
            (&other.chain, NOW, "UnknownIssuer"),
            (&vec![], NOW, "there is none"),
        ] {
            let refused = slot.check_client(chain, now).unwrap_err().to_string();
            assert!(refused.contains(word), "{word}: {refused}");
        }
        slot.exchange(&ours.trust(&[7])).unwrap();
        assert!(slot.check_client(&leaf.chain, NOW).unwrap_err().to_string().contains("Revoked"));
    }

    #[test]
    fn a_trust_that_cannot_be_used_leaves_the_old_one() {
        let ours = Authority::new("ours");
        let leaf = ours.issue("a.test", "spiffe://r/a", 7);
        let slot = TrustSlot::new(&ours.trust(&[])).unwrap();
        let lists = |lists| Revocation::Lists { lists, refuse_outdated: true };
        let roots = vec![ours.der.clone()];
        for broken in [
            Trust { roots: vec![], revocation: Revocation::Unchecked },
            Trust { roots: vec![b"no certificate".to_vec()], revocation: Revocation::Unchecked },
            Trust { roots: roots.clone(), revocation: lists(vec![]) },
            Trust { roots, revocation: lists(vec![b"no list".to_vec()]) },
        ] {
            assert!(slot.exchange(&broken).is_err(), "{broken:?}");
        }
        slot.check_client(&leaf.chain, NOW).unwrap();
    }

    #[test]
    fn a_certificate_of_unknown_status_and_an_outdated_list_are_refused() {
        let (first, second) = (Authority::new("first"), Authority::new("second"));
        let leaf = second.issue("a.test", "spiffe://r/a", 7);
        // Both roots are believed, but only the first has a list.
        let mut trust = first.trust(&[]);
        trust.roots.push(second.der.clone());
        let refused = TrustSlot::new(&trust).unwrap().check_client(&leaf.chain, NOW).unwrap_err();
        assert!(refused.to_string().contains("UnknownRevocationStatus"), "{refused}");

        let outdated = |refuse_outdated| Trust {
            roots: vec![second.der.clone()],
            revocation: Revocation::Lists { lists: vec![second.list(&[], NOW - 10)], refuse_outdated },
        };
        TrustSlot::new(&outdated(false)).unwrap().check_client(&leaf.chain, NOW).unwrap();
        let refused = TrustSlot::new(&outdated(true)).unwrap().check_client(&leaf.chain, NOW).unwrap_err();
        assert!(refused.to_string().to_lowercase().contains("expired"), "{refused}");
    }
}
