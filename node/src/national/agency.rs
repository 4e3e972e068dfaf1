//! An agency: an authority of the state that delivers figures. Its code is typed in commands and stands beside figures.

use std::fmt;

use vrs_protocol::id::IdError;

/// What is accepted as an agency's code.
const ACCEPTED: &str = "2 to 16 capitals, digits or underscores, a letter first, such as POLICE";

/// An agency's short name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct AgencyCode(String);

impl AgencyCode {
    /// Reads a code; printing is the exact inverse.
    ///
    /// # Errors
    /// When the text is not of the form that codes have.
    pub fn parse(text: &str) -> Result<Self, IdError> {
        let fits = (2..=16).contains(&text.len())
            && text.starts_with(|first: char| first.is_ascii_uppercase())
            && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
        if fits {
            return Ok(Self(text.to_owned()));
        }
        Err(IdError { what: "agency code", text: text.chars().take(40).collect(), accepted: ACCEPTED })
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AgencyCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl std::str::FromStr for AgencyCode {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for AgencyCode {
    type Error = IdError;
    fn try_from(text: String) -> Result<Self, IdError> {
        Self::parse(&text)
    }
}

impl From<AgencyCode> for String {
    fn from(code: AgencyCode) -> Self {
        code.0
    }
}

/// An agency with the name that people read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Agency {
    /// Its short name.
    pub code: AgencyCode,
    /// Its full name.
    pub name: String,
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn codes_print_as_they_were_read() {
        for text in ["BG", "POLICE", "COAST_GUARD", "A1"] {
            assert_eq!(AgencyCode::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "A", "police", "1A", "A-B", "ABCDEFGHIJKLMNOPQ"] {
            let refused = AgencyCode::parse(text).unwrap_err().to_string();
            assert!(refused.contains("capitals"), "{refused}");
        }
    }
}
