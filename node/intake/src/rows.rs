//! One row of a foreign file, read by the rules of one table: is it meant, for which period, which cell, which count.

use std::collections::BTreeMap;

use vrs_protocol::catalogue::{Catalogue, Dimension, Form};
use vrs_protocol::cell::{Cell, Figure, Status};
use vrs_protocol::id::Code;
use vrs_protocol::period::{Length, Period};
use vrs_protocol::table::Key;

use super::columns::{Column, Columns};
use super::labels::{Found, Labels};
use super::mapping::{Answer, Condition, DateOrder, LabelRules, PeriodRules, Repeated, StatusRules, ValueRules};
use super::problems::{Flaw, Problem, Problems};
use super::records::Record;
use super::{dates, numbers, periods};

/// The rules of a table as far as they speak of single rows.
#[derive(Debug, Clone)]
pub(super) struct RowRules {
    pub(super) conditions: Vec<Condition>,
    pub(super) period: PeriodRules,
    /// Periods to make; `None` for all.
    pub(super) only: Option<Vec<Period>>,
    /// The dimensions of the cell, with the column and labels of each, or a code that is the same for all rows.
    pub(super) dimensions: Vec<(Dimension, Place)>,
    pub(super) value: ValueRules,
    pub(super) status: StatusRules,
    pub(super) add_over: Vec<String>,
    pub(super) repeated: Repeated,
}

/// Where the code of a dimension stands.
#[derive(Debug, Clone)]
pub(super) enum Place {
    /// The same for all rows.
    Same(Code),
    /// In a column, read with the labels of this name; with none, as a code.
    Column(String, Option<String>),
}

impl RowRules {
    /// Every column the rules speak of.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        let dimensions = self.dimensions.iter().filter_map(|(_, place)| match place {
            Place::Same(_) => None,
            Place::Column(column, _) => Some(column),
        });
        let conditions = self.conditions.iter().map(|condition| &condition.column);
        let rest = std::iter::once(&self.value.column).chain(&self.status.column).chain(&self.add_over);
        conditions.chain(self.period.columns()).chain(dimensions).chain(rest).map(String::as_str)
    }
}

/// A row that is part of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    /// The period as the file has it.
    pub(super) part: Period,
    /// The period it is gathered into.
    pub(super) period: Period,
    /// The cell.
    pub(super) key: Key,
    /// The count, or the reason there is none.
    pub(super) cell: Cell,
    /// The values along which rows are added up; two rows of the same cell differ in them. `None`: rows of a cell are added up
    /// whatever they say.
    pub(super) along: Option<Vec<String>>,
    /// Line of the file.
    pub(super) line: u64,
}

/// What a row has in common with the table.
#[derive(Debug)]
pub(super) enum Reading {
    /// It is part of it.
    Row(Row),
    /// The mapping leaves it out.
    LeftOut,
}

/// The rules, bound to the columns of a file.
pub(super) struct RowReader<'c> {
    rules: RowRules,
    conditions: Vec<Column>,
    period: PeriodColumns,
    dimensions: Vec<(Option<Column>, Source<'c>)>,
    value: Column,
    status: Option<Column>,
    along: Vec<Column>,
}

enum Source<'c> {
    Same(Code),
    Labels(Labels<'c>),
}

impl<'c> RowReader<'c> {
    /// Binds rules to a file; all that is missing in the file is named at once.
    pub(super) fn bind(
        rules: RowRules,
        columns: &Columns,
        labels: &BTreeMap<String, LabelRules>,
        catalogue: &'c Catalogue,
    ) -> Result<Self, Problems> {
        let mut problems = Problems::default();
        rules.columns().filter_map(|name| columns.find(name).err()).for_each(|problem| problems.push(problem));
        let mut dimensions = Vec::new();
        for (dimension, place) in &rules.dimensions {
            match place {
                Place::Same(code) if !catalogue.accepts(dimension, code) => {
                    problems.push(Problem::of_file(
                        Flaw::Mapping(format!("{code} is no {}", dimension.code)),
                        format!("a code of the list {}", dimension.list),
                    ));
                }
                Place::Same(code) => dimensions.push((None, Source::Same(code.clone()))),
                Place::Column(column, name) => {
                    let declared = name.as_ref().and_then(|name| labels.get(name));
                    match declared.map_or_else(
                        || Ok(Labels::codes(catalogue, dimension)),
                        |rules| Labels::declared(rules, catalogue, dimension),
                    ) {
                        Ok(labels) => dimensions.push((columns.find(column).ok(), Source::Labels(labels))),
                        Err(why) => problems.push(Problem::of_file(Flaw::Mapping(why), "")),
                    }
                }
            }
        }
        problems.or(())?;
        Ok(Self {
            conditions: rules
                .conditions
                .iter()
                .map(|condition| columns.find(&condition.column))
                .collect::<Result<_, _>>()?,
            period: PeriodColumns::bind(&rules.period, columns)?,
            dimensions,
            value: columns.find(&rules.value.column)?,
            status: rules.status.column.as_ref().map(|name| columns.find(name)).transpose()?,
            along: rules.add_over.iter().map(|name| columns.find(name)).collect::<Result<_, _>>()?,
            rules,
        })
    }

    /// The period of a row as the file has it, whether or not the row is part of the table.
    pub(super) fn part(&self, record: &Record<'_>) -> Result<Period, Problem> {
        self.period.read(record)
    }

    /// Reads a row.
    pub(super) fn read(&self, record: &Record<'_>) -> Result<Reading, Problem> {
        let meant = self
            .conditions
            .iter()
            .zip(&self.rules.conditions)
            .all(|(column, condition)| condition.holds(column.of(record)));
        if !meant {
            return Ok(Reading::LeftOut);
        }
        let part = self.part(record)?;
        let period = self.gathered(part);
        if self.rules.only.as_ref().is_some_and(|only| !only.contains(&period)) {
            return Ok(Reading::LeftOut);
        }
        let mut key = Vec::new();
        for (column, source) in &self.dimensions {
            match (column, source) {
                (_, Source::Same(code)) => key.push(code.clone()),
                (None, Source::Labels(_)) => {}
                (Some(column), Source::Labels(labels)) => match labels.read(column.of(record)) {
                    Ok(Found::Code(code)) => key.push(code),
                    Ok(Found::Skip) => return Ok(Reading::LeftOut),
                    Err((flaw, accepted)) => {
                        return Err(Problem::at(record.line, &column.name, column.of(record), flaw, accepted));
                    }
                },
            }
        }
        let Some(cell) = self.cell(record)? else { return Ok(Reading::LeftOut) };
        let told_apart = self.rules.repeated == Repeated::Refuse;
        let along = told_apart.then(|| self.along.iter().map(|column| column.of(record).to_owned()).collect());
        Ok(Reading::Row(Row { part, period, key: Key(key), cell, along, line: record.line }))
    }

    /// The period that a row is added up into. A longer one stays what it is: publications turn from years to months.
    fn gathered(&self, part: Period) -> Period {
        self.rules.period.gather.and_then(|gather| part.in_length(gather.length())).unwrap_or(part)
    }

    /// The count of a row, or the reason that the mapping gives for its absence; `None`: it says that there is no such row.
    fn cell(&self, record: &Record<'_>) -> Result<Option<Cell>, Problem> {
        let value = self.value.of(record);
        match self.rules.value.states.get(value) {
            Some(Answer::Cell(cell)) => return Ok(Some(cell.clone())),
            Some(Answer::NoRow) => return Ok(None),
            None => {}
        }
        let count = numbers::count(value).map_err(|flaw| {
            let states: Vec<String> = self.rules.value.states.keys().map(|state| format!("{state:?}")).collect();
            let or = if states.is_empty() { String::new() } else { format!("; or {}", states.join(", ")) };
            Problem::at(record.line, &self.value.name, value, flaw, format!("{}{or}", numbers::ACCEPTED))
        })?;
        Ok(Some(Cell::Value { figure: Figure::Count(count), status: self.status(record)? }))
    }

    fn status(&self, record: &Record<'_>) -> Result<Status, Problem> {
        let Some(column) = &self.status else {
            return Ok(self.rules.status.is.map_or(Status::Normal, |letter| letter.0));
        };
        let flag = column.of(record);
        self.rules.status.letters.get(flag).map(|letter| letter.0).ok_or_else(|| {
            let known: Vec<String> = self.rules.status.letters.keys().map(|flag| format!("{flag:?}")).collect();
            Problem::at(
                record.line,
                &column.name,
                flag,
                Flaw::UnknownCode("flag".into()),
                format!("{}; or one more in the mapping", known.join(", ")),
            )
        })
    }
}

/// The columns that make up a period, and the periods that a source writes in its own way.
struct PeriodColumns {
    places: PeriodPlaces,
    also: BTreeMap<String, Period>,
}

/// Where a period stands.
enum PeriodPlaces {
    Same(Period),
    Whole(Column),
    Day(Column, DateOrder),
    Year(Column),
    /// Year and part, with the letter that the part has in our notation and how many there are.
    Part {
        year: Column,
        part: Column,
        letter: &'static str,
        most: u8,
    },
}

impl PeriodColumns {
    fn bind(rules: &PeriodRules, columns: &Columns) -> Result<Self, Problem> {
        Ok(Self { places: PeriodPlaces::bind(rules, columns)?, also: rules.also.clone() })
    }

    fn read(&self, record: &Record<'_>) -> Result<Period, Problem> {
        let first = match &self.places {
            PeriodPlaces::Whole(column) | PeriodPlaces::Day(column, _) | PeriodPlaces::Year(column) => Some(column),
            PeriodPlaces::Same(_) | PeriodPlaces::Part { .. } => None,
        };
        let known = first.and_then(|column| self.also.get(column.of(record)));
        known.map_or_else(|| self.places.read(record), |period| Ok(*period))
    }
}

impl PeriodPlaces {
    fn bind(rules: &PeriodRules, columns: &Columns) -> Result<Self, Problem> {
        if let Some(period) = rules.is {
            return Ok(Self::Same(period));
        }
        if let Some(column) = &rules.column {
            return Ok(Self::Whole(columns.find(column)?));
        }
        if let Some(column) = &rules.date {
            return Ok(Self::Day(columns.find(column)?, rules.order));
        }
        let year = columns.find(rules.year.as_deref().unwrap_or_default())?;
        let (part, letter, most) = match (&rules.half, &rules.quarter, &rules.month) {
            (Some(half), ..) => (half, "S", 2),
            (_, Some(quarter), _) => (quarter, "Q", 4),
            (_, _, Some(month)) => (month, "", 12),
            _ => return Ok(Self::Year(year)),
        };
        Ok(Self::Part { year, part: columns.find(part)?, letter, most })
    }

    fn read(&self, record: &Record<'_>) -> Result<Period, Problem> {
        let refuse = |column: &Column, flaw: Flaw, accepted: &str| {
            Err(Problem::at(record.line, &column.name, column.of(record), flaw, accepted))
        };
        match self {
            Self::Same(period) => Ok(*period),
            Self::Whole(column) => {
                periods::written(column.of(record)).or_else(|flaw| refuse(column, flaw, periods::ACCEPTED))
            }
            Self::Day(column, order) => dates::period_of(column.of(record), *order, Length::Month)
                .or_else(|flaw| refuse(column, flaw, dates::accepted(*order))),
            Self::Year(year) => match Period::parse(year.of(record)) {
                Ok(period) if period.length() == Length::Year => Ok(period),
                _ => {
                    let flaw = periods::fiscal(year.of(record));
                    let flaw = flaw.unwrap_or_else(|| Flaw::UnknownPeriod("it is not a year".into()));
                    refuse(year, flaw, "a year of four digits")
                }
            },
            Self::Part { year, part, letter, most } => {
                let years = Self::Year(year.clone()).read(record)?;
                let text = part.of(record);
                // A month may be written as its name.
                if letter.is_empty()
                    && text.chars().any(char::is_alphabetic)
                    && let Ok(period) = periods::written(&format!("{text} {years}"))
                    && period.length() == Length::Month
                {
                    return Ok(period);
                }
                let small = letter.to_lowercase();
                let number = text.strip_prefix(*letter).or_else(|| text.strip_prefix(&*small)).unwrap_or(text);
                let number = number.parse::<u8>().ok();
                let Some(number) = number.filter(|number| (1..=*most).contains(number)) else {
                    let flaw = Flaw::UnknownPeriod("there is no such part of a year".into());
                    return refuse(part, flaw, &format!("1 to {most}"));
                };
                let written = if letter.is_empty() {
                    format!("{years}-{number:02}")
                } else {
                    format!("{years}-{letter}{number}")
                };
                Period::parse(&written)
                    .or_else(|error| refuse(part, Flaw::UnknownPeriod(error.to_string()), "a part of a year"))
            }
        }
    }
}

/// The dimensions of a form, each with its place in the file; the error says which the mapping forgot or invented.
pub(super) fn places(
    form: &Form,
    rules: &BTreeMap<String, super::mapping::DimensionRules>,
) -> Result<Vec<(Dimension, Place)>, String> {
    if let Some(unknown) = rules.keys().find(|name| !form.dimensions.iter().any(|dimension| dimension.code == **name)) {
        let names: Vec<&str> = form.dimensions.iter().map(|dimension| dimension.code.as_str()).collect();
        return Err(format!(
            "{} has no dimension {unknown}; it has {}",
            form.code,
            if names.is_empty() { "none".into() } else { names.join(", ") }
        ));
    }
    let place = |dimension: &Dimension| {
        let rules =
            rules.get(&dimension.code).ok_or_else(|| format!("{} needs dimensions.{}", form.code, dimension.code))?;
        Ok::<_, String>(match (&rules.is, &rules.column) {
            (Some(code), _) => Place::Same(code.clone()),
            (None, column) => Place::Column(column.clone().unwrap_or_default(), rules.labels.clone()),
        })
    };
    form.dimensions.iter().map(|dimension| Ok((dimension.clone(), place(dimension)?))).collect()
}
