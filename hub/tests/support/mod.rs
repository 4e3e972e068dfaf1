//! A hub on loopback and the smallest node that can speak with it, for stories told in one process. The node checks only
//! what a story asks about; a real one checks everything.
#![allow(dead_code, unreachable_pub)] // each test program uses its part of it

use vrs_certs::NodeKeys;
use vrs_hub::Hub;
use vrs_hub::admission::Invitation;
use vrs_hub::config::Settings;
use vrs_protocol::audience::Audience;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::cell::Cell;
use vrs_protocol::codec;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{Code, FormCode, LineIndex, ParticipantCode, ParticipantId, hub_server_name};
use vrs_protocol::invite::Invite;
use vrs_protocol::ledger::{Line, LineKind, ParticipantKind, Said};
use vrs_protocol::period::Period;
use vrs_protocol::refusal::Refusal;
use vrs_protocol::release::{Draft, Nonce, Operator, SignedRelease, Terms, Withdrawal, WithdrawalReason};
use vrs_protocol::statement::{Header, SigningKey, Statement};
use vrs_protocol::table::{Key, Table};
use vrs_protocol::time::Timestamp;
use vrs_protocol::wire::{
    self, ALPN, ALPN_ENROL, BINDING_CONTENT_TYPE, EXPORTER_LABEL, EnrolReply, EnrolRequest, Reply, Request, Submission,
    enrol_proof_message,
};
use vrs_runtime::clock::Clock;
use vrs_runtime::link::{Connection, Limits, LinkClient, LinkError, LinkSettings};
use vrs_runtime::random;
use vrs_runtime::shutdown::Shutdown;
use vrs_runtime::testing::Place;
use vrs_runtime::tls::{ClientTls, Identity, IdentitySlot, KeyExchange, ServerTrust};

pub const REGION: &str = "Demo";

/// A hub that runs.
pub struct World {
    pub place: Place,
    pub hub: Hub,
    pub address: String,
}

/// A participant's node, as little of it as there can be.
pub struct Node {
    pub code: ParticipantCode,
    pub id: ParticipantId,
    pub keys: NodeKeys,
    pub chain: Vec<Vec<u8>>,
    pub exchange: Hash,
    pub connection: Connection,
    pub client: LinkClient,
}

pub fn settings(place: &Place) -> Settings {
    Settings {
        listen: "127.0.0.1:0".parse().unwrap(),
        console: "127.0.0.1:0".parse().unwrap(),
        database: place.url().to_owned(),
        ..Settings::default()
    }
}

pub fn code(text: &str) -> ParticipantCode {
    ParticipantCode::parse(text).unwrap()
}
pub fn form(text: &str) -> FormCode {
    FormCode::parse(text).unwrap()
}
pub fn period(text: &str) -> Period {
    Period::parse(text).unwrap()
}

impl World {
    /// Begins a region in a place and lets nodes call.
    pub async fn begin(place: Place) -> Self {
        let hub = Hub::init(place.dir(), REGION, settings(&place), Clock::system(), Shutdown::new()).await.unwrap();
        let address = hub.serve().await.unwrap().to_string();
        Self { place, hub, address }
    }

    /// Stops the hub and starts it again on the same database.
    pub async fn restart(self) -> Self {
        self.hub.close().await.unwrap();
        let Self { place, .. } = self;
        let hub = Hub::open(place.dir(), settings(&place), Clock::system(), Shutdown::new()).await.unwrap();
        let address = hub.serve().await.unwrap().to_string();
        Self { place, hub, address }
    }

    pub async fn invite(&self, participant: &str) -> Invite {
        let invitation = Invitation { code: code(participant), name: None, kind: ParticipantKind::State, parent: None };
        Invite { address: self.address.clone(), ..self.hub_invite(invitation).await }
    }

    async fn hub_invite(&self, invitation: Invitation) -> Invite {
        // The port was chosen by the machine, so the settings cannot name it.
        self.hub.invite_at(invitation, &self.address).await.unwrap()
    }

    /// Invites, joins, admits and connects a participant.
    pub async fn join(&self, participant: &str) -> Node {
        let invite = self.invite(participant).await;
        let keys = NodeKeys::generate().unwrap();
        let request = keys.certificate_request(&code(participant)).unwrap();
        let EnrolReply::Waiting { fingerprint } = self.ask_to_join(&invite, &keys, &request).await else {
            panic!("admitted by a machine")
        };
        self.hub.admit(&code(participant), &fingerprint).await.unwrap();
        let EnrolReply::Admitted { participant: id, genesis, chain } = self.ask_to_join(&invite, &keys, &request).await
        else {
            panic!("not admitted")
        };
        let chain: Vec<Vec<u8>> = chain.into_iter().map(Vec::from).collect();
        self.connect(participant, id, keys, chain, Hash::of(&genesis)).await
    }

    pub async fn ask_to_join(&self, invite: &Invite, keys: &NodeKeys, request: &[u8]) -> EnrolReply {
        let asked = EnrolRequest::Join {
            code: invite.code.clone(),
            secret: invite.secret.0,
            request: request.to_vec(),
            key: keys.identity.public(),
            proof: keys.identity.sign(&enrol_proof_message(request)),
            name: String::new(),
            kind: ParticipantKind::State,
        };
        self.enrol(&asked).await
    }

    /// One request of a caller without a certificate.
    pub async fn enrol(&self, request: &EnrolRequest) -> EnrolReply {
        let client = self.client(IdentitySlot::empty());
        let connection = client.connect(&self.address, &hub_server_name(REGION), ALPN_ENROL.as_bytes()).await.unwrap();
        let reply = connection.request(&codec::to_bytes(request), &Limits::STRANGER).await.unwrap();
        wire::decode(&reply).unwrap()
    }

    pub fn client(&self, identity: IdentitySlot) -> LinkClient {
        let trust = ServerTrust::RootFingerprint(self.hub.authority().root_fingerprint().0);
        let tls = ClientTls { identity, trust, key_exchange: KeyExchange::Hybrid, clock: Clock::system() };
        LinkClient::new(tls, LinkSettings::default())
    }

    /// A connection that is not bound to a key yet.
    pub async fn call(&self, keys: &NodeKeys, chain: &[Vec<u8>]) -> Result<(LinkClient, Connection), LinkError> {
        let identity = Identity { chain: chain.to_vec(), key: keys.tls.to_pkcs8() };
        let client = self.client(IdentitySlot::new(&identity).unwrap());
        let connection = client.connect(&self.address, &hub_server_name(REGION), ALPN.as_bytes()).await?;
        Ok((client, connection))
    }

    pub async fn connect(
        &self,
        participant: &str,
        id: ParticipantId,
        keys: NodeKeys,
        chain: Vec<Vec<u8>>,
        exchange: Hash,
    ) -> Node {
        let (client, connection) = self.call(&keys, &chain).await.unwrap();
        let node = Node { code: code(participant), id, keys, chain, exchange, connection, client };
        assert!(matches!(node.hello().await, Reply::Hello { .. }), "the binding is refused");
        node
    }

    /// The same node, called again.
    pub async fn again(&self, node: Node) -> Node {
        let Node { code, id, keys, chain, exchange, .. } = node;
        self.connect(code.as_str(), id, keys, chain, exchange).await
    }

    /// Every line of the ledger, as the hub tells it to a node.
    pub async fn lines(&self, node: &Node) -> Vec<Line> {
        let Reply::Lines { lines } = node.ask(&Request::Lines { from: 0, count: 4_096 }).await else {
            panic!("no lines")
        };
        lines.iter().map(|bytes| Line::from_bytes(bytes).unwrap()).collect()
    }

    /// What the lines of a kind say, with their places.
    pub async fn said(&self, node: &Node, kind: LineKind) -> Vec<(LineIndex, Said)> {
        let lines = self.lines(node).await;
        let of_kind = (0..).zip(lines).filter(|(_, line)| line.kind() == Some(kind));
        of_kind.map(|(index, line)| (index, Said::read(kind, line.statement().unwrap().payload()).unwrap())).collect()
    }
}

impl Node {
    pub fn binding(&self, exporter: &[u8], key: &SigningKey) -> Vec<u8> {
        let header = Header {
            content_type: BINDING_CONTENT_TYPE.into(),
            exchange: self.exchange,
            issuer: self.code.to_string(),
            subject: "binding".into(),
            issued_at: None,
        };
        Statement::sign(header, exporter, key).unwrap().into_bytes()
    }

    pub fn hello_request(&self, binding: Vec<u8>) -> Request {
        Request::Hello { participant: self.id, version_min: 1, version_max: 1, binding, software: "test 0".into() }
    }

    pub async fn hello(&self) -> Reply {
        let exporter = self.connection.exporter(EXPORTER_LABEL.as_bytes(), &[]).unwrap();
        self.ask(&self.hello_request(self.binding(&exporter, &self.keys.identity))).await
    }

    pub async fn ask(&self, request: &Request) -> Reply {
        self.try_ask(request).await.unwrap()
    }

    pub async fn try_ask(&self, request: &Request) -> Result<Reply, LinkError> {
        let limits = Limits { request_bytes_max: 32 << 20, reply_bytes_max: 32 << 20, ..Limits::CALLER };
        let reply = self.connection.request(&codec::to_bytes(request), &limits).await?;
        Ok(wire::decode(&reply).unwrap())
    }

    /// A signed release of a table with these cells; codes of one key are joined by a slash.
    pub fn release(
        &self,
        hub: &Hub,
        form_code: &str,
        period_text: &str,
        audience: Audience,
        cells: &[(&str, Cell)],
    ) -> SignedRelease {
        self.bundled(hub, form_code, period_text, audience, cells, &[])
    }

    pub fn bundled(
        &self,
        hub: &Hub,
        form_code: &str,
        period_text: &str,
        audience: Audience,
        cells: &[(&str, Cell)],
        bundle: &[(&str, &str)],
    ) -> SignedRelease {
        let (form, period) = (form(form_code), period(period_text));
        let view = hub.ledger().view();
        let region = view.region();
        let subject = region.subject(self.id, &form, period);
        let mut bundle: Vec<_> = bundle
            .iter()
            .map(|(form_code, period_text)| (FormCode::parse(form_code).unwrap(), Period::parse(period_text).unwrap()))
            .collect();
        bundle.sort();
        let terms = Terms {
            participant: self.id,
            audience,
            revision: subject.map_or(1, |subject| subject.revision + 1),
            previous: subject.map(|subject| subject.last),
            catalogue: Catalogue::bundled().hash(),
            charter: region.charter().unwrap().0,
            policy: 0,
            sources: Vec::new(),
            bundle,
        };
        let mut table = Table::new(form.clone(), period);
        table.cells = cells
            .iter()
            .map(|(key, cell)| {
                (
                    Key(key
                        .split('/')
                        .filter(|code| !code.is_empty())
                        .map(|code| Code::parse(code).unwrap())
                        .collect()),
                    cell.clone(),
                )
            })
            .collect();
        let form = Catalogue::bundled().form(&form).unwrap();
        let draft = Draft::prepare(&table, form, terms, Nonce(random::bytes()), Operator("ann".into())).unwrap();
        let approved = draft.approve(&Operator("bob".into()), Timestamp(1)).unwrap();
        approved.sign(self.exchange, self.code.as_str(), &self.keys.identity).unwrap()
    }

    pub async fn submit(&self, releases: &[SignedRelease]) -> Reply {
        self.ask(&Request::Submit { releases: releases.iter().map(submission).collect() }).await
    }

    /// Releases a table and says at which line it stands.
    pub async fn contribute(
        &self,
        hub: &Hub,
        form_code: &str,
        period_text: &str,
        audience: Audience,
        cells: &[(&str, Cell)],
    ) -> LineIndex {
        logged(self.submit(&[self.release(hub, form_code, period_text, audience, cells)]).await)[0]
    }

    /// A statement of a kind without a body, by this node's key.
    pub fn statement<T: minicbor::Encode<()>>(&self, kind: LineKind, payload: &T) -> Vec<u8> {
        let header = Header {
            content_type: kind.content_type(),
            exchange: self.exchange,
            issuer: self.code.to_string(),
            subject: kind.word().into(),
            issued_at: None,
        };
        Statement::sign(header, &codec::to_bytes(payload), &self.keys.identity).unwrap().into_bytes()
    }

    pub async fn declare<T: minicbor::Encode<()>>(&self, kind: LineKind, payload: &T) -> Reply {
        self.ask(&Request::Declare { kind: kind as u8, statement: self.statement(kind, payload) }).await
    }

    pub async fn withdraw(&self, hub: &Hub, line: LineIndex) -> Reply {
        let release = hub.ledger().view().region().release(line).unwrap().id;
        self.declare(
            LineKind::Withdrawal,
            &Withdrawal { version: 1, participant: self.id, release, reason: WithdrawalReason::Wrong },
        )
        .await
    }

    pub async fn read(&self, lines: &[LineIndex]) -> (Vec<wire::ServedBody>, Vec<(LineIndex, Refusal)>) {
        match self.ask(&Request::Read { releases: lines.to_vec() }).await {
            Reply::Bodies { bodies, refused } => {
                (bodies, refused.into_iter().map(|one| (one.release, refusal_in(&one.statement))).collect())
            }
            other => panic!("{other:?}"),
        }
    }

    /// The refusal in a reply, after its signature is checked with the hub's key.
    pub fn refusal(&self, hub: &Hub, reply: Reply) -> Refusal {
        let Reply::Refused { statement } = reply else { panic!("not refused: {reply:?}") };
        let key = hub.ledger().view().region().genesis().unwrap().hub_key;
        Statement::parse(&statement).unwrap().verify(&key).unwrap();
        refusal_in(&statement)
    }
}

pub fn submission(release: &SignedRelease) -> Submission {
    Submission { statement: release.statement.bytes().to_vec(), nonce: release.nonce, body: release.body.clone() }
}

pub fn logged(reply: Reply) -> Vec<LineIndex> {
    match reply {
        Reply::Logged { lines, .. } => lines,
        Reply::Refused { statement } => panic!("refused: {}", refusal_in(&statement).sentence),
        other => panic!("{other:?}"),
    }
}

pub fn refusal_in(statement: &[u8]) -> Refusal {
    let statement = Statement::parse(statement).unwrap();
    assert_eq!(statement.header().content_type, Refusal::CONTENT_TYPE);
    codec::decode_strict(statement.payload()).unwrap()
}

/// Tells a story on each engine there is.
pub async fn on_each_engine<F: Future<Output = ()>>(story: impl Fn(World) -> F) {
    for place in Place::each().await {
        story(World::begin(place).await).await;
    }
}
