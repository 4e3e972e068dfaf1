//! Instants as people read them.
//!
//! The rule it keeps: an instant is stored in UTC and shown in the zone of the console, always with the zone's name, and
//! the page carries the exact instant for machines. This module looks at no clock.

use std::fmt;

use askama::filters::HtmlSafe;
use jiff::{Timestamp, tz::TimeZone};

use crate::words::say;

/// A zone in which instants are shown.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

/// The zone is in no time zone table that this computer knows.
#[derive(Debug, thiserror::Error)]
#[error("there is no time zone named {0:?}; write it as in \"Asia/Bangkok\" or \"UTC\"")]
pub struct UnknownZone(String);

impl Zone {
    /// Coordinated universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self(TimeZone::UTC)
    }

    /// The zone with this name from the IANA table: `Asia/Bangkok`.
    ///
    /// # Errors
    /// [`UnknownZone`] when the table of this computer does not have it.
    pub fn named(name: &str) -> Result<Self, UnknownZone> {
        TimeZone::get(name).map(Self).map_err(|_| UnknownZone(name.to_owned()))
    }

    /// The zone's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// When a day begins here that is written `2026-11-27`, or a few days after it, in seconds since 1 January 1970; `None` for
    /// what is no day after that one.
    #[must_use]
    pub fn day_begins(&self, text: &str, days_later: i8) -> Option<u64> {
        let day: jiff::civil::Date = text.parse().ok()?;
        let day = day.checked_add(jiff::Span::new().try_days(days_later).ok()?).ok()?;
        u64::try_from(day.to_zoned_datetime(self.0.clone()).ok()?.timestamp().as_second()).ok()
    }

    /// The instant so many seconds after 1 January 1970, ready for a page.
    ///
    /// Seconds beyond the calendar's end (the year 9999) show as that end: a peer may send any number.
    #[must_use]
    pub fn moment(&self, unix_seconds: u64) -> Moment {
        let instant = i64::try_from(unix_seconds)
            .ok()
            .and_then(|seconds| Timestamp::from_second(seconds).ok())
            .unwrap_or(Timestamp::MAX);
        let shown = instant.to_zoned_datetime(self.0.clone());
        let month = MONTHS.get(usize::from(shown.month().unsigned_abs()) - 1).copied().unwrap_or(MONTHS[0]);
        let day = say("date-day")
            .with("day", u64::from(shown.day().unsigned_abs()))
            .with("month", say(month))
            .with("year", shown.year().to_string());
        Moment {
            machine: instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            words: say("date-moment")
                .with("day", day.to_string())
                .with("time", shown.strftime("%H:%M").to_string())
                .with("zone", shown.strftime("%Z").to_string())
                .to_string(),
            day: day.to_string(),
        }
    }
}

/// The months, as sentences name them.
pub(crate) const MONTHS: [&str; 12] = [
    "date-january",
    "date-february",
    "date-march",
    "date-april",
    "date-may",
    "date-june",
    "date-july",
    "date-august",
    "date-september",
    "date-october",
    "date-november",
    "date-december",
];

/// An instant ready for a page: `{{ moment }}` prints a `<time>` element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    machine: String,
    day: String,
    words: String,
}

impl Moment {
    /// Day, time and zone: `23 November 2026, 21:05 UTC`.
    #[must_use]
    pub fn words(&self) -> &str {
        &self.words
    }

    /// The day alone: `23 November 2026`.
    #[must_use]
    pub fn day(&self) -> &str {
        &self.day
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "<time datetime=\"{}\">{}</time>", self.machine, self.words)
    }
}

impl HtmlSafe for Moment {}

/// How long ago something was, as a person says it: `2 minutes ago`. A moment to come counts as now, since two clocks
/// never agree entirely.
#[must_use]
pub fn ago(now_unix_seconds: u64, then_unix_seconds: u64) -> String {
    let seconds = now_unix_seconds.saturating_sub(then_unix_seconds);
    match seconds {
        0..60 => say("date-just-now"),
        60..3_600 => say("date-minutes-ago").with("count", seconds / 60),
        3_600..86_400 => say("date-hours-ago").with("count", seconds / 3_600),
        _ => say("date-days-ago").with("count", seconds / 86_400),
    }
    .to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn an_instant_carries_its_zone_and_its_exact_form() {
        let moment = Zone::utc().moment(1_795_467_900);
        assert_eq!(moment.to_string(), "<time datetime=\"2026-11-23T21:05:00Z\">23 November 2026, 21:05 UTC</time>");
        assert_eq!(moment.day(), "23 November 2026");
    }

    #[test]
    fn a_day_begins_where_the_zone_says() {
        let begins = |zone: &Zone, later| zone.day_begins("2026-11-23", later);
        assert_eq!(begins(&Zone::utc(), 0), Some(1_795_392_000));
        assert_eq!(begins(&Zone::utc(), 1), Some(1_795_392_000 + 86_400));
        assert_eq!(begins(&Zone::named("Asia/Bangkok").unwrap(), 0), Some(1_795_392_000 - 7 * 3_600));
        assert_eq!(Zone::utc().day_begins("yesterday", 0), None);
        assert_eq!(Zone::utc().day_begins("9999-12-31", 1), None);
    }

    #[test]
    fn an_impossible_instant_is_shown_as_the_end_of_the_calendar() {
        assert!(Zone::utc().moment(u64::MAX).words().contains("9999"));
    }

    #[test]
    fn an_unknown_zone_is_refused_by_name() {
        let refused = Zone::named("Atlantis/Poseidonis").unwrap_err().to_string();
        assert!(refused.contains("Atlantis/Poseidonis"));
    }

    #[test]
    fn ages_are_said_in_one_unit() {
        assert_eq!(ago(100, 100), "just now");
        assert_eq!(ago(100, 500), "just now");
        assert_eq!(ago(160, 100), "1 minute ago");
        assert_eq!(ago(7_300, 100), "2 hours ago");
        assert_eq!(ago(86_400 * 3, 0), "3 days ago");
    }
}
