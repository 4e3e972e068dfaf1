//! `agency`, `import`, `table`, `findings`, `decide`.

use std::path::Path;

use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::table::Metadata;
use vrs_runtime::exit::Exit;
use vrs_runtime::files::{self, FileError};
use vrs_runtime::output::{Output, columns, grouped};

use super::arguments::{Agency, Decide, Import, PerhapsWho, Subject, Token, Who};
use super::people;
use crate::error::{NodeError, Result};
use crate::intake::text::FILE_BYTES_MAX;
use crate::intake::{self, Flaw, Problem};
use crate::national::{self, Rule, by_hand};
use crate::node::{AgencyEntry, CellOrigin, ImportReport, ImportRequest, Node, SheetReport};
use crate::report::TableReport;

/// Largest metadata file: a dozen texts of at most 4,000 bytes.
const METADATA_BYTES_MAX: u64 = 64 << 10;

pub(super) async fn agency(node: &Node, command: Agency, output: &Output) -> Result<Exit> {
    match command {
        Agency::Add { code, name } => {
            let agency = national::Agency { name: name.unwrap_or_else(|| code.to_string()), code };
            node.add_agency(&agency).await?;
            output.answer(&agency, || format!("Agency {} ({}) may deliver figures now.", agency.code, agency.name));
        }
        Agency::Assign { code, forms, all, none: _, also } => {
            let every = || node.catalogues().latest().forms().iter().map(|form| form.code.clone()).collect();
            let mut forms: std::collections::BTreeSet<_> = if all { every() } else { forms.into_iter().collect() };
            if also {
                forms.extend(node.agency_entry(&code).await?.forms);
            }
            let entry = node.assign_forms(&code, &forms).await?;
            output.answer(&entry, || format!("Contributors of {code} bring {} from now on.", form_words(&entry)));
        }
        Agency::Change { code, name, contact } => {
            let before = node.agency_entry(&code).await?;
            let (name, contact) = (name.unwrap_or(before.agency.name), contact.unwrap_or(before.contact));
            node.change_agency(&code, &name, &contact).await?;
            let entry = node.agency_entry(&code).await?;
            output.answer(&entry, || format!("{code} is {}; contact: {}.", entry.agency.name, entry.contact));
        }
        Agency::Token { command } => token(node, command, output).await?,
        Agency::List => {
            let entries = node.agency_entries().await?;
            let row = |entry: &AgencyEntry| {
                let agency = &entry.agency;
                vec![agency.code.to_string(), agency.name.clone(), entry.contact.clone(), form_words(entry)]
            };
            let rows: Vec<Vec<String>> = entries.iter().map(row).collect();
            output.answer(&entries, || columns(&["code", "name", "contact", "forms"], &rows));
        }
    }
    Ok(Exit::Done)
}

async fn token(node: &Node, command: Token, output: &Output) -> Result<()> {
    match command {
        Token::Make { agency, name, days } => {
            let made = node.make_token(&agency, &name, days).await?;
            let mut value = serde_json::json!(made.token);
            value["secret"] = made.text.as_str().into();
            output.answer(&value, || {
                let until = made.token.expires_at;
                format!("{}\n\nGood for {agency} until {until}. It is not shown again.", made.text.as_str())
            });
        }
        Token::List { agency } => {
            let (tokens, now) = (node.tokens(&agency).await?, node.now());
            let row = |token: &crate::store::tokens::Token| {
                let used = token.last_used_at.map_or_else(|| "never".to_owned(), |at| at.to_string());
                let state = match token.ended_at {
                    Some(at) => format!("ended {at}"),
                    None if token.is_good(now) => "good".to_owned(),
                    None => "expired".to_owned(),
                };
                let (made, until) = (token.made_at.to_string(), token.expires_at.to_string());
                vec![token.public.clone(), token.name.clone(), token.made_by.clone(), made, until, used, state]
            };
            let rows: Vec<Vec<String>> = tokens.iter().map(row).collect();
            output.answer(&tokens, || {
                columns(&["token", "name", "made by", "made", "until", "last used", "state"], &rows)
            });
        }
        Token::End { agency, token } => {
            let ended = node.end_token(&agency, &token).await?;
            output.answer(&ended, || format!("The token {token} ({}) of {agency} opens nothing any more.", ended.name));
        }
    }
    Ok(())
}

/// The forms of an agency in a line.
fn form_words(entry: &AgencyEntry) -> String {
    let forms: Vec<&str> = entry.forms.iter().map(FormCode::as_str).collect();
    if forms.is_empty() { "no form".to_owned() } else { forms.join(" ") }
}

pub(super) async fn import(node: &Node, import: Import, output: &Output) -> Result<Exit> {
    let Import { file, agency, form, period, mapping, metadata } = import;
    if mapping.is_none() {
        let (bytes, is_own) = Node::is_own_workbook(figures(&file, FILE_BYTES_MAX)?).await?;
        if is_own {
            return workbook(node, &agency, &name_of(&file), bytes, output).await;
        }
    }
    let (mapping, beside, bytes_max) = match mapping {
        None => (None, Vec::new(), FILE_BYTES_MAX),
        Some(path) => {
            let (bytes, mapping) = read_mapping(&path)?;
            (Some((name_of(&path), bytes)), beside(&mapping, &file)?, mapping.file_bytes_max())
        }
    };
    let bytes = figures(&file, bytes_max)?;
    let request = ImportRequest {
        agency,
        name: name_of(&file),
        bytes,
        mapping,
        beside,
        only: form.zip(period),
        metadata: metadata.map(|path| read_metadata(&path)).transpose()?,
        by: None,
    };
    let report = node.import(request).await.map_err(|error| error.about_file(&name_of(&file)))?;
    output.answer(&report, || import_words(&report));
    Ok(Exit::Done)
}

/// Lets agencies see each other's figures of a form, or ends it where there is no reason.
pub(super) async fn between(
    node: &Node,
    form: &FormCode,
    reason: Option<String>,
    who: &Who,
    output: &Output,
) -> Result<Exit> {
    let who = people::operator(node, who).await?;
    let words = match reason {
        Some(reason) => {
            node.allow_between_agencies(form, &reason, &who).await?;
            format!(
                "The agencies that deliver {form} see each other's figures, each for the periods it has delivered for."
            )
        }
        None => {
            node.end_between_agencies(form, &who).await?;
            format!("Each agency sees only its own figures of {form} again.")
        }
    };
    output.answer(&node.between_agencies().await?, || words);
    Ok(Exit::Done)
}

/// Takes an import back.
pub(super) async fn take_back(node: &Node, import: i64, reason: &str, output: &Output) -> Result<Exit> {
    let done = node.take_import_back(import, reason, None).await?;
    output.answer(&done, || {
        let row = |(form, period): &(FormCode, Period), state: &str| {
            vec![form.to_string(), period.to_string(), state.to_owned()]
        };
        let again = done.again.iter().map(|of| row(of, "the figures of before are in force"));
        let none = done.none.iter().map(|of| row(of, "no figures of the agency"));
        let rows: Vec<Vec<String>> = again.chain(none).collect();
        let cases = if done.cases_deleted { " Its cases are deleted." } else { "" };
        format!("{}Import {import} is taken back.{cases}", columns(&["form", "period", "state"], &rows))
    });
    Ok(Exit::Done)
}

/// A workbook that was got from the console.
async fn workbook(
    node: &Node,
    agency: &national::AgencyCode,
    name: &str,
    bytes: Vec<u8>,
    output: &Output,
) -> Result<Exit> {
    let report = node.import_workbook(agency, name, bytes, None).await.map_err(|error| error.about_file(name))?;
    output.answer(&report, || {
        let of_sheet = |sheet: &SheetReport| match &sheet.taken {
            Some(taken) => format!("{}: {}", sheet.tab, import_words(taken)),
            None => {
                let problems: Vec<String> = sheet.problems.iter().map(|problem| format!("  {problem}")).collect();
                format!("{}: refused, nothing of it was taken\n{}", sheet.tab, problems.join("\n"))
            }
        };
        report.sheets.iter().map(of_sheet).collect::<Vec<_>>().join("\n")
    });
    Ok(if report.refused().next().is_some() { Exit::Failed } else { Exit::Done })
}

/// A mapping file: its bytes, and what they say.
fn read_mapping(path: &Path) -> Result<(Vec<u8>, intake::Mapping)> {
    let bytes = small(path, intake::mapping::MAPPING_BYTES_MAX as u64)?;
    let mapping = intake::Mapping::parse(&bytes).map_err(|problem| in_file(path, problem))?;
    Ok((bytes, mapping))
}

/// Files a mapping wants beside the imported one, from the same folder.
fn beside(mapping: &intake::Mapping, file: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let folder = file.parent().unwrap_or_else(|| Path::new("."));
    mapping.beside_names().map(|name| Ok((name.to_owned(), figures(&folder.join(name), FILE_BYTES_MAX)?))).collect()
}

/// The bytes of a file of figures.
fn figures(path: &Path, bytes_max: usize) -> Result<Vec<u8>> {
    bounded(path, bytes_max as u64, "split the file by period or form")
}

/// The bytes of a file that a person has written.
fn small(path: &Path, bytes_max: u64) -> Result<Vec<u8>> {
    bounded(path, bytes_max, "a shorter file")
}

/// The bytes of a file; one that is too large refuses the import like any other flaw.
fn bounded(path: &Path, bytes_max: u64, accepted: &str) -> Result<Vec<u8>> {
    files::read_bounded(path, bytes_max).map_err(|error| match error {
        FileError::TooLarge { .. } => {
            let own = std::fs::metadata(path).map(|file| format!("{} bytes, and ", file.len())).unwrap_or_default();
            let flaw = Flaw::TooLarge(format!("{own}a file may have {bytes_max}"));
            in_file(path, Problem::of_file(flaw, accepted))
        }
        other => other.into(),
    })
}

fn read_metadata(path: &Path) -> Result<Metadata> {
    let bytes = small(path, METADATA_BYTES_MAX)?;
    intake::metadata::parse(&bytes).map_err(|problem| in_file(path, problem))
}

/// The problem of a file, which refuses the whole import.
fn in_file(path: &Path, mut problem: Problem) -> NodeError {
    problem.file = Some(name_of(path).into());
    NodeError::File(problem.into())
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

fn import_words(report: &ImportReport) -> String {
    let rows: Vec<Vec<String>> = report
        .tables
        .iter()
        .map(|table| {
            let changed = if table.changed { "taken" } else { "the same as before" };
            vec![table.form.to_string(), table.period.to_string(), grouped(table.cells as u64), changed.to_owned()]
        })
        .collect();
    let others = if report.rows_of_others > 0 {
        format!(", {} about other states", grouped(report.rows_of_others as u64))
    } else {
        String::new()
    };
    let left = if report.rows_left_out > 0 {
        format!(", {} left out by the mapping", grouped(report.rows_left_out as u64))
    } else {
        String::new()
    };
    let again = if report.rows_repeated > 0 {
        format!(
            ", {} of a case that stands in the file already and was counted once",
            grouped(report.rows_repeated as u64)
        )
    } else {
        String::new()
    };
    format!(
        "{}{} rows read{others}{left}{again}.{}",
        columns(&["form", "period", "cells", "state"], &rows),
        grouped(report.rows_read as u64),
        report.import.map_or_else(String::new, |number| format!(" Import {number}."))
    )
}

pub(super) async fn origins(node: &Node, subject: &Subject, output: &Output) -> Result<Exit> {
    let origins = node.origins(&subject.form, subject.period).await?;
    let row = |own: &CellOrigin| {
        let what = if own.cell.labels.is_empty() { "Total".to_owned() } else { own.cell.labels.join(" · ") };
        vec![what, own.cell.value.map_or_else(|| own.cell.words.clone(), grouped), own.words.clone()]
    };
    let rows: Vec<Vec<String>> = origins.iter().map(row).collect();
    output.answer(&origins, || columns(&["what", "answer", "comes from"], &rows));
    Ok(Exit::Done)
}

pub(super) async fn table(node: &Node, subject: &Subject, csv: bool, output: &Output) -> Result<Exit> {
    if csv {
        let national = node.national(&subject.form, subject.period).await?;
        let text = intake::write_canonical([&national.table], node.form(&subject.form)?, node.participant());
        output.answer(&text, || text.clone());
        return Ok(Exit::Done);
    }
    let report = node.table_report(&subject.form, subject.period).await?;
    output.answer(&report, || table_words(&report));
    Ok(Exit::Done)
}

/// A table as aligned text, for a terminal.
pub(super) fn table_words(report: &TableReport) -> String {
    let rows: Vec<Vec<String>> = report
        .cells
        .iter()
        .map(|cell| {
            let what = if cell.labels.is_empty() { "Total".to_owned() } else { cell.labels.join(" · ") };
            let value = cell.value.map_or_else(|| cell.words.clone(), grouped);
            let status = if cell.status == "A" { String::new() } else { cell.status.to_owned() };
            vec![what, value, status]
        })
        .collect();
    let head = if report.dimensions.is_empty() { "what".to_owned() } else { report.dimensions.join(", ") };
    let unit = report.metadata.unit.clone().unwrap_or_default();
    let source = report.metadata.source.as_ref().map_or_else(String::new, |source| format!("\nSource: {source}"));
    format!(
        "{} {} of {}: {}\n\n{}{source}",
        report.form,
        report.period,
        report.participant,
        report.title,
        columns(&[&head, &unit, "status"], &rows)
    )
}

pub(super) async fn findings(
    node: &Node,
    subject: &Subject,
    reason: Option<String>,
    who: &PerhapsWho,
    output: &Output,
) -> Result<Exit> {
    if let (Some(reason), Some(account)) = (reason, &who.account) {
        let who = people::operator(node, &Who { account: account.clone() }).await?;
        node.accept_findings(&subject.form, subject.period, None, &reason, &who).await?;
    }
    let found = node.findings(&subject.form, subject.period).await?;
    output.answer(&found, || {
        if found.findings.is_empty() {
            return "Nothing was found.".to_owned();
        }
        let rows: Vec<Vec<String>> = found
            .findings
            .iter()
            .map(|checked| {
                let finding = &checked.finding;
                let accepted =
                    checked.accepted.as_ref().map(|accepted| format!("{}: {}", accepted.by, accepted.reason));
                vec![
                    format!("{:?}", finding.severity).to_lowercase(),
                    finding.cell.clone().unwrap_or_default(),
                    finding.sentence.clone(),
                    accepted.unwrap_or_default(),
                ]
            })
            .collect();
        columns(&["severity", "cell", "finding", "accepted by"], &rows)
    });
    Ok(Exit::Done)
}

pub(super) async fn decide(node: &Node, decide: Decide, output: &Output) -> Result<Exit> {
    let who = people::operator(node, &decide.who).await?;
    let Subject { form, period } = &decide.subject;
    let reason = &decide.reason;
    match (decide.rule, &decide.cell) {
        (Some(Rule::Cases(order)), _) if decide.whole_year => {
            node.decide_cases(form, period.year(), &order, reason, &who).await?;
        }
        (Some(_), _) if decide.whole_year => {
            return Err(NodeError::Usage("--whole-year goes with --rule cases:AGENCY,AGENCY".into()));
        }
        (Some(rule), _) => drop(node.decide(form, *period, rule, decide.keep, reason, &who).await?),
        (None, Some(codes)) => {
            let key = by_hand::read_key(codes, node.form(form)?).map_err(NodeError::Usage)?;
            match &decide.figure {
                Some(figure) => {
                    let cell = by_hand::read_figure(figure).map_err(NodeError::Usage)?;
                    node.set_by_hand(form, *period, &key, cell, reason, &who).await?;
                }
                None => drop(node.take_back(form, *period, &key, reason, &who).await?),
            }
        }
        (None, None) => return Err(NodeError::Usage("name a rule with --rule, or a cell with --cell".into())),
    }
    let report = node.table_report(form, *period).await?;
    output.answer(&report, || table_words(&report));
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_file_that_cannot_be_used_is_named_and_nothing_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("layout.toml");
        std::fs::write(&path, "format = 2\n").unwrap();
        let too_large = bounded(&path, 5, "a shorter file").unwrap_err();
        let no_mapping = read_mapping(&path).unwrap_err();
        std::fs::write(&path, "unity = \"persons\"\n").unwrap();
        let no_metadata = read_metadata(&path).unwrap_err();
        for refused in [too_large, no_mapping, no_metadata] {
            let said = refused.to_string();
            assert!(said.starts_with("the file was refused, and nothing of it was taken:\nlayout.toml: "), "{said}");
        }
    }
}
