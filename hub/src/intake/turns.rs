//! One after the other: submissions of one author about one topic and year wait for each other.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{Mutex as Turn, OwnedMutexGuard};
use vrs_protocol::id::ParticipantId;
use vrs_protocol::region::YearOfTopic;

type Subject = (ParticipantId, YearOfTopic);

/// Whose turn it is. Remembers only subjects that somebody is at.
#[derive(Default)]
pub(super) struct Turns(Mutex<BTreeMap<Subject, Weak<Turn<()>>>>);

/// Entries above which finished ones are looked for; there are never more waiting than callers have requests open.
const SWEEP_ABOVE: usize = 1_024;

impl Turns {
    /// Waits until nobody else is at any of these years of topics. They are taken in order, so that two who want the same
    /// ones cannot wait for each other for ever.
    pub(super) async fn take(&self, author: ParticipantId, years: BTreeSet<YearOfTopic>) -> Vec<OwnedMutexGuard<()>> {
        let mut taken = Vec::with_capacity(years.len());
        for year in years {
            taken.push(self.turn((author, year)).lock_owned().await);
        }
        taken
    }

    fn turn(&self, subject: Subject) -> Arc<Turn<()>> {
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
    use vrs_protocol::id::TopicCode;

    #[tokio::test]
    async fn the_same_subject_waits_and_another_does_not() {
        let turns = Turns::default();
        let year = |year: u16| BTreeSet::from([(TopicCode::parse("IE").unwrap(), year)]);
        let first = turns.take(ParticipantId(2), year(2021)).await;
        assert_eq!(first.len(), 1);
        turns.take(ParticipantId(3), year(2021)).await;
        turns.take(ParticipantId(2), year(2022)).await;
        let again = turns.take(ParticipantId(2), year(2021));
        let mut again = std::pin::pin!(again);
        assert!(tokio::time::timeout(Duration::from_millis(20), &mut again).await.is_err());
        drop(first);
        again.await;
    }

    #[tokio::test]
    async fn finished_subjects_are_forgotten() {
        let turns = Turns::default();
        for number in 0..3_000 {
            turns.take(ParticipantId(number), BTreeSet::from([(TopicCode::parse("IE").unwrap(), 2021)])).await;
        }
        assert!(turns.0.lock().unwrap().len() <= SWEEP_ABOVE + 1);
    }
}
