//! The rounds of exchange with the hub, and the loop that keeps the link while the node runs.
//!
//! The rule it keeps: an outage stops nothing at home. What waits is kept with the instant since when; tries go on for
//! ever, and never all nodes in the same second.

use serde::Serialize;
use vrs_runtime::database::DatabaseError;
use vrs_runtime::random;
use vrs_runtime::shutdown::Shutdown;

use super::Session;
use super::backoff::Backoff;
use crate::error::{NodeError, Result};
use crate::node::Node;
use crate::store;

/// How often a running node looks whether another process of it has put something into the outbox.
const LOOK_SECS: u64 = 1;
/// How often it asks for the checkpoint when the hub says nothing by itself, and looks at the certificate.
const ASK_SECS: u64 = 60;
/// How often it fetches the revocation lists.
const REVOCATION_SECS: u64 = 600;
/// How often a node that belongs to no region looks whether another process has joined one.
const JOINED_SECS: u64 = 5;

/// What a round of exchange did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct SyncReport {
    /// Size of the ledger now.
    pub size: u64,
    /// New lines.
    pub lines: u64,
    /// Parcels of the outbox that were logged.
    pub logged: usize,
    /// Parcels the hub refused.
    pub refused: usize,
    /// Parcels that still wait.
    pub waiting: u64,
    /// Bodies that were read.
    pub bodies: usize,
    /// Sums of blocks that were read.
    pub sums: usize,
    /// Bodies and sums of blocks that were erased because the right to them has ended.
    pub erased: usize,
    /// Things found wrong, and objected to.
    pub flaws: usize,
    /// Our rights rest: we mirror and erase, and everything else waits.
    pub suspended: bool,
}

impl Node {
    /// One whole round with the hub, on a connection of its own: lines, outbox, what may be read.
    ///
    /// # Errors
    /// [`NodeError::Unreachable`] in bad weather; nothing is lost then.
    pub async fn sync(&self) -> Result<SyncReport> {
        let done = async {
            self.sign_what_is_approved().await?;
            self.certificate_in_time().await?;
            let session = self.connect().await?;
            let report = self.round(&session).await;
            if report.as_ref().is_ok_and(|report| !report.suspended) {
                let _ = self
                    .fetch_revocations(&session)
                    .await
                    .inspect_err(|error| tracing::warn!(%error, "No revocation list"));
            }
            session.close("synchronised").await;
            report
        }
        .await;
        self.note_weather(done.as_ref().err()).await?;
        done
    }

    /// One whole round on a connection.
    ///
    /// # Errors
    /// See [`NodeError`].
    pub(crate) async fn round(&self, session: &Session) -> Result<SyncReport> {
        let _one_at_a_time = self.exchanging().await;
        let mut report = SyncReport::default();
        // Twice at most: what is read or found wrong in the first pass puts erasures and objections into the outbox.
        for _ in 0..2 {
            let brought = self.mirror(session).await?;
            report.lines += brought.lines;
            report.flaws += brought.flaws;
            report.erased += brought.erased;
            let sent = self.deliver(session).await?;
            report.logged += sent.logged;
            report.refused += sent.refused;
            if sent.logged > 0 {
                report.lines += self.mirror(session).await?.lines;
            }
            let fetched = self.fetch_readable(session).await?;
            report.bodies += fetched.bodies;
            report.sums += fetched.sums;
            report.flaws += fetched.flawed;
            if self.sendable().await?.is_empty() {
                break;
            }
        }
        report.suspended = self.suspended().await?.is_some();
        report.waiting = self.waiting().await?;
        report.size = self.view().await?.size();
        Ok(report)
    }

    async fn waiting(&self) -> Result<u64> {
        let mut tx = self.database().read("count the outbox").await?;
        Ok(store::outbox::count_waiting(&mut tx, self.now().0).await?.0)
    }

    /// Keeps since when the hub has not been reached, for every process of this node; and, where that cannot be written, since
    /// when nothing can, for this one.
    async fn note_weather(&self, error: Option<&NodeError>) -> Result<()> {
        let kept = self.keep_weather(error).await;
        let unavailable = |error: &NodeError| matches!(error, NodeError::Database(DatabaseError::Unavailable { .. }));
        if error.is_some_and(unavailable) || kept.as_ref().is_err_and(unavailable) {
            self.set_unwritten(true);
        } else if error.is_none() && kept.is_ok() {
            self.set_unwritten(false);
        }
        kept
    }

    async fn keep_weather(&self, error: Option<&NodeError>) -> Result<()> {
        // Without a region there is no hub and no weather.
        if matches!(error, Some(NodeError::NotJoined)) {
            return Ok(());
        }
        let mut tx = self.database().begin("note the weather").await?;
        match error {
            None => store::link::reached(&mut tx, self.now().0).await?,
            Some(error) => store::link::trouble(&mut tx, &error.to_string(), self.now().0).await?,
        }
        tx.commit().await?;
        Ok(())
    }

    /// Keeps the link until the node stops.
    pub async fn keep_link(&self, shutdown: Shutdown) {
        // Whatever an earlier process erased shortly before its end, also while the hub cannot be reached.
        self.cut_log(false).await;
        let mut backoff = Backoff::default();
        let mut said: Option<String> = None;
        let mut told_of_joining = false;
        while !shutdown.has_begun() {
            let ended = tokio::select! {
                ended = self.one_session(&shutdown, &mut backoff, &mut said) => ended,
                () = shutdown.wait() => return,
            };
            let pause = match ended {
                Ok(()) => 0,
                Err(NodeError::NotJoined) => {
                    if !std::mem::replace(&mut told_of_joining, true) {
                        tracing::info!(
                            "This node belongs to no region yet; the link begins as soon as one is joined: vrs-node join INVITE"
                        );
                    }
                    JOINED_SECS
                }
                Err(error) => {
                    if let Err(failed) = self.note_weather(Some(&error)).await {
                        tracing::error!(error = %failed, "The state of the link could not be kept");
                    }
                    // One log line for one trouble, however long it lasts.
                    let sentence = error.to_string();
                    if said.as_ref() != Some(&sentence) {
                        tracing::warn!("The link is down; trying again for as long as it takes: {sentence}");
                        said = Some(sentence);
                    }
                    backoff.next_secs(u64::from_be_bytes(random::bytes()))
                }
            };
            tokio::select! {
                () = self.clock().wait(pause) => {}
                () = shutdown.wait() => return,
            }
        }
    }

    /// One connection, from its beginning to its end. `Ok` asks for another one at once.
    async fn one_session(&self, shutdown: &Shutdown, backoff: &mut Backoff, said: &mut Option<String>) -> Result<()> {
        self.membership().await?;
        self.sign_what_is_approved().await?;
        self.certificate_in_time().await?;
        let session = self.connect().await?;
        let mut suspended = self.round(&session).await?.suspended;
        self.note_weather(None).await?;
        backoff.reset();
        if said.take().is_some() {
            tracing::info!("The hub is reached again");
        }
        if let Some(reason) = self.suspended().await? {
            tracing::warn!(
                "{reason}. Talk to the hub's operator; what must be erased is erased, and what waits goes on waiting"
            );
        } else if self.renew_if_due(&session).await? || self.fetch_revocations(&session).await? {
            session.close("coming back with a new certificate or list").await;
            return Ok(());
        }
        let (mut asked, mut fetched) = (self.now().0, self.now().0);
        loop {
            let grown = tokio::select! {
                growth = session.growth() => match growth {
                    Some(size) => size > self.view().await?.size(),
                    None => return Err(NodeError::Unreachable("the hub ended the connection".into())),
                },
                () = self.rung() => true,
                () = self.clock().wait(LOOK_SECS) => false,
                () = shutdown.wait() => {
                    session.close("stopping").await;
                    return Ok(());
                }
            };
            let now = self.now().0;
            let due = now.saturating_sub(asked) >= ASK_SECS;
            if grown || due || !self.sendable().await?.is_empty() {
                suspended = self.round(&session).await?.suspended;
                self.note_weather(None).await?;
                asked = now;
            }
            if suspended {
                continue;
            }
            if due && self.renew_if_due(&session).await? {
                session.close("coming back with a new certificate").await;
                return Ok(());
            }
            if now.saturating_sub(fetched) >= REVOCATION_SECS {
                fetched = now;
                if self.fetch_revocations(&session).await? {
                    session.close("coming back under a new revocation list").await;
                    return Ok(());
                }
            }
        }
    }
}
