//! How the authority stands, and what its operator has to do before something ends.

use serde::Serialize;
use vrs_protocol::hash::Hash;
use vrs_protocol::time::Timestamp;

use super::{Authority, AuthorityError, ROOT_KEY, generation};
use crate::files;
use crate::profile::ISSUING_RENEW_SECS;

/// How the authority stands, for an operator's page or command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Its region.
    pub region: String,
    /// SHA-256 of the root certificate.
    pub root_fingerprint: Hash,
    /// Last second of the root.
    pub root_ends: Timestamp,
    /// Which issuing certificate is in use, counted from 1.
    pub generation: u32,
    /// Its last second.
    pub issuing_ends: Timestamp,
    /// Whether the root key lies in the folder.
    pub root_key_here: bool,
    /// What an operator has to do, if anything.
    pub to_do: Option<String>,
}

impl Authority {
    /// How it stands, and what an operator has to do.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn standing(&self, now: Timestamp) -> Result<Standing, AuthorityError> {
        let mut state = self.state();
        let _lock = self.enter(&mut state)?;
        let current = state.current(&self.folder)?;
        let root_key = self.folder.join(ROOT_KEY);
        let root_key_here = files::exists(&root_key)?;
        let issuing_ends = current.validity.not_after;
        let to_do = if self.root_ends.secs_since(now) < ISSUING_RENEW_SECS {
            let ends = self.root_ends;
            Some(format!(
                "The root ends at {ends}: make a new authority in another folder and let everybody join again."
            ))
        } else if !current.has_key() {
            let missing = AuthorityError::IssuingKeyMissing(generation::key_path(&self.folder, current.generation));
            Some(missing.to_string())
        } else if issuing_ends.secs_since(now) < ISSUING_RENEW_SECS {
            let how = if root_key_here { "check" } else { "put the root key back as" };
            let (key, region) = (root_key.display(), &self.region);
            Some(format!(
                "The issuing certificate ends at {issuing_ends}: {how} {key} and run vrs-certs init --region {region:?}."
            ))
        } else {
            None
        };
        Ok(Standing {
            region: self.region.clone(),
            root_fingerprint: self.root_fingerprint(),
            root_ends: self.root_ends,
            generation: current.generation,
            issuing_ends,
            root_key_here,
            to_do,
        })
    }
}
