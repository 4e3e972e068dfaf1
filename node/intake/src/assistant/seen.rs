//! What a file shows of itself: where its heading is, what its columns are called, and what stands in them.

use std::collections::BTreeMap;

use super::super::columns::Columns;
use super::super::mapping::{DateOrder, Delimiter, FileRules};
use super::super::opened::{self, Opened};
use super::super::problems::Problems;
use super::super::records::{Record, Records};
use super::super::text::{self, FILE_BYTES_MAX};
use super::super::unfold::is_note;
use super::super::workbook::{self, Remark, SheetName};
use super::super::{SourceFile, dates, numbers, periods};
use super::Layout;

/// Different values of a column that are remembered. A column with more is no label.
pub const DISTINCT_MAX: usize = 2_000;
/// Rows that are shown.
pub const SAMPLE_ROWS: usize = 6;
/// Lines among which the heading is looked for.
const HEADING_LOOK: usize = 40;
/// Characters of a title above the heading that are kept.
const TITLE_CHARS_MAX: usize = 300;

/// What was seen of a file.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The sheets of a workbook; none of a text.
    pub sheets: Vec<SheetName>,
    /// How it was read.
    pub rules: FileRules,
    /// What a person should know of how it was read.
    pub remarks: Vec<Remark>,
    /// What stands above the heading.
    pub title: String,
    /// Its columns, in its order.
    pub columns: Vec<SeenColumn>,
    /// Its first rows, with their lines.
    pub sample: Vec<(u64, Vec<String>)>,
    /// How many rows it has.
    pub rows: usize,
}

/// What was seen of a column.
#[derive(Debug, Clone, Default)]
pub struct SeenColumn {
    /// Its heading.
    pub name: String,
    /// What stands in it, and how often; at most [`DISTINCT_MAX`].
    pub values: BTreeMap<String, usize>,
    /// Whether there are more different values.
    pub is_cut: bool,
    /// Rows in which something stands.
    pub filled: usize,
    /// Rows in which a count stands.
    pub counts: usize,
    /// Rows in which a year stands.
    pub years: usize,
    /// Rows in which a period stands.
    pub periods: usize,
    /// Rows in which a day stands, by the order of its parts.
    pub days: [usize; DateOrder::ALL.len()],
}

impl Seen {
    /// The column of a heading.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&SeenColumn> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The headings, sorted, without those that are periods: what is the same in the file of the next quarter.
    #[must_use]
    pub fn signature(&self) -> String {
        let mut names: Vec<&str> = self
            .columns
            .iter()
            .map(|column| column.name.as_str())
            .filter(|name| periods::written(name).is_err())
            .collect();
        names.sort_unstable();
        names.join("\u{1F}")
    }
}

/// Looks at a file. What the layout leaves open is found out.
///
/// # Errors
/// When the file cannot be read, or a heading identifies persons: then nothing of its rows is looked at.
pub fn see(file: SourceFile<'_>, layout: &Layout) -> Result<Seen, Problems> {
    let is_workbook = workbook::is_workbook(file.bytes);
    let sheets = if is_workbook { workbook::sheets(file.bytes)? } else { Vec::new() };
    let mut rules = FileRules {
        sheet: layout.sheet.clone().filter(|_| is_workbook),
        encoding: layout.encoding.unwrap_or_else(|| text::likely(file.bytes)),
        ..FileRules::default()
    };
    let opened = opened::open(file, &rules, FILE_BYTES_MAX)?;
    if !is_workbook {
        rules.delimiter = layout.delimiter.unwrap_or_else(|| delimiter(&opened.text));
    } else {
        rules.sheet =
            rules.sheet.or_else(|| sheets.iter().find(|sheet| sheet.is_visible).map(|sheet| sheet.name.clone()));
    }
    let delimiter = if is_workbook { opened.delimiter } else { rules.delimiter.char() };
    rules.header_line = layout.header_line.unwrap_or_else(|| heading(&opened.text, delimiter));
    rules.notes_below = true;
    let mut seen = look(&opened, delimiter, &rules)?;
    seen.sheets = sheets;
    seen.rules = rules;
    Ok(seen)
}

fn look(opened: &Opened<'_>, delimiter: char, rules: &FileRules) -> Result<Seen, Problems> {
    let mut records = Records::new(&opened.text, delimiter, rules.header_line);
    let columns = Columns::read_foreign(records.next().transpose()?, delimiter)?;
    let mut seen = Seen {
        sheets: Vec::new(),
        rules: rules.clone(),
        remarks: opened.remarks.clone(),
        title: title(&opened.text, rules.header_line),
        columns: columns
            .names()
            .iter()
            .map(|name| SeenColumn { name: name.clone(), ..SeenColumn::default() })
            .collect(),
        sample: Vec::new(),
        rows: 0,
    };
    let mut record = Record::default();
    // What is not well-formed further down is said when the file is read.
    while records.read(&mut record).map_err(Problems::from)? {
        if seen.sample.len() < SAMPLE_ROWS {
            seen.sample.push((record.line, record.fields.iter().map(|field| field.trim().to_owned()).collect()));
        }
        if seen.columns.len() > 1 && is_note(&record) {
            continue;
        }
        seen.rows += 1;
        for (column, field) in seen.columns.iter_mut().zip(&record.fields) {
            column.see(field.trim());
        }
    }
    Ok(seen)
}

impl SeenColumn {
    fn see(&mut self, value: &str) {
        if let Some(count) = self.values.get_mut(value) {
            *count += 1;
        } else if self.values.len() < DISTINCT_MAX
            || (self.values.len() < 2 * DISTINCT_MAX && self.is_of_counts() && numbers::count(value).is_err())
        {
            // A mark among many counts is remembered beyond the bound, because it is asked about.
            self.values.insert(value.to_owned(), 1);
        } else {
            self.is_cut = true;
        }
        if value.is_empty() {
            return;
        }
        self.filled += 1;
        self.counts += usize::from(numbers::count(value).is_ok());
        let period = periods::written(value).ok();
        self.periods += usize::from(period.is_some());
        self.years += usize::from(period.is_some() && value.len() == 4);
        if period.is_none() {
            for (place, order) in DateOrder::ALL.into_iter().enumerate() {
                self.days[place] += usize::from(dates::is_day(value, order));
            }
        }
    }

    /// Whether no value stands in it twice.
    #[must_use]
    pub fn is_all_different(&self) -> bool {
        self.filled > 1 && self.values.values().all(|rows| *rows == 1)
    }
    /// Whether nothing stands in it.
    #[must_use]
    pub const fn is_blank(&self) -> bool {
        self.filled == 0
    }
    /// Whether nearly all that stands in it are counts.
    #[must_use]
    pub const fn is_of_counts(&self) -> bool {
        self.filled > 0 && self.counts * 10 >= self.filled * 8
    }
    /// The orders in which everything in it is a day.
    pub fn day_orders(&self) -> impl Iterator<Item = DateOrder> {
        let all = self.filled;
        DateOrder::ALL
            .into_iter()
            .zip(self.days)
            .filter(move |(_, days)| all > 0 && *days == all)
            .map(|(order, _)| order)
    }
}

/// The delimiter that makes the most even rows.
fn delimiter(text: &str) -> Delimiter {
    let score = |delimiter: &Delimiter| {
        let widths: Vec<usize> = Records::new(text, delimiter.char(), 1)
            .take(HEADING_LOOK)
            .map_while(Result::ok)
            .map(|record| record.fields.len())
            .collect();
        let common = mode(&widths);
        // Rows of one field say nothing for a delimiter.
        if common < 2 { (0, 0) } else { (widths.iter().filter(|width| **width == common).count(), common) }
    };
    Delimiter::ALL.into_iter().rev().max_by_key(score).unwrap_or(Delimiter::Comma)
}

fn mode(widths: &[usize]) -> usize {
    let mut counted: BTreeMap<usize, usize> = BTreeMap::new();
    widths.iter().for_each(|width| *counted.entry(*width).or_default() += 1);
    counted.into_iter().max_by_key(|(width, count)| (*count, *width)).map_or(0, |(width, _)| width)
}

/// The line of the column names: the first one that is filled as the rows below it are, holds no count but years, and has
/// counts or at least as many fields below it.
fn heading(text: &str, delimiter: char) -> u64 {
    let records: Vec<Record<'_>> = Records::new(text, delimiter, 1).take(HEADING_LOOK).map_while(Result::ok).collect();
    let filled = |record: &Record<'_>| record.fields.iter().filter(|field| !field.trim().is_empty()).count();
    let widest = records.iter().map(filled).max().unwrap_or(0);
    let is_heading = |record: &Record<'_>| {
        let names: Vec<&str> = record.fields.iter().map(|field| field.trim()).filter(|name| !name.is_empty()).collect();
        let is_name = |name: &&str| numbers::count(name).is_err() || periods::written(name).is_ok();
        let is_twice = names.iter().enumerate().any(|(place, name)| names[..place].contains(name));
        names.len() * 3 >= widest * 2 && names.iter().all(is_name) && !is_twice
    };
    records.iter().find(|record| is_heading(record)).or_else(|| records.first()).map_or(1, |record| record.line)
}

/// What stands above the heading.
fn title(text: &str, header_line: u64) -> String {
    let above = usize::try_from(header_line.saturating_sub(1)).unwrap_or(0);
    let words: String = text.lines().take(above).collect::<Vec<_>>().join(" ");
    words
        .split([',', ';', '\t', '"'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
        .chars()
        .take(TITLE_CHARS_MAX)
        .collect()
}
