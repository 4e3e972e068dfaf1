//! The release desk as it stands: every release with what is known of its way, and exactly what leaves of each.

use std::sync::Arc;

use serde::Serialize;
use vrs_protocol::id::{ParticipantCode, ParticipantId};
use vrs_protocol::region::Region;
use vrs_protocol::release::decode_body;
use vrs_protocol::statement::SigningKey;
use vrs_protocol::table::Table;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::Transaction;

use super::Node;
use super::findings::Made;
use crate::error::{NodeError, Result};
use crate::mirror::View;
use crate::release::preview::{self, Preview};
use crate::release::{Release, State, Terms};
use crate::store;
use crate::store::refusals::KeptRefusal;
use crate::store::releases::{Kept, Packed};

/// A release with what is known of its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReleaseEntry {
    /// The release.
    #[serde(flatten)]
    pub release: Release,
    /// The hub's refusal, word for word.
    pub refused: Option<KeptRefusal>,
    /// While it waits in the outbox: since when, how often it was sent, and why it did not get through.
    pub waiting: Option<store::outbox::ParcelNote>,
    /// Until when it is held at home, and why it revises.
    pub terms: Terms,
}

/// Everything on the desk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Desk {
    /// The releases, newest first.
    pub releases: Vec<ReleaseEntry>,
    /// Tables that stay at home.
    pub kept: Vec<Kept>,
    /// What waits or waited to be sent, the newest of it.
    pub outbox: Vec<store::outbox::ParcelNote>,
}

/// Entries of the outbox that are listed.
const OUTBOX_LISTED: u32 = 200;
/// Refusals that are looked through for a list.
const REFUSALS_LISTED: u32 = 1_000;

impl Node {
    /// How many parcels of the outbox cannot be sent and wait for a person.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn set_aside(&self) -> Result<u64> {
        let mut tx = self.0.database.read("count what is set aside").await?;
        Ok(store::outbox::count_aside(&mut tx).await?)
    }

    /// Everything on the desk, newest first.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn desk(&self) -> Result<Desk> {
        let mut tx = self.0.database.read("list releases").await?;
        let refusals = store::refusals::list(&mut tx, REFUSALS_LISTED).await?;
        let outbox = store::outbox::list(&mut tx, OUTBOX_LISTED).await?;
        // Asked by itself: a parcel that waits since long ago is not among the newest.
        let unsettled = store::outbox::unsettled(&mut tx).await?;
        let terms = store::terms::all(&mut tx).await?;
        let entry = |release: Release| {
            let refused = release.refusal.and_then(|id| refusals.iter().find(|refusal| refusal.id == id).cloned());
            let subject = format!("release {}", release.bundle);
            let waiting = unsettled.iter().find(|parcel| parcel.subject == subject).cloned();
            let terms = terms.get(&release.bundle).cloned().unwrap_or_default();
            ReleaseEntry { waiting, refused, release, terms }
        };
        let releases = store::releases::list(&mut tx).await?.into_iter().map(entry).collect();
        Ok(Desk { releases, kept: store::releases::kept(&mut tx).await?, outbox })
    }

    /// A release and everything that is decided together with it: exactly what leaves, or left.
    ///
    /// # Errors
    /// When there is no such release, or it never got so far that there is something to show.
    pub async fn show_release(&self, id: i64) -> Result<Preview> {
        let (me, view) = (self.me().await?, self.view().await?);
        let mut tx = self.0.database.read("show a release").await?;
        let bundle = find(&mut tx, id).await?.bundle;
        let mut shown = Vec::new();
        for release in store::releases::of_bundle(&mut tx, bundle).await? {
            let Some(packed) = store::releases::packed(&mut tx, release.id).await? else { continue };
            let table = unpack(&packed, release.id)?;
            let form = self.form(&release.form)?;
            let findings = if release.state == State::Prepared {
                self.findings_of(&mut tx, &table, form, &mut Made::default()).await?
            } else {
                Vec::new()
            };
            shown.extend(preview::show(view.region(), me.id, release, &packed.manifest, &table, findings));
        }
        if shown.is_empty() {
            let note = find(&mut tx, id).await?.note.unwrap_or_default();
            return Err(NodeError::Refused(format!(
                "release {id} was never prepared, so there is nothing to show. {note}"
            )));
        }
        let protection = store::protection::of_bundle(&mut tx, bundle).await?;
        let sentences = preview::sentences(view.region(), &shown, &protection);
        Ok(Preview { id: bundle, releases: shown, not_derived: Vec::new(), sentences, protection })
    }

    /// Does something with the identity key on a thread of its own: judging a bundle takes the processor for a while.
    pub(super) async fn with_key<T: Send + 'static>(
        &self,
        view: Arc<View>,
        work: impl FnOnce(&Region, &SigningKey, Timestamp) -> T + Send + 'static,
    ) -> Result<T> {
        let (key, now) = (self.keys().identity()?, self.now());
        let done = tokio::task::spawn_blocking(move || work(view.region(), &key, now)).await;
        done.map_err(|error| NodeError::Defect(error.to_string()))
    }
}

/// A release by its number.
pub(super) async fn find(tx: &mut Transaction, id: i64) -> Result<Release> {
    let release = store::releases::find(tx, id).await?;
    release.ok_or_else(|| NodeError::Missing(format!("release {id}; see: vrs-node release list")))
}

/// The table in a packed body.
pub(super) fn unpack(packed: &Packed, id: i64) -> Result<Table> {
    decode_body(&packed.body)
        .map_err(|error| NodeError::Defect(format!("the stored body of release {id} is damaged: {error}")))
}

/// The participant of a code.
pub(super) fn participant(region: &Region, code: &ParticipantCode) -> Result<ParticipantId> {
    let known = region.participant_by_code(code).map(|participant| participant.id);
    known.ok_or_else(|| {
        let codes = region.codes_of(region.participants().map(|participant| participant.id));
        let codes = codes.iter().map(ParticipantCode::as_str).collect::<Vec<_>>().join(", ");
        NodeError::Refused(format!("{code} is not a participant of this region; there are {codes}"))
    })
}
