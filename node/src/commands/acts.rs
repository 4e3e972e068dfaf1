//! `acts export|verify`: the audit trail as a file, and whether such a file is whole.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use vrs_console::acts::chain;
use vrs_runtime::exit::Exit;
use vrs_runtime::output::{Output, grouped};

use crate::error::{NodeError, Result};
use crate::node::Node;

pub(super) async fn export(node: &Node, file: &Path, output: &Output) -> Result<Exit> {
    let chain = node.export_acts(file).await?;
    let value = serde_json::json!({ "file": file, "acts": chain.number, "hash": chain.hash });
    output.answer(&value, || {
        format!(
            "{} acts are in {}. The hash of the last one is {}: note it elsewhere, it tells later whether acts were taken from the end.",
            grouped(chain.number),
            file.display(),
            chain.hash
        )
    });
    Ok(Exit::Done)
}

/// Reads nothing but the file.
pub(super) fn verify(file: &Path, output: &Output) -> Result<Exit> {
    let unreadable = |error: std::io::Error| NodeError::Refused(format!("{}: {error}", file.display()));
    let verified = chain::verify(BufReader::new(File::open(file).map_err(unreadable)?)).map_err(unreadable)?;
    let chain = verified.chain;
    let broken = verified.broken.as_ref();
    let value = serde_json::json!({
        "acts": chain.number,
        "hash": chain.hash,
        "broken_line": broken.map(|(line, _)| line),
        "broken": broken.map(|(_, fault)| fault.to_string()),
    });
    output.answer(&value, || match broken {
        None => format!(
            "The trail is intact to act {}, whose hash is {}. Compare both with what was noted when it was exported.",
            grouped(chain.number),
            chain.hash
        ),
        Some((line, fault)) => format!(
            "Line {line} {fault}. The trail is intact to act {} and not beyond; compare it with an earlier export or a backup.",
            grouped(chain.number)
        ),
    });
    Ok(if broken.is_none() { Exit::Done } else { Exit::Failed })
}
