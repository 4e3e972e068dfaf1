//! The Charter: the region's rules as data, signed by the hub and logged. A node releases nothing under a Charter its
//! operators have not accepted. Operators write it as TOML (`vrs-hub charter set FILE`); in the ledger it is CBOR.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};

use crate::catalogue::{Catalogue, Form};
use crate::hash::Hash;
use crate::id::{FormCode, ParticipantCode};
use crate::period::{Length, Period};
use crate::time::Timestamp;

/// A map keyed by participants as RFC 8949, section 4.2.1, wants it: in the order of the encoded keys, so that a shorter code
/// comes before a longer one.
mod by_encoding {
    use std::collections::{BTreeMap, BTreeSet};

    use minicbor::encode::Write;
    use minicbor::{Decoder, Encode, Encoder};

    use crate::id::ParticipantCode;

    type Map = BTreeMap<ParticipantCode, BTreeSet<u8>>;

    pub(super) fn encode<C, W: Write>(
        map: &Map,
        out: &mut Encoder<W>,
        context: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        let mut entries: Vec<_> = map.iter().collect();
        entries.sort_by_key(|(code, _)| (code.as_str().len(), code.as_str()));
        out.map(entries.len() as u64)?;
        entries.into_iter().try_for_each(|(code, months)| {
            code.encode(out, context)?;
            months.encode(out, context)
        })
    }

    /// In any order, and with a key twice: whoever decodes strictly encodes again and compares.
    pub(super) fn decode<'b, C>(bytes: &mut Decoder<'b>, context: &mut C) -> Result<Map, minicbor::decode::Error> {
        bytes.map_iter_with(context)?.collect()
    }
}

/// Smallest and largest block a Charter may ask for. With two, each member knows the other's figure.
const BLOCK_MIN_RANGE: std::ops::RangeInclusive<u16> = 3..=60;

/// The region's rules.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct Charter {
    /// Label for people, such as `2026-1`.
    #[n(0)]
    pub title: String,
    /// Version of the catalogue in force.
    #[n(1)]
    pub catalogue: String,
    /// SHA-256 of that catalogue.
    #[n(2)]
    pub catalogue_hash: Hash,
    /// Least participants in a block; those with a common parent count once.
    #[n(3)]
    #[serde(default = "defaults::block_min")]
    pub block_min: u16,
    /// Participants that see regional figures without reporting.
    #[n(4)]
    #[serde(default)]
    pub observers: BTreeSet<ParticipantCode>,
    /// Extensions of the catalogue that are switched on; the other forms are always in use.
    #[n(5)]
    #[serde(default)]
    pub extensions: BTreeSet<FormCode>,
    /// Days after a period's end by which its releases are due.
    #[n(6)]
    #[serde(default = "defaults::due_days")]
    pub due_days: u16,
    /// Days after a period's end at which the first edition closes.
    #[n(7)]
    #[serde(default = "defaults::closing_days")]
    pub closing_days: u16,
    /// Lengths of period, in months, in which everybody reports unless `rhythms` says otherwise.
    #[n(8)]
    #[serde(default = "defaults::months")]
    pub months: BTreeSet<u8>,
    /// Lengths of period, in months, of single participants.
    #[cbor(n(9), with = "by_encoding")]
    #[serde(default)]
    pub rhythms: BTreeMap<ParticipantCode, BTreeSet<u8>>,
    /// `Fewer` stands for 1 to this minus 1; 0 forbids `Fewer`.
    #[n(10)]
    #[serde(default = "defaults::fewer_below")]
    pub fewer_below: u16,
    /// Years for which bodies are kept by those who may read them.
    #[n(11)]
    #[serde(default = "defaults::retention_years")]
    pub retention_years: u16,
    /// Witnesses that must cosign before a line is final; 0 until witnesses are used.
    #[n(12)]
    #[serde(default)]
    pub quorum: u16,
    /// Participants that must vote for an admission; 0 until votes are used.
    #[n(13)]
    #[serde(default)]
    pub admission_votes: u16,
}

mod defaults {
    pub(super) const fn block_min() -> u16 {
        3
    }
    pub(super) const fn due_days() -> u16 {
        45
    }
    pub(super) const fn closing_days() -> u16 {
        60
    }
    pub(super) fn months() -> std::collections::BTreeSet<u8> {
        [1, 3, 6, 12].into()
    }
    pub(super) const fn fewer_below() -> u16 {
        5
    }
    pub(super) const fn retention_years() -> u16 {
        10
    }
}

/// Why a Charter cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CharterError {
    /// Not readable as TOML of a Charter.
    #[error("{0}")]
    Text(String),
    /// Another catalogue than this program's.
    #[error("the Charter names catalogue {named}, this program carries {carried}; update the program or the Charter")]
    Catalogue {
        /// Version the Charter names.
        named: String,
        /// Version this program carries.
        carried: String,
    },
    /// `block_min` out of range.
    #[error("block_min = {0}; a block needs at least 3 and at most 60 participants")]
    BlockMin(u16),
    /// A length of period that does not exist.
    #[error("{0} is not a number of months to report in; write some of 1, 3, 6 and 12")]
    Months(String),
    /// A form that is no extension of the catalogue.
    #[error("{0} is not an extension of the catalogue")]
    Extension(FormCode),
    /// `fewer_below` of 1 would mean nothing.
    #[error("fewer_below = {0}; write 0 to forbid 'fewer than', or 2 to 100")]
    FewerBelow(u16),
    /// Quorum and votes need machinery this version does not have.
    #[error("{0} must be 0: this version of the ledger does not use it")]
    NotUsed(&'static str),
}

impl Charter {
    /// A Charter with every default, for the catalogue at hand.
    pub fn standard(catalogue: &Catalogue) -> Self {
        Self {
            title: "First Charter".into(),
            catalogue: catalogue.version.clone(),
            catalogue_hash: catalogue.hash(),
            block_min: defaults::block_min(),
            observers: BTreeSet::new(),
            extensions: BTreeSet::new(),
            due_days: defaults::due_days(),
            closing_days: defaults::closing_days(),
            months: defaults::months(),
            rhythms: BTreeMap::new(),
            fewer_below: defaults::fewer_below(),
            retention_years: defaults::retention_years(),
            quorum: 0,
            admission_votes: 0,
        }
    }

    /// Reads a Charter file and checks it against the catalogue.
    pub fn from_toml(text: &str, catalogue: &Catalogue) -> Result<Self, CharterError> {
        let charter: Self = toml::from_str(text).map_err(|error| CharterError::Text(error.to_string()))?;
        charter.check(catalogue)?;
        Ok(charter)
    }

    /// The Charter as an operator edits it.
    pub fn to_toml(&self) -> Result<String, CharterError> {
        toml::to_string(self).map_err(|error| CharterError::Text(error.to_string()))
    }

    /// Checks the rules against the catalogue and against what this version can keep.
    pub fn check(&self, catalogue: &Catalogue) -> Result<(), CharterError> {
        if self.catalogue_hash != catalogue.hash() {
            return Err(CharterError::Catalogue { named: self.catalogue.clone(), carried: catalogue.version.clone() });
        }
        if !BLOCK_MIN_RANGE.contains(&self.block_min) {
            return Err(CharterError::BlockMin(self.block_min));
        }
        for months in std::iter::once(&self.months).chain(self.rhythms.values()) {
            if months.is_empty() || months.iter().any(|m| !matches!(m, 1 | 3 | 6 | 12)) {
                return Err(CharterError::Months(format!("{months:?}")));
            }
        }
        if let Some(code) = self.extensions.iter().find(|code| catalogue.form(code).is_none_or(|form| !form.extension))
        {
            return Err(CharterError::Extension(code.clone()));
        }
        if self.fewer_below == 1 || self.fewer_below > 100 {
            return Err(CharterError::FewerBelow(self.fewer_below));
        }
        if self.quorum != 0 {
            return Err(CharterError::NotUsed("quorum"));
        }
        if self.admission_votes != 0 {
            return Err(CharterError::NotUsed("admission_votes"));
        }
        Ok(())
    }

    /// Whether a form is in use.
    pub fn uses(&self, form: &Form) -> bool {
        !form.extension || self.extensions.contains(&form.code)
    }
    /// Whether a participant reports in periods of this length.
    pub fn in_rhythm(&self, participant: &ParticipantCode, length: Length) -> bool {
        self.rhythms.get(participant).unwrap_or(&self.months).contains(&length.months())
    }
    /// The instant at which releases of a period are due.
    pub fn due(&self, period: Period) -> Option<Timestamp> {
        after(period, self.due_days)
    }
    /// The instant of the first edition of a period.
    pub fn closing(&self, period: Period) -> Option<Timestamp> {
        after(period, self.closing_days)
    }
}

fn after(period: Period, days: u16) -> Option<Timestamp> {
    let (year, month) = period.end();
    Timestamp::from_date(year, month, 1).map(|end| end.plus_secs(u64::from(days) * 86_400))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec;

    #[test]
    fn a_charter_survives_toml_and_cbor() {
        let mut charter = Charter::standard(Catalogue::bundled());
        charter.observers.insert(ParticipantCode::parse("PIDC").unwrap());
        for code in ["AUS", "PIDC", "POL"] {
            charter.rhythms.insert(ParticipantCode::parse(code).unwrap(), [6, 12].into());
        }
        assert_eq!(Charter::from_toml(&charter.to_toml().unwrap(), Catalogue::bundled()).unwrap(), charter);
        assert_eq!(codec::decode_strict::<Charter>(&codec::to_bytes(&charter)).unwrap(), charter);
    }

    #[test]
    fn rules_that_cannot_be_kept_are_refused() {
        let catalogue = Catalogue::bundled();
        let standard = Charter::standard(catalogue);
        assert_eq!(Charter { block_min: 2, ..standard.clone() }.check(catalogue), Err(CharterError::BlockMin(2)));
        assert_eq!(Charter { quorum: 1, ..standard.clone() }.check(catalogue), Err(CharterError::NotUsed("quorum")));
        assert!(Charter { months: [5].into(), ..standard.clone() }.check(catalogue).is_err());
        assert!(Charter { catalogue_hash: Hash::of(b"other"), ..standard }.check(catalogue).is_err());
        assert!(Charter::from_toml("blok_min = 3", catalogue).is_err());
    }

    #[test]
    fn due_dates_count_from_the_end_of_the_period() {
        let charter = Charter::standard(Catalogue::bundled());
        assert_eq!(charter.due(Period::parse("2021-S1").unwrap()).map(Timestamp::date), Some((2021, 8, 15)));
    }
}
