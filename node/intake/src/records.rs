//! Splits delimited text into records, after RFC 4180 and no more generously. The `csv` crate repairs what it can: an
//! unclosed quotation mark swallows the rest of a file, `"a"b` becomes `ab`. A figure must not come out of a repair,
//! so this reader refuses and names the line instead. Records are read one at a time; none is kept, and a field is a
//! piece of the text where it can be: a file of a million cases has many millions of them.

use std::borrow::Cow;

use super::problems::{Flaw, Problem};

/// Most data rows of one file.
pub const ROWS_MAX: usize = 200_000;
/// Most columns of one file.
pub const COLUMNS_MAX: usize = 128;
/// Longest field: the longest text a cell may hold, twice, for quotation marks and a margin.
pub const FIELD_BYTES_MAX: usize = 2 * vrs_protocol::cell::TEXT_BYTES_MAX;

/// One record: its first line and its fields, unquoted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record<'t> {
    /// Line of the file on which it begins, counted from 1.
    pub line: u64,
    /// The fields, spaces around them included.
    pub fields: Vec<Cow<'t, str>>,
}

/// Reads records one after the other; stops for good after the first that is not well-formed.
#[derive(Debug)]
pub struct Records<'t> {
    rest: &'t str,
    delimiter: char,
    line: u64,
    rows: usize,
    rows_max: usize,
}

impl<'t> Records<'t> {
    /// Begins at `first_line`, counted from 1; what stands above it is a title of the publisher and is passed over.
    pub fn new(text: &'t str, delimiter: char, first_line: u64) -> Self {
        let (mut rest, mut line) = (text, 1);
        // A mapping may name a line far below the end of the file: the file, not the mapping, says how long this takes.
        while line < first_line && !rest.is_empty() {
            rest = rest.split_once('\n').map_or("", |(_, below)| below);
            line += 1;
        }
        Self { rest, delimiter, line: first_line, rows: 0, rows_max: ROWS_MAX }
    }

    /// With another bound on the rows than [`ROWS_MAX`].
    #[must_use]
    pub const fn at_most(self, rows_max: usize) -> Self {
        Self { rows_max, ..self }
    }

    /// Reads the next record into `record`, passing over blank lines; `false` at the end. Whoever reads many keeps one.
    ///
    /// # Errors
    /// The first thing that is not well-formed; after it there are no more records.
    pub fn read(&mut self, record: &mut Record<'t>) -> Result<bool, Problem> {
        let read = self.read_well_formed(record);
        if read.is_err() {
            self.rest = "";
        }
        read
    }

    fn read_well_formed(&mut self, record: &mut Record<'t>) -> Result<bool, Problem> {
        loop {
            if self.rest.is_empty() {
                return Ok(false);
            }
            self.record(record)?;
            if record.fields.len() > 1 || !record.fields[0].trim().is_empty() {
                self.rows += 1;
                // The first record is the heading.
                if self.rows > self.rows_max + 1 {
                    let flaw = Flaw::TooLarge(format!("a file may have {} rows", self.rows_max));
                    return Err(Problem::at(record.line, "", "", flaw, "split the file by period or form"));
                }
                return Ok(true);
            }
        }
    }

    fn record(&mut self, record: &mut Record<'t>) -> Result<(), Problem> {
        record.line = self.line;
        record.fields.clear();
        loop {
            let (field, end) = if self.rest.starts_with('"') { self.quoted(record)? } else { self.bare()? };
            if field.len() > FIELD_BYTES_MAX {
                let flaw = Flaw::TooLarge(format!("a field of {} bytes", field.len()));
                return Err(Problem::at(record.line, "", &field, flaw, format!("at most {FIELD_BYTES_MAX} bytes")));
            }
            record.fields.push(field);
            if record.fields.len() > COLUMNS_MAX {
                let flaw = Flaw::TooLarge(format!("more than {COLUMNS_MAX} columns"));
                return Err(Problem::at(record.line, "", "", flaw, format!("at most {COLUMNS_MAX} columns")));
            }
            match end {
                End::Field => {}
                End::Record => return Ok(()),
            }
        }
    }

    /// A field without quotation marks, up to the delimiter or the end of the line.
    fn bare(&mut self) -> Result<(Cow<'t, str>, End), Problem> {
        // All four are ASCII, so no part of a longer character is one of them.
        let stops = |byte: u8| byte == self.delimiter as u8 || matches!(byte, b'\n' | b'\r' | b'"');
        let stop = self.rest.bytes().position(stops).unwrap_or(self.rest.len());
        let (field, rest) = self.rest.split_at(stop);
        self.rest = rest;
        if self.rest.starts_with('"') {
            let flaw = Flaw::Shape("a quotation mark inside a field that does not begin with one".into());
            return Err(Problem::at(
                self.line,
                "",
                field,
                flaw,
                "the whole field in quotation marks, and each one inside it doubled",
            ));
        }
        Ok((Cow::Borrowed(field), self.end()?))
    }

    /// A field in quotation marks; a doubled one is one, and line ends belong to the field.
    fn quoted(&mut self, record: &Record<'t>) -> Result<(Cow<'t, str>, End), Problem> {
        let opened = self.line;
        let mut field = Cow::Borrowed("");
        self.rest = &self.rest[1..];
        loop {
            let Some((part, after)) = self.rest.split_once('"') else {
                let flaw =
                    Flaw::Shape(format!("the quotation mark of field {} is not closed", record.fields.len() + 1));
                return Err(Problem::at(
                    opened,
                    "",
                    self.rest,
                    flaw,
                    "a second quotation mark at the end of the field",
                ));
            };
            self.line += part.bytes().filter(|byte| *byte == b'\n').count() as u64;
            field += part;
            // A forgotten quotation mark would gather the file into one field: stop as soon as it is too long.
            if field.len() > FIELD_BYTES_MAX {
                let flaw =
                    Flaw::TooLarge(format!("the field that is opened here has more than {FIELD_BYTES_MAX} bytes"));
                return Err(Problem::at(opened, "", &field, flaw, "a second quotation mark at the end of the field"));
            }
            match after.strip_prefix('"') {
                Some(rest) => {
                    field += "\"";
                    self.rest = rest;
                }
                None => {
                    self.rest = after;
                    return Ok((field, self.end()?));
                }
            }
        }
    }

    /// What follows a field.
    fn end(&mut self) -> Result<End, Problem> {
        let mut chars = self.rest.chars();
        let end = match chars.next() {
            None => End::Record,
            Some(c) if c == self.delimiter => End::Field,
            Some('\n') => End::Record,
            Some('\r') if chars.next() == Some('\n') => End::Record,
            Some('\r') => {
                let flaw = Flaw::Shape("a carriage return without a line feed".into());
                return Err(Problem::at(self.line, "", "", flaw, "lines that end in LF or CR LF"));
            }
            Some(c) => {
                let flaw = Flaw::Shape("text after a closing quotation mark".into());
                return Err(Problem::at(
                    self.line,
                    "",
                    &c.to_string(),
                    flaw,
                    "a quotation mark inside a field is written twice",
                ));
            }
        };
        if matches!(end, End::Record) {
            self.line += 1;
        }
        self.rest = chars.as_str();
        // "a," ends in an empty field, which the next turn reads even at the end of the file.
        if matches!(end, End::Field) && self.rest.is_empty() {
            self.rest = "\n";
        }
        Ok(end)
    }
}

/// What comes after a field.
enum End {
    Field,
    Record,
}

impl<'t> Iterator for Records<'t> {
    type Item = Result<Record<'t>, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut record = Record::default();
        match self.read(&mut record) {
            Ok(true) => Some(Ok(record)),
            Ok(false) => None,
            Err(problem) => Some(Err(problem)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn read(text: &str) -> Vec<(u64, Vec<String>)> {
        Records::new(text, ',', 1)
            .map(|record| record.unwrap())
            .map(|record| (record.line, record.fields.into_iter().map(Cow::into_owned).collect()))
            .collect()
    }
    fn refusal(text: &str) -> String {
        Records::new(text, ',', 1).find_map(Result::err).unwrap().to_string()
    }

    #[test]
    fn fields_lines_and_quotation_marks() {
        assert_eq!(
            read("a,b\r\n1,\"x, \"\"y\"\"\nz\"\n\n2,\n"),
            [
                (1, vec!["a".into(), "b".into()]),
                (2, vec!["1".into(), "x, \"y\"\nz".into()]),
                (5, vec!["2".into(), String::new()]),
            ]
        );
    }

    #[test]
    fn the_last_line_needs_no_end() {
        assert_eq!(read("a,b"), [(1, vec!["a".into(), "b".into()])]);
        assert_eq!(read("a,"), [(1, vec!["a".into(), String::new()])]);
        assert_eq!(read("a,\"\""), [(1, vec!["a".into(), String::new()])]);
    }

    #[test]
    fn a_title_above_the_heading_is_passed_over() {
        let records: Vec<_> = Records::new("Table 7\n\na;b\n1;2\n", ';', 3).map(Result::unwrap).collect();
        assert_eq!((records[0].line, records[1].line), (3, 4));
        assert_eq!(records[1].fields, ["1", "2"]);
        assert_eq!(Records::new("one line", ',', 9).count(), 0);
        assert_eq!(Records::new("one line", ',', u64::MAX).count(), 0, "and at once");
    }

    #[test]
    fn what_another_reader_would_repair_is_refused() {
        assert!(
            refusal("a,b\n1,\"x\n2,y\n")
                .starts_with("line 2, \"x\\n2,y\\n\": not well-formed: the quotation mark of field 2 is not closed")
        );
        assert!(refusal("a\n\"x\"y\n").contains("text after a closing quotation mark"));
        assert!(refusal("a\n5\" pipe\n").contains("inside a field"));
        assert!(refusal("a\rb\r").contains("carriage return"));
    }

    #[test]
    fn rows_columns_and_fields_have_bounds() {
        assert!(refusal(&"x,".repeat(COLUMNS_MAX)).contains("columns"));
        assert!(refusal(&format!("a\n{}\n", "x".repeat(FIELD_BYTES_MAX + 1))).contains("a field of"));
        assert!(refusal(&format!("a\n\"{}\"\n", "x\"\"".repeat(FIELD_BYTES_MAX))).contains("opened here"));
        let rows = "x\n".repeat(ROWS_MAX + 1);
        assert_eq!(Records::new(&rows, ',', 1).filter(Result::is_ok).count(), ROWS_MAX + 1);
        assert!(refusal(&format!("{rows}x\n")).contains("200000 rows"));
    }

    #[test]
    fn nothing_is_read_after_a_refusal() {
        let mut records = Records::new("a\n\"x\"y\nb\n", ',', 1);
        assert!(records.next().unwrap().is_ok());
        assert!(records.next().unwrap().is_err());
        assert!(records.next().is_none());
    }
}
