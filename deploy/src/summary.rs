//! What is printed at the end: one JSON object for programs, or a short account for people.
//!
//! The rule it keeps: counts are counted in the ledger, sums are those of the hub's overview, audits are each node's own. What
//! is not known is `null` or said in words, and never a zero.

use futures::future::try_join_all;
use serde::Serialize;
use serde_json::{Value, json};
use vrs_hub::HubError;
use vrs_node::node::Node;
use vrs_node::store;
use vrs_protocol::ledger::{Line, LineKind};
use vrs_protocol::overview::{BlockSum, Overview};

use crate::participants::OVERVIEWS;
use crate::problem::{DemoError, Result};
use crate::region::Region;
use crate::story::{Events, Refused, subject};

/// Lines read from the mirror at a time.
const LINES_AT_ONCE: u32 = 512;

/// Everything that is known at the end.
pub(crate) struct Summary {
    lines: u64,
    root: String,
    releases: u64,
    servings: u64,
    erasures: u64,
    events: Events,
    overviews: Vec<Overview>,
    audits: Vec<Audited>,
}

/// What one node says of the whole ledger.
#[derive(Serialize)]
struct Audited {
    participant: &'static str,
    justified: bool,
    lines: u64,
    #[serde(skip)]
    sentence: String,
}

impl Summary {
    /// Asks everybody.
    pub(crate) async fn of(region: &Region, events: Events) -> Result<Self> {
        let audits = region.places.iter().map(|place| async {
            let audit = place.node.audit(|_, _| ()).await.map_err(|error| DemoError::Node(place.code, error))?;
            let justified = audit.is_clean();
            Ok::<_, DemoError>(Audited {
                participant: place.code,
                justified,
                lines: audit.lines,
                sentence: audit.sentence(),
            })
        });
        let audits = try_join_all(audits).await?;
        region.hub.ledger().follow().await.map_err(HubError::from)?;
        let mut overviews = Vec::with_capacity(OVERVIEWS.len());
        for table in OVERVIEWS {
            let (form, period) = subject(table)?;
            overviews.push(region.hub.overview(&form, period).await?.overview);
        }
        let (lines, root) = {
            let view = region.hub.ledger().view();
            (view.size(), view.root().to_string())
        };
        let kinds = match region.places.first() {
            Some(place) => kinds(&place.node).await.map_err(|error| DemoError::Node(place.code, error))?,
            None => Vec::new(),
        };
        let count = |kind| kinds.iter().filter(|found| **found == Some(kind)).count() as u64;
        Ok(Self {
            lines,
            root,
            releases: count(LineKind::Release),
            servings: count(LineKind::Serving),
            erasures: count(LineKind::Erasure),
            events,
            overviews,
            audits,
        })
    }

    /// The object that programs read.
    pub(crate) fn json(&self) -> Value {
        let refused = |Refused { participant, form, period, reason, unlock }: &Refused| json!({ "participant": participant, "form": form, "period": period, "reason": reason, "unlock": unlock });
        json!({
            "ledger": { "lines": self.lines, "root": self.root },
            "releases": self.releases,
            "servings": self.servings,
            "erasures": self.erasures,
            "refusals": self.events.refused.iter().map(refused).collect::<Vec<_>>(),
            "overviews": self.overviews.iter().map(overview_json).collect::<Vec<_>>(),
            "audits": self.audits,
        })
    }

    /// The account that people read.
    pub(crate) fn text(&self, region: &Region) -> String {
        let mut text = String::from("\nTHE REGION\n\n");
        for overview in &self.overviews {
            text.push_str(&overview_text(overview));
        }
        text.push_str("\nWHAT HAPPENED\n\n");
        for sentence in &self.events.told {
            text.push_str(&format!("- {sentence}\n"));
        }
        text.push_str("\nWHAT WAS REFUSED\n\n");
        for Refused { participant, form, period, reason, .. } in &self.events.refused {
            text.push_str(&format!("- {participant}, {form} {period}: {reason}.\n"));
        }
        text.push_str("\nTHE LEDGER\n\n");
        text.push_str(&format!(
            "{} lines: {} releases, {} servings, {} erasures. Root {}.\n",
            self.lines, self.releases, self.servings, self.erasures, self.root
        ));
        for Audited { participant, sentence, .. } in &self.audits {
            text.push_str(&format!("- {participant}: {sentence}\n"));
        }
        text.push_str(&consoles(region));
        text
    }
}

/// The kind of every line in a node's mirror.
async fn kinds(node: &Node) -> vrs_node::error::Result<Vec<Option<LineKind>>> {
    let mut kinds = Vec::new();
    let mut tx = node.database().read("count lines by kind").await?;
    loop {
        let lines = store::ledger::lines(&mut tx, kinds.len() as u64, LINES_AT_ONCE).await?;
        if lines.is_empty() {
            return Ok(kinds);
        }
        kinds.extend(lines.iter().map(|line| Line::from_bytes(line).ok().and_then(|line| line.kind())));
    }
}

fn overview_json(overview: &Overview) -> Value {
    let total = overview.open_total();
    let blocks = overview
        .blocks
        .iter()
        .map(|block| json!({ "members": block.members, "sum": block_sum(block), "unit": block.unit }));
    json!({
        "form": overview.form,
        "period": overview.period,
        "open": {
            "participants": overview.open.participants,
            "units": overview.open.units,
            "known": total.and_then(|sum| sum.known),
            "low": total.map(|sum| sum.low),
            "high": total.and_then(|sum| sum.high),
        },
        "blocks": blocks.collect::<Vec<_>>(),
        "not_included": overview.not_included(),
    })
}

/// The sum of a block at the form's total.
fn block_sum(block: &BlockSum) -> Option<u64> {
    block.cells.iter().find(|(key, _)| key.is_total()).map(|(_, sum)| *sum)
}

fn overview_text(overview: &Overview) -> String {
    let codes = |codes: &[vrs_protocol::id::ParticipantCode]| {
        codes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    let mut text = format!("{} {}\n", overview.form, overview.period);
    let mut row = |what: &str, who: &str, figure: &str| text.push_str(&format!("  {what:<12} {who:<38} {figure}\n"));
    match overview.open_total() {
        Some(sum) => row(
            "in the open",
            &codes(&overview.open.participants),
            &sum.known
                .map_or_else(|| "none".to_owned(), |known| format!("{} {}", grouped(known), overview.open.unit())),
        ),
        None => row("in the open", "nobody", ""),
    }
    for block in &overview.blocks {
        let sum =
            block_sum(block).map_or_else(|| "not known".to_owned(), |sum| format!("{} {}", grouped(sum), block.unit));
        row("as a group", &codes(&block.members), &sum);
    }
    let mut gaps: Vec<(&str, Vec<&str>)> = Vec::new();
    for gap in &overview.gaps {
        let words = gap.reason.in_words();
        match gaps.iter_mut().find(|(known, _)| *known == words) {
            Some((_, who)) => who.push(gap.participant.as_str()),
            None => gaps.push((words, vec![gap.participant.as_str()])),
        }
    }
    for (words, who) in gaps {
        text.push_str(&format!("  no figure    {} ({words})\n", who.join(" ")));
    }
    text
}

/// A number in groups of three.
fn grouped(number: u64) -> String {
    vrs_console::numbers::grouped(number)
}

fn consoles(region: &Region) -> String {
    let mut text = String::from("\nCONSOLES\n\n");
    text.push_str(&format!("  hub   http://{}   analyst, auditor, administrator\n", region.hub_console));
    for place in &region.places {
        text.push_str(&format!(
            "  {}   http://{}   officer, director, auditor, administrator\n",
            place.code, place.console
        ));
    }
    text.push_str(&format!("\n  Password of every account: {}\n", region.password));
    text.push_str(
        "\nAll figures are published statistics of Eurostat, the UK Home Office, US CBP and DHS, and Poland's Border Guard and\n\
         Police. They are not submissions of those governments; the nodes are test nodes.\n",
    );
    text
}
