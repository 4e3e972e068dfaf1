//! `show`: what is in a file.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use vrs_certs::authority::FOLDER;
use vrs_certs::explain::{Part, explain};
use vrs_certs::files::{self, FILE_BYTES_MAX};
use vrs_certs::register::Register;
use vrs_protocol::time::Timestamp;
use zeroize::Zeroizing;

use crate::facts::{Outcome, Problem};

/// Tells what is in a file, with what the register of this folder knows, if there is one.
pub(crate) fn show(dir: &Path, file: &Path, now: Timestamp) -> Result<Outcome, Problem> {
    // It may be a key, also when the operator takes it for something else.
    let bytes = Zeroizing::new(files::read_bounded(file, FILE_BYTES_MAX)?);
    // Whoever may not read the register is told the rest.
    let register = Register::open(&dir.join(FOLDER)).ok();
    let parts = explain(&bytes, now, register.as_ref()).map_err(|error| format!("{}: {error}", file.display()))?;
    let words: Vec<String> = parts.iter().map(|part| format!("{}\n", part.told(now))).collect();
    let outcome = Outcome::default()
        .fact("file", file.display().to_string())
        .fact("parts", serde_json::to_value(&parts)?)
        .in_words(words.join("\n"));
    let mode = fs::metadata(file)?.permissions().mode() & 0o777;
    if parts.iter().any(Part::is_secret) && mode & 0o077 != 0 {
        let file = file.display();
        return Ok(outcome.advise(format!("Others may read this secret (mode {mode:03o}); run: chmod 600 {file}")));
    }
    Ok(outcome)
}
