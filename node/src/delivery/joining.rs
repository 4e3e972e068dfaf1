//! Joining a region with an invite, and getting a new certificate when the old one has run out.
//!
//! The rule it keeps: the hub is recognised by the fingerprint of the region's root in the invite, and the node by the
//! fingerprint that two persons compare by telephone. A join that is interrupted goes on with the same keys and request.

use std::time::Duration;

use vrs_protocol::codec;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{self, ParticipantId};
use vrs_protocol::invite::Invite;
use vrs_protocol::ledger::{Line, LineKind, Said};
use vrs_protocol::statement::{Header, Statement};
use vrs_protocol::wire::{
    self, ALPN_ENROL, EnrolReply, EnrolRequest, REENROL_CONTENT_TYPE, enrol_fingerprint, enrol_proof_message,
};
use vrs_runtime::link::{Connection, Limits, LinkClient};
use vrs_runtime::tls::{ClientTls, IdentitySlot, ServerTrust};

use super::connection::unreachable;
use crate::error::{NodeError, Result};
use crate::node::Node;
use crate::store;
use crate::store::membership::Membership;

/// Between two questions whether we are admitted. A telephone call takes minutes.
const ASK_AGAIN: Duration = Duration::from_secs(2);

/// How a join goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joining {
    /// The fingerprint to be read out by telephone; the same on every question.
    Waiting(String),
    /// We are in.
    Admitted(ParticipantId),
}

impl Node {
    /// Joins the region of an invite, or goes on with a join that was interrupted (`None`). `tell` hears how it goes on; it
    /// returns when the node is admitted.
    ///
    /// # Errors
    /// Why the invite cannot be used, or what the hub has refused.
    pub async fn join(&self, invite: Option<&str>, mut tell: impl FnMut(&Joining) + Send) -> Result<ParticipantId> {
        if let Ok(known) = self.membership().await {
            return Err(NodeError::Refused(format!(
                "this node belongs to the region {} already; a node belongs to one for ever",
                known.region
            )));
        }
        let invite = self.invite(invite)?;
        self.keys().create()?;
        let mut fingerprint = None;
        loop {
            match self.ask_to_join(&invite).await {
                Ok(Joining::Waiting(shown)) => {
                    if fingerprint.as_ref() != Some(&shown) {
                        tell(&Joining::Waiting(shown.clone()));
                        fingerprint = Some(shown);
                    }
                }
                Ok(Joining::Admitted(participant)) => {
                    tell(&Joining::Admitted(participant));
                    return Ok(participant);
                }
                // The hub may restart while two persons talk.
                Err(error) if error.is_passing() && fingerprint.is_some() => {
                    tracing::warn!(%error, "The hub did not answer; asking again")
                }
                Err(error) => return Err(error),
            }
            tokio::time::sleep(ASK_AGAIN).await;
        }
    }

    fn invite(&self, given: Option<&str>) -> Result<Invite> {
        let text = match given {
            Some(text) => text.to_owned(),
            None => self
                .keys()
                .invite()?
                .ok_or_else(|| NodeError::Usage("no join is under way; run: vrs-node join INVITE".into()))?
                .to_string(),
        };
        let invite = Invite::parse(&text).map_err(|error| NodeError::Usage(error.to_string()))?;
        if invite.code != *self.participant() {
            return Err(NodeError::Refused(format!(
                "the invite is for {}, this node is {}'s",
                invite.code,
                self.participant()
            )));
        }
        if given.is_some() {
            self.keys().keep_invite(&text)?;
        }
        Ok(invite)
    }

    /// Asks once.
    async fn ask_to_join(&self, invite: &Invite) -> Result<Joining> {
        let key = self.keys().identity()?;
        let request = self.keys().joining_request(self.participant())?;
        let fingerprint = enrol_fingerprint(&request, &key.public());
        let (client, connection) = self.call_unbound(&invite.address, &invite.region, invite.root).await?;
        let asked = EnrolRequest::Join {
            code: invite.code.clone(),
            secret: invite.secret.0,
            proof: key.sign(&enrol_proof_message(&request)),
            request,
            key: key.public(),
            name: self.name(),
            kind: self.settings().kind,
        };
        let reply = enrol(&connection, &asked).await;
        let chain = connection.peer_chain().to_vec();
        let answer = match reply? {
            EnrolReply::Waiting { fingerprint: theirs } if theirs == fingerprint => Joining::Waiting(fingerprint),
            EnrolReply::Waiting { fingerprint: theirs } => {
                return Err(NodeError::Hostile(format!(
                    "it has seen the fingerprint {theirs}, ours is {fingerprint}: somebody stands between"
                )));
            }
            EnrolReply::Admitted { participant, genesis, chain: issued } => {
                let issued: Vec<Vec<u8>> = issued.into_iter().map(Into::into).collect();
                self.admitted(invite, participant, genesis, &issued, &chain).await?;
                Joining::Admitted(participant)
            }
            EnrolReply::Refused { sentence, .. } => {
                return Err(NodeError::Refused(format!("the hub refuses: {sentence}")));
            }
        };
        client.close("asked").await;
        Ok(answer)
    }

    /// Checks what the hub gave and keeps it: root, chain, genesis line.
    async fn admitted(
        &self,
        invite: &Invite,
        participant: ParticipantId,
        genesis: Vec<u8>,
        issued: &[Vec<u8>],
        shown: &[Vec<u8>],
    ) -> Result<()> {
        let hostile = |cause: &str| NodeError::Hostile(cause.to_owned());
        let line = Line::from_bytes(&genesis).map_err(|_| hostile("a genesis line that is none"))?;
        let said = line
            .statement()
            .ok()
            .filter(|_| line.kind() == Some(LineKind::Genesis))
            .and_then(|statement| Said::read(LineKind::Genesis, statement.payload()).ok());
        let Some(Said::Genesis(begun)) = said else { return Err(hostile("a genesis line that is none")) };
        if begun.authority != invite.root || begun.region != invite.region {
            return Err(hostile("a genesis line of another region or authority than the invite's"));
        }
        let root = issued.iter().chain(shown).find(|der| Hash::of(der) == invite.root);
        self.keys()
            .keep_authority(root.ok_or_else(|| hostile("no root certificate with the fingerprint of the invite"))?)?;
        self.keys().keep_chain(issued)?;
        let mut tx = self.database().begin("join the region").await?;
        let membership = Membership {
            region: invite.region.clone(),
            address: invite.address.clone(),
            participant,
            genesis,
            joined_at: self.now(),
        };
        store::membership::set(&mut tx, &membership).await?;
        tx.commit().await?;
        self.keys().forget_invite();
        tracing::info!(region = %invite.region, participant.id = participant.0, "This node was admitted");
        Ok(())
    }

    /// Gets a new certificate with the logged key, when the old one has run out and the link can no longer be opened.
    ///
    /// # Errors
    /// What the hub refuses, or that it cannot be reached.
    pub async fn enrol_again(&self) -> Result<()> {
        let me = self.me().await?;
        let membership = self.membership().await?;
        let root = self.keys().authority()?.ok_or(NodeError::NotJoined)?;
        let request = self.keys().certificate_request(self.participant())?;
        let header = Header {
            content_type: REENROL_CONTENT_TYPE.into(),
            exchange: me.exchange,
            issuer: me.code.to_string(),
            subject: "certificate".into(),
            issued_at: Some(self.now()),
        };
        let statement = Statement::sign(header, &request, &self.keys().identity()?)
            .map_err(|error| NodeError::Defect(error.to_string()))?;
        let address = self.settings().hub.address.clone().unwrap_or(membership.address);
        let (client, connection) = self.call_unbound(&address, &me.region, Hash::of(&root)).await?;
        let asked = EnrolRequest::Again { participant: me.id, statement: statement.into_bytes() };
        let reply = enrol(&connection, &asked).await?;
        client.close("asked").await;
        match reply {
            EnrolReply::Admitted { chain, .. } => {
                let chain: Vec<Vec<u8>> = chain.into_iter().map(Into::into).collect();
                self.keys().keep_chain(&chain)?;
                tracing::info!("The certificate had run out; a new one was issued to the logged key");
                Ok(())
            }
            EnrolReply::Refused { sentence, .. } => Err(NodeError::Refused(format!("the hub refuses: {sentence}"))),
            EnrolReply::Waiting { .. } => {
                Err(NodeError::Hostile("it lets a participant wait that it has admitted".into()))
            }
        }
    }

    /// A connection on which only the hub has shown who it is.
    async fn call_unbound(&self, address: &str, region: &str, root: Hash) -> Result<(LinkClient, Connection)> {
        let tls = ClientTls {
            identity: IdentitySlot::empty(),
            trust: ServerTrust::RootFingerprint(root.0),
            key_exchange: self.key_exchange(),
            clock: self.clock().clone(),
        };
        let client = LinkClient::new(tls, self.link_settings());
        let connection =
            client.connect(address, &id::hub_server_name(region), ALPN_ENROL.as_bytes()).await.map_err(unreachable)?;
        Ok((client, connection))
    }
}

async fn enrol(connection: &Connection, request: &EnrolRequest) -> Result<EnrolReply> {
    let reply = connection.request(&codec::to_bytes(request), &Limits::STRANGER).await.map_err(unreachable)?;
    wire::decode(&reply).map_err(|error| NodeError::Hostile(error.to_string()))
}
