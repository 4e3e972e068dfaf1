//! The calendar of a node: when figures are due, and which periods are closed. Plain functions; nothing here is stored.
//!
//! A *lock* closes a period and every period inside it: no file, no sheet and no decision changes a figure of it. An *exception*
//! lets one agency deliver all the same, until a day.

use serde::Serialize;
use vrs_protocol::charter::Charter;
use vrs_protocol::period::Period;
use vrs_protocol::time::Timestamp;

use crate::national::AgencyCode;

/// Days before a due date from which everybody concerned is reminded.
pub const REMIND_DAYS: u64 = 14;
const DAY_SECS: u64 = 86_400;

/// A period that is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lock {
    /// The period; every period inside it is closed with it.
    pub period: Period,
    /// Who closed it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// An agency that may deliver for a closed period all the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Exception {
    /// The period; it holds for every period inside it.
    pub period: Period,
    /// The agency.
    pub agency: AgencyCode,
    /// Until this instant.
    pub until: Timestamp,
    /// Who gave it.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

/// What is closed, and to whom not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Locks {
    /// The periods that are closed, the latest first.
    pub locks: Vec<Lock>,
    /// The exceptions that were given, the latest first; also those that have ended.
    pub exceptions: Vec<Exception>,
}

impl Locks {
    /// The lock that keeps an agency, or without one a decision, from changing figures of a period.
    #[must_use]
    pub fn closes(&self, period: Period, agency: Option<&AgencyCode>, now: Timestamp) -> Option<&Lock> {
        let lock = self.locks.iter().find(|lock| lock.period.contains(period))?;
        let excepted = self.exceptions.iter().any(|exception| {
            Some(&exception.agency) == agency
                && exception.period.contains(period)
                && now < exception.until
                // What was given before the period was closed anew was meant for the lock before.
                && exception.at >= lock.at
        });
        (!excepted).then_some(lock)
    }
}

/// When figures of a period are due: by the region's Charter, else so many days after its end.
#[must_use]
pub fn due(charter: Option<&Charter>, due_days: u16, period: Period) -> Option<Timestamp> {
    if let Some(charter) = charter {
        return charter.due(period);
    }
    let (year, month) = period.end();
    Timestamp::from_date(year, month, 1).map(|end| end.plus_secs(u64::from(due_days) * DAY_SECS))
}

/// How near a due date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nearness {
    /// More than [`REMIND_DAYS`] away: nobody is reminded.
    Far,
    /// In so many days.
    In(u64),
    /// Since so many days.
    Overdue(u64),
}

/// How near a due date is.
#[must_use]
pub fn nearness(due: Timestamp, now: Timestamp) -> Nearness {
    if now > due {
        return Nearness::Overdue(now.secs_since(due) / DAY_SECS);
    }
    match due.secs_since(now) / DAY_SECS {
        days if days > REMIND_DAYS => Nearness::Far,
        days => Nearness::In(days),
    }
}

/// Reads a day as `2026-11-27`.
///
/// # Errors
/// A sentence with what is accepted.
pub fn read_day(text: &str) -> Result<(u16, u8, u8), String> {
    let mut parts = text.trim().splitn(3, '-');
    let mut part = || parts.next().unwrap_or_default();
    let day = (part().parse(), part().parse(), part().parse());
    let day = if let (Ok(year), Ok(month), Ok(day)) = day { Some((year, month, day)) } else { None };
    let exists = |day: &(u16, u8, u8)| Timestamp::from_date(day.0, day.1, day.2).is_some();
    day.filter(exists).ok_or_else(|| "write the day as year, month and day: 2026-11-27".to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use vrs_protocol::catalogue::Catalogue;

    fn period(text: &str) -> Period {
        Period::parse(text).unwrap()
    }
    fn agency(text: &str) -> AgencyCode {
        AgencyCode::parse(text).unwrap()
    }
    fn locks(exceptions: Vec<Exception>) -> Locks {
        let lock = Lock { period: period("2021-S1"), by: "ana".into(), reason: "sent".into(), at: Timestamp(100) };
        Locks { locks: vec![lock], exceptions }
    }

    #[test]
    fn a_lock_closes_the_period_and_what_lies_inside_it() {
        let locks = locks(Vec::new());
        for (text, is_closed) in
            [("2021-S1", true), ("2021-Q2", true), ("2021-03", true), ("2021", false), ("2021-Q3", false)]
        {
            assert_eq!(locks.closes(period(text), None, Timestamp(200)).is_some(), is_closed, "{text}");
            assert_eq!(locks.closes(period(text), Some(&agency("BF")), Timestamp(200)).is_some(), is_closed, "{text}");
        }
    }

    #[test]
    fn an_exception_is_for_one_agency_until_its_day_and_for_no_decision() {
        let exception = |at| Exception {
            period: period("2021-Q2"),
            agency: agency("BF"),
            until: Timestamp(300),
            by: "ana".into(),
            reason: "a late court".into(),
            at: Timestamp(at),
        };
        let locks_with = |at| locks(vec![exception(at)]);
        let closed = |locks: &Locks, text: &str, of: Option<&str>, now| {
            locks.closes(period(text), of.map(agency).as_ref(), Timestamp(now)).is_some()
        };
        let given = locks_with(150);
        assert!(!closed(&given, "2021-Q2", Some("BF"), 299));
        assert!(closed(&given, "2021-Q2", Some("BF"), 300), "it has ended");
        assert!(closed(&given, "2021-Q1", Some("BF"), 200), "another quarter");
        assert!(closed(&given, "2021-Q2", Some("POLICE"), 200));
        assert!(closed(&given, "2021-Q2", None, 200));
        assert!(closed(&locks_with(50), "2021-Q2", Some("BF"), 200), "it was given before the period was closed anew");
    }

    #[test]
    fn the_charter_says_when_figures_are_due_and_the_node_where_there_is_none() {
        let charter = Charter::standard(Catalogue::bundled());
        let day = |charter, days| due(charter, days, period("2021-S1")).unwrap().date();
        assert_eq!(day(Some(&charter), 10), (2021, 8, 15));
        assert_eq!(day(None, 10), (2021, 7, 11));
    }

    #[test]
    fn a_day_that_exists_is_read_and_no_other() {
        assert_eq!(read_day(" 2026-11-27"), Ok((2026, 11, 27)));
        for text in ["", "2026-11", "2026-02-30", "27.11.2026", "2026-11-27-1"] {
            assert!(read_day(text).is_err(), "{text}");
        }
    }

    #[test]
    fn reminders_begin_two_weeks_before() {
        let at = |days: u64| Timestamp(days * DAY_SECS);
        assert_eq!(nearness(at(100), at(85)), Nearness::Far);
        assert_eq!(nearness(at(100), at(86)), Nearness::In(14));
        assert_eq!(nearness(at(100), at(100)), Nearness::In(0));
        assert_eq!(nearness(at(100), at(103)), Nearness::Overdue(3));
    }
}
