//! What changes beside the running hub: lines written by commands, certificates revoked by hand, and the hub's own
//! certificate, which is renewed at half of its life.

use std::sync::Arc;
use std::time::Duration;

use vrs_protocol::id::ParticipantCode;
use vrs_protocol::time::Timestamp;
use vrs_runtime::tls::{IdentitySlot, Revocation, Trust, TrustSlot};

use super::Listener;
use crate::hub::Hub;
use crate::keys;
use crate::problem::HubError;
use crate::store;

/// How often it is noted who is connected, for the operator's list.
const NOTE_SECS: u64 = 60;

/// What is looked at again and again.
pub(super) struct Renewals {
    lists: Vec<Vec<u8>>,
    renew_at: Timestamp,
    noted_at: Timestamp,
}

/// Certificate and trust at the start.
pub(super) async fn first(hub: &Hub) -> Result<(IdentitySlot, TrustSlot, Renewals), HubError> {
    let of = hub.clone();
    let (link, lists) = blocking(move || {
        let link = keys::link_identity(of.dir(), of.authority(), of.now())?;
        Ok((link, of.authority().revocation_lists(of.now())?))
    })
    .await?;
    let identity = IdentitySlot::new(&link.identity)?;
    let trust = TrustSlot::new(&trust(hub, &lists))?;
    Ok((identity, trust, Renewals { lists, renew_at: link.renew_at, noted_at: hub.now() }))
}

fn trust(hub: &Hub, lists: &[Vec<u8>]) -> Trust {
    // Outdated lists are refused: they are signed anew every day, so one that is old says that nobody looks after them.
    let revocation = Revocation::Lists { lists: lists.to_vec(), refuse_outdated: true };
    Trust { roots: vec![hub.authority().root_der().to_vec()], revocation }
}

/// Looks every few seconds until the stop begins. What fails is said once, and tried again.
pub(super) async fn run(listener: Arc<Listener>, mut renewals: Renewals) {
    let shutdown = listener.hub.shutdown().clone();
    let pause = Duration::from_secs(listener.hub.settings().follow_secs);
    let mut complaint = None;
    loop {
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = shutdown.wait() => return,
        }
        let looked = look(&listener, &mut renewals).await.err().map(|error| error.to_string());
        if looked != complaint {
            match &looked {
                Some(error) => tracing::error!(%error, "The hub cannot follow what other processes do"),
                None => tracing::info!("The hub follows what other processes do again"),
            }
            complaint = looked;
        }
    }
}

async fn look(listener: &Arc<Listener>, renewals: &mut Renewals) -> Result<(), HubError> {
    listener.hub.ledger().follow().await?;
    let of = listener.hub.clone();
    let renew_at = renewals.renew_at;
    let (lists, link) = blocking(move || {
        let now = of.now();
        let link = if now >= renew_at { Some(keys::link_identity(of.dir(), of.authority(), now)?) } else { None };
        Ok((of.authority().revocation_lists(now)?, link))
    })
    .await?;
    if let Some(link) = link {
        listener.identity.exchange(&link.identity)?;
        renewals.renew_at = link.renew_at;
    }
    if lists != renewals.lists {
        // First the trust, then the open connections: who comes in between is checked against the new one.
        listener.trust.exchange(&trust(&listener.hub, &lists))?;
        listener.registry.recheck();
        renewals.lists = lists;
    }
    let now = listener.hub.now();
    if now.secs_since(renewals.noted_at) >= NOTE_SECS {
        renewals.noted_at = now;
        note(listener, now).await?;
    }
    Ok(())
}

/// Notes who is connected.
async fn note(listener: &Listener, now: Timestamp) -> Result<(), HubError> {
    let connected: Vec<_> = {
        let view = listener.hub.ledger().view();
        let id = |code: String| {
            view.region().participant_by_code(&ParticipantCode::parse(&code).ok()?).map(|participant| participant.id)
        };
        listener.registry.identities().into_iter().filter_map(id).collect()
    };
    if connected.is_empty() {
        return Ok(());
    }
    let mut tx = listener.hub.database().begin("note who is connected").await?;
    for participant in connected {
        store::callers::touch(&mut tx, participant, now).await?;
    }
    Ok(tx.commit().await?)
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, HubError> + Send + 'static,
) -> Result<T, HubError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(HubError::Sentence(format!("a look at the certificates did not finish: {error}"))))
}
