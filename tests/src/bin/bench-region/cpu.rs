//! CPU time of this process, all threads together.

use rustix::time::{ClockId, clock_gettime};

/// CPU time used so far, in microseconds.
pub(crate) fn used_us() -> f64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    time.tv_sec as f64 * 1e6 + time.tv_nsec as f64 / 1e3
}

/// CPU microseconds per round of some work.
pub(crate) fn per_round_us(rounds: usize, work: impl FnOnce()) -> f64 {
    let before = used_us();
    work();
    (used_us() - before) / rounds as f64
}
