//! A regional overview on a page: what is known from whom, by cell, by reporting country, and why the others are in no figure.

use std::collections::BTreeMap;

use vrs_protocol::audience::Sharing;
use vrs_protocol::catalogue::{Catalogue, Form};
use vrs_protocol::id::{Code, ParticipantCode};
use vrs_protocol::overview::{GapReason, Overview, Sum};
use vrs_protocol::table::{Key, Table};

use super::cells::{placed, shown, shown_sum};
use super::names::{label, participant_name, title, unit_words};
use super::tables::{heading, key_words};
use crate::chart::{Bar, Bars, Drawing};
use crate::map::{Area, AreaFigures, Extent, TileMap, WorldMap};
use crate::numbers::{Shown, State};
use crate::table::{Column, Figure, FigureTable, Row};
use crate::words::{Said, say};

/// Rows a chart shows; the table below it has all.
const BARS_MAX: usize = 15;

/// The parts of an overview page. Each is a value that prints itself.
#[derive(Debug, Clone)]
pub struct OverviewParts {
    /// One sentence: what the known total is, between which bounds, from how many of how many.
    pub headline: String,
    /// Each cell: the open sum, its bounds, each block.
    pub cells: FigureTable,
    /// Each reporting country with its total, blocks as one row, the others with the reason.
    pub countries: FigureTable,
    /// The rows of the first dimension as bars; `None` for forms of one number.
    pub bars: Option<Bars>,
    /// Totals of reporting countries as bars.
    pub country_bars: Bars,
    /// Totals of reporting countries, one square each.
    pub tiles: TileMap,
    /// Totals of reporting countries on the map.
    pub map: WorldMap,
    /// The rows of the first dimension on the map, where they are countries.
    pub origins: Option<WorldMap>,
}

/// Puts an overview on a page. `open` holds the open tables by participant; `own` is marked as the reader's.
#[must_use]
pub fn parts(
    overview: &Overview,
    form: &Form,
    catalogue: &Catalogue,
    open: &BTreeMap<ParticipantCode, Table>,
    own: Option<&ParticipantCode>,
) -> OverviewParts {
    let units: Vec<String> = overview.open.units.keys().map(|unit| unit_words(unit).to_string()).collect();
    let unit = match units.as_slice() {
        [] => unit_words(&form.units[0]).to_string(),
        units => units.join(&format!(" {} ", say("overview-and"))),
    };
    OverviewParts {
        headline: headline(overview, &unit),
        cells: cells(overview, form, catalogue, &unit),
        countries: countries(overview, catalogue, open, own, &unit),
        bars: (!form.dimensions.is_empty() && form.kind.counts()).then(|| bars(overview, form, catalogue, &unit)),
        country_bars: country_bars(overview, catalogue, open, own, &unit),
        tiles: TileMap { figures: reporting("tiles", overview, catalogue, open, own, &unit), cropped: true },
        map: WorldMap { figures: reporting("map", overview, catalogue, open, own, &unit), extent: Extent::Figures },
        origins: origins(overview, form, catalogue, &unit),
    }
}

fn headline(overview: &Overview, unit: &str) -> String {
    let open = match overview.open_total() {
        Some(Sum { known: Some(known), low, high, answered, of }) => {
            if answered == of {
                say("overview-all-known").with("known", *known).with("unit", unit).with("of", of.to_string())
            } else {
                let bounds = match high {
                    None => say("overview-at-least").with("low", *low),
                    Some(high) => say("overview-between").with("low", *low).with("high", *high),
                };
                say("overview-some-known")
                    .with("known", *known)
                    .with("unit", unit)
                    .with("answered", answered.to_string())
                    .with("of", of.to_string())
                    .with("bounds", bounds)
            }
        }
        _ => say("overview-no-open-figure"),
    };
    let blocks: Vec<String> = overview
        .blocks
        .iter()
        .filter_map(|block| {
            let (_, sum) = block.cells.iter().find(|(key, _)| key.is_total())?;
            let group = say("overview-a-group-of").with("members", in_words(block.members.len()));
            Some(group.with("sum", *sum).with("unit", unit_words(&block.unit)).to_string())
        })
        .collect();
    let headline = match blocks.as_slice() {
        [] => say("overview-headline"),
        blocks => say("overview-headline-and-groups").with("groups", blocks.join(", ")),
    };
    let headline = headline.with("open", open).with("covered", overview.covered().to_string());
    headline.with("participants", overview.participants.to_string()).to_string()
}

/// What stands in the place of a participant that is in no figure.
const fn gap_state(reason: GapReason) -> State {
    match reason {
        GapReason::NotReported => State::NotReported,
        GapReason::NotAsked => State::NotApplicable,
        GapReason::NotAnswered
        | GapReason::Bilateral
        | GapReason::NotIncluded
        | GapReason::NotReadable
        | GapReason::Suspended => State::NotShown,
    }
}

/// Why a participant is in no figure, in words.
fn gap_words(reason: GapReason) -> Said {
    match reason {
        GapReason::NotReported => say("overview-gap-not-reported"),
        GapReason::NotAnswered => say("overview-gap-not-answered"),
        GapReason::Bilateral => say("overview-gap-bilateral"),
        GapReason::NotIncluded => say("overview-gap-not-included"),
        GapReason::NotReadable => say("overview-gap-not-readable"),
        GapReason::Suspended => say("overview-gap-suspended"),
        GapReason::NotAsked => say("overview-gap-not-asked"),
    }
}

/// What is shown of a sum; where nobody shows anything there is no number.
fn known(sum: &Sum) -> Shown {
    sum.known.map_or(Shown::State(State::NotReported), Shown::Number)
}

fn in_words(count: usize) -> Said {
    say("overview-count-in-words").with("count", count)
}

fn block_name(sharing: Sharing, members: &[ParticipantCode]) -> String {
    let codes: Vec<&str> = members.iter().map(ParticipantCode::as_str).collect();
    let group = if sharing == Sharing::Open { say("overview-open-group") } else { say("overview-group-of") };
    group.with("members", in_words(members.len())).with("codes", codes.join(", ")).to_string()
}

fn cells(overview: &Overview, form: &Form, catalogue: &Catalogue, unit: &str) -> FigureTable {
    let head = form.dimensions.iter().map(|dimension| heading(&dimension.code)).collect::<Vec<_>>().join(", ");
    let mut columns = vec![Column::text(if head.is_empty() { say("overview-what").into() } else { head })];
    columns.push(Column::number(say("overview-known")).unit(unit));
    columns.push(Column::number(say("overview-in-all")));
    columns.push(
        Column::number(say("overview-answered"))
            .unit(say("overview-of").with("participants", overview.open.participants.len().to_string()).to_string()),
    );
    columns.extend(overview.blocks.iter().map(|block| {
        Column::number(say("overview-group"))
            .unit(block.members.iter().map(ParticipantCode::as_str).collect::<Vec<_>>().join(", "))
    }));
    let mut table = FigureTable::new(say("overview-open-figures-added-up-and"), columns);
    for key in by_size(overview) {
        let mut row = Row::new(key_words(&key, form, catalogue));
        row = match overview.open.cells.get(&key) {
            Some(sum) => row.figure(known(sum)).figure(shown_sum(sum)).text(sum.answered.to_string()),
            None => row.figure(State::NotReported).figure(State::NotReported).text("0"),
        };
        for block in &overview.blocks {
            row = match block.cells.get(&key) {
                Some(sum) if block.marked => {
                    row.figure(Figure::new(*sum).mark('m', say("overview-a-member-has-revised-or")))
                }
                Some(sum) => row.figure(*sum),
                // Not every member answers this row, so that it is part of the sum's remainder.
                None => row.figure(State::NotShown),
            };
        }
        table = table.row(if key.is_total() { row.total() } else { row });
    }
    table.note(say("overview-known-adds-what-is-shown"))
}

/// Totals first, then by what is known, "other" and "not known" last.
fn by_size(overview: &Overview) -> Vec<Key> {
    let mut keys = overview.keys();
    let known = |key: &Key| {
        overview.open.cells.get(key).map_or(0, |sum| sum.known.unwrap_or(0))
            + overview.blocks.iter().filter_map(|block| block.cells.get(key)).sum::<u64>()
    };
    keys.sort_by_key(|key| {
        let last = key.0.iter().any(|code| matches!(code.as_str(), Code::OTHER | Code::UNKNOWN));
        (!key.is_total(), last, std::cmp::Reverse(known(key)), key.clone())
    });
    keys
}

fn countries(
    overview: &Overview,
    catalogue: &Catalogue,
    open: &BTreeMap<ParticipantCode, Table>,
    own: Option<&ParticipantCode>,
    unit: &str,
) -> FigureTable {
    let columns = [
        Column::text(say("overview-participant")),
        Column::number(say("overview-total")).unit(unit),
        Column::text(say("overview-how-it-takes-part")),
    ];
    let mixed = overview.open.units.len() > 1;
    let mut table = FigureTable::new(say("overview-from-whom"), columns);
    for code in &overview.open.participants {
        let row = Row::new(participant_name(catalogue, code));
        let row = match open.get(code).and_then(Table::total) {
            Some(cell) => row.cell(placed(cell)),
            None => row.figure(State::NotReported),
        };
        let counts = overview.open.units.iter().find(|(_, who)| mixed && who.contains(code));
        let row = row.text(match counts {
            Some((unit, _)) => say("overview-open-to-contributors-counts").with("unit", unit_words(unit)).to_string(),
            None => say("overview-open-to-contributors").to_string(),
        });
        table = table.row(if own == Some(code) { row.own() } else { row });
    }
    for block in &overview.blocks {
        let row = Row::new(block_name(block.sharing, &block.members));
        let row = match block.cells.iter().find(|(key, _)| key.is_total()) {
            Some((_, sum)) => row.figure(*sum),
            None => row.figure(State::NotShown),
        };
        table = table.row(row.text(
            say("overview-one-sum-of-nobody-sees").with("unit", unit_words(&block.unit).to_string()).to_string(),
        ));
    }
    for gap in &overview.gaps {
        let row = Row::new(participant_name(catalogue, &gap.participant))
            .figure(gap_state(gap.reason))
            .text(gap_words(gap.reason));
        table = table.row(if own == Some(&gap.participant) { row.own() } else { row });
    }
    table
}

fn bars(overview: &Overview, form: &Form, catalogue: &Catalogue, unit: &str) -> Bars {
    let keys: Vec<Key> = by_size(overview)
        .into_iter()
        .filter(|key| !key.0.iter().any(|code| code.as_str() == Code::TOTAL))
        .take(BARS_MAX)
        .collect();
    let rows = keys
        .iter()
        .filter_map(|key| Some(Bar::new(key_words(key, form, catalogue), shown_sum(overview.open.cells.get(key)?))))
        .collect();
    let of = form.dimensions.first().map_or_else(String::new, |dimension| heading(&dimension.code));
    Bars {
        drawing: Drawing::new(
            "by-row",
            say("overview-open-figures").with("title", title(form).to_string()).to_string(),
        )
        .note(say("overview-solid-is-known-an-outline")),
        of,
        unit: unit.into(),
        rows,
    }
}

fn country_bars(
    overview: &Overview,
    catalogue: &Catalogue,
    open: &BTreeMap<ParticipantCode, Table>,
    own: Option<&ParticipantCode>,
    unit: &str,
) -> Bars {
    let mut rows: Vec<(u64, Bar)> = Vec::new();
    for code in &overview.open.participants {
        let cell = open.get(code).and_then(Table::total).map_or(Shown::State(State::NotReported), shown);
        let bar = Bar::new(participant_name(catalogue, code), cell.clone());
        rows.push((cell.known().unwrap_or(0), if own == Some(code) { bar.own() } else { bar }));
    }
    for block in &overview.blocks {
        if let Some((_, sum)) = block.cells.iter().find(|(key, _)| key.is_total()) {
            rows.push((*sum, Bar::new(block_name(block.sharing, &block.members), *sum)));
        }
    }
    rows.sort_by_key(|(known, _)| std::cmp::Reverse(*known));
    let rows = rows.into_iter().map(|(_, bar)| bar).collect();
    Bars {
        drawing: Drawing::new("by-country", say("overview-by-reporting-participant")),
        of: say("overview-participant").into(),
        unit: unit.into(),
        rows,
    }
}

/// Every participant of the region with its total, or why there is none.
fn reporting(
    id: &str,
    overview: &Overview,
    catalogue: &Catalogue,
    open: &BTreeMap<ParticipantCode, Table>,
    own: Option<&ParticipantCode>,
    unit: &str,
) -> AreaFigures {
    let mut places: BTreeMap<&ParticipantCode, Shown> = BTreeMap::new();
    for code in &overview.open.participants {
        places.insert(code, open.get(code).and_then(Table::total).map_or(Shown::State(State::NotReported), shown));
    }
    // What a member of a group reported is hidden in its sum.
    for member in overview.blocks.iter().flat_map(|block| &block.members) {
        places.entry(member).or_insert(Shown::State(State::Suppressed));
    }
    for gap in &overview.gaps {
        places.entry(&gap.participant).or_insert_with(|| Shown::State(gap_state(gap.reason)));
    }
    let area = |(code, shown): (&ParticipantCode, Shown)| {
        let area = Area::new(code.as_str(), participant_name(catalogue, code), shown);
        if own == Some(code) { area.own() } else { area }
    };
    AreaFigures {
        drawing: Drawing::new(id, say("overview-totals-by-reporting-participant"))
            .note(say("overview-members-of-a-group-are")),
        of: say("overview-participant").into(),
        unit: unit.into(),
        areas: places.into_iter().map(area).collect(),
        classes: None,
    }
}

/// The open figures by country of the first dimension.
fn origins(overview: &Overview, form: &Form, catalogue: &Catalogue, unit: &str) -> Option<WorldMap> {
    let dimension =
        form.dimensions.first().filter(|dimension| dimension.list == "country" && form.dimensions.len() == 1)?;
    let area = |(key, sum): (&Key, &Sum)| {
        let code = key.0.first().filter(|code| !code.is_reserved() && catalogue.country(code.as_str()).is_some())?;
        Some(Area::new(code.as_str(), label(catalogue, dimension, code), shown_sum(sum)))
    };
    let areas: Vec<Area> = overview.open.cells.iter().filter_map(area).collect();
    if areas.is_empty() {
        return None;
    }
    let heading = heading(&dimension.code);
    let figures = AreaFigures {
        drawing: Drawing::new(
            "origins",
            say("overview-open-figures-by").with("dimension", heading.to_lowercase().to_string()).to_string(),
        ),
        of: heading,
        unit: unit.into(),
        areas,
        classes: None,
    };
    Some(WorldMap { figures, extent: Extent::World })
}

#[cfg(test)]
mod tests {
    use super::*;
    use vrs_protocol::cell::Cell;
    use vrs_protocol::id::FormCode;
    use vrs_protocol::overview::{BlockSum, Gap, GapReason, Open, sums};
    use vrs_protocol::period::Period;

    fn code(text: &str) -> ParticipantCode {
        ParticipantCode::parse(text).unwrap()
    }

    #[test]
    fn the_example_of_the_design_reads_as_it_is_meant() {
        let catalogue = Catalogue::bundled();
        let form = catalogue.form(&FormCode::parse("SM_CIT").unwrap()).unwrap();
        let key = Key(vec![Code::total()]);
        let table = |n: u64| {
            let mut table = Table::new(form.code.clone(), Period::parse("2013-S1").unwrap());
            table.cells.insert(key.clone(), Cell::count(n));
            table
        };
        let open = BTreeMap::from([(code("AUS"), table(40)), (code("IDN"), table(2))]);
        let overview = Overview {
            form: form.code.clone(),
            period: Period::parse("2013-S1").unwrap(),
            open: Open {
                participants: vec![code("AUS"), code("IDN")],
                units: BTreeMap::from([("persons".to_owned(), vec![code("AUS"), code("IDN")])]),
                cells: sums(form, &open.values().collect::<Vec<_>>()),
            },
            blocks: vec![BlockSum {
                sharing: Sharing::Totals,
                members: vec![code("LKA"), code("MYS"), code("THA")],
                unit: "persons".into(),
                cells: BTreeMap::from([(key, 77)]),
                marked: false,
            }],
            gaps: vec![Gap { participant: code("NZL"), reason: GapReason::Bilateral }],
            participants: 6,
        };
        let parts = parts(&overview, form, catalogue, &open, Some(&code("AUS")));
        assert_eq!(
            parts.headline,
            "42 persons in 2 open tables, plus a group of three: 77 persons. 5 of 6 participants are in these figures."
        );
        let html = parts.countries.to_string();
        assert!(
            html.contains("shared with named participants only") && html.contains("group of three: LKA, MYS, THA"),
            "{html}"
        );
        assert_eq!(parts.map.figures.areas.len(), 6);
        assert!(parts.map.to_string().contains(&crate::map::disclaimer().to_string()));
    }
}
