//! The keys of a node: one for the link (TLS) and its identity, which signs what the state says.
//!
//! They are two because they live differently: the link key is renewed with its certificate and may be lost, the
//! identity stands in the ledger.

use std::fmt;
use std::path::Path;

use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::statement::{KeyError, PublicKey, SigningKey};
use vrs_protocol::wire::enrol_proof_message;
use zeroize::{Zeroize, Zeroizing};

use crate::bundle::Bundle;
use crate::files::{self, FileError};
use crate::pem::{self, PemError};

/// Where a node's link key lies, below its folder.
pub const TLS_KEY_FILE: &str = "keys/tls.key";
/// Where a node's identity lies, below its folder.
pub const IDENTITY_FILE: &str = "keys/identity.pem";

/// Why a key was not made or read.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file.
    #[error(transparent)]
    File(#[from] FileError),
    /// The text is not PEM, or holds something else than a key.
    #[error("not a private key: {0}")]
    Pem(#[from] PemError),
    /// The bytes are no link key.
    #[error("not an ECDSA P-256 private key (PKCS#8)")]
    NotTls,
    /// The bytes are no identity key.
    #[error("not an identity key: {0}")]
    NotIdentity(#[from] KeyError),
    /// The key library or the machine's randomness failed.
    #[error("no key could be made: {0}; try again, and check the machine if it stays so")]
    NotMade(String),
    /// One of the files, with what is wrong with it.
    #[error("{file}: {cause}; put the right key there, or move it away to make a new one")]
    In {
        /// Its name.
        file: String,
        /// What is wrong with it.
        cause: Box<Self>,
    },
}

/// A private key for the link, ECDSA P-256. Wiped from memory when it is dropped; no formatting shows it.
pub struct TlsKey(KeyPair);

impl TlsKey {
    /// A new key.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn generate() -> Result<Self, KeyFileError> {
        let made = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256);
        made.map(Self).map_err(|error| KeyFileError::NotMade(error.to_string()))
    }

    /// Reads PKCS#8 PEM.
    ///
    /// # Errors
    /// When it holds anything else.
    pub fn from_pem(text: &str) -> Result<Self, KeyFileError> {
        let der = pem::decode_one(text, pem::PRIVATE_KEY)?;
        // The algorithm is named: guessing would take any kind of key.
        let pkcs8 = der.as_slice().into();
        KeyPair::from_pkcs8_der_and_sign_algo(&pkcs8, &rcgen::PKCS_ECDSA_P256_SHA256)
            .map(Self)
            .map_err(|_| KeyFileError::NotTls)
    }

    /// The key as PKCS#8 PEM, for a file that only its owner can read.
    pub fn to_pem(&self) -> Zeroizing<String> {
        Zeroizing::new(pem::encode(pem::PRIVATE_KEY, self.0.serialized_der()))
    }

    /// The key as PKCS#8 DER, as rustls takes it.
    pub fn to_pkcs8(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(self.0.serialize_der())
    }

    /// The public half as SubjectPublicKeyInfo (DER).
    pub fn public(&self) -> Vec<u8> {
        rcgen::PublicKeyData::subject_public_key_info(&self.0)
    }

    /// A certificate request (PKCS#10, DER) in this name. The authority takes the key from it and nothing else.
    ///
    /// # Errors
    /// When signing fails.
    pub fn request(&self, name: &str) -> Result<Vec<u8>, KeyFileError> {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        let request = params.serialize_request(&self.0).map_err(|error| KeyFileError::NotMade(error.to_string()))?;
        Ok(request.der().to_vec())
    }
}

impl rcgen::PublicKeyData for TlsKey {
    fn der_bytes(&self) -> &[u8] {
        self.0.der_bytes()
    }

    fn algorithm(&self) -> &'static rcgen::SignatureAlgorithm {
        self.0.algorithm()
    }
}

impl rcgen::SigningKey for TlsKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, rcgen::Error> {
        self.0.sign(message)
    }
}

impl Drop for TlsKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl fmt::Debug for TlsKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TlsKey(…)")
    }
}

/// A new identity key from the machine's randomness.
///
/// # Errors
/// When there is none.
pub fn generate_identity() -> Result<SigningKey, KeyFileError> {
    let mut seed = Zeroizing::new([0; 32]);
    getrandom::fill(seed.as_mut()).map_err(|error| KeyFileError::NotMade(error.to_string()))?;
    Ok(SigningKey::from_seed(&seed))
}

/// Both keys of a node.
#[derive(Debug)]
pub struct NodeKeys {
    /// The key for the link.
    pub tls: TlsKey,
    /// The key that signs what the participant says.
    pub identity: SigningKey,
}

impl NodeKeys {
    /// New keys, in memory only.
    ///
    /// # Errors
    /// When the machine gives no randomness.
    pub fn generate() -> Result<Self, KeyFileError> {
        Ok(Self { tls: TlsKey::generate()?, identity: generate_identity()? })
    }

    /// Reads the keys below a node's folder, and makes and keeps those that are not there. Keys that are there are
    /// never replaced.
    ///
    /// # Errors
    /// When a file is there and is not the key it should be.
    pub fn open_or_create(dir: &Path) -> Result<Self, KeyFileError> {
        files::private_folder(&dir.join("keys"))?;
        let tls_path = dir.join(TLS_KEY_FILE);
        let tls = match kept(&tls_path, TlsKey::from_pem)? {
            Some(key) => key,
            None => {
                let key = TlsKey::generate()?;
                files::create_secret(&tls_path, key.to_pem().as_bytes())?;
                key
            }
        };
        let identity_path = dir.join(IDENTITY_FILE);
        let identity = match kept(&identity_path, |text| Ok(SigningKey::from_pkcs8_pem(text)?))? {
            Some(key) => key,
            None => {
                let key = generate_identity()?;
                files::create_secret(&identity_path, key.to_pkcs8_pem()?.as_bytes())?;
                key
            }
        };
        Ok(Self { tls, identity })
    }

    /// The public half of the identity.
    pub fn identity_public(&self) -> PublicKey {
        self.identity.public()
    }

    /// A certificate request of the link key (PKCS#10, DER) in the participant's name.
    ///
    /// # Errors
    /// When signing fails.
    pub fn certificate_request(&self, code: &ParticipantCode) -> Result<Vec<u8>, KeyFileError> {
        self.tls.request(code.as_str())
    }

    /// What is sent to the region's operator. Each call makes another request and so another fingerprint: make it
    /// once and keep it.
    ///
    /// # Errors
    /// When signing fails.
    pub fn bundle(&self, code: &ParticipantCode) -> Result<Bundle, KeyFileError> {
        let request = self.certificate_request(code)?;
        let proof = self.identity.sign(&enrol_proof_message(&request));
        Ok(Bundle { participant: code.clone(), request, identity: self.identity.public(), proof })
    }
}

/// A key that is there, or `None`.
fn kept<K>(path: &Path, read: impl FnOnce(&str) -> Result<K, KeyFileError>) -> Result<Option<K>, KeyFileError> {
    let text = match files::read_secret(path) {
        Err(FileError::Missing(_)) => return Ok(None),
        text => text?,
    };
    let file = path.display().to_string();
    read(&text).map(Some).map_err(|cause| KeyFileError::In { file, cause: Box::new(cause) })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;
    use std::fs;
    use std::os::unix::fs::MetadataExt;

    #[test]
    fn keys_are_made_once_and_kept_for_their_owner() {
        let folder = tempfile::tempdir().unwrap();
        let first = NodeKeys::open_or_create(folder.path()).unwrap();
        let again = NodeKeys::open_or_create(folder.path()).unwrap();
        assert_eq!(first.tls.public(), again.tls.public());
        assert_eq!(first.identity_public(), again.identity_public());
        for file in [TLS_KEY_FILE, IDENTITY_FILE] {
            assert_eq!(fs::metadata(folder.path().join(file)).unwrap().mode() & 0o777, 0o600, "{file}");
        }
        assert_eq!(fs::metadata(folder.path().join("keys")).unwrap().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_file_that_is_not_the_key_it_should_be_is_named_and_kept() {
        let folder = tempfile::tempdir().unwrap();
        NodeKeys::open_or_create(folder.path()).unwrap();
        let path = folder.path().join(TLS_KEY_FILE);
        files::write_whole(&path, pem::encode(pem::CERTIFICATE, &[1]).as_bytes(), files::Access::Owner).unwrap();
        let refused = NodeKeys::open_or_create(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("tls.key") && refused.contains("holds a CERTIFICATE"), "{refused}");
        assert!(fs::read_to_string(&path).unwrap().contains("BEGIN CERTIFICATE"));
    }

    #[test]
    fn an_identity_is_no_link_key() {
        let identity = generate_identity().unwrap().to_pkcs8_pem().unwrap();
        assert!(matches!(TlsKey::from_pem(&identity), Err(KeyFileError::NotTls)));
        let tls = TlsKey::generate().unwrap();
        assert!(SigningKey::from_pkcs8_pem(&tls.to_pem()).is_err());
        assert_eq!(TlsKey::from_pem(&tls.to_pem()).unwrap().public(), tls.public());
        assert_eq!(format!("{tls:?}"), "TlsKey(…)");
    }
}
