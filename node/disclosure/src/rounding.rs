//! The alternative for a public product: every cell rounded by itself to a multiple of a base, without holes. The totals do not
//! add up afterwards, and a page that shows them says so. The audit: however the rounded cells are added and subtracted, each
//! cell keeps a second possible value.

use vrs_protocol::catalogue::{Catalogue, Form};
use vrs_protocol::cell::{Cell, Figure};
use vrs_protocol::table::Table;

use crate::eliminate::solve;
use crate::model::Model;
use crate::request::Budget;
use crate::solver::{Solver, Tableau};

/// The usual base.
pub const BASE: u64 = 5;

/// The multiple of `base` nearest to a count; halves upwards. Zero stays zero, so a small count becomes 0 or the base.
pub const fn rounded(count: u64, base: u64) -> u64 {
    match (count + base / 2).checked_div(base) {
        Some(times) => times * base,
        None => count,
    }
}

/// A table with each count rounded by itself. Hidden cells and gaps stay what they are.
pub fn round(table: &Table, base: u64) -> Table {
    let mut table = table.clone();
    let counts = Catalogue::everything().form(&table.form).is_some_and(|form: &Form| form.kind.counts());
    for cell in table.cells.values_mut().filter(|_| counts) {
        if let Cell::Value { figure: Figure::Count(count), .. } = cell {
            *count = rounded(*count, base);
        }
    }
    table
}

/// Which of the cells in `guarded` an outsider can narrow to less than `width`, knowing that each cell lies within half a base of
/// what is shown, and every sum. `shown` are the rounded figures. Cells that no proof was found for within the budget are
/// among them. The widths are those of real numbers: rounding leaves ample room, and whole numbers narrow it by less than 1 at each end, which
/// is demanded on top.
pub fn narrow(
    model: &Model,
    shown: &[i64],
    base: i64,
    guarded: &[usize],
    width: i64,
    budget: &mut Budget,
) -> Vec<usize> {
    let cells: Vec<usize> = (0..model.truth.len()).collect();
    let mut solver = Tableau::new(&cells, &solve(model.equations(|_| true), |_| Some(0)), 1);
    for &cell in &cells {
        let (low, high) = (shown[cell] - base / 2, shown[cell] + (base - 1) / 2);
        let truth = model.truth[cell];
        solver.bounds(cell, (low.max(0) - truth).min(0) as f64, (high - truth).max(0) as f64);
    }
    let mut is_narrow = |cell: usize| {
        let mut ends = [0.0; 2];
        for (end, direction) in ends.iter_mut().zip([1.0, -1.0]) {
            solver.rest();
            solver.cost(cell, direction);
            solver.minimise(budget);
            solver.cost(cell, 0.0);
            *end = solver.value(cell);
        }
        ends[1] - ends[0] < (width + 1) as f64
    };
    guarded.iter().copied().filter(|cell| is_narrow(*cell)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_goes_to_the_nearest_multiple() {
        assert_eq!([0, 1, 2, 3, 4, 5, 7, 8].map(|count| rounded(count, 5)), [0, 0, 0, 5, 5, 5, 5, 10]);
    }

    #[test]
    fn what_is_rounded_stays_uncertain_although_its_partner_and_total_are_known() {
        // 3 + 4 = 7, rounded to 5 + 5 = 5: the parts lie within 3 to 7, the total within 3 to 7.
        let model = Model {
            truth: vec![3, 4, 7],
            least: vec![0; 3],
            most: vec![None; 3],
            known: vec![false; 3],
            hidden: vec![false; 3],
            demand: vec![0; 3],
            price: vec![1.0; 3],
            weight: vec![1.0; 3],
            sums: vec![vec![(0, -1), (1, -1), (2, 1)]],
        };
        let mut budget = Budget::of_steps(1_000);
        assert_eq!(narrow(&model, &[5, 5, 5], 5, &[0], 2, &mut budget), [0], "together they are at most 7, so 3 or 4");
        assert_eq!(narrow(&model, &[5, 5, 10], 5, &[0, 1], 2, &mut budget), [] as [usize; 0]);
    }
}
