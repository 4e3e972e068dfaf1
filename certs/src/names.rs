//! The two names by which the register knows a certificate: its number, and whose it is.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use vrs_protocol::id::{IdError, ParticipantCode};

/// The number of a certificate, without leading zero bytes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Serial(Box<[u8]>);

impl Serial {
    /// Reads the bytes of a number; leading zero bytes do not count, as DER puts one there or not.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        Self(bytes[zeros..].into())
    }

    /// A new number from 16 random bytes; `None` for the one draw in 256 that begins with zero, so that all have the
    /// same length. Draw again then.
    pub(crate) fn from_chance(bytes: [u8; 16]) -> Option<Self> {
        (bytes[0] != 0).then(|| Self(bytes.into()))
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Serial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&HEXLOWER.encode(&self.0))
    }
}

impl FromStr for Serial {
    type Err = SerialError;

    fn from_str(text: &str) -> Result<Self, SerialError> {
        // RFC 5280 allows 20 bytes; the length is checked first, because decoding allocates.
        if text.len() > 40 {
            return Err(SerialError);
        }
        HEXLOWER.decode(text.as_bytes()).map(|bytes| Self::from_bytes(&bytes)).map_err(|_| SerialError)
    }
}

impl TryFrom<String> for Serial {
    type Error = SerialError;

    fn try_from(text: String) -> Result<Self, SerialError> {
        text.parse()
    }
}

impl From<Serial> for String {
    fn from(serial: Serial) -> Self {
        serial.to_string()
    }
}

/// A text that is not a serial number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a serial number has at most 40 lower-case hexadecimal digits")]
pub struct SerialError;

/// Whom a certificate is for. Written as the participant's code, or `hub`; codes are capitals, so they never clash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Holder {
    /// The region's hub.
    Hub,
    /// The node of a participant.
    Participant(ParticipantCode),
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hub => f.pad("hub"),
            Self::Participant(code) => code.fmt(f),
        }
    }
}

impl FromStr for Holder {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "hub" { Ok(Self::Hub) } else { ParticipantCode::parse(text).map(Self::Participant) }
    }
}

impl TryFrom<String> for Holder {
    type Error = IdError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Holder> for String {
    fn from(holder: Holder) -> Self {
        holder.to_string()
    }
}

impl From<ParticipantCode> for Holder {
    fn from(code: ParticipantCode) -> Self {
        Self::Participant(code)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_serial_has_one_spelling_whatever_zeros_stand_before_it() {
        assert_eq!(Serial::from_bytes(&[0, 0x80, 1]), Serial::from_bytes(&[0x80, 1]));
        let serial = Serial::from_bytes(&[0x80, 1]);
        assert_eq!(serial.to_string(), "8001");
        assert_eq!("8001".parse(), Ok(serial));
        assert_eq!("8G01".parse::<Serial>(), Err(SerialError));
        assert_eq!("00".repeat(21).parse::<Serial>(), Err(SerialError));
        assert!(Serial::from_chance([0; 16]).is_none());
    }

    #[test]
    fn a_holder_is_the_hub_or_a_participant() {
        for text in ["hub", "AUS", "PIDC"] {
            assert_eq!(text.parse::<Holder>().unwrap().to_string(), text);
        }
        assert!("HUB".parse::<Holder>().is_ok_and(|holder| holder != Holder::Hub));
        assert!("Hub".parse::<Holder>().is_err());
    }
}
