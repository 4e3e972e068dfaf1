//! `catalogue list|changes`.

use vrs_protocol::catalogue::{Catalogue, Changed};
use vrs_runtime::exit::Exit;
use vrs_runtime::output::{Output, columns};

use super::arguments::Catalogue as Asked;
use crate::error::{NodeError, Result};
use crate::node::{CatalogueChange, FormConcern, Node, version};

pub(super) async fn run(node: &Node, command: Option<Asked>, output: &Output) -> Result<Exit> {
    match command.unwrap_or(Asked::List) {
        Asked::List => list(node, output),
        Asked::Changes { old, new } => {
            let (old, new) = match old.zip(new) {
                Some((old, new)) => (version(&old)?, version(&new)?),
                None => node.last_change().ok_or_else(|| {
                    NodeError::Missing(
                        "change of the questionnaire in this region; to compare two versions: vrs-node catalogue changes OLD NEW"
                            .into(),
                    )
                })?,
            };
            let change = node.catalogue_change(old, new).await?;
            output.answer(&change, || words(&change));
        }
    }
    Ok(Exit::Done)
}

fn list(node: &Node, output: &Output) {
    let catalogues = node.catalogues();
    let span = |(first, last): (Option<u16>, Option<u16>)| match (first, last) {
        (None, None) => "all years".to_owned(),
        (None, Some(last)) => format!("until {last}"),
        (Some(first), None) => format!("from {first}"),
        (Some(first), Some(last)) => format!("{first} to {last}"),
    };
    let row = |one: &'static Catalogue| {
        let spans: Vec<String> = catalogues.years(one).into_iter().map(span).collect();
        let holds = if spans.is_empty() { "not in force".to_owned() } else { spans.join(", ") };
        [one.version.clone(), holds, one.forms().len().to_string(), one.hash().to_string()]
    };
    let rows: Vec<[String; 4]> = Catalogue::known().iter().map(row).collect();
    let value: Vec<_> = rows
        .iter()
        .map(|[version, holds, _, hash]| serde_json::json!({ "version": version, "holds": holds, "hash": hash }))
        .collect();
    output.answer(&value, || {
        let rows: Vec<Vec<String>> = rows.iter().map(|row| row.to_vec()).collect();
        columns(&["version", "holds", "forms", "SHA-256"], &rows)
    });
}

fn words(change: &CatalogueChange) -> String {
    let CatalogueChange { old, new, since, added, changed, retired, gone } = change;
    let when = since.map_or_else(|| "not in force here".to_owned(), |year| format!("from {year} on"));
    let mut text = format!("Catalogue {new} ({when}) against {old}\n");
    let named = |concern: &FormConcern| {
        let agencies: Vec<&str> = concern.agencies.iter().map(|agency| agency.as_str()).collect();
        let whom = match (agencies.as_slice(), concern.in_use) {
            (_, false) => " (an extension that is off here)".to_owned(),
            ([], true) => " (assigned to nobody)".to_owned(),
            (agencies, true) => format!(" ({})", agencies.join(", ")),
        };
        format!("  {}{whom}\n", concern.form)
    };
    for (heading, forms) in [("New", added), ("Not asked any more; tables stay", retired)] {
        text.push_str(&format!("{heading}:\n"));
        forms.iter().for_each(|concern| text.push_str(&named(concern)));
    }
    text.push_str("In other words; series go on:\n");
    for concern in changed {
        text.push_str(&named(concern));
        concern.changed.iter().for_each(|one| text.push_str(&in_words(one)));
    }
    for reading in gone {
        text.push_str(&format!(
            "A reading of files of {}, said by {}, names what is gone: {}\n",
            reading.agency,
            reading.by,
            reading.names.join(", ")
        ));
    }
    if !change.unassigned().is_empty() {
        text.push_str("Give a new form to an agency: vrs-node agency assign CODE FORM --also\n");
    }
    text
}

fn in_words(changed: &Changed) -> String {
    let pair = |what: &str, old: &str, new: &str| format!("    {what}\n      before: {old}\n      now:    {new}\n");
    match changed {
        Changed::Title { old, new } => pair("title", old, new),
        Changed::Question { old, new } => pair("question", old, new),
        Changed::Note { old, new } => pair("note", old, new),
        Changed::Number { old, new } => pair("number", old, new),
        Changed::Extension { old, new } => pair("extension", &old.to_string(), &new.to_string()),
        Changed::Term { term, old, new } => pair(&format!("definition of {term}"), old, new),
        Changed::Codes { list, added, gone } => {
            let codes = |codes: &[vrs_protocol::id::Code]| match codes {
                [] => "none".to_owned(),
                codes => codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
            };
            format!("    codes of {list}: added {}; gone {}\n", codes(added), codes(gone))
        }
    }
}
