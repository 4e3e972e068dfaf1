//! The calendar: closing periods, opening them again, and letting one agency deliver late.

use std::collections::BTreeSet;

use vrs_console::accounts::Operator;
use vrs_console::acts::{self, Act};
use vrs_protocol::cell::TEXT_BYTES_MAX;
use vrs_protocol::period::Period;
use vrs_protocol::time::Timestamp;
use vrs_runtime::database::Transaction;

use super::Node;
use crate::calendar::{Exception, Lock, Locks, due};
use crate::error::{NodeError, Result};
use crate::national::AgencyCode;
use crate::roles::{Capability, require};
use crate::store;

impl Node {
    /// What is closed, and to whom not.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn locks(&self) -> Result<Locks> {
        let mut tx = self.0.database.read("read the calendar").await?;
        Ok(store::calendar::locks(&mut tx).await?)
    }

    /// When figures of a period are due.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn due(&self, period: Period) -> Result<Option<Timestamp>> {
        let view = self.view().await?;
        let charter = view.region().charter().map(|(_, charter)| charter);
        Ok(due(charter, self.settings().calendar.due_days, period))
    }

    /// Closes a period, and every period inside it: nothing of it changes any more.
    ///
    /// # Errors
    /// When it is closed already, there is no reason, or the person may not.
    pub async fn lock(&self, period: Period, reason: &str, who: &Operator) -> Result<()> {
        self.set_lock(period, true, reason, who).await
    }

    /// Opens a period again.
    ///
    /// # Errors
    /// When it is not closed, there is no reason, or the person may not.
    pub async fn unlock(&self, period: Period, reason: &str, who: &Operator) -> Result<()> {
        self.set_lock(period, false, reason, who).await
    }

    async fn set_lock(&self, period: Period, close: bool, reason: &str, who: &Operator) -> Result<()> {
        require(who, Capability::Decide.roles(), "close and open periods")?;
        let reason = reason_of(reason)?;
        let mut tx = self.0.database.begin("close or open a period").await?;
        let is_closed = store::calendar::locks(&mut tx).await?.locks.iter().any(|lock| lock.period == period);
        if is_closed == close {
            let how = if close { "closed already" } else { "not closed by itself" };
            return Err(NodeError::Refused(format!("{period} is {how}; nothing was changed")));
        }
        let lock = Lock { period, by: who.name.clone(), reason: reason.to_owned(), at: self.now() };
        store::calendar::set_lock(&mut tx, &lock, close).await?;
        if !close {
            // What agencies brought for other periods meanwhile left the counts of this one as they were.
            let of_cases = store::figures::of_cases(&mut tx).await?;
            let inside = of_cases.keys().filter(|(_, of)| of.overlaps(period));
            let topics = inside.filter_map(|(code, _)| self.catalogue().form(code)).map(|form| &form.topic).collect();
            self.count_topics_again(&mut tx, &topics, &BTreeSet::new()).await?;
        }
        let act = if close {
            Act::new("period-locked", period.to_string())
        } else {
            Act::new("period-unlocked", period.to_string())
        };
        acts::record(&mut tx, act.by(&who.name), self.now().0).await?;
        tx.commit().await?;
        tracing::info!(%period, close, account = %who.name, "A period was closed or opened");
        Ok(())
    }

    /// Lets one agency deliver for a closed period, up to and including a day.
    ///
    /// # Errors
    /// When the period is not closed, the day is over, there is no such agency, there is no reason, or the person may not.
    pub async fn except(
        &self,
        period: Period,
        agency: &AgencyCode,
        last_day: (u16, u8, u8),
        reason: &str,
        who: &Operator,
    ) -> Result<()> {
        require(who, Capability::Decide.roles(), "let an agency deliver late")?;
        let reason = reason_of(reason)?;
        let (year, month, day) = last_day;
        let until = Timestamp::from_date(year, month, day).map(|day| day.plus_secs(86_400));
        let until = until.filter(|until| *until > self.now()).ok_or_else(|| {
            NodeError::Usage("write the last day as 2026-11-27, today or later; nothing was changed".into())
        })?;
        self.may_deliver(None, agency).await?;
        let mut tx = self.0.database.begin("let an agency deliver late").await?;
        if !store::calendar::locks(&mut tx).await?.locks.iter().any(|lock| lock.period.contains(period)) {
            return Err(NodeError::Refused(format!("{period} is not closed, so {agency} needs no exception")));
        }
        let exception = Exception {
            period,
            agency: agency.clone(),
            until,
            by: who.name.clone(),
            reason: reason.to_owned(),
            at: self.now(),
        };
        store::calendar::except(&mut tx, &exception).await?;
        let act = Act::new("period-excepted", period.to_string()).by(&who.name).after("agency", agency);
        let act = act.after("last_day", format!("{year:04}-{month:02}-{day:02}"));
        acts::record(&mut tx, act, self.now().0).await?;
        tx.commit().await?;
        tracing::info!(%period, %agency, account = %who.name, "An agency may deliver for a closed period");
        Ok(())
    }

    /// Refuses to change figures of a closed period: those of an agency, or without one the national ones.
    pub(super) async fn require_unlocked(
        &self,
        tx: &mut Transaction,
        period: Period,
        agency: Option<&AgencyCode>,
    ) -> Result<()> {
        let locks = store::calendar::locks(tx).await?;
        let Some(lock) = locks.closes(period, agency, self.now()) else { return Ok(()) };
        let way = match agency {
            Some(agency) => format!("lets {agency} deliver until a day"),
            None => "opens it again".to_owned(),
        };
        Err(NodeError::Refused(format!(
            "{} was closed by {}: {} Nothing of {period} was changed and nothing is lost; a focal point {way}, on the page Calendar",
            lock.period,
            lock.by,
            sentence(&lock.reason)
        )))
    }
}

/// With a full stop, so that the next sentence can follow.
fn sentence(reason: &str) -> String {
    if reason.ends_with(['.', '!', '?']) { reason.to_owned() } else { format!("{reason}.") }
}

fn reason_of(reason: &str) -> Result<&str> {
    let reason = reason.trim();
    if reason.is_empty() || reason.len() > TEXT_BYTES_MAX {
        return Err(NodeError::Usage(
            "closing, opening and letting deliver late need a reason of 1 to 4,000 bytes: --reason TEXT. Nothing was changed"
                .into(),
        ));
    }
    Ok(reason)
}
