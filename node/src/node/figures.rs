//! The national tables made of what agencies delivered.

use serde::Serialize;
use vrs_console::accounts::Operator;
use vrs_console::acts::{self, Act};
use vrs_protocol::catalogue::{Catalogues, Form};
use vrs_protocol::cell::TEXT_BYTES_MAX;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::table::Key;
use vrs_runtime::database::Transaction;

use super::Node;
use crate::error::{NodeError, Result};
use crate::intake;
use crate::national::{self, AgencyCode, AgencyTable, Decided, Decision, National, NationalError, Origin, Rule};
use crate::report::{self, CellReport, TableReport};
use crate::roles::{Capability, require};
use crate::store;

/// A figure of a national table with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellOrigin {
    /// The figure.
    pub cell: CellReport,
    /// Where it comes from.
    pub origin: Origin,
    /// The same in words.
    pub words: String,
}

impl Node {
    /// Every form and period for which an agency has delivered, in catalogue and period order.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn subjects(&self) -> Result<Vec<(FormCode, Period)>> {
        let mut tx = self.0.database.read("list tables").await?;
        let mut subjects = store::figures::subjects(&mut tx).await?;
        subjects.sort_by_key(|(form, period)| (*period, self.catalogue().order(form)));
        Ok(subjects)
    }

    /// A form of the questionnaire, as the latest version in force that has it asks it.
    ///
    /// # Errors
    /// When there is no such form; the sentence names the nearest ones.
    pub fn form(&self, code: &FormCode) -> Result<&'static Form> {
        let catalogues = self.catalogues();
        catalogues.form_ever(code).ok_or_else(|| {
            let codes = catalogues.latest().forms().iter().map(|form| form.code.as_str());
            let near = intake::problems::nearest(code.as_str(), codes).join(", ");
            let near = if near.is_empty() {
                "see the questionnaire for the forms there are".to_owned()
            } else {
                format!("did you mean {near}?")
            };
            NodeError::Missing(format!("form {code}; {near}"))
        })
    }

    /// A form in the words of a period; where it is not asked for it, in those of the latest version that has it.
    ///
    /// # Errors
    /// As [`Node::form`].
    pub fn form_of(&self, code: &FormCode, period: Period) -> Result<&'static Form> {
        self.catalogue_of(period).form(code).map_or_else(|| self.form(code), Ok)
    }

    /// A form that is asked for a period.
    ///
    /// # Errors
    /// When the catalogue of the period does not have it, with the periods it is asked for; or as [`Node::form`].
    pub fn form_asked(&self, code: &FormCode, period: Period) -> Result<&'static Form> {
        let catalogues = self.catalogues();
        if let Some(form) = catalogues.form(code, period) {
            return Ok(form);
        }
        self.form(code)?;
        Err(NodeError::Refused(format!("{}; nothing was changed", not_asked(&catalogues, code, period))))
    }

    /// The national table of a form and period.
    ///
    /// # Errors
    /// When no agency has delivered, or a decision is needed first.
    pub async fn national(&self, form: &FormCode, period: Period) -> Result<National> {
        let form = self.form_of(form, period)?;
        let mut tx = self.0.database.read("make a national table").await?;
        national_in(&mut tx, form, period).await
    }

    /// The figures of every agency for a form and period.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn agency_tables(&self, form: &FormCode, period: Period) -> Result<Vec<AgencyTable>> {
        self.form(form)?;
        let mut tx = self.0.database.read("read agencies' figures").await?;
        Ok(store::figures::tables(&mut tx, form, period).await?)
    }

    /// The national table as a report.
    ///
    /// # Errors
    /// As [`Node::national`].
    pub async fn table_report(&self, form: &FormCode, period: Period) -> Result<TableReport> {
        let national = self.national(form, period).await?;
        Ok(report::table(&national.table, self.form_of(form, period)?, self.catalogue(), self.participant()))
    }

    /// Where each figure of a national table comes from: file and line, a sum of whose, set by hand by whom.
    ///
    /// # Errors
    /// As [`Node::national`].
    pub async fn origins(&self, form: &FormCode, period: Period) -> Result<Vec<CellOrigin>> {
        let national = self.national(form, period).await?;
        let form = self.form_of(form, period)?;
        let of = |(key, origin): (&Key, &Origin)| {
            let cell = report::cell(key, national.table.cell(key)?, form, self.catalogue());
            Some(CellOrigin { cell, words: origin.words(), origin: origin.clone() })
        };
        Ok(national.origins.iter().filter_map(of).collect())
    }

    /// A person decides how the national table is made.
    ///
    /// # Errors
    /// When the agency has delivered nothing, or the person may not.
    pub async fn decide(
        &self,
        form: &FormCode,
        period: Period,
        rule: Rule,
        keep: Option<u16>,
        reason: &str,
        who: &Operator,
    ) -> Result<National> {
        require(who, Capability::Decide.roles(), "decide on national figures")?;
        let form = self.form_of(form, period)?;
        let decision = Decision { rule, keep, by: who.name.clone(), reason: reason.trim().to_owned(), at: self.now() };
        let mut tx = self.0.database.begin("decide on national figures").await?;
        if let Rule::Cases(order) = &decision.rule {
            self.count_distinct(&mut tx, &[(form, period)], order).await?;
        }
        let made = self.record_decision(&mut tx, form, period, &decision).await?;
        tx.commit().await?;
        tracing::info!(form = %form.code, period = %period, rule = %decision.rule, account = %who.name, "National figures decided");
        Ok(made)
    }

    /// Decides to count cases once for every table of a form's topic and a year that these agencies have cases for, all or none:
    /// where one table of a topic counts them so and another adds them, their totals contradict each other. Answers how many.
    ///
    /// # Errors
    /// As [`Node::decide`].
    pub async fn decide_cases(
        &self,
        form: &FormCode,
        year: u16,
        order: &[AgencyCode],
        reason: &str,
        who: &Operator,
    ) -> Result<usize> {
        require(who, Capability::Decide.roles(), "decide on national figures")?;
        let topic = &self.form(form)?.topic;
        let rule = Rule::Cases(order.to_vec());
        let reason = reason.trim().to_owned();
        let decision = Decision { rule, keep: None, by: who.name.clone(), reason, at: self.now() };
        let mut tx = self.0.database.begin("decide on national figures").await?;
        let mut wanted = Vec::new();
        for ((code, period), agencies) in store::figures::of_cases(&mut tx).await? {
            let form = self.catalogue().form(&code).filter(|form| form.topic == *topic && period.year() == year);
            let Some(form) = form.filter(|_| order.iter().all(|one| agencies.contains(one))) else { continue };
            let all = store::figures::tables(&mut tx, &code, period).await?;
            if let Some(other) = all.iter().find(|own| !order.contains(&own.agency)) {
                return Err(NodeError::Refused(format!(
                    "{} has figures too for {code} in {period}, and they would be missing; nothing was decided. Name it among the agencies, or decide about each table by itself",
                    other.agency
                )));
            }
            wanted.push((form, period));
        }
        if wanted.is_empty() {
            return Err(NodeError::Refused(format!(
                "these agencies have no cases with references about the topic {topic} in {year}; nothing was decided"
            )));
        }
        self.count_distinct(&mut tx, &wanted, order).await?;
        for (form, period) in &wanted {
            self.record_decision(&mut tx, form, *period, &decision).await?;
        }
        tx.commit().await?;
        tracing::info!(%topic, year, tables = wanted.len(), account = %who.name, "Cases are counted once");
        Ok(wanted.len())
    }

    /// Records a decision, with the act, if the national table can be made so.
    async fn record_decision(
        &self,
        tx: &mut Transaction,
        form: &Form,
        period: Period,
        decision: &Decision,
    ) -> Result<National> {
        if decision.reason.len() > TEXT_BYTES_MAX {
            return Err(NodeError::Usage(
                "the reason of a decision has at most 4,000 bytes; nothing was decided".into(),
            ));
        }
        self.require_unlocked(tx, period, None).await?;
        let earlier = store::decisions::latest(tx, &form.code, period).await?;
        store::decisions::add(tx, &form.code, period, decision).await?;
        let made = national_in(tx, form, period).await?;
        if decision.reason.is_empty() && made.differing().next().is_some() {
            return Err(NodeError::Usage(
                "the agencies answer differently, so the decision needs a reason: --reason TEXT. Nothing was decided"
                    .into(),
            ));
        }
        let rule = earlier.map_or_else(|| "none".to_owned(), |earlier| earlier.rule.to_string());
        let act = Act::new("national-decided", format!("{} {period}", form.code)).by(&decision.by).before("rule", rule);
        acts::record(tx, act.after("rule", &decision.rule), self.now().0).await?;
        Ok(made)
    }
}

/// Why a form is not asked for a period: `IX_XPT is not asked for 2027-Q1, which follows catalogue 2027.1; it is asked until 2026`.
pub(super) fn not_asked(catalogues: &Catalogues, code: &FormCode, period: Period) -> String {
    let has = catalogues.all().filter(|(_, catalogue)| catalogue.form(code).is_some());
    let years: Vec<String> = has
        .flat_map(|(_, catalogue)| catalogues.years(catalogue))
        .collect::<std::collections::BTreeSet<_>>()
        .into_iter()
        .map(|years| match years {
            (None, None) => "for all years".to_owned(),
            (None, Some(last)) => format!("until {last}"),
            (Some(first), None) => format!("from {first} on"),
            (Some(first), Some(last)) => format!("from {first} to {last}"),
        })
        .collect();
    let version = &catalogues.of(period).version;
    if years.is_empty() {
        return format!("{code} is not asked for {period}, nor for any other year: no catalogue in force here has it");
    }
    format!("{code} is not asked for {period}, which follows catalogue {version}; it is asked {}", years.join(" and "))
}

pub(super) fn optional(made: Result<National>) -> Result<Option<National>> {
    match made {
        Ok(national) => Ok(Some(national)),
        Err(NodeError::Refused(_) | NodeError::Missing(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The national table inside a transaction.
pub(super) async fn national_in(tx: &mut Transaction, form: &Form, period: Period) -> Result<National> {
    let tables = store::figures::tables(tx, &form.code, period).await?;
    let decision = store::decisions::latest(tx, &form.code, period).await?;
    let by_hand = store::by_hand::in_force(tx, &form.code, period).await?;
    let counts_cases = matches!(decision, Some(Decision { rule: Rule::Cases(_), .. }));
    let distinct = if counts_cases { store::cases::counted(tx, &form.code, period).await? } else { None };
    national::compile(form, &tables, &Decided { decision, by_hand, distinct }).map_err(|error| match error {
        NationalError::Nothing => {
            NodeError::Missing(format!("table of {} for {period}: {error}; import a file first", form.code))
        }
        other => NodeError::Refused(format!("{} for {period}: {other}", form.code)),
    })
}
