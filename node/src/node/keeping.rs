//! Keeping: backups of the database, and the figures as files for other programs.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use vrs_console::acts::{Act, Acts, Chain};
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::time::Timestamp;
use vrs_runtime::backup::{self, BackupError, Summary};
use vrs_runtime::clock::Clock;
use vrs_runtime::database::Database;
use vrs_runtime::files::{self, Access, FileError, NewFile};
use vrs_runtime::progress::Progress;

use super::{Node, existing_database};
use crate::error::{NodeError, Result};
use crate::intake::write_canonical;
use crate::settings::Settings;
use crate::store;

/// A backup that was written or read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BackupReport {
    /// The file.
    pub file: PathBuf,
    /// When it was made.
    pub made_at: Timestamp,
    /// Its tables.
    pub tables: u64,
    /// Rows in all of them.
    pub rows: u64,
}

/// What an export wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExportReport {
    /// The folder.
    pub folder: PathBuf,
    /// The files in it.
    pub files: Vec<PathBuf>,
    /// National tables that cannot be written, because a decision is needed first.
    pub left_out: Vec<LeftOut>,
}

/// A table that an export leaves out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// The form.
    pub form: FormCode,
    /// The period.
    pub period: Period,
    /// Why, and what to decide.
    pub reason: String,
}

impl Node {
    /// Writes the database of the node in `dir` into one file. Keys are not in it.
    ///
    /// # Errors
    /// When the file cannot be written or the database not be read.
    pub async fn backup(dir: &Path, file: &Path, progress: &mut Progress) -> Result<BackupReport> {
        let settings = Settings::load(dir, Vec::new())?.settings;
        let database = Database::connect(&existing_database(dir, &settings)?, dir).await?;
        let summary = backup::dump(&database, file, &Clock::system(), progress).await.map_err(failed)?;
        database.close().await;
        Ok(report(file, &summary))
    }

    /// Reads a backup into the empty database of the node in `dir`.
    ///
    /// # Errors
    /// When the database is not empty, or the file is not a whole backup; nothing is changed then.
    pub async fn restore(dir: &Path, file: &Path, progress: &mut Progress) -> Result<BackupReport> {
        let settings = Settings::load(dir, Vec::new())?.settings;
        let database = Database::connect(&settings.database_url(dir)?, dir).await?;
        let summary =
            backup::restore(file, &database, &store::migrations(), &Clock::system(), progress).await.map_err(failed)?;
        // The trail goes on where the backup left it.
        database.migrate(&store::migrations(), &Clock::system()).await?;
        let act = Act::new("backup-restored", "database").after("made_at", Timestamp(summary.made_at));
        Acts::new(database.clone(), Clock::system()).record_alone(act.after("rows", summary.rows)).await?;
        database.close().await;
        Ok(report(file, &summary))
    }

    /// Records that a file was written with what this node holds: a backup, evidence.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn note_written(&self, what: &'static str, file: &Path) -> Result<()> {
        Ok(self.acts().record_alone(Act::new(what, file.display().to_string())).await?)
    }

    /// Writes the whole audit trail into a file, and says where it ends. That it was exported is the next act.
    ///
    /// # Errors
    /// When the trail is not intact, or the file cannot be written; then the file is not there.
    pub async fn export_acts(&self, file: &Path) -> Result<Chain> {
        let disk = |cause: std::io::Error| NodeError::Disk(FileError::at(file, cause));
        let mut out = BufWriter::new(NewFile::begin(file, Access::Owner)?);
        let mut chain = Chain::default();
        self.acts()
            .each(0, |act, hash| {
                let broken = |fault| {
                    let number = act.number;
                    NodeError::Broken(format!(
                        "act {number} of the audit trail {fault}; nothing was written. Compare it with a backup"
                    ))
                };
                chain.take(&act, hash).map_err(broken)?;
                writeln!(out, "{}", act.line(hash)).map_err(disk)
            })
            .await?;
        // An earlier export is never replaced: it may be what a later one is compared with.
        out.into_inner().map_err(|error| disk(error.into_error()))?.create()?;
        let act = Act::new("acts-exported", "audit trail").after("acts", chain.number).after("hash", chain.hash);
        self.acts().record_alone(act).await?;
        Ok(chain)
    }

    /// Writes every national table, and every table of others that is at hand and may be held, as canonical CSV.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub async fn export_csv(&self, folder: &Path) -> Result<ExportReport> {
        files::private_directory(folder)?;
        let (mut written, mut left_out) = (Vec::new(), Vec::new());
        files::private_directory(&folder.join("national"))?;
        for (code, period) in self.subjects().await? {
            let form = self.form(&code)?;
            let table = match self.national(&code, period).await {
                Ok(national) => national.table,
                Err(NodeError::Refused(reason)) => {
                    left_out.push(LeftOut { form: code, period, reason });
                    continue;
                }
                Err(error) => return Err(error),
            };
            let name = folder.join("national").join(format!("{code}_{period}.csv"));
            put(&name, &write_canonical([&table], form, self.participant()), &mut written)?;
        }
        if let Ok(me) = self.me().await {
            let view = self.view().await?;
            let tables: Vec<_> = view.region().tables().cloned().collect();
            for (code, period) in tables {
                if view.region().readable(me.id, &code, period).is_empty() {
                    continue;
                }
                let form = self.form(&code)?;
                for read in self.read(&code, period, None).await?.tables {
                    let author = &read.table.participant;
                    let place = folder.join("shared").join(author.as_str());
                    files::private_directory(&place)?;
                    let text = write_canonical([&read.figures], form, author);
                    put(&place.join(format!("{code}_{period}_r{}.csv", read.revision)), &text, &mut written)?;
                }
            }
        }
        let act = Act::new("figures-exported", folder.display().to_string()).after("files", written.len());
        self.acts().record_alone(act).await?;
        Ok(ExportReport { folder: folder.to_owned(), files: written, left_out })
    }
}

fn put(file: &Path, text: &str, written: &mut Vec<PathBuf>) -> Result<()> {
    // Figures of others are for this state's officers, not for everybody on the machine.
    files::write_secret(file, text.as_bytes())?;
    written.push(file.to_owned());
    Ok(())
}

fn failed(error: BackupError) -> NodeError {
    match error {
        BackupError::File(error) => NodeError::Disk(error),
        BackupError::Database(error) => NodeError::Database(error),
        other => NodeError::Refused(other.to_string()),
    }
}

fn report(file: &Path, summary: &Summary) -> BackupReport {
    BackupReport {
        file: file.to_owned(),
        made_at: Timestamp(summary.made_at),
        tables: summary.tables,
        rows: summary.rows,
    }
}
