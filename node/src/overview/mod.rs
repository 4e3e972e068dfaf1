//! The region as this node may see it: our own figures, what we read singly, and the sums of blocks that were served to us.
//!
//! The rule it keeps: nothing is shown that we do not stand for. Without standing the answer is the reason, and what would
//! unlock it; a figure that is missing widens the bounds and is never taken for zero.

use std::collections::BTreeMap;

use serde::Serialize;
use vrs_console::domain::catalogues::{Addressed, breaks};
use vrs_console::domain::refusals::{reason_alone, reason_said};
use vrs_protocol::audience::Sharing;
use vrs_protocol::catalogue::Form;
use vrs_protocol::id::{FormCode, ParticipantCode, ParticipantId};
use vrs_protocol::overview::{self, BlockAtHand, Overview, Sum};
use vrs_protocol::period::Period;
use vrs_protocol::refusal::{Reason, Unlock};
use vrs_protocol::region::{Block, Region};
use vrs_protocol::release::decode_body;
use vrs_protocol::table::{Key, Table};

use crate::error::Result;
use crate::node::Node;
use crate::report;
use crate::store;

/// The overview of a form and period, with the tables it was added up from.
#[derive(Debug, Clone)]
pub struct NodeOverview {
    /// What is known.
    pub overview: Overview,
    /// Our own table and those we have read, by participant; the open part is added from these.
    pub singly: BTreeMap<ParticipantCode, Table>,
    /// Why the regional figures are not ours to see; `None` where they are.
    pub regional: Option<Why>,
}

/// A "no" with its number and what would unlock it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Why {
    /// Number of the reason.
    pub number: u16,
    /// The reason in words.
    pub sentence: String,
    /// The reason without what would unlock it, for pages that say that by themselves.
    #[serde(skip)]
    pub alone: String,
    /// What would unlock it.
    pub unlock: Option<Unlock>,
}

impl From<&Reason> for Why {
    fn from(reason: &Reason) -> Self {
        Self {
            number: reason.number(),
            sentence: reason_said(reason).into(),
            alone: reason_alone(reason).into(),
            unlock: reason.unlock().cloned(),
        }
    }
}

/// The overview for people and scripts.
#[derive(Debug, Clone, Serialize)]
pub struct OverviewReport {
    /// The form.
    pub form: FormCode,
    /// Its heading.
    pub title: String,
    /// The period.
    pub period: Period,
    /// Participants in some figure.
    pub covered: usize,
    /// Participants in the region.
    pub participants: usize,
    /// Total of the open part, over gaps.
    pub open: OpenReport,
    /// Sums of blocks.
    pub blocks: Vec<BlockReport>,
    /// Participants in no figure, with the reason.
    pub gaps: Vec<overview::Gap>,
    /// Reported with totals and in no block.
    pub not_included: Vec<ParticipantCode>,
    /// Why the regional figures are not ours to see.
    pub regional: Option<Why>,
    /// Every cell of the open part.
    pub cells: Vec<CellSum>,
    /// What must be known where figures of several years are compared: the form is asked otherwise in another version of the
    /// questionnaire, or only in one.
    pub breaks: Vec<String>,
}

/// The open part.
#[derive(Debug, Clone, Serialize)]
pub struct OpenReport {
    /// Who is in it.
    pub participants: Vec<ParticipantCode>,
    /// What they count, and who counts it. With more than one unit the sums add different things.
    pub units: BTreeMap<String, Vec<ParticipantCode>>,
    /// Sum of what is shown; `None` where nobody is in it.
    pub known: Option<u64>,
    /// The least the whole can be.
    pub low: Option<u64>,
    /// The most the whole can be; `None`: unbounded, or nobody.
    pub high: Option<u64>,
}

/// A block.
#[derive(Debug, Clone, Serialize)]
pub struct BlockReport {
    /// Open or closed.
    pub sharing: Sharing,
    /// Its members.
    pub members: Vec<ParticipantCode>,
    /// What they count.
    pub unit: String,
    /// Its sum at the total; `None` where it gives none.
    pub sum: Option<u64>,
    /// A member has revised or withdrawn since.
    pub marked: bool,
}

/// A cell of the open part.
#[derive(Debug, Clone, Serialize)]
pub struct CellSum {
    /// One code per dimension.
    pub key: Vec<String>,
    /// What the codes mean.
    pub labels: Vec<String>,
    /// The sum over gaps.
    #[serde(flatten)]
    pub sum: Sum,
}

impl NodeOverview {
    /// As a report.
    #[must_use]
    pub fn report(&self, form: &Form, node: &Node) -> OverviewReport {
        let Overview { open, blocks, gaps, period, participants, .. } = &self.overview;
        let total = self.overview.open_total();
        let at_total = |cells: &BTreeMap<Key, u64>| cells.iter().find(|(key, _)| key.is_total()).map(|(_, sum)| *sum);
        OverviewReport {
            form: form.code.clone(),
            title: form.title.clone(),
            period: *period,
            covered: self.overview.covered(),
            participants: *participants,
            open: OpenReport {
                participants: open.participants.clone(),
                units: open.units.clone(),
                known: total.and_then(|sum| sum.known),
                low: total.map(|sum| sum.low),
                high: total.and_then(|sum| sum.high),
            },
            blocks: blocks
                .iter()
                .map(|block| BlockReport {
                    sharing: block.sharing,
                    members: block.members.clone(),
                    unit: block.unit.clone(),
                    sum: at_total(&block.cells),
                    marked: block.marked,
                })
                .collect(),
            gaps: gaps.clone(),
            not_included: self.overview.not_included(),
            regional: self.regional.clone(),
            breaks: breaks(
                &node.catalogues(),
                &form.code,
                Addressed { participant: node.participant().as_str(), period: *period },
            )
            .into_iter()
            .map(|one| one.sentence)
            .collect(),
            cells: open
                .cells
                .iter()
                .map(|(key, sum)| CellSum {
                    key: key.0.iter().map(ToString::to_string).collect(),
                    labels: report::labels(key, form, node.catalogue()),
                    sum: *sum,
                })
                .collect(),
        }
    }
}

impl Node {
    /// The overview of a form and period from what is at hand here.
    ///
    /// # Errors
    /// When the form is unknown, the node has not joined, or the database does not answer.
    pub async fn overview(&self, code: &FormCode, period: Period) -> Result<NodeOverview> {
        let form = self.form_of(code, period)?;
        let me = self.me().await?.id;
        let view = self.view().await?;
        let region = view.region();
        let singly = self.singly(region, me, form, period).await?;
        // What nobody was asked is no secret of anybody: it is a gap, and is shown as one.
        let is_asked = region.catalogues().form(code, period).is_some();
        let refused = if is_asked { region.regional(me, code, period).err() } else { None };
        let blocks = if refused.is_none() { self.sums_at_hand(region, form, period).await? } else { Vec::new() };
        let at_hand: Vec<BlockAtHand<'_>> = blocks
            .iter()
            .map(|(block, table, marked)| BlockAtHand {
                sharing: block.sharing,
                members: &block.members,
                table,
                marked: *marked,
            })
            .collect();
        let overview = overview::compile(region, Some(me), form, period, &singly, &at_hand);
        let singly = singly.into_iter().map(|(id, table)| (region.code_of(id), table)).collect();
        Ok(NodeOverview { overview, singly, regional: refused.as_ref().map(Why::from) })
    }

    /// Our own released table and every table we have read and may hold now.
    async fn singly(
        &self,
        region: &Region,
        me: ParticipantId,
        form: &Form,
        period: Period,
    ) -> Result<BTreeMap<ParticipantId, Table>> {
        let mut singly = BTreeMap::new();
        let mut tx = self.database().read("read tables at hand").await?;
        if let Some(own) = region.current(me, &form.code, period)
            && let Some(ours) = store::releases::by_statement(&mut tx, own.id).await?
            && let Some(packed) = store::releases::packed(&mut tx, ours.id).await?
            && let Some(table) = unpacked(&packed.body)
        {
            singly.insert(me, table);
        }
        for right in region.readable(me, &form.code, period) {
            let Some(release) = region.release(right.theirs) else { continue };
            if let Some(held) = store::bodies::find(&mut tx, right.theirs).await?
                && let Some(table) = unpacked(&held.body)
            {
                singly.insert(release.manifest.participant, table);
            }
        }
        Ok(singly)
    }

    /// Block tables of the form and period that were served to us.
    async fn sums_at_hand(&self, region: &Region, form: &Form, period: Period) -> Result<Vec<(Block, Table, bool)>> {
        let mut sums = Vec::new();
        let mut tx = self.database().read("read sums of blocks at hand").await?;
        for block in region.blocks(&(form.topic.clone(), period.year())) {
            let Some(listed) = block.tables.get(&(form.code.clone(), period)) else { continue };
            let marked = region.changed_since(&block.members, &form.code, period, listed.since, true);
            if let Some(held) = store::blocks::find(&mut tx, listed.hash).await?
                && let Some(table) = unpacked(&held.body)
            {
                sums.push((block.clone(), table, marked));
            }
        }
        Ok(sums)
    }
}

/// A stored body. It was checked before it was stored; one that cannot be read now is not at hand, and the log says so.
fn unpacked(body: &[u8]) -> Option<Table> {
    decode_body(body).inspect_err(|error| tracing::error!(%error, "A stored body cannot be read")).ok()
}
