//! Reporting periods. A period is calendar time: `2013`, `2013-S1`, `2013-Q1` or `2013-03`. On the wire it is a start
//! date and a number of months, so that a fiscal year is never taken for a calendar year and no sum mixes them.

use std::fmt;

/// How long a period lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Length {
    /// One month.
    Month,
    /// Three months from January, April, July or October.
    Quarter,
    /// Six months from January or July.
    Semester,
    /// Twelve months from January.
    Year,
}

impl Length {
    /// 1, 3, 6 or 12.
    pub const fn months(self) -> u8 {
        match self {
            Self::Month => 1,
            Self::Quarter => 3,
            Self::Semester => 6,
            Self::Year => 12,
        }
    }

    fn of_months(months: u8) -> Option<Self> {
        Some(match months {
            1 => Self::Month,
            3 => Self::Quarter,
            6 => Self::Semester,
            12 => Self::Year,
            _ => return None,
        })
    }
}

/// Why a text is not a period.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    /// The shape is unknown.
    #[error("{0:?} is not a period; write 2013, 2013-S1, 2013-Q1 or 2013-03")]
    Shape(String),
    /// Years run from 1900 to 2999.
    #[error("the year {0} is outside 1900 to 2999")]
    YearOutOfRange(u16),
    /// There are four quarters.
    #[error("there is no quarter {0}; write Q1 to Q4")]
    QuarterOutOfRange(u8),
    /// There are two semesters.
    #[error("there is no semester {0}; write S1 or S2")]
    SemesterOutOfRange(u8),
    /// There are twelve months.
    #[error("there is no month {0:02}; write 01 to 12")]
    MonthOutOfRange(u8),
}

/// A reporting period: `2026`, `2026-S1`, `2026-Q1` or `2026-03`. Ordered by its first day, then the shorter first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    year: u16,
    month: u8,
    length: Length,
}

/// The first and the last year a period may lie in.
const YEARS: std::ops::RangeInclusive<u16> = 1900..=2999;

impl Period {
    /// Reads a period; [`fmt::Display`] is the exact inverse.
    pub fn parse(text: &str) -> Result<Self, PeriodError> {
        let shape = || PeriodError::Shape(text.chars().take(20).collect());
        let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
        let (year, rest) = match text.split_once('-') {
            None => (text, None),
            Some((year, rest)) => (year, Some(rest)),
        };
        if year.len() != 4 || !digits(year) {
            return Err(shape());
        }
        let year: u16 = year.parse().map_err(|_| shape())?;
        if !YEARS.contains(&year) {
            return Err(PeriodError::YearOutOfRange(year));
        }
        let number = |part: &str, len: usize| {
            if part.len() == len && digits(part) { part.parse::<u8>().map_err(|_| shape()) } else { Err(shape()) }
        };
        let (month, length) = match rest {
            None => (1, Length::Year),
            Some(rest) if rest.starts_with('S') => match number(&rest[1..], 1)? {
                s @ 1..=2 => (s * 6 - 5, Length::Semester),
                s => return Err(PeriodError::SemesterOutOfRange(s)),
            },
            Some(rest) if rest.starts_with('Q') => match number(&rest[1..], 1)? {
                q @ 1..=4 => (q * 3 - 2, Length::Quarter),
                q => return Err(PeriodError::QuarterOutOfRange(q)),
            },
            Some(rest) => match number(rest, 2)? {
                m @ 1..=12 => (m, Length::Month),
                m => return Err(PeriodError::MonthOutOfRange(m)),
            },
        };
        Ok(Self { year, month, length })
    }

    /// The calendar year.
    pub fn year_of(year: u16) -> Result<Self, PeriodError> {
        if YEARS.contains(&year) {
            Ok(Self { year, month: 1, length: Length::Year })
        } else {
            Err(PeriodError::YearOutOfRange(year))
        }
    }

    fn from_start(year: u16, month: u8, months: u8) -> Option<Self> {
        let length = Length::of_months(months)?;
        let aligned = (1..=12).contains(&month) && (month - 1).is_multiple_of(months);
        (YEARS.contains(&year) && aligned).then_some(Self { year, month, length })
    }

    /// How long it lasts.
    pub const fn length(self) -> Length {
        self.length
    }
    /// The calendar year it lies in. Every period that version 1 knows lies in one.
    pub const fn year(self) -> u16 {
        self.year
    }
    /// Year and month (1 to 12) of its first day.
    pub const fn start(self) -> (u16, u8) {
        (self.year, self.month)
    }
    /// Year and month of the first day after it.
    pub const fn end(self) -> (u16, u8) {
        let after = self.month + self.length.months();
        if after > 12 { (self.year + 1, after - 12) } else { (self.year, after) }
    }
    /// Whether every day of `other` is a day of this period.
    pub fn contains(self, other: Self) -> bool {
        self.start() <= other.start() && other.end() <= self.end()
    }
    /// Whether the two share a day.
    pub fn overlaps(self, other: Self) -> bool {
        self.start() < other.end() && other.start() < self.end()
    }
    /// Whether its first day has come at the given date (year, month, day).
    pub fn begun_by(self, date: (u16, u8, u8)) -> bool {
        self.start() <= (date.0, date.1)
    }
    /// Whether it is over at the given date (year, month, day).
    pub fn ended_by(self, date: (u16, u8, u8)) -> bool {
        self.end() <= (date.0, date.1)
    }
    /// The parts of the next shorter length that add up to it: a year's semesters, a semester's quarters, a quarter's months.
    pub fn parts(self) -> Vec<Self> {
        let (length, count) = match self.length {
            Length::Year => (Length::Semester, 2),
            Length::Semester => (Length::Quarter, 2),
            Length::Quarter => (Length::Month, 3),
            Length::Month => return Vec::new(),
        };
        (0..count).map(|i| Self { year: self.year, month: self.month + i * length.months(), length }).collect()
    }
    /// The next longer period it is a part of; a year has none.
    pub fn whole(self) -> Option<Self> {
        let length = match self.length {
            Length::Year => return None,
            Length::Semester => Length::Year,
            Length::Quarter => Length::Semester,
            Length::Month => Length::Quarter,
        };
        Some(Self { year: self.year, month: (self.month - 1) / length.months() * length.months() + 1, length })
    }
    /// The period of a length that it lies in, itself included; `None` where it is longer.
    pub fn in_length(self, length: Length) -> Option<Self> {
        let mut period = self;
        while period.length != length {
            period = period.whole()?;
        }
        Some(period)
    }
    /// The periods of a length that make it up, itself included; none where it is shorter.
    pub fn split(self, length: Length) -> Vec<Self> {
        if self.length == length {
            return vec![self];
        }
        self.parts().into_iter().flat_map(|part| part.split(length)).collect()
    }
    /// The period of the same length just before; `None` before 1900.
    pub fn previous(self) -> Option<Self> {
        let months = u32::from(self.year) * 12 + u32::from(self.month) - 1 - u32::from(self.length.months());
        Self::from_start((months / 12) as u16, (months % 12) as u8 + 1, self.length.months())
    }
    /// The same part of the year before; `None` before 1900.
    pub fn a_year_before(self) -> Option<Self> {
        Self::from_start(self.year - 1, self.month, self.length.months())
    }
    /// The period of the same length just after; `None` after 2999.
    pub fn next(self) -> Option<Self> {
        let (year, month) = self.end();
        Self::from_start(year, month, self.length.months())
    }
    /// The period in full words: `the first semester of 2013`.
    pub fn in_words(self) -> String {
        const MONTHS: [&str; 12] = [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ];
        const ORDINALS: [&str; 4] = ["first", "second", "third", "fourth"];
        let index = usize::from((self.month - 1) / self.length.months());
        match self.length {
            Length::Year => self.year.to_string(),
            Length::Semester => format!("the {} semester of {}", ORDINALS[index], self.year),
            Length::Quarter => format!("the {} quarter of {}", ORDINALS[index], self.year),
            Length::Month => format!("{} {}", MONTHS[index], self.year),
        }
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self.length {
            Length::Year => format!("{:04}", self.year),
            Length::Semester => format!("{:04}-S{}", self.year, self.month / 6 + 1),
            Length::Quarter => format!("{:04}-Q{}", self.year, self.month / 3 + 1),
            Length::Month => format!("{:04}-{:02}", self.year, self.month),
        };
        f.pad(&text)
    }
}

impl std::str::FromStr for Period {
    type Err = PeriodError;
    fn from_str(text: &str) -> Result<Self, PeriodError> {
        Self::parse(text)
    }
}
impl TryFrom<String> for Period {
    type Error = PeriodError;
    fn try_from(text: String) -> Result<Self, PeriodError> {
        Self::parse(&text)
    }
}
impl From<Period> for String {
    fn from(period: Period) -> Self {
        period.to_string()
    }
}

/// On the wire: `["2013-01-01", 6]`, start date (RFC 3339 full-date) and months.
impl<C> minicbor::Encode<C> for Period {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.array(2)?.str(&format!("{:04}-{:02}-01", self.year, self.month))?.u8(self.length.months())?.ok()
    }
}
impl<'b, C> minicbor::Decode<'b, C> for Period {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let wrong = || minicbor::decode::Error::message("not a period: [first day, months]");
        if d.array()? != Some(2) {
            return Err(wrong());
        }
        let date = d.str()?;
        let months = d.u8()?;
        let parts: Vec<&str> = date.split('-').collect();
        let [year, month, "01"] = parts[..] else { return Err(wrong()) };
        if date.len() != 10 {
            return Err(wrong());
        }
        let (Ok(year), Ok(month)) = (year.parse(), month.parse()) else { return Err(wrong()) };
        Self::from_start(year, month, months).ok_or_else(wrong)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn p(text: &str) -> Period {
        Period::parse(text).unwrap()
    }

    #[test]
    fn printing_is_the_exact_inverse_of_parsing() {
        for year in [1900, 2013, 2999] {
            let mut texts = vec![format!("{year}"), format!("{year}-S1"), format!("{year}-S2")];
            texts.extend((1..=4).map(|q| format!("{year}-Q{q}")));
            texts.extend((1..=12).map(|m| format!("{year}-{m:02}")));
            for text in texts {
                assert_eq!(p(&text).to_string(), text);
                let bytes = minicbor::to_vec(p(&text)).unwrap();
                assert_eq!(minicbor::decode::<Period>(&bytes).unwrap(), p(&text));
            }
        }
    }

    #[test]
    fn what_is_no_period_is_refused_by_its_flaw() {
        assert_eq!(Period::parse("2013-Q5"), Err(PeriodError::QuarterOutOfRange(5)));
        assert_eq!(Period::parse("2013-S0"), Err(PeriodError::SemesterOutOfRange(0)));
        assert_eq!(Period::parse("2013-13"), Err(PeriodError::MonthOutOfRange(13)));
        assert_eq!(Period::parse("1899"), Err(PeriodError::YearOutOfRange(1899)));
        for text in
            ["", "13", "2013-", "2013-1", "2013-H1", "2013Q1", "2013-Q01", " 2013", "+2013", "2013-Qé", "２０１３"]
        {
            assert!(matches!(Period::parse(text), Err(PeriodError::Shape(_))), "{text}");
        }
    }

    #[test]
    fn quarters_make_semesters_and_semesters_make_the_year() {
        assert_eq!(p("2021").parts(), [p("2021-S1"), p("2021-S2")]);
        assert_eq!(p("2021-S2").parts(), [p("2021-Q3"), p("2021-Q4")]);
        assert_eq!(p("2021-Q4").whole(), Some(p("2021-S2")));
        assert_eq!(p("2021-05").whole(), Some(p("2021-Q2")));
        assert_eq!(p("2021").whole(), None);
        assert_eq!(p("2021-05").in_length(Length::Semester), Some(p("2021-S1")));
        assert_eq!(p("2021-Q2").in_length(Length::Quarter), Some(p("2021-Q2")));
        assert_eq!(p("2021-Q2").in_length(Length::Month), None);
        assert_eq!(p("2021-S2").split(Length::Quarter), [p("2021-Q3"), p("2021-Q4")]);
        assert_eq!(p("2021").split(Length::Month).len(), 12);
        assert_eq!(p("2021-Q2").split(Length::Year), []);
        assert!(p("2021").contains(p("2021-Q4")) && !p("2021-S1").contains(p("2021-Q3")));
        assert!(p("2021-S1").overlaps(p("2021-06")) && !p("2021-S1").overlaps(p("2021-07")));
    }

    #[test]
    fn neighbours_cross_the_year() {
        assert_eq!(p("2021-Q1").previous(), Some(p("2020-Q4")));
        assert_eq!(p("2021-12").next(), Some(p("2022-01")));
        assert_eq!(p("2999").next(), None);
        assert_eq!(p("1900-01").previous(), None);
        assert_eq!(p("2021-Q3").a_year_before(), Some(p("2020-Q3")));
        assert_eq!(p("1900-S2").a_year_before(), None);
    }

    #[test]
    fn a_period_ends_with_its_last_day() {
        assert!(!p("2021-S1").ended_by((2021, 6, 30)));
        assert!(p("2021-S1").ended_by((2021, 7, 1)));
        assert!(p("2021-S2").begun_by((2021, 7, 1)) && !p("2021-S2").begun_by((2021, 6, 30)));
    }

    #[test]
    fn ordered_by_first_day() {
        let mut periods = [p("2021-Q2"), p("2021"), p("2020-12")];
        periods.sort();
        assert_eq!(periods, [p("2020-12"), p("2021"), p("2021-Q2")]);
    }
}
