//! What can go wrong in the authority, with what to do next.

use std::path::{Path, PathBuf};

use vrs_protocol::time::Timestamp;

use crate::files::FileError;
use crate::keys::KeyFileError;
use crate::names::Holder;
use crate::profile::{RENEWALS_PER_DAY, RegionError};
use crate::register::RegisterError;
use crate::request::RequestError;

/// Why the authority did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AuthorityError {
    /// There is none in this folder.
    #[error("{}: there is no authority here; make one with: vrs-certs init --region NAME", .0.display())]
    NotHere(PathBuf),
    /// One for another region stands there.
    #[error("{}: this is the authority of the region {found:?}, not of {asked:?}; use another --dir for another region", path.display())]
    OtherRegion {
        /// The folder.
        path: PathBuf,
        /// Its region.
        found: String,
        /// The region that was asked for.
        asked: String,
    },
    /// The region cannot be called that.
    #[error(transparent)]
    Region(#[from] RegionError),
    /// A file.
    #[error(transparent)]
    File(#[from] FileError),
    /// A file of the authority holds something else than it should.
    #[error("{}: {cause}; restore it from the backup", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// The register.
    #[error(transparent)]
    Register(#[from] RegisterError),
    /// The request.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// The holder was revoked: what it gets next is the operator's decision.
    #[error("the certificates of {0} were revoked; the next one is signed by hand, with: vrs-certs sign BUNDLE")]
    Barred(Holder),
    /// The certificate that was shown is not good any more, though its holder has a newer one.
    #[error("the certificate of {0} that was shown is revoked, or not of this authority; show the latest one")]
    ShownRevoked(Holder),
    /// The holder has got several certificates already, and the last of them is good for long.
    #[error("{holder} got {RENEWALS_PER_DAY} certificates within a day; the next one is issued from {from} on")]
    TooMany {
        /// Whose.
        holder: Holder,
        /// When it may ask again.
        from: Timestamp,
    },
    /// The key of the issuing certificate in use is gone.
    #[error(
        "{}: the issuing key is missing; restore it from the backup, or, if it is lost or stolen, put root.key back and \
         run: vrs-certs init --region NAME (makes a new one and revokes the old)", .0.display()
    )]
    IssuingKeyMissing(PathBuf),
    /// The root key is needed and lies elsewhere.
    #[error("{}: the root key is needed for this; put it back (mode 600), run the command again, and take it away", .0.display())]
    RootKeyAway(PathBuf),
    /// The issuing certificate is over and the root key is not here to renew it.
    #[error(
        "the issuing certificate ended at {ended}; put the root key back as {} and run: vrs-certs init --region NAME",
        root_key.display()
    )]
    IssuingEnded {
        /// When.
        ended: Timestamp,
        /// Where the root key belongs.
        root_key: PathBuf,
    },
    /// The root is over.
    #[error(
        "the root certificate ended at {0}; make a new authority in another folder and let every participant join again"
    )]
    RootEnded(Timestamp),
    /// The machine's clock stands before the authority was made.
    #[error("it is {now} by this machine's clock and the authority was made at {made}; set the clock")]
    ClockBehind {
        /// What the clock says.
        now: Timestamp,
        /// When the certificate in use was made.
        made: Timestamp,
    },
    /// The key library or the machine's randomness failed.
    #[error("signing failed: {0}; try again, and check the machine if it stays so")]
    Signing(String),
}

impl AuthorityError {
    pub(super) fn damaged(path: &Path, cause: impl ToString) -> Self {
        Self::Damaged { path: path.to_owned(), cause: cause.to_string() }
    }
}

impl From<rcgen::Error> for AuthorityError {
    fn from(error: rcgen::Error) -> Self {
        Self::Signing(error.to_string())
    }
}

/// A key file of the authority: a file error stays one, anything else is damage.
pub(super) fn key_error(path: &Path, error: KeyFileError) -> AuthorityError {
    match error {
        KeyFileError::File(error) => error.into(),
        KeyFileError::NotMade(cause) => AuthorityError::Signing(cause),
        other => AuthorityError::damaged(path, other),
    }
}
