//! Disclosure control between choosing tables and fixing their bytes: what is known outside is read from the store, the engine
//! runs on a thread of its own, and what it decided is kept with the release.

use std::collections::{BTreeMap, BTreeSet};

use tokio::time::Instant;
use vrs_disclosure::request::{Budget, CellRef};
use vrs_protocol::blocks::TableId;
use vrs_protocol::catalogue::Form;
use vrs_protocol::cell::Cell;
use vrs_protocol::id::{Code, FormCode, TopicCode};
use vrs_protocol::period::Period;
use vrs_protocol::region::Region;
use vrs_protocol::release::{Operator, encode_body};
use vrs_protocol::table::{Key, Table};
use vrs_runtime::database::Transaction;
use vrs_runtime::random;

use super::desk::unpack;
use super::figures::{national_in, optional};
use super::{Me, Node};
use crate::error::{NodeError, Result};
use crate::protection::asked::{Asked, EarlierRelease};
use crate::protection::protect::{ProtectRefusal, Protected, protect};
use crate::protection::{HiddenWhy, Protection};
use crate::release::{Origin, Release, State};
use crate::{say, store};

/// Cells that a person withholds by hand, and why.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Withholding {
    /// The cells, of tables that are released now.
    pub cells: BTreeSet<CellRef>,
    /// Why, at most [`vrs_protocol::cell::TEXT_BYTES_MAX`] bytes; kept in the node.
    pub reason: String,
}

impl Withholding {
    /// Goes on if there is a reason, and each cell is a count above zero of one of the tables. A zero cannot be hidden: zeros
    /// are always shown, so a hidden cell is known to be none.
    pub(super) fn check(&self, tables: &[Table]) -> Result<()> {
        let length = self.reason.trim().len();
        if !self.cells.is_empty() && (length == 0 || length > vrs_protocol::cell::TEXT_BYTES_MAX) {
            return Err(NodeError::Usage(say("protection-withhold-reason").into()));
        }
        for (form, period, key) in &self.cells {
            let table = tables.iter().find(|table| table.form == *form && table.period == *period);
            let count = table.and_then(|table| table.cell(key)).and_then(Cell::as_count);
            if count.is_none_or(|count| count == 0) {
                let said = say("protection-withhold-what").with("form", form.as_str());
                let said = said.with("period", period.to_string()).with("key", key.to_string());
                return Err(NodeError::Usage(said.into()));
            }
        }
        Ok(())
    }
}

/// Reads a cell as it is typed: `IE_MOD:2021:SEA/AFG`, or `IE_TOT:2021` for the only cell of a form.
///
/// # Errors
/// A sentence with what is accepted.
pub fn read_cell(text: &str) -> Result<CellRef, String> {
    let mut parts = text.splitn(3, ':');
    let (Some(form), Some(period)) = (parts.next(), parts.next()) else {
        return Err(say("protection-withhold-write").with("text", text.chars().take(40).collect::<String>()).into());
    };
    let codes = parts.next().unwrap_or_default().split('/').filter(|code| !code.is_empty());
    Ok((
        FormCode::parse(form).map_err(|error| error.to_string())?,
        Period::parse(period).map_err(|error| error.to_string())?,
        Key(codes.map(Code::parse).collect::<Result<_, _>>().map_err(|error| error.to_string())?),
    ))
}

impl Node {
    /// What the engine is asked about the tables that somebody wants to release: one question for each topic and year. Forms
    /// without counts have no small numbers and are in none.
    pub(super) async fn ask(
        &self,
        tx: &mut Transaction,
        region: &Region,
        me: &Me,
        chosen: &[Table],
        withholding: &Withholding,
    ) -> Result<Vec<Asked>> {
        let mut groups: BTreeMap<(TopicCode, u16), BTreeSet<TableId>> = BTreeMap::new();
        for table in chosen {
            let form = self.form(&table.form)?;
            if form.kind.counts() {
                let group = groups.entry((form.topic.clone(), table.period.year())).or_default();
                group.insert((table.form.clone(), table.period));
            }
        }
        let mut asked = Vec::with_capacity(groups.len());
        for ((topic, year), releasing) in groups {
            let applied = self.policies().applied(&topic);
            let mut national = Vec::new();
            for table in chosen.iter().filter(|table| releasing.contains(&(table.form.clone(), table.period))) {
                national.push(fewer_in_core_only(table, self.form(&table.form)?));
            }
            let of_group = |cell: &&CellRef| releasing.contains(&(cell.0.clone(), cell.1));
            let mut withheld: BTreeSet<CellRef> = withholding.cells.iter().filter(of_group).cloned().collect();
            let withheld_because = if withheld.is_empty() { String::new() } else { withholding.reason.clone() };
            let mut earlier = Vec::new();
            if applied.policy().is_some() {
                self.require_whole_past(tx, region, me, &topic, year).await?;
                self.add_figures_at_hand(tx, &topic, year, &mut national).await?;
                for release in self.known(tx, &topic, year).await? {
                    withheld.extend(withheld_in(tx, &release).await?);
                    earlier.push(earlier_release(tx, &release).await?);
                }
                // The figures behind what left say what is true of it also where the agencies' figures are gone.
                for behind in earlier.iter().rev().filter_map(|release: &EarlierRelease| release.national.as_ref()) {
                    if national.iter().all(|table| table.form != behind.form || table.period != behind.period) {
                        national.push(behind.clone());
                    }
                }
            }
            asked.push(Asked { topic, year, applied, national, releasing, earlier, withheld, withheld_because });
        }
        Ok(asked)
    }

    /// The releases of a topic and year that count as known to everybody, oldest first: what left or may have left, and what waits
    /// on the desk.
    pub(super) async fn known(&self, tx: &mut Transaction, topic: &TopicCode, year: u16) -> Result<Vec<Release>> {
        let of_topic = |release: &Release| {
            let form = self.catalogue().form(&release.form);
            form.is_some_and(|form| form.topic == *topic && form.kind.counts()) && release.period.year() == year
        };
        let mut known: Vec<Release> = store::releases::list(tx).await?;
        known.retain(|release| of_topic(release) && release.origin == Origin::Chosen && counts_as_known(release));
        known.sort_by_key(|release| release.id);
        Ok(known)
    }

    /// Nothing is released against a past that is not at hand: what left before a backup was taken back is known outside.
    async fn require_whole_past(
        &self,
        tx: &mut Transaction,
        region: &Region,
        me: &Me,
        topic: &TopicCode,
        year: u16,
    ) -> Result<()> {
        for logged in region.releases_in(me.id, &(topic.clone(), year)) {
            if store::releases::by_statement(tx, logged.id).await?.is_none() {
                return Err(NodeError::Refused(format!(
                    "{} for {} left this node before (line {} of the ledger), and its figures are not in this database, so nothing can be protected against what is known of them. Nothing was prepared. Restore a backup that was made after that release",
                    logged.manifest.form, logged.manifest.period, logged.index
                )));
            }
        }
        Ok(())
    }

    async fn add_figures_at_hand(
        &self,
        tx: &mut Transaction,
        topic: &TopicCode,
        year: u16,
        national: &mut Vec<Table>,
    ) -> Result<()> {
        for (code, period) in store::figures::subjects(tx).await? {
            let form = self.catalogue().form(&code).filter(|form| form.topic == *topic && form.kind.counts());
            let Some(form) = form.filter(|_| period.year() == year) else { continue };
            if national.iter().all(|table| table.form != code || table.period != period)
                && let Some(made) = optional(national_in(tx, form, period).await)?
            {
                national.push(made.table);
            }
        }
        Ok(())
    }

    /// Lets the engine decide, on a thread of its own: a large topic takes the processor for a while.
    pub(super) async fn protect(&self, asked: Vec<Asked>) -> Result<Result<Vec<Protected>, ProtectRefusal>> {
        let mut decided = Vec::with_capacity(asked.len());
        for one in asked {
            let (topic, year) = (one.topic.clone(), one.year);
            let (seed, begun) = (u64::from_be_bytes(random::bytes()), Instant::now());
            let done = tokio::task::spawn_blocking(move || protect(&one, seed, Budget::USUAL)).await;
            let duration_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            match done.map_err(|error| NodeError::Defect(error.to_string()))? {
                Ok(mut protected) => {
                    protected.protection.duration_ms = duration_ms;
                    tracing::info!(%topic, year, duration_ms, "Disclosure control decided");
                    decided.push(protected);
                }
                Err(refusal) => {
                    let open = if let ProtectRefusal::Open(cells) = &refusal { cells.len() } else { 0 };
                    tracing::info!(%topic, year, duration_ms, open, "Disclosure control refused a release");
                    return Ok(Err(refusal));
                }
            }
        }
        Ok(Ok(decided))
    }

    /// Keeps what was decided with the bundle, unless something else of the topic came onto the desk meanwhile: then the decision
    /// was made without knowing of it.
    pub(super) async fn keep_protection(
        &self,
        tx: &mut Transaction,
        bundle: i64,
        decided: &[Protection],
        by: &Operator,
    ) -> Result<()> {
        let own: BTreeSet<i64> =
            store::releases::of_bundle(tx, bundle).await?.iter().map(|release| release.id).collect();
        for protection in decided {
            if protection.applied.policy().is_some() {
                let known = self.known(tx, &protection.topic, protection.year).await?;
                let known: Vec<i64> = known.iter().map(|release| release.id).filter(|id| !own.contains(id)).collect();
                if known != protection.considered {
                    return Err(NodeError::Refused(format!(
                        "another release of the topic {} for {} was prepared or let go meanwhile; nothing was prepared, prepare it again",
                        protection.topic, protection.year
                    )));
                }
            }
            store::protection::add(tx, bundle, protection, by, self.now().0).await?;
        }
        Ok(())
    }

    /// Keeps the national figures behind a release.
    pub(super) async fn keep_national(&self, tx: &mut Transaction, release: i64, national: &Table) -> Result<()> {
        let defect = || NodeError::Defect(format!("the national figures behind release {release} cannot be packed"));
        let packed = national.for_peers().and_then(|table| encode_body(&table).ok()).ok_or_else(defect)?;
        Ok(store::protection::add_national(tx, release, &packed).await?)
    }

    /// What was prepared before there was disclosure control is not approved any more.
    pub(super) async fn require_protected(&self, tx: &mut Transaction, releases: &[Release]) -> Result<()> {
        for release in releases.iter().filter(|release| release.origin == Origin::Chosen) {
            let counts = self.form(&release.form)?.kind.counts();
            if counts && store::protection::national(tx, release.id).await?.is_none() {
                return Err(NodeError::Refused(format!(
                    "release {} was prepared without disclosure control; take it back and prepare it again: release withdraw {0} --as ACCOUNT",
                    release.id
                )));
            }
        }
        Ok(())
    }
}

/// "Fewer than" is for core cells, so that a small state is not shut out by its small total. In any other cell it would say more
/// than that the cell is hidden, and more cells would have to be hidden for it.
fn fewer_in_core_only(table: &Table, form: &Form) -> Table {
    let mut table = table.clone();
    for (key, cell) in &mut table.cells {
        if matches!(cell, Cell::Fewer { .. }) && !form.core.contains(key) {
            *cell = Cell::Suppressed;
        }
    }
    table
}

/// Whether a release left, may have left, or may still leave.
const fn counts_as_known(release: &Release) -> bool {
    let waits = release.state.is_open() && !matches!(release.state, State::Draft);
    waits || release.sent_at.is_some() || release.line.is_some()
}

async fn earlier_release(tx: &mut Transaction, release: &Release) -> Result<EarlierRelease> {
    let packed = store::releases::packed(tx, release.id).await?;
    let lost = || NodeError::Defect(format!("the stored bytes of release {} are damaged", release.id));
    Ok(EarlierRelease {
        id: release.id,
        bundle: release.bundle,
        shown: unpack(&packed.ok_or_else(lost)?, release.id)?,
        national: store::protection::national(tx, release.id).await?,
    })
}

/// The cells of a release that a person withheld. They stay protected like small ones in whatever leaves later.
async fn withheld_in(tx: &mut Transaction, release: &Release) -> Result<Vec<CellRef>> {
    let decided = store::protection::of_bundle(tx, release.bundle).await?;
    let table = decided.iter().find_map(|protection| protection.table(&release.form, release.period));
    let withheld = table.into_iter().flat_map(|table| &table.hidden).filter(|cell| cell.why == HiddenWhy::Withheld);
    Ok(withheld.map(|cell| (release.form.clone(), release.period, Key(cell.key.clone()))).collect())
}
