//! The solver against counting: what is possible for a hidden cell of a small linked table, in whole numbers, by trying everything.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use vrs_disclosure::integers::make_whole;
use vrs_disclosure::model::Model;
use vrs_disclosure::pool::sums_of;
use vrs_disclosure::prove::Dice;
use vrs_disclosure::request::Budget;
use vrs_disclosure::solver::Solver;

/// The most that a hidden cell inside a table can be here, so that everything can be tried.
const MOST: i64 = 4;

/// A table of rows and columns in one or two layers, with the margins of each layer and the sum of the layers.
fn made(dice: &mut Dice) -> (usize, Model) {
    let [rows, columns] = [(); 2].map(|()| 3 + (dice.throw() % 2) as usize);
    let layers = 1 + (dice.throw() % 2) as usize;
    let inner = rows * columns * layers;
    let at = |row: usize, column: usize, layer: usize| (layer * rows + row) * columns + column;
    let mut lines: Vec<Vec<usize>> = Vec::new();
    for layer in 0..layers {
        lines.extend((0..rows).map(|row| (0..columns).map(|column| at(row, column, layer)).collect()));
        lines.extend((0..columns).map(|column| (0..rows).map(|row| at(row, column, layer)).collect()));
    }
    if layers > 1 {
        let places = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
        lines.extend(places.map(|(row, column)| (0..layers).map(|layer| at(row, column, layer)).collect()));
    }
    let mut truth: Vec<i64> = (0..inner).map(|_| (dice.throw() % (MOST as u64 + 1)) as i64).collect();
    truth.extend(lines.iter().map(|line| line.iter().map(|part| truth[*part]).sum::<i64>()).collect::<Vec<_>>());
    let signed = |(number, line): (usize, &Vec<usize>)| {
        line.iter().map(|part| (*part, -1)).chain([(inner + number, 1)]).collect::<Vec<(usize, i8)>>()
    };
    let sums = lines.iter().enumerate().map(signed).collect();
    let count = truth.len();
    // So few are hidden that all ways to fill them can be tried.
    let mut hidden: Vec<bool> = (0..count).map(|cell| cell >= inner && dice.throw().is_multiple_of(4)).collect();
    for _ in 0..7 {
        hidden[(dice.throw() % inner as u64) as usize] = true;
    }
    let model = Model {
        least: vec![0; count],
        most: (0..count).map(|cell| (cell < inner).then_some(MOST)).collect(),
        known: hidden.iter().map(|hidden| !hidden).collect(),
        demand: vec![0; count],
        price: vec![1.0; count],
        weight: vec![1.0; count],
        truth,
        hidden,
        sums,
    };
    (inner, model)
}

/// Lowest and highest figure of each hidden inner cell, by trying all.
fn by_counting(inner: usize, model: &Model) -> BTreeMap<usize, (i64, i64)> {
    let free: Vec<usize> = (0..inner).filter(|cell| model.hidden[*cell]).collect();
    let mut figures = model.truth.clone();
    let mut found: BTreeMap<usize, (i64, i64)> = BTreeMap::new();
    for way in 0..(MOST + 1).pow(free.len() as u32) {
        let mut rest = way;
        for cell in &free {
            figures[*cell] = rest % (MOST + 1);
            rest /= MOST + 1;
        }
        let adds_up = |sum: &Vec<(usize, i8)>| {
            let (whole, parts) = sum.split_last().unwrap();
            model.hidden[whole.0] || parts.iter().map(|(part, _)| figures[*part]).sum::<i64>() == figures[whole.0]
        };
        if model.sums.iter().all(adds_up) {
            for cell in &free {
                let ends = found.entry(*cell).or_insert((figures[*cell], figures[*cell]));
                *ends = (ends.0.min(figures[*cell]), ends.1.max(figures[*cell]));
            }
        }
    }
    found
}

/// The same by the solver, in whole numbers.
fn by_solving(model: &Model, cell: usize) -> (i64, i64) {
    let cells: Vec<usize> = (0..model.truth.len()).filter(|cell| model.hidden[*cell]).collect();
    let (mut solver, sums_of) = (model.solver(&cells, 7), sums_of(model));
    let ends = [1.0, -1.0].map(|cost| {
        let mut budget = Budget::of_steps(20_000);
        solver.rest();
        solver.cost(cell, cost);
        assert!(solver.minimise(&mut budget));
        let whole = make_whole(model, &mut solver, &sums_of, &[cell], |cell| model.range(cell), &mut budget);
        solver.cost(cell, 0.0);
        let moved = whole.and_then(|moved| moved.into_iter().find(|(other, _)| *other == cell));
        model.truth[cell] + moved.map_or(0, |(_, far)| far)
    });
    (ends[0], ends[1])
}

#[test]
fn what_the_solver_holds_possible_is_what_counting_finds() {
    let (mut dice, mut cells) = (Dice(77), 0);
    for number in 0..1_000 {
        let (inner, model) = made(&mut dice);
        for (cell, expected) in by_counting(inner, &model) {
            assert_eq!(by_solving(&model, cell), expected, "table {number}, cell {cell}");
            cells += 1;
        }
    }
    assert!(cells > 4_000, "{cells}");
}
