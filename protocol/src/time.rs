//! Instants in whole seconds, and their text in RFC 3339.
//!
//! There is no clock here: the time is always an argument. Civil dates are computed by hand in the Gregorian
//! calendar, in UTC, so that a ledger reads the same everywhere. Local time for people is the consoles' business.

use std::fmt;
use std::str::FromStr;

use minicbor::{Decoder, Encoder};

/// Seconds in a day; UTC as computers count it knows no leap seconds.
const DAY_SECS: u64 = 86_400;

/// An instant: seconds since 1970-01-01T00:00:00Z.
///
/// Whoever reads one from outside gets at most [`Timestamp::MAX`]. A later value made by hand prints as `MAX`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub u64);

impl Timestamp {
    /// The last second of the year 9999: RFC 3339 has four digits for a year.
    pub const MAX: Self = Self(253_402_300_799);

    /// Midnight at the beginning of a day, or `None` where the calendar has no such day from 1970 to 9999.
    #[must_use]
    pub fn from_date(year: u16, month: u8, day: u8) -> Option<Self> {
        let exists = (1970..=9999).contains(&year) && day >= 1 && day <= days_in_month(year, month)?;
        exists.then(|| Self(days_from_civil(year, month, day) * DAY_SECS))
    }

    /// The day in UTC as (year, month, day).
    #[must_use]
    pub fn date(self) -> (u16, u8, u8) {
        civil_from_days(self.0.min(Self::MAX.0) / DAY_SECS)
    }

    /// This many seconds later; never beyond [`Timestamp::MAX`].
    #[must_use]
    pub fn plus_secs(self, secs: u64) -> Self {
        Self(self.0.saturating_add(secs).min(Self::MAX.0))
    }

    /// Seconds from an earlier instant to this one; zero if it is not earlier.
    #[must_use]
    pub const fn secs_since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// Why a text or a number is not an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// The text does not look like `2026-03-31T23:59:59Z`.
    #[error("an instant is written like 2026-03-31T23:59:59Z")]
    NotRfc3339,
    /// The text has the right shape and names a day or a second that does not exist.
    #[error("there is no such day or time of day")]
    NoSuchInstant,
    /// The number lies beyond the year 9999.
    #[error("the instant lies beyond the year 9999")]
    TooLate,
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let second = self.0.min(Self::MAX.0) % DAY_SECS;
        let (year, month, day) = self.date();
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, TimestampError> {
        let shape = b"0000-00-00T00:00:00Z";
        let bytes = text.as_bytes();
        let fits = bytes.len() == shape.len()
            && bytes.iter().zip(shape).all(|(&b, &s)| if s == b'0' { b.is_ascii_digit() } else { b == s });
        if !fits {
            return Err(TimestampError::NotRfc3339);
        }
        // Digits only, and at most four: no sum below can overflow.
        let number = |from: usize, to: usize| bytes[from..to].iter().fold(0u16, |n, b| n * 10 + u16::from(b - b'0'));
        let small = |from: usize| number(from, from + 2) as u8;
        let (hour, minute, second) = (small(11), small(14), small(17));
        let midnight = Self::from_date(number(0, 4), small(5), small(8)).ok_or(TimestampError::NoSuchInstant)?;
        if hour > 23 || minute > 59 || second > 59 {
            return Err(TimestampError::NoSuchInstant);
        }
        Ok(Self(midnight.0 + u64::from(hour) * 3600 + u64::from(minute) * 60 + u64::from(second)))
    }
}

/// How many days a month has, or `None` for a month that does not exist.
fn days_in_month(year: u16, month: u8) -> Option<u8> {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 => Some(if leap { 29 } else { 28 }),
        _ => None,
    }
}

/// Days from 1970-01-01 to a date that exists and is not earlier.
///
/// Years are counted from 1 March, so that the leap day is the last of its year, and in groups of 400 years,
/// which all have 146,097 days.
fn days_from_civil(year: u16, month: u8, day: u8) -> u64 {
    let march_year = u64::from(year) - u64::from(month <= 2);
    let march_month = (u64::from(month) + 9) % 12;
    let (group, year_of_group) = (march_year / 400, march_year % 400);
    let day_of_year = (153 * march_month + 2) / 5 + u64::from(day) - 1;
    let day_of_group = year_of_group * 365 + year_of_group / 4 - year_of_group / 100 + day_of_year;
    // 719,468 days lie between 0000-03-01 and 1970-01-01.
    group * 146_097 + day_of_group - 719_468
}

/// The inverse of [`days_from_civil`], for days up to the end of 9999.
fn civil_from_days(days: u64) -> (u16, u8, u8) {
    let days = days + 719_468;
    let (group, day_of_group) = (days / 146_097, days % 146_097);
    let year_of_group = (day_of_group - day_of_group / 1_460 + day_of_group / 36_524 - day_of_group / 146_096) / 365;
    let day_of_year = day_of_group - (365 * year_of_group + year_of_group / 4 - year_of_group / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    let year = group * 400 + year_of_group + u64::from(month <= 2);
    (year as u16, month as u8, day as u8)
}

impl<C> minicbor::Encode<C> for Timestamp {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u64(self.0)?.ok()
    }
}

impl<'b, C> minicbor::Decode<'b, C> for Timestamp {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        let instant = Self(d.u64()?);
        if instant > Self::MAX {
            return Err(minicbor::decode::Error::message(TimestampError::TooLate).at(at));
        }
        Ok(instant)
    }
}

impl serde::Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn known_instants_print_and_parse() {
        for (secs, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_000_000_000, "2001-09-09T01:46:40Z"),
            (1_372_636_799, "2013-06-30T23:59:59Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
            (253_402_300_799, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(Timestamp(secs).to_string(), text);
            assert_eq!(text.parse(), Ok(Timestamp(secs)));
        }
    }

    #[test]
    fn every_day_from_1970_to_9999_follows_the_one_before() {
        let mut expected = (1970, 1, 1);
        for day in 0..=Timestamp::MAX.0 / DAY_SECS {
            assert_eq!(Timestamp(day * DAY_SECS + DAY_SECS - 1).date(), expected);
            let (year, month, date) = expected;
            assert_eq!(Timestamp::from_date(year, month, date), Some(Timestamp(day * DAY_SECS)));
            expected = if date < days_in_month(year, month).unwrap() {
                (year, month, date + 1)
            } else if month < 12 {
                (year, month + 1, 1)
            } else {
                (year + 1, 1, 1)
            };
        }
        assert_eq!(expected, (10_000, 1, 1));
    }

    #[test]
    fn what_the_calendar_does_not_have_is_refused() {
        use TimestampError::{NoSuchInstant, NotRfc3339};
        for (text, error) in [
            ("2023-02-29T00:00:00Z", NoSuchInstant),
            ("2023-00-01T00:00:00Z", NoSuchInstant),
            ("2023-13-01T00:00:00Z", NoSuchInstant),
            ("2023-01-00T00:00:00Z", NoSuchInstant),
            ("2023-01-01T24:00:00Z", NoSuchInstant),
            ("2016-12-31T23:59:60Z", NoSuchInstant),
            ("1969-12-31T23:59:59Z", NoSuchInstant),
            ("2023-01-01T00:00:00+00:00", NotRfc3339),
            ("2023-01-01 00:00:00Z", NotRfc3339),
            ("2023-01-01t00:00:00z", NotRfc3339),
            ("2023-01-01T00:00:00.5Z", NotRfc3339),
            ("+023-01-01T00:00:00Z", NotRfc3339),
            ("", NotRfc3339),
        ] {
            assert_eq!(text.parse::<Timestamp>(), Err(error), "{text}");
        }
    }

    #[test]
    fn a_time_beyond_the_calendar_is_not_decoded_and_prints_without_a_panic() {
        let cbor = crate::codec::to_bytes(&Timestamp(Timestamp::MAX.0 + 1));
        assert!(crate::codec::decode_strict::<Timestamp>(&cbor).is_err());
        assert_eq!(Timestamp(u64::MAX).to_string(), "9999-12-31T23:59:59Z");
        assert_eq!(Timestamp(1).plus_secs(u64::MAX), Timestamp::MAX);
        assert_eq!(Timestamp(1).secs_since(Timestamp(5)), 0);
    }

    proptest::proptest! {
        #[test]
        fn printing_is_the_inverse_of_parsing(secs in 0..=Timestamp::MAX.0) {
            let instant = Timestamp(secs);
            proptest::prop_assert_eq!(instant.to_string().parse(), Ok(instant));
            let cbor = crate::codec::to_bytes(&instant);
            proptest::prop_assert_eq!(crate::codec::decode_strict(&cbor), Ok(instant));
        }
    }
}
