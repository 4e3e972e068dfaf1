//! `ledger [--from N]`: the lines, one after the other.

use serde_json::{Value, json};
use vrs_protocol::hash::Hash;
use vrs_protocol::id::LineIndex;
use vrs_protocol::ledger::Line;
use vrs_runtime::exit::Exit;
use vrs_runtime::output::{Output, columns};

use crate::hub::Hub;
use crate::problem::HubError;
use crate::report::line_words;
use crate::store;

/// Lines read at a time.
const CHUNK: u64 = 1_024;
const CHUNK_BYTES: usize = 4 << 20;

/// A line as it is listed.
pub(super) struct Listed {
    pub(super) index: LineIndex,
    pub(super) kind: String,
    pub(super) time: String,
    pub(super) author: String,
    pub(super) about: String,
    pub(super) statement: Hash,
}

pub(super) async fn run(hub: &Hub, from: LineIndex, output: &Output) -> Result<Exit, HubError> {
    let lines = list(hub, from).await?;
    let values: Vec<Value> = lines
        .iter()
        .map(|line| json!({ "line": line.index, "kind": line.kind, "time": line.time, "author": line.author, "about": line.about, "statement": line.statement }))
        .collect();
    output.answer(&values, || {
        let row = |line: &Listed| {
            vec![line.index.to_string(), line.time.clone(), line.kind.clone(), line.author.clone(), line.about.clone()]
        };
        columns(&["line", "time", "kind", "author", "about"], &lines.iter().map(row).collect::<Vec<_>>())
    });
    hub.close().await?;
    Ok(Exit::Done)
}

/// The lines from one on.
pub(super) async fn list(hub: &Hub, mut from: LineIndex) -> Result<Vec<Listed>, HubError> {
    let mut listed = Vec::new();
    let mut tx = hub.database().read("list the ledger").await?;
    loop {
        let lines = store::lines::range(&mut tx, from, CHUNK, CHUNK_BYTES).await?;
        let Some(last) = lines.last() else { return Ok(listed) };
        from = last.index + 1;
        for stored in lines {
            let line = Line::from_bytes(&stored.bytes)
                .map_err(|error| HubError::Sentence(format!("line {}: {error}", stored.index)))?;
            let words = line_words(hub.ledger().view().region(), stored.index, &line);
            listed.push(Listed {
                index: stored.index,
                kind: words.kind,
                time: line.time.to_string(),
                author: words.by,
                about: words.what,
                statement: stored.statement,
            });
        }
    }
}
