//! Ed25519 keys: the seed that signs, the public key that checks, and the name of a key.
//!
//! A [`PublicKey`] is checked once, when it is read: it is a point of the curve in its one encoding and not of
//! small order, because under such a key a signature says nothing. Keys are never taken from the message they
//! check; who may sign what, and since when, is the ledger's knowledge.

use std::fmt;
use std::str::FromStr;

use data_encoding::HEXLOWER;
use ed25519_dalek::Signer as _;
use ed25519_dalek::pkcs8::spki::der::pem::LineEnding;
use ed25519_dalek::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, EncodePublicKey as _};
use minicbor::{Decoder, Encoder};
use zeroize::Zeroizing;

use crate::hash::{Hash, HashError};

/// Why something is not a key, or a signature not that of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// A byte string or text of another length, or not lower-case hexadecimal.
    #[error("a public key has 32 bytes, written as 64 lower-case hexadecimal digits")]
    Length,
    /// The bytes are no point of the curve, or not the one encoding of it.
    #[error("the bytes are not the encoding of an Ed25519 public key")]
    NotAPoint,
    /// A point of small order: everybody can sign in its name.
    #[error("the public key is of small order and protects nothing")]
    Weak,
    /// The text is not a private key as PKCS#8 PEM.
    #[error("not an Ed25519 private key in PKCS#8 PEM")]
    NotPkcs8,
    /// The signature is not by this key over these bytes.
    #[error("the signature does not verify")]
    BadSignature,
}

/// The name of a key in statements: SHA-256 of the public key's 32 bytes.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    minicbor::Encode,
    minicbor::Decode,
)]
#[cbor(transparent)]
#[serde(transparent)]
pub struct Kid(#[n(0)] pub Hash);

impl Kid {
    /// The name of a public key.
    #[must_use]
    pub fn of(key: &PublicKey) -> Self {
        Self(Hash::of(key.as_bytes()))
    }
}

impl fmt::Display for Kid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Kid {
    type Err = HashError;

    fn from_str(text: &str) -> Result<Self, HashError> {
        text.parse().map(Self)
    }
}

/// An Ed25519 public key that is worth checking signatures with.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct PublicKey(ed25519_dalek::VerifyingKey);

impl PublicKey {
    /// Reads the 32 bytes of a key.
    ///
    /// # Errors
    /// [`KeyError::NotAPoint`] or [`KeyError::Weak`].
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::NotAPoint)?;
        // The point is compared in its own encoding: some points can be written in two ways, and one key with
        // two names could be revoked under one and used under the other.
        if key.to_edwards().compress().as_bytes() != bytes {
            return Err(KeyError::NotAPoint);
        }
        if key.is_weak() {
            return Err(KeyError::Weak);
        }
        Ok(Self(key))
    }

    /// The 32 bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// The key's name.
    #[must_use]
    pub fn kid(&self) -> Kid {
        Kid::of(self)
    }

    /// Checks a signature over `message`, strictly: no second signature can be made from a given one.
    ///
    /// # Errors
    /// [`KeyError::BadSignature`].
    pub fn verify(&self, message: &[u8], signature: &[u8; 64]) -> Result<(), KeyError> {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.0.verify_strict(message, &signature).map_err(|_| KeyError::BadSignature)
    }

    /// The key as SubjectPublicKeyInfo in PEM (RFC 8410), as other people's tools read it.
    #[must_use]
    pub fn to_spki_pem(&self) -> String {
        // The structure has a fixed size; only memory could fail. The empty text would be refused by any reader.
        self.0.to_public_key_pem(LineEnding::LF).unwrap_or_default()
    }
}

impl TryFrom<&[u8]> for PublicKey {
    type Error = KeyError;

    fn try_from(bytes: &[u8]) -> Result<Self, KeyError> {
        Self::from_bytes(bytes.try_into().map_err(|_| KeyError::Length)?)
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, KeyError> {
        let hash: Hash = text.parse().map_err(|_| KeyError::Length)?;
        Self::from_bytes(hash.as_bytes())
    }
}

impl PartialOrd for PublicKey {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for PublicKey {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(self.as_bytes()))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<C> minicbor::Encode<C> for PublicKey {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(self.as_bytes())?.ok()
    }
}

impl<'b, C> minicbor::Decode<'b, C> for PublicKey {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        Self::try_from(d.bytes()?).map_err(|error| minicbor::decode::Error::message(error).at(at))
    }
}

impl serde::Serialize for PublicKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for PublicKey {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// A key that signs. Its seed is wiped from memory when it is dropped, and no formatting shows it.
pub struct SigningKey {
    secret: ed25519_dalek::SigningKey,
    kid: Kid,
}

impl SigningKey {
    /// The key of a seed of 32 random bytes. The dice are the caller's.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        let secret = ed25519_dalek::SigningKey::from_bytes(seed);
        let kid = Kid::of(&PublicKey(secret.verifying_key()));
        Self { secret, kid }
    }

    /// Reads a private key from PKCS#8 PEM.
    ///
    /// # Errors
    /// [`KeyError::NotPkcs8`].
    pub fn from_pkcs8_pem(text: &str) -> Result<Self, KeyError> {
        let secret = ed25519_dalek::SigningKey::from_pkcs8_pem(text).map_err(|_| KeyError::NotPkcs8)?;
        Ok(Self::from_seed(secret.as_bytes()))
    }

    /// The private key as PKCS#8 PEM, for a file that only its owner can read.
    ///
    /// # Errors
    /// [`KeyError::NotPkcs8`], should the encoder fail.
    pub fn to_pkcs8_pem(&self) -> Result<Zeroizing<String>, KeyError> {
        self.secret.to_pkcs8_pem(LineEnding::LF).map_err(|_| KeyError::NotPkcs8)
    }

    /// The public half.
    #[must_use]
    pub fn public(&self) -> PublicKey {
        // A clamped seed times the base point is never of small order.
        PublicKey(self.secret.verifying_key())
    }

    /// The key's name, computed once.
    #[must_use]
    pub const fn kid(&self) -> Kid {
        self.kid
    }

    /// Signs the bytes as they are. Callers give each use a prefix of its own, as COSE and signed notes do.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.secret.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.kid)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn bytes(hex: &str) -> [u8; 32] {
        *hex.parse::<Hash>().unwrap().as_bytes()
    }

    #[test]
    fn the_first_example_of_rfc_8032_signs_as_printed() {
        let key = SigningKey::from_seed(&bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));
        assert_eq!(key.public().to_string(), "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
        let signature = key.sign(b"");
        assert!(HEXLOWER.encode(&signature).starts_with("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065"));
        assert_eq!(key.public().verify(b"", &signature), Ok(()));
        assert_eq!(key.public().verify(b"x", &signature), Err(KeyError::BadSignature));
    }

    #[test]
    fn weak_twofold_and_missing_points_are_no_keys() {
        let weak = [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        ];
        for hex in weak {
            assert_eq!(hex.parse::<PublicKey>(), Err(KeyError::Weak), "{hex}");
        }
        // y = p + 3 and y = p + 1: the same points can be written with a smaller number.
        for hex in [
            "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        ] {
            assert_eq!(hex.parse::<PublicKey>(), Err(KeyError::NotAPoint), "{hex}");
        }
        let none = "0200000000000000000000000000000000000000000000000000000000000000";
        assert_eq!(none.parse::<PublicKey>(), Err(KeyError::NotAPoint));
        assert_eq!(PublicKey::try_from(&[1u8; 31][..]), Err(KeyError::Length));
    }

    #[test]
    fn keys_travel_as_pem_cbor_and_json() {
        let key = SigningKey::from_seed(&[7; 32]);
        let pem = key.to_pkcs8_pem().unwrap();
        assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\n"));
        let again = SigningKey::from_pkcs8_pem(&pem).unwrap();
        assert_eq!(again.kid(), key.kid());
        assert_eq!(again.public(), key.public());
        assert!(matches!(SigningKey::from_pkcs8_pem("hello"), Err(KeyError::NotPkcs8)));

        let spki = key.public().to_spki_pem();
        assert!(spki.starts_with("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA"));

        let cbor = crate::codec::to_bytes(&key.public());
        assert_eq!(cbor.len(), 34);
        assert_eq!(crate::codec::decode_strict(&cbor), Ok(key.public()));
        let json = serde_json::to_string(&key.public()).unwrap();
        assert_eq!(serde_json::from_str::<PublicKey>(&json).unwrap(), key.public());
        let cbor = crate::codec::to_bytes(&key.kid());
        assert_eq!(cbor, crate::codec::to_bytes(&key.kid().0));
        assert_eq!(crate::codec::decode_strict(&cbor), Ok(key.kid()));
    }

    #[test]
    fn formatting_a_signing_key_shows_its_name_and_no_secret() {
        let key = SigningKey::from_seed(&[7; 32]);
        assert_eq!(format!("{key:?}"), format!("SigningKey({})", key.kid()));
    }
}
