//! Workbooks that agencies filled in: each sheet of them is a sheet as it is typed at the console, and is taken in by the same
//! intake. A sheet is taken whole or not at all; one that has problems does not keep the others out.

use vrs_console::accounts::Operator;
use vrs_intake::sheet::template::{self, FilledSheet};
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;

use super::{ImportReport, ImportRequest, Node};
use crate::error::{NodeError, Result};
use crate::intake::{Flaw, Problem, Problems};
use crate::national::AgencyCode;
use crate::sheet::csv;

/// What came of a workbook.
#[derive(Debug, serde::Serialize)]
pub struct WorkbookReport {
    /// Its sheets with an answer, in its order.
    pub sheets: Vec<SheetReport>,
    /// Sheets that are none of ours, which were passed over.
    pub ignored: Vec<String>,
}

/// What came of one sheet of a workbook.
#[derive(Debug, serde::Serialize)]
pub struct SheetReport {
    /// Its name.
    pub tab: String,
    /// The form.
    pub form: FormCode,
    /// The period.
    pub period: Period,
    /// What was taken in.
    pub taken: Option<ImportReport>,
    /// Or every reason why nothing was. Lines are rows of the workbook.
    pub problems: Vec<Problem>,
}

impl WorkbookReport {
    /// Sheets that were refused.
    pub fn refused(&self) -> impl Iterator<Item = &SheetReport> {
        self.sheets.iter().filter(|sheet| sheet.taken.is_none())
    }
}

impl Node {
    /// Whether a file is a workbook of ours, see [`Node::import_workbook`]; with the file, which is read beside other requests.
    ///
    /// # Errors
    /// [`NodeError::Defect`] when the program is stopping.
    pub async fn is_own_workbook(bytes: Vec<u8>) -> Result<(Vec<u8>, bool)> {
        let read = tokio::task::spawn_blocking(move || {
            let is_own = template::is_template(&bytes);
            (bytes, is_own)
        });
        read.await.map_err(|error| NodeError::Defect(error.to_string()))
    }

    /// Takes in what was filled into a workbook that this node made for the agency. `by`: as for [`Node::import`].
    ///
    /// # Errors
    /// [`NodeError::File`] when the workbook cannot be read, or was made for somebody else.
    pub async fn import_workbook(
        &self,
        agency: &AgencyCode,
        name: &str,
        bytes: Vec<u8>,
        by: Option<&Operator>,
    ) -> Result<WorkbookReport> {
        self.may_deliver(by, agency).await?;
        let catalogue = self.catalogue_to_read();
        let read = tokio::task::spawn_blocking(move || template::read(&bytes, catalogue));
        let filled = read.await.map_err(|error| NodeError::Defect(error.to_string()))?;
        let filled = filled.map_err(|problem| NodeError::File(problem.into()))?;
        for sheet in &filled.sheets {
            self.check_whose(sheet, agency)?;
        }
        if filled.sheets.is_empty() {
            let flaw = Flaw::Empty("nothing is filled in on any sheet of the questionnaire");
            return Err(NodeError::File(Problem::of_file(flaw, "a figure, or a letter for why there is none").into()));
        }
        let mut report = WorkbookReport { sheets: Vec::new(), ignored: filled.ignored };
        for sheet in filled.sheets {
            report.sheets.push(self.import_sheet(agency, name, sheet, by).await?);
        }
        Ok(report)
    }

    async fn import_sheet(
        &self,
        agency: &AgencyCode,
        name: &str,
        filled: FilledSheet,
        by: Option<&Operator>,
    ) -> Result<SheetReport> {
        let form = self.form_asked(&filled.form, filled.period)?;
        let report = |taken, problems| SheetReport {
            tab: filled.tab.clone(),
            form: filled.form.clone(),
            period: filled.period,
            taken,
            problems,
        };
        let written = match csv::write(
            &filled.sheet,
            form,
            filled.period,
            self.participant(),
            self.catalogue_of(filled.period),
        ) {
            Ok(written) => written,
            Err(problems) => {
                let on_row = |(row, problem): (Option<usize>, Problem)| Problem {
                    line: row.and_then(|row| filled.lines.get(row)).copied().unwrap_or(0),
                    ..problem
                };
                return Ok(report(None, problems.into_iter().map(on_row).collect()));
            }
        };
        let request = ImportRequest {
            agency: agency.clone(),
            name: format!("{name}, {}", filled.tab),
            bytes: written.on_lines(&filled.lines).into_bytes(),
            mapping: None,
            beside: Vec::new(),
            only: Some((filled.form.clone(), filled.period)),
            metadata: filled.says_how_counted.then(|| filled.sheet.metadata.clone()),
            by: by.cloned(),
        };
        match self.import(request).await {
            Ok(taken) => Ok(report(Some(taken), Vec::new())),
            Err(NodeError::File(Problems { listed, .. })) => Ok(report(None, listed)),
            // A form that is not assigned, for instance, is said of its sheet.
            Err(NodeError::NotAllowed(why)) => {
                let flaw = Flaw::Figure(why);
                Ok(report(None, vec![Problem::of_file(flaw, "a sheet of an assigned form")]))
            }
            Err(other) => Err(other),
        }
    }

    fn check_whose(&self, sheet: &FilledSheet, agency: &AgencyCode) -> Result<()> {
        let (ours, theirs) =
            (format!("{} {agency}", self.participant()), format!("{} {}", sheet.participant, sheet.agency));
        if ours == theirs {
            return Ok(());
        }
        let mut problem = Problem::at(
            0,
            "",
            &theirs,
            Flaw::Participant,
            format!("a workbook that was made for {ours}; nothing of this one was taken"),
        );
        problem.file = Some(sheet.tab.as_str().into());
        Err(NodeError::File(problem.into()))
    }
}
