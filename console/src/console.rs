//! The handle both programs keep: the program's description, its accounts and its sessions.

use std::sync::Arc;

use vrs_runtime::{clock::Clock, database::Database};

use crate::{
    accounts::Accounts,
    acts::Acts,
    layout::{Frame, Message, Program, Tone},
    problem::Problem,
    second_factor::SecondFactors,
    sessions::Sessions,
    sign_in::SignedIn,
    throttle::Throttle,
};

/// What a console consists of. Cheap to clone; a program's own state holds one and gives it out by `FromRef`:
///
/// ```ignore
/// impl FromRef<App> for Console {
///     fn from_ref(app: &App) -> Self { app.console.clone() }
/// }
/// ```
#[derive(Debug, Clone)]
pub struct Console {
    program: Arc<Program>,
    accounts: Accounts,
    sessions: Sessions,
    throttle: Throttle,
    acts: Acts,
    second_factors: SecondFactors,
    clock: Clock,
}

impl Console {
    /// A console over a database that has [`crate::MIGRATIONS`].
    #[must_use]
    pub fn new(program: Program, database: Database, clock: Clock) -> Self {
        Self {
            program: Arc::new(program),
            accounts: Accounts::new(database.clone(), clock.clone()),
            sessions: Sessions::new(database.clone(), clock.clone()),
            throttle: Throttle::new(database.clone(), clock.clone()),
            acts: Acts::new(database.clone(), clock.clone()),
            second_factors: SecondFactors::new(database, clock.clone()),
            clock,
        }
    }

    /// What is the same on every page.
    #[must_use]
    pub fn program(&self) -> &Arc<Program> {
        &self.program
    }

    /// The persons who may sign in.
    #[must_use]
    pub fn accounts(&self) -> &Accounts {
        &self.accounts
    }

    /// The browsers that are signed in.
    #[must_use]
    pub fn sessions(&self) -> &Sessions {
        &self.sessions
    }

    /// The counts of failed sign-ins.
    #[must_use]
    pub fn throttle(&self) -> &Throttle {
        &self.throttle
    }

    /// The audit trail.
    #[must_use]
    pub fn acts(&self) -> &Acts {
        &self.acts
    }

    /// The second factors.
    #[must_use]
    pub fn second_factors(&self) -> &SecondFactors {
        &self.second_factors
    }

    /// Seconds since 1970-01-01 UTC.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.clock.now()
    }

    /// The frame of a page for this person: menu, name, and the messages left by the form before.
    ///
    /// # Errors
    /// A [`Problem`] when the database does not answer.
    pub async fn frame(&self, who: &SignedIn, title: impl Into<String>) -> Result<Frame, Problem> {
        let mut frame = Frame::new(&self.program, title).signed_in(who.operator.clone()).at(who.path());
        frame.messages = self.sessions.take_messages(who.session()).await?;
        Ok(frame)
    }

    /// Leaves a message for this person's next page; the handler then redirects there.
    ///
    /// # Errors
    /// A [`Problem`] when the database does not answer.
    pub async fn say(&self, who: &SignedIn, tone: Tone, sentence: impl Into<String>) -> Result<(), Problem> {
        Ok(self.sessions.leave_message(who.session(), &Message::new(tone, sentence)).await?)
    }
}
