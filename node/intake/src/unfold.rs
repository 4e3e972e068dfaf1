//! The rows of a file as the rest of intake wants them: columns that hold one figure for different periods or codes become
//! rows of their own, and notes below the figures end the file. Every row keeps the line it came from.

use std::borrow::Cow;

use super::columns::{misfit, named};
use super::mapping::FileRules;
use super::problems::{Flaw, Problem};
use super::records::{Record, Records};

/// Fewest letters of a note.
const NOTE_CHARS_MIN: usize = 12;

/// Rows below the heading, one after the other.
#[derive(Debug)]
pub(super) struct Rows<'t> {
    records: Records<'t>,
    heading: Option<Record<'t>>,
    width: usize,
    unfolding: Option<Unfolding<'t>>,
    notes_below: bool,
    /// The first line that holds nothing but a note.
    note: Option<u64>,
}

/// Columns that become rows.
#[derive(Debug)]
struct Unfolding<'t> {
    /// The other columns, which each of the rows repeats.
    kept: Vec<usize>,
    /// The columns, and their headings.
    columns: Vec<(usize, String)>,
    held: Record<'t>,
    next: usize,
}

impl<'t> Rows<'t> {
    /// Begins to read the rows of a file.
    ///
    /// # Errors
    /// When the heading cannot be read, or lacks a column that is to be unfolded.
    pub(super) fn new(mut records: Records<'t>, rules: &FileRules) -> Result<Self, Problem> {
        // Named before columns go, so that a nameless one is called by its place in the file.
        let heading = records.next().transpose()?.map(named);
        let mut rows = Self {
            width: heading.as_ref().map_or(0, |heading| heading.fields.len()),
            records,
            heading,
            unfolding: None,
            notes_below: rules.notes_below,
            note: None,
        };
        let Some(unfold) = &rules.unfold else { return Ok(rows) };
        let Some(heading) = rows.heading.take() else { return Ok(rows) };
        let place = |name: &String| {
            let found = heading.fields.iter().position(|field| field.trim() == name.trim());
            found.map(|place| (place, name.clone())).ok_or_else(|| {
                let flaw = Flaw::Columns(format!("there is no column {name}, which is to be unfolded"));
                Problem::of_file(flaw, format!("a column named {name}, or a shorter unfold.columns"))
            })
        };
        let columns = unfold.columns.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        let kept: Vec<usize> =
            (0..heading.fields.len()).filter(|place| !columns.iter().any(|(taken, _)| taken == place)).collect();
        let mut fields: Vec<Cow<'t, str>> = kept.iter().map(|place| heading.fields[*place].clone()).collect();
        fields.extend([unfold.into.clone().into(), unfold.value.clone().into()]);
        rows.heading = Some(Record { line: heading.line, fields });
        rows.unfolding = Some(Unfolding { next: columns.len(), kept, columns, held: Record::default() });
        Ok(rows)
    }

    /// The heading, as the rows below it are.
    pub(super) fn heading(&mut self) -> Option<Record<'t>> {
        self.heading.take()
    }

    /// Reads the next row into `row`; `false` at the end.
    ///
    /// # Errors
    /// The first thing that is not well-formed; after it there are no more rows.
    pub(super) fn read(&mut self, row: &mut Record<'t>) -> Result<bool, Problem> {
        let Some(mut unfolding) = self.unfolding.take() else { return self.next(row) };
        let read = self.unfold(&mut unfolding, row);
        self.unfolding = Some(unfolding);
        read
    }

    fn unfold(&mut self, unfolding: &mut Unfolding<'t>, row: &mut Record<'t>) -> Result<bool, Problem> {
        if unfolding.next >= unfolding.columns.len() {
            if !self.next(&mut unfolding.held)? {
                return Ok(false);
            }
            let held = &unfolding.held;
            if held.fields.len() != self.width {
                // The row is lost and said; the next one is read.
                return Err(misfit(held.line, held.fields.len(), self.width));
            }
            unfolding.next = 0;
        }
        let (column, heading) = &unfolding.columns[unfolding.next];
        row.line = unfolding.held.line;
        row.fields.clear();
        row.fields.extend(unfolding.kept.iter().map(|place| unfolding.held.fields[*place].clone()));
        row.fields.extend([Cow::Owned(heading.clone()), unfolding.held.fields[*column].clone()]);
        unfolding.next += 1;
        Ok(true)
    }

    /// The next row that is no note.
    fn next(&mut self, row: &mut Record<'t>) -> Result<bool, Problem> {
        loop {
            if !self.records.read(row)? {
                return Ok(false);
            }
            if self.notes_below && self.width > 1 && is_note(row) {
                self.note.get_or_insert(row.line);
                continue;
            }
            return match self.note.take() {
                // What looked like a note has figures below it, so it may be a row that lost its figures.
                Some(line) => {
                    let flaw = Flaw::Shape(
                        "only one field of this row has something in it, and rows of figures follow".into(),
                    );
                    Err(Problem::at(
                        line,
                        "",
                        "",
                        flaw,
                        "notes below the last row of figures, or the figures of this row",
                    ))
                }
                None => Ok(true),
            };
        }
    }
}

/// Whether a row holds nothing but a note: one field, and words in it. A name alone is a row that lost its figures.
pub(super) fn is_note(row: &Record<'_>) -> bool {
    let mut filled = row.fields.iter().map(|field| field.trim()).filter(|field| !field.is_empty());
    match (filled.next(), filled.next()) {
        (None, _) => true,
        (Some(only), None) => only.chars().count() > NOTE_CHARS_MIN && only.contains([' ', ':']),
        (Some(_), Some(_)) => false,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::super::mapping::Unfold;
    use super::*;

    fn rules(unfold: Option<&[&str]>) -> FileRules {
        let unfold = unfold.map(|columns| Unfold {
            columns: columns.iter().map(ToString::to_string).collect(),
            into: "year".into(),
            value: "persons".into(),
        });
        FileRules { unfold, notes_below: true, ..FileRules::default() }
    }
    fn read(text: &str, rules: &FileRules) -> Result<Vec<String>, Problem> {
        let mut rows = Rows::new(Records::new(text, ',', 1), rules)?;
        let mut all = vec![rows.heading().unwrap().fields.join("|")];
        let mut row = Record::default();
        while rows.read(&mut row)? {
            all.push(format!("{}: {}", row.line, row.fields.join("|")));
        }
        Ok(all)
    }

    #[test]
    fn columns_become_rows_that_keep_their_line() {
        assert_eq!(
            read("country,2021,note,2022\nAFG,1,x,2\nIRQ,3,,4\n", &rules(Some(&["2021", "2022"]))).unwrap(),
            ["country|note|year|persons", "2: AFG|x|2021|1", "2: AFG|x|2022|2", "3: IRQ||2021|3", "3: IRQ||2022|4"]
        );
        let problem = read("country,2021\nAFG,1\n", &rules(Some(&["2021", "2022"]))).unwrap_err();
        assert!(problem.to_string().contains("no column 2022"), "{problem}");
        let problem = read("country,2021,note\nAFG,1\n", &rules(Some(&["2021"]))).unwrap_err();
        assert_eq!(problem.line, 2);
    }

    #[test]
    fn notes_end_a_file_and_a_row_that_lost_its_figures_is_no_note() {
        let text = "country,persons\nAFG,1\n\nSource: the police,\n";
        assert_eq!(read(text, &rules(None)).unwrap(), ["country|persons", "2: AFG|1"]);
        let problem = read("country,persons\nAFG,1\nSource: the police,\nSYR,2\n", &rules(None)).unwrap_err();
        assert_eq!(problem.line, 3);
        // A row that lost its figure is a row.
        assert_eq!(read("country,persons\nAFG,1\nIRQ,\n", &rules(None)).unwrap()[2], "3: IRQ|");
    }
}
