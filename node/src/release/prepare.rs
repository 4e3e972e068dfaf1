//! Preparing: from what a person chose to exactly the bytes that would leave, with everything that must go along and
//! everything that follows from it.
//!
//! The rule it keeps: what is prepared here is judged by the same function as at the hub, line after line on a copy of the
//! region, so that a release which could never be logged is refused now, with the same reason.
//!
//! A derived release names the hashes of the *signed* statements of its parts. A part of the same bundle is not signed yet;
//! but signing is deterministic, so its hash is computed here on a signature that is thrown away. Nothing signed leaves this
//! module.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::audience::Audience;
use vrs_protocol::blocks::TableId;
use vrs_protocol::catalogue::Form;
use vrs_protocol::check;
use vrs_protocol::derived::{self, DeriveError};
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{FormCode, LineIndex, ParticipantId};
use vrs_protocol::ledger::{Line, LineKind};
use vrs_protocol::period::Period;
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::{LoggedRelease, Region};
use vrs_protocol::release::{Draft, Nonce, Operator, PrepareError, SignedRelease, Terms};
use vrs_protocol::statement::SigningKey;
use vrs_protocol::table::{Core, Table};
use vrs_protocol::time::Timestamp;

use super::Origin;

/// Most bytes of bodies in one bundle: with their statements they stay below the largest message of the link.
const BUNDLE_BODY_BYTES_MAX: usize = 12 << 20;

/// A table that a person chose, and for whom.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The figures, after disclosure control.
    pub table: Table,
    /// Who may get them.
    pub audience: Audience,
    /// Number of the policy they went through; 0: none.
    pub policy: u16,
}

/// What the node knows when somebody prepares.
pub struct Situation<'a> {
    /// The region.
    pub region: &'a Region,
    /// Who we are.
    pub me: ParticipantId,
    /// The key that signs what the participant says.
    pub key: &'a SigningKey,
    /// Our released tables, by their line.
    pub released: &'a BTreeMap<LineIndex, Table>,
    /// Who prepares.
    pub prepared_by: &'a Operator,
    /// Now.
    pub now: Timestamp,
    /// Whether longer periods are derived where a part completes them.
    pub derive: bool,
}

/// Everything that would leave together, in the order in which it is sent.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The releases.
    pub releases: Vec<PreparedRelease>,
    /// Longer periods that would be complete and could not be derived, with the reason.
    pub not_derived: Vec<(FormCode, Period, String)>,
}

/// One release that would leave.
#[derive(Debug, Clone)]
pub struct PreparedRelease {
    /// The bytes.
    pub draft: Draft,
    /// The figures as peers would see them.
    pub table: Table,
    /// How it came along.
    pub origin: Origin,
}

/// Why nothing is prepared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PrepareRefusal {
    /// The rules say no.
    #[error("{form} for {period}: {reason}")]
    Rule {
        /// The form.
        form: FormCode,
        /// The period.
        period: Period,
        /// Why.
        reason: Box<Reason>,
    },
    /// The table cannot be packed.
    #[error("{0} for {1}: {2}")]
    Table(FormCode, Period, PrepareError),
    /// The table does not fit its form, or its figures contradict others.
    #[error("{0}")]
    Figures(String),
    /// A table must go along and its figures are not at hand.
    #[error(
        "{0} for {1} must be revised along with it, and its released figures are not in this database; name it too, with: --with {0}:{1}"
    )]
    NotAtHand(FormCode, Period),
    /// A derived table must go along and cannot be derived any more.
    #[error("{0} for {1} was derived from it and cannot be derived again: {2}; withdraw {0} for {1} first")]
    NotDerivable(FormCode, Period, DeriveError),
    /// More than one message can carry.
    #[error(
        "together these tables have {0} bytes, and one submission carries {BUNDLE_BODY_BYTES_MAX}; release them in several steps"
    )]
    TooLarge(usize),
    /// Our own mistake.
    #[error("{0}")]
    Defect(String),
}

/// A table on its way into the bundle.
#[derive(Debug, Clone)]
struct Member {
    table: Table,
    audience: Audience,
    origin: Origin,
    policy: u16,
}

/// Prepares what a person chose. `nonce` gives a fresh nonce for each body.
///
/// # Errors
/// [`PrepareRefusal`] says what stands against it.
pub fn prepare(
    situation: &Situation<'_>,
    chosen: Vec<Chosen>,
    mut nonce: impl FnMut() -> Nonce,
) -> Result<Prepared, PrepareRefusal> {
    let mut members: BTreeMap<TableId, Member> = BTreeMap::new();
    for Chosen { table, audience, policy } in chosen {
        let id = (table.form.clone(), table.period);
        let table =
            table.for_peers().ok_or_else(|| PrepareRefusal::Table(id.0.clone(), id.1, PrepareError::Embargoed))?;
        members.insert(id, Member { table, audience, origin: Origin::Chosen, policy });
    }
    add_all_of_a_new_kind(situation, &mut members)?;
    add_company(situation, &mut members)?;
    let not_derived = if situation.derive { add_derived(situation, &mut members)? } else { Vec::new() };
    derive_again(situation, &mut members)?;
    check_figures(situation, &members)?;
    let releases = pack(situation, members, &mut nonce)?;
    let bytes = releases.iter().map(|release| release.draft.body().len()).sum();
    if bytes > BUNDLE_BODY_BYTES_MAX {
        return Err(PrepareRefusal::TooLarge(bytes));
    }
    Ok(Prepared { releases, not_derived })
}

/// Whether a draft could be logged now, after those before it in `region`; takes it in. Answers the hash its statement will
/// have.
///
/// # Errors
/// The reason the hub would give.
pub fn try_out(region: &mut Region, draft: &Draft, key: &SigningKey, now: Timestamp) -> Result<Hash, Reason> {
    let author = draft.manifest().participant;
    let signed = sign_for_trial(region, draft, key, now)?;
    // The ledger's time never goes back; our clock may be behind the hub's.
    let line = Line::new(LineKind::Release, now.max(region.time()), Some(author), signed.statement.bytes().to_vec());
    let judged = region.judge(line)?;
    region.apply(judged);
    Ok(signed.statement.id())
}

fn sign_for_trial(region: &Region, draft: &Draft, key: &SigningKey, now: Timestamp) -> Result<SignedRelease, Reason> {
    let code = region.code_of(draft.manifest().participant);
    // No account can have this name, so it is never the one who prepared.
    let nobody = Operator("(trial)".into());
    let approved = draft.clone().approve(&nobody, now).map_err(|error| Reason::Malformed(error.to_string()))?;
    approved.sign(region.exchange(), code.as_str(), key).map_err(|error| Reason::Malformed(error.to_string()))
}

/// Rule 3: the kind changes only for all releases of a topic and year at once.
fn add_all_of_a_new_kind(
    situation: &Situation<'_>,
    members: &mut BTreeMap<TableId, Member>,
) -> Result<(), PrepareRefusal> {
    let Situation { region, me, .. } = situation;
    let chosen: Vec<(TableId, Audience)> =
        members.iter().map(|(id, member)| (id.clone(), member.audience.clone())).collect();
    for ((form, period), audience) in chosen {
        let Some(year) = region.year_of_topic(&form, period) else { continue };
        let changes = region.sharing(*me, &year).is_some_and(|from| Some(from) != audience.sharing());
        if !changes {
            continue;
        }
        for release in region.releases_in(*me, &year).filter(|release| release.is_current()) {
            add_along(situation, members, release, audience.clone())?;
        }
    }
    Ok(())
}

/// A revision comes with those of all our released tables of the topic whose periods overlap. A longer period that is
/// revised because of a part of it brings no further company.
fn add_company(situation: &Situation<'_>, members: &mut BTreeMap<TableId, Member>) -> Result<(), PrepareRefusal> {
    let Situation { region, me, .. } = situation;
    loop {
        let revised: Vec<TableId> =
            members.keys().filter(|(form, period)| region.current(*me, form, *period).is_some()).cloned().collect();
        let because_of_a_part = |(form, period): &TableId| {
            revised.iter().any(|(other, part)| {
                part != period
                    && period.contains(*part)
                    && region.year_of_topic(form, *part) == region.year_of_topic(other, *part)
            })
        };
        let company: BTreeSet<TableId> = revised
            .iter()
            .filter(|id| !because_of_a_part(id))
            .flat_map(|(form, period)| region.overlapping(*me, form, *period))
            .filter(|id| !members.contains_key(id))
            .collect();
        if company.is_empty() {
            return Ok(());
        }
        for (form, period) in company {
            let Some(release) = region.current(*me, &form, period) else { continue };
            add_along(situation, members, release, release.manifest.audience.clone())?;
        }
    }
}

fn add_along(
    situation: &Situation<'_>,
    members: &mut BTreeMap<TableId, Member>,
    release: &LoggedRelease,
    audience: Audience,
) -> Result<(), PrepareRefusal> {
    let id = (release.manifest.form.clone(), release.manifest.period);
    if members.contains_key(&id) {
        return Ok(());
    }
    let Some(table) = situation.released.get(&release.index) else { return Err(PrepareRefusal::NotAtHand(id.0, id.1)) };
    let origin = if release.manifest.sources.is_empty() { Origin::Along } else { Origin::Derived };
    let policy = release.manifest.policy;
    members.insert(id, Member { table: table.clone(), audience, origin, policy });
    Ok(())
}

/// Rule 6: adds the longer periods that a member completes, as far up as it goes.
fn add_derived(
    situation: &Situation<'_>,
    members: &mut BTreeMap<TableId, Member>,
) -> Result<Vec<(FormCode, Period, String)>, PrepareRefusal> {
    let Situation { region, me, .. } = situation;
    let mut not_derived = Vec::new();
    // Shorter periods first, so that a semester derived here can complete a year.
    let mut open: BTreeSet<(u8, TableId)> = members.keys().map(|id| (id.1.length().months(), id.clone())).collect();
    while let Some((_, (code, period))) = open.pop_first() {
        let Some(whole) = period.whole() else { continue };
        let id = (code.clone(), whole);
        let Some(form) = region.form_in_use(&code, period).filter(|form| form.adds_over_time && form.kind.counts())
        else {
            continue;
        };
        let in_rhythm =
            region.charter().is_some_and(|(_, charter)| charter.in_rhythm(&region.code_of(*me), whole.length()));
        // What the state has reported for the whole by itself is not overwritten by a sum.
        let own_word = region.current(*me, &code, whole).is_some_and(|release| release.manifest.sources.is_empty());
        if members.contains_key(&id) || own_word || !in_rhythm {
            continue;
        }
        let Some(parts) = parts(situation, members, form, whole) else { continue };
        let Some(audience) = derived::audience(parts.iter().map(|part| &part.audience)) else {
            not_derived.push((code, whole, "its parts are shared with different participants".into()));
            continue;
        };
        let tables: Vec<&Table> = parts.iter().map(|part| &part.table).collect();
        match derived::derive(form, whole, &tables) {
            Ok(table) => {
                let policy = policy_of(&parts);
                members.insert(id.clone(), Member { table, audience, origin: Origin::Derived, policy });
                open.insert((whole.length().months(), id));
            }
            Err(error) => not_derived.push((code, whole, error.to_string())),
        }
    }
    Ok(not_derived)
}

/// A part of a longer period.
struct Part {
    table: Table,
    audience: Audience,
    policy: u16,
}

/// A whole went through the policy of its parts, where they share one. It says nothing that they do not say.
fn policy_of(parts: &[Part]) -> u16 {
    let policies: BTreeSet<u16> = parts.iter().map(|part| part.policy).collect();
    if let [one] = policies.into_iter().collect::<Vec<_>>()[..] { one } else { 0 }
}

/// The parts of a period, where all are there: in the bundle, or released already.
fn parts(
    situation: &Situation<'_>,
    members: &BTreeMap<TableId, Member>,
    form: &Form,
    whole: Period,
) -> Option<Vec<Part>> {
    let part = |period: Period| {
        if let Some(Member { table, audience, policy, .. }) = members.get(&(form.code.clone(), period)) {
            return Some(Part { table: table.clone(), audience: audience.clone(), policy: *policy });
        }
        let release = situation.region.current(situation.me, &form.code, period)?;
        let table = situation.released.get(&release.index)?.clone();
        Some(Part { table, audience: release.manifest.audience.clone(), policy: release.manifest.policy })
    };
    whole.parts().into_iter().map(part).collect()
}

/// A derived table that goes along follows its parts anew.
fn derive_again(situation: &Situation<'_>, members: &mut BTreeMap<TableId, Member>) -> Result<(), PrepareRefusal> {
    let mut derived: Vec<TableId> =
        members.iter().filter(|(_, member)| member.origin == Origin::Derived).map(|(id, _)| id.clone()).collect();
    derived.sort_by_key(|(_, period)| period.length().months());
    for id in derived {
        let Some(form) = situation.region.catalogue_of(id.1).form(&id.0) else { continue };
        let Some(parts) = parts(situation, members, form, id.1) else { continue };
        let tables: Vec<&Table> = parts.iter().map(|part| &part.table).collect();
        let again = derived::derive(form, id.1, &tables)
            .map_err(|error| PrepareRefusal::NotDerivable(id.0.clone(), id.1, error))?;
        let shared = derived::audience(parts.iter().map(|part| &part.audience));
        if let Some(member) = members.get_mut(&id) {
            member.table = again;
            member.policy = policy_of(&parts);
            member.audience = shared.unwrap_or_else(|| member.audience.clone());
        }
    }
    Ok(())
}

/// Codes, kinds and arithmetic, over the bundle and what is released beside it.
fn check_figures(situation: &Situation<'_>, members: &BTreeMap<TableId, Member>) -> Result<(), PrepareRefusal> {
    let Situation { region, me, released, .. } = situation;
    let fewer_below = region.charter().map_or(0, |(_, charter)| charter.fewer_below);
    for ((code, period), member) in members {
        let unknown = || PrepareRefusal::Rule {
            form: code.clone(),
            period: *period,
            reason: Reason::FormNotInUse(code.clone()).into(),
        };
        let form = region.form_in_use(code, *period).ok_or_else(unknown)?;
        let catalogue = region.catalogue_of(*period);
        check::fits(&member.table, form, catalogue, fewer_below).map_err(|misfit| {
            PrepareRefusal::Figures(format!("{code} for {period} at {}: {}", misfit.key, misfit.cause))
        })?;
        let beside = region.overlapping(*me, code, *period).into_iter().filter(|id| !members.contains_key(id));
        let beside = beside.filter_map(|(form, period)| released.get(&region.current(*me, &form, period)?.index));
        let together = members.values().map(|member| &member.table).filter(|table| {
            table.period.overlaps(*period) && catalogue.form(&table.form).is_some_and(|other| other.topic == form.topic)
        });
        let tables: Vec<&Table> = together.chain(beside).collect();
        check::feasible(&tables, catalogue).map_err(|infeasible| PrepareRefusal::Figures(infeasible.to_string()))?;
    }
    Ok(())
}

/// Packs the members in the order in which they are sent: parts before what is derived from them.
fn pack(
    situation: &Situation<'_>,
    members: BTreeMap<TableId, Member>,
    nonce: &mut impl FnMut() -> Nonce,
) -> Result<Vec<PreparedRelease>, PrepareRefusal> {
    let Situation { region, me, key, prepared_by, now, .. } = situation;
    let (charter, _) = region.charter().ok_or_else(|| PrepareRefusal::Defect("no Charter is known".into()))?;
    let bundle: Vec<TableId> = if members.len() > 1 { members.keys().cloned().collect() } else { Vec::new() };
    let mut order: Vec<(TableId, Member)> = members.into_iter().collect();
    order.sort_by_key(|((form, period), _)| (period.length().months(), region.table_order(form, *period)));

    let mut ahead = (*region).clone();
    let mut releases = Vec::with_capacity(order.len());
    for ((code, period), member) in order {
        let refuse = |reason: Reason| PrepareRefusal::Rule { form: code.clone(), period, reason: reason.into() };
        let form = region.form_in_use(&code, period).ok_or_else(|| refuse(Reason::FormNotInUse(code.clone())))?;
        let sources = if member.origin == Origin::Derived {
            let part = |part: Period| ahead.current(*me, &code, part).map(|release| release.id);
            let mut sources: Vec<Hash> = period
                .parts()
                .into_iter()
                .map(part)
                .collect::<Option<_>>()
                .ok_or_else(|| refuse(Reason::WrongSource(period)))?;
            sources.sort();
            sources
        } else {
            Vec::new()
        };
        let subject = ahead.subject(*me, &code, period);
        let terms = Terms {
            participant: *me,
            audience: member.audience,
            revision: subject.map_or(1, |subject| subject.revision + 1),
            previous: subject.map(|subject| subject.last),
            catalogue: region.catalogue_of(period).hash(),
            charter,
            policy: member.policy,
            sources,
            bundle: bundle.clone(),
        };
        let draft = Draft::prepare(&member.table, form, terms, nonce(), (*prepared_by).clone())
            .map_err(|error| PrepareRefusal::Table(code.clone(), period, error))?;
        try_out(&mut ahead, &draft, key, *now).map_err(refuse)?;
        releases.push(PreparedRelease { draft, table: member.table, origin: member.origin });
    }
    Ok(releases)
}

/// Whether a prepared release stands for its form and period once it is logged.
#[must_use]
pub fn stands(release: &PreparedRelease, form: &Form) -> bool {
    release.table.core(form) != Core::Missing
}
