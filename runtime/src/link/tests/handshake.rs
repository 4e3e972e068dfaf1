//! Who may connect, and who may not.

use std::sync::Arc;

use quinn::crypto::rustls::QuicClientConfig;
use rustls::crypto::aws_lc_rs;

use super::*;
use crate::tls::{CertificateFacts, fingerprint};

/// The TLS alerts that refusals arrive as.
const HANDSHAKE_FAILURE: u8 = 40;
const REVOKED: u8 = 44;
const EXPIRED: u8 = 45;
const UNKNOWN_AUTHORITY: u8 = 48;
const CERTIFICATE_REQUIRED: u8 = 116;
const NO_SUCH_PROTOCOL: u8 = 120;

#[tokio::test]
async fn both_sides_know_each_other_and_share_a_secret() {
    let mut world = World::new();
    let client = world.client(7);
    let (near, far) = world.pair(&client).await;
    assert_eq!((near.alpn(), far.alpn()), (MEMBERS, MEMBERS));
    let name = |connection: &Connection| {
        CertificateFacts::read(connection.peer_certificate().unwrap()).unwrap().uri_names.remove(0)
    };
    assert_eq!(name(&near), "spiffe://region/hub");
    assert_eq!(name(&far), "spiffe://region/7");
    assert_eq!(near.exporter(b"EXPORTER-test", b"x").unwrap(), far.exporter(b"EXPORTER-test", b"x").unwrap());
    assert_ne!(near.exporter(b"EXPORTER-test", b"x").unwrap(), far.exporter(b"EXPORTER-test", b"y").unwrap());

    let (second, _far) = world.pair(&client).await;
    let label = b"EXPORTER-test";
    assert_ne!(
        near.exporter(label, b"x").unwrap(),
        second.exporter(label, b"x").unwrap(),
        "a secret for each connection"
    );
}

#[tokio::test]
async fn a_caller_without_a_certificate_is_closed_where_one_is_needed() {
    let mut world = World::new();
    let stranger = world.client_with(IdentitySlot::empty());
    let error = soon(world.refusal(&stranger, MEMBERS)).await;
    assert!(matches!(error, LinkError::ClosedByPeer { code: codes::CERTIFICATE_NEEDED, .. }), "{error}");
}

#[tokio::test]
async fn it_is_refused_in_the_handshake_where_every_protocol_needs_one() {
    let mut world = World::with(&[(MEMBERS, Callers::WithCertificate)], KeyExchange::Hybrid);
    let stranger = world.client_with(IdentitySlot::empty());
    let error = soon(world.refusal(&stranger, MEMBERS)).await;
    assert_eq!(error, LinkError::Handshake { alert: CERTIFICATE_REQUIRED, by_peer: true });
}

#[tokio::test]
async fn a_certificate_of_another_authority_is_refused_by_either_side() {
    let mut world = World::new();
    let elsewhere = Authority::new("elsewhere");
    let foreign = IdentitySlot::new(&elsewhere.issue("node.test", "spiffe://region/7", 107)).unwrap();
    let error = soon(world.refusal(&world.client_with(foreign.clone()), MEMBERS)).await;
    assert_eq!(error, LinkError::Handshake { alert: UNKNOWN_AUTHORITY, by_peer: true });
    // Not even where no certificate is needed: a wrong one is worse than none.
    let error = soon(world.refusal(&world.client_with(foreign), JOINING)).await;
    assert_eq!(error, LinkError::Handshake { alert: UNKNOWN_AUTHORITY, by_peer: true });

    let client = world.client(7);
    world.client_trust.exchange(&elsewhere.trust(&[])).unwrap();
    let error = soon(world.refusal(&client, MEMBERS)).await;
    assert_eq!(error, LinkError::Handshake { alert: UNKNOWN_AUTHORITY, by_peer: false });
}

#[tokio::test]
async fn a_revoked_certificate_does_not_come_back() {
    let mut world = World::new();
    let client = world.client(7);
    let (near, far) = world.pair(&client).await;
    answer_reversed(far);
    assert_eq!(near.request(b"abc", &SMALL).await.unwrap(), b"cba");
    // The same client, which could resume its session if there were anything to resume.
    world.server_trust.exchange(&world.authority.trust(&[107])).unwrap();
    let error = soon(world.refusal(&client, MEMBERS)).await;
    assert_eq!(error, LinkError::Handshake { alert: REVOKED, by_peer: true });
    // Others are still welcome, and a server may be revoked just as well.
    let other = world.client(8);
    world.pair(&other).await;
    world.client_trust.exchange(&world.authority.trust(&[1])).unwrap();
    let error = soon(world.refusal(&other, MEMBERS)).await;
    assert_eq!(error, LinkError::Handshake { alert: REVOKED, by_peer: false });
}

#[tokio::test]
async fn an_expired_certificate_is_refused() {
    let mut world = World::new();
    let client = world.client(7);
    world.hands.advance(crate::tls::fixture::WEEK + 1);
    let error = soon(world.refusal(&client, MEMBERS)).await;
    assert_eq!(error, LinkError::Handshake { alert: EXPIRED, by_peer: false }, "the server's had expired too");
    // With clocks apart it is the server that refuses.
    let (clock, _hands) = Clock::manual(NOW);
    let (identity, trust) = (IdentitySlot::new(&world.member(8)).unwrap(), world.client_trust.clone());
    let trust = ServerTrust::Authority(trust);
    let tls = ClientTls { identity, trust, key_exchange: KeyExchange::Hybrid, clock };
    let error = soon(world.refusal(&LinkClient::new(tls, LinkSettings::default()), MEMBERS)).await;
    assert_eq!(error, LinkError::Handshake { alert: EXPIRED, by_peer: true });
}

#[tokio::test]
async fn an_outdated_revocation_list_is_no_list() {
    let mut world = World::new();
    let client = world.client(7);
    let outdated = |refuse_outdated| crate::tls::Trust {
        roots: vec![world.authority.der.clone()],
        revocation: crate::tls::Revocation::Lists { lists: vec![world.authority.list(&[], NOW - 1)], refuse_outdated },
    };
    let (lenient, strict) = (outdated(false), outdated(true));
    world.client_trust.exchange(&lenient).unwrap();
    world.server_trust.exchange(&lenient).unwrap();
    world.pair(&client).await;
    world.client_trust.exchange(&strict).unwrap();
    let error = soon(world.refusal(&client, MEMBERS)).await;
    assert!(matches!(error, LinkError::Handshake { by_peer: false, .. }), "{error}");
    world.client_trust.exchange(&lenient).unwrap();
    world.server_trust.exchange(&strict).unwrap();
    let error = soon(world.refusal(&client, MEMBERS)).await;
    assert!(matches!(error, LinkError::Handshake { by_peer: true, .. }), "{error}");
}

#[tokio::test]
async fn a_caller_that_can_only_agree_on_classical_keys_is_refused() {
    for (key_exchange, welcome) in [(KeyExchange::Hybrid, false), (KeyExchange::AllowClassical, true)] {
        let mut world = World::with(&[(MEMBERS, Callers::WithCertificate)], key_exchange);
        let connecting = classical(world.address(), world.authority.der.clone(), world.member(7));
        let accepted = tokio::select! {
            accepted = world.server.accept() => accepted.is_some(),
            error = connecting => {
                let error = LinkError::from(error.unwrap_err());
                assert_eq!(error, LinkError::Handshake { alert: HANDSHAKE_FAILURE, by_peer: true });
                false
            }
        };
        assert_eq!(accepted, welcome, "{key_exchange:?}");
    }
}

/// A call of somebody who knows X25519 only.
async fn classical(
    address: String,
    root: Vec<u8>,
    member: Identity,
) -> Result<quinn::Connection, quinn::ConnectionError> {
    let mut provider = aws_lc_rs::default_provider();
    provider.kx_groups = vec![aws_lc_rs::kx_group::X25519];
    let mut roots = rustls::RootCertStore::empty();
    roots.add(root.into()).unwrap();
    let mut config = rustls::ClientConfig::builder_with_provider(Arc::new(provider))
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_client_cert_resolver(Arc::new(IdentitySlot::new(&member).unwrap()));
    config.alpn_protocols = vec![MEMBERS.to_vec()];
    config.time_provider = Arc::new(FixedTime);
    let config = quinn::ClientConfig::new(Arc::new(QuicClientConfig::try_from(config).unwrap()));
    let endpoint = quinn::Endpoint::client("127.0.0.1:0".parse().unwrap()).unwrap();
    let done = endpoint.connect_with(config, address.parse().unwrap(), SERVER_NAME).unwrap().await;
    if done.is_ok() {
        std::future::pending::<()>().await; // the server's side of it decides
    }
    done
}

#[derive(Debug)]
struct FixedTime;

impl rustls::time_provider::TimeProvider for FixedTime {
    fn current_time(&self) -> Option<rustls::pki_types::UnixTime> {
        Some(rustls::pki_types::UnixTime::since_unix_epoch(Duration::from_secs(NOW)))
    }
}

#[tokio::test]
async fn an_unknown_protocol_is_refused() {
    let mut world = World::new();
    let client = world.client(7);
    let error = soon(world.refusal(&client, b"test/2")).await;
    assert_eq!(error, LinkError::Handshake { alert: NO_SUCH_PROTOCOL, by_peer: true });
}

#[tokio::test]
async fn a_server_must_have_the_name_that_was_called() {
    let world = World::new();
    let client = world.client(7);
    let (address, mut server) = (world.address(), world.server);
    let error = tokio::select! {
        called = client.connect(&address, "other.test", MEMBERS) => called.unwrap_err(),
        accepted = server.accept() => panic!("accepted {accepted:?}"),
    };
    assert!(matches!(error, LinkError::Handshake { by_peer: false, .. }), "{error}");
    let unknown = client.connect("no-such-host.invalid:1", SERVER_NAME, MEMBERS).await.unwrap_err();
    assert_eq!(unknown, LinkError::UnknownAddress("no-such-host.invalid:1".to_owned()));
}

#[tokio::test]
async fn somebody_who_joins_trusts_the_fingerprint_of_a_root() {
    let mut world = World::new();
    let newcomer = |root_sha256| {
        let (identity, trust) = (IdentitySlot::empty(), ServerTrust::RootFingerprint(root_sha256));
        let tls = ClientTls { identity, trust, key_exchange: KeyExchange::Hybrid, clock: world.clock.clone() };
        LinkClient::new(tls, LinkSettings::default())
    };
    let invited = newcomer(fingerprint(&world.authority.der));
    let misled = newcomer(fingerprint(&Authority::new("region").der));
    let (near, far) = world.pair_on(&invited, JOINING).await;
    assert!(far.peer_certificate().is_none());
    // The newcomer finds the root among what was shown and can keep it.
    assert_eq!(near.peer_chain()[1], world.authority.der);
    answer_reversed(far);
    assert_eq!(near.request(b"let me in", &Limits::STRANGER).await.unwrap(), b"ni em tel");
    let error = soon(world.refusal(&misled, JOINING)).await;
    assert_eq!(error, LinkError::Handshake { alert: UNKNOWN_AUTHORITY, by_peer: false });
}

#[tokio::test]
async fn certificates_are_exchanged_under_a_running_endpoint() {
    let mut world = World::new();
    let slot = IdentitySlot::new(&world.member(7)).unwrap();
    let client = world.client_with(slot.clone());
    let (first_near, first_far) = world.pair(&client).await;
    slot.exchange(&world.member(8)).unwrap();
    world.server_identity.exchange(&world.authority.issue(SERVER_NAME, "spiffe://region/hub", 2)).unwrap();
    let (near, far) = world.pair(&client).await;
    let serial =
        |connection: &Connection| CertificateFacts::read(connection.peer_certificate().unwrap()).unwrap().serial;
    assert_eq!((serial(&first_near), serial(&near)), ("01".to_owned(), "02".to_owned()));
    assert_eq!((serial(&first_far), serial(&far)), ("6b".to_owned(), "6c".to_owned()));
    // The old connection goes on.
    answer_reversed(first_far);
    assert_eq!(first_near.request(b"ab", &SMALL).await.unwrap(), b"ba");
}

#[tokio::test]
async fn a_root_is_exchanged_without_a_gap() {
    let mut world = World::new();
    let old_client = world.client(7);
    let new_root = Authority::new("region, second root");
    // First both are trusted everywhere, then the new one issues, then the old one is dropped.
    let both = || {
        let (mut old, new) = (world.authority.trust(&[]), new_root.trust(&[]));
        let lists = vec![world.authority.list(&[], NOW + 1000), new_root.list(&[], NOW + 1000)];
        old.roots.extend(new.roots);
        crate::tls::Trust { revocation: crate::tls::Revocation::Lists { lists, refuse_outdated: true }, ..old }
    };
    world.server_trust.exchange(&both()).unwrap();
    world.client_trust.exchange(&both()).unwrap();
    let new_identity = new_root.issue("node.test", "spiffe://region/7", 107);
    let new_client = world.client_with(IdentitySlot::new(&new_identity).unwrap());
    world.pair(&old_client).await;
    world.pair(&new_client).await;
    world.server_trust.exchange(&new_root.trust(&[])).unwrap();
    world.pair(&new_client).await;
    let error = soon(world.refusal(&old_client, MEMBERS)).await;
    assert_eq!(error, LinkError::Handshake { alert: UNKNOWN_AUTHORITY, by_peer: true });
}
