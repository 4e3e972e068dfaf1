//! `evidence`, `export`, `backup`, `restore`.

use std::path::{Path, PathBuf};

use vrs_runtime::exit::Exit;
use vrs_runtime::output::{Output, grouped};
use vrs_runtime::progress::Progress;

use super::begin_log;
use crate::error::Result;
use crate::node::{BackupReport, ExportReport, Node};
use crate::settings::Settings;

pub(super) async fn evidence(node: &Node, release: &str, out: &Path, with_body: bool, output: &Output) -> Result<Exit> {
    let evidence = node.evidence(release, out, with_body).await?;
    node.note_written(if with_body { "evidence-written-with-body" } else { "evidence-written" }, out).await?;
    output.answer(&evidence, || {
        format!(
            "Evidence of the release of {} at line {}, in a tree of {} lines:\n{}",
            evidence.author,
            evidence.line,
            evidence.size,
            paths(&evidence.files)
        )
    });
    Ok(Exit::Done)
}

fn paths(files: &[PathBuf]) -> String {
    files.iter().map(|file| format!("  {}", file.display())).collect::<Vec<_>>().join("\n")
}

pub(super) async fn export(node: &Node, out: &Path, output: &Output) -> Result<Exit> {
    let report = node.export_csv(out).await?;
    output.answer(&report, || export_words(&report));
    Ok(Exit::Done)
}

fn export_words(report: &ExportReport) -> String {
    let left_out: String = report
        .left_out
        .iter()
        .map(|table| format!("\nLeft out: {} {}, because {}", table.form, table.period, table.reason))
        .collect();
    format!("{} files:\n{}{left_out}", report.files.len(), paths(&report.files))
}

pub(super) async fn backup(node: &Node, file: &Path, output: &Output) -> Result<Exit> {
    let mut progress = Progress::begin("Writing the backup", None);
    let report = Node::backup(node.dir(), file, &mut progress).await?;
    drop(progress);
    node.note_written("backup-written", file).await?;
    output.answer(&report, || format!("{} Keys are not in it: keep keys/ and vrs.toml too.", report_words(&report)));
    Ok(Exit::Done)
}

/// Needs a folder with settings and keys, and an empty database: so the node is not opened.
pub(super) async fn restore(dir: &Path, file: &Path, output: &Output) -> Result<Exit> {
    begin_log(&Settings::load(dir, Vec::new())?.settings, false)?;
    let mut progress = Progress::begin("Reading the backup", None);
    let report = Node::restore(dir, file, &mut progress).await?;
    drop(progress);
    output.answer(&report, || {
        format!("{} Next: vrs-node sync, which brings what the backup lacks.", report_words(&report))
    });
    Ok(Exit::Done)
}

fn report_words(report: &BackupReport) -> String {
    format!(
        "{}: {} rows of {} tables, made at {}.",
        report.file.display(),
        grouped(report.rows),
        report.tables,
        report.made_at
    )
}
