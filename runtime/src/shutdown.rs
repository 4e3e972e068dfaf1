//! One way to stop: a signal or a call to [`Shutdown::trigger`] tells everybody once, and everybody finishes what
//! they hold within a time limit.
//!
//! The rule it keeps: a background task is never lost silently. Each has a name, a task that panics stops the whole
//! program (half a server is worse than none), and who did not finish in time is named. What each task does to
//! finish is its own business and not here.

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinHandle};

/// Default time everybody has to finish. Service managers commonly kill after 90 seconds; a large transaction and
/// the farewell to all connections fit well into 20.
pub const FINISH_SECS: u64 = 20;

/// A cloneable handle on the one stop of this program.
#[derive(Clone, Debug)]
pub struct Shutdown(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    begun: watch::Sender<bool>,
    running: watch::Sender<usize>,
    tasks: Mutex<Tasks>,
}

#[derive(Debug, Default)]
struct Tasks {
    next: u64,
    running: BTreeMap<u64, (&'static str, Option<AbortHandle>)>,
    failed: Vec<&'static str>,
}

/// What did not end as it should.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ShutdownError {
    /// These tasks still worked when the time was up and were cut off.
    #[error("stopped before these had finished: {}", .0.join(", "))]
    Unfinished(Vec<&'static str>),
    /// These tasks had panicked, or said that they cannot go on.
    #[error("these failed while running: {}; the log says how", .0.join(", "))]
    Failed(Vec<&'static str>),
}

impl Default for Shutdown {
    fn default() -> Self {
        Self::new()
    }
}

impl Shutdown {
    /// A stop that nobody has asked for yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Inner {
            begun: watch::Sender::new(false),
            running: watch::Sender::new(0),
            tasks: Mutex::new(Tasks::default()),
        }))
    }

    /// Listens for SIGINT and SIGTERM from now on. The first begins the stop; a second one ends the process at once,
    /// for the person who does not want to wait.
    ///
    /// # Errors
    /// When the operating system does not let us listen.
    pub fn on_signals(&self) -> std::io::Result<()> {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        let stop = self.clone();
        tokio::spawn(async move {
            loop {
                let name = tokio::select! {
                    _ = interrupt.recv() => "SIGINT",
                    _ = terminate.recv() => "SIGTERM",
                };
                if stop.has_begun() {
                    tracing::warn!(signal = name, "second signal: stopping at once");
                    // The person has seen the orderly stop and does not want to wait for it.
                    #[allow(clippy::disallowed_methods)]
                    std::process::exit(1);
                }
                tracing::info!(signal = name, "stopping; a second signal stops at once");
                stop.trigger();
            }
        });
        Ok(())
    }

    /// Begins the stop. Calling it again changes nothing.
    pub fn trigger(&self) {
        self.0.begun.send_replace(true);
    }

    /// Begins the stop because a task cannot go on, so that the program ends as one that failed. The task says why in the
    /// log.
    pub fn fail(&self, name: &'static str) {
        self.tasks().failed.push(name);
        self.trigger();
    }

    /// Whether the stop has begun.
    #[must_use]
    pub fn has_begun(&self) -> bool {
        *self.0.begun.borrow()
    }

    /// Waits for the stop to begin. Cancel safe, so it fits into `select!`.
    pub async fn wait(&self) {
        // The sender lives in `self`, so the wait can only end with the stop.
        let _ = self.0.begun.subscribe().wait_for(|begun| *begun).await;
    }

    /// Runs a task that [`Self::finish`] waits for. If it panics, the stop begins.
    pub fn spawn<F>(&self, name: &'static str, work: F) -> JoinHandle<F::Output>
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let tracked = self.track(name);
        let number = tracked.number;
        let handle = tokio::spawn(async move {
            let _tracked = tracked;
            work.await
        });
        if let Some(task) = self.tasks().running.get_mut(&number) {
            task.1 = Some(handle.abort_handle());
        }
        handle
    }

    /// Waits until every task has ended, at most `limit`; then cuts off those that have not.
    ///
    /// # Errors
    /// Names the tasks that were cut off, or else those that had failed.
    pub async fn finish(&self, limit: Duration) -> Result<(), ShutdownError> {
        let mut running = self.0.running.subscribe();
        let all_ended = tokio::time::timeout(limit, running.wait_for(|tasks| *tasks == 0)).await.is_ok();
        if !all_ended {
            // The list is copied first: a task that is cut off takes itself off the list.
            let (names, handles): (Vec<_>, Vec<_>) = self.tasks().running.values().cloned().unzip();
            handles.iter().flatten().for_each(AbortHandle::abort);
            return Err(ShutdownError::Unfinished(names));
        }
        let failed = self.tasks().failed.clone();
        if failed.is_empty() { Ok(()) } else { Err(ShutdownError::Failed(failed)) }
    }

    fn track(&self, name: &'static str) -> Tracked {
        let mut tasks = self.tasks();
        let number = tasks.next;
        tasks.next += 1;
        tasks.running.insert(number, (name, None));
        self.0.running.send_replace(tasks.running.len());
        Tracked { stop: self.clone(), number }
    }

    fn tasks(&self) -> std::sync::MutexGuard<'_, Tasks> {
        // Nothing can panic while the lock is held, and the lists would still be true if it did.
        self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lives inside a task; its end is the task's end, however that comes.
struct Tracked {
    stop: Shutdown,
    number: u64,
}

impl Drop for Tracked {
    fn drop(&mut self) {
        let mut tasks = self.stop.tasks();
        if let Some((name, _)) = tasks.running.remove(&self.number)
            && std::thread::panicking()
        {
            tracing::error!(task = name, "a task failed; stopping");
            tasks.failed.push(name);
            self.stop.trigger();
        }
        self.stop.0.running.send_replace(tasks.running.len());
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    #[tokio::test]
    async fn everybody_hears_of_the_stop_and_is_waited_for() {
        let stop = Shutdown::new();
        let (told, mut heard) = tokio::sync::mpsc::unbounded_channel();
        for name in ["listener", "delivery"] {
            let (stop, told) = (stop.clone(), told.clone());
            stop.clone().spawn(name, async move {
                stop.wait().await;
                tokio::task::yield_now().await;
                told.send(name).unwrap();
            });
        }
        assert!(!stop.has_begun());
        stop.trigger();
        stop.finish(Duration::from_secs(5)).await.unwrap();
        let mut names = [heard.try_recv().unwrap(), heard.try_recv().unwrap()];
        names.sort_unstable();
        assert_eq!(names, ["delivery", "listener"]);
    }

    #[tokio::test(start_paused = true)]
    async fn who_does_not_finish_in_time_is_named_and_cut_off() {
        let stop = Shutdown::new();
        let stuck = stop.spawn("stuck", std::future::pending::<()>());
        stop.spawn("quick", async {});
        stop.trigger();
        let end = stop.finish(Duration::from_secs(3)).await;
        assert_eq!(end, Err(ShutdownError::Unfinished(vec!["stuck"])));
        assert!(stuck.await.unwrap_err().is_cancelled());
    }

    #[tokio::test]
    async fn a_task_that_panics_stops_the_program_and_is_named() {
        let stop = Shutdown::new();
        stop.spawn("fragile", async { panic!("on purpose") });
        stop.wait().await;
        assert_eq!(stop.finish(Duration::from_secs(5)).await, Err(ShutdownError::Failed(vec!["fragile"])));
    }

    #[tokio::test]
    async fn a_task_that_cannot_go_on_stops_the_program_and_is_named() {
        let stop = Shutdown::new();
        let failing = stop.clone();
        stop.spawn("listener", async move { failing.fail("listener") });
        stop.wait().await;
        assert_eq!(stop.finish(Duration::from_secs(5)).await, Err(ShutdownError::Failed(vec!["listener"])));
    }

    #[tokio::test]
    async fn one_who_comes_late_hears_of_the_stop_too() {
        let stop = Shutdown::new();
        stop.trigger();
        stop.trigger();
        stop.wait().await;
        stop.finish(Duration::ZERO).await.unwrap();
    }
}
