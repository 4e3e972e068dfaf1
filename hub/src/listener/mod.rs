//! Where nodes call: the only user of the QUIC link in the hub.
//!
//! The rules it keeps:
//! - A certificate opens the pipe, and nothing is answered on it before the caller has bound it to its logged key.
//! - Hostile bytes cost bounded memory and one log line; every refusal of a request is numbered and signed.
//! - Who is revoked or has another key is gone at once, whichever process made it so. Who is suspended is gone too; when it
//!   comes back it is answered only what it needs to erase, and every request is judged by how it stands at that moment.
//!
//! In reading order: `session` (a caller with a certificate), `hello` (the binding), `answers` (requests and replies),
//! `enrolment` (a caller without a certificate), `refusals`, `follower` (what other processes do).

mod answers;
mod enrolment;
mod follower;
mod hello;
mod refusals;
mod session;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use vrs_protocol::wire::{ALPN, ALPN_ENROL, MESSAGE_BYTES_MAX};
use vrs_runtime::link::{
    Callers, Connection, ConnectionRegistry, Exhausted, Limits, LinkServer, Protocol, Rate, Throttle,
};
use vrs_runtime::tls::{IdentitySlot, ServerTls, TrustSlot};

use crate::hub::Hub;
use crate::problem::HubError;

/// What one address may ask without a certificate. A node that waits to be admitted asks every few seconds.
const STRANGERS: Rate = Rate { burst: 30, per_minute: 60 };

/// Bounds of a bound caller's requests: a bundle of bodies either way.
static BOUND: Limits =
    Limits { request_bytes_max: MESSAGE_BYTES_MAX, reply_bytes_max: MESSAGE_BYTES_MAX, ..Limits::CALLER };

/// What all connections have in common.
struct Listener {
    hub: Hub,
    registry: ConnectionRegistry,
    identity: IdentitySlot,
    trust: TrustSlot,
    callers: Mutex<Throttle>,
    declarations: Mutex<Throttle>,
    strangers: Mutex<Throttle>,
}

impl Listener {
    fn take_token(&self, of: &Mutex<Throttle>, who: &str) -> Result<(), Exhausted> {
        // A bucket is whole between any two steps.
        of.lock().unwrap_or_else(PoisonError::into_inner).take(who, self.hub.clock().now())
    }
}

/// Opens the endpoint and works until the stop begins. Says where it listens.
pub(crate) async fn serve(hub: &Hub) -> Result<SocketAddr, HubError> {
    let (identity, trust, known) = follower::first(hub).await?;
    let tls = ServerTls {
        identity: identity.clone(),
        trust: trust.clone(),
        key_exchange: hub.settings().link.key_exchange(),
        clock: hub.clock().clone(),
    };
    let protocols = vec![
        Protocol { name: ALPN.into(), callers: Callers::WithCertificate },
        Protocol { name: ALPN_ENROL.into(), callers: Callers::Anybody },
    ];
    let server = LinkServer::bind(hub.settings().listen, protocols, &tls, hub.settings().link.settings())?;
    let address = server.local_address()?;
    let listener = Arc::new(Listener {
        hub: hub.clone(),
        registry: ConnectionRegistry::new(hub.clock().clone(), trust.clone()),
        identity,
        trust,
        callers: Mutex::new(Throttle::new(hub.settings().rate.into())),
        declarations: Mutex::new(Throttle::new(hub.settings().rate.declarations())),
        strangers: Mutex::new(Throttle::new(STRANGERS)),
    });
    hub.shutdown().spawn("follower", follower::run(listener.clone(), known));
    hub.shutdown().spawn("listener", accept(listener, server));
    tracing::info!(%address, "The hub listens for nodes");
    Ok(address)
}

async fn accept(listener: Arc<Listener>, mut server: LinkServer) {
    let shutdown = listener.hub.shutdown().clone();
    loop {
        let connection = tokio::select! {
            connection = server.accept() => connection,
            () = shutdown.wait() => break,
        };
        match connection {
            Some(connection) => drop(tokio::spawn(speak(listener.clone(), connection))),
            None => {
                // A hub that nobody can call any more is to be started again, not to look as if it ran.
                tracing::error!("The endpoint for nodes has closed by itself; stopping");
                shutdown.fail("listener");
                break;
            }
        }
    }
    server.close("the hub is stopping").await;
}

async fn speak(listener: Arc<Listener>, connection: Connection) {
    if connection.alpn() == ALPN_ENROL.as_bytes() {
        enrolment::run(&listener, connection).await;
    } else {
        session::run(listener, connection).await;
    }
}
