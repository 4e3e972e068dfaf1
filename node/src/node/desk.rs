//! The release desk: prepare, approve, list, show, withdraw, extend.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use vrs_console::accounts;
use vrs_protocol::audience::{Audience, AudienceChoice};
use vrs_protocol::blocks::TableId;
use vrs_protocol::check::Severity;
use vrs_protocol::codec;
use vrs_protocol::id::{FormCode, LineIndex, ParticipantCode, ParticipantId, TopicCode};
use vrs_protocol::ledger::{Extension, Line, LineKind};
use vrs_protocol::period::Period;
use vrs_protocol::region::Region;
use vrs_protocol::release::{Draft, Nonce, Operator, Withdrawal, WithdrawalReason, decode_body};
use vrs_protocol::statement::{Header, SigningKey, Statement};
use vrs_protocol::table::Table;
use vrs_runtime::database::Transaction;
use vrs_runtime::random;

use super::figures::national_in;
use super::{Me, Node};
use crate::error::{NodeError, Result};
use crate::mirror::View;
use crate::release::approve::{self, ApproveRefusal};
use crate::release::prepare::{self, Chosen, PrepareRefusal, Prepared, Situation};
use crate::release::preview::{self, NotDerived, Preview};
use crate::release::{Ended, Origin, Release, State};
use crate::roles::{Role, require};
use crate::store;
use crate::store::outbox::Load;
use crate::store::refusals::KeptRefusal;
use crate::store::releases::{Kept, NewDraft, Packed};

/// What somebody wants to release.
#[derive(Debug, Clone)]
pub struct PrepareRequest {
    /// Forms and periods that are decided together.
    pub tables: Vec<TableId>,
    /// Who may get them.
    pub audience: AudienceChoice,
    /// Whether longer periods that become complete are derived.
    pub derive: bool,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum PrepareOutcome {
    /// The decision to keep the tables at home was recorded.
    Kept(Vec<Kept>),
    /// The bytes are fixed and wait for a second person.
    Prepared(Preview),
}

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

/// What a withdrawal did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum WithdrawOutcome {
    /// It had not left; nobody outside has seen it.
    LetGo(Vec<i64>),
    /// The withdrawal is signed and waits in the outbox.
    Signed {
        /// Number of the release.
        release: i64,
        /// Who has read it already; they are asked to erase it.
        read_by: Vec<ParticipantCode>,
    },
}

/// Entries of the outbox that are listed.
const OUTBOX_LISTED: u32 = 200;
/// Refusals that are looked through for a list.
const REFUSALS_LISTED: u32 = 1_000;

impl Node {
    /// Prepares tables for release, together with everything that must go along, and shows exactly what would leave.
    ///
    /// # Errors
    /// [`NodeError::Rule`] when the rules say no; the attempt is kept with the reason.
    pub async fn prepare(&self, request: &PrepareRequest, who: &accounts::Operator) -> Result<PrepareOutcome> {
        require(who, &[Role::FocalPoint], "prepare releases")?;
        if request.tables.is_empty() {
            return Err(NodeError::Usage("name at least one form and period".into()));
        }
        if request.audience == AudienceChoice::Keep {
            return self.keep(request, who).await;
        }
        self.require_trust().await?;
        let (me, view) = (self.me().await?, self.view().await?);
        let region = view.region();
        require_admitted(region, &me)?;
        self.require_accepted_charter(region).await?;
        let audience = resolve(region, &me, &request.audience)?;

        let mut tx = self.0.database.read("prepare a release").await?;
        let mut chosen = Vec::new();
        for (form, period) in &request.tables {
            let form = self.form(form)?;
            require_free(&mut tx, &form.code, *period).await?;
            let table = national_in(&mut tx, form, *period).await?.table;
            let found = self.findings_of(&mut tx, &table, form).await?;
            if let Some(error) = found.iter().find(|finding| finding.severity == Severity::Error) {
                let place = error.cell.as_ref().map(|cell| format!(" at {cell}")).unwrap_or_default();
                return Err(NodeError::Refused(format!(
                    "{} for {period}{place} cannot be right and is not released: {} See: vrs-node findings {0} {period}",
                    form.code, error.sentence
                )));
            }
            chosen.push(Chosen { table, audience: audience.clone() });
        }
        let released = self.released_tables(&mut tx, region, &me, &request.tables).await?;
        drop(tx);

        let prepared_by = Operator(who.name.clone());
        let derive = request.derive;
        let prepared = self
            .with_key(view.clone(), move |region, key, now| {
                let situation =
                    Situation { region, me: me.id, key, released: &released, prepared_by: &prepared_by, now, derive };
                prepare::prepare(&situation, chosen, || Nonce(random::bytes()))
            })
            .await?;
        match prepared {
            Ok(prepared) => {
                self.keep_prepared(request, prepared, who, view.region()).await.map(PrepareOutcome::Prepared)
            }
            Err(refusal) => Err(self.keep_refused(request, refusal, who).await?),
        }
    }

    async fn keep(&self, request: &PrepareRequest, who: &accounts::Operator) -> Result<PrepareOutcome> {
        let mut tx = self.0.database.begin("keep tables at home").await?;
        let (by, now) = (Operator(who.name.clone()), self.now());
        let mut kept = Vec::new();
        for (form, period) in &request.tables {
            let form = self.form(form)?;
            national_in(&mut tx, form, *period).await?;
            store::releases::add_keep(&mut tx, &form.code, *period, &by, now.0).await?;
            let released = store::releases::open_of(&mut tx, &form.code, *period).await?;
            kept.push(Kept { form: form.code.clone(), period: *period, by: by.0.clone(), at: now, released });
        }
        tx.commit().await?;
        tracing::info!(tables = kept.len(), account = %who.name, "Tables are kept at home");
        Ok(PrepareOutcome::Kept(kept))
    }

    /// The accepted Charter is the one in force, or nothing is released.
    async fn require_accepted_charter(&self, region: &Region) -> Result<()> {
        let (line, charter) =
            region.charter().ok_or_else(|| NodeError::Refused("no Charter is known yet; run: vrs-node sync".into()))?;
        let mut tx = self.0.database.read("find the acceptance").await?;
        if store::charters::find(&mut tx, line).await?.is_some() {
            return Ok(());
        }
        Err(NodeError::Refused(format!(
            "the Charter {:?} of line {line} is in force and nobody here has accepted it; read it with 'charter show' and accept it with 'charter accept --as ACCOUNT'",
            charter.title
        )))
    }

    /// Our released tables of the topics and years concerned, by line.
    async fn released_tables(
        &self,
        tx: &mut Transaction,
        region: &Region,
        me: &Me,
        concerned: &[TableId],
    ) -> Result<BTreeMap<LineIndex, Table>> {
        let years: Vec<(TopicCode, u16)> =
            concerned.iter().filter_map(|(form, period)| region.year_of_topic(form, *period)).collect();
        let mut tables = BTreeMap::new();
        for year in &years {
            for release in region.releases_in(me.id, year).filter(|release| release.is_current()) {
                let Some(known) = store::releases::by_statement(tx, release.id).await? else { continue };
                let Some(packed) = store::releases::packed(tx, known.id).await? else { continue };
                tables.insert(release.index, unpack(&packed, known.id)?);
            }
        }
        Ok(tables)
    }

    async fn keep_prepared(
        &self,
        request: &PrepareRequest,
        prepared: Prepared,
        who: &accounts::Operator,
        region: &Region,
    ) -> Result<Preview> {
        let now = self.now().0;
        let mut tx = self.0.database.begin("prepare a release").await?;
        let mut bundle = None;
        for release in &prepared.releases {
            let manifest = release.draft.manifest();
            require_free(&mut tx, &manifest.form, manifest.period).await?;
            let new = NewDraft {
                form: manifest.form.clone(),
                period: manifest.period,
                audience: choice(region, &manifest.audience, &request.audience),
                origin: release.origin,
                prepared_by: release.draft.prepared_by().clone(),
            };
            let id = store::releases::add_draft(&mut tx, &new, bundle, now).await?;
            bundle = bundle.or(Some(id));
            store::releases::set_prepared(&mut tx, id, manifest, release.draft.nonce(), release.draft.body()).await?;
        }
        let bundle = bundle.ok_or_else(|| NodeError::Defect("nothing was prepared".into()))?;
        tx.commit().await?;
        tracing::info!(release.id = bundle, releases = prepared.releases.len(), account = %who.name, "Release prepared");
        let mut preview = self.show_release(bundle).await?;
        preview.not_derived = prepared
            .not_derived
            .into_iter()
            .map(|(form, period, reason)| NotDerived { form, period, reason })
            .collect();
        Ok(preview)
    }

    /// An attempt that the rules do not allow stays on the desk with its reason.
    async fn keep_refused(
        &self,
        request: &PrepareRequest,
        refusal: PrepareRefusal,
        who: &accounts::Operator,
    ) -> Result<NodeError> {
        let PrepareRefusal::Rule { reason, .. } = &refusal else {
            return Ok(match refusal {
                PrepareRefusal::Defect(cause) => NodeError::Defect(cause),
                other => NodeError::Refused(other.to_string()),
            });
        };
        let now = self.now().0;
        let mut tx = self.0.database.begin("keep a refused attempt").await?;
        let mut bundle = None;
        for (form, period) in &request.tables {
            let new = NewDraft {
                form: form.clone(),
                period: *period,
                audience: request.audience.clone(),
                origin: Origin::Chosen,
                prepared_by: Operator(who.name.clone()),
            };
            let id = store::releases::add_draft(&mut tx, &new, bundle, now).await?;
            bundle = bundle.or(Some(id));
            let ended = Ended { state: State::Refused, by: None, note: Some(refusal.to_string()) };
            store::releases::set_ended(&mut tx, id, &ended, now).await?;
        }
        tx.commit().await?;
        tracing::info!(number = reason.number(), account = %who.name, "A release was refused by the rules: {reason}");
        Ok(NodeError::Rule(reason.clone()))
    }

    /// A second person approves what was prepared; the node signs it and puts it into the outbox.
    ///
    /// # Errors
    /// When the person prepared it, or the ledger has moved since.
    pub async fn approve(&self, id: i64, who: &accounts::Operator) -> Result<Vec<Release>> {
        require(who, &[Role::Approver], "approve releases")?;
        self.require_trust().await?;
        let (by, view) = (Operator(who.name.clone()), self.view().await?);
        let mut tx = self.0.database.read("read what is to be approved").await?;
        let bundle = find(&mut tx, id).await?.bundle;
        let releases = store::releases::of_bundle(&mut tx, bundle).await?;
        require_prepared(&releases)?;
        let mut drafts = Vec::new();
        for release in &releases {
            drafts.push(resume(&mut tx, release).await?);
        }
        drop(tx);
        if let Some(own) = drafts.iter().find(|draft| *draft.prepared_by() == by) {
            let error = own.clone().approve(&by, self.now()).err().map_or_else(String::new, |error| error.to_string());
            return Err(NodeError::NotAllowed(error));
        }
        self.with_key(view, move |region, key, now| approve::still_fits(region, &drafts, key, now))
            .await?
            .map_err(refused)?;

        let now = self.now().0;
        let mut tx = self.0.database.begin("approve a release").await?;
        // Nobody else writes from here on; until here, another approver may have been faster.
        require_prepared(&store::releases::of_bundle(&mut tx, bundle).await?)?;
        for release in &releases {
            store::releases::set_approved(&mut tx, release.id, &by, now).await?;
        }
        tx.commit().await?;
        tracing::info!(release.id = bundle, releases = releases.len(), account = %who.name, "Release approved");
        let signed = self.sign_bundle(bundle).await?;
        if let Some(ended) = signed.iter().find(|release| !release.state.is_open()) {
            let note = ended.note.clone().unwrap_or_default();
            let sentence = format!("release {} is {} meanwhile and was not signed: {note}", ended.id, ended.state);
            return Err(NodeError::Refused(sentence));
        }
        Ok(signed)
    }

    /// Signs an approved bundle and puts it into the outbox, in one step. A bundle is signed whole or not at all: between
    /// the approval and here somebody may have let it go, and then nothing happens. The answer says how it stands.
    pub(crate) async fn sign_bundle(&self, bundle: i64) -> Result<Vec<Release>> {
        let (me, key, now) = (self.me().await?, self.keys().identity()?, self.now());
        let mut tx = self.0.database.begin("sign a release").await?;
        for release in store::releases::of_bundle(&mut tx, bundle).await? {
            let (State::Approved, Some(by)) = (release.state, &release.approved_by) else { continue };
            let draft = resume(&mut tx, &release).await?;
            let at = release.approved_at.unwrap_or(now);
            let signed = approve::sign(draft, by, at, me.exchange, me.code.as_str(), &key).map_err(refused)?;
            let id = signed.statement.id();
            store::releases::set_signed(&mut tx, release.id, signed.statement.bytes(), id, now.0).await?;
        }
        let releases = store::releases::of_bundle(&mut tx, bundle).await?;
        // Without its bytes in every place a parcel can never be packed, and would hold up all that follows it.
        if releases.iter().any(|release| release.state != State::Signed) {
            return Ok(releases);
        }
        let subject = format!("release {bundle}");
        if !store::outbox::has(&mut tx, &subject).await? {
            store::outbox::add(&mut tx, &subject, &Load::Bundle(bundle), now.0).await?;
        }
        tx.commit().await?;
        tracing::info!(release.id = bundle, "Release signed; it waits in the outbox");
        self.0.bell.notify_one();
        Ok(releases)
    }

    /// Goes on with what was approved and not yet signed when the node stopped.
    pub(crate) async fn sign_what_is_approved(&self) -> Result<()> {
        let mut tx = self.0.database.read("find approved releases").await?;
        let approved = store::releases::in_state(&mut tx, State::Approved).await?;
        drop(tx);
        let mut bundles: Vec<i64> = approved.into_iter().map(|release| release.bundle).collect();
        bundles.dedup();
        for bundle in bundles {
            self.sign_bundle(bundle).await?;
        }
        Ok(())
    }

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
        let entry = |release: Release| {
            let refused = release.refusal.and_then(|id| refusals.iter().find(|refusal| refusal.id == id).cloned());
            let subject = format!("release {}", release.bundle);
            let waiting = unsettled.iter().find(|parcel| parcel.subject == subject).cloned();
            ReleaseEntry { waiting, refused, release }
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
                self.findings_of(&mut tx, &table, form).await?
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
        let sentences = preview::sentences(view.region(), &shown);
        Ok(Preview { id: bundle, releases: shown, not_derived: Vec::new(), sentences })
    }

    /// Takes a release back: lets it go where it has not left, else signs a withdrawal.
    ///
    /// # Errors
    /// When it has ended already, or is just on its way.
    pub async fn withdraw(
        &self,
        id: i64,
        reason: WithdrawalReason,
        who: &accounts::Operator,
    ) -> Result<WithdrawOutcome> {
        let mut tx = self.0.database.begin("withdraw a release").await?;
        let release = find(&mut tx, id).await?;
        // Before anybody has approved it, it is the preparer's own work.
        let own_draft = matches!(release.state, State::Draft | State::Prepared) && release.prepared_by.0 == who.name;
        let roles: &[Role] = if own_draft { &[Role::FocalPoint, Role::Approver] } else { &[Role::Approver] };
        require(who, roles, "withdraw releases")?;
        let on_its_way =
            || NodeError::Refused(format!("release {id} is on its way to the hub; withdraw it when it is logged"));
        match release.state {
            State::Draft | State::Prepared | State::Approved => {}
            State::Signed if store::outbox::cancel_bundle(&mut tx, release.bundle, self.now().0).await? => {}
            State::Signed | State::Sent => return Err(on_its_way()),
            State::Logged | State::Final => {
                drop(tx);
                return self.sign_withdrawal(&release, reason, who).await;
            }
            State::Replaced | State::Withdrawn | State::Refused => {
                return Err(NodeError::Refused(format!("release {id} is {} already", release.state)));
            }
        }
        let mut let_go = Vec::new();
        for release in store::releases::of_bundle(&mut tx, release.bundle).await? {
            let note = format!("let go by {} before it left", who.name);
            let ended = Ended { state: State::Withdrawn, by: None, note: Some(note) };
            store::releases::set_ended(&mut tx, release.id, &ended, self.now().0).await?;
            let_go.push(release.id);
        }
        tx.commit().await?;
        tracing::info!(release.id = id, account = %who.name, "Release let go before it left");
        Ok(WithdrawOutcome::LetGo(let_go))
    }

    async fn sign_withdrawal(
        &self,
        release: &Release,
        reason: WithdrawalReason,
        who: &accounts::Operator,
    ) -> Result<WithdrawOutcome> {
        self.require_trust().await?;
        let (me, view) = (self.me().await?, self.view().await?);
        let id = release
            .statement_id
            .ok_or_else(|| NodeError::Defect(format!("release {} is logged and has no statement", release.id)))?;
        let withdrawal = Withdrawal { version: 1, participant: me.id, release: id, reason };
        let statement =
            self.declare(&me, view.region(), LineKind::Withdrawal, &withdrawal, &format!("release {}", release.id))?;
        self.put_into_outbox(&format!("withdrawal {}", release.id), LineKind::Withdrawal, statement).await?;
        tracing::info!(release.id = release.id, account = %who.name, "Withdrawal signed; it waits in the outbox");
        let region = view.region();
        let line = region.release_by_id(&id).map(|logged| logged.index);
        let readers =
            line.into_iter().flat_map(|line| region.readers_of(line)).filter(|(_, holding)| holding.erased.is_none());
        Ok(WithdrawOutcome::Signed { release: release.id, read_by: region.codes_of(readers.map(|(reader, _)| reader)) })
    }

    /// Opens releases to contributors to participants that were admitted after them.
    ///
    /// # Errors
    /// When a release is not open and current, or a named participant is unknown.
    pub async fn extend(&self, ids: &[i64], to: &[ParticipantCode], who: &accounts::Operator) -> Result<()> {
        require(who, &[Role::Approver], "open releases to newcomers")?;
        self.require_trust().await?;
        let (me, view) = (self.me().await?, self.view().await?);
        let mut tx = self.0.database.read("read releases").await?;
        let mut releases = Vec::new();
        for id in ids {
            let release = find(&mut tx, *id).await?;
            releases.push(release.statement_id.filter(|_| release.state.stands()).ok_or_else(|| {
                NodeError::Refused(format!("release {id} is {} and cannot be opened to newcomers", release.state))
            })?);
        }
        drop(tx);
        let mut to: Vec<ParticipantId> =
            to.iter().map(|code| participant(view.region(), code)).collect::<Result<_>>()?;
        releases.sort();
        to.sort();
        let extension = Extension { participant: me.id, releases, to };
        let numbers = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let statement =
            self.declare(&me, view.region(), LineKind::Extension, &extension, &format!("releases {numbers}"))?;
        let subject = format!("extension of {numbers} at {}", self.now());
        self.put_into_outbox(&subject, LineKind::Extension, statement).await?;
        tracing::info!(releases = %numbers, account = %who.name, "Extension signed; it waits in the outbox");
        Ok(())
    }

    /// Signs a statement without a body, after trying whether it could be logged now.
    pub(super) fn declare<T: minicbor::Encode<()>>(
        &self,
        me: &Me,
        region: &Region,
        kind: LineKind,
        payload: &T,
        subject: &str,
    ) -> Result<Vec<u8>> {
        let key = self.keys().identity()?;
        let statement = sign_declaration(me, &key, kind, payload, subject, self.now())?;
        let line = Line::new(kind, self.now().max(region.time()), Some(me.id), statement.clone());
        region.judge(line)?;
        Ok(statement)
    }

    async fn put_into_outbox(&self, subject: &str, kind: LineKind, statement: Vec<u8>) -> Result<()> {
        let mut tx = self.0.database.begin("put a statement into the outbox").await?;
        if store::outbox::has(&mut tx, subject).await? {
            return Err(NodeError::Refused(format!("the {subject} is signed already and on its way")));
        }
        store::outbox::add(&mut tx, subject, &Load::Statement(kind, statement), self.now().0).await?;
        tx.commit().await?;
        self.0.bell.notify_one();
        Ok(())
    }

    /// Does something with the identity key on a thread of its own: judging a bundle takes the processor for a while.
    async fn with_key<T: Send + 'static>(
        &self,
        view: Arc<View>,
        work: impl FnOnce(&Region, &SigningKey, vrs_protocol::time::Timestamp) -> T + Send + 'static,
    ) -> Result<T> {
        let (key, now) = (self.keys().identity()?, self.now());
        let done = tokio::task::spawn_blocking(move || work(view.region(), &key, now)).await;
        done.map_err(|error| NodeError::Defect(error.to_string()))
    }
}

/// Signs a statement without a body. Its time makes each one different, so that a later one with the same content is not
/// taken for the earlier.
pub(crate) fn sign_declaration<T: minicbor::Encode<()>>(
    me: &Me,
    key: &SigningKey,
    kind: LineKind,
    payload: &T,
    subject: &str,
    now: vrs_protocol::time::Timestamp,
) -> Result<Vec<u8>> {
    let header = Header {
        content_type: kind.content_type(),
        exchange: me.exchange,
        issuer: me.code.to_string(),
        subject: subject.chars().take(200).collect(),
        issued_at: Some(now),
    };
    let signed = Statement::sign(header, &codec::to_bytes(payload), key);
    signed.map(Statement::into_bytes).map_err(|error| NodeError::Defect(error.to_string()))
}

/// Goes on if all of a bundle waits for approval; else says how it stands and who was faster.
fn require_prepared(releases: &[Release]) -> Result<()> {
    let Some(other) = releases.iter().find(|release| release.state != State::Prepared) else { return Ok(()) };
    let by = other.approved_by.as_ref().map_or_else(String::new, |by| format!(", approved by {}", by.0));
    let note = other.note.as_ref().map_or_else(String::new, |note| format!(" ({note})"));
    let sentence = format!("release {} is {}{by}{note}, and does not wait for approval", other.id, other.state);
    Err(NodeError::Refused(sentence))
}

fn refused(refusal: ApproveRefusal) -> NodeError {
    match refusal {
        ApproveRefusal::OwnDraft(error) => NodeError::NotAllowed(error.to_string()),
        ApproveRefusal::Defect(cause) => NodeError::Defect(cause),
        moved @ ApproveRefusal::Moved(_) => NodeError::Refused(moved.to_string()),
    }
}

async fn find(tx: &mut Transaction, id: i64) -> Result<Release> {
    let release = store::releases::find(tx, id).await?;
    release.ok_or_else(|| NodeError::Missing(format!("release {id}; see: vrs-node release list")))
}

async fn resume(tx: &mut Transaction, release: &Release) -> Result<Draft> {
    let packed = store::releases::packed(tx, release.id).await?;
    let draft = packed.and_then(|Packed { manifest, nonce, body, .. }| {
        Draft::resume(manifest, nonce, body, release.prepared_by.clone())
    });
    draft.ok_or_else(|| NodeError::Defect(format!("the stored bytes of release {} are damaged", release.id)))
}

/// The table in a packed body.
fn unpack(packed: &Packed, id: i64) -> Result<Table> {
    decode_body(&packed.body)
        .map_err(|error| NodeError::Defect(format!("the stored body of release {id} is damaged: {error}")))
}

/// Refuses a second release of a table while one is still on the desk or on its way.
async fn require_free(tx: &mut Transaction, form: &FormCode, period: Period) -> Result<()> {
    let open = store::releases::list(tx).await?.into_iter().find(|release| {
        release.form == *form && release.period == period && release.state.is_open() && !release.state.stands()
    });
    match open {
        None => Ok(()),
        Some(release) => Err(NodeError::Refused(format!(
            "release {} of {form} for {period} is {}; approve it, or let it go with: release withdraw {0} --as ACCOUNT",
            release.id, release.state
        ))),
    }
}

fn require_admitted(region: &Region, me: &Me) -> Result<()> {
    region
        .participant(me.id)
        .map(drop)
        .ok_or_else(|| NodeError::Refused("the ledger is not here yet; run: vrs-node sync".into()))
}

fn participant(region: &Region, code: &ParticipantCode) -> Result<ParticipantId> {
    let known = region.participant_by_code(code).map(|participant| participant.id);
    known.ok_or_else(|| {
        let codes = region.codes_of(region.participants().map(|participant| participant.id));
        let codes = codes.iter().map(ParticipantCode::as_str).collect::<Vec<_>>().join(", ");
        NodeError::Refused(format!("{code} is not a participant of this region; there are {codes}"))
    })
}

/// The audience as it is signed, from the one a person typed.
fn resolve(region: &Region, me: &Me, choice: &AudienceChoice) -> Result<Audience> {
    Ok(match choice {
        AudienceChoice::Keep | AudienceChoice::Totals => Audience::Totals,
        AudienceChoice::Contributors => Audience::Contributors,
        AudienceChoice::Named(codes) => {
            if codes.contains(&me.code) {
                return Err(NodeError::Usage("an audience does not name its author".into()));
            }
            Audience::Named(codes.iter().map(|code| participant(region, code)).collect::<Result<_>>()?)
        }
    })
}

/// The audience as a person would type it, from the one that is signed.
fn choice(region: &Region, audience: &Audience, typed: &AudienceChoice) -> AudienceChoice {
    match audience {
        Audience::Totals => AudienceChoice::Totals,
        Audience::Contributors => AudienceChoice::Contributors,
        Audience::Named(named) => AudienceChoice::Named(named.iter().map(|id| region.code_of(*id)).collect()),
        Audience::Unknown(_) => typed.clone(),
    }
}
