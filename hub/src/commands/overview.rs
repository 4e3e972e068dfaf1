//! `overview FORM PERIOD`: what the hub knows now, over gaps.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use vrs_protocol::id::{FormCode, ParticipantCode};
use vrs_protocol::overview::{Overview, Sum};
use vrs_protocol::period::Period;
use vrs_protocol::table::Key;
use vrs_runtime::exit::Exit;
use vrs_runtime::output::{Output, columns, grouped};

use crate::hub::Hub;
use crate::problem::HubError;

pub(super) async fn run(hub: &Hub, form: &FormCode, period: Period, output: &Output) -> Result<Exit, HubError> {
    let overview = hub.overview(form, period).await?.overview;
    output.answer(&value(&overview), || text(&overview));
    hub.close().await?;
    Ok(Exit::Done)
}

/// The overview with its total up front, as the demo prints it, and every cell below.
fn value(overview: &Overview) -> Value {
    let total = overview.open_total();
    let cells: Vec<Value> = overview
        .keys()
        .iter()
        .map(
            |key| json!({ "key": key.to_string(), "open": overview.open.cells.get(key), "whole": overview.whole(key) }),
        )
        .collect();
    let blocks: Vec<Value> = overview
        .blocks
        .iter()
        .map(|block| {
            let sum = block.cells.iter().find(|(key, _)| key.is_total()).map(|(_, sum)| sum);
            let cells: Vec<Value> = block.cells.iter().map(|(key, sum)| json!({ "key": key.to_string(), "sum": sum })).collect();
            json!({ "sharing": block.sharing, "members": block.members, "unit": block.unit, "sum": sum, "marked": block.marked, "cells": cells })
        })
        .collect();
    json!({
        "form": overview.form,
        "period": overview.period,
        "participants": overview.participants,
        "covered": overview.covered(),
        "open": {
            "participants": overview.open.participants,
            "units": overview.open.units,
            "known": total.and_then(|sum| sum.known),
            "low": total.map(|sum| sum.low),
            "high": total.and_then(|sum| sum.high),
        },
        "blocks": blocks,
        "not_included": overview.not_included(),
        "gaps": overview.gaps,
        "cells": cells,
    })
}

/// Who counts what, where not everybody counts the same.
fn units(units: &BTreeMap<String, Vec<ParticipantCode>>) -> String {
    if units.len() < 2 {
        return String::new();
    }
    let words = units
        .iter()
        .map(|(unit, who)| format!("{unit} by {}", who.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")));
    format!("Different things are added: {}\n", words.collect::<Vec<_>>().join("; "))
}

fn text(overview: &Overview) -> String {
    let codes = |codes: &[vrs_protocol::id::ParticipantCode]| {
        codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    let mut text = format!(
        "{} for {}: {} of {} participants are in some figure\n",
        overview.form,
        overview.period,
        overview.covered(),
        overview.participants
    );
    text.push_str(&format!("Open: {}\n", codes(&overview.open.participants)));
    text.push_str(&units(&overview.open.units));
    for block in &overview.blocks {
        text.push_str(&format!(
            "A group of {} ({}): {}{}\n",
            block.members.len(),
            block.unit,
            codes(&block.members),
            if block.marked { " (changed since)" } else { "" }
        ));
    }
    for gap in &overview.gaps {
        text.push_str(&format!("Not in any figure: {} ({})\n", gap.participant, gap.reason.in_words()));
    }
    let rows: Vec<Vec<String>> = overview.keys().iter().map(|key| row(overview, key)).collect();
    if !rows.is_empty() {
        let blocks = (1..=overview.blocks.len()).map(|number| format!("group {number}"));
        let headings: Vec<String> =
            ["cell", "known", "at least", "at most", "answered"].into_iter().map(str::to_owned).chain(blocks).collect();
        text.push('\n');
        text.push_str(&columns(&headings.iter().map(String::as_str).collect::<Vec<_>>(), &rows));
    }
    text
}

/// A gap is never a blank and never a zero.
fn row(overview: &Overview, key: &Key) -> Vec<String> {
    let none = || "not known".to_owned();
    let sum: Option<&Sum> = overview.open.cells.get(key);
    let open = [
        sum.and_then(|sum| sum.known).map_or_else(none, grouped),
        sum.map_or_else(none, |sum| grouped(sum.low)),
        sum.map_or_else(none, |sum| sum.high.map_or_else(|| "no bound".to_owned(), grouped)),
        sum.map_or_else(none, |sum| format!("{} of {}", sum.answered, sum.of)),
    ];
    let blocks = overview.blocks.iter().map(|block| block.cells.get(key).map_or_else(none, |sum| grouped(*sum)));
    std::iter::once(key.to_string()).chain(open).chain(blocks).collect()
}
