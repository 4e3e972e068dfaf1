//! The second half of the release desk: a second person approves, the node signs, and what was released is taken back or
//! opened to newcomers.

use serde::Serialize;
use vrs_console::accounts;
use vrs_console::acts::{Act, record};
use vrs_protocol::cell::TEXT_BYTES_MAX;
use vrs_protocol::codec;
use vrs_protocol::id::{ParticipantCode, ParticipantId};
use vrs_protocol::ledger::{Extension, Line, LineKind};
use vrs_protocol::region::Region;
use vrs_protocol::release::{Draft, Operator, Withdrawal, WithdrawalReason};
use vrs_protocol::statement::{Header, SigningKey, Statement};
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::{DatabaseError, Transaction};

use super::desk::{find, participant};
use super::figures::national_in;
use super::preparing::{figures_hash, releasable};
use super::{Me, Node, desk_acts};
use crate::error::{NodeError, Result};
use crate::protection::{Overridden, Protection};
use crate::release::approve::{self, ApproveRefusal};
use crate::release::{Ended, Origin, Release, State};
use crate::roles::{Capability, Role, require};
use crate::store::outbox::Load;
use crate::store::releases::Packed;
use crate::{say, store};

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

impl Node {
    /// A second person approves what was prepared; the node signs it and puts it into the outbox.
    ///
    /// # Errors
    /// When the person prepared it, or the ledger has moved since.
    pub async fn approve(&self, id: i64, who: &accounts::Operator) -> Result<Vec<Release>> {
        self.approve_despite(id, "", who).await
    }

    /// As [`Node::approve`]. Where cells of it can be worked out and the preparer asked to let it leave all the same, the second
    /// person says why too and takes that upon himself; `because` is empty where nothing is asked.
    ///
    /// # Errors
    /// As [`Node::approve`], and without a reason where one is asked.
    pub async fn approve_despite(&self, id: i64, because: &str, who: &accounts::Operator) -> Result<Vec<Release>> {
        require(who, Capability::Approve.roles(), "approve releases")?;
        let because = because.trim();
        self.require_trust().await?;
        let (by, view) = (Operator(who.name.clone()), self.view().await?);
        let mut tx = self.0.database.read("read what is to be approved").await?;
        let bundle = find(&mut tx, id).await?.bundle;
        let releases = store::releases::of_bundle(&mut tx, bundle).await?;
        require_prepared(&releases)?;
        self.require_protected(&mut tx, &releases).await?;
        let open: Vec<Protection> = open_of(&mut tx, bundle).await?;
        require_word(&open, because)?;
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
        self.require_current(&mut tx, &releases).await?;
        for release in &releases {
            store::releases::set_approved(&mut tx, release.id, &by, now).await?;
        }
        record(&mut tx, desk_acts::approved(bundle, &releases).by(&who.name), now).await?;
        for mut protection in open {
            record(&mut tx, desk_acts::unprotected(bundle, &protection, because).by(&who.name), now).await?;
            protection.overridden = Some(Overridden { by: who.name.clone(), because: because.to_owned() });
            store::protection::replace(&mut tx, bundle, &protection).await?;
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

    /// Refuses to approve figures that an agency, a decision or a hand has changed since they were prepared.
    async fn require_current(&self, tx: &mut Transaction, releases: &[Release]) -> Result<()> {
        for release in releases.iter().filter(|release| release.origin == Origin::Chosen) {
            let form = self.form_of(&release.form, release.period)?;
            let Some(from) = store::protection::prepared_from(tx, release.id).await? else { continue };
            let why = match national_in(tx, form, release.period).await.and_then(releasable) {
                Ok(table) if figures_hash(&table) == Some(from) => continue,
                Ok(_) => "an agency, a decision or a hand changed them".to_owned(),
                Err(NodeError::Refused(why) | NodeError::Missing(why)) => why,
                Err(error) => return Err(error),
            };
            return Err(NodeError::Refused(format!(
                "the national figures of {} for {} have changed since release {} was prepared: {why}. Nothing was approved; let it go, look at the figures, and prepare it again",
                release.form, release.period, release.id
            )));
        }
        Ok(())
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
            match self.sign_bundle(bundle).await {
                // It stays approved at the desk, where a person takes it back. The link does not end with it.
                Err(error @ (NodeError::Defect(_) | NodeError::Database(DatabaseError::Corrupt { .. }))) => {
                    tracing::error!(%error, release.id = bundle, "An approved release cannot be signed");
                }
                signed => drop(signed?),
            }
        }
        Ok(())
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
        let roles: &[Role] = if own_draft { Capability::LetGo.roles() } else { Capability::Approve.roles() };
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
        record(&mut tx, desk_acts::let_go(&release).by(&who.name), self.now().0).await?;
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
        let act = desk_acts::withdrawn(release, reason).by(&who.name);
        self.put_into_outbox(&format!("withdrawal {}", release.id), LineKind::Withdrawal, statement, act).await?;
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
        require(who, Capability::Approve.roles(), "open releases to newcomers")?;
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
        let act = desk_acts::extended(&numbers, extension.to.len()).by(&who.name);
        self.put_into_outbox(&subject, LineKind::Extension, statement, act).await?;
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

    async fn put_into_outbox(&self, subject: &str, kind: LineKind, statement: Vec<u8>, act: Act) -> Result<()> {
        let mut tx = self.0.database.begin("put a statement into the outbox").await?;
        if store::outbox::has(&mut tx, subject).await? {
            return Err(NodeError::Refused(format!("the {subject} is signed already and on its way")));
        }
        store::outbox::add(&mut tx, subject, &Load::Statement(kind, statement), self.now().0).await?;
        record(&mut tx, act, self.now().0).await?;
        tx.commit().await?;
        self.0.bell.notify_one();
        Ok(())
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
    now: Timestamp,
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

/// What was decided about a bundle and leaves cells open.
async fn open_of(tx: &mut Transaction, bundle: i64) -> Result<Vec<Protection>> {
    let decided = store::protection::of_bundle(tx, bundle).await?;
    Ok(decided.into_iter().filter(|protection| !protection.open.is_empty()).collect())
}

/// Goes on if nothing stays open, or the second person says why it shall leave all the same.
fn require_word(open: &[Protection], because: &str) -> Result<()> {
    let count: usize = open.iter().map(|protection| protection.open.len()).sum();
    if count > 0 && (because.is_empty() || because.len() > TEXT_BYTES_MAX) {
        return Err(NodeError::Usage(say("protection-override-reason").with("count", count).into()));
    }
    Ok(())
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

async fn resume(tx: &mut Transaction, release: &Release) -> Result<Draft> {
    let packed = store::releases::packed(tx, release.id).await?;
    let draft = packed.and_then(|Packed { manifest, nonce, body, .. }| {
        Draft::resume(manifest, nonce, body, release.prepared_by.clone())
    });
    draft.ok_or_else(|| NodeError::Defect(format!("the stored bytes of release {} are damaged", release.id)))
}
