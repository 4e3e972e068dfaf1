//! `cargo bench-region`: what an exchange costs beside the floor of the same machine, measured in one run.
//!
//! The floor of an exchange is the sum of its raw costs, each measured alone: one Ed25519 signature and one strict
//! verification, one row in a SQLite group commit (WAL, synchronous FULL), one QUIC request of the same size. Costs are CPU
//! time of this process, client and hub together; rates are wall time. Floor and exchange are measured in turn, because a
//! machine that others use too is not equally fast all the time. A figure in a document names this command.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods, missing_docs)]
// A measurement that cannot be taken has no result to report, so it stops; and measuring needs a clock.

mod bytes;
mod cpu;
mod exchange;
mod floor;
mod memory;

use exchange::Exchange;
use floor::Floor;
use vrs_runtime::exit::Exit;

/// How often floor and exchange are measured.
const TURNS: usize = 4;

/// The mean of a figure over all turns.
fn mean<T>(turns: &[T], figure: impl Fn(&T) -> f64) -> f64 {
    turns.iter().map(figure).sum::<f64>() / turns.len() as f64
}

fn main() -> Exit {
    if let Some(exit) = memory::lived_as_another() {
        return exit;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (floors, exchanges): (Vec<Floor>, Vec<Exchange>) =
        (0..TURNS).map(|_| (floor::measure(), runtime.block_on(exchange::measure()))).unzip();
    let floor = Floor::mean(&floors);
    println!("floor of one exchange on this machine (CPU time)");
    println!("  Ed25519 signature              {:>9.1} µs", floor.signature_us);
    println!("  Ed25519 strict verification    {:>9.1} µs", floor.verification_us);
    println!("  row in a group commit of 64    {:>9.1} µs", floor.row_us);
    println!("  QUIC request of the same size  {:>9.1} µs", floor.request_us);
    println!("  sum                            {:>9.1} µs", floor.sum_us());

    println!("\nsigned release → verified → durable → receipt, client and hub together");
    let together = ("several participants at a time", exchanges.iter().map(|turn| &turn.together).collect::<Vec<_>>());
    let alone = ("one participant alone", exchanges.iter().map(|turn| &turn.alone).collect());
    for (who, costs) in [together, alone] {
        let cpu_us = mean(&costs, |cost| cost.cpu_us);
        println!("  {who}");
        println!("    CPU time                     {cpu_us:>9.1} µs, {:.1} times the floor", cpu_us / floor.sum_us());
        println!("    releases a second            {:>9.0}", mean(&costs, |cost| cost.per_second));
    }
    let readable_ms = mean(&exchanges, |turn| turn.approve_to_readable_ms);
    println!("  approve → readable elsewhere   {:>9.0} ms, two connections included", readable_ms);

    let bytes = bytes::measure();
    println!("\nbytes a cell of a table of 5,000 cells, before padding");
    println!("  body                           {:>9.2}", bytes.ours);
    println!("  SDMX-CSV                       {:>9.2}", bytes.sdmx);
    println!("  SDMX-CSV, gzip                 {:>9.2}", bytes.sdmx_packed);

    let memory = memory::measure();
    println!("\nresident memory of idle processes");
    println!("  hub                            {:>9.1} MiB", memory.hub_mib);
    println!("  node                           {:>9.1} MiB", memory.node_mib);
    Exit::Done
}
