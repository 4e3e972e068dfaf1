//! Cases that can be told apart: what the node keeps of a file of cases whose mapping names a column of references, so that the
//! same case from two agencies is counted once.
//!
//! The rule it keeps: of a reference nothing is kept but a keyed hash, 16 bytes of HMAC-SHA-256 under a secret of this node. Without
//! the secret nobody learns from the database whether a reference they hold is in it. With the hash stands only what is needed to
//! count again: places in lists of codes, persons, and the line of the file.
//!
//! - [`reference`]: from a reference to its hash;
//! - here: the cases of one agency, topic and base period, as they are packed. Counting those of several agencies once is the
//!   node's business.

pub mod reference;

use vrs_protocol::cell::Status;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{Code, TopicCode};
use vrs_protocol::period::Period;

pub use reference::{CaseHash, ReferenceKey};

/// Parts a set is split into, by the first bits of the hash. All agencies' cases of one part are in memory together, so this bounds
/// it: of two files of two million cases a part is 10 MB.
pub const PARTS: usize = 16;
/// Bytes of a case without its places: hash, line, persons.
const HEAD_BYTES: usize = 16 + 4 + 8;

/// The cases of one agency's file about a topic in one base period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseSet {
    /// What they are cases of.
    pub topic: TopicCode,
    /// The shortest period the file was tabulated for.
    pub period: Period,
    /// The status of the file's figures.
    pub status: Status,
    /// The dimensions the file knows, each with the codes that occur; a case names them by place.
    pub dimensions: Vec<(String, Vec<Code>)>,
    /// The packed cases, [`PARTS`] parts of them.
    pub parts: Vec<Vec<u8>>,
}

/// One case, as it is packed:
///
/// ```text
/// 16 bytes  hash of the reference
///  4 bytes  line of the file, big endian
///  8 bytes  persons, big endian
///  2 bytes  for each dimension: the place of its code, big endian
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case<'b> {
    /// The hash of its reference.
    pub hash: CaseHash,
    /// Line of the file.
    pub line: u32,
    /// Persons in it.
    pub persons: u64,
    places: &'b [u8],
}

impl Case<'_> {
    /// The place of its code in a dimension.
    #[must_use]
    pub fn place(&self, dimension: usize) -> Option<u16> {
        let bytes = self.places.get(2 * dimension..2 * dimension + 2)?;
        Some(u16::from_be_bytes(bytes.try_into().ok()?))
    }
}

/// Which part a case stands in.
#[must_use]
pub fn part_of(hash: &CaseHash) -> usize {
    usize::from(hash[0]) * PARTS / 256
}

/// Packs a case at the end of a part.
pub fn pack(out: &mut Vec<u8>, hash: &CaseHash, line: u32, persons: u64, places: &[u16]) {
    out.extend_from_slice(hash);
    out.extend_from_slice(&line.to_be_bytes());
    out.extend_from_slice(&persons.to_be_bytes());
    places.iter().for_each(|place| out.extend_from_slice(&place.to_be_bytes()));
}

/// The cases of a part; `None` where the bytes are not whole cases of so many dimensions.
#[must_use]
pub fn unpack(part: &[u8], dimensions: usize) -> Option<impl Iterator<Item = Case<'_>>> {
    let each = HEAD_BYTES + 2 * dimensions;
    // Every chunk has the length of a case, so none is left out.
    part.len().is_multiple_of(each).then(|| part.chunks_exact(each).filter_map(unpack_one))
}

fn unpack_one(bytes: &[u8]) -> Option<Case<'_>> {
    let (hash, rest) = bytes.split_first_chunk()?;
    let (line, rest) = rest.split_first_chunk()?;
    let (persons, places) = rest.split_first_chunk()?;
    Some(Case { hash: *hash, line: u32::from_be_bytes(*line), persons: u64::from_be_bytes(*persons), places })
}

impl CaseSet {
    /// A set without cases.
    #[must_use]
    pub fn new(topic: TopicCode, period: Period, status: Status) -> Self {
        Self { topic, period, status, dimensions: Vec::new(), parts: vec![Vec::new(); PARTS] }
    }

    /// Adds a case.
    pub fn add(&mut self, hash: &CaseHash, line: u32, persons: u64, places: &[u16]) {
        if let Some(part) = self.parts.get_mut(part_of(hash)) {
            pack(part, hash, line, persons, places);
        }
    }

    /// How many cases it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.parts.iter().map(Vec::len).sum::<usize>() / (HEAD_BYTES + 2 * self.dimensions.len())
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(Vec::is_empty)
    }

    /// A hash of all it holds, to see whether a file says anything new.
    #[must_use]
    pub fn content(&self) -> Hash {
        let mut all = format!("{} {} {}", self.topic, self.period, self.codes_text()).into_bytes();
        all.extend(self.status.letter().bytes());
        for part in &self.parts {
            all.extend(Hash::of(part).0);
        }
        Hash::of(&all)
    }

    /// The dimensions with their codes as JSON.
    #[must_use]
    pub fn codes_text(&self) -> String {
        // Names and codes, which JSON can always carry.
        serde_json::to_string(&self.dimensions).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn cases_come_back_as_they_were_packed_and_broken_bytes_do_not() {
        let mut set = CaseSet::new(TopicCode::parse("IE").unwrap(), Period::parse("2021-Q1").unwrap(), Status::Normal);
        set.dimensions = vec![("sex".into(), vec![Code::total()]), ("age".into(), vec![Code::total()])];
        let (low, high) = ([1; 16], [255; 16]);
        set.add(&low, 2, 1, &[0, 7]);
        set.add(&high, 3, 4, &[1, 65_535]);
        set.add(&high, 4, 4, &[1, 2]);
        assert_eq!(set.len(), 3);
        assert_eq!((set.parts[0].len(), set.parts[15].len()), (32, 64));
        let cases: Vec<Case<'_>> = unpack(&set.parts[15], 2).unwrap().collect();
        assert_eq!((cases[0].hash, cases[0].line, cases[0].persons), (high, 3, 4));
        assert_eq!((cases[0].place(0), cases[0].place(1), cases[0].place(2)), (Some(1), Some(65_535), None));
        assert!(unpack(&set.parts[15][1..], 2).is_none() && unpack(&set.parts[15], 3).is_none());
        let before = set.content();
        set.add(&low, 5, 1, &[0, 0]);
        assert_ne!(set.content(), before);
    }
}
