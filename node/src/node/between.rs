//! Agencies see each other's figures of a form where the focal point allows it, and the rule of the region holds at home too:
//! who has answered the core of the form sees, for the period it has answered for.

use vrs_console::accounts::Operator;
use vrs_console::acts::{self, Act};
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::table::Core;

use super::Node;
use crate::error::{NodeError, Result};
use crate::national::{AgencyCode, AgencyTable};
use crate::roles::{Capability, require};
use crate::store;
use crate::store::between::Between;

/// Characters of a reason.
const REASON_CHARS_MAX: usize = 1_000;

impl Node {
    /// The forms of which agencies see each other's figures.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn between_agencies(&self) -> Result<Vec<Between>> {
        let mut tx = self.0.database.read("list forms between agencies").await?;
        Ok(store::between::list(&mut tx).await?)
    }

    /// Lets the agencies that deliver a form see each other's figures of it.
    ///
    /// # Errors
    /// When the person may not decide, there is no such form or no reason, or it is allowed already.
    pub async fn allow_between_agencies(&self, form: &FormCode, reason: &str, who: &Operator) -> Result<()> {
        require(who, Capability::Decide.roles(), "decide what agencies see of each other")?;
        self.form(form)?;
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > REASON_CHARS_MAX {
            return Err(NodeError::Usage(format!(
                "say why agencies may see each other's figures, in at most {REASON_CHARS_MAX} characters; nothing was changed"
            )));
        }
        let new = Between { form: form.clone(), by: who.name.clone(), reason: reason.into(), at: self.now() };
        let mut tx = self.0.database.begin("allow a form between agencies").await?;
        if !store::between::allow(&mut tx, &new).await? {
            return Err(NodeError::Refused(format!("agencies see each other's figures of {form} already")));
        }
        let act = Act::new("between-allowed", form.to_string()).by(&who.name).after("reason", reason);
        acts::record(&mut tx, act, self.now().0).await?;
        Ok(tx.commit().await?)
    }

    /// Ends it.
    ///
    /// # Errors
    /// When the person may not decide, or it was not allowed.
    pub async fn end_between_agencies(&self, form: &FormCode, who: &Operator) -> Result<()> {
        require(who, Capability::Decide.roles(), "decide what agencies see of each other")?;
        let mut tx = self.0.database.begin("end a form between agencies").await?;
        if !store::between::end(&mut tx, form).await? {
            return Err(NodeError::Refused(format!("agencies do not see each other's figures of {form}")));
        }
        acts::record(&mut tx, Act::new("between-ended", form.to_string()).by(&who.name), self.now().0).await?;
        Ok(tx.commit().await?)
    }

    /// The figures of all agencies for a form and period as one of them may see them; `None`: only its own.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn beside_own(
        &self,
        agency: &AgencyCode,
        form: &FormCode,
        period: Period,
    ) -> Result<Option<Vec<AgencyTable>>> {
        let mut tx = self.0.database.read("see what other agencies delivered").await?;
        if store::between::find(&mut tx, form).await?.is_none() {
            return Ok(None);
        }
        let tables = store::figures::tables(&mut tx, form, period).await?;
        let delivers = store::agencies::forms(&mut tx, agency).await?.contains(form);
        let core = self.form_of(form, period)?;
        let answers = |own: &AgencyTable| own.agency == *agency && own.table.core(core) != Core::Missing;
        let has_delivered = tables.iter().any(answers);
        Ok((delivers && has_delivered && tables.len() > 1).then_some(tables))
    }
}
