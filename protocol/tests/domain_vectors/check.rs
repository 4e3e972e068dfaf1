//! Judges one vector with the crate under test.

use data_encoding::HEXLOWER;
use vrs_protocol::audience::Audience;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::cell::{Cell, Figure};
use vrs_protocol::charter::Charter;
use vrs_protocol::codec;
use vrs_protocol::ledger::Line;
use vrs_protocol::period::Period;
use vrs_protocol::refusal::Refusal;
use vrs_protocol::region::Region;
use vrs_protocol::release::{Manifest, decode_body};
use vrs_protocol::statement::{PublicKey, Statement};
use vrs_protocol::table::Table;

use crate::shared::{Case, print};

/// `Ok`, or how the error prints.
pub(crate) fn judge(folder: &str, name: &str, rest: &str) -> Result<(), String> {
    let case = Case::read(rest);
    match folder {
        "period" if name.ends_with(".txt") => period_text(&case),
        "period" => strict::<Period>(&case).map(drop),
        "audience" => strict::<Audience>(&case).map(drop),
        "manifest" => strict::<Manifest>(&case)?.check().map_err(print),
        "charter" => strict::<Charter>(&case)?.check().map(drop).map_err(print),
        "body" => body(&case),
        "line" => line(&case),
        "refusal" => refusal(&case),
        "region" => region(&case),
        other => panic!("nobody judges {other}"),
    }
}

/// The bytes of a file, followed by zeros up to the length in its line `padded`.
fn padded(case: &Case) -> Vec<u8> {
    let mut bytes = case.bytes();
    if let Some(length) = case.values.get("padded") {
        bytes.resize(length.parse().unwrap(), 0);
    }
    bytes
}

fn strict<T: for<'b> minicbor::Decode<'b, ()> + minicbor::Encode<()>>(case: &Case) -> Result<T, String> {
    let bytes = padded(case);
    let value: T = codec::decode_strict(&bytes).map_err(print)?;
    assert_eq!(codec::to_bytes(&value), bytes);
    Ok(value)
}

fn period_text(case: &Case) -> Result<(), String> {
    let period = Period::parse(&case.text).map_err(print)?;
    assert_eq!(period.to_string(), case.text);
    Ok(())
}

/// A body need not pack to the same bytes again, because packers differ; it must hold the cells that the file lists.
fn body(case: &Case) -> Result<(), String> {
    let table = decode_body(&padded(case)).map_err(print)?;
    let listed: Vec<_> = case.values.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let mut found = described(&table);
    found.push(("padded".into(), case.value("padded").into()));
    found.sort();
    assert_eq!(found, listed);
    Ok(())
}

/// A table as the further lines of a body's file: `table FORM PERIOD`, then a line for each cell.
pub(crate) fn described(table: &Table) -> Vec<(String, String)> {
    let mut lines = vec![("table".to_owned(), format!("{} {}", table.form, table.period))];
    for (key, cell) in &table.cells {
        let codes: Vec<&str> = key.0.iter().map(|code| code.as_str()).collect();
        let value = match cell {
            Cell::Value { figure: Figure::Count(count), .. } => count.to_string(),
            Cell::Value { figure: Figure::Fee(fee), .. } => format!("fee in {}", fee.currency),
            Cell::Value { figure: Figure::Step(step), .. } => format!("step in {}", step.country),
            Cell::Value { figure: Figure::Narrative(narrative), .. } => format!("{} choices", narrative.choices.len()),
            Cell::Fewer { below } => format!("<{below}"),
            _ => "-".into(),
        };
        let (status, conf) = cell.codes();
        lines.push((format!("cell:{}", codes.join("/")), format!("{value} {status} {conf}")));
    }
    lines
}

fn line(case: &Case) -> Result<(), String> {
    let bytes = padded(case);
    let line = Line::from_bytes(&bytes).map_err(print)?;
    assert_eq!(line.to_bytes(), bytes);
    assert_eq!(line.kind().map_or("none", |kind| kind.word()), case.value("kind"));
    line.statement().map(drop).map_err(print)
}

/// A refusal's payload, or with a line `key` the whole signed statement.
fn refusal(case: &Case) -> Result<(), String> {
    let Some(key) = case.values.get("key") else {
        return strict::<Refusal>(case).map(drop);
    };
    let statement = Statement::parse(&case.bytes()).map_err(print)?;
    statement.verify(&key.parse::<PublicKey>().unwrap()).map_err(print)?;
    if statement.header().content_type != Refusal::CONTENT_TYPE {
        return Err("ContentType".into());
    }
    if statement.header().exchange != case.hash("exchange") {
        return Err("Exchange".into());
    }
    let refusal: Refusal = codec::decode_strict(statement.payload()).map_err(print)?;
    if refusal.request == case.hash("request") { Ok(()) } else { Err("Request".into()) }
}

/// Takes the lines in, one after the other. A refused line leaves the region as it was, and the next one takes its
/// place. The outcome is the first row that is not as the file says, or else the first refusal.
fn region(case: &Case) -> Result<(), String> {
    let mut region = Region::empty(Catalogue::bundled());
    let mut first = Ok(());
    for (place, row) in case.text.lines().enumerate() {
        let (expected, hex) = row.split_once(' ').unwrap();
        let bytes = HEXLOWER.decode(hex.as_bytes()).unwrap();
        let outcome = take(&mut region, &bytes);
        if outcome != expected {
            return Err(format!("row {}: expected {expected}, got {outcome}", place + 1));
        }
        if let Some(number) = outcome.get(..3).filter(|number| number.bytes().all(|b| b.is_ascii_digit())) {
            first = first.and_then(|()| Err(number.to_owned()));
        }
    }
    assert_eq!(region.size().to_string(), case.value("size"));
    first
}

/// What becomes of a line, as the first word of its row says it.
fn take(region: &mut Region, bytes: &[u8]) -> String {
    let before = region.size();
    // Whoever writes lines asks `judge`, whoever mirrors them takes them in.
    let written = Line::from_bytes(bytes).map(|line| region.judge(line).map(drop));
    let outcome = match (region.take(bytes), written) {
        (Ok(()), Ok(Err(reason))) => format!("{}-unless-mirrored", reason.number()),
        (Ok(()), _) => "ok".to_owned(),
        (Err(reason), _) => reason.number().to_string(),
    };
    assert_eq!(region.size(), before + u64::from(outcome.len() != 3));
    outcome
}
