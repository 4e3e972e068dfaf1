//! Making the authority's folder, and what needs the root key afterwards: the next issuing certificate, every year or
//! when the key of the last one is lost.

use std::fs;
use std::path::Path;

use rcgen::Issuer;
use vrs_protocol::time::Timestamp;

use super::generation::Issuing;
use super::lists::{self, Revoked};
use super::{AuthorityError, ROOT_CERTIFICATE, ROOT_KEY, State, generation, key_error, new_serial, read_root};
use crate::certificate::parse;
use crate::files::{self, Access, FileError};
use crate::keys::TlsKey;
use crate::pem;
use crate::profile::{self, DAY_SECS, ISSUING_RENEW_SECS, ISSUING_SECS, ROOT_SECS, Validity};
use crate::register::{Event, Register};

/// Makes a whole authority beside its place and moves it there in one step: a crash leaves all of it or nothing.
pub(super) fn found(folder: &Path, region: &str, now: Timestamp) -> Result<(), AuthorityError> {
    if let Some(parent) = folder.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        files::private_folder(parent)?;
    }
    let beside = files::temporary_name(folder)?;
    files::private_folder(&beside)?;
    let made = make(&beside, region, now).and_then(|()| {
        fs::rename(&beside, folder).map_err(|cause| FileError::at(folder, cause))?;
        Ok(files::sync_folder_of(folder)?)
    });
    if made.is_err() {
        // Nothing better can be done with a second error than to leave the folder.
        let _ = fs::remove_dir_all(&beside);
        // Another process may have made the authority in the same moment: then that one counts.
        if files::exists(&folder.join(ROOT_CERTIFICATE))? {
            return Ok(());
        }
        if files::exists(folder)? {
            let cause = "it is missing and the folder is not empty";
            return Err(AuthorityError::damaged(&folder.join(ROOT_CERTIFICATE), cause));
        }
    }
    made
}

fn make(folder: &Path, region: &str, now: Timestamp) -> Result<(), AuthorityError> {
    let key_path = folder.join(ROOT_KEY);
    let key = TlsKey::generate().map_err(|error| key_error(&key_path, error))?;
    let validity = Validity::from_now(now, ROOT_SECS, None);
    let der = profile::root(region, &new_serial()?, validity).self_signed(&key)?.der().to_vec();
    files::create_secret(&key_path, key.to_pem().as_bytes())?;
    let path = folder.join(ROOT_CERTIFICATE);
    files::write_whole(&path, pem::encode(pem::CERTIFICATE, &der).as_bytes(), Access::Everybody)?;
    Register::create(folder)?;
    let mut state = State { register: Register::open(folder)?, generations: Vec::new() };
    next_generation(folder, region, &mut state, now)
}

/// What `init` does on an authority that is there: renews an issuing certificate that ends soon, replaces one whose
/// key is gone, and signs the root's list again if it is lost. A key that is gone may be in other hands, so its
/// certificate is revoked.
pub(super) fn mend(folder: &Path, region: &str, now: Timestamp) -> Result<(), AuthorityError> {
    let _lock = files::lock_folder(folder)?;
    let mut state = State::read(folder)?;
    let (_, root, root_facts) = read_root(folder)?;
    let current = state.current(folder)?;
    if current.has_key() {
        if renewal_is_due(current, root_facts.not_after, now) {
            return next_generation(folder, region, &mut state, now);
        }
        return mend_root_list(folder, &root, &state, now);
    }
    let (generation, serial) = (current.generation, current.serial.clone());
    // Nothing is noted before it is sure that the root key is here to make the next one.
    root_issuer(folder, &root)?;
    if !state.register.replaced().any(|(known, ..)| known == generation) {
        state.register.append(&Event::Replaced { at: now, generation, serial })?;
    }
    next_generation(folder, region, &mut state, now)
}

/// Whether the issuing certificate ends soon, and a new one would live noticeably longer.
pub(super) fn renewal_is_due(current: &Issuing, root_ends: Timestamp, now: Timestamp) -> bool {
    let ends = current.validity.not_after;
    let gained = root_ends.min(now.plus_secs(ISSUING_SECS)).secs_since(ends);
    ends.secs_since(now) < ISSUING_RENEW_SECS && (gained >= DAY_SECS || now >= ends)
}

/// Signs the root's list again where it is lost or does not say what the register does.
fn mend_root_list(folder: &Path, root: &[u8], state: &State, now: Timestamp) -> Result<(), AuthorityError> {
    let not_after = state.current(folder)?.validity.not_after;
    let wanted = revoked_issuing(&state.register);
    match lists::read(&lists::root_path(folder)) {
        Ok(list) if list.next_update >= not_after && list.revoked == wanted => Ok(()),
        _ => {
            let validity = Validity { not_after, ..Validity::from_now(now, ISSUING_SECS, None) };
            lists::write_root_list(folder, &root_issuer(folder, root)?, &wanted, validity, now)
        }
    }
}

/// Which issuing certificates are revoked.
fn revoked_issuing(register: &Register) -> Vec<Revoked> {
    let mut revoked: Vec<Revoked> =
        register.replaced().map(|(_, serial, at)| Revoked { serial: serial.clone(), at }).collect();
    revoked.sort();
    revoked
}

/// Makes the next issuing key and certificate, and the root's list with it. The caller holds the folder's lock.
pub(super) fn next_generation(
    folder: &Path,
    region: &str,
    state: &mut State,
    now: Timestamp,
) -> Result<(), AuthorityError> {
    let (_, root, facts) = read_root(folder)?;
    if facts.not_after <= now {
        return Err(AuthorityError::RootEnded(facts.not_after));
    }
    let root_key = root_issuer(folder, &root)?;
    let number = state.generations.last().map_or(1, |last| last.generation + 1);
    let key_path = generation::key_path(folder, number);
    let key = TlsKey::generate().map_err(|error| key_error(&key_path, error))?;
    let validity = Validity::from_now(now, ISSUING_SECS, Some(facts.not_after));
    let params = profile::issuing(region, number, &new_serial()?, validity);
    let der = params.signed_by(&key, &root_key)?.der().to_vec();

    // The list first: it must be good for as long as the certificate, and one that is good for longer harms nobody.
    lists::write_root_list(folder, &root_key, &revoked_issuing(&state.register), validity, now)?;
    // The key before the certificate: the certificate is what makes the generation exist. A key that a crash left here
    // belongs to no certificate and is replaced.
    files::write_whole(&key_path, key.to_pem().as_bytes(), Access::Owner)?;
    let path = generation::certificate_path(folder, number);
    files::write_whole(&path, pem::encode(pem::CERTIFICATE, &der).as_bytes(), Access::Everybody)?;
    generation::read_newer(folder, &mut state.generations)
}

/// The root key, if it is here and belongs to the root certificate.
fn root_issuer(folder: &Path, root: &[u8]) -> Result<Issuer<'static, TlsKey>, AuthorityError> {
    let path = folder.join(ROOT_KEY);
    let text = match files::read_secret(&path) {
        Err(FileError::Missing(path)) => return Err(AuthorityError::RootKeyAway(path)),
        text => text?,
    };
    let key = TlsKey::from_pem(&text).map_err(|error| key_error(&path, error))?;
    if parse(root).map(|parsed| parsed.public_key().raw != key.public()).unwrap_or(true) {
        return Err(AuthorityError::damaged(&path, "this key does not belong to root.crt"));
    }
    Ok(Issuer::from_ca_cert_der(&root.into(), key)?)
}
