//! The form in which an act is hashed, and what makes a chain of acts.
//!
//! The form is JSON after RFC 8785: one object without white space, its members in the order of their names,
//!
//! ```text
//! {"account":"ana","after":{"state":"approved"},"at":"2026-11-23T21:05:00Z","before":{"state":"prepared"},
//!  "from":"192.0.2.7","number":12,"previous":"64 hexadecimal digits","subject":"release 4","what":"release-approved"}
//! ```
//!
//! where `account` is null if none was named, `previous` is the hash of act 11, and of the first act 64 zeros. The hash of the
//! act is SHA-256 over these bytes. A line of an exported file is the same object with the member `"hash"`, so that anybody
//! checks a line without our program: take `hash` out, write the rest in that form, hash it.
//!
//! The rule it keeps: a line has one spelling. What is missing at the end of a chain no chain can tell; keep the last number
//! and hash elsewhere, as every export does.

use std::fmt;
use std::io::{BufRead, Read};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Facts;

/// A line of an export; three times what the longest act needs.
const LINE_BYTES_MAX: u64 = 64 * 1024;

/// SHA-256 of an act, written as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ActHash(pub [u8; 32]);

impl ActHash {
    /// What the first act carries as the hash of the one before.
    pub const NONE: Self = Self([0; 32]);
}

impl fmt::Display for ActHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for ActHash {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, out)
    }
}

impl Serialize for ActHash {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ActHash {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| serde::de::Error::custom("64 lower-case hexadecimal digits were expected"))
    }
}

/// An act as it stands in the trail. The members are declared in the order of their names, which is the order of the form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedAct {
    /// The account that acted; none: nobody signed in, or whoever may use the folder.
    pub account: Option<String>,
    /// What stands since.
    pub after: Facts,
    /// When, in seconds since 1970-01-01 UTC.
    #[serde(with = "instant")]
    pub at: u64,
    /// What stood before.
    pub before: Facts,
    /// Where from: a network address, `command line (OS user)`, or `the program`.
    pub from: String,
    /// Its place in the trail, from 1 without a gap.
    pub number: u64,
    /// Hash of the act before.
    pub previous: ActHash,
    /// What it is about.
    pub subject: String,
    /// Code of the act.
    pub what: String,
}

/// The members of a line of an export.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    account: Option<String>,
    after: Facts,
    #[serde(with = "instant")]
    at: u64,
    before: Facts,
    from: String,
    hash: ActHash,
    number: u64,
    previous: ActHash,
    subject: String,
    what: String,
}

impl RecordedAct {
    /// The bytes that are hashed.
    #[must_use]
    pub fn canonical(&self) -> Vec<u8> {
        // Texts, whole numbers and maps of texts always become JSON; serde_json escapes as RFC 8785 asks.
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// The hash of the act.
    #[must_use]
    pub fn hash(&self) -> ActHash {
        ActHash(Sha256::digest(self.canonical()).into())
    }

    /// The act as a line of an export, without the line break.
    #[must_use]
    pub fn line(&self, hash: ActHash) -> String {
        let Self { account, after, at, before, from, number, previous, subject, what } = self.clone();
        let line = Line { account, after, at, before, from, hash, number, previous, subject, what };
        serde_json::to_string(&line).unwrap_or_default()
    }

    /// Reads a line of an export, with the hash it claims.
    ///
    /// # Errors
    /// [`ChainFault::NotAnAct`] or [`ChainFault::OtherSpelling`].
    pub fn of_line(text: &str) -> Result<(Self, ActHash), ChainFault> {
        let line: Line = serde_json::from_str(text).map_err(|cause| ChainFault::NotAnAct(cause.to_string()))?;
        let Line { account, after, at, before, from, hash, number, previous, subject, what } = line;
        let act = Self { account, after, at, before, from, number, previous, subject, what };
        if act.line(hash) == text { Ok((act, hash)) } else { Err(ChainFault::OtherSpelling) }
    }
}

/// Instants as RFC 3339 in UTC to the second.
mod instant {
    use jiff::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(at: &u64, serializer: S) -> Result<S::Ok, S::Error> {
        let instant = i64::try_from(*at).ok().and_then(|at| Timestamp::from_second(at).ok()).unwrap_or(Timestamp::MAX);
        serializer.collect_str(&instant.strftime("%Y-%m-%dT%H:%M:%SZ"))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
        let text = String::deserialize(deserializer)?;
        let instant: Timestamp = text.parse().map_err(serde::de::Error::custom)?;
        u64::try_from(instant.as_second()).map_err(serde::de::Error::custom)
    }
}

/// A chain as far as it was followed: the number and the hash of its last act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Chain {
    /// Number of the last act; 0 for an empty chain.
    pub number: u64,
    /// Its hash.
    pub hash: ActHash,
}

impl Default for Chain {
    fn default() -> Self {
        Self { number: 0, hash: ActHash::NONE }
    }
}

/// Why acts are no chain. The sentence follows "act 12" or "line 12".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// The line holds something else.
    #[error("is no act: {0}")]
    NotAnAct(String),
    /// The line says an act in another spelling than the one that is hashed.
    #[error("is not written as an act is written, so it was changed or reformatted")]
    OtherSpelling,
    /// An act is missing, or stands twice.
    #[error("is act {found} where act {expected} was expected, so acts are missing or were moved")]
    Number {
        /// The number that follows the act before.
        expected: u64,
        /// The number found.
        found: u64,
    },
    /// The act before is another one than when this was written.
    #[error("names another act before it than the one that stands there, which was changed or replaced")]
    Previous,
    /// The act was changed after it was written.
    #[error("does not have the hash that stands with it, so it was changed")]
    Hash,
}

impl Chain {
    /// Follows the chain by one act.
    ///
    /// # Errors
    /// [`ChainFault`] when it is not the next one, or not as it was written.
    pub fn take(&mut self, act: &RecordedAct, hash: ActHash) -> Result<(), ChainFault> {
        let expected = self.number + 1;
        if act.number != expected {
            return Err(ChainFault::Number { expected, found: act.number });
        }
        if act.previous != self.hash {
            return Err(ChainFault::Previous);
        }
        if act.hash() != hash {
            return Err(ChainFault::Hash);
        }
        *self = Self { number: act.number, hash };
        Ok(())
    }
}

/// What an exported file was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// The chain as far as it holds.
    pub chain: Chain,
    /// The first line that does not hold, counted from 1, with the reason; none: the whole file holds.
    pub broken: Option<(u64, ChainFault)>,
}

/// Follows an exported file line by line, with bounded memory.
///
/// # Errors
/// When the file cannot be read further.
pub fn verify(mut file: impl BufRead) -> std::io::Result<Verified> {
    let mut chain = Chain::default();
    let mut text = Vec::new();
    for number in 1.. {
        text.clear();
        let read = file.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut text)?;
        if read == 0 {
            break;
        }
        if let Err(fault) = take_line(&mut chain, &text) {
            return Ok(Verified { chain, broken: Some((number, fault)) });
        }
    }
    Ok(Verified { chain, broken: None })
}

fn take_line(chain: &mut Chain, text: &[u8]) -> Result<(), ChainFault> {
    let Some(text) = text.strip_suffix(b"\n") else {
        return Err(ChainFault::NotAnAct("the line does not end, so the file was cut off".into()));
    };
    let text = std::str::from_utf8(text).map_err(|cause| ChainFault::NotAnAct(cause.to_string()))?;
    let (act, hash) = RecordedAct::of_line(text)?;
    chain.take(&act, hash)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    /// Three acts in a chain, as an export writes them.
    fn lines() -> Vec<String> {
        let mut chain = Chain::default();
        let mut lines = Vec::new();
        for (what, account) in [("account-added", None), ("signed-in", Some("ana")), ("signed-out", Some("ana"))] {
            let act = RecordedAct {
                account: account.map(str::to_owned),
                after: Facts::from([("roles".into(), "focal_point".into()), ("agency".into(), "“BF”\\".into())]),
                at: 1_795_467_900 + chain.number,
                before: Facts::new(),
                from: "192.0.2.7".into(),
                number: chain.number + 1,
                previous: chain.hash,
                subject: "account ana".into(),
                what: what.into(),
            };
            let hash = act.hash();
            lines.push(act.line(hash));
            chain.take(&act, hash).unwrap();
        }
        lines
    }

    fn verified(lines: &[String]) -> Verified {
        let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
        verify(text.as_bytes()).unwrap()
    }

    #[test]
    fn the_form_is_the_one_that_is_documented() {
        let first = RecordedAct::of_line(&lines()[0]).unwrap().0;
        assert_eq!(
            String::from_utf8(first.canonical()).unwrap(),
            "{\"account\":null,\"after\":{\"agency\":\"“BF”\\\\\",\"roles\":\"focal_point\"},\
             \"at\":\"2026-11-23T21:05:00Z\",\"before\":{},\"from\":\"192.0.2.7\",\"number\":1,\
             \"previous\":\"0000000000000000000000000000000000000000000000000000000000000000\",\
             \"subject\":\"account ana\",\"what\":\"account-added\"}"
        );
    }

    #[test]
    fn a_whole_chain_holds() {
        let found = verified(&lines());
        assert_eq!((found.chain.number, found.broken), (3, None));
        assert_eq!(verified(&[]), Verified { chain: Chain::default(), broken: None });
    }

    #[test]
    fn every_changed_letter_is_found_at_its_line() {
        let whole = lines();
        for line in 0..whole.len() {
            for at in 0..whole[line].len() {
                let mut bytes = whole[line].clone().into_bytes();
                bytes[at] ^= 1;
                let Ok(text) = String::from_utf8(bytes) else { continue };
                let mut changed = whole.clone();
                changed[line] = text;
                // A line break in the middle makes two lines of one; the first of them is the broken one.
                assert_eq!(verified(&changed).broken.map(|(line, _)| line), Some(line as u64 + 1), "byte {at}");
            }
        }
    }

    #[test]
    fn a_missing_a_moved_and_a_rewritten_act_are_told_apart() {
        let whole = lines();
        let without = [whole[0].clone(), whole[2].clone()];
        assert_eq!(verified(&without).broken, Some((2, ChainFault::Number { expected: 2, found: 3 })));
        let (mut act, _) = RecordedAct::of_line(&whole[0]).unwrap();
        act.subject = "account eve".into();
        let rewritten = [act.line(act.hash()), whole[1].clone(), whole[2].clone()];
        assert_eq!(verified(&rewritten).broken, Some((2, ChainFault::Previous)));
        act.subject = "account ana ".into();
        let kept_hash = [act.line(RecordedAct::of_line(&whole[0]).unwrap().1), whole[1].clone()];
        assert_eq!(verified(&kept_hash).broken, Some((1, ChainFault::Hash)));
        let spaced = [whole[0].replace("\":", "\": ")];
        assert_eq!(verified(&spaced).broken, Some((1, ChainFault::OtherSpelling)));
    }

    #[test]
    fn a_file_that_was_cut_off_and_one_without_line_breaks_are_refused() {
        let whole = lines();
        let found = verify(whole[0].as_bytes()).unwrap();
        assert!(matches!(found.broken, Some((1, ChainFault::NotAnAct(_)))));
        let endless = vec![b'x'; 200_000];
        assert!(matches!(verify(endless.as_slice()).unwrap().broken, Some((1, ChainFault::NotAnAct(_)))));
    }
}
