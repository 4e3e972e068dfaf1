//! TLS settings, built by hand so that nothing is switched on by default.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::UnixTime;
use rustls::server::NoServerSessionStorage;
use rustls::time_provider::TimeProvider;
use rustls::version::TLS13;
use rustls::{ClientConfig, ServerConfig};

use super::verify::{ClientCheck, PinnedRoot, ServerCheck};
use super::{IdentitySlot, TlsError, TrustSlot};
use crate::clock::Clock;

/// How the keys of a connection are agreed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum KeyExchange {
    /// X25519 together with ML-KEM-768, and nothing else: what is recorded today stays closed to a quantum computer
    /// of tomorrow. Which group was agreed cannot be read from a connection, so it is forced.
    #[default]
    Hybrid,
    /// X25519 alone is accepted too, for a network that drops the larger first message.
    AllowClassical,
}

/// How a server speaks.
#[derive(Debug, Clone)]
pub struct ServerTls {
    /// What it shows.
    pub identity: IdentitySlot,
    /// Whose certificates it accepts.
    pub trust: TrustSlot,
    /// How keys are agreed.
    pub key_exchange: KeyExchange,
    /// When certificates are judged.
    pub clock: Clock,
}

/// How a client speaks.
#[derive(Debug, Clone)]
pub struct ClientTls {
    /// What it shows, if it is asked; an empty slot shows nothing.
    pub identity: IdentitySlot,
    /// Which servers it accepts.
    pub trust: ServerTrust,
    /// How keys are agreed.
    pub key_exchange: KeyExchange,
    /// When certificates are judged.
    pub clock: Clock,
}

/// Which servers a client accepts.
#[derive(Debug, Clone)]
pub enum ServerTrust {
    /// Those with a certificate of our authority.
    Authority(TrustSlot),
    /// Those that show a root of this fingerprint (SHA-256 of its DER) and a certificate that leads to it, for somebody
    /// who joins and has only an invitation.
    RootFingerprint([u8; 32]),
}

/// The one provider, with nothing in it that we do not use.
pub(super) fn provider(key_exchange: KeyExchange) -> CryptoProvider {
    let mut kx_groups = vec![aws_lc_rs::kx_group::X25519MLKEM768];
    if key_exchange == KeyExchange::AllowClassical {
        kx_groups.push(aws_lc_rs::kx_group::X25519);
    }
    CryptoProvider {
        kx_groups,
        // AES-128 must be there, because QUIC protects its first packets with it.
        cipher_suites: vec![
            aws_lc_rs::cipher_suite::TLS13_AES_256_GCM_SHA384,
            aws_lc_rs::cipher_suite::TLS13_CHACHA20_POLY1305_SHA256,
            aws_lc_rs::cipher_suite::TLS13_AES_128_GCM_SHA256,
        ],
        ..aws_lc_rs::default_provider()
    }
}

impl ServerTls {
    /// The settings for an endpoint with these protocol names.
    pub(crate) fn config(&self, alpn: Vec<Vec<u8>>, certificate_mandatory: bool) -> Result<ServerConfig, TlsError> {
        let setup = |error: rustls::Error| TlsError::Setup(error.to_string());
        let provider = Arc::new(provider(self.key_exchange));
        let check = ClientCheck { trust: self.trust.clone(), mandatory: certificate_mandatory };
        let mut config = ServerConfig::builder_with_details(provider, Arc::new(Time(self.clock.clone())))
            .with_protocol_versions(&[&TLS13])
            .map_err(setup)?
            .with_client_cert_verifier(Arc::new(check))
            .with_cert_resolver(Arc::new(self.identity.clone()));
        // A resumed session copies the client's certificate from the first one and does not check it again: a
        // revoked client could come back. So there is nothing to resume.
        config.session_storage = Arc::new(NoServerSessionStorage {});
        config.send_tls13_tickets = 0;
        config.max_early_data_size = 0;
        config.alpn_protocols = alpn;
        Ok(config)
    }
}

impl ClientTls {
    /// The settings for a connection with this protocol name.
    pub(crate) fn config(&self, alpn: &[u8]) -> Result<ClientConfig, TlsError> {
        let setup = |error: rustls::Error| TlsError::Setup(error.to_string());
        let provider = Arc::new(provider(self.key_exchange));
        let builder = ClientConfig::builder_with_details(provider.clone(), Arc::new(Time(self.clock.clone())))
            .with_protocol_versions(&[&TLS13])
            .map_err(setup)?
            .dangerous();
        let builder = match &self.trust {
            ServerTrust::Authority(trust) => {
                builder.with_custom_certificate_verifier(Arc::new(ServerCheck(trust.clone())))
            }
            ServerTrust::RootFingerprint(root_sha256) => {
                builder.with_custom_certificate_verifier(Arc::new(PinnedRoot { root_sha256: *root_sha256, provider }))
            }
        };
        let mut config = builder.with_client_cert_resolver(Arc::new(self.identity.clone()));
        config.resumption = Resumption::disabled();
        config.enable_early_data = false;
        config.alpn_protocols = vec![alpn.to_vec()];
        Ok(config)
    }
}

/// Our clock, for the library.
#[derive(Debug)]
struct Time(Clock);

impl TimeProvider for Time {
    fn current_time(&self) -> Option<UnixTime> {
        Some(UnixTime::since_unix_epoch(Duration::from_secs(self.0.now())))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::fixture::{Authority, NOW};
    use super::*;
    use rustls::NamedGroup;

    #[test]
    fn one_provider_with_the_hybrid_group_only_and_tls_1_3_suites_only() {
        let groups =
            |key_exchange| provider(key_exchange).kx_groups.iter().map(|group| group.name()).collect::<Vec<_>>();
        assert_eq!(groups(KeyExchange::Hybrid), [NamedGroup::X25519MLKEM768]);
        assert_eq!(groups(KeyExchange::AllowClassical), [NamedGroup::X25519MLKEM768, NamedGroup::X25519]);
        assert!(provider(KeyExchange::Hybrid).cipher_suites.iter().all(|suite| suite.tls13().is_some()));
    }

    #[test]
    fn nothing_is_resumed_and_nothing_is_sent_early() {
        let ours = Authority::new("ours");
        let identity = IdentitySlot::new(&ours.issue("a.test", "spiffe://r/a", 1)).unwrap();
        let trust = TrustSlot::new(&ours.trust(&[])).unwrap();
        let (clock, key_exchange) = (Clock::manual(NOW).0, KeyExchange::Hybrid);
        let server = ServerTls { identity: identity.clone(), trust: trust.clone(), key_exchange, clock: clock.clone() };
        let config = server.config(vec![b"t".to_vec()], true).unwrap();
        assert_eq!((config.send_tls13_tickets, config.max_early_data_size), (0, 0));
        assert!(!config.session_storage.can_cache());
        let client = ClientTls { identity, trust: ServerTrust::Authority(trust), key_exchange, clock };
        assert!(!client.config(b"t").unwrap().enable_early_data);
    }
}
