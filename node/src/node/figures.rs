//! Agencies, what they delivered, and the national tables made of it.

use serde::Serialize;
use vrs_console::accounts::Operator;
use vrs_protocol::catalogue::Form;
use vrs_protocol::cell::Cell;
use vrs_protocol::check::{Context, Finding, findings};
use vrs_protocol::hash::Hash;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::table::{Key, Metadata, Table};
use vrs_runtime::database::{DatabaseError, Transaction};

use super::Node;
use crate::error::{NodeError, Result};
use crate::intake::{self, Intake, Mapping, SourceFile};
use crate::national::{self, Agency, AgencyCode, AgencyTable, Decision, National, NationalError, Rule};
use crate::report::{self, CellReport, TableReport};
use crate::roles::{Role, require};
use crate::store;
use crate::store::figures::{NewFile, TakenFile};

/// A file to be taken in.
#[derive(Debug, Clone)]
pub struct ImportRequest {
    /// Who delivered it.
    pub agency: AgencyCode,
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Name and bytes of the mapping it is read through; `None`: canonical CSV.
    pub mapping: Option<(String, Vec<u8>)>,
    /// Files the mapping wants beside it, by name.
    pub beside: Vec<(String, Vec<u8>)>,
    /// The only table it may hold, where the person named one.
    pub only: Option<(FormCode, Period)>,
    /// The metadata block of its tables, where it comes with the file and not in it.
    pub metadata: Option<Metadata>,
    /// Who takes it in; `None`: the command line, by whoever may use the folder.
    pub by: Option<Operator>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportReport {
    /// Number of the import; `None`: nothing in it was new.
    pub import: Option<i64>,
    /// Whose figures.
    pub agency: AgencyCode,
    /// SHA-256 of the file.
    pub hash: Hash,
    /// Its tables.
    pub tables: Vec<ImportedTable>,
    /// Rows without the heading.
    pub rows_read: usize,
    /// Rows of them about other states.
    pub rows_of_others: usize,
    /// Rows of the rest that the mapping leaves out.
    pub rows_left_out: usize,
}

/// One table of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImportedTable {
    /// The form.
    pub form: FormCode,
    /// The period.
    pub period: Period,
    /// How many cells.
    pub cells: usize,
    /// Whether it differs from what the agency had delivered before.
    pub changed: bool,
}

/// What stands behind a national cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CellBehind {
    /// Whose answer.
    pub agency: AgencyCode,
    /// The answer.
    pub cell: CellReport,
    /// File and line it came from; `None` for the line where it was computed.
    pub file: String,
    /// Line of that file.
    pub line: Option<u64>,
}

/// What there is to look at before a table is released.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// The form.
    pub form: FormCode,
    /// The period.
    pub period: Period,
    /// Everything found, errors first.
    pub findings: Vec<Finding>,
}

impl Node {
    /// Adds an agency.
    ///
    /// # Errors
    /// When the code is taken.
    pub async fn add_agency(&self, agency: &Agency) -> Result<()> {
        let mut tx = self.0.database.begin("add agency").await?;
        match store::agencies::add(&mut tx, agency, self.now().0).await {
            Err(DatabaseError::Conflict { .. }) => {
                return Err(NodeError::Refused(format!("there is an agency {} already", agency.code)));
            }
            added => added?,
        }
        tx.commit().await?;
        tracing::info!(agency = %agency.code, "Agency added");
        Ok(())
    }

    /// All agencies by code.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn agencies(&self) -> Result<Vec<Agency>> {
        let mut tx = self.0.database.read("list agencies").await?;
        Ok(store::agencies::list(&mut tx).await?)
    }

    /// Takes a file in: all of its tables, or none and every reason why.
    ///
    /// # Errors
    /// [`NodeError::File`] with every problem of the file.
    pub async fn import(&self, request: ImportRequest) -> Result<ImportReport> {
        let hash = Hash::of(&request.bytes);
        let read = self.read_file(&request)?;
        self.check_only(&request, &read)?;
        if let Some(who) = &request.by {
            require(who, &[Role::Contributor, Role::FocalPoint], "import figures")?;
            if !who.has_role(Role::FocalPoint.code()) && who.agency.as_deref() != Some(request.agency.as_str()) {
                return Err(NodeError::NotAllowed(format!(
                    "{} delivers figures of another agency than {}",
                    who.name, request.agency
                )));
            }
        }
        let mut tx = self.0.database.begin("import a file").await?;
        let known = store::agencies::find(&mut tx, &request.agency).await?;
        known.ok_or_else(|| {
            NodeError::Missing(format!("agency {0}; add it first: agency add {0} --name NAME", request.agency))
        })?;
        let mut report = ImportReport {
            import: None,
            agency: request.agency.clone(),
            hash,
            tables: Vec::new(),
            rows_read: read.rows_read,
            rows_of_others: read.rows_of_others,
            rows_left_out: read.rows_left_out,
        };
        for mut taken in read.tables {
            let before = own_table(&mut tx, &request.agency, &taken.table).await?;
            match (&request.metadata, &before) {
                (Some(given), _) => taken.table.metadata = given.clone(),
                // Canonical CSV has no metadata block: how the figures were counted stays as it was said before.
                (None, Some(before)) if request.mapping.is_none() => {
                    taken.table.metadata = before.table.metadata.clone()
                }
                _ => {}
            }
            let changed = before.is_none_or(|before| before.table != taken.table);
            report.tables.push(ImportedTable {
                form: taken.table.form.clone(),
                period: taken.table.period,
                cells: taken.table.cells.len(),
                changed,
            });
            if changed {
                let file = match report.import {
                    Some(file) => file,
                    None => *report.import.insert(
                        store::figures::add_file(&mut tx, &new_file(&request, hash, &report), self.now().0).await?,
                    ),
                };
                store::figures::add_table(&mut tx, &request.agency, file, &taken.table, &taken.lines).await?;
            }
        }
        tx.commit().await?;
        tracing::info!(agency = %request.agency, import = report.import, tables = report.tables.len(), rows = report.rows_read, "File taken in");
        Ok(report)
    }

    fn read_file(&self, request: &ImportRequest) -> Result<Intake> {
        let (catalogue, participant) = (self.catalogue(), self.participant());
        let read = match &request.mapping {
            None => intake::read_canonical(&request.bytes, catalogue, participant)?,
            Some((name, bytes)) => {
                let mapping = Mapping::parse(bytes).map_err(|mut problem| {
                    problem.file = Some(name.as_str().into());
                    intake::Problems::from(problem)
                })?;
                let beside: Vec<SourceFile<'_>> =
                    request.beside.iter().map(|(name, bytes)| SourceFile { name, bytes }).collect();
                let file = SourceFile { name: &request.name, bytes: &request.bytes };
                intake::read_mapped(file, &beside, &mapping, catalogue, participant)?
            }
        };
        Ok(read)
    }

    fn check_only(&self, request: &ImportRequest, read: &Intake) -> Result<()> {
        let Some((form, period)) = &request.only else { return Ok(()) };
        match read.tables.iter().find(|taken| taken.table.form != *form || taken.table.period != *period) {
            None => Ok(()),
            Some(other) => Err(NodeError::Usage(format!(
                "the file holds {} for {} and you named {form} for {period}; leave out --form and --period to take the whole file",
                other.table.form, other.table.period
            ))),
        }
    }

    /// The files taken in last, newest first.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn imports(&self, most: u32) -> Result<Vec<TakenFile>> {
        let mut tx = self.0.database.read("list imports").await?;
        Ok(store::figures::files(&mut tx, most).await?)
    }

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

    /// A form of the questionnaire.
    ///
    /// # Errors
    /// When there is no such form; the sentence names the nearest ones.
    pub fn form(&self, code: &FormCode) -> Result<&'static Form> {
        self.catalogue().form(code).ok_or_else(|| {
            let codes = self.catalogue().forms().iter().map(|form| form.code.as_str());
            let near = intake::problems::nearest(code.as_str(), codes).join(", ");
            let near = if near.is_empty() {
                "see the questionnaire for the forms there are".to_owned()
            } else {
                format!("did you mean {near}?")
            };
            NodeError::Missing(format!("form {code}; {near}"))
        })
    }

    /// The national table of a form and period.
    ///
    /// # Errors
    /// When no agency has delivered, or a decision is needed first.
    pub async fn national(&self, form: &FormCode, period: Period) -> Result<National> {
        let form = self.form(form)?;
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
        Ok(report::table(&national.table, self.form(form)?, self.catalogue(), self.participant()))
    }

    /// What stands behind one cell of the national table: each agency's answer with file and line.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn behind(&self, form: &FormCode, period: Period, key: &Key) -> Result<Vec<CellBehind>> {
        let tables = self.agency_tables(form, period).await?;
        let form = self.form(form)?;
        let answer = |own: &AgencyTable, cell: &Cell| CellBehind {
            agency: own.agency.clone(),
            cell: report::cell(key, cell, form, self.catalogue()),
            file: own.file.name.clone(),
            line: own.lines.get(key).copied(),
        };
        Ok(tables.iter().filter_map(|own| Some(answer(own, own.table.cell(key)?))).collect())
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
        require(who, &[Role::FocalPoint], "decide on national figures")?;
        if reason.trim().is_empty() || reason.len() > vrs_protocol::cell::TEXT_BYTES_MAX {
            return Err(NodeError::Usage("a decision needs a reason of 1 to 4,000 bytes: --reason TEXT".into()));
        }
        let form = self.form(form)?;
        let decision = Decision { rule, keep, by: who.name.clone(), reason: reason.trim().to_owned(), at: self.now() };
        let mut tx = self.0.database.begin("decide on national figures").await?;
        store::decisions::add(&mut tx, &form.code, period, &decision).await?;
        let made = national_in(&mut tx, form, period).await?;
        tx.commit().await?;
        tracing::info!(form = %form.code, period = %period, rule = %decision.rule, account = %who.name, "National figures decided");
        Ok(made)
    }

    /// What a person should look at before a table is released.
    ///
    /// # Errors
    /// As [`Node::national`].
    pub async fn findings(&self, form: &FormCode, period: Period) -> Result<Findings> {
        let form = self.form(form)?;
        let mut tx = self.0.database.read("check a table").await?;
        let table = national_in(&mut tx, form, period).await?.table;
        let found = self.findings_of(&mut tx, &table, form).await?;
        Ok(Findings { form: form.code.clone(), period, findings: found })
    }

    /// Findings of a table beside what stands in the store.
    pub(super) async fn findings_of(&self, tx: &mut Transaction, table: &Table, form: &Form) -> Result<Vec<Finding>> {
        let mut others = Vec::new();
        for (other, period) in store::figures::subjects(tx).await? {
            let Some(other) = self.catalogue().form(&other) else { continue };
            let concerns = period == table.period || (other.topic == form.topic && period.overlaps(table.period));
            if concerns
                && (other.code != form.code || period != table.period)
                && let Some(other) = optional(national_in(tx, other, period).await)?
            {
                others.push(other.table);
            }
        }
        let mut previous = None;
        let a_year_ago = period_a_year_ago(table.period);
        for period in [table.period.previous(), a_year_ago].into_iter().flatten() {
            if previous.is_none() {
                previous = optional(national_in(tx, form, period).await)?.map(|national| national.table);
            }
        }
        let others: Vec<&Table> = others.iter().collect();
        let country = self.catalogue().country(self.participant().as_str()).map(|country| country.iso3.as_str());
        Ok(findings(table, form, self.catalogue(), Context { previous: previous.as_ref(), others: &others, country }))
    }
}

fn period_a_year_ago(period: Period) -> Option<Period> {
    let text = period.to_string();
    let year = period.year().checked_sub(1)?;
    Period::parse(&format!("{year:04}{}", text.get(4..)?)).ok()
}

fn optional(made: Result<National>) -> Result<Option<National>> {
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
    national::compile(form, &tables, decision.as_ref()).map_err(|error| match error {
        NationalError::Nothing => {
            NodeError::Missing(format!("table of {} for {period}: {error}; import a file first", form.code))
        }
        other => NodeError::Refused(format!("{} for {period}: {other}", form.code)),
    })
}

async fn own_table(tx: &mut Transaction, agency: &AgencyCode, table: &Table) -> Result<Option<AgencyTable>> {
    let tables = store::figures::tables(tx, &table.form, table.period).await?;
    Ok(tables.into_iter().find(|own| own.agency == *agency))
}

fn new_file(request: &ImportRequest, hash: Hash, report: &ImportReport) -> NewFile {
    NewFile {
        agency: request.agency.clone(),
        name: request.name.clone(),
        hash,
        mapping: request.mapping.as_ref().map(|(name, bytes)| (name.clone(), Hash::of(bytes))),
        rows_read: report.rows_read,
        rows_of_others: report.rows_of_others,
        rows_left_out: report.rows_left_out,
        taken_by: request.by.as_ref().map_or_else(|| "command line".to_owned(), |who| who.name.clone()),
    }
}
