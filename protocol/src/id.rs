//! The names things go by: participants, forms, topics and codes. Each is parsed once at the edge and cannot be wrong
//! afterwards; printing is the exact inverse of parsing.

use std::fmt;

/// A text that is not the name it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is not a {what}: {accepted}")]
pub struct IdError {
    /// What was expected, for example `participant code`.
    pub what: &'static str,
    /// The text that was given, cut at 40 characters.
    pub text: String,
    /// What would have been accepted.
    pub accepted: &'static str,
}

impl IdError {
    pub(crate) fn new(what: &'static str, text: &str, accepted: &'static str) -> Self {
        Self { what, text: text.chars().take(40).collect(), accepted }
    }
}

/// Defines a validated text newtype with parse, print, serde and CBOR (text string).
macro_rules! text_name {
    ($(#[$doc:meta])* $name:ident, $what:literal, $accepted:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(Box<str>);

        impl $name {
            /// Reads the name; the error says what is accepted.
            pub fn parse(text: &str) -> Result<Self, $crate::id::IdError> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) { Ok(Self(text.into())) } else { Err($crate::id::IdError::new($what, text, $accepted)) }
            }
            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(&self.0)
            }
        }
        impl std::str::FromStr for $name {
            type Err = $crate::id::IdError;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::parse(text)
            }
        }
        impl TryFrom<String> for $name {
            type Error = $crate::id::IdError;
            fn try_from(text: String) -> Result<Self, Self::Error> {
                Self::parse(&text)
            }
        }
        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0.into()
            }
        }
        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(&self, e: &mut minicbor::Encoder<W>, _: &mut C) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.str(&self.0)?.ok()
            }
        }
        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                Self::parse(d.str()?).map_err(|_| minicbor::decode::Error::message(concat!("not a ", $what)))
            }
        }
    };
}

text_name! {
    /// A participant's label: ISO 3166-1 alpha-3 where there is one (`AUS`), else 4 to 8 capitals (`PIDC`).
    /// In signed things a participant is a [`ParticipantId`]; the code is what people read.
    ParticipantCode, "participant code", "3 to 8 capital letters, such as AUS or PIDC",
    |text| (3..=8).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase())
}

text_name! {
    /// The stable key of a form: `SM_MOD`, or `IN` where a topic is one form.
    FormCode, "form code", "a form of the catalogue, such as IE_CIT",
    |text| (2..=12).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        && text.as_bytes()[0].is_ascii_uppercase()
}

text_name! {
    /// The stable key of a topic, the group of forms about one subject: `IE` for illegal entries.
    TopicCode, "topic code", "two capital letters, such as IE",
    |text| text.len() == 2 && text.bytes().all(|b| b.is_ascii_uppercase())
}

text_name! {
    /// One code of one dimension of a cell: a country, an age band, a point, or a reserved code such as `_T`.
    Code, "code", "1 to 24 letters, digits, '_', '-' or '.'",
    |text| (1..=24).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

impl Code {
    /// `_T`: the total over this dimension.
    pub const TOTAL: &'static str = "_T";
    /// `_O`: other values, not itemised; the remainder of a list.
    pub const OTHER: &'static str = "_O";
    /// `_U`: not known to the reporter.
    pub const UNKNOWN: &'static str = "_U";
    /// `_Z`: the dimension does not apply.
    pub const NOT_APPLICABLE: &'static str = "_Z";

    /// The total over a dimension.
    pub fn total() -> Self {
        Self(Self::TOTAL.into())
    }
    /// The remainder of a list.
    pub fn other() -> Self {
        Self(Self::OTHER.into())
    }
    /// Unknown to the reporter.
    pub fn unknown() -> Self {
        Self(Self::UNKNOWN.into())
    }
    /// Whether this is one of the reserved codes, which exist in every list.
    pub fn is_reserved(&self) -> bool {
        matches!(self.as_str(), Self::TOTAL | Self::OTHER | Self::UNKNOWN | Self::NOT_APPLICABLE)
    }
}

/// A participant, as the index of the ledger line that admitted it. It never changes and is never used again.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[serde(transparent)]
#[cbor(transparent)]
pub struct ParticipantId(#[n(0)] pub u64);

impl fmt::Display for ParticipantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "participant of line {}", self.0)
    }
}

/// Place of a line in the ledger, counted from 0 (the genesis line).
pub type LineIndex = u64;

/// A region's name as it stands in host names and origins: lower-case letters and digits, words joined by hyphens.
pub fn region_slug(region: &str) -> String {
    let words = region.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_ascii_lowercase).collect::<Vec<_>>().join("-")
}

/// The name the hub's certificate carries and nodes expect.
pub fn hub_server_name(region: &str) -> String {
    format!("hub.{}.vrs", region_slug(region))
}

/// Origin line of the region's checkpoints (C2SP tlog-checkpoint).
pub fn origin(region: &str) -> String {
    format!("vrs/{}", region_slug(region))
}

/// SAN URI of a participant's node certificate, in SPIFFE form.
pub fn node_uri(region: &str, code: &ParticipantCode) -> String {
    format!("spiffe://{}.vrs/participant/{code}/node/1", region_slug(region))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_print_as_they_were_read() {
        for text in ["AUS", "PIDC", "MICRONES"] {
            assert_eq!(ParticipantCode::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "AU", "aus", "AUS1", "TOOLONGXX", "ÄÖÜ"] {
            assert!(ParticipantCode::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn form_codes_begin_with_a_letter() {
        assert!(FormCode::parse("SM_MOD").is_ok());
        assert!(FormCode::parse("_MOD").is_err());
        assert!(FormCode::parse("sm_mod").is_err());
    }

    #[test]
    fn a_code_has_a_bound() {
        assert!(Code::parse(&"A".repeat(24)).is_ok());
        assert!(Code::parse(&"A".repeat(25)).is_err());
        assert!(Code::parse("A B").is_err());
    }

    #[test]
    fn a_region_has_one_spelling_in_names() {
        assert_eq!(region_slug("Bali Process / Pilot 2"), "bali-process-pilot-2");
        assert_eq!(hub_server_name("Demo"), "hub.demo.vrs");
        assert_eq!(
            node_uri("Demo", &ParticipantCode::parse("GBR").unwrap()),
            "spiffe://demo.vrs/participant/GBR/node/1"
        );
    }
}
