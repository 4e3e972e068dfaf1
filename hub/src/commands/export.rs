//! `export --format csv --out PATH`: what the hub may show, as files.
//!
//! Open figures singly, one file a form, in the layout that nodes import; figures given for sums only as sums of blocks;
//! figures for named participants not at all: they are a bilateral matter.

use std::io::Write;
use std::path::Path;

use vrs_protocol::catalogue::{Catalogue, Form};
use vrs_protocol::cell::Cell;
use vrs_protocol::table::Table;
use vrs_runtime::exit::Exit;
use vrs_runtime::files::{Access, FileError, NewFile};
use vrs_runtime::output::Output;

use super::lines;
use crate::hub::Hub;
use crate::problem::HubError;

pub(super) async fn run(hub: &Hub, out: &Path, output: &Output) -> Result<Exit, HubError> {
    vrs_runtime::files::private_directory(out)?;
    let mut files = Vec::new();
    let mut keep = |name: String, rows: Vec<Vec<String>>| -> Result<(), HubError> {
        write(&out.join(&name), &rows)?;
        files.push(serde_json::json!({ "file": name, "rows": rows.len() - 1 }));
        Ok(())
    };
    keep("releases.csv".into(), releases(hub))?;
    keep("ledger.csv".into(), ledger(hub).await?)?;
    let held = hub.figures_to_show().await?;
    for form in Catalogue::everything().forms() {
        let open = held
            .open
            .iter()
            .filter(|(_, table)| table.form == form.code)
            .map(|(code, table)| (code.to_string(), table));
        let rows = figures(form, open);
        if rows.len() > 1 {
            keep(format!("{}.csv", form.code), rows)?;
        }
        let sums =
            held.blocks.iter().filter(|(_, table)| table.form == form.code).map(|(name, table)| (name.clone(), table));
        let rows = figures(form, sums);
        if rows.len() > 1 {
            keep(format!("{}-blocks.csv", form.code), rows)?;
        }
    }
    output.answer(&files, || {
        let listed: String = files
            .iter()
            .map(|file| format!("{}: {} rows\n", file["file"].as_str().unwrap_or_default(), file["rows"]))
            .collect();
        format!("Written into {}:\n{listed}", out.display())
    });
    hub.close().await?;
    Ok(Exit::Done)
}

fn releases(hub: &Hub) -> Vec<Vec<String>> {
    let view = hub.ledger().view();
    let region = view.region();
    let headings = ["line", "participant", "form", "period", "revision", "shared", "core_answered", "state"];
    let mut rows = vec![headings.map(str::to_owned).to_vec()];
    rows.extend(region.releases().map(|release| {
        let manifest = &release.manifest;
        let shared = manifest.audience.sharing().map_or("unknown", |sharing| match sharing {
            vrs_protocol::audience::Sharing::Open => "contributors",
            vrs_protocol::audience::Sharing::Totals => "totals",
            vrs_protocol::audience::Sharing::Named => "named",
        });
        let state = match release.state {
            vrs_protocol::region::State::Current => "current".to_owned(),
            vrs_protocol::region::State::Replaced(line) => format!("replaced at line {line}"),
            vrs_protocol::region::State::Withdrawn(line) => format!("withdrawn at line {line}"),
            vrs_protocol::region::State::Fallen(line) => format!("fell with its source at line {line}"),
        };
        vec![
            release.index.to_string(),
            region.code_of(manifest.participant).to_string(),
            manifest.form.to_string(),
            manifest.period.to_string(),
            manifest.revision.to_string(),
            shared.to_owned(),
            if manifest.core_answered { "yes" } else { "no" }.to_owned(),
            state,
        ]
    }));
    rows
}

async fn ledger(hub: &Hub) -> Result<Vec<Vec<String>>, HubError> {
    let headings = ["line", "time", "kind", "author", "about", "statement"];
    let mut rows = vec![headings.map(str::to_owned).to_vec()];
    let listed = lines::list(hub, 0).await?;
    rows.extend(listed.into_iter().map(|line| {
        vec![line.index.to_string(), line.time, line.kind, line.author, line.about, line.statement.to_string()]
    }));
    Ok(rows)
}

/// `form,period,participant,<dimensions…>,value,status,conf`, as nodes import it. Only forms that hold counts.
fn figures<'a>(form: &Form, tables: impl Iterator<Item = (String, &'a Table)>) -> Vec<Vec<String>> {
    let dimensions = form.dimensions.iter().map(|dimension| dimension.code.clone());
    let headings = ["form", "period", "participant"]
        .into_iter()
        .map(str::to_owned)
        .chain(dimensions)
        .chain(["value", "status", "conf"].map(str::to_owned));
    let mut rows = vec![headings.collect::<Vec<_>>()];
    if !form.kind.counts() {
        return rows;
    }
    for (participant, table) in tables {
        rows.extend(table.cells.iter().map(|(key, cell)| {
            let place = [table.form.to_string(), table.period.to_string(), participant.clone()]
                .into_iter()
                .chain(key.0.iter().map(ToString::to_string));
            let (status, conf) = cell.codes();
            let value = cell.as_count().map_or_else(
                || if let Cell::Fewer { below } = cell { format!("<{below}") } else { String::new() },
                |count| count.to_string(),
            );
            place.chain([value, status.to_owned(), conf.to_owned()]).collect()
        }));
    }
    rows
}

fn write(path: &Path, rows: &[Vec<String>]) -> Result<(), HubError> {
    let failed = |cause: String| HubError::System { path: path.to_owned(), cause: std::io::Error::other(cause) };
    let mut text = csv::Writer::from_writer(Vec::new());
    for row in rows {
        text.write_record(row).map_err(|error| failed(error.to_string()))?;
    }
    let bytes = text.into_inner().map_err(|error| failed(error.to_string()))?;
    let mut file = NewFile::begin(path, Access::Owner)?;
    file.write_all(&bytes).map_err(|cause| HubError::File(FileError::System { path: path.to_owned(), cause }))?;
    Ok(file.replace()?)
}
