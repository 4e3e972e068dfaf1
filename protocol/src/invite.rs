//! An invite: what a hub gives to one participant so that its node can find the hub, know it again and prove that it is
//! the one who was invited.
//!
//! ```text
//! vrs-invite-1.<base64url, no padding, of: deterministic CBOR ‖ first 4 bytes of its SHA-256>
//! ```
//!
//! It is one word, so that it survives a letter or a telephone text; the four bytes tell a mistyped or cut one from a
//! wrong one. It holds a one-time secret and travels as a password does. What the hub does with it is not here.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use minicbor::{Decode, Encode};

use crate::codec;
use crate::hash::Hash;
use crate::id::ParticipantCode;
use crate::time::Timestamp;

/// What every invite of this version begins with.
pub const INVITE_PREFIX: &str = "vrs-invite-1.";
/// Longest invite that is read, in characters: address and region name at their longest stay below it.
const TEXT_LEN_MAX: usize = 1_024;
/// Longest address and region name, in bytes. A host name has at most 253.
const NAME_BYTES_MAX: usize = 260;
/// How many bytes of the hash guard against mistyping.
const CHECK_BYTES: usize = 4;

/// The one-time secret of an invite. Never shown by formatting.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct InviteSecret(pub [u8; 32]);

impl InviteSecret {
    /// What the hub keeps of it.
    pub fn hash(&self) -> Hash {
        Hash::of(&self.0)
    }
}

impl fmt::Debug for InviteSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InviteSecret(…)")
    }
}

impl<C> Encode<C> for InviteSecret {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}
impl<'b, C> Decode<'b, C> for InviteSecret {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        d.bytes()?.try_into().map(Self).map_err(|_| minicbor::decode::Error::message("a secret has 32 bytes"))
    }
}

/// An invitation to join a region.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Invite {
    /// Where the hub listens: `host:port`.
    #[n(0)]
    pub address: String,
    /// Name of the region.
    #[n(1)]
    pub region: String,
    /// The code the participant was invited as.
    #[n(2)]
    pub code: ParticipantCode,
    /// SHA-256 of the region's root certificate (DER): whom the node believes before it has anything else.
    #[n(3)]
    pub root: Hash,
    /// The one-time secret.
    #[n(4)]
    pub secret: InviteSecret,
    /// Not accepted from this instant on.
    #[n(5)]
    pub expires: Timestamp,
}

/// Why a text is not an invite.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InviteError {
    /// It begins with something else.
    #[error("this is not an invite; it begins with {INVITE_PREFIX} and is one word")]
    Prefix,
    /// Cut, mistyped or too long.
    #[error("the invite is damaged: copy it again, whole and without changes")]
    Damaged,
    /// Whole, and what it says cannot be used.
    #[error("the invite cannot be used: {0}")]
    Unusable(&'static str),
}

impl Invite {
    /// Reads an invite. White space around and in it is ignored, because letters and terminals break lines.
    pub fn parse(text: &str) -> Result<Self, InviteError> {
        if text.len() > TEXT_LEN_MAX {
            return Err(InviteError::Damaged);
        }
        let word: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let coded = word.strip_prefix(INVITE_PREFIX).ok_or(InviteError::Prefix)?;
        let bytes = BASE64URL_NOPAD.decode(coded.as_bytes()).map_err(|_| InviteError::Damaged)?;
        let (said, check) = bytes.split_last_chunk::<CHECK_BYTES>().ok_or(InviteError::Damaged)?;
        if Hash::of(said).0[..CHECK_BYTES] != check[..] {
            return Err(InviteError::Damaged);
        }
        let invite: Self =
            codec::decode_strict(said).map_err(|_| InviteError::Unusable("it was made by another version"))?;
        invite.check()?;
        Ok(invite)
    }

    /// Whether the parts can be used: an address with a port, and names of a length that is read back.
    pub fn check(&self) -> Result<(), InviteError> {
        let plain =
            |text: &str| !text.is_empty() && text.len() <= NAME_BYTES_MAX && !text.chars().any(char::is_control);
        let port = self
            .address
            .rsplit_once(':')
            .and_then(|(host, port)| (!host.is_empty()).then_some(port)?.parse::<u16>().ok());
        if !plain(&self.address) || self.address.contains(char::is_whitespace) || port.is_none_or(|port| port == 0) {
            return Err(InviteError::Unusable("its address is not host:port"));
        }
        if !plain(&self.region) {
            return Err(InviteError::Unusable("its region has no usable name"));
        }
        Ok(())
    }
}

impl fmt::Display for Invite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bytes = codec::to_bytes(self);
        let check = Hash::of(&bytes);
        bytes.extend_from_slice(&check.0[..CHECK_BYTES]);
        write!(f, "{INVITE_PREFIX}{}", BASE64URL_NOPAD.encode(&bytes))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn sample() -> Invite {
        Invite {
            address: "hub.example.org:7443".into(),
            region: "Demo Region".into(),
            code: ParticipantCode::parse("GBR").unwrap(),
            root: Hash::of(b"root"),
            secret: InviteSecret([7; 32]),
            expires: Timestamp(1_800_000_000),
        }
    }

    #[test]
    fn an_invite_prints_as_it_was_read() {
        let text = sample().to_string();
        assert!(text.starts_with(INVITE_PREFIX) && text.len() < 250, "{} characters", text.len());
        assert_eq!(Invite::parse(&text).unwrap(), sample());
        let wrapped = format!("  {}\r\n {}\n", &text[..60], &text[60..]);
        assert_eq!(Invite::parse(&wrapped).unwrap(), sample());
    }

    #[test]
    fn a_cut_or_mistyped_invite_says_that_it_is_damaged() {
        let text = sample().to_string();
        for at in [INVITE_PREFIX.len(), 40, text.len() - 1] {
            assert_eq!(Invite::parse(&text[..at]), Err(InviteError::Damaged), "cut at {at}");
            let mut other = text.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            assert_eq!(Invite::parse(&String::from_utf8(other).unwrap()), Err(InviteError::Damaged), "changed at {at}");
        }
        assert_eq!(Invite::parse(&format!("{text}{}", "A".repeat(2_000))), Err(InviteError::Damaged));
        assert_eq!(Invite::parse("vrs-invite-2.AAAA"), Err(InviteError::Prefix));
        assert_eq!(Invite::parse(""), Err(InviteError::Prefix));
    }

    #[test]
    fn an_address_without_a_port_cannot_be_used() {
        for address in ["hub.example.org", ":7443", "hub:0", "hub:x", "two words:1", "hub:99999"] {
            let invite = Invite { address: address.into(), ..sample() };
            assert!(matches!(Invite::parse(&invite.to_string()), Err(InviteError::Unusable(_))), "{address}");
        }
        assert!(Invite::parse(&Invite { address: "[::1]:7443".into(), ..sample() }.to_string()).is_ok());
    }

    #[test]
    fn formatting_does_not_show_the_secret() {
        assert!(!format!("{:?}", sample()).contains("7, 7"));
    }
}
