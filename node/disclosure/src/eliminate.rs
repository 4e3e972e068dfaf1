//! Gauss-Jordan elimination of sparse equations, over any field: floating point for the solver, the integers modulo a prime for
//! rank questions, where no rounding may decide. The equations have ones and minus ones, and mostly keep them.

use std::collections::{BTreeMap, BTreeSet};

/// What elimination needs of numbers.
pub trait Field: Copy + PartialEq {
    /// One.
    const ONE: Self;
    /// Whether it is zero, or rounding noise.
    fn is_zero(self) -> bool;
    /// `self - factor * other`.
    #[must_use]
    fn less(self, factor: Self, other: Self) -> Self;
    /// `self / other`; the divisor is not zero.
    #[must_use]
    fn over(self, other: Self) -> Self;
    /// `-self`.
    #[must_use]
    fn negated(self) -> Self;
    /// A small whole number.
    fn of(whole: i8) -> Self;
}

impl Field for f64 {
    const ONE: Self = 1.0;
    fn is_zero(self) -> bool {
        self.abs() < 1e-9
    }
    fn less(self, factor: Self, other: Self) -> Self {
        snapped(self - factor * other)
    }
    fn over(self, other: Self) -> Self {
        snapped(self / other)
    }
    fn negated(self) -> Self {
        -self
    }
    fn of(whole: i8) -> Self {
        Self::from(whole)
    }
}

/// The whole number nearby, so that the ones and zeros of a table stay ones and zeros over thousands of steps.
pub fn snapped(number: f64) -> f64 {
    // Adding and taking away 1.5 x 2^52 rounds; `round` is a call into a library on processors without the instruction.
    const ROUNDING: f64 = 6_755_399_441_055_744.0;
    let whole = (number + ROUNDING) - ROUNDING;
    if (number - whole).abs() < 1e-8 { whole } else { number }
}

/// An integer modulo the Mersenne prime 2^61 − 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mod61(u64);

const PRIME: u64 = (1 << 61) - 1;

impl Mod61 {
    fn times(self, other: Self) -> Self {
        let product = u128::from(self.0) * u128::from(other.0);
        let folded = (product & u128::from(PRIME)) as u64 + (product >> 61) as u64;
        Self(if folded >= PRIME { folded - PRIME } else { folded })
    }
    /// By Fermat's little theorem.
    fn inverse(self) -> Self {
        let (mut result, mut base, mut exponent) = (Self(1), self, PRIME - 2);
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = result.times(base);
            }
            base = base.times(base);
            exponent >>= 1;
        }
        result
    }
}

impl Field for Mod61 {
    const ONE: Self = Self(1);
    fn is_zero(self) -> bool {
        self.0 == 0
    }
    fn less(self, factor: Self, other: Self) -> Self {
        let product = factor.times(other).0;
        Self(if self.0 >= product { self.0 - product } else { self.0 + PRIME - product })
    }
    fn over(self, other: Self) -> Self {
        if other.0 == 1 { self } else { self.times(other.inverse()) }
    }
    fn negated(self) -> Self {
        Self(if self.0 == 0 { 0 } else { PRIME - self.0 })
    }
    fn of(whole: i8) -> Self {
        if whole < 0 { Self(PRIME - u64::from(whole.unsigned_abs())) } else { Self(u64::from(whole.unsigned_abs())) }
    }
}

/// A sparse row: variables ascending, with their coefficients, none zero.
pub type Row<F> = Vec<(usize, F)>;

/// `one - factor * other`, row by row.
pub fn combined<F: Field>(one: &[(usize, F)], factor: F, other: &[(usize, F)]) -> Row<F> {
    let mut row = Vec::with_capacity(one.len() + other.len());
    let (mut i, mut k) = (0, 0);
    while i < one.len() || k < other.len() {
        let left = one.get(i).map_or(usize::MAX, |entry| entry.0);
        let right = other.get(k).map_or(usize::MAX, |entry| entry.0);
        if left < right {
            row.push(one[i]);
            i += 1;
        } else {
            let start = if left == right { one[i].1 } else { F::of(0) };
            let coefficient = start.less(factor, other[k].1);
            if !coefficient.is_zero() {
                row.push((right, coefficient));
            }
            i += usize::from(left == right);
            k += 1;
        }
    }
    row
}

/// Solves `row = 0` for as many variables as the equations determine: each solved variable with its expression in the others.
/// Of the variables of a row the one of least rank in `rank` is solved for, ties by how rarely it occurs; `None` is never
/// solved for. A row left with such variables only is given back in `left`.
pub struct Solved<F> {
    /// Solved variables with their expressions in variables that are not solved.
    pub rows: BTreeMap<usize, Row<F>>,
    /// Equations among variables that may not be solved for.
    pub left: Vec<Row<F>>,
}

/// See [`Solved`].
pub fn solve<F: Field>(equations: Vec<Row<F>>, rank: impl Fn(usize) -> Option<u32>) -> Solved<F> {
    let mut rows = equations;
    let mut occurs: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (at, row) in rows.iter().enumerate() {
        for (variable, _) in row {
            occurs.entry(*variable).or_default().insert(at);
        }
    }
    // Short rows first: they fill the others least.
    let mut waiting: BTreeSet<(usize, usize)> = rows.iter().enumerate().map(|(at, row)| (row.len(), at)).collect();
    let mut solved: BTreeMap<usize, usize> = BTreeMap::new();
    let mut left = Vec::new();
    while let Some((_, at)) = waiting.pop_first() {
        let choice = rows[at]
            .iter()
            .filter_map(|(variable, _)| Some((rank(*variable)?, occurs.get(variable)?.len(), *variable)))
            .min();
        let Some((_, _, pivot)) = choice else {
            if !rows[at].is_empty() {
                left.push(rows[at].clone());
            }
            continue;
        };
        let factor = coefficient(&rows[at], pivot);
        for entry in &mut rows[at] {
            entry.1 = entry.1.over(factor);
        }
        let own = rows[at].clone();
        let others: Vec<usize> =
            occurs.get(&pivot).into_iter().flatten().copied().filter(|other| *other != at).collect();
        for other in others {
            let old = std::mem::take(&mut rows[other]);
            let new = combined(&old, coefficient(&old, pivot), &own);
            if waiting.remove(&(old.len(), other)) {
                waiting.insert((new.len(), other));
            }
            for (variable, _) in &old {
                if new.binary_search_by_key(variable, |entry| entry.0).is_err() {
                    occurs.entry(*variable).or_default().remove(&other);
                }
            }
            for (variable, _) in &own {
                if new.binary_search_by_key(variable, |entry| entry.0).is_ok() {
                    occurs.entry(*variable).or_default().insert(other);
                }
            }
            rows[other] = new;
        }
        solved.insert(pivot, at);
    }
    let expression = |(pivot, at): (usize, usize)| {
        let row = rows[at].iter().filter(|(variable, _)| *variable != pivot);
        (pivot, row.map(|(variable, factor)| (*variable, factor.negated())).collect())
    };
    Solved { rows: solved.into_iter().map(expression).collect(), left }
}

fn coefficient<F: Field>(row: &[(usize, F)], variable: usize) -> F {
    row.binary_search_by_key(&variable, |entry| entry.0).map_or_else(|_| F::of(0), |at| row[at].1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prime_field_divides() {
        for whole in [1, 2, 3, 100, -1, -77] {
            let number = Mod61::of(whole);
            assert_eq!(number.over(number), Mod61::ONE);
            assert_eq!(Mod61::of(0).less(Mod61::ONE, number), number.negated());
        }
    }

    #[test]
    fn each_solved_variable_is_told_by_unsolved_ones() {
        // a = b + c, c = d + e, a = f.
        let equations =
            vec![vec![(0, 1.0), (1, -1.0), (2, -1.0)], vec![(2, 1.0), (3, -1.0), (4, -1.0)], vec![(0, 1.0), (5, -1.0)]];
        let solved = solve(equations, |_| Some(0));
        assert_eq!(solved.rows.len(), 3);
        for row in solved.rows.values() {
            assert!(row.iter().all(|(variable, _)| !solved.rows.contains_key(variable)));
        }
        let told = solve(vec![vec![(0, 1.0), (1, -1.0)], vec![(0, 1.0), (1, 1.0)]], |v| (v > 0).then_some(0));
        assert_eq!(told.left.len(), 1, "nothing may be solved for variable 0, so it is left to be zero");
    }
}
