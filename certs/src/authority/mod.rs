//! The authority of one region: a folder with a root, the issuing keys, the register and the revocation lists.
//!
//! ```text
//! authority/
//!   root.crt        self-signed, ten years; its SHA-256 is what invitations carry
//!   root.key        may be kept elsewhere, see the README; needed once a year
//!   root.crl        which issuing certificates are revoked
//!   issuing-1.crt   signed by the root, one year; issuing-2 follows it, and so on
//!   issuing-1.key   signs nodes, hub and list 1; deleted when nothing it signed is good any more
//!   issuing-1.crl   which of its certificates are revoked
//!   register.jsonl  what was issued to whom, and what was revoked
//!   lock            held while one process writes
//! ```
//!
//! Several programs may use one folder at once, such as a running hub and an operator's command: whoever writes holds
//! the lock and first reads what the others have written.
//!
//! - `error`: what can go wrong, with what to do next;
//! - `founding`: making the folder, and mending it with the root key;
//! - `generation`: the issuing certificates, one after the other;
//! - `lists`: the revocation lists;
//! - `renewal`: when a holder gets its next certificate by itself;
//! - `standing`: how it all stands, for an operator.

mod error;
mod founding;
mod generation;
mod lists;
mod renewal;
mod standing;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use vrs_protocol::hash::Hash;
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::time::Timestamp;

use crate::certificate::{CertificateError, CertificateFacts};
use crate::files::{self, FolderLock};
use crate::names::{Holder, Serial};
use crate::pem::{self, PemError};
use crate::profile::{self, LEAF_SECS, SKEW_SECS, Validity};
use crate::register::{Entry, Event, REVOKED_PER_LINE, Register};
use crate::request::{self, CheckedRequest};
use error::key_error;
use generation::Issuing;

pub use error::AuthorityError;
pub use standing::Standing;

/// Name of the folder below a program's own.
pub const FOLDER: &str = "authority";
const ROOT_CERTIFICATE: &str = "root.crt";
const ROOT_KEY: &str = "root.key";

/// A certificate as it leaves the authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// Its number.
    pub serial: Serial,
    /// Its last second.
    pub not_after: Timestamp,
    /// When its holder should ask for the next one: at half of its life.
    pub renew_at: Timestamp,
    /// The certificate and the issuing one (DER), leaf first; the root is not in it.
    pub chain: Vec<Vec<u8>>,
}

impl Issued {
    /// The chain as PEM, leaf first.
    pub fn to_pem(&self) -> String {
        pem::encode_chain(&self.chain)
    }
}

/// The authority of one region, opened. It may be shared between threads; calls take milliseconds and wait for other
/// processes that write at the moment.
#[derive(Debug)]
pub struct Authority {
    folder: PathBuf,
    region: String,
    root: Vec<u8>,
    root_ends: Timestamp,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    register: Register,
    /// In order; the last is in use.
    generations: Vec<Issuing>,
}

impl Authority {
    /// Makes the authority of a region in `dir/authority`, or opens the one that is there and mends what the root key
    /// can mend: an issuing certificate that ends soon, or whose key is lost.
    ///
    /// # Errors
    /// [`AuthorityError::OtherRegion`] when one for another region is there.
    pub fn init(dir: &Path, region: &str, now: Timestamp) -> Result<Self, AuthorityError> {
        profile::check_region(region)?;
        let folder = dir.join(FOLDER);
        if !files::exists(&folder.join(ROOT_CERTIFICATE))? {
            founding::found(&folder, region, now)?;
        }
        let (found, ..) = read_root(&folder)?;
        if found != region {
            return Err(AuthorityError::OtherRegion { path: folder, found, asked: region.into() });
        }
        founding::mend(&folder, region, now)?;
        Self::open(dir)
    }

    /// Opens the authority in `dir/authority`.
    ///
    /// # Errors
    /// [`AuthorityError::NotHere`] when there is none.
    pub fn open(dir: &Path) -> Result<Self, AuthorityError> {
        let folder = dir.join(FOLDER);
        if !files::exists(&folder.join(ROOT_CERTIFICATE))? {
            return Err(AuthorityError::NotHere(folder));
        }
        let (region, root, facts) = read_root(&folder)?;
        let state = {
            let _lock = files::lock_folder(&folder)?;
            State::read(&folder)?
        };
        Ok(Self { folder, region, root, root_ends: facts.not_after, state: Mutex::new(state) })
    }

    /// The region it is for.
    pub fn region(&self) -> &str {
        &self.region
    }

    /// The folder it lies in.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The root certificate (DER): what every program of the region trusts.
    pub fn root_der(&self) -> &[u8] {
        &self.root
    }

    /// The root certificate as PEM.
    pub fn root_pem(&self) -> String {
        pem::encode(pem::CERTIFICATE, &self.root)
    }

    /// SHA-256 of the root certificate, as invitations carry it.
    pub fn root_fingerprint(&self) -> Hash {
        Hash::of(&self.root)
    }

    /// The issuing certificate in use (DER).
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn issuing_der(&self) -> Result<Vec<u8>, AuthorityError> {
        let mut state = self.state();
        let _lock = self.enter(&mut state)?;
        Ok(state.current(&self.folder)?.der.clone())
    }

    /// Signs a certificate for a participant's node, from a certificate request (PKCS#10, DER). Only the key is taken
    /// from the request. It is the operator's hand: whoever was revoked is let in again by it. What a node asks for by
    /// itself is [`Authority::renew_node`].
    ///
    /// # Errors
    /// [`AuthorityError::Request`] when the request is not signed by its own key.
    pub fn sign_node(&self, request: &[u8], code: &ParticipantCode, now: Timestamp) -> Result<Issued, AuthorityError> {
        self.sign(&request::check(request)?, &Holder::Participant(code.clone()), now)
    }

    /// Signs the next certificate of a participant's node that asks by itself. `shown` is the number of the certificate
    /// it asks with, if it has a good one; whether it may ask at all is the caller's decision.
    ///
    /// # Errors
    /// [`AuthorityError::Barred`] and [`AuthorityError::ShownRevoked`] after a revocation, [`AuthorityError::TooMany`]
    /// when it asks again and again; else as [`Authority::sign_node`].
    pub fn renew_node(
        &self,
        request: &[u8],
        code: &ParticipantCode,
        shown: Option<&Serial>,
        now: Timestamp,
    ) -> Result<Issued, AuthorityError> {
        let (request, holder) = (request::check(request)?, Holder::Participant(code.clone()));
        let mut state = self.state();
        // Judged and signed under one lock: no revocation comes in between.
        let _lock = self.enter(&mut state)?;
        renewal::judge(&state.register, &holder, shown, now)?;
        self.sign_entered(&mut state, &request, &holder, now)
    }

    /// Signs a certificate for the hub itself.
    ///
    /// # Errors
    /// As [`Authority::sign_node`].
    pub fn sign_hub(&self, request: &[u8], now: Timestamp) -> Result<Issued, AuthorityError> {
        self.sign(&request::check(request)?, &Holder::Hub, now)
    }

    /// Revokes every certificate of a holder that has not ended, and bars it: it gets no next one by itself, also where
    /// nothing was good any more. Answers which were revoked.
    ///
    /// # Errors
    /// Something may have been revoked then; revoking again does the rest.
    pub fn revoke(&self, holder: &Holder, now: Timestamp) -> Result<Vec<Serial>, AuthorityError> {
        let mut state = self.state();
        let _lock = self.enter(&mut state)?;
        // A verifier's clock may be behind: what has just ended here may still be good there.
        let good = |entry: &Entry| entry.not_after.plus_secs(SKEW_SECS) >= now && entry.revoked_at.is_none();
        let entries = state.register.entries();
        let revoked: Vec<Serial> = entries
            .filter(|(_, entry)| entry.holder == *holder && good(entry))
            .map(|(serial, _)| serial.clone())
            .collect();
        let mut left = revoked.as_slice();
        while !left.is_empty() || !state.register.is_barred(holder) {
            let (serials, later) = left.split_at(left.len().min(REVOKED_PER_LINE));
            let serials = serials.to_vec();
            state.register.append(&Event::Revoked { at: now, holder: holder.clone(), serials })?;
            left = later;
        }
        Ok(revoked)
    }

    /// Whether a certificate was revoked, or the issuing certificate that signed it, also by another process a moment
    /// ago. Numbers this authority never issued count as revoked.
    ///
    /// # Errors
    /// When the register cannot be read; then nobody should be let in.
    pub fn is_revoked(&self, serial: &Serial) -> Result<bool, AuthorityError> {
        let mut state = self.state();
        state.register.catch_up()?;
        Ok(state.register.entry(serial).is_none() || state.register.revoked_at(serial).is_some())
    }

    /// What the register says of a certificate.
    ///
    /// # Errors
    /// When the register cannot be read.
    pub fn entry(&self, serial: &Serial) -> Result<Option<Entry>, AuthorityError> {
        let mut state = self.state();
        state.register.catch_up()?;
        Ok(state.register.entry(serial).cloned())
    }

    /// Every certificate ever issued, with its number.
    ///
    /// # Errors
    /// When the register cannot be read.
    pub fn entries(&self) -> Result<Vec<(Serial, Entry)>, AuthorityError> {
        let mut state = self.state();
        state.register.catch_up()?;
        Ok(state.register.entries().map(|(serial, entry)| (serial.clone(), entry.clone())).collect())
    }

    /// The revocation list of the issuing certificate in use (DER): what the link's `Revocations` answers.
    ///
    /// # Errors
    /// When the list cannot be signed or written.
    pub fn revocation_list(&self, now: Timestamp) -> Result<Vec<u8>, AuthorityError> {
        let mut state = self.state();
        let _lock = self.enter(&mut state)?;
        lists::issuing_list(&self.folder, state.current(&self.folder)?, &state.register, now)
    }

    /// Every list (DER) a verifier needs to check whole chains: those of the issuing certificates of which something
    /// is still good, and the root's. Signed anew only when something has changed or a day has passed, so the hub may
    /// ask every few seconds and compare.
    ///
    /// # Errors
    /// When a list cannot be signed or written.
    pub fn revocation_lists(&self, now: Timestamp) -> Result<Vec<Vec<u8>>, AuthorityError> {
        let mut state = self.state();
        let _lock = self.enter(&mut state)?;
        generation::retire(&self.folder, &mut state, now)?;
        let mut all = Vec::new();
        let current = state.current(&self.folder)?.generation;
        for issuing in &state.generations {
            match lists::issuing_list(&self.folder, issuing, &state.register, now) {
                // An older one whose key is lost was revoked as a whole; without a list of its own verifiers refuse it.
                Err(AuthorityError::IssuingKeyMissing(_)) if issuing.generation < current => {}
                list => all.push(list?),
            }
        }
        all.push(lists::read(&lists::root_path(&self.folder))?.der);
        Ok(all)
    }

    fn sign(&self, request: &CheckedRequest, holder: &Holder, now: Timestamp) -> Result<Issued, AuthorityError> {
        let mut state = self.state();
        let _lock = self.enter(&mut state)?;
        self.sign_entered(&mut state, request, holder, now)
    }

    /// Signs. The caller has entered.
    fn sign_entered(
        &self,
        state: &mut State,
        request: &CheckedRequest,
        holder: &Holder,
        now: Timestamp,
    ) -> Result<Issued, AuthorityError> {
        self.renew_if_due(state, now)?;
        let issuing = state.current(&self.folder)?;
        let made = issuing.validity.not_before;
        if now < made {
            return Err(AuthorityError::ClockBehind { now, made });
        }
        let (serial, generation) = (new_serial()?, issuing.generation);
        let validity = Validity::from_now(now, LEAF_SECS, Some(issuing.validity.not_after));
        let params = profile::leaf(&self.region, holder, &serial, validity)?;
        let signed = params.signed_by(&request.key, issuing.issuer(&self.folder)?)?;
        let chain = vec![signed.der().to_vec(), issuing.der.clone()];
        let not_after = validity.not_after;
        // The register first: a certificate that nobody has noted could never be revoked.
        let event = Event::Issued { at: now, serial: serial.clone(), holder: holder.clone(), generation, not_after };
        state.register.append(&event)?;
        let renew_at = validity.not_before.plus_secs(not_after.secs_since(validity.not_before) / 2);
        Ok(Issued { serial, not_after, renew_at, chain })
    }

    /// Renews the issuing certificate when it ends soon and the root key is here. While it has not ended, trouble with
    /// the root key stops nobody; [`Authority::standing`] tells the operator.
    fn renew_if_due(&self, state: &mut State, now: Timestamp) -> Result<(), AuthorityError> {
        let current = state.current(&self.folder)?;
        let ends = current.validity.not_after;
        if !founding::renewal_is_due(current, self.root_ends, now) {
            return Ok(());
        }
        match founding::next_generation(&self.folder, &self.region, state, now) {
            Err(_) if now < ends => Ok(()),
            Err(AuthorityError::RootKeyAway(root_key)) => Err(AuthorityError::IssuingEnded { ended: ends, root_key }),
            renewed => renewed,
        }
    }

    /// Takes the folder's lock and reads what other processes have written.
    fn enter(&self, state: &mut State) -> Result<FolderLock, AuthorityError> {
        let lock = files::lock_folder(&self.folder)?;
        state.register.catch_up()?;
        generation::read_newer(&self.folder, &mut state.generations)?;
        Ok(lock)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Every step leaves the state true to the disk, so one that panicked halfway has broken nothing.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Reads the folder. The caller holds its lock.
    fn read(folder: &Path) -> Result<Self, AuthorityError> {
        let state = Self { register: Register::open(folder)?, generations: generation::read_all(folder)? };
        let current = state.current(folder)?.generation;
        match state.register.entries().map(|(_, entry)| entry.generation).max() {
            // Going on with an older one would use its number again for another key.
            Some(known) if known > current => {
                Err(AuthorityError::damaged(&generation::certificate_path(folder, known), "there is no such file"))
            }
            _ => Ok(state),
        }
    }

    fn current(&self, folder: &Path) -> Result<&Issuing, AuthorityError> {
        let last = self.generations.last();
        last.ok_or_else(|| AuthorityError::damaged(&generation::certificate_path(folder, 1), "there is no such file"))
    }
}

/// The region, the root certificate and what it says.
fn read_root(folder: &Path) -> Result<(String, Vec<u8>, CertificateFacts), AuthorityError> {
    let path = folder.join(ROOT_CERTIFICATE);
    let (der, facts) = read_certificate(&path)?;
    let region = facts.organisation.clone().filter(|region| facts.authority && profile::check_region(region).is_ok());
    let region =
        region.ok_or_else(|| AuthorityError::damaged(&path, "this is not the root certificate of a region"))?;
    Ok((region, der, facts))
}

fn read_certificate(path: &Path) -> Result<(Vec<u8>, CertificateFacts), AuthorityError> {
    let text = files::read_text(path)?;
    let damaged_pem = |cause: PemError| AuthorityError::damaged(path, cause);
    let der = pem::decode_one(&text, pem::CERTIFICATE).map_err(damaged_pem)?.to_vec();
    let facts = CertificateFacts::read(&der).map_err(|cause: CertificateError| AuthorityError::damaged(path, cause))?;
    Ok((der, facts))
}

fn new_serial() -> Result<Serial, AuthorityError> {
    loop {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| AuthorityError::Signing(error.to_string()))?;
        if let Some(serial) = Serial::from_chance(bytes) {
            return Ok(serial);
        }
    }
}
