//! Days as people write them, in the order that the mapping says.

use vrs_protocol::period::{Length, Period};

use super::mapping::DateOrder;
use super::problems::Flaw;

/// The period of a length in which a day lies. A time of day behind it, after a space or a T, says nothing more.
pub(super) fn period_of(text: &str, order: DateOrder, length: Length) -> Result<Period, Flaw> {
    let (year, month, _) = day(day_part(text), order)?;
    let month =
        Period::parse(&format!("{year:04}-{month:02}")).map_err(|error| Flaw::UnknownPeriod(error.to_string()))?;
    month.in_length(length).ok_or_else(|| Flaw::UnknownPeriod("there is no such period".into()))
}

/// Whether the text is a day in this order.
pub(super) fn is_day(text: &str, order: DateOrder) -> bool {
    day(day_part(text), order).is_ok()
}

/// The date without the time of day behind it.
pub(super) fn day_part(text: &str) -> &str {
    text.split([' ', 'T']).next().unwrap_or_default()
}

/// What every refusal of a date says is accepted.
pub(super) fn accepted(order: DateOrder) -> &'static str {
    match order {
        DateOrder::YearMonthDay => "a day as 2013-03-31 (year, month, day; separated by - / or .)",
        DateOrder::DayMonthYear => "a day as 31/03/2013 (day, month, year; separated by - / or .)",
        DateOrder::MonthDayYear => "a day as 03/31/2013 (month, day, year; separated by - / or .)",
        DateOrder::YearDayMonth => "a day as 2013-31-03 (year, day, month; separated by - / or .)",
    }
}

/// Year, month and day of a date that exists.
fn day(text: &str, order: DateOrder) -> Result<(u16, u8, u8), Flaw> {
    let refuse = |why: &str| Err(Flaw::UnknownPeriod(why.into()));
    let parts: Vec<&str> = text.split(['-', '/', '.']).collect();
    let [first, second, third] = parts[..] else { return refuse("it is no day") };
    let mut marks = text.bytes().filter(|byte| !byte.is_ascii_digit());
    if marks.next() != marks.next() || !parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
        return refuse("it is no day");
    }
    let (year, month, day) = match order {
        DateOrder::YearMonthDay => (first, second, third),
        DateOrder::DayMonthYear => (third, second, first),
        DateOrder::MonthDayYear => (third, first, second),
        DateOrder::YearDayMonth => (first, third, second),
    };
    if year.len() != 4 {
        return refuse("its year does not have four digits where the mapping says that the year stands");
    }
    let number = |part: &str| (1..=2).contains(&part.len()).then(|| part.parse::<u8>().ok()).flatten();
    let (Ok(year), Some(month), Some(day)) = (year.parse::<u16>(), number(month), number(day)) else {
        return refuse("it is no day");
    };
    if !(1..=12).contains(&month) {
        return refuse("there is no such month where the mapping says that the month stands");
    }
    if !(1..=days_in(year, month)).contains(&day) {
        return refuse("there is no such day in that month");
    }
    Ok((year, month, day))
}

const fn days_in(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn quarter(text: &str, order: DateOrder) -> String {
        period_of(text, order, Length::Quarter).map_or_else(|flaw| flaw.to_string(), |period| period.to_string())
    }

    #[test]
    fn the_mapping_says_the_order() {
        assert_eq!(quarter("2013-03-31", DateOrder::YearMonthDay), "2013-Q1");
        assert_eq!(quarter("4/5/2013", DateOrder::DayMonthYear), "2013-Q2");
        assert_eq!(quarter("4/10/2013", DateOrder::DayMonthYear), "2013-Q4");
        assert_eq!(quarter("4/10/2013", DateOrder::MonthDayYear), "2013-Q2");
        assert_eq!(quarter("2013.31.03", DateOrder::YearDayMonth), "2013-Q1");
        assert_eq!(quarter("2013-03-31 23:59:58", DateOrder::YearMonthDay), "2013-Q1");
        assert_eq!(quarter("2013-03-31T23:59:58Z", DateOrder::YearMonthDay), "2013-Q1");
    }

    #[test]
    fn what_is_no_day_is_refused() {
        for (text, why) in [
            ("2013-13-01", "no such month"),
            ("2013-02-29", "no such day"),
            ("31-12-2013", "four digits"),
            ("13-12-31", "four digits"),
            ("2013-1/2", "no day"),
            ("2013--1", "no day"),
            ("41639", "no day"),
            ("", "no day"),
            ("2013-+1-01", "no day"),
            ("1899-01-01", "1899"),
        ] {
            let said = quarter(text, DateOrder::YearMonthDay);
            assert!(said.contains(why), "{text}: {said}");
        }
        assert_eq!(quarter("2012-02-29", DateOrder::YearMonthDay), "2012-Q1");
    }
}
