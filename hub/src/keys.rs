//! The hub's own keys, below its folder: `keys/ledger.pem` signs checkpoints and the hub's statements, `keys/tls.key` with
//! the chain `keys/tls.crt` answers on the link. They are two, so that a stolen link key can forge nothing.

use std::path::Path;
use std::sync::Arc;

use vrs_certs::{Authority, Issued, Serial, TlsKey, half_life, pem};
use vrs_protocol::statement::SigningKey;
use vrs_protocol::time::Timestamp;
use vrs_runtime::files::{self, FileError};
use vrs_runtime::random;
use vrs_runtime::tls::Identity;
use zeroize::Zeroizing;

use crate::problem::HubError;

const LEDGER_KEY: &str = "keys/ledger.pem";
const TLS_KEY: &str = "keys/tls.key";
const TLS_CHAIN: &str = "keys/tls.crt";
/// Largest chain that is read; ours has three certificates of less than 1 KiB.
const CHAIN_BYTES_MAX: u64 = 64 << 10;

/// Makes the ledger key, or takes the one that an attempt before has left.
pub(crate) fn create_ledger_key(dir: &Path) -> Result<Arc<SigningKey>, HubError> {
    files::private_directory(&dir.join("keys"))?;
    let key = SigningKey::from_seed(&Zeroizing::new(random::bytes()));
    let pem = key.to_pkcs8_pem().map_err(|error| HubError::Key { file: LEDGER_KEY, cause: error.to_string() })?;
    match files::create_secret(&dir.join(LEDGER_KEY), pem.as_bytes()) {
        Ok(()) => Ok(Arc::new(key)),
        Err(FileError::Exists(_)) => read_ledger_key(dir),
        Err(error) => Err(error.into()),
    }
}

/// Reads the ledger key.
pub(crate) fn read_ledger_key(dir: &Path) -> Result<Arc<SigningKey>, HubError> {
    let bytes = files::read_secret(&dir.join(LEDGER_KEY))?;
    let text =
        std::str::from_utf8(&bytes).map_err(|error| HubError::Key { file: LEDGER_KEY, cause: error.to_string() })?;
    let key = SigningKey::from_pkcs8_pem(text)
        .map_err(|error| HubError::Key { file: LEDGER_KEY, cause: error.to_string() })?;
    Ok(Arc::new(key))
}

/// What the hub shows on the link, and when it should have the next one.
pub(crate) struct LinkIdentity {
    pub(crate) identity: Identity,
    /// Number of its certificate.
    pub(crate) serial: Serial,
    pub(crate) renew_at: Timestamp,
}

impl LinkIdentity {
    /// Whether it should be replaced.
    pub(crate) fn is_over(&self, authority: &Authority, now: Timestamp) -> Result<bool, HubError> {
        Ok(now >= self.renew_at || authority.is_revoked(&self.serial)?)
    }
}

/// The hub's certificate: the one that is there, or a new one where there is none, where it is half over, or where it was
/// revoked. A revoked one was not revoked for nothing: its key is replaced too.
pub(crate) fn link_identity(dir: &Path, authority: &Authority, now: Timestamp) -> Result<LinkIdentity, HubError> {
    let mut key = tls_key(dir)?;
    if let Some(kept) = kept_chain(dir, &key, authority)? {
        if !kept.is_over(authority, now)? {
            return Ok(kept);
        }
        if authority.is_revoked(&kept.serial)? {
            key = TlsKey::generate().map_err(|error| HubError::Key { file: TLS_KEY, cause: error.to_string() })?;
            files::write_secret(&dir.join(TLS_KEY), key.to_pem().as_bytes())?;
            tracing::warn!(certificate.serial = %kept.serial, "The hub's certificate was revoked; it has a new key");
        }
    }
    let request = key.request("hub").map_err(|error| HubError::Key { file: TLS_KEY, cause: error.to_string() })?;
    let Issued { mut chain, serial, renew_at, not_after } = authority.sign_hub(&request, now)?;
    chain.push(authority.root_der().to_vec());
    files::write_public(&dir.join(TLS_CHAIN), pem::encode_chain(&chain).as_bytes())?;
    tracing::info!(certificate.until = %not_after, "The hub has a new certificate");
    Ok(LinkIdentity { identity: Identity { chain, key: key.to_pkcs8() }, serial, renew_at })
}

fn tls_key(dir: &Path) -> Result<TlsKey, HubError> {
    let path = dir.join(TLS_KEY);
    let wrong = |cause: String| HubError::Key { file: TLS_KEY, cause };
    match files::read_secret(&path) {
        Ok(bytes) => {
            let text = std::str::from_utf8(&bytes).map_err(|error| wrong(error.to_string()))?;
            TlsKey::from_pem(text).map_err(|error| wrong(error.to_string()))
        }
        Err(FileError::Missing(_)) => {
            files::private_directory(&dir.join("keys"))?;
            let key = TlsKey::generate().map_err(|error| wrong(error.to_string()))?;
            files::create_secret(&path, key.to_pem().as_bytes())?;
            Ok(key)
        }
        Err(error) => Err(error.into()),
    }
}

/// The chain on the disk, if it is for this key and of this authority.
fn kept_chain(dir: &Path, key: &TlsKey, authority: &Authority) -> Result<Option<LinkIdentity>, HubError> {
    let bytes = match files::read_bounded(&dir.join(TLS_CHAIN), CHAIN_BYTES_MAX) {
        Ok(bytes) => bytes,
        Err(FileError::Missing(_)) => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    // What cannot be read is replaced: the authority is at hand.
    let Ok(chain) = pem::decode_chain(&String::from_utf8_lossy(&bytes)) else { return Ok(None) };
    let (Some(leaf), Some(root)) = (chain.first(), chain.last()) else { return Ok(None) };
    if root != authority.root_der() {
        return Ok(None);
    }
    let (Ok(renew_at), Ok(serial)) = (half_life(leaf), vrs_certs::serial_of(leaf)) else { return Ok(None) };
    let identity = Identity { chain, key: key.to_pkcs8() };
    // A chain for another key is as good as none.
    let fits = vrs_runtime::tls::IdentitySlot::new(&identity).is_ok();
    Ok(fits.then_some(LinkIdentity { identity, serial, renew_at }))
}
