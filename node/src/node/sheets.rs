//! Sheets: figures that are typed in. They are kept as typed with every save, and taken in by the same intake as a file
//! when a person says that they are complete.

use std::collections::BTreeMap;

use vrs_console::accounts::Operator;
use vrs_console::acts::{self, Act};
use vrs_protocol::catalogue::{Dimension, Form};
use vrs_protocol::id::Code;
use vrs_protocol::period::Period;
use vrs_protocol::table::{Key, Table};
use vrs_runtime::database::Transaction;

use super::imports::Earnest;
use super::{ImportReport, ImportRequest, Node};
use crate::error::{NodeError, Result};
use crate::intake::{Flaw, Problem};
use crate::sheet::csv::{self, RowProblem};
use crate::sheet::{Notes, Sheet, Subject, rows};
use crate::store;
use crate::store::sheets::Saved;

/// The name under which figures that were typed stand among the files.
const FILE_NAME: &str = "typed at the console";

/// A sheet that a person opened.
#[derive(Debug, Clone)]
pub struct OpenSheet {
    /// What stands in it.
    pub sheet: Sheet,
    /// Who saved it last; `None`: it was not begun, and shows what the agency delivered before.
    pub saved: Option<Saved>,
    /// Whether the agency has delivered figures for this form and period.
    pub delivered: bool,
    /// What the agency answered for the period before, or for a year before.
    pub before: Option<(Period, Table)>,
}

/// A sheet whose figures are being taken in.
#[derive(Debug, Clone)]
pub(super) struct Completed {
    of: Subject,
    /// The version that was completed.
    version: u64,
    /// Notes on the table and on its cells.
    note: String,
    notes: BTreeMap<Key, String>,
    by: String,
}

/// What came of saving.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SaveOutcome {
    /// It is kept, as this version.
    Saved(Saved),
    /// Somebody else saved meanwhile; nothing was written.
    Overtaken(Saved),
}

/// What came of completing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompleteOutcome {
    /// The figures are the agency's from now on.
    TakenIn(ImportReport),
    /// They are not, and the sheet is kept as it was.
    Problems(Vec<RowProblem>),
}

impl Node {
    /// Opens the sheet of an agency for a form and period: what was typed so far, else the figures it delivered, else an
    /// empty one. `named` says how a code is written in it.
    ///
    /// # Errors
    /// When there is no such agency, the person may not deliver its figures, or the period has not begun.
    pub async fn sheet(
        &self,
        of: &Subject,
        who: &Operator,
        named: impl Fn(&Dimension, &Code) -> String + Send,
    ) -> Result<OpenSheet> {
        let form = self.may_type(of, who).await?;
        let mut tx = self.0.database.read("open a sheet").await?;
        let found = store::sheets::find(&mut tx, of).await?;
        let delivered = own_table(&mut tx, of, of.period).await?;
        let notes = store::notes::find(&mut tx, of).await?;
        let mut before = None;
        for period in [of.period.previous(), of.period.a_year_before()].into_iter().flatten() {
            if before.is_none() {
                before = own_table(&mut tx, of, period).await?.map(|table| (period, table));
            }
        }
        drop(tx);
        let is_delivered = delivered.is_some();
        let (sheet, saved) = match found {
            Some((sheet, saved)) => (sheet, Some(saved)),
            None => {
                let mut sheet = rows::sheet(form, self.catalogue_of(of.period), delivered.as_ref(), &named);
                rows::put_notes(&mut sheet, form, self.catalogue_of(of.period), notes.texts(), named);
                sheet.note = notes.whole.map(|note| note.text).unwrap_or_default();
                (sheet, None)
            }
        };
        Ok(OpenSheet { sheet, saved, delivered: is_delivered, before })
    }

    /// Keeps a sheet as it is. `began_from`: the version it was opened at; 0 where none was saved.
    ///
    /// # Errors
    /// As [`Node::sheet`], and when it is too large.
    pub async fn save_sheet(
        &self,
        of: &Subject,
        sheet: &Sheet,
        began_from: u64,
        who: &Operator,
    ) -> Result<SaveOutcome> {
        self.may_type(of, who).await?;
        if !sheet.keeps_bounds() {
            return Err(NodeError::Usage(format!(
                "a sheet has at most {} rows, and a text at most 4,000 bytes and no character NUL; nothing was saved. Bring a file for more",
                crate::sheet::ROWS_MAX
            )));
        }
        let mut tx = self.0.database.begin("save a sheet").await?;
        self.require_unlocked(&mut tx, of.period, Some(&of.agency)).await?;
        let is_saved = store::sheets::save(&mut tx, of, sheet, began_from, &who.name, self.now()).await?;
        let stands = store::sheets::find(&mut tx, of).await?.map(|(_, saved)| saved);
        // It was let go or taken in meanwhile: what is typed here begins it anew.
        let Some(stands) = stands else {
            store::sheets::save(&mut tx, of, sheet, 0, &who.name, self.now()).await?;
            tx.commit().await?;
            return Ok(SaveOutcome::Saved(Saved { version: 1, by: who.name.clone(), at: self.now() }));
        };
        tx.commit().await?;
        Ok(if is_saved { SaveOutcome::Saved(stands) } else { SaveOutcome::Overtaken(stands) })
    }

    /// Takes the figures of a saved sheet in as the agency's, all or none, and lets the sheet go.
    ///
    /// # Errors
    /// As [`Node::sheet`], and when no sheet was saved.
    pub async fn complete_sheet(&self, of: &Subject, who: &Operator) -> Result<CompleteOutcome> {
        let form = self.may_type(of, who).await?;
        let mut tx = self.0.database.read("complete a sheet").await?;
        let found = store::sheets::find(&mut tx, of).await?;
        drop(tx);
        let Some((sheet, saved)) = found else {
            return Err(NodeError::Missing(format!("sheet of {} for {} and {}", of.form, of.period, of.agency)));
        };
        let written = csv::write(&sheet, form, of.period, self.participant(), self.catalogue_of(of.period));
        let (written, notes) = match (written, csv::notes(&sheet, form, self.catalogue_of(of.period))) {
            (Ok(written), Ok(notes)) => (written, notes),
            (Err(problems), _) | (_, Err(problems)) => return Ok(CompleteOutcome::Problems(problems)),
        };
        let request = ImportRequest {
            agency: of.agency.clone(),
            name: FILE_NAME.into(),
            bytes: written.text.clone().into_bytes(),
            mapping: None,
            beside: Vec::new(),
            only: Some((of.form.clone(), of.period)),
            metadata: Some(sheet.metadata.clone()),
            by: Some(who.clone()),
        };
        let completed =
            Completed { of: of.clone(), version: saved.version, note: sheet.note, notes, by: who.name.clone() };
        match self.import_with(request, Earnest::Yes, Some(completed)).await {
            Ok(report) => Ok(CompleteOutcome::TakenIn(report)),
            Err(NodeError::File(problems)) => {
                let row = |problem: Problem| (written.row_at(problem.line).filter(|_| problem.line > 1), problem);
                Ok(CompleteOutcome::Problems(problems.listed.into_iter().map(row).collect()))
            }
            Err(error) => Err(error),
        }
    }

    /// Keeps the notes of a sheet that was completed, and lets it go. What was typed since is kept.
    pub(super) async fn let_sheet_go(&self, tx: &mut Transaction, sheet: &Completed) -> Result<()> {
        let Completed { of, version, note, notes, by } = sheet;
        if store::notes::replace(tx, of, note, notes, by, self.now()).await? {
            let subject = format!("{} {} {}", of.agency, of.form, of.period);
            let act = Act::new("notes-changed", subject).by(by).after("notes_on_cells", notes.len());
            acts::record(tx, act.after("note_on_the_table", !note.is_empty()), self.now().0).await?;
        }
        let stands = store::sheets::find(tx, of).await?;
        if stands.is_some_and(|(_, now)| now.version == *version) {
            store::sheets::delete(tx, of).await?;
        }
        Ok(())
    }

    /// What an agency noted beside its figures.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn notes(&self, of: &Subject) -> Result<Notes> {
        let mut tx = self.0.database.read("read notes").await?;
        Ok(store::notes::find(&mut tx, of).await?)
    }

    /// Forgets what was typed; figures that were delivered stay.
    ///
    /// # Errors
    /// As [`Node::sheet`].
    pub async fn drop_sheet(&self, of: &Subject, who: &Operator) -> Result<()> {
        // Also of a form that is not asked any more since it was begun.
        self.may_deliver(Some(who), &of.agency).await?;
        self.check_assigned(Some(who), &of.agency, std::iter::once(&of.form)).await?;
        let mut tx = self.0.database.begin("let a sheet go").await?;
        store::sheets::delete(&mut tx, of).await?;
        Ok(tx.commit().await?)
    }

    /// The sheets that are being typed, the latest first: all of them for who compiles, those of the own agency for others.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn sheets(&self, who: &Operator) -> Result<Vec<(Subject, Saved)>> {
        let mut tx = self.0.database.read("list sheets").await?;
        let mut sheets = store::sheets::list(&mut tx).await?;
        drop(tx);
        sheets.retain(|(of, _)| Self::delivers_for(who, &of.agency).is_ok());
        Ok(sheets)
    }

    async fn may_type(&self, of: &Subject, who: &Operator) -> Result<&'static Form> {
        let form = self.form_asked(&of.form, of.period)?;
        self.may_deliver(Some(who), &of.agency).await?;
        self.check_assigned(Some(who), &of.agency, std::iter::once(&of.form)).await?;
        if !of.period.begun_by(self.now().date()) {
            let flaw = Flaw::UnknownPeriod("it has not begun".into());
            let problem = Problem::at(0, "period", &of.period.to_string(), flaw, "a period that has begun");
            return Err(NodeError::File(problem.into()));
        }
        Ok(form)
    }
}

async fn own_table(tx: &mut Transaction, of: &Subject, period: Period) -> Result<Option<Table>> {
    let tables = store::figures::tables(tx, &of.form, period).await?;
    Ok(tables.into_iter().find(|own| own.agency == of.agency).map(|own| own.table))
}
