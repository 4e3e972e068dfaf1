//! What a person should look at before a table is released: arithmetic and plausibility (CATALOGUE 5.3).

use std::collections::BTreeMap;

use super::{feasible, sums_in};
use crate::catalogue::{Catalogue, Form, Kind};
use crate::cell::{Cell, Figure, Step, StepRole};
use crate::id::Code;
use crate::period::Period;
use crate::table::{Core, Key, Table};

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know.
    Note,
    /// Looks wrong; a comment explains it.
    Warning,
    /// Cannot be right; blocks a release.
    Error,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// The cell, as printed; `None` for the whole table.
    pub cell: Option<String>,
    /// What was found, and what would be expected.
    pub sentence: String,
    /// The same as a fact, for pages in another language.
    #[serde(skip)]
    pub what: What,
}

/// What was found. Each variant is a fact; its sentence is the English one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[allow(missing_docs)] // The sentences are the documentation.
pub enum What {
    #[error("{0}")]
    Misfit(String),
    #[error("The total is 'fewer than': it gives standing, and no block can use it.")]
    CoreFewer,
    #[error(
        "No core cell (normally the total) is answered with a value: the release is honest, and earns no right to read."
    )]
    CoreMissing,
    #[error("The parts add up to {sum}, {short} less than the total; write the rest under 'not known'.")]
    PartsShort { sum: u64, short: u64 },
    #[error("The rows add up to {sum}, {short} less than the total; write the rest under 'other' or 'not known'.")]
    RowsShort { sum: u64, short: u64 },
    #[error("Not all figures can be true: {0}.")]
    Infeasible(String),
    #[error("{} add up to {sum}, {short} less than this. A comment should say why.", both(.parts))]
    TimeShort { parts: Vec<Period>, sum: u64, short: u64 },
    #[error("{now} after {then} in {previous}: {} {}. A comment should say why.", .now.abs_diff(*.then), if .now > .then { "more" } else { "fewer" })]
    Changed { now: u64, then: u64, previous: Period },
    #[error(
        "{now} is far from the {periods} earlier figures: their middle is {middle}, and {low} to {high} would be usual."
    )]
    Outlier { now: u64, middle: u64, low: u64, high: u64, periods: usize },
    #[error("The reporting country itself stands as country of last exit or next destination.")]
    OwnCountry,
    #[error("{smuggled} smuggled migrants are more than the {all} illegal entries and exits together.")]
    SmuggledAbove { smuggled: u64, all: u64 },
    #[error("{documents} documents and {persons} persons using them differ by more than three times.")]
    DocumentsApart { documents: u64, persons: u64 },
    #[error("Route {route} of {citizenship} has one step only.")]
    OneStep { route: Code, citizenship: Code },
    #[error("A route has one origin, and it comes first; step {step} is {}.", .role.code().to_ascii_lowercase())]
    OriginFirst { step: usize, role: StepRole },
    #[error("The destination comes last.")]
    DestinationLast,
    #[error("{0} stands twice in a row.")]
    Twice(Code),
    #[error("The route of {citizenship} begins in {country}.")]
    BeginsElsewhere { citizenship: Code, country: Code },
}

fn both(parts: &[Period]) -> String {
    parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" and ")
}

/// What the table is compared with.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// The same form for the last comparable period (the period before it, or the same one a year ago).
    pub previous: Option<&'a Table>,
    /// The other tables of the same period, and those of the topic whose periods overlap.
    pub others: &'a [&'a Table],
    /// The reporting country, alpha-3.
    pub country: Option<&'a str>,
}

/// A change is remarkable above both of these: half, and thirty units.
const CHANGE_UNITS: u64 = 30;

/// Everything there is to find, errors first.
pub fn findings(table: &Table, form: &Form, catalogue: &Catalogue, context: Context<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    if let Err(misfit) = super::fits(table, form, catalogue, fewer_in(table)) {
        found.push(finding(Severity::Error, Some(misfit.key), What::Misfit(misfit.cause)));
        return found;
    }
    core(table, form, &mut found);
    if form.kind.counts() {
        sums(table, form, catalogue, &mut found);
        arithmetic(table, form, catalogue, context, &mut found);
        parts_of_time(table, form, context, &mut found);
        changes(table, form, context, &mut found);
        neighbours(table, form, context, &mut found);
    }
    if form.kind == Kind::Routes {
        routes(table, &mut found);
    }
    found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found
}

fn finding(severity: Severity, cell: Option<String>, what: What) -> Finding {
    Finding { severity, cell, sentence: what.to_string(), what }
}

/// The bound used in the table; the Charter's is checked where the Charter is known.
fn fewer_in(table: &Table) -> u16 {
    table
        .cells
        .values()
        .find_map(|cell| if let Cell::Fewer { below } = cell { Some(*below) } else { None })
        .unwrap_or(0)
}

fn core(table: &Table, form: &Form, found: &mut Vec<Finding>) {
    match table.core(form) {
        Core::Values => {}
        Core::WithFewer => found.push(finding(Severity::Note, None, What::CoreFewer)),
        Core::Missing => found.push(finding(Severity::Warning, None, What::CoreMissing)),
    }
}

fn sums(table: &Table, form: &Form, catalogue: &Catalogue, found: &mut Vec<Finding>) {
    for sum in sums_in(table, form, catalogue) {
        let (Some(high), low) = (sum.parts_high, sum.total_range.0) else { continue };
        if high >= low || form.several {
            continue;
        }
        let short = low - high;
        let cell = Some(sum.total.to_string());
        if form.exhaustive && sum.every_part {
            found.push(finding(Severity::Error, cell, What::PartsShort { sum: high, short }));
        } else if form.kind == Kind::List && sum.total.is_total() {
            found.push(finding(Severity::Warning, cell, What::RowsShort { sum: high, short }));
        }
    }
}

fn arithmetic(table: &Table, form: &Form, catalogue: &Catalogue, context: Context<'_>, found: &mut Vec<Finding>) {
    let topic_tables: Vec<&Table> = std::iter::once(table)
        .chain(context.others.iter().copied().filter(|other| {
            other.period.overlaps(table.period)
                && catalogue.form(&other.form).is_some_and(|other| other.topic == form.topic)
        }))
        .collect();
    if let Err(infeasible) = feasible(&topic_tables, catalogue) {
        let here = infeasible.form == table.form.as_str() && infeasible.period == table.period;
        let cell = here.then(|| infeasible.key.to_string());
        let sentence = if here { infeasible.cause } else { infeasible.to_string() };
        found.push(finding(Severity::Error, cell, What::Infeasible(sentence)));
    }
}

/// Quarters add up to the half-year, half-years to the year, in forms that add over time.
fn parts_of_time(table: &Table, form: &Form, context: Context<'_>, found: &mut Vec<Finding>) {
    let same = |part: &&&Table| part.form == table.form && part.unit(form) == table.unit(form);
    let part = |period: &Period| context.others.iter().filter(same).find(|part| part.period == *period).copied();
    let Some(parts) = table.period.parts().iter().map(part).collect::<Option<Vec<&Table>>>() else { return };
    if !form.adds_over_time || parts.is_empty() {
        return;
    }
    for (key, cell) in &table.cells {
        let written: Option<u64> = parts.iter().map(|part| part.cell(key).and_then(Cell::as_count)).sum();
        // More than the whole is an error and found by the arithmetic.
        if let (Some(whole), Some(sum)) = (cell.as_count(), written)
            && sum < whole
        {
            let short = whole - sum;
            found.push(finding(
                Severity::Warning,
                Some(key.to_string()),
                What::TimeShort { parts: parts.iter().map(|part| part.period).collect(), sum, short },
            ));
        }
    }
}

/// A table that counts another unit is no series with this one, and a comment has said why already.
fn changes(table: &Table, form: &Form, context: Context<'_>, found: &mut Vec<Finding>) {
    let comparable = |previous: &&Table| previous.unit(form) == table.unit(form) && table.metadata.comment.is_none();
    let Some(previous) = context.previous.filter(comparable) else { return };
    for (key, cell) in &table.cells {
        let (Some(now), Some(then)) = (cell.as_count(), previous.cell(key).and_then(Cell::as_count)) else { continue };
        let change = now.abs_diff(then);
        if change > CHANGE_UNITS && change * 2 > then {
            found.push(finding(
                Severity::Warning,
                Some(key.to_string()),
                What::Changed { now, then, previous: previous.period },
            ));
        }
    }
}

/// Comparisons with other topics and with the reporter itself.
fn neighbours(table: &Table, form: &Form, context: Context<'_>, found: &mut Vec<Finding>) {
    if let (Some(country), true) =
        (context.country, matches!(form.code.as_str(), "IE_LEX" | "IE_MOD" | "SM_MOD" | "IX_MOD"))
    {
        let own = table.cells.iter().filter(|(key, cell)| {
            cell.as_count().is_some_and(|n| n > 0) && key.0.iter().any(|code| code.as_str() == country)
        });
        found.extend(own.map(|(key, _)| finding(Severity::Warning, Some(key.to_string()), What::OwnCountry)));
    }
    let total = |code: &str| {
        let other =
            context.others.iter().copied().chain([table]).find(|t| t.form.as_str() == code && t.period == table.period);
        other.and_then(Table::total).and_then(Cell::as_count)
    };
    if form.code.as_str() == "SM_TOT"
        && let (Some(smuggled), Some(entries), exits) = (total("SM_TOT"), total("IE_TOT"), total("IX_TOT").unwrap_or(0))
        && smuggled > entries + exits
    {
        let all = entries + exits;
        found.push(finding(Severity::Warning, None, What::SmuggledAbove { smuggled, all }));
    }
    if matches!(form.code.as_str(), "FD_TOT" | "FD_PER")
        && let (Some(documents), Some(persons)) = (total("FD_TOT"), total("FD_PER"))
        && (documents > persons.saturating_mul(3) || persons > documents.saturating_mul(3))
    {
        found.push(finding(Severity::Warning, None, What::DocumentsApart { documents, persons }));
    }
}

/// A step with its rank and the cell it stands in.
type RankedStep<'a> = (u32, &'a Key, &'a Step);

/// A route has one origin, first; its destination last; and no country twice in a row.
fn routes(table: &Table, found: &mut Vec<Finding>) {
    let mut routes: BTreeMap<(Code, Code), Vec<RankedStep<'_>>> = BTreeMap::new();
    for (key, cell) in &table.cells {
        if let (Cell::Value { figure: Figure::Step(step), .. }, [citizenship, route, rank]) = (cell, &key.0[..]) {
            routes.entry((citizenship.clone(), route.clone())).or_default().push((
                rank.as_str().parse().unwrap_or(u32::MAX),
                key,
                step,
            ));
        }
    }
    for ((citizenship, route), mut steps) in routes {
        steps.sort_by_key(|(rank, ..)| *rank);
        let last = steps.len() - 1;
        let mut say = |severity, key: &Key, what: What| found.push(finding(severity, Some(key.to_string()), what));
        if steps.len() < 2 {
            say(Severity::Warning, steps[0].1, What::OneStep { route, citizenship: citizenship.clone() });
        }
        for (i, (_, key, step)) in steps.iter().enumerate() {
            if (step.role == StepRole::Origin) != (i == 0) {
                say(Severity::Error, key, What::OriginFirst { step: i + 1, role: step.role });
            }
            if step.role == StepRole::Destination && i != last {
                say(Severity::Error, key, What::DestinationLast);
            }
            if i > 0 && steps[i - 1].2.country == step.country {
                say(Severity::Error, key, What::Twice(step.country.clone()));
            }
        }
        if steps[0].2.role == StepRole::Origin && steps[0].2.country != citizenship {
            say(
                Severity::Warning,
                steps[0].1,
                What::BeginsElsewhere { citizenship, country: steps[0].2.country.clone() },
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cell::Status;
    use crate::id::FormCode;

    fn table(form: &str, period: &str, cells: &[(&str, Cell)]) -> Table {
        let mut table = Table::new(FormCode::parse(form).unwrap(), Period::parse(period).unwrap());
        for (key, cell) in cells {
            table.cells.insert(
                Key(key.split('/').filter(|c| !c.is_empty()).map(|c| Code::parse(c).unwrap()).collect()),
                cell.clone(),
            );
        }
        table
    }
    fn found(table: &Table, context: Context<'_>) -> Vec<(Severity, String)> {
        let catalogue = Catalogue::bundled();
        let form = catalogue.form(&table.form).unwrap();
        findings(table, form, catalogue, context).into_iter().map(|f| (f.severity, f.sentence)).collect()
    }

    #[test]
    fn a_sound_table_has_no_finding() {
        assert_eq!(
            found(
                &table("IE_CIT", "2021", &[("_T", Cell::count(10)), ("AFG", Cell::count(6)), ("_O", Cell::count(4))]),
                Context::default()
            ),
            []
        );
    }

    #[test]
    fn a_silent_remainder_is_a_warning_and_too_much_an_error() {
        let less =
            found(&table("IE_CIT", "2021", &[("_T", Cell::count(10)), ("AFG", Cell::count(6))]), Context::default());
        assert!(less[0].0 == Severity::Warning && less[0].1.contains("4 less"), "{less:?}");
        let more =
            found(&table("IE_CIT", "2021", &[("_T", Cell::count(10)), ("AFG", Cell::count(11))]), Context::default());
        assert_eq!(more[0].0, Severity::Error);
    }

    #[test]
    fn large_changes_ask_for_a_comment() {
        let before = table("IE_TOT", "2020", &[("", Cell::count(100))]);
        let context = Context { previous: Some(&before), ..Context::default() };
        assert_eq!(found(&table("IE_TOT", "2021", &[("", Cell::count(150))]), context).len(), 0);
        assert_eq!(found(&table("IE_TOT", "2021", &[("", Cell::count(151))]), context).len(), 1);
        let small = table("IE_TOT", "2020", &[("", Cell::count(5))]);
        assert_eq!(
            found(
                &table("IE_TOT", "2021", &[("", Cell::count(30))]),
                Context { previous: Some(&small), ..Context::default() }
            )
            .len(),
            0
        );
    }

    #[test]
    fn quarters_that_do_not_add_up_to_the_half_year_ask_for_a_comment() {
        let quarters = [("2021-Q1", 10), ("2021-Q2", 20)]
            .map(|(period, count)| table("IE_TOT", period, &[("", Cell::count(count))]));
        let others: Vec<&Table> = quarters.iter().collect();
        let context = Context { others: &others, ..Context::default() };
        let of = |count| found(&table("IE_TOT", "2021-S1", &[("", Cell::count(count))]), context);
        assert_eq!(of(30), []);
        assert!(of(1_000)[0].1.contains("970 less"), "{:?}", of(1_000));
        assert_eq!(of(29)[0].0, Severity::Error);
    }

    #[test]
    fn a_change_of_unit_is_no_change_of_figures_and_a_comment_explains_one() {
        let mut before = table("IE_TOT", "2020", &[("", Cell::count(100))]);
        before.metadata.unit = Some("detections".into());
        let context = Context { previous: Some(&before), ..Context::default() };
        assert_eq!(found(&table("IE_TOT", "2021", &[("", Cell::count(900))]), context), []);
        let before = table("IE_TOT", "2020", &[("", Cell::count(100))]);
        let context = Context { previous: Some(&before), ..Context::default() };
        let mut now = table("IE_TOT", "2021", &[("", Cell::count(900))]);
        assert_eq!(found(&now, context).len(), 1);
        now.metadata.comment = Some("The border was closed in 2020.".into());
        assert_eq!(found(&now, context), []);
    }

    #[test]
    fn unanswered_totals_are_said_to_earn_nothing() {
        let honest = found(&table("RE_CIT", "2012", &[("_T", Cell::NotKnown)]), Context::default());
        assert!(honest.iter().any(|(_, sentence)| sentence.contains("earns no right")), "{honest:?}");
    }

    #[test]
    fn routes_begin_with_their_origin() {
        let step = |country: &str, role| Cell::Value {
            figure: Figure::Step(Step { country: Code::parse(country).unwrap(), role, mode: None, comment: None }),
            status: Status::Normal,
        };
        let good = table(
            "RT_CTY",
            "2021",
            &[
                ("AFG/1/1", step("AFG", StepRole::Origin)),
                ("AFG/1/2", step("IRN", StepRole::Transit)),
                ("AFG/1/10", step("GRC", StepRole::Destination)),
            ],
        );
        assert_eq!(found(&good, Context::default()), []);
        let bad = table(
            "RT_CTY",
            "2021",
            &[("AFG/1/1", step("IRN", StepRole::Transit)), ("AFG/1/2", step("IRN", StepRole::Transit))],
        );
        assert!(
            found(&bad, Context::default()).iter().filter(|(severity, _)| *severity == Severity::Error).count() >= 2
        );
    }
}
