//! A caller without a good certificate: it asks to be admitted, or, with its logged key, for a new certificate. The hub is
//! authenticated by its own; what is refused here is said in words, not signed. Whoever calls so is a stranger to the link,
//! also with a certificate.

use minicbor::bytes::ByteVec;
use vrs_protocol::codec;
use vrs_protocol::invite::InviteSecret;
use vrs_protocol::refusal::Reason;
use vrs_protocol::wire::{self, EnrolReply, EnrolRequest};
use vrs_runtime::link::{Connection, Incoming, Limits};

use super::{Listener, answers, refusals};
use crate::admission::{Joined, Joining};
use crate::problem::unavailable;
use crate::store;

/// Answers requests one after the other until the caller, or the link's patience with strangers, ends it.
pub(super) async fn run(listener: &Listener, connection: Connection) {
    let caller = connection.remote_address().ip().to_string();
    while let Some(request) = connection.accept_request().await {
        let Incoming { bytes, responder } = match request.receive(&Limits::STRANGER).await {
            Ok(incoming) => incoming,
            Err(error) => {
                tracing::info!(caller, %error, "A request did not arrive");
                continue;
            }
        };
        let token = listener.take_token(&listener.strangers, &caller);
        let answered = match token
            .map_err(|exhausted| Reason::Busy(u32::try_from(exhausted.retry_after_secs).unwrap_or(u32::MAX)))
        {
            Ok(()) => match wire::decode::<EnrolRequest>(&bytes) {
                Ok(request) => answer(listener, request).await,
                Err(error) => Err(Reason::Malformed(error.to_string())),
            },
            Err(busy) => Err(busy),
        };
        let reply = answered.unwrap_or_else(|reason| {
            refusals::log(&caller, &reason);
            EnrolReply::Refused { number: reason.number(), sentence: reason.to_string() }
        });
        let encoded = codec::to_bytes(&reply);
        drop((bytes, reply));
        if responder.reply(&encoded).await.is_err() {
            return;
        }
    }
}

async fn answer(listener: &Listener, request: EnrolRequest) -> Result<EnrolReply, Reason> {
    let hub = &listener.hub;
    match request {
        EnrolRequest::Join { code, secret, request, key, proof, .. } => {
            let joining = Joining { code, secret: InviteSecret(secret), request, identity: key, proof };
            Ok(match hub.admission().join(joining, hub.now()).await? {
                Joined::Waiting { fingerprint } => EnrolReply::Waiting { fingerprint },
                Joined::Admitted { participant, genesis, chain } => {
                    EnrolReply::Admitted { participant, genesis, chain: chain.into_iter().map(ByteVec::from).collect() }
                }
            })
        }
        EnrolRequest::Again { participant, statement } => {
            let of = hub.clone();
            let chain = answers::beside(move || of.admission().again(participant, &statement, of.now())).await?;
            let mut tx = hub.database().read("read the genesis line").await.map_err(unavailable)?;
            let genesis = store::lines::range(&mut tx, 0, 1, 1).await.map_err(unavailable)?.pop();
            let genesis = genesis.ok_or_else(|| Reason::Unavailable("the ledger has no first line".into()))?.bytes;
            Ok(EnrolReply::Admitted { participant, genesis, chain: chain.into_iter().map(ByteVec::from).collect() })
        }
    }
}
