//! What is said of disclosure control: to those who decide about a release, and to whoever is refused one.

use vrs_console::words::Said;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;

use super::protect::ProtectRefusal;
use super::{HiddenCell, HiddenWhy, OpenCell, Overridden, Protection, Warned, WarnedOf};
use crate::say;

/// Cells that a refusal names; there may be hundreds.
const NAMED_MAX: usize = 8;

/// What to know of the decision before approving, one sentence after the other.
#[must_use]
pub fn sentences(protection: &Protection) -> Vec<String> {
    let applied = &protection.applied;
    if applied.policy().is_none() {
        let said = say("protection-published").with("topic", protection.topic.as_str());
        return vec![said.with("year", protection.year.to_string()).with("reason", &applied.reason).to_string()];
    }
    let mut said = vec![summary(protection)];
    if !protection.withheld_because.is_empty() {
        said.push(say("protection-withheld-because").with("reason", &protection.withheld_because).to_string());
    }
    said.extend(provisional(protection));
    said.push(rule(protection));
    match open_words(std::slice::from_ref(protection)) {
        None => said.push(checked(protection)),
        Some(open) => said.insert(0, open),
    }
    said
}

/// Which cells can be worked out, how, and on whose word it leaves all the same; `None`: none can be.
#[must_use]
pub fn open_words(protections: &[Protection]) -> Option<String> {
    let open: Vec<&OpenCell> = protections.iter().flat_map(|protection| &protection.open).collect();
    let first = protections.iter().find(|protection| !protection.open.is_empty())?;
    let said = say("protection-open")
        .with("count", open.len())
        .with("cells", named(&open))
        .with("more", open.len().saturating_sub(NAMED_MAX))
        .with("reason", &first.despite)
        .to_string();
    Some(match &first.overridden {
        None => said,
        Some(Overridden { by, because }) => {
            format!("{said} {}", say("protection-overridden").with("name", by).with("reason", because))
        }
    })
}

fn named(open: &[&OpenCell]) -> String {
    let names = open.iter().take(NAMED_MAX).map(|open| format!("{} ({})", open.cell, open.derivation));
    names.collect::<Vec<_>>().join("; ")
}

/// What became of small corrections.
fn provisional(protection: &Protection) -> Vec<String> {
    let list = |tables: &[(FormCode, Period)]| {
        tables.iter().map(|(form, period)| format!("{form} {period}")).collect::<Vec<_>>().join(", ")
    };
    let said = [
        (&protection.held_back, say("protection-held-back")),
        (&protection.provisional, say("protection-shown-provisional")),
    ];
    said.into_iter()
        .filter(|(tables, _)| !tables.is_empty())
        .map(|(tables, said)| said.with("tables", list(tables)).to_string())
        .collect()
}

/// Which rule applies, and why where it is not the one that ships.
fn rule(protection: &Protection) -> String {
    let applied = &protection.applied;
    let rule = say("protection-rule")
        .with("number", applied.number.to_string())
        .with("topic", protection.topic.as_str())
        .with("below", applied.below)
        .with("width", applied.width);
    match applied.reason.as_str() {
        "" => rule.to_string(),
        reason => format!("{rule} {}", say("protection-rule-reason").with("reason", reason)),
    }
}

/// How many cells are shown and hidden, and why.
fn summary(protection: &Protection) -> String {
    let hidden: usize = HiddenWhy::ALL.into_iter().map(|why| protection.count(why)).sum();
    if hidden == 0 {
        return say("protection-hides-nothing").with("shown", protection.shown()).to_string();
    }
    let others: Vec<String> = [
        (HiddenWhy::Withheld, say("protection-also-withheld")),
        (HiddenWhy::Before, say("protection-also-before")),
        (HiddenWhy::NotAtHand, say("protection-also-not-at-hand")),
    ]
    .into_iter()
    .filter_map(|(why, said)| {
        Some(said.with("count", Some(protection.count(why)).filter(|count| *count > 0)?).to_string())
    })
    .collect();
    let permille = protection.hidden_permille();
    let share = say("protection-share").with("percent", permille / 10).with("tenth", permille % 10);
    let summary = say("protection-summary")
        .with("shown", protection.shown())
        .with("hidden", hidden)
        .with("small", protection.count(HiddenWhy::Small))
        .with("protects", protection.count(HiddenWhy::Protects));
    std::iter::once(summary.to_string()).chain(others).chain([share.to_string()]).collect::<Vec<_>>().join(" ")
}

/// That the proof was checked, against what, and how long it took.
fn checked(protection: &Protection) -> String {
    let ms = protection.duration_ms;
    let seconds = say("protection-seconds").with("seconds", ms / 1_000).with("tenth", ms % 1_000 / 100);
    say("protection-checked")
        .with("proven", protection.proven)
        .with("width", protection.applied.width)
        .with("releases", protection.considered.len())
        .with("seconds", seconds)
        .to_string()
}

/// A warning in words.
#[must_use]
pub fn warning_words(warned: &Warned) -> String {
    let said = match warned.kind {
        WarnedOf::AlreadyKnown => say("protection-already-known"),
        WarnedOf::OneIncident => say("protection-one-incident"),
        WarnedOf::ClassDisclosure => say("protection-class-disclosure").with("whole", &warned.whole),
        WarnedOf::SmallDifference => say("protection-small-difference"),
        WarnedOf::DoesNotAdd => say("protection-does-not-add"),
        WarnedOf::FigureNotAtHand => say("protection-figure-not-at-hand"),
    };
    said.with("cell", &warned.cell).to_string()
}

/// Why a cell is hidden, in words.
fn why_words(why: HiddenWhy) -> Said {
    match why {
        HiddenWhy::Small => say("protection-why-small"),
        HiddenWhy::Protects => say("protection-why-protects"),
        HiddenWhy::Withheld => say("protection-why-withheld"),
        HiddenWhy::Before => say("protection-why-before"),
        HiddenWhy::NotAtHand => say("protection-why-not-at-hand"),
    }
}

/// Why a hidden cell is hidden, with what it protects.
#[must_use]
pub fn hidden_words(cell: &HiddenCell) -> String {
    let why = why_words(cell.why).to_string();
    if cell.protects.is_empty() {
        return why;
    }
    say("protection-protects").with("why", why).with("cells", cell.protects.join("; ")).to_string()
}

/// What an outsider can tell of a hidden cell.
#[must_use]
pub fn possible_words(possible: Option<(u64, u64)>) -> String {
    match possible {
        Some((low, high)) => say("protection-possible").with("low", low).with("high", high).to_string(),
        None => say("protection-possible-not-checked").into(),
    }
}

/// Why nothing may leave, which cells stay open, and what to do.
#[must_use]
pub fn refusal_words(refusal: &ProtectRefusal) -> String {
    let cells = match refusal {
        ProtectRefusal::Request(error) => {
            return say("protection-refused-request").with("cause", error.to_string()).to_string();
        }
        ProtectRefusal::Open(cells) => cells,
    };
    let named = named(&cells.iter().collect::<Vec<_>>());
    say("protection-refused-open")
        .with("count", cells.len())
        .with("cells", named)
        .with("more", cells.len().saturating_sub(NAMED_MAX))
        .to_string()
}
