//! The issuing certificates, one after the other. The newest signs; an older one only signs its revocation list until
//! the last certificate it issued has ended, and then its key is deleted.

use std::fs;
use std::path::{Path, PathBuf};

use rcgen::Issuer;
use vrs_protocol::time::Timestamp;

use super::{AuthorityError, State, key_error, read_certificate};
use crate::certificate;
use crate::files::{self, FileError};
use crate::keys::TlsKey;
use crate::names::Serial;
use crate::profile::{SKEW_SECS, Validity};

/// More than a century of yearly renewals; a bound for the search, not a promise.
const GENERATIONS_MAX: u32 = 1_000;

/// One issuing certificate.
#[derive(Debug)]
pub(super) struct Issuing {
    pub(super) generation: u32,
    pub(super) serial: Serial,
    pub(super) der: Vec<u8>,
    pub(super) validity: Validity,
    key: Option<Issuer<'static, TlsKey>>,
}

impl Issuing {
    /// Signs with its key.
    pub(super) fn issuer(&self, folder: &Path) -> Result<&Issuer<'static, TlsKey>, AuthorityError> {
        self.key.as_ref().ok_or_else(|| AuthorityError::IssuingKeyMissing(key_path(folder, self.generation)))
    }

    /// Whether its key is here.
    pub(super) const fn has_key(&self) -> bool {
        self.key.is_some()
    }
}

pub(super) fn certificate_path(folder: &Path, generation: u32) -> PathBuf {
    folder.join(format!("issuing-{generation}.crt"))
}

pub(super) fn key_path(folder: &Path, generation: u32) -> PathBuf {
    folder.join(format!("issuing-{generation}.key"))
}

/// Reads all that are there. The caller holds the folder's lock.
pub(super) fn read_all(folder: &Path) -> Result<Vec<Issuing>, AuthorityError> {
    let mut generations = Vec::new();
    read_newer(folder, &mut generations)?;
    Ok(generations)
}

/// Reads those that another process has added. A generation exists as soon as its certificate does; the key was
/// written before it.
pub(super) fn read_newer(folder: &Path, generations: &mut Vec<Issuing>) -> Result<(), AuthorityError> {
    let from = generations.last().map_or(1, |last| last.generation + 1);
    for generation in from..=GENERATIONS_MAX {
        let path = certificate_path(folder, generation);
        if !files::exists(&path)? {
            break;
        }
        generations.push(read(folder, generation, &path)?);
    }
    Ok(())
}

fn read(folder: &Path, generation: u32, path: &Path) -> Result<Issuing, AuthorityError> {
    let (der, facts) = read_certificate(path)?;
    let key_path = key_path(folder, generation);
    let key = match files::read_secret(&key_path) {
        Err(FileError::Missing(_)) => None,
        text => {
            let key = TlsKey::from_pem(&text?).map_err(|error| key_error(&key_path, error))?;
            if certificate::parse(&der).map(|parsed| parsed.public_key().raw != key.public()).unwrap_or(true) {
                return Err(AuthorityError::damaged(
                    &key_path,
                    "this key does not belong to the certificate beside it",
                ));
            }
            Some(Issuer::from_ca_cert_der(&der.as_slice().into(), key)?)
        }
    };
    let validity = Validity { not_before: facts.not_before, not_after: facts.not_after };
    Ok(Issuing { generation, serial: facts.serial, der, validity, key })
}

/// Forgets older generations of which nothing is good any more, and deletes their keys: a secret that serves nothing
/// can only be stolen. Their certificates and last lists stay for the record.
pub(super) fn retire(folder: &Path, state: &mut State, now: Timestamp) -> Result<(), AuthorityError> {
    let current = state.current(folder)?.generation;
    // A list is kept up a little beyond the last certificate, for verifiers whose clock is behind.
    let good = |generation| {
        let mut entries = state.register.entries();
        entries.any(|(_, entry)| entry.generation == generation && entry.not_after.plus_secs(SKEW_SECS) >= now)
    };
    let over: Vec<u32> = state
        .generations
        .iter()
        .map(|issuing| issuing.generation)
        .filter(|generation| *generation < current && !good(*generation))
        .collect();
    for generation in &over {
        match fs::remove_file(key_path(folder, *generation)) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => {
                return Err(FileError::at(&key_path(folder, *generation), cause).into());
            }
            _ => {}
        }
    }
    state.generations.retain(|issuing| !over.contains(&issuing.generation));
    Ok(())
}
