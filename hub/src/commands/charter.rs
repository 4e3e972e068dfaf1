//! `charter show|set`.

use vrs_protocol::charter::Charter as Rules;
use vrs_runtime::exit::Exit;
use vrs_runtime::files::read_bounded;
use vrs_runtime::output::Output;

use super::arguments::Charter;
use crate::hub::Hub;
use crate::problem::HubError;

/// A Charter for sixty participants with a rhythm each has some kilobytes.
const CHARTER_BYTES_MAX: u64 = 256 << 10;

pub(super) async fn run(hub: &Hub, command: Charter, output: &Output) -> Result<Exit, HubError> {
    match command {
        Charter::Show => {
            let in_force = hub.ledger().view().region().charter().map(|(line, charter)| (line, charter.clone()));
            let (line, charter) = in_force.ok_or_else(|| HubError::Sentence("there is no Charter in force".into()))?;
            let text = charter.to_toml().map_err(|error| HubError::Sentence(error.to_string()))?;
            output.answer(&serde_json::json!({ "line": line, "charter": charter }), || text);
        }
        Charter::Set { file } => {
            let bytes = read_bounded(&file, CHARTER_BYTES_MAX)?;
            let text = String::from_utf8(bytes)
                .map_err(|_| HubError::Sentence(format!("{}: this is not UTF-8 text", file.display())))?;
            let catalogue = hub.ledger().view().region().catalogue();
            let charter =
                Rules::from_toml(&text, catalogue).map_err(|cause| HubError::Charter { path: file, cause })?;
            let line = hub.set_charter(charter).await?;
            output.answer(&serde_json::json!({ "line": line }), || format!("The Charter stands at line {line}."));
            output.aside("Nodes release nothing under it before their operators have accepted it with 'vrs-node charter accept'.");
        }
    }
    hub.close().await?;
    Ok(Exit::Done)
}
