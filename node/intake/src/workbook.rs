//! Workbooks (XLSX, ECMA-376): one sheet becomes delimited text, each row on the line of its number, so that a problem
//! names the row that a person sees in the spreadsheet. Formulas count by the result that was stored with them. A workbook
//! is a ZIP archive that can be a thousand times larger inside, and its cells can claim to stand anywhere: everything is
//! measured before it is believed.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Cursor, Read};
use std::panic::{UnwindSafe, catch_unwind};

use calamine::{Data, Dimensions, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::canonical::quoted;
use super::numbers;
use super::problems::{Flaw, Problem};
use super::records::{COLUMNS_MAX, FIELD_BYTES_MAX, ROWS_MAX};

/// Largest workbook.
pub const WORKBOOK_BYTES_MAX: usize = 10 << 20;
/// Bytes of all its parts together, unpacked. A sheet of 200,000 rows of ten columns has about 60 MiB.
const UNPACKED_BYTES_MAX: u64 = 192 << 20;
/// Parts of the archive. A workbook of fifty sheets has some hundreds.
const PARTS_MAX: usize = 2_000;
/// Sheets of one workbook.
pub const SHEETS_MAX: usize = 64;
/// Cells that hold something, of one sheet.
const CELLS_MAX: usize = 2_000_000;
/// Bytes of all cells of one sheet together. Cells that name one long text a million times are small in the file.
const TEXT_BYTES_MAX: usize = 64 << 20;
/// Cells of all merged areas of one sheet together.
const MERGED_CELLS_MAX: u64 = 1_000_000;
/// Remarks that are written out.
const REMARKS_MAX: usize = 20;
/// What stands between the fields of the text that is made.
pub const DELIMITER: char = ',';

const ACCEPTED: &str = "a workbook as a spreadsheet program saves it (.xlsx), or the sheet saved as \"CSV UTF-8\"";

/// A sheet by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetName {
    /// The name on its tab.
    pub name: String,
    /// Whether its tab is shown.
    pub is_visible: bool,
}

/// The text of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetText {
    /// Its name.
    pub name: String,
    /// Its rows, delimited by [`DELIMITER`]; blank rows are blank lines.
    pub text: String,
    /// What a person should know of how it was read.
    pub remarks: Vec<Remark>,
}

/// Something of a sheet that was read in a way that a person should know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// A merged area whose content was read in each of its cells, as `A2:A9`.
    Merged(String),
    /// A merged area that holds a figure, which was read in its first cell only.
    MergedFigure(String),
    /// So many cells are formulas, and their stored results were read.
    Formulas(usize),
    /// So many more remarks of this kind.
    More(usize),
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Merged(area) => {
                write!(f, "{area} is one merged cell; its content was read in each of its rows and columns")
            }
            Self::MergedFigure(area) => {
                write!(f, "{area} is one merged cell with a figure; the figure was read in its first cell only")
            }
            Self::Formulas(1) => f.write_str("1 cell is a formula; the result stored with it was read"),
            Self::Formulas(count) => write!(f, "{count} cells are formulas; the results stored with them were read"),
            Self::More(count) => write!(f, "and {count} more merged areas"),
        }
    }
}

/// Whether the bytes begin as an archive does. Whether it holds a workbook is seen when it is opened.
#[must_use]
pub fn is_workbook(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The sheets of a workbook, in the order of their tabs.
///
/// # Errors
/// When it is too large, damaged, protected, or no workbook.
pub fn sheets(bytes: &[u8]) -> Result<Vec<SheetName>, Problem> {
    guarded(|| Ok(names(&open(bytes)?)))
}

/// The text of a sheet; without a name, of the first one that is shown.
///
/// # Errors
/// When the workbook cannot be read, has no such sheet, or the sheet keeps no bound.
pub fn read(bytes: &[u8], sheet: Option<&str>) -> Result<SheetText, Problem> {
    guarded(|| read_sheet(bytes, sheet))
}

/// The reader of workbooks adds up the digits of cell names unchecked, and may panic where they are no number that can be: such
/// a file costs its sender a sentence, and nobody else anything.
fn guarded<T>(read: impl FnOnce() -> Result<T, Problem> + UnwindSafe) -> Result<T, Problem> {
    let damaged = |_| Err(Problem::of_file(Flaw::Shape("the workbook is damaged".into()), ACCEPTED));
    catch_unwind(read).unwrap_or_else(damaged)
}

/// The texts of all sheets with something in them, also of hidden ones.
///
/// # Errors
/// As [`read`].
pub fn read_all(bytes: &[u8]) -> Result<Vec<SheetText>, Problem> {
    guarded(|| {
        let mut book = open(bytes)?;
        let mut sheets = Vec::new();
        for sheet in names(&book) {
            let mut grid = cells(&mut book, &sheet.name)?;
            if grid.cells.is_empty() {
                continue;
            }
            let merged = book.merge_cells_by_sheet_name(&sheet.name).map_err(damaged)?;
            spread(&mut grid, &merged)?;
            sheets.push(SheetText { text: grid.text()?, name: sheet.name, remarks: grid.remarks });
        }
        Ok(sheets)
    })
}

fn read_sheet(bytes: &[u8], sheet: Option<&str>) -> Result<SheetText, Problem> {
    let mut book = open(bytes)?;
    let all = names(&book);
    let chosen = match sheet {
        Some(wanted) => all.iter().find(|sheet| sheet.name == wanted),
        None => all.iter().find(|sheet| sheet.is_visible),
    };
    let Some(chosen) = chosen.map(|sheet| sheet.name.clone()) else {
        let seen: Vec<&str> = all.iter().map(|sheet| sheet.name.as_str()).collect();
        let flaw = Flaw::Missing(format!("the workbook has no sheet {:?}", sheet.unwrap_or("that is shown")));
        return Err(Problem::of_file(flaw, format!("one of its sheets: {}", seen.join(", "))));
    };
    let mut grid = cells(&mut book, &chosen)?;
    let merged = book.merge_cells_by_sheet_name(&chosen).map_err(damaged)?;
    spread(&mut grid, &merged)?;
    Ok(SheetText { text: grid.text()?, name: chosen, remarks: grid.remarks })
}

fn open(bytes: &[u8]) -> Result<Xlsx<Cursor<&[u8]>>, Problem> {
    if bytes.len() > WORKBOOK_BYTES_MAX {
        let size = format!("{} bytes, and a workbook may have {WORKBOOK_BYTES_MAX}", bytes.len());
        return Err(Problem::of_file(Flaw::TooLarge(size), "one sheet of it, saved as \"CSV UTF-8\""));
    }
    measured(bytes)?;
    let book = Xlsx::new(Cursor::new(bytes)).map_err(damaged)?;
    let sheets = book.sheets_metadata().len();
    if sheets > SHEETS_MAX {
        let flaw = Flaw::TooLarge(format!("{sheets} sheets"));
        return Err(Problem::of_file(flaw, format!("a workbook of at most {SHEETS_MAX} sheets")));
    }
    Ok(book)
}

/// Unpacks every part once and counts its bytes: what the archive says of their size may be a lie.
fn measured(bytes: &[u8]) -> Result<(), Problem> {
    let broken = |why: &dyn fmt::Display| {
        let flaw = Flaw::Shape(format!("the workbook is damaged or no workbook ({why})"));
        Problem::of_file(flaw, ACCEPTED)
    };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    if archive.len() > PARTS_MAX {
        let flaw = Flaw::TooLarge(format!("an archive of {} parts", archive.len()));
        return Err(Problem::of_file(flaw, ACCEPTED));
    }
    let mut left = UNPACKED_BYTES_MAX;
    for place in 0..archive.len() {
        let part = archive.by_index(place).map_err(|error| broken(&error))?;
        if part.name().is_ok_and(|name| name.ends_with("vbaProject.bin")) {
            let flaw = Flaw::Shape("the workbook holds macros, which are programs".into());
            return Err(Problem::of_file(flaw, "the same workbook saved without macros (.xlsx)"));
        }
        let read = io::copy(&mut part.take(left + 1), &mut io::sink()).map_err(|error| broken(&error))?;
        left = left.checked_sub(read).ok_or_else(|| {
            let flaw = Flaw::TooLarge(format!("unpacked it has more than {UNPACKED_BYTES_MAX} bytes"));
            Problem::of_file(flaw, "one sheet of it, saved as \"CSV UTF-8\"")
        })?;
    }
    Ok(())
}

fn damaged(error: XlsxError) -> Problem {
    match error {
        XlsxError::Password => {
            let flaw = Flaw::Shape("the workbook is protected by a password".into());
            Problem::of_file(flaw, "the workbook saved without a password")
        }
        other => Problem::of_file(Flaw::Shape(format!("the workbook is damaged ({other})")), ACCEPTED),
    }
}

fn names<R>(book: &Xlsx<R>) -> Vec<SheetName>
where
    R: Read + io::Seek,
{
    let sheets = book.sheets_metadata().iter().filter(|sheet| sheet.typ == SheetType::WorkSheet);
    sheets
        .map(|sheet| SheetName { name: sheet.name.clone(), is_visible: sheet.visible == SheetVisible::Visible })
        .collect()
}

/// The cells of a sheet that hold something, by row and column from 0.
#[derive(Default)]
struct Grid {
    cells: BTreeMap<(u32, u32), Held>,
    bytes: usize,
    remarks: Vec<Remark>,
}

/// What a cell holds.
#[derive(Clone)]
struct Held {
    text: String,
    /// A number that is neither a year nor a date: it must not be read twice.
    is_figure: bool,
}

fn cells(book: &mut Xlsx<Cursor<&[u8]>>, sheet: &str) -> Result<Grid, Problem> {
    let mut grid = Grid::default();
    let mut formulas = 0;
    let mut reader = book.worksheet_cells_reader(sheet).map_err(damaged)?;
    let mut without_result = Vec::new();
    while let Some(cell) = reader.next_cell_with_formula_metadata().map_err(damaged)? {
        let (row, column) = cell.pos;
        let held = held(cell.value.into());
        if cell.formula.is_some() {
            formulas += 1;
            if held.is_none() {
                without_result.push(cell.pos);
            }
        }
        let Some(held) = held else { continue };
        let line = u64::from(row) + 1;
        if held.text.len() > FIELD_BYTES_MAX {
            let flaw = Flaw::TooLarge(format!("a cell of {} bytes", held.text.len()));
            return Err(Problem::at(line, &letters(column), "", flaw, format!("at most {FIELD_BYTES_MAX} bytes")));
        }
        // A title and notes above the figures have room beside the rows themselves.
        if row as usize > ROWS_MAX + 1_000 || column as usize >= COLUMNS_MAX || grid.cells.len() >= CELLS_MAX {
            let flaw = Flaw::TooLarge(format!("something stands in {}", area(cell.pos)));
            let accepted = format!("at most {ROWS_MAX} rows, {COLUMNS_MAX} columns and {CELLS_MAX} cells of one sheet");
            return Err(Problem::at(line, "", &held.text, flaw, accepted));
        }
        grid.put((row, column), held)?;
    }
    if let Some(pos) = without_result.first() {
        let flaw = Flaw::Shape(format!("{} is a formula, and no result of it is stored in the file", area(*pos)));
        let accepted = "the workbook opened and saved once in a spreadsheet program, or values in place of formulas";
        return Err(Problem::at(u64::from(pos.0) + 1, "", "", flaw, accepted));
    }
    if formulas > 0 {
        grid.remarks.push(Remark::Formulas(formulas));
    }
    Ok(grid)
}

fn held(data: Data) -> Option<Held> {
    let (text, is_figure) = match data {
        Data::Empty => return None,
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => (text, false),
        Data::Int(number) => (number.to_string(), !is_year(number as f64)),
        Data::Float(number) => (decimal(number), !is_year(number)),
        Data::Bool(yes) => (if yes { "TRUE" } else { "FALSE" }.to_owned(), false),
        Data::Error(error) => (error.to_string(), true),
        Data::DateTime(moment) if moment.is_datetime() => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            (format!("{year:04}-{month:02}-{day:02}"), false)
        }
        Data::DateTime(duration) => (decimal(duration.as_f64()), true),
    };
    // A line end inside a cell would move the rows below it, and no figure, name or heading has one.
    let text = text.split(['\r', '\n']).map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(Held { text, is_figure })
}

fn is_year(number: f64) -> bool {
    number.fract() == 0.0 && (1900.0..=2100.0).contains(&number)
}

/// A number as a person would write it: whole ones without a point.
fn decimal(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        return format!("{number:.0}");
    }
    let text = number.to_string();
    // Three decimals would be read as a group of thousands.
    if text.split_once('.').is_some_and(|(_, decimals)| decimals.len() == 3) { text + "0" } else { text }
}

/// Writes the content of merged areas into each of their cells. A figure stays where it is: it would be counted twice. A year is
/// none where other merged areas of its column hold years too, as the years of a list do.
fn spread(grid: &mut Grid, merged: &[Dimensions]) -> Result<(), Problem> {
    let mut remarks = Vec::new();
    let mut walked = 0_u64;
    let years = |grid: &Grid, column: u32| {
        let own = merged.iter().filter(|area| area.start.1 == column).filter_map(|area| grid.cells.get(&area.start));
        let mut texts: Vec<&str> = own.filter(|held| is_year_text(&held.text)).map(|held| held.text.as_str()).collect();
        texts.sort_unstable();
        texts.dedup();
        texts.len() > 1
    };
    for area in merged {
        let Some(first) = grid.cells.get(&area.start).cloned() else { continue };
        let name = format!("{}:{}", self::area(area.start), self::area(area.end));
        let last_row = area.end.0.min(area.start.0.saturating_add(ROWS_MAX as u32));
        let last_column = area.end.1.min(COLUMNS_MAX as u32 - 1);
        let side = |first: u32, last: u32| u64::from(last.saturating_sub(first)) + 1;
        walked = walked.saturating_add(side(area.start.0, last_row).saturating_mul(side(area.start.1, last_column)));
        if walked > MERGED_CELLS_MAX {
            let flaw = Flaw::TooLarge(format!("the merged areas have more than {MERGED_CELLS_MAX} cells"));
            return Err(Problem::of_file(flaw, "the sheet without merged cells"));
        }
        let is_figure = first.is_figure || numbers::count(&first.text).is_ok();
        if is_figure && !(is_year_text(&first.text) && years(grid, area.start.1)) {
            remarks.push(Remark::MergedFigure(name));
            continue;
        }
        remarks.push(Remark::Merged(name));
        for row in area.start.0..=last_row {
            for column in area.start.1..=last_column {
                if !grid.cells.contains_key(&(row, column)) {
                    grid.put((row, column), first.clone())?;
                }
            }
        }
    }
    let more = remarks.len().saturating_sub(REMARKS_MAX);
    remarks.truncate(REMARKS_MAX);
    grid.remarks.extend(remarks);
    if more > 0 {
        grid.remarks.push(Remark::More(more));
    }
    Ok(())
}

fn is_year_text(text: &str) -> bool {
    text.len() == 4 && text.parse().is_ok_and(is_year)
}

impl Grid {
    /// Puts something into a cell.
    fn put(&mut self, at: (u32, u32), held: Held) -> Result<(), Problem> {
        self.bytes = self.bytes.saturating_add(held.text.len());
        if self.bytes > TEXT_BYTES_MAX || self.cells.len() >= CELLS_MAX {
            let flaw = Flaw::TooLarge(format!(
                "the sheet holds more than {CELLS_MAX} cells or {TEXT_BYTES_MAX} bytes of text"
            ));
            return Err(Problem::at(u64::from(at.0) + 1, "", "", flaw, "split the sheet by period or form"));
        }
        self.cells.insert(at, held);
        Ok(())
    }

    /// The rows as delimited text, each on the line of its number, all as wide as the widest.
    fn text(&self) -> Result<String, Problem> {
        let Some((last_row, _)) = self.cells.keys().next_back() else {
            return Err(Problem::of_file(
                Flaw::Empty("the sheet has no cell with something in it"),
                "a sheet of figures",
            ));
        };
        let width = self.cells.keys().map(|(_, column)| column + 1).max().unwrap_or(0);
        let mut text = String::new();
        for row in 0..=*last_row {
            let mut cells = self.cells.range((row, 0)..(row + 1, 0)).peekable();
            if cells.peek().is_some() {
                for column in 0..width {
                    if column > 0 {
                        text.push(DELIMITER);
                    }
                    if let Some((_, held)) = cells.next_if(|((_, at), _)| *at == column) {
                        text.push_str(&quoted(&held.text));
                    }
                }
            }
            text.push('\n');
        }
        Ok(text)
    }
}

/// The name of a cell, as `B7`.
fn area((row, column): (u32, u32)) -> String {
    format!("{}{}", letters(column), row.saturating_add(1))
}

/// The letters of a column, counted from 0.
#[must_use]
pub fn letters(column: u32) -> String {
    let mut left = column;
    let mut letters = Vec::new();
    loop {
        letters.push(char::from(b'A' + (left % 26) as u8));
        if left < 26 {
            break;
        }
        left = left / 26 - 1;
    }
    letters.into_iter().rev().collect()
}
