//! Which catalogue holds for which year. A version holds for whole calendar years, because topic and year is what kinds, blocks
//! and derived sums are about: two versions inside one would add what was asked differently.

use super::{Catalogue, Form};
use crate::id::FormCode;
use crate::period::Period;

/// The catalogues a Charter puts in force, by year.
#[derive(Debug, Clone)]
pub struct Catalogues {
    /// Those of earlier years with the last year of each, in the order of the years.
    earlier: Vec<(u16, &'static Catalogue)>,
    latest: &'static Catalogue,
}

impl Catalogues {
    /// One catalogue for all years.
    pub const fn of_one(catalogue: &'static Catalogue) -> Self {
        Self { earlier: Vec::new(), latest: catalogue }
    }
    /// Several: `earlier` with the last year of each, in the order of the years.
    pub const fn of_years(earlier: Vec<(u16, &'static Catalogue)>, latest: &'static Catalogue) -> Self {
        Self { earlier, latest }
    }

    /// The one that holds for a calendar year.
    pub fn of_year(&self, year: u16) -> &'static Catalogue {
        self.earlier.iter().find(|(until, _)| year <= *until).map_or(self.latest, |(_, catalogue)| catalogue)
    }
    /// The one that holds for a period: that of the year it lies in.
    pub fn of(&self, period: Period) -> &'static Catalogue {
        self.of_year(period.year())
    }
    /// The one of the last years, without an end.
    pub const fn latest(&self) -> &'static Catalogue {
        self.latest
    }
    /// The year from which the latest holds; `None` where it always has.
    pub fn latest_since(&self) -> Option<u16> {
        self.earlier.last().map(|(until, _)| until.saturating_add(1))
    }
    /// Each with its last year, in the order of the years; the latest has none.
    pub fn all(&self) -> impl Iterator<Item = (Option<u16>, &'static Catalogue)> {
        let earlier = self.earlier.iter().map(|(until, catalogue)| (Some(*until), *catalogue));
        earlier.chain([(None, self.latest)])
    }
    /// The years a catalogue holds for, each span with its first and last year; none where it is not in force.
    pub fn years(&self, catalogue: &Catalogue) -> Vec<(Option<u16>, Option<u16>)> {
        let firsts = std::iter::once(None).chain(self.earlier.iter().map(|(until, _)| Some(until.saturating_add(1))));
        let spans = firsts.zip(self.all()).filter(|(_, (_, one))| one.hash() == catalogue.hash());
        spans.map(|(first, (last, _))| (first, last)).collect()
    }
    /// A form as it is asked for a period.
    pub fn form(&self, code: &FormCode, period: Period) -> Option<&'static Form> {
        self.of(period).form(code)
    }
    /// A form as the latest version in force that has it asks it.
    pub fn form_ever(&self, code: &FormCode) -> Option<&'static Form> {
        let versions: Vec<_> = self.all().collect();
        versions.iter().rev().find_map(|(_, catalogue)| catalogue.form(code))
    }
    /// Whether two put the same catalogue in force for a year.
    pub fn agree_on(&self, other: &Self, year: u16) -> bool {
        self.of_year(year).hash() == other.of_year(year).hash()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_year_has_one_catalogue() {
        let (first, second) = (&Catalogue::known()[0], &Catalogue::known()[1]);
        let both = Catalogues::of_years(vec![(2026, first)], second);
        for (year, expected) in [(0, first), (2026, first), (2027, second), (u16::MAX, second)] {
            assert_eq!(both.of_year(year).version, expected.version, "{year}");
        }
        assert_eq!(both.latest_since(), Some(2027));
        assert_eq!(both.of(Period::parse("2026-Q4").unwrap()).version, first.version);
        let one = Catalogues::of_one(first);
        assert!(one.agree_on(&both, 2026) && !one.agree_on(&both, 2027));
        assert_eq!(one.latest_since(), None);
        assert_eq!((both.years(first), both.years(second)), (vec![(None, Some(2026))], vec![(Some(2027), None)]));
        assert_eq!((one.years(first), one.years(second)), (vec![(None, None)], vec![]));
    }
}
