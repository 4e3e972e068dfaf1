//! The Charter: the region's rules as data, signed by the hub and logged. A node releases nothing under a Charter its
//! operators have not accepted. Operators write it as TOML (`vrs-hub charter set FILE`); in the ledger it is CBOR.

use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};

use crate::catalogue::{Catalogue, Catalogues, Form};
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

/// A catalogue that holds for earlier years.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
#[cbor(map)]
pub struct EarlierCatalogue {
    /// Its version.
    #[n(0)]
    pub catalogue: String,
    /// SHA-256 of it.
    #[n(1)]
    pub catalogue_hash: Hash,
    /// The last calendar year it holds for.
    #[n(2)]
    pub until: u16,
}

/// The catalogues of earlier years, in the order of the years. Absent in CBOR where there are none, so that a Charter of one
/// catalogue has the bytes it always had.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Earlier(pub Vec<EarlierCatalogue>);

impl Earlier {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
impl<C> Encode<C> for Earlier {
    fn encode<W: minicbor::encode::Write>(
        &self,
        out: &mut minicbor::Encoder<W>,
        context: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        self.0.encode(out, context)
    }
    fn is_nil(&self) -> bool {
        self.is_empty()
    }
}
impl<'b, C> Decode<'b, C> for Earlier {
    fn decode(bytes: &mut minicbor::Decoder<'b>, context: &mut C) -> Result<Self, minicbor::decode::Error> {
        Vec::decode(bytes, context).map(Self)
    }
    fn nil() -> Option<Self> {
        Some(Self::default())
    }
}

/// Most catalogues of earlier years: one a year for a generation.
const EARLIER_MAX: usize = 32;
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
    /// Version of the catalogue in force, for every year after those that `earlier` names.
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
    /// The catalogues that hold for earlier years.
    #[n(14)]
    #[serde(default, skip_serializing_if = "Earlier::is_empty")]
    pub earlier: Earlier,
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
    /// A catalogue that this program does not carry.
    #[error(
        "the Charter names catalogue {version} ({hash}), which this program does not carry; update the program, and it goes on by itself"
    )]
    UnknownCatalogue {
        /// Version the Charter names.
        version: String,
        /// Its hash.
        hash: Hash,
    },
    /// A version under another name than its own.
    #[error("the Charter calls the catalogue with hash {hash} {said}; it is {version}")]
    CatalogueMisnamed {
        /// Version the Charter names.
        said: String,
        /// Its hash.
        hash: Hash,
        /// What it is.
        version: String,
    },
    /// The catalogues of earlier years make no sequence.
    #[error(
        "the catalogues of earlier years are at most 32, each until a later year than the one before and another than the one after it"
    )]
    Earlier,
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
            earlier: Earlier::default(),
        }
    }

    /// Reads a Charter file and checks it.
    pub fn from_toml(text: &str) -> Result<Self, CharterError> {
        let charter: Self = toml::from_str(text).map_err(|error| CharterError::Text(error.to_string()))?;
        charter.check()?;
        Ok(charter)
    }

    /// The Charter as an operator edits it.
    pub fn to_toml(&self) -> Result<String, CharterError> {
        toml::to_string(self).map_err(|error| CharterError::Text(error.to_string()))
    }

    /// The same rules with a catalogue from a calendar year on. Years before keep theirs; where it is the latest already, it
    /// begins then instead, and what held before it goes on until then.
    #[must_use]
    pub fn with_catalogue(&self, catalogue: &Catalogue, since: u16) -> Self {
        let until = since.saturating_sub(1);
        let latest = EarlierCatalogue {
            catalogue: self.catalogue.clone(),
            catalogue_hash: self.catalogue_hash,
            until: u16::MAX,
        };
        let mut spans = self.earlier.0.clone();
        if spans.is_empty() || latest.catalogue_hash != catalogue.hash() {
            spans.push(latest);
        }
        if let Some(last) = spans.last_mut() {
            last.until = u16::MAX;
        }
        // Whichever holds for the year before goes on until then.
        let before = spans.iter().filter(|span| span.until < until).count();
        spans.truncate(before + 1);
        if let Some(last) = spans.last_mut() {
            last.until = until;
        }
        if spans.last().is_some_and(|last| last.catalogue_hash == catalogue.hash()) {
            spans.pop();
        }
        Self {
            catalogue: catalogue.version.clone(),
            catalogue_hash: catalogue.hash(),
            earlier: Earlier(spans),
            ..self.clone()
        }
    }

    /// The catalogues it puts in force.
    ///
    /// # Errors
    /// [`CharterError::UnknownCatalogue`] where this program does not carry one of them.
    pub fn catalogues(&self) -> Result<Catalogues, CharterError> {
        let known = |version: &String, hash: &Hash| match Catalogue::by_hash(hash) {
            None => Err(CharterError::UnknownCatalogue { version: version.clone(), hash: *hash }),
            Some(catalogue) if catalogue.version == *version => Ok(catalogue),
            Some(other) => Err(CharterError::CatalogueMisnamed {
                said: version.clone(),
                hash: *hash,
                version: other.version.clone(),
            }),
        };
        let earlier = self.earlier.0.iter().map(|one| Ok((one.until, known(&one.catalogue, &one.catalogue_hash)?)));
        Ok(Catalogues::of_years(earlier.collect::<Result<_, _>>()?, known(&self.catalogue, &self.catalogue_hash)?))
    }

    /// Checks the rules against the catalogues they name and against what this version can keep.
    ///
    /// # Errors
    /// The first thing that cannot be kept.
    pub fn check(&self) -> Result<Catalogues, CharterError> {
        let catalogues = self.catalogues()?;
        let hashes: Vec<Hash> = catalogues.all().map(|(_, catalogue)| catalogue.hash()).collect();
        if self.earlier.0.len() > EARLIER_MAX
            || !self.earlier.0.is_sorted_by(|one, next| one.until < next.until)
            || !hashes.is_sorted_by(|one, next| one != next)
        {
            return Err(CharterError::Earlier);
        }
        if !BLOCK_MIN_RANGE.contains(&self.block_min) {
            return Err(CharterError::BlockMin(self.block_min));
        }
        for months in std::iter::once(&self.months).chain(self.rhythms.values()) {
            if months.is_empty() || months.iter().any(|m| !matches!(m, 1 | 3 | 6 | 12)) {
                return Err(CharterError::Months(format!("{months:?}")));
            }
        }
        let is_extension =
            |code: &FormCode| catalogues.all().any(|(_, c)| c.form(code).is_some_and(|form| form.extension));
        if let Some(code) = self.extensions.iter().find(|code| !is_extension(code)) {
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
        Ok(catalogues)
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
        assert_eq!(Charter::from_toml(&charter.to_toml().unwrap()).unwrap(), charter);
        assert_eq!(codec::decode_strict::<Charter>(&codec::to_bytes(&charter)).unwrap(), charter);
    }

    #[test]
    fn rules_that_cannot_be_kept_are_refused() {
        let standard = Charter::standard(Catalogue::bundled());
        let refused = |charter: Charter| charter.check().err();
        assert_eq!(refused(Charter { block_min: 2, ..standard.clone() }), Some(CharterError::BlockMin(2)));
        assert_eq!(refused(Charter { quorum: 1, ..standard.clone() }), Some(CharterError::NotUsed("quorum")));
        assert!(refused(Charter { months: [5].into(), ..standard.clone() }).is_some());
        let unknown = refused(Charter { catalogue_hash: Hash::of(b"other"), ..standard.clone() }).unwrap();
        assert!(unknown.to_string().contains("update the program"), "{unknown}");
        let misnamed = refused(Charter { catalogue: "2027.1".into(), ..standard });
        assert!(matches!(misnamed, Some(CharterError::CatalogueMisnamed { .. })));
        assert!(Charter::from_toml("blok_min = 3").is_err());
    }

    #[test]
    fn a_catalogue_holds_from_a_year_on_and_years_before_keep_theirs() {
        let [first, second] = Catalogue::known() else { panic!("two versions") };
        let standard = Charter::standard(first);
        let moved = standard.with_catalogue(second, 2027);
        let in_force = moved.check().unwrap();
        assert_eq!((in_force.of_year(2026).hash(), in_force.of_year(2027).hash()), (first.hash(), second.hash()));
        for charter in [&standard, &moved] {
            assert_eq!(Charter::from_toml(&charter.to_toml().unwrap()).unwrap(), *charter);
            assert_eq!(codec::decode_strict::<Charter>(&codec::to_bytes(charter)).unwrap(), *charter);
        }
        // A Charter of one catalogue is the map of fourteen keys that it was before there were two.
        assert_eq!((codec::to_bytes(&standard)[0], codec::to_bytes(&moved)[0]), (0xae, 0xaf));
        // Later, earlier, and not at all after all.
        assert_eq!(moved.with_catalogue(second, 2029), standard.with_catalogue(second, 2029));
        assert_eq!(moved.with_catalogue(second, 2025), standard.with_catalogue(second, 2025));
        assert_eq!(moved.with_catalogue(first, 2027), standard);
        let and_back = moved.with_catalogue(first, 2030);
        assert_eq!(and_back.check().unwrap().of_year(2029).hash(), second.hash());
        assert_eq!(and_back.earlier.0.len(), 2);
        // What makes no sequence is refused.
        let mut twice = and_back.clone();
        twice.earlier.0[1].until = 2026;
        let mut same = moved;
        same.earlier.0[0].catalogue = second.version.clone();
        same.earlier.0[0].catalogue_hash = second.hash();
        assert_eq!(
            (twice.check().err(), same.check().err()),
            (Some(CharterError::Earlier), Some(CharterError::Earlier))
        );
    }

    #[test]
    fn an_extension_of_an_earlier_catalogue_may_stay_on() {
        let [first, second] = Catalogue::known() else { panic!("two versions") };
        let mut charter = Charter::standard(first).with_catalogue(second, 2027);
        charter.extensions.insert(FormCode::parse("CS_TOT").unwrap());
        assert!(charter.check().is_ok());
        charter.extensions.insert(FormCode::parse("IX_XPT").unwrap());
        assert!(matches!(charter.check().err(), Some(CharterError::Extension(_))), "it was none in any");
    }

    #[test]
    fn due_dates_count_from_the_end_of_the_period() {
        let charter = Charter::standard(Catalogue::bundled());
        assert_eq!(charter.due(Period::parse("2021-S1").unwrap()).map(Timestamp::date), Some((2021, 8, 15)));
    }
}
