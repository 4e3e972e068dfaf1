//! Reading with a bound, and reading secrets.

use std::fs::{self, File};
use std::io::Read;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use zeroize::Zeroizing;

use super::{FileError, SECRET_BYTES_MAX};

/// Reads a plain file of at most `bytes_max` bytes. Links are followed: an operator may keep a form elsewhere.
///
/// # Errors
/// [`FileError::TooLarge`] without reading further than the bound.
pub fn read_bounded(path: &Path, bytes_max: u64) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    let file = open_plain(path)?;
    read_into(path, &file, bytes_max, &mut bytes)?;
    Ok(bytes)
}

/// Reads a secret of at most [`SECRET_BYTES_MAX`] bytes. The memory is wiped when it is dropped.
///
/// # Errors
/// Refuses symbolic links and files that the group or others may read.
pub fn read_secret(path: &Path) -> Result<Zeroizing<Vec<u8>>, FileError> {
    let named = fs::symlink_metadata(path).map_err(|cause| FileError::at(path, cause))?;
    if named.file_type().is_symlink() {
        return Err(FileError::Symlink(path.to_owned()));
    }
    let file = open_plain(path)?;
    let opened = file.metadata().map_err(|cause| FileError::at(path, cause))?;
    // A link may have been put in place between the look and the opening: then it is another file that was opened.
    if (named.dev(), named.ino()) != (opened.dev(), opened.ino()) {
        return Err(FileError::Symlink(path.to_owned()));
    }
    let mode = opened.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(FileError::Exposed { path: path.to_owned(), mode });
    }
    // Allocated once and whole: a growing vector would leave unwiped copies behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(opened.len().min(SECRET_BYTES_MAX) as usize + 1));
    read_into(path, &file, SECRET_BYTES_MAX, &mut bytes)?;
    Ok(bytes)
}

fn open_plain(path: &Path) -> Result<File, FileError> {
    // Looked at before it is opened, because opening a pipe would wait for a writer.
    let named = fs::metadata(path).map_err(|cause| FileError::at(path, cause))?;
    if !named.is_file() {
        return Err(FileError::NotAFile(path.to_owned()));
    }
    File::open(path).map_err(|cause| FileError::at(path, cause))
}

fn read_into(path: &Path, file: &File, bytes_max: u64, bytes: &mut Vec<u8>) -> Result<(), FileError> {
    // One byte more than allowed is asked for, so that a file that grows meanwhile is noticed too.
    file.take(bytes_max.saturating_add(1)).read_to_end(bytes).map_err(|cause| FileError::at(path, cause))?;
    if bytes.len() as u64 > bytes_max {
        return Err(FileError::TooLarge { path: path.to_owned(), bytes_max });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::super::write_secret;
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn a_file_at_its_bound_is_read_and_one_byte_more_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("form");
        fs::write(&path, [7; 100]).unwrap();
        assert_eq!(read_bounded(&path, 100).unwrap(), [7; 100]);
        assert!(matches!(read_bounded(&path, 99), Err(FileError::TooLarge { bytes_max: 99, .. })));
    }

    #[test]
    fn a_missing_file_and_a_folder_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        assert!(matches!(read_bounded(&folder.path().join("none"), 10), Err(FileError::Missing(_))));
        assert!(matches!(read_bounded(folder.path(), 10), Err(FileError::NotAFile(_))));
        assert!(matches!(read_secret(&folder.path().join("none")), Err(FileError::Missing(_))));
    }

    #[test]
    fn a_secret_that_others_may_read_is_refused_with_the_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        write_secret(&path, b"secret").unwrap();
        assert_eq!(*read_secret(&path).unwrap(), b"secret");
        for mode in [0o640, 0o604, 0o610, 0o602] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let refused = read_secret(&path).unwrap_err();
            assert!(matches!(refused, FileError::Exposed { mode: seen, .. } if seen == mode), "{refused}");
            assert!(refused.to_string().contains("chmod 600"), "{refused}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        assert_eq!(*read_secret(&path).unwrap(), b"secret");
    }

    #[test]
    fn a_symbolic_link_is_no_secret() {
        let folder = tempfile::tempdir().unwrap();
        let (path, link) = (folder.path().join("key"), folder.path().join("link"));
        write_secret(&path, b"secret").unwrap();
        symlink(&path, &link).unwrap();
        assert!(matches!(read_secret(&link), Err(FileError::Symlink(_))));
    }

    #[test]
    fn a_secret_is_bounded() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        write_secret(&path, &vec![1; SECRET_BYTES_MAX as usize + 1]).unwrap();
        assert!(matches!(read_secret(&path), Err(FileError::TooLarge { .. })));
    }
}
