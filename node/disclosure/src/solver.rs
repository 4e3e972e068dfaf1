//! The solver: the linear programs of the attacker and of the extension share their equations and differ in costs and bounds, so
//! the solver keeps its equations solved and goes on from where it stands.
//!
//! Values are deviations from the true figures, which satisfy every equation; so zero is always a solution and no search for
//! a first one is needed. Costs are convex and piecewise linear: a cost per unit, a weight times the distance from a kink, and
//! bounds. Floating point decides nothing by itself: what comes out is rounded to whole numbers and added up again.

use crate::eliminate::{Row, Solved, snapped};
use crate::request::Budget;

/// A linear program over cells, kept solved between questions.
pub trait Solver {
    /// Cost of each unit of deviation of a cell.
    fn cost(&mut self, cell: usize, per_unit: f64);
    /// Cost of each unit of distance from zero, in either direction. Not negative.
    fn weight(&mut self, cell: usize, weight: f64);
    /// Least and greatest deviation. Zero lies between them whenever [`Solver::rest`] is called.
    fn bounds(&mut self, cell: usize, least: f64, most: f64);
    /// Back to the true figures; costs, weights, bounds and what was learnt stay.
    fn rest(&mut self);
    /// Goes to the cheapest deviations. False where the budget ran out; the deviations are a solution in any case.
    fn minimise(&mut self, budget: &mut Budget) -> bool;
    /// The deviation of a cell; zero for a cell that is none of its own.
    fn value(&self, cell: usize) -> f64;
    /// All cells it solves for.
    fn cells(&self) -> &[usize];
}

/// Beyond this no deviation goes: a count has no natural end, a program must have one.
pub const FAR: f64 = 1e9;
const SMALL: f64 = 1e-9;
/// A tableau with so many times the entries it began with begins anew.
const FILLED_MAX: usize = 10;
/// Entries are ones and simple fractions; what is smaller is rounding, and dividing by it would spoil everything.
const PIVOT_MIN: f64 = 1e-5;
/// Told cells further than this from what their row says show that rounding has spoilt the tableau.
const SPOILT: f64 = 1e-2;
/// Far above rounding, and a thousand of them far below one.
const JITTER: f64 = 1e-5;

/// Where a cell stands in the solved equations.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// Told by the others, in this row.
    Row(usize),
    /// Free to choose, in this column.
    Column(usize),
    /// Not of this system.
    None,
}

/// A dense tableau with bit sets that say where it is not zero.
#[derive(Debug, Clone)]
pub struct Tableau {
    cells: Vec<usize>,
    place: Vec<Place>,
    rows: usize,
    columns: usize,
    entries: Vec<f64>,
    /// Bits of the rows that are not zero in a column, and of the columns that are not zero in a row.
    column_bits: Vec<u64>,
    row_bits: Vec<u64>,
    row_words: usize,
    column_words: usize,
    /// The cell of each row and of each column, as an index into what follows.
    told: Vec<usize>,
    free: Vec<usize>,
    value: Vec<f64>,
    least: Vec<f64>,
    most: Vec<f64>,
    cost: Vec<f64>,
    weight: Vec<f64>,
    /// +1 or −1: on which side of its kink a told cell stands.
    side: Vec<f64>,
    /// Where the kink of each cell is, and by how much its bounds are relaxed, while a question is worked on. Almost everything
    /// stands exactly on its kink or bound at the start, and steps of length zero lead nowhere; so told cells are moved off theirs
    /// by a tiny amount of their own, which is taken back at the end.
    kink: Vec<f64>,
    relaxed: Vec<f64>,
    jitter: Vec<f64>,
    /// What a unit more of a free cell costs through the told ones and by its own cost, without its own weight.
    reduced: Vec<f64>,
    /// The equations as they were solved first, to begin anew from when rounding has spoilt the tableau.
    origin: Vec<(usize, Row<f64>)>,
    free_first: Vec<usize>,
    questions: u32,
    dice: u64,
}

/// A step on the ray of the entering cell.
struct Break {
    at: f64,
    rise: f64,
    row: Option<usize>,
    size: f64,
}

impl Tableau {
    /// A solver for solved equations over the given cells; `seed` settles ties.
    pub fn new(cells: &[usize], solved: &Solved<f64>, seed: u64) -> Self {
        let size = cells.iter().max().map_or(0, |last| last + 1);
        let place = vec![Place::None; size];
        let told: Vec<usize> = cells.iter().copied().filter(|cell| solved.rows.contains_key(cell)).collect();
        let free: Vec<usize> = cells.iter().copied().filter(|cell| !solved.rows.contains_key(cell)).collect();
        let (rows, columns) = (told.len(), free.len());
        let (row_words, column_words) = (rows.div_ceil(64), columns.div_ceil(64));
        let mut tableau = Self {
            cells: cells.to_vec(),
            rows,
            columns,
            entries: vec![0.0; rows * columns],
            column_bits: vec![0; columns * row_words],
            row_bits: vec![0; rows * column_words],
            row_words,
            column_words,
            value: vec![0.0; size],
            least: vec![-FAR; size],
            most: vec![FAR; size],
            cost: vec![0.0; size],
            weight: vec![0.0; size],
            side: vec![1.0; size],
            kink: vec![0.0; size],
            relaxed: vec![0.0; size],
            jitter: Vec::new(),
            reduced: vec![0.0; columns],
            origin: solved
                .rows
                .iter()
                .filter(|(cell, _)| cells.binary_search(cell).is_ok())
                .map(|(c, r)| (*c, r.clone()))
                .collect(),
            free_first: free.clone(),
            questions: 0,
            dice: seed | 1,
            place,
            told,
            free,
        };
        tableau.begin();
        tableau.jitter = (0..size).map(|_| JITTER * (1.0 + (tableau.throw() % 1_000_003) as f64 / 1e6)).collect();
        tableau
    }

    /// Fills the tableau with the equations as they were solved first.
    fn begin(&mut self) {
        let mut columns = Vec::new();
        for row in 0..self.rows {
            self.columns_of(row, &mut columns);
            for column in &columns {
                self.entries[row * self.columns + column] = 0.0;
            }
        }
        self.column_bits.fill(0);
        self.row_bits.fill(0);
        self.value.fill(0.0);
        self.told = self.origin.iter().map(|(cell, _)| *cell).collect();
        self.free = self.free_first.clone();
        for (at, cell) in self.told.iter().enumerate() {
            self.place[*cell] = Place::Row(at);
        }
        for (at, cell) in self.free.iter().enumerate() {
            self.place[*cell] = Place::Column(at);
        }
        let origin = std::mem::take(&mut self.origin);
        for (row, (_, terms)) in origin.iter().enumerate() {
            for (cell, factor) in terms {
                if let Some(Place::Column(column)) = self.place.get(*cell).copied() {
                    self.set(row, column, *factor);
                }
            }
        }
        self.origin = origin;
        self.reprice();
    }

    fn at(&self, row: usize, column: usize) -> f64 {
        self.entries[row * self.columns + column]
    }
    fn set(&mut self, row: usize, column: usize, entry: f64) {
        let (row_bit, column_bit) = (1u64 << (row % 64), 1u64 << (column % 64));
        let in_column = &mut self.column_bits[column * self.row_words + row / 64];
        let in_row = &mut self.row_bits[row * self.column_words + column / 64];
        if entry == 0.0 {
            *in_column &= !row_bit;
            *in_row &= !column_bit;
        } else {
            *in_column |= row_bit;
            *in_row |= column_bit;
        }
        self.entries[row * self.columns + column] = entry;
    }
    fn rows_of(&self, column: usize, found: &mut Vec<usize>) {
        bits(&self.column_bits[column * self.row_words..][..self.row_words], found);
    }
    fn columns_of(&self, row: usize, found: &mut Vec<usize>) {
        bits(&self.row_bits[row * self.column_words..][..self.column_words], found);
    }

    fn slope(&self, cell: usize) -> f64 {
        self.cost[cell] + self.weight[cell] * self.side[cell]
    }
    /// The slope of a told cell changed by so much.
    fn tilt(&mut self, row: usize, change: f64) {
        let mut columns = Vec::new();
        self.columns_of(row, &mut columns);
        for column in columns {
            self.reduced[column] += change * self.at(row, column);
        }
    }
    /// Computes the reduced costs anew, against rounding that adds up.
    fn reprice(&mut self) {
        for column in 0..self.columns {
            self.reduced[column] = self.cost[self.free[column]];
        }
        for row in 0..self.rows {
            let slope = self.slope(self.told[row]);
            if slope != 0.0 {
                self.tilt(row, slope);
            }
        }
    }

    fn throw(&mut self) -> u64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        self.dice
    }

    /// The free cell that gains most per unit, and its direction. After many steps without gain any that gains, by the dice,
    /// so that no circle is walked for ever.
    fn entering(&mut self, idle: u32) -> Option<(usize, f64, f64)> {
        let mut best: Option<(usize, f64, f64)> = None;
        let mut gaining = 0u64;
        for column in 0..self.columns {
            let cell = self.free[column];
            let (value, weight, price) = (self.value[cell], self.weight[cell], self.reduced[column]);
            let (kink, relaxed) = (self.kink[cell], self.relaxed[cell]);
            let up = if value < self.most[cell] + relaxed - SMALL {
                -(price + if value >= kink - SMALL { weight } else { -weight })
            } else {
                0.0
            };
            let down = if value > self.least[cell] - relaxed + SMALL {
                price + if value > kink + SMALL { weight } else { -weight }
            } else {
                0.0
            };
            let (gain, direction) = if up >= down { (up, 1.0) } else { (down, -1.0) };
            if gain <= 1e-7 {
                continue;
            }
            gaining += 1;
            let take = if idle > 60 {
                self.throw().is_multiple_of(gaining)
            } else {
                best.is_none_or(|(_, _, before)| gain > before)
            };
            if take {
                best = Some((column, direction, gain));
            }
        }
        best
    }

    /// Where the ray of the entering cell meets kinks and bounds.
    fn breaks(&self, column: usize, direction: f64, rows: &[usize]) -> Vec<Break> {
        let mut breaks = Vec::new();
        let cell = self.free[column];
        let (value, weight) = (self.value[cell], self.weight[cell]);
        let beyond = value - self.kink[cell];
        if weight > 0.0 && beyond * direction < -SMALL {
            breaks.push(Break { at: beyond.abs(), rise: 2.0 * weight, row: None, size: 1.0 });
        }
        let own = if direction > 0.0 { self.most[cell] - value } else { value - self.least[cell] };
        breaks.push(Break { at: (own + self.relaxed[cell]).max(0.0), rise: f64::INFINITY, row: None, size: 1.0 });
        for &row in rows {
            let rate = direction * self.at(row, column);
            let size = rate.abs();
            if size < PIVOT_MIN {
                continue;
            }
            let cell = self.told[row];
            let (value, weight) = (self.value[cell], self.weight[cell]);
            if weight > 0.0 && self.side[cell] * rate < 0.0 {
                let beyond = (value - self.kink[cell]).abs();
                breaks.push(Break { at: beyond / size, rise: 2.0 * weight * size, row: Some(row), size });
            }
            let room = if rate > 0.0 { self.most[cell] - value } else { value - self.least[cell] };
            let room = room + self.relaxed[cell];
            if room < FAR / 2.0 {
                breaks.push(Break { at: room.max(0.0) / size, rise: f64::INFINITY, row: Some(row), size });
            }
        }
        // Of those met at once the largest entry last, so that the stop falls on a pivot that divides well.
        breaks.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.size.total_cmp(&b.size)));
        breaks
    }

    /// One step; `None` when nothing gains any more, else the distance gone.
    fn step(&mut self, idle: u32, rows: &mut Vec<usize>) -> Option<f64> {
        let (column, direction, gain) = self.entering(idle)?;
        self.rows_of(column, rows);
        let breaks = self.breaks(column, direction, rows);
        let mut slope = -gain;
        let mut stop = breaks.len().saturating_sub(1);
        for (at, one) in breaks.iter().enumerate() {
            slope += one.rise;
            if slope >= -1e-9 {
                stop = at;
                break;
            }
        }
        let stopping = &breaks[stop];
        let far = stopping.at;
        let entering = self.free[column];
        for &row in rows.iter() {
            let cell = self.told[row];
            self.value[cell] += direction * far * self.at(row, column);
        }
        self.value[entering] += direction * far;
        // Told cells whose kink was passed stand on the other side now.
        for one in &breaks[..stop] {
            if let (Some(row), true) = (one.row, one.rise.is_finite()) {
                let cell = self.told[row];
                self.side[cell] = -self.side[cell];
                self.tilt(row, 2.0 * self.weight[cell] * self.side[cell]);
            }
        }
        if let Some(row) = stopping.row {
            let cell = self.told[row];
            if stopping.rise.is_finite() {
                self.value[cell] = self.kink[cell];
            }
            let beyond = self.value[entering] - self.kink[entering];
            self.side[entering] = if beyond.abs() > SMALL { beyond.signum() } else { direction };
            self.pivot(row, column);
        }
        Some(far)
    }

    /// Steps until nothing gains; false where the budget ran out.
    fn work(&mut self, budget: &mut Budget) -> bool {
        let mut rows = Vec::new();
        let mut idle = 0;
        self.loosen();
        loop {
            if !budget.take() {
                return false;
            }
            match self.step(idle, &mut rows) {
                None => return true,
                Some(far) if far < SMALL => idle += 1,
                Some(_) => idle = 0,
            }
        }
    }

    /// Moves told cells off their kinks and bounds.
    fn loosen(&mut self) {
        for &cell in &self.free {
            self.kink[cell] = 0.0;
            self.relaxed[cell] = 0.0;
        }
        for &cell in &self.told {
            let stands_on_it = self.value[cell].abs() < SMALL;
            self.kink[cell] = if stands_on_it { -self.side[cell] * self.jitter[cell] } else { 0.0 };
            self.relaxed[cell] = self.jitter[cell];
        }
    }

    /// Takes the tiny amounts back: free cells onto the kink or bound they stand beside, and the told ones follow. False where they
    /// follow from afar.
    fn settle(&mut self) -> bool {
        let before: Vec<f64> = self.told.iter().map(|cell| self.value[*cell]).collect();
        for column in 0..self.columns {
            let cell = self.free[column];
            let (value, near) = (self.value[cell], 10.0 * JITTER);
            if value.abs() < near {
                self.value[cell] = 0.0;
            } else if (value - self.least[cell]).abs() < near {
                self.value[cell] = self.least[cell];
            } else if (value - self.most[cell]).abs() < near {
                self.value[cell] = self.most[cell];
            }
        }
        for row in 0..self.rows {
            self.value[self.told[row]] = 0.0;
        }
        let mut rows = Vec::new();
        for column in 0..self.columns {
            let value = self.value[self.free[column]];
            if value != 0.0 {
                self.rows_of(column, &mut rows);
                for &row in &rows {
                    self.value[self.told[row]] += value * self.at(row, column);
                }
            }
        }
        for row in 0..self.rows {
            let cell = self.told[row];
            self.value[cell] = snapped(self.value[cell]);
        }
        self.told.iter().zip(before).all(|(cell, before)| (self.value[*cell] - before).abs() < SPOILT)
    }

    /// The told cell of a row and the free cell of a column change places.
    fn pivot(&mut self, row: usize, column: usize) {
        let (leaving, entering) = (self.told[row], self.free[column]);
        let divisor = self.at(row, column);
        let mut columns = Vec::new();
        self.columns_of(row, &mut columns);
        columns.retain(|other| *other != column);
        let price = self.reduced[column] + self.weight[entering] * self.side[entering];
        let solved: Vec<(usize, f64)> = columns.iter().map(|k| (*k, snapped(-self.at(row, *k) / divisor))).collect();
        for (k, entry) in &solved {
            self.set(row, *k, *entry);
            self.reduced[*k] += price * entry;
        }
        self.reduced[column] = price / divisor - self.weight[leaving] * self.side[leaving];
        let mut rows = Vec::new();
        self.rows_of(column, &mut rows);
        for other in rows.into_iter().filter(|other| *other != row) {
            let factor = self.at(other, column);
            let start = other * self.columns;
            let (word, bit) = (other / 64, 1u64 << (other % 64));
            for (k, entry) in &solved {
                let place = &mut self.entries[start + k];
                let old = *place;
                let new = snapped(old + factor * entry);
                *place = new;
                if (old == 0.0) != (new == 0.0) {
                    self.column_bits[k * self.row_words + word] ^= bit;
                    self.row_bits[other * self.column_words + k / 64] ^= 1u64 << (k % 64);
                }
            }
            self.set(other, column, snapped(factor / divisor));
        }
        self.set(row, column, snapped(1.0 / divisor));
        self.told[row] = entering;
        self.free[column] = leaving;
        self.place[entering] = Place::Row(row);
        self.place[leaving] = Place::Column(column);
    }
}

fn bits(words: &[u64], found: &mut Vec<usize>) {
    found.clear();
    for (at, word) in words.iter().enumerate() {
        let mut rest = *word;
        while rest != 0 {
            found.push(at * 64 + rest.trailing_zeros() as usize);
            rest &= rest - 1;
        }
    }
}

impl Solver for Tableau {
    fn cost(&mut self, cell: usize, per_unit: f64) {
        let change = per_unit - self.cost[cell];
        self.cost[cell] = per_unit;
        match self.place[cell] {
            Place::Row(row) => self.tilt(row, change),
            Place::Column(column) => self.reduced[column] += change,
            Place::None => {}
        }
    }
    fn weight(&mut self, cell: usize, weight: f64) {
        let change = weight - self.weight[cell];
        self.weight[cell] = weight;
        if let Place::Row(row) = self.place[cell] {
            self.tilt(row, change * self.side[cell]);
        }
    }
    fn bounds(&mut self, cell: usize, least: f64, most: f64) {
        self.least[cell] = least;
        self.most[cell] = most;
    }
    fn rest(&mut self) {
        self.value.fill(0.0);
        // Each step makes the tableau denser, and a dense one makes each step dear.
        let filled: usize = self.column_bits.iter().map(|word| word.count_ones() as usize).sum();
        let first: usize = self.origin.iter().map(|(_, row)| row.len()).sum();
        if filled > FILLED_MAX * first {
            self.begin();
        }
    }
    fn minimise(&mut self, budget: &mut Budget) -> bool {
        self.questions += 1;
        if self.questions.is_multiple_of(64) {
            self.reprice();
        }
        let done = self.work(budget);
        if self.settle() {
            return done;
        }
        self.begin();
        let done = self.work(budget);
        self.settle() && done
    }
    fn value(&self, cell: usize) -> f64 {
        self.value.get(cell).copied().unwrap_or(0.0)
    }
    fn cells(&self) -> &[usize] {
        &self.cells
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eliminate::solve;

    /// 2 x 2 table with totals: cells 0 to 3, rows 4 and 5, columns 6 and 7, total 8.
    fn table() -> Tableau {
        let minus = |cells: [usize; 3]| {
            let mut row = vec![(cells[0], -1.0), (cells[1], -1.0), (cells[2], 1.0)];
            row.sort_by_key(|entry| entry.0);
            row
        };
        let equations = [[0, 1, 4], [2, 3, 5], [0, 2, 6], [1, 3, 7], [4, 5, 8], [6, 7, 8]].map(minus).to_vec();
        let cells: Vec<usize> = (0..9).collect();
        Tableau::new(&cells, &solve(equations, |_| Some(0)), 7)
    }

    #[test]
    fn a_cell_moves_as_far_as_its_partners_let_it() {
        let mut solver = table();
        for margin in 4..9 {
            solver.bounds(margin, 0.0, 0.0);
        }
        for (cell, least) in [(0, -3.0), (1, -2.0), (2, -4.0), (3, -9.0)] {
            solver.bounds(cell, least, FAR);
        }
        for (per_unit, expected) in [(-1.0, 2.0), (1.0, -3.0)] {
            solver.rest();
            solver.cost(0, per_unit);
            assert!(solver.minimise(&mut Budget::of_steps(100)));
            assert!((solver.value(0) - expected).abs() < 1e-6, "{}", solver.value(0));
            assert!((solver.value(3) - expected).abs() < 1e-6);
        }
    }

    #[test]
    fn what_is_dear_is_left_where_it_is() {
        let mut solver = table();
        for cell in 0..9 {
            solver.weight(cell, if cell < 4 { 1.0 } else { 10.0 });
        }
        solver.bounds(0, 0.0, 2.0);
        solver.cost(0, -1_000.0);
        assert!(solver.minimise(&mut Budget::of_steps(100)));
        let moved: Vec<f64> = (0..9).map(|cell| solver.value(cell)).collect();
        assert_eq!(moved, [2.0, -2.0, -2.0, 2.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn without_steps_nothing_is_proven() {
        let mut solver = table();
        solver.cost(0, -1.0);
        assert!(!solver.minimise(&mut Budget::of_steps(0)));
    }
}
