//! One after the other: work on the same subject waits for its turn.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{Mutex as Turn, OwnedMutexGuard};

/// Whose turn it is. Remembers only subjects that somebody is at.
pub(crate) struct Turns<S>(Mutex<BTreeMap<S, Weak<Turn<()>>>>);

/// Entries above which finished ones are looked for; there are never more waiting than callers have requests open.
const SWEEP_ABOVE: usize = 1_024;

impl<S> Default for Turns<S> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<S: Ord> Turns<S> {
    /// Waits until nobody else is at any of these subjects. They are taken in order, so that two who want the same ones
    /// cannot wait for each other for ever.
    pub(crate) async fn take(&self, subjects: BTreeSet<S>) -> Vec<OwnedMutexGuard<()>> {
        let mut taken = Vec::with_capacity(subjects.len());
        for subject in subjects {
            taken.push(self.turn(subject).lock_owned().await);
        }
        taken
    }

    fn turn(&self, subject: S) -> Arc<Turn<()>> {
        // Entries are whole or not there.
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if turns.len() > SWEEP_ABOVE {
            turns.retain(|_, turn| turn.strong_count() > 0);
        }
        if let Some(turn) = turns.get(&subject).and_then(Weak::upgrade) {
            return turn;
        }
        let turn = Arc::new(Turn::new(()));
        turns.insert(subject, Arc::downgrade(&turn));
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn the_same_subject_waits_and_another_does_not() {
        let turns = Turns::default();
        let first = turns.take(BTreeSet::from([(2, 2021)])).await;
        assert_eq!(first.len(), 1);
        turns.take(BTreeSet::from([(3, 2021), (2, 2022)])).await;
        let again = turns.take(BTreeSet::from([(2, 2021)]));
        let mut again = std::pin::pin!(again);
        assert!(tokio::time::timeout(Duration::from_millis(20), &mut again).await.is_err());
        drop(first);
        again.await;
    }

    #[tokio::test]
    async fn finished_subjects_are_forgotten() {
        let turns = Turns::default();
        for number in 0..3_000 {
            turns.take(BTreeSet::from([number])).await;
        }
        assert!(turns.0.lock().unwrap().len() <= SWEEP_ABOVE + 1);
    }
}
