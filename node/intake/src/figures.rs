//! The value columns of the canonical CSV: which there are for each kind of form, how a figure is printed into them, and
//! how it is read back. Printing and reading stand side by side because each is the exact inverse of the other.

use vrs_protocol::catalogue::{Catalogue, Dimension, Form, Kind};
use vrs_protocol::cell::{Cell, Fee, Figure, Narrative, Step, StepRole, TEXT_BYTES_MAX};
use vrs_protocol::id::Code;

use super::labels::{Found, Labels};
use super::numbers;
use super::problems::Flaw;

/// A flaw of one value column: its heading, what stands in it, what is wrong, what is accepted.
pub(super) struct Wrong {
    pub(super) column: &'static str,
    pub(super) value: String,
    pub(super) flaw: Flaw,
    pub(super) accepted: String,
}

/// Headings of the value columns.
pub const fn columns(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Number | Kind::List | Kind::Cross => &["value"],
        Kind::Fees => &["min", "typical", "max", "currency", "basis", "includes", "paid"],
        Kind::Routes => &["country", "type", "mode", "comment"],
        Kind::Narrative => &["choices", "text"],
    }
}

/// What stands in the value columns of a cell; all empty where it has no value.
pub fn print(cell: &Cell, kind: Kind) -> Vec<String> {
    let amount = |amount: &Option<u64>| amount.map_or_else(String::new, |amount| amount.to_string());
    let spaced = |codes: &[Code]| codes.iter().map(Code::as_str).collect::<Vec<_>>().join(" ");
    match cell {
        Cell::Fewer { below } => vec![format!("<{below}")],
        Cell::Value { figure, .. } => match figure {
            Figure::Count(count) => vec![count.to_string()],
            Figure::Fee(fee) => {
                let basis = if fee.per_group { "GROUP" } else { "PERSON" };
                let amounts = [&fee.min, &fee.typical, &fee.max].map(amount);
                let rest = [fee.currency.to_string(), basis.into(), spaced(&fee.included), spaced(&fee.payment)];
                amounts.into_iter().chain(rest).collect()
            }
            Figure::Step(step) => {
                let mode = step.mode.as_ref().map_or_else(String::new, ToString::to_string);
                vec![step.country.to_string(), step.role.code().into(), mode, step.comment.clone().unwrap_or_default()]
            }
            Figure::Narrative(answer) => vec![spaced(&answer.choices), answer.text.clone()],
        },
        _ => vec![String::new(); columns(kind).len()],
    }
}

/// Reads the value columns of one row, which come in the order of [`columns`], as they stand in the file.
pub(super) fn read(fields: &[&str], form: &Form, catalogue: &Catalogue) -> Result<Figure, Wrong> {
    match (form.kind, fields) {
        (Kind::Fees, [min, typical, max, currency, basis, includes, paid]) => {
            let mut fee = fee([min, typical, max], currency, basis, catalogue)?;
            fee.included = choices("includes", Some("fee_included"), includes, catalogue)?;
            fee.payment = choices("paid", Some("fee_payment"), paid, catalogue)?;
            Ok(Figure::Fee(fee))
        }
        (Kind::Routes, [country, role, mode, comment]) => {
            step(country, role, mode, comment, catalogue).map(Figure::Step)
        }
        (Kind::Narrative, [choices, text]) => narrative(choices, text, form, catalogue).map(Figure::Narrative),
        (_, [value]) => count("value", value).map(Figure::Count),
        // The caller passes the columns of this very kind.
        _ => Err(wrong("value", "", Flaw::Shape("the row has not the columns of its form".into()), "")),
    }
}

fn wrong(column: &'static str, value: &str, flaw: Flaw, accepted: impl Into<String>) -> Wrong {
    Wrong { column, value: value.into(), flaw, accepted: accepted.into() }
}

fn count(column: &'static str, text: &str) -> Result<u64, Wrong> {
    numbers::count(text).map_err(|flaw| wrong(column, text.trim(), flaw, numbers::ACCEPTED))
}

fn fee(amounts: [&str; 3], currency: &str, basis: &str, catalogue: &Catalogue) -> Result<Fee, Wrong> {
    let amount = |column, text: &str| if text.trim().is_empty() { Ok(None) } else { count(column, text).map(Some) };
    let (min, typical, max) = (amount("min", amounts[0])?, amount("typical", amounts[1])?, amount("max", amounts[2])?);
    let present: Vec<u64> = [min, typical, max].into_iter().flatten().collect();
    if present.is_empty() {
        return Err(wrong(
            "min",
            "",
            Flaw::Figure("a fee without any amount".into()),
            "at least one of min, typical and max, or a status that says why there is none",
        ));
    }
    if !present.is_sorted() {
        let flaw = Flaw::Figure("the amounts are not in order".into());
        return Err(wrong("typical", amounts[1], flaw, "min at most typical, typical at most max"));
    }
    let per_group = match basis.trim() {
        "GROUP" => true,
        "PERSON" => false,
        _ => return Err(wrong("basis", basis, Flaw::UnknownCode("basis".into()), "PERSON or GROUP")),
    };
    let currency = code("currency", "currency", currency, catalogue)?;
    Ok(Fee { min, typical, max, currency, per_group, included: Vec::new(), payment: Vec::new() })
}

fn step(country: &str, role: &str, mode: &str, comment: &str, catalogue: &Catalogue) -> Result<Step, Wrong> {
    let role = StepRole::of_code(role.trim())
        .ok_or_else(|| wrong("type", role, Flaw::UnknownCode("type".into()), "ORIGIN, TRANSIT or DESTINATION"))?;
    let mode = if mode.trim().is_empty() { None } else { Some(code("mode", "mode", mode, catalogue)?) };
    let comment = text("comment", comment)?;
    Ok(Step {
        country: code("country", "country", country, catalogue)?,
        role,
        mode,
        comment: Some(comment).filter(|comment| !comment.is_empty()),
    })
}

fn narrative(choices: &str, written: &str, form: &Form, catalogue: &Catalogue) -> Result<Narrative, Wrong> {
    let chosen = self::choices("choices", form.choices.as_deref(), choices, catalogue)?;
    if chosen.len() > 1 && !form.several {
        return Err(wrong("choices", choices, Flaw::Figure("this form takes one choice".into()), "one code"));
    }
    if !written.is_empty() && !form.text {
        return Err(wrong("text", written, Flaw::Figure("this form takes no text".into()), "an empty field"));
    }
    Ok(Narrative { choices: chosen, text: text("text", written)? })
}

/// Codes of a list between spaces, none twice; in the order of the list, so that the same choices are the same cell.
fn choices(column: &'static str, list: Option<&str>, written: &str, catalogue: &Catalogue) -> Result<Vec<Code>, Wrong> {
    let mut chosen = Vec::new();
    for choice in written.split_whitespace() {
        let Some(list) = list else {
            return Err(wrong(column, choice, Flaw::Figure("this form offers no choices".into()), "an empty field"));
        };
        let choice = code(column, list, choice, catalogue)?;
        if chosen.contains(&choice) {
            let flaw = Flaw::Figure(format!("{choice} is chosen twice"));
            return Err(wrong(column, written, flaw, "each choice once"));
        }
        chosen.push(choice);
    }
    let entries = list.and_then(|list| catalogue.list(list)).map_or(&[][..], |list| &list.entries);
    chosen.sort_by_key(|code| (entries.iter().position(|entry| entry.id == *code).unwrap_or(usize::MAX), code.clone()));
    Ok(chosen)
}

fn text(column: &'static str, text: &str) -> Result<String, Wrong> {
    if text.len() > TEXT_BYTES_MAX {
        let flaw = Flaw::TooLarge(format!("a text of {} bytes", text.len()));
        return Err(wrong(column, text, flaw, format!("at most {TEXT_BYTES_MAX} bytes")));
    }
    Ok(text.into())
}

fn code(column: &'static str, list: &str, text: &str, catalogue: &Catalogue) -> Result<Code, Wrong> {
    let dimension = Dimension { code: column.into(), list: list.into() };
    match Labels::codes(catalogue, &dimension).read(text) {
        Ok(Found::Code(code)) => Ok(code),
        // Codes are never left out; a list of codes has no such label.
        Ok(Found::Skip) => Err(wrong(column, text, Flaw::UnknownCode(column.into()), "")),
        Err((flaw, accepted)) => Err(wrong(column, text.trim(), flaw, accepted)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_form_has_a_dimension_named_like_a_value_column() {
        for form in Catalogue::bundled().forms() {
            let fixed = ["form", "period", "participant", "status", "conf"];
            for dimension in &form.dimensions {
                let name = dimension.code.as_str();
                assert!(!fixed.contains(&name) && !columns(form.kind).contains(&name), "{} {name}", form.code);
                assert_eq!(super::super::personal::identifies(name), None, "{} {name}", form.code);
            }
        }
    }
}
