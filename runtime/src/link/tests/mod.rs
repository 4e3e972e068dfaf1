//! Two ends of a link on one machine.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod bounds;
mod handshake;
mod lifetime;
mod messages;
mod weather;

use std::time::Duration;

use super::*;
use crate::clock::{Clock, Hands};
use crate::tls::fixture::{Authority, NOW};
use crate::tls::{ClientTls, Identity, IdentitySlot, KeyExchange, ServerTls, ServerTrust, TrustSlot};

const MEMBERS: &[u8] = b"test/1";
const JOINING: &[u8] = b"test-join/1";
const SERVER_NAME: &str = "server.test";

/// Small messages, and patience for a busy machine.
const SMALL: Limits = Limits { request_bytes_max: 100_000, reply_bytes_max: 100_000, ..Limits::CALLER };

/// Short times, for the tests that wait for them to pass.
const QUICK: Limits = Limits {
    silence: Duration::from_millis(200),
    frame: Duration::from_millis(600),
    answer: Duration::from_millis(400),
    ..SMALL
};

/// A server with its authority, and everything that can be exchanged under it.
struct World {
    authority: Authority,
    clock: Clock,
    hands: Hands,
    server_identity: IdentitySlot,
    server_trust: TrustSlot,
    /// Trust of all clients.
    client_trust: TrustSlot,
    server: LinkServer,
}

impl World {
    fn new() -> Self {
        Self::with(&[(MEMBERS, Callers::WithCertificate), (JOINING, Callers::Anybody)], KeyExchange::Hybrid)
    }

    fn with(protocols: &[(&[u8], Callers)], key_exchange: KeyExchange) -> Self {
        let authority = Authority::new("region");
        let (clock, hands) = Clock::manual(NOW);
        let server_identity = IdentitySlot::new(&authority.issue(SERVER_NAME, "spiffe://region/hub", 1)).unwrap();
        let server_trust = TrustSlot::new(&authority.trust(&[])).unwrap();
        let client_trust = TrustSlot::new(&authority.trust(&[])).unwrap();
        let (identity, trust) = (server_identity.clone(), server_trust.clone());
        let tls = ServerTls { identity, trust, key_exchange, clock: clock.clone() };
        let protocols = protocols.iter().map(|(name, callers)| Protocol { name: name.to_vec(), callers: *callers });
        let local = "127.0.0.1:0".parse().unwrap();
        let server = LinkServer::bind(local, protocols.collect(), &tls, LinkSettings::default()).unwrap();
        Self { authority, clock, hands, server_identity, server_trust, client_trust, server }
    }

    fn address(&self) -> String {
        self.server.local_address().unwrap().to_string()
    }

    fn member(&self, number: u64) -> Identity {
        self.authority.issue("node.test", &format!("spiffe://region/{number}"), 100 + number)
    }

    fn client_with(&self, identity: IdentitySlot) -> LinkClient {
        let trust = ServerTrust::Authority(self.client_trust.clone());
        let (clock, key_exchange) = (self.clock.clone(), KeyExchange::Hybrid);
        LinkClient::new(ClientTls { identity, trust, key_exchange, clock }, LinkSettings::default())
    }

    fn client(&self, number: u64) -> LinkClient {
        self.client_with(IdentitySlot::new(&self.member(number)).unwrap())
    }

    /// Both ends of a connection of a member that is known.
    async fn pair(&mut self, client: &LinkClient) -> (Connection, Connection) {
        let (near, far) = self.pair_on(client, MEMBERS).await;
        far.widen();
        (near, far)
    }

    async fn pair_on(&mut self, client: &LinkClient, alpn: &[u8]) -> (Connection, Connection) {
        let address = self.address();
        let (near, far) = tokio::join!(client.connect(&address, SERVER_NAME, alpn), self.server.accept());
        (near.unwrap(), far.unwrap())
    }

    /// Calls and waits for the refusal, wherever it shows: in the call or right after it.
    async fn refusal(&mut self, client: &LinkClient, alpn: &[u8]) -> LinkError {
        let address = self.address();
        let call = async {
            match client.connect(&address, SERVER_NAME, alpn).await {
                Err(error) => error,
                Ok(connection) => {
                    let error = connection.request(b"hello", &SMALL).await.unwrap_err();
                    assert_eq!(connection.closed().await, error);
                    error
                }
            }
        };
        tokio::select! {
            error = call => error,
            accepted = self.server.accept() => panic!("accepted {accepted:?}"),
        }
    }
}

/// Answers every request with the same bytes reversed.
fn answer_reversed(connection: Connection) {
    tokio::spawn(async move {
        while let Some(request) = connection.accept_request().await {
            tokio::spawn(async move {
                let Ok(Incoming { mut bytes, responder }) = request.receive(&Limits::CALLER).await else { return };
                bytes.reverse();
                let _ = responder.reply(&bytes).await;
            });
        }
    });
}

/// Fails the test instead of hanging it.
async fn soon<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), work).await.expect("this should have happened by now")
}
