//! Extension: hide further cells until each protected cell is uncertain enough. For each cell that is too narrow, the cheapest
//! deviation that makes it wide enough is looked for, upwards and downwards; the cells it moves are hidden. Every deviation
//! found is kept: it often widens others too.

use std::collections::{BTreeMap, BTreeSet};

use crate::insiders::Insiders;
use crate::model::Model;
use crate::pool::{Deviation, Pool, whole};
use crate::request::Budget;
use crate::solver::{FAR, Solver, Tableau};

/// A unit of the cell in question is worth so much: more than any way there costs. Costs per unit are about 1 to 10, and a way
/// moves fewer than a thousand cells.
const REWARD: f64 = 1e5;
/// Less than the weight of any shown cell, so that only hidden ones move.
const FREE_REWARD: f64 = 1e-3;
/// What is less than this is rounding.
const ENOUGH: f64 = 1e-6;
/// Steps for one cell; past that it counts as not proven. The programs of a topic take some tens.
const STEPS_PER_CELL: u64 = 20_000;
/// Rounds in which a way is asked for once more, with what it moved made cheap and all else dear: a linear program spreads what it
/// needs over many cells by a little each, and what counts is how many are hidden.
const ROUNDS: u32 = 2;
/// A way that hides no more than so many cells cannot be bettered by much.
const FEW: usize = 1;

/// What extension and proof share: the growing pattern and the witnesses.
pub struct Work<'a> {
    /// The model; its pattern grows.
    pub model: &'a mut Model,
    /// The sums that each cell is in.
    pub sums_of: &'a BTreeMap<usize, Vec<usize>>,
    /// Witnesses found.
    pub pool: &'a mut Pool,
    /// Which protected cells asked for each hidden one.
    pub protects: &'a mut BTreeMap<usize, BTreeSet<usize>>,
}

/// A component under extension, with its solver.
pub struct Extension<'a, 'b> {
    work: &'a mut Work<'b>,
    solver: Tableau,
}

impl<'a, 'b> Extension<'a, 'b> {
    /// Prepares one component.
    pub fn new(work: &'a mut Work<'b>, component: &[usize], seed: u64) -> Self {
        let mut solver = work.model.solver(component, seed);
        for &cell in component {
            let (least, most) = work.range(cell);
            solver.bounds(cell, least, most);
            if !work.model.hidden[cell] && work.model.weight[cell].is_finite() {
                solver.weight(cell, work.model.weight[cell]);
            }
        }
        Self { work, solver }
    }

    /// Extends the pattern for the cells in `narrow`, in that order. Gives back the cells that no pattern protects, or that the
    /// budget did not suffice for.
    pub fn run(&mut self, narrow: &[usize], budget: &mut Budget) -> Vec<usize> {
        let mut unproven = Vec::new();
        for &cell in narrow {
            let mut part = budget.part(STEPS_PER_CELL);
            if !self.widen(cell, &mut part) {
                unproven.push(cell);
            }
            budget.give_back(part);
        }
        unproven
    }

    /// Extends the pattern until no insider derives one of the cells. Gives back the cells that some insider derives still.
    pub fn against(&mut self, insiders: &Insiders, cells: &[usize], budget: &mut Budget) -> Vec<usize> {
        let mut derived = Vec::new();
        for &cell in cells {
            let ends = self.work.pool.ends(cell, |_| true);
            let exposed = insiders.exposed(self.work.pool, cell, ends, |_| true);
            if exposed.is_empty() {
                continue;
            }
            let mut part = budget.part(STEPS_PER_CELL);
            // What serves all of them at once, if the hidden cells have it; else one after the other, and what serves one often
            // serves the next.
            let all: BTreeSet<usize> = exposed.iter().flat_map(|insider| insiders.known(*insider)).copied().collect();
            if all.contains(&cell) || !self.move_without(cell, &all, FREE_REWARD, &mut part) {
                for insider in exposed {
                    if insiders.is_exposed(self.work.pool, cell, insider, |_| true)
                        && !self.move_without(cell, insiders.known(insider), FREE_REWARD, &mut part)
                        && !self.move_without(cell, insiders.known(insider), REWARD, &mut part)
                    {
                        derived.push(cell);
                    }
                }
            }
            budget.give_back(part);
        }
        derived.dedup();
        derived
    }

    /// Looks for the cheapest deviation by one that leaves what an insider knows where it is.
    fn move_without(&mut self, cell: usize, held: &BTreeSet<usize>, reward: f64, budget: &mut Budget) -> bool {
        let inside: Vec<usize> =
            held.iter().copied().filter(|held| self.solver.cells().binary_search(held).is_ok()).collect();
        for held in &inside {
            self.solver.bounds(*held, 0.0, 0.0);
        }
        let mut ways = [None, None];
        for (way, target) in ways.iter_mut().zip([1.0, -1.0]) {
            *way = match reward {
                REWARD => self.go_sparsely(cell, target, budget),
                _ => self.go(cell, target, reward, budget),
            };
            // Among hidden cells one way costs as little as the other.
            if reward < REWARD && way.as_ref().is_some_and(|way| way.far != 0.0) {
                break;
            }
        }
        for held in &inside {
            let (least, most) = self.work.range(*held);
            self.solver.bounds(*held, least, most);
        }
        let chosen = ways
            .into_iter()
            .flatten()
            .filter(|way| way.far.abs() > ENOUGH)
            .min_by(|a, b| self.price(a).total_cmp(&self.price(b)));
        let is_found = chosen.is_some();
        self.keep(chosen, cell);
        is_found
    }

    fn widen(&mut self, cell: usize, budget: &mut Budget) -> bool {
        let demand = self.work.model.demand[cell];
        let ends = self.work.pool.ends(cell, |_| true);
        if ends.width() >= demand {
            return true;
        }
        let (mut low, mut high) = (ends.low.1 as f64, ends.high.1 as f64);
        let demand = demand as f64;
        // What the cells hidden so far allow.
        for direction in [1, -1] {
            let target = if direction > 0 { low + demand } else { high - demand };
            let way = self.go(cell, target, FREE_REWARD, budget);
            let far = self.keep(way, cell);
            (low, high) = (low.min(far), high.max(far));
            if high - low >= demand - ENOUGH {
                return true;
            }
        }
        let up = self.go_sparsely(cell, low + demand, budget);
        let down = self.go_sparsely(cell, high - demand, budget);
        let reach = |way: &Option<Way>| way.as_ref().map_or(0.0, |way| way.far);
        let reaches = [(&up, reach(&up) - low), (&down, high - reach(&down))];
        let cheapest = reaches
            .iter()
            .filter(|(_, width)| *width >= demand - ENOUGH)
            .filter_map(|(way, _)| way.as_ref())
            .min_by(|a, b| self.price(a).total_cmp(&self.price(b)))
            .cloned();
        if let Some(way) = cheapest {
            self.keep(Some(way), cell);
            return true;
        }
        // Neither direction suffices alone: as far down as the bounds allow, and the rest upwards.
        let low = low.min(self.keep(down, cell));
        let rest = self.go_sparsely(cell, low + demand, budget);
        self.keep(rest, cell) - low >= demand - ENOUGH
    }

    /// The cheapest deviation that takes a cell towards a target.
    fn go(&mut self, cell: usize, target: f64, reward: f64, budget: &mut Budget) -> Option<Way> {
        let (least, most) = self.work.range(cell);
        let target = target.clamp(least, most.min(FAR));
        self.solver.rest();
        self.solver.bounds(cell, target.min(0.0), target.max(0.0));
        self.solver.cost(cell, if target > 0.0 { -reward } else { reward });
        let done = self.solver.minimise(budget);
        self.solver.cost(cell, 0.0);
        let found = done.then(|| {
            let moved = |cell: &usize| self.solver.value(*cell).abs() > ENOUGH;
            let cells = self.solver.cells().iter().copied().filter(moved);
            let moves = cells.map(|cell| (cell, self.solver.value(cell))).collect();
            let whole = whole(self.work.model, &self.solver, self.work.sums_of);
            Way { moves, far: self.solver.value(cell), whole }
        });
        self.solver.bounds(cell, least, most);
        found
    }

    /// The cells that a way would hide.
    fn shown<'w>(&'w self, way: &'w Way) -> impl Iterator<Item = (usize, f64)> + 'w {
        way.moves.iter().copied().filter(|(cell, _)| !self.work.model.hidden[*cell])
    }

    fn price(&self, way: &Way) -> f64 {
        self.shown(way).map(|(cell, _)| self.work.model.price[cell]).sum()
    }

    /// As [`Self::go`] for a full reward, with fewer cells where a few more rounds find such a way.
    fn go_sparsely(&mut self, cell: usize, target: f64, budget: &mut Budget) -> Option<Way> {
        let mut best = self.go(cell, target, REWARD, budget)?;
        for _ in 0..ROUNDS {
            let moved: Vec<(usize, f64)> = self.shown(&best).collect();
            if moved.len() <= FEW {
                break;
            }
            for (other, far) in &moved {
                self.solver.weight(*other, self.work.model.price[*other] / far.abs().max(1.0) / 4.0);
            }
            let next = self.go(cell, target, REWARD, budget);
            for (other, _) in &moved {
                self.solver.weight(*other, self.work.model.weight[*other]);
            }
            match next {
                Some(next) if next.reaches(&best) && self.price(&next) < self.price(&best) - ENOUGH => best = next,
                _ => break,
            }
        }
        Some(best)
    }

    /// Hides what a way moves, and keeps it as a witness where it is in whole numbers; how far it takes the cell.
    fn keep(&mut self, way: Option<Way>, protected: usize) -> f64 {
        let Some(way) = way else { return 0.0 };
        for (cell, _) in &way.moves {
            if !self.work.model.hidden[*cell] {
                self.work.model.hidden[*cell] = true;
                self.solver.weight(*cell, 0.0);
                self.work.protects.entry(*cell).or_default().insert(protected);
            }
        }
        if let Some(deviation) = way.whole {
            self.work.pool.add(deviation);
        }
        way.far
    }
}

/// A deviation as the solver found it. With fractions it says which cells to hide; the proof looks for whole numbers among them.
#[derive(Debug, Clone)]
struct Way {
    moves: Vec<(usize, f64)>,
    far: f64,
    whole: Option<Deviation>,
}

impl Way {
    /// Whether it goes as far as another.
    fn reaches(&self, other: &Self) -> bool {
        self.far.abs() >= other.far.abs() - ENOUGH
    }
}

impl Work<'_> {
    fn range(&self, cell: usize) -> (f64, f64) {
        range(self.model, cell)
    }
}

/// How far a cell may deviate, hidden or hidden for this. A shown cell that cannot be hidden as what it is, such as a zero,
/// stays where it is.
fn range(model: &Model, cell: usize) -> (f64, f64) {
    if model.hidden[cell] || model.weight[cell].is_finite() { model.range(cell) } else { (0.0, 0.0) }
}
