//! The first half of the release desk: from what a person chose to exactly the bytes that would leave.

use std::collections::BTreeMap;

use serde::Serialize;
use vrs_console::accounts;
use vrs_console::acts::record;
use vrs_console::moment::Zone;
use vrs_protocol::audience::{Audience, AudienceChoice};
use vrs_protocol::blocks::TableId;
use vrs_protocol::cell::TEXT_BYTES_MAX;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{FormCode, LineIndex, TopicCode};
use vrs_protocol::period::Period;
use vrs_protocol::region::Region;
use vrs_protocol::release::{Nonce, Operator, encode_body};
use vrs_protocol::table::Table;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::Transaction;
use vrs_runtime::random;

use super::desk::{participant, unpack};
use super::figures::national_in;
use super::findings::Made;
use super::protecting::{Measures, Withholding};
use super::{Me, Node, desk_acts};
use crate::error::{NodeError, Result};
use crate::national::National;
use crate::protection::protect::Protected;
use crate::protection::words::refusal_words;
use crate::protection::{Protection, policy};
use crate::release::prepare::{self, Chosen, PrepareRefusal, Prepared, Situation};
use crate::release::preview::{NotDerived, Preview};
use crate::release::{Ended, Origin, State, Terms};
use crate::roles::{Capability, require};
use crate::store;
use crate::store::releases::{Kept, NewDraft};

/// The longest embargo: two years. The ledger moves on, and what waits longer does not fit it any more.
const EMBARGO_SECS_MAX: u64 = 2 * 366 * 24 * 60 * 60;

/// What somebody wants to release.
#[derive(Debug, Clone)]
pub struct PrepareRequest {
    /// Forms and periods that are decided together.
    pub tables: Vec<TableId>,
    /// Who may get them.
    pub audience: AudienceChoice,
    /// Whether longer periods that become complete are derived.
    pub derive: bool,
    /// Cells of them that are hidden although they are not small, and protected like small ones.
    pub withholding: Withholding,
    /// Until when it is held at home, and why it revises.
    pub terms: Terms,
    /// What else is asked of disclosure control.
    pub measures: Measures,
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

/// What is about to be kept: the bytes, the national figures behind them, and what disclosure control decided.
struct Fixed {
    prepared: Prepared,
    national: Vec<Table>,
    /// The national figures before anything was held back, by their hash.
    from: Vec<(FormCode, Period, Hash)>,
    decided: Vec<Protection>,
}

/// The national figures by which it is seen at the approval whether they are still the same; `None`: they cannot leave as they are.
pub(super) fn figures_hash(table: &Table) -> Option<Hash> {
    Some(Hash::of(&encode_body(&table.for_peers()?).ok()?))
}

impl Node {
    /// Prepares tables for release, together with everything that must go along, and shows exactly what would leave.
    ///
    /// # Errors
    /// [`NodeError::Rule`] when the rules say no; the attempt is kept with the reason.
    pub async fn prepare(&self, request: &PrepareRequest, who: &accounts::Operator) -> Result<PrepareOutcome> {
        require(who, Capability::Prepare.roles(), "prepare releases")?;
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
        check_terms(&request.terms, self.now())?;
        let (mut chosen, mut made) = (Vec::new(), Made::default());
        for (form, period) in &request.tables {
            let form = self.form_asked(form, *period)?;
            require_free(&mut tx, &form.code, *period).await?;
            require_reason(&mut tx, &form.code, *period, &request.terms).await?;
            let table = releasable(national_in(&mut tx, form, *period).await?)?;
            self.require_looked_at(&mut tx, &table, form, &mut made).await?;
            chosen.push(table);
        }
        request.withholding.check(&chosen)?;
        check_despite(&request.measures.despite)?;
        let from =
            chosen.iter().filter_map(|table| Some((table.form.clone(), table.period, figures_hash(table)?))).collect();
        let corrected = self.correct(&mut tx, &mut chosen, &request.measures).await?;
        let asked = self.ask(&mut tx, region, &me, &chosen, request, &corrected).await?;
        let released = self.released_tables(&mut tx, region, &me, &request.tables).await?;
        drop(tx);
        let protected = match self.protect(asked).await? {
            Ok(protected) => protected,
            Err(refusal) => {
                let sentence = refusal_words(&refusal);
                self.keep_attempt(request, &sentence, who).await?;
                return Err(NodeError::Refused(sentence));
            }
        };
        let national = chosen.clone();
        let chosen = chosen.into_iter().map(|table| after_protection(table, &protected, &audience)).collect();
        let decided = protected.into_iter().map(|one| one.protection).collect();

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
                let fixed = Fixed { prepared, national, from, decided };
                self.keep_prepared(request, fixed, who, view.region()).await.map(PrepareOutcome::Prepared)
            }
            Err(refusal) => Err(self.keep_refused(request, refusal, who).await?),
        }
    }

    /// When a day begins in the zone of the console, for an embargo.
    ///
    /// # Errors
    /// When it is no day.
    pub fn day_begins(&self, day: &str) -> Result<Timestamp> {
        let name = &self.settings().console.zone;
        let zone = Zone::named(name).map_err(|error| NodeError::Usage(format!("console.zone: {error}")))?;
        let begins = zone.day_begins(day.trim(), 0).map(Timestamp);
        begins.ok_or_else(|| NodeError::Usage(format!("{day:?} is no day; write it as in 2026-12-24")))
    }

    async fn keep(&self, request: &PrepareRequest, who: &accounts::Operator) -> Result<PrepareOutcome> {
        let mut tx = self.0.database.begin("keep tables at home").await?;
        let (by, now) = (Operator(who.name.clone()), self.now());
        let mut kept = Vec::new();
        for (form, period) in &request.tables {
            let form = self.form_of(form, *period)?;
            national_in(&mut tx, form, *period).await?;
            store::releases::add_keep(&mut tx, &form.code, *period, &by, now.0).await?;
            record(&mut tx, desk_acts::kept(&form.code, *period).by(&who.name), now.0).await?;
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
        fixed: Fixed,
        who: &accounts::Operator,
        region: &Region,
    ) -> Result<Preview> {
        let Fixed { prepared, national, from, decided } = fixed;
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
            let from = from.iter().find(|(form, period, _)| *form == manifest.form && *period == manifest.period);
            if let Some((_, _, hash)) = from.filter(|_| release.origin == Origin::Chosen) {
                store::protection::add_prepared_from(&mut tx, id, *hash).await?;
            }
            let behind = national.iter().find(|table| table.form == manifest.form && table.period == manifest.period);
            let counts = self.form(&manifest.form)?.kind.counts();
            if let Some(behind) = behind.filter(|_| counts && release.origin == Origin::Chosen) {
                self.keep_national(&mut tx, id, behind).await?;
            }
        }
        let bundle = bundle.ok_or_else(|| NodeError::Defect("nothing was prepared".into()))?;
        self.keep_protection(&mut tx, bundle, &decided, &Operator(who.name.clone())).await?;
        store::terms::add(&mut tx, bundle, &request.terms).await?;
        record(&mut tx, desk_acts::prepared(bundle, request, &prepared, &decided).by(&who.name), now).await?;
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
        self.keep_attempt(request, &refusal.to_string(), who).await?;
        tracing::info!(number = reason.number(), account = %who.name, "A release was refused by the rules: {reason}");
        Ok(NodeError::Rule(reason.clone()))
    }

    /// Keeps an attempt that was refused here, with the reason.
    async fn keep_attempt(&self, request: &PrepareRequest, note: &str, who: &accounts::Operator) -> Result<()> {
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
            let ended = Ended { state: State::Refused, by: None, note: Some(note.to_owned()) };
            store::releases::set_ended(&mut tx, id, &ended, now).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// The national table, unless a figure in it was set by hand over figures that have changed since, or an agency came after it was
/// decided whose cases are counted.
pub(super) fn releasable(national: National) -> Result<Table> {
    let (form, period) = (&national.table.form, national.table.period);
    if let Some(agency) = national.uncounted.first() {
        return Err(NodeError::Refused(format!(
            "{agency} has delivered figures of {form} for {period} since it was decided whose cases are counted, and is not among them. Nothing was prepared; decide again, on the page of the table or with: vrs-node decide {form} {period}"
        )));
    }
    let Some(key) = national.stale.first() else { return Ok(national.table) };
    Err(NodeError::Refused(format!(
        "{key} of {form} for {period} was set by hand, and the agencies' figures under it have changed since. Nothing was prepared; set it again or take it back, on the page of the table or with: vrs-node decide {form} {period} --cell"
    )))
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

/// Refuses a revision that nobody explains: who reads the desk a year later asks why the figures changed.
async fn require_reason(tx: &mut Transaction, form: &FormCode, period: Period, terms: &Terms) -> Result<()> {
    if !terms.because.trim().is_empty() {
        return Ok(());
    }
    match store::releases::open_of(tx, form, period).await? {
        None => Ok(()),
        Some(release) => Err(NodeError::Usage(format!(
            "{form} for {period} revises release {release}; say why it changes: --because TEXT"
        ))),
    }
}

fn check_despite(reason: &str) -> Result<()> {
    match reason.len() > TEXT_BYTES_MAX {
        true => Err(NodeError::Usage(format!("the reason has more than {TEXT_BYTES_MAX} bytes"))),
        false => Ok(()),
    }
}

/// An embargo ends in the time to come and not later than in two years; a reason has a bound.
fn check_terms(terms: &Terms, now: Timestamp) -> Result<()> {
    if terms.because.len() > TEXT_BYTES_MAX {
        return Err(NodeError::Usage(format!("the reason has more than {TEXT_BYTES_MAX} bytes")));
    }
    match terms.not_before {
        Some(until) if until <= now => Err(NodeError::Usage("an embargo ends on a day to come".into())),
        Some(until) if until.0 - now.0 > EMBARGO_SECS_MAX => {
            Err(NodeError::Usage("an embargo ends within two years; keep the table at home instead".into()))
        }
        _ => Ok(()),
    }
}

/// A chosen table as it leaves disclosure control; a form without counts does not go through it.
fn after_protection(table: Table, protected: &[Protected], audience: &Audience) -> Chosen {
    let is_it = |other: &&Table| other.form == table.form && other.period == table.period;
    let found = protected.iter().find_map(|one| Some((one.tables.iter().find(is_it)?, one.protection.applied.number)));
    let (table, policy) = match found {
        Some((protected, policy)) => (protected.clone(), policy),
        None => (table, policy::NONE),
    };
    Chosen { table, audience: audience.clone(), policy }
}

fn require_admitted(region: &Region, me: &Me) -> Result<()> {
    region
        .participant(me.id)
        .map(drop)
        .ok_or_else(|| NodeError::Refused("the ledger is not here yet; run: vrs-node sync".into()))
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
