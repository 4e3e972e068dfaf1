//! Answers of a command on standard output, as text or as JSON; everything else a person should know goes to standard error.
//!
//! The rule it keeps: what others wrote is words on a terminal and never a command to it.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::exit::Exit;

/// How answers are printed. Clones are the same output.
#[derive(Debug, Clone)]
pub struct Output {
    json: bool,
    /// Whether an answer did not get out.
    failed: Arc<AtomicBool>,
}

impl Output {
    /// Answers in JSON, or as text.
    #[must_use]
    pub fn new(json: bool) -> Self {
        Self { json, failed: Arc::default() }
    }

    /// Prints an answer: the value as one line of JSON, or the text. One that cannot be printed is said and remembered for
    /// [`Output::exit`]: an answer may be a secret that is shown once.
    pub fn answer(&self, value: &impl Serialize, text: impl FnOnce() -> String) {
        self.answer_to(&mut io::stdout().lock(), value, text);
    }

    fn answer_to(&self, to: &mut impl Write, value: &impl Serialize, text: impl FnOnce() -> String) {
        let line = if self.json { serde_json::to_string(value).map_err(io::Error::from) } else { Ok(plain(&text())) };
        let printed = line.and_then(|mut line| {
            if !line.is_empty() && !line.ends_with('\n') {
                line.push('\n');
            }
            to.write_all(line.as_bytes())?;
            to.flush()
        });
        if let Err(error) = printed {
            self.failed.store(true, Ordering::Relaxed);
            self.aside(&format!(
                "The answer could not be printed ({error}). What was asked may be done all the same: look before you ask again."
            ));
        }
    }

    /// Tells a person something besides the answer.
    pub fn aside(&self, sentence: &str) {
        let _ = writeln!(io::stderr(), "{}", plain(sentence));
    }

    /// How a command ends that would end so: as one that failed, if an answer did not get out.
    #[must_use]
    pub fn exit(&self, exit: Exit) -> Exit {
        if exit == Exit::Done && self.failed.load(Ordering::Relaxed) { Exit::Failed } else { exit }
    }
}

/// Text without control characters but ends of lines and tabs: texts of peers stand in it.
#[must_use]
pub fn plain(text: &str) -> String {
    let letter = |letter: char| if letter.is_control() && !matches!(letter, '\n' | '\t') { '\u{fffd}' } else { letter };
    text.chars().map(letter).collect()
}

/// Columns of text under headings, as wide as they need to be; numbers stand right.
#[must_use]
pub fn columns(headings: &[&str], rows: &[Vec<String>]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain([headings[column].chars().count()]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..headings.len()).map(width).collect();
    let number = |cell: &str| !cell.is_empty() && cell.chars().all(|c| c.is_ascii_digit() || c == ',');
    let line = |cells: Vec<&str>| {
        let padded = cells
            .iter()
            .zip(&widths)
            .map(|(cell, width)| if number(cell) { format!("{cell:>width$}") } else { format!("{cell:<width$}") });
        format!("{}\n", padded.collect::<Vec<_>>().join("  ").trim_end())
    };
    let body = rows.iter().map(|row| line(row.iter().map(String::as_str).collect()));
    std::iter::once(line(headings.to_vec())).chain(body).collect()
}

/// A count with a comma between thousands.
#[must_use]
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_does_not_get_out_makes_the_command_fail() {
        for (json, said) in [(false, "text\n"), (true, "\"value\"\n")] {
            let output = Output::new(json);
            let mut printed = Vec::new();
            output.clone().answer_to(&mut printed, &"value", || "text".to_owned());
            assert_eq!((printed.as_slice(), output.exit(Exit::Done)), (said.as_bytes(), Exit::Done));
            let mut little_room = [0; 2];
            output.clone().answer_to(&mut little_room.as_mut_slice(), &"value", || "text".to_owned());
            assert_eq!([Exit::Done, Exit::Usage].map(|exit| output.exit(exit)), [Exit::Failed, Exit::Usage]);
        }
    }

    #[test]
    fn a_terminal_is_shown_words_and_given_no_commands() {
        assert_eq!(plain("a\u{1b}[2Jb\rc\u{9b}d\u{7f}"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d\u{fffd}");
        assert_eq!(plain("ä\tb\n"), "ä\tb\n");
    }

    #[test]
    fn numbers_stand_right_and_words_left() {
        let rows = vec![vec!["AUS".to_owned(), "1,234".to_owned()], vec!["PIDC".to_owned(), "7".to_owned()]];
        assert_eq!(columns(&["code", "lines"], &rows), "code  lines\nAUS   1,234\nPIDC      7\n");
        assert_eq!(columns(&["code"], &[]), "code\n");
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
