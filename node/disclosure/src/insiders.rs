//! Insiders: whoever knows a hidden cell (the one person in it, the agency that counted it) must not derive another. The rule:
//! for each insider and each protected cell there is a second table that agrees with all that the insider knows.

use std::collections::{BTreeMap, BTreeSet};

use crate::pool::{Ends, Pool};

/// Who knows what.
#[derive(Debug, Default, Clone)]
pub struct Insiders {
    groups: Vec<BTreeSet<usize>>,
    of_cell: BTreeMap<usize, Vec<usize>>,
    /// Cells with the same entry count the same persons.
    tied: Vec<usize>,
    /// Those entries of what each knows.
    persons: Vec<BTreeSet<usize>>,
}

impl Insiders {
    /// Insiders by the hidden cells they know; those that know none are left out. `tied` says which cells are the same figure:
    /// a year of which all quarters but one are zero holds the same persons as that quarter, and whoever knows the one knows
    /// the other without deriving anything.
    pub fn new(groups: Vec<BTreeSet<usize>>, tied: Vec<usize>) -> Self {
        let mut insiders = Self { tied, ..Self::default() };
        for group in groups.into_iter().filter(|group| !group.is_empty()) {
            let number = insiders.groups.len();
            for cell in &group {
                insiders.of_cell.entry(*cell).or_default().push(number);
            }
            let persons =
                group.iter().map(|cell| insiders.tied.get(cell.to_owned()).copied().unwrap_or(*cell)).collect();
            insiders.persons.push(persons);
            insiders.groups.push(group);
        }
        insiders
    }
    /// What an insider knows.
    pub fn known(&self, insider: usize) -> &BTreeSet<usize> {
        &self.groups[insider]
    }
    /// Whether somebody knows this cell and no other.
    pub fn is_alone_in(&self, cell: usize) -> bool {
        self.of_cell.get(&cell).into_iter().flatten().any(|insider| self.groups[*insider].len() == 1)
    }
    /// Whether an insider knows a cell, or the same persons in another.
    fn knows(&self, insider: usize, cell: usize) -> bool {
        self.persons[insider].contains(&self.tied.get(cell).copied().unwrap_or(cell))
    }
    /// Whether a deviation contradicts what an insider knows.
    fn contradicts(&self, pool: &Pool, deviation: usize, insider: usize) -> bool {
        let known = &self.groups[insider];
        match known.len() {
            1 => known.iter().any(|cell| pool.far(deviation, *cell) != 0),
            // An agency knows more cells than a deviation moves.
            _ => pool.all().get(deviation).into_iter().flatten().any(|(cell, _)| known.contains(cell)),
        }
    }
    /// The insiders for whom no deviation in the pool leaves a cell uncertain. `ends` are deviations that prove the cell to
    /// outsiders: they serve every insider whose cells they do not move.
    pub fn exposed(&self, pool: &Pool, cell: usize, ends: Ends, may: impl Fn(usize) -> bool) -> Vec<usize> {
        let proofs: Vec<usize> = [ends.low.0, ends.high.0].into_iter().flatten().collect();
        let mut suspects: Option<BTreeSet<usize>> = None;
        for proof in &proofs {
            let touched: BTreeSet<usize> =
                pool.all()[*proof].iter().filter_map(|(cell, _)| self.of_cell.get(cell)).flatten().copied().collect();
            suspects = Some(
                suspects.map_or_else(|| touched.clone(), |before| before.intersection(&touched).copied().collect()),
            );
        }
        let suspects = suspects.unwrap_or_else(|| (0..self.groups.len()).collect());
        let uncertain = |insider: &usize| {
            pool.moving(cell).iter().any(|number| may(*number) && !self.contradicts(pool, *number, *insider))
        };
        suspects.into_iter().filter(|insider| !self.knows(*insider, cell) && !uncertain(insider)).collect()
    }
    /// Whether no deviation in the pool leaves a cell uncertain for one insider.
    pub fn is_exposed(&self, pool: &Pool, cell: usize, insider: usize, may: impl Fn(usize) -> bool) -> bool {
        !self.knows(insider, cell)
            && !pool.moving(cell).iter().any(|number| may(*number) && !self.contradicts(pool, *number, insider))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_knows_one_of_two_cells_knows_the_other() {
        let insiders = Insiders::new(vec![BTreeSet::from([1]), BTreeSet::from([7])], Vec::new());
        let mut pool = Pool::default();
        pool.add(vec![(1, 2), (2, -2)]);
        let ends = pool.ends(2, |_| true);
        assert_eq!(insiders.exposed(&pool, 2, ends, |_| true), [0]);
        pool.add(vec![(2, 1), (3, -1)]);
        assert_eq!(insiders.exposed(&pool, 2, ends, |_| true), [] as [usize; 0]);
    }
}
