//! What the audit trail keeps of the release desk. Figures stand in it as the hash that is signed, never as values.

use vrs_console::acts::Act;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::release::WithdrawalReason;

use super::PrepareRequest;
use crate::protection::Protection;
use crate::release::Release;
use crate::release::prepare::Prepared;

/// The bytes of a bundle are fixed.
pub(super) fn prepared(bundle: i64, request: &PrepareRequest, prepared: &Prepared, decided: &[Protection]) -> Act {
    let tables: Vec<_> = prepared.releases.iter().map(|release| release.draft.manifest()).collect();
    let names = tables.iter().map(|manifest| (&manifest.form, manifest.period));
    let act = Act::new("release-prepared", format!("release {bundle}"))
        .after("audience", &request.audience)
        .after("tables", list(names));
    let terms = &request.terms;
    let act = terms.not_before.iter().fold(act, |act, until| act.after("embargo_until", until));
    let act = if terms.because.is_empty() { act } else { act.after("because", &terms.because) };
    let open: usize = decided.iter().map(|protection| protection.open.len()).sum();
    let act = match open {
        0 => act,
        open => act.after("open_cells", open).after("despite", &request.measures.despite),
    };
    let act = if request.measures.provisional { act.after("provisional", true) } else { act };
    tables.first().iter().fold(act, |act, manifest| act.after("body_sha256", manifest.body_hash))
}

/// A second person approved a bundle.
pub(super) fn approved(bundle: i64, releases: &[Release]) -> Act {
    let names = releases.iter().map(|release| (&release.form, release.period));
    let act = Act::new("release-approved", format!("release {bundle}")).after("tables", list(names));
    match releases.first() {
        Some(first) => act.before("state", first.state).before("prepared_by", &first.prepared_by.0),
        None => act,
    }
}

/// A second person let figures leave of which cells can be worked out. Which cells those are stays in the decision.
pub(super) fn unprotected(bundle: i64, protection: &Protection, because: &str) -> Act {
    Act::new("release-unprotected", format!("release {bundle}"))
        .before("asked_because", &protection.despite)
        .after("topic", &protection.topic)
        .after("year", protection.year)
        .after("open_cells", protection.open.len())
        .after("because", because)
}

/// A bundle was let go before it left: returned to its preparer, or taken back.
pub(super) fn let_go(release: &Release) -> Act {
    Act::new("release-let-go", format!("release {}", release.bundle))
        .before("state", release.state)
        .before("prepared_by", &release.prepared_by.0)
}

/// A withdrawal was signed.
pub(super) fn withdrawn(release: &Release, reason: WithdrawalReason) -> Act {
    Act::new("release-withdrawn", format!("release {}", release.id))
        .before("state", release.state)
        .after("reason", format!("{reason:?}").to_lowercase())
}

/// Tables were opened to newcomers.
pub(super) fn extended(releases: &str, to: usize) -> Act {
    Act::new("release-extended", format!("releases {releases}")).after("participants", to)
}

/// A table stays at home.
pub(super) fn kept(form: &FormCode, period: Period) -> Act {
    Act::new("table-kept", format!("{form} {period}"))
}

fn list<'a>(tables: impl Iterator<Item = (&'a FormCode, Period)>) -> String {
    tables.map(|(form, period)| format!("{form} {period}")).collect::<Vec<_>>().join(", ")
}
