//! The code of one dimension in a row of a case: each label is looked up once, and is a small number from then on.

use rustc_hash::FxHashMap;
use vrs_protocol::catalogue::{Catalogue, CodeList, Dimension};
use vrs_protocol::id::Code;

use super::super::columns::{Column, Columns};
use super::super::labels::{Found, Labels};
use super::super::mapping::{CaseDimension, Mapping};
use super::super::problems::{Flaw, Problem, Problems};
use super::super::records::Record;

/// Oldest age in years that somebody may have.
const YEARS_MAX: u16 = 130;
/// Most codes of one dimension in a file; their places have 16 bits.
const CODES_MAX: usize = 20_000;

/// A dimension, bound to a file.
pub(super) struct Field<'c> {
    dimension: Dimension,
    column: Option<Column>,
    labels: Labels<'c>,
    /// Age groups with their first and last year, where ages are given in years.
    bands: Option<Vec<(Code, u16, u16)>>,
    codes: Vec<Code>,
    /// What a label stands for: a place in `codes`, or a row to leave out.
    known: FxHashMap<Box<str>, Option<u16>>,
}

impl<'c> Field<'c> {
    /// Binds the rules of a dimension to the columns of a file.
    pub(super) fn bind(
        dimension: &Dimension,
        rules: &CaseDimension,
        mapping: &Mapping,
        columns: &Columns,
        catalogue: &'c Catalogue,
    ) -> Result<Self, Problems> {
        let wrong =
            |why: String| Problem::of_file(Flaw::Mapping(why), format!("a code of the list {}", dimension.list));
        let labels = match rules.labels.as_ref().and_then(|name| mapping.labels.get(name)) {
            Some(declared) => Labels::declared(declared, catalogue, dimension).map_err(wrong)?,
            None => Labels::codes(catalogue, dimension),
        };
        let mut field = Self {
            dimension: dimension.clone(),
            column: rules.column.as_ref().map(|name| columns.find(name)).transpose()?,
            labels,
            bands: None,
            codes: Vec::new(),
            known: FxHashMap::default(),
        };
        if let Some(code) = &rules.is {
            if !catalogue.accepts(dimension, code) {
                return Err(wrong(format!("{code} is no {}", dimension.code)).into());
            }
            field.codes.push(code.clone());
        }
        if rules.years {
            let bands = catalogue.list(&dimension.list).map(bands).unwrap_or_default();
            if bands.is_empty() {
                return Err(wrong(format!("{} has no groups of years", dimension.code)).into());
            }
            field.bands = Some(bands);
        }
        Ok(field)
    }

    /// The code of a row, as a place in [`Self::codes`]; `None`: the mapping leaves the row out.
    pub(super) fn read(&mut self, record: &Record<'_>) -> Result<Option<u16>, Problem> {
        let Some(column) = &self.column else { return Ok(Some(0)) };
        let label = column.of(record);
        if let Some(known) = self.known.get(label) {
            return Ok(*known);
        }
        let found = match self.group(label) {
            Some(code) => Found::Code(code),
            None => self.labels.read(label).map_err(|(flaw, accepted)| {
                let or =
                    if self.bands.is_some() { format!("an age of 0 to {YEARS_MAX} years, or ") } else { String::new() };
                Problem::at(record.line, &column.name, label, flaw, format!("{or}{accepted}"))
            })?,
        };
        let (label, line): (Box<str>, u64) = (label.into(), record.line);
        let number = match found {
            Found::Code(code) if code.as_str() == Code::TOTAL => {
                let flaw = Flaw::Label(
                    "it stands for a total, and no case is one: it would be counted beside its parts".into(),
                );
                return Err(Problem::at(
                    line,
                    &column.name,
                    &label,
                    flaw,
                    "the label under skip, so that its rows are left out",
                ));
            }
            Found::Code(code) => Some(self.number(code, line)?),
            Found::Skip => None,
        };
        self.known.insert(label, number);
        Ok(number)
    }

    /// The codes that have occurred, in the order in which they did.
    pub(super) fn codes(&self) -> &[Code] {
        &self.codes
    }

    /// The dimension.
    pub(super) const fn dimension(&self) -> &Dimension {
        &self.dimension
    }

    /// The place of a code. Lists have some hundreds of codes, and registers of points some thousands.
    fn number(&mut self, code: Code, line: u64) -> Result<u16, Problem> {
        if let Some(place) = self.codes.iter().position(|known| *known == code) {
            return Ok(place as u16);
        }
        if self.codes.len() == CODES_MAX {
            let flaw = Flaw::TooLarge(format!("more than {CODES_MAX} codes of {}", self.dimension.code));
            return Err(Problem::at(line, "", code.as_str(), flaw, "fewer codes, such as regions in place of points"));
        }
        self.codes.push(code);
        Ok((self.codes.len() - 1) as u16)
    }

    /// The age group of an age in years.
    fn group(&self, label: &str) -> Option<Code> {
        let bands = self.bands.as_ref()?;
        let years: u16 = label.parse().ok().filter(|years| *years <= YEARS_MAX)?;
        bands.iter().find(|(_, first, last)| (first..=last).contains(&&years)).map(|(code, ..)| code.clone())
    }
}

/// The narrowest groups of a list of ages, read off their codes: `Y14T17` is 14 to 17, `Y35T` 35 and over.
fn bands(list: &CodeList) -> Vec<(Code, u16, u16)> {
    let band = |code: &Code| {
        let (first, last) = code.as_str().strip_prefix('Y')?.split_once('T')?;
        let last = if last.is_empty() { Some(u16::MAX) } else { last.parse().ok() };
        Some((code.clone(), first.parse().ok()?, last?))
    };
    let leaves = list.entries.iter().filter(|entry| list.children(Some(&entry.id)).next().is_none());
    leaves.filter_map(|entry| band(&entry.id)).collect()
}
