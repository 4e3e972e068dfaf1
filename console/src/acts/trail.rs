//! Reading the trail: a page of it, the whole of it, and whether it is intact.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use vrs_runtime::clock::Clock;
use vrs_runtime::database::{Database, DatabaseError};

use super::{Act, ActHash, Chain, ChainFault, RecordedAct};
use crate::store;

/// Acts read at a time.
const ACTS_AT_ONCE: u64 = 1_000;

/// How long a whole check counts; in between only what is new is followed.
const CHECK_SECS: u64 = 10 * 60;

/// Which acts are asked for; what is empty asks for all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActsFilter {
    /// The account.
    pub account: Option<String>,
    /// The code of the act.
    pub what: Option<String>,
    /// From this instant on.
    pub since: Option<u64>,
    /// Before this instant.
    pub until: Option<u64>,
}

/// Whether the stored trail is a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intact {
    /// The chain as far as it holds.
    pub chain: Chain,
    /// The act that does not hold, with the reason; none: all of it holds.
    pub broken: Option<(u64, ChainFault)>,
    /// When the whole of it was followed.
    pub checked_at: u64,
}

/// The audit trail of one database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Acts {
    database: Database,
    clock: Clock,
    checked: Arc<Mutex<Option<Intact>>>,
}

impl Acts {
    /// The trail in this database.
    #[must_use]
    pub fn new(database: Database, clock: Clock) -> Self {
        Self { database, clock, checked: Arc::default() }
    }

    /// Records what has no other transaction: a refused sign-in, a file that was written.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn record_alone(&self, act: Act) -> Result<(), DatabaseError> {
        let mut tx = self.database.begin("record an act").await?;
        super::record(&mut tx, act, self.clock.now()).await?;
        tx.commit().await
    }

    /// How many acts there are of this kind.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn count(&self, filter: &ActsFilter) -> Result<u64, DatabaseError> {
        let mut tx = self.database.read("count acts").await?;
        store::acts::count(&mut tx, filter).await
    }

    /// Acts of this kind, the latest first.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn page(&self, filter: &ActsFilter, skip: u64, most: u64) -> Result<Vec<RecordedAct>, DatabaseError> {
        let mut tx = self.database.read("list acts").await?;
        store::acts::page(&mut tx, filter, skip, most).await
    }

    /// Hands every act over in its order, with the hash that is stored with it, until one is refused.
    ///
    /// # Errors
    /// [`DatabaseError`], or the refusal.
    pub async fn each<E: From<DatabaseError>>(
        &self,
        after: u64,
        mut take: impl FnMut(RecordedAct, ActHash) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut last = after;
        loop {
            let acts = self.some_after(last).await?;
            let Some((act, _)) = acts.last() else { return Ok(()) };
            last = act.number;
            for (act, hash) in acts {
                take(act, hash)?;
            }
        }
    }

    /// The next acts after a number, with the hash that is stored with each; none at the end.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn some_after(&self, number: u64) -> Result<Vec<(RecordedAct, ActHash)>, DatabaseError> {
        let mut tx = self.database.read("read the audit trail").await?;
        store::acts::after(&mut tx, number, ACTS_AT_ONCE).await
    }

    /// When each account did this last.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn latest(&self, what: &str) -> Result<BTreeMap<String, u64>, DatabaseError> {
        let mut tx = self.database.read("find latest acts").await?;
        store::acts::latest(&mut tx, what).await
    }

    /// The codes that stand in the trail.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn codes(&self) -> Result<Vec<String>, DatabaseError> {
        let mut tx = self.database.read("list codes of acts").await?;
        store::acts::codes(&mut tx).await
    }

    /// Whether the stored trail is intact. The whole of it is followed every few minutes, what is new each time.
    ///
    /// # Errors
    /// [`DatabaseError`].
    pub async fn intact(&self) -> Result<Intact, DatabaseError> {
        let now = self.clock.now();
        let known = self.known().clone();
        let known = known.filter(|known| known.broken.is_none() && now.saturating_sub(known.checked_at) < CHECK_SECS);
        let (begin, checked_at) =
            known.map_or_else(|| (Chain::default(), now), |known| (known.chain, known.checked_at));
        let (chain, broken) = self.follow(begin).await?;
        let intact = Intact { chain, broken, checked_at };
        *self.known() = Some(intact.clone());
        Ok(intact)
    }

    async fn follow(&self, begin: Chain) -> Result<(Chain, Option<(u64, ChainFault)>), DatabaseError> {
        enum Stop {
            Broken(u64, ChainFault),
            Database(DatabaseError),
        }
        impl From<DatabaseError> for Stop {
            fn from(error: DatabaseError) -> Self {
                Self::Database(error)
            }
        }
        let mut chain = begin;
        let followed = self
            .each(begin.number, |act, hash| {
                let next = chain.number + 1;
                chain.take(&act, hash).map_err(|fault| Stop::Broken(next, fault))
            })
            .await;
        match followed {
            Ok(()) => {}
            Err(Stop::Broken(number, fault)) => return Ok((chain, Some((number, fault)))),
            Err(Stop::Database(error)) => return Err(error),
        }
        // Acts taken from the end leave a whole chain behind; the number of the last one is remembered beside it.
        let mut tx = self.database.read("find the end of the audit trail").await?;
        let noted = store::acts::noted(&mut tx).await?;
        if noted.number > chain.number {
            let fault = ChainFault::Number { expected: noted.number, found: chain.number };
            return Ok((chain, Some((chain.number + 1, fault))));
        }
        Ok((chain, None))
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Option<Intact>> {
        self.checked.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
