//! Files that must be whole or not there: keys, tokens, backups, settings.
//!
//! The rule it keeps: whoever crashes in the middle finds the old file or the new one, never half of one; a secret
//! is readable by its owner only; nothing is read without a bound. Formats are not here.

mod read;
mod write;

pub use read::{read_bounded, read_secret};
pub use write::{Access, NewFile, create_secret, private_directory, write_public, write_secret};

use std::io;
use std::path::{Path, PathBuf};

/// Bound for a secret file: the largest we hold is a chain of certificates with its key.
pub const SECRET_BYTES_MAX: u64 = 64 * 1024;

/// Why a file was not read or written. Every sentence names the file and, where there is one, the remedy.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is not there.
    #[error("{}: there is no such file", .0.display())]
    Missing(PathBuf),
    /// It is there already and must not be replaced.
    #[error("{}: this file exists already and is not replaced", .0.display())]
    Exists(PathBuf),
    /// A symbolic link where a secret belongs: somebody else may decide where it points.
    #[error("{}: a secret must be a plain file, and this is a symbolic link", .0.display())]
    Symlink(PathBuf),
    /// A folder, socket or device.
    #[error("{}: this is not a plain file", .0.display())]
    NotAFile(PathBuf),
    /// Others on this machine can read the secret.
    #[error("{}: others may read this secret (mode {mode:03o}); run: chmod 600 {}", path.display(), path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Larger than its bound.
    #[error("{}: larger than {bytes_max} bytes", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The bound it broke.
        bytes_max: u64,
    },
    /// The disk is full.
    #[error("{}: the disk is full; free some space and try again", .0.display())]
    DiskFull(PathBuf),
    /// Anything else the operating system says.
    #[error("{}: {cause}", path.display())]
    System {
        /// The file.
        path: PathBuf,
        /// What it says.
        cause: io::Error,
    },
}

impl FileError {
    /// The error with the name of the file in it.
    #[must_use]
    pub fn at(path: &Path, cause: io::Error) -> Self {
        let path = path.to_owned();
        match cause.kind() {
            io::ErrorKind::NotFound => Self::Missing(path),
            io::ErrorKind::AlreadyExists => Self::Exists(path),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull(path),
            _ => Self::System { path, cause },
        }
    }
}
