//! One cell: its figure or the reason there is none, and the caveats at the number.

use vrs_protocol::audience::AudienceChoice;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::cell::{Cell, Figure, Status};
use vrs_protocol::id::Code;
use vrs_protocol::overview::Sum;

use super::findings::role_said;
use super::names::label_of;
use crate::numbers::{Shown, State, grouped};
use crate::table;
use crate::words::{Said, Value, say};

/// What stands in a figure's place.
#[must_use]
pub fn shown(cell: &Cell) -> Shown {
    match cell {
        Cell::Value { figure: Figure::Count(count), .. } => Shown::Number(*count),
        // Figures of the other kinds are words; see [`placed`].
        Cell::Value { .. } => Shown::State(State::NotApplicable),
        Cell::Fewer { below } => Shown::State(State::FewerThan(u64::from(*below))),
        Cell::NotCollected => Shown::State(State::NotCollected),
        Cell::NotKnown => Shown::State(State::NotKnown),
        Cell::NotApplicable => Shown::State(State::NotApplicable),
        Cell::CountedElsewhere => Shown::State(State::CountedElsewhere),
        Cell::Suppressed => Shown::State(State::Suppressed),
        Cell::Withheld => Shown::State(State::Withheld),
        Cell::Embargoed => Shown::State(State::Embargoed { until: say("figure-its-date").into() }),
    }
}

/// A sum over gaps: one number only where nothing is missing.
#[must_use]
pub fn shown_sum(sum: &Sum) -> Shown {
    match (sum.is_complete(), sum.high) {
        (true, _) => sum.known.map_or(Shown::State(State::NotReported), Shown::Number),
        (false, Some(high)) => Shown::Range { low: sum.low, high },
        (false, None) => Shown::AtLeast(sum.low),
    }
}

/// The cell of a table on a page: a figure with its caveats, or words.
#[must_use]
pub fn placed(cell: &Cell) -> table::Cell {
    match cell {
        Cell::Value { figure: Figure::Count(_), status } => {
            table::Cell::Figure(marked(table::Figure::new(shown(cell)), *status))
        }
        Cell::Value { figure, .. } => table::Cell::Text(figure_words(figure)),
        gap => table::Cell::Figure(table::Figure::new(shown(gap))),
    }
}

/// A figure that is no count, in words. Codes of the lists that are the same for every form are said as what they mean.
fn figure_words(figure: &Figure) -> String {
    let named = |list: &str, code: &Code| label_of(Catalogue::everything(), list, code);
    let listed = |list: &str, codes: &[Code]| codes.iter().map(|code| named(list, code)).collect::<Vec<_>>().join(", ");
    match figure {
        Figure::Fee(fee) => {
            let amount = |amount: Option<u64>| amount.map_or_else(|| Value::from(say("figure-not-known")), Value::from);
            let per = if fee.per_group { say("figure-fee-group") } else { say("figure-fee-person") };
            let fee_said = say("figure-fee")
                .with("min", amount(fee.min))
                .with("max", amount(fee.max))
                .with("typical", amount(fee.typical))
                .with("currency", fee.currency.as_str())
                .with("per", per);
            let mut words = fee_said.to_string();
            let included = (say("figure-fee-includes"), "fee_included", &fee.included);
            for (what, list, codes) in [included, (say("figure-fee-paid"), "fee_payment", &fee.payment)] {
                if !codes.is_empty() {
                    words.push_str(&what.with("codes", listed(list, codes)).to_string());
                }
            }
            words
        }
        Figure::Step(step) => {
            let said = match &step.mode {
                None => say("figure-step"),
                Some(mode) => say("figure-step-onward").with("mode", named("mode", mode)),
            };
            let said = said.with("role", role_said(step.role)).with("country", named("country", &step.country));
            let comment = step.comment.as_ref().map(|comment| format!(" ({comment})")).unwrap_or_default();
            format!("{said}{comment}")
        }
        other => other.in_words(grouped),
    }
}

/// The figure with the letter of its status, where it is not normal.
fn marked(figure: table::Figure, status: Status) -> table::Figure {
    if status == Status::Normal {
        return figure;
    }
    figure.mark(status.letter().chars().next().unwrap_or('A'), status_words(status))
}

/// What a status says of a figure.
#[must_use]
pub fn status_words(status: Status) -> Said {
    match status {
        Status::Normal => say("figure-normal"),
        Status::Break => say("figure-there-is-a-break-in"),
        Status::DefinitionDiffers => say("figure-the-definition-differs-see-the"),
        Status::Estimated => say("figure-estimated"),
        Status::Provisional => say("figure-provisional"),
        Status::LowReliability => say("figure-low-reliability"),
        Status::Unvalidated => say("figure-not-validated"),
        Status::IncludesAnother => say("figure-includes-figures-of-another-category"),
    }
}

/// An audience in words.
#[must_use]
pub fn audience_words(audience: &AudienceChoice) -> String {
    match audience {
        AudienceChoice::Keep => say("figure-kept-here-nothing-is-released").into(),
        AudienceChoice::Totals => say("figure-totals-only-the-hub-for").into(),
        AudienceChoice::Contributors => say("figure-contributors-everybody-who-shares-back").into(),
        AudienceChoice::Named(codes) => {
            let codes: Vec<&str> = codes.iter().map(vrs_protocol::id::ParticipantCode::as_str).collect();
            say("figure-named-if-they-share-back").with("codes", codes.join(", ").to_string()).to_string()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_reason_ever_becomes_a_number() {
        for cell in [
            Cell::NotCollected,
            Cell::NotKnown,
            Cell::NotApplicable,
            Cell::CountedElsewhere,
            Cell::Suppressed,
            Cell::Withheld,
            Cell::Embargoed,
        ] {
            assert!(matches!(shown(&cell), Shown::State(_)), "{cell:?}");
        }
        assert_eq!(shown(&Cell::count(0)), Shown::Number(0));
    }

    #[test]
    fn a_sum_with_gaps_is_never_one_number() {
        let gaps = Sum { known: Some(60), low: 61, high: Some(114), answered: 1, of: 3 };
        assert_eq!(shown_sum(&gaps), Shown::Range { low: 61, high: 114 });
        assert_eq!(shown_sum(&Sum { high: None, ..gaps }), Shown::AtLeast(61));
        assert_eq!(shown_sum(&Sum { known: Some(60), low: 60, high: Some(60), answered: 3, of: 3 }), Shown::Number(60));
    }
}
