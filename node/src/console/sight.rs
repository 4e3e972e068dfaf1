//! What of the region is open to us and what is not, with the reason: the same functions as the hub's and the audit's, asked
//! for every table that anybody ever released.

use std::collections::BTreeMap;

use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::id::{FormCode, ParticipantId};
use vrs_protocol::period::Period;
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::{Region, Standing};

use super::words::because;
use crate::say;

/// What we may see of one form and period.
pub(super) struct TableSight {
    pub(super) form: FormCode,
    pub(super) period: Period,
    /// Peers whose figures are open to us.
    pub(super) open: Vec<ParticipantId>,
    /// Peers that released it and whose figures are not, with the reason.
    pub(super) closed: Vec<(ParticipantId, Reason)>,
    /// Why we may not see the regional figures; `None`: we may.
    pub(super) regional: Option<Reason>,
}

/// What we may see, the latest period first, then in the order of the questionnaire.
pub(super) fn sight(region: &Region, me: ParticipantId) -> Vec<TableSight> {
    let mut tables: Vec<(FormCode, Period)> = region.tables().cloned().collect();
    tables.sort_by_key(|(form, period)| (std::cmp::Reverse(*period), Catalogue::everything().order(form)));
    tables.into_iter().map(|(form, period)| table_sight(region, me, form, period)).collect()
}

fn table_sight(region: &Region, me: ParticipantId, form: FormCode, period: Period) -> TableSight {
    let (mut open, mut closed) = (Vec::new(), Vec::new());
    // Where we do not stand, the answer is the same for every author, and what would unlock it is worked out once.
    let mut ours: Option<Reason> = None;
    let stands = matches!(region.standing(me, &form, period), Standing::Stands(_));
    for author in region.current_for(&form, period).into_keys().filter(|author| *author != me) {
        if let (false, Some(reason)) = (stands, &ours) {
            closed.push((author, reason.clone()));
            continue;
        }
        match region.figures(me, author, &form, period) {
            Ok(_) => open.push(author),
            Err(reason) => {
                ours = Some(reason.clone());
                closed.push((author, reason));
            }
        }
    }
    let regional = region.regional(me, &form, period).err();
    TableSight { form, period, open, closed, regional }
}

/// How many peers' tables are open, and the closed ones counted by their reason, the most frequent first.
pub(super) fn tally(tables: &[TableSight]) -> (usize, Vec<(usize, String)>) {
    let open = tables.iter().map(|table| table.open.len()).sum();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for (_, reason) in tables.iter().flat_map(|table| &table.closed) {
        *reasons.entry(because(reason)).or_default() += 1;
    }
    let mut reasons: Vec<(usize, String)> = reasons.into_iter().map(|(reason, count)| (count, reason)).collect();
    reasons.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    (open, reasons)
}

/// The tally as people say it.
pub(super) fn tally_words(tables: &[TableSight]) -> String {
    let (open, closed) = tally(tables);
    let not: usize = closed.iter().map(|(count, _)| count).sum();
    if open == 0 && not == 0 {
        return say("sight-no-peer-has-released-anything").into();
    }
    let tally = match closed.as_slice() {
        [] => say("sight-none-closed"),
        [(count, reason)] => say("sight-closed").with("closed", *count).with("reason", reason),
        several => {
            let because = |(count, reason): &(usize, String)| {
                say("sight-so-many-because").with("count", count.to_string()).with("reason", reason).to_string()
            };
            let reasons: Vec<String> = several.iter().map(because).collect();
            say("sight-several-closed").with("closed", not.to_string()).with("reasons", reasons.join(", "))
        }
    };
    tally.with("open", open).to_string()
}
