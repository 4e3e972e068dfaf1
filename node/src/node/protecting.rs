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
use super::{Me, Node, PrepareRequest};
use crate::error::{NodeError, Result};
use crate::national::{AgencyCode, AgencyTable, National};
use crate::protection::asked::{Asked, EarlierRelease};
use crate::protection::held_back::{Correction, correction};
use crate::protection::protect::{ProtectRefusal, Protected, protect};
use crate::protection::{HiddenWhy, Protection};
use crate::release::{Origin, Release, State};
use crate::{say, store};

/// What a preparer asks of disclosure control besides.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Measures {
    /// Small corrections are held back or shown under a mark; see [`held_back`].
    pub provisional: bool,
    /// Why it shall leave although cells can be worked out, if a second person takes that upon himself; empty: it shall not. At most
    /// [`vrs_protocol::cell::TEXT_BYTES_MAX`] bytes; kept in the node.
    pub despite: String,
}

/// The tables of a request that correct what left before by small counts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Corrected {
    held_back: Vec<TableId>,
    shown: Vec<TableId>,
}

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
        request: &PrepareRequest,
        corrected: &Corrected,
    ) -> Result<Vec<Asked>> {
        let withholding = &request.withholding;
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
            let (mut given_away, mut known) = (BTreeSet::new(), Insight::default());
            if applied.policy().is_some() {
                self.require_whole_past(tx, region, me, &topic, year).await?;
                self.add_figures_at_hand(tx, &topic, year, &mut national).await?;
                known = self.insight(tx, &national, &releasing).await?;
                for release in self.known(tx, &topic, year).await? {
                    withheld.extend(withheld_in(tx, &release).await?);
                    given_away.extend(given_away_in(tx, &release, &topic, year).await?);
                    earlier.push(earlier_release(tx, &release).await?);
                }
                // The figures behind what left say what is true of it also where the agencies' figures are gone.
                for behind in earlier.iter().rev().filter_map(|release: &EarlierRelease| release.national.as_ref()) {
                    if national.iter().all(|table| table.form != behind.form || table.period != behind.period) {
                        national.push(behind.clone());
                    }
                }
            }
            let of = |tables: &[TableId]| tables.iter().filter(|table| releasing.contains(table)).cloned().collect();
            let (held_back, provisional) = (of(&corrected.held_back), of(&corrected.shown));
            asked.push(Asked {
                topic,
                year,
                applied,
                national,
                releasing,
                earlier,
                withheld,
                withheld_because,
                agencies: known.agencies(),
                incidents: known.incidents,
                despite: request.measures.despite.trim().to_owned(),
                given_away,
                held_back,
                provisional,
            });
        }
        Ok(asked)
    }

    /// Holds small corrections of the chosen tables back, or marks them, where the preparer asks for it.
    pub(super) async fn correct(
        &self,
        tx: &mut Transaction,
        chosen: &mut [Table],
        measures: &Measures,
    ) -> Result<Corrected> {
        let mut corrected = Corrected::default();
        if !measures.provisional {
            return Ok(corrected);
        }
        for table in chosen {
            let form = self.form(&table.form)?;
            let below = self.policies().applied(&form.topic).below;
            let Some(last) = store::releases::open_of(tx, &table.form, table.period).await? else { continue };
            let Some(before) = store::protection::national(tx, last).await?.filter(|_| form.kind.counts()) else {
                continue;
            };
            let id = (table.form.clone(), table.period);
            let marked = match correction(&before, table, below) {
                Correction::NoneSmall => continue,
                Correction::HeldBack(marked) => {
                    corrected.held_back.push(id);
                    marked
                }
                Correction::Shown(marked) => {
                    corrected.shown.push(id);
                    marked
                }
            };
            *table = marked;
        }
        if corrected == Corrected::default() {
            return Err(NodeError::Usage(say("protection-nothing-provisional").into()));
        }
        Ok(corrected)
    }

    /// What agencies know of the national figures, and which cells are one row of a file of cases.
    async fn insight(
        &self,
        tx: &mut Transaction,
        national: &[Table],
        releasing: &BTreeSet<TableId>,
    ) -> Result<Insight> {
        let mut insight = Insight::default();
        for table in national {
            let form = self.form(&table.form)?;
            let Some(made) = optional(national_in(tx, form, table.period).await)? else { continue };
            insight.add(table, &made);
            let id = (table.form.clone(), table.period);
            if releasing.contains(&id) {
                insight.add_incidents(table, &store::figures::tables(tx, &table.form, table.period).await?);
            }
        }
        Ok(insight)
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

/// What is known of single cells inside the country.
#[derive(Debug, Default)]
struct Insight {
    /// The cells above zero that one agency alone counted.
    alone: BTreeMap<AgencyCode, BTreeSet<CellRef>>,
    /// How many cells above zero there are.
    cells: usize,
    incidents: BTreeMap<CellRef, u32>,
}

impl Insight {
    fn add(&mut self, table: &Table, made: &National) {
        for (key, cell) in &table.cells {
            let Some(count) = cell.as_count().filter(|count| *count > 0) else { continue };
            self.cells += 1;
            let answers = made.behind.get(key).into_iter().flatten();
            let mut counting = answers.filter(|(_, answer)| answer.as_count() != Some(0));
            if let (Some((agency, answer)), None) = (counting.next(), counting.next())
                && answer.as_count() == Some(count)
            {
                let known = self.alone.entry(agency.clone()).or_default();
                known.insert((table.form.clone(), table.period, key.clone()));
            }
        }
    }

    /// Cells of more than one person that are one row of one agency's file.
    fn add_incidents(&mut self, table: &Table, agencies: &[AgencyTable]) {
        for (key, cell) in &table.cells {
            let mut counting = agencies
                .iter()
                .filter(|one| one.table.cell(key).and_then(Cell::as_count).is_some_and(|count| count > 0));
            let (first, second) = (counting.next(), counting.next());
            let rows = first.filter(|_| second.is_none()).and_then(|one| one.rows.get(key));
            if rows == Some(&1) && cell.as_count().is_some_and(|count| count > 1) {
                self.incidents.insert((table.form.clone(), table.period, key.clone()), 1);
            }
        }
    }

    /// What each agency knows. One that knows every figure derives nothing.
    fn agencies(&self) -> Vec<BTreeSet<CellRef>> {
        self.alone.values().filter(|known| known.len() < self.cells).cloned().collect()
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

/// The cells that a release gave away on a second person's word.
async fn given_away_in(tx: &mut Transaction, release: &Release, topic: &TopicCode, year: u16) -> Result<Vec<String>> {
    let decided = store::protection::of_bundle(tx, release.bundle).await?;
    let decided = decided.into_iter().filter(|one| one.topic == *topic && one.year == year);
    Ok(decided.flat_map(|one| one.open).map(|open| open.cell).collect())
}

/// The cells of a release that a person withheld. They stay protected like small ones in whatever leaves later.
async fn withheld_in(tx: &mut Transaction, release: &Release) -> Result<Vec<CellRef>> {
    let decided = store::protection::of_bundle(tx, release.bundle).await?;
    let table = decided.iter().find_map(|protection| protection.table(&release.form, release.period));
    let withheld = table.into_iter().flat_map(|table| &table.hidden).filter(|cell| cell.why == HiddenWhy::Withheld);
    Ok(withheld.map(|cell| (release.form.clone(), release.period, Key(cell.key.clone()))).collect())
}
