//! The hub as one handle: what the listener, the commands, the console and the tests speak to.
//!
//! It decides nothing itself. Opening it reads and judges the whole ledger; [`Hub::serve`] then lets nodes call.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use vrs_certs::Authority;
use vrs_protocol::catalogue::Catalogue;
use vrs_protocol::charter::Charter;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::{FormCode, LineIndex, ParticipantCode, TopicCode};
use vrs_protocol::invite::{Invite, InviteSecret};
use vrs_protocol::ledger::{Genesis, LineKind};
use vrs_protocol::period::Period;
use vrs_protocol::refusal::Reason;
use vrs_protocol::region::Region;
use vrs_protocol::statement::SigningKey;
use vrs_protocol::time::Timestamp;
use vrs_runtime::backup;
use vrs_runtime::clock::Clock;
use vrs_runtime::database::{Database, Migration};
use vrs_runtime::files;
use vrs_runtime::progress::Progress;
use vrs_runtime::random;
use vrs_runtime::shutdown::{FINISH_SECS, Shutdown};

use crate::admission::{Admission, Admitted, Invitation, Membership};
use crate::config::Settings;
use crate::edition::{Compiled, Editions, HubOverview, Shown};
use crate::intake::Intake;
use crate::keys;
use crate::ledger::{Append, Composed, Ledger, LedgerError};
use crate::listener;
use crate::problem::HubError;
use crate::reading::Reading;
use crate::store::{
    self,
    alarms::{Alarm, AlarmCause},
};

/// The hub of a region. Cheap to clone; clones are the same hub.
#[derive(Clone)]
pub struct Hub(Arc<Inner>);

struct Inner {
    dir: PathBuf,
    settings: Settings,
    clock: Clock,
    shutdown: Shutdown,
    database: Database,
    ledger: Ledger,
    key: Arc<SigningKey>,
    authority: Arc<Authority>,
    region: String,
    exchange: Hash,
    intake: Intake,
    reading: Reading,
    editions: Editions,
    admission: Admission,
}

impl std::fmt::Debug for Hub {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Hub").field("region", &self.0.region).field("ledger", &self.0.ledger).finish_non_exhaustive()
    }
}

/// All tables of the hub's database: the console's and its own.
pub fn migrations() -> Vec<Migration> {
    [vrs_console::MIGRATIONS, crate::MIGRATIONS].concat()
}

/// The address of the database of a hub that is here. Opening one that is not would make it, and a command in a wrong
/// folder should leave nothing behind but its complaint.
pub(crate) fn existing_database(dir: &Path, settings: &Settings) -> Result<String, HubError> {
    let url = settings.database_url(dir)?;
    if Database::is_there(&url, dir) {
        return Ok(url);
    }
    let file = url.trim_start_matches("sqlite:");
    Err(HubError::Sentence(format!(
        "there is no hub here (no {file} in {}); go to its folder or use --dir. A new one begins with 'vrs-hub init --region NAME', a lost database comes back with 'vrs-hub restore FILE'",
        dir.display()
    )))
}

/// Restores a backup into an empty database. The hub on it writes nothing until an operator has said so: nodes may have seen
/// lines that the backup does not hold, and other lines in their place would be a second history.
///
/// # Errors
/// See [`backup::restore`].
pub async fn restore(
    file: &Path,
    database: &Database,
    clock: &Clock,
    progress: &mut Progress,
) -> Result<backup::Summary, HubError> {
    let summary = backup::restore(file, database, &migrations(), clock, progress).await?;
    let mut tx = database.begin("hold writing after a restore").await?;
    let size_here = store::head::find(&mut tx).await?.map_or(0, |head| head.size);
    let cause = AlarmCause::Restored { made_at: Timestamp(summary.made_at) };
    let alarm = Alarm { raised_at: Timestamp(clock.now()), cause, size_here, settled_at: None };
    store::alarms::raise(&mut tx, &alarm).await?;
    tx.commit().await?;
    Ok(summary)
}

impl Hub {
    /// Begins a region in a folder: keys, authority, database, genesis line and first Charter. What an interrupted attempt
    /// has left is taken up.
    ///
    /// # Errors
    /// [`LedgerError::RegionExists`] where a region was begun before.
    pub async fn init(
        dir: &Path,
        region: &str,
        settings: Settings,
        clock: Clock,
        shutdown: Shutdown,
    ) -> Result<Self, HubError> {
        vrs_certs::profile::check_region(region).map_err(|error| HubError::Sentence(error.to_string()))?;
        files::private_directory(dir)?;
        let now = Timestamp(clock.now());
        let authority = Arc::new(Authority::init(dir, region, now)?);
        let key = keys::create_ledger_key(dir)?;
        let database = Database::open(&settings.database_url(dir)?, dir, &migrations(), &clock).await?;
        let ledger = Ledger::begin(database.clone(), region, key.clone(), clock.clone(), &shutdown).await?;
        let genesis =
            Genesis { region: region.to_owned(), hub_key: key.public(), authority: authority.root_fingerprint() };
        // Two lines, each written once, so that an attempt that ended between them can go on.
        let compose = move |region: &Region, _| {
            Ok((region.size() == 0).then(|| Composed::new(LineKind::Genesis, "exchange", &genesis)))
        };
        ledger.append(Append::compose(compose)).await?;
        let charter = Charter::standard(Catalogue::bundled());
        let compose = move |region: &Region, _| {
            Ok(region.charter().is_none().then(|| Composed::new(LineKind::Charter, "charter", &charter)))
        };
        if ledger.append(Append::compose(compose)).await?.is_empty() {
            return Err(LedgerError::RegionExists.into());
        }
        tracing::info!(region, exchange = %ledger.view().region().exchange(), "A region was begun");
        Self::assemble(dir, settings, clock, shutdown, database, ledger, key, authority)
    }

    /// Opens the hub in a folder: reads and judges its ledger. Nobody can call it yet.
    ///
    /// # Errors
    /// Whatever is wrong with settings, keys, database or ledger, with what to do next.
    pub async fn open(dir: &Path, settings: Settings, clock: Clock, shutdown: Shutdown) -> Result<Self, HubError> {
        let url = existing_database(dir, &settings)?;
        let key = keys::read_ledger_key(dir).map_err(|error| match error {
            HubError::File(files::FileError::Missing(_)) => HubError::Ledger(LedgerError::NoRegion),
            other => other,
        })?;
        let authority = Arc::new(Authority::open(dir)?);
        let database = Database::open(&url, dir, &migrations(), &clock).await?;
        let ledger = Ledger::open(database.clone(), key.clone(), clock.clone(), &shutdown).await?;
        Self::assemble(dir, settings, clock, shutdown, database, ledger, key, authority)
    }

    #[allow(clippy::too_many_arguments)] // The parts of the hub, each under its own name, in one place.
    fn assemble(
        dir: &Path,
        settings: Settings,
        clock: Clock,
        shutdown: Shutdown,
        database: Database,
        ledger: Ledger,
        key: Arc<SigningKey>,
        authority: Arc<Authority>,
    ) -> Result<Self, HubError> {
        let (region, exchange, root) = {
            let view = ledger.view();
            let genesis = view.region().genesis().ok_or(LedgerError::NoRegion)?;
            (genesis.region.clone(), view.region().exchange(), genesis.authority)
        };
        if root != authority.root_fingerprint() {
            let folder = authority.folder().display();
            return Err(HubError::Sentence(format!(
                "{folder} is not the authority that began this region ({root}); put the right one there"
            )));
        }
        let intake = Intake::new(ledger.clone(), database.clone());
        let reading = Reading::new(ledger.clone(), database.clone());
        let editions = Editions::new(ledger.clone(), database.clone());
        let admission = Admission::new(ledger.clone(), database.clone(), authority.clone());
        let dir = dir.to_owned();
        Ok(Self(Arc::new(Inner {
            dir,
            settings,
            clock,
            shutdown,
            database,
            ledger,
            key,
            authority,
            region,
            exchange,
            intake,
            reading,
            editions,
            admission,
        })))
    }

    /// Lets nodes call, and says where. Works until the stop begins.
    ///
    /// # Errors
    /// When the address is taken or a certificate cannot be made.
    pub async fn serve(&self) -> Result<SocketAddr, HubError> {
        // A restored backup may bring bodies back that the ledger says are erased.
        if let Err(reason) = self.0.ledger.append(Append::Sweep).await {
            // With an open alarm nothing is written, and the hub still answers what needs no line.
            tracing::error!(%reason, "The hub could not look for bodies that it must erase");
        }
        listener::serve(self).await
    }

    /// Ends what runs in the background and closes the database.
    ///
    /// # Errors
    /// Names what did not end in time or had failed.
    pub async fn close(&self) -> Result<(), HubError> {
        self.0.shutdown.trigger();
        let finished = self.0.shutdown.finish(Duration::from_secs(FINISH_SECS)).await;
        self.0.database.close().await;
        Ok(finished?)
    }

    /// Name of the region.
    pub fn region(&self) -> &str {
        &self.0.region
    }
    /// The exchange id: SHA-256 of the genesis line.
    pub fn exchange(&self) -> Hash {
        self.0.exchange
    }
    /// The folder it lies in.
    pub fn dir(&self) -> &Path {
        &self.0.dir
    }
    /// Its settings.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }
    /// Its clock.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }
    /// Its time.
    pub fn now(&self) -> Timestamp {
        Timestamp(self.0.clock.now())
    }
    /// How it stops.
    pub fn shutdown(&self) -> &Shutdown {
        &self.0.shutdown
    }
    /// Its database, for the console's accounts and for backups.
    pub fn database(&self) -> &Database {
        &self.0.database
    }
    /// Its ledger: the region as it stands, and how it grows.
    pub fn ledger(&self) -> &Ledger {
        &self.0.ledger
    }
    /// Its certificate authority.
    pub fn authority(&self) -> &Authority {
        &self.0.authority
    }
    pub(crate) fn key(&self) -> &SigningKey {
        &self.0.key
    }
    pub(crate) fn intake(&self) -> &Intake {
        &self.0.intake
    }
    pub(crate) fn reading(&self) -> &Reading {
        &self.0.reading
    }
    pub(crate) fn admission(&self) -> &Admission {
        &self.0.admission
    }

    /// Invites a participant: the invite is its one-time secret too, and is shown once.
    ///
    /// # Errors
    /// See [`crate::admission::AdmissionError`].
    pub async fn invite(&self, invitation: Invitation) -> Result<Invite, HubError> {
        self.invite_at(invitation, &self.0.settings.public_address()).await
    }
    /// Invites a participant to call at another address than the settings say, as where the machine chose the port.
    ///
    /// # Errors
    /// See [`crate::admission::AdmissionError`].
    pub async fn invite_at(&self, invitation: Invitation, address: &str) -> Result<Invite, HubError> {
        Ok(self.0.admission.invite(invitation, address, InviteSecret(random::bytes()), self.now()).await?)
    }
    /// Admits the node whose fingerprint was compared by telephone.
    ///
    /// # Errors
    /// See [`crate::admission::AdmissionError`].
    pub async fn admit(&self, code: &ParticipantCode, fingerprint: &str) -> Result<Admitted, HubError> {
        Ok(self.0.admission.admit(code, fingerprint, self.now()).await?)
    }
    /// Lets a participant's rights rest.
    ///
    /// # Errors
    /// See [`crate::admission::AdmissionError`].
    pub async fn suspend(&self, code: &ParticipantCode) -> Result<(), HubError> {
        Ok(self.0.admission.suspend(code).await?)
    }
    /// Gives a participant its rights back.
    ///
    /// # Errors
    /// See [`crate::admission::AdmissionError`].
    pub async fn resume(&self, code: &ParticipantCode) -> Result<(), HubError> {
        Ok(self.0.admission.resume(code).await?)
    }
    /// Everybody: participants, who waits, who was invited.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn membership(&self) -> Result<Membership, HubError> {
        Ok(self.0.admission.membership(self.now()).await?)
    }

    /// Puts a Charter in force.
    ///
    /// # Errors
    /// When the ledger does not allow it: another catalogue for a year that was reported about, among others.
    pub async fn set_charter(&self, charter: Charter) -> Result<LineIndex, HubError> {
        let compose = move |region: &Region, _| {
            let is_in_force = region.charter().is_some_and(|(_, in_force)| *in_force == charter);
            // Every node would have to accept it again, and nothing would be new.
            Ok((!is_in_force).then(|| Composed::new(LineKind::Charter, "charter", &charter)))
        };
        let lines = self.0.ledger.append(Append::compose(compose)).await?;
        lines.first().copied().ok_or_else(|| {
            HubError::Sentence(
                "this Charter is the one in force, so there is nothing to write. Nothing was changed".into(),
            )
        })
    }

    /// Puts the Charter in force that follows another catalogue from a calendar year on, and is otherwise as before.
    ///
    /// # Errors
    /// As [`Hub::set_charter`].
    pub async fn set_catalogue(
        &self,
        catalogue: &Catalogue,
        since: u16,
        title: Option<String>,
    ) -> Result<LineIndex, HubError> {
        let charter = {
            let view = self.0.ledger.view();
            let (_, charter) = view.region().charter().ok_or(LedgerError::NoRegion)?;
            let moved = charter.with_catalogue(catalogue, since);
            Charter { title: title.unwrap_or_else(|| charter.title.clone()), ..moved }
        };
        self.set_charter(charter).await
    }

    /// Writes an edition for each topic and year about which there is something new to say. `topic` and `year` narrow it.
    ///
    /// # Errors
    /// When nothing could be written.
    pub async fn compile_editions(
        &self,
        topic: Option<&TopicCode>,
        year: Option<u16>,
    ) -> Result<Vec<Compiled>, HubError> {
        Ok(self.0.editions.compile(topic, year).await?)
    }
    /// The overview of a form and period from what the hub holds now.
    ///
    /// # Errors
    /// [`Reason::FormNotInUse`], or when the database does not answer.
    pub async fn overview(&self, form: &FormCode, period: Period) -> Result<HubOverview, HubError> {
        let known = {
            let view = self.0.ledger.view();
            let region = view.region();
            // A form of another version than the period's is a gap that is said, and no mistake of whoever asks.
            match region.catalogues().form(form, period) {
                Some(_) => region.form_in_use(form, period),
                None => region.catalogues().form_ever(form),
            }
        };
        let form = known.ok_or_else(|| Reason::FormNotInUse(form.clone()))?;
        Ok(self.0.editions.live(form, period).await?)
    }

    /// Figures that may leave the hub as files.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn figures_to_show(&self) -> Result<Shown, HubError> {
        Ok(self.0.editions.shown().await?)
    }

    /// Tries whether the database takes writes, as on a full disk it does not.
    ///
    /// # Errors
    /// Why it does not.
    pub async fn try_writing(&self) -> Result<(), HubError> {
        Ok(store::trials::write(&self.0.database).await?)
    }

    /// Alarms, the latest first.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn alarms(&self) -> Result<Vec<Alarm>, HubError> {
        let mut tx = self.0.database.read("list alarms").await?;
        Ok(store::alarms::all(&mut tx).await?)
    }
    /// The operator has decided that the hub goes on: settles all alarms and says how many there were. What the hub had to
    /// erase while it wrote nothing is erased then.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn settle_alarms(&self) -> Result<u64, HubError> {
        let mut tx = self.0.database.begin("settle alarms").await?;
        let settled = store::alarms::settle(&mut tx, self.now()).await?;
        tx.commit().await?;
        self.0.ledger.append(Append::Sweep).await?;
        Ok(settled)
    }
}
