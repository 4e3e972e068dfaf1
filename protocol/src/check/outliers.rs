//! Figures far from their own series: the same cell in earlier periods of the same length.
//!
//! The rule is robust, so that an earlier outlier does not hide the next one: the middle is the median, the spread is the median
//! of the distances from it (MAD), times 1.4826, which makes it a standard deviation where figures are normally distributed. The
//! spread is at least a tenth of the middle and at least five, or figures that hardly ever change would raise an alarm at every
//! change. What lies more than 3.5 spreads from the middle is an outlier (Iglewicz and Hoaglin 1993). With fewer than four
//! earlier figures there is no series.

use crate::catalogue::Form;
use crate::cell::Cell;
use crate::table::{Key, Table};

use super::findings::{Finding, Severity, What};

/// Fewest earlier figures that make a series.
pub const SERIES_MIN: usize = 4;
/// Most earlier periods that are looked at: three years of quarters. What lies further back says little about today.
pub const SERIES_MAX: usize = 12;

/// The MAD times this, in ten-thousandths, is the spread.
const MAD_SCALE: u128 = 14_826;
/// The spread is at least this part of the middle, in ten-thousandths.
const FLOOR_OF_MIDDLE: u128 = 1_000;
/// The spread is at least so many, in ten-thousandths.
const FLOOR: u128 = 50_000;

/// What is usual for a cell: the range in which nobody is alarmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Usual {
    /// The median.
    pub middle: u64,
    /// Lowest usual figure.
    pub low: u64,
    /// Highest usual figure.
    pub high: u64,
}

/// What is usual, by earlier figures; `None` where they are no series.
pub fn usual(mut earlier: Vec<u64>) -> Option<Usual> {
    if earlier.len() < SERIES_MIN {
        return None;
    }
    let middle = median(&mut earlier);
    let mut distances: Vec<u64> = earlier.iter().map(|count| count.abs_diff(middle)).collect();
    let spread = (u128::from(median(&mut distances)) * MAD_SCALE).max(u128::from(middle) * FLOOR_OF_MIDDLE).max(FLOOR);
    // Counts are bounded far below 64 bits; 3.5 spreads are 7 halves.
    let reach = u64::try_from(spread * 7 / 20_000).unwrap_or(u64::MAX);
    Some(Usual { middle, low: middle.saturating_sub(reach), high: middle.saturating_add(reach) })
}

/// The middle of the figures; of two, halfway between them.
fn median(figures: &mut [u64]) -> u64 {
    figures.sort_unstable();
    let half = figures.len() / 2;
    match (figures.get(half.wrapping_sub(1)), figures.get(half)) {
        (Some(low), Some(high)) if figures.len().is_multiple_of(2) => low + (high - low) / 2,
        (_, Some(middle)) => *middle,
        _ => 0,
    }
}

/// The figures of a table that are far from their own series. `series`: the same form in earlier periods of the same length, the
/// latest first. A table that counts another unit is no part of it, and what is no count is left out.
pub fn outliers(table: &Table, form: &Form, series: &[&Table]) -> Vec<Finding> {
    if !form.kind.counts() {
        return Vec::new();
    }
    let comparable = |other: &&&Table| {
        other.form == table.form
            && other.period < table.period
            && other.period.length() == table.period.length()
            && other.unit(form) == table.unit(form)
    };
    let earlier: Vec<&Table> = series.iter().filter(comparable).take(SERIES_MAX).copied().collect();
    let far = |(key, cell): (&Key, &Cell)| {
        let now = cell.as_count()?;
        let counts = earlier.iter().filter_map(|other| other.cell(key).and_then(Cell::as_count));
        let counts: Vec<u64> = counts.collect();
        let periods = counts.len();
        let Usual { middle, low, high } = usual(counts)?;
        let what = What::Outlier { now, middle, low, high, periods };
        (!(low..=high).contains(&now)).then(|| Finding {
            severity: Severity::Warning,
            cell: Some(key.to_string()),
            sentence: what.to_string(),
            what,
        })
    };
    table.cells.iter().filter_map(far).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::id::FormCode;
    use crate::period::Period;

    fn usual_of(earlier: &[u64]) -> Option<(u64, u64, u64)> {
        usual(earlier.to_vec()).map(|usual| (usual.middle, usual.low, usual.high))
    }

    #[test]
    fn a_short_series_raises_no_alarm() {
        assert_eq!(usual_of(&[]), None);
        assert_eq!(usual_of(&[100, 100, 100]), None);
        assert_eq!(usual_of(&[100, 100, 100, 100]), Some((100, 65, 135)));
    }

    #[test]
    fn the_middle_and_the_spread_are_not_moved_by_one_earlier_outlier() {
        // Median 108; distances 0, 2, 4, 8, 9_892: MAD 4, times 1.4826 is less than a tenth of the middle.
        assert_eq!(usual_of(&[104, 100, 108, 110, 10_000]), Some((108, 71, 145)));
        // Median 100; distances 0, 40, 50, 60, 70: MAD 50, spread 74.13, reach 259.
        assert_eq!(usual_of(&[100, 40, 60, 150, 170]), Some((100, 0, 359)));
    }

    #[test]
    fn small_figures_may_change_by_a_few() {
        assert_eq!(usual_of(&[0, 0, 1, 2]), Some((0, 0, 17)));
        assert_eq!(usual_of(&[u64::MAX / 2; 4]).map(|usual| usual.0), Some(u64::MAX / 2));
    }

    #[test]
    fn a_cell_is_compared_with_itself_in_periods_of_the_same_length_and_unit() {
        let form = Catalogue::bundled().form(&FormCode::parse("IE_TOT").unwrap()).unwrap();
        let table = |period: &str, cell: Cell| {
            let mut table = Table::new(form.code.clone(), Period::parse(period).unwrap());
            table.cells.insert(Key::default(), cell);
            table
        };
        let quarters = ["2020-Q4", "2020-Q3", "2020-Q2", "2020-Q1"].map(|period| table(period, Cell::count(100)));
        let year = table("2019", Cell::count(100));
        let now = table("2021-Q1", Cell::count(136));
        let series: Vec<&Table> = quarters.iter().collect();
        let found = outliers(&now, form, &series);
        assert_eq!(found.len(), 1);
        assert!(found[0].sentence.contains("136") && found[0].sentence.contains("65 to 135"), "{}", found[0].sentence);
        assert_eq!(outliers(&table("2021-Q1", Cell::count(135)), form, &series), []);
        assert_eq!(outliers(&table("2021-Q1", Cell::Suppressed), form, &series), []);
        // A year is no quarter, a gap no figure, and another unit no series.
        let mut mixed: Vec<&Table> = quarters.iter().take(3).collect();
        mixed.push(&year);
        assert_eq!(outliers(&now, form, &mixed), []);
        let gap = table("2020-Q1", Cell::NotKnown);
        assert_eq!(outliers(&now, form, &[&quarters[0], &quarters[1], &quarters[2], &gap]), []);
        let mut detections = quarters[3].clone();
        detections.metadata.unit = Some("detections".into());
        assert_eq!(outliers(&now, form, &[&quarters[0], &quarters[1], &quarters[2], &detections]), []);
    }
}
