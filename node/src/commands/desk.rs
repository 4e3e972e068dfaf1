//! `release prepare|approve|list|show|withdraw|extend`.

use vrs_protocol::id::ParticipantCode;
use vrs_protocol::release::WithdrawalReason;
use vrs_protocol::table::Key;
use vrs_runtime::exit::Exit;
use vrs_runtime::output::{Output, columns};

use super::arguments::{Reason, Release as Command, Subject};
use super::figures::table_words;
use super::people::{operator, perhaps_operator};
use crate::error::Result;
use crate::node::{Desk, Measures, Node, PrepareOutcome, PrepareRequest, WithdrawOutcome, Withholding};
use crate::protection::words;
use crate::release::preview::{Preview, PreviewedRelease};
use crate::release::{Release, Terms};
use crate::store::releases::Kept;

pub(super) async fn release(node: &Node, command: Command, output: &Output) -> Result<Exit> {
    match command {
        Command::Prepare {
            subject: Subject { form, period },
            with,
            audience,
            no_derived,
            withhold,
            reason,
            embargo,
            because,
            provisional,
            despite_open,
            who,
        } => {
            let who = operator(node, &who).await?;
            let tables = std::iter::once((form, period)).chain(with).collect();
            let withholding = Withholding { cells: withhold.into_iter().collect(), reason: reason.unwrap_or_default() };
            let not_before = embargo.map(|day| node.day_begins(&day)).transpose()?;
            let terms = Terms { not_before, because: because.unwrap_or_default() };
            let measures = Measures { provisional, despite: despite_open.unwrap_or_default() };
            let request = PrepareRequest { tables, audience, derive: !no_derived, withholding, terms, measures };
            let outcome = node.prepare(&request, &who).await?;
            output.answer(&outcome, || prepared_words(&outcome));
        }
        Command::Approve { id, despite_open, who } => {
            let who = operator(node, &who).await?;
            let approved = node.approve_despite(id, despite_open.as_deref().unwrap_or_default(), &who).await?;
            output.answer(&approved, || {
                format!(
                    "Approved and signed; in the outbox: {}. 'vrs-node run' sends it, or 'vrs-node sync' now.",
                    approved.len()
                )
            });
        }
        Command::List { who } => {
            perhaps_operator(node, who).await?;
            let desk = node.desk().await?;
            output.answer(&desk, || list_words(&desk));
        }
        Command::Show { id, who } => {
            perhaps_operator(node, who).await?;
            let preview = node.show_release(id).await?;
            output.answer(&preview, || preview_words(&preview));
        }
        Command::Withdraw { id, reason, who } => {
            let who = operator(node, &who).await?;
            let outcome = node.withdraw(id, reason.into(), &who).await?;
            output.answer(&outcome, || withdrawn_words(&outcome));
        }
        Command::Extend { ids, to, who } => {
            let who = operator(node, &who).await?;
            node.extend(&ids, &to, &who).await?;
            let value = serde_json::json!({ "releases": ids, "to": to });
            output.answer(&value, || {
                format!("Signed: the releases are opened to {} as soon as the hub has it.", codes(&to))
            });
        }
    }
    Ok(Exit::Done)
}

impl From<Reason> for WithdrawalReason {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Unstated => Self::Unstated,
            Reason::Wrong => Self::Wrong,
            Reason::Mistake => Self::Mistake,
            Reason::NoLongerShared => Self::NoLongerShared,
        }
    }
}

fn codes(codes: &[ParticipantCode]) -> String {
    if codes.is_empty() {
        return "nobody".into();
    }
    codes.iter().map(ParticipantCode::as_str).collect::<Vec<_>>().join(", ")
}

fn prepared_words(outcome: &PrepareOutcome) -> String {
    match outcome {
        PrepareOutcome::Kept(kept) => {
            let tables: Vec<String> = kept.iter().map(|kept| format!("{} {}", kept.form, kept.period)).collect();
            let released: String =
                kept.iter().filter_map(released_words).map(|sentence| format!("\n{sentence}")).collect();
            format!("Kept here: {}. Nothing is sent.{released}", tables.join(", "))
        }
        PrepareOutcome::Prepared(preview) => {
            format!(
                "{}\nA second person approves exactly this: vrs-node release approve {} --as ACCOUNT",
                preview_words(preview),
                preview.id
            )
        }
    }
}

/// That a kept table is released all the same.
fn released_words(kept: &Kept) -> Option<String> {
    let id = kept.released?;
    Some(format!(
        "Release {id} of {} {} has not ended by that; take it back with: vrs-node release withdraw {id} --as ACCOUNT",
        kept.form, kept.period
    ))
}

/// What to know first, then exactly what leaves.
fn preview_words(preview: &Preview) -> String {
    let mut text: String = preview.sentences.iter().map(|sentence| format!("· {sentence}\n")).collect();
    text.push('\n');
    for release in &preview.releases {
        text.push_str(&release_words(release));
        text.push_str(&hidden_words(preview, release));
        text.push('\n');
    }
    for warned in preview.protection.iter().flat_map(|protection| &protection.warnings) {
        text.push_str(&format!("! {}\n", words::warning_words(warned)));
    }
    for missing in &preview.not_derived {
        text.push_str(&format!("{} {} is not derived: {}\n", missing.form, missing.period, missing.reason));
    }
    text
}

/// Why each hidden cell is hidden, and what an outsider can tell of it. Said here only: nothing of it leaves.
fn hidden_words(preview: &Preview, shown: &PreviewedRelease) -> String {
    let Release { form, period, .. } = &shown.release;
    let table = preview.protection.iter().find_map(|protection| protection.table(form, *period));
    let Some(table) = table.filter(|table| !table.hidden.is_empty()) else { return String::new() };
    let rows: Vec<Vec<String>> = table
        .hidden
        .iter()
        .map(|cell| {
            vec![Key(cell.key.clone()).to_string(), words::hidden_words(cell), words::possible_words(cell.possible)]
        })
        .collect();
    format!("\n{}\n", columns(&["hidden cell", "why (stays here)", "an outsider can tell"], &rows))
}

fn release_words(shown: &PreviewedRelease) -> String {
    let derived = if shown.derived_from.is_empty() {
        String::new()
    } else {
        format!(
            "Derived from {}.\n",
            shown.derived_from.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
        )
    };
    let findings: String = shown
        .findings
        .iter()
        .map(|finding| {
            format!(
                "! {}{}\n",
                finding.cell.as_ref().map_or_else(String::new, |cell| format!("{cell}: ")),
                finding.sentence
            )
        })
        .collect();
    let line = shown.release.line.map_or_else(String::new, |line| format!(", line {line} of the ledger"));
    let head = format!("Release {} ({}{line})", shown.release.id, shown.release.state.word());
    if shown.has_ended() {
        let note = shown.release.note.as_ref().map_or_else(String::new, |note| format!(": {note}"));
        return format!(
            "{head}: was for {}\n{derived}{}\nIt has ended{note}. Nobody can read it any more, and it earns nothing.\n",
            shown.audience,
            table_words(&shown.table)
        );
    }
    let regional = if shown.regional { "yes" } else { "no" };
    format!(
        "{head}: for {}\n{derived}{}\nCan be read at once by: {}\nOnce they contribute, by: {}\nYou can read in return at once: {}\nRegional figures: {regional}\n{findings}",
        shown.audience,
        table_words(&shown.table),
        codes(&shown.readers_now),
        codes(&shown.readers_later),
        codes(&shown.unlocks),
    )
}

fn list_words(desk: &Desk) -> String {
    let rows: Vec<Vec<String>> = desk
        .releases
        .iter()
        .map(|entry| {
            let release = &entry.release;
            let note = match (&entry.refused, &entry.waiting) {
                (Some(refused), _) => refused.sentence.clone(),
                (None, Some(aside)) if aside.is_aside() => {
                    format!("set aside, because it cannot be sent: {}", aside.trouble.as_deref().unwrap_or_default())
                }
                (None, Some(waiting)) => format!(
                    "{}waiting since {}{}",
                    entry.terms.not_before.map_or_else(String::new, |until| format!("embargo until {until}; ")),
                    waiting.waiting_since,
                    waiting.trouble.as_ref().map_or_else(String::new, |trouble| format!(": {trouble}"))
                ),
                (None, None) => release.note.clone().unwrap_or_default(),
            };
            vec![
                release.id.to_string(),
                release.form.to_string(),
                release.period.to_string(),
                release.revision.map_or_else(String::new, |revision| revision.to_string()),
                release.audience.to_string(),
                release.state.word().to_owned(),
                release.line.map_or_else(String::new, |line| line.to_string()),
                note,
            ]
        })
        .collect();
    let kept: String = desk
        .kept
        .iter()
        .map(|kept| {
            let released = kept.released.map_or_else(String::new, |id| format!("; release {id} has not ended by that"));
            format!("\nKept here: {} {}, decided by {}{released}", kept.form, kept.period, kept.by)
        })
        .collect();
    format!("{}{kept}", columns(&["release", "form", "period", "revision", "audience", "state", "line", "note"], &rows))
}

fn withdrawn_words(outcome: &WithdrawOutcome) -> String {
    match outcome {
        WithdrawOutcome::LetGo(ids) => format!(
            "Let go before it left: {}. Nobody outside has seen it.",
            ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
        ),
        WithdrawOutcome::Signed { release, read_by } => {
            format!(
                "The withdrawal of release {release} is signed and waits in the outbox. It was read by {}, who are asked to erase it; what was read may be remembered.",
                codes(read_by)
            )
        }
    }
}
