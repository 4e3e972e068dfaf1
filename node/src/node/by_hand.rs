//! Figures of national tables that a person sets by hand.

use vrs_console::accounts::Operator;
use vrs_console::acts::{self, Act};
use vrs_protocol::catalogue::Form;
use vrs_protocol::cell::{Cell, TEXT_BYTES_MAX};
use vrs_protocol::check::fits;
use vrs_protocol::id::FormCode;
use vrs_protocol::period::Period;
use vrs_protocol::table::{Key, Table};

use super::Node;
use super::figures::national_in;
use crate::error::{NodeError, Result};
use crate::national::{ByHand, National, by_hand};
use crate::roles::{Capability, require};
use crate::store;

impl Node {
    /// A person sets a cell of the national table by hand. Nothing else of the table changes, also no total.
    ///
    /// # Errors
    /// When the form has no such cell or holds no counts, no agency has delivered, there is no reason, or the person may not.
    pub async fn set_by_hand(
        &self,
        form: &FormCode,
        period: Period,
        key: &Key,
        cell: Cell,
        reason: &str,
        who: &Operator,
    ) -> Result<National> {
        require(who, Capability::Decide.roles(), "set national figures by hand")?;
        let (form, reason) = (self.form_asked(form, period)?, reason_of(reason)?);
        self.fits_the_form(form, period, key, &cell)?;
        let mut tx = self.0.database.begin("set a national figure by hand").await?;
        self.require_unlocked(&mut tx, period, None).await?;
        let tables = store::figures::tables(&mut tx, &form.code, period).await?;
        let set = ByHand {
            cell,
            under: by_hand::answers(&tables, key),
            by: who.name.clone(),
            reason: reason.to_owned(),
            at: self.now(),
        };
        let is_again = store::by_hand::in_force(&mut tx, &form.code, period).await?.contains_key(key);
        store::by_hand::set(&mut tx, &form.code, period, key, &set).await?;
        let made = national_in(&mut tx, form, period).await?;
        let act = about(Act::new("national-cell-set", format!("{} {period}", form.code)), key);
        let act = act.by(&who.name).before("by_hand", is_again);
        acts::record(&mut tx, act.after("by_hand", true), self.now().0).await?;
        tx.commit().await?;
        tracing::info!(form = %form.code, period = %period, account = %who.name, "A national figure was set by hand");
        Ok(made)
    }

    /// Lets the rule count again for a cell that was set by hand.
    ///
    /// # Errors
    /// When it was not set by hand, there is no reason, or the person may not.
    pub async fn take_back(
        &self,
        form: &FormCode,
        period: Period,
        key: &Key,
        reason: &str,
        who: &Operator,
    ) -> Result<National> {
        require(who, Capability::Decide.roles(), "set national figures by hand")?;
        let (form, reason) = (self.form_asked(form, period)?, reason_of(reason)?);
        let mut tx = self.0.database.begin("take a national figure back").await?;
        self.require_unlocked(&mut tx, period, None).await?;
        if !store::by_hand::in_force(&mut tx, &form.code, period).await?.contains_key(key) {
            return Err(NodeError::Missing(format!("figure set by hand at {key} of {} for {period}", form.code)));
        }
        store::by_hand::take_back(&mut tx, &form.code, period, key, &who.name, reason, self.now()).await?;
        let made = national_in(&mut tx, form, period).await?;
        let act = about(Act::new("national-cell-taken-back", format!("{} {period}", form.code)), key);
        let act = act.by(&who.name).before("by_hand", true);
        acts::record(&mut tx, act.after("by_hand", false), self.now().0).await?;
        tx.commit().await?;
        tracing::info!(form = %form.code, period = %period, account = %who.name, "A national figure set by hand was taken back");
        Ok(made)
    }

    fn fits_the_form(&self, form: &Form, period: Period, key: &Key, cell: &Cell) -> Result<()> {
        if !form.kind.counts() {
            return Err(NodeError::Usage(format!(
                "{} holds no counts, so none of its figures is set by hand; enter them for an agency and prefer it",
                form.code
            )));
        }
        let mut alone = Table::new(form.code.clone(), period);
        alone.cells.insert(key.clone(), cell.clone());
        let below = if let Cell::Fewer { below } = cell { *below } else { 0 };
        fits(&alone, form, self.catalogue_of(period), below)
            .map_err(|misfit| NodeError::Usage(format!("{misfit}. Nothing was set")))
    }
}

fn reason_of(reason: &str) -> Result<&str> {
    let reason = reason.trim();
    if reason.is_empty() || reason.len() > TEXT_BYTES_MAX {
        return Err(NodeError::Usage(
            "a figure by hand needs a reason of 1 to 4,000 bytes: --reason TEXT. Nothing was changed".into(),
        ));
    }
    Ok(reason)
}

/// The cell stands in the trail, the figure does not.
fn about(act: Act, key: &Key) -> Act {
    act.after("cell", key)
}
