//! The certificate is renewed at half of its life, and got anew with the logged key when it has ended. Revocation lists are
//! fetched and honoured.

use minicbor::bytes::ByteVec;
use vrs_protocol::wire::{Reply, Request};
use vrs_runtime::tls::{Revocation, Trust, TrustSlot};

use super::Session;
use crate::error::{NodeError, Result};
use crate::node::Node;
use crate::store;

impl Node {
    /// Gets a certificate with the logged key when ours has ended, or is damaged.
    ///
    /// # Errors
    /// See [`NodeError`].
    pub(super) async fn certificate_in_time(&self) -> Result<()> {
        let facts = self.keys().certificate()?.ok_or(NodeError::NotJoined)?;
        if facts.not_after <= self.now().0 { self.enrol_again().await } else { Ok(()) }
    }

    /// Renews the certificate once half of its life is over. Answers whether there is a new one.
    ///
    /// # Errors
    /// See [`NodeError`].
    pub(super) async fn renew_if_due(&self, session: &Session) -> Result<bool> {
        let facts = self.keys().certificate()?.ok_or(NodeError::NotJoined)?;
        let half = facts.not_before + facts.not_after.saturating_sub(facts.not_before) / 2;
        if self.now().0 < half {
            return Ok(false);
        }
        let request = self.keys().certificate_request(self.participant())?;
        let Reply::Certificate { chain } = session.call(&Request::Renew { request }).await? else {
            return Err(NodeError::Hostile("a reply to another question".into()));
        };
        let chain = plain(chain);
        self.check_chain(&chain)?;
        self.keys().keep_chain(&chain)?;
        tracing::info!("The certificate was renewed");
        Ok(true)
    }

    /// Fetches the revocation lists. Answers whether they differ from those the connection was checked against.
    ///
    /// # Errors
    /// See [`NodeError`].
    pub(super) async fn fetch_revocations(&self, session: &Session) -> Result<bool> {
        let Reply::Revocations { lists } = session.call(&Request::Revocations {}).await? else {
            return Err(NodeError::Hostile("a reply to another question".into()));
        };
        let lists = plain(lists);
        let mut tx = self.database().begin("keep the revocation lists").await?;
        if lists.is_empty() || store::link::revocations(&mut tx).await? == lists {
            return Ok(false);
        }
        // A list that does not speak of our own chain would make every certificate count as unknown: it is not kept.
        let root = self.keys().authority()?.ok_or(NodeError::NotJoined)?;
        let trust =
            Trust { roots: vec![root], revocation: Revocation::Lists { lists: lists.clone(), refuse_outdated: false } };
        let own = self.keys().link_identity()?.ok_or(NodeError::NotJoined)?;
        let checked = TrustSlot::new(&trust).and_then(|slot| slot.check_client(&own.chain, self.now().0));
        if let Err(error) = checked {
            tracing::warn!(%error, "The hub's revocation lists cannot be used and are not kept");
            return Ok(false);
        }
        store::link::set_revocations(&mut tx, &lists, self.now().0).await?;
        tx.commit().await?;
        Ok(true)
    }

    fn check_chain(&self, chain: &[Vec<u8>]) -> Result<()> {
        let root = self.keys().authority()?.ok_or(NodeError::NotJoined)?;
        let trust = Trust { roots: vec![root], revocation: Revocation::Unchecked };
        let checked = TrustSlot::new(&trust).and_then(|slot| slot.check_client(chain, self.now().0));
        checked.map_err(|error| NodeError::Hostile(format!("a certificate that is not ours: {error}")))
    }
}

fn plain(items: Vec<ByteVec>) -> Vec<Vec<u8>> {
    items.into_iter().map(Into::into).collect()
}
