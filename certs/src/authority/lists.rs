//! Revocation lists: one for each issuing certificate, and the root's own about the issuing certificates.
//!
//! A list is signed anew only when what it should say has changed or a day has passed; otherwise the bytes on the disk
//! are given, so that several processes give out the same. Its number always grows.

use std::path::{Path, PathBuf};

use rcgen::{CertificateRevocationListParams, Issuer, KeyIdMethod, RevocationReason, RevokedCertParams, SerialNumber};
use vrs_protocol::time::Timestamp;
use x509_parser::prelude::{CertificateRevocationList, FromDer};

use super::AuthorityError;
use super::generation::Issuing;
use crate::certificate::instant;
use crate::files::{self, Access, FileError};
use crate::keys::TlsKey;
use crate::names::Serial;
use crate::pem;
use crate::profile::{LIST_REFRESH_SECS, LIST_SECS, SKEW_SECS, Validity, civil};
use crate::register::Register;

/// A list as it lies on the disk.
#[derive(Debug)]
pub(super) struct List {
    pub(super) der: Vec<u8>,
    number: u64,
    this_update: Timestamp,
    /// Until when it is good.
    pub(super) next_update: Timestamp,
    pub(super) revoked: Vec<Revoked>,
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Revoked {
    pub(super) serial: Serial,
    pub(super) at: Timestamp,
}

pub(super) fn root_path(folder: &Path) -> PathBuf {
    folder.join("root.crl")
}

fn issuing_path(folder: &Path, generation: u32) -> PathBuf {
    folder.join(format!("issuing-{generation}.crl"))
}

/// The list of one issuing certificate. The caller holds the folder's lock.
pub(super) fn issuing_list(
    folder: &Path,
    issuing: &Issuing,
    register: &Register,
    now: Timestamp,
) -> Result<Vec<u8>, AuthorityError> {
    let path = issuing_path(folder, issuing.generation);
    let kept = match read(&path) {
        Ok(list) => Some(list),
        // A damaged or missing list is no loss: everything in it stands in the register.
        Err(AuthorityError::Damaged { .. } | AuthorityError::File(FileError::Missing(_))) => None,
        Err(error) => return Err(error),
    };
    // A revoked certificate stays on the list until a list was made after its end, as RFC 5280 wants it.
    let listed = |not_after: Timestamp| not_after.plus_secs(SKEW_SECS + LIST_REFRESH_SECS) >= now;
    let mut wanted: Vec<Revoked> = register
        .entries()
        .filter(|(_, entry)| entry.generation == issuing.generation && listed(entry.not_after))
        .filter_map(|(serial, entry)| Some(Revoked { serial: serial.clone(), at: entry.revoked_at? }))
        .collect();
    wanted.sort();
    if let Some(list) = &kept {
        let fresh = list.this_update <= now && now.secs_since(list.this_update) < LIST_REFRESH_SECS + SKEW_SECS;
        if (fresh && list.revoked == wanted) || !issuing.has_key() {
            return Ok(list.der.clone());
        }
    }
    let number = next_number(kept.as_ref(), now);
    // Never beyond the issuing certificate, and never before now: a clock may jump.
    let validity = Validity::from_now(now, LIST_SECS, None);
    write(&path, issuing.issuer(folder)?, number, validity, &wanted)
}

/// Signs the root's list. It is good until the issuing certificate ends, because the root key is not here every week.
pub(super) fn write_root_list(
    folder: &Path,
    root: &Issuer<'static, TlsKey>,
    revoked: &[Revoked],
    validity: Validity,
    now: Timestamp,
) -> Result<(), AuthorityError> {
    let path = root_path(folder);
    let number = next_number(read(&path).ok().as_ref(), now);
    write(&path, root, number, validity, revoked).map(|_| ())
}

/// Reads a list of ours.
pub(super) fn read(path: &Path) -> Result<List, AuthorityError> {
    let text = files::read_text(path)?;
    let der = pem::decode_one(&text, pem::REVOCATION_LIST).map_err(|cause| AuthorityError::damaged(path, cause))?;
    let not_a_list = || AuthorityError::damaged(path, "this is not a revocation list");
    let (_, list) = CertificateRevocationList::from_der(&der).map_err(|_| not_a_list())?;
    let number = list.crl_number().and_then(|number| u64::try_from(number).ok()).unwrap_or(0);
    let mut revoked: Vec<Revoked> = list
        .iter_revoked_certificates()
        .map(|entry| Revoked { serial: Serial::from_bytes(entry.raw_serial()), at: instant(entry.revocation_date) })
        .collect();
    revoked.sort();
    let (this_update, next_update) = (list.last_update(), list.next_update());
    let next_update = next_update.map_or(Timestamp(0), instant);
    Ok(List { this_update: instant(this_update), next_update, number, revoked, der: der.to_vec() })
}

/// Numbers grow by the second, so that they also grow when the file before was lost.
fn next_number(kept: Option<&List>, now: Timestamp) -> u64 {
    kept.map_or(now.0, |list| now.0.max(list.number.saturating_add(1)))
}

fn write(
    path: &Path,
    issuer: &Issuer<'static, TlsKey>,
    number: u64,
    validity: Validity,
    revoked: &[Revoked],
) -> Result<Vec<u8>, AuthorityError> {
    let revoked_certs = revoked.iter().map(|revoked| RevokedCertParams {
        serial_number: SerialNumber::from_slice(revoked.serial.as_bytes()),
        revocation_time: civil(revoked.at),
        // The authority is told that somebody is out, not why; readers of the list need not know more.
        reason_code: None::<RevocationReason>,
        invalidity_date: None,
    });
    let params = CertificateRevocationListParams {
        this_update: civil(validity.not_before),
        next_update: civil(validity.not_after),
        crl_number: SerialNumber::from(number),
        issuing_distribution_point: None,
        revoked_certs: revoked_certs.collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    let der = params.signed_by(issuer)?.der().to_vec();
    files::write_whole(path, pem::encode(pem::REVOCATION_LIST, &der).as_bytes(), Access::Everybody)?;
    Ok(der)
}
