//! What was found in a table, as a page says it. English is word for word what the protocol says; what a finding quotes from
//! the checks below it stays as it was given.

use vrs_protocol::cell::StepRole;
use vrs_protocol::check::What;

use crate::words::{Said, say};

/// A finding in the language of the page.
#[must_use]
pub fn finding_said(what: &What) -> Said {
    match what {
        What::Misfit(cause) => cause.into(),
        What::CoreFewer => say("finding-core-fewer"),
        What::CoreMissing => say("finding-core-missing"),
        What::PartsShort { sum, short } => short_of(say("finding-parts-short"), *sum, *short),
        What::RowsShort { sum, short } => short_of(say("finding-rows-short"), *sum, *short),
        What::Infeasible(cause) => say("finding-infeasible").with("cause", cause),
        What::TimeShort { parts, sum, short } => {
            let parts: Vec<String> = parts.iter().map(ToString::to_string).collect();
            let parts = parts.join(&format!(" {} ", say("overview-and")));
            short_of(say("finding-time-short"), *sum, *short).with("parts", parts)
        }
        What::Changed { now, then, previous } => {
            let said = if now > then { say("finding-more") } else { say("finding-fewer") };
            said.with("now", now.to_string())
                .with("before", then.to_string())
                .with("period", *previous)
                .with("change", now.abs_diff(*then).to_string())
        }
        What::Outlier { now, middle, low, high, periods } => say("finding-outlier")
            .with("now", now.to_string())
            .with("middle", middle.to_string())
            .with("low", low.to_string())
            .with("high", high.to_string())
            .with("periods", periods.to_string()),
        What::OwnCountry => say("finding-own-country"),
        What::SmuggledAbove { smuggled, all } => {
            say("finding-smuggled-above").with("smuggled", smuggled.to_string()).with("all", all.to_string())
        }
        What::DocumentsApart { documents, persons } => {
            say("finding-documents-apart").with("documents", documents.to_string()).with("persons", persons.to_string())
        }
        What::OneStep { route, citizenship } => {
            say("finding-one-step").with("route", route.as_str()).with("citizenship", citizenship.as_str())
        }
        What::OriginFirst { step, role } => {
            say("finding-origin-first").with("step", step.to_string()).with("role", role_said(*role))
        }
        What::DestinationLast => say("finding-destination-last"),
        What::Twice(country) => say("finding-twice").with("country", country.as_str()),
        What::BeginsElsewhere { citizenship, country } => {
            say("finding-begins-elsewhere").with("citizenship", citizenship.as_str()).with("country", country.as_str())
        }
    }
}

/// What a country is on a route.
pub(super) fn role_said(role: StepRole) -> Said {
    match role {
        StepRole::Origin => say("finding-origin"),
        StepRole::Transit => say("finding-transit"),
        StepRole::Destination => say("finding-destination"),
    }
}

// Not grouped: the sentences of the protocol are not, and English is the same here.
fn short_of(said: Said, sum: u64, short: u64) -> Said {
    said.with("sum", sum.to_string()).with("short", short.to_string())
}
