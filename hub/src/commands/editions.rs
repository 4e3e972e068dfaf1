//! `edition compile|list|show`.

use serde_json::{Value, json};
use vrs_protocol::id::LineIndex;
use vrs_protocol::ledger::Edition as Said;
use vrs_protocol::region::Region;
use vrs_runtime::exit::Exit;
use vrs_runtime::output::{Output, columns};

use super::arguments::Edition;
use crate::hub::Hub;
use crate::problem::HubError;

pub(super) async fn run(hub: &Hub, command: Edition, output: &Output) -> Result<Exit, HubError> {
    match command {
        Edition::Compile { topic, year } => {
            let compiled = hub.compile_editions(topic.as_ref(), year).await?;
            let view = hub.ledger().view();
            let editions: Vec<(LineIndex, &Said)> =
                compiled.iter().filter_map(|one| Some((one.line, view.region().edition(one.line)?))).collect();
            print(view.region(), &editions, output);
            if editions.is_empty() {
                output.aside("There is nothing new to say.");
            }
        }
        Edition::List => {
            let view = hub.ledger().view();
            print(view.region(), &view.region().editions().collect::<Vec<_>>(), output);
        }
        Edition::Show { number } => show(hub, number, output)?,
    }
    hub.close().await?;
    Ok(Exit::Done)
}

fn print(region: &Region, editions: &[(LineIndex, &Said)], output: &Output) {
    let values: Vec<Value> = editions.iter().map(|(line, edition)| value(region, *line, edition)).collect();
    output.answer(&values, || {
        let row = |(line, edition): &(LineIndex, &Said)| {
            let tables: usize = edition.blocks.iter().map(|block| block.tables.len()).sum();
            [
                edition.number.to_string(),
                line.to_string(),
                edition.topic.to_string(),
                edition.year.to_string(),
                edition.blocks.len().to_string(),
                tables.to_string(),
                edition.not_included.len().to_string(),
            ]
            .to_vec()
        };
        columns(
            &["number", "line", "topic", "year", "blocks", "tables", "not included"],
            &editions.iter().map(row).collect::<Vec<_>>(),
        )
    });
}

fn show(hub: &Hub, number: u32, output: &Output) -> Result<(), HubError> {
    let view = hub.ledger().view();
    let region = view.region();
    let found = region.editions().find(|(_, edition)| edition.number == number);
    let (line, edition) =
        found.ok_or_else(|| HubError::Sentence(format!("there is no edition {number}; see 'vrs-hub edition list'")))?;
    output.answer(&value(region, line, edition), || {
        let mut text = format!("Edition {} of {} for {}, line {line}\n", edition.number, edition.topic, edition.year);
        for (number, block) in edition.blocks.iter().enumerate() {
            let members: Vec<String> =
                region.codes_of(block.members.iter().copied()).iter().map(ToString::to_string).collect();
            text.push_str(&format!("\nBlock {} ({:?}): {}\n", number + 1, block.sharing, members.join(" ")));
            for table in &block.tables {
                text.push_str(&format!(
                    "  {} {}{}\n",
                    table.form,
                    table.period,
                    if table.marked { " (changed since)" } else { "" }
                ));
            }
        }
        for hidden in &edition.not_included {
            text.push_str(&format!(
                "\nReported, not included: {} with {} {}",
                region.code_of(hidden.participant),
                hidden.form,
                hidden.period
            ));
        }
        text
    });
    Ok(())
}

fn value(region: &Region, line: LineIndex, edition: &Said) -> Value {
    let blocks: Vec<Value> = edition
        .blocks
        .iter()
        .map(|block| {
            let tables: Vec<Value> = block.tables.iter().map(|table| json!({ "form": table.form, "period": table.period, "marked": table.marked })).collect();
            json!({ "sharing": block.sharing, "members": region.codes_of(block.members.iter().copied()), "tables": tables })
        })
        .collect();
    let hidden: Vec<Value> = edition.not_included.iter().map(|hidden| json!({ "participant": region.code_of(hidden.participant), "form": hidden.form, "period": hidden.period })).collect();
    json!({ "number": edition.number, "line": line, "topic": edition.topic, "year": edition.year, "blocks": blocks, "not_included": hidden })
}
