//! The region as this node knows it: the mirror, our place in it, the Charter, the audit.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use vrs_console::accounts::Operator;
use vrs_console::acts::{self, Act};
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::charter::Charter;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{LineIndex, ParticipantCode, ParticipantId};
use vrs_protocol::refusal::Reason;
use vrs_protocol::statement::PublicKey;

use super::Node;
use crate::error::{NodeError, Result};
use crate::mirror::View;
use crate::mirror::audit::{Audit, Auditor};
use crate::roles::{Capability, require};
use crate::store;
use crate::store::charters::Acceptance;
use crate::store::ledger::Head;
use crate::store::link::LinkState;
use crate::store::membership::Membership;

/// Lines read from the database at a time.
const LINES_AT_ONCE: u32 = 512;

/// Our place in the region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// Our id.
    pub id: ParticipantId,
    /// Our code.
    pub code: ParticipantCode,
    /// Hash of the genesis line.
    pub exchange: Hash,
    /// Name of the region.
    pub region: String,
    /// The hub's ledger key.
    pub hub_key: PublicKey,
}

/// A Charter, for people and scripts.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct CharterReport {
    /// The line it stands at.
    pub line: LineIndex,
    /// Its rules.
    pub charter: Charter,
    /// Who accepted it here; `None`: nobody yet, and nothing is released.
    pub accepted: Option<Acceptance>,
}

impl Node {
    /// The mirror, with every line that any process of this node has stored.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn view(&self) -> Result<Arc<View>> {
        let mut tx = self.0.database.read("read the mirror").await?;
        let stored = store::ledger::head(&mut tx).await?.size;
        {
            let known = self.0.view.read().await;
            if known.size() >= stored {
                return Ok(known.clone());
            }
        }
        let mut shared = self.0.view.write().await;
        let view = Arc::make_mut(&mut shared);
        while view.size() < stored {
            let lines = store::ledger::lines(&mut tx, view.size(), LINES_AT_ONCE).await?;
            if lines.is_empty() {
                return Err(NodeError::Defect(format!("the mirror lacks line {}", view.size())));
            }
            for line in &lines {
                view.take(line);
            }
        }
        self.set_catalogues(view.region().catalogues());
        Ok(shared.clone())
    }

    /// That our rights rest, in the words of the rule, if the ledger says so as far as we have it.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn suspended(&self) -> Result<Option<Reason>> {
        let (me, view) = (self.me().await?, self.view().await?);
        Ok(view.region().active(me.id).err().filter(|reason| matches!(reason, Reason::Suspended(_))))
    }

    /// Waits for the turn to exchange with the hub: one round at a time in this process.
    pub(crate) async fn exchanging(&self) -> tokio::sync::MutexGuard<'_, ()> {
        self.0.exchange.lock().await
    }

    /// Waits until something new lies in the outbox.
    pub(crate) async fn rung(&self) {
        self.0.bell.notified().await;
    }

    /// Shares a view that was stored with everybody in this process.
    pub(crate) async fn share_view(&self, view: Arc<View>) {
        let mut shared = self.0.view.write().await;
        if view.size() > shared.size() {
            self.set_catalogues(view.region().catalogues());
            *shared = view;
        }
    }

    /// Takes what was erased out of the database's log too, if that was not done yet; `erased` says that something was
    /// erased just now. A reader may be in the way, so this is asked in every round.
    pub(crate) async fn cut_log(&self, erased: bool) {
        if erased {
            self.0.log_to_cut.store(true, Ordering::Relaxed);
        }
        if !self.0.log_to_cut.load(Ordering::Relaxed) {
            return;
        }
        match self.0.database.forget_deleted().await {
            Ok(done) => self.0.log_to_cut.store(!done, Ordering::Relaxed),
            Err(error) => {
                tracing::warn!(%error, "What was erased may still be in the database's log; the next round tries again")
            }
        }
    }

    /// How far the mirror has come and whether the hub is believed.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn head(&self) -> Result<Head> {
        let mut tx = self.0.database.read("read the mirror's head").await?;
        Ok(store::ledger::head(&mut tx).await?)
    }

    /// Believes the hub again after a contradiction that persons have cleared up. A hub that still contradicts our lines is
    /// found out at the next round.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn believe_again(&self) -> Result<()> {
        let mut tx = self.0.database.begin("believe the hub again").await?;
        store::ledger::settle(&mut tx).await?;
        acts::record(&mut tx, Act::new("hub-believed-again", "hub"), self.now().0).await?;
        tx.commit().await?;
        tracing::warn!("The hub is believed again by decision of an operator");
        Ok(())
    }

    /// How the link to the hub is.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn link_state(&self) -> Result<LinkState> {
        let mut tx = self.0.database.read("read the state of the link").await?;
        Ok(store::link::state(&mut tx).await?)
    }

    /// The region this node belongs to.
    ///
    /// # Errors
    /// [`NodeError::NotJoined`].
    pub async fn membership(&self) -> Result<Membership> {
        let mut tx = self.0.database.read("find the region").await?;
        store::membership::find(&mut tx).await?.ok_or(NodeError::NotJoined)
    }

    /// Our place in the region, from the genesis line we were given when we joined.
    ///
    /// # Errors
    /// [`NodeError::NotJoined`].
    pub async fn me(&self) -> Result<Me> {
        let membership = self.membership().await?;
        let first = View::of(Catalogue::bundled(), [membership.genesis.as_slice()]);
        let genesis =
            first.region().genesis().ok_or_else(|| NodeError::Defect("the stored genesis line is none".into()))?;
        Ok(Me {
            id: membership.participant,
            code: self.participant().clone(),
            exchange: membership.exchange(),
            region: genesis.region.clone(),
            hub_key: genesis.hub_key,
        })
    }

    /// Goes on only while the hub is believed.
    ///
    /// # Errors
    /// [`NodeError::Broken`], with the evidence.
    pub(crate) async fn require_trust(&self) -> Result<()> {
        match self.head().await?.broken {
            None => Ok(()),
            Some(broken) => {
                let sentence = format!(
                    "{} Nothing is sent or read until this is cleared up; the proof is in {}",
                    broken.sentence, broken.evidence
                );
                Err(NodeError::Broken(sentence))
            }
        }
    }

    /// The Charter in force.
    ///
    /// # Errors
    /// When there is none in the mirror yet.
    pub async fn charter(&self) -> Result<CharterReport> {
        let view = self.view().await?;
        let (line, charter) = view
            .region()
            .charter()
            .ok_or_else(|| NodeError::Refused("no Charter is known yet; run: vrs-node sync".into()))?;
        let mut tx = self.0.database.read("find the acceptance").await?;
        Ok(CharterReport { line, charter: charter.clone(), accepted: store::charters::find(&mut tx, line).await? })
    }

    /// A person accepts the Charter in force; from then on releases are possible under it.
    ///
    /// # Errors
    /// When there is none, or the person may not.
    pub async fn accept_charter(&self, who: &Operator) -> Result<CharterReport> {
        require(who, Capability::AcceptCharter.roles(), "accept the Charter")?;
        let CharterReport { line, .. } = self.charter().await?;
        let mut tx = self.0.database.begin("accept the Charter").await?;
        let acceptance = Acceptance { line, by: who.name.clone(), at: self.now() };
        store::charters::accept(&mut tx, &acceptance).await?;
        let act = Act::new("charter-accepted", format!("Charter of line {line}")).by(&who.name);
        acts::record(&mut tx, act, self.now().0).await?;
        tx.commit().await?;
        tracing::info!(charter.line = line, account = %who.name, "Charter accepted");
        self.charter().await
    }

    /// The whole ledger once more, from the stored bytes.
    ///
    /// # Errors
    /// While it is judged for somebody else: each time takes a connection for as long as it lasts.
    pub async fn audit(&self, mut progress: impl FnMut(u64, u64) + Send) -> Result<Audit> {
        let _one_at_a_time = self.0.auditing.try_lock().map_err(|_| {
            NodeError::Refused("the ledger is being judged for somebody already; try again in a minute".into())
        })?;
        let mut tx = self.0.database.read("audit the ledger").await?;
        let Head { size, checkpoint, .. } = store::ledger::head(&mut tx).await?;
        let mut auditor = Auditor::new(Catalogue::bundled());
        let mut read = 0;
        while read < size {
            let lines = store::ledger::lines(&mut tx, read, LINES_AT_ONCE).await?;
            if lines.is_empty() {
                return Err(NodeError::Defect(format!("the mirror lacks line {read}")));
            }
            read += lines.len() as u64;
            // Judging takes the processor for a while; other work of this process goes on beside it.
            auditor = tokio::task::spawn_blocking(move || {
                lines.iter().for_each(|line| auditor.take(line));
                auditor
            })
            .await
            .map_err(|error| NodeError::Defect(error.to_string()))?;
            progress(read, size);
        }
        Ok(auditor.finish(checkpoint.as_ref()))
    }
}
