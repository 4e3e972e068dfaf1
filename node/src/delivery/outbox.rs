//! Sends what waits, in order. The same bytes again get the same line, so a parcel may be sent as often as it takes.

use vrs_protocol::id::LineIndex;
use vrs_protocol::ledger::LineKind;
use vrs_protocol::wire::{Reply, Request, Submission};
use vrs_runtime::database::DatabaseError;

use super::{Session, SignedRefusal};
use crate::error::{NodeError, Result};
use crate::node::Node;
use crate::store;
use crate::store::outbox::{Load, Parcel};
use crate::store::refusals::NewRefusal;

/// Number of the refusal of a participant whose rights rest (`Reason::Suspended`). It ends when it is resumed.
const SUSPENDED: u16 = 201;

/// What became of the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sent {
    /// Parcels that stand in the ledger now.
    pub logged: usize,
    /// Parcels the hub has refused.
    pub refused: usize,
}

impl Node {
    /// Sends everything that waits and may be sent. Bad weather stops it, and everything stays where it is; what cannot be
    /// packed is set aside.
    ///
    /// # Errors
    /// See [`NodeError`].
    pub async fn deliver(&self, session: &Session) -> Result<Sent> {
        self.require_trust().await?;
        let mut sent = Sent::default();
        for parcel in self.sendable().await? {
            let Some(request) = self.pack(&parcel).await? else { continue };
            match session.call(&request).await {
                Ok(Reply::Logged { lines, .. }) => {
                    self.arrived(&parcel, &lines).await?;
                    sent.logged += 1;
                }
                Ok(_) => return Err(NodeError::Hostile("a reply to another question".into())),
                Err(NodeError::Hub(signed)) if !signed.refusal.is_passing() && signed.refusal.number != SUSPENDED => {
                    self.refused(&parcel, &signed).await?;
                    sent.refused += 1;
                }
                Err(error) => {
                    // What comes later may rest on this one, so the order is kept.
                    let mut tx = self.database().begin("note trouble of the outbox").await?;
                    store::outbox::set_trouble(&mut tx, parcel.id, &error.to_string()).await?;
                    tx.commit().await?;
                    return Err(error);
                }
            }
        }
        Ok(sent)
    }

    /// What waits and may be sent, in order. While our rights rest, that is only the word that we have erased; the rest
    /// waits until we are resumed.
    pub(super) async fn sendable(&self) -> Result<Vec<Parcel>> {
        let mut tx = self.database().read("read the outbox").await?;
        let mut waiting = store::outbox::waiting(&mut tx).await?;
        let held = store::terms::held(&mut tx, self.now().0).await?;
        drop(tx);
        // Under embargo. What comes later goes ahead; should the held one not fit the ledger any more, the hub refuses it and it
        // is prepared again.
        waiting.retain(|parcel| !matches!(parcel.load, Load::Bundle(bundle) if held.contains(&bundle)));
        if !waiting.is_empty() && self.suspended().await?.is_some() {
            waiting.retain(|parcel| matches!(parcel.load, Load::Statement(LineKind::Erasure, _)));
        }
        Ok(waiting)
    }

    /// What is sent of a parcel; `None` when it is no longer to be sent, or cannot be.
    pub(crate) async fn pack(&self, parcel: &Parcel) -> Result<Option<Request>> {
        match self.take_out(parcel).await {
            // No weather mends this. It stays visible, and everything else is sent and read as before.
            Err(error @ (NodeError::Defect(_) | NodeError::Database(DatabaseError::Corrupt { .. }))) => {
                tracing::error!(%error, "Set aside, because it cannot be sent: {}", parcel.subject);
                let mut tx = self.database().begin("set a parcel aside").await?;
                store::outbox::set_aside(&mut tx, parcel.id, &error.to_string()).await?;
                tx.commit().await?;
                Ok(None)
            }
            packed => packed,
        }
    }

    /// Marks a parcel as on its way and reads its bytes.
    async fn take_out(&self, parcel: &Parcel) -> Result<Option<Request>> {
        let mut tx = self.database().begin("send a parcel").await?;
        if !store::outbox::set_sent(&mut tx, parcel.id).await? {
            return Ok(None);
        }
        let request = match &parcel.load {
            Load::Statement(kind, statement) => Request::Declare { kind: *kind as u8, statement: statement.clone() },
            Load::Bundle(bundle) => {
                store::releases::set_sent(&mut tx, *bundle, self.now().0).await?;
                let mut releases = Vec::new();
                for release in store::releases::of_bundle(&mut tx, *bundle).await? {
                    let packed = store::releases::packed(&mut tx, release.id).await?;
                    let lost = || NodeError::Defect(format!("the bytes of release {} are lost", release.id));
                    let packed = packed.ok_or_else(lost)?;
                    let statement = packed.statement.ok_or_else(lost)?;
                    releases.push(Submission { statement, nonce: packed.nonce, body: packed.body });
                }
                Request::Submit { releases }
            }
        };
        tx.commit().await?;
        Ok(Some(request))
    }

    async fn arrived(&self, parcel: &Parcel, lines: &[LineIndex]) -> Result<()> {
        let now = self.now().0;
        let mut tx = self.database().begin("note that a parcel is logged").await?;
        let first = *lines.first().ok_or_else(|| NodeError::Hostile("it logged something at no line".into()))?;
        if let Load::Bundle(bundle) = parcel.load {
            let releases = store::releases::of_bundle(&mut tx, bundle).await?;
            if releases.len() != lines.len() {
                return Err(NodeError::Hostile(format!("{} lines for {} releases", lines.len(), releases.len())));
            }
            for (release, line) in releases.iter().zip(lines) {
                store::releases::set_logged(&mut tx, release.id, *line, now).await?;
            }
        }
        store::outbox::set_logged(&mut tx, parcel.id, first, now).await?;
        tx.commit().await?;
        tracing::info!(line = first, "Logged: {}", parcel.subject);
        Ok(())
    }

    async fn refused(&self, parcel: &Parcel, signed: &SignedRefusal) -> Result<()> {
        let now = self.now().0;
        let SignedRefusal { refusal, statement } = signed;
        let mut tx = self.database().begin("keep a refusal").await?;
        let new =
            NewRefusal { number: refusal.number, sentence: &refusal.sentence, subject: &parcel.subject, statement };
        let id = store::refusals::add(&mut tx, new, now).await?;
        store::outbox::set_refused(&mut tx, parcel.id, id, now).await?;
        if let Load::Bundle(bundle) = parcel.load {
            store::releases::set_refused(&mut tx, bundle, id, now).await?;
        }
        tx.commit().await?;
        tracing::warn!(number = refusal.number, "The hub refuses the {}: {}", parcel.subject, refusal.sentence);
        Ok(())
    }
}
