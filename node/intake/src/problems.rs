//! What is wrong with a file, in words a person can act on: the line, the column, the value, and what is accepted
//! instead. A file with one problem gives no table at all, so the list names every problem at once, up to a bound.
//!
//! Not here: findings about figures that are possible but odd. Those are `vrs_protocol::check`, and stop nobody.

use std::fmt;

/// Most problems that are written out; the rest is counted. A hundred is more than a person repairs in one sitting.
pub const PROBLEMS_MAX: usize = 100;
/// After so many problems the rest of a file is not read: each costs a search for the nearest accepted word, and a file
/// made of nothing else must not keep the node busy.
pub const NOTED_MAX: usize = 1_000;
/// Most characters of a refused value that are repeated.
const VALUE_CHARS_MAX: usize = 60;

/// What kind of problem it is. The sentence is the [`fmt::Display`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// Bytes that are not UTF-8 text, with the guess of what they are.
    #[error("the file is not UTF-8 text: {0}")]
    Encoding(String),
    /// More than one of the bounds of intake allows.
    #[error("too large: {0}")]
    TooLarge(String),
    /// Nothing to read.
    #[error("there is nothing in it: {0}")]
    Empty(&'static str),
    /// Not the shape of delimited text.
    #[error("not well-formed: {0}")]
    Shape(String),
    /// The first row does not name the columns that are needed.
    #[error("the columns are not the expected ones: {0}")]
    Columns(String),
    /// A column that looks like it identifies a person.
    #[error("this looks like {0}; the node takes counts, and never what identifies a person")]
    Personal(&'static str),
    /// A form the catalogue does not have.
    #[error("no such form")]
    UnknownForm,
    /// Not a period.
    #[error("no such period: {0}")]
    UnknownPeriod(String),
    /// Figures of somebody else.
    #[error("not a participant whose figures are imported here")]
    Participant,
    /// A code or label outside its list.
    #[error("unknown {0}")]
    UnknownCode(String),
    /// A label that is known and still no code of the column.
    #[error("{0}")]
    Label(String),
    /// A number that is not a count.
    #[error("not a count: {0}")]
    NotACount(&'static str),
    /// A field of a fee, a step or an answer that cannot be.
    #[error("{0}")]
    Figure(String),
    /// A value together with codes that say there is none, or the other way round.
    #[error("value and status contradict each other: {0}")]
    Status(String),
    /// The same cell a second time.
    #[error("the same cell stands already in line {0}")]
    Duplicate(u64),
    /// Arithmetic that cannot be.
    #[error("impossible sum: {0}")]
    Sum(String),
    /// Rows that ought to be there are not.
    #[error("rows are missing: {0}")]
    Missing(String),
    /// The metadata block cannot be read.
    #[error("the metadata cannot be read: {0}")]
    Metadata(String),
    /// The mapping file itself cannot be followed.
    #[error("the mapping cannot be followed: {0}")]
    Mapping(String),
}

/// One problem of one file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Problem {
    /// Name of the file, where several were read together.
    pub file: Option<Box<str>>,
    /// Line of the file, counted from 1 as an editor does; 0 where the whole file is meant.
    pub line: u64,
    /// The column's heading; empty where no column is meant.
    pub column: Box<str>,
    /// The value as it stands in the file, cut; empty where no value is meant.
    pub value: Box<str>,
    /// What is wrong.
    #[serde(rename = "problem", serialize_with = "in_words")]
    pub flaw: Flaw,
    /// What is accepted instead.
    pub accepted: Box<str>,
    /// In how many later rows the same stands; they are not listed again.
    pub again: usize,
}

impl Problem {
    /// A problem of the whole file.
    pub fn of_file(flaw: Flaw, accepted: impl Into<Box<str>>) -> Self {
        Self::at(0, "", "", flaw, accepted)
    }
    /// A problem of one field.
    pub fn at(line: u64, column: &str, value: &str, flaw: Flaw, accepted: impl Into<Box<str>>) -> Self {
        Self { file: None, line, column: column.into(), value: cut(value), flaw, accepted: accepted.into(), again: 0 }
    }

    fn same(&self, other: &Self) -> bool {
        (!self.value.is_empty() || self.line == 0)
            && self.column == other.column
            && self.value == other.value
            && self.flaw == other.flaw
            && self.file == other.file
    }
}

fn in_words<S: serde::Serializer>(flaw: &Flaw, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(flaw)
}

/// The value, short enough to be repeated in a sentence.
fn cut(value: &str) -> Box<str> {
    match value.char_indices().nth(VALUE_CHARS_MAX) {
        None => value.into(),
        Some((end, _)) => format!("{}…", &value[..end]).into(),
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut place: Vec<String> = self.file.iter().map(ToString::to_string).collect();
        if self.line > 0 {
            place.push(format!("line {}", self.line));
        }
        if !self.column.is_empty() {
            place.push(format!("column {}", self.column));
        }
        if !self.value.is_empty() {
            place.push(format!("{:?}", self.value));
        }
        if !place.is_empty() {
            write!(f, "{}: ", place.join(", "))?;
        }
        write!(f, "{}", self.flaw)?;
        if !self.accepted.is_empty() {
            write!(f, "; accepted: {}", self.accepted)?;
        }
        if self.again > 0 && self.line > 0 {
            write!(f, " (the same in {} more {})", self.again, if self.again == 1 { "row" } else { "rows" })?;
        }
        Ok(())
    }
}

/// Every problem of a refused file, in the order of its lines; never empty once it is an error.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Problems {
    /// The first [`PROBLEMS_MAX`] of them.
    pub listed: Vec<Problem>,
    /// How many more there are.
    pub more: usize,
    /// The file was not read to its end, because of [`NOTED_MAX`].
    pub unread: bool,
    noted: usize,
}

impl Problems {
    /// Notes one more. A label that nobody knows stands in many rows and is one problem.
    pub fn push(&mut self, problem: Problem) {
        self.noted += 1;
        if let Some(known) = self.listed.iter_mut().find(|known| known.same(&problem)) {
            known.again += 1 + problem.again;
        } else if self.listed.len() < PROBLEMS_MAX {
            self.listed.push(problem);
        } else {
            self.more += 1;
        }
    }
    /// Whether reading on is of no use; remembers that the file has an unread rest.
    pub fn full(&mut self) -> bool {
        self.unread |= self.noted >= NOTED_MAX;
        self.unread
    }
    /// Whether nothing was noted.
    pub fn is_empty(&self) -> bool {
        self.listed.is_empty()
    }
    /// Takes over those of another pass over the same file.
    pub fn absorb(&mut self, other: Self) {
        other.listed.into_iter().for_each(|problem| self.push(problem));
        self.more += other.more;
        self.unread |= other.unread;
    }
    /// The value, or the problems if there are any: nothing of a refused file is half taken.
    pub fn or<T>(mut self, value: T) -> Result<T, Self> {
        if self.is_empty() {
            return Ok(value);
        }
        self.listed.sort_by_key(|problem| problem.line);
        Err(self)
    }
}

impl From<Problem> for Problems {
    fn from(problem: Problem) -> Self {
        Self { listed: vec![problem], noted: 1, ..Self::default() }
    }
}

/// One problem a line, and a last line that counts those left out.
impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.listed.iter().enumerate() {
            if i > 0 {
                f.write_str("\n")?;
            }
            write!(f, "{problem}")?;
        }
        if self.more > 0 {
            write!(f, "\nand {} more", self.more)?;
        }
        if self.unread {
            f.write_str("\nthe rest of the file was not read")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}

/// The accepted words nearest to a refused one, for "did you mean"; at most three, nearest first.
pub fn nearest<'a>(word: &str, accepted: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let word: Vec<char> = word.chars().take(VALUE_CHARS_MAX).flat_map(char::to_lowercase).collect();
    // Two letters exchanged count as two changes, and are the commonest slip.
    let limit = word.len().div_ceil(3).max(1);
    let mut found: Vec<(usize, &str)> = accepted
        .filter(|candidate| candidate.len().abs_diff(word.len()) <= 3 * limit)
        .map(|candidate| {
            (distance(&word, &candidate.chars().flat_map(char::to_lowercase).collect::<Vec<_>>()), candidate)
        })
        .filter(|(distance, _)| *distance <= limit)
        .collect();
    found.sort();
    found.dedup();
    found.into_iter().take(3).map(|(_, candidate)| candidate).collect()
}

/// Levenshtein distance: how many letters must be changed, added or dropped.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let changed = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = changed.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_names_line_column_value_and_what_is_accepted() {
        let problem = Problem::at(7, "value", "12.5", Flaw::NotACount("it has a fraction"), "whole numbers from 0");
        assert_eq!(
            problem.to_string(),
            "line 7, column value, \"12.5\": not a count: it has a fraction; accepted: whole numbers from 0"
        );
        let whole = Problem::of_file(Flaw::Empty("no rows"), "at least one row");
        assert_eq!(whole.to_string(), "there is nothing in it: no rows; accepted: at least one row");
    }

    #[test]
    fn a_long_value_is_cut_and_a_long_list_is_counted() {
        let mut problems = Problems::default();
        for line in 0..250 {
            problems.push(Problem::at(line, "x", &format!("{line}{}", "é".repeat(500)), Flaw::UnknownForm, ""));
        }
        assert_eq!(problems.listed[0].value.chars().count(), VALUE_CHARS_MAX + 1);
        assert_eq!((problems.listed.len(), problems.more), (PROBLEMS_MAX, 150));
        assert!(problems.to_string().ends_with("\nand 150 more"));
        assert!(!problems.full());
        (0..NOTED_MAX).for_each(|_| problems.push(Problem::at(1, "x", "y", Flaw::UnknownForm, "")));
        assert!(problems.full() && problems.to_string().ends_with("\nthe rest of the file was not read"));
        assert!(problems.or(()).is_err());
        assert_eq!(Problems::default().or(5), Ok(5));
    }

    #[test]
    fn the_same_value_in_many_rows_is_one_problem() {
        let mut problems = Problems::default();
        for line in 2..12 {
            problems.push(Problem::at(line, "country", "Atlantis", Flaw::UnknownCode("country".into()), "a code"));
        }
        assert_eq!(
            problems.to_string(),
            "line 2, column country, \"Atlantis\": unknown country; accepted: a code (the same in 9 more rows)"
        );
    }

    #[test]
    fn the_nearest_word_is_offered_first() {
        let names = ["Austria", "Australia", "Italy", "Mali", "Malta"];
        assert_eq!(nearest("Austrla", names.into_iter())[0], "Austria");
        assert_eq!(nearest("malta", names.into_iter()), ["Malta", "Mali"]);
        assert!(nearest("Atlantis", names.into_iter()).is_empty());
    }
}
