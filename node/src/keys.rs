//! The node's keys and certificates, as files in its folder.
//!
//! ```text
//! keys/identity.pem   Ed25519, PKCS#8: signs what the participant says; stands in the ledger
//! keys/tls.key        ECDSA P-256, PKCS#8: opens the link; may be lost and made anew
//! keys/tls.crt        its certificate chain, leaf first
//! keys/authority.crt  the region's root
//! keys/request.der    the certificate request of the join that is under way
//! keys/invite         its invite, until it is done
//! keys/cases.key      32 bytes in base64: hashes references of cases; made when a file names some for the first time
//! ```
//!
//! The rule it keeps: a key that is there is never replaced; secrets are for their owner only.

use std::path::{Path, PathBuf};

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::statement::SigningKey;
use vrs_runtime::files::{self, FileError};
use vrs_runtime::random;
use vrs_runtime::tls::{CertificateFacts, Identity};
use zeroize::Zeroizing;

use crate::cases::ReferenceKey;
use crate::cases::reference::SECRET_BYTES;
use crate::error::{NodeError, Result};

/// Bound for certificates and requests on disk; a chain has about 2 KiB.
const CERTIFICATE_BYTES_MAX: u64 = 64 << 10;

/// The file with the secret that hashes references of cases.
const CASES_FILE: &str = "cases.key";

/// The folder with the keys of one node.
#[derive(Debug, Clone)]
pub struct Keys {
    folder: PathBuf,
}

impl Keys {
    /// The keys below a node's folder.
    #[must_use]
    pub fn of(dir: &Path) -> Self {
        Self { folder: dir.join("keys") }
    }

    /// Makes the keys that are not there yet.
    ///
    /// # Errors
    /// When a file cannot be written.
    pub fn create(&self) -> Result<()> {
        files::private_directory(&self.folder)?;
        if !self.path("identity.pem").exists() {
            let seed = Zeroizing::new(random::bytes::<32>());
            let pem =
                SigningKey::from_seed(&seed).to_pkcs8_pem().map_err(|error| NodeError::Keys(error.to_string()))?;
            files::create_secret(&self.path("identity.pem"), pem.as_bytes())?;
        }
        if !self.path("tls.key").exists() {
            let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).map_err(defect)?;
            files::create_secret(&self.path("tls.key"), Zeroizing::new(key.serialize_pem()).as_bytes())?;
        }
        Ok(())
    }

    /// The key that signs what the participant says.
    ///
    /// # Errors
    /// When the file is not there, open to others, or not such a key.
    pub fn identity(&self) -> Result<SigningKey> {
        let path = self.path("identity.pem");
        let text = self.secret_text("identity.pem")?;
        SigningKey::from_pkcs8_pem(&text).map_err(|error| NodeError::Keys(format!("{}: {error}", path.display())))
    }

    /// What hashes references of cases, made where there is none yet. If it is lost, cases that were hashed with it are never
    /// recognised again.
    ///
    /// # Errors
    /// When the file is open to others, is not such a secret, or cannot be written.
    pub fn cases(&self) -> Result<ReferenceKey> {
        let path = self.path(CASES_FILE);
        if !path.exists() {
            let secret = Zeroizing::new(data_encoding::BASE64.encode(random::bytes::<SECRET_BYTES>().as_slice()));
            match files::create_secret(&path, secret.as_bytes()) {
                // Another process of this node made it at the same moment.
                Ok(()) | Err(FileError::Exists(_)) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let text = self.secret_text(CASES_FILE)?;
        let damaged = || NodeError::Keys(format!("{}: this is not {SECRET_BYTES} bytes in base64", path.display()));
        let bytes = data_encoding::BASE64.decode(text.trim().as_bytes()).map(Zeroizing::new).map_err(|_| damaged())?;
        let secret: Zeroizing<[u8; SECRET_BYTES]> = Zeroizing::new(bytes.as_slice().try_into().map_err(|_| damaged())?);
        Ok(ReferenceKey::new(&secret))
    }

    fn tls_key(&self) -> Result<KeyPair> {
        let path = self.path("tls.key");
        let text = self.secret_text("tls.key")?;
        KeyPair::from_pem(&text).map_err(|error| NodeError::Keys(format!("{}: {error}", path.display())))
    }

    /// A certificate request (PKCS#10, DER) of the link key in the participant's name.
    ///
    /// # Errors
    /// When the key cannot be used.
    pub fn certificate_request(&self, code: &ParticipantCode) -> Result<Vec<u8>> {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, code.as_str());
        let request = params.serialize_request(&self.tls_key()?).map_err(defect)?;
        Ok(request.der().to_vec())
    }

    /// The request of the join that is under way: made once and kept, because its fingerprint is read out by telephone.
    ///
    /// # Errors
    /// When it cannot be read or made.
    pub fn joining_request(&self, code: &ParticipantCode) -> Result<Vec<u8>> {
        match files::read_bounded(&self.path("request.der"), CERTIFICATE_BYTES_MAX) {
            Err(FileError::Missing(_)) => {
                let request = self.certificate_request(code)?;
                files::write_secret(&self.path("request.der"), &request)?;
                Ok(request)
            }
            read => Ok(read?),
        }
    }

    /// The invite of the join that is under way.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn invite(&self) -> Result<Option<Zeroizing<String>>> {
        match self.secret_text("invite") {
            Err(NodeError::Disk(FileError::Missing(_))) => Ok(None),
            text => text.map(Some),
        }
    }

    /// Keeps the invite, so that a join that was interrupted can go on.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep_invite(&self, invite: &str) -> Result<()> {
        Ok(files::write_secret(&self.path("invite"), invite.as_bytes())?)
    }

    /// Forgets invite and request: the join is done, and the secret is used up.
    pub fn forget_invite(&self) {
        for name in ["invite", "request.der"] {
            // What cannot be removed is useless to everybody: the hub takes a secret once.
            let _ = std::fs::remove_file(self.path(name));
        }
    }

    /// What the link shows: key and chain; `None` before the node was admitted.
    ///
    /// # Errors
    /// When a file is damaged.
    pub fn link_identity(&self) -> Result<Option<Identity>> {
        let Some(chain) = self.certificates("tls.crt")? else { return Ok(None) };
        Ok(Some(Identity { chain, key: Zeroizing::new(self.tls_key()?.serialize_der()) }))
    }

    /// What our certificate says; `None` before the node was admitted.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn certificate(&self) -> Result<Option<CertificateFacts>> {
        let Some(chain) = self.certificates("tls.crt")? else { return Ok(None) };
        let damaged = |_| NodeError::Keys(format!("{}: this is no certificate", self.path("tls.crt").display()));
        chain.first().map(|leaf| CertificateFacts::read(leaf)).transpose().map_err(damaged)
    }

    /// Keeps a new chain, leaf first. It must be for our key.
    ///
    /// # Errors
    /// When key and certificate do not fit, or the file cannot be written.
    pub fn keep_chain(&self, chain: &[Vec<u8>]) -> Result<()> {
        let identity = Identity { chain: chain.to_vec(), key: Zeroizing::new(self.tls_key()?.serialize_der()) };
        vrs_runtime::tls::IdentitySlot::new(&identity).map_err(|error| NodeError::Keys(error.to_string()))?;
        Ok(files::write_public(&self.path("tls.crt"), encode(chain).as_bytes())?)
    }

    /// The region's root certificate (DER); `None` before the node was admitted.
    ///
    /// # Errors
    /// When the file is damaged.
    pub fn authority(&self) -> Result<Option<Vec<u8>>> {
        Ok(self.certificates("authority.crt")?.and_then(|chain| chain.into_iter().next()))
    }

    /// Keeps the region's root certificate.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep_authority(&self, root: &[u8]) -> Result<()> {
        Ok(files::write_public(&self.path("authority.crt"), encode(&[root.to_vec()]).as_bytes())?)
    }

    fn certificates(&self, name: &str) -> Result<Option<Vec<Vec<u8>>>> {
        let path = self.path(name);
        let bytes = match files::read_bounded(&path, CERTIFICATE_BYTES_MAX) {
            Err(FileError::Missing(_)) => return Ok(None),
            read => read?,
        };
        let chain: std::result::Result<Vec<Vec<u8>>, _> =
            CertificateDer::pem_slice_iter(&bytes).map(|der| der.map(|der| der.to_vec())).collect();
        match chain {
            Ok(chain) if !chain.is_empty() => Ok(Some(chain)),
            _ => Err(NodeError::Keys(format!("{}: this is not a file of certificates (PEM)", path.display()))),
        }
    }

    fn secret_text(&self, name: &str) -> Result<Zeroizing<String>> {
        let path = self.path(name);
        let bytes = files::read_secret(&path)?;
        let text = std::str::from_utf8(&bytes)
            .map_err(|_| NodeError::Keys(format!("{}: this is not text", path.display())))?;
        Ok(Zeroizing::new(text.to_owned()))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }
}

/// Certificates as PEM, 64 characters a line.
fn encode(chain: &[Vec<u8>]) -> String {
    let mut text = String::new();
    for der in chain {
        text.push_str("-----BEGIN CERTIFICATE-----\n");
        let base64 = data_encoding::BASE64.encode(der);
        for line in base64.as_bytes().chunks(64) {
            text.push_str(&String::from_utf8_lossy(line));
            text.push('\n');
        }
        text.push_str("-----END CERTIFICATE-----\n");
    }
    text
}

fn defect(error: rcgen::Error) -> NodeError {
    NodeError::Keys(format!("the key library failed: {error}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use std::os::unix::fs::MetadataExt;

    #[test]
    fn keys_are_made_once_and_are_for_their_owner() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::of(folder.path());
        keys.create().unwrap();
        let first = keys.identity().unwrap().public();
        keys.create().unwrap();
        assert_eq!(keys.identity().unwrap().public(), first);
        for name in ["identity.pem", "tls.key"] {
            assert_eq!(std::fs::metadata(keys.path(name)).unwrap().mode() & 0o777, 0o600);
        }
        assert!(keys.link_identity().unwrap().is_none() && keys.authority().unwrap().is_none());
    }

    #[test]
    fn the_secret_of_cases_is_made_once_and_is_for_its_owner() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::of(folder.path());
        keys.create().unwrap();
        assert!(!keys.path(CASES_FILE).exists(), "it is made when it is needed");
        let first = keys.cases().unwrap().mark();
        assert_eq!(keys.cases().unwrap().mark(), first);
        assert_eq!(std::fs::metadata(keys.path(CASES_FILE)).unwrap().mode() & 0o777, 0o600);
        files::write_secret(&keys.path(CASES_FILE), b"short").unwrap();
        assert!(keys.cases().unwrap_err().to_string().contains("32 bytes in base64"));
    }

    #[test]
    fn a_request_is_made_once_for_a_join() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::of(folder.path());
        keys.create().unwrap();
        let code = ParticipantCode::parse("AUS").unwrap();
        let first = keys.joining_request(&code).unwrap();
        assert_eq!(keys.joining_request(&code).unwrap(), first);
        keys.keep_invite("word").unwrap();
        assert_eq!(keys.invite().unwrap().as_deref().map(String::as_str), Some("word"));
        keys.forget_invite();
        assert!(keys.invite().unwrap().is_none());
    }

    #[test]
    fn a_chain_that_is_not_for_our_key_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::of(folder.path());
        keys.create().unwrap();
        let own = CertificateParams::default().self_signed(&keys.tls_key().unwrap()).unwrap();
        keys.keep_chain(&[own.der().to_vec()]).unwrap();
        let other = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
        let foreign = CertificateParams::default().self_signed(&other).unwrap();
        assert!(keys.keep_chain(&[foreign.der().to_vec()]).is_err());
        assert_eq!(keys.link_identity().unwrap().unwrap().chain, [own.der().to_vec()]);
    }
}
