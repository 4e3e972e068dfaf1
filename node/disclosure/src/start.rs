//! The first pattern: Gaussian elimination modulo a prime. Cells are published one after the other, the dearest first; one
//! that would make a protected cell a combination of published ones is hidden instead. This guards against exact derivation
//! only; the extension does the rest, and finds a better pattern from here than from nothing.
//!
//! Whoever is alone in a cell knows it. So the sum of such a cell and another protected one of the same line is protected like
//! a cell: with it, the one would tell the other.

use std::collections::{BTreeMap, BTreeSet};

use crate::eliminate::{Field, Mod61, Row, combined};
use crate::model::{Model, solved_exactly};

/// The cells to hide besides those that are hidden already, in one component. `order` lists the cells that may be published,
/// the dearest first; `is_alone` says in which cells somebody is alone.
pub fn hide(model: &Model, component: &[usize], order: &[usize], is_alone: impl Fn(usize) -> bool) -> BTreeSet<usize> {
    let published: BTreeSet<usize> = order.iter().copied().collect();
    // Hidden cells are told last, so that the rows of published ones stay short.
    let solved = solved_exactly::<Mod61>(model, component, |cell| Some(u32::from(!published.contains(&cell))));
    let mut rows = Rows::new(solved.rows, component);
    let guarded: Vec<usize> = component.iter().copied().filter(|cell| model.demand[*cell] > 0).collect();
    let pairs = Pairs::of(model, &guarded, is_alone);
    let mut lone = Directions::default();
    for &cell in &guarded {
        lone.set(cell, rows.direction(cell));
    }
    for (number, pair) in pairs.all.iter().enumerate() {
        lone.set(pairs.first + number, rows.direction_of(pair));
    }
    let mut hidden = BTreeSet::new();
    for &cell in order {
        match rows.direction(cell) {
            None => {}
            Some(direction) if lone.cells.contains_key(&direction) => {
                hidden.insert(cell);
            }
            Some(_) => {
                for changed in rows.publish(cell, &guarded) {
                    lone.set(changed, rows.direction(changed));
                    for number in pairs.with.get(&changed).into_iter().flatten() {
                        lone.set(pairs.first + number, rows.direction_of(&pairs.all[*number]));
                    }
                }
            }
        }
    }
    hidden
}

/// Two protected cells of a line, with their signs in it; in one of them somebody is alone.
type Pair = [(usize, i8); 2];

#[derive(Default)]
struct Pairs {
    /// The number of the first, above those of all cells.
    first: usize,
    all: Vec<Pair>,
    with: BTreeMap<usize, Vec<usize>>,
}

impl Pairs {
    fn of(model: &Model, guarded: &[usize], is_alone: impl Fn(usize) -> bool) -> Self {
        let mut all: BTreeSet<Pair> = BTreeSet::new();
        for sum in &model.sums {
            let inside: Vec<(usize, i8)> =
                sum.iter().copied().filter(|(cell, _)| guarded.binary_search(cell).is_ok()).collect();
            for one in inside.iter().filter(|(cell, _)| is_alone(*cell)) {
                for other in inside.iter().filter(|(cell, _)| *cell != one.0) {
                    let mut pair = [*one, *other];
                    pair.sort_unstable();
                    // The same two with both signs turned are the same sum.
                    if pair[0].1 < 0 {
                        pair = pair.map(|(cell, sign)| (cell, -sign));
                    }
                    all.insert(pair);
                }
            }
        }
        let all: Vec<Pair> = all.into_iter().collect();
        let mut with: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (number, pair) in all.iter().enumerate() {
            for (cell, _) in pair {
                with.entry(*cell).or_default().push(number);
            }
        }
        Self { first: model.truth.len(), all, with }
    }
}

/// The directions that give a guarded cell away: publishing a cell of the same direction determines it.
#[derive(Default)]
struct Directions {
    of: BTreeMap<usize, Row<Mod61>>,
    cells: BTreeMap<Row<Mod61>, BTreeSet<usize>>,
}

impl Directions {
    fn set(&mut self, cell: usize, direction: Option<Row<Mod61>>) {
        if let Some(old) = self.of.remove(&cell)
            && let Some(cells) = self.cells.get_mut(&old)
        {
            cells.remove(&cell);
            if cells.is_empty() {
                self.cells.remove(&old);
            }
        }
        if let Some(direction) = direction {
            self.cells.entry(direction.clone()).or_default().insert(cell);
            self.of.insert(cell, direction);
        }
    }
}

/// What of each cell is not yet determined by published ones: its row over the cells that are still free.
struct Rows {
    told: BTreeMap<usize, Row<Mod61>>,
    free: BTreeSet<usize>,
    inside: BTreeMap<usize, BTreeSet<usize>>,
}

impl Rows {
    fn new(told: BTreeMap<usize, Row<Mod61>>, component: &[usize]) -> Self {
        let free = component.iter().copied().filter(|cell| !told.contains_key(cell)).collect();
        let mut inside: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
        for (cell, row) in &told {
            for (free, _) in row {
                inside.entry(*free).or_default().insert(*cell);
            }
        }
        Self { told, free, inside }
    }
    /// The row of a cell up to a factor; `None` where published cells determine it.
    fn direction(&self, cell: usize) -> Option<Row<Mod61>> {
        if self.free.contains(&cell) {
            return Some(vec![(cell, Mod61::ONE)]);
        }
        let row = self.told.get(&cell)?;
        let lead = row.first()?.1;
        Some(row.iter().map(|(free, factor)| (*free, factor.over(lead))).collect())
    }
    /// The direction of two cells added with their signs.
    fn direction_of(&self, pair: &Pair) -> Option<Row<Mod61>> {
        let row = |cell: usize| {
            if self.free.contains(&cell) { Some(vec![(cell, Mod61::ONE)]) } else { self.told.get(&cell).cloned() }
        };
        let [(one, sign), (other, other_sign)] = *pair;
        let factor = Mod61::of(other_sign).over(Mod61::of(sign)).negated();
        let added = combined(&row(one)?, factor, &row(other)?);
        let lead = added.first()?.1;
        Some(added.iter().map(|(free, factor)| (*free, factor.over(lead))).collect())
    }
    /// Publishes a cell; the guarded cells whose rows changed.
    fn publish(&mut self, cell: usize, guarded: &[usize]) -> Vec<usize> {
        let is_guarded = |cell: &usize| guarded.binary_search(cell).is_ok();
        if self.free.remove(&cell) {
            let users = self.inside.remove(&cell).unwrap_or_default();
            for user in &users {
                if let Some(row) = self.told.get_mut(user) {
                    row.retain(|(free, _)| *free != cell);
                }
            }
            return users.into_iter().filter(is_guarded).collect();
        }
        let Some(own) = self.told.remove(&cell) else { return Vec::new() };
        for (free, _) in &own {
            if let Some(users) = self.inside.get_mut(free) {
                users.remove(&cell);
            }
        }
        let uses = |free: usize| self.inside.get(&free).map_or(0, BTreeSet::len);
        let Some((pivot, factor)) = own.iter().copied().min_by_key(|(free, _)| (is_guarded(free), uses(*free), *free))
        else {
            return Vec::new();
        };
        // 0 = sum of own, solved for the pivot; the published cell itself is no unknown any more.
        self.free.remove(&pivot);
        let users = self.inside.remove(&pivot).unwrap_or_default();
        for user in &users {
            let Some(row) = self.told.get(user) else { continue };
            let there = row.binary_search_by_key(&pivot, |entry| entry.0).map_or_else(|_| Mod61::of(0), |at| row[at].1);
            let new = combined(row, there.over(factor), &own);
            for (free, _) in &own {
                let users = self.inside.entry(*free).or_default();
                if new.binary_search_by_key(free, |entry| entry.0).is_ok() {
                    users.insert(*user);
                } else {
                    users.remove(user);
                }
            }
            self.told.insert(*user, new);
        }
        let expression: Row<Mod61> = own
            .iter()
            .filter(|(free, _)| *free != pivot)
            .map(|(free, other)| (*free, other.over(factor).negated()))
            .collect();
        for (free, _) in &expression {
            self.inside.entry(*free).or_default().insert(pivot);
        }
        self.told.insert(pivot, expression);
        users.into_iter().chain([pivot]).filter(is_guarded).collect()
    }
}
