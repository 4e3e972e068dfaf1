//! What changes beside the running hub: lines written by commands, certificates revoked by hand, and the hub's own
//! certificate, which is renewed at half of its life or when it was revoked.
//!
//! The rule it keeps: each is looked after by itself. A database that is away keeps nobody in who was revoked.

use std::sync::Arc;
use std::time::Duration;

use vrs_protocol::id::ParticipantCode;
use vrs_protocol::time::Timestamp;
use vrs_runtime::tls::{IdentitySlot, Revocation, Trust, TrustSlot};

use super::Listener;
use crate::hub::Hub;
use crate::keys::{self, LinkIdentity};
use crate::problem::HubError;
use crate::store;

/// How often it is noted who is connected, for the operator's list.
const NOTE_SECS: u64 = 60;

/// What the looks compare with.
pub(super) struct Known {
    lists: Vec<Vec<u8>>,
    link: LinkIdentity,
    noted_at: Timestamp,
}

/// Certificate and trust at the start.
pub(super) async fn first(hub: &Hub) -> Result<(IdentitySlot, TrustSlot, Known), HubError> {
    let of = hub.clone();
    let (link, lists) = blocking(move || {
        let link = keys::link_identity(of.dir(), of.authority(), of.now())?;
        Ok((link, of.authority().revocation_lists(of.now())?))
    })
    .await?;
    let identity = IdentitySlot::new(&link.identity)?;
    let trust = TrustSlot::new(&trust(hub, &lists))?;
    Ok((identity, trust, Known { lists, link, noted_at: hub.now() }))
}

fn trust(hub: &Hub, lists: &[Vec<u8>]) -> Trust {
    // Outdated lists are refused: they are signed anew every day, so one that is old says that nobody looks after them.
    let revocation = Revocation::Lists { lists: lists.to_vec(), refuse_outdated: true };
    Trust { roots: vec![hub.authority().root_der().to_vec()], revocation }
}

/// Looks every few seconds until the stop begins.
pub(super) async fn run(listener: Arc<Listener>, known: Known) {
    let Known { lists, link, noted_at } = known;
    tokio::join!(
        follow_revocations(&listener, lists),
        follow_own_certificate(&listener, link),
        follow_lines(&listener),
        follow_visits(&listener, noted_at),
    );
}

async fn follow_revocations(listener: &Listener, mut known: Vec<Vec<u8>>) {
    let mut complaint = Complaint::about("certificates that are revoked");
    while pause(listener).await {
        complaint.hear(revocations(listener, &mut known).await);
    }
}

async fn revocations(listener: &Listener, known: &mut Vec<Vec<u8>>) -> Result<(), HubError> {
    let of = listener.hub.clone();
    let lists = blocking(move || Ok(of.authority().revocation_lists(of.now())?)).await?;
    if lists != *known {
        // First the trust, then the open connections: who comes in between is checked against the new one.
        listener.trust.exchange(&trust(&listener.hub, &lists))?;
        listener.registry.recheck();
        *known = lists;
    }
    Ok(())
}

async fn follow_own_certificate(listener: &Listener, mut known: LinkIdentity) {
    let mut complaint = Complaint::about("its own certificate");
    while pause(listener).await {
        complaint.hear(own_certificate(listener, &mut known).await);
    }
}

async fn own_certificate(listener: &Listener, known: &mut LinkIdentity) -> Result<(), HubError> {
    if !known.is_over(listener.hub.authority(), listener.hub.now())? {
        return Ok(());
    }
    let of = listener.hub.clone();
    let link = blocking(move || keys::link_identity(of.dir(), of.authority(), of.now())).await?;
    listener.identity.exchange(&link.identity)?;
    *known = link;
    Ok(())
}

async fn follow_lines(listener: &Listener) {
    let mut complaint = Complaint::about("lines that other processes write");
    while pause(listener).await {
        complaint.hear(listener.hub.ledger().follow().await.map_err(HubError::from));
    }
}

async fn follow_visits(listener: &Listener, mut noted_at: Timestamp) {
    let mut complaint = Complaint::about("who is connected");
    while pause(listener).await {
        let now = listener.hub.now();
        if now.secs_since(noted_at) >= NOTE_SECS {
            noted_at = now;
            complaint.hear(note(listener, now).await);
        }
    }
}

/// Waits until it is time to look again; `false` when the stop begins.
async fn pause(listener: &Listener) -> bool {
    tokio::select! {
        () = tokio::time::sleep(Duration::from_secs(listener.hub.settings().follow_secs)) => true,
        () = listener.hub.shutdown().wait() => false,
    }
}

/// What one look complains of. It is said once, and once when it is over.
struct Complaint {
    about: &'static str,
    said: Option<String>,
}

impl Complaint {
    const fn about(about: &'static str) -> Self {
        Self { about, said: None }
    }

    fn hear(&mut self, looked: Result<(), HubError>) {
        let trouble = looked.err().map(|error| error.to_string());
        if trouble != self.said {
            match &trouble {
                Some(error) => tracing::error!(%error, "The hub cannot look after {}", self.about),
                None => tracing::info!("The hub looks after {} again", self.about),
            }
            self.said = trouble;
        }
    }
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
