//! Does a table fit its form: known codes, the right number of dimensions, figures of the right kind, texts within bounds.

use crate::catalogue::{Catalogue, CodeList, Form, Kind};
use crate::cell::{COUNT_MAX, Cell, Fee, Figure, Narrative, Step, TEXT_BYTES_MAX};
use crate::id::Code;
use crate::table::{CELLS_MAX, Key, Table};

/// What does not fit, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{form} at {key}: {cause}", form = .form, key = .key)]
pub struct Misfit {
    /// The form.
    pub form: String,
    /// The cell, or `metadata`.
    pub key: String,
    /// What is wrong and what is accepted.
    pub cause: String,
}

/// Whether a table fits its form. `fewer_below` is the Charter's bound for `Fewer` (0: not allowed).
pub fn fits(table: &Table, form: &Form, catalogue: &Catalogue, fewer_below: u16) -> Result<(), Misfit> {
    let misfit = |key: String, cause: String| Misfit { form: form.code.to_string(), key, cause };
    if table.form != form.code {
        return Err(misfit("metadata".into(), format!("the table is of form {}", table.form)));
    }
    if table.cells.len() > CELLS_MAX {
        return Err(misfit(
            "metadata".into(),
            format!("{} cells; at most {CELLS_MAX} are accepted", table.cells.len()),
        ));
    }
    if let Some(unit) = table.metadata.unit.as_ref().filter(|unit| !form.units.contains(unit)) {
        return Err(misfit("metadata".into(), format!("unit {unit:?}; accepted: {}", form.units.join(", "))));
    }
    if table.metadata.texts().any(|text| text.len() > TEXT_BYTES_MAX) {
        return Err(misfit("metadata".into(), format!("a text of more than {TEXT_BYTES_MAX} bytes")));
    }
    for (key, cell) in &table.cells {
        check_key(key, form, catalogue)
            .and_then(|()| check_cell(cell, form, catalogue, fewer_below))
            .map_err(|cause| misfit(key.to_string(), cause))?;
    }
    Ok(())
}

/// Whether the codes and figures of a table are ones of its form in a catalogue; what stands for "fewer than" is not asked.
pub fn codes_fit(table: &Table, form: &Form, catalogue: &Catalogue) -> Result<(), Misfit> {
    for (key, cell) in &table.cells {
        let figure = || match cell {
            Cell::Value { figure, .. } => check_figure(figure, form, catalogue),
            _ => Ok(()),
        };
        check_key(key, form, catalogue).and_then(|()| figure()).map_err(|cause| Misfit {
            form: form.code.to_string(),
            key: key.to_string(),
            cause,
        })?;
    }
    Ok(())
}

fn check_key(key: &Key, form: &Form, catalogue: &Catalogue) -> Result<(), String> {
    if key.0.len() != form.dimensions.len() {
        return Err(format!("{} codes for {} dimensions", key.0.len(), form.dimensions.len()));
    }
    match form.dimensions.iter().zip(&key.0).find(|(dimension, code)| !catalogue.accepts(dimension, code)) {
        Some((dimension, code)) => Err(format!("{code} is no code of {} (list {})", dimension.code, dimension.list)),
        None => Ok(()),
    }
}

fn check_cell(cell: &Cell, form: &Form, catalogue: &Catalogue, fewer_below: u16) -> Result<(), String> {
    match cell {
        Cell::Value { figure, .. } => check_figure(figure, form, catalogue),
        Cell::Fewer { .. } if !form.kind.counts() => Err("'fewer than' belongs to counts".into()),
        Cell::Fewer { .. } if fewer_below == 0 => Err("the Charter does not allow 'fewer than'".into()),
        Cell::Fewer { below } if *below != fewer_below => {
            Err(format!("'fewer than {below}'; the Charter allows 'fewer than {fewer_below}' only"))
        }
        _ => Ok(()),
    }
}

fn check_figure(figure: &Figure, form: &Form, catalogue: &Catalogue) -> Result<(), String> {
    match (figure, form.kind) {
        (Figure::Count(count), kind) if kind.counts() => {
            if *count <= COUNT_MAX {
                Ok(())
            } else {
                Err(format!("{count} is more than {COUNT_MAX}"))
            }
        }
        (Figure::Fee(fee), Kind::Fees) => check_fee(fee, catalogue),
        (Figure::Step(step), Kind::Routes) => check_step(step, catalogue),
        (Figure::Narrative(narrative), Kind::Narrative) => check_narrative(narrative, form, catalogue),
        _ => Err("a figure of another kind than the form's".into()),
    }
}

fn check_fee(fee: &Fee, catalogue: &Catalogue) -> Result<(), String> {
    let amounts: Vec<u64> = [fee.min, fee.typical, fee.max].into_iter().flatten().collect();
    if amounts.is_empty() || !amounts.is_sorted() || amounts.iter().any(|amount| *amount > COUNT_MAX) {
        return Err("a fee needs an amount, and min ≤ typical ≤ max".into());
    }
    let known = catalogue.list("currency").is_none_or(|list| list.entry(&fee.currency).is_some());
    if !known {
        return Err(format!("{} is no currency code (ISO 4217)", fee.currency));
    }
    check_choices(&fee.included, catalogue.list("fee_included"))?;
    check_choices(&fee.payment, catalogue.list("fee_payment"))
}

fn check_step(step: &Step, catalogue: &Catalogue) -> Result<(), String> {
    let listed = |list: &str, code: &Code| {
        let dimension = crate::catalogue::Dimension { code: list.into(), list: list.into() };
        catalogue.accepts(&dimension, code)
    };
    if !listed("country", &step.country) {
        return Err(format!("{} is no country", step.country));
    }
    if let Some(mode) = step.mode.as_ref().filter(|mode| !listed("mode", mode)) {
        return Err(format!("{mode} is no mode of transport; accepted: LAND, SEA, AIR, _U"));
    }
    if step.comment.as_ref().is_some_and(|comment| comment.len() > TEXT_BYTES_MAX) {
        Err(format!("a comment of more than {TEXT_BYTES_MAX} bytes"))
    } else {
        Ok(())
    }
}

fn check_narrative(narrative: &Narrative, form: &Form, catalogue: &Catalogue) -> Result<(), String> {
    if narrative.text.len() > TEXT_BYTES_MAX {
        return Err(format!("a text of more than {TEXT_BYTES_MAX} bytes"));
    }
    if !narrative.text.is_empty() && !form.text {
        return Err("this form takes no text".into());
    }
    if narrative.choices.is_empty() && narrative.text.is_empty() {
        return Err("neither a choice nor a text".into());
    }
    if narrative.choices.len() > 1 && !form.several {
        return Err("one choice only".into());
    }
    check_choices(&narrative.choices, form.choices.as_ref().and_then(|name| catalogue.list(name)))
}

/// Choices are entries or reserved codes of their list, in its order and none twice, so that an answer has one form.
fn check_choices(choices: &[Code], list: Option<&CodeList>) -> Result<(), String> {
    let entries = list.map_or(&[][..], |list| &list.entries);
    let place = |choice: &Code| entries.iter().position(|entry| entry.id == *choice).unwrap_or(usize::MAX);
    if !choices.is_sorted_by(|a, b| (place(a), a) < (place(b), b)) {
        return Err("a choice stands twice, or not in the order of its list".into());
    }
    let known = |choice: &Code| list.is_some_and(|list| list.entry(choice).is_some() || list.reserved.contains(choice));
    match choices.iter().find(|choice| !known(choice)) {
        Some(choice) => Err(format!("{choice} is none of the choices")),
        None => Ok(()),
    }
}
