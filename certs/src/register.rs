//! The register: which certificate was issued to whom, and which were revoked. A text file with one event a line
//! (JSON), only ever added to, so that it can be read with any tool and shows what happened when.
//!
//! The rule it keeps: no certificate leaves before its line is on the disk. Writers hold the folder's lock and first
//! read what other processes have added; readers need no lock, because a line counts only with its line end. What a
//! crash left of half a line was never acknowledged, and the next writer cuts it off.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use vrs_protocol::time::Timestamp;

use crate::files::FileError;
use crate::names::{Holder, Serial};

/// Name of the file in the authority's folder.
pub const REGISTER_FILE: &str = "register.jsonl";
/// Bound for the register: sixty participants write about 1 MB a year.
const REGISTER_BYTES_MAX: u64 = 256 << 20;

/// Why the register was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    /// The file system.
    #[error(transparent)]
    File(#[from] FileError),
    /// The file is gone.
    #[error("{}: the register is missing: without it nobody knows what was issued and revoked; restore it from the backup", .0.display())]
    Missing(PathBuf),
    /// A line that this program cannot read.
    #[error("{}, line {line}: {cause}; restore the register from the backup, or use the program version that wrote it", path.display())]
    Line {
        /// The file.
        path: PathBuf,
        /// Counted from 1.
        line: u64,
        /// What is wrong with it.
        cause: String,
    },
    /// Lines that were read before are no longer there.
    #[error("{}: the register has become shorter while it was in use: somebody restored or changed it; start the program again and check what was issued since", .0.display())]
    Shorter(PathBuf),
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "lowercase")]
pub(crate) enum Event {
    /// A certificate was issued.
    Issued {
        at: Timestamp,
        serial: Serial,
        holder: Holder,
        /// Which issuing certificate signed it.
        generation: u32,
        not_after: Timestamp,
    },
    /// Certificates of one holder were revoked; all of them or none.
    Revoked { at: Timestamp, holder: Holder, serials: Vec<Serial> },
    /// An issuing certificate was revoked because its key was lost, and with it everything it has signed.
    Replaced { at: Timestamp, generation: u32, serial: Serial },
}

/// What is known of one certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Whose it is.
    pub holder: Holder,
    /// Which issuing certificate signed it.
    pub generation: u32,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Its last second.
    pub not_after: Timestamp,
    /// When it was revoked, if it was; see also [`Register::revoked_at`].
    pub revoked_at: Option<Timestamp>,
}

/// The register as far as it has been read.
#[derive(Debug)]
pub struct Register {
    path: PathBuf,
    entries: BTreeMap<Serial, Entry>,
    /// Issuing certificates whose key was lost: number and when.
    replaced: BTreeMap<u32, (Serial, Timestamp)>,
    /// Where the first byte that has not been read stands.
    read_to: u64,
    lines: u64,
}

impl Register {
    /// Reads the register of an authority's folder.
    ///
    /// # Errors
    /// Names the file and the line.
    pub fn open(folder: &Path) -> Result<Self, RegisterError> {
        let path = folder.join(REGISTER_FILE);
        let mut register = Self { path, entries: BTreeMap::new(), replaced: BTreeMap::new(), read_to: 0, lines: 0 };
        register.catch_up()?;
        Ok(register)
    }

    /// What is known of a certificate.
    pub fn entry(&self, serial: &Serial) -> Option<&Entry> {
        self.entries.get(serial)
    }

    /// All certificates, by number.
    pub fn entries(&self) -> impl Iterator<Item = (&Serial, &Entry)> {
        self.entries.iter()
    }

    /// When a certificate was revoked, by itself or with the issuing certificate that signed it.
    pub fn revoked_at(&self, serial: &Serial) -> Option<Timestamp> {
        let entry = self.entries.get(serial)?;
        let replaced = self.replaced.get(&entry.generation).map(|(_, at)| *at);
        match (entry.revoked_at, replaced) {
            (Some(own), Some(with_others)) => Some(own.min(with_others)),
            (own, with_others) => own.or(with_others),
        }
    }

    /// The issuing certificates that were revoked: which, its number, and when.
    pub fn replaced(&self) -> impl Iterator<Item = (u32, &Serial, Timestamp)> {
        self.replaced.iter().map(|(generation, (serial, at))| (*generation, serial, *at))
    }

    /// Reads what other processes have added.
    ///
    /// # Errors
    /// [`RegisterError::Shorter`] when lines have gone.
    pub fn catch_up(&mut self) -> Result<(), RegisterError> {
        let mut file = File::open(&self.path).map_err(|cause| self.at(cause))?;
        let length = file.metadata().map_err(|cause| self.at(cause))?.len();
        if length < self.read_to {
            return Err(RegisterError::Shorter(self.path.clone()));
        }
        if length == self.read_to {
            return Ok(());
        }
        if length > REGISTER_BYTES_MAX {
            return Err(FileError::TooLarge { path: self.path.clone(), bytes_max: REGISTER_BYTES_MAX }.into());
        }
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(self.read_to)).map_err(|cause| self.at(cause))?;
        file.take(length - self.read_to).read_to_end(&mut bytes).map_err(|cause| self.at(cause))?;
        for line in bytes.split_inclusive(|byte| *byte == b'\n') {
            let Some(text) = line.strip_suffix(b"\n") else { break };
            self.take_line(text)?;
            self.read_to += line.len() as u64;
        }
        Ok(())
    }

    /// Adds a line and makes it durable. The caller holds the folder's lock and has caught up.
    pub(crate) fn append(&mut self, event: &Event) -> Result<(), RegisterError> {
        let mut line = serde_json::to_vec(event).map_err(|cause| self.at(cause.into()))?;
        line.push(b'\n');
        let mut file = OpenOptions::new().write(true).open(&self.path).map_err(|cause| self.at(cause))?;
        // Under the lock nobody else is writing: what stands behind the last line end was left by a crash.
        file.set_len(self.read_to).map_err(|cause| self.at(cause))?;
        let written = file.seek(SeekFrom::End(0)).and_then(|_| file.write_all(&line)).and_then(|()| file.sync_data());
        if let Err(cause) = written {
            // The line counts for nobody when it is cut off again; if even that fails, the next writer finds either a
            // whole line, of a certificate that nobody has, or half of one.
            let _ = file.set_len(self.read_to);
            return Err(self.at(cause));
        }
        self.read_to += line.len() as u64;
        self.lines += 1;
        self.apply(event.clone());
        Ok(())
    }

    /// Makes an empty register.
    pub(crate) fn create(folder: &Path) -> Result<(), FileError> {
        let path = folder.join(REGISTER_FILE);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path);
        file.and_then(|file| file.sync_all()).map_err(|cause| FileError::at(&path, cause))
    }

    fn take_line(&mut self, line: &[u8]) -> Result<(), RegisterError> {
        self.lines += 1;
        let event = serde_json::from_slice(line).map_err(|cause| RegisterError::Line {
            path: self.path.clone(),
            line: self.lines,
            cause: cause.to_string(),
        })?;
        self.apply(event);
        Ok(())
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::Issued { at, serial, holder, generation, not_after } => {
                let entry = Entry { holder, generation, issued_at: at, not_after, revoked_at: None };
                self.entries.insert(serial, entry);
            }
            Event::Revoked { at, serials, .. } => {
                for serial in serials {
                    if let Some(entry) = self.entries.get_mut(&serial) {
                        entry.revoked_at.get_or_insert(at);
                    }
                }
            }
            Event::Replaced { at, generation, serial } => {
                self.replaced.entry(generation).or_insert((serial, at));
            }
        }
    }

    fn at(&self, cause: std::io::Error) -> RegisterError {
        match FileError::at(&self.path, cause) {
            FileError::Missing(path) => RegisterError::Missing(path),
            other => other.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use std::fs;

    fn issued(number: u8) -> Event {
        let holder = "AUS".parse().unwrap();
        let (at, not_after) = (Timestamp(1_000), Timestamp(2_000));
        Event::Issued { at, serial: Serial::from_bytes(&[number]), holder, generation: 1, not_after }
    }

    fn opened() -> (tempfile::TempDir, Register) {
        let folder = tempfile::tempdir().unwrap();
        Register::create(folder.path()).unwrap();
        let register = Register::open(folder.path()).unwrap();
        (folder, register)
    }

    #[test]
    fn what_one_process_adds_another_reads() {
        let (folder, mut one) = opened();
        let mut other = Register::open(folder.path()).unwrap();
        one.append(&issued(1)).unwrap();
        other.catch_up().unwrap();
        let serials = vec![Serial::from_bytes(&[1])];
        other.append(&Event::Revoked { at: Timestamp(1_500), holder: "AUS".parse().unwrap(), serials }).unwrap();
        one.catch_up().unwrap();
        assert_eq!(one.entry(&Serial::from_bytes(&[1])).unwrap().revoked_at, Some(Timestamp(1_500)));
        assert_eq!(one.entries().count(), 1);
    }

    #[test]
    fn half_a_line_counts_for_nobody_and_the_next_writer_cuts_it_off() {
        let (folder, mut register) = opened();
        register.append(&issued(1)).unwrap();
        let path = folder.path().join(REGISTER_FILE);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, [whole.as_slice(), &whole[..whole.len() / 2]].concat()).unwrap();
        let mut register = Register::open(folder.path()).unwrap();
        assert_eq!(register.entries().count(), 1);
        register.append(&issued(2)).unwrap();
        assert_eq!(Register::open(folder.path()).unwrap().entries().count(), 2);
        assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 2);
    }

    #[test]
    fn damage_and_disappearance_are_said() {
        let (folder, mut register) = opened();
        register.append(&issued(1)).unwrap();
        register.append(&issued(2)).unwrap();
        let path = folder.path().join(REGISTER_FILE);
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.lines().next().unwrap()).unwrap();
        assert!(matches!(register.catch_up(), Err(RegisterError::Shorter(_))));
        fs::write(&path, text.replacen("issued", "forgotten", 2)).unwrap();
        assert!(matches!(Register::open(folder.path()), Err(RegisterError::Line { line: 1, .. })));
        fs::remove_file(&path).unwrap();
        assert!(matches!(Register::open(folder.path()), Err(RegisterError::Missing(_))));
    }
}
