//! What a command has to say: facts for standard output, as aligned lines or as one JSON object, and advice for the
//! person at the terminal on standard error.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use serde_json::Value;

/// Why a command did not end well; the sentence says what to do next.
pub(crate) type Problem = Box<dyn std::error::Error>;

/// What a command has to say.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// In the order in which they are told.
    facts: Vec<(String, Value)>,
    /// Stands for the facts where lines of names and values would be hard to read.
    words: Option<String>,
    advice: Vec<String>,
}

impl Outcome {
    /// Adds a fact. Its name is the key in JSON; in words, underscores become blanks.
    pub(crate) fn fact(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.facts.push((name.to_owned(), value.into()));
        self
    }

    /// Says the facts in these words instead of line by line.
    pub(crate) fn in_words(mut self, words: String) -> Self {
        self.words = Some(words);
        self
    }

    /// Adds a sentence for the person at the terminal.
    pub(crate) fn advise(mut self, sentence: impl Into<String>) -> Self {
        self.advice.push(sentence.into());
        self
    }

    /// Prints everything.
    pub(crate) fn print(self, json: bool) -> Result<(), Problem> {
        let text = match (json, self.words) {
            (true, _) => serde_json::to_string_pretty(&Value::Object(self.facts.into_iter().collect()))? + "\n",
            (false, Some(words)) => words,
            (false, None) => lines(&self.facts),
        };
        io::stdout().lock().write_all(text.as_bytes())?;
        let mut stderr = io::stderr().lock();
        for sentence in self.advice {
            writeln!(stderr, "{sentence}")?;
        }
        Ok(())
    }
}

fn lines(facts: &[(String, Value)]) -> String {
    let width = facts.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (name, value) in facts {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{:width$}  {}", name.replace('_', " "), words(value));
    }
    text
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(values) if values.is_empty() => "none".to_owned(),
        Value::Array(values) => values.iter().map(words).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_aligned_and_lists_are_told() {
        let outcome = Outcome::default().fact("region", "Demo").fact("revoked", vec!["a", "b"]).fact("here", false);
        assert_eq!(lines(&outcome.facts), "region   Demo\nrevoked  a, b\nhere     no\n");
    }
}
