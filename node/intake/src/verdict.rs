//! The last word on the tables of a file: they fit their forms, and their figures can all be true at once. A total that
//! is smaller than its parts refuses the file, because one of the figures is wrong and nobody but the sender knows
//! which. The arithmetic is the protocol's own (`vrs_protocol::check`), the same that the hub applies; what is only odd is
//! a finding there, and stops nobody here.

use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::cell::Cell;
use vrs_protocol::check::{feasible, fits, sums_in};
use vrs_protocol::table::{Key, Table};

use super::problems::{Flaw, Problem, Problems};
use super::{Taken, metadata};

/// Notes whatever the tables of one file contradict.
pub(super) fn judge(tables: &[&Taken], catalogue: &Catalogue, problems: &mut Problems) {
    let before = problems.listed.len();
    tables.iter().for_each(|taken| judge_one(taken, catalogue, problems));
    if problems.listed.len() > before {
        return;
    }
    // Across tables one contradiction is named at a time; those inside a table are all known by now.
    let all: Vec<&Table> = tables.iter().map(|taken| &taken.table).collect();
    if let Err(apart) = feasible(&all, catalogue) {
        let taken =
            tables.iter().find(|taken| taken.table.form.as_str() == apart.form && taken.table.period == apart.period);
        let line = taken.map_or(0, |taken| line(taken, &apart.key));
        let place = format!("{} {} {}", apart.form, apart.period, apart.key);
        problems.push(Problem::at(line, "", &place, Flaw::Sum(apart.cause), "figures that can all be true"));
    }
}

fn judge_one(taken: &Taken, catalogue: &Catalogue, problems: &mut Problems) {
    let table = &taken.table;
    let Some(form) = catalogue.form(&table.form) else { return };
    let wrong = metadata::flaws(&table.metadata, form);
    if !wrong.is_empty() {
        wrong.into_iter().for_each(|problem| problems.push(problem));
        return;
    }
    let fewer =
        table.cells.values().find_map(|cell| if let Cell::Fewer { below } = cell { Some(*below) } else { None });
    if let Err(misfit) = fits(table, form, catalogue, fewer.unwrap_or(0)) {
        let key = table.cells.keys().find(|key| key.to_string() == misfit.key);
        let line = key.map_or(0, |key| line(taken, key));
        let place = format!("{} {} {}", table.form, table.period, misfit.key);
        // The protocol says what is wrong and what is accepted in one sentence.
        let (cause, accepted) = misfit.cause.split_once("; ").unwrap_or((&misfit.cause, ""));
        let accepted = match accepted.strip_prefix("accepted: ").unwrap_or(accepted) {
            "" => format!("a figure such as {} asks for", table.form),
            said => said.to_owned(),
        };
        problems.push(Problem::at(line, "value", &place, Flaw::Figure(cause.to_owned()), accepted));
        return;
    }
    // Several grounds may apply to one person: such parts may add up to more than the total.
    if !form.kind.counts() || form.several {
        return;
    }
    for sum in sums_in(table, form, catalogue) {
        let Some(most) = sum.total_range.1.filter(|most| sum.parts_low > *most) else { continue };
        let figure = table.cell(&sum.total).map(Cell::in_words).unwrap_or_default();
        let value = format!("{} {} {}: {figure}", table.form, table.period, sum.total);
        let flaw = Flaw::Sum(format!("its parts add up to {}", sum.parts_low));
        problems.push(Problem::at(
            line(taken, &sum.total),
            "",
            &value,
            flaw,
            format!("{most} or less in the parts, or a larger total"),
        ));
    }
}

fn line(taken: &Taken, key: &Key) -> u64 {
    taken.lines.get(key).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use std::collections::BTreeMap;
    use vrs_protocol::id::{Code, FormCode};
    use vrs_protocol::period::Period;

    fn taken(form: &str, period: &str, rows: &[(&str, Cell)]) -> Taken {
        let mut taken = Taken {
            table: Table::new(FormCode::parse(form).unwrap(), Period::parse(period).unwrap()),
            lines: BTreeMap::new(),
            rows: BTreeMap::new(),
        };
        for (line, (codes, cell)) in (2..).zip(rows) {
            let key = Key(codes.split_whitespace().map(|code| Code::parse(code).unwrap()).collect());
            taken.lines.insert(key.clone(), line);
            taken.table.cells.insert(key, cell.clone());
        }
        taken
    }
    fn said(tables: &[&Taken]) -> Vec<String> {
        let mut problems = Problems::default();
        judge(tables, Catalogue::bundled(), &mut problems);
        problems.listed.iter().map(ToString::to_string).collect()
    }
    const C: fn(u64) -> Cell = Cell::count;

    #[test]
    fn a_total_below_its_parts_is_named_with_its_line() {
        let found = said(&[&taken("IE_CIT", "2021", &[("AFG", C(6)), ("_T", C(10)), ("IRQ", C(5))])]);
        assert_eq!(
            found,
            [
                "line 3, \"IE_CIT 2021 _T: 10\": impossible sum: its parts add up to 11; accepted: 10 or less in the parts, or a larger total"
            ]
        );
        assert!(said(&[&taken("IE_CIT", "2021", &[("_T", C(11)), ("AFG", C(6)), ("IRQ", C(5))])]).is_empty());
        assert!(
            said(&[&taken("IE_CIT", "2021", &[("_T", C(6)), ("AFG", C(6)), ("IRQ", Cell::Suppressed)])]).is_empty()
        );
    }

    #[test]
    fn a_breakdown_and_its_topic_have_one_total() {
        let (cit, tot) = (taken("IE_CIT", "2021", &[("_T", C(10))]), taken("IE_TOT", "2021", &[("", C(9))]));
        let found = said(&[&cit, &tot]);
        assert!(
            found.len() == 1 && found[0].contains("IE_CIT 2021 _T") && found[0].contains("IE_TOT says 9"),
            "{found:?}"
        );
        assert!(said(&[&cit, &taken("IE_TOT", "2022", &[("", C(9))])]).is_empty());
    }

    #[test]
    fn what_does_not_fit_its_form_is_refused_with_its_line_and_what_is_accepted() {
        let fewer = |below| Cell::Fewer { below };
        assert_eq!(
            said(&[&taken("IE_CIT", "2021", &[("AFG", fewer(5)), ("IRQ", fewer(7)), ("_T", C(9))])]),
            [
                "line 3, column value, \"IE_CIT 2021 IRQ\": 'fewer than 7'; accepted: the Charter allows 'fewer than 5' only"
            ]
        );
        let mut long = taken("IE_TOT", "2021", &[("", C(1))]);
        long.table.metadata.coverage = Some("x".repeat(5_000));
        assert!(said(&[&long])[0].starts_with("column metadata.coverage, "), "{:?}", said(&[&long]));
    }
}
