//! The heading of a file: which column stands where. Columns that identify persons refuse the file; so do columns that
//! are missing, doubled, or not spoken for.

use std::borrow::Cow;

use super::problems::{Flaw, Problem, Problems};
use super::records::Record;
use super::{personal, problems};

/// The columns of a file, in its order.
#[derive(Debug)]
pub(super) struct Columns {
    names: Vec<String>,
}

/// A column that is there.
#[derive(Debug, Clone)]
pub(super) struct Column {
    index: usize,
    /// Its heading.
    pub(super) name: String,
}

impl Column {
    /// The field of a record, without the spaces around it.
    pub(super) fn of<'r>(&self, record: &'r Record<'_>) -> &'r str {
        self.raw(record).trim()
    }
    /// The field as it stands, for texts, where a space may be meant.
    pub(super) fn raw<'r>(&self, record: &'r Record<'_>) -> &'r str {
        record.fields.get(self.index).map_or("", |field| field)
    }
}

impl Columns {
    /// Reads the heading of a layout that somebody else made: a column without a name, or with one that stands there already,
    /// gets a name with its place, so that a mapping can speak of it.
    pub(super) fn read_foreign(record: Option<Record<'_>>, delimiter: char) -> Result<Self, Problems> {
        Self::read(record.map(named), delimiter)
    }

    /// Reads the heading. `None` as the record means that there is none.
    pub(super) fn read(record: Option<Record<'_>>, delimiter: char) -> Result<Self, Problems> {
        let Some(record) = record else {
            return Err(Problem::of_file(
                Flaw::Empty("there is no row of column names"),
                "column names in the first row",
            )
            .into());
        };
        let names: Vec<String> = record.fields.iter().map(|name| name.trim().to_owned()).collect();
        // One single column is mostly many, with another delimiter than the expected one.
        if let [only] = &names[..]
            && let Some(found) =
                [',', ';', '\t', '|'].into_iter().find(|mark| *mark != delimiter && only.contains(*mark))
        {
            let flaw = Flaw::Columns(format!("the fields seem to be separated by {found:?}"));
            return Err(Problem::at(record.line, "", only, flaw, format!("fields separated by {delimiter:?}")).into());
        }
        let mut problems = Problems::default();
        for (i, name) in names.iter().enumerate() {
            if let Some(what) = personal::identifies(name) {
                problems.push(Problem::at(
                    record.line,
                    name,
                    "",
                    Flaw::Personal(what),
                    "the file without this column, as counts",
                ));
            } else if name.is_empty() {
                let flaw = Flaw::Columns(format!("column {} has no name", i + 1));
                problems.push(Problem::at(record.line, "", "", flaw, "a name for every column"));
            } else if names[..i].contains(name) {
                problems.push(Problem::at(
                    record.line,
                    name,
                    "",
                    Flaw::Columns("the name stands twice".into()),
                    "each name once",
                ));
            }
        }
        problems.or(Self { names })
    }

    /// The column of a name.
    pub(super) fn find(&self, name: &str) -> Result<Column, Problem> {
        match self.names.iter().position(|known| known == name) {
            Some(index) => Ok(Column { index, name: name.to_owned() }),
            None => {
                let near = problems::nearest(name, self.names.iter().map(String::as_str));
                let seen = if near.is_empty() { self.names.join(", ") } else { near.join(", ") };
                let flaw = Flaw::Columns(format!("there is no column {name:?}; the file has {seen}"));
                Err(Problem::of_file(flaw, format!("a column named {name}")))
            }
        }
    }

    /// All names.
    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    /// Refuses a record with another number of fields than the heading.
    pub(super) fn fit(&self, record: &Record<'_>) -> Result<(), Problem> {
        if record.fields.len() == self.names.len() {
            return Ok(());
        }
        Err(misfit(record.line, record.fields.len(), self.names.len()))
    }
}

/// A heading in which each column has a name of its own.
pub(super) fn named(record: Record<'_>) -> Record<'_> {
    let mut fields: Vec<Cow<'_, str>> = Vec::new();
    for (place, field) in record.fields.into_iter().enumerate() {
        let is_twice = fields.iter().any(|known| known.trim() == field.trim());
        fields.push(if field.trim().is_empty() || is_twice { numbered(&field, place).into() } else { field });
    }
    Record { line: record.line, fields }
}

/// The name of a column that has none of its own.
fn numbered(name: &str, place: usize) -> String {
    format!("{} (column {})", name.trim(), place + 1).trim_start().to_owned()
}

/// A row with another number of fields than the heading.
pub(super) fn misfit(line: u64, fields: usize, columns: usize) -> Problem {
    let flaw = Flaw::Shape(format!("the row has {fields} fields, and the heading has {columns}"));
    Problem::at(line, "", "", flaw, "as many fields as columns; a field with a comma stands in quotation marks")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn heading(names: &[&str]) -> Result<Columns, Problems> {
        Columns::read(Some(Record { line: 1, fields: names.iter().map(|name| (*name).into()).collect() }), ',')
    }

    #[test]
    fn a_column_is_found_by_its_name() {
        let columns = heading(&["year", " persons "]).unwrap();
        let record = Record { line: 2, fields: vec!["2021".into(), " 5 ".into()] };
        assert_eq!(columns.find("persons").unwrap().of(&record), "5");
        assert!(columns.find("person").unwrap_err().to_string().contains("the file has persons"));
        assert!(columns.fit(&record).is_ok());
        assert!(
            columns.fit(&Record { line: 3, fields: vec!["2021".into()] }).unwrap_err().to_string().contains("1 fields")
        );
    }

    #[test]
    fn a_heading_that_identifies_persons_refuses_the_file() {
        let problems = heading(&["citizenship", "Passport number", "Surname"]).unwrap_err();
        assert_eq!(problems.listed.len(), 2);
        assert!(
            problems.to_string().contains("column Passport number: this looks like the number of a person's document"),
            "{problems}"
        );
    }

    #[test]
    fn headings_are_whole_and_single() {
        assert!(Columns::read(None, ',').is_err());
        assert!(heading(&["year;persons"]).unwrap_err().to_string().contains("separated by ';'"));
        assert!(heading(&["a", "a"]).unwrap_err().to_string().contains("twice"));
        assert!(heading(&["a", " "]).unwrap_err().to_string().contains("column 2 has no name"));
    }
}
