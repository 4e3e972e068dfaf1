//! Linear algebra over the integers modulo a prime: enough to ask what follows from equations. Modulo a prime because it
//! is exact and fast; that something follows modulo 2³¹ − 1 and not over the rationals would be an accident of one in a
//! thousand million.

use std::collections::BTreeMap;

const PRIME: u64 = (1 << 31) - 1;

/// A linear form: coefficients by place of the unknown, none of them zero.
pub(crate) type Row = BTreeMap<usize, u64>;

/// One unknown by itself.
pub(crate) fn unit(place: usize) -> Row {
    Row::from([(place, 1)])
}

/// Adds `factor` times `other` to a row.
pub(crate) fn add(row: &mut Row, other: &Row, factor: u64) {
    for (place, value) in other {
        let sum = (row.get(place).copied().unwrap_or(0) + factor * value % PRIME) % PRIME;
        if sum == 0 {
            row.remove(place);
        } else {
            row.insert(*place, sum);
        }
    }
}

/// Equations in echelon form: each row begins at its own place with a one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Basis {
    rows: BTreeMap<usize, Row>,
}

impl Basis {
    /// What is left of a form after everything is subtracted that follows from the equations. Zero: it follows.
    pub(crate) fn reduce(&self, mut row: Row) -> Row {
        let mut from = 0;
        while let Some((place, value)) = row.range(from..).next().map(|(place, value)| (*place, *value)) {
            if let Some(pivot) = self.rows.get(&place) {
                add(&mut row, pivot, PRIME - value);
            }
            from = place + 1;
        }
        row
    }
    /// Takes an equation in; whether it was new.
    pub(crate) fn insert(&mut self, row: Row) -> bool {
        let row = self.reduce(row);
        let Some((place, value)) = row.first_key_value().map(|(place, value)| (*place, *value)) else { return false };
        let inverse = power(value, PRIME - 2);
        let row = row.into_iter().map(|(at, value)| (at, value * inverse % PRIME)).collect();
        self.rows.insert(place, row);
        true
    }
    /// How many equations say something of their own.
    pub(crate) fn rank(&self) -> usize {
        self.rows.len()
    }
}

fn power(mut base: u64, mut exponent: u64) -> u64 {
    let mut result = 1;
    while exponent > 0 {
        if exponent % 2 == 1 {
            result = result * base % PRIME;
        }
        base = base * base % PRIME;
        exponent /= 2;
    }
    result
}

#[test]
fn what_follows_from_equations_reduces_to_nothing() {
    let row = |values: &[(usize, u64)]| values.iter().copied().collect::<Row>();
    let mut basis = Basis::default();
    assert!(basis.insert(row(&[(0, 1), (1, 1), (2, 1)])));
    assert!(basis.insert(row(&[(1, 2), (2, 5)])));
    assert!(!basis.insert(row(&[(0, 2), (1, 4), (2, 7)])));
    assert!(!basis.reduce(unit(2)).is_empty());
    assert!(basis.insert(row(&[(0, 3)])));
    assert!((0..3).all(|place| basis.reduce(unit(place)).is_empty()));
    assert_eq!(basis.rank(), 3);
}
