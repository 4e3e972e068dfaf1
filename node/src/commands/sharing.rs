//! `sync`, `read`, `overview`, `why`, `servings`, `audit`.

use vrs_protocol::id::ParticipantCode;
use vrs_runtime::exit::Exit;
use vrs_runtime::output::{Output, columns, grouped};
use vrs_runtime::progress::Progress;

use super::arguments::Subject;
use super::figures::table_words;
use crate::error::{NodeError, Result};
use crate::intake;
use crate::node::Node;
use crate::overview::OverviewReport;

pub(super) async fn sync(node: &Node, output: &Output) -> Result<Exit> {
    let report = node.sync().await?;
    output.answer(&report, || {
        format!(
            "{} new lines, {} in all. Sent: {} logged, {} refused, {} still waiting. Read: {} tables, {} sums. Erased: {}. Found wrong: {}.",
            grouped(report.lines),
            grouped(report.size),
            report.logged,
            report.refused,
            report.waiting,
            report.bodies,
            report.sums,
            report.erased,
            report.flaws
        )
    });
    match node.suspended().await? {
        None => Ok(Exit::Done),
        Some(reason) => {
            output.aside(&format!(
                "{reason}. What must be erased is erased and what waits goes on waiting; talk to the hub's operator."
            ));
            Ok(Exit::Failed)
        }
    }
}

pub(super) async fn read(
    node: &Node,
    subject: &Subject,
    participant: Option<&ParticipantCode>,
    csv: bool,
    output: &Output,
) -> Result<Exit> {
    let report = node.read(&subject.form, subject.period, participant).await?;
    if csv {
        let form = node.form(&subject.form)?;
        let mut text = String::new();
        for read in &report.tables {
            let one = intake::write_canonical([&read.figures], form, &read.table.participant);
            // One heading for all.
            text.push_str(if text.is_empty() { &one } else { one.split_once('\n').map_or("", |(_, rows)| rows) });
        }
        output.answer(&text, || text.clone());
        return Ok(Exit::Done);
    }
    output.answer(&report, || {
        let mut text: Vec<String> = report
            .tables
            .iter()
            .map(|read| {
                let allowed = format!(
                    "signed by {}, line {}, revision {}; allowed, because of your line {}",
                    read.table.participant, read.line, read.revision, read.by
                );
                format!("{}\n{allowed}", table_words(&read.table))
            })
            .collect();
        if !report.on_their_way.is_empty() {
            let codes: Vec<&str> = report.on_their_way.iter().map(ParticipantCode::as_str).collect();
            text.push(format!("May be read and not here yet: {}. Run: vrs-node sync", codes.join(", ")));
        }
        if text.is_empty() {
            text.push("Nobody shares this with you yet; see: vrs-node why".to_owned());
        }
        text.join("\n\n")
    });
    Ok(Exit::Done)
}

pub(super) async fn overview(node: &Node, subject: &Subject, output: &Output) -> Result<Exit> {
    let form = node.form(&subject.form)?;
    let overview = node.overview(&subject.form, subject.period).await?;
    let report = overview.report(form, node);
    output.answer(&report, || overview_words(&report));
    Ok(Exit::Done)
}

fn overview_words(report: &OverviewReport) -> String {
    let codes = |codes: &[ParticipantCode]| {
        if codes.is_empty() {
            "nobody".to_owned()
        } else {
            codes.iter().map(ParticipantCode::as_str).collect::<Vec<_>>().join(", ")
        }
    };
    let mut text = format!(
        "{} {}: {}\n{} of {} participants are in these figures.\n",
        report.form, report.period, report.title, report.covered, report.participants
    );
    let open = &report.open;
    let bounds = match (open.known, open.low, open.high) {
        (Some(known), Some(low), Some(high)) if known == low && low == high => grouped(known),
        (Some(known), Some(low), Some(high)) => {
            format!("{} known, between {} and {} in all", grouped(known), grouped(low), grouped(high))
        }
        (Some(known), Some(low), None) => format!("{} known, at least {} in all", grouped(known), grouped(low)),
        _ => "no total".to_owned(),
    };
    text.push_str(&format!("Open ({}): {bounds}\n", codes(&open.participants)));
    for (unit, who) in open.units.iter().filter(|_| open.units.len() > 1) {
        text.push_str(&format!("  of which {} count {unit}\n", codes(who)));
    }
    for block in &report.blocks {
        let sum = block.sum.map_or_else(|| "no total".to_owned(), grouped);
        let marked = if block.marked { "; a member has changed its figures since" } else { "" };
        let (size, unit) = (block.members.len(), &block.unit);
        text.push_str(&format!("Group of {size} ({}): {sum} {unit}{marked}\n", codes(&block.members)));
    }
    for gap in &report.gaps {
        text.push_str(&format!("{}: {}\n", gap.participant, gap.reason.in_words()));
    }
    if let Some(why) = &report.regional {
        text.push_str(&format!("Regional figures are not open to you: {}\n", why.sentence));
    }
    let rows: Vec<Vec<String>> = report
        .cells
        .iter()
        .map(|cell| {
            let what = if cell.labels.is_empty() { "Total".to_owned() } else { cell.labels.join(" · ") };
            let high = cell.sum.high.map_or_else(|| "not bounded".to_owned(), grouped);
            vec![
                what,
                cell.sum.known.map_or_else(|| "none".to_owned(), grouped),
                grouped(cell.sum.low),
                high,
                format!("{} of {}", cell.sum.answered, cell.sum.of),
            ]
        })
        .collect();
    if !rows.is_empty() {
        text.push('\n');
        text.push_str(&columns(&["what", "known", "low", "high", "answered"], &rows));
    }
    text
}

pub(super) async fn why(
    node: &Node,
    subject: &Subject,
    participant: Option<&ParticipantCode>,
    output: &Output,
) -> Result<Exit> {
    let report = node.why(&subject.form, subject.period, participant).await?;
    output.answer(&report, || {
        let mut text = format!("{}\n", report.own);
        for answer in &report.participants {
            let who = answer.participant.as_ref().map_or_else(String::new, ToString::to_string);
            text.push_str(&format!("{who}: {}\n", answer.sentence));
        }
        text.push_str(&format!("Region: {}\n", report.regional.sentence));
        text
    });
    Ok(Exit::Done)
}

pub(super) async fn servings(node: &Node, output: &Output) -> Result<Exit> {
    let servings = node.servings().await?;
    output.answer(&servings, || {
        let row = |served: &crate::node::ServedRelease| {
            let state = match (served.erased, served.current) {
                (Some(line), _) => format!("erased, line {line}"),
                (None, true) => "held".to_owned(),
                (None, false) => "to be erased".to_owned(),
            };
            vec![
                served.form.to_string(),
                served.period.to_string(),
                served.author.to_string(),
                served.reader.to_string(),
                served.line.to_string(),
                served.serving.to_string(),
                served.by.to_string(),
                state,
            ]
        };
        let headings = ["form", "period", "of", "read by", "line", "served at", "because of", "state"];
        let ours: Vec<Vec<String>> = servings.ours.iter().map(row).collect();
        let to_us: Vec<Vec<String>> = servings.to_us.iter().map(row).collect();
        format!("Who read ours\n{}\nWhat we were served\n{}", columns(&headings, &ours), columns(&headings, &to_us))
    });
    Ok(Exit::Done)
}

pub(super) async fn audit(node: &Node, output: &Output) -> Result<Exit> {
    let mut progress = Progress::begin("Judging the ledger", Some(node.head().await?.size));
    let mut seen = 0;
    let audit = node
        .audit(|done, _| {
            progress.advance(done - seen);
            seen = done;
        })
        .await?;
    drop(progress);
    let value = serde_json::to_value(&audit).map_err(|error| NodeError::Defect(error.to_string()))?;
    let value = match value {
        serde_json::Value::Object(mut fields) => {
            fields.insert("sentence".into(), audit.sentence().into());
            fields.insert("clean".into(), audit.is_clean().into());
            serde_json::Value::Object(fields)
        }
        other => other,
    };
    output.answer(&value, || {
        let unjudged = if audit.unjudged > 0 {
            format!(" {} lines are of a kind this program cannot judge.", audit.unjudged)
        } else {
            String::new()
        };
        format!("{}{unjudged} {} lines, root {}.", audit.sentence(), grouped(audit.lines), audit.root)
    });
    Ok(if audit.is_clean() { Exit::Done } else { Exit::Failed })
}
