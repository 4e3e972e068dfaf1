//! The ledger of the region: what follows from it is held in memory, its lines are in the database.
//!
//! The rules it keeps:
//! - What is not committed has not happened: [`View`] shows nothing that is not durable, and nothing is answered before it.
//! - One at a time: every append first takes the head row, in whatever process, and catches up with the lines it has not
//!   seen. So a running hub and a command of its operator can both write.
//! - A line, its body, the head and the checkpoint are one transaction.
//!
//! In reading order: `entry` (what is to be written), `view` (what readers see), `load` (from the database into memory),
//! `batch` (many submissions in one transaction), `appender` (the task that writes). What a line means is judged by
//! [`vrs_protocol::region`]; what needs a body is judged before, in [`crate::intake`].

mod appender;
mod batch;
mod entry;
mod load;
mod view;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard};

use tokio::sync::{mpsc, oneshot, watch};
use vrs_protocol::checkpoint::CheckpointError;
use vrs_protocol::hash::Hash;
use vrs_protocol::id::LineIndex;
use vrs_protocol::refusal::Reason;
use vrs_protocol::statement::SigningKey;
use vrs_protocol::time::Timestamp;
use vrs_runtime::clock::Clock;
use vrs_runtime::database::{Database, DatabaseError};
use vrs_runtime::shutdown::Shutdown;

pub(crate) use entry::{Append, Beside, Composed, Signed};
pub use view::{Receipt, View};

use crate::store;
use appender::{Appender, Message};
use batch::Writer;

/// Submissions that may wait for the appender. Each caller has a few requests open at most, so this is never the bound
/// that is felt; it keeps memory bounded all the same.
const WAITING_MAX: usize = 256;

/// Why the ledger cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    /// The database did not do its part.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// No region was begun in this database.
    #[error("there is no region in this database yet; begin one with 'vrs-hub init --region NAME'")]
    NoRegion,
    /// A region was begun in this database before.
    #[error(
        "there is a region in this database already. If it has no account yet: 'vrs-hub account add NAME --role administrator'"
    )]
    RegionExists,
    /// A stored line is not one that may stand there.
    #[error(
        "line {line} of the stored ledger cannot be used: {cause}. Stop the hub, run 'vrs-hub audit', and restore a backup"
    )]
    Flawed {
        /// Which line.
        line: LineIndex,
        /// What is wrong with it.
        cause: String,
    },
    /// Head, lines and checkpoint do not agree.
    #[error(
        "the stored ledger does not agree with itself: {0}. Stop the hub, run 'vrs-hub audit', and restore a backup"
    )]
    Disagrees(String),
    /// The key in the file is not the one that began the region.
    #[error("keys/ledger.pem is not the key that began this region ({expected}); put the right key there")]
    OtherKey {
        /// The key the genesis line names.
        expected: Hash,
    },
    /// A checkpoint could not be made.
    #[error("a checkpoint could not be signed: {0}")]
    Checkpoint(#[from] CheckpointError),
}

/// The ledger of the region. Cheap to clone; clones are the same ledger.
#[derive(Clone)]
pub struct Ledger {
    shared: Arc<Shared>,
    messages: mpsc::Sender<Message>,
}

impl std::fmt::Debug for Ledger {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Ledger").field("size", &self.view().size()).finish_non_exhaustive()
    }
}

/// What readers and the appender have in common.
struct Shared {
    view: RwLock<View>,
    size: watch::Sender<u64>,
    /// Since when nothing could be written.
    unwritten_since: Mutex<Option<Timestamp>>,
}

impl Shared {
    /// Readers hold this for moments only, and never across a wait.
    fn view(&self) -> RwLockReadGuard<'_, View> {
        // A view is changed line by line, and each step is whole.
        self.view.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn unwritten_since(&self) -> MutexGuard<'_, Option<Timestamp>> {
        self.unwritten_since.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut View)) {
        let size = {
            let mut view = self.view.write().unwrap_or_else(PoisonError::into_inner);
            change(&mut view);
            view.size()
        };
        self.size.send_if_modified(|known| std::mem::replace(known, size) != size);
    }
}

impl Ledger {
    /// Opens the ledger in a database that holds one, and starts its appender.
    ///
    /// # Errors
    /// [`LedgerError::NoRegion`] where there is none, and whatever is wrong with the one that is there.
    pub async fn open(
        database: Database,
        key: Arc<SigningKey>,
        clock: Clock,
        shutdown: &Shutdown,
    ) -> Result<Self, LedgerError> {
        let view = load::load(&database).await?;
        let genesis = view.region().genesis().ok_or(LedgerError::NoRegion)?;
        if genesis.hub_key != key.public() {
            return Err(LedgerError::OtherKey { expected: genesis.hub_key.kid().0 });
        }
        let region = genesis.region.clone();
        Ok(Self::start(view, Writer::new(database, key, clock, region), shutdown))
    }

    /// Begins the ledger of a region in a database, or takes up one that was begun and has no line yet. The genesis line is
    /// the first thing to append.
    ///
    /// # Errors
    /// Whatever is wrong with the one that is there.
    pub(crate) async fn begin(
        database: Database,
        region: &str,
        key: Arc<SigningKey>,
        clock: Clock,
        shutdown: &Shutdown,
    ) -> Result<Self, LedgerError> {
        let mut tx = database.begin("begin a region").await?;
        if store::head::find(&mut tx).await?.is_none() {
            store::head::create(&mut tx, store::head::Head { size: 0, root: View::empty().root() }).await?;
            tx.commit().await?;
        } else {
            drop(tx);
        }
        let view = load::load(&database).await?;
        match view.region().genesis() {
            Some(genesis) if genesis.region != region => Err(LedgerError::RegionExists),
            Some(genesis) if genesis.hub_key != key.public() => {
                Err(LedgerError::OtherKey { expected: genesis.hub_key.kid().0 })
            }
            _ => Ok(Self::start(view, Writer::new(database, key, clock, region.to_owned()), shutdown)),
        }
    }

    fn start(view: View, writer: Writer, shutdown: &Shutdown) -> Self {
        let size = watch::Sender::new(view.size());
        let shared = Arc::new(Shared { view: RwLock::new(view), size, unwritten_since: Mutex::default() });
        let (messages, waiting) = mpsc::channel(WAITING_MAX);
        let appender = Appender::new(shared.clone(), writer);
        shutdown.spawn("ledger", appender.run(waiting, shutdown.clone()));
        Self { shared, messages }
    }

    /// What follows from the lines so far. Do not hold it across a wait: writing waits for it.
    pub fn view(&self) -> RwLockReadGuard<'_, View> {
        self.shared.view()
    }

    /// Since when nothing could be written, as on a full disk; `None` where the last attempt went well.
    pub fn unwritten_since(&self) -> Option<Timestamp> {
        *self.shared.unwritten_since()
    }

    /// Tells the size of the ledger whenever it grows.
    pub fn growth(&self) -> watch::Receiver<u64> {
        self.shared.size.subscribe()
    }

    /// Writes lines, all or none, and says where they stand. They are durable and under a checkpoint then. What stands in
    /// the ledger already is not written again: the answer is where it stands.
    ///
    /// # Errors
    /// The reason why they may not stand there, or [`Reason::Unavailable`] when nothing could be written.
    pub(crate) async fn append(&self, append: Append) -> Result<Vec<LineIndex>, Reason> {
        let (answer, answered) = oneshot::channel();
        let stopped = || Reason::Unavailable("the hub is stopping".into());
        self.messages.send(Message::Append(append, answer)).await.map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }

    /// Takes in what other processes have written.
    ///
    /// # Errors
    /// When the database does not answer, or holds a line that may not stand there.
    pub async fn follow(&self) -> Result<(), LedgerError> {
        let (answer, answered) = oneshot::channel();
        if self.messages.send(Message::Follow(answer)).await.is_err() {
            return Ok(());
        }
        answered.await.unwrap_or(Ok(()))
    }
}
