//! Who may get the national figures of a release.
//!
//! On the wire an audience is a tagged array, so that later modes get tags of their own. A tag this version does not
//! know admits nobody; its bytes are kept, because signed bytes are never re-encoded differently.

use std::collections::BTreeSet;
use std::fmt;

use minicbor::data::Type;

use crate::id::{IdError, ParticipantCode, ParticipantId};

/// Most participants one audience may name: a region has at most 60 states.
pub const NAMED_MAX: usize = 100;

/// Who may get the national figures, as signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Audience {
    /// The hub, for sums inside a closed block.
    Totals,
    /// Every participant that shares back ("open").
    Contributors,
    /// These, if they share back with the author: a bilateral matter, in no regional figure.
    Named(BTreeSet<ParticipantId>),
    /// A mode of a later version: admits nobody here. The CBOR array as it came.
    Unknown(Vec<u8>),
}

/// How a participant takes part in a topic and calendar year (Rule 3).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, minicbor::Encode, minicbor::Decode,
)]
#[serde(rename_all = "lowercase")]
#[cbor(index_only)]
pub enum Sharing {
    /// Figures for all who share back.
    #[n(0)]
    Open,
    /// Figures for sums only.
    #[n(1)]
    Totals,
    /// Figures for named participants.
    #[n(2)]
    Named,
}

impl Audience {
    const TOTALS: u8 = 1;
    const CONTRIBUTORS: u8 = 2;
    const NAMED: u8 = 3;

    /// The kind it gives its author in the topic and year. An unknown audience takes part in nothing.
    pub const fn sharing(&self) -> Option<Sharing> {
        match self {
            Self::Totals => Some(Sharing::Totals),
            Self::Contributors => Some(Sharing::Open),
            Self::Named(_) => Some(Sharing::Named),
            Self::Unknown(_) => None,
        }
    }
    /// Whether everybody admitted by `self` is admitted by `other` too. `Totals` admits no participant.
    pub fn within(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Totals, _) => true,
            (Self::Named(mine), Self::Named(theirs)) => mine.is_subset(theirs),
            (Self::Contributors | Self::Named(_), Self::Contributors) => true,
            _ => false,
        }
    }
    /// The widest audience inside both.
    pub fn intersection(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Unknown(bytes), _) | (_, Self::Unknown(bytes)) => Self::Unknown(bytes.clone()),
            (Self::Totals, _) | (_, Self::Totals) => Self::Totals,
            (Self::Contributors, other) => other.clone(),
            (one, Self::Contributors) => one.clone(),
            (Self::Named(one), Self::Named(other)) => Self::Named(one.intersection(other).copied().collect()),
        }
    }
}

impl<C> minicbor::Encode<C> for Audience {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        match self {
            Self::Totals => e.array(1)?.u8(Self::TOTALS)?.ok(),
            Self::Contributors => e.array(1)?.u8(Self::CONTRIBUTORS)?.ok(),
            Self::Named(named) => {
                e.array(2)?.u8(Self::NAMED)?.array(named.len() as u64)?;
                for id in named {
                    id.encode(e, ctx)?;
                }
                Ok(())
            }
            Self::Unknown(bytes) => e.writer_mut().write_all(bytes).map_err(minicbor::encode::Error::write),
        }
    }
}

impl<'b, C> minicbor::Decode<'b, C> for Audience {
    fn decode(d: &mut minicbor::Decoder<'b>, ctx: &mut C) -> Result<Self, minicbor::decode::Error> {
        let wrong = minicbor::decode::Error::message;
        let start = d.position();
        let len = d.array()?.ok_or_else(|| wrong("audience of indefinite length"))?;
        if len == 0 || !matches!(d.datatype()?, Type::U8 | Type::U16 | Type::U32 | Type::U64) {
            return Err(wrong("an audience is an array that begins with its tag"));
        }
        match (d.u64()?, len) {
            (1, 1) => Ok(Self::Totals),
            (2, 1) => Ok(Self::Contributors),
            (3, 2) => {
                let count = d.array()?.ok_or_else(|| wrong("indefinite length"))?;
                if count == 0 || count > NAMED_MAX as u64 {
                    return Err(wrong("an audience names 1 to 100 participants"));
                }
                let mut named = BTreeSet::new();
                for _ in 0..count {
                    let id = ParticipantId::decode(d, ctx)?;
                    if named.last().is_some_and(|last| *last >= id) {
                        return Err(wrong("named participants are not sorted"));
                    }
                    named.insert(id);
                }
                Ok(Self::Named(named))
            }
            (1..=3, _) => Err(wrong("an audience of a known tag with a wrong length")),
            (_, len) => {
                for _ in 1..len {
                    d.skip()?;
                }
                let bytes = d.input().get(start..d.position()).ok_or_else(|| wrong("cut off"))?;
                Ok(Self::Unknown(bytes.to_vec()))
            }
        }
    }
}

/// What a person chooses at the release desk and on the command line: `keep`, `totals`, `contributors` or `named:GBR,FRA`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum AudienceChoice {
    /// Nobody: there is no release.
    Keep,
    /// The hub, for sums only.
    Totals,
    /// Every participant that shares back.
    Contributors,
    /// These, if they share back.
    Named(BTreeSet<ParticipantCode>),
}

/// Why a text is no audience.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AudienceError {
    /// Not one of the four.
    #[error("{0:?} is not an audience; write keep, totals, contributors or named:GBR,FRA")]
    Shape(String),
    /// A named participant is not a code.
    #[error(transparent)]
    Code(#[from] IdError),
}

impl AudienceChoice {
    /// Reads the choice; printing is the exact inverse (codes sorted).
    pub fn parse(text: &str) -> Result<Self, AudienceError> {
        match text {
            "keep" => Ok(Self::Keep),
            "totals" => Ok(Self::Totals),
            "contributors" => Ok(Self::Contributors),
            _ => {
                let shape = || AudienceError::Shape(text.chars().take(60).collect());
                let list = text.strip_prefix("named:").ok_or_else(shape)?;
                let codes: BTreeSet<_> =
                    list.split(',').map(|code| ParticipantCode::parse(code.trim())).collect::<Result<_, _>>()?;
                if codes.is_empty() || codes.len() > NAMED_MAX { Err(shape()) } else { Ok(Self::Named(codes)) }
            }
        }
    }
}

impl fmt::Display for AudienceChoice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keep => f.pad("keep"),
            Self::Totals => f.pad("totals"),
            Self::Contributors => f.pad("contributors"),
            Self::Named(codes) => {
                let codes: Vec<&str> = codes.iter().map(ParticipantCode::as_str).collect();
                write!(f, "named:{}", codes.join(","))
            }
        }
    }
}

impl TryFrom<String> for AudienceChoice {
    type Error = AudienceError;
    fn try_from(text: String) -> Result<Self, AudienceError> {
        Self::parse(&text)
    }
}
impl From<AudienceChoice> for String {
    fn from(choice: AudienceChoice) -> Self {
        choice.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec;

    fn named(ids: &[u64]) -> Audience {
        Audience::Named(ids.iter().map(|id| ParticipantId(*id)).collect())
    }

    #[test]
    fn every_audience_survives_the_wire() {
        for audience in [Audience::Totals, Audience::Contributors, named(&[3, 7])] {
            assert_eq!(codec::decode_strict::<Audience>(&codec::to_bytes(&audience)).unwrap(), audience);
        }
    }

    #[test]
    fn an_unknown_tag_is_kept_and_admits_nobody() {
        let bytes = [0x82, 0x09, 0x63, b'n', b'e', b'w'];
        let audience: Audience = codec::decode_strict(&bytes).unwrap();
        assert_eq!(audience, Audience::Unknown(bytes.to_vec()));
        assert_eq!(audience.sharing(), None);
        assert!(!audience.within(&Audience::Contributors) && !Audience::Contributors.within(&audience));
    }

    #[test]
    fn unsorted_repeated_or_empty_names_are_refused() {
        for bytes in [
            &[0x82, 3, 0x82, 7, 3][..],
            &[0x82, 3, 0x82, 3, 3],
            &[0x82, 3, 0x80],
            &[0x82, 1, 1],
            &[0x80],
            &[0x81, 0x61, b'a'],
        ] {
            assert!(codec::decode_strict::<Audience>(bytes).is_err(), "{bytes:?}");
        }
    }

    #[test]
    fn narrower_means_inside() {
        assert!(named(&[1]).within(&named(&[1, 2])) && named(&[1]).within(&Audience::Contributors));
        assert!(!Audience::Contributors.within(&named(&[1])) && !named(&[1]).within(&Audience::Totals));
        assert_eq!(named(&[1, 2]).intersection(&named(&[2, 3])), named(&[2]));
        assert_eq!(Audience::Contributors.intersection(&Audience::Totals), Audience::Totals);
    }

    #[test]
    fn choices_print_as_they_were_read() {
        for text in ["keep", "totals", "contributors", "named:FRA,GBR"] {
            assert_eq!(AudienceChoice::parse(text).unwrap().to_string(), text);
        }
        for text in ["", "all", "named:", "named:gb", "Keep"] {
            assert!(AudienceChoice::parse(text).is_err(), "{text}");
        }
    }
}
