//! The built programs. Cargo builds the programs of other packages for no test, so they are looked for beside the test's own
//! executable; `tests/run` builds them first.

use std::path::PathBuf;

/// Where a program of the workspace lies: `target/debug` for a test in `target/debug/deps`.
///
/// # Panics
/// When it was not built; the message says how.
pub fn program(name: &str) -> PathBuf {
    let own = std::env::current_exe().unwrap();
    let folder = own.parent().and_then(|deps| deps.parent()).unwrap();
    let path = folder.join(name);
    assert!(path.exists(), "{} is not there; build the programs first: cargo build --workspace --bins", path.display());
    path
}
