//! Clean-up: publish again what turned out not to be needed, the dearest first. A cell may be shown where everything that its
//! witnesses proved can be proven without it.

use std::collections::{BTreeMap, BTreeSet};

use crate::extend::Work;
use crate::insiders::Insiders;
use crate::integers::make_whole;
use crate::pool::{Ends, Pool, whole};
use crate::prove::Dice;
use crate::request::Budget;
use crate::solver::{Solver, Tableau};

/// Steps for one cell that must be proven.
const STEPS_PER_PROOF: u64 = 5_000;
/// Steps for one cell to be proven anew so that another may be shown; what takes longer mostly fails.
const STEPS_PER_TRIAL: u64 = 600;
/// Corners tried before one with fractions is driven to whole numbers.
const ATTEMPTS: u32 = 3;
/// Costs that choose among corners that are equally good, too small to choose a worse one.
const SWAY: f64 = 1e-4;

/// One component during clean-up.
pub struct CleanUp<'a, 'b> {
    work: &'a mut Work<'b>,
    insiders: &'a Insiders,
    solver: Tableau,
    guarded: Vec<usize>,
    ends: BTreeMap<usize, Ends>,
    /// Deviations that move a cell shown again.
    dead: BTreeSet<usize>,
    dice: Dice,
    steps: u64,
}

impl<'a, 'b> CleanUp<'a, 'b> {
    /// Prepares one component of the cells that are hidden now.
    pub fn new(work: &'a mut Work<'b>, insiders: &'a Insiders, component: &[usize], seed: u64) -> Self {
        let solver = work.model.solver(component, seed);
        let guarded: Vec<usize> = component.iter().copied().filter(|cell| work.model.demand[*cell] > 0).collect();
        let ends = guarded.iter().map(|cell| (*cell, work.pool.ends(*cell, |_| true))).collect();
        Self { work, insiders, solver, guarded, ends, dead: BTreeSet::new(), dice: Dice(seed), steps: STEPS_PER_PROOF }
    }

    /// Proves in whole numbers what the extension left in fractions; the cells that are not proven.
    pub fn complete(&mut self, budget: &mut Budget) -> Vec<usize> {
        let mut unproven = Vec::new();
        for cell in self.guarded.clone() {
            if !self.prove(cell, budget) || !self.prove_to_insiders(cell, budget) {
                unproven.push(cell);
            }
        }
        unproven
    }

    /// Tries to show the given cells again, in that order, while the budget lasts; those that are shown.
    pub fn run(&mut self, candidates: &[usize], budget: &mut Budget) -> Vec<usize> {
        self.steps = STEPS_PER_TRIAL;
        let mut shown = Vec::new();
        for &cell in candidates {
            if budget.left() == 0 {
                break;
            }
            if self.show(cell, budget) {
                shown.push(cell);
            }
        }
        shown
    }

    fn show(&mut self, cell: usize, budget: &mut Budget) -> bool {
        let dying: BTreeSet<usize> =
            self.work.pool.moving(cell).iter().copied().filter(|number| !self.dead.contains(number)).collect();
        let mut affected: Vec<usize> = self
            .guarded
            .iter()
            .copied()
            .filter(|guarded| self.ends.get(guarded).is_some_and(|ends| dying.iter().any(|number| ends.uses(*number))))
            .collect();
        // Those first that it was hidden for: mostly it is one of them that cannot do without it.
        let asked = self.work.protects.get(&cell).cloned().unwrap_or_default();
        affected.sort_by_key(|guarded| (!asked.contains(guarded), *guarded));
        self.dead.extend(&dying);
        self.work.model.hidden[cell] = false;
        self.solver.bounds(cell, 0.0, 0.0);
        let before: Vec<(usize, Ends)> =
            affected.iter().filter_map(|guarded| Some((*guarded, *self.ends.get(guarded)?))).collect();
        // A deviation that served an insider may be dying although it is nobody's end.
        let others: BTreeSet<usize> = dying
            .iter()
            .flat_map(|number| self.work.pool.all()[*number].iter().map(|entry| entry.0))
            .filter(|other| self.ends.contains_key(other))
            .collect();
        let proven = affected.iter().all(|guarded| self.prove(*guarded, budget))
            && others.iter().all(|guarded| self.prove_to_insiders(*guarded, budget));
        if proven {
            self.work.protects.remove(&cell);
            return true;
        }
        self.work.model.hidden[cell] = true;
        self.dead = &self.dead - &dying;
        self.ends.extend(before);
        let (least, most) = self.work.model.range(cell);
        self.solver.bounds(cell, least, most);
        false
    }

    fn alive(&self, cell: usize) -> Ends {
        self.work.pool.ends(cell, |number| !self.dead.contains(&number))
    }

    fn prove(&mut self, cell: usize, budget: &mut Budget) -> bool {
        let demand = self.work.model.demand[cell];
        for direction in [0, 1, -1] {
            let ends = self.alive(cell);
            if ends.width() >= demand {
                self.ends.insert(cell, ends);
                return true;
            }
            match direction {
                1 => self.go(cell, ends.low.1 + demand, &[], budget),
                -1 => self.go(cell, ends.high.1 - demand, &[], budget),
                _ => false,
            };
        }
        let ends = self.alive(cell);
        self.ends.insert(cell, ends);
        ends.width() >= demand
    }

    fn prove_to_insiders(&mut self, cell: usize, budget: &mut Budget) -> bool {
        let Some(ends) = self.ends.get(&cell).copied() else { return true };
        let exposed = self.insiders.exposed(self.work.pool, cell, ends, |number| !self.dead.contains(&number));
        exposed.into_iter().all(|insider| {
            // What served the one before may serve this one too.
            if !self.insiders.is_exposed(self.work.pool, cell, insider, |number| !self.dead.contains(&number)) {
                return true;
            }
            let held: Vec<usize> = self.insiders.known(insider).iter().copied().collect();
            [1, -1].into_iter().any(|target| self.go(cell, target, &held, budget))
        })
    }

    /// Takes a cell towards a target with some cells held, and keeps the deviation; whether it moved.
    fn go(&mut self, cell: usize, target: i64, held: &[usize], budget: &mut Budget) -> bool {
        let mut part = budget.part(self.steps);
        let model = &*self.work.model;
        let bounds = |cell: usize| if model.hidden[cell] { model.range(cell) } else { (0.0, 0.0) };
        let (least, most) = bounds(cell);
        let target = (target as f64).clamp(least, most);
        let held: Vec<usize> =
            held.iter().copied().filter(|held| self.solver.cells().binary_search(held).is_ok()).collect();
        for held in &held {
            self.solver.bounds(*held, 0.0, 0.0);
        }
        self.solver.rest();
        self.solver.bounds(cell, target.min(0.0), target.max(0.0));
        self.solver.cost(cell, if target > 0.0 { -1.0 } else { 1.0 });
        let mut found = None;
        // Where the corner that is found has fractions, another one nearby may have none.
        for attempt in 0..ATTEMPTS {
            let sways: Vec<usize> = if attempt == 0 { Vec::new() } else { self.guarded.clone() };
            for other in sways.iter().filter(|other| **other != cell) {
                self.solver.cost(*other, self.dice.sway() * SWAY);
            }
            let done = self.solver.minimise(&mut part);
            for other in sways.iter().filter(|other| **other != cell) {
                self.solver.cost(*other, 0.0);
            }
            if !done || self.solver.value(cell).abs() < 0.5 {
                break;
            }
            found = whole(model, &self.solver, self.work.sums_of);
            if found.is_some() {
                break;
            }
        }
        if found.is_none() && self.solver.value(cell).abs() > 0.5 {
            found = make_whole(model, &mut self.solver, self.work.sums_of, &[cell], bounds, &mut part);
        }
        self.solver.cost(cell, 0.0);
        self.solver.rest();
        self.solver.bounds(cell, least, most);
        for held in &held {
            let (least, most) = bounds(*held);
            self.solver.bounds(*held, least, most);
        }
        budget.give_back(part);
        let moves = |deviation: &crate::pool::Deviation| {
            let far = |cell: usize| deviation.binary_search_by_key(&cell, |entry| entry.0).is_ok();
            far(cell) && !held.iter().any(|held| far(*held))
        };
        found.filter(moves).and_then(|deviation| self.work.pool.add(deviation)).is_some()
    }
}

/// Deviations of a pool that move hidden cells only.
pub fn still_possible(pool: &Pool, is_hidden: impl Fn(usize) -> bool) -> Pool {
    let mut kept = Pool::default();
    for deviation in pool.all().iter().filter(|deviation| deviation.iter().all(|(cell, _)| is_hidden(*cell))) {
        kept.add(deviation.clone());
    }
    kept
}
