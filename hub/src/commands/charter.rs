//! `charter show|set|catalogue`.

use vrs_protocol::catalogue::{Catalogue, Difference};
use vrs_protocol::charter::Charter as Rules;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_runtime::exit::Exit;
use vrs_runtime::files::read_bounded;
use vrs_runtime::output::{Output, columns};

use super::arguments::Charter;
use crate::hub::Hub;
use crate::problem::HubError;

/// A Charter for sixty participants with a rhythm each has some kilobytes.
const CHARTER_BYTES_MAX: u64 = 256 << 10;
/// What nodes do with a new Charter.
const ACCEPT: &str =
    "Nodes release nothing under it before their operators have accepted it with 'vrs-node charter accept'.";

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
            let charter = Rules::from_toml(&text).map_err(|cause| HubError::Charter { path: file, cause })?;
            let line = hub.set_charter(charter).await?;
            output.answer(&serde_json::json!({ "line": line }), || format!("The Charter stands at line {line}."));
            output.aside(ACCEPT);
        }
        Charter::Catalogue { version: Some(version), from: Some(from), title, dry_run } => {
            let wanted = Wanted { catalogue: known(&version)?, from, title };
            follow(hub, wanted, dry_run, output).await?;
        }
        Charter::Catalogue { .. } => list(hub, output),
    }
    hub.close().await?;
    Ok(Exit::Done)
}

fn known(version: &str) -> Result<&'static Catalogue, HubError> {
    Catalogue::by_version(version).ok_or_else(|| {
        let known: Vec<&str> = Catalogue::known().iter().map(|one| one.version.as_str()).collect();
        HubError::Sentence(format!(
            "this program carries no catalogue {version}, only {}; update the program for another. Nothing was changed",
            known.join(", ")
        ))
    })
}

/// The catalogue that a region is to follow, and from when.
struct Wanted {
    catalogue: &'static Catalogue,
    from: Period,
    title: Option<String>,
}

/// Lets the region follow a catalogue from a period on, and says what is asked otherwise then.
async fn follow(hub: &Hub, wanted: Wanted, dry_run: bool, output: &Output) -> Result<(), HubError> {
    let Wanted { catalogue, from, title } = wanted;
    if from.start().1 != 1 {
        return Err(HubError::Sentence(format!(
            "a catalogue holds for whole calendar years, because kinds, groups and derived sums are of one year; {from} does not begin one. Write --from {} or --from {}. Nothing was changed",
            from.year(),
            from.year().saturating_add(1)
        )));
    }
    let moved = hub
        .ledger()
        .view()
        .region()
        .charter()
        .map(|(_, charter)| charter.with_catalogue(catalogue, from.year()))
        .ok_or_else(|| HubError::Sentence("there is no Charter in force".into()))?;
    let in_force = moved.catalogues().map_err(|error| HubError::Sentence(error.to_string()))?;
    let before = in_force.of_year(from.year().saturating_sub(1));
    let difference = Difference::between(before, catalogue);
    let line = if dry_run { None } else { Some(hub.set_catalogue(catalogue, from.year(), title).await?) };
    let answer = serde_json::json!({
        "line": line, "catalogue": catalogue.version, "from": from.year(), "before": before.version,
        "difference": difference
    });
    output.answer(&answer, || {
        let (year, version, earlier) = (from.year(), &catalogue.version, &before.version);
        let instead = if version == earlier { " as before".to_owned() } else { format!(" instead of {earlier}") };
        let said = match line {
            Some(line) => format!("The Charter stands at line {line}. From {year} on the region follows"),
            None => format!("Nothing was changed. From {year} on the region would follow"),
        };
        format!("{said} catalogue {version}{instead}.\n{}", words(&difference))
    });
    if line.is_some() {
        output.aside(ACCEPT);
    }
    Ok(())
}

fn words(difference: &Difference) -> String {
    let list = |codes: Vec<&FormCode>| match codes.as_slice() {
        [] => "none".to_owned(),
        codes => codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
    };
    format!(
        "New: {}\nAsked in other words: {}\nNot asked any more: {}",
        list(difference.new.iter().collect()),
        list(difference.changed.iter().map(|change| &change.form).collect()),
        list(difference.retired.iter().collect())
    )
}

/// Every catalogue this program carries, and for which years it holds.
fn list(hub: &Hub, output: &Output) {
    let in_force = hub.ledger().view().region().catalogues().clone();
    let known: Vec<[String; 3]> = Catalogue::known()
        .iter()
        .map(|one| {
            let spans: Vec<String> = in_force.years(one).into_iter().map(span).collect();
            let holds = if spans.is_empty() { "not in force".to_owned() } else { spans.join(", ") };
            [one.version.clone(), holds, one.hash().to_string()]
        })
        .collect();
    let value: Vec<_> = known
        .iter()
        .map(|[version, holds, hash]| serde_json::json!({ "version": version, "holds": holds, "hash": hash }))
        .collect();
    output.answer(&value, || {
        let rows: Vec<Vec<String>> = known.iter().map(|row| row.to_vec()).collect();
        columns(&["version", "holds", "SHA-256"], &rows)
    });
}

fn span((first, last): (Option<u16>, Option<u16>)) -> String {
    match (first, last) {
        (None, None) => "all years".into(),
        (None, Some(last)) => format!("until {last}"),
        (Some(first), None) => format!("from {first}"),
        (Some(first), Some(last)) => format!("{first} to {last}"),
    }
}
