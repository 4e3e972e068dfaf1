//! The order of work: system, needs, first pattern, extension, insiders, clean-up, proof. Everything is decided here; the desk
//! asks [`decide`] and shows the answer.

use std::collections::{BTreeMap, BTreeSet};

use vrs_protocol::cell::Cell;
use vrs_protocol::period::Length;
use vrs_protocol::table::{Key, Table};

use crate::cells::{CellId, cell_of};
use crate::clean_up::{CleanUp, still_possible};
use crate::decision::{Audit, Decision, Proof, RequestError, Unproven, Why};
use crate::explain;
use crate::extend::{Extension, Work};
use crate::insiders::Insiders;
use crate::model::{Model, figures, is_known};
use crate::pool::{Pool, sums_of};
use crate::primary::{Need, needs, warnings};
use crate::prove::{Dice, Proven, prove};
use crate::request::{Budget, Request};
use crate::start;
use crate::system::{Standing, System, build, find, form_of, vintages::Names};

/// A cell to be kept costs as much as a thousand others.
const KEEP: f64 = 1_000.0;
/// Clean-up may take this part of the budget that is left, so that the proof has its share.
const CLEAN_UP_SHARE: u64 = 2;

/// Beginnings that a pattern is grown from; a small topic has the time for all of them, and they differ by a tenth.
const TRIES: u32 = 30;
/// A component that has used so many steps is not begun again, nor one that has used its part of what there is for hiding less.
const TRIES_STEPS: u64 = 20_000;
const TRIES_SHARE: u64 = 3;
/// By how much prices and the order differ from one beginning to the next.
const SPREAD: f64 = 0.3;

/// Decides which cells of the tables to be released are hidden. The same request, seed and budget give the same answer.
pub fn decide(request: &Request<'_>, seed: u64, budget: Budget) -> Result<Decision, RequestError> {
    check(request)?;
    let mut left = budget;
    let (system, names) = build(request);
    let needs = needs(&system, &names, request);
    let mut desk = Desk::new(request, &system, &names, &needs, &mut left)?;
    let mut dice = Dice(seed);
    desk.grow(&mut dice, &mut left);
    let mut share = left.part(budget.polish().min(left.left() / CLEAN_UP_SHARE));
    desk.shrink(&mut dice, &mut share);
    left.give_back(share);
    let audit = desk.audit(&mut dice, &mut left);
    let hidden = desk.reasons();
    let released = released(request, &names, &hidden);
    let steps = budget.left() - left.left();
    Ok(Decision { released, hidden, audit, warnings: warnings(&system, &names, request), steps })
}

fn check(request: &Request<'_>) -> Result<(), RequestError> {
    request.policy.check()?;
    for (form, period) in &request.releasing {
        let Some(table) = request.national.iter().find(|table| table.form == *form && table.period == *period) else {
            return Err(RequestError::NoTable(format!("{form} for {period}")));
        };
        let embargoed = table.cells.iter().find(|(_, cell)| **cell == Cell::Embargoed);
        if let (Some((key, _)), Some(form)) = (embargoed, form_of(table)) {
            return Err(RequestError::Embargoed(cell_of(table, form, key)));
        }
    }
    Ok(())
}

/// The tables to be released, with every hidden cell suppressed in the same way. "Fewer than" stays what it is: the proof allows
/// for what it says.
fn released(request: &Request<'_>, names: &Names, hidden: &BTreeMap<CellId, Why>) -> Vec<Table> {
    let releasing = |table: &&Table| request.releasing.contains(&(table.form.clone(), table.period));
    let hide = |table: &Table| {
        let mut table = table.clone();
        if let Some(form) = form_of(&table) {
            let is_hidden = |key: &Key| hidden.contains_key(&names.name(cell_of(&table, form, key)));
            let says_fewer = |key: &Key| matches!(table.cell(key), Some(Cell::Fewer { .. }));
            let keys: Vec<Key> = table.cells.keys().filter(|key| is_hidden(key) && !says_fewer(key)).cloned().collect();
            for key in keys {
                table.cells.insert(key, Cell::Suppressed);
            }
        }
        table
    };
    request.national.iter().filter(releasing).map(hide).collect()
}

/// What grows: which cells are hidden, what proves it, and what for.
#[derive(Clone)]
struct Pattern {
    hidden: Vec<bool>,
    pool: Pool,
    protects: BTreeMap<usize, BTreeSet<usize>>,
    failed: BTreeSet<usize>,
}

/// The state of the work.
struct Desk<'a> {
    system: &'a System,
    needs: &'a [Option<Need>],
    marked: BTreeSet<usize>,
    model: Model,
    sums_of: BTreeMap<usize, Vec<usize>>,
    pool: Pool,
    protects: BTreeMap<usize, BTreeSet<usize>>,
    insiders: Insiders,
    failed: BTreeSet<usize>,
}

impl<'a> Desk<'a> {
    fn new(
        request: &Request<'_>,
        system: &'a System,
        names: &Names,
        needs: &'a [Option<Need>],
        budget: &mut Budget,
    ) -> Result<Self, RequestError> {
        let of_marks = |cells: &BTreeSet<_>| -> BTreeSet<usize> {
            cells.iter().filter_map(|cell| find(system, names, request, cell)).collect()
        };
        let keep = of_marks(&request.marks.keep);
        let marked = of_marks(&request.marks.hide);
        let model = model(request, system, needs, &keep, &marked, budget)?;
        let mut groups: Vec<BTreeSet<usize>> = request.insiders.iter().map(of_marks).collect();
        // Whoever is alone in a cell knows it.
        let guards = request.policy.guards_against_lone;
        let alone =
            |at: &usize| guards && model.hidden[*at] && model.truth[*at] == 1 && needs[*at] == Some(Need::Small);
        groups.extend((0..system.cells.len()).filter(alone).map(|at| BTreeSet::from([at])));
        Ok(Self {
            system,
            needs,
            marked,
            sums_of: sums_of(&model),
            insiders: Insiders::new(groups, model.ties()),
            model,
            pool: Pool::default(),
            protects: BTreeMap::new(),
            failed: BTreeSet::new(),
        })
    }

    fn work(&mut self) -> Work<'_> {
        Work { model: &mut self.model, sums_of: &self.sums_of, pool: &mut self.pool, protects: &mut self.protects }
    }

    /// First pattern and extension, component by component.
    fn grow(&mut self, dice: &mut Dice, budget: &mut Budget) {
        // The totals that tables share are hidden only where nothing else helps; without them the tables fall apart.
        let totals: Vec<bool> = self.system.cells.iter().map(|cell| cell.codes.is_empty()).collect();
        let is_link = |model: &Model, cell: usize| totals[cell] && !model.hidden[cell];
        let apart = self.model.components(|cell| !self.model.known[cell] && !is_link(&self.model, cell));
        for component in apart {
            if component.iter().any(|cell| self.model.demand[*cell] > 0) {
                self.grow_best(&component, dice, budget);
            }
        }
        if self.failed.is_empty() {
            return;
        }
        let failed = std::mem::take(&mut self.failed);
        for component in self.model.components(|cell| !self.model.known[cell]) {
            let guarded = component.iter().copied().filter(|cell| failed.contains(cell)).collect();
            self.extend(&component, guarded, dice, budget);
        }
    }

    /// Grows patterns for one component from several beginnings, and keeps the one that hides least.
    fn grow_best(&mut self, component: &[usize], dice: &mut Dice, budget: &mut Budget) {
        let (before, begun) = (self.pattern(), budget.left());
        self.grow_from(component, self.publishing_order(component), dice, budget);
        let mut best = (self.cost_of(component, &before), self.pattern());
        for _ in 1..TRIES {
            let first = begun - budget.left();
            if first > TRIES_STEPS.min(budget.polish() / TRIES_SHARE) {
                break;
            }
            self.set_pattern(before.clone());
            let weights: Vec<f64> = component.iter().map(|cell| self.model.weight[*cell]).collect();
            for cell in component {
                self.model.weight[*cell] *= 1.0 + SPREAD * dice.sway();
            }
            let mut order = self.publishing_order(component);
            let shift = |dice: &mut Dice| (1.0 + SPREAD * dice.sway()) as f32;
            let shifted: BTreeMap<usize, f32> =
                order.iter().map(|cell| (*cell, (1.0 + self.model.truth[*cell] as f32).ln() * shift(dice))).collect();
            order.sort_by(|a, b| {
                let rank = |cell: usize| (!self.is_kept(cell), self.system.cells[cell].codes.len());
                let figure = |cell: usize| shifted.get(&cell).copied().unwrap_or_default();
                rank(*a).cmp(&rank(*b)).then(figure(*b).total_cmp(&figure(*a))).then(a.cmp(b))
            });
            self.grow_from(component, order, dice, budget);
            for (cell, weight) in component.iter().zip(weights) {
                self.model.weight[*cell] = weight;
            }
            let cost = self.cost_of(component, &before);
            if cost < best.0 {
                best = (cost, self.pattern());
            }
        }
        self.set_pattern(best.1);
    }

    /// Failed cells, hidden cells and the price of them.
    fn cost_of(&self, component: &[usize], before: &Pattern) -> (usize, usize, u64) {
        let hidden = || component.iter().filter(|cell| self.model.hidden[**cell]);
        let price: f64 = hidden().map(|cell| self.model.price[*cell]).filter(|price| price.is_finite()).sum();
        (self.failed.len() - before.failed.len(), hidden().count(), (price * 1e3) as u64)
    }

    fn pattern(&self) -> Pattern {
        Pattern {
            hidden: self.model.hidden.clone(),
            pool: self.pool.clone(),
            protects: self.protects.clone(),
            failed: self.failed.clone(),
        }
    }

    fn set_pattern(&mut self, pattern: Pattern) {
        let Pattern { hidden, pool, protects, failed } = pattern;
        (self.model.hidden, self.pool, self.protects, self.failed) = (hidden, pool, protects, failed);
    }

    fn grow_from(&mut self, component: &[usize], order: Vec<usize>, dice: &mut Dice, budget: &mut Budget) {
        let is_alone = |cell: usize| self.insiders.is_alone_in(cell);
        for cell in start::hide(&self.model, component, &order, is_alone) {
            self.model.hidden[cell] = true;
            self.protects.entry(cell).or_default();
        }
        let guarded = component.iter().copied().filter(|cell| self.model.demand[*cell] > 0).collect();
        self.extend(component, guarded, dice, budget);
    }

    fn is_kept(&self, cell: usize) -> bool {
        self.model.weight[cell] > KEEP / 10.0
    }

    fn extend(&mut self, component: &[usize], mut guarded: Vec<usize>, dice: &mut Dice, budget: &mut Budget) {
        if guarded.is_empty() {
            return;
        }
        // The largest first: what is hidden for them widens the small ones too.
        guarded.sort_by_key(|cell| (std::cmp::Reverse(self.model.truth[*cell]), *cell));
        let seed = dice.throw();
        let insiders = self.insiders.clone();
        let mut work = self.work();
        let mut extension = Extension::new(&mut work, component, seed);
        let mut failed = extension.run(&guarded, budget);
        failed.extend(extension.against(&insiders, &guarded, budget));
        self.failed.extend(failed);
    }

    /// Cells that may be shown, those first that should be.
    fn publishing_order(&self, component: &[usize]) -> Vec<usize> {
        let mut order: Vec<usize> = component
            .iter()
            .copied()
            .filter(|cell| !self.model.hidden[*cell] && self.system.standing[*cell] == Standing::Open)
            .collect();
        order.sort_by_key(|&at| {
            let cell = &self.system.cells[at];
            (
                !self.is_kept(at),
                cell.codes.len(),
                std::cmp::Reverse(length(cell)),
                std::cmp::Reverse(self.model.truth[at]),
                at,
            )
        });
        order
    }

    fn shrink(&mut self, dice: &mut Dice, budget: &mut Budget) {
        let components = self.model.components(|cell| !self.model.known[cell] && self.model.hidden[cell]);
        for component in components {
            let seed = dice.throw();
            let insiders = self.insiders.clone();
            let mut candidates: Vec<usize> =
                component.iter().copied().filter(|cell| self.is_only_protecting(*cell)).collect();
            let price = |cell: usize| self.model.weight[cell] * self.model.truth[cell] as f64;
            candidates.sort_by(|a, b| price(*b).total_cmp(&price(*a)).then(a.cmp(b)));
            let mut work = self.work();
            let mut clean_up = CleanUp::new(&mut work, &insiders, &component, seed);
            let unproven = clean_up.complete(budget);
            clean_up.run(&candidates, budget);
            self.failed.extend(unproven);
        }
    }

    fn is_only_protecting(&self, cell: usize) -> bool {
        self.model.hidden[cell]
            && self.system.standing[cell] == Standing::Open
            && self.needs[cell].is_none()
            && !self.marked.contains(&cell)
    }

    fn audit(&mut self, dice: &mut Dice, budget: &mut Budget) -> Audit {
        self.pool = still_possible(&self.pool, |cell| self.model.hidden[cell]);
        let components = self.model.components(|cell| !self.model.known[cell] && self.model.hidden[cell]);
        let proven: Vec<Proven> = components
            .iter()
            .map(|component| prove(&self.model, &self.sums_of, component, &self.pool, dice.throw(), budget))
            .collect();
        let hidden: Vec<usize> = (0..self.system.cells.len()).filter(|cell| !self.is_shown(*cell)).collect();
        let place: BTreeMap<usize, usize> = hidden.iter().enumerate().map(|(at, cell)| (*cell, at)).collect();
        let count = proven.iter().map(|component| component.witnesses.len()).max().unwrap_or(0);
        // Each table takes one witness of every component; those with few take theirs in turn.
        let table = |number: usize| {
            let mut table: Vec<i64> = hidden.iter().map(|cell| self.model.truth[*cell]).collect();
            for component in proven.iter().filter(|component| !component.witnesses.is_empty()) {
                for (cell, far) in &component.witnesses[number % component.witnesses.len()] {
                    if let Some(at) = place.get(cell) {
                        table[*at] += far;
                    }
                }
            }
            table
        };
        let pairs = proven.iter().flat_map(|component| &component.pairs);
        let proofs = pairs
            .filter_map(|(cell, (low, high))| {
                Some(Proof { cell: *place.get(cell)?, low: *low, high: *high, demand: self.model.demand[*cell] })
            })
            .collect();
        let mut unproven: BTreeSet<usize> = proven.iter().flat_map(|component| &component.unproven).copied().collect();
        // A cell that no second table protects from an insider is as unproven as one that is open to everybody.
        unproven.extend(self.exposed_to_insiders());
        let unproven = unproven
            .into_iter()
            .map(|cell| Unproven {
                cell: self.system.cells[cell].clone(),
                derivation: explain::derivation(self.system, &self.model, cell),
            })
            .collect();
        let set_aside = self.system.broken.iter().map(|sum| explain::cells_of(self.system, sum)).collect();
        let cells = hidden.iter().map(|cell| self.system.cells[*cell].clone()).collect();
        Audit { cells, tables: (0..count).map(table).collect(), proofs, unproven, set_aside }
    }

    fn exposed_to_insiders(&self) -> Vec<usize> {
        // All of them: one that was protected once may have lost to clean-up what protected it.
        let demanding = (0..self.system.cells.len()).filter(|cell| self.model.demand[*cell] > 0);
        demanding
            .filter(|cell| {
                let ends = self.pool.ends(*cell, |_| true);
                !self.insiders.exposed(&self.pool, *cell, ends, |_| true).is_empty()
            })
            .collect()
    }

    /// Whether a released table shows the cell.
    fn is_shown(&self, cell: usize) -> bool {
        !self.model.hidden[cell]
            && !self.system.unwritten.contains(&cell)
            && matches!(self.system.standing[cell], Standing::Open | Standing::Known(_))
    }

    /// Why each hidden cell that a table shows or hides is hidden.
    fn reasons(&self) -> BTreeMap<CellId, Why> {
        let reason = |at: usize| match (self.needs[at], self.system.standing[at]) {
            (Some(Need::Small), _) => Why::Small,
            (Some(Need::Withheld), _) => Why::Withheld,
            (Some(Need::NotAtHand), _) => Why::NotAtHand,
            (None, Standing::Hole(_)) => Why::HiddenBefore,
            (None, _) if self.marked.contains(&at) => Why::Marked,
            (None, _) => {
                let protected = self.protects.get(&at).into_iter().flatten();
                Why::Protects(protected.map(|cell| self.system.cells[*cell].clone()).collect())
            }
        };
        (0..self.system.cells.len())
            .filter(|at| {
                self.model.hidden[*at] && matches!(self.system.standing[*at], Standing::Open | Standing::Hole(_))
            })
            .map(|at| (self.system.cells[at].clone(), reason(at)))
            .collect()
    }
}

const fn length(cell: &CellId) -> u8 {
    match cell.period.length() {
        Length::Month => 1,
        Length::Quarter => 2,
        Length::Semester => 3,
        Length::Year => 4,
    }
}

/// The numbers the engine works on.
fn model(
    request: &Request<'_>,
    system: &System,
    needs: &[Option<Need>],
    keep: &BTreeSet<usize>,
    marked: &BTreeSet<usize>,
    budget: &mut Budget,
) -> Result<Model, RequestError> {
    let policy = request.policy;
    let count = system.cells.len();
    let mut least = vec![0; count];
    let mut most = vec![None; count];
    for at in 0..count {
        match system.standing[at] {
            // A withheld zero is hidden although it is less than outsiders think possible.
            Standing::Open | Standing::Hole(_) => {
                least[at] = i64::from(policy.least).min(system.truth[at].unwrap_or_else(|| i64::from(policy.least)));
            }
            Standing::Known(_) | Standing::Unseen => {}
        }
        if let Standing::Hole(known) = system.standing[at] {
            most[at] = known;
        }
    }
    let truth = figures(system, &least, budget).map_err(|error| {
        RequestError::Contradiction(
            error.0.map_or_else(String::new, |cell| format!(", not for {}", system.cells[cell])),
        )
    })?;
    let mut model = Model {
        least,
        known: vec![false; count],
        hidden: vec![false; count],
        demand: vec![0; count],
        price: vec![f64::INFINITY; count],
        weight: vec![f64::INFINITY; count],
        sums: Model::signed(system),
        truth,
        most,
    };
    for (at, need) in needs.iter().enumerate() {
        let figure = model.truth[at];
        let room = figure - model.least[at];
        let width = i64::from(policy.width);
        if room > 0 {
            let importance = if keep.contains(&at) { KEEP } else { 1.0 };
            model.price[at] = importance * (1.0 + (1.0 + figure as f64).ln());
            model.weight[at] = model.price[at] / room.min(width) as f64;
        }
        model.hidden[at] = match system.standing[at] {
            Standing::Hole(_) | Standing::Unseen => true,
            Standing::Open => need.is_some() || marked.contains(&at) && room > 0,
            Standing::Known(_) => false,
        };
        model.known[at] = is_known(system.standing[at]) || !model.hidden[at] && room <= 0;
        if need.is_some() {
            // Where "fewer than" was said, everything it allows must stay possible. The true figure is, and is in no witness; where
            // it lies at an end, the witnesses are one apart less.
            model.demand[at] = model.most[at].map_or(width, |most| width.min(most - model.least[at] - 1).max(0));
        }
    }
    Ok(model)
}
