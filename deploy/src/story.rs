//! What happens in the region: releases by two persons each, an edition, a withdrawal, and questions that are refused.
//!
//! The rule it keeps: each step does what a person would do at the release desk, on the database that the node's process
//! shares, and a step that must be refused is asked for in earnest: the answer that is told is the one that was given.

use std::collections::BTreeSet;

use futures::future::try_join_all;
use vrs_node::NodeError;
use vrs_node::delivery::connection;
use vrs_node::national::Rule;
use vrs_node::node::{Measures, PrepareOutcome, PrepareRequest, WithdrawOutcome, Withholding};
use vrs_node::release::Terms;
use vrs_protocol::audience::{AudienceChoice, Sharing};
use vrs_protocol::id::{FormCode, ParticipantCode};
use vrs_protocol::period::Period;
use vrs_protocol::refusal::{Refusal, Unlock};
use vrs_protocol::release::WithdrawalReason;
use vrs_protocol::wire::{Reply, Request};
use vrs_runtime::progress::Progress;

use crate::participants::{PARTICIPANTS, ROWS, Row, Subject};
use crate::problem::{DemoError, Result};
use crate::region::{Place, Region, say, take_figures_in};

/// Rows that a list keeps, where two agencies' lists were added.
const ROWS_KEPT: u16 = 20;
/// Rounds in which everybody is asked to erase: one to hear of it, one to say it, and one to spare.
const ROUNDS_MAX: usize = 4;

/// Who asks for something it has not earned. Each names a different lack.
const ASKS: [(&str, Subject); 6] = [
    ("FRA", ("IE_CIT", "2021")),
    ("HUN", ("IE_CIT", "2021")),
    ("BGR", ("IE_CIT", "2021")),
    ("HUN", ("RE_TOT", "2018")),
    ("HRV", ("RE_CIT", "2012")),
    ("USA", ("IR_CIT", "2018")),
];

/// What is told at the end.
#[derive(Default)]
pub(crate) struct Events {
    /// Sentences on what went well.
    pub(crate) told: Vec<String>,
    /// What was refused, in order.
    pub(crate) refused: Vec<Refused>,
}

/// A refusal, word for word.
pub(crate) struct Refused {
    /// Who was refused.
    pub(crate) participant: &'static str,
    /// The form.
    pub(crate) form: &'static str,
    /// The period.
    pub(crate) period: &'static str,
    /// The sentence.
    pub(crate) reason: String,
    /// Whose figures a release would unlock.
    pub(crate) unlock: Vec<ParticipantCode>,
}

/// Everything, in order.
pub(crate) async fn happen(region: &mut Region) -> Result<Events> {
    let mut events = Events::default();
    prepare_desks(region).await?;
    for (number, row) in ROWS.iter().enumerate() {
        say(&format!("Release {} of {}: {}", number + 1, ROWS.len(), row.title));
        release(region, row).await?;
    }
    say("The hub compiles its edition, and everybody reads what was earned");
    sync_all(region).await?;
    // The lines were written by the hub's process.
    region.hub.ledger().follow().await.map_err(vrs_hub::HubError::from)?;
    let editions = region.hub.compile_editions(None, None).await?;
    events.told.push(format!("The hub compiled {} editions, one for each topic and year.", editions.len()));
    sync_all(region).await?;
    bilateral(region, &mut events).await?;
    derived(region, &mut events).await?;
    say("Hungary withdraws its illegal entries of 2021; both directions erase");
    withdraw(region, &mut events).await?;
    say("France tries to open afterwards, and others ask for what they have not earned");
    open_afterwards(region, &mut events).await?;
    for (who, subject) in ASKS {
        events.refused.push(ask(region.place(who)?, subject).await?);
    }
    sync_all(region).await?;
    Ok(events)
}

/// Figures in, agencies reconciled, Charter read and accepted.
async fn prepare_desks(region: &Region) -> Result<()> {
    let mut progress = Progress::begin("Published figures taken in", Some(PARTICIPANTS.len() as u64));
    for (place, participant) in region.places.iter().zip(&PARTICIPANTS) {
        take_figures_in(place, participant).await?;
        progress.advance(1);
    }
    drop(progress);
    let poland = region.place("POL")?;
    let (form, period) = subject(("IR_CIT", "2018-S1"))?;
    let reason = "Border Guard and Police count different cases; a person may be in both.";
    let decided = poland.node.decide(&form, period, Rule::Sum, Some(ROWS_KEPT), reason, &poland.officer).await;
    decided.map_err(|error| DemoError::Node("POL", error))?;
    sync_all(region).await?;
    let accepts = region.places.iter().map(|place| async {
        place.node.accept_charter(&place.director).await.map_err(|error| DemoError::Node(place.code, error))
    });
    try_join_all(accepts).await.map(drop)
}

/// One row: every bundle of it by everybody who shares it, then the next bundle.
async fn release(region: &Region, row: &Row) -> Result<()> {
    let authors: usize = row.shares.iter().map(|shares| shares.who.len()).sum();
    let mut progress = Progress::begin("Released", Some((authors * row.bundles.len()) as u64));
    for bundle in row.bundles {
        for shares in row.shares {
            for who in shares.who {
                release_one(region.place(who)?, bundle, shares.audience).await?;
                progress.advance(1);
            }
        }
    }
    Ok(())
}

/// The officer prepares, the director approves, the node sends.
async fn release_one(place: &Place, bundle: &[Subject], audience: &str) -> Result<()> {
    let fail = |error| DemoError::Node(place.code, error);
    match prepare(place, bundle, audience).await?.map_err(fail)? {
        PrepareOutcome::Kept(_) => Ok(()),
        PrepareOutcome::Prepared(preview) => {
            place.node.approve(preview.id, &place.director).await.map_err(fail)?;
            place.node.sync().await.map_err(fail).map(drop)
        }
    }
}

async fn prepare(place: &Place, bundle: &[Subject], audience: &str) -> Result<Result<PrepareOutcome, NodeError>> {
    let tables = bundle.iter().map(|table| subject(*table)).collect::<Result<Vec<_>>>()?;
    for (form, period) in &tables {
        // Published figures are what they are, also where they change much from one year to the next.
        let accepted = place.node.accept_findings(form, *period, None, "Published so by the source.", &place.officer);
        if let Err(error) = accepted.await {
            return Ok(Err(error));
        }
    }
    let request = PrepareRequest {
        tables,
        audience: AudienceChoice::parse(audience)?,
        derive: true,
        withholding: Withholding::default(),
        terms: Terms { not_before: None, because: "Figures were corrected".into() },
        measures: Measures::default(),
    };
    Ok(place.node.prepare(&request, &place.officer).await)
}

async fn sync_all(region: &Region) -> Result<()> {
    let syncs = region
        .places
        .iter()
        .map(|place| async { place.node.sync().await.map_err(|error| DemoError::Node(place.code, error)) });
    try_join_all(syncs).await.map(drop)
}

/// Poland shows its illegal entries to two only, and reads theirs.
async fn bilateral(region: &Region, events: &mut Events) -> Result<()> {
    let (form, period) = subject(("IE_CIT", "2021"))?;
    let poland = ParticipantCode::parse("POL")?;
    for who in ["GBR", "ITA"] {
        let place = region.place(who)?;
        let read = place.node.read(&form, period, Some(&poland)).await.map_err(|error| DemoError::Node(who, error))?;
        if read.tables.len() != 1 {
            return Err(DemoError::Story(format!("{who} has not read Poland's figures")));
        }
    }
    let place = region.place("POL")?;
    let read = place.node.read(&form, period, None).await.map_err(|error| DemoError::Node("POL", error))?;
    let codes: Vec<String> = read.tables.iter().map(|table| table.table.participant.to_string()).collect();
    events
        .told
        .push(format!("POL shows IE_CIT 2021 to GBR and ITA only, and reads {} in return.", codes.join(" and ")));
    Ok(())
}

/// Whose half-years and year follow from the quarters.
async fn derived(region: &Region, events: &mut Events) -> Result<()> {
    for who in ["GBR", "USA"] {
        let place = region.place(who)?;
        let desk = place.node.desk().await.map_err(|error| DemoError::Node(who, error))?;
        let mut periods: BTreeSet<Period> = BTreeSet::new();
        periods.extend(
            desk.releases
                .iter()
                .map(|entry| &entry.release)
                .filter(|release| release.form.as_str() == "IE_TOT" && release.state.stands())
                .map(|release| release.period),
        );
        let words: Vec<String> = periods.iter().map(ToString::to_string).collect();
        if periods.len() != 7 {
            return Err(DemoError::Story(format!("{who} has IE_TOT for {} only", words.join(", "))));
        }
    }
    events.told.push(
        "GBR and USA released four quarters each; half-years and the year were derived, and need no second count."
            .into(),
    );
    Ok(())
}

/// Hungary takes back what it had opened; all copies go, in both directions.
async fn withdraw(region: &Region, events: &mut Events) -> Result<()> {
    let hungary = region.place("HUN")?;
    let fail = |error| DemoError::Node("HUN", error);
    let desk = hungary.node.desk().await.map_err(fail)?;
    let mut readers: BTreeSet<ParticipantCode> = BTreeSet::new();
    for release in desk.releases.iter().map(|entry| &entry.release) {
        if release.period.to_string() != "2021" || !release.state.stands() {
            continue;
        }
        let done = hungary.node.withdraw(release.id, WithdrawalReason::NoLongerShared, &hungary.director).await;
        if let WithdrawOutcome::Signed { read_by, .. } = done.map_err(fail)? {
            readers.extend(read_by);
        }
    }
    hungary.node.sync().await.map_err(fail)?;
    for _ in 0..ROUNDS_MAX {
        sync_all(region).await?;
        region.hub.ledger().follow().await.map_err(vrs_hub::HubError::from)?;
        if region.hub.ledger().view().region().erasures_due().is_empty() {
            let codes: Vec<String> = readers.iter().map(ToString::to_string).collect();
            events.told.push(format!(
                "HUN withdrew its illegal entries of 2021: {} erased its figures, HUN erased theirs, and each erasure is a signed line.",
                codes.join(", ")
            ));
            return Ok(());
        }
    }
    Err(DemoError::Story("somebody has not erased what it no longer may hold".into()))
}

/// France is in a closed block; if it opened its figures, those of the other two could be computed.
async fn open_afterwards(region: &Region, events: &mut Events) -> Result<()> {
    let (form, period) = ("RE_TOT", "2019");
    match prepare(region.place("FRA")?, &[(form, period)], "contributors").await? {
        Err(NodeError::Rule(reason)) => {
            let unlock = reason.unlock().map(|unlock| unlock.participants.clone()).unwrap_or_default();
            events.refused.push(Refused { participant: "FRA", form, period, reason: reason.to_string(), unlock });
            Ok(())
        }
        Err(error) => Err(DemoError::Node("FRA", error)),
        Ok(_) => Err(DemoError::Story("France could open RE_TOT 2019 although it is in a closed block".into())),
    }
}

/// Asks the hub for figures that somebody shares openly, and gives back its signed no.
async fn ask(place: &Place, (form, period): Subject) -> Result<Refused> {
    let fail = |error| DemoError::Node(place.code, error);
    let table = subject((form, period))?;
    let session = place.node.connect().await.map_err(fail)?;
    let view = place.node.view().await.map_err(fail)?;
    let open = view.region().current_for(&table.0, table.1);
    let open = open.values().find(|release| release.manifest.audience.sharing() == Some(Sharing::Open));
    let line = open.ok_or_else(|| DemoError::Story(format!("nobody shares {form} {period} openly")))?.index;
    let reply = session.call(&Request::Read { releases: vec![line] }).await.map_err(fail)?;
    let Reply::Bodies { refused, .. } = reply else {
        return Err(DemoError::Story(format!("no answer to {} about {form} {period}", place.code)));
    };
    let Some(refused) = refused.first() else {
        return Err(DemoError::Story(format!("{} was given {form} {period} and has not earned it", place.code)));
    };
    let Refusal { sentence, unlock, .. } = connection::refusal(&refused.statement, session.me(), None).map_err(fail)?;
    session.close("asked").await;
    let unlock = unlock.map(|Unlock { participants, .. }| participants).unwrap_or_default();
    Ok(Refused { participant: place.code, form, period, reason: sentence, unlock })
}

/// A form and period as the programs know them.
pub(crate) fn subject((form, period): Subject) -> Result<(FormCode, Period)> {
    Ok((FormCode::parse(form)?, Period::parse(period)?))
}
