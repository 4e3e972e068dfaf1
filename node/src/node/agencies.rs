//! Agencies: who delivers figures, and of which forms.

use std::collections::BTreeSet;

use serde::Serialize;
use vrs_console::acts::{self, Act};
use vrs_protocol::id::FormCode;
use vrs_runtime::database::{DatabaseError, Transaction};

use super::Node;
use crate::error::{NodeError, Result};
use crate::national::{Agency, AgencyCode};
use crate::store;

/// Longest name or note on an agency, in characters: a line and a paragraph.
const TEXT_CHARACTERS_MAX: usize = 400;

/// An agency with what it delivers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgencyEntry {
    /// The agency.
    #[serde(flatten)]
    pub agency: Agency,
    /// Whom to ask there; empty: nothing is noted.
    pub contact: String,
    /// The forms its contributors bring.
    pub forms: BTreeSet<FormCode>,
}

impl Node {
    /// Adds an agency.
    ///
    /// # Errors
    /// When the code is taken.
    pub async fn add_agency(&self, agency: &Agency) -> Result<()> {
        let named = Agency { name: line(&agency.name, "the name of an agency")?, code: agency.code.clone() };
        let mut tx = self.0.database.begin("add agency").await?;
        match store::agencies::add(&mut tx, &named, self.now().0).await {
            Err(DatabaseError::Conflict { .. }) => {
                return Err(NodeError::Refused(format!("there is an agency {} already", agency.code)));
            }
            added => added?,
        }
        let act = Act::new("agency-added", format!("agency {}", agency.code)).after("name", &named.name);
        acts::record(&mut tx, act, self.now().0).await?;
        tx.commit().await?;
        tracing::info!(agency = %agency.code, "Agency added");
        Ok(())
    }

    /// All agencies by code.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn agencies(&self) -> Result<Vec<Agency>> {
        let mut tx = self.0.database.read("list agencies").await?;
        Ok(store::agencies::list(&mut tx).await?)
    }

    /// All agencies with what they deliver, by code.
    ///
    /// # Errors
    /// See [`NodeError::Database`].
    pub async fn agency_entries(&self) -> Result<Vec<AgencyEntry>> {
        let mut tx = self.0.database.read("list agencies and forms").await?;
        let mut entries = Vec::new();
        for agency in store::agencies::list(&mut tx).await? {
            entries.push(entry(&mut tx, agency).await?);
        }
        Ok(entries)
    }

    /// One agency with what it delivers.
    ///
    /// # Errors
    /// When there is no such agency.
    pub async fn agency_entry(&self, code: &AgencyCode) -> Result<AgencyEntry> {
        let mut tx = self.0.database.read("find an agency and its forms").await?;
        let agency = find(&mut tx, code).await?;
        entry(&mut tx, agency).await
    }

    /// Names an agency anew, and notes whom to ask there.
    ///
    /// # Errors
    /// When there is no such agency, or a text is too long.
    pub async fn change_agency(&self, code: &AgencyCode, name: &str, contact: &str) -> Result<()> {
        let (name, contact) = (line(name, "the name of an agency")?, short(contact, "the note on a contact")?);
        let mut tx = self.0.database.begin("change agency").await?;
        let before = find(&mut tx, code).await?;
        let noted = store::agencies::contact(&mut tx, code).await?;
        if before.name == name && noted == contact {
            return Ok(());
        }
        store::agencies::change(&mut tx, &Agency { code: code.clone(), name: name.clone() }, &contact).await?;
        let act = Act::new("agency-changed", format!("agency {code}"))
            .before("name", before.name)
            .before("contact", noted)
            .after("name", name)
            .after("contact", contact);
        acts::record(&mut tx, act, self.now().0).await?;
        Ok(tx.commit().await?)
    }

    /// Says which forms an agency delivers from now on; those not named it delivers no longer.
    ///
    /// # Errors
    /// When there is no such agency, or no such form.
    pub async fn assign_forms(&self, code: &AgencyCode, forms: &BTreeSet<FormCode>) -> Result<AgencyEntry> {
        for form in forms {
            self.form(form)?;
        }
        let mut tx = self.0.database.begin("assign forms").await?;
        let agency = find(&mut tx, code).await?;
        let before = store::agencies::forms(&mut tx, code).await?;
        if before != *forms {
            store::agencies::assign(&mut tx, code, forms).await?;
            let act = Act::new("forms-assigned", format!("agency {code}"));
            let act = act.before("forms", list(&before)).after("forms", list(forms));
            acts::record(&mut tx, act, self.now().0).await?;
        }
        let entry = entry(&mut tx, agency).await?;
        tx.commit().await?;
        tracing::info!(agency = %code, forms = forms.len(), "Forms assigned");
        Ok(entry)
    }
}

pub(super) async fn find(tx: &mut Transaction, code: &AgencyCode) -> Result<Agency> {
    let found = store::agencies::find(tx, code).await?;
    found.ok_or_else(|| NodeError::Missing(format!("agency {code}; add it first: agency add {code} --name NAME")))
}

async fn entry(tx: &mut Transaction, agency: Agency) -> Result<AgencyEntry> {
    let contact = store::agencies::contact(tx, &agency.code).await?;
    let forms = store::agencies::forms(tx, &agency.code).await?;
    Ok(AgencyEntry { agency, contact, forms })
}

fn list(forms: &BTreeSet<FormCode>) -> String {
    forms.iter().map(FormCode::as_str).collect::<Vec<_>>().join(" ")
}

/// A text that is there, without control characters.
fn line(text: &str, what: &str) -> Result<String> {
    let text = short(text, what)?;
    if text.is_empty() {
        return Err(NodeError::Usage(format!("{what} is missing; write 1 to {TEXT_CHARACTERS_MAX} characters")));
    }
    Ok(text)
}

fn short(text: &str, what: &str) -> Result<String> {
    let text = text.trim();
    if text.chars().count() > TEXT_CHARACTERS_MAX || text.chars().any(char::is_control) {
        let sentence = format!("{what} has at most {TEXT_CHARACTERS_MAX} characters and no line breaks");
        return Err(NodeError::Usage(sentence));
    }
    Ok(text.to_owned())
}
