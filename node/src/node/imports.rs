//! Files of agencies: from the bytes that came to tables in the store, all of a file or nothing of it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use vrs_console::accounts::Operator;
use vrs_console::acts::{self, Act};
use vrs_protocol::check;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{FormCode, TopicCode};
use vrs_protocol::period::Period;
use vrs_protocol::table::{Metadata, Table};
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::Transaction;

use super::Node;
use super::cases::CaseChange;
use super::figures::not_asked;
use super::sheets::Completed;
use crate::cases::ReferenceKey;
use crate::error::{NodeError, Result};
use crate::intake::{self, Flaw, HowCounted, Intake, Mapping, Problem, SourceFile, Taken};
use crate::national::{AgencyCode, AgencyTable};
use crate::roles::{Capability, Role, require};
use crate::store;
use crate::store::figures::{NewFile, NewTable, TakenFile};

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
    /// Rows whose case stands in the file already and was counted once.
    pub rows_repeated: usize,
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

/// Whether an import is meant, or only tried out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Earnest {
    /// What the file says is stored.
    Yes,
    /// Nothing is.
    No,
}

impl Node {
    /// Takes a file in: all of its tables, or none and every reason why.
    ///
    /// # Errors
    /// [`NodeError::File`] with every problem of the file.
    pub async fn import(&self, request: ImportRequest) -> Result<ImportReport> {
        self.import_as(request, Earnest::Yes).await
    }

    /// As [`Node::import`], or only what it would do.
    pub(super) async fn import_as(&self, request: ImportRequest, earnest: Earnest) -> Result<ImportReport> {
        self.import_with(request, earnest, None).await
    }

    /// As [`Node::import_as`], with what else is done with the sheet that the figures were typed into.
    pub(super) async fn import_with(
        &self,
        request: ImportRequest,
        earnest: Earnest,
        sheet: Option<Completed>,
    ) -> Result<ImportReport> {
        // Whoever may not import here does not get a file read either.
        self.may_deliver(request.by.as_ref(), &request.agency).await?;
        let counted =
            HowCounted { given: request.metadata.clone(), before: self.counted_before(&request.agency).await? };
        let node = self.clone();
        // A large file takes the processor for a while; everybody else is served beside it.
        let read = tokio::task::spawn_blocking(move || {
            let (read, key) = node.read_file(&request, &counted)?;
            Ok::<_, NodeError>((request, read, key))
        });
        let (request, mut read, key) = read.await.map_err(|error| NodeError::Defect(error.to_string()))??;
        let forms = read.tables.iter().map(|taken| &taken.table.form);
        self.check_assigned(request.by.as_ref(), &request.agency, forms).await?;
        check_only(&request, &read)?;
        self.check_asked(&read)?;
        check_begun(&read, self.now())?;
        let hash = Hash::of(&request.bytes);
        let mut tx = self.0.database.begin("import a file").await?;
        let mut report = ImportReport {
            import: None,
            agency: request.agency.clone(),
            hash,
            tables: Vec::new(),
            rows_read: read.rows_read,
            rows_of_others: read.rows_of_others,
            rows_left_out: read.rows_left_out,
            rows_repeated: read.rows_repeated,
        };
        let topics = self.topics_of(&read);
        let cases = match &key {
            Some(key) => {
                let sets = std::mem::take(&mut read.cases);
                Some(CaseChange::of(&mut tx, &request.agency, &topics, sets, key.mark()).await?)
            }
            None => None,
        };
        let of_cases = cases.is_some();
        // Whether something changes that distinct cases are counted of: the cases, or that an agency's figures come from them.
        let mut recount = of_cases;
        let mut same = Vec::new();
        for taken in read.tables {
            let before = own_table(&mut tx, &request.agency, &taken.table).await?;
            let version = before.as_ref().map(|before| before.id);
            let were_of_cases = before.as_ref().is_some_and(|before| before.of_cases);
            let changed = before.is_none_or(|before| before.table != taken.table || (of_cases && !before.of_cases));
            recount |= changed && were_of_cases;
            report.tables.push(ImportedTable {
                form: taken.table.form.clone(),
                period: taken.table.period,
                cells: taken.table.cells.len(),
                changed,
            });
            if changed {
                self.require_unlocked(&mut tx, taken.table.period, Some(&request.agency)).await?;
                let file = self.number_of(&mut tx, &request, &mut report).await?;
                let Taken { table, lines, rows } = &taken;
                let new = NewTable { table, lines, rows, of_cases };
                store::figures::add_table(&mut tx, &request.agency, file, new).await?;
            } else {
                same.extend(version);
            }
        }
        if let Some(cases) = cases.filter(CaseChange::is_some) {
            for period in cases.periods() {
                self.require_unlocked(&mut tx, period, Some(&request.agency)).await?;
            }
            let file = self.number_of(&mut tx, &request, &mut report).await?;
            cases.keep(&mut tx, &request.agency, file).await?;
        }
        for version in same {
            if let Some(import) = report.import {
                store::figures::say_again(&mut tx, import, version).await?;
            }
        }
        // Who only tries a file out waits for no count over all years.
        if report.import.is_some() && recount && earnest == Earnest::Yes {
            self.count_distinct_again(&mut tx, &topics).await?;
        }
        if let Some(import) = report.import {
            acts::record(&mut tx, act_of(&request, import, &report), self.now().0).await?;
        }
        if let Some(sheet) = &sheet {
            self.let_sheet_go(&mut tx, sheet).await?;
        }
        if earnest == Earnest::No {
            // What was written goes with the transaction.
            return Ok(ImportReport { import: None, ..report });
        }
        tx.commit().await?;
        tracing::info!(agency = %request.agency, import = report.import, tables = report.tables.len(), rows = report.rows_read, "File taken in");
        Ok(report)
    }

    /// The number of the import, which it gets with the first thing it changes.
    async fn number_of(&self, tx: &mut Transaction, request: &ImportRequest, report: &mut ImportReport) -> Result<i64> {
        if let Some(number) = report.import {
            return Ok(number);
        }
        let new = new_file(request, report.hash, report);
        Ok(*report.import.insert(store::figures::add_file(tx, &new, self.now().0).await?))
    }

    /// Goes on if each table is one that the questionnaire of its period asks, with codes that it has. A file is read by all
    /// versions at once, because it may speak of several years.
    fn check_asked(&self, read: &Intake) -> Result<()> {
        let catalogues = self.catalogues();
        for Taken { table, lines, .. } in &read.tables {
            let first = lines.values().min().copied().unwrap_or(0);
            let catalogue = catalogues.of(table.period);
            let Some(form) = catalogue.form(&table.form) else {
                let flaw = Flaw::Figure(not_asked(&catalogues, &table.form, table.period));
                let accepted = "a file and a mapping without it; nothing of the file was taken";
                return Err(NodeError::File(Problem::at(first, "form", table.form.as_str(), flaw, accepted).into()));
            };
            if let Err(misfit) = check::codes_fit(table, form, catalogue) {
                let line = lines.iter().find(|(key, _)| key.to_string() == misfit.key).map_or(first, |(_, line)| *line);
                let version = &catalogue.version;
                let flaw =
                    Flaw::Figure(format!("{} (catalogue {version}, which {} follows)", misfit.cause, table.period));
                let accepted = "codes of the questionnaire of that period; nothing of the file was taken";
                return Err(NodeError::File(Problem::at(line, "", &misfit.key, flaw, accepted).into()));
            }
        }
        Ok(())
    }

    /// The topics of a file's tables, with their periods.
    fn topics_of(&self, read: &Intake) -> BTreeSet<(TopicCode, Period)> {
        let of = |taken: &Taken| Some((self.catalogue().form(&taken.table.form)?.topic.clone(), taken.table.period));
        read.tables.iter().filter_map(of).collect()
    }

    /// Goes on if the person may deliver figures of the agency, and there is such an agency.
    pub(crate) async fn may_deliver(&self, who: Option<&Operator>, agency: &AgencyCode) -> Result<()> {
        if let Some(who) = who {
            Self::delivers_for(who, agency)?;
        }
        let mut tx = self.0.database.read("find an agency").await?;
        let known = store::agencies::find(&mut tx, agency).await?;
        known.map(drop).ok_or_else(|| {
            NodeError::Missing(format!("agency {agency}; add it first: agency add {agency} --name NAME"))
        })
    }

    /// Goes on if the person may deliver figures of the agency.
    pub(crate) fn delivers_for(who: &Operator, agency: &AgencyCode) -> Result<()> {
        require(who, Capability::BringFiles.roles(), "deliver figures")?;
        if !who.has_role(Role::FocalPoint.code()) && who.agency.as_deref() != Some(agency.as_str()) {
            return Err(NodeError::NotAllowed(format!(
                "{} delivers figures of another agency than {agency}",
                who.name
            )));
        }
        Ok(())
    }

    /// A contributor delivers the forms assigned to the agency and no others. Whoever compiles delivers any.
    pub(super) async fn check_assigned(
        &self,
        who: Option<&Operator>,
        agency: &AgencyCode,
        forms: impl Iterator<Item = &FormCode> + Send,
    ) -> Result<()> {
        let Some(who) = who.filter(|who| !who.has_role(Role::FocalPoint.code())) else { return Ok(()) };
        let forms: BTreeSet<&FormCode> = forms.collect();
        let mut tx = self.0.database.read("find the forms of an agency").await?;
        let assigned = store::agencies::forms(&mut tx, agency).await?;
        let others: Vec<&str> =
            forms.into_iter().filter(|form| !assigned.contains(form)).map(FormCode::as_str).collect();
        if others.is_empty() {
            return Ok(());
        }
        Err(NodeError::NotAllowed(format!(
            "{} may not bring {}: not assigned to the agency {agency}, so nothing was taken. An administrator assigns forms on the page Agencies, or with: vrs-node agency assign {agency} FORM …",
            who.name,
            others.join(", ")
        )))
    }

    /// How the agency counted each table when it delivered it last.
    async fn counted_before(&self, agency: &AgencyCode) -> Result<BTreeMap<(FormCode, Period), Metadata>> {
        let mut tx = self.0.database.read("read how figures were counted").await?;
        Ok(store::figures::metadata(&mut tx, agency).await?)
    }

    /// The tables of a file; with the key under which its cases are hashed, where they have references.
    fn read_file(&self, request: &ImportRequest, counted: &HowCounted) -> Result<(Intake, Option<ReferenceKey>)> {
        let (catalogue, participant) = (self.catalogue_to_read(), self.participant());
        let mut key = None;
        let read = match &request.mapping {
            None => intake::read_canonical(&request.bytes, counted, catalogue, participant)?,
            Some((name, bytes)) => {
                let mapping = Mapping::parse(bytes).map_err(|mut problem| {
                    problem.file = Some(name.as_str().into());
                    intake::Problems::from(problem)
                })?;
                let beside: Vec<SourceFile<'_>> =
                    request.beside.iter().map(|(name, bytes)| SourceFile { name, bytes }).collect();
                let file = SourceFile { name: &request.name, bytes: &request.bytes };
                if mapping.cases.as_ref().is_some_and(|cases| cases.reference.is_some()) {
                    key = Some(self.keys().cases()?);
                }
                intake::read_mapped_keyed(file, &beside, &mapping, counted, catalogue, participant, key.as_ref())?
            }
        };
        Ok((read, key))
    }

    /// The files taken in last, newest first.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn imports(&self, most: u32) -> Result<Vec<TakenFile>> {
        let mut tx = self.0.database.read("list imports").await?;
        Ok(store::figures::files(&mut tx, most).await?)
    }
}

fn check_only(request: &ImportRequest, read: &Intake) -> Result<()> {
    let Some((form, period)) = &request.only else { return Ok(()) };
    match read.tables.iter().find(|taken| taken.table.form != *form || taken.table.period != *period) {
        None => Ok(()),
        Some(other) => Err(NodeError::Usage(format!(
            "the file holds {} for {} and you named {form} for {period}, so nothing of it was taken; leave out --form and --period to take the whole file",
            other.table.form, other.table.period
        ))),
    }
}

/// Refuses figures of a time that has not come: a slip in the year would otherwise stand among the tables, and could never be
/// released.
fn check_begun(read: &Intake, now: Timestamp) -> Result<()> {
    let today = now.date();
    match read.tables.iter().find(|taken| !taken.table.period.begun_by(today)) {
        None => Ok(()),
        Some(early) => {
            let line = early.lines.values().min().copied().unwrap_or(0);
            let flaw = Flaw::UnknownPeriod("it has not begun".into());
            let accepted = "a period that has begun; nothing of the file was taken";
            Err(NodeError::File(Problem::at(line, "", &early.table.period.to_string(), flaw, accepted).into()))
        }
    }
}

async fn own_table(tx: &mut Transaction, agency: &AgencyCode, table: &Table) -> Result<Option<AgencyTable>> {
    let tables = store::figures::tables(tx, &table.form, table.period).await?;
    Ok(tables.into_iter().find(|own| own.agency == *agency))
}

/// What the audit trail keeps of an import: which file, and which tables are new; no figure.
fn act_of(request: &ImportRequest, import: i64, report: &ImportReport) -> Act {
    let changed: Vec<String> = report
        .tables
        .iter()
        .filter(|table| table.changed)
        .map(|table| format!("{} {}", table.form, table.period))
        .collect();
    let act = Act::new("import-taken", format!("import {import}"))
        .after("agency", &request.agency)
        .after("file", &request.name)
        .after("sha256", report.hash)
        .after("tables_changed", changed.len())
        .after("tables", changed.join(", "));
    request.by.iter().fold(act, |act, who| act.by(&who.name))
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
