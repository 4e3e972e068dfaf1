//! Splits delimited text into records, after RFC 4180 and no more generously. The `csv` crate repairs what it can: an
//! unclosed quotation mark swallows the rest of a file, `"a"b` becomes `ab`. A figure must not come out of a repair,
//! so this reader refuses and names the line instead. Records are read one at a time; none is kept.

use super::problems::{Flaw, Problem};

/// Most data rows of one file.
pub const ROWS_MAX: usize = 200_000;
/// Most columns of one file.
pub const COLUMNS_MAX: usize = 128;
/// Longest field: the longest text a cell may hold, twice, for quotation marks and a margin.
pub const FIELD_BYTES_MAX: usize = 2 * vrs_protocol::cell::TEXT_BYTES_MAX;

/// One record: its first line and its fields, unquoted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Line of the file on which it begins, counted from 1.
    pub line: u64,
    /// The fields, spaces around them included.
    pub fields: Vec<String>,
}

/// Reads records one after the other; stops for good after the first that is not well-formed.
#[derive(Debug)]
pub struct Records<'a> {
    rest: &'a str,
    delimiter: char,
    line: u64,
    rows: usize,
}

impl<'a> Records<'a> {
    /// Begins at `first_line`, counted from 1; what stands above it is a title of the publisher and is passed over.
    pub fn new(text: &'a str, delimiter: char, first_line: u64) -> Self {
        let (mut rest, mut line) = (text, 1);
        // A mapping may name a line far below the end of the file: the file, not the mapping, says how long this takes.
        while line < first_line && !rest.is_empty() {
            rest = rest.split_once('\n').map_or("", |(_, below)| below);
            line += 1;
        }
        Self { rest, delimiter, line: first_line, rows: 0 }
    }

    /// The next record, without those that are blank lines.
    fn read(&mut self) -> Result<Option<Record>, Problem> {
        loop {
            if self.rest.is_empty() {
                return Ok(None);
            }
            let record = self.record()?;
            if record.fields.len() > 1 || !record.fields[0].trim().is_empty() {
                self.rows += 1;
                // The first record is the heading.
                if self.rows > ROWS_MAX + 1 {
                    let flaw = Flaw::TooLarge(format!("a file may have {ROWS_MAX} rows"));
                    return Err(Problem::at(record.line, "", "", flaw, "split the file by period or form"));
                }
                return Ok(Some(record));
            }
        }
    }

    fn record(&mut self) -> Result<Record, Problem> {
        let mut record = Record { line: self.line, fields: Vec::new() };
        loop {
            let (field, end) = if self.rest.starts_with('"') { self.quoted(&record)? } else { self.bare()? };
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
                End::Record => return Ok(record),
            }
        }
    }

    /// A field without quotation marks, up to the delimiter or the end of the line.
    fn bare(&mut self) -> Result<(String, End), Problem> {
        let stop = self.rest.find([self.delimiter, '\n', '\r', '"']).unwrap_or(self.rest.len());
        let field = self.rest[..stop].to_owned();
        self.rest = &self.rest[stop..];
        if self.rest.starts_with('"') {
            let flaw = Flaw::Shape("a quotation mark inside a field that does not begin with one".into());
            return Err(Problem::at(
                self.line,
                "",
                &field,
                flaw,
                "the whole field in quotation marks, and each one inside it doubled",
            ));
        }
        Ok((field, self.end()?))
    }

    /// A field in quotation marks; a doubled one is one, and line ends belong to the field.
    fn quoted(&mut self, record: &Record) -> Result<(String, End), Problem> {
        let opened = self.line;
        let mut field = String::new();
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
            field.push_str(part);
            // A forgotten quotation mark would gather the file into one field: stop as soon as it is too long.
            if field.len() > FIELD_BYTES_MAX {
                let flaw =
                    Flaw::TooLarge(format!("the field that is opened here has more than {FIELD_BYTES_MAX} bytes"));
                return Err(Problem::at(opened, "", &field, flaw, "a second quotation mark at the end of the field"));
            }
            match after.strip_prefix('"') {
                Some(rest) => {
                    field.push('"');
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

impl Iterator for Records<'_> {
    type Item = Result<Record, Problem>;

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.read().transpose();
        if matches!(next, Some(Err(_))) {
            self.rest = "";
        }
        next
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn read(text: &str) -> Vec<(u64, Vec<String>)> {
        Records::new(text, ',', 1).map(|record| record.unwrap()).map(|record| (record.line, record.fields)).collect()
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
