//! One connection to the hub: mutual TLS, then the binding of both ends to their logged keys, then requests.
//!
//! The rule it keeps: nothing the hub says is taken before it has proved, on this very connection, that it holds the key
//! of the genesis line; and a "no" counts only with its signature.

use vrs_protocol::codec;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{self, LineIndex};
use vrs_protocol::refusal::Refusal;
use vrs_protocol::statement::{Header, SigningKey, Statement};
use vrs_protocol::wire::{self, ALPN, BINDING_CONTENT_TYPE, EXPORTER_LABEL, Notify, Reply, Request, VERSIONS};
use vrs_runtime::link::{Connection, Limits, LinkClient, LinkError, LinkSettings};
use vrs_runtime::tls::{ClientTls, IdentitySlot, KeyExchange, Revocation, ServerTrust, Trust, TrustSlot};

use crate::error::{NodeError, Result};
use crate::node::{Me, Node};
use crate::store;

/// A refusal of the hub, verified, with the bytes that others can check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedRefusal {
    /// What it says.
    pub refusal: Refusal,
    /// The statement.
    pub statement: Vec<u8>,
}

/// A connection that both ends have bound to their logged keys.
pub struct Session {
    // Holds the socket open.
    client: LinkClient,
    connection: Connection,
    me: Me,
    size: u64,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Session").field("region", &self.me.region).field("size", &self.size).finish_non_exhaustive()
    }
}

impl Node {
    /// Calls the hub and binds the connection.
    ///
    /// # Errors
    /// [`NodeError::NotJoined`], [`NodeError::Unreachable`], or why the hub is not the one we know.
    pub async fn connect(&self) -> Result<Session> {
        let me = self.me().await?;
        let membership = self.membership().await?;
        let address = self.settings().hub.address.clone().unwrap_or(membership.address);
        let client = LinkClient::new(self.client_tls().await?, self.link_settings());
        let name = id::hub_server_name(&me.region);
        let connection = client.connect(&address, &name, ALPN.as_bytes()).await.map_err(unreachable)?;
        let size = greet(&connection, &me, &self.keys().identity()?).await?;
        Ok(Session { client, connection, me, size })
    }

    /// What we show and whom we believe on the link.
    async fn client_tls(&self) -> Result<ClientTls> {
        let identity = self.keys().link_identity()?.ok_or(NodeError::NotJoined)?;
        let root = self.keys().authority()?.ok_or(NodeError::NotJoined)?;
        let mut tx = self.database().read("read revocation lists").await?;
        let lists = store::link::revocations(&mut tx).await?;
        drop(tx);
        // The first lists come over the first connection; until then the binding below is what recognises the hub.
        let revocation =
            if lists.is_empty() { Revocation::Unchecked } else { Revocation::Lists { lists, refuse_outdated: false } };
        let keys = |error: vrs_runtime::tls::TlsError| NodeError::Keys(error.to_string());
        Ok(ClientTls {
            identity: IdentitySlot::new(&identity).map_err(keys)?,
            trust: ServerTrust::Authority(TrustSlot::new(&Trust { roots: vec![root], revocation }).map_err(keys)?),
            key_exchange: self.key_exchange(),
            clock: self.clock().clone(),
        })
    }

    pub(super) fn key_exchange(&self) -> KeyExchange {
        if self.settings().link.allow_classical { KeyExchange::AllowClassical } else { KeyExchange::Hybrid }
    }

    pub(super) fn link_settings(&self) -> LinkSettings {
        let link = &self.settings().link;
        LinkSettings { segmentation_offload: link.segmentation_offload, pad_packets: link.pad_packets }
    }
}

/// Any failure of the link: trying again helps, at once or when people have cleared up who lets whom in.
pub(super) fn unreachable(error: LinkError) -> NodeError {
    match error {
        LinkError::Handshake { .. } => NodeError::TurnedAway(error.to_string()),
        _ => NodeError::Unreachable(error.to_string()),
    }
}

/// Says Hello and checks that the hub answers with the key of the genesis line. The size of its ledger.
async fn greet(connection: &Connection, me: &Me, key: &SigningKey) -> Result<u64> {
    let exporter = connection.exporter(EXPORTER_LABEL.as_bytes(), &[]).map_err(unreachable)?;
    let header = Header {
        content_type: BINDING_CONTENT_TYPE.into(),
        exchange: me.exchange,
        issuer: me.code.to_string(),
        subject: "binding".into(),
        issued_at: None,
    };
    let binding = Statement::sign(header, &exporter, key).map_err(|error| NodeError::Defect(error.to_string()))?;
    let hello = Request::Hello {
        participant: me.id,
        version_min: *VERSIONS.start(),
        version_max: *VERSIONS.end(),
        binding: binding.into_bytes(),
        software: concat!("vrs-node ", env!("CARGO_PKG_VERSION")).into(),
    };
    match exchange(connection, me, &hello).await? {
        Reply::Hello { version, binding, size } => {
            if !VERSIONS.contains(&version) {
                return Err(NodeError::Hostile(format!("it chose version {version}, which was not offered")));
            }
            check_binding(&binding, me, &exporter)?;
            Ok(size)
        }
        _ => Err(NodeError::Hostile("it answered Hello with something else".into())),
    }
}

fn check_binding(binding: &[u8], me: &Me, exporter: &[u8; 32]) -> Result<()> {
    let hostile = |cause: String| NodeError::Hostile(format!("its binding of the connection: {cause}"));
    let statement = Statement::parse(binding).map_err(|error| hostile(error.to_string()))?;
    let header = statement.header();
    if header.content_type != BINDING_CONTENT_TYPE || header.exchange != me.exchange || statement.payload() != exporter
    {
        return Err(hostile("it is for another connection or exchange".into()));
    }
    statement.verify(&me.hub_key).map(drop).map_err(|_| {
        hostile("it is not signed by the hub's key of the genesis line. Whoever answers there is not the hub".into())
    })
}

/// One request and its reply; a refusal is verified and becomes an error.
async fn exchange(connection: &Connection, me: &Me, request: &Request) -> Result<Reply> {
    let bytes = codec::to_bytes(request);
    let reply = connection.request(
        &bytes,
        &Limits {
            request_bytes_max: wire::MESSAGE_BYTES_MAX,
            reply_bytes_max: wire::MESSAGE_BYTES_MAX,
            ..Limits::CALLER
        },
    );
    let reply = reply.await.map_err(unreachable)?;
    match wire::decode::<Reply>(&reply).map_err(|error| NodeError::Hostile(error.to_string()))? {
        Reply::Refused { statement } => {
            let refusal = refusal(&statement, me, Some(Hash::of(&bytes)))?;
            Err(NodeError::Hub(Box::new(SignedRefusal { refusal, statement })))
        }
        reply => Ok(reply),
    }
}

/// Reads a refusal that the hub has signed. `request`: the request it must answer.
///
/// # Errors
/// [`NodeError::Hostile`] where it is not the hub's.
pub fn refusal(statement: &[u8], me: &Me, request: Option<Hash>) -> Result<Refusal> {
    let hostile = |cause: String| NodeError::Hostile(format!("a refusal: {cause}"));
    let statement = Statement::parse(statement).map_err(|error| hostile(error.to_string()))?;
    if statement.header().content_type != Refusal::CONTENT_TYPE || statement.header().exchange != me.exchange {
        return Err(hostile("it is for another exchange, or none".into()));
    }
    statement.verify(&me.hub_key).map_err(|error| hostile(error.to_string()))?;
    let refusal: Refusal = codec::decode_strict(statement.payload()).map_err(|error| hostile(error.to_string()))?;
    match request {
        Some(request) if refusal.request != request && refusal.request != Hash::ZERO => {
            Err(hostile("it answers another request".into()))
        }
        _ => Ok(refusal),
    }
}

impl Session {
    /// Calls the hub in the name of a node and binds the connection.
    ///
    /// # Errors
    /// As [`Node::connect`].
    pub async fn connect(node: &Node) -> Result<Self> {
        node.connect().await
    }

    /// A receipt for a line in the tree of a size, for others to check.
    ///
    /// # Errors
    /// As [`Session::call`].
    pub async fn receipt(&self, index: LineIndex, size: u64) -> Result<Vec<u8>> {
        match self.call(&Request::Receipt { index, size }).await? {
            Reply::Receipt { receipt } => Ok(receipt),
            _ => Err(NodeError::Hostile("a reply to another question".into())),
        }
    }

    /// One request and its reply.
    ///
    /// # Errors
    /// [`NodeError::Hub`] with the signed refusal, [`NodeError::Unreachable`], or [`NodeError::Hostile`].
    pub async fn call(&self, request: &Request) -> Result<Reply> {
        exchange(&self.connection, &self.me, request).await
    }

    /// Who we are on it.
    #[must_use]
    pub const fn me(&self) -> &Me {
        &self.me
    }

    /// Size of the ledger when the connection was bound.
    #[must_use]
    pub const fn size_at_hello(&self) -> u64 {
        self.size
    }

    /// Waits until the hub says that its ledger has grown, and how large it is; `None` when the connection has ended.
    pub async fn growth(&self) -> Option<u64> {
        loop {
            let bytes = self.connection.accept_notify().await?;
            // What cannot be read says nothing; the next one may.
            if let Ok(Notify { size }) = wire::decode(&bytes) {
                return Some(size);
            }
        }
    }

    /// Whether the connection has ended.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.connection.is_closed()
    }

    /// Ends the connection.
    pub async fn close(self, why: &str) {
        self.client.close(why).await;
    }
}
