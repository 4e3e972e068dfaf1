//! How a cell could be derived: the sentence for a person when a cell cannot be proven uncertain.

use crate::cells::CellId;
use crate::eliminate::solve;
use crate::model::Model;
use crate::system::{Sum, System};

/// Terms that a sentence names; longer derivations are cut.
const TERMS_MAX: usize = 12;

/// The cells of a sum, in order.
pub fn cells_of(system: &System, sum: &Sum) -> Vec<CellId> {
    let mut cells: Vec<CellId> = sum.parts.iter().chain([&sum.whole]).map(|cell| system.cells[*cell].clone()).collect();
    cells.sort();
    cells
}

/// A derivation of a cell from shown ones: "IE 2021-Q1 = IE 2021-S1 - IE 2021-Q2". Where no combination of sums determines it,
/// the one that narrows it with fewest hidden cells is named.
pub fn derivation(system: &System, model: &Model, cell: usize) -> String {
    // Hidden cells are solved for first, the cell itself last of them: what remains in its row is mostly shown.
    let rank = |other: usize| {
        let hidden = model.hidden[other] && !model.known[other];
        match (other == cell, hidden) {
            (true, _) => Some(1),
            (false, true) => Some(0),
            (false, false) => None,
        }
    };
    let solved = solve::<f64>(model.equations(|_| true), rank);
    let name = |at: usize| system.cells[at].to_string();
    let Some(row) = solved.rows.get(&cell) else {
        let alone = system.sums.iter().filter(|sum| sum.whole == cell || sum.parts.contains(&cell));
        let narrowest =
            alone.min_by_key(|sum| sum.parts.iter().chain([&sum.whole]).filter(|part| model.hidden[**part]).count());
        return narrowest.map_or_else(
            || format!("{}: no proof was found within the budget", name(cell)),
            |sum| {
                let parts: Vec<String> = sum.parts.iter().take(TERMS_MAX).map(|part| name(*part)).collect();
                format!("{} = {}, and too few of them are hidden", name(sum.whole), parts.join(" + "))
            },
        );
    };
    let mut terms = String::new();
    for (at, factor) in row.iter().filter(|(at, _)| model.truth[*at] != 0).take(TERMS_MAX) {
        let sign = if *factor < 0.0 { "-" } else { "+" };
        let separator = if terms.is_empty() && sign == "+" { String::new() } else { format!(" {sign} ") };
        let times = if factor.abs() == 1.0 { String::new() } else { format!("{} x ", factor.abs()) };
        terms.push_str(&format!("{separator}{times}{}", name(*at)));
    }
    let more = if row.len() > TERMS_MAX { " and more" } else { "" };
    format!("{} = {}{more}", name(cell), terms.trim_start())
}
