//! An import is taken back: the wrong file, the wrong agency, the wrong year. What the agency had delivered before is in force
//! again; nothing is deleted but cases, which a file leaves nothing of when it goes.

use std::collections::BTreeSet;

use serde::Serialize;
use vrs_console::accounts::Operator;
use vrs_console::acts::{self, Act};
use vrs_protocol::id::{FormCode, TopicCode};
use vrs_protocol::period::Period;
use vrs_runtime::database::Transaction;

use super::Node;
use crate::error::{NodeError, Result};
use crate::national::AgencyCode;
use crate::store;
use crate::store::cases::FileSet;
use crate::store::figures::{FileTable, TakenFile};

/// Characters of a reason.
const REASON_CHARS_MAX: usize = 1_000;

/// An import with what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportEntry {
    /// The file.
    pub file: TakenFile,
    /// Its tables.
    pub tables: Vec<FileTable>,
    /// Whether cases are kept of it, which are deleted when it is taken back.
    pub has_cases: bool,
}

/// What taking an import back did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TakenBack {
    /// Tables for which the agency's figures of before are in force again.
    pub again: Vec<(FormCode, Period)>,
    /// Tables for which the agency has no figures any more.
    pub none: Vec<(FormCode, Period)>,
    /// Tables that a later import had replaced already.
    pub replaced: usize,
    /// Tables that stand, because another import says the same.
    pub confirmed: usize,
    /// Whether cases were deleted. Figures of before that came from cases stand, and their cases are counted once only after their
    /// file was brought again.
    pub cases_deleted: bool,
}

impl Node {
    /// An import, if there is one of that number.
    ///
    /// # Errors
    /// See [`NodeError::Database`], and when there is none.
    pub async fn import_entry(&self, import: i64) -> Result<ImportEntry> {
        let mut tx = self.0.database.read("find an import").await?;
        let file = store::figures::file(&mut tx, import).await?;
        let file = file.ok_or_else(|| NodeError::Missing(format!("import {import}")))?;
        let tables = store::figures::tables_of(&mut tx, import).await?;
        let has_cases = !store::cases::of_file(&mut tx, import).await?.is_empty();
        Ok(ImportEntry { file, tables, has_cases })
    }

    /// Whether a person may take an import of these tables back, as far as the agency and its forms are concerned.
    pub async fn may_take_back(&self, agency: &AgencyCode, tables: &[FileTable], who: &Operator) -> bool {
        let forms = tables.iter().map(|table| &table.form);
        Self::delivers_for(who, agency).is_ok() && self.check_assigned(Some(who), agency, forms).await.is_ok()
    }

    /// Takes an import back. `who`: who does it; `None`: the command line, by whoever may use the folder.
    ///
    /// # Errors
    /// When the person may not deliver for the agency, no reason is given, it was taken back before, a period of it is closed, or
    /// a release stands on figures that it brought.
    pub async fn take_import_back(&self, import: i64, reason: &str, who: Option<&Operator>) -> Result<TakenBack> {
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > REASON_CHARS_MAX {
            return Err(NodeError::Usage(format!(
                "say why the import is taken back, in at most {REASON_CHARS_MAX} characters; nothing was changed"
            )));
        }
        let ImportEntry { file, tables, .. } = self.import_entry(import).await?;
        self.may_deliver(who, &file.agency).await?;
        self.check_assigned(who, &file.agency, tables.iter().map(|table| &table.form)).await?;
        let mut tx = self.0.database.begin("take an import back").await?;
        let by = who.map_or("command line", |who| who.name.as_str());
        if !store::figures::take_back(&mut tx, import, by, reason, self.now()).await? {
            return Err(NodeError::Refused(format!("import {import} was taken back before; nothing was changed")));
        }
        let tables = store::figures::tables_of(&mut tx, import).await?;
        let sets = store::cases::of_file(&mut tx, import).await?;
        let periods = tables.iter().map(|table| table.period).chain(sets.iter().map(|set| set.period));
        for period in periods.collect::<BTreeSet<_>>() {
            self.require_unlocked(&mut tx, period, Some(&file.agency)).await?;
        }
        let mut done = TakenBack {
            again: Vec::new(),
            none: Vec::new(),
            replaced: 0,
            confirmed: 0,
            cases_deleted: !sets.is_empty(),
        };
        let mut changed: BTreeSet<(TopicCode, Period)> = BTreeSet::new();
        for table in &tables {
            let subject = (table.form.clone(), table.period);
            if table.replaced || table.stands {
                let how_many = if table.replaced { &mut done.replaced } else { &mut done.confirmed };
                *how_many += 1;
                continue;
            }
            require_unreleased(&mut tx, &table.form, table.period).await?;
            changed.extend(self.catalogue().form(&table.form).map(|form| (form.topic.clone(), table.period)));
            if table.has_before { done.again.push(subject) } else { done.none.push(subject) }
        }
        for set in sets {
            self.delete_cases(&mut tx, &file.agency, &set).await?;
            changed.insert((set.topic, set.period));
        }
        self.count_distinct_again(&mut tx, &changed).await?;
        let act = Act::new("import-taken-back", format!("import {import}"))
            .after("agency", &file.agency)
            .after("file", &file.name)
            .after("reason", reason)
            .after("tables_of_before", done.again.len())
            .after("tables_without_figures", done.none.len())
            .after("cases_deleted", done.cases_deleted);
        let act = who.iter().fold(act, |act, who| act.by(&who.name));
        acts::record(&mut tx, act, self.now().0).await?;
        tx.commit().await?;
        tracing::info!(import, agency = %file.agency, "Import taken back");
        Ok(done)
    }

    /// Deletes a set of cases; the agency's figures that came from it stand, and come from no cases any more.
    async fn delete_cases(&self, tx: &mut Transaction, agency: &AgencyCode, set: &FileSet) -> Result<()> {
        for ((code, period), agencies) in store::figures::of_cases(tx).await? {
            let of_topic = self.catalogue().form(&code).is_some_and(|form| form.topic == set.topic);
            if of_topic && period.overlaps(set.period) && agencies.contains(agency) {
                require_unreleased(tx, &code, period).await?;
                store::figures::forget_cases(tx, agency, &code, period).await?;
            }
        }
        Ok(store::cases::delete(tx, set.id).await?)
    }
}

/// Figures that a release stands on do not go away under it.
async fn require_unreleased(tx: &mut Transaction, form: &FormCode, period: Period) -> Result<()> {
    match store::releases::open_of(tx, form, period).await? {
        None => Ok(()),
        Some(release) => Err(NodeError::Refused(format!(
            "release {release} is about {form} for {period}, which stands on what this import brought. Nothing was changed. Return or withdraw the release first, or bring the right figures and release a revision"
        ))),
    }
}
