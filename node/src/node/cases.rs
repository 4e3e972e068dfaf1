//! Cases that can be told apart: kept with the file they came in, and counted anew wherever a decision rests on them.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::catalogue::Form;
use vrs_protocol::cell::Cell;
use vrs_protocol::id::{FormCode, TopicCode};
use vrs_protocol::period::Period;
use vrs_runtime::database::Transaction;

use super::Node;
use crate::cases::distinct::{Counting, Union};
use crate::cases::{CaseHash, CaseSet, PARTS};
use crate::error::{NodeError, Result};
use crate::national::{AgencyCode, Rule};
use crate::store;

/// Tables of one topic that are counted together.
type Tables = Vec<(&'static Form, Period)>;
/// Tables that were counted, or a sentence why one cannot be.
type Counted = Vec<(&'static Form, Period, std::result::Result<Union, String>)>;

/// What a file changes of the cases that are kept.
pub(super) struct CaseChange {
    /// Sets whose place the file takes.
    delete: Vec<i64>,
    /// Sets that are new.
    add: Vec<CaseSet>,
    /// The base periods of both.
    periods: BTreeSet<Period>,
    secret: CaseHash,
}

impl CaseChange {
    /// Whether the file says anything new about cases.
    pub(super) const fn is_some(&self) -> bool {
        !self.delete.is_empty() || !self.add.is_empty()
    }

    /// Compares the cases of a file with those kept of the agency. `made`: the tables of the file; what they cover anew is replaced.
    pub(super) async fn of(
        tx: &mut Transaction,
        agency: &AgencyCode,
        made: &BTreeSet<(TopicCode, Period)>,
        sets: Vec<CaseSet>,
        secret: CaseHash,
    ) -> Result<Self> {
        let mut change = Self { delete: Vec::new(), add: sets, periods: BTreeSet::new(), secret };
        for topic in made.iter().map(|(topic, _)| topic).collect::<BTreeSet<_>>() {
            for stored in store::cases::of_agency(tx, agency, topic).await? {
                let is_again = |set: &CaseSet| {
                    set.topic == *topic && set.period == stored.period && set.content() == stored.content
                };
                let again = change.add.iter().position(is_again).filter(|_| stored.secret == secret);
                if let Some(again) = again {
                    change.add.swap_remove(again);
                } else if made.iter().any(|(of, period)| of == topic && period.contains(stored.period)) {
                    change.delete.push(stored.id);
                    change.periods.insert(stored.period);
                }
            }
        }
        change.periods.extend(change.add.iter().map(|set| set.period));
        Ok(change)
    }

    /// The base periods of which the cases change.
    pub(super) fn periods(&self) -> impl Iterator<Item = Period> {
        self.periods.iter().copied()
    }

    /// Writes the change.
    pub(super) async fn keep(self, tx: &mut Transaction, agency: &AgencyCode, file: i64) -> Result<()> {
        for id in self.delete {
            store::cases::delete(tx, id).await?;
        }
        for set in &self.add {
            store::cases::add(tx, agency, file, &self.secret, set).await?;
        }
        Ok(())
    }
}

impl Node {
    /// Counts tables of one topic by distinct cases, for a decision that is being made.
    ///
    /// # Errors
    /// A sentence with what is missing.
    pub(super) async fn count_distinct(
        &self,
        tx: &mut Transaction,
        wanted: &[(&'static Form, Period)],
        order: &[AgencyCode],
    ) -> Result<()> {
        let of_cases = store::figures::of_cases(tx).await?;
        for (form, period) in wanted {
            let agencies = of_cases.get(&(form.code.clone(), *period));
            if let Some(agency) = order.iter().find(|one| !agencies.is_some_and(|agencies| agencies.contains(one))) {
                return Err(NodeError::Refused(format!(
                    "{agency} has delivered no cases with references that answer {} for {period}, so they cannot be told from those of others. Nothing was decided; bring its file of cases through a mapping that names the column of references",
                    form.code
                )));
            }
        }
        if let Some((form, _)) = wanted.first() {
            self.require_one_secret(tx, &form.topic, order).await?;
        }
        for (form, period, counted) in self.recount(tx, order, wanted).await? {
            let union = counted.map_err(NodeError::Refused)?;
            store::cases::set_counted(tx, &form.code, period, Some(&union)).await?;
        }
        Ok(())
    }

    /// Counts distinct cases anew wherever two agencies have cases of these topics, after an agency's figures for these periods have
    /// changed: for the decisions that rest on them, and to show how far others count a case twice. A closed period that the file
    /// does not speak of stays as it was counted, also where a case of it stands in the file.
    pub(super) async fn count_distinct_again(
        &self,
        tx: &mut Transaction,
        changed: &BTreeSet<(TopicCode, Period)>,
    ) -> Result<()> {
        let topics = changed.iter().map(|(topic, _)| topic).collect();
        self.count_topics_again(tx, &topics, changed).await
    }

    /// The same for these topics: closed periods are counted where one of these changed.
    pub(super) async fn count_topics_again(
        &self,
        tx: &mut Transaction,
        topics: &BTreeSet<&TopicCode>,
        changed: &BTreeSet<(TopicCode, Period)>,
    ) -> Result<()> {
        let locks = store::calendar::locks(tx).await?;
        let stays = |topic: &TopicCode, period: Period| {
            let touched = changed.iter().any(|(of, inside)| of == topic && period.overlaps(*inside));
            !touched && locks.closes(period, None, self.now()).is_some()
        };
        let rules: BTreeMap<(FormCode, Period), Rule> =
            store::decisions::rules(tx).await?.into_iter().map(|(form, period, rule)| ((form, period), rule)).collect();
        // What is not counted again below cannot be counted any more.
        for (code, period) in store::cases::counted_subjects(tx).await? {
            let goes = |form: &Form| topics.contains(&form.topic) && !stays(&form.topic, period);
            if self.catalogue().form(&code).is_none_or(goes) {
                store::cases::set_counted(tx, &code, period, None).await?;
            }
        }
        let mut groups: BTreeMap<(TopicCode, Vec<AgencyCode>), Tables> = BTreeMap::new();
        for ((code, period), agencies) in store::figures::of_cases(tx).await? {
            let Some(form) = self.catalogue().form(&code).filter(|form| topics.contains(&form.topic)) else { continue };
            if stays(&form.topic, period) {
                continue;
            }
            let (order, is_decided) = match rules.get(&(code, period)) {
                Some(Rule::Cases(order)) => (order.clone(), true),
                _ => (agencies.clone(), false),
            };
            if order.iter().all(|agency| agencies.contains(agency)) && (is_decided || agencies.len() > 1) {
                groups.entry((form.topic.clone(), order)).or_default().push((form, period));
            }
        }
        for ((topic, order), counted) in groups {
            let done = match self.require_one_secret(tx, &topic, &order).await {
                Ok(()) => self.recount(tx, &order, &counted).await,
                Err(error) => Err(error),
            };
            // The figures that were brought are right; that the national table cannot be made of them is said on its page.
            let done = match done {
                Err(NodeError::Refused(why)) => {
                    counted.iter().map(|(form, period)| (*form, *period, Err(why.clone()))).collect()
                }
                done => done?,
            };
            for (form, period, union) in done {
                if let Err(why) = &union {
                    tracing::warn!(form = %form.code, %period, "Distinct cases cannot be counted any more: {why}");
                }
                store::cases::set_counted(tx, &form.code, period, union.ok().as_ref()).await?;
            }
        }
        Ok(())
    }

    /// Counts tables, and says of each that cannot be counted why not.
    async fn recount(
        &self,
        tx: &mut Transaction,
        order: &[AgencyCode],
        wanted: &[(&'static Form, Period)],
    ) -> Result<Counted> {
        let Some((form, _)) = wanted.first() else { return Ok(Vec::new()) };
        let refused = |error: crate::cases::distinct::DistinctError| NodeError::Refused(error.to_string());
        let mut counting = Counting::new(order, wanted, self.catalogue());
        for part in 0..PARTS {
            let sets = store::cases::part(tx, &form.topic, part).await?;
            counting.part(&sets).map_err(refused)?;
        }
        let mut all = Vec::new();
        for ((form, period), counted) in wanted.iter().zip(counting.tables()) {
            let counted = match counted {
                Ok((_, union)) => check_own(tx, form, *period, &union).await?.map_or(Ok(union), Err),
                Err(error) => Err(error.to_string()),
            };
            all.push((*form, *period, counted));
        }
        Ok(all)
    }

    /// Hashes under two secrets are never the same, so cases would be counted twice without a word.
    async fn require_one_secret(&self, tx: &mut Transaction, topic: &TopicCode, order: &[AgencyCode]) -> Result<()> {
        let secrets = store::cases::secrets(tx, topic).await?;
        let mut own = secrets.iter().filter(|(agency, _)| order.contains(agency)).map(|(_, secret)| secret);
        let first = own.next();
        if own.all(|secret| Some(secret) == first) {
            return Ok(());
        }
        Err(NodeError::Refused(format!(
            "the cases of {topic} were hashed under different secrets of this node (keys/cases.key was lost or exchanged), so the same case cannot be recognised; bring the agencies' files of cases again"
        )))
    }

    /// The distinct cases behind a national table, as they were counted last.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn distinct(&self, form: &FormCode, period: Period) -> Result<Option<Union>> {
        let mut tx = self.0.database.read("read distinct cases").await?;
        Ok(store::cases::counted(&mut tx, form, period).await?)
    }
}

/// Why the cases at hand cannot stand for the agencies' own tables: an agency that replaced its file of cases by one of other
/// periods, or in part, has tables that its cases do not make up any more, and they would be missing without a word.
async fn check_own(tx: &mut Transaction, form: &Form, period: Period, union: &Union) -> Result<Option<String>> {
    let tables = store::figures::tables(tx, &form.code, period).await?;
    for (agency, persons) in union.order.iter().zip(&union.own) {
        let own = tables.iter().find(|own| own.agency == *agency).and_then(|own| own.table.total());
        let said = own.and_then(Cell::as_count);
        if said != Some(*persons) {
            let said = own.map_or_else(|| "nothing".to_owned(), Cell::in_words);
            return Ok(Some(format!(
                "{agency}'s table {} for {period} says {said} and its cases at hand add up to {persons}, so it was made of others; bring its file of cases for this period again",
                form.code
            )));
        }
    }
    Ok(None)
}
