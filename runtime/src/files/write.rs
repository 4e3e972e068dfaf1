//! Writing a file so that it is whole or not there.
//!
//! The order is: a temporary file beside the target, its bytes, fsync, the new name, fsync of the folder. Without
//! the first fsync a power cut can leave the name on an empty file; without the second the name itself can be lost.

use std::ffi::OsString;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::FileError;
use crate::random;

/// Who may read a new file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Its owner only (mode 600).
    Owner,
    /// Everybody the machine's umask lets (mode 644 before it).
    Everybody,
}

impl Access {
    const fn mode(self) -> u32 {
        match self {
            Self::Owner => 0o600,
            Self::Everybody => 0o644,
        }
    }
}

/// A file that appears under its name only when it is complete. Dropped before that, it leaves nothing behind.
#[derive(Debug)]
pub struct NewFile {
    file: File,
    temporary: PathBuf,
    target: PathBuf,
    named: bool,
}

impl NewFile {
    /// Begins a file that will be called `target`, in the same folder.
    ///
    /// # Errors
    /// When the folder is missing or closed to us.
    pub fn begin(target: &Path, access: Access) -> Result<Self, FileError> {
        let mut name = OsString::from(".");
        name.push(target.file_name().ok_or_else(|| FileError::NotAFile(target.to_owned()))?);
        name.push(format!(".{:016x}.tmp", u64::from_be_bytes(random::bytes())));
        let temporary = target.with_file_name(name);
        let file = OpenOptions::new()
            .write(true)
            .read(true)
            .create_new(true)
            .mode(access.mode())
            .open(&temporary)
            .map_err(|cause| FileError::at(target, cause))?;
        let begun = Self { file, temporary, target: target.to_owned(), named: false };
        if access == Access::Owner {
            // A strange umask must not make a secret unreadable to its owner.
            let exact = fs::Permissions::from_mode(access.mode());
            begun.file.set_permissions(exact).map_err(|cause| FileError::at(target, cause))?;
        }
        Ok(begun)
    }

    /// Makes the bytes durable and gives them their name, replacing what stood there.
    ///
    /// # Errors
    /// Nothing has changed when it fails, except when only the last step failed: then the file is in place and may
    /// be lost by a power cut.
    pub fn replace(mut self) -> Result<(), FileError> {
        self.file.sync_all().map_err(|cause| FileError::at(&self.target, cause))?;
        fs::rename(&self.temporary, &self.target).map_err(|cause| FileError::at(&self.target, cause))?;
        self.named = true;
        sync_folder(&self.target)
    }

    /// Makes the bytes durable and gives them their name, unless that name is taken.
    ///
    /// # Errors
    /// [`FileError::Exists`] when it is; the file that stands there is untouched.
    pub fn create(self) -> Result<(), FileError> {
        self.file.sync_all().map_err(|cause| FileError::at(&self.target, cause))?;
        // A hard link fails where a rename would replace: the check and the naming are one step.
        fs::hard_link(&self.temporary, &self.target).map_err(|cause| FileError::at(&self.target, cause))?;
        sync_folder(&self.target)
        // The temporary name goes when `self` is dropped.
    }

    /// The name under which it is being written.
    #[must_use]
    pub fn temporary(&self) -> &Path {
        &self.temporary
    }
}

impl Write for NewFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Seek for NewFile {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        self.file.seek(position)
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.named {
            // Nothing better can be done with an error here than to leave the temporary file.
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// Writes a secret for its owner only, replacing an older version of it.
///
/// # Errors
/// Refuses to replace a symbolic link.
pub fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    if fs::symlink_metadata(path).is_ok_and(|named| named.file_type().is_symlink()) {
        return Err(FileError::Symlink(path.to_owned()));
    }
    whole(path, bytes, Access::Owner)?.replace()
}

/// Writes a secret for its owner only where none is yet: a key is never overwritten by mistake.
///
/// # Errors
/// [`FileError::Exists`] when there is one.
pub fn create_secret(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    whole(path, bytes, Access::Owner)?.create()
}

/// Writes a file that others may read, replacing an older version of it.
///
/// # Errors
/// When the folder is missing or closed to us, or the disk is full.
pub fn write_public(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    whole(path, bytes, Access::Everybody)?.replace()
}

/// Makes a folder for its owner only. One that exists is left as it is, because its mode was somebody's decision;
/// the files in it protect themselves.
///
/// # Errors
/// When something that is not a folder has the name, or we may not.
pub fn private_directory(path: &Path) -> Result<(), FileError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|cause| FileError::at(path, cause))
}

fn whole(path: &Path, bytes: &[u8], access: Access) -> Result<NewFile, FileError> {
    let mut file = NewFile::begin(path, access)?;
    file.write_all(bytes).map_err(|cause| FileError::at(path, cause))?;
    Ok(file)
}

fn sync_folder(path: &Path) -> Result<(), FileError> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(|cause| FileError::at(path, cause))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use std::os::unix::fs::{MetadataExt, symlink};

    fn names(folder: &Path) -> Vec<OsString> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect()
    }

    #[test]
    fn a_secret_is_for_its_owner_and_leaves_no_temporary_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        write_secret(&path, b"one").unwrap();
        write_secret(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert_eq!(names(folder.path()), ["key"]);
    }

    #[test]
    fn a_key_is_never_overwritten_by_create() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        create_secret(&path, b"first").unwrap();
        assert!(matches!(create_secret(&path, b"second"), Err(FileError::Exists(_))));
        assert_eq!(fs::read(&path).unwrap(), b"first");
        assert_eq!(names(folder.path()), ["key"]);
    }

    #[test]
    fn a_file_given_up_half_way_leaves_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("backup");
        write_public(&path, b"old").unwrap();
        let mut half = NewFile::begin(&path, Access::Owner).unwrap();
        half.write_all(b"ne").unwrap();
        drop(half);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(names(folder.path()), ["backup"]);
    }

    #[test]
    fn a_secret_is_not_written_through_a_symbolic_link() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("elsewhere"), folder.path().join("key"));
        fs::write(&target, b"untouched").unwrap();
        symlink(&target, &link).unwrap();
        assert!(matches!(write_secret(&link, b"secret"), Err(FileError::Symlink(_))));
        assert!(matches!(create_secret(&link, b"secret"), Err(FileError::Exists(_))));
        assert_eq!(fs::read(&target).unwrap(), b"untouched");
    }

    #[test]
    fn a_missing_folder_is_said() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(write_secret(&folder.path().join("no/key"), b""), Err(FileError::Missing(_))));
        assert!(matches!(write_secret(Path::new("/"), b""), Err(FileError::NotAFile(_))));
    }

    #[test]
    fn a_private_folder_is_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b");
        private_directory(&path).unwrap();
        private_directory(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o700);
    }
}
