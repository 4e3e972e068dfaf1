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
//! - `founding`: making the folder, and mending it with the root key;
//! - `generation`: the issuing certificates, one after the other;
//! - `lists`: the revocation lists.

mod founding;
mod generation;
mod lists;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::time::Timestamp;

use crate::certificate::{CertificateError, CertificateFacts, Holder, Serial};
use crate::files::{self, FileError, FolderLock};
use crate::keys::KeyFileError;
use crate::pem::{self, PemError};
use crate::profile::{self, ISSUING_RENEW_SECS, LEAF_SECS, RegionError, SKEW_SECS, Validity};
use crate::register::{Entry, Event, Register, RegisterError};
use crate::request::{self, CheckedRequest, RequestError};
use generation::Issuing;

/// Name of the folder below a program's own.
pub const FOLDER: &str = "authority";
const ROOT_CERTIFICATE: &str = "root.crt";
const ROOT_KEY: &str = "root.key";

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
    /// The key of the issuing certificate in use is gone.
    #[error(
        "{}: the issuing key is missing; restore it from the backup, or, if it is lost or stolen, put root.key back and \
         run: vrs-certs init --region NAME (makes a new one and revokes the old)", .0.display()
    )]
    IssuingKeyMissing(PathBuf),
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
    fn damaged(path: &Path, cause: impl ToString) -> Self {
        Self::Damaged { path: path.to_owned(), cause: cause.to_string() }
    }
}

impl From<rcgen::Error> for AuthorityError {
    fn from(error: rcgen::Error) -> Self {
        Self::Signing(error.to_string())
    }
}

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

/// How the authority stands, for an operator's page or command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Its region.
    pub region: String,
    /// SHA-256 of the root certificate.
    pub root_fingerprint: vrs_protocol::hash::Hash,
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
            State { register: Register::open(&folder)?, generations: generation::read_all(&folder)? }
        };
        state.current(&folder)?;
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
    pub fn root_fingerprint(&self) -> vrs_protocol::hash::Hash {
        vrs_protocol::hash::Hash::of(&self.root)
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

    /// Signs a certificate for a participant's node, from a certificate request (PKCS#10, DER). Only the key is taken
    /// from the request. Whether the participant may have one is the caller's decision.
    ///
    /// # Errors
    /// [`AuthorityError::Request`] when the request is not signed by its own key.
    pub fn sign_node(&self, request: &[u8], code: &ParticipantCode, now: Timestamp) -> Result<Issued, AuthorityError> {
        self.sign(&request::check(request)?, &Holder::Participant(code.clone()), now)
    }

    /// Signs a certificate for the hub itself.
    ///
    /// # Errors
    /// As [`Authority::sign_node`].
    pub fn sign_hub(&self, request: &[u8], now: Timestamp) -> Result<Issued, AuthorityError> {
        self.sign(&request::check(request)?, &Holder::Hub, now)
    }

    /// Revokes every certificate of a holder that has not ended. Answers which; none is no error.
    ///
    /// # Errors
    /// Nothing is revoked then.
    pub fn revoke(&self, holder: &Holder, now: Timestamp) -> Result<Vec<Serial>, AuthorityError> {
        let mut state = self.state();
        let _lock = self.enter(&mut state)?;
        // A verifier's clock may be behind: what has just ended here may still be good there.
        let good = |entry: &Entry| entry.not_after.plus_secs(SKEW_SECS) >= now && entry.revoked_at.is_none();
        let entries = state.register.entries();
        let serials: Vec<Serial> = entries
            .filter(|(_, entry)| entry.holder == *holder && good(entry))
            .map(|(serial, _)| serial.clone())
            .collect();
        if !serials.is_empty() {
            state.register.append(&Event::Revoked { at: now, holder: holder.clone(), serials: serials.clone() })?;
        }
        Ok(serials)
    }

    /// Whether a certificate was revoked, also by another process a moment ago. Numbers this authority never issued
    /// count as revoked.
    ///
    /// # Errors
    /// When the register cannot be read; then nobody should be let in.
    pub fn is_revoked(&self, serial: &Serial) -> Result<bool, AuthorityError> {
        Ok(self.entry(serial)?.is_none_or(|entry| entry.revoked_at.is_some()))
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
        self.renew_if_due(&mut state, now)?;
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
        let ends = state.current(&self.folder)?.validity.not_after;
        let gained = self.root_ends.min(now.plus_secs(profile::ISSUING_SECS)).secs_since(ends);
        if ends.secs_since(now) >= ISSUING_RENEW_SECS || (gained < profile::DAY_SECS && now < ends) {
            return Ok(());
        }
        match founding::next_generation(&self.folder, &self.region, state, &[], now) {
            Err(_) if now < ends => Ok(()),
            Err(AuthorityError::File(FileError::Missing(_))) => {
                Err(AuthorityError::IssuingEnded { ended: ends, root_key: self.folder.join(ROOT_KEY) })
            }
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
    fn current(&self, folder: &Path) -> Result<&Issuing, AuthorityError> {
        let last = self.generations.last();
        last.ok_or_else(|| AuthorityError::damaged(&folder.join("issuing-1.crt"), "there is no such file"))
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

/// A key file of the authority: a file error stays one, anything else is damage.
fn key_error(path: &Path, error: KeyFileError) -> AuthorityError {
    match error {
        KeyFileError::File(error) => error.into(),
        KeyFileError::NotMade(cause) => AuthorityError::Signing(cause),
        other => AuthorityError::damaged(path, other),
    }
}
