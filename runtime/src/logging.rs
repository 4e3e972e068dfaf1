//! The log: sentences on standard error, for a person or for a machine.
//!
//! The rule it keeps: standard output belongs to answers, so nothing is ever logged there. What may stand in a line
//! (never figures, keys, passwords or cookies) is decided where it is written, not here.

use std::io::IsTerminal;

use serde::{Deserialize, Serialize};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// How the log looks. Part of the programs' settings, as `[log]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogSettings {
    /// `text` for people, `json` for machines: one object a line.
    pub format: LogFormat,
    /// What is logged: a level, or levels by module: `info`, `warn,vrs_hub=debug`.
    pub filter: String,
}

/// The form of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: one object a line.
    Json,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info".to_owned() }
    }
}

/// Why there is no log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoggingError {
    /// The filter cannot be read.
    #[error("the setting log.filter cannot be read ({0}); write for example: info,vrs_runtime=debug")]
    Filter(String),
    /// Somebody began a log before.
    #[error("the log was begun twice")]
    Begun,
}

/// Begins the log of this process. Once.
///
/// # Errors
/// When the filter cannot be read, or a log was begun before.
pub fn begin(settings: &LogSettings) -> Result<(), LoggingError> {
    let log = tracing_subscriber::registry().with(filter(settings)?);
    let lines = fmt::layer().with_writer(std::io::stderr);
    let begun = match settings.format {
        LogFormat::Json => log.with(lines.json().flatten_event(true)).try_init(),
        LogFormat::Text => {
            // NO_COLOR is the convention of no-color.org: set to anything, it asks for none.
            let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|no| no.is_empty());
            log.with(lines.with_ansi(colour)).try_init()
        }
    };
    begun.map_err(|_| LoggingError::Begun)
}

fn filter(settings: &LogSettings) -> Result<Targets, LoggingError> {
    settings
        .filter
        .parse()
        .map_err(|error: tracing_subscriber::filter::ParseError| LoggingError::Filter(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_that_cannot_be_read_is_refused_with_an_example() {
        let settings = |filter: &str| LogSettings { filter: filter.to_owned(), ..LogSettings::default() };
        assert!(filter(&settings("warn,vrs_hub=debug")).is_ok());
        let refused = filter(&settings("vrs_hub=loudly")).expect_err("no such level").to_string();
        assert!(refused.contains("log.filter") && refused.contains("info,vrs_runtime=debug"), "{refused}");
    }

    #[test]
    fn a_log_begins_once() {
        let json = LogSettings { format: LogFormat::Json, ..LogSettings::default() };
        assert_eq!(begin(&json), Ok(()));
        assert_eq!(begin(&LogSettings::default()), Err(LoggingError::Begun));
    }
}
