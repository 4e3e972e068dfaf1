//! What a node can do: one method for each command, used alike by the command line, the console and the demo. Each
//! reads and writes in named transactions and asks the decisions in between.
//!
//! In reading order: here the node itself; `people` (accounts and roles), `agencies`, `tokens` (their programs), `imports` (their
//! files) with `cases`, `brought` (files in layouts that nobody described) and `workbooks`, `sheets` (figures that are typed), `nothing`
//! (forms without a figure), `figures` with `by_hand` (national tables), `findings`, `calendar` (due dates, closed periods), `region`
//! (the mirror, the Charter, the audit), the release desk in
//! `preparing`, `protecting`, `deciding` and `desk`, `reading` (what others share), `keeping` (export, backup, restore), and
//! `running` (the program that keeps the link).

mod agencies;
mod between;
mod brought;
mod by_hand;
mod calendar;
mod cases;
mod catalogues;
mod deciding;
mod desk;
mod desk_acts;
mod figures;
mod findings;
mod imports;
mod keeping;
mod nothing;
mod people;
mod preparing;
mod protecting;
mod reading;
mod region;
mod running;
mod sheets;
mod taking_back;
mod tokens;
mod workbooks;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::{Mutex, Notify, RwLock};
use vrs_console::accounts::Accounts;
use vrs_console::acts::{Act, Acts};
use vrs_console::throttle::Throttle;
use vrs_protocol::catalogue::{Catalogue, Catalogues, Form};
use vrs_protocol::id::ParticipantCode;
use vrs_protocol::ledger::ParticipantKind;
use vrs_protocol::period::Period;
use vrs_protocol::time::Timestamp;
use vrs_runtime::clock::Clock;
use vrs_runtime::database::Database;
use vrs_runtime::files;
use vrs_runtime::settings::{FILE_NAME, Loaded, Setting};

use crate::error::{NodeError, Result};
use crate::keys::Keys;
use crate::mirror::View;
use crate::protection::policy::Policies;
use crate::settings::{Settings, first_file};
use crate::store;

pub use agencies::AgencyEntry;
pub use brought::{Assistance, Brought, Trial, mark};
pub use catalogues::{CatalogueChange, FormConcern, GoneReading, version};
pub use deciding::WithdrawOutcome;
pub(crate) use deciding::sign_declaration;
pub use desk::{Desk, ReleaseEntry};
pub use figures::CellOrigin;
pub use findings::Findings;
pub use imports::{ImportReport, ImportRequest, ImportedTable};
pub use keeping::{BackupReport, ExportReport, LeftOut};
pub use nothing::NilForms;
pub use preparing::{PrepareOutcome, PrepareRequest};
pub use protecting::{Measures, Withholding, read_cell};
pub use reading::{Answer, ReadReport, ReadTable, ServedRelease, Servings, WhyReport};
pub use region::{CharterReport, Me};
pub use sheets::{CompleteOutcome, OpenSheet, SaveOutcome};
pub use taking_back::{ImportEntry, TakenBack};
pub use tokens::{DAYS_MAX as TOKEN_DAYS_MAX, MadeToken, TokenRefused};
pub use workbooks::{SheetReport, WorkbookReport};

/// The node in one folder. Cheap to clone; clones are the same node.
#[derive(Clone)]
pub struct Node(Arc<Inner>);

struct Inner {
    dir: PathBuf,
    settings: Settings,
    values: Vec<Setting>,
    clock: Clock,
    database: Database,
    keys: Keys,
    accounts: Accounts,
    acts: Acts,
    throttle: Throttle,
    /// What the Charter in the view puts in force, for whoever asks without waiting for the view.
    catalogues: std::sync::RwLock<Catalogues>,
    policies: Policies,
    /// The mirror in memory; it follows the database, into which other processes of this node may write.
    view: RwLock<Arc<View>>,
    /// One exchange with the hub at a time in this process.
    exchange: Mutex<()>,
    /// One audit at a time in this process.
    auditing: Mutex<()>,
    /// Files that wait for somebody to say how they are read.
    brought: brought::Shelf,
    /// Rung when there is something new in the outbox.
    bell: Notify,
    /// Since when this process could write nothing.
    unwritten_since: std::sync::Mutex<Option<Timestamp>>,
    /// Whether the database's log may still hold what was erased. A process does not know what an earlier one left.
    log_to_cut: AtomicBool,
}

/// The address of the database of a node that was made. Opening one that is not there would make it, and an empty one looks
/// as if everything was lost.
pub(crate) fn existing_database(dir: &Path, settings: &Settings) -> Result<String> {
    let url = settings.database_url(dir)?;
    if Database::is_there(&url, dir) {
        return Ok(url);
    }
    let file = url.trim_start_matches("sqlite:");
    Err(NodeError::Refused(format!(
        "there is no node here (no {file} in {}); go to its folder or use --dir. A new one is made with: vrs-node init --participant CODE, a lost database comes back with: vrs-node restore FILE",
        dir.display()
    )))
}

/// A node to be made.
#[derive(Debug, Clone)]
pub struct NewNode {
    /// Code of the participant.
    pub participant: ParticipantCode,
    /// Display name; empty: the country's name.
    pub name: String,
    /// What the participant is.
    pub kind: ParticipantKind,
    /// Where its console will listen.
    pub console: std::net::SocketAddr,
}

impl Node {
    /// Makes a node in a folder: settings, keys, database. What is there already stays as it is.
    ///
    /// # Errors
    /// When the folder belongs to another participant, or cannot be written.
    pub async fn init(dir: &Path, new: &NewNode, clock: Clock) -> Result<Self> {
        files::private_directory(dir)?;
        let file = dir.join(FILE_NAME);
        if !file.exists() {
            let name = if new.name.is_empty() {
                Catalogue::everything().participant_name(&new.participant)
            } else {
                new.name.clone()
            };
            let text = first_file(&new.participant, &name, new.kind, new.console);
            files::write_public(&file, text.as_bytes())?;
        }
        let settings = Settings::load(dir, Vec::new())?.settings;
        if settings.participant != new.participant {
            let sentence = format!(
                "{} is the folder of {}; use another one for {}",
                dir.display(),
                settings.participant,
                new.participant
            );
            return Err(NodeError::Refused(sentence));
        }
        Keys::of(dir).create()?;
        let node = Self::assemble(dir, Settings::load(dir, Vec::new())?, clock).await?;
        let key = node.keys().identity()?.public().kid().to_string();
        let act = Act::new("node-made", format!("node {}", new.participant)).after("key", key);
        node.acts().record_alone(act).await?;
        Ok(node)
    }

    /// Opens the node in a folder.
    ///
    /// # Errors
    /// When there is none, or its settings, keys or database cannot be used.
    pub async fn open(dir: &Path) -> Result<Self> {
        Self::open_with(dir, Vec::new(), Clock::system()).await
    }

    /// Opens the node in a folder with settings from flags, under a given clock.
    ///
    /// # Errors
    /// As [`Node::open`].
    pub async fn open_with(dir: &Path, flags: Vec<(String, String)>, clock: Clock) -> Result<Self> {
        if !dir.join(FILE_NAME).exists() {
            let sentence =
                format!("{} holds no node; make one with: vrs-node --dir {0} init --participant CODE", dir.display());
            return Err(NodeError::Refused(sentence));
        }
        let loaded = Settings::load(dir, flags)?;
        existing_database(dir, &loaded.settings)?;
        Self::assemble(dir, loaded, clock).await
    }

    async fn assemble(dir: &Path, loaded: Loaded<Settings>, clock: Clock) -> Result<Self> {
        let policies = Policies::of(&loaded.settings.disclosure, Catalogue::everything())
            .map_err(|refused| NodeError::Refused(format!("{refused}; correct it in {FILE_NAME}")))?;
        let url = loaded.settings.database_url(dir)?;
        let database = Database::open(&url, dir, &store::migrations(), &clock).await?;
        let mut tx = database.begin("prepare the mirror").await?;
        store::ledger::prepare(&mut tx).await?;
        let catalogues = store::catalogues::in_force(&mut tx).await?;
        tx.commit().await?;
        let node = Self(Arc::new(Inner {
            dir: dir.to_owned(),
            settings: loaded.settings,
            values: loaded.values,
            accounts: Accounts::new(database.clone(), clock.clone()),
            acts: Acts::new(database.clone(), clock.clone()),
            throttle: Throttle::new(database.clone(), clock.clone()),
            clock,
            database,
            keys: Keys::of(dir),
            catalogues: std::sync::RwLock::new(catalogues),
            policies,
            view: RwLock::new(Arc::new(View::empty(Catalogue::bundled()))),
            exchange: Mutex::new(()),
            auditing: Mutex::new(()),
            brought: brought::Shelf::default(),
            bell: Notify::new(),
            unwritten_since: std::sync::Mutex::default(),
            log_to_cut: AtomicBool::new(true),
        }));
        Ok(node)
    }

    /// The folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.0.dir
    }
    /// The settings in force.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }
    /// Every setting with its origin.
    #[must_use]
    pub fn setting_values(&self) -> &[Setting] {
        &self.0.values
    }
    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }
    /// Now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp(self.0.clock.now())
    }
    /// The database, for the console's own state.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.0.database
    }
    /// The keys.
    #[must_use]
    pub fn keys(&self) -> &Keys {
        &self.0.keys
    }
    /// The persons who may sign in.
    #[must_use]
    pub fn accounts(&self) -> &Accounts {
        &self.0.accounts
    }
    /// The audit trail.
    #[must_use]
    pub fn acts(&self) -> &Acts {
        &self.0.acts
    }
    /// Everything that any version of the questionnaire asks: what to look a code up in. What is asked for a period is in
    /// [`Node::catalogue_of`].
    #[must_use]
    pub fn catalogue(&self) -> &'static Catalogue {
        Catalogue::everything()
    }
    /// The catalogues that the region's Charter puts in force, as far as the mirror has come; before there is one, the first.
    #[must_use]
    pub fn catalogues(&self) -> Catalogues {
        self.0.catalogues.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }
    /// The questionnaire of a period.
    #[must_use]
    pub fn catalogue_of(&self, period: Period) -> &'static Catalogue {
        self.0.catalogues.read().unwrap_or_else(std::sync::PoisonError::into_inner).of(period)
    }
    /// What files are read by: all versions at once where several are in force, because a file may speak of several years.
    pub(crate) fn catalogue_to_read(&self) -> &'static Catalogue {
        let catalogues = self.catalogues();
        if catalogues.latest_since().is_none() { catalogues.latest() } else { Catalogue::everything() }
    }
    /// The questionnaire of the period that ended last, which is the one that people answer now.
    #[must_use]
    pub fn catalogue_now(&self) -> &'static Catalogue {
        let (year, month, _) = self.now().date();
        self.catalogues().of_year(if month == 1 { year.saturating_sub(1) } else { year })
    }
    /// Every form that any catalogue in force asks, in catalogue order and in the words of the latest that asks it.
    pub fn forms_in_force(&self) -> impl Iterator<Item = &'static Form> {
        let catalogues = self.catalogues();
        self.catalogue().forms().iter().filter_map(move |form| catalogues.form_ever(&form.code))
    }
    /// From here on these are in force.
    pub(crate) fn set_catalogues(&self, catalogues: &Catalogues) {
        *self.0.catalogues.write().unwrap_or_else(std::sync::PoisonError::into_inner) = catalogues.clone();
    }
    /// The policy of disclosure control.
    #[must_use]
    pub fn policies(&self) -> &Policies {
        &self.0.policies
    }
    /// Code of the participant.
    #[must_use]
    pub fn participant(&self) -> &ParticipantCode {
        &self.0.settings.participant
    }
    /// Display name of the participant.
    #[must_use]
    pub fn name(&self) -> String {
        let name = &self.0.settings.name;
        if name.is_empty() { self.catalogue().participant_name(self.participant()) } else { name.clone() }
    }
    /// Since when this process could write nothing, as on a full disk; `None` where the last round with the hub went well.
    #[must_use]
    pub fn unwritten_since(&self) -> Option<Timestamp> {
        *self.unwritten()
    }
    pub(crate) fn set_unwritten(&self, unwritten: bool) {
        let mut since = self.unwritten();
        *since = if unwritten { since.or_else(|| Some(self.now())) } else { None };
    }
    fn unwritten(&self) -> std::sync::MutexGuard<'_, Option<Timestamp>> {
        self.0.unwritten_since.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
    /// Closes the database. For tests and short commands; a running node does it at its end.
    pub async fn close(&self) {
        self.0.database.close().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_lost_database_is_said_and_not_made_anew() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("vrs.db");
        let new = NewNode {
            participant: ParticipantCode::parse("AUS").unwrap(),
            name: String::new(),
            kind: ParticipantKind::State,
            console: "127.0.0.1:0".parse().unwrap(),
        };
        Node::init(dir.path(), &new, Clock::system()).await.unwrap().close().await;
        Node::open(dir.path()).await.unwrap().close().await;
        std::fs::remove_file(&file).unwrap();
        let refused = Node::open(dir.path()).await.err().unwrap().to_string();
        assert!(refused.contains("no vrs.db in") && refused.contains("restore"), "{refused}");
        assert!(!file.exists());
        Node::init(dir.path(), &new, Clock::system()).await.unwrap().close().await;
        assert!(file.exists());
    }
}
