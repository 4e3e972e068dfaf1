//! Where each figure of a national table comes from: which agency, file and line; a sum of whose; set by hand by whom.

use std::collections::BTreeMap;

use vrs_protocol::catalogue::Form;
use vrs_protocol::id::Code;
use vrs_protocol::table::{Key, Table};
use vrs_protocol::time::Timestamp;

use super::{AgencyCode, AgencyTable, Decided, Rule, sum};
use crate::cases::distinct::UnionCell;
use crate::say;

/// One answer of an agency, down to the line.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Line {
    /// Whose answer.
    pub agency: AgencyCode,
    /// The file, or the name under which typed figures stand.
    pub file: String,
    /// Its line, the first where it was counted from several rows; `None`: the answer was computed from others of the file.
    pub line: Option<u64>,
    /// From how many rows it was counted, where it was a file of cases.
    pub rows: Option<u64>,
}

/// Where a national figure comes from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// The answer of one agency as it is.
    Agency(Line),
    /// The sum of the answers of these; agencies that write nothing there count as nobody, or are not known.
    Sum(Vec<Line>),
    /// What is left of a list: the answers of these, and rows that do not stand by themselves in the national table.
    Rest(Vec<Line>),
    /// Cases of these, each counted once.
    Cases(Vec<Line>),
    /// A person set it.
    ByHand {
        /// Who.
        by: String,
        /// When.
        at: Timestamp,
    },
}

impl Origin {
    /// The origin in a line, in the language of the page.
    #[must_use]
    pub fn words(&self) -> String {
        let joined = |lines: &[Line]| lines.iter().map(Line::words).collect::<Vec<_>>().join("; ");
        match self {
            Self::Agency(line) => line.words(),
            Self::Sum(lines) => say("origin-sum").with("of", joined(lines)).into(),
            Self::Rest(lines) => say("origin-rest").with("of", joined(lines)).into(),
            Self::Cases(lines) => say("origin-cases").with("of", joined(lines)).into(),
            Self::ByHand { by, at } => say("origin-by-hand").with("by", by).with("day", day(*at)).into(),
        }
    }
}

/// The day as it is written everywhere: 2026-11-27.
fn day(at: Timestamp) -> String {
    let (year, month, day) = at.date();
    format!("{year:04}-{month:02}-{day:02}")
}

impl Line {
    fn words(&self) -> String {
        let said = match (self.rows, self.line) {
            (Some(rows), Some(line)) => say("origin-rows").with("count", rows).with("line", line.to_string()),
            (_, Some(line)) => say("origin-line").with("line", line.to_string()),
            (_, None) => say("origin-file"),
        };
        said.with("agency", self.agency.as_str()).with("file", &self.file).into()
    }
}

/// The origin of every figure of a national table that was made so.
pub(super) fn origins(
    form: &Form,
    tables: &[AgencyTable],
    decided: &Decided,
    national: &Table,
) -> BTreeMap<Key, Origin> {
    let counted =
        decided.distinct.iter().flat_map(|union| &union.cells).map(|cell| (cell.key.as_slice(), cell)).collect();
    national.cells.keys().map(|key| (key.clone(), origin(form, tables, decided, &counted, key))).collect()
}

fn origin(
    form: &Form,
    tables: &[AgencyTable],
    decided: &Decided,
    counted: &BTreeMap<&[Code], &UnionCell>,
    key: &Key,
) -> Origin {
    if let Some(set) = decided.by_hand.get(key) {
        return Origin::ByHand { by: set.by.clone(), at: set.at };
    }
    let answers = || tables.iter().filter(|own| own.table.cell(key).is_some()).map(|own| line(own, key));
    let keeps = decided.decision.as_ref().is_some_and(|decision| decision.keep.is_some());
    let is_rest =
        sum::growing(form).and_then(|place| key.0.get(place)).is_some_and(|code| code.as_str() == Code::OTHER);
    let rule = decided.decision.as_ref().map_or(&Rule::Sum, |decision| &decision.rule);
    match rule {
        Rule::Cases(order) => {
            let cell = counted.get(key.0.as_slice());
            let of = |(agency, rows, line): &(AgencyCode, u64, u64)| {
                let own = tables.iter().find(|own| own.agency == *agency);
                let file = own.map_or_else(String::new, |own| own.file.name.clone());
                Line { agency: agency.clone(), file, line: Some(*line).filter(|line| *line > 0), rows: Some(*rows) }
            };
            let lines: Vec<Line> = cell.into_iter().flat_map(|cell| cell.rows.iter().map(of)).collect();
            if lines.is_empty() {
                // A cell in which nobody is counted, or the rest of the list: every file says so.
                let all = tables.iter().filter(|own| order.contains(&own.agency)).map(whole);
                return if is_rest { Origin::Rest(all.collect()) } else { Origin::Cases(all.collect()) };
            }
            Origin::Cases(lines)
        }
        Rule::Prefer(agency) => {
            let own: Vec<Line> = answers().filter(|line| line.agency == *agency).collect();
            match (own.into_iter().next(), tables.iter().find(|own| own.agency == *agency)) {
                (Some(line), _) if !(is_rest && keeps) => Origin::Agency(line),
                (_, own) => Origin::Rest(own.into_iter().map(whole).collect()),
            }
        }
        Rule::Sum => match (tables, answers().collect::<Vec<Line>>()) {
            (_, lines) if is_rest && (keeps || tables.len() > 1) => {
                let silent = tables.iter().filter(|own| own.table.cell(key).is_none()).map(whole);
                Origin::Rest(lines.into_iter().chain(silent).collect())
            }
            ([_], lines) if lines.len() == 1 => {
                lines.into_iter().next().map_or(Origin::Sum(Vec::new()), Origin::Agency)
            }
            (_, lines) => Origin::Sum(lines),
        },
    }
}

fn line(own: &AgencyTable, key: &Key) -> Line {
    Line { line: own.lines.get(key).copied(), rows: own.rows.get(key).copied(), ..whole(own) }
}

/// The file as a whole.
fn whole(own: &AgencyTable) -> Line {
    Line { agency: own.agency.clone(), file: own.file.name.clone(), line: None, rows: None }
}
