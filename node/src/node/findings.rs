//! What to look at before a table is released, and a person's word that it is right as it is.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use vrs_console::accounts::Operator;
use vrs_console::acts::{self, Act};
use vrs_protocol::catalogue::{Catalogue, Form};
use vrs_protocol::cell::TEXT_BYTES_MAX;
use vrs_protocol::check::{Context, Finding, SERIES_MAX, Severity, findings, outliers};
use vrs_protocol::hash::Hash;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::table::Table;
use vrs_runtime::database::Transaction;

use super::Node;
use super::figures::{national_in, optional};
use crate::error::{NodeError, Result};
use crate::findings::{Accepted, Checked, about};
use crate::roles::{Capability, require};
use crate::store;

/// What there is to look at before a table is released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// The form.
    pub form: FormCode,
    /// The period.
    pub period: Period,
    /// Everything found, errors first.
    pub findings: Vec<Checked>,
}

/// The national tables that one look at findings has made already: a table is compared with many others, and so are they.
#[derive(Default)]
pub(super) struct Made {
    subjects: Option<Arc<Vec<(FormCode, Period)>>>,
    tables: BTreeMap<(FormCode, Period), Option<Arc<Table>>>,
}

impl Made {
    async fn subjects(&mut self, tx: &mut Transaction) -> Result<Arc<Vec<(FormCode, Period)>>> {
        if let Some(known) = &self.subjects {
            return Ok(known.clone());
        }
        Ok(self.subjects.insert(Arc::new(store::figures::subjects(tx).await?)).clone())
    }

    async fn table(&mut self, tx: &mut Transaction, form: &Form, period: Period) -> Result<Option<Arc<Table>>> {
        let subject = (form.code.clone(), period);
        if let Some(known) = self.tables.get(&subject) {
            return Ok(known.clone());
        }
        let made = optional(national_in(tx, form, period).await)?.map(|national| Arc::new(national.table));
        self.tables.insert(subject, made.clone());
        Ok(made)
    }
}

impl Node {
    /// What a person should look at before a table is released.
    ///
    /// # Errors
    /// As [`Node::national`].
    pub async fn findings(&self, form: &FormCode, period: Period) -> Result<Findings> {
        let form = self.form_of(form, period)?;
        let mut tx = self.0.database.read("check a table").await?;
        let table = national_in(&mut tx, form, period).await?.table;
        let found = self.checked(&mut tx, &table, form, &mut Made::default()).await?;
        Ok(Findings { form: form.code.clone(), period, findings: found })
    }

    /// The same for several tables, which are compared with much the same others. A sentence where a table needs a decision first.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn findings_each(
        &self,
        tables: &[(FormCode, Period)],
    ) -> Result<Vec<std::result::Result<Findings, String>>> {
        let mut tx = self.0.database.read("check some tables").await?;
        let (mut made, mut all) = (Made::default(), Vec::with_capacity(tables.len()));
        for (form, period) in tables {
            let form = self.form_of(form, *period)?;
            all.push(match national_in(&mut tx, form, *period).await {
                Ok(national) => {
                    let findings = self.checked(&mut tx, &national.table, form, &mut made).await?;
                    Ok(Findings { form: form.code.clone(), period: *period, findings })
                }
                Err(NodeError::Refused(sentence) | NodeError::Missing(sentence)) => Err(sentence),
                Err(error) => return Err(error),
            });
        }
        Ok(all)
    }

    /// The same for every table of a period, in the order of the questionnaire. A table that needs a decision first is left out.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn findings_for(&self, period: Period) -> Result<Vec<Findings>> {
        let mut tx = self.0.database.read("check the tables of a period").await?;
        let mut made = Made::default();
        let subjects = made.subjects(&mut tx).await?;
        let mut forms: Vec<&FormCode> = subjects.iter().filter(|(_, of)| *of == period).map(|(form, _)| form).collect();
        forms.sort_by_key(|form| self.catalogue().order(form));
        let mut all = Vec::new();
        for form in forms {
            let Some(form) = self.catalogue().form(form) else { continue };
            let Some(table) = made.table(&mut tx, form, period).await? else { continue };
            let found = self.checked(&mut tx, &table, form, &mut made).await?;
            all.push(Findings { form: form.code.clone(), period, findings: found });
        }
        Ok(all)
    }

    /// A person says why findings of a table are right as they are: one, or all that need a reason. Answers how many.
    ///
    /// # Errors
    /// When there is no such finding any more, no reason, or the person may not.
    pub async fn accept_findings(
        &self,
        form: &FormCode,
        period: Period,
        which: Option<&Hash>,
        reason: &str,
        who: &Operator,
    ) -> Result<usize> {
        require(who, Capability::Decide.roles(), "accept findings")?;
        let (form, reason) = (self.form_of(form, period)?, reason.trim());
        if reason.is_empty() || reason.len() > TEXT_BYTES_MAX {
            return Err(NodeError::Usage(
                "a finding is accepted with a reason of 1 to 4,000 bytes: --reason TEXT. Nothing was accepted".into(),
            ));
        }
        let mut tx = self.0.database.begin("accept findings").await?;
        let table = national_in(&mut tx, form, period).await?.table;
        let mut found = self.checked(&mut tx, &table, form, &mut Made::default()).await?;
        found.retain(|checked| checked.needs_reason() && which.is_none_or(|which| checked.about == *which));
        if found.is_empty() && which.is_some() {
            return Err(NodeError::Refused(format!(
                "the figures of {} for {period} have changed meanwhile, or somebody accepted this finding; nothing was accepted. Look at them again",
                form.code
            )));
        }
        let accepted = Accepted { by: who.name.clone(), reason: reason.to_owned(), at: self.now() };
        for checked in &found {
            store::findings::accept(&mut tx, &form.code, period, &checked.about, &accepted).await?;
        }
        if !found.is_empty() {
            let act = Act::new("findings-accepted", format!("{} {period}", form.code)).by(&who.name);
            let cells: Vec<&str> = found.iter().map(|one| one.finding.cell.as_deref().unwrap_or("table")).collect();
            let act = act.after("findings", found.len()).after("cells", cells.join(", "));
            acts::record(&mut tx, act, self.now().0).await?;
        }
        tx.commit().await?;
        tracing::info!(form = %form.code, period = %period, findings = found.len(), account = %who.name, "Findings accepted");
        Ok(found.len())
    }

    /// The findings of a national table with what was said of them.
    pub(super) async fn checked(
        &self,
        tx: &mut Transaction,
        table: &Table,
        form: &Form,
        made: &mut Made,
    ) -> Result<Vec<Checked>> {
        let accepted = store::findings::accepted(tx, &table.form, table.period).await?;
        let checked = |finding: Finding| {
            let about = about(&finding, table);
            Checked { accepted: accepted.get(&about).cloned(), finding, about }
        };
        let mut found = self.findings_of(tx, table, form, made).await?;
        let series = self.series(tx, form, table.period, made).await?;
        let series: Vec<&Table> = series.iter().map(AsRef::as_ref).collect();
        found.extend(outliers(table, form, &series));
        found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        Ok(found.into_iter().map(checked).collect())
    }

    /// Refuses a table whose findings nobody has looked at: what cannot be right, and what needs a reason.
    pub(super) async fn require_looked_at(
        &self,
        tx: &mut Transaction,
        table: &Table,
        form: &Form,
        made: &mut Made,
    ) -> Result<()> {
        let (code, period) = (&form.code, table.period);
        let found = self.checked(tx, table, form, made).await?;
        if let Some(Checked { finding: error, .. }) =
            found.iter().find(|checked| checked.finding.severity == Severity::Error)
        {
            let place = error.cell.as_ref().map(|cell| format!(" at {cell}")).unwrap_or_default();
            return Err(NodeError::Refused(format!(
                "{code} for {period}{place} cannot be right and is not released: {} See: vrs-node findings {code} {period}",
                error.sentence
            )));
        }
        match found.iter().filter(|checked| checked.needs_reason()).count() {
            0 => Ok(()),
            open => Err(NodeError::Refused(format!(
                "{open} of the findings of {code} for {period} need a reason before it is released. Nothing was prepared; correct the figures, or say why they are right, on the page /findings?period={period} or with: vrs-node findings {code} {period} --accept --reason TEXT --as ACCOUNT"
            ))),
        }
    }

    /// The earlier tables of a form that make a series with a period, the latest first.
    async fn series(
        &self,
        tx: &mut Transaction,
        form: &Form,
        period: Period,
        made: &mut Made,
    ) -> Result<Vec<Arc<Table>>> {
        if !form.kind.counts() {
            return Ok(Vec::new());
        }
        let subjects = made.subjects(tx).await?;
        let of_form = |(code, of): &&(FormCode, Period)| *code == form.code && *of < period;
        let mut periods: Vec<Period> = subjects.iter().filter(of_form).map(|(_, of)| *of).collect();
        periods.retain(|of| of.length() == period.length());
        periods.sort_unstable_by_key(|of| std::cmp::Reverse(*of));
        let mut series = Vec::new();
        for of in periods.into_iter().take(SERIES_MAX) {
            series.extend(made.table(tx, form, of).await?);
        }
        Ok(series)
    }

    /// Findings of a table beside what stands in the store.
    pub(super) async fn findings_of(
        &self,
        tx: &mut Transaction,
        table: &Table,
        form: &Form,
        made: &mut Made,
    ) -> Result<Vec<Finding>> {
        let catalogue: &'static Catalogue = self.catalogue_of(table.period);
        let mut others = Vec::new();
        for (other, period) in made.subjects(tx).await?.iter() {
            let Some(other) = catalogue.form(other) else { continue };
            let concerns = *period == table.period || (other.topic == form.topic && period.overlaps(table.period));
            if concerns && (other.code != form.code || *period != table.period) {
                others.extend(made.table(tx, other, *period).await?);
            }
        }
        let mut previous = None;
        for period in [table.period.previous(), table.period.a_year_before()].into_iter().flatten() {
            if previous.is_none() {
                previous = made.table(tx, form, period).await?;
            }
        }
        let others: Vec<&Table> = others.iter().map(AsRef::as_ref).collect();
        let country = catalogue.country(self.participant().as_str()).map(|country| country.iso3.as_str());
        Ok(findings(table, form, catalogue, Context { previous: previous.as_deref(), others: &others, country }))
    }
}
