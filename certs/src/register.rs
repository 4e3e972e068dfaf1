//! The register: which certificate was issued to whom, and which were revoked. A text file with one event a line
//! (JSON), only ever added to, so that it can be read with any tool and shows what happened when.
//!
//! The rule it keeps: no certificate leaves before its line is on the disk. Writers hold the folder's lock and first
//! read what other processes have added; readers need no lock, because a line counts only with its line end. What a
//! crash left of half a line was never acknowledged, and the next writer cuts it off.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use vrs_protocol::time::Timestamp;

use crate::files::FileError;
use crate::names::{Holder, Serial};

/// Name of the file in the authority's folder.
pub const REGISTER_FILE: &str = "register.jsonl";
/// Largest line. The file has no bound: a register that could not be read any more because it has grown would let nobody
/// in, and its growth is bounded where certificates are issued.
const LINE_BYTES_MAX: u64 = 1 << 20;
/// Most certificates that one line revokes: 35 bytes each, well below the bound of a line.
pub(crate) const REVOKED_PER_LINE: usize = 10_000;

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
    /// Certificates of one holder were revoked, and it gets no next one by itself; also where none was good any more.
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
    /// Holders that were revoked and to whom nothing was issued since.
    barred: BTreeSet<Holder>,
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
        let mut register = Self {
            path,
            entries: BTreeMap::new(),
            barred: BTreeSet::new(),
            replaced: BTreeMap::new(),
            read_to: 0,
            lines: 0,
        };
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

    /// Whether a holder was revoked, and no certificate was issued to it since. As nothing is issued by itself to one that
    /// is barred, what ends it is the operator's hand.
    pub fn is_barred(&self, holder: &Holder) -> bool {
        self.barred.contains(holder)
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
        file.seek(SeekFrom::Start(self.read_to)).map_err(|cause| self.at(cause))?;
        let mut lines = BufReader::new(file.take(length - self.read_to));
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = lines.by_ref().take(LINE_BYTES_MAX + 1).read_until(b'\n', &mut line);
            read.map_err(|cause| self.at(cause))?;
            if line.len() as u64 > LINE_BYTES_MAX {
                return Err(self.line_error(self.lines + 1, format!("it is longer than {LINE_BYTES_MAX} bytes")));
            }
            let Some(text) = line.strip_suffix(b"\n") else { return Ok(()) };
            self.take_line(text)?;
            self.read_to += line.len() as u64;
        }
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
        let number = self.lines + 1;
        let event = serde_json::from_slice(line).map_err(|cause| self.line_error(number, cause.to_string()))?;
        self.lines = number;
        self.apply(event);
        Ok(())
    }

    fn line_error(&self, line: u64, cause: String) -> RegisterError {
        RegisterError::Line { path: self.path.clone(), line, cause }
    }

    fn apply(&mut self, event: Event) {
        match event {
            Event::Issued { at, serial, holder, generation, not_after } => {
                self.barred.remove(&holder);
                let entry = Entry { holder, generation, issued_at: at, not_after, revoked_at: None };
                self.entries.insert(serial, entry);
            }
            Event::Revoked { at, holder, serials } => {
                self.barred.insert(holder);
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
    fn who_is_revoked_is_barred_until_the_next_certificate_also_where_none_was_good_any_more() {
        let (folder, mut register) = opened();
        let aus = "AUS".parse().unwrap();
        register.append(&issued(1)).unwrap();
        assert!(!register.is_barred(&aus));
        register
            .append(&Event::Revoked { at: Timestamp(3_000), holder: "AUS".parse().unwrap(), serials: vec![] })
            .unwrap();
        assert!(register.is_barred(&aus) && Register::open(folder.path()).unwrap().is_barred(&aus));
        register.append(&issued(2)).unwrap();
        assert!(!register.is_barred(&aus) && !Register::open(folder.path()).unwrap().is_barred(&aus));
    }

    #[test]
    fn a_line_has_a_bound_and_the_register_has_none() {
        let (folder, mut register) = opened();
        register.append(&issued(1)).unwrap();
        let path = folder.path().join(REGISTER_FILE);
        let line = fs::read(&path).unwrap();
        let mut file = OpenOptions::new().append(true).open(&path).unwrap();
        let blanks = vec![b' '; (LINE_BYTES_MAX as usize) - line.len()];
        for _ in 0..3 {
            file.write_all(&[blanks.as_slice(), line.as_slice()].concat()).unwrap();
        }
        register.catch_up().unwrap();
        register.append(&issued(2)).unwrap();
        assert_eq!(Register::open(folder.path()).unwrap().entries().count(), 2);
        file.write_all(&[blanks.as_slice(), b" ", line.as_slice()].concat()).unwrap();
        assert!(matches!(Register::open(folder.path()), Err(RegisterError::Line { line: 6, .. })));
    }

    #[test]
    fn the_largest_revocation_fits_into_a_line() {
        let (folder, mut register) = opened();
        let serials: Vec<Serial> =
            (0..REVOKED_PER_LINE as u128).map(|n| Serial::from_bytes(&(n | 1 << 127).to_be_bytes())).collect();
        register.append(&Event::Revoked { at: Timestamp::MAX, holder: "PIDCPIDC".parse().unwrap(), serials }).unwrap();
        Register::open(folder.path()).unwrap();
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
