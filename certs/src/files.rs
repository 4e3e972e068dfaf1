//! Files of the authority: whole or not there, secrets for their owner only, nothing read without a bound.
//!
//! This crate may not use the runtime, so the few lines it needs stand here. The rule is the same: a temporary file
//! beside the target, its bytes, fsync, the new name, fsync of the folder.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use data_encoding::HEXLOWER;
use zeroize::Zeroizing;

/// Bound for one file: a chain or a revocation list of thousands of entries; no file of ours comes near it.
pub const FILE_BYTES_MAX: u64 = 1 << 20;

/// Why a file was not read or written. Every sentence names the file and, where there is one, the remedy.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is not there.
    #[error("{}: there is no such file", .0.display())]
    Missing(PathBuf),
    /// It is there already and must not be replaced.
    #[error("{}: this file exists already and is not replaced", .0.display())]
    Exists(PathBuf),
    /// A symbolic link, folder, pipe or device.
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
    #[error("{}: larger than {bytes_max} bytes; no key, certificate, list or bundle is", path.display())]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// The bound it broke.
        bytes_max: u64,
    },
    /// The bytes are not text.
    #[error("{}: this is not a text file", .0.display())]
    NotText(PathBuf),
    /// The machine gives no random bytes.
    #[error("{}: the machine gives no random bytes for a temporary name", .0.display())]
    Chance(PathBuf),
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
    pub(crate) fn at(path: &Path, cause: io::Error) -> Self {
        let path = path.to_owned();
        match cause.kind() {
            io::ErrorKind::NotFound => Self::Missing(path),
            io::ErrorKind::AlreadyExists => Self::Exists(path),
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::DiskFull(path),
            _ => Self::System { path, cause },
        }
    }
}

/// Who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Its owner only (mode 600).
    Owner,
    /// Everybody the machine's umask lets.
    Everybody,
}

/// Whether something stands there. A folder that is closed to us is an error, not an absence.
pub(crate) fn exists(path: &Path) -> Result<bool, FileError> {
    path.try_exists().map_err(|cause| FileError::at(path, cause))
}

/// Reads a file of at most `bytes_max` bytes.
///
/// # Errors
/// [`FileError::TooLarge`] without reading further than the bound.
pub fn read_bounded(path: &Path, bytes_max: u64) -> Result<Vec<u8>, FileError> {
    // Looked at before it is opened, because opening a pipe would wait for a writer.
    if !fs::metadata(path).map_err(|cause| FileError::at(path, cause))?.is_file() {
        return Err(FileError::NotAFile(path.to_owned()));
    }
    let file = File::open(path).map_err(|cause| FileError::at(path, cause))?;
    let mut bytes = Vec::new();
    file.take(bytes_max + 1).read_to_end(&mut bytes).map_err(|cause| FileError::at(path, cause))?;
    if bytes.len() as u64 > bytes_max {
        return Err(FileError::TooLarge { path: path.to_owned(), bytes_max });
    }
    Ok(bytes)
}

/// Reads a text of at most [`FILE_BYTES_MAX`] bytes.
///
/// # Errors
/// Also [`FileError::NotText`].
pub fn read_text(path: &Path) -> Result<String, FileError> {
    let bytes = read_bounded(path, FILE_BYTES_MAX)?;
    String::from_utf8(bytes).map_err(|_| FileError::NotText(path.to_owned()))
}

/// Reads a secret text, wiped from memory when it is dropped.
///
/// # Errors
/// Refuses symbolic links and files that the group or others may read.
pub fn read_secret(path: &Path) -> Result<Zeroizing<String>, FileError> {
    let named = fs::symlink_metadata(path).map_err(|cause| FileError::at(path, cause))?;
    if !named.is_file() {
        return Err(FileError::NotAFile(path.to_owned()));
    }
    let file = File::open(path).map_err(|cause| FileError::at(path, cause))?;
    let opened = file.metadata().map_err(|cause| FileError::at(path, cause))?;
    // A link may have been put in place between the look and the opening: then it is another file that was opened.
    if (named.dev(), named.ino()) != (opened.dev(), opened.ino()) {
        return Err(FileError::NotAFile(path.to_owned()));
    }
    let mode = opened.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(FileError::Exposed { path: path.to_owned(), mode });
    }
    let bytes_max = FILE_BYTES_MAX;
    // Allocated once and whole: a growing vector would leave unwiped copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(opened.len().min(bytes_max) as usize + 2));
    file.take(bytes_max + 1).read_to_end(&mut bytes).map_err(|cause| FileError::at(path, cause))?;
    if bytes.len() as u64 > bytes_max {
        return Err(FileError::TooLarge { path: path.to_owned(), bytes_max });
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| FileError::NotText(path.to_owned()))?;
    Ok(Zeroizing::new(text.to_owned()))
}

/// Writes a file whole, replacing an older version of it.
///
/// # Errors
/// What stood there is untouched.
pub fn write_whole(path: &Path, bytes: &[u8], access: Access) -> Result<(), FileError> {
    let temporary = write_beside(path, bytes, access)?;
    fs::rename(&temporary, path).map_err(|cause| discard(&temporary, path, cause))?;
    sync_folder_of(path)
}

/// Writes a secret only where none is yet: a key is never overwritten by mistake.
///
/// # Errors
/// [`FileError::Exists`]; the file that stands there is untouched.
pub fn create_secret(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let temporary = write_beside(path, bytes, Access::Owner)?;
    // A hard link fails where a rename would replace: the check and the naming are one step.
    fs::hard_link(&temporary, path).map_err(|cause| discard(&temporary, path, cause))?;
    fs::remove_file(&temporary).map_err(|cause| FileError::at(&temporary, cause))?;
    sync_folder_of(path)
}

/// Makes a folder that only its owner may enter, if there is none.
///
/// # Errors
/// When something else stands there, or the parent is closed to us.
pub fn private_folder(path: &Path) -> Result<(), FileError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|cause| FileError::at(path, cause))
}

/// Holds a folder against other processes for as long as it lives. The operating system frees it when a process dies.
#[derive(Debug)]
pub(crate) struct FolderLock(#[expect(dead_code, reason = "held for its lifetime, never read")] File);

/// Waits until no other process holds the folder. Nobody holds it while waiting for a person or the network.
pub(crate) fn lock_folder(folder: &Path) -> Result<FolderLock, FileError> {
    let path = folder.join("lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).mode(0o600).open(&path);
    let file = file.map_err(|cause| FileError::at(&path, cause))?;
    file.lock().map_err(|cause| FileError::at(&path, cause))?;
    Ok(FolderLock(file))
}

/// A name beside `path` that nobody else uses.
pub(crate) fn temporary_name(path: &Path) -> Result<PathBuf, FileError> {
    let name = path.file_name().ok_or_else(|| FileError::NotAFile(path.to_owned()))?;
    let mut chance = [0; 8];
    getrandom::fill(&mut chance).map_err(|_| FileError::Chance(path.to_owned()))?;
    Ok(path.with_file_name(format!(".{}.{}.tmp", name.to_string_lossy(), HEXLOWER.encode(&chance))))
}

/// Makes the names in the folder of `path` durable.
pub(crate) fn sync_folder_of(path: &Path) -> Result<(), FileError> {
    let folder = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|cause| FileError::at(folder, cause))
}

fn write_beside(path: &Path, bytes: &[u8], access: Access) -> Result<PathBuf, FileError> {
    let temporary = temporary_name(path)?;
    let mode = if access == Access::Owner { 0o600 } else { 0o644 };
    let file = OpenOptions::new().write(true).create_new(true).mode(mode).open(&temporary);
    let mut file = file.map_err(|cause| FileError::at(path, cause))?;
    let written = || -> io::Result<()> {
        if access == Access::Owner {
            // A strange umask must not make a secret unreadable to its owner.
            file.set_permissions(fs::Permissions::from_mode(mode))?;
        }
        file.write_all(bytes)?;
        file.sync_all()
    }();
    written.map_err(|cause| discard(&temporary, path, cause))?;
    Ok(temporary)
}

/// Removes the temporary file and says what went wrong with the real one.
fn discard(temporary: &Path, path: &Path, cause: io::Error) -> FileError {
    // Nothing better can be done with a second error than to leave the temporary file.
    let _ = fs::remove_file(temporary);
    FileError::at(path, cause)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[test]
    fn a_secret_is_for_its_owner_and_is_never_overwritten_by_mistake() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        create_secret(&path, b"first").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert!(matches!(create_secret(&path, b"second"), Err(FileError::Exists(_))));
        assert_eq!(*read_secret(&path).unwrap(), "first");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file is left");
        write_whole(&path, b"third", Access::Owner).unwrap();
        assert_eq!(*read_secret(&path).unwrap(), "third");
    }

    #[test]
    fn a_secret_that_others_may_read_is_refused_with_the_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        write_whole(&path, b"secret", Access::Owner).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        let refused = read_secret(&path).unwrap_err();
        assert!(refused.to_string().contains("chmod 600"), "{refused}");
        let link = folder.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(matches!(read_secret(&link), Err(FileError::NotAFile(_))));
    }

    #[test]
    fn reading_is_bounded_and_names_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("huge");
        fs::write(&path, vec![b'x'; FILE_BYTES_MAX as usize + 1]).unwrap();
        let refused = read_text(&path).unwrap_err();
        assert!(matches!(refused, FileError::TooLarge { .. }));
        assert!(refused.to_string().contains("huge"));
        assert!(matches!(read_text(folder.path()), Err(FileError::NotAFile(_))));
        fs::write(&path, [0xff, 0xfe]).unwrap();
        assert!(matches!(read_text(&path), Err(FileError::NotText(_))));
    }
}
